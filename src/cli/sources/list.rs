//! `newsgen sources`, the list.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::Site;
use crate::cli::args::{Common, ListFormat, SourcesArgs};
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, fail_as_json};
use crate::content::SourceFile;
use crate::diagnostic::{Diagnostic, one_line};
use crate::pipeline::Failure;

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
    match args.format {
        ListFormat::Json => {
            let rows: Vec<Value> = site.sources.iter().map(shown).collect();
            terminal.json(&rows);
        }
        ListFormat::Text if site.sources.is_empty() && site.problems.is_empty() => {
            let folder = &site.config.content.sources;
            terminal.say(&format!(
                "there are no sources; `newsgen sources add` makes files in {folder}"
            ));
        }
        ListFormat::Text => print(&site.sources, terminal),
    }
    terminal.diagnostics(&site.problems);
    Ok(match site.problems.iter().any(Diagnostic::is_error) {
        true => Exit::SiteHasErrors,
        false => Exit::Good,
    })
}

fn state(source: &SourceFile) -> &'static str {
    if source.is_paused { "paused" } else { "active" }
}

fn shown(source: &SourceFile) -> Value {
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
        "state": state(source),
    })
}

/// A source a line, in columns.
fn print(sources: &[SourceFile], terminal: &Terminal) {
    let name = |source: &SourceFile| one_line(&source.name).into_owned();
    let width = sources.iter().map(|source| name(source).width()).max();
    for source in sources {
        let name = name(source);
        let space = width.unwrap_or(0).saturating_sub(name.width());
        let title = source.title.as_deref().unwrap_or_default();
        let line = format!(
            "{name}{:space$}  {}  {}  {title}",
            "",
            state(source),
            source.feed
        );
        terminal.result(line.trim_end());
    }
}
