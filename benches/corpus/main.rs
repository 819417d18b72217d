//! Writes the synthetic corpus of the benchmark, and measures the I/O floor of a build.
//!
//! ```text
//! cargo run --release --example corpus -- --articles 10000 --out DIR \
//!     [--seed 1] [--from 0] [--to 10000]
//! cargo run --release --example corpus -- floor CONTENT OUTPUT SCRATCH
//! ```

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

#[path = "mod.rs"]
mod corpus;
mod floor;

/// What the command line may be.
const USAGE: &str = "usage: corpus --articles N --out DIR [--seed S] [--from I] [--to J]
       corpus floor CONTENT OUTPUT SCRATCH

Writes the articles I to J (without J; all by default) of a corpus of N to \
DIR/content/news/YYYY/MM/.
`floor` times reading CONTENT and writing a copy of OUTPUT to SCRATCH.";

fn main() -> io::Result<ExitCode> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["floor", content, output, scratch] => {
            floor::run(Path::new(content), Path::new(output), Path::new(scratch))
                .map_err(Into::into)
        }
        words => write_corpus(words),
    };
    let Err(error) = result else {
        return Ok(ExitCode::SUCCESS);
    };
    writeln!(io::stderr(), "corpus: {error}\n\n{USAGE}")?;
    Ok(ExitCode::FAILURE)
}

/// Writes the articles that the options name.
fn write_corpus(options: &[&str]) -> Result<(), Box<dyn Error>> {
    let (mut total, mut out, mut seed, mut from, mut to) = (None, None, 1, 0, None);
    for pair in options.chunks(2) {
        match *pair {
            ["--articles", number] => total = Some(number.parse()?),
            ["--out", folder] => out = Some(PathBuf::from(folder)),
            ["--seed", number] => seed = number.parse()?,
            ["--from", number] => from = number.parse()?,
            ["--to", number] => to = Some(number.parse()?),
            _ => return Err(format!("unknown or incomplete option: {}", pair.join(" ")).into()),
        }
    }
    let total: usize = total.ok_or("--articles is missing")?;
    let out = out.ok_or("--out is missing")?;
    let to = to.unwrap_or(total);
    let bytes = AtomicUsize::new(0);
    in_parallel(to.saturating_sub(from), |i| {
        let (path, text) = corpus::article(seed, from + i, total);
        bytes.fetch_add(text.len(), Relaxed);
        write_file(&out.join(path), text.as_bytes())
    })?;
    writeln!(
        io::stdout(),
        "{} articles, {} bytes",
        to.saturating_sub(from),
        bytes.into_inner()
    )?;
    Ok(())
}

/// Does `job` for every number below `count`, with one thread for each core. The first error of
/// each thread ends that thread; one of them is returned.
fn in_parallel(count: usize, job: impl Fn(usize) -> io::Result<()> + Sync) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<()> {
        loop {
            match next.fetch_add(1, Relaxed) {
                i if i < count => job(i)?,
                _ => return Ok(()),
            }
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("a thread panicked")))
        })
    })
}

/// Writes a file, and makes its folder when that is missing.
fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::write(path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            fs::write(path, bytes)
        }
        written => written,
    }
}
