//! `[host]`.

use std::collections::{BTreeMap, BTreeSet};

/// `[host]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Whether there is a `_headers` file.
    pub headers: bool,
    /// Whether there is a `_redirects` file.
    pub redirects: bool,
    /// Whether aliases are pages.
    pub redirect_pages: bool,
    /// The web server that there is a file of headers and redirects for.
    pub server: Option<Server>,
    /// Files that the host takes; none when there is no limit.
    pub max_files: Option<usize>,
    /// What is added to directives of the content security policy.
    pub csp: BTreeMap<&'static str, BTreeSet<String>>,
}

/// A web server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Server {
    /// <https://nginx.org>.
    Nginx,
    /// <https://caddyserver.com>.
    Caddy,
}
