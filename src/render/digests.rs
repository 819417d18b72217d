//! Digests: their pages, emails, index and feeds.

use jiff::civil::Date;
use serde_json::json;
use tera::{Context, Value};

use super::merge_tags::{inert, inert_fields, inert_value};
use super::view::{Fields, StoryView, Views};
use super::{Page, RenderError, Renderer, feeds, json_ld, shade};
use crate::config::{Cadence, FeedFormat};
use crate::content::article::Story;
use crate::curate::{Digest, Section};
use crate::diagnostic::{Diagnostic, Location};
use crate::ids::DigestId;
use crate::plan::route::{self, fixed};
use crate::plan::{EmailFormat, PageSpec};
use crate::theme::filters::{fill, shorten};
use crate::time::Time;

/// Bytes of an email, at most: Gmail cuts what is longer than 102 KB.
const LONGEST: usize = 100_000;
/// Bytes of one story in an email that would be too long, at most. Ordinary stories have a fifth of
/// that.
const LONGEST_STORY: usize = 10_000;
/// Characters of a headline in emails, subjects and the feed of digests, at most. What is longer
/// ends with an ellipsis.
const HEADLINE: usize = 200;
/// Characters of an excerpt in emails and the feed of digests, at most. Templates may show less.
const EXCERPT: usize = 1000;
/// Texts of a digest that the owner writes, in which merge tags are meant. (What others write in a
/// subject is inert already.)
const OWN: &[&str] = &[
    "subject",
    "name",
    "title",
    "dates",
    "unsubscribe",
    "address",
];
/// Headlines in the description of a digest.
const IN_DESCRIPTION: usize = 3;

/// What a digest is called.
struct Names {
    /// Of all digests alike: `The Model Report Weekly`.
    name: String,
    /// Of this one: `Week 44, 2026`.
    title: String,
    /// Its days: `26 October – 1 November 2026`; none when there is only one.
    dates: Option<String>,
}

/// The stories of a digest, in the order of the page.
struct Contents<'a> {
    digest: &'a Digest,
    stories: Vec<StoryView<'a>>,
    values: Vec<Value>,
}

impl<'a> Renderer<'a> {
    /// A day in a format of the strings.
    fn day(&self, format: &str, date: Date) -> String {
        self.theme.dates[self.site.id()].show(&date.to_string(), self.plan.shared.string(format))
    }

    /// What all digests together are called.
    pub(super) fn digest_name(&self) -> String {
        let own = self
            .config
            .digests
            .as_ref()
            .and_then(|rules| rules.title.clone());
        let string = match self.config.digests.as_ref().map(|rules| rules.cadence) {
            Some(Cadence::Day) => "digest_name_day",
            _ => "digest_name_week",
        };
        own.unwrap_or_else(|| {
            fill(
                self.plan.shared.string(string),
                &[("site", &self.config.title)],
            )
        })
    }

    fn names(&self, digest: &Digest) -> Names {
        let period = &digest.period;
        let (title, dates) = match period.week() {
            None => (self.day("format_day", period.first), None),
            Some((year, week)) => {
                let (week, year) = (week.to_string(), year.to_string());
                let title = fill(
                    self.plan.shared.string("digest_week"),
                    &[("week", &week), ("year", &year)],
                );
                let from = self.day("format_digest_from", period.first);
                let to = self.day("format_digest_to", period.last);
                let range = fill(
                    self.plan.shared.string("digest_range"),
                    &[("from", &from), ("to", &to)],
                );
                (title, Some(range))
            }
        };
        Names {
            name: self.digest_name(),
            title,
            dates,
        }
    }

    fn contents(&self, id: DigestId, views: &Views<'a>) -> Result<Contents<'a>, RenderError> {
        let stories = views.picks(self.site.digests()[id].picks())?;
        Ok(self.contents_of(id, stories, views))
    }

    /// The same for an email, where a headline or an excerpt may not have any length.
    fn short_contents(&self, id: DigestId, views: &Views<'a>) -> Result<Contents<'a>, RenderError> {
        let mut stories = views.picks(self.site.digests()[id].picks())?;
        for Story { title, excerpt, .. } in stories.iter_mut().map(|view| &mut view.story) {
            *title = shorten(title, HEADLINE);
            *excerpt = excerpt.as_deref().map(|text| shorten(text, EXCERPT));
        }
        Ok(self.contents_of(id, stories, views))
    }

    fn contents_of(
        &self,
        id: DigestId,
        stories: Vec<StoryView<'a>>,
        views: &Views<'a>,
    ) -> Contents<'a> {
        let values = stories
            .iter()
            .map(|story| views.story_value(story))
            .collect();
        Contents {
            digest: &self.site.digests()[id],
            stories,
            values,
        }
    }

    /// `digest`, with those of its stories that are `shown`. The first of them leads.
    fn digest_value(&self, id: DigestId, contents: &Contents<'_>, shown: &[bool]) -> Value {
        let shared = &self.plan.shared;
        let digest = contents.digest;
        let mut rest = contents
            .values
            .iter()
            .zip(shown)
            .map(|(story, shown)| shown.then(|| story.clone()));
        let mut lead = rest.next().flatten();
        let section = |section: &Section| {
            let stories = rest.by_ref().take(section.stories.len());
            let mut stories: Vec<Value> = stories.flatten().collect();
            if lead.is_none() && !stories.is_empty() {
                lead = Some(stories.remove(0));
            }
            let mut fields = Fields::new();
            fields
                .set("topic", section.topic.map(|topic| self.values.topic(topic)))
                .set("stories", stories.clone());
            (!stories.is_empty()).then(|| fields.into_value())
        };
        let sections: Vec<Value> = digest.sections.iter().filter_map(section).collect();
        let (light, dark) = shade::of(self.config.theme.accent.as_deref());
        let mut accent = Fields::new();
        accent.set("light", light).set("dark", dark);
        let mut fields = self.digest_fields(id, &contents.stories[0].story.title);
        fields
            .set("lead", lead)
            .set("sections", sections)
            .set("left_out", shown.iter().filter(|shown| !**shown).count())
            .set(
                "older",
                shared
                    .digest_urls
                    .get(id.older())
                    .map(|url| shared.href(url)),
            )
            .set("accent", accent.into_value())
            .set(
                "unsubscribe",
                self.config
                    .digests
                    .as_ref()
                    .and_then(|rules| rules.unsubscribe.as_deref()),
            )
            .set(
                "address",
                self.config
                    .digests
                    .as_ref()
                    .and_then(|rules| rules.address.as_deref()),
            );
        fields.into_value()
    }

    /// What `digest` and an item of `digests` have in common.
    fn digest_fields(&self, id: DigestId, headline: &str) -> Fields {
        let digest = &self.site.digests()[id];
        let period = &digest.period;
        let names = self.names(digest);
        let mut fields = Fields::new();
        fields
            .set("subject", self.subject(&names, headline))
            .set("name", names.name)
            .set("title", names.title)
            .set("dates", names.dates)
            .set("from", period.first.to_string())
            .set("to", period.last.to_string())
            .set(
                "year",
                period.week().map_or(period.first.year(), |(year, _)| year),
            )
            .set(
                "url",
                self.plan.shared.href(&self.plan.shared.digest_urls[id]),
            )
            .set("headline", headline)
            .set("count", digest.picks().count());
        fields
    }

    fn subject(&self, names: &Names, headline: &str) -> String {
        fill(
            self.plan.shared.string("digest_subject"),
            &[
                ("name", &names.name),
                ("headline", &inert(&shorten(headline, HEADLINE))),
            ],
        )
    }

    pub(super) fn digest(
        &self,
        context: &mut Context,
        page: &mut Page,
        id: DigestId,
        views: &Views<'a>,
    ) -> Result<(), RenderError> {
        let contents = self.contents(id, views)?;
        self.digest_page(page, &contents);
        page.kind = "digest";
        page.next = self
            .plan
            .shared
            .digest_urls
            .get(id.older())
            .map(|url| self.plan.shared.href(url));
        if views.wants("feeds") {
            page.feeds.splice(
                0..0,
                self.links_to_feeds(
                    &self.at(fixed::DIGESTS),
                    &self.digest_name(),
                    &self.plan.feed_formats,
                ),
            );
        }
        if views.wants("json_ld") {
            let urls = contents.stories.iter().map(|story| story.url.as_str());
            page.json_ld = Some(json_ld::listing(self.site, &self.config.title, page, urls));
        }
        context.insert_value(
            "digest",
            self.digest_value(id, &contents, &vec![true; contents.values.len()]),
        );
        Ok(())
    }

    /// What the pages and emails of a digest say of themselves.
    fn digest_page(&self, page: &mut Page, contents: &Contents<'_>) {
        let headlines: Vec<String> = contents
            .stories
            .iter()
            .take(IN_DESCRIPTION)
            .map(|story| shorten(&story.story.title, HEADLINE))
            .collect();
        page.title = Some(self.names(contents.digest).title);
        page.description = Some(headlines.join(" · "));
        page.image = contents.stories[0]
            .image
            .as_ref()
            .map(|image| image.preview(&self.plan.shared));
    }

    /// The email of a digest. One that would be too long leaves stories out, and says how many:
    /// those that are too long by themselves, then the last ones.
    pub(super) fn email(
        &self,
        id: DigestId,
        email: EmailFormat,
        views: &Views<'a>,
    ) -> Result<Vec<u8>, RenderError> {
        let contents = self.short_contents(id, views)?;
        let render = |shown: &[bool]| self.email_of(id, email, &contents, shown);
        let all = vec![true; contents.values.len()];
        let bytes = render(&all)?;
        if bytes.len() <= LONGEST || email == EmailFormat::Text {
            return Ok(bytes);
        }
        let nothing = vec![false; all.len()];
        let frame = render(&nothing)?;
        if frame.len() > LONGEST {
            let (template, _) = email_template(email);
            let url = &self.plan.shared.digest_urls[id];
            let path = self.theme.path(template);
            return Err(RenderError::Template(too_long(&path, url, frame.len())));
        }
        let mut shown = Vec::with_capacity(all.len());
        for story in 0..all.len() {
            let mut alone = nothing.clone();
            alone[story] = true;
            shown.push(render(&alone)?.len() <= frame.len() + LONGEST_STORY);
        }
        loop {
            let bytes = render(&shown)?;
            let count = shown.iter().filter(|shown| **shown).count();
            if bytes.len() <= LONGEST || count == 0 {
                return Ok(bytes);
            }
            // No more than what is too long goes: the frame of the email stays, whatever the number
            // of stories.
            let most = (count * LONGEST / bytes.len()).min(count - 1);
            let last = shown.iter_mut().filter(|shown| **shown).skip(most);
            last.for_each(|shown| *shown = false);
        }
    }

    /// The email of a digest with those of its stories that are `shown`.
    fn email_of(
        &self,
        id: DigestId,
        email: EmailFormat,
        contents: &Contents<'_>,
        shown: &[bool],
    ) -> Result<Vec<u8>, RenderError> {
        let (template, kind) = email_template(email);
        let url = &self.plan.shared.digest_urls[id];
        let mut page = Page {
            kind,
            url: self.plan.shared.href(url),
            permalink: self.plan.shared.absolute(url),
            noindex: true,
            ..Page::default()
        };
        self.digest_page(&mut page, contents);
        let mut context = Context::new();
        context.insert_value("page", inert_value(&page.into_value()));
        let digest = self.digest_value(id, contents, shown);
        context.insert_value("digest", inert_fields(&digest, OWN));
        self.theme
            .render(self.site.id(), template, &context, url)
            .map_err(RenderError::Template)
    }

    pub(super) fn digests(
        &self,
        context: &mut Context,
        page: &mut Page,
        views: &Views<'a>,
    ) -> Result<(), RenderError> {
        let shared = &self.plan.shared;
        page.kind = "digests";
        page.title = Some(self.digest_name());
        page.description = Some(self.digest_intro().to_owned());
        if views.wants("feeds") {
            page.feeds.splice(
                0..0,
                self.links_to_feeds(
                    &self.at(fixed::DIGESTS),
                    &self.digest_name(),
                    &self.plan.feed_formats,
                ),
            );
        }
        if views.wants("json_ld") {
            let urls: Vec<String> = shared
                .digest_urls
                .iter()
                .map(|url| shared.href(url))
                .collect();
            page.json_ld = Some(json_ld::listing(
                self.site,
                &self.config.title,
                page,
                urls.iter().map(String::as_str),
            ));
        }
        let value = |(id, digest): (DigestId, &Digest)| -> Result<Value, RenderError> {
            Ok(self
                .digest_fields(id, &views.title(digest.lead.position)?)
                .into_value())
        };
        let values = self
            .site
            .digests()
            .enumerate()
            .map(value)
            .collect::<Result<Vec<Value>, _>>()?;
        context.insert_value("digests", Value::from(values));
        Ok(())
    }

    /// The text that says what all digests together are.
    pub(super) fn digest_intro(&self) -> &str {
        self.plan.shared.string(
            match self.config.digests.as_ref().map(|rules| rules.cadence) {
                Some(Cadence::Day) => "digest_intro_day",
                _ => "digest_intro_week",
            },
        )
    }

    /// What a program needs to send the newest digest, and to know whether it has.
    pub(super) fn latest_digest(&self, views: &Views<'a>) -> Result<Vec<u8>, RenderError> {
        let (Some(digest), Some(url)) = (
            self.site.digests().first(),
            self.plan.shared.digest_urls.first(),
        ) else {
            return Ok(Vec::new());
        };
        let shared = &self.plan.shared;
        let names = self.names(digest);
        let headline = views.title(digest.lead.position)?;
        let value = json!({
            "id": url.trim_end_matches('/').rsplit('/').next(),
            "name": names.name,
            "title": names.title,
            "subject": self.subject(&names, &headline),
            "from": digest.period.first.to_string(),
            "to": digest.period.last.to_string(),
            "stories": digest.picks().count(),
            "url": shared.absolute(url),
            "email": shared.absolute(&route::email(url)),
            "text": shared.absolute(&route::email_text(url)),
        });
        Ok(format!("{value:#}\n").into_bytes())
    }

    pub(super) fn digest_feed(
        &self,
        page: &PageSpec,
        format: FeedFormat,
        views: &Views<'a>,
    ) -> Result<Vec<u8>, RenderError> {
        let shared = &self.plan.shared;
        let digests = self.site.digests_in_feed();
        let entries = digests
            .iter()
            .zip(&shared.digest_urls)
            .map(|(digest, url)| self.digest_entry(digest, url, views));
        let feed = feeds::Feed {
            title: &self.digest_name(),
            description: Some(self.digest_intro()),
            locale: &self.config.locale,
            url: shared.absolute(shared.routes.on_host(&page.url)),
            home: shared.absolute(&self.at(fixed::DIGESTS)),
            entries: entries.collect::<Result<_, _>>()?,
        };
        Ok(feed.write(format))
    }

    /// A digest in a feed, with its stories as a plain list: services that send feeds by email send
    /// this.
    fn digest_entry(
        &self,
        digest: &'a Digest,
        url: &str,
        views: &Views<'a>,
    ) -> Result<feeds::Entry, RenderError> {
        let shared = &self.plan.shared;
        let stories = views.picks(digest.picks())?;
        let names = self.names(digest);
        let updated: Option<Time> = stories.iter().filter_map(|story| story.story.updated).max();
        let mut rest = stories.iter();
        let mut content = String::new();
        content += &self.list(views, rest.by_ref().take(1));
        for section in &digest.sections {
            let heading = match section.topic {
                Some(topic) => &inert(&shared.topic_refs[topic].name),
                None => self.plan.shared.string("digest_more"),
            };
            content += &format!("<h2>{}</h2>\n", html_escape::encode_text(heading));
            content += &self.list(views, rest.by_ref().take(section.stories.len()));
        }
        Ok(feeds::Entry {
            id: shared.absolute(url),
            url: shared.absolute(url),
            title: format!(
                "{}: {}",
                names.title,
                inert(&shorten(&stories[0].story.title, HEADLINE))
            ),
            is_of_others: false,
            link: None,
            image: stories[0].image.as_ref().map(|image| image.preview(shared)),
            published: digest.period.end,
            updated: updated.filter(|time| *time > digest.period.end),
            language: None,
            authors: Vec::new(),
            publisher: feeds::Publisher {
                name: self.config.title.clone(),
                url: shared.home(),
            },
            topics: Vec::new(),
            summary: None,
            content: Some(content),
        })
    }

    fn list<'s>(
        &self,
        views: &Views<'a>,
        stories: impl Iterator<Item = &'s StoryView<'a>>,
    ) -> String
    where
        'a: 's,
    {
        let mut list = String::from("<ul>\n");
        for view in stories {
            let text = |text: &str| html_escape::encode_text(&inert(text)).into_owned();
            let url = format!("{}{}", self.plan.shared.origin, view.url);
            let attribute = html_escape::encode_double_quoted_attribute(&url).into_owned();
            let provider = views.provider_of(view).name;
            list += &format!(
                "<li><a href=\"{attribute}\">{}</a> ({})",
                text(&shorten(&view.story.title, HEADLINE)),
                text(&provider)
            );
            if let Some(excerpt) = &view.story.excerpt {
                list += &format!("<br>{}", text(&shorten(excerpt, EXCERPT)));
            }
            list += "</li>\n";
        }
        list + "</ul>\n"
    }
}

/// The template of an email, and the kind of page that it makes.
fn email_template(email: EmailFormat) -> (&'static str, &'static str) {
    match email {
        EmailFormat::Html => ("digest-email.html", "digest-email"),
        EmailFormat::Text => ("digest.txt", "digest-text"),
    }
}

fn too_long(path: &str, url: &str, length: usize) -> Diagnostic {
    let message = format!(
        "the email of {url} is {length} bytes long without any story; the limit is {LONGEST}"
    );
    Diagnostic::error("email-too-long", message)
        .at(Location::file(path))
        .help("shorten the template: mail programs truncate longer emails")
}
