//! What a run is about to write: files of candidates, and the lines about them.
//!
//! Files are written together, since a disk synchronises many in hardly more time than one. Their
//! lines follow. Whoever is stopped in between leaves files that the next run finds by the
//! addresses of their stories, and notes.

use std::collections::BTreeSet;

use super::CannotWrite;
use super::ledger::{Ledger, Record, append};
use crate::edit::free_paths;
use crate::hash::Hash128;
use crate::workspace::{NewBytes, WritableWorkspace, WriteError};

/// Files that are written together, at most.
const MOST: usize = 1_000;

/// What is to be written.
#[derive(Debug, Default)]
pub struct Outbox {
    files: Vec<OutFile>,
    paths: BTreeSet<String>,
    /// None where it turned out that there is nothing to say.
    lines: Vec<Option<Record>>,
}

/// A file, with the number of the line about it.
#[derive(Debug)]
struct OutFile {
    path: String,
    expected: Option<Hash128>,
    bytes: Vec<u8>,
    line: usize,
}

/// A candidate that has another path than it was to have: the one that it was to have, and its own.
pub type Renamed = (String, String);

/// What came of writing.
#[derive(Debug, Default)]
pub struct Sent {
    /// Candidates that have another name than planned.
    pub renamed: Vec<Renamed>,
    /// Candidates that stay as they were, and why; the ledger has no line about them.
    pub refused: Vec<CannotWrite>,
}

impl Outbox {
    /// Adds a line of the ledger.
    pub fn add_line(&mut self, line: Record) {
        self.lines.push(Some(line));
    }

    /// Adds a file; the next line is about it. `expected` is the hash of what is there.
    pub fn add_file(&mut self, path: String, expected: Option<Hash128>, bytes: Vec<u8>) {
        self.paths.insert(path.clone());
        self.files.push(OutFile {
            path,
            expected,
            bytes,
            line: self.lines.len(),
        });
    }

    /// Whether a file of that path is to be written.
    pub fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Whether it is time to write.
    pub fn is_full(&self) -> bool {
        self.files.len() >= MOST
    }

    /// Writes all files, then the lines. A candidate whose file cannot be replaced, since it is
    /// being edited or is read-only, holds up no other one.
    ///
    /// # Errors
    /// When the machine fails. What could be written then has its lines, unless nothing could.
    pub fn write(
        &mut self,
        workspace: &dyn WritableWorkspace,
        ledger: &mut Ledger,
        folder: &str,
    ) -> Result<Sent, CannotWrite> {
        let files = std::mem::take(&mut self.files);
        self.paths.clear();
        let new: Vec<NewBytes<'_>> = files
            .iter()
            .map(|file| NewBytes {
                path: &file.path,
                expected: file.expected,
                bytes: &file.bytes,
            })
            .collect();
        let written = workspace.write_all(&new).map_err(|error| {
            let first = files.first().map(|file| file.path.clone());
            (first.unwrap_or_default(), error)
        })?;
        let mut sent = Sent::default();
        let mut failure = None;
        for (file, written) in files.iter().zip(written) {
            let line = &mut self.lines[file.line];
            let written = match written {
                Err(WriteError::Exists) if file.expected.is_none() => {
                    create_beside(workspace, file).map(Some)
                }
                Ok(()) => Ok(None),
                Err(error) => Err((file.path.clone(), error)),
            };
            match written {
                Ok(None) => {}
                Ok(Some(path)) => {
                    if let Some(line) = line {
                        line.path = Some(path.clone());
                        *line = ledger.note(line.clone());
                    }
                    sent.renamed.push((file.path.clone(), path));
                }
                Err(refused) => {
                    // The next run looks again.
                    *line = None;
                    match file.expected.is_some() && !matches!(refused.1, WriteError::Io(_)) {
                        true => sent.refused.push(refused),
                        false => failure = failure.or(Some(refused)),
                    }
                }
            }
        }
        let lines: Vec<Record> = std::mem::take(&mut self.lines)
            .into_iter()
            .flatten()
            .collect();
        append(workspace, folder, &lines)?;
        match failure {
            Some(failure) => Err(failure),
            None => Ok(sent),
        }
    }
}

/// Makes a file under another name than that which somebody has given to a file of theirs.
fn create_beside(workspace: &dyn WritableWorkspace, file: &OutFile) -> Result<String, CannotWrite> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let stem = name.strip_suffix(".md").unwrap_or(name);
    for path in free_paths(folder, stem) {
        match workspace.create(&path, &file.bytes) {
            Ok(()) => return Ok(path),
            Err(WriteError::Exists) => {}
            Err(error) => return Err((path, error)),
        }
    }
    Err((file.path.clone(), WriteError::Exists))
}
