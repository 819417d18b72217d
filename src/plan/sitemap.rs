//! Which pages the sitemaps name, and when each changed last.

use super::inputs::SiteInputs;
use super::route::fixed;
use super::{ListingScope, Plan, Sitemap};
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
    let mut others: Vec<(String, Option<Time>)> = Vec::new();
    let newest = |scope: ListingScope| {
        plan.articles(edition, scope)
            .first()
            .map(|position| times[*position])
    };
    let at = |page| plan.shared.routes.at(page);
    let mut add = |url: &str, modified: Option<Time>| others.push((url.to_owned(), modified));
    let indexed = |position: &EditionIndex| {
        plan.shared.has_page[*position]
            && is_canonical(library, config, &edition.articles[*position])
    };
    let all_are = config.canonical == Canonical::Own && config.article_pages == ArticlePages::All;
    if !all_are {
        for position in times.ids().rev().filter(indexed) {
            add(&plan.shared.article_urls[position], Some(times[position]));
        }
    }
    for url in &plan.shared.page_urls {
        add(url, None);
    }
    // The oldest first, so that a new digest comes after what is there.
    for (digest, url) in edition.digests.iter().zip(&plan.shared.digest_urls).rev() {
        let newest = digest.picks().map(|pick| times[pick.position]).max();
        add(url, newest.max(Some(digest.period.end)));
    }
    if config.digests.is_some() {
        add(
            &at(fixed::DIGESTS),
            edition.digests.first().map(|digest| digest.period.end),
        );
    }
    let months = plan.shared.months.ids().rev().map(ListingScope::Month);
    let topics = edition.topics.ids().map(ListingScope::Topic);
    let providers = edition.providers.ids().map(ListingScope::Provider);
    let lists = plan.shared.lists.ids().map(ListingScope::List);
    for scope in months.chain(providers).chain(topics).chain(lists) {
        add(plan.head(scope), newest(scope));
    }
    add(&at(fixed::PROVIDERS), newest(ListingScope::All));
    add(&at(fixed::TOPICS), newest(ListingScope::All));
    if config.archive {
        add(&at(fixed::ARCHIVE), newest(ListingScope::All));
    }
    add(plan.shared.routes.home(), newest(ListingScope::All));
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
