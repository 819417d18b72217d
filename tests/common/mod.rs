//! What the tests of builds on disk share.
#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use newsgen::config::Overrides;
use newsgen::curate::Drafts;
use newsgen::pipeline::{
    self, BuildContext, BuildOptions, Failure, Report, Root, Silent, Tolerance,
};
use newsgen::time::Time;
use newsgen::write::Trust;
use tempfile::TempDir;

/// Random numbers from a seed (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// An empty folder, in memory where the system has such a place.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory)
    } else {
        TempDir::new()
    }
    .unwrap()
}

/// Every file below a folder, by path.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        let Ok(items) = fs::read_dir(&folder) else {
            continue;
        };
        for item in items {
            let item = item.unwrap();
            let path = format!("{prefix}{}", item.file_name().to_string_lossy());
            if item.file_type().unwrap().is_dir() {
                open.push((item.path(), format!("{path}/")));
            } else {
                found.insert(path, fs::read(item.path()).unwrap());
            }
        }
    }
    found
}

pub(crate) fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Seconds since 1970 at the moment that the tests call now: 2026-03-02T12:00:00Z.
pub(crate) const NOW: i64 = 1_772_452_800;

#[derive(Clone, Copy, Debug)]
pub(crate) struct How {
    pub(crate) now: i64,
    pub(crate) drafts: Drafts,
    pub(crate) tolerance: Tolerance,
    pub(crate) trust: Trust,
}

impl Default for How {
    fn default() -> How {
        How {
            now: NOW,
            drafts: Drafts::Out,
            tolerance: Tolerance::Strict,
            trust: Trust::Fingerprints,
        }
    }
}

pub(crate) fn build(root: &Path, how: How) -> Result<Report, Failure> {
    let root = Root {
        folder: root.to_owned(),
        config: "site.toml".to_owned(),
        state: None,
    };
    // Series of edits may take out as much as they like; `tests/places.rs` has the limit.
    let config = root.config(&Overrides {
        delete_limit: Some(100),
        ..Overrides::default()
    })?;
    let options = BuildOptions {
        context: BuildContext {
            now: Time::from_seconds(how.now).unwrap(),
            drafts: how.drafts,
        },
        tolerance: how.tolerance,
        trust: how.trust,
    };
    pipeline::build(&root, config, options, None, &Silent)
}

/// What is wrong, in words.
pub(crate) fn reason(failure: &Failure) -> String {
    match failure {
        Failure::Site(problems) => problems
            .iter()
            .map(|problem| format!("{:?} {}", problem.location, problem.message))
            .collect::<Vec<_>>()
            .join("\n"),
        Failure::Machine(reason) => format!("machine: {reason}"),
    }
}

/// Where two outputs differ, in words; none when they are the same.
pub(crate) fn difference(
    is: &BTreeMap<String, Vec<u8>>,
    should_be: &BTreeMap<String, Vec<u8>>,
) -> Option<String> {
    let mut lines = Vec::new();
    for (path, bytes) in is {
        match should_be.get(path) {
            None => lines.push(format!("{path} should not be there")),
            Some(other) if other != bytes => {
                let at = bytes.iter().zip(other).take_while(|(a, b)| a == b).count();
                let part = |bytes: &[u8]| {
                    let part =
                        &bytes[at.saturating_sub(60).min(bytes.len())..(at + 100).min(bytes.len())];
                    String::from_utf8_lossy(part).into_owned()
                };
                lines.push(format!(
                    "{path} differs at byte {at}\n    is: {}\n    not {}",
                    part(bytes),
                    part(other)
                ));
            }
            Some(_) => {}
        }
    }
    lines.extend(
        should_be
            .keys()
            .filter(|path| !is.contains_key(*path))
            .map(|path| format!("{path} is missing")),
    );
    (!lines.is_empty()).then(|| lines.join("\n"))
}
