//! `newsgen sources`.

mod add;
mod list;
mod opml;
mod pause;
mod test;

use std::io;
use std::path::Path;

use super::args::{Common, SourcesArgs, SourcesCommand};
use super::terminal::Terminal;
use super::{Exit, root};
use crate::config::{Config, Overrides};
use crate::content::{self, SourceFile};
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::fetch::LARGEST_FEED;
use crate::pipeline::Failure;
use crate::workspace::{Disk, Workspace, WriteError};

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
struct Site {
    disk: Disk,
    config: Config,
    sources: Vec<SourceFile>,
    /// What is wrong with source files.
    problems: Vec<Diagnostic>,
}

impl Site {
    fn load(common: &Common) -> Result<Site, Failure> {
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
    fn source(&self, name: &str) -> Result<&SourceFile, Diagnostic> {
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

fn cannot_write(path: &str, error: &WriteError) -> Failure {
    Failure::Machine(format!("cannot write {path}: {error}"))
}
