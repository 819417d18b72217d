//! Rendering of the pages that a build has to write.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{Attempt, Failure, FileAction, Progress, Site};
use crate::diagnostic::Diagnostic;
use crate::ids::PageId;
use crate::render::RenderError;
use crate::workspace::Workspace;
use crate::write::{Output, Stage, Staged, Todo};

/// Renders and stages, in parallel; memory holds no more pages than there are threads.
pub(super) fn render_all(
    site: &Site,
    source: &dyn Workspace,
    output: &Output,
    todo: &Todo,
    stage: &Stage,
    progress: &dyn Progress,
) -> Result<Vec<Staged>, Attempt> {
    /// Broken pages that are reported, at most.
    const ENOUGH: usize = 100;
    let problems: Mutex<Vec<(PageId, Diagnostic)>> = Mutex::new(Vec::new());
    let stop = AtomicBool::new(false);
    let results: Vec<Result<Option<Staged>, Attempt>> = todo
        .render
        .par_iter()
        .with_max_len(64)
        .map(|&id| {
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let page = &site.plan.pages[id];
            let bytes = match site.render(source, page) {
                Ok(bytes) => bytes,
                Err(RenderError::Cache) => return Err(Attempt::DamagedCache),
                Err(RenderError::Undeclared(article)) => {
                    return Err(Failure::undeclared(page, &article).into());
                }
                Err(RenderError::Template(problem)) => {
                    if let Ok(mut problems) = problems.lock() {
                        problems.push((id, problem));
                        stop.fetch_or(problems.len() >= ENOUGH, Ordering::Relaxed);
                    }
                    return Ok(None);
                }
            };
            progress.step();
            let staged = stage.put(output, todo, id, &bytes);
            staged
                .map(Some)
                .map_err(|error| Failure::io(FileAction::Write, Path::new(&page.url), error).into())
        })
        .collect();
    let problems = problems.into_inner().unwrap_or_default();
    if !problems.is_empty() {
        return Err(Failure::Site(dedup_by_location(problems)).into());
    }
    let mut staged = Vec::with_capacity(results.len());
    for result in results {
        staged.extend(result?);
    }
    Ok(staged)
}

/// One mistake in a template shows on many pages: each place is reported once, with the first page.
pub(super) fn dedup_by_location(mut problems: Vec<(PageId, Diagnostic)>) -> Vec<Diagnostic> {
    problems.sort_by_key(|(page, _)| *page);
    let mut reported: Vec<Diagnostic> = Vec::new();
    for (_, problem) in problems {
        if !reported
            .iter()
            .any(|other| other.location.is_some() && other.location == problem.location)
        {
            reported.push(problem);
        }
    }
    reported
}
