//! A page of the [`Plan`] → its bytes. Pure.

mod api;
mod feeds;
mod json_ld;
mod sitemap;
mod view;

use jiff::tz::TimeZone;
use tera::{Context, Value};

use crate::config::FeedFormat;
use crate::content::{DamagedCache, Library};
use crate::curate::Edition;
use crate::diagnostic::Diagnostic;
use crate::plan::route::{self, fixed};
use crate::plan::{Kind, Of, PageSpec, Part, Plan};
use crate::theme::Theme;
use view::{BandView, FeedLink, FrontView, Inputs, ListingView, PageView, StoryView};

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
    zone: &'a TimeZone,
    title: &'a str,
    description: Option<&'a str>,
    locale: &'a str,
}

impl<'a> Renderer<'a> {
    /// A renderer for a plan; `config` is the one that it was made with.
    pub fn new(
        library: &'a Library,
        edition: &'a Edition,
        plan: &'a Plan,
        theme: &'a Theme,
        config: &'a crate::config::Config,
    ) -> Renderer<'a> {
        Renderer {
            library,
            edition,
            plan,
            theme,
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
        let inputs = Inputs::new(
            self.library,
            self.edition,
            self.plan,
            self.theme,
            self.zone,
            self.plan.inputs(self.edition, &page.kind),
        );
        match &page.kind {
            Kind::Feed(of, format) => self.feed(page, *of, *format, &inputs),
            Kind::SitemapIndex => Ok(sitemap::index(self.plan)),
            Kind::Sitemap(number) => Ok(sitemap::part(self.plan, *number)),
            Kind::Robots => Ok(self.robots().into_bytes()),
            Kind::NoJekyll | Kind::Asset(_) => Ok(Vec::new()),
            Kind::Cname => Ok(format!("{}\n", self.plan.cname.as_deref().unwrap_or_default()).into_bytes()),
            Kind::ApiNews(topic, part) => api::news(&inputs, *topic, *part),
            Kind::ApiTopics => Ok(api::topics(self.plan, self.edition)),
            kind => {
                let template = kind.template().unwrap_or_default();
                let context = self.context(page, template, &inputs)?;
                self.theme.render(template, &context, &page.url).map_err(RenderError::Template)
            }
        }
    }

    fn robots(&self) -> String {
        let sitemap = if self.plan.sitemap.is_empty() {
            String::new()
        } else {
            format!("\nSitemap: {}\n", self.plan.shared.absolute(fixed::SITEMAP))
        };
        format!("User-agent: *\nAllow: /\n{sitemap}")
    }

    /// What a template sees besides the shared values.
    fn context(&self, page: &PageSpec, template: &str, inputs: &Inputs<'a>) -> Result<Context, RenderError> {
        let shared = &self.plan.shared;
        let mut view = PageView {
            url: shared.href(&page.url),
            permalink: shared.absolute(&page.url),
            feeds: self.feed_links(Of::All, self.title),
            ..PageView::default()
        };
        let mut context = Context::new();
        let mut body = None;
        let wants_json_ld = self.theme.mentions(template, "json_ld");
        let mut json_ld = None;
        match &page.kind {
            Kind::Listing(of, part) => {
                json_ld = self.listing(&mut context, &mut view, *of, *part, inputs, wants_json_ld)?;
            }
            Kind::Article(place) => json_ld = self.article(&mut context, &mut view, *place, inputs, wants_json_ld)?,
            Kind::Moved(of) => {
                view.kind = "moved";
                view.noindex = true;
                view.title = self.listing_title(*of);
                view.permalink = shared.absolute(self.plan.head(*of));
                context.insert("target", &shared.href(self.plan.head(*of)));
            }
            Kind::Topics => self.titled(&mut view, "topics", "topics"),
            Kind::Providers => self.titled(&mut view, "providers", "providers"),
            Kind::Archive => self.titled(&mut view, "archive", "archive"),
            Kind::Standalone(number) => {
                let file = &self.library.pages[*number];
                view.kind = "page";
                view.title = Some(file.title.clone());
                view.description = file.description.clone();
                body = Some(file.body.as_str());
            }
            Kind::NotFound => {
                self.titled(&mut view, "404", "not_found");
                view.noindex = true;
            }
            _ => {}
        }
        let page = Value::from_serializable(&view);
        let mut fields = page.into_map().unwrap_or_default();
        fields.insert("body".into(), body.map_or_else(Value::none, Value::safe_string));
        fields.insert("json_ld".into(), json_ld.as_deref().map_or_else(Value::none, Value::safe_string));
        context.insert_value("page", Value::from(fields));
        Ok(context)
    }

    fn titled(&self, view: &mut PageView, kind: &'static str, string: &str) {
        view.kind = kind;
        view.title = self.plan.shared.strings.get(string).cloned();
    }

    fn listing_title(&self, of: Of) -> Option<String> {
        match of {
            Of::All => None,
            Of::Topic(topic) => Some(self.edition.topics[topic].name.clone()),
            Of::Provider(provider) => Some(self.edition.providers[provider].name.clone()),
            Of::Month(month) => {
                let month = &self.plan.months()[month];
                let date = jiff::civil::Date::new(month.year, month.month, 1).ok()?;
                Some(date.strftime("%B %Y").to_string())
            }
        }
    }

    fn listing(
        &self,
        context: &mut Context,
        view: &mut PageView,
        of: Of,
        part: Part,
        inputs: &Inputs<'a>,
        wants_json_ld: bool,
    ) -> Result<Option<String>, RenderError> {
        let (plan, edition, shared) = (self.plan, self.edition, &self.plan.shared);
        view.title = self.listing_title(of);
        view.kind = match (of, part) {
            (Of::All, Part::Head) => "home",
            (Of::All, Part::Numbered(_)) => "listing",
            (Of::Topic(_), _) => "topic",
            (Of::Provider(_), _) => "provider",
            (Of::Month(_), _) => "month",
        };
        match of {
            Of::All => view.description = self.description.map(str::to_owned),
            Of::Topic(topic) => {
                view.description = edition.topics[topic].description.clone();
                context.insert("topic", &plan.topic_view(edition, topic, part));
            }
            Of::Provider(provider) => {
                view.description = edition.providers[provider].description.clone();
                context.insert("provider", &plan.provider_view(edition, provider, part));
            }
            Of::Month(month) => context.insert("month", &plan.month_view(month, part)),
        }
        if let (Of::Topic(_) | Of::Provider(_), Some(title)) = (of, &view.title) {
            view.feeds.extend(self.feed_links(of, title));
        }
        let links = plan.links(edition, of, part);
        let href = |url: Option<String>| url.map(|url| shared.href(&url));
        let stories = inputs.story_views(plan.part(edition, of, part))?;
        let listing = ListingView {
            days: view::days(&stories),
            stories: &stories,
            number: links.number,
            older: href(links.older),
            newer: href(links.newer),
            head: shared.href(&links.head),
        };
        view.prev = listing.newer.clone();
        view.next = listing.older.clone();
        context.insert("listing", &listing);
        if view.kind == "home" {
            self.front(context, inputs)?;
        }
        Ok(wants_json_ld.then(|| json_ld::listing(shared, self.title, view, &stories)))
    }

    fn front(&self, context: &mut Context, inputs: &Inputs<'a>) -> Result<(), RenderError> {
        let front = &self.plan.front;
        let lead: Vec<StoryView<'a>> = inputs.story_views(&front.lead.into_iter().collect::<Vec<_>>())?;
        let top = inputs.story_views(&front.top)?;
        let latest = inputs.story_views(&front.latest)?;
        let bands: Vec<(usize, Vec<StoryView<'a>>)> = front
            .bands
            .iter()
            .map(|(topic, places)| Ok((*topic, inputs.story_views(places)?)))
            .collect::<Result<_, RenderError>>()?;
        let newest = self.plan.part(self.edition, Of::All, Part::Head).first();
        let date = match newest {
            Some(place) => Some(route::day(inputs.story(*place)?.published, self.zone)),
            None => None,
        };
        context.insert(
            "front",
            &FrontView {
                lead: lead.first(),
                top: &top,
                date,
                latest: view::days(&latest),
                bands: bands
                    .iter()
                    .map(|(topic, stories)| BandView { topic: &self.plan.shared.topic_refs[*topic], stories })
                    .collect(),
            },
        );
        Ok(())
    }

    fn article(
        &self,
        context: &mut Context,
        view: &mut PageView,
        place: usize,
        inputs: &Inputs<'a>,
        wants_json_ld: bool,
    ) -> Result<Option<String>, RenderError> {
        let shared = &self.plan.shared;
        let (article, body, embed) = inputs.article_view(place)?;
        view.kind = "article";
        view.title = Some(article.story.title.clone());
        view.description = article.story.excerpt.clone();
        view.published = Some(article.story.published.clone());
        view.updated = article.story.updated.clone();
        view.image = article.story.image.as_ref().map(|image| match image.local {
            true => format!("{}{}", shared.origin, image.url),
            false => image.url.clone(),
        });
        let json_ld = wants_json_ld.then(|| json_ld::article(shared, self.title, view, &article));
        let mut fields = Value::from_serializable(&article).into_map().unwrap_or_default();
        let html = |html: Option<String>| html.as_deref().map_or_else(Value::none, Value::safe_string);
        fields.insert("body".into(), html(body));
        fields.insert("embed".into(), html(embed));
        context.insert_value("article", Value::from(fields));
        Ok(json_ld)
    }

    fn feed_links(&self, of: Of, title: &str) -> Vec<FeedLink> {
        let head = self.plan.head(of);
        let link = |format: &FeedFormat| FeedLink {
            title: title.to_owned(),
            url: self.plan.shared.href(&route::feed(head, *format)),
            media_type: match format {
                FeedFormat::Atom => "application/atom+xml",
                FeedFormat::Rss => "application/rss+xml",
                FeedFormat::Json => "application/feed+json",
            },
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
