//! Fields that newsgen does not know.

use super::{Builder, Part, Scalar};
use crate::content::extra::Extra;
use crate::content::text;

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
        serde_json::Value::Object(known).to_string()
    }
}
