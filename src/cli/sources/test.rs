//! `newsgen sources test`.

use std::io;

use serde_json::{Value, json};

use super::{address, client, fetch, find, read_file};
use crate::cli::args::{Common, ListFormat, SourcesTestArgs};
use crate::cli::fetch::index_of;
use crate::cli::queue::reasons;
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, fail_as_json, now, plural, root};
use crate::config::{Config, Overrides};
use crate::content::{self, SourceFile};
use crate::diagnostic::{Diagnostic, Location, one_line};
use crate::fetch::answer;
use crate::fetch::feed::{self, Entry, Feed, NotAFeed, Origin};
use crate::fetch::ledger::Ledger;
use crate::fetch::rules::{self, Decision, Verdict};
use crate::fetch::suggest::{Suggester, Suggestion};
use crate::pipeline::Failure;
use crate::time::Time;
use crate::workspace::{Disk, Workspace};

pub(super) fn run(
    common: &Common,
    args: &SourcesTestArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    match test(common, args, terminal) {
        Err(failure) if args.format == ListFormat::Json => {
            Ok(fail_as_json(failure, Vec::new(), terminal))
        }
        ended => ended,
    }
}

fn test(common: &Common, args: &SourcesTestArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let site = Site::load(common)?;
    let source = site.source(args)?;
    let read = match address(&args.feed) {
        None => feed::read(&read_file(&args.feed)?, Origin::default()),
        Some(url) => {
            let response = fetch(&client(&site.config)?, &url);
            let response = response.map_err(|problem| Failure::Site(vec![problem]))?;
            answer::feed(&response)
        }
    };
    let (feed, mut problems) = match read {
        Ok(feed) => {
            let warnings = feed.remarks.iter().map(|remark| warning(args, remark));
            let warnings = warnings.collect();
            (Some(feed), warnings)
        }
        Err(error) => (None, vec![no_feed(args, &error)]),
    };
    let judged: Vec<Judged<'_>> = feed
        .iter()
        .flat_map(|feed| feed.entries.iter().map(move |entry| (feed, entry)))
        .map(|(feed, entry)| Judged {
            entry,
            verdict: rules::judge(entry, feed, source, &site.config.fetch, site.now),
            suggestion: site.suggester.entry(entry, source, site.now),
        })
        .collect();
    if let Some(feed) = feed.as_ref().filter(|feed| feed.entries.is_empty()) {
        let message = format!("the feed ({}) has no entries", feed.format.name());
        problems.push(warning(args, &message));
    }
    match args.format {
        ListFormat::Json => terminal.json(&json!({
            "source": shown_source(args, source, feed.as_ref()),
            "entries": judged.iter().map(shown_entry).collect::<Vec<Value>>(),
            "problems": problems,
        })),
        ListFormat::Text => {
            if let Some(feed) = &feed {
                print(feed, &judged, terminal);
            }
            terminal.diagnostics(&problems);
        }
    }
    Ok(match feed {
        Some(_) => Exit::Good,
        None => Exit::SiteHasErrors,
    })
}

/// The settings and sources that apply; outside of a site the defaults, and no sources.
struct Site {
    config: Config,
    sources: Vec<SourceFile>,
    suggester: Suggester,
    now: Time,
}

/// An entry, with what would become of it.
struct Judged<'a> {
    entry: &'a Entry,
    verdict: Verdict,
    suggestion: Suggestion,
}

impl Site {
    fn load(common: &Common) -> Result<Site, Failure> {
        let root = root(common);
        let disk = Disk::new(&root.folder);
        let is_missing = disk
            .read(&root.config)
            .is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        if is_missing {
            let config = Config::resolve(&root.config, "", &Overrides::default());
            let config = config.map_err(Failure::Site)?;
            return Ok(Site {
                now: now(common, None)?,
                config,
                sources: Vec::new(),
                suggester: Suggester::default(),
            });
        }
        let config = root.config(&Overrides::default())?;
        let (sources, problems) = content::sources(&disk, &config);
        if problems.iter().any(Diagnostic::is_error) {
            return Err(Failure::Site(problems));
        }
        let folder = &config.content.ledger;
        let (ledger, _) = Ledger::read(&disk, folder, Some(&index_of(&root)));
        Ok(Site {
            now: now(common, Some(&config))?,
            suggester: Suggester::learn(&disk, folder, &ledger, &sources),
            config,
            sources,
        })
    }

    /// The source whose rules apply.
    fn source(&self, args: &SourcesTestArgs) -> Result<Option<&SourceFile>, Failure> {
        match &args.source {
            None => Ok(self.sources.iter().find(|source| source.feed == args.feed)),
            Some(name) => find(&self.sources, name)
                .map(Some)
                .map_err(|problem| Failure::Site(vec![problem])),
        }
    }
}

fn warning(args: &SourcesTestArgs, remark: &str) -> Diagnostic {
    Diagnostic::warning("feed", remark).at(Location::file(&args.feed))
}

fn no_feed(args: &SourcesTestArgs, error: &NotAFeed) -> Diagnostic {
    let problem = Diagnostic::error("feed", error.to_string()).at(Location::file(&args.feed));
    match error {
        NotAFeed::Page(feeds) if !feeds.is_empty() => {
            let feeds: Vec<&str> = feeds.iter().map(|(address, _)| address.as_str()).collect();
            problem.help(format!("it names these feeds: {}", feeds.join(", ")))
        }
        _ => problem,
    }
}

fn shown_source(args: &SourcesTestArgs, source: Option<&SourceFile>, feed: Option<&Feed>) -> Value {
    json!({
        "feed": args.feed,
        "name": source.map(|source| source.name.as_str()),
        "format": feed.map(|feed| feed.format.name()),
        "title": feed.and_then(|feed| feed.title.as_deref()),
        "home": feed.and_then(|feed| feed.home.as_deref()),
        "language": feed.and_then(|feed| feed.language.as_deref()),
    })
}

fn shown_entry(judged: &Judged<'_>) -> Value {
    let Judged {
        entry,
        verdict,
        suggestion,
    } = judged;
    json!({
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "published": entry.published.map(Time::rfc3339_utc),
        "excerpt": entry.excerpt,
        "image": entry.image,
        "author": entry.author,
        "categories": entry.categories,
        "decision": verdict.decision.name(),
        "reasons": verdict.reasons,
        "suggested": suggestion.quality,
        "suggested_reasons": reasons(suggestion),
    })
}

fn print(feed: &Feed, judged: &[Judged<'_>], terminal: &Terminal) {
    for judged in judged {
        let Judged { entry, verdict, .. } = judged;
        let time = entry.published.map(Time::rfc3339_utc);
        let time = time.map_or("no date".to_owned(), |time| time[..16].replace('T', " "));
        let title = entry.title.as_deref().unwrap_or("(no title)");
        let decision = verdict.decision.name();
        terminal.result(&format!("{time:16}  {decision:7}  {}", one_line(title)));
        let indented = |text: &str| terminal.result(&format!("{:27}{}", "", one_line(text)));
        if let Some(link) = &entry.link {
            indented(link);
        }
        verdict.reasons.iter().for_each(|reason| indented(reason));
        if verdict.decision == Decision::Queued {
            let suggestion = &judged.suggestion;
            let reasons = reasons(suggestion).join(", ");
            indented(&format!("suggested {}: {reasons}", suggestion.quality));
        }
    }
    let queued = judged
        .iter()
        .filter(|judged| judged.verdict.decision == Decision::Queued)
        .count();
    let name = feed.title.as_deref().unwrap_or("a feed without a name");
    terminal.say(&format!(
        "{} ({}): {}, {queued} queued, {} dropped",
        one_line(name),
        feed.format.name(),
        plural(judged.len(), "entry", "entries"),
        judged.len() - queued
    ));
}
