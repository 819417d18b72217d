//! Entries of feeds become candidates: each once, and with a line in the ledger.
//!
//! Nothing is written at once: files and lines go into an [`Outbox`].

use ahash::HashSet;
use url::Url;

use super::CannotWrite;
use super::answer;
use super::decide::{DecideError, Decider};
use super::external_filter::{Answer, Filter};
use super::feed::{self, Entry, Feed};
use super::forget;
use super::ledger::{About, Item, ItemKey, Ledger, Outcome, Record};
use super::outbox::{Outbox, Renamed, Sent};
use super::proposal::{Basis, Proposal, publish_rule};
use super::queue::{Queue, read_one};
use super::rules::{self, Decision};
use super::suggest::{Quality, Suggester, start, suggest};
use super::topics::TopicWords;
use crate::config::{Config, PictureFrom};
use crate::content::article::StoryKey;
use crate::content::{Library, Parser, SourceFile, link};
use crate::edit::{Known, NewFile, free_paths};
use crate::hash::{Hash128, Hasher};
use crate::http::Response;
use crate::time::Time;
use crate::workspace::{WritableWorkspace, WriteError};

/// All that is known while feeds come in.
pub struct Intake<'a> {
    /// The files of the site.
    pub workspace: &'a dyn WritableWorkspace,
    /// Settings.
    pub config: &'a Config,
    /// Reads articles.
    pub parser: &'a Parser,
    /// The articles of the site.
    pub library: &'a Library,
    /// What the articles of the site lead to.
    pub known: &'a Known,
    /// The words of topics.
    pub topics: &'a TopicWords,
    /// What was learnt from decisions.
    pub suggester: &'a Suggester,
    /// The site's own command.
    pub filter: Option<Filter>,
    /// Pages that may still be fetched for pictures.
    pub pages: usize,
    /// The candidates.
    pub queue: Queue,
    /// What became of all items.
    pub ledger: Ledger,
    /// What counts as now.
    pub now: Time,
    /// Whether nothing is written.
    pub is_dry: bool,
    /// What is to be written.
    pub outbox: Outbox,
    /// Candidates that are to be published once they are written.
    pub to_publish: Vec<ToPublish>,
}

/// A candidate that a rule publishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToPublish {
    /// Path of the candidate.
    path: String,
    /// Hash of its file as this run composed it: nothing else is published.
    hash: Hash128,
    /// With which quality.
    quality: Quality,
    /// By which rule.
    reason: String,
}

/// Fetches pages, and waits for all of them.
pub type FetchPages<'a> = dyn FnMut(Vec<Url>) -> Vec<Result<Response, String>> + 'a;

/// An item of which only its file is missing.
struct Waiting {
    /// The line about it, as far as it is known.
    line: Record,
    proposal: Proposal,
    /// When the item was first seen.
    since: Time,
    /// The path of its candidate, if that is to be changed, and the hash of its bytes.
    old: Option<(String, Hash128)>,
    /// Whether a rule may publish it.
    may_be_published: bool,
}

/// What comes of looking at an entry.
enum Step {
    /// Nothing is to be done.
    Nothing,
    /// A line is to be written.
    Line(Box<Record>),
    /// A file is to be written.
    Waits(Box<Waiting>),
}

/// What became of candidates when they were written.
#[derive(Debug, Default)]
pub struct Written {
    /// Those that got another name than planned, since somebody has made a file of that name.
    pub renamed: Vec<Renamed>,
    /// Those that stay as they were, since their files could not be replaced, and why.
    pub refused: Vec<CannotWrite>,
    /// Those that a rule published: path of the candidate and of the article, or why it is still a
    /// candidate.
    pub published: Vec<(String, Result<String, String>)>,
}

/// What came of the entries of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Paths of new candidates.
    pub queued: Vec<String>,
    /// Paths of articles that a rule published.
    pub published: Vec<String>,
    /// Paths of candidates that are new versions.
    pub updated: Vec<String>,
    /// Entries that a rule dropped.
    pub dropped: usize,
    /// Entries whose story is known.
    pub duplicates: usize,
    /// Entries that the ledger knew.
    pub known: usize,
    /// What is worth knowing of the filter command and of rules.
    pub remarks: Vec<String>,
    /// Details that only help to find a fault.
    pub details: Vec<String>,
}

impl Intake<'_> {
    /// Takes in the entries of a feed. What is to be written waits in the outbox.
    pub fn take(
        &mut self,
        source: &SourceFile,
        feed: &Feed,
        fetch_pages: &mut FetchPages<'_>,
    ) -> Taken {
        let is_first = !self.ledger.knows_source(&source.name);
        let mut taken = Taken::default();
        let mut waiting: Vec<Waiting> = Vec::new();
        let (mut ids, mut stories) = (HashSet::default(), HashSet::default());
        for entry in &feed.entries {
            let key = ItemKey::of(Some(&source.name), &entry.id);
            let story = entry.url().map(|url| StoryKey::of(&url));
            // Of an item that is listed twice, the first entry counts.
            if !ids.insert(key) {
                taken.known += 1;
                continue;
            }
            let has_come = story.is_some_and(|key| stories.contains(&key));
            let step = match self.ledger.item(key).copied() {
                Some(item) => {
                    taken.known += 1;
                    self.again(&item, entry, feed, source)
                }
                // There are feeds with other identities in each answer.
                None if has_come => {
                    taken.known += 1;
                    Step::Nothing
                }
                None => match self.by_link(entry, source).copied() {
                    Some(item) => {
                        taken.known += 1;
                        self.renewed(&item)
                    }
                    None => self.once(entry, feed, source, is_first, &mut taken),
                },
            };
            match step {
                Step::Nothing => {}
                Step::Line(line) => self.note(*line),
                Step::Waits(one) => {
                    stories.extend(story);
                    waiting.push(*one);
                }
            }
        }
        self.find_pictures(&mut waiting, source, &mut taken, fetch_pages);
        for one in &mut waiting {
            let subject = one.proposal.subject(Some(source), self.now);
            one.proposal.suggested = suggest(self.suggester.model(), &subject).quality;
        }
        for one in self.filtered(waiting, source, &mut taken) {
            let line = match one.old.is_some() {
                true => self.change(one, &mut taken),
                false => self.add(one, source, &mut taken),
            };
            self.note(line);
        }
        taken
    }

    fn basis(&self) -> Basis<'_> {
        Basis {
            config: self.config,
            known: self.known,
            topics: self.topics,
        }
    }

    fn note(&mut self, line: Record) {
        let line = self.ledger.note(line);
        self.outbox.add_line(line);
    }

    /// Writes what is in the outbox, and publishes what rules publish of it. Whoever is stopped
    /// between the two leaves candidates in the queue: a rule decides only on new ones, so these
    /// wait for a person.
    ///
    /// # Errors
    /// When the machine fails. What was written by then is found by the next run.
    pub fn write(&mut self) -> Result<Written, CannotWrite> {
        let mut waiting = std::mem::take(&mut self.to_publish);
        if self.is_dry {
            self.outbox = Outbox::default();
            let published = waiting.into_iter();
            let published = published.map(|one| (one.path.clone(), Ok(one.path)));
            return Ok(Written {
                published: published.collect(),
                ..Written::default()
            });
        }
        let folder = &self.config.content.ledger;
        let written = self.outbox.write(self.workspace, &mut self.ledger, folder);
        let Sent { renamed, refused } = written?;
        let mut published = Vec::new();
        for one in &mut waiting {
            if let Some((_, path)) = renamed.iter().find(|(planned, _)| *planned == one.path) {
                one.path.clone_from(path);
            }
            published.push((one.path.clone(), self.publish(one)?));
        }
        Ok(Written {
            renamed,
            refused,
            published,
        })
    }

    /// Publishes a candidate by a rule. Returned is the path of the article, or why it is still a
    /// candidate.
    fn publish(&mut self, one: &ToPublish) -> Result<Result<String, String>, CannotWrite> {
        let mut decider = Decider {
            workspace: self.workspace,
            config: self.config,
            parser: self.parser,
            ledger: std::mem::take(&mut self.ledger),
            now: self.now,
        };
        let candidate = (one.path.as_str(), one.hash);
        let published = decider.publish_by_rule(self.library, candidate, one.quality, &one.reason);
        self.ledger = decider.ledger;
        match published {
            Ok(path) => Ok(Ok(path)),
            Err(DecideError::Write(path, error @ WriteError::Io(_))) => Err((path, error)),
            Err(error) => Ok(Err(error.to_string())),
        }
    }

    /// The line of an item, so far without a decision on it.
    fn line(&self, entry: &Entry, source: &SourceFile) -> Record {
        let url = entry.url();
        Record {
            source: Some(source.name.clone()),
            url: url.map(|url| link::without_tracking(&url).unwrap_or(url)),
            hash: Some(hash_of(entry)),
            ..Record::new(self.now, &entry.id, Outcome::Dropped, "rules")
        }
    }

    /// Decides on an item that nobody has seen.
    fn once(
        &mut self,
        entry: &Entry,
        feed: &Feed,
        source: &SourceFile,
        is_first: bool,
        taken: &mut Taken,
    ) -> Step {
        let line = self.line(entry, source);
        let because = |decision, by: &str, reason: String| Record {
            decision,
            by: by.to_owned(),
            reason: (!reason.is_empty()).then_some(reason),
            ..line.clone()
        };
        if let Some(reason) = line.url.as_deref().and_then(|url| self.had(url)) {
            taken.duplicates += 1;
            return Step::Line(Box::new(because(Outcome::Duplicate, "fetch", reason)));
        }
        let verdict = rules::judge(entry, feed, Some(source), &self.config.fetch, self.now);
        let limit = &self.config.fetch.first_max_age;
        let late = is_first.then(|| rules::too_old_for_a_start(entry, limit, self.now));
        let refusal = match verdict.decision {
            Decision::Dropped => Some(verdict.reasons.join("; ")),
            Decision::Queued => late.flatten(),
        };
        if let Some(reason) = refusal {
            taken.dropped += 1;
            return Step::Line(Box::new(because(Outcome::Dropped, "rules", reason)));
        }
        let proposal = Proposal::of(entry, feed, Some(source), verdict.reasons, self.basis());
        if let Err(reason) = proposal.file(self.basis(), self.parser, self.now) {
            taken.dropped += 1;
            return Step::Line(Box::new(because(Outcome::Dropped, "fetch", reason)));
        }
        Step::Waits(Box::new(Waiting {
            line: because(Outcome::Queued, "rules", String::new()),
            proposal,
            since: self.now,
            old: None,
            may_be_published: true,
        }))
    }

    /// Gives pictures to those that have none, from the pages of their stories, where their source
    /// asks for it.
    fn find_pictures(
        &mut self,
        waiting: &mut [Waiting],
        source: &SourceFile,
        taken: &mut Taken,
        fetch_pages: &mut FetchPages<'_>,
    ) {
        let from = source.image.unwrap_or(self.config.fetch.image);
        let lacks = |one: &&mut Waiting| one.old.is_none() && one.proposal.image.is_none();
        if from != PictureFrom::Page {
            return;
        }
        let without = waiting.iter_mut().filter(lacks);
        let mut without: Vec<(&mut Waiting, Url)> = without
            .filter_map(|one| Url::parse(&one.proposal.url).ok().map(|url| (one, url)))
            .take(self.pages)
            .collect();
        if without.is_empty() {
            return;
        }
        self.pages -= without.len();
        let pages = fetch_pages(without.iter().map(|(_, url)| url.clone()).collect());
        for ((one, url), page) in without.iter_mut().zip(pages) {
            let found = page.and_then(|page| {
                let story = feed::story(&page.body, answer::origin(&page));
                story
                    .entry
                    .image
                    .ok_or_else(|| "its page names no picture".to_owned())
            });
            match found {
                Ok(image) => {
                    one.proposal.image = Some(image);
                    let reason = "picture: that which its page names for previews";
                    one.proposal.reasons.push(reason.to_owned());
                }
                Err(reason) => taken
                    .details
                    .push(format!("no picture from {url}: {reason}")),
            }
        }
    }

    /// What the filter command makes of candidates; those that it drops are noted.
    fn filtered(
        &mut self,
        waiting: Vec<Waiting>,
        source: &SourceFile,
        taken: &mut Taken,
    ) -> Vec<Waiting> {
        let Some(filter) = &mut self.filter else {
            return waiting;
        };
        let items = waiting
            .iter()
            .map(|one| (one.line.id.as_str(), &one.proposal));
        let filtered = filter.ask(Some(&source.name), &items.collect::<Vec<_>>());
        taken.remarks.extend(filtered.remarks);
        let mut left = Vec::new();
        for (mut one, answer) in waiting.into_iter().zip(filtered.answers) {
            match answer {
                None => one.may_be_published &= filtered.is_whole,
                Some(Answer::Unusable) => one.may_be_published = false,
                Some(Answer::Changed(proposal)) => {
                    match proposal.file(self.basis(), self.parser, one.since) {
                        Ok(_) => one.proposal = *proposal,
                        Err(reason) => {
                            one.may_be_published = false;
                            taken.remarks.push(format!(
                                "fetch.filter: an answer is not used: {reason}: {}",
                                one.proposal.url
                            ));
                        }
                    }
                }
                Some(Answer::Dropped(reason)) if one.old.is_none() => {
                    taken.dropped += 1;
                    self.note(Record {
                        decision: Outcome::Dropped,
                        by: "filter".to_owned(),
                        reason: Some(reason),
                        ..one.line
                    });
                    continue;
                }
                Some(Answer::Dropped(reason)) => {
                    self.note(Record {
                        reason: Some(format!("it changed, and would be dropped now: {reason}")),
                        ..one.line
                    });
                    continue;
                }
            }
            left.push(one);
        }
        left
    }

    /// Adds a candidate, and returns the line about it.
    fn add(&mut self, one: Waiting, source: &SourceFile, taken: &mut Taken) -> Record {
        let reasons = one.proposal.reasons.join("; ");
        let file = match one.proposal.file(self.basis(), self.parser, one.since) {
            Ok(file) => file,
            Err(reason) => {
                taken.dropped += 1;
                return Record {
                    decision: Outcome::Dropped,
                    by: "fetch".to_owned(),
                    reason: Some(reason),
                    ..one.line
                };
            }
        };
        let hash = Hash128::of(file.text.as_bytes());
        let path = self.add_file(file);
        taken.queued.push(path.clone());
        // Somebody may have made a candidate of the same story by hand.
        let candidate = self.queue.find(&path);
        let is_as_composed = candidate.is_some_and(|candidate| candidate.hash == hash);
        let rule = publish_rule(Some(source), &self.config.fetch);
        if let Some((rule, place)) = rule.filter(|_| one.may_be_published && is_as_composed) {
            let value_of = |field, _: &str| {
                let now = self.now;
                one.proposal.value_of(field, Some(source), self.known, now)
            };
            if rule.holds(&value_of) {
                self.to_publish.push(ToPublish {
                    path: path.clone(),
                    hash,
                    quality: match one.proposal.scored() {
                        Some(_) => Quality::OfFile,
                        None => Quality::Suggested(one.proposal.suggested),
                    },
                    reason: format!("`{rule}` ({place})"),
                });
            }
        }
        Record {
            path: Some(path),
            file: Some(hash.to_string()),
            about: about(&one.proposal),
            quality: one.proposal.scored(),
            reason: (!reasons.is_empty()).then_some(reasons),
            ..one.line
        }
    }

    /// Changes a candidate that nobody edited, and returns the line about it.
    fn change(&mut self, one: Waiting, taken: &mut Taken) -> Record {
        let mut line = one.line;
        let file = one.proposal.file(self.basis(), self.parser, one.since);
        let (Ok(file), Some((path, old))) = (file, one.old) else {
            return line;
        };
        let new = Hash128::of(file.text.as_bytes());
        if old != new {
            let bytes = file.text.into_bytes();
            self.outbox.add_file(path.clone(), Some(old), bytes);
        }
        taken.updated.push(path);
        line.about = about(&one.proposal);
        line.quality = one.proposal.scored();
        line.by = "fetch".to_owned();
        line.reason = Some("it changed".to_owned());
        line.file = Some(new.to_string());
        line
    }

    /// The item with the same link that the same source gave.
    fn by_link(&self, entry: &Entry, source: &SourceFile) -> Option<&Item> {
        self.ledger
            .of_source(&source.name, StoryKey::of(&entry.url()?))
    }

    /// The line of an item that its feed still lists, if it would be forgotten otherwise.
    fn renewed(&self, item: &Item) -> Step {
        if !forget::is_to_be_renewed(item, self.now) {
            return Step::Nothing;
        }
        match self.ledger.record(self.workspace, item) {
            Some(last) => Step::Line(Box::new(last.again(self.now))),
            None => Step::Nothing,
        }
    }

    /// Where a story is known from, in words.
    fn had(&self, url: &str) -> Option<String> {
        if let Some(path) = self.known.article_with(url) {
            return Some(format!("{path} leads to the same story"));
        }
        let item = self.ledger.with_story(StoryKey::of(url))?;
        if item.decision == Outcome::Withdrawn {
            return None;
        }
        let source = self.ledger.source_of(item).unwrap_or("the queue");
        Some(format!("{source} had it: {}", item.decision.name()))
    }

    /// Adds a candidate, unless it is there already: an earlier run may have been stopped right
    /// after it had written it. Returned is its path.
    fn add_file(&mut self, file: NewFile) -> String {
        if let Some(candidate) = self.queue.with_story(StoryKey::of(&file.url)) {
            return candidate.path.clone();
        }
        let folder = &self.config.content.queue;
        let mut free = free_paths(folder, &file.name);
        let free = free.find(|path| self.queue.find(path).is_none());
        // A feed may give one name to all that it has.
        let last = || {
            let hash = Hash128::of(file.url.as_bytes()).short(16);
            format!("{folder}/{}-{hash}.md", file.name)
        };
        let path = free.unwrap_or_else(last);
        let bytes = file.text.into_bytes();
        self.queue.add(read_one(self.parser, &path, &bytes).0);
        self.outbox.add_file(path.clone(), None, bytes);
        path
    }

    /// Looks at an item that is known. A candidate that nobody edited becomes what the feed says by
    /// now; of another item it is noted that it changed.
    fn again(&mut self, item: &Item, entry: &Entry, feed: &Feed, source: &SourceFile) -> Step {
        let hash = hash_of(entry);
        if item.said(&hash) {
            return self.renewed(item);
        }
        // None if the file was changed since the run began: the next run looks again.
        let Some(last) = self.ledger.record(self.workspace, item) else {
            return Step::Nothing;
        };
        let mut line = Record {
            hash: Some(hash),
            ..last.again(self.now)
        };
        let Some(path) = line
            .path
            .clone()
            .filter(|_| line.decision == Outcome::Queued)
        else {
            return Step::Line(Box::new(line));
        };
        // It comes twice in this run, and is not even written.
        if self.outbox.has(&path) {
            return Step::Nothing;
        }
        let mut proposal = Proposal::of(entry, feed, Some(source), Vec::new(), self.basis());
        let Ok(file) = proposal.file(self.basis(), self.parser, item.first) else {
            return Step::Line(Box::new(line));
        };
        let Ok(bytes) = self.workspace.read(&path) else {
            return Step::Line(Box::new(line));
        };
        let old = Hash128::of(&bytes);
        let is_there = old == Hash128::of(file.text.as_bytes());
        if !is_there && line.file != Some(old.to_string()) {
            line.reason = Some("it changed, and its candidate was edited".to_owned());
            return Step::Line(Box::new(line));
        }
        // A picture that was found on the page of the story is not looked for again.
        if proposal.image.is_none() {
            let parsed = self.parser.article(&path, &bytes).ok();
            let image = parsed.and_then(|parsed| parsed.article.story.image);
            proposal.image = image.map(|image| image.url);
        }
        Step::Waits(Box::new(Waiting {
            line,
            proposal,
            since: item.first,
            old: Some((path, old)),
            may_be_published: false,
        }))
    }
}

/// What an item says, for the ledger.
fn about(proposal: &Proposal) -> Option<Box<About>> {
    let excerpt = proposal.excerpt.as_deref();
    Some(Box::new(About {
        title: proposal.title.clone(),
        excerpt: excerpt.map(|it| start(it).to_owned()),
        author: proposal.author.clone(),
        topics: proposal.topics.clone(),
    }))
}

/// A hash of what an item says: another one means that it changed.
fn hash_of(entry: &Entry) -> String {
    let mut hasher = Hasher::new("entry");
    hasher.optional(entry.title.as_deref());
    hasher.optional(entry.excerpt.as_deref());
    hasher.finish().short(16)
}
