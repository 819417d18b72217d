//! The ledger: what became of every item that was fetched.
//!
//! It is a folder of files `YYYY-MM.jsonl`, one for each month, with one JSON object a line
//! ([`Record`]). Lines are only ever added. The last line of an item says what it is now: the one
//! with the latest time, then the highest number. So the order of lines means nothing, a line that
//! is there twice is one, and two versions of a file are merged by taking the lines of both.

use std::collections::{BTreeMap, BTreeSet};

use ahash::HashMap;
use rayon::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::content::article::StoryKey;
use crate::diagnostic::{Diagnostic, Location};
use crate::hash::{Hash128, Hasher};
use crate::time::Time;
use crate::workspace::{ListError, Workspace, WritableWorkspace, WriteError};

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A rule dropped it.
    Dropped,
    /// The site, the queue or the ledger had its story already.
    Duplicate,
    /// It is a candidate.
    Queued,
    /// Its candidate became too old.
    Expired,
    /// An editor did not want it.
    Rejected,
    /// It is an article.
    Published,
}

impl Outcome {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Dropped => "dropped",
            Outcome::Duplicate => "duplicate",
            Outcome::Queued => "queued",
            Outcome::Expired => "expired",
            Outcome::Rejected => "rejected",
            Outcome::Published => "published",
        }
    }
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Record {
    /// When it was decided.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub time: Time,
    /// How many lines the ledger had by then: tells lines of one second apart.
    pub n: u64,
    /// Name of the source; none for a file that somebody put into the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What the item is known by in its source.
    pub id: String,
    /// Address of the story, without tracking parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Hash of headline and excerpt, as the feed had them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// What became of it.
    pub decision: Outcome,
    /// Who or what decided: `rules`, `fetch`, `editor`, `undo`, `expire`, or `files` for what was
    /// found to have been done by hand.
    pub by: String,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where its file is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Where the file was as a candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Hash of the file as it was written by a fetch: a file with another one was edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

fn write_time<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.rfc3339_utc())
}

fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    let written = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    Time::parse(&written, &jiff::tz::TimeZone::UTC)
        .map_err(|error| de::Error::custom(format!("`{written}` {error}")))
}

/// What an item is known by: its source and its identity there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItemKey(Hash128);

impl ItemKey {
    /// The key of an item.
    pub fn of(source: Option<&str>, id: &str) -> ItemKey {
        ItemKey(Hasher::new("item").optional(source).text(id).finish())
    }
}

/// An item as the ledger knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its last line.
    pub last: Record,
    /// The time of its first line.
    pub first: Time,
}

/// The ledger in memory.
#[derive(Debug, Default)]
pub struct Ledger {
    items: Vec<Item>,
    by_key: HashMap<ItemKey, usize>,
    /// The items that ever had an address, and those that ever had a file as a candidate.
    by_story: HashMap<StoryKey, Vec<usize>>,
    by_path: HashMap<String, Vec<usize>>,
    sources: BTreeSet<String>,
    lines: u64,
}

/// Damaged lines of a file that are reported one by one.
const MOST_REPORTED: usize = 5;

/// Lines that are read at once: a record in memory is larger than its line.
const PART: usize = 16_384;

/// Reads the lines of a file, and hands them on. Returned is what cannot be read, and left out.
pub fn parse(path: &str, bytes: &[u8], mut take: impl FnMut(Record)) -> Vec<Diagnostic> {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let is_blank = |line: &[u8]| line.iter().all(u8::is_ascii_whitespace);
    let mut damaged = Vec::new();
    for (part, lines) in lines.chunks(PART).enumerate() {
        let read: Vec<Option<serde_json::Result<Record>>> = lines
            .par_iter()
            .with_min_len(1_024)
            .map(|line| (!is_blank(line)).then(|| serde_json::from_slice(line)))
            .collect();
        for (at, result) in read.into_iter().enumerate() {
            match result {
                Some(Ok(record)) => take(record),
                Some(Err(_)) => damaged.push(part * PART + at + 1),
                None => {}
            }
        }
    }
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

impl Ledger {
    /// A ledger of these lines, in whatever order.
    pub fn of(records: Vec<Record>) -> Ledger {
        let mut ledger = Ledger::default();
        for record in records {
            ledger.take(record);
        }
        ledger
    }

    /// Reads the ledger in a folder, and what is wrong with it.
    pub fn read(workspace: &dyn Workspace, folder: &str) -> (Ledger, Vec<Diagnostic>) {
        let listing = workspace.list(folder);
        let mut problems: Vec<Diagnostic> =
            listing.errors.iter().map(ListError::diagnostic).collect();
        let mut ledger = Ledger::default();
        for entry in listing.entries {
            if !entry.path.ends_with(".jsonl") {
                continue;
            }
            match workspace.read(&entry.path) {
                Ok(bytes) => {
                    let damage = parse(&entry.path, &bytes, |record| ledger.take(record));
                    problems.extend(damage);
                }
                Err(error) => {
                    let problem =
                        Diagnostic::error("ledger", format!("it cannot be read: {error}"));
                    problems.push(problem.at(Location::file(&entry.path)));
                }
            }
        }
        (ledger, problems)
    }

    /// Takes a line in.
    fn take(&mut self, record: Record) {
        self.lines = self.lines.max(record.n) + 1;
        if let Some(source) = record
            .source
            .as_ref()
            .filter(|name| !self.sources.contains(*name))
        {
            self.sources.insert(source.clone());
        }
        let key = ItemKey::of(record.source.as_deref(), &record.id);
        let at = *self.by_key.entry(key).or_insert(self.items.len());
        let add = |list: &mut Vec<usize>| {
            if !list.contains(&at) {
                list.push(at);
            }
        };
        if let Some(url) = &record.url {
            add(self.by_story.entry(StoryKey::of(url)).or_default());
        }
        if let Some(path) = record
            .path
            .as_ref()
            .filter(|_| record.decision == Outcome::Queued)
        {
            add(self.by_path.entry(path.clone()).or_default());
        }
        match self.items.get_mut(at) {
            Some(item) => {
                item.first = item.first.min(record.time);
                if record > item.last {
                    item.last = record;
                }
            }
            None => self.items.push(Item {
                first: record.time,
                last: record,
            }),
        }
    }

    /// The item of that key.
    pub fn item(&self, key: ItemKey) -> Option<&Item> {
        Some(&self.items[*self.by_key.get(&key)?])
    }

    /// The item that brought a story: the first one that is no duplicate.
    pub fn with_story(&self, key: StoryKey) -> Option<&Item> {
        let items = self.by_story.get(&key)?.iter().map(|at| &self.items[*at]);
        items.min_by_key(|item| (item.last.decision == Outcome::Duplicate, &item.last))
    }

    /// Whether a source gave an item that leads to a story.
    pub fn source_had(&self, source: &str, key: StoryKey) -> bool {
        let items = self.by_story.get(&key).into_iter().flatten();
        items
            .map(|at| &self.items[*at])
            .any(|item| item.last.source.as_deref() == Some(source))
    }

    /// The item of a candidate.
    pub fn with_path(&self, path: &str) -> Option<&Item> {
        let items = self.by_path.get(path)?.iter().map(|at| &self.items[*at]);
        let is_there = |item: &&Item| {
            item.last.decision == Outcome::Queued && item.last.path.as_deref() == Some(path)
        };
        items.filter(is_there).max_by_key(|item| &item.last)
    }

    /// Whether a source ever gave an item.
    pub fn knows_source(&self, name: &str) -> bool {
        self.sources.contains(name)
    }

    /// How many items of each source have become what.
    pub fn counts(&self) -> BTreeMap<&str, BTreeMap<Outcome, usize>> {
        let mut counts: BTreeMap<&str, BTreeMap<Outcome, usize>> = BTreeMap::new();
        for Item { last, .. } in &self.items {
            if let Some(source) = &last.source {
                let of_source = counts.entry(source).or_default();
                *of_source.entry(last.decision).or_default() += 1;
            }
        }
        counts
    }

    /// All items, in no meaningful order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// How many lines it has, at least.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Gives a line its number and a time that is not before that of the item's last line, and
    /// takes it in. Returned is the line that is to be written.
    pub fn note(&mut self, mut record: Record) -> Record {
        let key = ItemKey::of(record.source.as_deref(), &record.id);
        if let Some(item) = self.item(key) {
            record.time = record.time.max(item.last.time);
        }
        record.n = self.lines;
        self.take(record.clone());
        record
    }
}

/// Adds lines to the files of the ledger.
///
/// # Errors
/// When not all of them could be added; the path tells the file.
pub fn append(
    workspace: &dyn WritableWorkspace,
    folder: &str,
    records: &[Record],
) -> Result<(), (String, WriteError)> {
    let mut months: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for record in records {
        let lines = months
            .entry(record.time.rfc3339_utc()[..7].to_owned())
            .or_default();
        // A record has nothing that JSON cannot say.
        lines.extend(serde_json::to_vec(record).unwrap_or_default());
        lines.push(b'\n');
    }
    for (month, lines) in months {
        let path = format!("{folder}/{month}.jsonl");
        workspace
            .append(&path, &lines)
            .map_err(|error| (path, error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::workspace::Memory;

    fn record(time: i64, n: u64, id: &str, decision: Outcome) -> Record {
        Record {
            time: Time::from_seconds(1_795_000_000 + time).unwrap(),
            n,
            source: Some("s".to_owned()),
            id: id.to_owned(),
            url: Some(format!("https://a.example/{id}")),
            hash: Some("h".to_owned()),
            decision,
            by: "fetch".to_owned(),
            reason: None,
            path: None,
            from: None,
            file: None,
        }
    }

    fn lines(records: &[Record]) -> Vec<u8> {
        let memory = Memory::default();
        append(&memory, "l", records).unwrap();
        memory.read("l/2026-11.jsonl").unwrap()
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let mut one = record(0, 7, "\"é\n\u{2028}", Outcome::Rejected);
        one.reason = Some("an \"old\" story".to_owned());
        let bytes = lines(std::slice::from_ref(&one));
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1);
        let mut read = Vec::new();
        assert_eq!(parse("l", &bytes, |record| read.push(record)), []);
        assert_eq!(read, [one]);
    }

    #[test]
    fn a_line_that_is_cut_off_is_reported_and_costs_no_other_line() {
        let all = [
            record(0, 0, "a", Outcome::Queued),
            record(1, 1, "b", Outcome::Queued),
        ];
        let whole = lines(&all);
        for cut in 1..whole.len() {
            let memory = Memory::default().with("l/2026-11.jsonl", &whole[..cut]);
            append(&memory, "l", &[record(2, 2, "c", Outcome::Dropped)]).unwrap();
            let (ledger, problems) = Ledger::read(&memory, "l");
            assert!(ledger.item(ItemKey::of(Some("s"), "c")).is_some(), "{cut}");
            let first = whole.iter().position(|byte| *byte == b'\n').unwrap();
            let is_whole = cut == first || cut == first + 1 || cut == whole.len() - 1;
            assert_eq!(problems.len(), usize::from(!is_whole), "{cut}");
            let has_first = ledger.item(ItemKey::of(Some("s"), "a")).is_some();
            assert_eq!(has_first, cut >= first, "{cut}");
        }
    }

    #[test]
    fn later_lines_count_and_a_clock_that_goes_back_does_no_harm() {
        let mut ledger = Ledger::default();
        for (time, decision) in [
            (50, Outcome::Queued),
            (10, Outcome::Published),
            (10, Outcome::Queued),
        ] {
            let noted = ledger.note(record(time, 0, "a", decision));
            assert_eq!(noted.time.seconds(), 1_795_000_050);
            let item = ledger.item(ItemKey::of(Some("s"), "a")).unwrap();
            assert_eq!(item.last.decision, decision);
        }
    }

    proptest! {
        #[test]
        fn order_and_doubled_lines_mean_nothing(
            steps in prop::collection::vec((0_i64..3, 0_u64..4, 0_usize..3, 0_usize..3), 1..20),
            seed in any::<u64>(),
        ) {
            const OUTCOMES: [Outcome; 3] =
                [Outcome::Queued, Outcome::Published, Outcome::Duplicate];
            let records: Vec<Record> = steps
                .iter()
                .map(|(time, n, id, decision)| {
                    record(*time, *n, ["a", "b", "c"][*id], OUTCOMES[*decision])
                })
                .collect();
            let mut shuffled = records.clone();
            shuffled.extend(records.iter().take(3).cloned());
            shuffled.sort_by_key(|record| {
                let text = serde_json::to_string(record).unwrap();
                Hash128::of(format!("{seed}{text}").as_bytes()).number()
            });
            let (one, other) = (Ledger::of(records), Ledger::of(shuffled));
            for id in ["a", "b", "c"] {
                let key = ItemKey::of(Some("s"), id);
                prop_assert_eq!(one.item(key), other.item(key));
                let story = StoryKey::of(&format!("https://a.example/{id}"));
                prop_assert_eq!(one.with_story(story), other.with_story(story));
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop(parse("l", &bytes, drop));
        }
    }
}
