//! What servers answer: a feed, or why not, in words.

use super::feed::{self, Feed, NotAFeed, Origin};
use crate::http::Response;

/// What the bytes of an answer come with.
pub fn origin(response: &Response) -> Origin<'_> {
    Origin {
        address: Some(&response.url),
        charset: response.charset(),
    }
}

/// The feed of an answer.
///
/// # Errors
/// When it is none, and what it seems to be.
pub fn feed(response: &Response) -> Result<Feed, NotAFeed> {
    feed::read(&response.body, origin(response))
}

/// Why an answer is no document; none if it may be one.
pub fn refusal(response: &Response) -> Option<String> {
    let status = response.status;
    Some(match status {
        200 => return None,
        304 => "the server says that it has not changed (304), and was not asked".to_owned(),
        401 | 403 | 406 | 429 | 503 if is_challenge(response) => {
            format!("the server answers browsers only ({status})")
        }
        401 | 403 => format!("the server refuses it ({status})"),
        404 => "there is no such document (404)".to_owned(),
        410 => "it is gone for good (410)".to_owned(),
        429 => "the server was asked too often (429)".to_owned(),
        500..=599 => format!("the server failed ({status})"),
        _ => format!("the server answers with status {status}"),
    })
}

/// Whether a page is one that keeps programs out.
fn is_challenge(response: &Response) -> bool {
    const SIGNS: [&str; 5] = [
        "challenge-platform",
        "cf-chl",
        "captcha",
        "enable javascript and cookies",
        "just a moment...",
    ];
    let head = &response.body[..response.body.len().min(64 << 10)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    SIGNS.iter().any(|sign| head.contains(sign))
}
