//! Many connections at the same time, as browsers open them.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::preview::{Preview, read};

const REQUEST: &str = "GET /plain.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";
/// How long an answer may take on a busy machine before it counts as held up: what holds it up here
/// would do so for ever.
const SOON: Duration = Duration::from_secs(60);

/// How many of these connections get no answer to another request soon.
fn unanswered(connections: &[TcpStream]) -> usize {
    let is_answered = |mut stream: &TcpStream| {
        stream.set_read_timeout(Some(SOON)).unwrap();
        stream.write_all(REQUEST.as_bytes()).unwrap();
        stream.peek(&mut [0]).is_ok() && read(&mut BufReader::new(stream), false).status == 200
    };
    connections
        .iter()
        .filter(|stream| !is_answered(stream))
        .count()
}

#[test]
fn connections_that_come_at_once_are_all_answered() {
    let preview = Preview::start();
    for count in [2, 4, 6, 8, 16, 64] {
        for _ in 0..5 {
            // None is closed before all are answered.
            let connections: Vec<_> = (0..count).map(|_| preview.connect()).collect();
            assert_eq!(unanswered(&connections), 0, "of {count}");
        }
    }
}

#[test]
fn streams_of_events_hold_up_nobody() {
    let preview = Preview::start();
    let mut open = Vec::new();
    for _ in 0..5 {
        let streams: Vec<_> = (0..40).map(|_| preview.connect()).collect();
        for mut stream in &streams {
            stream
                .write_all(
                    b"GET /__newsgen/events?page=/&look= HTTP/1.1\r\nHost: localhost\r\n\r\n",
                )
                .unwrap();
        }
        let heard = streams.iter().filter(|stream| {
            stream.set_read_timeout(Some(SOON)).unwrap();
            BufReader::new(*stream)
                .lines()
                .map_while(Result::ok)
                .any(|line| line.starts_with("retry:"))
        });
        assert_eq!(heard.count(), streams.len());
        assert_eq!(unanswered(&[preview.connect(), preview.connect()]), 0);
        open.extend(streams);
    }
}
