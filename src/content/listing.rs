//! Which files of the content folders are articles, pages, and neither.

use rayon::prelude::*;

use super::{NO_FOLDER, names};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::workspace::{self, Entry, ListError, Listing, Workspace};

/// What the folders of articles hold.
pub(super) struct Listed {
    /// Articles, by path.
    pub(super) entries: Vec<Entry>,
    /// Other files.
    pub(super) others: Vec<Entry>,
    /// How many describe a folder.
    pub(super) sections: usize,
    /// How many articles there are besides that cannot be used, such as links that lead nowhere.
    pub(super) unlisted: usize,
}

/// A listing of documents, and the other files in it that may belong to them.
pub(super) fn documents_and_others(listing: Listing) -> (Listing, Vec<Entry>) {
    let is_document = |entry: &Entry| names::is_markdown(&entry.path);
    let (entries, others) = listing.entries.into_iter().partition(is_document);
    (Listing { entries, ..listing }, others)
}

/// Looks for the files of articles.
pub(super) fn list_articles(
    source: &dyn Workspace,
    config: &Config,
    problems: &mut Vec<Diagnostic>,
) -> Listed {
    let mut entries = Vec::new();
    let mut others = Vec::new();
    let mut sections = 0;
    let mut unlisted = 0;
    for folder in workspace::distinct(source, &config.content.articles) {
        if !source.has_folder(folder) {
            problems.push(
                Diagnostic::error(
                    NO_FOLDER,
                    format!("the folder `{folder}` for articles does not exist"),
                )
                .help(format!(
                    "create it, or change `content.articles` ({})",
                    config.location("content.articles")
                )),
            );
        }
        let (listing, mut more) = documents_and_others(source.list(folder));
        let Listing {
            entries: mut found,
            errors,
            ..
        } = listing;
        found.retain(|entry| !config.content.skips(&entry.path));
        let files = found.len();
        found.retain(|entry| !names::is_section(&entry.path));
        sections += files - found.len();
        more.retain(|entry| !config.content.skips(&entry.path));
        entries.append(&mut found);
        others.append(&mut more);
        let is_article = |error: &&ListError| names::is_article(&error.path);
        unlisted += errors.iter().filter(is_article).count();
        problems.extend(errors.iter().map(ListError::diagnostic));
    }
    if config.content.articles.len() > 1 {
        entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|a, b| a.path == b.path);
    }
    Listed {
        entries,
        others,
        sections,
        unlisted,
    }
}
