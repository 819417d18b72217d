//! The sources of the site with their health, and what can be done about it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{DeskError, SystemError};
use super::journal::{FileStep, Version};
use super::row;
use super::work::{Place, Work};
use crate::content::{self, SourceFile};
use crate::fetch::ledger::Outcome;
use crate::fetch::memory::Memory;
use crate::fetch::register;
use crate::time::Time;
use crate::workspace::Workspace;

/// The body of a request about a source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// The id of the source; none for all that are due.
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(rename = "do")]
    pub(super) what: What,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum What {
    Pause,
    Resume,
    Fetch,
    Test,
}

/// All sources, by name.
pub(super) fn list(work: &Work, place: &Place<'_>, memory: &Memory) -> Value {
    let (sources, problems) = content::sources(place.disk, place.config);
    let counts = work.ledger.ledger.counts();
    let rows = sources.iter().map(|source| {
        let known = memory.sources.get(&source.name);
        let known = known.filter(|known| known.feed == source.feed);
        let problem = known.and_then(|known| known.problem.as_deref());
        let of_it = counts.get(source.name.as_str());
        let count = |outcome: Outcome| {
            let count = of_it.and_then(|counts| counts.get(&outcome));
            count.copied().unwrap_or_default()
        };
        let time = |seconds: i64| Time::from_seconds(seconds).map(Time::rfc3339_utc);
        let next = known.filter(|_| !source.is_paused).map(|known| known.next);
        json!({
            "id": row::id(&source.path),
            "name": source.name,
            "title": source.title,
            "feed": source.feed,
            "path": source.path,
            "state": match (source.is_paused, problem) {
                (true, _) => "paused",
                (false, Some(_)) => "failing",
                (false, None) => "active",
            },
            "problem": problem,
            "answered": known.and_then(|known| time(known.answered?)),
            "next": next.and_then(time),
            "seen": of_it.map_or(0, |counts| counts.values().sum::<usize>()),
            "queued": count(Outcome::Queued),
            "published": count(Outcome::Published),
            "rejected": count(Outcome::Rejected),
        })
    });
    let problems = problems.iter().map(|problem| problem.to_text(false));
    json!({
        "sources": rows.collect::<Vec<_>>(),
        "problems": problems.collect::<Vec<_>>(),
    })
}

/// The source that requests call so.
///
/// # Errors
/// That there is none.
pub(super) fn find(place: &Place<'_>, id: &str) -> Result<SourceFile, DeskError> {
    let sources = content::sources(place.disk, place.config).0;
    let mut sources = sources.into_iter();
    let found = sources.find(|source| row::id(&source.path) == id);
    found.ok_or(DeskError::Unknown("source"))
}

/// Pauses or resumes a source: one line of its file.
///
/// # Errors
/// Why it stays as it is.
pub(super) fn pause(
    work: &mut Work,
    place: &Place<'_>,
    source: &SourceFile,
    pause: bool,
) -> Result<Value, DeskError> {
    let path = source.path.as_str();
    let read = || place.disk.read(path).unwrap_or_default();
    let before = read();
    let done = register::set_paused(place.disk, source, pause);
    let failed = |error| SystemError::Source(source.path.clone(), error);
    done.map_err(|error| DeskError::Machine(failed(error)))?;
    let after = read();
    if before != after {
        let wrote = FileStep::changed(Version::of(path, &before), Version::of(path, &after));
        work.journal.wrote(place.disk, wrote)?;
    }
    Ok(json!({ "id": row::id(path), "paused": pause }))
}
