//! `[feeds]`.

use serde::Serialize;

/// A feed format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum FeedFormat {
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl FeedFormat {
    /// Its media type (RFC 4287, <https://www.rssboard.org/rss-mime-type-application.txt>,
    /// <https://www.jsonfeed.org/version/1.1/>).
    pub fn media_type(self) -> &'static str {
        match self {
            FeedFormat::Atom => "application/atom+xml",
            FeedFormat::Rss => "application/rss+xml",
            FeedFormat::Json => "application/feed+json",
        }
    }
}

/// `[feeds]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feeds {
    /// Formats, without repetition.
    pub formats: Vec<FeedFormat>,
    /// Articles in a feed.
    pub limit: usize,
    /// What they have of articles.
    pub text: FeedText,
    /// Whether entries lead to the originals.
    pub to_original: bool,
    /// Bytes of all texts in a feed, at most.
    pub max_bytes: usize,
    /// Whether providers have feeds.
    pub of_providers: bool,
    /// Whether there is a list of all feeds.
    pub opml: bool,
}

/// `feeds.text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FeedText {
    /// Text and excerpt.
    Full,
    /// The excerpt.
    Excerpt,
    /// Neither.
    Link,
}
