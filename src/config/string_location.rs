//! Where a part of the text of a string stands in the file that the string is written in.

use std::ops::Range;

/// The bytes of a TOML file (or of any with strings like those of TOML) that a part of a string
/// takes. `string` are the bytes of the string with its quotes, `part` bytes of the text that it
/// stands for. If that cannot be found out, they are those of the whole string.
pub(super) fn within(file: &str, string: Range<usize>, part: Range<usize>) -> Range<usize> {
    let Some(written) = file.get(string.clone()) else {
        return string;
    };
    let quotes = ["'''", "\"\"\"", "'", "\""];
    let Some(quote) = quotes.into_iter().find(|quote| written.starts_with(quote)) else {
        return string;
    };
    let mut at = quote.len();
    if quote.len() == 3 {
        // The line end right after the quotes is none of the text.
        let rest = &written[at..];
        at += usize::from(rest.starts_with('\r')) + usize::from(rest.starts_with(['\r', '\n']));
        at -= usize::from(rest.starts_with('\r') && !rest.starts_with("\r\n"));
    }
    let has_escapes = quote.starts_with('"');
    let mut decoded = 0;
    let mut start = None;
    while at < written.len() {
        if decoded >= part.end && start.is_some() {
            break;
        }
        // An escape that is none may end within a character.
        let Some(rest) = written.get(at..) else {
            return string;
        };
        let (length, means) = match has_escapes && rest.starts_with('\\') {
            true => escape(rest),
            false => {
                let length = rest.chars().next().map_or(1, char::len_utf8);
                (length, length)
            }
        };
        if decoded >= part.start && means > 0 && start.is_none() {
            start = Some(at);
            // A place between two characters is shown at the second one.
            if part.is_empty() {
                break;
            }
        }
        at += length;
        decoded += means;
    }
    let span = start.map(|start| string.start + start..string.start + at);
    span.filter(|span| decoded >= part.end && file.get(span.clone()).is_some())
        .unwrap_or(string)
}

/// The bytes of an escape that a text begins with, and of what it stands for.
fn escape(rest: &str) -> (usize, usize) {
    let hex = |digits: usize| {
        let number = rest.get(2..2 + digits);
        let number = number.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let means = number.and_then(char::from_u32).map_or(1, char::len_utf8);
        (2 + digits, means)
    };
    match rest.as_bytes().get(1) {
        Some(b'x') => hex(2),
        Some(b'u') => hex(4),
        Some(b'U') => hex(8),
        // A line that goes on: it stands for nothing.
        Some(b'\n' | b'\r' | b' ' | b'\t') => {
            let text = rest[1..].trim_start();
            (rest.len() - text.len(), 0)
        }
        _ => (2, 1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is found for the part of a string, after `a = `.
    fn found<'f>(file: &'f str, part: &str) -> &'f str {
        let value: toml::Table = toml::from_str(file).unwrap();
        let start = value["a"].as_str().unwrap().find(part).unwrap();
        let span = within(file, 4..file.len(), start..start + part.len());
        &file[span]
    }

    #[test]
    fn escapes_are_counted_as_what_they_stand_for() {
        assert_eq!(found(r#"a = "x \"y\" zebra""#, "zebra"), "zebra");
        assert_eq!(found(r#"a = "x \"y\" zebra""#, "\"y\""), r#"\"y\""#);
        assert_eq!(found(r"a = 'x \y zebra'", "zebra"), "zebra");
        assert_eq!(found(r#"a = "\u00e9é\U0001F600 zebra""#, "zebra"), "zebra");
        assert_eq!(found("a = '''\nx\nzebra'''", "zebra"), "zebra");
        assert_eq!(found("a = \"\"\"\nx \\\n   zebra\"\"\"", "zebra"), "zebra");
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_nothing_leaves_the_string(
            file in "\\PC{0,30}", start in 0_usize..20, length in 0_usize..20,
        ) {
            let span = within(&file, 0..file.len(), start..start + length);
            prop_assert!(file.get(span).is_some());
        }
    }
}
