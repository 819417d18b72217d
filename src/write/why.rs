//! Why a page was rendered again or not.

use super::Output;
use crate::plan::{Fingerprint, route};

/// Why a page was rendered again or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The last build did not have it.
    New,
    /// The file is missing or was changed by somebody.
    NotIntact,
    /// These parts of the fingerprint changed.
    Changed(Vec<&'static str>),
    /// Nothing changed.
    Same,
}

impl Output {
    /// Why a page has to be rendered, or why not.
    pub fn why(&self, url: &str, fingerprint: Fingerprint) -> Why {
        match self.manifest.get(&route::file_of(url)) {
            Some(written) => Why::of(
                written.fingerprint,
                fingerprint,
                self.intact(written).is_some(),
            ),
            None => Why::New,
        }
    }
}

impl Why {
    pub(super) fn of(old: Fingerprint, fingerprint: Fingerprint, is_intact: bool) -> Why {
        let parts = [
            (
                "its template or a file that the template uses",
                old.template != fingerprint.template,
            ),
            (
                "settings that all pages depend on, or newsgen itself",
                old.settings != fingerprint.settings,
            ),
            (
                "a shared value that its template reads",
                old.shared != fingerprint.shared,
            ),
            (
                "its articles or other content of this page",
                old.content != fingerprint.content,
            ),
        ];
        let changed: Vec<&'static str> = parts
            .into_iter()
            .filter(|(_, changed)| *changed)
            .map(|(name, _)| name)
            .collect();
        match (changed.is_empty(), is_intact) {
            (false, _) => Why::Changed(changed),
            (true, false) => Why::NotIntact,
            (true, true) => Why::Same,
        }
    }
}
