//! The stage: where what was rendered waits until all is there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::manifest::Written;
use super::{Output, State, Todo};
use crate::hash::Hash128;
use crate::ids::{BundleId, Id, PageId};
use crate::plan::{Fingerprint, Role};
use crate::workspace::Stamp;

/// Where rendered pages wait until all are there.
#[derive(Debug)]
pub struct Stage {
    pub(super) folder: PathBuf,
    /// Whether it is laid out as the output folder will be; else files are numbered.
    pub(super) is_tree: bool,
}

/// What a staged file belongs to; the name of the file while it waits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Slot {
    /// A page.
    Page(PageId),
    /// A file of a bundle, with its number among them.
    Bundle(BundleId, usize),
}

/// A page that was rendered.
#[derive(Debug)]
pub struct Staged {
    page: PageId,
    pub(super) placed: Placed,
}

impl Staged {
    /// The page.
    pub fn page(&self) -> PageId {
        self.page
    }

    /// Hash of its bytes.
    pub fn hash(&self) -> Hash128 {
        self.placed.hash
    }
}

/// A file that is on the stage, or whose old one has the same bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) hash: Hash128,
    size: u64,
    modified: i64,
    /// Whether the file has to be moved into place; else the old one has the same bytes.
    pub(super) changed: bool,
}

impl Placed {
    /// The entry of the manifest.
    pub(super) fn written(self, file: String, role: Role, fingerprint: Fingerprint) -> Written {
        Written {
            file,
            role,
            fingerprint,
            hash: self.hash,
            size: self.size,
            modified: self.modified,
        }
    }
}

/// What is known of a file before it is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Before<'o> {
    /// The last build wrote it; the time of its last change, if it is as it was.
    Recorded(&'o Written, Option<i64>),
    /// No record names it.
    Unknown,
}

impl Stage {
    pub(super) fn new(folder: PathBuf, is_tree: bool) -> io::Result<Stage> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        Ok(Stage { folder, is_tree })
    }

    /// Takes a rendered page; a page whose file has these bytes already is not written.
    ///
    /// # Errors
    /// What the system says.
    pub fn put(
        &self,
        output: &Output,
        todo: &Todo,
        page: PageId,
        bytes: &[u8],
    ) -> io::Result<Staged> {
        let before = match (todo.states[page], todo.recorded[page]) {
            (State::Render { intact }, Some(number)) => {
                Before::Recorded(&output.manifest.files[number], intact)
            }
            _ => Before::Unknown,
        };
        let placed = self.place(output, before, Slot::Page(page), &todo.files[page], bytes)?;
        Ok(Staged { page, placed })
    }

    /// Stages a file, unless the old one has the same bytes.
    pub(super) fn place(
        &self,
        output: &Output,
        before: Before<'_>,
        slot: Slot,
        file: &str,
        bytes: &[u8],
    ) -> io::Result<Placed> {
        let hash = Hash128::of(bytes);
        let size = bytes.len() as u64;
        let same = match before {
            Before::Recorded(written, intact) => intact.filter(|_| written.hash == hash),
            Before::Unknown if !self.is_tree => output.holds(file, bytes),
            Before::Unknown => None,
        };
        if let Some(modified) = same {
            return Ok(Placed {
                hash,
                size,
                modified,
                changed: false,
            });
        }
        let path = self.path(slot, file);
        let written = match write(&path, bytes) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(path.parent().unwrap_or(&path))?;
                write(&path, bytes)?
            }
            other => other?,
        };
        Ok(Placed {
            hash,
            size,
            modified: written.modified,
            changed: true,
        })
    }

    pub(super) fn path(&self, slot: Slot, file: &str) -> PathBuf {
        match slot {
            _ if self.is_tree => self.folder.join(file),
            Slot::Page(page) => self.folder.join(page.number().to_string()),
            Slot::Bundle(bundle, file) => self.folder.join(format!("{}-{file}", bundle.number())),
        }
    }

    /// Removes what is left of it.
    pub(super) fn remove(self) -> io::Result<()> {
        fs::remove_dir_all(&self.folder).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<Stamp> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    Ok(Stamp::of(&file.metadata()?))
}
