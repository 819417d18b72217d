//! What `explain` says of the event of an article: the other reports, and what joined them.

use serde_json::{Value, json};

use crate::content::article::{EventMark, Story};
use crate::ids::{ArticleId, EditionIndex};
use crate::pipeline::Site;
use crate::words::{self, Texts};

/// Reports that the text names, those nearest in time.
const NAMED: usize = 10;

/// The event of an article.
pub(super) struct EventOf<'a> {
    slug: &'a str,
    /// The address of its page; none when it has none.
    url: Option<String>,
    /// Whether the article names it.
    by_hand: bool,
    /// The other reports, nearest in time first.
    others: Vec<Report<'a>>,
}

/// Another report.
struct Report<'a> {
    path: &'a str,
    /// Seconds that it was published after the article; fewer than none if before.
    after: i64,
    /// The words that both share, those that count most first.
    words: Vec<String>,
}

impl EventOf<'_> {
    /// The event of an article; none when it stands alone.
    pub(super) fn find(site: &Site, article: ArticleId) -> Option<EventOf<'_>> {
        let mut kept = site.kept();
        let (id, position, kept) = kept.find(|(_, _, kept)| kept.article == article)?;
        let edition = &site.editions[id];
        let event = &edition.events[kept.event?];
        let shared = &site.plan.editions[id].shared;
        let url = shared.event_url(kept.event?);
        let own = site.library.story(article).ok();
        let published = site.library.articles[article].facts.published.seconds();
        let report = |position: &EditionIndex| {
            let other = edition.articles[*position].article;
            let entry = &site.library.articles[other];
            let story = site.library.story(other).ok();
            let words = own.as_ref().zip(story.as_ref()).map(|(own, story)| {
                words::in_common(&texts(own), &texts(story), &site.config.edition(id).locale)
            });
            Report {
                path: &entry.path,
                after: entry.facts.published.seconds() - published,
                words: words.unwrap_or_default(),
            }
        };
        let others = event.articles.iter().filter(|other| **other != position);
        let mut others: Vec<Report<'_>> = others.map(report).collect();
        others.sort_by_key(|report| report.after.abs());
        Some(EventOf {
            slug: &event.slug,
            url: url.map(|url| shared.absolute(url)),
            by_hand: is_named(site, article),
            others,
        })
    }

    /// For a person.
    pub(super) fn text(&self) -> String {
        let by_hand = match self.by_hand {
            true => ", which `event` in its front matter names",
            false => "",
        };
        let mut text = format!("\nEvent\n  {}{by_hand}\n", self.slug);
        if let Some(url) = &self.url {
            text += &format!("  all reports: {url}\n");
        }
        for report in self.others.iter().take(NAMED) {
            let words = match report.words.as_slice() {
                [] => "no word in common; joined by other reports or by hand".to_owned(),
                words => format!("shares {}", words.join(", ")),
            };
            let distance = distance(report.after);
            text += &format!("  {}, {distance}: {words}\n", report.path);
        }
        if self.others.len() > NAMED {
            text += &format!("  and {} more\n", self.others.len() - NAMED);
        }
        text
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let reports = self.others.iter().map(|report| {
            json!({
                "path": report.path,
                "secondsAfter": report.after,
                "words": report.words,
            })
        });
        json!({
            "slug": self.slug,
            "url": self.url,
            "byHand": self.by_hand,
            "reports": reports.collect::<Vec<Value>>(),
        })
    }
}

/// Why an article is in no event, if it is its own wish.
pub(super) fn stands_apart(site: &Site, article: ArticleId) -> bool {
    site.library.articles[article].facts.event == Some(EventMark::Apart)
}

fn is_named(site: &Site, article: ArticleId) -> bool {
    let mark = &site.library.articles[article].facts.event;
    matches!(mark, Some(EventMark::Named(_)))
}

fn texts(story: &Story) -> Texts<'_> {
    Texts {
        title: &story.title,
        excerpt: story.excerpt.as_deref().unwrap_or_default(),
        link: story.link.as_deref(),
        locale: story.locale.as_deref(),
    }
}

/// How long before or after the article a report was published.
fn distance(after: i64) -> String {
    let side = if after < 0 { "before" } else { "after" };
    let minutes = after.abs() / 60;
    let (number, unit) = match minutes {
        0 => return "at the same time".to_owned(),
        1..120 => (minutes, "minute"),
        120..2880 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural} {side}")
}
