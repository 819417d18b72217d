//! `newsgen explain`.
//!
//! # Files
//!
//! - `event.rs`: the event of an article

mod event;

use serde_json::{Value, json};

use super::args::{Common, ExplainArgs, ListFormat};
use super::terminal::Terminal;
use super::{Exit, fail_as_json, leads, look, relative, wanted_edition};
use crate::content::article::{Facts, StoryKey};
use crate::content::link;
use crate::curate::{self, Check, Dropped, Edition, Kept};
use crate::diagnostic::{Diagnostic, nearest};
use crate::ids::{ArticleId, EditionId, EditionIndex};
use crate::pipeline::{Failure, Site};
use crate::plan::{PageKind, PageSpec};
use event::EventOf;

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
    let wanted = wanted_edition(&site.config, args.language.as_deref())?;
    let path = relative(&common.root, &args.article);
    if let Some(article) = find(&site, &args.article, &path, wanted) {
        match args.format {
            ListFormat::Text => terminal.result(&explain(&site, article)),
            ListFormat::Json => terminal.json(&explain_json(&site, article)),
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
                .is_some_and(|location| location.path == path)
        })
        .cloned()
        .collect();
    if !broken.is_empty() && args.format == ListFormat::Json {
        terminal.json(&json!({ "path": path, "status": "broken", "diagnostics": broken }));
        return Ok(Exit::SiteHasErrors);
    }
    if !broken.is_empty() {
        terminal.result(&format!("{path}\n  out: the file has errors"));
        terminal.diagnostics(&broken);
        return Ok(Exit::SiteHasErrors);
    }
    let known = site
        .library
        .articles
        .iter()
        .map(|entry| entry.path.as_str());
    let help = nearest(&path, known).map_or_else(
        || "give its file, the URL of its page, or the URL of the original story".to_owned(),
        |path| format!("did you mean {path}?"),
    );
    Err(Failure::Site(vec![
        Diagnostic::error("explain", format!("no article matches `{}`", args.article)).help(help),
    ]))
}

/// The article that is meant, if `wanted` by edition.
fn find(site: &Site, given: &str, path: &str, wanted: Option<EditionId>) -> Option<ArticleId> {
    let articles = &site.library.articles;
    let is_wanted = |edition: EditionId| wanted.is_none_or(|wanted| wanted == edition);
    if let Some(article) = articles.find(|entry| entry.path == path || entry.path == given) {
        let edition = articles[article].facts.edition;
        return is_wanted(edition).then_some(article);
    }
    let with_slash = format!("{}/", given.trim_end_matches('/'));
    let is_page = |(edition, position, _): &(EditionId, EditionIndex, &Kept)| {
        let shared = &site.plan.editions[*edition].shared;
        let url = site.inputs(*edition).headline(*position).url();
        let forms = [shared.absolute(url), shared.href(url), url.to_owned()];
        forms
            .iter()
            .any(|form| *form == with_slash || form == given)
    };
    let mut kept = site.kept().filter(|(edition, ..)| is_wanted(*edition));
    if let Some((_, _, kept)) = kept.find(is_page) {
        return Some(kept.article);
    }
    let key = StoryKey::of(&link::web_url(given)?);
    // The kept copy first: the others are explained by it.
    let of_edition = |(_, edition): (EditionId, &Edition)| {
        let position = edition.position_of(key)?;
        Some(edition.articles[position].article)
    };
    let mut editions = site.editions.enumerate().filter(|(id, _)| is_wanted(*id));
    let kept = editions.find_map(of_edition);
    let is_copy = |facts: &Facts| facts.key == Some(key) && is_wanted(facts.edition);
    kept.or_else(|| articles.find(|entry| is_copy(&entry.facts)))
}

fn explain(site: &Site, article: ArticleId) -> String {
    let entry = &site.library.articles[article];
    let mut text = format!("{}\n  {}\n", entry.path, entry.facts.title);
    if let Some(tag) = site.language_of(entry.facts.edition) {
        text += &format!("  language: {tag}\n");
    }
    for (tag, url) in translations(site, article) {
        text += &format!("  in {tag}: {url}\n");
    }
    match dropped(site, article) {
        None => text += "  in: passes every rule\n",
        Some((edition, dropped)) => {
            let config = site.config.edition(edition);
            let location = curate::rule_location(&site.library, config, site.now, dropped);
            text += &format!("  out: {} ({location})\n", dropped.rule.name());
            if let Some(winner) = dropped.winner {
                text += &format!("  kept instead: {}\n", site.library.articles[winner].path);
            }
        }
    }
    text += "\nRules\n";
    for check in checks(site, article) {
        text += &rule(&check);
    }
    match EventOf::find(site, article) {
        Some(event) => text += &event.text(),
        None if event::stands_apart(site, article) => {
            text += "\nEvent\n  none, as `event: none` in its front matter says\n";
        }
        None => {}
    }
    let front = leads::lines(site, article);
    if !front.is_empty() {
        text += "\nFront page\n";
    }
    for line in front {
        text += &format!("  {line}\n");
    }
    if let Some(pages) = pages(site, article) {
        text += "\nPages\n";
        for page in pages {
            text += &format!("  {page}\n");
        }
    }
    text.trim_end().to_owned()
}

/// The same for programs: the shape is described in `docs/json.md`.
fn explain_json(site: &Site, article: ArticleId) -> Value {
    let entry = &site.library.articles[article];
    let dropped = dropped(site, article);
    let rules: Vec<Value> = checks(site, article).iter().map(rule_json).collect();
    let is_about = |problem: &&Diagnostic| {
        let place = problem.location.as_ref();
        place.is_some_and(|place| place.path == entry.path)
    };
    let problems: Vec<&Diagnostic> = site.problems.iter().filter(is_about).collect();
    let location_of = |(edition, dropped): (EditionId, &Dropped)| {
        let config = site.config.edition(edition);
        curate::rule_location(&site.library, config, site.now, dropped)
    };
    let winner = dropped.and_then(|(_, dropped)| dropped.winner);
    let mut explained = json!({
        "path": entry.path,
        "title": entry.facts.title,
        "status": if dropped.is_some() { "dropped" } else { "kept" },
        "reason": dropped.map(|(_, dropped)| dropped.rule.name()),
        "setting": dropped.map(location_of),
        "winner": winner.map(|winner| site.library.articles[winner].path.as_str()),
        "rules": rules,
        "front": leads::json(site, article),
        "event": EventOf::find(site, article).map(|event| event.json()),
        "pages": pages(site, article).unwrap_or_default(),
        "diagnostics": problems,
    });
    let language = site.language_of(entry.facts.edition);
    if let (Some(fields), Some(tag)) = (explained.as_object_mut(), language) {
        let others = translations(site, article).into_iter();
        let others: serde_json::Map<String, Value> =
            others.map(|(tag, url)| (tag, url.into())).collect();
        fields.insert("language".to_owned(), tag.into());
        fields.insert("translations".to_owned(), others.into());
    }
    explained
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

/// How an article was dropped from its edition; none when it is in.
fn dropped(site: &Site, article: ArticleId) -> Option<(EditionId, &Dropped)> {
    let mut all = site.dropped();
    all.find(|(_, dropped)| dropped.article == article)
}

/// What the rules of its edition say of an article.
fn checks(site: &Site, article: ArticleId) -> Vec<Check> {
    let id = site.library.articles[article].facts.edition;
    let (edition, config) = (&site.editions[id], site.config.edition(id));
    curate::explain(&site.library, edition, config, site.now, article)
}

/// The same article in other editions: language and address of each.
fn translations(site: &Site, article: ArticleId) -> Vec<(String, String)> {
    let mut kept = site.kept();
    let Some((id, position, _)) = kept.find(|(_, _, kept)| kept.article == article) else {
        return Vec::new();
    };
    let found = site.inputs(id).translations(&PageKind::Article(position));
    let others = found.into_iter().filter(|(other, _)| *other != id);
    let shown = |(other, path)| {
        let shared = &site.plan.editions[other].shared;
        (shared.locale().to_owned(), shared.absolute(path))
    };
    others.map(shown).collect()
}

/// Addresses of the pages that show an article; none when it has no place in the edition.
fn pages(site: &Site, article: ArticleId) -> Option<Vec<String>> {
    let mut kept = site.kept();
    let (id, position, _) = kept.find(|(_, _, kept)| kept.article == article)?;
    let plan = &site.plan.editions[id];
    let shows = |page: &&PageSpec| {
        let inputs = || plan.inputs(&site.editions[id], &page.kind);
        page.edition == id && inputs().contains(&position)
    };
    let pages = site.plan.pages.iter().filter(shows);
    Some(pages.map(|page| plan.shared.absolute(&page.url)).collect())
}

fn rule(check: &Check) -> String {
    let sign = if check.passed { "ok  " } else { "FAIL" };
    format!(
        "  {sign} {:<16} {}; required: {} ({})\n",
        check.rule.name(),
        check.value,
        check.limit,
        check.location
    )
}
