//! The addresses of the story that an article is about.

use super::{ArticleFields, Builder, Scalar, budget, link};

/// The addresses of a story, as readers get them.
pub(super) struct Links {
    pub(super) original_url: Option<String>,
    pub(super) web_url: Option<String>,
    pub(super) amp_web_url: Option<String>,
    pub(super) cdn_amp_web_url: Option<String>,
    /// The address of the story as it is written, where readers get another.
    pub(super) written: Option<String>,
}

impl Links {
    /// Where the story is.
    pub(super) fn story(&self) -> Option<&str> {
        self.original_url.as_deref().or(self.web_url.as_deref())
    }
}

impl Builder<'_> {
    pub(super) fn links(&mut self, fields: &ArticleFields) -> Links {
        let parser = self.parser;
        let original_url = self.link("originalUrl", fields.original_url.as_ref());
        let web_url = self.link("webUrl", fields.web_url.as_ref());
        let written = original_url.clone().or_else(|| web_url.clone());
        let mut links = Links {
            original_url: parser.for_readers(original_url),
            web_url: parser.for_readers(web_url),
            // Nothing leads to these forms but the API: one that cannot be used is left out, and
            // `check` says so.
            amp_web_url: parser.web_url(fields.amp_web_url.as_ref()),
            cdn_amp_web_url: parser.web_url(fields.cdn_amp_web_url.as_ref()),
            written: None,
        };
        links.written = written.filter(|written| Some(written.as_str()) != links.story());
        links
    }

    /// An address of the story.
    fn link(&mut self, field: &str, value: Option<&Scalar>) -> Option<String> {
        let written = value.filter(|value| !value.0.trim().is_empty())?;
        if let Some(url) = link::web_url(&written.0) {
            return Some(url);
        }
        let name = self.file.name_of(field);
        if written.0.len() > budget::URL / 3 {
            let help = format!(
                "encoded, a URL may have {} bytes, and its host {}",
                budget::grouped(budget::URL),
                budget::HOST
            );
            self.problem(field, format!("`{name}` is too long"), &help);
        } else {
            self.problem(
                field,
                format!("`{name}` is not a web address"),
                "use an http:// or https:// URL",
            );
        }
        None
    }
}
