//! What the site is to be × what stands at the target → what to do, in order. Pure.
//!
//! The order keeps readers from holes. First all that is new, so that nothing leads to it yet; in
//! the order of [`Role`], so that a new site is whole before its front page appears. Then what
//! changed: by now all that it may lead to is there. Deletions come last, when nothing leads to
//! what they take.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Shape;
use super::item::Item;
use super::record::{Entry, Intent};
use crate::plan::Role;

/// Why a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The target does not have it.
    New,
    /// Its bytes are not those at the target.
    Changed,
    /// Only its headers are not those at the target.
    Headers,
    /// All is to be sent.
    Forced,
}

/// What the target was found to have under a path of which no record could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Absent,
    /// Exactly the file that is to stand there.
    Same,
    /// Something else.
    Other,
}

/// What is known of the target.
#[derive(Debug, Default)]
pub struct Remote {
    /// What the last deploy that came to its end left.
    pub recorded: BTreeMap<String, Entry>,
    /// What deploys that did not come to their end may have sent or deleted.
    pub intent: Intent,
    /// What was looked up, by path.
    pub found: BTreeMap<String, Found>,
}

/// How much to trust what is known of the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Send {
    /// What is known to be right stays.
    #[default]
    Changes,
    /// Everything is sent.
    All,
}

/// A file to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Number of the item.
    pub item: usize,
    /// Why it is sent.
    pub why: Why,
}

/// What a deploy has to do, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files that stand where a folder is needed, or the other way round; they go first.
    pub clear: Vec<String>,
    /// Files to send; all of one group before any of the next.
    pub groups: Vec<Vec<Step>>,
    /// Files to delete when all is sent.
    pub delete: Vec<String>,
    /// How many of all deletions take nothing from readers: compressed files beside others that
    /// stay.
    pub spared: usize,
    /// Files that are at the target as they should be.
    pub unchanged: usize,
}

impl Plan {
    /// Files to send, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.groups.iter().flatten()
    }

    /// How many files are deleted.
    pub fn deletions(&self) -> usize {
        self.clear.len() + self.delete.len()
    }
}

/// Numbers of the items of which no record can tell whether they stand at the target: all that a
/// deploy without an end may have touched, what the target says was touched since, and, without a
/// record, all that is listed there.
pub fn unsure(
    items: &[Item],
    intent: &Intent,
    suspects: &BTreeSet<String>,
    listed: Option<&BTreeSet<String>>,
) -> Vec<usize> {
    let is_unsure = |path: &str| {
        intent.touched.contains(path)
            || suspects.contains(path)
            || listed.is_some_and(|listed| listed.contains(path))
    };
    (0..items.len())
        .filter(|number| is_unsure(&items[*number].entry.path))
        .collect()
}

/// Plans a deploy.
pub fn plan(items: &[Item], remote: &Remote, send: Send, shape: Shape) -> Plan {
    let mut plan = Plan::default();
    let mut groups: BTreeMap<(bool, Role), Vec<Step>> = BTreeMap::new();
    for (number, item) in items.iter().enumerate() {
        let Some(why) = why(&item.entry, remote, send) else {
            plan.unchanged += 1;
            continue;
        };
        // A compressed file beside a page that is there already must not come before what the page
        // leads to.
        let is_new = !is_there(&item.entry.path, remote) && !is_there(&item.source, remote);
        groups
            .entry((!is_new, item.role))
            .or_default()
            .push(Step { item: number, why });
    }
    plan.groups = groups.into_values().collect();
    let kept: BTreeSet<&str> = items.iter().map(|item| item.entry.path.as_str()).collect();
    let ours = remote.recorded.keys().chain(&remote.intent.touched);
    let obsolete: BTreeSet<&String> = ours.filter(|path| !kept.contains(path.as_str())).collect();
    let stands_in_the_way = |path: &str| {
        let below = format!("{path}/");
        let holds = kept
            .range(below.as_str()..)
            .next()
            .is_some_and(|next| next.starts_with(&below));
        holds
            || path
                .match_indices('/')
                .any(|(at, _)| kept.contains(&path[..at]))
    };
    let is_spared = |path: &&&String| {
        let plain = remote
            .recorded
            .get(path.as_str())
            .and_then(|old| path.strip_suffix(old.encoding.ending()));
        shape == Shape::Folder && plain.is_some_and(|plain| kept.contains(plain))
    };
    plan.spared = obsolete.iter().filter(is_spared).count();
    let (clear, delete) = obsolete
        .into_iter()
        .cloned()
        .partition(|path| shape != Shape::Objects && stands_in_the_way(path));
    (plan.clear, plan.delete) = (clear, delete);
    plan
}

fn is_there(path: &str, remote: &Remote) -> bool {
    match remote.found.get(path) {
        Some(found) => *found != Found::Absent,
        None => remote.recorded.contains_key(path),
    }
}

fn why(entry: &Entry, remote: &Remote, send: Send) -> Option<Why> {
    let recorded = remote.recorded.get(&entry.path);
    let why = match (remote.found.get(&entry.path), recorded) {
        (Some(Found::Absent), _) | (None, None) => Some(Why::New),
        (Some(Found::Other), _) => Some(Why::Changed),
        (Some(Found::Same), _) => None,
        (None, Some(old)) if old == entry => None,
        (None, Some(old)) if old.hash == entry.hash && old.encoding == entry.encoding => {
            Some(Why::Headers)
        }
        (None, Some(_)) => Some(Why::Changed),
    };
    match send {
        Send::Changes => why,
        Send::All => Some(why.unwrap_or(Why::Forced)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Encoding;
    use crate::hash::Hash128;

    fn item(path: &str, text: &str, role: Role) -> Item {
        let entry = Entry {
            path: path.to_owned(),
            hash: Hash128::of(text.as_bytes()),
            size: text.len() as u64,
            encoding: Encoding::None,
            media_type: "text/html".to_owned(),
            cache_control: String::new(),
        };
        Item {
            entry,
            source: path.to_owned(),
            role,
        }
    }

    fn remote(items: &[Item]) -> Remote {
        let recorded = items
            .iter()
            .map(|item| (item.entry.path.clone(), item.entry.clone()))
            .collect();
        Remote {
            recorded,
            ..Remote::default()
        }
    }

    fn order<'a>(items: &'a [Item], plan: &Plan) -> Vec<Vec<(&'a str, Why)>> {
        let shown = |step: &Step| (items[step.item].entry.path.as_str(), step.why);
        plan.groups
            .iter()
            .map(|group| group.iter().map(shown).collect())
            .collect()
    }

    #[test]
    fn new_files_come_before_changed_ones_and_the_front_page_last() {
        let old = [
            item("index.html", "old", Role::Front),
            item("news/a/index.html", "old", Role::Article),
            item("topics/t/index.html", "old", Role::Listing),
            item("feed.xml", "old", Role::Feed),
            item("gone.html", "old", Role::Page),
            item("same.html", "same", Role::Page),
        ];
        let new = [
            item("index.html", "new", Role::Front),
            item("news/a/index.html", "new", Role::Article),
            item("news/b/index.html", "new", Role::Article),
            item("topics/t/index.html", "new", Role::Listing),
            item("topics/u/index.html", "new", Role::Listing),
            item("style.abc.css", "new", Role::Hashed),
            item("feed.xml", "new", Role::Feed),
            item("same.html", "same", Role::Page),
        ];
        let plan = plan(&new, &remote(&old), Send::Changes, Shape::Objects);
        assert_eq!(
            order(&new, &plan),
            [
                vec![("style.abc.css", Why::New)],
                vec![("news/b/index.html", Why::New)],
                vec![("topics/u/index.html", Why::New)],
                vec![("news/a/index.html", Why::Changed)],
                vec![("topics/t/index.html", Why::Changed)],
                vec![("feed.xml", Why::Changed)],
                vec![("index.html", Why::Changed)],
            ]
        );
        assert_eq!(
            (plan.unchanged, plan.delete),
            (1, vec!["gone.html".to_owned()])
        );
    }

    #[test]
    fn headers_that_change_send_the_file_again() {
        let old = item("a.html", "same", Role::Page);
        let mut new = old.clone();
        new.entry.cache_control = "no-store".to_owned();
        let items = [new];
        let plan = plan(&items, &remote(&[old]), Send::Changes, Shape::Objects);
        assert_eq!(order(&items, &plan), [vec![("a.html", Why::Headers)]]);
    }

    #[test]
    fn what_was_looked_up_counts_more_than_the_record() {
        let items = ["a", "b", "c", "d"].map(|path| item(path, "new", Role::Article));
        let mut remote = remote(&items);
        remote.found = [
            ("a", Found::Same),
            ("b", Found::Other),
            ("c", Found::Absent),
        ]
        .map(|(a, b)| (a.to_owned(), b))
        .into();
        remote.intent.touched = ["a", "b", "c", "left-over"].map(str::to_owned).into();
        let plan = plan(&items, &remote, Send::Changes, Shape::Objects);
        assert_eq!(
            order(&items, &plan),
            [vec![("c", Why::New)], vec![("b", Why::Changed)]]
        );
        // A deploy that died may have sent it; nothing else shows it.
        assert_eq!(plan.delete, ["left-over"]);
        let none = BTreeSet::new();
        assert_eq!(unsure(&items, &remote.intent, &none, None), [0, 1, 2]);
        let suspects = ["d".to_owned()].into();
        assert_eq!(unsure(&items, &Intent::default(), &suspects, None), [3]);
        assert_eq!(
            unsure(
                &items,
                &Intent::default(),
                &none,
                Some(&["d".to_owned(), "foreign".to_owned()].into())
            ),
            [3]
        );
    }

    #[test]
    fn only_what_a_deploy_recorded_is_deleted() {
        let items = [item("a", "new", Role::Article)];
        let remote = Remote {
            found: [("a".to_owned(), Found::Other)].into(),
            ..Remote::default()
        };
        assert_eq!(
            plan(&items, &remote, Send::All, Shape::Objects).deletions(),
            0
        );
    }

    #[test]
    fn files_make_room_for_folders() {
        let old = ["data", "x/y/z", "other"].map(|path| item(path, "old", Role::Asset));
        let new = ["data/a.txt", "x/y"].map(|path| item(path, "new", Role::Asset));
        let in_folder = plan(&new, &remote(&old), Send::Changes, Shape::Folder);
        assert_eq!(in_folder.clear, ["data", "x/y/z"]);
        assert_eq!(in_folder.delete, ["other"]);
        assert!(
            plan(&new, &remote(&old), Send::Changes, Shape::Objects)
                .clear
                .is_empty()
        );
    }

    #[test]
    fn compressed_files_that_go_alone_are_spared() {
        let beside = |path: &str| {
            let mut item = item(path, "same", Role::Page);
            item.entry.encoding = Encoding::Gzip;
            item
        };
        let old = [
            item("a.html", "same", Role::Page),
            beside("a.html.gz"),
            item("b.html", "b", Role::Page),
            beside("b.html.gz"),
        ];
        let plan = plan(&old[..1], &remote(&old), Send::Changes, Shape::Folder);
        assert_eq!((plan.deletions(), plan.spared), (3, 1));
    }

    #[test]
    fn everything_is_sent_when_asked_for() {
        let items = [
            item("a", "same", Role::Article),
            item("index.html", "same", Role::Front),
        ];
        let plan = plan(&items, &remote(&items), Send::All, Shape::Objects);
        assert_eq!(
            order(&items, &plan),
            [vec![("a", Why::Forced)], vec![("index.html", Why::Forced)]]
        );
    }

    #[test]
    fn a_compressed_file_beside_an_old_page_waits_for_what_is_new() {
        let page = item("index.html", "new", Role::Front);
        let beside = Item {
            source: "index.html".to_owned(),
            ..item("index.html.br", "new", Role::Front)
        };
        let items = [page, beside, item("z/index.html", "new", Role::Article)];
        let plan = plan(
            &items,
            &remote(&[item("index.html", "old", Role::Front)]),
            Send::Changes,
            Shape::Folder,
        );
        assert_eq!(
            order(&items, &plan),
            [
                vec![("z/index.html", Why::New)],
                vec![("index.html", Why::Changed), ("index.html.br", Why::New)]
            ]
        );
    }
}
