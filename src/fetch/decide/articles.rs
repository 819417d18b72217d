//! Lines of the ledger about files that are no decisions on candidates: stories that an editor
//! adds, and articles that one deletes. Who writes or removes the file calls these after it.

use super::{DecideError, Decider};
use crate::content::Parsed;
use crate::fetch::ledger::{Item, ItemKey, Outcome, Record};

/// What an editor made of a story that no source brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// An article, with the quality that the editor chose for it.
    Article {
        /// None if there is none, or only a suggested one: nothing is learnt from that.
        quality: Option<i64>,
    },
    /// A candidate.
    Candidate,
}

impl Decider<'_> {
    /// Notes a story that an editor added as a file with these bytes. It is an item of its own,
    /// whatever the ledger knows of the same story: should it be withdrawn, that holds again.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn note_made(&mut self, path: &str, bytes: &[u8], made: Made) -> Result<(), DecideError> {
        let file = self.parsed(path, bytes);
        let link = file.as_ref().and_then(|file| file.facts.link.as_deref());
        let is_free = |id: &&str| {
            let item = self.ledger.item(ItemKey::of(None, id));
            item.is_none_or(|item| item.decision == Outcome::Withdrawn)
        };
        let id = link.filter(is_free).unwrap_or(path);
        let (decision, quality) = match made {
            Made::Article { quality } => (Outcome::Published, quality),
            Made::Candidate => (Outcome::Queued, None),
        };
        self.note(Record {
            path: Some(path.to_owned()),
            quality,
            ..self.next(self.unknown(id, file.as_ref()), decision, "editor")
        })
    }

    /// Notes that an editor undid what [`Decider::note_made`] noted, unless the ledger says so
    /// already. The bytes that the file had may be unknown.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn note_withdrawn(&mut self, path: &str, bytes: Option<&[u8]>) -> Result<(), DecideError> {
        let is_there = |item: &Item| matches!(item.decision, Outcome::Published | Outcome::Queued);
        let file = bytes.and_then(|bytes| self.parsed(path, bytes));
        let Some(last) = self.last_of(path, file.as_ref(), is_there) else {
            return Ok(());
        };
        let reason = Some(format!("it was {}", last.decision.name()));
        self.note(Record {
            reason,
            ..self.next(last, Outcome::Withdrawn, "undo")
        })
    }

    /// Notes that an editor deleted the article that had these bytes: no source brings it again.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn note_deleted(&mut self, path: &str, bytes: &[u8]) -> Result<(), DecideError> {
        let file = self.parsed(path, bytes);
        let line = match self.last_of(path, file.as_ref(), |_| true) {
            Some(last) => self.next(last, Outcome::Rejected, "editor"),
            None => self.line(path, file.as_ref(), Outcome::Rejected, "editor"),
        };
        self.note(Record {
            path: Some(path.to_owned()),
            reason: Some("the article was deleted".to_owned()),
            ..line
        })
    }

    /// Notes that an article that was deleted is there again, unless the ledger says so already.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn note_restored(&mut self, path: &str, bytes: &[u8]) -> Result<(), DecideError> {
        let is_deleted = |item: &Item| item.decision == Outcome::Rejected;
        let file = self.parsed(path, bytes);
        let Some(last) = self.last_of(path, file.as_ref(), is_deleted) else {
            return Ok(());
        };
        self.note(Record {
            reason: Some("it was deleted".to_owned()),
            ..self.next(last, Outcome::Published, "undo")
        })
    }

    fn parsed(&self, path: &str, bytes: &[u8]) -> Option<Parsed> {
        self.parser.article(path, bytes).ok()
    }

    /// The last line of the item of a file, if it is such an item.
    fn last_of(
        &self,
        path: &str,
        file: Option<&Parsed>,
        is_such: impl Fn(&Item) -> bool,
    ) -> Option<Record> {
        let link = file.and_then(|file| file.facts.link.as_deref());
        let item = self.ledger.of_file(path, link)?;
        is_such(item)
            .then(|| self.ledger.record(self.workspace, item))
            .flatten()
    }
}
