//! `newsgen sources`, the list.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::Site;
use crate::cli::args::{Common, ListFormat, SourcesArgs};
use crate::cli::editorial::{index_of, memory_of};
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, fail_as_json, plural, root};
use crate::content::SourceFile;
use crate::diagnostic::{Diagnostic, one_line};
use crate::fetch::ledger::{Ledger, Outcome};
use crate::fetch::memory::{Memory, SourceMemory};
use crate::pipeline::Failure;
use crate::time::Time;

pub(super) fn run(
    common: &Common,
    args: &SourcesArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let site = match Site::load(common) {
        Ok(site) => site,
        Err(failure) if args.format == ListFormat::Json => {
            return Ok(fail_as_json(failure, Vec::new(), terminal));
        }
        Err(failure) => return Err(failure),
    };
    let (state, path) = memory_of(&root(common));
    let memory = Memory::read(&state, &path);
    let (ledger, damage) = Ledger::read(
        &site.disk,
        &site.config.content.ledger,
        Some(&index_of(&root(common))),
    );
    let counts = ledger.counts();
    let rows: Vec<Row<'_>> = site
        .sources
        .iter()
        .map(|source| Row {
            source,
            memory: memory
                .sources
                .get(&source.name)
                .filter(|memory| memory.feed == source.feed),
            counts: counts.get(source.name.as_str()),
        })
        .collect();
    match args.format {
        ListFormat::Json => {
            let rows: Vec<Value> = rows.iter().map(shown).collect();
            terminal.json(&rows);
        }
        ListFormat::Text if site.sources.is_empty() && site.problems.is_empty() => {
            let folder = &site.config.content.sources;
            terminal.say(&format!(
                "there are no sources; `newsgen sources add` makes files in {folder}"
            ));
        }
        ListFormat::Text => print(&rows, terminal),
    }
    let mut problems = site.problems;
    problems.extend(damage);
    terminal.diagnostics(&problems);
    Ok(match problems.iter().any(Diagnostic::is_error) {
        true => Exit::SiteHasErrors,
        false => Exit::Good,
    })
}

/// A source, and what is known of it.
struct Row<'a> {
    source: &'a SourceFile,
    /// None if it was never asked from here.
    memory: Option<&'a SourceMemory>,
    /// What became of its items; none if it never gave one.
    counts: Option<&'a BTreeMap<Outcome, usize>>,
}

impl Row<'_> {
    fn state(&self) -> &'static str {
        match self.problem() {
            _ if self.source.is_paused => "paused",
            Some(_) => "failing",
            None => "active",
        }
    }

    fn problem(&self) -> Option<&str> {
        self.memory?.problem.as_deref()
    }

    fn answered(&self) -> Option<Time> {
        Time::from_seconds(self.memory?.answered?)
    }

    fn next(&self) -> Option<Time> {
        let memory = self.memory.filter(|_| !self.source.is_paused)?;
        Time::from_seconds(memory.next)
    }

    fn count(&self, outcome: Outcome) -> usize {
        let count = self.counts.and_then(|counts| counts.get(&outcome));
        count.copied().unwrap_or_default()
    }

    fn seen(&self) -> usize {
        self.counts.map_or(0, |counts| counts.values().sum())
    }

    /// What is shown beside name and feed; none if nobody has asked yet.
    fn health(&self) -> Option<String> {
        let items = (self.seen() > 0).then(|| {
            let seen = plural(self.seen(), "item", "items");
            let counts = ALL.map(|outcome| (self.count(outcome), outcome.name()));
            let counts = counts.into_iter().filter(|(count, _)| *count > 0);
            let counts: Vec<String> = counts
                .map(|(count, name)| format!("{count} {name}"))
                .collect();
            format!("{seen}: {}", counts.join(", "))
        });
        let shown =
            |what: &str, time: Option<Time>| Some(format!("{what} {}", time?.rfc3339_utc()));
        let parts = [
            self.problem().map(str::to_owned),
            shown("last answer", self.answered()),
            shown("due", self.next()),
            items,
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// What items become, in the order of the list.
const ALL: [Outcome; 6] = [
    Outcome::Queued,
    Outcome::Published,
    Outcome::Rejected,
    Outcome::Expired,
    Outcome::Dropped,
    Outcome::Duplicate,
];

fn shown(row: &Row<'_>) -> Value {
    let source = row.source;
    json!({
        "name": source.name,
        "path": source.path,
        "feed": source.feed,
        "title": source.title,
        "provider": source.provider,
        "topics": source.topics,
        "language": source.language,
        "quality": source.quality,
        "every": source.every,
        "state": row.state(),
        "problem": row.problem(),
        "failures": row.memory.map_or(0, |memory| memory.failures),
        "answered": row.answered().map(Time::rfc3339_utc),
        "next": row.next().map(Time::rfc3339_utc),
        "seen": row.seen(),
        "queued": row.count(Outcome::Queued),
        "published": row.count(Outcome::Published),
        "rejected": row.count(Outcome::Rejected),
        "expired": row.count(Outcome::Expired),
        "dropped": row.count(Outcome::Dropped),
        "duplicates": row.count(Outcome::Duplicate),
    })
}

/// A source a line, in columns, and below it how it is.
fn print(rows: &[Row<'_>], terminal: &Terminal) {
    let name = |row: &Row<'_>| one_line(&row.source.name).into_owned();
    let width = rows.iter().map(|row| name(row).width()).max();
    let width_of_state = rows.iter().map(|row| row.state().len()).max().unwrap_or(0);
    for row in rows {
        let source = row.source;
        let name = name(row);
        let space = width.unwrap_or(0).saturating_sub(name.width());
        let title = source.title.as_deref().unwrap_or_default();
        let line = format!(
            "{name}{:space$}  {:width_of_state$}  {}  {title}",
            "",
            row.state(),
            source.feed
        );
        terminal.result(line.trim_end());
        if let Some(health) = row.health() {
            terminal.result(&format!("    {}", one_line(&health)));
        }
    }
}
