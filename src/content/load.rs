//! Loading: every file is read or taken from the cache, and becomes a part of the [`Library`].

use std::sync::Arc;

use rayon::prelude::*;

use super::cache::{self, Cache, FileState, Payload, Record};
use super::listing::{Listed, documents_and_others, list_articles};
use super::read::{read_all, read_file};
use super::{
    ArticleEntry, Files, Library, PageFile, Parser, SourceFile, Unread, files, is_fatal,
    link_target, names, sources, taxonomy,
};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::hash::Hash128;
use crate::workspace::{self, Entry, Listing, Workspace};

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
    let (pages, more) = documents_and_others(listing(source, config, &config.content.pages));
    others.extend(more);
    let documents: Vec<String> = match others.is_empty() {
        true => Vec::new(),
        false => {
            let documents = entries.iter().chain(&pages.entries);
            documents.map(|entry| entry.path.clone()).collect()
        }
    };

    let (cached, payloads, known, mut origin) = cache.into_parts();
    let jobs = join(entries, cached, |record| {
        origin.gone += usize::from(record.in_index)
    });
    let read: Vec<Result<(Record, Freshness), Broken>> = jobs
        .into_par_iter()
        .with_min_len(16)
        .map(|(entry, record)| read_article(source, parser, entry, record, now))
        .collect();
    let Articles {
        entries: articles,
        states,
        parsed,
        is_changed,
        unreadable,
    } = Articles::of(read, origin.keeps_last_good, &mut problems);

    let of = &config.content;
    let topics = described(source, config, &of.topics, &mut problems, taxonomy::topic);
    let providers = described(
        source,
        config,
        &of.providers,
        &mut problems,
        taxonomy::provider,
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
    let sources = shown_sources(source, config, &mut problems);
    problems.extend(unseen(unlisted + unreadable, found + unlisted));

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
    let (files, files_changed) = Files::load(source, found_files, &known, &mut problems);
    Loaded {
        library: Library {
            articles: articles.into(),
            topics,
            providers,
            pages: pages.into(),
            sources,
            files,
            payloads,
        },
        problems,
        cache: cache::Update::new(origin, states, is_changed, files_changed),
        found,
        parsed,
        unread,
    }
}

/// The files of a folder, but for those that the settings keep aside.
fn listing(source: &dyn Workspace, config: &Config, folder: &str) -> Listing {
    let mut listing = source.list(folder);
    listing
        .entries
        .retain(|entry| !config.content.is_aside(&entry.path));
    listing
}

/// Endings of the files of topics and providers.
const DESCRIBING: [&str; 3] = ["yaml", "yml", "md"];

/// Reads the files of a folder that describe topics or providers.
fn described<T: Send>(
    source: &dyn Workspace,
    config: &Config,
    folder: &str,
    problems: &mut Vec<Diagnostic>,
    read: impl Fn(&str, &[u8]) -> Result<T, Diagnostic> + Sync,
) -> Vec<T> {
    let files = listing(source, config, folder);
    let read = |path: &str, _: &str, bytes: &[u8]| read(path, bytes);
    read_all(source, folder, files, &DESCRIBING, problems, read)
}

/// Reads the files of sources where the site has a page of them.
fn shown_sources(
    source: &dyn Workspace,
    config: &Config,
    problems: &mut Vec<Diagnostic>,
) -> Vec<SourceFile> {
    if !config.source_page {
        return Vec::new();
    }
    let (sources, wrong) = sources(source, config);
    problems.extend(wrong.into_iter().filter(Diagnostic::is_error));
    sources
}

/// The articles that a build has, from their files or the cache.
struct Articles {
    entries: Vec<Arc<ArticleEntry>>,
    /// What the cache knows of the file of each.
    states: Vec<FileState>,
    /// How many were parsed.
    parsed: usize,
    /// Whether the cache has to be written again.
    is_changed: bool,
    /// How many files the system refused to give.
    unreadable: usize,
}

impl Articles {
    /// All that could be read; where `keeps_last_good`, also what the cache has of broken ones.
    fn of(
        read: Vec<Result<(Record, Freshness), Broken>>,
        keeps_last_good: bool,
        problems: &mut Vec<Diagnostic>,
    ) -> Articles {
        let mut articles = Articles {
            entries: Vec::with_capacity(read.len()),
            states: Vec::with_capacity(read.len()),
            parsed: 0,
            is_changed: false,
            unreadable: 0,
        };
        for result in read {
            match result {
                Ok((record, freshness)) => {
                    articles.parsed += usize::from(freshness == Freshness::Parsed);
                    articles.is_changed |= freshness != Freshness::Cached;
                    articles.push(record);
                }
                Err(broken) => {
                    articles.unreadable += usize::from(broken.is_unreadable());
                    problems.extend(broken.problems);
                    if let Some(record) = broken.last_good.filter(|_| keeps_last_good) {
                        articles.push(record);
                    }
                }
            }
        }
        articles
    }

    fn push(&mut self, record: Record) {
        self.states.push(FileState::of(&record));
        self.entries.push(record.entry);
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
        let files = files.filter_map(|address| Some(link_target::file_of(path, address)?.0));
        (path, files.collect())
    };
    let articles = articles.iter().map(|entry| {
        let facts = &entry.facts;
        let images = facts.local_image.iter().chain(&facts.other_local_images);
        let images = images.filter(|url| link_target::is_relative(url));
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
