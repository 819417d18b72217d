//! The one door to the files of a site, and to the clock that stamps them: on the disk, or in
//! memory for tests.
//!
//! Paths are strings relative to the site's root with `/` between folders, on every system, so that
//! nothing after this module depends on where a site lies.
//!
//! # What a write promises
//!
//! Every write of a file that is there is a compare-and-swap: it carries the hash of the bytes that
//! were read ([`Hash128::of`]), and fails with [`WriteError::Changed`] when the file has others by
//! now.
//!
//! - **A file is the old one or the new one**, whenever the program or the machine stops: new bytes
//!   go to a hidden file in the same folder (`.NAME.newsgen-new`), which is synchronised to the
//!   disk and then takes the place of the file in one step; then the folder is synchronised. What a
//!   stopped program leaves is cleared away by the next write. Of many files that are written
//!   together ([`WritableWorkspace::write_all`]) all are synchronised before the first one takes
//!   its place; a stop leaves some of them old and some new.
//! - **Writers that go through here wait for each other**, in one process and in several: each
//!   holds a lock on `.newsgen/workspace.lock` from the comparison to the end of the write. Between
//!   them nothing is ever lost.
//! - **Other programs** do not know the lock. On Linux and macOS, on file systems that can exchange
//!   two files (ext4, XFS, Btrfs, tmpfs, APFS and others), the new file is exchanged for the old
//!   one, and what came out is compared once more: had somebody else written in between, their
//!   version is put back and the write fails (had they saved twice within these microseconds, the
//!   older version is kept as `.NAME.newsgen-kept-1`). A new file or a new name never takes the
//!   place of a file that is there. So a version that another program has finished is not lost; one
//!   that it is writing into the old file at that very moment, through a handle that it opened
//!   before, may be.
//! - **Lines that are added** to a file ([`WritableWorkspace::append`]) take nothing from anybody:
//!   they go to its end, wherever that is by then. Where another program puts a new file in its
//!   place at that moment, they are added to the new one as well.
//! - **Where files cannot be exchanged** (Windows, network file systems, FAT) the comparison comes
//!   right before the replacement. A version that another program saves between these two system
//!   calls, within some microseconds, is lost.
//!
//! # Files
//!
//! - `listing.rs`: lists folders
//! - `disk.rs`: reads files of this machine
//! - `write.rs`: writes them
//! - `memory.rs`: holds files for tests
//! - `overlay.rs`: shows one file more than there is

mod disk;
mod listing;
mod memory;
mod overlay;
mod write;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub use disk::{Disk, real_path};
pub use listing::{
    Entry, ListError, ListErrorKind, Listing, Stamp, UNREADABLE, UNREADABLE_FOLDER, distinct,
};
pub use memory::Memory;
pub use overlay::Overlay;
pub use write::Lock;

use crate::hash::Hash128;

/// Folder of everything that newsgen keeps between runs, below the root.
pub const STATE: &str = ".newsgen";

/// A path with `/` between folders on every system.
pub fn portable(path: &Path) -> String {
    let parts = path.to_string_lossy();
    parts.replace(std::path::MAIN_SEPARATOR, "/")
}

/// Whether a path of the site is a folder, or lies in it.
pub fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Files and clock, to be read.
pub trait Workspace: Sync {
    /// All files below `folder`, however deep; none when there is no such folder. Hidden files
    /// (`.name`) are left out, but for the folder `.well-known` (RFC 8615).
    fn list(&self, folder: &str) -> Listing;

    /// Whether there is such a folder.
    fn has_folder(&self, folder: &str) -> bool;

    /// Where a folder really is: two names of one folder have one real path. None when there is no
    /// such folder.
    fn real_folder(&self, folder: &str) -> Option<PathBuf> {
        self.has_folder(folder).then(|| PathBuf::from(folder))
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::NotFound`] when there is no such file.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// Some bytes of a file.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::UnexpectedEof`] when the file ends before.
    fn read_part(&self, path: &str, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let bytes = self.read(path)?;
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let part = bytes.get(from..from.saturating_add(length));
        part.map(<[u8]>::to_vec)
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Nanoseconds since 1970 by the clock that stamps the files.
    fn clock(&self) -> i64;
}

/// Files that can be written, too. A build gets a [`Workspace`] and so cannot write.
pub trait WritableWorkspace: Workspace {
    /// Makes a file, and the folders that it lies in.
    ///
    /// # Errors
    /// [`WriteError::Exists`] when there is something of that name.
    fn create(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError>;

    /// Gives a file other bytes if it has those with the hash `expected`. Its permissions stay. A
    /// symbolic link stays, and the file that it leads to is replaced, if that lies in the site or
    /// in the folder of the link.
    ///
    /// # Errors
    /// [`WriteError::Changed`] when the file has other bytes, [`WriteError::Missing`] when there is
    /// none.
    fn replace(&self, path: &str, expected: Hash128, bytes: &[u8]) -> Result<(), WriteError>;

    /// Makes or replaces many files, each as [`create`](WritableWorkspace::create) and
    /// [`replace`](WritableWorkspace::replace) do, in hardly more time than one. Returned is what
    /// came of each.
    ///
    /// # Errors
    /// When nothing could be written, or a folder could not be synchronised.
    fn write_all(&self, files: &[NewBytes<'_>]) -> Result<Vec<Result<(), WriteError>>, WriteError> {
        let write = |file: &NewBytes<'_>| match file.expected {
            Some(expected) => self.replace(file.path, expected, file.bytes),
            None => self.create(file.path, file.bytes),
        };
        Ok(files.iter().map(write).collect())
    }

    /// Adds lines to the end of a file, which is made if need be, and the folders that it lies in.
    /// A last line that has no end, since a program was stopped while it wrote, gets one first.
    ///
    /// # Errors
    /// When not all of it was added. A part of it may have been: each line must stand for itself.
    fn append(&self, path: &str, lines: &[u8]) -> Result<(), WriteError>;

    /// Gives a file another name, in the same or another folder, which is made if need be, if its
    /// bytes are those with the hash `expected`.
    ///
    /// # Errors
    /// [`WriteError::Changed`], [`WriteError::Missing`], and [`WriteError::Exists`] when there is
    /// something of the new name.
    fn rename(&self, from: &str, expected: Hash128, to: &str) -> Result<(), WriteError>;

    /// Removes a file if its bytes are those with the hash `expected`.
    ///
    /// # Errors
    /// [`WriteError::Changed`], [`WriteError::Missing`].
    fn remove(&self, path: &str, expected: Hash128) -> Result<(), WriteError>;
}

/// What a file is to be.
#[derive(Clone, Copy, Debug)]
pub struct NewBytes<'a> {
    /// Its path.
    pub path: &'a str,
    /// The hash of its bytes; none if it is a new file.
    pub expected: Option<Hash128>,
    /// Its new bytes.
    pub bytes: &'a [u8],
}

/// Why nothing was written. The files are as they were.
#[derive(Debug)]
pub enum WriteError {
    /// The file has other bytes than those that were read.
    Changed,
    /// There is a file, a folder or a link of that name.
    Exists,
    /// There is no such file.
    Missing,
    /// The path is empty, absolute, or leads out of the site.
    BadPath,
    /// A symbolic link leads out of the site, or cannot be renamed or removed as if it were a file.
    Link,
    /// It is a folder, a pipe or the like.
    NotAFile,
    /// The file is marked as not to be written.
    ReadOnly,
    /// The system refused.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WriteError::Changed => "the file was changed by another program since it was read",
            WriteError::Exists => "there is a file of that name already",
            WriteError::Missing => "there is no such file",
            WriteError::BadPath => "the path leads out of the site",
            WriteError::Link => "a symbolic link leads out of the site or stands for the file",
            WriteError::NotAFile => "it is not a file",
            WriteError::ReadOnly => "the file is read-only",
            WriteError::Io(error) => return error.fmt(f),
        })
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WriteError::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => WriteError::Missing,
            io::ErrorKind::AlreadyExists => WriteError::Exists,
            _ => WriteError::Io(error),
        }
    }
}

/// Holds a path against what may be written.
fn check_path(path: &str) -> Result<(), WriteError> {
    let is_bad = |part: &str| matches!(part, "" | "." | "..") || part.contains(['\0', '\\']);
    if path.split('/').any(is_bad) || (cfg!(windows) && path.contains(':')) {
        return Err(WriteError::BadPath);
    }
    Ok(())
}
