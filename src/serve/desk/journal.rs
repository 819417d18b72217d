//! What was done through the desk, so that it can be undone: step by step, also after a restart.
//!
//! `.newsgen/desk/journal.jsonl` has a line for each step, written before its files are touched,
//! and one for each that was undone, or let be. The bytes that a step takes away are kept before,
//! in `.newsgen/desk/versions/`, under their hash. Whoever is stopped in between leaves a step that
//! did not happen, or not all of it, which the files themselves tell: see `undo`. Nothing here is
//! read by a build, and losing it costs the way back and nothing else.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::auth;
pub(super) use super::step::{Deed, FileStep, Version};
use super::trail::{Cause, Trails};
use crate::hash::Hash128;
use crate::workspace::{WritableWorkspace, WriteError};

/// The file of the steps.
pub(super) const JOURNAL: &str = ".newsgen/desk/journal.jsonl";
/// The folder of the versions that steps took away.
const VERSIONS: &str = ".newsgen/desk/versions";
/// With more lines than this, the journal is written anew when it is opened.
const MOST_LINES: usize = 20_000;
/// Steps that are kept then.
const KEPT_STEPS: usize = 2_000;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) id: u64,
    /// When it was done (RFC 3339).
    pub(super) time: String,
    pub(super) deed: Deed,
    /// What it was about, in words: the headline of the story, or how many.
    pub(super) about: String,
    pub(super) files: Vec<FileStep>,
}

/// A line of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Undone {
        undone: u64,
        /// Whether its files stayed as they were.
        #[serde(default, skip_serializing_if = "is_false")]
        kept: bool,
    },
    /// A change that is no step.
    Wrote {
        wrote: FileStep,
    },
    Step(Step),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The steps that can be undone, the last one at the end.
#[derive(Debug, Default)]
pub(super) struct Journal {
    steps: Vec<Step>,
    /// Number of the next step. Several desks may write one journal, so each counts from a random
    /// number.
    next: u64,
    /// What was done to each file, for commits.
    trails: Trails,
}

/// A file of the state folder that cannot be written.
pub(super) type CannotKeep = (String, WriteError);

impl Journal {
    /// Reads the journal. Lines that are cut off or foreign are left out.
    pub(super) fn open(workspace: &dyn WritableWorkspace) -> Journal {
        let mut journal = Journal {
            next: auth::random(),
            ..Journal::default()
        };
        let Ok(bytes) = workspace.read(JOURNAL) else {
            return journal;
        };
        let mut lines = 0;
        for line in bytes.split(|byte| *byte == b'\n') {
            lines += 1;
            match serde_json::from_slice(line) {
                Ok(Line::Step(step)) => journal.take(step),
                Ok(Line::Undone { undone, kept }) => journal.drop_step(undone, kept),
                Ok(Line::Wrote { wrote }) => journal.trails.done(Cause::Source, &wrote),
                Err(_) => {}
            }
        }
        if lines > MOST_LINES {
            // What cannot be shortened stays long.
            let _ = journal.shorten(workspace, &bytes);
        }
        journal
    }

    fn take(&mut self, step: Step) {
        let cause = Cause::Done(step.deed);
        let same = self.steps.iter_mut().rev().find(|it| it.id == step.id);
        if let Some(same) = &same {
            // It came out otherwise than it was noted.
            same.files
                .iter()
                .for_each(|file| self.trails.undone(cause, file));
        }
        step.files
            .iter()
            .for_each(|file| self.trails.done(cause, file));
        match same {
            Some(same) => *same = step,
            None => self.steps.push(step),
        }
    }

    fn drop_step(&mut self, id: u64, kept: bool) {
        let step = self.steps.iter().rev().find(|step| step.id == id);
        if let Some(step) = step.filter(|_| !kept) {
            let cause = Cause::Undone(step.deed);
            step.files
                .iter()
                .for_each(|file| self.trails.undone(cause, file));
        }
        self.steps.retain(|step| step.id != id);
    }

    /// What was done to each file.
    pub(super) fn trails(&self) -> &Trails {
        &self.trails
    }

    /// Notes a change that is no step.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(super) fn wrote(
        &mut self,
        workspace: &dyn WritableWorkspace,
        wrote: FileStep,
    ) -> Result<(), CannotKeep> {
        self.trails.done(Cause::Source, &wrote);
        append(workspace, &line(&Line::Wrote { wrote }))
    }

    fn shorten(
        &mut self,
        workspace: &dyn WritableWorkspace,
        bytes: &[u8],
    ) -> Result<(), WriteError> {
        let over = self.steps.len().saturating_sub(KEPT_STEPS);
        self.steps.drain(..over);
        let lines: Vec<u8> = self.steps.iter().flat_map(line).collect();
        workspace.replace(JOURNAL, Hash128::of(bytes), &lines)?;
        let files = self.steps.iter().flat_map(|step| &step.files);
        let before = files.filter_map(|file| file.from.as_ref());
        let used: BTreeSet<&str> = before.map(|version| version.hash.as_str()).collect();
        for entry in workspace.list(VERSIONS).entries {
            let name = entry.path.rsplit('/').next().unwrap_or_default();
            if !used.contains(name)
                && let Ok(bytes) = workspace.read(&entry.path)
            {
                workspace.remove(&entry.path, Hash128::of(&bytes))?;
            }
        }
        Ok(())
    }

    /// The step that would be undone next.
    pub(super) fn last(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// How many steps can be undone.
    pub(super) fn length(&self) -> usize {
        self.steps.len()
    }

    /// Notes a step that is about to be done.
    ///
    /// # Errors
    /// When the journal cannot be written: then the step is not to be done.
    pub(super) fn begin(
        &mut self,
        workspace: &dyn WritableWorkspace,
        time: String,
        deed: Deed,
        about: String,
        files: Vec<FileStep>,
    ) -> Result<u64, CannotKeep> {
        while self.steps.iter().any(|step| step.id == self.next) {
            self.next += 1;
        }
        let step = Step {
            id: self.next,
            time,
            deed,
            about,
            files,
        };
        append(workspace, &line(&step))?;
        let id = step.id;
        self.next += 1;
        self.take(step);
        Ok(id)
    }

    /// Notes that a step came out otherwise than it was noted: these are its files.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(super) fn amend(
        &mut self,
        workspace: &dyn WritableWorkspace,
        id: u64,
        files: Vec<FileStep>,
    ) -> Result<(), CannotKeep> {
        if files.is_empty() {
            return self.forget(workspace, id);
        }
        let Some(step) = self.steps.iter().rev().find(|step| step.id == id) else {
            return Ok(());
        };
        if step.files == files {
            return Ok(());
        }
        let step = Step {
            files,
            ..step.clone()
        };
        let amended = line(&step);
        self.take(step);
        append(workspace, &amended)
    }

    /// Notes that a step was undone, or never happened.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(super) fn forget(
        &mut self,
        workspace: &dyn WritableWorkspace,
        id: u64,
    ) -> Result<(), CannotKeep> {
        self.drop_noted(workspace, id, false)
    }

    /// Notes that a step is let be: its files stay as they are.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(super) fn skip(
        &mut self,
        workspace: &dyn WritableWorkspace,
        id: u64,
    ) -> Result<(), CannotKeep> {
        self.drop_noted(workspace, id, true)
    }

    fn drop_noted(
        &mut self,
        workspace: &dyn WritableWorkspace,
        undone: u64,
        kept: bool,
    ) -> Result<(), CannotKeep> {
        append(workspace, &line(&Line::Undone { undone, kept }))?;
        self.drop_step(undone, kept);
        Ok(())
    }
}

/// Keeps the bytes of a file that a step is about to take away.
///
/// # Errors
/// When they cannot be kept: then the step is not to be done.
pub(super) fn keep(workspace: &dyn WritableWorkspace, bytes: &[u8]) -> Result<(), CannotKeep> {
    let path = format!("{VERSIONS}/{}", Hash128::of(bytes));
    match workspace.create(&path, bytes) {
        Ok(()) | Err(WriteError::Exists) => Ok(()),
        Err(error) => Err((path, error)),
    }
}

/// The bytes of a version that was kept; none if it is not there, or damaged.
pub(super) fn kept(workspace: &dyn WritableWorkspace, hash: &str) -> Option<Vec<u8>> {
    if !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let bytes = workspace.read(&format!("{VERSIONS}/{hash}")).ok()?;
    (Hash128::of(&bytes).to_string() == hash).then_some(bytes)
}

fn line(line: &impl Serialize) -> Vec<u8> {
    // A line has nothing that JSON cannot say.
    let mut bytes = serde_json::to_vec(line).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn append(workspace: &dyn WritableWorkspace, lines: &[u8]) -> Result<(), CannotKeep> {
    let appended = workspace.append(JOURNAL, lines);
    appended.map_err(|error| (JOURNAL.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Memory, Workspace};

    fn edit(path: &str, old: &str, new: &str) -> FileStep {
        let version = |bytes: &str| Version::of(path, bytes.as_bytes());
        FileStep::changed(version(old), version(new))
    }

    fn begin(journal: &mut Journal, files: &Memory, about: &str) -> u64 {
        let steps = vec![edit("a.md", "1", "2")];
        let time = "2026-11-25T00:00:00Z".to_owned();
        journal
            .begin(files, time, Deed::Edit, about.to_owned(), steps)
            .unwrap()
    }

    #[test]
    fn steps_are_there_after_a_restart_until_they_are_undone() {
        let files = Memory::default();
        let mut journal = Journal::open(&files);
        let one = begin(&mut journal, &files, "one");
        let two = begin(&mut journal, &files, "two");
        assert_ne!(one, two);
        let mut journal = Journal::open(&files);
        assert_eq!(journal.last().unwrap().about, "two");
        journal.forget(&files, two).unwrap();
        assert_eq!(journal.last().unwrap().about, "one");
        let mut journal = Journal::open(&files);
        assert_eq!((journal.length(), journal.last().unwrap().id), (1, one));
        // A number is never given twice.
        let three = begin(&mut journal, &files, "three");
        assert!(three != one && three != two);
        journal
            .amend(&files, three, vec![edit("b.md", "1", "3")])
            .unwrap();
        let journal = Journal::open(&files);
        assert_eq!(journal.last().unwrap().files, [edit("b.md", "1", "3")]);
        assert_eq!(journal.length(), 2);
    }

    #[test]
    fn two_desks_of_one_site_do_not_undo_each_others_steps() {
        let files = Memory::default();
        let (mut one, mut other) = (Journal::open(&files), Journal::open(&files));
        let theirs = begin(&mut other, &files, "theirs");
        let ours = begin(&mut one, &files, "ours");
        one.forget(&files, ours).unwrap();
        let left = Journal::open(&files);
        assert_eq!((left.length(), left.last().unwrap().id), (1, theirs));
    }

    #[test]
    fn a_line_that_is_cut_off_costs_no_other() {
        let files = Memory::default();
        let mut journal = Journal::open(&files);
        for about in ["one", "two", "three"] {
            begin(&mut journal, &files, about);
        }
        let whole = files.read(JOURNAL).unwrap();
        for cut in 0..whole.len() {
            let files = Memory::default().with(JOURNAL, &whole[..cut]);
            let mut journal = Journal::open(&files);
            let before = journal.length();
            begin(&mut journal, &files, "new");
            let again = Journal::open(&files);
            assert_eq!(again.length(), before + 1, "{cut}");
            assert_eq!(again.last().unwrap().about, "new");
        }
    }

    #[test]
    fn versions_are_kept_once_and_trusted_by_their_hash() {
        let files = Memory::default();
        keep(&files, b"old").unwrap();
        keep(&files, b"old").unwrap();
        let hash = Hash128::of(b"old").to_string();
        assert_eq!(kept(&files, &hash).as_deref(), Some(&b"old"[..]));
        assert_eq!(kept(&files, "../../x"), None);
        let files = Memory::default().with(&format!("{VERSIONS}/{hash}"), "damaged");
        assert_eq!(kept(&files, &hash), None);
    }

    #[test]
    fn a_long_journal_is_shortened_with_its_versions() {
        let files = Memory::default();
        let mut journal = Journal::open(&files);
        keep(&files, b"1").unwrap();
        keep(&files, b"unused").unwrap();
        for _ in 0..3 {
            begin(&mut journal, &files, "step");
        }
        let bytes = files.read(JOURNAL).unwrap();
        journal.shorten(&files, &bytes).unwrap();
        assert_eq!(files.list(VERSIONS).entries.len(), 1);
        assert_eq!(Journal::open(&files).length(), 3);
    }
}
