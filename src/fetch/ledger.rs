//! The ledger: what became of every item that was fetched.
//!
//! It is a folder of files `YYYY-MM.jsonl`, one for each month, with one JSON object a line
//! ([`Record`]). Lines are only ever added. The last line of an item says what it is now: the one
//! with the latest time, then the highest number. So the order of lines means nothing, a line that
//! is there twice is one, and two versions of a file are merged by taking the lines of both.
//!
//! In memory an item is some numbers and hashes ([`Item`]), with the place of its last line: the
//! line itself is read when it is asked for ([`Ledger::record`]). What the files of past months say
//! is kept in the state folder in that form (`index.rs`), since they hardly change any more.
//!
//! # Files
//!
//! - `line.rs`: lines in memory
//! - `index.rs`: past months in the state folder
//! - `history.rs`: all lines about some items

mod history;
mod index;
mod line;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use ahash::{HashMap, HashSet};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use self::history::history;
use self::index::Index;
pub use self::line::parse;
pub(super) use self::line::times;
use self::line::{Line, Read};
use crate::content::article::StoryKey;
use crate::diagnostic::Diagnostic;
use crate::hash::{Hash128, Hasher};
use crate::time::Time;
use crate::workspace::{Entry, ListError, Workspace, WritableWorkspace, WriteError};

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A rule dropped it.
    Dropped,
    /// The site, the queue or the ledger had its story already.
    Duplicate,
    /// An editor added it and undid that: it is as unknown as before.
    Withdrawn,
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
            Outcome::Withdrawn => "withdrawn",
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
    /// When it was written.
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
    /// Who or what decided: `rules`, `filter`, `fetch`, `editor`, `undo`, `expire`, or `files` for
    /// what was found to have been done by hand.
    pub by: String,
    /// When that was decided, if the line says nothing new about it: the item has changed since,
    /// or would be forgotten.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "write_time_if_any",
        deserialize_with = "read_time_if_any"
    )]
    pub decided: Option<Time>,
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
    /// Quality that it was published with, if somebody chose it; of a candidate, that which the
    /// filter command gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<i64>,
    /// How many providers reported the same when it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<u32>,
    /// What the item said, on the line by which it became a candidate, and on that by which it
    /// changed. The ledger in memory is without it: only suggestions need it.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub about: Option<Box<About>>,
}

/// What an item said: decisions are learnt by it when its file is gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct About {
    /// Headline.
    pub title: String,
    /// The start of its excerpt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Its topics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
}

impl Record {
    /// A line on an item of which nothing else is known yet. The ledger numbers it when it takes
    /// it.
    pub fn new(time: Time, id: &str, decision: Outcome, by: &str) -> Record {
        Record {
            time,
            n: 0,
            source: None,
            id: id.to_owned(),
            url: None,
            hash: None,
            decision,
            by: by.to_owned(),
            decided: None,
            reason: None,
            path: None,
            from: None,
            file: None,
            quality: None,
            coverage: None,
            about: None,
        }
    }

    /// When the decision was made.
    pub fn decided(&self) -> Time {
        self.decided.unwrap_or(self.time)
    }

    /// A line about the same item that makes no new decision.
    #[must_use]
    pub fn again(&self, now: Time) -> Record {
        Record {
            time: now,
            decided: Some(self.decided()),
            ..self.clone()
        }
    }
}

fn write_time_if_any<S: Serializer>(time: &Option<Time>, to: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => write_time(time, to),
        None => to.serialize_none(),
    }
}

pub(super) fn read_time_if_any<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Time>, D::Error> {
    let written = Option::<std::borrow::Cow<'de, str>>::deserialize(from)?;
    written.map(|written| parse_time(&written)).transpose()
}

fn parse_time<E: de::Error>(written: &str) -> Result<Time, E> {
    Time::parse(written, &jiff::tz::TimeZone::UTC)
        .map_err(|error| E::custom(format!("`{written}` {error}")))
}

fn write_time<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.rfc3339_utc())
}

pub(super) fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    parse_time(&std::borrow::Cow::<'de, str>::deserialize(deserializer)?)
}

/// What an item is known by: its source and its identity there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemKey(Hash128);

impl ItemKey {
    /// The key of an item.
    pub fn of(source: Option<&str>, id: &str) -> ItemKey {
        ItemKey(Hasher::new("item").optional(source).text(id).finish())
    }
}

/// An item as the ledger knows it: what its last line says, without its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    key: ItemKey,
    /// What became of it.
    pub decision: Outcome,
    /// The time of its last line.
    pub time: Time,
    /// When the decision was made.
    pub decided: Time,
    /// The time of its first line.
    pub first: Time,
    n: u64,
    /// Tells lines of one time and number apart, which two machines may have written.
    rank: u64,
    /// Number of its source.
    source: Option<u32>,
    pub(super) story: Option<StoryKey>,
    /// Hash of the path of its file.
    pub(super) path: Option<u64>,
    /// Hash of what it said.
    said: Option<u64>,
    place: Place,
}

/// Where a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    /// In a file.
    File {
        number: u32,
        offset: u64,
        length: u32,
    },
    /// Among those that were noted since.
    Memory(usize),
}

impl Item {
    /// What it is known by.
    pub fn key(&self) -> ItemKey {
        self.key
    }

    /// Whether it said what has this hash when it was last looked at.
    pub fn said(&self, hash: &str) -> bool {
        self.said == Some(short(hash))
    }

    /// Whether it is a candidate, or was when the ledger last heard of it, and has a file.
    pub fn is_candidate(&self) -> bool {
        self.decision == Outcome::Queued && self.path.is_some()
    }

    /// Which of two items has the later line.
    fn order(&self) -> (Time, u64, u64) {
        (self.time, self.n, self.rank)
    }

    /// Takes another line about the item in.
    fn merge(&mut self, other: Item) {
        let first = self.first.min(other.first);
        if other.order() > self.order() {
            *self = other;
        }
        self.first = first;
    }
}

/// A short hash of a text, to tell whether two are the same.
pub(super) fn short(text: &str) -> u64 {
    Hash128::of(text.as_bytes()).number()
}

/// Names of sources by number.
#[derive(Clone, Debug, Default)]
struct Names {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn of(names: Vec<String>) -> Names {
        let numbers = names.iter().cloned().zip(0..).collect();
        Names { names, numbers }
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

/// The ledger in memory.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What the files of past months say.
    past: Index,
    /// Items of which there are later lines, with all that is known of them.
    items: Vec<Item>,
    by_key: HashMap<ItemKey, usize>,
    /// Numbers of items of the past of which there are later lines.
    outdated: HashSet<usize>,
    /// The items that later lines give an address, and those that are candidates by them.
    by_story: HashMap<StoryKey, Vec<ItemKey>>,
    by_path: HashMap<u64, Vec<ItemKey>>,
    names: Names,
    /// Paths of files by their numbers in places.
    files: Vec<String>,
    noted: Vec<Record>,
    lines: u64,
}

impl Ledger {
    /// A ledger of these lines, in whatever order.
    pub fn of(records: Vec<Record>) -> Ledger {
        let mut ledger = Ledger::default();
        for record in records {
            ledger.remember(record);
        }
        ledger
    }

    /// Reads the ledger in a folder, and what is wrong with it. `index` is the file in which what
    /// past months say may be kept; see [`Ledger::keep`].
    pub fn read(
        workspace: &dyn Workspace,
        folder: &str,
        index: Option<&Path>,
    ) -> (Ledger, Vec<Diagnostic>) {
        let listing = workspace.list(folder);
        let mut problems: Vec<Diagnostic> =
            listing.errors.iter().map(ListError::diagnostic).collect();
        let is_month = |entry: &Entry| entry.path.ends_with(".jsonl");
        let mut months: Vec<Entry> = listing.entries.into_iter().filter(is_month).collect();
        let current = months.pop();
        let (past, damaged) = Index::read(workspace, &months, index, &mut problems);
        let mut ledger = Ledger {
            names: Names::of(past.names.clone()),
            files: past.files.iter().map(|file| file.path.clone()).collect(),
            lines: past.lines,
            past,
            ..Ledger::default()
        };
        let current = current.and_then(|month| line::read(workspace, &month.path, &mut problems));
        for read in damaged.into_iter().chain(current) {
            ledger.take_file(read);
        }
        (ledger, problems)
    }

    /// Writes what past months say to the file from which it is read faster than from theirs, if
    /// that is worth it and it does not stand there.
    ///
    /// # Errors
    /// What the system says.
    pub fn keep(&self, index: &Path) -> io::Result<()> {
        self.past.write(index)
    }

    /// Takes in what a file says.
    fn take_file(&mut self, read: Read) {
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(read.path);
        for line in read.lines {
            self.take(line, |offset, length| Place::File {
                number,
                offset,
                length,
            });
        }
    }

    /// Takes a line in that is in no file yet, or was added to one since they were read. One that
    /// is known already changes nothing.
    pub fn remember(&mut self, record: Record) {
        let place = Place::Memory(self.noted.len());
        self.take(Line::of(&record), |_, _| place);
        self.noted.push(record);
    }

    fn take(&mut self, line: Line, place: impl Fn(u64, u32) -> Place) {
        // A line from elsewhere may have any number.
        self.lines = self.lines.max(line.n).saturating_add(1);
        let source = line.source.as_deref().map(|name| self.names.number(name));
        let item = line.item(source, place(line.offset, line.length));
        let key = item.key;
        let at = match self.by_key.get(&key) {
            Some(at) => *at,
            None => {
                let known = self.past.number(key);
                self.outdated.extend(known);
                self.items
                    .push(known.map_or(item, |known| self.past.items[known]));
                self.by_key.insert(key, self.items.len() - 1);
                self.items.len() - 1
            }
        };
        self.items[at].merge(item);
        let add = |list: &mut Vec<ItemKey>| {
            if !list.contains(&key) {
                list.push(key);
            }
        };
        if let Some(story) = item.story {
            add(self.by_story.entry(story).or_default());
        }
        if let Some(path) = item.path.filter(|_| item.is_candidate()) {
            add(self.by_path.entry(path).or_default());
        }
    }

    /// The item of that key.
    pub fn item(&self, key: ItemKey) -> Option<&Item> {
        if let Some(at) = self.by_key.get(&key) {
            return Some(&self.items[*at]);
        }
        Some(&self.past.items[self.past.number(key)?])
    }

    /// All items that ever had the address of a story.
    pub(super) fn of_story(&self, key: StoryKey) -> impl Iterator<Item = &Item> {
        let later = self.by_story.get(&key).into_iter().flatten();
        let later = later.filter_map(|key| self.item(*key));
        // An item of which there are later lines may come twice, which is no harm.
        later.chain(self.past.of_story(key).filter_map(|key| self.item(key)))
    }

    /// The item that brought a story: the first one that is no duplicate and was not withdrawn, if
    /// there is one.
    pub fn with_story(&self, key: StoryKey) -> Option<&Item> {
        let rank = |item: &&Item| match item.decision {
            Outcome::Withdrawn => 2,
            Outcome::Duplicate => 1,
            _ => 0,
        };
        self.of_story(key)
            .min_by_key(|item| (rank(item), item.order()))
    }

    /// The item whose last line names a file, which has this link or none that is known.
    pub fn of_file(&self, path: &str, link: Option<&str>) -> Option<&Item> {
        let short = short(path);
        let is_it = |item: &&Item| item.path == Some(short);
        match link {
            Some(link) => self.of_story(StoryKey::of(link)).filter(is_it),
            None => return self.items().filter(is_it).max_by_key(|item| item.order()),
        }
        .max_by_key(|item| item.order())
    }

    /// The item by which a source leads to a story.
    pub fn of_source(&self, source: &str, key: StoryKey) -> Option<&Item> {
        let number = *self.names.numbers.get(source)?;
        let items = self.of_story(key);
        items
            .filter(|item| item.source == Some(number))
            .max_by_key(|item| item.order())
    }

    /// The item of a candidate.
    pub fn with_path(&self, path: &str) -> Option<&Item> {
        let short = short(path);
        let later = self.by_path.get(&short).into_iter().flatten();
        let later = later.filter_map(|key| self.item(*key));
        let past = self.past.at_path(short).filter_map(|key| self.item(key));
        let is_there = |item: &&Item| item.is_candidate() && item.path == Some(short);
        later
            .chain(past)
            .filter(is_there)
            .max_by_key(|item| item.order())
    }

    /// Whether a source ever gave an item.
    pub fn knows_source(&self, name: &str) -> bool {
        self.names.numbers.contains_key(name)
    }

    /// The name of the source of an item; none if somebody put its file into the queue.
    pub fn source_of(&self, item: &Item) -> Option<&str> {
        Some(&self.names.names[item.source? as usize])
    }

    /// How many items of each source have become what.
    pub fn counts(&self) -> BTreeMap<&str, BTreeMap<Outcome, usize>> {
        let mut counts: BTreeMap<&str, BTreeMap<Outcome, usize>> = BTreeMap::new();
        let mut of_all = vec![BTreeMap::new(); self.names.names.len()];
        for item in self.items() {
            if let Some(source) = item.source {
                *of_all[source as usize].entry(item.decision).or_default() += 1;
            }
        }
        counts.extend(self.names.names.iter().map(String::as_str).zip(of_all));
        counts.retain(|_, counts| !counts.is_empty());
        counts
    }

    /// All items, in no meaningful order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        let past = self.past.items.iter().enumerate();
        let past = past.filter(|(number, _)| !self.outdated.contains(number));
        self.items.iter().chain(past.map(|(_, item)| item))
    }

    /// The items that somebody or something decided on, in the order of the decisions.
    pub fn decided(&self) -> Vec<&Item> {
        let is_decided = |item: &&Item| item.decision >= Outcome::Expired;
        let mut items: Vec<&Item> = self.items().filter(is_decided).collect();
        items.sort_unstable_by_key(|item| (item.decided, item.order()));
        items
    }

    /// The last line of an item; none if its file is another one by now, which the next run reads.
    pub fn record(&self, workspace: &dyn Workspace, item: &Item) -> Option<Record> {
        let (number, offset, length) = match item.place {
            Place::Memory(at) => return self.noted.get(at).cloned(),
            Place::File {
                number,
                offset,
                length,
            } => (number, offset, length),
        };
        let path = &self.files[number as usize];
        let bytes = workspace.read_part(path, offset, length as usize).ok()?;
        let record: Record = serde_json::from_slice(&bytes).ok()?;
        let is_it = ItemKey::of(record.source.as_deref(), &record.id) == item.key;
        (is_it && record.time == item.time).then_some(record)
    }

    /// Gives a line its number and a time that is not before that of the item's last line, and
    /// takes it in. Returned is the line that is to be written.
    pub fn note(&mut self, mut record: Record) -> Record {
        let key = ItemKey::of(record.source.as_deref(), &record.id);
        if let Some(item) = self.item(key) {
            record.time = record.time.max(item.time);
        }
        record.n = self.lines;
        self.remember(record.clone());
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
