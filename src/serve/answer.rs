//! A request → its answer: a page of the site, or one of our own below `/__newsgen/`.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use html_escape::encode_text;
use tiny_http::{HTTPVersion, Method};

use super::http::{Answer, Body, Handler, Reply};
use super::http_cache::{Range, matches};
use super::reload::{Hub, Problem, Shown, State};
use super::request::Request;
use super::snapshot::{RenderVersion, Snapshot};
use super::watch::Signal;
use super::{desk::Desk, target::Target};
use crate::diagnostic::Diagnostic;
use crate::hash::Hash128;
use crate::mime::media_type;
use crate::percent::encode;
use crate::plan::{Bundle, PageKind, PageSpec};
use crate::render::RenderError;
use crate::search::SearchError;
use crate::theme::{Asset, Origin};
use crate::workspace::Disk;

/// Where our own pages are: never below the path of the base URL, so they get into nobody's way.
pub(super) const OWN: &str = "/__newsgen/";
/// Static files from this size on are read from the disk piece by piece.
const LARGE: u64 = 1 << 20;

/// Answers requests for a site.
pub(super) struct Site {
    pub(super) hub: Arc<Hub>,
    pub(super) source: Disk,
    /// Whether only this machine can reach us; then other names than its own are a trick (DNS
    /// rebinding).
    pub(super) is_local: bool,
    pub(super) signals: Mutex<Sender<Signal>>,
    pub(super) desk: Arc<Desk>,
}

impl Handler for Site {
    fn most_body(&self, request: &Request) -> usize {
        let target = Target::parse(&request.target);
        let own = target.as_ref().and_then(|it| it.path.strip_prefix(OWN));
        match own.filter(|_| self.stranger(request).is_none()) {
            Some(name) => self.desk.most_body(request, name),
            None => 0,
        }
    }

    fn handle(&self, request: &Request, body: &[u8]) -> Reply {
        let target = Target::parse(&request.target);
        match &target {
            Some(target)
                if target.path == "/__newsgen/events" && self.refusal(request).is_none() =>
            {
                match self.desk.refuses_stream(request) {
                    Some(answer) => Reply::Answer(answer),
                    None => self.stream(request, target),
                }
            }
            target => Reply::Answer(self.answer(request, target.as_ref(), body)),
        }
    }
}

impl Site {
    fn answer(&self, request: &Request, target: Option<&Target>, body: &[u8]) -> Answer {
        let own = target.and_then(|it| it.path.strip_prefix(OWN));
        let is_call = own.is_some_and(|name| name.starts_with("api/"));
        let refusal = match is_call {
            true => self.stranger(request),
            false => self.refusal(request),
        };
        if let Some(refusal) = refusal {
            return refusal;
        }
        let Some(target) = target else {
            return Answer::text(400, "The URL is malformed.");
        };
        let state = self.hub.state();
        if let Some(own) = own {
            return conditional(request, self.desk.answer(own, request, target, body));
        }
        if target.path == OWN.trim_end_matches('/') {
            return Answer::redirect(301, OWN.to_owned());
        }
        let Some(snapshot) = &state.snapshot else {
            return error_page(&state.problems, RenderVersion::default());
        };
        conditional(request, self.page(request, snapshot, target))
    }

    /// Why a request is not answered, but for calls of the desk.
    fn refusal(&self, request: &Request) -> Option<Answer> {
        if !matches!(request.method, Method::Get | Method::Head) {
            let mut answer = Answer::text(405, "Only GET and HEAD are supported.");
            answer.headers.push(("Allow", "GET, HEAD".to_owned()));
            return Some(answer);
        }
        if request.has_body {
            return Some(Answer::text(
                413,
                "Requests with a body are not answered here.",
            ));
        }
        self.stranger(request)
    }

    /// Why a request is not answered whatever it asks for: it was sent to another host name.
    fn stranger(&self, request: &Request) -> Option<Answer> {
        match request.header("Host") {
            None if request.version >= HTTPVersion(1, 1) => {
                Some(Answer::text(400, "The request has no Host header."))
            }
            Some(host) if self.is_local && !is_local(host) => Some(Answer::text(
                403,
                "This preview is available under localhost only. `newsgen serve --host 0.0.0.0` \
                 accepts every host name.",
            )),
            _ => None,
        }
    }

    /// A page of the site.
    fn page(&self, request: &Request, snapshot: &Snapshot, target: &Target) -> Answer {
        let base = snapshot.site.config.base_url.path.as_str();
        let path = match target.path.strip_prefix(base) {
            Some("") => return Answer::redirect(301, format!("{base}/{}", target.query_part())),
            Some(path) if path.starts_with('/') => path,
            _ if target.path == "/" => return Answer::redirect(302, format!("{base}/")),
            _ => return self.not_found(snapshot, &target.path),
        };
        match snapshot.find(path) {
            Some(page) => match &page.kind {
                PageKind::Asset(file) if !media_type(&page.url).starts_with("text/html") => {
                    match snapshot.asset(file) {
                        Some(Asset { hash, origin, .. }) => {
                            self.file(request, snapshot, page, *hash, origin)
                        }
                        None => Answer::text(404, "File not found."),
                    }
                }
                PageKind::File(file) => match snapshot.site.library.files.hash(file) {
                    Some(hash) => {
                        let origin = Origin::File(file.clone());
                        self.file(request, snapshot, page, hash, &origin)
                    }
                    None => Answer::text(404, "File not found."),
                },
                _ => self.rendered(snapshot, page, path, 200),
            },
            None if !path.ends_with('/') && snapshot.find(&format!("{path}/")).is_some() => {
                Answer::redirect(
                    301,
                    format!("{base}{}/{}", encode(path), target.query_part()),
                )
            }
            None => match snapshot.site.plan.bundle_of(path) {
                Some(bundle) => self.index(snapshot, bundle, path),
                None => self.not_found(snapshot, path),
            },
        }
    }

    /// A file of the search index.
    fn index(&self, snapshot: &Snapshot, bundle: &Bundle, path: &str) -> Answer {
        let name = path.strip_prefix(bundle.url.as_str()).unwrap_or(path);
        match snapshot.index.file(&snapshot.site, bundle, name) {
            Ok(Some(bytes)) => {
                let tag = tag(Hash128::of(&bytes));
                Answer::of(200, media_type(path), Body::Bytes(bytes)).with("ETag", tag)
            }
            Ok(None) => self.not_found(snapshot, path),
            Err(SearchError::Cache) => self.failed(&RenderError::Cache, RenderVersion::default()),
            Err(error @ (SearchError::Engine(_) | SearchError::LeftOut)) => {
                Answer::text(500, &format!("Cannot build the search index: {error}"))
            }
        }
    }

    fn not_found(&self, snapshot: &Snapshot, path: &str) -> Answer {
        match snapshot.find(&snapshot.site.plan.not_found(path)) {
            Some(page) => self.rendered(snapshot, page, path, 404),
            None => Answer::text(404, "Page not found."),
        }
    }

    /// A rendered page; it is shown at `path`, which is not its own when it is the page for what is
    /// not there.
    fn rendered(&self, snapshot: &Snapshot, page: &PageSpec, path: &str, status: u16) -> Answer {
        let bytes = match snapshot.remember(page, || snapshot.site.render(&self.source, page)) {
            Ok(bytes) => bytes,
            Err(error) => return self.failed(&error, snapshot.look(path)),
        };
        let media_type = media_type(&page.url);
        let body = if media_type.starts_with("text/html") {
            with_script(&bytes, snapshot.look(path)).into()
        } else {
            bytes
        };
        let tag = tag(Hash128::of(&body));
        Answer::of(status, media_type, Body::Bytes(body)).with("ETag", tag)
    }

    fn failed(&self, error: &RenderError, look: RenderVersion) -> Answer {
        let problem = match error {
            RenderError::Template(problem) => problem.clone(),
            RenderError::Cache => {
                if let Ok(signals) = self.signals.lock() {
                    drop(signals.send(Signal::DamagedCache));
                }
                Diagnostic::error("cache", "the article cache is damaged and is being rebuilt")
            }
            RenderError::Undeclared(article) => Diagnostic::error(
                "bug",
                format!(
                    "internal error: this page shows {article}, which its plan does not declare; \
                     please report this"
                ),
            ),
        };
        error_page(&Problem::of_all(&[problem]), look)
    }

    /// A file that is sent as it is, or a part of it.
    fn file(
        &self,
        request: &Request,
        snapshot: &Snapshot,
        page: &PageSpec,
        hash: Hash128,
        origin: &Origin,
    ) -> Answer {
        let tag = tag(hash);
        // It is opened before anything is promised: once the head is sent, no error can be.
        let opened = match origin {
            Origin::BuiltIn(bytes) => Ok((None, bytes.len() as u64)),
            Origin::Made(bytes) => Ok((None, bytes.len() as u64)),
            Origin::File(file) => self.source.open(file).and_then(|file| {
                let length = file.metadata()?.len();
                Ok((Some(file), length))
            }),
        };
        let (file, length) = match opened {
            Ok(opened) => opened,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Answer::text(404, "The file no longer exists.");
            }
            Err(error) => {
                return Answer::text(500, &format!("The file cannot be read: {error}"));
            }
        };
        // Only GET has ranges (RFC 9110, section 14.2), and a browser that has the file gets none
        // (section 13.2.2).
        let may_resume = request.method == Method::Get
            && request.header("If-Range").is_none_or(|given| given == tag)
            && !has_already(request, &tag);
        let range = Range::of(request.header("Range").filter(|_| may_resume), length);
        let (status, start, end) = match range {
            Range::All => (200, 0, length),
            Range::Part(start, end) => (206, start, end),
            Range::Outside => {
                return Answer::text(416, "The requested range is beyond the end of the file.")
                    .with("Content-Range", format!("bytes */{length}"));
            }
        };
        let body = match file {
            Some(file) if length >= LARGE => Body::File(file, start, end - start),
            _ => match snapshot.site.render(&self.source, page) {
                Ok(bytes) => part(bytes.into(), start, end),
                Err(error) => return self.failed(&error, RenderVersion::default()),
            },
        };
        let answer = Answer::of(status, media_type(&page.url), body)
            .with("ETag", tag)
            .with("Accept-Ranges", "bytes".to_owned());
        match range {
            Range::Part(..) => answer.with(
                "Content-Range",
                format!("bytes {start}-{}/{length}", end - 1),
            ),
            _ => answer,
        }
    }

    /// Writes events until the browser goes away.
    fn stream(&self, request: &Request, target: &Target) -> Reply {
        const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; \
                            charset=utf-8\r\nCache-Control: no-store\r\n\
            X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";
        let is_head = request.method == Method::Head;
        let shown = shown(
            target.parameter("page").unwrap_or_default(),
            &self.hub.state(),
        );
        let seen = target
            .parameter("look")
            .and_then(|look| RenderVersion::parse(&look));
        let hub = Arc::clone(&self.hub);
        Reply::Stream(Box::new(move |to| {
            to.write_all(HEAD.as_bytes())?;
            if is_head {
                return Ok(());
            }
            hub.stream(to, shown, seen)
        }))
    }
}

/// What a browser shows that is at a path, as it stands in its address bar.
fn shown(address: String, state: &State) -> Shown {
    let base = state
        .snapshot
        .as_ref()
        .map(|snapshot| snapshot.site.config.base_url.path.as_str())
        .unwrap_or_default();
    let path = Target::parse(&address)
        .map(|target| target.path)
        .unwrap_or(address);
    if path.starts_with(OWN) {
        Shown::Desk
    } else {
        Shown::Page(path.strip_prefix(base).unwrap_or(&path).to_owned())
    }
}

/// The bytes from `start` up to `end`.
fn part(bytes: Arc<[u8]>, start: u64, end: u64) -> Body {
    // The file may have shrunk since it was measured.
    let at = |place: u64| {
        usize::try_from(place)
            .unwrap_or(usize::MAX)
            .min(bytes.len())
    };
    let range = at(start)..at(end);
    if range.len() == bytes.len() {
        Body::Bytes(bytes)
    } else {
        Body::Part(bytes, range)
    }
}

/// What is sent when the browser has the same already.
fn conditional(request: &Request, answer: Answer) -> Answer {
    let tag = answer
        .headers
        .iter()
        .find(|(name, _)| *name == "ETag")
        .map(|(_, tag)| tag.as_str());
    if answer.status == 200 && tag.is_some_and(|tag| has_already(request, tag)) {
        Answer {
            status: 304,
            ..answer
        }
    } else {
        answer
    }
}

/// Whether the browser has the version with a tag.
fn has_already(request: &Request, tag: &str) -> bool {
    request
        .header("If-None-Match")
        .is_some_and(|given| matches(given, tag))
}

/// Whether a `Host` is a name of the machine itself.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let ip = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || ip.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn tag(hash: Hash128) -> String {
    format!("\"{hash}\"")
}

/// A page with the script that loads it again, last in its body.
fn with_script(page: &[u8], look: RenderVersion) -> Vec<u8> {
    const END: &[u8] = b"</body>";
    let at = page
        .windows(END.len())
        .rposition(|part| part.eq_ignore_ascii_case(END))
        .unwrap_or(page.len());
    let script = format!("<script src=\"{OWN}reload.js\" data-look=\"{look}\" defer></script>");
    [&page[..at], script.as_bytes(), &page[at..]].concat()
}

/// The page that is shown while the site cannot be built: the errors.
fn error_page(problems: &[Problem], look: RenderVersion) -> Answer {
    let shown: String = problems
        .iter()
        .map(|problem| format!("<pre>{}</pre>\n", encode_text(&problem.text)))
        .collect();
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>This page \
         could not be rendered</title>\n<link rel=\"icon\" href=\"data:,\">\n<link \
         rel=\"stylesheet\" href=\"{OWN}desk.css\">\n</head>\n<body class=\"broken\">\n<h1>This \
         page could not be rendered</h1>\n{shown}</body>\n</html>\n"
    );
    Answer::of(
        500,
        "text/html; charset=utf-8",
        Body::Bytes(with_script(page.as_bytes(), look).into()),
    )
}

impl Answer {
    pub(super) fn of(status: u16, media_type: &str, body: Body) -> Answer {
        let headers = [
            ("Content-Type", media_type.to_owned()),
            ("Cache-Control", "no-cache".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
            ("Server", "newsgen".to_owned()),
        ];
        Answer {
            status,
            headers: headers.into(),
            body,
        }
    }

    pub(super) fn text(status: u16, text: &str) -> Answer {
        Answer::of(
            status,
            "text/plain; charset=utf-8",
            Body::Bytes(format!("{text}\n").into_bytes().into()),
        )
    }

    fn redirect(status: u16, to: String) -> Answer {
        Answer::text(status, &to).with("Location", to)
    }

    pub(super) fn with(mut self, name: &'static str, value: String) -> Answer {
        self.headers.push((name, value));
        self
    }

    /// Something of our own, with a tag.
    pub(super) fn own(media_type: &str, bytes: Vec<u8>) -> Answer {
        let tag = tag(Hash128::of(&bytes));
        Answer::of(200, media_type, Body::Bytes(bytes.into())).with("ETag", tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in [
            "localhost",
            "LOCALHOST:4000",
            "127.0.0.1:80",
            "[::1]:4000",
            "[::1]",
            "127.1.2.3",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org",
            "192.168.0.1:4000",
            "",
            "[::2]",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }

    #[test]
    fn the_script_is_last_in_the_body() {
        let page = |text: &str| {
            String::from_utf8(with_script(text.as_bytes(), RenderVersion::default())).unwrap()
        };
        assert!(
            page("<p></body><pre></BODY></html>")
                .contains("<pre><script src=\"/__newsgen/reload.js\"")
        );
        assert!(page("<p>no end").ends_with("defer></script>"));
    }
}
