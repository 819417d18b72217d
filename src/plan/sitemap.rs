//! Which pages the sitemaps name, and when each changed last.

use super::route::fixed;
use super::{ListingScope, Plan, Sitemap};
use crate::config::{Canonical, Config};
use crate::content::Library;
use crate::curate::{Edition, Kept};
use crate::time::Time;

pub(super) fn lines(plan: &Plan, library: &Library, edition: &Edition, config: &Config) -> Sitemap {
    let modified = |kept: &Kept| {
        let facts = &library.articles[kept.number].facts;
        facts.updated.unwrap_or(facts.published)
    };
    let times: Vec<Time> = edition.articles.iter().map(modified).collect();
    let mut others: Vec<(String, Option<Time>)> = Vec::new();
    let newest = |scope: ListingScope| {
        plan.articles(edition, scope)
            .first()
            .map(|place| times[*place])
    };
    let mut add = |url: &str, modified: Option<Time>| others.push((url.to_owned(), modified));
    let indexed = |place: &usize| is_canonical(library, config, &edition.articles[*place]);
    if config.canonical == Canonical::Original {
        for place in (0..times.len()).rev().filter(indexed) {
            add(&plan.shared.article_urls[place], Some(times[place]));
        }
    }
    for url in &plan.shared.page_urls {
        add(url, None);
    }
    // The oldest first, so that a new digest comes after what is there.
    for (digest, url) in edition.digests.iter().zip(&plan.shared.digest_urls).rev() {
        let newest = digest.picks().map(|pick| times[pick.place]).max();
        add(url, newest.max(Some(digest.period.end)));
    }
    if config.digests.is_some() {
        add(
            fixed::DIGESTS,
            edition.digests.first().map(|digest| digest.period.end),
        );
    }
    let months = (0..plan.shared.months.len()).rev().map(ListingScope::Month);
    let topics = (0..edition.topics.len()).map(ListingScope::Topic);
    let providers = (0..edition.providers.len()).map(ListingScope::Provider);
    for scope in months.chain(providers).chain(topics) {
        add(plan.head(scope), newest(scope));
    }
    add(fixed::PROVIDERS, newest(ListingScope::All));
    add(fixed::TOPICS, newest(ListingScope::All));
    if config.archive {
        add(fixed::ARCHIVE, newest(ListingScope::All));
    }
    add(fixed::HOME, newest(ListingScope::All));
    match config.canonical {
        Canonical::Own => Sitemap {
            articles: times,
            others,
        },
        Canonical::Original => Sitemap {
            articles: Vec::new(),
            others,
        },
    }
}

/// Whether the page of an article is the one that search engines should show: a sitemap names
/// canonical pages only.
fn is_canonical(library: &Library, config: &Config, kept: &Kept) -> bool {
    config.canonical == Canonical::Own || library.articles[kept.number].facts.link.is_none()
}

/// Seconds for which an article is news
/// (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).
const NEWS: i64 = 48 * 3600;
/// Articles in a news sitemap, at most.
const MOST_NEWS: usize = 1000;

/// The articles of the news sitemap.
pub(super) fn news(library: &Library, edition: &Edition, config: &Config, now: Time) -> Vec<usize> {
    let published = |kept: &Kept| library.articles[kept.number].facts.published.seconds();
    let places = edition.articles.iter().enumerate();
    places
        .skip_while(|(_, kept)| published(kept) > now.seconds())
        .take_while(|(_, kept)| now.seconds() - published(kept) <= NEWS)
        .filter(|(_, kept)| kept.badge.is_none() && is_canonical(library, config, kept))
        .map(|(place, _)| place)
        .take(MOST_NEWS)
        .collect()
}
