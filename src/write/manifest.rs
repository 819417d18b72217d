//! The manifest: what the last build wrote. Only this stage reads or prints it.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::plan::Fingerprint;
use crate::table::{self, Unusable};

const MAGIC: &str = "newsgen manifest 1\n";

/// A file that the last build wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Written {
    /// Path in the output folder.
    pub file: String,
    /// What it was made of.
    pub fingerprint: Fingerprint,
    /// Hash of its bytes.
    pub hash: Digest,
    /// Length in bytes.
    pub size: u64,
    /// Time of its last change, in nanoseconds since 1970.
    pub modified: i64,
}

/// The files that the last build wrote.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    files: Vec<Written>,
    by_file: HashMap<String, usize>,
}

impl Manifest {
    pub(super) fn new(files: Vec<Written>) -> Manifest {
        let by_file = files.iter().enumerate().map(|(number, written)| (written.file.clone(), number)).collect();
        Manifest { files, by_file }
    }

    /// Reads a manifest; none when it is missing or cannot be used.
    pub(super) fn read(path: &Path) -> Result<Manifest, Unusable> {
        let ((), files) = table::read::<(), Written>(path, MAGIC)?;
        Ok(Manifest::new(files))
    }

    pub(super) fn write(path: &Path, files: &[Written]) -> std::io::Result<()> {
        table::write(path, MAGIC, &(), files)
    }

    /// A file of the last build.
    pub(super) fn get(&self, file: &str) -> Option<&Written> {
        self.by_file.get(file).map(|number| &self.files[*number])
    }

    /// All files of the last build.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Written> {
        self.files.iter()
    }

    /// How many files the last build wrote.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there was no last build.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
