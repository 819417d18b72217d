//! The condition by which candidates are published without a person: `publish` of `[fetch]` and of
//! source files.

use crate::condition::{Condition, Field, Kind};

/// What such a condition can ask of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateField {
    /// Its suggested quality, 0 to 100.
    Quality,
    /// The name of its source.
    Source,
    /// Name and domain of its provider.
    Provider,
    /// Its topics.
    Topic,
    /// Its language, as a tag.
    Language,
    /// Seconds since the story was published.
    Age,
}

/// All of them, with their names.
pub const CANDIDATE_FIELDS: [Field<CandidateField>; 6] = [
    field("quality", Kind::Number, CandidateField::Quality),
    field("source", Kind::Text, CandidateField::Source),
    field("provider", Kind::Texts, CandidateField::Provider),
    field("topic", Kind::Texts, CandidateField::Topic),
    field("language", Kind::Language, CandidateField::Language),
    field("age", Kind::Age, CandidateField::Age),
];

/// A condition over candidates.
pub type PublishRule = Condition<CandidateField>;

const fn field(name: &'static str, kind: Kind, id: CandidateField) -> Field<CandidateField> {
    Field { name, kind, id }
}
