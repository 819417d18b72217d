//! The kinds of pages: for each its template, what it is to those who serve it, and which articles
//! it shows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ListingScope, PageSpec, Part, Plan, SitePlan, route};
use crate::config::{FeedFormat, Server};
use crate::curate::{Digest, Edition};
use crate::ids::{AliasId, DigestId, EditionIndex, StandaloneId, TopicId};

/// A form of the email of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EmailFormat {
    /// HTML as mail programs understand it.
    Html,
    /// Plain text.
    Text,
}

/// What a page is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PageKind {
    /// A part of a listing; the head of all is the front page.
    Listing(ListingScope, Part),
    /// The page at the number that the head of a listing still holds.
    Moved(ListingScope),
    /// An article of the edition.
    Article(EditionIndex),
    /// All topics.
    Topics,
    /// All providers.
    Providers,
    /// All tags.
    Tags,
    /// All months.
    Archive,
    /// All sources.
    Sources,
    /// The page of a digest, from 0 for the newest.
    Digest(DigestId),
    /// The email of a digest, as a file.
    Email(DigestId, EmailFormat),
    /// All digests.
    Digests,
    /// A feed of digests.
    DigestFeed(FeedFormat),
    /// What is known of the newest digest, as JSON.
    LatestDigest,
    /// A file of `content/pages`.
    Standalone(StandaloneId),
    /// Search over all articles.
    Search,
    /// What static hosts serve for a page that is not there.
    NotFound,
    /// A feed.
    Feed(ListingScope, FeedFormat),
    /// The index of the sitemaps.
    SitemapIndex,
    /// A sitemap, from 0.
    Sitemap(usize),
    /// The sitemap of the newest articles.
    NewsSitemap,
    /// The page at an alias, by its number in [`Plan::aliases`].
    Alias(AliasId),
    /// `_redirects`.
    Redirects,
    /// `_headers`.
    Headers,
    /// Headers and redirects for a web server.
    Server(Server),
    /// The list of all feeds.
    Opml,
    /// The web app manifest.
    WebApp,
    /// `opensearch.xml`.
    OpenSearch,
    /// `llms.txt`.
    Llms,
    /// `robots.txt`.
    Robots,
    /// `.nojekyll`.
    NoJekyll,
    /// `CNAME`.
    Cname,
    /// A part of the API's listing of all articles, or of a topic's.
    ApiNews(Option<TopicId>, Part),
    /// The API's list of topics.
    ApiTopics,
    /// The API's list of the events with the newest reports.
    ApiEvents,
    /// A static file, by its path.
    Asset(String),
    /// A file beside an article or a page, by its path.
    File(String),
}

impl PageKind {
    /// The built-in template that makes it. A standalone page may name another: see
    /// [`Plan::template`].
    pub fn template(&self) -> Option<&'static str> {
        Some(match self {
            PageKind::Listing(ListingScope::All, Part::Head) => "home.html",
            PageKind::Listing(ListingScope::All, _) => "listing.html",
            PageKind::Listing(ListingScope::Topic(_), _) => "topic.html",
            PageKind::Listing(ListingScope::Provider(_), _) => "provider.html",
            PageKind::Listing(ListingScope::Month(_), _) => "month.html",
            PageKind::Listing(ListingScope::List(_), _) => "list.html",
            PageKind::Listing(ListingScope::Event(_), _) => "event.html",
            PageKind::Moved(_) | PageKind::Alias(_) => "moved.html",
            PageKind::Article(_) => "article.html",
            PageKind::Topics => "topics.html",
            PageKind::Providers => "providers.html",
            PageKind::Tags => "tags.html",
            PageKind::Archive => "archive.html",
            PageKind::Sources => "sources.html",
            PageKind::Digest(_) => "digest.html",
            PageKind::Email(_, EmailFormat::Html) => "digest-email.html",
            PageKind::Email(_, EmailFormat::Text) => "digest.txt",
            PageKind::Digests => "digests.html",
            PageKind::Standalone(_) => "page.html",
            PageKind::Search => "search.html",
            PageKind::NotFound => "404.html",
            _ => return None,
        })
    }

    /// Whether it lists stories, which look there as the settings have it.
    pub fn lists_stories(&self) -> bool {
        matches!(self, PageKind::Listing(..) | PageKind::Standalone(_))
    }

    /// Whether it shows articles whole, with their text, and not as stories of a list.
    pub(super) fn shows_whole_articles(&self) -> bool {
        matches!(
            self,
            PageKind::Article(_) | PageKind::Feed(..) | PageKind::ApiNews(..)
        )
    }
}

impl Plan {
    /// The template that makes a page.
    pub fn template(&self, kind: &PageKind) -> Option<&str> {
        match kind {
            PageKind::Standalone(id) if self.templates.contains_key(id) => {
                self.templates.get(id).map(String::as_str)
            }
            kind => kind.template(),
        }
    }

    /// The articles that a page shows or quotes: all that its view may read.
    pub fn inputs(&self, edition: &Edition, kind: &PageKind) -> Vec<EditionIndex> {
        let mut positions = self.shown(edition, kind);
        let quoted: Vec<EditionIndex> = match kind {
            // It has the reports themselves.
            PageKind::Listing(ListingScope::Event(_), _) => Vec::new(),
            PageKind::Listing(scope, part) => {
                let older = |position: &EditionIndex| &edition.articles[*position].similar.older;
                let mut quoted: Vec<EditionIndex> =
                    positions.iter().flat_map(older).copied().collect();
                if (*scope, *part) == (ListingScope::All, Part::Head) {
                    quoted.extend(self.front.picks().flat_map(|pick| &pick.coverage));
                }
                quoted
            }
            PageKind::Standalone(_) => {
                let older = |position: &EditionIndex| &edition.articles[*position].similar.older;
                positions.iter().flat_map(older).copied().collect()
            }
            PageKind::Article(position) => edition.articles[*position].similar.near.clone(),
            PageKind::Digest(id) | PageKind::Email(id, _) => edition.digests[*id]
                .picks()
                .flat_map(|pick| &pick.coverage)
                .copied()
                .collect(),
            _ => Vec::new(),
        };
        positions.extend(quoted);
        positions
    }

    /// The articles that a page shows.
    pub fn shown(&self, edition: &Edition, kind: &PageKind) -> Vec<EditionIndex> {
        match kind {
            PageKind::Listing(ListingScope::All, Part::Head) => {
                let mut positions = self.part(edition, ListingScope::All, Part::Head).to_vec();
                positions.extend(self.front.picks().map(|pick| pick.position));
                positions
            }
            PageKind::Listing(ListingScope::Event(event), Part::Head) => {
                let scope = ListingScope::Event(*event);
                let mut positions = self.part(edition, scope, Part::Head).to_vec();
                positions.extend(edition.events[*event].best_first.first());
                positions
            }
            PageKind::Listing(scope, part) => self.part(edition, *scope, *part).to_vec(),
            PageKind::Article(position) => vec![*position],
            PageKind::Standalone(id) => edition
                .of_pages
                .get(id)
                .map_or_else(Vec::new, |stories| stories.articles.clone()),
            PageKind::Feed(scope, _) => self.feed(edition, *scope).to_vec(),
            PageKind::ApiNews(topic, part) => self
                .part(
                    edition,
                    topic.map_or(ListingScope::All, ListingScope::Topic),
                    *part,
                )
                .to_vec(),
            PageKind::Digest(id) | PageKind::Email(id, _) => {
                positions_of(std::slice::from_ref(&edition.digests[*id]))
            }
            PageKind::DigestFeed(_) => positions_of(self.digests_in_feed(edition)),
            PageKind::Digests => edition
                .digests
                .iter()
                .map(|digest| digest.lead.position)
                .collect(),
            PageKind::LatestDigest => edition
                .digests
                .first()
                .map(|digest| digest.lead.position)
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// The stories of digests, one after the other.
fn positions_of(digests: &[Digest]) -> Vec<EditionIndex> {
    digests
        .iter()
        .flat_map(Digest::picks)
        .map(|pick| pick.position)
        .collect()
}

/// What a file is to those who serve it, in the order in which files of a site can appear so that
/// no link of one leads to another that is not there yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A static file whose name has a hash of its content: it never changes.
    Hashed,
    /// Any other static file, and what browsers read beside the pages.
    #[default]
    Asset,
    /// The page of an article, or a digest.
    Article,
    /// A page that shows no listing.
    Page,
    /// A page of a listing, or a list of listings.
    Listing,
    /// A feed, or a part of the API.
    Feed,
    /// What crawlers and hosts read: sitemaps, `robots.txt`, `_headers`.
    Index,
    /// The front page, from where readers come to all others.
    Front,
}

/// Files of the search engine itself.
const FILES_OF_ENGINE: usize = 3;

impl SitePlan {
    /// How many files the site has, by what they are. Those of the search index are estimated: how
    /// many there are is known when they are made.
    pub fn counts_of_files(&self) -> Vec<(&'static str, usize)> {
        let mut counts: BTreeMap<Role, usize> = BTreeMap::new();
        let (mut articles, mut events) = (0, 0);
        for page in &self.pages {
            match page.kind {
                PageKind::Article(_) => articles += 1,
                PageKind::Listing(ListingScope::Event(_), _) => events += 1,
                _ => *counts.entry(page.role()).or_default() += 1,
            }
        }
        let mut of =
            |roles: &[Role]| -> usize { roles.iter().filter_map(|role| counts.remove(role)).sum() };
        let parts = self.bundles.iter().map(|bundle| bundle.files);
        let search = parts.reduce(|all, part| all + part);
        let search = search.map_or(0, |parts| parts + FILES_OF_ENGINE);
        let counted = [
            ("articles", articles),
            ("events", events),
            ("listings", of(&[Role::Front, Role::Listing])),
            ("feeds and API", of(&[Role::Feed])),
            ("digests", of(&[Role::Article])),
            ("pages", of(&[Role::Page])),
            ("static", of(&[Role::Hashed, Role::Asset])),
            ("for crawlers and hosts", of(&[Role::Index])),
            ("search index", search),
        ];
        counted
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}

impl PageSpec {
    /// What the page is to those who serve it.
    pub fn role(&self) -> Role {
        match &self.kind {
            PageKind::Asset(path) if !self.url.ends_with(&route::asset(path)) => Role::Hashed,
            PageKind::Asset(_) | PageKind::File(_) => Role::Asset,
            PageKind::Article(_) | PageKind::Digest(_) | PageKind::Email(..) => Role::Article,
            PageKind::Standalone(_)
            | PageKind::Search
            | PageKind::NotFound
            | PageKind::Alias(_) => Role::Page,
            PageKind::WebApp | PageKind::OpenSearch => Role::Asset,
            PageKind::Listing(ListingScope::All, Part::Head) => Role::Front,
            PageKind::Listing(..) | PageKind::Moved(_) => Role::Listing,
            PageKind::Topics | PageKind::Providers | PageKind::Tags => Role::Listing,
            PageKind::Archive | PageKind::Sources | PageKind::Digests => Role::Listing,
            PageKind::DigestFeed(_)
            | PageKind::LatestDigest
            | PageKind::Feed(..)
            | PageKind::Opml
            | PageKind::ApiNews(..)
            | PageKind::ApiTopics
            | PageKind::ApiEvents => Role::Feed,
            PageKind::SitemapIndex
            | PageKind::Sitemap(_)
            | PageKind::NewsSitemap
            | PageKind::Llms => Role::Index,
            PageKind::Robots | PageKind::NoJekyll | PageKind::Cname => Role::Index,
            PageKind::Redirects | PageKind::Headers | PageKind::Server(_) => Role::Index,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EditionId;
    use crate::plan::Fingerprint;

    #[test]
    fn a_static_file_under_a_hashed_name_never_changes() {
        let role = |url: &str| {
            let kind = PageKind::Asset("css/a b.css".to_owned());
            PageSpec {
                url: url.to_owned(),
                edition: EditionId::DEFAULT,
                kind,
                fingerprint: Fingerprint::default(),
            }
            .role()
        };
        assert_eq!(role("/css/a%20b.css"), Role::Asset);
        assert_eq!(role("/css/a%20b.0123456789ab.css"), Role::Hashed);
    }
}
