//! Base URLs: where a site is served.

use url::{Host as UrlHost, Url};

/// Where a site is served: an origin and a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    /// Scheme, host and port, without a slash at the end.
    pub origin: String,
    /// Path without a slash at the end: empty, or `/ai`.
    pub path: String,
}

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    /// The reason, in words that follow on its name.
    pub fn parse(written: &str) -> Result<BaseUrl, &'static str> {
        let url = Url::parse(written).map_err(|_| "is not a URL")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("must start with http:// or https://");
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("must consist of scheme, host and path only");
        }
        Ok(BaseUrl {
            origin: url.origin().ascii_serialization(),
            path: url.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Whether the site can only be seen on the machine that serves it.
    pub fn is_local(&self) -> bool {
        Url::parse(&self.origin).is_ok_and(|url| is_this_machine(&url))
    }
}

/// Whether a URL leads to the machine that it is followed on: `localhost` (RFC 6761), a loopback
/// address, or the address that stands for all of a machine.
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(UrlHost::Domain(name)) => name == "localhost",
        Some(UrlHost::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(UrlHost::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        None => false,
    }
}
