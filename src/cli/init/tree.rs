//! `newsgen init` in a folder that holds the articles of another tool.

use std::path::Path;

use super::super::args::Common;
use super::super::terminal::Terminal;
use super::super::{build, look, plural};
use crate::diagnostic::kinds::{self, Kind};
use crate::diagnostic::{Diagnostic, one_line};
use crate::inspect::{Findings, Found, NoArticles};
use crate::pipeline::Failure;

/// Places of Markdown files that are named one by one.
const PLACES: usize = 4;

/// Says what was found in the tree.
pub(super) fn describe(found: &Findings, terminal: &Terminal) {
    let layout = &found.layout;
    let by = match &found.own.path {
        Some(path) => format!("{} settings ({path})", found.tool.name()),
        None => format!("a folder of {} files", found.tool.name()),
    };
    say(
        terminal,
        &format!(
            "found {by}: {} in {}",
            plural(layout.files, "article", "articles"),
            layout.articles.join(", ")
        ),
    );
    if found.sampled < layout.files {
        say(terminal, &format!("  looked at {} of them", found.sampled));
    }
    for field in &found.found {
        say(
            terminal,
            &format!("  {:<18} {}", field.field, sources(field)),
        );
    }
    let locale = found.own.locale.as_ref().or(found.locale.as_ref());
    if let Some(locale) = locale {
        say(terminal, &format!("  {:<18} {locale}", "language"));
    }
    if found.bare > 0 {
        let files = plural(found.bare, "file", "files");
        say(terminal, &format!("  {:<18} {files}", "no front matter"));
    }
    if found.unreadable > 0 {
        let files = plural(found.unreadable, "file", "files");
        say(
            terminal,
            &format!("  {:<18} {files}: `newsgen check` says why", "unreadable"),
        );
    }
    if !layout.elsewhere.is_empty() {
        say(
            terminal,
            &format!("  {:<18} {}", "not articles", places(&layout.elsewhere)),
        );
    }
    if let Some(pattern) = found.permalink() {
        say(terminal, &format!("  {:<18} {pattern}", "addresses"));
    }
    for (folder, pattern) in found.permalinks_of_folders() {
        say(terminal, &format!("  {:<18} {pattern} in {folder}", ""));
    }
    for (url, folder) in &layout.statics {
        say(
            terminal,
            &format!("  {:<18} {folder}/ as {url}", "copied as it is"),
        );
    }
    if !found.inherited.is_empty() {
        terminal.note(&format!(
            "articles inherit values from {}, which newsgen does not read: see whether they hide \
             drafts or set addresses",
            found.inherited.join(", ")
        ));
    }
}

/// Says that a folder has Markdown files, but no articles.
pub(super) fn explain(none: &NoArticles, terminal: &Terminal) {
    if !none.texts.is_empty() {
        terminal.note(&format!(
            "{} are no articles: an article has a date, in its front matter or at the start of \
             its file's name",
            places(&none.texts)
        ));
    }
}

/// Prints a line that may hold names of files and fields.
fn say(terminal: &Terminal, line: &str) {
    terminal.say(&one_line(line));
}

/// How many Markdown files there are, and where most of them lie.
fn places(places: &[(String, usize)]) -> String {
    let all: usize = places.iter().map(|(_, files)| files).sum();
    let named = places.iter().take(PLACES);
    let named: Vec<String> = named
        .map(|(folder, files)| match folder.as_str() {
            "" => format!("{files} at the top"),
            folder => format!("{files} in {folder}"),
        })
        .collect();
    let more = if places.len() > PLACES { ", …" } else { "" };
    let all = plural(all, "Markdown file", "Markdown files");
    format!("{all} ({}{more})", named.join(", "))
}

fn sources(field: &Found) -> String {
    if field.sources.is_empty() {
        return "not read: it means something else here".to_owned();
    }
    let sources = field.sources.iter();
    let sources: Vec<String> = sources
        .map(|(name, files)| format!("{name} ({})", plural(*files, "file", "files")))
        .collect();
    sources.join(", ")
}

/// Kinds of problems that are named.
const KINDS: usize = 10;

/// A line for each kind of problem, the most frequent first.
fn brief(problems: &[Diagnostic], terminal: &Terminal) {
    let mut kinds = kinds::of_diagnostics(problems);
    let count = |kind: &Kind<&Diagnostic>| kind.shown.len() + kind.more;
    kinds.sort_by_key(|kind| std::cmp::Reverse(count(kind)));
    for kind in kinds.iter().take(KINDS) {
        let Some(first) = kind.shown.first() else {
            continue;
        };
        let file = first.location.as_ref().map(|place| place.path.as_str());
        let file = file.map_or_else(String::new, |file| format!("{file}: "));
        let more = match count(kind) {
            1 => String::new(),
            files => format!(" (and {} more)", files - 1),
        };
        terminal.note(&format!("{file}{}{more}", first.message));
    }
    if kinds.len() > KINDS {
        let more = kinds.len() - KINDS;
        terminal.note(&format!(
            "and {}",
            plural(more, "kind of problem more", "kinds more")
        ));
    }
}

/// Says what a build would publish, and returns whether nothing is wrong.
pub(super) fn try_out(
    common: &Common,
    folder: &Path,
    found: &Findings,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    let there = Common {
        root: folder.to_owned(),
        ..common.clone()
    };
    let is_good = match look(&there) {
        Ok(site) => {
            terminal.say(&build::summary(&site));
            if !site.problems.is_empty() {
                brief(&site.problems, terminal);
                terminal.note("`newsgen check` shows where");
            }
            site.problems.is_empty()
        }
        Err(Failure::Site(problems)) => {
            brief(&problems, terminal);
            false
        }
        Err(other) => return Err(other),
    };
    let output = found.output().unwrap_or("public");
    say(
        terminal,
        &format!("keep /{output} and /.newsgen out of version control (.gitignore)"),
    );
    Ok(is_good)
}
