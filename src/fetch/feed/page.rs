//! What a page says of its story: Open Graph (<https://ogp.me/>), articles of
//! [schema.org](https://schema.org/Article) in JSON-LD, the cards of Twitter, `<meta>`, `<time>`,
//! `<title>`, and its canonical address (RFC 6596).
//!
//! A page may say the same in many ways; of those that can be used, the best one counts, and of
//! several of one kind the first. Texts are without HTML and on one line.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use super::html::{HIDDEN, Tags, text_of};
use super::{EXCERPT, Entry, date, relative};
use crate::content::{budget, link};
use crate::time::Time;

/// What a page says of its story.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    /// Headline, address, date, excerpt, picture and language.
    pub entry: Entry,
    /// The name of who published it.
    pub publisher: Option<String>,
}

/// Something that a page says of its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    Title,
    Excerpt,
    Image,
    Publisher,
    Published,
    Address,
    Language,
}

/// The places where facts stand, the best ones of each fact first. `ld:` are properties of an
/// article in JSON-LD, `<…>` elements, and the others names of `<meta>`.
const PLACES: [(Fact, &[&str]); 7] = [
    (
        Fact::Title,
        &["og:title", "ld:headline", "twitter:title", "<title>"],
    ),
    (
        Fact::Excerpt,
        &[
            "og:description",
            "ld:description",
            "twitter:description",
            "description",
        ],
    ),
    (
        Fact::Image,
        &[
            "og:image:secure_url",
            "og:image",
            "og:image:url",
            "twitter:image",
            "twitter:image:src",
            "ld:image",
        ],
    ),
    (
        Fact::Publisher,
        &["og:site_name", "ld:publisher", "application-name"],
    ),
    (
        Fact::Published,
        &[
            "article:published_time",
            "og:published_time",
            "ld:datepublished",
            "datepublished",
            "date",
            "dc.date",
            "dc.date.issued",
            "dcterms.date",
            "dcterms.created",
            "pubdate",
            "publish-date",
            "parsely-pub-date",
            "citation_online_date",
            "citation_publication_date",
            "<article time>",
            "<time>",
        ],
    ),
    (Fact::Address, &["<link>", "og:url"]),
    (Fact::Language, &["<html>", "og:locale", "ld:inlanguage"]),
];

/// What was found of each fact, by how good its place is.
#[derive(Default)]
struct Found(BTreeMap<(Fact, usize), String>);

impl Found {
    /// Takes in what stands in a place.
    fn take(&mut self, place: &str, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        for (fact, places) in PLACES {
            if let Some(rank) = places.iter().position(|known| *known == place) {
                let first = self.0.entry((fact, rank));
                first.or_insert_with(|| value.to_owned());
            }
        }
    }

    /// The best of a fact that can be read.
    fn best<T>(&self, fact: Fact, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let all = self.0.range((fact, 0)..=(fact, usize::MAX));
        all.map(|(_, value)| value)
            .find_map(|value| read(value.as_str()))
    }
}

/// Reads a page that came from an address.
pub(super) fn read(html: &str, address: Option<&Url>) -> Story {
    let found = find(html);
    let publisher = found.best(Fact::Publisher, text_of);
    let title = found.best(Fact::Title, text_of);
    let title = title.map(|title| without_publisher(&title, publisher.as_deref()).to_owned());
    let excerpt = found.best(Fact::Excerpt, |excerpt| {
        text_of(excerpt).filter(|excerpt| Some(excerpt) != title.as_ref())
    });
    let absolute = |written: &str| link::web_url(&relative::joined(address, written));
    Story {
        entry: Entry {
            link: found.best(Fact::Address, |written| {
                absolute(written).filter(|url| may_be_address(url, address))
            }),
            published: found.best(Fact::Published, date_of),
            excerpt: excerpt.map(|text| budget::shortened_to(&text, EXCERPT).into_owned()),
            image: found.best(Fact::Image, |written| link::image_url(&absolute(written)?)),
            language: found.best(Fact::Language, |language| Some(language.replace('_', "-"))),
            title,
            ..Entry::default()
        },
        publisher,
    }
}

/// A date, if it is one that a story can have.
fn date_of(written: &str) -> Option<Time> {
    date::read(&written.replace('/', "-"))
        .or_else(|| date::read(written))
        .filter(|time| time.seconds() > 0)
}

/// Goes through a page once.
fn find(html: &str) -> Found {
    let mut found = Found::default();
    let mut is_in_article = false;
    let mut tags = Tags::of(html);
    while let Some(tag) = tags.next() {
        let value = |name| tag.value(name).unwrap_or_default();
        match tag.name.to_ascii_lowercase().as_str() {
            "meta" => {
                let names = ["property", "name", "itemprop"];
                let name = names.iter().find_map(|name| tag.value(name));
                let name = name.unwrap_or_default().trim().to_ascii_lowercase();
                // A name that is none of `<meta>` would be taken for another place.
                if !name.starts_with("ld:") && !name.starts_with('<') {
                    found.take(&name, &value("content"));
                }
            }
            "link" => {
                let rel = value("rel").to_ascii_lowercase();
                if rel.split_ascii_whitespace().any(|rel| rel == "canonical") {
                    found.take("<link>", &value("href"));
                }
            }
            "html" => found.take("<html>", &value("lang")),
            "article" => is_in_article = true,
            "/article" => is_in_article = false,
            "time" if is_in_article => found.take("<article time>", &value("datetime")),
            "time" => found.take("<time>", &value("datetime")),
            "title" => found.take("<title>", tags.skip_to_end_of("title")),
            "script" => {
                let kind = value("type").trim().to_ascii_lowercase();
                let inside = tags.skip_to_end_of("script");
                if kind == "application/ld+json"
                    && let Ok(value) = serde_json::from_str(inside.trim())
                {
                    find_articles(&value, &mut found);
                }
            }
            // Drawings have titles of their own.
            "svg" => drop(tags.skip_to_end_of("svg")),
            name if HIDDEN.contains(&name) => drop(tags.skip_to_end_of(name)),
            _ => {}
        }
    }
    found
}

/// Takes in what JSON-LD says of articles: of one object, of those in a list, or in a graph.
fn find_articles(value: &Value, found: &mut Found) {
    let nodes = match value {
        Value::Array(nodes) => nodes.as_slice(),
        value => match value["@graph"].as_array() {
            Some(nodes) => nodes,
            None => std::slice::from_ref(value),
        },
    };
    for node in nodes.iter().filter(|node| is_article(node)) {
        let mut take = |place: &str, value: &Value, key: &str| {
            if let Some(text) = text_in(value, key) {
                found.take(place, text);
            }
        };
        take("ld:headline", &node["headline"], "name");
        take("ld:headline", &node["name"], "name");
        take("ld:description", &node["description"], "name");
        take("ld:datepublished", &node["datePublished"], "name");
        take("ld:datepublished", &node["uploadDate"], "name");
        take("ld:image", &node["image"], "url");
        take("ld:image", &node["thumbnailUrl"], "url");
        take("ld:publisher", &node["publisher"], "name");
        take("ld:inlanguage", &node["inLanguage"], "name");
    }
}

/// Whether an object of JSON-LD is an article or a video, by its type.
fn is_article(node: &Value) -> bool {
    const OTHERS: [&str; 3] = ["Report", "VideoObject", "Review"];
    let is_type = |kind: &Value| {
        let kind = kind.as_str().unwrap_or_default();
        let kind = kind.rsplit(['/', ':']).next().unwrap_or_default();
        kind.ends_with("Article") || kind.ends_with("Posting") || OTHERS.contains(&kind)
    };
    match &node["@type"] {
        Value::Array(kinds) => kinds.iter().any(is_type),
        kind => is_type(kind),
    }
}

/// A text: itself, that of a property of an object, or the first of a list.
fn text_in<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    let first = match value {
        Value::Array(list) => list.first()?,
        value => value,
    };
    first.as_str().or_else(|| first[key].as_str())
}

/// A headline without the name of the site behind it: `Headline | The News`.
fn without_publisher<'t>(title: &'t str, publisher: Option<&str>) -> &'t str {
    let head = publisher.and_then(|publisher| title.strip_suffix(publisher));
    let head = head.map(str::trim_end);
    let head = head.and_then(|head| head.strip_suffix(['|', '-', '–', '—', '·', ':', '•']));
    let head = head.map_or(title, str::trim_end);
    if head.is_empty() { title } else { head }
}

/// Whether an address that a page gives for itself can be that of the page: it is of the same site,
/// and not its front page. Many pages name that by mistake; and what leads to another site may be
/// made to look like a story of it.
fn may_be_address(url: &str, page: Option<&Url>) -> bool {
    let (Some(page), Ok(url)) = (page, Url::parse(url)) else {
        return true;
    };
    let host = |url: &Url| url.host_str().map(link::domain);
    let is_front = |url: &Url| url.path() == "/" && url.query().is_none();
    host(&url) == host(page) && (!is_front(&url) || is_front(page))
}

/// The encoding that the head of a page names
/// (<https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>).
pub(super) fn charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=")?;
    let name = after.trim_start_matches(['"', '\'', ' ']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c));
    let name = &name[..end.unwrap_or(name.len())];
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(html: &str) -> Story {
        let address = Url::parse("https://news.example/2026/weir?from=mail").unwrap();
        read(html, Some(&address))
    }

    fn day(time: Option<Time>) -> Option<String> {
        time.map(|time| time.rfc3339_utc())
    }

    #[test]
    fn a_page_with_everything_is_read_from_its_best_places() {
        let story = page(
            r#"<html lang="en-GB"><head><title>Weir burns - The News</title>
            <meta name=description content="Short.">
            <meta property="og:title" content="Old weir &amp; mill burn | The News">
            <meta property="og:description" content="A fire at the <b>weir</b>.">
            <meta property="og:image" content="/weir.jpg?x=1&amp;y=2">
            <meta property="og:site_name" content="The News">
            <meta property="article:published_time" content="2026-11-20T09:30:00+01:00">
            <link rel="canonical" href="https://www.news.example/2026/weir">
            </head><body><time datetime="2001-01-01">then</time>"#,
        );
        let entry = &story.entry;
        assert_eq!(entry.title.as_deref(), Some("Old weir & mill burn"));
        assert_eq!(entry.excerpt.as_deref(), Some("A fire at the weir."));
        assert_eq!(
            entry.image.as_deref(),
            Some("https://news.example/weir.jpg?x=1&y=2")
        );
        assert_eq!(story.publisher.as_deref(), Some("The News"));
        assert_eq!(
            day(entry.published).as_deref(),
            Some("2026-11-20T08:30:00Z")
        );
        assert_eq!(
            entry.link.as_deref(),
            Some("https://www.news.example/2026/weir")
        );
        assert_eq!(entry.language.as_deref(), Some("en-GB"));
    }

    #[test]
    fn articles_in_json_ld_are_read() {
        let article = r#"{"@type": ["NewsArticle"], "headline": "Weir burns",
            "description": "A fire.",
            "datePublished": "2026-11-20T08:30:00Z", "image": [{"url": "https://i.example/w.jpg"}],
            "publisher": {"@type": "Organization", "name": "The News"}, "inLanguage": "en"}"#;
        for written in [
            article.to_owned(),
            format!("[{{\"@type\": \"BreadcrumbList\", \"name\": \"No\"}}, {article}]"),
            format!(
                "{{\"@graph\": [{{\"@type\": \"WebSite\", \"headline\": \"No\"}}, {article}]}}"
            ),
        ] {
            let html = format!(
                "<script type=\"application/ld+json\">{written}</script><script>\"<meta \
                 property=og:title content=No>\"</script>"
            );
            let story = page(&html);
            assert_eq!(story.entry.title.as_deref(), Some("Weir burns"), "{html}");
            assert_eq!(story.entry.excerpt.as_deref(), Some("A fire."));
            assert_eq!(
                story.entry.image.as_deref(),
                Some("https://i.example/w.jpg")
            );
            assert_eq!(story.publisher.as_deref(), Some("The News"));
            assert!(story.entry.published.is_some());
        }
        assert_eq!(
            page("<script type=application/ld+json>{\"@type\":</script>"),
            Story::default()
        );
    }

    #[test]
    fn a_poor_page_says_what_it_can() {
        let html = "<title>\n Weir &amp; mill </title><svg><title>Logo</title></svg>\
                    <time datetime=2026-11-21>today</time><article>\
                    <time datetime='2026-11-20'>yesterday</time></article>";
        let story = page(html);
        assert_eq!(story.entry.title.as_deref(), Some("Weir & mill"));
        let published = day(story.entry.published);
        assert_eq!(published.as_deref(), Some("2026-11-20T00:00:00Z"));
        assert_eq!(page("<p>Nothing"), Story::default());
        let citation = page("<meta name=citation_publication_date content=2026/11/20>");
        assert!(citation.entry.published.is_some());
    }

    #[test]
    fn what_leads_elsewhere_is_no_address_of_the_page() {
        let link = |href: &str| {
            page(&format!("<link rel=canonical href='{href}'>"))
                .entry
                .link
        };
        assert_eq!(
            link("/2026/weir").as_deref(),
            Some("https://news.example/2026/weir")
        );
        for other in [
            "https://other.example/2026/weir",
            "https://news.example/",
            "javascript:alert(1)",
            "//evil.example/x",
        ] {
            assert_eq!(link(other), None, "{other}");
        }
    }

    #[test]
    fn the_first_good_picture_counts() {
        let image = |html: &str| page(html).entry.image;
        let both = "<meta name='twitter:image' content='/t.jpg'><META PROPERTY=\"og:image\" \
                    content=\" /a.jpg \"><meta property=og:image content=/b.jpg>";
        assert_eq!(image(both).as_deref(), Some("https://news.example/a.jpg"));
        let data = "<meta property=og:image content='data:image/png;base64,x'>\
                    <meta content=/t.jpg name=twitter:image>";
        assert_eq!(image(data).as_deref(), Some("https://news.example/t.jpg"));
        for none in [
            "<meta property=og:image>",
            "<meta property=og:image content='javascript:alert(1)'>",
            "<!-- <meta property=og:image content=/x> -->",
        ] {
            assert_eq!(image(none), None, "{none}");
        }
    }

    #[test]
    fn the_head_names_its_encoding() {
        let named = |html: &str| charset(html.as_bytes());
        assert_eq!(
            named("<meta charset=Shift_JIS>").as_deref(),
            Some("shift_jis")
        );
        let old = "<meta http-equiv=content-type content='text/html; charset=windows-1251'>";
        assert_eq!(named(old).as_deref(), Some("windows-1251"));
        assert_eq!(named("<meta charset=''>"), None);
    }

    proptest! {
        #[test]
        fn no_page_panics(
            html in "(<[a-z!?/]{0,3}|[ =\"'>é&;{}:-]|<meta |property=|og:image|content=|<title>|\
                     <script type=application/ld\\+json>|</script>|<link rel=canonical href=|\
                     <time datetime=|\"@type\":\"Article\"|<article>|//){0,40}",
        ) {
            drop(page(&html));
            drop(charset(html.as_bytes()));
        }
    }
}
