//! What a build would take out of the output, before it does.

use super::Output;
use crate::plan::{Role, SitePlan};

/// So many files of a kind may always go.
const ALWAYS: usize = 10;

/// What a build would take out of the output, of the kind of files of which it takes too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What the files are.
    pub kind: &'static str,
    /// How many fewer of them there would be.
    pub fewer: usize,
    /// Of so many.
    pub of: usize,
}

/// Kinds of files that come from what the owner wrote, and are missed when they are gone. Feeds,
/// sitemaps and the search index come and go with settings.
const KINDS: [&str; 3] = ["articles and digests", "other pages", "static files"];

/// The kind of a file, by its number in [`KINDS`].
fn kind(role: Role) -> Option<usize> {
    match role {
        Role::Article => Some(0),
        Role::Page | Role::Listing | Role::Front => Some(1),
        Role::Hashed | Role::Asset => Some(2),
        Role::Feed | Role::Index => None,
    }
}

impl Output {
    /// What the build would take out of the output, if that is more than `limit` percent of a kind.
    /// A file that is new makes up for one that goes: pages that move to other addresses are no
    /// loss.
    pub fn loss(&self, plan: &SitePlan, limit: usize) -> Option<Loss> {
        let bundled: usize = self
            .manifest
            .bundles
            .iter()
            .map(|bundle| bundle.files)
            .sum();
        let pages = self.manifest.files.len().saturating_sub(bundled);
        let (mut before, mut after) = ([0; KINDS.len()], [0; KINDS.len()]);
        for written in &self.manifest.files[..pages] {
            if let Some(kind) = kind(written.role) {
                before[kind] += 1;
            }
        }
        for page in &plan.pages {
            if let Some(kind) = kind(page.role()) {
                after[kind] += 1;
            }
        }
        excess(before, after, limit)
    }
}

/// The first kind that loses more than it may.
fn excess(before: [usize; 3], after: [usize; 3], limit: usize) -> Option<Loss> {
    let loss = |(kind, (before, after)): (&'static str, (usize, usize))| {
        let fewer = before.saturating_sub(after);
        (fewer > ALWAYS && fewer * 100 > before * limit).then_some(Loss {
            kind,
            fewer,
            of: before,
        })
    };
    KINDS
        .into_iter()
        .zip(before.into_iter().zip(after))
        .find_map(loss)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_is_no_loss_and_a_few_files_may_always_go() {
        let loss = |before, after, limit| excess(before, after, limit).map(|loss| loss.fewer);
        assert_eq!(loss([0; 3], [0; 3], 50), None);
        assert_eq!(loss([10, 9, 9], [0, 9, 9], 0), None);
        assert_eq!(loss([11, 9, 9], [0, 9, 9], 50), Some(11));
        assert_eq!(loss([100, 9, 9], [100, 9, 9], 0), None);
        assert_eq!(loss([100, 9, 9], [50, 9, 9], 50), None);
        assert_eq!(loss([100, 9, 9], [49, 9, 9], 50), Some(51));
        assert_eq!(loss([100, 9, 9], [0, 9, 9], 100), None);
        assert_eq!(loss([9, 9, 100], [90, 9, 0], 50), Some(100));
    }
}
