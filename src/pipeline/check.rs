//! The build without writing.

use rayon::prelude::*;

use super::{CacheAt, Failure, Moment, Root, Timings, prepare, told_once};
use crate::config::Config;
use crate::content::{self, Parser};
use crate::curate;
use crate::diagnostic::Diagnostic;
use crate::render::RenderError;
use crate::source::Disk;

/// Everything that is wrong or worth a look, by place.
///
/// # Errors
/// When templates cannot be used at all, or articles cannot be kept in memory.
pub fn check(root: &Root, config: Config, moment: Moment) -> Result<Vec<Diagnostic>, Failure> {
    let source = Disk::new(&root.folder);
    let parser = Parser::new(&config);
    let site = prepare(&source, config, moment, CacheAt::Nowhere, &mut Timings::default())?;
    let rendered: Vec<Result<Vec<u8>, RenderError>> =
        site.plan.pages.par_iter().map(|page| site.render(&source, page).map(|_| Vec::new())).collect();
    let mut problems = site.problems;
    let broken = rendered.into_iter().filter_map(Result::err).enumerate().filter_map(|(number, error)| match error {
        RenderError::Template(problem) => Some((number, problem)),
        RenderError::Cache | RenderError::Undeclared(_) => None,
    });
    problems.extend(told_once(broken.collect()));
    problems.extend(content::lint(&source, &site.config, &parser));
    problems.extend(curate::lint(&site.library, &site.config, |url| site.theme.assets.has_url(url)));
    problems.sort_by(|a, b| {
        let key =
            |problem: &Diagnostic| problem.place.as_ref().map(|place| (place.path.clone(), place.line, place.column));
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    Ok(problems)
}
