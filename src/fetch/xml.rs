//! XML as it comes → a tree, whatever is wrong with it.
//!
//! `quick-xml` finds the pieces. What a strict reader would refuse is mended: a `<` or `&` that
//! begins nothing is text, HTML entities are known, an end tag ends the nearest element of its
//! name, a prefix without a declaration is the one that everybody uses, and a file that is cut off
//! ends there. Namespaces become prefixes of our own, so that what a document calls `m:thumbnail`
//! is `media:thumbnail` here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use encoding_rs::WINDOWS_1252;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements inside each other. Deeper ones are left out; their text stays.
const DEPTH: usize = 128;

/// Elements of a document. What follows is left out.
const ELEMENTS: usize = 500_000;

/// Prefixes that are declared at one place in a document. Each is looked at for every name.
const SCOPES: usize = 200;

/// Pieces that never end, in one document. Each may be searched to the end of the text.
const UNENDED: usize = 64;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its name in small letters, with a prefix of [`NAMESPACES`]; without one if it is of a feed's
    /// own format.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// What stands in an element.
#[derive(Debug)]
pub(super) enum Node {
    /// Text, with references resolved.
    Text(String),
    /// An element.
    Element(Element),
}

impl Element {
    /// The value of an attribute by its name in small letters, if it is not empty.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(other, _)| other == name)?;
        Some(found.1.trim()).filter(|value| !value.is_empty())
    }

    /// The elements in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element in it of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// Whether there are elements in it.
    pub(super) fn has_elements(&self) -> bool {
        self.elements().next().is_some()
    }

    /// Its text and that of all elements in it.
    pub(super) fn text(&self) -> String {
        fn collect(element: &Element, text: &mut String) {
            for node in &element.children {
                match node {
                    Node::Text(words) => text.push_str(words),
                    Node::Element(inner) => collect(inner, text),
                }
            }
        }
        let mut text = String::new();
        collect(self, &mut text);
        text.trim().to_owned()
    }
}

/// A document.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// An element without a name that holds the root, and whatever stands beside it.
    pub(super) top: Element,
    /// The line in which the first thing was mended that loses or changes something.
    pub(super) mended: Option<usize>,
    /// Whether the end is missing.
    pub(super) is_cut_off: bool,
}

/// Reads a document.
pub(super) fn read(text: &str) -> Document {
    // The reader takes one at its start for a byte order mark, and counts without it.
    let marked = text
        .contains('\u{feff}')
        .then(|| text.replace('\u{feff}', ""));
    let text = marked.as_deref().unwrap_or(text);
    let mut builder = Builder::default();
    let (mut at, mut unended) = (0, 0);
    // A stray `<` is found here and not by the reader, which would look for its `>` each time.
    while let Some(found) = text[at..].find('<') {
        let words = builder.unescaped(&text[at..at + found]);
        builder.text(&words);
        let start = at + found;
        let rest = &text[start..];
        let good = (!is_stray(rest)).then(|| read_one(rest, &mut builder));
        if let Some(Some(length)) = good {
            at = start + length;
            continue;
        }
        builder
            .mended
            .get_or_insert_with(|| text[..start].matches('\n').count() + 1);
        unended += usize::from(good.is_some());
        match resume(rest, &mut builder) {
            Some(length) if unended < UNENDED => at = start + length,
            _ => {
                builder.is_cut_off = true;
                return builder.finish();
            }
        }
    }
    let words = builder.unescaped(&text[at..]);
    builder.text(&words);
    builder.finish()
}

/// Reads the piece that a text begins with, and returns its length; none if it is no XML.
fn read_one(text: &str, builder: &mut Builder) -> Option<usize> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    match reader.read_event().ok()? {
        Event::Start(tag) => {
            builder.open(&tag);
        }
        Event::Empty(tag) if builder.open(&tag) => builder.close_last(),
        Event::End(tag) => builder.close(&as_text(tag.name().into_inner())),
        Event::CData(words) => builder.text(&as_text(&words)),
        Event::DocType(declarations) => builder.declare(&as_text(&declarations)),
        _ => {}
    }
    usize::try_from(reader.buffer_position())
        .ok()
        .filter(|length| *length > 0)
}

/// What the reader found in a text, which it hands on as bytes.
fn as_text(piece: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(piece)
}

/// Whether what follows a `<` shows that it begins nothing.
fn is_stray(rest: &str) -> bool {
    !rest[1..].starts_with(|c: char| c.is_alphabetic() || "_:/!?".contains(c))
}

/// What becomes of a piece that is not XML, which a text begins with: how much of it is done with;
/// none if that is all.
fn resume(rest: &str, builder: &mut Builder) -> Option<usize> {
    if rest == "<" {
        return None;
    }
    if is_stray(rest) {
        builder.text("<");
        return Some(1);
    }
    if let Some(words) = rest.strip_prefix("<![CDATA[") {
        builder.text(words);
        return None;
    }
    let end = rest.find('>')?;
    let tag = &rest[1..end];
    if !tag.starts_with(['!', '?', '/']) {
        // A quote that is never closed: the attributes cannot be read.
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next();
        builder.open(&BytesStart::new(name.unwrap_or_default()));
    }
    Some(end + 1)
}

/// The tree as far as it is built.
#[derive(Default)]
struct Builder {
    /// The open elements; the first one is the top.
    stack: Vec<Element>,
    top: Element,
    /// Prefixes that are declared, each with the depth of its element and ours for it.
    scopes: Vec<(usize, String, Option<&'static str>)>,
    /// Entities that the document declares.
    entities: BTreeMap<String, String>,
    elements: usize,
    mended: Option<usize>,
    is_cut_off: bool,
}

impl Builder {
    fn current(&mut self) -> &mut Element {
        self.stack.last_mut().unwrap_or(&mut self.top)
    }

    fn text(&mut self, words: &str) {
        if words.is_empty() {
            return;
        }
        match self.current().children.last_mut() {
            Some(Node::Text(text)) => text.push_str(words),
            _ => self.current().children.push(Node::Text(words.to_owned())),
        }
    }

    /// Opens an element; false if it is one too many.
    fn open(&mut self, tag: &BytesStart<'_>) -> bool {
        if self.stack.len() >= DEPTH || self.elements >= ELEMENTS {
            self.is_cut_off |= self.elements >= ELEMENTS;
            return false;
        }
        self.elements += 1;
        let depth = self.stack.len() + 1;
        let mut attributes = Vec::new();
        for attribute in tag.html_attributes().with_checks(false).flatten() {
            let name = as_text(attribute.key.into_inner());
            let value = self.unescaped(&as_text(&attribute.value)).into_owned();
            let prefix = match name.split_once(':') {
                Some(("xmlns", prefix)) => prefix,
                None if name == "xmlns" => "",
                _ => {
                    attributes.push((name, value));
                    continue;
                }
            };
            if self.scopes.len() < SCOPES {
                self.scopes.push((depth, prefix.to_owned(), ours(&value)));
            }
        }
        let name = self.canonical(&as_text(tag.name().into_inner()), true);
        let attributes = attributes
            .into_iter()
            .map(|(name, value)| (self.canonical(&name, false), value))
            .collect();
        // Items do not stand in each other: the end of the one before is missing.
        if is_item(&name)
            && let Some(at) = self.stack.iter().position(|open| is_item(&open.name))
        {
            while self.stack.len() > at {
                self.close_last();
            }
        }
        // Nor do the fields of one: the end of a headline is missing.
        if is_field(&name) && self.stack.last().is_some_and(|open| is_short(&open.name)) {
            self.close_last();
        }
        self.stack.push(Element {
            name,
            attributes,
            children: Vec::new(),
        });
        true
    }

    /// A name in small letters with our prefix.
    fn canonical(&self, name: &str, is_element: bool) -> String {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let local = local.to_lowercase();
        if prefix.is_empty() && !is_element {
            return local;
        }
        let declared = self.scopes.iter().rev().find(|(_, name, _)| name == prefix);
        let ours = match declared {
            Some((_, _, Some(ours))) => ours,
            None if matches!(prefix, "atom" | "atom10" | "a10" | "rss") => "",
            _ => prefix,
        };
        match ours {
            "" => local,
            ours => format!("{}:{local}", ours.to_lowercase()),
        }
    }

    /// Ends the nearest element of that name, and what is open in it.
    fn close(&mut self, name: &str) {
        let name = self.canonical(name, true);
        if let Some(at) = self.stack.iter().rposition(|open| open.name == name) {
            while self.stack.len() > at {
                self.close_last();
            }
        }
    }

    fn close_last(&mut self) {
        if let Some(element) = self.stack.pop() {
            let depth = self.stack.len();
            while self.scopes.pop_if(|(other, ..)| *other > depth).is_some() {}
            self.current().children.push(Node::Element(element));
        }
    }

    /// Keeps the entities of a document type that stand for text.
    fn declare(&mut self, declarations: &str) {
        for declaration in declarations.split("<!ENTITY").skip(1).take(ENTITIES) {
            let declaration = declaration.trim_start();
            let Some((name, rest)) = declaration.split_once(char::is_whitespace) else {
                continue;
            };
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                continue;
            };
            let Some((value, _)) = rest[1..].split_once(quote) else {
                continue;
            };
            // An entity of entities can be made to grow without end.
            let is_text = !value.contains(['<', '%']) && value.len() <= LONGEST_ENTITY;
            let text = html_escape::decode_html_entities(value);
            if is_text {
                self.entities.insert(name.to_owned(), text.into_owned());
            }
        }
    }

    /// A text with its references resolved, as far as they are any.
    fn unescaped<'t>(&self, value: &'t str) -> Cow<'t, str> {
        if !value.contains('&') {
            return Cow::Borrowed(value);
        }
        let mut text = String::with_capacity(value.len());
        let mut rest = value;
        while let Some((before, after)) = rest.split_once('&') {
            text.push_str(before);
            let end = after
                .bytes()
                .take(LONGEST_NAME)
                .position(|byte| byte == b';');
            let name = end.map(|end| &after[..end]);
            let found = name.and_then(|name| {
                let own = self.entities.get(name).cloned();
                own.or_else(|| resolved(name))
            });
            match (found, end) {
                (Some(words), Some(end)) => {
                    text.push_str(&words);
                    rest = &after[end + 1..];
                }
                _ => {
                    text.push('&');
                    rest = after;
                }
            }
        }
        text.push_str(rest);
        Cow::Owned(text)
    }

    fn finish(mut self) -> Document {
        self.is_cut_off |= !self.stack.is_empty();
        while !self.stack.is_empty() {
            self.close_last();
        }
        Document {
            top: self.top,
            mended: self.mended,
            is_cut_off: self.is_cut_off,
        }
    }
}

/// Entities that one document may declare.
const ENTITIES: usize = 500;

/// Bytes of the name of an entity with its `;`.
const LONGEST_NAME: usize = 40;

/// Bytes of the text of an entity.
const LONGEST_ENTITY: usize = 200;

/// Whether an element is an item of a feed.
pub(super) fn is_item(name: &str) -> bool {
    matches!(name, "item" | "entry")
}

/// Whether an element is a field of an item that has text only.
fn is_short(name: &str) -> bool {
    matches!(
        name,
        "title" | "link" | "guid" | "id" | "pubdate" | "published" | "updated" | "dc:date"
    )
}

/// Whether an element is a field of an item.
fn is_field(name: &str) -> bool {
    is_short(name)
        || matches!(
            name,
            "description" | "summary" | "content" | "author" | "category" | "enclosure"
        )
}

/// The text of a reference: a number, or an entity of XML or HTML.
fn resolved(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let reference = format!("&{name};");
        let text = html_escape::decode_html_entities(&reference);
        return (is_name && text != reference).then(|| match name {
            "apos" => "'".to_owned(),
            _ => text.into_owned(),
        });
    };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Numbers that no character has are bytes of Windows-1252, as browsers read them.
    let c = match u8::try_from(number) {
        Ok(byte @ 0x80..=0x9f) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
            return Some(text.into_owned());
        }
        _ => char::from_u32(number)?,
    };
    Some(c.to_string())
}

/// Namespaces of feeds, without scheme and what may stand at the end, and our prefixes for them.
const NAMESPACES: [(&str, &str); 25] = [
    ("my.netscape.com/rdf/simple/0.9", ""),
    ("purl.org/net/rss1.1", ""),
    ("purl.org/rss/1.0", ""),
    ("blogs.law.harvard.edu/tech/rss", ""),
    ("purl.org/atom/ns", ""),
    ("www.w3.org/2005/atom", ""),
    ("purl.org/rss/1.0/modules/rss091", ""),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ("purl.org/dc/elements/1.0", "dc"),
    ("purl.org/dc/elements/1.1", "dc"),
    ("purl.org/dc/terms", "dcterms"),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/rss/1.0/modules/syndication", "sy"),
    ("prismstandard.org/namespaces/1.2/basic", "prism"),
    ("purl.org/rss/1.0/modules/prism", "prism"),
    ("search.yahoo.com/mrss", "media"),
    ("www.rssboard.org/media-rss", "media"),
    ("www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("example.com/dtds/podcast-1.0.dtd", "itunes"),
    ("www.w3.org/1999/xhtml", "xhtml"),
    ("www.w3.org/xml/1998/namespace", "xml"),
    ("rssnamespace.org/feedburner/ext/1.0", "feedburner"),
    ("www.w3.org/2003/01/geo/wgs84_pos", "geo"),
    ("www.georss.org/georss", "georss"),
    ("purl.org/rss/1.0/modules/slash", "slash"),
];

/// Our prefix for a namespace.
fn ours(namespace: &str) -> Option<&'static str> {
    let lower = namespace.trim().to_ascii_lowercase();
    let name = lower
        .trim_start_matches("https://")
        .trim_start_matches("http://")
        .trim_end_matches(['/', '#']);
    if name.starts_with("backend.userland.com/rss") {
        return Some("");
    }
    let found = NAMESPACES.iter().find(|(known, _)| *known == name)?;
    Some(found.1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The tree on one line, with attributes.
    fn shown(text: &str) -> String {
        fn show(element: &Element, into: &mut String) {
            for node in &element.children {
                match node {
                    Node::Text(text) => into.push_str(text),
                    Node::Element(element) => {
                        let attributes = element.attributes.iter();
                        let attributes: String = attributes
                            .map(|(name, value)| format!(" {name}={value}"))
                            .collect();
                        *into += &format!("[{}{attributes}|", element.name);
                        show(element, into);
                        into.push(']');
                    }
                }
            }
        }
        let mut line = String::new();
        show(&read(text).top, &mut line);
        line
    }

    #[test]
    fn good_xml_is_read_as_it_is() {
        let text = "<?xml version='1.0'?><!-- c --><a B='1 &amp; 2'>x<b/>&#233;&eacute;<![CDATA[<&\
                    amp;]]></a>";
        assert_eq!(shown(text), "[a b=1 & 2|x[b|]éé<&amp;]");
        assert!(read(text).mended.is_none() && !read(text).is_cut_off);
    }

    #[test]
    fn what_begins_nothing_is_text() {
        assert_eq!(
            shown("<a>1 < 2 & 3 &x= &nope; <= &#x0; &</a>"),
            "[a|1 < 2 & 3 &x= &nope; <= \0 &]"
        );
        assert_eq!(shown("<a>?a=1&b=2&copy=3</a>"), "[a|?a=1&b=2&copy=3]");
        assert_eq!(shown("<a h='?a=1&b=2&amp;c=3'/>"), "[a h=?a=1&b=2&c=3|]");
        assert_eq!(
            shown("<a>R&D; AT&T rocks; yes</a>"),
            "[a|R&D; AT&T rocks; yes]"
        );
        assert_eq!(shown("<a>&#146;</a>"), "[a|’]");
        assert_eq!(read("<a>\n1 < 2</a>").mended, Some(2));
    }

    #[test]
    fn a_document_may_end_anywhere() {
        let whole = "<rss><channel><item><title>é &amp; <![CDATA[x]]></title><a b='c'/></item>";
        for (at, _) in whole.char_indices() {
            let document = read(&whole[..at]);
            assert!(at == 0 || document.is_cut_off, "{at}");
        }
        assert_eq!(shown("<a><b>x</b><c>y</c"), "[a|[b|x][c|y]]");
        assert_eq!(shown("<a><![CDATA[x"), "[a|x]");
        assert_eq!(shown("<a>x<b c='d>y</b></a>"), "[a|x[b|y]]");
        assert_eq!(shown("<a>x<!-- y> z</a>"), "[a|x z]");
    }

    #[test]
    fn end_tags_end_the_nearest_element_of_their_name() {
        assert_eq!(shown("<a><b><c>x</b>y</C></a>"), "[a|[b|[c|x]]y]");
        assert_eq!(
            shown("<item><title>1</title><item><title>2</title></item>"),
            "[item|[title|1]][item|[title|2]]"
        );
    }

    #[test]
    fn namespaces_become_our_prefixes() {
        let text = "<x:rss xmlns:x='http://backend.userland.com/rss2' \
                    xmlns:m='https://search.yahoo.com/mrss' xmlns:z='http://z.example/'><x:title/>\
                    <m:title/><z:title/><media:title/><atom:link/><t xmlns='http://www.w3.org/1999/\
                    xhtml'><p/></t></x:rss>";
        assert_eq!(
            shown(text),
            "[rss|[title|][media:title|][z:title|][media:title|][link|][xhtml:t|[xhtml:p|]]]"
        );
        let rdf = "<R:RDF xmlns:R='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><i R:About='x'/>";
        assert_eq!(shown(rdf), "[rdf:rdf|[i rdf:about=x|]]");
    }

    #[test]
    fn entities_of_the_document_are_text_and_do_not_grow() {
        let text = "<!DOCTYPE a [<!ENTITY co \"M&#252;ller &amp; Co\"><!ENTITY big '&co;&co;'>\
                    <!ENTITY tag '<b>'>]><a c='&co;'>&co; &big; &tag;</a>";
        assert_eq!(shown(text), "[a c=Müller & Co|Müller & Co &co;&co; &tag;]");
    }

    #[test]
    fn deep_and_endless_documents_end() {
        drop(read(&"<a>".repeat(100_000)));
        drop(read(&"<a b='".repeat(100_000)));
        drop(read(&"<![CDATA[".repeat(100_000)));
        drop(read(&"<!-- ".repeat(100_000)));
        drop(read(&"<\u{feff}".repeat(100)));
        assert!(read(&"<a/>".repeat(ELEMENTS + 1)).is_cut_off);
    }

    proptest! {
        #[test]
        fn no_text_panics(
            text in "(</?[a-z:!?]{0,3}|[ ='\"/>é&;#\\]\\[-]|<!--|-->|<!\\[CDATA\\[|\\]\\]>|\
                     xmlns:a='b'|<!DOCTYPE|<!ENTITY){0,40}"
        ) {
            drop(read(&text));
        }
    }
}
