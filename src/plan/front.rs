//! The front page: what leads, what is new, and a band for each main topic. An event is there once,
//! led by its best report.

use ahash::HashMap;

use super::{Front, ListingScope, Part, PassedOver, Plan};
use crate::config::{FrontSettings, FrontStyle};
use crate::curate::{Edition, Kept, Pick};
use crate::ids::{EditionIndex, EventId, ProviderId, TopicId};

/// Picks the stories of the front page. None is there twice, nor a report that another story there
/// names as its coverage: at most `coverage` reports of its event.
pub(super) fn choose(
    plan: &Plan,
    edition: &Edition,
    settings: &FrontSettings,
    coverage: usize,
) -> Front {
    let (top, passed_over) = match settings.style {
        FrontStyle::River => Default::default(),
        FrontStyle::Newspaper => leading(edition, settings, 1 + settings.top),
        FrontStyle::Headlines => leading(edition, settings, settings.top),
    };
    let mut front = Front {
        passed_over,
        ..Front::default()
    };
    let mut shown = Shown {
        edition,
        stories: Vec::new(),
        quoted: Vec::new(),
        events: Vec::new(),
    };
    top.iter().for_each(|position| shown.add(*position));
    let pick = |position: EditionIndex| Pick {
        position,
        coverage: others(edition, position, coverage),
    };
    let mut top = top.into_iter().map(pick);
    if settings.style == FrontStyle::Newspaper {
        front.lead = top.next();
    }
    front.top = top.collect();

    let head = plan.part(edition, ListingScope::All, Part::Head);
    let newest = plan.articles(edition, ListingScope::All).iter().copied();
    let mut latest = shown.best_of(newest, settings.latest, |report| head.contains(&report));
    latest.sort_unstable();
    front.latest = latest.into_iter().map(pick).collect();

    if settings.style == FrontStyle::Newspaper {
        for topic in &plan.shared.nav {
            if front.bands.len() >= settings.bands {
                break;
            }
            let articles = &edition.topics[*topic].articles;
            let has_topic = |report: EditionIndex| articles.binary_search(&report).is_ok();
            let stories = shown.best_of(articles.iter().copied(), settings.band, has_topic);
            if !stories.is_empty() {
                let picks = stories.into_iter().map(pick).collect();
                front.bands.push((*topic, picks));
            }
        }
    }
    front.leaves_out = head.iter().any(|position| !shown.has(*position));
    front
}

/// The best reports of a story's event, one of each other provider.
fn others(edition: &Edition, position: EditionIndex, most: usize) -> Vec<EditionIndex> {
    let Kept {
        event, provider, ..
    } = &edition.articles[position];
    let best_first = event.map_or(&[][..], |event| &edition.events[event].best_first);
    let mut providers = vec![*provider];
    let mut others = Vec::new();
    for report in best_first {
        if others.len() == most {
            break;
        }
        let own = edition.articles[*report].provider;
        if !providers.contains(&own) {
            providers.push(own);
            others.push(*report);
        }
    }
    others
}

/// What the front page shows already.
struct Shown<'a> {
    edition: &'a Edition,
    stories: Vec<EditionIndex>,
    /// Reports that these name as their coverage.
    quoted: Vec<EditionIndex>,
    /// The events that these report.
    events: Vec<EventId>,
}

impl Shown<'_> {
    fn add(&mut self, position: EditionIndex) {
        self.stories.push(position);
        let similar = &self.edition.articles[position].similar;
        self.quoted.extend(&similar.older);
        self.events.extend(self.edition.articles[position].event);
    }

    /// Of stories the first that can be added, each led by the best report of its event that may
    /// lead, or by the best of all where none may.
    fn best_of(
        &mut self,
        stories: impl Iterator<Item = EditionIndex>,
        most: usize,
        may_lead: impl Fn(EditionIndex) -> bool,
    ) -> Vec<EditionIndex> {
        let mut best = Vec::new();
        for position in stories {
            if best.len() >= most {
                break;
            }
            if !self.is_new(position) {
                continue;
            }
            let event = self.edition.articles[position].event;
            let reports = event.map_or(&[][..], |event| &self.edition.events[event].best_first);
            let leads = reports.iter().find(|report| may_lead(**report));
            let leads = leads.or(reports.first()).copied().unwrap_or(position);
            self.add(leads);
            best.push(leads);
        }
        best
    }

    /// Whether it can be added: an event is there once.
    fn is_new(&self, position: EditionIndex) -> bool {
        let mut event = self.edition.articles[position].event.into_iter();
        !self.has(position) && !event.any(|event| self.events.contains(&event))
    }

    /// Whether it is there, or named as coverage.
    fn has(&self, position: EditionIndex) -> bool {
        self.stories.contains(&position) || self.quoted.contains(&position)
    }
}

/// The stories that lead: those that are pinned, then by rank, no two of one event, and not too
/// many of one provider or topic as long as there are others.
fn leading(
    edition: &Edition,
    settings: &FrontSettings,
    places: usize,
) -> (Vec<EditionIndex>, Vec<(EditionIndex, PassedOver)>) {
    let mut chosen: Vec<EditionIndex> = Vec::new();
    let mut passed_over: Vec<(EditionIndex, PassedOver)> = Vec::new();
    let mut postponed: Vec<EditionIndex> = Vec::new();
    let mut of_provider: HashMap<ProviderId, usize> = HashMap::default();
    let mut of_topic: HashMap<TopicId, usize> = HashMap::default();
    let same_event = |chosen: &[EditionIndex], position: EditionIndex| {
        let event = edition.articles[position].event;
        let is_same =
            |other: &EditionIndex| event.is_some() && edition.articles[*other].event == event;
        chosen.iter().copied().find(is_same)
    };

    for position in &edition.pinned {
        match same_event(&chosen, *position) {
            Some(other) => passed_over.push((*position, PassedOver::SameEvent(other))),
            None if chosen.len() < places => chosen.push(*position),
            None => {}
        }
    }

    for position in &edition.top {
        if chosen.len() >= places {
            break;
        }
        if chosen.contains(position) {
            continue;
        }
        if let Some(other) = same_event(&chosen, *position) {
            passed_over.push((*position, PassedOver::SameEvent(other)));
            continue;
        }
        let kept = &edition.articles[*position];
        let is_full = |count: Option<&usize>, limit: Option<usize>| {
            limit.is_some_and(|limit| count.copied().unwrap_or_default() >= limit)
        };
        let provider = kept
            .provider
            .and_then(|provider| of_provider.get(&provider));
        if is_full(provider, settings.per_provider) {
            passed_over.push((*position, PassedOver::Provider));
            postponed.push(*position);
            continue;
        }
        let topic = kept.label.and_then(|topic| of_topic.get(&topic));
        if is_full(topic, settings.per_topic) {
            passed_over.push((*position, PassedOver::Topic));
            postponed.push(*position);
            continue;
        }
        chosen.push(*position);
        if let Some(provider) = kept.provider {
            *of_provider.entry(provider).or_default() += 1;
        }
        if let Some(topic) = kept.label {
            *of_topic.entry(topic).or_default() += 1;
        }
    }

    for position in postponed {
        if chosen.len() < places && same_event(&chosen, position).is_none() {
            chosen.push(position);
            passed_over.retain(|(other, _)| *other != position);
        }
    }
    (chosen, passed_over)
}
