//! The front matter at the start of a file: what it says.
//!
//! Plain YAML is read by `plain_yaml`, any other by the typed parser (yaml_serde), which knows line
//! and column of what is wrong; TOML and JSON by way of `typed`, which does so too.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::extra::Extra;
pub use super::images::{ImageFields, Images};
use super::mapped::{self, FileMap};
use super::secured::is_secured;
use super::source::Patterns;
use super::split::Split;
pub use super::values::{First, Loose, Names, Permalink, Scalar, Scalars, Whole};
use super::{budget, plain_yaml, typed, yaml_error};
use crate::config::fields::FieldMap;
use crate::diagnostic::{Diagnostic, Location};
use crate::document::Format;
use crate::document::placed::{self, Placed};

/// Reads the front matter of a file; a file without any has no fields.
///
/// # Errors
/// With the place in the file of the first thing that is wrong.
pub(super) fn read<T: DeserializeOwned>(path: &str, split: &Split) -> Result<T, Diagnostic> {
    read_as(path, split, &PhantomData::<T>)
}

/// Reads the front matter of an article, and where its fields come from in a tree that has names of
/// its own.
///
/// # Errors
/// As for [`read`].
pub(super) fn read_article(
    path: &str,
    split: &Split,
    map: &FieldMap,
) -> Result<(ArticleFields, FileMap), Diagnostic> {
    if map.is_empty() {
        return Ok((read(path, split)?, FileMap::default()));
    }
    let present = read(path, split)?;
    let map = FileMap::new(map, &present);
    let fields = read_as(path, split, &mapped::Fields(&map))?;
    Ok((fields, map))
}

fn read_as<S: Shape>(path: &str, split: &Split, shape: &S) -> Result<S::Value, Diagnostic> {
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
        Some(format) => placed::read(format, &split.matter).map_err(|error| {
            let message = format!("this is not {format}: {}", error.message);
            let diagnostic = Diagnostic::error("front-matter", message);
            wrong(diagnostic.help(syntax_help(format)), Some(error.range))
        })?,
    };
    typed::read(&root, shape)
        .map_err(|misfit| wrong(yaml_error::misfit(&misfit.to_string()), misfit.range))
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

/// How fields are read, whatever hands them on.
pub(super) trait Shape {
    /// What they become.
    type Value;

    /// Reads them.
    ///
    /// # Errors
    /// What does not fit.
    fn read<'de, D: Deserializer<'de>>(&self, from: D) -> Result<Self::Value, D::Error>;
}

impl<T: DeserializeOwned> Shape for PhantomData<T> {
    type Value = T;

    fn read<'de, D: Deserializer<'de>>(&self, from: D) -> Result<T, D::Error> {
        T::deserialize(from)
    }
}

/// Reads a YAML block, whatever its form.
fn parse_as<S: Shape>(
    path: &str,
    matter: &str,
    lines_before: usize,
    shape: &S,
) -> Result<S::Value, Diagnostic> {
    if let Some(fields) = plain_yaml::read(matter, shape) {
        return Ok(fields);
    }
    budget::nesting(path, matter)?;
    budget::aliases(path, matter)?;
    let matter_read = without_secured(matter);
    let fields = shape
        .read(serde_yaml::Deserializer::from_str(&matter_read))
        .map_err(|error| yaml_error::explain(path, matter, lines_before, &error))?;
    let tagged = match matter.contains('!') {
        true => yaml_error::tagged(path, matter, lines_before, is_known),
        false => None,
    };
    tagged.map_or(Ok(fields), Err)
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
        images: Images = "images",
        related: Related = "related",
        featured_content: Scalar = "featuredContent",
        highlight: Scalar = "highlight",
        locale: Scalar = "locale",
        slug: Scalar = "slug",
        permalink: Permalink = "permalink",
        aliases: Scalars = "aliases",
        expiry_date: Scalar = "expiryDate",
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
        name: Scalar = "name",
        id: Scalar = "_id",
        slug: Scalar = "slug",
        short_name: Scalar = "shortname",
        parent: Scalar = "parent",
        description: Scalar = "description",
        hue: Whole = "hue",
    }
}

fields! {
    /// A provider file.
    ProviderFileFields {
        name: Scalar = "name",
        domain: Scalar = "domain",
        slug: Scalar = "slug",
        description: Scalar = "description",
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
        every: Scalar = "every",
        paused: bool = "paused",
    }
}

fields! {
    /// The front matter of a standalone page.
    PageFields {
        title: Scalar = "title",
        description: Scalar = "description",
        slug: Scalar = "slug",
        aliases: Scalars = "aliases",
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
mod tests {
    use super::super::split::split;
    use super::*;

    fn article(text: &str) -> Result<ArticleFields, Diagnostic> {
        let split = split("a.md", text)?;
        read("a.md", &split)
    }

    #[test]
    fn errors_name_the_line_of_the_file() {
        let error = article("---\n\ntitle: x\nquality: high\n---\n").unwrap_err();
        let place = error.location.unwrap();
        assert_eq!(
            (place.line, place.column, place.text.as_str()),
            (4, 10, "quality: high")
        );
    }

    #[test]
    fn secured_is_skipped_and_unknown_fields_are_kept() {
        let fields =
            article("---\ntitle: 2001\nsecured: \"abc\"\nprice: Free\ntopics: AI\n---\n").unwrap();
        assert_eq!(fields.title, Some(Scalar("2001".into())));
        assert_eq!(fields.topics.unwrap().names, Scalars(vec!["AI".into()]));
        assert_eq!(fields.extra.fields.keys().collect::<Vec<_>>(), ["price"]);
    }

    #[test]
    fn blanking_secured_changes_nothing_else() {
        let blank = |matter: &str| without_secured(matter).into_owned();
        assert_eq!(
            blank("title: x\nsecured: \"ab==\"\nheat: 1"),
            "title: x\n\nheat: 1"
        );
        assert_eq!(blank("secured: \"ab==\""), "");
        for other in [
            "a: 1\nsecured: \"ab\" # c",
            "a: 1\nsecured: \"a\nb\"",
            "a: |\n x\nsecured: \"ab\"",
            "a: 1\n secured: \"b\"",
        ] {
            assert_eq!(blank(other), other);
        }
        let error = article("---\ntitle: x\nsecured: \"ab\"\nquality: high\n---\n").unwrap_err();
        assert_eq!(error.location.unwrap().line, 4);
    }

    #[test]
    fn errors_are_told_in_plain_words() {
        let told = |fields: &str| {
            article(&format!("---\n{fields}\n---\n"))
                .unwrap_err()
                .message
        };
        assert_eq!(
            told("quality: high"),
            "`quality` must be a whole number, and is high"
        );
        assert_eq!(
            told("published: 3"),
            "`published` must be true or false, and is 3"
        );
        assert_eq!(told("title: [x]"), "`title` must be text, and is a list");
        assert_eq!(told("related: x"), "`related` must be a list, and is x");
        assert_eq!(
            told("- title: x"),
            "the front matter must be fields like `title: …`, and is a list"
        );
        assert!(told("title: a: b").starts_with("this is not YAML: "));
        let twice = article("---\ntitle: a\nheat: 1\ntitle: b\n---\n").unwrap_err();
        assert_eq!(twice.location.unwrap().line, 4);
    }

    #[test]
    fn every_format_says_the_same() {
        for text in [
            "---\ntitle: T\nquality: 7\ntopics: [AI]\npublishedDateTime: 2020-05-01T10:00:00Z\n\
             published: false\nprovider:\n  name: P\nimages:\n- url: u\n  width: 3\nprice: 1.5\n\
             secured: S\nextra: {link: l, secured: S}\n---\n",
            "+++\ntitle = 'T'\nquality = 7\ntopics = ['AI']\npublishedDateTime = \
             2020-05-01T10:00:00Z\npublished = false\nprovider.name = 'P'\nprice = 1.5\n\
             secured = 'S'\n[[images]]\nurl = 'u'\nwidth = 3\n[extra]\nlink = 'l'\n\
             secured = 'S'\n+++\n",
            r#"{"title": "T", "quality": 7, "topics": ["AI"], "published": false,
                "publishedDateTime": "2020-05-01T10:00:00Z", "provider": {"name": "P"},
                "images": [{"url": "u", "width": 3}], "price": 1.5, "secured": "S",
                "extra": {"link": "l", "secured": "S"}}"#,
        ] {
            let fields = article(text).unwrap();
            let text_of = |field: Option<Scalar>| field.unwrap().0;
            assert_eq!(text_of(fields.title), "T");
            assert_eq!(text_of(fields.published_date_time), "2020-05-01T10:00:00Z");
            assert_eq!(
                (fields.quality, fields.published),
                (Some(Whole(7)), Some(false))
            );
            assert_eq!(fields.topics.unwrap().names, Scalars(vec!["AI".into()]));
            assert_eq!(text_of(fields.provider.unwrap().name), "P");
            assert_eq!(fields.images.unwrap().items[0].width, Loose::Whole(3));
            let extra = serde_json::to_string(&fields.extra.fields).unwrap();
            assert_eq!(extra, r#"{"extra":{"link":"l"},"price":1.5}"#);
        }
    }

    #[test]
    fn errors_in_toml_and_json_name_the_place() {
        for (text, message, place) in [
            (
                "+++\ntitle = 'x'\nquality = 'high'\n+++\n",
                "`quality` must be a whole number, and is high",
                (3, 11, "quality = 'high'"),
            ),
            (
                "+++\n[[related]]\ntitle = 'u'\nquality = 'w'\n+++\n",
                "`related[0].quality` must be a whole number, and is w",
                (4, 11, "quality = 'w'"),
            ),
            (
                "+++\ntitle = x\n+++\n",
                "this is not TOML: ",
                (2, 9, "title = x"),
            ),
            (
                "+++\na = 1\na = 2\n+++\n",
                "this is not TOML: duplicate key",
                (3, 1, "a = 2"),
            ),
            (
                "{\n\"title\": [1]\n}",
                "`title` must be text, and is a list",
                (2, 10, "\"title\": [1]"),
            ),
            (
                "{\n\"related\": {}\n}",
                "`related` must be a list, and is a table",
                (2, 12, "\"related\": {}"),
            ),
            (
                ";;;\n\"title\": \"x\",\n\"title\": \"y\"\n;;;\n",
                "the field `title` stands twice",
                (3, 1, "\"title\": \"y\""),
            ),
            (
                "{\n\"a\": 1\n\"b\": 2\n}",
                "this is not JSON: a `,` is missing before this field",
                (3, 1, "\"b\": 2"),
            ),
        ] {
            let error = article(text).unwrap_err();
            assert!(error.message.starts_with(message), "{}", error.message);
            let found = error.location.unwrap();
            assert_eq!(
                (found.line, found.column, found.text.as_str()),
                place,
                "{text}"
            );
        }
    }

    #[test]
    fn a_block_that_is_indented_as_a_whole_is_read() {
        let fields = article("---\n  title: x\n  topics:\n    - AI\n---\n").unwrap();
        assert_eq!(fields.topics.unwrap().names, Scalars(vec!["AI".into()]));
        let line = |text: &str| article(text).unwrap_err().location.unwrap().line;
        assert_eq!(line("---\n  title: x\n  quality: 'a'\n---\n"), 3);
        assert_eq!(line("---\n  title: a\n  heat: 1\n  title: b\n---\n"), 4);
    }

    #[test]
    fn numbers_in_any_notation_are_text_as_it_is_written() {
        for number in [
            "0x1F",
            "+1",
            "1e3",
            "1_000",
            ".5",
            "007",
            "99999999999999999999999",
            "1.50",
        ] {
            let fields = article(&format!("---\ntitle: {number}\ntopics: [{number}]\n---\n"));
            let fields = fields.unwrap();
            assert_eq!(fields.title, Some(Scalar(number.into())));
            assert_eq!(fields.topics.unwrap().names, Scalars(vec![number.into()]));
        }
    }

    #[test]
    fn numbers_in_quotes_are_numbers_where_numbers_are_wanted() {
        let fields = article("---\nquality: \"80\"\nheat: '7'\n---\n").unwrap();
        assert_eq!(
            (fields.quality, fields.heat),
            (Some(Whole(80)), Some(Whole(7)))
        );
        let error = article("---\nquality: 99999999999999999999999\n---\n").unwrap_err();
        assert_eq!(
            error.message,
            "`quality` must be a whole number, and is 99999999999999999999999"
        );
    }

    #[test]
    fn a_text_with_commas_is_a_list_of_names() {
        let names = |topics: &str| {
            let fields = article(&format!("---\ntopics: {topics}\n---\n")).unwrap();
            let names = fields.topics.unwrap();
            (names.names.0.join("|"), names.is_split)
        };
        assert_eq!(names("AI, Chips"), ("AI| Chips".to_owned(), true));
        assert_eq!(names("人工智能，芯片"), ("人工智能|芯片".to_owned(), true));
        assert_eq!(names("AI,"), ("AI".to_owned(), false));
        assert_eq!(names("[\"AI, Chips\"]"), ("AI, Chips".to_owned(), false));
        assert_eq!(names("2024"), ("2024".to_owned(), false));
    }

    #[test]
    fn images_are_read_in_any_form() {
        let images = |images: &str| {
            let fields = article(&format!("---\nimages: {images}\n---\n")).unwrap();
            let images = fields.images.unwrap();
            let url = |image: &ImageFields| image.url.text().unwrap_or_default().into_owned();
            (
                images.items.iter().map(url).collect::<Vec<_>>().join(" "),
                images.of,
            )
        };
        assert_eq!(images("/a.png"), ("/a.png".to_owned(), 1));
        assert_eq!(images("{url: /a.png}"), ("/a.png".to_owned(), 1));
        assert_eq!(
            images("\n  - /a.png\n  - url: /b.png\n    width: \"12\"\n  - [c]\n  - true\n  -"),
            ("/a.png /b.png  ".to_owned(), 5)
        );
        assert_eq!(
            images("[5, {url: [x], width: {a: b}, height: !y 4}]"),
            ("5 ".to_owned(), 2)
        );
    }

    #[test]
    fn mistakes_of_yaml_are_told_with_their_place_and_fitting_help() {
        for (fields, line, column, message, help) in [
            (
                "topics:\n\t- AI",
                3,
                1,
                "indented with a tab",
                "only spaces",
            ),
            (
                "title: !important change",
                2,
                8,
                "`!important` is a tag",
                "in quotes",
            ),
            (
                "title: x\u{8}y",
                2,
                9,
                "control character U+0008",
                "delete it",
            ),
            (
                "title: \"C:\\dir\"",
                2,
                11,
                "a backslash in double quotes",
                "`\\\\`",
            ),
            (
                "a: b\nquery:\n  v: 1\n  p: 2\n  p: 4",
                6,
                3,
                "`p` stands twice",
                "keep one",
            ),
            (
                "a: b\ntitle:\u{a0} x\nheat: 1",
                3,
                7,
                "no-break space (U+00A0)",
                "type a space",
            ),
            ("title: @home", 2, 8, "cannot begin with `@`", "in quotes"),
            ("title: *home*", 2, 8, "begins with `*`", "in quotes"),
            (
                "provider:\n  name: a\n  name: b",
                4,
                3,
                "`name` stands twice",
                "keep one",
            ),
        ] {
            let error = article(&format!("---\n{fields}\n---\n")).unwrap_err();
            let place = error.location.as_ref().unwrap();
            assert_eq!((place.line, place.column), (line, column), "{error:?}");
            assert!(error.message.contains(message), "{error:?}");
            assert!(
                error.help.as_ref().is_some_and(|told| told.contains(help)),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_field_that_stands_twice_is_an_error() {
        assert!(
            article("---\ntitle: a\ntitle: b\n---\n")
                .unwrap_err()
                .message
                .contains("stands twice")
        );
    }

    #[test]
    fn alias_bombs_are_refused_quickly() {
        let mut bomb = String::from("---\na0: &a0 [x]\n");
        for level in 1..30 {
            bomb += &format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1);
        }
        assert_eq!(
            article(&format!("{bomb}---\n")).unwrap_err().code,
            "yaml-aliases"
        );
    }

    #[test]
    fn aliases_are_counted_whatever_their_names() {
        for name in ["_", "-", "_-9"] {
            let bomb = format!(
                "---\na: &{name} [x]\nb: [{}]\n---\n",
                vec![format!("*{name}"); 20].join(", ")
            );
            assert_eq!(article(&bomb).unwrap_err().code, "yaml-aliases", "{name}");
        }
    }

    #[test]
    fn a_megabyte_of_brackets_is_refused_quickly() {
        for bracket in ["[", "{", "[a,", "{a: ["] {
            let text = format!("---\ntitle: x\nextra: {}\n---\n", bracket.repeat(100_000));
            assert_eq!(article(&text).unwrap_err().code, "yaml-nesting");
        }
        let many = format!(
            "---\ntitle: x\nextra: [{}]\n---\n",
            "{a: b}, ".repeat(2_000)
        );
        assert!(article(&many).is_ok());
    }

    #[test]
    fn a_megabyte_of_commas_is_refused() {
        let text = format!("---\ntitle: x\nextra: {{{}}}\n---\n", "a,".repeat(300_000));
        assert_eq!(article(&text).unwrap_err().code, "yaml-nesting");
    }

    #[test]
    fn deep_nesting_is_no_crash() {
        let deep = |field: &str| {
            let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
            article(&format!(
                "---\ntitle: x\nother: 5\n{field}: {open}{close}\n---\n"
            ))
        };
        assert!(deep("topics").is_err());
        let extra = deep("extra").unwrap().extra;
        assert_eq!((extra.fields.len(), extra.dropped), (1, 1));
    }
}
