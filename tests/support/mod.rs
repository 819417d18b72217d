//! What the tests of whole sites share: [`Site`] makes the files of a site in a folder of its own,
//! [`Newsgen`] runs the real program on it, [`build`] builds it within the process, and [`Tree`] is
//! what came out, to be compared.
//!
//! ```ignore
//! let site = Site::new()
//!     .file("site.toml", "title = \"Test\"")
//!     .article("2026-11-20-a", "title: A");
//! site.build().good();
//! assert!(site.output().contains("index.html"));
//! ```
#![allow(dead_code, unused_imports, reason = "each test uses a part of it")]
#![allow(unreachable_pub, reason = "shared by all tests")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

pub mod edits;
pub mod in_process;
pub mod preview;
mod program;
mod random;
mod site;
mod tree;

use std::path::Path;

pub use in_process::{How, build, reason};
pub use program::{Newsgen, Run};
pub use random::Random;
pub use site::{Site, article, copy_tree, folder, numbered, put, story};
pub use tree::{Tree, assert_same, compare, difference, files};

/// What counts as now in every run of the program that does not say otherwise.
pub const NOW: &str = "2026-11-21T12:00:00Z";

/// The folder of this package.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether expected files are to be written instead of compared: `NEWSGEN_BLESS=1 cargo test`.
pub fn is_blessing() -> bool {
    std::env::var_os("NEWSGEN_BLESS").is_some_and(|value| value == "1")
}
