//! Small sites with everything that newsgen makes of them: `tests/golden/CASE/site` and
//! `tests/golden/CASE/expected`.
//!
//! A case fails on a file that differs, is missing, or is too many. Its templates are those of
//! `tests/golden/templates`, so that a change of the default theme changes nothing here; the static
//! files of the default theme are left out. `NEWSGEN_BLESS=1 cargo test --test golden` writes what
//! is expected anew; look at the difference before you commit it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::fs;

use support::{Site, Tree, compare, copy_tree, is_blessing, repository};

fn golden(case: &str) {
    let folder = repository().join("tests/golden").join(case);
    let site = Site::copy_of(&folder.join("site"));
    copy_tree(
        &repository().join("tests/golden/templates"),
        &site.path("templates"),
    );
    site.build().good();
    let mut output = site.output().without_theme();
    // The search engine itself is Pagefind's.
    output.0.retain(|path, _| {
        !path.ends_with("pagefind.js") && !path.contains("wasm.") && !path.ends_with("worker.js")
    });
    let expected = folder.join("expected");
    if is_blessing() {
        drop(fs::remove_dir_all(&expected));
        for (path, bytes) in &output.0 {
            let path = expected.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    let expected = Tree::of(&expected);
    let text = |tree: &Tree, path: &str| {
        tree.0
            .get(path)
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    let mut wrong = Vec::new();
    for path in expected.differences(&output) {
        wrong.push(match (text(&expected, &path), text(&output, &path)) {
            (Some(old), Some(new)) => {
                format!("{path} differs: {}", compare(Some(&old), Some(&new)))
            }
            (Some(_), None) => format!("{path} is missing"),
            (None, _) => format!("{path} is unexpected"),
        });
    }
    assert!(
        wrong.is_empty(),
        "{case}:\n{}\nNEWSGEN_BLESS=1 takes this as right",
        wrong.join("\n")
    );
    // The same again, and on top of itself.
    let again = site.build().good();
    assert_eq!(again.counts().0, 0, "{again}");
}

#[test]
fn minimal() {
    golden("minimal");
}

#[test]
fn taxonomy() {
    golden("taxonomy");
}

#[test]
fn feeds() {
    golden("feeds");
}

#[test]
fn digest() {
    golden("digest");
}

#[test]
fn events() {
    golden("events");
}

#[test]
fn jekyll() {
    golden("jekyll");
}

#[test]
fn links() {
    golden("links");
}

#[test]
fn machines() {
    golden("machines");
}

#[test]
fn shape() {
    golden("shape");
}

#[test]
fn scripts() {
    golden("scripts");
}

#[test]
fn every_case_is_run() {
    let known = [
        "cjk",
        "digest",
        "events",
        "feeds",
        "jekyll",
        "languages",
        "links",
        "machines",
        "minimal",
        "scripts",
        "shape",
        "taxonomy",
        "templates",
    ];
    let mut found: Vec<String> = fs::read_dir(repository().join("tests/golden"))
        .unwrap()
        .map(|item| item.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    assert_eq!(found, known);
}

#[test]
fn languages() {
    golden("languages");
}

#[test]
fn chinese_and_japanese() {
    golden("cjk");
}
