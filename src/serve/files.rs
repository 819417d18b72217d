//! The site's files with a memory: a folder is listed once, and after that only what the watcher
//! names is looked at again.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::workspace::{Disk, Listing, Stamp, Workspace, is_below};

/// What may have changed, as paths from the site's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Files and folders.
    pub(super) paths: BTreeSet<String>,
    /// Whether anything may have changed.
    pub(super) everything: bool,
}

impl Changes {
    /// Anything may have changed.
    pub(super) fn everything() -> Changes {
        Changes {
            everything: true,
            ..Changes::default()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.everything && self.paths.is_empty()
    }

    /// Whether all of it lies in one of the folders.
    pub(super) fn are_within(&self, folders: &[&str]) -> bool {
        !self.everything
            && self
                .paths
                .iter()
                .all(|path| folders.iter().any(|folder| is_below(path, folder)))
    }
}

/// Folders as they were listed, and the stamp of a file.
type Seen = (BTreeMap<String, Listing>, Option<Stamp>);

/// Files of this machine, listed from memory.
pub(super) struct Remembered {
    disk: Disk,
    listings: Mutex<BTreeMap<String, Listing>>,
    /// What [`Remembered::look`] saw last.
    seen: Mutex<Option<Seen>>,
}

impl Remembered {
    pub(super) fn new(disk: Disk) -> Remembered {
        Remembered {
            disk,
            listings: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    fn listings(&self) -> MutexGuard<'_, BTreeMap<String, Listing>> {
        // A listing is put in whole or not at all, so a panic elsewhere leaves none half made.
        self.listings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lists folders, and says whether they or a file are others than at the last look.
    pub(super) fn look(&self, folders: &BTreeSet<String>, file: &str) -> bool {
        let list = |folder: &String| (folder.clone(), self.disk.list(folder));
        let seen = (
            folders.iter().map(list).collect(),
            self.disk.stamp(file).ok(),
        );
        let mut last = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = Some(seen);
        let differs = *last != seen;
        *last = seen;
        differs
    }

    /// Looks again at what may have changed, and says whether some file is another now.
    pub(super) fn refresh(&self, changes: &Changes) -> bool {
        let mut listings = self.listings();
        let known = listings.len();
        if changes.everything {
            listings.clear();
            return true;
        }
        listings.retain(|folder, listing| {
            // The folder itself, or one that it lies in, is another now; or a file has a second
            // name somewhere.
            let moved = changes.paths.iter().any(|path| is_below(folder, path));
            let touched = changes.paths.iter().any(|path| is_below(path, folder));
            !(moved || touched && listing.has_links)
        });
        let mut differs = listings.len() < known;
        for (folder, listing) in listings.iter_mut() {
            for path in changes.paths.iter().filter(|path| is_below(path, folder)) {
                let (path, part) = self.disk.list_part(folder, path);
                differs |= splice(listing, &path, part);
            }
        }
        listings.retain(|_, listing| !listing.has_links);
        differs
    }
}

/// Replaces all that a listing holds of a path and below, and says whether that is something else.
fn splice(listing: &mut Listing, path: &str, part: Listing) -> bool {
    listing.has_links |= part.has_links;
    let entries = replace(&mut listing.entries, part.entries, path, |entry| {
        &entry.path
    });
    let errors = replace(&mut listing.errors, part.errors, path, |error| &error.path);
    entries || errors
}

/// Both lists are sorted by path. What is at `path` and what is below it are two ranges: `a-b.md`
/// lies between `a` and `a/b.md`.
fn replace<T: PartialEq>(
    items: &mut Vec<T>,
    mut new: Vec<T>,
    path: &str,
    path_of: impl Fn(&T) -> &String,
) -> bool {
    let below = format!("{path}/");
    let start = items.partition_point(|item| path_of(item).as_str() < below.as_str());
    let end = start + items[start..].partition_point(|item| path_of(item).starts_with(&below));
    let new_below =
        new.split_off(new.partition_point(|item| path_of(item).as_str() < below.as_str()));
    let mut differs = items[start..end] != new_below;
    items.splice(start..end, new_below);
    let start = items.partition_point(|item| path_of(item).as_str() < path);
    let end = start
        + items[start..]
            .iter()
            .take_while(|item| path_of(item) == path)
            .count();
    differs |= items[start..end] != new;
    items.splice(start..end, new);
    differs
}

impl Workspace for Remembered {
    fn list(&self, folder: &str) -> Listing {
        if let Some(listing) = self.listings().get(folder) {
            return listing.clone();
        }
        let listing = self.disk.list(folder);
        if !listing.has_links {
            self.listings().insert(folder.to_owned(), listing.clone());
        }
        listing
    }

    fn has_folder(&self, folder: &str) -> bool {
        self.disk.has_folder(folder)
    }

    fn real_folder(&self, folder: &str) -> Option<PathBuf> {
        self.disk.real_folder(folder)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.disk.read(path)
    }

    fn clock(&self) -> i64 {
        self.disk.clock()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    /// One of a few names, so that files and folders get into each other's way; they sort around
    /// the slash.
    fn name() -> impl Strategy<Value = String> {
        let part = prop::sample::select(vec!["a", "a-b", "a.md", "b", "b0", ".hidden"]);
        prop::collection::vec(part, 1..4).prop_map(|parts| format!("news/{}", parts.join("/")))
    }

    fn apply(root: &Path, path: &str, action: u8) {
        let path = root.join(path);
        let gone = |path: &Path| drop(fs::remove_file(path).or_else(|_| fs::remove_dir_all(path)));
        match action {
            0 => gone(&path),
            1 => drop(fs::create_dir_all(&path)),
            // Through a link that is passed over, the steps after it would change what they do not
            // name.
            2 if path.to_string_lossy().contains(".hidden") => {}
            2 => {
                gone(&path);
                drop(std::os::unix::fs::symlink(root.join("news/b"), &path));
            }
            _ => {
                if let Some(parent) = path.parent() {
                    drop(fs::create_dir_all(parent));
                }
                drop(fs::write(&path, action.to_string()));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn memory_is_what_the_disk_says(
            steps in prop::collection::vec(prop::collection::vec((name(), 0u8..6), 1..4), 1..8)
        ) {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("news")).unwrap();
            let disk = Disk::new(folder.path());
            let memory = Remembered::new(disk.clone());
            memory.list("news");
            for step in steps {
                let mut changes = Changes::default();
                for (path, action) in step {
                    apply(folder.path(), &path, action);
                    changes.paths.insert(path);
                }
                memory.refresh(&changes);
                prop_assert_eq!(memory.list("news"), disk.list("news"));
            }
        }
    }

    #[test]
    fn a_look_finds_what_is_another_now() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("news/a.md", "1");
        write("other.md", "1");
        let memory = Remembered::new(Disk::new(folder.path()));
        let folders = ["news".to_owned()].into();
        let look = || memory.look(&folders, "site.toml");
        assert!(look() && !look());
        write("news/a.md", "22");
        assert!(look() && !look());
        write("site.toml", "");
        assert!(look() && !look());
        write("other.md", "22");
        assert!(!look());
        fs::remove_file(folder.path().join("news/a.md")).unwrap();
        assert!(look() && !look());
        fs::rename(folder.path().join("news"), folder.path().join("old")).unwrap();
        write("news/b.md", "1");
        assert!(look() && !look());
    }

    #[test]
    fn paths_are_compared_by_their_parts() {
        assert!(is_below("news/a.md", "news") && is_below("news", "news/"));
        assert!(!is_below("newsroom/a.md", "news"));
        let changes = Changes {
            paths: ["templates/a.html".to_owned()].into(),
            everything: false,
        };
        assert!(changes.are_within(&["static", "templates"]) && !changes.are_within(&["static"]));
    }
}
