//! Requests in, answers out.
//!
//! tiny_http reads each connection in a thread of its own, with some help (`nudge`). Answers are
//! written by workers: as many as there are requests at work and one that waits, so a client that
//! reads slowly takes up a worker and nothing else.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tiny_http::{Header, Method, Request, Response, Server as HttpServer, StatusCode};

use super::nudge::Nudger;

/// More workers than this are not made: then clients wait for each other after all.
const MOST_WORKERS: usize = 512;
/// Workers that stay when there is nothing to do.
const FEWEST_WORKERS: usize = 4;
/// How long the others wait for more.
const IDLE: Duration = Duration::from_secs(5);

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
    /// So many bytes of a file, from the first on.
    File(PathBuf, u64, u64),
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

/// Answers requests.
pub(super) trait Handler: Send + Sync + 'static {
    /// Answers one. It may keep the request to write to it later.
    fn handle(&self, request: Request);
}

/// The address that is listened to, and who works there.
pub(super) struct Server<H> {
    listener: TcpListener,
    http_server: Mutex<Arc<HttpServer>>,
    handler: H,
    nudger: Nudger,
    waiting: AtomicUsize,
    workers: AtomicUsize,
}

impl<H: Handler> Server<H> {
    /// Starts to answer.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn open(listener: TcpListener, handler: H) -> io::Result<Arc<Server<H>>> {
        let http_server = Mutex::new(Arc::new(http_server(&listener)?));
        let nudger = Nudger::start(listener.local_addr()?)?;
        let (waiting, workers) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let server = Arc::new(Server {
            listener,
            http_server,
            handler,
            nudger,
            waiting,
            workers,
        });
        (0..FEWEST_WORKERS).for_each(|_| server.hire());
        Ok(server)
    }

    fn hire(self: &Arc<Self>) {
        if self.workers.fetch_add(1, Ordering::Relaxed) >= MOST_WORKERS {
            self.workers.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        let server = Arc::clone(self);
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let hired = thread::Builder::new()
            .name("serve".to_owned())
            .spawn(move || server.work());
        if hired.is_err() {
            // No more threads: those that are there do the work.
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            self.workers.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn work(self: Arc<Self>) {
        loop {
            let http_server = Arc::clone(
                &self
                    .http_server
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner),
            );
            let received = http_server.recv_timeout(IDLE);
            let request = match received {
                Ok(Some(request)) => request,
                Ok(None) if self.workers.load(Ordering::Relaxed) > FEWEST_WORKERS => break,
                Ok(None) => continue,
                Err(_) => {
                    self.open_again(&http_server);
                    continue;
                }
            };
            self.nudger.asked();
            if self.waiting.fetch_sub(1, Ordering::Relaxed) == 1 {
                self.hire();
            }
            // A panic is told by its hook; the next request is none the worse for it.
            drop(catch_unwind(AssertUnwindSafe(|| {
                self.handler.handle(request)
            })));
            self.waiting.fetch_add(1, Ordering::Relaxed);
        }
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.workers.fetch_sub(1, Ordering::Relaxed);
    }

    /// tiny_http stops listening at the first connection that it cannot take, for example when
    /// there are too many.
    fn open_again(&self, broken: &Arc<HttpServer>) {
        thread::sleep(Duration::from_millis(100));
        let mut current = self
            .http_server
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&current, broken)
            && let Ok(http_server) = http_server(&self.listener)
        {
            *current = Arc::new(http_server);
        }
    }
}

fn http_server(listener: &TcpListener) -> io::Result<HttpServer> {
    HttpServer::from_listener(listener.try_clone()?, None).map_err(io::Error::other)
}

/// Sends an answer. A client that went away is no error of ours.
pub(super) fn send(request: Request, answer: Answer) {
    let is_head = *request.method() == Method::Head;
    let length = answer.body.length();
    // Never chunked: a body of known length can be resumed and shows its progress.
    let response = |body: Box<dyn Read + Send>| {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let headers = answer
            .headers
            .iter()
            .filter_map(|(name, value)| Header::from_bytes(*name, value.as_str()).ok());
        Response::new(
            StatusCode(answer.status),
            headers.collect(),
            body,
            Some(length),
            None,
        )
        .with_chunked_threshold(usize::MAX)
    };
    let sent = match &answer.body {
        Body::Bytes(bytes) => at_once(
            request,
            response(Box::new(Cursor::new(Arc::clone(bytes)))),
            is_head,
        ),
        Body::Part(bytes, range) => {
            let mut part = Cursor::new(Arc::clone(bytes));
            part.set_position(range.start as u64);
            at_once(request, response(Box::new(part.take(length))), is_head)
        }
        Body::File(path, start, length) => match open(path, *start) {
            Ok(file) => request.respond(response(Box::new(file.take(*length)))),
            Err(error) => Err(error),
        },
    };
    drop(sent);
}

fn open(path: &PathBuf, start: u64) -> io::Result<std::fs::File> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    Ok(file)
}

/// Head and body in one write, so that no half of them waits for the other half's acknowledgement.
fn at_once(
    request: Request,
    response: Response<Box<dyn Read + Send>>,
    is_head: bool,
) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(response.data_length().unwrap_or(0) + 512);
    response.raw_print(
        &mut bytes,
        request.http_version().clone(),
        request.headers(),
        is_head,
        None,
    )?;
    let mut writer = request.into_writer();
    writer.write_all(&bytes)?;
    writer.flush()
}
