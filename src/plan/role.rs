//! What a file of the site is to those who serve it.

use serde::{Deserialize, Serialize};

use super::{Bundle, ListingScope, PageKind, PageSpec, Part, route};

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

impl PageSpec {
    /// What the page is to those who serve it.
    pub fn role(&self) -> Role {
        match &self.kind {
            PageKind::Asset(path) if self.url != route::asset(path) => Role::Hashed,
            PageKind::Asset(_) => Role::Asset,
            PageKind::Article(_) | PageKind::Digest(_) | PageKind::Email(..) => Role::Article,
            PageKind::Standalone(_)
            | PageKind::Search
            | PageKind::NotFound
            | PageKind::Alias(_) => Role::Page,
            PageKind::WebApp | PageKind::OpenSearch => Role::Asset,
            PageKind::Listing(ListingScope::All, Part::Head) => Role::Front,
            PageKind::Listing(..) | PageKind::Moved(_) => Role::Listing,
            PageKind::Topics | PageKind::Providers | PageKind::Archive | PageKind::Digests => {
                Role::Listing
            }
            PageKind::DigestFeed(_)
            | PageKind::LatestDigest
            | PageKind::Feed(..)
            | PageKind::Opml
            | PageKind::ApiNews(..)
            | PageKind::ApiTopics => Role::Feed,
            PageKind::SitemapIndex
            | PageKind::Sitemap(_)
            | PageKind::NewsSitemap
            | PageKind::Llms => Role::Index,
            PageKind::Robots | PageKind::NoJekyll | PageKind::Cname => Role::Index,
            PageKind::Redirects | PageKind::Headers | PageKind::Server(_) => Role::Index,
        }
    }
}

impl Bundle {
    /// What a file of the search index is. Pagefind puts a hash of their content into the names of
    /// those that end so, and names them in the others.
    pub fn role(file: &str) -> Role {
        let ending = file.rsplit('.').next().unwrap_or_default();
        if ending.starts_with("pf_") {
            Role::Hashed
        } else {
            Role::Asset
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Fingerprint;

    #[test]
    fn a_static_file_under_a_hashed_name_never_changes() {
        let role = |url: &str| {
            let kind = PageKind::Asset("css/a b.css".to_owned());
            PageSpec {
                url: url.to_owned(),
                kind,
                fingerprint: Fingerprint::default(),
            }
            .role()
        };
        assert_eq!(role("/css/a%20b.css"), Role::Asset);
        assert_eq!(role("/css/a%20b.0123456789ab.css"), Role::Hashed);
    }
}
