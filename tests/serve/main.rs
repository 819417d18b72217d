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
#[path = "../fetch/server.rs"]
#[allow(dead_code, reason = "the tests of `fetch` use more of it")]
mod server;
#[path = "../support/mod.rs"]
mod support;
mod survival;

use support::preview;
