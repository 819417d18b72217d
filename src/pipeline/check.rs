//! The build without writing.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::{
    BuildContext, CacheAt, Failure, MachineError, Root, Site, Timings, pages::dedup_by_location,
    prepare, sample,
};
use crate::config::{Config, languages};
use crate::content::language::Languages;
use crate::content::{self, Library, Parser};
use crate::curate;
use crate::diagnostic::Diagnostic;
use crate::fetch::queue;
use crate::ids::{EditionId, PageId};
use crate::plan::hooks;
use crate::plan::inputs::SiteInputs;
use crate::render::RenderError;
use crate::workspace::Disk;

/// What a check found.
pub struct Checked {
    /// All errors and warnings, by place.
    pub problems: Vec<Diagnostic>,
    /// How many files the site has, by what they are.
    pub files: Vec<(&'static str, usize)>,
}

/// Looks for all errors and warnings; with an edition `wanted`, not in articles
/// and pages of others.
///
/// # Errors
/// When templates cannot be used at all, or articles cannot be kept in memory.
pub fn check(
    root: &Root,
    config: Config,
    context: BuildContext,
    wanted: Option<EditionId>,
) -> Result<Checked, Failure> {
    let source = Disk::new(&root.folder);
    let parser = Parser::new(&config).at(context.now);
    let (at, timings) = (CacheAt::Nowhere, &mut Timings::default());
    let mut site = prepare(&source, config, context, at, timings)?;
    let broken = broken_pages(&site, &source)?;
    let is_new = |problem: &Diagnostic| broken.iter().all(|it| it.location != problem.location);
    let mut tried = sample::try_out(&site, &source);
    tried.retain(is_new);

    let mut problems = std::mem::take(&mut site.problems);
    let of_sources = content::sources(&source, &site.config).1.into_iter();
    // Where the site has a page of sources, errors among them are known.
    let of_sources: Vec<Diagnostic> = of_sources.filter(|it| !problems.contains(it)).collect();
    problems.extend(of_sources);
    problems.extend(queue::lint(&source, &site.config, &parser));
    let editions = site.config.editions();
    problems.extend(editions.iter().filter_map(|config| languages::lint(config)));
    problems.extend(site.plan.lint());
    problems.extend(lint_templates(&site));
    problems.extend(broken);
    problems.extend(tried);
    problems.extend(lint_content(&site, &source, &parser));
    problems.extend(lost_nav(&site));
    let files = site.plan.counts_of_files();
    problems.extend(too_many(&site.config, &files));

    if let Some(wanted) = wanted {
        let languages = Languages::new(&site.config);
        let edition = |path: &String| edition_of(&site.library, &languages, path);
        problems.retain(|problem| {
            let path = problem.location.as_ref().map(|location| &location.path);
            path.and_then(edition).is_none_or(|id| id == wanted)
        });
    }
    problems.sort_by(by_place);
    Ok(Checked { problems, files })
}

/// Renders all pages, and returns what is wrong with those that cannot be rendered.
fn broken_pages(site: &Site, source: &Disk) -> Result<Vec<Diagnostic>, Failure> {
    let pages = &site.plan.pages;
    let failed: Vec<(PageId, RenderError)> = pages
        .par_ids()
        .filter_map(|id| Some((id, site.render(source, &pages[id]).err()?)))
        .collect();
    let mut broken = Vec::new();
    for (id, error) in failed {
        match error {
            RenderError::Template(problem) => broken.push((id, problem)),
            RenderError::Cache => return Err(MachineError::Articles.into()),
            RenderError::Undeclared(article) => {
                return Err(Failure::undeclared(&pages[id], &article));
            }
        }
    }
    Ok(dedup_by_location(broken))
}

/// Warnings about templates, and about what is added to pages.
fn lint_templates(site: &Site) -> Vec<Diagnostic> {
    let pages = site.library.pages.iter();
    let named = pages.filter_map(|page| page.template.as_ref());
    let named = named.map(|template| template.name.as_str());
    let mut warnings = site.theme.lint(named);
    warnings.extend(hooks::lint(&site.config, &site.theme));
    warnings
}

/// Warnings about each file of content, and about all of them together.
fn lint_content(site: &Site, source: &Disk, parser: &Parser) -> Vec<Diagnostic> {
    let (library, config, assets) = (&site.library, &site.config, &site.theme.assets);
    let inputs = SiteInputs::new(
        library,
        &site.editions,
        &site.plan.editions,
        assets,
        EditionId::DEFAULT,
    );
    let mut warnings = content::lint(source, config, parser, library, |file| inputs.lost(file));
    warnings.extend(curate::lint(library, config, |url| assets.has_url(url)));
    for edition in site.editions.iter() {
        warnings.extend(curate::copies(library, edition, config));
    }
    warnings
}

/// Items of the mastheads that lead nowhere.
fn lost_nav(site: &Site) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (id, plan) in site.plan.editions.enumerate() {
        let config = site.config.edition(id);
        warnings.extend(plan.shared.lost_nav.iter().map(|number| {
            Diagnostic::warning(
                "no-match",
                "`nav` names a path where no list and no page is",
            )
            .at(config.location_of_item("nav", *number))
            .help("name the `path` of one of the `[[lists]]`, or the address of a page")
        }));
    }
    warnings
}

/// The order of problems: those without a place first, then by place.
fn by_place(one: &Diagnostic, other: &Diagnostic) -> Ordering {
    let place = |problem: &Diagnostic| {
        let location = problem.location.as_ref();
        location.map(|location| (location.path.clone(), location.line, location.column))
    };
    let by_place = place(one).cmp(&place(other));
    by_place.then_with(|| one.message.cmp(&other.message))
}

/// A warning of more files than the host takes.
fn too_many(config: &Config, files: &[(&'static str, usize)]) -> Option<Diagnostic> {
    let limit = config.host.max_files?;
    let total: usize = files.iter().map(|(_, count)| count).sum();
    let whose = match config.is_set("host.max_files") {
        true => "`host.max_files`",
        false => "the limit of Cloudflare Pages",
    };
    (total > limit).then(|| {
        let message = format!("the site has {total} files; {whose} is {limit}");
        Diagnostic::warning("files", message)
            .at(config.location_of("host.max_files"))
            .help(
                "`articles.pages = \"own\"` or `\"none\"` saves pages of articles, `listing.older` \
                 and `listing.page_size` those of listings; `host.max_files` sets the limit",
            )
    })
}

/// The edition that the file of an article or a page belongs to, as far as that can be known of one
/// that cannot be read; none for other files.
fn edition_of(library: &Library, languages: &Languages, path: &str) -> Option<EditionId> {
    let article = library.find(path);
    let of_article = article.map(|id| library.articles[id].facts.edition);
    let page = || library.find_page(path).map(|id| library.pages[id].edition);
    let unread = || languages.has(path).then(|| languages.edition(path, None));
    of_article.or_else(page).or_else(unread)
}
