//! The ledger in memory: read once, and after that only what was added.

use std::collections::BTreeMap;

use crate::fetch::ledger::{Ledger, Record};
use crate::workspace::{Disk, Stamp, Workspace};

/// The ledger, and how far each of its files was read.
#[derive(Debug, Default)]
pub(super) struct LedgerTail {
    pub(super) ledger: Ledger,
    read: BTreeMap<String, Progress>,
}

/// A file, and how much of it is in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    inode: u64,
    bytes: u64,
}

impl LedgerTail {
    /// Takes in what was added since the last look. Where a file was replaced or cut, all of them
    /// are read again. What cannot be read is left to the commands that judge by it.
    pub(super) fn refresh(&mut self, disk: &Disk, folder: &str) {
        let entries = disk.list(folder).entries.into_iter();
        let files: Vec<(String, Stamp)> = entries
            .filter(|entry| entry.path.ends_with(".jsonl"))
            .map(|entry| (entry.path, entry.stamp))
            .collect();
        let is_followed = |(path, read): (&String, &Progress)| {
            files.iter().any(|(other, stamp)| {
                other == path && stamp.inode == read.inode && stamp.size >= read.bytes
            })
        };
        if self.read.is_empty() || !self.read.iter().all(is_followed) {
            self.read_all(disk, folder, &files);
        }
        for (path, stamp) in files {
            let from = self.read.get(&path).map_or(0, |read| read.bytes);
            let length = usize::try_from(stamp.size - from).unwrap_or(usize::MAX);
            if length == 0 {
                continue;
            }
            let Ok(mut lines) = disk.read_part(&path, from, length) else {
                continue;
            };
            // A line without an end may still be written.
            let whole = lines.iter().rposition(|byte| *byte == b'\n');
            lines.truncate(whole.map_or(0, |at| at + 1));
            for line in lines.split(|byte| *byte == b'\n') {
                if let Ok(record) = serde_json::from_slice::<Record>(line) {
                    self.ledger.remember(record);
                }
            }
            let read = Progress {
                inode: stamp.inode,
                bytes: from + lines.len() as u64,
            };
            self.read.insert(path, read);
        }
    }

    /// Reads everything. A file that grew since it was listed is read again from there, and one
    /// whose last line has no end from that line on: what is known already changes nothing.
    fn read_all(&mut self, disk: &Disk, folder: &str, files: &[(String, Stamp)]) {
        self.read = files
            .iter()
            .map(|(path, stamp)| {
                let (from, last) = match stamp.size {
                    size @ 0..LAST => (0, size),
                    size => (size - LAST, LAST),
                };
                let tail = disk.read_part(path, from, usize::try_from(last).unwrap_or(0));
                let end = tail.ok().and_then(|tail| {
                    let at = tail.iter().rposition(|byte| *byte == b'\n')?;
                    Some(from + at as u64 + 1)
                });
                let read = Progress {
                    inode: stamp.inode,
                    bytes: end.unwrap_or(0),
                };
                (path.clone(), read)
            })
            .collect();
        self.ledger = Ledger::read(disk, folder, None).0;
    }
}

/// Bytes at the end of a file in which its last line ends.
const LAST: u64 = 64 << 10;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;
    use crate::fetch::ledger::ItemKey;

    fn line(id: &str, n: u64) -> String {
        format!(
            "{{\"time\":\"2026-11-25T00:00:00Z\",\"n\":{n},\"source\":\"s\",\"id\":\"{id}\",\
             \"decision\":\"queued\",\"by\":\"rules\"}}\n"
        )
    }

    #[test]
    fn only_what_was_added_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("l/2026-11.jsonl");
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, line("a", 0)).unwrap();
        let disk = Disk::new(folder.path());
        let mut tail = LedgerTail::default();
        let has = |tail: &LedgerTail, id: &str| {
            let item = tail.ledger.item(ItemKey::of(Some("s"), id));
            item.is_some()
        };
        tail.refresh(&disk, "l");
        assert!(has(&tail, "a") && tail.ledger.items().count() == 1);
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        let next = line("b", 1);
        // A line that is being written is not lost.
        file.write_all(&next.as_bytes()[..20]).unwrap();
        tail.refresh(&disk, "l");
        assert!(!has(&tail, "b"));
        file.write_all(&next.as_bytes()[20..]).unwrap();
        tail.refresh(&disk, "l");
        assert!(has(&tail, "a") && has(&tail, "b"));
        // Another branch was checked out.
        fs::remove_file(&path).unwrap();
        fs::write(&path, line("c", 0)).unwrap();
        tail.refresh(&disk, "l");
        assert!(has(&tail, "c") && !has(&tail, "a"));
    }
}
