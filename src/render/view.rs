//! What templates see of articles (`docs/templates.md`).
//!
//! A view is made from what [`PageInputs`] hands out: whatever it shows is in the fingerprint of
//! the page. Views become Tera values by hand: values that many stories share (topics, providers)
//! are made once, and fields that a template does not name are not made.

use std::collections::BTreeSet;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use tera::{Map, Value};

use super::RenderError;
use crate::config::{Covers, Look, language};
use crate::content::article::{Article, Author, Image, ProviderKey, RelatedStory, Story};
use crate::content::domain;
use crate::content::tags::rebase;
use crate::curate::{Pick, Rule};
use crate::hash::Hash128;
use crate::ids::{EditionIndex, List, ProviderId, TopicId};
use crate::plan::inputs::{ArticleInputs, EventView, PageInputs, Quote, StoryInputs};
use crate::plan::preview::PreviewImage;
use crate::plan::shared::{ProviderRef, Shared, TopicRef, is_elsewhere};
use crate::plan::{PageKind, Plan};
use crate::theme::Theme;
use crate::theme::filters::shorten;

/// The fields of an object, in the order in which they are set.
pub(super) struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    pub(super) fn new() -> Fields {
        Fields(Vec::with_capacity(24))
    }

    pub(super) fn set(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Self {
        self.0.push((name, value.into()));
        self
    }

    pub(super) fn into_value(self) -> Value {
        Value::from_serializable(&self)
    }
}

/// As a struct, since that is the one way to a Tera object which hashes each name only once; values
/// are passed through as they are.
impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Fields", self.0.len())?;
        for (name, value) in &self.0 {
            object.serialize_field(name, value)?;
        }
        object.end()
    }
}

/// The unknown fields of a story.
fn extra_value(story: &Story) -> Result<Value, RenderError> {
    let extra: serde_json::Value =
        serde_json::from_str(&story.extra).map_err(|_| RenderError::Cache)?;
    Ok(Value::from_serializable(&extra))
}

/// HTML that is safe as it is.
pub(super) fn html(html: Option<&str>) -> Value {
    html.map_or_else(Value::none, Value::safe_string)
}

/// Values that many stories share.
#[derive(Debug)]
pub struct SharedValues {
    topics: List<TopicId, Value>,
    providers: List<ProviderId, Value>,
    /// The site as the provider of its own articles.
    own_provider: Value,
}

impl SharedValues {
    /// Makes the values of a plan.
    pub fn new(plan: &Plan) -> SharedValues {
        let shared = &plan.shared;
        SharedValues {
            topics: shared
                .topic_refs
                .iter()
                .map(Value::from_serializable)
                .collect(),
            providers: shared
                .provider_refs
                .iter()
                .map(Value::from_serializable)
                .collect(),
            own_provider: Value::from_serializable(&shared.own_provider()),
        }
    }

    /// A topic, where it is only named.
    pub(super) fn topic(&self, id: TopicId) -> Value {
        self.topics[id].clone()
    }
}

/// A story, before it becomes a value.
pub(super) struct StoryView<'a> {
    /// What the site makes of it.
    inputs: StoryInputs<'a>,
    /// What it says itself.
    pub(super) story: Story,
    /// Path of our page.
    pub(super) url: String,
    pub(super) published: String,
    pub(super) updated: Option<String>,
    pub(super) image: Option<ImageView>,
    coverage: Vec<Value>,
}

/// A picture as a page shows it.
pub(super) struct ImageView {
    pub(super) url: String,
    pub(super) local: bool,
    image: Image,
}

/// A story on its own page.
pub(super) struct ArticleView<'a> {
    pub(super) story: StoryView<'a>,
    pub(super) detail: crate::content::article::Detail,
    related: Vec<Value>,
}

/// Makes the views of a page's articles.
pub(super) struct Views<'a> {
    page: PageInputs<'a>,
    pub(super) shared: &'a Shared,
    theme: &'a Theme,
    values: &'a SharedValues,
    zone: &'a jiff::tz::TimeZone,
    /// The template that makes the page; it decides which fields are made.
    template: &'a str,
    /// How stories look in it; none where it is no page with a list of stories.
    look: Option<Look>,
}

impl<'a> Views<'a> {
    /// The views of a page.
    pub(super) fn new(
        renderer: &super::Renderer<'a>,
        template: &'a str,
        kind: &PageKind,
    ) -> Views<'a> {
        Views {
            page: renderer.site.of_page(kind),
            shared: &renderer.plan.shared,
            theme: renderer.theme,
            values: renderer.values,
            zone: &renderer.config.time_zone,
            template,
            look: kind.lists_stories().then_some(renderer.config.look),
        }
    }

    /// Whether the template names a field that costs time to make.
    pub(super) fn wants(&self, field: &str) -> bool {
        self.theme.names_field(self.template, field)
    }

    /// What the page may show of a whole article.
    pub(super) fn article(&self, position: EditionIndex) -> Result<ArticleInputs<'a>, RenderError> {
        Ok(self.page.article(position)?)
    }

    /// The title of an article.
    pub(super) fn title(&self, position: EditionIndex) -> Result<String, RenderError> {
        Ok(self.page.story(position)?.content()?.title)
    }

    /// Stories of a list, with the coverage that does not change.
    pub(super) fn stories(
        &self,
        positions: &[EditionIndex],
    ) -> Result<Vec<StoryView<'a>>, RenderError> {
        let view = |position: &EditionIndex| {
            let inputs = self.page.story(*position)?;
            self.view(inputs, inputs.content()?)
        };
        positions.iter().map(view).collect()
    }

    /// Stories of a digest, with the coverage that it chose.
    pub(super) fn picks(
        &self,
        picks: impl Iterator<Item = &'a Pick>,
    ) -> Result<Vec<StoryView<'a>>, RenderError> {
        let view = |pick| {
            let inputs = self.page.pick(pick)?;
            self.view(inputs, inputs.content()?)
        };
        picks.map(view).collect()
    }

    /// Stories of the front page, with their coverage and the pages of their events.
    pub(super) fn front(&self, picks: &'a [Pick]) -> Result<Vec<StoryView<'a>>, RenderError> {
        let view = |pick| {
            let inputs = self.page.front(pick)?;
            self.view(inputs, inputs.content()?)
        };
        picks.iter().map(view).collect()
    }

    /// The article at a position, with the coverage of its page.
    pub(super) fn article_view(
        &self,
        position: EditionIndex,
    ) -> Result<ArticleView<'a>, RenderError> {
        let inputs = self.page.article(position)?;
        let Article { story, mut detail } = inputs.content()?;
        let related = std::mem::take(&mut detail.related);
        let others = related
            .into_iter()
            .filter(|related| !inputs.is_itself(related.key));
        Ok(ArticleView {
            related: others
                .map(|related| self.related(&inputs, related))
                .collect(),
            story: self.view(*inputs.story(), story)?,
            detail,
        })
    }

    fn view(
        &self,
        inputs: StoryInputs<'a>,
        mut story: Story,
    ) -> Result<StoryView<'a>, RenderError> {
        let coverage = if self.wants("coverage") {
            let quotes = inputs.coverage().map(|quote| self.coverage(quote));
            quotes.collect::<Result<_, _>>()?
        } else {
            Vec::new()
        };
        let image = story.image.take();
        Ok(StoryView {
            inputs,
            url: self.shared.href(inputs.url()),
            published: story.published.rfc3339(self.zone),
            updated: story.updated.map(|time| time.rfc3339(self.zone)),
            image: image.map(|image| self.image(image)),
            coverage,
            story,
        })
    }

    /// A story as templates see it.
    pub(super) fn story_value(&self, view: &StoryView<'_>) -> Value {
        let mut fields = self.story_fields(view);
        if self.wants("extra") {
            // What the cache holds was JSON when it was written.
            let extra = extra_value(&view.story).unwrap_or_else(|_| Value::from(Map::new()));
            fields.set("extra", extra);
        }
        fields.into_value()
    }

    fn story_fields(&self, view: &StoryView<'_>) -> Fields {
        let story = &view.story;
        let topics: Vec<Value> = view
            .inputs
            .topics()
            .iter()
            .map(|topic| self.values.topic(*topic))
            .collect();
        let (lang, dir) = self.foreign(story.locale.as_deref()).unzip();
        let has_cover = self.look.is_none_or(|look| look.covers != Covers::Off);
        let mut fields = Fields::new();
        fields
            .set("lang", lang)
            .set("dir", dir)
            .set("title", story.title.as_str())
            .set("excerpt", self.excerpt(story))
            .set("url", view.url.as_str())
            .set("has_page", !is_elsewhere(&view.url))
            .set("link", story.link.as_deref())
            .set("published", view.published.as_str())
            .set("updated", view.updated.as_deref())
            .set("type", story.kind.as_str())
            .set("is_video", story.kind == "video")
            .set("duration", story.duration.map(duration))
            .set("provider", self.provider_value(view.inputs.provider()))
            .set("authors", author_values(&story.authors))
            .set(
                "label",
                view.inputs.label().map(|label| self.values.topic(label)),
            )
            .set("topics", topics)
            .set(
                "image",
                view.image
                    .as_ref()
                    .filter(|_| has_cover)
                    .map(|image| image.value(&story.title)),
            )
            .set("coverage", view.coverage.clone())
            .set(
                "event_url",
                view.inputs.event().map(|url| self.shared.href(url)),
            )
            .set("quality", story.quality)
            .set("heat", story.heat)
            .set("highlight", story.highlight.as_deref())
            .set("tags", story.tags.clone())
            .set("badge", view.inputs.badge().map(Rule::name));
        if self.wants("tag_links") {
            fields.set("tag_links", self.tag_links(story));
        }
        if self.wants("cover") {
            fields.set("cover", has_cover.then(|| self.cover(view)));
        }
        fields
    }

    /// The tags of a story that have a page.
    fn tag_links(&self, story: &Story) -> Vec<Value> {
        let tags = story.tags.iter().filter(|_| self.shared.has_tags);
        let link = |tag: &String| {
            let url = self.shared.routes.tag(tag)?;
            let mut fields = Fields::new();
            fields
                .set("name", tag.as_str())
                .set("url", self.shared.href(&url));
            Some(fields.into_value())
        };
        tags.filter_map(link).collect()
    }

    /// The excerpt of a story, as long as lists show it.
    fn excerpt(&self, story: &Story) -> Option<String> {
        let excerpt = story.excerpt.as_deref()?;
        match self.look.and_then(|look| look.excerpt) {
            None => Some(excerpt.to_owned()),
            Some(0) => None,
            Some(length) => Some(shorten(excerpt, length)),
        }
    }

    /// An event as templates see it, with the report that leads it.
    pub(super) fn event_value(&self, event: EventView, lead: Option<&StoryView<'_>>) -> Value {
        let (lang, dir) = event.language.unzip();
        let (count, latest, providers) = match event.newest {
            Some(newest) => (Some(newest.count), Some(newest.latest), newest.providers),
            None => (None, None, Vec::new()),
        };
        let providers: Vec<Value> = providers.iter().map(Value::from_serializable).collect();
        let mut fields = Fields::new();
        fields
            .set("name", event.name)
            .set("lang", lang)
            .set("dir", dir)
            .set("slug", event.slug)
            .set("url", event.url)
            .set("first", event.first)
            .set("latest", latest)
            .set("count", count)
            .set("providers", providers)
            .set("lead", lead.map(|lead| self.story_value(lead)));
        fields.into_value()
    }

    /// An article as its template sees it.
    pub(super) fn article_value(&self, view: &ArticleView<'_>) -> Result<Value, RenderError> {
        let detail = &view.detail;
        let local = |text: Option<&str>| {
            html(
                text.map(|text| rebase(text, &self.shared.base_path))
                    .as_deref(),
            )
        };
        let mut fields = self.story_fields(&view.story);
        fields
            .set("body", local(detail.body.as_deref()))
            .set("embed", local(detail.embed.as_deref()))
            .set("related", view.related.clone())
            .set("category", detail.category.as_str())
            .set("locale", view.story.story.locale.as_deref())
            .set("amp_link", detail.amp_web_url.as_deref())
            .set("extra", extra_value(&view.story.story)?);
        Ok(fields.into_value())
    }

    fn provider_value(&self, provider: Option<ProviderId>) -> Value {
        provider.map_or_else(
            || self.values.own_provider.clone(),
            |provider| self.values.providers[provider].clone(),
        )
    }

    /// The provider of an article; the site itself for an article of its own.
    pub(super) fn provider(&self, provider: Option<ProviderId>) -> ProviderRef {
        provider.map_or_else(
            || self.shared.own_provider(),
            |provider| self.shared.provider_refs[provider].clone(),
        )
    }

    /// The provider of a story.
    pub(super) fn provider_of(&self, view: &StoryView<'_>) -> ProviderRef {
        self.provider(view.inputs.provider())
    }

    /// The topic to label a story with.
    pub(super) fn label(&self, view: &StoryView<'_>) -> Option<&'a TopicRef> {
        let label = view.inputs.label()?;
        Some(&self.shared.topic_refs[label])
    }

    /// The language of a text and its direction, where it is not that of the site.
    pub(super) fn foreign(&self, locale: Option<&str>) -> Option<(String, &'static str)> {
        let tag = language::foreign(locale, self.shared.locale())?;
        let dir = language::direction(&tag);
        Some((tag, dir))
    }

    fn coverage(&self, quote: Quote<'_>) -> Result<Value, RenderError> {
        let story = quote.content()?;
        let ProviderRef {
            name, domain, url, ..
        } = self.provider(quote.provider());
        let (lang, dir) = self.foreign(story.locale.as_deref()).unzip();
        let mut fields = Fields::new();
        fields
            .set("lang", lang)
            .set("dir", dir)
            .set("title", story.title)
            .set("provider", named_provider(name, domain, url))
            .set("link", story.link)
            .set("url", self.shared.href(quote.url()));
        Ok(fields.into_value())
    }

    fn related(&self, article: &ArticleInputs<'_>, related: RelatedStory) -> Value {
        let shared = self.shared;
        let own_page = article.related_url(related.key);
        let (name, domain) = related
            .provider
            .map_or_else(Default::default, |own| (own.name, own.domain));
        let known = article.related_provider(ProviderKey::of(&domain));
        let url = known.and_then(|known| shared.provider_refs[known].url.clone());
        // Whether the site has a local file is not among what this page's fingerprint covers.
        let image = related
            .images
            .into_iter()
            .find(|image| !image.url.starts_with('/'));
        let image = image.map(|image| self.image(image));
        let mut fields = Fields::new();
        fields
            .set("image", image.map(|image| image.value(&related.title)))
            .set("title", related.title)
            .set("excerpt", related.excerpt)
            .set("link", related.link)
            .set("url", own_page.map(|url| shared.href(url)))
            .set(
                "published",
                related.published.map(|time| time.rfc3339(self.zone)),
            )
            .set("type", related.kind)
            .set(
                "provider",
                named_provider(name, domain::shown(&domain), url),
            );
        fields.into_value()
    }

    /// A picture that can be shown.
    fn image(&self, image: Image) -> ImageView {
        let local = image.url.starts_with('/');
        let url = if local {
            self.shared.href(&image.url)
        } else {
            image.url.clone()
        };
        ImageView { url, local, image }
    }

    /// What a cover is drawn from.
    fn cover(&self, view: &StoryView<'_>) -> Value {
        let number = Hash128::of(view.story.title.as_bytes()).number();
        let provider = self.provider_of(view);
        let mut fields = Fields::new();
        // Of the most special topic: many articles may have the same label.
        let topic = view.inputs.topics().first();
        let hue = topic.map_or(provider.hue, |topic| self.shared.topic_refs[*topic].hue);
        fields
            .set("hue", hue)
            .set("seed", number % 10_000)
            .set("shape", number / 10_000 % 8)
            .set("initial", provider.initial);
        fields.into_value()
    }

    /// Stories by the day they were published; `values` are their values.
    pub(super) fn days(views: &[StoryView<'_>], values: &[Value]) -> Vec<Value> {
        // RFC 3339 in the zone of the site starts with the day.
        let day = |view: &StoryView<'_>| view.published[..10].to_owned();
        let pairs: Vec<(&StoryView<'_>, &Value)> = views.iter().zip(values).collect();
        pairs
            .chunk_by(|a, b| day(a.0) == day(b.0))
            .map(|chunk| {
                let mut fields = Fields::new();
                let stories: Vec<Value> = chunk.iter().map(|(_, value)| (*value).clone()).collect();
                fields.set("date", day(chunk[0].0)).set("stories", stories);
                fields.into_value()
            })
            .collect()
    }
}

impl StoryView<'_> {
    /// The page of its event, without the path of the base URL, where it is named.
    pub(super) fn event(&self) -> Option<&str> {
        self.inputs.event()
    }
}

impl ArticleView<'_> {
    /// Names of its topics, and its tags, without repetition.
    pub(super) fn tags(&self, shared: &Shared) -> Vec<String> {
        let topics = self
            .story
            .inputs
            .topics()
            .iter()
            .map(|topic| &shared.topic_refs[*topic].name);
        let mut known = BTreeSet::new();
        topics
            .chain(&self.story.story.tags)
            .filter(|tag| known.insert(tag.as_str()))
            .cloned()
            .collect()
    }
}

impl ImageView {
    /// The picture as previews of the page show it.
    pub(super) fn preview(&self, shared: &Shared) -> PreviewImage {
        PreviewImage {
            url: if self.local {
                format!("{}{}", shared.origin, self.url)
            } else {
                self.url.clone()
            },
            width: self.image.width,
            height: self.image.height,
            alt: self.image.title.clone(),
        }
    }

    fn value(&self, title: &str) -> Value {
        let image = &self.image;
        // A text that only repeats the headline says nothing to those who hear the page.
        let alt = image
            .title
            .as_deref()
            .filter(|alt| *alt != title)
            .unwrap_or_default();
        let mut fields = Fields::new();
        fields
            .set("url", self.url.as_str())
            .set("width", image.width)
            .set("height", image.height)
            .set("alt", alt)
            .set("attribution", image.attribution.as_deref())
            .set("local", self.local);
        fields.into_value()
    }
}

fn author_values(authors: &[Author]) -> Vec<Value> {
    let value = |author: &Author| {
        let mut fields = Fields::new();
        fields
            .set("name", author.name.as_str())
            .set("url", author.url.as_deref());
        fields.into_value()
    };
    authors.iter().map(value).collect()
}

fn named_provider(name: String, domain: String, url: Option<String>) -> Value {
    let mut fields = Fields::new();
    fields
        .set("name", name)
        .set("domain", domain)
        .set("url", url);
    fields.into_value()
}

/// `4:03`, `1:02:03`.
fn duration(seconds: u32) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}
