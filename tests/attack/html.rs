//! What an HTML page is made of, and whether a payload has become a part of it.

use std::collections::BTreeSet;

use scraper::{Html, Node};
use serde_json::Value;
use url::Url;

use crate::payloads::{has_mark, marks};
use crate::{Findings, data, text};

/// Elements and their attributes, as `img src`.
pub(crate) type Shape = BTreeSet<String>;

/// What is left of the HTML of articles, elements and attributes.
const KEPT: &str = "a abbr b bdi blockquote br caption cite code col colgroup data dd del details \
    dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i iframe img ins kbd li mark ol p pre q \
    rp rt rtc ruby s samp section small span strong sub summary sup table tbody td tfoot th thead \
    tr u ul var wbr";
const KEPT_ATTRIBUTES: &str = "a.href a.rel a.title abbr.title blockquote.cite col.span \
    colgroup.span data.value del.cite dfn.title iframe.allowfullscreen iframe.height \
    iframe.loading iframe.referrerpolicy iframe.src iframe.title iframe.width img.alt img.height \
    img.loading img.referrerpolicy img.src img.title img.width ins.cite ol.start q.cite \
    section.class td.class td.colspan td.headers td.rowspan th.abbr th.class th.colspan \
    th.headers th.rowspan";

/// Attributes that hold addresses.
const ADDRESSES: &str = "href src cite poster data action formaction srcset xlink:href background";
/// Attributes that are text for people, or for programs that show it to them.
const TEXTS: &str = "alt title content aria-label value placeholder";

pub(crate) fn is_one_of(word: &str, list: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// Elements and attributes of a page.
pub(crate) fn shape(html: &str) -> Shape {
    let page = Html::parse_document(html);
    let mut shape = Shape::new();
    for node in page.tree.nodes() {
        if let Node::Element(element) = node.value() {
            shape.insert(element.name().to_owned());
            let attributes = element.attrs();
            shape.extend(attributes.map(|(name, _)| format!("{}.{name}", element.name())));
        }
    }
    shape
}

/// Looks at a page, or at HTML inside a feed. `known` is what harmless pages are made of.
pub(crate) fn audit(place: &str, html: &str, known: &Shape, found: &mut Findings) {
    let page = Html::parse_document(html);
    let mut ids = BTreeSet::new();
    for node in page.tree.nodes() {
        match node.value() {
            Node::Comment(comment) if has_mark(comment) => {
                found.add(place, format!("a payload in a comment: {}", &**comment));
            }
            Node::Doctype(doctype) if has_mark(doctype.name()) => {
                found.add(place, "a payload in the document type".to_owned());
            }
            Node::ProcessingInstruction(instruction) => {
                found.add(place, format!("an instruction: {}", &**instruction));
            }
            Node::Text(words) => {
                let parent = node.parent().and_then(|parent| parent.value().as_element());
                match parent {
                    Some(parent) if parent.name() == "script" => {
                        let is_data = parent.attr("type") == Some("application/ld+json");
                        if is_data {
                            json_ld(place, words, found);
                        } else {
                            found.add(place, format!("a script of its own: {}", &**words));
                        }
                    }
                    Some(parent) if parent.name() == "style" && has_mark(words) => {
                        found.add(place, format!("a payload in a style: {}", &**words));
                    }
                    _ => text::is_whole(place, words, found),
                }
            }
            Node::Element(element) => {
                let name = element.name();
                if !known.contains(name) && !is_one_of(name, KEPT) {
                    found.add(place, format!("<{name}>"));
                }
                for (attribute, value) in element.attrs() {
                    if attribute == "id" {
                        if !is_plain(value) || !ids.insert(value.to_owned()) {
                            found.add(place, format!("<{name} id=\"{value}\">"));
                        }
                        continue;
                    }
                    let full = format!("{name}.{attribute}");
                    if !known.contains(&full) && !is_one_of(&full, KEPT_ATTRIBUTES) {
                        found.add(place, format!("<{name} {attribute}=\"{value}\">"));
                    }
                    if attribute.to_lowercase().starts_with("on") {
                        found.add(place, format!("a handler, <{name} {attribute}>"));
                    }
                    attribute_value(place, name, attribute, value, found);
                }
            }
            _ => {}
        }
    }
    text::has_only_good_characters(place, html, found);
}

/// Whether a text may give something an id of this form.
fn is_plain(id: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
    !id.is_empty() && id.chars().all(is_plain)
}

fn attribute_value(place: &str, name: &str, attribute: &str, value: &str, found: &mut Findings) {
    let shown = || format!("<{name} {attribute}=\"{value}\">");
    if is_one_of(attribute, ADDRESSES) {
        if let Err(reason) = address(value) {
            found.add(place, format!("{reason}: {}", shown()));
        }
    } else if is_one_of(attribute, TEXTS) {
        text::is_whole(place, value, found);
    } else if has_mark(value) {
        found.add(place, format!("a payload in {}", shown()));
    }
    if name == "iframe" && attribute == "src" {
        let known = [
            "https://www.youtube-nocookie.com/",
            "https://player.vimeo.com/",
        ];
        if !known.iter().any(|host| value.starts_with(host)) {
            found.add(place, format!("a foreign frame: {}", shown()));
        }
    }
    if attribute == "http-equiv" && value != "refresh" {
        found.add(place, shown());
    }
}

/// Whether an address leads to the web or to a path of the site, and nowhere that only a text
/// names.
pub(crate) fn address(value: &str) -> Result<(), &'static str> {
    let base = Url::parse("https://news.example/a/").expect("an address");
    let url = base.join(value).map_err(|_| "no address")?;
    if !matches!(url.scheme(), "http" | "https" | "mailto" | "tel") {
        return Err("an address that is none of the web");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address with a name before the host");
    }
    if value.starts_with("//") {
        return Err("an address without a scheme");
    }
    if value.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}".contains(c)) {
        return Err("an address that is not encoded");
    }
    // Only texts and addresses that are refused name this host; the bodies of articles may link
    // to it.
    let is_of_texts = url.host_str() == Some("evil.example");
    let is_rich = marks(value)
        .iter()
        .any(|(_, mark)| mark.kind == crate::payloads::Kind::Rich);
    if is_of_texts && !is_rich {
        return Err("an address that was text");
    }
    Ok(())
}

fn json_ld(place: &str, words: &str, found: &mut Findings) {
    match serde_json::from_str::<Value>(words) {
        Ok(value) => data::json(&format!("{place} (JSON-LD)"), &value, None, found),
        Err(error) => found.add(place, format!("JSON-LD: {error}")),
    }
    if words.contains("<") {
        found.add(place, "a `<` in JSON-LD".to_owned());
    }
}
