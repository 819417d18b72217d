//! Sources → items → candidates: feeds are read, and rules decide what becomes of their entries.
//!
//! A file is always moved or written before its line of the ledger: what a stopped program leaves
//! looks like a file that a person has put there, moved or deleted, and both are settled alike
//! (`Queue::settle`).
//!
//! # Feeds and pages
//!
//! - `feed/`: bytes → entries
//! - `xml.rs`: XML, whatever is wrong with it, → a tree
//! - `answer.rs`: what servers answer
//! - `opml.rs`: lists of feeds
//! - `register.rs`: makes and edits source files
//! - `story.rs`: the page of a link → a proposal
//!
//! # From entries to candidates
//!
//! - `rules.rs`: decides on entries, with reasons
//! - `topics.rs`: topics by words and categories
//! - `proposal.rs`: what a candidate is to say, before it is a file
//! - `external_filter.rs`: the site's own filter command
//! - `suggest/`: suggested quality
//! - `intake.rs`: entries → candidates
//! - `outbox.rs`: writes them, many at a time
//! - `trial.rs`: the same without writing
//!
//! # A run
//!
//! - `run.rs`: over the sources that are due
//! - `poll.rs`: asks them: how many at once, how many of one host
//! - `schedule.rs`: when a source is due, and what a server says of that
//! - `memory.rs`: what is remembered of sources
//!
//! # Queue and ledger
//!
//! - `queue.rs`: the folder of candidates
//! - `decide.rs`: publishes, rejects and undoes
//! - `ledger.rs`: what became of every item
//! - `forget.rs`: removes files of the ledger that are older than a year

pub mod answer;
pub mod decide;
pub mod external_filter;
pub mod feed;
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
use crate::workspace::WriteError;

/// Bytes of a feed, after decompression. A larger one is not read.
pub const LARGEST_FEED: u64 = http::LARGEST_BODY as u64;

/// A file that cannot be written.
pub type CannotWrite = (String, WriteError);
