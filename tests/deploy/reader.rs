//! A reader who is at the site while it is deployed: from the front page it follows every link to
//! the site's own pages and files, over and over. Nothing that a page leads to may be missing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use scraper::{Html, Selector};

/// The reader at work.
pub(crate) struct Reader {
    stop: Arc<AtomicBool>,
    rounds: Arc<AtomicUsize>,
    thread: JoinHandle<(usize, Vec<String>)>,
}

impl Reader {
    /// Starts to read; `get` gives the bytes of a file of the site.
    pub(crate) fn start(get: impl Fn(&str) -> Option<Vec<u8>> + Send + 'static) -> Reader {
        let (stop, rounds) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicUsize::new(0)),
        );
        let (should_stop, counted) = (Arc::clone(&stop), Arc::clone(&rounds));
        let thread = thread::spawn(move || {
            let (mut read, mut holes) = (0, Vec::new());
            while !should_stop.load(Ordering::SeqCst) {
                read += round(&get, &mut holes);
                counted.fetch_add(1, Ordering::SeqCst);
            }
            (read, holes)
        });
        Reader {
            stop,
            rounds,
            thread,
        }
    }

    /// How often the whole site was read.
    pub(crate) fn rounds(&self) -> usize {
        self.rounds.load(Ordering::SeqCst)
    }

    /// Ends the reading. How many files were read, and every hole that was found.
    pub(crate) fn stop(self) -> (usize, Vec<String>) {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().unwrap()
    }
}

/// Reads all that can be reached from the front page. Before the site is there, there is nothing to
/// read.
fn round(get: &impl Fn(&str) -> Option<Vec<u8>>, holes: &mut Vec<String>) -> usize {
    let Some(front) = get("index.html") else {
        return 0;
    };
    let mut open: Vec<String> = links("index.html", &front);
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    let mut read = 1;
    while let Some(path) = open.pop() {
        match get(&path) {
            None => holes.push(path),
            Some(bytes) => {
                read += 1;
                open.extend(
                    links(&path, &bytes)
                        .into_iter()
                        .filter(|link| seen.insert(link.clone())),
                );
            }
        }
    }
    read
}

/// The site's own files that a page names.
fn links(path: &str, bytes: &[u8]) -> Vec<String> {
    if !path.ends_with(".html") {
        return Vec::new();
    }
    let page = Html::parse_document(&String::from_utf8_lossy(bytes));
    let selector = Selector::parse("[href], [src]").unwrap();
    let named = page
        .select(&selector)
        .filter_map(|element| element.attr("href").or_else(|| element.attr("src")));
    named.filter_map(file_of).collect()
}

fn file_of(link: &str) -> Option<String> {
    let link = link.strip_prefix("https://news.example").unwrap_or(link);
    let path = link.split(['#', '?']).next()?;
    let path = path.strip_prefix('/')?;
    if path.starts_with('/') {
        return None;
    }
    Some(if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    })
}
