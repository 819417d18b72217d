//! [`SitePlan`] + manifest of the last build → only the files that change.
//!
//! A build stages what it rendered beside the output, writes down what it is about to do (the
//! journal), moves the files into place, deletes those that are no longer part of the site, writes
//! the new manifest, and deletes the journal. Until the moves begin, the old site is whole; after a
//! kill at any moment, the next build finds what the journal and the manifest name and puts it
//! right. Files that neither names are never touched.
//!
//! A file counts as intact when its size and time of change are those of the manifest, or else when
//! its bytes are.
//!
//! # Files
//!
//! - `manifest.rs`: the file format of the manifest
//! - `stage.rs`: holds rendered pages until all are there
//! - `commit.rs`: moves them into place, and deletes
//! - `files.rs`: moves and removes files
//! - `bundle.rs`: files that come together
//! - `why.rs`: why a page was rendered
//! - `built.rs`: shows a finished build to `deploy`
//! - `room.rs`: looks for foreign files in the way
//! - `loss.rs`: looks for too much that would go

mod built;
mod bundle;
mod commit;
mod files;
mod loss;
mod manifest;
mod room;
mod stage;
mod why;

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use built::{Built, BuiltFile, InvalidOutput};
pub use bundle::StagedBundle;
pub use files::{remove_empty, remove_file};
pub use loss::Loss;
pub use stage::{Stage, Staged};
pub use why::Why;

use bundle::BundleState;
use manifest::{Manifest, Written};

use crate::diagnostic::Diagnostic;
use crate::hash::Hash128;
use crate::ids::{BundleId, List, PageId};
use crate::plan::{Fingerprint, SitePlan, route};
use crate::table::{self, Unusable};
use crate::workspace::Stamp;

/// Marks an output folder as newsgen's.
const MARKER: &str = ".newsgen-output";
const MARKER_TEXT: &str =
    "This folder is written by newsgen. Files that it did not write are left alone.\n";
const JOURNAL_MAGIC: &str = "newsgen journal 2\n";

/// An output folder, and where its records lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputAt {
    /// The folder.
    pub folder: PathBuf,
    /// Folder of the records.
    pub state: PathBuf,
    /// The real path of the folder, from the root of the site if it lies below it: what the records
    /// are named after, however the folder was written.
    pub name: String,
    /// Names under which versions before 0.2 kept the records.
    pub former: Vec<String>,
}

impl OutputAt {
    /// Part of the names of the records.
    fn id(&self) -> String {
        short(&self.name)
    }

    /// The newest manifest of the folder: it may have a former name.
    fn manifest(&self) -> PathBuf {
        let own = manifest_at(&self.state, &self.id());
        let former = self.former_records().map(|(manifest, _)| manifest);
        let written = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
        let candidates = former.chain([own.clone()]);
        let newest = candidates
            .filter_map(|path| Some((written(&path)?, path)))
            .max();
        newest.map_or(own, |(_, path)| path)
    }

    /// Journals of the folder, of whatever name.
    fn journals(&self) -> impl Iterator<Item = PathBuf> {
        let own = journal_at(&self.state, &self.id());
        let former = self.former_records().map(|(_, journal)| journal);
        former.chain([own])
    }

    /// Manifests and journals under former names.
    fn former_records(&self) -> impl Iterator<Item = (PathBuf, PathBuf)> {
        let names = self.former.iter().filter(|name| **name != self.name);
        names.map(|name| {
            let id = short(name);
            (manifest_at(&self.state, &id), journal_at(&self.state, &id))
        })
    }
}

/// What tells apart the manifests of several output folders.
fn short(name: &str) -> String {
    Hash128::of(name.as_bytes()).short(8)
}

fn manifest_at(state: &Path, name: &str) -> PathBuf {
    state.join(format!("manifest-{name}"))
}

fn journal_at(state: &Path, name: &str) -> PathBuf {
    state.join(format!("journal-{name}"))
}

/// The output folder and what is known of it.
#[derive(Debug)]
pub struct Output {
    at: OutputAt,
    manifest: Manifest,
    /// Files that a build which was stopped may have written.
    journal: Vec<String>,
    /// Whether there is a journal, which may name no file or be damaged.
    has_journal: bool,
    /// Whether the folder is missing or empty, so that it can be made in one move.
    is_new: bool,
    /// Whether files are read to see that they are as they were, whatever their stamps say.
    reads_all: bool,
    /// What is worth telling about the state that was found.
    pub notes: Vec<String>,
}

/// Why the output folder cannot be used.
#[derive(Debug)]
pub enum Refusal {
    /// It is not newsgen's, and not empty.
    Foreign(Diagnostic),
    /// The system refused.
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Refusal::Io(error)
    }
}

/// What is to be done for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Fingerprint and file are as the last build left them; the time of the file's last change.
    Keep { modified: i64 },
    /// The page is made of something else now, or its file is not as the last build left it; the
    /// time of the file's last change if it is.
    Render { intact: Option<i64> },
}

/// What a build has to do.
#[derive(Debug)]
pub struct Todo {
    /// The file of each page.
    files: List<PageId, String>,
    /// Number of each page's file in the manifest.
    recorded: List<PageId, Option<usize>>,
    states: List<PageId, State>,
    /// The pages to render.
    pub render: Vec<PageId>,
    bundles: List<BundleId, BundleState>,
}

/// Whether to trust fingerprints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// A page with the fingerprint of the last build is not rendered.
    #[default]
    Fingerprints,
    /// Every page is rendered, and compared.
    Nothing,
}

/// What a build did to the output folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Files that are new or have new bytes, sorted.
    pub written: Vec<String>,
    /// Files of the site that were not touched.
    pub unchanged: usize,
    /// Files that are no longer part of the site, sorted.
    pub removed: Vec<String>,
}

impl Output {
    /// Opens the output folder.
    ///
    /// # Errors
    /// When the folder holds something and newsgen did not make it.
    pub fn open(at: &OutputAt) -> Result<Output, Refusal> {
        let folder = at.folder.as_path();
        let mut notes = Vec::new();
        let manifest = Manifest::read(&at.manifest()).unwrap_or_else(|why| {
            if why == Unusable::Damaged {
                notes.push(
                    "the manifest of the last build is damaged or from another version; every page \
                     is rendered again"
                        .to_owned(),
                );
            }
            Manifest::default()
        });
        let (mut journal, mut has_journal) = (Vec::new(), false);
        for path in at.journals() {
            match table::read::<(), String>(&path, JOURNAL_MAGIC) {
                Err(Unusable::Missing) => continue,
                Err(Unusable::Damaged) => notes.push(
                    "the journal of the last build is damaged; new files that only it named may \
                     stay in the output folder"
                        .to_owned(),
                ),
                Ok(((), files)) => journal.extend(files),
            }
            has_journal = true;
        }
        if has_journal {
            notes.push("the last build was interrupted; this one repairs its output".to_owned());
        }
        let is_new = match fs::read_dir(folder) {
            Ok(mut items) => items.next().is_none(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(error.into()),
        };
        if !is_new && !folder.join(MARKER).exists() && manifest.files.is_empty() {
            let message = format!(
                "the output folder {} is not empty and was not created by newsgen",
                folder.display()
            );
            return Err(Refusal::Foreign(Diagnostic::error("output", message).help(
                "choose another folder with `--output` or `output.dir`, or empty this one yourself",
            )));
        }
        if !is_new && manifest.files.is_empty() && notes.is_empty() {
            notes.push(format!(
                "the manifest of the last build is missing; files in {} that are no longer part of \
                 the site are kept",
                folder.display()
            ));
        }
        Ok(Output {
            at: at.clone(),
            manifest,
            journal,
            has_journal,
            is_new,
            reads_all: false,
            notes,
        })
    }

    /// The same folder, of which every file is read before it counts as intact.
    #[must_use]
    pub fn read_all(self) -> Output {
        Output {
            reads_all: true,
            ..self
        }
    }

    /// Files of the last build that belong to the site still, and are missing or have other bytes.
    pub fn altered(&self, plan: &SitePlan, todo: &Todo) -> Vec<String> {
        let bundles = plan.bundles.iter();
        let bundled = bundles.filter_map(|bundle| Some(self.manifest.bundle(&bundle.url)?.1));
        let pages = todo.recorded.iter().flatten().copied();
        let numbers: Vec<usize> = pages.chain(bundled.flatten()).collect();
        let mut altered: Vec<String> = numbers
            .into_par_iter()
            .map(|number| &self.manifest.files[number])
            .filter(|written| self.intact(written).is_none())
            .map(|written| written.file.clone())
            .collect();
        altered.sort_unstable();
        altered
    }

    /// The fingerprint that the last build gave a page, and the hash of its bytes.
    pub fn recorded(&self, todo: &Todo, page: PageId) -> Option<(Fingerprint, Hash128)> {
        let written = &self.manifest.files[todo.recorded[page]?];
        Some((written.fingerprint, written.hash))
    }

    /// Compares the plan with the last build.
    pub fn todo(&self, plan: &SitePlan, trust: Trust) -> Todo {
        let files: List<PageId, String> = plan
            .pages
            .as_slice()
            .par_iter()
            .with_min_len(512)
            .map(|page| route::file_of(&page.url))
            .collect();
        let recorded = List::from(self.manifest.find_all(files.as_slice()));
        let states: List<PageId, State> = plan
            .pages
            .as_slice()
            .par_iter()
            .zip(recorded.as_slice())
            .with_min_len(64)
            .map(|(page, recorded)| {
                let Some(written) = recorded.map(|number| &self.manifest.files[number]) else {
                    return State::Render { intact: None };
                };
                match self.intact(written) {
                    Some(modified)
                        if written.fingerprint == page.fingerprint
                            && trust == Trust::Fingerprints =>
                    {
                        State::Keep { modified }
                    }
                    intact => State::Render { intact },
                }
            })
            .collect();
        let render = states
            .ids()
            .filter(|page| matches!(states[*page], State::Render { .. }))
            .collect();
        let bundles = plan.bundles.map(|bundle| self.state_of(bundle, trust));
        Todo {
            files,
            recorded,
            states,
            render,
            bundles,
        }
    }

    /// Files of the manifest and the journal that are no longer part of the site, sorted.
    /// `recorded` are the numbers of pages' files in the manifest, `files` all that the site has;
    /// those from `bundled` on belong to no page.
    fn obsolete(
        &self,
        recorded: &List<PageId, Option<usize>>,
        files: &[Written],
        bundled: usize,
    ) -> Vec<String> {
        let mut planned = vec![false; self.manifest.files.len()];
        for number in recorded.iter().flatten() {
            planned[*number] = true;
        }
        let bundled: HashSet<&str> = files[bundled..]
            .iter()
            .map(|written| written.file.as_str())
            .collect();
        let gone = self
            .manifest
            .files
            .iter()
            .zip(planned)
            .filter(|(_, planned)| !planned);
        let gone = gone
            .map(|(written, _)| &written.file)
            .filter(|file| !bundled.contains(file.as_str()));
        let mut obsolete: BTreeSet<&String> = gone.collect();
        if !self.journal.is_empty() {
            let planned: HashSet<&str> =
                files.iter().map(|written| written.file.as_str()).collect();
            obsolete.extend(
                self.journal
                    .iter()
                    .filter(|file| !planned.contains(file.as_str())),
            );
        }
        obsolete.into_iter().cloned().collect()
    }

    /// The time of the last change of a file that is as the last build left it.
    fn intact(&self, written: &Written) -> Option<i64> {
        if self.reads_all {
            has_bytes(&self.at.folder, written)
        } else {
            intact(&self.at.folder, written)
        }
    }

    /// The time of the last change of a file that has these bytes already, although no record names
    /// it.
    fn holds(&self, file: &str, bytes: &[u8]) -> Option<i64> {
        let path = self.at.folder.join(file);
        let stamp = Stamp::of(&fs::metadata(&path).ok()?);
        (stamp.size == bytes.len() as u64 && fs::read(&path).ok()? == bytes)
            .then_some(stamp.modified)
    }

    /// A stage for the pages of a build.
    ///
    /// # Errors
    /// What the system says.
    pub fn stage(&self) -> io::Result<Stage> {
        fs::create_dir_all(&self.at.state)?;
        Stage::new(
            self.at.state.join(format!("stage-{}", self.at.id())),
            self.is_new,
        )
    }
}

/// The time of the last change of a file that is as the last build left it.
fn intact(folder: &Path, written: &Written) -> Option<i64> {
    let path = folder.join(&written.file);
    let stamp = Stamp::of(&fs::metadata(&path).ok()?);
    if stamp.size != written.size {
        return None;
    }
    if stamp.modified == written.modified {
        return Some(stamp.modified);
    }
    // A copy of the folder, or a checkout: other times, the same bytes.
    has_bytes(folder, written)
}

/// The time of the last change of a file that has the bytes which the last build gave it.
fn has_bytes(folder: &Path, written: &Written) -> Option<i64> {
    let path = folder.join(&written.file);
    let stamp = Stamp::of(&fs::metadata(&path).ok()?);
    (Hash128::of(&fs::read(&path).ok()?) == written.hash).then_some(stamp.modified)
}
