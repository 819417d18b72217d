//! `newsgen sources import` and `export`.

use std::collections::BTreeSet;

use super::{Site, read_file};
use crate::cli::args::{Common, SourcesImportArgs};
use crate::cli::cannot_write;
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, plural};
use crate::content::link;
use crate::diagnostic::{Diagnostic, Location};
use crate::fetch::opml;
use crate::fetch::register::{self, NewSource};
use crate::pipeline::Failure;

pub(super) fn import(
    common: &Common,
    args: &SourcesImportArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let site = Site::load(common)?;
    let bytes = read_file(&args.file)?;
    let problem =
        |message: String| Diagnostic::error("opml", message).at(Location::file(&args.file));
    let outlines = opml::read(&String::from_utf8_lossy(&bytes))
        .ok_or_else(|| Failure::Site(vec![problem("it is no OPML".to_owned())]))?;
    let folder = &site.config.content.sources;
    let mut added = BTreeSet::new();
    let there = site.sources.iter();
    let there: BTreeSet<String> = there.map(|source| link::canonical(&source.feed)).collect();
    let (mut known, mut wrong) = (0, Vec::new());
    for outline in outlines {
        let Some(feed) = link::web_url(&outline.feed) else {
            let message = format!("`{}` is not the address of a feed", outline.feed);
            wrong.push(problem(message).help("the others were imported"));
            continue;
        };
        let id = link::canonical(&feed);
        if there.contains(&id) || added.contains(&id) {
            known += 1;
            continue;
        }
        let title = outline.title;
        let path = register::create(&site.disk, folder, None, &NewSource { feed, title })
            .map_err(|error| cannot_write(folder, error))?;
        terminal.result(&path);
        added.insert(id);
    }
    let count = plural(added.len(), "source", "sources");
    terminal.say(&format!("{count} added, {known} already there"));
    terminal.diagnostics(&wrong);
    Ok(match wrong.is_empty() {
        true => Exit::Good,
        false => Exit::SiteHasErrors,
    })
}

pub(super) fn export(common: &Common, terminal: &Terminal) -> Result<Exit, Failure> {
    let site = Site::load(common)?;
    let list = opml::write(&site.config.title, &site.sources);
    terminal.data(list.trim_end());
    terminal.diagnostics(&site.problems);
    Ok(match site.problems.iter().any(Diagnostic::is_error) {
        true => Exit::SiteHasErrors,
        false => Exit::Good,
    })
}
