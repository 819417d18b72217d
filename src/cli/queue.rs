//! `newsgen queue`.
//!
//! # Files
//!
//! - `explain.rs`: `queue explain`

mod explain;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::args::{Common, ListFormat, QueueArgs, QueueCommand, QueuePublishArgs, QueueRejectArgs};
use super::editorial::{Editorial, reasons, settle};
use super::terminal::Terminal;
use super::{Exit, fail_as_json, now, plural, relative, root};
use crate::config::Overrides;
use crate::content::article::StoryKey;
use crate::content::{self, Library};
use crate::curate::heat;
use crate::diagnostic::{Diagnostic, Location, one_line};
use crate::fetch::decide::{DecideError, Decider};
use crate::fetch::ledger::{Item, Ledger};
use crate::fetch::queue::{Candidate, Queue};
use crate::fetch::suggest::{self, Event, Events, Quality, Suggester, Suggestion, quality_of};
use crate::pipeline::{Failure, MachineError};
use crate::time::Time;
use crate::workspace::{Disk, is_below};

pub(super) fn run(common: &Common, args: &QueueArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    match queue(common, args, terminal) {
        Err(failure) if args.format == ListFormat::Json => {
            Ok(fail_as_json(failure, Vec::new(), terminal))
        }
        ended => ended,
    }
}

fn queue(common: &Common, args: &QueueArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let root = root(common);
    let config = root.config(&Overrides::default())?;
    let disk = Disk::new(&root.folder);
    let now = now(common, Some(&config))?;
    let mut editorial = Editorial::load(common, &disk, config)?;
    // Looking writes nothing, and shows the same without that.
    let is_looking = matches!(args.command, None | Some(QueueCommand::Explain(_)));
    settle(&mut editorial, &disk, now, is_looking)?;
    if let Some(QueueCommand::Explain(args)) = &args.command {
        return explain::run(common, args, &editorial, &disk, now, terminal);
    }

    let Editorial {
        config,
        parser,
        library,
        queue,
        ledger,
        problems,
        ..
    } = editorial;
    let events = suggest::events(queue.candidates.iter(), &library);
    let learn = |ledger: &Ledger| {
        let sources = content::sources(&disk, &config).0;
        Suggester::learn(&disk, &config.content.ledger, ledger, &sources)
    };
    let Some(command) = &args.command else {
        let suggester = learn(&ledger);
        let listed = List {
            ledger: &ledger,
            suggester: &suggester,
            events: &events,
            derives_heat: config.ranking.derives_heat,
            now,
        };
        listed.print(&queue, &problems, args.format, terminal);
        return Ok(Exit::Good);
    };

    let mut decider = Decider {
        workspace: &disk,
        config: &config,
        parser: &parser,
        ledger,
        now,
    };
    match command {
        QueueCommand::Publish(args) => {
            let suggester = match args.quality {
                Some(_) => Suggester::default(),
                None => learn(&decider.ledger),
            };
            let waiting = (&queue, &events, &suggester);
            publish(&mut decider, &library, waiting, common, args, terminal)
        }
        QueueCommand::Reject(args) => {
            let waiting = (&queue, &events);
            reject(&mut decider, waiting, common, args, terminal)
        }
        QueueCommand::Undo => undo(&mut decider, terminal),
        QueueCommand::Expire => expire(&mut decider, &queue, terminal),
        // It was done above: it needs no decisions.
        QueueCommand::Explain(_) => Ok(Exit::Good),
    }
}

/// The candidates that files name on the command line.
fn candidates(
    queue: &Queue,
    folder: &str,
    common: &Common,
    files: &[String],
) -> Result<Vec<String>, Failure> {
    let (mut paths, mut problems): (Vec<String>, Vec<Diagnostic>) = Default::default();
    for file in files {
        let path = relative(&common.root, file);
        match queue.find(&path) {
            Some(_) if paths.contains(&path) => {}
            Some(_) => paths.push(path),
            None => {
                let message = match is_below(&path, folder) {
                    true => format!("there is no candidate {path}"),
                    false => format!("{path} is no candidate: those are in {folder}"),
                };
                let problem = Diagnostic::error("queue", message);
                problems.push(problem.help("`newsgen queue` lists them"));
            }
        }
    }
    match problems.is_empty() {
        true => Ok(paths),
        false => Err(Failure::Site(problems)),
    }
}

/// The problems of a candidate that stays where it is; an error of the machine ends the command.
fn refused(path: &str, error: DecideError) -> Result<Vec<Diagnostic>, Failure> {
    match error {
        DecideError::Broken(problems) => Ok(problems),
        error @ DecideError::Write(..) => Err(MachineError::Decide(error).into()),
        DecideError::Quality(error) => Ok(error.diagnostics(path)),
        other => Ok(vec![
            Diagnostic::error("queue", other.to_string()).at(Location::file(path)),
        ]),
    }
}

/// Decides on candidates one by one; those that cannot be decided on stay.
fn each(
    paths: &[String],
    mut decide: impl FnMut(&str) -> Result<(), DecideError>,
) -> Result<Exit, Failure> {
    let mut problems = Vec::new();
    for path in paths {
        if let Err(error) = decide(path) {
            problems.extend(refused(path, error)?);
        }
    }
    match problems.is_empty() {
        true => Ok(Exit::Good),
        false => Err(Failure::Site(problems)),
    }
}

/// How many providers report what a candidate reports.
fn coverage(events: &Events<'_>, path: &str) -> Option<u32> {
    u32::try_from(events.with(path)?.providers.len()).ok()
}

fn publish(
    decider: &mut Decider<'_>,
    library: &Library,
    (queue, events, suggester): (&Queue, &Events<'_>, &Suggester),
    common: &Common,
    args: &QueuePublishArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let paths = candidates(queue, &decider.config.content.queue, common, &args.files)?;
    each(&paths, |path| {
        let suggested = || {
            let candidate = queue.find(path)?;
            let item = since(&decider.ledger, candidate);
            let ledger = &decider.ledger;
            let source = item.and_then(|item| ledger.source_of(item));
            let suggestion = suggester.candidate(candidate, source, item, events.with(path))?;
            let line = item.and_then(|item| ledger.record(decider.workspace, item));
            let base = line.as_ref().and_then(|line| line.source.as_deref());
            let base = suggester.base(base);
            Some(quality_of(candidate, line.as_ref(), base, &suggestion))
        };
        let quality = match args.quality {
            Some(quality) => Quality::Given(quality),
            None => suggested().unwrap_or(Quality::OfFile),
        };
        let to = decider.publish(library, path, quality, coverage(events, path))?;
        terminal.result(&to);
        Ok(())
    })
}

fn reject(
    decider: &mut Decider<'_>,
    (queue, events): (&Queue, &Events<'_>),
    common: &Common,
    args: &QueueRejectArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let paths = candidates(queue, &decider.config.content.queue, common, &args.files)?;
    each(&paths, |path| {
        decider.reject(path, args.reason.clone(), coverage(events, path))?;
        terminal.say(&format!("rejected {path}"));
        Ok(())
    })
}

fn undo(decider: &mut Decider<'_>, terminal: &Terminal) -> Result<Exit, Failure> {
    match decider.undo() {
        Ok((was, path)) => {
            terminal.say(&format!(
                "{path} is a candidate again; it was {}",
                was.name()
            ));
            Ok(Exit::Good)
        }
        Err(error @ DecideError::Write(..)) => Err(MachineError::Decide(error).into()),
        Err(error) => {
            let problem = Diagnostic::error("queue", error.to_string());
            Err(Failure::Site(vec![problem]))
        }
    }
}

/// When a candidate came into the queue: what the ledger says, else nothing.
fn since<'l>(ledger: &'l Ledger, candidate: &Candidate) -> Option<&'l Item> {
    let by_story = || {
        let link = candidate.article.as_ref()?.link.as_deref()?;
        ledger.with_story(StoryKey::of(link))
    };
    ledger.with_path(&candidate.path).or_else(by_story)
}

fn expire(decider: &mut Decider<'_>, queue: &Queue, terminal: &Terminal) -> Result<Exit, Failure> {
    let limit = decider.now.seconds() - decider.config.fetch.expire_after;
    let is_old = |candidate: &&Candidate| {
        since(&decider.ledger, candidate).is_some_and(|item| item.first.seconds() < limit)
    };
    let old = queue.candidates.iter().filter(is_old);
    let old: Vec<String> = old.map(|candidate| candidate.path.clone()).collect();
    let place = decider.config.location("fetch.expire_after");
    let exit = each(&old, |path| {
        decider.expire(path, format!("fetch.expire_after, {place}"))?;
        terminal.detail(&format!("expired {path}"));
        Ok(())
    })?;
    if let Some(limit) = Time::from_seconds(limit) {
        let forgotten = decider.forget_removed(limit);
        forgotten.map_err(MachineError::Decide)?;
    }
    terminal.say(&format!(
        "{} expired",
        plural(old.len(), "candidate", "candidates")
    ));
    Ok(exit)
}

/// What a list of candidates shows beside them.
struct List<'a> {
    ledger: &'a Ledger,
    suggester: &'a Suggester,
    events: &'a Events<'a>,
    derives_heat: bool,
    now: Time,
}

/// A candidate of the list.
struct Listed<'a> {
    candidate: &'a Candidate,
    item: Option<&'a Item>,
    event: Option<&'a Event<'a>>,
    suggestion: Option<Suggestion>,
}

impl List<'_> {
    fn row<'a>(&'a self, candidate: &'a Candidate) -> Listed<'a> {
        let item = since(self.ledger, candidate);
        let source = item.and_then(|item| self.ledger.source_of(item));
        let event = self.events.with(&candidate.path);
        Listed {
            candidate,
            item,
            event,
            suggestion: self.suggester.candidate(candidate, source, item, event),
        }
    }

    fn print(
        &self,
        queue: &Queue,
        problems: &[Diagnostic],
        format: ListFormat,
        terminal: &Terminal,
    ) {
        let rows = queue.candidates.iter().map(|candidate| self.row(candidate));
        let rows: Vec<Listed<'_>> = rows.collect();
        if format == ListFormat::Json {
            let shown: Vec<Value> = rows.iter().map(|row| self.shown(row)).collect();
            terminal.json(&json!({ "candidates": shown, "diagnostics": problems }));
            return;
        }

        let source = |row: &Listed<'_>| {
            let source = row.item.and_then(|item| self.ledger.source_of(item));
            one_line(source.unwrap_or("-")).into_owned()
        };
        let width = rows.iter().map(|row| source(row).width()).max();
        let path = |row: &Listed<'_>| one_line(&row.candidate.path).into_owned();
        let width_of_path = rows.iter().map(|row| path(row).width()).max();
        // A column for languages only where there are several.
        let language = |row: &Listed<'_>| {
            let article = row.candidate.article.as_ref();
            one_line(
                article
                    .and_then(|it| it.locale.as_deref())
                    .unwrap_or_default(),
            )
            .into_owned()
        };
        let width_of_language = rows.iter().map(|row| language(row).width()).max();
        let width_of_language = width_of_language.filter(|width| *width > 0);

        for row in &rows {
            let (path, source) = (path(row), source(row));
            let language = width_of_language.map_or(String::new(), |width| {
                let language = language(row);
                let space = width.saturating_sub(language.width());
                format!("{language}{:space$}  ", "")
            });
            let article = row.candidate.article.as_ref();
            let title = article.map_or("(it cannot be read)", |it| it.title.as_str());
            let age = row.item.map_or("-".to_owned(), |item| age(item, self.now));
            let suggestion = row.suggestion.as_ref();
            let quality = suggestion.map_or("-".to_owned(), |it| it.quality.to_string());
            let space = width_of_path.unwrap_or(0).saturating_sub(path.width());
            let more = width.unwrap_or(0).saturating_sub(source.width());
            terminal.result(&format!(
                "{path}{:space$}  {quality:>3}  {age:>5}  {source}{:more$}  {language}{}",
                "",
                "",
                one_line(title)
            ));
            let reasons = suggestion.map(reasons).unwrap_or_default().join(", ");
            if !reasons.is_empty() {
                terminal.result(&format!("    {}", one_line(&reasons)));
            }
        }
        if rows.is_empty() {
            terminal.say("the queue is empty");
        }
        terminal.diagnostics(problems);
    }
}

/// The age of a candidate, in the largest unit that it fills.
fn age(item: &Item, now: Time) -> String {
    let seconds = (now.seconds() - item.first.seconds()).max(0);
    match seconds {
        0..3_600 => format!("{}min", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

impl List<'_> {
    fn shown(&self, row: &Listed<'_>) -> Value {
        let article = row.candidate.article.as_ref();
        let item = row.item;
        // A story that nobody else reports is no event.
        let event = row.event.filter(|event| event.providers.len() > 1);
        let own = article.and_then(|it| it.heat);
        let event_heat = || {
            let providers = row.event.filter(|_| self.derives_heat)?.providers.iter();
            Some(heat::derived(providers.map(|(time, _)| *time)))
        };
        json!({
            "path": row.candidate.path,
            "title": article.map(|it| it.title.as_str()),
            "url": article.and_then(|it| it.link.as_deref()),
            "published": article.map(|it| it.published.rfc3339_utc()),
            "language": article.and_then(|it| it.locale.as_deref()),
            "heat": own.or_else(event_heat),
            "quality": article.and_then(|it| it.quality),
            "suggested": row.suggestion.as_ref().map(|it| it.quality),
            "reasons": row.suggestion.as_ref().map(reasons).unwrap_or_default(),
            "event": event.map(|event| event.first),
            "coverage": row.event.map(|event| event.providers.len()),
            "source": item.and_then(|item| self.ledger.source_of(item)),
            "queued": item.map(|item| item.first.rfc3339_utc()),
            "age": item.map(|item| (self.now.seconds() - item.first.seconds()).max(0)),
        })
    }
}
