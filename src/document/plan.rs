//! An edit as changes of the text, and why there are none.

use std::ops::Range;

use super::{Edit, EditError};

/// A range of bytes and what comes in its place.
pub(super) type Splice = (Range<usize>, String);

/// One way to make an edit: its splices, in no order.
pub(super) type Plan = Vec<Splice>;

/// The error that an edit cannot be made.
pub(super) fn refused(edit: &Edit, reason: String) -> EditError {
    EditError::Refused {
        field: edit.path().to_string(),
        reason,
    }
}

/// A text after some splices; none when these overlap.
pub(super) fn carry_out(text: &str, mut plan: Plan) -> Option<String> {
    plan.sort_by_key(|(range, _)| (range.start, range.end));
    let mut edited = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (range, new) in plan {
        edited.push_str(text.get(at..range.start)?);
        edited.push_str(&new);
        at = range.end;
    }
    edited.push_str(text.get(at..)?);
    Some(edited)
}
