//! Suggested quality: what an editor is likely to make of an item, from 0 to 100, with the reasons.
//!
//! Before there are decisions, it follows from what is known of any item (`prior`). What was
//! published, rejected and left to expire adds weights to words, sources and so on ([`Model`]).
//! Everything is a sum of points, computed in fixed point in a fixed order: the same files give the
//! same numbers on every machine.
//!
//! # Files
//!
//! - `suggester.rs`: brings it together for a site
//! - `features.rs`: what an item is known by
//! - `prior.rs`: what that is worth before there are decisions
//! - `model.rs`: learns from decisions
//! - `history.rs`: reads decisions from the ledger
//! - `coverage.rs`: who reports the same

mod coverage;
mod features;
mod history;
mod model;
mod prior;
mod suggester;

use std::fmt;

pub use coverage::{Event, Events};
pub use features::{Subject, start};
pub use model::{Decided, Decision, Model};
pub use suggester::{Lesson, Suggester, events, quality_of};

/// Points of an item of which nothing is known.
pub const MIDDLE: i64 = 50;

/// Reasons that are named, at most.
pub const MOST_REASONS: usize = 5;

/// Binary digits after the point of weights and sums.
const FRACTION_BITS: u32 = 16;

/// A point.
const POINT: i64 = 1 << FRACTION_BITS;

/// A suggested quality, with its strongest reasons, the strongest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestion {
    /// From 0 to 100.
    pub quality: i64,
    /// At most [`MOST_REASONS`].
    pub reasons: Vec<Reason>,
}

/// Why a suggestion is above or below the middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What it adds, or takes away.
    pub points: i64,
    /// In words.
    pub what: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.points < 0 { '−' } else { '+' };
        write!(f, "{sign}{} {}", self.points.unsigned_abs(), self.what)
    }
}

/// Which quality an article gets that is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// One that the editor gives.
    Given(i64),
    /// One that newsgen suggests: nothing is learnt from it.
    Suggested(i64),
    /// That of the candidate's file, which the editor wrote.
    OfFile,
}

/// What a model suggests for an item. Pure.
pub fn suggest(model: &Model, subject: &Subject<'_>) -> Suggestion {
    let mut parts = prior::parts(subject, model.decisions());
    parts.extend(model.parts(subject));
    let sum: i64 = parts.iter().map(|(points, _)| points).sum();
    parts.sort_by(|(a, what), (b, other)| b.abs().cmp(&a.abs()).then_with(|| what.cmp(other)));
    let reasons = parts.into_iter().map(|(points, what)| Reason {
        points: rounded(points),
        what,
    });
    Suggestion {
        quality: bounded(rounded(MIDDLE * POINT + sum)),
        reasons: reasons
            .filter(|reason| reason.points != 0)
            .take(MOST_REASONS)
            .collect(),
    }
}

/// Whole points: halves are rounded up.
fn rounded(points: i64) -> i64 {
    (points + POINT / 2) >> FRACTION_BITS
}

/// Points from 0 to 100. Near the ends a point counts for a quarter, so that few items share one
/// number there.
fn bounded(points: i64) -> i64 {
    const EDGE: i64 = 10;
    match points {
        ..EDGE => EDGE - (EDGE - points) / 4,
        91.. => 90 + (points - 90) / 4,
        _ => points,
    }
    .clamp(0, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_bounded_and_keep_their_order() {
        let all: Vec<i64> = (-200..300).map(bounded).collect();
        assert!(all.is_sorted() && all.iter().all(|points| (0..=100).contains(points)));
        assert_eq!((bounded(50), bounded(9), bounded(94)), (50, 10, 91));
    }

    #[test]
    fn reasons_are_written_with_their_sign() {
        let of = |points, what: &str| {
            let what = what.to_owned();
            Reason { points, what }.to_string()
        };
        assert_eq!(of(14, "source arXiv"), "+14 source arXiv");
        assert_eq!(of(-20, "\"sponsored\""), "−20 \"sponsored\"");
    }
}
