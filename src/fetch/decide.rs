//! Decisions on candidates: a file is moved, and then the ledger gets a line. Whoever is stopped in
//! between leaves what the next run finds as if somebody had moved the file by hand.
//!
//! - `articles.rs`: lines about what was added and deleted by hand
//!   (`docs/decisions/0049-what-the-desk-writes-into-the-ledger.md`)

mod articles;

use std::fmt;
use std::io;

use ahash::HashSet;

use super::CannotWrite;
use super::ledger::{About, Item, ItemKey, Ledger, Outcome, Record, append, short};
use super::queue::{REMOVED, stem};
use super::suggest::{Quality, start};
use crate::config::Config;
use crate::content::article::StoryKey;
use crate::content::{Library, Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::edit::{self, Change, ChangeError, Prepared, folder, free_paths};
use crate::hash::Hash128;
use crate::time::Time;
use crate::workspace::{WritableWorkspace, WriteError, is_below};
pub use articles::Made;

/// Where decisions are made.
pub struct Decider<'a> {
    /// The files of the site.
    pub workspace: &'a dyn WritableWorkspace,
    /// Settings.
    pub config: &'a Config,
    /// Reads articles.
    pub parser: &'a Parser,
    /// What became of all items.
    pub ledger: Ledger,
    /// What counts as now.
    pub now: Time,
}

/// Why a decision is not made. Nothing was moved.
#[derive(Debug)]
pub enum DecideError {
    /// It could not be built as an article.
    Broken(Vec<Diagnostic>),
    /// The file cannot be read.
    Unreadable(io::Error),
    /// Its quality cannot be set.
    Quality(ChangeError),
    /// There is nothing to be undone.
    Nothing,
    /// The file that a decision was about is not there any more.
    Gone(String),
    /// A file cannot be moved or written.
    Write(String, WriteError),
}

impl From<CannotWrite> for DecideError {
    fn from((path, error): CannotWrite) -> Self {
        DecideError::Write(path, error)
    }
}

impl std::error::Error for DecideError {}

impl fmt::Display for DecideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecideError::Broken(_) => f.write_str("it could not be built as an article"),
            DecideError::Unreadable(error) => write!(f, "it cannot be read: {error}"),
            DecideError::Quality(error) => error.fmt(f),
            DecideError::Nothing => f.write_str("there is no decision that could be undone"),
            DecideError::Gone(path) => write!(f, "{path} is not there any more"),
            DecideError::Write(path, error) => write!(f, "cannot write {path}: {error}"),
        }
    }
}

/// What an article file says, for the ledger.
fn about(file: &Parsed) -> About {
    let excerpt = file.article.story.excerpt.as_deref();
    About {
        title: file.facts.title.clone(),
        excerpt: excerpt.map(|excerpt| start(excerpt).to_owned()),
        author: None,
        topics: file.facts.topics.clone(),
    }
}

impl Decider<'_> {
    /// Publishes a candidate: moves it to the first folder of articles, under a name that no
    /// article has. `coverage` is how many providers report the same. Returned is its new path.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn publish(
        &mut self,
        library: &Library,
        path: &str,
        quality: Quality,
        coverage: Option<u32>,
    ) -> Result<String, DecideError> {
        let before = self.workspace.read(path).map_err(DecideError::Unreadable)?;
        self.publish_as_read(library, path, before, quality, coverage)
    }

    /// Publishes a candidate by a rule that `reason` names, if its file has bytes with this hash: a
    /// rule decides on what it has seen, not on what somebody wrote since.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn publish_by_rule(
        &mut self,
        library: &Library,
        (path, hash): (&str, Hash128),
        quality: Quality,
        reason: &str,
    ) -> Result<String, DecideError> {
        let before = self.workspace.read(path).map_err(DecideError::Unreadable)?;
        if Hash128::of(&before) != hash {
            return Err(DecideError::Write(path.to_owned(), WriteError::Changed));
        }
        let rule = ("rules", Some(reason));
        self.publish_as(library, (path, before), quality, None, rule)
    }

    /// Publishes a candidate if its file still has these bytes. Returned is its new path.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn publish_as_read(
        &mut self,
        library: &Library,
        path: &str,
        before: Vec<u8>,
        quality: Quality,
        coverage: Option<u32>,
    ) -> Result<String, DecideError> {
        let editor = ("editor", None);
        self.publish_as(library, (path, before), quality, coverage, editor)
    }

    /// Publishes the candidate at a path that has these bytes. `by` is who decided, and why.
    fn publish_as(
        &mut self,
        library: &Library,
        (path, before): (&str, Vec<u8>),
        quality: Quality,
        coverage: Option<u32>,
        (by, reason): (&str, Option<&str>),
    ) -> Result<String, DecideError> {
        let mut edited: Option<Prepared> = None;
        if let Quality::Given(quality) | Quality::Suggested(quality) = quality {
            let field = "quality".parse().map_err(|_| DecideError::Nothing)?;
            let change = Change::Set(field, quality.to_string());
            let prepared = edit::prepare(self.workspace, self.parser, path, &[change]);
            let prepared = prepared.map_err(DecideError::Quality)?;
            if prepared.expected != Hash128::of(&before) {
                return Err(DecideError::Write(path.to_owned(), WriteError::Changed));
            }
            edited = Some(prepared);
        }
        let bytes = match &edited {
            Some(prepared) => prepared.bytes.clone(),
            None => before.clone(),
        };
        let parsed = self.parser.article(path, &bytes);
        let parsed = parsed.map_err(DecideError::Broken)?;
        if let Some(prepared) = edited {
            let written = prepared.write(self.workspace);
            written.map_err(|error| DecideError::Write(path.to_owned(), error))?;
        }
        let is_free = |to: &str| !self.has_stem(library, stem(to));
        let to = self.move_to(folder(self.config), path, &bytes, is_free)?;
        let mut line = Record {
            path: Some(to.clone()),
            from: Some(path.to_owned()),
            coverage,
            reason: reason.map(str::to_owned),
            ..self.line(path, Some(&parsed), Outcome::Published, by)
        };
        match quality {
            Quality::Given(_) | Quality::OfFile => line.quality = parsed.facts.quality,
            // Nobody edited the file by that, should it come back.
            Quality::Suggested(_) => {
                line.quality = None;
                let was = Hash128::of(&before).to_string();
                let is = Hash128::of(&bytes).to_string();
                line.file = line.file.map(|file| if file == was { is } else { file });
            }
        }
        self.note(line)?;
        Ok(to)
    }

    /// The path that a candidate will most likely have as an article: one that is free now.
    pub fn article_path(&self, library: &Library, path: &str) -> Option<String> {
        let is_free = |to: &String| !self.has_stem(library, stem(to)) && !self.is_there(to);
        free_paths(folder(self.config), stem(path)).find(is_free)
    }

    /// The path that the copy of a rejected candidate will most likely have.
    pub fn removed_path(&self, path: &str) -> Option<String> {
        free_paths(REMOVED, stem(path)).find(|to| !self.is_there(to))
    }

    /// Whether an article's file has a name, whatever its folder and ending. The library may still
    /// have articles that were moved away.
    fn has_stem(&self, library: &Library, name: &str) -> bool {
        // The end is compared first, since of many articles nearly none has the name.
        let has_name = |path: &str| {
            let whole = path.rsplit_once('.').map_or(path, |(whole, _)| whole);
            whole.ends_with(name) && stem(path) == name
        };
        let mut articles = library.articles.as_slice().iter();
        articles.any(|entry| has_name(&entry.path) && self.is_there(&entry.path))
    }

    fn is_there(&self, path: &str) -> bool {
        let read = self.workspace.read(path);
        read.map_or_else(|error| error.kind() != io::ErrorKind::NotFound, |_| true)
    }

    /// Rejects a candidate: its file goes, and a copy stays in the state folder. `coverage` is how
    /// many providers report the same.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn reject(
        &mut self,
        path: &str,
        reason: Option<String>,
        coverage: Option<u32>,
    ) -> Result<(), DecideError> {
        self.remove(path, Outcome::Rejected, "editor", reason, coverage)
    }

    /// Rejects a candidate if its file still has these bytes. Returned is the path of the copy.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn reject_as_read(
        &mut self,
        path: &str,
        bytes: &[u8],
        reason: Option<String>,
        coverage: Option<u32>,
    ) -> Result<String, DecideError> {
        self.remove_as_read(path, bytes, Outcome::Rejected, "editor", (reason, coverage))
    }

    /// Takes a candidate out of the queue that became too old.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn expire(&mut self, path: &str, reason: String) -> Result<(), DecideError> {
        self.remove(path, Outcome::Expired, "expire", Some(reason), None)
    }

    fn remove(
        &mut self,
        path: &str,
        outcome: Outcome,
        by: &str,
        reason: Option<String>,
        coverage: Option<u32>,
    ) -> Result<(), DecideError> {
        let bytes = self.workspace.read(path).map_err(DecideError::Unreadable)?;
        self.remove_as_read(path, &bytes, outcome, by, (reason, coverage))
            .map(drop)
    }

    fn remove_as_read(
        &mut self,
        path: &str,
        bytes: &[u8],
        outcome: Outcome,
        by: &str,
        (reason, coverage): (Option<String>, Option<u32>),
    ) -> Result<String, DecideError> {
        let parsed = self.parser.article(path, bytes).ok();
        let to = self.move_to(REMOVED, path, bytes, |_| true)?;
        let line = Record {
            path: Some(to.clone()),
            from: Some(path.to_owned()),
            reason,
            coverage,
            ..self.line(path, parsed.as_ref(), outcome, by)
        };
        self.note(line)?;
        Ok(to)
    }

    /// Undoes the last decision that was not undone: the file goes back to the queue. Returned is
    /// what it was, and the path of the candidate.
    ///
    /// # Errors
    /// Why nothing was undone.
    pub fn undo(&mut self) -> Result<(Outcome, String), DecideError> {
        // The ledger may have been merged from anywhere: what it names is moved back only from
        // where decisions put it.
        let content = &self.config.content;
        let is_plain = |path: &str| path.split('/').all(|part| part != "..");
        let is_there = |record: &Record, path: &str| match record.decision {
            Outcome::Published => content.articles.iter().any(|it| is_below(path, it)),
            _ => is_below(path, REMOVED),
        };
        let can_be_undone = |record: &Record| {
            let Record { path, from, .. } = record;
            path.as_deref()
                .is_some_and(|path| is_there(record, path) && is_plain(path))
                && from
                    .as_deref()
                    .is_some_and(|from| is_below(from, &content.queue) && is_plain(from))
        };
        let records = self.ledger.decided().into_iter().rev();
        let mut records = records.filter_map(|item| self.ledger.record(self.workspace, item));
        let last = records.find(can_be_undone).ok_or(DecideError::Nothing)?;
        let (path, from) = last
            .path
            .as_deref()
            .zip(last.from.as_deref())
            .ok_or(DecideError::Nothing)?;
        let bytes = self
            .workspace
            .read(path)
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => DecideError::Gone(path.to_owned()),
                _ => DecideError::Unreadable(error),
            })?;
        let to = self.move_back(path, &bytes, from)?;
        let outcome = last.decision;
        self.note_undone(&last, &to)?;
        Ok((outcome, to))
    }

    /// Moves what a decision moved to `path` back to `from`, if it still has these bytes; to a name
    /// like it, if that is taken by now. There it gets its `old` bytes again, if the decision
    /// changed them. Returned is the path of the candidate.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn undo_move(
        &mut self,
        path: &str,
        bytes: &[u8],
        from: &str,
        old: Option<&[u8]>,
    ) -> Result<String, DecideError> {
        let to = self.move_back(path, bytes, from)?;
        self.restore(from, &to, bytes, old)?;
        Ok(to)
    }

    /// Gives a candidate that is back at `to` its `old` bytes, and notes that it is back, unless
    /// the ledger says so already: whoever took it back may have been stopped before its line.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn restore(
        &mut self,
        from: &str,
        to: &str,
        bytes: &[u8],
        old: Option<&[u8]>,
    ) -> Result<(), DecideError> {
        if let Some(old) = old {
            let restored = self.workspace.replace(to, Hash128::of(bytes), old);
            restored.map_err(|error| DecideError::Write(to.to_owned(), error))?;
        }
        let link = self.parser.article(to, bytes).ok();
        let link = link.and_then(|parsed| parsed.facts.link);
        let Some(mut last) = self.decision_on(from, link.as_deref()) else {
            return Ok(());
        };
        // The decision was no edit of somebody, and neither is its undoing.
        if let Some(old) = old
            && last.file == Some(Hash128::of(bytes).to_string())
        {
            last.file = Some(Hash128::of(old).to_string());
        }
        self.note_undone(&last, to)
    }

    /// The line of the decision on the candidate that was at `from`; none if it was undone already.
    fn decision_on(&self, from: &str, link: Option<&str>) -> Option<Record> {
        let record = |item: &Item| self.ledger.record(self.workspace, item);
        let is_it = |record: &Record| record.from.as_deref() == Some(from);
        let is_decided = |item: &&Item| item.decision >= Outcome::Expired;
        let story = link.map(StoryKey::of);
        // Several items may have one story.
        let items = story.into_iter().flat_map(|key| self.ledger.of_story(key));
        let decided = items.filter(is_decided).filter_map(record).filter(is_it);
        if let Some(last) = decided.max() {
            return Some(last);
        }
        let by_story = story.and_then(|key| self.ledger.with_story(key));
        let item = by_story.or_else(|| self.ledger.item(ItemKey::of(None, from)));
        match item {
            Some(item) if !is_decided(&item) => None,
            Some(item) => record(item),
            // Its address was edited.
            None => {
                let decided = self.ledger.decided().into_iter().rev();
                decided.filter_map(record).find(is_it)
            }
        }
    }

    fn move_back(&self, path: &str, bytes: &[u8], from: &str) -> Result<String, DecideError> {
        match self.workspace.rename(path, Hash128::of(bytes), from) {
            Ok(()) => return Ok(from.to_owned()),
            Err(WriteError::Exists) => {}
            Err(error) => return Err(DecideError::Write(path.to_owned(), error)),
        }
        let queue = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.move_named(queue, stem(from), path, bytes, |_| true)
    }

    fn note_undone(&mut self, last: &Record, to: &str) -> Result<(), DecideError> {
        self.note(Record {
            time: self.now,
            decision: Outcome::Queued,
            decided: None,
            by: "undo".to_owned(),
            // What the filter command gave it; a published one has that of the decision.
            quality: last.quality.filter(|_| last.decision != Outcome::Published),
            coverage: None,
            reason: Some(format!("it was {}", last.decision.name())),
            path: Some(to.to_owned()),
            from: None,
            ..last.clone()
        })
    }

    /// Removes the copies of candidates that were taken out of the queue before `limit`.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn forget_removed(&self, limit: Time) -> Result<(), DecideError> {
        let copies = self.workspace.list(REMOVED).entries;
        let old = self.ledger.items().filter(|item| item.decided < limit);
        let old: HashSet<u64> = old.filter_map(|item| item.path).collect();
        for copy in copies.iter().map(|copy| copy.path.as_str()) {
            if old.contains(&short(copy))
                && let Ok(bytes) = self.workspace.read(copy)
            {
                let removed = self.workspace.remove(copy, Hash128::of(&bytes));
                removed.map_err(|error| DecideError::Write(copy.to_owned(), error))?;
            }
        }
        Ok(())
    }

    fn move_to(
        &self,
        folder: &str,
        from: &str,
        bytes: &[u8],
        is_free: impl Fn(&str) -> bool,
    ) -> Result<String, DecideError> {
        self.move_named(folder, stem(from), from, bytes, is_free)
    }

    /// Moves a file under a name that is free.
    fn move_named(
        &self,
        folder: &str,
        name: &str,
        from: &str,
        bytes: &[u8],
        is_free: impl Fn(&str) -> bool,
    ) -> Result<String, DecideError> {
        let hash = Hash128::of(bytes);
        for to in free_paths(folder, name).filter(|to| is_free(to)) {
            match self.workspace.rename(from, hash, &to) {
                Ok(()) => return Ok(to),
                Err(WriteError::Exists) => {}
                Err(error) => return Err(DecideError::Write(from.to_owned(), error)),
            }
        }
        Err(DecideError::Write(from.to_owned(), WriteError::Exists))
    }

    /// The line of a decision on a candidate. One that the ledger does not know was put into the
    /// queue by hand.
    fn line(&self, path: &str, file: Option<&Parsed>, decision: Outcome, by: &str) -> Record {
        let link = file.and_then(|file| file.facts.link.as_deref());
        let by_story = || self.ledger.with_story(StoryKey::of(link?));
        let item = self.ledger.with_path(path).or_else(by_story);
        let last = item.and_then(|item| self.ledger.record(self.workspace, item));
        let unknown = || self.unknown(link.unwrap_or(path), file);
        self.next(last.unwrap_or_else(unknown), decision, by)
    }

    /// What could be the last line of an item that the ledger does not know.
    fn unknown(&self, id: &str, file: Option<&Parsed>) -> Record {
        Record {
            url: file.and_then(|file| file.facts.link.clone()),
            about: file.map(|file| Box::new(about(file))),
            ..Record::new(self.now, id, Outcome::Withdrawn, "")
        }
    }

    /// The line of a decision now, after the last one.
    fn next(&self, last: Record, decision: Outcome, by: &str) -> Record {
        Record {
            time: self.now,
            decision,
            by: by.to_owned(),
            decided: None,
            reason: None,
            ..last
        }
    }

    fn note(&mut self, line: Record) -> Result<(), DecideError> {
        let line = self.ledger.note(line);
        append(self.workspace, &self.config.content.ledger, &[line])?;
        Ok(())
    }
}
