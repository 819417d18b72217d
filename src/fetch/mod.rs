//! Sources → items → candidates: feeds are read, and rules decide what becomes of their entries.

pub mod answer;
pub mod feed;
pub mod opml;
pub mod register;
pub mod rules;
mod xml;

/// Bytes of a feed, after decompression. A larger one is not read.
pub const LARGEST_FEED: u64 = 15 << 20;
