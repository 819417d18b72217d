//! `newsgen new`.

use std::io::{BufRead, stdin};

use super::args::{Common, NewArgs};
use super::terminal::Terminal;
use super::{Exit, cannot_write, now, plural, root};
use crate::config::{Config, Overrides};
use crate::content::cache::Cache;
use crate::content::{self, LARGEST_FILE, Parser};
use crate::diagnostic::{Diagnostic, Location};
use crate::edit::{self, Created, Draft, DraftError, Known};
use crate::pipeline::{Failure, MachineError};
use crate::time::Time;
use crate::workspace::Disk;

pub(super) fn run(common: &Common, args: &NewArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let root = root(common);
    let config = root.config(&Overrides::default())?;
    let parser = Parser::new(&config);
    let disk = Disk::new(&root.folder);
    let cache = Cache::open(&root.cache(), parser.hash());
    let library = content::load(&disk, &config, &parser, cache).library;
    let mut writer = Writer {
        now: now(common, Some(&config))?,
        known: Known::of(&library),
        disk,
        config,
        parser,
        terminal,
    };
    if args.stdin {
        return writer.write_lines(stdin().lock());
    }
    let draft = args.draft();
    match writer.write(&draft, "") {
        Ok(()) => Ok(Exit::Good),
        Err(DraftError::Invalid(problems)) => Err(Failure::Site(problems)),
        Err(DraftError::Write(path, error)) => Err(cannot_write(&path, error)),
    }
}

/// Writes articles of one site.
struct Writer<'a> {
    now: Time,
    known: Known,
    disk: Disk,
    config: Config,
    parser: Parser,
    terminal: &'a Terminal,
}

impl Writer<'_> {
    /// Writes an article, and says what is worth knowing of its link and topics. `place` says where
    /// the draft comes from, and is put before each remark.
    fn write(&mut self, draft: &Draft, place: &str) -> Result<(), DraftError> {
        let (config, parser, known) = (&self.config, &self.parser, &self.known);
        let Created { path, url } =
            edit::create(&self.disk, config, parser, known, draft, self.now)?;
        if let Some(other) = known.article_with(&url) {
            self.terminal
                .note(&format!("{place}{other} leads to the same story"));
        }
        for remark in draft
            .topics
            .iter()
            .filter_map(|topic| known.remark_on_topic(topic))
        {
            self.terminal.note(&format!("{place}{remark}"));
        }
        self.terminal.result(&path);
        self.known.add_link(&url, &path);
        Ok(())
    }

    /// Writes an article for each line of JSON. A line that is wrong is reported with its number,
    /// and the others are written.
    fn write_lines(&mut self, lines: impl BufRead) -> Result<Exit, Failure> {
        let (mut written, mut problems) = (0, Vec::new());
        let ended = self.write_each(lines, &mut written, &mut problems);
        // What is wrong with lines is reported even if the machine failed at a later one.
        if !problems.is_empty() {
            self.terminal.diagnostics(&problems);
        }
        if ended.is_err() || !problems.is_empty() {
            self.terminal.note(&format!(
                "{}; {} written",
                plural(problems.len(), "error", "errors"),
                plural(written, "article", "articles")
            ));
        }
        ended?;
        Ok(match problems.is_empty() {
            true => Exit::Good,
            false => Exit::SiteHasErrors,
        })
    }

    fn write_each(
        &mut self,
        mut lines: impl BufRead,
        written: &mut usize,
        problems: &mut Vec<Diagnostic>,
    ) -> Result<(), Failure> {
        for number in 1.. {
            let mut line = Vec::new();
            let length = lines
                .read_until(b'\n', &mut line)
                .map_err(MachineError::Input)?;
            if length == 0 {
                break;
            }
            match read(&line, number) {
                Ok(None) => continue,
                Err(problem) => problems.push(problem),
                Ok(Some(draft)) => match self.write(&draft, &format!("line {number}: ")) {
                    Ok(()) => *written += 1,
                    Err(DraftError::Invalid(wrong)) => {
                        problems.extend(wrong.into_iter().map(|problem| Diagnostic {
                            message: format!("line {number}: {}", problem.message),
                            location: None,
                            ..problem
                        }))
                    }
                    Err(DraftError::Write(path, error)) => {
                        return Err(cannot_write(&path, error));
                    }
                },
            }
        }
        Ok(())
    }
}

/// Reads a line of JSON; none when the line is blank.
fn read(line: &[u8], number: usize) -> Result<Option<Draft>, Diagnostic> {
    let wrong = |message: String, column: usize| {
        let text = String::from_utf8_lossy(line);
        let location = Location::at("standard input", text.trim_end(), 1, column);
        let location = Location {
            line: number,
            ..location
        };
        Diagnostic::error("new", message).at(location).help(
            "write one object a line, like {\"title\": \"A headline\", \"url\": \"https://…\"}",
        )
    };
    if line.len() as u64 > LARGEST_FILE {
        let message = format!("line {number} is longer than an article may be");
        return Err(Diagnostic::error("new", message));
    }
    let text = std::str::from_utf8(line).map_err(|_| wrong("it is not UTF-8".to_owned(), 1))?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text).map(Some).map_err(|error| {
        let message = error.to_string();
        let (message, _) = message.rsplit_once(" at line ").unwrap_or((&message, ""));
        wrong(message.to_owned(), error.column())
    })
}
