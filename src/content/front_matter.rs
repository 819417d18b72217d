//! The front matter at the start of a file: what it says.
//!
//! YAML is read by the typed parser (yaml_serde), which knows line and column of what is wrong;
//! TOML and JSON by way of `typed`, which does so too.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};

pub use super::authors::{AuthorFields, Authors};
use super::extra::Extra;
pub use super::images::{ImageFields, Images};
use super::page_list::ListFields;
use super::secured::is_secured;
use super::shape::Shape;
use super::split::Split;
pub use super::values::{
    ByLanguage, First, Loose, Names, Patterns, Permalink, Scalar, Scalars, Whole,
};
use super::{budget, typed, yaml_error};
use crate::diagnostic::{Diagnostic, Location};
use crate::document::placed::Placed;
use crate::document::{self, Format};

/// Reads the front matter of a file; a file without any has no fields.
///
/// # Errors
/// With the place in the file of the first thing that is wrong.
pub(super) fn read<T: DeserializeOwned>(path: &str, split: &Split) -> Result<T, Diagnostic> {
    read_as(path, split, &PhantomData::<T>)
}

/// Reads the front matter of a file in the form that is asked for.
///
/// # Errors
/// As for [`read`].
pub(super) fn read_as<S: Shape>(
    path: &str,
    split: &Split,
    shape: &S,
) -> Result<S::Value, Diagnostic> {
    let format = match split.format {
        Some(Format::Yaml) => return parse_as(path, &split.matter, split.lines_before, shape),
        other => other,
    };
    let wrong = |diagnostic: Diagnostic, range: Option<Range<usize>>| match range {
        Some(range) => diagnostic.at(split.span(path, range)),
        None => diagnostic.at(Location::file(path)),
    };
    let root = match format {
        None => Placed::nothing(),
        Some(format) => document::read_placed(format, &split.matter).map_err(|error| {
            let message = format!("this is not {format}: {}", error.message);
            let diagnostic = Diagnostic::error("front-matter", message);
            wrong(diagnostic.help(syntax_help(format)), Some(error.range))
        })?,
    };
    typed::read(&root, shape)
        .map_err(|error| wrong(yaml_error::type_mismatch(&error.to_string()), error.range))
}

/// Where mistakes in a format usually are.
fn syntax_help(format: Format) -> &'static str {
    match format {
        Format::Json => {
            "names and texts stand in double quotes, and a comma between two fields, none after \
             the last"
        }
        _ => "text stands in quotes, and each field on a line of its own: title = \"…\"",
    }
}

/// Reads a YAML block.
///
/// # Errors
/// With the place in the file of the first thing that is wrong.
pub fn parse<T: DeserializeOwned>(
    path: &str,
    matter: &str,
    lines_before: usize,
) -> Result<T, Diagnostic> {
    parse_as(path, matter, lines_before, &PhantomData::<T>)
}

/// Reads a YAML block in the form that is asked for.
fn parse_as<S: Shape>(
    path: &str,
    matter: &str,
    lines_before: usize,
    shape: &S,
) -> Result<S::Value, Diagnostic> {
    budget::nesting(path, matter)?;
    budget::aliases(path, matter)?;
    let matter_read = without_secured(matter);
    let fields = shape
        .read(serde_yaml::Deserializer::from_str(&matter_read))
        .map_err(|error| yaml_error::explain(path, matter, lines_before, &error))?;
    let tagged = match may_have_tags(matter) {
        true => yaml_error::tagged(path, matter, lines_before, is_known),
        false => None,
    };
    tagged.map_or(Ok(fields), Err)
}

/// Whether a `!` stands where a value may begin, as that of a tag does (YAML 1.2, § 6.9.1): finding
/// out for certain takes another parse, and texts are full of exclamation marks.
fn may_have_tags(matter: &str) -> bool {
    let before = |at: usize| matter[..at].bytes().next_back().unwrap_or(b'\n');
    matter
        .match_indices('!')
        .any(|(at, _)| b" \t\r\n[{,:".contains(&before(at)))
}

/// Whether a file of any kind has a field of this name. What is wrong with images is no error.
fn is_known(name: &str) -> bool {
    name != "images"
        && [
            ArticleFields::FIELDS,
            TopicFields::FIELDS,
            ProviderFileFields::FIELDS,
            PageFields::FIELDS,
        ]
        .iter()
        .any(|fields| fields.contains(&name))
}

/// Blanks a top-level `secured: "…"` on one line. It is skipped anyway, but it is a sixth of a
/// typical file, and what the parser does not see it need not scan.
fn without_secured(matter: &str) -> Cow<'_, str> {
    const FIELD: &str = "secured: \"";
    let start = match matter.find("\nsecured: \"") {
        Some(at) => at + 1,
        None if matter.starts_with(FIELD) => 0,
        None => return Cow::Borrowed(matter),
    };
    let value = &matter[start + FIELD.len()..];
    let length = value.find(['"', '\\', '\n']).unwrap_or(0);
    let closes = value[length..].starts_with("\"\n") || &value[length..] == "\"";
    // Inside a block of text the same characters could be part of a value.
    if !closes || matter[..start].contains(": |") || matter[..start].contains(": >") {
        return Cow::Borrowed(matter);
    }
    Cow::Owned([&matter[..start], &value[length + 1..]].concat())
}

/// Related stories, as many as an article may have.
pub type Related = First<RelatedFields, { budget::RELATED }>;

/// A struct of optional fields that keeps unknown ones, reports a field that stands twice, and
/// skips `secured`.
macro_rules! fields {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $kind:ty = $key:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            $(#[doc = concat!("`", $key, "`")] pub $field: Option<$kind>,)*
            /// Fields that are none of these.
            pub extra: Extra,
        }

        impl $name {
            /// Names of the known fields.
            pub const FIELDS: &'static [&'static str] = &[$($key,)*];
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct FieldsVisitor;
                impl<'de> Visitor<'de> for FieldsVisitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("fields like `title: …`")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        let mut fields = $name::default();
                        // A field without a value counts, too.
                        $(let mut $field = false;)*
                        while let Some(key) = map.next_key::<String>()? {
                            match key.as_str() {
                                $($key => {
                                    if std::mem::replace(&mut $field, true) {
                                        return Err(de::Error::duplicate_field($key));
                                    }
                                    fields.$field = map.next_value()?;
                                })*
                                secret if is_secured(secret) => {
                                    map.next_value::<IgnoredAny>()?;
                                }
                                _ => fields.extra.read(key, &mut map)?,
                            }
                        }
                        Ok(fields)
                    }

                    fn visit_unit<E: de::Error>(self) -> Result<$name, E> {
                        Ok($name::default())
                    }
                }
                deserializer.deserialize_any(FieldsVisitor)
            }
        }
    };
}

fields! {
    /// The front matter of an article.
    ArticleFields {
        title: Scalar = "title",
        published_date_time: Scalar = "publishedDateTime",
        updated_date_time: Scalar = "updatedDateTime",
        excerpt: Scalar = "excerpt",
        original_url: Scalar = "originalUrl",
        web_url: Scalar = "webUrl",
        amp_web_url: Scalar = "ampWebUrl",
        cdn_amp_web_url: Scalar = "cdnAmpWebUrl",
        category: Scalar = "category",
        kind: Scalar = "type",
        quality: Whole = "quality",
        heat: Whole = "heat",
        published: bool = "published",
        draft: bool = "draft",
        deleted: bool = "deleted",
        removed: bool = "removed",
        provider: ProviderFields = "provider",
        topics: Names = "topics",
        tags: Names = "tags",
        authors: Authors = "authors",
        images: Images = "images",
        related: Related = "related",
        featured_content: Scalar = "featuredContent",
        highlight: Scalar = "highlight",
        locale: Scalar = "locale",
        slug: Scalar = "slug",
        permalink: Permalink = "permalink",
        aliases: Scalars = "aliases",
        expiry_date: Scalar = "expiryDate",
        pin: Scalar = "pin",
        event: Scalar = "event",
        length: Scalar = "length",
    }
}

impl ArticleFields {
    /// Whether nothing in it says that it is hidden.
    pub(super) fn is_published(&self) -> bool {
        let is_page = self.permalink != Some(Permalink::Nowhere);
        is_page && self.published.unwrap_or(true) && !self.draft.unwrap_or(false)
    }

    /// Fields without a value that other tools have under names of their own.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let has_link = self.original_url.is_some() || self.web_url.is_some();
        let has_provider = has_link || self.provider.is_some();
        let is_there = [
            ("updatedDateTime", self.updated_date_time.is_some()),
            ("excerpt", self.excerpt.is_some()),
            ("originalUrl", has_link),
            ("provider.name", has_provider),
            ("topics", self.topics.is_some()),
            ("images", self.images.is_some()),
            ("locale", self.locale.is_some()),
            ("aliases", self.aliases.is_some()),
            ("permalink", self.permalink.is_some()),
        ];
        let missing = is_there.into_iter().filter(|(_, is_there)| !is_there);
        missing.map(|(name, _)| name).collect()
    }
}

fields! {
    /// A topic file.
    TopicFields {
        name: ByLanguage = "name",
        id: Scalar = "_id",
        slug: Scalar = "slug",
        short_name: ByLanguage = "shortname",
        parent: Scalar = "parent",
        description: ByLanguage = "description",
        hue: Whole = "hue",
        words: Scalars = "words",
        not_words: Scalars = "not_words",
    }
}

fields! {
    /// A provider file.
    ProviderFileFields {
        name: ByLanguage = "name",
        domain: Scalar = "domain",
        slug: Scalar = "slug",
        description: ByLanguage = "description",
        images: Images = "images",
        home: Scalar = "url",
    }
}

fields! {
    /// A source file.
    SourceFields {
        feed: Scalar = "feed",
        title: Scalar = "title",
        provider: Scalar = "provider",
        topics: Names = "topics",
        language: Scalar = "language",
        quality: Whole = "quality",
        keep: Patterns = "keep",
        skip: Patterns = "skip",
        max_age: Scalar = "max_age",
        min_length: Whole = "min_length",
        publish: Scalar = "publish",
        image: Scalar = "image",
        every: Scalar = "every",
        paused: bool = "paused",
        listed: bool = "listed",
    }
}

fields! {
    /// The front matter of a standalone page.
    PageFields {
        title: Scalar = "title",
        description: Scalar = "description",
        slug: Scalar = "slug",
        aliases: Scalars = "aliases",
        template: Scalar = "template",
        list: ListFields = "list",
    }
}

/// `provider` of an article or a related story.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProviderFields {
    /// Name.
    pub name: Option<Scalar>,
    /// Domain.
    pub domain: Option<Scalar>,
    /// Marks and logos.
    pub images: Option<Images>,
}

/// An item of `related`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RelatedFields {
    /// Headline.
    pub title: Option<Scalar>,
    /// A few sentences.
    pub excerpt: Option<Scalar>,
    /// When it was published.
    pub published_date_time: Option<Scalar>,
    /// URL.
    pub original_url: Option<Scalar>,
    /// URL.
    pub web_url: Option<Scalar>,
    /// URL.
    pub amp_web_url: Option<Scalar>,
    /// URL.
    pub cdn_amp_web_url: Option<Scalar>,
    /// `article`, `video`, ….
    #[serde(rename = "type")]
    pub kind: Option<Scalar>,
    /// Who published it.
    pub provider: Option<ProviderFields>,
    /// Editorial score.
    pub quality: Option<Whole>,
    /// Pictures.
    pub images: Option<Images>,
}

#[cfg(test)]
mod tests;
