//! Files that describe topics, providers and standalone pages.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::article::Image;
use super::extra::Extra;
use super::front_matter::{
    self, ByLanguage, PageFields, ProviderFileFields, Scalar, TopicFields, Whole,
};
use super::language::TranslationKey;
use super::page_list::{Named, PageList};
use super::parse::{self, Parser};
use super::split;
use super::{link, markdown, mdx, names, text};
use crate::config::language;
use crate::diagnostic::{Diagnostic, Location};
use crate::ids::EditionId;

/// A topic file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicFile {
    /// Path of the file.
    pub path: String,
    /// Full name.
    pub name: String,
    /// Name for narrow places.
    pub short_name: Option<String>,
    /// Slug that the file sets (`slug`, else `_id`).
    pub slug: Option<String>,
    /// Name of the parent topic.
    pub parent: Option<String>,
    /// A sentence or two.
    pub description: Option<String>,
    /// Hue of its colour, 0 to 359.
    pub hue: Option<u16>,
    /// Words and phrases by which `newsgen fetch` gives the topic to an item.
    pub words: Vec<String>,
    /// Words and phrases of which an item with the topic has none.
    pub not_words: Vec<String>,
    /// The line of the file that `words` stands in.
    pub words_line: Option<usize>,
    /// Its texts in other languages, by tag.
    pub translations: Translations,
}

impl TopicFile {
    /// Its names in all languages.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let others = self.translations.values();
        let others = others.filter_map(|texts| texts.name.as_deref());
        std::iter::once(self.name.as_str()).chain(others)
    }
}

/// Texts of a topic or a provider in other languages, by tag: the fields `name.de`,
/// `description.de` and so on, or the maps `name: {en: …, de: …}`.
pub type Translations = BTreeMap<String, Texts>;

/// The texts of a topic or a provider in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Name.
    pub name: Option<String>,
    /// Name for narrow places.
    pub short_name: Option<String>,
    /// A sentence or two.
    pub description: Option<String>,
}

/// The texts for an edition in a language, if there are any.
pub fn texts_for<'t>(translations: &'t Translations, locale: &str) -> Option<&'t Texts> {
    let tags = translations.keys().map(String::as_str);
    let at = language::find(locale, tags)?;
    translations.values().nth(at)
}

/// The texts by language: of maps, and of fields with a tag.
fn translations(maps: [(&str, &Option<ByLanguage>); 3], fields: &Extra) -> Translations {
    let mut translations = Translations::new();
    let of_maps = maps.into_iter().filter_map(|(field, texts)| {
        let texts = texts.as_ref()?.each();
        Some(
            texts
                .iter()
                .map(move |(tag, text)| (field, tag.clone(), text.as_str())),
        )
    });
    let of_fields = fields.fields.iter().filter_map(|(field, value)| {
        let (field, tag) = field.split_once('.')?;
        let tag = tag.replace('_', "-");
        language::is_tag(&tag).then_some((field, tag, value.as_str()?))
    });
    for (field, tag, text) in of_maps.flatten().chain(of_fields) {
        if !["name", "shortname", "description"].contains(&field) {
            continue;
        }
        let texts: &mut Texts = translations.entry(tag).or_default();
        match field {
            "name" => texts.name = text::name(text),
            "shortname" => texts.short_name = text::line(text),
            _ => texts.description = text::line(text),
        }
    }
    translations
}

/// A provider file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderFile {
    /// Path of the file.
    pub path: String,
    /// Identity: domain in lower case without `www.`.
    pub domain: String,
    /// Name.
    pub name: Option<String>,
    /// Slug that the file sets, instead of the domain.
    pub slug: Option<String>,
    /// A sentence or two.
    pub description: Option<String>,
    /// The provider's own site.
    pub home: Option<String>,
    /// Marks and logos.
    pub images: Vec<Image>,
    /// Its texts in other languages, by tag.
    pub translations: Translations,
}

/// A standalone page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageFile {
    /// Path of the file.
    pub path: String,
    /// Path below the folder of pages, without its ending.
    pub stem: String,
    /// Headline.
    pub title: String,
    /// For search engines.
    pub description: Option<String>,
    /// Sanitised HTML, with relative addresses as they are written.
    pub body: String,
    /// Addresses in the body that are relative to the file, without repetition.
    pub relative: Vec<String>,
    /// Slug that the front matter sets, instead of the file name.
    pub slug: Option<String>,
    /// The edition that it belongs to.
    pub edition: EditionId,
    /// What it has in common with the same page in other editions, if the site has any.
    pub translation: Option<TranslationKey>,
    /// Paths of the site that the page once had.
    pub aliases: Vec<String>,
    /// The template that makes it, if it names one.
    pub template: Option<Named>,
    /// The stories that it shows, if it shows some.
    pub list: Option<PageList>,
}

/// The YAML of a `.yaml` file, or of the front matter of a `.md` file, and what follows it.
fn read<T: DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<(T, String), Diagnostic> {
    let text = split::decode(path, bytes)?;
    if names::is_markdown(path) {
        let split = split::split(path, text)?;
        Ok((front_matter::read(path, &split)?, split.body))
    } else {
        Ok((front_matter::parse(path, text, 0)?, String::new()))
    }
}

fn line(scalar: Option<Scalar>) -> Option<String> {
    text::line(&scalar?.0)
}

/// A text that is not by language.
fn one_line(text: Option<&ByLanguage>) -> Option<String> {
    text::line(text?.one()?)
}

fn name(scalar: Option<Scalar>) -> Option<String> {
    text::name(&scalar?.0)
}

fn word(scalar: Option<Scalar>) -> Option<String> {
    text::word(&scalar?.0)
}

fn missing(path: &str, what: &str, help: &str) -> Diagnostic {
    Diagnostic::error("taxonomy", what)
        .at(Location::file(path))
        .help(help)
}

/// The line of a field at the top level.
fn line_of(bytes: &[u8], field: &str) -> Option<usize> {
    let is_field = |line: &[u8]| {
        let rest = line.strip_prefix(field.as_bytes());
        rest.is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
    };
    Some(bytes.split(|byte| *byte == b'\n').position(is_field)? + 1)
}

/// Reads a topic file.
pub(super) fn topic(path: &str, bytes: &[u8]) -> Result<TopicFile, Diagnostic> {
    let (fields, body): (TopicFields, String) = read(path, bytes)?;
    let name = fields
        .name
        .as_ref()
        .and_then(|name| text::name(name.first()?));
    let name =
        name.ok_or_else(|| missing(path, "the topic has no `name`", "add a line `name: …`"))?;
    let translations = translations(
        [
            ("name", &fields.name),
            ("shortname", &fields.short_name),
            ("description", &fields.description),
        ],
        &fields.extra,
    );
    let words = fields.words.unwrap_or_default().0;
    Ok(TopicFile {
        path: path.to_owned(),
        name,
        words_line: (!words.is_empty())
            .then(|| line_of(bytes, "words"))
            .flatten(),
        words,
        not_words: fields.not_words.unwrap_or_default().0,
        short_name: one_line(fields.short_name.as_ref()),
        slug: word(fields.slug).or_else(|| word(fields.id)),
        parent: line(fields.parent),
        description: one_line(fields.description.as_ref()).or_else(|| text::line(&body)),
        hue: fields
            .hue
            .map(|Whole(hue)| match u16::try_from(hue) {
                Ok(hue @ 0..360) => Ok(hue),
                _ => Err(missing(
                    path,
                    &format!("the `hue` is {hue}"),
                    "give degrees from 0 to 359",
                )),
            })
            .transpose()?,
        translations,
    })
}

/// Reads a provider file.
pub(super) fn provider(path: &str, bytes: &[u8]) -> Result<ProviderFile, Diagnostic> {
    let (fields, body): (ProviderFileFields, String) = read(path, bytes)?;
    let domain = fields
        .domain
        .as_ref()
        .and_then(|written| link::domain(&written.0));
    let images = fields.images.unwrap_or_default();
    if images.of > images.items.len() {
        let most = images.items.len();
        let what = format!("the provider has {} images", images.of);
        return Err(missing(path, &what, &format!("it may have {most}")));
    }
    let translations = translations(
        [
            ("name", &fields.name),
            ("shortname", &None),
            ("description", &fields.description),
        ],
        &fields.extra,
    );
    Ok(ProviderFile {
        path: path.to_owned(),
        domain: domain.ok_or_else(|| {
            missing(
                path,
                "the provider has no `domain`",
                "add a line `domain: example.org`",
            )
        })?,
        name: fields
            .name
            .as_ref()
            .and_then(|name| text::line(name.first()?)),
        slug: word(fields.slug),
        description: one_line(fields.description.as_ref()).or_else(|| text::line(&body)),
        home: fields.home.and_then(|url| link::web_url(&url.0)),
        images: parse::clean_images(&images.items, link::image_url),
        translations,
    })
}

/// Warnings of a topic file: words that no text has.
pub(super) fn lint_topic(file: &TopicFile) -> Vec<Diagnostic> {
    let lists = [("words", &file.words), ("not_words", &file.not_words)];
    let all = lists.into_iter();
    let all = all.flat_map(|(name, words)| words.iter().map(move |word| (name, word)));
    all.filter(|(_, word)| !word.chars().any(char::is_alphanumeric))
        .map(|(name, word)| {
            let what = format!("`{word}` in `{name}` has no letter, and fits nothing");
            Diagnostic::warning("unusable-value", what)
                .at(Location::file(&file.path))
                .help("write a word or a phrase")
        })
        .collect()
}

/// Warnings of a provider file: values that cannot be used.
pub(super) fn lint_provider(path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let Ok((fields, _)) = read::<ProviderFileFields>(path, bytes) else {
        return Vec::new();
    };
    let text = split::decode(path, bytes).unwrap_or_default();
    let warning = |written: &str, what: String, help: &str| {
        // The same words may stand in a field that no message may show.
        let is_open = !written.is_empty() && !text.contains("secured");
        let start = text.find(written).filter(|_| is_open);
        let location = start.map_or_else(
            || Location::file(path),
            |start| Location::of_span(path, text, start..start + written.len()),
        );
        Diagnostic::warning("unusable-value", what)
            .at(location)
            .help(help)
    };
    let home = fields
        .home
        .filter(|url| link::web_url(&url.0).is_none())
        .map(|url| {
            let what = format!("the `url` of the provider, `{}`, is not used", url.0);
            warning(&url.0, what, "write a full address: https://example.org/")
        });
    let images = fields.images.unwrap_or_default().items.into_iter();
    let images = images.filter_map(|image| {
        let url = image.url.text().unwrap_or_default().into_owned();
        link::image_url(&url).is_none().then(|| {
            let what = format!("an image of the provider, {}, is not used", image.url);
            let help = "write a full address, or the path of a static file: /images/logo.svg";
            warning(&url, what, help)
        })
    });
    home.into_iter().chain(images).collect()
}

/// The problems of one field of a page as one.
fn all_in_one(problems: Vec<Diagnostic>) -> Option<Diagnostic> {
    let messages: Vec<String> = problems
        .iter()
        .map(|problem| problem.message.clone())
        .collect();
    problems.into_iter().next().map(|first| Diagnostic {
        message: messages.join("; "),
        ..first
    })
}

/// Reads a standalone page; `stem` is its path below the folder of pages, without its ending.
pub(super) fn page(
    path: &str,
    stem: &str,
    bytes: &[u8],
    parser: &Parser,
) -> Result<PageFile, Diagnostic> {
    let mut split = split::split(path, split::decode(path, bytes)?)?;
    let mut fields: PageFields = front_matter::read(path, &split)?;
    if names::is_mdx(path) {
        split.body = mdx::markdown(&split.body).text;
    }
    if split.format.is_none()
        && let Some((title, rest)) = markdown::take_title(&split.body)
    {
        fields.title = Some(Scalar(title));
        split.body = rest;
    }
    let (aliases, problems) = parse::read_aliases(path, &split, fields.aliases.as_ref());
    if let Some(problem) = all_in_one(problems) {
        return Err(problem);
    }
    let template = name(fields.template).map(|name| Named {
        name,
        location: split.location(path, "template"),
    });
    let list = fields.list.take();
    let list = list.map(|fields| PageList::read(fields, |field| split.location(path, field)));
    let languages = parser.languages();
    let locale = fields.extra.fields.get("locale").and_then(Value::as_str);
    let edition = languages.edition(path, locale);
    let body = parser
        .body(&split.body, edition)
        .map_err(|too_much| parse::bad_body(path, too_much))?
        .unwrap_or_default();
    Ok(PageFile {
        path: path.to_owned(),
        stem: match languages.is_single() {
            true => stem.to_owned(),
            false => languages.name(path).to_owned(),
        },
        title: name(fields.title).ok_or_else(|| {
            let help = match split.format {
                Some(_) => "add a line `title: …`",
                None => "begin it with a heading `# …`, or with fields between lines `---`",
            };
            missing(path, "the page has no `title`", help)
        })?,
        description: line(fields.description),
        body: body.html,
        relative: body.relative,
        slug: word(fields.slug),
        edition,
        translation: languages.of_translation(path, &fields.extra),
        aliases,
        template,
        list: list.transpose()?,
    })
}

/// Finds two files that describe the same thing.
pub(super) fn twice<'a, T: 'a>(
    items: impl IntoIterator<Item = &'a T>,
    identity: impl Fn(&T) -> String,
    path: impl Fn(&T) -> &str,
    what: &str,
) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for item in items {
        let id = identity(item);
        if let Some(first) = seen.get(&id) {
            problems.push(
                Diagnostic::error("taxonomy", format!("the {what} `{id}` is defined twice"))
                    .at(Location::file(path(item)))
                    .help(format!(
                        "{first} also defines it; keep one of the two files"
                    )),
            );
        } else {
            seen.insert(id, path(item).to_owned());
        }
    }
    problems
}
