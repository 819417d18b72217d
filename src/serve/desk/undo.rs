//! Undoing steps of the journal, the last one first.
//!
//! What is to be done is read off the files: a step may have been interrupted, before or while it
//! was done or undone, and files may have been moved back by other means. A file that somebody has
//! changed since is left alone.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Conflict, DeskError, NotNow};
use super::journal::{Deed, FileStep, Step, Version, kept};
use super::row;
use super::work::{Place, Work};
use crate::edit;
use crate::fetch::queue::{self, REMOVED};
use crate::hash::Hash128;
use crate::workspace::{Workspace, WritableWorkspace, WriteError, is_below};

/// The body of a request that undoes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Undo {
    /// Whether the last step is let be, since its files were changed: the one before it is next.
    #[serde(default)]
    skip: bool,
}

/// What it takes to undo a step for one file.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    /// Nothing: it is as it was before.
    Done,
    /// The file at a path gets its old bytes, if it has those with the hash.
    Write(String, Hash128, Vec<u8>),
    /// It goes back with the bytes that it has; there it gets its old ones, if they are others.
    Move(Vec<u8>, Option<Vec<u8>>),
    /// It is made again.
    Create(Vec<u8>),
    /// The file at a path goes, if it has bytes with the hash.
    Remove(String, Hash128),
    /// Somebody has changed it: from the first to the second, it would be undone.
    Blocked(Option<Vec<u8>>, Option<Vec<u8>>),
}

/// How a step is undone for a file.
fn way(disk: &dyn WritableWorkspace, file: &FileStep) -> Way {
    let read = |version: &Version| disk.read(&version.path).ok();
    let is = |bytes: &Option<Vec<u8>>, version: &Version| {
        let bytes = bytes.as_deref();
        bytes.is_some_and(|bytes| Hash128::of(bytes).to_string() == version.hash)
    };
    let (from, to) = match (&file.from, &file.to) {
        (Some(from), to) => (from, to),
        (None, Some(to)) => {
            return match read(to) {
                None => Way::Done,
                Some(now) if Hash128::of(&now).to_string() == to.hash => {
                    Way::Remove(to.path.clone(), Hash128::of(&now))
                }
                now => Way::Blocked(now, None),
            };
        }
        (None, None) => return Way::Done,
    };
    match to {
        Some(to) if from.path == to.path => {
            let now = read(to);
            if is(&now, from) {
                return Way::Done;
            }
            match (kept(disk, &from.hash), now) {
                (Some(old), Some(now)) if is(&Some(now.clone()), to) => {
                    Way::Write(to.path.clone(), Hash128::of(&now), old)
                }
                (old, now) => Way::Blocked(now, old),
            }
        }
        Some(to) => {
            let is_edited = from.hash != to.hash;
            match (read(from), read(to)) {
                (_, Some(bytes)) if Hash128::of(&bytes).to_string() == to.hash => {
                    let old = is_edited.then(|| kept(disk, &from.hash)).flatten();
                    Way::Move(bytes, old)
                }
                (before, _) if is(&before, from) => Way::Done,
                // What is there may be another article by now.
                (_, Some(bytes)) => Way::Blocked(Some(bytes), kept(disk, &from.hash)),
                (before, None) => match (before, kept(disk, &from.hash)) {
                    // It was moved back, and the program stopped there.
                    (Some(bytes), Some(old)) if Hash128::of(&bytes).to_string() == to.hash => {
                        Way::Write(from.path.clone(), Hash128::of(&bytes), old)
                    }
                    (Some(_), _) => Way::Done,
                    (None, Some(old)) => Way::Create(old),
                    (None, None) => Way::Blocked(None, None),
                },
            }
        }
        None => match (read(from), kept(disk, &from.hash)) {
            (now, _) if is(&now, from) => Way::Done,
            (None, Some(old)) => Way::Create(old),
            (now, old) => Way::Blocked(now, old),
        },
    }
}

/// Whether the desk writes to a path: the journal is believed no more than that.
fn is_ours(place: &Place<'_>, path: &str) -> bool {
    let content = &place.config.content;
    let folders = content.articles.iter().map(String::as_str);
    let mut folders = folders.chain([content.queue.as_str(), REMOVED]);
    folders.any(|folder| is_below(path, folder)) && path.split('/').all(|part| part != "..")
}

/// Undoes the last step that can be undone.
///
/// # Errors
/// Why it was not.
pub(super) fn undo(work: &mut Work, place: &Place<'_>, request: &Undo) -> Result<Value, DeskError> {
    loop {
        let step = work.journal.last().ok_or(DeskError::Nothing)?.clone();
        if request.skip {
            work.journal.skip(place.disk, step.id)?;
            return Ok(answer(work, place, &step, "kept", Vec::new()));
        }
        let ways = step.files.iter().map(|file| {
            let mut versions = file.from.iter().chain(&file.to);
            // The folders of the site may have been others when the step was done.
            let way = match versions.all(|it| is_ours(place, &it.path)) {
                true => way(place.disk, file),
                false => Way::Blocked(None, None),
            };
            (file, way)
        });
        let ways: Vec<(&FileStep, Way)> = ways.collect();
        let conflicts: Vec<Conflict> = ways
            .iter()
            .filter_map(|(file, way)| blocked(place, file, way))
            .collect();
        if !conflicts.is_empty() {
            return Err(DeskError::Changed(conflicts));
        }
        let nothing = ways.iter().all(|(_, way)| *way == Way::Done);
        let mut back = Vec::new();
        for (file, way) in ways {
            back.extend(carry_out(work, place, step.deed, file, way)?);
        }
        work.journal.forget(place.disk, step.id)?;
        if !nothing {
            return Ok(answer(work, place, &step, "undone", back));
        }
    }
}

fn answer(work: &Work, place: &Place<'_>, step: &Step, what: &str, back: Vec<String>) -> Value {
    let rows: Vec<Value> = back
        .iter()
        .map(|path| {
            let id = row::id(path);
            let candidate = work.candidates.get(&id).map(|it| it.shown.clone());
            let hash = place.disk.read(path).ok();
            let hash = hash.map(|bytes| Hash128::of(&bytes).to_string());
            json!({ "id": id, "hash": hash, "candidate": candidate })
        })
        .collect();
    json!({
        "what": what,
        "deed": step.deed,
        "about": step.about,
        "time": step.time,
        "files": rows,
        "undo": work.journal.length(),
    })
}

fn blocked(place: &Place<'_>, file: &FileStep, way: &Way) -> Option<Conflict> {
    let Way::Blocked(now, back) = way else {
        return None;
    };
    let path = &file.to.as_ref().or(file.from.as_ref())?.path;
    let lines = now.as_ref().zip(back.as_ref());
    Some(Conflict {
        id: row::id(path),
        path: path.clone(),
        now: now
            .as_ref()
            .map(|bytes| row::shown(&place.parser, path, bytes)),
        lines: lines.map(|(now, back)| edit::differences(now, back)),
    })
}

/// Notes in the ledger that a step was undone for the file at a path, which has these bytes, or had
/// them if the step made it. It does so unless the ledger has it already: newsgen may have been
/// stopped before that line, or after it.
fn note_back(
    work: &mut Work,
    place: &Place<'_>,
    deed: Deed,
    path: &str,
    bytes: Option<&[u8]>,
) -> Result<(), DeskError> {
    if !queue::is_usable(place.config) {
        return Ok(());
    }
    let noted = work.decide(place, |decider, _| match (deed, bytes) {
        (Deed::New, bytes) => decider.note_withdrawn(path, bytes),
        (Deed::Publish | Deed::Reject, Some(bytes)) => decider.restore(path, path, bytes, None),
        (Deed::Delete, Some(bytes)) => decider.note_restored(path, bytes),
        // An edit is no decision.
        (Deed::Edit, _) | (_, None) => Ok(()),
    });
    noted.map_err(|error| DeskError::from((path, error)))
}

/// Undoes a step for one file. Returned is the path that it has then.
fn carry_out(
    work: &mut Work,
    place: &Place<'_>,
    deed: Deed,
    file: &FileStep,
    way: Way,
) -> Result<Option<String>, DeskError> {
    let disk = place.disk;
    let path_of = |version: &Option<Version>| Some(version.as_ref()?.path.clone());
    let (from, to) = (path_of(&file.from), path_of(&file.to));
    let Some((from, to)) = from.clone().or(to.clone()).zip(to.or(from)) else {
        return Ok(None);
    };
    let wrong = |error: WriteError| match error {
        WriteError::Changed | WriteError::Missing | WriteError::Exists => {
            NotNow::BeingChanged(to.clone()).into()
        }
        error => DeskError::from((to.clone(), error)),
    };
    let back = match way {
        Way::Blocked(..) => return Ok(None),
        Way::Done if deed == Deed::Edit => return Ok(None),
        Way::Done => {
            // The line of the ledger may be missing where the program was stopped.
            let bytes = disk.read(&from).ok();
            note_back(work, place, deed, &from, bytes.as_deref())?;
            match from == to {
                true => return Ok(None),
                false => from,
            }
        }
        Way::Write(path, expected, old) => {
            disk.replace(&path, expected, &old).map_err(wrong)?;
            note_back(work, place, deed, &from, Some(&old))?;
            path
        }
        Way::Remove(path, expected) => {
            let bytes = disk.read(&path).ok();
            disk.remove(&path, expected).map_err(wrong)?;
            note_back(work, place, deed, &path, bytes.as_deref())?;
            path
        }
        Way::Create(old) => {
            disk.create(&from, &old).map_err(wrong)?;
            note_back(work, place, deed, &from, Some(&old))?;
            from
        }
        Way::Move(bytes, old) => {
            let old = old.as_deref();
            let moved = work.decide(place, |decider, _| {
                decider.undo_move(&to, &bytes, &from, old)
            });
            moved.map_err(|error| DeskError::from((to.as_str(), error)))?
        }
    };
    match is_below(&back, &place.config.content.queue) {
        true => work.reread(place, &back),
        false => work.keep_path(&back),
    }
    Ok(Some(back))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::desk::journal::keep;
    use crate::workspace::Memory;

    fn version(path: &str, bytes: &str) -> Version {
        Version::of(path, bytes.as_bytes())
    }

    #[test]
    fn what_is_to_be_done_is_read_off_the_files() {
        let hash = |bytes: &str| Hash128::of(bytes.as_bytes());
        let edit = FileStep::changed(version("a.md", "old"), version("a.md", "new"));
        let files = |bytes: &str| {
            let files = Memory::default().with("a.md", bytes);
            keep(&files, b"old").unwrap();
            files
        };
        let old = b"old".to_vec();
        assert_eq!(
            way(&files("new"), &edit),
            Way::Write("a.md".to_owned(), hash("new"), old.clone())
        );
        assert_eq!(way(&files("old"), &edit), Way::Done);
        let theirs = Some(b"theirs".to_vec());
        assert_eq!(
            way(&files("theirs"), &edit),
            Way::Blocked(theirs.clone(), Some(old.clone()))
        );
        // Without the version that was kept, nothing can come back.
        let lost = Memory::default().with("a.md", "new");
        assert_eq!(way(&lost, &edit), Way::Blocked(Some(b"new".to_vec()), None));

        let moved = FileStep::changed(version("q/a.md", "x"), version("n/a.md", "x"));
        let at = |path: &str, bytes: &str| way(&Memory::default().with(path, bytes), &moved);
        assert_eq!(at("n/a.md", "x"), Way::Move(b"x".to_vec(), None));
        assert_eq!(at("q/a.md", "x"), Way::Done);
        assert_eq!(at("q/a.md", "edited"), Way::Done);
        assert_eq!(at("other.md", "x"), Way::Blocked(None, None));
        // Another article may have the name by now, wherever the one that moved is.
        let other = Some(b"other".to_vec());
        assert_eq!(at("n/a.md", "other"), Way::Blocked(other, None));
        let back = Memory::default()
            .with("q/a.md", "x")
            .with("n/a.md", "other");
        assert_eq!(way(&back, &moved), Way::Done);
        // What nobody has any more comes from the version that was kept.
        let lost = Memory::default();
        keep(&lost, b"x").unwrap();
        assert_eq!(way(&lost, &moved), Way::Create(b"x".to_vec()));

        let made = FileStep {
            from: None,
            to: Some(version("a.md", "new")),
        };
        let gone = Way::Remove("a.md".to_owned(), hash("new"));
        assert_eq!(way(&files("new"), &made), gone);
        assert_eq!(way(&Memory::default(), &made), Way::Done);
        let edited = Some(b"edited".to_vec());
        assert_eq!(way(&files("edited"), &made), Way::Blocked(edited, None));

        let deleted = FileStep {
            from: Some(version("a.md", "old")),
            to: None,
        };
        assert_eq!(way(&files("old"), &deleted), Way::Done);
        assert_eq!(
            way(&files("theirs"), &deleted),
            Way::Blocked(theirs, Some(old.clone()))
        );
        let gone = Memory::default();
        keep(&gone, b"old").unwrap();
        assert_eq!(way(&gone, &deleted), Way::Create(old));
    }
}
