//! `newsgen explain`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::{Common, ExplainArgs, ListFormat};
use super::terminal::Terminal;
use super::{Exit, fail_as_json, look};
use crate::content::article::StoryKey;
use crate::content::text;
use crate::curate::{self, Check, Dropped};
use crate::diagnostic::{Diagnostic, nearest};
use crate::pipeline::{Failure, Site};
use crate::plan::PageSpec;

pub(super) fn run(
    common: &Common,
    args: &ExplainArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    match answer(common, args, terminal) {
        Err(failure) if args.format == ListFormat::Json => {
            Ok(fail_as_json(failure, Vec::new(), terminal))
        }
        ended => ended,
    }
}

fn answer(common: &Common, args: &ExplainArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let site = look(common)?;
    let path = relative(&common.root, &args.article);
    if let Some(number) = find(&site, &args.article, &path) {
        match args.format {
            ListFormat::Text => terminal.result(&explain(&site, number)),
            ListFormat::Json => terminal.json(&explain_json(&site, number)),
        }
        return Ok(Exit::Good);
    }
    let broken: Vec<Diagnostic> = site
        .problems
        .iter()
        .filter(|problem| {
            problem
                .location
                .as_ref()
                .is_some_and(|place| place.path == path)
        })
        .cloned()
        .collect();
    if !broken.is_empty() && args.format == ListFormat::Json {
        terminal.json(&json!({ "path": path, "status": "broken", "diagnostics": broken }));
        return Ok(Exit::SiteHasErrors);
    }
    if !broken.is_empty() {
        terminal.result(&format!("{path}\n  out: the file cannot be used"));
        terminal.diagnostics(&broken);
        return Ok(Exit::SiteHasErrors);
    }
    let known = site
        .library
        .articles
        .iter()
        .map(|entry| entry.path.as_str());
    let help = nearest(&path, known).map_or_else(
        || {
            "name its file, the address of its page, or the address of the original story"
                .to_owned()
        },
        |path| format!("did you mean {path}?"),
    );
    Err(Failure::Site(vec![
        Diagnostic::error("explain", format!("there is no article `{}`", args.article)).help(help),
    ]))
}

/// A path as the library names it: relative to the root, from wherever it was given.
fn relative(root: &Path, given: &str) -> String {
    let full = |path: PathBuf| std::fs::canonicalize(path).ok();
    let found = full(PathBuf::from(given)).or_else(|| full(root.join(given)));
    let inside =
        found.and_then(|path| Some(path.strip_prefix(full(root.to_owned())?).ok()?.to_owned()));
    let path = inside.unwrap_or_else(|| PathBuf::from(given));
    path.to_string_lossy()
        .trim_start_matches("./")
        .replace('\\', "/")
}

fn find(site: &Site, given: &str, path: &str) -> Option<usize> {
    let articles = &site.library.articles;
    if let Some(number) = articles
        .iter()
        .position(|entry| entry.path == path || entry.path == given)
    {
        return Some(number);
    }
    let shared = &site.plan.shared;
    let with_slash = format!("{}/", given.trim_end_matches('/'));
    let page = shared.article_urls.iter().position(|url| {
        shared.absolute(url) == with_slash || shared.href(url) == with_slash || *url == with_slash
    });
    if let Some(place) = page {
        return Some(site.edition.articles[place].number);
    }
    let key = StoryKey::of(&text::web_url(given)?);
    // The kept copy first: the others are explained by it.
    let kept = site
        .edition
        .place_of(key)
        .map(|place| site.edition.articles[place].number);
    kept.or_else(|| {
        articles
            .iter()
            .position(|entry| entry.facts.key == Some(key))
    })
}

fn explain(site: &Site, number: usize) -> String {
    let entry = &site.library.articles[number];
    let mut text = format!("{}\n  {}\n", entry.path, entry.facts.title);
    match dropped(site, number) {
        None => text += "  in: it passes every rule\n",
        Some(dropped) => {
            let place = curate::rule_location(&site.library, &site.config, site.now, dropped);
            text += &format!("  out: {} ({place})\n", dropped.rule.name());
            if let Some(winner) = dropped.winner {
                text += &format!(
                    "  the copy that won: {}\n",
                    site.library.articles[winner].path
                );
            }
        }
    }
    text += "\nRules\n";
    for check in curate::explain(&site.library, &site.edition, &site.config, site.now, number) {
        text += &rule(&check);
    }
    if let Some(pages) = pages(site, number) {
        text += "\nPages\n";
        for page in pages {
            text += &format!("  {page}\n");
        }
    }
    text.trim_end().to_owned()
}

/// The same for programs: the shape is described in `docs/json.md`.
fn explain_json(site: &Site, number: usize) -> Value {
    let entry = &site.library.articles[number];
    let dropped = dropped(site, number);
    let rules: Vec<Value> =
        curate::explain(&site.library, &site.edition, &site.config, site.now, number)
            .iter()
            .map(rule_json)
            .collect();
    let is_about = |problem: &&Diagnostic| {
        let place = problem.location.as_ref();
        place.is_some_and(|place| place.path == entry.path)
    };
    let problems: Vec<&Diagnostic> = site.problems.iter().filter(is_about).collect();
    let place_of =
        |dropped: &Dropped| curate::rule_location(&site.library, &site.config, site.now, dropped);
    let winner = dropped.and_then(|dropped| dropped.winner);
    json!({
        "path": entry.path,
        "title": entry.facts.title,
        "status": if dropped.is_some() { "dropped" } else { "kept" },
        "reason": dropped.map(|dropped| dropped.rule.name()),
        "setting": dropped.map(place_of),
        "winner": winner.map(|winner| site.library.articles[winner].path.as_str()),
        "rules": rules,
        "pages": pages(site, number).unwrap_or_default(),
        "diagnostics": problems,
    })
}

fn rule_json(check: &Check) -> Value {
    json!({
        "rule": check.rule.name(),
        "passed": check.passed,
        "value": check.value,
        "limit": check.limit,
        "setting": check.location,
    })
}

/// How an article was dropped; none when it is in.
fn dropped(site: &Site, number: usize) -> Option<&Dropped> {
    let dropped = &site.edition.dropped;
    dropped.iter().find(|dropped| dropped.number == number)
}

/// Addresses of the pages that show an article; none when it has no place in the edition.
fn pages(site: &Site, number: usize) -> Option<Vec<String>> {
    let articles = &site.edition.articles;
    let place = articles.iter().position(|kept| kept.number == number)?;
    let shows = |page: &&PageSpec| site.plan.inputs(&site.edition, &page.kind).contains(&place);
    let pages = site.plan.pages.iter().filter(shows);
    Some(
        pages
            .map(|page| site.plan.shared.absolute(&page.url))
            .collect(),
    )
}

fn rule(check: &Check) -> String {
    let sign = if check.passed { "ok  " } else { "FAIL" };
    format!(
        "  {sign} {:<16} {}; wanted: {} ({})\n",
        check.rule.name(),
        check.value,
        check.limit,
        check.location
    )
}
