//! `newsgen sources add`.

use super::{Site, cannot_write, read_file};
use crate::cli::Exit;
use crate::cli::args::{Common, SourcesAddArgs};
use crate::cli::terminal::Terminal;
use crate::content::text;
use crate::diagnostic::{Diagnostic, Location};
use crate::fetch::feed::{self, Origin};
use crate::fetch::register::{self, NewSource};
use crate::pipeline::Failure;

pub(super) fn run(
    common: &Common,
    args: &SourcesAddArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let site = Site::load(common)?;
    let new = of_file(args)?;
    let name = args.name.as_deref();
    if let Some(source) = register::known(&site.sources, &new.feed) {
        let problem = Diagnostic::error("source", "a source has this feed already");
        return Err(Failure::Site(vec![
            problem.at(Location::file(&source.path)),
        ]));
    }
    let folder = &site.config.content.sources;
    let path = register::create(&site.disk, folder, name, &new)
        .map_err(|error| cannot_write(folder, &error))?;
    terminal.result(&path);
    Ok(Exit::Good)
}

/// What a downloaded feed says of itself.
fn of_file(args: &SourcesAddArgs) -> Result<NewSource, Failure> {
    let bytes = read_file(&args.feed)?;
    let problem =
        |message: String| Diagnostic::error("feed", message).at(Location::file(&args.feed));
    let feed = feed::read(&bytes, Origin::default())
        .map_err(|error| Failure::Site(vec![problem(error.to_string())]))?;
    let address = feed.address.as_deref().and_then(text::web_url);
    let address = address.ok_or_else(|| {
        let problem = problem("the feed does not say what its address is".to_owned())
            .help("write a file in the folder of sources that names it: `feed: https://…`");
        Failure::Site(vec![problem])
    })?;
    Ok(NewSource {
        feed: address,
        title: feed.title,
    })
}
