//! What becomes of new items before a person sees them: topics and providers, the rule that
//! publishes, and pictures of pages.

use std::time::Duration;

use crate::fetch::{NOW, decisions, feed, fetch, item, ledger, names, site};
use crate::server::{Answer, Server};
use crate::support::Site;

/// A site with one source, `rivers`, whose feed has these items. `settings` are added to those of
/// the site, `source` to its source.
fn rivers(items: Vec<String>, settings: &str, source: &str) -> (Server, Site) {
    let text = feed(&items);
    let server = Server::new(move |_| Some(Answer::ok("", &text)));
    let site = site(&server, &[("rivers", "/feed")]);
    site.write("site.toml", format!("{}{settings}", site.read("site.toml")));
    let path = "content/sources/rivers.yaml";
    site.write(path, format!("{}{source}", site.read(path)));
    (server, site)
}

/// The only candidate of a site.
fn candidate(site: &Site) -> String {
    let all = names(site, "content/queue");
    assert_eq!(all.len(), 1, "{all:?}");
    site.read(&format!("content/queue/{}", all[0]))
}

#[test]
fn candidates_have_the_topics_that_words_and_categories_give_them() {
    let one =
        item("r1", "Two rivers meet").replace("<guid", "<category>Inland ports</category><guid");
    let (_server, site) = rivers(vec![one], "", "topics: [Water]\n");
    site.write("content/topics/a.yaml", "name: Rivers\nwords: [river]\n");
    site.write("content/topics/b.yaml", "name: Seas\nwords: [sea]\n");
    site.write("content/topics/c.yaml", "name: Inland Ports\n");
    fetch(&site, NOW, &[]).good();
    let text = candidate(&site);
    let topics = "topics:\n  - \"Water\"\n  - \"Rivers\"\n  - \"Inland Ports\"\n";
    assert!(text.contains(topics), "{text}");
    let lines = ledger(&site);
    assert_eq!(
        lines[0]["reason"],
        "topic Rivers: its title has `rivers` (words, content/topics/a.yaml:2); topic Inland \
         Ports: its feed files it under `Inland ports`"
    );
}

#[test]
fn a_link_to_another_site_has_the_provider_of_that_site() {
    let elsewhere =
        item("r1", "One").replace("https://rivers.example", "https://live.ports.example");
    let (server, site) = rivers(vec![elsewhere], "", "provider: Quiet Rivers\n");
    site.write(
        "content/providers/p.yaml",
        "name: Ports\ndomain: ports.example\n",
    );
    fetch(&site, NOW, &[]).good();
    let text = candidate(&site);
    let provider = "provider:\n  name: \"Ports\"\n  domain: \"ports.example\"\n";
    assert!(text.contains(provider), "{text}");
    drop(server);
}

#[test]
fn a_rule_publishes_what_it_is_for_and_the_ledger_names_it() {
    let items = vec![item("r1", "The weir"), item("r2", "The mill")];
    let rule = "[fetch]\npublish = 'quality >= 30 and topic == \"weirs\" and age < \"2 days\"'\n";
    let (_server, site) = rivers(items, "", "");
    let settings = site
        .read("site.toml")
        .replace("fetch.allow_hosts", "[fetch]\nallow_hosts");
    site.write(
        "site.toml",
        format!("{settings}{}", rule.trim_start_matches("[fetch]\n")),
    );
    site.write("content/topics/a.yaml", "name: Weirs\nwords: [weir]\n");
    let dry = fetch(&site, NOW, &["--dry-run"]).good();
    assert!(
        dry.stdout
            .contains("would publish content/queue/2026-11-24-the-weir.md"),
        "{dry}"
    );
    assert_eq!(names(&site, "content/news"), Vec::<String>::new());
    let run = fetch(&site, NOW, &[]).good();
    assert!(
        run.stdout.contains("rivers: 1 queued, 1 published\n"),
        "{run}"
    );
    assert!(
        run.stdout.ends_with("1 candidate queued, 1 published\n"),
        "{run}"
    );
    assert_eq!(names(&site, "content/news"), ["2026-11-24-the-weir.md"]);
    assert_eq!(names(&site, "content/queue"), ["2026-11-24-the-mill.md"]);
    let lines = ledger(&site);
    let published = lines
        .iter()
        .find(|line| line["decision"] == "published")
        .unwrap();
    assert_eq!(published["by"], "rules");
    assert_eq!(published["path"], "content/news/2026-11-24-the-weir.md");
    assert_eq!(
        published["reason"],
        "`quality >= 30 and topic == \"weirs\" and age < \"2 days\"` (fetch.publish, site.toml:6)"
    );
    // It is undone like any other decision, and not made again.
    site.newsgen(["queue", "undo", "--now", NOW]).run().good();
    assert_eq!(names(&site, "content/queue").len(), 2);
    fetch(&site, "2026-11-25T14:00:00Z", &[]).good();
    assert_eq!(names(&site, "content/queue").len(), 2);
}

#[test]
fn a_rule_publishes_no_candidate_that_somebody_made_by_hand() {
    let items = vec![item("r1", "The weir"), item("r2", "The mill")];
    let (_server, site) = rivers(items, "fetch.publish = 'quality >= 0'\n", "");
    let path = "content/queue/mine.md";
    let mine = "---\ntitle: Mine\npublishedDateTime: 2026-11-24\ntype: article\n\
                originalUrl: https://rivers.example/r1\nquality: 3\nprovider:\n  name: Mine\n  \
                domain: mine.example\n---\n";
    site.write(path, mine);
    let dry = fetch(&site, NOW, &["--dry-run"]).good();
    assert!(!dry.stdout.contains("would publish content/queue/mine.md"));
    fetch(&site, NOW, &[]).good();
    assert_eq!(names(&site, "content/queue"), ["mine.md"]);
    assert_eq!(site.read(path), mine);
    assert_eq!(names(&site, "content/news"), ["2026-11-24-the-mill.md"]);
    assert_eq!(decisions(&site)["r1"], "queued");
}

#[test]
fn the_rule_of_a_source_takes_the_place_of_that_of_the_site() {
    let items = vec![item("r1", "The weir")];
    let rule = "fetch.publish = 'quality >= 90'\n";
    let (_server, site) = rivers(items, rule, "publish: source == \"rivers\"\n");
    fetch(&site, NOW, &[]).good();
    assert_eq!(names(&site, "content/news").len(), 1);
    let lines = ledger(&site);
    let reason = lines[1]["reason"].as_str().unwrap();
    assert!(
        reason.ends_with("(publish, content/sources/rivers.yaml:4)"),
        "{reason}"
    );
}

#[test]
fn a_rule_that_is_wrong_stops_the_run_and_shows_the_place() {
    let (_server, site) = rivers(Vec::new(), "fetch.publish = 'quality > high'\n", "");
    let run = fetch(&site, NOW, &[]).exits(1);
    assert!(run.stderr.contains("site.toml:5:28"), "{run}");
    assert!(
        run.stderr
            .contains("`quality` is compared with a number, and this is none"),
        "{run}"
    );
}

/// A site whose source asks for the pictures of pages, which `answer` gives.
fn with_pages(
    count: usize,
    answer: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static,
) -> (Server, Site) {
    let server = Server::with_heads(move |path, head| {
        if path != "/feed" {
            return answer(path);
        }
        let host = head
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .unwrap()
            .to_owned();
        let items: Vec<String> = (0..count)
            .map(|at| {
                let one = item(&format!("p{at}"), &format!("Story {at}"));
                one.replace("https://rivers.example", &format!("http://{host}"))
            })
            .collect();
        Some(Answer::ok("", feed(&items)))
    });
    let site = site(&server, &[("rivers", "/feed")]);
    let path = "content/sources/rivers.yaml";
    site.write(path, format!("{}image: page\n", site.read(path)));
    (server, site)
}

fn page(picture: &str) -> Answer {
    Answer::ok(
        "Content-Type: text/html\r\n",
        format!("<head><meta property='og:image' content='{picture}'></head>"),
    )
}

#[test]
fn a_picture_comes_from_the_page_of_the_story_where_that_is_asked_for() {
    let (server, site) = with_pages(1, |_| Some(page("/a.jpg")));
    fetch(&site, NOW, &[]).good();
    let picture = format!("images:\n  - url: \"{}\"", server.url("/a.jpg"));
    let text = candidate(&site);
    assert!(text.contains(&picture), "{text}");
    assert_eq!(server.requests().len(), 2);
    // Nobody asks again for what is known.
    fetch(&site, "2026-11-25T14:00:00Z", &[]).good();
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn pages_that_do_harm_cost_a_picture_and_nothing_else() {
    type Harm = (&'static str, fn() -> Answer);
    let hostile: [Harm; 7] = [
        ("no page", || Answer::status("404 Not Found", "", "none")),
        ("no picture", || Answer::ok("", "<head></head>")),
        ("no address", || page("javascript:alert(1)")),
        ("a private one", || {
            Answer::redirect(302, "http://10.0.0.1/x")
        }),
        ("no answer", || Answer::Nothing),
        ("no end", || {
            Answer::Endless(b"<meta property=og:image x".repeat(1_000))
        }),
        ("no HTML", || {
            Answer::ok("", [0xff, 0x00, b'<', b'm', 0xfe].repeat(10_000))
        }),
    ];
    for (what, answer) in hostile {
        let (_server, site) = with_pages(1, move |_| Some(answer()));
        fetch(&site, NOW, &[]).good();
        let text = candidate(&site);
        assert!(!text.contains("images:"), "{what}: {text}");
        assert_eq!(decisions(&site).len(), 1, "{what}");
    }
}

#[test]
fn a_host_that_fails_is_asked_for_no_more_pages_and_a_run_for_so_many() {
    let (server, site) = with_pages(20, |_| Some(Answer::status("500 Oh", "", "")));
    fetch(&site, NOW, &[]).good();
    assert_eq!(names(&site, "content/queue").len(), 20);
    // Two are on their way at once.
    assert!(
        server.requests().len() <= 1 + 2,
        "{:?}",
        server.requests().len()
    );
    let (server, site) = with_pages(20, |_| Some(page("/a.jpg")));
    site.write(
        "site.toml",
        format!("{}fetch.image_pages = 3\n", site.read("site.toml")),
    );
    fetch(&site, NOW, &[]).good();
    assert_eq!(server.requests().len(), 1 + 3);
    assert_eq!(names(&site, "content/queue").len(), 20);
}

#[test]
fn two_pages_of_a_host_are_fetched_at_once() {
    let busy = std::sync::Arc::new(std::sync::Mutex::new((0_usize, 0_usize)));
    let seen = std::sync::Arc::clone(&busy);
    let (_server, site) = with_pages(8, move |_| {
        {
            let mut count = busy.lock().unwrap();
            count.0 += 1;
            count.1 = count.1.max(count.0);
        }
        // The first one waits for a second one to come.
        for _ in 0..500 {
            std::thread::sleep(Duration::from_millis(10));
            if busy.lock().unwrap().1 >= 2 {
                break;
            }
        }
        busy.lock().unwrap().0 -= 1;
        Some(page("/a.jpg"))
    });
    fetch(&site, NOW, &[]).good();
    assert_eq!(seen.lock().unwrap().1, 2);
}

#[test]
fn explain_says_what_the_rules_and_the_ledger_say_of_a_candidate() {
    let items = vec![item("r1", "The weir"), item("r2", "The mill")];
    let rule = "fetch.publish = 'quality >= 99'\nfetch.skip = ['mill']\n";
    let (_server, site) = rivers(items, rule, "");
    site.write("content/topics/a.yaml", "name: Weirs\nwords: [weir]\n");
    fetch(&site, NOW, &[]).good();
    let path = "content/queue/2026-11-24-the-weir.md";
    let run = site
        .newsgen(["queue", "explain", path, "--now", NOW])
        .run()
        .good();
    for said in [
        "The weir\n  file: content/queue/2026-11-24-the-weir.md (a candidate)\n",
        "source: rivers (content/sources/rivers.yaml), http://",
        "2026-11-25T12:00:00Z  queued by rules from rivers: topic Weirs: its title has `weir`",
        "`quality >= 99` (fetch.publish, site.toml:5) does not hold\n",
        "`quality >= 99` does not hold: it is ",
    ] {
        assert!(run.stdout.contains(said), "{said}: {run}");
    }
    // Of what was dropped, only the ledger knows.
    let url = "https://rivers.example/r2?utm_source=x";
    let run = site
        .newsgen(["queue", "explain", url, "--format", "json"])
        .run()
        .good();
    let known: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(known["history"][0]["decision"], "dropped");
    assert_eq!(
        (&known["path"], &known["rules"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    site.newsgen(["queue", "explain", "https://other.example/"])
        .run()
        .exits(1);
}
