//! Weights of features, learnt from decisions: a ridge regression (Hoerl and Kennard 1970) of what
//! the editor gave each item, solved by coordinate descent in fixed point.
//!
//! An item is the vector of its features, all with one value, so that its length is the same for
//! each item. What has to be explained is how far the editor's quality lies from what is suggested
//! anyway. Sums of whole numbers do not depend on their order: neither the order of the lines of a
//! ledger nor the machine changes a weight.

use ahash::HashMap;
use rayon::prelude::*;

use super::features::{self, Key};
use super::{MIDDLE, POINT, Subject};

/// Decisions that are learnt from.
pub(super) const MOST_DECISIONS: usize = 50_000;

/// Quality that a published item had to get, where the editor did not say.
const PUBLISHED: i64 = 75;
/// The least that an item counts for that was published.
const LEAST_PUBLISHED: i64 = 30;
/// What an item was worth that nobody wanted, and nobody rejected.
const EXPIRED: i64 = 25;

/// Decisions of a year ago count for half of today's, and so on for so many years.
const YEAR: i64 = 365 * 86_400;
const MOST_HALVINGS: i64 = 4;

/// Binary digits after the point of the value of a feature.
const VALUE_BITS: u32 = 12;
/// The length of the vector of an item.
const LENGTH: u64 = 3;
/// What holds weights back, in decisions.
const PENALTY: i64 = 5;
/// The same for the mean of all decisions.
const PENALTY_OF_MEAN: i64 = 10;
/// A weight of one, in weights of decisions.
const FULL: i64 = 256;
/// How much more the rarer of published and rejected items count, at most.
const MOST_BALANCE: i64 = 4 * FULL;
/// Rounds over all features. Rounds end when no weight moves by a hundredth of a point.
const MOST_ROUNDS: usize = 30;

/// What was decided on an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It was published, with the quality that the editor gave it, if any was given.
    Published(Option<i64>),
    /// It was rejected.
    Rejected,
    /// It was left until it was too old.
    Expired,
}

/// A decision on an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'a> {
    /// What was known of the item.
    pub subject: Subject<'a>,
    /// What was decided.
    pub decided: Decided,
    /// When, in seconds since 1970.
    pub time: i64,
}

/// What was learnt from decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// Of each feature that was seen.
    weights: HashMap<Key, i64>,
    /// What all decisions have in common.
    mean: i64,
    decisions: usize,
}

/// A decision as a row of the regression.
struct Row {
    /// Value of each of its features.
    value: i64,
    /// The same, weighted.
    weighted: i64,
    /// Its own weight.
    weight: i64,
}

impl Model {
    /// Learns from decisions, in whatever order; of more than 50,000 the first ones count.
    pub fn learn(decisions: &[Decision<'_>]) -> Model {
        let decisions = &decisions[..decisions.len().min(MOST_DECISIONS)];
        let Some(newest) = decisions.iter().map(|it| it.time).max() else {
            return Model::default();
        };
        let keys: Vec<Vec<Key>> = decisions
            .par_iter()
            .map(|it| {
                features::of(&it.subject)
                    .into_iter()
                    .map(|it| it.0)
                    .collect()
            })
            .collect();
        let balance = Balance::of(decisions);
        let rows = decisions.iter().zip(&keys);
        let rows: Vec<Row> = rows
            .map(|(decision, keys)| row(keys.len(), balance.weight(decision, newest)))
            .collect();
        let residuals: Vec<i64> = decisions.iter().map(missing).collect();
        let (columns, entries) = columns(&keys);
        let mut fit = Fit { rows, residuals };
        let mut weights = vec![0; columns.len()];
        let mut mean = 0;
        for _ in 0..MOST_ROUNDS {
            let mut moved = fit.step_of_mean(&mut mean);
            for ((_, range), weight) in columns.iter().zip(&mut weights) {
                // What all items have, such as their only source, is in the mean.
                if range.len() < decisions.len() {
                    moved = moved.max(fit.step(&entries[range.clone()], weight));
                }
            }
            if moved < POINT / 100 {
                break;
            }
        }
        let weights = columns.iter().map(|(key, _)| *key).zip(weights);
        Model {
            weights: weights.collect(),
            mean,
            decisions: decisions.len(),
        }
    }

    /// How many decisions it was learnt from.
    pub fn decisions(&self) -> usize {
        self.decisions
    }

    /// The points that it gives an item, with their reasons.
    pub(super) fn parts(&self, subject: &Subject<'_>) -> Vec<(i64, String)> {
        if self.decisions == 0 {
            return Vec::new();
        }
        let features = features::of(subject);
        let value = value(features.len());
        let all = i64::try_from(features.len()).unwrap_or(i64::MAX).max(1);
        let known = features.into_iter().filter_map(|(key, shown)| {
            let weight = self.weights.get(&key)?;
            Some(((weight * value) >> VALUE_BITS, shown))
        });
        let mut parts: Vec<(i64, String)> = known.collect();
        let what = match self.mean < 0 {
            true => "few candidates are published",
            false => "most candidates are published",
        };
        // Of what was never seen nothing is known: it stays near the middle.
        let seen = i64::try_from(parts.len()).unwrap_or(all);
        parts.push((self.mean * seen / all, what.to_owned()));
        parts
    }
}

/// The value of each of so many features of an item.
fn value(features: usize) -> i64 {
    let features = u64::try_from(features).unwrap_or(u64::MAX).max(1);
    let square = ((LENGTH * LENGTH) << (2 * VALUE_BITS)) / features;
    i64::try_from(square.isqrt()).unwrap_or(0)
}

fn row(features: usize, weight: i64) -> Row {
    let value = value(features);
    Row {
        value,
        weighted: value * weight / FULL,
        weight,
    }
}

/// The points that an item got beyond those that its source gives it.
fn missing(decision: &Decision<'_>) -> i64 {
    let quality = match decision.decided {
        Decided::Published(quality) => quality.unwrap_or(PUBLISHED).clamp(LEAST_PUBLISHED, 100),
        Decided::Rejected => 0,
        Decided::Expired => EXPIRED,
    };
    let base = decision.subject.base.unwrap_or(MIDDLE).clamp(0, 100);
    (quality - base) * POINT
}

/// How much published and rejected items count: the rarer ones more, by the square root of how
/// much rarer they are.
struct Balance {
    published: i64,
    rejected: i64,
}

impl Balance {
    fn of(decisions: &[Decision<'_>]) -> Balance {
        let count = |is_it: fn(&Decided) -> bool| {
            let count = decisions.iter().filter(|it| is_it(&it.decided)).count();
            u64::try_from(count).unwrap_or(u64::MAX).max(1)
        };
        let published = count(|it| matches!(it, Decided::Published(_)));
        let rejected = count(|it| *it == Decided::Rejected);
        let ratio = |of: u64, to: u64| {
            let root = (((of << 16) / to).isqrt()).max(FULL.unsigned_abs());
            i64::try_from(root)
                .unwrap_or(MOST_BALANCE)
                .min(MOST_BALANCE)
        };
        Balance {
            published: ratio(rejected, published),
            rejected: ratio(published, rejected),
        }
    }

    /// The weight of a decision, when the newest one is of that time.
    fn weight(&self, decision: &Decision<'_>, newest: i64) -> i64 {
        let weight = match decision.decided {
            Decided::Published(_) => self.published,
            Decided::Rejected => self.rejected,
            Decided::Expired => FULL / 4,
        };
        let years = newest.saturating_sub(decision.time) / YEAR;
        weight >> years.clamp(0, MOST_HALVINGS)
    }
}

/// Places in the list of rows.
type Range = std::ops::Range<usize>;

/// The features that occur, sorted, each with the place of its rows in the list that is returned
/// with them.
fn columns(keys: &[Vec<Key>]) -> (Vec<(Key, Range)>, Vec<u32>) {
    let pairs = keys.iter().zip(0_u32..);
    let pairs = pairs.flat_map(|(keys, row)| keys.iter().map(move |key| (*key, row)));
    let mut pairs: Vec<(Key, u32)> = pairs.collect();
    pairs.par_sort_unstable();
    let mut columns: Vec<(Key, Range)> = Vec::new();
    for (at, (key, _)) in pairs.iter().enumerate() {
        match columns.last_mut() {
            Some((last, range)) if last == key => range.end = at + 1,
            _ => columns.push((*key, at..at + 1)),
        }
    }
    (columns, pairs.into_iter().map(|(_, row)| row).collect())
}

/// The regression on its way: rows, and what is not explained of each.
struct Fit {
    rows: Vec<Row>,
    residuals: Vec<i64>,
}

impl Fit {
    /// Moves the weight of a feature, which these rows have, to where it explains most. Returned is
    /// how far it moved.
    fn step(&mut self, rows: &[u32], weight: &mut i64) -> i64 {
        let rows = || rows.iter().map(|row| *row as usize);
        let slope: i64 = rows()
            .map(|row| self.rows[row].weighted * self.residuals[row])
            .sum();
        let curvature: i64 = rows()
            .map(|row| self.rows[row].weighted * self.rows[row].value)
            .sum();
        let slope = slope - ((PENALTY * *weight) << VALUE_BITS);
        let curvature = (curvature >> VALUE_BITS) + (PENALTY << VALUE_BITS);
        let move_by = slope / curvature;
        *weight += move_by;
        for row in rows() {
            self.residuals[row] -= (move_by * self.rows[row].value) >> VALUE_BITS;
        }
        move_by.abs()
    }

    /// The same for what all rows have in common.
    fn step_of_mean(&mut self, mean: &mut i64) -> i64 {
        let rows = self.rows.iter().zip(&self.residuals);
        let slope: i64 = rows.map(|(row, residual)| row.weight * residual).sum();
        let total: i64 = self.rows.iter().map(|row| row.weight).sum();
        let move_by = (slope - PENALTY_OF_MEAN * FULL * *mean) / (total + PENALTY_OF_MEAN * FULL);
        *mean += move_by;
        for residual in &mut self.residuals {
            *residual -= move_by;
        }
        move_by.abs()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{FRACTION_BITS, suggest};
    use super::*;

    fn subject(title: &str) -> Subject<'_> {
        Subject {
            title,
            source: Some("rivers"),
            delay: Some(0),
            ..Subject::default()
        }
    }

    fn decision(title: &str, decided: Decided, time: i64) -> Decision<'_> {
        Decision {
            subject: subject(title),
            decided,
            time,
        }
    }

    fn quality(model: &Model, title: &str) -> i64 {
        suggest(model, &subject(title)).quality
    }

    #[test]
    fn what_was_published_is_suggested_and_what_was_rejected_is_not() {
        let decisions = (0..12).map(|time| match time % 3 {
            0 => decision("The weir at Holm", Decided::Published(Some(90)), time),
            1 => decision("Sponsored: the best boats", Decided::Rejected, time),
            _ => decision("Weather of the week", Decided::Expired, time),
        });
        let model = Model::learn(&decisions.collect::<Vec<_>>());
        let [weir, weather, boats] =
            ["A weir is built", "The weather", "Boats (sponsored)"].map(|it| quality(&model, it));
        assert!(
            weir > weather && weather > boats,
            "{weir} {weather} {boats}"
        );
        let reasons = suggest(&model, &subject("Boats (sponsored)")).reasons;
        assert!(
            reasons
                .iter()
                .any(|it| it.points < 0 && it.what == "\"sponsored\""),
            "{reasons:?}"
        );
    }

    #[test]
    fn one_kind_of_decision_is_enough_to_prefer_what_is_like_it() {
        let decisions = (0..20).map(|time| decision("Water", Decided::Published(None), time));
        let model = Model::learn(&decisions.collect::<Vec<_>>());
        assert!(quality(&model, "Water") > quality(&model, "Stones"));
    }

    #[test]
    fn old_decisions_count_less() {
        let decisions = (0..20).map(|number| match number % 2 {
            0 => decision("Water", Decided::Published(None), 0),
            _ => decision("Water", Decided::Rejected, 3 * YEAR),
        });
        let mixed = Model::learn(&decisions.collect::<Vec<_>>());
        assert!(quality(&mixed, "Water") < 30);
    }

    fn any_decision() -> impl Strategy<Value = (String, Option<String>, u8, i64, i64)> {
        let title = prop::string::string_regex("[a-e]{3}( [a-e]{3}){0,4}|.{0,12}").unwrap();
        let url =
            prop::option::of(prop::string::string_regex("https://[a-c]\\.example/.{0,9}").unwrap());
        (title, url, 0_u8..4, any::<i64>(), any::<i64>())
    }

    proptest! {
        /// No decisions are too many or too odd; their order means nothing.
        #[test]
        fn any_decisions_give_one_model(
            decisions in prop::collection::vec(any_decision(), 0..30),
            shift in 0_usize..30,
        ) {
            let mut rows: Vec<Decision<'_>> = decisions
                .iter()
                .map(|(title, url, kind, time, quality)| Decision {
                    subject: Subject {
                        url: url.as_deref(),
                        base: Some(*quality),
                        ..subject(title)
                    },
                    decided: match kind {
                        0 => Decided::Published(Some(*quality)),
                        1 => Decided::Published(None),
                        2 => Decided::Rejected,
                        _ => Decided::Expired,
                    },
                    time: *time,
                })
                .collect();
            let model = Model::learn(&rows);
            let middle = shift.min(rows.len());
            rows.rotate_left(middle);
            prop_assert_eq!(&Model::learn(&rows), &model);
            for row in &rows {
                let suggestion = suggest(&model, &row.subject);
                prop_assert!((0..=100).contains(&suggestion.quality));
            }
        }
    }

    #[test]
    fn points_have_room() {
        // The largest sums fit: all decisions of one feature, as far off as can be.
        let weighted = (i64::try_from(LENGTH).unwrap() << VALUE_BITS) * MOST_BALANCE / FULL;
        let most = i64::try_from(MOST_DECISIONS).unwrap();
        let sum = weighted
            .checked_mul(400 << FRACTION_BITS)
            .and_then(|it| it.checked_mul(most));
        assert!(sum.is_some());
    }
}
