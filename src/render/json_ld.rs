//! What search engines read: schema.org in JSON-LD (<https://schema.org/NewsArticle>), with what
//! Google asks of
//! [articles](https://developers.google.com/search/docs/appearance/structured-data/article),
//! [videos](https://developers.google.com/search/docs/appearance/structured-data/video) and
//! [breadcrumbs](https://developers.google.com/search/docs/appearance/structured-data/breadcrumb).

use serde_json::{Map, Value, json};

use super::page::Page;
use super::view::{ArticleView, Views};
use crate::config::language;
use crate::content::article::Author;
use crate::content::tags;
use crate::plan::inputs::SiteInputs;
use crate::plan::preview::PreviewImage;
use crate::plan::route;
use crate::plan::shared::{Shared, is_elsewhere};
use crate::theme::filters::{script_safe, shorten};

/// Items of a list that are named; engines read no more.
const MOST_ITEMS: usize = 10;

/// An article and its place in the site.
pub(super) fn article(
    views: &Views<'_>,
    site: &str,
    locale: &str,
    page: &Page,
    article: &ArticleView<'_>,
    translations: Option<Value>,
) -> String {
    let shared = views.shared;
    let view = &article.story;
    let story = &view.story;
    let image = view.image.as_ref().map(|image| image.preview(shared));
    let provider = views.provider_of(view);
    let mut fields = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        fields.extend(value.map(|value| (name.to_owned(), value)));
    };
    // A video without a picture is none for a search engine.
    match image.as_ref().filter(|_| story.kind == "video") {
        Some(image) => {
            set("@type", Some("VideoObject".into()));
            set("name", Some(story.title.as_str().into()));
            set("uploadDate", Some(view.published.as_str().into()));
            set("thumbnailUrl", Some(json!([image.url])));
            set(
                "duration",
                story.duration.map(|seconds| iso_duration(seconds).into()),
            );
            set(
                "embedUrl",
                article
                    .detail
                    .embed
                    .as_deref()
                    .and_then(tags::frame)
                    .map(Value::from),
            );
        }
        None => {
            set("@type", Some("NewsArticle".into()));
            set("headline", Some(story.title.as_str().into()));
            set("articleSection", page.section.as_deref().map(Value::from));
            set("image", image.map(|image| json!([image_object(&image)])));
        }
    }
    set("description", story.excerpt.as_deref().map(described));
    set("url", Some(page.permalink.as_str().into()));
    set("mainEntityOfPage", Some(page.permalink.as_str().into()));
    set("datePublished", Some(view.published.as_str().into()));
    set("dateModified", view.updated.as_deref().map(Value::from));
    let language = language::named(story.locale.as_deref());
    set(
        "inLanguage",
        Some(language.as_deref().unwrap_or(locale).into()),
    );
    set("workTranslation", translations);
    // The page of its event, which has all reports.
    let event = view.event().map(|url| shared.absolute(url));
    set(
        "isPartOf",
        event.map(|url| json!({ "@type": "CollectionPage", "url": url })),
    );
    let organisation = organisation(&provider.name, &provider.home);
    match story.authors.as_slice() {
        [] => set("author", Some(organisation)),
        authors => {
            set("author", Some(authors.iter().map(person).collect()));
            set("sourceOrganization", Some(organisation));
        }
    }
    set("publisher", Some(publisher(shared, site)));
    set("isBasedOn", story.link.as_deref().map(Value::from));
    set(
        "keywords",
        (!page.tags.is_empty()).then(|| json!(page.tags)),
    );
    let mut trail = vec![(site.to_owned(), shared.home())];
    trail.extend(views.label(view).map(|topic| {
        (
            topic.name.clone(),
            format!("{}{}", shared.origin, topic.url),
        )
    }));
    trail.push((story.title.clone(), page.permalink.clone()));
    graph(vec![Value::Object(fields), breadcrumbs(&trail)])
}

/// When an event was reported first and last, and how often.
pub(super) struct EventDates {
    pub(super) first: String,
    pub(super) latest: String,
    pub(super) count: usize,
}

/// The page of an event: its reports, newest first, with the paths of the first ones. It is no
/// `Event` of schema.org, which is one with a place and a time to go to.
pub(super) fn event<'u>(
    inputs: SiteInputs<'_>,
    site: &str,
    page: &Page,
    dates: EventDates,
    items: impl Iterator<Item = &'u str>,
) -> String {
    let shared = &inputs.plan().shared;
    let mut collection = page_object("CollectionPage", inputs, site, page);
    let image = page.image.as_ref().map(image_object);
    collection.extend(image.map(|image| ("image".to_owned(), image)));
    collection.insert("datePublished".to_owned(), dates.first.into());
    collection.insert("dateModified".to_owned(), dates.latest.into());
    collection.insert(
        "mainEntity".to_owned(),
        json!({
            "@type": "ItemList",
            "itemListOrder": "https://schema.org/ItemListOrderDescending",
            "numberOfItems": dates.count,
            "itemListElement": list_items(shared, items),
        }),
    );
    in_place(shared, site, page, collection)
}

/// The first items of a list, by their paths.
fn list_items<'u>(shared: &Shared, items: impl Iterator<Item = &'u str>) -> Vec<Value> {
    let item = |(at, path)| {
        let url = match is_elsewhere(path) {
            true => path.to_owned(),
            false => format!("{}{path}", shared.origin),
        };
        json!({ "@type": "ListItem", "position": at + 1, "url": url })
    };
    items.take(MOST_ITEMS).enumerate().map(item).collect()
}

/// A listing, with the paths of its first items.
pub(super) fn listing<'u>(
    inputs: SiteInputs<'_>,
    site: &str,
    page: &Page,
    items: impl Iterator<Item = &'u str>,
) -> String {
    let shared = &inputs.plan().shared;
    let items = list_items(shared, items);
    let mut collection = page_object("CollectionPage", inputs, site, page);
    if !items.is_empty() {
        collection.insert(
            "mainEntity".to_owned(),
            json!({ "@type": "ItemList", "itemListElement": items }),
        );
    }
    in_place(shared, site, page, collection)
}

/// Any other page.
pub(super) fn page(inputs: SiteInputs<'_>, site: &str, page: &Page) -> String {
    let shared = &inputs.plan().shared;
    let kind = if page.kind == "page" {
        "WebPage"
    } else {
        "CollectionPage"
    };
    in_place(shared, site, page, page_object(kind, inputs, site, page))
}

fn page_object(kind: &str, inputs: SiteInputs<'_>, site: &str, page: &Page) -> Map<String, Value> {
    let shared = &inputs.plan().shared;
    let mut fields = Map::new();
    fields.insert("@type".to_owned(), kind.into());
    fields.insert(
        "name".to_owned(),
        page.title.as_deref().unwrap_or(site).into(),
    );
    fields.insert("url".to_owned(), page.permalink.as_str().into());
    fields.insert(
        "isPartOf".to_owned(),
        json!({ "@type": "WebSite", "name": site, "url": shared.home() }),
    );
    if inputs.is_multilingual() {
        fields.insert("inLanguage".to_owned(), shared.locale().into());
    }
    fields.extend(
        page.description
            .as_ref()
            .map(|text| ("description".to_owned(), described(text))),
    );
    fields
}

/// A page with where it stands: the front page speaks for the whole site, every other one has a
/// trail that leads to it.
fn in_place(shared: &Shared, site: &str, page: &Page, object: Map<String, Value>) -> String {
    let home = shared.home();
    match &page.title {
        None => {
            let mut web_site = json!({ "@type": "WebSite", "name": site, "url": home });
            if let (Some(fields), Some(search)) = (web_site.as_object_mut(), &shared.search) {
                fields.insert(
                    "potentialAction".to_owned(),
                    search_action(&shared.absolute(search)),
                );
            }
            graph(vec![web_site, Value::Object(object)])
        }
        Some(title) => graph(vec![
            Value::Object(object),
            breadcrumbs(&[
                (site.to_owned(), home),
                (title.clone(), page.permalink.clone()),
            ]),
        ]),
    }
}

/// How to search the site, by the full URL of the page that does it
/// (<https://schema.org/SearchAction>).
fn search_action(page: &str) -> Value {
    const WORDS: &str = "search_term_string";
    json!({
        "@type": "SearchAction",
        "target": { "@type": "EntryPoint", "urlTemplate": route::search_pattern(page, WORDS) },
        "query-input": format!("required name={WORDS}"),
    })
}

fn image_object(image: &PreviewImage) -> Value {
    match (image.width, image.height) {
        (Some(width), Some(height)) => {
            json!({ "@type": "ImageObject", "url": image.url, "width": width, "height": height })
        }
        _ => image.url.as_str().into(),
    }
}

/// The site as a publisher.
fn publisher(shared: &Shared, site: &str) -> Value {
    let mut publisher = organisation(site, &shared.home());
    if let (Some(fields), Some(logo)) = (publisher.as_object_mut(), shared.logo()) {
        let url = format!("{}{logo}", shared.origin);
        fields.insert(
            "logo".to_owned(),
            json!({ "@type": "ImageObject", "url": url }),
        );
    }
    publisher
}

/// A description as long as engines show one.
fn described(text: &str) -> Value {
    const LONGEST: usize = 200;
    shorten(text, LONGEST).into()
}

/// Seconds as an ISO 8601 duration: `PT1H2M3S`.
fn iso_duration(seconds: u32) -> String {
    let parts = [
        (seconds / 3600, 'H'),
        (seconds / 60 % 60, 'M'),
        (seconds % 60, 'S'),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    format!(
        "PT{}",
        parts
            .map(|(number, unit)| format!("{number}{unit}"))
            .collect::<String>()
    )
}

fn person(author: &Author) -> Value {
    match &author.url {
        Some(url) => json!({ "@type": "Person", "name": author.name, "url": url }),
        None => json!({ "@type": "Person", "name": author.name }),
    }
}

fn organisation(name: &str, url: &str) -> Value {
    json!({ "@type": "Organization", "name": name, "url": url })
}

fn breadcrumbs(trail: &[(String, String)]) -> Value {
    let items = trail.iter().enumerate();
    let items: Vec<Value> = items
        .map(|(at, (name, url))| {
            json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": url })
        })
        .collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

fn graph(items: Vec<Value>) -> String {
    script_safe(&json!({ "@context": "https://schema.org", "@graph": items }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_no_empty_parts() {
        assert_eq!(
            [243, 3600, 3723, 59].map(iso_duration),
            ["PT4M3S", "PT1H", "PT1H2M3S", "PT59S"]
        );
    }

    #[test]
    fn a_search_names_its_words() {
        let action = search_action("https://example.org/search/");
        assert_eq!(
            action["target"]["urlTemplate"],
            "https://example.org/search/?q={search_term_string}"
        );
        assert_eq!(action["query-input"], "required name=search_term_string");
    }
}
