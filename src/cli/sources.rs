//! `newsgen sources`.

mod test;

use super::Exit;
use super::args::{Common, SourcesArgs, SourcesCommand};
use super::terminal::Terminal;
use crate::pipeline::Failure;

pub(super) fn run(
    common: &Common,
    args: &SourcesArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    match &args.command {
        None => Ok(Exit::Good),
        Some(SourcesCommand::Test(args)) => test::run(common, args, terminal),
    }
}
