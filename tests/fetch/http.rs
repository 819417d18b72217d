//! The door to the network, against a server that behaves badly.

use std::io::Write;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use newsgen::http::{Client, Error, Options, Response, Validators};
use url::Url;

use crate::server::{Answer, Server};

/// A client that may talk to these hosts, with short limits.
fn client(allowed: &[&str]) -> Client {
    let allowed: Vec<String> = allowed.iter().map(|host| (*host).to_owned()).collect();
    let usual = Options::of_site(Some("https://news.example/"), &allowed);
    Client::new(Options {
        timeout: Duration::from_secs(3),
        most_bytes: 100_000,
        ..usual
    })
    .unwrap()
}

fn get(client: &Client, url: &str) -> Result<Response, Error> {
    client.get_now(&Url::parse(url).unwrap(), &Validators::default())
}

/// What a client that may talk to the server gets for a path.
fn ask(server: &Server, path: &str) -> Result<Response, Error> {
    get(&client(&[&server.host()]), &server.url(path))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_document_comes_with_its_headers() {
    let server = Server::new(|_| {
        Some(Answer::ok(
            "ETag: W/\"a b\"\r\nLast-Modified: Tue,  24 Nov 2026 10:00:00 GMT\r\nContent-Type: \
             text/xml; a=b; Charset=\"KOI8-R\"\r\nCache-Control: max-age=60\r\nExpires: \
             0\r\nRetry-After: 7\r\n",
            "<rss/>",
        ))
    });
    let response = ask(&server, "/feed?x=1").unwrap();
    assert_eq!(
        (response.status, response.body.as_slice()),
        (200, b"<rss/>".as_slice())
    );
    assert_eq!(response.url.as_str(), server.url("/feed?x=1"));
    assert_eq!(response.moved, None);
    assert_eq!(response.charset(), Some("KOI8-R"));
    assert_eq!(response.cache_control.as_deref(), Some("max-age=60"));
    assert_eq!(response.expires.as_deref(), Some("0"));
    assert_eq!(response.retry_after.as_deref(), Some("7"));
    let head = &server.requests()[0];
    assert!(head.starts_with("GET /feed?x=1 HTTP/1.1\r\n"), "{head}");
    let agent = concat!(
        "user-agent: newsgen/",
        env!("CARGO_PKG_VERSION"),
        " (+https://news.example/)\r\n"
    );
    assert!(head.contains(agent), "{head}");
    assert!(
        head.contains("accept-encoding: gzip, deflate, br, zstd\r\n"),
        "{head}"
    );
    for absent in ["if-none-match", "if-modified-since", "referer", "cookie"] {
        assert!(!head.contains(absent), "{head}");
    }
}

#[test]
fn validators_go_back_byte_for_byte() {
    let server = Server::new(|path| {
        Some(match path {
            "/new" => Answer::Bytes(
                b"HTTP/1.1 200 OK\r\nETag: \"\xe4\x80 x\"\r\nLast-Modified: yesterday, i \
                  think\r\nContent-Length: 1\r\n\r\nx"
                    .to_vec(),
            ),
            _ => Answer::Bytes(b"HTTP/1.1 304 Not Modified\r\nETag: \"2\"\r\n\r\n".to_vec()),
        })
    });
    let client = client(&[&server.host()]);
    let validators = get(&client, &server.url("/new")).unwrap().validators;
    assert_eq!(
        validators.etag.as_deref(),
        Some(b"\"\xe4\x80 x\"".as_slice())
    );
    let url = Url::parse(&server.url("/old")).unwrap();
    let response = client.get_now(&url, &validators).unwrap();
    assert!(response.is_unchanged() && response.body.is_empty());
    assert_eq!(
        response.validators.etag.as_deref(),
        Some(b"\"2\"".as_slice())
    );
    let head = server.requests()[1].clone();
    // In the log of the server each byte is a character.
    assert!(
        head.contains("if-none-match: \"\u{e4}\u{80} x\"\r\n"),
        "{head}"
    );
    assert!(
        head.contains("if-modified-since: yesterday, i think\r\n"),
        "{head}"
    );
}

#[test]
fn redirects_are_followed_and_reported() {
    let server = Server::new(|path| {
        Some(match path {
            "/a" => Answer::redirect(301, "/b?x"),
            "/b?x" => Answer::redirect(308, "c"),
            "/c" => Answer::redirect(302, "/d"),
            "/d" => Answer::redirect(301, "/end"),
            "/end" => Answer::ok("", "here"),
            "/loop" => Answer::redirect(307, "/loop"),
            "/five" => Answer::redirect(302, "/a"),
            "/six" => Answer::redirect(302, "/five"),
            "/bad" => Answer::redirect(302, "http://[/"),
            "/none" => Answer::status("302 Found", "", ""),
            "/script" => Answer::redirect(302, "javascript:alert(1)"),
            "/file" => Answer::redirect(302, "file:///etc/passwd"),
            _ => return None,
        })
    });
    let response = ask(&server, "/a").unwrap();
    assert_eq!(response.url.as_str(), server.url("/end"));
    // From `/c` on it was not for ever.
    assert_eq!(response.moved.map(String::from), Some(server.url("/c")));
    assert_eq!(ask(&server, "/five").unwrap().body, b"here");
    assert_eq!(ask(&server, "/six"), Err(Error::Redirects));
    assert_eq!(ask(&server, "/loop"), Err(Error::Redirects));
    assert_eq!(ask(&server, "/bad"), Err(Error::BadRedirect));
    assert_eq!(ask(&server, "/none"), Err(Error::BadRedirect));
    for path in ["/script", "/file"] {
        assert!(
            matches!(ask(&server, path), Err(Error::Address(_))),
            "{path}"
        );
    }
    assert_eq!(ask(&server, "/nowhere").unwrap().status, 404);
}

#[test]
fn private_networks_are_refused_by_literal_by_name_and_on_every_hop() {
    let inside = Server::new(|_| Some(Answer::ok("", "secret")));
    let port = inside.host().split_once(':').unwrap().1.to_owned();
    let strict = client(&[]);
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "localhost",
        "LOCALHOST",
        "10.0.0.1",
        "169.254.169.254",
        "[fe80::1]",
    ] {
        let url = format!("http://{host}:{port}/");
        let answer = get(&strict, &url);
        assert!(
            matches!(answer, Err(Error::Private(_))),
            "{host}: {answer:?}"
        );
    }
    // From a host that is allowed to one that is not.
    let (by_literal, by_name) = (inside.url("/"), format!("http://localhost:{port}/"));
    let outside = Server::new(move |path| {
        Some(match path {
            "/literal" => Answer::redirect(302, &by_literal),
            "/name" => Answer::redirect(301, &by_name),
            _ => return None,
        })
    });
    for path in ["/literal", "/name"] {
        let answer = ask(&outside, path);
        assert!(
            matches!(answer, Err(Error::Private(_))),
            "{path}: {answer:?}"
        );
    }
    assert_eq!(inside.requests(), Vec::<String>::new());
    // Exceptions, with and without a port.
    let named = format!("http://localhost:{port}/");
    assert!(get(&client(&["localhost"]), &named).is_ok());
    assert!(get(&client(&[&format!("localhost:{port}")]), &named).is_ok());
    assert!(get(&client(&["127.0.0.1"]), &inside.url("/")).is_ok());
    let other_port = get(&client(&["localhost:1"]), &named);
    assert!(
        matches!(other_port, Err(Error::Private(_))),
        "{other_port:?}"
    );
}

#[test]
fn bodies_are_bounded_before_and_after_decompression() {
    let server = Server::new(|path| {
        let bomb = gzip(&vec![b' '; 10 << 20]);
        let head = |length: usize| {
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes()
        };
        Some(match path {
            "/good" => Answer::ok("Content-Encoding: gzip\r\n", gzip(&[b'x'; 99_999])),
            "/bomb" => Answer::ok("Content-Encoding: gzip\r\n", bomb),
            "/twice" => Answer::ok("Content-Encoding: gzip, gzip\r\n", gzip(&bomb)),
            "/large" => Answer::ok("", [b'x'; 100_001]),
            "/promise" => Answer::Bytes(head(1 << 40)),
            "/endless" => Answer::Endless(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n".to_vec(),
            ),
            "/until-closed" => Answer::Endless(b"HTTP/1.1 200 OK\r\n\r\nabcd".to_vec()),
            "/damaged" => Answer::ok("Content-Encoding: gzip\r\n", "no gzip"),
            "/unasked" => Answer::ok("Content-Encoding: compress\r\n", "x"),
            _ => return None,
        })
    });
    assert_eq!(ask(&server, "/good").unwrap().body.len(), 99_999);
    for path in ["/bomb", "/twice", "/large", "/promise", "/until-closed"] {
        assert_eq!(ask(&server, path), Err(Error::TooLarge(100_000)), "{path}");
    }
    // Chunks that are repeated with their head are no chunks.
    assert!(ask(&server, "/endless").is_err());
    assert_eq!(
        ask(&server, "/damaged"),
        Err(Error::Damaged("gzip".to_owned()))
    );
    assert_eq!(
        ask(&server, "/unasked"),
        Err(Error::Encoding("compress".to_owned()))
    );
}

#[test]
fn what_goes_wrong_is_distinguished() {
    let server = Server::new(|path| {
        Some(match path {
            "/nothing" => Answer::Nothing,
            "/half" => Answer::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx".to_vec()),
            "/noise" => Answer::Bytes(b"\0\x01\x02 hello\r\n\r\n".to_vec()),
            "/slow-head" => Answer::Slow(b"HTTP/1.1 200 OK\r\nX-".to_vec()),
            "/slow-body" => {
                Answer::Slow(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx".to_vec())
            }
            _ => return None,
        })
    });
    for path in ["/nothing", "/half", "/noise"] {
        let answer = ask(&server, path);
        assert!(
            matches!(answer, Err(Error::Broken(_))),
            "{path}: {answer:?}"
        );
    }
    for path in ["/slow-head", "/slow-body"] {
        let answer = ask(&server, path);
        assert_eq!(
            answer,
            Err(Error::Timeout(Duration::from_secs(3))),
            "{path}"
        );
    }
    let allowing = client(&["127.0.0.1", "no-such-host.invalid"]);
    // A server that speaks first, and not TLS.
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = plain.local_addr().unwrap();
    let speaker = thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        stream
            .write_all(b"220 mail.example at your service\r\n")
            .unwrap();
    });
    let tls = get(&allowing, &format!("https://{address}/"));
    speaker.join().unwrap();
    assert!(matches!(tls, Err(Error::Tls(_))), "{tls:?}");
    let name = get(&allowing, "http://no-such-host.invalid/");
    assert_eq!(
        name,
        Err(Error::NoSuchHost("no-such-host.invalid".to_owned()))
    );
    // A port that nobody listens on.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let refused = get(&allowing, &format!("http://{address}/"));
    assert!(matches!(refused, Err(Error::Unreachable(_))), "{refused:?}");
    let other = get(&allowing, "ftp://127.0.0.1/");
    assert!(matches!(other, Err(Error::Address(_))), "{other:?}");
}
