//! A deploy, from the lock to the last deletion.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use super::item::Item;
use super::plan::{Plan, Why};
use super::record::{INTENT, Intent, RECORD, Record};
use super::survey::{Question, Survey};
use super::{Deploy, DeployError, Lock, LockState};
use crate::pipeline::Progress;

/// Bytes of files that may be in memory at once; a larger file goes alone.
const MEMORY: u64 = 256 << 20;
/// Deletions in one call, between two looks at the lock.
const DELETE_AT_ONCE: usize = 1000;

/// What a deploy did.
#[derive(Debug)]
pub struct Done {
    /// What there was to do.
    pub plan: Plan,
    /// Bytes that were sent.
    pub bytes: u64,
}

/// Why a deploy stopped before anything was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// This was not confirmed.
    Refused(Question),
    /// These files of the output, which would be sent, are not as the build wrote them.
    Altered(Vec<String>),
}

impl Deploy<'_> {
    /// Deploys. Before anything is sent, `begin` gets what was found out, and the question that
    /// needs confirmation, if there is one; if it returns false, nothing is sent.
    ///
    /// # Errors
    /// When another deploy is under way, the target refuses, or a file is changed meanwhile.
    /// What was sent by then leaves no hole, and the next deploy finishes the work.
    pub fn run(
        &self,
        begin: &dyn Fn(&Survey, Option<&Question>) -> bool,
        progress: &dyn Progress,
    ) -> Result<Result<Done, Stopped>, DeployError> {
        let lock = self.target.lock()?;
        let mut survey = self.survey(progress)?;
        survey.notes.extend(self.target.notes());
        let altered = self.altered(&survey.plan, progress)?;
        if !altered.is_empty() {
            lock.release();
            return Ok(Err(Stopped::Altered(altered)));
        }
        let question = self.question(&survey);
        let may_begin = begin(&survey, question.as_ref());
        if let Some(question) = question.filter(|_| !may_begin) {
            lock.release();
            return Ok(Err(Stopped::Refused(question)));
        }
        let bytes = self
            .carry_out(&survey, lock.as_ref(), progress)
            .map_err(|error| {
                // That another deploy is at work matters more than any other error.
                if lock.hold() == LockState::Taken {
                    DeployError::Lost(self.shown.to_owned())
                } else {
                    error
                }
            })?;
        lock.release();
        Ok(Ok(Done {
            plan: survey.plan,
            bytes,
        }))
    }

    /// The files among those to send that are not as the build wrote them, sorted. They are read
    /// before anything is sent, so that a site with such a file is not sent by halves.
    fn altered(&self, plan: &Plan, progress: &dyn Progress) -> Result<Vec<String>, DeployError> {
        // A compressed copy is made of the same file.
        let mut numbers: Vec<usize> = plan.steps().map(|step| step.item).collect();
        numbers.sort_unstable_by_key(|item| &self.items[*item].source);
        numbers.dedup_by_key(|item| &self.items[*item].source);
        progress.begin("reading", numbers.len());
        let altered: Mutex<BTreeSet<String>> = Mutex::default();
        self.in_parallel(&numbers, None, &|item| {
            if item.read(self.folder)?.is_none() {
                altered
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(item.source.clone());
            }
            progress.step();
            Ok(())
        })?;
        let altered = altered.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(altered.into_iter().collect())
    }

    fn carry_out(
        &self,
        survey: &Survey,
        lock: &dyn Lock,
        progress: &dyn Progress,
    ) -> Result<u64, DeployError> {
        let plan = &survey.plan;
        let is_nothing = plan.groups.is_empty() && plan.deletions() == 0;
        if !is_nothing && self.target.needs_intent() {
            // The survey may have taken minutes, and the question hours.
            self.held(lock)?;
            self.leave_intent(survey)?;
        }
        self.delete(&plan.clear, lock)?;
        progress.begin("files", plan.steps().count());
        let sent = Mutex::new(0_u64);
        for group in &plan.groups {
            let numbers: Vec<usize> = group.iter().map(|step| step.item).collect();
            self.in_parallel(&numbers, Some(lock), &|item| {
                let body = item.body(self.folder)?;
                let length = body.len() as u64;
                self.target.put(&item.entry, body)?;
                *sent.lock().unwrap_or_else(PoisonError::into_inner) += length;
                progress.step();
                Ok(())
            })?;
        }
        if !survey.is_recorded {
            self.held(lock)?;
            self.target.store(
                RECORD,
                too_large(self.record().to_bytes())?,
                survey.record_at.as_ref(),
            )?;
        }
        self.delete(&plan.delete, lock)?;
        if survey.intent_at.is_some() || !is_nothing {
            self.held(lock)?;
            self.target.forget(INTENT)?;
        }
        self.target.finish()?;
        Ok(sent.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn record(&self) -> Record {
        let entries = self
            .items
            .iter()
            .map(|item| (item.entry.path.clone(), item.entry.clone()));
        Record {
            site: self.site.to_owned(),
            entries: entries.collect(),
        }
    }

    fn leave_intent(&self, survey: &Survey) -> Result<(), DeployError> {
        let plan = &survey.plan;
        let mut touched: BTreeSet<String> = survey.intent.touched.clone();
        touched.extend(
            plan.steps()
                .map(|step| self.items[step.item].entry.path.clone()),
        );
        touched.extend(plan.clear.iter().chain(&plan.delete).cloned());
        let bytes = too_large(
            Intent {
                site: self.site.to_owned(),
                touched,
            }
            .to_bytes(),
        )?;
        self.target.store(INTENT, bytes, survey.intent_at.as_ref())
    }

    fn delete(&self, paths: &[String], lock: &dyn Lock) -> Result<(), DeployError> {
        for paths in paths.chunks(DELETE_AT_ONCE) {
            self.held(lock)?;
            self.target.delete(paths)?;
        }
        Ok(())
    }

    fn held(&self, lock: &dyn Lock) -> Result<(), DeployError> {
        match lock.hold() {
            LockState::Held => Ok(()),
            LockState::Doubtful => Err(DeployError::Doubtful(self.shown.to_owned())),
            LockState::Taken => Err(DeployError::Lost(self.shown.to_owned())),
        }
    }

    /// Does something for each of some items, in as many threads as there are jobs. The first
    /// error stops all of them.
    pub(super) fn in_parallel(
        &self,
        numbers: &[usize],
        lock: Option<&dyn Lock>,
        work: &(dyn Fn(&Item) -> Result<(), DeployError> + Sync),
    ) -> Result<(), DeployError> {
        let next = AtomicUsize::new(0);
        let first_error: Mutex<Option<DeployError>> = Mutex::new(None);
        let memory = Memory::default();
        let worker = || {
            while let Some(&number) = numbers.get(next.fetch_add(1, Ordering::Relaxed)) {
                let item = &self.items[number];
                let held = lock.map_or(Ok(()), |lock| self.held(lock));
                if let Err(error) = held.and_then(|()| memory.with(item.entry.size, || work(item)))
                {
                    // The others end with the file that they are at.
                    next.store(numbers.len(), Ordering::Relaxed);
                    first_error
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .get_or_insert(error);
                }
            }
        };
        let others = self.options.jobs.min(numbers.len()).saturating_sub(1);
        thread::scope(|scope| {
            for _ in 0..others {
                scope.spawn(worker);
            }
            worker();
        });
        first_error
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .map_or(Ok(()), Err)
    }
}

fn too_large(bytes: std::io::Result<Vec<u8>>) -> Result<Vec<u8>, DeployError> {
    bytes.map_err(|error| DeployError::TooLarge(error.to_string()))
}

/// Keeps the files in memory at any time below a bound.
#[derive(Default)]
struct Memory {
    used: Mutex<u64>,
    freed: Condvar,
}

impl Memory {
    /// Does some work that needs memory, when there is room for it.
    fn with<T>(&self, bytes: u64, work: impl FnOnce() -> T) -> T {
        let bytes = bytes.min(MEMORY);
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let mut used = self
            .freed
            .wait_while(used, |used| *used + bytes > MEMORY)
            .unwrap_or_else(PoisonError::into_inner);
        *used += bytes;
        drop(used);
        let result = work();
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) -= bytes;
        self.freed.notify_all();
        result
    }
}

impl Plan {
    /// How many files are sent for each reason, in the order of the reasons.
    pub fn counts(&self) -> BTreeMap<Why, usize> {
        let mut counts = BTreeMap::new();
        for step in self.steps() {
            *counts.entry(step.why).or_default() += 1;
        }
        counts
    }
}
