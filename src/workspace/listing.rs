//! What a folder holds: files with their stamps, and what cannot be listed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Workspace;
use crate::diagnostic::{Diagnostic, Location};

/// File systems stamp no finer than this (nanoseconds): FAT has two seconds.
const CLOCK_RESOLUTION: i64 = 2_000_000_000;

/// The code of the problem that a file cannot be read.
pub const UNREADABLE: &str = "unreadable";

/// The code of the problem that a folder cannot be read, so that its content is unknown.
pub const UNREADABLE_FOLDER: &str = "unreadable-folder";

/// What the file system says of a file without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Length in bytes.
    pub size: u64,
    /// Time of the last change of the content, in nanoseconds since 1970.
    pub modified: i64,
    /// Time of the last change of content or attributes (`ctime`), in nanoseconds since 1970; 0
    /// where there is none.
    pub changed: i64,
    /// Number of the file on its device; 0 where there is none.
    pub inode: u64,
}

impl Stamp {
    /// Reads the stamp out of what the file system returned.
    pub fn of(metadata: &fs::Metadata) -> Stamp {
        let modified = metadata.modified().map(nanos).unwrap_or_default();
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt;
            (
                metadata
                    .ctime()
                    .saturating_mul(1_000_000_000)
                    .saturating_add(metadata.ctime_nsec()),
                metadata.ino(),
            )
        };
        #[cfg(not(unix))]
        let (changed, inode) = (0, 0);
        Stamp {
            size: metadata.len(),
            modified,
            changed,
            inode,
        }
    }

    /// The stamp to remember: a file that was changed within the clock's resolution of being read
    /// may change again without its stamp showing it, so its stamp is remembered as one that no
    /// file has.
    #[must_use]
    pub fn settled(self, now: i64) -> Stamp {
        if self.modified.max(self.changed) > now.saturating_sub(CLOCK_RESOLUTION) {
            Stamp {
                modified: i64::MIN,
                inode: u64::MAX,
                ..self
            }
        } else {
            self
        }
    }
}

pub(super) fn nanos(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

/// A file that a folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path from the site's root.
    pub path: String,
    /// What the file system says of it.
    pub stamp: Stamp,
}

/// Something in a folder that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListError {
    /// Path from the site's root, as well as it can be written.
    pub path: String,
    /// What is wrong with it.
    pub kind: ListErrorKind,
}

impl ListError {
    /// What to tell of it.
    pub fn diagnostic(&self) -> Diagnostic {
        let (message, help) = match &self.kind {
            ListErrorKind::LinkLeaves => (
                "the symbolic link points outside its folder",
                "copy the file into the folder instead",
            ),
            ListErrorKind::LinkToFolder => (
                "the symbolic link points to a folder that is already read",
                "remove the symbolic link",
            ),
            ListErrorKind::LinkDangles => {
                ("the symbolic link is broken", "remove the symbolic link")
            }
            ListErrorKind::NotUtf8 => ("the file name is not valid UTF-8", "rename the file"),
            ListErrorKind::Unreadable(reason) => {
                return Diagnostic::error(UNREADABLE, format!("cannot read it: {reason}"))
                    .at(Location::file(&self.path));
            }
            ListErrorKind::UnreadableFolder(reason) => {
                let message = format!("the folder `{}` cannot be read: {reason}", self.path);
                return Diagnostic::error(UNREADABLE_FOLDER, message)
                    .help("no build goes on without what it holds: look at its permissions");
            }
        };
        Diagnostic::error(UNREADABLE, message)
            .at(Location::file(&self.path))
            .help(help)
    }
}

/// Why something in a folder cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListErrorKind {
    /// A symbolic link to a place outside the folder.
    LinkLeaves,
    /// A symbolic link to a folder inside: its files are already there.
    LinkToFolder,
    /// A symbolic link to nothing.
    LinkDangles,
    /// The name is not UTF-8.
    NotUtf8,
    /// The system refused.
    Unreadable(String),
    /// The system refused to list a folder.
    UnreadableFolder(String),
}

/// All files below a folder, sorted by path, and what could not be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files, sorted by path.
    pub entries: Vec<Entry>,
    /// The rest, sorted by path.
    pub errors: Vec<ListError>,
    /// Whether some file is a symbolic link: then it may change in a place that is not listed.
    pub has_links: bool,
}

impl Listing {
    pub(super) fn sort(&mut self) {
        self.entries
            .par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        self.errors.sort_by(|a, b| a.path.cmp(&b.path));
    }

    pub(super) fn append(&mut self, mut part: Listing) {
        self.entries.append(&mut part.entries);
        self.errors.append(&mut part.errors);
        self.has_links |= part.has_links;
    }

    pub(super) fn add_error(&mut self, path: String, kind: ListErrorKind) {
        self.errors.push(ListError { path, kind });
    }

    /// Adds what is at `full`, or the folder to `folders`.
    pub(super) fn add(
        &mut self,
        full: PathBuf,
        path: String,
        found: io::Result<fs::Metadata>,
        top: &Path,
        folders: &mut Vec<(PathBuf, String)>,
    ) {
        match found {
            Ok(metadata) if metadata.is_dir() => folders.push((full, path)),
            Ok(metadata) if metadata.is_symlink() => {
                self.has_links = true;
                match follow(&full, top) {
                    Ok(stamp) => self.entries.push(Entry { path, stamp }),
                    Err(kind) => self.add_error(path, kind),
                }
            }
            Ok(metadata) if metadata.is_file() => self.entries.push(Entry {
                path,
                stamp: Stamp::of(&metadata),
            }),
            Ok(_) => {
                self.add_error(
                    path,
                    ListErrorKind::Unreadable("it is neither a file nor a folder".to_owned()),
                );
            }
            // It has gone since its folder was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => self.add_error(path, ListErrorKind::Unreadable(error.to_string())),
        }
    }
}

/// Of some folders of a workspace, those whose listings together have every file of all of them
/// once: a folder is left out when it is another one under a different name, or lies in another
/// one. The first name of a folder stays.
pub fn distinct<'f>(workspace: &dyn Workspace, folders: &'f [String]) -> Vec<&'f str> {
    let real: Vec<Option<PathBuf>> = folders
        .iter()
        .map(|folder| workspace.real_folder(folder))
        .collect();
    let is_listed_elsewhere = |number: usize, path: &Path| {
        real.iter().enumerate().any(|(other, outer)| {
            let inside = outer
                .as_ref()
                .and_then(|outer| path.strip_prefix(outer).ok());
            match inside {
                Some(inside) if inside.as_os_str().is_empty() => other < number,
                // A listing passes over hidden folders.
                Some(inside) => !inside
                    .components()
                    .any(|part| is_hidden(&part.as_os_str().to_string_lossy())),
                None => false,
            }
        })
    };
    let is_own = |(number, _): &(usize, &'f String)| {
        real[*number]
            .as_ref()
            .is_none_or(|path| !is_listed_elsewhere(*number, path))
    };
    let kept = folders.iter().enumerate().filter(is_own);
    kept.map(|(_, folder)| folder.as_str()).collect()
}

/// Whether a name is passed over: `.well-known` (RFC 8615) is not.
pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && name != ".well-known"
}

pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// Lists `dir` (whose path from the root is `prefix`) and, in parallel, the folders in it.
pub(super) fn walk(dir: &Path, top: &Path, prefix: &str) -> Listing {
    let mut listing = Listing::default();
    let mut folders = Vec::new();
    let items = match fs::read_dir(dir) {
        Ok(items) => items,
        Err(error) => {
            listing.add_error(
                prefix.to_owned(),
                ListErrorKind::UnreadableFolder(error.to_string()),
            );
            return listing;
        }
    };
    for item in items {
        let item = match item {
            Ok(item) => item,
            Err(error) => {
                listing.add_error(
                    prefix.to_owned(),
                    ListErrorKind::UnreadableFolder(error.to_string()),
                );
                continue;
            }
        };
        let name = item.file_name();
        let Some(name) = name.to_str() else {
            listing.add_error(
                format!("{prefix}/{}", name.to_string_lossy()),
                ListErrorKind::NotUtf8,
            );
            continue;
        };
        if !is_hidden(name) {
            listing.add(
                item.path(),
                join(prefix, name),
                item.metadata(),
                top,
                &mut folders,
            );
        }
    }
    let below: Vec<Listing> = folders
        .par_iter()
        .map(|(dir, path)| walk(dir, top, path))
        .collect();
    below.into_iter().for_each(|part| listing.append(part));
    listing
}

/// The stamp of the file that a symbolic link leads to, if it stays below `top`.
fn follow(link: &Path, top: &Path) -> Result<Stamp, ListErrorKind> {
    let target = fs::canonicalize(link).map_err(|_| ListErrorKind::LinkDangles)?;
    if !target.starts_with(top) {
        return Err(ListErrorKind::LinkLeaves);
    }
    let metadata =
        fs::metadata(&target).map_err(|error| ListErrorKind::Unreadable(error.to_string()))?;
    if metadata.is_dir() {
        Err(ListErrorKind::LinkToFolder)
    } else if metadata.is_file() {
        Ok(Stamp::of(&metadata))
    } else {
        // Reading a pipe would wait for ever.
        Err(ListErrorKind::Unreadable(
            "it points to something that is not a file".to_owned(),
        ))
    }
}
