//! Deploys to a folder of this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::reader::Reader;
use crate::s3::counts;
use crate::support::{Newsgen, Site};
use crate::support::{Tree, folder};
use crate::{add_article, build, edit, public, site};

fn deploy(site: &Site, root: &Path) -> Newsgen {
    site.newsgen(["deploy"])
        .arg(format!("file://{}", root.display()))
}

fn check_equal(site: &Site, root: &Path) {
    let mut there = Tree::of(root);
    there.retain(|path, _| !path.starts_with(".newsgen-deploy/"));
    assert_eq!(crate::support::difference(&there, &public(site)), None);
}

#[test]
fn a_folder_gets_what_changed_and_readers_see_no_hole() {
    let (place, site) = (folder(), site(40));
    let root = place.path().join("www/site");
    let read_from: PathBuf = root.clone();
    let reader = Reader::start(move |path| fs::read(read_from.join(path)).ok());
    deploy(&site, &root).run().good();
    for round in 0..10 {
        // Now and then a topic is new, and with it pages, and a line in the masthead of all.
        add_article(&site, round);
        if round.is_multiple_of(3) {
            site.write_article(
                &format!("2026-11-20-new-{round}"),
                &format!("title: New\ntopics: [New{round}]\n"),
            );
        }
        build(&site);
        let run = deploy(&site, &root).run().good();
        assert!(
            round.is_multiple_of(3) || counts(&run.stdout).0 <= 40,
            "{run}"
        );
        check_equal(&site, &root);
    }
    let (read, holes) = reader.stop();
    assert!(holes.is_empty(), "{holes:?}");
    assert!(read > 500, "{read}");
}

#[test]
fn compressed_files_lie_beside_the_others_and_go_with_them() {
    let (place, site) = (folder(), site(3));
    let root = place.path();
    let settings = |compress: &str| {
        site.write(
            "site.toml",
            format!(
                "title = \"Test\"\nbase_url = \"https://news.example/\"\ndeploy.compress = \
                     \"{compress}\"\n"
            ),
        );
        build(&site);
        deploy(&site, root).run().good();
    };
    settings("gzip");
    let page = public(&site)["index.html"].clone();
    assert_eq!(fs::read(root.join("index.html")).unwrap(), page);
    assert_eq!(
        fs::read(root.join("index.html.gz")).unwrap(),
        newsgen::deploy::encode::gzip(&page)
    );
    settings("br");
    assert!(root.join("index.html.br").exists() && !root.join("index.html.gz").exists());
    settings("none");
    check_equal(&site, root);
}

#[test]
fn files_and_folders_change_places() {
    let (place, site) = (folder(), site(1));
    let root = place.path();
    site.write("static/data", "a file");
    site.write("static/more/deep/b.txt", "in a folder");
    build(&site);
    deploy(&site, root).run().good();
    site.remove("static/data");
    site.remove("static/more/deep/b.txt");
    fs::remove_dir_all(site.path("static/more")).unwrap();
    site.write("static/data/a.txt", "in a folder");
    site.write("static/more", "a file");
    build(&site);
    deploy(&site, root).run().good();
    check_equal(&site, root);
}

#[test]
fn foreign_files_stay() {
    let (place, site) = (folder(), site(2));
    let root = place.path();
    fs::write(root.join("foreign.txt"), "mine").unwrap();
    fs::write(root.join("index.html"), "an old site").unwrap();
    deploy(&site, root).run().good().warns("no record");
    assert_eq!(
        fs::read_to_string(root.join("foreign.txt")).unwrap(),
        "mine"
    );
    fs::remove_file(root.join("foreign.txt")).unwrap();
    check_equal(&site, root);
}

#[test]
fn a_killed_deploy_is_finished_by_the_next() {
    let (place, site) = (folder(), site(30));
    let root = place.path().join("site");
    let mut random = crate::support::Random::new(7);
    let mut killed = 0;
    let intent = || {
        fs::metadata(root.join(".newsgen-deploy/intent"))
            .and_then(|data| data.modified())
            .ok()
    };
    for round in 0..14 {
        edit(&site, round);
        let before = intent();
        let mut child = Command::new(env!("CARGO_BIN_EXE_newsgen"))
            .args(["deploy", "--jobs", "1", "--delete-limit", "100"])
            .arg(format!("file://{}", root.display()))
            .current_dir(site.root())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // From the moment on when it knows what it is about to do.
        while (intent().is_none() || intent() == before) && child.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        std::thread::sleep(std::time::Duration::from_micros(random.below(3000) as u64));
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        if random.chance(60) {
            deploy(&site, &root).arg("--delete-limit=100").run().good();
            check_equal(&site, &root);
        }
    }
    deploy(&site, &root).arg("--delete-limit=100").run().good();
    check_equal(&site, &root);
    eprintln!("{killed} of 14 deploys were killed at work");
    assert!(killed > 0, "{killed}");
}

/// A disk of 1 MiB, mounted for the test; nothing where that is not allowed.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new() -> Option<SmallDisk> {
        let place = folder();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(place.path())
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then_some(SmallDisk(place))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path()).output());
    }
}

#[test]
fn a_full_disk_is_reported_and_the_site_stays_whole() {
    let Some(disk) = SmallDisk::new() else {
        eprintln!("skipped: only root may mount a small disk");
        return;
    };
    let (root, site) = (disk.0.path().join("site"), site(5));
    deploy(&site, &root).run().good();
    let before = fs::read(root.join("index.html")).unwrap();
    site.write("static/large.bin", vec![7; 2 << 20]);
    edit(&site, 0);
    deploy(&site, &root).run().exits(3).warns("No space left");
    assert_eq!(
        fs::read(root.join("index.html")).unwrap(),
        before,
        "what changed waits for what is new"
    );
    site.remove("static/large.bin");
    build(&site);
    deploy(&site, &root).run().good();
    check_equal(&site, &root);
}

#[test]
fn what_was_damaged_in_the_folder_is_sent_again() {
    let (place, site) = (folder(), site(3));
    let root = place.path().join("www");
    deploy(&site, &root).run().good();
    let run = deploy(&site, &root).run().good();
    assert_eq!(counts(&run.stdout).0, 0, "{run}");
    fs::remove_file(root.join("index.html")).unwrap();
    fs::remove_dir_all(root.join("topics")).unwrap();
    let feed = fs::read(root.join("feed.xml")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    fs::write(root.join("feed.xml"), vec![b'x'; feed.len()]).unwrap();
    // The same bytes at another time are the same file.
    let robots = fs::read(root.join("robots.txt")).unwrap();
    fs::write(root.join("robots.txt"), robots).unwrap();
    let run = deploy(&site, &root).run().good();
    assert!(run.stdout.contains("1 changed"), "{run}");
    check_equal(&site, &root);
    let run = deploy(&site, &root).run().good();
    assert_eq!(counts(&run.stdout).0, 0, "{run}");
}

#[test]
fn a_deploy_mends_a_folder_whose_record_became_a_folder() {
    for name in ["record", "intent", "lock"] {
        for arguments in [&[][..], &["--force"]] {
            let (place, site) = (folder(), site(2));
            let root = place.path().join("www");
            deploy(&site, &root).run().good();
            let kept = root.join(".newsgen-deploy").join(name);
            drop(fs::remove_file(&kept));
            fs::create_dir_all(&kept).unwrap();
            fs::write(kept.join("index.html"), "a page").unwrap();
            deploy(&site, &root).arg("--dry-run").run().good();
            let mut again = deploy(&site, &root);
            for argument in arguments {
                again = again.arg(argument);
            }
            again.run().good();
            check_equal(&site, &root);
            let run = deploy(&site, &root).run().good();
            assert_eq!(counts(&run.stdout).0, 0, "{run}");
        }
    }
}

#[test]
fn empty_folders_in_the_way_make_room_and_full_ones_are_named() {
    let (place, site) = (folder(), site(2));
    let root = place.path().join("www");
    fs::create_dir_all(root.join("feed.xml/a/b")).unwrap();
    deploy(&site, &root).run().good();
    check_equal(&site, &root);
    fs::remove_file(root.join("feed.xml")).unwrap();
    fs::create_dir_all(root.join("feed.xml/mine")).unwrap();
    fs::write(root.join("feed.xml/mine/x"), "mine").unwrap();
    deploy(&site, &root).run().exits(3).warns("feed.xml");
    assert_eq!(fs::read(root.join("feed.xml/mine/x")).unwrap(), b"mine");
}
