//! Files that describe topics, providers and standalone pages.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::article::Image;
use super::front_matter::{self, PageFields, ProviderFileFields, Scalar, TopicFields, Whole};
use super::parse::{self, Parser};
use super::split;
use super::{markdown, mdx, names, text};
use crate::diagnostic::{Diagnostic, Location};

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
}

/// A standalone page.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Paths of the site that the page once had.
    pub aliases: Vec<String>,
}

/// The YAML of a `.yaml` file, or of the front matter of a `.md` file, and what follows it.
fn read<T: DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<(T, String), Diagnostic> {
    let text = parse::decode(path, bytes)?;
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
    let name = name(fields.name)
        .ok_or_else(|| missing(path, "the topic has no `name`", "add a line `name: …`"))?;
    let words = fields.words.unwrap_or_default().0;
    Ok(TopicFile {
        path: path.to_owned(),
        name,
        words_line: (!words.is_empty())
            .then(|| line_of(bytes, "words"))
            .flatten(),
        words,
        not_words: fields.not_words.unwrap_or_default().0,
        short_name: line(fields.short_name),
        slug: word(fields.slug).or_else(|| word(fields.id)),
        parent: line(fields.parent),
        description: line(fields.description).or_else(|| text::line(&body)),
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
    })
}

/// Reads a provider file.
pub(super) fn provider(path: &str, bytes: &[u8]) -> Result<ProviderFile, Diagnostic> {
    let (fields, body): (ProviderFileFields, String) = read(path, bytes)?;
    let domain = fields
        .domain
        .as_ref()
        .and_then(|written| text::domain(&written.0));
    let images = fields.images.unwrap_or_default();
    if images.of > images.items.len() {
        let most = images.items.len();
        let what = format!("the provider has {} images", images.of);
        return Err(missing(path, &what, &format!("it may have {most}")));
    }
    Ok(ProviderFile {
        path: path.to_owned(),
        domain: domain.ok_or_else(|| {
            missing(
                path,
                "the provider has no `domain`",
                "add a line `domain: example.org`",
            )
        })?,
        name: line(fields.name),
        slug: word(fields.slug),
        description: line(fields.description).or_else(|| text::line(&body)),
        home: fields.home.and_then(|url| text::web_url(&url.0)),
        images: parse::clean_images(&images.items, text::image_url),
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
    let text = parse::decode(path, bytes).unwrap_or_default();
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
        .filter(|url| text::web_url(&url.0).is_none())
        .map(|url| {
            let what = format!("the `url` of the provider, `{}`, is not used", url.0);
            warning(&url.0, what, "write a full address: https://example.org/")
        });
    let images = fields.images.unwrap_or_default().items.into_iter();
    let images = images.filter_map(|image| {
        let url = image.url.text().unwrap_or_default().into_owned();
        text::image_url(&url).is_none().then(|| {
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
    let mut split = split::split(path, parse::decode(path, bytes)?)?;
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
    let (aliases, problems) = parse::read_aliases(path, &split, fields.aliases);
    if let Some(problem) = all_in_one(problems) {
        return Err(problem);
    }
    let body = parser
        .body(&split.body)
        .map_err(|too_much| parse::bad_body(path, too_much))?
        .unwrap_or_default();
    Ok(PageFile {
        path: path.to_owned(),
        stem: stem.to_owned(),
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
        aliases,
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
