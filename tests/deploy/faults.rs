//! Things that go wrong between newsgen and a store.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use hyper::Method;

use crate::s3::{check_equal, counts};
use crate::server::{Fault, KEY, SECRET, Server, credentials};
use crate::support::Random;
use crate::{edit, site};

#[test]
fn passing_faults_are_passed_over() {
    let (server, site) = (Server::start(), site(20));
    for (round, fault) in [Fault::Unavailable, Fault::Reset, Fault::Deaf]
        .into_iter()
        .enumerate()
    {
        server.fail(move |_, _, number| number.is_multiple_of(5).then_some(fault));
        let run = server.deploy(&site, ["--jobs", "4"]).run();
        assert_eq!(run.code, Some(0), "{fault:?}: {run}");
        server.heal();
        check_equal(&server, &site);
        edit(&site, round);
    }
}

#[test]
fn lasting_faults_end_in_a_message_and_the_next_deploy_mends_it() {
    let (server, site) = (Server::start(), site(20));
    server.deploy(&site, []).run().good();
    for (round, fault) in [
        Fault::Unavailable,
        Fault::Reset,
        Fault::Stall,
        Fault::Forbidden,
    ]
    .into_iter()
    .enumerate()
    {
        edit(&site, round);
        server.fail(move |method, path, number| {
            (*method == Method::PUT && path.ends_with(".html") && number > 12).then_some(fault)
        });
        let run = server
            .deploy(&site, [])
            .run_within(Duration::from_secs(60))
            .exits(3)
            .warns("error: ");
        assert!(run.stderr.contains("s3://bucket/site"), "{run}");
        assert!(!run.stderr.contains("hunter2"), "{run}");
        server.heal();
        if round.is_multiple_of(2) {
            // The site goes on to change before the next deploy.
            edit(&site, round + 1);
            edit(&site, round);
        }
        let run = server.deploy(&site, []).run().good();
        assert!(run.stderr.contains("did not finish"), "{run}");
        check_equal(&server, &site);
    }
}

#[test]
fn a_wrong_credential_and_a_bucket_that_may_not_be_written_are_reported() {
    let (server, site) = (Server::start(), site(2));
    let target = server.target();
    let deploy =
        |key: &str, secret: &str| credentials(site.newsgen(["deploy", &target]), key, secret);
    let run = deploy(KEY, "wrong-hunter3")
        .run()
        .exits(3)
        .warns("credentials");
    assert!(!run.stderr.contains("hunter3"), "{run}");
    deploy("nobody", SECRET).run().exits(3).warns("credentials");
    server.fail(|method, _, _| (*method == Method::PUT).then_some(Fault::Forbidden));
    server
        .deploy(&site, [])
        .run()
        .exits(3)
        .warns("AccessDenied")
        .warns("write to");
    server.heal();
    assert!(server.objects().is_empty());
    server.fail(|_, path, _| path.starts_with("/nowhere/").then_some(Fault::NoBucket));
    let elsewhere = target.replace("s3://bucket/", "s3://nowhere/");
    credentials(site.newsgen(["deploy", &elsewhere]), KEY, SECRET)
        .run()
        .exits(3)
        .warns("there is no place for s3://nowhere/site (NoSuchBucket)");
}

#[test]
fn a_second_deploy_notices_the_first_before_it_sends_anything() {
    let (server, site) = (Server::start(), site(20));
    // The second comes while the first is at work.
    server.fail(|method, path, _| {
        (*method == Method::PUT && path.ends_with("404.html")).then_some(Fault::Held)
    });
    let first = server.deploy_at_pulse(&site, "1000", []);
    let first = first.env("AWS_TIMEOUT", "100 s");
    let running = thread::spawn(move || first.run_within(Duration::from_secs(120)));
    while !server.kept().contains(&"intent".to_owned()) {
        thread::sleep(Duration::from_millis(10));
    }
    let before = server.objects().len();
    server
        .deploy_at_pulse(&site, "1000", [])
        .run()
        .exits(3)
        .warns("another deploy");
    assert!(before <= server.objects().len());
    server.heal();
    running.join().unwrap().good();
    check_equal(&server, &site);
}

#[test]
fn a_deploy_that_lost_its_lock_stops() {
    let (server, site) = (Server::start(), site(20));
    server.fail(|method, path, _| {
        (*method == Method::PUT && path.ends_with("404.html")).then_some(Fault::Stall)
    });
    let first = server.deploy(&site, []);
    let running = thread::spawn(move || first.run_within(Duration::from_secs(60)));
    while !server.kept().contains(&"intent".to_owned()) {
        thread::sleep(Duration::from_millis(10));
    }
    server.put(".newsgen-deploy/lock", "another deploy");
    let run = running.join().unwrap().exits(3).warns("taken over");
    server.heal();
    assert!(!server.kept().contains(&"record".to_owned()), "{run}");
    server.deploy(&site, []).run().good();
    check_equal(&server, &site);
}

#[test]
fn a_deploy_that_cannot_renew_its_lock_begins_no_further_file() {
    let (server, site) = (Server::start(), site(5));
    server.fail(
        |method, path, number| match path.ends_with(".newsgen-deploy/lock") {
            // It is looked at, and taken.
            true => (number > 2).then_some(Fault::Stall),
            false => (*method == Method::PUT && !path.contains("/.newsgen-deploy/"))
                .then_some(Fault::Slow),
        },
    );
    server
        .deploy(&site, ["--jobs", "1"])
        .run()
        .exits(3)
        .warns("could not be renewed");
    server.heal();
    // A renewal that waits for its answer is none: what would be sent after it may come after
    // another deploy's.
    assert!(server.objects().len() <= 1, "{:?}", server.objects().keys());
    server.deploy(&site, []).run().good();
    check_equal(&server, &site);
}

#[test]
fn a_deploy_that_lost_its_lock_while_it_looked_writes_nothing() {
    // The other one may have left its intent already, or be about to.
    for theirs in [None, Some("what another deploy is about")] {
        let (server, site) = (Server::start(), site(5));
        server.deploy(&site, []).run().good();
        edit(&site, 0);
        fs::remove_file(server.file(".newsgen-deploy/record")).unwrap();
        let before = server.objects();
        server.fail(|method, path, _| {
            (*method == Method::HEAD && path.ends_with("404.html")).then_some(Fault::Slow)
        });
        server.requests();
        let first = server.deploy(&site, []);
        let running = thread::spawn(move || first.run());
        while !server
            .requests()
            .iter()
            .any(|(method, _)| *method == Method::HEAD)
        {
            thread::sleep(Duration::from_millis(10));
        }
        server.put(".newsgen-deploy/lock", "another deploy");
        if let Some(theirs) = theirs {
            server.put(".newsgen-deploy/intent", theirs);
        }
        running.join().unwrap().exits(3).warns("taken over");
        assert_eq!(
            fs::read(server.file(".newsgen-deploy/intent"))
                .ok()
                .as_deref(),
            theirs.map(str::as_bytes)
        );
        assert_eq!(server.objects(), before);
    }
}

#[test]
fn a_killed_deploy_is_finished_by_the_next_and_its_lock_is_no_hindrance() {
    let (server, site) = (Server::start(), site(6));
    let mut random = Random::new(11);
    let (mut killed, mut finished) = (0, 0);
    for round in 0..8 {
        edit(&site, round);
        server.fail(|_, _, _| None);
        let target = server.target();
        let mut child = Command::new(env!("CARGO_BIN_EXE_newsgen"))
            .args([
                "deploy",
                &target,
                "--jobs",
                "2",
                "--pulse",
                "100",
                "--delete-limit",
                "100",
            ])
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .current_dir(site.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let requests = 1 + random.below(60);
        while server.count() < requests && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(200));
        }
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        if random.chance(70) {
            let run = server.deploy(&site, ["--delete-limit", "100"]).run().good();
            finished += usize::from(run.stderr.contains("did not finish"));
            check_equal(&server, &site);
        }
    }
    server.deploy(&site, ["--delete-limit", "100"]).run().good();
    check_equal(&server, &site);
    let again = server.deploy(&site, ["--delete-limit", "100"]).run().good();
    assert_eq!(counts(&again.stdout).0, 0);
    eprintln!("{killed} of 8 deploys were killed at work; {finished} had begun to send");
    assert!(killed > 0 && finished > 0, "{killed} {finished}");
}
