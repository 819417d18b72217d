//! `newsgen explain`.

use super::args::{Common, ExplainArgs};
use super::terminal::Terminal;
use super::{Exit, look, relative};
use crate::content::article::StoryKey;
use crate::content::text;
use crate::curate::{self, Check};
use crate::diagnostic::{Diagnostic, nearest};
use crate::pipeline::{Failure, Site};

pub(super) fn run(
    common: &Common,
    args: &ExplainArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let site = look(common)?;
    let path = relative(&common.root, &args.article);
    if let Some(number) = find(&site, &args.article, &path) {
        terminal.result(&explain(&site, number));
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
    let place = site
        .edition
        .articles
        .iter()
        .position(|kept| kept.number == number);
    let dropped = site
        .edition
        .dropped
        .iter()
        .find(|dropped| dropped.number == number);
    match dropped {
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
    if let Some(place) = place {
        text += "\nPages\n";
        for page in &site.plan.pages {
            if site.plan.inputs(&site.edition, &page.kind).contains(&place) {
                text += &format!("  {}\n", site.plan.shared.absolute(&page.url));
            }
        }
    }
    text.trim_end().to_owned()
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
