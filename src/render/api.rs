//! The JSON API: articles under the field names of their files, and topics.

use serde_json::{Map, Value, json};

use super::RenderError;
use super::view::Views;
use crate::content::article::{Article, ArticleProvider, Author, Image, RelatedStory};
use crate::content::tags::{elsewhere, rebase};
use crate::ids::TopicId;
use crate::plan::inputs::SiteInputs;
use crate::plan::shared::Shared;
use crate::plan::{ListingScope, Part};

/// Bytes of an article in the listing of a topic, at most. An article is in those of all its
/// topics, so that one of a megabyte would be there fifty times; one that is longer has only its
/// [`SHORT`] fields there. The listing of all articles, where each is once, has it whole.
const LONGEST_IN_TOPIC: usize = 100_000;

/// The fields that any article has in the listing of a topic.
const SHORT: [&str; 18] = [
    "url",
    "category",
    "title",
    "excerpt",
    "publishedDateTime",
    "updatedDateTime",
    "originalUrl",
    "webUrl",
    "type",
    "quality",
    "heat",
    "published",
    "authors",
    "event",
    "coverage",
    "topics",
    "highlight",
    "locale",
];

/// A page of articles, newest first.
pub(super) fn news(
    site: SiteInputs<'_>,
    views: &Views<'_>,
    topic: Option<TopicId>,
    part: Part,
) -> Result<Vec<u8>, RenderError> {
    let scope = topic.map_or(ListingScope::All, ListingScope::Topic);
    let numbered = site.numbered(scope);
    let page = match part {
        Part::Head | Part::Newest => numbered + 1,
        Part::Numbered(number) => number,
    };
    let value: Vec<String> = site
        .part(scope, part)
        .iter()
        .map(|position| {
            let shared = views.shared;
            let inputs = views.article(*position)?;
            let Article {
                mut story,
                mut detail,
            } = inputs.content()?;
            let page = shared.absolute(inputs.url());
            let complete =
                |html: String| elsewhere(&rebase(&html, &shared.absolute("")), &page).into_owned();
            detail.body = detail.body.map(complete);
            detail.embed = detail.embed.map(complete);
            story.image = story.image.map(|image| full(image, shared));
            detail.more_images = detail
                .more_images
                .into_iter()
                .map(|image| full(image, shared))
                .collect();
            detail.provider_images = detail
                .provider_images
                .into_iter()
                .map(|image| full(image, shared))
                .collect();
            for related in &mut detail.related {
                related.images.retain(|image| !image.url.starts_with('/'));
            }
            let joined = site.joined(*position).map(|(event, coverage)| {
                let coverage = coverage.into_iter().map(|url| shared.absolute(url));
                (event, coverage.collect())
            });
            let is_published = inputs.is_published();
            let value = article(Article { story, detail }, &page, is_published, joined)?;
            let whole = value.to_string();
            Ok(match topic {
                Some(_) if whole.len() > LONGEST_IN_TOPIC => shortened(value).to_string(),
                _ => whole,
            })
        })
        .collect::<Result<_, RenderError>>()?;
    let older = json!((page > 1).then(|| page - 1));
    let value = value.join(",");
    Ok(format!("{{\"page\":{page},\"value\":[{value}],\"nextPage\":{older}}}\n").into_bytes())
}

/// An article without its long fields, and a mark that says so.
fn shortened(mut article: Value) -> Value {
    if let Some(fields) = article.as_object_mut() {
        fields.retain(|name, _| SHORT.contains(&name.as_str()));
        fields.insert("isShortened".to_owned(), true.into());
    }
    article
}

/// A picture with a full address.
pub(super) fn full(image: Image, shared: &Shared) -> Image {
    match image.url.starts_with('/') {
        true => Image {
            url: shared.absolute(&image.url),
            ..image
        },
        false => image,
    }
}

/// All topics, with full addresses.
pub(super) fn topics(site: SiteInputs<'_>) -> Result<Vec<u8>, RenderError> {
    let topics = site.topics_view();
    let mut value = serde_json::to_value(&topics).unwrap_or_default();
    complete(&mut value, &site.plan().shared.origin);
    Ok(bytes(
        &json!({ "page": 1, "value": value, "nextPage": null }),
    ))
}

/// The events with the newest reports.
pub(super) fn events(site: SiteInputs<'_>) -> Vec<u8> {
    bytes(&json!({ "page": 1, "value": site.newest_events(), "nextPage": null }))
}

/// Puts the origin before the paths in all fields `url`.
fn complete(value: &mut Value, origin: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| complete(item, origin)),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match value {
                    Value::String(url) if name == "url" => url.insert_str(0, origin),
                    other => complete(other, origin),
                }
            }
        }
        _ => {}
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    let mut bytes = value.to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

/// Adds the fields that have a value.
fn add(
    fields: &mut Map<String, Value>,
    values: impl IntoIterator<Item = (&'static str, Option<Value>)>,
) {
    fields.extend(
        values
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
}

fn text(value: Option<String>) -> Option<Value> {
    value.map(Value::from)
}

/// An article; `joined` is the event that it joined, with the addresses of its older reports.
fn article(
    article: Article,
    url: &str,
    is_published: bool,
    joined: Option<(&str, Vec<String>)>,
) -> Result<Value, RenderError> {
    let Article { story, detail } = article;
    let (event, coverage) = joined.unzip();
    let mut images: Vec<Image> = story.image.into_iter().collect();
    images.extend(detail.more_images);
    let own = [
        ("url", Some(url.into())),
        ("category", Some(detail.category.into())),
        ("title", Some(story.title.into())),
        ("excerpt", text(story.excerpt)),
        (
            "publishedDateTime",
            Some(story.published.rfc3339_utc().into()),
        ),
        (
            "updatedDateTime",
            story.updated.map(|time| time.rfc3339_utc().into()),
        ),
        ("originalUrl", text(detail.original_url)),
        ("webUrl", text(detail.web_url)),
        ("ampWebUrl", text(detail.amp_web_url)),
        ("cdnAmpWebUrl", text(detail.cdn_amp_web_url)),
        ("type", Some(story.kind.into())),
        ("quality", story.quality.map(Value::from)),
        ("heat", Some(story.heat.unwrap_or(-1).into())),
        ("published", Some(is_published.into())),
        (
            "provider",
            story
                .provider
                .map(|own| provider(own, detail.provider_images)),
        ),
        ("topics", Some(story.topics.into())),
        (
            "authors",
            (!story.authors.is_empty()).then(|| story.authors.into_iter().map(author).collect()),
        ),
        (
            "tags",
            (!story.tags.is_empty()).then(|| story.tags.clone().into()),
        ),
        (
            "images",
            (!images.is_empty()).then(|| images.into_iter().map(image).collect()),
        ),
        (
            "related",
            (!detail.related.is_empty()).then(|| detail.related.into_iter().map(related).collect()),
        ),
        ("featuredContent", text(detail.embed)),
        ("highlight", text(story.highlight)),
        ("locale", text(story.locale)),
        ("event", event.map(Value::from)),
        ("coverage", coverage.map(Value::from)),
        ("body", text(detail.body)),
    ];
    let names = own.each_ref().map(|(name, _)| *name);
    let mut fields = Map::new();
    add(&mut fields, own);
    let extra: Map<String, Value> =
        serde_json::from_str(&story.extra).map_err(|_| RenderError::Cache)?;
    // Readers of the API take our fields for what they are: clean HTML, a checked URL. An unknown
    // field of the same name would be neither.
    let foreign = extra
        .into_iter()
        .filter(|(name, _)| !names.contains(&name.as_str()));
    fields.extend(foreign);
    Ok(Value::Object(fields))
}

fn author(author: Author) -> Value {
    let mut fields = Map::new();
    add(
        &mut fields,
        [
            ("name", Some(author.name.into())),
            ("url", text(author.url)),
        ],
    );
    Value::Object(fields)
}

fn provider(own: ArticleProvider, images: Vec<Image>) -> Value {
    let mut fields = Map::new();
    add(
        &mut fields,
        [
            ("name", Some(own.name.into())),
            ("domain", Some(own.domain.into())),
            (
                "images",
                (!images.is_empty()).then(|| images.into_iter().map(image).collect()),
            ),
        ],
    );
    Value::Object(fields)
}

fn image(image: Image) -> Value {
    let mut fields = Map::new();
    add(
        &mut fields,
        [
            ("url", Some(image.url.into())),
            ("width", image.width.map(Value::from)),
            ("height", image.height.map(Value::from)),
            ("title", text(image.title)),
            ("attribution", text(image.attribution)),
            ("isCached", image.is_cached.map(Value::from)),
        ],
    );
    Value::Object(fields)
}

fn related(story: RelatedStory) -> Value {
    let mut fields = Map::new();
    add(
        &mut fields,
        [
            ("title", Some(story.title.into())),
            ("excerpt", text(story.excerpt)),
            (
                "publishedDateTime",
                story.published.map(|time| time.rfc3339_utc().into()),
            ),
            ("webUrl", Some(story.link.into())),
            ("ampWebUrl", text(story.amp_web_url)),
            ("cdnAmpWebUrl", text(story.cdn_amp_web_url)),
            ("type", Some(story.kind.into())),
            (
                "provider",
                story.provider.map(|own| provider(own, Vec::new())),
            ),
            ("quality", story.quality.map(Value::from)),
            (
                "images",
                (!story.images.is_empty()).then(|| story.images.into_iter().map(image).collect()),
            ),
        ],
    );
    Value::Object(fields)
}
