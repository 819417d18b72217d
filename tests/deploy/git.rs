//! Deploys to a branch of a git repository.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::s3::counts;
use crate::support::{Newsgen, Site, Tree};
use crate::support::{Random, difference, folder};
use crate::{add_article, build, edit, public, site};

fn git(repository: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("git")
        .arg("--git-dir")
        .arg(repository)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn text(repository: &Path, arguments: &[&str]) -> String {
    String::from_utf8(git(repository, arguments))
        .unwrap()
        .trim()
        .to_owned()
}

fn make_repository(path: &Path) {
    git(
        path,
        &["init", "--quiet", "--bare", "--initial-branch=main"],
    );
}

fn deploy(site: &Site, repository: &Path) -> Newsgen {
    site.newsgen(["deploy"])
        .arg(format!("git+file://{}#gh-pages", repository.display()))
}

/// The files of the branch.
fn published(repository: &Path) -> BTreeMap<String, Vec<u8>> {
    let listed = text(
        repository,
        &["ls-tree", "-r", "-z", "--name-only", "gh-pages"],
    );
    let paths = listed
        .split('\0')
        .filter(|path| !path.is_empty() && !path.starts_with(".newsgen-deploy/"));
    paths
        .map(|path| {
            (
                path.to_owned(),
                git(repository, &["show", &format!("gh-pages:{path}")]),
            )
        })
        .collect()
}

fn commits(repository: &Path) -> usize {
    text(repository, &["rev-list", "--count", "gh-pages"])
        .parse()
        .unwrap()
}

/// Somebody else's commit: a file `foreign.txt` of that text.
fn commit_of_others(repository: &Path, words: &str) {
    let place = folder();
    let run = |arguments: &[&str]| {
        let output = Command::new("git")
            .current_dir(place.path())
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    run(&[
        "clone",
        "--quiet",
        "--branch",
        "gh-pages",
        repository.to_str().unwrap(),
        ".",
    ]);
    fs::write(place.path().join("foreign.txt"), words).unwrap();
    run(&["add", "foreign.txt"]);
    run(&[
        "-c",
        "user.name=Other",
        "-c",
        "user.email=other@example.org",
        "commit",
        "--quiet",
        "-m",
        "By hand",
    ]);
    run(&["push", "--quiet"]);
}

/// A folder, an empty repository in it, and a site of so many articles.
fn start(articles: usize) -> (tempfile::TempDir, PathBuf, Site) {
    let place = folder();
    let repository = place.path().join("site.git");
    make_repository(&repository);
    (place, repository, site(articles))
}

/// A `PATH` with a `git` that first does what a script says, which is made with the name of the
/// real one.
fn wrapped(place: &Path, script: impl Fn(&str) -> String) -> String {
    let real =
        String::from_utf8(Command::new("which").arg("git").output().unwrap().stdout).unwrap();
    let tools = place.join("tools");
    fs::create_dir(&tools).unwrap();
    fs::write(
        tools.join("git"),
        format!(
            "#!/bin/sh\n{}\nexec {} \"$@\"\n",
            script(real.trim()),
            real.trim()
        ),
    )
    .unwrap();
    fs::set_permissions(tools.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", tools.display(), std::env::var("PATH").unwrap())
}

#[test]
fn a_deploy_is_one_commit_on_top_of_what_is_there() {
    let (_place, repository, site) = start(40);
    deploy(&site, &repository)
        .arg("--dry-run")
        .run()
        .good()
        .says("nothing was sent");
    assert_eq!(text(&repository, &["for-each-ref"]), "");
    deploy(&site, &repository).run().good();
    assert_eq!(difference(&published(&repository), &public(&site)), None);
    let first = text(&repository, &["rev-parse", "gh-pages"]);

    deploy(&site, &repository).run().good().says("0 files sent");
    deploy(&site, &repository).arg("--force").run().good();
    assert_eq!(
        commits(&repository),
        1,
        "nothing changed, so there is nothing to commit"
    );

    commit_of_others(&repository, "mine");
    add_article(&site, 1);
    build(&site);
    let run = deploy(&site, &repository).run().good();
    assert!((1..=40).contains(&counts(&run.stdout).0), "{run}");
    let mut there = published(&repository);
    assert_eq!(there.remove("foreign.txt").unwrap(), b"mine");
    assert_eq!(difference(&there, &public(&site)), None);
    assert_eq!(commits(&repository), 3);
    git(
        &repository,
        &["merge-base", "--is-ancestor", &first, "gh-pages"],
    );
    git(&repository, &["fsck", "--strict"]);
}

#[test]
fn a_copy_that_is_gone_costs_nothing_but_time() {
    let (_place, repository, site) = start(5);
    deploy(&site, &repository).run().good();
    fs::remove_dir_all(site.path(".newsgen/git")).unwrap();
    edit(&site, 1);
    let run = deploy(&site, &repository).run().good();
    assert!(counts(&run.stdout).0 < public(&site).len(), "{run}");
    assert_eq!(difference(&published(&repository), &public(&site)), None);
}

/// The one folder of copies, and what lies in it.
fn copy_of(site: &Site) -> PathBuf {
    let items = fs::read_dir(site.path(".newsgen/git"))
        .unwrap()
        .map(|item| item.unwrap().path());
    items.into_iter().find(|path| path.is_dir()).unwrap()
}

#[test]
fn a_damaged_copy_costs_nothing_but_time() {
    let (_place, repository, site) = start(5);
    deploy(&site, &repository).run().good();
    let damages: [fn(&Path); 3] = [
        |copy| fs::write(copy.join("config"), "[core\n").unwrap(),
        |copy| fs::write(copy.join("refs/newsgen/base"), "").unwrap(),
        |copy| {
            // As after a power cut: the names are on the disk, and the bytes are not.
            for path in Tree::of(&copy.join("objects")).0.into_keys() {
                let path = copy.join("objects").join(path);
                fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
                fs::write(path, "").unwrap();
            }
        },
    ];
    for (round, damage) in damages.into_iter().enumerate() {
        damage(&copy_of(&site));
        edit(&site, round);
        let run = deploy(&site, &repository).run().good();
        assert!(counts(&run.stdout).0 < public(&site).len(), "{run}");
        assert_eq!(difference(&published(&repository), &public(&site)), None);
    }
}

#[test]
fn a_dry_run_stays_away_from_the_copy_of_a_deploy() {
    let (_place, repository, site) = start(1);
    deploy(&site, &repository).run().good();
    let lock = fs::File::open(copy_of(&site).with_extension("lock")).unwrap();
    lock.lock().unwrap();
    deploy(&site, &repository)
        .arg("--dry-run")
        .run()
        .exits(3)
        .warns("another deploy");
    drop(lock);
    deploy(&site, &repository).arg("--dry-run").run().good();
}

#[test]
fn a_branch_that_moves_meanwhile_is_not_overwritten() {
    let (place, repository, site) = start(3);
    deploy(&site, &repository).run().good();
    edit(&site, 1);
    let other = place.path().join("other");
    Command::new("git")
        .args(["clone", "--quiet", "--branch", "gh-pages"])
        .arg(&repository)
        .arg(&other)
        .status()
        .unwrap();
    // Somebody else is faster.
    let path = wrapped(place.path(), |git| {
        let other = other.display();
        format!(
            "case \"$*\" in *' push '*)\n  {git} -C {other} -c user.name=O -c \
             user.email=o@example.org commit -q \
             --allow-empty -m other\n  {git} -C {other} push -q ;;\nesac"
        )
    });
    deploy(&site, &repository)
        .env("PATH", &path)
        .run()
        .exits(3)
        .warns("somebody else has changed");
    assert_eq!(
        text(&repository, &["log", "-1", "--format=%s", "gh-pages"]),
        "other"
    );

    deploy(&site, &repository).run().good();
    assert_eq!(difference(&published(&repository), &public(&site)), None);
    assert_eq!(commits(&repository), 3);
}

#[test]
fn what_git_says_is_reported() {
    let (place, site) = (folder(), site(2));
    let repository = place.path().join("site.git");
    deploy(&site, &repository)
        .run()
        .exits(3)
        .warns("git cannot reach")
        .warns("does not appear to be a git repository");
    make_repository(&repository);
    let hook = repository.join("hooks/pre-receive");
    fs::write(
        &hook,
        "#!/bin/sh\necho this branch is protected >&2\nexit 1\n",
    )
    .unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    deploy(&site, &repository)
        .run()
        .exits(3)
        .warns("git cannot push to")
        .warns("this branch is protected");
    assert_eq!(text(&repository, &["for-each-ref"]), "");
    fs::remove_file(hook).unwrap();
    deploy(&site, &repository)
        .env("PATH", "/nowhere")
        .run()
        .exits(3)
        .warns("git is not installed");
    deploy(&site, &repository).run().good();
    assert_eq!(difference(&published(&repository), &public(&site)), None);
}

#[test]
fn what_git_says_when_it_dies_at_work_is_reported() {
    let (place, repository, site) = start(30);
    let path = wrapped(place.path(), |_| {
        "case \"$*\" in *' fast-import '*) echo 'fatal: the disk is full' >&2; exit 128 ;; esac"
            .to_owned()
    });
    let run = deploy(&site, &repository)
        .env("PATH", &path)
        .run()
        .exits(3)
        .warns("git cannot create a commit for");
    assert!(run.stderr.contains("the disk is full"), "{run}");
    assert_eq!(text(&repository, &["for-each-ref"]), "");
}

#[test]
fn a_killed_deploy_publishes_all_or_nothing() {
    let (_place, repository, site) = start(30);
    deploy(&site, &repository).run().good();
    let mut random = Random::new(11);
    for round in 0..10 {
        let old = published(&repository);
        edit(&site, round);
        // In a group of its own, so that the `git` that it runs dies with it.
        let mut child = Command::new(env!("CARGO_BIN_EXE_newsgen"))
            .process_group(0)
            .arg("deploy")
            .arg(format!("git+file://{}#gh-pages", repository.display()))
            .current_dir(site.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(random.below(120) as u64));
        let group = format!("-{}", child.id());
        Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status()
            .unwrap();
        child.wait().unwrap();
        // The git of a server would not have died with ours.
        drop(fs::remove_file(repository.join("refs/heads/gh-pages.lock")));
        let there = published(&repository);
        assert!(
            difference(&there, &old).is_none() || difference(&there, &public(&site)).is_none(),
            "round {round}"
        );
        if round % 3 == 2 {
            deploy(&site, &repository).run().good();
            assert_eq!(
                difference(&published(&repository), &public(&site)),
                None,
                "round {round}"
            );
        }
    }
}

/// Git in a work tree.
fn git_in(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
}

#[test]
fn what_others_changed_on_the_branch_is_sent_again_and_nothing_else() {
    let (place, repository, site) = start(3);
    deploy(&site, &repository).run().good();
    let work = place.path().join("work");
    let repository_path = repository.display().to_string();
    git_in(
        place.path(),
        &["clone", "-q", "-b", "gh-pages", &repository_path, "work"],
    );
    git_in(&work, &["rm", "-q", "index.html"]);
    fs::write(work.join("robots.txt"), "by hand").unwrap();
    git_in(
        &work,
        &[
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@a.example",
            "commit",
            "-qam",
            "By hand",
        ],
    );
    git_in(&work, &["push", "-q"]);
    let run = deploy(&site, &repository).run().good();
    assert!(
        run.stdout.contains("2 files sent (1 new, 1 changed)"),
        "{run}"
    );
    assert_eq!(published(&repository), public(&site).0);
    let before = commits(&repository);
    let run = deploy(&site, &repository).run().good();
    assert!(run.stdout.contains("0 files sent"), "{run}");
    assert_eq!(commits(&repository), before);
}
