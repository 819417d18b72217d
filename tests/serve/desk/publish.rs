//! Publishing from the desk: what is sent is shown before.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::sources::done;
use super::{Editor, path, with_queue};
use crate::preview::{Preview, write};

const SETTINGS: &str = "title = \"Small\"\nbase_url = \"https://example.org/\"\n";

/// A site with a target, and the folder of that target.
fn with_target(count: usize, more: &str) -> (Preview, tempfile::TempDir) {
    let (folder, target) = (with_queue(count), tempfile::tempdir().unwrap());
    let live = target.path().join("live");
    let settings = format!(
        "{SETTINGS}{more}[deploy.targets]\nlive = \"file://{}\"\n",
        live.display()
    );
    write(folder.path(), "site.toml", &settings);
    (Preview::of(folder, &[]), target)
}

/// What a deploy came to.
pub(super) fn deploy(editor: &Editor<'_>, request: &Value) -> Value {
    let (status, answer) = editor.post("publish", request);
    assert_eq!(status, 200, "{answer}");
    done(editor, &answer["job"])
}

fn dry(editor: &Editor<'_>) -> Value {
    deploy(editor, &json!({ "target": "live", "dry": true }))
}

/// The files of a job, asked for in parts.
fn files(editor: &Editor<'_>, job: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let part = editor.get(&format!(
            "jobs/{}/files?offset={}&limit=7",
            job["id"],
            all.len()
        ));
        let rows = part["files"].as_array().unwrap();
        all.extend(rows.iter().cloned());
        if rows.is_empty() || all.len() >= part["total"].as_u64().unwrap() as usize {
            assert_eq!(all.len() as u64, part["total"]);
            return all;
        }
    }
}

fn is_there(target: &Path, file: &str) -> bool {
    target.join("live").join(file).exists()
}

#[test]
fn what_would_be_sent_is_shown_before_it_is_sent() {
    let (preview, target) = with_target(1, "");
    let editor = Editor::at(&preview);
    let first = dry(&editor);
    assert_eq!(
        (&first["code"], &first["command"]),
        (&json!(0), &json!("deploy live"))
    );
    assert!(
        !target.path().join("live/index.html").exists(),
        "a dry run sent something"
    );
    assert_eq!(first["plan"]["refused"], Value::Null);
    let listed = files(&editor, &first);
    assert_eq!(listed.len() as u64, first["plan"]["files"]);
    assert!(
        listed
            .iter()
            .any(|file| file["path"] == "index.html" && file["why"] == "new")
    );
    let sent = deploy(&editor, &json!({ "target": "live" }));
    assert_eq!(
        (&sent["code"], &sent["plan"]["files"]),
        (&json!(0), &first["plan"]["files"])
    );
    assert!(sent["plan"]["bytes"].as_u64().unwrap() > 0);
    for file in &listed {
        assert!(
            is_there(target.path(), file["path"].as_str().unwrap()),
            "{file}"
        );
    }
    let page = fs::read_to_string(target.path().join("live/index.html")).unwrap();
    assert!(
        page.contains("Story 1")
            && page.contains("https://example.org/")
            && !page.contains("__newsgen")
    );
    assert_eq!(dry(&editor)["plan"]["files"], 0);

    // A story that was published here is what is new there.
    assert_eq!(
        editor.decide("publish", &[&editor.candidate(&path(0))]).0,
        200
    );
    editor.article("content/news/candidate-0.md");
    let next = dry(&editor);
    let plan = &next["plan"];
    assert_eq!(plan["kinds"]["story"], json!({ "new": 1 }), "{plan}");
    assert!(plan["files"].as_u64().unwrap() < first["plan"]["files"].as_u64().unwrap());
    let changed = files(&editor, &next);
    let front = changed.iter().find(|file| file["path"] == "index.html");
    assert_eq!(front.unwrap()["why"], "changed");
    assert_eq!(plan["kinds"]["front"], json!({ "changed": 1 }));
}

#[test]
fn deletions_above_the_limit_are_confirmed_by_number() {
    let (preview, target) = with_target(
        0,
        "[search]\nenabled = false\n[output]\ndelete_limit = 100\n",
    );
    for number in 0..30 {
        preview.write(&format!("static/extra/{number}.txt"), "x");
    }
    let editor = Editor::at(&preview);
    assert_eq!(deploy(&editor, &json!({ "target": "live" }))["code"], 0);
    fs::remove_dir_all(preview.path("static/extra")).unwrap();
    let plan = dry(&editor)["plan"].clone();
    assert_eq!(plan["deleted"], 30);
    let limit = plan["needed_delete_limit"].as_u64().unwrap();
    assert!(
        plan["refused"].as_str().unwrap().contains("30 of"),
        "{plan}"
    );
    let refused = deploy(&editor, &json!({ "target": "live" }));
    assert_ne!(refused["code"], 0);
    assert!(
        refused["plan"]["problems"][0]
            .as_str()
            .unwrap()
            .contains("30 of"),
        "{refused}"
    );
    let low = deploy(
        &editor,
        &json!({ "target": "live", "delete_limit": limit - 1 }),
    );
    assert_ne!(low["code"], 0);
    assert!(is_there(target.path(), "extra/3.txt"));
    let done = deploy(&editor, &json!({ "target": "live", "delete_limit": limit }));
    assert_eq!(
        (&done["code"], &done["plan"]["deleted"]),
        (&json!(0), &json!(30))
    );
    assert!(!is_there(target.path(), "extra/3.txt"));
}

#[test]
fn what_keeps_a_site_from_being_published_is_said() {
    let (preview, _target) = with_target(0, "");
    let editor = Editor::at(&preview);
    assert_eq!(
        editor.post("publish", &json!({ "target": "elsewhere" })).0,
        404
    );
    assert_eq!(
        editor
            .post("publish", &json!({ "target": "live", "force": true }))
            .0,
        400
    );
    assert_eq!(
        editor
            .post("publish", &json!({ "target": "live", "delete_limit": 300 }))
            .0,
        400
    );
    preview.write("content/news/broken.md", "---\ntitle: [\n---\n");
    let failed = dry(&editor);
    assert_ne!(failed["code"], 0);
    let problem = failed["plan"]["problems"][0].as_str().unwrap();
    assert!(problem.starts_with("content/news/broken.md:"), "{problem}");
    assert!(failed["lines"].as_array().unwrap().is_empty(), "{failed}");
}
