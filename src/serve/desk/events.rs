//! Events near a story, for an editor who joins it to one: what the site found or an editor said,
//! single stories, and candidates.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::articles::Index;
use super::candidates::Candidate;
use super::error::{DeskError, RequestError};
use super::row;
use super::work::{Place, Work};
use crate::content::article::{EventMark, Facts};
use crate::curate;
use crate::hash::Hash128;
use crate::time::Time;
use crate::words;
use crate::workspace::Workspace;

/// Seconds from a story to the events that are offered when nothing is asked for.
const AROUND: i64 = 14 * 86_400;
/// Events that are offered at once.
const MOST: usize = 20;

/// A report of an event.
struct Report<'a> {
    path: &'a str,
    title: &'a str,
    time: i64,
    mark: Option<&'a EventMark>,
}

impl<'a> Report<'a> {
    fn of(path: &'a str, facts: &'a Facts) -> Report<'a> {
        Report {
            path,
            title: &facts.title,
            time: facts.published.seconds(),
            mark: facts.event.as_ref(),
        }
    }
}

/// Stories that are or may become an event, the oldest first.
struct Group<'a> {
    reports: Vec<Report<'a>>,
    /// What the site calls it.
    slug: Option<&'a str>,
}

impl<'a> Group<'a> {
    /// The name that one of its reports gives it.
    fn given(&self) -> Option<&'a str> {
        given_name(&self.reports)
    }

    fn has(&self, path: &str) -> bool {
        self.reports.iter().any(|report| report.path == path)
    }
}

/// The events near the story that requests call so, the most alike first; if there are words, only
/// those with them, near or not. With them comes the name that the story's own event has or would
/// have.
///
/// # Errors
/// That there is no such story.
pub(super) fn near(
    work: &mut Work,
    place: &Place<'_>,
    index: &Index,
    id: &str,
    words: &str,
) -> Result<Value, DeskError> {
    let library = place.library;
    let candidate = work.candidates.get(id);
    let own = match (candidate, index.article(id)) {
        (Some(candidate), _) => report_of(candidate),
        (None, Some(article)) => {
            let entry = &library.articles[article];
            Some(Report::of(&entry.path, &entry.facts))
        }
        (None, None) => return Err(DeskError::Unknown("story")),
    };
    let own = own.ok_or(RequestError::UnreadableStory)?;
    let taken = taken_names(work, place);
    let name = |group: &Group<'_>| {
        let known = group.given().or(group.slug).map(str::to_owned);
        known.unwrap_or_else(|| {
            let title = group.reports.first().map_or(own.title, |first| first.title);
            free_name(title, &taken)
        })
    };

    let wanted: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let (mut own_name, mut found) = (None, Vec::new());
    for group in groups(work, place, |reports| is_wanted(reports, &own, &wanted)) {
        match group.has(own.path) {
            true => own_name = Some(name(&group)),
            false => found.push(group),
        }
    }
    sort_by_likeness(&mut found, &own);
    found.truncate(MOST);
    let events: Vec<(Value, Vec<u8>)> = found
        .iter()
        .filter_map(|group| {
            let first = group.reports.first()?;
            let bytes = place.disk.read(first.path).ok()?;
            // A name that a report has leads others to it; else its first report has to get one.
            let first_file = group.given().is_none().then(
                || json!({ "id": row::id(first.path), "hash": Hash128::of(&bytes).to_string() }),
            );
            let shown = json!({
                "name": name(group),
                "title": first.title,
                "date": Time::from_seconds(first.time).map(|time| time.rfc3339_utc()),
                "reports": group.reports.len(),
                "first": first_file,
            });
            Some((shown, bytes))
        })
        .collect();
    let own_name = own_name.unwrap_or_else(|| free_name(own.title, &taken));
    for (_, bytes) in &events {
        work.keep_version(bytes);
    }
    let events: Vec<Value> = events.into_iter().map(|(shown, _)| shown).collect();
    Ok(json!({ "name": own_name, "events": events }))
}

/// Whether a group of reports is looked for: it has the story itself, or all of the words; without
/// words, it is of about the same time.
fn is_wanted(reports: &[Report<'_>], own: &Report<'_>, words: &[String]) -> bool {
    if reports.iter().any(|report| report.path == own.path) {
        return true;
    }
    if words.is_empty() {
        let mut times = reports.iter().map(|report| report.time);
        return times.any(|time| (time - own.time).abs() <= AROUND);
    }
    let titles = reports.iter().map(|report| report.title);
    let text = titles.chain(given_name(reports)).collect::<Vec<_>>();
    let text = text.join(" ").to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

/// Sorts groups by how many words their titles share with that of a story, then by how far in time
/// they are from it.
fn sort_by_likeness(groups: &mut [Group<'_>], own: &Report<'_>) {
    let mine: BTreeSet<u32> = words::written(own.title).map(|it| it.0).collect();
    let alike = |report: &Report<'_>| {
        let theirs: BTreeSet<u32> = words::written(report.title).map(|it| it.0).collect();
        theirs.intersection(&mine).count()
    };
    groups.sort_by_cached_key(|group| {
        let common = group.reports.iter().map(alike).max().unwrap_or(0);
        let times = group.reports.iter().map(|report| report.time);
        let distance = times.map(|time| (time - own.time).abs()).min();
        let first = group.reports.first().map(|it| it.path);
        (Reverse(common), distance, first)
    });
}

fn report_of(candidate: &Candidate) -> Option<Report<'_>> {
    let article = candidate.judged.article.as_ref()?;
    Some(Report {
        path: &candidate.path,
        title: &article.title,
        time: article.published.seconds(),
        mark: article.event.as_ref(),
    })
}

/// The name that one of some reports gives their event.
fn given_name<'a>(reports: &[Report<'a>]) -> Option<&'a str> {
    reports.iter().find_map(|report| match report.mark {
        Some(EventMark::Named(name)) => Some(name.as_str()),
        _ => None,
    })
}

/// The events and single stories of the site and of the queue that are wanted, by their reports.
fn groups<'a>(
    work: &'a Work,
    place: &'a Place<'_>,
    is_wanted: impl Fn(&[Report<'_>]) -> bool,
) -> Vec<Group<'a>> {
    let site = &place.snapshot.site;
    let mut groups = Vec::new();
    let mut add = |reports: Vec<Report<'a>>, slug| {
        if is_wanted(&reports) {
            groups.push(Group { reports, slug });
        }
    };
    for edition in site.editions.iter() {
        let report = |article| {
            let entry = &site.library.articles[article];
            Report::of(&entry.path, &entry.facts)
        };
        for event in edition.events.iter() {
            let reports = event.articles.iter().rev();
            let reports = reports.map(|it| report(edition.articles[*it].article));
            add(reports.collect(), Some(event.slug.as_str()));
        }
        let alone = edition.articles.iter().filter(|kept| kept.event.is_none());
        alone.for_each(|kept| add(vec![report(kept.article)], None));
    }
    let mut by_event: BTreeMap<&str, Vec<Report<'_>>> = BTreeMap::new();
    for (id, candidate) in work.candidates.iter() {
        if let Some(report) = report_of(candidate) {
            let event = candidate.shown["group"].as_str().unwrap_or(id);
            by_event.entry(event).or_default().push(report);
        }
    }
    for mut reports in by_event.into_values() {
        reports.sort_by_key(|report| (report.time, report.path));
        add(reports, None);
    }
    groups
}

/// The names that events have.
fn taken_names<'a>(work: &'a Work, place: &'a Place<'_>) -> BTreeSet<&'a str> {
    let site = &place.snapshot.site;
    let articles = site.library.articles.iter();
    let marks = articles.filter_map(|entry| entry.facts.event.as_ref());
    let candidates = work.candidates.iter();
    let candidates = candidates.filter_map(|(_, it)| it.judged.article.as_ref()?.event.as_ref());
    let given = marks.chain(candidates).filter_map(|mark| match mark {
        EventMark::Named(name) => Some(name.as_str()),
        EventMark::Apart => None,
    });
    let events = site
        .editions
        .iter()
        .flat_map(|edition| edition.events.iter());
    given
        .chain(events.map(|event| event.slug.as_str()))
        .collect()
}

/// A name for an event by a title, with a number if another one has it.
fn free_name(title: &str, taken: &BTreeSet<&str>) -> String {
    let name = curate::event_name(title);
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    let free = names.find(|name| !taken.contains(name.as_str()));
    free.unwrap_or(name)
}
