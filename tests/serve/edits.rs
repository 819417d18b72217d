//! Edits, and what browsers hear of them.

use std::fs;
use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::preview::{Preview, article, look, site, write};

const STORY: &str = "/news/2026/10/01/story-1/";
const OTHER: &str = "/news/2026/10/02/story-2/";

#[test]
fn an_edit_reloads_the_pages_that_it_changes() {
    let preview = Preview::start();
    let (mut edited, mut other) = (preview.events(STORY), preview.events(OTHER));
    preview.write(
        "content/news/story-1.md",
        &article("Story 1", 1).replace("What Story 1 says", "Edited"),
    );
    let (name, data) = edited.next();
    assert_eq!(name, "reload");
    let page = preview.get(STORY).text();
    assert!(page.contains("Edited"));
    assert_eq!(data, format!("\"{}\"", look(&page)));
    // The other page hears nothing of it: its first event is the next edit's.
    preview.write(
        "content/news/story-2.md",
        &article("Story 2", 2).replace("What Story 2 says", "Other"),
    );
    assert_eq!(
        other.next().1,
        format!("\"{}\"", look(&preview.get(OTHER).text()))
    );
    assert!(preview.get(OTHER).text().contains("Other"));
}

#[test]
fn files_come_go_and_move() {
    let preview = Preview::start();
    preview.write("content/news/2026/deep/er/new.md", &article("A new one", 7));
    preview.wait_for("/news/2026/10/07/new/", |answer| answer.status == 200);
    fs::rename(
        preview.path("content/news/2026/deep/er/new.md"),
        preview.path("content/news/renamed.md"),
    )
    .unwrap();
    preview.wait_for("/news/2026/10/07/renamed/", |answer| answer.status == 200);
    preview.wait_for("/news/2026/10/07/new/", |answer| answer.status == 404);
    // A folder that is moved in as a whole.
    write(
        preview.folder.path(),
        "elsewhere/one.md",
        &article("Moved in", 8),
    );
    write(
        preview.folder.path(),
        "elsewhere/sub/two.md",
        &article("Moved in too", 9),
    );
    fs::rename(
        preview.path("elsewhere"),
        preview.path("content/news/moved"),
    )
    .unwrap();
    preview.wait_for("/news/2026/10/09/two/", |answer| answer.status == 200);
    preview.write(
        "content/news/moved/sub/three.md",
        &article("In the moved folder", 10),
    );
    preview.wait_for("/news/2026/10/10/three/", |answer| answer.status == 200);
    fs::remove_dir_all(preview.path("content/news/moved")).unwrap();
    preview.wait_for("/news/2026/10/08/one/", |answer| answer.status == 404);
}

#[test]
fn every_kind_of_file_is_watched() {
    let preview = Preview::start();
    preview.write(
        "content/topics/ai.yaml",
        "name: AI\ndescription: All about machines\n",
    );
    preview.wait_for("/topics/ai/", |answer| {
        answer.text().contains("All about machines")
    });
    preview.write(
        "content/providers/news.example.md",
        "---\ndomain: news.example\nname: The News\n---\n",
    );
    preview.wait_for(STORY, |answer| answer.text().contains("The News"));
    preview.write(
        "content/pages/about.md",
        "---\ntitle: About us\n---\nHello\n",
    );
    preview.wait_for("/about/", |answer| answer.text().contains("Hello"));
    preview.write("templates/404.html", "<p>Lost</p>");
    preview.wait_for("/nowhere/", |answer| answer.text().contains("Lost"));
    preview.write("static/new.txt", "new");
    preview.wait_for("/new.txt", |answer| answer.status == 200);
    preview.write(
        "site.toml",
        "title = \"Another name\"\nbase_url = \"https://example.org/\"\n",
    );
    preview.wait_for("/", |answer| answer.text().contains("Another name"));
    // Sources, if a page shows them.
    let with_page = "title = \"T\"\nbase_url = \"https://example.org/\"\nsources.page = true\n";
    preview.write("site.toml", with_page);
    preview.wait_for("/sources/", |answer| answer.status == 200);
    for title in ["Quiet Rivers", "Loud Rivers"] {
        let source = format!("feed: https://rivers.example/feed\ntitle: {title}\n");
        preview.write("content/sources/rivers.yaml", &source);
        preview.wait_for("/sources/", |answer| answer.text().contains(title));
    }
    // A setting may name another folder.
    write(
        preview.folder.path(),
        "feed/x.md",
        &article("In the feed", 11),
    );
    preview.write(
        "site.toml",
        "title = \"T\"\nbase_url = \"https://example.org/\"\n[content]\narticles = [\"feed\"]\n",
    );
    preview.wait_for("/news/2026/10/11/x/", |answer| answer.status == 200);
    preview.write("feed/y.md", &article("In the feed too", 12));
    preview.wait_for("/news/2026/10/12/y/", |answer| answer.status == 200);
}

#[test]
fn files_beside_articles_are_sent_and_watched() {
    let preview = Preview::start();
    let page = "/news/2026/10/08/flood/";
    let bundle = format!("{}\n![map](map.png)\n", article("Flood", 8));
    preview.write("content/news/flood/index.md", &bundle);
    preview.wait_for(page, |answer| answer.status == 200);
    assert!(!preview.get(page).text().contains("flood/map.png"));
    preview.write("content/news/flood/map.png", "0123456789");
    preview.wait_for(page, |answer| {
        answer
            .text()
            .contains("src=\"/news/2026/10/08/flood/map.png\"")
    });
    let map = format!("{page}map.png");
    let part = preview.ask("GET", &map, &["Range: bytes=2-4"]);
    assert_eq!((part.status, part.text().as_str()), (206, "234"));
    assert_eq!(part.header("content-type"), "image/png");
    preview.write("content/news/flood/map.png", "another");
    preview.wait_for(&map, |answer| answer.text() == "another");
    fs::remove_file(preview.path("content/news/flood/map.png")).unwrap();
    preview.wait_for(&map, |answer| answer.status == 404);
}

#[test]
fn a_content_folder_may_be_a_link() {
    let feed = tempfile::tempdir().unwrap();
    write(feed.path(), "a.md", &article("Linked", 3));
    let folder = site();
    fs::remove_dir_all(folder.path().join("content/news")).unwrap();
    std::os::unix::fs::symlink(feed.path(), folder.path().join("content/news")).unwrap();
    let preview = Preview::of(folder, &[]);
    assert_eq!(preview.get("/news/2026/10/03/a/").status, 200);
    write(feed.path(), "b.md", &article("Linked too", 4));
    preview.wait_for("/news/2026/10/04/b/", |answer| answer.status == 200);
    // The link may come to lead elsewhere.
    let other = tempfile::tempdir().unwrap();
    write(other.path(), "c.md", &article("Elsewhere", 5));
    std::os::unix::fs::symlink(other.path(), preview.path("content/link")).unwrap();
    fs::rename(preview.path("content/link"), preview.path("content/news")).unwrap();
    preview.wait_for("/news/2026/10/05/c/", |answer| answer.status == 200);
    write(other.path(), "d.md", &article("Elsewhere too", 6));
    preview.wait_for("/news/2026/10/06/d/", |answer| answer.status == 200);
}

#[test]
fn mistakes_are_shown_over_the_last_good_page() {
    let preview = Preview::start();
    let mut events = preview.events(STORY);
    let good = article("Story 1", 1);
    for (path, broken, mended, words) in [
        (
            "content/news/story-1.md",
            "---\ntitle: [\n---\n",
            good.as_str(),
            "content/news/story-1.md",
        ),
        (
            "templates/article.html",
            "{% if %}",
            "{{ article.title }}</body>",
            "templates/article.html:1",
        ),
        (
            "templates/article.html",
            "{{ article.nothing.more }}",
            "{{ article.title }}!</body>",
            "templates/article.html:1",
        ),
        (
            "site.toml",
            "title = ",
            "title = \"T\"\nbase_url = \"https://example.org/\"\n",
            "site.toml:1",
        ),
    ] {
        preview.write(path, broken);
        let (name, data) = events.next();
        assert_eq!(name, "problems", "{path}: {data}");
        assert!(data.contains(words), "{path}: {data}");
        let page = preview.get(STORY);
        assert!(
            page.status == 200 && page.text().contains("Story 1"),
            "{path}: {}",
            page.text()
        );
        preview.write(path, mended);
        assert_eq!(
            events.next(),
            ("problems".to_owned(), "[]".to_owned()),
            "{path}"
        );
        preview.wait_for(STORY, |answer| answer.text().contains("Story 1"));
        // What the mended file changed.
        if path.starts_with("templates") || path == "site.toml" {
            assert_eq!(events.next().0, "reload", "{path}");
        }
    }
}

#[test]
fn a_page_that_fails_says_why() {
    let folder = site();
    write(
        folder.path(),
        "templates/topics.html",
        "{{ site.title * 2 }}",
    );
    let preview = Preview::of(folder, &[]);
    let page = preview.get("/topics/");
    assert_eq!(
        (page.status, page.header("content-type")),
        (500, "text/html; charset=utf-8")
    );
    assert!(
        page.text().contains("templates/topics.html:1"),
        "{}",
        page.text()
    );
    let mut events = preview.events_since("/topics/", &look(&page.text()));
    preview.write("templates/topics.html", "<p>Mended</p>");
    assert_eq!(events.next().0, "reload");
    assert!(preview.get("/topics/").text().contains("Mended"));
}

#[test]
fn a_broken_site_is_served_when_it_is_mended() {
    let folder = site();
    write(folder.path(), "site.toml", "title");
    let preview = Preview::of(folder, &[]);
    let page = preview.get("/");
    assert!(
        page.status == 500 && page.text().contains("site.toml:1"),
        "{}",
        page.text()
    );
    let mut events = preview.events_since("/", &look(&page.text()));
    assert_eq!(events.next().0, "problems");
    preview.write(
        "site.toml",
        "title = \"T\"\nbase_url = \"https://example.org/\"\n",
    );
    assert_eq!(events.next(), ("problems".to_owned(), "[]".to_owned()));
    assert_eq!(events.next().0, "reload");
    preview.write("content/news/story-1.md", &article("Watched now", 1));
    preview.wait_for(STORY, |answer| answer.text().contains("Watched now"));
}

#[test]
fn styles_and_pictures_are_swapped() {
    let folder = site();
    write(folder.path(), "static/style.css", "body { color: red }");
    write(folder.path(), "static/x.svg", "<svg/>");
    let preview = Preview::of(folder, &[]);
    let mut events = preview.events(STORY);
    for (path, text) in [
        ("style.css", "body { color: blue }"),
        ("x.svg", "<svg></svg>"),
    ] {
        preview.write(&format!("static/{path}"), text);
        let (name, data) = events.next();
        assert_eq!(name, "assets", "{data}");
        let data: serde_json::Value = serde_json::from_str(&data).unwrap();
        assert_eq!(
            preview
                .get(data["swaps"][0]["new"].as_str().unwrap())
                .text(),
            text
        );
        assert_eq!(data["look"], look(&preview.get(STORY).text()));
    }
    preview.write("static/script.js", "1");
    assert_eq!(events.next().0, "reload");
}

#[test]
fn drafts_have_a_badge() {
    let folder = site();
    write(
        folder.path(),
        "content/news/poor.md",
        &article("Poor story", 9).replace("quality: 80", "quality: 9"),
    );
    let without = Preview::of(folder, &[]);
    assert_eq!(without.get("/news/2026/10/09/poor/").status, 404);
    let folder = site();
    write(
        folder.path(),
        "content/news/poor.md",
        &article("Poor story", 9).replace("quality: 80", "quality: 9"),
    );
    let with = Preview::of(folder, &["--drafts"]);
    for page in ["/news/2026/10/09/poor/", "/"] {
        let page = with.get(page).text();
        assert!(
            page.contains("class=\"badge\"") && page.contains("low quality"),
            "{page}"
        );
    }
    assert!(!with.get(STORY).text().contains("class=\"badge\""));
}

#[test]
fn a_page_that_connects_late_reloads() {
    let preview = Preview::start();
    let seen = look(&preview.get(STORY).text());
    preview.write("content/news/story-1.md", &article("Changed meanwhile", 1));
    preview.wait_for(STORY, |answer| answer.text().contains("Changed meanwhile"));
    assert_eq!(preview.events_since(STORY, &seen).next().0, "reload");
}

#[test]
fn every_stream_gets_every_event() {
    let preview = Preview::start();
    let streams: Vec<_> = (0..200).map(|_| preview.events(STORY)).collect();
    let readers: Vec<_> = streams
        .into_iter()
        .map(|mut events| {
            thread::spawn(move || (0..3).map(|_| events.next().0).collect::<Vec<_>>())
        })
        .collect();
    for number in 0..3 {
        preview.write(
            "content/news/story-1.md",
            &article(&format!("Version {number}"), 1),
        );
        preview.wait_for(STORY, |answer| {
            answer.text().contains(&format!("Version {number}"))
        });
        thread::sleep(Duration::from_millis(200));
    }
    for reader in readers {
        assert_eq!(reader.join().unwrap(), ["reload"; 3]);
    }
}

#[test]
fn many_files_at_once_are_few_changes() {
    let preview = Preview::start();
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-C"])
            .arg(preview.folder.path())
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    git(&["init", "--quiet", "--initial-branch=few"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "few"]);
    git(&["checkout", "--quiet", "-b", "many"]);
    for number in 0..3000 {
        let path = preview.path(&format!("content/news/many/{}/{number}.md", number % 50));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, article(&format!("Many {number}"), 20)).unwrap();
    }
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "many"]);
    preview.hear("3005 articles read");
    git(&["checkout", "--quiet", "few"]);
    preview.hear("updated: 5 articles read");
    git(&["checkout", "--quiet", "many"]);
    // How many steps it takes depends on how long git pauses between two files; `watch.rs` holds
    // what comes without a pause to one.
    let mut steps = 1;
    while !preview.hear("updated:").contains("3005 articles read") {
        steps += 1;
    }
    assert!(steps < 30, "it was shown in {steps} steps");
}

#[test]
fn without_a_watcher_only_changes_are_shown() {
    let preview = Preview::of(site(), &["--poll"]);
    for (path, text, words) in [
        (
            "content/news/story-1.md",
            article("Story 1", 1).replace("What Story 1 says", "Edited"),
            "Edited",
        ),
        (
            "site.toml",
            "title = \"Renamed\"\nbase_url = \"https://example.org/\"\n".to_owned(),
            "Renamed",
        ),
    ] {
        preview.write(path, &text);
        preview.wait_for(STORY, |answer| answer.text().contains(words));
        preview.hear("updated:");
    }
    // Two looks later.
    thread::sleep(Duration::from_secs(5));
    let said: Vec<String> = preview.said.try_iter().collect();
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn memory_stays_flat() {
    let preview = Preview::start();
    let resident = || {
        let status = fs::read_to_string(format!("/proc/{}/statm", preview.pid())).unwrap();
        status.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4
    };
    let edit = |number: usize| {
        preview.write(
            "content/news/story-1.md",
            &article(&format!("Version {number}"), 1),
        );
        preview.wait_for(STORY, |answer| {
            answer.text().contains(&format!("Version {number}<"))
        });
    };
    (0..100).for_each(edit);
    let before = resident();
    (100..400).for_each(edit);
    let after = resident();
    assert!(
        after < before + before / 4 + 8 * 1024,
        "{before} KiB became {after} KiB"
    );
}

#[test]
fn half_a_file_is_not_shown() {
    let preview = Preview::start();
    let mut events = preview.events(STORY);
    let text = article("Written slowly", 1);
    let mut file = fs::File::create(preview.path("content/news/story-1.md")).unwrap();
    file.write_all(&text.as_bytes()[..20]).unwrap();
    thread::sleep(Duration::from_millis(60));
    file.write_all(&text.as_bytes()[20..]).unwrap();
    drop(file);
    assert_eq!(events.next().0, "reload");
    assert!(preview.get(STORY).text().contains("Written slowly"));
}

#[test]
fn a_site_that_is_moved_away_comes_back() {
    let preview = Preview::start();
    let here = preview.folder.path();
    let away = here.with_file_name(format!(
        "{}-away",
        here.file_name().unwrap().to_string_lossy()
    ));
    let mut events = preview.events(STORY);
    fs::rename(here, &away).unwrap();
    assert_eq!(events.next().0, "problems");
    write(
        &away,
        "content/news/story-1.md",
        &article("Story 1", 1).replace("What Story 1 says", "Edited elsewhere"),
    );
    fs::rename(&away, here).unwrap();
    preview.wait_for(STORY, |answer| answer.text().contains("Edited elsewhere"));
    preview.write(
        "content/news/story-1.md",
        &article("Story 1", 1).replace("What Story 1 says", "Edited here again"),
    );
    preview.wait_for(STORY, |answer| answer.text().contains("Edited here again"));
    // A copy in its place is the site as well.
    let copy = site();
    fs::rename(here, &away).unwrap();
    fs::rename(copy.path(), here).unwrap();
    preview.wait_for(STORY, |answer| !answer.text().contains("Edited here again"));
    fs::remove_dir_all(&away).unwrap();
}

#[test]
fn a_site_whose_parents_go_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let first = site();
    let root = folder.path().join("a/b/site");
    fs::create_dir_all(root.parent().unwrap()).unwrap();
    fs::rename(first.path(), &root).unwrap();
    let preview = Preview::below(folder, "a/b/site", &[]);
    let mut events = preview.events(STORY);
    // Away with the folder around the folder around it.
    fs::rename(preview.path("a"), preview.path("c")).unwrap();
    assert_eq!(events.next().0, "problems");
    let edited = |words: &str| article("Story 1", 1).replace("What Story 1 says", words);
    preview.write("c/b/site/content/news/story-1.md", &edited("Edited away"));
    fs::rename(preview.path("c"), preview.path("a")).unwrap();
    preview.wait_for(STORY, |answer| answer.text().contains("Edited away"));
    // Removed with its parents, and made anew, as a switch to another branch does.
    let copy = site();
    fs::remove_dir_all(preview.path("a")).unwrap();
    preview.hear("there is no");
    fs::create_dir_all(root.parent().unwrap()).unwrap();
    fs::rename(copy.path(), &root).unwrap();
    preview.wait_for(STORY, |answer| answer.text().contains("What Story 1 says"));
    preview.write(
        "a/b/site/content/news/story-1.md",
        &edited("Edited here again"),
    );
    preview.wait_for(STORY, |answer| answer.text().contains("Edited here again"));
}
