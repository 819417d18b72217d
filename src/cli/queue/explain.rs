//! `newsgen queue explain`.

use serde_json::{Value, json};

use super::since;
use crate::cli::args::{Common, ListFormat, QueueExplainArgs};
use crate::cli::editorial::{Editorial, reasons};
use crate::cli::publishing;
use crate::cli::sources::address;
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, relative};
use crate::content::article::StoryKey;
use crate::content::{self, Parsed, SourceFile, link};
use crate::diagnostic::{Diagnostic, one_line};
use crate::fetch::feed::{Entry, Feed};
use crate::fetch::ledger::{self, Outcome, Record};
use crate::fetch::proposal::{Basis, Proposal, Publishing};
use crate::fetch::rules::{self, Verdict};
use crate::fetch::suggest::{self, Suggester, Suggestion};
use crate::fetch::topics::TopicWords;
use crate::pipeline::Failure;
use crate::time::Time;
use crate::workspace::{Disk, Workspace};

/// What is known of an item.
struct Known<'a> {
    path: Option<String>,
    parsed: Option<Parsed>,
    url: Option<String>,
    source: Option<&'a SourceFile>,
    history: Vec<Record>,
    /// What the rules say now; only of candidates.
    rules: Option<Rules>,
    suggestion: Option<Suggestion>,
}

/// What the rules say now.
struct Rules {
    verdict: Verdict,
    proposal: Proposal,
    publishing: Option<Publishing>,
}

pub(super) fn run(
    common: &Common,
    args: &QueueExplainArgs,
    editorial: &Editorial,
    disk: &Disk,
    now: Time,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let (sources, _) = content::sources(disk, &editorial.config);
    let known = known(common, args, editorial, disk, &sources, now);
    if known.parsed.is_none() && known.history.is_empty() {
        let message = format!("neither the site nor its ledger knows `{}`", args.item);
        let help = "give the path of a candidate or of an article, or the address of a story";
        let problem = Diagnostic::error("queue", message).help(help);
        return Err(Failure::Site(vec![problem]));
    }
    match args.format {
        ListFormat::Json => terminal.json(&shown(&known)),
        ListFormat::Text => print(&known, terminal),
    }
    Ok(Exit::Good)
}

fn known<'a>(
    common: &Common,
    args: &QueueExplainArgs,
    editorial: &Editorial,
    disk: &Disk,
    sources: &'a [SourceFile],
    now: Time,
) -> Known<'a> {
    let Editorial {
        queue,
        ledger,
        config,
        ..
    } = editorial;

    let url = address(&args.item).map(|url| {
        let written = url.to_string();
        link::web_url(&written).unwrap_or(written)
    });
    let path = match &url {
        None => Some(relative(&common.root, &args.item)),
        Some(url) => {
            let candidate = queue.with_story(StoryKey::of(url));
            let candidate = candidate.map(|candidate| candidate.path.as_str());
            let article = || editorial.known.article_with(url);
            candidate.or_else(article).map(str::to_owned)
        }
    };
    let parsed = path.as_deref().and_then(|path| {
        let bytes = disk.read(path).ok()?;
        editorial.parser.article(path, &bytes).ok()
    });
    let url = url.or_else(|| parsed.as_ref()?.facts.link.clone());

    let story = url.as_deref().map(StoryKey::of);
    let history = ledger::history(disk, &config.content.ledger, |line| {
        let has_path = |of: &Option<String>| of.is_some() && *of == path;
        let is_story = story.is_some() && line.url.as_deref().map(StoryKey::of) == story;
        is_story || has_path(&line.path) || has_path(&line.from)
    });
    let own = history.iter().rev();
    let own = own.filter(|line| line.decision != Outcome::Duplicate);
    let name = own.chain(&history).find_map(|line| line.source.as_deref());
    let source = name.and_then(|name| sources.iter().find(|source| source.name == name));

    let candidate = path.as_deref().and_then(|path| queue.find(path));
    let suggestion = candidate.and_then(|candidate| {
        let events = suggest::events(queue.candidates.iter(), &editorial.library);
        let suggester = Suggester::learn(disk, &config.content.ledger, ledger, sources);
        let item = since(ledger, candidate);
        let source = item.and_then(|item| ledger.source_of(item));
        suggester.candidate(candidate, source, item, events.with(&candidate.path))
    });
    let rules = parsed.as_ref().filter(|_| candidate.is_some());
    let rules = rules.map(|parsed| {
        let suggested = suggestion
            .as_ref()
            .map_or(0, |suggestion| suggestion.quality);
        // Other items with the same story may have later lines.
        let line = candidate.and_then(|it| ledger.record(disk, since(ledger, it)?));
        let is_scored = line.is_some_and(|line| line.quality.is_some());
        rules_now(editorial, parsed, source, (suggested, is_scored), now)
    });

    Known {
        path: path.filter(|_| parsed.is_some()),
        parsed,
        url,
        source,
        history,
        rules,
        suggestion,
    }
}

/// What the rules as they are now make of a candidate, as far as its file says what they ask for.
fn rules_now(
    editorial: &Editorial,
    parsed: &Parsed,
    source: Option<&SourceFile>,
    (suggested, is_scored): (i64, bool),
    now: Time,
) -> Rules {
    let (facts, story) = (&parsed.facts, &parsed.article.story);
    let entry = Entry {
        title: Some(facts.title.clone()),
        link: facts.link.clone(),
        published: Some(facts.published),
        excerpt: story.excerpt.clone(),
        image: story.image.as_ref().map(|image| image.url.clone()),
        ..Entry::default()
    };
    let feed = Feed::unknown();
    let config = &editorial.config;
    let verdict = rules::judge(&entry, &feed, source, &config.fetch, now);
    let topics = TopicWords::of(&editorial.library.topics);
    let basis = Basis {
        config,
        known: &editorial.known,
        topics: &topics,
    };
    let proposal = Proposal {
        topics: facts.topics.clone(),
        provider: facts
            .provider
            .as_ref()
            .map(|provider| provider.domain.clone()),
        quality: facts.quality,
        suggested,
        is_scored,
        ..Proposal::of(&entry, &feed, source, Vec::new(), basis)
    };
    Rules {
        verdict,
        publishing: proposal.publishing(source, &config.fetch, &editorial.known, now),
        proposal,
    }
}

fn shown(known: &Known<'_>) -> Value {
    let rules = known.rules.as_ref().map(|rules| {
        let reasons = rules.verdict.reasons.iter();
        let reasons = reasons.chain(&rules.proposal.reasons);
        json!({
            "decision": rules.verdict.decision.name(),
            "reasons": reasons.collect::<Vec<_>>(),
            "publish": rules.publishing.as_ref().map(publishing::shown),
        })
    });
    json!({
        "path": known.path,
        "title": known.parsed.as_ref().map(|parsed| parsed.facts.title.as_str()),
        "url": known.url,
        "source": known.source.map(|source| json!({
            "name": source.name,
            "path": source.path,
            "feed": source.feed,
        })),
        "history": known.history,
        "rules": rules,
        "suggested": known.suggestion.as_ref().map(|it| it.quality),
        "suggested_reasons": known.suggestion.as_ref().map(reasons).unwrap_or_default(),
    })
}

fn print(known: &Known<'_>, terminal: &Terminal) {
    let say = |depth: usize, line: &str| {
        terminal.result(&format!("{:depth$}{}", "", one_line(line)));
    };
    let title = known
        .parsed
        .as_ref()
        .map(|parsed| parsed.facts.title.as_str());
    say(0, title.or(known.url.as_deref()).unwrap_or("(no title)"));
    if let Some(path) = &known.path {
        let what = match known.rules {
            Some(_) => "a candidate",
            None => "no candidate",
        };
        say(2, &format!("file: {path} ({what})"));
    }
    if let Some(url) = &known.url {
        say(2, &format!("story: {url}"));
    }
    if let Some(SourceFile {
        name, path, feed, ..
    }) = known.source
    {
        say(2, &format!("source: {name} ({path}), {feed}"));
    }
    if let Some(suggestion) = &known.suggestion {
        let reasons = reasons(suggestion).join(", ");
        let reasons = if reasons.is_empty() {
            reasons
        } else {
            format!(": {reasons}")
        };
        say(
            2,
            &format!("suggested quality: {}{reasons}", suggestion.quality),
        );
    }

    if !known.history.is_empty() {
        say(2, "in the ledger:");
    }
    for line in &known.history {
        let time = line.time.rfc3339_utc();
        let decision = line.decision.name();
        let source = line.source.as_deref().unwrap_or("the queue");
        let reason = line.reason.as_ref().map(|reason| format!(": {reason}"));
        let reason = reason.unwrap_or_default();
        say(
            4,
            &format!("{time}  {decision} by {} from {source}{reason}", line.by),
        );
    }

    let Some(rules) = &known.rules else {
        return;
    };
    say(
        2,
        "the rules now (the file says neither author nor categories):",
    );
    let decision = rules.verdict.decision.name();
    say(4, &format!("an item like this is {decision}"));
    for reason in rules.verdict.reasons.iter().chain(&rules.proposal.reasons) {
        say(4, reason);
    }
    if let Some(publishing) = &rules.publishing {
        let (rule, tests) = publishing::lines(publishing);
        say(4, &rule);
        tests.iter().for_each(|test| say(6, test));
    }
}
