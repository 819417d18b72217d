//! Where addresses lead that are relative to the file of an article or a page: to the page of
//! another article, to a file beside it, which is copied to its page, or to the original story.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ahash::HashMap;
use rayon::prelude::*;
use url::Url;

use super::inputs::SiteInputs;
use super::{Fingerprint, PageKind, PageSpec, route};
use crate::content::{Library, link, link_target, names, tags};
use crate::curate::{Edition, Kept};
use crate::hash::Hasher;
use crate::ids::{ArticleId, EditionIndex, StandaloneId};

/// The articles of the edition by their identity; empty as long as no text has an address that is
/// relative to its file.
#[derive(Debug, Default)]
pub(super) struct Positions(HashMap<ArticleId, EditionIndex>);

impl Positions {
    pub(super) fn of(library: &Library, edition: &Edition) -> Positions {
        // Texts of other editions may lead to its articles.
        let articles = library.articles.as_slice().par_iter().with_min_len(4096);
        let is_needed = articles.any(|entry| !entry.facts.relative.is_empty())
            || library.pages.iter().any(|page| !page.relative.is_empty());
        if !is_needed {
            return Positions::default();
        }
        let articles = edition.articles.enumerate();
        let of_one = |(position, kept): (EditionIndex, &Kept)| (kept.article, position);
        Positions(articles.map(of_one).collect())
    }
}

/// The file of an article or a page, and where it is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    /// Its page, without the path of the base URL.
    pub(super) url: &'a str,
    /// The original story.
    pub(super) original: Option<&'a str>,
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Link,
    Picture,
}

impl<'a> SiteInputs<'a> {
    /// The addresses in the body of an article of some edition or of a page, by its file, that are
    /// relative to it and lead nowhere.
    pub fn lost(self, file: &str) -> Vec<String> {
        if let Some(article) = self.library().find(file) {
            let of_edition = |inputs: SiteInputs<'_>| {
                let position = *inputs.plan().positions.0.get(&article)?;
                let addresses = &inputs.entry(position).facts.relative;
                Some(inputs.lost_at(inputs.place(position), addresses))
            };
            let mut lost = self.of_editions().filter_map(of_edition);
            return lost.next().unwrap_or_default();
        }
        let page = self.library().find_page(file);
        page.map_or_else(Vec::new, |id| {
            self.lost_at(
                self.place_of_page(id),
                &self.standalone_pages()[id].relative,
            )
        })
    }

    fn lost_at(self, place: Place<'_>, addresses: &[String]) -> Vec<String> {
        let is_lost = |address: &&String| self.lead(place, address, Use::Link).is_none();
        addresses.iter().filter(is_lost).cloned().collect()
    }

    pub(super) fn place(self, position: EditionIndex) -> Place<'a> {
        let entry = self.entry(position);
        Place {
            file: &entry.path,
            url: &self.plan().shared.article_urls[position],
            original: entry.facts.link.as_deref(),
        }
    }

    pub(super) fn place_of_page(self, id: StandaloneId) -> Place<'a> {
        Place {
            file: &self.standalone_pages()[id].path,
            url: &self.plan().shared.page_urls[id],
            original: None,
        }
    }

    /// Where an address leads that is relative to the file of an article or a page: a path of the
    /// site, without that of the base URL, or a full address.
    pub(super) fn lead(self, place: Place<'_>, address: &str, of: Use) -> Option<String> {
        if let Some((path, rest)) = link_target::file_of(place.file, address) {
            if let Some(url) = self.copied(place, &path) {
                return Some(url + rest);
            }
            if self.library().files.is_refused(place.file, &path) {
                return None;
            }
            if of == Use::Link
                && let Some(page) = self.page_of(&path)
            {
                return page.map(|page| format!("{page}{rest}"));
            }
        }
        let end = address.find(['?', '#']).unwrap_or(address.len());
        let means_article = address.starts_with("@/") || names::is_markdown(&address[..end]);
        if means_article {
            return None;
        }
        let original = Url::parse(place.original?).ok()?;
        link::web_url(original.join(address).ok()?.as_str())
    }

    /// Where a file beside an article or a page is copied to.
    pub(super) fn copied(self, place: Place<'_>, path: &str) -> Option<String> {
        let files = &self.library().files;
        files
            .hash(path)
            .filter(|_| !files.is_refused(place.file, path))?;
        Some(route::file_beside(place.url, place.file, path))
    }

    /// The page of the article or standalone page in a file, which may be named without its
    /// ending or by the folder of a bundle. The inner value is none when it is not published.
    fn page_of(self, path: &str) -> Option<Option<Cow<'a, str>>> {
        let of_file = |path: &str| {
            if let Some(id) = self.library().find(path) {
                let facts = &self.library().articles[id].facts;
                let position = self.plans()[facts.edition].positions.0.get(&id);
                let Some(&position) = position else {
                    return Some(None);
                };
                let address = self.of_edition(facts.edition).address(position);
                return Some(Some(self.seen_from_here(facts.edition, address)));
            }
            let page = self.library().find_page(path)?;
            let edition = self.library().pages[page].edition;
            let url = &self.plans()[edition].shared.page_urls[page];
            Some(Some(self.seen_from_here(edition, url)))
        };
        let named = ["", "/index"].into_iter().flat_map(|name| {
            let ending = move |ending| format!("{path}{name}.{ending}");
            names::ENDINGS.into_iter().map(ending)
        });
        of_file(path).or_else(|| named.into_iter().find_map(|path| of_file(&path)))
    }

    /// Adds where addresses of a body lead to a hash.
    pub(super) fn hash_leads(self, place: Place<'_>, addresses: &[String], hasher: &mut Hasher) {
        // Pictures lead where links do, but never to pages: these have the names of no files.
        for address in addresses {
            hasher.optional(self.lead(place, address, Use::Link).as_deref());
        }
    }

    /// A sanitised body whose addresses lead somewhere.
    pub(super) fn resolved(self, place: Place<'_>, body: &str) -> String {
        let lead = |address: &str, of| self.lead(place, address, of);
        tags::resolve(
            body,
            |address| lead(address, Use::Link),
            |address| lead(address, Use::Picture),
        )
        .into_owned()
    }

    /// The files that are copied to the pages of articles and standalone pages.
    pub(super) fn files_beside(self) -> Vec<PageSpec> {
        if self.library().files.is_empty() {
            return Vec::new();
        }
        let articles = self.edition().articles.par_ids().with_min_len(1024);
        let mut pages: Vec<PageSpec> = articles
            .flat_map_iter(|position| {
                let facts = &self.entry(position).facts;
                let images = facts.local_image.iter().chain(&facts.other_local_images);
                let images = images.filter(|url| link_target::is_relative(url));
                self.files_at(self.place(position), facts.relative.iter().chain(images))
            })
            .collect();
        for &id in &self.edition().pages {
            let page = &self.standalone_pages()[id];
            pages.extend(self.files_at(self.place_of_page(id), page.relative.iter()));
        }
        pages
    }

    fn files_at<'s>(
        self,
        place: Place<'_>,
        addresses: impl Iterator<Item = &'s String>,
    ) -> Vec<PageSpec> {
        let files = &self.library().files;
        let named =
            addresses.filter_map(|address| Some(link_target::file_of(place.file, address)?.0));
        let paths = files.of_bundle(place.file).iter().cloned().chain(named);
        let by_url: BTreeMap<String, String> = paths
            .filter_map(|path| Some((self.copied(place, &path)?, path)))
            .collect();
        let page = |(url, path): (String, String)| PageSpec {
            edition: self.id(),
            fingerprint: Fingerprint {
                content: files.hash(&path).unwrap_or_default().number(),
                ..Fingerprint::default()
            },
            url: self.plan().shared.routes.in_output(url),
            kind: PageKind::File(path),
        };
        by_url.into_iter().map(page).collect()
    }
}
