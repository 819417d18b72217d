//! The articles of a part of the search index → the files that browsers search in.
//!
//! The files are those of Pagefind (<https://pagefind.app>): its script, its search engine as
//! WebAssembly, and an index that is fetched in small pieces. Records are made of the edition, not
//! of pages (`record.rs`); `engine.rs` hands them to Pagefind.
//!
//! A searchable field is added in `record.rs` and in `static/search.js`; if it is no content of the
//! article, in `RecordInputs` of the plan too.
//!
//! # Files
//!
//! - `record.rs`: what the index knows of an article
//! - `words.rs`: words that Pagefind would not find by itself
//! - `engine.rs`: the only file that knows Pagefind

#[cfg(feature = "search")]
mod engine;
mod record;
mod words;

use std::error::Error;
use std::fmt;

use crate::config::Config;
use crate::content::DamagedCache;
use crate::plan::Bundle;
use crate::plan::inputs::SiteInputs;
use crate::theme::Dates;
use record::Record;

/// A file of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path in the folder of its part.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a part of the index could not be made.
#[derive(Debug)]
pub enum SearchError {
    /// An article could not be fetched.
    Cache,
    /// Pagefind, or what it runs on, failed.
    Engine(Box<dyn Error + Send + Sync>),
    /// This newsgen was built without the feature `search`.
    LeftOut,
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchError::Cache => f.write_str("an article is not in the cache"),
            SearchError::Engine(error) => error.fmt(f),
            SearchError::LeftOut => f.write_str("this newsgen was built without search"),
        }
    }
}

impl Error for SearchError {}

impl From<DamagedCache> for SearchError {
    fn from(DamagedCache: DamagedCache) -> Self {
        SearchError::Cache
    }
}

/// Makes the search indexes of one plan.
pub struct Indexer<'a> {
    /// What is indexed.
    pub site: SiteInputs<'a>,
    /// The settings that the plan was made with.
    pub config: &'a Config,
}

impl Indexer<'_> {
    /// The files of a part, sorted by name. The same records give the same bytes. It takes one
    /// core, seconds for thousands of articles, and about 50 kB of memory for each.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub fn files(&self, bundle: &Bundle) -> Result<Vec<File>, SearchError> {
        let dates = Dates::new(self.config);
        // The oldest first, so that a new article comes last and the pieces before it stay as they
        // are.
        let records: Result<Vec<Record>, DamagedCache> = bundle
            .positions
            .iter()
            .rev()
            .map(|position| self.record(position, &dates))
            .collect();
        let plan = self.site.plan();
        let url = plan.shared.routes.on_host(&bundle.url);
        let holds_engine = plan.search_parts.first().is_some_and(|head| head == url);
        let together = self.config.search.map_or(1, |search| search.together);
        make(records?, plan.shared.lang(), together, holds_engine)
    }
}

#[cfg(feature = "search")]
fn make(
    records: Vec<Record>,
    language: &str,
    together: usize,
    with_engine: bool,
) -> Result<Vec<File>, SearchError> {
    engine::files(records, language, together, with_engine).map_err(SearchError::Engine)
}

#[cfg(not(feature = "search"))]
fn make(_: Vec<Record>, _: &str, _: usize, _: bool) -> Result<Vec<File>, SearchError> {
    Err(SearchError::LeftOut)
}
