//! Real articles of a machine-curated feed, if they lie beside the project: they are other people's
//! texts and no part of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]
#![allow(clippy::print_stderr, reason = "a test that is left out should say so")]

mod support;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use support::{NOW, Site, Tree, assert_same, copy_tree, files, repository};

const SETTINGS: &str =
    "title = \"Real\"\nbase_url = \"https://news.example/\"\n\n[curation]\nmin_quality = 70\n";

/// The folder of real articles.
fn real() -> Option<PathBuf> {
    let folder = repository().join("../shared/real");
    let found = folder.join("news").is_dir();
    if !found {
        eprintln!("skipped: {} is not here", folder.display());
    }
    found.then_some(folder)
}

/// A site of some of the folders.
fn site(folders: &[&str]) -> Option<Site> {
    let real = real()?;
    let site = Site::empty().file("site.toml", SETTINGS);
    for folder in folders {
        copy_tree(
            &real.join(folder),
            &site.path(&format!("content/news/{folder}")),
        );
    }
    for folder in ["topics", "providers"] {
        copy_tree(&real.join(folder), &site.path(&format!("content/{folder}")));
    }
    Some(site)
}

fn rows(site: &Site) -> Vec<Value> {
    let run = site
        .newsgen(["list", "--dropped", "--format", "json", "--now", NOW])
        .run()
        .good();
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_feed_is_read_and_curated() {
    let Some(site) = site(&["news"]) else { return };
    site.build()
        .good()
        .says("96 articles read, 67 kept, 29 dropped");
    let rows = rows(&site);
    let kept = rows.iter().filter(|row| row["status"] == "kept").count();
    assert_eq!((rows.len(), kept), (96, 67));
    for row in rows.iter().filter(|row| row["status"] == "dropped") {
        assert!(
            row["reason"]
                .as_str()
                .is_some_and(|reason| !reason.is_empty()),
            "{row}"
        );
        assert!(
            row["setting"]
                .as_str()
                .is_some_and(|place| !place.is_empty()),
            "{row}"
        );
        let path = row["path"].as_str().unwrap();
        let run = site.newsgen(["explain", path, "--now", NOW]).run().good();
        assert!(
            run.stdout.contains("out: ") && run.stdout.contains("FAIL"),
            "{run}"
        );
    }
    site.check().good();
}

#[test]
fn items_of_other_kinds_load_as_well() {
    let Some(site) = site(&["news", "videos", "seed"]) else {
        return;
    };
    let run = site.build().good();
    let count = files(&site.path("content/news")).len();
    assert!(
        run.stdout.contains(&format!("{count} articles read")),
        "{count}: {run}"
    );
    assert!(count > 150, "{count}");
}

#[test]
fn line_ends_do_not_matter() {
    let Some(first) = site(&["news", "videos", "seed"]) else {
        return;
    };
    first.build().good();
    for to_windows in [false, true] {
        let other = site(&["news", "videos", "seed"]).unwrap();
        for path in files(&other.path("content")) {
            let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
            fs::write(
                path,
                if to_windows {
                    text.replace('\n', "\r\n")
                } else {
                    text
                },
            )
            .unwrap();
        }
        other.build().good();
        assert_same(
            &first.output(),
            &other.output(),
            if to_windows { "CRLF" } else { "LF" },
        );
    }
}

#[test]
fn no_secured_text_is_in_any_output() {
    let Some(site) = site(&["news", "videos", "seed"]) else {
        return;
    };
    let mut secrets = Vec::new();
    for path in files(&site.path("content")) {
        let text = fs::read_to_string(&path).unwrap();
        let values = text
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("secured:"));
        // Any piece of it would be too much.
        let piece = |value: &str| {
            value
                .trim()
                .trim_matches(['"', '\''])
                .chars()
                .take(24)
                .collect::<String>()
        };
        secrets.extend(values.map(piece).filter(|piece| piece.len() >= 16));
    }
    assert!(secrets.len() > 50, "{}", secrets.len());
    site.build().good();
    for folder in ["public", ".newsgen"] {
        for (path, bytes) in Tree::of(&site.path(folder)).0 {
            let text = String::from_utf8_lossy(&bytes);
            assert!(
                !secrets.iter().any(|secret| text.contains(secret)),
                "{folder}/{path}"
            );
        }
    }
}
