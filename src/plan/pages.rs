//! The pages of a site, one after the other, each with its fingerprint. A new kind of page is added here, in
//! [`Kind`], and in `render`.

use rayon::prelude::*;

use super::fingerprint::{Fingerprint, Parts};
use super::listing::Paging;
use super::route::{self, fixed};
use super::shared::digest_of;
use super::{Kind, Of, PageSpec, Part, Plan, Target};
use crate::config::Config;
use crate::content::Library;
use crate::curate::Edition;
use crate::digest::{Digest, Hasher};
use crate::theme::{Theme, hashed_name};

/// Puts the pages together.
pub(super) struct Planner<'a> {
    pub(super) plan: &'a Plan,
    pub(super) library: &'a Library,
    pub(super) edition: &'a Edition,
    pub(super) config: &'a Config,
    pub(super) theme: &'a Theme,
    pub(super) parts: &'a Parts,
    pub(super) pages: &'a mut Vec<PageSpec>,
}

impl Planner<'_> {
    pub(super) fn all(&mut self) {
        self.listing(Of::All);
        let articles = self.parts.articles.par_iter().zip(&self.plan.shared.article_urls).enumerate();
        let articles: Vec<PageSpec> = articles
            .with_min_len(1024)
            .map(|(place, (content, url))| self.spec(url.clone(), Kind::Article(place), *content))
            .collect();
        self.pages.extend(articles);
        let topics = (0..self.edition.topics.len()).map(Of::Topic);
        let providers = (0..self.edition.providers.len()).map(Of::Provider);
        let months = (0..self.plan.shared.months.len()).map(Of::Month);
        self.listings(topics.chain(providers).chain(months).collect());
        let nothing = Digest::default();
        self.template(fixed::TOPICS.to_owned(), Kind::Topics, nothing);
        self.template(fixed::PROVIDERS.to_owned(), Kind::Providers, nothing);
        if self.config.archive {
            self.template(fixed::ARCHIVE.to_owned(), Kind::Archive, nothing);
        }
        self.issues();
        if self.config.search.is_some() {
            let parts: Vec<&str> = self.plan.bundles.iter().map(|bundle| bundle.url.as_str()).collect();
            self.template(fixed::SEARCH.to_owned(), Kind::Search, digest_of(&parts));
        }
        self.template(fixed::NOT_FOUND.to_owned(), Kind::NotFound, nothing);
        for (number, page) in self.library.pages.iter().enumerate() {
            let mut hasher = Hasher::new("standalone");
            hasher.text(&page.title).optional(page.description.as_deref()).text(&page.body);
            self.template(self.plan.shared.page_urls[number].clone(), Kind::Standalone(number), hasher.finish());
        }
        self.data_files();
        self.assets();
        // Last: where another page has the address, it is the alias that goes.
        self.aliases();
    }

    fn aliases(&mut self) {
        let plan = self.plan;
        for (number, alias) in plan.aliases.iter().enumerate() {
            let title = match alias.to {
                Target::Article(place) => &self.library.articles[self.edition.articles[place].number].facts.title,
                Target::Standalone(number) => &self.library.pages[number].title,
            };
            let mut hasher = Hasher::new("alias");
            hasher.text(plan.target(alias)).text(title);
            self.template(alias.page_url(), Kind::Alias(number), hasher.finish());
        }
    }

    pub(super) fn template(&mut self, url: String, kind: Kind, content: Digest) {
        let page = self.spec(url, kind, content);
        self.pages.push(page);
    }

    /// A page that a template makes.
    fn spec(&self, url: String, kind: Kind, content: Digest) -> PageSpec {
        let template = kind.template().unwrap_or_default();
        PageSpec { url, fingerprint: self.parts.of_template(template, content), kind }
    }

    pub(super) fn data(&mut self, url: String, kind: Kind, content: Digest) {
        self.pages.push(PageSpec { url, kind, fingerprint: self.parts.of_data(content) });
    }

    /// What belongs to each of some listings, made side by side and put down in their order.
    fn listings(&mut self, listings: Vec<Of>) {
        let of_one = |of: Of| {
            let mut pages = Vec::new();
            Planner { pages: &mut pages, ..*self }.listing(of);
            pages
        };
        let made: Vec<Vec<PageSpec>> = listings.into_par_iter().map(of_one).collect();
        self.pages.extend(made.into_iter().flatten());
    }

    /// The pages, feeds and API of a listing.
    fn listing(&mut self, of: Of) {
        let paging = Paging::new(self.plan.articles(self.edition, of).len(), self.plan.page_size);
        let head = self.plan.head(of).to_owned();
        self.listing_page(head.clone(), of, Part::Head, self.subject(of, Part::Head));
        // Numbered pages show no counts, so that their subject is the same on all.
        let subject = self.subject(of, Part::Numbered(1));
        for number in 1..=paging.numbered() {
            self.listing_page(route::numbered(&head, number), of, Part::Numbered(number), subject);
        }
        if let Some(number) = paging.moved() {
            let mut hasher = Hasher::new("moved");
            hasher.text(&head).optional(self.name_of(of));
            self.template(route::numbered(&head, number), Kind::Moved(of), hasher.finish());
        }
        if !matches!(of, Of::Month(_)) {
            self.feeds(of, &head);
        }
        if self.config.api
            && let Of::All | Of::Topic(_) = of
        {
            self.api(of, paging);
        }
    }

    pub(super) fn name_of(&self, of: Of) -> Option<&str> {
        match of {
            Of::All => None,
            Of::Topic(topic) => Some(&self.edition.topics[topic].name),
            Of::Provider(provider) => Some(&self.edition.providers[provider].name),
            // The head of a month says which month it is.
            Of::Month(_) => None,
        }
    }

    /// What a listing says of its topic, provider or month.
    fn subject(&self, of: Of, part: Part) -> Digest {
        let (plan, edition) = (self.plan, self.edition);
        match of {
            Of::All => Digest::default(),
            Of::Topic(topic) => digest_of(&plan.topic_view(edition, topic, part)),
            Of::Provider(provider) => digest_of(&plan.provider_view(edition, provider, part)),
            Of::Month(month) => digest_of(&plan.month_view(month, part)),
        }
    }

    fn listing_page(&mut self, url: String, of: Of, part: Part, subject: Digest) {
        let (plan, edition) = (self.plan, self.edition);
        let mut hasher = Hasher::new("listing");
        let links = plan.links(edition, of, part);
        hasher.number(links.number.map_or(0, |number| number as i64));
        hasher.optional(links.older.as_deref()).optional(links.newer.as_deref()).text(&links.head);
        hasher.digest(subject);
        self.stories(&mut hasher, plan.part(edition, of, part));
        if (of, part) == (Of::All, Part::Head) {
            let front = &plan.front;
            self.stories(&mut hasher, &front.lead.into_iter().collect::<Vec<_>>());
            self.stories(&mut hasher, &front.top);
            self.stories(&mut hasher, &front.latest);
            for (topic, places) in &front.bands {
                hasher.digest(self.parts.topic_refs[*topic]);
                self.stories(&mut hasher, places);
            }
        }
        self.template(url, Kind::Listing(of, part), hasher.finish());
    }

    fn stories(&self, hasher: &mut Hasher, places: &[usize]) {
        hasher.number(places.len() as i64);
        for place in places {
            hasher.digest(self.parts.stories[*place]);
        }
    }

    fn feeds(&mut self, of: Of, head: &str) {
        let (plan, edition) = (self.plan, self.edition);
        let mut hasher = Hasher::new("feed");
        hasher.text(head).optional(self.name_of(of));
        match of {
            Of::Topic(topic) => drop(hasher.optional(edition.topics[topic].description.as_deref())),
            Of::Provider(provider) => drop(hasher.optional(edition.providers[provider].description.as_deref())),
            Of::All | Of::Month(_) => {}
        }
        for place in plan.feed(edition, of) {
            // The path is in the id of the entry.
            let path = &self.library.articles[edition.articles[*place].number].path;
            hasher.digest(self.parts.articles[*place]).text(path);
        }
        let content = hasher.finish();
        for format in &plan.feed_formats {
            self.data(route::feed(head, *format), Kind::Feed(of, *format), content);
        }
    }

    fn api(&mut self, of: Of, paging: Paging) {
        let topic = match of {
            Of::Topic(topic) => Some(topic),
            _ => None,
        };
        let head = topic.map(|topic| self.plan.shared.topic_urls[topic].as_str());
        let heads = std::iter::once((None, Part::Head));
        for (number, part) in heads.chain((1..=paging.numbered()).map(|number| (Some(number), Part::Numbered(number))))
        {
            let mut hasher = Hasher::new("api");
            hasher.number(number.map_or(-(paging.numbered() as i64) - 1, |number| number as i64));
            for place in self.plan.part(self.edition, of, part) {
                hasher.digest(self.parts.articles[*place]);
            }
            self.data(route::api(head, number), Kind::ApiNews(topic, part), hasher.finish());
        }
    }

    /// Static files under their own names, and those that templates name also under names that change with their content.
    fn assets(&mut self) {
        let theme = self.theme;
        for (path, asset) in theme.assets.iter() {
            let fingerprint = Fingerprint { template: asset.digest.number(), ..Fingerprint::default() };
            let mut add =
                |url: String| self.pages.push(PageSpec { url, kind: Kind::Asset(path.to_owned()), fingerprint });
            add(route::asset(path));
            if theme.names_asset(path) {
                add(route::asset(&hashed_name(path, asset.digest)));
            }
        }
    }
}
