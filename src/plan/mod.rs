//! [`Edition`] + [`Theme`] → [`Plan`]: every page of the site, before any of them is rendered, each with a fingerprint of
//! what it is made of. Pure.
//!
//! A page is an output file: its URL, its [`Kind`], and its [`Fingerprint`]. [`route`] makes every URL, [`listing`] cuts
//! listings into pages that never change, [`shared`] makes the values that many pages show.

mod fingerprint;
pub mod listing;
pub mod route;
pub mod shared;

use ahash::{HashMap, HashMapExt, HashSet};
use rayon::prelude::*;

pub use fingerprint::Fingerprint;

use crate::config::{Config, FeedFormat};
use crate::content::Library;
use crate::curate::{Edition, Kept};
use crate::diagnostic::{Diagnostic, Place};
use crate::digest::{Digest, Hasher};
use crate::theme::{Theme, hashed_name};
use crate::time::Time;
use fingerprint::Parts;
use listing::Paging;
use route::fixed;
use shared::{Counts, Month, MonthView, ProviderView, Shared, TopicView, digest_of};

/// Whose articles a listing shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Of {
    /// All.
    All,
    /// Those of a topic and the topics below it.
    Topic(usize),
    /// Those of a provider.
    Provider(usize),
    /// Those of a month.
    Month(usize),
}

/// Which part of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The newest articles.
    Head,
    /// The page with that number, from 1 for the oldest.
    Numbered(usize),
}

/// What a page is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A part of a listing; the head of all is the front page.
    Listing(Of, Part),
    /// The page at the number that the head of a listing still holds.
    Moved(Of),
    /// An article of the edition.
    Article(usize),
    /// All topics.
    Topics,
    /// All providers.
    Providers,
    /// All months.
    Archive,
    /// A file of `content/pages`.
    Standalone(usize),
    /// What static hosts serve for a page that is not there.
    NotFound,
    /// A feed.
    Feed(Of, FeedFormat),
    /// The index of the sitemaps.
    SitemapIndex,
    /// A sitemap, from 0.
    Sitemap(usize),
    /// `robots.txt`.
    Robots,
    /// `.nojekyll`.
    NoJekyll,
    /// `CNAME`.
    Cname,
    /// A part of the API's listing of all articles, or of a topic's.
    ApiNews(Option<usize>, Part),
    /// The API's list of topics.
    ApiTopics,
    /// A static file, by its path.
    Asset(String),
}

/// The templates that make pages.
pub const TEMPLATES: [&str; 12] = [
    "404.html",
    "archive.html",
    "article.html",
    "home.html",
    "listing.html",
    "month.html",
    "moved.html",
    "page.html",
    "provider.html",
    "providers.html",
    "topic.html",
    "topics.html",
];

impl Kind {
    /// The template that makes it.
    pub fn template(&self) -> Option<&'static str> {
        Some(match self {
            Kind::Listing(Of::All, Part::Head) => "home.html",
            Kind::Listing(Of::All, Part::Numbered(_)) => "listing.html",
            Kind::Listing(Of::Topic(_), _) => "topic.html",
            Kind::Listing(Of::Provider(_), _) => "provider.html",
            Kind::Listing(Of::Month(_), _) => "month.html",
            Kind::Moved(_) => "moved.html",
            Kind::Article(_) => "article.html",
            Kind::Topics => "topics.html",
            Kind::Providers => "providers.html",
            Kind::Archive => "archive.html",
            Kind::Standalone(_) => "page.html",
            Kind::NotFound => "404.html",
            _ => return None,
        })
    }
}

/// A page of the plan.
#[derive(Clone, Debug)]
pub struct PageSpec {
    /// Path from the root of the site, without the path of the base URL.
    pub url: String,
    /// What it is.
    pub kind: Kind,
    /// What it is made of.
    pub fingerprint: Fingerprint,
}

/// What the front page shows, as places in the edition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// The first story by rank.
    pub lead: Option<usize>,
    /// More by rank.
    pub top: Vec<usize>,
    /// The newest of the rest.
    pub latest: Vec<usize>,
    /// For each main topic, stories that are not higher up.
    pub bands: Vec<(usize, Vec<usize>)>,
}

/// The lines of all sitemaps: articles from the oldest, then the other pages, so that a new article changes only the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// When each article of the edition changed last.
    articles: Vec<Time>,
    /// Paths of the other pages, without the path of the base URL, and when they changed last, if that is known.
    others: Vec<(String, Option<Time>)>,
}

/// URLs in one sitemap.
pub const SITEMAP_SIZE: usize = 5000;

/// Every page of the site.
#[derive(Debug)]
pub struct Plan {
    /// The pages.
    pub pages: Vec<PageSpec>,
    /// What pages share.
    pub shared: Shared,
    /// What the front page shows.
    pub front: Front,
    /// The lines of all sitemaps.
    pub sitemap: Sitemap,
    /// Articles on a numbered page.
    pub page_size: usize,
    /// Articles in a feed.
    pub feed_limit: usize,
    /// Formats of feeds.
    pub feed_formats: Vec<FeedFormat>,
    /// Content of `CNAME`.
    pub cname: Option<String>,
    all: Vec<usize>,
}

/// `listing` as far as it is no story: where its pages lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// Number of the page; none for the head.
    pub number: Option<usize>,
    /// Path of the next older page, without the path of the base URL.
    pub older: Option<String>,
    /// Path of the next newer page.
    pub newer: Option<String>,
    /// Path of the head.
    pub head: String,
}

impl Plan {
    /// The articles of a listing, newest first, as places in the edition.
    pub fn articles<'a>(&'a self, edition: &'a Edition, of: Of) -> &'a [usize] {
        match of {
            Of::All => &self.all,
            Of::Topic(topic) => &edition.topics[topic].articles,
            Of::Provider(provider) => &edition.providers[provider].articles,
            Of::Month(month) => &self.shared.months[month].articles,
        }
    }

    /// The articles of a part of a listing.
    pub fn part<'a>(&'a self, edition: &'a Edition, of: Of, part: Part) -> &'a [usize] {
        let articles = self.articles(edition, of);
        let paging = Paging::new(articles.len(), self.page_size);
        match part {
            Part::Head => &articles[paging.head()],
            Part::Numbered(number) => &articles[paging.page(number)],
        }
    }

    /// The articles of a feed.
    pub fn feed<'a>(&'a self, edition: &'a Edition, of: Of) -> &'a [usize] {
        let articles = self.articles(edition, of);
        &articles[..articles.len().min(self.feed_limit)]
    }

    /// The articles that a page shows or quotes, as places in the edition: all that its view may read.
    pub fn inputs(&self, edition: &Edition, kind: &Kind) -> Vec<usize> {
        let mut places = self.shown(edition, kind);
        let quoted: Vec<usize> = match kind {
            Kind::Listing(..) => {
                places.iter().flat_map(|place| &edition.articles[*place].similar.older).copied().collect()
            }
            Kind::Article(place) => edition.articles[*place].similar.all.clone(),
            _ => Vec::new(),
        };
        places.extend(quoted);
        places
    }

    /// The articles that a page shows, as places in the edition.
    pub fn shown(&self, edition: &Edition, kind: &Kind) -> Vec<usize> {
        match kind {
            Kind::Listing(Of::All, Part::Head) => {
                let mut places = self.part(edition, Of::All, Part::Head).to_vec();
                places.extend(self.front.lead);
                places.extend(&self.front.top);
                places.extend(self.front.bands.iter().flat_map(|(_, places)| places));
                places
            }
            Kind::Listing(of, part) => self.part(edition, *of, *part).to_vec(),
            Kind::Article(place) => vec![*place],
            Kind::Feed(of, _) => self.feed(edition, *of).to_vec(),
            Kind::ApiNews(topic, part) => self.part(edition, topic.map_or(Of::All, Of::Topic), *part).to_vec(),
            _ => Vec::new(),
        }
    }

    /// The path of the head of a listing, without the path of the base URL.
    pub fn head(&self, of: Of) -> &str {
        match of {
            Of::All => fixed::HOME,
            Of::Topic(topic) => &self.shared.topic_urls[topic],
            Of::Provider(provider) => &self.shared.provider_urls[provider],
            Of::Month(month) => &self.shared.months[month].url,
        }
    }

    /// Where a part of a listing leads.
    pub fn links(&self, edition: &Edition, of: Of, part: Part) -> Links {
        let head = self.head(of).to_owned();
        let numbered = Paging::new(self.articles(edition, of).len(), self.page_size).numbered();
        let page = |number: usize| (number > 0).then(|| route::numbered(&head, number));
        match part {
            Part::Head => Links { number: None, older: page(numbered), newer: None, head: head.clone() },
            Part::Numbered(number) => {
                Links { number: Some(number), older: page(number - 1), newer: page(number + 1), head: head.clone() }
            }
        }
    }

    /// `topic` on a part of its listing.
    pub fn topic_view(&self, edition: &Edition, topic: usize, part: Part) -> TopicView {
        self.shared.topic_view(edition, topic, counts(part))
    }

    /// `provider` on a part of its listing.
    pub fn provider_view(&self, edition: &Edition, provider: usize, part: Part) -> ProviderView {
        self.shared.provider_view(edition, provider, counts(part))
    }

    /// `month` on a part of its listing.
    pub fn month_view(&self, month: usize, part: Part) -> MonthView {
        self.shared.month_view(month, counts(part))
    }

    /// The months of the archive.
    pub fn months(&self) -> &[Month] {
        &self.shared.months
    }

    /// The lines of a sitemap: path, without that of the base URL, and last change, if it is known.
    pub fn sitemap_part(&self, number: usize) -> impl Iterator<Item = (&str, Option<Time>)> {
        let articles = &self.sitemap.articles;
        let end = self.sitemap_length().min((number + 1) * SITEMAP_SIZE);
        (number * SITEMAP_SIZE..end).map(|line| match articles.len().checked_sub(line + 1) {
            Some(place) => (self.shared.article_urls[place].as_str(), Some(articles[place])),
            None => {
                let (url, modified) = &self.sitemap.others[line - articles.len()];
                (url.as_str(), *modified)
            }
        })
    }

    /// How many sitemaps there are; none when the sitemap is off.
    pub fn sitemaps(&self) -> usize {
        self.sitemap_length().div_ceil(SITEMAP_SIZE)
    }

    fn sitemap_length(&self) -> usize {
        self.sitemap.articles.len() + self.sitemap.others.len()
    }
}

fn counts(part: Part) -> Counts {
    match part {
        Part::Head => Counts::Shown,
        Part::Numbered(_) => Counts::Hidden,
    }
}

/// Plans the site. Pages that want a URL which another page has already are told, and left out.
pub fn plan(library: &Library, edition: &Edition, config: &Config, theme: &Theme) -> (Plan, Vec<Diagnostic>) {
    let shared = Shared::new(library, edition, config, &theme.assets);
    let mut plan = Plan {
        pages: Vec::new(),
        front: Front::default(),
        sitemap: Sitemap::default(),
        page_size: config.page_size,
        feed_limit: config.feeds.limit,
        feed_formats: config.feeds.formats.clone(),
        cname: config.cname.clone(),
        all: (0..edition.articles.len()).collect(),
        shared,
    };
    plan.front = front(&plan, edition);
    if config.sitemap {
        plan.sitemap = sitemap(&plan, library, edition, config);
    }
    let parts = Parts::new(library, edition, config, &plan.shared, theme);
    let mut pages = Vec::with_capacity(edition.articles.len() * 2);
    Planner { plan: &plan, library, edition, config, theme, parts: &parts, pages: &mut pages }.all();
    plan.pages = pages;
    let problems = drop_collisions(&mut plan, library, edition);
    (plan, problems)
}

/// Picks the stories of the front page: by rank, but no two on the same event.
fn front(plan: &Plan, edition: &Edition) -> Front {
    const TOP: usize = 4;
    const BAND: usize = 3;
    let mut chosen: Vec<usize> = Vec::new();
    for place in &edition.top {
        let similar = &edition.articles[*place].similar.all;
        if chosen.len() <= TOP
            && !chosen
                .iter()
                .any(|other| similar.contains(other) || edition.articles[*other].similar.all.contains(place))
        {
            chosen.push(*place);
        }
    }
    let lead = (!chosen.is_empty()).then(|| chosen.remove(0));
    let mut shown: Vec<usize> = lead.iter().chain(&chosen).copied().collect();
    let quoted: Vec<usize> = shown.iter().flat_map(|place| edition.articles[*place].similar.older.clone()).collect();
    let head = plan.part(edition, Of::All, Part::Head);
    let latest: Vec<usize> =
        head.iter().copied().filter(|place| !shown.contains(place) && !quoted.contains(place)).collect();
    shown.extend(&latest);
    let mut bands = Vec::new();
    for topic in &plan.shared.nav {
        let places: Vec<usize> =
            edition.topics[*topic].articles.iter().copied().filter(|place| !shown.contains(place)).take(BAND).collect();
        if !places.is_empty() {
            shown.extend(&places);
            bands.push((*topic, places));
        }
    }
    Front { lead, top: chosen, latest, bands }
}

fn sitemap(plan: &Plan, library: &Library, edition: &Edition, config: &Config) -> Sitemap {
    let modified = |kept: &Kept| {
        let facts = &library.articles[kept.number].facts;
        facts.updated.unwrap_or(facts.published)
    };
    let articles: Vec<Time> = edition.articles.iter().map(modified).collect();
    let mut others: Vec<(String, Option<Time>)> = Vec::new();
    let newest = |of: Of| plan.articles(edition, of).first().map(|place| articles[*place]);
    let mut add = |url: &str, modified: Option<Time>| others.push((url.to_owned(), modified));
    for url in &plan.shared.page_urls {
        add(url, None);
    }
    let months = (0..plan.shared.months.len()).rev().map(Of::Month);
    let topics = (0..edition.topics.len()).map(Of::Topic);
    let providers = (0..edition.providers.len()).map(Of::Provider);
    for of in months.chain(providers).chain(topics) {
        add(plan.head(of), newest(of));
    }
    add(fixed::PROVIDERS, newest(Of::All));
    add(fixed::TOPICS, newest(Of::All));
    if config.archive {
        add(fixed::ARCHIVE, newest(Of::All));
    }
    add(fixed::HOME, newest(Of::All));
    Sitemap { articles, others }
}

/// Puts the pages together.
struct Planner<'a> {
    plan: &'a Plan,
    library: &'a Library,
    edition: &'a Edition,
    config: &'a Config,
    theme: &'a Theme,
    parts: &'a Parts,
    pages: &'a mut Vec<PageSpec>,
}

impl Planner<'_> {
    fn all(&mut self) {
        self.listing(Of::All);
        let articles = self.parts.articles.par_iter().zip(&self.plan.shared.article_urls).enumerate();
        let articles: Vec<PageSpec> = articles
            .with_min_len(1024)
            .map(|(place, (content, url))| self.spec(url.clone(), Kind::Article(place), *content))
            .collect();
        self.pages.extend(articles);
        for topic in 0..self.edition.topics.len() {
            self.listing(Of::Topic(topic));
        }
        for provider in 0..self.edition.providers.len() {
            self.listing(Of::Provider(provider));
        }
        for month in 0..self.plan.shared.months.len() {
            self.listing(Of::Month(month));
        }
        // These pages have one of the strings for a title, even where the template reads no other one.
        let titled = |string: &str| digest_of(&self.config.strings.get(string));
        self.template(fixed::TOPICS.to_owned(), Kind::Topics, titled("topics"));
        self.template(fixed::PROVIDERS.to_owned(), Kind::Providers, titled("providers"));
        if self.config.archive {
            self.template(fixed::ARCHIVE.to_owned(), Kind::Archive, titled("archive"));
        }
        self.template(fixed::NOT_FOUND.to_owned(), Kind::NotFound, titled("not_found"));
        for (number, page) in self.library.pages.iter().enumerate() {
            let mut hasher = Hasher::new("standalone");
            hasher.text(&page.title).optional(page.description.as_deref()).text(&page.body);
            self.template(self.plan.shared.page_urls[number].clone(), Kind::Standalone(number), hasher.finish());
        }
        self.data_files();
        self.assets();
    }

    fn template(&mut self, url: String, kind: Kind, content: Digest) {
        let page = self.spec(url, kind, content);
        self.pages.push(page);
    }

    /// A page that a template makes.
    fn spec(&self, url: String, kind: Kind, content: Digest) -> PageSpec {
        let template = kind.template().unwrap_or_default();
        PageSpec { url, fingerprint: self.parts.of_template(template, content), kind }
    }

    fn data(&mut self, url: String, kind: Kind, content: Digest) {
        self.pages.push(PageSpec { url, kind, fingerprint: self.parts.of_data(content) });
    }

    /// The pages, feeds and API of a listing.
    fn listing(&mut self, of: Of) {
        let paging = Paging::new(self.plan.articles(self.edition, of).len(), self.plan.page_size);
        let head = self.plan.head(of).to_owned();
        self.listing_page(head.clone(), of, Part::Head);
        for number in 1..=paging.numbered() {
            self.listing_page(route::numbered(&head, number), of, Part::Numbered(number));
        }
        if let Some(number) = paging.moved() {
            let mut hasher = Hasher::new("moved");
            hasher.text(&head).optional(self.name_of(of));
            self.template(route::numbered(&head, number), Kind::Moved(of), hasher.finish());
        }
        if !matches!(of, Of::Month(_)) {
            self.feeds(of, &head);
        }
        if self.config.api
            && let Of::All | Of::Topic(_) = of
        {
            self.api(of, paging);
        }
    }

    fn name_of(&self, of: Of) -> Option<&str> {
        match of {
            Of::All => None,
            Of::Topic(topic) => Some(&self.edition.topics[topic].name),
            Of::Provider(provider) => Some(&self.edition.providers[provider].name),
            Of::Month(month) => Some(&self.plan.shared.months[month].url),
        }
    }

    fn listing_page(&mut self, url: String, of: Of, part: Part) {
        let (plan, edition) = (self.plan, self.edition);
        let mut hasher = Hasher::new("listing");
        let links = plan.links(edition, of, part);
        hasher.number(links.number.map_or(0, |number| number as i64));
        hasher.optional(links.older.as_deref()).optional(links.newer.as_deref()).text(&links.head);
        match of {
            Of::All => drop(hasher.optional(self.config.description.as_deref())),
            Of::Topic(topic) => drop(hasher.digest(digest_of(&plan.topic_view(edition, topic, part)))),
            Of::Provider(provider) => drop(hasher.digest(digest_of(&plan.provider_view(edition, provider, part)))),
            Of::Month(month) => drop(hasher.digest(digest_of(&plan.month_view(month, part)))),
        }
        self.stories(&mut hasher, plan.part(edition, of, part));
        if (of, part) == (Of::All, Part::Head) {
            let front = &plan.front;
            self.stories(&mut hasher, &front.lead.into_iter().collect::<Vec<_>>());
            self.stories(&mut hasher, &front.top);
            self.stories(&mut hasher, &front.latest);
            for (topic, places) in &front.bands {
                hasher.digest(self.parts.topic_refs[*topic]);
                self.stories(&mut hasher, places);
            }
        }
        self.template(url, Kind::Listing(of, part), hasher.finish());
    }

    fn stories(&self, hasher: &mut Hasher, places: &[usize]) {
        hasher.number(places.len() as i64);
        for place in places {
            hasher.digest(self.parts.stories[*place]);
        }
    }

    fn feeds(&mut self, of: Of, head: &str) {
        let (plan, edition) = (self.plan, self.edition);
        let mut hasher = Hasher::new("feed");
        hasher.text(head).optional(self.name_of(of));
        match of {
            Of::Topic(topic) => drop(hasher.optional(edition.topics[topic].description.as_deref())),
            Of::Provider(provider) => drop(hasher.optional(edition.providers[provider].description.as_deref())),
            Of::All | Of::Month(_) => {}
        }
        for place in plan.feed(edition, of) {
            // The path is in the id of the entry.
            let path = &self.library.articles[edition.articles[*place].number].path;
            hasher.digest(self.parts.articles[*place]).text(path);
        }
        let content = hasher.finish();
        for format in &plan.feed_formats {
            self.data(route::feed(head, *format), Kind::Feed(of, *format), content);
        }
    }

    fn api(&mut self, of: Of, paging: Paging) {
        let topic = match of {
            Of::Topic(topic) => Some(topic),
            _ => None,
        };
        let head = topic.map(|topic| self.plan.shared.topic_urls[topic].as_str());
        let heads = std::iter::once((None, Part::Head));
        for (number, part) in heads.chain((1..=paging.numbered()).map(|number| (Some(number), Part::Numbered(number))))
        {
            let mut hasher = Hasher::new("api");
            hasher.number(number.map_or(-(paging.numbered() as i64) - 1, |number| number as i64));
            for place in self.plan.part(self.edition, of, part) {
                hasher.digest(self.parts.articles[*place]);
            }
            self.data(route::api(head, number), Kind::ApiNews(topic, part), hasher.finish());
        }
    }

    fn data_files(&mut self) {
        let plan = self.plan;
        if self.config.api {
            let content = digest_of(&plan.shared.topics_view(self.edition));
            self.data(fixed::API_TOPICS.to_owned(), Kind::ApiTopics, content);
        }
        if self.config.sitemap {
            let mut index = Hasher::new("sitemap index");
            for number in 0..plan.sitemaps() {
                let mut hasher = Hasher::new("sitemap");
                for (url, modified) in plan.sitemap_part(number) {
                    hasher.text(url).number(modified.map_or(i64::MIN, Time::seconds));
                }
                let content = hasher.finish();
                index.digest(content);
                self.data(route::sitemap(number + 1), Kind::Sitemap(number), content);
            }
            self.data(fixed::SITEMAP.to_owned(), Kind::SitemapIndex, index.finish());
        }
        // A static file of the site's own takes the place of what newsgen would write.
        let is_free = |url: &str| !self.theme.assets.has_url(url);
        if is_free(fixed::ROBOTS) {
            let content = digest_of(&self.config.sitemap);
            self.data(fixed::ROBOTS.to_owned(), Kind::Robots, content);
        }
        self.data(fixed::NO_JEKYLL.to_owned(), Kind::NoJekyll, Digest::default());
        if let Some(name) = plan.cname.as_ref().filter(|_| is_free(fixed::CNAME)) {
            self.data(fixed::CNAME.to_owned(), Kind::Cname, Digest::of(name.as_bytes()));
        }
    }

    /// Static files under their own names, and those that templates name also under names that change with their content.
    fn assets(&mut self) {
        let theme = self.theme;
        for (path, asset) in theme.assets.iter() {
            let fingerprint = Fingerprint { template: asset.digest.number(), ..Fingerprint::default() };
            let mut add =
                |url: String| self.pages.push(PageSpec { url, kind: Kind::Asset(path.to_owned()), fingerprint });
            add(route::asset(path));
            if theme.names_asset(path) {
                add(route::asset(&hashed_name(path, asset.digest)));
            }
        }
    }
}

/// Tells and leaves out pages whose file another page has, or needs as a folder.
fn drop_collisions(plan: &mut Plan, library: &Library, edition: &Edition) -> Vec<Diagnostic> {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(plan.pages.len());
    let mut dropped = Vec::new();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut told = std::collections::BTreeSet::new();
    for (number, page) in plan.pages.iter().enumerate() {
        let place = place(page);
        if let Some(other) = first.get(place) {
            // Two topics collide in their listing, their feeds and the API: that is one mistake.
            let kinds = [&plan.pages[*other].kind, &page.kind];
            if told.insert(kinds.map(|kind| origin(plan, library, edition, kind))) {
                problems.push(collision(place, plan, library, edition, kinds[0], kinds[1]));
            }
            dropped.push(number);
        } else {
            first.insert(place, number);
        }
    }
    // A file cannot stand where other pages need a folder. Only static files have free names without a slash.
    let is_asset = |number: usize| matches!(plan.pages[number].kind, Kind::Asset(_));
    let assets: Vec<usize> = (0..plan.pages.len()).filter(|number| is_asset(*number)).collect();
    let tops: HashSet<&str> = assets.iter().map(|number| top(&plan.pages[*number].url)).collect();
    for (number, page) in plan.pages.iter().enumerate().filter(|(_, page)| tops.contains(top(&page.url))) {
        for above in folders(&page.url) {
            let Some(&file) = first.get(above).filter(|file| **file != number) else {
                continue;
            };
            let (stays, goes) = if is_asset(file) { (number, file) } else { (file, number) };
            if is_asset(goes) && !dropped.contains(&goes) {
                let kind = |number: usize| &plan.pages[number].kind;
                problems.push(collision(above, plan, library, edition, kind(stays), kind(goes)));
                dropped.push(goes);
            }
        }
    }
    drop((first, tops));
    dropped.sort_unstable();
    dropped.dedup();
    for number in dropped.into_iter().rev() {
        plan.pages.remove(number);
    }
    problems
}

/// The URL of a page's file in the form that all pages have which are written there.
fn place(page: &PageSpec) -> &str {
    match page.kind {
        Kind::Asset(_) if page.url.ends_with("/index.html") => page.url.trim_end_matches("index.html"),
        _ => &page.url,
    }
}

/// The first part of a URL.
fn top(url: &str) -> &str {
    url[1..].split('/').next().unwrap_or_default()
}

/// The folders above a URL's file, as a file in their place would be called.
fn folders(url: &str) -> impl Iterator<Item = &str> {
    url.match_indices('/').map(|(at, _)| &url[..at]).filter(|folder| !folder.is_empty())
}

fn collision(url: &str, plan: &Plan, library: &Library, edition: &Edition, first: &Kind, second: &Kind) -> Diagnostic {
    let kind = second;
    let (first, _) = origin(plan, library, edition, first);
    let (second, path) = origin(plan, library, edition, second);
    let diagnostic = Diagnostic::error("url-collision", format!("two pages want the URL {url}: {first} and {second}"))
        .help(match kind {
            Kind::Listing(Of::Topic(_), _) => {
                "write both topics alike, or describe one with a file in the folder of topics that sets another `slug`"
            }
            _ => "rename one of the files, or give one of them a `slug` of its own",
        });
    match path {
        Some(path) => diagnostic.at(Place::file(path)),
        None => diagnostic,
    }
}

/// Where a page comes from, in words, and its file.
pub fn origin(plan: &Plan, library: &Library, edition: &Edition, kind: &Kind) -> (String, Option<String>) {
    let of_listing = |of: Of| match of {
        Of::All => ("the front page".to_owned(), None),
        Of::Topic(topic) => {
            let topic = &edition.topics[topic];
            let from = topic.path.as_ref().map(|path| format!(" ({path})")).unwrap_or_default();
            (format!("the topic `{}`{from}", topic.name), topic.path.clone())
        }
        Of::Provider(provider) => {
            let provider = &edition.providers[provider];
            (format!("the provider `{}`", provider.domain), provider.path.clone())
        }
        Of::Month(month) => (format!("the month {}", plan.shared.months[month].url), None),
    };
    match kind {
        Kind::Listing(of, _) | Kind::Moved(of) | Kind::Feed(of, _) => of_listing(*of),
        Kind::ApiNews(topic, _) => of_listing(topic.map_or(Of::All, Of::Topic)),
        Kind::Article(place) => {
            let path = &library.articles[edition.articles[*place].number].path;
            (path.clone(), Some(path.clone()))
        }
        Kind::Standalone(number) => (library.pages[*number].path.clone(), Some(library.pages[*number].path.clone())),
        Kind::Asset(path) => (format!("static/{path}"), Some(format!("static/{path}"))),
        _ => ("a page of newsgen's own".to_owned(), None),
    }
}
