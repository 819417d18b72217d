//! `[permalinks]`: the patterns of addresses.

use std::ops::Range;

use super::{Resolver, folder};
use crate::config::Permalinks;
use crate::config::fields;
use crate::config::read::Value;
use crate::diagnostic::nearest;
use crate::output_path;
use crate::percent;
use crate::slug::{SlugStyle, is_letter_or_mark};

/// Placeholders of the addresses of articles.
const OF_ARTICLES: &[&str] = &[
    "year",
    "month",
    "day",
    "slug",
    "category",
    "type",
    "provider",
    "name",
    "stem",
    "title",
    "section",
    "path",
    "topics",
    "categories",
];

impl Resolver<'_, '_> {
    pub(super) fn permalinks(&mut self) -> Permalinks {
        const ARTICLE: &str = "permalinks.article";
        let is_set = !self.span(ARTICLE).is_empty();
        let of_tool = fields::permalink(&self.text("content.preset")).filter(|_| !is_set);
        let article = of_tool.map_or_else(|| self.text(ARTICLE), str::to_owned);
        self.check_permalink(ARTICLE, &article, self.span(ARTICLE), OF_ARTICLES);
        let mut own = |name: &str, known: &[&str]| {
            let pattern = self.text(name);
            self.check_permalink(name, &pattern, self.span(name), known);
            encoded(&pattern)
        };
        Permalinks {
            article: encoded(&article),
            topic: own("permalinks.topic", &["slug"]),
            provider: own("permalinks.provider", &["slug", "name"]),
            folders: self.permalinks_of_folders(),
            slugs: match self.text("permalinks.slugs").as_str() {
                "unicode" => SlugStyle::Unicode,
                _ => SlugStyle::Ascii,
            },
        }
    }

    /// The patterns of single folders of articles, the deepest folder first.
    fn permalinks_of_folders(&mut self) -> Vec<(String, String)> {
        let Some((Value::TextTable(table), _)) = self.values.get("permalinks.folders") else {
            return Vec::new();
        };
        let mut folders = Vec::new();
        for (name, entry) in table {
            let full = format!("permalinks.folders.{name}");
            self.check_permalink(&full, &entry.text, entry.name.clone(), OF_ARTICLES);
            folders.push((folder(name), encoded(&entry.text)));
        }
        folders.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        folders
    }

    fn check_permalink(&mut self, name: &str, pattern: &str, span: Range<usize>, known: &[&str]) {
        let mut wrong = None;
        for part in pattern.split('/') {
            for word in part.split(':').skip(1) {
                let word: String = word.chars().take_while(char::is_ascii_alphabetic).collect();
                if !known.contains(&word.as_str()) {
                    let nearest = nearest(&word, known.iter().copied()).unwrap_or(known[0]);
                    wrong = Some((
                        format!("`{name}` has an unknown placeholder `:{word}`"),
                        format!("did you mean `:{nearest}`?"),
                    ));
                }
            }
        }
        let is_file = known == OF_ARTICLES && pattern.ends_with(".html");
        if !pattern.starts_with('/')
            || !(pattern.ends_with('/') || is_file)
            || pattern.contains("//")
        {
            wrong = Some((
                format!("`{name}` must start and end with a slash"),
                "use a pattern such as /news/:slug/".to_owned(),
            ));
        } else if pattern.split('/').any(|part| part == "." || part == "..")
            || !pattern.chars().all(permalink_char)
        {
            wrong = Some((
                format!("`{name}` contains characters that a permalink cannot have"),
                "use letters, digits, `-`, `_`, `.`, `/` and placeholders".to_owned(),
            ));
        } else if let Some(reason) = output_path::reserved(pattern) {
            wrong = Some((
                format!("`{name}` {reason}"),
                "use a pattern such as /news/:slug/".to_owned(),
            ));
        } else if wrong.is_none() && !pattern.contains(':') {
            wrong = Some((
                format!("`{name}` gives every page the same URL"),
                "add `:slug` to it".to_owned(),
            ));
        }
        if let Some((message, help)) = wrong {
            self.reader.problem(span, message, help);
        }
    }
}

fn permalink_char(c: char) -> bool {
    is_letter_or_mark(c) || "-_./:".contains(c)
}

/// A pattern as addresses are written; its placeholders stay.
fn encoded(pattern: &str) -> String {
    let parts: Vec<String> = pattern.split(':').map(percent::normal).collect();
    parts.join(":")
}
