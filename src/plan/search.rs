//! The search index, in parts: which articles each holds, and what it is made of.
//!
//! The index is cut as listings are ([`super::listing`]): numbered parts are full and hold the
//! oldest articles, the head holds the rest. So a new article changes the head alone.

use ahash::HashSet;
use rayon::prelude::*;

use super::fingerprint::Fingerprint;
use super::inputs::SiteInputs;
use super::listing::Paging;
use super::{Bundle, Role};
use crate::config::Config;
use crate::curate::{Edition, Kept};
use crate::hash::Hasher;
use crate::ids::{BundleId, EditionIndex, IdRange, List, TopicId};
use crate::theme::Dates;

/// The parts of the index of an edition, the newest first; none when there are no articles or
/// search is off.
pub(super) fn bundles(inputs: SiteInputs<'_>, config: &Config) -> List<BundleId, Bundle> {
    let edition = inputs.edition();
    let Some(search) = config.search.filter(|_| !edition.articles.is_empty()) else {
        return List::new();
    };
    let mut settings = Hasher::new("search");
    for name in Dates::STRINGS {
        settings.optional(config.strings.get(name).map(String::as_str));
    }
    let settings = settings
        .text(env!("NEWSGEN_CODE"))
        .number(i64::try_from(search.together).unwrap_or(i64::MAX))
        .text(&config.base_url.path)
        .text(&config.title)
        .text(&config.locale)
        .text(inputs.plan().shared.date_format())
        .text(config.time_zone.iana_name().unwrap_or_default())
        .finish()
        .number();
    let routes = &inputs.plan().shared.routes;
    let bundle = |number: Option<usize>, positions: IdRange<EditionIndex>| {
        let mut hasher = Hasher::new("search part");
        for position in positions.iter() {
            inputs.record(position).hash(&mut hasher);
        }
        let content = hasher.finish().number();
        let fingerprint = Fingerprint {
            settings,
            content,
            ..Fingerprint::default()
        };
        Bundle {
            url: routes.in_output(routes.search_part(number)),
            edition: inputs.id(),
            files: files_of(positions.len(), search.together),
            positions,
            fingerprint,
        }
    };
    let paging = Paging::new(edition.articles.len(), search.part_size);
    // The newest articles, then the numbered parts from the last one.
    let part = |at: usize| match at {
        0 => bundle(None, edition.articles.range(paging.head())),
        _ => {
            let number = paging.numbered() + 1 - at;
            bundle(Some(number), edition.articles.range(paging.page(number)))
        }
    };
    (0..=paging.numbered()).into_par_iter().map(part).collect()
}

/// How many files a part of so many articles has, about: those that articles share, a piece of the
/// words for every 150 articles or so, and what each part has once.
fn files_of(articles: usize, together: usize) -> usize {
    articles.div_ceil(together) + articles.div_ceil(150) + 4
}

impl Bundle {
    /// What a file of the search index is. Pagefind puts a hash of their content into the names of
    /// those that end so, and names them in the others.
    pub fn role(file: &str) -> Role {
        let ending = file.rsplit('.').next().unwrap_or_default();
        if ending.starts_with("pf_") {
            Role::Hashed
        } else {
            Role::Asset
        }
    }
}

/// The topics that an article is found under: its own, the most special first, then those above
/// them.
pub(super) fn topics_with_parents(edition: &Edition, kept: &Kept) -> Vec<TopicId> {
    let mut topics = kept.topics.clone();
    let has_parents = topics
        .iter()
        .any(|topic| edition.topics[*topic].parent.is_some());
    if !has_parents {
        return topics;
    }
    let mut known: HashSet<TopicId> = topics.iter().copied().collect();
    let mut next = 0;
    while let Some(topic) = topics.get(next) {
        let parent = edition.topics[*topic].parent;
        topics.extend(parent.filter(|parent| known.insert(*parent)));
        next += 1;
    }
    topics
}
