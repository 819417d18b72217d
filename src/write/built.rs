//! The last build as others may see it: which files it wrote, and that they are still as it wrote
//! them.

use std::io;

use rayon::prelude::*;

use super::manifest::Manifest;
use super::{MARKER, OutputAt, Trust, has_bytes, intact};
use crate::hash::Hash128;
use crate::plan::Role;

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltFile {
    /// Path in the output folder, with `/` between folders.
    pub path: String,
    /// Hash of its bytes.
    pub hash: Hash128,
    /// Length in bytes.
    pub size: u64,
    /// What it is to those who serve it.
    pub role: Role,
}

/// The files of the last build.
#[derive(Debug)]
pub struct Built {
    /// Address that the site was built for.
    pub site: String,
    /// In the order of the plan.
    pub files: Vec<BuiltFile>,
}

/// Why an output folder is not a site.
#[derive(Debug)]
pub enum InvalidOutput {
    /// There is no such folder, or nothing has been built into it.
    NeverBuilt,
    /// There is something that no build made.
    Foreign,
    /// There is something that a build made, and no usable record of that build.
    NoRecord,
    /// The last build was stopped while it wrote.
    Stopped,
    /// These files are missing, or not as the build wrote them.
    Altered(Vec<String>),
    /// The system refused.
    Io(io::Error),
}

impl Built {
    /// Reads the record of the last build, and compares the folder with it. With
    /// [`Trust::Nothing`] every file is read.
    ///
    /// # Errors
    /// When the folder is not exactly what a build left.
    pub fn open(at: &OutputAt, trust: Trust) -> Result<Built, InvalidOutput> {
        let folder = at.folder.as_path();
        if !folder
            .join(MARKER)
            .try_exists()
            .map_err(InvalidOutput::Io)?
        {
            let is_empty = match folder.read_dir() {
                Ok(mut items) => items.next().is_none(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => true,
                Err(error) => return Err(InvalidOutput::Io(error)),
            };
            let has_record = || Manifest::read(&at.manifest()).is_ok();
            return Err(if is_empty {
                InvalidOutput::NeverBuilt
            } else if has_record() {
                // The next build marks the folder again.
                InvalidOutput::NoRecord
            } else {
                InvalidOutput::Foreign
            });
        }
        for journal in at.journals() {
            if journal.try_exists().map_err(InvalidOutput::Io)? {
                return Err(InvalidOutput::Stopped);
            }
        }
        let manifest = Manifest::read(&at.manifest()).map_err(|_| InvalidOutput::NoRecord)?;
        let is_intact = match trust {
            Trust::Fingerprints => intact,
            Trust::Nothing => has_bytes,
        };
        let altered: Vec<String> = manifest
            .files
            .par_iter()
            .with_min_len(64)
            .filter(|written| is_intact(folder, written).is_none())
            .map(|written| written.file.clone())
            .collect();
        if !altered.is_empty() {
            return Err(InvalidOutput::Altered(altered));
        }
        let files = manifest.files.into_iter().map(|written| BuiltFile {
            path: written.file,
            hash: written.hash,
            size: written.size,
            role: written.role,
        });
        Ok(Built {
            site: manifest.site,
            files: files.collect(),
        })
    }
}
