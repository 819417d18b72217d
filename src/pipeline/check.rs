//! The build without writing.

use rayon::prelude::*;

use super::{BuildContext, CacheAt, Failure, Root, Timings, dedup_by_location, prepare, sample};
use crate::config::Config;
use crate::content::{self, Parser};
use crate::curate;
use crate::diagnostic::Diagnostic;
use crate::fetch::queue;
use crate::ids::PageId;
use crate::plan::hooks;
use crate::plan::inputs::SiteInputs;
use crate::render::RenderError;
use crate::workspace::Disk;

/// Everything that is wrong or worth a look, by place.
///
/// # Errors
/// When templates cannot be used at all, or articles cannot be kept in memory.
pub fn check(
    root: &Root,
    config: Config,
    context: BuildContext,
) -> Result<Vec<Diagnostic>, Failure> {
    let source = Disk::new(&root.folder);
    let parser = Parser::new(&config).at(context.now);
    let site = prepare(
        &source,
        config,
        context,
        CacheAt::Nowhere,
        &mut Timings::default(),
    )?;
    let pages = &site.plan.pages;
    let failed: Vec<(PageId, RenderError)> = pages
        .par_ids()
        .filter_map(|id| Some((id, site.render(&source, &pages[id]).err()?)))
        .collect();
    let mut broken = Vec::new();
    for (id, error) in failed {
        match error {
            RenderError::Template(problem) => broken.push((id, problem)),
            RenderError::Cache => {
                return Err(Failure::Machine(
                    "articles cannot be kept in memory".to_owned(),
                ));
            }
            RenderError::Undeclared(article) => {
                return Err(Failure::undeclared(&pages[id], &article));
            }
        }
    }
    let broken = dedup_by_location(broken);
    let is_new = |problem: &Diagnostic| broken.iter().all(|it| it.location != problem.location);
    let mut tried = sample::try_out(&site, &source);
    tried.retain(is_new);
    let mut problems = site.problems;
    problems.extend(content::sources(&source, &site.config).1);
    problems.extend(queue::lint(&source, &site.config, &parser));
    problems.extend(site.plan.lint());
    problems.extend(site.theme.lint());
    problems.extend(hooks::lint(&site.config, &site.theme));
    problems.extend(broken);
    problems.extend(tried);
    let inputs = SiteInputs::new(&site.library, &site.edition, &site.plan, &site.theme.assets);
    problems.extend(content::lint(
        &source,
        &site.config,
        &parser,
        &site.library,
        |file| inputs.lost(file),
    ));
    problems.extend(curate::lint(&site.library, &site.config, |url| {
        site.theme.assets.has_url(url)
    }));
    problems.extend(curate::copies(&site.library, &site.edition, &site.config));
    problems.sort_by(|a, b| {
        let key = |problem: &Diagnostic| {
            problem
                .location
                .as_ref()
                .map(|location| (location.path.clone(), location.line, location.column))
        };
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    Ok(problems)
}
