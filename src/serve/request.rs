//! The head of a request: bytes → what is asked for, or why it is not answered.
//!
//! Everything a client sends is checked here, before anything is made of it: the length of the head
//! and of the target, the bytes that may stand in it, and what it says about a body. The grammar is
//! that of RFC 9112, without what it calls obsolete (folded lines, lines that end in LF alone).

use tiny_http::{HTTPVersion, Header, Method};

/// Bytes of a head: more than browsers send, with all the cookies that other servers on this
/// machine gave them.
pub(super) const MOST_HEAD: usize = 64 << 10;
/// Bytes of a target (RFC 9110, section 4.1, asks for 8000 at least).
const MOST_TARGET: usize = 8 << 10;

/// What a client asks for.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// The target as it was sent: visible ASCII characters.
    pub(super) target: String,
    pub(super) version: HTTPVersion,
    headers: Vec<Header>,
    /// Whether a body follows, of whatever length.
    pub(super) has_body: bool,
}

/// Why a head is not that of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It breaks the grammar, or contradicts itself.
    Malformed,
    /// Its target is too long.
    LongTarget,
    /// It is too long.
    LongHead,
    /// It is of another version than HTTP/1.
    Version,
}

impl Refusal {
    /// The status code and the words for it.
    pub(super) fn answer(self) -> (u16, &'static str) {
        match self {
            Refusal::Malformed => (400, "This request is not well written."),
            Refusal::LongTarget => (414, "This address is too long."),
            Refusal::LongHead => (431, "The head of this request is too long."),
            Refusal::Version => (505, "Only HTTP/1.0 and HTTP/1.1 are answered here."),
        }
    }
}

/// Takes the head of a request from the front of what a client sent. None as long as its end has
/// not come; `seen` is how many bytes were looked at before.
///
/// # Errors
/// As soon as it is clear that no request can come of it.
pub(super) fn take_head(received: &mut Vec<u8>, seen: usize) -> Result<Option<Request>, Refusal> {
    // The last three bytes that were seen may begin the end of the head.
    let from = seen.saturating_sub(3).min(received.len());
    let end = received[from..]
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .map(|at| from + at);
    let head = &received[..end.map_or(received.len(), |end| end + 4)];
    if !is_text(head, seen) {
        return Err(Refusal::Malformed);
    }
    if head.len() > MOST_HEAD {
        let line = head.windows(2).position(|bytes| bytes == b"\r\n");
        return Err(match line {
            Some(line) if line <= MOST_TARGET => Refusal::LongHead,
            _ => Refusal::LongTarget,
        });
    }
    let Some(end) = end else {
        return Ok(None);
    };
    let request = Request::parse(&received[..end]);
    received.drain(..end + 4);
    request.map(Some)
}

/// Whether the bytes from `seen` on are such as a head has: no control characters but tabs and
/// whole line ends.
fn is_text(head: &[u8], seen: usize) -> bool {
    let before = |at: usize| at.checked_sub(1).and_then(|at| head.get(at).copied());
    let from = seen.min(head.len());
    head[from..]
        .iter()
        .zip(from..)
        .all(|(byte, at)| match byte {
            b'\n' => before(at) == Some(b'\r'),
            // What follows a CR at the end is still to come.
            byte => {
                before(at) != Some(b'\r')
                    && (*byte == b'\t' || *byte == b'\r' || !byte.is_ascii_control())
            }
        })
}

impl Request {
    /// Reads a head without the empty line at its end.
    fn parse(head: &[u8]) -> Result<Request, Refusal> {
        // Other bytes than ASCII may stand in values (RFC 9110, section 5.5); in none that is read.
        let head: String = head
            .iter()
            .map(|byte| {
                if byte.is_ascii() {
                    *byte as char
                } else {
                    '\u{fffd}'
                }
            })
            .collect();
        let mut lines = head.split("\r\n");
        let (method, target, version) = request_line(lines.next().unwrap_or_default())?;
        let headers = lines.map(header).collect::<Option<Vec<_>>>();
        let headers = headers.ok_or(Refusal::Malformed)?;
        let mut request = Request {
            method,
            target,
            version,
            headers,
            has_body: false,
        };
        request.has_body = request.announces_body()?;
        if request.values("Host").count() > 1 {
            return Err(Refusal::Malformed);
        }
        Ok(request)
    }

    /// The first header of this name.
    pub(super) fn header(&self, name: &'static str) -> Option<&str> {
        self.values(name).next()
    }

    fn values(&self, name: &'static str) -> impl Iterator<Item = &str> {
        let named = self
            .headers
            .iter()
            .filter(move |header| header.field.equiv(name));
        named.map(|header| header.value.as_str())
    }

    /// Whether a body follows (RFC 9112, section 6.3).
    fn announces_body(&self) -> Result<bool, Refusal> {
        let mut length: Option<&str> = None;
        for given in self.values("Content-Length") {
            let is_number = !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number || length.is_some_and(|length| length != given) {
                return Err(Refusal::Malformed);
            }
            length = Some(given);
        }
        let is_coded = self.values("Transfer-Encoding").next().is_some();
        if is_coded && length.is_some() {
            return Err(Refusal::Malformed);
        }
        Ok(is_coded || length.is_some_and(|length| length.bytes().any(|digit| digit != b'0')))
    }

    /// The length of the body, where it is said before: that of a coded one is not.
    pub(super) fn body_length(&self) -> Option<usize> {
        self.header("Content-Length")?.parse().ok()
    }

    /// Whether the client may send another request on the same connection, once the body of this
    /// one is read.
    pub(super) fn keeps_connection(&self) -> bool {
        let closes = |value: &str| {
            value
                .split(',')
                .any(|option| option.trim().eq_ignore_ascii_case("close"))
        };
        self.version >= HTTPVersion(1, 1) && !self.values("Connection").any(closes)
    }
}

fn request_line(line: &str) -> Result<(Method, String, HTTPVersion), Refusal> {
    let [method, target, version] = line.split(' ').collect::<Vec<_>>()[..] else {
        return Err(Refusal::Malformed);
    };
    if !is_token(method) || target.is_empty() || !target.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(Refusal::Malformed);
    }
    let version = match version.strip_prefix("HTTP/") {
        Some("1.0") => HTTPVersion(1, 0),
        Some("1.1") => HTTPVersion(1, 1),
        Some(_) => return Err(Refusal::Version),
        None => return Err(Refusal::Malformed),
    };
    if target.len() > MOST_TARGET {
        return Err(Refusal::LongTarget);
    }
    let method = method.parse().map_err(|()| Refusal::Malformed)?;
    Ok((method, target.to_owned(), version))
}

fn header(line: &str) -> Option<Header> {
    let (name, value) = line.split_once(':')?;
    let value = value.trim_matches([' ', '\t']).replace('\u{fffd}', "?");
    is_token(name).then(|| Header::from_bytes(name, value).ok())?
}

/// Whether a text can be a method or the name of a header (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_tchar)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What becomes of a head, however it is cut into pieces.
    fn read(bytes: &[u8]) -> Result<Option<Request>, Refusal> {
        let whole = take_head(&mut bytes.to_vec(), 0);
        let mut received = Vec::new();
        let mut piecemeal = Ok(None);
        for byte in bytes {
            let seen = received.len();
            received.push(*byte);
            piecemeal = take_head(&mut received, seen);
            if !matches!(piecemeal, Ok(None)) {
                break;
            }
        }
        assert_eq!(format!("{whole:?}"), format!("{piecemeal:?}"));
        whole
    }

    fn refusal(bytes: &str) -> Option<Refusal> {
        read(bytes.as_bytes()).err()
    }

    #[test]
    fn what_browsers_send_is_read() {
        let request = read(
            b"GET /a?b HTTP/1.1\r\nHost: localhost:4000\r\nCookie: a=\xc3\xa9\r\nEmpty:\r\n\r\n",
        );
        let request = request.unwrap().unwrap();
        assert_eq!(
            (request.method.as_str(), request.target.as_str()),
            ("GET", "/a?b")
        );
        assert_eq!(request.header("host"), Some("localhost:4000"));
        assert_eq!(request.header("Cookie"), Some("a=??"));
        assert_eq!(request.header("EMPTY"), Some(""));
        assert!(request.keeps_connection() && !request.has_body);
    }

    #[test]
    fn what_follows_a_head_is_left() {
        let mut received = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b".to_vec();
        assert!(take_head(&mut received, 0).unwrap().is_some());
        assert_eq!(received, b"GET /b");
    }

    #[test]
    fn bodies_are_seen_whatever_they_are_said_to_be() {
        for (headers, has_body) in [
            ("", false),
            ("Content-Length: 0\r\n", false),
            ("Content-Length: 000\r\n", false),
            ("Content-Length: 1\r\n", true),
            ("content-length: 7\r\nContent-Length: 7\r\n", true),
            ("Content-Length: 9223372036854775807\r\n", true),
            ("Content-Length: 99999999999999999999999999999999\r\n", true),
            ("Transfer-Encoding: chunked\r\n", true),
            ("transfer-encoding: nonsense\r\n", true),
        ] {
            let request = read(format!("GET / HTTP/1.1\r\n{headers}\r\n").as_bytes());
            let request = request.unwrap().unwrap();
            assert_eq!(request.has_body, has_body, "{headers}");
        }
        for headers in [
            "Content-Length:",
            "Content-Length: -1",
            "Content-Length: +1",
            "Content-Length: 1, 1",
            "Content-Length: 0x10",
            "Content-Length: 1\r\nContent-Length: 2",
            "Content-Length: 0\r\nContent-Length: 2",
            "Content-Length: 1\r\nTransfer-Encoding: chunked",
            "Content-Length : 1",
            "Content-Length: 1\r\n 2",
            "Host: a\r\nHost: b",
        ] {
            let head = format!("POST / HTTP/1.1\r\n{headers}\r\n\r\n");
            assert_eq!(refusal(&head), Some(Refusal::Malformed), "{headers}");
        }
    }

    #[test]
    fn other_protocols_are_refused_at_their_first_bytes() {
        for bytes in [
            "\u{16}\u{3}\u{1}",
            "GET / HTTP/1.0\n",
            "\0",
            "GET /\u{1b}",
            "GET /\rX",
        ] {
            assert_eq!(refusal(bytes), Some(Refusal::Malformed), "{bytes:?}");
        }
        for line in [
            "GET /",
            "GET / HTTP/1.1 x",
            "GET  / HTTP/1.1",
            "",
            "G(T / HTTP/1.1",
        ] {
            let head = format!("{line}\r\n\r\n");
            assert_eq!(refusal(&head), Some(Refusal::Malformed), "{line}");
        }
        for version in ["0.9", "1.2", "2.0", "3.0", "9.9", ""] {
            let head = format!("PRI * HTTP/{version}\r\n\r\n");
            assert_eq!(refusal(&head), Some(Refusal::Version), "{version}");
        }
        assert_eq!(refusal("GET /é HTTP/1.1\r\n\r\n"), Some(Refusal::Malformed));
    }

    #[test]
    fn nothing_grows_without_end() {
        let long = "a".repeat(MOST_TARGET + 1);
        let target = format!("GET /{long} HTTP/1.1\r\n\r\n");
        assert_eq!(refusal(&target), Some(Refusal::LongTarget));
        let endless = "a".repeat(MOST_HEAD + 1);
        assert_eq!(
            take_head(&mut endless.clone().into_bytes(), 0).err(),
            Some(Refusal::LongTarget)
        );
        let headers = format!("GET / HTTP/1.1\r\nA: {endless}");
        assert_eq!(
            take_head(&mut headers.into_bytes(), 0).err(),
            Some(Refusal::LongHead)
        );
    }

    #[test]
    fn connections_end_when_asked_to() {
        let keeps = |version: &str, header: &str| {
            let head = format!("GET / HTTP/{version}\r\n{header}\r\n\r\n");
            let request = read(head.as_bytes()).unwrap().unwrap();
            request.keeps_connection()
        };
        assert!(keeps("1.1", "Connection: keep-alive, Upgrade"));
        assert!(!keeps("1.1", "Connection: Upgrade, CLOSE"));
        assert!(!keeps("1.0", "Accept: */*"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            drop(read(&bytes));
        }

        #[test]
        fn no_text_panics(
            line in "(GET|[A-Z ]{0,5}) [!-~]{0,9} HTTP/[0-9.]{0,4}",
            headers in "(\r\n[ -~]{0,20}){0,5}",
        ) {
            drop(read(format!("{line}{headers}\r\n\r\n").as_bytes()));
        }
    }
}
