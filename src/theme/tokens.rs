//! The tags of a template as words and signs, and what follows from them alone.

use std::ops::Range;

/// A word or sign in a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A word.
    Name(&'t str),
    /// A text, with its quotes.
    Text(&'t str),
    /// A number.
    Number,
    /// Anything else: one character, or two that belong together.
    Sign(&'t str),
}

/// A token and where it stands, in bytes.
pub(super) type Placed<'t> = (Token<'t>, Range<usize>);

/// The inside of one tag, with the place of each token.
pub(super) struct Tag<'t> {
    /// Whether it is `{% … %}`.
    pub(super) is_statement: bool,
    /// What stands in it.
    pub(super) tokens: Vec<Placed<'t>>,
}

/// The components that a template defines, and where.
pub(super) fn components(text: &str) -> Vec<(&str, Range<usize>)> {
    // A dotted name counts as a whole.
    let defined = |tag: Tag<'_>| match tag.tokens.as_slice() {
        [
            (Token::Name("component"), _),
            (Token::Name(_), first),
            rest @ ..,
        ] => {
            let dotted = rest
                .chunks_exact(2)
                .take_while(|pair| matches!(pair, [(Token::Sign("."), _), (Token::Name(_), _)]));
            let end = dotted.last().map_or(first.end, |pair| pair[1].1.end);
            Some((&text[first.start..end], first.start..end))
        }
        _ => None,
    };
    tags(text)
        .into_iter()
        .filter(|tag| tag.is_statement)
        .filter_map(defined)
        .collect()
}

/// The names of the blocks of a template.
pub(super) fn blocks(text: &str) -> Vec<&str> {
    let block = |tag: Tag<'_>| match tag.tokens.as_slice() {
        [(Token::Name("block"), _), (Token::Name(_), name), ..] => Some(&text[name.clone()]),
        _ => None,
    };
    tags(text)
        .into_iter()
        .filter(|tag| tag.is_statement)
        .filter_map(block)
        .collect()
}

/// The name of the template that a template extends.
pub(super) fn parent(text: &str) -> Option<&str> {
    let extended = |tag: Tag<'_>| match tag.tokens.as_slice() {
        [(Token::Name("extends"), _), (Token::Text(_), quoted), ..] => {
            text.get(quoted.start + 1..quoted.end.saturating_sub(1))
        }
        _ => None,
    };
    tags(text)
        .into_iter()
        .filter(|tag| tag.is_statement)
        .find_map(extended)
}

/// The word of a token.
pub(super) fn name<'t>(token: &Token<'t>) -> Option<&'t str> {
    match token {
        Token::Name(name) => Some(name),
        _ => None,
    }
}

/// The tags of a template, without comments and raw text. A template that is not well-formed is
/// Tera's to judge: reading stops where it cannot go on.
pub(super) fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|found| at + found) {
        let (is_statement, close) = match text.as_bytes().get(start + 1) {
            Some(b'{') => (false, "}}"),
            Some(b'%') => (true, "%}"),
            Some(b'#') => {
                let Some(end) = text[start..].find("#}") else {
                    return tags;
                };
                at = start + end + 2;
                continue;
            }
            _ => {
                at = start + 1;
                continue;
            }
        };
        // A hyphen trims the white space before the tag.
        let inside = start + 2 + usize::from(text.as_bytes().get(start + 2) == Some(&b'-'));
        let (tokens, end) = tokens(text, inside, close);
        at = end;
        let is_raw = is_statement && matches!(tokens.as_slice(), [(Token::Name("raw"), _)]);
        if is_raw {
            let Some(end) = text[at..].find("endraw") else {
                return tags;
            };
            at += end;
        }
        tags.push(Tag {
            is_statement,
            tokens,
        });
    }
    tags
}

/// The tokens from `start` to the end of the tag, and where that is.
fn tokens<'t>(text: &'t str, start: usize, close: &str) -> (Vec<Placed<'t>>, usize) {
    let mut tokens = Vec::new();
    let mut at = start;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        // A hyphen trims the white space after the tag.
        if let Some(behind) = rest.strip_prefix('-').unwrap_or(rest).strip_prefix(close) {
            return (tokens, text.len() - behind.len());
        }
        let length = |more: fn(char) -> bool| {
            rest.char_indices()
                .find(|(_, c)| !more(*c))
                .map_or(rest.len(), |(end, _)| end)
        };
        let (token, length) = match c {
            c if c.is_whitespace() => (None, c.len_utf8()),
            '"' | '\'' | '`' => {
                let length = quoted(rest, c);
                (Some(Token::Text(&rest[..length])), length)
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = length(|c| c.is_alphanumeric() || c == '_');
                (Some(Token::Name(&rest[..length])), length)
            }
            c if c.is_ascii_digit() => (
                Some(Token::Number),
                length(|c| c.is_ascii_digit() || c == '.'),
            ),
            c => {
                let two = ["?.", "==", "!=", "<=", ">=", "</", "//", "**"];
                let length = two
                    .iter()
                    .find(|two| rest.starts_with(**two))
                    .map_or(c.len_utf8(), |two| two.len());
                (Some(Token::Sign(&rest[..length])), length)
            }
        };
        tokens.extend(token.map(|token| (token, at..at + length)));
        at += length;
    }
    (tokens, text.len())
}

/// Length of a text with its quotes, of which the first stands at the start.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_defines_is_found() {
        let text = "{% extends 'a.html' %}{# {% block no %} #}{%- block one -%}{% endblock %}\
                    {% component ui.card(x) %}{% endcomponent ui.card %}{% block two %}";
        assert_eq!(parent(text), Some("a.html"));
        assert_eq!(blocks(text), ["one", "two"]);
        let names: Vec<&str> = components(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["ui.card"]);
        assert_eq!(parent("{{ extends }}"), None);
    }
}
