//! JSON and XML, and whether a payload has become a part of their structure.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

use crate::html::{self, Shape, is_one_of};
use crate::payloads::has_mark;
use crate::{Findings, text};

/// Fields and elements that hold HTML.
const HTML: &str = "body content_html featuredContent content description";
/// Fields that hold addresses, in JSON.
const ADDRESSES: &str = "url image icon favicon logo item contentUrl thumbnailUrl embedUrl \
    external_url home_page_url feed_url next_url originalUrl webUrl ampWebUrl cdnAmpWebUrl \
    mainEntityOfPage @id isBasedOn src start_url scope";
/// Elements whose text is an address.
const LINKS: &str = "link uri loc id guid news:loc";

/// Names of all fields of a JSON value, with those of the objects around them: `items.url`.
pub(crate) fn keys(value: &Value, path: &str, keys: &mut Shape) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| self::keys(item, path, keys)),
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                keys.insert(path.clone());
                self::keys(value, &path, keys);
            }
        }
        _ => {}
    }
}

/// Looks at JSON. `known` is what harmless articles make; without it names are only looked at for
/// payloads.
pub(crate) fn json(place: &str, value: &Value, known: Option<&Shape>, found: &mut Findings) {
    if let Some(known) = known {
        let mut names = Shape::new();
        keys(value, "", &mut names);
        for name in names.difference(known) {
            found.add(place, format!("a field {name}"));
        }
    }
    walk(place, "", value, found);
}

fn walk(place: &str, name: &str, value: &Value, found: &mut Findings) {
    match value {
        Value::String(words) => string(place, name, words, found),
        Value::Array(items) => items.iter().for_each(|item| walk(place, name, item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if has_mark(name) {
                    found.add(place, format!("a payload as the name of a field: {name}"));
                }
                text::has_only_good_characters(place, name, found);
                walk(place, name, value, found);
            }
        }
        _ => {}
    }
}

fn string(place: &str, name: &str, words: &str, found: &mut Findings) {
    text::has_only_good_characters(place, words, found);
    if name == "body" || name == "content_html" || name == "featuredContent" {
        html::audit(&format!("{place}, {name}"), words, &document(), found);
    } else if is_one_of(name, ADDRESSES) && !words.starts_with("urn:uuid:") {
        if let Err(reason) = html::address(words) {
            found.add(place, format!("{reason}: {name}: {words}"));
        }
    } else if name != "slug" {
        text::is_whole(place, words, found);
    }
}

/// What the parser puts around a piece of HTML.
fn document() -> Shape {
    ["html", "head", "body"].map(str::to_owned).into()
}

/// Elements and attributes of XML.
pub(crate) fn shape(xml: &str) -> Shape {
    let mut shape = Shape::new();
    let mut reader = Reader::from_str(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => {
                let (name, attributes) = names(&tag);
                shape.extend(
                    attributes
                        .iter()
                        .map(|(attribute, _)| format!("{name}.{attribute}")),
                );
                shape.insert(name);
            }
            _ => {}
        }
    }
    shape
}

fn names(tag: &BytesStart<'_>) -> (String, Vec<(String, String)>) {
    let string = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    let attributes = tag.attributes().map(|attribute| match attribute {
        Ok(attribute) => {
            let value = string(attribute.value.as_ref());
            let value = html_escape::decode_html_entities(&value).into_owned();
            (string(attribute.key.as_ref()), value)
        }
        // No harmless file has an attribute of that name.
        Err(error) => (format!("({error})"), String::new()),
    });
    (string(tag.name().as_ref()), attributes.collect())
}

/// Looks at XML.
pub(crate) fn xml(place: &str, xml: &str, known: &Shape, found: &mut Findings) {
    text::has_only_good_characters(place, xml, found);
    for name in shape(xml).difference(known) {
        found.add(place, format!("<{name}>"));
    }
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_comments = true;
    let mut open: Vec<(String, bool, String)> = Vec::new();
    loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(error) => return found.add(place, format!("not XML: {error}")),
        };
        let mut push = |words: &str| {
            if let Some((_, _, held)) = open.last_mut() {
                held.push_str(words);
            }
        };
        match event {
            Event::Start(tag) => {
                let (name, attributes) = names(&tag);
                // The description of a channel is text, that of an item HTML.
                let is_in_item = open.iter().any(|(name, ..)| name == "item");
                let is_html = attributes.contains(&("type".to_owned(), "html".to_owned()))
                    || (name == "description" && is_in_item);
                xml_attributes(place, &name, &attributes, found);
                open.push((name, is_html, String::new()));
            }
            Event::Empty(tag) => {
                let (name, attributes) = names(&tag);
                xml_attributes(place, &name, &attributes, found);
            }
            Event::End(_) => {
                if let Some((name, is_html, words)) = open.pop() {
                    element(place, &name, is_html, &words, found);
                }
            }
            Event::Text(words) => push(&String::from_utf8_lossy(&words)),
            Event::CData(words) => push(&String::from_utf8_lossy(&words)),
            Event::GeneralRef(entity) => {
                let entity = format!("&{};", String::from_utf8_lossy(&entity));
                let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"];
                if !known.contains(&entity.as_str()) && !entity.starts_with("&#") {
                    found.add(place, format!("the entity {entity}"));
                }
                push(&html_escape::decode_html_entities(&entity));
            }
            Event::DocType(_) | Event::PI(_) | Event::Comment(_) => {
                found.add(
                    place,
                    "a document type, an instruction, or a comment".to_owned(),
                );
            }
            _ => {}
        }
    }
    if !open.is_empty() {
        found.add(place, "an element is not closed".to_owned());
    }
}

fn xml_attributes(place: &str, name: &str, attributes: &[(String, String)], found: &mut Findings) {
    for (attribute, value) in attributes {
        if is_one_of(attribute, "href url xmlUrl htmlUrl template") {
            if let Err(reason) = html::address(&value.replace(['{', '}'], "")) {
                found.add(place, format!("{reason}: <{name} {attribute}=\"{value}\">"));
            }
        } else if is_one_of(attribute, "term text title description") {
            text::is_whole(place, value, found);
        } else if has_mark(value) {
            found.add(
                place,
                format!("a payload in <{name} {attribute}=\"{value}\">"),
            );
        }
    }
}

fn element(place: &str, name: &str, is_html: bool, words: &str, found: &mut Findings) {
    if is_html && is_one_of(name, HTML) {
        html::audit(&format!("{place}, <{name}>"), words, &document(), found);
    } else if is_one_of(name, LINKS) && !words.trim().is_empty() && !words.starts_with("urn:uuid:")
    {
        if let Err(reason) = html::address(words) {
            found.add(place, format!("{reason}: <{name}>{words}"));
        }
    } else {
        text::is_whole(place, words, found);
    }
}
