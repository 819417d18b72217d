//! What an object store says when it refuses, in words for a person, and without what may be a
//! secret.

use std::error::Error as _;

use object_store::Error;

use super::{DeployError, Refusal};

/// Longest piece of a store's own words.
const LONGEST: usize = 300;

/// Where machines of clouds hand out credentials.
const METADATA: [&str; 4] = [
    "/latest/api",
    "/latest/meta-data",
    "/computeMetadata/",
    "/metadata/identity/",
];

/// Why a store refuses. `action` is what was to be done, in words before the name of the target.
pub(super) fn store_error(action: &str, target: &str, error: &Error) -> DeployError {
    let words = words(error);
    let code = || between(&words, "<Code>", "</Code>").map(str::to_owned);
    let refusal = match error {
        // Without anything else, a machine of a cloud is asked for its own; elsewhere nobody
        // answers.
        _ if METADATA.iter().any(|address| words.contains(address)) => Refusal::NoCredentials,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            Refusal::NotAllowed(code())
        }
        Error::NotFound { .. } => Refusal::NoBucket(code()),
        _ => answered(&words).unwrap_or_else(|| Refusal::GaveUp(short(&words))),
    };
    DeployError::Store {
        target: target.to_owned(),
        action: action.to_owned(),
        refusal,
    }
}

/// Why a store cannot be made of what the environment says.
pub(super) fn setup_error(target: &str, error: &Error) -> DeployError {
    DeployError::Store {
        target: target.to_owned(),
        action: "use".to_owned(),
        refusal: Refusal::Environment(short(&words(error))),
    }
}

/// The words of an error and of its causes, each once.
fn words(error: &Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_words = inner.to_string();
        if !words.contains(&inner_words) {
            words = format!("{words}: {inner_words}");
        }
        cause = inner.source();
    }
    words
}

/// What a store answered, if it stands in the words of an error.
fn answered(words: &str) -> Option<Refusal> {
    let code = between(words, "<Code>", "</Code>")?.to_owned();
    let message = between(words, "<Message>", "</Message>").map(str::to_owned);
    Some(Refusal::Answered { code, message })
}

/// What matters in the words of a client: all without queries of URLs, which may be signatures.
fn short(words: &str) -> String {
    let plain: Vec<&str> = words
        .split_whitespace()
        .map(|word| {
            if word.contains("://") {
                word.split('?').next().unwrap_or(word)
            } else {
                word
            }
        })
        .collect();
    let plain = plain.join(" ");
    // What was asked for and how often it was tried stands before that; the target is named
    // already.
    let plain = plain
        .rsplit_once(" - ")
        .map_or(plain.as_str(), |(_, reason)| reason);
    let plain = match plain
        .strip_prefix("Generic ")
        .and_then(|rest| rest.split_once(" error: "))
    {
        Some((_, reason)) => reason,
        None => plain,
    };
    match plain.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &plain[..at]),
        None => plain.to_owned(),
    }
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let start = text.find(from)? + from.len();
    let end = start + text[start..].find(to)?;
    Some(&text[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_shown_and_signatures_are_not() {
        let answer = "Server returned 503: <Error><Code>SlowDown</Code><Message>Reduce your \
                      rate.</Message></Error>";
        let refusal = Refusal::Answered {
            code: "SlowDown".to_owned(),
            message: Some("Reduce your rate.".to_owned()),
        };
        assert_eq!(answered(answer), Some(refusal));
        let failed = short(
            "error sending request for https://a.blob.example/c/x?sv=1&sig=hunter2 : timed out",
        );
        assert_eq!(
            failed,
            "error sending request for https://a.blob.example/c/x : timed out"
        );
        let retried = "Generic S3 error: Error performing PUT http://h/b/x in 8s, after 3 retries \
                       - HTTP error: timed out";
        assert_eq!(short(retried), "HTTP error: timed out");
        assert!(short(&"long ".repeat(1000)).len() < 400);
    }
}
