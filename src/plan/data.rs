//! Files that no reader sees: sitemaps, lists of feeds, what browsers, crawlers and hosts ask for.

use rayon::prelude::*;

use super::pages::Planner;
use super::route::{self, fixed};
use super::shared::hash_of;
use super::{ListingScope, PageKind, Plan};
use crate::config::{Cadence, Sitemaps};
use crate::hash::{Hash128, Hasher};
use crate::time::Time;

impl Planner<'_> {
    pub(super) fn data_files(&mut self) {
        let plan = self.plan;
        if self.config.api {
            let content = hash_of(&plan.shared.topics_view(self.edition));
            self.add(self.at(fixed::API_TOPICS), PageKind::ApiTopics, content);
            if !self.edition.events.is_empty() {
                let content = hash_of(&self.inputs.newest_events());
                self.add(self.at(fixed::API_EVENTS), PageKind::ApiEvents, content);
            }
        }
        self.sitemaps();
        if plan.shared.opml().is_some() {
            let mut hasher = Hasher::new("opml");
            hasher
                .hash(self.of_listings("listings", plan.followed()))
                .hash(hash_of(&plan.shared.strings));
            if let Some(rules) = &self.config.digests {
                hasher
                    .optional(rules.title.as_deref())
                    .number(i64::from(rules.cadence == Cadence::Day));
            }
            let content = hasher.finish();
            self.replaceable(fixed::OPML, PageKind::Opml, content);
        }
        if let Some(web_app) = &plan.shared.web_app {
            self.replaceable(fixed::WEB_MANIFEST, PageKind::WebApp, hash_of(web_app));
        }
        if let Some(search) = &plan.shared.search {
            self.replaceable(
                fixed::OPEN_SEARCH,
                PageKind::OpenSearch,
                Hash128::of(search.as_bytes()),
            );
        }
        if self.config.llms {
            let mut hasher = Hasher::new("llms");
            hasher
                .hash(self.of_listings("llms", plan.listings()))
                .hash(hash_of(&plan.shared.strings));
            hasher.number(i64::from(self.config.api));
            for id in &self.edition.pages {
                let page = &self.library.pages[*id];
                hasher
                    .text(&page.title)
                    .optional(page.description.as_deref())
                    .text(&plan.shared.page_urls[*id]);
            }
            let content = hasher.finish();
            self.replaceable(fixed::LLMS, PageKind::Llms, content);
        }
    }

    /// What a host has once, whatever editions are on it.
    pub(super) fn files_of_host(&mut self) {
        let plan = self.plan;
        self.robots();
        let nothing = Hash128::default();
        self.add(self.at(fixed::NO_JEKYLL), PageKind::NoJekyll, nothing);
        if let Some(name) = &plan.cname {
            self.replaceable(fixed::CNAME, PageKind::Cname, Hash128::of(name.as_bytes()));
        }
        if self.config.host.headers {
            let rules = super::headers::rules(self.config, self.theme, self.inputs);
            self.replaceable(fixed::HEADERS, PageKind::Headers, hash_of(&rules));
        }
        if let Some(server) = self.config.host.server {
            let rules = super::headers::rules(self.config, self.theme, self.inputs);
            self.replaceable(
                route::server(server),
                PageKind::Server(server),
                hash_of(&rules),
            );
        }
        let is_needed = self.inputs.of_host().any(|plan| {
            let has_own_404 = !plan.shared.routes.is_root_of_host();
            has_own_404 || !plan.aliases.is_empty()
        });
        if self.config.host.redirects && is_needed {
            // What it says is known when it is known which aliases are free.
            self.replaceable(fixed::REDIRECTS, PageKind::Redirects, Hash128::default());
        }
    }

    /// A file whose place a static file of the site's own may take.
    fn replaceable(&mut self, url: &str, kind: PageKind, content: Hash128) {
        let url = self.at(url);
        if !self.theme.assets.has_url(&url) {
            self.add(url, kind, content);
        }
    }

    /// What lists of feeds say of topics and providers.
    fn of_listings(
        &self,
        what: &'static str,
        listings: impl Iterator<Item = ListingScope>,
    ) -> Hash128 {
        let mut hasher = Hasher::new(what);
        for scope in listings {
            let subject = scope.subject(self.edition);
            hasher
                .text(subject.kind)
                .text(self.plan.head(scope))
                .optional(subject.name)
                .optional(subject.description);
        }
        hasher.finish()
    }

    fn sitemaps(&mut self) {
        let plan = self.plan;
        if self.config.sitemap == Sitemaps::None {
            return;
        }
        let inputs = self.inputs;
        let content = |number: usize| {
            let mut hasher = Hasher::new("sitemap");
            for (url, modified, kind) in plan.sitemap_part(number) {
                hasher
                    .text(url)
                    .number(modified.map_or(i64::MIN, Time::seconds));
                if inputs.is_multilingual() {
                    inputs.hash_translations(&kind, &mut hasher);
                }
            }
            hasher.finish()
        };
        let contents: Vec<Hash128> = (0..plan.sitemaps()).into_par_iter().map(content).collect();
        let mut index = Hasher::new("sitemap index");
        for (number, content) in contents.into_iter().enumerate() {
            index.hash(content);
            self.add(
                plan.shared.routes.sitemap(number + 1),
                PageKind::Sitemap(number),
                content,
            );
        }
        self.add(
            self.at(fixed::SITEMAP),
            PageKind::SitemapIndex,
            index.finish(),
        );
        if !plan.news.is_empty() {
            let mut hasher = Hasher::new("news sitemap");
            for position in &plan.news {
                self.inputs.headline(*position).hash(&mut hasher);
            }
            self.add(
                self.at(fixed::NEWS_SITEMAP),
                PageKind::NewsSitemap,
                hasher.finish(),
            );
        }
    }

    fn robots(&mut self) {
        let of_edition = |plan: &Plan| (plan.sitemaps() > 0, !plan.news.is_empty());
        let sitemaps: Vec<(bool, bool)> = self.inputs.of_host().map(of_edition).collect();
        self.replaceable(fixed::ROBOTS, PageKind::Robots, hash_of(&sitemaps));
    }
}
