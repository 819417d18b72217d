//! Start tags of sanitised HTML, to look at and change.
//!
//! The sanitiser prints HTML in one form: `<name a="…" b="…">`, with quotes escaped in values and
//! `<` escaped in text. So start tags can be found without parsing again; a `>` in a value is no
//! end.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use super::link_target;
use super::plain_text::INLINE;

/// Replaces start tags: `change` gets the name and the attributes (with a leading space, if there
/// are any) of each, and returns what takes the place of the whole tag, or none to leave it.
pub(super) fn change<'h>(
    html: &'h str,
    change: impl Fn(&str, &str) -> Option<String>,
) -> Cow<'h, str> {
    let mut changed = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let end = end_of_tag(html, start);
        let inside = &html[start + 1..end];
        let name_length = inside
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(inside.len());
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

/// Replaces elements whose content is raw text (`iframe`), content and end tag included: `change`
/// gets the attributes of each. What stands in such an element is not escaped, and would become
/// HTML if only its tags went.
pub(super) fn change_raw(html: &str, name: &str, change: impl Fn(&str) -> String) -> String {
    let end_tag = format!("</{name}>");
    let mut changed = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = end_of_tag(rest, start);
        let inside = &rest[start + 1..end];
        let attributes = inside
            .strip_prefix(name)
            .filter(|after| after.is_empty() || after.starts_with(' '));
        changed.push_str(&rest[..start]);
        let next = match attributes {
            Some(attributes) => {
                changed.push_str(&change(attributes));
                rest[end..]
                    .find(&end_tag)
                    .map_or(rest.len(), |at| end + at + end_tag.len())
            }
            None => {
                let next = (end + 1).min(rest.len());
                changed.push_str(&rest[start..next]);
                next
            }
        };
        rest = &rest[next..];
    }
    changed + rest
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
    position(attributes, name).is_some()
}

/// The value of an attribute as it is written, escaped.
pub(super) fn value<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let start = position(attributes, name)?;
    let value = &attributes[start + name.len() + 3..];
    value.split('"').next()
}

/// Attributes but for one.
pub(super) fn without(attributes: &str, name: &str) -> String {
    let Some(start) = position(attributes, name) else {
        return attributes.to_owned();
    };
    let value = start + name.len() + 3;
    let end = attributes[value..]
        .find('"')
        .map_or(attributes.len(), |at| value + at + 1);
    format!("{}{}", &attributes[..start], &attributes[end..])
}

/// Where an attribute begins, at the space before it. What looks like one in the value of another
/// is none.
fn position(attributes: &str, name: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(rest) = attributes[at..].strip_prefix(' ') {
        let length = rest.find("=\"")?;
        if &rest[..length] == name {
            return Some(at);
        }
        let value = at + 1 + length + 2;
        at = value + attributes[value..].find('"')? + 1;
    }
    None
}

/// What a tag has that leads to a footnote or back.
const FOOTNOTE: &str = " href=\"#fn";

/// The text of sanitised HTML, without tags. Elements that stand for themselves are set apart by
/// spaces; frames and the marks of footnotes are left out.
pub fn text(html: &str) -> String {
    let html = change_raw(html, "iframe", |_| " ".to_owned());
    let mut text = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let end = end_of_tag(rest, start);
        let inside = rest[start + 1..end].trim_start_matches('/');
        let name = inside
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        if !INLINE.contains(&name) {
            text.push(' ');
        }
        let is_mark = name == "a" && inside.contains(FOOTNOTE);
        rest = &rest[(end + 1).min(rest.len())..];
        if is_mark && let Some(end) = rest.find("</a>") {
            rest = &rest[end..];
        }
    }
    text.push_str(rest);
    let words: Vec<&str> = text.split_whitespace().collect();
    html_escape::decode_html_entities(&words.join(" ")).into_owned()
}

/// Puts `prefix` before the paths of the site (`/…`) that links and pictures of sanitised HTML lead
/// to.
pub fn rebase<'h>(html: &'h str, prefix: &str) -> Cow<'h, str> {
    if prefix.is_empty() || !html.contains("=\"/") {
        return Cow::Borrowed(html);
    }
    change(html, |name, attributes| {
        let mut new = attributes.to_owned();
        for attribute in ["href", "src"] {
            let local = format!(" {attribute}=\"/");
            if let Some(found) = new
                .find(&local)
                .filter(|found| !new[found + local.len()..].starts_with('/'))
            {
                new.insert_str(found + local.len() - 1, prefix);
            }
        }
        (new != attributes).then(|| format!("<{name}{new}>"))
    })
}

/// Resolves the addresses of sanitised HTML that are relative to its file: `link` and `picture` say
/// where they lead. A link that leads nowhere stays as text, a picture goes.
pub fn resolve<'h>(
    html: &'h str,
    link: impl Fn(&str) -> Option<String>,
    picture: impl Fn(&str) -> Option<String>,
) -> Cow<'h, str> {
    change(html, |name, attributes| {
        let attribute = match name {
            "a" => "href",
            "img" => "src",
            _ => return None,
        };
        let written = value(attributes, attribute)?;
        if !link_target::is_relative(written) {
            return None;
        }
        let address = written.replace("&amp;", "&");
        let lead = match name {
            "a" => link(&address),
            _ => picture(&address),
        };
        let Some(lead) = lead else {
            return Some(match name {
                "a" => format!("<a{}>", without(&without(attributes, "href"), "rel")),
                _ => String::new(),
            });
        };
        let lead = html_escape::encode_double_quoted_attribute(&lead);
        let new = attributes.replacen(
            &format!(" {attribute}=\"{written}\""),
            &format!(" {attribute}=\"{lead}\""),
            1,
        );
        Some(format!("<{name}{new}>"))
    })
}

/// The ids in sanitised HTML.
pub(super) fn ids(html: &str) -> BTreeSet<String> {
    let ids = RefCell::new(BTreeSet::new());
    drop(change(html, |_, attributes| {
        let id = value(attributes, "id");
        ids.borrow_mut().extend(id.map(str::to_owned));
        None
    }));
    ids.into_inner()
}

/// Sanitised HTML for another page than `page`: links within it lead there, and it has no ids,
/// which texts beside it could have, too.
pub fn elsewhere<'h>(html: &'h str, page: &str) -> Cow<'h, str> {
    if !html.contains("=\"#") && !html.contains(" id=\"") {
        return Cow::Borrowed(html);
    }
    change(html, |name, attributes| {
        let mut new = without(attributes, "id");
        if let Some(inside) = value(&new, "href").filter(|href| href.starts_with('#')) {
            let page = html_escape::encode_double_quoted_attribute(page);
            new = new.replacen(
                &format!(" href=\"{inside}\""),
                &format!(" href=\"{page}{inside}\""),
                1,
            );
        }
        (new != attributes).then(|| format!("<{name}{new}>"))
    })
}

/// Where the first frame of sanitised HTML comes from.
pub fn frame(html: &str) -> Option<String> {
    let found = RefCell::new(None);
    drop(change(html, |name, attributes| {
        if name == "iframe" && found.borrow().is_none() {
            let source = attributes
                .split_once(" src=\"")
                .and_then(|(_, rest)| rest.split('"').next());
            *found.borrow_mut() =
                source.map(|source| html_escape::decode_html_entities(source).into_owned());
        }
        None
    }));
    found.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_site_get_the_prefix_and_nothing_else_does() {
        let html = "<p><a href=\"/x\" title=\"a > b\">href=\"/y\"</a><img src=\"/z\" alt=\"\"><a \
                    href=\"//h/\">c</a></p>";
        assert_eq!(
            rebase(html, "/ai"),
            "<p><a href=\"/ai/x\" title=\"a > b\">href=\"/y\"</a><img src=\"/ai/z\" alt=\"\"><a \
             href=\"//h/\">c</a></p>"
        );
        assert_eq!(rebase(html, ""), html);
    }

    #[test]
    fn text_is_what_a_reader_sees() {
        let html = "<h2>A&amp;B</h2><p>so<em>me</em> <a href=\"/x\" title=\"a > \
                    b\">&lt;b&gt;</a><br>end</p>\
            <iframe src=\"x\">raw <b></iframe><ul><li>1</li><li>2</li></ul>";
        assert_eq!(text(html), "A&B some <b> end 1 2");
        let note = "<p>A claim.<sup><a href=\"#fn-1\" id=\"fnref-1\">1</a></sup></p><li><p>Why. <a \
                    href=\"#fnref-1\">↩</a></p></li>";
        assert_eq!(text(note), "A claim. Why.");
        assert_eq!(text("a <i"), "a");
    }

    #[test]
    fn raw_elements_go_with_their_content() {
        let html =
            "<p title=\"<iframe>\">a<iframe src=\"x\">\"<script>b</script></iframe>c</p><iframes>";
        assert_eq!(
            change_raw(html, "iframe", |_| String::new()),
            "<p title=\"<iframe>\">ac</p><iframes>"
        );
        assert_eq!(change_raw("<iframe>x", "iframe", |_| "y".into()), "y");
    }

    #[test]
    fn the_first_frame_is_found() {
        let html = "<p title=\"<iframe src=x>\">a</p><iframe title=\"src=&quot;y&quot;\" \
                    src=\"https://a/?b&amp;c\"></iframe><iframe src=\"z\">";
        assert_eq!(frame(html).as_deref(), Some("https://a/?b&c"));
        assert_eq!(frame("<p>iframe src=\"x\"</p>"), None);
    }

    #[test]
    fn relative_addresses_lead_somewhere_or_go() {
        let html = "<p><a id=\"i\" href=\"a.md?b&amp;c#d\" rel=\"x\">1</a><a href=\"gone.md\" \
                    rel=\"x\">2</a><img src=\"p.png\" alt=\"src=&quot;p.png\"><img src=\"q.png\" \
                    alt=\"\"><a href=\"https://h/a.md\">3</a><a href=\"#a.md\">4</a></p>";
        let lead = |address: &str| match address {
            "a.md?b&c#d" => Some("/x/?\"&y".to_owned()),
            "p.png" => Some("/p.png".to_owned()),
            _ => None,
        };
        assert_eq!(
            resolve(html, lead, lead),
            "<p><a id=\"i\" href=\"/x/?&quot;&amp;y\" rel=\"x\">1</a><a>2</a><img \
             src=\"/p.png\" alt=\"src=&quot;p.png\"><a href=\"https://h/a.md\">3</a><a \
             href=\"#a.md\">4</a></p>"
        );
    }

    #[test]
    fn what_is_shown_elsewhere_leads_to_its_page() {
        let html = "<h2 id=\"a\">A</h2><a id=\"b\" href=\"#a\">1</a><a href=\"/#a\">2</a>";
        assert_eq!(
            elsewhere(html, "https://s/p/"),
            "<h2>A</h2><a href=\"https://s/p/#a\">1</a><a href=\"/#a\">2</a>"
        );
    }

    #[test]
    fn unfinished_tags_do_no_harm() {
        assert_eq!(change("a &lt; b <i", |_, _| Some("x".into())), "a &lt; b x");
    }
}
