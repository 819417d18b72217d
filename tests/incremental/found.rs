//! Mistakes that the random series found, or that they find only after a long time: each by itself.

use std::fs;
use std::path::Path;

use newsgen::pipeline::{Failure, Tolerance};
use newsgen::write::Trust;
use tempfile::TempDir;

use crate::support::{How, Tree, build, folder, put, story};

/// A site of a few files.
fn site(all: &[(&str, &str)]) -> TempDir {
    let root = folder();
    put(root.path(), "site.toml", "");
    put(
        root.path(),
        "content/news/one.md",
        article("One", "https://one.org/1", ""),
    );
    for (path, text) in all {
        put(root.path(), path, text);
    }
    root
}

fn article(title: &str, link: &str, more: &str) -> String {
    story(title, "2026-03-01T10:00:00Z", link, more)
}

fn built(root: &Path) -> Tree {
    let report = build(
        root,
        How {
            tolerance: Tolerance::KeepGoing,
            ..How::default()
        },
    );
    let report = report.unwrap_or_else(|failure| panic!("{}", crate::support::reason(&failure)));
    Tree::of(&report.output)
}

/// Builds, applies the edit, builds again, and compares with a clean build.
fn is_like_clean(root: &Path, edit: impl FnOnce(&Path)) -> Tree {
    built(root);
    edit(root);
    let is = built(root);
    for left in ["public", ".newsgen"] {
        fs::remove_dir_all(root.join(left)).unwrap();
    }
    let difference = crate::support::difference(&is, &built(root));
    assert_eq!(
        difference.as_deref(),
        None,
        "{}",
        difference.as_deref().unwrap_or_default()
    );
    is
}

#[test]
fn an_article_that_moves_gets_another_id_in_feeds() {
    let root = site(&[]);
    is_like_clean(root.path(), |root| {
        fs::create_dir(root.join("content/news/sub")).unwrap();
        fs::rename(
            root.join("content/news/one.md"),
            root.join("content/news/sub/one.md"),
        )
        .unwrap();
    });
}

#[test]
fn titles_reach_templates_that_read_only_the_page() {
    let root = site(&[]);
    for name in [
        "home",
        "listing",
        "article",
        "topics",
        "providers",
        "archive",
        "404",
        "topic",
    ] {
        put(
            root.path(),
            &format!("templates/{name}.html"),
            "{{ page | json }}{{ page.json_ld or \"\" }}",
        );
    }
    for settings in [
        "title = \"Another\"\n",
        "description = \"About it\"\n",
        "[strings]\ntopics = \"Themen\"\narchive = \"Archiv\"\nnot_found = \"Weg\"\nproviders = \
         \"Quellen\"\n",
    ] {
        is_like_clean(root.path(), |root| put(root, "site.toml", settings));
    }
}

#[test]
fn an_article_of_our_own_names_the_site_in_templates_that_read_only_the_article() {
    let own = "---\ntitle: Own\npublishedDateTime: 2026-03-01\n---\nA text.\n";
    let root = site(&[
        ("templates/article.html", "{{ article | json }}"),
        ("content/news/own.md", own),
    ]);
    is_like_clean(root.path(), |root| {
        put(root, "site.toml", "title = \"Another\"\n")
    });
}

#[test]
fn a_picture_whose_name_has_a_percent_sign_is_looked_for_under_that_name() {
    let image = "images: [{url: \"/images/a%2520b.svg\"}]\n";
    let root = site(&[
        ("static/images/a b.svg", "<svg/>"),
        (
            "content/news/two.md",
            &article("Two", "https://one.org/2", image),
        ),
    ]);
    is_like_clean(root.path(), |root| {
        put(root, "static/images/a%20b.svg", "<svg/>")
    });
}

#[test]
fn an_include_in_backticks_counts() {
    let root = site(&[
        ("templates/article.html", "{% include `part.html` %}"),
        ("templates/part.html", "a"),
    ]);
    is_like_clean(root.path(), |root| put(root, "templates/part.html", "b"));
}

#[test]
fn an_asset_whose_name_is_put_together_counts() {
    let root = site(&[
        (
            "templates/article.html",
            "{{ asset(path=\"no\" ~ \"tes.txt\") }}",
        ),
        ("static/notes.txt", "a"),
    ]);
    let output = is_like_clean(root.path(), |root| put(root, "static/notes.txt", "b"));
    let page = String::from_utf8(output["news/2026/03/01/one/index.html"].clone()).unwrap();
    assert!(output.contains_key(page.trim_start_matches('/')), "{page}");
}

#[test]
fn attributes_of_pictures_come_in_one_order() {
    let body = format!(
        "{}\n![a](/a.svg)\n",
        article("Two", "https://one.org/2", "")
    );
    let root = site(&[("content/news/two.md", &body)]);
    let first = built(root.path());
    for _ in 0..5 {
        // Parsed anew each time.
        fs::remove_dir_all(root.path().join(".newsgen")).unwrap();
        assert_eq!(
            crate::support::difference(&built(root.path()), &first),
            None
        );
    }
}

#[test]
fn a_static_file_gives_way_to_a_folder_of_pages_and_comes_back() {
    let root = site(&[
        ("site.toml", "permalinks.article = \"/news/:slug/\"\n"),
        ("static/about", "a file"),
    ]);
    is_like_clean(root.path(), |root| {
        fs::remove_file(root.join("static/about")).unwrap();
        put(
            root,
            "content/pages/about.md",
            "---\ntitle: About\n---\nText.\n",
        );
    });
    is_like_clean(root.path(), |root| {
        fs::remove_file(root.join("content/pages/about.md")).unwrap();
        put(root, "static/about", "a file");
    });
}

#[test]
fn static_files_in_the_way_of_pages_are_reported_and_left_out() {
    for name in [
        "index.html",
        "topics/index.html",
        "news",
        "news/2026/03",
        "404.html/x.txt",
        "fonts",
        "feed.xml",
    ] {
        let root = site(&[(&format!("static/{name}"), "in the way")]);
        match build(root.path(), How::default()) {
            Err(Failure::Site(problems)) => {
                let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
                assert_eq!(codes, ["url-collision"], "{name}: {problems:?}");
            }
            Err(Failure::Machine(reason)) => panic!("{name}: {reason}"),
            Ok(_) => panic!("{name} was not noticed"),
        }
        let output = built(root.path());
        assert!(
            !output.values().any(|bytes| bytes == b"in the way"),
            "{name}"
        );
    }
}

#[test]
fn a_file_that_somebody_changed_is_no_mistake_of_newsgen() {
    let root = site(&[]);
    let before = built(root.path());
    put(root.path(), "public/index.html", "changed");
    let report = build(
        root.path(),
        How {
            trust: Trust::Nothing,
            ..How::default()
        },
    )
    .ok()
    .unwrap();
    assert_eq!(report.stale_fingerprints, Vec::<String>::new());
    assert_eq!(report.delta.written, ["index.html"]);
    assert_eq!(
        crate::support::difference(&Tree::of(&report.output), &before),
        None
    );
}

#[test]
fn a_variable_that_may_have_been_set_is_read() {
    for setting in [
        "{% if page.kind == \"home\" %}{% set topics = [] %}{% endif %}",
        "{# #}",
    ] {
        let shown = "{% for t in topics %}{{ t.name }}={{ t.count }};{% endfor %}";
        let root = site(&[("templates/article.html", &format!("{setting}{shown}"))]);
        is_like_clean(root.path(), |root| {
            put(
                root,
                "content/news/two.md",
                article("Two", "https://one.org/2", "topics: [Research]\n"),
            );
        });
    }
}

#[test]
fn an_old_copy_of_a_component_in_a_comment_hides_no_change() {
    let card = |text: &str| format!("{{% component card(x) %}}{text}{{% endcomponent card %}}");
    let root = site(&[
        ("templates/article.html", "{{ <card x=\"1\"/> }}"),
        ("templates/c.html", &card("A")),
        ("templates/old.html", &format!("{{# {} #}}", card("old"))),
    ]);
    let is = is_like_clean(root.path(), |root| put(root, "templates/c.html", card("B")));
    assert_eq!(is["news/2026/03/01/one/index.html"], b"B");
}

#[test]
fn a_topic_that_becomes_a_provider_of_the_same_name_is_another_line() {
    let root = site(&[(
        "site.toml",
        "[permalinks]\ntopic = \"/s/:slug/\"\nprovider = \"/s/:slug/\"\n",
    )]);
    let fields = |more: &str| {
        format!("---\ntitle: X\npublishedDateTime: 2026-03-01T10:00:00Z\n{more}---\nText.\n")
    };
    put(
        root.path(),
        "content/news/one.md",
        fields("topics: [\"foo.com\"]\n"),
    );
    is_like_clean(root.path(), |root| {
        put(
            root,
            "content/news/one.md",
            fields("topics: []\noriginalUrl: https://foo.com/a\n"),
        );
    });
}
