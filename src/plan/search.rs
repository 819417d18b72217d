//! The search index, in parts: which articles each holds, and what it is made of.
//!
//! The index is cut as listings are ([`super::listing`]): numbered parts are full and hold the
//! oldest articles. What is left for the head would still be thousands of articles, and a new one
//! has words in most of the files that hold theirs. So the head is cut once more: it keeps the
//! newest few, and all before them make one more numbered part, which fills up in [`STEPS`] steps.
//! A new article changes the few files of the head alone.

use std::ops::Range;

use rayon::prelude::*;

use super::fingerprint::Fingerprint;
use super::inputs::SiteInputs;
use super::listing::Paging;
use super::{Bundle, Role};
use crate::config::Config;
use crate::hash::Hasher;
use crate::ids::{BundleId, EditionIndex, IdRange, List};
use crate::theme::Dates;

/// In how many steps a part of the index fills up. The head has the articles of one step at least
/// and of less than two: 100 to 199 where parts have the default size. From 91 articles on, those
/// that share a file with what results show of them stay together when there is one more.
const STEPS: usize = 30;

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
    let parts = parts(edition.articles.len(), search.part_size);
    parts
        .into_par_iter()
        .map(|(number, positions)| bundle(number, edition.articles.range(positions)))
        .collect()
}

/// The parts of an index of so many articles, the newest first: their numbers, of which the head
/// has none, and the articles of each, counted from the newest.
fn parts(articles: usize, part_size: usize) -> Vec<(Option<usize>, Range<usize>)> {
    let full = Paging::new(articles, part_size);
    let rest = full.head();
    let head = Paging::new(rest.len(), part_size / STEPS).head();
    let filling = head.end..rest.end;
    let mut parts = vec![(None, head)];
    if !filling.is_empty() {
        parts.push((Some(full.numbered() + 1), filling));
    }
    let numbers = (1..=full.numbered()).rev();
    parts.extend(numbers.map(|number| (Some(number), full.page(number))));
    parts
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ten articles a step.
    const SIZE: usize = 10 * STEPS;

    #[test]
    fn a_small_index_has_one_part() {
        assert_eq!(parts(1, SIZE), [(None, 0..1)]);
        assert_eq!(parts(19, SIZE), [(None, 0..19)]);
        assert_eq!(parts(20, SIZE), [(None, 0..10), (Some(1), 10..20)]);
        assert_eq!(parts(599, SIZE), [(None, 0..19), (Some(1), 19..599)]);
        assert_eq!(
            parts(600, SIZE),
            [(None, 0..10), (Some(2), 10..300), (Some(1), 300..600)]
        );
    }

    proptest! {
        #[test]
        fn every_article_is_in_one_part(total in 1usize..3000, size in 1usize..400) {
            let parts = parts(total, size);
            let seen: Vec<usize> = parts.iter().flat_map(|(_, range)| range.clone()).collect();
            prop_assert_eq!(seen, (0..total).collect::<Vec<_>>());
            let numbers: Vec<_> = parts.iter().map(|(number, _)| *number).collect();
            let expected = (1..parts.len()).rev().map(Some);
            prop_assert_eq!(numbers, [None].into_iter().chain(expected).collect::<Vec<_>>());
        }

        #[test]
        fn a_newer_article_changes_the_head_and_at_times_the_part_that_fills_up(
            total in 1usize..3000,
            size in STEPS..400,
        ) {
            // Counted from the oldest, as what a part is made of.
            let of = |total: usize| {
                let parts = parts(total, size).into_iter();
                let oldest = |range: Range<usize>| total - range.end..total - range.start;
                parts.map(|(number, range)| (number, oldest(range))).collect::<Vec<_>>()
            };
            let (before, after) = (of(total), of(total + 1));
            let changed = after.iter().filter(|part| !before.contains(part)).count();
            let rest = Paging::new(total + 1, size).head().len();
            let is_step = rest.is_multiple_of(size / STEPS) || rest == size;
            prop_assert!(after[0].1.len() < 2 * (size / STEPS));
            prop_assert!(changed == 1 || changed <= 3 && is_step, "{before:?} {after:?}");
        }
    }
}
