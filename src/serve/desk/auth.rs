//! Who may read and write through the desk.
//!
//! The desk listens beside whatever else a browser has open, so each request has to show where it
//! comes from. Four things are asked of it, each of which stops another kind of stranger:
//!
//! - a `Host` that is this machine's (checked before, for all pages): a name that was made to lead
//!   here (DNS rebinding);
//! - an `Origin` that is the desk's own, or a `Sec-Fetch-Site` that says so: pages of other sites,
//!   and of other servers on this machine;
//! - the token of this start, in a header: forms, pictures, and pages of an earlier start. It is
//!   never part of an address, which would stay in histories and logs;
//! - where the desk can be reached over the network, the session of somebody who knew the password.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::hash::Hash128;
use crate::serve::request::Request;

/// The header that carries the token of a start.
pub(super) const TOKEN: &str = "X-Newsgen-Token";
/// The cookie that carries a session.
const COOKIE: &str = "newsgen-desk";
/// How long a session lasts.
const SESSION: Duration = Duration::from_secs(12 * 60 * 60);
/// Sessions at a time; the oldest gives way.
const MOST_SESSIONS: usize = 64;
/// Wrong passwords that cost no time.
const FREE_ATTEMPTS: u32 = 5;
/// The longest pause after a wrong password.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What may be done through the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whoever reaches it may read and write: it listens on this machine only.
    Open,
    /// Whoever knows the password may.
    Password(String),
    /// Nothing is written. Whoever reaches it may read all that the desk shows: beside the site the
    /// queue, the addresses of the sources, and the deploy targets.
    ReadOnly,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It comes from a page of another origin.
    OtherOrigin,
    /// It does not carry the token of this start.
    Token,
    /// It carries no session.
    Session,
    /// Nothing may be written.
    ReadOnly,
    /// Its body is not said to be JSON.
    NotJson,
}

impl Refusal {
    /// Status, a word for programs, and what a person reads.
    pub(super) fn answer(self) -> (u16, &'static str, &'static str) {
        match self {
            Refusal::OtherOrigin => (
                403,
                "origin",
                "The desk answers to its own pages only. A program sends an `Origin` that is the \
                 address of the desk.",
            ),
            Refusal::Token => (
                403,
                "token",
                "This page is of an earlier start of `newsgen serve`. Load it again.",
            ),
            Refusal::Session => (401, "session", "The desk asks for its password."),
            Refusal::ReadOnly => (
                403,
                "read-only",
                "This desk shows and does not write. Start `newsgen serve` without `--read-only`; \
                 with `--host`, set NEWSGEN_DESK_PASSWORD.",
            ),
            Refusal::NotJson => (
                415,
                "media-type",
                "Send JSON, as `Content-Type: application/json`.",
            ),
        }
    }
}

/// The gate of the desk: its token, and who is logged in.
pub(super) struct Gate {
    access: Access,
    token: String,
    sessions: Mutex<Sessions>,
}

/// Sessions by the hash of their secret, with their start; and how many passwords were wrong.
#[derive(Default)]
struct Sessions {
    since: BTreeMap<Hash128, Instant>,
    attempts: Attempts,
}

/// What came of a password.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Login {
    /// It is right; this cookie carries the session.
    Welcome(String),
    /// It is wrong.
    Wrong,
    /// Too many were wrong; the next one counts after so long.
    Wait(Duration),
}

/// Letters and digits that nobody can guess: 32 bytes of the system's randomness.
///
/// # Errors
/// When the system has none.
fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A random number to count from, so that no two starts of the program give the same numbers. It
/// has 51 bits: programs that read JSON may take no more than 53.
pub(super) fn random() -> u64 {
    let mut bytes = [0; 8];
    // Without randomness no desk starts: see `secret`.
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes) >> 13
}

/// Whether two texts are equal, in a time that does not depend on where they differ: their hashes
/// are compared, each bit of them.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (blake3::hash(one.as_bytes()), blake3::hash(other.as_bytes()));
    // The comparison of these hashes takes the same time for all.
    one == other
}

impl Gate {
    /// A gate with a token of its own.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(super) fn new(access: Access) -> Result<Gate, getrandom::Error> {
        Ok(Gate {
            access,
            token: secret()?,
            sessions: Mutex::default(),
        })
    }

    pub(super) fn is_read_only(&self) -> bool {
        self.access == Access::ReadOnly
    }

    /// The token for a page that this request asks for: none where it is not the address bar that
    /// asks, nor where a password is still to be given.
    pub(super) fn token_for(&self, request: &Request) -> Option<&str> {
        let destination = request.header("Sec-Fetch-Dest");
        let is_page = destination.is_none_or(|destination| destination == "document");
        (is_page && self.is_known(request) && !self.is_read_only()).then_some(&self.token)
    }

    /// Holds a request for what every page of the site gets against the rules.
    pub(super) fn check_origin(&self, request: &Request) -> Result<(), Refusal> {
        match is_own(request, false) {
            true => Ok(()),
            false => Err(Refusal::OtherOrigin),
        }
    }

    /// Holds a request that reads against the rules.
    pub(super) fn check_read(&self, request: &Request) -> Result<(), Refusal> {
        self.check_origin(request)?;
        match self.is_known(request) {
            true => Ok(()),
            false => Err(Refusal::Session),
        }
    }

    /// Holds a request that writes against the rules.
    pub(super) fn check_write(&self, request: &Request) -> Result<(), Refusal> {
        self.check_login(request)?;
        if !self.is_known(request) {
            return Err(Refusal::Session);
        }
        let token = request.header(TOKEN).unwrap_or_default();
        match same(token, &self.token) {
            true => Ok(()),
            false => Err(Refusal::Token),
        }
    }

    /// Holds a request with a password against the rules: those of writing, without a token.
    pub(super) fn check_login(&self, request: &Request) -> Result<(), Refusal> {
        if !is_own(request, true) {
            return Err(Refusal::OtherOrigin);
        }
        if self.is_read_only() {
            return Err(Refusal::ReadOnly);
        }
        let media_type = request.header("Content-Type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        match media_type.eq_ignore_ascii_case("application/json") {
            true => Ok(()),
            false => Err(Refusal::NotJson),
        }
    }

    /// Compares a password, and begins a session if it is right.
    pub(super) fn log_in(&self, password: &str, now: Instant) -> Login {
        let Access::Password(right) = &self.access else {
            return Login::Wrong;
        };
        let mut sessions = self.sessions();
        if let Some(wait) = sessions.attempts.wait(now) {
            return Login::Wait(wait);
        }
        if !same(password, right) {
            sessions.attempts.failed(now);
            return Login::Wrong;
        }
        let Ok(secret) = secret() else {
            return Login::Wrong;
        };
        sessions.attempts = Attempts::default();
        sessions.begin(&secret, now);
        Login::Welcome(format!(
            "{COOKIE}={secret}; Path=/__newsgen/; HttpOnly; SameSite=Strict; Max-Age={}",
            SESSION.as_secs()
        ))
    }

    /// The token, for somebody who has just logged in.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request needs no password, or carries a session.
    fn is_known(&self, request: &Request) -> bool {
        match self.access {
            Access::Open | Access::ReadOnly => true,
            Access::Password(_) => {
                let cookies = request.header("Cookie").unwrap_or_default();
                let secret = cookies.split(';').find_map(|cookie| {
                    let (name, value) = cookie.trim().split_once('=')?;
                    (name == COOKIE).then_some(value)
                });
                secret.is_some_and(|secret| self.sessions().has(secret, Instant::now()))
            }
        }
    }
}

impl Sessions {
    fn begin(&mut self, secret: &str, now: Instant) {
        self.since
            .retain(|_, since| now.saturating_duration_since(*since) < SESSION);
        while self.since.len() >= MOST_SESSIONS {
            let oldest = self.since.iter().min_by_key(|(_, since)| **since);
            let Some(oldest) = oldest.map(|(hash, _)| *hash) else {
                break;
            };
            self.since.remove(&oldest);
        }
        self.since.insert(Hash128::of(secret.as_bytes()), now);
    }

    fn has(&self, secret: &str, now: Instant) -> bool {
        // Looked up by a hash: how long that takes says nothing of the secret.
        let since = self.since.get(&Hash128::of(secret.as_bytes()));
        since.is_some_and(|since| now.saturating_duration_since(*since) < SESSION)
    }
}

/// Wrong passwords in a row. After the first few, each doubles the pause before the next counts,
/// for everybody: a guesser may come from many addresses.
#[derive(Debug, Default)]
struct Attempts {
    failures: u32,
    blocked_until: Option<Instant>,
}

impl Attempts {
    fn wait(&self, now: Instant) -> Option<Duration> {
        let wait = self.blocked_until?.saturating_duration_since(now);
        (!wait.is_zero()).then_some(wait)
    }

    fn failed(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        if let Some(over) = self.failures.checked_sub(FREE_ATTEMPTS) {
            let pause = Duration::from_secs(1 << over.min(6)).min(LONGEST_PAUSE);
            self.blocked_until = Some(now + pause);
        }
    }
}

/// Whether a request comes from a page of the desk's own origin. `must_say` asks for a header that
/// says so: browsers send one with every request that can change something.
fn is_own(request: &Request, must_say: bool) -> bool {
    let host = request.header("Host").unwrap_or_default();
    let origin = request.header("Origin").map(|origin| {
        let rest = origin.split_once("://");
        rest.is_some_and(|(scheme, rest)| {
            matches!(scheme, "http" | "https") && rest.eq_ignore_ascii_case(host)
        })
    });
    let site = request
        .header("Sec-Fetch-Site")
        .map(|site| site == "same-origin" || (site == "none" && !must_say));
    let says = [origin, site];
    let is_said = says.iter().any(Option::is_some);
    !says.contains(&Some(false)) && (is_said || !must_say)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::request::take_head;

    fn request(headers: &str) -> Request {
        let head =
            format!("POST /__newsgen/api/x HTTP/1.1\r\nHost: localhost:4000\r\n{headers}\r\n");
        take_head(&mut head.into_bytes(), 0).unwrap().unwrap()
    }

    #[test]
    fn only_our_own_pages_are_answered() {
        for (headers, reads, writes) in [
            ("", true, false),
            ("Origin: http://localhost:4000\r\n", true, true),
            ("Origin: https://LOCALHOST:4000\r\n", true, true),
            ("Sec-Fetch-Site: same-origin\r\n", true, true),
            ("Sec-Fetch-Site: none\r\n", true, false),
            ("Origin: null\r\n", false, false),
            ("Origin: http://localhost:3000\r\n", false, false),
            ("Origin: http://localhost\r\n", false, false),
            ("Origin: http://evil.example\r\n", false, false),
            (
                "Origin: http://localhost:4000.evil.example\r\n",
                false,
                false,
            ),
            ("Origin: file://localhost:4000\r\n", false, false),
            ("Sec-Fetch-Site: same-site\r\n", false, false),
            ("Sec-Fetch-Site: cross-site\r\n", false, false),
            (
                "Origin: http://localhost:4000\r\nSec-Fetch-Site: cross-site\r\n",
                false,
                false,
            ),
        ] {
            let request = request(headers);
            assert_eq!(is_own(&request, false), reads, "{headers}");
            assert_eq!(is_own(&request, true), writes, "{headers}");
        }
    }

    #[test]
    fn a_write_needs_the_token_and_json() {
        let gate = Gate::new(Access::Open).unwrap();
        let own = "Origin: http://localhost:4000\r\n";
        let json = "Content-Type: application/json; charset=utf-8\r\n";
        let token = format!("{TOKEN}: {}\r\n", gate.token);
        let check = |headers: &str| gate.check_write(&request(headers));
        assert_eq!(check(&format!("{own}{json}{token}")), Ok(()));
        assert_eq!(check(&format!("{json}{token}")), Err(Refusal::OtherOrigin));
        assert_eq!(check(&format!("{own}{token}")), Err(Refusal::NotJson));
        assert_eq!(
            check(&format!("{own}Content-Type: text/plain\r\n{token}")),
            Err(Refusal::NotJson)
        );
        assert_eq!(check(&format!("{own}{json}")), Err(Refusal::Token));
        let other = format!("{TOKEN}: {}\r\n", "0".repeat(64));
        assert_eq!(check(&format!("{own}{json}{other}")), Err(Refusal::Token));
        let gate = Gate::new(Access::ReadOnly).unwrap();
        let all = format!("{own}{json}{TOKEN}: {}\r\n", gate.token);
        assert_eq!(gate.check_write(&request(&all)), Err(Refusal::ReadOnly));
        assert_eq!(gate.token_for(&request("")), None);
    }

    #[test]
    fn the_token_is_for_pages_alone() {
        let gate = Gate::new(Access::Open).unwrap();
        for (headers, is_given) in [
            ("", true),
            ("Sec-Fetch-Dest: document\r\n", true),
            ("Sec-Fetch-Dest: iframe\r\n", false),
            ("Sec-Fetch-Dest: empty\r\n", false),
        ] {
            assert_eq!(gate.token_for(&request(headers)).is_some(), is_given);
        }
    }

    #[test]
    fn a_password_begins_a_session() {
        let gate = Gate::new(Access::Password("right".to_owned())).unwrap();
        let now = Instant::now();
        assert_eq!(gate.check_read(&request("")), Err(Refusal::Session));
        assert_eq!(gate.token_for(&request("")), None);
        assert_eq!(gate.log_in("wrong", now), Login::Wrong);
        let Login::Welcome(cookie) = gate.log_in("right", now) else {
            panic!("the password is right");
        };
        assert!(cookie.contains("HttpOnly; SameSite=Strict"));
        let value = cookie.split(';').next().unwrap();
        let with = request(&format!("Cookie: a=b; {value}\r\n"));
        assert_eq!(gate.check_read(&with), Ok(()));
        assert!(gate.token_for(&with).is_some());
        let other = request(&format!("Cookie: {COOKIE}={}\r\n", "0".repeat(64)));
        assert_eq!(gate.check_read(&other), Err(Refusal::Session));
    }

    #[test]
    fn wrong_passwords_take_longer_and_longer() {
        let gate = Gate::new(Access::Password("right".to_owned())).unwrap();
        let mut now = Instant::now();
        for _ in 0..FREE_ATTEMPTS {
            assert_eq!(gate.log_in("wrong", now), Login::Wrong);
        }
        assert_eq!(
            gate.log_in("right", now),
            Login::Wait(Duration::from_secs(1))
        );
        now += Duration::from_secs(1);
        assert_eq!(gate.log_in("wrong", now), Login::Wrong);
        assert_eq!(
            gate.log_in("right", now),
            Login::Wait(Duration::from_secs(2))
        );
        now += Duration::from_secs(2);
        assert!(matches!(gate.log_in("right", now), Login::Welcome(_)));
        assert_eq!(gate.log_in("wrong", now), Login::Wrong);
        assert!(matches!(gate.log_in("right", now), Login::Welcome(_)));
    }

    #[test]
    fn a_session_ends() {
        let mut sessions = Sessions::default();
        let now = Instant::now();
        sessions.begin("a", now);
        assert!(sessions.has("a", now + SESSION / 2) && !sessions.has("a", now + SESSION));
        for number in 0..2 * MOST_SESSIONS {
            sessions.begin(&number.to_string(), now);
        }
        assert_eq!(sessions.since.len(), MOST_SESSIONS);
    }
}
