//! Start tags of sanitised HTML, to look at and change.
//!
//! The sanitiser prints HTML in one form: `<name a="…" b="…">`, with quotes escaped in values and `<` escaped in text.
//! So start tags can be found without parsing again; a `>` in a value is no end.

use std::borrow::Cow;

/// Replaces start tags: `change` gets the name and the attributes (with a leading space, if there are any) of each, and
/// returns what takes the place of the whole tag, or none to leave it.
pub(super) fn change<'h>(html: &'h str, change: impl Fn(&str, &str) -> Option<String>) -> Cow<'h, str> {
    let mut changed = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let end = end_of_tag(html, start);
        let inside = &html[start + 1..end];
        let name_length = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
        if name_length > 0
            && let Some(new) = change(&inside[..name_length], &inside[name_length..])
        {
            changed.push_str(&html[copied..start]);
            changed.push_str(&new);
            copied = (end + 1).min(html.len());
        }
        at = (end + 1).min(html.len());
    }
    if copied == 0 && changed.is_empty() {
        return Cow::Borrowed(html);
    }
    changed.push_str(&html[copied..]);
    Cow::Owned(changed)
}

/// Where the `>` of the tag that starts at `start` is; the end of the text when there is none.
fn end_of_tag(html: &str, start: usize) -> usize {
    let mut quoted = false;
    for (at, byte) in html.bytes().enumerate().skip(start) {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at,
            _ => {}
        }
    }
    html.len()
}

/// Whether attributes (as [`change`] hands them out) have one of a name.
pub(super) fn has(attributes: &str, name: &str) -> bool {
    attributes.contains(&format!(" {name}=\""))
}

/// Puts `prefix` before the paths of the site (`/…`) that links and pictures of sanitised HTML lead to.
pub fn rebase<'h>(html: &'h str, prefix: &str) -> Cow<'h, str> {
    if prefix.is_empty() || !html.contains("=\"/") {
        return Cow::Borrowed(html);
    }
    change(html, |name, attributes| {
        let mut new = attributes.to_owned();
        for attribute in ["href", "src"] {
            let local = format!(" {attribute}=\"/");
            if let Some(found) = new.find(&local).filter(|found| !new[found + local.len()..].starts_with('/')) {
                new.insert_str(found + local.len() - 1, prefix);
            }
        }
        (new != attributes).then(|| format!("<{name}{new}>"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_site_get_the_prefix_and_nothing_else_does() {
        let html =
            "<p><a href=\"/x\" title=\"a > b\">href=\"/y\"</a><img src=\"/z\" alt=\"\"><a href=\"//h/\">c</a></p>";
        assert_eq!(
            rebase(html, "/ai"),
            "<p><a href=\"/ai/x\" title=\"a > b\">href=\"/y\"</a><img src=\"/ai/z\" alt=\"\"><a href=\"//h/\">c</a></p>"
        );
        assert_eq!(rebase(html, ""), html);
    }

    #[test]
    fn unfinished_tags_do_no_harm() {
        assert_eq!(change("a &lt; b <i", |_, _| Some("x".into())), "a &lt; b x");
    }
}
