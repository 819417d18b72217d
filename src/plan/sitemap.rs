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
    let mut lines = Lines {
        plan,
        edition,
        config,
        times: &times,
        lines: Vec::new(),
    };
    let all_are = config.canonical == Canonical::Own && config.article_pages == ArticlePages::All;
    if !all_are {
        lines.add_articles(library);
    }
    lines.add_standalone();
    lines.add_digests();
    lines.add_listings();
    lines.add_fixed();
    let others = lines.lines;
    Sitemap {
        articles: if all_are { times } else { List::new() },
        others,
    }
}

/// The lines of a sitemap, so that what changes often comes last.
struct Lines<'a> {
    plan: &'a Plan,
    edition: &'a Edition,
    config: &'a Config,
    /// When each article changed last.
    times: &'a List<EditionIndex, Time>,
    lines: Vec<SitemapLine>,
}

impl Lines<'_> {
    fn add(&mut self, url: &str, modified: Option<Time>, kind: PageKind) {
        self.lines.push(SitemapLine {
            url: url.to_owned(),
            modified,
            kind,
        });
    }

    /// When the newest article of a listing changed last.
    fn newest(&self, scope: ListingScope) -> Option<Time> {
        let articles = self.plan.articles(self.edition, scope);
        articles.first().map(|position| self.times[*position])
    }

    /// Those articles that search engines should show, the oldest first.
    fn add_articles(&mut self, library: &Library) {
        let shared = &self.plan.shared;
        for position in self.times.ids().rev() {
            let kept = &self.edition.articles[position];
            if shared.has_page[position] && is_canonical(library, self.config, kept) {
                let url = &shared.article_urls[position];
                let kind = PageKind::Article(position);
                self.add(url, Some(self.times[position]), kind);
            }
        }
    }

    fn add_standalone(&mut self) {
        for id in &self.edition.pages {
            let url = &self.plan.shared.page_urls[*id];
            self.add(url, None, PageKind::Standalone(*id));
        }
    }

    /// The oldest first, so that a new digest comes after what is there; then their list.
    fn add_digests(&mut self) {
        let shared = &self.plan.shared;
        for (id, digest) in self.edition.digests.enumerate().rev() {
            let newest = digest.picks().map(|pick| self.times[pick.position]).max();
            let modified = newest.max(Some(digest.period.end));
            self.add(&shared.digest_urls[id], modified, PageKind::Digest(id));
        }
        if self.config.digests.is_some() {
            let newest = self.edition.digests.first();
            let modified = newest.map(|digest| digest.period.end);
            self.add(
                &shared.routes.at(fixed::DIGESTS),
                modified,
                PageKind::Digests,
            );
        }
    }

    fn add_listings(&mut self) {
        let shared = &self.plan.shared;
        // The oldest first, as articles are.
        let events = shared.events_with_page().map(ListingScope::Event);
        let months = shared.months.ids().rev().map(ListingScope::Month);
        let providers = self.edition.providers.ids().map(ListingScope::Provider);
        let topics = self.edition.topics.ids().map(ListingScope::Topic);
        let lists = shared.lists.ids().map(ListingScope::List);
        for scope in events
            .chain(months)
            .chain(providers)
            .chain(topics)
            .chain(lists)
        {
            let kind = PageKind::Listing(scope, Part::Head);
            self.add(self.plan.head(scope), self.newest(scope), kind);
        }
    }

    /// Pages at fixed places, which change with any article, and last the front page.
    fn add_fixed(&mut self) {
        let routes = &self.plan.shared.routes;
        let newest = self.newest(ListingScope::All);
        self.add(&routes.at(fixed::PROVIDERS), newest, PageKind::Providers);
        self.add(&routes.at(fixed::TOPICS), newest, PageKind::Topics);
        if self.config.tag_pages {
            self.add(&routes.at(fixed::TAGS), newest, PageKind::Tags);
        }
        if self.config.archive {
            self.add(&routes.at(fixed::ARCHIVE), newest, PageKind::Archive);
        }
        if self.config.source_page {
            self.add(&routes.at(fixed::SOURCES), newest, PageKind::Sources);
        }
        let home = PageKind::Listing(ListingScope::All, Part::Head);
        self.add(routes.home(), newest, home);
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
