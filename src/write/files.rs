//! Files of a folder that are moved into place and removed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Moves a file to a path, whose folders are made.
///
/// # Errors
/// What the system says.
pub(super) fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    let renamed = match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(to.parent().unwrap_or(to))?;
            fs::rename(from, to)
        }
        other => other,
    };
    match renamed {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            // Copied beside its place first, so that a reader never sees half of it.
            let beside = beside(to);
            fs::copy(from, &beside)?;
            let modified = fs::metadata(from)?.modified()?;
            File::options()
                .write(true)
                .open(&beside)?
                .set_modified(modified)?;
            fs::rename(&beside, to)
        }
        other => other,
    }
}

/// The name of a file while it is copied.
pub(super) fn beside(file: &Path) -> PathBuf {
    file.with_file_name(format!(
        ".{}.newsgen-new",
        file.file_name().unwrap_or_default().to_string_lossy()
    ))
}

/// Removes a folder that holds nothing but folders.
///
/// # Errors
/// When it holds a file, or is none; what the system says.
pub fn remove_empty(folder: &Path) -> io::Result<()> {
    for item in fs::read_dir(folder)? {
        let item = item?;
        if !item.file_type()?.is_dir() {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        remove_empty(&item.path())?;
    }
    fs::remove_dir(folder)
}

/// Removes a file of a folder, and the folders that it leaves empty. No file there is no error:
/// where it was, there may be a folder of new files by now.
///
/// # Errors
/// What the system says.
pub fn remove_file(root: &Path, file: &str) -> io::Result<()> {
    let path = root.join(file);
    if path.is_dir() {
        return Ok(());
    }
    match fs::remove_file(&path) {
        Ok(()) => {}
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) => {}
        Err(error) => return Err(error),
    }
    let mut folder = path.parent();
    // `remove_dir` refuses all others.
    while let Some(empty) = folder.filter(|folder| *folder != root) {
        if fs::remove_dir(empty).is_err() {
            break;
        }
        folder = empty.parent();
    }
    Ok(())
}
