//! The manifest: what the last build wrote. Only this stage reads or prints it.

use std::cell::OnceCell;
use std::ops::Range;
use std::path::Path;

use ahash::HashMap;
use serde::{Deserialize, Serialize};

use crate::hash::Hash128;
use crate::plan::{Fingerprint, Role};
use crate::table::{self, Unusable};

const MAGIC: &str = "newsgen manifest 4\n";

/// A file that the last build wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Written {
    /// Path in the output folder.
    pub(super) file: String,
    /// What it is to those who serve it.
    pub(super) role: Role,
    /// What it was made of.
    pub(super) fingerprint: Fingerprint,
    /// Hash of its bytes.
    pub(super) hash: Hash128,
    /// Length in bytes.
    pub(super) size: u64,
    /// Time of its last change, in nanoseconds since 1970.
    pub(super) modified: i64,
}

/// A bundle that the last build wrote. Its files are in the manifest like all others, with its
/// fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WrittenBundle {
    /// The folder of its files, as a URL.
    pub(super) url: String,
    /// What it was made of.
    pub(super) fingerprint: Fingerprint,
    /// How many files it has.
    pub(super) files: usize,
}

/// What the last build wrote. The files are those of the pages in the order of the plan, then those
/// of each bundle.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// Address of the site that was built.
    pub(super) site: String,
    pub(super) files: Vec<Written>,
    pub(super) bundles: Vec<WrittenBundle>,
}

impl Manifest {
    /// Reads a manifest.
    pub(super) fn read(path: &Path) -> Result<Manifest, Unusable> {
        let ((site, bundles), files) =
            table::read::<(String, Vec<WrittenBundle>), Written>(path, MAGIC)?;
        Ok(Manifest {
            site,
            files,
            bundles,
        })
    }

    pub(super) fn write(&self, path: &Path) -> std::io::Result<()> {
        table::write(path, MAGIC, &(&self.site, &self.bundles), &self.files)
    }

    /// A bundle of the last build, and the numbers of its files.
    pub(super) fn bundle(&self, url: &str) -> Option<(&WrittenBundle, Range<usize>)> {
        let mut end = self.files.len();
        for bundle in self.bundles.iter().rev() {
            // A sum that is too large cannot come from a manifest that passed its checksum.
            let start = end.saturating_sub(bundle.files);
            if bundle.url == url {
                return Some((bundle, start..end));
            }
            end = start;
        }
        None
    }

    /// A file of the last build.
    pub(super) fn get(&self, file: &str) -> Option<&Written> {
        self.files.iter().find(|written| written.file == file)
    }

    /// For each of `files` its number in the manifest. Two plans of a site are much alike: while
    /// they run side by side, a comparison is enough, and only where they part a table is made.
    pub(super) fn find_all(&self, files: &[String]) -> Vec<Option<usize>> {
        let table: OnceCell<HashMap<&str, usize>> = OnceCell::new();
        let mut next = 0;
        let mut find = |file: &String| {
            let found = match self.files.get(next) {
                Some(written) if written.file == *file => Some(next),
                _ => table
                    .get_or_init(|| self.table())
                    .get(file.as_str())
                    .copied(),
            };
            next = found.map_or(next, |number| number + 1);
            found
        };
        files.iter().map(&mut find).collect()
    }

    fn table(&self) -> HashMap<&str, usize> {
        self.files
            .iter()
            .enumerate()
            .map(|(number, written)| (written.file.as_str(), number))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_in_any_order() {
        let written = |file: &str| Written {
            file: file.to_owned(),
            ..Written::default()
        };
        let manifest = Manifest {
            files: ["a", "b", "c", "d"].map(written).into(),
            ..Manifest::default()
        };
        let files = ["a", "new", "b", "d", "c", "e"].map(str::to_owned);
        assert_eq!(
            manifest.find_all(&files),
            [Some(0), None, Some(1), Some(3), Some(2), None]
        );
    }
}
