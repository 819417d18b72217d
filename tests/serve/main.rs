//! `newsgen serve` over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod edits;
mod http;
mod preview;
