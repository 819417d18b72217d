//! What is suggested for candidates, and who reports the same: candidates and articles.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::row;
use crate::content::Library;
use crate::content::article::StoryKey;
use crate::fetch::ledger::{Item, Ledger};
use crate::fetch::queue::{Candidate, Queue};
use crate::fetch::suggest::{self, Reason, Suggester};

/// Articles of the site that are shown beside a candidate on the same event, at most.
const MOST_ARTICLES: usize = 5;

/// What pages get to see beside the fields of each candidate, by its path.
pub(super) fn of_all<'q>(
    queue: &'q Queue,
    library: &'q Library,
    suggester: &Suggester,
    ledger: &Ledger,
) -> BTreeMap<&'q str, Value> {
    let events = suggest::events(queue, library);
    let mut on_site: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for entry in library.articles.iter() {
        if let Some(event) = events.with(&entry.path) {
            let articles = on_site.entry(event.first).or_default();
            if articles.len() < MOST_ARTICLES {
                let date = entry.facts.published.rfc3339_utc();
                articles.push(json!({ "title": entry.facts.title, "date": date }));
            }
        }
    }
    let advice = queue.candidates.iter().map(|candidate| {
        let event = events.with(&candidate.path);
        let item = item_of(ledger, candidate);
        let suggestion = suggester.candidate(candidate, ledger, item, event);
        let reasons = suggestion.iter().flat_map(|it| it.reasons.iter());
        let providers = event.map(|event| event.providers.iter().map(|(_, provider)| provider));
        let value = json!({
            "suggested": suggestion.as_ref().map(|it| it.quality),
            "reasons": reasons.map(Reason::to_string).collect::<Vec<_>>(),
            "group": event.map(|event| row::id(event.first)),
            "providers": providers.map(|providers| providers.collect::<Vec<_>>()),
            "site": event.and_then(|event| on_site.get(event.first)),
        });
        (candidate.path.as_str(), value)
    });
    advice.collect()
}

/// What the ledger knows of a candidate.
pub(super) fn item_of<'l>(ledger: &'l Ledger, candidate: &Candidate) -> Option<&'l Item> {
    let by_story = || {
        let link = candidate.article.as_ref()?.link.as_deref()?;
        ledger.with_story(StoryKey::of(link))
    };
    ledger.with_path(&candidate.path).or_else(by_story)
}
