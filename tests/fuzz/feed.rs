//! Feeds, lists of feeds, and the ledger of their items.

use newsgen::fetch::feed::{self, Origin};
use newsgen::fetch::ledger::Ledger;
use newsgen::fetch::opml;
use newsgen::workspace::Memory;
use url::Url;

use crate::runner::Target;

fn words() -> Vec<String> {
    [
        "<rss version='2.0'>",
        "</rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<rdf:RDF>",
        "<title>",
        "</title>",
        "<title type='xhtml'>",
        "<title mode='base64'>",
        "<link>",
        "<link href='",
        " rel='self'",
        "<guid isPermaLink='false'>",
        "<pubDate>",
        "</pubDate>",
        "Tue, 24 Nov 26 10:00:00 CEST",
        "2026-11-24T10:00:00+1",
        "年月日",
        "오후",
        "<description>",
        "<content:encoded>",
        "<media:group>",
        "<media:content url='",
        "<enclosure url='x' type='image/png'/>",
        "<author>",
        "a@b (",
        "<category term='",
        "<source>",
        "<image><url>",
        "<outline xmlUrl='",
        "xml:base='",
        "xmlns:x='",
        "x:",
        "<!DOCTYPE x [<!ENTITY a '",
        "]>",
        "&a;",
        "&#0;",
        "&#x110000;",
        "&amp;",
        "&",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?xml version='1.0' encoding='",
        "utf-16'?>",
        "<",
        "'",
        "<img src=",
        "<script>",
        "{\"items\": [{\"id\": ",
        "\"content_html\": \"",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Feeds in encodings that no file of text has.
fn encoded() -> Vec<Vec<u8>> {
    let text = "<rss><item><title>Mühle — 水車</title></item></rss>";
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    vec![
        wide(u16::to_le_bytes),
        [b"\xfe\xff".to_vec(), wide(u16::to_be_bytes)].concat(),
        b"<rss><item><title>M\xfchle</title></item></rss>".to_vec(),
        b"<?xml encoding='iso-2022-jp'?><rss><item><title>\x1b$B?e\x1b(B</title>".to_vec(),
    ]
}

#[test]
fn feed() {
    let address = Url::parse("https://a.example/feed/").unwrap();
    let check = |bytes: &[u8]| {
        let origin = Origin {
            address: Some(&address),
            charset: Some("utf-8"),
        };
        let Ok(feed) = feed::read(bytes, origin) else {
            return;
        };
        assert!(feed.entries.len() <= feed::MOST_ENTRIES);
        for entry in &feed.entries {
            assert!(!entry.id.is_empty(), "{entry:?}");
            let texts = [&entry.title, &entry.excerpt, &entry.author];
            for text in texts.into_iter().flatten() {
                assert!(!text.is_empty() && text.trim() == text, "{text:?}");
                assert!(!text.chars().any(char::is_control), "{text:?}");
            }
            let url = entry.url();
            assert!(url.is_none_or(|url| url.starts_with("http")));
        }
    };
    Target {
        name: "feed",
        words: words(),
        seeds: encoded(),
        check: &check,
    }
    .run();
}

#[test]
fn opml() {
    let check = |bytes: &[u8]| drop(opml::read(&String::from_utf8_lossy(bytes)));
    Target {
        name: "opml",
        words: words(),
        seeds: Vec::new(),
        check: &check,
    }
    .run();
}

#[test]
fn ledger() {
    let line = |id: &str, more: &str| {
        format!(
            "{{\"time\":\"2026-11-24T10:00:00Z\",\"n\":7,\"source\":\"a\",\"id\":\"{id}\",\"url\":\
             \"https://a.example/{id}\",\"hash\":\"0f\",\"decision\":\"queued\",\"by\":\"rules\"\
             {more}}}\n"
        )
    };
    let path = ",\"path\":\"content/queue/a.md\",\"decided\":\"2026-11-24T09:00:00Z\"";
    let check = |bytes: &[u8]| {
        let (past, current) = bytes.split_at(bytes.len() / 2);
        let files = Memory::default()
            .with("l/2026-10.jsonl", past)
            .with("l/2026-11.jsonl", current);
        let (mut ledger, problems) = Ledger::read(&files, "l", None);
        assert!(problems.len() <= 10, "{}", problems.len());
        // Lines that need more than was read of them are known without their texts.
        let records: Vec<_> = ledger
            .items()
            .filter_map(|item| ledger.record(&files, item))
            .collect();
        for record in records {
            let noted = ledger.note(record.clone());
            assert!(noted.time >= record.time && (noted.n > record.n || record.n == u64::MAX));
        }
    };
    Target {
        name: "ledger",
        words: [
            "{\"time\":\"",
            "2026-11-24T10:00:00Z",
            "\",\"n\":",
            "18446744073709551615",
            "\"source\":",
            "null",
            "\"id\":\"",
            "\"url\":\"https://",
            "\"decision\":\"published\"",
            "\"decided\":\"",
            "\\u0000",
            "\n",
        ]
        .map(str::to_owned)
        .to_vec(),
        seeds: vec![
            [line("one", ""), line("two", path)].concat().into_bytes(),
            [line("one", path), line("one", "")].concat().into_bytes(),
        ],
        check: &check,
    }
    .run();
}
