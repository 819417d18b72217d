//! The front page: what leads, what is new, and a band for each main topic.

use super::{Front, ListingScope, Part, Plan};
use crate::curate::Edition;

/// Picks the stories of the front page: by rank, but no two on the same event.
pub(super) fn choose(plan: &Plan, edition: &Edition) -> Front {
    const TOP: usize = 4;
    const BAND: usize = 3;
    let mut chosen: Vec<usize> = Vec::new();
    for place in &edition.top {
        let similar = &edition.articles[*place].similar.all;
        if chosen.len() <= TOP
            && !chosen.iter().any(|other| {
                similar.contains(other) || edition.articles[*other].similar.all.contains(place)
            })
        {
            chosen.push(*place);
        }
    }
    let lead = (!chosen.is_empty()).then(|| chosen.remove(0));
    let mut shown: Vec<usize> = lead.iter().chain(&chosen).copied().collect();
    let quoted: Vec<usize> = shown
        .iter()
        .flat_map(|place| edition.articles[*place].similar.older.clone())
        .collect();
    let head = plan.part(edition, ListingScope::All, Part::Head);
    let latest: Vec<usize> = head
        .iter()
        .copied()
        .filter(|place| !shown.contains(place) && !quoted.contains(place))
        .collect();
    shown.extend(&latest);
    let mut bands = Vec::new();
    for topic in &plan.shared.nav {
        let places: Vec<usize> = edition.topics[*topic]
            .articles
            .iter()
            .copied()
            .filter(|place| !shown.contains(place))
            .take(BAND)
            .collect();
        if !places.is_empty() {
            shown.extend(&places);
            bands.push((*topic, places));
        }
    }
    Front {
        lead,
        top: chosen,
        latest,
        bands,
    }
}
