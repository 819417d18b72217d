//! What the server answers.

use std::fs;
use std::io::{BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::preview::{NOW, Preview, read, site, without_script, write};
use crate::support::Tree;

const STORY: &str = "/news/2026/10/01/story-1/";

#[test]
fn pages_have_type_tag_and_length() {
    let preview = Preview::start();
    let page = preview.get(STORY);
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert!(page.text().contains("Story 1") && page.text().contains("/__newsgen/reload.js"));
    let tag = page.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    let head = preview.ask("HEAD", STORY, &[]);
    assert_eq!(
        (head.status, head.header("content-length")),
        (200, page.header("content-length"))
    );
    let same = preview.ask("GET", STORY, &[&format!("If-None-Match: W/{tag}")]);
    assert_eq!((same.status, same.header("etag")), (304, tag.as_str()));
    assert_eq!(
        preview
            .ask("GET", STORY, &["If-None-Match: \"other\""])
            .status,
        200
    );
    assert_eq!(
        preview.get("/feed.xml").header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    assert!(!preview.get("/feed.xml").text().contains("__newsgen"));
    assert_eq!(
        preview.get("/style.css").header("content-type"),
        "text/css; charset=utf-8"
    );
}

#[test]
fn what_is_not_there() {
    let preview = Preview::start();
    let missing = preview.get("/nowhere/");
    assert_eq!(
        (missing.status, missing.header("content-type")),
        (404, "text/html; charset=utf-8")
    );
    assert!(missing.text().contains("Page not found"));
    assert_eq!(preview.get("/404.html").status, 200);
    for trick in [
        "/../Cargo.toml",
        "/%2e%2e/site.toml",
        "/..%2f..%2fetc/passwd",
        "/static/%00",
        "/%ff",
        "/%zz",
        "//",
        "/site.toml",
    ] {
        let status = preview.get(trick).status;
        assert!(status == 404 || status == 400, "{trick}: {status}");
    }
}

#[test]
fn missing_slashes_are_added() {
    let preview = Preview::start();
    let moved = preview.get("/topics?x=1");
    assert_eq!(
        (moved.status, moved.header("location")),
        (301, "/topics/?x=1")
    );
    assert_eq!(preview.get("/topics/index.html").status, 200);
    assert_eq!(preview.get("/%74opics/").status, 200);
}

#[test]
fn methods_and_hosts() {
    let preview = Preview::start();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let refused = preview.ask(method, "/", &[]);
        assert_eq!(
            (refused.status, refused.header("allow")),
            (405, "GET, HEAD"),
            "{method}"
        );
    }
    for host in ["localhost:1", "127.0.0.1", "[::1]:4000"] {
        assert_eq!(
            preview.ask("GET", "/", &[&format!("Host: {host}")]).status,
            200,
            "{host}"
        );
    }
    for path in [
        "/",
        "/__newsgen/",
        "/__newsgen/events",
        "/__newsgen/api/queue",
    ] {
        assert_eq!(
            preview.ask("GET", path, &["Host: rebound.example"]).status,
            403,
            "{path}"
        );
    }
}

#[test]
fn ranges_of_static_files() {
    let preview = Preview::start();
    let whole = preview.get("/plain.txt");
    assert_eq!(
        (whole.text().as_str(), whole.header("accept-ranges")),
        ("0123456789", "bytes")
    );
    let part = preview.ask("GET", "/plain.txt", &["Range: bytes=2-4"]);
    assert_eq!(
        (
            part.status,
            part.text().as_str(),
            part.header("content-range")
        ),
        (206, "234", "bytes 2-4/10")
    );
    let changed = preview.ask(
        "GET",
        "/plain.txt",
        &["Range: bytes=2-4", "If-Range: \"old\""],
    );
    assert_eq!((changed.status, changed.body.len()), (200, 10));
    // RFC 9110: only GET has ranges (14.2), and a condition comes before them (13.2.2).
    let head = preview.ask("HEAD", "/plain.txt", &["Range: bytes=2-4"]);
    assert_eq!((head.status, head.header("content-length")), (200, "10"));
    let tag = format!("If-None-Match: {}", whole.header("etag"));
    let same = preview.ask("GET", "/plain.txt", &["Range: bytes=2-4", &tag]);
    assert_eq!((same.status, same.body.len()), (304, 0));
    assert!(["", "10"].contains(&same.header("content-length")));
    let outside = preview.ask("GET", "/plain.txt", &["Range: bytes=10-"]);
    assert_eq!(
        (outside.status, outside.header("content-range")),
        (416, "bytes */10")
    );
}

#[test]
fn large_files_are_sent_in_parts() {
    let folder = site();
    let film: Vec<u8> = (0..3_000_000u32).map(|number| number as u8).collect();
    fs::write(folder.path().join("static/film.mp4"), &film).unwrap();
    let preview = Preview::of(folder, &[]);
    let part = preview.ask("GET", "/film.mp4", &["Range: bytes=2999990-"]);
    assert_eq!(
        (part.status, part.header("content-type")),
        (206, "video/mp4")
    );
    assert_eq!(part.body, film[2_999_990..]);
    assert_eq!(preview.get("/film.mp4").body, film);
}

#[test]
fn a_connection_is_kept() {
    let preview = Preview::start();
    let mut stream = preview.connect();
    // Two requests at once, and a third on the same connection.
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET {STORY} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    )
    .unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    assert!(
        read(&mut reader, false)
            .text()
            .contains("<title>Small</title>")
    );
    assert!(read(&mut reader, false).text().contains("<title>Story 1"));
    write!(
        stream,
        "GET /topics/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    assert_eq!(read(&mut reader, false).status, 200);
    assert_eq!(reader.read_to_end(&mut Vec::new()).unwrap(), 0);
}

#[test]
fn slow_clients_block_nobody() {
    let folder = site();
    fs::write(folder.path().join("static/film.mp4"), vec![7; 30_000_000]).unwrap();
    let preview = Preview::of(folder, &[]);
    let slow: Vec<_> = (0..40)
        .map(|number| {
            let mut stream = preview.connect();
            // Half of them never end their request, half never read the answer.
            let end = if number % 2 == 0 {
                ""
            } else {
                "Host: localhost\r\n\r\n"
            };
            write!(stream, "GET /film.mp4 HTTP/1.1\r\n{end}").unwrap();
            stream
        })
        .collect();
    thread::sleep(Duration::from_millis(200));
    // An answer that those held up would never come.
    for _ in 0..20 {
        assert_eq!(preview.get(STORY).status, 200);
    }
    drop(slow);
}

#[test]
fn rubbish_is_survived() {
    let preview = Preview::start();
    for rubbish in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\u{0}\u{1}\u{2}",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
    ] {
        let mut stream = preview.connect();
        stream.write_all(rubbish.as_bytes()).unwrap();
        drop(stream);
    }
    assert_eq!(preview.get("/").status, 200);
}

/// The paths of all files below a folder, the state excepted.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Tree::of(folder);
    found.retain(|path, _| !path.starts_with(".newsgen"));
    found.0.into_keys().collect()
}

/// Builds the site of a preview for its address and compares every file.
fn compare(preview: &Preview, base: &str, arguments: &[&str]) {
    let output = tempfile::tempdir().unwrap();
    let built = Command::new(env!("CARGO_BIN_EXE_newsgen"))
        .args([
            "build",
            "--quiet",
            "--now",
            NOW,
            "--base-url",
            &format!("http://127.0.0.1:{}{base}/", preview.port),
            "--output",
        ])
        .arg(output.path().join("public"))
        .arg("--root")
        .arg(preview.folder.path())
        .args(arguments)
        .status()
        .unwrap();
    assert!(built.success());
    let paths = files(&output.path().join("public"));
    assert!(paths.len() > 20);
    for path in paths {
        let expected = fs::read(output.path().join("public").join(&path)).unwrap();
        let url = format!(
            "{base}/{}",
            path.strip_suffix("index.html")
                .filter(|_| path.ends_with(".html"))
                .unwrap_or(&path)
        );
        let answer = preview.get(&url.replace(' ', "%20"));
        assert_eq!(answer.status, 200, "{url}");
        let is_page = answer.header("content-type").starts_with("text/html");
        let body = if is_page {
            without_script(&answer.body)
        } else {
            answer.body
        };
        assert!(body == expected, "{url} is not what a build writes");
    }
}

#[test]
fn every_page_of_the_sample_site_is_as_built() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in files(&root.join("content")) {
        write(
            folder.path(),
            &format!("content/{path}"),
            &fs::read_to_string(root.join("content").join(&path)).unwrap(),
        );
    }
    write(
        folder.path(),
        "site.toml",
        &fs::read_to_string(root.join("site.toml")).unwrap(),
    );
    write(folder.path(), "static/a page.html", "<p>plain");
    write(
        folder.path(),
        "static/images/attention.svg",
        &fs::read_to_string(root.join("static/images/attention.svg")).unwrap(),
    );
    let preview = Preview::of(folder, &[]);
    // What is shown at last, after edits, is a build too.
    preview.write(
        "content/news/2026/new.md",
        &crate::preview::article("A new story", 30),
    );
    preview.wait_for("/", |answer| answer.text().contains("A new story"));
    fs::remove_file(preview.path("static/a page.html")).unwrap();
    write(preview.folder.path(), "static/other page.html", "<p>plain");
    preview.wait_for("/other%20page.html", |answer| answer.status == 200);
    compare(&preview, "", &[]);
}

#[test]
fn a_site_below_a_path_is_served_there() {
    let folder = site();
    write(
        folder.path(),
        "site.toml",
        "title = \"Small\"\nbase_url = \"https://example.org/ai/\"\n",
    );
    let preview = Preview::of(folder, &["--drafts"]);
    let start = preview.get("/");
    assert_eq!((start.status, start.header("location")), (302, "/ai/"));
    assert_eq!(preview.get("/ai").header("location"), "/ai/");
    assert_eq!(preview.get(STORY).status, 404);
    assert_eq!(preview.get("/ai/topics").header("location"), "/ai/topics/");
    compare(&preview, "/ai", &["--drafts"]);
}

#[test]
fn a_busy_port() {
    let busy = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    let folder = site();
    let refused = Command::new(env!("CARGO_BIN_EXE_newsgen"))
        .args(["serve", "--port", &port, "--root"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(3));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains(&format!("port {port} is in use")), "{said}");
}

#[test]
fn the_desk_says_what_became_of_every_article() {
    let folder = site();
    write(
        folder.path(),
        "content/news/poor.md",
        &crate::preview::article("Poor <b>story</b>", 9).replace("quality: 80", "quality: 9"),
    );
    let preview = Preview::of(folder, &[]);
    assert_eq!(preview.get("/__newsgen").header("location"), "/__newsgen/");
    assert!(preview.get("/__newsgen/").text().contains("<h1>"));
    let get = |call: &str| -> serde_json::Value {
        serde_json::from_slice(&preview.get(&format!("/__newsgen/api/{call}")).body).unwrap()
    };
    let desk = get("state");
    assert_eq!(
        (&desk["found"], &desk["kept"], &desk["dropped"]),
        (&6.into(), &5.into(), &1.into())
    );
    assert_eq!(desk["reasons"]["low quality"], 1);
    let found = get("articles?q=POOR+low&state=dropped");
    assert_eq!(
        (&found["total"], &found["rows"][0]["quality"]),
        (&1.into(), &9.into())
    );
    for file in [
        "desk.js",
        "queue.js",
        "desk.css",
        "reload.js",
        "newsreader.woff2",
    ] {
        assert_eq!(
            preview.get(&format!("/__newsgen/{file}")).status,
            200,
            "{file}"
        );
    }
    assert_eq!(preview.get("/__newsgen/other").status, 404);
}
