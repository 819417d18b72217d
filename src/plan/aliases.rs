//! `aliases`: old addresses of articles and pages, as pages that lead on and as lines of
//! `_redirects`.

use rayon::prelude::*;

use super::fingerprint::Parts;
use super::route::fixed;
use super::shared::Shared;
use super::{PageKind, Plan, SitePlan};
use crate::config::Config;
use crate::content::{Library, alias};
use crate::curate::Edition;
use crate::diagnostic::Diagnostic;
use crate::hash::Hasher;
use crate::ids::{AliasId, EditionId, EditionIndex, List, StandaloneId};

/// An old address, and what stands there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The old address, as it is written: a path without that of the base URL, percent-encoded.
    pub from: String,
    /// What is there now.
    pub to: Target,
    /// Where that is: a path, without that of the base URL, or the original of an article that has
    /// no page.
    pub url: String,
    /// Whether no other page has that address.
    pub is_free: bool,
}

/// What an alias leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An article of the edition.
    Article(EditionIndex),
    /// A standalone page.
    Standalone(StandaloneId),
}

/// Static redirects that Cloudflare reads, at most
/// (<https://developers.cloudflare.com/pages/configuration/redirects/>).
const MOST_AT_CLOUDFLARE: usize = 2000;

/// All aliases: those of pages, then those of articles, the newest first. The address that a page
/// has now is no old one, and is left out.
pub(super) fn of_all(
    library: &Library,
    edition: &Edition,
    shared: &Shared,
) -> List<AliasId, Alias> {
    let of_article = |position: EditionIndex| {
        library.articles[edition.articles[position].article]
            .facts
            .aliases
            .as_slice()
    };
    // Most sites have none, and some have hundreds of thousands of articles.
    let positions = edition.articles.par_ids().with_min_len(4096);
    let articles: Vec<EditionIndex> = positions
        .filter(|position| !of_article(*position).is_empty())
        .collect();
    let articles = articles
        .into_iter()
        .map(|position| (of_article(position), Target::Article(position)));
    let pages = edition.pages.iter();
    let pages = pages.map(|id| {
        let aliases = library.pages[*id].aliases.as_slice();
        (aliases, Target::Standalone(*id))
    });
    let of_one = |(aliases, to): (&[String], Target)| {
        let own = match to {
            Target::Article(position) => &shared.article_urls[position],
            Target::Standalone(id) => &shared.page_urls[id],
        };
        let lead = match to {
            Target::Article(position) if !shared.has_page[position] => {
                let facts = &library.articles[edition.articles[position].article].facts;
                facts.link.as_ref().unwrap_or(own)
            }
            _ => own,
        };
        aliases
            .iter()
            .filter(|from| lead != own || alias::page_url(from) != *own)
            .map(|from| Alias {
                from: from.clone(),
                to,
                url: lead.to_owned(),
                is_free: true,
            })
            .collect::<Vec<_>>()
    };
    pages.chain(articles).flat_map(of_one).collect()
}

impl Alias {
    /// The address of the page that stands at the old address.
    pub(super) fn page_url(&self) -> String {
        alias::page_url(&self.from)
    }
}

impl Plan {
    /// The folder of an edition that is not the first of its host, and the page for what is not
    /// there in it, each with the path of the base URL.
    pub fn own_404(&self) -> Option<(String, String)> {
        let routes = &self.shared.routes;
        let page = routes.at(fixed::NOT_FOUND);
        let paths = (self.shared.href(routes.home()), self.shared.href(&page));
        (!routes.is_root_of_host()).then_some(paths)
    }

    /// The lines of `_redirects`: from, to.
    pub fn redirects(&self) -> impl Iterator<Item = (String, String)> {
        let line = |alias: &Alias| (self.shared.href(&alias.from), self.shared.href(&alias.url));
        self.aliases.iter().filter(|alias| alias.is_free).map(line)
    }
}

impl SitePlan {
    /// The lines of `_redirects` of all editions.
    fn redirects(&self) -> impl Iterator<Item = (String, String)> {
        self.editions.iter().flat_map(Plan::redirects)
    }

    /// What hosts would make of the plan, where that is not what it says.
    pub fn lint(&self) -> Option<Diagnostic> {
        let lines = self.redirects().count();
        let has_file = lines > MOST_AT_CLOUDFLARE
            && self
                .pages
                .iter()
                .any(|page| page.kind == PageKind::Redirects);
        has_file.then(|| {
            let message = format!(
                "`_redirects` has {lines} lines, but Cloudflare reads only the first \
                 {MOST_AT_CLOUDFLARE}, those of the newest articles"
            );
            Diagnostic::warning("redirects", message).help(
                "other hosts have other limits; with `host.redirect_pages`, older aliases redirect \
                 all the same",
            )
        })
    }
}

/// Makes an end of what only collisions decide: which aliases lead on, and what `_redirects` and
/// its like say. Until then the pages of aliases stand in the plan in any case, so that an alias
/// which another page is in the way of is reported.
pub(super) fn settle(plan: &mut SitePlan, config: &Config, parts: &List<EditionId, Parts>) {
    let has_lines = |plan: &Plan| !plan.aliases.is_empty() || plan.own_404().is_some();
    if !plan.editions.iter().any(has_lines) {
        return;
    }
    let plans = plan.editions.iter_mut();
    for alias in plans.flat_map(|plan| plan.aliases.iter_mut()) {
        alias.is_free = false;
    }
    for page in &plan.pages {
        if let PageKind::Alias(id) = page.kind {
            plan.editions[page.edition].aliases[id].is_free = true;
        }
    }
    let of_host = |id: EditionId| {
        let routes = &plan.editions[id].shared.routes;
        let plans = plan.editions.iter();
        plans.filter(|plan| plan.shared.routes.shares_host(routes))
    };
    let lines = |id: EditionId| {
        let mut hasher = Hasher::new("redirects");
        for (from, to) in of_host(id).flat_map(Plan::redirects) {
            hasher.text(&from).text(&to);
        }
        for (folder, page) in of_host(id).filter_map(Plan::own_404) {
            hasher.text(&folder).text(&page);
        }
        hasher.finish()
    };
    let has_lines = |id: EditionId| {
        of_host(id).flat_map(Plan::redirects).next().is_some()
            || of_host(id).filter_map(Plan::own_404).next().is_some()
    };
    let ids = plan.editions.ids();
    let redirects: List<EditionId, _> = ids.map(|id| (lines(id), has_lines(id))).collect();
    plan.pages.retain_mut(|page| match page.kind {
        PageKind::Alias(_) => config.host.redirect_pages,
        PageKind::Redirects => {
            let (redirects, has_lines) = redirects[page.edition];
            page.fingerprint = parts[page.edition].of_data(redirects);
            has_lines
        }
        PageKind::Server(_) => {
            let mut hasher = Hasher::new("server");
            hasher
                .number(page.fingerprint.content.cast_signed())
                .hash(redirects[page.edition].0);
            page.fingerprint = parts[page.edition].of_data(hasher.finish());
            true
        }
        _ => true,
    });
}
