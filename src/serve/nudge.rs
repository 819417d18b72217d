//! Sees to it that tiny_http forgets no connection.
//!
//! tiny_http gives each connection a thread until it is closed. A new one goes to a thread that
//! waits; only when none does, a thread is made for it. But a thread that was given a connection
//! counts as waiting until it wakes. So when more connections come in one moment than threads wait,
//! as browsers open them, those left over lie in a queue until another connection is closed, which
//! for one that is kept or a stream of events can be never.
//!
//! A connection that is closed at once helps: it ends in a thread that waits, or in a new one when
//! there is none; and a thread that is done takes the next from the queue. So a few of them are
//! made shortly after each request, in case others came with it, at growing intervals, and at long
//! ones all the time: a browser may also hold a connection in reserve, that gets the thread but has
//! no request. The threads that they keep waiting are there when the next connections come.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// Connections at a time: each frees one that is forgotten.
const NUDGES: usize = 4;
/// From a request to the first of them; then twice as long each time.
const SHORTEST: Duration = Duration::from_millis(2);
/// Requests start the intervals anew when they have become as long as this: many requests do not
/// make many nudges.
const PATIENT: Duration = Duration::from_millis(128);
/// The longest interval, and so the longest that a connection is forgotten when none but forgotten
/// ones have requests.
const LONGEST: Duration = Duration::from_millis(512);
/// The same when no request has come for [`QUIET`]: then hardly anybody looks.
const RESTING: Duration = Duration::from_secs(5);
/// A while without a request.
const QUIET: Duration = Duration::from_secs(60);
/// More than a connection to this machine ever takes.
const TIMEOUT: Duration = Duration::from_millis(500);

/// Makes the connections in a thread of its own.
pub(super) struct Nudger {
    asked: Arc<AtomicBool>,
    thread: Thread,
}

impl Nudger {
    /// Begins, for whoever listens at this address.
    ///
    /// # Errors
    /// That the system has no more threads.
    pub(super) fn start(address: SocketAddr) -> io::Result<Nudger> {
        let asked = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&asked);
        let started = thread::Builder::new()
            .name("nudge".to_owned())
            .spawn(move || run(near(address), &heard))?;
        Ok(Nudger {
            asked,
            thread: started.thread().clone(),
        })
    }

    /// A request came: perhaps others did not.
    pub(super) fn asked(&self) {
        if !self.asked.swap(true, Ordering::Relaxed) {
            self.thread.unpark();
        }
    }
}

fn run(address: SocketAddr, asked: &AtomicBool) {
    let mut interval = LONGEST;
    let mut last = Instant::now();
    loop {
        if interval < PATIENT {
            thread::sleep(interval);
        } else {
            thread::park_timeout(interval);
            if asked.swap(false, Ordering::Relaxed) {
                (interval, last) = (SHORTEST, Instant::now());
                thread::sleep(interval);
            }
        }
        for _ in 0..NUDGES {
            // When there is no room for another connection, one will be closed.
            drop(TcpStream::connect_timeout(&address, TIMEOUT));
        }
        interval = (interval * 2).min(if last.elapsed() < QUIET {
            LONGEST
        } else {
            RESTING
        });
    }
}

/// Where this machine reaches an address that it listens to.
fn near(address: SocketAddr) -> SocketAddr {
    let mut near = address;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => near.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => near.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    near
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn every_address_can_be_reached_from_here() {
        for (listened, reached) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("192.0.2.1:80", "192.0.2.1:80"),
            ("[::1]:80", "[::1]:80"),
            ("[fe80::1%2]:80", "[fe80::1%2]:80"),
        ] {
            assert_eq!(near(listened.parse().unwrap()), reached.parse().unwrap());
        }
    }
}
