//! Who is not let in: nothing is read or written.

use serde_json::{Value, json};

use super::{Editor, JSON, ORIGIN, files, item, path, token, with_queue};
use crate::preview::Preview;

const DECIDE: &str = "/__newsgen/api/decide";

/// What a page of the desk would send to publish the first candidate.
fn wanted(preview: &Preview) -> (String, String) {
    let editor = Editor::at(preview);
    let row = editor.candidate(&path(0));
    let body = json!({ "items": [item(&row)], "decision": "publish" }).to_string();
    (format!("X-Newsgen-Token: {}", editor.token), body)
}

#[test]
fn other_origins_and_pages_of_an_earlier_start_write_nothing() {
    let mut preview = Preview::of(with_queue(1), &[]);
    let before = files(preview.folder.path());
    let (token, body) = wanted(&preview);
    let length = format!("Content-Length: {}", body.len());
    let post = |preview: &Preview, headers: &[&str]| {
        let headers: Vec<&str> = headers.iter().copied().chain([length.as_str()]).collect();
        preview
            .send("POST", DECIDE, &headers, body.as_bytes())
            .status
    };
    let other = format!("X-Newsgen-Token: {}", "0".repeat(64));
    for (headers, status) in [
        // A form of another page, whatever it says that it sends.
        (
            vec!["Origin: http://evil.example", "Content-Type: text/plain"],
            403,
        ),
        (vec!["Origin: http://evil.example", JSON, &token], 403),
        (vec!["Origin: null", JSON, &token], 403),
        // Another server on this machine.
        (vec!["Origin: http://localhost:3000", JSON, &token], 403),
        (vec![ORIGIN, JSON, &token, "Sec-Fetch-Site: same-site"], 403),
        (
            vec![ORIGIN, JSON, &token, "Sec-Fetch-Site: cross-site"],
            403,
        ),
        // A program that does not say where it comes from.
        (vec![JSON, &token], 403),
        // A page of ours that does not know the token.
        (vec![ORIGIN, JSON], 403),
        (vec![ORIGIN, JSON, &other], 403),
        (vec![ORIGIN, JSON, "X-Newsgen-Token: "], 403),
        // The token as a cookie or in the address is none.
        (
            vec![
                ORIGIN,
                JSON,
                &token.replace("X-Newsgen-Token: ", "Cookie: token="),
            ],
            403,
        ),
        // What a form can send.
        (vec![ORIGIN, &token], 415),
        (vec![ORIGIN, "Content-Type: text/plain", &token], 415),
        (
            vec![
                ORIGIN,
                "Content-Type: application/x-www-form-urlencoded",
                &token,
            ],
            415,
        ),
        // Names that lead here.
        (
            vec![
                "Host: rebound.example",
                "Origin: http://rebound.example",
                JSON,
                &token,
            ],
            403,
        ),
        (
            vec!["Host: localhost.evil.example", ORIGIN, JSON, &token],
            403,
        ),
    ] {
        assert_eq!(post(&preview, &headers), status, "{headers:?}");
    }
    let address = format!("{DECIDE}?token={}", &token["X-Newsgen-Token: ".len()..]);
    let sent = preview.send("POST", &address, &[ORIGIN, JSON, &length], body.as_bytes());
    assert_eq!(sent.status, 403);
    assert_eq!(files(preview.folder.path()), before);

    preview.restart();
    assert_eq!(post(&preview, &[ORIGIN, JSON, &token]), 403);
    assert_eq!(files(preview.folder.path()), before);
    // The same request is answered when it comes from a page of this start.
    let (token, _) = wanted(&preview);
    assert_eq!(post(&preview, &[ORIGIN, JSON, &token]), 200);
    assert_ne!(files(preview.folder.path()), before);
}

#[test]
fn no_call_writes_without_the_token_of_this_start() {
    let target = tempfile::tempdir().unwrap();
    let folder = with_queue(1);
    let settings = format!(
        "title = \"Small\"\nbase_url = \"https://example.org/\"\n[desk]\ncommit = true\n\
         [deploy.targets]\nlive = \"file://{}\"\n",
        target.path().join("live").display()
    );
    crate::preview::write(folder.path(), "site.toml", &settings);
    let preview = Preview::of(folder, &[]);
    let before = files(preview.folder.path());
    let (token, decide) = wanted(&preview);
    let other = format!("X-Newsgen-Token: {}", "0".repeat(64));
    for (call, body) in [
        ("decide", decide.as_str()),
        ("edit", "{}"),
        ("delete", "{}"),
        ("undo", "{}"),
        (
            "new",
            r#"{"to": "articles", "draft": {"title": "T", "url": "https://x.example/"}}"#,
        ),
        ("draft", r#"{"url": "https://x.example/"}"#),
        ("sources", r#"{"do": "fetch"}"#),
        ("publish", r#"{"target": "live"}"#),
        ("commit", "{}"),
    ] {
        let path = format!("/__newsgen/api/{call}");
        let length = format!("Content-Length: {}", body.len());
        for headers in [
            &[ORIGIN, JSON, &length][..],
            &[ORIGIN, JSON, &other, &length],
            &["Origin: http://evil.example", JSON, &token, &length],
            &[
                "Host: rebound.example",
                "Origin: http://rebound.example",
                JSON,
                &token,
                &length,
            ],
            &["Sec-Fetch-Site: cross-site", ORIGIN, JSON, &token, &length],
        ] {
            let answer = preview.send("POST", &path, headers, body.as_bytes());
            assert_eq!(answer.status, 403, "{call} {headers:?}");
        }
        // A name that was made to lead here is answered by no method.
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
            let answer = preview.ask(method, &path, &["Host: rebound.example"]);
            assert_eq!(answer.status, 403, "{method} {call}");
        }
    }
    assert_eq!(files(preview.folder.path()), before);
    assert!(!target.path().join("live").exists());
}

#[test]
fn other_origins_read_nothing() {
    let preview = Preview::of(with_queue(1), &[]);
    for call in [
        "api/state",
        "api/queue",
        "api/articles",
        "api/targets",
        "api/sources",
        "api/jobs/1",
        "api/jobs/1/files",
        "events",
        "events?page=/__newsgen/",
    ] {
        let path = format!("/__newsgen/{call}");
        for header in [
            "Origin: http://evil.example",
            "Origin: null",
            "Origin: http://localhost:3000",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site",
            "Host: rebound.example",
        ] {
            let answer = preview.ask("GET", &path, &[header]);
            assert_eq!(answer.status, 403, "{path} {header}");
            assert!(!answer.text().contains("Candidate"));
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
    let upgrade = [
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Origin: http://evil.example",
    ];
    assert_eq!(
        preview.ask("GET", "/__newsgen/api/queue", &upgrade).status,
        403
    );
    let preflight = [
        "Origin: http://evil.example",
        "Access-Control-Request-Method: POST",
    ];
    let answer = preview.ask("OPTIONS", DECIDE, &preflight);
    assert!(answer.status >= 400 && answer.header("access-control-allow-origin").is_empty());
    for method in ["PUT", "DELETE", "PATCH", "TRACE"] {
        assert!(
            preview.ask(method, DECIDE, &[ORIGIN]).status >= 400,
            "{method}"
        );
    }
}

#[test]
fn the_page_gives_its_token_to_nobody_else() {
    let preview = Preview::of(with_queue(1), &[]);
    let ask = |headers: &[&str]| preview.ask("GET", "/__newsgen/", headers);
    assert_eq!(token(&ask(&["Sec-Fetch-Dest: document"])).len(), 64);
    for destination in ["empty", "iframe", "image", "script", "object"] {
        let header = format!("Sec-Fetch-Dest: {destination}");
        assert_eq!(token(&ask(&[&header])), "", "{destination}");
    }
    let page = ask(&[]);
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(!page.text().contains("<script>") && !page.text().contains("style="));
    assert_eq!(ask(&["Host: rebound.example"]).status, 403);
}

#[test]
fn names_that_are_no_ids_lead_nowhere() {
    let preview = Preview::of(with_queue(1), &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let row = editor.candidate(&path(0));
    for id in [
        "content/queue/candidate-0.md",
        "../../site.toml",
        "site.toml",
        "",
        "/etc/passwd",
        "%2e%2e/site.toml",
        "content/queue/../../site.toml",
        "\0",
    ] {
        let items = json!([{ "id": id, "hash": row["hash"] }]);
        let set = json!([{ "field": "quality", "set": "80" }]);
        for (call, body) in [
            ("decide", json!({ "items": items, "decision": "publish" })),
            ("decide", json!({ "items": items, "decision": "reject" })),
            ("edit", json!({ "items": items, "changes": set })),
            ("delete", json!({ "items": items })),
        ] {
            assert_eq!(editor.post(call, &body).0, 404, "{call} {id:?}");
        }
    }
    for call in ["explain", "jobs"] {
        for id in [
            "..",
            "%2e%2e/site.toml",
            "../../site.toml",
            "-1",
            "1/../../x",
            "1%00",
            "",
        ] {
            let answer = preview.get(&format!("/__newsgen/api/{call}/{id}"));
            assert!(answer.status >= 400, "{call}/{id}: {}", answer.text());
            assert!(!answer.text().contains("Small"), "{}", answer.text());
        }
    }
    for field in ["secured", "Secured", "../x", "", "permalink", "a.b"] {
        let (status, answer) = editor.set(&row, field, "x");
        assert!(status == 400 || status == 422, "{field}: {answer}");
    }
    for body in [
        json!(null),
        json!([]),
        json!({ "items": "all", "decision": "publish" }),
        json!({ "items": [], "decision": "publish" }),
        json!({ "items": [item(&row)], "decision": "delete" }),
        json!({ "items": [item(&row)], "decision": "publish", "to": "static/x.html" }),
    ] {
        assert_eq!(editor.post("decide", &body).0, 400, "{body}");
    }
    for call in ["", "nothing", "decide/x"] {
        let (status, _) = editor.post(call, &json!({}));
        assert!(status == 404 || status == 400, "{call}");
    }
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn a_value_never_becomes_another_field() {
    let preview = Preview::of(with_queue(1), &[]);
    let editor = Editor::at(&preview);
    let value = "x\"\nsecured: y\n---\n<script>alert(1)</script>";
    let (status, answer) = editor.set(&editor.candidate(&path(0)), "title", value);
    let text = std::fs::read_to_string(preview.path(&path(0))).unwrap();
    let is_one_line = text.lines().count() == super::candidate(0).lines().count();
    assert!(is_one_line, "{status} {answer} {text}");
    assert!(
        !text
            .lines()
            .any(|line| line.starts_with("secured") || line.starts_with("<script"))
    );
}

#[test]
fn bodies_are_bounded() {
    let preview = Preview::of(with_queue(1), &[]);
    let before = files(preview.folder.path());
    let (token, _) = wanted(&preview);
    let large = vec![b' '; 10 << 20];
    let length = format!("Content-Length: {}", large.len());
    // Refused by its head, with and without the right to write.
    let answer = preview.send(
        "POST",
        DECIDE,
        &[ORIGIN, JSON, &token, &length],
        &large[..1000],
    );
    assert_eq!(answer.status, 413);
    let answer = preview.send("POST", DECIDE, &[ORIGIN, JSON, &length], &large[..1000]);
    assert_eq!(answer.status, 403);
    let endless = "Transfer-Encoding: chunked";
    let answer = preview.send(
        "POST",
        DECIDE,
        &[ORIGIN, JSON, &token, endless],
        b"ffff\r\n",
    );
    assert_eq!(answer.status, 413);
    let deep = "[".repeat(200_000);
    let length = format!("Content-Length: {}", deep.len());
    let answer = preview.send(
        "POST",
        DECIDE,
        &[ORIGIN, JSON, &token, &length],
        deep.as_bytes(),
    );
    assert_eq!(answer.status, 400);
    assert_eq!(files(preview.folder.path()), before);
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn a_desk_that_only_shows_writes_nothing() {
    let preview = Preview::of(with_queue(1), &["--read-only"]);
    let before = files(preview.folder.path());
    assert_eq!(token(&preview.get("/__newsgen/")), "");
    let state = preview.get("/__newsgen/api/state");
    let state: Value = serde_json::from_slice(&state.body).unwrap();
    assert_eq!(state["read_only"], true);
    let headers = [ORIGIN, JSON, "X-Newsgen-Token: ", "Content-Length: 2"];
    for call in [
        "decide", "edit", "undo", "delete", "new", "draft", "sources", "publish", "commit",
        "session",
    ] {
        let path = format!("/__newsgen/api/{call}");
        assert_eq!(
            preview.send("POST", &path, &headers, b"{}").status,
            403,
            "{call}"
        );
    }
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn on_the_network_nothing_is_written_without_a_password() {
    let preview = Preview::of(with_queue(1), &["--host", "0.0.0.0"]);
    assert_eq!(token(&preview.get("/__newsgen/")), "");
    let headers = [ORIGIN, JSON, "X-Newsgen-Token: ", "Content-Length: 2"];
    assert_eq!(preview.send("POST", DECIDE, &headers, b"{}").status, 403);
}

#[test]
fn a_password_opens_the_desk() {
    let preview = Preview::with_password(with_queue(1), "open sesame");
    let log_in = |password: &str| {
        let body = json!({ "password": password }).to_string();
        let length = format!("Content-Length: {}", body.len());
        let headers = [ORIGIN, JSON, &length];
        preview.send("POST", "/__newsgen/api/session", &headers, body.as_bytes())
    };
    assert_eq!(preview.get("/__newsgen/api/queue").status, 401);
    assert_eq!(token(&preview.get("/__newsgen/")), "");
    let wrong = log_in("open barley");
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, ""));
    let welcome = log_in("open sesame");
    assert_eq!(welcome.status, 200, "{}", welcome.text());
    let cookie = welcome.header("set-cookie");
    assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
    let cookie = format!("Cookie: {}", cookie.split(';').next().unwrap());
    assert_eq!(
        preview
            .ask("GET", "/__newsgen/api/queue", &[&cookie])
            .status,
        200
    );
    let token = token(&preview.ask("GET", "/__newsgen/", &[&cookie]));
    assert_eq!(token.len(), 64);
    // The session alone does not write, nor does the token alone.
    let token = format!("X-Newsgen-Token: {token}");
    let undo = |headers: &[&str]| {
        let headers: Vec<&str> = headers
            .iter()
            .copied()
            .chain([ORIGIN, JSON, "Content-Length: 2"])
            .collect();
        preview
            .send("POST", "/__newsgen/api/undo", &headers, b"{}")
            .status
    };
    assert_eq!(undo(&[&cookie]), 403);
    assert_eq!(undo(&[&token]), 401);
    assert_eq!(undo(&[&cookie, &token]), 404);
    // Who is not known yet cannot send much.
    assert_eq!(log_in(&"x".repeat(4 << 10)).status, 413);
    // Guessing takes longer and longer.
    let answers: Vec<u16> = (0..8)
        .map(|number| log_in(&number.to_string()).status)
        .collect();
    assert!(answers.contains(&429), "{answers:?}");
}
