//! Entries of feeds become candidates: each once, and with a line in the ledger.
//!
//! Nothing is written at once: files and lines go into an [`Outbox`].

use super::feed::{Entry, Feed};
use super::forget;
use super::ledger::{About, Item, ItemKey, Ledger, Outcome, Record};
use super::outbox::{Outbox, Renamed};
use super::queue::{Queue, read_one};
use super::rules::{self, Decision};
use super::suggest::start;
use crate::config::Config;
use crate::content::article::StoryKey;
use crate::content::{Parser, SourceFile, text};
use crate::edit::{Draft, DraftError, Known, NewFile, compose, free_paths};
use crate::hash::{Hash128, Hasher};
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
    /// What the articles of the site lead to.
    pub known: &'a Known,
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
}

/// What came of the entries of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Paths of new candidates.
    pub queued: Vec<String>,
    /// Paths of candidates that are new versions.
    pub updated: Vec<String>,
    /// Entries that a rule dropped.
    pub dropped: usize,
    /// Entries whose story is known.
    pub duplicates: usize,
    /// Entries that the ledger knew.
    pub known: usize,
}

/// A file that cannot be written.
pub type CannotWrite = (String, WriteError);

impl Intake<'_> {
    /// Takes in the entries of a feed. What is to be written waits in the outbox.
    pub fn take(&mut self, source: &SourceFile, feed: &Feed) -> Taken {
        let is_first = !self.ledger.knows_source(&source.name);
        let mut taken = Taken::default();
        for entry in &feed.entries {
            let key = ItemKey::of(Some(&source.name), &entry.id);
            let line = match self.ledger.item(key).copied() {
                Some(item) => {
                    taken.known += 1;
                    self.again(&item, entry, feed, source, &mut taken)
                }
                // There are feeds with other identities in each answer.
                None => match self.by_link(entry, source).copied() {
                    Some(item) => {
                        taken.known += 1;
                        self.renewed(&item)
                    }
                    None => Some(self.once(entry, feed, source, is_first, &mut taken)),
                },
            };
            if let Some(line) = line {
                let line = self.ledger.note(line);
                self.outbox.add_line(line);
            }
        }
        taken
    }

    /// Writes what is in the outbox. Returned are candidates that got another name than planned,
    /// since somebody has made a file of that name meanwhile.
    ///
    /// # Errors
    /// When the machine fails. What was written by then is found by the next run.
    pub fn write(&mut self) -> Result<Vec<Renamed>, CannotWrite> {
        if self.is_dry {
            self.outbox = Outbox::default();
            return Ok(Vec::new());
        }
        let folder = &self.config.content.ledger;
        self.outbox.write(self.workspace, &mut self.ledger, folder)
    }

    /// The line of an item, so far without a decision on it.
    fn line(&self, entry: &Entry, source: &SourceFile) -> Record {
        let url = entry.url();
        Record {
            time: self.now,
            n: 0,
            source: Some(source.name.clone()),
            id: entry.id.clone(),
            url: url.map(|url| text::without_tracking(&url).unwrap_or(url)),
            hash: Some(hash_of(entry)),
            decision: Outcome::Dropped,
            by: "rules".to_owned(),
            decided: None,
            reason: None,
            path: None,
            from: None,
            file: None,
            quality: None,
            coverage: None,
            about: None,
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
    ) -> Record {
        let line = self.line(entry, source);
        let because = |decision, by: &str, reason: String| Record {
            decision,
            by: by.to_owned(),
            reason: (!reason.is_empty()).then_some(reason),
            ..line.clone()
        };
        if let Some(reason) = line.url.as_deref().and_then(|url| self.had(url)) {
            taken.duplicates += 1;
            return because(Outcome::Duplicate, "fetch", reason);
        }
        let verdict = rules::judge(entry, feed, Some(source), &self.config.fetch, self.now);
        let reasons = verdict.reasons.join("; ");
        let late = is_first.then(|| self.too_old_for_a_start(entry)).flatten();
        let refusal = match verdict.decision {
            Decision::Dropped => Some(reasons.clone()),
            Decision::Queued => late,
        };
        if let Some(reason) = refusal {
            taken.dropped += 1;
            return because(Outcome::Dropped, "rules", reason);
        }
        let file = match self.file(entry, feed, source, self.now) {
            Ok(file) => file,
            Err(reason) => {
                taken.dropped += 1;
                return because(Outcome::Dropped, "fetch", reason);
            }
        };
        let hash = Hash128::of(file.text.as_bytes()).to_string();
        let path = self.add(file);
        taken.queued.push(path.clone());
        Record {
            path: Some(path),
            file: Some(hash),
            about: about(entry, source),
            ..because(Outcome::Queued, "rules", reasons)
        }
    }

    /// The item with the same link that the same source gave.
    fn by_link(&self, entry: &Entry, source: &SourceFile) -> Option<&Item> {
        self.ledger
            .of_source(&source.name, StoryKey::of(&entry.url()?))
    }

    /// The line of an item that its feed still lists, if it would be forgotten otherwise.
    fn renewed(&self, item: &Item) -> Option<Record> {
        if !forget::is_to_be_renewed(item, self.now) {
            return None;
        }
        let last = self.ledger.record(self.workspace, item)?;
        Some(last.again(self.now))
    }

    /// Where a story is known from, in words.
    fn had(&self, url: &str) -> Option<String> {
        if let Some(path) = self.known.article_with(url) {
            return Some(format!("{path} leads to the same story"));
        }
        let item = self.ledger.with_story(StoryKey::of(url))?;
        let source = self.ledger.source_of(item).unwrap_or("the queue");
        Some(format!("{source} had it: {}", item.decision.name()))
    }

    /// Why an entry is none of those that a source begins with.
    fn too_old_for_a_start(&self, entry: &Entry) -> Option<String> {
        let limit = &self.config.fetch.first_max_age;
        let place = format!("fetch.first_max_age, {}", limit.location);
        match entry.published {
            None => Some(format!(
                "it has no date, and the source is fetched for the first time ({place})"
            )),
            Some(published) if self.now.seconds() - published.seconds() > limit.value => {
                let day = &published.rfc3339_utc()[..10];
                Some(format!(
                    "it is of {day}, and the source is fetched for the first time ({place})"
                ))
            }
            Some(_) => None,
        }
    }

    /// The file of a candidate. `since` is when its item was first seen: its date if it has none.
    fn file(
        &self,
        entry: &Entry,
        feed: &Feed,
        source: &SourceFile,
        since: Time,
    ) -> Result<NewFile, String> {
        let url = entry.url().unwrap_or_default();
        let clean = text::without_tracking(&url).filter(|_| self.config.content.strip_tracking);
        let image = entry
            .image
            .as_deref()
            .filter(|image| text::web_url(image).is_some() && text::image_url(image).is_some());
        let language = source.language.as_deref();
        let language = language.or_else(|| rules::language(entry, feed, Some(source)));
        let draft = Draft {
            title: entry.title.clone().unwrap_or_default(),
            url: clean.unwrap_or(url),
            excerpt: entry.excerpt.clone(),
            topics: source.topics.clone(),
            quality: source.quality,
            provider: source.provider.clone(),
            image: image.map(str::to_owned),
            draft: false,
            published: Some(entry.published.unwrap_or(since).rfc3339_utc()),
            locale: language.and_then(|written| self.other_language(written)),
        };
        compose(self.config, self.parser, self.known, &draft, since).map_err(|error| match error {
            DraftError::Write(_, error) => error.to_string(),
            DraftError::Invalid(problems) => {
                let messages = problems.iter().map(|problem| problem.message.as_str());
                messages.collect::<Vec<_>>().join("; ")
            }
        })
    }

    /// A language as a tag, if it is not that of the site.
    fn other_language(&self, written: &str) -> Option<String> {
        let tag = written.trim().replace('_', "-");
        let main = |tag: &str| tag.split('-').next().map(str::to_ascii_lowercase);
        let is_other = main(&tag) != main(&self.config.locale);
        (is_other && crate::config::is_language(&tag)).then_some(tag)
    }

    /// Adds a candidate, unless it is there already: an earlier run may have been stopped right
    /// after it had written it. Returned is its path.
    fn add(&mut self, file: NewFile) -> String {
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
    fn again(
        &mut self,
        item: &Item,
        entry: &Entry,
        feed: &Feed,
        source: &SourceFile,
        taken: &mut Taken,
    ) -> Option<Record> {
        let hash = hash_of(entry);
        if item.said(&hash) {
            return self.renewed(item);
        }
        // None if the file was changed since the run began: the next run looks again.
        let last = self.ledger.record(self.workspace, item)?;
        let mut line = Record {
            hash: Some(hash),
            ..last.again(self.now)
        };
        let Some(path) = line
            .path
            .clone()
            .filter(|_| line.decision == Outcome::Queued)
        else {
            return Some(line);
        };
        // It comes twice in this run, and is not even written.
        if self.outbox.has(&path) {
            return None;
        }
        let Ok(file) = self.file(entry, feed, source, item.first) else {
            return Some(line);
        };
        let new = Hash128::of(file.text.as_bytes());
        let Ok(bytes) = self.workspace.read(&path) else {
            return Some(line);
        };
        let old = Hash128::of(&bytes);
        if old != new && line.file != Some(old.to_string()) {
            line.reason = Some("it changed, and its candidate was edited".to_owned());
            return Some(line);
        }
        if old != new {
            let bytes = file.text.into_bytes();
            self.outbox.add_file(path.clone(), Some(old), bytes);
        }
        taken.updated.push(path);
        line.about = about(entry, source);
        line.by = "fetch".to_owned();
        line.reason = Some("it changed".to_owned());
        line.file = Some(new.to_string());
        Some(line)
    }
}

/// What an item says, for the ledger.
fn about(entry: &Entry, source: &SourceFile) -> Option<Box<About>> {
    Some(Box::new(About {
        title: entry.title.clone()?,
        excerpt: entry.excerpt.as_deref().map(|it| start(it).to_owned()),
        author: entry.author.clone(),
        topics: source.topics.clone(),
    }))
}

/// A hash of what an item says: another one means that it changed.
fn hash_of(entry: &Entry) -> String {
    let mut hasher = Hasher::new("entry");
    hasher.optional(entry.title.as_deref());
    hasher.optional(entry.excerpt.as_deref());
    hasher.finish().short(16)
}
