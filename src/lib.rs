//! newsgen turns a folder of curated news articles into a static news site.
//!
//! The stages, in their order; each takes only what the ones before it made:
//!
//! ```text
//! config    site.toml → Config, with the place of every setting
//! content   files → Library: parsed and sanitised articles, topics, providers, pages
//! curate    Library + Config + now → Edition: what is kept, in order, and why the rest is not
//! plan      Edition + theme → Plan: every page of the site, each with a fingerprint
//! render    a page of the plan → its bytes
//! search    parts of the index of the Plan → the files that browsers search in
//! write     plan + manifest of the last build → only the files that change
//! deploy    the files of the last build + the record at the target → only what changed
//! ```
//!
//! `curate`, `plan` and `render` are pure: no clock, no disk, no environment. [`workspace`] is the
//! one door to files, [`pipeline`] the one file that knows the order of the stages, and [`cli`]
//! prints. `ARCHITECTURE.md` says more.

/// The address of a page of the documentation, as messages give it: the package's `homepage`
/// (`Cargo.toml`) with the path of the page.
macro_rules! manual {
    ($page:literal) => {
        concat!(env!("CARGO_PKG_HOMEPAGE"), "/docs/", $page, ".md")
    };
}

pub mod cli;
pub mod color;
pub mod condition;
pub mod config;
pub mod content;
pub mod curate;
pub mod deploy;
pub mod diagnostic;
pub mod document;
pub mod edit;
pub mod fetch;
pub mod git;
pub mod hash;
pub mod http;
pub mod ids;
pub mod inspect;
pub mod mime;
pub mod output_path;
pub mod percent;
pub mod pipeline;
pub mod plan;
pub mod render;
pub mod script;
pub mod search;
pub mod serve;
pub mod slug;
pub mod table;
pub mod theme;
pub mod time;
pub mod words;
pub mod workspace;
pub mod write;
