//! One run over all sources that are due.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use url::Url;

use super::CannotWrite;
use super::feed::Feed;
use super::intake::{Intake, Taken};
use super::memory::{Memory, SourceMemory};
use super::poll::{Answer, Next, Poll, Request};
use super::register;
use super::{answer, forget, schedule};
use crate::content::{SourceFile, link};
use crate::http::{Client, Response, Validators};
use crate::time::Time;

/// What came of asking for the feed of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// A feed.
    Feed,
    /// The server says that nothing changed.
    Unchanged,
    /// No feed, and why.
    Nothing(String),
    /// It was not asked, since its host asked to be left alone.
    Postponed,
}

/// What became of a source in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Name of the source.
    pub name: String,
    /// Path of its file.
    pub path: String,
    /// What came.
    pub came: Came,
    /// What was taken in.
    pub taken: Taken,
    /// What is worth knowing: changes of its file, and a feed without entries.
    pub remarks: Vec<String>,
    /// What was mended in the feed.
    pub details: Vec<String>,
    /// When it is due again.
    pub next: Option<Time>,
}

/// Which sources are asked, and how.
pub struct Plan<'a> {
    /// All sources.
    pub sources: &'a [SourceFile],
    /// Names of those that are asked, due or not; if there are none, all that are due.
    pub only: &'a [String],
    /// Connections at once.
    pub jobs: u16,
    /// Set when the run has to stop: what has come by then is taken in.
    pub stop: &'a AtomicBool,
}

/// Hears how far a run has come.
pub trait Watch {
    /// So many sources are asked.
    fn begin(&mut self, total: usize);
    /// A source is done.
    fn step(&mut self);
}

/// The sources that a run asks, in the order of their names: those that are due and not paused.
pub fn due<'a>(plan: &Plan<'a>, memory: &Memory, now: Time) -> Vec<&'a SourceFile> {
    let is_due = |source: &&SourceFile| match plan.only {
        [] => {
            let known = memory.sources.get(&source.name);
            let known = known.filter(|known| known.feed == source.feed);
            known.is_none_or(|known| known.next <= now.seconds())
        }
        only => only.contains(&source.name),
    };
    let active = plan.sources.iter().filter(|source| !source.is_paused);
    let mut due: Vec<&SourceFile> = active.filter(is_due).collect();
    due.sort_by(|a, b| a.name.cmp(&b.name));
    due
}

/// Asks for the feeds of all sources that are due, and takes in what comes, in the order of their
/// names. `save` keeps what is remembered, every now and then. A run that is stopped has reports of
/// the sources that had answered.
///
/// # Errors
/// When the machine fails; what was taken in by then stays.
pub fn run(
    intake: &mut Intake<'_>,
    memory: &mut Memory,
    plan: &Plan<'_>,
    client: Client,
    watch: &mut dyn Watch,
    save: &mut dyn FnMut(&Memory) -> Result<(), CannotWrite>,
) -> Result<Vec<Report>, CannotWrite> {
    let now = intake.now;
    let due = due(plan, memory, now);
    memory
        .sources
        .retain(|name, _| plan.sources.iter().any(|source| source.name == *name));
    watch.begin(due.len());
    let mut requests = Vec::new();
    let mut asked = Vec::new();
    let mut answers = BTreeMap::new();
    for (at, source) in due.iter().enumerate() {
        let known = memory.sources.entry(source.name.clone()).or_default();
        if known.feed != source.feed {
            *known = SourceMemory {
                feed: source.feed.clone(),
                ..SourceMemory::default()
            };
        }
        match Url::parse(&source.feed) {
            Ok(url) => {
                requests.push(Request {
                    url,
                    known: match forget::is_to_be_read(known, now) {
                        true => Validators::default(),
                        false => known.validators(),
                    },
                });
                asked.push(at);
            }
            Err(_) => {
                let error = crate::http::Error::Address(source.feed.clone());
                answers.insert(at, Answer::Error(error));
            }
        }
    }
    let mut poll = Poll::start(client, requests, plan.jobs, &memory.hosts, now)
        .map_err(|error| ("a connection".to_owned(), error.into()))?;
    let mut reports: Vec<Report> = Vec::new();
    while reports.len() < due.len() {
        match answers.remove(&reports.len()) {
            Some(answer) => {
                let source = due[reports.len()];
                reports.push(receive(intake, memory, plan, &mut poll, source, answer));
                watch.step();
                let is_time = reports.len().is_multiple_of(SAVED_EVERY);
                if is_time || intake.outbox.is_full() {
                    write(intake, &mut reports)?;
                    save(memory)?;
                }
            }
            None if plan.stop.load(Ordering::Relaxed) => break,
            None => match poll.next() {
                Next::Answer(number, answer) => drop(answers.insert(asked[number], answer)),
                Next::NotYet => {}
                // All are answered; this is a task that did not end well.
                Next::End => {
                    let at = reports.len();
                    let error = crate::http::Error::Broken("it was given up".to_owned());
                    answers.insert(at, Answer::Error(error));
                }
            },
        }
    }
    // Of a run that was stopped: answers that waited for one that has not come.
    answers.extend(poll.rest().map(|(number, answer)| (asked[number], answer)));
    for (at, answer) in answers {
        reports.push(receive(intake, memory, plan, &mut poll, due[at], answer));
    }
    memory.hosts.retain(|_, until| *until > now.seconds());
    memory.hosts.extend(poll.paused(now));
    write(intake, &mut reports)?;
    save(memory)?;
    Ok(reports)
}

/// Writes what was taken in so far. What is remembered of sources is written after it: a feed whose
/// items are not written yet has to be sent again.
fn write(intake: &mut Intake<'_>, reports: &mut [Report]) -> Result<(), CannotWrite> {
    let written = intake.write()?;
    for (planned, path) in written.renamed {
        let mut queued = reports.iter_mut().flat_map(|it| &mut it.taken.queued);
        if let Some(queued) = queued.find(|queued| **queued == planned) {
            *queued = path;
        }
    }
    for (candidate, error) in written.refused {
        let is_it = |it: &&mut Report| it.taken.updated.contains(&candidate);
        let Some(Report { taken, .. }) = reports.iter_mut().find(is_it) else {
            continue;
        };
        taken.updated.retain(|updated| *updated != candidate);
        let remark = format!("{candidate} is not updated: {error}");
        taken.remarks.push(remark);
    }
    for (candidate, published) in written.published {
        let is_it = |it: &&mut Report| it.taken.queued.contains(&candidate);
        let Some(Report { taken, .. }) = reports.iter_mut().find(is_it) else {
            continue;
        };
        match published {
            Ok(path) => {
                taken.queued.retain(|queued| *queued != candidate);
                taken.published.push(path);
            }
            Err(reason) => taken
                .remarks
                .push(format!("{candidate} is not published: {reason}")),
        }
    }
    Ok(())
}

/// Sources between two times that the memory is written.
const SAVED_EVERY: usize = 16;

/// Receives the answer for a source.
fn receive(
    intake: &mut Intake<'_>,
    memory: &mut Memory,
    plan: &Plan<'_>,
    poll: &mut Poll,
    source: &SourceFile,
    answer: Answer,
) -> Report {
    let now = intake.now;
    let every = source.every.unwrap_or(intake.config.fetch.every);
    let mut is_paused = false;
    let mut report = Report {
        name: source.name.clone(),
        path: source.path.clone(),
        came: Came::Postponed,
        taken: Taken::default(),
        remarks: Vec::new(),
        details: Vec::new(),
        next: None,
    };
    let mut known = memory
        .sources
        .get(&source.name)
        .cloned()
        .unwrap_or_default();
    let mut asked_for = 0;
    let failure = match answer {
        Answer::Postponed(until) => {
            known.next = until;
            None
        }
        Answer::Error(error) => Some(error.to_string()),
        Answer::Response(response) if response.is_unchanged() && known.answered.is_some() => {
            report.came = Came::Unchanged;
            refresh(&mut known, &response);
            known.next = schedule::after_answer(&response, every, known.ttl, now);
            None
        }
        Answer::Response(response) => {
            asked_for = schedule::asked_for(&response, now);
            match read(&response) {
                Ok(feed) => {
                    report.came = Came::Feed;
                    report.taken =
                        intake.take(source, &feed, &mut |urls| poll.pages(urls, plan.stop));
                    remark(&mut report, &feed);
                    known.read = Some(now.seconds());
                    known.set_validators(&response.validators);
                    known.ttl = feed.ttl;
                    known.next = schedule::after_answer(&response, every, feed.ttl, now);
                    let moved = response.moved.as_ref().filter(|_| !feed.entries.is_empty());
                    if let Some(moved) = moved {
                        let to = follow(intake, plan, source, moved, &mut report);
                        known.feed = to.unwrap_or(known.feed);
                    }
                    None
                }
                Err(reason) => {
                    if response.status == 410 {
                        is_paused = pause(intake, source, &mut report);
                    }
                    Some(reason)
                }
            }
        }
    };
    match failure {
        Some(reason) => {
            known.failures = known.failures.saturating_add(1);
            known.next =
                schedule::after_failure(&source.name, known.failures, every, asked_for, now);
            known.problem = Some(reason.clone());
            report.came = Came::Nothing(reason);
        }
        None if report.came != Came::Postponed => {
            known.failures = 0;
            known.problem = None;
            known.answered = Some(now.seconds());
        }
        None => {}
    }
    report.next = Time::from_seconds(known.next).filter(|_| !is_paused);
    memory.sources.insert(source.name.clone(), known);
    report
}

/// The feed of an answer, or why there is none.
fn read(response: &Response) -> Result<Feed, String> {
    if let Some(refusal) = answer::refusal(response) {
        return Err(refusal);
    }
    answer::feed(response).map_err(|error| error.to_string())
}

/// Validators that come with a 304 take the place of those that were sent (RFC 9111, § 3.2).
fn refresh(known: &mut SourceMemory, response: &Response) {
    let mut validators = known.validators();
    let new = &response.validators;
    validators.etag = new.etag.clone().or(validators.etag);
    validators.last_modified = new.last_modified.clone().or(validators.last_modified);
    known.set_validators(&validators);
}

fn remark(report: &mut Report, feed: &Feed) {
    if feed.entries.is_empty() {
        let format = feed.format.name();
        let remark = format!("the feed ({format}) has no entries");
        report.remarks.push(remark);
    }
    report.details.extend(feed.remarks.iter().cloned());
}

/// Changes the address of a source to the one that its feed has moved to for ever, and returns it
/// if that was done.
fn follow(
    intake: &Intake<'_>,
    plan: &Plan<'_>,
    source: &SourceFile,
    moved: &Url,
    report: &mut Report,
) -> Option<String> {
    let to = link::web_url(moved.as_str())?;
    if to == source.feed {
        return None;
    }
    if let Some(other) = register::known(plan.sources, &to).filter(|it| it.name != source.name) {
        let remark = format!("it has moved to {to}, which is the feed of {}", other.name);
        report.remarks.push(remark);
        return None;
    }
    if intake.is_dry {
        report.remarks.push(format!("it has moved to {to}"));
        return None;
    }
    match register::set_feed(intake.workspace, source, &to) {
        Ok(()) => {
            let remark = format!("it has moved to {to}; {} says so now", source.path);
            report.remarks.push(remark);
            Some(to)
        }
        Err(error) => {
            let remark = format!(
                "it has moved to {to}, and {} was not changed: {error}",
                source.path
            );
            report.remarks.push(remark);
            None
        }
    }
}

/// Pauses a source whose feed is gone for good. Returns whether it is paused.
fn pause(intake: &Intake<'_>, source: &SourceFile, report: &mut Report) -> bool {
    if intake.is_dry {
        return false;
    }
    let paused = register::set_paused(intake.workspace, source, true);
    let name = &source.name;
    report.remarks.push(match &paused {
        Ok(_) => format!("it is paused; `newsgen sources resume {name}` ends that"),
        Err(error) => format!("it could not be paused: {error}"),
    });
    paused.is_ok()
}
