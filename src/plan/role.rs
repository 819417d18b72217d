//! What a file of the site is to those who serve it.

use serde::{Deserialize, Serialize};

use super::{Bundle, Kind, Of, PageSpec, Part, route};

/// What a file is to those who serve it, in the order in which files of a site can appear so that no link of one leads
/// to another that is not there yet.
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
            Kind::Asset(path) if self.url != route::asset(path) => Role::Hashed,
            Kind::Asset(_) => Role::Asset,
            Kind::Article(_) | Kind::Issue(_) | Kind::Letter(..) => Role::Article,
            Kind::Standalone(_) | Kind::Search | Kind::NotFound | Kind::Alias(_) => Role::Page,
            Kind::WebApp | Kind::OpenSearch => Role::Asset,
            Kind::Listing(Of::All, Part::Head) => Role::Front,
            Kind::Listing(..) | Kind::Moved(_) => Role::Listing,
            Kind::Topics | Kind::Providers | Kind::Archive | Kind::Issues => Role::Listing,
            Kind::IssueFeed(_)
            | Kind::LatestIssue
            | Kind::Feed(..)
            | Kind::Opml
            | Kind::ApiNews(..)
            | Kind::ApiTopics => Role::Feed,
            Kind::SitemapIndex | Kind::Sitemap(_) | Kind::NewsSitemap | Kind::Llms => Role::Index,
            Kind::Robots | Kind::NoJekyll | Kind::Cname => Role::Index,
            Kind::Redirects | Kind::Headers | Kind::Server(_) => Role::Index,
        }
    }
}

impl Bundle {
    /// What a file of the search index is. Pagefind puts a hash of their content into the names of those that end so, and names them
    /// in the others.
    pub fn role(file: &str) -> Role {
        let ending = file.rsplit('.').next().unwrap_or_default();
        if ending.starts_with("pf_") { Role::Hashed } else { Role::Asset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Fingerprint;

    #[test]
    fn a_static_file_under_a_hashed_name_never_changes() {
        let role = |url: &str| {
            let kind = Kind::Asset("css/a b.css".to_owned());
            PageSpec { url: url.to_owned(), kind, fingerprint: Fingerprint::default() }.role()
        };
        assert_eq!(role("/css/a%20b.css"), Role::Asset);
        assert_eq!(role("/css/a%20b.0123456789ab.css"), Role::Hashed);
    }
}
