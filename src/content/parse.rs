//! Bytes of an article file → [`Article`] and [`Facts`], or everything that is wrong with it.
//!
//! # Files
//!
//! - `required.rs`: title and date, without which there is no article
//! - `links.rs`: addresses of the story
//! - `dates.rs`: its dates
//! - `publication.rs`: whether, when and where the article is published
//! - `aliases.rs`: old addresses
//! - `related.rs`: related stories
//! - `extra.rs`: fields that newsgen does not know
//! - `facts.rs`: what curation needs of all that
//! - `lint.rs`: warnings about what is seen here

mod aliases;
mod dates;
mod extra;
mod facts;
mod links;
mod lint;
mod publication;
mod related;
mod required;

use ahash::AHashSet;
use jiff::tz::TimeZone;

use super::article::{Article, ArticleProvider, Detail, Facts, Image, Story};
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
use super::{authors, domain, link, link_target, markdown, mdx, names, secured, text, values};
use crate::config::fields::{FieldMap, Source};
use crate::config::{Config, ListField};
use crate::diagnostic::{Diagnostic, Location};
use crate::hash::{Hash128, Hasher};
use crate::ids::{EditionId, List};
use crate::time::Time;
pub(super) use aliases::read_aliases;
use dates::Dates;
use links::Links;
use publication::Publication;

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
        self.for_readers(link::web_url(&written?.0))
    }

    /// A web address without what only says where a reader came from, if the site wants that.
    fn for_readers(&self, url: Option<String>) -> Option<String> {
        let clean = url.as_deref().filter(|_| self.strips_tracking);
        clean.and_then(link::without_tracking).or(url)
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

/// Makes an article of its fields: first of those that may be wrong with it, so that there is none
/// if one is, then of the others, which are cut or left out where they are of no use.
struct Builder<'a> {
    parser: &'a Parser,
    file: &'a ArticleFile<'a>,
    problems: Vec<Diagnostic>,
    cuts: Cuts,
}

/// The parts of an article that could have been wrong.
struct Checked {
    title: String,
    dates: Dates,
    links: Links,
    content: Content,
    /// Addresses in the body that are relative to the file.
    relative: Vec<String>,
    publication: Publication,
}

/// What the article itself shows, sanitised.
struct Content {
    body: Option<String>,
    embed: Option<String>,
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

    fn build(mut self, fields: ArticleFields) -> Result<Parsed, Vec<Diagnostic>> {
        let Some(checked) = self.checked(&fields) else {
            return Err(self.problems);
        };
        let Checked {
            title,
            dates,
            links,
            content,
            relative,
            publication,
        } = checked;
        let link = links.story().map(str::to_owned);
        let mut images = self.images(Part::Images, Part::ImageText, fields.images.as_ref());
        let more_images = images.split_off(images.len().min(1));
        let detail = self.detail(&fields, links, content, more_images);
        let story = self.story(fields, title, dates, link, images.pop());
        let facts = self.facts(&story, &detail, publication, relative);
        Ok(Parsed {
            article: Article { story, detail },
            facts,
        })
    }

    /// Reads everything that may be wrong with an article, so that all of it is reported at once;
    /// none when something is.
    fn checked(&mut self, fields: &ArticleFields) -> Option<Checked> {
        let title = self.title(fields)?;
        let published = self.published(fields);
        self.refuse_merge_keys(fields);
        let updated = self.time("updatedDateTime", fields.updated_date_time.as_ref());
        let links = self.links(fields);
        let edition = self.edition(fields);
        let (body, relative) = match self.body(edition) {
            Some(Body { html, relative }) => (Some(html), relative),
            None => (None, Vec::new()),
        };
        let embed = self.embed(fields, &title);
        let publication = self.publication(fields, edition);

        let is_empty = links.story().is_none() && body.is_none() && embed.is_none();
        if is_empty && self.problems.is_empty() {
            self.problem(
                "originalUrl",
                "the article has no content: it has neither `originalUrl` nor `webUrl`, and no text"
                    .into(),
                "add a line `originalUrl: \"https://…\"`, or text below the front matter",
            );
        }
        let published = published.filter(|_| self.problems.is_empty())?;
        Some(Checked {
            title,
            dates: Dates::new(published, updated),
            links,
            content: Content { body, embed },
            relative,
            publication,
        })
    }

    /// What listings show. It takes the fields, so that nothing is read of them after it.
    fn story(
        &mut self,
        fields: ArticleFields,
        title: String,
        dates: Dates,
        link: Option<String>,
        image: Option<Image>,
    ) -> Story {
        let provider = fields.provider.as_ref();
        let length = fields.length.as_ref();
        Story {
            title,
            excerpt: self.text(Part::Excerpt, fields.excerpt.as_ref(), budget::EXCERPT),
            provider: self.provider(Part::ProviderName, provider, link.as_deref()),
            link,
            published: dates.published,
            updated: dates.updated,
            locale: self.text(Part::Locale, fields.locale.as_ref(), budget::NAME),
            kind: self
                .text(Part::Kind, fields.kind.as_ref(), budget::NAME)
                .unwrap_or_else(|| "article".to_owned()),
            duration: length.and_then(|length| values::duration(&length.0)),
            topics: self.names(
                Part::Topics,
                Part::TopicName,
                fields.topics.as_ref(),
                budget::TOPICS,
            ),
            tags: self.names(
                Part::Tags,
                Part::TagName,
                fields.tags.as_ref(),
                budget::TAGS,
            ),
            image,
            quality: fields.quality.map(|Whole(quality)| quality),
            heat: fields
                .heat
                .map(|Whole(heat)| heat)
                .filter(|heat| *heat >= 0),
            highlight: self.text(Part::Highlight, fields.highlight.as_ref(), budget::REMARK),
            extra: self.extra(fields.extra, length),
            authors: authors::clean(fields.authors.unwrap_or_default(), &mut self.cuts),
        }
    }

    /// What only the article's own page and the API show.
    fn detail(
        &mut self,
        fields: &ArticleFields,
        links: Links,
        content: Content,
        more_images: Vec<Image>,
    ) -> Detail {
        let of_provider = fields.provider.as_ref();
        let of_provider = of_provider.and_then(|provider| provider.images.as_ref());
        Detail {
            original_url: links.original_url,
            web_url: links.web_url,
            written_link: links.written,
            amp_web_url: links.amp_web_url,
            cdn_amp_web_url: links.cdn_amp_web_url,
            body: content.body,
            embed: content.embed,
            more_images,
            provider_images: self.images(Part::ProviderImages, Part::ImageText, of_provider),
            related: self.all_related(fields.related.as_ref()),
            category: self
                .text(Part::Category, fields.category.as_ref(), budget::NAME)
                .unwrap_or_else(|| "news".to_owned()),
        }
    }

    /// Reports a YAML merge key, which would be an unknown field without an effect.
    fn refuse_merge_keys(&mut self, fields: &ArticleFields) {
        if fields.extra.fields.contains_key("<<") {
            self.problem(
                "<<",
                "merge keys (`<<`) are not part of YAML 1.2 and are not supported".into(),
                "write out the fields",
            );
        }
    }

    /// The edition that the file belongs to.
    fn edition(&self, fields: &ArticleFields) -> EditionId {
        let locale = fields.locale.as_ref().map(|locale| locale.0.as_str());
        self.parser.languages.edition(self.file.path, locale)
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
        written: Option<&Names>,
        most: usize,
    ) -> Vec<String> {
        let mut names = distinct(written.map(|written| &written.names));
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
            Part::Images => link_target::picture,
            _ => link::image_url,
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
            .and_then(|written| link::domain(&written.0));
        let domain = named.or_else(|| link.and_then(link::host))?;
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

    fn embed(&mut self, fields: &ArticleFields, title: &str) -> Option<String> {
        let html = &fields.featured_content.as_ref()?.0;
        let embed = self.parser.sanitizer.embed(html, title);
        embed.unwrap_or_else(|too_much| {
            self.problem(
                "featuredContent",
                format!("`featuredContent` {too_much}"),
                "make sure that it is an embed",
            );
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

/// The texts of a list that are not empty, each at its first place.
fn distinct(list: Option<&Scalars>) -> Vec<String> {
    let texts = list.map_or(&[][..], |list| &list.0);
    let mut seen = AHashSet::with_capacity(texts.len());
    let mut distinct = Vec::with_capacity(texts.len());
    for text in texts.iter().filter_map(|text| text::line(text)) {
        if seen.insert(Hash128::of(text.as_bytes())) {
            distinct.push(text);
        }
    }
    distinct
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
