//! Bytes → the entries of a feed: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, CDF, JSON Feed.
//!
//! Feeds are read as they are and not as they should be: a wrong encoding, broken XML, missing
//! identities and odd dates cost a remark at most. Pure: the same bytes give the same entries.
//!
//! # Files
//!
//! - `decode.rs`: finds the encoding
//! - `read.rs`: the tree of a feed → its items
//! - `head.rs`: what a feed says of itself
//! - `item.rs`: what an item says
//! - `json.rs`: JSON Feed
//! - `page.rs`: what a page says of its story
//! - `texts.rs`: texts
//! - `html.rs`: HTML
//! - `date.rs`: dates
//! - `relative.rs`: addresses

mod date;
mod decode;
mod head;
mod html;
mod item;
mod json;
mod page;
mod read;
mod relative;
mod texts;

use std::collections::BTreeMap;
use std::fmt;

use url::Url;

use crate::content::link;
use crate::hash::Hash128;
use crate::time::Time;
use decode::Remark;
pub use page::Story;
pub use relative::joined;

/// Entries of a feed that are read; later ones are left out.
pub const MOST_ENTRIES: usize = 2_000;

/// Characters of an excerpt. A longer text is cut after a word.
const EXCERPT: usize = 500;

/// What is known of some bytes beside themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'a> {
    /// Where they come from: links are relative to it.
    pub address: Option<&'a Url>,
    /// The encoding that the HTTP header names.
    pub charset: Option<&'a str>,
}

/// A format of feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RSS 0.91 to 2.0, and what looks like it.
    Rss,
    /// RSS 0.90, 1.0 and 1.1.
    Rdf,
    /// Atom.
    Atom,
    /// Channel Definition Format.
    Cdf,
    /// JSON Feed.
    Json,
}

impl Format {
    /// Its name in words.
    pub fn name(self) -> &'static str {
        match self {
            Format::Rss => "RSS",
            Format::Rdf => "RSS (RDF)",
            Format::Atom => "Atom",
            Format::Cdf => "CDF",
            Format::Json => "JSON Feed",
        }
    }
}

/// A feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// How it is written.
    pub format: Format,
    /// Its name.
    pub title: Option<String>,
    /// The address that it gives for itself.
    pub address: Option<String>,
    /// The page that it belongs to.
    pub home: Option<String>,
    /// Its language, as it stands in the feed.
    pub language: Option<String>,
    /// Minutes that it asks to be left alone between two requests (`ttl`, `sy:updatePeriod`).
    pub ttl: Option<u32>,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    /// What was mended or left out.
    pub remarks: Vec<String>,
}

impl Feed {
    /// A feed of which nothing is known, for an entry that comes from none.
    pub fn unknown() -> Feed {
        Feed {
            format: Format::Rss,
            title: None,
            address: None,
            home: None,
            language: None,
            ttl: None,
            entries: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

/// An entry of a feed. Texts are on one line and have no HTML.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// What it is known by in its feed: the identity that the feed gives, else its link, else a
    /// hash of title and date.
    pub id: String,
    /// Headline.
    pub title: Option<String>,
    /// Its address as the feed gives it, absolute if that is possible.
    pub link: Option<String>,
    /// The address of the story itself, when the link leads through a service that counts clicks
    /// (`feedburner:origLink`).
    pub origin: Option<String>,
    /// When it was published, else updated, else made.
    pub published: Option<Time>,
    /// Its beginning or its summary.
    pub excerpt: Option<String>,
    /// Address of a picture.
    pub image: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// What the feed files it under.
    pub categories: Vec<String>,
    /// Its language, if it is not that of the feed.
    pub language: Option<String>,
}

impl Entry {
    /// The address of the story, clean and absolute.
    pub fn url(&self) -> Option<String> {
        let clean = |link: &Option<String>| link::web_url(link.as_deref()?);
        clean(&self.origin).or_else(|| clean(&self.link))
    }
}

/// Why some bytes are no feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAFeed {
    /// There are none.
    Empty,
    /// They are a page; the addresses and titles of the feeds that it names.
    Page(Vec<(String, Option<String>)>),
    /// They are something else.
    Unknown,
}

impl fmt::Display for NotAFeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotAFeed::Empty => "it is empty",
            NotAFeed::Page(_) => "it is an HTML page and no feed",
            NotAFeed::Unknown => "it is neither RSS nor Atom nor JSON Feed",
        })
    }
}

/// Reads a feed.
///
/// # Errors
/// When the bytes are no feed, and what they seem to be.
pub fn read(bytes: &[u8], origin: Origin<'_>) -> Result<Feed, NotAFeed> {
    let decoded = decode::decode(bytes, origin.charset);
    let text = decoded.text.trim_start_matches(['\u{feff}', '\0']);
    let mut feed = match text.trim_start().chars().next() {
        None => return Err(NotAFeed::Empty),
        Some('{') => json::read(text, origin.address).ok_or(NotAFeed::Unknown)?,
        _ => read::read(text, origin.address)?,
    };
    if let Some(remark) = decoded.remark {
        feed.remarks.insert(0, reported(&remark));
    }
    identify(&mut feed.entries);
    Ok(feed)
}

/// What a page says of its story, as an entry of a feed would.
pub fn story(bytes: &[u8], origin: Origin<'_>) -> Story {
    let charset = origin.charset.map(str::to_owned);
    let charset = charset.or_else(|| page::charset(bytes));
    let decoded = decode::decode(bytes, charset.as_deref());
    page::read(&decoded.text, origin.address)
}

/// A remark on the encoding in words.
fn reported(remark: &Remark) -> String {
    match remark {
        Remark::Declared { declared, used } => {
            format!("it says that it is in {declared}; it was read as {used}")
        }
        Remark::Guessed(used) => {
            format!("it does not say what encoding it is in; it was read as {used}")
        }
        Remark::Foreign(1) => "a byte is not UTF-8; it was read as Windows-1252".to_owned(),
        Remark::Foreign(count) => {
            format!("{count} bytes are not UTF-8; they were read as Windows-1252")
        }
    }
}

/// Gives entries without an identity one, and makes those unlike that share one.
fn identify(entries: &mut [Entry]) {
    let mut links: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut shared: BTreeMap<String, bool> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.id.is_empty()) {
        let first = links
            .entry(entry.id.clone())
            .or_insert_with(|| entry.link.clone());
        if *first != entry.link {
            shared.insert(entry.id.clone(), true);
        }
    }
    for entry in entries {
        match &entry.link {
            Some(link) if entry.id.is_empty() => entry.id = link::canonical(link),
            Some(link) if shared.contains_key(&entry.id) => {
                entry.id = format!("{} {}", entry.id, link::canonical(link));
            }
            None if entry.id.is_empty() => {
                let date = entry.published.map(Time::rfc3339_utc);
                let said = [
                    entry.title.as_deref().unwrap_or_default(),
                    date.as_deref()
                        .or(entry.excerpt.as_deref())
                        .unwrap_or_default(),
                ];
                entry.id = format!("hash:{}", Hash128::of(said.join("\n").as_bytes()));
            }
            _ => {}
        }
    }
}
