//! What pages and the search index may show of articles, and the hash of it.
//!
//! [`SiteInputs`] is the only way of `render` and `search` to articles. What it hands out (a
//! [`StoryInputs`] in a list, an [`ArticleInputs`] for the article's own page, a [`RecordInputs`]
//! for the search index, a [`Headline`] where an article is only named) is what the plan hashed, so
//! a page cannot show what its fingerprint does not cover. Each hash takes its struct apart field
//! by field: a field that is forgotten does not compile.
//!
//! # Files
//!
//! - `article.rs`: an article on its page, in lists and in feeds
//! - `event.rs`: an event on its page
//! - `search_record.rs`: an article in the search index

mod article;
mod event;
mod search_record;

pub use article::{ArticleInputs, Quote, StoryInputs};
pub(super) use article::{RefHashes, hashes};
pub use event::{EventRecord, EventView};
pub use search_record::RecordInputs;

use std::borrow::Cow;

use super::shared::{ListView, NavView, ProviderView, TagView, TopicView};
use super::{Links, ListingScope, PageKind, Part, Plan, Subject, Target};
use crate::content::{ArticleEntry, Library, PageFile};
use crate::curate::{Digest, Edition, Listed, PageStories, Pick, Provider, Topic};
use crate::hash::Hasher;
use crate::ids::{
    DigestId, EditionId, EditionIndex, List, ListId, ProviderId, StandaloneId, TopicId,
};
use crate::theme::Assets;
use crate::time::Time;
use article::{Content, Coverage, RelatedInputs};

/// A site as the pages of one of its editions see it.
#[derive(Clone, Copy, Debug)]
pub struct SiteInputs<'a> {
    library: &'a Library,
    editions: &'a List<EditionId, Edition>,
    plans: &'a List<EditionId, Plan>,
    id: EditionId,
    edition: &'a Edition,
    plan: &'a Plan,
    assets: &'a Assets,
}

/// The articles of one page.
#[derive(Clone, Debug)]
pub struct PageInputs<'a> {
    site: SiteInputs<'a>,
    /// The articles that the plan names for the page, sorted.
    declared: Vec<EditionIndex>,
    /// Whether the page shows them whole.
    is_whole: bool,
}

/// A page asks for an article that its plan does not name, or for more of it: a mistake in newsgen.
/// It holds the path of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeclared(pub String);

impl<'a> SiteInputs<'a> {
    /// What the pages of an edition are made of; `assets` are the static files that the plans were
    /// made with.
    pub fn new(
        library: &'a Library,
        editions: &'a List<EditionId, Edition>,
        plans: &'a List<EditionId, Plan>,
        assets: &'a Assets,
        id: EditionId,
    ) -> SiteInputs<'a> {
        SiteInputs {
            library,
            editions,
            plans,
            id,
            edition: &editions[id],
            plan: &plans[id],
            assets,
        }
    }

    /// The edition.
    pub fn id(self) -> EditionId {
        self.id
    }

    /// The articles that a page shows.
    pub fn of_page(self, kind: &PageKind) -> PageInputs<'a> {
        let mut declared = self.plan.inputs(self.edition, kind);
        declared.sort_unstable();
        PageInputs {
            site: self,
            declared,
            is_whole: kind.shows_whole_articles(),
        }
    }

    /// The plan of the edition.
    pub fn plan(self) -> &'a Plan {
        self.plan
    }

    /// The plans of the editions that are on the same host.
    pub fn of_host(self) -> impl Iterator<Item = &'a Plan> {
        let routes = &self.plan.shared.routes;
        let plans = self.plans.iter();
        plans.filter(|plan| plan.shared.routes.shares_host(routes))
    }

    /// The plans of all editions.
    pub fn plans(self) -> &'a List<EditionId, Plan> {
        self.plans
    }

    /// All topics.
    pub fn topics(self) -> &'a List<TopicId, Topic> {
        &self.edition.topics
    }

    /// All providers.
    pub fn providers(self) -> &'a List<ProviderId, Provider> {
        &self.edition.providers
    }

    /// All digests, newest first.
    pub fn digests(self) -> &'a List<DigestId, Digest> {
        &self.edition.digests
    }

    /// The digests that their feeds carry, newest first.
    pub fn digests_in_feed(self) -> &'a [Digest] {
        self.plan.digests_in_feed(self.edition)
    }

    /// All that was loaded.
    pub(super) fn library(self) -> &'a Library {
        self.library
    }

    /// The address of a page of some edition as pages of this one name it: a path of the site,
    /// without that of the base URL, or a full address when the edition is on another host.
    pub(super) fn seen_from_here(self, edition: EditionId, url: &'a str) -> Cow<'a, str> {
        let shared = &self.plans[edition].shared;
        match shared.origin == self.plan.shared.origin || !url.starts_with('/') {
            true => Cow::Borrowed(url),
            false => Cow::Owned(shared.absolute(url)),
        }
    }

    /// The same site as the pages of another of its editions see it.
    pub(super) fn of_edition(self, id: EditionId) -> SiteInputs<'a> {
        SiteInputs {
            id,
            edition: &self.editions[id],
            plan: &self.plans[id],
            ..self
        }
    }

    /// The same site as the pages of each of its editions see it.
    pub(super) fn of_editions(self) -> impl Iterator<Item = SiteInputs<'a>> {
        self.editions.ids().map(move |id| self.of_edition(id))
    }

    pub(super) fn edition_at(self, id: EditionId) -> &'a Edition {
        &self.editions[id]
    }

    pub(super) fn edition(self) -> &'a Edition {
        self.edition
    }

    /// The body of a standalone page.
    pub fn page_body(self, id: StandaloneId) -> Cow<'a, str> {
        let page = &self.library.pages[id];
        match page.relative.is_empty() {
            true => Cow::Borrowed(&page.body),
            false => Cow::Owned(self.resolved(self.place_of_page(id), &page.body)),
        }
    }

    /// The stories that a standalone page shows.
    pub fn stories_of_page(self, id: StandaloneId) -> Option<&'a PageStories> {
        self.edition.of_pages.get(&id)
    }

    /// All standalone pages.
    pub fn standalone_pages(self) -> &'a List<StandaloneId, PageFile> {
        &self.library.pages
    }

    /// The standalone pages of the edition, and the path of each without that of the base URL.
    pub fn pages_of_edition(self) -> impl Iterator<Item = (&'a PageFile, &'a str)> {
        let of_one = move |id: &'a StandaloneId| {
            let url = self.plan.shared.page_urls[*id].as_str();
            (&self.library.pages[*id], url)
        };
        self.edition.pages.iter().map(of_one)
    }

    /// What the articles of a listing are about.
    pub fn subject(self, scope: ListingScope) -> Subject<'a> {
        scope.subject(self.edition())
    }

    /// The articles of a part of a listing.
    pub fn part(self, scope: ListingScope, part: Part) -> &'a [EditionIndex] {
        self.plan.part(self.edition, scope, part)
    }

    /// The articles of a feed.
    pub fn feed(self, scope: ListingScope) -> &'a [EditionIndex] {
        self.plan.feed(self.edition, scope)
    }

    /// Where a part of a listing leads.
    pub fn links(self, scope: ListingScope, part: Part) -> Links {
        self.plan.links(self.edition, scope, part)
    }

    /// How many numbered pages a listing has.
    pub fn numbered(self, scope: ListingScope) -> usize {
        let articles = self.plan.articles(self.edition, scope);
        self.plan.numbered(scope, articles.len())
    }

    /// `topic` on a part of its listing.
    pub fn topic_view(self, topic: TopicId, part: Part) -> TopicView {
        self.plan.topic_view(self.edition, topic, part)
    }

    /// `provider` on a part of its listing.
    pub fn provider_view(self, provider: ProviderId, part: Part) -> ProviderView {
        self.plan.provider_view(self.edition, provider, part)
    }

    /// `nav`.
    pub fn nav_view(self) -> &'a [NavView] {
        &self.plan.shared.nav_items
    }

    /// `list` on the pages of a list.
    pub fn list_view(self, list: ListId) -> ListView {
        self.plan.shared.list_view(self.edition, list)
    }

    /// Name and description of a list.
    pub fn list(self, list: ListId) -> &'a Listed {
        &self.edition.lists[list]
    }

    /// `topics`.
    pub fn topics_view(self) -> Vec<TopicView> {
        self.plan.shared.topics_view(self.edition)
    }

    /// `providers`.
    pub fn providers_view(self) -> Vec<ProviderView> {
        self.plan.shared.providers_view(self.edition)
    }

    /// `tags`.
    pub fn tags_view(self) -> Vec<TagView> {
        self.plan.shared.tags_view(self.edition)
    }

    /// Where the headline of an article leads: the path of its page, without that of the base URL,
    /// or the address of the original when it has no page.
    pub fn address(self, position: EditionIndex) -> &'a str {
        let original = || self.entry(position).facts.link.as_deref();
        let shared = &self.plan.shared;
        let page = || shared.article_urls[position].as_str();
        match shared.has_page[position] {
            true => page(),
            false => original().unwrap_or_else(page),
        }
    }

    /// The title of what an alias leads to.
    pub fn title_of(self, target: Target) -> &'a str {
        match target {
            Target::Article(position) => self.headline(position).title,
            Target::Standalone(id) => &self.library.pages[id].title,
        }
    }

    /// An article where it is only named.
    pub fn headline(self, position: EditionIndex) -> Headline<'a> {
        let facts = &self.entry(position).facts;
        Headline {
            title: &facts.title,
            url: self.address(position),
            published: facts.published,
        }
    }

    /// An article in the search index.
    pub fn record(self, position: EditionIndex) -> RecordInputs<'a> {
        let kept = &self.edition.articles[position];
        let topics = search_record::topics_with_parents(self.edition, kept);
        RecordInputs {
            content: self.content(position),
            url: self.address(position),
            provider: kept
                .provider
                .map(|provider| self.edition.providers[provider].name.as_str()),
            topics: topics
                .into_iter()
                .map(|topic| self.edition.topics[topic].name.as_str())
                .collect(),
        }
    }

    pub(super) fn story(self, position: EditionIndex) -> StoryInputs<'a> {
        self.story_with(position, &self.edition.articles[position].similar.older)
    }

    pub(super) fn pick(self, pick: &'a Pick) -> StoryInputs<'a> {
        self.story_with(pick.position, &pick.coverage)
    }

    /// A story of the front page.
    pub(super) fn front(self, pick: &'a Pick) -> StoryInputs<'a> {
        StoryInputs {
            event: self.event_of(pick.position),
            ..self.pick(pick)
        }
    }

    /// The page of the event of an article.
    fn event_of(self, position: EditionIndex) -> Option<&'a str> {
        let event = self.edition.articles[position].event?;
        self.plan.shared.event_url(event)
    }

    pub(super) fn article(self, position: EditionIndex) -> ArticleInputs<'a> {
        let ArticleEntry { path, facts, .. } = self.entry(position);
        let shared = &self.plan.shared;
        let related = facts.related.iter().map(|related| RelatedInputs {
            story: related.story,
            url: self
                .edition
                .position_of(related.story)
                .filter(|position| shared.has_page[*position])
                .map(|position| shared.article_urls[position].as_str()),
            provider: related
                .provider
                .and_then(|key| Some((key, self.edition.provider_of(key)?))),
        });
        ArticleInputs {
            story: StoryInputs {
                event: self.event_of(position),
                ..self.story_with(position, &self.edition.articles[position].similar.near)
            },
            path,
            key: facts.key,
            is_published: facts.is_published,
            related: related.collect(),
        }
    }

    pub(super) fn entry(self, position: EditionIndex) -> &'a ArticleEntry {
        &self.library.articles[self.edition.articles[position].article]
    }

    fn content(self, position: EditionIndex) -> Content<'a> {
        Content {
            site: self,
            position,
        }
    }

    fn story_with(self, position: EditionIndex, coverage: &'a [EditionIndex]) -> StoryInputs<'a> {
        let kept = &self.edition.articles[position];
        StoryInputs {
            content: self.content(position),
            url: self.address(position),
            badge: kept.badge,
            provider: kept.provider,
            topics: &kept.topics,
            label: kept.label,
            event: None,
            coverage: Coverage {
                site: self,
                positions: coverage,
            },
        }
    }
}

impl<'a> PageInputs<'a> {
    /// An article of a list, with the coverage that does not change when articles come in.
    ///
    /// # Errors
    /// See [`Undeclared`].
    pub fn story(&self, position: EditionIndex) -> Result<StoryInputs<'a>, Undeclared> {
        self.declared(position, true)?;
        Ok(self.site.story(position))
    }

    /// A story of a digest, with the coverage that was chosen for it.
    ///
    /// # Errors
    /// See [`Undeclared`].
    pub fn pick(&self, pick: &'a Pick) -> Result<StoryInputs<'a>, Undeclared> {
        self.declared(pick.position, true)?;
        Ok(self.site.pick(pick))
    }

    /// A story of the front page, with the coverage that was chosen for it and the page of its
    /// event.
    ///
    /// # Errors
    /// See [`Undeclared`].
    pub fn front(&self, pick: &'a Pick) -> Result<StoryInputs<'a>, Undeclared> {
        self.declared(pick.position, true)?;
        Ok(self.site.front(pick))
    }

    /// A whole article, with the coverage of its page.
    ///
    /// # Errors
    /// See [`Undeclared`].
    pub fn article(&self, position: EditionIndex) -> Result<ArticleInputs<'a>, Undeclared> {
        self.declared(position, self.is_whole)?;
        Ok(self.site.article(position))
    }

    fn declared(&self, position: EditionIndex, may: bool) -> Result<(), Undeclared> {
        if may && self.declared.binary_search(&position).is_ok() {
            return Ok(());
        }
        Err(Undeclared(self.site.entry(position).path.clone()))
    }
}

/// An article where it is only named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headline<'a> {
    title: &'a str,
    url: &'a str,
    published: Time,
}

impl<'a> Headline<'a> {
    /// Its title.
    pub fn title(&self) -> &'a str {
        self.title
    }

    /// Where it leads: see [`SiteInputs::address`].
    pub fn url(&self) -> &'a str {
        self.url
    }

    /// When it was published.
    pub fn published(&self) -> Time {
        self.published
    }

    pub(super) fn hash(&self, hasher: &mut Hasher) {
        let Headline {
            title,
            url,
            published,
        } = self;
        hasher.text(title).text(url).number(published.seconds());
    }
}
