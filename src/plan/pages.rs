//! The pages of a site, one after the other, each with its fingerprint. A new kind of page is added
//! here, in [`PageKind`], and in `render`.

use rayon::prelude::*;

use super::fingerprint::{Fingerprint, Parts};
use super::inputs::SiteInputs;
use super::route::{self, fixed};
use super::shared::hash_of;
use super::{ListingScope, PageKind, PageSpec, Part, Plan};
use crate::config::Config;
use crate::content::Library;
use crate::curate::{Edition, Pick};
use crate::hash::{Hash128, Hasher};
use crate::ids::{EditionIndex, List, PageId};
use crate::theme::{Theme, hashed_name};

/// Puts the pages together.
pub(super) struct Planner<'a> {
    pub(super) inputs: SiteInputs<'a>,
    pub(super) plan: &'a Plan,
    pub(super) library: &'a Library,
    pub(super) edition: &'a Edition,
    pub(super) config: &'a Config,
    pub(super) theme: &'a Theme,
    pub(super) parts: &'a Parts,
    pub(super) pages: &'a mut List<PageId, PageSpec>,
}

impl Planner<'_> {
    pub(super) fn all(&mut self) {
        let (stories, others) = rayon::join(
            || self.apart(|planner| planner.articles()),
            || self.apart(|planner| planner.others()),
        );
        self.pages.extend(stories);
        self.pages.extend(others);
    }

    /// What some work puts together, by itself.
    fn apart(&self, work: impl FnOnce(&mut Planner<'_>)) -> List<PageId, PageSpec> {
        let mut pages = List::new();
        work(&mut Planner {
            pages: &mut pages,
            ..*self
        });
        pages
    }

    /// Articles, and the listings that they are in.
    fn articles(&mut self) {
        self.listing(ListingScope::All);
        let positions = self.edition.articles.par_ids().with_min_len(1024);
        let articles: Vec<PageSpec> = positions
            .filter(|position| self.plan.shared.has_page[*position])
            .map(|position| {
                let url = self.plan.shared.article_urls[position].clone();
                let content = self.parts.articles[position];
                self.spec(url, PageKind::Article(position), content)
            })
            .collect();
        self.pages.extend(articles);
        let topics = self.edition.topics.ids().map(ListingScope::Topic);
        let providers = self.edition.providers.ids().map(ListingScope::Provider);
        let months = self.plan.shared.months.ids().map(ListingScope::Month);
        let lists = self.plan.shared.lists.ids().map(ListingScope::List);
        let events = self.plan.shared.events_with_page().map(ListingScope::Event);
        let all = topics.chain(providers).chain(months).chain(lists);
        let all = all.chain(events);
        self.listings(all.collect());
    }

    /// The other pages.
    fn others(&mut self) {
        let nothing = Hash128::default();
        self.add(self.at(fixed::TOPICS), PageKind::Topics, nothing);
        self.add(self.at(fixed::PROVIDERS), PageKind::Providers, nothing);
        if self.config.tag_pages {
            self.add(self.at(fixed::TAGS), PageKind::Tags, nothing);
        }
        if self.config.archive {
            self.add(self.at(fixed::ARCHIVE), PageKind::Archive, nothing);
        }
        if self.config.source_page {
            let sources = hash_of(&self.plan.sources);
            self.add(self.at(fixed::SOURCES), PageKind::Sources, sources);
        }
        self.digests();
        if self.config.search.is_some() {
            let parts = hash_of(&self.plan.search_parts);
            self.add(self.at(fixed::SEARCH), PageKind::Search, parts);
        }
        self.add(self.at(fixed::NOT_FOUND), PageKind::NotFound, nothing);
        for &id in &self.edition.pages {
            let page = &self.library.pages[id];
            let mut hasher = Hasher::new("standalone");
            hasher
                .text(&page.title)
                .optional(page.description.as_deref())
                .text(&page.body);
            if let Some(stories) = self.edition.of_pages.get(&id) {
                let list = stories.list;
                let view = list.map(|list| self.plan.shared.list_view(self.edition, list));
                let feed = list.map(|list| self.plan.shared.lists[list].has_feed);
                hasher.hash(hash_of(&(view, feed)));
                self.stories(&mut hasher, &stories.articles);
            }
            if !page.relative.is_empty() {
                let place = self.inputs.place_of_page(id);
                self.inputs.hash_leads(place, &page.relative, &mut hasher);
            }
            self.add(
                self.plan.shared.page_urls[id].clone(),
                PageKind::Standalone(id),
                hasher.finish(),
            );
        }
        self.data_files();
        if self.plan.shared.routes.is_root_of_host() {
            self.files_of_host();
            self.assets();
        }
        self.pages.extend(self.inputs.files_beside());
        // Last: where another page has the address, it is the alias that goes.
        self.aliases();
    }

    fn aliases(&mut self) {
        let plan = self.plan;
        for (id, alias) in plan.aliases.enumerate() {
            let mut hasher = Hasher::new("alias");
            hasher.text(&alias.url).text(self.inputs.title_of(alias.to));
            self.add(alias.page_url(), PageKind::Alias(id), hasher.finish());
        }
    }

    /// The address of a page with a fixed place.
    pub(super) fn at(&self, page: &str) -> String {
        self.plan.shared.routes.at(page).into_owned()
    }

    pub(super) fn add(&mut self, url: String, kind: PageKind, content: Hash128) {
        let page = self.spec(url, kind, content);
        self.pages.push(page);
    }

    fn spec(&self, url: String, kind: PageKind, content: Hash128) -> PageSpec {
        let fingerprint = match self.plan.template(&kind) {
            Some(template) if self.inputs.is_multilingual() => {
                let mut hasher = Hasher::new("translated");
                hasher.hash(content);
                self.inputs.hash_translations(&kind, &mut hasher);
                self.parts.of_template(template, hasher.finish())
            }
            Some(template) => self.parts.of_template(template, content),
            None => self.parts.of_data(content),
        };
        PageSpec {
            url: self.plan.shared.routes.in_output(url),
            edition: self.inputs.id(),
            kind,
            fingerprint,
        }
    }

    /// What belongs to each of some listings, made side by side and put down in their order.
    fn listings(&mut self, listings: Vec<ListingScope>) {
        let of_one = |scope: ListingScope| self.apart(|planner| planner.listing(scope));
        let made: Vec<List<PageId, PageSpec>> = listings.into_par_iter().map(of_one).collect();
        self.pages.extend(made.into_iter().flatten());
    }

    /// The pages, feeds and API of a listing.
    fn listing(&mut self, scope: ListingScope) {
        let total = self.plan.articles(self.edition, scope).len();
        let numbered = self.plan.numbered(scope, total);
        let head = self.plan.head(scope).to_owned();
        self.listing_page(
            head.clone(),
            scope,
            Part::Head,
            self.subject(scope, Part::Head),
        );
        // Numbered pages show no counts, so that their subject is the same on all.
        let subject = self.subject(scope, Part::Numbered(1));
        for number in 1..=numbered {
            self.listing_page(
                route::numbered(&head, number),
                scope,
                Part::Numbered(number),
                subject,
            );
        }
        if scope == ListingScope::All && self.plan.front.leaves_out {
            let url = route::numbered(&head, numbered + 1);
            self.listing_page(url, scope, Part::Newest, subject);
        } else if numbered > 0 {
            let mut hasher = Hasher::new("moved");
            hasher
                .text(&head)
                .optional(scope.subject(self.edition).name);
            self.add(
                route::numbered(&head, numbered + 1),
                PageKind::Moved(scope),
                hasher.finish(),
            );
        }
        if self.plan.has_feeds(scope) {
            self.feeds(scope, &head);
        }
        if self.config.api
            && let ListingScope::All | ListingScope::Topic(_) = scope
        {
            self.api(scope, numbered);
        }
    }

    /// What a listing says of its topic, provider or month.
    fn subject(&self, scope: ListingScope, part: Part) -> Hash128 {
        let (plan, edition) = (self.plan, self.edition);
        match scope {
            ListingScope::All => Hash128::default(),
            ListingScope::Topic(topic) => hash_of(&plan.topic_view(edition, topic, part)),
            ListingScope::Provider(provider) => {
                hash_of(&plan.provider_view(edition, provider, part))
            }
            ListingScope::Month(month) => hash_of(&plan.month_view(month, part)),
            ListingScope::List(list) => hash_of(&(
                plan.shared.list_view(edition, list),
                plan.shared.lists[list].has_feed,
            )),
            ListingScope::Event(event) => {
                let mut hasher = Hasher::new("event");
                hasher.hash(hash_of(&self.inputs.event_view(event, part)));
                let lead = self.inputs.lead_of_event(event);
                if let (Part::Head, Some(lead)) = (part, lead) {
                    hasher.hash(self.parts.stories[lead]);
                }
                hasher.finish()
            }
        }
    }

    fn listing_page(&mut self, url: String, scope: ListingScope, part: Part, subject: Hash128) {
        let (plan, edition) = (self.plan, self.edition);
        let mut hasher = Hasher::new("listing");
        let links = plan.links(edition, scope, part);
        hasher.number(links.number.map_or(0, |number| number as i64));
        hasher
            .optional(links.older.as_deref())
            .optional(links.newer.as_deref())
            .text(&links.head)
            .number(i64::from(links.is_cut));
        hasher.hash(subject);
        self.stories(&mut hasher, plan.part(edition, scope, part));
        if (scope, part) == (ListingScope::All, Part::Head) {
            let front = &plan.front;
            hasher.text(self.config.front.style.name());
            self.picks(&mut hasher, front.lead.as_slice());
            self.picks(&mut hasher, &front.top);
            self.picks(&mut hasher, &front.latest);
            for (topic, picks) in &front.bands {
                hasher.hash(self.parts.refs.topics[*topic]);
                self.picks(&mut hasher, picks);
            }
        }
        self.add(url, PageKind::Listing(scope, part), hasher.finish());
    }

    fn stories(&self, hasher: &mut Hasher, positions: &[EditionIndex]) {
        hasher.number(positions.len() as i64);
        for position in positions {
            hasher.hash(self.parts.stories[*position]);
        }
    }

    fn picks(&self, hasher: &mut Hasher, picks: &[Pick]) {
        hasher.number(picks.len() as i64);
        for pick in picks {
            hasher.hash(self.inputs.front(pick).hash(&self.parts.refs));
        }
    }

    fn feeds(&mut self, scope: ListingScope, head: &str) {
        let (plan, edition) = (self.plan, self.edition);
        let subject = scope.subject(edition);
        let mut hasher = Hasher::new("feed");
        let feeds = &self.config.feeds;
        hasher
            .text(head)
            .optional(subject.name)
            .hash(hash_of(&(feeds.text, feeds.to_original, feeds.max_bytes)))
            .optional(subject.description);
        for position in plan.feed(edition, scope) {
            hasher.hash(self.parts.articles[*position]);
        }
        let content = hasher.finish();
        for format in plan.feeds_of(scope) {
            self.add(
                route::feed(head, *format),
                PageKind::Feed(scope, *format),
                content,
            );
        }
    }

    fn api(&mut self, scope: ListingScope, numbered: usize) {
        let topic = match scope {
            ListingScope::Topic(topic) => Some(topic),
            _ => None,
        };
        let head = topic.map(|topic| self.plan.shared.topic_urls[topic].as_str());
        let heads = std::iter::once((None, Part::Head));
        for (number, part) in
            heads.chain((1..=numbered).map(|number| (Some(number), Part::Numbered(number))))
        {
            let mut hasher = Hasher::new("api");
            hasher.number(number.map_or(-(numbered as i64) - 1, |number| number as i64));
            for position in self.plan.part(self.edition, scope, part) {
                hasher.hash(self.parts.articles[*position]);
                self.inputs.hash_joined(*position, &mut hasher);
            }
            self.add(
                self.plan.shared.routes.api(head, number),
                PageKind::ApiNews(topic, part),
                hasher.finish(),
            );
        }
    }

    /// Static files under their own names, and those that templates name also under names that
    /// change with their content.
    fn assets(&mut self) {
        let theme = self.theme;
        for (path, asset) in theme.assets.iter() {
            let fingerprint = Fingerprint {
                template: asset.hash.number(),
                ..Fingerprint::default()
            };
            let mut add = |url: String| {
                self.pages.push(PageSpec {
                    url: self.plan.shared.routes.in_output(url),
                    edition: self.inputs.id(),
                    kind: PageKind::Asset(path.to_owned()),
                    fingerprint,
                })
            };
            add(route::asset(path));
            if theme.names_asset(path) {
                add(route::asset(&hashed_name(path, asset.hash)));
            }
        }
    }
}
