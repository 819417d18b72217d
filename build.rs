//! Gives the program a mark of its own code, `NEWSGEN_CODE`: what one version of the code kept
//! between builds is not trusted by another, even when both have the same version number.

use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for folder in ["src", "templates"] {
        println!("cargo:rerun-if-changed={folder}");
        add(Path::new(folder), &mut hash)?;
    }
    for file in ["Cargo.toml", "Cargo.lock"] {
        println!("cargo:rerun-if-changed={file}");
        // A package that is unpacked without its lock file builds too.
        mix(&fs::read(file).unwrap_or_default(), &mut hash);
    }
    println!("cargo:rustc-env=NEWSGEN_CODE={hash:016x}");
    Ok(())
}

/// Adds the files below a folder, in the order of their names.
fn add(folder: &Path, hash: &mut u64) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_type()?.is_dir() {
            add(&entry.path(), hash)?;
        } else {
            mix(&fs::read(entry.path())?, hash);
        }
    }
    Ok(())
}

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>).
fn mix(bytes: &[u8], hash: &mut u64) {
    for byte in bytes {
        // Line ends may differ between checkouts.
        if *byte != b'\r' {
            *hash = (*hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
