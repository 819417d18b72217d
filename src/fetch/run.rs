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
    let Asked {
        requests,
        places: asked,
        mut answers,
    } = ask(&due, memory, now);
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

/// What sources that are due are asked for.
struct Asked {
    requests: Vec<Request>,
    /// The place of the source of each request among those that are due.
    places: Vec<usize>,
    /// Answers for those that cannot be asked, by their place.
    answers: BTreeMap<usize, Answer>,
}

/// Makes the requests for the feeds of sources.
fn ask(due: &[&SourceFile], memory: &mut Memory, now: Time) -> Asked {
    let mut asked = Asked {
        requests: Vec::new(),
        places: Vec::new(),
        answers: BTreeMap::new(),
    };
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
                let known = match forget::is_to_be_read(known, now) {
                    true => Validators::default(),
                    false => known.validators(),
                };
                asked.requests.push(Request { url, known });
                asked.places.push(at);
            }
            Err(_) => {
                let error = crate::http::Error::Address(source.feed.clone());
                asked.answers.insert(at, Answer::Error(error));
            }
        }
    }
    asked
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
    let known = memory.sources.get(&source.name).cloned();
    let mut turn = Turn {
        source,
        every: source.every.unwrap_or(intake.config.fetch.every),
        now: intake.now,
        known: known.unwrap_or_default(),
        asked_for: 0,
        is_paused: false,
        report: Report {
            name: source.name.clone(),
            path: source.path.clone(),
            came: Came::Postponed,
            taken: Taken::default(),
            remarks: Vec::new(),
            details: Vec::new(),
            next: None,
        },
    };
    let ended = match answer {
        Answer::Postponed(until) => {
            turn.known.next = until;
            Ok(())
        }
        Answer::Error(error) => Err(error.to_string()),
        Answer::Response(response) if response.is_unchanged() && turn.known.answered.is_some() => {
            turn.unchanged(&response);
            Ok(())
        }
        Answer::Response(response) => turn.take_in(intake, plan, poll, &response),
    };
    turn.end(ended);
    let Turn { known, report, .. } = turn;
    memory.sources.insert(source.name.clone(), known);
    report
}

/// A source whose answer is being received.
struct Turn<'s> {
    source: &'s SourceFile,
    /// Seconds between two times that it is asked.
    every: i64,
    now: Time,
    /// What is remembered of it.
    known: SourceMemory,
    /// Seconds that its host asked to be left alone.
    asked_for: i64,
    /// Whether it was paused for good.
    is_paused: bool,
    report: Report,
}

impl Turn<'_> {
    /// The feed is as it was.
    fn unchanged(&mut self, response: &Response) {
        self.report.came = Came::Unchanged;
        refresh(&mut self.known, response);
        self.known.next = schedule::after_answer(response, self.every, self.known.ttl, self.now);
    }

    /// Takes in the items of a feed.
    ///
    /// # Errors
    /// Why there is no feed.
    fn take_in(
        &mut self,
        intake: &mut Intake<'_>,
        plan: &Plan<'_>,
        poll: &mut Poll,
        response: &Response,
    ) -> Result<(), String> {
        let (source, report, known) = (self.source, &mut self.report, &mut self.known);
        self.asked_for = schedule::asked_for(response, self.now);
        let feed = read(response).inspect_err(|_| {
            if response.status == 410 {
                self.is_paused = pause(intake, source, report);
            }
        })?;
        report.came = Came::Feed;
        report.taken = intake.take(source, &feed, &mut |urls| poll.pages(urls, plan.stop));
        remark(report, &feed);
        known.read = Some(self.now.seconds());
        known.set_validators(&response.validators);
        known.ttl = feed.ttl;
        known.next = schedule::after_answer(response, self.every, feed.ttl, self.now);
        let moved = response.moved.as_ref().filter(|_| !feed.entries.is_empty());
        if let Some(to) = moved.and_then(|moved| follow(intake, plan, source, moved, report)) {
            known.feed = to;
        }
        Ok(())
    }

    /// Remembers whether it went well, and when the source is asked again.
    fn end(&mut self, ended: Result<(), String>) {
        let (report, known) = (&mut self.report, &mut self.known);
        match ended {
            Err(reason) => {
                known.failures = known.failures.saturating_add(1);
                known.next = schedule::after_failure(
                    &self.source.name,
                    known.failures,
                    self.every,
                    self.asked_for,
                    self.now,
                );
                known.problem = Some(reason.clone());
                report.came = Came::Nothing(reason);
            }
            Ok(()) if report.came != Came::Postponed => {
                known.failures = 0;
                known.problem = None;
                known.answered = Some(self.now.seconds());
            }
            Ok(()) => {}
        }
        report.next = Time::from_seconds(known.next).filter(|_| !self.is_paused);
    }
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
