//! What the desk did to each file: the versions that it found and left, one after another. By that
//! a commit tells the work of the desk from that of others.

use std::collections::BTreeMap;

use super::step::{Deed, FileStep, Version};

/// What a file was changed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// A step.
    Done(Deed),
    /// A step that was undone.
    Undone(Deed),
    /// A change that is no step: a source was paused, or asked for again.
    Source,
}

/// The last change of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) cause: Cause,
    /// The step for this file, in the direction in which it was done.
    pub(super) file: FileStep,
}

/// What the desk did to a file.
#[derive(Clone, Debug)]
pub(super) struct Trail {
    /// The hash of each version that the desk found or left, without a gap: had another program
    /// written in between, the list would begin after that. None where there was no file.
    pub(super) versions: Vec<Option<String>>,
    pub(super) last: Event,
}

impl Trail {
    /// What the desk left.
    pub(super) fn left(&self) -> Option<&str> {
        self.versions.last().and_then(|hash| hash.as_deref())
    }
}

/// The files that the desk changed, by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Trails(BTreeMap<String, Trail>);

impl Trails {
    /// Notes what was done to a file.
    pub(super) fn done(&mut self, cause: Cause, file: &FileStep) {
        self.go(cause, file, false);
    }

    /// Notes that this was taken back.
    pub(super) fn undone(&mut self, cause: Cause, file: &FileStep) {
        self.go(cause, file, true);
    }

    fn go(&mut self, cause: Cause, file: &FileStep, back: bool) {
        let (from, to) = (file.from.as_ref(), file.to.as_ref());
        let paths = [from, to].into_iter().flatten();
        let mut paths: Vec<&str> = paths.map(|version| version.path.as_str()).collect();
        paths.dedup();
        for path in paths {
            let hash = |version: Option<&Version>| {
                let version = version.filter(|version| version.path == path);
                version.map(|version| version.hash.clone())
            };
            let (old, new) = match back {
                true => (hash(to), hash(from)),
                false => (hash(from), hash(to)),
            };
            let event = Event {
                cause,
                file: file.clone(),
            };
            self.step(path, old, new, event);
        }
    }

    fn step(&mut self, path: &str, old: Option<String>, new: Option<String>, last: Event) {
        match self.0.get_mut(path) {
            Some(trail) if trail.left() == old.as_deref() => {
                trail.versions.push(new);
                trail.last = last;
            }
            _ => {
                let versions = vec![old, new];
                self.0.insert(path.to_owned(), Trail { versions, last });
            }
        }
    }

    /// All files, by path.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Trail)> {
        self.0.iter().map(|(path, trail)| (path.as_str(), trail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(path: &str, hash: &str) -> Version {
        Version {
            path: path.to_owned(),
            hash: hash.to_owned(),
        }
    }

    fn file(from: (&str, &str), to: Option<(&str, &str)>) -> FileStep {
        FileStep {
            from: Some(version(from.0, from.1)),
            to: to.map(|(path, hash)| version(path, hash)),
        }
    }

    fn versions(trails: &Trails, path: &str) -> String {
        let trail = trails.iter().find(|(other, _)| *other == path).unwrap().1;
        let names = trail.versions.iter();
        let names: Vec<&str> = names.map(|hash| hash.as_deref().unwrap_or("-")).collect();
        names.join(" ")
    }

    #[test]
    fn versions_follow_one_another_without_a_gap() {
        let mut trails = Trails::default();
        let edit = Cause::Done(Deed::Edit);
        trails.done(edit, &file(("a", "1"), Some(("a", "2"))));
        trails.done(edit, &file(("a", "2"), Some(("a", "3"))));
        assert_eq!(versions(&trails, "a"), "1 2 3");
        trails.undone(
            Cause::Undone(Deed::Edit),
            &file(("a", "2"), Some(("a", "3"))),
        );
        assert_eq!(versions(&trails, "a"), "1 2 3 2");
        // Somebody wrote version 7.
        trails.done(edit, &file(("a", "7"), Some(("a", "8"))));
        assert_eq!(versions(&trails, "a"), "7 8");
        trails.done(Cause::Done(Deed::Delete), &file(("a", "8"), None));
        assert_eq!(versions(&trails, "a"), "7 8 -");
    }

    #[test]
    fn a_move_is_in_the_trail_of_both_paths() {
        let mut trails = Trails::default();
        let moved = file(("q/a", "1"), Some(("n/a", "2")));
        trails.done(Cause::Done(Deed::Publish), &moved);
        assert_eq!(versions(&trails, "q/a"), "1 -");
        assert_eq!(versions(&trails, "n/a"), "- 2");
        trails.undone(Cause::Undone(Deed::Publish), &moved);
        assert_eq!(versions(&trails, "q/a"), "1 - 1");
        assert_eq!(versions(&trails, "n/a"), "- 2 -");
    }
}
