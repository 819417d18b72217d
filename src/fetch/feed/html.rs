//! HTML as it comes in feeds and pages: its tags, its text, its first picture, the feeds that it
//! names. What a page says of its story is read in `page`.
//!
//! Nothing here becomes part of a page, so nothing is parsed as a browser would; what is read is
//! cleaned as all text of an article is. Time is linear in the length, whatever the input.

use std::borrow::Cow;

use crate::content::INLINE;
use crate::content::text;

/// Elements whose content nobody sees.
pub(super) const HIDDEN: [&str; 3] = ["applet", "script", "style"];

/// A tag: where it stands, and what it says.
pub(super) struct Tag<'a> {
    /// The text before it, since the last tag.
    before: &'a str,
    /// Its name as it is written, with a `/` before that of an end tag; empty for comments.
    pub(super) name: &'a str,
    /// What follows its name.
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of one of its attributes.
    pub(super) fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        attribute(self.attributes, name)
    }
}

/// The tags of some HTML; the last one may stand for its end, and has no name.
pub(super) struct Tags<'a> {
    rest: &'a str,
    /// Whether the last tag has been read.
    is_over: bool,
}

impl<'a> Tags<'a> {
    pub(super) fn of(html: &'a str) -> Tags<'a> {
        Tags {
            rest: html,
            is_over: false,
        }
    }

    /// Leaves out everything up to the end tag of an element, and returns it.
    pub(super) fn skip_to_end_of(&mut self, name: &str) -> &'a str {
        let mut from = 0;
        while let Some(found) = self.rest[from..].find("</") {
            let at = from + found;
            let after = &self.rest.as_bytes()[at + 2..];
            let is_end = after
                .get(..name.len())
                .is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()));
            if is_end {
                let inside = &self.rest[..at];
                self.rest = &self.rest[at..];
                return inside;
            }
            from = at + 2;
        }
        std::mem::take(&mut self.rest)
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        let mut from = 0;
        while let Some(found) = self.rest[from..].find('<') {
            let at = from + found;
            let inside = &self.rest[at + 1..];
            let (before, rest) = (&self.rest[..at], inside);
            if let Some(comment) = inside.strip_prefix("!--") {
                self.rest = comment.split_once("-->").map_or("", |(_, after)| after);
                let (name, attributes) = ("", "");
                return Some(Tag {
                    before,
                    name,
                    attributes,
                });
            }
            let is_tag = inside.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
            if !is_tag {
                from = at + 1;
                continue;
            }
            let end = end_of_tag(rest);
            let tag = &rest[..end];
            let name = tag
                .char_indices()
                .find(|(at, c)| *at > 0 && (c.is_whitespace() || *c == '/'))
                .map_or(tag.len(), |(at, _)| at);
            self.rest = rest.get(end + 1..).unwrap_or_default();
            return Some(Tag {
                before,
                name: &tag[..name],
                attributes: &tag[name..],
            });
        }
        if self.is_over {
            return None;
        }
        self.is_over = true;
        Some(Tag {
            before: std::mem::take(&mut self.rest),
            name: "",
            attributes: "",
        })
    }
}

/// Where the `>` of a tag is. Values in quotes may have one; a quote that is never closed is none.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate().take(LONGEST_TAG) {
        match (byte, quote) {
            (b'>', None) => return at,
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    tag.find('>').unwrap_or(tag.len())
}

/// Bytes of a tag in which quotes are looked at.
const LONGEST_TAG: usize = 20_000;

/// The value of an attribute.
fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            rest = if end == 0 { &after[1..] } else { after };
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(html_escape::decode_html_entities(value));
        }
        rest = after;
    }
}

/// The text of HTML on one line. Elements that stand for themselves are set apart by spaces.
pub(super) fn text_of(html: &str) -> Option<String> {
    if !html.contains('<') {
        return text::line(html);
    }
    let mut plain = String::with_capacity(html.len());
    let mut tags = Tags::of(html);
    while let Some(tag) = tags.next() {
        plain.push_str(tag.before);
        let name = tag.name.trim_start_matches('/').to_ascii_lowercase();
        if !tag.name.is_empty() && !INLINE.contains(&name.as_str()) {
            plain.push(' ');
        }
        if HIDDEN.contains(&tag.name.to_ascii_lowercase().as_str()) {
            tags.skip_to_end_of(&name);
        }
    }
    text::line(&plain)
}

/// The address of the first picture that is no dot for counting readers.
pub(super) fn picture(html: &str) -> Option<String> {
    Tags::of(html)
        .filter(|tag| tag.name.eq_ignore_ascii_case("img"))
        .find_map(|tag| {
            let is_dot = ["width", "height"].iter().any(|side| {
                let side = attribute(tag.attributes, side);
                side.and_then(|side| side.trim().trim_end_matches("px").parse::<u32>().ok())
                    .is_some_and(|side| side < 32)
            });
            let source = attribute(tag.attributes, "src")?;
            let source = source.trim();
            (!is_dot && !source.is_empty() && !source.starts_with("data:"))
                .then(|| source.to_owned())
        })
}

/// The addresses of the feeds that the head of a page names, as they stand there
/// (<https://www.rssboard.org/rss-autodiscovery>), with their titles.
pub(super) fn feeds(html: &str) -> Vec<(String, Option<String>)> {
    const TYPES: [&str; 5] = [
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
    ];
    let named = Tags::of(html).filter_map(|tag| {
        let value = |name| attribute(tag.attributes, name);
        if !tag.name.eq_ignore_ascii_case("link") {
            return None;
        }
        let rel = value("rel")?.to_ascii_lowercase();
        let kind = value("type")?.trim().to_ascii_lowercase();
        let is_feed = rel.split_ascii_whitespace().any(|word| word == "alternate")
            && TYPES.contains(&kind.split(';').next().unwrap_or_default().trim());
        let title = value("title").and_then(|title| text::line(&title));
        let address = value("href")?.trim().to_owned();
        // WordPress names its programming interface in the same way.
        let is_page = kind != "application/json" || address.contains("feed");
        (is_feed && is_page && !address.is_empty()).then_some((address, title))
    });
    named.take(MOST_FEEDS).collect()
}

/// Feeds that one page may name.
const MOST_FEEDS: usize = 50;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_what_a_reader_sees() {
        for (html, expected) in [
            ("Example <b>Atom</b>", "Example Atom"),
            ("H<sub>2</sub>O &amp; more", "H2O & more"),
            ("<p>One</p><p>Two<br>Three</p>", "One Two Three"),
            ("5 < 6 &lt; 7", "5 < 6 < 7"),
            ("a<script>x<y</script>b<style>p{}</STYLE >c", "a b c"),
            ("a<!-- <b> -->b", "ab"),
            ("x <a title='a > b' href=\"q\">y</a>", "x y"),
            ("<blink>&lt;b&gt;</blink>", "<b>"),
            ("cut <a hre", "cut"),
        ] {
            assert_eq!(text_of(html).as_deref(), Some(expected), "{html}");
        }
        assert_eq!(text_of("<p> </p>"), None);
    }

    #[test]
    fn the_first_picture_is_no_dot() {
        let html = "<img width=1 height=\"1\" src=/dot><IMG alt='a>b' src = '/a.jpg?x=1&amp;y=2'>";
        assert_eq!(picture(html).as_deref(), Some("/a.jpg?x=1&y=2"));
        assert_eq!(picture("<img src='data:image/gif;base64,x'>"), None);
    }

    #[test]
    fn pages_name_their_feeds() {
        let page = "<head><link rel=stylesheet href=x><LINK REL='alternate home' title='All &amp; \
                    more' type=\"application/rss+xml\" href=/feed.xml><link rel=alternate \
                    hreflang=de href=/de><link rel=\"alternate\" type=\"application/json\" \
                    href=\"/wp-json/wp/v2/pages/2\">";
        let all = Some("All & more".to_owned());
        assert_eq!(feeds(page), [("/feed.xml".to_owned(), all)]);
    }

    proptest! {
        #[test]
        fn no_html_panics(
            html in "(<[a-z!?/]{0,3}|[ =\"'>é&;-]|<!--|-->|img|src|link|type=){0,40}",
        ) {
            drop((text_of(&html), picture(&html), feeds(&html)));
        }
    }
}
