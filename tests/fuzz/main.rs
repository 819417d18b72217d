//! Fuzzing without measured coverage: inputs made by changing small files of each kind (`seeds/`),
//! in ways that keep much of their structure.
//!
//! Every input ends in a value or in diagnostics: no panic, no input that takes many seconds, none
//! that takes much memory. Each target runs for a second, or for as many as the environment says:
//!
//! ```text
//! NEWSGEN_FUZZ_SECONDS=600 cargo test --test fuzz body
//! NEWSGEN_FUZZ_SEED=7 …                                another series of inputs
//! ```
//!
//! An input that fails is made smaller and kept in `seeds/`, and from then on tried first in every
//! run. Should the process itself die, the last input is in the folder of the tests' temporary
//! files, `target/tmp/fuzz/`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod content;
mod feed;
mod mutate;
mod request;
mod rules;
mod runner;
mod settings;
mod state;
#[path = "../support/mod.rs"]
mod support;
mod template;
