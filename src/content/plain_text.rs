//! Text that was HTML before somebody put it into a field: titles and excerpts that were copied
//! from a page or a feed, with its tags and entities.
//!
//! Feeds escape once, twice, or not at all, so nothing says whether `<b>` in a title is markup or
//! the subject of the story. What is taken for markup:
//!
//! - the tag of an element that arranges text, if its end tag follows, and that end tag;
//! - such a tag with attributes in quotes (`<img src="…">`);
//! - written as `<p>` and not as `&lt;p&gt;`: end tags, tags that need no end tag, and those with
//!   any attributes or a slash at their end.
//!
//! Every other tag is text: a headline on the `<b>` element keeps its word, and so does one on
//! `&lt;p&gt;` or on `<script>`. What is no element of HTML (`Vec<T>`) is text, too.

use std::borrow::Cow;

/// Elements that go through a word.
pub const INLINE: [&str; 21] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark",
    "q", "s", "small", "span", "strong", "sub", "sup",
];

/// Bytes of a tag, at most; anything longer is text.
const LONGEST_TAG: usize = 4_000;

/// Elements besides [`INLINE`] that go through a word.
const MORE_INLINE: &[&str] = &[
    "big", "data", "font", "nobr", "samp", "strike", "time", "tt", "u", "var", "wbr",
];

/// Elements that need no end tag
/// (<https://html.spec.whatwg.org/multipage/syntax.html#optional-tags>), or have none.
const WITHOUT_END: &[&str] = &[
    "br", "dd", "dt", "hr", "img", "li", "p", "td", "th", "tr", "wbr",
];

/// Other elements that arrange text, sorted. Those that do something (`<script>`, `<iframe>`) or
/// show something (`<video>`) have no place in a title or an excerpt, unless it is about them.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "div",
    "dl",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "main",
    "ol",
    "pre",
    "section",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "ul",
];

/// How the tags of a text are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    /// `<b>`
    Directly,
    /// `&lt;b&gt;`
    AsEntities,
}

/// What stands in a tag after its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attributes {
    None,
    /// At least one with a value, or a slash at the end.
    Some,
    /// The same, and all that can be distinguished from prose: there is a value in quotes.
    Quoted,
}

/// A tag of an element of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag {
    start: usize,
    end: usize,
    element: &'static str,
    is_end: bool,
    attributes: Attributes,
}

/// The text without markup, its entities decoded, whether they are escaped once or twice.
pub(super) fn of(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'&' | b'<')) {
        return Cow::Borrowed(text);
    }
    let direct = without_tags(text, Written::Directly);
    if !direct.contains('&') {
        return direct;
    }
    let once = html_escape::decode_html_entities(&*direct);
    let twice = match once.contains('&') {
        true => decoded_again(&once),
        false => once,
    };
    Cow::Owned(without_tags(&twice, Written::AsEntities).into_owned())
}

/// The text with its entities decoded, and all its markup.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    html_escape::decode_html_entities(text)
}

/// Decodes what was escaped twice. An entity that stands alone and would become invisible is what
/// the text is about: "What `&nbsp;` is for".
fn decoded_again(text: &str) -> Cow<'_, str> {
    let decoded = html_escape::decode_html_entities(text);
    if decoded == text {
        return decoded;
    }
    let words: Vec<Cow<'_, str>> = text
        .split(' ')
        .map(|word| {
            let decoded = html_escape::decode_html_entities(word);
            let is_seen = decoded
                .chars()
                .any(|c| !c.is_whitespace() && !is_invisible(c));
            if is_seen { decoded } else { word.into() }
        })
        .collect();
    Cow::Owned(words.join(" "))
}

/// Whether a character shows nothing and takes no room, or shows nothing although it counts as a
/// letter (Default_Ignorable_Code_Point, <https://www.unicode.org/reports/tr44/>, and two fillers).
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn without_tags(text: &str, written: Written) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let text = without_comments(text);
    let tags = tags(&text);
    let paired = paired(&tags);
    let is_markup = |tag: &Tag, is_paired: bool| {
        is_paired
            || match written {
                Written::Directly => {
                    tag.is_end
                        || tag.attributes != Attributes::None
                        || WITHOUT_END.contains(&tag.element)
                }
                Written::AsEntities => tag.attributes == Attributes::Quoted,
            }
    };
    let mut plain = String::with_capacity(text.len());
    let mut copied = 0;
    for (tag, is_paired) in tags.iter().zip(paired) {
        if is_markup(tag, is_paired) {
            plain.push_str(&text[copied..tag.start]);
            if !is_inline(tag.element) {
                plain.push(' ');
            }
            copied = tag.end;
        }
    }
    if copied == 0 {
        return text;
    }
    plain.push_str(&text[copied..]);
    Cow::Owned(plain)
}

/// The text without comments. One that does not end is text.
fn without_comments(text: &str) -> Cow<'_, str> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        let Some((_, after)) = after.split_once("-->") else {
            break;
        };
        plain.push_str(before);
        plain.push(' ');
        rest = after;
    }
    if rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(plain + rest)
}

fn is_inline(element: &str) -> bool {
    INLINE.contains(&element) || MORE_INLINE.contains(&element)
}

fn tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        at = start + 1;
        if let Some(tag) = tag_at(text, start) {
            at = tag.end;
            tags.push(tag);
        }
    }
    tags
}

/// The tag that begins at `start`.
fn tag_at(text: &str, start: usize) -> Option<Tag> {
    let after = &text[start + 1..];
    let is_end = after.starts_with('/');
    let name_start = start + 1 + usize::from(is_end);
    let rest = &text[name_start..];
    let length = rest
        .bytes()
        .take_while(u8::is_ascii_alphanumeric)
        .take(12)
        .count();
    let element = element(&rest[..length])?;
    let attributes = name_start + length;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(attributes).take(LONGEST_TAG) {
        match (byte, quote) {
            (b'>', None) => {
                let inside = &text[attributes..at];
                let starts_well = inside.starts_with([' ', '\t', '\n', '\r', '/']);
                return (inside.is_empty() || starts_well).then_some(Tag {
                    start,
                    end: at + 1,
                    element,
                    is_end,
                    attributes: if inside.contains("=\"") || inside.contains("='") {
                        Attributes::Quoted
                    } else if inside.contains('=') || inside.ends_with('/') {
                        Attributes::Some
                    } else {
                        Attributes::None
                    },
                });
            }
            (b'<', None) => return None,
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn element(name: &str) -> Option<&'static str> {
    let mut known = [INLINE.as_slice(), MORE_INLINE, WITHOUT_END, BLOCKS]
        .into_iter()
        .flatten();
    known
        .find(|known| known.eq_ignore_ascii_case(name))
        .copied()
}

/// Whether each tag is a start tag whose end tag follows, or that end tag.
fn paired(tags: &[Tag]) -> Vec<bool> {
    let mut paired = vec![false; tags.len()];
    // Start tags without an end tag so far, by element.
    let mut open: Vec<(&'static str, Vec<usize>)> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        let same = open.iter_mut().find(|(element, _)| *element == tag.element);
        match (same, tag.is_end) {
            (Some((_, starts)), true) => {
                if let Some(start) = starts.pop() {
                    paired[start] = true;
                    paired[at] = true;
                }
            }
            (Some((_, starts)), false) => starts.push(at),
            (None, false) => open.push((tag.element, vec![at])),
            (None, true) => {}
        }
    }
    paired
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_whatever_the_depth_of_its_escapes() {
        for (written, plain) in [
            ("<b>Bold</b> news", "Bold news"),
            ("&lt;b&gt;Bold&lt;/b&gt; news", "Bold news"),
            ("&amp;lt;b&amp;gt;Bold&amp;lt;/b&amp;gt; news", "Bold news"),
            ("AT&amp;T, AT&amp;amp;T", "AT&T, AT&T"),
            ("It&#8217;s &amp;#8220;here&amp;rdquo;", "It’s “here”"),
            ("<p>One</p><p>Two</p>", " One  Two "),
            ("One<br>two<br/>three</b>", "One two three"),
            ("<a href=\"https://a.example/?x>y\">A</a>", "A"),
            ("&lt;img src='x'&gt;Picture", " Picture"),
            ("Chips & <i>dips</i><!-- x -->", "Chips & dips "),
            ("<P CLASS=x>Loud", " Loud"),
        ] {
            assert_eq!(of(written), plain, "{written}");
        }
    }

    #[test]
    fn what_a_text_is_about_stays() {
        for (written, plain) in [
            ("a &lt;b&gt; tag", "a <b> tag"),
            ("The <dialog> element", "The <dialog> element"),
            (
                "<script>x</script> in a title",
                "<script>x</script> in a title",
            ),
            ("The <b> element", "The <b> element"),
            ("The &lt;p&gt; element", "The <p> element"),
            (
                "Vec<T> and a Map<String, u8></T>",
                "Vec<T> and a Map<String, u8></T>",
            ),
            ("1 < 2 > 0, a <b and c> d", "1 < 2 > 0, a <b and c> d"),
            ("What &amp;nbsp; is for", "What &nbsp; is for"),
            ("a&amp;nbsp;b", "a\u{a0}b"),
            ("<3 and <!-- no end", "<3 and <!-- no end"),
            ("Q&A & more; &unknown;", "Q&A & more; &unknown;"),
        ] {
            assert_eq!(of(written), plain, "{written}");
        }
    }

    #[test]
    fn lists_of_elements_are_sorted_and_have_nothing_twice() {
        for list in [MORE_INLINE, WITHOUT_END, BLOCKS] {
            assert!(list.is_sorted());
        }
        assert!(
            BLOCKS
                .iter()
                .all(|name| !is_inline(name) && !WITHOUT_END.contains(name))
        );
    }

    #[test]
    fn long_texts_of_tags_take_no_time() {
        for part in ["<b>", "<b ", "</b>", "<a \"", "<!--", "&amp;lt;i"] {
            assert!(!of(&part.repeat(100_000)).contains('\u{0}'));
        }
    }
}
