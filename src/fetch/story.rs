//! A story that somebody has the address of: its page is fetched, and what it says of the story
//! becomes a proposal, as an item of a feed does.

use std::fmt;
use std::time::Duration;

use url::Url;

use super::answer;
use super::feed::{self, Entry, Feed, Story};
use super::proposal::{Basis, Proposal};
use crate::config::Config;
use crate::content::link;
use crate::http::{self, Client, Options, Response, SetupError, Validators};

/// Longest time for the page of a story, and most of its bytes: its head is all that is read.
pub const PAGE: (Duration, usize) = (Duration::from_secs(10), 2 << 20);

/// Why the page of a story says nothing.
#[derive(Debug)]
pub enum Unread {
    /// No requests can be made.
    Setup(SetupError),
    /// It is no address.
    Address(url::ParseError),
    /// There is no answer.
    Request(http::Error),
    /// The server refuses, in words.
    Refused(String),
    /// The answer is of this media type.
    NoPage(String),
    /// The page has no title.
    Untitled,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Setup(error) => error.fmt(f),
            Unread::Address(error) => error.fmt(f),
            Unread::Request(error) => error.fmt(f),
            Unread::Refused(why) => f.write_str(why),
            Unread::NoPage(kind) => write!(f, "it is no HTML page ({kind})"),
            Unread::Untitled => f.write_str("the page does not say what it is about"),
        }
    }
}

/// A client for the network as the settings of a site allow it.
///
/// # Errors
/// When the system does not let us make one.
pub fn client(config: &Config) -> Result<Client, SetupError> {
    let base = &config.base_url;
    let address = config
        .is_set("base_url")
        .then(|| format!("{}{}/", base.origin, base.path));
    let options = Options::of_site(address.as_deref(), &config.fetch.allow_hosts);
    Client::new(options)
}

/// An address as people write and paste it, clean; none if it is none of the web.
pub fn address(written: &str) -> Option<String> {
    let written = written.trim();
    let has_scheme = written.contains("://");
    let is_host = |host: &str| host.contains('.') && !host.contains(char::is_whitespace);
    let host = written.split(['/', '?', '#']).next().unwrap_or_default();
    match has_scheme {
        true => link::web_url(written),
        false if is_host(host) => link::web_url(&format!("https://{written}")),
        false => None,
    }
}

/// What the page at an address says of its story. Its link is the address that answered, or the
/// one that the page gives for itself.
///
/// # Errors
/// Why there is nothing.
pub fn read(client: &Client, address: &str) -> Result<Story, Unread> {
    let url = Url::parse(address).map_err(Unread::Address)?;
    let answer = client
        .bounded(PAGE.0, PAGE.1)
        .get_now(&url, &Validators::default())
        .map_err(Unread::Request)?;
    if let Some(refusal) = answer::refusal(&answer) {
        return Err(Unread::Refused(refusal));
    }
    if let Some(kind) = other_kind(&answer) {
        return Err(Unread::NoPage(kind.to_owned()));
    }
    let mut story = feed::story(&answer.body, answer::origin(&answer));
    let own = story.entry.link.take();
    story.entry.link = own.or_else(|| link::web_url(answer.url.as_str()));
    match story.entry.title {
        Some(_) => Ok(story),
        None => Err(Unread::Untitled),
    }
}

/// The media type of an answer, if it is none of a page.
fn other_kind(answer: &Response) -> Option<&str> {
    let kind = answer.content_type.as_deref()?.split(';').next()?.trim();
    let is_page = ["html", "xhtml", "plain"]
        .iter()
        .any(|it| kind.contains(it));
    (!is_page && !kind.is_empty()).then_some(kind)
}

/// What is proposed of the story at an address: `story` is what its page says, if it could be read.
pub fn proposal(address: &str, story: Option<&Story>, basis: Basis<'_>) -> Proposal {
    let nothing = Entry {
        link: Some(address.to_owned()),
        ..Entry::default()
    };
    let entry = story.map_or(&nothing, |story| &story.entry);
    let feed = Feed::unknown();
    let mut proposal = Proposal::of(entry, &feed, None, Vec::new(), basis);
    // A page may not give itself the name of a provider that it is not of.
    let (name, domain) = basis.known.provider(None, &proposal.url);
    let is_unknown = name.as_ref() == Some(&domain);
    let publisher = story.and_then(|story| story.publisher.clone());
    let publisher = publisher
        .filter(|name| is_unknown && basis.known.provider(Some(name), &proposal.url).1 == domain);
    proposal.provider = publisher.or(name);
    proposal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_paste_them() {
        for (written, url) in [
            (" https://news.example/a ", Some("https://news.example/a")),
            ("news.example/a?b", Some("https://news.example/a?b")),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("ftp://news.example/a", None),
            ("just words", None),
            ("word", None),
        ] {
            assert_eq!(address(written).as_deref(), url, "{written}");
        }
    }
}
