//! `page`: what every template sees of the page that it makes.

use tera::Value;

use super::view::{self, Fields};
use crate::plan::preview::PreviewImage;

/// `page`, before it becomes a value.
#[derive(Default)]
pub(super) struct Page {
    pub(super) kind: &'static str,
    pub(super) url: String,
    pub(super) permalink: String,
    /// The page that search engines should show; none when it is this one.
    pub(super) canonical: Option<String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) body: Option<String>,
    pub(super) image: Option<PreviewImage>,
    pub(super) published: Option<String>,
    pub(super) updated: Option<String>,
    pub(super) section: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) feeds: Vec<Value>,
    pub(super) prev: Option<String>,
    pub(super) next: Option<String>,
    pub(super) json_ld: Option<String>,
    pub(super) noindex: bool,
    pub(super) alternates: Vec<Value>,
    pub(super) translations: Vec<Value>,
}

impl Page {
    pub(super) fn into_value(self) -> Value {
        let canonical = self.canonical.unwrap_or_else(|| self.permalink.clone());
        let mut fields = Fields::new();
        fields
            .set("kind", self.kind)
            .set("url", self.url)
            .set("permalink", self.permalink)
            .set("canonical", canonical)
            .set("title", self.title)
            .set("description", self.description)
            .set("body", view::html(self.body.as_deref()))
            .set("image", self.image.map(image))
            .set("published", self.published)
            .set("updated", self.updated)
            .set("section", self.section)
            .set("tags", self.tags)
            .set("feeds", self.feeds)
            .set("prev", self.prev)
            .set("next", self.next)
            .set("json_ld", view::html(self.json_ld.as_deref()))
            .set("noindex", self.noindex)
            .set("alternates", self.alternates)
            .set("translations", self.translations);
        fields.into_value()
    }
}

fn image(image: PreviewImage) -> Value {
    let mut fields = Fields::new();
    fields
        .set("url", image.url)
        .set("width", image.width)
        .set("height", image.height)
        .set("alt", image.alt);
    fields.into_value()
}
