//! Which pages the sitemaps name, and when each changed last.

use super::inputs::SiteInputs;
use super::route::fixed;
use super::{ListingScope, PageKind, Part, Plan, Sitemap, SitemapLine};
use crate::config::{ArticlePages, Canonical, Config, Sitemaps};
use crate::content::Library;
use crate::curate::{Edition, Kept};
use crate::ids::{EditionIndex, List};
use crate::time::Time;

/// The lines of the sitemaps of an edition, and the articles of its news sitemap.
pub(super) fn of_edition(
    inputs: SiteInputs<'_>,
    config: &Config,
    now: Time,
) -> (Sitemap, Vec<EditionIndex>) {
    let lines = || lines(inputs.plan(), inputs.library(), inputs.edition(), config);
    match config.sitemap {
        Sitemaps::None => (Sitemap::default(), Vec::new()),
        Sitemaps::Pages => (lines(), Vec::new()),
        Sitemaps::PagesAndNews => {
            let news = news(
                inputs.plan(),
                inputs.library(),
                inputs.edition(),
                config,
                now,
            );
            (lines(), news)
        }
    }
}

fn lines(plan: &Plan, library: &Library, edition: &Edition, config: &Config) -> Sitemap {
    let modified = |(position, kept): (EditionIndex, &Kept)| {
        let facts = &library.articles[kept.article].facts;
        let updated = facts.updated.filter(|_| !plan.ahead[position]);
        updated.unwrap_or(facts.published)
    };
    let times: List<EditionIndex, Time> = edition.articles.enumerate().map(modified).collect();
    let mut others: Vec<SitemapLine> = Vec::new();
    let newest = |scope: ListingScope| {
        plan.articles(edition, scope)
            .first()
            .map(|position| times[*position])
    };
    let at = |page| plan.shared.routes.at(page);
    let mut add = |url: &str, modified: Option<Time>, kind: PageKind| {
        let url = url.to_owned();
        others.push(SitemapLine {
            url,
            modified,
            kind,
        });
    };
    let indexed = |position: &EditionIndex| {
        plan.shared.has_page[*position]
            && is_canonical(library, config, &edition.articles[*position])
    };
    let all_are = config.canonical == Canonical::Own && config.article_pages == ArticlePages::All;
    if !all_are {
        for position in times.ids().rev().filter(indexed) {
            let url = &plan.shared.article_urls[position];
            add(url, Some(times[position]), PageKind::Article(position));
        }
    }
    for id in &edition.pages {
        add(&plan.shared.page_urls[*id], None, PageKind::Standalone(*id));
    }
    // The oldest first, so that a new digest comes after what is there.
    for (id, digest) in edition.digests.enumerate().rev() {
        let newest = digest.picks().map(|pick| times[pick.position]).max();
        let modified = newest.max(Some(digest.period.end));
        add(&plan.shared.digest_urls[id], modified, PageKind::Digest(id));
    }
    if config.digests.is_some() {
        add(
            &at(fixed::DIGESTS),
            edition.digests.first().map(|digest| digest.period.end),
            PageKind::Digests,
        );
    }
    let months = plan.shared.months.ids().rev().map(ListingScope::Month);
    let topics = edition.topics.ids().map(ListingScope::Topic);
    let providers = edition.providers.ids().map(ListingScope::Provider);
    let lists = plan.shared.lists.ids().map(ListingScope::List);
    // The oldest first, as articles are.
    let events = plan.shared.events_with_page().map(ListingScope::Event);
    for scope in events
        .chain(months)
        .chain(providers)
        .chain(topics)
        .chain(lists)
    {
        let kind = PageKind::Listing(scope, Part::Head);
        add(plan.head(scope), newest(scope), kind);
    }
    add(
        &at(fixed::PROVIDERS),
        newest(ListingScope::All),
        PageKind::Providers,
    );
    add(
        &at(fixed::TOPICS),
        newest(ListingScope::All),
        PageKind::Topics,
    );
    if config.tag_pages {
        add(&at(fixed::TAGS), newest(ListingScope::All), PageKind::Tags);
    }
    if config.archive {
        add(
            &at(fixed::ARCHIVE),
            newest(ListingScope::All),
            PageKind::Archive,
        );
    }
    if config.source_page {
        add(
            &at(fixed::SOURCES),
            newest(ListingScope::All),
            PageKind::Sources,
        );
    }
    let home = PageKind::Listing(ListingScope::All, Part::Head);
    add(plan.shared.routes.home(), newest(ListingScope::All), home);
    Sitemap {
        articles: if all_are { times } else { List::new() },
        others,
    }
}

/// Whether the page of an article is the one that search engines should show: a sitemap names
/// canonical pages only.
fn is_canonical(library: &Library, config: &Config, kept: &Kept) -> bool {
    config.canonical == Canonical::Own || library.articles[kept.article].facts.link.is_none()
}

/// Seconds for which an article is news
/// (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).
const NEWS: i64 = 48 * 3600;
/// Articles in a news sitemap, at most.
const MOST_NEWS: usize = 1000;

/// The articles of the news sitemap.
fn news(
    plan: &Plan,
    library: &Library,
    edition: &Edition,
    config: &Config,
    now: Time,
) -> Vec<EditionIndex> {
    let published = |kept: &Kept| library.articles[kept.article].facts.published.seconds();
    let positions = edition.articles.enumerate();
    positions
        .skip_while(|(_, kept)| published(kept) > now.seconds())
        .take_while(|(_, kept)| now.seconds() - published(kept) <= NEWS)
        .filter(|(_, kept)| kept.badge.is_none() && is_canonical(library, config, kept))
        .map(|(position, _)| position)
        .filter(|position| plan.shared.has_page[*position])
        .take(MOST_NEWS)
        .collect()
}
