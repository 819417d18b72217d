//! From a name to a connection, and why there is none.

use std::error::Error as StdError;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Error, guard};

/// Looks names up, and gives addresses of the public internet only, unless it trusts its names.
pub(super) struct Guarded {
    is_trusting: bool,
}

impl Guarded {
    pub(super) fn public() -> Arc<Guarded> {
        Arc::new(Guarded { is_trusting: false })
    }

    pub(super) fn trusting() -> Arc<Guarded> {
        Arc::new(Guarded { is_trusting: true })
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let is_trusting = self.is_trusting;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let all: Vec<SocketAddr> = found.map_or_else(|_| Vec::new(), Iterator::collect);
            if all.is_empty() {
                return Err(Refusal::of(Error::NoSuchHost(name.as_str().to_owned())));
            }
            // One private address among public ones is enough to refuse the name: which one is
            // taken would be chance.
            let is_public = all.iter().all(|address| guard::is_public(address.ip()));
            if !is_trusting && !is_public {
                return Err(Refusal::of(Error::Private(name.as_str().to_owned())));
            }
            let addresses: Addrs = Box::new(all.into_iter());
            Ok(addresses)
        })
    }
}

/// An error of ours on its way through errors of others.
#[derive(Debug)]
struct Refusal(Error);

impl Refusal {
    fn of(error: Error) -> Box<dyn StdError + Send + Sync> {
        Box::new(Refusal(error))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Refusal {}

/// The errors that led to an error, from the outermost on.
fn causes<'e>(error: &'e (dyn StdError + 'static)) -> Vec<&'e (dyn StdError + 'static)> {
    let mut causes = vec![error];
    let mut last = error;
    // Those of others do not go in circles; but who knows.
    while causes.len() < 32 {
        let inside = last
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .map(|inner| inner as &(dyn StdError + 'static));
        let Some(next) = inside.or_else(|| last.source()) else {
            break;
        };
        causes.push(next);
        last = next;
    }
    causes
}

/// The text of the error that all others follow from.
pub(super) fn innermost(error: &(dyn StdError + 'static)) -> String {
    causes(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// An error of the HTTP library in our words.
pub(super) fn explained(error: &reqwest::Error) -> Error {
    let causes = causes(error);
    let own = causes
        .iter()
        .find_map(|cause| cause.downcast_ref::<Refusal>());
    if let Some(Refusal(error)) = own {
        return error.clone();
    }
    let tls = causes
        .iter()
        .find_map(|cause| cause.downcast_ref::<rustls::Error>());
    if let Some(error) = tls {
        return Error::Tls(error.to_string());
    }
    let reason = innermost(error);
    if error.is_timeout() {
        Error::Timeout(super::CONNECT_TIMEOUT)
    } else if error.is_connect() {
        Error::Unreachable(reason)
    } else {
        Error::Broken(reason)
    }
}
