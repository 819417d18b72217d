//! `newsgen sources test`.

use std::io;

use serde_json::{Value, json};

use super::{address, client, fetch, find, read_file};
use crate::cli::args::{Common, ListFormat, SourcesTestArgs};
use crate::cli::editorial::{filter, index_of, reasons};
use crate::cli::publishing;
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, fail_as_json, now, plural, root};
use crate::config::{Config, Overrides};
use crate::content::cache::Cache;
use crate::content::{self, Library, Parser, SourceFile};
use crate::diagnostic::{Diagnostic, Location, one_line};
use crate::edit::Known;
use crate::fetch::answer;
use crate::fetch::feed::{self, Feed, NotAFeed, Origin};
use crate::fetch::ledger::{Ledger, Outcome};
use crate::fetch::proposal::Basis;
use crate::fetch::suggest::Suggester;
use crate::fetch::topics::TopicWords;
use crate::fetch::trial::{Judged, Trial};
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
    let mut filter = filter(&site.config, &root(common).folder).filter(|_| !args.no_filter);
    let (mut judged, mut remarks) = (Vec::new(), Vec::new());
    if let Some(feed) = &feed {
        (judged, remarks) = site.trial(source).run(feed, filter.as_mut());
    }
    problems.extend(remarks.iter().map(|remark| warning(args, remark)));
    if let Some(feed) = feed.as_ref().filter(|feed| feed.entries.is_empty()) {
        let message = format!("the feed ({}) has no entries", feed.format.name());
        problems.push(warning(args, &message));
    }
    match args.format {
        ListFormat::Json => terminal.json(&json!({
            "source": shown_source(args, source, feed.as_ref()),
            "entries": judged.iter().map(|it| site.shown(it)).collect::<Vec<Value>>(),
            "problems": problems,
        })),
        ListFormat::Text => {
            if let Some(feed) = &feed {
                site.print(feed, &judged, terminal);
            }
            terminal.diagnostics(&problems);
        }
    }
    Ok(match feed {
        Some(_) => Exit::Good,
        None => Exit::SiteHasErrors,
    })
}

/// What applies to a feed; outside of a site the default settings, and nothing else.
struct Site {
    config: Config,
    sources: Vec<SourceFile>,
    parser: Parser,
    known: Known,
    topics: TopicWords,
    ledger: Ledger,
    suggester: Suggester,
    now: Time,
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
                parser: Parser::new(&config),
                config,
                sources: Vec::new(),
                known: Known::of(&Library::default()),
                topics: TopicWords::of(&[]),
                ledger: Ledger::default(),
                suggester: Suggester::default(),
            });
        }
        let config = root.config(&Overrides::default())?;
        let (sources, problems) = content::sources(&disk, &config);
        if problems.iter().any(Diagnostic::is_error) {
            return Err(Failure::Site(problems));
        }
        let parser = Parser::new(&config);
        let cache = Cache::open(&root.cache(), parser.hash());
        let library = content::load(&disk, &config, &parser, cache).library;
        let folder = &config.content.ledger;
        let (ledger, _) = Ledger::read(&disk, folder, Some(&index_of(&root)));
        Ok(Site {
            now: now(common, Some(&config))?,
            suggester: Suggester::learn(&disk, folder, &ledger, &sources),
            known: Known::of(&library),
            topics: TopicWords::of(&library.topics),
            parser,
            ledger,
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

    fn trial<'a>(&'a self, source: Option<&'a SourceFile>) -> Trial<'a> {
        Trial {
            basis: Basis {
                config: &self.config,
                known: &self.known,
                topics: &self.topics,
            },
            parser: &self.parser,
            suggester: &self.suggester,
            source,
            is_first: source.is_some_and(|source| !self.ledger.knows_source(&source.name)),
            now: self.now,
        }
    }

    /// Name and domain of the provider that a candidate would have.
    fn provider(&self, judged: &Judged<'_>) -> Option<(Option<String>, String)> {
        let proposal = &judged.proposal;
        judged.entry.url()?;
        Some(
            self.known
                .provider(proposal.provider.as_deref(), &proposal.url),
        )
    }

    fn shown(&self, judged: &Judged<'_>) -> Value {
        let Judged {
            entry,
            outcome,
            proposal,
            suggestion,
            ..
        } = judged;
        let provider = self.provider(judged);
        let provider = provider.map(|(name, domain)| json!({ "name": name, "domain": domain }));
        json!({
            "id": entry.id,
            "title": entry.title,
            "link": entry.link,
            "published": entry.published.map(Time::rfc3339_utc),
            "excerpt": entry.excerpt,
            "image": entry.image,
            "author": entry.author,
            "categories": entry.categories,
            "decision": outcome.name(),
            "reasons": judged.reasons,
            "topics": proposal.topics,
            "provider": provider,
            "quality": proposal.quality,
            "suggested": suggestion.quality,
            "suggested_reasons": reasons(suggestion),
            "filter": judged.filter.map(|said| said.name()),
            "publish": judged.publishing.as_ref().map(publishing::shown),
        })
    }

    fn print(&self, feed: &Feed, judged: &[Judged<'_>], terminal: &Terminal) {
        for one in judged {
            self.print_one(one, terminal);
        }
        let count = |wanted: Outcome| judged.iter().filter(|it| it.outcome == wanted).count();
        let published = match count(Outcome::Published) {
            0 => String::new(),
            count => format!("{count} published, "),
        };
        let name = feed.title.as_deref().unwrap_or("a feed without a name");
        terminal.say(&format!(
            "{} ({}): {}, {published}{} queued, {} dropped",
            one_line(name),
            feed.format.name(),
            plural(judged.len(), "entry", "entries"),
            count(Outcome::Queued),
            count(Outcome::Dropped),
        ));
    }

    fn print_one(&self, judged: &Judged<'_>, terminal: &Terminal) {
        let entry = judged.entry;
        let time = entry.published.map(Time::rfc3339_utc);
        let time = time.map_or("no date".to_owned(), |time| time[..16].replace('T', " "));
        let title = entry.title.as_deref().unwrap_or("(no title)");
        let decision = judged.outcome.name();
        terminal.result(&format!("{time:16}  {decision:9}  {}", one_line(title)));
        let line = |depth: usize, text: &str| {
            terminal.result(&format!("{:1$}{2}", "", 29 + depth, one_line(text)));
        };
        if let Some(link) = &entry.link {
            line(0, link);
        }
        judged.reasons.iter().for_each(|reason| line(0, reason));
        if judged.outcome == Outcome::Dropped {
            return;
        }
        let proposal = &judged.proposal;
        if !proposal.topics.is_empty() {
            line(0, &format!("topics: {}", proposal.topics.join(", ")));
        }
        if let Some((name, domain)) = self.provider(judged) {
            line(0, &format!("provider: {}", name.unwrap_or(domain)));
        }
        let suggestion = &judged.suggestion;
        let reasons = reasons(suggestion).join(", ");
        line(0, &format!("suggested {}: {reasons}", suggestion.quality));
        if let Some(said) = judged.filter {
            let quality = proposal.scored().map(|it| format!(", quality {it}"));
            let quality = quality.unwrap_or_default();
            line(0, &format!("filter command: {}{quality}", said.name()));
        }
        if let Some(publishing) = &judged.publishing {
            let (rule, tests) = publishing::lines(publishing);
            line(0, &rule);
            tests.iter().for_each(|test| line(2, test));
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
