//! The front page: what leads, what is new, and a band for each main topic.

use super::{Front, ListingScope, Part, Plan};
use crate::curate::Edition;
use crate::ids::EditionIndex;

/// Picks the stories of the front page: by rank, but no two on the same event.
pub(super) fn choose(plan: &Plan, edition: &Edition) -> Front {
    const TOP: usize = 4;
    const BAND: usize = 3;
    let mut chosen: Vec<EditionIndex> = Vec::new();
    for position in &edition.top {
        let similar = &edition.articles[*position].similar.all;
        if chosen.len() <= TOP
            && !chosen.iter().any(|other| {
                similar.contains(other) || edition.articles[*other].similar.all.contains(position)
            })
        {
            chosen.push(*position);
        }
    }
    let lead = (!chosen.is_empty()).then(|| chosen.remove(0));
    let mut shown: Vec<EditionIndex> = lead.iter().chain(&chosen).copied().collect();
    let quoted: Vec<EditionIndex> = shown
        .iter()
        .flat_map(|position| edition.articles[*position].similar.older.clone())
        .collect();
    let head = plan.part(edition, ListingScope::All, Part::Head);
    let latest: Vec<EditionIndex> = head
        .iter()
        .copied()
        .filter(|position| !shown.contains(position) && !quoted.contains(position))
        .collect();
    shown.extend(&latest);
    let mut bands = Vec::new();
    for topic in &plan.shared.nav {
        let positions: Vec<EditionIndex> = edition.topics[*topic]
            .articles
            .iter()
            .copied()
            .filter(|position| !shown.contains(position))
            .take(BAND)
            .collect();
        if !positions.is_empty() {
            shown.extend(&positions);
            bands.push((*topic, positions));
        }
    }
    Front {
        lead,
        top: chosen,
        latest,
        bands,
    }
}
