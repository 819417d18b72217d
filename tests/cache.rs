//! Parsed articles that are kept between builds are those that the files hold, however coarse the
//! clock of the file system is and however quickly files change.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::io;

use newsgen::config::{Config, Overrides};
use newsgen::content::cache::Cache;
use newsgen::content::{self, Library, Parser};
use newsgen::workspace::{Entry, Listing, Stamp, Workspace};
use support::Random;

/// Files in memory under a clock that the test turns. Stamps are as coarse as those of the file
/// system that is played.
#[derive(Default)]
struct Files {
    files: BTreeMap<String, (Vec<u8>, Stamp)>,
    now: i64,
    /// Nanoseconds between two ticks of the clock that stamps files.
    tick: i64,
    /// Whether there are a time of the last change of attributes, and inodes.
    is_unix: bool,
    inodes: u64,
}

impl Files {
    fn stamp(&self) -> i64 {
        self.now - self.now.rem_euclid(self.tick)
    }

    /// Writes a file in place, or as a new one that takes the place of the old.
    fn write(&mut self, path: &str, text: &str, in_place: bool) {
        let modified = self.stamp();
        let old = self
            .files
            .get(path)
            .map(|(_, stamp)| stamp.inode)
            .filter(|_| in_place);
        self.inodes += 1;
        let (changed, inode) = if self.is_unix {
            (modified, old.unwrap_or(self.inodes))
        } else {
            (0, 0)
        };
        let stamp = Stamp {
            size: text.len() as u64,
            modified,
            changed,
            inode,
        };
        self.files
            .insert(path.to_owned(), (text.as_bytes().to_vec(), stamp));
    }

    /// Moves a file over another one: it keeps its time and inode.
    fn rename(&mut self, from: &str, to: &str) {
        let (bytes, mut stamp) = self.files.remove(from).unwrap();
        if self.is_unix {
            stamp.changed = self.stamp();
        }
        self.files.insert(to.to_owned(), (bytes, stamp));
    }

    /// Sets the time of the last change of the content, as `touch -d` and archivers do.
    fn set_modified(&mut self, path: &str, modified: i64) {
        let changed = self.stamp();
        let stamp = &mut self.files.get_mut(path).unwrap().1;
        stamp.modified = modified;
        if self.is_unix {
            stamp.changed = changed;
        }
    }
}

impl Workspace for Files {
    fn list(&self, folder: &str) -> Listing {
        let prefix = format!("{folder}/");
        let inside = self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with(&prefix));
        let entries = inside
            .map(|(path, (_, stamp))| Entry {
                path: path.clone(),
                stamp: *stamp,
            })
            .collect();
        Listing {
            entries,
            ..Listing::default()
        }
    }

    fn has_folder(&self, _: &str) -> bool {
        true
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.files
            .get(path)
            .map(|(bytes, _)| bytes.clone())
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn clock(&self) -> i64 {
        self.now
    }
}

/// An article; those with the same `length` have as many bytes.
fn article(number: usize, length: usize) -> String {
    format!(
        "---\ntitle: Story {number:02}\npublishedDateTime: 2026-03-01\n---\n{}\n",
        "x".repeat(1 + length)
    )
}

fn shown(library: &Library) -> Vec<(String, String)> {
    let shown = library
        .articles
        .enumerate()
        .map(|(id, entry)| (entry.path.clone(), library.story(id).unwrap().title));
    shown.collect()
}

#[test]
fn what_is_kept_is_what_the_files_hold() {
    const SECOND: i64 = 1_000_000_000;
    let config = Config::resolve("site.toml", "", &Overrides::default()).unwrap();
    let parser = Parser::new(&config);
    let mut from_cache = 0;
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let folder = support::folder();
        let mut files = Files {
            now: 1_772_452_800 * SECOND,
            tick: random.pick(&[1, 4_000_000, SECOND, 2 * SECOND]),
            is_unix: random.chance(60),
            ..Files::default()
        };
        // Enough that stay as they are for changes to stand in a log over the index, and not so few
        // that each makes it anew.
        for number in 0..random.pick(&[0, 40]) {
            files.write(
                &format!("content/news/old-{number:02}.md"),
                &article(number, 0),
                true,
            );
        }
        let mut log = Vec::new();
        for _ in 0..30 {
            files.now += random.pick(&[
                0,
                0,
                1,
                1_000_000,
                SECOND / 2,
                SECOND,
                3 * SECOND,
                100 * SECOND,
            ]);
            for _ in 0..random.below(3) {
                let path = format!("content/news/{}.md", random.below(4));
                let other = format!("content/news/{}.md", random.below(4));
                let text = article(random.below(100), random.below(2));
                match random.below(10) {
                    0 => drop(files.files.remove(&path)),
                    // Without inodes, a file of the same time and size that takes the place of
                    // another cannot be distinguished from it.
                    1 if files.is_unix && files.files.contains_key(&path) && path != other => {
                        log.push(format!("{} {path} moves to {other}", files.now));
                        files.rename(&path, &other);
                    }
                    // Where there is no other sign of a change, one with the old time and size
                    // cannot be seen.
                    2 if files.is_unix && files.files.contains_key(&path) => {
                        let old = files.files[&path].1.modified;
                        files.write(&path, &text, true);
                        files.set_modified(&path, old);
                        log.push(format!(
                            "{} {path} says {text:?} and has its old time",
                            files.now
                        ));
                    }
                    choice => {
                        files.write(&path, &text, choice < 6);
                        log.push(format!("{} {path} says {text:?}", files.now));
                    }
                }
                files.now += random.pick(&[0, 1, 1000, SECOND / 10]);
            }
            log.push(format!("{} build", files.now));
            let cached = content::load(
                &files,
                &config,
                &parser,
                Cache::open(folder.path(), parser.hash()),
            );
            cached.cache.store(&cached.library).unwrap();
            let fresh = content::load(&files, &config, &parser, Cache::none());
            from_cache += cached.found - cached.parsed;
            assert_eq!(
                shown(&cached.library),
                shown(&fresh.library),
                "seed {seed}\n{}",
                log.join("\n")
            );
            let again = content::load(
                &files,
                &config,
                &parser,
                Cache::open(folder.path(), parser.hash()),
            );
            assert_eq!(again.parsed, 0, "seed {seed}\n{}", log.join("\n"));
        }
    }
    assert!(from_cache > 5_000, "{from_cache}");
}

#[test]
fn the_index_is_written_anew_when_an_eighth_of_it_is_outdated() {
    let config = Config::resolve("site.toml", "", &Overrides::default()).unwrap();
    let parser = Parser::new(&config);
    let folder = support::folder();
    let mut files = Files {
        now: 1_772_452_800_000_000_000,
        tick: 1,
        is_unix: true,
        ..Files::default()
    };
    for number in 0..12 {
        files.write(
            &format!("content/news/{number:02}.md"),
            &article(number, 0),
            true,
        );
    }
    let mut is_reindexed = |edited: &[usize], title: usize| {
        for number in edited {
            files.write(
                &format!("content/news/{number:02}.md"),
                &article(title, 0),
                true,
            );
        }
        files.now += 10_000_000_000;
        let loaded = content::load(
            &files,
            &config,
            &parser,
            Cache::open(folder.path(), parser.hash()),
        );
        loaded.cache.store(&loaded.library).unwrap();
        loaded.cache.is_reindexed()
    };
    assert!(is_reindexed(&[], 0));
    for title in 20..30 {
        assert!(
            !is_reindexed(&[3], title),
            "one article that changes again and again is one that is outdated"
        );
    }
    assert!(is_reindexed(&[3, 4], 30));
    assert!(!is_reindexed(&[4], 31));
}
