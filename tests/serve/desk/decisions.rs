//! Decisions, and undoing them.

use serde_json::json;

use super::{Editor, candidate, files, item, ledger, path, with_queue};
use crate::preview::{Preview, write};

#[test]
fn a_published_candidate_is_moved_and_comes_back_byte_for_byte() {
    let mut preview = Preview::of(with_queue(3), &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let (status, answer) = editor.set(&editor.candidate(&path(1)), "quality", "80");
    assert_eq!(status, 200, "{answer}");
    let lines = &answer["files"][0]["lines"];
    assert_eq!(
        *lines,
        json!([{ "line": 12, "old": [], "new": ["quality: 80"] }])
    );
    let (status, answer) = editor.decide("publish", &[&answer["files"][0]["row"]]);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["done"][0]["path"], "content/news/candidate-1.md");
    let (status, answer) = editor.decide("reject", &[&editor.candidate(&path(2))]);
    assert_eq!(status, 200, "{answer}");

    let now = files(preview.folder.path());
    assert!(!now.contains_key(&path(1)) && !now.contains_key(&path(2)));
    let article = String::from_utf8(now["content/news/candidate-1.md"].clone()).unwrap();
    assert_eq!(article.replace("quality: 80\n", ""), candidate(1));
    assert_eq!(editor.get("queue")["total"], 1);
    preview.wait_for("/news/2026/10/20/candidate-1/", |answer| {
        answer.status == 200
    });

    // A step can be undone after a restart, too.
    preview.restart();
    let editor = Editor::at(&preview);
    for (deed, about) in [("reject", 2), ("publish", 1), ("edit", 1)] {
        let (status, answer) = editor.undo();
        assert_eq!(status, 200, "{answer}");
        let about = json!(format!("Candidate {about}"));
        assert_eq!((&answer["deed"], &answer["about"]), (&json!(deed), &about));
    }
    assert_eq!(editor.undo().0, 404);
    assert_eq!(files(preview.folder.path()), before);
    assert_eq!(editor.get("queue")["total"], 3);

    let lines = ledger(preview.folder.path());
    let of = |number: usize| -> Vec<(String, String)> {
        let lines = lines
            .iter()
            .filter(|line| line["id"] == format!("c{number}"));
        let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        lines
            .map(|line| (word(&line["decision"]), word(&line["by"])))
            .collect()
    };
    let pair = |decision: &str, by: &str| (decision.to_owned(), by.to_owned());
    assert!(of(1).contains(&pair("published", "editor")), "{:?}", of(1));
    assert!(of(1).contains(&pair("queued", "undo")));
    assert!(of(2).contains(&pair("rejected", "editor")));
    assert!(of(2).contains(&pair("queued", "undo")));
}

#[test]
fn several_are_decided_and_undone_as_one() {
    let preview = Preview::of(with_queue(4), &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let rows: Vec<_> = (0..4)
        .map(|number| editor.candidate(&path(number)))
        .collect();
    let (status, answer) = editor.decide("publish", &rows.iter().collect::<Vec<_>>());
    assert_eq!((status, answer["done"].as_array().unwrap().len()), (200, 4));
    let (_, answer) = editor.undo();
    assert_eq!(answer["about"], "4 stories");
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn a_reason_is_in_the_ledger() {
    let preview = Preview::of(with_queue(1), &[]);
    let editor = Editor::at(&preview);
    let items = json!([item(&editor.candidate(&path(0)))]);
    let body = json!({ "items": items, "decision": "reject", "reason": "off topic" });
    assert_eq!(editor.post("decide", &body).0, 200);
    let lines = ledger(preview.folder.path());
    assert!(
        lines.iter().any(|line| line["reason"] == "off topic"),
        "{lines:?}"
    );
}

#[test]
fn what_others_do_to_the_queue_is_shown() {
    let preview = Preview::of(with_queue(2), &[]);
    let editor = Editor::at(&preview);
    let version = editor.get("queue")["version"].clone();
    let news = || editor.get(&format!("queue?since={version}"));
    assert_eq!(news()["candidates"], json!([]));
    write(preview.folder.path(), &path(9), &candidate(9));
    std::fs::remove_file(preview.path(&path(0))).unwrap();
    for _ in 0..500 {
        let news = news();
        if news["gone"].as_array().unwrap().len() == 1 && news["total"] == 2 {
            assert_eq!(news["candidates"][0]["title"], "Candidate 9");
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("{}", news());
}

#[test]
fn advice_follows_the_queue_and_the_site() {
    let folder = with_queue(0);
    let report = |number: usize, provider: &str| {
        candidate(number)
            .replace(
                "Candidate",
                "Parliament adopts the chip subsidy act, number",
            )
            .replace("\"News\"", &format!("\"{provider}\""))
            .replace(
                "domain: news.example",
                &format!("domain: {provider}.example"),
            )
    };
    let text = |provider: &str| report(0, provider).replace("/c/0", &format!("/{provider}/0"));
    write(folder.path(), &path(0), &text("one"));
    write(folder.path(), &path(1), &text("two"));
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let wait = |name: &str, count: usize| {
        for _ in 0..500 {
            let row = editor.candidate(&path(0));
            if row[name].as_array().map_or(0, Vec::len) == count {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("{}", editor.candidate(&path(0)));
    };
    wait("providers", 2);
    // Its sibling goes: then it is alone.
    assert_eq!(
        editor.decide("reject", &[&editor.candidate(&path(1))]).0,
        200
    );
    wait("providers", 1);
    // The site gets an article on it, and the queue is as it was.
    write(
        preview.folder.path(),
        "content/news/three.md",
        &text("three"),
    );
    wait("site", 1);
}

#[cfg(unix)]
#[test]
fn a_candidate_that_cannot_be_read_is_shown_with_its_problem() {
    let folder = with_queue(1);
    std::os::unix::fs::symlink("nowhere.md", folder.path().join(path(5))).unwrap();
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let row = editor.candidate(&path(5));
    assert!(row["problem"].as_str().unwrap().contains("broken"), "{row}");
    assert_ne!(editor.decide("publish", &[&row]).0, 200);
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    let folder = with_queue(1);
    write(
        folder.path(),
        "content/news/2025/candidate-0.md",
        &candidate(77),
    );
    let preview = Preview::of(folder, &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let (_, answer) = editor.decide("publish", &[&editor.candidate(&path(0))]);
    assert_eq!(answer["done"][0]["path"], "content/news/candidate-0-2.md");
    assert_eq!(editor.undo().0, 200);
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn a_candidate_that_could_not_be_built_stays() {
    let folder = with_queue(1);
    write(folder.path(), &path(0), "---\ntitle: [\n---\n");
    let preview = Preview::of(folder, &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let row = editor.candidate(&path(0));
    assert!(row["problem"].is_string(), "{row}");
    assert_eq!(editor.decide("publish", &[&row]).0, 422);
    assert_eq!(files(preview.folder.path()), before);
    // It can be rejected, and come back.
    assert_eq!(editor.decide("reject", &[&row]).0, 200);
    assert_eq!(editor.undo().0, 200);
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn of_several_that_cannot_all_be_decided_none_is() {
    let folder = with_queue(3);
    write(folder.path(), &path(1), "---\ntitle: [\n---\n");
    let preview = Preview::of(folder, &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let rows: Vec<_> = (0..3).map(|n| editor.candidate(&path(n))).collect();
    let all: Vec<_> = rows.iter().collect();
    let (status, answer) = editor.decide("publish", &all);
    assert_eq!((status, &answer["done"]), (422, &json!(null)), "{answer}");
    for decision in ["publish", "reject"] {
        let (status, answer) = editor.decide(decision, &[&rows[0], &rows[2], &rows[0]]);
        assert_eq!(status, 400, "{answer}");
    }
    // Each that somebody else wrote to is named.
    write(preview.folder.path(), &path(0), &candidate(7));
    write(preview.folder.path(), &path(2), &candidate(8));
    for (status, answer) in [
        editor.decide("publish", &all),
        editor.decide("reject", &all),
    ] {
        assert_eq!(status, 409, "{answer}");
        let conflicts = answer["conflicts"].as_array().unwrap().iter();
        let paths: Vec<_> = conflicts.map(|it| it["path"].as_str().unwrap()).collect();
        assert_eq!(paths, [path(0), path(2)]);
    }
    // A candidate is no article that could be deleted.
    let items: Vec<_> = rows.iter().map(item).collect();
    assert_eq!(editor.post("delete", &json!({ "items": items })).0, 404);
    write(preview.folder.path(), &path(0), &candidate(0));
    write(preview.folder.path(), &path(2), &candidate(2));
    assert_eq!(files(preview.folder.path()), before);
    assert_eq!(editor.undo().0, 404);
}

#[test]
fn an_article_is_deleted_and_comes_back() {
    let preview = Preview::of(with_queue(0), &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let row = editor.article("content/news/story-1.md");
    let (status, answer) = editor.post("delete", &json!({ "items": [item(&row)] }));
    assert_eq!(status, 200, "{answer}");
    assert!(!preview.path("content/news/story-1.md").exists());
    assert_eq!(editor.undo().0, 200);
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn undo_leaves_what_others_wrote_since() {
    let preview = Preview::of(with_queue(2), &[]);
    let editor = Editor::at(&preview);
    editor.set(&editor.candidate(&path(0)), "quality", "80");
    editor.set(&editor.candidate(&path(1)), "quality", "70");
    let theirs = candidate(1).replace("What it says", "What they wrote");
    write(preview.folder.path(), &path(1), &theirs);
    let (status, answer) = editor.undo();
    assert_eq!((status, &answer["error"]), (409, &json!("changed")));
    assert_eq!(answer["conflicts"][0]["path"], path(1));
    assert_eq!(
        std::fs::read_to_string(preview.path(&path(1))).unwrap(),
        theirs
    );
    // It is let be, and the step before it is next.
    let (status, answer) = editor.post("undo", &json!({ "skip": true }));
    assert_eq!((status, &answer["what"]), (200, &json!("kept")));
    assert_eq!(editor.undo().0, 200);
    assert_eq!(
        std::fs::read_to_string(preview.path(&path(0))).unwrap(),
        candidate(0)
    );
    assert_eq!(
        std::fs::read_to_string(preview.path(&path(1))).unwrap(),
        theirs
    );
}

#[test]
fn undo_of_a_decision_leaves_what_others_wrote_since() {
    let preview = Preview::of(with_queue(1), &[]);
    let editor = Editor::at(&preview);
    editor.decide("publish", &[&editor.candidate(&path(0))]);
    let article = preview.path("content/news/candidate-0.md");
    let published = std::fs::read(&article).unwrap();
    let theirs = candidate(0).replace("What it says", "What they wrote");
    write(
        preview.folder.path(),
        "content/news/candidate-0.md",
        &theirs,
    );
    let (status, answer) = editor.undo();
    assert_eq!(status, 409, "{answer}");
    assert_eq!(std::fs::read_to_string(&article).unwrap(), theirs);
    assert!(!preview.path(&path(0)).exists());
    // With the file as it was published, it can be undone again.
    std::fs::write(&article, &published).unwrap();
    assert_eq!(editor.undo().0, 200);
    assert!(!article.exists());
}

#[test]
fn a_rejected_candidate_comes_back_without_its_copy() {
    let preview = Preview::of(with_queue(1), &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    editor.decide("reject", &[&editor.candidate(&path(0))]);
    // As `fetch` does when the copy is old.
    std::fs::remove_dir_all(preview.path(".newsgen/fetch/removed")).unwrap();
    let (status, answer) = editor.undo();
    assert_eq!(status, 200, "{answer}");
    assert_eq!(files(preview.folder.path()), before);
    let lines = ledger(preview.folder.path());
    assert!(
        lines
            .iter()
            .any(|line| line["id"] == "c0" && line["by"] == "undo"),
        "{lines:?}"
    );
}

#[test]
fn a_step_in_a_folder_that_the_site_left_is_kept() {
    let mut preview = Preview::of(with_queue(0), &[]);
    let before = files(preview.folder.path());
    let settings = String::from_utf8(before["site.toml"].clone()).unwrap();
    let editor = Editor::at(&preview);
    let row = editor.article("content/news/story-1.md");
    assert_eq!(editor.set(&row, "quality", "90").0, 200);
    let other = format!("{settings}[content]\narticles = [\"content/posts\"]\n");
    write(preview.folder.path(), "site.toml", &other);
    write(
        preview.folder.path(),
        "content/posts/a.md",
        &crate::preview::article("A", 1),
    );
    preview.restart();
    let (status, answer) = Editor::at(&preview).undo();
    assert_eq!(status, 409, "{answer}");
    assert_eq!(
        answer["conflicts"][0]["path"], "content/news/story-1.md",
        "{answer}"
    );
    write(preview.folder.path(), "site.toml", &settings);
    std::fs::remove_dir_all(preview.path("content/posts")).unwrap();
    preview.restart();
    assert_eq!(Editor::at(&preview).undo().0, 200);
    assert_eq!(files(preview.folder.path()), before);
}
