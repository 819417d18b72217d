//! The queue: candidates that wait for a decision. Each is an article file in a folder of its own.

use ahash::{HashMap, HashSet};

use super::ledger::{Item, Ledger, Outcome, Record, short};
use crate::config::Config;
use crate::content::article::{EventMark, StoryKey};
use crate::content::{LARGEST_FILE, Parser, names};
use crate::diagnostic::{Diagnostic, Location};
use crate::edit::{Known, free_paths};
use crate::hash::Hash128;
use crate::time::Time;
use crate::workspace::{ListError, Workspace};

/// Where copies of candidates are kept that were rejected or expired, so that this can be undone.
pub const REMOVED: &str = ".newsgen/fetch/removed";

/// A candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Path of its file.
    pub path: String,
    /// Hash of its bytes.
    pub hash: Hash128,
    /// What could be read of it.
    pub article: Option<Facts>,
}

/// What the queue shows of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Headline.
    pub title: String,
    /// Address of the story.
    pub link: Option<String>,
    /// When the story was published.
    pub published: Time,
    /// Editorial score.
    pub quality: Option<i64>,
    /// What the story is about, in a sentence or two.
    pub excerpt: Option<String>,
    /// Its language, if the file says so.
    pub locale: Option<String>,
    /// Topics.
    pub topics: Vec<String>,
    /// Domain of the provider.
    pub provider: Option<String>,
    /// Whether it has a picture.
    pub has_image: bool,
    /// Heat, if the file has one.
    pub heat: Option<i64>,
    /// The event that it names.
    pub event: Option<EventMark>,
}

/// All candidates, by path.
#[derive(Debug, Default)]
pub struct Queue {
    /// The candidates.
    pub candidates: Vec<Candidate>,
    by_story: HashMap<StoryKey, usize>,
    by_path: HashMap<String, usize>,
    /// Whether all of the folder could be seen.
    is_whole: bool,
}

impl Queue {
    /// Reads the queue, and what is wrong with its files.
    pub fn read(
        workspace: &dyn Workspace,
        config: &Config,
        parser: &Parser,
    ) -> (Queue, Vec<Diagnostic>) {
        let folder = &config.content.queue;
        let listing = workspace.list(folder);
        let mut problems: Vec<Diagnostic> =
            listing.errors.iter().map(ListError::diagnostic).collect();
        let mut queue = Queue {
            is_whole: problems.is_empty() && workspace.has_folder(folder),
            ..Queue::default()
        };
        for entry in listing.entries {
            if !is_candidate(&entry.path) {
                continue;
            }
            let bytes = match workspace.read(&entry.path) {
                Ok(bytes) => bytes,
                Err(error) => {
                    queue.is_whole = false;
                    let problem = Diagnostic::error("queue", format!("it cannot be read: {error}"));
                    problems.push(problem.at(Location::file(&entry.path)));
                    continue;
                }
            };
            let (candidate, wrong) = read_one(parser, &entry.path, &bytes);
            problems.extend(wrong);
            queue.add(candidate);
        }
        (queue, problems)
    }

    /// Adds a candidate.
    pub fn add(&mut self, candidate: Candidate) {
        let link = candidate.article.as_ref().and_then(|it| it.link.as_ref());
        if let Some(link) = link {
            let at = self.candidates.len();
            self.by_story.entry(StoryKey::of(link)).or_insert(at);
        }
        self.by_path
            .insert(candidate.path.clone(), self.candidates.len());
        self.candidates.push(candidate);
    }

    /// The candidate of a story.
    pub fn with_story(&self, key: StoryKey) -> Option<&Candidate> {
        Some(&self.candidates[*self.by_story.get(&key)?])
    }

    /// The candidate in a file.
    pub fn find(&self, path: &str) -> Option<&Candidate> {
        Some(&self.candidates[*self.by_path.get(path)?])
    }

    /// What people did to candidates without newsgen, as lines for the ledger: a file that was
    /// moved to the articles is published, one that was deleted is rejected. Nothing is concluded
    /// from a folder that is not there, or cannot be seen.
    pub fn settle(
        &self,
        ledger: &Ledger,
        workspace: &dyn Workspace,
        parser: &Parser,
        known: &Known,
        now: Time,
    ) -> Vec<Record> {
        if !self.is_whole {
            return Vec::new();
        }
        let there: HashSet<Option<u64>> = self
            .candidates
            .iter()
            .map(|candidate| Some(short(&candidate.path)))
            .collect();
        let is_gone = |item: &&Item| {
            let has_other = || {
                item.story
                    .is_some_and(|story| self.with_story(story).is_some())
            };
            item.is_candidate() && !there.contains(&item.path) && !has_other()
        };
        let gone = ledger.items().filter(is_gone);
        let settled = gone
            .filter_map(|item| ledger.record(workspace, item))
            .map(|last| {
                let article = last.url.as_deref().and_then(|url| known.article_with(url));
                let was = last.path.clone();
                let copy = copy_of(workspace, parser, &last);
                Record {
                    time: now,
                    decided: None,
                    by: "files".to_owned(),
                    decision: match article {
                        Some(_) => Outcome::Published,
                        None => Outcome::Rejected,
                    },
                    reason: match article {
                        Some(_) => Some("its file was moved".to_owned()),
                        None => Some("its file was deleted".to_owned()),
                    },
                    from: was.filter(|_| article.is_none() && copy.is_some()),
                    path: article.map(str::to_owned).or(copy),
                    ..last
                }
            });
        let mut settled: Vec<Record> = settled.collect();
        settled.sort();
        settled
    }
}

/// The copy that newsgen kept of a candidate when it took it out of the queue, and was stopped
/// before the ledger had a line of that: one with the bytes that a fetch wrote, or with the link.
fn copy_of(workspace: &dyn Workspace, parser: &Parser, last: &Record) -> Option<String> {
    let story = last.url.as_deref().map(StoryKey::of);
    for path in free_paths(REMOVED, stem(last.path.as_deref()?)) {
        let Ok(bytes) = workspace.read(&path) else {
            continue;
        };
        let is_as_fetched = || last.file == Some(Hash128::of(&bytes).to_string());
        let link = || {
            let (copy, _) = read_one(parser, &path, &bytes);
            copy.article?.link
        };
        if is_as_fetched() || (story.is_some() && link().map(|link| StoryKey::of(&link)) == story) {
            return Some(path);
        }
    }
    None
}

/// The name of a file, without its folders and its ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether a file of the queue is a candidate.
pub fn is_candidate(path: &str) -> bool {
    names::is_markdown(path)
}

/// Reads a candidate.
pub fn read_one(parser: &Parser, path: &str, bytes: &[u8]) -> (Candidate, Vec<Diagnostic>) {
    let mut candidate = Candidate {
        path: path.to_owned(),
        hash: Hash128::of(bytes),
        article: None,
    };
    if bytes.len() as u64 > LARGEST_FILE {
        let problem = Diagnostic::error("queue", "the file is larger than an article may be");
        return (candidate, vec![problem.at(Location::file(path))]);
    }
    match parser.article(path, bytes) {
        Err(problems) => (candidate, problems),
        Ok(parsed) => {
            candidate.article = Some(Facts {
                title: parsed.facts.title,
                link: parsed.facts.link,
                published: parsed.facts.published,
                quality: parsed.facts.quality,
                excerpt: parsed.article.story.excerpt,
                locale: parsed.facts.locale,
                topics: parsed.facts.topics,
                provider: parsed.facts.provider.map(|provider| provider.domain),
                has_image: parsed.facts.has_image,
                heat: parsed.facts.heat,
                event: parsed.facts.event,
            });
            (candidate, Vec::new())
        }
    }
}

/// What is wrong with queue and ledger.
pub fn lint(workspace: &dyn Workspace, config: &Config, parser: &Parser) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    problems.extend(misplaced(config));
    if is_usable(config) {
        problems.extend(Queue::read(workspace, config, parser).1);
        problems.extend(Ledger::read(workspace, &config.content.ledger, None).1);
    }
    problems
}

/// Whether queue and ledger have folders of their own.
pub fn is_usable(config: &Config) -> bool {
    let content = &config.content;
    [&content.queue, &content.ledger]
        .iter()
        .all(|folder| content.is_aside(folder))
        && content.queue != content.ledger
}

/// What is wrong with the settings of the folders, where somebody set them.
fn misplaced(config: &Config) -> Option<Diagnostic> {
    let is_meant = config.is_set("content.queue") || config.is_set("content.ledger");
    (is_meant && !is_usable(config)).then(|| unusable(config))
}

/// Why nothing can be fetched where queue or ledger have no folder of their own.
pub fn unusable(config: &Config) -> Diagnostic {
    let message = format!(
        "the queue (`{}`) and the ledger (`{}`) need folders of their own: a build reads one of \
         them, or they are the same",
        config.content.queue, config.content.ledger
    );
    Diagnostic::error("queue", message)
        .help("name others in `content.queue` and `content.ledger` of the settings")
}
