//! What `[fetch]` and source files say of candidates: the condition by which they are published
//! without a person, and where their pictures come from.

use crate::condition::{Condition, Field, Kind};

/// What such a condition can ask of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateField {
    /// The quality that the filter command gave it, else its suggested quality, 0 to 100.
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

/// Where the picture of an item comes from that has none in its feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFrom {
    /// Only from the feed.
    Feed,
    /// From the page of the story, which names one for previews of links.
    Page,
}

impl PictureFrom {
    /// Reads `feed` or `page`.
    pub fn parse(written: &str) -> Option<PictureFrom> {
        match written.trim() {
            "feed" => Some(PictureFrom::Feed),
            "page" => Some(PictureFrom::Page),
            _ => None,
        }
    }
}
