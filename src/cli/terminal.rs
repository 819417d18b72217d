//! All that newsgen prints goes through here.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::args::{ColorChoice, Common};
use crate::diagnostic::kinds::{self, Kind};
use crate::diagnostic::{Diagnostic, visible, visible_json};
use crate::pipeline::Progress;
use crate::write::Loss;

/// How much is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

/// The line below the examples of a kind.
fn and_more(more: usize) -> String {
    format!("… and {more} more of this kind (`--verbose` shows all)")
}

/// The terminal, or what stands in for it.
pub(super) struct Terminal {
    pub(super) verbosity: Verbosity,
    color: bool,
    /// Why something could not be printed.
    lost: Mutex<Option<io::Error>>,
}

impl Terminal {
    pub(super) fn new(common: &Common) -> Terminal {
        let color = match common.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                io::stderr().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        let verbosity = match (common.quiet, common.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        Terminal {
            verbosity,
            color,
            lost: Mutex::default(),
        }
    }

    /// What the command was asked for: always printed, to standard output.
    pub(super) fn result(&self, text: &str) {
        self.data(&visible(text));
    }

    /// JSON, to standard output.
    pub(super) fn json(&self, value: &impl Serialize) {
        match serde_json::to_string_pretty(value) {
            Ok(json) => self.data(&visible_json(&json)),
            Err(error) => self.lose(error.into()),
        }
    }

    /// What a machine reads, to standard output, as it is.
    pub(super) fn data(&self, text: &str) {
        let printed = writeln!(io::stdout().lock(), "{text}");
        // A reader that went away (a closed pipe) reads no more.
        if let Some(error) = printed
            .err()
            .filter(|error| error.kind() != io::ErrorKind::BrokenPipe)
        {
            self.lose(error);
        }
    }

    fn lose(&self, error: io::Error) {
        *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Why some of what was to be printed to standard output was not.
    pub(super) fn lost(&self) -> Option<io::Error> {
        self.lost
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// What was asked for, to standard output.
    pub(super) fn say(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.result(text);
        }
    }

    /// Details, to standard output.
    pub(super) fn detail(&self, text: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.result(text);
        }
    }

    /// Something worth knowing beside the result, to standard error.
    pub(super) fn note(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            drop(writeln!(io::stderr().lock(), "note: {}", visible(text)));
        }
    }

    /// An error without a place, to standard error.
    pub(super) fn error(&self, text: &str) {
        self.diagnostics(&[Diagnostic::error("machine", text)]);
    }

    /// Asks for confirmation; without a person at a terminal there is none.
    pub(super) fn confirm(&self, question: &str) -> bool {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return false;
        }
        drop(write!(io::stderr().lock(), "{} [y/N] ", visible(question)));
        let mut answer = String::new();
        drop(io::stdin().read_line(&mut answer));
        matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
    }

    /// Several notes; of one kind, a few examples.
    pub(super) fn notes(&self, notes: &[String]) {
        if self.verbosity == Verbosity::Verbose {
            return notes.iter().for_each(|note| self.note(note));
        }
        for Kind { shown, more, .. } in kinds::of_texts(notes) {
            shown.iter().for_each(|note| self.note(note));
            if more > 0 {
                self.note(&and_more(more));
            }
        }
    }

    /// Problems, to standard error; of one kind, a few examples.
    pub(super) fn diagnostics(&self, problems: &[Diagnostic]) {
        let mut err = io::stderr().lock();
        let mut print = |text: &str| drop(writeln!(err, "{text}\n"));
        let kinds = kinds::of_diagnostics(problems);
        if self.verbosity == Verbosity::Verbose || kinds.iter().all(|kind| kind.more == 0) {
            return problems
                .iter()
                .for_each(|problem| print(&problem.to_text(self.color)));
        }
        for kind in kinds {
            if kind.more > 0 {
                print(&visible(&kind.heading()));
            }
            for problem in &kind.shown {
                print(&problem.to_text(self.color));
            }
            if kind.more > 0 {
                print(&and_more(kind.more));
            }
        }
    }
}

/// A progress bar that shows itself only for work over half a second, and only on a terminal; or
/// lines for a program that shows one.
pub(super) struct Bar<'t> {
    terminal: &'t Terminal,
    bar: Option<ProgressBar>,
    lines: Option<Mutex<Lines>>,
    start: Mutex<Instant>,
    done: AtomicU64,
    /// Steps between two looks at the time.
    stride: u64,
}

/// How far a stage is, as it was last written for a program.
struct Lines {
    stage: &'static str,
    of: usize,
    done: usize,
    written: Instant,
}

impl Lines {
    /// Time between two lines, at least.
    const PAUSE: Duration = Duration::from_millis(100);

    fn write(&mut self) {
        self.written = Instant::now();
        let Lines {
            stage, done, of, ..
        } = self;
        let line = serde_json::json!({ "stage": stage, "done": done, "of": of });
        drop(writeln!(io::stderr().lock(), "{line}"));
    }
}

impl<'t> Bar<'t> {
    const SHOWN_AFTER: Duration = Duration::from_millis(500);

    /// For steps that take microseconds.
    pub(super) fn new(terminal: &'t Terminal) -> Bar<'t> {
        Bar::with_stride(terminal, 64)
    }

    /// For steps that take long, over a network.
    pub(super) fn of_slow_steps(terminal: &'t Terminal) -> Bar<'t> {
        Bar::with_stride(terminal, 1)
    }

    /// The same, as lines of JSON to standard error: `{"stage": "files", "done": 3, "of": 29}`.
    #[must_use]
    pub(super) fn in_lines(mut self) -> Bar<'t> {
        self.bar = None;
        self.lines = Some(Mutex::new(Lines {
            stage: "",
            of: 0,
            done: 0,
            written: Instant::now(),
        }));
        self
    }

    fn lines(&self) -> Option<MutexGuard<'_, Lines>> {
        let lines = self.lines.as_ref()?;
        Some(lines.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with_stride(terminal: &'t Terminal, stride: u64) -> Bar<'t> {
        let shown = terminal.verbosity >= Verbosity::Normal && io::stderr().is_terminal();
        let bar = shown.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            bar.set_style(
                ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar
        });
        Bar {
            terminal,
            bar,
            lines: None,
            start: Mutex::new(Instant::now()),
            done: AtomicU64::new(0),
            stride,
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar<'_> {
    fn begin(&self, stage: &'static str, total: usize) {
        if let Some(mut lines) = self.lines() {
            (lines.stage, lines.of, lines.done) = (stage, total, 0);
            lines.write();
        }
        let Some(bar) = &self.bar else { return };
        if bar.is_finished() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
            bar.reset();
        }
        if let Ok(mut start) = self.start.lock() {
            *start = Instant::now();
        }
        self.done.store(0, Ordering::Relaxed);
        bar.set_length(total as u64);
        bar.set_message(stage);
    }

    fn step(&self) {
        if let Some(mut lines) = self.lines() {
            lines.done += 1;
            if lines.written.elapsed() > Lines::PAUSE {
                lines.write();
            }
        }
        let Some(bar) = &self.bar else { return };
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(self.stride) {
            if bar.is_hidden()
                && self
                    .start
                    .lock()
                    .is_ok_and(|start| start.elapsed() > Self::SHOWN_AFTER)
            {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            bar.set_position(done);
        }
    }
    fn allows(&self, loss: &Loss) -> bool {
        self.finish();
        let Loss { kind, fewer, of } = loss;
        self.terminal.confirm(&format!(
            "Take {fewer} of the {of} {kind} of the last build out of the output?"
        ))
    }
}
