//! The search index beside the rendering of pages.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::{Attempt, Failure, MachineError, Site};
use crate::ids::BundleId;
use crate::plan::Bundle;
use crate::search::{File, Indexer, SearchError};
use crate::write::{Output, Stage, StagedBundle, Todo};

impl Site {
    /// The files of a part of the search index.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub fn index(&self, bundle: &Bundle) -> Result<Vec<File>, SearchError> {
        Indexer {
            site: self.inputs(bundle.edition),
            config: self.config.edition(bundle.edition),
        }
        .files(bundle)
    }
}

/// Makes and stages the parts of the index that changed. Each thread holds one part in memory, so
/// there are only a few. `stop` says that the build has failed elsewhere.
pub(super) fn index_all(
    site: &Site,
    output: &Output,
    todo: &Todo,
    stage: &Stage,
    stop: &AtomicBool,
) -> Result<Vec<StagedBundle>, Attempt> {
    /// Parts in memory at once, at most.
    const MOST: usize = 4;
    let parts = todo.make();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let made: Mutex<Vec<Result<StagedBundle, Attempt>>> = Mutex::default();
    let work = || {
        while let Some(&id) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let result = index_one(site, output, stage, id);
            if let Ok(mut made) = made.lock() {
                made.push(result);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..parts.len().min(MOST).min(cores.div_ceil(2)) {
            scope.spawn(work);
        }
    });
    made.into_inner().unwrap_or_default().into_iter().collect()
}

fn index_one(
    site: &Site,
    output: &Output,
    stage: &Stage,
    id: BundleId,
) -> Result<StagedBundle, Attempt> {
    let files = site
        .index(&site.plan.bundles[id])
        .map_err(|error| match error {
            SearchError::Cache => Attempt::DamagedCache,
            error => Failure::Machine(MachineError::Search(error)).into(),
        })?;
    let files = files
        .iter()
        .map(|file| (file.name.as_str(), file.bytes.as_slice()));
    stage
        .put_bundle(output, &site.plan, id, files)
        .map_err(|error| Failure::Machine(MachineError::SearchFiles(error)).into())
}
