//! A lock that is a file of this machine. The system lets go of it when the program ends, however
//! that happens.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use super::{DeployError, Lock, LockState};

/// A file that is locked.
pub(super) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Locks a file, and makes it if there is none. `target` is what it keeps other deploys from,
    /// as a person would name it.
    ///
    /// # Errors
    /// When another deploy holds it, or the system refuses.
    pub(super) fn take(path: &Path, target: &str) -> Result<FileLock, DeployError> {
        let file = File::create(path).map_err(|error| DeployError::file("write", path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(FileLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(DeployError::Busy(target.to_owned())),
            Err(TryLockError::Error(error)) => Err(DeployError::file("lock", path, &error)),
        }
    }

    /// Whether a deploy holds it.
    ///
    /// # Errors
    /// When the system does not say.
    pub(super) fn is_taken(path: &Path) -> Result<bool, DeployError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            // What stands above it is a file: a deploy will say so, or take it away.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(false),
            Err(error) => return Err(DeployError::file("read", path, &error)),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(DeployError::file("lock", path, &error)),
        }
    }
}

impl Lock for FileLock {
    fn hold(&self) -> LockState {
        LockState::Held
    }

    fn release(self: Box<Self>) {}
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_what_is_not_there_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert_eq!(FileLock::is_taken(&path), Ok(false));
        let held = FileLock::take(&path, "here").unwrap();
        assert_eq!(FileLock::is_taken(&path), Ok(true));
        let busy = FileLock::take(&path, "here").map(drop).unwrap_err();
        assert_eq!(busy, DeployError::Busy("here".to_owned()));
        Box::new(held).release();
        assert_eq!(FileLock::is_taken(&path), Ok(false));
        assert_eq!(FileLock::is_taken(&path.join("below")), Ok(false));
        // What cannot be opened may be taken.
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("lock", &path).unwrap();
        assert!(FileLock::is_taken(&path).is_err());
    }
}
