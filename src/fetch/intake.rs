//! Entries of feeds become candidates: each once, and with a line in the ledger.
//!
//! A candidate is written before its line. Whoever is stopped in between leaves a file that the
//! next run finds by its address, and notes.

use super::feed::{Entry, Feed};
use super::ledger::{Item, ItemKey, Ledger, Outcome, Record, append};
use super::queue::{Queue, read_one};
use super::rules::{self, Decision};
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
    /// Takes in the entries of a feed.
    ///
    /// # Errors
    /// When the machine fails. What was written by then is found by the next run.
    pub fn take(&mut self, source: &SourceFile, feed: &Feed) -> Result<Taken, CannotWrite> {
        let is_first = !self.ledger.knows_source(&source.name);
        let mut taken = Taken::default();
        let mut lines = Vec::new();
        for entry in &feed.entries {
            let key = ItemKey::of(Some(&source.name), &entry.id);
            let line = match self.ledger.item(key).copied() {
                Some(item) => {
                    taken.known += 1;
                    self.again(&item, entry, feed, source, &mut taken)?
                }
                // There are feeds with other identities in each answer.
                None if self.has_it_by_link(entry, source) => {
                    taken.known += 1;
                    None
                }
                None => Some(self.once(entry, feed, source, is_first, &mut taken)?),
            };
            if let Some(line) = line {
                lines.push(self.ledger.note(line));
            }
        }
        if !self.is_dry {
            append(self.workspace, &self.config.content.ledger, &lines)?;
        }
        Ok(taken)
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
    ) -> Result<Record, CannotWrite> {
        let line = self.line(entry, source);
        let because = |decision, by: &str, reason: String| Record {
            decision,
            by: by.to_owned(),
            reason: (!reason.is_empty()).then_some(reason),
            ..line.clone()
        };
        if let Some(reason) = line.url.as_deref().and_then(|url| self.had(url)) {
            taken.duplicates += 1;
            return Ok(because(Outcome::Duplicate, "fetch", reason));
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
            return Ok(because(Outcome::Dropped, "rules", reason));
        }
        let file = match self.file(entry, feed, source, self.now) {
            Ok(file) => file,
            Err(reason) => {
                taken.dropped += 1;
                return Ok(because(Outcome::Dropped, "fetch", reason));
            }
        };
        let path = self.write(&file)?;
        taken.queued.push(path.clone());
        Ok(Record {
            path: Some(path),
            file: Some(Hash128::of(file.text.as_bytes()).to_string()),
            ..because(Outcome::Queued, "rules", reasons)
        })
    }

    /// Whether the same source gave an item with the same link.
    fn has_it_by_link(&self, entry: &Entry, source: &SourceFile) -> bool {
        let url = entry.url();
        url.is_some_and(|url| self.ledger.source_had(&source.name, StoryKey::of(&url)))
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

    /// Writes a candidate, unless it is there already: an earlier run may have been stopped right
    /// after it had written it. Returned is its path.
    fn write(&mut self, file: &NewFile) -> Result<String, CannotWrite> {
        if let Some(candidate) = self.queue.with_story(StoryKey::of(&file.url)) {
            return Ok(candidate.path.clone());
        }
        for path in free_paths(&self.config.content.queue, &file.name) {
            let bytes = file.text.as_bytes();
            let written = match self.is_dry {
                true if self.queue.find(&path).is_some() => Err(WriteError::Exists),
                true => Ok(()),
                false => self.workspace.create(&path, bytes),
            };
            match written {
                Ok(()) => {
                    self.queue.add(read_one(self.parser, &path, bytes).0);
                    return Ok(path);
                }
                Err(WriteError::Exists) => {}
                Err(error) => return Err((path, error)),
            }
        }
        Err((file.name.clone(), WriteError::Exists))
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
    ) -> Result<Option<Record>, CannotWrite> {
        let hash = hash_of(entry);
        if item.said(&hash) {
            return Ok(None);
        }
        // None if the file was changed since the run began: the next run looks again.
        let Some(last) = self.ledger.record(self.workspace, item) else {
            return Ok(None);
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
            return Ok(Some(line));
        };
        let Ok(file) = self.file(entry, feed, source, item.first) else {
            return Ok(Some(line));
        };
        let new = Hash128::of(file.text.as_bytes());
        let Ok(bytes) = self.workspace.read(&path) else {
            return Ok(Some(line));
        };
        let old = Hash128::of(&bytes);
        if old != new && line.file != Some(old.to_string()) {
            line.reason = Some("it changed, and its candidate was edited".to_owned());
            return Ok(Some(line));
        }
        if old != new && !self.is_dry {
            match self.workspace.replace(&path, old, file.text.as_bytes()) {
                // Somebody edits it at this moment; the next run looks again.
                Err(WriteError::Changed | WriteError::Missing) => return Ok(None),
                Err(error) => return Err((path, error)),
                Ok(()) => {}
            }
        }
        taken.updated.push(path);
        line.by = "fetch".to_owned();
        line.reason = Some("it changed".to_owned());
        line.file = Some(new.to_string());
        Ok(Some(line))
    }
}

/// A hash of what an item says: another one means that it changed.
fn hash_of(entry: &Entry) -> String {
    let mut hasher = Hasher::new("entry");
    hasher.optional(entry.title.as_deref());
    hasher.optional(entry.excerpt.as_deref());
    hasher.finish().short(16)
}
