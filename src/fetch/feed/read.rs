//! The tree of a feed → its entries.

use url::Url;

use super::head::Head;
use super::item::{self, base_of};
use super::{Feed, Format, MOST_ENTRIES, NotAFeed, html};
use crate::content::budget;
use crate::fetch::xml::{self, Element, is_item};

/// Reads a feed in XML.
pub(super) fn read(text: &str, address: Option<&Url>) -> Result<Feed, NotAFeed> {
    let document = xml::read(text);
    let mut items = Vec::new();
    find_items(&document.top, address, &mut items);
    let root = document.top.elements().next();
    let format = match root.map(|root| root.name.as_str()) {
        Some("rss") => Format::Rss,
        Some("feed" | "entry") => Format::Atom,
        Some("rdf:rdf" | "rdf") => Format::Rdf,
        Some("channel") => Format::Cdf,
        Some("html" | "xhtml:html") => return Err(NotAFeed::Page(html::feeds(text))),
        _ if !items.is_empty() => Format::Rss,
        _ if looks_like_html(text) => return Err(NotAFeed::Page(html::feeds(text))),
        _ => return Err(NotAFeed::Unknown),
    };
    let mut remarks = Vec::new();
    if let Some(line) = document.mended {
        remarks.push(format!("it is not well-formed (line {line})"));
    }
    if document.is_cut_off {
        remarks.push("its end is missing".to_owned());
    }
    if items.len() > MOST_ENTRIES {
        remarks.push(too_many(items.len()));
        items.truncate(MOST_ENTRIES);
    }
    let head = root.map_or_else(Head::default, |root| Head::of(root, address));
    let mut unread = Vec::new();
    let entries = items
        .iter()
        .map(|(item, base)| {
            item::entry(
                item,
                base.as_ref(),
                format,
                head.author.as_deref(),
                &mut unread,
            )
        })
        .collect();
    if let Some(first) = unread.first() {
        let first = budget::shortened_to(first, 40);
        remarks.push(match unread.len() {
            1 => format!("the date `{first}` cannot be read"),
            count => format!("{count} dates cannot be read, such as `{first}`"),
        });
    }
    Ok(Feed {
        format,
        title: head.title,
        address: head.address,
        home: head.home,
        language: head.language,
        ttl: head.ttl,
        entries,
        remarks,
    })
}

/// The remark that entries were left out.
pub(super) fn too_many(count: usize) -> String {
    format!("it has {count} entries; the first {MOST_ENTRIES} were read")
}

fn looks_like_html(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(20).collect();
    let head = head.to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

/// All items below an element, each with what addresses in it are relative to.
fn find_items<'e>(
    element: &'e Element,
    base: Option<&Url>,
    into: &mut Vec<(&'e Element, Option<Url>)>,
) {
    for child in element.elements() {
        let inner = base_of(child, base);
        if is_item(&child.name) {
            into.push((child, inner.into_owned()));
        } else {
            find_items(child, inner.as_ref().as_ref(), into);
        }
    }
}
