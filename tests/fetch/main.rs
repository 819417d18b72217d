//! Feeds come in: how they are read, judged and listed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod feeds;
mod fetch;
mod filter;
mod forget;
mod http;
#[cfg(unix)]
mod kill;
mod newcomer;
#[cfg(unix)]
mod pipeline;
mod queue;
mod reference;
mod rules;
mod server;
mod sources;
mod suggest;
