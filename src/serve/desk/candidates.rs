//! The queue in memory: read once, and after that only what changed.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde_json::{Value, json};

use super::advice::{self, Advice, Question};
use super::row;
use crate::content::Parser;
use crate::content::article::StoryKey;
use crate::fetch::ledger::Ledger;
use crate::fetch::queue::{self, is_candidate};
use crate::hash::Hash128;
use crate::workspace::{Listing, Stamp, Workspace, is_below};

/// Candidates that are gone are remembered for pages that show them, up to so many.
const MOST_GONE: usize = 20_000;

/// The fields that advice adds to a candidate.
const ADVICE: [&str; 5] = ["suggested", "reasons", "group", "providers", "site"];

/// A candidate as the desk shows it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) path: String,
    pub(super) stamp: Stamp,
    pub(super) bytes: Arc<[u8]>,
    pub(super) hash: Hash128,
    /// The same for what judges it.
    pub(super) judged: Arc<queue::Candidate>,
    /// What pages get to see of it.
    pub(super) shown: Value,
    /// The same as lists have it: written once, since a page that opens gets all of them.
    row: OnceLock<Box<str>>,
    /// The version of the queue that it came in with.
    since: u64,
}

impl Candidate {
    fn row(&self) -> &str {
        self.row.get_or_init(|| written(&self.shown).into())
    }
}

/// All candidates, by id; and what changed in which version of the queue.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    by_id: BTreeMap<String, Candidate>,
    /// Ids that went, with the version of the queue that they went in.
    gone: Vec<(u64, String)>,
    version: u64,
    /// The version that the counting began with.
    first: u64,
    /// Whether some candidate has no advice yet, or one for another version.
    needs_advice: bool,
    /// Versions of files that others took the place of since somebody asked.
    replaced: Vec<Arc<[u8]>>,
}

/// What a candidate is read with.
pub(super) struct Reading<'a> {
    pub(super) workspace: &'a dyn Workspace,
    pub(super) parser: &'a Parser,
    pub(super) ledger: &'a Ledger,
}

impl Candidates {
    /// A queue whose versions count from `first`, which is another at each start: a version of
    /// before is not taken for one of now.
    pub(super) fn counting_from(first: u64) -> Candidates {
        Candidates {
            version: first,
            first,
            ..Candidates::default()
        }
    }

    /// Looks at the folder again, and reads what is another now.
    pub(super) fn refresh(&mut self, reading: &Reading<'_>, folder: &str) {
        let Listing {
            entries, errors, ..
        } = reading.workspace.list(folder);
        let listed: BTreeMap<String, (String, Stamp)> = entries
            .into_iter()
            .filter(|entry| is_candidate(&entry.path))
            .map(|entry| (row::id(&entry.path), (entry.path, entry.stamp)))
            .collect();
        let now = reading.workspace.clock();
        let is_other = |(id, (_, stamp)): &(&String, &(String, Stamp))| {
            let known = self.by_id.get(*id);
            known.is_none_or(|known| known.stamp != *stamp)
        };
        let others: Vec<(&String, &(String, Stamp))> = listed.iter().filter(is_other).collect();
        let read: Vec<(String, Option<Candidate>)> = others
            .into_par_iter()
            .map(|(id, (path, stamp))| (id.clone(), read(reading, path, stamp.settled(now))))
            .collect();
        let broken: BTreeMap<String, Candidate> = errors
            .iter()
            .filter(|error| is_candidate(&error.path))
            .map(|error| {
                let problem = error.diagnostic().message;
                (row::id(&error.path), unreadable(&error.path, &problem))
            })
            .collect();
        // What is in a folder that cannot be listed is as it was.
        let is_hidden = |path: &str| errors.iter().any(|error| is_below(path, &error.path));
        let is_gone = |(id, candidate): &(&String, &Candidate)| {
            !listed.contains_key(*id) && !broken.contains_key(*id) && !is_hidden(&candidate.path)
        };
        let known = self.by_id.iter();
        let mut gone: Vec<String> = known.filter(is_gone).map(|(id, _)| id.clone()).collect();
        let mut changed: Vec<(String, Candidate)> = broken.into_iter().collect();
        for (id, candidate) in read {
            match candidate {
                Some(candidate) => changed.push((id, candidate)),
                None => gone.push(id),
            }
        }
        self.take(changed, gone);
    }

    fn take(&mut self, changed: Vec<(String, Candidate)>, gone: Vec<String>) {
        let version = self.version + 1;
        let mut is_new = false;
        for (id, mut candidate) in changed {
            let before = self.by_id.get(&id);
            let is_same = before.is_some_and(|before| before.hash == candidate.hash);
            if let Some(before) = before {
                for name in ADVICE {
                    candidate.shown[name] = before.shown[name].clone();
                }
            }
            self.needs_advice |= !is_same;
            candidate.since = match before {
                Some(before) if is_same => before.since,
                _ => version,
            };
            is_new |= !is_same;
            let replaced = self.by_id.insert(id, candidate).filter(|_| !is_same);
            self.replaced.extend(replaced.map(|it| it.bytes));
        }
        for id in gone {
            if let Some(removed) = self.by_id.remove(&id) {
                self.replaced.push(removed.bytes);
                is_new = true;
                // Others may have been on the same event.
                self.needs_advice = true;
                self.gone.push((version, id));
            }
        }
        let over = self.gone.len().saturating_sub(MOST_GONE);
        self.gone.drain(..over);
        if is_new {
            self.version = version;
        }
    }

    /// Reads one file again, which was just written or moved.
    pub(super) fn reread(&mut self, reading: &Reading<'_>, path: &str) {
        let id = row::id(path);
        // Its stamp is that of no file: the next look reads it again.
        match read(reading, path, Stamp::default()) {
            Some(candidate) => self.take(vec![(id, candidate)], Vec::new()),
            None => self.take(Vec::new(), vec![id]),
        }
    }

    /// The candidate with an id.
    pub(super) fn get(&self, id: &str) -> Option<&Candidate> {
        self.by_id.get(id)
    }

    /// All candidates, by id.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Candidate)> {
        self.by_id
            .iter()
            .map(|(id, candidate)| (id.as_str(), candidate))
    }

    /// The candidate of a story.
    pub(super) fn with_story(&self, key: StoryKey) -> Option<&Candidate> {
        let is_it = |candidate: &&Candidate| {
            let article = candidate.judged.article.as_ref();
            let link = article.and_then(|article| article.link.as_deref());
            link.is_some_and(|link| StoryKey::of(link) == key)
        };
        self.by_id.values().find(is_it)
    }

    /// Whether some candidate has no advice yet, or one for another version.
    pub(super) fn needs_advice(&self) -> bool {
        self.needs_advice
    }

    /// All candidates as questions. What changes from now on needs advice again.
    pub(super) fn questions(&mut self, ledger: &Ledger) -> Vec<Question> {
        self.needs_advice = false;
        let candidates = self.by_id.iter();
        candidates
            .map(|(id, candidate)| Question::of(id, &candidate.judged, ledger))
            .collect()
    }

    /// Takes in what is suggested for candidates and who reports the same. What is about another
    /// version of a candidate is left out.
    pub(super) fn take_advice(&mut self, advice: Advice) {
        let version = self.version + 1;
        for (question, answer) in advice.questions.iter().zip(advice.answers) {
            let Some(candidate) = self.by_id.get_mut(&question.id) else {
                continue;
            };
            if candidate.hash != question.candidate.hash {
                continue;
            }
            for name in ADVICE {
                if candidate.shown[name] != answer[name] {
                    candidate.shown[name] = answer[name].clone();
                    candidate.row = OnceLock::new();
                    candidate.since = version;
                    self.version = version;
                }
            }
        }
    }

    /// The versions that others took the place of since the last call.
    pub(super) fn take_replaced(&mut self) -> Vec<Arc<[u8]>> {
        std::mem::take(&mut self.replaced)
    }

    /// How many there are.
    pub(super) fn length(&self) -> usize {
        self.by_id.len()
    }

    /// What changed since a version of the queue; all of it for somebody who has none, or one that
    /// is too old.
    pub(super) fn since(&self, version: Option<u64>) -> String {
        let oldest = self.gone.first().map_or(0, |(version, _)| *version);
        let is_remembered = self.gone.len() < MOST_GONE;
        let since = version.filter(|since| (self.first..=self.version).contains(since));
        let since = since.filter(|since| is_remembered || *since >= oldest);
        let is_new = |candidate: &&Candidate| since.is_none_or(|since| candidate.since > since);
        let changed: Vec<&Candidate> = self.by_id.values().filter(is_new).collect();
        let rows: Vec<&str> = changed
            .par_iter()
            .map(|candidate| candidate.row())
            .collect();
        let gone: Vec<&String> = self
            .gone
            .iter()
            .filter(|(version, id)| {
                since.is_some_and(|since| *version > since) && !self.by_id.contains_key(id)
            })
            .map(|(_, id)| id)
            .collect();
        format!(
            "{{\"version\":{},\"whole\":{},\"total\":{},\"gone\":{},\"candidates\":[{}]}}",
            self.version,
            since.is_none(),
            self.by_id.len(),
            json!(gone),
            rows.join(",")
        )
    }
}

/// A row without the fields that have nothing: most of them.
fn written(shown: &Value) -> String {
    let mut shown = shown.clone();
    if let Value::Object(fields) = &mut shown {
        fields.retain(|_, value| match value {
            Value::Null => false,
            Value::Array(values) => !values.is_empty(),
            _ => true,
        });
    }
    shown.to_string()
}

/// A candidate whose file cannot be read.
fn unreadable(path: &str, problem: &str) -> Candidate {
    let hash = Hash128::of(problem.as_bytes());
    Candidate {
        path: path.to_owned(),
        stamp: Stamp::default(),
        bytes: Arc::default(),
        hash,
        judged: Arc::new(queue::Candidate {
            path: path.to_owned(),
            hash,
            article: None,
        }),
        shown: row::broken(path, hash, problem),
        row: OnceLock::new(),
        since: 0,
    }
}

/// Reads a candidate; none if its file is gone.
fn read(reading: &Reading<'_>, path: &str, stamp: Stamp) -> Option<Candidate> {
    let bytes: Arc<[u8]> = match reading.workspace.read(path) {
        Ok(bytes) => bytes.into(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => return Some(unreadable(path, &format!("cannot read it: {error}"))),
    };
    let hash = Hash128::of(&bytes);
    let mut shown = row::shown(reading.parser, path, &bytes);
    let judged = Arc::new(queue::read_one(reading.parser, path, &bytes).0);
    if let Some(item) = advice::item_of(reading.ledger, &judged) {
        shown["source"] = json!(reading.ledger.source_of(item));
        shown["queued"] = json!(item.first.rfc3339_utc());
    }
    Some(Candidate {
        path: path.to_owned(),
        stamp,
        bytes,
        hash,
        judged,
        shown,
        row: OnceLock::new(),
        since: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Overrides};
    use crate::workspace::{Memory, WritableWorkspace};

    fn parser() -> Parser {
        let config = Config::resolve("site.toml", "title = \"T\"\n", &Overrides::default());
        Parser::new(&config.unwrap())
    }

    fn article(title: &str) -> String {
        format!("---\ntitle: \"{title}\"\npublishedDateTime: 2026-11-25\n---\nText.\n")
    }

    #[test]
    fn who_knows_a_version_hears_what_changed_since() {
        let files = Memory::default()
            .with("q/a.md", article("A"))
            .with("q/b.md", article("B"))
            .with("q/notes.txt", "x");
        let (parser, ledger) = (parser(), Ledger::default());
        let mut queue = Candidates::default();
        let look = |queue: &mut Candidates, files: &Memory| {
            let reading = Reading {
                workspace: files,
                parser: &parser,
                ledger: &ledger,
            };
            queue.refresh(&reading, "q");
        };
        let since = |queue: &Candidates, version: Option<u64>| -> Value {
            serde_json::from_str(&queue.since(version)).unwrap()
        };
        let titles = |answer: &Value| -> Vec<String> {
            let shown = answer["candidates"].as_array().unwrap().iter();
            let mut titles: Vec<String> = shown
                .map(|it| it["title"].as_str().unwrap().to_owned())
                .collect();
            titles.sort();
            titles
        };
        look(&mut queue, &files);
        let all = since(&queue, None);
        assert_eq!(
            (titles(&all), &all["whole"]),
            (vec!["A".to_owned(), "B".to_owned()], &json!(true))
        );
        let version = all["version"].as_u64();
        look(&mut queue, &files);
        assert_eq!(since(&queue, version)["version"].as_u64(), version);

        let files = files
            .with("q/a.md", article("Another"))
            .with("q/c.md", article("C"));
        let bytes = files.read("q/b.md").unwrap();
        files.remove("q/b.md", Hash128::of(&bytes)).unwrap();
        look(&mut queue, &files);
        let news = since(&queue, version);
        assert_eq!(titles(&news), ["Another", "C"]);
        assert_eq!(news["gone"], json!([row::id("q/b.md")]));
        assert_eq!(titles(&since(&queue, news["version"].as_u64())), [""; 0]);
        // A version that never was: another program counted.
        assert_eq!(since(&queue, Some(99))["whole"], true);
        let mut later = Candidates::counting_from(1000);
        look(&mut later, &files);
        assert_eq!(since(&later, Some(99))["whole"], true);
        assert_eq!(since(&later, Some(1000))["whole"], false);

        // What went and came back is not gone.
        let files = files.with("q/b.md", article("B"));
        look(&mut queue, &files);
        let news = since(&queue, version);
        assert_eq!((titles(&news).len(), &news["gone"]), (3, &json!([])));
    }
}
