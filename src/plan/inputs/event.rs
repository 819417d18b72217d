//! An event on its pages.

use std::collections::BTreeMap;

use serde::Serialize;

use super::SiteInputs;
use crate::config::language;
use crate::hash::Hasher;
use crate::ids::{EditionIndex, EventId, ProviderId};
use crate::plan::Part;
use crate::plan::shared::ProviderView;

/// `event`, but for the report that leads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventView {
    /// Headline of the first report, which no later one changes.
    pub name: String,
    /// The language of that headline and its direction, where it is not that of the site.
    pub language: Option<(String, &'static str)>,
    /// Its identifier.
    pub slug: String,
    /// Path of its page.
    pub url: String,
    /// When it was reported first (RFC 3339).
    pub first: String,
    /// What changes with every report; none on numbered pages.
    pub newest: Option<Newest>,
}

/// What changes with every report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Newest {
    /// Reports.
    pub count: usize,
    /// When it was reported last (RFC 3339).
    pub latest: String,
    /// Who reports it, each with the number of reports, in the order of their first ones.
    pub providers: Vec<ProviderView>,
}

/// Events in the API, those with the newest reports.
const IN_API: usize = 100;
/// Reports of an event that the API names, the newest.
const REPORTS_IN_API: usize = 100;

/// An event in the API. Addresses are full URLs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRecord<'a> {
    id: &'a str,
    /// Its page; none when it has none.
    url: Option<String>,
    /// Headline of its best report.
    title: &'a str,
    first_date_time: String,
    latest_date_time: String,
    reports: usize,
    /// Names of those who report it, in the order of their first reports.
    providers: Vec<String>,
    /// Where its reports lead, newest first.
    articles: Vec<String>,
}

impl<'a> SiteInputs<'a> {
    /// The event that an article joined, by its identifier, and where the reports lead that its
    /// listings name as coverage; none for an article that began its event, and for one alone.
    /// Neither changes with newer articles.
    pub fn joined(self, position: EditionIndex) -> Option<(&'a str, Vec<&'a str>)> {
        let kept = &self.edition.articles[position];
        let event = &self.edition.events[kept.event?];
        let older = kept.similar.older.iter();
        let coverage = older.map(|report| self.address(*report)).collect();
        let has_begun_it = event.articles.last() == Some(&position);
        (!has_begun_it).then_some((event.slug.as_str(), coverage))
    }

    /// Adds to a hash what [`SiteInputs::joined`] says.
    pub(in crate::plan) fn hash_joined(self, position: EditionIndex, hasher: &mut Hasher) {
        if let Some((event, coverage)) = self.joined(position) {
            hasher.text(event).number(coverage.len() as i64);
            for url in coverage {
                hasher.text(url);
            }
        }
    }

    /// The events with the newest reports, that with the newest one first.
    pub fn newest_events(self) -> Vec<EventRecord<'a>> {
        let mut newest: Vec<EventId> = self.edition.events.ids().collect();
        newest.sort_unstable_by_key(|event| self.edition.events[*event].articles.first().copied());
        newest.truncate(IN_API);
        newest.into_iter().map(|id| self.event_record(id)).collect()
    }

    fn event_record(self, id: EventId) -> EventRecord<'a> {
        let event = &self.edition.events[id];
        let shared = &self.plan.shared;
        let at = |position: Option<&EditionIndex>| {
            let published = position.map(|position| self.entry(*position).facts.published);
            published.unwrap_or_default().rfc3339_utc()
        };
        let lead = self.lead_of_event(id);
        let reports = event.articles.iter().take(REPORTS_IN_API);
        EventRecord {
            id: &event.slug,
            url: shared.event_url(id).map(|url| shared.absolute(url)),
            title: lead.map_or("", |lead| &self.entry(lead).facts.title),
            first_date_time: at(event.articles.last()),
            latest_date_time: at(event.articles.first()),
            reports: event.articles.len(),
            providers: self
                .providers_of(&event.articles)
                .into_iter()
                .map(ProviderView::into_name)
                .collect(),
            articles: reports
                .map(|report| shared.absolute(self.address(*report)))
                .collect(),
        }
    }

    /// The best report of an event.
    pub fn lead_of_event(self, event: EventId) -> Option<EditionIndex> {
        self.edition.events[event].best_first.first().copied()
    }

    /// `event` on a part of its listing.
    pub fn event_view(self, id: EventId, part: Part) -> EventView {
        let event = &self.edition.events[id];
        let shared = &self.plan.shared;
        let zone = &shared.routes.time_zone;
        let at = |position: Option<&EditionIndex>| {
            let published = |position: &EditionIndex| self.entry(*position).facts.published;
            position.map(published).unwrap_or_default().rfc3339(zone)
        };
        let first = event.articles.last();
        let locale = first.and_then(|first| self.entry(*first).facts.locale.as_deref());
        EventView {
            name: event.title.clone(),
            language: language::foreign(locale, shared.locale()).map(|tag| {
                let direction = language::direction(&tag);
                (tag, direction)
            }),
            slug: event.slug.clone(),
            url: shared.href(shared.event_url(id).unwrap_or_default()),
            first: at(first),
            newest: (part == Part::Head).then(|| Newest {
                count: event.articles.len(),
                latest: at(event.articles.first()),
                providers: self.providers_of(&event.articles),
            }),
        }
    }

    /// The providers of some articles, newest first, with the number of each one's articles.
    fn providers_of(self, articles: &[EditionIndex]) -> Vec<ProviderView> {
        let mut counts: BTreeMap<Option<ProviderId>, usize> = BTreeMap::new();
        let mut order = Vec::new();
        for position in articles.iter().rev() {
            let provider = self.edition.articles[*position].provider;
            let count = counts.entry(provider).or_default();
            if *count == 0 {
                order.push(provider);
            }
            *count += 1;
        }
        let shared = &self.plan.shared;
        let view = |provider: Option<ProviderId>| {
            let named = match provider {
                Some(provider) => shared.provider_refs[provider].clone(),
                None => shared.own_provider(),
            };
            ProviderView::counted(named, counts[&provider])
        };
        order.into_iter().map(view).collect()
    }
}
