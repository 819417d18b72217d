//! JSON Feed (<https://www.jsonfeed.org/version/1.1/>).

use serde_json::{Map, Value};
use url::Url;

use super::item::first_picture;
use super::texts::Texts;
use super::{Entry, Feed, Format, MOST_ENTRIES, date, html, joined};
use crate::content::text;

/// Reads a JSON Feed; none if it is something else.
pub(super) fn read(text: &str, address: Option<&Url>) -> Option<Feed> {
    let Ok(Value::Object(feed)) = serde_json::from_str(text) else {
        return None;
    };
    let items = feed.get("items")?.as_array()?;
    let line = |name: &str| text_of(&feed, name).and_then(text::line);
    let author = author(&feed);
    let mut remarks = Vec::new();
    if items.len() > MOST_ENTRIES {
        remarks.push(super::read::too_many(items.len()));
    }
    let entries = items
        .iter()
        .filter_map(Value::as_object)
        .take(MOST_ENTRIES)
        .map(|item| entry(item, address, author.as_deref()))
        .collect();
    Some(Feed {
        format: Format::Json,
        title: line("title"),
        address: text_of(&feed, "feed_url").map(|link| joined(address, link)),
        home: text_of(&feed, "home_page_url").map(|link| joined(address, link)),
        language: line("language"),
        ttl: None,
        entries,
        remarks,
    })
}

fn entry(item: &Map<String, Value>, address: Option<&Url>, author_of_feed: Option<&str>) -> Entry {
    let text = |name: &str| text_of(item, name);
    let link = |name: &str| text(name).map(|link| joined(address, link));
    let body = text("content_html");
    let title = text("title").and_then(text::line);
    let texts = Texts {
        summary: text("summary").and_then(text::line),
        body: body
            .and_then(html::text_of)
            .or_else(|| text("content_text").and_then(text::line)),
    };
    let picture = body.and_then(|body| first_picture(body, address));
    // Version 1 lets an identity be a number.
    let id = match item.get("id") {
        Some(Value::String(id)) => id.trim().to_owned(),
        Some(Value::Number(id)) => id.to_string(),
        _ => String::new(),
    };
    let tags = item.get("tags").and_then(Value::as_array);
    let tags = tags.into_iter().flatten().filter_map(Value::as_str);
    let dates = ["date_published", "date_modified"];
    Entry {
        id,
        link: link("url").or_else(|| link("external_url")),
        origin: None,
        published: dates.iter().find_map(|name| date::read(text(name)?)),
        excerpt: texts.excerpt(title.as_deref()),
        image: link("image").or_else(|| link("banner_image")).or(picture),
        author: author(item).or_else(|| author_of_feed.map(str::to_owned)),
        categories: tags.filter_map(text::line).collect(),
        language: text("language").and_then(text::line),
        title,
    }
}

fn text_of<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let text = object.get(name)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// The first of `authors` (version 1.1), or `author` (version 1).
fn author(object: &Map<String, Value>) -> Option<String> {
    let authors = object.get("authors").and_then(Value::as_array);
    let first = authors.and_then(|authors| authors.first());
    let author = first.or_else(|| object.get("author"))?.as_object()?;
    text::line(text_of(author, "name")?)
}
