//! Feeds and pages are asked for: many at once, but few of one host.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use url::Url;

use super::story::PAGE;
use super::{answer, schedule};
use crate::http::{Client, Error, Response, Validators};
use crate::time::Time;

/// Connections at once, at most.
pub const MOST_CONNECTIONS: u16 = 16;

/// Connections to one host at once.
const OF_A_HOST: usize = 2;

/// How long is waited for an answer before it is looked whether to stop.
const WAKE_AFTER: Duration = Duration::from_millis(100);

/// A feed that is to be asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its address.
    pub url: Url,
    /// Which version is known.
    pub known: Validators,
}

/// What came of asking.
#[derive(Debug)]
pub enum Answer {
    /// The server answered.
    Response(Box<Response>),
    /// There is no answer.
    Error(Error),
    /// Its host asked to be left alone until then, in seconds since 1970; it was not asked.
    Postponed(i64),
}

/// What came of waiting for an answer.
#[derive(Debug)]
pub enum Next {
    /// The answer to the request of that number.
    Answer(usize, Answer),
    /// None yet.
    NotYet,
    /// All requests are answered.
    End,
}

/// A host as this run knows it.
struct Host {
    connections: Semaphore,
    /// Until when it is left alone, in seconds since 1970.
    paused_until: AtomicI64,
    /// Whether it did not give a page that was asked for.
    has_failed: AtomicBool,
}

impl Host {
    fn new(paused_until: Option<i64>) -> Arc<Host> {
        Arc::new(Host {
            connections: Semaphore::new(OF_A_HOST),
            paused_until: AtomicI64::new(paused_until.unwrap_or(i64::MIN)),
            has_failed: AtomicBool::new(false),
        })
    }
}

/// The host of an address, with its port.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Requests on their way. When it is dropped, those that are not answered are given up.
pub struct Poll {
    answers: mpsc::Receiver<(usize, Answer)>,
    hosts: BTreeMap<String, Arc<Host>>,
    runtime: Option<Runtime>,
    /// Fetches pages.
    pages: Arc<Client>,
    connections: Arc<Semaphore>,
    now: Time,
}

impl Poll {
    /// Asks for all feeds, `jobs` at once. `hosts` are those that asked to be left alone, and until
    /// when.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(
        client: Client,
        requests: Vec<Request>,
        jobs: u16,
        hosts: &BTreeMap<String, i64>,
        now: Time,
    ) -> Result<Poll, std::io::Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let pages = Arc::new(client.bounded(PAGE.0, PAGE.1));
        let client = Arc::new(client);
        let connections = Arc::new(Semaphore::new(usize::from(jobs)));
        let (sender, answers) = mpsc::channel();
        let paused = hosts.iter();
        let paused = paused.map(|(name, until)| (name.clone(), Host::new(Some(*until))));
        let mut known: BTreeMap<String, Arc<Host>> = paused.collect();
        for (at, request) in requests.into_iter().enumerate() {
            let name = host_of(&request.url);
            let host = known.entry(name).or_insert_with(|| Host::new(None));
            let (host, client) = (Arc::clone(host), Arc::clone(&client));
            let (connections, sender) = (Arc::clone(&connections), sender.clone());
            runtime.spawn(async move {
                let answer = ask(&client, &request, &connections, &host, now).await;
                // There may be nobody left who waits for the answer.
                drop(sender.send((at, answer)));
            });
        }
        Ok(Poll {
            answers,
            hosts: known,
            runtime: Some(runtime),
            pages,
            connections,
            now,
        })
    }

    /// Fetches pages, and waits for all of them, or until `stop` is set: those that have not come
    /// by then are given up. A host that does not give one is asked for no more of them.
    pub fn pages(&mut self, urls: Vec<Url>, stop: &AtomicBool) -> Vec<Result<Response, String>> {
        let given_up = || Err("it was given up".to_owned());
        let mut pages: Vec<Result<Response, String>> = urls.iter().map(|_| given_up()).collect();
        let Some(runtime) = &self.runtime else {
            return pages;
        };
        if stop.load(Ordering::Relaxed) {
            return pages;
        }
        let (sender, answers) = mpsc::channel();
        for (at, url) in urls.into_iter().enumerate() {
            let host = self.hosts.entry(host_of(&url));
            let host = Arc::clone(host.or_insert_with(|| Host::new(None)));
            let (client, connections) = (Arc::clone(&self.pages), Arc::clone(&self.connections));
            let (sender, now) = (sender.clone(), self.now);
            runtime.spawn(async move {
                let page = page(&client, url, &connections, &host, now).await;
                drop(sender.send((at, page)));
            });
        }
        drop(sender);
        while !stop.load(Ordering::Relaxed) {
            match answers.recv_timeout(WAKE_AFTER) {
                Ok((at, page)) => pages[at] = page,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
        pages
    }

    /// Waits a little for the next answer.
    pub fn next(&self) -> Next {
        match self.answers.recv_timeout(WAKE_AFTER) {
            Ok((number, answer)) => Next::Answer(number, answer),
            Err(mpsc::RecvTimeoutError::Timeout) => Next::NotYet,
            Err(mpsc::RecvTimeoutError::Disconnected) => Next::End,
        }
    }

    /// The answers that are there.
    pub fn rest(&self) -> impl Iterator<Item = (usize, Answer)> {
        self.answers.try_iter()
    }

    /// The hosts that ask to be left alone, and until when.
    pub fn paused(&self, now: Time) -> BTreeMap<String, i64> {
        let until = |host: &Host| host.paused_until.load(Ordering::Relaxed);
        let paused = self.hosts.iter();
        let paused = paused.map(|(name, host)| (name.clone(), until(host)));
        paused.filter(|(_, until)| *until > now.seconds()).collect()
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A name that is still being looked up holds nobody up.
            runtime.shutdown_background();
        }
    }
}

/// The page at an address, or why there is none.
async fn page(
    client: &Client,
    url: Url,
    connections: &Semaphore,
    host: &Host,
    now: Time,
) -> Result<Response, String> {
    let request = Request {
        url,
        known: Validators::default(),
    };
    // One that fails while this waits is not asked either.
    let answer = ask_unless(client, &request, connections, host, now, || {
        host.has_failed.load(Ordering::Relaxed)
    });
    let failure = match answer.await {
        None => return Err("its host failed before".to_owned()),
        Some(Answer::Postponed(_)) => "its host asked to be left alone".to_owned(),
        Some(Answer::Error(error)) => error.to_string(),
        Some(Answer::Response(response)) => match answer::refusal(&response) {
            None => return Ok(*response),
            // It says nothing about other pages.
            Some(refusal) if matches!(response.status, 404 | 410) => return Err(refusal),
            Some(refusal) => refusal,
        },
    };
    host.has_failed.store(true, Ordering::Relaxed);
    Err(failure)
}

async fn ask(
    client: &Client,
    request: &Request,
    connections: &Semaphore,
    host: &Host,
    now: Time,
) -> Answer {
    let answer = ask_unless(client, request, connections, host, now, || false).await;
    answer.unwrap_or(Answer::Postponed(now.seconds()))
}

/// Asks when it is its turn, unless that is not wanted any more by then.
async fn ask_unless(
    client: &Client,
    request: &Request,
    connections: &Semaphore,
    host: &Host,
    now: Time,
    is_unwanted: impl Fn() -> bool,
) -> Option<Answer> {
    // In this order: who waits for a host takes no connection from others.
    let _of_host = host.connections.acquire().await;
    let _of_all = connections.acquire().await;
    if is_unwanted() {
        return None;
    }
    let until = host.paused_until.load(Ordering::Relaxed);
    if until > now.seconds() {
        return Some(Answer::Postponed(until));
    }
    Some(match client.get(&request.url, &request.known).await {
        Ok(response) => {
            if response.status == 429 {
                let until = schedule::pause_of_host(&response, now);
                host.paused_until.fetch_max(until, Ordering::Relaxed);
            }
            Answer::Response(Box::new(response))
        }
        Err(error) => Answer::Error(error),
    })
}
