//! `site`, as templates see it.

use serde::Serialize;

use crate::config::{Config, Covers, language};
use crate::content::Library;
use crate::curate::Edition;
use crate::ids::{List, StandaloneId};
use crate::plan::preview;
use crate::plan::route::{self, Routes, fixed};
use crate::plan::web_app::{self, WebApp};
use crate::theme::{Assets, headline_font};

/// `site`.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    pub(super) title: String,
    description: Option<String>,
    author: Option<String>,
    pub(super) locale: String,
    pub(super) lang: String,
    og_locale: Option<String>,
    pub(super) dir: &'static str,
    base_url: String,
    home: String,
    pub(super) urls: UrlsView,
    accent: Option<String>,
    paper: PaperView,
    font: Option<String>,
    pub(super) logo: Option<String>,
    touch_icon: Option<String>,
    pages: Vec<LinkView>,
    links: Vec<LinkView>,
    extra: serde_json::Map<String, serde_json::Value>,
    look: LookView,
}

#[derive(Clone, Debug, Serialize)]
struct LookView {
    dense: bool,
    covers: Covers,
    excerpt: Option<usize>,
}

#[derive(Clone, Debug, Serialize)]
struct PaperView {
    light: String,
    dark: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct UrlsView {
    topics: String,
    providers: String,
    tags: Option<String>,
    archive: Option<String>,
    sources: Option<String>,
    digest: Option<String>,
    pub(super) opml: Option<String>,
    manifest: Option<String>,
    search: Option<String>,
    open_search: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct LinkView {
    title: String,
    url: String,
}

/// Where pages of an edition are that `site` names.
#[derive(Clone, Copy, Debug)]
pub(super) struct SitePages<'a> {
    pub(super) routes: &'a Routes,
    /// What its web app manifest says, if it has one.
    pub(super) web_app: Option<&'a WebApp>,
    /// Standalone pages, without the path of the base URL.
    pub(super) standalone: &'a List<StandaloneId, String>,
}

impl SiteView {
    pub(super) fn new(
        pages: SitePages<'_>,
        library: &Library,
        edition: &Edition,
        config: &Config,
        assets: &Assets,
    ) -> SiteView {
        let base = &config.base_url.path;
        let href = |url: &str| format!("{base}{url}");
        let language = config.locale.split('-').next().unwrap_or_default();
        let (light, dark) = config.theme.paper();
        let logo = config.theme.logo.as_ref().map(|path| route::asset(path));
        SiteView {
            title: config.title.clone(),
            description: config.description.clone(),
            author: config.author.clone(),
            locale: config.locale.clone(),
            dir: language::direction(&config.locale),
            lang: language.to_lowercase(),
            og_locale: preview::locale(&config.locale),
            base_url: format!("{}{base}", config.base_url.origin),
            home: href(pages.routes.home()),
            urls: UrlsView::new(pages, config),
            accent: config.theme.accent.clone(),
            paper: PaperView {
                light: light.to_owned(),
                dark: dark.to_owned(),
            },
            font: headline_font(config, assets).map(|path| href(&route::asset(&path))),
            logo: logo.filter(|url| assets.has_url(url)).map(|url| href(&url)),
            touch_icon: web_app::touch_icon(assets).map(|url| href(&url)),
            pages: edition
                .pages
                .iter()
                .map(|id| LinkView {
                    title: library.pages[*id].title.clone(),
                    url: href(&pages.standalone[*id]),
                })
                .collect(),
            links: config
                .theme
                .links
                .iter()
                .map(|(title, url)| LinkView {
                    title: title.clone(),
                    url: match url.starts_with('/') {
                        true => href(url),
                        false => url.clone(),
                    },
                })
                .collect(),
            extra: config.extra.clone(),
            look: LookView {
                dense: config.look.is_dense,
                covers: config.look.covers,
                excerpt: config.look.excerpt,
            },
        }
    }
}

impl UrlsView {
    fn new(pages: SitePages<'_>, config: &Config) -> UrlsView {
        let base = &config.base_url.path;
        let at = |page: &str| format!("{base}{}", pages.routes.at(page));
        let has_opml = config.feeds.opml && !config.feeds.formats.is_empty();
        let search = pages.routes.search(config);
        UrlsView {
            topics: at(fixed::TOPICS),
            providers: at(fixed::PROVIDERS),
            tags: config.tag_pages.then(|| at(fixed::TAGS)),
            archive: config.archive.then(|| at(fixed::ARCHIVE)),
            sources: config.source_page.then(|| at(fixed::SOURCES)),
            digest: config.digests.as_ref().map(|_| at(fixed::DIGESTS)),
            opml: has_opml.then(|| at(fixed::OPML)),
            manifest: pages.web_app.map(|_| at(fixed::WEB_MANIFEST)),
            search: search.as_ref().map(|url| format!("{base}{url}")),
            open_search: search.as_ref().map(|_| at(fixed::OPEN_SEARCH)),
        }
    }
}
