//! Deploys to a store that speaks S3's protocol.

use std::fs;

use hyper::Method;
use regex::Regex;

use crate::reader::Reader;
use crate::server::{Fault, KEY, Object, SECRET, Server};
use crate::support::Site;
use crate::{add_article, build, build_arguments, edit, public, site};

/// The numbers of `N files sent`, unchanged and deleted in the summary.
pub(crate) fn counts(stdout: &str) -> (usize, usize, usize) {
    let line = stdout
        .lines()
        .find(|line| line.contains(" sent"))
        .unwrap_or_else(|| panic!("no summary in {stdout}"));
    let before = |word: &str| -> usize {
        let words: Vec<&str> = line
            .split([' ', ','])
            .filter(|word| !word.is_empty())
            .collect();
        let at = words.iter().position(|other| *other == word).unwrap();
        words[..at]
            .iter()
            .rev()
            .find_map(|word| word.parse().ok())
            .unwrap()
    };
    (before("sent"), before("unchanged"), before("deleted"))
}

/// The store has what the site has, byte for byte, with the right headers, and nothing else.
pub(crate) fn check_equal(server: &Server, site: &Site) {
    let (objects, public) = (server.objects(), public(site));
    let names = |keys: Vec<&String>| keys.into_iter().cloned().collect::<Vec<_>>().join("\n");
    assert_eq!(
        names(objects.keys().collect()),
        names(public.keys().collect())
    );
    for (path, object) in &objects {
        assert!(object.bytes == public[path], "{path} is not what was built");
        check_headers(path, object);
    }
}

fn check_headers(path: &str, object: &Object) {
    let ending = path.rsplit('.').next().unwrap();
    let media_type = match (path.rsplit('/').next().unwrap(), ending) {
        ("feed.xml", _) => "application/atom+xml; charset=utf-8",
        (_, "html") => "text/html; charset=utf-8",
        (_, "css") => "text/css; charset=utf-8",
        (_, "woff2") => "font/woff2",
        _ => object.media_type.as_str(),
    };
    assert_eq!(object.media_type, media_type, "{path}");
    let has_hash =
        path.split('.').rev().nth(1).is_some_and(|part| {
            part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
    // The parts of the search index that are named after their content.
    let is_hashed = has_hash || ending.starts_with("pf_");
    assert_eq!(
        object.cache_control.contains("immutable"),
        is_hashed,
        "{path}: {}",
        object.cache_control
    );
    assert!(
        object.cache_control.starts_with("public, max-age="),
        "{path}"
    );
}

#[test]
fn a_site_is_sent_and_then_only_what_changed() {
    let (server, site) = (Server::start(), site(50));
    let first = server.deploy(&site, []).run().good();
    check_equal(&server, &site);
    assert_eq!(counts(&first.stdout), (public(&site).len(), 0, 0));
    assert_eq!(server.kept(), ["record"], "neither lock nor intent stay");

    server.requests();
    let again = server.deploy(&site, []).run().good();
    assert_eq!(counts(&again.stdout), (0, public(&site).len(), 0));
    // Lock taken and given back, record and intent read, and a sample looked at.
    let requests = server.requests();
    let looks = looks(&requests);
    assert!(requests.len() - looks <= 6, "{requests:?}");
    assert_eq!(looks, SAMPLE, "{requests:?}");

    add_article(&site, 0);
    let one_more = server.deploy(&site, build_arguments()).run().good();
    let (sent, _, deleted) = counts(&one_more.stdout);
    assert!((5..=40).contains(&sent) && deleted == 0, "{one_more}");
    let lists = server
        .requests()
        .iter()
        .filter(|(method, path)| *method == Method::GET && path.ends_with("/bucket"))
        .count();
    assert_eq!(lists, 0, "the target is not listed");
    check_equal(&server, &site);

    site.remove("content/news/2026-11-20-more-0.md");
    let gone = server.deploy(&site, build_arguments()).run().good();
    let (_, _, removed) = gone.counts();
    assert!(removed > 0 && counts(&gone.stdout).2 == removed, "{gone}");
    check_equal(&server, &site);
}

/// So many files are looked at by a deploy that has a record.
const SAMPLE: usize = 16;

/// How many files were asked about.
fn looks(requests: &[(Method, String)]) -> usize {
    let is_look = |(method, _): &&(Method, String)| *method == Method::HEAD;
    requests.iter().filter(is_look).count()
}

#[test]
fn damage_in_a_bucket_is_noticed() {
    let (server, site) = (Server::start(), site(50));
    server.deploy(&site, []).run().good();
    // Somebody put another front page there.
    server.put("index.html", "altered");
    let run = server.deploy(&site, ["--dry-run"]).run().good();
    assert!(
        run.stderr.contains("1 of 16 files that were looked at"),
        "{run}"
    );
    let run = server.deploy(&site, []).run().good();
    assert!(run.stderr.contains("all files are compared"), "{run}");
    assert_eq!(counts(&run.stdout).0, 1, "{run}");
    check_equal(&server, &site);
    // Half of the files went.
    let paths: Vec<String> = public(&site).0.into_keys().collect();
    for path in paths.iter().step_by(2) {
        fs::remove_file(server.file(path)).unwrap();
    }
    let run = server.deploy(&site, []).run().good();
    assert_eq!(counts(&run.stdout).0, paths.len().div_ceil(2), "{run}");
    check_equal(&server, &site);
    // What this deploy changes is not looked at.
    edit(&site, 0);
    server.requests();
    let run = server.deploy(&site, []).run().good();
    assert!(!run.stderr.contains("looked at"), "{run}");
    assert_eq!(looks(&server.requests()), SAMPLE);
    check_equal(&server, &site);
}

#[test]
fn each_record_chooses_other_files_to_look_at() {
    let (server, site) = (Server::start(), site(50));
    let looked_at = || {
        let requests = server.requests();
        let looks = requests
            .into_iter()
            .filter(|(method, _)| *method == Method::HEAD);
        let mut paths: Vec<String> = looks.map(|(_, path)| path).collect();
        paths.sort();
        paths
    };
    server.deploy(&site, []).run().good();
    let mut samples = Vec::new();
    for _ in 0..2 {
        server.requests();
        server.deploy(&site, []).run().good();
        let first = looked_at();
        server.deploy(&site, []).run().good();
        assert_eq!(looked_at(), first, "one record, one sample");
        samples.push(first);
        edit(&site, 0);
        server.deploy(&site, []).run().good();
    }
    assert_ne!(samples[0], samples[1]);
}

/// `NEWSGEN_DEPLOY_ARTICLES` names a folder of articles, such as the benchmark's corpus makes; the
/// figures are printed.
#[test]
fn a_large_site_sends_as_little() {
    let Some(articles) = std::env::var_os("NEWSGEN_DEPLOY_ARTICLES") else {
        eprintln!("skipped: NEWSGEN_DEPLOY_ARTICLES does not name a folder of articles");
        return;
    };
    let (server, site) = (Server::start(), Site::new());
    let settings = format!(
        "base_url = \"https://news.example/\"\ncontent.articles = [{articles:?}, \
         \"content/news\"]\n"
    );
    site.write("site.toml", settings);
    let run = |what: &str, arguments: &[&str]| {
        let run = server.deploy_at_pulse(&site, "5000", arguments.iter().copied());
        let run = run.run_within(std::time::Duration::from_secs(900)).good();
        eprintln!("{what}: {}{} MB at most", run.stdout, run.peak >> 20);
        counts(&run.stdout)
    };
    run("first", &build_arguments());
    run("nothing new", &[]);
    add_article(&site, 0);
    server.requests();
    let (sent, _, deleted) = run("one article", &build_arguments());
    eprintln!("{} requests", server.requests().len());
    assert!((5..=40).contains(&sent) && deleted == 0);
    // Asking the store for each object would take minutes.
    for (path, bytes) in public(&site) {
        assert!(
            fs::read(server.file(&path)).is_ok_and(|there| there == bytes),
            "{path} is not what was built"
        );
    }
}

#[test]
fn a_reader_never_meets_a_hole() {
    let (server, site) = (Server::start(), site(12));
    let mut all = 0;
    for round in 0..4 {
        let reader = Reader::start(server.reader());
        server.deploy(&site, []).run().good();
        let before = reader.rounds();
        while reader.rounds() < before + 1 {
            std::thread::yield_now();
        }
        let (read, holes) = reader.stop();
        // Who is still at an old page may ask for what the new site no longer has; nothing else may
        // be missing.
        let here = public(&site);
        let holes: Vec<_> = holes
            .into_iter()
            .filter(|hole| here.contains_key(hole))
            .collect();
        assert!(holes.is_empty(), "{holes:?}");
        all += read;
        edit(&site, round);
        site.write("static/style.css", format!("body {{ margin: {round}px }}"));
        build(&site);
    }
    assert!(all > 200, "{all} files were read");
}

#[test]
fn objects_are_sent_in_an_order_without_holes() {
    let (server, site) = (Server::start(), site(30));
    server.deploy(&site, []).run().good();
    edit(&site, 0);
    edit(&site, 1);
    let old = server.objects();
    server.requests();
    server.deploy(&site, ["--jobs", "1"]).run().good();
    let requests = server.requests();
    let puts: Vec<&str> = requests
        .iter()
        .filter(|(method, _)| *method == Method::PUT)
        .map(|(_, path)| path.strip_prefix("/bucket/site/").unwrap())
        .collect();
    let pages: Vec<&str> = puts
        .iter()
        .copied()
        .filter(|path| !path.starts_with(".newsgen-deploy/"))
        .collect();
    let first_changed = pages
        .iter()
        .position(|path| old.contains_key(*path))
        .unwrap();
    assert!(
        first_changed > 0
            && pages[first_changed..]
                .iter()
                .all(|path| old.contains_key(*path)),
        "{pages:?}"
    );
    assert_eq!(*pages.last().unwrap(), "index.html");
    let of = |path: &str| puts.iter().position(|put| *put == path).unwrap();
    assert!(of(".newsgen-deploy/intent") < of(pages[0]));
    assert!(of(".newsgen-deploy/record") > of("index.html"));
    check_equal(&server, &site);
}

#[test]
fn headers_and_compression_that_change_send_files_again() {
    let (server, site) = (Server::start(), site(5));
    server.deploy(&site, []).run().good();
    site.write(
        "site.toml",
        "title = \"Test\"\nbase_url = \"https://news.example/\"\ndeploy.compress = \"gzip\"\n",
    );
    build(&site);
    let run = server.deploy(&site, []).run().good();
    let objects = server.objects();
    let front = &objects["index.html"];
    assert_eq!(front.encoding, "gzip");
    assert_eq!(
        newsgen::deploy::encode::gzip(&public(&site)["index.html"]),
        front.bytes
    );
    assert!(
        objects
            .iter()
            .all(|(path, object)| !path.ends_with(".woff2") || object.encoding.is_empty())
    );
    assert!(counts(&run.stdout).0 > 10, "{run}");
    site.write(
        "site.toml",
        "title = \"Test\"\nbase_url = \"https://news.example/\"\n",
    );
    build(&site);
    server.deploy(&site, []).run().good();
    check_equal(&server, &site);
}

#[test]
fn without_a_record_the_store_is_compared_and_nothing_is_deleted() {
    let (server, site) = (Server::start(), site(20));
    server.deploy(&site, []).run().good();
    fs::remove_file(server.file(".newsgen-deploy/record")).unwrap();
    fs::write(server.file("foreign.txt"), "somebody else's").unwrap();
    server.put("index.html", "altered");
    let run = server.deploy(&site, []).run().good().warns("no record");
    assert_eq!(
        counts(&run.stdout),
        (1, public(&site).len() - 1, 0),
        "{run}"
    );
    assert_eq!(
        fs::read_to_string(server.file("foreign.txt")).unwrap(),
        "somebody else's"
    );
    fs::remove_file(server.file("foreign.txt")).unwrap();
    check_equal(&server, &site);

    let damaged = fs::read(server.file(".newsgen-deploy/record")).unwrap();
    fs::write(
        server.file(".newsgen-deploy/record"),
        &damaged[..damaged.len() / 2],
    )
    .unwrap();
    let run = server.deploy(&site, []).run().good().warns("damaged");
    assert_eq!(counts(&run.stdout).0, 0, "{run}");
    server.deploy(&site, ["--force"]).run().good().says("again");
    check_equal(&server, &site);

    // A deploy died, and what it left to tell is damaged: the record alone says too much.
    fs::write(server.file(".newsgen-deploy/intent"), "damaged").unwrap();
    fs::remove_file(server.file("404.html")).unwrap();
    server.put("robots.txt", "altered");
    let run = server.deploy(&site, []).run().good().warns("is damaged");
    assert_eq!(counts(&run.stdout).0, 2, "{run}");
    check_equal(&server, &site);
    assert_eq!(server.kept(), ["record"]);
}

#[test]
fn what_another_tool_sent_with_the_same_headers_is_not_sent_again() {
    let (server, site) = (Server::start(), site(3));
    server.deploy(&site, []).run().good();
    // As after `aws s3 sync`: no mark of newsgen's, and the entity tag is the MD5.
    let mut unmarked = 0;
    for item in fs::read_dir(server.file("../..")).unwrap() {
        let path = item.unwrap().path();
        if path.to_string_lossy().ends_with(".metadata.json") {
            let text = fs::read_to_string(&path).unwrap();
            unmarked += usize::from(text.contains("\"newsgen\""));
            fs::write(&path, text.replace("\"newsgen\"", "\"other\"")).unwrap();
        }
    }
    assert_eq!(unmarked, public(&site).len());
    fs::remove_file(server.file(".newsgen-deploy/record")).unwrap();
    let run = server.deploy(&site, []).run().good();
    assert_eq!(counts(&run.stdout).0, 0, "{run}");
}

#[test]
fn many_deletions_need_a_yes() {
    let (server, site) = (Server::start(), site(30));
    server.deploy(&site, []).run().good();
    for number in 0..25 {
        site.remove(&format!(
            "content/news/{}.md",
            crate::support::numbered(number).0
        ));
    }
    site.newsgen([
        "build",
        "--delete-limit",
        "90",
        "--now",
        crate::support::NOW,
    ])
    .run()
    .good();
    let before = server.objects();
    server
        .deploy(&site, [])
        .run()
        .exits(1)
        .warns("would be deleted")
        .warns("--delete-limit");
    assert_eq!(server.objects(), before, "nothing was sent");
    assert_eq!(server.kept(), ["record"]);
    server.deploy(&site, ["--delete-limit", "90"]).run().good();
    check_equal(&server, &site);
}

#[test]
fn a_store_without_conditions_is_reported() {
    let (server, site) = (Server::start(), site(2));
    for _ in 0..2 {
        let run = server
            .deploy(&site, [])
            .env("AWS_CONDITIONAL_PUT", "disabled")
            .run()
            .good();
        assert!(
            run.stderr.contains("does not support conditional writes"),
            "{run}"
        );
        check_equal(&server, &site);
    }
    assert_eq!(server.kept(), ["record"]);
}

#[test]
fn objects_carry_what_headers_says() {
    let (server, site) = (Server::start(), Site::new().with_articles(7));
    site.write(
        "site.toml",
        "base_url = \"https://news.example/\"\nsearch.part_size = 100\n",
    );
    site.write("static/type/own.woff2", "letters");
    build(&site);
    server.deploy(&site, []).run().good();
    let text = site.read("public/_headers");
    let pattern = |path: &str| {
        let path = regex::escape(path).replace(r"\*", ".*");
        Regex::new(&format!(
            "^{}$",
            Regex::new(":[a-z]+").unwrap().replace_all(&path, "[^/]+")
        ))
        .unwrap()
    };
    let (mut rules, mut path) = (Vec::new(), pattern("/"));
    for line in text.lines() {
        match line.trim().split_once(": ") {
            Some((name, value)) => rules.push((path.clone(), name, value)),
            None if line.starts_with('/') => path = pattern(line),
            None => {}
        }
    }
    let last = |file: &str, name: &str| {
        let of = |(path, other, _): &&(Regex, &str, &str)| {
            *other == name && path.is_match(&format!("/{file}"))
        };
        rules
            .iter()
            .rev()
            .find(of)
            .map(|(_, _, value)| value.to_string())
    };
    let mut for_ever = 0;
    for (path, object) in server.objects() {
        // The one file of a part of the index that is named after its content and that no pattern
        // tells from others.
        if !path.ends_with(".pf_meta") {
            assert_eq!(
                last(&path, "Cache-Control"),
                Some(object.cache_control.clone()),
                "{path}"
            );
        }
        assert_eq!(
            last(&path, "Content-Type").unwrap_or(object.media_type.clone()),
            object.media_type,
            "{path}"
        );
        for_ever +=
            usize::from(path.contains(".pf_") && object.cache_control.contains("immutable"));
    }
    assert!(for_ever >= 3, "{for_ever}");
}

#[test]
fn region_and_endpoint_of_a_profile_count_beside_keys_of_the_environment() {
    let (server, site, place) = (Server::start(), site(2), crate::support::folder());
    let config = place.path().join("config");
    let target = server.target();
    let endpoint = target.split(['=', '&']).nth(1).unwrap();
    fs::write(
        &config,
        format!("[default]\nregion = eu-west-1\nendpoint_url = {endpoint}\nsso_session = corp\n"),
    )
    .unwrap();
    let deploy = |environment: &[(&str, &str)]| {
        let newsgen = site.newsgen(["deploy", "s3://bucket/site"]);
        let newsgen = environment
            .iter()
            .fold(newsgen, |newsgen, (name, value)| newsgen.env(name, value));
        newsgen
            .env("AWS_CONFIG_FILE", config.to_str().unwrap())
            .env("AWS_ALLOW_HTTP", "true")
            .env("HOME", "/nonexistent")
    };
    deploy(&[
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
    ])
    .run()
    .good();
    check_equal(&server, &site);
    deploy(&[])
        .run()
        .exits(3)
        .warns("uses `sso_session` instead of keys");
}

/// A site of another address.
fn other_site() -> Site {
    let other = Site::new().file(
        "site.toml",
        "title = \"Other\"\nbase_url = \"https://other.example/\"\n",
    );
    build(&other);
    other
}

#[test]
fn the_place_of_another_site_is_taken_only_when_that_is_meant() {
    let (server, site, other) = (Server::start(), site(3), other_site());
    server.deploy(&site, []).run().good();
    let before = server.objects();
    let run = server
        .deploy(&other, [])
        .run()
        .exits(1)
        .warns("already holds another site, https://news.example")
        .warns("--force");
    assert!(run.stderr.contains("none is deleted"), "{run}");
    assert_eq!(server.objects(), before, "nothing was sent");
    assert_eq!(server.kept(), ["record"]);
    server
        .deploy(&other, ["--dry-run"])
        .run()
        .good()
        .warns("already holds another site, https://news.example");

    let run = server
        .deploy(&other, ["--force"])
        .run()
        .good()
        .warns("none is deleted");
    assert_eq!(counts(&run.stdout).2, 0, "{run}");
    let after = server.objects();
    assert!(before.keys().all(|path| after.contains_key(path)));
    let run = server.deploy(&other, []).run().good();
    assert_eq!(counts(&run.stdout).0, 0, "{run}");
}

#[test]
fn what_a_stopped_deploy_of_another_site_sent_is_not_deleted() {
    let (server, site, other) = (Server::start(), site(20), other_site());
    server.fail(|method, path, _| {
        (*method == Method::PUT && path.ends_with("/robots.txt")).then_some(Fault::Forbidden)
    });
    server.deploy(&site, []).run().exits(3);
    server.heal();
    let sent = server.objects();
    assert!(
        sent.len() > 20 && server.kept() == ["intent"],
        "{:?}",
        server.kept()
    );
    server
        .deploy(&other, [])
        .run()
        .exits(1)
        .warns("already holds another site, https://news.example");
    server
        .deploy(&other, ["--force"])
        .run()
        .good()
        .warns("was a deploy of https://news.example");
    let objects = server.objects();
    assert!(sent.keys().all(|path| objects.contains_key(path)));
    assert!(
        public(&other)
            .iter()
            .all(|(path, bytes)| objects[path].bytes == *bytes)
    );
    assert_eq!(server.kept(), ["record"]);
}

#[test]
fn a_yes_at_a_terminal_is_enough() {
    if std::process::Command::new("script")
        .arg("--version")
        .output()
        .is_err()
    {
        eprintln!("skipped: there is no `script` to make a terminal");
        return;
    }
    let (place, site, other) = (crate::support::folder(), site(3), other_site());
    let target = format!("file://{}/www", place.path().display());
    site.newsgen(["deploy", &target]).run().good();
    let answer = |words: &str| {
        let deploy = format!("{} deploy {target}", env!("CARGO_BIN_EXE_newsgen"));
        let mut child = std::process::Command::new("script")
            .args(["--quiet", "--return", "--command", &deploy, "/dev/null"])
            .current_dir(other.root())
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(child.stdin.as_mut().unwrap(), words.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let front = || fs::read(place.path().join("www/index.html")).unwrap();
    let before = front();
    let (code, said) = answer("n\n");
    let (note, question) = (
        said.find("none is deleted").unwrap(),
        said.find("with this site").unwrap(),
    );
    assert!(code == Some(1) && note < question, "{said}");
    assert_eq!(front(), before);
    let (code, said) = answer("y\n");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(front(), public(&other)["index.html"]);
}
