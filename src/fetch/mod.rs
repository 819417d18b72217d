//! Sources → items → candidates: feeds are read, and rules decide what becomes of their entries.

pub mod answer;
pub mod decide;
pub mod feed;
pub mod filter;
pub mod forget;
pub mod intake;
pub mod ledger;
pub mod memory;
pub mod opml;
pub mod outbox;
pub mod poll;
pub mod proposal;
pub mod queue;
pub mod register;
pub mod rules;
pub mod run;
pub mod schedule;
pub mod story;
pub mod suggest;
pub mod topics;
pub mod trial;
mod xml;

use crate::http;

/// Bytes of a feed, after decompression. A larger one is not read.
pub const LARGEST_FEED: u64 = http::LARGEST_BODY as u64;
