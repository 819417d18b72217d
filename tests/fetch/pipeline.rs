//! The commands by which a pipeline fetches and pushes: of two that run at once, nothing is lost.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::fetch::{decisions, feed, item, ledger, names, site};
use crate::server::{Answer, Server};
use crate::support::{Newsgen, Site};

/// The commands as they stand in the step `fetch` of the workflow of GitHub.
fn script(site: &Site) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(site.path("site.toml"), folder.path().join("site.toml")).unwrap();
    Newsgen::new(["init", "--ci", "github", "--fetch"])
        .arg(folder.path())
        .run()
        .good();
    let workflow = folder.path().join(".github/workflows/site.yml");
    let workflow = std::fs::read_to_string(workflow).unwrap();
    assert!(workflow.contains("contents: write"), "{workflow}");
    let (_, step) = workflow.split_once("- name: fetch\n").unwrap();
    let (_, script) = step.split_once("run: |\n").unwrap();
    let lines = script
        .lines()
        .take_while(|line| line.starts_with("          "));
    lines
        .map(|line| format!("{}\n", line.trim_start()))
        .collect()
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@invalid"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Starts the step in a clone, as GitHub does.
fn step(script: &str, clone: &Path, now: &str) -> Command {
    let bin = Path::new(env!("CARGO_BIN_EXE_newsgen")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new("bash");
    command
        .args(["-e", "-c", script])
        .current_dir(clone)
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("REMOTE", "origin")
        .env("BRANCH", "main")
        .env("PUSH_OPTIONS", "")
        .env("SOURCE_DATE_EPOCH", now);
    command
}

fn good(output: &Output) {
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn pipelines_that_fetch_at_once_lose_nothing() {
    // The second answer has an item more, and another text of the first one.
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let server = Server::new(move |path| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let mut items = vec![
            item("one", &format!("One, version {}", number / 2)),
            item("two", "Two"),
        ];
        items.extend((0..number).map(|number| item(&format!("more-{number}"), "More")));
        (path == "/feed").then(|| Answer::ok("", feed(&items)))
    });
    let first = site(&server, &[("rivers", "/feed")]);
    first.write(".gitignore", "/public\n/.newsgen\n");
    let script = script(&first);
    let root = tempfile::tempdir().unwrap();
    let origin = root.path().join("origin.git");
    git(first.root(), &["init", "--quiet", "--initial-branch=main"]);
    git(first.root(), &["add", "--all"]);
    git(first.root(), &["commit", "--quiet", "--message=site"]);
    git(
        root.path(),
        &[
            "clone",
            "--quiet",
            "--bare",
            &first.root().to_string_lossy(),
            "origin.git",
        ],
    );
    let clone = |name: &str| {
        git(
            root.path(),
            &["clone", "--quiet", &origin.to_string_lossy(), name],
        );
        root.path().join(name)
    };
    let now = |hour: u64| (1_795_608_000 + hour * 3_600).to_string();

    // Two at once.
    let (a, b) = (clone("a"), clone("b"));
    let started = [&a, &b].map(|clone| step(&script, clone, &now(0)).spawn().unwrap());
    for child in started {
        good(&child.wait_with_output().unwrap());
    }
    // One that has an old clone; a candidate was published meanwhile.
    let editor = clone("editor");
    let published = names_in(&editor, "content/queue")[0].clone();
    let path = format!("content/queue/{published}");
    let run = Newsgen::new(["queue", "publish", &path])
        .within(&editor)
        .run();
    run.good();
    let article = std::fs::read(editor.join("content/news").join(&published)).unwrap();
    git(&editor, &["add", "--all"]);
    git(&editor, &["commit", "--quiet", "--message=publish"]);
    git(&editor, &["push", "--quiet"]);
    good(&step(&script, &b, &now(2)).output().unwrap());

    let last = clone("last");
    let result = Site::copy_of(&last);
    assert_eq!(
        result
            .read(&format!("content/news/{published}"))
            .into_bytes(),
        article
    );
    let decided = decisions(&result);
    let items = asked.load(Ordering::SeqCst) + 1;
    assert_eq!(decided.len(), items, "{decided:?}");
    let queued = names(&result, "content/queue").len();
    assert_eq!(queued, items - 1, "each once: {decided:?}");
    assert!(ledger(&result).len() >= items);
    // What is there is a site in order: nothing is found to have been done by hand.
    let check = result.newsgen(["check"]).run().good();
    assert!(!check.stderr.contains("ledger"), "{check}");
}

fn names_in(folder: &Path, path: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join(path)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}
