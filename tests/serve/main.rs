//! `newsgen serve` over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod connections;
mod desk;
mod edits;
mod http;
#[path = "../support/mod.rs"]
mod support;
mod survival;

use support::preview;
