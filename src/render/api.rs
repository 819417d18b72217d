//! The JSON API: articles under the field names of their files, and topics.

use serde::Serialize;
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
/// short fields there. The listing of all articles, where each is once, has it whole.
const LONGEST_IN_TOPIC: usize = 100_000;

/// An article under the field names of its file. Fields without a value are left out.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArticleObject {
    url: String,
    category: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<String>,
    published_date_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    web_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amp_web_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cdn_amp_web_url: Option<String>,
    r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<i64>,
    /// -1 where it is not known.
    heat: i64,
    published: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<ProviderObject>,
    topics: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<AuthorObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<ImageObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<RelatedObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    featured_content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    highlight: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    /// The event that it joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    /// Addresses of the older reports of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// Only ever true: long fields were left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_shortened: Option<bool>,
    /// Unknown fields of the file.
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// The names of the known fields. Readers of the API take these for what they are: clean HTML, a
/// checked URL. An unknown field of the same name would be neither.
const FIELDS: [&str; 26] = [
    "url",
    "category",
    "title",
    "excerpt",
    "publishedDateTime",
    "updatedDateTime",
    "originalUrl",
    "webUrl",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "type",
    "quality",
    "heat",
    "published",
    "provider",
    "topics",
    "authors",
    "tags",
    "images",
    "related",
    "featuredContent",
    "highlight",
    "locale",
    "event",
    "coverage",
    "body",
];

/// Who published an article.
#[derive(Default, Serialize)]
struct ProviderObject {
    name: String,
    domain: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<ImageObject>,
}

/// Who wrote an article.
#[derive(Default, Serialize)]
struct AuthorObject {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// A picture.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageObject {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_cached: Option<bool>,
}

/// A story that an article names as related.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct RelatedObject {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_date_time: Option<String>,
    web_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    amp_web_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cdn_amp_web_url: Option<String>,
    r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<ProviderObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<ImageObject>,
}

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
            let article = Article { story, detail };
            let object = ArticleObject::of(article, page, is_published, joined)?;
            let whole = json_text(&object);
            Ok(match topic {
                Some(_) if whole.len() > LONGEST_IN_TOPIC => json_text(&object.shortened()),
                _ => whole,
            })
        })
        .collect::<Result<_, RenderError>>()?;
    let older = json!((page > 1).then(|| page - 1));
    let value = value.join(",");
    Ok(format!("{{\"page\":{page},\"value\":[{value}],\"nextPage\":{older}}}\n").into_bytes())
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

/// The JSON of an article. It cannot fail: keys are strings, and numbers came from JSON.
fn json_text(object: &ArticleObject) -> String {
    serde_json::to_string(object).unwrap_or_default()
}

impl ArticleObject {
    /// An article; `joined` is the event that it joined, with the addresses of its older reports.
    fn of(
        article: Article,
        url: String,
        is_published: bool,
        joined: Option<(&str, Vec<String>)>,
    ) -> Result<ArticleObject, RenderError> {
        let Article { story, detail } = article;
        let (event, coverage) = joined.unzip();
        let mut extra: Map<String, Value> =
            serde_json::from_str(&story.extra).map_err(|_| RenderError::Cache)?;
        extra.retain(|name, _| !FIELDS.contains(&name.as_str()));
        let provider = |own| ProviderObject::of(own, detail.provider_images);
        let images = story.image.into_iter().chain(detail.more_images);
        Ok(ArticleObject {
            url,
            category: detail.category,
            title: story.title,
            excerpt: story.excerpt,
            published_date_time: story.published.rfc3339_utc(),
            updated_date_time: story.updated.map(|time| time.rfc3339_utc()),
            original_url: detail.original_url,
            web_url: detail.web_url,
            amp_web_url: detail.amp_web_url,
            cdn_amp_web_url: detail.cdn_amp_web_url,
            r#type: story.kind,
            quality: story.quality,
            heat: story.heat.unwrap_or(-1),
            published: is_published,
            provider: story.provider.map(provider),
            topics: story.topics,
            authors: story.authors.into_iter().map(AuthorObject::from).collect(),
            tags: story.tags,
            images: images.map(ImageObject::from).collect(),
            related: detail
                .related
                .into_iter()
                .map(RelatedObject::from)
                .collect(),
            featured_content: detail.embed,
            highlight: story.highlight,
            locale: story.locale,
            event: event.map(str::to_owned),
            coverage,
            body: detail.body,
            is_shortened: None,
            extra,
        })
    }

    /// The same without its long fields and unknown ones, and with a mark that says so.
    fn shortened(self) -> ArticleObject {
        ArticleObject {
            amp_web_url: None,
            cdn_amp_web_url: None,
            provider: None,
            tags: Vec::new(),
            images: Vec::new(),
            related: Vec::new(),
            featured_content: None,
            body: None,
            is_shortened: Some(true),
            extra: Map::new(),
            ..self
        }
    }
}

impl ProviderObject {
    fn of(own: ArticleProvider, images: Vec<Image>) -> ProviderObject {
        ProviderObject {
            name: own.name,
            domain: own.domain,
            images: images.into_iter().map(ImageObject::from).collect(),
        }
    }
}

impl From<Author> for AuthorObject {
    fn from(author: Author) -> Self {
        AuthorObject {
            name: author.name,
            url: author.url,
        }
    }
}

impl From<Image> for ImageObject {
    fn from(image: Image) -> Self {
        ImageObject {
            url: image.url,
            width: image.width,
            height: image.height,
            title: image.title,
            attribution: image.attribution,
            is_cached: image.is_cached,
        }
    }
}

impl From<RelatedStory> for RelatedObject {
    fn from(story: RelatedStory) -> Self {
        RelatedObject {
            title: story.title,
            excerpt: story.excerpt,
            published_date_time: story.published.map(|time| time.rfc3339_utc()),
            web_url: story.link,
            amp_web_url: story.amp_web_url,
            cdn_amp_web_url: story.cdn_amp_web_url,
            r#type: story.kind,
            provider: story
                .provider
                .map(|own| ProviderObject::of(own, Vec::new())),
            quality: story.quality,
            images: story.images.into_iter().map(ImageObject::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_known_fields_are_those_of_an_article() {
        let filled = || Some(String::new());
        let article = ArticleObject {
            excerpt: filled(),
            updated_date_time: filled(),
            original_url: filled(),
            web_url: filled(),
            amp_web_url: filled(),
            cdn_amp_web_url: filled(),
            quality: Some(1),
            provider: Some(ProviderObject::default()),
            authors: vec![AuthorObject::default()],
            tags: vec![String::new()],
            images: vec![ImageObject::default()],
            related: vec![RelatedObject::default()],
            featured_content: filled(),
            highlight: filled(),
            locale: filled(),
            event: filled(),
            coverage: Some(Vec::new()),
            body: filled(),
            ..ArticleObject::default()
        };
        let object: Map<String, Value> = serde_json::from_str(&json_text(&article)).unwrap();
        assert_eq!(object.keys().collect::<Vec<_>>(), FIELDS);
    }
}
