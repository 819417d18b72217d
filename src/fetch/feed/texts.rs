//! The texts of a feed on one line, however they are written.

use super::{EXCERPT, Format, html};
use crate::content::INLINE;
use crate::content::budget;
use crate::content::text;
use crate::fetch::xml::{Element, Node};

/// How the text in an element is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Plain text.
    Plain,
    /// HTML as text.
    Html,
    /// HTML in Base64.
    Base64,
}

impl Kind {
    /// What `type` and `mode` of Atom say; RSS does not say, and has HTML nearly everywhere.
    pub(super) fn of(element: &Element, format: Format) -> Kind {
        let kind = element.attribute("type").unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        let mode = element.attribute("mode").unwrap_or_default();
        if mode.eq_ignore_ascii_case("base64") {
            return Kind::Base64;
        }
        let is_text = kind.starts_with("text/") || kind.ends_with("xml") || !kind.contains('/');
        match kind.as_str() {
            "html" | "text/html" | "xhtml" | "application/xhtml+xml" => Kind::Html,
            _ if mode.eq_ignore_ascii_case("escaped") => Kind::Html,
            "text" | "plain" | "text/plain" => Kind::Plain,
            _ if !is_text => Kind::Base64,
            _ if format == Format::Atom => Kind::Plain,
            _ => Kind::Html,
        }
    }

    /// The text of an element on one line.
    pub(super) fn text_of(self, element: &Element) -> Option<String> {
        if element.has_elements() {
            let mut text = String::new();
            collect(element, &mut text);
            return text::line(&text);
        }
        let text = element.text();
        match self {
            Kind::Plain if has_end_tag(&text) && element.name != "title" => html::text_of(&text),
            Kind::Plain => text::line(&text),
            Kind::Html => html::text_of(&text),
            Kind::Base64 => match base64(&text) {
                Some(bytes) => html::text_of(&String::from_utf8(bytes).ok()?),
                None => html::text_of(&text),
            },
        }
    }
}

/// Whether a text has an end tag. Where nothing says that it is HTML, it is HTML then.
fn has_end_tag(text: &str) -> bool {
    text.match_indices("</").any(|(at, _)| {
        let rest = text[at + 2..].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        rest.starts_with('>') && !text[at + 2..].starts_with('>')
    })
}

/// Adds the text of an element that has others in it, as HTML would show it.
fn collect(element: &Element, text: &mut String) {
    for node in &element.children {
        let inner = match node {
            Node::Text(words) => {
                text.push_str(words);
                continue;
            }
            Node::Element(inner) => inner,
        };
        let name = inner.name.rsplit(':').next().unwrap_or_default();
        let space = if INLINE.contains(&name) { "" } else { " " };
        text.push_str(space);
        if !html::HIDDEN.contains(&name) {
            collect(inner, text);
        }
        text.push_str(space);
    }
}

/// The bytes that are written in Base64 (RFC 4648).
fn base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
    {
        let value = ALPHABET.iter().position(|other| *other == byte)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// Texts of an entry, the shorter one and the longer one.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) summary: Option<String>,
    pub(super) body: Option<String>,
}

impl Texts {
    /// What stands under the headline: the summary, else the beginning of the body, unless it only
    /// repeats the headline.
    pub(super) fn excerpt(self, title: Option<&str>) -> Option<String> {
        let is_new = |text: &String| Some(text.as_str()) != title;
        let text = self.summary.filter(is_new);
        let text = text.or_else(|| self.body.filter(is_new))?;
        Some(budget::shortened_to(&text, EXCERPT).into_owned())
    }
}
