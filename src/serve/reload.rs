//! What is shown now, and the browsers that are notified when it changes.
//!
//! A browser holds a stream of server-sent events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>) open, and says which page it
//! shows and how that looked. Each stream has a thread with a small stack that waits for the next
//! state, compares, and writes: hundreds of them sleep at no cost, and one that is slow to read
//! holds up nobody. No event is queued; a stream that missed states gets what the last one
//! differs from what its browser shows, so none is lost.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::snapshot::{RenderVersion, Snapshot, Swap};
use crate::diagnostic::{Diagnostic, kinds};

/// After so long without an event a stream is tried, so that one that nobody reads ends.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What is shown now.
pub(super) struct State {
    /// Grows with every state.
    pub(super) version: u64,
    /// The last site that could be made; none before the first.
    pub(super) snapshot: Option<Arc<Snapshot>>,
    /// What is wrong.
    pub(super) problems: Arc<[Problem]>,
    /// What changed of the static files since the state before.
    pub(super) swaps: Vec<Swap>,
    /// How long the stages took.
    pub(super) timings: Vec<(&'static str, Duration)>,
}

/// What a browser shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The page at a decoded path without the path of the base URL.
    Page(String),
    /// The desk, which shows everything.
    Desk,
}

impl State {
    /// How it looks.
    pub(super) fn look(&self, shown: &Shown) -> RenderVersion {
        match (shown, &self.snapshot) {
            (Shown::Page(path), Some(snapshot)) => snapshot.look(path),
            (Shown::Desk, Some(_)) => RenderVersion {
                page: self.version,
                assets: 0,
            },
            (_, None) => RenderVersion::default(),
        }
    }
}

/// Holds the state, and wakes who waits for the next.
pub(super) struct Hub {
    state: Mutex<Arc<State>>,
    changed: Condvar,
    /// Pages that browsers show, and how many do.
    pages: Mutex<BTreeMap<String, usize>>,
}

impl Hub {
    pub(super) fn new() -> Hub {
        let state = State {
            version: 0,
            snapshot: None,
            problems: Arc::default(),
            swaps: Vec::new(),
            timings: Vec::new(),
        };
        Hub {
            state: Mutex::new(Arc::new(state)),
            changed: Condvar::new(),
            pages: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Arc<State>> {
        // The state is replaced whole, so it is good whatever happened to who held it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is shown now.
    pub(super) fn state(&self) -> Arc<State> {
        Arc::clone(&self.lock())
    }

    /// Shows another site.
    pub(super) fn show(
        &self,
        snapshot: Snapshot,
        problems: &[Diagnostic],
        timings: Vec<(&'static str, Duration)>,
    ) {
        let before = self.state();
        let swaps = before
            .snapshot
            .as_deref()
            .map(|before| snapshot.swaps(before))
            .unwrap_or_default();
        let problems = Problem::of_all(problems);
        self.replace(State {
            version: before.version + 1,
            snapshot: Some(Arc::new(snapshot)),
            problems,
            swaps,
            timings,
        });
    }

    /// Shows the same site with other problems.
    pub(super) fn show_problems(&self, problems: &[Diagnostic]) {
        let before = self.state();
        self.replace(State {
            version: before.version + 1,
            snapshot: before.snapshot.clone(),
            problems: Problem::of_all(problems),
            swaps: Vec::new(),
            timings: before.timings.clone(),
        });
    }

    /// Shows the same site again: what the desk shows beside it is another.
    pub(super) fn touch(&self) {
        let mut state = self.lock();
        let next = State {
            version: state.version + 1,
            snapshot: state.snapshot.clone(),
            problems: Arc::clone(&state.problems),
            swaps: Vec::new(),
            timings: state.timings.clone(),
        };
        let before = std::mem::replace(&mut *state, Arc::new(next));
        drop(state);
        self.changed.notify_all();
        drop(before);
    }

    fn replace(&self, state: State) {
        let before = std::mem::replace(&mut *self.lock(), Arc::new(state));
        self.changed.notify_all();
        // Freeing a large site takes a while: not under the lock.
        drop(before);
    }

    /// Pages that browsers show, as decoded paths without the path of the base URL; no more than
    /// `most`.
    pub(super) fn pages(&self, most: usize) -> Vec<String> {
        self.shown().keys().take(most).cloned().collect()
    }

    fn shown(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state when it is another than `version`; none when none comes in time.
    fn next(&self, version: u64, timeout: Duration) -> Option<Arc<State>> {
        let end = Instant::now() + timeout;
        let mut state = self.lock();
        while state.version == version {
            let left = end.checked_duration_since(Instant::now())?;
            state = self
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        Some(Arc::clone(&state))
    }

    /// Writes the events of one browser until it goes away. `seen` is how its page looked; none
    /// when it has no page yet.
    ///
    /// # Errors
    /// That it went away.
    pub(super) fn stream(
        &self,
        to: impl Write,
        shown: Shown,
        seen: Option<RenderVersion>,
    ) -> io::Result<()> {
        let Shown::Page(path) = shown.clone() else {
            return self.events(to, shown, seen);
        };
        *self.shown().entry(path.clone()).or_default() += 1;
        let ended = self.events(to, shown, seen);
        let mut pages = self.shown();
        match pages.get_mut(&path) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(pages.remove(&path)),
        }
        ended
    }

    fn events(
        &self,
        mut to: impl Write,
        shown: Shown,
        seen: Option<RenderVersion>,
    ) -> io::Result<()> {
        let mut sent = Sent {
            shown,
            version: 0,
            look: seen,
            problems: Arc::default(),
        };
        to.write_all(b"retry: 500\n\n")?;
        to.flush()?;
        loop {
            let text = match self.next(sent.version, KEEP_ALIVE) {
                Some(state) => sent.events(&state),
                None => ":\n\n".to_owned(),
            };
            if !text.is_empty() {
                to.write_all(text.as_bytes())?;
                to.flush()?;
            }
        }
    }
}

/// A problem as browsers get it, or many of one kind.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct Problem {
    /// Message, place, code frame and advice, as in the terminal.
    pub(super) text: String,
    /// How many problems that are.
    pub(super) count: usize,
}

impl Problem {
    /// The problems by kind, each kind cut to a few examples: a mistake that thousands of articles
    /// share is shown as one.
    pub(super) fn of_all(problems: &[Diagnostic]) -> Arc<[Problem]> {
        let mut shown = Vec::new();
        for kind in kinds::of_diagnostics(problems) {
            let texts = kind.shown.iter().map(|problem| problem.to_text(false));
            if kind.more == 0 {
                shown.extend(texts.map(|text| Problem { text, count: 1 }));
                continue;
            }
            let more = format!(
                "… and {} more of this kind (`newsgen check --verbose` shows all)",
                kind.more
            );
            let parts: Vec<String> = std::iter::once(kind.heading())
                .chain(texts)
                .chain([more])
                .collect();
            shown.push(Problem {
                text: parts.join("\n\n"),
                count: kind.shown.len() + kind.more,
            });
        }
        shown.into()
    }
}

/// What a browser knows.
struct Sent {
    shown: Shown,
    version: u64,
    look: Option<RenderVersion>,
    problems: Arc<[Problem]>,
}

impl Sent {
    /// What it must hear to know the state.
    fn events(&mut self, state: &State) -> String {
        let mut events = String::new();
        if self.problems != state.problems {
            events += &event(
                "problems",
                &serde_json::to_string(&*state.problems).unwrap_or_default(),
            );
            self.problems = Arc::clone(&state.problems);
        }
        let look = state.look(&self.shown);
        let before = self.look.replace(look).unwrap_or(look);
        let follows = state.version == self.version + 1;
        self.version = state.version;
        if before.page != look.page || (before.assets != look.assets && !follows) {
            events += &event("reload", &format!("\"{look}\""));
        } else if before.assets != look.assets {
            let swaps = serde_json::to_string(&state.swaps).unwrap_or_default();
            events += &event(
                "assets",
                &format!("{{\"look\":\"{look}\",\"swaps\":{swaps}}}"),
            );
        }
        events
    }
}

fn event(name: &str, json: &str) -> String {
    format!("event: {name}\ndata: {json}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_of_one_kind_are_one() {
        let problem = |what: &str| Diagnostic::error("x", format!("`{what}` is not a date"));
        let mut problems: Vec<Diagnostic> = (0..50).map(|n| problem(&n.to_string())).collect();
        problems.push(Diagnostic::error("y", "something else"));
        let shown = Problem::of_all(&problems);
        let counts: Vec<usize> = shown.iter().map(|problem| problem.count).collect();
        assert_eq!(counts, [50, 1]);
        assert!(shown[0].text.starts_with("50 errors of one kind"));
        assert!(shown[0].text.contains("… and 47 more of this kind"));
        let few = Problem::of_all(&problems[48..]);
        assert!(few.iter().all(|problem| problem.count == 1) && few.len() == 3);
    }
}
