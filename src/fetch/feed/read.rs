//! The tree of a feed → its entries.

use url::Url;

use super::item::{self, author_of, base_of, is_page};
use super::words::Kind;
use super::{Feed, Format, MOST_ENTRIES, NotAFeed, html, joined};
use crate::content::{budget, text};
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
        .map(|(item, base)| item::entry(item, base.as_ref(), format, &head, &mut unread))
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

/// What a feed says of itself.
#[derive(Default)]
pub(super) struct Head {
    title: Option<String>,
    address: Option<String>,
    home: Option<String>,
    language: Option<String>,
    ttl: Option<u32>,
    /// Who wrote what has no author of its own.
    pub(super) author: Option<String>,
}

impl Head {
    fn of(root: &Element, address: Option<&Url>) -> Head {
        let channel = root.child("channel").unwrap_or(root);
        let base = base_of(root, address);
        let base = base_of(channel, base.as_ref().as_ref());
        let base = base.as_ref().as_ref();
        let line = |name: &str| text::line(&channel.child(name)?.text());
        let number = |name: &str| channel.child(name)?.text().parse::<u32>().ok();
        // An address in the text is that of RSS.
        let is_text = |link: &&Element| link.attribute("href").is_none() && !link.text().is_empty();
        let links = || channel.elements().filter(|child| child.name == "link");
        let home = links().find(|link| is_page(link)).or(links().find(is_text));
        let address = links()
            .filter(|link| link.attribute("rel") == Some("self"))
            .find_map(|link| link.attribute("href"));
        let period = line("sy:updateperiod").and_then(|period| {
            Some(match period.to_ascii_lowercase().as_str() {
                "hourly" => 60,
                "daily" => 24 * 60,
                "weekly" => 7 * 24 * 60,
                "monthly" => 30 * 24 * 60,
                "yearly" => 365 * 24 * 60,
                _ => return None,
            })
        });
        let frequency = number("sy:updatefrequency").unwrap_or(1).max(1);
        let language = channel
            .attribute("xml:lang")
            .or_else(|| root.attribute("xml:lang"));
        Head {
            title: channel
                .child("title")
                .and_then(|title| Kind::of(title, Format::Rss).text_of(title)),
            address: address.map(|address| joined(base, address)),
            home: home.map(|link| match link.attribute("href") {
                Some(href) => joined(base, href),
                None => joined(base, &link.text()),
            }),
            language: line("language")
                .or_else(|| line("dc:language"))
                .or_else(|| language.and_then(text::line)),
            ttl: number("ttl").or(period.map(|period| period / frequency)),
            author: channel.child("author").and_then(author_of),
        }
    }
}
