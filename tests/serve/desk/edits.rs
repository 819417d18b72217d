//! Edits: exactly the lines that are meant, of exactly the version that was shown.

use serde_json::{Value, json};

use super::{Editor, candidate, files, item, path, with_queue};
use crate::preview::{Preview, write};

/// A file as people write them: CRLF, comments, odd quotes, an order of its own.
const ODD: &str = "---\r\n# Ours\r\ntitle:   'It''s odd'   # the title\r\nquality: 55 # low\r\n\
    excerpt: >-\r\n  Two\r\n  lines\r\ntopics: [ AI , \"Chips\" ]\r\npublishedDateTime: \
    2026-10-20\r\nsecured: abc\r\n---\r\nText.\r\n";

#[test]
fn an_edit_changes_its_line_and_nothing_else() {
    let folder = with_queue(0);
    write(folder.path(), &path(0), ODD);
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let mut text = ODD.to_owned();
    for (changes, old, new) in [
        (
            json!([{ "field": "quality", "set": "80" }]),
            "quality: 55 # low",
            "quality: 80 # low",
        ),
        (
            json!([{ "field": "title", "set": "Not \"so\" odd" }]),
            "title:   'It''s odd'   # the title",
            "title:   'Not \"so\" odd'   # the title",
        ),
        (
            json!([{ "field": "topics", "add": "Law" }]),
            "topics: [ AI , \"Chips\" ]",
            "topics: [ AI , \"Chips\", Law ]",
        ),
    ] {
        let row = editor.candidate(&path(0));
        let body = json!({ "items": [item(&row)], "changes": changes });
        let (status, answer) = editor.post("edit", &body);
        assert_eq!(status, 200, "{answer}");
        text = text.replace(old, new);
        let now = std::fs::read_to_string(preview.path(&path(0))).unwrap();
        assert_eq!(now, text);
        assert_eq!(answer["files"][0]["lines"].as_array().unwrap().len(), 1);
        assert!(!answer.to_string().contains("abc"), "{answer}");
    }
    for _ in 0..3 {
        assert_eq!(editor.undo().0, 200);
    }
    assert_eq!(
        std::fs::read_to_string(preview.path(&path(0))).unwrap(),
        ODD
    );
}

#[test]
fn mapped_names_are_edited_by_their_names() {
    let folder = with_queue(0);
    let settings = "title = \"T\"\nbase_url = \"https://example.org/\"\n[content.fields]\n\
        title = \"headline\"\nquality = \"score\"\npublished = \"!draft\"\n";
    write(folder.path(), "site.toml", settings);
    let theirs = "---\nheadline: Theirs\nscore: 60\npublishedDateTime: 2026-10-20\n---\nText.\n";
    write(folder.path(), &path(0), theirs);
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let row = editor.candidate(&path(0));
    assert_eq!(
        (&row["title"], &row["quality"]),
        (&json!("Theirs"), &json!(60))
    );
    let (status, answer) = editor.set(&row, "quality", "90");
    assert_eq!(status, 200, "{answer}");
    let (status, answer) = editor.set(&answer["files"][0]["row"], "published", "false");
    assert_eq!(status, 200, "{answer}");
    let text = std::fs::read_to_string(preview.path(&path(0))).unwrap();
    let wanted = theirs
        .replace("60", "90")
        .replace("-20\n---", "-20\ndraft: true\n---");
    assert_eq!(text, wanted);
}

#[test]
fn a_picture_is_put_where_there_is_none() {
    let preview = Preview::of(with_queue(1), &[]);
    let editor = Editor::at(&preview);
    let row = editor.candidate(&path(0));
    let (status, answer) = editor.set(&row, "image", "https://a.example/1.jpg");
    assert_eq!(status, 200, "{answer}");
    let row = answer["files"][0]["row"].clone();
    assert_eq!(row["image"], "https://a.example/1.jpg");
    let (_, answer) = editor.set(&row, "image", "https://a.example/2.jpg");
    assert_eq!(
        answer["files"][0]["row"]["image"],
        "https://a.example/2.jpg"
    );
    assert_eq!(answer["files"][0]["lines"].as_array().unwrap().len(), 1);
    let unset = json!([{ "field": "image", "unset": true }]);
    let row = &answer["files"][0]["row"];
    let (_, answer) = editor.post("edit", &json!({ "items": [item(row)], "changes": unset }));
    assert_eq!(answer["files"][0]["row"]["image"], Value::Null);
    assert_eq!(
        std::fs::read_to_string(preview.path(&path(0))).unwrap(),
        candidate(0)
    );
}

#[test]
fn of_several_pictures_the_first_is_removed() {
    let folder = with_queue(1);
    let two = "images:\n  - url: https://a.example/1.jpg\n  - url: https://a.example/2.jpg\n---\n";
    let text = candidate(0).replace("\"AI\"\n---\n", &format!("\"AI\"\n{two}"));
    write(folder.path(), &path(0), &text);
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let unset = json!([{ "field": "image", "unset": true }]);
    for (line, left) in [
        (
            "  - url: https://a.example/1.jpg\n",
            json!("https://a.example/2.jpg"),
        ),
        ("images:\n  - url: https://a.example/2.jpg\n", json!(null)),
    ] {
        let text = std::fs::read_to_string(preview.path(&path(0))).unwrap();
        let items = json!([item(&editor.candidate(&path(0)))]);
        let (status, answer) = editor.post("edit", &json!({ "items": items, "changes": unset }));
        assert_eq!(
            (status, &answer["files"][0]["row"]["image"]),
            (200, &left),
            "{answer}"
        );
        let now = std::fs::read_to_string(preview.path(&path(0))).unwrap();
        assert_eq!(now, text.replace(line, ""));
    }
}

#[test]
fn what_somebody_else_saved_is_never_written_over() {
    let preview = Preview::of(with_queue(1), &[]);
    let editor = Editor::at(&preview);
    let row = editor.candidate(&path(0));
    let theirs = candidate(0).replace("What it says", "What they wrote");
    write(preview.folder.path(), &path(0), &theirs);
    for (status, answer) in [
        editor.set(&row, "quality", "80"),
        editor.decide("publish", &[&row]),
        editor.decide("reject", &[&row]),
    ] {
        assert_eq!(
            (status, &answer["error"]),
            (409, &json!("changed")),
            "{answer}"
        );
        let conflict = &answer["conflicts"][0];
        assert_eq!(
            conflict["lines"],
            json!([{
                "line": 3,
                "old": ["excerpt: \"What it says\""],
                "new": ["excerpt: \"What they wrote\""],
            }])
        );
        assert_eq!(conflict["now"]["excerpt"], "What they wrote");
    }
    assert_eq!(
        std::fs::read_to_string(preview.path(&path(0))).unwrap(),
        theirs
    );
    // On top of theirs, the editor may.
    let row = editor.candidate(&path(0));
    assert_eq!(editor.set(&row, "quality", "80").0, 200);
    let text = std::fs::read_to_string(preview.path(&path(0))).unwrap();
    assert_eq!(text.replace("quality: 80\n", ""), theirs);
}

#[test]
fn what_a_build_would_refuse_is_refused() {
    let preview = Preview::of(with_queue(1), &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let (status, answer) = editor.set(&editor.candidate(&path(0)), "quality", "high");
    assert_eq!((status, &answer["error"]), (422, &json!("invalid")));
    assert!(
        answer["message"].as_str().unwrap().contains("whole number"),
        "{answer}"
    );
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn a_file_that_is_named_twice_is_not_edited() {
    let preview = Preview::of(with_queue(1), &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let row = editor.candidate(&path(0));
    let changes = json!([{ "field": "quality", "set": "90" }]);
    let body = json!({ "items": [item(&row), item(&row)], "changes": changes });
    let (status, answer) = editor.post("edit", &body);
    assert_eq!((status, &answer["error"]), (400, &json!("request")));
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn an_edit_of_many_shows_its_lines_first_and_is_all_or_nothing() {
    let preview = Preview::of(with_queue(0), &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let paths: Vec<String> = (1..=5)
        .map(|n| format!("content/news/story-{n}.md"))
        .collect();
    let rows: Vec<Value> = paths.iter().map(|path| editor.article(path)).collect();
    let items: Vec<Value> = rows.iter().map(item).collect();
    let changes = json!([{ "field": "quality", "set": "90" }, { "field": "topics", "add": "Law" }]);
    let body = |preview: bool| json!({ "items": items, "changes": changes, "preview": preview });
    let (status, answer) = editor.post("edit", &body(true));
    assert_eq!(
        (status, answer["files"].as_array().unwrap().len()),
        (200, 5)
    );
    assert_eq!(answer["files"][0]["lines"].as_array().unwrap().len(), 2);
    assert_eq!(files(preview.folder.path()), before);

    // One of them is another now: none is written.
    let theirs = crate::preview::article("Story 3, by them", 3);
    write(preview.folder.path(), &paths[2], &theirs);
    let other = files(preview.folder.path());
    let (status, answer) = editor.post("edit", &body(false));
    assert_eq!(
        (status, answer["conflicts"].as_array().unwrap().len()),
        (409, 1)
    );
    assert_eq!(files(preview.folder.path()), other);
    let original = String::from_utf8(before[&paths[2]].clone()).unwrap();
    write(preview.folder.path(), &paths[2], &original);
    assert_eq!(editor.post("edit", &body(false)).0, 200);
    let text = std::fs::read_to_string(preview.path(&paths[0])).unwrap();
    assert!(
        text.contains("quality: 90\n") && text.contains("  - Law\n"),
        "{text}"
    );
    assert_eq!(editor.undo().1["about"], "5 stories");
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn articles_are_filtered_sorted_and_explained() {
    let folder = with_queue(0);
    let poor = crate::preview::article("Poor story", 9).replace("quality: 80", "quality: 9");
    write(folder.path(), "content/news/poor.md", &poor);
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let titles = |query: &str| -> Vec<String> {
        let list = editor.get(&format!("articles?{query}"));
        let rows = list["rows"].as_array().unwrap().iter();
        rows.map(|row| row["title"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(titles("").first().unwrap(), "Poor story");
    assert_eq!(titles("state=low+quality"), ["Poor story"]);
    assert_eq!(titles("state=kept").len(), 5);
    assert_eq!(titles("q=story+3"), ["Story 3"]);
    assert_eq!(
        titles("q=NEWS.example&limit=2&offset=1&order=oldest"),
        ["Story 2", "Story 3"]
    );
    assert_eq!(titles("from=70&to=90").len(), 5);
    assert_eq!(titles("since=2026-10-05&until=2026-10-09"), ["Story 5"]);
    assert_eq!(titles("topic=ai").len(), 6);
    assert_eq!(titles("provider=other.example"), [""; 0]);
    assert_eq!(titles("order=worst").first().unwrap(), "Poor story");
    for query in [
        "from=high",
        "to=9.5",
        "since=soon",
        "until=2026-13-01",
        "order=random",
        "offset=-1",
        "limit=all",
    ] {
        let answer = preview.get(&format!("/__newsgen/api/articles?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
    assert_eq!(preview.get("/__newsgen/api/queue?since=x").status, 400);
    let row = editor.article("content/news/poor.md");
    assert_eq!(
        (&row["reason"], &row["url"]),
        (&json!("low quality"), &Value::Null)
    );
    let why = editor.get(&format!("explain/{}", row["id"].as_str().unwrap()));
    let mut rules = why["rules"].as_array().unwrap().iter();
    let rule = rules.find(|rule| rule["rule"] == "low quality").unwrap();
    assert_eq!(
        (&rule["passed"], &rule["setting"]),
        (&json!(false), &json!("site.toml:4"))
    );
    let row = editor.article("content/news/story-1.md");
    let why = editor.get(&format!("explain/{}", row["id"].as_str().unwrap()));
    let pages = why["pages"].as_array().unwrap();
    assert!(
        pages.contains(&json!("/")) && pages.contains(&row["url"]),
        "{why}"
    );
}
