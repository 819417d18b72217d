//! `newsgen fetch`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use signal_hook::consts::SIGINT;
use signal_hook::flag;

use super::args::{Common, FetchArgs, ListFormat};
use super::editorial::{Editorial, filter, index_of, memory_of, settle};
use super::sources::{Site, client};
use super::terminal::{Bar, Terminal};
use super::{Exit, cannot_write, fail_as_json, now, plural, root};
use crate::config::Config;
use crate::content::SourceFile;
use crate::diagnostic::{Diagnostic, Location, one_line};
use crate::fetch::forget;
use crate::fetch::intake::Intake;
use crate::fetch::memory::Memory;
use crate::fetch::outbox::Outbox;
use crate::fetch::run::{self, Came, Plan, Report, Watch};
use crate::fetch::suggest::Suggester;
use crate::fetch::topics::TopicWords;
use crate::pipeline::{Failure, MachineError, Progress};
use crate::time::Time;
use crate::workspace::{Disk, STATE};

pub(super) fn run(common: &Common, args: &FetchArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    match fetch(common, args, terminal) {
        Err(failure) if args.format == ListFormat::Json => {
            Ok(fail_as_json(failure, Vec::new(), terminal))
        }
        ended => ended,
    }
}

fn fetch(common: &Common, args: &FetchArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    // Two runs at once would both queue what both find.
    let disk = Disk::new(&root(common).folder);
    let _lock = match args.dry_run {
        true => None,
        false => Some(
            disk.lock("fetch")
                .map_err(|error| cannot_write(STATE, error))?,
        ),
    };
    let site = Site::load(common)?;
    refuse_unknown(&site, &args.source)?;
    let now = now(common, Some(&site.config))?;
    let mut editorial = Editorial::load(common, &disk, site.config)?;
    settle(&mut editorial, &disk, now, args.dry_run)?;
    // It would only save time.
    if !args.dry_run && editorial.keep_articles(&root(common)).is_err() {
        terminal.detail("the article cache was not written");
    }

    let client = client(&editorial.config)?;
    let (state, path) = memory_of(&root(common));
    let mut memory = Memory::read(&state, &path);
    let topics = TopicWords::of(&editorial.library.topics);
    let suggester = suggester(&editorial, &disk, &site.sources);
    let mut intake = Intake {
        workspace: &disk,
        config: &editorial.config,
        parser: &editorial.parser,
        library: &editorial.library,
        known: &editorial.known,
        topics: &topics,
        suggester: &suggester,
        filter: filter(&editorial.config, &root(common).folder),
        pages: editorial.config.fetch.image_pages,
        queue: editorial.queue,
        ledger: editorial.ledger,
        now,
        is_dry: args.dry_run,
        outbox: Outbox::default(),
        to_publish: Vec::new(),
    };
    let stop = stop_at_interrupt()?;
    let plan = Plan {
        sources: &site.sources,
        only: &args.source,
        jobs: args.jobs,
        stop: &stop,
    };
    let bar = Bar::of_slow_steps(terminal);
    let mut save = |memory: &Memory| match args.dry_run {
        true => Ok(()),
        false => memory
            .write(&state, &path)
            .map_err(|error| (path.clone(), error)),
    };
    let watch = &mut Watching(&bar);
    let ended = run::run(&mut intake, &mut memory, &plan, client, watch, &mut save);
    bar.finish();
    let reports = ended.map_err(|(path, error)| cannot_write(&path, error))?;

    let is_stopped = stop.load(Ordering::Relaxed);
    if !args.dry_run {
        if !is_stopped {
            forget_unlisted(&mut intake, &site.sources, &memory, terminal)?;
        }
        if let Err(error) = intake.ledger.keep(&index_of(&root(common))) {
            // It would only have saved time.
            terminal.detail(&format!("the index of the ledger was not written: {error}"));
        }
    }
    let mut problems = site.problems;
    problems.extend(editorial.problems);
    problems.extend(reports.iter().filter_map(problem));
    match args.format {
        ListFormat::Json => terminal.json(&json!({
            "sources": reports.iter().map(shown).collect::<Vec<Value>>(),
            "diagnostics": problems,
        })),
        ListFormat::Text => print(&reports, &problems, &site.sources, now, args, terminal),
    }
    if is_stopped {
        terminal.note("it was interrupted; what had come by then is kept");
        return Ok(Exit::Interrupted);
    }
    Ok(exit(&reports))
}

/// Refuses to ask for sources that the site does not have.
fn refuse_unknown(site: &Site, asked_for: &[String]) -> Result<(), Failure> {
    let unknown = asked_for.iter().filter_map(|name| site.source(name).err());
    let unknown: Vec<Diagnostic> = unknown.collect();
    match unknown.is_empty() {
        true => Ok(()),
        false => Err(Failure::Site(unknown)),
    }
}

/// What suggests qualities. To learn from the ledger takes reading all of it, so that it is done
/// only where suggestions are asked for.
fn suggester(editorial: &Editorial, disk: &Disk, sources: &[SourceFile]) -> Suggester {
    let config = &editorial.config;
    match uses_suggestions(config, sources) {
        true => Suggester::learn(disk, &config.content.ledger, &editorial.ledger, sources),
        false => Suggester::default(),
    }
}

/// Removes old files of the ledger whose items no feed lists any longer, and says so.
fn forget_unlisted(
    intake: &mut Intake<'_>,
    sources: &[SourceFile],
    memory: &Memory,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let folder = &intake.config.content.ledger;
    let (ledger, now) = (&mut intake.ledger, intake.now);
    let forgotten = forget::forget(intake.workspace, ledger, folder, sources, memory, now);
    for path in forgotten.map_err(|(path, error)| cannot_write(&path, error))? {
        terminal.note(&format!(
            "{path} is removed: no feed has listed its items for a year"
        ));
    }
    Ok(())
}

/// Is set when somebody interrupts the program; who does it twice ends it at once.
fn stop_at_interrupt() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let twice =
        flag::register_conditional_shutdown(SIGINT, Exit::Interrupted as i32, Arc::clone(&stop));
    twice
        .and_then(|_| flag::register(SIGINT, Arc::clone(&stop)))
        .map_err(MachineError::Interrupts)?;
    Ok(stop)
}

/// Whether suggested qualities decide on anything, or are shown to a program.
fn uses_suggestions(config: &Config, sources: &[SourceFile]) -> bool {
    let fetch = &config.fetch;
    let mut rules = sources.iter().map(|source| &source.rules.publish);
    !fetch.filter.is_empty() || fetch.publish.is_some() || rules.any(Option::is_some)
}

struct Watching<'b, 't>(&'b Bar<'t>);

impl Watch for Watching<'_, '_> {
    fn begin(&mut self, total: usize) {
        self.0.begin("fetch", total);
    }

    fn step(&mut self) {
        self.0.step();
    }
}

/// A run has failed if nobody answered who was asked.
fn exit(reports: &[Report]) -> Exit {
    let failed = |report: &&Report| matches!(report.came, Came::Nothing(_));
    let asked = |report: &&Report| report.came != Came::Postponed;
    let asked = reports.iter().filter(asked).count();
    match asked > 0 && reports.iter().filter(failed).count() == asked {
        true => Exit::MachineFailed,
        false => Exit::Good,
    }
}

/// What is wrong with a source.
fn problem(report: &Report) -> Option<Diagnostic> {
    let Came::Nothing(reason) = &report.came else {
        return None;
    };
    let message = format!("{}: {reason}", report.name);
    let problem = Diagnostic::warning("fetch", message).at(Location::file(&report.path));
    Some(match report.next {
        Some(next) => problem.help(format!("it is asked again after {}", next.rfc3339_utc())),
        None => problem,
    })
}

fn shown(report: &Report) -> Value {
    let (status, reason) = match &report.came {
        Came::Feed => ("feed", None),
        Came::Unchanged => ("unchanged", None),
        Came::Nothing(reason) => ("failed", Some(reason.as_str())),
        Came::Postponed => ("postponed", None),
    };
    let taken = &report.taken;
    json!({
        "name": report.name,
        "path": report.path,
        "status": status,
        "problem": reason,
        "queued": taken.queued,
        "published": taken.published,
        "updated": taken.updated,
        "dropped": taken.dropped,
        "duplicates": taken.duplicates,
        "known": taken.known,
        "remarks": report.remarks.iter().chain(&taken.remarks).collect::<Vec<_>>(),
        "details": report.details.iter().chain(&taken.details).collect::<Vec<_>>(),
        "next": report.next.map(Time::rfc3339_utc),
    })
}

fn print(
    reports: &[Report],
    problems: &[Diagnostic],
    sources: &[SourceFile],
    now: Time,
    args: &FetchArgs,
    terminal: &Terminal,
) {
    for report in reports {
        print_taken(report, args.dry_run, terminal);
    }
    for report in reports {
        let name = one_line(&report.name);
        for remark in report.remarks.iter().chain(&report.taken.remarks) {
            terminal.note(&format!("{name}: {remark}"));
        }
        for detail in report.details.iter().chain(&report.taken.details) {
            terminal.detail(&format!("{name}: {detail}"));
        }
    }
    terminal.diagnostics(problems);
    terminal.say(&summary(reports, args.dry_run));
    if reports.is_empty() {
        let active = sources.iter().filter(|source| !source.is_paused).count();
        terminal.say(&match active {
            0 => "there are no active sources; `newsgen sources add` makes one".to_owned(),
            _ => format!("no source is due at {}", now.rfc3339_utc()),
        });
    }
}

/// Prints what became of the items of a source; what is wrong with it is among the problems.
fn print_taken(report: &Report, is_dry: bool, terminal: &Terminal) {
    let line = match &report.came {
        Came::Feed => counts(report),
        Came::Unchanged => "unchanged".to_owned(),
        Came::Postponed => "its host asked to be left alone".to_owned(),
        Came::Nothing(_) => return,
    };
    let taken = &report.taken;
    let line = format!("{}: {line}", one_line(&report.name));
    let is_new = !taken.queued.is_empty() || !taken.published.is_empty();
    match taken.updated.len() + taken.dropped + taken.duplicates {
        0 if !is_new => terminal.detail(&line),
        _ => terminal.say(&line),
    }
    for path in &taken.queued {
        match is_dry {
            true => terminal.say(&format!("  would queue {path}")),
            false => terminal.detail(&format!("  queued {path}")),
        }
    }
    for path in &taken.published {
        match is_dry {
            true => terminal.say(&format!("  would publish {path}")),
            false => terminal.say(&format!("  published {path}")),
        }
    }
    for path in &taken.updated {
        terminal.detail(&format!("  updated {path}"));
    }
}

/// What became of the run as a whole, on one line.
fn summary(reports: &[Report], is_dry: bool) -> String {
    let queued: usize = reports.iter().map(|it| it.taken.queued.len()).sum();
    let published: usize = reports.iter().map(|it| it.taken.published.len()).sum();
    let is_failed = |report: &&Report| matches!(report.came, Came::Nothing(_));
    let failed = reports.iter().filter(is_failed).count();
    let postponed = reports.iter().filter(|it| it.came == Came::Postponed);
    let postponed = postponed.count();
    format!(
        "{} asked, {failed} failed{}; {} {}{}",
        plural(reports.len() - postponed, "source", "sources"),
        match postponed {
            0 => String::new(),
            count => format!(", {count} left alone as their hosts asked"),
        },
        plural(queued, "candidate", "candidates"),
        if is_dry { "found" } else { "queued" },
        match published {
            0 => String::new(),
            count if is_dry => format!(", {count} to be published"),
            count => format!(", {count} published"),
        },
    )
}

fn counts(report: &Report) -> String {
    let taken = &report.taken;
    let counts = [
        (taken.queued.len(), "queued"),
        (taken.published.len(), "published"),
        (taken.updated.len(), "updated"),
        (taken.dropped, "dropped"),
        (taken.duplicates, "known from elsewhere"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    match counts.is_empty() {
        true => "nothing new".to_owned(),
        false => counts.join(", "),
    }
}
