//! Places that are not an article's, content that cannot be seen, and builds that would take too
//! much away: no build begins that cannot end well, and none harms what is there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]
#![allow(clippy::print_stderr, reason = "what was skipped is worth seeing")]

mod support;

use std::collections::BTreeMap;
use std::fs;

use newsgen::output_path;
use support::{NOW, Newsgen, Site, Tree, assert_same, numbered};

fn keep_going(site: &Site) -> Newsgen {
    site.newsgen(["build", "--keep-going", "--now", NOW])
}

/// Demands that a file system without case could hold an output, and that no page of it is where
/// only the owner's files and newsgen's own may be.
fn assert_portable(output: &Tree, own: &[&str]) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for path in output.paths() {
        let folded = output_path::fold(path).into_owned();
        if let Some(other) = seen.insert(folded, path) {
            panic!("{path} and {other} are one file");
        }
        let is_own = own.contains(&path) || [".nojekyll", ".newsgen-output"].contains(&path);
        let is_hidden = path.split('/').any(|part| part.starts_with('.'));
        assert!(is_own || !is_hidden, "{path}");
    }
    for folded in seen.keys() {
        for folder in output_path::folders_of(folded) {
            assert!(
                !seen.contains_key(folder),
                "{folder} is a file and a folder"
            );
        }
    }
}

#[test]
fn an_alias_in_the_place_of_a_file_goes_alone() {
    let site = Site::new()
        .article("good", "title: Good")
        .file("content/pages/about.md", "---\ntitle: About\n---\nText.\n")
        .file("static/ads.txt", "the owner's")
        .file("static/Docs/guide.html", "the owner's")
        .file("static/LICENSE", "the owner's")
        .file("static/.well-known/security.txt", "the owner's");
    site.build().good();
    let before = site.output();
    for alias in [
        "/ads.txt/",
        "/ads.txt/x/",
        "/style.css/",
        "/LICENSE/",
        "/license/more/",
        "/docs/guide.html/",
        "/Docs/Guide.html",
        "/About/",
        "/about",
        "/about/",
        "/%41bout/",
        "/feed.xml/x/",
        "/404.html",
        "/404.html/",
        "/Topics/",
        "/news/2026/11/20/good/",
        "/news/2026/11/20/GOOD/",
    ] {
        site.write_article("evil", &format!("title: Evil\naliases: [\"{alias}\"]"));
        for command in ["check", "build"] {
            site.newsgen([command, "--now", NOW])
                .run()
                .exits(1)
                .warns("an alias of content/news/evil.md");
        }
        assert_same(&before, &site.output(), alias);
        keep_going(&site)
            .run()
            .good()
            .warns("an alias of content/news/evil.md");
        let output = site.output();
        assert_portable(&output, &[".well-known/security.txt"]);
        assert!(
            output.contains("news/2026/11/20/evil/index.html"),
            "{alias}"
        );
        for own in [
            "ads.txt",
            "style.css",
            "LICENSE",
            "Docs/guide.html",
            "about/index.html",
            "404.html",
            "topics/index.html",
            ".well-known/security.txt",
        ] {
            assert!(output.contains(own), "{own} with {alias}");
        }
        assert_eq!(output.text("ads.txt"), "the owner's");
        site.remove("content/news/evil.md");
        site.build().good();
        assert_same(&before, &site.output(), "without the alias");
    }
}

#[test]
fn an_alias_in_the_place_of_settings_is_an_error() {
    let site = Site::new().article("good", "title: Good");
    site.build().good();
    let before = site.output();
    for alias in [
        "/index.html/",
        "/about/index.html/",
        "/a/INDEX.html/x/",
        "/.newsgen-deploy/record/",
        "/.newsgen-output",
        "/.newsgen/x/",
        "/.git/config/",
        "/x/.GIT/",
        "/.g%E2%80%8Cit/",
        "/git~1/",
        "/.htaccess/",
        "/.well-known/acme-challenge/x/",
        "/.nojekyll/",
        "/_headers/",
        "/_worker.js/",
        "/CNAME",
        "/a./b/",
    ] {
        site.write_article("evil", &format!("title: Evil\naliases: [\"{alias}\"]"));
        site.check().exits(1).warns("content/news/evil.md");
        site.build().exits(1).warns("content/news/evil.md:3");
        keep_going(&site).run().good().warns("content/news/evil.md");
        assert_same(&before, &site.output(), alias);
    }
    // Standalone pages have aliases, too.
    site.remove("content/news/evil.md");
    site.write(
        "content/pages/p.md",
        "---\ntitle: P\naliases: [/.git/config/]\n---\nText.\n",
    );
    site.build().exits(1).warns("content/pages/p.md");
}

/// Random numbers (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        from[(self.0 % from.len() as u64) as usize]
    }
}

#[test]
fn whatever_addresses_articles_ask_for_the_site_can_be_written() {
    let parts = [
        "a",
        "A",
        "b",
        "index.html",
        "INDEX.HTML",
        "x.html",
        "about",
        "About",
        "topics",
        "page",
        "feed.xml",
        "news",
        "2026",
        "style.css",
        ".git",
        "a.",
        "caf%C3%A9",
        "cafe%CC%81",
        "ads.txt",
        "%2egit",
        "a b",
        "index.html.gz",
        "search",
        "index",
        "license",
    ];
    let ends = ["", "/", "/", ".html"];
    for seed in 1..=6 {
        let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (seed << 7));
        let site = Site::new()
            .file("content/pages/about.md", "---\ntitle: About\n---\nText.\n")
            .file("static/ads.txt", "the owner's")
            .file("static/License", "the owner's");
        site.write(
            "site.toml",
            format!(
                "{}[permalinks]\narticle = \"/:slug/\"\n",
                site.read("site.toml")
            ),
        );
        for number in 0..80 {
            let length = 1 + random.pick(&["", "x", "xx"]).len();
            let path: String = (0..length)
                .map(|_| format!("/{}", random.pick(&parts)))
                .collect();
            let alias = format!("{path}{}", random.pick(&ends));
            let slug = format!("{}-{}", random.pick(&parts).replace('%', ""), number % 7);
            site.write_article(
                &format!("n{number}"),
                &format!("title: T{number}\nslug: \"{slug}\"\naliases: [\"{alias}\"]"),
            );
        }
        keep_going(&site).run().good();
        assert_portable(&site.output(), &[]);
        assert_eq!(site.output().text("License"), "the owner's");
        // The same comes of it after another state, and a deploy takes all of it.
        for number in 0..40 {
            site.remove(&format!("content/news/n{number}.md"));
        }
        keep_going(&site)
            .arg("--delete-limit")
            .arg("100")
            .run()
            .good();
        assert_portable(&site.output(), &[]);
        let place = tempfile::tempdir().unwrap();
        let target = format!("file://{}/www", place.path().display());
        site.newsgen(["deploy", &target]).run().good();
    }
}

#[test]
fn a_topic_of_an_article_does_not_take_the_page_of_all_topics() {
    let site = Site::new()
        .article("a", "title: A\ntopics: [Topics, About, Docs]")
        .file("content/pages/about.md", "---\ntitle: About\n---\nText.\n")
        .file("static/docs/index.html", "the owner's");
    site.write(
        "site.toml",
        format!(
            "{}[permalinks]\ntopic = \"/:slug/\"\n",
            site.read("site.toml")
        ),
    );
    site.build().exits(1);
    keep_going(&site).run().good();
    let output = site.output();
    assert_eq!(output.text("docs/index.html"), "the owner's");
    assert!(output.text("about/index.html").contains("Text."));
    for moved in ["topics-2", "about-2", "docs-2"] {
        assert!(output.contains(&format!("{moved}/index.html")), "{moved}");
    }
}

#[test]
fn an_article_does_not_take_a_file_of_the_owner() {
    let site = Site::new()
        .article("2026-11-20-docs", "title: Docs")
        .article("2026-11-20-license", "title: License")
        .article("2026-11-20-cname", "title: Name")
        .article("2026-11-20-good", "title: Good")
        .file("static/docs/index.html", "the owner's")
        .file("static/LICENSE", "the owner's")
        .file("static/CNAME", "news.example");
    site.write(
        "site.toml",
        format!(
            "{}[permalinks]\narticle = \"/:slug/\"\n",
            site.read("site.toml")
        ),
    );
    for name in ["docs", "license", "cname"] {
        site.build()
            .exits(1)
            .warns(&format!("content/news/2026-11-20-{name}.md"));
    }
    keep_going(&site).run().good();
    let output = site.output();
    assert_portable(&output, &[]);
    assert!(output.contains("good/index.html"));
    for own in ["docs/index.html", "LICENSE"] {
        assert_eq!(output.text(own), "the owner's");
    }
    assert_eq!(output.text("CNAME"), "news.example");
    // A file in the way of the folder of all articles goes.
    let site = Site::new()
        .with_articles(3)
        .file("static/news", "in the way");
    site.build().exits(1).warns("static/news");
    keep_going(&site).run().good();
    assert!(site.output().contains("news/2026/11/01/story-0/index.html"));
}

#[test]
fn a_pattern_of_addresses_keeps_out_of_hidden_folders() {
    for pattern in [
        "/.git/:slug/",
        "/index.html/:slug/",
        "/a./:slug/",
        "/_headers/:slug/",
    ] {
        let site = Site::new().with_articles(1);
        site.write(
            "site.toml",
            format!(
                "{}[permalinks]\narticle = \"{pattern}\"\n",
                site.read("site.toml")
            ),
        );
        site.build().exits(1).warns("permalinks.article");
    }
}

#[test]
fn what_stands_in_the_way_is_named_before_anything_is_touched() {
    for (mine, page) in [
        ("public/about/index.html/mine.txt", "about"),
        ("public/about", "about"),
    ] {
        let site = Site::new().with_articles(2);
        site.build().good();
        site.write(mine, "mine");
        let before = site.output();
        site.write(
            &format!("content/pages/{page}.md"),
            "---\ntitle: About\n---\nText.\n",
        );
        site.build()
            .exits(1)
            .warns(mine.trim_start_matches("public/"))
            .warns("newsgen did not write it");
        assert_same(&before, &site.output(), mine);
        site.remove(mine);
        site.build().good();
        assert!(site.output().contains("about/index.html"));
    }
}

#[test]
#[cfg(unix)]
fn when_half_of_the_articles_cannot_be_read_nothing_is_taken_out_of_the_site() {
    let site = Site::new().with_articles(8);
    site.build().good();
    let before = site.output();
    let path = |number: usize| format!("content/news/{}.md", numbered(number).0);
    for number in 0..4 {
        site.remove(&path(number));
        std::os::unix::fs::symlink("/nowhere/at/all", site.path(&path(number))).unwrap();
    }
    let run = keep_going(&site).run().exits(1);
    assert!(
        run.stderr
            .contains("4 of 8 files of articles cannot be read"),
        "{run}"
    );
    assert_same(
        &before,
        &site.output(),
        "a build without half of its articles",
    );
    // One that is missing is a mistake like any other.
    for number in 1..4 {
        site.remove(&path(number));
        let (name, fields) = numbered(number);
        site.write_article(&name, &fields);
    }
    keep_going(&site).run().good().warns("is broken");
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_read_is_like_a_missing_one() {
    use std::os::unix::fs::PermissionsExt;
    for folder in [
        "content/news",
        "content/news/deep",
        "content/pages",
        "content/topics",
    ] {
        let site = Site::new()
            .with_articles(2)
            .file("content/news/deep/x.md", support::article("x", "title: X"))
            .file("content/pages/about.md", "---\ntitle: About\n---\nText.\n")
            .file("content/topics/rest.yaml", "name: Rest\n");
        site.build().good();
        let before = site.output();
        let path = site.path(folder);
        let mode = |mode: u32| {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        };
        mode(0o000);
        let may_read_all = fs::read_dir(&path).is_ok();
        if may_read_all {
            // Not even the administrator can read a folder that is a link to itself. One inside
            // another is then a link, and no folder.
            mode(0o755);
            if folder.ends_with("deep") {
                continue;
            }
            fs::rename(&path, site.path("aside")).unwrap();
            std::os::unix::fs::symlink(&path, &path).unwrap();
        }
        let run = keep_going(&site).run();
        if may_read_all {
            fs::remove_file(&path).unwrap();
            fs::rename(site.path("aside"), &path).unwrap();
        } else {
            mode(0o755);
        }
        run.exits(1).warns("cannot be read");
        assert_same(&before, &site.output(), folder);
    }
}

#[test]
fn a_build_does_not_take_most_of_a_site_away_unasked() {
    let site = Site::new().with_articles(20);
    site.build().good();
    let before = site.output();
    for number in 0..18 {
        site.remove(&format!("content/news/{}.md", numbered(number).0));
    }
    let run = site.build().exits(1).warns("18 of the 25 articles");
    assert!(run.stderr.contains("--delete-limit 100"), "{run}");
    keep_going(&site)
        .run()
        .exits(1)
        .warns("18 of the 25 articles");
    assert_same(&before, &site.output(), "a build that was refused");
    site.newsgen(["deploy", "--build", "--now", NOW, "file:///nowhere/www"])
        .run()
        .exits(1)
        .warns("18 of the 25 articles");
    site.newsgen(["build", "--now", NOW, "--delete-limit", "100"])
        .run()
        .good();
    assert!(!site.output().contains("news/2026/11/01/story-0/index.html"));

    let strict = Site::new().with_articles(20);
    strict.write(
        "site.toml",
        format!("{}[output]\ndelete_limit = 10\n", strict.read("site.toml")),
    );
    strict.build().good();
    for number in 0..11 {
        strict.remove(&format!("content/news/{}.md", numbered(number).0));
    }
    strict.build().exits(1).warns("11 of the 25 articles");
    // Ten may always go.
    let (name, fields) = numbered(0);
    strict.write_article(&name, &fields);
    strict.build().good();
}

#[test]
fn what_only_moves_is_not_taken_away() {
    let site = Site::new().with_articles(20);
    site.build().good();
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}[permalinks]\narticle = \"/stories/:slug/\"\n"),
    );
    let run = site.build().good();
    assert!(run.counts().2 >= 20, "{run}");
    for number in 0..20 {
        let (name, fields) = numbered(number);
        site.write_article(&name, &fields.replace("- Rest", "- Others"));
    }
    let run = site.build().good();
    assert!(run.counts().2 > 0, "{run}");
    // What a setting switches off goes unasked.
    site.write(
        "site.toml",
        format!("{settings}feeds.formats = []\napi.enabled = false\narchive.enabled = false\n"),
    );
    site.build().good();
}
