//! What newsgen sees in other people's feeds, against what a widely used reader sees (needs
//! `../shared/feeds`).

use std::fs;
use std::path::Path;

use newsgen::fetch::feed::{self, Entry, Origin};
use newsgen::time::Time;
use regex::Regex;
use serde_json::Value;

/// Differences that are meant, each with its reason: file, number of the entry, field.
const MEANT: [(&str, usize, &str); 3] = [
    // The text of a link with `rel="enclosure"` is an enclosure, as is its `href`.
    (
        "feedparser/wellformed/atom/entry_link_rel_enclosure_no_href.xml",
        0,
        "link",
    ),
    (
        "feedparser/wellformed/atom10/entry_link_rel_enclosure_no_href.xml",
        0,
        "link",
    ),
    // 02:02:33 PM is in the afternoon.
    ("feed-rs/rss2/rss_2.0_nbcny.xml", 0, "published"),
];

/// Plain text with white space folded, as the reference has it: without anything like a tag.
fn plain(text: &str) -> String {
    let tag = Regex::new("<[^>]*>").unwrap();
    let text = html_escape::decode_html_entities(text);
    let text = tag.replace_all(&text, " ");
    let text = html_escape::decode_html_entities(&text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn field(entry: &Entry, name: &str) -> Option<String> {
    match name {
        "title" => entry.title.as_deref().map(plain),
        "link" => entry.link.clone(),
        _ => entry.published.map(Time::rfc3339_utc),
    }
}

#[test]
fn the_reference_reader_sees_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/feeds");
    let Ok(expected) = fs::read(folder.join("expected.json")) else {
        println!("skipped: there is no ../shared/feeds");
        return;
    };
    let expected: serde_json::Map<String, Value> = serde_json::from_slice(&expected).unwrap();
    let mut different = Vec::new();
    for (name, entries) in &expected {
        let bytes = fs::read(folder.join("files").join(name)).unwrap();
        let read = feed::read(&bytes, Origin::default());
        let own = read.map(|feed| feed.entries).unwrap_or_default();
        let entries = entries.as_array().unwrap();
        assert_eq!(own.len(), entries.len(), "{name}");
        for (at, (own, entry)) in own.iter().zip(entries).enumerate() {
            for key in ["title", "link", "published"] {
                let value = entry[key].as_str().unwrap_or_default();
                let value = match key {
                    "title" => plain(value),
                    _ => value.to_owned(),
                };
                if !value.is_empty() && field(own, key).as_deref() != Some(value.as_str()) {
                    different.push((name.as_str(), at, key));
                }
            }
        }
    }
    let mut meant = MEANT.to_vec();
    meant.sort_unstable();
    different.sort_unstable();
    assert_eq!(different, meant);
}
