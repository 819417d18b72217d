//! Files → [`Library`]: articles, topics, providers and standalone pages, parsed and clean.
//!
//! Every file is read once and in parallel; results come in the order of their paths, whatever the
//! threads did. What is wrong with a file is returned beside the library, and the file is not in
//! it. Parsed articles are kept in a [`cache`] between builds.
//!
//! An article is parsed again when its bytes changed, or the code, time zone or other settings that
//! parsing depends on. A field is declared in `front_matter.rs`, kept in `article.rs` and read in
//! `parse.rs`.
//!
//! # Finding files
//!
//! - `listing.rs`: which files are articles, pages, and neither
//! - `names.rs`: what the path of a file means
//! - `language.rs`: which edition a file belongs to
//! - `unread.rs`: counts files that are not read
//! - `files.rs`: files beside articles, which are copied
//! - `svg.rs`: whether a picture in SVG can run anything
//! - `load.rs`: loads all of them
//! - `read.rs`: reads one
//! - `cache.rs`: keeps parsed articles between builds
//!
//! # Front matter
//!
//! - `split.rs`: finds it
//! - `front_matter.rs`: reads it: the fields of each kind of file
//! - `shape.rs`: how fields are read, whatever format hands them on
//! - `values.rs`: the kinds of values that fields have
//! - `images.rs`: `images`
//! - `authors.rs`: `authors`
//! - `extra.rs`: keeps fields that newsgen does not know
//! - `typed.rs`: TOML and JSON → types
//! - `mapped.rs`: trees that have names of their own for fields
//! - `foreign.rs`: which names of other tools may be meant
//! - `secured.rs`: keeps `secured` out of messages
//! - `yaml_error.rs`: rewrites the messages of parsers
//!
//! # Articles and other files
//!
//! - `article.rs`: what is known of an article
//! - `parse.rs`: fields → an article, or everything that is wrong
//! - `alias.rs`: old addresses
//! - `taxonomy.rs`: files of topics, providers and pages
//! - `page_list.rs`: the stories that a page lists
//! - `source.rs`: files of sources
//! - `lint.rs`: what is worth a warning
//! - `budget.rs`: how much one article may ask for
//!
//! # Texts
//!
//! - `text.rs`: texts, made fit to print
//! - `link.rs`: links, made fit to print and to compare; parameters that are cut off
//! - `plain_text.rs`: takes HTML out of titles and excerpts
//! - `domain.rs`: shows domains in their script
//! - `markdown.rs`: Markdown → HTML
//! - `mdx.rs`: MDX → Markdown
//! - `sanitize.rs`: HTML → safe HTML
//! - `html_size.rs`: how much HTML becomes when it is parsed
//! - `tags.rs`: reads and changes start tags of safe HTML
//! - `anchor.rs`: ids of places in a body
//! - `link_target.rs`: where links of a body lead
//! - `losses.rs`: what a body loses on its way

pub mod alias;
pub mod anchor;
pub mod article;
mod authors;
pub mod budget;
pub mod cache;
pub mod domain;
mod extra;
mod files;
pub mod foreign;
pub mod front_matter;
mod html_size;
mod images;
pub mod language;
pub mod link;
pub mod link_target;
mod lint;
mod listing;
mod load;
mod losses;
mod mapped;
mod markdown;
mod mdx;
pub mod names;
mod page_list;
mod parse;
mod plain_text;
mod read;
mod sanitize;
mod secured;
mod shape;
mod source;
mod split;
mod svg;
pub mod tags;
mod taxonomy;
pub mod text;
mod typed;
mod unread;
mod values;
mod yaml_error;

use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Map, Value};

pub use budget::{Cut, FILE as LARGEST_FILE, TooMuch};
pub use files::Files;
pub use load::{Loaded, load};
pub use page_list::{Named, PageList, Stories};
pub use parse::{Parsed, Parser};
pub use plain_text::INLINE;
pub use secured::secured_lines;
pub use source::{SourceFile, SourceRules, sources};
pub use taxonomy::{PageFile, ProviderFile, Texts, TopicFile, Translations, texts_for};
pub use unread::Unread;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::document::Format;
use crate::hash::Hash128;
use crate::ids::{ArticleId, Id, List, StandaloneId};
use crate::workspace::{self, Workspace};
use article::{Article, Facts, Story};
use cache::Payload;
use listing::{Listed, list_articles};

/// The fields of a file under the names that it has for them, but for `secured`, and the format of
/// its front matter; none when it has no front matter.
///
/// # Errors
/// With the place of what is wrong.
pub fn raw_fields(
    path: &str,
    bytes: &[u8],
) -> Result<(Map<String, Value>, Option<Format>), Diagnostic> {
    let split = split::split(path, split::decode(path, bytes)?)?;
    let fields: extra::Extra = front_matter::read(path, &split)?;
    Ok((fields.fields.into_iter().collect(), split.format))
}

/// The code of the problem that a folder of articles is missing.
const NO_FOLDER: &str = "no-folder";

/// Whether a problem means that content which is there was not seen. A site without it would lose
/// pages that nobody took out, so such a problem ends every build.
pub fn is_fatal(problem: &Diagnostic) -> bool {
    problem.code == NO_FOLDER || problem.code == workspace::UNREADABLE_FOLDER
}

/// Everything that the content folders hold.
#[derive(Debug, Default)]
pub struct Library {
    /// Articles, by path.
    pub articles: List<ArticleId, Arc<ArticleEntry>>,
    /// Topic files, by path.
    pub topics: Vec<TopicFile>,
    /// Provider files, by path.
    pub providers: Vec<ProviderFile>,
    /// Standalone pages, by path.
    pub pages: List<StandaloneId, PageFile>,
    /// Source files, by path; none unless the site has a page of them.
    pub sources: Vec<SourceFile>,
    /// Files beside articles and pages.
    pub files: Files,
    payloads: Option<Arc<cache::PayloadFile>>,
}

/// An article of the library.
#[derive(Clone, Debug)]
pub struct ArticleEntry {
    /// Path of its file.
    pub path: String,
    /// What curation needs of it.
    pub facts: Facts,
    /// Hash of everything that pages show of it.
    pub hash: Hash128,
    payload: Payload,
}

/// The cache turned out to be damaged while an article was fetched from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DamagedCache;

impl Library {
    /// A library of parsed articles, for tests and tools.
    pub fn of(articles: Vec<(String, Parsed)>) -> Library {
        let entry = |(path, parsed): (String, Parsed)| {
            let (payload, hash) = Payload::encode(&parsed.article);
            Arc::new(ArticleEntry {
                path,
                facts: parsed.facts,
                hash,
                payload,
            })
        };
        Library {
            articles: articles.into_iter().map(entry).collect(),
            ..Library::default()
        }
    }

    /// The article in a file.
    pub fn find(&self, path: &str) -> Option<ArticleId> {
        let articles = self.articles.as_slice();
        let found = articles.binary_search_by(|entry| entry.path.as_str().cmp(path));
        found.ok().map(ArticleId::new)
    }

    /// The standalone page in a file.
    pub fn find_page(&self, path: &str) -> Option<StandaloneId> {
        let pages = self.pages.as_slice();
        let found = pages.binary_search_by(|page| page.path.as_str().cmp(path));
        found.ok().map(StandaloneId::new)
    }

    /// What budgets cut of the article in a file.
    fn cuts(&self, path: &str) -> &[Cut] {
        self.find(path)
            .map_or(&[], |id| &self.articles[id].facts.cuts)
    }

    /// How many articles have lost something to a budget, and the file of the first.
    pub fn over_budget(&self) -> Option<(usize, &str)> {
        let mut over = self
            .articles
            .iter()
            .filter(|entry| !entry.facts.cuts.is_empty());
        let first = over.next()?;
        Some((1 + over.count(), &first.path))
    }

    /// Bytes of articles that are in memory and not in the cache.
    pub fn held(&self) -> u64 {
        let held = self
            .articles
            .iter()
            .filter(|entry| matches!(entry.payload, Payload::Memory(_)));
        held.map(|entry| entry.payload.length()).sum()
    }

    /// All of the article with that number.
    ///
    /// # Errors
    /// When it lies in the cache and the cache is damaged.
    pub fn article(&self, id: ArticleId) -> Result<Article, DamagedCache> {
        let entry = &self.articles[id];
        entry.payload.decode(self.payloads.as_deref(), entry.hash)
    }

    /// What listings show of the article with that number.
    ///
    /// # Errors
    /// When it lies in the cache and the cache is damaged.
    pub fn story(&self, id: ArticleId) -> Result<Story, DamagedCache> {
        let entry = &self.articles[id];
        entry.payload.decode(self.payloads.as_deref(), entry.hash)
    }
}

/// Warnings about articles, pages and provider files that parse, and about files beside them.
/// `lost` are the addresses in the body of a file that are relative to it and lead nowhere.
pub fn lint(
    source: &dyn Workspace,
    config: &Config,
    parser: &Parser,
    library: &Library,
    lost: impl Fn(&str) -> Vec<String> + Sync,
) -> Vec<Diagnostic> {
    let Listed { entries, .. } = list_articles(source, config, &mut Vec::new());
    // What was wrong with a text is known, and reading it again may cost much.
    let lost_by = |path: &str| library.find(path).map(|_| lost(path));
    let warnings: Vec<Vec<Diagnostic>> = entries
        .par_iter()
        .filter(|entry| entry.stamp.size <= LARGEST_FILE)
        .map(|entry| match source.read(&entry.path) {
            Ok(bytes) => {
                let cuts = library.cuts(&entry.path);
                let lost = lost_by(&entry.path);
                parser.lint(&entry.path, &bytes, cuts, lost.as_deref())
            }
            Err(_) => Vec::new(),
        })
        .collect();
    let of_page = |page: &PageFile| match source.read(&page.path) {
        Ok(bytes) => parser.lint_page(&page.path, &bytes, &lost(&page.path)),
        Err(_) => Vec::new(),
    };
    let pages = library.pages.iter().flat_map(of_page);
    let providers = library.providers.iter().flat_map(|file| {
        let bytes = source.read(&file.path).unwrap_or_default();
        taxonomy::lint_provider(&file.path, &bytes)
    });
    let topics = library.topics.iter().flat_map(taxonomy::lint_topic);
    let warnings = warnings
        .into_iter()
        .flatten()
        .chain(pages)
        .chain(providers)
        .chain(topics);
    warnings.chain(library.files.lint()).collect()
}
