//! What a step of the journal did, and to which versions of which files.

use serde::{Deserialize, Serialize};

use crate::hash::Hash128;

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Deed {
    /// Candidates became articles.
    Publish,
    /// Candidates were taken out of the queue.
    Reject,
    /// Fields of files were changed.
    Edit,
    /// Articles were deleted.
    Delete,
    /// An article or a candidate was made.
    New,
}

/// A file before and after a step, each with the hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileStep {
    /// What was there before; none for a file that was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Version>,
    /// What is there since; none for a file that was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<Version>,
}

impl FileStep {
    /// A file that is another since, or has another path.
    pub(super) fn changed(from: Version, to: Version) -> FileStep {
        FileStep {
            from: Some(from),
            to: Some(to),
        }
    }
}

/// A path with the hash of the bytes there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) path: String,
    pub(super) hash: String,
}

impl Version {
    pub(super) fn of(path: &str, bytes: &[u8]) -> Version {
        Version {
            path: path.to_owned(),
            hash: Hash128::of(bytes).to_string(),
        }
    }
}
