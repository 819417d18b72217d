//! Everything that a build writes is made here, at once: pages, search index, and what the next
//! build may reuse.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{Attempt, CacheAt, Failure, MachineError, Progress, Site, index, memory, pages};
use crate::workspace::Disk;
use crate::write::{Output, Stage, Staged, StagedBundle, Todo};

/// What waits to be moved into the output folder.
pub(super) struct Made {
    pub(super) pages: Vec<Staged>,
    pub(super) bundles: Vec<StagedBundle>,
    /// Whether the next build can reuse something; the site is good without it.
    pub(super) kept: io::Result<()>,
}

/// Renders and stages pages and the search index, and meanwhile keeps what the next build may
/// reuse.
pub(super) fn make(
    site: &Site,
    source: &Disk,
    output: &Output,
    todo: &Todo,
    stage: &Stage,
    cache: CacheAt<'_>,
    progress: &dyn Progress,
) -> Result<Made, Attempt> {
    let keep = || {
        site.cache.store(&site.library)?;
        match cache {
            CacheAt::Folder(folder) | CacheAt::Fresh(folder) => memory::write(folder, site),
            CacheAt::Nowhere | CacheAt::Site(_) => Ok(()),
        }
    };
    let has_failed = AtomicBool::new(false);
    let (pages, bundles, kept) = thread::scope(|scope| {
        let bundles = scope.spawn(|| index::index_all(site, output, todo, stage, &has_failed));
        let (pages, kept) = rayon::join(
            || pages::render_all(site, source, output, todo, stage, progress),
            keep,
        );
        has_failed.store(pages.is_err(), Ordering::Relaxed);
        (pages, bundles.join(), kept)
    });
    let pages = pages?;
    let bundles = bundles.map_err(|_| Failure::from(MachineError::SearchThread))??;
    Ok(Made {
        pages,
        bundles,
        kept,
    })
}
