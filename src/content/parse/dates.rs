//! Dates of an article, and what may be one.

use super::{Builder, Scalar};
use crate::content::article::Pin;
use crate::time::Time;

/// When a story was published and last changed.
#[derive(Clone, Copy)]
pub(super) struct Dates {
    pub(super) published: Time,
    pub(super) updated: Option<Time>,
}

impl Dates {
    pub(super) fn new(published: Time, updated: Option<Time>) -> Dates {
        // One of two such dates is wrong, and `check` says so: to go on, the article was not
        // changed.
        let updated = updated.filter(|updated| *updated >= published);
        Dates { published, updated }
    }
}

impl Builder<'_> {
    pub(super) fn time(&mut self, field: &str, value: Option<&Scalar>) -> Option<Time> {
        let written = value?;
        match Time::parse(&written.0, &self.parser.zone) {
            Ok(time) => Some(time),
            Err(error) => {
                let name = self.file.name_of(field);
                self.problem(field, format!("`{name}` {error}"), error.help());
                None
            }
        }
    }

    pub(super) fn pin(&mut self, value: Option<&Scalar>) -> Pin {
        match value.map(|written| written.0.trim()) {
            None | Some("" | "false") => Pin::No,
            Some("true") => Pin::Always,
            Some(_) => self.time("pin", value).map_or(Pin::No, Pin::Until),
        }
    }
}
