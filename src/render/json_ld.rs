//! What search engines read: schema.org in JSON-LD (<https://schema.org/NewsArticle>), with what
//! Google asks of
//! [articles](https://developers.google.com/search/docs/appearance/structured-data/article),
//! [videos](https://developers.google.com/search/docs/appearance/structured-data/video) and
//! [breadcrumbs](https://developers.google.com/search/docs/appearance/structured-data/breadcrumb).

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::page::Page;
use super::view::{ArticleView, Views};
use crate::config::language;
use crate::content::article;
use crate::content::tags;
use crate::plan::inputs::SiteInputs;
use crate::plan::preview::PreviewImage;
use crate::plan::route;
use crate::plan::shared::{Shared, is_elsewhere};
use crate::theme::filters::{script_safe, shorten};

/// Items of a list that are named; engines read no more.
const MOST_ITEMS: usize = 10;

/// A `NewsArticle` or a `VideoObject`. Fields without a value are left out.
///
/// Most pages of a site are articles: theirs is written as it stands, without a tree of values.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArticleObject<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embed_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headline: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article_section: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<[Value; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    url: &'a str,
    main_entity_of_page: &'a str,
    date_published: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<&'a str>,
    in_language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    work_translation: Option<Value>,
    /// The page of its event, which has all reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_part_of: Option<Value>,
    author: Author<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_organization: Option<Organization<'a>>,
    publisher: Organization<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_based_on: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    keywords: &'a [String],
}

/// Who wrote an article: people, or else its provider.
#[derive(Serialize)]
#[serde(untagged)]
enum Author<'a> {
    Provider(Organization<'a>),
    People(Vec<Person<'a>>),
}

impl Default for Author<'_> {
    fn default() -> Self {
        Author::People(Vec::new())
    }
}

#[derive(Clone, Copy, Default, Serialize)]
#[serde(tag = "@type")]
struct Organization<'a> {
    name: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<Logo<'a>>,
}

#[derive(Clone, Copy, Serialize)]
#[serde(tag = "@type", rename = "ImageObject")]
struct Logo<'a> {
    url: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct Person<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// Where a page stands in the site.
#[derive(Serialize)]
#[serde(tag = "@type", rename = "BreadcrumbList", rename_all = "camelCase")]
struct Breadcrumbs<'a> {
    item_list_element: Vec<Breadcrumb<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename = "ListItem")]
struct Breadcrumb<'a> {
    position: usize,
    name: &'a str,
    item: &'a str,
}

impl<'a> Breadcrumbs<'a> {
    /// The names and addresses of pages, from the front page to the page itself.
    fn of(trail: impl IntoIterator<Item = (&'a str, &'a str)>) -> Breadcrumbs<'a> {
        let items = trail.into_iter().enumerate();
        Breadcrumbs {
            item_list_element: items
                .map(|(at, (name, item))| Breadcrumb {
                    position: at + 1,
                    name,
                    item,
                })
                .collect(),
        }
    }
}

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
    let provider = Organization {
        name: &provider.name,
        url: &provider.home,
        logo: None,
    };
    let home = shared.home();
    let logo = shared.logo().map(|logo| format!("{}{logo}", shared.origin));
    let language = language::named(story.locale.as_deref());
    let event = view.event().map(|url| shared.absolute(url));
    let people: Vec<Person> = story.authors.iter().map(person).collect();
    let own = ArticleObject {
        description: story.excerpt.as_deref().map(described),
        url: &page.permalink,
        main_entity_of_page: &page.permalink,
        date_published: &view.published,
        date_modified: view.updated.as_deref(),
        in_language: language.as_deref().unwrap_or(locale),
        work_translation: translations,
        is_part_of: event.map(|url| json!({ "@type": "CollectionPage", "url": url })),
        source_organization: (!people.is_empty()).then_some(provider),
        author: match people.is_empty() {
            true => Author::Provider(provider),
            false => Author::People(people),
        },
        publisher: Organization {
            name: site,
            url: &home,
            logo: logo.as_deref().map(|url| Logo { url }),
        },
        is_based_on: story.link.as_deref(),
        keywords: &page.tags,
        ..ArticleObject::default()
    };
    // A video without a picture is none for a search engine.
    let object = match image.as_ref().filter(|_| story.kind == "video") {
        Some(image) => ArticleObject {
            kind: "VideoObject",
            name: Some(&story.title),
            upload_date: Some(&view.published),
            thumbnail_url: Some([&image.url]),
            duration: story.duration.map(iso_duration),
            embed_url: article.detail.embed.as_deref().and_then(tags::frame),
            ..own
        },
        None => ArticleObject {
            kind: "NewsArticle",
            headline: Some(&story.title),
            article_section: page.section.as_deref(),
            image: image.as_ref().map(|image| [image_object(image)]),
            ..own
        },
    };
    let label = views.label(view);
    let label_url = label.map(|topic| format!("{}{}", shared.origin, topic.url));
    let label = label.zip(label_url.as_deref());
    let trail = [(site, home.as_str())]
        .into_iter()
        .chain(label.map(|(topic, url)| (topic.name.as_str(), url)))
        .chain([(story.title.as_str(), page.permalink.as_str())]);
    graph(&(object, Breadcrumbs::of(trail)))
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
            .map(|text| ("description".to_owned(), described(text).into())),
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
            graph(&(web_site, object))
        }
        Some(title) => {
            let trail = [(site, home.as_str()), (title, &page.permalink)];
            graph(&(object, Breadcrumbs::of(trail)))
        }
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

/// A description as long as engines show one.
fn described(text: &str) -> String {
    const LONGEST: usize = 200;
    shorten(text, LONGEST)
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

fn person(author: &article::Author) -> Person<'_> {
    Person {
        name: &author.name,
        url: author.url.as_deref(),
    }
}

/// The objects of a page as JSON that can stand in a script. It cannot fail: all keys are strings,
/// and there are no numbers but integers.
fn graph(objects: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Graph<'a, T> {
        #[serde(rename = "@context")]
        context: &'static str,
        #[serde(rename = "@graph")]
        graph: &'a T,
    }
    let graph = Graph {
        context: "https://schema.org",
        graph: objects,
    };
    script_safe(&serde_json::to_string(&graph).unwrap_or_default())
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
