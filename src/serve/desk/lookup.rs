//! How requests get what the desk knows: up to date as far as they need it, so that a decision does
//! not wait until the queue is read, and only the request that shows suggestions waits for them.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError, Weak};

use super::Desk;
use super::articles::{Index, Wanted};
use super::work::{Place, Work};
use crate::edit::Known;
use crate::ids::ArticleId;
use crate::serve::snapshot::Snapshot;

/// What was found last, since a list is asked for a page at a time.
#[derive(Default)]
pub(super) struct Lists {
    index: Option<(Weak<Snapshot>, Arc<Index>)>,
    found: Option<(Weak<Snapshot>, Wanted, Arc<[ArticleId]>)>,
    known: Option<(Weak<Snapshot>, Arc<Known>)>,
}

impl Desk {
    fn known_work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the desk knows, for a request that writes. It waits for no look at the queue: the files
    /// that it names are held against the versions that its page was shown.
    pub(super) fn work_to_write(&self, place: &Place<'_>) -> MutexGuard<'_, Work> {
        let mut work = self.known_work();
        if !work.is_open() {
            drop(work);
            return self.work(place);
        }
        work.read_ledger(place);
        work
    }

    /// What the desk knows, with suggestions for all candidates.
    pub(super) fn advised(&self, place: &Place<'_>) -> MutexGuard<'_, Work> {
        // Another request would ask the same questions.
        let _turn = self.advising.lock().unwrap_or_else(PoisonError::into_inner);
        let mut work = self.work(place);
        let Some(questions) = work.questions(place) else {
            return work;
        };
        drop(work);
        let advice = questions.answer(place);
        let mut work = self.known_work();
        work.take_advice(advice);
        work
    }

    /// What the desk knows, brought up to date.
    pub(super) fn work(&self, place: &Place<'_>) -> MutexGuard<'_, Work> {
        let mut work = self.known_work();
        let is_stale = self.is_stale.swap(false, Ordering::AcqRel);
        if is_stale || !work.has_seen(place.snapshot) {
            work.refresh(place);
        }
        work
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        // What is in it is put in whole.
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn index(&self, snapshot: &Arc<Snapshot>) -> Arc<Index> {
        let mut lists = self.lists();
        match &lists.index {
            Some((of, index)) if is_same(of, snapshot) => Arc::clone(index),
            _ => {
                let index = Arc::new(Index::of(&snapshot.site));
                lists.index = Some((Arc::downgrade(snapshot), Arc::clone(&index)));
                index
            }
        }
    }

    /// What the site knows of links and providers.
    pub(super) fn known(&self, snapshot: &Arc<Snapshot>) -> Arc<Known> {
        let mut lists = self.lists();
        match &lists.known {
            Some((of, known)) if is_same(of, snapshot) => Arc::clone(known),
            _ => {
                let known = Arc::new(Known::of(&snapshot.site.library));
                lists.known = Some((Arc::downgrade(snapshot), Arc::clone(&known)));
                known
            }
        }
    }

    pub(super) fn found(
        &self,
        snapshot: &Arc<Snapshot>,
        wanted: Wanted,
    ) -> (Arc<Index>, Arc<[ArticleId]>) {
        let index = self.index(snapshot);
        let mut lists = self.lists();
        if let Some((of, before, found)) = &lists.found
            && is_same(of, snapshot)
            && *before == wanted
        {
            return (index, Arc::clone(found));
        }
        let found: Arc<[ArticleId]> = wanted.find(&snapshot.site, &index).into();
        lists.found = Some((Arc::downgrade(snapshot), wanted, Arc::clone(&found)));
        (index, found)
    }
}

/// Whether something was made of a snapshot, which it does not keep alive.
fn is_same(of: &Weak<Snapshot>, snapshot: &Arc<Snapshot>) -> bool {
    std::ptr::eq(of.as_ptr(), Arc::as_ptr(snapshot))
}
