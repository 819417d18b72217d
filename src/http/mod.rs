//! The one door to the network.
//!
//! Requests are `GET` over `http` and `https`. They go to addresses of the public internet only,
//! which is checked for every address that a name leads to and on every redirect, at the moment of
//! connecting; `fetch.allow_hosts` names exceptions. Time, size and redirects are bounded. Proxies
//! of the environment are not used: behind one, it is not known where a request goes.
//!
//! # Files
//!
//! - `guard.rs`: which addresses are public
//! - `connect.rs`: looks names up and explains errors
//! - `body.rs`: decompresses

mod body;
mod connect;
pub mod guard;

use std::fmt;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use tokio::time;
use url::{Host, Url};

use connect::Guarded;

/// How requests are made.
#[derive(Clone, Debug)]
pub struct Options {
    /// What requests say that they come from.
    pub user_agent: String,
    /// Hosts that may be in a private network, with or without a port.
    pub allow_hosts: Vec<String>,
    /// Longest time for a request with all its redirects.
    pub timeout: Duration,
    /// Bytes of a body, with and without its compression.
    pub most_bytes: usize,
}

impl Options {
    /// The usual ones: 20 seconds, 15 MiB. `address` is that of the site, if it has one.
    pub fn of_site(address: Option<&str>, allow_hosts: &[String]) -> Options {
        let version = env!("CARGO_PKG_VERSION");
        Options {
            user_agent: match address {
                Some(address) => format!("newsgen/{version} (+{address})"),
                None => format!("newsgen/{version}"),
            },
            allow_hosts: allow_hosts.to_vec(),
            timeout: Duration::from_secs(20),
            most_bytes: LARGEST_BODY,
        }
    }
}

/// Bytes of a body after decompression, if nothing else is asked for.
pub const LARGEST_BODY: usize = 15 << 20;

/// Redirects of one request.
const MOST_REDIRECTS: usize = 5;

/// Longest time for a connection, its handshake included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What says to a server which version of a document is known: bytes as it sent them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<Vec<u8>>,
    /// `Last-Modified`.
    pub last_modified: Option<Vec<u8>>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// The address that answered, after redirects.
    pub url: Url,
    /// Where the document has moved to for ever, if every redirect on the way to there said so.
    pub moved: Option<Url>,
    /// The validators of this version.
    pub validators: Validators,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `Expires`.
    pub expires: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// The body without its compression; empty for a 304.
    pub body: Vec<u8>,
}

impl Response {
    /// The encoding that `Content-Type` names.
    pub fn charset(&self) -> Option<&str> {
        let parameters = self.content_type.as_deref()?.split(';').skip(1);
        parameters
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .map(|(_, value)| value.trim().trim_matches('"'))
    }

    /// Whether the document is the known one.
    pub fn is_unchanged(&self) -> bool {
        self.status == 304
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The address is none that is fetched.
    Address(String),
    /// The address is in a private network.
    Private(String),
    /// The name of the host leads nowhere.
    NoSuchHost(String),
    /// The host refuses connections, or cannot be reached.
    Unreachable(String),
    /// The host does not prove that it is the one that is meant.
    Tls(String),
    /// It took longer than is waited for.
    Timeout(Duration),
    /// There were too many redirects.
    Redirects,
    /// A redirect leads nowhere.
    BadRedirect,
    /// The answer has more bytes than that.
    TooLarge(usize),
    /// The body is compressed in a way that was not asked for.
    Encoding(String),
    /// The body cannot be decompressed.
    Damaged(String),
    /// The answer ended before its end, or is no HTTP.
    Broken(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Address(url) => write!(f, "`{url}` is no address of http or https"),
            Error::Private(host) => write!(
                f,
                "{host} is in a private network (fetch.allow_hosts lists exceptions)"
            ),
            Error::NoSuchHost(host) => write!(f, "there is no host {host}"),
            Error::Unreachable(reason) => write!(f, "the host cannot be reached: {reason}"),
            Error::Tls(reason) => write!(f, "the connection is not secure: {reason}"),
            Error::Timeout(time) => write!(f, "no answer within {} seconds", time.as_secs_f32()),
            Error::Redirects => write!(f, "more than {MOST_REDIRECTS} redirects"),
            Error::BadRedirect => f.write_str("a redirect that leads nowhere"),
            Error::TooLarge(most) if *most >= 1 << 20 => {
                write!(f, "the answer is larger than {} MiB", most >> 20)
            }
            Error::TooLarge(most) => write!(f, "the answer is larger than {most} bytes"),
            Error::Encoding(name) => write!(f, "the answer is compressed as `{name}`"),
            Error::Damaged(name) => write!(f, "the answer is damaged ({name})"),
            Error::Broken(reason) => write!(f, "the answer is broken: {reason}"),
        }
    }
}

impl std::error::Error for Error {}

/// Why no requests can be made.
#[derive(Debug)]
pub enum SetupError {
    /// This text cannot be sent as the name of a user agent.
    UserAgent(String),
    /// The HTTP library cannot use the certificates of the system.
    Library(reqwest::Error),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetupError::UserAgent(name) => write!(f, "`{name}` is no user agent"),
            SetupError::Library(error) => f.write_str(&connect::innermost(error)),
        }
    }
}

impl std::error::Error for SetupError {}

/// Makes requests.
pub struct Client {
    options: Options,
    /// For hosts of the public internet.
    public: reqwest::Client,
    /// For exceptions.
    trusted: reqwest::Client,
}

impl Client {
    /// A client.
    ///
    /// # Errors
    /// When the certificates of the system cannot be used, or the user agent is no header.
    pub fn new(options: Options) -> Result<Client, SetupError> {
        // Another part of the program may have set it already; it is the same one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let agent = HeaderValue::from_str(&options.user_agent)
            .map_err(|_| SetupError::UserAgent(options.user_agent.clone()))?;
        let builder = || {
            reqwest::Client::builder()
                .user_agent(agent.clone())
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .no_proxy()
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_max_idle_per_host(2)
        };
        let made = |builder: reqwest::ClientBuilder| builder.build().map_err(SetupError::Library);
        Ok(Client {
            public: made(builder().dns_resolver(Guarded::public()))?,
            trusted: made(builder().dns_resolver(Guarded::trusting()))?,
            options,
        })
    }

    /// The same client with other bounds.
    pub fn bounded(&self, timeout: Duration, most_bytes: usize) -> Client {
        Client {
            options: Options {
                timeout,
                most_bytes,
                ..self.options.clone()
            },
            public: self.public.clone(),
            trusted: self.trusted.clone(),
        }
    }

    /// Fetches a document, unless it is still the known one.
    ///
    /// # Errors
    /// When there is no answer. An answer that says that there is no document is one.
    pub async fn get(&self, url: &Url, known: &Validators) -> Result<Response, Error> {
        let timeout = self.options.timeout;
        time::timeout(timeout, self.follow(url, known))
            .await
            .unwrap_or(Err(Error::Timeout(timeout)))
    }

    /// [`Client::get`] for a program that waits.
    ///
    /// # Errors
    /// As there.
    pub fn get_now(&self, url: &Url, known: &Validators) -> Result<Response, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::Unreachable(error.to_string()))?;
        let answer = runtime.block_on(self.get(url, known));
        // A name that is still being looked up holds nobody up.
        runtime.shutdown_background();
        answer
    }

    async fn follow(&self, url: &Url, known: &Validators) -> Result<Response, Error> {
        let mut url = url.clone();
        let (mut moved, mut is_for_ever) = (None, true);
        let origin = url.origin();
        let nothing = Validators::default();
        for _ in 0..=MOST_REDIRECTS {
            // What one host said of its feed is nothing to another.
            let known = if url.origin() == origin {
                known
            } else {
                &nothing
            };
            let answer = self.ask(&url, known).await?;
            let status = answer.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return self.response(answer, url, moved).await;
            }
            let location = answer.headers().get(header::LOCATION);
            let location = location.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
            let next = location.and_then(|location| url.join(location).ok());
            url = next.ok_or(Error::BadRedirect)?;
            if !url.username().is_empty() || url.password().is_some() {
                return Err(Error::BadRedirect);
            }
            is_for_ever &= matches!(status, 301 | 308);
            if is_for_ever {
                moved = Some(url.clone());
            }
        }
        Err(Error::Redirects)
    }

    /// Makes one request, if it may be made.
    async fn ask(&self, url: &Url, known: &Validators) -> Result<reqwest::Response, Error> {
        let client = match self.is_allowed(url)? {
            true => &self.trusted,
            false => &self.public,
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(ACCEPT));
        let encodings = HeaderValue::from_static(body::ACCEPTED);
        headers.insert(header::ACCEPT_ENCODING, encodings);
        for (name, value) in [
            (header::IF_NONE_MATCH, &known.etag),
            (header::IF_MODIFIED_SINCE, &known.last_modified),
        ] {
            let value = value.as_deref().map(HeaderValue::from_bytes);
            if let Some(Ok(value)) = value {
                headers.insert(name, value);
            }
        }
        let request = client.get(url.clone()).headers(headers);
        request
            .send()
            .await
            .map_err(|error| connect::explained(&error))
    }

    /// Whether a host is an exception to the rule that hosts are public.
    ///
    /// # Errors
    /// When it is none, and its address says that it is not public.
    fn is_allowed(&self, url: &Url) -> Result<bool, Error> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Error::Address(url.to_string()));
        }
        let host = url.host().ok_or_else(|| Error::Address(url.to_string()))?;
        let name = host.to_string();
        let with_port = url
            .port_or_known_default()
            .map(|port| format!("{name}:{port}"));
        let allowed = &self.options.allow_hosts;
        if allowed
            .iter()
            .any(|allowed| *allowed == name || Some(allowed) == with_port.as_ref())
        {
            return Ok(true);
        }
        let is_public = match host {
            Host::Ipv4(address) => guard::is_public(address.into()),
            Host::Ipv6(address) => guard::is_public(address.into()),
            // What its name leads to is looked at when it is known.
            Host::Domain(_) => true,
        };
        match is_public {
            true => Ok(false),
            false => Err(Error::Private(name)),
        }
    }

    async fn response(
        &self,
        answer: reqwest::Response,
        url: Url,
        moved: Option<Url>,
    ) -> Result<Response, Error> {
        let status = answer.status().as_u16();
        let bytes = |name: HeaderName| {
            let value = answer.headers().get(name)?;
            Some(value.as_bytes().to_owned())
        };
        let text = |name: HeaderName| {
            let value = bytes(name)?;
            Some(String::from_utf8_lossy(&value).into_owned())
        };
        let encoding = text(header::CONTENT_ENCODING).unwrap_or_default();
        let response = Response {
            status,
            url,
            moved,
            validators: Validators {
                etag: bytes(header::ETAG),
                last_modified: bytes(header::LAST_MODIFIED),
            },
            content_type: text(header::CONTENT_TYPE),
            cache_control: text(header::CACHE_CONTROL),
            expires: text(header::EXPIRES),
            retry_after: text(header::RETRY_AFTER),
            body: Vec::new(),
        };
        if response.is_unchanged() {
            return Ok(response);
        }
        let body = self.read(answer).await?;
        let body = body::decoded(body, &encoding, self.options.most_bytes)?;
        Ok(Response { body, ..response })
    }

    /// The body as it was sent.
    async fn read(&self, mut answer: reqwest::Response) -> Result<Vec<u8>, Error> {
        let most = self.options.most_bytes;
        let is_too_large = |length: u64| length > most as u64;
        if answer.content_length().is_some_and(is_too_large) {
            return Err(Error::TooLarge(most));
        }
        let mut body = Vec::new();
        loop {
            let chunk = answer.chunk().await;
            let Some(chunk) = chunk.map_err(|error| connect::explained(&error))? else {
                return Ok(body);
            };
            if body.len() + chunk.len() > most {
                return Err(Error::TooLarge(most));
            }
            body.extend_from_slice(&chunk);
        }
    }
}

/// What is asked for: feeds before pages.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
                      application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, \
                      application/json;q=0.8, text/html;q=0.5, */*;q=0.1";
