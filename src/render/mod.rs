//! A page of the [`Plan`] → its bytes. Pure.

mod api;
mod feeds;
mod json_ld;
mod sitemap;
mod view;

use jiff::tz::TimeZone;
use tera::{Context, Value};

pub use view::SharedValues;

use crate::config::{Config, FeedFormat};
use crate::content::tags::rebase;
use crate::content::{DamagedCache, Library};
use crate::curate::Edition;
use crate::diagnostic::Diagnostic;
use crate::plan::route::{self, fixed};
use crate::plan::{Kind, Of, PageSpec, Part, Plan};
use crate::theme::Theme;
use view::{Fields, Inputs};

/// Why a page could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderError {
    /// The template failed.
    Template(Diagnostic),
    /// An article could not be fetched.
    Cache,
    /// A view asked for an article that the plan does not name for its page: a mistake in newsgen.
    Undeclared(String),
}

impl From<DamagedCache> for RenderError {
    fn from(DamagedCache: DamagedCache) -> Self {
        RenderError::Cache
    }
}

/// Renders the pages of one plan.
pub struct Renderer<'a> {
    library: &'a Library,
    edition: &'a Edition,
    plan: &'a Plan,
    theme: &'a Theme,
    values: &'a SharedValues,
    zone: &'a TimeZone,
    title: &'a str,
    description: Option<&'a str>,
    locale: &'a str,
}

/// `page`, before it becomes a value.
#[derive(Default)]
struct Page {
    kind: &'static str,
    url: String,
    permalink: String,
    title: Option<String>,
    description: Option<String>,
    body: Option<String>,
    image: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    feeds: Vec<Value>,
    prev: Option<String>,
    next: Option<String>,
    json_ld: Option<String>,
    noindex: bool,
}

impl Page {
    fn into_value(self) -> Value {
        let mut fields = Fields::new();
        fields
            .set("kind", self.kind)
            .set("url", self.url)
            .set("permalink", self.permalink)
            .set("title", self.title)
            .set("description", self.description)
            .set("body", view::html(self.body.as_deref()))
            .set("image", self.image)
            .set("published", self.published)
            .set("updated", self.updated)
            .set("feeds", self.feeds)
            .set("prev", self.prev)
            .set("next", self.next)
            .set("json_ld", view::html(self.json_ld.as_deref()))
            .set("noindex", self.noindex);
        fields.into_value()
    }
}

impl<'a> Renderer<'a> {
    /// A renderer for a plan; `config` is the one that it was made with.
    pub fn new(
        library: &'a Library,
        edition: &'a Edition,
        plan: &'a Plan,
        theme: &'a Theme,
        values: &'a SharedValues,
        config: &'a Config,
    ) -> Renderer<'a> {
        Renderer {
            library,
            edition,
            plan,
            theme,
            values,
            zone: &config.time_zone,
            title: &config.title,
            description: config.description.as_deref(),
            locale: &config.locale,
        }
    }

    /// Shared values, for [`Theme::set_shared`].
    pub fn shared(edition: &Edition, plan: &Plan) -> Context {
        let shared = &plan.shared;
        let mut context = Context::new();
        context.insert("site", &shared.site);
        context.insert("nav", &shared.nav_view(edition));
        context.insert("strings", &shared.strings);
        context.insert("topics", &shared.topics_view(edition));
        context.insert("providers", &shared.providers_view(edition));
        context.insert("months", &shared.months_view());
        context
    }

    /// The bytes of a page. Static files are not pages of this stage.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self, page: &PageSpec) -> Result<Vec<u8>, RenderError> {
        let template = page.kind.template();
        let inputs = Inputs::new(self, template.unwrap_or_default(), self.plan.inputs(self.edition, &page.kind));
        match &page.kind {
            Kind::Feed(of, format) => self.feed(page, *of, *format, &inputs),
            Kind::SitemapIndex => Ok(sitemap::index(self.plan)),
            Kind::Sitemap(number) => Ok(sitemap::part(self.plan, *number)),
            Kind::Robots => Ok(self.robots().into_bytes()),
            Kind::Cname => Ok(format!("{}\n", self.plan.cname.as_deref().unwrap_or_default()).into_bytes()),
            Kind::ApiNews(topic, part) => api::news(&inputs, *topic, *part),
            Kind::ApiTopics => api::topics(self.plan, self.edition),
            kind => match template {
                Some(template) => {
                    let context = self.context(&page.url, kind, &inputs)?;
                    self.theme.render(template, &context, &page.url).map_err(RenderError::Template)
                }
                None => Ok(Vec::new()),
            },
        }
    }

    fn robots(&self) -> String {
        let sitemap = if self.plan.sitemaps() == 0 {
            String::new()
        } else {
            format!("\nSitemap: {}\n", self.plan.shared.absolute(fixed::SITEMAP))
        };
        format!("User-agent: *\nAllow: /\n{sitemap}")
    }

    /// What a template sees besides the shared values.
    fn context(&self, url: &str, kind: &Kind, inputs: &Inputs<'a>) -> Result<Context, RenderError> {
        let shared = &self.plan.shared;
        let mut page = Page {
            url: shared.href(url),
            permalink: shared.absolute(url),
            feeds: if inputs.wants("feeds") { self.feed_links(Of::All, self.title) } else { Vec::new() },
            ..Page::default()
        };
        let mut context = Context::new();
        match kind {
            Kind::Listing(of, part) => self.listing(&mut context, &mut page, *of, *part, inputs)?,
            Kind::Article(place) => self.article(&mut context, &mut page, *place, inputs)?,
            Kind::Moved(of) => {
                page.kind = "moved";
                page.noindex = true;
                page.title = self.listing_title(*of);
                page.permalink = shared.absolute(self.plan.head(*of));
                context.insert("target", &shared.href(self.plan.head(*of)));
            }
            Kind::Standalone(number) => {
                let file = &self.library.pages[*number];
                page.kind = "page";
                page.title = Some(file.title.clone());
                page.description = file.description.clone();
                page.body = Some(rebase(&file.body, &shared.base_path).into_owned());
            }
            Kind::Topics => self.titled(&mut page, "topics", "topics"),
            Kind::Providers => self.titled(&mut page, "providers", "providers"),
            Kind::Archive => self.titled(&mut page, "archive", "archive"),
            _ => {
                self.titled(&mut page, "404", "not_found");
                page.noindex = true;
            }
        }
        context.insert_value("page", page.into_value());
        Ok(context)
    }

    fn titled(&self, page: &mut Page, kind: &'static str, string: &str) {
        page.kind = kind;
        page.title = self.plan.shared.strings.get(string).cloned();
    }

    fn listing_title(&self, of: Of) -> Option<String> {
        match of {
            Of::All => None,
            Of::Topic(topic) => Some(self.edition.topics[topic].name.clone()),
            Of::Provider(provider) => Some(self.edition.providers[provider].name.clone()),
            Of::Month(month) => {
                let month = &self.plan.months()[month];
                let first = format!("{:04}-{:02}-01", month.year, month.month);
                self.theme.dates.format(&first, self.plan.shared.strings.get("format_month")?).ok()
            }
        }
    }

    /// The title of an older page, which tells it from the others.
    fn numbered_title(&self, of: Of, number: usize) -> String {
        let string = |name: &str| self.plan.shared.strings.get(name).cloned().unwrap_or_default();
        let name = self.listing_title(of).unwrap_or_else(|| string("all_stories"));
        format!("{name}, {}", string("page_number").replace("{number}", &number.to_string()))
    }

    fn listing(
        &self,
        context: &mut Context,
        page: &mut Page,
        of: Of,
        part: Part,
        inputs: &Inputs<'a>,
    ) -> Result<(), RenderError> {
        let (plan, edition, shared) = (self.plan, self.edition, &self.plan.shared);
        page.title = match part {
            Part::Head => self.listing_title(of),
            Part::Numbered(number) => Some(self.numbered_title(of, number)),
        };
        page.kind = match (of, part) {
            (Of::All, Part::Head) => "home",
            (Of::All, Part::Numbered(_)) => "listing",
            (Of::Topic(_), _) => "topic",
            (Of::Provider(_), _) => "provider",
            (Of::Month(_), _) => "month",
        };
        match of {
            Of::All => page.description = self.description.map(str::to_owned),
            Of::Topic(topic) => {
                page.description = edition.topics[topic].description.clone();
                context.insert("topic", &plan.topic_view(edition, topic, part));
            }
            Of::Provider(provider) => {
                page.description = edition.providers[provider].description.clone();
                context.insert("provider", &plan.provider_view(edition, provider, part));
            }
            Of::Month(month) => context.insert("month", &plan.month_view(month, part)),
        }
        if let (Of::Topic(_) | Of::Provider(_), Some(title), true) = (of, self.listing_title(of), inputs.wants("feeds"))
        {
            page.feeds.extend(self.feed_links(of, &title));
        }
        let links = plan.links(edition, of, part);
        let href = |url: Option<String>| url.map(|url| shared.href(&url));
        (page.prev, page.next) = (href(links.newer), href(links.older));
        let stories = inputs.stories(plan.part(edition, of, part))?;
        let values: Vec<Value> = stories.iter().map(|story| inputs.story_value(story)).collect();
        if inputs.wants("json_ld") {
            page.json_ld = Some(json_ld::listing(shared, self.title, page, &stories));
        }
        let mut listing = Fields::new();
        if inputs.wants("days") {
            listing.set("days", Inputs::days(&stories, &values));
        }
        listing
            .set("stories", values)
            .set("number", links.number)
            .set("older", page.next.as_deref())
            .set("newer", page.prev.as_deref())
            .set("head", shared.href(&links.head));
        context.insert_value("listing", listing.into_value());
        if page.kind == "home" {
            context.insert_value("front", self.front(inputs, stories.first().map(|story| &story.published[..10]))?);
        }
        Ok(())
    }

    fn front(&self, inputs: &Inputs<'a>, date: Option<&str>) -> Result<Value, RenderError> {
        let front = &self.plan.front;
        let values = |places: &[usize]| -> Result<Vec<Value>, RenderError> {
            Ok(inputs.stories(places)?.iter().map(|story| inputs.story_value(story)).collect())
        };
        let latest = inputs.stories(&front.latest)?;
        let latest_values: Vec<Value> = latest.iter().map(|story| inputs.story_value(story)).collect();
        let band = |(topic, places): &(usize, Vec<usize>)| -> Result<Value, RenderError> {
            let mut band = Fields::new();
            band.set("topic", self.values.topic(*topic)).set("stories", values(places)?);
            Ok(band.into_value())
        };
        let mut fields = Fields::new();
        fields
            .set("lead", values(front.lead.as_slice())?.pop())
            .set("top", values(&front.top)?)
            .set("date", date)
            .set("latest", Inputs::days(&latest, &latest_values))
            .set("bands", front.bands.iter().map(band).collect::<Result<Vec<Value>, _>>()?);
        Ok(fields.into_value())
    }

    fn article(
        &self,
        context: &mut Context,
        page: &mut Page,
        place: usize,
        inputs: &Inputs<'a>,
    ) -> Result<(), RenderError> {
        let shared = &self.plan.shared;
        let article = inputs.article_view(place)?;
        let view = &article.story;
        page.kind = "article";
        page.title = Some(view.story.title.clone());
        page.description = view.story.excerpt.clone();
        page.published = Some(view.published.clone());
        page.updated = view.updated.clone();
        page.image = view.image.as_ref().map(|image| match image.local {
            true => format!("{}{}", shared.origin, image.url),
            false => image.url.clone(),
        });
        if inputs.wants("json_ld") {
            page.json_ld = Some(json_ld::article(inputs, self.title, page, view));
        }
        context.insert_value("article", inputs.article_value(&article));
        Ok(())
    }

    fn feed_links(&self, of: Of, title: &str) -> Vec<Value> {
        let head = self.plan.head(of);
        let link = |format: &FeedFormat| {
            let (name, media_type) = match format {
                FeedFormat::Atom => ("Atom", "application/atom+xml"),
                FeedFormat::Rss => ("RSS", "application/rss+xml"),
                FeedFormat::Json => ("JSON Feed", "application/feed+json"),
            };
            let mut fields = Fields::new();
            fields
                .set("title", format!("{title} ({name})"))
                .set("name", name)
                .set("url", self.plan.shared.href(&route::feed(head, *format)))
                .set("type", media_type)
                .set("own", of != Of::All);
            fields.into_value()
        };
        self.plan.feed_formats.iter().map(link).collect()
    }

    fn feed(&self, page: &PageSpec, of: Of, format: FeedFormat, inputs: &Inputs<'a>) -> Result<Vec<u8>, RenderError> {
        let shared = &self.plan.shared;
        let (title, description) = match of {
            Of::Topic(topic) => {
                let topic = &self.edition.topics[topic];
                (format!("{} – {}", topic.name, self.title), topic.description.as_deref())
            }
            Of::Provider(provider) => {
                let provider = &self.edition.providers[provider];
                (format!("{} – {}", provider.name, self.title), provider.description.as_deref())
            }
            Of::All | Of::Month(_) => (self.title.to_owned(), self.description),
        };
        let feed = feeds::Feed {
            title: &title,
            description,
            locale: self.locale,
            url: shared.absolute(&page.url),
            home: shared.absolute(self.plan.head(of)),
            entries: feeds::entries(inputs, self.plan.feed(self.edition, of))?,
        };
        Ok(feed.write(format))
    }
}
