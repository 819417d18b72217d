//! Commits of what the desk changed, in real repositories.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::sources::done;
use super::{Editor, path, with_queue};
use crate::preview::{Preview, write};

/// Git in a folder, with settings of its own and not those of the machine.
fn git_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("git")
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap()
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = git_in(folder, arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// A site in a repository: the site, below `below`, with everything committed but what `.gitignore`
/// names.
struct Repository {
    preview: Preview,
    /// Top of the repository.
    top: PathBuf,
}

impl Repository {
    fn of(candidates: usize, below: &str) -> Repository {
        Repository::with(candidates, below, |_| ())
    }

    fn with(candidates: usize, below: &str, prepare: impl FnOnce(&Path)) -> Repository {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().to_owned();
        let site = top.join(below);
        fs::create_dir_all(&site).unwrap();
        let made = with_queue(candidates);
        copy(made.path(), &site);
        let settings = fs::read_to_string(site.join("site.toml")).unwrap();
        let settings = format!("{settings}[desk]\ncommit = true\n");
        write(&site, "site.toml", &settings);
        write(&site, ".gitignore", "/.newsgen\n/public\n");
        prepare(&top);
        git(&top, &["init", "--quiet", "--initial-branch=main"]);
        git(&top, &["config", "user.name", "An Editor"]);
        git(&top, &["config", "user.email", "editor@example.org"]);
        git(&top, &["add", "--all"]);
        git(&top, &["commit", "--quiet", "--message", "Start"]);
        let preview = Preview::with_plain_git(folder, below);
        Repository { preview, top }
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(&self.top, arguments)
    }

    fn write(&self, path: &str, text: &str) {
        write(&self.top, path, text);
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.top.join(path)).unwrap()
    }

    /// Paths of the last commit with what became of each.
    fn last(&self) -> Vec<String> {
        let listed = self.git(&["show", "--name-status", "--no-renames", "--format=", "HEAD"]);
        listed.lines().map(|line| line.replace('\t', " ")).collect()
    }

    fn message(&self) -> String {
        self.git(&["show", "--no-patch", "--format=%B", "HEAD"])
    }

    fn count(&self) -> String {
        self.git(&["rev-list", "--count", "HEAD"])
    }

    fn status(&self) -> String {
        self.git(&["status", "--porcelain", "--untracked-files=all"])
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// What came of a commit.
fn commit(editor: &Editor<'_>, request: Value) -> Value {
    let (status, answer) = editor.post("commit", &request);
    assert_eq!(status, 200, "{answer}");
    done(editor, &answer["job"])["commit"].clone()
}

fn publish(editor: &Editor<'_>, number: usize) {
    let row = editor.candidate(&path(number));
    assert_eq!(editor.decide("publish", &[&row]).0, 200);
}

fn reject(editor: &Editor<'_>, number: usize, reason: &str) {
    let row = editor.candidate(&path(number));
    let items = [super::item(&row)];
    let request = json!({ "items": items, "decision": "reject", "reason": reason });
    assert_eq!(editor.post("decide", &request).0, 200);
}

fn left_out(done: &Value) -> Vec<&str> {
    let files = done["left_out"].as_array().unwrap().iter();
    files.map(|file| file["path"].as_str().unwrap()).collect()
}

#[test]
fn what_was_decided_is_committed_and_nothing_else() {
    let it = Repository::of(5, "");
    let editor = Editor::at(&it.preview);
    // Work of somebody else: staged, changed and new; and lines that a fetch adds to the ledger.
    it.write(
        "content/news/story-5.md",
        &it.read("content/news/story-5.md").replace("says", "said"),
    );
    it.git(&["add", "content/news/story-5.md"]);
    it.write(
        "content/news/story-4.md",
        &it.read("content/news/story-4.md").replace("says", "said"),
    );
    it.write("content/news/theirs.md", "---\ntitle: Theirs\n---\n");
    it.write("notes.txt", "mine");
    let month = "content/ledger/2026-10.jsonl";
    let line = json!({ "time": "2026-10-21T00:00:00Z", "n": 99, "source": "x", "id": "x",
        "decision": "dropped", "by": "rules" });
    it.write(month, &format!("{}{line}\n", it.read(month)));
    let theirs = it.status();

    for number in 0..2 {
        publish(&editor, number);
    }
    reject(&editor, 2, "old\nnews");
    let article = editor.article("content/news/story-1.md");
    assert_eq!(editor.set(&article, "quality", "55").0, 200);
    let article = editor.article("content/news/story-2.md");
    let request = json!({ "items": [super::item(&article)] });
    assert_eq!(editor.post("delete", &request).0, 200);

    let planned = commit(&editor, json!({ "dry": true }));
    assert_eq!(it.count(), "1");
    assert_eq!(planned["commit"], Value::Null);
    let made = commit(&editor, json!({}));
    assert_eq!(
        (&made["message"], &made["branch"]),
        (&planned["message"], &json!("main"))
    );
    assert!(left_out(&made).is_empty(), "{made}");
    assert_eq!(
        it.git(&["rev-parse", "--short", "HEAD"]),
        made["commit"].as_str().unwrap()
    );
    let ledger = "A content/ledger/2026-11.jsonl";
    assert_eq!(
        it.last(),
        [
            ledger,
            "A content/news/candidate-0.md",
            "A content/news/candidate-1.md",
            "M content/news/story-1.md",
            "D content/news/story-2.md",
            "D content/queue/candidate-0.md",
            "D content/queue/candidate-1.md",
            "D content/queue/candidate-2.md",
        ]
    );
    assert_eq!(
        it.message(),
        "Publish 2 stories, reject 1, edit 1, delete 1\n\n\
        Published:\n- Candidate 0 (content/news/candidate-0.md)\n\
        - Candidate 1 (content/news/candidate-1.md)\n\n\
        Rejected:\n- Candidate 2: old news (content/queue/candidate-2.md)\n\n\
        Edited:\n- Story 1 (content/news/story-1.md)\n\n\
        Deleted:\n- Story 2 (content/news/story-2.md)"
    );
    // What somebody else did is as it was, staged or not.
    assert_eq!(it.status(), theirs);
    assert_eq!(commit(&editor, json!({}))["commit"], Value::Null);
    assert_eq!(it.count(), "2");
    let mine = it.git(&["show", "HEAD:content/ledger/2026-11.jsonl"]);
    assert_eq!(mine, it.read("content/ledger/2026-11.jsonl").trim_end());

    // Undone, it is another commit, after a restart as well.
    let before = it.git(&["rev-parse", "HEAD^{tree}"]);
    for _ in 0..5 {
        assert_eq!(editor.undo().0, 200);
    }
    let made = commit(&editor, json!({}));
    assert!(made["commit"].is_string(), "{made}");
    assert_ne!(it.git(&["rev-parse", "HEAD^{tree}"]), before);
    let changed = it.git(&["diff", "--name-only", "HEAD~2", "HEAD"]);
    assert_eq!(changed, "content/ledger/2026-11.jsonl");
    assert!(
        it.message().starts_with("Take back 5 stories\n"),
        "{}",
        it.message()
    );
    assert_eq!(it.status(), theirs);
}

#[test]
fn lines_of_a_fetch_in_the_same_file_stay_uncommitted() {
    let it = Repository::of(2, "");
    let editor = Editor::at(&it.preview);
    let month = "content/ledger/2026-11.jsonl";
    let line = json!({ "time": "2026-11-01T00:00:00Z", "n": 99, "source": "x", "id": "x",
        "decision": "dropped", "by": "rules" });
    it.write(month, &format!("{line}\n"));
    publish(&editor, 0);
    it.write(month, &format!("{}{line}\n", it.read(month)));
    assert!(commit(&editor, json!({}))["commit"].is_string());
    let committed = it.git(&["show", &format!("HEAD:{month}")]);
    assert_eq!(committed.lines().count(), 1, "{committed}");
    assert!(committed.contains("\"published\""), "{committed}");
    assert_eq!(it.status(), format!(" M {month}"));
    // They are staged by somebody, who loses nothing by the next commit of the desk.
    it.git(&["add", month]);
    publish(&editor, 1);
    assert!(commit(&editor, json!({}))["commit"].is_string());
    assert_eq!(
        it.git(&["show", &format!("HEAD:{month}")]).lines().count(),
        2
    );
    assert_eq!(it.git(&["show", &format!(":{month}")]).lines().count(), 4);
}

#[test]
fn a_file_that_somebody_else_changed_is_left_out_and_said() {
    let it = Repository::of(3, "");
    let editor = Editor::at(&it.preview);
    let edit = |number: usize| {
        let path = format!("content/news/story-{number}.md");
        let article = editor.article(&path);
        let (status, answer) = editor.set(&article, "quality", "55");
        assert_eq!(status, 200, "{answer}");
        path
    };
    // Before the desk, after it, staged in another version, and new.
    it.write(
        "content/news/story-1.md",
        &it.read("content/news/story-1.md").replace("says", "said"),
    );
    it.preview
        .wait_for("/", |page| page.text().contains("said"));
    let before = edit(1);
    let after = edit(2);
    it.write(&after, &it.read(&after).replace("says", "said"));
    let staged = edit(3);
    let text = it.read(&staged);
    it.write(&staged, &text.replace("says", "said"));
    it.git(&["add", &staged]);
    it.write(&staged, &text);
    it.write(
        "content/news/new.md",
        &crate::preview::article("New one", 9),
    );
    editor.article("content/news/new.md");
    let new = {
        let article = editor.article("content/news/new.md");
        assert_eq!(editor.set(&article, "quality", "55").0, 200);
        "content/news/new.md".to_owned()
    };
    // A story that was published, and edited by hand after that: neither place is committed.
    publish(&editor, 0);
    let moved = "content/news/candidate-0.md";
    it.write(
        moved,
        &it.read(moved).replace("What it says", "What it said"),
    );
    let fine = edit(4);
    let (status, index) = (it.status(), it.git(&["ls-files", "--stage"]));

    let made = commit(&editor, json!({}));
    let queued = "content/queue/candidate-0.md".to_owned();
    let mut wanted = vec![&before, &after, &staged, &new, &queued];
    let moved = moved.to_owned();
    wanted.push(&moved);
    wanted.sort();
    assert_eq!(left_out(&made), wanted, "{made}");
    assert_eq!(it.last(), [format!("M {fine}")]);
    assert_eq!(
        it.message(),
        "Edit “Story 4”\n\nEdited:\n- Story 4 (content/news/story-4.md)"
    );
    let gone: Vec<&str> = status
        .lines()
        .filter(|line| !line.ends_with(&fine))
        .collect();
    assert_eq!(it.status().lines().collect::<Vec<_>>(), gone);
    let others = |index: &str| -> Vec<String> {
        index
            .lines()
            .filter(|line| !line.ends_with(&fine))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(others(&it.git(&["ls-files", "--stage"])), others(&index));
}

#[test]
fn a_site_in_a_folder_of_a_repository_with_a_queue_of_this_machine() {
    let it = Repository::with(3, "sites/my news", |top| {
        write(top, ".gitignore", "queue/\n");
        write(top, "other/file.txt", "x");
    });
    it.write("other/file.txt", "y");
    let editor = Editor::at(&it.preview);
    publish(&editor, 0);
    reject(&editor, 1, "old");
    let row = editor.candidate(&path(2));
    assert_eq!(editor.set(&row, "quality", "77").0, 200);
    let made = commit(&editor, json!({}));
    assert!(left_out(&made).is_empty(), "{made}");
    assert_eq!(
        it.last(),
        [
            "A sites/my news/content/ledger/2026-11.jsonl",
            "A sites/my news/content/news/candidate-0.md",
        ]
    );
    assert!(
        it.message().starts_with("Publish 1 story, reject 1\n"),
        "{}",
        it.message()
    );
    assert_eq!(it.status(), " M other/file.txt");
    // What is undone was never in git.
    assert_eq!(editor.undo().0, 200);
    assert_eq!(editor.undo().0, 200);
    assert_eq!(editor.undo().0, 200);
    let made = commit(&editor, json!({}));
    assert!(left_out(&made).is_empty(), "{made}");
    assert_eq!(
        it.last(),
        [
            "M sites/my news/content/ledger/2026-11.jsonl",
            "D sites/my news/content/news/candidate-0.md",
        ]
    );
    assert_eq!(it.status(), " M other/file.txt");
}

#[test]
fn what_keeps_git_from_committing_is_answered_in_words() {
    let it = Repository::of(3, "");
    let editor = Editor::at(&it.preview);
    publish(&editor, 0);
    let (status, index) = (it.status(), it.git(&["ls-files", "--stage"]));
    let refused = |words: &str| {
        let said = commit(&editor, json!({}))["error"].clone();
        let said = said
            .as_str()
            .unwrap_or_else(|| panic!("{words}: it was committed"));
        assert!(said.contains(words), "{said}");
        assert_eq!(it.count(), "1", "{words}");
        assert_eq!(it.status(), status, "{words}");
        assert_eq!(it.git(&["ls-files", "--stage"]), index, "{words}");
    };
    let hook = it.top.join(".git/hooks/pre-commit");
    let set_hook = |text: &str| {
        fs::create_dir_all(hook.parent().unwrap()).unwrap();
        write(&it.top, ".git/hooks/pre-commit", text);
        assert!(
            Command::new("chmod")
                .args(["+x"])
                .arg(&hook)
                .status()
                .unwrap()
                .success()
        );
    };
    set_hook("#!/bin/sh\necho 'no stories today' >&2\nexit 1\n");
    refused("no stories today");
    set_hook("#!/bin/sh\nexit 3\n");
    refused("exit status: 1");
    fs::remove_file(&hook).unwrap();

    it.git(&["checkout", "--quiet", "--detach"]);
    refused("detached HEAD");
    it.git(&["checkout", "--quiet", "main"]);
    let head = it.git(&["rev-parse", "HEAD"]);
    for (name, words) in [
        ("MERGE_HEAD", "A merge is in progress"),
        ("CHERRY_PICK_HEAD", "A cherry-pick is in progress"),
        ("rebase-merge/done", "A rebase is in progress"),
    ] {
        it.write(&format!(".git/{name}"), &format!("{head}\n"));
        refused(words);
        fs::remove_file(it.top.join(".git").join(name)).unwrap();
    }
    fs::remove_dir(it.top.join(".git/rebase-merge")).unwrap();
    it.write(".git/index.lock", "");
    refused("Another git command is at work");
    fs::remove_file(it.top.join(".git/index.lock")).unwrap();
    it.git(&["config", "user.useConfigOnly", "true"]);
    it.git(&["config", "--unset", "user.email"]);
    refused("git config user.name");
    it.git(&["config", "user.email", "editor@example.org"]);
    it.git(&["config", "commit.gpgSign", "true"]);
    it.git(&["config", "gpg.program", "false"]);
    refused("gpg failed to sign");
    it.git(&["config", "--unset", "commit.gpgSign"]);
    assert!(commit(&editor, json!({}))["commit"].is_string());
    assert_eq!(it.count(), "2");
}

#[test]
fn hooks_may_change_the_commit_and_signatures_are_those_of_git() {
    let it = Repository::of(1, "");
    let editor = Editor::at(&it.preview);
    publish(&editor, 0);
    let hook = "#!/bin/sh\necho generated > list.txt\ngit add list.txt\n";
    write(&it.top, ".git/hooks/pre-commit", hook);
    let path = it.top.join(".git/hooks/pre-commit");
    assert!(
        Command::new("chmod")
            .arg("+x")
            .arg(path)
            .status()
            .unwrap()
            .success()
    );
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&key)
        .status();
    if made.is_ok_and(|status| status.success()) {
        it.git(&["config", "gpg.format", "ssh"]);
        it.git(&["config", "user.signingKey", key.to_str().unwrap()]);
        it.git(&["config", "commit.gpgSign", "true"]);
    }
    let made = commit(&editor, json!({}));
    assert!(made["commit"].is_string(), "{made}");
    assert!(it.last().contains(&"A list.txt".to_owned()));
    assert_eq!(it.status(), "");
    if key.exists() {
        let raw = it.git(&["cat-file", "commit", "HEAD"]);
        assert!(raw.contains("BEGIN SSH SIGNATURE"), "{raw}");
    }
}

#[test]
fn a_site_that_is_in_no_checkout_says_so() {
    let folder = with_queue(1);
    let settings = fs::read_to_string(folder.path().join("site.toml")).unwrap();
    write(
        folder.path(),
        "site.toml",
        &format!("{settings}[desk]\ncommit = true\n"),
    );
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    publish(&editor, 0);
    let said = |words: &str| {
        let said = commit(&editor, json!({}));
        assert!(said["error"].as_str().unwrap().contains(words), "{said}");
    };
    said("not in a git checkout");
    git(preview.folder.path(), &["init", "--quiet"]);
    said("no commit yet");
    git(preview.folder.path(), &["config", "core.bare", "true"]);
    said("without a work tree");
    // Without the setting nothing is committed.
    preview.write("site.toml", &settings);
    preview.wait_for("/__newsgen/api/state", |state| {
        state.text().contains("\"commits\":false")
    });
    assert_eq!(editor.post("commit", &json!({})).0, 400);
}

#[test]
fn publishing_commits_when_it_is_done() {
    let it = Repository::of(1, "");
    let live = tempfile::tempdir().unwrap();
    let settings = it.read("site.toml");
    let place = live.path().join("www");
    it.write(
        "site.toml",
        &format!(
            "{settings}[deploy.targets]\nlive = \"file://{}\"\n",
            place.display()
        ),
    );
    it.git(&["commit", "--quiet", "--all", "--message", "Another target"]);
    let editor = Editor::at(&it.preview);
    while editor.get("targets")["targets"]["live"].is_null() {
        thread::sleep(Duration::from_millis(20));
    }
    publish(&editor, 0);
    let dry = super::publish::deploy(&editor, &json!({ "target": "live", "dry": true }));
    assert_eq!((&dry["code"], &dry["commit"]), (&json!(0), &Value::Null));
    let sent = super::publish::deploy(&editor, &json!({ "target": "live" }));
    assert_eq!(sent["code"], 0, "{sent}");
    assert!(sent["commit"]["commit"].is_string(), "{sent}");
    assert_eq!(it.count(), "3");
    assert_eq!(it.status(), "");
}

#[test]
fn files_with_other_line_ends_in_git_are_known_again() {
    let it = Repository::with(2, "", |top| {
        write(top, ".gitattributes", "*.md text=auto\n");
        for number in 0..2 {
            let text = super::candidate(number).replace('\n', "\r\n");
            write(top, &path(number), &text);
        }
        let text = crate::preview::article("Windows", 7).replace('\n', "\r\n");
        write(top, "content/news/windows.md", &text);
    });
    let editor = Editor::at(&it.preview);
    publish(&editor, 0);
    let article = editor.article("content/news/windows.md");
    assert_eq!(editor.set(&article, "quality", "55").0, 200);
    let made = commit(&editor, json!({}));
    assert!(left_out(&made).is_empty(), "{made}");
    assert!(it.last().contains(&"M content/news/windows.md".to_owned()));
    assert_eq!(it.status(), "");
    assert!(it.read("content/news/windows.md").contains("\r\n"));
}
