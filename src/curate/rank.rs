//! Rank for the front page: heat and quality, halved with every half-life of age.
//!
//! An exponential decay takes the same share from all stories alike, so their order does not depend
//! on the moment. The logarithm of the decayed score, log2(weight) + published / half-life, is
//! compared; it is computed in fixed point, so that it is the same on every machine.

use crate::config::Ranking;
use crate::content::article::Facts;
use crate::time::Time;

const FRACTION_BITS: u32 = 32;

/// What a story is worth on the front page, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Its editorial score.
    pub quality: Option<i64>,
    /// Its heat, its own or that of its coverage.
    pub heat: Option<i64>,
    /// Other reports of the event that its heat comes from; none for a heat of its own.
    pub reports: Option<usize>,
    /// What both make, before age takes from it.
    pub weight: u64,
    /// Its rank: higher comes first.
    pub score: i128,
}

/// Weight of a story without any score.
const UNSCORED: i64 = 10;

/// What the other reports of an event make of it: how many there are, and the seconds from the
/// first report to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stir {
    pub(super) reports: usize,
    pub(super) span: i64,
}

/// The rank of a story.
pub(super) fn worth(facts: &Facts, stir: Option<Stir>, ranking: &Ranking) -> Worth {
    let half_life = i128::from(ranking.half_life.max(1));
    let age = (i128::from(facts.published.seconds()) << FRACTION_BITS) / half_life;
    let derived = stir.filter(|_| ranking.derive_heat && facts.heat.is_none());
    let base = facts.quality.unwrap_or(UNSCORED);
    let heat = facts.heat.or(derived.map(|stir| derived_heat(base, stir)));
    let weight = match (facts.quality, heat) {
        (Some(quality), Some(heat)) => mean(quality, heat, ranking),
        (Some(score), None) | (None, Some(score)) => score,
        (None, None) => UNSCORED,
    };
    let weight = u64::try_from(weight).unwrap_or(0).max(1);
    Worth {
        quality: facts.quality,
        heat,
        reports: derived.map(|stir| stir.reports),
        weight,
        score: log2(weight) + age,
    }
}

/// The heat of an event: each report adds to the worth of the story, and so does haste, so that
/// coverage never takes from it.
fn derived_heat(base: i64, stir: Stir) -> i64 {
    const HOUR: i64 = 3600;
    let reports = i64::try_from(stir.reports.min(10)).unwrap_or(10);
    let haste = match stir.span {
        ..=7_200 if reports > 1 => 30,
        span if reports > 1 && span <= 12 * HOUR => 15,
        _ => 0,
    };
    base.saturating_add(15 * reports + haste)
}

fn mean(quality: i64, heat: i64, ranking: &Ranking) -> i64 {
    let parts = i128::from(quality) * i128::from(ranking.quality)
        + i128::from(heat) * i128::from(ranking.heat);
    let whole = i128::from((ranking.quality + ranking.heat).max(1));
    i64::try_from(parts / whole).unwrap_or(i64::MAX)
}

/// The least weight with which a story of this age has a rank above another.
pub fn weight_above(published: Time, score: i128, ranking: &Ranking) -> Option<u64> {
    let half_life = i128::from(ranking.half_life.max(1));
    let age = (i128::from(published.seconds()) << FRACTION_BITS) / half_life;
    let wanted = score - age;
    let (mut low, mut high) = (1_u64, 1_u64 << 40);
    if log2(high) <= wanted {
        return None;
    }
    while low < high {
        let middle = low.midpoint(high);
        match log2(middle) > wanted {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    Some(low)
}

/// What a story is worth in a digest, whatever its age and coverage: the mean of quality and heat,
/// where both are known; a story without a score has little weight.
pub(super) fn weight(facts: &Facts) -> u64 {
    let weight = match (facts.quality, facts.heat) {
        (Some(quality), Some(heat)) => quality.saturating_add(heat) / 2,
        (Some(score), None) | (None, Some(score)) => score,
        (None, None) => UNSCORED,
    };
    u64::try_from(weight).unwrap_or(0).max(1)
}

/// The logarithm to base 2 with 32 binary digits after the point, by repeated squaring (Knuth, The
/// Art of Computer Programming 1, 1.2.2, exercise 25).
fn log2(number: u64) -> i128 {
    let whole = number.ilog2();
    let mut result = i128::from(whole) << FRACTION_BITS;
    // The mantissa in [1, 2), with 63 binary digits after the point.
    let mut mantissa = u128::from(number) << (63 - whole);
    for bit in (0..FRACTION_BITS).rev() {
        mantissa = (mantissa * mantissa) >> 63;
        if mantissa >= 1 << 64 {
            mantissa >>= 1;
            result |= 1 << bit;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::article::Facts;

    #[test]
    fn logarithms() {
        assert_eq!(log2(1), 0);
        assert_eq!(log2(1024), 10 << 32);
        let ten = 10f64.log2() * 2f64.powi(32);
        assert!((log2(10) - ten as i128).abs() < 4);
    }

    const RANKING: Ranking = Ranking {
        half_life: 86_400,
        quality: 50,
        heat: 50,
        derive_heat: true,
    };

    #[test]
    fn coverage_adds_and_never_takes() {
        let facts = |quality, heat| Facts {
            quality,
            heat,
            ..Facts::default()
        };
        let stir = |reports, span| Some(Stir { reports, span });
        let weight = |facts: &Facts, stir| worth(facts, stir, &RANKING).weight;
        let plain = facts(Some(80), None);
        assert_eq!(weight(&plain, None), 80);
        assert_eq!(weight(&plain, stir(1, 0)), 87);
        assert!(weight(&plain, stir(4, 3600)) > weight(&plain, stir(4, 90_000)));
        assert_eq!(weight(&facts(None, None), None), 10);
        // A heat of its own is what the editor says.
        assert_eq!(weight(&facts(Some(80), Some(20)), stir(9, 60)), 50);
        let only = Ranking { heat: 0, ..RANKING };
        assert_eq!(worth(&facts(Some(80), Some(20)), None, &only).weight, 80);
    }

    #[test]
    fn the_weight_that_it_would_take_is_enough_and_no_more() {
        let facts = Facts {
            quality: Some(90),
            published: Time::from_seconds(86_400 * 3).unwrap_or_default(),
            ..Facts::default()
        };
        let leader = worth(&facts, None, &RANKING);
        let older = Time::from_seconds(86_400 * 2).unwrap_or_default();
        // A day is half of it.
        assert_eq!(weight_above(older, leader.score, &RANKING), Some(181));
    }
}
