//! Files of content with every field that there is, the list of which comes from the code.

use std::fmt::Write as _;

use newsgen::content::front_matter::{
    ArticleFields, ImageFields, PageFields, ProviderFields, ProviderFileFields, RelatedFields,
    TopicFields,
};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::payloads::{ALIASES, BAD_URLS, Kind, Mark, Payload, TEXTS, WEB_URLS};
use crate::support::Random;

/// The names of the fields of a type that serde reads.
fn names_of<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    struct Names<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Names<'_> {
        type Error = de::value::Error;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(de::Error::custom("only the names are asked for"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
            option unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier
            ignored_any
        }
    }

    let mut names: &[&str] = &[];
    drop(T::deserialize(Names(&mut names)));
    assert!(!names.is_empty(), "a type with fields");
    names
}

/// What is put into the fields.
pub(crate) enum Filling {
    /// One payload, everywhere.
    Payload(usize),
    /// Another payload in each field, by chance; the number is that of the file.
    Mixed(usize),
    /// Harmless words.
    Plain(usize),
}

/// Fills the fields of one file.
pub(crate) struct Filler {
    filling: Filling,
    random: Random,
    /// Fields filled so far; their number is part of the mark.
    fields: usize,
}

impl Filler {
    pub(crate) fn new(filling: Filling) -> Filler {
        // Two files of mixed payloads have no mark in common in the same place.
        let (fields, seed) = match filling {
            Filling::Mixed(number) => (number, number as u64),
            _ => (0, 0),
        };
        Filler {
            filling,
            random: Random::new(seed),
            fields,
        }
    }

    fn next(&mut self, kind: Kind, payloads: &[Payload]) -> String {
        self.fields += 1;
        let field = self.fields % 100;
        let payload = match self.filling {
            Filling::Payload(number) => number % payloads.len(),
            Filling::Mixed(_) => self.random.below(payloads.len()),
            Filling::Plain(number) => {
                let mark = Mark {
                    kind,
                    payload: number,
                    field,
                };
                return match kind {
                    Kind::Url => format!("https://web.example/{}", mark.word()),
                    _ => format!("word {}", mark.word()),
                };
            }
        };
        let mark = Mark {
            kind,
            payload,
            field,
        };
        payloads[payload].text(&mark.word())
    }

    pub(crate) fn text(&mut self) -> String {
        self.next(Kind::Text, TEXTS)
    }

    /// A part of an old address.
    fn alias(&mut self) -> String {
        self.next(Kind::Name, ALIASES)
    }

    pub(crate) fn rich(&mut self) -> String {
        self.next(Kind::Rich, TEXTS)
    }

    /// An address that makes a link.
    pub(crate) fn web_url(&mut self) -> String {
        self.next(Kind::Url, WEB_URLS)
    }

    /// An address that may be dropped.
    fn any_url(&mut self) -> String {
        match self.fields % 2 {
            0 => self.next(Kind::Url, BAD_URLS),
            _ => self.web_url(),
        }
    }

    /// The number of the file.
    fn number(&self) -> usize {
        let (Filling::Payload(number) | Filling::Mixed(number) | Filling::Plain(number)) =
            self.filling;
        number
    }
}

/// A string of YAML, in quotation marks, in which everything but plain ASCII is escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut yaml = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => yaml.extend(['\\', c]),
            ' '..='~' => yaml.push(c),
            _ => drop(write!(yaml, "\\U{:08X}", u32::from(c))),
        }
    }
    yaml + "\""
}

fn object(fields: Vec<(&str, String)>) -> String {
    let fields = fields
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"));
    format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
}

fn image(fill: &mut Filler, has_good_url: bool) -> String {
    let value = |name: &&'static str| {
        let value = match *name {
            "width" | "height" => "20".to_owned(),
            "isCached" => "true".to_owned(),
            "url" if has_good_url => quoted(&fill.web_url()),
            "url" => quoted(&fill.any_url()),
            _ => quoted(&fill.text()),
        };
        (*name, value)
    };
    object(names_of::<ImageFields>().iter().map(value).collect())
}

fn images(fill: &mut Filler) -> String {
    format!(
        "[{}, {}, {}]",
        image(fill, true),
        image(fill, false),
        image(fill, false)
    )
}

fn provider(fill: &mut Filler) -> String {
    let value = |name: &&'static str| {
        let value = match *name {
            "domain" => format!("p{}.example", fill.number() % 20),
            "images" => images(fill),
            _ => quoted(&fill.text()),
        };
        (*name, value)
    };
    object(names_of::<ProviderFields>().iter().map(value).collect())
}

fn related(fill: &mut Filler) -> String {
    let value = |name: &&'static str| {
        let value = match *name {
            "publishedDateTime" => "2026-11-19T08:00:00Z".to_owned(),
            "quality" => "80".to_owned(),
            "webUrl" => quoted(&fill.web_url()),
            "originalUrl" | "ampWebUrl" | "cdnAmpWebUrl" => quoted(&fill.any_url()),
            "provider" => provider(fill),
            "images" => images(fill),
            _ => quoted(&fill.text()),
        };
        (*name, value)
    };
    object(names_of::<RelatedFields>().iter().map(value).collect())
}

/// Fields that are none of newsgen's: of all forms that YAML has.
fn unknown(fill: &mut Filler) -> String {
    let mut text = || quoted(&fill.text());
    format!(
        "custom: {}\nnested: {{ a: [{}, {{ b: {} }}], c: !tag {} }}\nnumber: 1.5\nnothing: null\n\
         secured: {}\n",
        text(),
        text(),
        text(),
        text(),
        text()
    )
}

/// When the article with that number was published: all within ten days.
fn date(number: usize) -> String {
    format!(
        "2026-11-{:02}T{:02}:30:00Z",
        11 + number % 10,
        number / 10 % 24
    )
}

/// An article with all fields.
pub(crate) fn article(number: usize, mut filler: Filler) -> String {
    let fill = &mut filler;
    let mut matter = String::new();
    for name in ArticleFields::FIELDS {
        let value = match *name {
            "publishedDateTime" | "updatedDateTime" => date(number),
            "originalUrl" | "webUrl" => quoted(&fill.web_url()),
            "ampWebUrl" | "cdnAmpWebUrl" => quoted(&fill.any_url()),
            "quality" | "heat" => "80".to_owned(),
            "published" => "true".to_owned(),
            "deleted" | "removed" | "draft" => "false".to_owned(),
            "expiryDate" | "pin" => "2062-01-01".to_owned(),
            "permalink" => quoted(&format!("/at/{number}/{}/", fill.alias())),
            "provider" => provider(fill),
            "topics" => format!("[{}, Plain]", quoted(&fill.text())),
            // A list: names in one text are taken apart.
            "authors" => format!("[{}]", quoted(&fill.text())),
            "tags" => format!("[{}, {}]", quoted(&fill.text()), quoted(&fill.text())),
            "images" => images(fill),
            "related" => format!("[{}, {}]", related(fill), related(fill)),
            "featuredContent" => quoted(&embed(fill)),
            "aliases" => format!(
                "[/old/{number}/, {}]",
                quoted(&format!("/old/{number}/{}/", fill.alias()))
            ),
            _ => quoted(&fill.text()),
        };
        writeln!(matter, "{name}: {value}").unwrap();
    }
    matter += &unknown(fill);
    format!("---\n{matter}---\n{}", body(fill))
}

fn embed(fill: &mut Filler) -> String {
    format!(
        "<iframe src=\"https://player.vimeo.com/video/1?{}\"></iframe>{}",
        fill.rich(),
        html(fill)
    )
}

/// HTML with payloads where addresses, attributes and texts are.
fn html(fill: &mut Filler) -> String {
    let mut html = fill.rich();
    for address in [fill.any_url(), fill.any_url()] {
        write!(
            html,
            "<a href=\"{address}\">a</a><img src=\"{address}\" alt=\"x\"><iframe src=\"{address}\">\
             </iframe><video src='{address}' poster='{address}'></video><form action='{address}'>\
             </form><svg><a xlink:href='{address}'>x</a></svg><blockquote cite='{address}'>x\
             </blockquote>"
        )
        .unwrap();
    }
    write!(
        html,
        "<p title=\"{0}\" class=\"{0}\" id=\"{0}\" style=\"{0}\">x</p><img alt='{0}' src='/x.png'>",
        fill.rich()
    )
    .unwrap();
    html
}

fn body(fill: &mut Filler) -> String {
    format!(
        "{}\n\n# {}\n\n> {}\n\n- {}\n\n[{}]({} \"{}\") ![{}]({})\n\n```{}\n{}\n```\n\n| a | b |\n\
         |---|---|\n| {} | x |\n\n{}\n\n[ref]\n\n[ref]: <{}>\n",
        fill.rich(),
        fill.rich(),
        fill.rich(),
        fill.rich(),
        fill.rich(),
        fill.any_url(),
        fill.rich(),
        fill.rich(),
        fill.any_url(),
        fill.rich(),
        fill.rich(),
        fill.rich(),
        html(fill),
        fill.any_url(),
    )
}

/// A topic file with all fields, as YAML.
pub(crate) fn topic(name: &str, mut filler: Filler) -> String {
    let fill = &mut filler;
    let mut yaml = String::new();
    for field in TopicFields::FIELDS {
        let value = match *field {
            "name" => quoted(name),
            "hue" => "120".to_owned(),
            "parent" => "Plain".to_owned(),
            // The topic of that name has the slug without the number.
            "slug" => quoted(&format!("{} {}", fill.number(), fill.text())),
            _ => quoted(&fill.text()),
        };
        writeln!(yaml, "{field}: {value}").unwrap();
    }
    yaml + &unknown(fill)
}

/// A provider file with all fields.
pub(crate) fn provider_file(domain: &str, mut filler: Filler) -> String {
    let fill = &mut filler;
    let mut matter = String::new();
    for field in ProviderFileFields::FIELDS {
        let value = match *field {
            "domain" => domain.to_owned(),
            "images" => images(fill),
            "url" => quoted(&fill.any_url()),
            _ => quoted(&fill.text()),
        };
        writeln!(matter, "{field}: {value}").unwrap();
    }
    matter += &unknown(fill);
    format!("---\n{matter}---\n{}", body(fill))
}

/// A page with all fields.
pub(crate) fn page(number: usize, mut filler: Filler) -> String {
    let fill = &mut filler;
    let mut matter = String::new();
    for field in PageFields::FIELDS {
        let value = match *field {
            "aliases" => format!(
                "[/old-page/{number}/, {}]",
                quoted(&format!("/old-page/{number}/{}/", fill.alias()))
            ),
            // Names that there are not are errors, as tests/freedoms.rs shows.
            "template" => "page.html".to_owned(),
            "list" => "{where: quality >= 0, limit: 3}".to_owned(),
            _ => quoted(&fill.text()),
        };
        writeln!(matter, "{field}: {value}").unwrap();
    }
    matter += &unknown(fill);
    format!("---\n{matter}---\n{}", body(fill))
}

/// Articles that have the payload where a number, a date, an address or a path is expected: most
/// of them are refused, each with a message.
pub(crate) fn misplaced(number: usize) -> Vec<(String, String)> {
    let mut articles = Vec::new();
    for (at, name) in ArticleFields::FIELDS.iter().enumerate() {
        let mut fill = Filler {
            fields: at,
            ..Filler::new(Filling::Payload(number))
        };
        let value = match *name {
            "originalUrl" | "webUrl" => fill.next(Kind::Url, BAD_URLS),
            "aliases" | "permalink" => format!("/old/{}", fill.text()),
            "quality" | "heat" | "published" | "draft" | "deleted" | "removed" | "provider"
            | "topics" | "tags" | "images" | "related" | "publishedDateTime"
            | "updatedDateTime" | "expiryDate" | "pin" => fill.text(),
            _ => continue,
        };
        let mut matter = format!("{name}: {}\n", quoted(&value));
        for (field, good) in [
            ("title", "Misplaced".to_owned()),
            ("publishedDateTime", date(number)),
            (
                "originalUrl",
                format!("https://web.example/misplaced/{number}/{name}"),
            ),
        ] {
            if field != *name {
                writeln!(matter, "{field}: {good}").unwrap();
            }
        }
        articles.push((
            format!("misplaced-{number:03}-{at:02}"),
            format!("---\n{matter}---\n"),
        ));
    }
    articles
}
