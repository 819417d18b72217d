//! What is found out before anything is sent: what earlier deploys recorded, and what is looked up
//! where they recorded nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::item::Item;
use super::plan::{self, Found, Plan, Remote, Send};
use super::record::{INTENT, Intent, RECORD, Record};
use super::{Deploy, DeployError, Stored};
use crate::hash::{Hash128, Hasher};
use crate::pipeline::Progress;
use crate::plan::Role;

/// So many paths are looked up one by one; for more, the target is listed first.
const FEW: usize = 500;
/// So many files of a bucket are looked up although they are recorded.
const SAMPLE: usize = 16;
/// Up to so many deletions are never too many.
const ALWAYS_DELETED: usize = 10;

/// What was found out before anything is sent.
#[derive(Debug)]
pub struct Survey {
    /// What there is to do.
    pub plan: Plan,
    /// What is worth reporting.
    pub notes: Vec<String>,
    /// How many files the target holds as far as is known.
    pub at_target: usize,
    /// Address of the other site whose place this is.
    pub(super) other_site: Option<String>,
    pub(super) intent: Intent,
    /// The intent as it stands at the target.
    pub(super) intent_at: Option<Stored>,
    /// The record as it stands at the target.
    pub(super) record_at: Option<Stored>,
    /// Whether the record at the target is that of this site, and would not change.
    pub(super) is_recorded: bool,
}

/// What needs confirmation before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// More would be deleted than the limit allows.
    Delete {
        /// Files to delete.
        delete: usize,
        /// Of so many.
        of: usize,
    },
    /// The target belongs to another site, of this address.
    OtherSite(String),
}

/// What earlier deploys left at the target.
#[derive(Default)]
struct Left {
    /// The record, if it is of this site.
    record: Option<Record>,
    record_at: Option<Stored>,
    /// The intent, if it is of this site.
    intent: Intent,
    intent_at: Option<Stored>,
    other_site: Option<String>,
    /// Whether the record is not enough to know what stands at the target.
    is_blind: bool,
    notes: Vec<String>,
}

/// What is to be looked up although there may be a record of it.
struct Doubt {
    /// Paths that may not be as they are recorded.
    suspects: BTreeSet<String>,
    /// Whether everything is to be looked up.
    is_blind: bool,
    /// Whether no deploy has left anything.
    is_first: bool,
}

impl Deploy<'_> {
    /// Finds out what there is to do, and writes nothing.
    ///
    /// # Errors
    /// When the target refuses.
    pub fn survey(&self, progress: &dyn Progress) -> Result<Survey, DeployError> {
        let Left {
            record,
            record_at,
            intent,
            intent_at,
            other_site,
            is_blind,
            mut notes,
        } = self.left()?;

        let at_target = record.as_ref().map_or(0, |record| record.entries.len());
        let is_complete = |record: &Record| {
            record.entries.len() == self.items.len()
                && record
                    .entries
                    .values()
                    .eq(self.items.iter().map(|item| &item.entry))
        };
        // When all files are sent, the record is written anew: it must not be older than they are.
        let mut is_recorded =
            self.options.send == Send::Changes && record.as_ref().is_some_and(is_complete);
        let recorded = record.map(|record| record.entries).unwrap_or_default();
        let mut remote = Remote {
            recorded,
            intent,
            found: BTreeMap::new(),
        };

        if self.options.send == Send::Changes {
            let suspects = self.target.suspects(&remote.recorded)?;
            if !suspects.is_empty() {
                // Then what is there now is on record again, and no longer suspect.
                is_recorded = false;
            }
            let mut is_blind = is_blind || self.options.read_all;
            if !is_blind && let Some(note) = self.look_at_sample(&remote, record_at.as_ref())? {
                is_blind = true;
                notes.push(note);
            }
            let is_first = record_at.is_none() && intent_at.is_none();
            let doubt = Doubt {
                suspects,
                is_blind,
                is_first,
            };
            self.look_up(&mut remote, &doubt, &mut notes, progress)?;
        }

        let plan = plan::plan(self.items, &remote, self.options.send, self.target.shape());
        let intent = remote.intent;
        Ok(Survey {
            plan,
            notes,
            at_target,
            other_site,
            intent,
            intent_at,
            record_at,
            is_recorded,
        })
    }

    /// Looks at some files where it costs a request each, and says so if some are not as they are
    /// recorded.
    fn look_at_sample(
        &self,
        remote: &Remote,
        record: Option<&Stored>,
    ) -> Result<Option<String>, DeployError> {
        if !self.target.is_sampled() {
            return Ok(None);
        }
        let sample = self.sample(remote, record);
        let others = self.others(&sample)?;
        Ok((others > 0).then(|| {
            format!(
                "{others} of {} files that were looked at in {} are not as the last deploy left \
                 them; all files are compared",
                sample.len(),
                self.shown
            )
        }))
    }

    /// Some of the files that are to stay as they are recorded, by number: the front page, and
    /// others that the record chooses by its hash, so that each deploy that changes something looks
    /// at others.
    fn sample(&self, remote: &Remote, record: Option<&Stored>) -> Vec<usize> {
        let seed = Hash128::of(record.map_or(&[], |record| record.bytes.as_slice()));
        let is_kept = |item: &Item| {
            let entry = &item.entry;
            remote.recorded.get(&entry.path) == Some(entry)
                && !remote.intent.touched.contains(&entry.path)
        };
        let kept = self.items.iter().enumerate();
        let mut kept: Vec<(bool, Hash128, usize)> = kept
            .filter(|(_, item)| is_kept(item))
            .map(|(number, item)| {
                let mut hasher = Hasher::new("sample");
                hasher.hash(seed).text(&item.entry.path);
                (item.role != Role::Front, hasher.finish(), number)
            })
            .collect();
        kept.sort_unstable();
        kept.truncate(SAMPLE);
        kept.into_iter().map(|(_, _, number)| number).collect()
    }

    /// How many of some files are not at the target as they should be.
    fn others(&self, numbers: &[usize]) -> Result<usize, DeployError> {
        let others = AtomicUsize::new(0);
        self.in_parallel(numbers, None, &|item| {
            let found = self.target.find(&item.entry, &|| item.body(self.folder))?;
            others.fetch_add(usize::from(found != Found::Same), Ordering::Relaxed);
            Ok(())
        })?;
        Ok(others.into_inner())
    }

    /// Reads what earlier deploys left.
    fn left(&self) -> Result<Left, DeployError> {
        let mut left = Left {
            record_at: self.target.load(RECORD)?,
            intent_at: self.target.load(INTENT)?,
            ..Left::default()
        };
        self.read_record(&mut left);
        self.read_intent(&mut left);
        if let Some(other) = &left.other_site {
            left.notes.push(format!(
                "{} currently holds {other}, and this site is {}; files are compared one by one, \
                 and none is deleted",
                self.shown, self.site
            ));
        }
        if left.intent.site == self.site {
            // A deploy of this site had begun to take the place, so it was allowed to.
            left.other_site = None;
        }
        Ok(left)
    }

    /// Reads what the last deploy that finished left.
    fn read_record(&self, left: &mut Left) {
        let record = left.record_at.as_ref();
        match record.map(|stored| Record::of_bytes(&stored.bytes)) {
            None => {}
            Some(Some(record)) if record.site == self.site => left.record = Some(record),
            Some(Some(record)) => left.other_site = Some(record.site),
            Some(None) => left.notes.push(format!(
                "the record of the last deploy to {} is damaged or from another version; files are \
                 compared one by one, and files that are no longer part of the site are kept",
                self.shown
            )),
        }
        left.is_blind = left.record.is_none();
    }

    /// Reads what a deploy that did not finish was about to do.
    fn read_intent(&self, left: &mut Left) {
        let unfinished = "the last deploy did not finish";
        let intent = left.intent_at.as_ref();
        match intent.map(|stored| Intent::of_bytes(&stored.bytes)) {
            None => {}
            Some(Some(intent)) if intent.site == self.site => {
                left.intent = intent;
                left.notes
                    .push(format!("{unfinished}; this one completes it"));
            }
            Some(Some(intent)) => {
                // What it names is not to be deleted for this site, so nothing of it may get into
                // an intent of this site.
                left.is_blind = true;
                left.notes.push(format!(
                    "{unfinished}, and it was a deploy of {}; all files are compared",
                    intent.site
                ));
                left.other_site = left
                    .other_site
                    .take()
                    .or(Some(intent.site))
                    .filter(|_| left.record.is_none());
            }
            Some(None) => {
                left.is_blind = true;
                left.notes.push(format!(
                    "{unfinished}, and its intent at {} is damaged; all files are compared, and \
                     files that only it sent may be left over",
                    self.shown
                ));
            }
        }
    }

    /// Looks up at the target what no record says.
    fn look_up(
        &self,
        remote: &mut Remote,
        doubt: &Doubt,
        notes: &mut Vec<String>,
        progress: &dyn Progress,
    ) -> Result<(), DeployError> {
        let Doubt {
            suspects,
            is_blind,
            is_first,
        } = doubt;
        let (is_blind, is_first) = (*is_blind, *is_first);
        let touched = plan::unsure(self.items, &remote.intent, suspects, None).len();
        let listed = if is_blind || touched > FEW {
            Some(self.target.list()?)
        } else {
            None
        };
        if let Some(listed) = &listed {
            // What is not listed is not there, whatever a deploy meant to do or recorded.
            let paths = self
                .items
                .iter()
                .map(|item| &item.entry.path)
                .chain(&remote.intent.touched);
            let absent = paths.filter(|path| !listed.contains(*path));
            remote
                .found
                .extend(absent.map(|path| (path.clone(), Found::Absent)));
            if is_first && !listed.is_empty() {
                notes.push(format!(
                    "{} has no record of an earlier deploy, but {} files; those that are also part \
                     of the site are compared, the others are kept",
                    self.shown,
                    listed.len()
                ));
            }
        }
        let listed = listed.as_ref().filter(|_| is_blind);
        let numbers: Vec<usize> = plan::unsure(self.items, &remote.intent, suspects, listed)
            .into_iter()
            .filter(|number| !remote.found.contains_key(&self.items[*number].entry.path))
            .collect();
        progress.begin("comparing", numbers.len());
        let found: Mutex<BTreeMap<String, Found>> = Mutex::default();
        self.in_parallel(&numbers, None, &|item| {
            let what = self.target.find(&item.entry, &|| item.body(self.folder))?;
            found
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(item.entry.path.clone(), what);
            progress.step();
            Ok(())
        })?;
        remote
            .found
            .extend(found.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }

    /// What of a survey needs confirmation: that the target belongs to another site, or more
    /// deletions than the limit allows. Sending everything (`--force`) confirms the former.
    pub fn question(&self, survey: &Survey) -> Option<Question> {
        if let Some(other) = survey
            .other_site
            .as_ref()
            .filter(|_| self.options.send == Send::Changes)
        {
            return Some(Question::OtherSite(other.clone()));
        }
        let delete = survey.plan.deletions() - survey.plan.spared;
        let too_many =
            delete > ALWAYS_DELETED && delete * 100 > survey.at_target * self.options.delete_limit;
        too_many.then_some(Question::Delete {
            delete,
            of: survey.at_target.max(delete),
        })
    }
}
