//! What the commands for stories that come in work on: articles, queue and ledger of a site.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::Common;
use super::{cannot_write, root};
use crate::config::Config;
use crate::content::cache::{self, Cache};
use crate::content::{self, Library, Parser};
use crate::diagnostic::Diagnostic;
use crate::edit::Known;
use crate::fetch::external_filter::Filter;
use crate::fetch::ledger::{self, Ledger};
use crate::fetch::queue::{self, Queue};
use crate::fetch::suggest::{Reason, Suggestion};
use crate::pipeline::{Failure, Root};
use crate::time::Time;
use crate::workspace::{Disk, UNREADABLE_FOLDER};

/// What a site has, and what waits for it.
pub(super) struct Editorial {
    pub(super) config: Config,
    pub(super) parser: Parser,
    pub(super) library: Library,
    pub(super) known: Known,
    pub(super) queue: Queue,
    pub(super) ledger: Ledger,
    /// What was parsed of the articles.
    articles: cache::Update,
    /// What is wrong with queue and ledger.
    pub(super) problems: Vec<Diagnostic>,
}

impl Editorial {
    pub(super) fn load(common: &Common, disk: &Disk, config: Config) -> Result<Editorial, Failure> {
        if !queue::is_usable(&config) {
            return Err(Failure::Site(vec![queue::unusable(&config)]));
        }
        let parser = Parser::new(&config);
        let articles = || {
            let cache = Cache::open(&root(common).cache(), parser.hash());
            let loaded = content::load(disk, &config, &parser, cache);
            (Known::of(&loaded.library), loaded)
        };
        let folder = &config.content.ledger;
        let index = index_of(&root(common));
        let (((known, loaded), (queue, mut problems)), (ledger, damage)) = rayon::join(
            || rayon::join(articles, || Queue::read(disk, &config, &parser)),
            || Ledger::read(disk, folder, Some(&index)),
        );
        let library = loaded.library;
        problems.extend(damage);
        // What cannot be seen is not gone: it would come in again.
        let all = loaded.problems.iter().chain(&problems);
        let unseen: Vec<Diagnostic> = all.filter(|it| is_unseen(it)).cloned().collect();
        if !unseen.is_empty() {
            return Err(Failure::Site(unseen));
        }
        Ok(Editorial {
            known,
            config,
            parser,
            library,
            queue,
            ledger,
            articles: loaded.cache,
            problems,
        })
    }

    /// Keeps what was parsed of the articles for the next run, and for builds.
    pub(super) fn keep_articles(&self, root: &Root) -> Result<(), Failure> {
        if !self.articles.is_unsaved(&self.library) {
            return Ok(());
        }
        root.save(&self.articles, &self.library)
    }
}

/// Whether a problem means that files could not be seen.
fn is_unseen(problem: &Diagnostic) -> bool {
    problem.code == UNREADABLE_FOLDER || (problem.code == "ledger" && problem.is_error())
}

/// Notes in the ledger what people did to candidates without newsgen.
pub(super) fn settle(
    editorial: &mut Editorial,
    disk: &Disk,
    now: Time,
    is_dry: bool,
) -> Result<(), Failure> {
    let Editorial {
        queue,
        ledger,
        known,
        config,
        parser,
        ..
    } = editorial;
    let lines = queue.settle(ledger, disk, parser, known, now);
    let lines: Vec<ledger::Record> = lines.into_iter().map(|line| ledger.note(line)).collect();
    if is_dry {
        return Ok(());
    }
    ledger::append(disk, &config.content.ledger, &lines)
        .map_err(|(path, error)| cannot_write(&path, error))
}

/// The file of what is remembered between runs, and the folder that its path starts from.
pub(super) fn memory_of(root: &Root) -> (Disk, String) {
    root.fetch_memory()
}

/// The file that the index of the ledger is kept in.
pub(super) fn index_of(root: &Root) -> PathBuf {
    let (disk, memory) = memory_of(root);
    disk.root().join(memory).with_extension("ledger")
}

/// The filter command of a site, if it has one.
pub(super) fn filter(config: &Config, folder: &Path) -> Option<Filter> {
    let command = &config.fetch.filter;
    let timeout = u64::try_from(config.fetch.filter_timeout).unwrap_or_default();
    let timeout = Duration::from_secs(timeout);
    (!command.is_empty()).then(|| Filter::new(command.clone(), folder.to_owned(), timeout))
}

/// The reasons of a suggestion, in words.
pub(super) fn reasons(suggestion: &Suggestion) -> Vec<String> {
    suggestion.reasons.iter().map(Reason::to_string).collect()
}
