//! Events: what happened, as several articles report it.
//!
//! Articles are looked at from the oldest to the newest. Each joins the event that it is most like,
//! if it is like one enough, or begins one; no article ever joins two events into one. So what is
//! known of an article depends on older ones alone: a new article changes nothing between old ones,
//! and an event grows by what its reports have in common and not along a chain of pairs. This is
//! single-pass clustering with incremental weights, as in topic detection and tracking (Yang,
//! Pierce, Carbonell, A study on retrospective and on-line event detection, SIGIR 1998).
//!
//! A story is a vector of its words ([`crate::words`]), each as long as the word is rare
//! among the articles before it; an event is the sum of its reports. They are compared by the
//! cosine of their angle. With the time between two reports more is asked for; and so it is when
//! few words are shared, as long as the site is too young to know which words are rare.
//!
//! Everything is computed in an order of its own and from additions, multiplications and square
//! roots, whose results IEEE 754 fixes: it is the same on every machine.
//!
//! # Files
//!
//! - `periods.rs`: events of past periods (`docs/decisions/0046-events-period-by-period.md`)

mod periods;

use std::cmp::Reverse;
use std::sync::Arc;

use ahash::{AHashMap, AHashSet};
use serde::{Deserialize, Serialize};

pub use periods::{Found, Memory};

use super::{Kept, rank};
use crate::config::Related;
use crate::content::ArticleEntry;
use crate::content::article::{EventMark, Facts};
use crate::content::names::ArticleName;
use crate::ids::{ArticleId, EditionIndex, EventId, List};
use crate::words::Term;

/// How like an event a story has to be, from 0 to 1.
const ENOUGH: f32 = 0.095;

/// How much more where no articles came before.
const ENOUGH_AT_FIRST: f32 = 0.15;

/// The number of articles that halves it.
const FEW: f32 = 50.0;

/// Seconds between two reports with which a story has to be twice as like.
const PATIENCE: f32 = 8.0 * 3600.0;

/// Shared words, in hundredths of a full one, that are evidence enough.
const EVIDENCE: u32 = 230;

/// What a single shared word leaves of a similarity where no articles came before: it may be a
/// coincidence.
const ONE_WORD: f32 = 0.25;

/// How much more it leaves in the long run, when it is known how rare the word is.
const ONE_RARE_WORD: f32 = 0.7;

/// The number of articles after which half of that is reached.
const LONG_RUN: f32 = 120.0;

/// How rare a word has to be to be evidence, in bits: fewer than one article in sixteen has it.
const RARE: f32 = 4.0;

/// What is taken for known before there are articles: that many ...
const PRIOR: u64 = 400;

/// ... of which so many have any word.
const PRIOR_COUNT: u64 = 2;

/// Seconds for which words are counted at a time: the counts of a period and of the one before it
/// say how rare a word is.
const PERIOD: i64 = 30 * 86_400;

/// Words of a story by which events are looked up, the rarest ones.
const LOOKED_UP: usize = 12;

/// Events that a word leads to, the latest ones.
const EVENTS_OF_A_WORD: usize = 48;

/// Words that are kept of an event, those that most of its reports share.
const WORDS_OF_AN_EVENT: usize = 48;

/// Characters of the identifier of an event, at most.
const SLUG: usize = 72;

/// What happened, as two or more articles report it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its identifier, by hand or by the file of its first report: no other event has it. A new
    /// report does not change it.
    pub slug: String,
    /// Headline of its first report.
    pub title: String,
    /// The reports, newest first.
    pub articles: Vec<EditionIndex>,
    /// The reports, those of most weight first; of those with as much, the older ones.
    pub best_first: Vec<EditionIndex>,
}

/// Stories on the same event as one story, by other providers, the best of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Similar {
    /// Older ones: these do not change when articles come in, so listings may show them.
    pub older: Vec<EditionIndex>,
    /// Older ones and the first few that came after: what the article's own page shows.
    pub near: Vec<EditionIndex>,
}

/// Later reports of an event that an article's page may name. A report of an event of hundreds then
/// changes the pages of so many others, and not of all.
const NEXT: usize = 2;

/// The events of an edition (`kept`, newest first), by their first reports, oldest first, and what
/// the next run needs to know. What is in `memory` is not computed again.
pub(super) fn events(
    articles: &List<ArticleId, Arc<ArticleEntry>>,
    kept: &List<EditionIndex, Kept>,
    rules: &Related,
    memory: &Memory,
) -> (List<EventId, Event>, Memory) {
    let facts = kept.map(|kept| &articles[kept.article].facts);
    // Names of files stay when a headline is edited.
    let name = |position: EditionIndex| {
        let entry = &articles[kept[position].article];
        let slug = entry.facts.slug.as_deref();
        slug.unwrap_or_else(|| ArticleName::of(&entry.path).undated())
    };
    of_facts(&facts, name, rules, memory)
}

/// The events of some stories, newest first, each with a name.
fn of_facts<'n>(
    facts: &List<EditionIndex, &Facts>,
    name: impl Fn(EditionIndex) -> &'n str,
    rules: &Related,
    memory: &Memory,
) -> (List<EventId, Event>, Memory) {
    let (joined, memory) = periods::join_all(facts, rules.window, memory);
    (finish(joined, facts, name), memory)
}

/// For each story those of other providers on its event, at most `most`.
pub(super) fn similar(
    articles: &List<ArticleId, Arc<ArticleEntry>>,
    kept: &List<EditionIndex, Kept>,
    events: &List<EventId, Event>,
    most: usize,
) -> List<EditionIndex, Similar> {
    let facts = |position: EditionIndex| &articles[kept[position].article].facts;
    let mut similar = kept.map(|_| Similar::default());
    for event in events {
        // One more than are shown, since a story's own provider is not among them.
        let mut best = Best::new(most + 1);
        let oldest_first = || event.articles.iter().copied().rev();
        let mut waiting = oldest_first();
        for (number, position) in oldest_first().enumerate() {
            let own = facts(position);
            similar[position].older = best.but(domain(own), most);
            best.add(position, own);
            if number >= NEXT
                && let Some(before) = waiting.next()
            {
                similar[before].near = best.but(domain(facts(before)), most);
            }
        }
        for position in waiting {
            similar[position].near = best.but(domain(facts(position)), most);
        }
    }
    similar
}

fn domain(facts: &Facts) -> Option<&str> {
    facts
        .provider
        .as_ref()
        .map(|provider| provider.domain.as_str())
}

/// The best stories of an event, one of each provider, best first.
struct Best<'a> {
    most: usize,
    stories: Vec<(u64, EditionIndex, Option<&'a str>)>,
}

impl<'a> Best<'a> {
    fn new(most: usize) -> Best<'a> {
        Best {
            most,
            stories: Vec::new(),
        }
    }

    fn add(&mut self, position: EditionIndex, facts: &'a Facts) {
        let (weight, provider) = (rank::weight(facts), domain(facts));
        // Of two that are as good, the older one: it came first, and stays.
        let at = self
            .stories
            .partition_point(|(other, older, _)| (*other, *older) > (weight, position));
        let known = self.stories.iter().position(|story| story.2 == provider);
        match known {
            Some(known) if known < at => return,
            Some(known) => drop(self.stories.remove(known)),
            None => {}
        }
        self.stories.insert(at, (weight, position, provider));
        self.stories.truncate(self.most);
    }

    /// Those of other providers than one.
    fn but(&self, provider: Option<&str>, most: usize) -> Vec<EditionIndex> {
        let others = self.stories.iter().filter(|story| story.2 != provider);
        others.take(most).map(|story| story.1).collect()
    }
}

/// A word in a vector.
#[derive(Clone, Copy)]
struct Share {
    word: u32,
    share: f32,
    /// In hundredths of a full word.
    evidence: u8,
}

/// An event with what its reports so far have in common.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct OpenEvent {
    /// By hand.
    name: Option<String>,
    /// The sum of the vectors of the reports, by word.
    sum: Vec<(u32, f32)>,
    /// The length of the sum.
    length: f32,
    /// When it was reported last.
    last: i64,
    /// How many reports it has.
    reports: u32,
}

/// What is known of a word.
#[derive(Default)]
struct Seen {
    /// The period of `now`.
    period: i64,
    /// Articles that have the word in that period.
    now: u32,
    /// And in the period before it.
    before: u32,
    /// Numbers of open events that have it, oldest first.
    open: Vec<u32>,
}

impl Seen {
    /// How many articles have the word in a period and in the one before it.
    fn count(&mut self, period: i64) -> u32 {
        if self.period != period {
            self.before = match self.period + 1 == period {
                true => self.now,
                false => 0,
            };
            self.now = 0;
            self.period = period;
        }
        self.now + self.before
    }
}

/// Finds events in a stream of articles from the oldest to the newest.
#[derive(Default)]
struct Finder {
    /// Seconds after which an event that is not reported again is over.
    window: i64,
    words: AHashMap<u32, Seen>,
    /// As a word that every article has.
    all: Seen,
    /// The events that may get more reports, by number, and those that are over since.
    open_events: Vec<OpenEvent>,
    by_name: AHashMap<String, u32>,
    compared: usize,
}

impl Finder {
    /// Puts a story into its event, and returns the number of that; none for a story that stands
    /// alone by hand.
    fn add(&mut self, facts: &Facts) -> Option<u32> {
        let period = period_of(facts);
        let before = self.all.count(period);
        let story = self.vector(&facts.words.0, period, before);
        let named = match &facts.event {
            Some(EventMark::Apart) => None,
            Some(EventMark::Named(name)) => Some(Some(name)),
            None => Some(None),
        };
        let event = named.map(|name| {
            let at = facts.published.seconds();
            let known = name.and_then(|name| self.by_name.get(name).copied());
            let found = known.or_else(|| self.most_like(&story, at, before, name.is_some()));
            let number = found.unwrap_or_else(|| self.begin());
            self.join(number, &story, at);
            if let Some(name) = name {
                self.open_events[number as usize].name = Some(name.clone());
                self.by_name.insert(name.clone(), number);
            }
            number
        });
        self.all.now += 1;
        for term in &facts.words.0 {
            if let Some(seen) = self.words.get_mut(&term.word) {
                seen.now += 1;
            }
        }
        event
    }

    /// The words of a story by their weight among the articles so far; of length 1.
    fn vector(&mut self, terms: &[Term], period: i64, articles: u32) -> Vec<Share> {
        let all = log2(u64::from(articles) + PRIOR);
        let mut story: Vec<Share> = Vec::with_capacity(terms.len());
        for term in terms {
            let count = self.words.entry(term.word).or_default().count(period);
            let rareness = all - log2(u64::from(count) + PRIOR_COUNT);
            story.push(Share {
                word: term.word,
                share: rareness.max(0.0) * f32::from(term.weight),
                evidence: if rareness < RARE { 0 } else { term.evidence },
            });
        }
        let length = length(story.iter().map(|word| word.share));
        for word in &mut story {
            word.share /= length;
        }
        story
    }

    /// The open event that a story is most like, if it is like one enough; only one without a name
    /// if `unnamed`.
    fn most_like(&mut self, story: &[Share], at: i64, articles: u32, unnamed: bool) -> Option<u32> {
        let one_word = ONE_WORD + ONE_RARE_WORD * (1.0 - at_first(articles, LONG_RUN));
        let mut best: Option<(f32, u32)> = None;
        // The latest ones first: what waits for long is ruled out by what is like enough already.
        // Of two that are as like, it is the older one.
        for number in self.candidates(story, at).into_iter().rev() {
            let event = &self.open_events[number as usize];
            // A little more than the most that rounding leaves of 1.
            let most_possible = 1.001 / event.waiting(at);
            let is_ruled_out = best.is_some_and(|(most, _)| most_possible < most);
            if is_ruled_out || unnamed && event.name.is_some() {
                continue;
            }
            self.compared += 1;
            let similarity = event.similarity(story, at, one_word);
            if best.is_none_or(|(most, _)| similarity >= most) {
                best = Some((similarity, number));
            }
        }
        let enough = ENOUGH + ENOUGH_AT_FIRST * at_first(articles, FEW);
        best.filter(|(similarity, _)| *similarity >= enough)
            .map(|(_, number)| number)
    }

    /// Open events that share one of the rarest words of a story, oldest first.
    fn candidates(&mut self, story: &[Share], at: i64) -> Vec<u32> {
        let mut found = Vec::new();
        for word in rarest(story) {
            let Some(seen) = self.words.get_mut(&word.word) else {
                continue;
            };
            let open_events = &self.open_events;
            let window = self.window;
            seen.open
                .retain(|number| open_events[*number as usize].last.saturating_add(window) >= at);
            found.extend_from_slice(&seen.open);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn begin(&mut self) -> u32 {
        self.open_events.push(OpenEvent {
            name: None,
            sum: Vec::new(),
            length: 1.0,
            last: i64::MIN,
            reports: 0,
        });
        // A position of the edition has 32 bits, and each begins one at most.
        (self.open_events.len() - 1) as u32
    }

    fn join(&mut self, number: u32, story: &[Share], at: i64) {
        self.open_events[number as usize].add(story, at);
        for word in rarest(story) {
            if let Some(seen) = self.words.get_mut(&word.word)
                && !seen.open.contains(&number)
            {
                if seen.open.len() == EVENTS_OF_A_WORD {
                    seen.open.remove(0);
                }
                seen.open.push(number);
            }
        }
    }
}

/// The events of two reports or more. `joined` has the number of the event of each story; events
/// are numbered by their first reports. `name` is what the file of a story is called.
fn finish<'n>(
    joined: List<EditionIndex, Option<u32>>,
    facts: &List<EditionIndex, &Facts>,
    name: impl Fn(EditionIndex) -> &'n str,
) -> List<EventId, Event> {
    let numbers = joined.iter().flatten().map(|number| *number as usize + 1);
    let mut reports: Vec<Vec<EditionIndex>> = vec![Vec::new(); numbers.max().unwrap_or(0)];
    for (position, number) in joined.enumerate() {
        if let Some(number) = number {
            reports[*number as usize].push(position);
        }
    }
    reports.retain(|reports| reports.len() > 1);
    let slugs = slugs(&reports, facts, name);
    let event = |(reports, slug): (Vec<EditionIndex>, String)| {
        let mut best_first = reports.clone();
        best_first.sort_by_key(|position| Reverse((rank::weight(facts[*position]), *position)));
        let first = reports.last().map(|first| facts[*first].title.clone());
        Event {
            slug,
            title: first.unwrap_or_default(),
            articles: reports,
            best_first,
        }
    };
    reports.into_iter().zip(slugs).map(event).collect()
}

/// The identifiers of events, by their reports, newest first.
fn slugs<'n>(
    events: &[Vec<EditionIndex>],
    facts: &List<EditionIndex, &Facts>,
    name: impl Fn(EditionIndex) -> &'n str,
) -> Vec<String> {
    let by_hand = |position: &EditionIndex| match &facts[*position].event {
        Some(EventMark::Named(name)) => Some(name.as_str()),
        _ => None,
    };
    let mut slugs = Slugs::default();
    let given = facts.ids().filter_map(|position| by_hand(&position));
    slugs.taken.extend(given.map(str::to_owned));
    // In the order of their second reports: one that becomes an event now leaves the others their
    // identifiers, whenever its first report was.
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_unstable_by_key(|at| Reverse(events[*at].iter().rev().nth(1).copied()));
    let mut found: Vec<String> = vec![String::new(); events.len()];
    for at in order {
        let reports = &events[at];
        found[at] = match reports.iter().find_map(by_hand) {
            Some(name) => name.to_owned(),
            None => slugs.of(reports.last().map_or("", |first| name(*first))),
        };
    }
    found
}

/// The period in which a story was published.
fn period_of(facts: &Facts) -> i64 {
    facts.published.seconds().div_euclid(PERIOD)
}

impl OpenEvent {
    /// By how much the time since its last report makes a story less like it.
    fn waiting(&self, at: i64) -> f32 {
        1.0 + at.saturating_sub(self.last) as f32 / PATIENCE
    }

    /// How like its reports a story is, from 0 to 1.
    fn similarity(&self, story: &[Share], at: i64, one_word: f32) -> f32 {
        let (mut product, mut evidence) = (0.0, 0);
        let mut sum = self.sum.as_slice();
        for word in story {
            let at = sum.iter().position(|(other, _)| *other >= word.word);
            sum = &sum[at.unwrap_or(sum.len())..];
            match sum {
                [(other, share), rest @ ..] if *other == word.word => {
                    product += word.share * share;
                    evidence += u32::from(word.evidence);
                    sum = rest;
                }
                _ => {}
            }
        }
        // A large event is also asked how like each of its reports is.
        let reports = self.reports.max(1) as f32;
        let similarity = 0.75 * product / self.length + 0.25 * product / reports;
        similarity / self.waiting(at)
            * match evidence {
                EVIDENCE.. => 1.0,
                100.. => {
                    let more = (evidence - 100) as f32 / (EVIDENCE - 100) as f32;
                    one_word + (1.0 - one_word) * more
                }
                _ => one_word * (evidence as f32 / 100.0).sqrt(),
            }
    }

    fn add(&mut self, story: &[Share], at: i64) {
        self.reports += 1;
        self.last = self.last.max(at);
        let mut sum = Vec::with_capacity(self.sum.len() + story.len());
        let mut old = self.sum.iter().copied().peekable();
        for word in story {
            while let Some(other) = old.next_if(|(other, _)| *other < word.word) {
                sum.push(other);
            }
            let share = old.next_if(|(other, _)| *other == word.word);
            sum.push((
                word.word,
                share.map_or(0.0, |(_, share)| share) + word.share,
            ));
        }
        sum.extend(old);
        if sum.len() > WORDS_OF_AN_EVENT {
            sum.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            sum.truncate(WORDS_OF_AN_EVENT);
            sum.sort_unstable_by_key(|(word, _)| *word);
        }
        self.length = length(sum.iter().map(|(_, share)| *share));
        self.sum = sum;
    }
}

/// The words of a story by which its event is looked up.
fn rarest(story: &[Share]) -> impl Iterator<Item = &Share> {
    let mut words: Vec<&Share> = story.iter().filter(|word| word.share > 0.0).collect();
    words.sort_unstable_by(|a, b| b.share.total_cmp(&a.share).then(a.word.cmp(&b.word)));
    words.truncate(LOOKED_UP);
    words.into_iter()
}

/// The length of a vector; 1 when it has none.
fn length(shares: impl Iterator<Item = f32>) -> f32 {
    match shares.map(|share| share * share).sum::<f32>().sqrt() {
        length if length > 0.0 => length,
        _ => 1.0,
    }
}

/// From 1 without articles to 0 with many; half with `half` of them.
fn at_first(articles: u32, half: f32) -> f32 {
    let articles = articles as f32;
    half * half / (articles * articles + half * half)
}

/// The logarithm to base 2 of a number from 1, straight between powers of 2.
fn log2(number: u64) -> f32 {
    let whole = number.max(1).ilog2();
    whole as f32 + (number as f32 / (1_u64 << whole) as f32 - 1.0)
}

/// The identifier of an event by a name: that of the file of its first report, or a title.
pub fn event_name(name: &str) -> String {
    let slug = slug::slugify(name);
    let cut = slug
        .char_indices()
        .nth(SLUG)
        .map_or(slug.len(), |(at, _)| at);
    let whole = match slug[..cut].rfind('-') {
        Some(end) if cut < slug.len() => end,
        _ => cut,
    };
    match &slug[..whole] {
        "" => "event".to_owned(),
        name => name.to_owned(),
    }
}

/// Identifiers of events, each once.
#[derive(Default)]
struct Slugs {
    taken: AHashSet<String>,
}

impl Slugs {
    /// The identifier of an event by the name of its first report; with a number when another one
    /// has it already.
    fn of(&mut self, name: &str) -> String {
        let base = event_name(name);
        let mut name = base.clone();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{base}-{number}");
        }
        name
    }
}

#[cfg(test)]
mod tests;
