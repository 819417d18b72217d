//! Requests to the preview.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::time::Duration;

use crate::runner::Target;
use crate::support::preview::Preview;

/// How long an answer to a request that is not whole is waited for.
const SHORT: Duration = Duration::from_millis(50);

#[test]
fn request() {
    let words = [
        "GET ",
        "HEAD ",
        "POST ",
        "OPTIONS * ",
        " HTTP/1.1\r\n",
        " HTTP/1.0\r\n",
        " HTTP/9.9\r\n",
        "\r\n",
        "\r\n\r\n",
        "\n",
        "Host: localhost\r\n",
        "Host: \r\n",
        "Connection: close\r\n",
        "Content-Length: 0\r\n",
        "Content-Length: 9223372036854775807\r\n",
        "Content-Length: 18446744073709551615\r\n",
        "Content-Length: -1\r\n",
        "Transfer-Encoding: chunked\r\n",
        "ffffffffffffffff\r\n",
        "0\r\n\r\n",
        "Range: bytes=",
        "0-",
        "-1",
        "18446744073709551615-",
        "If-None-Match: ",
        "If-Range: ",
        "W/\"",
        "\"",
        "Expect: 100-continue\r\n",
        "Upgrade: websocket\r\n",
        "TE: trailers\r\n",
        "/",
        "//",
        "/../",
        "%2e%2e",
        "%2f",
        "%00",
        "%ff",
        "%",
        "?",
        "#",
        "/__newsgen/",
        "/__newsgen/events",
        "/__newsgen/desk.json",
        "?page=/&look=",
        "/feed.xml",
        "/plain.txt",
        "http://localhost/",
        "\u{0}",
        "\u{1b}[31m",
        ":",
        ": ",
    ]
    .map(str::to_owned)
    .to_vec();
    // A preview that an input has ended is started again, so that the input can be made smaller.
    let running: RefCell<Option<Preview>> = RefCell::default();
    let check = |input: &[u8]| {
        let preview = running.take().unwrap_or_else(Preview::start);
        let mut stream = preview.connect();
        stream.set_read_timeout(Some(SHORT)).unwrap();
        stream
            .set_write_timeout(Some(Duration::from_secs(1)))
            .unwrap();
        // A server may close before it has read everything.
        drop(stream.write_all(input));
        drop(stream.shutdown(Shutdown::Write));
        let mut answer = Vec::new();
        drop(stream.take(1 << 20).read_to_end(&mut answer));
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1."),
            "{}",
            String::from_utf8_lossy(&answer)
        );
        // After any request the preview answers a good one.
        assert_eq!(preview.get("/plain.txt").status, 200);
        let said: Vec<String> = preview.said.try_iter().collect();
        let has_panicked = said.iter().any(|line| line.contains("panicked"));
        assert!(!has_panicked, "{said:?}");
        running.replace(Some(preview));
    };
    Target {
        name: "request",
        words,
        seeds: Vec::new(),
        check: &check,
    }
    .run();
}
