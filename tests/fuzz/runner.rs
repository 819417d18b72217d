//! Runs a target on its seeds and on what is made of them.

use std::any::Any;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use newsgen::hash::Hash128;

use crate::mutate::Mutator;
use crate::support::{Random, Tree};

/// No input may take longer. Much more than any takes, since other work may keep the machine busy.
const PATIENCE: Duration = Duration::from_secs(30);
/// No input may take more memory than this, in bytes.
const MEMORY: u64 = 512 << 20;
/// How long an input that fails is made smaller.
const SHRINKING: Duration = Duration::from_secs(5);

/// Memory is counted for the whole process: targets share it, and an input under suspicion has it
/// for itself.
static MEMORY_IS_SHARED: RwLock<()> = RwLock::new(());

/// What is tried.
pub(crate) struct Target<'a> {
    /// Name of the folder of its seeds.
    pub(crate) name: &'static str,
    /// Words that mean something in its inputs.
    pub(crate) words: Vec<String>,
    /// Seeds that are made here, besides the files.
    pub(crate) seeds: Vec<Vec<u8>>,
    /// Tries an input; panics when something is wrong.
    pub(crate) check: &'a dyn Fn(&[u8]),
}

fn variable(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
    )
}

fn seed_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/seeds")
        .join(name)
}

impl Target<'_> {
    /// Tries the seeds as they are, and then what is made of them until the time is over.
    pub(crate) fn run(&self) {
        let mut seeds: Vec<Vec<u8>> = Tree::of(&seed_folder(self.name)).0.into_values().collect();
        seeds.extend(self.seeds.iter().cloned());
        assert!(!seeds.is_empty(), "seeds of {}", self.name);
        let guard = Guard::new(self.name);
        for seed in &seeds {
            self.try_input(&guard, seed, "a seed");
        }
        let budget = Duration::from_secs(variable("NEWSGEN_FUZZ_SECONDS").unwrap_or(1));
        let series = variable("NEWSGEN_FUZZ_SEED").unwrap_or(1);
        let mutator = Mutator {
            seeds: &seeds,
            words: &self.words,
        };
        let start = Instant::now();
        let mut number = 0_u64;
        while start.elapsed() < budget {
            let mut random = Random::new(series.wrapping_mul(0x9e37_79b9).wrapping_add(number));
            let input = mutator.input(&mut random);
            self.try_input(
                &guard,
                &input,
                &format!("NEWSGEN_FUZZ_SEED={series}, input {number}"),
            );
            number += 1;
        }
        assert!(number > 0, "not one input of {} was tried", self.name);
    }

    fn try_input(&self, guard: &Guard, input: &[u8], origin: &str) {
        let (result, mut grown) = {
            let _shared = MEMORY_IS_SHARED
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            measured(|| guard.watch(input, || self.fails(input)))
        };
        if grown > MEMORY {
            let _alone = MEMORY_IS_SHARED
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            // From here on the most memory is counted anew (proc_pid_clear_refs(5)).
            drop(fs::write("/proc/self/clear_refs", "5"));
            (_, grown) = measured(|| guard.watch(input, || self.fails(input)));
        }
        let reason = match result {
            Some(reason) => reason,
            None if grown > MEMORY => format!("it took {} MiB", grown >> 20),
            None => return,
        };
        let small = self.shrink(input);
        let path = keep(self.name, &small);
        panic!(
            "{} ({origin}): {reason}\nthe input is kept in {}",
            self.name,
            path.display()
        );
    }

    /// Why an input fails, if it does.
    fn fails(&self, input: &[u8]) -> Option<String> {
        let result = catch_unwind(AssertUnwindSafe(|| (self.check)(input)));
        result.err().map(|payload| words_of(&*payload))
    }

    /// Leaves out parts of an input for as long as it fails without them.
    fn shrink(&self, input: &[u8]) -> Vec<u8> {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let small = self.shrink_quietly(input);
        std::panic::set_hook(report);
        small
    }

    fn shrink_quietly(&self, input: &[u8]) -> Vec<u8> {
        let end = Instant::now() + SHRINKING;
        let mut small = input.to_vec();
        let mut part = small.len().div_ceil(2);
        while part > 0 {
            let mut at = 0;
            while at < small.len() && Instant::now() < end {
                let rest = (at + part).min(small.len());
                let without = [&small[..at], &small[rest..]].concat();
                match self.fails(&without) {
                    Some(_) => small = without,
                    None => at += part,
                }
            }
            part /= 2;
        }
        small
    }
}

fn words_of(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|words| (*words).to_owned())
        })
        .unwrap_or_else(|| "it panicked".to_owned())
}

/// Keeps an input among the seeds of its target.
fn keep(name: &str, input: &[u8]) -> PathBuf {
    let path = seed_folder(name).join(format!("found-{}", Hash128::of(input).short(12)));
    fs::create_dir_all(seed_folder(name)).unwrap();
    fs::write(&path, input).unwrap();
    path
}

/// What some work gives, and by how many bytes the process outgrew all that it had before.
fn measured<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = peak();
    let result = work();
    (result, peak().saturating_sub(before))
}

/// The most memory that this process had, in bytes; 0 where the system does not say.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}

/// What is tried, and since when.
type Current = Option<(Instant, Vec<u8>)>;

/// Ends the process when an input takes too long: nothing else could stop it. What is tried is in a
/// file, in case that the process dies.
struct Guard {
    current: Arc<Mutex<Current>>,
    file: PathBuf,
    is_over: Arc<AtomicBool>,
}

impl Guard {
    fn new(name: &'static str) -> Guard {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
        fs::create_dir_all(&folder).unwrap();
        let guard = Guard {
            current: Arc::default(),
            file: folder.join(name),
            is_over: Arc::default(),
        };
        let (current, is_over) = (Arc::clone(&guard.current), Arc::clone(&guard.is_over));
        thread::spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(200));
                let late = current
                    .lock()
                    .unwrap()
                    .clone()
                    .filter(|(start, _)| start.elapsed() > PATIENCE);
                if let Some((_, input)) = late {
                    let path = keep(name, &input);
                    let message = format!(
                        "an input of {name} takes more than {PATIENCE:?}; it is kept in {}\n",
                        path.display()
                    );
                    drop(std::io::Write::write_all(
                        &mut std::io::stderr(),
                        message.as_bytes(),
                    ));
                    process::abort();
                }
            }
        });
        guard
    }

    fn watch<T>(&self, input: &[u8], work: impl FnOnce() -> T) -> T {
        drop(fs::write(&self.file, input));
        *self.current.lock().unwrap() = Some((Instant::now(), input.to_vec()));
        let result = work();
        *self.current.lock().unwrap() = None;
        result
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if !thread::panicking() {
            drop(fs::remove_file(&self.file));
        }
    }
}
