//! What the ledger forgets: items that no feed has listed for a year.
//!
//! A file of the ledger whose lines are all older than a year is removed. What is still needed
//! has a later line by then: when a feed lists an item whose last line is older than half a
//! year, that line is written anew. So the ledger alone says what is still listed, and two
//! machines need not agree: a file that comes back by a merge makes its items known once more,
//! and goes again.

use super::CannotWrite;
use super::ledger::{Item, Ledger, Outcome, Record, append, times};
use super::memory::{Memory, SourceMemory};
use crate::content::SourceFile;
use crate::hash::Hash128;
use crate::time::Time;
use crate::workspace::WritableWorkspace;

const DAY: i64 = 86_400;

/// Age of lines that are forgotten, in seconds.
const FORGOTTEN: i64 = 366 * DAY;

/// Age of lines from which on they are written anew when their items are listed, in seconds.
const OLD: i64 = 183 * DAY;

/// How long a server may say that its feed has not changed, in seconds: then it has to send the
/// feed, so that it is known what it lists.
const UNREAD: i64 = 92 * DAY;

/// Failures in a row after which a source does not keep the ledger from forgetting.
const MANY_FAILURES: u32 = 30;

/// Whether the line of an item is written anew, since a feed lists it.
pub fn is_to_be_renewed(item: &Item, now: Time) -> bool {
    now.seconds() - item.time.seconds() > OLD
}

/// Whether a source has to send its feed, changed or not.
pub fn is_to_be_read(known: &SourceMemory, now: Time) -> bool {
    known.read.is_none_or(|read| now.seconds() - read > UNREAD)
}

/// Whether it is known what all feeds list. A source that fails counts until it has failed many
/// times, one that is paused does not.
fn is_all_known(sources: &[SourceFile], memory: &Memory, now: Time) -> bool {
    let mut active = sources.iter().filter(|source| !source.is_paused);
    active.all(|source| {
        let known = memory.sources.get(&source.name);
        let known = known.filter(|known| known.feed == source.feed);
        known.is_some_and(|known| known.failures >= MANY_FAILURES || !is_to_be_read(known, now))
    })
}

/// Removes the files of the ledger that are older than a year, if it is known what the feeds list.
/// Candidates are not forgotten. Returned are the paths of the files.
///
/// # Errors
/// When a file cannot be removed, or a line cannot be added.
pub fn forget(
    workspace: &dyn WritableWorkspace,
    ledger: &mut Ledger,
    folder: &str,
    sources: &[SourceFile],
    memory: &Memory,
    now: Time,
) -> Result<Vec<String>, CannotWrite> {
    let limit = Time::from_seconds(now.seconds() - FORGOTTEN);
    let Some(limit) = limit.filter(|_| is_all_known(sources, memory, now)) else {
        return Ok(Vec::new());
    };
    let mut old = Vec::new();
    for entry in workspace.list(folder).entries {
        let month = entry.path.rsplit('/').next().unwrap_or_default();
        if !month.ends_with(".jsonl") || month >= &limit.rfc3339_utc()[..7] {
            continue;
        }
        // What cannot be read was reported.
        let bytes = workspace.read(&entry.path).unwrap_or_default();
        let mut times = times(&bytes).peekable();
        if times.peek().is_some() && times.all(|time| time < limit) {
            old.push((entry.path, Hash128::of(&bytes)));
        }
    }
    if old.is_empty() {
        return Ok(Vec::new());
    }
    let is_waiting = |item: &&Item| item.decision == Outcome::Queued && item.time < limit;
    let waiting = ledger.items().filter(is_waiting);
    let waiting = waiting.filter_map(|item| ledger.record(workspace, item));
    let waiting: Vec<Record> = waiting.map(|last| last.again(now)).collect();
    let lines: Vec<Record> = waiting.into_iter().map(|line| ledger.note(line)).collect();
    append(workspace, folder, &lines)?;
    for (path, hash) in &old {
        workspace
            .remove(path, *hash)
            .map_err(|error| (path.clone(), error))?;
    }
    Ok(old.into_iter().map(|(path, _)| path).collect())
}
