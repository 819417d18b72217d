//! Feeds: Atom 1.0 (RFC 4287), RSS 2.0 (<https://www.rssboard.org/rss-specification>), JSON Feed
//! 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use serde_json::{Value, json};

use super::RenderError;
use super::api::full;
use super::view::Views;
use super::xml::Xml;
use crate::config::{FeedFormat, FeedText, Feeds};
use crate::content::article::{Article, Author};
use crate::content::tags::{self, elsewhere, rebase};
use crate::hash::{Hash128, Hasher};
use crate::ids::EditionIndex;
use crate::mime::media_type;
use crate::plan::preview::PreviewImage;
use crate::plan::shared::ProviderRef;
use crate::theme::filters::shorten;
use crate::time::Time;

/// Bytes of the body of an article in a feed, as they stand there, at most. An article is in the
/// feeds of all its topics and of its provider, in several formats, so that a body of a megabyte
/// would be there a hundred times. An entry with a longer body has its excerpt instead, and the
/// link to the page that has the whole.
const LONGEST_BODY: usize = 100_000;
/// Characters of the excerpt that such an entry gets from its body when the article has none.
const MADE_EXCERPT: usize = 500;
/// Bytes of a body, at most, that such an excerpt is made from.
const MADE_FROM: usize = 20_000;

/// A feed, before its format is chosen.
pub(super) struct Feed<'a> {
    pub(super) title: &'a str,
    pub(super) description: Option<&'a str>,
    pub(super) locale: &'a str,
    /// The feed's own URL.
    pub(super) url: String,
    /// The page whose articles it carries.
    pub(super) home: String,
    pub(super) entries: Vec<Entry>,
}

/// An article or a digest in a feed.
pub(super) struct Entry {
    /// Stays the same when the site moves: that of an article comes from its file, date and link.
    pub(super) id: String,
    pub(super) url: String,
    pub(super) title: String,
    /// Whether it is somebody else's story.
    pub(super) is_of_others: bool,
    /// The original story, where the entry does not lead there itself.
    pub(super) link: Option<String>,
    pub(super) image: Option<PreviewImage>,
    pub(super) published: Time,
    pub(super) updated: Option<Time>,
    /// Where it is not that of the feed.
    pub(super) language: Option<String>,
    /// Who published it.
    pub(super) publisher: Publisher,
    /// Who wrote it; empty when that is not known.
    pub(super) authors: Vec<Author>,
    pub(super) topics: Vec<String>,
    pub(super) summary: Option<String>,
    /// HTML with full addresses.
    pub(super) content: Option<String>,
}

/// Who published an entry.
pub(super) struct Publisher {
    pub(super) name: String,
    pub(super) url: String,
}

impl From<ProviderRef> for Publisher {
    fn from(provider: ProviderRef) -> Publisher {
        Publisher {
            name: provider.name,
            url: provider.home,
        }
    }
}

/// The articles at some positions as entries.
pub(super) fn entries(
    views: &Views<'_>,
    positions: &[EditionIndex],
    settings: &Feeds,
) -> Result<Vec<Entry>, RenderError> {
    let shared = views.shared;
    // Bytes that are left for texts: from the first one that does not fit, entries have none.
    let mut room = settings.max_bytes;
    let entry = |position: &EditionIndex| {
        let inputs = views.article(*position)?;
        let article = inputs.content()?;
        let id = id(inputs.path(), &article);
        let Article { story, detail } = article;
        let image = story.image.map(|image| full(image, shared));
        // Feeds are read elsewhere: paths become full addresses.
        let body = detail.body.as_deref();
        let body = body.filter(|body| settings.text == FeedText::Full && fits(body));
        let content = body
            .map(|body| {
                let body = rebase(body, &shared.absolute(""));
                elsewhere(&body, &shared.absolute(inputs.url())).into_owned()
            })
            .filter(|body| fits(body));
        let content = content.and_then(|body| match room.checked_sub(body.len()) {
            Some(left) => {
                room = left;
                Some(body)
            }
            None => {
                room = 0;
                None
            }
        });
        let summary = match (&content, &detail.body) {
            _ if settings.text == FeedText::Link => None,
            (None, Some(body)) => story.excerpt.or_else(|| made_excerpt(body)),
            _ => story.excerpt,
        };
        let page = shared.absolute(inputs.url());
        let url = match &story.link {
            Some(link) if settings.to_original => link.clone(),
            _ => page,
        };
        let language = views.foreign(story.locale.as_deref());
        Ok(Entry {
            id,
            is_of_others: story.link.is_some(),
            link: story.link.filter(|link| *link != url),
            url,
            title: story.title,
            image: image.map(|image| PreviewImage {
                url: image.url,
                width: image.width,
                height: image.height,
                alt: image.title,
            }),
            published: story.published,
            updated: story.updated,
            language: language.map(|(tag, _)| tag),
            publisher: views.provider(inputs.story().provider()).into(),
            authors: story.authors,
            topics: inputs
                .story()
                .topics()
                .iter()
                .map(|topic| shared.topic_refs[*topic].name.clone())
                .collect(),
            summary,
            content,
        })
    };
    positions.iter().map(entry).collect()
}

/// Whether a body is short enough for a feed, when its markup is escaped there.
fn fits(body: &str) -> bool {
    // The longest escape has six bytes: `&quot;`.
    if body.len() <= LONGEST_BODY / 6 {
        return true;
    }
    let written = |byte| match byte {
        b'"' | b'\'' => 6,
        b'&' => 5,
        b'<' | b'>' => 4,
        _ => 1,
    };
    body.len() <= LONGEST_BODY && body.bytes().map(written).sum::<usize>() <= LONGEST_BODY
}

/// The start of the text of a body; none when there is no text.
fn made_excerpt(body: &str) -> Option<String> {
    let mut start = body;
    if body.len() > MADE_FROM {
        let starts = body.char_indices().map(|(at, _)| at);
        let end = starts.take_while(|at| *at <= MADE_FROM).last().unwrap_or(0);
        // Not inside a tag: what is left of it would be text.
        let end = body[..end].rfind('<').filter(|at| *at > 0).unwrap_or(end);
        start = &body[..end];
    }
    let text = shorten(&tags::text(start), MADE_EXCERPT);
    (!text.is_empty()).then_some(text)
}

/// A UUID of version 8 (RFC 9562): a hash of what makes the article this article. It stays the same
/// when the site moves.
fn id(path: &str, article: &Article) -> String {
    let mut hasher = Hasher::new("entry");
    hasher
        .text(path)
        .number(article.story.published.seconds())
        .optional(
            article
                .detail
                .written_link
                .as_deref()
                .or(article.story.link.as_deref()),
        );
    let Hash128(mut bytes) = hasher.finish();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = Hash128(bytes).to_string();
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

impl Entry {
    /// Name and address of each author; those of the publisher where no author is known.
    fn authors(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let publisher = self.authors.is_empty().then_some(&self.publisher);
        let publisher = publisher.map(|one| (one.name.as_str(), Some(one.url.as_str())));
        fn named(author: &Author) -> (&str, Option<&str>) {
            (&author.name, author.url.as_deref())
        }
        self.authors.iter().map(named).chain(publisher)
    }

    fn updated(&self) -> Time {
        self.updated.unwrap_or(self.published).max(self.published)
    }
}

impl Feed<'_> {
    pub(super) fn write(&self, format: FeedFormat) -> Vec<u8> {
        match format {
            FeedFormat::Atom => self.atom(),
            FeedFormat::Rss => self.rss(),
            FeedFormat::Json => self.json(),
        }
    }

    /// The time of the newest entry: a feed says nothing about when it was built.
    fn updated(&self) -> Time {
        self.entries
            .iter()
            .map(Entry::updated)
            .max()
            .unwrap_or_default()
    }

    fn atom(&self) -> Vec<u8> {
        let mut xml = Xml::new();
        xml.open(
            "feed",
            &[
                ("xmlns", "http://www.w3.org/2005/Atom"),
                ("xml:lang", self.locale),
            ],
        );
        xml.text("id", &self.url);
        xml.text("title", self.title);
        if let Some(description) = self.description {
            xml.text("subtitle", description);
        }
        xml.empty(
            "link",
            &[
                ("rel", "self"),
                ("type", "application/atom+xml"),
                ("href", &self.url),
            ],
        );
        xml.empty(
            "link",
            &[
                ("rel", "alternate"),
                ("type", "text/html"),
                ("href", &self.home),
            ],
        );
        xml.text("updated", &self.updated().rfc3339_utc());
        xml.text("generator", "newsgen");
        if self.entries.is_empty() {
            // Every entry has an author; a feed without entries needs an author of its own.
            xml.open("author", &[]);
            xml.text("name", self.title);
            xml.close("author");
        }
        for entry in &self.entries {
            self.atom_entry(&mut xml, entry);
        }
        xml.close("feed");
        xml.finish()
    }

    fn atom_entry(&self, xml: &mut Xml, entry: &Entry) {
        let language = entry.language.as_deref().map(|tag| ("xml:lang", tag));
        xml.open("entry", language.as_slice());
        xml.text("id", &entry.id);
        xml.text("title", &entry.title);
        xml.empty(
            "link",
            &[
                ("rel", "alternate"),
                ("type", "text/html"),
                ("href", &entry.url),
            ],
        );
        if let Some(link) = &entry.link {
            xml.empty("link", &[("rel", "via"), ("href", link)]);
        }
        if let Some(image) = &entry.image {
            let url = image.url.as_str();
            xml.empty(
                "link",
                &[
                    ("rel", "enclosure"),
                    ("type", picture_type(url)),
                    ("href", url),
                ],
            );
        }
        xml.text("published", &entry.published.rfc3339_utc());
        xml.text("updated", &entry.updated().rfc3339_utc());
        for (name, url) in entry.authors() {
            xml.open("author", &[]);
            xml.text("name", name);
            if let Some(url) = url {
                xml.text("uri", url);
            }
            xml.close("author");
        }
        for topic in &entry.topics {
            xml.empty("category", &[("term", topic)]);
        }
        if let Some(summary) = &entry.summary {
            xml.text("summary", summary);
        }
        if let Some(body) = &entry.content {
            xml.text_with("content", &[("type", "html")], body);
        }
        if entry.is_of_others {
            xml.open("source", &[]);
            xml.text("id", &entry.publisher.url);
            xml.text("title", &entry.publisher.name);
            xml.empty(
                "link",
                &[("rel", "alternate"), ("href", &entry.publisher.url)],
            );
            xml.close("source");
        }
        xml.close("entry");
    }

    fn rss(&self) -> Vec<u8> {
        let mut xml = Xml::new();
        xml.open(
            "rss",
            &[
                ("version", "2.0"),
                ("xmlns:atom", "http://www.w3.org/2005/Atom"),
                ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
                ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
                ("xmlns:media", "http://search.yahoo.com/mrss/"),
            ],
        );
        xml.open("channel", &[]);
        xml.text("title", self.title);
        xml.text("link", &self.home);
        xml.text("description", self.description.unwrap_or(self.title));
        xml.text("language", &self.locale.to_lowercase());
        xml.text("lastBuildDate", &self.updated().rfc2822());
        xml.text("generator", "newsgen");
        xml.empty(
            "atom:link",
            &[
                ("rel", "self"),
                ("type", "application/rss+xml"),
                ("href", &self.url),
            ],
        );
        for entry in &self.entries {
            xml.open("item", &[]);
            xml.text("title", &entry.title);
            xml.text("link", &entry.url);
            xml.text_with("guid", &[("isPermaLink", "false")], &entry.id);
            xml.text("pubDate", &entry.published.rfc2822());
            if entry.updated.is_some() {
                xml.text("atom:updated", &entry.updated().rfc3339_utc());
            }
            for (name, _) in entry.authors() {
                xml.text("dc:creator", name);
            }
            for topic in &entry.topics {
                xml.text("category", topic);
            }
            if let Some(summary) = &entry.summary {
                xml.text("description", &html_escape::encode_text(summary));
                if let Some(content) = &entry.content {
                    xml.text("content:encoded", content);
                }
            } else if let Some(content) = &entry.content {
                xml.text("description", content);
            }
            if let Some(link) = &entry.link {
                xml.empty("atom:link", &[("rel", "via"), ("href", link)]);
            }
            if let Some(image) = &entry.image {
                media_content(&mut xml, image);
            }
            xml.close("item");
        }
        xml.close("channel");
        xml.close("rss");
        xml.finish()
    }

    fn json(&self) -> Vec<u8> {
        let items: Vec<Value> = self.entries.iter().map(json_item).collect();
        let mut feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.home,
            "feed_url": self.url,
            "language": self.locale,
            "items": items,
        });
        if let (Some(fields), Some(description)) = (feed.as_object_mut(), self.description) {
            fields.insert("description".to_owned(), description.into());
        }
        let mut bytes = feed.to_string().into_bytes();
        bytes.push(b'\n');
        bytes
    }
}

fn json_item(entry: &Entry) -> Value {
    let author = |(name, url): (&str, Option<&str>)| match url {
        Some(url) => json!({ "name": name, "url": url }),
        None => json!({ "name": name }),
    };
    let mut item = json!({
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "date_published": entry.published.rfc3339_utc(),
        "authors": entry.authors().map(author).collect::<Vec<Value>>(),
    });
    let optional = [
        ("external_url", entry.link.clone().map(Value::from)),
        (
            "image",
            entry.image.as_ref().map(|image| image.url.as_str().into()),
        ),
        ("summary", entry.summary.clone().map(Value::from)),
        ("content_html", entry.content.clone().map(Value::from)),
        // An item must have content of one kind.
        (
            "content_text",
            entry.content.is_none().then(|| {
                entry
                    .summary
                    .clone()
                    .unwrap_or_else(|| entry.title.clone())
                    .into()
            }),
        ),
        (
            "date_modified",
            entry.updated.map(|_| entry.updated().rfc3339_utc().into()),
        ),
        ("language", entry.language.clone().map(Value::from)),
        (
            "tags",
            (!entry.topics.is_empty()).then(|| json!(entry.topics)),
        ),
    ];
    if let Some(fields) = item.as_object_mut() {
        fields.extend(
            optional
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?))),
        );
    }
    item
}

/// A picture by Media RSS (<https://www.rssboard.org/media-rss#media-content>).
fn media_content(xml: &mut Xml, image: &PreviewImage) {
    let size = |pixels: Option<u32>| pixels.map(|pixels| pixels.to_string());
    let (width, height) = (size(image.width), size(image.height));
    let mut attributes = vec![
        ("url", image.url.as_str()),
        ("type", picture_type(&image.url)),
        ("medium", "image"),
    ];
    attributes.extend(width.as_deref().map(|width| ("width", width)));
    attributes.extend(height.as_deref().map(|height| ("height", height)));
    xml.empty("media:content", &attributes);
}

/// The media type that the ending of a picture's URL suggests; most pictures without one are
/// photographs.
fn picture_type(url: &str) -> &'static str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let plain = media_type(path)
        .split(';')
        .next()
        .filter(|plain| plain.starts_with("image/"));
    plain.unwrap_or("image/jpeg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_measured_as_a_feed_writes_it() {
        assert!(fits(&"a".repeat(LONGEST_BODY)));
        assert!(!fits(&"a".repeat(LONGEST_BODY + 1)));
        assert!(fits(&"<".repeat(LONGEST_BODY / 4)));
        assert!(!fits(&"<".repeat(LONGEST_BODY / 4 + 1)));
    }

    #[test]
    fn an_excerpt_is_made_of_text_and_not_of_half_a_tag() {
        assert_eq!(made_excerpt("<p>A <b>b</b></p>").as_deref(), Some("A b"));
        assert_eq!(made_excerpt("<p></p>"), None);
        let link = format!("<p>Word</p><a href=\"{}\">x</a>", "y".repeat(MADE_FROM));
        assert_eq!(made_excerpt(&link).as_deref(), Some("Word"));
        let long = made_excerpt(&"語".repeat(MADE_FROM)).unwrap();
        assert_eq!(long.chars().count(), MADE_EXCERPT + 1);
    }
}
