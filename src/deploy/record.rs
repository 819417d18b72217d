//! What deploys leave at the target for the next one: the record of what was sent, and the intent
//! of a deploy that is not done yet.
//!
//! Both are tables (see [`table`]), compressed with gzip. They hold nothing that the site does not
//! show.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::encode;
use crate::config::Encoding;
use crate::hash::{Hash128, Hasher};
use crate::table;

/// Name of the record at the target.
pub(super) const RECORD: &str = "record";
/// Name of the intent there.
pub(super) const INTENT: &str = "intent";
const RECORD_MAGIC: &str = "newsgen deploy 1\n";
const INTENT_MAGIC: &str = "newsgen intent 2\n";

/// A file as it stands at the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Path from the root of the target, with `/` between folders.
    pub path: String,
    /// Hash of the bytes before they are compressed.
    pub hash: Hash128,
    /// Their number.
    pub size: u64,
    /// How they are compressed.
    pub encoding: Encoding,
    /// `Content-Type`; empty where the target keeps none.
    pub media_type: String,
    /// `Cache-Control`; empty where the target keeps none.
    pub cache_control: String,
}

impl Entry {
    /// A hash of all that is sent, to know the file again at the target.
    pub fn identity(&self) -> String {
        let mut hasher = Hasher::new("deployed");
        hasher
            .hash(self.hash)
            .text(self.encoding.name())
            .text(&self.media_type)
            .text(&self.cache_control);
        hasher.finish().to_string()
    }
}

/// What the last deploy that came to its end left at the target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Address of the site, so that two sites in one place are noticed.
    pub site: String,
    /// The files, by path.
    pub entries: BTreeMap<String, Entry>,
}

impl Record {
    /// The record as bytes.
    ///
    /// # Errors
    /// When it is too large.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let entries: Vec<&Entry> = self.entries.values().collect();
        Ok(encode::gzip(&table::encode(
            RECORD_MAGIC,
            &self.site,
            &entries,
        )?))
    }

    /// Reads a record; nothing when it is damaged or of another kind.
    pub fn of_bytes(bytes: &[u8]) -> Option<Record> {
        let (site, entries) =
            table::decode::<String, Entry>(&encode::gunzip(bytes)?, RECORD_MAGIC)?;
        if !entries.iter().all(|entry| stays_below(&entry.path)) {
            return None;
        }
        Some(Record {
            site,
            entries: entries
                .into_iter()
                .map(|entry| (entry.path.clone(), entry))
                .collect(),
        })
    }
}

/// The paths that a deploy is about to send or delete. While it is at the target, which of them
/// are done is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intent {
    /// Address of the site: what another site was about is not this one's to delete.
    pub site: String,
    /// The paths.
    pub touched: BTreeSet<String>,
}

impl Intent {
    /// The intent as bytes.
    ///
    /// # Errors
    /// When it is too large.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let paths: Vec<&String> = self.touched.iter().collect();
        Ok(encode::gzip(&table::encode(
            INTENT_MAGIC,
            &self.site,
            &paths,
        )?))
    }

    /// Reads an intent; nothing when it is damaged or of another kind.
    pub fn of_bytes(bytes: &[u8]) -> Option<Intent> {
        let (site, paths) = table::decode::<String, String>(&encode::gunzip(bytes)?, INTENT_MAGIC)?;
        paths.iter().all(|path| stays_below(path)).then(|| Intent {
            site,
            touched: paths.into_iter().collect(),
        })
    }
}

/// Whether a path stays below the folder that it is joined to. Who may write at the target may have
/// written the record, and what it names is deleted.
fn stays_below(path: &str) -> bool {
    path.split('/').all(|part| {
        let mut components = Path::new(part).components();
        let name = components.next();
        components.next().is_none() && matches!(name, Some(Component::Normal(name)) if name == part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back_and_damage_is_noticed() {
        let entry = |path: &str| Entry {
            path: path.to_owned(),
            hash: Hash128::of(path.as_bytes()),
            size: 3,
            encoding: Encoding::Gzip,
            media_type: "text/html".to_owned(),
            cache_control: "public".to_owned(),
        };
        let entries = ["b", "a"].map(|path| (path.to_owned(), entry(path))).into();
        let record = Record {
            site: "https://example.org".to_owned(),
            entries,
        };
        let bytes = record.to_bytes().unwrap();
        assert_eq!(Record::of_bytes(&bytes), Some(record));
        for at in 0..bytes.len() {
            assert_eq!(Record::of_bytes(&bytes[..at]), None, "cut at {at}");
        }
        assert_eq!(Intent::of_bytes(&bytes), None);
        let intent = Intent {
            site: "https://example.org".to_owned(),
            touched: ["x/y".to_owned()].into(),
        };
        assert_eq!(Intent::of_bytes(&intent.to_bytes().unwrap()), Some(intent));
    }

    #[test]
    fn paths_that_lead_out_of_the_target_are_damage() {
        for path in [
            "../a",
            "/etc/a",
            "a/../../b",
            "a/./b",
            "a//b",
            "a/",
            "",
            ".",
            "..",
        ] {
            let intent = Intent {
                site: String::new(),
                touched: [path.to_owned(), "x".to_owned()].into(),
            };
            assert_eq!(
                Intent::of_bytes(&intent.to_bytes().unwrap()),
                None,
                "{path}"
            );
            let entry = Entry {
                path: path.to_owned(),
                hash: Hash128::of(b"a"),
                size: 1,
                encoding: Encoding::None,
                media_type: String::new(),
                cache_control: String::new(),
            };
            let record = Record {
                site: String::new(),
                entries: [(path.to_owned(), entry)].into(),
            };
            assert_eq!(
                Record::of_bytes(&record.to_bytes().unwrap()),
                None,
                "{path}"
            );
        }
        assert!(
            ["a", ".nojekyll", "a/b..c/d.html", "..a/b", "a b/ü"]
                .into_iter()
                .all(stays_below)
        );
    }

    #[test]
    fn headers_are_part_of_the_identity() {
        let entry = Entry {
            path: "a".to_owned(),
            hash: Hash128::of(b"a"),
            size: 1,
            encoding: Encoding::None,
            media_type: "text/html".to_owned(),
            cache_control: "public".to_owned(),
        };
        let others = [
            Entry {
                encoding: Encoding::Brotli,
                ..entry.clone()
            },
            Entry {
                media_type: "text/plain".to_owned(),
                ..entry.clone()
            },
            Entry {
                cache_control: "no-store".to_owned(),
                ..entry.clone()
            },
            Entry {
                hash: Hash128::of(b"b"),
                ..entry.clone()
            },
        ];
        assert!(
            others
                .iter()
                .all(|other| other.identity() != entry.identity())
        );
    }
}
