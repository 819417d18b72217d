//! Files that no reader sees: sitemaps, lists of feeds, what browsers, crawlers and hosts ask for.

use super::pages::Planner;
use super::route::{self, fixed};
use super::shared::digest_of;
use super::{Kind, Of};
use crate::config::{Cadence, Sitemaps};
use crate::digest::{Digest, Hasher};
use crate::time::Time;

impl Planner<'_> {
    pub(super) fn data_files(&mut self) {
        let plan = self.plan;
        if self.config.api {
            let content = digest_of(&plan.shared.topics_view(self.edition));
            self.data(fixed::API_TOPICS.to_owned(), Kind::ApiTopics, content);
        }
        self.sitemaps();
        self.robots();
        self.data(fixed::NO_JEKYLL.to_owned(), Kind::NoJekyll, Digest::default());
        if let Some(name) = &plan.cname {
            self.replaceable(fixed::CNAME, Kind::Cname, Digest::of(name.as_bytes()));
        }
        if plan.shared.opml().is_some() {
            let mut hasher = Hasher::new("opml");
            hasher.digest(self.of_followed("listings")).digest(digest_of(&plan.shared.strings));
            if let Some(rules) = &self.config.issues {
                hasher.optional(rules.title.as_deref()).number(i64::from(rules.cadence == Cadence::Day));
            }
            let content = hasher.finish();
            self.replaceable(fixed::OPML, Kind::Opml, content);
        }
        if let Some(web_app) = &plan.shared.web_app {
            self.replaceable(fixed::WEB_MANIFEST, Kind::WebApp, digest_of(web_app));
        }
        if let Some(search) = plan.shared.search {
            self.replaceable(fixed::OPEN_SEARCH, Kind::OpenSearch, Digest::of(search.as_bytes()));
        }
        if self.config.llms {
            let mut hasher = Hasher::new("llms");
            hasher.digest(self.of_followed("llms")).digest(digest_of(&plan.shared.strings));
            hasher.number(i64::from(self.config.api));
            for page in &self.library.pages {
                hasher.text(&page.title).optional(page.description.as_deref());
            }
            let content = hasher.digest(digest_of(&plan.shared.page_urls)).finish();
            self.replaceable(fixed::LLMS, Kind::Llms, content);
        }
        if self.config.host.headers {
            let rules = super::headers::rules(self.config, self.theme, &plan.shared);
            self.replaceable(fixed::HEADERS, Kind::Headers, digest_of(&rules));
        }
        if let Some(server) = self.config.host.server {
            let rules = super::headers::rules(self.config, self.theme, &plan.shared);
            self.replaceable(route::server(server), Kind::Server(server), digest_of(&rules));
        }
        if self.config.host.redirects && !plan.aliases.is_empty() {
            // What it says is known when it is known which aliases are free.
            self.replaceable(fixed::REDIRECTS, Kind::Redirects, Digest::default());
        }
    }

    /// A file whose place a static file of the site's own may take.
    fn replaceable(&mut self, url: &str, kind: Kind, content: Digest) {
        if !self.theme.assets.has_url(url) {
            self.data(url.to_owned(), kind, content);
        }
    }

    /// What lists of feeds say of topics and providers.
    fn of_followed(&self, what: &'static str) -> Digest {
        let mut hasher = Hasher::new(what);
        for of in self.plan.followed() {
            let (kind, description) = match of {
                Of::Topic(topic) => ("topic", &self.edition.topics[topic].description),
                Of::Provider(provider) => ("provider", &self.edition.providers[provider].description),
                Of::All | Of::Month(_) => ("site", &None),
            };
            hasher.text(kind).text(self.plan.head(of)).optional(self.name_of(of)).optional(description.as_deref());
        }
        hasher.finish()
    }

    fn sitemaps(&mut self) {
        let plan = self.plan;
        if self.config.sitemap == Sitemaps::None {
            return;
        }
        let mut index = Hasher::new("sitemap index");
        for number in 0..plan.sitemaps() {
            let mut hasher = Hasher::new("sitemap");
            for (url, modified) in plan.sitemap_part(number) {
                hasher.text(url).number(modified.map_or(i64::MIN, Time::seconds));
            }
            let content = hasher.finish();
            index.digest(content);
            self.data(route::sitemap(number + 1), Kind::Sitemap(number), content);
        }
        self.data(fixed::SITEMAP.to_owned(), Kind::SitemapIndex, index.finish());
        if !plan.news.is_empty() {
            let mut hasher = Hasher::new("news sitemap");
            for place in &plan.news {
                let facts = &self.library.articles[self.edition.articles[*place].number].facts;
                hasher.text(&plan.shared.article_urls[*place]).text(&facts.title).number(facts.published.seconds());
            }
            self.data(fixed::NEWS_SITEMAP.to_owned(), Kind::NewsSitemap, hasher.finish());
        }
    }

    fn robots(&mut self) {
        let sitemaps = (self.config.sitemap != Sitemaps::None, !self.plan.news.is_empty());
        self.replaceable(fixed::ROBOTS, Kind::Robots, digest_of(&sitemaps));
    }
}
