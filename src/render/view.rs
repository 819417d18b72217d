//! What templates see of articles, and of the page they make (`docs/templates.md`).
//!
//! A view is made from [`Inputs`], which hands out only the articles that the page's plan names: whatever a view
//! shows is in the page's fingerprint.

use serde::Serialize;

use super::RenderError;
use crate::content::Library;
use crate::content::article::{Article, Image, RelatedStory, Story};
use crate::curate::Edition;
use crate::digest::Digest;
use crate::plan::Plan;
use crate::plan::shared::{ProviderRef, TopicRef};
use crate::theme::Theme;
use crate::time::Time;

/// A story in a list.
#[derive(Debug, Serialize)]
pub(super) struct StoryView<'a> {
    pub(super) title: String,
    pub(super) excerpt: Option<String>,
    pub(super) url: String,
    pub(super) link: Option<String>,
    pub(super) published: String,
    pub(super) updated: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) is_video: bool,
    pub(super) duration: Option<String>,
    pub(super) provider: ProviderRef,
    pub(super) topics: Vec<&'a TopicRef>,
    pub(super) label: Option<&'a TopicRef>,
    pub(super) image: Option<ImageView>,
    pub(super) cover: CoverView,
    pub(super) coverage: Vec<CoverageView>,
    pub(super) quality: Option<i64>,
    pub(super) heat: Option<i64>,
    pub(super) highlight: Option<String>,
    pub(super) badge: Option<&'static str>,
}

/// A story on its own page.
#[derive(Debug, Serialize)]
pub(super) struct ArticleView<'a> {
    #[serde(flatten)]
    pub(super) story: StoryView<'a>,
    pub(super) related: Vec<RelatedView>,
    pub(super) tags: Vec<String>,
    pub(super) category: String,
    pub(super) locale: Option<String>,
    pub(super) amp_link: Option<String>,
    pub(super) extra: serde_json::Value,
}

/// A picture.
#[derive(Debug, Serialize)]
pub(super) struct ImageView {
    pub(super) url: String,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) alt: String,
    pub(super) attribution: Option<String>,
    pub(super) local: bool,
}

/// What a cover is drawn from.
#[derive(Debug, Serialize)]
pub(super) struct CoverView {
    hue: u16,
    seed: u64,
    shape: u64,
    initial: String,
}

/// Another provider's story on the same event.
#[derive(Debug, Serialize)]
pub(super) struct CoverageView {
    title: String,
    provider: NamedProvider,
    link: Option<String>,
    url: Option<String>,
}

/// A provider that is only named.
#[derive(Debug, Serialize)]
pub(super) struct NamedProvider {
    name: String,
    domain: String,
    url: Option<String>,
}

/// A story of the article's own list.
#[derive(Debug, Serialize)]
pub(super) struct RelatedView {
    title: String,
    excerpt: Option<String>,
    link: String,
    url: Option<String>,
    published: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    provider: NamedProvider,
    image: Option<ImageView>,
}

/// A day of a listing.
#[derive(Debug, Serialize)]
pub(super) struct DayView<'s, 'a> {
    date: String,
    stories: Vec<&'s StoryView<'a>>,
}

/// Hands out the articles that a page may show, and no others.
pub(super) struct Inputs<'a> {
    pub(super) library: &'a Library,
    pub(super) edition: &'a Edition,
    pub(super) plan: &'a Plan,
    pub(super) theme: &'a Theme,
    pub(super) zone: &'a jiff::tz::TimeZone,
    /// Places in the edition, sorted.
    declared: Vec<usize>,
}

impl<'a> Inputs<'a> {
    pub(super) fn new(
        library: &'a Library,
        edition: &'a Edition,
        plan: &'a Plan,
        theme: &'a Theme,
        zone: &'a jiff::tz::TimeZone,
        mut declared: Vec<usize>,
    ) -> Inputs<'a> {
        declared.sort_unstable();
        Inputs { library, edition, plan, theme, zone, declared }
    }

    fn number(&self, place: usize) -> Result<usize, RenderError> {
        match self.declared.binary_search(&place) {
            Ok(_) => Ok(self.edition.articles[place].number),
            Err(_) => {
                Err(RenderError::Undeclared(self.library.articles[self.edition.articles[place].number].path.clone()))
            }
        }
    }

    /// The whole article at a place.
    pub(super) fn article(&self, place: usize) -> Result<Article, RenderError> {
        Ok(self.library.article(self.number(place)?)?)
    }

    /// What listings show of the article at a place.
    pub(super) fn story(&self, place: usize) -> Result<Story, RenderError> {
        Ok(self.library.story(self.number(place)?)?)
    }

    /// Views of stories, with the coverage that does not change.
    pub(super) fn story_views(&self, places: &[usize]) -> Result<Vec<StoryView<'a>>, RenderError> {
        places
            .iter()
            .map(|place| {
                let story = self.story(*place)?;
                let similar: &'a [usize] = &self.edition.articles[*place].similar.older;
                self.story_view(*place, story, similar)
            })
            .collect()
    }

    pub(super) fn story_view(
        &self,
        place: usize,
        story: Story,
        similar: &[usize],
    ) -> Result<StoryView<'a>, RenderError> {
        let kept = &self.edition.articles[place];
        let shared = &self.plan.shared;
        let topics: Vec<&TopicRef> = kept.topics.iter().map(|topic| &shared.topic_refs[*topic]).collect();
        let label = topics.first().copied();
        let provider = self.provider(kept.provider);
        Ok(StoryView {
            url: shared.href(&shared.article_urls[place]),
            published: story.published.rfc3339(self.zone),
            updated: story.updated.map(|time| time.rfc3339(self.zone)),
            is_video: story.kind == "video",
            duration: story.duration.map(duration),
            image: story.image.and_then(|image| self.image(image, &story.title)),
            cover: cover(&story.title, label, &provider),
            coverage: similar.iter().map(|other| self.coverage(*other)).collect::<Result<_, _>>()?,
            badge: kept.badge.map(|rule| rule.name()),
            title: story.title,
            excerpt: story.excerpt,
            link: story.link,
            kind: story.kind,
            provider,
            topics,
            label,
            quality: story.quality,
            heat: story.heat,
            highlight: story.highlight,
        })
    }

    /// The view of an article, its body and its embed.
    pub(super) fn article_view(
        &self,
        place: usize,
    ) -> Result<(ArticleView<'a>, Option<String>, Option<String>), RenderError> {
        let Article { story, detail } = self.article(place)?;
        let kept = &self.edition.articles[place];
        let own = &self.library.articles[kept.number].facts;
        let view = ArticleView {
            story: self.story_view(place, story, &kept.similar.all)?,
            related: detail
                .related
                .into_iter()
                .filter(|related| Some(related.key) != own.key)
                .map(|related| self.related(related))
                .collect(),
            tags: detail.tags,
            category: detail.category,
            locale: detail.locale,
            amp_link: detail.amp_web_url,
            extra: serde_json::from_str(&detail.extra).unwrap_or_default(),
        };
        Ok((view, detail.body, detail.embed))
    }

    /// The provider of an article; the site itself for an article of its own.
    fn provider(&self, provider: Option<usize>) -> ProviderRef {
        let shared = &self.plan.shared;
        provider.map_or_else(|| shared.own_provider(), |provider| shared.provider_refs[provider].clone())
    }

    fn coverage(&self, place: usize) -> Result<CoverageView, RenderError> {
        let story = self.story(place)?;
        let shared = &self.plan.shared;
        let ProviderRef { name, domain, url, .. } = self.provider(self.edition.articles[place].provider);
        Ok(CoverageView {
            title: story.title,
            provider: NamedProvider { name, domain, url },
            link: story.link,
            url: Some(shared.href(&shared.article_urls[place])),
        })
    }

    fn related(&self, related: RelatedStory) -> RelatedView {
        let shared = &self.plan.shared;
        let place = self.edition.place_of(related.key);
        let (name, domain) =
            related.provider.map_or_else(Default::default, |provider| (provider.name, provider.domain));
        let known = self.edition.provider_of(crate::content::article::ProviderKey::of(&domain));
        let remote = related.images.into_iter().find(|image| !image.url.starts_with('/'));
        RelatedView {
            image: remote.and_then(|image| self.image(image, &related.title)),
            title: related.title,
            excerpt: related.excerpt,
            link: related.link,
            url: place.map(|place| shared.href(&shared.article_urls[place])),
            published: related.published.map(|time| time.rfc3339(self.zone)),
            kind: related.kind,
            provider: NamedProvider {
                name,
                domain,
                url: known.and_then(|known| shared.provider_refs[known].url.clone()),
            },
        }
    }

    /// A picture as a page shows it; a file that the site does not have is none.
    fn image(&self, image: Image, title: &str) -> Option<ImageView> {
        let local = image.url.starts_with('/');
        if local && !self.theme.assets.has_url(&image.url) {
            return None;
        }
        Some(ImageView {
            url: if local { self.plan.shared.href(&image.url) } else { image.url },
            width: image.width,
            height: image.height,
            // A picture that only repeats the headline says nothing to those who hear the page.
            alt: image.title.filter(|alt| alt != title).unwrap_or_default(),
            attribution: image.attribution,
            local,
        })
    }
}

/// Stories by the day they were published.
pub(super) fn days<'s, 'a>(stories: &'s [StoryView<'a>]) -> Vec<DayView<'s, 'a>> {
    let mut days: Vec<DayView<'s, 'a>> = Vec::new();
    for story in stories {
        // RFC 3339 in the zone of the site starts with the day.
        let date = &story.published[..10];
        match days.last_mut().filter(|day| day.date == date) {
            Some(day) => day.stories.push(story),
            None => days.push(DayView { date: date.to_owned(), stories: vec![story] }),
        }
    }
    days
}

fn cover(title: &str, label: Option<&TopicRef>, provider: &ProviderRef) -> CoverView {
    let number = Digest::of(title.as_bytes()).number();
    CoverView {
        hue: label.map_or(provider.hue, |label| label.hue),
        seed: number % 10_000,
        shape: number / 10_000 % 8,
        initial: provider.initial.clone(),
    }
}

/// `4:03`, `1:02:03`.
fn duration(seconds: u32) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// `page`.
#[derive(Debug, Default, Serialize)]
pub(super) struct PageView {
    pub(super) kind: &'static str,
    pub(super) url: String,
    pub(super) permalink: String,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) image: Option<String>,
    pub(super) published: Option<String>,
    pub(super) updated: Option<String>,
    pub(super) feeds: Vec<FeedLink>,
    pub(super) prev: Option<String>,
    pub(super) next: Option<String>,
    pub(super) noindex: bool,
}

/// A feed for autodiscovery.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FeedLink {
    pub(super) title: String,
    pub(super) url: String,
    #[serde(rename = "type")]
    pub(super) media_type: &'static str,
}

/// `listing`.
#[derive(Debug, Serialize)]
pub(super) struct ListingView<'s, 'a> {
    pub(super) stories: &'s [StoryView<'a>],
    pub(super) days: Vec<DayView<'s, 'a>>,
    pub(super) number: Option<usize>,
    pub(super) older: Option<String>,
    pub(super) newer: Option<String>,
    pub(super) head: String,
}

/// `front`.
#[derive(Debug, Serialize)]
pub(super) struct FrontView<'s, 'a> {
    pub(super) lead: Option<&'s StoryView<'a>>,
    pub(super) top: &'s [StoryView<'a>],
    pub(super) date: Option<String>,
    pub(super) latest: Vec<DayView<'s, 'a>>,
    pub(super) bands: Vec<BandView<'s, 'a>>,
}

/// A band of the front page.
#[derive(Debug, Serialize)]
pub(super) struct BandView<'s, 'a> {
    pub(super) topic: &'a TopicRef,
    pub(super) stories: &'s [StoryView<'a>],
}

/// The time of the newest of some articles.
pub(super) fn newest(times: impl Iterator<Item = Time>) -> Time {
    times.max().unwrap_or_default()
}
