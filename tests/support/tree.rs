//! What is in a folder, and how it differs from what is in another.

use std::collections::BTreeMap;
use std::fs;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};

use super::repository;

/// The files of a folder, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree(pub BTreeMap<String, Vec<u8>>);

impl Tree {
    /// All files below a folder; none when there is no such folder.
    pub fn of(folder: &Path) -> Tree {
        let mut tree = Tree::default();
        for path in files(folder) {
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            tree.0.insert(name, fs::read(&path).unwrap());
        }
        tree
    }

    /// Without the static files of the default theme, plain or under a hashed name.
    pub fn without_theme(mut self) -> Tree {
        let theme = Tree::of(&repository().join("static"));
        self.0
            .retain(|_, bytes| !theme.0.values().any(|own| own == bytes));
        self
    }

    /// Whether there is a file.
    pub fn contains(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// The text of a file.
    #[track_caller]
    pub fn text(&self, path: &str) -> &str {
        let bytes = self
            .0
            .get(path)
            .unwrap_or_else(|| panic!("no {path} among {:?}", self.paths()));
        std::str::from_utf8(bytes).unwrap()
    }

    /// The paths.
    pub fn paths(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// The paths of files that only one of the trees has, or that differ.
    pub fn differences(&self, other: &Tree) -> Vec<String> {
        let all: std::collections::BTreeSet<&String> =
            self.0.keys().chain(other.0.keys()).collect();
        all.into_iter()
            .filter(|path| self.0.get(*path) != other.0.get(*path))
            .cloned()
            .collect()
    }
}

impl Deref for Tree {
    type Target = BTreeMap<String, Vec<u8>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Tree {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl IntoIterator for Tree {
    type Item = (String, Vec<u8>);
    type IntoIter = std::collections::btree_map::IntoIter<String, Vec<u8>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Tree {
    type Item = (&'a String, &'a Vec<u8>);
    type IntoIter = std::collections::btree_map::Iter<'a, String, Vec<u8>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Demands that two trees are the same.
#[track_caller]
pub fn assert_same(is: &Tree, should_be: &Tree, what: &str) {
    if let Some(difference) = difference(is, should_be) {
        panic!("{what}: {difference}");
    }
}

/// Where two outputs differ, in words; none when they are the same.
pub fn difference(
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

/// The first lines in which two texts differ.
pub fn compare(one: Option<&str>, other: Option<&str>) -> String {
    let (Some(one), Some(other)) = (one, other) else {
        return format!(
            "only {} has it",
            if one.is_some() {
                "the first"
            } else {
                "the second"
            }
        );
    };
    let mut lines = one.lines().zip(other.lines()).enumerate();
    match lines.find(|(_, (a, b))| a != b) {
        Some((number, (a, b))) => format!("line {}:\n- {a}\n+ {b}", number + 1),
        None => format!("{} and {} bytes", one.len(), other.len()),
    }
}

/// All files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(items) = fs::read_dir(&folder) else {
            continue;
        };
        for item in items.map(Result::unwrap) {
            if item.file_type().unwrap().is_dir() {
                folders.push(item.path())
            } else {
                found.push(item.path())
            }
        }
    }
    found.sort();
    found
}
