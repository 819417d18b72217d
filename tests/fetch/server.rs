//! A server on loopback that gives the answers that a test sets, and remembers what it was asked.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the server does when it is asked for a path.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes again and again until the client goes away.
    Endless(Vec<u8>),
    /// Sends the first bytes, and then one a second.
    Slow(Vec<u8>),
    /// Closes the connection without an answer.
    Nothing,
}

impl Answer {
    /// A good answer with some headers.
    pub(crate) fn ok(headers: &str, body: impl AsRef<[u8]>) -> Answer {
        Answer::status("200 OK", headers, body)
    }

    /// An answer with a status.
    pub(crate) fn status(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Answer {
        let body = body.as_ref();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
            body.len()
        );
        Answer::Bytes([head.as_bytes(), body].concat())
    }

    /// A redirect.
    pub(crate) fn redirect(status: u16, to: &str) -> Answer {
        Answer::status(
            &format!("{status} Moved"),
            &format!("Location: {to}\r\n"),
            "",
        )
    }
}

/// The server. It ends with the test program.
pub(crate) struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// A server that gives for each path what `answer` says; paths that it does not know are 404.
    pub(crate) fn new(answer: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static) -> Server {
        Server::with_heads(move |path, _| answer(path))
    }

    /// The same, for answers that depend on the head of the request, too.
    pub(crate) fn with_heads(
        answer: impl Fn(&str, &str) -> Option<Answer> + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &seen, answer.as_ref()));
            }
        });
        Server { port, requests }
    }

    /// Its host with its port, as `fetch.allow_hosts` has it.
    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }

    /// The heads of all requests, a character for each byte.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<String>>,
    answer: &dyn Fn(&str, &str) -> Option<Answer>,
) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if !matches!(stream.read(&mut byte), Ok(1)) {
            return;
        }
        head.push(byte[0]);
    }
    let head: String = head.iter().map(|byte| char::from(*byte)).collect();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    seen.lock().unwrap().push(head.clone());
    let answer =
        answer(&path, &head).unwrap_or_else(|| Answer::status("404 Not Found", "", "none"));
    match answer {
        Answer::Bytes(bytes) => drop(stream.write_all(&bytes)),
        Answer::Endless(bytes) => while stream.write_all(&bytes).is_ok() {},
        Answer::Slow(bytes) => {
            drop(stream.write_all(&bytes));
            for _ in 0..60 {
                thread::sleep(Duration::from_secs(1));
                if stream.write_all(b" ").is_err() {
                    break;
                }
            }
        }
        Answer::Nothing => {}
    }
    drop(stream.shutdown(Shutdown::Write));
    // A connection that is closed with unread bytes is reset, and takes the answer with it.
    while matches!(stream.read(&mut byte), Ok(1)) {}
}
