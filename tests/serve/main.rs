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
mod preview;
mod survival;
