//! `newsgen sources add`.

use url::Url;

use super::{Site, address, client, fetch, read_file};
use crate::cli::Exit;
use crate::cli::args::{Common, SourcesAddArgs};
use crate::cli::cannot_write;
use crate::cli::terminal::Terminal;
use crate::content::link;
use crate::diagnostic::{Diagnostic, Location};
use crate::fetch::answer;
use crate::fetch::feed::{self, Feed, NotAFeed, Origin};
use crate::fetch::register::{self, NewSource};
use crate::http::Response;
use crate::pipeline::Failure;

pub(super) fn run(
    common: &Common,
    args: &SourcesAddArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let site = Site::load(common)?;
    let new = match address(&args.feed) {
        Some(url) => of_address(&site, &url)?,
        None => of_file(args)?,
    };
    let name = args.name.as_deref();
    if let Some(source) = register::known(&site.sources, &new.feed) {
        let problem = Diagnostic::error("source", "a source has this feed already");
        return Err(Failure::Site(vec![
            problem.at(Location::file(&source.path)),
        ]));
    }
    let folder = &site.config.content.sources;
    let path = register::create(&site.disk, folder, name, &new)
        .map_err(|error| cannot_write(folder, error))?;
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
    let address = feed.address.as_deref().and_then(link::web_url);
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

/// Where sites have their feeds when no page says so.
const USUAL_PLACES: [&str; 6] = [
    "/feed",
    "/feed.xml",
    "/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
];

/// The feed at an address, or that of the page there.
fn of_address(site: &Site, url: &Url) -> Result<NewSource, Failure> {
    let client = client(&site.config)?;
    let site_error = |problem: Diagnostic| Failure::Site(vec![problem]);
    let response = fetch(&client, url).map_err(site_error)?;
    let problem =
        |message: &str| Diagnostic::error("feed", message).at(Location::file(url.as_str()));
    let feeds = match answer::feed(&response) {
        Ok(feed) => return source(url, &response, feed).map_err(site_error),
        Err(NotAFeed::Page(feeds)) => feeds,
        Err(error) => return Err(site_error(problem(&error.to_string()))),
    };
    let absolute = |(link, title): &(String, Option<String>)| {
        let url = response.url.join(link).ok()?;
        Some((url, title.clone()))
    };
    let mut named: Vec<(Url, Option<String>)> = feeds.iter().filter_map(absolute).collect();
    named.dedup_by(|a, b| a.0 == b.0);
    match named.as_slice() {
        [] => {}
        [(feed, _)] => {
            let response = fetch(&client, feed).map_err(site_error)?;
            let read =
                answer::feed(&response).map_err(|error| site_error(problem(&error.to_string())))?;
            return source(feed, &response, read).map_err(site_error);
        }
        several => {
            let list = several.iter().map(|(url, title)| match title {
                Some(title) => format!("{url} ({title})"),
                None => url.to_string(),
            });
            let list: Vec<String> = list.collect();
            let help = format!("add one of them: {}", list.join(", "));
            return Err(site_error(
                problem("the page names several feeds").help(help),
            ));
        }
    }
    for place in USUAL_PLACES {
        let Ok(feed) = response.url.join(place) else {
            continue;
        };
        if let Ok(response) = fetch(&client, &feed)
            && let Ok(read) = answer::feed(&response)
        {
            return source(&feed, &response, read).map_err(site_error);
        }
    }
    let none = problem("the page names no feed, and there is none at the usual places");
    Err(site_error(none.help("give the address of the feed itself")))
}

/// The source of a feed that was fetched from an address. One that has moved for ever is taken from
/// its new address, unless it is empty there.
fn source(asked: &Url, response: &Response, feed: Feed) -> Result<NewSource, Diagnostic> {
    let moved = response.moved.as_ref().filter(|_| !feed.entries.is_empty());
    let url = moved.unwrap_or(asked);
    let clean = link::web_url(url.as_str()).ok_or_else(|| {
        Diagnostic::error("feed", format!("`{url}` is no address that can be kept"))
            .help("give one without a user name and a password")
    })?;
    Ok(NewSource {
        feed: clean,
        title: feed.title,
    })
}
