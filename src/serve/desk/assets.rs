//! The files of the desk's page: plain modules, as they are written, and compressed.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::hash::Hash128;
use crate::serve::http::{Answer, Body};
use crate::serve::request::Request;
use crate::theme;

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! files {
    ($(($name:literal, $path:literal, $media_type:expr)),* $(,)?) => {
        [$(($name, $media_type, include_bytes!(concat!("../assets/", $path)).as_slice())),*]
    };
}

/// The files, by their names below `/__newsgen/`.
const FILES: [(&str, &str, &[u8]); 15] = files![
    ("api.js", "desk/api.js", SCRIPT),
    ("desk.css", "desk/desk.css", STYLE),
    ("desk.js", "desk/desk.js", SCRIPT),
    ("dialogs.js", "desk/dialogs.js", SCRIPT),
    ("dom.js", "desk/dom.js", SCRIPT),
    ("edition.js", "desk/edition.js", SCRIPT),
    ("list.js", "desk/list.js", SCRIPT),
    ("login.js", "desk/login.js", SCRIPT),
    ("new.js", "desk/new.js", SCRIPT),
    ("preview.js", "desk/preview.js", SCRIPT),
    ("publish.js", "desk/publish.js", SCRIPT),
    ("queue.js", "desk/queue.js", SCRIPT),
    ("reload.js", "reload.js", SCRIPT),
    ("sources.js", "desk/sources.js", SCRIPT),
    ("story.js", "desk/story.js", SCRIPT),
];

/// The font of the theme, which the desk shares: its name here, and its path in the theme.
const FONT: (&str, &str) = ("newsreader.woff2", "fonts/newsreader.woff2");

/// A file in memory.
struct File {
    media_type: &'static str,
    plain: Arc<[u8]>,
    /// Compressed with gzip; none for what is compressed already.
    gzip: Option<Arc<[u8]>>,
    tag: String,
}

/// All files of the page.
pub(super) struct Assets(BTreeMap<&'static str, File>);

impl Assets {
    pub(super) fn new() -> Assets {
        let text = FILES.iter().map(|(name, media_type, bytes)| {
            let file = File {
                media_type,
                plain: (*bytes).into(),
                gzip: compressed(bytes),
                tag: Hash128::of(bytes).to_string(),
            };
            (*name, file)
        });
        let font = theme::built_in(FONT.1).map(|bytes| {
            let file = File {
                media_type: "font/woff2",
                plain: bytes.into(),
                gzip: None,
                tag: Hash128::of(bytes).to_string(),
            };
            (FONT.0, file)
        });
        Assets(text.chain(font).collect())
    }

    /// The answer to a request for a file; none if there is no such file.
    pub(super) fn answer(&self, name: &str, request: &Request) -> Option<Answer> {
        let file = self.0.get(name)?;
        let accepted = request.header("Accept-Encoding").unwrap_or_default();
        let takes_gzip = accepted.split(',').any(|coding| coding.trim() == "gzip");
        let answer = match file.gzip.as_ref().filter(|_| takes_gzip) {
            Some(gzip) => Answer::of(200, file.media_type, Body::Bytes(Arc::clone(gzip)))
                .with("Content-Encoding", "gzip".to_owned())
                .with("ETag", format!("\"{}-gzip\"", file.tag)),
            None => Answer::of(200, file.media_type, Body::Bytes(Arc::clone(&file.plain)))
                .with("ETag", format!("\"{}\"", file.tag)),
        };
        let answer = answer.with("Cross-Origin-Resource-Policy", "same-origin".to_owned());
        Some(answer.with("Vary", "Accept-Encoding".to_owned()))
    }
}

fn compressed(bytes: &[u8]) -> Option<Arc<[u8]>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Bytes that the page may load when it is opened, as they are and not compressed.
    const MOST_AT_FIRST: usize = 55_000;
    /// Bytes of all its files, with what views and dialogs load when they are opened.
    const MOST_OF_ALL: usize = 92_000;

    fn text(name: &str) -> &'static str {
        let file = FILES.iter().find(|(other, ..)| *other == name);
        std::str::from_utf8(file.unwrap_or_else(|| panic!("no {name}")).2).unwrap()
    }

    /// The names of modules that stand in a text after some words.
    fn after<'t>(text: &'t str, words: &'t str) -> impl Iterator<Item = &'t str> {
        text.split(words)
            .skip(1)
            .filter_map(|it| it.split('"').next())
    }

    #[test]
    fn the_page_is_small() {
        let page = include_str!("../assets/desk/desk.html");
        let mut named = after(page, "\"/__newsgen/").map(str::to_owned);
        let mut opened: BTreeSet<String> = named.by_ref().collect();
        let mut waiting: Vec<String> = opened.iter().cloned().collect();
        while let Some(name) = waiting.pop() {
            for import in after(text(&name), " from \"./") {
                if opened.insert(import.to_owned()) {
                    waiting.push(import.to_owned());
                }
            }
        }
        assert!(
            opened.contains("list.js") && !opened.contains("dialogs.js"),
            "{opened:?}"
        );
        let first = page.len() + opened.iter().map(|name| text(name).len()).sum::<usize>();
        assert!(first <= MOST_AT_FIRST, "{first} bytes");
        let own = FILES.iter().filter(|(name, ..)| *name != "reload.js");
        let all = page.len() + own.map(|(.., bytes)| bytes.len()).sum::<usize>();
        assert!(all <= MOST_OF_ALL, "{all} bytes");
    }
}
