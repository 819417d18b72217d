//! `newsgen set`.

use std::collections::BTreeSet;

use super::args::{Common, SetArgs, Word};
use super::terminal::Terminal;
use super::{Exit, cannot_write, plural, relative, root};
use crate::config::{Config, Overrides};
use crate::content::{Parser, names};
use crate::diagnostic::{Diagnostic, Location};
use crate::edit::{self, Change, Prepared};
use crate::pipeline::Failure;
use crate::workspace::{Disk, WriteError, is_below};

pub(super) fn run(common: &Common, args: &SetArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let (mut files, mut changes) = (Vec::new(), Vec::new());
    for word in &args.words {
        match word {
            Word::File(path) => files.push(path.as_str()),
            Word::Change(change) => changes.push(change.clone()),
        }
    }
    changes.extend(args.unset.iter().cloned().map(Change::Unset));
    if files.is_empty() || changes.is_empty() {
        let missing = if files.is_empty() { "file" } else { "field" };
        let problem = Diagnostic::error("set", format!("no {missing} is named"))
            .help("newsgen set FILE… FIELD=VALUE…");
        terminal.diagnostics(&[problem]);
        return Ok(Exit::WrongUsage);
    }
    let root = root(common);
    let config = root.config(&Overrides::default())?;
    let parser = Parser::new(&config);
    let disk = Disk::new(&root.folder);
    let mut prepared = Vec::new();
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files {
        let path = relative(&common.root, file);
        // Patterns of the shell may name a file twice.
        if !seen.insert(path.clone()) {
            continue;
        }
        if let Some(problem) = not_an_article(&config, &path) {
            problems.push(problem);
            continue;
        }
        match edit::prepare(&disk, &parser, &path, &changes) {
            Ok(change) => prepared.push(change),
            Err(error) => problems.extend(error.diagnostics(&path)),
        }
    }
    if problems.iter().any(Diagnostic::is_error) {
        return Err(Failure::Site(problems));
    }
    write(&disk, &prepared, args.dry_run, terminal)
}

/// Writes what was prepared. A file that another program changed meanwhile is reported, and the
/// others are written.
fn write(
    disk: &Disk,
    prepared: &[Prepared],
    dry_run: bool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let mut problems = Vec::new();
    let mut changed = 0;
    for change in prepared {
        if !dry_run && let Err(error) = change.write(disk) {
            match error {
                WriteError::Io(error) => {
                    terminal.diagnostics(&problems);
                    return Err(cannot_write(&change.path, WriteError::Io(error)));
                }
                error => problems.push(
                    Diagnostic::error("write", error.to_string())
                        .at(Location::file(&change.path))
                        .help("nothing was written to it: look at it and run the command again"),
                ),
            }
            continue;
        }
        changed += usize::from(!change.hunks.is_empty());
        show(change, terminal);
    }
    let files = plural(changed, "file", "files");
    let unchanged = prepared.len() - changed - problems.len();
    let verb = if dry_run {
        "would be changed"
    } else {
        "changed"
    };
    terminal.say(&format!("{files} {verb}, {unchanged} unchanged"));
    if problems.is_empty() {
        return Ok(Exit::Good);
    }
    terminal.diagnostics(&problems);
    Ok(Exit::SiteHasErrors)
}

/// Prints the lines that differ.
fn show(change: &Prepared, terminal: &Terminal) {
    for hunk in &change.hunks {
        terminal.say(&format!("{}:{}", change.path, hunk.line));
        let old = hunk.old.iter().map(|line| format!("- {line}"));
        let new = hunk.new.iter().map(|line| format!("+ {line}"));
        old.chain(new).for_each(|line| terminal.say(&line));
    }
    if let Some(problem) = change.remaining.first() {
        let path = &change.path;
        terminal.note(&format!(
            "{path} still cannot be built: {}",
            problem.message
        ));
    }
}

fn not_an_article(config: &Config, path: &str) -> Option<Diagnostic> {
    let mut folders = config.content.articles.iter();
    let is_inside = folders.any(|folder| is_below(path, folder));
    if is_inside && names::is_article(path) {
        return None;
    }
    let folders = config.content.articles.join(", ");
    Some(
        Diagnostic::error("set", format!("`{path}` is not an article of the site")).help(format!(
            "articles are the files ending in .md, .markdown or .mdx below {folders}"
        )),
    )
}
