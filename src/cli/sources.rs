//! `newsgen sources`.
//!
//! # Files
//!
//! - `list.rs`: the list
//! - `add.rs`: `sources add`
//! - `opml.rs`: `sources import` and `export`
//! - `pause.rs`: `sources pause` and `resume`
//! - `test.rs`: `sources test`

mod add;
mod list;
mod opml;
mod pause;
mod test;

use std::io;
use std::path::Path;

use url::Url;

use super::args::{Common, SourcesArgs, SourcesCommand};
use super::terminal::Terminal;
use super::{Exit, root};
use crate::config::{Config, Overrides};
use crate::content::{self, SourceFile};
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::fetch::{LARGEST_FEED, answer, story};
use crate::http::{Client, Response, Validators};
use crate::pipeline::{Failure, MachineError};
use crate::workspace::{Disk, Workspace};

pub(super) fn run(
    common: &Common,
    args: &SourcesArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    match &args.command {
        None => list::run(common, args, terminal),
        Some(SourcesCommand::Test(args)) => test::run(common, args, terminal),
        Some(SourcesCommand::Add(args)) => add::run(common, args, terminal),
        Some(SourcesCommand::Import(args)) => opml::import(common, args, terminal),
        Some(SourcesCommand::Export) => opml::export(common, terminal),
        Some(SourcesCommand::Pause(args)) => pause::run(common, args, true, terminal),
        Some(SourcesCommand::Resume(args)) => pause::run(common, args, false, terminal),
    }
}

/// A site, its settings and its sources.
pub(super) struct Site {
    pub(super) disk: Disk,
    pub(super) config: Config,
    pub(super) sources: Vec<SourceFile>,
    /// What is wrong with source files.
    pub(super) problems: Vec<Diagnostic>,
}

impl Site {
    pub(super) fn load(common: &Common) -> Result<Site, Failure> {
        let root = root(common);
        let config = root.config(&Overrides::default())?;
        let disk = Disk::new(&root.folder);
        let (sources, problems) = content::sources(&disk, &config);
        Ok(Site {
            disk,
            config,
            sources,
            problems,
        })
    }

    /// The source of a name.
    pub(super) fn source(&self, name: &str) -> Result<&SourceFile, Diagnostic> {
        find(&self.sources, name)
    }
}

fn find<'a>(sources: &'a [SourceFile], name: &str) -> Result<&'a SourceFile, Diagnostic> {
    let by_name = sources.iter().find(|source| source.name == name);
    by_name
        .or_else(|| sources.iter().find(|source| source.path == name))
        .ok_or_else(|| {
            let names = sources.iter().map(|source| source.name.as_str());
            let help = match nearest(name, names) {
                Some(right) => format!("did you mean `{right}`?"),
                None => "`newsgen sources` lists them".to_owned(),
            };
            Diagnostic::error("source", format!("there is no source `{name}`")).help(help)
        })
}

/// The bytes of a file that is named on the command line.
fn read_file(path: &str) -> Result<Vec<u8>, Failure> {
    let disk = Disk::new(Path::new(""));
    let problem = |message: String| {
        let problem = Diagnostic::error("feed", message).at(Location::file(path));
        Failure::Site(vec![problem])
    };
    let unreadable = |error: io::Error| problem(format!("it cannot be read: {error}"));
    let size = disk.stamp(path).map_err(unreadable)?.size;
    if size > LARGEST_FEED {
        let most = LARGEST_FEED >> 20;
        return Err(problem(format!("it is larger than {most} MiB")));
    }
    disk.read(path).map_err(unreadable)
}

/// The address that is meant, if it is one and no file.
pub(super) fn address(written: &str) -> Option<Url> {
    let lower = written.trim_start().to_ascii_lowercase();
    let is_address = lower.starts_with("http://") || lower.starts_with("https://");
    Url::parse(written.trim()).ok().filter(|_| is_address)
}

/// A client for the feeds of a site.
pub(super) fn client(config: &Config) -> Result<Client, Failure> {
    let client = story::client(config).map_err(MachineError::Client)?;
    Ok(client)
}

/// The document at an address.
fn fetch(client: &Client, url: &Url) -> Result<Response, Diagnostic> {
    let problem =
        |message: String| Diagnostic::error("fetch", message).at(Location::file(url.as_str()));
    let response = client
        .get_now(url, &Validators::default())
        .map_err(|error| problem(error.to_string()))?;
    match answer::refusal(&response) {
        Some(refusal) => Err(problem(refusal)),
        None => Ok(response),
    }
}
