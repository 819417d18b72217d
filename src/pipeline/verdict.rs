//! Why something was made, whether its fingerprint was right, and what a build refuses to do.

use super::{Failure, Progress, Site};
use crate::config::Config;
use crate::content::Library;
use crate::diagnostic::Diagnostic;
use crate::plan::SitePlan;
use crate::write::{Loss, Output, Staged, StagedBundle, Todo, Trust, Why};

/// Why a page, or the part of the search index that a file is in, was made or not.
pub(super) fn why(site: &Site, output: &Output, url: &str) -> Option<Why> {
    let page = site
        .page(url)
        .map(|page| output.why(&page.url, page.fingerprint));
    page.or_else(|| {
        site.plan
            .bundle_of(url)
            .map(|bundle| output.why_bundle(bundle))
    })
}

/// Pages and parts of the index whose fingerprint is that of the last build, and whose bytes are
/// not.
pub(super) fn stale_fingerprints(
    plan: &SitePlan,
    output: &Output,
    todo: &Todo,
    staged: &[Staged],
    made: &[StagedBundle],
    trust: Trust,
) -> Vec<String> {
    if trust == Trust::Fingerprints {
        return Vec::new();
    }
    // What the last build rendered counts, not what somebody made of its file since.
    let is_stale = |staged: &&Staged| {
        let page = &plan.pages[staged.page()];
        output
            .recorded(todo, staged.page())
            .is_some_and(|(fingerprint, hash)| {
                fingerprint == page.fingerprint && hash != staged.hash()
            })
    };
    let pages = staged
        .iter()
        .filter(is_stale)
        .map(|staged| plan.pages[staged.page()].url.clone());
    let bundles = made.iter().map(|made| (made, &plan.bundles[made.bundle()]));
    pages
        .chain(
            bundles
                .filter(|(made, bundle)| output.is_stale(bundle, made))
                .map(|(_, bundle)| bundle.url.clone()),
        )
        .collect()
}

/// Stops a build that would write over a file of somebody else, or take too much out of the output.
pub(super) fn refuse_harm(
    site: &Site,
    output: &Output,
    todo: &Todo,
    progress: &dyn Progress,
) -> Result<(), Failure> {
    if let Some(file) = output.foreign_file_in_the_way(&site.plan, todo) {
        return Err(Failure::Site(vec![no_room(&file, &site.config)]));
    }
    let loss = output.loss(&site.plan, site.config.delete_limit);
    match loss.filter(|loss| !progress.allows(loss)) {
        Some(loss) => Err(Failure::Site(vec![too_much(&loss, &site.config)])),
        None => Ok(()),
    }
}

/// Why a build stopped that would have taken too much out of the output.
fn too_much(loss: &Loss, config: &Config) -> Diagnostic {
    let Loss { kind, fewer, of } = loss;
    let message = format!(
        "this build would take {fewer} of the {of} {kind} of the last one out of {}, and the limit \
         is {} percent",
        config.output, config.delete_limit
    );
    Diagnostic::error("delete-limit", message).help(
        "nothing was changed; look whether the content is all there. If they are to go, say so \
         with --delete-limit 100, or set `output.delete_limit`",
    )
}

/// Why a build stopped for which there is no room in the output folder.
fn no_room(file: &str, config: &Config) -> Diagnostic {
    let folder = &config.output;
    let message = format!(
        "{file} in the output folder {folder} is in the way of the site, and newsgen did not write \
         it"
    );
    Diagnostic::error("output", message)
        .help("nothing was changed; move that file out of the folder")
}

/// The note about articles that are larger than a site takes.
pub(super) fn over_budget(library: &Library) -> Option<String> {
    let (count, first) = library.over_budget()?;
    let which = match count {
        1 => format!("{first} was cut: it is"),
        _ => format!("{count} articles were cut ({first} is the first): they are"),
    };
    Some(format!(
        "{which} over the limits of an article; `newsgen check` says what is missing"
    ))
}
