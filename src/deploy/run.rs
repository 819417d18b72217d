//! A deploy, from the lock to the last deletion.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use super::item::Item;
use super::plan::{self, Found, Plan, Remote, Send, Why};
use super::record::{Intent, Record};
use super::{Lock, Stored, Target, Trouble};
use crate::pipeline::Progress;

const RECORD: &str = "record";
const INTENT: &str = "intent";

/// Bytes of files that may be in memory at once; a larger file goes alone.
const MEMORY: u64 = 256 << 20;
/// So many paths are looked up one by one; for more, the target is listed first.
const FEW: usize = 500;
/// Deletions in one call, between two looks at the lock.
const DELETE_AT_ONCE: usize = 1000;
/// Up to so many deletions are never too many.
const ALWAYS_DELETED: usize = 10;

/// How to deploy.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What to send.
    pub send: Send,
    /// How much of the files at the target may be deleted without being asked about, in percent.
    pub delete_limit: usize,
    /// Requests at once.
    pub jobs: usize,
}

/// A site on its way to a target.
pub struct Deploy<'a> {
    /// The folder of the site.
    pub folder: &'a Path,
    /// Address of the site.
    pub site: &'a str,
    /// What is to stand at the target.
    pub items: &'a [Item],
    /// Where it goes.
    pub target: &'a dyn Target,
    /// The target as a person would name it.
    pub shown: &'a str,
    /// How.
    pub options: Options,
}

/// What was found out before anything is sent.
#[derive(Debug)]
pub struct Survey {
    /// What there is to do.
    pub plan: Plan,
    /// What is worth telling.
    pub notes: Vec<String>,
    /// How many files the target holds as far as is known.
    pub at_target: usize,
    intent: Intent,
    /// Whether an intent stands at the target.
    has_intent: bool,
    record: Option<Stored>,
    /// Whether the record at the target is that of this site, and would not change.
    is_recorded: bool,
}

/// Deletions that need a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Files to delete.
    pub delete: usize,
    /// Of so many.
    pub of: usize,
}

/// What a deploy did.
#[derive(Debug)]
pub struct Done {
    /// What there was to do.
    pub plan: Plan,
    /// Bytes that were sent.
    pub bytes: u64,
    /// What is worth telling.
    pub notes: Vec<String>,
}

impl Deploy<'_> {
    /// Finds out what there is to do, and writes nothing.
    ///
    /// # Errors
    /// When the target refuses.
    pub fn survey(&self, progress: &dyn Progress) -> Result<Survey, Trouble> {
        let mut notes = Vec::new();
        let stored = self.target.load(RECORD)?;
        let record = match stored.as_ref().map(|stored| Record::of_bytes(&stored.bytes)) {
            Some(Some(record)) if record.site == self.site => Some(record),
            Some(Some(record)) => {
                notes.push(format!(
                    "{} was deployed for {} so far, and this site is {}; its files are compared one by one, and none is deleted",
                    self.shown, record.site, self.site
                ));
                None
            }
            Some(None) => {
                notes.push(format!(
                    "the record of the last deploy to {} is damaged or of another version; its files are compared one by \
                     one, and those that the site no longer has stay",
                    self.shown
                ));
                None
            }
            None => None,
        };
        let stored_intent = self.target.load(INTENT)?;
        let has_intent = stored_intent.is_some();
        let intent = stored_intent.as_ref().map(|stored| Intent::of_bytes(&stored.bytes));
        let is_blind = record.is_none() || matches!(intent, Some(None));
        match intent {
            None => {}
            Some(Some(_)) => {
                notes.push("the last deploy did not come to its end; this one finishes its work".to_owned());
            }
            Some(None) => notes.push(format!(
                "the last deploy did not come to its end, and its notes at {} are damaged; all files are compared, and files \
                 that it alone sent may stay",
                self.shown
            )),
        }
        let intent = intent.flatten().unwrap_or_default();
        let at_target = record.as_ref().map_or(0, |record| record.entries.len());
        let is_recorded = record.as_ref().is_some_and(|record| {
            record.entries.len() == self.items.len()
                && record.entries.values().eq(self.items.iter().map(|item| &item.entry))
        });
        let recorded = record.map(|record| record.entries).unwrap_or_default();
        let mut remote = Remote { recorded, intent, found: BTreeMap::new() };
        if self.options.send == Send::Changes {
            self.look_up(&mut remote, is_blind, stored.is_none() && !has_intent, &mut notes, progress)?;
        }
        let plan = plan::plan(self.items, &remote, self.options.send, self.target.shape());
        Ok(Survey { plan, notes, at_target, intent: remote.intent, has_intent, record: stored, is_recorded })
    }

    /// Looks up at the target what no record tells.
    fn look_up(
        &self,
        remote: &mut Remote,
        is_blind: bool,
        is_first: bool,
        notes: &mut Vec<String>,
        progress: &dyn Progress,
    ) -> Result<(), Trouble> {
        let touched = plan::unsure(self.items, &remote.intent, None).len();
        let listed = if is_blind || touched > FEW { Some(self.target.list()?) } else { None };
        if let Some(listed) = &listed {
            // What is not listed is not there, whatever a deploy meant to do or recorded.
            let paths = self.items.iter().map(|item| &item.entry.path).chain(&remote.intent.touched);
            let absent = paths.filter(|path| !listed.contains(*path));
            remote.found.extend(absent.map(|path| (path.clone(), Found::Absent)));
            if is_first && !listed.is_empty() {
                notes.push(format!(
                    "{} has no record of an earlier deploy, and {} files; those that the site has too are compared, the others stay",
                    self.shown,
                    listed.len()
                ));
            }
        }
        let listed = listed.as_ref().filter(|_| is_blind);
        let numbers: Vec<usize> = plan::unsure(self.items, &remote.intent, listed)
            .into_iter()
            .filter(|number| !remote.found.contains_key(&self.items[*number].entry.path))
            .collect();
        progress.begin("comparing", numbers.len());
        let found: Mutex<BTreeMap<String, Found>> = Mutex::default();
        self.in_parallel(&numbers, None, &|item| {
            let what = self.target.find(&item.entry, &|| item.body(self.folder))?;
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(item.entry.path.clone(), what);
            progress.step();
            Ok(())
        })?;
        remote.found.extend(found.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }

    fn record(&self) -> Record {
        let entries = self.items.iter().map(|item| (item.entry.path.clone(), item.entry.clone()));
        Record { site: self.site.to_owned(), entries: entries.collect() }
    }

    /// Whether a plan deletes more than the limit allows.
    pub fn question(&self, survey: &Survey) -> Option<Question> {
        let delete = survey.plan.deletions() - survey.plan.spared;
        let too_many = delete > ALWAYS_DELETED && delete * 100 > survey.at_target * self.options.delete_limit;
        too_many.then_some(Question { delete, of: survey.at_target.max(delete) })
    }

    /// Deploys. `may_delete` is asked when more is to be deleted than the limit allows; after a no, nothing is sent.
    ///
    /// # Errors
    /// When another deploy is under way, the target refuses, or a file was changed since the build. What was sent by then leaves no
    /// hole, and the next deploy finishes the work.
    pub fn run(
        &self,
        may_delete: &dyn Fn(Question) -> bool,
        progress: &dyn Progress,
    ) -> Result<Result<Done, Question>, Trouble> {
        let lock = self.target.lock()?;
        let survey = self.survey(progress)?;
        if let Some(question) = self.question(&survey).filter(|question| !may_delete(*question)) {
            lock.release();
            return Ok(Err(question));
        }
        let bytes = self.carry_out(&survey, lock.as_ref(), progress).map_err(|trouble| {
            // Whatever else went wrong, that another deploy is at work is what a person has to know.
            if lock.is_held() { trouble } else { Trouble::lost(self.shown) }
        })?;
        lock.release();
        let notes = survey.notes.into_iter().chain(self.target.notes()).collect();
        Ok(Ok(Done { plan: survey.plan, bytes, notes }))
    }

    fn carry_out(&self, survey: &Survey, lock: &dyn Lock, progress: &dyn Progress) -> Result<u64, Trouble> {
        let plan = &survey.plan;
        let is_nothing = plan.groups.is_empty() && plan.deletions() == 0;
        if !is_nothing && self.target.needs_intent() {
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
            self.target.store(RECORD, too_large(self.record().to_bytes())?, survey.record.as_ref())?;
        }
        self.delete(&plan.delete, lock)?;
        if survey.has_intent || !is_nothing {
            self.held(lock)?;
            self.target.forget(INTENT)?;
        }
        self.target.finish()?;
        Ok(sent.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn leave_intent(&self, survey: &Survey) -> Result<(), Trouble> {
        let plan = &survey.plan;
        let mut touched: BTreeSet<String> = survey.intent.touched.clone();
        touched.extend(plan.steps().map(|step| self.items[step.item].entry.path.clone()));
        touched.extend(plan.clear.iter().chain(&plan.delete).cloned());
        let bytes = too_large(Intent { touched }.to_bytes())?;
        // Under the lock nobody else writes it.
        self.target.store(INTENT, bytes, Some(&Stored { bytes: Vec::new(), version: None }))
    }

    fn delete(&self, paths: &[String], lock: &dyn Lock) -> Result<(), Trouble> {
        for paths in paths.chunks(DELETE_AT_ONCE) {
            self.held(lock)?;
            self.target.delete(paths)?;
        }
        Ok(())
    }

    fn held(&self, lock: &dyn Lock) -> Result<(), Trouble> {
        if lock.is_held() { Ok(()) } else { Err(Trouble::lost(self.shown)) }
    }

    /// Does something for each of some items, in as many threads as there are jobs. The first trouble stops all.
    fn in_parallel(
        &self,
        numbers: &[usize],
        lock: Option<&dyn Lock>,
        work: &(dyn Fn(&Item) -> Result<(), Trouble> + Sync),
    ) -> Result<(), Trouble> {
        let next = AtomicUsize::new(0);
        let trouble: Mutex<Option<Trouble>> = Mutex::new(None);
        let memory = Memory::default();
        let is_held = || lock.is_none_or(|lock| lock.is_held());
        let worker = || {
            while let Some(&number) = numbers.get(next.fetch_add(1, Ordering::Relaxed)) {
                let item = &self.items[number];
                let result = if is_held() {
                    memory.with(item.entry.size, || work(item))
                } else {
                    Err(Trouble::lost(self.shown))
                };
                if let Err(error) = result {
                    // The others end with the file that they are at.
                    next.store(numbers.len(), Ordering::Relaxed);
                    trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
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
        trouble.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }
}

fn too_large(bytes: std::io::Result<Vec<u8>>) -> Result<Vec<u8>, Trouble> {
    bytes.map_err(|error| Trouble::told(format!("the site is too large for a record: {error}")))
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
        let mut used =
            self.freed.wait_while(used, |used| *used + bytes > MEMORY).unwrap_or_else(PoisonError::into_inner);
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
