//! What a build does to its output folder: only what changed is written, only what newsgen wrote is
//! ever removed, and a build that fails changes nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use newsgen::hash::Hash128;
use newsgen::plan::{Fingerprint, Role};
use newsgen::table;

use support::{NOW, Site, Tree, assert_same, files, numbered};

/// Bytes and times of last change of all files of a folder.
fn snapshot(folder: &Path) -> BTreeMap<String, (SystemTime, Vec<u8>)> {
    let read = |path: &Path| {
        (
            fs::metadata(path).unwrap().modified().unwrap(),
            fs::read(path).unwrap(),
        )
    };
    files(folder)
        .iter()
        .map(|path| (path.display().to_string(), read(path)))
        .collect()
}

#[test]
fn a_second_build_touches_nothing() {
    let site = Site::new().with_articles(30);
    let first = site.build().good();
    assert_eq!(first.counts().1, 0);
    let before = snapshot(&site.path("public"));
    std::thread::sleep(Duration::from_millis(20));
    let second = site.build().good();
    assert_eq!(second.counts(), (0, first.counts().0, 0), "{second}");
    assert!(before == snapshot(&site.path("public")));
}

#[test]
fn a_changed_article_changes_its_pages_and_leaves_the_others() {
    let site = Site::new().with_articles(30);
    site.build().good();
    let before = snapshot(&site.path("public"));
    let (name, fields) = numbered(4);
    site.write_article(
        &name,
        &fields.replace("title: Story 4", "title: Story four"),
    );
    std::thread::sleep(Duration::from_millis(20));
    let run = site.build().good();
    let after = snapshot(&site.path("public"));
    let changed = before
        .iter()
        .filter(|(path, (_, bytes))| after[*path].1 != *bytes)
        .count();
    let touched = before
        .iter()
        .filter(|(path, (time, _))| after[*path].0 != *time)
        .count();
    assert_eq!((changed, touched), (run.counts().0, run.counts().0));
    assert!(
        site.output()
            .text("news/2026/11/01/story-4/index.html")
            .contains("Story four")
    );
    assert_same(
        &site.output(),
        &site.clean_build(),
        "a rebuild and a clean build",
    );
}

#[test]
fn what_is_no_longer_part_of_the_site_goes_and_foreign_files_stay() {
    let site = Site::new().with_articles(5);
    site.build().good();
    let page = "public/news/2026/11/01/story-2/index.html";
    assert!(site.path(page).exists());
    site.write("public/mine.txt", "my own");
    site.write("public/news/2026/11/01/story-2/mine.txt", "my own");
    site.write("public/news/2026/11/01/story-3/deep/er/mine.txt", "my own");
    site.remove("content/news/2026-11-01-story-2.md");
    let run = site.build().good();
    assert_eq!(run.counts().2, 1, "{run}");
    assert!(!site.path(page).exists());
    for mine in [
        "mine.txt",
        "news/2026/11/01/story-2/mine.txt",
        "news/2026/11/01/story-3/deep/er/mine.txt",
    ] {
        assert_eq!(site.read(&format!("public/{mine}")), "my own");
    }
    site.remove("public/news/2026/11/01/story-2/mine.txt");
    site.remove("content/news/2026-11-01-story-4.md");
    site.build().good();
    assert!(
        !site.path("public/news/2026/11/01/story-4").exists(),
        "a folder that is left empty goes too"
    );
}

#[test]
fn a_foreign_folder_is_refused() {
    let site = Site::new()
        .with_articles(2)
        .file("public/precious.txt", "not newsgen's");
    let run = site.build().exits(1).warns("public").warns("--output");
    assert!(run.stderr.contains("not empty"), "{run}");
    assert_eq!(files(&site.path("public")).len(), 1);
    fs::remove_file(site.path("public/precious.txt")).unwrap();
    site.build().good();
}

#[test]
fn an_output_folder_that_the_build_reads_is_refused() {
    for folder in [
        "content/news",
        "content/news/deep",
        "templates",
        "static",
        ".newsgen",
        "content/topics",
    ] {
        let site = Site::new().with_articles(2);
        site.newsgen(["build", "--now", NOW, "--output", folder])
            .run()
            .exits(1)
            .warns(folder);
    }
}

#[test]
fn the_site_itself_is_no_output_folder() {
    let site = Site::new().with_articles(2);
    let before = Tree::of(site.root());
    for folder in [".", "..", "content", "./content/../content/news"] {
        let run = site
            .newsgen(["build", "--now", NOW, "--output", folder])
            .run();
        assert_eq!(run.code, Some(1), "{folder}: {run}");
    }
    let mut after = Tree::of(site.root());
    after.0.retain(|path, _| !path.starts_with(".newsgen/"));
    assert_same(&before, &after, "a refused build");
}

#[test]
fn a_failing_build_leaves_the_old_site_as_it_was() {
    let broken: [(&str, &str); 5] = [
        ("content/news/2026-11-20-broken.md", "---\ntitle: x\n"),
        (
            "site.toml",
            "title = \"Test\"\nbase_url = \"https://news.example/\"\ntilte = 1\n",
        ),
        ("templates/article.html", "{{ article.titel }}"),
        ("templates/home.html", "{% if %}"),
        ("content/topics/broken.yaml", "description: no name\n"),
    ];
    for (path, text) in broken {
        let site = Site::new().with_articles(25);
        site.build().good();
        let before = snapshot(&site.path("public"));
        let state = snapshot(&site.path(".newsgen"));
        let old = fs::read(site.path(path)).ok();
        site.write_article("2026-11-20-new", "title: New");
        site.write(path, text);
        site.build().exits(1).warns(path);
        assert!(before == snapshot(&site.path("public")), "{path}");
        for (file, (_, bytes)) in state.iter().filter(|(file, _)| file.contains("manifest")) {
            assert!(
                fs::read(file).unwrap() == *bytes,
                "{file} after a broken {path}"
            );
        }
        match old {
            Some(old) => site.write(path, old),
            None => site.remove(path),
        }
        site.build().good();
        assert_same(
            &site.output(),
            &site.clean_build(),
            "the build after a broken one",
        );
    }
}

#[test]
fn every_broken_file_is_reported_at_once() {
    let site = Site::new()
        .article("good", "title: Good")
        .article("no-title", "excerpt: nothing")
        .article("bad-date", "title: x\npublishedDateTime: soon")
        .article("bad-url", "title: x\noriginalUrl: ftp://x")
        .file("content/news/open.md", "---\ntitle: x\n")
        .file("content/topics/t.yaml", "hue: 3\n")
        .file("content/pages/p.md", "no front matter");
    let run = site.build().exits(1);
    for name in [
        "no-title.md",
        "bad-date.md",
        "bad-url.md",
        "open.md",
        "topics/t.yaml",
        "pages/p.md",
    ] {
        assert!(run.stderr.contains(name), "{name}: {run}");
    }
    assert!(!site.path("public").exists());
}

#[test]
fn keep_going_leaves_out_what_is_broken() {
    let site = Site::new()
        .with_articles(3)
        .file("content/news/broken.md", "---\ntitle: x\n");
    let run = site
        .newsgen(["build", "--keep-going", "--now", NOW])
        .run()
        .good()
        .warns("content/news/broken.md");
    assert!(run.stdout.contains("3 kept"), "{run}");
    let with_broken = site.output();
    site.remove("content/news/broken.md");
    let run = site.build().good();
    assert_eq!(run.counts().0, 0, "{run}");
    assert_same(
        &with_broken,
        &site.output(),
        "with and without the broken file",
    );
}

#[test]
fn keep_going_takes_the_page_of_an_article_that_broke_out_of_the_site() {
    let site = Site::new().with_articles(3);
    site.build().good();
    site.write("content/news/2026-11-01-story-1.md", "---\ntitle: broken\n");
    let run = site
        .newsgen(["build", "--keep-going", "--now", NOW])
        .run()
        .good();
    assert!(run.counts().2 >= 1, "{run}");
    assert!(
        !site
            .path("public/news/2026/11/01/story-1/index.html")
            .exists()
    );
}

#[test]
fn without_the_folder_of_articles_nothing_is_taken_out_of_the_site() {
    let site = Site::new().with_articles(3);
    site.build().good();
    let before = snapshot(&site.path("public"));
    fs::remove_dir_all(site.path("content/news")).unwrap();
    let run = site
        .newsgen(["build", "--keep-going", "--now", NOW])
        .run()
        .exits(1);
    assert!(run.stderr.contains("content/news"), "{run}");
    assert!(before == snapshot(&site.path("public")));
}

#[test]
fn files_that_no_record_names_are_not_written_when_they_are_right() {
    let site = Site::new().with_articles(3);
    site.build().good();
    fs::remove_dir_all(site.path(".newsgen")).unwrap();
    site.write("public/index.html", "somebody wrote this");
    let before = snapshot(&site.path("public"));
    let run = site.build().good();
    assert_eq!(run.counts().0, 1, "{run}");
    let after = snapshot(&site.path("public"));
    assert_eq!(
        before
            .iter()
            .filter(|(path, file)| after[*path] != **file)
            .count(),
        1
    );
    assert_same(
        &site.output(),
        &site.clean_build(),
        "a rebuild and a clean build",
    );
}

#[test]
fn a_logo_or_a_topic_of_the_masthead_that_is_not_there_is_reported() {
    let site = Site::new().with_articles(1);
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("nav = [\"Nope\"]\n{settings}\n[theme]\nlogo = \"nope.svg\"\n"),
    );
    let run = site.check().good();
    assert!(
        run.stderr.contains("Nope") && run.stderr.contains("nope.svg"),
        "{run}"
    );
    let line = site
        .read("site.toml")
        .lines()
        .position(|line| line.starts_with("logo"))
        .unwrap()
        + 1;
    let annotated = site.newsgen(["check", "--format", "github"]).run();
    assert!(
        annotated
            .stdout
            .contains(&format!("file=site.toml,line={line}")),
        "{annotated}"
    );
    site.build().good();
    assert!(!site.output().text("index.html").contains("nope.svg"));
}

#[test]
fn nothing_leads_to_the_page_of_another() {
    let site = Site::new()
        .article("a/2026-11-20-same", "title: First of two\ntopics: [AI]")
        .article(
            "b/2026-11-20-same",
            "title: Second of two\ntopics: [AI!]\nheat: 900",
        )
        .article(
            "two",
            "title: Third\ntopics: [AI!]\nprovider: { name: B, domain: b.b.org }",
        )
        .article("other", "title: Seventh\ntopics: [AI 2]")
        .article(
            "three",
            "title: Fourth\nprovider: { name: B, domain: b-b.org }",
        )
        .article("four", "title: Fifth\nslug: about\ntopics: [Far]")
        .article(
            &format!("{}x", "x".repeat(230)),
            "title: Sixth\ntopics: [Far]",
        )
        .file("content/pages/about.md", "---\ntitle: About\n---\nText.\n");
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}[permalinks]\narticle = \"/:slug/\"\n"),
    );
    let run = site.build().exits(1);
    assert_eq!(
        run.stderr.matches("two pages have the URL").count(),
        3,
        "{run}"
    );
    let run = site
        .newsgen(["build", "--keep-going", "--now", NOW])
        .run()
        .good();
    assert!(
        run.stdout.contains("5 kept, 2 dropped (2 no address)"),
        "{run}"
    );
    let output = site.output();
    for (path, bytes) in &output.0 {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains("Second of two") && !text.contains("Fifth"),
            "{path}"
        );
    }
    // Two providers of one slug have a listing each; signs do not make another topic.
    for (folder, title) in [
        ("topics/ai", "First of two"),
        ("topics/ai", "Third"),
        ("topics/ai-2", "Seventh"),
        ("providers/b-b-org", "Fourth"),
        ("providers/b-b-org-2", "Third"),
    ] {
        assert!(
            output.text(&format!("{folder}/index.html")).contains(title),
            "{folder}"
        );
    }
    assert!(output.text("about/index.html").contains("Text."));
    let run = site
        .newsgen(["explain", "content/news/b/2026-11-20-same.md", "--now", NOW])
        .run()
        .good();
    assert!(run.stdout.contains("no address"), "{run}");
    // Nor does an article that is out for another reason, and shown in a preview.
    site.write_article(
        "c/2026-11-20-same",
        "title: A draft of a third\npublished: false",
    );
    let run = site
        .newsgen([
            "build",
            "--keep-going",
            "--drafts",
            "--output",
            "drafts",
            "--now",
            NOW,
        ])
        .run()
        .good();
    assert!(
        run.stderr.contains("content/news/c/2026-11-20-same.md"),
        "{run}"
    );
    assert!(
        !Tree::of(&site.path("drafts"))
            .text("index.html")
            .contains("A draft of a third")
    );
    site.remove("content/news/c/2026-11-20-same.md");
    // A file with a slug of its own is a way out.
    site.write("content/providers/b.yaml", "domain: b.b.org\nslug: bee\n");
    let run = site
        .newsgen(["build", "--keep-going", "--now", NOW])
        .run()
        .good();
    assert!(
        !run.stderr.contains("b-b-org") && site.output().contains("providers/bee/index.html"),
        "{run}"
    );
    let rebuilt = site.output();
    fs::remove_dir_all(site.path("public")).unwrap();
    fs::remove_dir_all(site.path(".newsgen")).unwrap();
    site.newsgen(["build", "--keep-going", "--now", NOW])
        .run()
        .good();
    assert_same(&rebuilt, &site.output(), "a rebuild and a clean build");
}

#[test]
fn a_change_before_the_publication_is_none() {
    let site = Site::new()
        .article("x", "title: X\nupdatedDateTime: 2026-11-10T08:00:00Z")
        .article("y", "title: Y\nupdatedDateTime: 2026-11-20T20:00:00Z");
    site.build().good();
    for (path, bytes) in &site.output().0 {
        assert!(
            !String::from_utf8_lossy(bytes).contains("2026-11-10"),
            "{path}"
        );
    }
    assert!(
        site.output()
            .text("news/2026/11/20/y/index.html")
            .contains("2026-11-20T20:00:00")
    );
    assert!(
        site.check()
            .good()
            .stderr
            .contains("is earlier than `publishedDateTime`")
    );
}

#[test]
fn front_matter_that_newsgen_would_read_otherwise_is_an_error() {
    let site = Site::new()
        .article("merged", "title: X\n<<: { quality: 10 }")
        .article(
            "zoned",
            "title: Y\nupdatedDateTime: 2026-11-20T09:00:00[Europe/Nowhere]",
        )
        .file("content/news/empty.md", "---\n---\nText.\n");
    let run = site
        .build()
        .exits(1)
        .warns("merge keys")
        .warns("`updatedDateTime`")
        .warns("but is nothing");
    assert!(run.stderr.contains("content/news/merged.md:3:5"), "{run}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_printed_is_an_error() {
    let site = Site::new().with_articles(1);
    let run = |arguments: &[&str]| {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_newsgen"));
        command
            .args(arguments)
            .current_dir(site.root())
            .stdout(full)
            .output()
            .unwrap()
    };
    for arguments in [
        &["list", "--format", "json"][..],
        &["check", "--format", "json"],
        &["completions", "bash"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"),
            "{arguments:?}"
        );
    }
}

#[test]
fn colors_that_cannot_be_read_are_reported() {
    let site = Site::new().with_articles(1);
    let settings = site.read("site.toml");
    let check = |colors: &str| {
        site.write(
            "site.toml",
            format!("{settings}\n[theme.colors]\n{colors}\n"),
        );
        let run = site.check().good();
        run.stderr
            .lines()
            .filter_map(|line| line.strip_prefix("warning: ").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        check("ink = \"#000000 #ffffff\"\npaper = \"#ffffff #000000\"\nhair = \"#ffffff\""),
        [""; 0]
    );
    assert_eq!(
        check("soft = \"#999999 #aaaaaa\""),
        [
            "secondary text (`soft`, #999999) on #fcfaf5 is hard to read in light mode: contrast \
             2.7:1"
        ]
    );
    assert_eq!(
        check("sheet = \"#ffffff #999999\""),
        ["code (`ink`, #e7e4df) on #999999 is hard to read in dark mode: contrast 2.2:1"]
    );
    // Another ground concerns all that is read on it.
    assert_eq!(check("paper = \"#777777 #000000\"").len(), 4);
}

#[test]
fn addresses_within_the_site_lead_below_its_path() {
    let pieces = |name: &str| {
        format!("<p><a href=\"/topics/{name}\">T</a> <img src=\"/{name}.svg\" alt=\"\"></p>")
    };
    let site = Site::new()
        .file(
            "site.toml",
            "title = \"Test\"\nbase_url = \
                            \"https://news.example/ai/\"\nsearch.enabled = false\n",
        )
        .file(
            "templates/article.html",
            "{{ article.body }} {{ article.embed }}",
        )
        .file("templates/page.html", "{{ page.body }}")
        .file(
            "content/pages/about.md",
            format!("---\ntitle: About\n---\n{}\n", pieces("page")),
        )
        .file(
            "content/news/x.md",
            format!(
                "---\ntitle: X\npublishedDateTime: 2026-11-20\noriginalUrl: \
                 https://a.example/\nfeaturedContent: '{}'\n---\n{}\n",
                pieces("embed"),
                pieces("body")
            ),
        );
    site.build().good();
    let output = site.output();
    let cases = [
        (
            "news/2026/11/20/x/index.html",
            "/ai",
            &["body", "embed"][..],
        ),
        ("about/index.html", "/ai", &["page"]),
        ("feed.xml", "https://news.example/ai", &["body"]),
        (
            "api/news/index.json",
            "https://news.example/ai",
            &["body", "embed"],
        ),
    ];
    for (file, prefix, names) in cases {
        let text = output
            .text(file)
            .replace("\\\"", "\"")
            .replace("&lt;", "<")
            .replace("&quot;", "\"");
        for name in names {
            assert!(
                text.contains(&format!("href=\"{prefix}/topics/{name}\"")),
                "{name} in {file}: {text}"
            );
            assert!(
                text.contains(&format!("src=\"{prefix}/{name}.svg\"")),
                "{name} in {file}: {text}"
            );
        }
        assert!(
            !text.contains("\"/topics/") && !text.contains("\"/embed") && !text.contains("\"/body"),
            "{file}: {text}"
        );
    }
}

#[test]
fn two_pages_that_want_one_address_are_both_named() {
    let site = Site::new()
        .article("a/2026-11-20-same", "title: A")
        .article("b/2026-11-20-same", "title: B");
    let run = site.build().exits(1);
    assert!(
        run.stderr.contains("content/news/a/2026-11-20-same.md"),
        "{run}"
    );
    assert!(
        run.stderr.contains("content/news/b/2026-11-20-same.md"),
        "{run}"
    );
    assert!(run.stderr.contains("/news/2026/11/20/same/"), "{run}");
    let run = site
        .newsgen(["build", "--keep-going", "--now", NOW])
        .run()
        .good();
    assert!(run.stderr.contains("same"), "{run}");
}

#[test]
fn pages_that_collide_in_other_ways_are_named_too() {
    let page = "---\ntitle: P\n---\ntext\n";
    /// Files by path and text, and what the message must name.
    type Case<'c> = (&'c [(&'c str, &'c str)], &'c [&'c str]);
    let cases: [Case<'_>; 9] = [
        (
            &[("content/pages/topics.md", page)],
            &["content/pages/topics.md", "/topics/"],
        ),
        (
            &[("content/pages/index.md", page)],
            &["content/pages/index.md", "front page"],
        ),
        (
            &[
                ("static/about/index.html", "x"),
                ("content/pages/about.md", page),
            ],
            &["content/pages/about.md", "static/about/index.html"],
        ),
        (
            &[("static/index.html", "x")],
            &["static/index.html", "front page"],
        ),
        (
            &[("static/about", "x"), ("content/pages/about.md", page)],
            &["content/pages/about.md", "static/about"],
        ),
        (&[("static/news", "x")], &["static/news"]),
        (&[("static/feed.xml", "x")], &["static/feed.xml"]),
        (&[("static/topics/rest", "x")], &["static/topics/rest"]),
        (
            &[
                ("content/topics/a.yaml", "name: One\nslug: same\n"),
                ("content/topics/b.yaml", "name: Two\nslug: same\n"),
            ],
            &["One", "Two"],
        ),
    ];
    for (files, named) in cases {
        let site = Site::new().with_articles(3);
        for (path, text) in files {
            site.write(path, text);
        }
        let run = site.build();
        assert_eq!(run.code, Some(1), "{files:?}: {run}");
        for name in named {
            assert!(run.stderr.contains(name), "{files:?}: no `{name}` in {run}");
        }
        assert!(!site.path("public").exists(), "{files:?}");
        let run = site.newsgen(["build", "--keep-going", "--now", NOW]).run();
        assert_eq!(run.code, Some(0), "{files:?}: {run}");
    }
}

/// The pages of listings that have a number.
fn numbered_pages(tree: &Tree) -> BTreeMap<&str, &[u8]> {
    let is_numbered =
        |path: &str| path.contains("page/") && (path.ends_with(".html") || path.ends_with(".json"));
    tree.0
        .iter()
        .filter(|(path, _)| is_numbered(path))
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect()
}

fn is_moved(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains("http-equiv=\"refresh\"")
}

#[test]
fn newer_articles_change_no_numbered_page() {
    let settings = "title = \"Test\"\nbase_url = \"https://news.example/\"\nsearch.enabled = \
                    false\n[listing]\npage_size = 4\n";
    let site = Site::new().file("site.toml", settings).with_articles(30);
    site.build().good();
    for number in 30..43 {
        let before = site.output();
        let (name, fields) = numbered(number);
        site.write_article(&name, &fields);
        let run = site.build().good();
        let after = site.output();
        for (path, bytes) in numbered_pages(&before) {
            // The number that the head still held becomes a page when the head moves on.
            assert!(
                after.0[path] == *bytes || is_moved(bytes),
                "{path} changed with article {number}"
            );
        }
        assert_eq!(run.counts().0, before.differences(&after).len(), "{run}");
        assert!(!numbered_pages(&after).is_empty());
    }
    assert_same(
        &site.output(),
        &site.clean_build(),
        "thirteen rebuilds and a clean build",
    );
}

#[test]
fn one_new_article_changes_only_what_shows_it() {
    let site = Site::new().with_articles(100);
    site.build().good();
    let before = site.output();
    let (name, fields) = numbered(100);
    site.write_article(&name, &fields);
    let run = site.build().good();
    let after = site.output();
    let provider = "providers/even-example";
    let expected = [
        "404.html",
        "api/news/index.json",
        "api/news/rest/index.json",
        "api/topics/index.json",
        "archive/2026/11/index.html",
        "archive/index.html",
        // Its week is over: it comes late, and leads the digest.
        "digest/2026-w45/email.html",
        "digest/2026-w45/email.txt",
        "digest/2026-w45/index.html",
        "digest/feed.json",
        "digest/feed.xml",
        "digest/index.html",
        "digest/latest.html",
        "digest/latest.json",
        "digest/latest.txt",
        "digest/rss.xml",
        "feed.json",
        "feed.xml",
        "index.html",
        "news/2026/11/05/story-100/index.html",
        &format!("{provider}/feed.json"),
        &format!("{provider}/feed.xml"),
        &format!("{provider}/index.html"),
        &format!("{provider}/rss.xml"),
        "providers/index.html",
        "rss.xml",
        "sitemap.xml",
        "sitemaps/1.xml",
        "topics/index.html",
        "topics/rest/feed.json",
        "topics/rest/feed.xml",
        "topics/rest/index.html",
        "topics/rest/rss.xml",
    ];
    // The new article may turn the number that a head still held into a page.
    let changed: Vec<String> = before
        .differences(&after)
        .into_iter()
        .filter(|path| !path.contains("/page/"))
        .collect();
    let surprising: Vec<&String> = changed
        .iter()
        .filter(|path| !expected.contains(&path.as_str()))
        .collect();
    assert!(surprising.is_empty(), "{surprising:?}");
    for path in [
        "index.html",
        "news/2026/11/05/story-100/index.html",
        "feed.xml",
        "sitemaps/1.xml",
    ] {
        assert!(
            changed.iter().any(|changed| changed == path),
            "{path} should have changed"
        );
    }
    assert!(run.counts().0 <= expected.len() + 6, "{run}");
}

#[test]
fn build_explain_says_why_a_page_was_rendered() {
    let site = Site::new().with_articles(3);
    let explain = |url: &str| {
        site.newsgen(["build", "--now", NOW, "--explain", url])
            .run()
            .good()
            .stdout
    };
    let page = "/news/2026/11/01/story-1/";
    assert!(explain(page).contains("the last build did not have it"));
    assert!(explain(page).contains("was not rendered"));
    assert!(explain(&format!("https://news.example{page}")).contains("was not rendered"));
    let (name, fields) = numbered(1);
    site.write_article(
        &name,
        &fields.replace("quality: 80", "quality: 81\nhighlight: new"),
    );
    assert!(explain(page).contains("its articles"));
    site.write(
        "public/news/2026/11/01/story-1/index.html",
        "changed by hand",
    );
    assert!(explain(page).contains("had been modified"));
    site.write("templates/article.html", "{{ article.title }}");
    assert!(explain(page).contains("its template"));
    site.write(
        "site.toml",
        "title = \"Other\"\nbase_url = \"https://news.example/\"\n",
    );
    assert!(explain("/").contains("a shared value"));
    site.write(
        "site.toml",
        "title = \"Other\"\nbase_url = \"https://news.example/\"\ntime_zone = \"Asia/Tokyo\"\n",
    );
    assert!(explain("/").contains("settings"));
    assert!(explain("/nothing/").contains("the site has no page"));
}

#[test]
fn a_file_that_somebody_changed_or_removed_is_put_right() {
    let site = Site::new().with_articles(3);
    site.build().good();
    let good = site.output();
    site.write("public/index.html", "changed by hand");
    site.remove("public/feed.xml");
    let run = site.build().good();
    assert_eq!(run.counts().0, 2, "{run}");
    assert_same(&good, &site.output(), "the repaired output");
}

#[test]
fn verify_renders_everything_and_finds_nothing_wrong() {
    let site = Site::new().with_articles(30);
    let all = site.build().good().counts().0;
    let run = site
        .newsgen(["build", "--verify", "--now", NOW])
        .run()
        .good();
    assert_eq!(run.counts(), (0, all, 0), "{run}");
    assert_eq!(run.stderr, "");
}

#[test]
fn verify_names_what_changed_behind_its_fingerprint() {
    /// A file as the manifest has it: path, role, fingerprint, hash, size, time.
    type Written = (String, Role, Fingerprint, Hash128, u64, i64);
    /// Address of the site; folder, fingerprint and number of files of each part of the index.
    type Head = (String, Vec<(String, Fingerprint, usize)>);
    let site = Site::new().with_articles(3);
    site.write(
        "site.toml",
        "title = \"Test\"\nbase_url = \"https://news.example/\"\n",
    );
    site.build().good();
    let good = site.output();
    let manifest = find_manifest(&site);
    let bytes = fs::read(&manifest).unwrap();
    let magic =
        str::from_utf8(&bytes[..=bytes.iter().position(|byte| *byte == b'\n').unwrap()]).unwrap();
    let (head, mut files) = table::read::<Head, Written>(&manifest, magic).unwrap();
    for name in ["topics/index.html", "search/index/pagefind-entry.json"] {
        let written = files.iter_mut().find(|written| written.0 == name).unwrap();
        written.3 = Hash128::of(b"what a build with this fingerprint could have made");
    }
    table::write(&manifest, magic, &head, &files).unwrap();
    // To a build that trusts fingerprints nothing has changed.
    assert_eq!(site.build().good().counts().0, 0);
    let run = site
        .newsgen(["build", "--verify", "--now", NOW])
        .run()
        .exits(1);
    assert_eq!(
        run.stderr.matches("its fingerprint did not").count(),
        2,
        "{run}"
    );
    assert!(
        run.stderr.contains("/topics/ changed") && run.stderr.contains("/search/index/ changed"),
        "{run}"
    );
    assert_same(&good, &site.output(), "the verified output");
}

fn find_manifest(site: &Site) -> PathBuf {
    let entries = fs::read_dir(site.path(".newsgen"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let is_manifest = |path: &PathBuf| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("manifest")
    };
    entries.into_iter().find(is_manifest).unwrap()
}

#[test]
fn a_damaged_record_of_the_last_build_costs_only_time() {
    let site = Site::new().with_articles(30);
    site.build().good();
    let good = site.output();
    let state: Vec<_> = files(&site.path(".newsgen"))
        .into_iter()
        .filter(|path| !path.ends_with("lock"))
        .collect();
    assert!(!state.is_empty());
    let damages: [fn(Vec<u8>) -> Vec<u8>; 4] = [
        |_| Vec::new(),
        |bytes| bytes[..bytes.len() / 2].to_vec(),
        |mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x55;
            bytes
        },
        |_| b"something else".to_vec(),
    ];
    for file in &state {
        for damage in damages {
            let bytes = fs::read(file).unwrap();
            fs::write(file, damage(bytes)).unwrap();
            site.build().good();
            assert_same(
                &good,
                &site.output(),
                &format!("with a damaged {}", file.display()),
            );
        }
    }
    fs::remove_dir_all(site.path(".newsgen")).unwrap();
    site.build().good();
    assert_same(&good, &site.output(), "without .newsgen");
}

#[test]
fn two_output_folders_do_not_disturb_each_other() {
    let site = Site::new().with_articles(3);
    site.build().good();
    let good = site.output();
    site.newsgen([
        "build",
        "--now",
        NOW,
        "--output",
        "other",
        "--base-url",
        "https://other.example/x/",
    ])
    .run()
    .good();
    assert_same(&good, &site.output(), "the first output folder");
    assert!(
        Tree::of(&site.path("other"))
            .text("index.html")
            .contains("https://other.example/x/")
    );
    let run = site.build().good();
    assert_eq!(run.counts().0, 0, "{run}");
}

#[test]
fn a_damaged_or_empty_journal_is_put_away_by_the_next_build() {
    let site = Site::new().with_articles(3);
    site.build().good();
    let before = site.output();
    let manifest = find_manifest(&site);
    let name = manifest.file_name().unwrap().to_string_lossy();
    let journal = manifest.with_file_name(name.replace("manifest-", "journal-"));
    fs::write(&journal, "rubbish").unwrap();
    site.build().good().warns("journal");
    assert!(!journal.exists());
    let target = Site::empty();
    let address = format!("file://{}/www", target.root().display());
    site.newsgen(["deploy", &address]).run().good();
    assert_same(&before, &site.output(), "a build with a damaged journal");
}
