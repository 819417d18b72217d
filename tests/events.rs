//! Which articles are joined into events, by what the program says of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use support::Site;

/// Pairs of headlines, made up: language, `same` or `other`, and two headlines on the same event or
/// on two.
const PAIRS: &str = include_str!("events/pairs.tsv");

const SETTINGS: &str = "title = \"Test\"\nbase_url = \"https://news.example/\"\n";

struct Pair<'a> {
    language: &'a str,
    is_same: bool,
    titles: [&'a str; 2],
}

fn pairs() -> Vec<Pair<'static>> {
    let lines = PAIRS.lines().map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [language, kind @ ("same" | "other"), one, other] = fields[..] else {
            panic!("{line}");
        };
        Pair {
            language,
            is_same: kind == "same",
            titles: [one, other],
        }
    });
    lines.collect()
}

/// An article of a provider of its own, so many minutes into a day.
fn article(number: usize, minutes: usize, title: &str, more: &str) -> String {
    format!(
        "---\ntitle: {}\npublishedDateTime: 2026-11-{:02}T{:02}:{:02}:00Z\n\
         originalUrl: https://p{number}.example/{number}\n{more}---\n",
        Value::from(title),
        20 + minutes / 1440,
        minutes / 60 % 24,
        minutes % 60,
    )
}

/// The event of each article, by the name of its file.
fn events(site: &Site) -> BTreeMap<String, Option<String>> {
    let listed = site.run(&["list", "--format", "json", "--now", "2026-11-25T00:00:00Z"]);
    let listed: Value = serde_json::from_str(listed.good().stdout()).unwrap();
    let rows = listed.as_array().unwrap().iter();
    rows.map(|row| {
        let path = row["path"].as_str().unwrap();
        let event = row["event"].as_str().map(str::to_owned);
        (path.to_owned(), event)
    })
    .collect()
}
