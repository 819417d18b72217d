//! `[fetch]`.

use super::{Pattern, PictureFrom, PublishRule, Setting};

/// `[fetch]`: the rules for items of all sources.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// Of these an item must fit one, if there are any.
    pub keep: Setting<Vec<Pattern>>,
    /// Of these it must fit none.
    pub skip: Setting<Vec<Pattern>>,
    /// Languages of items; all if there are none.
    pub languages: Setting<Vec<String>>,
    /// Characters of an excerpt, at least.
    pub min_length: Setting<usize>,
    /// Highest age in seconds.
    pub max_age: Option<Setting<i64>>,
    /// Highest age of items of a source that was never fetched, in seconds.
    pub first_max_age: Setting<i64>,
    /// By which condition candidates are published without a person; by none if there is none.
    pub publish: Option<Setting<PublishRule>>,
    /// A program that candidates are shown to, and its arguments; empty if there is none.
    pub filter: Vec<String>,
    /// Seconds that it may take in one run.
    pub filter_timeout: i64,
    /// Where pictures of items come from that have none in their feed.
    pub image: PictureFrom,
    /// Pages that are fetched for pictures in one run, at most.
    pub image_pages: usize,
    /// Seconds between two requests of a feed, at least.
    pub every: i64,
    /// Age in seconds from which candidates expire.
    pub expire_after: i64,
    /// Reasons for which candidates are rejected.
    pub reject_reasons: Vec<String>,
    /// Hosts that may be in a private network.
    pub allow_hosts: Vec<String>,
}
