//! `newsgen sources pause` and `resume`.

use super::Site;
use crate::cli::Exit;
use crate::cli::args::{Common, SourcesPauseArgs};
use crate::cli::cannot_write;
use crate::cli::terminal::Terminal;
use crate::content::SourceFile;
use crate::diagnostic::{Diagnostic, Location};
use crate::fetch::register::{self, ChangeError};
use crate::pipeline::Failure;
use crate::workspace::WriteError;

pub(super) fn run(
    common: &Common,
    args: &SourcesPauseArgs,
    paused: bool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let site = Site::load(common)?;
    let found = args.names.iter().map(|name| site.source(name));
    let (mut sources, mut problems): (Vec<&SourceFile>, Vec<Diagnostic>) = Default::default();
    for source in found {
        match source {
            Ok(source) => sources.push(source),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::Site(problems));
    }
    let word = if paused { "paused" } else { "active" };
    for source in sources {
        match register::set_paused(&site.disk, source, paused) {
            Ok(true) => terminal.say(&format!("{} is {word}", source.name)),
            Ok(false) => terminal.say(&format!("{} is {word} already", source.name)),
            Err(ChangeError::Write(error @ WriteError::Io(_))) => {
                return Err(cannot_write(&source.path, error));
            }
            Err(error) => problems.push(
                Diagnostic::error("source", error.to_string()).at(Location::file(&source.path)),
            ),
        }
    }
    match problems.is_empty() {
        true => Ok(Exit::Good),
        false => Err(Failure::Site(problems)),
    }
}
