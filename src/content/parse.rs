//! Bytes of an article file → [`Article`] and [`Facts`], or everything that is wrong with it.
//!
//! # Files
//!
//! - `required.rs`: title, date and address, without which there is no article
//! - `dates.rs`: its dates
//! - `extra.rs`: fields that newsgen does not know
//! - `related.rs`: related stories
//! - `aliases.rs`: old addresses
//! - `lint.rs`: warnings about what is seen here

mod aliases;
mod dates;
mod extra;
mod lint;
mod related;
mod required;

use ahash::AHashSet;
use jiff::tz::TimeZone;

use super::article::{
    Article, ArticleProvider, Detail, EventMark, Facts, Image, ProviderKey, RelatedKey, Story,
    StoryKey, Words,
};
use super::budget::{self, Cuts, Part, TooMuch};
use super::front_matter::{
    ArticleFields, ImageFields, Images, Loose, Names, Permalink, ProviderFields, Scalar, Scalars,
    Whole,
};
use super::images::pixels;
use super::language::Languages;
use super::mapped::{self, ArticleFile};
use super::markdown::Quotes;
use super::sanitize::{Body, Sanitizer};
use super::split;
use super::{authors, domain, markdown, mdx, names, secured, target, text, values, words};
use crate::config::fields::{FieldMap, Source};
use crate::config::{Config, ListField};
use crate::diagnostic::{Diagnostic, Location};
use crate::hash::{Hash128, Hasher};
use crate::ids::{EditionId, List};
use crate::time::Time;
pub(super) use aliases::read_aliases;

/// What parsing depends on besides the file.
pub struct Parser {
    zone: TimeZone,
    fields: FieldMap,
    sanitizer: Sanitizer,
    languages: Languages,
    /// The quotation marks of each edition; none when they stay as they are.
    quotes: Option<List<EditionId, Quotes>>,
    /// The language of each edition, if stories are compared.
    compares: Option<List<EditionId, String>>,
    strips_tracking: bool,
    /// Whether curation asks for unknown fields.
    keeps_extra: bool,
    /// What warnings take for the present; nothing that is read depends on it.
    now: Option<Time>,
    hash: Hash128,
}

impl Parser {
    /// A parser for one site.
    pub fn new(config: &Config) -> Parser {
        let mut hasher = Hasher::new("parser");
        hasher
            .text(env!("NEWSGEN_CODE"))
            .text(config.time_zone.iana_name().unwrap_or_default());
        for host in &config.content.embed_hosts {
            hasher.text(host);
        }
        let keeps_extra = config
            .lists
            .iter()
            .any(|list| list.asks_for(ListField::Extra));
        hasher.number(i64::from(keeps_extra));
        let editions = config.editions();
        let is_compared = editions.iter().any(|config| config.related.similar > 0);
        let compares = is_compared.then(|| editions.map(|config| config.locale.clone()));
        hasher.optional(compares.as_ref().map(|_| config.locale.as_str()));
        let strips_tracking = config.content.strip_tracking;
        hasher.number(i64::from(strips_tracking));
        hasher.text(&config.content.fields.described());
        let locale = config.content.typography.then_some(config.locale.as_str());
        hasher.optional(locale);
        let languages = Languages::new(config);
        if !languages.is_single() {
            hasher.hash(languages.hash());
        }
        let quotes = || config.editions().map(|config| Quotes::of(&config.locale));
        Parser {
            fields: config.content.fields.clone(),
            zone: config.time_zone.clone(),
            sanitizer: Sanitizer::new(&config.content.embed_hosts),
            quotes: config.content.typography.then(quotes),
            languages,
            compares,
            keeps_extra,
            strips_tracking,
            now: None,
            hash: hasher.finish(),
        }
    }

    /// The same, to warn of dates that come after `now`.
    #[must_use]
    pub fn at(self, now: Time) -> Parser {
        Parser {
            now: Some(now),
            ..self
        }
    }

    /// A web address as readers get it.
    fn web_url(&self, written: Option<&Scalar>) -> Option<String> {
        self.for_readers(text::web_url(&written?.0))
    }

    /// A web address without what only says where a reader came from, if the site wants that.
    fn for_readers(&self, url: Option<String>) -> Option<String> {
        let clean = url.as_deref().filter(|_| self.strips_tracking);
        clean.and_then(text::without_tracking).or(url)
    }

    /// A digest of everything that parsing depends on besides the file: a cache made with another
    /// one is of no use.
    pub fn hash(&self) -> Hash128 {
        self.hash
    }

    /// Markdown of an article or a page of an edition as sanitised HTML; none when nothing is left
    /// of it.
    ///
    /// # Errors
    /// When it breaks a budget.
    pub(super) fn body(&self, markdown: &str, edition: EditionId) -> Result<Option<Body>, TooMuch> {
        let quotes = self.quotes.as_ref().map(|quotes| quotes[edition]);
        self.sanitizer.body(&markdown::to_html(markdown, quotes)?)
    }

    /// The languages of the site.
    pub(super) fn languages(&self) -> &Languages {
        &self.languages
    }
}

/// An article file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What pages show.
    pub article: Article,
    /// What curation needs.
    pub facts: Facts,
}

impl Parser {
    /// Which fields of a tree are read as which of ours.
    pub fn field_map(&self) -> &FieldMap {
        &self.fields
    }

    /// The fields that a file reads a field of ours from, by a name other than our own, and
    /// whether each says the opposite. There is more than one for `published` alone.
    pub fn sources_in(&self, path: &str, bytes: &[u8], field: &str) -> Vec<(String, bool)> {
        match self.fields(path, bytes) {
            Ok((file, _)) => file.map.sources_of(field),
            Err(_) => Vec::new(),
        }
    }

    /// Reads an article.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn article(&self, path: &str, bytes: &[u8]) -> Result<Parsed, Vec<Diagnostic>> {
        self.read(path, bytes).map_err(|mut problems| {
            secured::hide(bytes, &mut problems);
            problems
        })
    }

    fn read(&self, path: &str, bytes: &[u8]) -> Result<Parsed, Vec<Diagnostic>> {
        let (file, fields) = self.fields(path, bytes).map_err(|problem| vec![problem])?;
        Builder {
            parser: self,
            file: &file,
            problems: Vec::new(),
            cuts: Cuts::default(),
        }
        .build(fields)
    }

    fn fields<'p>(
        &self,
        path: &'p str,
        bytes: &[u8],
    ) -> Result<(ArticleFile<'p>, ArticleFields), Diagnostic> {
        let mut split = split::split(path, split::decode(path, bytes)?)?;
        let (mut fields, map) = mapped::read_article(path, &split, &self.fields)?;
        if self.fields.has_words_as_names {
            fields.topics = fields.topics.map(Names::in_words);
            fields.tags = fields.tags.map(Names::in_words);
        }
        if names::is_mdx(path) {
            split.body = mdx::markdown(&split.body).text;
        }
        let has_title = fields
            .title
            .as_ref()
            .is_some_and(|title| !title.0.trim().is_empty());
        if !has_title
            && (split.format.is_none() || self.fields.sources("title").contains(&Source::Heading))
            && let Some((title, rest)) = markdown::take_title(&split.body)
        {
            fields.title = Some(Scalar(title));
            split.body = rest;
        }
        Ok((ArticleFile { path, split, map }, fields))
    }
}

struct Builder<'a> {
    parser: &'a Parser,
    file: &'a ArticleFile<'a>,
    problems: Vec<Diagnostic>,
    cuts: Cuts,
}

impl Builder<'_> {
    fn problem(&mut self, field: &str, message: String, help: &str) {
        let location = self.file.location(field);
        self.problems.push(
            Diagnostic::error("article", message)
                .at(location)
                .help(help),
        );
    }

    fn build(mut self, mut fields: ArticleFields) -> Result<Parsed, Vec<Diagnostic>> {
        let Some(title) = self.title(&fields) else {
            let help = "add a line `title: \"…\"`";
            match &fields.title {
                Some(title) if !title.0.trim().is_empty() => {
                    let message = "nothing can be seen of the `title`".to_owned();
                    self.problem("title", message, help);
                }
                _ => self.missing(&fields, "title", help),
            }
            return Err(self.problems);
        };
        let published = self.published(&fields);
        if fields.extra.fields.contains_key("<<") {
            let help = "write out the fields";
            self.problem(
                "<<",
                "merge keys (`<<`) are not part of YAML 1.2 and are not supported".into(),
                help,
            );
        }
        let updated = self.time("updatedDateTime", fields.updated_date_time.as_ref());
        let original_url = self.link("originalUrl", fields.original_url.as_ref());
        let web_url = self.link("webUrl", fields.web_url.as_ref());
        // Nothing leads to these forms but the API: one that cannot be used is left out, and
        // `check` says so.
        let parser = self.parser;
        let amp_web_url = parser.web_url(fields.amp_web_url.as_ref());
        let cdn_amp_web_url = parser.web_url(fields.cdn_amp_web_url.as_ref());
        let locale = fields.locale.as_ref().map(|locale| locale.0.as_str());
        let edition = parser.languages.edition(self.file.path, locale);
        let (body, relative) = match self.body(edition) {
            Some(Body { html, relative }) => (Some(html), relative),
            None => (None, Vec::new()),
        };
        let embed = fields
            .featured_content
            .as_ref()
            .map(|html| self.parser.sanitizer.embed(&html.0, &title));
        let embed = embed.unwrap_or(Ok(None)).unwrap_or_else(|too_much| {
            self.problem(
                "featuredContent",
                format!("`featuredContent` {too_much}"),
                "make sure that it is an embed",
            );
            None
        });
        let is_published = fields.is_published();
        let aliases = self.aliases(fields.aliases.take());
        let permalink = self.permalink(fields.permalink.as_ref());
        let expires = self.time("expiryDate", fields.expiry_date.as_ref());
        let pin = self.pin(fields.pin.as_ref());
        let written = original_url.clone().or_else(|| web_url.clone());
        let [original_url, web_url] = [original_url, web_url].map(|url| parser.for_readers(url));
        let link = original_url.clone().or_else(|| web_url.clone());
        let written_link = written.filter(|written| Some(written) != link.as_ref());
        if link.is_none() && body.is_none() && embed.is_none() && self.problems.is_empty() {
            self.problem(
                "originalUrl",
                "the article has no content: it has neither `originalUrl` nor `webUrl`, and no text"
                    .into(),
                "add a line `originalUrl: \"https://…\"`, or text below the front matter",
            );
        }
        let Some(published) = published.filter(|_| self.problems.is_empty()) else {
            return Err(self.problems);
        };

        // One of the two dates is wrong, and `check` says so: to go on, the article was not
        // changed.
        let updated = updated.filter(|updated| *updated >= published);
        let mut images = self.images(Part::Images, Part::ImageText, fields.images.as_ref());
        let more_images = images.split_off(images.len().min(1));
        let provider_images = fields.provider.as_ref().and_then(|own| own.images.as_ref());
        let provider_images = self.images(Part::ProviderImages, Part::ImageText, provider_images);
        let languages = &self.parser.languages;
        let translation = languages.of_translation(self.file.path, &fields.extra);
        let source = extra::source(&fields.extra);
        let extra = self.extra(fields.extra, fields.length.as_ref());
        let tags = self.names(Part::Tags, Part::TagName, fields.tags, budget::TAGS);
        let story = Story {
            title,
            excerpt: self.text(Part::Excerpt, fields.excerpt.as_ref(), budget::EXCERPT),
            provider: self.provider(
                Part::ProviderName,
                fields.provider.as_ref(),
                link.as_deref(),
            ),
            link,
            published,
            updated,
            locale: self.text(Part::Locale, fields.locale.as_ref(), budget::NAME),
            kind: self
                .text(Part::Kind, fields.kind.as_ref(), budget::NAME)
                .unwrap_or_else(|| "article".to_owned()),
            duration: fields
                .length
                .as_ref()
                .and_then(|length| values::duration(&length.0)),
            authors: authors::clean(fields.authors.unwrap_or_default(), &mut self.cuts),
            topics: self.names(Part::Topics, Part::TopicName, fields.topics, budget::TOPICS),
            image: images.pop(),
            quality: fields.quality.map(|Whole(quality)| quality),
            heat: fields
                .heat
                .map(|Whole(heat)| heat)
                .filter(|heat| *heat >= 0),
            highlight: self.text(Part::Highlight, fields.highlight.as_ref(), budget::REMARK),
            tags,
            extra,
        };
        let provider_logo = provider_images.first().map(|image| image.url.clone());
        let detail = Detail {
            original_url,
            web_url,
            written_link,
            amp_web_url,
            cdn_amp_web_url,
            body,
            embed,
            more_images,
            provider_images,
            related: self.all_related(fields.related.as_ref()),
            category: self
                .text(Part::Category, fields.category.as_ref(), budget::NAME)
                .unwrap_or_else(|| "news".to_owned()),
        };
        let facts = Facts {
            title: story.title.clone(),
            published,
            updated,
            is_published,
            is_deleted: fields.deleted.unwrap_or(false) || fields.removed.unwrap_or(false),
            quality: story.quality,
            heat: story.heat,
            category: detail.category.clone(),
            kind: story.kind.clone(),
            provider: story.provider.clone(),
            topics: story.topics.clone(),
            has_categories: self.file.has_categories(),
            key: story.link.as_deref().map(StoryKey::of),
            link: story.link.clone(),
            excerpt_length: story.excerpt.as_ref().map_or(0, |excerpt| {
                u32::try_from(excerpt.chars().count()).unwrap_or(u32::MAX)
            }),
            has_image: story.image.is_some(),
            has_body: detail.body.is_some(),
            other_local_images: detail
                .more_images
                .iter()
                .chain(&detail.provider_images)
                .map(|image| &image.url)
                .filter(|url| is_local(url))
                .cloned()
                .collect(),
            local_image: story
                .image
                .as_ref()
                .map(|image| &image.url)
                .filter(|url| is_local(url))
                .cloned(),
            relative,
            related: detail
                .related
                .iter()
                .map(|related| RelatedKey {
                    story: related.key,
                    provider: related
                        .provider
                        .as_ref()
                        .map(|provider| ProviderKey::of(&provider.domain)),
                })
                .collect(),
            words: match &self.parser.compares {
                Some(locales) => words::of(
                    &words::Texts {
                        title: &story.title,
                        excerpt: story.excerpt.as_deref().unwrap_or_default(),
                        link: story.link.as_deref(),
                        locale: story.locale.as_deref(),
                    },
                    &locales[edition],
                ),
                None => Words::default(),
            },
            event: fields.event.as_ref().and_then(|event| event_mark(&event.0)),
            provider_logo,
            slug: fields
                .slug
                .as_ref()
                .and_then(|slug| text::word(&slug.0))
                .map(|slug| self.cuts.text(Part::Slug, slug, budget::NAME)),
            permalink,
            tags: story.tags.clone(),
            locale: story.locale.clone(),
            extra: match self.parser.keeps_extra {
                true => story.extra.clone(),
                false => String::new(),
            },
            source,
            expires,
            pin,
            aliases,
            edition,
            translation,
            cuts: self.cuts.into_sorted(),
        };
        Ok(Parsed {
            article: Article { story, detail },
            facts,
        })
    }

    fn aliases(&mut self, written: Option<Scalars>) -> Vec<String> {
        let (mut aliases, problems) = read_aliases(self.file.path, &self.file.split, written);
        self.problems.extend(problems);
        let of = aliases.len();
        self.cuts
            .list(Part::Aliases, &mut aliases, of, budget::ALIASES);
        aliases
    }

    /// One line of at most `most` characters.
    fn text(&mut self, part: Part, scalar: Option<&Scalar>, most: usize) -> Option<String> {
        Some(self.cuts.text(part, one_line(scalar)?, most))
    }

    /// The first `most` names of a list, without repetition.
    fn names(
        &mut self,
        list: Part,
        name: Part,
        written: Option<Names>,
        most: usize,
    ) -> Vec<String> {
        let mut names = distinct(written.map(|written| written.names));
        let of = names.len();
        self.cuts.list(list, &mut names, of, most);
        names
            .into_iter()
            .map(|text| self.cuts.text(name, text, budget::NAME))
            .collect()
    }

    fn images(&mut self, list: Part, text: Part, images: Option<&Images>) -> Vec<Image> {
        let Some(images) = images else {
            return Vec::new();
        };
        self.cuts.note(list, images.items.len(), images.of);
        let url = match list {
            Part::Images => target::picture,
            _ => text::image_url,
        };
        let mut clean = clean_images(&images.items, url);
        for image in &mut clean {
            for written in [&mut image.title, &mut image.attribution] {
                *written = written
                    .take()
                    .map(|written| self.cuts.text(text, written, budget::REMARK));
            }
        }
        clean
    }

    fn provider(
        &mut self,
        part: Part,
        fields: Option<&ProviderFields>,
        link: Option<&str>,
    ) -> Option<ArticleProvider> {
        let named = fields
            .and_then(|fields| fields.domain.as_ref())
            .and_then(|written| text::domain(&written.0));
        let domain = named.or_else(|| link.and_then(text::host))?;
        let name = self
            .text(
                part,
                fields.and_then(|fields| fields.name.as_ref()),
                budget::NAME,
            )
            .unwrap_or_else(|| domain::shown(&domain));
        Some(ArticleProvider { name, domain })
    }

    fn body(&mut self, edition: EditionId) -> Option<Body> {
        let markdown = self.file.split.body.trim();
        if markdown.is_empty() {
            return None;
        }
        self.parser
            .body(markdown, edition)
            .unwrap_or_else(|too_much| {
                self.problems.push(bad_body(self.file.path, too_much));
                None
            })
    }
}

/// A text below a front matter that is not read.
pub(super) fn bad_body(path: &str, too_much: TooMuch) -> Diagnostic {
    Diagnostic::error(
        "body",
        format!("the text below the front matter {too_much}"),
    )
    .at(Location::file(path))
    .help("make sure that it is Markdown")
}

fn one_line(scalar: Option<&Scalar>) -> Option<String> {
    text::line(&scalar?.0)
}

/// The event that an article names; none for a text without anything to be seen.
fn event_mark(written: &str) -> Option<EventMark> {
    let name = text::line(written)?;
    if name.eq_ignore_ascii_case("none") {
        return Some(EventMark::Apart);
    }
    let name: String = slug::slugify(&name).chars().take(budget::NAME).collect();
    Some(EventMark::Named(match name.trim_end_matches('-') {
        "" => format!("x-{}", Hash128::of(written.trim().as_bytes()).short(8)),
        name => name.to_owned(),
    }))
}

/// The texts of a list that are not empty, each at its first place.
fn distinct(list: Option<Scalars>) -> Vec<String> {
    let texts = list.unwrap_or_default().0;
    let mut seen = AHashSet::with_capacity(texts.len());
    let mut distinct = Vec::with_capacity(texts.len());
    for text in texts.iter().filter_map(|text| text::line(text)) {
        if seen.insert(Hash128::of(text.as_bytes())) {
            distinct.push(text);
        }
    }
    distinct
}

/// Whether a picture is a file of the site: of its static files, or beside the article.
fn is_local(url: &str) -> bool {
    url.starts_with('/') || target::is_relative(url)
}

/// The images of a list that have a usable URL, by `url`.
pub(super) fn clean_images(
    images: &[ImageFields],
    url: impl Fn(&str) -> Option<String>,
) -> Vec<Image> {
    let line = |text: &Loose| text::line(&text.text()?);
    let clean = |fields: &ImageFields| {
        Some(Image {
            url: url(&fields.url.text()?)?,
            width: pixels(&fields.width),
            height: pixels(&fields.height),
            title: line(&fields.title),
            attribution: line(&fields.attribution),
            is_cached: fields.is_cached.flag(),
        })
    };
    images.iter().filter_map(clean).collect()
}
