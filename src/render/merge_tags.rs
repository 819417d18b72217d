//! Merge tags: what mailing services replace in the emails that they send, such as `*|UNSUB|*`
//! (Mailchimp), `{{ unsubscribe_url }}` (Buttondown, listmonk), `[[data:name]]` (Mailjet),
//! `<%…%>` (SendGrid), `%recipient.name%` (Mailgun), `%%name%%` (Salesforce).
//!
//! In a title they would be read as the owner's. So the two characters that open or close one are
//! set apart by a word joiner, which readers do not see, and at which no line ends. Addresses need
//! none: `content::text` encodes what tags are made of.

use std::borrow::Cow;

use tera::{Map, Value};

/// U+2060: has no width, and forbids a break (<https://www.unicode.org/reports/tr14/#WJ>).
const WORD_JOINER: char = '\u{2060}';

/// The same text to readers, without merge tags.
pub(super) fn inert(text: &str) -> Cow<'_, str> {
    let mut inert = String::new();
    let mut copied = 0;
    for (at, second) in text.char_indices().skip(1) {
        let first = text[..at].chars().next_back().unwrap_or_default();
        if is_delimiter(first, second) && !is_escape(text, at) {
            inert.push_str(&text[copied..at]);
            inert.push(WORD_JOINER);
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    inert.push_str(&text[copied..]);
    Cow::Owned(inert)
}

/// Whether two characters open or close a tag.
fn is_delimiter(first: char, second: char) -> bool {
    match first {
        '{' => matches!(second, '{' | '%' | '#' | '$' | '!'),
        '}' => second == '}',
        '[' => second == '[',
        ']' => second == ']',
        '*' => second == '|',
        '|' => second == '*',
        '<' => second == '%',
        '$' | '@' => second == '{',
        '#' => matches!(second, '{' | '}'),
        '%' => matches!(second, '%' | '}' | '>') || second.is_ascii_alphabetic(),
        _ => false,
    }
}

/// Whether the digit or letter at `at` belongs to a percent-encoded byte of an address.
fn is_escape(text: &str, at: usize) -> bool {
    let is_address = ["https://", "http://", "/"]
        .iter()
        .any(|start| text.starts_with(start));
    let digits = text.as_bytes().get(at..at + 2);
    is_address
        && !text.contains(char::is_whitespace)
        && digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// The same for all texts in a value of a template.
pub(super) fn inert_value(value: &Value) -> Value {
    inert_fields(value, &[])
}

/// The same for all of a value but its fields that are the owner's `own`.
pub(super) fn inert_fields(value: &Value, own: &[&str]) -> Value {
    if let Some(text) = value.as_str() {
        match inert(text) {
            Cow::Borrowed(_) => value.clone(),
            Cow::Owned(inert) if value.is_safe() => Value::safe_string(&inert),
            Cow::Owned(inert) => Value::from(inert),
        }
    } else if let Some(items) = value.as_array() {
        Value::from(items.iter().map(inert_value).collect::<Vec<_>>())
    } else if let Some(fields) = value.as_map() {
        let fields = fields.iter().map(|(name, value)| {
            let is_own = name.as_str().is_some_and(|name| own.contains(&name));
            let value = if is_own {
                value.clone()
            } else {
                inert_value(value)
            };
            (name.clone(), value)
        });
        Value::from(fields.collect::<Map>())
    } else {
        value.clone()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_tag_is_left_and_readers_see_the_same() {
        for text in [
            "*|UNSUB|*",
            "{{ name }}",
            "{{{raw}}}",
            "{% if a %}",
            "{# a #}",
            "{!name} {$name}",
            "[[data:name]]",
            "<%asm_group_unsubscribe_raw_url%>",
            "${name} #{name} @{name}",
            "%%name%%",
            "%recipient.name%",
            "%ADDRESS% at https://a.example/",
            "日{{本}}",
        ] {
            let inert = inert(text);
            assert_ne!(inert, text);
            assert_eq!(inert.replace(WORD_JOINER, ""), text);
            for tag in [
                "*|", "|*", "{{", "}}", "{%", "%}", "{#", "{!", "{$", "[[", "]]", "<%", "%>", "${",
                "#{", "@{", "%%", "%r", "%A",
            ] {
                assert!(!inert.contains(tag), "{inert}");
            }
        }
    }

    #[test]
    fn ordinary_texts_and_addresses_stay() {
        for text in [
            "",
            "Sales fall by 87 %, and 9% in May",
            "A [video] | B {sic} * C #1 $5 @d",
            "https://a.example/%C3%BC%AD?b=%5B%5Bc",
            "/topics/%e2%80%99s/",
        ] {
            assert!(matches!(inert(text), Cow::Borrowed(_)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_joiners_is_added(text in "[*|{}\\[\\]%<>$#!a ]{0,20}") {
            let once = inert(&text).into_owned();
            prop_assert_eq!(once.replace(WORD_JOINER, ""), text);
            prop_assert_eq!(inert(&once), once.as_str());
        }
    }
}
