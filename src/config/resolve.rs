//! Values of keys → [`Config`]: the checks that a kind alone cannot make.
//!
//! # Files
//!
//! - `curation.rs`: `[curation]`
//! - `fetch.rs`: `[fetch]`
//! - `host.rs`: `[host]`
//! - `languages.rs`: `[languages]`
//! - `lists.rs`: `[[lists]]` and `nav`
//! - `permalinks.rs`: patterns of addresses
//! - `shape.rs`: what pages there are, and what the front page and listings show
//! - `theme.rs`: colours, fonts and texts

mod curation;
mod fetch;
mod host;
mod languages;
mod lists;
mod permalinks;
mod shape;
mod theme;

use std::ops::Range;

use std::collections::BTreeMap;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use url::Url;

use super::fields::{FieldMap, MAPPED_FIELDS, MappedField, Source};
use super::keys::WEEKDAYS;
use super::read::{Reader, Value, Values};
use super::{
    ArticlePages, BaseUrl, Cadence, Canonical, Config, Content, Deploy, DigestSettings, Encoding,
    FeedFormat, FeedText, Feeds, Keep, Limits, Override, OverrideScope, Overrides, Preview,
    Related, Search, Setting, Sitemaps, language,
};
use crate::diagnostic::{Location, nearest};
use crate::ids::EditionId;
use crate::workspace::is_below;

pub(super) struct Resolver<'r, 'a> {
    values: &'r Values,
    reader: &'r mut Reader<'a>,
}

/// Articles that share a file with what results of a search show of them: few enough to load
/// quickly, enough that a large site does not have twice as many files.
const RECORDS: usize = 10;
/// The same on a site that has few files.
const RECORDS_OF_FEW_FILES: usize = 200;

impl<'r, 'a> Resolver<'r, 'a> {
    pub(super) fn new(values: &'r Values, reader: &'r mut Reader<'a>) -> Self {
        Resolver { values, reader }
    }

    /// The settings of the site, with those of its other editions.
    pub(super) fn config(mut self, overrides: &Overrides) -> Config {
        let others = self.languages(overrides);
        let mut config = self.edition(overrides);
        for other in &others {
            let read = &mut config.content.articles;
            let content = &other.content;
            read.extend(languages::unread(&other.folders, read, &content.pages));
        }
        config.others = others;
        config
    }

    fn edition(&mut self, overrides: &Overrides) -> Config {
        Config {
            path: self.reader.path.to_owned(),
            title: self.text("title"),
            base_url: self.base_url(overrides.base_url.as_deref()),
            id: EditionId::DEFAULT,
            tag: None,
            prefix: String::new(),
            output_folder: String::new(),
            folders: Vec::new(),
            language_name: self.optional_text("language_name"),
            description: self.optional_text("description"),
            locale: self.locale(),
            time_zone: self.time_zone(),
            author: self.optional_text("author"),
            nav: self.nav(),
            lists: self.lists(),
            tag_pages: self.boolean("tags.pages"),
            tag_feeds: self.boolean("tags.feeds"),
            content: self.content(),
            curation: self.curation(),
            ranking: self.ranking(),
            front: self.front(),
            look: self.look(),
            related: Related {
                similar: self.size("related.similar"),
                window: self.integer("related.window"),
            },
            event_pages: self.event_pages(),
            article_pages: self.article_pages(),
            page_size: self.page_size(),
            older: self.older(),
            feeds: self.feeds(),
            digests: self.digests(),
            permalinks: self.permalinks(),
            archive: self.boolean("archive.enabled"),
            source_page: self.boolean("sources.page"),
            api: self.boolean("api.enabled"),
            sitemap: match (
                self.boolean("sitemap.enabled"),
                self.boolean("sitemap.news"),
            ) {
                (false, _) => Sitemaps::None,
                (true, false) => Sitemaps::Pages,
                (true, true) => Sitemaps::PagesAndNews,
            },
            canonical: if self.text("canonical") == "original" {
                Canonical::Original
            } else {
                Canonical::Own
            },
            manifest: self.boolean("manifest.enabled"),
            llms: self.boolean("llms.enabled"),
            fetch: self.fetch(),
            desk_commits: self.boolean("desk.commit"),
            host: self.host(),
            preview: self.preview(),
            search: self.search(),
            output: overrides
                .output
                .clone()
                .unwrap_or_else(|| self.text("output.dir")),
            delete_limit: overrides
                .delete_limit
                .unwrap_or_else(|| self.size("output.delete_limit")),
            cname: self.optional_text("output.cname"),
            deploy: self.deploy(),
            theme: self.theme(),
            strings: self.strings(),
            extra: match self.values.get("extra") {
                Some((Value::FreeTable(table), _)) => table.clone(),
                _ => serde_json::Map::new(),
            },
            others: Vec::new(),
            places: self
                .values
                .spans()
                .map(|(name, span)| (name, self.location(span)))
                .collect(),
            item_places: self
                .values
                .items()
                .map(|(name, spans)| (name, spans.iter().map(|span| self.location(span)).collect()))
                .collect(),
        }
    }

    fn location(&self, span: &Range<usize>) -> Location {
        Location::of_span(self.reader.path, self.reader.text, span.clone())
    }

    fn span(&self, name: &str) -> Range<usize> {
        self.values
            .get(name)
            .and_then(|(_, span)| span)
            .unwrap_or(0..0)
    }

    fn setting<T>(&self, values: &Values, name: &str, value: T) -> Setting<T> {
        let location = match values.get(name) {
            Some((_, Some(span))) => format!("{}:{}", self.reader.path, self.location(&span).line),
            _ => "default".to_owned(),
        };
        Setting { value, location }
    }

    fn text(&self, name: &str) -> String {
        self.optional_text(name).unwrap_or_default()
    }

    fn optional_text(&self, name: &str) -> Option<String> {
        optional_text(self.values, name)
    }

    fn integer(&self, name: &str) -> i64 {
        optional_integer(self.values, name).unwrap_or_default()
    }

    fn size(&self, name: &str) -> usize {
        usize::try_from(self.integer(name)).unwrap_or_default()
    }

    fn boolean(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some((Value::Boolean(true), _)))
    }

    fn texts(&self, name: &str) -> Vec<String> {
        match self.values.get(name) {
            Some((Value::Texts(texts), _)) => texts.clone(),
            _ => Vec::new(),
        }
    }

    fn keep(&self, name: &str) -> Keep {
        if self.text(name) == "keep" {
            Keep::Keep
        } else {
            Keep::Drop
        }
    }

    fn base_url(&mut self, flag: Option<&str>) -> BaseUrl {
        let written = flag.map_or_else(|| self.text("base_url"), str::to_owned);
        match BaseUrl::parse(&written) {
            Ok(base) => base,
            Err(wrong) => {
                let (span, from) = match flag {
                    Some(_) => (0..0, "--base-url"),
                    None => (self.span("base_url"), "`base_url`"),
                };
                self.reader.problem(
                    span,
                    format!("{from} {wrong}"),
                    "use a URL such as https://example.org/ or https://example.org/news/",
                );
                BaseUrl {
                    origin: String::new(),
                    path: String::new(),
                }
            }
        }
    }

    fn locale(&mut self) -> String {
        let locale = self.text("locale");
        if !language::is_tag(&locale) {
            let span = self.span("locale");
            let message = "`locale` must be a BCP 47 language tag without extensions";
            self.reader
                .problem(span, message, "use a tag such as en, en-GB or zh-Hans");
        }
        locale
    }

    fn time_zone(&mut self) -> TimeZone {
        let name = self.text("time_zone");
        TimeZone::get(&name).unwrap_or_else(|_| {
            let span = self.span("time_zone");
            self.reader.problem(
                span,
                format!("unknown time zone `{name}`"),
                "use an IANA name such as Europe/Berlin or UTC",
            );
            TimeZone::UTC
        })
    }

    fn content(&mut self) -> Content {
        let articles = self.texts("content.articles");
        if articles.is_empty() {
            let span = self.span("content.articles");
            self.reader.problem(
                span,
                "`content.articles` is empty",
                "give at least one folder, such as [\"content/news\"]",
            );
        }
        let articles: Vec<String> = articles.iter().map(|name| folder(name)).collect();
        let own = |name: &str| folder(&self.text(name));
        let [topics, providers, pages] =
            ["content.topics", "content.providers", "content.pages"].map(own);
        let [sources, queue, ledger] =
            ["content.sources", "content.queue", "content.ledger"].map(own);
        // A folder that a build reads is content, whatever else it is named for.
        let is_read = |folder: &String| {
            let others = articles.iter().chain([&topics, &providers, &pages]);
            others.into_iter().any(|other| is_below(other, folder))
        };
        let mut aside = vec![sources.clone(), queue.clone(), ledger.clone()];
        aside.retain(|folder| !is_read(folder));
        Content {
            articles,
            topics,
            providers,
            pages,
            skip: self.texts("content.skip"),
            fields: self.fields(),
            aside,
            sources,
            queue,
            ledger,
            embed_hosts: self
                .texts("content.embed_hosts")
                .iter()
                .map(|host| host.to_lowercase())
                .collect(),
            typography: self.boolean("content.typography"),
            strip_tracking: self.boolean("content.strip_tracking"),
        }
    }

    /// The preset, with what the table says in its place.
    fn fields(&mut self) -> FieldMap {
        let mut map = FieldMap::preset(&self.text("content.preset"));
        let Some((Value::FieldTable(table), _)) = self.values.get("content.fields") else {
            return map;
        };
        for entry in table {
            let Some(field) = MappedField::of(&entry.field) else {
                let help = match nearest(&entry.field, MAPPED_FIELDS.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("the fields are {}", MAPPED_FIELDS.join(", ")),
                };
                let message = format!("articles have no field `{}`", entry.field);
                self.reader.problem(entry.name.clone(), message, help);
                continue;
            };
            let mut sources = Vec::new();
            for (text, span) in &entry.sources {
                match Source::parse(field, text) {
                    Ok(source) => sources.push(source),
                    Err(error) => self.reader.problem(
                        span.clone(),
                        format!("`{text}` cannot be read as `{}`: {error}", entry.field),
                        "name a field of the front matter, such as \"date\" or \"source.domain\"",
                    ),
                }
            }
            map.set(field, sources);
        }
        map
    }

    fn limits(&self, values: &Values, prefix: &str) -> Limits {
        let integer = |name: &str| {
            let name = format!("{prefix}{name}");
            optional_integer(values, &name).map(|value| self.setting(values, &name, value))
        };
        let unscored = format!("{prefix}unscored");
        Limits {
            min_quality: integer("min_quality"),
            min_heat: integer("min_heat"),
            max_age: integer("max_age"),
            unscored: optional_text(values, &unscored).map(|word| {
                self.setting(
                    values,
                    &unscored,
                    if word == "keep" {
                        Keep::Keep
                    } else {
                        Keep::Drop
                    },
                )
            }),
        }
    }

    fn overrides(&mut self) -> Vec<Override> {
        let Some((Value::Tables(tables), Some(span))) = self.values.get("curation.override") else {
            return Vec::new();
        };
        let mut overrides = Vec::new();
        for table in tables {
            let scope = match (
                optional_text(table, "topic"),
                optional_text(table, "provider"),
            ) {
                (Some(topic), None) => OverrideScope::Topic(topic),
                (None, Some(provider)) => OverrideScope::Provider(domain(&provider)),
                _ => {
                    let at = table
                        .spans()
                        .map(|(_, span)| span.clone())
                        .next()
                        .unwrap_or_else(|| span.clone());
                    self.reader.problem(
                        at,
                        "each [[curation.override]] must name one `topic` or one `provider`",
                        "set exactly one of the two; to override both, use two tables",
                    );
                    continue;
                }
            };
            let scope_span = ["topic", "provider"]
                .iter()
                .find_map(|name| table.get(name)?.1)
                .unwrap_or_else(|| span.clone());
            overrides.push(Override {
                scope,
                limits: self.limits(table, ""),
                location: self.location(&scope_span),
            });
        }
        overrides
    }

    fn feeds(&mut self) -> Feeds {
        let mut formats: Vec<FeedFormat> = self
            .texts("feeds.formats")
            .iter()
            .filter_map(|name| match name.as_str() {
                "atom" => Some(FeedFormat::Atom),
                "rss" => Some(FeedFormat::Rss),
                "json" => Some(FeedFormat::Json),
                _ => None,
            })
            .collect();
        formats.sort_unstable();
        formats.dedup();
        Feeds {
            formats,
            text: match self.text("feeds.text").as_str() {
                "excerpt" => FeedText::Excerpt,
                "link" => FeedText::Link,
                _ => FeedText::Full,
            },
            to_original: self.text("feeds.links") == "original",
            max_bytes: self.size("feeds.max_kilobytes") * 1000,
            limit: self.size("feeds.limit"),
            of_providers: self.feeds_of_providers(),
            opml: self.boolean("feeds.opml"),
        }
    }

    fn preview(&mut self) -> Option<Preview> {
        let image = self.optional_text("preview.image")?;
        let is_url = image.contains("://") || image.starts_with("//");
        if image.is_empty()
            || (is_url && !Url::parse(&image).is_ok_and(|url| url.scheme() == "https"))
        {
            let span = self.span("preview.image");
            self.reader.problem(
                span,
                "`preview.image` must be a path among the static files, or an https URL",
                "for static/preview.png, use /preview.png",
            );
        }
        let image = if is_url {
            image
        } else {
            image.trim_start_matches('/').to_owned()
        };
        let pixels = |name: &str| {
            u32::try_from(self.integer(name))
                .ok()
                .filter(|pixels| *pixels > 0)
        };
        let (width, height) = (pixels("preview.width"), pixels("preview.height"));
        Some(Preview {
            image,
            width,
            height,
            alt: self.optional_text("preview.alt"),
        })
    }

    fn digests(&mut self) -> Option<DigestSettings> {
        let unsubscribe = self.optional_text("digest.unsubscribe");
        if unsubscribe
            .as_deref()
            .is_some_and(|target| !is_way_out(target))
        {
            let span = self.span("digest.unsubscribe");
            self.reader.problem(
                span,
                "`digest.unsubscribe` is neither a URL nor a placeholder",
                "use an https:// URL, a mailto: address, or a placeholder of your mail service, \
                 such as \"*|UNSUB|*\" or \"{{ unsubscribe_url }}\"",
            );
        }
        let cadence = match self.text("digest.period").as_str() {
            "off" => return None,
            "day" => Cadence::Day,
            _ => {
                let day = self.text("digest.weekday");
                let number = WEEKDAYS
                    .iter()
                    .position(|name| *name == day)
                    .unwrap_or_default();
                Cadence::Week(
                    Weekday::Monday.wrapping_add(i32::try_from(number).unwrap_or_default()),
                )
            }
        };
        Some(DigestSettings {
            cadence,
            title: self.optional_text("digest.title"),
            stories: self.size("digest.stories"),
            per_topic: self.size("digest.per_topic"),
            unsubscribe,
            address: self.optional_text("digest.address"),
        })
    }

    /// Whether the file sets a key.
    fn is_set(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some((_, Some(_))))
    }

    fn search(&mut self) -> Option<Search> {
        let enabled = self.boolean("search.enabled");
        if enabled && !cfg!(feature = "search") {
            let span = self.span("search.enabled");
            self.reader.problem(
                span,
                "this newsgen was built without search",
                "build it with `--features search`, or remove `search.enabled`",
            );
        }
        enabled.then(|| Search {
            part_size: self.size("search.part_size"),
            together: match self.article_pages() {
                ArticlePages::None => RECORDS_OF_FEW_FILES,
                ArticlePages::All | ArticlePages::Own => RECORDS,
            },
        })
    }

    fn deploy(&mut self) -> Deploy {
        let targets = match self.values.get("deploy.targets") {
            Some((Value::TextTable(targets), _)) => targets
                .iter()
                .map(|(name, target)| (name.clone(), target.text.clone()))
                .collect(),
            _ => BTreeMap::new(),
        };
        let default = self.optional_text("deploy.default");
        if let Some(name) = default.as_ref().filter(|name| !targets.contains_key(*name)) {
            let help = match nearest(name, targets.keys().map(String::as_str)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "use one of the names in [deploy.targets]".to_owned(),
            };
            let span = self.span("deploy.default");
            self.reader
                .problem(span, format!("unknown target `{name}`"), help);
        }
        Deploy {
            targets,
            default,
            compress: match self.text("deploy.compress").as_str() {
                "br" => Encoding::Brotli,
                "gzip" => Encoding::Gzip,
                _ => Encoding::None,
            },
            delete_limit: self.size("deploy.delete_limit"),
            jobs: self.size("deploy.jobs"),
        }
    }
}

/// One name for one folder: `./content//news/` is `content/news`.
fn folder(name: &str) -> String {
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "."));
    let plain = parts.collect::<Vec<_>>().join("/");
    match (name.starts_with('/'), plain.is_empty()) {
        (true, _) => format!("/{plain}"),
        (false, true) => ".".to_owned(),
        (false, false) => plain,
    }
}

fn optional_text(values: &Values, name: &str) -> Option<String> {
    match values.get(name) {
        Some((Value::Text(text), _)) => Some(text.clone()),
        _ => None,
    }
}

fn optional_integer(values: &Values, name: &str) -> Option<i64> {
    match values.get(name) {
        Some((Value::Integer(number) | Value::Duration(number), _)) => Some(*number),
        _ => None,
    }
}

/// A domain as content names it: in lower case, without scheme, `www.`, port or path.
fn domain(written: &str) -> String {
    let written = written.trim();
    let url = if written.contains("://") {
        Url::parse(written)
    } else {
        Url::parse(&format!("https://{written}"))
    };
    let host = url.ok().and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_else(|| written.to_lowercase());
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// Whether a text may stand in a link that ends a subscription: mail services mark what they
/// replace with braces, brackets, stars or percent signs.
fn is_way_out(text: &str) -> bool {
    let is_address = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    is_address || text.starts_with(['{', '[', '*', '%'])
}
