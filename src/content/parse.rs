//! Bytes of an article file → [`Article`] and [`Facts`], or everything that is wrong with it.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::article::{
    Article, ArticleProvider, Detail, Facts, Image, ProviderKey, RelatedKey, RelatedStory, Story,
    StoryKey, Words,
};
use super::bounds::TooMuch;
use super::front_matter::{
    self, ArticleFields, ImageFields, ProviderFields, RelatedFields, Scalar, Scalars,
};
use super::lint::Linter;
use super::sanitize::Sanitizer;
use super::split::{self, Split};
use super::{alias, markdown, secured, text, words};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location};
use crate::hash::{Hash128, Hasher};
use crate::time::Time;

/// Largest article file that is read, in bytes.
pub const LARGEST_FILE: u64 = 1 << 20;

/// What parsing depends on besides the file.
pub struct Parser {
    zone: TimeZone,
    sanitizer: Sanitizer,
    compares: bool,
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
        let compares = config.related.similar > 0;
        hasher.number(i64::from(compares));
        Parser {
            zone: config.time_zone.clone(),
            sanitizer: Sanitizer::new(&config.content.embed_hosts),
            compares,
            hash: hasher.finish(),
        }
    }

    /// A digest of everything that parsing depends on besides the file: a cache made with another
    /// one is of no use.
    pub fn hash(&self) -> Hash128 {
        self.hash
    }

    /// Markdown of our own pages as sanitised HTML.
    ///
    /// # Errors
    /// When it would take minutes.
    pub fn page_body(&self, markdown: &str) -> Result<Option<String>, TooMuch> {
        Ok(self.sanitizer.page(&markdown::to_html(markdown)?))
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

/// A file as text, without a byte order mark.
///
/// # Errors
/// When the bytes are not UTF-8, with the place.
pub(super) fn decode<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Diagnostic> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let text = String::from_utf8_lossy(bytes)
            .lines()
            .nth(line - 1)
            .unwrap_or_default()
            .replace('\0', "␀");
        Diagnostic::error("encoding", "the file is not UTF-8")
            .at(Location {
                path: path.to_owned(),
                line,
                column,
                width: 1,
                text,
            })
            .help("save it as UTF-8")
    })
}

impl Parser {
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
        let (split, fields) = read_fields(path, bytes).map_err(|problem| vec![problem])?;
        Builder {
            parser: self,
            path,
            split: &split,
            problems: Vec::new(),
        }
        .build(fields)
    }

    /// What is worth a look in an article that parses.
    pub fn lint(&self, path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let mut warnings = match read_fields(path, bytes) {
            Ok((split, fields)) => Linter {
                path,
                split: &split,
                zone: &self.zone,
            }
            .lint(&fields),
            Err(_) => Vec::new(),
        };
        secured::hide(bytes, &mut warnings);
        warnings
    }
}

fn read_fields(path: &str, bytes: &[u8]) -> Result<(Split, ArticleFields), Diagnostic> {
    let split = split::split(path, decode(path, bytes)?)?;
    let fields = front_matter::parse(path, &split.matter, split.lines_before)?;
    Ok((split, fields))
}

struct Builder<'a> {
    parser: &'a Parser,
    path: &'a str,
    split: &'a Split,
    problems: Vec<Diagnostic>,
}

impl Builder<'_> {
    fn problem(&mut self, field: &str, message: String, help: &str) {
        let location = self.split.location(self.path, field);
        self.problems.push(
            Diagnostic::error("article", message)
                .at(location)
                .help(help),
        );
    }

    fn build(mut self, mut fields: ArticleFields) -> Result<Parsed, Vec<Diagnostic>> {
        let title = one_line(fields.title.as_ref());
        let Some(title) = title else {
            self.problem(
                "title",
                "the article has no `title`".into(),
                "add a line `title: \"…\"`",
            );
            return Err(self.problems);
        };
        let published = self.time("publishedDateTime", fields.published_date_time.as_ref());
        if fields.published_date_time.is_none() {
            self.problem(
                "publishedDateTime",
                "the article has no `publishedDateTime`".into(),
                "add a line like `publishedDateTime: 2026-11-21T09:30:00Z`",
            );
        }
        if fields.extra.contains_key("<<") {
            let help = "write the fields themselves";
            self.problem(
                "<<",
                "merge keys (`<<`) are not part of YAML 1.2, and are not read".into(),
                help,
            );
        }
        let updated = self.time("updatedDateTime", fields.updated_date_time.as_ref());
        let original_url = self.link("originalUrl", fields.original_url.as_ref());
        let web_url = self.link("webUrl", fields.web_url.as_ref());
        // Nothing leads to these forms but the API: one that cannot be used is left out, and
        // `check` says so.
        let amp_web_url = fields
            .amp_web_url
            .as_ref()
            .and_then(|url| text::web_url(&url.0));
        let cdn_amp_web_url = fields
            .cdn_amp_web_url
            .as_ref()
            .and_then(|url| text::web_url(&url.0));
        let body = self.body();
        let embed = fields
            .featured_content
            .as_ref()
            .map(|html| self.parser.sanitizer.embed(&html.0, &title));
        let embed = embed.unwrap_or(Ok(None)).unwrap_or_else(|too_much| {
            self.problem(
                "featuredContent",
                format!("`featuredContent` {too_much}"),
                "is it really an embed?",
            );
            None
        });
        let aliases = self.aliases(fields.aliases.take());
        let link = original_url.clone().or_else(|| web_url.clone());
        if link.is_none() && body.is_none() && embed.is_none() && self.problems.is_empty() {
            self.problem(
                "originalUrl",
                "the article leads nowhere: it has neither `originalUrl` nor `webUrl`, and no \
                 text of its own"
                    .into(),
                "add a line `originalUrl: \"https://…\"`, or a text below the front matter",
            );
        }
        let Some(published) = published.filter(|_| self.problems.is_empty()) else {
            return Err(self.problems);
        };

        // One of the two dates is wrong, and `check` says so: to go on, the article was not
        // changed.
        let updated = updated.filter(|updated| *updated >= published);
        let mut images = clean_images(fields.images.as_deref());
        let more_images = images.split_off(images.len().min(1));
        let provider_images = clean_images(
            fields
                .provider
                .as_ref()
                .and_then(|provider| provider.images.as_deref()),
        );
        let story = Story {
            title,
            excerpt: one_line(fields.excerpt.as_ref()),
            provider: article_provider(fields.provider.as_ref(), link.as_deref()),
            link,
            published,
            updated,
            kind: one_line(fields.kind.as_ref()).unwrap_or_else(|| "article".to_owned()),
            duration: fields
                .length
                .as_ref()
                .and_then(|length| duration(&length.0)),
            topics: distinct(fields.topics),
            image: images.pop(),
            quality: fields.quality,
            heat: fields.heat.filter(|heat| *heat >= 0),
            highlight: one_line(fields.highlight.as_ref()),
        };
        let mut extra = json_object(&fields.extra);
        if let Some(length) = &fields.length {
            let length = text::without_controls(length.0.clone());
            extra.insert("length".to_owned(), length.into());
        }
        let provider_logo = provider_images.first().map(|image| image.url.clone());
        let detail = Detail {
            original_url,
            web_url,
            amp_web_url,
            cdn_amp_web_url,
            body,
            embed,
            more_images,
            provider_images,
            related: fields
                .related
                .iter()
                .flatten()
                .filter_map(|related| self.related(related))
                .collect(),
            tags: distinct(fields.tags),
            category: one_line(fields.category.as_ref()).unwrap_or_else(|| "news".to_owned()),
            locale: one_line(fields.locale.as_ref()),
            extra: serde_json::Value::Object(extra).to_string(),
        };
        let facts = Facts {
            title: story.title.clone(),
            published,
            updated,
            is_published: fields.published.unwrap_or(true),
            is_deleted: fields.deleted.unwrap_or(false) || fields.removed.unwrap_or(false),
            quality: story.quality,
            heat: story.heat,
            category: detail.category.clone(),
            kind: story.kind.clone(),
            provider: story.provider.clone(),
            topics: story.topics.clone(),
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
                .map(|image| image.url.clone())
                .filter(|url| url.starts_with('/'))
                .collect(),
            local_image: story
                .image
                .as_ref()
                .map(|image| image.url.clone())
                .filter(|url| url.starts_with('/')),
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
            words: match self.parser.compares {
                true => words::of(&story.title, story.excerpt.as_deref().unwrap_or_default()),
                false => Words::default(),
            },
            provider_logo,
            slug: one_line(fields.slug.as_ref()),
            aliases,
        };
        Ok(Parsed {
            article: Article { story, detail },
            facts,
        })
    }

    fn aliases(&mut self, written: Option<Scalars>) -> Vec<String> {
        let (aliases, problems) = read_aliases(self.path, self.split, written);
        self.problems.extend(problems);
        aliases
    }

    fn body(&mut self) -> Option<String> {
        let markdown = self.split.body.trim();
        if markdown.is_empty() {
            return None;
        }
        let html = markdown::to_html(markdown).map(|html| self.parser.sanitizer.body(&html));
        html.unwrap_or_else(|too_much| {
            self.problems.push(bad_body(self.path, too_much));
            None
        })
    }

    fn time(&mut self, field: &str, value: Option<&Scalar>) -> Option<Time> {
        let written = value?;
        match Time::parse(&written.0, &self.parser.zone) {
            Ok(time) => Some(time),
            Err(error) => {
                self.problem(field, format!("`{field}` {error}"), error.help());
                None
            }
        }
    }

    fn link(&mut self, field: &str, value: Option<&Scalar>) -> Option<String> {
        let written = value.filter(|value| !value.0.trim().is_empty())?;
        let url = text::web_url(&written.0);
        if url.is_none() {
            self.problem(
                field,
                format!("`{field}` is not a web address"),
                "only http:// and https:// URLs can be links",
            );
        }
        url
    }

    /// A related story is dropped when it has no title or leads nowhere: it is a mere quotation of
    /// this article.
    fn related(&self, fields: &RelatedFields) -> Option<RelatedStory> {
        let url =
            |scalar: &Option<Scalar>| scalar.as_ref().and_then(|scalar| text::web_url(&scalar.0));
        let link = url(&fields.original_url).or_else(|| url(&fields.web_url))?;
        Some(RelatedStory {
            title: one_line(fields.title.as_ref())?,
            excerpt: one_line(fields.excerpt.as_ref()),
            amp_web_url: url(&fields.amp_web_url),
            cdn_amp_web_url: url(&fields.cdn_amp_web_url),
            published: fields
                .published_date_time
                .as_ref()
                .and_then(|time| Time::parse(&time.0, &self.parser.zone).ok()),
            kind: one_line(fields.kind.as_ref()).unwrap_or_else(|| "article".to_owned()),
            provider: article_provider(fields.provider.as_ref(), Some(&link)),
            quality: fields.quality,
            images: clean_images(fields.images.as_deref()),
            key: StoryKey::of(&link),
            link,
        })
    }
}

/// The aliases of an article or a page, and what is wrong with the others.
pub(super) fn read_aliases(
    path: &str,
    split: &Split,
    written: Option<Scalars>,
) -> (Vec<String>, Vec<Diagnostic>) {
    let (mut aliases, mut problems): (Vec<String>, Vec<Diagnostic>) = Default::default();
    for written in distinct(written) {
        match alias::path(&written) {
            Ok(alias) => aliases.push(alias),
            Err(reason) => problems.push(
                Diagnostic::error("alias", format!("the alias `{written}` {reason}"))
                    .at(split.location(path, "aliases"))
                    .help("write the path of an old address on this site, like /2020/old-name/"),
            ),
        }
    }
    (aliases, problems)
}

/// A text below a front matter that is not read.
pub(super) fn bad_body(path: &str, too_much: TooMuch) -> Diagnostic {
    Diagnostic::error(
        "body",
        format!("the text below the front matter {too_much}"),
    )
    .at(Location::file(path))
    .help("is it really Markdown?")
}

fn one_line(scalar: Option<&Scalar>) -> Option<String> {
    text::line(&scalar?.0)
}

fn distinct(list: Option<Scalars>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for item in list
        .unwrap_or_default()
        .0
        .iter()
        .filter_map(|item| text::line(item))
    {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    distinct
}

/// The images of a list that have a usable URL.
pub(super) fn clean_images(images: Option<&[ImageFields]>) -> Vec<Image> {
    let clean = |fields: &ImageFields| {
        Some(Image {
            url: text::image_url(&fields.url.as_ref()?.0)?,
            width: pixels(fields.width),
            height: pixels(fields.height),
            title: one_line(fields.title.as_ref()),
            attribution: one_line(fields.attribution.as_ref()),
            is_cached: fields.is_cached,
        })
    };
    images
        .unwrap_or_default()
        .iter()
        .filter_map(clean)
        .collect()
}

/// A size that a picture can have.
fn pixels(number: Option<i64>) -> Option<u32> {
    number
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| (1..100_000).contains(number))
}

/// A domain as an identity: lower case, without scheme, `www.`, port or path.
pub(super) fn domain(written: &str) -> Option<String> {
    let written = written.trim();
    let url = if written.contains("://") {
        written.to_owned()
    } else {
        format!("https://{written}")
    };
    text::host(&url)
}

fn article_provider(
    fields: Option<&ProviderFields>,
    link: Option<&str>,
) -> Option<ArticleProvider> {
    let named = fields
        .and_then(|fields| fields.domain.as_ref())
        .and_then(|written| domain(&written.0));
    let domain = named.or_else(|| link.and_then(text::host))?;
    let name = fields
        .and_then(|fields| one_line(fields.name.as_ref()))
        .unwrap_or_else(|| domain.clone());
    Some(ArticleProvider { name, domain })
}

/// Seconds in an ISO 8601 duration of days, hours, minutes and seconds (`PT4M3S`).
fn duration(text: &str) -> Option<u32> {
    let span: SignedDuration = text.trim().parse().ok()?;
    u32::try_from(span.as_secs())
        .ok()
        .filter(|seconds| *seconds > 0)
}

/// Fields that newsgen does not know as JSON, without any field named `secured`, and without those
/// that the API makes itself: it promises of these what it cannot of others.
fn json_object(
    fields: &std::collections::BTreeMap<String, serde_yaml::Value>,
) -> serde_json::Map<String, serde_json::Value> {
    let is_known =
        |name: &str| matches!(name, "url" | "body") || ArticleFields::FIELDS.contains(&name);
    fields
        .iter()
        .map(|(name, value)| (text::without_controls(name.clone()), value))
        .filter(|(name, _)| !is_known(name))
        .map(|(name, value)| (name, json(value)))
        .collect()
}

fn json(value: &serde_yaml::Value) -> serde_json::Value {
    use serde_yaml::Value;
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Number(number) => number
            .as_i64()
            .map(serde_json::Value::from)
            .or_else(|| number.as_u64().map(serde_json::Value::from))
            .or_else(|| number.as_f64().map(serde_json::Value::from))
            .unwrap_or_default(),
        Value::String(text) => text::without_controls(text.clone()).into(),
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(map) => map
            .iter()
            .filter_map(|(name, value)| {
                let name = match name {
                    Value::String(name) => text::without_controls(name.clone()),
                    Value::Number(number) => number.to_string(),
                    Value::Bool(yes) => yes.to_string(),
                    _ => return None,
                };
                (!secured::is_secured(&name)).then(|| (name, json(value)))
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Tagged(tagged) => json(&tagged.value),
    }
}
