//! The desk, where an editor sees what the rules of curation did; and the other files below
//! `/__newsgen/`.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::http::Answer;
use super::reload::State;
use super::snapshot::Snapshot;
use super::target::Target;
use crate::curate::{self, Dropped};
use crate::ids::{ArticleId, EditionId, EditionIndex};
use crate::pipeline::Site;

/// Rows that are sent at once: more than anybody reads.
const ROWS: usize = 200;

/// One of our own pages; `name` is its path below `/__newsgen/`.
pub(super) fn answer(name: &str, target: &Target, state: &State) -> Answer {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    let file = |media_type: &str, text: &str| Answer::own(media_type, text.into());
    match name {
        "" => file("text/html; charset=utf-8", include_str!("assets/desk.html")),
        "desk.js" => file(SCRIPT, include_str!("assets/desk.js")),
        "desk.css" => file("text/css; charset=utf-8", include_str!("assets/desk.css")),
        "reload.js" => file(SCRIPT, include_str!("assets/reload.js")),
        "desk.json" => match &state.snapshot {
            Some(snapshot) => {
                let wanted = Wanted::of(target);
                Answer::own(
                    "application/json; charset=utf-8",
                    desk(state, snapshot, &wanted).to_string().into_bytes(),
                )
            }
            None => Answer::text(503, "The site has not been built yet."),
        },
        _ => Answer::text(404, "Page not found."),
    }
}

/// What the reader wants to see.
struct Wanted {
    words: Vec<String>,
    kept: bool,
    dropped: bool,
}

impl Wanted {
    fn of(target: &Target) -> Wanted {
        let words = target.parameter("q").unwrap_or_default().to_lowercase();
        let show = target.parameter("show").unwrap_or_default();
        Wanted {
            words: words.split_whitespace().map(str::to_owned).collect(),
            kept: show != "dropped",
            dropped: show != "kept",
        }
    }
}

fn desk(state: &State, snapshot: &Snapshot, wanted: &Wanted) -> Value {
    let site = &snapshot.site;
    let (edition, shared) = (site.edition(), &site.plan.edition().shared);
    let mut rows = rows(site, wanted);
    let matches = rows.len();
    rows.truncate(ROWS);
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, dropped) in site.dropped() {
        *reasons.entry(dropped.rule.name()).or_default() += 1;
    }
    let topics = edition.topics.iter().zip(&shared.topic_urls);
    let topic = |(topic, url): (&crate::curate::Topic, &String)| {
        let (url, count) = (shared.href(url), topic.articles.len());
        json!({ "name": topic.name, "url": url, "count": count })
    };
    let timing = |(stage, time): &(&str, std::time::Duration)| {
        let milliseconds = time.as_secs_f64() * 1000.0;
        json!({ "stage": stage, "milliseconds": milliseconds })
    };
    let reason = |(name, count)| json!({ "name": name, "count": count });
    json!({
        "title": site.config.title,
        "home": shared.href("/"),
        "now": site.now.shown(&site.config.time_zone),
        "found": site.found,
        "kept": site.kept().count(),
        "dropped": site.dropped().count(),
        "pages": site.plan.pages.len(),
        "problems": &*state.problems,
        "reasons": reasons.iter().map(reason).collect::<Vec<_>>(),
        "topics": topics.map(topic).collect::<Vec<_>>(),
        "timings": state.timings.iter().map(timing).collect::<Vec<_>>(),
        "matches": matches,
        "rows": rows.iter().map(|row| row.json(site)).collect::<Vec<_>>(),
    })
}

/// An article of the library and what became of it.
struct Row<'a> {
    article: ArticleId,
    /// Its edition.
    edition: EditionId,
    /// Its position there; drafts have one too.
    position: Option<EditionIndex>,
    dropped: Option<&'a Dropped>,
}

/// The rows that are wanted, newest first.
fn rows<'a>(site: &'a Site, wanted: &Wanted) -> Vec<Row<'a>> {
    let mut positions: HashMap<ArticleId, EditionIndex> =
        HashMap::with_capacity(site.library.articles.len());
    positions.extend(
        site.kept()
            .map(|(_, position, kept)| (kept.article, position)),
    );
    let kept = site.kept().filter(|(_, _, kept)| kept.badge.is_none());
    let kept = kept.map(|(edition, position, kept)| Row {
        article: kept.article,
        edition,
        position: Some(position),
        dropped: None,
    });
    let dropped = site.dropped().map(|(edition, dropped)| Row {
        article: dropped.article,
        edition,
        position: positions.get(&dropped.article).copied(),
        dropped: Some(dropped),
    });
    let chosen = kept
        .filter(|_| wanted.kept)
        .chain(dropped.filter(|_| wanted.dropped));
    let mut rows: Vec<Row<'a>> = chosen
        .filter(|row| row.has_all(site, &wanted.words))
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(site.library.articles[row.article].facts.published));
    rows
}

impl Row<'_> {
    fn has_all(&self, site: &Site, words: &[String]) -> bool {
        if words.is_empty() {
            return true;
        }
        let entry = &site.library.articles[self.article];
        let provider = entry
            .facts
            .provider
            .as_ref()
            .map(|provider| provider.domain.as_str())
            .unwrap_or_default();
        let reason = self
            .dropped
            .map(|dropped| dropped.rule.name())
            .unwrap_or_default();
        let all = [
            &entry.facts.title,
            &entry.path,
            provider,
            &entry.facts.topics.join(" "),
            reason,
        ]
        .join(" ")
        .to_lowercase();
        words.iter().all(|word| all.contains(word.as_str()))
    }

    fn json(&self, site: &Site) -> Value {
        let entry = &site.library.articles[self.article];
        let facts = &entry.facts;
        let shared = &site.plan.editions[self.edition].shared;
        let url = |position| shared.href(site.inputs(self.edition).headline(position).url());
        let config = site.config.edition(self.edition);
        let setting = |dropped| curate::rule_location(&site.library, config, site.now, dropped);
        let winner = self.dropped.and_then(|dropped| dropped.winner);
        json!({
            "path": entry.path,
            "title": facts.title,
            "url": self.position.map(url),
            "link": facts.link,
            "published": facts.published.shown(&site.config.time_zone),
            "provider": facts.provider.as_ref().map(|provider| &provider.name),
            "topics": facts.topics,
            "quality": facts.quality,
            "heat": facts.heat,
            "reason": self.dropped.map(|dropped| dropped.rule.name()),
            "setting": self.dropped.map(setting),
            "winner": winner.map(|winner| site.library.articles[winner].path.as_str()),
        })
    }
}
