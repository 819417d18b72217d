//! Feeds are asked: many at once, but few of one host.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use url::Url;

use super::schedule;
use crate::http::{Client, Error, Response, Validators};
use crate::time::Time;

/// Connections at once, at most.
pub const MOST_CONNECTIONS: u16 = 16;

/// Connections to one host at once.
const OF_A_HOST: usize = 2;

/// How long a host that is asked too often is left alone if it does not say, in seconds.
const PAUSE: i64 = 15 * 60;

/// How long is waited for an answer before it is looked whether to stop.
const PATIENCE: Duration = Duration::from_millis(100);

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
        let client = Arc::new(client);
        let connections = Arc::new(Semaphore::new(usize::from(jobs)));
        let (sender, answers) = mpsc::channel();
        let mut known: BTreeMap<String, Arc<Host>> = BTreeMap::new();
        for (at, request) in requests.into_iter().enumerate() {
            let name = host_of(&request.url);
            let until = hosts.get(&name).copied().unwrap_or(i64::MIN);
            let host = known.entry(name).or_insert_with(|| {
                Arc::new(Host {
                    connections: Semaphore::new(OF_A_HOST),
                    paused_until: AtomicI64::new(until),
                })
            });
            let (host, client) = (Arc::clone(host), Arc::clone(&client));
            let (connections, sender) = (Arc::clone(&connections), sender.clone());
            runtime.spawn(async move {
                let answer = ask(&client, &request, &connections, &host, now).await;
                // Whoever does not wait any more wants no answer.
                drop(sender.send((at, answer)));
            });
        }
        Ok(Poll {
            answers,
            hosts: known,
            runtime: Some(runtime),
        })
    }

    /// Waits a little for the next answer.
    pub fn next(&self) -> Next {
        match self.answers.recv_timeout(PATIENCE) {
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

async fn ask(
    client: &Client,
    request: &Request,
    connections: &Semaphore,
    host: &Host,
    now: Time,
) -> Answer {
    // In this order: who waits for a host takes no connection from others.
    let _of_host = host.connections.acquire().await;
    let _of_all = connections.acquire().await;
    let until = host.paused_until.load(Ordering::Relaxed);
    if until > now.seconds() {
        return Answer::Postponed(until);
    }
    match client.get(&request.url, &request.known).await {
        Ok(response) => {
            if response.status == 429 {
                let wait = schedule::retry_after(&response, now).unwrap_or(PAUSE);
                let until = now.seconds() + wait.clamp(1, schedule::LONGEST);
                host.paused_until.fetch_max(until, Ordering::Relaxed);
            }
            Answer::Response(Box::new(response))
        }
        Err(error) => Answer::Error(error),
    }
}
