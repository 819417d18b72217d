//! `[curation]`.

use regex::Regex;
use serde::Serialize;

use super::{AddressPattern, Setting};
use crate::diagnostic::Location;

/// `[curation]`.
#[derive(Clone, Debug)]
pub struct Curation {
    /// Limits for all articles.
    pub limits: Limits,
    /// Limits for some.
    pub overrides: Vec<Override>,
    /// What becomes of articles from the future.
    pub future: Setting<Keep>,
    /// Fields an article must have.
    pub require: Setting<Vec<String>>,
    /// What becomes of duplicates.
    pub duplicates: Setting<Keep>,
    /// Topics that articles must have one of; any if there are none.
    pub topics: Setting<Vec<String>>,
    /// Blocked providers, by domain in lower case.
    pub block_providers: Setting<Vec<String>>,
    /// Blocked topics, by name.
    pub block_topics: Setting<Vec<String>>,
    /// Blocked titles.
    pub block_titles: Setting<Vec<Regex>>,
    /// Blocked addresses.
    pub block_urls: Setting<Vec<AddressPattern>>,
}

/// Whom an override is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverrideScope {
    /// Articles with this topic.
    Topic(String),
    /// Articles of the provider with this domain.
    Provider(String),
}

/// `[[curation.override]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Whom it is for.
    pub scope: OverrideScope,
    /// What it sets.
    pub limits: Limits,
    /// Where it says whom it is for.
    pub location: Location,
}

/// Whether something stays or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Keep {
    /// It stays.
    Keep,
    /// It goes.
    Drop,
}

/// Limits that may differ by topic and provider; none means "no limit" at the top and "as above" in
/// an override.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Lowest `quality`.
    pub min_quality: Option<Setting<i64>>,
    /// Lowest `heat`.
    pub min_heat: Option<Setting<i64>>,
    /// Highest age in seconds.
    pub max_age: Option<Setting<i64>>,
    /// What becomes of an article without the score.
    pub unscored: Option<Setting<Keep>>,
}
