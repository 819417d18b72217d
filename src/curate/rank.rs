//! Rank for the front page: heat and quality, halved with every half-life of age.
//!
//! An exponential decay takes the same share from all stories alike, so their order does not depend
//! on the moment. The logarithm of the decayed score, log2(weight) + published / half-life, is
//! compared; it is computed in fixed point, so that it is the same on every machine.

use crate::content::article::Facts;

const FRACTION_BITS: u32 = 32;

/// The rank of a story: higher comes first. `derived` is the heat of its event, which counts if the
/// story has none of its own.
pub(super) fn score(facts: &Facts, derived: Option<i64>, half_life: i64) -> i128 {
    let age =
        (i128::from(facts.published.seconds()) << FRACTION_BITS) / i128::from(half_life.max(1));
    log2(mean(facts.quality, facts.heat.or(derived))) + age
}

/// What a story is worth, whatever its age: the mean of quality and heat, where both are known; a
/// story without a score has little weight.
pub(super) fn weight(facts: &Facts) -> u64 {
    mean(facts.quality, facts.heat)
}

fn mean(quality: Option<i64>, heat: Option<i64>) -> u64 {
    let weight = match (quality, heat) {
        (Some(quality), Some(heat)) => quality.saturating_add(heat) / 2,
        (Some(score), None) | (None, Some(score)) => score,
        (None, None) => 10,
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
    use super::log2;

    #[test]
    fn logarithms() {
        assert_eq!(log2(1), 0);
        assert_eq!(log2(1024), 10 << 32);
        let ten = 10f64.log2() * 2f64.powi(32);
        assert!((log2(10) - ten as i128).abs() < 4);
    }
}
