//! What pages share, as templates see it: the site, the masthead, topics, providers, months.
//!
//! Each of these values has a hash of its serialised form. The fingerprint of a page covers the
//! hashes of those that its template reads, so nothing that a template can see is forgotten.
//!
//! # Files
//!
//! - `site.rs`: the site itself
//! - `nav.rs`: the masthead
//! - `months.rs`: months that have articles
//! - `headlines.rs`: where headlines lead

mod headlines;
mod months;
mod nav;
mod site;

use std::collections::BTreeMap;

use serde::Serialize;

use headlines::has_page;
pub use headlines::is_elsewhere;
use months::months;
pub use months::{Month, MonthView};
pub use nav::{ListPage, ListView, NavView, TagView};
use rayon::prelude::*;
use site::SitePages;
pub use site::SiteView;

use super::collisions::{self, ListingUrls, Moved};
use super::preview::{self, PreviewImage};
use super::route::{Routes, fixed};
use super::web_app::{self, WebApp};
use crate::config::{Config, language};
use crate::content::{Library, domain};
use crate::curate::{Edition, Event, Provider, Topic};
use crate::hash::Hash128;
use crate::ids::{
    DigestId, EditionIndex, EventId, List, ListId, MonthId, ProviderId, StandaloneId, TopicId,
};
use crate::percent::decode;
use crate::slug::SlugStyle;
use crate::theme::Assets;

/// A topic where it is only named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TopicRef {
    /// Name.
    pub name: String,
    /// Path of its listing.
    pub url: String,
    /// Slug.
    pub slug: String,
    /// Hue of its colour.
    pub hue: u16,
}

impl TopicRef {
    /// A topic whose listing is at a path; `base` is the path of the base URL.
    fn new(topic: &Topic, url: &str, base: &str) -> TopicRef {
        TopicRef {
            name: topic.name.clone(),
            url: format!("{base}{url}"),
            slug: last_part(url),
            hue: topic.hue,
        }
    }
}

/// A topic with how many articles it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountedTopic {
    #[serde(flatten)]
    topic: TopicRef,
    count: Option<usize>,
}

/// `topic`, and an item of `topics`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TopicView {
    name: String,
    url: String,
    slug: String,
    hue: u16,
    description: Option<String>,
    count: Option<usize>,
    parent: Option<TopicRef>,
    children: Vec<CountedTopic>,
    described: bool,
}

/// A provider where it is only named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProviderRef {
    /// Name.
    pub name: String,
    /// Domain.
    pub domain: String,
    /// URL of its own site.
    pub home: String,
    /// Path of its listing; none when it has none.
    pub url: Option<String>,
    /// Its mark.
    pub logo: Option<String>,
    /// One or two letters in place of a mark.
    pub initial: String,
    /// Hue of the monogram.
    pub hue: u16,
}

impl ProviderRef {
    /// A provider whose listing is at a path; `base` is the path of the base URL.
    fn new(provider: &Provider, url: &str, assets: &Assets, base: &str) -> ProviderRef {
        ProviderRef {
            name: provider.name.clone(),
            domain: domain::shown(&provider.domain),
            home: provider.home.clone(),
            url: Some(format!("{base}{url}")),
            logo: logo(provider, assets, base),
            initial: initial(&provider.name),
            hue: provider.hue,
        }
    }
}

/// `provider`, and an item of `providers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProviderView {
    #[serde(flatten)]
    provider: ProviderRef,
    description: Option<String>,
    count: Option<usize>,
}

impl ProviderView {
    /// A provider with a number of articles.
    pub(super) fn counted(provider: ProviderRef, count: usize) -> ProviderView {
        ProviderView {
            provider,
            description: None,
            count: Some(count),
        }
    }

    pub(super) fn into_name(self) -> String {
        self.provider.name
    }
}

/// Whether a view says how many articles there are. Numbered pages do not, so that they never
/// change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    Shown,
    Hidden,
}

/// Pages at fixed places that an edition has, without the path of the base URL.
#[derive(Debug)]
pub(super) struct FixedPages {
    pub(super) topics: String,
    pub(super) providers: String,
    pub(super) tags: Option<String>,
    pub(super) archive: Option<String>,
    pub(super) sources: Option<String>,
    pub(super) digests: Option<String>,
}

impl FixedPages {
    fn new(config: &Config, routes: &Routes) -> FixedPages {
        let at = |page: &str| routes.at(page).into_owned();
        FixedPages {
            topics: at(fixed::TOPICS),
            providers: at(fixed::PROVIDERS),
            tags: config.tag_pages.then(|| at(fixed::TAGS)),
            archive: config.archive.then(|| at(fixed::ARCHIVE)),
            sources: config.source_page.then(|| at(fixed::SOURCES)),
            digests: config.digests.as_ref().map(|_| at(fixed::DIGESTS)),
        }
    }
}

/// Paths on the site and the values that pages share. Paths in views start with the path of the
/// base URL.
#[derive(Debug)]
pub struct Shared {
    /// Path of the base URL.
    pub base_path: String,
    /// Scheme and host of the base URL.
    pub origin: String,
    /// Where the pages of the edition are.
    pub routes: Routes,
    /// Where the page of each article of the edition is, or would be, without the path of the base
    /// URL: files beside an article are there in any case.
    pub(super) article_urls: List<EditionIndex, String>,
    /// Which articles have a page.
    pub(super) has_page: List<EditionIndex, bool>,
    /// Head of each topic's listing, without the path of the base URL.
    pub topic_urls: List<TopicId, String>,
    /// Head of each provider's listing, without the path of the base URL.
    pub provider_urls: List<ProviderId, String>,
    /// Listings that are not where they should be.
    pub moved: Vec<Moved>,
    /// Standalone pages, without the path of the base URL.
    pub page_urls: List<StandaloneId, String>,
    /// Page of each event that has one, without the path of the base URL.
    event_urls: List<EventId, Option<String>>,
    /// Page of each digest, without the path of the base URL.
    pub digest_urls: List<DigestId, String>,
    /// Each topic, where it is only named.
    pub topic_refs: List<TopicId, TopicRef>,
    /// Each provider, where it is only named.
    pub provider_refs: List<ProviderId, ProviderRef>,
    /// Months, newest first; none when the archive is off.
    pub months: List<MonthId, Month>,
    /// Main topics.
    pub nav: Vec<TopicId>,
    /// Pages at fixed places, without the path of the base URL.
    pub(super) fixed: FixedPages,
    /// What the language is called in itself.
    pub language_name: String,
    /// The masthead.
    pub nav_items: Vec<NavView>,
    /// Items of the masthead, by number, that lead to no list and no page.
    pub lost_nav: Vec<usize>,
    /// Lists of the owner's making, and tags.
    pub lists: List<ListId, ListPage>,
    /// Whether tags have pages.
    pub has_tags: bool,
    /// `site`.
    pub site: SiteView,
    /// `strings`.
    pub strings: BTreeMap<String, String>,
    /// The picture for previews of pages without one.
    pub preview: Option<PreviewImage>,
    /// What the web app manifest says.
    pub web_app: Option<WebApp>,
    /// The page that searches the site, without the path of the base URL.
    pub search: Option<String>,
}

/// What the language of an edition is called in itself, or as its settings call it.
fn language_name(config: &Config) -> String {
    config.language_name.clone().unwrap_or_else(|| {
        let known = language::own_name(&config.locale);
        known.unwrap_or(&config.locale).to_owned()
    })
}

/// The page of an event, if enough articles report it.
fn event_url(event: &Event, config: &Config, routes: &Routes) -> Option<String> {
    let is_enough = |least| event.articles.len() >= least;
    let has_page = config.event_pages.is_some_and(is_enough);
    has_page.then(|| routes.event(&event.slug))
}

impl Shared {
    pub(super) fn new(
        library: &Library,
        edition: &Edition,
        config: &Config,
        assets: &Assets,
    ) -> Shared {
        let routes = Routes::new(config);
        let base = &config.base_url.path;
        // Those of other editions are named by nothing.
        let page_urls = library.pages.map(|page| routes.standalone(page));
        let ListingUrls {
            topics: topic_urls,
            providers: provider_urls,
            moved,
        } = collisions::listing_urls(
            edition.topics.map(|topic| routes.topic(topic)),
            edition.providers.map(|provider| routes.provider(provider)),
            collisions::not_for_listings(config, &routes, edition, &page_urls, assets),
        );
        let topics = edition.topics.iter().zip(&topic_urls);
        let providers = edition.providers.iter().zip(&provider_urls);
        let articles = edition.articles.as_slice();
        let digests = edition.digests.iter();
        let web_app = config.manifest.then(|| {
            let home = format!("{base}{}", routes.home());
            web_app::of(config, assets, &home, language::direction(&config.locale))
        });
        let pages = SitePages {
            routes: &routes,
            web_app: web_app.as_ref(),
            standalone: &page_urls,
        };
        let site = SiteView::new(pages, library, edition, config, assets);

        Shared {
            base_path: base.clone(),
            origin: config.base_url.origin.clone(),
            topic_refs: topics
                .map(|(topic, url)| TopicRef::new(topic, url, base))
                .collect(),
            provider_refs: providers
                .map(|(provider, url)| ProviderRef::new(provider, url, assets, base))
                .collect(),
            months: match config.archive {
                true => months(library, edition, config, &routes),
                false => List::new(),
            },
            nav: edition.nav.clone(),
            fixed: FixedPages::new(config, &routes),
            language_name: language_name(config),
            nav_items: Vec::new(),
            lost_nav: Vec::new(),
            lists: edition.lists.map(|list| ListPage::new(list, &routes)),
            has_tags: config.tag_pages,
            site,
            strings: config.strings.clone(),
            preview: preview::of_site(config, assets),
            web_app,
            search: routes.search(config),
            has_page: edition
                .articles
                .map(|kept| has_page(&library.articles[kept.article].facts, kept, config)),
            article_urls: articles
                .par_iter()
                .map(|kept| routes.article(&library.articles[kept.article]))
                .collect(),
            event_urls: edition
                .events
                .map(|event| event_url(event, config, &routes)),
            digest_urls: digests
                .map(|digest| routes.digest(&digest.period))
                .collect(),
            topic_urls,
            provider_urls,
            moved,
            page_urls,
            routes,
        }
        .with_nav(library, edition, config)
    }

    /// The page of an event, without the path of the base URL; none when it has none.
    pub fn event_url(&self, event: EventId) -> Option<&str> {
        self.event_urls[event].as_deref()
    }

    /// The events that have a page, by their first reports, oldest first.
    pub fn events_with_page(&self) -> impl Iterator<Item = EventId> {
        let urls = self.event_urls.enumerate();
        urls.filter(|(_, url)| url.is_some())
            .map(|(event, _)| event)
    }

    /// The path of the list of all feeds.
    pub fn opml(&self) -> Option<&str> {
        self.site.urls.opml.as_deref()
    }

    /// The path of the site's logo.
    pub fn logo(&self) -> Option<&str> {
        self.site.logo.as_deref()
    }

    /// The site itself, as the provider of its own articles.
    pub fn own_provider(&self) -> ProviderRef {
        ProviderRef {
            name: self.site.title.clone(),
            domain: crate::content::link::host(&self.origin).unwrap_or_default(),
            home: self.home(),
            url: Some(self.href(self.routes.home())),
            logo: None,
            initial: initial(&self.site.title),
            hue: hue_of_site(&self.site.title),
        }
    }

    /// The pattern of a date in a story line.
    pub fn date_format(&self) -> &str {
        self.strings.get("format_date").map_or("%F", String::as_str)
    }

    /// A text of the theme; nothing where the name is unknown.
    pub fn string(&self, name: &str) -> &str {
        self.strings.get(name).map_or("", String::as_str)
    }

    /// The language of the edition, as a tag.
    pub fn locale(&self) -> &str {
        &self.site.locale
    }

    /// The direction of its text.
    pub fn dir(&self) -> &'static str {
        self.site.dir
    }

    /// The language of the site, without script or region, in lower case.
    pub fn lang(&self) -> &str {
        &self.site.lang
    }

    /// A path with the path of the base URL before it; a full URL as it is.
    pub fn href(&self, url: &str) -> String {
        match is_elsewhere(url) {
            true => url.to_owned(),
            false => format!("{}{url}", self.base_path),
        }
    }

    /// The full URL of a path; a full URL as it is.
    pub fn absolute(&self, url: &str) -> String {
        match is_elsewhere(url) {
            true => url.to_owned(),
            false => format!("{}{}{url}", self.origin, self.base_path),
        }
    }

    /// The full URL of the front page.
    pub fn home(&self) -> String {
        self.absolute(self.routes.home())
    }

    /// `topics`.
    pub fn topics_view(&self, edition: &Edition) -> Vec<TopicView> {
        edition
            .topics
            .ids()
            .map(|topic| self.topic_view(edition, topic, Counts::Shown))
            .collect()
    }

    /// `providers`, by name.
    pub fn providers_view(&self, edition: &Edition) -> Vec<ProviderView> {
        let mut order: Vec<ProviderId> = edition.providers.ids().collect();
        order.sort_by_cached_key(|provider| {
            let provider = &edition.providers[*provider];
            // Élysée stands with the E, not after the Z.
            (
                SlugStyle::Ascii.of(&provider.name).into_owned(),
                provider.name.clone(),
                provider.domain.clone(),
            )
        });
        order
            .into_iter()
            .map(|provider| self.provider_view(edition, provider, Counts::Shown))
            .collect()
    }

    pub(super) fn topic_view(&self, edition: &Edition, id: TopicId, counts: Counts) -> TopicView {
        let topic = &edition.topics[id];
        let TopicRef {
            name,
            url,
            slug,
            hue,
        } = self.topic_refs[id].clone();
        let count = |topic: &Topic| (counts == Counts::Shown).then_some(topic.articles.len());
        let child = |child: &TopicId| CountedTopic {
            topic: self.topic_refs[*child].clone(),
            count: count(&edition.topics[*child]),
        };
        TopicView {
            name,
            url,
            slug,
            hue,
            description: topic.description.clone(),
            count: count(topic),
            parent: topic.parent.map(|parent| self.topic_refs[parent].clone()),
            children: topic.children.iter().map(child).collect(),
            described: topic.path.is_some(),
        }
    }

    pub(super) fn provider_view(
        &self,
        edition: &Edition,
        id: ProviderId,
        counts: Counts,
    ) -> ProviderView {
        let provider: &Provider = &edition.providers[id];
        ProviderView {
            provider: self.provider_refs[id].clone(),
            description: provider.description.clone(),
            count: (counts == Counts::Shown).then_some(provider.articles.len()),
        }
    }
}

/// The hash of a value as templates see it.
pub(super) fn hash_of(value: &impl Serialize) -> Hash128 {
    // Serialising into memory fails for no value of these types.
    Hash128::of(&serde_json::to_vec(value).unwrap_or_default())
}

fn last_part(url: &str) -> String {
    let part = url.trim_end_matches('/').rsplit('/').next();
    decode(part.unwrap_or_default()).into_owned()
}

/// The mark of a provider, as a path or URL: the smallest picture of its file that is no blur in a
/// line of text, else the one that its articles have; only files that the site has.
fn logo(provider: &Provider, assets: &Assets, base: &str) -> Option<String> {
    let usable = |url: &&str| !url.starts_with('/') || assets.has_url(url);
    let of_file = provider
        .images
        .iter()
        .filter(|image| usable(&image.url.as_str()))
        .min_by_key(|image| match image.width {
            Some(width) if width >= 48 => (0, width),
            Some(width) => (1, u32::MAX - width),
            None => (2, 0),
        });
    let url = of_file
        .map(|image| image.url.as_str())
        .or_else(|| provider.logo.as_deref().filter(usable))?;
    Some(if url.starts_with('/') {
        format!("{base}{url}")
    } else {
        url.to_owned()
    })
}

/// The first letters of the first two words of a name, "The" aside.
fn initial(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let words = if words.len() > 1 && words[0].eq_ignore_ascii_case("the") {
        &words[1..]
    } else {
        &words[..]
    };
    words
        .iter()
        .take(2)
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

fn hue_of_site(title: &str) -> u16 {
    u16::try_from(Hash128::of(title.as_bytes()).number() % 360).unwrap_or(0)
}
