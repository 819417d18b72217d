//! The same content, settings, theme and moment give the same bytes, whatever the machine is like.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use support::{NOW, Site, Tree, assert_same, copy_tree, files, repository};

/// The sample site of the project, with a few articles that are hard to order.
fn sample() -> Site {
    let site = Site::empty();
    for folder in ["content", "static", "templates"] {
        copy_tree(&repository().join(folder), &site.path(folder));
    }
    site.write(
        "site.toml",
        fs::read(repository().join("site.toml")).unwrap(),
    );
    for number in 0..12 {
        // The same moment, the same title, sometimes the same link.
        let fields = format!(
            "title: Twin\npublishedDateTime: 2026-10-20T08:00:00Z\noriginalUrl: \
             https://twin.example/{}\nquality: 80\ntopics: [Ärger, ärger, ÄRGER, T{number}]\n\
             provider: {{ name: N{number}, domain: d{}.example }}\nzebra: {{ b: 1, a: 2, c: {{ z: \
             1, y: 2 }} }}",
            number / 2,
            number % 3
        );
        site.write_article(&format!("2026-10-20-twin-{number}"), &fields);
    }
    site
}

fn built(site: &Site) -> Tree {
    site.build().good();
    site.output()
}

#[test]
fn threads_do_not_matter() {
    let one = sample();
    one.newsgen(["build", "--now", NOW])
        .env("RAYON_NUM_THREADS", "1")
        .run()
        .good();
    for threads in ["2", "8"] {
        let other = sample();
        other
            .newsgen(["build", "--now", NOW])
            .env("RAYON_NUM_THREADS", threads)
            .run()
            .good();
        assert_same(
            &one.output(),
            &other.output(),
            &format!("1 and {threads} threads"),
        );
    }
}

#[test]
fn the_folder_it_runs_in_does_not_matter() {
    let site = sample();
    let here = built(&site);
    let elsewhere = Site::empty();
    let names: [(&str, String); 3] = [
        ("a", site.root().display().to_string()),
        ("b", format!("{}/content/..", site.root().display())),
        (
            "c",
            format!("../{}", site.root().file_name().unwrap().to_string_lossy()),
        ),
    ];
    for (output, root) in names {
        let out = elsewhere.path(output);
        elsewhere
            .newsgen(["build", "--now", NOW, "--root", &root, "--output"])
            .arg(&out)
            .run()
            .good();
        assert_same(&here, &Tree::of(&out), &root);
    }
    let moved = Site::copy_of(site.root());
    fs::remove_dir_all(moved.path(".newsgen")).unwrap();
    fs::remove_dir_all(moved.path("public")).unwrap();
    assert_same(&here, &built(&moved), "another place of the site");
}

#[test]
fn times_and_order_of_the_files_do_not_matter() {
    let site = sample();
    let first = built(&site);
    let again = Site::empty();
    for (number, path) in files(site.root()).iter().rev().enumerate() {
        let name = path
            .strip_prefix(site.root())
            .unwrap()
            .to_string_lossy()
            .into_owned();
        if name.starts_with("public/") || name.starts_with(".newsgen/") {
            continue;
        }
        again.write(&name, fs::read(path).unwrap());
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * number as u64);
        File::options()
            .write(true)
            .open(again.path(&name))
            .unwrap()
            .set_modified(time)
            .unwrap();
    }
    assert_same(
        &first,
        &built(&again),
        "files made in another order, with other times",
    );
    for path in files(&site.path("content")) {
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(SystemTime::now())
            .unwrap();
    }
    let run = site.build().good();
    assert_eq!(run.counts().0, 0, "touched files change nothing: {run}");
}

#[test]
fn locale_and_time_zone_of_the_machine_do_not_matter() {
    let first = built(&sample());
    for (zone, language) in [
        ("Pacific/Kiritimati", "ar_EG.UTF-8"),
        ("America/St_Johns", "tr_TR.UTF-8"),
        ("", "C"),
    ] {
        let site = sample();
        let run = site
            .newsgen(["build", "--now", NOW])
            .env("TZ", zone)
            .env("LANG", language)
            .env("LC_ALL", language);
        run.env("HOME", "/nonexistent").run().good();
        assert_same(&first, &site.output(), zone);
    }
}

#[test]
fn now_comes_from_the_flag_or_from_the_environment_and_nothing_else_of_the_clock_shows() {
    let one = built(&sample());
    let site = sample();
    site.newsgen(["build"])
        .env("SOURCE_DATE_EPOCH", "1795262400")
        .run()
        .good();
    assert_same(&one, &site.output(), "--now and SOURCE_DATE_EPOCH");
    let later = sample();
    later
        .newsgen(["build", "--now", "2027-06-01T00:00:00Z"])
        .run()
        .good();
    assert_same(
        &one,
        &later.output(),
        "two moments between which nothing becomes due",
    );
    let site = sample();
    site.newsgen(["build"])
        .env("SOURCE_DATE_EPOCH", "soon")
        .run()
        .exits(1)
        .warns("SOURCE_DATE_EPOCH");
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let site = sample();
    let unix = built(&site);
    for text in ["\r\n", "bom"] {
        let other = sample();
        for path in files(&other.path("content")) {
            let old = fs::read_to_string(&path).unwrap();
            let new = if text == "bom" {
                format!("\u{feff}{}", old.trim_start_matches('\u{feff}'))
            } else {
                old.replace('\n', text)
            };
            fs::write(path, new).unwrap();
        }
        assert_same(&unix, &built(&other), text);
        let run = other.build().good();
        assert_eq!(run.counts().0, 0, "{run}");
    }
    for path in files(&site.path("content")) {
        let old = fs::read_to_string(&path).unwrap();
        fs::write(path, old.replace('\n', "\r\n")).unwrap();
    }
    let run = site.build().good();
    assert_eq!(
        run.counts().0,
        0,
        "other line ends alone change nothing: {run}"
    );
}

#[test]
fn what_is_kept_between_builds_does_not_matter() {
    let site = sample();
    let first = built(&site);
    site.build().good();
    for state in [".newsgen", "public"] {
        fs::remove_dir_all(site.path(state)).unwrap();
        assert_same(&first, &built(&site), &format!("without {state}"));
    }
}
