//! Weights of features, learnt from decisions.

use super::Subject;
use super::features;

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

/// What was learnt from decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    decisions: usize,
}

impl Model {
    /// How many decisions it was learnt from.
    pub fn decisions(&self) -> usize {
        self.decisions
    }

    /// The points that it gives an item, with their reasons.
    pub(super) fn parts(&self, subject: &Subject<'_>) -> Vec<(i64, String)> {
        let _ = features::of(subject);
        Vec::new()
    }
}
