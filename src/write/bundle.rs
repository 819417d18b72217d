//! Bundles: files that are made together, and whose names are known only then.
//!
//! A bundle has one fingerprint. The manifest remembers which files it had: while the fingerprint
//! stays and they are intact, all of them stay; else it is made again, and those that it no longer
//! has are deleted like the files of a page that is gone.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use rayon::prelude::*;

use super::manifest::{Written, WrittenBundle};
use super::stage::{Before, Placed, Slot};
use super::{Output, Stage, Todo, Trust, Why};
use crate::ids::{BundleId, List};
use crate::plan::{Bundle, SitePlan, route};

/// What is to be done for a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BundleState {
    /// Everything is as the last build left it: the numbers of its files in the manifest, and the
    /// times of their last change.
    Keep {
        files: Range<usize>,
        modified: Vec<i64>,
    },
    /// It is made of something else now, or some file is not as the last build left it.
    Make,
}

/// A bundle that was made.
#[derive(Debug)]
pub struct StagedBundle {
    id: BundleId,
    files: Vec<(String, Placed)>,
}

impl Todo {
    /// The bundles to make.
    pub fn make(&self) -> Vec<BundleId> {
        let states = self.bundles.enumerate();
        let make = states.filter(|(_, state)| **state == BundleState::Make);
        make.map(|(id, _)| id).collect()
    }
}

impl StagedBundle {
    /// The bundle.
    pub fn bundle(&self) -> BundleId {
        self.id
    }
}

impl Output {
    pub(super) fn state_of(&self, bundle: &Bundle, trust: Trust) -> BundleState {
        let Some((written, files)) = self.manifest.bundle(&bundle.url) else {
            return BundleState::Make;
        };
        if written.fingerprint != bundle.fingerprint || trust == Trust::Nothing {
            return BundleState::Make;
        }
        let recorded = &self.manifest.files[files.clone()];
        let modified: Option<Vec<i64>> = recorded
            .par_iter()
            .map(|written| self.intact(written))
            .collect();
        modified.map_or(BundleState::Make, |modified| BundleState::Keep {
            files,
            modified,
        })
    }

    /// Why a bundle has to be made, or why not.
    pub fn why_bundle(&self, bundle: &Bundle) -> Why {
        let Some((written, files)) = self.manifest.bundle(&bundle.url) else {
            return Why::New;
        };
        let intact = self.manifest.files[files]
            .iter()
            .all(|written| self.intact(written).is_some());
        Why::of(written.fingerprint, bundle.fingerprint, intact)
    }

    /// Whether the last build gave a bundle the same fingerprint and other files.
    pub fn is_stale(&self, bundle: &Bundle, staged: &StagedBundle) -> bool {
        let Some((written, files)) = self.manifest.bundle(&bundle.url) else {
            return false;
        };
        let old = self.manifest.files[files]
            .iter()
            .map(|written| (&written.file, written.hash));
        written.fingerprint == bundle.fingerprint
            && !old.eq(staged
                .files
                .iter()
                .map(|(file, placed)| (file, placed.hash)))
    }

    /// Adds the files of all bundles to those of the site, and to those that were written.
    pub(super) fn bundled(
        &self,
        plan: &SitePlan,
        states: List<BundleId, BundleState>,
        made: Vec<StagedBundle>,
        files: &mut Vec<Written>,
        written: &mut Vec<(Slot, String)>,
    ) -> io::Result<Vec<WrittenBundle>> {
        let mut made: BTreeMap<BundleId, StagedBundle> =
            made.into_iter().map(|staged| (staged.id, staged)).collect();
        let mut bundles = Vec::with_capacity(plan.bundles.len());
        for ((id, bundle), state) in plan.bundles.enumerate().zip(states) {
            let first = files.len();
            match (state, made.remove(&id)) {
                (_, Some(staged)) => {
                    for (at, (file, placed)) in staged.files.into_iter().enumerate() {
                        if placed.changed {
                            written.push((Slot::Bundle(id, at), file.clone()));
                        }
                        let role = Bundle::role(&file);
                        files.push(placed.written(file, role, bundle.fingerprint));
                    }
                }
                (
                    BundleState::Keep {
                        files: old,
                        modified,
                    },
                    None,
                ) => {
                    let old = self.manifest.files[old].iter().cloned().zip(modified);
                    files.extend(old.map(|(written, modified)| Written {
                        modified,
                        ..written
                    }));
                }
                (BundleState::Make, None) => {
                    return Err(io::Error::other("a bundle was neither built nor kept"));
                }
            }
            let Bundle {
                url, fingerprint, ..
            } = bundle.clone();
            bundles.push(WrittenBundle {
                url,
                fingerprint,
                files: files.len() - first,
            });
        }
        Ok(bundles)
    }
}

impl Stage {
    /// Takes the files of a bundle, by their paths in its folder; one whose file has the same bytes
    /// already is not written.
    ///
    /// # Errors
    /// What the system says.
    pub fn put_bundle<'f>(
        &self,
        output: &Output,
        plan: &SitePlan,
        id: BundleId,
        files: impl Iterator<Item = (&'f str, &'f [u8])>,
    ) -> io::Result<StagedBundle> {
        let url = &plan.bundles[id].url;
        let old = output
            .manifest
            .bundle(url)
            .map(|(_, files)| files)
            .unwrap_or_default();
        let old: BTreeMap<&str, &Written> = output.manifest.files[old]
            .iter()
            .map(|written| (written.file.as_str(), written))
            .collect();
        let mut staged = Vec::new();
        for (at, (name, bytes)) in files.enumerate() {
            let file = route::file_of(&format!("{url}{name}"));
            let before = match old.get(file.as_str()) {
                Some(written) => Before::Recorded(written, output.intact(written)),
                None => Before::Unknown,
            };
            let placed = self.place(output, before, Slot::Bundle(id, at), &file, bytes)?;
            staged.push((file, placed));
        }
        Ok(StagedBundle { id, files: staged })
    }
}
