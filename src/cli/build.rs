//! `newsgen build`.

use std::collections::BTreeMap;
use std::time::Instant;

use super::args::{BuildArgs, Common};
use super::terminal::{Bar, Terminal};
use super::{Exit, now, plural, root};
use crate::config::Overrides;
use crate::curate::{Drafts, Dropped};
use crate::pipeline::{self, BuildContext, BuildOptions, Failure, Report, Tolerance};
use crate::write::{Trust, Why};

pub(super) fn run(common: &Common, args: &BuildArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let start = Instant::now();
    let root = root(common);
    let overrides = Overrides {
        base_url: args.base_url.clone(),
        output: args.output.clone().map(|folder| absolute(&folder)),
        delete_limit: args.delete_limit.map(usize::from),
    };
    let config = root.config(&overrides)?;
    let drafts = if args.drafts { Drafts::In } else { Drafts::Out };
    let options = BuildOptions {
        context: BuildContext {
            now: now(common, Some(&config))?,
            drafts,
        },
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
    };
    let explained = args
        .explain
        .as_ref()
        .map(|url| path_of(url, &config.base_url));
    let bar = Bar::new(terminal);
    let report = pipeline::build(&root, config, options, explained.as_deref(), &bar);
    bar.finish();
    let report = report?;
    print(&report, terminal, start);
    if args.timings {
        for (stage, time) in &report.timings.0 {
            terminal.result(&format!("{:>9.1} ms  {stage}", time.as_secs_f64() * 1000.0));
        }
    }
    if let Some(url) = &explained {
        terminal.result(&why(url, report.why.as_ref()));
    }
    let exit = if report.stale_fingerprints.is_empty() {
        Exit::Good
    } else {
        Exit::SiteHasErrors
    };
    for url in &report.stale_fingerprints {
        terminal.error(&format!(
            "{url} had changed, and its fingerprint had not: please report this as a bug of newsgen"
        ));
    }
    // Freeing hundreds of thousands of articles one by one takes longer than it is worth.
    std::mem::forget(report);
    Ok(exit)
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

pub(super) fn print(report: &Report, terminal: &Terminal, start: Instant) {
    for note in &report.site.notes {
        terminal.note(note);
    }
    let left_out = &report.site.problems;
    if !left_out.is_empty() {
        terminal.diagnostics(left_out);
        terminal.note(&format!(
            "{}; what is broken was left out",
            plural(left_out.len(), "problem", "problems")
        ));
    }
    for file in &report.altered {
        terminal.note(&format!(
            "{file} in {} was not as the last build wrote it; it is written again",
            shown(&report.output)
        ));
    }
    for file in &report.delta.written {
        terminal.detail(&format!("wrote    {file}"));
    }
    for file in &report.delta.removed {
        terminal.detail(&format!("removed  {file}"));
    }
    let site = &report.site;
    let shown_drafts = site
        .edition
        .articles
        .iter()
        .filter(|kept| kept.badge.is_some())
        .count();
    let broken = site.found - site.library.articles.len();
    let count = |count: usize, what: &str| {
        if count == 0 {
            String::new()
        } else {
            format!(", {count} {what}")
        }
    };
    terminal.say(&format!(
        "{} read, {} kept, {} dropped{}{}{}",
        plural(site.found, "article", "articles"),
        site.edition.articles.len() - shown_drafts,
        site.edition.dropped.len(),
        reasons(&site.edition.dropped),
        count(shown_drafts, "of them shown as drafts"),
        count(broken, "broken"),
    ));
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

/// ` (27 unpublished, 2 low quality)`.
fn reasons(dropped: &[Dropped]) -> String {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for dropped in dropped {
        *counts.entry(dropped.rule).or_default() += 1;
    }
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
        None => format!("{url}: the site has no such page"),
        Some(Why::New) => format!("{url} was rendered: the last build did not have it"),
        Some(Why::NotIntact) => {
            format!("{url} was rendered: its file was missing, or somebody had changed it")
        }
        Some(Why::Changed(parts)) => format!(
            "{url} was rendered, for this had changed: {}",
            parts.join("; ")
        ),
        Some(Why::Same) => {
            format!("{url} was not rendered: nothing that it is made of had changed")
        }
    }
}
