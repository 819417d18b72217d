//! `newsgen build`.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};

use super::args::{BuildArgs, Common, ListFormat};
use super::terminal::{Bar, Terminal};
use super::{Exit, fail_as_json, now, plural, root};
use crate::config::Overrides;
use crate::curate::{Drafts, Rule};
use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, BuildContext, BuildOptions, Failure, Report, Site, Tolerance};
use crate::time::Time;
use crate::write::{Trust, Why};

pub(super) fn run(common: &Common, args: &BuildArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    match build(common, args, terminal) {
        Err(failure) if args.format == ListFormat::Json => {
            Ok(fail_as_json(failure, Vec::new(), terminal))
        }
        ended => ended,
    }
}

fn build(common: &Common, args: &BuildArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let start = Instant::now();
    let root = root(common);
    let overrides = Overrides {
        is_one_host: false,
        base_url: args.base_url.clone(),
        output: args.output.clone().map(|folder| absolute(&folder)),
        delete_limit: args.delete_limit.map(usize::from),
    };
    let config = root.config(&overrides)?;
    let options = options(args, now(common, Some(&config))?);
    let explained = args
        .explain
        .as_ref()
        .map(|url| path_of(url, &config.base_url));
    let bar = Bar::new(terminal);
    let report = pipeline::build(&root, config, options, explained.as_deref(), &bar);
    bar.finish();
    let report = report?;
    let explained = explained.map(|url| why(&url, report.why.as_ref()));
    let mistakes = mistakes(&report);
    match args.format {
        ListFormat::Text => {
            print(&report, terminal, start);
            if args.timings {
                print_timings(&report, terminal);
            }
            if let Some(explained) = &explained {
                terminal.result(explained);
            }
            terminal.diagnostics(&mistakes);
        }
        ListFormat::Json => {
            let mut result = json(&report, &mistakes);
            if args.timings {
                result["timings"] = timings_as_json(&report);
            }
            if let Some(explained) = explained {
                result["explained"] = json!(explained);
            }
            terminal.json(&result);
        }
    }
    let is_strictly_bad = args.strict && has_left_out(&report);
    let exit = if mistakes.is_empty() && !is_strictly_bad {
        Exit::Good
    } else {
        Exit::SiteHasErrors
    };
    // Freeing hundreds of thousands of articles one by one takes longer than it is worth.
    std::mem::forget(report);
    Ok(exit)
}

/// What the arguments ask of a build.
fn options(args: &BuildArgs, now: Time) -> BuildOptions {
    let drafts = if args.drafts { Drafts::In } else { Drafts::Out };
    BuildOptions {
        context: BuildContext { now, drafts },
        tolerance: if args.keep_going {
            Tolerance::KeepGoing
        } else {
            Tolerance::Strict
        },
        trust: if args.verify {
            Trust::Nothing
        } else {
            Trust::Fingerprints
        },
    }
}

/// Prints how long each stage took.
fn print_timings(report: &Report, terminal: &Terminal) {
    for (stage, time) in &report.timings.0 {
        let millis = time.as_secs_f64() * 1000.0;
        terminal.result(&format!("{millis:>9.1} ms  {stage}"));
    }
}

fn timings_as_json(report: &Report) -> Value {
    let timings = report.timings.0.iter();
    timings
        .map(|(stage, time)| json!({ "stage": stage, "ms": time.as_secs_f64() * 1e3 }))
        .collect()
}

/// Whether something broken was left out of a build.
fn has_left_out(report: &Report) -> bool {
    report.site.problems.iter().any(Diagnostic::is_error)
}

/// Pages that newsgen wrongly took for unchanged.
fn mistakes(report: &Report) -> Vec<Diagnostic> {
    let mistake = |url: &String| {
        Diagnostic::error(
            "machine",
            format!(
                "{url} changed although its fingerprint did not: this is a bug in newsgen, please \
                 report it"
            ),
        )
    };
    report.stale_fingerprints.iter().map(mistake).collect()
}

/// What a build did, for programs: the shape is described in `docs/json.md`.
fn json(report: &Report, mistakes: &[Diagnostic]) -> Value {
    let (site, delta) = (&report.site, &report.delta);
    let diagnostics: Vec<&Diagnostic> = site.problems.iter().chain(mistakes).collect();
    let reasons: serde_json::Map<String, Value> = reasons(site)
        .into_iter()
        .map(|(rule, count)| (rule.name().to_owned(), json!(count)))
        .collect();
    let counts = Counts::of(site);
    json!({
        "output": shown(&report.output),
        "articles": {
            "read": counts.read,
            "kept": counts.kept,
            "dropped": counts.dropped,
            "shownAsDrafts": counts.shown_drafts,
            "broken": counts.broken,
        },
        "dropped": reasons,
        "written": delta.written,
        "removed": delta.removed,
        "unchanged": delta.unchanged,
        "notes": notes(report),
        "diagnostics": diagnostics,
    })
}

/// What a build says beside its result.
pub(super) fn notes(report: &Report) -> Vec<String> {
    let altered = report.altered.iter().map(|file| {
        format!(
            "{file} in {} was not as the last build wrote it; it is written again",
            shown(&report.output)
        )
    });
    report.site.notes.iter().cloned().chain(altered).collect()
}

/// Numbers of articles.
struct Counts {
    read: usize,
    kept: usize,
    dropped: usize,
    shown_drafts: usize,
    broken: usize,
}

impl Counts {
    fn of(site: &Site) -> Counts {
        let drafts = site.kept().filter(|(_, _, kept)| kept.badge.is_some());
        let shown_drafts = drafts.count();
        Counts {
            read: site.found,
            kept: site.kept().count() - shown_drafts,
            dropped: site.dropped().count(),
            shown_drafts,
            broken: site.found - site.library.articles.len(),
        }
    }
}

/// `--output` is relative to where the command was given, unlike the setting.
pub(super) fn absolute(folder: &str) -> String {
    std::path::absolute(folder).map_or_else(
        |_| folder.to_owned(),
        |path| path.to_string_lossy().into_owned(),
    )
}

/// The path, without that of the base URL, in an address as a person writes it.
fn path_of(url: &str, base: &crate::config::BaseUrl) -> String {
    let path = url.strip_prefix(base.origin.as_str()).unwrap_or(url);
    let path = path.strip_prefix(base.path.as_str()).unwrap_or(path);
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}

/// What became of the articles of a site, in a line.
pub(super) fn summary(site: &Site) -> String {
    let counts = Counts::of(site);
    let count = |count: usize, what: &str| {
        if count == 0 {
            String::new()
        } else {
            format!(", {count} {what}")
        }
    };
    format!(
        "{} read, {} kept, {} dropped{}{}{}",
        plural(counts.read, "article", "articles"),
        counts.kept,
        counts.dropped,
        listed(&reasons(site)),
        count(counts.shown_drafts, "shown as drafts"),
        count(counts.broken, "broken"),
    )
}

pub(super) fn print(report: &Report, terminal: &Terminal, start: Instant) {
    terminal.notes(&notes(report));
    for detail in &report.site.details {
        terminal.detail(detail);
    }
    let left_out = &report.site.problems;
    if !left_out.is_empty() {
        terminal.diagnostics(left_out);
        terminal.note(&format!(
            "{}; broken content was skipped",
            plural(left_out.len(), "problem", "problems")
        ));
    }
    for file in &report.delta.written {
        terminal.detail(&format!("wrote    {file}"));
    }
    for file in &report.delta.removed {
        terminal.detail(&format!("removed  {file}"));
    }
    let site = &report.site;
    terminal.say(&summary(site));
    terminal.detail(&format!(
        "{} parsed, {} indexed for search, {} rendered",
        plural(site.parsed, "article", "articles"),
        report.indexed,
        plural(report.rendered, "page", "pages")
    ));
    terminal.say(&format!(
        "{} written, {} unchanged, {} removed in {} ({:.2} s)",
        plural(report.delta.written.len(), "file", "files"),
        report.delta.unchanged,
        report.delta.removed.len(),
        shown(&report.output),
        start.elapsed().as_secs_f64(),
    ));
}

/// A folder as a person would name it: relative to where they are, if it is below.
pub(super) fn shown(folder: &std::path::Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let path = folder.strip_prefix(&here).unwrap_or(folder);
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// How many articles each rule dropped.
fn reasons(site: &Site) -> BTreeMap<Rule, usize> {
    let mut counts = BTreeMap::new();
    for (_, dropped) in site.dropped() {
        *counts.entry(dropped.rule).or_default() += 1;
    }
    counts
}

/// ` (27 unpublished, 2 low quality)`.
fn listed(counts: &BTreeMap<Rule, usize>) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|(rule, count)| format!("{count} {}", rule.name()))
        .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
    }
}

fn why(url: &str, why: Option<&Why>) -> String {
    match why {
        None => format!("the site has no page {url}"),
        Some(Why::New) => format!("{url} was rendered because the last build did not have it"),
        Some(Why::NotIntact) => {
            format!("{url} was rendered because its file was missing or had been modified")
        }
        Some(Why::Changed(parts)) => format!(
            "{url} was rendered because these inputs changed: {}",
            parts.join("; ")
        ),
        Some(Why::Same) => {
            format!("{url} was not rendered: none of its inputs changed")
        }
    }
}
