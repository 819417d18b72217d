//! The files below a folder of this machine: reading.

use std::fs;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Workspace;
use super::listing::{ListErrorKind, Listing, Stamp, is_hidden, join, nanos, walk};

/// The files below a folder of this machine.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// Files below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Disk {
        Disk { root: root.into() }
    }

    /// What the file system says of a file.
    ///
    /// # Errors
    /// What the system says.
    pub fn stamp(&self, path: &str) -> io::Result<Stamp> {
        Ok(Stamp::of(&fs::metadata(self.root.join(path))?))
    }

    /// Opens a file that is too large to be read at once.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(&self, path: &str) -> io::Result<fs::File> {
        fs::File::open(self.root.join(path))
    }

    /// The folder that all paths start from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that `folder` leads to, or its listing if it leads to none.
    fn top(&self, folder: &str) -> Result<PathBuf, Listing> {
        fs::canonicalize(self.root.join(folder)).map_err(|error| {
            let mut listing = Listing::default();
            if error.kind() != io::ErrorKind::NotFound {
                let kind = ListErrorKind::UnreadableFolder(error.to_string());
                listing.add_error(folder.trim_end_matches('/').to_owned(), kind);
            }
            listing
        })
    }

    /// What [`Workspace::list`] of `folder` says of `path`, which lies in it, and of all that lies
    /// below. A path that leads through a link stops there; the path that the listing is of comes
    /// with it.
    pub fn list_part(&self, folder: &str, path: &str) -> (String, Listing) {
        let prefix = folder.trim_end_matches('/');
        let parts = || {
            path.strip_prefix(prefix)
                .unwrap_or_default()
                .split('/')
                .filter(|part| !part.is_empty())
        };
        if parts().any(is_hidden) {
            return (path.to_owned(), Listing::default());
        }
        let top = match self.top(folder) {
            Ok(top) => top,
            Err(listing) => return (prefix.to_owned(), listing),
        };
        let (mut full, mut at) = (top.clone(), prefix.to_owned());
        let mut found = fs::symlink_metadata(&full);
        for part in parts() {
            if !found.as_ref().is_ok_and(fs::Metadata::is_dir) {
                break;
            }
            full.push(part);
            at = join(&at, part);
            found = fs::symlink_metadata(&full);
        }
        let mut listing = Listing::default();
        let mut folders = Vec::new();
        listing.add(full, at.clone(), found, &top, &mut folders);
        for (full, path) in folders {
            listing.append(walk(&full, &top, &path));
        }
        listing.sort();
        (at, listing)
    }
}

impl Workspace for Disk {
    fn list(&self, folder: &str) -> Listing {
        let top = match self.top(folder) {
            Ok(top) => top,
            Err(listing) => return listing,
        };
        let mut listing = walk(&top, &top, folder.trim_end_matches('/'));
        listing.sort();
        listing
    }

    fn has_folder(&self, folder: &str) -> bool {
        self.root.join(folder).is_dir()
    }

    fn real_folder(&self, folder: &str) -> Option<PathBuf> {
        let real = fs::canonicalize(self.root.join(folder)).ok()?;
        real.is_dir().then_some(real)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(self.root.join(path))?;
        let size = usize::try_from(file.metadata()?.len()).unwrap_or(0);
        let mut bytes = Vec::with_capacity(size.saturating_add(1));
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn read_part(&self, path: &str, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(self.root.join(path))?;
        file.seek(io::SeekFrom::Start(offset))?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn clock(&self) -> i64 {
        nanos(SystemTime::now())
    }
}

/// A path without links in it.
///
/// # Errors
/// What the system says.
pub fn real_path(path: impl AsRef<Path>) -> io::Result<PathBuf> {
    fs::canonicalize(path)
}
