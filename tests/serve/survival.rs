//! Requests that are made to end the preview, or to take it away from others.

use std::io::{BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use crate::preview::{PATIENCE, Preview, read, site};

const HEAD: &str = "GET /plain.txt HTTP/1.1\r\nHost: localhost\r\n";

/// The status of the answer to what is sent, and whether the connection ends with it; none when it
/// ends without an answer.
fn ask(preview: &Preview, request: &[u8]) -> Option<(u16, bool)> {
    let mut stream = preview.connect();
    // A server that has heard enough need not take the rest.
    drop(stream.write_all(request));
    let mut reader = BufReader::new(stream);
    let mut start = [0; 5];
    reader.read_exact(&mut start).ok()?;
    assert_eq!(&start, b"HTTP/");
    let answer = read(&mut (&start[..]).chain(&mut reader), false);
    let closes = answer.header("connection") == "close";
    if closes {
        let end = reader.read_to_end(&mut Vec::new());
        assert!(!matches!(end, Err(error) if error.kind() == ErrorKind::WouldBlock));
    }
    Some((answer.status, closes))
}

fn is_alive(preview: &Preview) -> bool {
    preview.get("/plain.txt").text() == "0123456789"
}

#[test]
fn announced_bodies_cost_nothing() {
    let preview = Preview::start();
    for length in [
        "1",
        "1024",
        "1025",
        "1099511627776",
        "9223372036854775807",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999999999999999999",
    ] {
        for more in [
            "",
            "Expect: 100-continue\r\n",
            "Connection: Upgrade\r\nUpgrade: h2c\r\n",
        ] {
            let request = format!("{HEAD}Content-Length: {length}\r\n{more}\r\nabc");
            assert_eq!(
                ask(&preview, request.as_bytes()),
                Some((413, true)),
                "{length} {more}"
            );
            let request = request.replacen("GET", "POST", 1);
            assert_eq!(
                ask(&preview, request.as_bytes()),
                Some((405, true)),
                "{length} {more}"
            );
        }
    }
    for coding in ["chunked", "gzip, chunked", "x"] {
        let request = format!("{HEAD}Transfer-Encoding: {coding}\r\n\r\nffffffffffffffff\r\nabc");
        assert_eq!(
            ask(&preview, request.as_bytes()),
            Some((413, true)),
            "{coding}"
        );
    }
    assert!(is_alive(&preview));
}

#[test]
fn a_body_is_no_second_request() {
    let preview = Preview::start();
    let inside = format!("{HEAD}\r\n");
    let length = inside.len();
    let request = format!("{HEAD}Content-Length: {length}\r\n\r\n{inside}");
    let mut stream = preview.connect();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1").count(), 1, "{answers}");
}

#[test]
fn contradictions_are_refused() {
    let preview = Preview::start();
    for headers in [
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x7fffffffffffffff\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length : 4\r\n",
        "Host: evil.example\r\n",
        " folded: x\r\n",
        "no colon\r\n",
        ": no name\r\n",
        "a: \0\r\n",
        "a: b\rc: d\r\n",
    ] {
        let request = format!("{HEAD}{headers}\r\n");
        assert_eq!(
            ask(&preview, request.as_bytes()),
            Some((400, true)),
            "{headers:?}"
        );
    }
    for line in [
        "GET /\r\n\r\n",
        "GET / HTTP/1.1\n\n",
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}",
        "GET /\u{e9} HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n",
    ] {
        assert_eq!(
            ask(&preview, line.as_bytes()),
            Some((400, true)),
            "{line:?}"
        );
    }
    for version in ["HTTP/0.9", "HTTP/2.0", "HTTP/3.0"] {
        let request = format!("PRI * {version}\r\n\r\nSM\r\n\r\n");
        assert_eq!(
            ask(&preview, request.as_bytes()),
            Some((505, true)),
            "{version}"
        );
    }
    assert!(is_alive(&preview));
}

#[test]
fn odd_requests_are_answered() {
    let preview = Preview::start();
    for (request, status, closes) in [
        (format!("\r\n\r\n{HEAD}\r\n"), 200, false),
        (format!("{HEAD}Expect: 100-continue\r\n\r\n"), 200, false),
        (format!("{HEAD}Expect: nonsense\r\n\r\n"), 200, false),
        (format!("{HEAD}TE: chunked\r\n\r\n"), 200, false),
        (
            format!("{HEAD}TE: {}\r\n\r\n", "a;q=NaN, ".repeat(50)),
            200,
            false,
        ),
        (format!("{HEAD}Content-Length: 0\r\n\r\n"), 200, false),
        (format!("{HEAD}Connection: close\r\n\r\n"), 200, true),
        ("GET /plain.txt HTTP/1.0\r\n\r\n".to_owned(), 200, true),
        ("GET /plain.txt HTTP/1.1\r\n\r\n".to_owned(), 400, false),
        (
            HEAD.replace("/plain", "http://evil.example/plain") + "\r\n",
            200,
            false,
        ),
        (HEAD.replace("/plain.txt", "*") + "\r\n", 400, false),
        (
            HEAD.replace("/plain.txt", "evil.example:443") + "\r\n",
            400,
            false,
        ),
    ] {
        assert_eq!(
            ask(&preview, request.as_bytes()),
            Some((status, closes)),
            "{request:?}"
        );
    }
}

#[test]
fn endless_heads_are_cut() {
    let preview = Preview::start();
    let target = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(9_000));
    assert_eq!(ask(&preview, target.as_bytes()), Some((414, true)));
    let header = format!("{HEAD}A: {}\r\n\r\n", "a".repeat(100_000));
    assert_eq!(ask(&preview, header.as_bytes()), Some((431, true)));
    let headers = format!("{HEAD}{}\r\n", "A: b\r\n".repeat(100_000));
    assert_eq!(ask(&preview, headers.as_bytes()), Some((431, true)));
    // One that goes on and on is not read on and on.
    let mut stream = preview.connect();
    let chunk = "a".repeat(1 << 16);
    let sent = (0..1000).take_while(|_| stream.write_all(chunk.as_bytes()).is_ok());
    assert!(sent.count() < 1000, "64 MB were taken");
    assert!(is_alive(&preview));
}

#[test]
fn one_connection_cannot_ask_for_everything_at_once() {
    let preview = Preview::start();
    let requests = format!("{HEAD}\r\n").repeat(2_000);
    let mut greedy: Vec<TcpStream> = (0..4).map(|_| preview.connect()).collect();
    for stream in &mut greedy {
        // What is never read stops the sender sooner or later.
        stream
            .set_write_timeout(Some(Duration::from_millis(200)))
            .unwrap();
        for _ in 0..20 {
            if stream.write_all(requests.as_bytes()).is_err() {
                break;
            }
        }
    }
    for _ in 0..20 {
        assert!(is_alive(&preview));
    }
    // A connection that does read gets all its answers, in their order.
    let mut stream = preview.connect();
    let (many, last) = (200, "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let requests = format!("{HEAD}\r\n").repeat(many) + last;
    stream.write_all(requests.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    for _ in 0..many {
        assert_eq!(read(&mut reader, false).text(), "0123456789");
    }
    assert_eq!(read(&mut reader, false).status, 404);
}

#[test]
fn hundreds_of_connections_are_kept() {
    let preview = Preview::start();
    let mut crowd: Vec<TcpStream> = (0..600).map(|_| preview.connect()).collect();
    assert!(is_alive(&preview));
    for stream in &mut crowd {
        stream.write_all(format!("{HEAD}\r\n").as_bytes()).unwrap();
        assert_eq!(
            read(&mut BufReader::new(stream), false).text(),
            "0123456789"
        );
    }
}

#[test]
#[cfg(unix)]
fn more_connections_than_there_is_room_for() {
    let preview = Preview::with_descriptors(site(), 160);
    // Half of them say nothing, half begin a request.
    let crowd: Vec<TcpStream> = (0..300)
        .map(|number| {
            let mut stream = preview.connect();
            if number % 2 == 0 {
                drop(stream.write_all(b"GET /plain.txt HT"));
            }
            stream
        })
        .collect();
    // Those that ask for nothing make room in time.
    let end = std::time::Instant::now() + PATIENCE;
    let mut answered = false;
    while !answered && std::time::Instant::now() < end {
        answered = ask(&preview, format!("{HEAD}\r\n").as_bytes()) == Some((200, false));
        thread::sleep(Duration::from_millis(100));
    }
    assert!(answered);
    // Files of the site can be read all the while.
    assert_eq!(
        preview.wait_for("/", |answer| answer.status != 503).status,
        200
    );
    preview.write("static/new.txt", "new");
    preview.wait_for("/new.txt", |answer| answer.text() == "new");
    drop(crowd);
    assert!(is_alive(&preview));
}

#[test]
fn clients_that_go_away_harm_nobody() {
    let preview = Preview::start();
    for cut in [0, 1, 10, HEAD.len(), HEAD.len() + 1] {
        for _ in 0..50 {
            let mut stream = preview.connect();
            let request = format!("{HEAD}\r\n");
            stream
                .write_all(&request.as_bytes()[..cut.min(request.len())])
                .unwrap();
            drop(stream.shutdown(if cut % 2 == 0 {
                Shutdown::Both
            } else {
                Shutdown::Write
            }));
        }
    }
    assert!(is_alive(&preview));
}

#[test]
fn addresses_of_redirects_stay_on_one_line() {
    let preview = Preview::start();
    let long = "x".repeat(4_000);
    let moved = preview.get(&format!("/topics?{long}"));
    assert_eq!((moved.status, moved.header("location").len()), (301, 4_009));
    for query in ["%0d%0aSet-Cookie:a=b", "%00", "%e2%80%ae"] {
        let moved = preview.get(&format!("/topics?{query}"));
        assert_eq!(moved.header("location"), format!("/topics/?{query}"));
        assert_eq!(moved.header("set-cookie"), "");
    }
    for path in [
        "//evil.example/",
        "/%2f/evil.example",
        "/\\evil.example",
        "/.//evil.example/",
    ] {
        let answer = preview.get(path);
        assert!(
            [400, 404].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
    }
}
