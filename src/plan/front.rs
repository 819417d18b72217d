//! The front page: what leads, what is new, and a band for each main topic. An event is there once,
//! led by its best report.

use std::collections::BTreeSet;

use super::{Front, ListingScope, Part, Plan};
use crate::curate::{Edition, Pick};
use crate::ids::{EditionIndex, EventId};

/// Picks the stories of the front page: by rank, then the newest, then those of each main topic.
pub(super) fn choose(plan: &Plan, edition: &Edition) -> Front {
    const TOP: usize = 4;
    const BAND: usize = 3;
    let mut shown = Shown {
        edition,
        articles: BTreeSet::new(),
        events: BTreeSet::new(),
    };
    let mut top = Vec::new();
    for position in &edition.top {
        if top.len() <= TOP && shown.add(*position) {
            top.push(*position);
        }
    }
    let lead = (!top.is_empty()).then(|| top.remove(0));
    let head = plan.part(edition, ListingScope::All, Part::Head);
    let mut latest = shown.best_of(head.iter().copied(), |report| head.contains(&report));
    latest.sort_unstable();
    let mut bands = Vec::new();
    for topic in &plan.shared.nav {
        let articles = &edition.topics[*topic].articles;
        let has_topic = |report: EditionIndex| articles.binary_search(&report).is_ok();
        let mut stories = Vec::new();
        for position in articles {
            if stories.len() == BAND {
                break;
            }
            stories.extend(shown.best_of(std::iter::once(*position), has_topic));
        }
        if !stories.is_empty() {
            bands.push((*topic, stories));
        }
    }
    let pick = |position: EditionIndex| Pick {
        position,
        coverage: edition.articles[position].similar.all.clone(),
    };
    let picks = |positions: Vec<EditionIndex>| positions.into_iter().map(pick).collect();
    Front {
        lead: lead.map(pick),
        top: picks(top),
        latest: picks(latest),
        bands: bands
            .into_iter()
            .map(|(topic, stories)| (topic, picks(stories)))
            .collect(),
    }
}

/// What is on the front page already.
struct Shown<'a> {
    edition: &'a Edition,
    articles: BTreeSet<EditionIndex>,
    events: BTreeSet<EventId>,
}

impl Shown<'_> {
    /// Adds a story; false when it or its event is there.
    fn add(&mut self, position: EditionIndex) -> bool {
        match self.edition.articles[position].event {
            Some(event) => self.events.insert(event),
            None => self.articles.insert(position),
        }
    }

    /// Of stories those whose event is not there, each led by the best report that may lead.
    fn best_of(
        &mut self,
        stories: impl Iterator<Item = EditionIndex>,
        may_lead: impl Fn(EditionIndex) -> bool,
    ) -> Vec<EditionIndex> {
        let mut best = Vec::new();
        for position in stories {
            if !self.add(position) {
                continue;
            }
            let event = self.edition.articles[position].event;
            let reports = event.map_or(&[][..], |event| &self.edition.events[event].best_first);
            let leads = reports.iter().copied().find(|report| may_lead(*report));
            best.push(leads.unwrap_or(position));
        }
        best
    }
}
