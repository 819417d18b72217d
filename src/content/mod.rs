//! Files → [`Library`]: articles, topics, providers and standalone pages, parsed and clean.
//!
//! Every file is read once and in parallel; results come in the order of their paths, whatever the
//! threads did. What is wrong with a file is returned beside the library, and the file is not in
//! it. Parsed articles are kept in a [`cache`] between builds.

pub mod alias;
pub mod article;
pub mod budget;
pub mod cache;
mod extra;
mod foreign;
pub mod front_matter;
mod html_size;
mod lint;
mod mapped;
mod markdown;
pub mod names;
mod parse;
mod plain_yaml;
mod sanitize;
mod secured;
mod source;
mod split;
pub mod tags;
mod taxonomy;
pub mod text;
mod typed;
mod words;
mod yaml_error;

use std::sync::Arc;

use rayon::prelude::*;

pub use budget::{Cut, FILE as LARGEST_FILE, TooMuch};
pub use parse::{Parsed, Parser};
pub use source::{SourceFile, SourceRules};
pub use taxonomy::{PageFile, ProviderFile, TopicFile};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location};
use crate::hash::Hash128;
use crate::ids::{ArticleId, List, StandaloneId};
use crate::workspace::{self, Entry, ListError, Listing, Workspace};
use article::{Article, Facts, Story};
use cache::{Cache, FileState, Payload, Record};

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

    /// What budgets cut of the article in a file.
    fn cuts(&self, path: &str) -> &[Cut] {
        let articles = self.articles.as_slice();
        let found = articles.binary_search_by(|entry| entry.path.as_str().cmp(path));
        found.map_or(&[], |at| &articles[at].facts.cuts)
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
}

/// Reads all content.
pub fn load(source: &dyn Workspace, config: &Config, parser: &Parser, cache: Cache) -> Loaded {
    let mut problems = Vec::new();
    let now = source.clock();
    let (entries, unlisted) = list_articles(source, config, &mut problems);
    let found = entries.len();
    let mut unreadable = unlisted;
    let (cached, payloads, mut origin) = cache.into_parts();
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
        &["yaml", "yml", "md"],
        &mut problems,
        |path, _, bytes| taxonomy::topic(path, bytes),
    );
    let providers = read_all(
        source,
        &config.content.providers,
        &["yaml", "yml", "md"],
        &mut problems,
        |path, _, bytes| taxonomy::provider(path, bytes),
    );
    let pages = read_all(
        source,
        &config.content.pages,
        &["md"],
        &mut problems,
        |path, stem, bytes| taxonomy::page(path, stem, bytes, parser),
    );
    problems.extend(taxonomy::twice(
        &providers,
        |file| file.domain.clone(),
        |file| &file.path,
        "provider",
    ));
    problems.extend(unseen(unreadable, found + unlisted));
    let update = cache::Update::new(origin, files, changed);
    let library = Library {
        articles: articles.into(),
        topics,
        providers,
        pages: pages.into(),
        payloads,
    };
    Loaded {
        library,
        problems,
        cache: update,
        found,
        parsed,
    }
}

/// Reads all source files, by path. What is wrong with one is returned beside them; a file with an
/// error is not among them. A build never asks for them.
pub fn sources(workspace: &dyn Workspace, config: &Config) -> (Vec<SourceFile>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let read = read_all(
        workspace,
        &config.content.sources,
        &["yaml", "yml", "md"],
        &mut problems,
        source::read,
    );
    let mut files = Vec::new();
    for source::Read {
        file,
        problems: own,
    } in read
    {
        files.extend(file);
        problems.extend(own);
    }
    problems.extend(taxonomy::twice(
        &files,
        |file: &SourceFile| file.feed.clone(),
        |file| &file.path,
        "source",
    ));
    (files, problems)
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

/// Warnings about articles that parse, by path.
pub fn lint(
    source: &dyn Workspace,
    config: &Config,
    parser: &Parser,
    library: &Library,
) -> Vec<Diagnostic> {
    let (entries, _) = list_articles(source, config, &mut Vec::new());
    let warnings: Vec<Vec<Diagnostic>> = entries
        .par_iter()
        .filter(|entry| entry.stamp.size <= LARGEST_FILE)
        .map(|entry| match source.read(&entry.path) {
            Ok(bytes) => parser.lint(&entry.path, &bytes, library.cuts(&entry.path)),
            Err(_) => Vec::new(),
        })
        .collect();
    warnings.into_iter().flatten().collect()
}

/// The files of articles, by path, and how many more there are that cannot be used, such as links
/// that lead nowhere.
fn list_articles(
    source: &dyn Workspace,
    config: &Config,
    problems: &mut Vec<Diagnostic>,
) -> (Vec<Entry>, usize) {
    let mut entries = Vec::new();
    let mut unlisted = 0;
    for folder in workspace::distinct(source, &config.content.articles) {
        if !source.has_folder(folder) {
            problems.push(
                Diagnostic::error(
                    NO_FOLDER,
                    format!("there is no folder `{folder}` for articles"),
                )
                .help(format!(
                    "make it, or name another one in `content.articles` ({})",
                    config.location("content.articles")
                )),
            );
        }
        let Listing {
            entries: mut found,
            errors,
            ..
        } = source.list(folder);
        found.retain(|entry| entry.path.ends_with(".md") && !config.content.is_draft(&entry.path));
        entries.append(&mut found);
        let is_article = |error: &&ListError| error.path.ends_with(".md");
        unlisted += errors.iter().filter(is_article).count();
        problems.extend(errors.iter().map(ListError::diagnostic));
    }
    if config.content.articles.len() > 1 {
        entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|a, b| a.path == b.path);
    }
    (entries, unlisted)
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
        Diagnostic::error(workspace::UNREADABLE, format!("it cannot be read: {error}"))
            .at(Location::file(path))
    })
}

/// Reads all files of a folder that have one of the endings.
fn read_all<T: Send>(
    source: &dyn Workspace,
    folder: &str,
    endings: &[&str],
    problems: &mut Vec<Diagnostic>,
    read: impl Fn(&str, &str, &[u8]) -> Result<T, Diagnostic> + Sync,
) -> Vec<T> {
    let Listing {
        entries, errors, ..
    } = source.list(folder);
    problems.extend(errors.iter().map(ListError::diagnostic));
    let results: Vec<Option<Result<T, Diagnostic>>> = entries
        .par_iter()
        .map(|entry| {
            let (stem, ending) = entry.path.rsplit_once('.')?;
            if !endings.contains(&ending) {
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
