//! What search engines read: schema.org in JSON-LD (<https://schema.org/NewsArticle>,
//! <https://developers.google.com/search/docs/appearance/structured-data/article>).

use serde_json::{Value, json};

use super::Page;
use super::view::{Inputs, StoryView};
use crate::plan::route::fixed;
use crate::plan::shared::Shared;
use crate::theme::filters::script_safe;

/// Items of a list that are named; engines read no more.
const MOST_ITEMS: usize = 10;

/// An article and its place in the site.
pub(super) fn article(inputs: &Inputs<'_>, site: &str, page: &Page, view: &StoryView<'_>) -> String {
    let shared = &inputs.plan.shared;
    let story = &view.story;
    let is_video = story.kind == "video";
    let provider = inputs.provider(view.provider);
    let topics = view.topics.iter().map(|topic| shared.topic_refs[*topic].name.clone());
    let mut about = json!({
        "@type": if is_video { "VideoObject" } else { "NewsArticle" },
        "url": page.permalink,
        "mainEntityOfPage": page.permalink,
        "datePublished": view.published,
        "publisher": organisation(site, &shared.absolute(fixed::HOME)),
        "author": organisation(&provider.name, &format!("https://{}/", provider.domain)),
    });
    let optional = [
        ("description", story.excerpt.clone().map(Value::from)),
        ("dateModified", view.updated.clone().map(Value::from)),
        ("isBasedOn", story.link.clone().map(Value::from)),
        ("image", page.image.clone().map(|url| json!([url]))),
        ("keywords", (!view.topics.is_empty()).then(|| topics.collect())),
    ];
    if let Some(fields) = about.as_object_mut() {
        fields.insert(if is_video { "name" } else { "headline" }.to_owned(), story.title.clone().into());
        if is_video {
            fields.insert("uploadDate".to_owned(), view.published.clone().into());
            fields.extend(page.image.clone().map(|url| ("thumbnailUrl".to_owned(), json!([url]))));
        }
        fields.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    let mut trail = vec![(site.to_owned(), shared.absolute(fixed::HOME))];
    trail.extend(inputs.label(view).map(|topic| (topic.name.clone(), format!("{}{}", shared.origin, topic.url))));
    trail.push((story.title.clone(), page.permalink.clone()));
    graph(vec![about, breadcrumbs(&trail)])
}

/// A listing, with the paths of its first items.
pub(super) fn listing<'u>(shared: &Shared, site: &str, page: &Page, items: impl Iterator<Item = &'u str>) -> String {
    let home = shared.absolute(fixed::HOME);
    let items: Vec<Value> = items
        .take(MOST_ITEMS)
        .enumerate()
        .map(|(at, url)| json!({ "@type": "ListItem", "position": at + 1, "url": format!("{}{url}", shared.origin) }))
        .collect();
    let mut collection = json!({
        "@type": "CollectionPage",
        "name": page.title.as_deref().unwrap_or(site),
        "url": page.permalink,
        "isPartOf": { "@type": "WebSite", "name": site, "url": home },
        "mainEntity": { "@type": "ItemList", "itemListElement": items },
    });
    if let (Some(fields), Some(description)) = (collection.as_object_mut(), &page.description) {
        fields.insert("description".to_owned(), description.clone().into());
    }
    match &page.title {
        None => graph(vec![json!({ "@type": "WebSite", "name": site, "url": home }), collection]),
        Some(title) => {
            graph(vec![collection, breadcrumbs(&[(site.to_owned(), home), (title.clone(), page.permalink.clone())])])
        }
    }
}

fn organisation(name: &str, url: &str) -> Value {
    json!({ "@type": "Organization", "name": name, "url": url })
}

fn breadcrumbs(trail: &[(String, String)]) -> Value {
    let items: Vec<Value> = trail
        .iter()
        .enumerate()
        .map(|(at, (name, url))| json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": url }))
        .collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

fn graph(items: Vec<Value>) -> String {
    script_safe(&json!({ "@context": "https://schema.org", "@graph": items }).to_string())
}
