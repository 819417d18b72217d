//! Lines of the ledger, as far as they are kept in memory.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::Deserialize;

use super::{Item, ItemKey, Outcome, Place, Record, parse_time, short};
use crate::content::article::StoryKey;
use crate::diagnostic::{Diagnostic, Location};
use crate::hash::Hash128;
use crate::time::Time;
use crate::workspace::Workspace;

/// Damaged lines of a file that are reported one by one.
const MOST_REPORTED: usize = 5;

/// Lines that are read by one thread at once, at least.
const SHARE: usize = 1_024;

/// A line, with hashes in place of its texts.
#[derive(Clone, Debug)]
pub(super) struct Line {
    key: ItemKey,
    decision: Outcome,
    time: Time,
    decided: Time,
    pub(super) n: u64,
    rank: u64,
    pub(super) source: Option<Box<str>>,
    story: Option<StoryKey>,
    path: Option<u64>,
    said: Option<u64>,
    /// First byte in its file.
    pub(super) offset: u64,
    /// Number of bytes.
    pub(super) length: u32,
}

/// A text of a line, which is only copied if it has escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// What is read of a line; the rest is read with [`super::Ledger::record`].
#[derive(Deserialize)]
struct Brief<'a> {
    #[serde(borrow)]
    time: Text<'a>,
    n: u64,
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    hash: Option<Text<'a>>,
    decision: Outcome,
    #[serde(borrow)]
    decided: Option<Text<'a>>,
    #[serde(borrow)]
    path: Option<Text<'a>>,
}

impl Line {
    /// The line of a record.
    pub(super) fn of(record: &Record) -> Line {
        // A record has nothing that JSON cannot say.
        let written = serde_json::to_vec(record).unwrap_or_default();
        Line {
            key: ItemKey::of(record.source.as_deref(), &record.id),
            decision: record.decision,
            time: record.time,
            decided: record.decided(),
            n: record.n,
            rank: Hash128::of(&written).number(),
            source: record.source.as_deref().map(Box::from),
            story: record.url.as_deref().map(StoryKey::of),
            path: record.path.as_deref().map(short),
            said: record.hash.as_deref().map(short),
            offset: 0,
            length: 0,
        }
    }

    fn read(bytes: &[u8], offset: u64) -> serde_json::Result<Line> {
        let brief: Brief<'_> = serde_json::from_slice(bytes)?;
        let text = |text: &Option<Text<'_>>| text.as_ref().map(|text| short(&text.0));
        let source = brief.source.as_ref().map(|source| &*source.0);
        let time = parse_time(&brief.time.0)?;
        let decided = brief.decided.as_ref().map(|text| parse_time(&text.0));
        Ok(Line {
            key: ItemKey::of(source, &brief.id.0),
            decision: brief.decision,
            time,
            decided: decided.transpose()?.unwrap_or(time),
            n: brief.n,
            rank: Hash128::of(bytes).number(),
            source: source.map(Box::from),
            story: brief.url.as_ref().map(|url| StoryKey::of(&url.0)),
            path: text(&brief.path),
            said: text(&brief.hash),
            offset,
            length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        })
    }

    /// The item of which this is the only line.
    pub(super) fn item(&self, source: Option<u32>, place: Place) -> Item {
        Item {
            key: self.key,
            decision: self.decision,
            time: self.time,
            decided: self.decided,
            first: self.time,
            n: self.n,
            rank: self.rank,
            source,
            story: self.story,
            path: self.path,
            said: self.said,
            place,
        }
    }
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Its path.
    pub(super) path: String,
    /// Hash of its bytes.
    pub(super) hash: Hash128,
    /// Its lines that can be read.
    pub(super) lines: Vec<Line>,
    /// Whether there are others.
    pub(super) is_damaged: bool,
}

/// Reads a file of the ledger; none, and an error, if it cannot be read.
pub(super) fn read(
    workspace: &dyn Workspace,
    path: &str,
    problems: &mut Vec<Diagnostic>,
) -> Option<Read> {
    match workspace.read(path) {
        Ok(bytes) => {
            let (lines, damage) = lines(path, &bytes);
            let is_damaged = !damage.is_empty();
            problems.extend(damage);
            Some(Read {
                path: path.to_owned(),
                hash: Hash128::of_many(&bytes),
                lines,
                is_damaged,
            })
        }
        Err(error) => {
            let problem = Diagnostic::error("ledger", format!("it cannot be read: {error}"));
            problems.push(problem.at(Location::file(path)));
            None
        }
    }
}

/// Reads the lines of a file: how many can be read, and what is wrong with the others.
pub fn parse(path: &str, bytes: &[u8]) -> (usize, Vec<Diagnostic>) {
    let (lines, damage) = lines(path, bytes);
    (lines.len(), damage)
}

/// The times of the lines of a file.
pub(in crate::fetch) fn times(bytes: &[u8]) -> impl Iterator<Item = Time> {
    lines("", bytes).0.into_iter().map(|line| line.time)
}

/// The lines of a file, and what is wrong with those that cannot be read, which are left out.
fn lines(path: &str, bytes: &[u8]) -> (Vec<Line>, Vec<Diagnostic>) {
    let mut offset = 0;
    let places = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| {
        let at = offset;
        offset += line.len();
        (at, line.trim_ascii_end())
    });
    let places: Vec<(usize, &[u8])> = places.collect();
    let read: Vec<Option<serde_json::Result<Line>>> = places
        .par_iter()
        .with_min_len(SHARE)
        .map(|(at, line)| (!line.trim_ascii().is_empty()).then(|| Line::read(line, *at as u64)))
        .collect();
    let mut damaged = Vec::new();
    let mut lines = Vec::with_capacity(read.len());
    for (at, result) in read.into_iter().enumerate() {
        match result {
            Some(Ok(line)) => lines.push(line),
            Some(Err(_)) => damaged.push(at + 1),
            None => {}
        }
    }
    (lines, report(path, bytes, &damaged))
}

/// What is said of damaged lines.
fn report(path: &str, bytes: &[u8], damaged: &[usize]) -> Vec<Diagnostic> {
    if damaged.is_empty() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    let more = damaged.len().saturating_sub(MOST_REPORTED);
    let reported = damaged.iter().take(MOST_REPORTED).map(|line| {
        let message = match more {
            0 => "a line of the ledger is cut off or damaged, and left out".to_owned(),
            more => format!(
                "a line of the ledger is cut off or damaged, and left out, as are {more} more"
            ),
        };
        Diagnostic::warning("ledger", message)
            .at(Location::at(path, &text, *line, 1))
            .help("delete the line; an item that it was about is judged again")
    });
    reported.collect()
}
