//! `newsgen deploy` against a store that speaks S3's protocol and against a folder: what is sent,
//! in which order, with which headers, what becomes of it when things go wrong, and what readers
//! see meanwhile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::print_stderr,
    reason = "what was skipped, and how often something happened, is worth seeing"
)]

#[path = "../support/mod.rs"]
mod support;

mod azure;
mod faults;
mod folder;
mod git;
mod reader;
mod s3;
mod server;
mod usage;

use support::{NOW, Site, Tree};

/// A built site of some articles.
fn site(articles: usize) -> Site {
    let site = Site::new().with_articles(articles);
    build(&site);
    site
}

fn build(site: &Site) {
    site.build().good();
}

/// What is in `public/` and is part of the site.
fn public(site: &Site) -> Tree {
    let mut files = site.output();
    files.remove(".newsgen-output");
    files
}

/// Adds an article on topics that are there already.
fn add_article(site: &Site, number: usize) {
    let provider = "provider:\n  name: even.example\n  domain: even.example";
    let name = format!("2026-11-20-more-{number}");
    site.write_article(
        &name,
        &format!("title: More {number}\n{provider}\ntopics: [Rest]\n"),
    );
}

/// Changes a site: an article that is new, one that changed, one that is gone, with the pages that
/// list them.
fn edit(site: &Site, round: usize) {
    site.write_article(
        &format!("2026-11-20-new-{round}"),
        &format!("title: New in {round}\ntopics: [New{round}]\n"),
    );
    let gone = site.path(&format!(
        "content/news/2026-11-20-new-{}.md",
        round.wrapping_sub(1)
    ));
    if gone.exists() {
        std::fs::remove_file(gone).unwrap();
    }
    let (name, fields) = support::numbered(round);
    site.write_article(
        &name,
        &fields.replace("title: Story", "title: Changed story"),
    );
    build(site);
}

/// The build at the moment of all tests, for `deploy --build`.
fn build_arguments() -> [&'static str; 3] {
    ["--build", "--now", NOW]
}
