//! `newsgen set`: exactly the lines that were meant change, in real files too; what somebody else
//! saved is not overwritten; a file is the old one or the new one at any moment.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::print_stderr,
    reason = "that files are missing, and how many runs were stopped, is worth seeing"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use newsgen::document::{Document, Value};
use support::{Newsgen, Site, copy_tree, files, repository};

const ARTICLE: &str = concat!(
    "---\ntitle: \"Old\" # a comment\npublishedDateTime: 2026-11-20T08:00:00Z\n",
    "originalUrl: \"https://provider.example/a\"\nquality: 70\ntopics:\n  - AI\n---\n",
);

fn value(bytes: &[u8], field: &str) -> Option<Value> {
    Document::parse(bytes).unwrap().get(&field.parse().unwrap())
}

#[test]
fn fields_are_set_and_the_changed_lines_are_printed() {
    let site = Site::new().file("content/news/a.md", ARTICLE);
    let run = site.newsgen([
        "set",
        "content/news/a.md",
        "quality=80",
        "topics+=Chips",
        "title=It's: new",
    ]);
    let run = run.run().good();
    assert_eq!(
        run.stdout,
        "content/news/a.md:2\n- title: \"Old\" # a comment\n+ title: \"It's: new\" # a comment\n\
         content/news/a.md:5\n- quality: 70\n+ quality: 80\ncontent/news/a.md:8\n+   - Chips\n\
         1 file changed, 0 unchanged\n"
    );
    let wanted = ARTICLE
        .replace("Old", "It's: new")
        .replace("70", "80")
        .replace("  - AI\n", "  - AI\n  - Chips\n");
    assert_eq!(site.read("content/news/a.md"), wanted);
    site.build().good();
    // Said once more, it changes nothing.
    let again = site
        .newsgen(["set", "content/news/a.md", "quality=80", "topics+=Chips"])
        .run();
    assert_eq!(again.good().stdout, "0 files changed, 1 unchanged\n");
}

#[test]
fn a_dry_run_writes_nothing() {
    let site = Site::new().file("content/news/a.md", ARTICLE);
    let run = site.newsgen([
        "set",
        "content/news/a.md",
        "--dry-run",
        "topics-=AI",
        "--unset",
        "quality",
    ]);
    let run = run.run().good();
    assert!(
        run.stdout
            .ends_with("1 file would be changed, 0 unchanged\n"),
        "{run}"
    );
    assert!(run.stdout.contains("- quality: 70\n"), "{run}");
    assert_eq!(site.read("content/news/a.md"), ARTICLE);
}

#[test]
fn nothing_is_written_unless_all_files_could_be_built() {
    let site = Site::new()
        .file("content/news/a.md", ARTICLE)
        .file(
            "content/news/b.md",
            ARTICLE.replace("title: \"Old\"", "title: &t \"Old\"\nhighlight: *t"),
        )
        .file("content/pages/about.md", "---\ntitle: About\n---\n");
    for (change, reason) in [
        (
            "quality=high",
            "`quality` must be a whole number, but is high",
        ),
        (
            "publishedDateTime=yesterday",
            "`publishedDateTime` is not a date and time",
        ),
        ("secured=x", "`secured` is never read"),
        (
            "title.name=x",
            "`title` is no table, so it has no field `name`",
        ),
        (
            "topics.7=x",
            "`topics` has no item 7, and the next one is item 1",
        ),
    ] {
        site.newsgen(["set", "content/news/a.md", change])
            .run()
            .exits(1)
            .warns(reason);
    }
    let run = site
        .newsgen(["set", "content/news/a.md", "content/news/b.md", "title=New"])
        .run();
    run.exits(1)
        .warns("`title` cannot be edited: it would change `highlight` too");
    assert_eq!(site.read("content/news/a.md"), ARTICLE);

    for file in [
        "content/pages/about.md",
        "content/news/none.md",
        "../a.md",
        "site.toml",
    ] {
        site.newsgen(["set", file, "title=New"]).run().exits(1);
    }
    site.newsgen(["set", "content/news/a.md"])
        .run()
        .exits(2)
        .warns("no field is named");
    site.newsgen(["set", "title=New"])
        .run()
        .exits(2)
        .warns("no file is named");
    site.newsgen(["set", "content/news/a.md", "title..x=New"])
        .run()
        .exits(2);
}

#[test]
fn front_matter_that_cannot_be_edited_is_refused_in_words() {
    let site = Site::new().file(
        "content/news/a.md",
        "Title: Old\nDate: 2026-11-20\n\nText.\n",
    );
    let run = site
        .newsgen(["set", "content/news/a.md", "title=New"])
        .run()
        .exits(1);
    run.warns("cannot be edited");
}

/// The articles of the real feed: three fields are set, and three lines differ.
#[test]
fn in_real_articles_exactly_the_lines_that_were_meant_differ() {
    let real = repository().join("../shared/real");
    if !real.is_dir() {
        eprintln!("skipped: ../shared/real is missing");
        return;
    }
    let site = Site::new();
    for folder in ["news", "videos"] {
        copy_tree(
            &real.join(folder),
            &site.path(&format!("content/news/{folder}")),
        );
    }
    let articles: Vec<_> = files(&site.path("content/news"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    let before: Vec<Vec<u8>> = articles
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    assert!(articles.len() > 150, "{}", articles.len());
    let title = "It's new: \"chips\" — #1";
    let is_published = |bytes: &[u8]| value(bytes, "published") == Some(Value::Bool(true));
    // One run for those that are published and one for those that are not: each changes
    // `published`.
    for was in [true, false] {
        let run = Newsgen::new(["set", "quality=7"])
            .within(site.root())
            .arg(format!("title={title}"))
            .arg(format!("published={}", !was));
        let chosen = articles
            .iter()
            .zip(&before)
            .filter(|(_, bytes)| is_published(bytes) == was);
        let (run, count) = chosen.fold((run, 0), |(run, count), (path, _)| {
            (run.arg(path), count + 1)
        });
        let run = run.run_within(Duration::from_secs(120)).good();
        let end = format!("{count} files changed, 0 unchanged\n");
        assert!(count > 10 && run.stdout.ends_with(&end), "{run}");
    }
    for (at, path) in articles.iter().enumerate() {
        let after = fs::read(path).unwrap();
        assert_eq!(value(&after, "quality"), Some(7.into()));
        assert_eq!(value(&after, "title"), Some(title.into()));
        assert_eq!(is_published(&after), !is_published(&before[at]));
        let lines = |bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8(bytes.to_owned()).unwrap();
            text.split_inclusive('\n').map(str::to_owned).collect()
        };
        let (old, new) = (lines(&before[at]), lines(&after));
        // A field that was not there adds a line; nothing else does.
        let fields = ["published", "quality", "title"];
        let added = fields
            .iter()
            .filter(|field| value(&before[at], field).is_none())
            .count();
        assert_eq!(old.len() + added, new.len(), "{}", path.display());
        let others = |lines: &[String]| -> Vec<String> {
            let is_ours = |line: &&String| {
                let name = line.split_once(':').map(|(name, _)| name);
                name.is_some_and(|name| fields.contains(&name))
            };
            lines
                .iter()
                .filter(|line| !is_ours(line))
                .cloned()
                .collect()
        };
        assert_eq!(others(&old), others(&new), "{}", path.display());
        if added > 0 {
            continue;
        }
        let differ: BTreeSet<&str> = new
            .iter()
            .zip(&old)
            .filter(|(new, old)| new != old)
            .map(|(new, _)| new.split(':').next().unwrap())
            .collect();
        assert_eq!(
            differ,
            BTreeSet::from(["published", "quality", "title"]),
            "{}",
            path.display()
        );
    }
}

#[test]
fn what_an_article_must_have_stays_even_in_a_broken_one() {
    let broken = ARTICLE.replace("https://", "ftp://");
    let site = Site::new().file("content/news/b.md", &broken);
    for field in ["title", "publishedDateTime"] {
        let run = Newsgen::new(["set", "content/news/b.md", "--unset", field])
            .within(site.root())
            .run();
        run.exits(1).warns(&format!("no `{field}`"));
        assert_eq!(site.read("content/news/b.md"), broken);
    }
    // What is wrong already is no reason to refuse another change.
    Newsgen::new([
        "set",
        "content/news/b.md",
        "content/news/./b.md",
        "quality=7",
    ])
    .within(site.root())
    .run()
    .good()
    .says("1 file changed, 0 unchanged");
    let text = "---\ntitle: \"x\n---\n";
    site.write("content/news/c.md", text);
    Newsgen::new(["set", "content/news/c.md", "quality=7"])
        .within(site.root())
        .run()
        .exits(1)
        .warns("content/news/c.md:");
}

/// Runs that are killed at any moment leave each file as it was or as it was to be, and no run
/// after them finds anything in its way.
#[cfg(unix)]
#[test]
fn a_file_is_the_old_one_or_the_new_one_whenever_a_run_is_killed() {
    const FILES: usize = 12;
    const KILLS: usize = 100;
    let site = Site::new();
    let paths: Vec<String> = (0..FILES)
        .map(|at| format!("content/news/{at}.md"))
        .collect();
    let text = "Text of some length.\n".repeat(2_000);
    for (at, path) in paths.iter().enumerate() {
        site.write(path, ARTICLE.replace("/a\"", &format!("/{at}\"")) + &text);
    }
    let start = |quality: usize| {
        Command::new(env!("CARGO_BIN_EXE_newsgen"))
            .current_dir(site.root())
            .arg("set")
            .args(&paths)
            .arg(format!("quality={quality}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let begun = Instant::now();
    assert!(start(70).wait().unwrap().success());
    assert!(start(71).wait().unwrap().success());
    let takes = begun.elapsed() / 2;
    let contents = || -> Vec<String> { paths.iter().map(|path| site.read(path)).collect() };
    let (mut killed, mut between) = (0, 0);
    for number in 0..KILLS {
        let quality = 100 + number;
        let before = contents();
        let mut child = start(quality);
        if number % 2 == 0 {
            // Later and later, over the whole of a run and a little more.
            std::thread::sleep(takes.mul_f64(1.2 * number as f64 / KILLS as f64));
        } else {
            // As soon as a file is written: a busy machine may write all of them in one go.
            let at = number / 2 % (FILES - 1);
            while site.read(&paths[at]) == before[at] && child.try_wait().unwrap().is_none() {}
        }
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let mut new = 0;
        for (old, now) in before.iter().zip(contents()) {
            let (head, tail) = old.split_once("quality: ").unwrap();
            let (_, tail) = tail.split_once('\n').unwrap();
            let wanted = format!("{head}quality: {quality}\n{tail}");
            assert!(now == *old || now == wanted, "kill {number}:\n{now}");
            new += usize::from(now == wanted);
        }
        between += usize::from(new > 0 && new < FILES);
    }
    eprintln!("{killed} of {KILLS} runs were killed at work, {between} between two files");
    assert!(between > 0, "no run was killed between two files");
    let last = Newsgen::new(["set", "quality=1"]).within(site.root());
    let last = paths.iter().fold(last, |run, path| run.arg(path));
    last.run_within(Duration::from_secs(60)).good();
    let left: Vec<_> = files(&site.path("content"))
        .into_iter()
        .filter(|path| !path.to_string_lossy().ends_with(".md"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    site.build().good();
}
