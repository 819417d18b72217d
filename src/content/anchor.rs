//! Ids of places in a body, which links within the page lead to.

use std::borrow::Cow;

use ahash::{HashMap, HashSet};

/// Ids that pages of the default theme have themselves. A body must not have them, or a link of the
/// page would lead into the text.
const OF_THEME: [&str; 6] = ["coverage", "latest", "main", "related", "top", "topics"];

/// The start of further ids of the default theme.
const PREFIX_OF_THEME: &str = "band-";

/// Bytes of an id that is made from a heading, at most.
const LONGEST: usize = 80;

/// Whether pages of the default theme may have an element with this id besides the body.
pub fn is_of_theme(id: &str) -> bool {
    OF_THEME.contains(&id) || id.starts_with(PREFIX_OF_THEME)
}

/// The id of the text of a footnote, from 1.
pub(super) fn footnote(number: usize) -> String {
    format!("fn-{number}")
}

/// The id of the first reference to a footnote.
pub(super) fn reference(number: usize) -> String {
    format!("fnref-{number}")
}

fn is_of_footnote(id: &str) -> bool {
    let number = id.strip_prefix("fn-").or_else(|| id.strip_prefix("fnref-"));
    number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether an author may write an id: one that needs no escaping anywhere and that no page of the
/// theme has.
pub(super) fn is_usable(id: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    !id.is_empty() && id.len() <= LONGEST && id.chars().all(is_plain) && !is_of_theme(id)
}

/// The id of a heading from its text, as GitHub and most generators make it: in lower case, with
/// hyphens for spaces and without punctuation.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len().min(LONGEST));
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        if slug.len() + c.len_utf8() > LONGEST {
            break;
        }
        match c {
            ' ' | '\t' | '\n' => slug.push('-'),
            '-' | '_' => slug.push(c),
            _ if c.is_alphanumeric() => slug.push(c),
            _ => {}
        }
    }
    if slug.is_empty() {
        slug.push_str("section");
    }
    slug
}

/// The ids of one body.
#[derive(Default)]
pub(super) struct Anchors<'t> {
    taken: HashSet<Cow<'t, str>>,
    /// The last number that was given for a text: the next one is looked for above it.
    last: HashMap<String, usize>,
}

impl<'t> Anchors<'t> {
    /// Takes an id that the author wrote, if it is usable and free.
    pub(super) fn take(&mut self, id: &'t str) -> bool {
        is_usable(id) && !is_of_footnote(id) && self.taken.insert(Cow::Borrowed(id))
    }

    /// A free id for a heading, and what it would be if no page of the theme had that.
    pub(super) fn of_heading(&mut self, text: &str) -> (String, String) {
        let wanted = slug(text);
        let is_free = |taken: &HashSet<Cow<'t, str>>, id: &str| {
            !is_of_theme(id) && !is_of_footnote(id) && !taken.contains(id)
        };
        let mut id = wanted.clone();
        if !is_free(&self.taken, &id) {
            let number = self.last.entry(wanted.clone()).or_default();
            loop {
                *number += 1;
                id = format!("{wanted}-{number}");
                if is_free(&self.taken, &id) {
                    break;
                }
                // Whatever begins like an id of the theme or of a footnote goes on like it.
                if is_of_theme(&id) || is_of_footnote(&id) {
                    id = format!("section-{wanted}-{number}");
                    if is_free(&self.taken, &id) {
                        break;
                    }
                }
            }
        }
        self.taken.insert(Cow::Owned(id.clone()));
        (id, wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(texts: &[&str]) -> Vec<String> {
        let mut anchors = Anchors::default();
        let texts = texts.iter();
        texts.map(|text| anchors.of_heading(text).0).collect()
    }

    #[test]
    fn ids_come_from_the_text_and_are_unique() {
        assert_eq!(
            ids(&["Part two", "Part two", "Part two 1", "Part two"]),
            ["part-two", "part-two-1", "part-two-1-1", "part-two-2"]
        );
        assert_eq!(
            ids(&["Überblick: C++ & Go!", "…"]),
            ["überblick-c--go", "section"]
        );
        assert!(ids(&[&"日本".repeat(100)])[0].len() <= LONGEST);
    }

    #[test]
    fn ids_of_the_theme_and_of_footnotes_are_not_taken() {
        assert_eq!(
            ids(&["Topics", "Band 1", "Fn 1", "topics"]),
            ["topics-1", "section-band-1-1", "section-fn-1-1", "topics-2"]
        );
        let mut anchors = Anchors::default();
        assert!(!anchors.take("main") && !anchors.take("fn-1") && !anchors.take("a b"));
        assert!(anchors.take("part.two") && !anchors.take("part.two"));
    }
}
