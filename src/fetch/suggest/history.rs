//! What the ledger says of items that were decided on, or wait: read from its files, since the
//! ledger in memory has no texts.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Deserialize;

use crate::fetch::ledger::{About, ItemKey, Outcome, read_time, read_time_if_any};
use crate::time::Time;
use crate::workspace::Workspace;

/// What a line of the ledger says that matters here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Line {
    #[serde(deserialize_with = "read_time")]
    pub(super) time: Time,
    n: u64,
    #[serde(default)]
    pub(super) source: Option<String>,
    id: String,
    #[serde(default)]
    pub(super) url: Option<String>,
    pub(super) decision: Outcome,
    #[serde(default)]
    pub(super) path: Option<String>,
    /// When that was decided, if this line does not decide it anew.
    #[serde(default, deserialize_with = "read_time_if_any")]
    pub(super) decided: Option<Time>,
    #[serde(default)]
    pub(super) by: String,
    #[serde(default)]
    pub(super) quality: Option<i64>,
    #[serde(default)]
    pub(super) coverage: Option<u32>,
    #[serde(default)]
    about: Option<About>,
}

/// An item: its last line, and what it said last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) line: Line,
    pub(super) about: Option<About>,
    /// The time and the number of the line that `about` is from.
    since: (Time, u64),
}

/// The items that are wanted, as the files of the ledger have them, in a fixed order. Files that
/// cannot be read, and lines that are damaged, are left out: reading the ledger reports them.
pub(super) fn read(
    workspace: &dyn Workspace,
    folder: &str,
    is_wanted: impl Fn(ItemKey) -> bool + Sync,
) -> Vec<(ItemKey, Past)> {
    let read = |line: &&[u8]| {
        let line = may_matter(line).then(|| serde_json::from_slice(line).ok());
        let mut line: Line = line.flatten()?;
        let about = line.about.take();
        let key = ItemKey::of(line.source.as_deref(), &line.id);
        let since = (line.time, line.n);
        is_wanted(key).then_some((key, Past { line, about, since }))
    };
    let mut items: BTreeMap<ItemKey, Past> = BTreeMap::new();
    for entry in workspace.list(folder).entries {
        let bytes = match entry.path.ends_with(".jsonl") {
            true => workspace.read(&entry.path).unwrap_or_default(),
            false => Vec::new(),
        };
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        let lines = lines.par_iter().with_min_len(1_024);
        for (key, past) in lines.filter_map(read).collect::<Vec<_>>() {
            match items.get_mut(&key) {
                Some(known) => known.merge(past),
                None => drop(items.insert(key, past)),
            }
        }
    }
    items.into_iter().collect()
}

impl Past {
    /// Takes in another line of the item. The order in which lines come means nothing.
    fn merge(&mut self, other: Past) {
        if other.about.is_some() {
            let known = self.about.as_ref().map(|about| (self.since, about));
            if known < other.about.as_ref().map(|about| (other.since, about)) {
                self.about = other.about;
                self.since = other.since;
            }
        }
        if (other.line.time, other.line.n, &other.line) > (self.line.time, self.line.n, &self.line)
        {
            self.line = other.line;
        }
    }
}

/// Whether a line may be of use: most are of items that never were candidates, and not parsed.
fn may_matter(line: &[u8]) -> bool {
    const NAME: &[u8] = b"\"decision\":\"d";
    !line.is_empty() && !line.windows(NAME.len()).any(|part| part == NAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Memory;

    #[test]
    fn the_last_line_counts_and_the_last_text() {
        let line = |n: u64, rest: &str| {
            format!("{{\"time\":\"2026-11-25T12:00:00Z\",\"n\":{n},\"id\":\"a\",{rest}}}\n")
        };
        let queued = line(1, r#""decision":"queued","about":{"title":"Old"}"#);
        let changed = line(
            2,
            r#""decision":"queued","about":{"title":"New","new":[1]}"#,
        );
        let published = line(3, r#""decision":"published","quality":70"#);
        let dropped = line(4, r#""decision":"dropped""#);
        let all = [&queued, &changed, &published, &dropped, "{\"time\":", "\n"];
        for turn in 0..all.len() {
            let mut lines = all.map(str::to_owned);
            lines.rotate_left(turn);
            let memory = Memory::default().with("l/2026-11.jsonl", lines.concat());
            let items = read(&memory, "l", |_| true);
            let past = &items[0].1;
            assert_eq!(items.len(), 1);
            assert_eq!(past.about.as_ref().unwrap().title, "New");
            assert_eq!(past.line.quality, Some(70));
        }
        let memory = Memory::default().with("l/2026-11.jsonl", queued);
        assert_eq!(read(&memory, "l", |_| false), []);
    }
}
