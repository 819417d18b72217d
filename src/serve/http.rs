//! Requests in, answers out.
//!
//! Each connection has a thread, which reads the head of a request, has it answered, writes the
//! answer, and only then looks for the next. Whatever a client does, it takes up its own connection
//! and nothing else: what it may send is bounded (`request`), so is the time that it may take, and
//! so is the number of connections. A body is read only where the handler takes one, up to the
//! length that it allows.
//!
//! tiny_http knows the protocol: methods, versions, headers, and how an answer is written. Its
//! server is not used. It reserves as much memory as a request says its body is long, reads lines
//! of any length, works ahead on as many requests as one connection sends, and stops for good when
//! there is no room for another socket or thread.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tiny_http::{HTTPVersion, Header, Method, Response, StatusCode};

use super::request::{Refusal, Request, take_head};

/// Connections at a time. Each takes a thread and a file descriptor; where the system gives fewer,
/// there are fewer.
const MOST_CONNECTIONS: usize = 8192;
/// With more connections than this, a new one must leave descriptors for the files of the site.
const MANY_CONNECTIONS: usize = 64;
/// How many descriptors that are.
const SPARE: usize = 32;
/// How long a connection is kept without a request.
const IDLE: Duration = Duration::from_secs(60);
/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// The same two while there is no room for more connections.
const CROWDED: Duration = Duration::from_secs(1);
/// How long that is so after a connection was refused.
const CROWD: Duration = Duration::from_secs(5);
/// How often a connection that waits looks at the time.
const TICK: Duration = Duration::from_secs(1);
/// How long a client may read nothing of its answer.
const WRITE: Duration = Duration::from_secs(60);
/// What is still taken from a client after an answer that ends the connection, so that it reads the
/// answer before it hears that the rest was not wanted (RFC 9112, section 9.6).
const LINGER: (usize, Duration) = (256 << 10, Duration::from_secs(2));

/// What is sent back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Body,
}

/// The body of an answer.
pub(super) enum Body {
    /// In memory.
    Bytes(Arc<[u8]>),
    /// A part of what is in memory.
    Part(Arc<[u8]>, std::ops::Range<usize>),
    /// So many bytes of a file, from a place on.
    File(File, u64, u64),
}

impl Body {
    pub(super) fn length(&self) -> u64 {
        match self {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Part(_, range) => range.len() as u64,
            Body::File(_, _, length) => *length,
        }
    }
}

/// What becomes of a request.
pub(super) enum Reply {
    /// An answer.
    Answer(Answer),
    /// Head and body are written by this, until it or the client ends the connection.
    Stream(Box<Writer>),
}

/// Writes to a client. It ends with the error that the client went away.
type Writer = dyn FnOnce(&mut dyn Write) -> io::Result<()>;

/// Answers requests.
pub(super) trait Handler: Send + Sync + 'static {
    /// Bytes of a body that are read before the request is answered; 0 when its body is of no use.
    /// Decided by the head alone.
    fn most_body(&self, request: &Request) -> usize;

    /// Answers one. A body that was not read is empty, though the request says that it has one.
    fn handle(&self, request: &Request, body: &[u8]) -> Reply;
}

/// Answers whoever connects, from now on.
///
/// # Errors
/// That the system has no more threads.
pub(super) fn open<H: Handler>(listener: TcpListener, handler: H) -> io::Result<()> {
    let server = Arc::new(Server {
        handler,
        open: AtomicUsize::new(0),
        start: Instant::now(),
        crowded_until: AtomicU64::new(0),
    });
    let accept = move || {
        loop {
            match listener.accept() {
                Ok((stream, _)) => server.admit(stream, &listener),
                // The client went away again, or there is no descriptor left.
                Err(_) => {
                    server.refuse();
                    thread::sleep(Duration::from_millis(10));
                }
            }
        }
    };
    thread::Builder::new()
        .name("accept".to_owned())
        .spawn(accept)
        .map(drop)
}

struct Server<H> {
    handler: H,
    /// Connections that are open.
    open: AtomicUsize,
    start: Instant,
    /// Until when there is little room, in milliseconds since `start`.
    crowded_until: AtomicU64,
}

/// One connection; it is counted as long as it is open.
struct Connection<H> {
    server: Arc<Server<H>>,
    stream: TcpStream,
    /// What was received and not yet read.
    received: Vec<u8>,
}

/// What comes of waiting for a request.
enum Received {
    Request(Request),
    Refused(Refusal),
    /// The client began a request and did not end it in time.
    Late,
    /// Nothing more comes.
    Closed,
}

impl<H: Handler> Server<H> {
    /// Gives a connection its thread. When there is no room, the answer says so, and it is closed.
    fn admit(self: &Arc<Self>, stream: TcpStream, listener: &TcpListener) {
        let before = self.open.fetch_add(1, Ordering::Relaxed);
        let mut connection = Connection {
            server: Arc::clone(self),
            stream,
            received: Vec::new(),
        };
        let settings = [
            connection.stream.set_nodelay(true),
            connection.stream.set_read_timeout(Some(TICK)),
            connection.stream.set_write_timeout(Some(WRITE)),
        ];
        if settings.iter().any(Result::is_err) {
            return;
        }
        if before >= MOST_CONNECTIONS || (before >= MANY_CONNECTIONS && !has_spare(listener)) {
            self.refuse();
            let full = Answer::text(503, "There are too many connections.");
            drop(connection.send(&HTTPVersion(1, 1), full, false, false));
            return;
        }
        let thread = thread::Builder::new().name("serve".to_owned());
        if thread.spawn(move || connection.work()).is_err() {
            self.refuse();
        }
    }

    /// There was no room for a connection: idle ones are closed.
    fn refuse(&self) {
        let until = millis(self.start.elapsed() + CROWD);
        self.crowded_until.store(until, Ordering::Relaxed);
    }

    fn is_crowded(&self) -> bool {
        millis(self.start.elapsed()) < self.crowded_until.load(Ordering::Relaxed)
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Whether the process may open [`SPARE`] descriptors more. Found out by doing so, since systems
/// differ in how they tell.
fn has_spare(listener: &TcpListener) -> bool {
    let spare: Result<Vec<_>, _> = (0..SPARE).map(|_| listener.try_clone()).collect();
    spare.is_ok()
}

impl<H> Drop for Connection<H> {
    fn drop(&mut self) {
        self.server.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<H: Handler> Connection<H> {
    /// Answers one request after the other.
    fn work(&mut self) {
        loop {
            let (status, text) = match self.receive() {
                Received::Request(request) => match self.body(&request) {
                    None => (408, "The request did not arrive completely."),
                    Some(body) => match self.answer(&request, &body) {
                        Ok(true) => continue,
                        Ok(false) => return self.linger(),
                        Err(_) => return,
                    },
                },
                Received::Refused(refusal) => refusal.answer(),
                Received::Late => (408, "The request did not arrive completely."),
                Received::Closed => return,
            };
            let sent = self.send(&HTTPVersion(1, 1), Answer::text(status, text), false, false);
            if sent.is_ok() {
                self.linger();
            }
            return;
        }
    }

    /// Waits for the next request.
    fn receive(&mut self) -> Received {
        let mut since = Instant::now();
        let mut has_begun = false;
        let mut seen = 0;
        let mut bytes = [0; 8 << 10];
        loop {
            // Empty lines before a request are ignored (RFC 9112, section 2.2).
            let lines = self.received.chunks(2).take_while(|line| line == b"\r\n");
            let length = 2 * lines.count();
            if length > 0 {
                self.received.drain(..length);
                seen = 0;
            }
            if !has_begun && !matches!(&self.received[..], [] | [b'\r']) {
                (has_begun, since) = (true, Instant::now());
            }
            match take_head(&mut self.received, seen) {
                Ok(Some(request)) => return Received::Request(request),
                Ok(None) => seen = self.received.len(),
                Err(refusal) => return Received::Refused(refusal),
            }
            let limit = match (self.server.is_crowded(), has_begun) {
                (true, _) => CROWDED,
                (false, false) => IDLE,
                (false, true) => HEAD,
            };
            if since.elapsed() >= limit {
                return if has_begun {
                    Received::Late
                } else {
                    Received::Closed
                };
            }
            match (&self.stream).read(&mut bytes) {
                Ok(0) => return Received::Closed,
                Ok(count) => self.received.extend_from_slice(&bytes[..count]),
                Err(error) if is_passing(&error) => {}
                Err(_) => return Received::Closed,
            }
        }
    }

    /// The body of a request, if the handler takes it; none when it does not come in time.
    fn body(&mut self, request: &Request) -> Option<Vec<u8>> {
        let most = match request.has_body {
            true => self.server.handler.most_body(request),
            false => 0,
        };
        let Some(length) = request.body_length().filter(|length| *length <= most) else {
            return Some(Vec::new());
        };
        let expects = request.header("Expect");
        if expects.is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
            let go_on = (&self.stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
            go_on.ok()?;
        }
        let since = Instant::now();
        let mut bytes = [0; 8 << 10];
        while self.received.len() < length {
            if since.elapsed() >= HEAD {
                return None;
            }
            match (&self.stream).read(&mut bytes) {
                Ok(0) => return None,
                Ok(count) => self.received.extend_from_slice(&bytes[..count]),
                Err(error) if is_passing(&error) => {}
                Err(_) => return None,
            }
        }
        let rest = self.received.split_off(length);
        Some(std::mem::replace(&mut self.received, rest))
    }

    /// Answers a request. Says whether there may be another.
    fn answer(&mut self, request: &Request, body: &[u8]) -> io::Result<bool> {
        let handle = || self.server.handler.handle(request, body);
        let handled = catch_unwind(AssertUnwindSafe(handle));
        // The panic hook reports it; the next request is not affected.
        let reply = handled.unwrap_or_else(|_| {
            Reply::Answer(Answer::text(500, "newsgen failed at this request."))
        });
        match reply {
            Reply::Answer(answer) => {
                // What follows an unread body cannot be distinguished from it.
                let is_read = !request.has_body || !body.is_empty();
                let keeps = is_read && request.keeps_connection();
                let is_head = request.method == Method::Head;
                self.send(&request.version, answer, is_head, keeps)?;
                Ok(keeps)
            }
            Reply::Stream(write) => {
                write(&mut &self.stream)?;
                Ok(false)
            }
        }
    }

    /// Writes an answer.
    fn send(
        &mut self,
        version: &HTTPVersion,
        answer: Answer,
        is_head: bool,
        keeps: bool,
    ) -> io::Result<()> {
        let mut bytes = head(version, &answer, keeps)?;
        let mut stream = &self.stream;
        // Head and body in one write, so that no half of them waits for the other half's
        // acknowledgement.
        match &answer.body {
            _ if is_head || answer.status == 304 => {}
            Body::Bytes(body) => bytes.extend_from_slice(body),
            Body::Part(body, range) => bytes.extend_from_slice(&body[range.clone()]),
            Body::File(file, start, length) => {
                let mut file = file;
                file.seek(SeekFrom::Start(*start))?;
                stream.write_all(&bytes)?;
                let sent = io::copy(&mut file.take(*length), &mut stream)?;
                // A file that has shrunk since cannot be made up for.
                return match sent == *length {
                    true => Ok(()),
                    false => Err(ErrorKind::UnexpectedEof.into()),
                };
            }
        }
        stream.write_all(&bytes)
    }

    /// Ends the connection in such a way that the client reads the answer first.
    fn linger(&mut self) {
        let (mut left, time) = LINGER;
        let since = Instant::now();
        if self.stream.shutdown(Shutdown::Write).is_err() {
            return;
        }
        let mut bytes = [0; 8 << 10];
        while left > 0 && since.elapsed() < time && !self.server.is_crowded() {
            match (&self.stream).read(&mut bytes) {
                Ok(0) => return,
                Ok(count) => left = left.saturating_sub(count),
                Err(error) if is_passing(&error) => {}
                Err(_) => return,
            }
        }
    }
}

/// Whether a read that failed can be tried again: it was the time to look at the clock.
fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

/// The head of an answer, with the empty line at its end.
fn head(version: &HTTPVersion, answer: &Answer, keeps: bool) -> io::Result<Vec<u8>> {
    let headers = answer.headers.iter().filter(|(_, value)| is_value(value));
    let headers =
        headers.filter_map(|(name, value)| Header::from_bytes(*name, value.as_str()).ok());
    let length = usize::try_from(answer.body.length()).unwrap_or(usize::MAX);
    let status = StatusCode(answer.status);
    // Never chunked: a body of known length can be resumed and shows its progress. So no header of
    // the request has a say.
    let response = Response::new(status, headers.collect(), io::empty(), Some(length), None)
        .with_chunked_threshold(usize::MAX);
    let mut bytes = Vec::with_capacity(512);
    response.raw_print(&mut bytes, version.clone(), &[], true, None)?;
    if !keeps {
        // tiny_http leaves this header to its server.
        bytes.truncate(bytes.len().saturating_sub(2));
        bytes.extend_from_slice(b"Connection: close\r\n\r\n");
    }
    Ok(bytes)
}

/// Whether a text can be the value of a header without ending it.
fn is_value(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_ends_its_header() {
        let answer = |to: &str| Answer::text(301, "moved").with("Location", to.to_owned());
        let written = |to: &str| {
            String::from_utf8(head(&HTTPVersion(1, 1), &answer(to), true).unwrap()).unwrap()
        };
        assert!(written("/a/?b=c d").contains("\r\nLocation: /a/?b=c d\r\n"));
        for to in [
            "/a\r\nSet-Cookie: b=c",
            "/a\nb",
            "/a\rb",
            "/a\0",
            "/\u{202e}",
            "/a\u{7f}",
        ] {
            assert!(!written(to).contains("Location"), "{to:?}");
        }
    }

    #[test]
    fn an_answer_says_that_it_is_the_last() {
        let answer = Answer::text(200, "text");
        let last = head(&HTTPVersion(1, 0), &answer, false).unwrap();
        let last = String::from_utf8(last).unwrap();
        assert!(
            last.starts_with("HTTP/1.0 200 OK\r\n") && last.contains("\r\nContent-Length: 5\r\n")
        );
        assert!(last.ends_with("\r\nConnection: close\r\n\r\n"), "{last}");
        let kept = head(&HTTPVersion(1, 1), &answer, true).unwrap();
        assert!(!String::from_utf8(kept).unwrap().contains("Connection"));
    }
}
