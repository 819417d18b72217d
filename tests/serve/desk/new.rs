//! New stories: the page of a link is read, and a draft becomes an article or a candidate.

use std::io::{BufReader, Write};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Editor, candidate, files, item, ledger, path, with_queue};
use crate::preview::{Preview, write};
use crate::server::{Answer, Server};

const PAGE: &str = r#"<!doctype html><html lang="de"><head><title>No</title>
    <meta property="og:title" content="Old weir &amp; mill burn | The News">
    <meta property="og:description" content="A fire at the weir.">
    <meta property="og:image" content="/weir.jpg">
    <meta property="og:site_name" content="The News">
    <meta property="article:published_time" content="2026-10-20T09:30:00+01:00">"#;

/// A site that may read the pages of a server, and somebody at its desk.
fn at_desk(server: &Server, settings: &str) -> Preview {
    let folder = with_queue(2);
    let text = format!(
        "title = \"Small\"\nbase_url = \"https://example.org/\"\n[curation]\nmin_quality = 50\n\
         [fetch]\nallow_hosts = [\"{}\"]\n{settings}",
        server.host()
    );
    write(folder.path(), "site.toml", &text);
    write(
        folder.path(),
        "content/topics/fires.yaml",
        "name: Fires\nwords: weir\n",
    );
    Preview::of(folder, &[])
}

fn html(page: &str) -> Option<Answer> {
    Some(Answer::ok(
        "Content-Type: text/html; charset=utf-8\r\n",
        page,
    ))
}

fn draft(editor: &Editor<'_>, url: &str) -> Value {
    let (status, answer) = editor.post("draft", &json!({ "url": url }));
    assert_eq!(status, 200, "{answer}");
    answer
}

/// What a page sends that was given a draft.
fn sent(draft: &Value, to: &str) -> Value {
    let mut fields = serde_json::Map::new();
    for name in [
        "title",
        "url",
        "excerpt",
        "image",
        "provider",
        "published",
        "topics",
        "quality",
    ] {
        if !draft[name].is_null() {
            fields.insert(name.to_owned(), draft[name].clone());
        }
    }
    json!({ "to": to, "draft": fields, "language": draft["language"] })
}

#[test]
fn a_page_becomes_a_draft_and_a_draft_an_article_or_a_candidate() {
    let server = Server::new(|path| match path {
        "/weir" => html(PAGE),
        "/moved?utm_source=x" => Some(Answer::redirect(301, "/weir")),
        _ => None,
    });
    let preview = at_desk(&server, "");
    let editor = Editor::at(&preview);
    let before = files(preview.folder.path());
    let found = draft(&editor, &format!("{}?utm_source=x", server.url("/moved")));
    assert_eq!(found["title"], "Old weir & mill burn");
    assert_eq!(found["url"], json!(server.url("/weir")));
    assert_eq!(found["excerpt"], "A fire at the weir.");
    assert_eq!(found["image"], json!(server.url("/weir.jpg")));
    assert_eq!(found["provider"], "The News");
    assert_eq!(found["published"], "2026-10-20T08:30:00Z");
    assert_eq!(found["topics"], json!(["Fires"]));
    assert_eq!(found["language"], "de");
    assert_eq!(
        (&found["problem"], &found["known"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(
        files(preview.folder.path()),
        before,
        "reading writes nothing"
    );

    let name = "2026-10-20-old-weir-mill-burn.md";
    for (to, folder) in [("articles", "content/news"), ("queue", "content/queue")] {
        let (status, made) = editor.post("new", &sent(&found, to));
        assert_eq!(
            (status, &made["path"]),
            (200, &json!(format!("{folder}/{name}"))),
            "{made}"
        );
        let text = std::fs::read_to_string(preview.path(&format!("{folder}/{name}"))).unwrap();
        assert!(text.contains("title: \"Old weir & mill burn\"\n"), "{text}");
        assert!(
            text.contains("locale: \"de\"\n") && text.contains("  - \"Fires\"\n"),
            "{text}"
        );
        // A second one of the same name gets another.
        let (_, second) = editor.post("new", &sent(&found, to));
        assert_eq!(
            second["path"],
            json!(format!("{folder}/{}-2.md", &name[..name.len() - 3]))
        );
        assert_eq!(editor.undo().0, 200);
        assert_eq!(editor.undo().1["deed"], "new");
        assert_eq!(files(preview.folder.path()), before);
    }
}

#[test]
fn a_new_story_that_was_edited_since_is_not_undone() {
    let server = Server::new(|_| None);
    let preview = at_desk(&server, "");
    let editor = Editor::at(&preview);
    let story = json!({ "title": "Ours", "url": "https://news.example/ours" });
    let (status, made) = editor.post("new", &json!({ "to": "articles", "draft": story }));
    assert_eq!(status, 200, "{made}");
    let path = preview.path(made["path"].as_str().unwrap());
    let text = std::fs::read_to_string(&path).unwrap() + "Theirs.\n";
    std::fs::write(&path, &text).unwrap();
    assert_eq!(editor.undo().0, 409);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    for (wrong, status) in [
        (json!({ "title": "", "url": "https://news.example/x" }), 422),
        (json!({ "title": "X", "url": "javascript:alert(1)" }), 422),
        (
            json!({ "title": "X", "url": "https://a.example/", "image": "javascript:x" }),
            422,
        ),
        (
            json!({ "title": "X", "url": "https://a.example/", "published": "soon" }),
            422,
        ),
        (
            json!({ "title": "X", "url": "https://a.example/", "path": "../x" }),
            400,
        ),
    ] {
        let body = json!({ "to": "articles", "draft": wrong });
        assert_eq!(editor.post("new", &body).0, status, "{body}");
    }
    let elsewhere = json!({ "to": "../..", "draft": story });
    assert_eq!(editor.post("new", &elsewhere).0, 400);
}

#[test]
fn known_links_say_so() {
    let server = Server::new(|_| None);
    let preview = at_desk(&server, "");
    let rejected = json!({
        "time": "2026-10-21T10:00:00Z", "n": 9, "source": "news", "id": "r",
        "url": "https://news.example/rejected", "decision": "rejected", "by": "editor",
        "reason": "Old news",
    });
    let dropped = json!({
        "time": "2026-10-21T10:00:00Z", "n": 10, "source": "news", "id": "d",
        "url": "https://news.example/dropped", "decision": "dropped", "by": "rules",
        "reason": "skip: Sponsored",
    });
    preview.write(
        "content/ledger/2026-09.jsonl",
        &format!("{rejected}\n{dropped}\n"),
    );
    let low = candidate(77).replace("---\ntitle", "---\nquality: 10\ntitle");
    preview.write("content/news/low.md", &low);
    let editor = Editor::at(&preview);
    editor.article("content/news/low.md");
    let known = |url: &str| draft(&editor, url)["known"].clone();
    // Hosts that lead nowhere: what is known does not depend on the page.
    let published = known("https://news.example/story-1?utm_campaign=x");
    assert_eq!(published["state"], "published");
    assert_eq!(published["title"], "Story 1");
    let page = preview.get(published["url"].as_str().unwrap());
    assert!(page.text().contains("Story 1"));
    let out = known("https://news.example/c/77");
    assert_eq!(
        (&out["state"], &out["reason"]),
        (&json!("out"), &json!("low quality"))
    );
    let queued = known("https://news.example/c/1");
    assert_eq!(
        (&queued["state"], &queued["path"]),
        (&json!("queued"), &json!(path(1)))
    );
    let rejected = known("https://news.example/rejected");
    assert_eq!(
        (&rejected["state"], &rejected["reason"]),
        (&json!("rejected"), &json!("Old news"))
    );
    assert_eq!(
        known("https://news.example/dropped")["reason"],
        "skip: Sponsored"
    );
    assert_eq!(known("https://news.example/new"), Value::Null);
}

#[test]
fn a_page_that_cannot_be_read_says_why_and_still_gives_a_draft() {
    let server = Server::new(|path| match path {
        "/forbidden" => Some(Answer::status("403 Forbidden", "", "")),
        "/pdf" => Some(Answer::ok("Content-Type: application/pdf\r\n", "%PDF")),
        "/empty" => html("<p>Nothing"),
        "/long" => Some(Answer::Endless(b"HTTP/1.1 200 OK\r\n\r\n<p>".to_vec())),
        "/large" => html(&format!("{PAGE}{}", " ".repeat(10 << 20))),
        "/loop" => Some(Answer::redirect(302, "/loop")),
        "/file" => Some(Answer::redirect(302, "file:///etc/passwd")),
        "/silent" => Some(Answer::Nothing),
        _ => None,
    });
    let preview = at_desk(&server, "");
    let editor = Editor::at(&preview);
    for (page, why) in [
        ("/missing", "404"),
        ("/forbidden", "403"),
        ("/pdf", "no HTML page (application/pdf)"),
        ("/empty", "does not say what it is about"),
        ("/long", "larger than 2 MiB"),
        ("/large", "larger than 2 MiB"),
        ("/loop", "more than 5 redirects"),
        ("/file", "no address of http or https"),
        ("/silent", ""),
    ] {
        let url = server.url(page);
        let found = draft(&editor, &url);
        let problem = found["problem"].as_str().unwrap();
        assert!(problem.contains(why), "{page}: {problem}");
        assert_eq!(found["url"], json!(url));
        assert!(!found.to_string().contains("root:"));
    }
    for wrong in ["", "words", "javascript:alert(1)", "file:///etc/passwd"] {
        assert_eq!(
            editor.post("draft", &json!({ "url": wrong })).0,
            400,
            "{wrong}"
        );
    }
}

#[test]
fn private_addresses_are_not_asked() {
    let secret = Arc::new(Server::new(|_| html("<title>Secret</title>")));
    let place = secret.url("/admin");
    let server = Server::new(move |path| match path {
        "/inside" => Some(Answer::redirect(302, &place)),
        _ => None,
    });
    let preview = at_desk(&server, "");
    let editor = Editor::at(&preview);
    let port = secret.host().replace("127.0.0.1", "");
    for url in [
        secret.url("/"),
        server.url("/inside"),
        format!("http://localhost{port}/"),
        format!("http://[::1]{port}/"),
        format!("http://2130706433{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
    ] {
        let found = draft(&editor, &url);
        let problem = found["problem"].as_str().unwrap();
        assert!(problem.contains("private network"), "{url}: {problem}");
        assert!(!found.to_string().contains("Secret"), "{found}");
    }
    assert_eq!(secret.requests(), [""; 0]);
}

#[test]
fn nothing_of_a_page_becomes_markup() {
    let payload = "</script><script>hit()</script><img src=x onerror=hit()>\"'{{7*7}}{% raw %}";
    let text = payload.replace('"', "&quot;").replace('<', "&lt;");
    let json = Value::from(payload).to_string().replace("</", "<\\/");
    let evil = format!(
        "<html lang=\"{text}\"><meta property=og:title content=\"T {text}\"><meta \
         property=og:description content=\"{text}\"><meta property=og:image \
         content=\"javascript:hit()\"><meta property=og:site_name content=\"{text}\"><link \
         rel=canonical href=\"javascript:hit()\"><meta property=article:published_time \
         content=\"{text}\"><script type=application/ld+json>{{\"@type\": \"Article\", \
         \"headline\": {json}, \"image\": {json}, \"publisher\": {json}, \"datePublished\": \
         {json}}}</script>"
    );
    let server = Server::new(move |_| html(&evil));
    let preview = at_desk(&server, "");
    let editor = Editor::at(&preview);
    let found = draft(&editor, &server.url("/evil"));
    assert_eq!(found["published"], Value::Null);
    // As a relative address it leads nowhere, and is no markup.
    assert!(
        !found["image"]
            .as_str()
            .unwrap_or_default()
            .contains(['<', '"']),
        "{found}"
    );
    assert_eq!(found["url"], json!(server.url("/evil")));
    // The editor may write it anyway.
    let mut story = sent(&found, "articles");
    story["draft"]["title"] = json!(format!("Evil {payload}"));
    story["draft"]["excerpt"] = json!(payload);
    story["draft"]["provider"] = json!(payload);
    story["draft"]["topics"] = json!([payload]);
    story["draft"]["quality"] = json!(90);
    story["language"] = json!(payload);
    let (status, made) = editor.post("new", &story);
    assert_eq!(status, 200, "{made}");
    let path = made["path"].as_str().unwrap();
    assert!(
        path.starts_with("content/news/") && !path.contains(".."),
        "{path}"
    );
    let row = editor.article(path);
    assert_eq!(row["title"].as_str().unwrap()[..4], *"Evil");
    let page = preview.get(row["url"].as_str().unwrap()).text();
    assert!(page.contains("Evil"), "{page}");
    assert!(
        !page.contains("<script>hit") && !page.contains("<img src=x"),
        "{page}"
    );
}

#[test]
fn a_page_that_takes_long_holds_nobody_up() {
    let (release, waits) = channel::<()>();
    let waits = Mutex::new(waits);
    let server = Server::new(move |_| {
        let _ = waits.lock().unwrap().recv();
        html(PAGE)
    });
    let preview = at_desk(&server, "");
    let editor = Editor::at(&preview);
    let url = server.url("/slow");
    let body = json!({ "url": url }).to_string();
    let mut slow = preview.connect();
    write!(
        slow,
        "POST /__newsgen/api/draft HTTP/1.1\r\nHost: localhost\r\n{}\r\n{}\r\n\
         X-Newsgen-Token: {}\r\nContent-Length: {}\r\n\r\n{body}",
        super::ORIGIN,
        super::JSON,
        editor.token,
        body.len()
    )
    .unwrap();
    while server.requests().is_empty() {
        thread::yield_now();
    }
    let row = editor.candidate(&path(0));
    assert_eq!(editor.decide("publish", &[&row]).0, 200);
    assert_eq!(editor.undo().0, 200);
    release.send(()).unwrap();
    let answer = crate::preview::read(&mut BufReader::new(slow), false);
    assert!(
        answer.text().contains("Old weir & mill burn"),
        "{}",
        answer.text()
    );
}

#[test]
fn pages_are_read_and_stories_made_only_for_the_desk() {
    let server = Arc::new(Server::new(|_| html(PAGE)));
    let preview = at_desk(&server, "");
    let body = json!({ "url": server.url("/weir") }).to_string();
    let length = format!("Content-Length: {}", body.len());
    for call in ["draft", "new"] {
        let path = format!("/__newsgen/api/{call}");
        for headers in [
            vec![super::ORIGIN, super::JSON],
            vec!["Origin: http://evil.example", super::JSON],
            vec![super::ORIGIN, "Content-Type: text/plain"],
        ] {
            let headers: Vec<&str> = headers.into_iter().chain([length.as_str()]).collect();
            let status = preview
                .send("POST", &path, &headers, body.as_bytes())
                .status;
            assert!(matches!(status, 403 | 415), "{call}: {status}");
        }
    }
    // The address of a bookmark only opens the desk.
    let page = preview.get(&format!("/__newsgen/?new={}", server.url("/weir")));
    assert_eq!(page.status, 200);
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn new_stories_and_deleted_articles_are_in_the_ledger() {
    let server = Server::new(|_| None);
    let preview = at_desk(&server, "");
    let editor = Editor::at(&preview);
    let last = |url: &str| {
        let lines = ledger(preview.folder.path()).into_iter();
        let mut lines: Vec<Value> = lines.filter(|line| line["url"] == url).collect();
        lines.sort_by_key(|line| line["n"].as_u64());
        let line = lines.pop().unwrap_or_default();
        let said = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        (
            said("decision"),
            said("by"),
            said("path"),
            line["quality"].as_i64(),
        )
    };
    let line = |decision: &str, by: &str, path: &Value, quality: Option<i64>| {
        let path = path.as_str().unwrap().to_owned();
        (decision.to_owned(), by.to_owned(), path, quality)
    };
    let url = "https://news.example/ours";
    let add = |to: &str, suggested: i64| {
        let draft = json!({ "title": "Ours", "url": url, "quality": 70 });
        let (status, made) = editor.post(
            "new",
            &json!({ "to": to, "draft": draft, "suggested": suggested }),
        );
        assert_eq!(status, 200, "{made}");
        made
    };
    let known = || draft(&editor, url)["known"]["state"].clone();

    // Published at once: a quality that was only suggested is not learnt from.
    let made = add("articles", 50);
    assert_eq!(
        last(url),
        line("published", "editor", &made["path"], Some(70))
    );
    assert_eq!(editor.undo().0, 200);
    assert_eq!(
        last(url),
        line("withdrawn", "undo", &made["path"], Some(70))
    );
    // It is as unknown as before.
    assert_eq!(known(), Value::Null);
    let made = add("articles", 70);
    assert_eq!(last(url), line("published", "editor", &made["path"], None));

    // Deleted: no feed brings it again, and that is undone as well.
    let article = editor.article(made["path"].as_str().unwrap());
    let delete = || editor.post("delete", &json!({ "items": [item(&article)] }));
    assert_eq!(delete().0, 200);
    assert_eq!(last(url), line("rejected", "editor", &made["path"], None));
    assert_eq!(editor.undo().0, 200);
    assert_eq!(last(url), line("published", "undo", &made["path"], None));
    assert_eq!(delete().0, 200);
    assert_eq!((editor.undo().0, editor.undo().0), (200, 200));
    assert_eq!(last(url).0, "withdrawn");

    // A candidate: published, back, and gone.
    let made = add("queue", 70);
    assert_eq!(last(url), line("queued", "editor", &made["path"], None));
    let row = editor.candidate(made["path"].as_str().unwrap());
    let (status, done) = editor.decide("publish", &[&row]);
    assert_eq!(status, 200, "{done}");
    let to = &done["done"][0]["path"];
    assert_eq!(last(url), line("published", "editor", to, Some(70)));
    assert_eq!(editor.undo().0, 200);
    assert_eq!(last(url).0, "queued");
    assert_eq!(editor.undo().0, 200);
    assert_eq!(last(url), line("withdrawn", "undo", &made["path"], None));
    // The site had it as an article for a moment.
    let is_unknown = |_| {
        thread::sleep(Duration::from_millis(50));
        known().is_null()
    };
    assert!((0..200).any(is_unknown));
    // What was done once is noted once.
    let lines = ledger(preview.folder.path());
    assert_eq!(lines.iter().filter(|line| line["url"] == url).count(), 12);
    // An article that is no item gets a line as well; one candidate is no article.
    let article = editor.article("content/news/story-1.md");
    let (status, _) = editor.post("delete", &json!({ "items": [item(&article)] }));
    assert_eq!(status, 200);
    assert_eq!(last("https://news.example/story-1").0, "rejected");
    let row = editor.candidate(&path(0));
    let (status, _) = editor.post("delete", &json!({ "items": [item(&row)] }));
    assert_eq!(status, 404);
}

#[test]
fn a_story_that_was_rejected_and_added_by_hand_is_rejected_when_that_is_undone() {
    let server = Server::new(|_| None);
    let preview = at_desk(&server, "");
    let editor = Editor::at(&preview);
    let (_, rejected) = editor.decide("reject", &[&editor.candidate(&path(1))]);
    assert_eq!(rejected["done"].as_array().unwrap().len(), 1);
    let url = "https://news.example/c/1";
    let story = json!({ "title": "After all", "url": url });
    let state = || draft(&editor, url)["known"]["state"].clone();
    assert_eq!(state(), "rejected");
    for to in ["articles", "queue"] {
        let (status, made) = editor.post("new", &json!({ "to": to, "draft": story }));
        assert_eq!(status, 200, "{made}");
        if to == "queue" {
            let row = editor.candidate(made["path"].as_str().unwrap());
            assert_eq!(editor.decide("publish", &[&row]).0, 200);
            assert_eq!(editor.undo().0, 200);
        }
        assert_eq!(editor.undo().0, 200);
        let is_rejected = |_| {
            thread::sleep(Duration::from_millis(50));
            state() == "rejected"
        };
        assert!((0..200).any(is_rejected), "{to}");
    }
    // And that is undone, too.
    assert_eq!(editor.undo().0, 200);
    assert_eq!(state(), "queued");
}
