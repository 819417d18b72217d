//! What the commands say is true, for people and for programs: exit codes, JSON, and messages that
//! come in thousands.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::fs;

use serde_json::Value;
use support::{NOW, Run, Site, Tree, numbered};

/// The codes of the diagnostics in a result.
fn codes(result: &Value) -> Vec<&str> {
    let diagnostics = result["diagnostics"].as_array().unwrap();
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic["code"].as_str().unwrap())
        .collect()
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"))
}

/// A site with two good articles and a broken one.
fn with_a_broken_article() -> Site {
    Site::new()
        .with_articles(2)
        .article("broken", "title: Broken\nquality: high")
}

#[test]
fn a_build_tells_programs_what_it_left_out() {
    let site = with_a_broken_article();
    let build = ["build", "--now", NOW, "--format", "json"];
    let run = site.newsgen(build).run().exits(1);
    assert_eq!(codes(&json(&run)), ["yaml"]);
    assert_eq!(run.stderr, "");
    let run = site.newsgen(build).arg("--keep-going").run().exits(0);
    let result = json(&run);
    assert_eq!(codes(&result), ["yaml"]);
    assert_eq!(result["articles"]["read"], 3);
    assert_eq!(result["articles"]["broken"], 1);
    assert_eq!(result["output"], "public");
    assert_eq!(run.stderr, "");
    // The same shape as that of `check`.
    let check = json(
        &site
            .newsgen(["check", "--now", NOW, "--format", "json"])
            .run(),
    );
    assert_eq!(result["diagnostics"][0], check[0]);
    let written = result["written"].as_array().unwrap();
    assert_eq!(
        written.len(),
        support::files(&site.path("public")).len() - 1
    );
    let again = site.newsgen(build).arg("--keep-going").run();
    assert_eq!(json(&again)["unchanged"], written.len());
}

#[test]
fn a_strict_build_that_keeps_going_is_good_and_says_so_with_its_exit_code() {
    let site = with_a_broken_article();
    let build = ["build", "--now", NOW, "--keep-going", "--strict"];
    site.newsgen(build)
        .run()
        .exits(1)
        .warns("broken content was skipped");
    assert!(site.output().contains("news/2026/11/01/story-1/index.html"));
    site.remove("content/news/broken.md");
    site.newsgen(build).run().exits(0);
    site.newsgen(["build", "--strict"]).run().exits(2);
}

#[test]
fn a_deploy_that_builds_tells_programs_what_it_left_out() {
    let site = with_a_broken_article();
    let target = format!("file://{}", site.path("target").display());
    let deploy = [
        "deploy", &target, "--build", "--now", NOW, "--format", "json",
    ];
    let run = site.newsgen(deploy).run().exits(1);
    assert_eq!(codes(&json(&run)), ["yaml"]);
    for (more, exit) in [(&["--dry-run"][..], 0), (&[], 0), (&["--strict"], 1)] {
        let arguments = deploy.iter().chain(&["--keep-going"]).chain(more);
        let run = site.newsgen(arguments.copied()).run().exits(exit);
        let result = json(&run);
        assert_eq!(codes(&result), ["yaml"], "{more:?}");
        assert!(result["send"].is_array(), "{more:?}");
    }
    assert!(site.path("target/index.html").exists());
    // What was left out is also said when the deploy fails after it.
    let nowhere = [
        "deploy",
        "file:///proc/nowhere",
        "--build",
        "--keep-going",
        "--now",
        NOW,
    ];
    let run = site.newsgen(nowhere).arg("--format").arg("json").run();
    assert_eq!(codes(&json(&run)), ["yaml", "machine"]);
    let run = site
        .newsgen(["deploy", "no-such-target", "--format", "json"])
        .run();
    assert_eq!(codes(&json(&run.exits(2))), ["target"]);
}

#[test]
fn explain_has_json() {
    let site = with_a_broken_article();
    let explain = |what: &str| {
        let arguments = ["explain", what, "--now", NOW, "--format", "json"];
        site.newsgen(arguments).run()
    };
    let result = json(&explain("content/news/2026-11-01-story-1.md").exits(0));
    assert_eq!(result["status"], "kept");
    assert!(result["rules"].as_array().unwrap().len() > 5);
    let pages = result["pages"].as_array().unwrap();
    assert!(pages.contains(&Value::from("https://news.example/")));
    assert!(codes(&result).is_empty());
    let result = json(&explain("content/news/broken.md").exits(1));
    assert_eq!(result["status"], "broken");
    assert_eq!(codes(&result), ["yaml"]);
    assert_eq!(codes(&json(&explain("nothing.md").exits(1))), ["explain"]);
}

#[test]
fn many_messages_of_one_kind_are_cut_for_people_only() {
    let mut site = Site::new();
    for number in 0..51 {
        let title = "x".repeat(200 + number / 25 * 100);
        site = site.article(
            &format!("a-{number:02}"),
            &format!("title: {title} {number:02}"),
        );
    }
    let run = site.check().good();
    assert!(run.stdout.contains("51 warnings"), "{run}");
    let head = "51 warnings of one kind: the title is … characters long\n\nwarning: ";
    assert!(run.stderr.starts_with(head), "{run}");
    for title in [203, 303, 403] {
        let message = format!("the title is {title} characters");
        assert_eq!(run.stderr.matches(&message).count(), 1, "{run}");
    }
    assert!(
        run.stderr
            .contains("… and 48 more of this kind (`--verbose` shows all)"),
        "{run}"
    );
    let verbose = site.newsgen(["check", "--verbose", "--now", NOW]).run();
    assert_eq!(verbose.stderr.matches("the title is").count(), 51);
    assert!(!verbose.stderr.contains("more of this kind"), "{verbose}");
    let all = json(
        &site
            .newsgen(["check", "--format", "json", "--now", NOW])
            .run(),
    );
    assert_eq!(all.as_array().unwrap().len(), 51);
    let github = site
        .newsgen(["check", "--format", "github", "--now", NOW])
        .run();
    assert_eq!(github.stdout.matches("::warning").count(), 51);
}

#[test]
fn many_errors_of_one_kind_are_cut_too() {
    let mut site = Site::new();
    for number in 0..40 {
        site = site.article(
            &format!("a-{number}"),
            "title: A\npublishedDateTime: someday",
        );
    }
    let run = site.build().exits(1).warns("40 errors of one kind");
    assert!(run.stderr.contains("… and 37 more"), "{run}");
    assert!(
        run.stderr.contains("note: 40 errors; nothing was written"),
        "{run}"
    );
}

#[test]
fn an_output_folder_has_one_record_however_it_is_spelled() {
    let site = Site::new().with_articles(3);
    let spellings = ["public", "./public", "public/", "content/../public"];
    let absolute = site.path("public").display().to_string();
    site.build().good();
    let page = "news/2026/11/01/story-1/index.html";
    for (number, spelling) in spellings.iter().copied().chain([&*absolute]).enumerate() {
        let target = format!("file://{}", site.path("target").display());
        site.newsgen(["deploy", "--output", spelling, &target])
            .run()
            .good();
        let build = ["build", "--now", NOW, "--output", spelling];
        let run = site.newsgen(build).run().good();
        assert_eq!(run.counts().0, 0, "{spelling}: {run}");
        assert!(!run.stderr.contains("no record"), "{run}");
        // A page that goes, goes: whatever spelling wrote it.
        site.remove(&format!(
            "content/news/2026-11-01-story-{}.md",
            number.min(2)
        ));
        if number == 1 {
            site.newsgen(build).run().good();
            assert!(!site.path("public").join(page).exists());
        }
        let (name, fields) = numbered(number.min(2));
        site.write_article(&name, &fields);
        site.build().good();
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(site.path("public"), site.path("link")).unwrap();
        let build = ["build", "--now", NOW, "--output", "link"];
        assert_eq!(site.newsgen(build).run().good().counts().0, 0);
    }
}

#[test]
fn folders_of_articles_that_are_one_are_read_once() {
    let site = Site::new().with_articles(4);
    site.build().good();
    let good = site.output();
    site.write(
        "site.toml",
        "title = \"Test\"\nbase_url = \"https://news.example/\"\nsearch.enabled = false\n\
         content.articles = [\"content/news\", \"./content/news/\", \"content//news\", \
         \"content\", \"mirror\"]\n",
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink(site.path("content/news"), site.path("mirror")).unwrap();
    #[cfg(not(unix))]
    fs::create_dir_all(site.path("mirror")).unwrap();
    let run = site.build().good().says("4 articles read, 4 kept");
    assert_eq!(run.counts().0, 0, "{run}");
    support::assert_same(&good, &site.output(), "with several names of one folder");
}

#[test]
fn a_read_only_site_is_built_with_its_state_elsewhere() {
    let site = Site::new().with_articles(3);
    let elsewhere = Site::empty();
    let (state, output) = (elsewhere.path("state"), elsewhere.path("public"));
    let build = || site.newsgen(["build", "--now", NOW]);
    let run = build()
        .arg("--state")
        .arg(&state)
        .arg("--output")
        .arg(&output)
        .run()
        .good();
    assert!(!site.path(".newsgen").exists(), "{run}");
    let variable = state.display().to_string();
    let again = build()
        .env("NEWSGEN_STATE", &variable)
        .arg("--output")
        .arg(&output)
        .run();
    assert_eq!(again.good().counts().0, 0);
    assert!(!site.path(".newsgen").exists());
    let target = format!("file://{}", elsewhere.path("target").display());
    let deploy = ["deploy", &target, "--state", &variable];
    site.newsgen(deploy)
        .arg("--output")
        .arg(&output)
        .run()
        .good();
    // Without a folder that can be written, the message says how.
    let file = elsewhere.path("file");
    fs::write(&file, "").unwrap();
    let run = build()
        .arg("--state")
        .arg(file.join("state"))
        .run()
        .exits(3);
    assert!(run.stderr.contains("file/state"), "{run}");
}

#[test]
fn sites_that_share_a_state_folder_leave_each_other_alone() {
    let shared = Site::empty();
    let state = shared.path("state").display().to_string();
    let (one, other) = (Site::new().with_articles(4), Site::new().with_articles(6));
    let build = |site: &Site| {
        let arguments = ["build", "--verbose", "--now", NOW, "--state", &state];
        site.newsgen(arguments).run().good()
    };
    build(&one);
    build(&other).says("6 articles parsed");
    build(&one)
        .says("0 articles parsed")
        .says("0 files written");
    build(&other)
        .says("0 articles parsed")
        .says("0 files written");
    assert!(one.output().contains("news/2026/11/01/story-3/index.html"));
}

#[test]
fn two_settings_of_one_folder_keep_a_cache_each() {
    let site = Site::new().with_articles(5).file(
        "other.toml",
        "title = \"Other\"\nbase_url = \"https://other.example/\"\nsearch.enabled = false\n\
         output.dir = \"other\"\ntime_zone = \"Asia/Tokyo\"\n",
    );
    let build = |config: &str| {
        let arguments = ["build", "--verbose", "--now", NOW, "--config", config];
        site.newsgen(arguments).run().good()
    };
    build("site.toml").says("5 articles parsed");
    build("other.toml").says("5 articles parsed");
    build("site.toml").says("0 articles parsed");
    let run = build("other.toml").says("0 articles parsed");
    assert!(!run.stderr.contains("made anew"), "{run}");
}

#[test]
fn a_blocked_provider_may_be_written_as_people_do() {
    let site = Site::new().with_articles(4);
    let settings = site.read("site.toml");
    for written in [
        "www.even.example",
        "https://www.Even.example/",
        "even.example",
    ] {
        site.write(
            "site.toml",
            format!("{settings}curation.block.providers = [\"{written}\"]\n"),
        );
        site.build()
            .good()
            .says("2 kept, 2 dropped (2 blocked provider)");
        site.check().good().says("0 warnings");
    }
}

#[test]
fn settings_that_match_nothing_are_warned_of_with_their_line() {
    let site = Site::new().with_articles(4).file(
        "site.toml",
        "title = \"Test\"\nbase_url = \"https://news.example/\"\nnav = [\n  \"Third\",\n  \
         \"Thrid\",\n]\n\n[curation.block]\nproviders = [\"odd.example\", \"evn.example\"]\n\
         topics = [\"Nothing\"]\ntitles = [\"^Story 1$\", \"^Tale\"]\n\n[[curation.override]]\n\
         topic = \"Ret\"\nmin_quality = 1\n\n[[curation.override]]\nprovider = \"even.example\"\n\
         min_quality = 1\n",
    );
    let run = site
        .newsgen(["check", "--format", "json", "--now", NOW])
        .run()
        .good();
    let found = json(&run);
    let found: Vec<(u64, u64, &str, &str)> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| {
            assert_eq!(problem["code"], "no-match");
            let place = &problem["place"];
            let text = |name: &str| problem[name].as_str().unwrap();
            let number = |name: &str| place[name].as_u64().unwrap();
            (
                number("line"),
                number("column"),
                text("message"),
                text("help"),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                5,
                3,
                "`nav` contains the unknown topic `Thrid`",
                "did you mean `Third`?"
            ),
            (
                9,
                29,
                "`curation.block.providers` names `evn.example`, and no article is from there",
                "did you mean `even.example`?"
            ),
            (
                10,
                11,
                "`curation.block.topics` names `Nothing`, and there is no such topic",
                "write the name as articles do; `newsgen list` shows what there is"
            ),
            (
                11,
                24,
                "`curation.block.titles` has `^Tale`, and no title matches it",
                "remove it if it is no longer needed; it is a regular expression"
            ),
            (
                14,
                9,
                "an override is for the topic `Ret`, and there is no such topic",
                "did you mean `Rest`?"
            ),
        ]
    );
}

#[test]
fn a_base_url_on_this_machine_is_warned_of_and_not_deployed() {
    for host in ["localhost:8000", "127.0.0.1", "[::1]:80", "0.0.0.0"] {
        let site = Site::new().with_articles(1).file(
            "site.toml",
            format!("title = \"Test\"\nbase_url = \"http://{host}/\"\nsearch.enabled = false\n"),
        );
        site.check()
            .good()
            .warns("`base_url` leads to this machine")
            .warns("site.toml:2:12");
        site.build().good();
        let refused = |target: &str| {
            let run = site.newsgen(["deploy", target]).run().exits(1);
            assert!(run.stderr.contains("was built for http://"), "{run}");
        };
        refused("s3://bucket");
        refused("git+ssh://git@host.example/a.git#pages");
        let folder = format!("file://{}", site.path("target").display());
        let run = site.newsgen(["deploy", &folder]).run().good();
        assert!(run.stderr.contains("set `base_url`"), "{run}");
        assert_eq!(
            Tree::of(&site.path("target")).text("index.html"),
            site.output().text("index.html")
        );
    }
    let site = Site::new().with_articles(1);
    assert!(!site.check().good().stderr.contains("base_url"));
}

#[test]
fn values_that_mean_nothing_are_warned_of() {
    let site = Site::new().article(
        "one",
        "title: One\nprovider: {domain: \"not a domain!!\"}\nlength: four minutes\nheat: -5\n\
         images: [{url: /a.png, width: -1, height: 0}]\n\
         related: [{title: R, webUrl: \"https://a.example/\", publishedDateTime: gestern}]",
    );
    let run = site.check();
    for text in [
        "`not a domain!!` is not a domain",
        "`four minutes` is not a duration",
        "the `heat` -5 is negative",
        "an image has the size -1",
        "the date of a related story, `gestern`, is not a date",
    ] {
        assert!(run.to_string().contains(text), "no `{text}` in {run}");
    }
    for (file, text, message) in [
        (
            "content/topics/a.yaml",
            "name: A\nhue: 400\n",
            "the `hue` is 400",
        ),
        ("content/news/b.md", "---\ntitle:\ntitle: E\n---\n", "title"),
        (
            "content/news/b.md",
            "---\ntitle: E\npublishedDateTime: 2026-05-01 16:30:75 +0800\n---\n",
            "is a day or a time that does not exist",
        ),
    ] {
        let site = Site::new().with_articles(3).file(file, text);
        site.build().exits(1).warns(message).warns(file);
    }
}

#[test]
fn settings_that_no_feed_or_template_can_show_are_errors() {
    for (line, message) in [
        (
            "description = \"A\\u0001B\"",
            "the control character U+0001",
        ),
        (
            "strings.filter = \"A\\u0007\"",
            "the control character U+0007",
        ),
        (
            "extra.big = 9223372036854775808",
            "cannot be given this number",
        ),
        ("extra.list = [{ x = nan }]", "cannot be given this number"),
    ] {
        let site = Site::new();
        site.write("site.toml", format!("{line}\n{}", site.read("site.toml")));
        site.build().exits(1).warns(message).warns("site.toml:1:");
    }
}

#[test]
fn a_list_that_fails_tells_programs_why() {
    let site = Site::new();
    site.write("site.toml", "titel = \"x\"\n");
    let run = site.newsgen(["list", "--format", "json"]).run().exits(1);
    assert!(
        json(&run)["diagnostics"]
            .as_array()
            .is_some_and(|all| !all.is_empty()),
        "{run}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn lost_output_is_reported_whatever_else_went_wrong() {
    let site = with_a_broken_article();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_newsgen"))
        .args(["check", "--format", "json", "--root"])
        .arg(site.root())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&run.stderr).contains("cannot write to standard output"));
}

#[test]
fn days_and_times_are_in_the_zone_of_the_site() {
    let site = Site::new()
        .file(
            "site.toml",
            "title = \"Test\"\nbase_url = \"https://news.example/\"\n\
             time_zone = \"Pacific/Auckland\"\nsearch.enabled = false\n",
        )
        .article(
            "late",
            "title: Late\npublishedDateTime: 2026-11-19T22:30:00Z\n",
        );
    site.build().good();
    assert!(site.output().contains("news/2026/11/20/late/index.html"));
    let run = site.newsgen(["list", "--now", NOW]).run().good();
    assert!(run.stdout.starts_with("2026-11-20  "), "{run}");
    let run = site.newsgen(["explain", "content/news/late.md", "--now", NOW]);
    let run = run.run().good();
    let words = "2026-11-20T11:30:00+13:00; required: not after 2026-11-22T01:00:00+13:00";
    assert!(run.stdout.contains(words), "{run}");
}

#[test]
fn what_a_provider_file_says_in_vain_is_warned_of() {
    let site = Site::new().with_articles(1).file(
        "content/providers/x.yaml",
        "domain: x.example\nurl: www.x.example\nimages:\n  - url: logo.svg\n  - url: /b.svg\n",
    );
    let run = site.check().good();
    for part in [
        "the `url` of the provider, `www.x.example`, is not used",
        "content/providers/x.yaml:2:6",
        "an image of the provider, `logo.svg`, is not used",
        "content/providers/x.yaml:4:10",
    ] {
        assert!(run.stderr.contains(part), "{part}: {run}");
    }
    assert!(!run.stderr.contains("/b.svg`"), "{run}");
    let site = Site::new().with_articles(1).file(
        "content/providers/x.yaml",
        "domain: x.example\nsecured: { key: www.x.example SECRET }\nurl: www.x.example\n",
    );
    let run = site.check().good();
    assert!(run.stderr.contains("is not used"), "{run}");
    assert!(!run.stderr.contains("SECRET"), "{run}");
}
