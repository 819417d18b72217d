//! [`Library`] + [`Config`] + now → [`Edition`]: the articles that a build publishes, in order, and
//! why the others are not among them. Pure.
//!
//! Done in full every time, but for the search for events, which remembers past periods; the result
//! does not depend on what it remembers. A rule is a variant of `Rule` in `filter.rs`.
//!
//! # Files
//!
//! - `filter.rs`: the rules on a single article, in their order
//! - `duplicates.rs`: copies of a story
//! - `events.rs`: joins articles into events (`docs/decisions/0037-events-from-the-oldest.md`)
//! - `heat.rs`: heat that follows from coverage
//! - `rank.rs`: the order of the front page
//! - `taxonomy.rs`: topics and providers of the edition
//! - `topic_name.rs`: identity and address of a topic by its name
//! - `lists.rs`: the lists of settings and pages, and tags
//! - `digests.rs`: which stories are in which digest
//! - `lint.rs`: warnings that need all articles

mod digests;
mod duplicates;
mod events;
mod filter;
pub mod heat;
mod lint;
mod lists;
mod rank;
mod taxonomy;
mod topic_name;

use std::collections::{BTreeMap, BTreeSet};

use ahash::HashMap;
use rayon::prelude::*;

pub use digests::{Digest, Period, Pick, Section};
pub use events::{Event, Found, Memory, Similar, event_name};
pub use filter::{Check, Rule};
pub use lint::{copies, lint};
pub use lists::{Asked, Listed, PageStories, tag_slug};
pub use rank::{Worth, weight_above};
pub use taxonomy::{Provider, Topic, topic_named};
pub use topic_name::{topic_key, topic_slug};

use crate::config::{Config, Keep};
use crate::content::Library;
use crate::content::article::{ProviderKey, StoryKey};
use crate::diagnostic::Diagnostic;
use crate::ids::{
    ArticleId, DigestId, EditionIndex, EventId, List, ListId, ProviderId, StandaloneId, TopicId,
};
use crate::time::Time;
use filter::Filter;

/// What to do with dropped articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drafts {
    /// They are left out.
    #[default]
    Out,
    /// They are shown with the reason, for a preview; duplicates and deleted ones stay out.
    In,
}

/// The curated result. Articles are named by their position in [`Edition::articles`].
#[derive(Debug, Default)]
pub struct Edition {
    /// Kept articles, newest first (then by URL, then by path).
    pub articles: List<EditionIndex, Kept>,
    /// Dropped articles, by path.
    pub dropped: Vec<Dropped>,
    /// Topics: those with a file in the order of their files, then the others by name.
    pub topics: List<TopicId, Topic>,
    /// Providers that have articles, by domain.
    pub providers: List<ProviderId, Provider>,
    /// Lists of the owner's making, and tags.
    pub lists: List<ListId, Listed>,
    /// The stories of those standalone pages that show some.
    pub of_pages: BTreeMap<StandaloneId, PageStories>,
    /// Events of two articles or more, by their first reports, oldest first.
    pub events: List<EventId, Event>,
    /// Main topics, in the order of the masthead.
    pub nav: Vec<TopicId>,
    /// Heat of events, where articles without one of their own get it.
    heats: Option<List<EventId, i64>>,
    /// Pinned articles, best first.
    pub pinned: Vec<EditionIndex>,
    /// The best-ranked articles, best first; no more than a front page needs.
    pub top: Vec<EditionIndex>,
    /// Digests of closed periods, newest first.
    pub digests: List<DigestId, Digest>,
    /// Standalone pages in its language, by path.
    pub pages: Vec<StandaloneId>,
    /// The article that has a story.
    by_key: HashMap<StoryKey, EditionIndex>,
    by_provider: HashMap<ProviderKey, ProviderId>,
    /// What the next run needs not do again.
    memory: Memory,
}

/// How many of the best-ranked articles an edition names.
const TOP: usize = 500;

/// An article of the edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its identity in the library.
    pub article: ArticleId,
    /// Its own topics, the most special first.
    pub topics: Vec<TopicId>,
    /// The first topic that it names.
    pub label: Option<TopicId>,
    /// Its provider.
    pub provider: Option<ProviderId>,
    /// Its event; none for an article alone.
    pub event: Option<EventId>,
    /// Stories of other providers on the same event.
    pub similar: Similar,
    /// Why it would be left out, when drafts are in.
    pub badge: Option<Rule>,
}

/// An article that is not in the edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Its identity in the library.
    pub article: ArticleId,
    /// The first rule that it failed.
    pub rule: Rule,
    /// The better copy of a duplicate.
    pub winner: Option<ArticleId>,
}

impl Kept {
    /// An article of the library, before anything is known of its place among the others.
    fn new(article: ArticleId, badge: Option<Rule>) -> Kept {
        Kept {
            article,
            topics: Vec::new(),
            label: None,
            provider: None,
            event: None,
            similar: Similar::default(),
            badge,
        }
    }
}

impl Edition {
    /// The provider with a key.
    pub fn provider_of(&self, key: ProviderKey) -> Option<ProviderId> {
        self.by_provider.get(&key).copied()
    }

    /// What the next run needs not do again.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The position of the article that has a story.
    pub fn position_of(&self, key: StoryKey) -> Option<EditionIndex> {
        self.by_key.get(&key).copied()
    }
}

/// Makes the edition that the settings are for, and reports what is wrong with its taxonomy. The
/// articles in `unroutable` can have no page (see [`crate::plan`]) and are left out. `memory` is of
/// an earlier run, or empty: the result does not depend on it.
pub fn curate(
    library: &Library,
    config: &Config,
    now: Time,
    drafts: Drafts,
    unroutable: &BTreeSet<ArticleId>,
    memory: &Memory,
) -> (Edition, Vec<Diagnostic>) {
    let (mut kept, dropped) = select(library, config, now, drafts, unroutable);

    // What each article belongs to.
    let mut problems = Vec::new();
    let Groups {
        topics,
        topics_of,
        providers,
        provider_of,
        events,
        memory,
        by_key,
    } = Groups::of(library, &kept, config, memory, &mut problems);
    let similar = events::similar(&library.articles, &kept, &events, config.related.similar);
    for (event, of) in events.enumerate() {
        for position in &of.articles {
            kept[*position].event = Some(event);
        }
    }
    for (((kept, own), provider), similar) in
        kept.iter_mut().zip(topics_of).zip(provider_of).zip(similar)
    {
        kept.label = own.first().copied();
        kept.topics = special_first(&topics, own);
        kept.provider = provider;
        kept.similar = similar;
    }

    // What leads, the lists, and the digests.
    let heats = config
        .ranking
        .derives_heat
        .then(|| heats(library, &kept, &events));
    let settled = before_newest_month(library, &kept, config);
    let main = taxonomy::main_topics(&topics, settled, config);
    let choice = lists::Choice {
        library,
        kept: &kept,
        topics: &topics,
        config,
        now,
    };
    let (digests, ((pinned, top), lists)) = rayon::join(
        || digests(choice, &events, &main),
        || {
            rayon::join(
                || top(library, &kept, heats.as_ref(), config, now),
                || lists::lists(choice),
            )
        },
    );
    let of_pages = choice.of_pages(&lists, &mut problems);

    let by_provider = providers
        .enumerate()
        .map(|(id, provider)| (ProviderKey::of(&provider.domain), id))
        .collect();
    let edition = Edition {
        articles: kept,
        dropped,
        topics,
        providers,
        lists,
        of_pages,
        events,
        nav: main.topics,
        heats,
        pinned,
        top,
        digests: digests.into(),
        pages: {
            let pages = library.pages.enumerate();
            let own = pages.filter(|(_, page)| page.edition == config.id);
            own.map(|(id, _)| id).collect()
        },
        by_key,
        by_provider,
        memory,
    };
    (edition, problems)
}

/// The newest article that is not of the month of the newest one.
fn before_newest_month(
    library: &Library,
    kept: &List<EditionIndex, Kept>,
    config: &Config,
) -> Option<EditionIndex> {
    let month = |kept: &Kept| {
        let published = library.articles[kept.article].facts.published;
        published.date(&config.time_zone).first_of_month()
    };
    let newest = month(kept.first()?);
    kept.find(|kept| month(kept) != newest)
}

/// What the articles of an edition belong to.
struct Groups {
    topics: List<TopicId, Topic>,
    topics_of: List<EditionIndex, Vec<TopicId>>,
    providers: List<ProviderId, Provider>,
    provider_of: List<EditionIndex, Option<ProviderId>>,
    events: List<EventId, Event>,
    /// What the search for events remembers.
    memory: Memory,
    /// The article that has a story.
    by_key: HashMap<StoryKey, EditionIndex>,
}

impl Groups {
    /// Finds them all, at the same time.
    fn of(
        library: &Library,
        kept: &List<EditionIndex, Kept>,
        config: &Config,
        memory: &Memory,
        problems: &mut Vec<Diagnostic>,
    ) -> Groups {
        let events = || events::events(&library.articles, kept, &config.related, memory);
        let by_key = || {
            let keys = kept.enumerate().rev();
            keys.filter_map(|(position, kept)| {
                Some((library.articles[kept.article].facts.key?, position))
            })
            .collect()
        };
        let ((topics, topics_of), ((providers, provider_of), ((events, memory), by_key))) =
            rayon::join(
                || taxonomy::topics(library, kept, config, problems),
                || {
                    rayon::join(
                        || taxonomy::providers(library, kept, config),
                        || rayon::join(events, by_key),
                    )
                },
            );
        Groups {
            topics,
            topics_of,
            providers,
            provider_of,
            events,
            memory,
            by_key,
        }
    }
}

/// The digests, where the site has some.
fn digests(
    choice: lists::Choice<'_>,
    events: &List<EventId, Event>,
    main: &taxonomy::MainTopics,
) -> Vec<Digest> {
    let config = choice.config;
    let Some(rules) = &config.digests else {
        return Vec::new();
    };
    let builder = digests::DigestBuilder {
        library: choice.library,
        kept: choice.kept,
        events,
        topics: choice.topics,
        main: match main.by_count {
            true => &[],
            false => main.topics.as_slice(),
        },
        rules,
        zone: &config.time_zone,
        coverage: config.related.similar,
    };
    builder.digests(choice.now)
}

/// The articles of the edition, newest first, and those that are left out of it, each with the
/// first rule that it failed.
fn select(
    library: &Library,
    config: &Config,
    now: Time,
    drafts: Drafts,
    unroutable: &BTreeSet<ArticleId>,
) -> (List<EditionIndex, Kept>, Vec<Dropped>) {
    let filter = Filter::new(library, config, now);
    let mut failures: List<ArticleId, Option<Rule>> = library
        .articles
        .as_slice()
        .par_iter()
        .map(|entry| match entry.facts.edition == config.id {
            true => filter.failure(&entry.facts),
            false => None,
        })
        .collect();
    let is_own = |article: &ArticleId| library.articles[*article].facts.edition == config.id;
    for article in unroutable {
        failures[*article].get_or_insert(Rule::Address);
    }
    let passed: Vec<ArticleId> = library
        .articles
        .ids()
        .filter(|article| is_own(article) && failures[*article].is_none())
        .collect();

    let duplicates = match config.curation.duplicates.value {
        Keep::Drop => duplicates::duplicates(&library.articles, &passed),
        Keep::Keep => Vec::new(),
    };
    let winners: HashMap<ArticleId, ArticleId> = duplicates.into_iter().collect();

    let mut kept = Vec::with_capacity(passed.len());
    let mut dropped = Vec::new();
    for (article, failure) in failures.enumerate().filter(|(article, _)| is_own(article)) {
        let rule = match (*failure, winners.contains_key(&article)) {
            (Some(rule), _) => rule,
            (None, true) => Rule::Duplicate,
            (None, false) => {
                kept.push(Kept::new(article, None));
                continue;
            }
        };
        let can_be_shown =
            !matches!(rule, Rule::Deleted | Rule::Duplicate) && !unroutable.contains(&article);
        if drafts == Drafts::In && can_be_shown {
            kept.push(Kept::new(article, Some(rule)));
        }
        dropped.push(Dropped {
            article,
            rule,
            winner: winners.get(&article).copied(),
        });
    }
    kept.par_sort_unstable_by(|a, b| {
        let (a, b) = (&library.articles[a.article], &library.articles[b.article]);
        (b.facts.published.cmp(&a.facts.published))
            .then_with(|| a.facts.link.cmp(&b.facts.link))
            .then_with(|| a.path.cmp(&b.path))
    });

    (kept.into(), dropped)
}

/// Where the rule that dropped an article was set: `site.toml:14`, `default`, or `front matter`.
pub fn rule_location(library: &Library, config: &Config, now: Time, dropped: &Dropped) -> String {
    Filter::new(library, config, now)
        .location(dropped.rule, &library.articles[dropped.article].facts)
}

/// What every rule says of an article, duplicates included.
pub fn explain(
    library: &Library,
    edition: &Edition,
    config: &Config,
    now: Time,
    article: ArticleId,
) -> Vec<Check> {
    let filter = Filter::new(library, config, now);
    let mut checks = filter.checks(&library.articles[article].facts);
    let dropped = edition
        .dropped
        .iter()
        .find(|dropped| dropped.article == article);
    let winner = dropped.and_then(|dropped| dropped.winner);
    checks.push(Check {
        rule: Rule::Duplicate,
        passed: winner.is_none(),
        value: winner.map_or_else(
            || "no better copy".to_owned(),
            |winner| format!("a copy of {}", library.articles[winner].path),
        ),
        limit: match config.curation.duplicates.value {
            Keep::Drop => "only the best copy of a story".to_owned(),
            Keep::Keep => "copies are kept".to_owned(),
        },
        location: config.curation.duplicates.location.clone(),
    });
    if dropped.is_some_and(|dropped| dropped.rule == Rule::Address) {
        checks.push(Check {
            rule: Rule::Address,
            passed: false,
            value: "taken by another page, or too long for file systems".to_owned(),
            limit: "a valid URL of its own".to_owned(),
            location: config.location("permalinks.article"),
        });
    }
    checks
}

/// Topics in the order in which an article names them, but deeper ones before those above them.
fn special_first(topics: &List<TopicId, Topic>, mut own: Vec<TopicId>) -> Vec<TopicId> {
    let depth = |topic: TopicId| {
        std::iter::successors(topics[topic].parent, |above| topics[*above].parent).count()
    };
    if own.len() > 1 {
        own.sort_by_cached_key(|topic| std::cmp::Reverse(depth(*topic)));
    }
    own
}

/// The heat of each event, by the reports of its providers.
fn heats(
    library: &Library,
    kept: &List<EditionIndex, Kept>,
    events: &List<EventId, Event>,
) -> List<EventId, i64> {
    events.map(|event| {
        let mut first: BTreeMap<Option<ProviderId>, i64> = BTreeMap::new();
        // Newest first: what is inserted last is the first report.
        for position in &event.articles {
            let kept = &kept[*position];
            let time = library.articles[kept.article].facts.published.seconds();
            first.insert(kept.provider, time);
        }
        heat::derived(first.into_values())
    })
}

/// The heat that an article has by its event.
fn derived_heat(heats: Option<&List<EventId, i64>>, kept: &Kept) -> Option<i64> {
    let heats = heats?;
    Some(match kept.event {
        Some(event) => heats[event],
        None => heat::derived([0]),
    })
}

impl Edition {
    /// What an article is worth on the front page.
    pub fn worth(&self, library: &Library, config: &Config, position: EditionIndex) -> Worth {
        let kept = &self.articles[position];
        let facts = &library.articles[kept.article].facts;
        let derived = derived_heat(self.heats.as_ref(), kept);
        rank::worth(facts, derived, &config.ranking)
    }
}

/// Articles by rank, the best first: those that are pinned, and the best of all.
fn top(
    library: &Library,
    kept: &List<EditionIndex, Kept>,
    heats: Option<&List<EventId, i64>>,
    config: &Config,
    now: Time,
) -> (Vec<EditionIndex>, Vec<EditionIndex>) {
    let facts = |position: EditionIndex| &library.articles[kept[position].article].facts;
    let scored = |position: EditionIndex| {
        let derived = derived_heat(heats, &kept[position]);
        let worth = rank::worth(facts(position), derived, &config.ranking);
        (worth.score, position)
    };
    let ids = kept.par_ids().with_min_len(1024);
    let mut ranked: Vec<(i128, EditionIndex)> = ids.map(scored).collect();
    let order =
        |a: &(i128, EditionIndex), b: &(i128, EditionIndex)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
    let is_pinned = |position: &EditionIndex| facts(*position).pin.holds(now);
    let mut pinned: Vec<(i128, EditionIndex)> = kept.ids().filter(is_pinned).map(scored).collect();
    pinned.sort_by(order);
    if ranked.len() > TOP {
        ranked.select_nth_unstable_by(TOP, order);
        ranked.truncate(TOP);
    }
    ranked.sort_by(order);
    let positions = |scored: Vec<(i128, EditionIndex)>| {
        scored.into_iter().map(|(_, position)| position).collect()
    };
    (positions(pinned), positions(ranked))
}
