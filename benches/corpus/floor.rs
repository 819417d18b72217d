//! The I/O floor of a build: reads every input file and writes every output file, and does nothing
//! else.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use super::{in_parallel, write_file};

/// Times reading `content` and writing a copy of `output` to `scratch`, which must be empty or not
/// exist. The copy is held in memory beforehand. Prints the seconds.
pub(crate) fn run(content: &Path, output: &Path, scratch: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for path in files_below(output)? {
        let target = scratch.join(path.strip_prefix(output).map_err(io::Error::other)?);
        files.push((target, fs::read(path)?));
    }

    let clock = Instant::now();
    let inputs = files_below(content)?;
    let bytes_in = AtomicUsize::new(0);
    in_parallel(inputs.len(), |i| {
        bytes_in.fetch_add(fs::read(&inputs[i])?.len(), Relaxed);
        Ok(())
    })?;
    let read = clock.elapsed().as_secs_f64();

    let clock = Instant::now();
    in_parallel(files.len(), |i| write_file(&files[i].0, &files[i].1))?;
    let write = clock.elapsed().as_secs_f64();

    let bytes_out: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    writeln!(
        io::stdout(),
        "floor {:.4} s: read {} files, {} bytes in {read:.4} s; wrote {} files, {bytes_out} bytes \
         in {write:.4} s",
        read + write,
        inputs.len(),
        bytes_in.into_inner(),
        files.len(),
    )
}

/// All files of a folder and of the folders in it.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() {
                &mut folders
            } else {
                &mut files
            };
            list.push(entry.path());
        }
    }
    Ok(files)
}
