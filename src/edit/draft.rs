//! A new article: from what somebody gives of it to a file.

use serde::Deserialize;

use super::destination::{Destination, folder};
use super::{Known, names};
use crate::config::{Config, language};
use crate::content::{Parser, link, text};
use crate::diagnostic::Diagnostic;
use crate::plan::route;
use crate::time::Time;
use crate::workspace::{WritableWorkspace, WriteError};

/// What is given of a new article: options of the command line, or a line of JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Headline.
    pub title: String,
    /// Address of the original story.
    pub url: String,
    /// What the story is about, in a sentence or two.
    #[serde(default)]
    pub excerpt: Option<String>,
    /// Topics.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Editorial score.
    #[serde(default)]
    pub quality: Option<i64>,
    /// Name or domain of who published the story.
    #[serde(default)]
    pub provider: Option<String>,
    /// Address or path of a picture.
    #[serde(default)]
    pub image: Option<String>,
    /// Whether the article is to wait: `published: false`.
    #[serde(default)]
    pub draft: bool,
    /// When the story was published, as dates of articles are written; now when it is missing.
    #[serde(default)]
    pub published: Option<String>,
    /// Its language as a tag, if that is not the one of the site.
    #[serde(default, rename = "language")]
    pub locale: Option<String>,
    /// Name of the source that it came in by.
    #[serde(skip)]
    pub source: Option<String>,
}

/// The file of a new article, as it would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Name of the file, without language and ending: the day and the headline.
    pub name: String,
    /// What is in it, with the names that the tree has for fields.
    pub text: String,
    /// URL of the story, as browsers write it.
    pub url: String,
}

/// Why no article was made of a draft.
#[derive(Debug)]
pub enum DraftError {
    /// Something of it cannot be used.
    Invalid(Vec<Diagnostic>),
    /// The file cannot be written.
    Write(String, WriteError),
}

fn invalid(message: impl Into<String>, help: &str) -> DraftError {
    DraftError::Invalid(vec![Diagnostic::error("new", message).help(help)])
}

/// An article that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Path of its file.
    pub path: String,
    /// URL of the story, as browsers write it.
    pub url: String,
}

/// The file of a new article. Pure.
///
/// # Errors
/// When the article could not be built.
pub fn compose(
    config: &Config,
    parser: &Parser,
    known: &Known,
    draft: &Draft,
    now: Time,
) -> Result<NewFile, DraftError> {
    let title = text::line(&draft.title)
        .ok_or_else(|| invalid("the title is empty", "give the headline of the article"))?;
    let url = link::web_url(&draft.url).ok_or_else(|| {
        invalid(
            format!("`{}` is not a valid web URL", draft.url),
            "expected the http:// or https:// URL of the story",
        )
    })?;
    let published = match &draft.published {
        None => now,
        Some(written) => Time::parse(written, &config.time_zone)
            .map_err(|error| invalid(format!("`{written}` {error}"), error.help()))?,
    };
    if let Some(image) = &draft.image
        && link::image_url(image).is_none()
    {
        return Err(invalid(
            format!("`{image}` is not the address of a picture"),
            "give an http:// or https:// URL, or a path of the site: /images/x.jpg",
        ));
    }
    let file = text_of(draft, &title, &url, published, known);
    let file = names::of_tree(&file, &config.content.fields);
    let name = format!(
        "{}-{}",
        route::day(published, &config.time_zone),
        config.permalinks.slugs.of(&title)
    );
    parser
        .article(&format!("{}/{name}.md", folder(config)), file.as_bytes())
        .map_err(DraftError::Invalid)?;
    Ok(NewFile {
        name,
        text: file,
        url,
    })
}

/// The paths that a file may get, by preference: a second one of the same name has a number.
pub fn free_paths<'n>(folder: &'n str, name: &'n str) -> impl Iterator<Item = String> + 'n {
    paths(folder, name, ".md")
}

/// The same with what follows the name.
fn paths<'n>(folder: &'n str, name: &'n str, ending: &'n str) -> impl Iterator<Item = String> + 'n {
    (1..100).map(move |number| match number {
        1 => format!("{folder}/{name}{ending}"),
        number => format!("{folder}/{name}-{number}{ending}"),
    })
}

/// Writes an article file under a name that is free: in the first folder of articles, or where the
/// edition in its language has its articles.
///
/// # Errors
/// When the article could not be built, or the file cannot be written; then there is none.
pub fn create(
    workspace: &dyn WritableWorkspace,
    config: &Config,
    parser: &Parser,
    known: &Known,
    draft: &Draft,
    now: Time,
) -> Result<Created, DraftError> {
    let language = draft.locale.as_deref().map(tag).transpose()?;
    let Destination {
        edition,
        folder,
        ending,
        locale,
    } = Destination::of(config, language.as_deref());
    let draft = Draft {
        locale,
        ..draft.clone()
    };
    let NewFile { name, text, url } = compose(config.edition(edition), parser, known, &draft, now)?;
    for path in paths(folder, &name, &ending) {
        match workspace.create(&path, text.as_bytes()) {
            Ok(()) => return Ok(Created { path, url }),
            Err(WriteError::Exists) => {}
            Err(error) => return Err(DraftError::Write(path, error)),
        }
    }
    Err(invalid(
        format!("a hundred files named {name} already exist"),
        "choose another title",
    ))
}

/// A language as somebody writes it, as a tag.
fn tag(written: &str) -> Result<String, DraftError> {
    language::named(Some(written)).ok_or_else(|| {
        invalid(
            format!("`{written}` is not a language tag"),
            "write the tag of the language, like de or zh-Hans",
        )
    })
}

/// The text of an article file. JSON strings are YAML strings (YAML 1.2, section 1.3).
fn text_of(draft: &Draft, title: &str, url: &str, published: Time, known: &Known) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let excerpt = draft.excerpt.as_deref().and_then(text::line);
    let mut lines = vec![
        "---".to_owned(),
        format!("title: {}", quoted(title)),
        format!("excerpt: {}", quoted(&excerpt.unwrap_or_default())),
        format!("publishedDateTime: {}", published.rfc3339_utc()),
        format!("originalUrl: {}", quoted(url)),
        "type: article".to_owned(),
    ];
    lines.extend(draft.quality.map(|quality| format!("quality: {quality}")));
    if draft.draft {
        lines.push("published: false".to_owned());
    }
    let (name, domain) = known.provider(draft.provider.as_deref(), url);
    lines.push("provider:".to_owned());
    lines.extend(name.map(|name| format!("  name: {}", quoted(&name))));
    lines.push(format!("  domain: {}", quoted(&domain)));
    if !draft.topics.is_empty() {
        lines.push("topics:".to_owned());
        let items = draft.topics.iter();
        lines.extend(items.map(|topic| format!("  - {}", quoted(topic))));
    }
    if let Some(locale) = &draft.locale {
        lines.push(format!("locale: {}", quoted(locale)));
    }
    if let Some(source) = &draft.source {
        lines.push(format!("source: {}", quoted(source)));
    }
    if let Some(image) = &draft.image {
        lines.push("images:".to_owned());
        lines.push(format!("  - url: {}", quoted(image)));
    }
    lines.push("---\n".to_owned());
    lines.join("\n")
}
