//! What the command says when it is used wrongly, or when there is nothing fit to send.

use std::fs;

use crate::support::Site;
use crate::{build, site};

#[test]
fn only_what_a_build_left_is_sent() {
    let place = crate::support::folder();
    let target = format!("file://{}/www", place.path().display());
    let unbuilt = Site::new();
    unbuilt
        .newsgen(["deploy", &target])
        .run()
        .exits(1)
        .warns("no site has been built in public")
        .warns("newsgen build");
    fs::create_dir_all(unbuilt.path("public")).unwrap();
    fs::write(unbuilt.path("public/index.html"), "by hand").unwrap();
    unbuilt
        .newsgen(["deploy", &target])
        .run()
        .exits(1)
        .warns("newsgen did not make what is in public");
    // Its record is gone: the advice helps.
    let lost = site(2);
    fs::remove_dir_all(lost.path(".newsgen")).unwrap();
    lost.newsgen(["deploy", &target])
        .run()
        .exits(1)
        .warns("manifest of the build in public is missing")
        .warns("`newsgen build`");
    build(&lost);
    lost.newsgen(["deploy", &target]).run().good();

    let altered = site(2);
    fs::write(altered.path("public/index.html"), "by hand").unwrap();
    fs::remove_file(altered.path("public/robots.txt")).unwrap();
    altered
        .newsgen(["deploy", &target])
        .run()
        .exits(1)
        .warns("index.html, robots.txt")
        .warns("not as the build wrote them");
    build(&altered);
    altered.newsgen(["deploy", &target]).run().good();

    let stopped = site(2);
    let state = stopped.path(".newsgen");
    let manifest = fs::read_dir(&state)
        .unwrap()
        .map(|item| item.unwrap().path());
    let manifest = manifest
        .into_iter()
        .find(|path| path.to_string_lossy().contains("manifest-"))
        .unwrap();
    let journal = manifest.to_string_lossy().replace("manifest-", "journal-");
    fs::write(journal, "anything").unwrap();
    stopped
        .newsgen(["deploy", &target])
        .run()
        .exits(1)
        .warns("was interrupted");
}

/// Other bytes of the same length, with the times of the old ones.
fn alter_unseen(site: &Site, file: &str) {
    let path = site.path(&format!("public/{file}"));
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 2;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(modified).unwrap();
}

#[test]
fn a_file_that_only_its_bytes_give_away_is_named_and_the_advice_helps() {
    let place = crate::support::folder();
    let root = place.path().join("www");
    let target = format!("file://{}", root.display());
    let site = site(2);
    let whole = crate::public(&site);
    alter_unseen(&site, "topics/index.html");
    site.newsgen(["deploy", &target])
        .run()
        .exits(1)
        .warns("topics/index.html in public is not as the build wrote it")
        .warns("`newsgen build --verify`");
    assert!(!root.join("index.html").exists(), "nothing was sent");
    site.newsgen(["build", "--verify", "--now", crate::support::NOW])
        .run()
        .good()
        .warns("topics/index.html in public was not as the last build wrote it");
    assert_eq!(crate::public(&site), whole);
    site.newsgen(["deploy", &target]).run().good();

    // What is not to be sent is read when that is asked for.
    alter_unseen(&site, "feed.xml");
    site.newsgen(["deploy", &target]).run().good();
    site.newsgen(["deploy", "--verify", &target])
        .run()
        .exits(1)
        .warns("feed.xml in public is not as the build wrote it");
    site.newsgen(["deploy", "--verify", &target])
        .arg("--build")
        .arg("--now")
        .arg(crate::support::NOW)
        .run()
        .good();
    assert_eq!(crate::public(&site), whole);
}

#[test]
fn advice_names_the_build_that_is_meant() {
    let site = Site::new().with_articles(1);
    site.newsgen(["deploy", "--output", "elsewhere", "file:///nowhere/www"])
        .run()
        .exits(1)
        .warns("`newsgen build --output elsewhere`");
}

#[test]
fn a_site_is_not_deployed_onto_itself() {
    let site = site(1);
    for folder in ["public", "public/below"] {
        let target = format!("file://{}", site.path(folder).display());
        site.newsgen(["deploy", &target])
            .run()
            .exits(2)
            .warns("is the output folder");
    }
    std::os::unix::fs::symlink(site.path("content"), site.path("link")).unwrap();
    for folder in [
        "static",
        "templates/below",
        "content/news",
        "link/news/below",
        ".newsgen",
    ] {
        let target = format!("file://{}", site.path(folder).display());
        site.newsgen(["deploy", &target])
            .run()
            .exits(2)
            .warns("which the build reads");
    }
    assert!(!site.path("static").exists() && !site.path(".newsgen/index.html").exists());
    assert!(!site.path("public/.newsgen-deploy").exists());
}

#[test]
fn targets_have_names() {
    let place = crate::support::folder();
    let at = |name: &str| format!("file://{}/{name}", place.path().display());
    let site = site(1);
    let one = format!(
        "title = \"Test\"\nbase_url = \"https://news.example/\"\n[deploy.targets]\none = \"{}\"\n",
        at("one")
    );
    site.write("site.toml", one);
    site.newsgen(["deploy"]).run().good().says("/one (");
    site.write(
        "site.toml",
        format!(
            "title = \"Test\"\nbase_url = \"https://news.example/\"\n[deploy]\ndefault = \
             \"one\"\n[deploy.targets]\none = \"{}\"\n\
             two = \"s3://name:hunter2@bucket\"\n",
            at("one")
        ),
    );
    site.newsgen(["deploy"]).run().good();
    site.newsgen(["deploy", "onne"])
        .run()
        .exits(2)
        .warns("did you mean `one`?");
    let secret = site
        .newsgen(["deploy", "two"])
        .run()
        .exits(2)
        .warns("`two`")
        .warns("password");
    assert!(!secret.stderr.contains("hunter2"), "{secret}");
    site.newsgen(["deploy", "ftp://host/hunter2"])
        .run()
        .exits(2);
    site.write(
        "site.toml",
        "base_url = \"https://news.example/\"\n[deploy]\nsecret_key = \"hunter2\"\n",
    );
    let misplaced = site
        .newsgen(["deploy", "one"])
        .run()
        .exits(1)
        .warns("unknown setting `deploy.secret_key`");
    assert!(!misplaced.stderr.contains("hunter2"), "{misplaced}");
    site.write(
        "site.toml",
        "title = \"Test\"\nbase_url = \"https://news.example/\"\ndeploy.default = \"one\"\n",
    );
    site.newsgen(["deploy"])
        .run()
        .exits(1)
        .warns("unknown target `one`");
}

#[test]
fn the_address_that_counts_is_that_of_the_build() {
    let place = crate::support::folder();
    let target = format!("file://{}", place.path().display());
    let production = site(1);
    production.newsgen(["deploy", &target]).run().good();
    let preview = [
        "--base-url",
        "https://preview.example.org/",
        "--output",
        "preview",
        "--now",
        crate::support::NOW,
    ];
    production
        .newsgen(["build"].into_iter().chain(preview))
        .run()
        .good();
    let run = production
        .newsgen(["deploy", &target, "--output", "preview"])
        .run()
        .exits(1);
    assert!(
        run.stderr
            .contains("already holds another site, https://news.example"),
        "{run}"
    );
    assert!(
        run.stderr
            .contains("this site is https://preview.example.org"),
        "{run}"
    );

    let unnamed = Site::new().file("site.toml", "title = \"Test\"\n");
    let target = format!("file://{}/unnamed", place.path().display());
    build(&unnamed);
    unnamed
        .newsgen(["deploy", &target, "--dry-run"])
        .run()
        .good()
        .warns("set `base_url`");
    // The same pages for another address are a build of their own, even if no byte of them differs.
    unnamed
        .newsgen([
            "build",
            "--base-url",
            "https://news.example/",
            "--now",
            crate::support::NOW,
        ])
        .run()
        .good();
    let run = unnamed.newsgen(["deploy", &target]).run().good();
    assert!(!run.stderr.contains("this machine"), "{run}");
}

#[test]
fn a_dry_run_writes_nothing_and_can_be_read_by_machines() {
    let place = crate::support::folder();
    let root = place.path().join("www");
    let target = format!("file://{}", root.display());
    let site = site(2);
    site.newsgen(["deploy", &target, "--dry-run"])
        .run()
        .good()
        .says("new ")
        .says("nothing was sent");
    assert!(!root.exists());
    let run = site
        .newsgen(["deploy", &target, "--dry-run", "--format", "json"])
        .run()
        .good();
    let plan: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let send = plan["send"].as_array().unwrap();
    assert_eq!(send.len(), crate::public(&site).len());
    assert_eq!(send.last().unwrap()["path"], "index.html");
    assert_eq!(send.last().unwrap()["role"], "front");
    assert_eq!(plan["unchanged"], 0);
}
