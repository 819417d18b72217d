//! Every URL of the site. Nothing else builds one.
//!
//! A URL here is a path from the root of the site, percent-encoded, without the path of the base
//! URL: `/topics/ai/`. One that ends with a slash is a folder with an `index.html`.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::fmt::Write;

use jiff::tz::TimeZone;

use crate::config::{Config, FeedFormat, Permalinks, Server};
use crate::content::domain::shown;
use crate::content::names::ArticleName;
use crate::content::{ArticleEntry, PageFile};
use crate::curate::{Period, Provider, Topic, tag_slug, topic_slug};
use crate::hash::Hash128;
use crate::percent::{decode, encode};
use crate::slug::{SlugStyle, is_letter_or_mark};

/// Where the pages of an edition are: below its path, at fixed places or by the patterns of the
/// settings.
#[derive(Clone, Debug)]
pub struct Routes {
    /// Path of the edition: empty for the default one, else like `/de`.
    prefix: String,
    /// Folder of the output that is the root of its host: empty, or like `/de` for an edition with
    /// a host of its own.
    folder: String,
    /// Its front page.
    home: String,
    permalinks: Permalinks,
    /// Folders of articles, those in the language of the edition first.
    folders: Vec<String>,
    pub(super) time_zone: TimeZone,
    locale: String,
}

impl Routes {
    pub(super) fn new(config: &Config) -> Routes {
        Routes {
            prefix: config.prefix.clone(),
            folder: config.output_folder.clone(),
            home: format!("{}{}", config.prefix, fixed::HOME),
            permalinks: config.permalinks.clone(),
            folders: [config.folders.as_slice(), &config.content.articles].concat(),
            time_zone: config.time_zone.clone(),
            locale: config.locale.clone(),
        }
    }

    /// The front page.
    pub fn home(&self) -> &str {
        &self.home
    }

    /// Where a page of the edition is in the output, by its path on its host.
    pub fn in_output(&self, path: String) -> String {
        match self.folder.as_str() {
            "" => path,
            folder => format!("{folder}{path}"),
        }
    }

    /// The path on its host of a page of the edition, by where it is in the output.
    pub fn on_host<'p>(&self, path: &'p str) -> &'p str {
        path.strip_prefix(self.folder.as_str()).unwrap_or(path)
    }

    /// The folder of the output in which all pages of the edition are, with a slash at its end; `/`
    /// for the default one.
    pub fn root(&self) -> String {
        format!("{}{}", self.folder, self.home)
    }

    /// Whether the edition has a host of its own, or is the one that others have theirs below.
    pub fn is_root_of_host(&self) -> bool {
        self.prefix.is_empty()
    }

    /// Whether another edition is on the same host.
    pub fn shares_host(&self, other: &Routes) -> bool {
        self.folder == other.folder
    }

    /// The path that a page of the edition would have in the default one.
    pub(super) fn path_within<'p>(&self, path: &'p str) -> &'p str {
        path.strip_prefix(self.prefix.as_str()).unwrap_or(path)
    }

    /// A page of the edition, by the path that it has in the default one.
    pub fn at<'p>(&self, path: &'p str) -> Cow<'p, str> {
        match self.prefix.as_str() {
            "" => Cow::Borrowed(path),
            prefix => Cow::Owned(format!("{prefix}{path}")),
        }
    }

    /// The same for a path that was made for the edition.
    fn below(&self, path: String) -> String {
        match self.prefix.as_str() {
            "" => path,
            prefix => format!("{prefix}{path}"),
        }
    }

    /// The page of a tag; none for a tag without a letter or digit.
    pub fn tag(&self, tag: &str) -> Option<String> {
        let slug = tag_slug(tag, self.permalinks.slugs)?;
        Some(
            self.at(&format!("{}{}/", fixed::TAGS, encode(&slug)))
                .into_owned(),
        )
    }

    /// The page of an article. It depends on the article and the settings alone.
    pub(super) fn article(&self, article: &ArticleEntry) -> String {
        let facts = &article.facts;
        if let Some(address) = &facts.permalink {
            return address.clone();
        }
        let date = LazyCell::new(|| facts.published.date(&self.time_zone));
        let file = ArticleName::of(&article.path);
        let slug = || facts.slug.as_deref().map(Cow::Borrowed);
        let name = || slug().unwrap_or_else(|| self.with_language(file.undated(), file));
        let stem = || slug().unwrap_or_else(|| self.with_language(file.stem, file));
        let pattern = self.permalinks.of_article(&article.path);
        let filled = fill(pattern, |word, url| match word {
            "name" => url.push_str(&encode(&self.part(&name(), false))),
            "stem" => url.push_str(&encode(&self.part(&stem(), true))),
            "path" => url.push_str(&self.folder(&article.path)),
            "section" => {
                url.push_str(&self.path_of(section_name(self.section(&article.path))));
            }
            "title" => match &facts.slug {
                Some(slug) => url.push_str(&self.slug(slug)),
                None => url.push_str(&self.slug(&without_punctuation(&facts.title))),
            },
            "categories" if !facts.has_categories => {}
            "categories" => {
                let names = facts.topics.iter().map(|name| name.to_lowercase());
                let parts: Vec<_> = names.map(|name| encode(&name.replace('/', " "))).collect();
                url.push_str(&parts.join("/"));
            }
            "topics" => {
                let topics: Vec<_> = facts.topics.iter().map(|topic| self.slug(topic)).collect();
                url.push_str(&topics.join("/"));
            }
            "year" => drop(write!(url, "{:04}", date.year())),
            "month" => drop(write!(url, "{:02}", date.month())),
            "day" => drop(write!(url, "{:02}", date.day())),
            "slug" => url.push_str(&self.slug(&name())),
            "category" => url.push_str(&self.slug(&facts.category)),
            "type" => url.push_str(&self.slug(&facts.kind)),
            "provider" => {
                let provider = facts.provider.as_ref();
                let domain = provider.map_or("none", |provider| provider.domain.as_str());
                url.push_str(&self.slug_of_domain(domain));
            }
            _ => {}
        });
        self.below(without_empty_parts(filled))
    }

    /// The folder of articles that an article lies in.
    fn section(&self, path: &str) -> &str {
        let mut folders = self.folders.iter().map(String::as_str);
        let section = folders.find(|folder| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        });
        section.unwrap_or_default()
    }

    /// The folders that an article lies in, below the folder of articles, as a path.
    fn folder<'p>(&self, path: &'p str) -> String {
        let below = path.strip_prefix(self.section(path));
        let below = below.and_then(|rest| rest.strip_prefix('/'));
        // The folder of a bundle is the name of the article.
        let folder = |path: &'p str| path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut folders = folder(below.unwrap_or(path));
        if ArticleName::of(path).is_bundle {
            folders = folder(folders);
        }
        self.path_of(folders)
    }

    /// Folders as a part of an address.
    fn path_of(&self, folders: &str) -> String {
        let names = folders.split('/').filter(|name| !name.is_empty());
        let parts: Vec<String> = names.map(|name| encode(&self.part(name, true))).collect();
        parts.join("/")
    }

    /// A name as a part of an address, with as much of it kept as generators keep: letters and
    /// digits of every script, `-`, `_`, `.`, `+` and `~`. What else there is becomes a hyphen.
    fn part(&self, name: &str, lower: bool) -> String {
        let mut part = String::with_capacity(name.len());
        for c in name.chars() {
            let kept = is_letter_or_mark(c) || "-_.+~".contains(c);
            match (kept, lower) {
                (true, true) => part.extend(c.to_lowercase()),
                (true, false) => part.push(c),
                (false, _) if part.ends_with('-') => {}
                (false, _) => part.push('-'),
            }
        }
        let style = self.permalinks.slugs;
        let trimmed = part.trim_matches('-').trim_start_matches('.');
        if trimmed.is_empty() || trimmed.len() > style.longest() {
            return style.of(name).into_owned();
        }
        trimmed.to_owned()
    }

    /// A name that the file of an article gives it, with its language. That is no part of the name
    /// when it is the language of the site; another stays, so that the translations of a story have
    /// addresses of their own, which depend on no other file.
    fn with_language<'p>(&self, name: &'p str, file: ArticleName<'p>) -> Cow<'p, str> {
        let other = file.language.filter(|tag| !speaks(&self.locale, tag));
        match other {
            Some(tag) => Cow::Owned(format!("{name}.{tag}")),
            None => Cow::Borrowed(name),
        }
    }

    /// A text as a part of an address.
    fn slug<'t>(&self, text: &'t str) -> Cow<'t, str> {
        encoded(self.permalinks.slugs.of(text))
    }

    /// The name of a topic or a provider as a part of an address.
    fn slug_of_name(&self, name: &str) -> Cow<'static, str> {
        encoded(Cow::Owned(topic_slug(name, self.permalinks.slugs)))
    }

    /// A domain as a part of an address, as pages show it.
    fn slug_of_domain<'d>(&self, domain: &'d str) -> Cow<'d, str> {
        match self.permalinks.slugs {
            SlugStyle::Ascii => self.slug(domain),
            SlugStyle::Unicode => Cow::Owned(self.slug(&shown(domain)).into_owned()),
        }
    }

    /// The head of a topic's listing.
    pub(super) fn topic(&self, topic: &Topic) -> String {
        self.below(fill(&self.permalinks.topic, |word, url| {
            if word == "slug" {
                url.push_str(&match &topic.slug {
                    Some(slug) => self.slug(slug),
                    None => self.slug_of_name(&topic.name),
                });
            }
        }))
    }

    /// The head of a provider's listing.
    pub(super) fn provider(&self, provider: &Provider) -> String {
        self.below(fill(&self.permalinks.provider, |word, url| match word {
            "slug" => url.push_str(&match &provider.slug {
                Some(slug) => self.slug(slug),
                None => self.slug_of_domain(&provider.domain),
            }),
            "name" => url.push_str(&self.slug_of_name(&provider.name)),
            _ => {}
        }))
    }

    /// A standalone page.
    pub(super) fn standalone(&self, page: &PageFile) -> String {
        let mut parts: Vec<Cow<'_, str>> =
            page.stem.split('/').map(|part| self.slug(part)).collect();
        if let (Some(slug), Some(last)) = (&page.slug, parts.last_mut()) {
            *last = self.slug(slug);
        } else if parts.last().is_some_and(|last| last == "index") {
            parts.pop();
        }
        self.below(if parts.is_empty() {
            "/".to_owned()
        } else {
            format!("/{}/", parts.join("/"))
        })
    }

    /// The page that searches the edition; none while there is no search. All that machines
    /// learn of the search follows from this: `SearchAction`, `opensearch.xml`, autodiscovery, the
    /// policy of that page.
    pub(super) fn search(&self, config: &Config) -> Option<String> {
        config.search.map(|_| self.at(fixed::SEARCH).into_owned())
    }

    /// The month page of a year and a month.
    pub(super) fn month(&self, year: i16, month: i8) -> String {
        self.below(format!("{}{year:04}/{month:02}/", fixed::ARCHIVE))
    }

    /// The page of an event, by its identifier.
    pub(super) fn event(&self, slug: &str) -> String {
        self.below(format!("{}{}/", fixed::EVENTS, encode(slug)))
    }

    /// The page of a digest: `/digest/2026-w44/`, `/digest/2026-11-01/`.
    pub(super) fn digest(&self, period: &Period) -> String {
        let name = match period.week() {
            Some((year, week)) => format!("{year:04}-w{week:02}"),
            None => period.first.to_string(),
        };
        self.below(format!("{}{name}/", fixed::DIGESTS))
    }

    /// A sitemap, from 1.
    pub fn sitemap(&self, number: usize) -> String {
        self.below(format!("/sitemaps/{number}.xml"))
    }

    /// A page of the API's listing of all articles, or of a topic's (by the slug at the end of its
    /// URL).
    pub(super) fn api(&self, topic_head: Option<&str>, number: Option<usize>) -> String {
        let topic = topic_head
            .and_then(|head| head.trim_end_matches('/').rsplit('/').next())
            .map(|slug| format!("{slug}/"));
        let page = number.map(|number| format!("page/{number}/"));
        self.below(format!(
            "/api/news/{}{}index.json",
            topic.unwrap_or_default(),
            page.unwrap_or_default()
        ))
    }

    /// The folder of a part of the search index: the newest articles, or those of the part with
    /// that number.
    pub(super) fn search_part(&self, number: Option<usize>) -> String {
        let part = number.map(|number| format!("{number}/"));
        self.below(format!(
            "{}index/{}",
            fixed::SEARCH,
            part.unwrap_or_default()
        ))
    }
}

/// A slug for a URL.
fn encoded(slug: Cow<'_, str>) -> Cow<'_, str> {
    match slug.is_ascii() {
        true => slug,
        false => Cow::Owned(encode(&slug)),
    }
}

/// A headline without what Pelican and Hugo leave out of addresses, so that `1.0` is `10`.
fn without_punctuation(title: &str) -> String {
    let is_kept = |c: &char| is_letter_or_mark(*c) || c.is_whitespace() || "-_".contains(*c);
    title.chars().filter(is_kept).collect()
}

/// What a folder of articles is called: its last part; of a `_posts` of Jekyll, all that lies
/// above it; nothing for the root of all content.
fn section_name(folder: &str) -> &str {
    let (above, last) = folder.rsplit_once('/').unwrap_or(("", folder));
    match last {
        "_posts" => above,
        "content" | "src" => "",
        last => last,
    }
}

/// An address without the empty parts that placeholders without a value leave.
fn without_empty_parts(address: String) -> String {
    let mut address = address;
    while address.as_bytes().windows(2).any(|pair| pair == b"//") {
        address = address.replace("//", "/");
    }
    address
}

/// Whether a tag in the name of a file is the language of a site (`de` of `de` and of `de-AT`).
fn speaks(language: &str, tag: &str) -> bool {
    let tag = tag.replace('_', "-");
    let primary = language.split('-').next().unwrap_or_default();
    tag.eq_ignore_ascii_case(language) || tag.eq_ignore_ascii_case(primary)
}

/// A pattern with its `:placeholders` filled: `push` adds the value of one to the address.
fn fill(pattern: &str, push: impl Fn(&str, &mut String)) -> String {
    let mut url = String::with_capacity(pattern.len() + 64);
    let mut rest = pattern;
    while let Some(colon) = rest.find(':') {
        url.push_str(&rest[..colon]);
        let word = &rest[colon + 1..];
        let end = word
            .bytes()
            .position(|byte| !byte.is_ascii_alphabetic())
            .unwrap_or(word.len());
        push(&word[..end], &mut url);
        rest = &word[end..];
    }
    url.push_str(rest);
    url
}

/// Pages with fixed places.
pub mod fixed {
    /// The front page.
    pub const HOME: &str = "/";
    /// All topics.
    pub const TOPICS: &str = "/topics/";
    /// All providers.
    pub const PROVIDERS: &str = "/providers/";
    /// All tags.
    pub const TAGS: &str = "/tags/";
    /// All months.
    pub const ARCHIVE: &str = "/archive/";
    /// Below it, each event has a page.
    pub const EVENTS: &str = "/events/";
    /// All sources.
    pub const SOURCES: &str = "/sources/";
    /// All digests.
    pub const DIGESTS: &str = "/digest/";
    /// What is known of the newest digest.
    pub const LATEST: &str = "/digest/latest.json";
    /// The email of the newest digest.
    pub const LATEST_EMAIL: &str = "/digest/latest.html";
    /// The plain text of the newest digest.
    pub const LATEST_TEXT: &str = "/digest/latest.txt";
    /// Search over all articles.
    pub const SEARCH: &str = "/search/";
    /// What static hosts serve for a page that is not there.
    pub const NOT_FOUND: &str = "/404.html";
    /// Index of the sitemaps.
    pub const SITEMAP: &str = "/sitemap.xml";
    /// For crawlers.
    pub const ROBOTS: &str = "/robots.txt";
    /// Tells GitHub Pages to serve files as they are.
    pub const NO_JEKYLL: &str = "/.nojekyll";
    /// Tells GitHub Pages its domain.
    pub const CNAME: &str = "/CNAME";
    /// The list of all feeds.
    pub const OPML: &str = "/feeds.opml";
    /// The newest articles, for Google News.
    pub const NEWS_SITEMAP: &str = "/news-sitemap.xml";
    /// What a browser shows of the site when it is installed.
    pub const WEB_MANIFEST: &str = "/manifest.webmanifest";
    /// How browsers search the site.
    pub const OPEN_SEARCH: &str = "/opensearch.xml";
    /// A table of contents for language models.
    pub const LLMS: &str = "/llms.txt";
    /// Headers, for Netlify and Cloudflare.
    pub const HEADERS: &str = "/_headers";
    /// Redirects, for Netlify and Cloudflare.
    pub const REDIRECTS: &str = "/_redirects";
    /// Headers and redirects, for nginx.
    pub const NGINX: &str = "/_nginx.conf";
    /// Headers and redirects, for Caddy.
    pub const CADDY: &str = "/_Caddyfile";
    /// Newest articles in the API.
    pub const API_NEWS: &str = "/api/news/index.json";
    /// Events in the API.
    pub const API_EVENTS: &str = "/api/events/index.json";
    /// Topics in the API.
    pub const API_TOPICS: &str = "/api/topics/index.json";
}

/// Headers and redirects for a web server.
pub(super) fn server(server: Server) -> &'static str {
    match server {
        Server::Nginx => fixed::NGINX,
        Server::Caddy => fixed::CADDY,
    }
}

/// What stands for the words of a search after the address of its page.
pub fn search_pattern(page: &str, placeholder: &str) -> String {
    format!("{page}?q={{{placeholder}}}")
}

/// The pattern of the search page and its index, in `_headers`.
pub(super) const SEARCH_AND_INDEX: &str = "/search/*";

/// Patterns of the files of the search index whose names have a hash of their content, in
/// `_headers`: as Pagefind lays them out, in the head and in the numbered parts. The one file of a
/// part that is named so and lies beside others has no pattern of its own.
pub(super) const SEARCH_HASHED: [&str; 6] = [
    "/search/index/fragment/*",
    "/search/index/filter/*",
    "/search/index/index/*",
    "/search/index/:part/fragment/*",
    "/search/index/:part/filter/*",
    "/search/index/:part/index/*",
];

/// The pattern of all files below the root of the site, in `_headers`.
pub(super) const EVERYTHING: &str = "/*";

/// The pattern of the theme's fonts, in `_headers`.
pub(super) const FONTS: &str = "/fonts/*";

/// The pattern of all files of the API, in `_headers`.
pub(super) const API: &str = "/api/*";

/// The pattern of the emails of all digests, in `_headers`.
pub(super) const EMAILS: &str = "/digest/:digest/email.html";

/// The pattern of the feeds of all events in a format, in `_headers`.
pub(super) fn event_feeds(format: FeedFormat) -> String {
    feed(&format!("{}:event/", fixed::EVENTS), format)
}

/// Patterns of all feeds of listings in a format, in `_headers`; `:placeholders` stand for parts of
/// a path there as in permalinks.
pub(super) fn feed_patterns(config: &Config, format: FeedFormat) -> [String; 3] {
    [
        fixed::HOME,
        &config.permalinks.topic,
        &config.permalinks.provider,
    ]
    .map(|head| feed(head, format))
}

/// The pattern of all feeds of tags in a format, in `_headers`.
pub(super) fn tag_feed_pattern(format: FeedFormat) -> String {
    feed(&format!("{}:tag/", fixed::TAGS), format)
}

/// The email of the digest whose page is at `digest`, as HTML.
pub fn email(digest: &str) -> String {
    format!("{digest}email.html")
}

/// The email of the digest whose page is at `digest`, as plain text.
pub fn email_text(digest: &str) -> String {
    format!("{digest}email.txt")
}

/// A numbered page of the listing whose head is at `head`.
pub fn numbered(head: &str, number: usize) -> String {
    format!("{head}page/{number}/")
}

/// A feed of the listing whose head is at `head`.
pub fn feed(head: &str, format: FeedFormat) -> String {
    let name = match format {
        FeedFormat::Atom => "feed.xml",
        FeedFormat::Rss => "rss.xml",
        FeedFormat::Json => "feed.json",
    };
    format!("{head}{name}")
}

/// A static file.
pub(super) fn asset(path: &str) -> String {
    format!("/{}", encode(path))
}

/// A file beside an article or a page, below the page at `url`; `document` is the file of that, and
/// `path` the file to be copied. What lies in the document's own folder keeps its path from there;
/// others get a name that distinguishes them from those.
pub(super) fn file_beside(url: &str, document: &str, path: &str) -> String {
    let folder = match url.strip_suffix(".html") {
        Some(stem) => format!("{stem}/"),
        None if url.ends_with('/') => url.to_owned(),
        None => format!("{url}/"),
    };
    let own = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let inside = match own {
        "" => Some(path),
        own => path
            .strip_prefix(own)
            .and_then(|rest| rest.strip_prefix('/')),
    };
    if let Some(inside) = inside {
        return format!("{folder}{}", encode(inside));
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let hash = Hash128::of(path.as_bytes()).short(8);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("{folder}{}", encode(&format!("{stem}-{hash}.{ending}")))
}

/// The file of a URL, relative to the output folder.
pub fn file_of(url: &str) -> String {
    let path = decode(url.trim_start_matches('/'));
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.into_owned()
    }
}

/// The day that a time falls on, as `2026-11-21`.
pub fn day(time: crate::time::Time, zone: &TimeZone) -> String {
    time.date(zone).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    #[test]
    fn slugs_are_names_of_files_or_of_folders() {
        let slug = |language: &str, path: &str| {
            let settings = format!("locale = \"{language}\"\ntitle = \"T\"\n");
            let config = Config::resolve("site.toml", &settings, &Overrides::default()).unwrap();
            let file = ArticleName::of(path);
            Routes::new(&config)
                .slug(&Routes::new(&config).with_language(file.undated(), file))
                .into_owned()
        };
        for (language, path, wanted) in [
            ("en", "content/news/2021-05-21-add-apps.md", "add-apps"),
            ("en", "x/April Video.markdown", "april-video"),
            ("en", "x/budget/index.md", "budget"),
            ("en", "x/v1.2.md", "v1-2"),
            ("de", "x/haushalt.de.md", "haushalt"),
            ("de-AT", "x/haushalt.de.md", "haushalt"),
            ("de-AT", "x/haushalt/index.de_AT.md", "haushalt"),
            ("de", "x/haushalt.de-AT.md", "haushalt-de-at"),
            ("en", "x/budget.de.md", "budget-de"),
            ("en", "x/2021-05-21-budget/index.de.md", "budget-de"),
            ("en", "x/node.js.md", "node-js"),
        ] {
            assert_eq!(slug(language, path), wanted, "{path}");
        }
    }

    #[test]
    fn files_beside_a_page_lie_below_it() {
        let at = |url, path| file_beside(url, "content/news/a/index.md", path);
        assert_eq!(
            at("/2026/a/", "content/news/a/img/b c.png"),
            "/2026/a/img/b%20c.png"
        );
        assert_eq!(at("/2026/a.html", "content/news/a/b.png"), "/2026/a/b.png");
        let elsewhere = at("/2026/a/", "content/news/b.png");
        assert!(elsewhere.starts_with("/2026/a/b-") && elsewhere.ends_with(".png"));
        assert_ne!(elsewhere, at("/2026/a/", "content/news/c/b.png"));
    }

    #[test]
    fn folders_have_an_index() {
        assert_eq!(file_of("/"), "index.html");
        assert_eq!(file_of("/a/b/"), "a/b/index.html");
        assert_eq!(file_of("/images/a%20b.svg"), "images/a b.svg");
    }
}
