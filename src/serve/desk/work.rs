//! What the desk knows between requests, and the site that one request works on.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::sync::{Arc, Weak};

use serde::Deserialize;

use super::advice::{Advice, Questions};
use super::auth;
use super::candidates::{Candidates, Reading};
use super::error::{Conflict, DeskError, RequestError, SystemError};
use super::journal::Journal;
use super::ledger_tail::LedgerTail;
pub(super) use super::place::Place;
use super::row;
use crate::content::article::StoryKey;
use crate::edit;
use crate::fetch::decide::Decider;
use crate::fetch::queue;
use crate::fetch::suggest::{Lesson, Suggester};
use crate::hash::Hash128;
use crate::serve::snapshot::Snapshot;
use crate::workspace::{Workspace, WriteError};

/// Versions of files that pages were shown, so that it can be said what changed since.
const MOST_VERSIONS: usize = 4_096;
/// Decisions after which the model of suggestions learns from them.
const LESSON: usize = 50;
/// Files that were written since the site was last loaded.
const MOST_RECENT: usize = 4_096;

/// A file, as a page knows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) hash: String,
}

/// A file that a request names, with the bytes that the page knows.
pub(super) struct Known {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// What the desk knows.
#[derive(Default)]
pub(super) struct Work {
    pub(super) candidates: Candidates,
    pub(super) ledger: LedgerTail,
    pub(super) journal: Journal,
    versions: Versions,
    /// Paths by id of articles that may not be in the library yet.
    recent: VecDeque<(String, String)>,
    /// New stories that the library may not have yet: path and headline.
    pub(super) made: BTreeMap<StoryKey, (String, String)>,
    pub(super) suggester: Arc<Suggester>,
    /// Decisions since the last lesson; none before the first.
    decisions: Option<usize>,
    is_open: bool,
    /// The site at the last look.
    seen: Weak<Snapshot>,
    /// The site that the candidates were last held against.
    advised: Weak<Snapshot>,
}

/// Versions of files by their hash, the oldest first.
#[derive(Default)]
struct Versions {
    bytes: BTreeMap<Hash128, Arc<[u8]>>,
    order: VecDeque<Hash128>,
}

impl Versions {
    fn keep(&mut self, bytes: &[u8]) {
        let hash = Hash128::of(bytes);
        if self.bytes.insert(hash, bytes.into()).is_none() {
            self.order.push_back(hash);
        }
        while self.order.len() > MOST_VERSIONS {
            let oldest = self.order.pop_front();
            oldest.and_then(|hash| self.bytes.remove(&hash));
        }
    }
}

impl Work {
    /// Looks at what other programs did to queue and ledger.
    pub(super) fn refresh(&mut self, place: &Place<'_>) {
        if !self.is_open {
            self.journal = Journal::open(place.disk);
            self.candidates = Candidates::counting_from(auth::random());
            self.is_open = true;
        }
        self.seen = Arc::downgrade(place.snapshot);
        if !queue::is_usable(place.config) {
            return;
        }
        self.ledger
            .refresh(place.disk, &place.config.content.ledger);
        let reading = Reading {
            workspace: place.disk,
            parser: &place.parser,
            ledger: &self.ledger.ledger,
        };
        self.candidates
            .refresh(&reading, &place.config.content.queue);
        self.keep_replaced();
    }

    /// Takes in what other programs added to the ledger. That is all that a request needs which
    /// names the versions that its page was shown.
    pub(super) fn read_ledger(&mut self, place: &Place<'_>) {
        if queue::is_usable(place.config) {
            self.ledger
                .refresh(place.disk, &place.config.content.ledger);
        }
    }

    /// Whether queue and ledger were looked at.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// What is to be found out of the candidates: none if that was done for this site, and nothing
    /// has changed since.
    pub(super) fn questions(&mut self, place: &Place<'_>) -> Option<Questions> {
        let must_learn = self.decisions.is_none_or(|count| count >= LESSON);
        let is_same_site = std::ptr::eq(self.advised.as_ptr(), Arc::as_ptr(place.snapshot));
        let is_done = is_same_site && !must_learn && !self.candidates.needs_advice();
        if is_done || !queue::is_usable(place.config) {
            return None;
        }
        self.advised = Arc::downgrade(place.snapshot);
        let ledger = &self.ledger.ledger;
        let lesson = must_learn.then(|| {
            self.decisions = Some(0);
            Lesson::of(ledger)
        });
        Some(Questions {
            candidates: self.candidates.questions(ledger),
            suggester: Arc::clone(&self.suggester),
            lesson,
        })
    }

    /// Takes in what was found out.
    pub(super) fn take_advice(&mut self, advice: Advice) {
        self.suggester = Arc::clone(&advice.suggester);
        self.candidates.take_advice(advice);
    }

    /// Whether the last look at queue and ledger was with this site.
    pub(super) fn has_seen(&self, snapshot: &Arc<Snapshot>) -> bool {
        std::ptr::eq(self.seen.as_ptr(), Arc::as_ptr(snapshot))
    }

    /// Counts decisions, after some of which more is to be learnt.
    pub(super) fn count_decisions(&mut self, count: usize) {
        self.decisions = self.decisions.map(|before| before + count);
    }

    fn keep_replaced(&mut self) {
        for bytes in self.candidates.take_replaced() {
            self.versions.keep(&bytes);
        }
    }

    /// Reads a candidate again that was just written, moved or put back.
    pub(super) fn reread(&mut self, place: &Place<'_>, path: &str) {
        let reading = Reading {
            workspace: place.disk,
            parser: &place.parser,
            ledger: &self.ledger.ledger,
        };
        self.candidates.reread(&reading, path);
        self.keep_replaced();
    }

    /// Lends the ledger to what decides.
    pub(super) fn decide<T>(
        &mut self,
        place: &Place<'_>,
        work: impl FnOnce(&mut Decider<'_>, &mut Journal) -> T,
    ) -> T {
        let mut decider = Decider {
            workspace: place.disk,
            config: place.config,
            parser: &place.parser,
            ledger: std::mem::take(&mut self.ledger.ledger),
            now: place.now,
        };
        let done = work(&mut decider, &mut self.journal);
        self.ledger.ledger = decider.ledger;
        done
    }

    /// Remembers a version of a file that a page is about to be shown.
    pub(super) fn keep_version(&mut self, bytes: &[u8]) {
        self.versions.keep(bytes);
    }

    /// Remembers a file that the library may not have yet.
    pub(super) fn keep_path(&mut self, path: &str) {
        if self.recent.len() >= MOST_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((row::id(path), path.to_owned()));
    }

    /// The path of a file that was written not long ago.
    pub(super) fn recent_path(&self, id: &str) -> Option<&str> {
        let found = self.recent.iter().rev().find(|(other, _)| other == id);
        found.map(|(_, path)| path.as_str())
    }

    /// The bytes of a file, if they are those that a request was made for.
    ///
    /// # Errors
    /// How they differ.
    fn read_as(&mut self, place: &Place<'_>, path: &str, hash: &str) -> Result<Vec<u8>, DeskError> {
        let bytes = match place.disk.read(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                let path = path.to_owned();
                return Err(DeskError::Machine(SystemError::Read(path, error)));
            }
            read => read.ok(),
        };
        match bytes {
            Some(bytes) if Hash128::of(&bytes).to_string() == hash => Ok(bytes),
            bytes => {
                let conflict = self.conflict(place, path, hash, bytes.as_deref());
                if self.candidates.get(&conflict.id).is_some() {
                    self.reread(place, path);
                }
                Err(DeskError::Changed(vec![conflict]))
            }
        }
    }

    /// What it means for a request that a file could not be written: another program may have come
    /// before.
    pub(super) fn not_written(
        &mut self,
        place: &Place<'_>,
        file: &Known,
        error: WriteError,
    ) -> DeskError {
        match error {
            WriteError::Changed | WriteError::Missing => {
                let hash = Hash128::of(&file.bytes).to_string();
                let now = place.disk.read(&file.path).ok();
                let conflict = self.conflict(place, &file.path, &hash, now.as_deref());
                DeskError::Changed(vec![conflict])
            }
            error => DeskError::from((file.path.clone(), error)),
        }
    }

    /// The files that a request names. All of them have to be as the page knows them.
    ///
    /// # Errors
    /// Which of them are not, all at once; or that there is no such file, or one is named twice.
    pub(super) fn known(
        &mut self,
        place: &Place<'_>,
        items: &[Item],
        what: &'static str,
        path_of: impl Fn(&Work, &str) -> Option<String>,
    ) -> Result<Vec<Known>, DeskError> {
        let (mut files, mut conflicts) = (Vec::new(), Vec::new());
        let mut ids = BTreeSet::new();
        for item in items {
            let path = path_of(self, &item.id).ok_or(DeskError::Unknown(what))?;
            if !ids.insert(&item.id) {
                return Err(RequestError::NamedTwice(path).into());
            }
            match self.read_as(place, &path, &item.hash) {
                Ok(bytes) => files.push(Known { path, bytes }),
                Err(DeskError::Changed(more)) => conflicts.extend(more),
                Err(other) => return Err(other),
            }
        }
        match (conflicts.is_empty(), files.is_empty()) {
            (false, _) => Err(DeskError::Changed(conflicts)),
            (true, true) => Err(RequestError::NothingNamed(what).into()),
            (true, false) => Ok(files),
        }
    }

    /// How a file differs from the version with a hash.
    pub(super) fn conflict(
        &mut self,
        place: &Place<'_>,
        path: &str,
        hash: &str,
        now: Option<&[u8]>,
    ) -> Conflict {
        let id = row::id(path);
        let candidate = self.candidates.get(&id);
        let candidate = candidate.filter(|candidate| candidate.hash.to_string() == hash);
        let known = candidate.map(|candidate| Arc::clone(&candidate.bytes));
        let known = known.or_else(|| {
            let mut versions = self.versions.bytes.iter();
            let found = versions.find(|(version, _)| version.to_string() == hash);
            found.map(|(_, bytes)| Arc::clone(bytes))
        });
        let lines = known.and_then(|known| Some(edit::differences(&known, now?)));
        if let Some(now) = now {
            self.versions.keep(now);
        }
        Conflict {
            id,
            path: path.to_owned(),
            now: now.map(|bytes| row::shown(&place.parser, path, bytes)),
            lines,
        }
    }
}
