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
    /// Whether its heat comes from its event.
    pub is_derived: bool,
    /// What both make, before age takes from it.
    pub weight: u64,
    /// Its rank: higher comes first.
    pub score: i128,
}

/// Weight of a story without any score.
const UNSCORED: i64 = 10;

/// The rank of a story. `derived` is the heat of its event, which counts if the story has none of
/// its own.
pub(super) fn worth(facts: &Facts, derived: Option<i64>, ranking: &Ranking) -> Worth {
    let half_life = i128::from(ranking.half_life.max(1));
    let age = (i128::from(facts.published.seconds()) << FRACTION_BITS) / half_life;
    let heat = facts.heat.or(derived);
    let weight = mean(facts.quality, heat, ranking.quality_share);
    Worth {
        quality: facts.quality,
        heat,
        is_derived: facts.heat.is_none() && derived.is_some(),
        weight,
        score: log2(weight) + age,
    }
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

/// What a story is worth in a digest, whatever its age and coverage: the mean of quality and heat.
pub(super) fn weight(facts: &Facts) -> u64 {
    mean(facts.quality, facts.heat, 50)
}

/// The mean of quality and heat, where both are known; a story without a score has little weight.
fn mean(quality: Option<i64>, heat: Option<i64>, quality_share: i64) -> u64 {
    let weight = match (quality, heat) {
        (Some(quality), Some(heat)) => {
            let [quality, heat, share] = [quality, heat, quality_share].map(i128::from);
            i64::try_from((quality * share + heat * (100 - share)) / 100).unwrap_or(i64::MAX)
        }
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
        quality_share: 50,
        derives_heat: false,
    };

    #[test]
    fn quality_and_heat_count_as_settings_say() {
        let facts = |quality, heat| Facts {
            quality,
            heat,
            ..Facts::default()
        };
        let weight = |facts: &Facts, derived, quality_share| {
            let ranking = Ranking {
                quality_share,
                ..RANKING
            };
            worth(facts, derived, &ranking).weight
        };
        assert_eq!(weight(&facts(Some(80), None), None, 50), 80);
        assert_eq!(weight(&facts(Some(80), None), Some(100), 50), 90);
        assert_eq!(weight(&facts(Some(80), Some(20)), Some(100), 50), 50);
        assert_eq!(weight(&facts(Some(80), Some(20)), None, 100), 80);
        assert_eq!(weight(&facts(Some(80), Some(20)), None, 0), 20);
        assert_eq!(weight(&facts(None, None), None, 50), 10);
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
