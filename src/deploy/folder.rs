//! A folder of this machine as a target: the root of a web server. Each file is written beside its
//! place and then moved, so that a reader finds the old one or the new one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::file_lock::FileLock;
use super::plan::Found;
use super::record::Entry;
use super::record::{INTENT, RECORD};
use super::{Body, DeployError, KEPT, Lock, Shape, Stored, Target};
use crate::config::Encoding;
use crate::workspace::Stamp;
use crate::write::{self, remove_empty};

/// The folder.
pub(super) struct Folder {
    root: PathBuf,
    /// Numbers the files that are not in place yet.
    next: AtomicU64,
}

impl Folder {
    pub(super) fn new(root: PathBuf) -> Folder {
        Folder {
            root,
            next: AtomicU64::new(0),
        }
    }

    fn kept(&self, name: &str) -> PathBuf {
        self.root.join(KEPT).join(name)
    }

    /// Where files wait that are not in place yet: on the same disk.
    fn waiting(&self) -> PathBuf {
        self.kept("waiting")
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), DeployError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let waiting = self.waiting().join(number.to_string());
        let mut written = place(&waiting, path, bytes);
        // Folders that hold no file take no place.
        if written.is_err() && path.is_dir() && remove_empty(path).is_ok() {
            written = place(&waiting, path, bytes);
        }
        if written.is_err() {
            drop(fs::remove_file(&waiting));
        }
        written.map_err(|error| DeployError::file("write", path, &error))
    }
}

/// Writes a file that waits, and moves it to its place.
fn place(waiting: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(waiting, bytes)?;
    match fs::rename(waiting, path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            fs::rename(waiting, path)
        }
        other => other,
    }
}

/// Removes a folder where a file should be, or a file where a folder should be. An older newsgen
/// let pages of a site stand in the places of what deploys keep. Only for paths that are newsgen's
/// own.
fn clear(path: &Path, should_be_folder: bool) -> Result<(), DeployError> {
    let Ok(found) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let cleared = match (found.is_dir(), should_be_folder) {
        (true, false) => fs::remove_dir_all(path),
        (false, true) => fs::remove_file(path),
        _ => Ok(()),
    };
    cleared.map_err(|error| DeployError::file("remove", path, &error))
}

impl Target for Folder {
    fn shape(&self) -> Shape {
        Shape::Folder
    }

    fn lock(&self) -> Result<Box<dyn Lock>, DeployError> {
        clear(&self.root.join(KEPT), true)?;
        for name in ["lock", RECORD, INTENT] {
            clear(&self.kept(name), false)?;
        }
        let folder = self.waiting();
        clear(&folder, true)?;
        fs::create_dir_all(&folder).map_err(|error| DeployError::file("make", &folder, &error))?;
        let lock = FileLock::take(&self.kept("lock"), &self.root.display().to_string())?;
        // What a deploy that was stopped had not moved yet.
        fs::remove_dir_all(&folder)
            .and_then(|()| fs::create_dir(&folder))
            .map_err(|error| DeployError::file("empty", &folder, &error))?;
        Ok(Box::new(lock))
    }

    fn is_locked(&self) -> Result<bool, DeployError> {
        let path = self.kept("lock");
        // An older newsgen let a page stand in its place; a deploy takes it away.
        match path.is_dir() {
            true => Ok(false),
            false => FileLock::is_taken(&path),
        }
    }

    fn load(&self, name: &str) -> Result<Option<Stored>, DeployError> {
        let path = self.kept(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(Stored {
                bytes,
                version: None,
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(None),
            // A dry run; a deploy has removed it by now.
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => Ok(None),
            Err(error) => Err(DeployError::file("read", &path, &error)),
        }
    }

    /// The lock is enough: no version is compared.
    fn store(&self, name: &str, bytes: Vec<u8>, _: Option<&Stored>) -> Result<(), DeployError> {
        self.write(&self.kept(name), &bytes)
    }

    fn forget(&self, name: &str) -> Result<(), DeployError> {
        let path = self.kept(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(DeployError::file("delete", &path, &error))
            }
            _ => Ok(()),
        }
    }

    fn put(&self, entry: &Entry, body: Vec<u8>) -> Result<(), DeployError> {
        self.write(&self.root.join(&entry.path), &body)
    }

    fn find(&self, entry: &Entry, body: &Body<'_>) -> Result<Found, DeployError> {
        let path = self.root.join(&entry.path);
        match fs::read(&path) {
            Ok(bytes) => Ok(if bytes == body()? {
                Found::Same
            } else {
                Found::Other
            }),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(Found::Absent)
            }
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => Ok(Found::Absent),
            Err(error) => Err(DeployError::file("read", &path, &error)),
        }
    }

    /// Files that are missing, of another size, or changed since the record was written.
    fn suspects(
        &self,
        recorded: &BTreeMap<String, Entry>,
    ) -> Result<BTreeSet<String>, DeployError> {
        let changed = |path: &Path| {
            let found = fs::metadata(path).ok().filter(fs::Metadata::is_file);
            found.map(|found| {
                let stamp = Stamp::of(&found);
                (stamp.size, stamp.modified.max(stamp.changed))
            })
        };
        let Some((_, since)) = changed(&self.kept(RECORD)) else {
            return Ok(BTreeSet::new());
        };
        let is_suspect = |entry: &&Entry| match changed(&self.root.join(&entry.path)) {
            Some((size, changed)) => {
                changed > since || entry.encoding == Encoding::None && size != entry.size
            }
            None => true,
        };
        let suspects = recorded.values().filter(is_suspect);
        Ok(suspects.map(|entry| entry.path.clone()).collect())
    }

    fn list(&self) -> Result<BTreeSet<String>, DeployError> {
        let mut found = BTreeSet::new();
        let mut open = vec![(self.root.clone(), String::new())];
        while let Some((folder, prefix)) = open.pop() {
            let items = match fs::read_dir(&folder) {
                Ok(items) => items,
                Err(error) if error.kind() == io::ErrorKind::NotFound && prefix.is_empty() => break,
                Err(error) => return Err(DeployError::file("read", &folder, &error)),
            };
            for item in items {
                let item = item.map_err(|error| DeployError::file("read", &folder, &error))?;
                let path = format!("{prefix}{}", item.file_name().to_string_lossy());
                let kind = item
                    .file_type()
                    .map_err(|error| DeployError::file("read", &folder, &error))?;
                match kind.is_dir() {
                    true if path == KEPT => {}
                    true => open.push((item.path(), format!("{path}/"))),
                    false => drop(found.insert(path)),
                }
            }
        }
        Ok(found)
    }

    fn delete(&self, paths: &[String]) -> Result<(), DeployError> {
        for file in paths {
            write::remove_file(&self.root, file)
                .map_err(|error| DeployError::file("delete", &self.root.join(file), &error))?;
        }
        Ok(())
    }
}
