//! The commands: one file each. They parse, call [`crate::pipeline`], and print.
//!
//! A command is a variant of [`args::Command`], a file here, and a branch in `command`.
//!
//! - `args.rs`: the command line, and the source of `docs/commands.md`
//! - `terminal.rs`: the only file that prints
//! - `editorial.rs`: articles, queue and ledger, for `fetch`, `queue` and `sources`
//!
//! # Commands
//!
//! - `build.rs`: `build`
//! - `check.rs`: `check`
//! - `serve.rs`: `serve`
//! - `deploy.rs`: `deploy`
//! - `list.rs`: `list`
//! - `explain.rs`: `explain`
//! - `leads.rs`: why a story leads the front page, for `explain`
//! - `init.rs`: `init`
//! - `new.rs`: `new`
//! - `set.rs`: `set`
//! - `theme.rs`: `theme`
//! - `sources.rs`: `sources`
//! - `fetch.rs`: `fetch`
//! - `queue.rs`: `queue`
//! - `publishing.rs`: the condition of publishing, as commands show it

pub mod args;
mod build;
mod check;
mod deploy;
mod editorial;
mod explain;
mod fetch;
mod init;
mod leads;
mod list;
mod new;
mod publishing;
mod queue;
mod serve;
mod set;
mod sources;
mod terminal;
mod theme;

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::config::{Config, Overrides, language};
use crate::curate::Drafts;
use crate::diagnostic::Diagnostic;
use crate::ids::EditionId;
use crate::pipeline::{
    BuildContext, CacheAt, Failure, MachineError, Root, SETTINGS, Site, Timings, prepare,
};
use crate::time::Time;
use crate::workspace::{Disk, WriteError};
use args::{Cli, Command, Common};
use terminal::Terminal;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Good = 0,
    SiteHasErrors = 1,
    WrongUsage = 2,
    MachineFailed = 3,
    /// As shells have it for a program that ends by SIGINT: 128 and its number.
    Interrupted = 130,
}

/// Runs the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is no reason to complain.
            drop(error.print());
            return ExitCode::from(if error.use_stderr() {
                Exit::WrongUsage as u8
            } else {
                Exit::Good as u8
            });
        }
    };
    let terminal = Terminal::new(&cli.common);
    let exit = command(&cli, &terminal).unwrap_or_else(|failure| match failure {
        Failure::Site(problems) => {
            terminal.diagnostics(&problems);
            let errors = problems.iter().filter(|problem| problem.is_error()).count();
            let undone = match cli.command {
                Command::Build(_) | Command::Init(_) | Command::New(_) | Command::Set(_) => {
                    Some("written")
                }
                Command::Deploy(_) => Some("sent"),
                _ => None,
            };
            if let Some(undone) = undone {
                terminal.note(&format!(
                    "{}; nothing was {undone}",
                    plural(errors, "error", "errors")
                ));
            }
            Exit::SiteHasErrors
        }
        Failure::Machine(error) => {
            terminal.error(&error.to_string());
            Exit::MachineFailed
        }
    });
    let exit = match terminal.lost() {
        Some(error) if exit != Exit::MachineFailed => {
            terminal.error(&format!("cannot write to standard output: {error}"));
            Exit::MachineFailed
        }
        _ => exit,
    };
    ExitCode::from(exit as u8)
}

fn command(cli: &Cli, terminal: &Terminal) -> Result<Exit, Failure> {
    let common = &cli.common;
    match &cli.command {
        Command::Build(args) => build::run(common, args, terminal),
        Command::Deploy(args) => deploy::run(common, args, terminal),
        Command::Serve(args) => serve::run(common, args, terminal),
        Command::Check(args) => check::run(common, args, terminal),
        Command::List(args) => list::run(common, args, terminal),
        Command::Explain(args) => explain::run(common, args, terminal),
        Command::Init(args) => init::run(common, args, terminal),
        Command::New(args) => new::run(common, args, terminal),
        Command::Set(args) => set::run(common, args, terminal),
        Command::Sources(args) => sources::run(common, args, terminal),
        Command::Fetch(args) => fetch::run(common, args, terminal),
        Command::Queue(args) => queue::run(common, args, terminal),
        Command::Theme(args) => theme::run(common, args, terminal),
        Command::Completions(args) => {
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "newsgen", &mut script);
            terminal.data(String::from_utf8_lossy(&script).trim_end());
            Ok(Exit::Good)
        }
    }
}

/// The site that is meant. `NEWSGEN_STATE` is read here and nowhere else.
fn root(common: &Common) -> Root {
    let from_environment = || {
        std::env::var_os("NEWSGEN_STATE")
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from)
    };
    Root {
        folder: common.root.clone(),
        config: common.config.clone(),
        state: common.state.clone().or_else(from_environment),
    }
}

/// Ends a command that prints JSON and failed: what is wrong is its result. `left_out` is what was
/// found before and did no harm.
fn fail_as_json(failure: Failure, mut left_out: Vec<Diagnostic>, terminal: &Terminal) -> Exit {
    let exit = match failure {
        Failure::Site(_) => Exit::SiteHasErrors,
        Failure::Machine(_) => Exit::MachineFailed,
    };
    left_out.extend(failure.into_diagnostics());
    terminal.json(&serde_json::json!({ "diagnostics": left_out }));
    exit
}

/// A file of the site cannot be written.
fn cannot_write(path: &str, error: WriteError) -> Failure {
    let path = path.to_owned();
    MachineError::Write { path, error }.into()
}

/// What counts as now: the flag, else `SOURCE_DATE_EPOCH`
/// (<https://reproducible-builds.org/specs/source-date-epoch/>), else the clock. This is the only
/// place that reads the clock for a build.
fn now(common: &Common, config: Option<&Config>) -> Result<Time, Failure> {
    let wrong = |message: String, help: &str| {
        Failure::Site(vec![Diagnostic::error("now", message).help(help)])
    };
    let zone = config.map_or(jiff::tz::TimeZone::UTC, |config| config.time_zone.clone());
    if let Some(written) = &common.now {
        return Time::parse(written, &zone)
            .map_err(|error| wrong(format!("`--now {written}` {error}"), error.help()));
    }
    if let Some(epoch) = std::env::var_os("SOURCE_DATE_EPOCH") {
        let seconds = epoch
            .to_str()
            .and_then(|text| text.parse().ok())
            .and_then(Time::from_seconds);
        return seconds.ok_or_else(|| {
            wrong(
                "SOURCE_DATE_EPOCH is not a number of seconds since 1970".to_owned(),
                "unset it, or set it to a number like 1795424400",
            )
        });
    }
    Ok(Time::from_seconds(jiff::Timestamp::now().as_second()).unwrap_or_default())
}

/// Loads, curates and plans the site of a command that does not write.
fn look(common: &Common) -> Result<Site, Failure> {
    let root = root(common);
    let config = root.config(&Overrides::default())?;
    let context = BuildContext {
        now: now(common, Some(&config))?,
        drafts: Drafts::Out,
    };
    prepare(
        &Disk::new(&root.folder),
        config,
        context,
        CacheAt::Nowhere,
        &mut Timings::default(),
    )
}

/// The edition that `--language` names; none when it is not given.
///
/// # Errors
/// When the site has no such edition.
fn wanted_edition(config: &Config, tag: Option<&str>) -> Result<Option<EditionId>, Failure> {
    let Some(tag) = tag else {
        return Ok(None);
    };
    let editions = config.editions();
    let locales = || editions.iter().map(|config| config.locale.as_str());
    if let Some(id) = editions.find(|config| language::is_same(&config.locale, tag)) {
        return Ok(Some(id));
    }
    let known: Vec<&str> = locales().collect();
    let message = format!("the site has no edition in the language `{tag}`");
    let help = match editions.len() {
        1 => "it has one edition; [languages] in site.toml makes others".to_owned(),
        _ => format!("it has {}", known.join(", ")),
    };
    let problem = Diagnostic::error("language", message).help(help);
    Err(Failure::Site(vec![problem]))
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The options that name the same site, as words of a shell.
fn site_options(common: &Common) -> String {
    let mut options = String::new();
    let mut add = |name: &str, value: &str| options += &format!(" {name} {}", word(value));
    if common.root != Path::new(".") {
        add("--root", &common.root.to_string_lossy());
    }
    if common.config != SETTINGS {
        add("--config", &common.config);
    }
    if let Some(state) = &common.state {
        add("--state", &state.to_string_lossy());
    }
    options
}

/// A text as one word of a POSIX shell
/// (<https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02>).
fn word(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:,@%".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("'{}'", text.replace('\'', r"'\''"))),
    }
}

/// A path as the library names it: relative to the root, from wherever it was given.
fn relative(root: &Path, given: &str) -> String {
    let full = |path: PathBuf| crate::workspace::real_path(path).ok();
    let found = full(PathBuf::from(given)).or_else(|| full(root.join(given)));
    let inside =
        found.and_then(|path| Some(path.strip_prefix(full(root.to_owned())?).ok()?.to_owned()));
    let path = inside.unwrap_or_else(|| PathBuf::from(given));
    crate::workspace::portable(&path)
        .trim_start_matches("./")
        .to_owned()
}
