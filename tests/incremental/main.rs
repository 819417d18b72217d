//! After any series of edits, the output of incremental builds is that of a clean build, byte for
//! byte.
//!
//! Each series starts with a random small site and edits it at random; after each edit the site is
//! built into the same output folder. After some edits, and at the end, the output is compared with
//! a clean build of the same files into a new folder; after others, every page is rendered in spite
//! of its fingerprint and compared with what the fingerprint promised.
//!
//! `NEWSGEN_SERIES` says how many series run; `NEWSGEN_SEED` runs the one series with that seed. A
//! series that fails is run again without each of its edits, until none can be left out; what
//! remains is printed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::print_stderr,
    reason = "the number of series and the time they took are worth seeing"
)]

mod edits;
mod found;
mod model;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use edits::Outside;
use model::Site;
use newsgen::curate::Drafts;
use newsgen::diagnostic::Diagnostic;
use newsgen::pipeline::{self, BuildContext, CacheAt, Failure, STATE, Timings, Tolerance};
use newsgen::plan::Fingerprint;
use newsgen::time::Time;
use newsgen::workspace::Disk;
use newsgen::write::Trust;
use support::{How, Random, Tree, build, difference, reason};
use tempfile::TempDir;

/// Series in a plain run of the tests.
const SERIES: usize = 300;
const MOST_EDITS: usize = 10;
/// A stamp of a file is trusted when the file has not been changed for so long.
const SETTLED: Duration = Duration::from_millis(2100);
/// Sites that are written down ahead, so that their files are old enough when their series begins.
const AHEAD: usize = 48;

type Files = BTreeMap<String, Vec<u8>>;

/// What went wrong, and the edits before it.
type Wrong = (String, Vec<String>);

/// A site that lies on disk and waits for its series.
struct Prepared {
    seed: u64,
    folder: TempDir,
    site: Site,
    random: Random,
    written: Instant,
}

impl Prepared {
    fn new(seed: u64) -> Prepared {
        let folder = support::folder();
        let mut random = Random::new(seed);
        let site = Site::new(&mut random);
        for (path, bytes) in site.files() {
            support::put(folder.path(), &path, bytes);
        }
        Prepared {
            seed,
            folder,
            site,
            random,
            written: Instant::now(),
        }
    }
}

/// What all series did, so that a test that has stopped testing is noticed.
#[derive(Debug)]
struct Counts {
    /// Builds that succeeded.
    built: AtomicUsize,
    /// Builds that ended with mistakes in the site, as the clean build did.
    refused: AtomicUsize,
    /// Comparisons with a clean build.
    compared: AtomicUsize,
    /// Builds that rendered everything and compared.
    verified: AtomicUsize,
    /// Articles that came out of the cache by their stamps or bytes.
    reused: AtomicUsize,
}

static COUNTS: Counts = Counts {
    built: AtomicUsize::new(0),
    refused: AtomicUsize::new(0),
    compared: AtomicUsize::new(0),
    verified: AtomicUsize::new(0),
    reused: AtomicUsize::new(0),
};

fn count(counter: &AtomicUsize, more: usize) {
    counter.fetch_add(more, Ordering::Relaxed);
}

/// Whether and how the output is looked at after an edit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    /// Sometimes, as the seed has it.
    Sometimes,
    /// After every edit.
    Always,
}

/// A series: its site and its edits, all from one seed. `kept` are the numbers of the edits that
/// are made.
fn run(
    prepared: Prepared,
    kept: Option<&BTreeSet<usize>>,
    looks: Looks,
    log: &mut Vec<String>,
) -> Result<(), String> {
    let Prepared {
        folder,
        mut site,
        mut random,
        ..
    } = prepared;
    let root = folder.path();
    let mut on_disk = site.files();
    let mut good: BTreeMap<String, Files> = BTreeMap::new();
    let mut preview = Preview::default();
    let edits = 1 + random.below(MOST_EDITS);
    let often = random.chance(25);
    step(
        root,
        &site,
        Trust::Fingerprints,
        looks == Looks::Always,
        &mut good,
        &mut preview,
    )?;
    for number in 0..edits {
        let mut own = Random::new(random.next());
        let last = number + 1 == edits;
        if kept.is_some_and(|kept| !kept.contains(&number)) && !last {
            continue;
        }
        if kept.is_none_or(|kept| kept.contains(&number)) {
            let (said, outside) = edits::edit(&mut site, &mut own);
            log.push(format!("{number}: {said}"));
            let now = site.files();
            change(root, &on_disk, &now, &mut own);
            on_disk = now;
            disturb(root, &site, &outside, &mut good);
        }
        let trust = if looks == Looks::Sometimes && own.chance(25) {
            Trust::Nothing
        } else {
            Trust::Fingerprints
        };
        step(
            root,
            &site,
            trust,
            last || often || looks == Looks::Always,
            &mut good,
            &mut preview,
        )?;
    }
    Ok(())
}

fn how(site: &Site, trust: Trust) -> How {
    let drafts = if site.drafts { Drafts::In } else { Drafts::Out };
    How {
        now: site.now,
        drafts,
        tolerance: Tolerance::KeepGoing,
        trust,
    }
}

/// A build; `good` holds what each output folder held after the last build that succeeded, where
/// that is known.
fn step(
    root: &Path,
    site: &Site,
    trust: Trust,
    look: bool,
    good: &mut BTreeMap<String, Files>,
    preview: &mut Preview,
) -> Result<(), String> {
    let output = root.join(site.output());
    let before = if trust == Trust::Nothing {
        Tree::of(&output).0
    } else {
        Files::new()
    };
    let built = build(root, how(site, trust));
    let is = (look || built.is_err()).then(|| Tree::of(&output).0);
    let report = match built {
        Ok(report) => report,
        Err(failure @ Failure::Machine(_)) => return Err(reason(&failure)),
        Err(failure) => {
            if let (Some(before), Some(is)) = (good.get(site.output()), &is)
                && let Some(difference) = difference(is, before)
            {
                return Err(format!(
                    "a build that failed changed the output:\n{difference}\n{}",
                    reason(&failure)
                ));
            }
            return match clean(root, site) {
                Ok(_) => Err(format!(
                    "only the incremental build failed: {}",
                    reason(&failure)
                )),
                Err(_) => {
                    count(&COUNTS.refused, 1);
                    Ok(())
                }
            };
        }
    };
    count(&COUNTS.built, 1);
    count(&COUNTS.verified, usize::from(trust == Trust::Nothing));
    count(&COUNTS.reused, report.site.found - report.site.parsed);
    if !report.stale_fingerprints.is_empty() {
        let difference = difference(&Tree::of(&output), &before).unwrap_or_default();
        return Err(format!(
            "fingerprints say that these had not changed: {:?}\n{difference}",
            report.stale_fingerprints
        ));
    }
    preview.follow(root, site, &report.site)?;
    good.remove(site.output());
    if let Some(is) = is {
        let should_be =
            clean(root, site).map_err(|reason| format!("only the clean build failed: {reason}"))?;
        if let Some(difference) = difference(&is, &should_be) {
            return Err(difference);
        }
        count(&COUNTS.compared, 1);
        good.insert(site.output().to_owned(), is);
    }
    Ok(())
}

/// The site in memory, as `serve` has it: each time it is prepared from the time before.
#[derive(Default)]
struct Preview(Option<newsgen::pipeline::Site>);

impl Preview {
    /// Prepares the site once more, and holds its plan to that of a build.
    fn follow(
        &mut self,
        root: &Path,
        site: &Site,
        built: &newsgen::pipeline::Site,
    ) -> Result<(), String> {
        let How { now, drafts, .. } = how(site, Trust::Fingerprints);
        let at = self.0.as_ref().map_or(CacheAt::Nowhere, CacheAt::Site);
        let prepared = pipeline::prepare(
            &Disk::new(root),
            built.config.clone(),
            BuildContext {
                now: Time::from_seconds(now).unwrap(),
                drafts,
            },
            at,
            &mut Timings::default(),
        );
        let prepared = prepared.map_err(|failure| reason(&failure))?;
        let pages = |site: &newsgen::pipeline::Site| -> Vec<(String, Fingerprint)> {
            let pages = site.plan.pages.iter();
            let pages = pages.map(|page| (page.url.clone(), page.fingerprint));
            let parts = site.plan.bundles.iter();
            pages
                .chain(parts.map(|part| (part.url.clone(), part.fingerprint)))
                .collect()
        };
        let (is, should_be) = (pages(&prepared), pages(built));
        // An article that breaks stays in the preview as it was.
        let is_whole = !built.problems.iter().any(Diagnostic::is_error);
        self.0 = Some(prepared);
        if is_whole && is != should_be {
            let other = is
                .iter()
                .zip(&should_be)
                .find(|(is, should_be)| is != should_be);
            return Err(format!(
                "the preview plans {} pages and a build {}; the first that differ: {other:?}",
                is.len(),
                should_be.len()
            ));
        }
        Ok(())
    }
}

/// The output of a clean build of the same files.
fn clean(root: &Path, site: &Site) -> Result<Files, String> {
    let folder = support::folder();
    let clean = folder.path();
    for name in ["content", "templates", "static", "site.toml"] {
        if root.join(name).exists() {
            link(&root.join(name), &clean.join(name));
        }
    }
    build(clean, how(site, Trust::Fingerprints)).map_err(|failure| reason(&failure))?;
    Ok(Tree::of(&clean.join(site.output())).0)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) {
    std::os::unix::fs::symlink(from, to).unwrap();
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) {
    if from.is_dir() {
        for (path, bytes) in Tree::of(from) {
            support::put(to, &path, bytes);
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// Brings the files on disk from one state to another, in one of the ways in which editors and
/// tools do.
fn change(root: &Path, before: &Files, after: &Files, random: &mut Random) {
    let gone: Vec<&String> = before
        .keys()
        .filter(|path| !after.contains_key(*path))
        .collect();
    let new: Vec<&String> = after
        .keys()
        .filter(|path| !before.contains_key(*path))
        .collect();
    // A file that only moved is moved: it keeps its times. All leave their places before the first
    // is put into its new one, since one may stand where another needs a folder.
    let mut moved = BTreeMap::new();
    if random.chance(70) {
        for path in &gone {
            if let Some(target) = new
                .iter()
                .find(|new| after[**new] == before[*path] && !moved.contains_key(**new))
            {
                let aside = root.join(format!("aside-{}", moved.len()));
                fs::rename(root.join(path), &aside).unwrap();
                moved.insert(*target, aside);
            }
        }
    }
    for path in gone {
        let path = root.join(path);
        drop(fs::remove_file(&path));
        let mut folder = path.parent();
        while let Some(empty) = folder.filter(|folder| *folder != root) {
            if fs::remove_dir(empty).is_err() {
                break;
            }
            folder = empty.parent();
        }
    }
    for (path, aside) in &moved {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::rename(aside, path).unwrap();
    }
    // Two files that changed places.
    let changed: Vec<&String> = before
        .keys()
        .filter(|path| {
            after
                .get(*path)
                .is_some_and(|bytes| *bytes != before[*path])
        })
        .collect();
    if let [a, b] = changed[..]
        && before[a] == after[b]
        && before[b] == after[a]
        && random.chance(70)
    {
        let aside = root.join("aside");
        fs::rename(root.join(a), &aside).unwrap();
        fs::rename(root.join(b), root.join(a)).unwrap();
        fs::rename(aside, root.join(b)).unwrap();
        return;
    }
    for path in changed {
        let (place, bytes) = (root.join(path), &after[path]);
        let modified = fs::metadata(&place).unwrap().modified().unwrap();
        match random.below(4) {
            // Written anew beside its place.
            0 => {
                let beside = root.join("beside");
                fs::write(&beside, bytes).unwrap();
                fs::rename(beside, &place).unwrap();
            }
            // Written in place, with its old time.
            1 => {
                fs::write(&place, bytes).unwrap();
                fs::File::options()
                    .write(true)
                    .open(&place)
                    .unwrap()
                    .set_modified(modified)
                    .unwrap();
            }
            _ => fs::write(&place, bytes).unwrap(),
        }
    }
    for path in new {
        if !moved.contains_key(path) {
            support::put(root, path, &after[path]);
        }
    }
}

/// What happens besides edits of the site's files.
fn disturb(root: &Path, site: &Site, outside: &Outside, good: &mut BTreeMap<String, Files>) {
    let output = root.join(site.output());
    let some = |number: u64| {
        let names: Vec<String> = Tree::of(&output).0.into_keys().collect();
        (!names.is_empty()).then(|| output.join(&names[(number % names.len() as u64) as usize]))
    };
    if *outside != Outside::Nothing {
        good.clear();
    }
    match outside {
        Outside::Nothing => {}
        Outside::Touch => {
            for path in site.files().keys() {
                let bytes = fs::read(root.join(path)).unwrap();
                fs::write(root.join(path), bytes).unwrap();
            }
        }
        Outside::DeleteOutput(number) => {
            if let Some(path) = some(*number) {
                fs::remove_file(path).unwrap();
            }
        }
        Outside::ChangeOutput(number) => {
            // The marker of the folder is the only file that is not part of the site; what it says
            // does not matter.
            if let Some(path) = some(*number).filter(|path| !path.ends_with(".newsgen-output")) {
                let mut bytes = fs::read(&path).unwrap();
                match bytes.first_mut() {
                    Some(first) => *first ^= 1,
                    None => bytes.push(b'x'),
                }
                fs::write(path, bytes).unwrap();
            }
        }
        Outside::DeleteAllOutput => drop(fs::remove_dir_all(output)),
        Outside::DeleteCache(name) => drop(fs::remove_file(root.join(STATE).join(name))),
        Outside::DamageCache(name, number) => {
            let path = root.join(STATE).join(name);
            if let Ok(mut bytes) = fs::read(&path) {
                let at = (number % bytes.len().max(1) as u64) as usize;
                if number & 1 << 40 == 0 {
                    bytes.truncate(at);
                } else if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 0x40;
                }
                fs::write(path, bytes).unwrap();
            }
        }
        Outside::DeleteState => {
            drop(fs::remove_dir_all(root.join(STATE)));
            drop(fs::remove_dir_all(root.join("public")));
            drop(fs::remove_dir_all(root.join("out")));
        }
    }
}

/// Runs a series; what went wrong.
fn attempt(prepared: Prepared, kept: Option<&BTreeSet<usize>>, looks: Looks) -> Result<(), Wrong> {
    let mut log = Vec::new();
    match catch_unwind(AssertUnwindSafe(|| run(prepared, kept, looks, &mut log))) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(wrong)) => Err((wrong, log)),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
            Err((format!("panic: {}", said.unwrap_or_default()), log))
        }
    }
}

/// The fewest edits with which a series still fails, and what then goes wrong.
fn shrink(seed: u64, first: Wrong) -> String {
    let replay = |kept: &BTreeSet<usize>, looks: Looks| {
        let prepared = Prepared::new(seed);
        std::thread::sleep(SETTLED);
        attempt(prepared, Some(kept), looks).err()
    };
    let mut kept: BTreeSet<usize> = (0..MOST_EDITS).collect();
    let Some(looks) = [Looks::Always, Looks::Sometimes]
        .into_iter()
        .find(|looks| replay(&kept, *looks).is_some())
    else {
        return format!(
            "series {seed} failed only once:\n{}\n{}",
            first.1.join("\n"),
            first.0
        );
    };
    let mut found = first;
    let mut number = MOST_EDITS;
    while number > 0 {
        number -= 1;
        let mut fewer = kept.clone();
        fewer.remove(&number);
        if let Some(wrong) = replay(&fewer, looks) {
            kept = fewer;
            found = wrong;
        }
    }
    let site = Prepared::new(seed).site;
    let begin: String = site
        .files()
        .iter()
        .map(|(path, bytes)| format!("--- {path}\n{}\n", String::from_utf8_lossy(bytes)))
        .collect();
    format!(
        "{begin}\nNEWSGEN_SEED={seed}\n{}\n{}",
        found.1.join("\n"),
        found.0
    )
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number"))
    })
}

#[test]
fn incremental_builds_are_like_clean_ones() {
    let (first, series) = match number("NEWSGEN_SEED") {
        Some(seed) => (seed, 1),
        None => (
            0,
            number("NEWSGEN_SERIES").map_or(SERIES, |series| series as usize),
        ),
    };
    let start = Instant::now();
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let failed: Mutex<Vec<(u64, Wrong)>> = Mutex::new(Vec::new());
    let work = || {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        let mut waiting: VecDeque<Prepared> = VecDeque::new();
        loop {
            while waiting.len() < AHEAD && !stop.load(Ordering::Relaxed) {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= series {
                    break;
                }
                waiting.push_back(Prepared::new(first + number as u64));
            }
            let Some(prepared) = waiting.pop_front() else {
                return;
            };
            if stop.load(Ordering::Relaxed) {
                return;
            }
            if series < AHEAD || prepared.seed % 8 == 0 {
                std::thread::sleep(SETTLED.saturating_sub(prepared.written.elapsed()));
            }
            let seed = prepared.seed;
            if let Err(wrong) = pool.install(|| attempt(prepared, None, Looks::Sometimes)) {
                stop.store(true, Ordering::Relaxed);
                failed.lock().unwrap().push((seed, wrong));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.min(series) {
            scope.spawn(work);
        }
    });
    let took = start.elapsed();
    let failed = failed.into_inner().unwrap();
    if let Some((seed, wrong)) = failed.into_iter().next() {
        panic!("{}", shrink(seed, wrong));
    }
    eprintln!("{series} series in {:.1} s: {COUNTS:?}", took.as_secs_f64());
    let of = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    if series >= SERIES {
        assert!(
            of(&COUNTS.built) > 4 * series && of(&COUNTS.refused) * 10 < of(&COUNTS.built),
            "{COUNTS:?}"
        );
        assert!(
            of(&COUNTS.compared) > series && of(&COUNTS.verified) > series / 2,
            "{COUNTS:?}"
        );
        assert!(of(&COUNTS.reused) > of(&COUNTS.built), "{COUNTS:?}");
    }
}
