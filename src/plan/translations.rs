//! Pages that are the same in several editions. They name each other, and readers change the
//! language from one to the other.

use ahash::HashMap;

use super::inputs::SiteInputs;
use super::shared::{ListPage, Shared};
use super::{ListingScope, PageKind, Part, Plan};
use crate::config::Canonical;
use crate::content::Library;
use crate::content::article::ProviderKey;
use crate::content::language::TranslationKey;
use crate::curate::Edition;
use crate::hash::Hasher;
use crate::ids::{EditionId, EditionIndex, ListId, MonthId, StandaloneId, TopicId};

/// Where an edition has what other editions have, too. Empty on a site with one edition.
#[derive(Debug, Default)]
pub(super) struct Counterparts {
    articles: HashMap<TranslationKey, EditionIndex>,
    pages: HashMap<TranslationKey, StandaloneId>,
    topics: HashMap<String, TopicId>,
    months: HashMap<(i16, i8), MonthId>,
    /// By their paths within the edition.
    lists: HashMap<String, ListId>,
}

impl Counterparts {
    pub(super) fn of(library: &Library, edition: &Edition, shared: &Shared) -> Counterparts {
        let mut articles: HashMap<TranslationKey, EditionIndex> = HashMap::default();
        for (position, kept) in edition.articles.enumerate() {
            let Some(key) = library.articles[kept.article].facts.translation else {
                continue;
            };
            // Of several of one name in one language the first by path is the translation.
            let article = |position: EditionIndex| edition.articles[position].article;
            let first = articles.entry(key).or_insert(position);
            if kept.article < article(*first) {
                *first = position;
            }
        }
        let mut pages: HashMap<TranslationKey, StandaloneId> = HashMap::default();
        for id in &edition.pages {
            if let Some(key) = library.pages[*id].translation {
                pages.entry(key).or_insert(*id);
            }
        }
        let topics = edition.topics.enumerate();
        let months = shared.months.enumerate();
        let lists = shared.lists.enumerate();
        let path = |list: &ListPage| shared.routes.path_within(&list.url).to_owned();
        Counterparts {
            articles,
            pages,
            topics: topics.map(|(id, topic)| (topic.key.clone(), id)).collect(),
            months: months
                .map(|(id, month)| ((month.year, month.month), id))
                .collect(),
            lists: lists.map(|(id, list)| (path(list), id)).collect(),
        }
    }
}

impl<'a> SiteInputs<'a> {
    /// Whether the site has several editions.
    pub fn is_multilingual(self) -> bool {
        self.plans().len() > 1
    }

    /// Where an edition has the page that is of this kind in this one, as a path without that of
    /// the base URL; none where it has no such page. Numbered pages of listings have no
    /// counterparts, for they hold other stories in each edition.
    pub fn page_in(self, edition: EditionId, kind: &PageKind) -> Option<&'a str> {
        let plan: &'a Plan = &self.plans()[edition];
        let shared = &plan.shared;
        let own = self.plan();
        match kind {
            PageKind::Listing(scope, Part::Head) => match *scope {
                ListingScope::All => Some(shared.routes.home()),
                ListingScope::Topic(topic) => {
                    let key = &self.edition().topics[topic].key;
                    let topic = plan.counterparts.topics.get(key)?;
                    Some(&shared.topic_urls[*topic])
                }
                ListingScope::Provider(provider) => {
                    let key = ProviderKey::of(&self.edition().providers[provider].domain);
                    let provider = self.edition_at(edition).provider_of(key)?;
                    Some(&shared.provider_urls[provider])
                }
                ListingScope::Month(month) => {
                    let month = &own.shared.months[month];
                    let month = plan.counterparts.months.get(&(month.year, month.month))?;
                    Some(&shared.months[*month].url)
                }
                // Lists of settings have one path in all editions, and so have tags of one name.
                ListingScope::List(list) => {
                    let path = own.shared.routes.path_within(&own.shared.lists[list].url);
                    let list = plan.counterparts.lists.get(path)?;
                    Some(&shared.lists[*list].url)
                }
                // Each edition has events of its own.
                ListingScope::Event(_) => None,
            },
            // Of several articles that are the same one is the counterpart. Each is itself.
            PageKind::Article(position) if edition == self.id() => {
                own.shared.has_page[*position].then(|| own.shared.article_urls[*position].as_str())
            }
            PageKind::Standalone(id) if edition == self.id() => Some(&own.shared.page_urls[*id]),
            PageKind::Article(position) => {
                let key = self.entry(*position).facts.translation?;
                let is_it = own.counterparts.articles.get(&key) == Some(position);
                let other = plan.counterparts.articles.get(&key).filter(|_| is_it)?;
                let have_pages = own.shared.has_page[*position] && shared.has_page[*other];
                have_pages.then(|| shared.article_urls[*other].as_str())
            }
            PageKind::Standalone(id) => {
                let key = self.standalone_pages()[*id].translation?;
                let is_it = own.counterparts.pages.get(&key) == Some(id);
                let other = plan.counterparts.pages.get(&key).filter(|_| is_it)?;
                Some(&shared.page_urls[*other])
            }
            PageKind::Digest(id) => {
                let period = &self.edition().digests[*id].period;
                let digests = &self.edition_at(edition).digests;
                let other = digests.find(|digest| digest.period == *period)?;
                Some(&shared.digest_urls[other])
            }
            PageKind::Topics => Some(&shared.fixed.topics),
            PageKind::Providers => Some(&shared.fixed.providers),
            PageKind::Tags => shared.fixed.tags.as_deref(),
            PageKind::Archive => shared.fixed.archive.as_deref(),
            PageKind::Sources => shared.fixed.sources.as_deref(),
            PageKind::Digests => shared.fixed.digests.as_deref(),
            PageKind::Search => shared.search.as_deref(),
            _ => None,
        }
    }

    /// The editions that have a page of this kind, with its path in each, when there are several:
    /// the page itself is among them.
    pub fn translations(self, kind: &PageKind) -> Vec<(EditionId, &'a str)> {
        if !self.is_multilingual() {
            return Vec::new();
        }
        let in_one = |id| Some((id, self.page_in(id, kind)?));
        let found: Vec<_> = self.plans().ids().filter_map(in_one).collect();
        match found.len() {
            0 | 1 => Vec::new(),
            _ => found,
        }
    }

    /// The same, of those that search engines are to know: a page that names another one as
    /// canonical is not one of them.
    pub fn alternates(self, kind: &PageKind) -> Vec<(EditionId, &'a str)> {
        self.alternates_of(kind, self.translations(kind))
    }

    fn alternates_of(
        self,
        kind: &PageKind,
        mut found: Vec<(EditionId, &'a str)>,
    ) -> Vec<(EditionId, &'a str)> {
        if let PageKind::Article(position) = kind
            && self.plan().canonical == Canonical::Original
        {
            let key = self.entry(*position).facts.translation;
            let is_canonical = |(id, _): &(EditionId, &str)| {
                let counterparts = &self.plans()[*id].counterparts;
                let position = key.and_then(|key| counterparts.articles.get(&key));
                position.is_some_and(|position| {
                    let article = self.edition_at(*id).articles[*position].article;
                    self.library().articles[article].facts.link.is_none()
                })
            };
            found.retain(is_canonical);
            let is_own = found.iter().any(|(id, _)| *id == self.id());
            if found.len() < 2 || !is_own {
                found.clear();
            }
        }
        found
    }

    /// Adds to a hash where the translations of a page are, for whatever names them.
    pub(super) fn hash_translations(self, kind: &PageKind, hasher: &mut Hasher) {
        let translations = self.translations(kind);
        let alternates = self.alternates_of(kind, translations.clone());
        for found in [translations, alternates] {
            hasher.number(found.len() as i64);
            for (id, url) in found {
                let shared = &self.plans()[id].shared;
                hasher.text(shared.locale()).text(&shared.absolute(url));
            }
        }
    }
}

/// Of the translations of a page the one for readers of none of their languages (`x-default`): that
/// of the default edition, else the first.
pub fn fallback<'u>(found: &[(EditionId, &'u str)]) -> Option<(EditionId, &'u str)> {
    let mut all = found.iter();
    let default = all.find(|(id, _)| *id == EditionId::DEFAULT);
    default.or_else(|| found.first()).copied()
}
