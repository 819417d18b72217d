//! A page of the [`Plan`] → its bytes. Pure.
//!
//! Only pages are rendered whose fingerprint changed or whose file is not intact.
//!
//! # HTML
//!
//! - `view.rs`: what templates see of articles
//! - `page.rs`: what they see of the page
//! - `alternates.rs`: the same page in other languages
//! - `digests.rs`: digests and their emails
//! - `shade.rs`: colours of emails
//! - `merge_tags.rs`: makes the tags of mailing services in emails plain text
//! - `json_ld.rs`: what search engines read
//!
//! # Other formats
//!
//! - `feeds.rs`: Atom, RSS and JSON Feed
//! - `sitemap.rs`: sitemaps
//! - `lists.rs`: lists of feeds and of pages, for machines
//! - `api.rs`: the JSON API
//! - `host.rs`: files for Netlify and Cloudflare
//! - `server.rs`: files for web servers
//! - `xml.rs`: writes XML

mod alternates;
mod api;
mod digests;
mod feeds;
mod host;
mod json_ld;
mod lists;
mod merge_tags;
mod page;
mod server;
mod shade;
mod sitemap;
mod view;
pub(crate) mod xml;

use std::borrow::Cow;

use tera::{Context, Value};

pub use view::SharedValues;

use crate::config::{Canonical, Config, FeedFormat};
use crate::content::DamagedCache;
use crate::content::tags::rebase;
use crate::curate::Pick;
use crate::diagnostic::Diagnostic;
use crate::ids::{EditionIndex, EventId, StandaloneId, TopicId};
use crate::plan::inputs::{SiteInputs, Undeclared};
use crate::plan::route::{self, fixed};
use crate::plan::{Alias, ListingScope, PageKind, PageSpec, Part, Plan, headers};
use crate::theme::Theme;
use crate::theme::filters::fill;
use json_ld::EventDates;
use lists::{Lists, format_name};
use page::Page;
use view::{Fields, Views};

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

impl From<Undeclared> for RenderError {
    fn from(Undeclared(article): Undeclared) -> Self {
        RenderError::Undeclared(article)
    }
}

/// Renders the pages of one plan.
pub struct Renderer<'a> {
    site: SiteInputs<'a>,
    plan: &'a Plan,
    theme: &'a Theme,
    values: &'a SharedValues,
    config: &'a Config,
}

impl<'a> Renderer<'a> {
    /// A renderer for a plan; `config` is the one that it was made with.
    pub fn new(
        site: SiteInputs<'a>,
        theme: &'a Theme,
        values: &'a SharedValues,
        config: &'a Config,
    ) -> Renderer<'a> {
        Renderer {
            site,
            plan: site.plan(),
            theme,
            values,
            config,
        }
    }

    /// Shared values, for [`Theme::set_shared`].
    pub fn shared(site: SiteInputs<'_>) -> Context {
        let shared = &site.plan().shared;
        let mut context = Context::new();
        context.insert("site", &shared.site);
        context.insert("nav", &site.nav_view());
        context.insert("strings", &shared.strings);
        context.insert("topics", &site.topics_view());
        context.insert("providers", &site.providers_view());
        context.insert("months", &shared.months_view());
        context.insert("tags", &site.tags_view());
        context
    }

    /// The bytes of a page. Static files are not pages of this stage.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self, page: &PageSpec) -> Result<Vec<u8>, RenderError> {
        let template = self.plan.template(&page.kind);
        let views = Views::new(self, template.unwrap_or_default(), &page.kind);
        match &page.kind {
            PageKind::Feed(scope, format) => self.feed(page, *scope, *format, &views),
            PageKind::DigestFeed(format) => self.digest_feed(page, *format, &views),
            PageKind::LatestDigest => self.latest_digest(&views),
            PageKind::Email(id, email) => self.email(*id, *email, &views),
            PageKind::SitemapIndex => Ok(sitemap::index(self.plan)),
            PageKind::Sitemap(number) => Ok(sitemap::part(self.site, *number)),
            PageKind::NewsSitemap => Ok(sitemap::news(
                self.site,
                &self.config.title,
                &self.config.locale,
            )),
            PageKind::Robots => Ok(self.robots().into_bytes()),
            PageKind::Headers => {
                let rules = headers::rules(self.config, self.theme, self.site);
                Ok(host::headers(&rules).into_bytes())
            }
            PageKind::Server(server) => {
                let rules = headers::rules(self.config, self.theme, self.site);
                Ok(server::rules(*server, &rules, self.site).into_bytes())
            }
            PageKind::Redirects => Ok(host::redirects(self.site).into_bytes()),
            PageKind::Opml => Ok(self.lists().opml()),
            PageKind::Llms => Ok(self.lists().llms().into_bytes()),
            PageKind::OpenSearch => Ok(self
                .lists()
                .open_search(self.plan.shared.search.as_deref().unwrap_or_default())),
            PageKind::WebApp => Ok(self.web_app()),
            PageKind::Cname => {
                Ok(format!("{}\n", self.plan.cname.as_deref().unwrap_or_default()).into_bytes())
            }
            PageKind::ApiNews(topic, part) => api::news(self.site, &views, *topic, *part),
            PageKind::ApiTopics => api::topics(self.site),
            PageKind::ApiEvents => Ok(api::events(self.site)),
            kind => match template {
                Some(template) => {
                    let url = self.plan.shared.routes.on_host(&page.url);
                    let context = self.context(url, kind, &views)?;
                    self.theme
                        .render(page.edition, template, &context, &page.url)
                        .map_err(RenderError::Template)
                }
                None => Ok(Vec::new()),
            },
        }
    }

    /// The address of a page with a fixed place.
    fn at<'p>(&self, page: &'p str) -> Cow<'p, str> {
        self.plan.shared.routes.at(page)
    }

    fn robots(&self) -> String {
        let lines_of = |plan: &Plan| {
            let all = (plan.sitemaps() > 0).then_some(fixed::SITEMAP);
            let news = (!plan.news.is_empty()).then_some(fixed::NEWS_SITEMAP);
            let shared = &plan.shared;
            let line =
                |url: &str| format!("Sitemap: {}\n", shared.absolute(&shared.routes.at(url)));
            all.into_iter().chain(news).map(line).collect::<String>()
        };
        let lines: String = self.site.of_host().map(lines_of).collect();
        let gap = if lines.is_empty() { "" } else { "\n" };
        format!("User-agent: *\nAllow: /\n{gap}{lines}")
    }

    fn lists(&self) -> Lists<'_> {
        Lists {
            site: self.site,
            plan: self.plan,
            title: &self.config.title,
            description: self.config.description.as_deref(),
            digest: self
                .config
                .digests
                .as_ref()
                .map(|_| (self.digest_name(), self.digest_intro())),
            has_api: self.config.api,
        }
    }

    fn web_app(&self) -> Vec<u8> {
        // Serialising into memory fails for no value of this type.
        let mut bytes = serde_json::to_vec_pretty(&self.plan.shared.web_app).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// What a template sees besides the shared values.
    fn context(
        &self,
        url: &str,
        kind: &PageKind,
        views: &Views<'a>,
    ) -> Result<Context, RenderError> {
        let shared = &self.plan.shared;
        let mut page = Page {
            url: shared.href(url),
            permalink: shared.absolute(url),
            feeds: if views.wants("feeds") {
                self.feed_links(ListingScope::All, &self.config.title)
            } else {
                Vec::new()
            },
            image: shared.preview.clone(),
            alternates: alternates::alternate_values(self.site, kind),
            translations: alternates::switch(self.site, kind),
            ..Page::default()
        };
        let mut context = Context::new();
        match kind {
            PageKind::Listing(scope, part) => {
                self.listing(&mut context, &mut page, *scope, *part, views)?
            }
            PageKind::Article(position) => {
                self.article(&mut context, &mut page, *position, views)?
            }
            PageKind::Moved(scope) => {
                page.kind = "moved";
                page.noindex = true;
                page.title = self.listing_title(*scope);
                page.permalink = shared.absolute(self.plan.head(*scope));
                context.insert("target", &shared.href(self.plan.head(*scope)));
            }
            PageKind::Alias(id) => self.alias(&mut context, &mut page, &self.plan.aliases[*id]),
            PageKind::Standalone(id) => {
                let file = &self.site.standalone_pages()[*id];
                page.kind = "page";
                page.title = Some(file.title.clone());
                page.description = file.description.clone();
                page.body = Some(rebase(&self.site.page_body(*id), &shared.base_path).into_owned());
                self.stories_of_page(&mut context, &mut page, *id, views)?;
            }
            PageKind::Digest(id) => self.digest(&mut context, &mut page, *id, views)?,
            PageKind::Digests => self.digests(&mut context, &mut page, views)?,
            PageKind::Search => {
                self.titled(&mut page, "search", "search");
                page.description = shared.strings.get("search_intro").cloned();
                let parts = self.plan.search_parts.iter();
                let parts: Vec<String> = parts.map(|url| shared.href(url)).collect();
                let mut search = Fields::new();
                search.set("parts", parts);
                context.insert_value("search", search.into_value());
            }
            PageKind::Topics => self.titled(&mut page, "topics", "topics"),
            PageKind::Providers => self.titled(&mut page, "providers", "providers"),
            PageKind::Tags => self.titled(&mut page, "tags", "tags"),
            PageKind::Archive => self.titled(&mut page, "archive", "archive"),
            PageKind::Sources => {
                self.titled(&mut page, "sources", "sources");
                page.description = shared.strings.get("sources_intro").cloned();
                context.insert("sources", &self.plan.sources);
            }
            _ => {
                self.titled(&mut page, "404", "not_found");
                page.noindex = true;
            }
        }
        if page.json_ld.is_none() && !page.noindex && views.wants("json_ld") {
            page.json_ld = Some(json_ld::page(self.site, &self.config.title, &page));
        }
        context.insert_value("page", page.into_value());
        Ok(context)
    }

    fn alias(&self, context: &mut Context, page: &mut Page, alias: &Alias) {
        let target = &alias.url;
        page.kind = "alias";
        page.noindex = true;
        page.title = Some(self.site.title_of(alias.to).to_owned());
        page.permalink = self.plan.shared.absolute(target);
        context.insert("target", &self.plan.shared.href(target));
    }

    fn titled(&self, page: &mut Page, kind: &'static str, string: &str) {
        page.kind = kind;
        page.title = self.plan.shared.strings.get(string).cloned();
    }

    fn listing_title(&self, scope: ListingScope) -> Option<String> {
        match scope {
            ListingScope::Month(month) => {
                let month = &self.plan.months()[month];
                let first = format!("{:04}-{:02}-01", month.year, month.month);
                Some(
                    self.theme.dates[self.site.id()]
                        .show(&first, self.plan.shared.string("format_month")),
                )
            }
            scope => self.site.subject(scope).name.map(str::to_owned),
        }
    }

    /// The title of an older page, which tells it from the others.
    fn numbered_title(&self, scope: ListingScope, number: usize) -> String {
        let name = self
            .listing_title(scope)
            .unwrap_or_else(|| self.plan.shared.string("all_stories").to_owned());
        format!(
            "{name}, {}",
            fill(
                self.plan.shared.string("page_number"),
                &[("number", &number.to_string())]
            )
        )
    }

    fn listing(
        &self,
        context: &mut Context,
        page: &mut Page,
        scope: ListingScope,
        part: Part,
        views: &Views<'a>,
    ) -> Result<(), RenderError> {
        let (site, plan, shared) = (self.site, self.plan, &self.plan.shared);
        page.title = match part {
            Part::Head => self.listing_title(scope),
            Part::Numbered(number) => Some(self.numbered_title(scope, number)),
            Part::Newest => Some(self.numbered_title(scope, site.numbered(scope) + 1)),
        };
        page.kind = kind_of_listing(scope, part);

        let mut reported = None;
        match scope {
            ListingScope::All => page.description = self.config.description.clone(),
            ListingScope::Topic(topic) => context.insert("topic", &site.topic_view(topic, part)),
            ListingScope::Provider(provider) => {
                context.insert("provider", &site.provider_view(provider, part));
            }
            ListingScope::Month(month) => context.insert("month", &plan.month_view(month, part)),
            ListingScope::List(list) => context.insert("list", &site.list_view(list)),
            ListingScope::Event(event) => {
                reported = self.event(context, page, event, part, views)?;
            }
        }
        if !matches!(scope, ListingScope::All | ListingScope::Event(_)) {
            let description = site.subject(scope).description;
            page.description = description.map(str::to_owned);
        }
        let has_feeds = scope != ListingScope::All && plan.has_feeds(scope);
        if let (true, Some(title), true) =
            (has_feeds, self.listing_title(scope), views.wants("feeds"))
        {
            // A reader that takes the first feed takes that of the page.
            page.feeds.splice(0..0, self.feed_links(scope, &title));
        }

        let links = site.links(scope, part);
        let href = |url: Option<String>| url.map(|url| shared.href(&url));
        (page.prev, page.next) = (href(links.newer), href(links.older));
        let stories = views.stories(site.part(scope, part))?;
        let values: Vec<Value> = stories
            .iter()
            .map(|story| views.story_value(story))
            .collect();
        if views.wants("json_ld") {
            let (title, urls) = (&self.config.title, stories.iter().map(|story| &*story.url));
            page.json_ld = Some(match reported {
                Some(dates) => json_ld::event(site, title, page, dates, urls),
                None => json_ld::listing(site, title, page, urls),
            });
        }

        let mut listing = Fields::new();
        if views.wants("days") {
            listing.set("days", Views::days(&stories, &values));
        }
        listing
            .set("stories", values)
            .set("number", links.number)
            .set("older", page.next.as_deref())
            .set("newer", page.prev.as_deref())
            .set("is_cut", links.is_cut)
            .set("head", shared.href(&links.head));
        context.insert_value("listing", listing.into_value());
        if page.kind == "home" {
            let day = stories.first().map(|story| &story.published[..10]);
            context.insert_value("front", self.front(views, day)?);
        }
        Ok(())
    }

    /// `listing` and `list` of a standalone page: the stories that it shows.
    fn stories_of_page(
        &self,
        context: &mut Context,
        page: &mut Page,
        id: StandaloneId,
        views: &Views<'a>,
    ) -> Result<(), RenderError> {
        let Some(chosen) = self.site.stories_of_page(id) else {
            context.insert_value("listing", Value::none());
            context.insert_value("list", Value::none());
            return Ok(());
        };
        let list = chosen.list.map(|list| self.site.list_view(list));
        context.insert("list", &list);
        if let Some(list) = chosen.list.filter(|list| self.site.list(*list).has_feed)
            && views.wants("feeds")
        {
            let scope = ListingScope::List(list);
            let links = self.feed_links(scope, &self.site.list(list).name);
            page.feeds.splice(0..0, links);
        }
        let stories = views.stories(&chosen.articles)?;
        let values: Vec<Value> = stories
            .iter()
            .map(|story| views.story_value(story))
            .collect();
        let mut listing = Fields::new();
        if views.wants("days") {
            listing.set("days", Views::days(&stories, &values));
        }
        listing
            .set("stories", values)
            .set("number", Value::none())
            .set("older", Value::none())
            .set("newer", Value::none())
            .set("is_cut", false)
            .set("head", page.url.as_str());
        context.insert_value("listing", listing.into_value());
        Ok(())
    }

    /// `event`, and what its page says of itself. The best report leads it; numbered pages, which
    /// no new report changes, have the headline of the first one and no dates.
    fn event(
        &self,
        context: &mut Context,
        page: &mut Page,
        event: EventId,
        part: Part,
        views: &Views<'a>,
    ) -> Result<Option<EventDates>, RenderError> {
        let lead = self.site.lead_of_event(event).into_iter();
        let lead: Vec<EditionIndex> = lead.filter(|_| part == Part::Head).collect();
        let lead = views.stories(&lead)?.pop();
        if let Some(lead) = &lead {
            page.title = Some(lead.story.title.clone());
            page.description = lead.story.excerpt.clone();
            let image = lead.image.as_ref().map(|image| image.preview(views.shared));
            page.image = image.or(page.image.take());
        }
        let view = self.site.event_view(event, part);
        let dates = view.newest.as_ref().map(|newest| EventDates {
            first: view.first.clone(),
            latest: newest.latest.clone(),
            count: newest.count,
        });
        context.insert_value("event", views.event_value(view, lead.as_ref()));
        Ok(dates)
    }

    fn front(&self, views: &Views<'a>, date: Option<&str>) -> Result<Value, RenderError> {
        let front = &self.plan.front;
        let values = |picks: &'a [Pick]| -> Result<Vec<Value>, RenderError> {
            Ok(views
                .front(picks)?
                .iter()
                .map(|story| views.story_value(story))
                .collect())
        };
        let latest = views.front(&front.latest)?;
        let latest_values: Vec<Value> = latest
            .iter()
            .map(|story| views.story_value(story))
            .collect();
        let band = |(topic, picks): &'a (TopicId, Vec<Pick>)| -> Result<Value, RenderError> {
            let mut band = Fields::new();
            band.set("topic", self.values.topic(*topic))
                .set("stories", values(picks)?);
            Ok(band.into_value())
        };
        let mut fields = Fields::new();
        fields
            .set("lead", values(front.lead.as_slice())?.pop())
            .set("top", values(&front.top)?)
            .set("style", self.config.front.style.name())
            .set("date", date)
            .set("latest", Views::days(&latest, &latest_values))
            .set(
                "bands",
                front
                    .bands
                    .iter()
                    .map(band)
                    .collect::<Result<Vec<Value>, _>>()?,
            );
        Ok(fields.into_value())
    }

    fn article(
        &self,
        context: &mut Context,
        page: &mut Page,
        position: EditionIndex,
        views: &Views<'a>,
    ) -> Result<(), RenderError> {
        let shared = &self.plan.shared;
        let article = views.article_view(position)?;
        let view = &article.story;
        page.kind = "article";
        page.title = Some(view.story.title.clone());
        page.description = view.story.excerpt.clone();
        page.published = Some(view.published.clone());
        page.updated = view.updated.clone();
        page.section = views.label(view).map(|label| label.name.clone());
        page.tags = article.tags(shared);
        page.image = view
            .image
            .as_ref()
            .map(|image| image.preview(shared))
            .or_else(|| shared.preview.clone());
        if self.config.canonical == Canonical::Original {
            page.canonical = view.story.link.clone();
        }
        if views.wants("json_ld") {
            page.json_ld = Some(json_ld::article(
                views,
                &self.config.title,
                &self.config.locale,
                page,
                &article,
                alternates::work_translations(self.site, &PageKind::Article(position)),
            ));
        }
        context.insert_value("article", views.article_value(&article)?);
        Ok(())
    }

    /// Links to the feeds of a listing.
    fn feed_links(&self, scope: ListingScope, title: &str) -> Vec<Value> {
        let head = self.plan.head(scope);
        self.links_to_feeds(head, title, self.plan.feeds_of(scope))
    }

    /// Links to feeds of the page at `head`.
    fn links_to_feeds(&self, head: &str, title: &str, formats: &[FeedFormat]) -> Vec<Value> {
        let link = |format: &FeedFormat| {
            let name = format_name(*format);
            let mut fields = Fields::new();
            fields
                .set("title", format!("{title} ({name})"))
                .set("name", name)
                .set("url", self.plan.shared.href(&route::feed(head, *format)))
                .set("type", format.media_type())
                .set("own", head != self.plan.shared.routes.home());
            fields.into_value()
        };
        formats.iter().map(link).collect()
    }

    fn feed(
        &self,
        page: &PageSpec,
        scope: ListingScope,
        format: FeedFormat,
        views: &Views<'a>,
    ) -> Result<Vec<u8>, RenderError> {
        let shared = &self.plan.shared;
        let subject = self.site.subject(scope);
        let (title, description) = match subject.name {
            Some(name) => (
                format!("{name} – {}", self.config.title),
                subject.description,
            ),
            None => (
                self.config.title.clone(),
                self.config.description.as_deref(),
            ),
        };
        let feed = feeds::Feed {
            title: &title,
            description,
            locale: &self.config.locale,
            url: shared.absolute(shared.routes.on_host(&page.url)),
            home: shared.absolute(self.plan.head(scope)),
            entries: feeds::entries(views, self.site.feed(scope), &self.config.feeds)?,
        };
        Ok(feed.write(format))
    }
}

/// What `page.kind` is on a listing.
fn kind_of_listing(scope: ListingScope, part: Part) -> &'static str {
    match (scope, part) {
        (ListingScope::All, Part::Head) => "home",
        (ListingScope::All, Part::Numbered(_) | Part::Newest) => "listing",
        (ListingScope::Topic(_), _) => "topic",
        (ListingScope::Provider(_), _) => "provider",
        (ListingScope::Month(_), _) => "month",
        (ListingScope::List(_), _) => "list",
        (ListingScope::Event(_), _) => "event",
    }
}
