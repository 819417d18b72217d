//! [`Edition`]s + [`Theme`] → [`SitePlan`]: every page of the site, before any of them is rendered,
//! each with a fingerprint of what it is made of. Pure. What depends on the language is in the
//! [`Plan`] of each edition.
//!
//! A page is an output file: its URL, its [`PageKind`], and its [`Fingerprint`]. [`route`] makes
//! every URL, [`listing`] cuts listings into pages that never change, [`shared`] makes the values
//! that many pages show.
//!
//! Done in full every time: it reads hashes of articles, never their texts. A kind of page is a
//! variant of `PageKind` in `page_kind.rs`.
//!
//! # Pages
//!
//! - `page_kind.rs`: the kinds of pages: template, articles, and when a deploy sends it
//! - `route.rs`: makes every URL
//! - `pages.rs`: adds pages for readers
//! - `data.rs`: adds files for machines
//! - `digests.rs`: adds digests
//! - `aliases.rs`: adds old addresses
//! - `search.rs`: adds the parts of the search index
//! - `beside.rs`: adds files beside articles, and finds where relative addresses lead
//! - `scope.rs`: what a listing is about
//! - `listing.rs`: cuts listings into pages
//! - `front.rs`: chooses the top stories
//! - `own_templates.rs`: templates that pages name
//! - `translations.rs`: pages that are the same in several editions
//! - `collisions.rs`: drops pages whose files cannot coexist
//!
//! # What pages show
//!
//! - `inputs.rs`: what pages may show of articles, and the hash of it
//! - `fingerprint.rs`: hashes what a page is made of
//! - `shared.rs`: values that many pages show
//! - `sources.rs`: counts the articles of each source
//! - `sitemap.rs`: which pages are in sitemaps
//! - `headers.rs`: rules for hosts
//! - `policy.rs`: the content security policy among them
//! - `hooks.rs`: finds what own templates need and the policy forbids
//! - `web_app.rs`: the web app manifest
//! - `preview.rs`: what previews of links show

mod aliases;
mod beside;
mod collisions;
mod data;
mod digests;
mod fingerprint;
mod front;
pub mod headers;
pub mod hooks;
pub mod inputs;
pub mod listing;
mod own_templates;
mod page_kind;
mod pages;
mod policy;
pub mod preview;
pub mod route;
mod scope;
mod search;
pub mod shared;
mod sitemap;
pub mod sources;
pub mod translations;
pub mod web_app;

pub use aliases::{Alias, Target};
pub use fingerprint::Fingerprint;
pub use page_kind::{EmailFormat, PageKind, Role};

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Canonical, Config, FeedFormat, Older};
use crate::content::Library;
use crate::curate::{Edition, Pick};
use crate::diagnostic::Diagnostic;
use crate::ids::{
    AliasId, ArticleId, BundleId, EditionId, EditionIndex, IdRange, List, MonthId, PageId,
    ProviderId, StandaloneId, TopicId,
};
use crate::theme::Theme;
use crate::time::Time;
use fingerprint::Parts;
use inputs::SiteInputs;
use listing::Paging;
use route::fixed;
pub use scope::{ListingScope, Subject};
use shared::{Counts, Month, MonthView, ProviderView, Shared, TopicView};
use sources::SourceView;
use translations::Counterparts;

/// Which part of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The newest articles.
    Head,
    /// The page with that number, from 1 for the oldest.
    Numbered(usize),
    /// The newest articles of all as a page of their own, at the number that they have not filled
    /// yet: where the front page leaves some of them out.
    Newest,
}

/// A page of the plan.
#[derive(Clone, Debug)]
pub struct PageSpec {
    /// Path from the root of the site, without the path of the base URL.
    pub url: String,
    /// The edition that it belongs to; the default one for what belongs to none.
    pub edition: EditionId,
    /// What it is.
    pub kind: PageKind,
    /// What it is made of.
    pub fingerprint: Fingerprint,
}

/// Files that are made together, and whose names are known only then: a part of the search index.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Folder of its files, from the root of the site, without the path of the base URL. Numbered
    /// parts lie in that of the head.
    pub url: String,
    /// The edition of its articles.
    pub edition: EditionId,
    /// The articles that it holds.
    pub positions: IdRange<EditionIndex>,
    /// How many files it has, about.
    pub files: usize,
    /// What it is made of.
    pub fingerprint: Fingerprint,
}

/// What the front page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// The first story by rank.
    pub lead: Option<Pick>,
    /// More by rank.
    pub top: Vec<Pick>,
    /// The newest of the rest.
    pub latest: Vec<Pick>,
    /// For each main topic, stories that are not higher up.
    pub bands: Vec<(TopicId, Vec<Pick>)>,
    /// Stories that do not lead although their rank is high enough, and why.
    pub passed_over: Vec<(EditionIndex, PassedOver)>,
    /// Whether the newest articles, of which no numbered page is full yet, are not all there.
    pub leaves_out: bool,
}

impl Front {
    /// Its stories, from the top.
    pub fn picks(&self) -> impl Iterator<Item = &Pick> {
        let bands = self.bands.iter().flat_map(|(_, picks)| picks);
        let top = self.lead.iter().chain(&self.top).chain(&self.latest);
        top.chain(bands)
    }
}

/// Why a story does not lead although its rank is high enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassedOver {
    /// This story of the same event does.
    SameEvent(EditionIndex),
    /// There are enough of its provider.
    Provider,
    /// There are enough with its label.
    Topic,
}

/// The lines of all sitemaps: articles from the oldest, then the other pages, so that a new article
/// changes only the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// When each article of the edition changed last; none of them when most name another page as
    /// canonical.
    articles: List<EditionIndex, Time>,
    /// The other pages.
    others: Vec<SitemapLine>,
}

/// A page in a sitemap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitemapLine {
    /// Path, without that of the base URL.
    pub url: String,
    /// When it changed last, if that is known.
    pub modified: Option<Time>,
    /// What it is.
    pub kind: PageKind,
}

/// URLs in one sitemap.
pub const SITEMAP_SIZE: usize = 5000;

/// Every page of the site.
#[derive(Debug)]
pub struct SitePlan {
    /// The pages.
    pub pages: List<PageId, PageSpec>,
    /// The parts of the search indexes, for each edition the newest first; none when search is off.
    pub bundles: List<BundleId, Bundle>,
    /// What the pages of each edition are made of.
    pub editions: List<EditionId, Plan>,
    /// The static files of the site's own: path on the site, and file.
    static_files: BTreeMap<String, String>,
}

impl SitePlan {
    /// Where in the output the page is that says, in the language of a path, that nothing is there.
    pub fn not_found(&self, path: &str) -> String {
        let routes = self.editions.iter().map(|plan| &plan.shared.routes);
        let around = routes.filter(|routes| path.starts_with(&routes.root()));
        let deepest = around.max_by_key(|routes| routes.root().len());
        let page = fixed::NOT_FOUND;
        deepest.map_or_else(
            || page.to_owned(),
            |routes| routes.in_output(routes.at(page).into_owned()),
        )
    }

    /// The plan of the default edition.
    pub fn edition(&self) -> &Plan {
        &self.editions[EditionId::DEFAULT]
    }

    /// The part of the search index that a file belongs to, by its path without that of the base
    /// URL.
    pub fn bundle_of(&self, url: &str) -> Option<&Bundle> {
        let parts = self
            .bundles
            .iter()
            .filter(|bundle| url.starts_with(&bundle.url));
        parts.max_by_key(|bundle| bundle.url.len())
    }
}

/// What the pages of an edition are made of.
#[derive(Debug)]
pub struct Plan {
    /// What pages share.
    pub shared: Shared,
    /// Folders of the parts of the search index, the newest first.
    pub search_parts: Vec<String>,
    /// What the front page shows.
    pub front: Front,
    /// The templates that standalone pages name, as far as they are there.
    templates: BTreeMap<StandaloneId, String>,
    /// The lines of all sitemaps.
    pub sitemap: Sitemap,
    /// The articles of the news sitemap, newest first.
    pub news: Vec<EditionIndex>,
    /// What its page says of each source; none when there is no such page.
    pub sources: Vec<SourceView>,
    /// Old addresses of articles and pages.
    pub aliases: List<AliasId, Alias>,
    /// Articles on a numbered page.
    pub page_size: usize,
    /// Which listings have numbered pages.
    older: Older,
    /// Articles in a feed.
    pub feed_limit: usize,
    /// Whether providers have feeds.
    provider_feeds: bool,
    /// Formats of feeds.
    pub feed_formats: Vec<FeedFormat>,
    /// Where articles are that others lead to.
    positions: beside::Positions,
    /// Content of `CNAME`.
    pub cname: Option<String>,
    /// Where the edition has what others have, too.
    counterparts: Counterparts,
    canonical: Canonical,
    all: Vec<EditionIndex>,
    /// For each article of the edition whether its date of update has yet to come.
    ahead: List<EditionIndex, bool>,
}

/// `listing` as far as it is no story: where its pages lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// Number of the page; none for the head.
    pub number: Option<usize>,
    /// Path of the next older page, without the path of the base URL.
    pub older: Option<String>,
    /// Path of the next newer page.
    pub newer: Option<String>,
    /// Path of the head.
    pub head: String,
    /// Whether the listing ends although there are older articles.
    pub is_cut: bool,
}

impl Plan {
    /// The articles of a listing, newest first.
    pub fn articles<'a>(&'a self, edition: &'a Edition, scope: ListingScope) -> &'a [EditionIndex] {
        match scope {
            ListingScope::All => &self.all,
            ListingScope::Topic(topic) => &edition.topics[topic].articles,
            ListingScope::Provider(provider) => &edition.providers[provider].articles,
            ListingScope::Month(month) => &self.shared.months[month].articles,
            ListingScope::List(list) => &edition.lists[list].articles,
            ListingScope::Event(event) => &edition.events[event].articles,
        }
    }

    /// The articles of a part of a listing.
    pub fn part<'a>(
        &'a self,
        edition: &'a Edition,
        scope: ListingScope,
        part: Part,
    ) -> &'a [EditionIndex] {
        let articles = self.articles(edition, scope);
        let paging = Paging::new(articles.len(), self.page_size);
        match part {
            // It has no other page, and no more articles than its limit.
            Part::Head if self.is_whole(scope) => articles,
            Part::Head | Part::Newest => &articles[paging.head()],
            Part::Numbered(number) => &articles[paging.page(number)],
        }
    }

    /// Whether a listing has one page with all of its articles.
    fn is_whole(&self, scope: ListingScope) -> bool {
        matches!(scope, ListingScope::List(list) if !self.shared.lists[list].is_stable)
    }

    /// How many numbered pages a listing of `total` articles has.
    pub(crate) fn numbered(&self, scope: ListingScope, total: usize) -> usize {
        let has_older = match scope {
            ListingScope::All => self.older.all,
            ListingScope::Topic(_) => self.older.topics,
            ListingScope::Provider(_) => self.older.providers,
            ListingScope::Month(_) => self.older.months,
            ListingScope::List(list) => self.shared.lists[list].is_stable,
            ListingScope::Event(_) => true,
        };
        match has_older {
            true => Paging::new(total, self.page_size).numbered(),
            false => 0,
        }
    }

    /// The articles of a feed.
    pub fn feed<'a>(&'a self, edition: &'a Edition, scope: ListingScope) -> &'a [EditionIndex] {
        let articles = self.articles(edition, scope);
        &articles[..articles.len().min(self.feed_limit)]
    }

    /// The formats of the feeds of a listing. An event has one feed: there are many events.
    pub fn feeds_of(&self, scope: ListingScope) -> &[FeedFormat] {
        let all = self.feed_formats.as_slice();
        match scope {
            ListingScope::Event(_) => &all[..all.len().min(1)],
            _ if self.has_feeds(scope) => all,
            _ => &[],
        }
    }

    /// The path of the head of a listing, without the path of the base URL.
    pub fn head(&self, scope: ListingScope) -> &str {
        match scope {
            ListingScope::All => self.shared.routes.home(),
            ListingScope::Topic(topic) => &self.shared.topic_urls[topic],
            ListingScope::Provider(provider) => &self.shared.provider_urls[provider],
            ListingScope::Month(month) => &self.shared.months[month].url,
            ListingScope::List(list) => &self.shared.lists[list].url,
            ListingScope::Event(event) => self.shared.event_url(event).unwrap_or_default(),
        }
    }

    /// Where a part of a listing leads.
    pub fn links(&self, edition: &Edition, scope: ListingScope, part: Part) -> Links {
        let head = self.head(scope).to_owned();
        let total = self.articles(edition, scope).len();
        let numbered = self.numbered(scope, total);
        let all = Paging::new(total, self.page_size).numbered();
        let is_cut = numbered < all && !self.is_whole(scope);
        let page = |number: usize| (number > 0).then(|| route::numbered(&head, number));
        match part {
            Part::Head => Links {
                number: None,
                older: match scope == ListingScope::All && self.front.leaves_out {
                    true => page(numbered + 1),
                    false => page(numbered),
                },
                newer: None,
                head: head.clone(),
                is_cut,
            },
            Part::Newest => Links {
                number: Some(numbered + 1),
                older: page(numbered),
                newer: None,
                head: head.clone(),
                is_cut,
            },
            Part::Numbered(number) => Links {
                number: Some(number),
                older: page(number - 1),
                newer: page(number + 1),
                head: head.clone(),
                is_cut,
            },
        }
    }

    /// `topic` on a part of its listing.
    pub fn topic_view(&self, edition: &Edition, topic: TopicId, part: Part) -> TopicView {
        self.shared.topic_view(edition, topic, counts(part))
    }

    /// `provider` on a part of its listing.
    pub fn provider_view(
        &self,
        edition: &Edition,
        provider: ProviderId,
        part: Part,
    ) -> ProviderView {
        self.shared.provider_view(edition, provider, counts(part))
    }

    /// `month` on a part of its listing.
    pub fn month_view(&self, month: MonthId, part: Part) -> MonthView {
        self.shared.month_view(month, counts(part))
    }

    /// Whether a listing has feeds.
    pub fn has_feeds(&self, scope: ListingScope) -> bool {
        match scope {
            ListingScope::All | ListingScope::Topic(_) => true,
            ListingScope::Provider(_) => self.provider_feeds,
            ListingScope::Month(_) => false,
            ListingScope::List(list) => self.shared.lists[list].has_feed,
            ListingScope::Event(_) => true,
        }
    }

    /// The listings that have feeds.
    pub fn followed(&self) -> impl Iterator<Item = ListingScope> {
        self.listings().filter(|scope| self.has_feeds(*scope))
    }

    /// The listings that can have feeds: that of the whole site, of topics, of providers, of lists.
    pub fn listings(&self) -> impl Iterator<Item = ListingScope> {
        let topics = self.shared.topic_urls.ids().map(ListingScope::Topic);
        let providers = self.shared.provider_urls.ids().map(ListingScope::Provider);
        let lists = self.shared.lists.ids().map(ListingScope::List);
        std::iter::once(ListingScope::All)
            .chain(topics)
            .chain(providers)
            .chain(lists)
    }

    /// The months of the archive.
    pub fn months(&self) -> &List<MonthId, Month> {
        &self.shared.months
    }

    /// The lines of a sitemap: path, without that of the base URL, last change, if it is known, and
    /// what the page is.
    pub fn sitemap_part(
        &self,
        number: usize,
    ) -> impl Iterator<Item = (&str, Option<Time>, Cow<'_, PageKind>)> {
        let Sitemap { articles, others } = &self.sitemap;
        // Counted from the oldest article.
        let lines = number * SITEMAP_SIZE..self.sitemap_length().min((number + 1) * SITEMAP_SIZE);
        let [first, last] = [lines.start, lines.end].map(|line| line.min(articles.len()));
        let positions = articles.range(articles.len() - last..articles.len() - first);
        let articles_of_part = positions.iter().rev().map(|position| {
            let url = self.shared.article_urls[position].as_str();
            let kind = PageKind::Article(position);
            (url, Some(articles[position]), Cow::Owned(kind))
        });
        let others = &others[lines.start - first..lines.end - last];
        articles_of_part.chain(
            others
                .iter()
                .map(|line| (line.url.as_str(), line.modified, Cow::Borrowed(&line.kind))),
        )
    }

    /// How many sitemaps there are; none when the sitemap is off.
    pub fn sitemaps(&self) -> usize {
        self.sitemap_length().div_ceil(SITEMAP_SIZE)
    }

    fn sitemap_length(&self) -> usize {
        self.sitemap.articles.len() + self.sitemap.others.len()
    }
}

fn counts(part: Part) -> Counts {
    match part {
        Part::Head => Counts::Shown,
        Part::Numbered(_) | Part::Newest => Counts::Hidden,
    }
}

/// A plan, and what is wrong with what it was made of.
pub struct Planned {
    /// The plan.
    pub plan: SitePlan,
    /// Articles of the editions that can have no page. Editions should be made without them, or
    /// others lead to where they are not.
    pub unroutable: BTreeSet<ArticleId>,
    /// Errors; pages that they concern are not in the plan.
    pub problems: Vec<Diagnostic>,
}

/// Plans the site as it is at `now`. Pages with a URL which another page has already are reported,
/// and left out; a listing gets another URL.
pub fn plan(
    library: &Library,
    editions: &List<EditionId, Edition>,
    config: &Config,
    theme: &Theme,
    now: Time,
) -> Planned {
    let configs = config.editions();
    let is_many = configs.len() > 1;
    let mut plans: List<EditionId, Plan> = configs
        .enumerate()
        .map(|(id, config)| Plan::new(library, &editions[id], config, theme, now, is_many))
        .collect();

    let mut bundles = List::new();
    for (id, config) in configs.enumerate() {
        let inputs = SiteInputs::new(library, editions, &plans, &theme.assets, id);
        let (parts, lists) = rayon::join(
            || search::bundles(inputs, config),
            || sitemap::of_edition(inputs, config, now),
        );
        let routes = &plans[id].shared.routes;
        let urls = parts.iter();
        let urls = urls.map(|part| routes.on_host(&part.url).to_owned());
        plans[id].search_parts = urls.collect();
        (plans[id].sitemap, plans[id].news) = lists;
        bundles.extend(parts);
    }

    let articles: usize = editions.iter().map(|edition| edition.articles.len()).sum();
    let mut pages = List::with_capacity(articles * 2);
    let mut parts_of_all = Vec::with_capacity(plans.len());
    for (id, config) in configs.enumerate() {
        let inputs = SiteInputs::new(library, editions, &plans, &theme.assets, id);
        let parts = Parts::new(inputs, config, theme);
        pages::Planner {
            inputs,
            plan: &plans[id],
            library,
            edition: &editions[id],
            config,
            theme,
            parts: &parts,
            pages: &mut pages,
        }
        .all();
        parts_of_all.push(parts);
    }

    let mut plan = SitePlan {
        pages,
        bundles,
        editions: plans,
        static_files: theme.assets.files_of_site(),
    };
    let (unroutable, mut problems) = collisions::drop_all(&mut plan, library, editions);
    problems.extend(own_templates::missing(library, theme));
    aliases::settle(&mut plan, config, &parts_of_all.into());
    Planned {
        plan,
        unroutable,
        problems,
    }
}

impl Plan {
    /// What can be known of an edition before its pages are.
    fn new(
        library: &Library,
        edition: &Edition,
        config: &Config,
        theme: &Theme,
        now: Time,
        is_multilingual: bool,
    ) -> Plan {
        let shared = Shared::new(library, edition, config, &theme.assets);
        let counterparts = match is_multilingual {
            true => Counterparts::of(library, edition, &shared),
            false => Counterparts::default(),
        };
        let mut plan = Plan {
            search_parts: Vec::new(),
            front: Front::default(),
            templates: own_templates::of_edition(library, edition, theme),
            sitemap: Sitemap::default(),
            news: Vec::new(),
            sources: match config.source_page {
                true => sources::of_edition(library, edition, config, &shared, is_multilingual),
                false => Vec::new(),
            },
            aliases: aliases::of_all(library, edition, &shared),
            page_size: config.page_size,
            older: config.older,
            feed_limit: config.feeds.limit,
            provider_feeds: config.feeds.of_providers,
            feed_formats: config.feeds.formats.clone(),
            positions: beside::Positions::of(library, edition),
            cname: config.cname.clone(),
            counterparts,
            canonical: config.canonical,
            all: edition.articles.ids().collect(),
            ahead: edition.articles.map(|kept| {
                let updated = library.articles[kept.article].facts.updated;
                updated.is_some_and(|updated| updated > now)
            }),
            shared,
        };
        plan.front = front::choose(&plan, edition, &config.front, config.related.similar);
        plan
    }
}
