//! `site.toml` → [`Config`], with the place of every setting.
//!
//! [`keys`] lists what may be set, [`Config::resolve`] reads a file against it and turns the values
//! into types that cannot be wrong. Every mistake is reported, each with its line.
//!
//! A setting is declared in `keys.rs`, typed here, and checked in `resolve.rs`.
//!
//! # Files
//!
//! - `keys.rs`: every key with its type, default and meaning; it drives the reader, the messages
//!   and `docs/site-toml.md`
//! - `read.rs`: the text of the file → the values of its keys
//! - `resolve.rs`: the checks that a type alone cannot make
//! - `fields.rs`: the map of field names (`[content.fields]`) and its presets
//! - `strings.rs`: the texts of the theme
//! - `languages.rs`: their translations, one file for each language
//! - `plural.rs`: forms of texts for numbers, and numbers as a language writes them
//! - `language.rs`: language tags
//! - `colors.rs`: the colours of the theme
//! - `content.rs`: `[content]`
//! - `fetch.rs`: `[fetch]`
//! - `curation.rs`: `[curation]`
//! - `feeds.rs`: `[feeds]`
//! - `host.rs`: `[host]`
//! - `deploy.rs`: `[deploy]`
//! - `base_url.rs`: base URLs
//! - `shape.rs`: what pages there are, and what the front page and listings show
//! - `lists.rs`: `[[lists]]` and `nav`
//! - `csp.rs`: what may be added to the content security policy
//! - `candidate.rs`: the condition by which candidates are published
//! - `pattern.rs`: patterns for items of feeds
//! - `address_pattern.rs`: patterns of addresses that are blocked
//! - `string_location.rs`: where a part of a string stands in its file

mod address_pattern;
mod base_url;
mod candidate;
pub mod colors;
mod content;
pub mod csp;
mod curation;
mod deploy;
mod feeds;
mod fetch;
pub mod fields;
mod host;
pub mod keys;
pub mod language;
pub mod languages;
mod lists;
mod pattern;
pub mod plural;
mod read;
mod resolve;
mod shape;
mod string_location;
pub mod strings;

use std::collections::BTreeMap;

use ahash::HashSet;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Location};
use crate::ids::{EditionId, Id, List};
use crate::slug::SlugStyle;
pub use address_pattern::AddressPattern;
pub use base_url::{BaseUrl, is_this_machine};
pub use candidate::{CANDIDATE_FIELDS, CandidateField, PictureFrom, PublishRule};
pub use content::Content;
pub use curation::{Curation, Keep, Limits, Override, OverrideScope};
pub use deploy::{Deploy, Encoding};
pub use feeds::{FeedFormat, FeedText, Feeds};
pub use fetch::Fetch;
pub use host::{Host, Server};
pub use lists::{LIST_FIELDS, LIST_LIMIT, ListField, ListOrder, ListSettings, NavItem};
pub use pattern::{Part, Pattern};
use read::Reader;
use resolve::Resolver;
pub use shape::{ArticlePages, Covers, FrontSettings, FrontStyle, Look, Older, Ranking};

/// What the command line sets over the file.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--base-url`.
    pub base_url: Option<String>,
    /// `--output`.
    pub output: Option<String>,
    /// `--delete-limit`, in percent.
    pub delete_limit: Option<usize>,
    /// Whether all editions are below one base URL, whatever base URLs they have of their own: for
    /// the preview.
    pub is_one_host: bool,
}

/// Settings of a site, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Path of the file, relative to the root.
    pub path: String,
    /// Name of the site.
    pub title: String,
    /// Where the site is served.
    pub base_url: BaseUrl,
    /// The edition that these settings are for.
    pub id: EditionId,
    /// The tag that the table of its settings is named by; none for the default one.
    pub tag: Option<String>,
    /// Path of the edition below its base URL: empty for the default one and for one with a base
    /// URL of its own, else like `/de`.
    pub prefix: String,
    /// Folder of the output that is served as the base URL of the edition: empty, or like `/de`
    /// for one with a base URL of its own.
    pub output_folder: String,
    /// Folders whose articles and pages are in the language of the edition.
    pub folders: Vec<String>,
    /// What the language is called in itself, if the owner says so.
    pub language_name: Option<String>,
    /// One sentence about the site.
    pub description: Option<String>,
    /// BCP 47 tag.
    pub locale: String,
    /// Time zone of days, permalinks and shown times.
    pub time_zone: TimeZone,
    /// Who publishes the site.
    pub author: Option<String>,
    /// What is in the masthead.
    pub nav: Vec<NavItem>,
    /// Lists of the owner's making.
    pub lists: Vec<ListSettings>,
    /// Whether tags have pages.
    pub tag_pages: bool,
    /// Whether these have feeds.
    pub tag_feeds: bool,
    /// Where content lies.
    pub content: Content,
    /// What is kept.
    pub curation: Curation,
    /// What a story is worth on the front page.
    pub ranking: Ranking,
    /// The front page.
    pub front: FrontSettings,
    /// How stories look in lists.
    pub look: Look,
    /// Comparison of stories.
    pub related: Related,
    /// Reports with which an event has a page; none when no event has one.
    pub event_pages: Option<usize>,
    /// Which articles have a page.
    pub article_pages: ArticlePages,
    /// Articles on a numbered page.
    pub page_size: usize,
    /// Which listings have numbered pages.
    pub older: Older,
    /// Feeds.
    pub feeds: Feeds,
    /// Digests; none when they are off.
    pub digests: Option<DigestSettings>,
    /// Addresses.
    pub permalinks: Permalinks,
    /// Whether there are month pages.
    pub archive: bool,
    /// Whether there is a page of sources.
    pub source_page: bool,
    /// Whether there is a JSON API.
    pub api: bool,
    /// Sitemaps.
    pub sitemap: Sitemaps,
    /// Search over all articles; none when it is off.
    pub search: Option<Search>,
    /// Which page of an article search engines are to show.
    pub canonical: Canonical,
    /// Whether there is a web app manifest.
    pub manifest: bool,
    /// Whether there is an `llms.txt`.
    pub llms: bool,
    /// What comes in from feeds.
    pub fetch: Fetch,
    /// Whether the desk commits what it changed to git.
    pub desk_commits: bool,
    /// Files for single hosts.
    pub host: Host,
    /// Picture for previews of pages without one.
    pub preview: Option<Preview>,
    /// Folder that the site is written to, relative to the root or absolute.
    pub output: String,
    /// How much of the last build a build may take out of the output without being asked about, in
    /// percent.
    pub delete_limit: usize,
    /// Content of the `CNAME` file.
    pub cname: Option<String>,
    /// Where the site is sent.
    pub deploy: Deploy,
    /// Looks.
    pub theme: Theme,
    /// Texts of the theme, complete.
    pub strings: BTreeMap<String, String>,
    /// Free values for templates.
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// Settings of the editions in other languages, in the order of the file.
    others: Vec<Config>,
    places: BTreeMap<&'static str, Location>,
    item_places: BTreeMap<&'static str, Vec<Location>>,
}

/// `[search]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Articles in a full part of the index.
    pub part_size: usize,
    /// Articles that share a file with what results show of them.
    pub together: usize,
}

/// Whether a text is a language tag (BCP 47).
pub fn is_language(written: &str) -> bool {
    language::is_tag(written)
}

/// A value and where it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// `site.toml:14`, or `default`.
    pub location: String,
}

/// `[related]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// How many similar stories an article may have.
    pub similar: usize,
    /// Seconds between two stories on the same event, at most.
    pub window: i64,
}

/// `[sitemap]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sitemaps {
    /// None.
    None,
    /// Those of all pages.
    Pages,
    /// Those of all pages, and one of the newest articles.
    PagesAndNews,
}

/// `canonical`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Canonical {
    /// Our page.
    Own,
    /// The original story.
    Original,
}

/// `[preview]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// URL, or path among the static files.
    pub image: String,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// What it shows.
    pub alt: Option<String>,
}

/// How often a digest comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// Every week, which begins on this day.
    Week(Weekday),
    /// Every day.
    Day,
}

/// `[digest]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestSettings {
    /// How often one comes out.
    pub cadence: Cadence,
    /// Name of the digest, of all digests alike.
    pub title: Option<String>,
    /// Stories in a digest, at most.
    pub stories: usize,
    /// Stories of one main topic in a digest, at most.
    pub per_topic: usize,
    /// Where a subscription is ended: a URL, or what a mail service replaces.
    pub unsubscribe: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// `[permalinks]`: patterns with `:placeholders`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permalinks {
    /// Articles.
    pub article: String,
    /// Topics.
    pub topic: String,
    /// Providers.
    pub provider: String,
    /// Articles of single folders, the deepest folder first.
    pub folders: Vec<(String, String)>,
    /// Letters of what placeholders stand for.
    pub slugs: SlugStyle,
}

impl Permalinks {
    /// The pattern of the article at a path.
    pub fn of_article(&self, path: &str) -> &str {
        let of_folder = self.folders.iter().find(|(folder, _)| {
            path.strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        });
        of_folder.map_or(&self.article, |(_, pattern)| pattern)
    }
}

/// `[theme]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Accent colour, `#rrggbb`.
    pub accent: Option<String>,
    /// Other colours by name, for light and for dark.
    pub colors: BTreeMap<&'static str, (String, String)>,
    /// Fonts of headlines and texts, as CSS.
    pub serif: Option<String>,
    /// Fonts of labels, as CSS.
    pub sans: Option<String>,
    /// Path of a font among the static files.
    pub font_file: Option<String>,
    /// Path of the logo among the static files.
    pub logo: Option<String>,
    /// Footer links: title and URL.
    pub links: Vec<(String, String)>,
    /// Folder of the site's own templates.
    pub templates: String,
    /// Folders of the site's own static files, each with the path, without a first and with a last
    /// slash, below which its files are served; nothing for the root.
    pub statics: Vec<(String, String)>,
}

impl Theme {
    /// The folders of templates and static files.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        let statics = self.statics.iter().map(|(_, folder)| folder.as_str());
        std::iter::once(self.templates.as_str()).chain(statics)
    }
}

impl Config {
    /// Reads a `site.toml`.
    ///
    /// # Errors
    /// Every unknown key, wrong value and syntax error of the file, in the order of the file.
    pub fn resolve(
        path: &str,
        text: &str,
        overrides: &Overrides,
    ) -> Result<Config, Vec<Diagnostic>> {
        let mut reader = Reader::new(path, text);
        let values = reader.read();
        let config = Resolver::new(&values, &mut reader).config(overrides);
        let mut problems = reader.problems;
        // Editions share settings, and so mistakes in them.
        let mut known = HashSet::default();
        problems.retain(|problem| known.insert(problem.clone()));
        problems.sort_by_key(|problem| {
            problem
                .location
                .as_ref()
                .map(|location| (location.line, location.column))
        });
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(problems)
        }
    }

    /// The settings of each edition; those of the default one are the settings themselves.
    pub fn editions(&self) -> List<EditionId, &Config> {
        std::iter::once(self).chain(&self.others).collect()
    }

    /// Serves all editions from another scheme, host and port.
    pub fn set_origin(&mut self, origin: &str) {
        for config in std::iter::once(&mut self.base_url)
            .chain(self.others.iter_mut().map(|other| &mut other.base_url))
        {
            origin.clone_into(&mut config.origin);
        }
    }

    /// The settings of an edition.
    pub fn edition(&self, id: EditionId) -> &Config {
        let other = id.number().checked_sub(1);
        other
            .and_then(|other| self.others.get(other))
            .unwrap_or(self)
    }

    /// The table of the file that a table of the edition's settings is: `strings`, or
    /// `languages.de.strings`.
    pub fn table(&self, name: &str) -> String {
        match &self.tag {
            Some(tag) => format!("languages.{tag}.{name}"),
            None => name.to_owned(),
        }
    }

    /// Where a key was set, as `site.toml:14`, or `default`.
    pub fn location(&self, key: &str) -> String {
        self.places.get(key).map_or_else(
            || "default".to_owned(),
            |location| format!("{}:{}", location.path, location.line),
        )
    }

    /// Where a key was set, to be shown; the file as a whole where it was not.
    pub fn location_of(&self, key: &str) -> Location {
        self.places
            .get(key)
            .cloned()
            .unwrap_or_else(|| Location::file(&self.path))
    }

    /// Where the item of a list was set, to be shown.
    pub fn location_of_item(&self, key: &str, number: usize) -> Location {
        let item = self
            .item_places
            .get(key)
            .and_then(|items| items.get(number));
        item.cloned().unwrap_or_else(|| self.location_of(key))
    }

    /// Whether the file sets a key.
    pub fn is_set(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }
}
