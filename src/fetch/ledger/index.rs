//! What the files of past months say, as it is kept in the state folder. They hardly change any
//! more: a ledger of a million lines is read from its index in a fraction of a second. Losing the
//! index, or changing one of the files, costs the time to read all of them again.

use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::line::{self, Read};
use super::{Item, ItemKey, Names, Place};
use crate::content::article::StoryKey;
use crate::diagnostic::Diagnostic;
use crate::hash::Hash128;
use crate::table;
use crate::workspace::{Entry, Stamp, Workspace};

const MAGIC: &str = "newsgen ledger 1\n";

/// Items from which on an index is written: fewer are read from their lines in no time.
const WORTH_IT: usize = 10_000;

/// A file that has not changed for so long is not being changed, in nanoseconds: clocks of file
/// systems are coarse.
const SETTLED: i64 = 2_000_000_000;

/// A file that the index has read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct File {
    pub(super) path: String,
    /// None if the file was too new for its stamp to be trusted.
    stamp: Option<Stamp>,
    hash: Hash128,
}

/// The beginning of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    /// The code that has written it: another one may make other hashes.
    code: String,
    files: Vec<File>,
    names: Vec<String>,
    lines: u64,
    /// Addresses that items had before their last ones.
    former: Vec<(StoryKey, u32)>,
}

/// What past months say.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) files: Vec<File>,
    pub(super) names: Vec<String>,
    pub(super) lines: u64,
    pub(super) items: Vec<Item>,
    former: Vec<(StoryKey, u32)>,
    by_key: Buckets,
    by_story: Buckets,
    by_path: Buckets,
    /// Whether its file has something else.
    is_new: bool,
}

impl Index {
    /// What `months` say: from the file of the index if it is about them, else from themselves.
    /// Those that are damaged are no part of it, so that each run says so, and are returned.
    pub(super) fn read(
        workspace: &dyn Workspace,
        months: &[Entry],
        path: Option<&Path>,
        problems: &mut Vec<Diagnostic>,
    ) -> (Index, Vec<Read>) {
        let kept = path.and_then(|path| Index::kept(workspace, months, path));
        if let Some((index, others)) = kept {
            let others = others.into_iter();
            let read = others.filter_map(|month| line::read(workspace, &month.path, problems));
            return (index, read.collect());
        }
        let read = months.iter().filter_map(|month| {
            let read = line::read(workspace, &month.path, problems)?;
            Some((month.stamp, read))
        });
        let (damaged, whole): (Vec<_>, Vec<_>) = read.partition(|(_, read)| read.is_damaged);
        let damaged = damaged.into_iter().map(|(_, read)| read).collect();
        (Index::of(whole, workspace.clock()), damaged)
    }

    /// The index in a file, and the months that it knows nothing of; none if it cannot be used, or
    /// if it knows so little that a new one is worth the time.
    fn kept<'m>(
        workspace: &dyn Workspace,
        months: &'m [Entry],
        path: &Path,
    ) -> Option<(Index, Vec<&'m Entry>)> {
        let (head, items): (Head, Vec<Item>) = table::read(path, MAGIC).ok()?;
        if head.code != env!("NEWSGEN_CODE") {
            return None;
        }
        let month_of = |file: &File| months.iter().find(|month| month.path == file.path);
        let is_same = |file: &File| {
            let month = month_of(file)?;
            if file.stamp == Some(month.stamp) {
                return Some(());
            }
            let bytes = workspace.read(&file.path).ok()?;
            (Hash128::of_many(&bytes) == file.hash).then_some(())
        };
        head.files.par_iter().try_for_each(is_same)?;
        let is_known = |month: &&Entry| head.files.iter().any(|file| file.path == month.path);
        let others: Vec<&Entry> = months.iter().filter(|month| !is_known(month)).collect();
        let size = |entry: &Entry| entry.stamp.size;
        let known: u64 = head.files.iter().filter_map(month_of).map(size).sum();
        let unknown: u64 = others.iter().map(|month| size(month)).sum();
        if unknown > known / 16 {
            return None;
        }
        let index = Index {
            files: head.files,
            names: head.names,
            lines: head.lines,
            items,
            former: head.former,
            ..Index::default()
        };
        Some((index.with_buckets()?, others))
    }

    /// The index of what some files say. `clock` is that of the files.
    fn of(read: Vec<(Stamp, Read)>, clock: i64) -> Index {
        let mut names = Names::default();
        let (mut files, mut all) = (Vec::new(), Vec::new());
        let mut lines = 0;
        for (number, (stamp, read)) in (0..).zip(read) {
            all.reserve(read.lines.len());
            for line in read.lines {
                lines = line.n.max(lines).saturating_add(1);
                let source = line.source.as_deref().map(|name| names.number(name));
                let place = Place::File {
                    number,
                    offset: line.offset,
                    length: line.length,
                };
                all.push(line.item(source, place));
            }
            let is_settled = stamp.modified != 0 && clock - stamp.modified > SETTLED;
            files.push(File {
                path: read.path,
                stamp: is_settled.then_some(stamp),
                hash: read.hash,
            });
        }
        all.par_sort_unstable_by_key(|item| (item.key, item.order()));
        let mut items: Vec<Item> = Vec::with_capacity(all.len());
        let mut former = Vec::new();
        for item in all {
            let at = u32::try_from(items.len()).unwrap_or(u32::MAX);
            match items.last_mut().filter(|last| last.key == item.key) {
                Some(last) => {
                    let story = last.story.filter(|story| item.story != Some(*story));
                    former.extend(story.map(|story| (story, at - 1)));
                    last.merge(item);
                }
                None => items.push(item),
            }
        }
        former.sort_unstable();
        former.dedup();
        let index = Index {
            files,
            names: names.names,
            lines,
            items,
            former,
            is_new: true,
            ..Index::default()
        };
        index.with_buckets().unwrap_or_default()
    }

    /// Makes everything that is looked up; none if the numbers in it lead nowhere.
    fn with_buckets(mut self) -> Option<Index> {
        let (items, names, files) = (&self.items, self.names.len(), self.files.len());
        let is_sound = |item: &Item| {
            item.source.is_none_or(|source| (source as usize) < names)
                && matches!(item.place, Place::File { number, .. } if (number as usize) < files)
        };
        let is_there = |(_, at): &(StoryKey, u32)| (*at as usize) < items.len();
        if !items.par_iter().all(is_sound) || !self.former.iter().all(is_there) {
            return None;
        }
        let numbered = || items.iter().zip(0_u32..);
        self.by_key = Buckets::of(
            items.len(),
            numbered().map(|(item, at)| (item.key.0.number(), at)),
        );
        let stories =
            numbered().filter_map(|(item, at)| item.story.map(|story| (story.0.number(), at)));
        let former = self
            .former
            .iter()
            .map(|(story, at)| (story.0.number(), *at));
        self.by_story = Buckets::of(items.len(), stories.chain(former));
        let candidates = numbered().filter(|(item, _)| item.is_candidate());
        let candidates = candidates.filter_map(|(item, at)| Some((item.path?, at)));
        self.by_path = Buckets::of(candidates.clone().count(), candidates);
        Some(self)
    }

    /// Writes the index, if it is not in the file and is worth it.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        if !self.is_new || self.items.len() < WORTH_IT {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let head = Head {
            code: env!("NEWSGEN_CODE").to_owned(),
            files: self.files.clone(),
            names: self.names.clone(),
            lines: self.lines,
            former: self.former.clone(),
        };
        table::write(path, MAGIC, &head, &self.items)
    }

    /// The number of an item.
    pub(super) fn number(&self, key: ItemKey) -> Option<usize> {
        let mut numbers = self.by_key.get(key.0.number()).iter();
        let number = numbers.find(|number| self.items[**number as usize].key == key)?;
        Some(*number as usize)
    }

    /// The items that had the address of a story.
    pub(super) fn of_story(&self, key: StoryKey) -> impl Iterator<Item = ItemKey> {
        let numbers = self.by_story.get(key.0.number()).iter();
        let had = move |at: &u32| {
            let is_former = self.former.binary_search(&(key, *at)).is_ok();
            is_former || self.items[*at as usize].story == Some(key)
        };
        numbers
            .copied()
            .filter(had)
            .map(|at| self.items[at as usize].key)
    }

    /// The items whose candidates have a path with this hash.
    pub(super) fn at_path(&self, path: u64) -> impl Iterator<Item = ItemKey> {
        let items = self.by_path.get(path).iter();
        let items = items.map(|at| &self.items[*at as usize]);
        items
            .filter(move |item| item.path == Some(path))
            .map(|item| item.key)
    }
}

/// Numbers by the first bits of a hash: a hash map without keys, which is made in no time.
#[derive(Debug, Default)]
struct Buckets {
    /// How far a hash is shifted to be the number of its bucket.
    shift: u32,
    /// Where the members of each bucket begin, and at last where they end.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Buckets {
    /// Buckets for about `count` numbers.
    fn of(count: usize, numbers: impl Iterator<Item = (u64, u32)> + Clone) -> Buckets {
        let bits = count.max(2).ilog2().min(24);
        let shift = 64 - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        let mut total = 0_usize;
        for (hash, _) in numbers.clone() {
            starts[(hash >> shift) as usize] += 1;
            total += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut members = vec![0; total];
        for (hash, number) in numbers {
            let start = &mut starts[(hash >> shift) as usize];
            *start -= 1;
            members[*start as usize] = number;
        }
        Buckets {
            shift,
            starts,
            members,
        }
    }

    fn get(&self, hash: u64) -> &[u32] {
        if self.members.is_empty() {
            return &[];
        }
        let bucket = (hash >> self.shift) as usize;
        let (from, to) = (self.starts[bucket], self.starts[bucket + 1]);
        &self.members[from as usize..to as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ledger, Outcome, Record, append};
    use super::*;
    use crate::time::Time;
    use crate::workspace::Disk;

    fn record(month: i64, number: u64) -> Record {
        let time = Time::from_seconds(1_795_000_000 + month * 31 * 86_400).unwrap();
        Record {
            n: number,
            source: Some(format!("s{}", number % 7)),
            url: Some(format!("https://a.example/{number}")),
            ..Record::new(time, &format!("item {number}"), Outcome::Dropped, "rules")
        }
    }

    #[test]
    fn an_index_is_used_as_long_as_its_files_are_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path());
        let path = folder.path().join(".newsgen/fetch/sources.ledger");
        let count = WORTH_IT as u64 + 5;
        let first: Vec<Record> = (0..count).map(|number| record(0, number)).collect();
        append(&disk, "l", &first).unwrap();
        append(&disk, "l", &[record(1, 0)]).unwrap();
        let read = || Ledger::read(&disk, "l", Some(&path)).0;
        let ledger = read();
        assert!(ledger.past.is_new);
        ledger.keep(&path).unwrap();
        let kept = read();
        assert!(!kept.past.is_new);
        assert_eq!(kept.items().count(), first.len());
        for number in [0, 1, count / 2, count - 1] {
            let wanted = record(i64::from(number == 0), number);
            let key = ItemKey::of(wanted.source.as_deref(), &wanted.id);
            let item = kept.item(key).unwrap();
            assert_eq!(kept.record(&disk, item), Some(wanted.clone()));
            let story = StoryKey::of(&wanted.url.unwrap());
            assert_eq!(kept.with_story(story), Some(item));
        }
        // A file with another stamp and the same bytes is the same; one with other bytes is not.
        let month = folder.path().join("l/2026-11.jsonl");
        let bytes = fs::read(&month).unwrap();
        fs::remove_file(&month).unwrap();
        fs::write(&month, &bytes).unwrap();
        assert!(!read().past.is_new);
        let cut = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        fs::write(&month, &bytes[cut + 1..]).unwrap();
        let again = read();
        assert!(again.past.is_new);
        assert_eq!(again.items().count(), first.len());
        let damaged = fs::read(&path).unwrap();
        fs::write(&path, &damaged[..damaged.len() / 2]).unwrap();
        fs::write(&month, &bytes).unwrap();
        assert!(read().past.is_new);
    }
}
