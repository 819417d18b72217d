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
//! - `text.rs`: texts and URLs, made fit to print
//! - `plain_text.rs`: takes HTML out of titles and excerpts
//! - `domain.rs`: shows domains in their script
//! - `words.rs`: cuts texts into words and folds them
//! - `markdown.rs`: Markdown → HTML
//! - `mdx.rs`: MDX → Markdown
//! - `sanitize.rs`: HTML → safe HTML
//! - `html_size.rs`: how much HTML becomes when it is parsed
//! - `tags.rs`: reads and changes start tags of safe HTML
//! - `anchor.rs`: ids of places in a body
//! - `target.rs`: where links of a body lead
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
mod lint;
mod listing;
mod losses;
mod mapped;
mod markdown;
mod mdx;
pub mod names;
mod page_list;
mod parse;
mod plain_text;
mod sanitize;
mod secured;
mod shape;
mod source;
mod split;
mod svg;
pub mod tags;
pub mod target;
mod taxonomy;
pub mod text;
mod typed;
mod unread;
mod values;
pub mod words;
mod yaml_error;

use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Map, Value};

pub use budget::{Cut, FILE as LARGEST_FILE, TooMuch};
pub use files::Files;
pub use page_list::{Named, PageList, Stories};
pub use parse::{Parsed, Parser};
pub use plain_text::INLINE;
pub use secured::secured_lines;
pub use source::{SourceFile, SourceRules, sources};
pub use taxonomy::{PageFile, ProviderFile, Texts, TopicFile, Translations, texts_for};
pub use unread::Unread;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location};
use crate::document::Format;
use crate::hash::Hash128;
use crate::ids::{ArticleId, Id, List, StandaloneId};
use crate::workspace::{self, Entry, ListError, Listing, Workspace};
use article::{Article, Facts, Story};
use cache::{Cache, FileState, Payload, Record};
use listing::{Listed, documents_and_others, list_articles};

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

/// What loading brought.
pub struct Loaded {
    /// The content.
    pub library: Library,
    /// What is wrong with files that are not in it.
    pub problems: Vec<Diagnostic>,
    /// What the next build may reuse.
    pub cache: cache::Update,
    /// Article files found.
    pub found: usize,
    /// Article files that had to be parsed; the others came from the cache.
    pub parsed: usize,
    /// Files in the folders of articles that are none.
    pub unread: Unread,
}

/// Reads all content.
pub fn load(source: &dyn Workspace, config: &Config, parser: &Parser, cache: Cache) -> Loaded {
    let mut problems = Vec::new();
    let now = source.clock();
    let Listed {
        entries,
        mut others,
        sections,
        unlisted,
    } = list_articles(source, config, &mut problems);
    let found = entries.len();
    let unread = Unread::of(&others, sections);
    if found + unlisted == 0 && !problems.iter().any(is_fatal) {
        problems.push(unread.no_articles(config));
    }
    let list = |folder: &str| {
        let mut listing = source.list(folder);
        listing
            .entries
            .retain(|entry| !config.content.is_aside(&entry.path));
        listing
    };
    let pages = list(&config.content.pages);
    let (pages, more) = documents_and_others(pages);
    others.extend(more);
    let documents: Vec<String> = match others.is_empty() {
        true => Vec::new(),
        false => {
            let documents = entries.iter().chain(&pages.entries);
            documents.map(|entry| entry.path.clone()).collect()
        }
    };
    let mut unreadable = unlisted;
    let (cached, payloads, known, mut origin) = cache.into_parts();
    let jobs = join(entries, cached, |record| {
        origin.gone += usize::from(record.in_index)
    });
    let keeps_last_good = origin.keeps_last_good;
    let read: Vec<Result<(Record, Freshness), Broken>> = jobs
        .into_par_iter()
        .with_min_len(16)
        .map(|(entry, record)| read_article(source, parser, entry, record, now))
        .collect();

    let mut articles = Vec::with_capacity(read.len());
    let mut files = Vec::with_capacity(read.len());
    let (mut parsed, mut changed) = (0, false);
    for result in read {
        match result {
            Ok((record, freshness)) => {
                parsed += usize::from(freshness == Freshness::Parsed);
                changed |= freshness != Freshness::Cached;
                files.push(FileState::of(&record));
                articles.push(record.entry);
            }
            Err(broken) => {
                unreadable += usize::from(broken.is_unreadable());
                problems.extend(broken.problems);
                if let Some(record) = broken.last_good.filter(|_| keeps_last_good) {
                    files.push(FileState::of(&record));
                    articles.push(record.entry);
                }
            }
        }
    }
    let topics = read_all(
        source,
        &config.content.topics,
        list(&config.content.topics),
        &["yaml", "yml", "md"],
        &mut problems,
        |path, _, bytes| taxonomy::topic(path, bytes),
    );
    let providers = read_all(
        source,
        &config.content.providers,
        list(&config.content.providers),
        &["yaml", "yml", "md"],
        &mut problems,
        |path, _, bytes| taxonomy::provider(path, bytes),
    );
    let pages = read_all(
        source,
        &config.content.pages,
        pages,
        &names::ENDINGS,
        &mut problems,
        |path, stem, bytes| taxonomy::page(path, stem, bytes, parser),
    );
    problems.extend(taxonomy::twice(
        &providers,
        |file| file.domain.clone(),
        |file| &file.path,
        "provider",
    ));
    let sources = match config.source_page {
        true => {
            let (sources, wrong) = sources(source, config);
            problems.extend(wrong.into_iter().filter(Diagnostic::is_error));
            sources
        }
        false => Vec::new(),
    };
    problems.extend(unseen(unreadable, found + unlisted));
    let named = match others.is_empty() {
        true => Vec::new(),
        false => named_files(&articles, &pages),
    };
    let found_files = files::Found {
        roots: roots(config),
        documents: documents.iter().map(String::as_str).collect(),
        others,
        named,
    };
    let (beside, beside_changed) = Files::load(source, found_files, &known, &mut problems);
    let update = cache::Update::new(origin, files, changed, beside_changed);
    let library = Library {
        articles: articles.into(),
        topics,
        providers,
        pages: pages.into(),
        sources,
        files: beside,
        payloads,
    };
    Loaded {
        library,
        problems,
        cache: update,
        found,
        parsed,
        unread,
    }
}

/// Folders of articles and of pages.
fn roots(config: &Config) -> Vec<&str> {
    let content = &config.content;
    let articles = content.articles.iter().map(String::as_str);
    articles.chain([content.pages.as_str()]).collect()
}

/// The files of the site that bodies and front matters name by addresses relative to them, for each
/// that names some.
fn named_files<'a>(
    articles: &'a [Arc<ArticleEntry>],
    pages: &'a [PageFile],
) -> Vec<(&'a str, Vec<String>)> {
    let of_one = |path: &'a str, addresses: Vec<&String>| {
        let files = addresses.into_iter();
        let files = files.filter_map(|address| Some(target::file_of(path, address)?.0));
        (path, files.collect())
    };
    let articles = articles.iter().map(|entry| {
        let facts = &entry.facts;
        let images = facts.local_image.iter().chain(&facts.other_local_images);
        let images = images.filter(|url| target::is_relative(url));
        of_one(&entry.path, images.chain(&facts.relative).collect())
    });
    let pages = pages
        .iter()
        .map(|page| of_one(&page.path, page.relative.iter().collect()));
    articles
        .chain(pages)
        .filter(|(_, files): &(_, Vec<String>)| !files.is_empty())
        .collect()
}

/// The problem that at least half of all files of articles cannot be read: a disk or a checkout
/// that failed, not a mistake in an article.
fn unseen(unreadable: usize, all: usize) -> Option<Diagnostic> {
    let is_much = unreadable > 0 && unreadable * 2 >= all;
    is_much.then(|| {
        let message = format!("{unreadable} of {all} files of articles cannot be read");
        Diagnostic::error(workspace::UNREADABLE_FOLDER, message)
            .help("no build goes on without them: look at the disk, the checkout, the permissions")
    })
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

/// Pairs files with their records in the cache; both are sorted by path.
fn join(
    entries: Vec<Entry>,
    cached: Vec<Record>,
    mut gone: impl FnMut(Record),
) -> Vec<(Entry, Option<Record>)> {
    let mut records = cached.into_iter().peekable();
    let joined = entries
        .into_iter()
        .map(|entry| {
            while let Some(record) = records.next_if(|record| record.entry.path < entry.path) {
                gone(record);
            }
            let record = records.next_if(|record| record.entry.path == entry.path);
            (entry, record)
        })
        .collect();
    records.for_each(gone);
    joined
}

/// How an article came into the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Freshness {
    /// From the cache, by its stamp.
    Cached,
    /// From the cache, by its content: the stamp had changed.
    Touched,
    /// From its file.
    Parsed,
}

/// A file that cannot be used, and what the cache had of it before it broke.
struct Broken {
    problems: Vec<Diagnostic>,
    last_good: Option<Record>,
}

impl Broken {
    /// Whether the system refused to give the bytes of the file.
    fn is_unreadable(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.code == workspace::UNREADABLE)
    }
}

fn read_article(
    source: &dyn Workspace,
    parser: &Parser,
    entry: Entry,
    record: Option<Record>,
    now: i64,
) -> Result<(Record, Freshness), Broken> {
    let record = match record {
        Some(record) if record.stamp == entry.stamp => return Ok((record, Freshness::Cached)),
        other => other,
    };
    let bytes = match read_file(source, &entry) {
        Ok(bytes) => bytes,
        Err(problem) => {
            return Err(Broken {
                problems: vec![problem],
                last_good: record,
            });
        }
    };
    let content = Hash128::of(&bytes);
    let stamp = entry.stamp.settled(now);
    let record = match record {
        Some(record) if record.content == content => {
            return Ok((
                Record {
                    stamp,
                    in_index: false,
                    ..record
                },
                Freshness::Touched,
            ));
        }
        other => other,
    };
    let parsed = match parser.article(&entry.path, &bytes) {
        Ok(parsed) => parsed,
        Err(problems) => {
            return Err(Broken {
                problems,
                last_good: record,
            });
        }
    };
    let (payload, hash) = Payload::encode(&parsed.article);
    let entry = Arc::new(ArticleEntry {
        path: entry.path,
        facts: parsed.facts,
        hash,
        payload,
    });
    Ok((
        Record {
            stamp,
            content,
            entry,
            in_index: false,
        },
        Freshness::Parsed,
    ))
}

fn read_file(source: &dyn Workspace, entry: &Entry) -> Result<Vec<u8>, Diagnostic> {
    let path = entry.path.as_str();
    if entry.stamp.size > LARGEST_FILE {
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        let message = format!(
            "the file has {:.1} MiB; at most {:.0} MiB are read",
            mib(entry.stamp.size),
            mib(LARGEST_FILE)
        );
        return Err(Diagnostic::error("too-large", message)
            .at(Location::file(path))
            .help("is it really a file of this site?"));
    }
    source.read(path).map_err(|error| {
        Diagnostic::error(
            workspace::UNREADABLE,
            format!("cannot read the file: {error}"),
        )
        .at(Location::file(path))
    })
}

/// Reads all files of a folder, by its listing, that have one of the endings.
fn read_all<T: Send>(
    source: &dyn Workspace,
    folder: &str,
    listing: Listing,
    endings: &[&str],
    problems: &mut Vec<Diagnostic>,
    read: impl Fn(&str, &str, &[u8]) -> Result<T, Diagnostic> + Sync,
) -> Vec<T> {
    let Listing {
        entries, errors, ..
    } = listing;
    problems.extend(errors.iter().map(ListError::diagnostic));
    let results: Vec<Option<Result<T, Diagnostic>>> = entries
        .par_iter()
        .map(|entry| {
            let (stem, ending) = entry.path.rsplit_once('.')?;
            if !endings
                .iter()
                .any(|other| other.eq_ignore_ascii_case(ending))
            {
                return None;
            }
            let stem = stem
                .strip_prefix(folder)
                .unwrap_or(stem)
                .trim_start_matches('/');
            Some(read_file(source, entry).and_then(|bytes| {
                read(&entry.path, stem, &bytes).map_err(|mut problem| {
                    secured::hide(&bytes, std::slice::from_mut(&mut problem));
                    problem
                })
            }))
        })
        .collect();
    let mut items = Vec::with_capacity(results.len());
    for result in results.into_iter().flatten() {
        match result {
            Ok(item) => items.push(item),
            Err(problem) => problems.push(problem),
        }
    }
    items
}
