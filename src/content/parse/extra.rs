//! Fields that newsgen does not know.

use serde_json::Value;

use super::{Builder, Part, Scalar, budget};
use crate::content::extra::Extra;
use crate::content::text;

/// The name of a source that a file has: a field that `newsgen fetch` writes. Trees of other tools
/// have other things in a field of this name.
pub(super) fn source(extra: &Extra) -> Option<String> {
    let name = extra.fields.get("source").and_then(Value::as_str)?.trim();
    (!name.is_empty() && name.len() <= budget::NAME).then(|| name.to_owned())
}

impl Builder<'_> {
    /// The unknown fields as a JSON object, with the length as it is written.
    pub(super) fn extra(&mut self, extra: Extra, length: Option<&Scalar>) -> String {
        let all_extra = extra.fields.len() + extra.dropped;
        self.cuts.note(Part::Extra, extra.fields.len(), all_extra);
        let unknown = extra.fields.into_iter();
        let mut known: serde_json::Map<_, _> = unknown
            .map(|(name, value)| (text::without_controls(name), value))
            .collect();
        if let Some(length) = length {
            let length = text::without_controls(length.0.clone());
            known.insert("length".to_owned(), length.into());
        }
        Value::Object(known).to_string()
    }
}
