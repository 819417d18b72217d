//! Files in memory, for tests.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Entry, Listing, Stamp, Workspace, WritableWorkspace, WriteError, check_path};
use crate::hash::Hash128;

/// Files in memory, for tests.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Memory {
    /// Adds or replaces a file.
    #[must_use]
    pub fn with(self, path: &str, bytes: impl Into<Vec<u8>>) -> Memory {
        self.files().insert(path.to_owned(), bytes.into());
        self
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        // A file is put in whole or not at all.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a file or a folder has that name, or a file has the name of a folder above it.
fn is_taken(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Result<bool, WriteError> {
    let above = path.match_indices('/').map(|(at, _)| &path[..at]);
    if above.into_iter().any(|folder| files.contains_key(folder)) {
        return Err(WriteError::Io(io::ErrorKind::NotADirectory.into()));
    }
    Ok(files.contains_key(path) || is_folder(files, path))
}

fn is_folder(files: &BTreeMap<String, Vec<u8>>, path: &str) -> bool {
    let prefix = format!("{path}/");
    files.keys().any(|file| file.starts_with(&prefix))
}

fn check(
    files: &BTreeMap<String, Vec<u8>>,
    path: &str,
    expected: Hash128,
) -> Result<(), WriteError> {
    check_path(path)?;
    match files.get(path) {
        Some(bytes) if Hash128::of(bytes) == expected => Ok(()),
        Some(_) => Err(WriteError::Changed),
        None if is_folder(files, path) => Err(WriteError::NotAFile),
        None => Err(WriteError::Missing),
    }
}

impl Workspace for Memory {
    fn list(&self, folder: &str) -> Listing {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let files = self.files();
        let inside = files.iter().filter(|(path, _)| path.starts_with(&prefix));
        let entries = inside
            .map(|(path, bytes)| Entry {
                path: path.clone(),
                stamp: Stamp {
                    size: bytes.len() as u64,
                    ..Stamp::default()
                },
            })
            .collect();
        Listing {
            entries,
            ..Listing::default()
        }
    }

    fn has_folder(&self, folder: &str) -> bool {
        !self.list(folder).entries.is_empty()
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.files()
            .get(path)
            .cloned()
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn clock(&self) -> i64 {
        0
    }
}

impl WritableWorkspace for Memory {
    fn create(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        check_path(path)?;
        let mut files = self.files();
        if is_taken(&files, path)? {
            return Err(WriteError::Exists);
        }
        files.insert(path.to_owned(), bytes.to_owned());
        Ok(())
    }

    fn replace(&self, path: &str, expected: Hash128, bytes: &[u8]) -> Result<(), WriteError> {
        let mut files = self.files();
        check(&files, path, expected)?;
        files.insert(path.to_owned(), bytes.to_owned());
        Ok(())
    }

    fn append(&self, path: &str, lines: &[u8]) -> Result<(), WriteError> {
        check_path(path)?;
        let mut files = self.files();
        if !files.contains_key(path) && is_taken(&files, path)? {
            return Err(WriteError::NotAFile);
        }
        let bytes = files.entry(path.to_owned()).or_default();
        if bytes.last().is_some_and(|last| *last != b'\n') {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(lines);
        Ok(())
    }

    fn rename(&self, from: &str, expected: Hash128, to: &str) -> Result<(), WriteError> {
        check_path(to)?;
        let mut files = self.files();
        check(&files, from, expected)?;
        if is_taken(&files, to)? {
            return Err(WriteError::Exists);
        }
        if let Some(bytes) = files.remove(from) {
            files.insert(to.to_owned(), bytes);
        }
        Ok(())
    }

    fn remove(&self, path: &str, expected: Hash128) -> Result<(), WriteError> {
        let mut files = self.files();
        check(&files, path, expected)?;
        files.remove(path);
        Ok(())
    }
}
