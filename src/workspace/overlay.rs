//! The files of a site with one that is not there.

use std::io;
use std::path::PathBuf;

use super::{Entry, Listing, Stamp, Workspace, is_below};

/// A workspace as it would be with one file more, or with other bytes in it.
pub struct Overlay<'w> {
    /// What is there.
    pub below: &'w dyn Workspace,
    /// Path of the file.
    pub path: &'w str,
    /// What it holds.
    pub bytes: &'w [u8],
}

impl Workspace for Overlay<'_> {
    fn list(&self, folder: &str) -> Listing {
        let mut listing = self.below.list(folder);
        if is_below(self.path, folder) {
            listing.entries.retain(|entry| entry.path != self.path);
            let path = self.path.to_owned();
            let at = listing.entries.partition_point(|it| it.path < path);
            let stamp = Stamp::default();
            listing.entries.insert(at, Entry { path, stamp });
        }
        listing
    }

    fn has_folder(&self, folder: &str) -> bool {
        self.below.has_folder(folder) || is_below(self.path, folder)
    }

    fn real_folder(&self, folder: &str) -> Option<PathBuf> {
        self.below.real_folder(folder)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match path == self.path {
            true => Ok(self.bytes.to_vec()),
            false => self.below.read(path),
        }
    }

    fn read_part(&self, path: &str, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        self.below.read_part(path, offset, length)
    }

    fn clock(&self) -> i64 {
        self.below.clock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Memory;

    #[test]
    fn one_file_more_is_seen() {
        let files = Memory::default().with("n/a.md", "a").with("n/c.md", "c");
        let overlay = Overlay {
            below: &files,
            path: "n/b.md",
            bytes: b"b",
        };
        let paths = |folder: &str| {
            let entries = overlay.list(folder).entries.into_iter();
            entries.map(|entry| entry.path).collect::<Vec<_>>()
        };
        assert_eq!(paths("n"), ["n/a.md", "n/b.md", "n/c.md"]);
        assert_eq!(paths("other"), [""; 0]);
        assert_eq!(overlay.read("n/b.md").unwrap(), b"b");
        assert_eq!(overlay.read("n/a.md").unwrap(), b"a");
        assert!(files.read("n/b.md").is_err());
    }
}
