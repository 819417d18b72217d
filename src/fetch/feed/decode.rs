//! Bytes of a feed → text.
//!
//! Feeds lie about their encoding, so what the bytes are counts for more than what is said of them:
//! a byte order mark; else UTF-8 if the bytes are valid; else the encoding that the XML declaration
//! or the HTTP header names, if the bytes are valid in it; else UTF-8 with a few foreign bytes, if
//! most of the sequences are right; else the encoding that the text looks like.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Text, and how it was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// What is worth telling.
    pub(super) remark: Option<Remark>,
}

/// How the text differs from what was said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// It is in another encoding than the one that is declared.
    Declared {
        /// The name in the declaration.
        declared: String,
        /// The name of the encoding that was used.
        used: &'static str,
    },
    /// Nothing is declared; the encoding was guessed.
    Guessed(&'static str),
    /// So many bytes are not UTF-8, and were read as Windows-1252.
    Foreign(usize),
}

/// The text of a feed. `charset` is what the HTTP header names.
pub(super) fn decode<'a>(bytes: &'a [u8], charset: Option<&str>) -> Decoded<'a> {
    if let Some(text) = by_mark(bytes) {
        return Decoded { text, remark: None };
    }
    let declared = declaration(bytes).or_else(|| charset.map(str::to_owned));
    let encoding = declared
        .as_deref()
        .and_then(|name| Encoding::for_label(name.trim().as_bytes()));
    if let Ok(text) = std::str::from_utf8(bytes) {
        return valid_utf8(text, declared, encoding);
    }
    // A declaration that could be read as ASCII rules out UTF-16, whatever it says.
    let named = encoding.filter(|encoding| encoding.is_ascii_compatible() && *encoding != UTF_8);
    if let Some(encoding) = named
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return Decoded { text, remark: None };
    }
    let (text, right, foreign) = mostly_utf8(bytes);
    if right >= foreign {
        return Decoded {
            text: Cow::Owned(text),
            remark: Some(Remark::Foreign(foreign)),
        };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let (text, _) = guess.decode_without_bom_handling(bytes);
    let used = guess.name();
    Decoded {
        text,
        remark: Some(match declared {
            Some(declared) => Remark::Declared { declared, used },
            None => Remark::Guessed(used),
        }),
    }
}

/// Text that is valid UTF-8. It is that, unless it is ISO 2022, which has ASCII bytes only.
fn valid_utf8<'a>(
    text: &'a str,
    declared: Option<String>,
    encoding: Option<&'static Encoding>,
) -> Decoded<'a> {
    if encoding == Some(ISO_2022_JP) && text.contains('\u{1b}') {
        let (text, _) = ISO_2022_JP.decode_without_bom_handling(text.as_bytes());
        return Decoded { text, remark: None };
    }
    let is_other = !text.is_ascii() && encoding.is_some_and(|encoding| encoding != UTF_8);
    Decoded {
        text: Cow::Borrowed(text),
        remark: declared
            .filter(|_| is_other)
            .map(|declared| Remark::Declared {
                declared,
                used: UTF_8.name(),
            }),
    }
}

/// What a byte order mark, or the zeros between ASCII characters, say beyond doubt
/// (<https://www.w3.org/TR/xml/#sec-guessing>).
fn by_mark(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = |encoding: &'static Encoding, bytes| encoding.decode_without_bom_handling(bytes).0;
    match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => Some(utf_32(rest, u32::from_le_bytes)),
        [0, 0, 0xfe, 0xff, rest @ ..] => Some(utf_32(rest, u32::from_be_bytes)),
        [b'<', 0, 0, 0, ..] => Some(utf_32(bytes, u32::from_le_bytes)),
        [0, 0, 0, b'<', ..] => Some(utf_32(bytes, u32::from_be_bytes)),
        [0xff, 0xfe, rest @ ..] => Some(wide(UTF_16LE, rest)),
        [0xfe, 0xff, rest @ ..] => Some(wide(UTF_16BE, rest)),
        [b'<', 0, _, 0, ..] => Some(wide(UTF_16LE, bytes)),
        [0, b'<', 0, _, ..] => Some(wide(UTF_16BE, bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => Some(match std::str::from_utf8(rest) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(mostly_utf8(rest).0),
        }),
        _ => None,
    }
}

fn utf_32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> Cow<'static, str> {
    let (units, _) = bytes.as_chunks::<4>();
    let text = units
        .iter()
        .map(|unit| char::from_u32(number(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
    Cow::Owned(text.collect())
}

/// The name in `<?xml … encoding="…"?>`.
fn declaration(bytes: &[u8]) -> Option<String> {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let head = &bytes[start..bytes.len().min(start + 256)];
    let head = head.strip_prefix(b"<?xml")?;
    let end = head.iter().position(|byte| *byte == b'>')?;
    let head = String::from_utf8_lossy(&head[..end]);
    let (_, value) = head.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = value[1..].split_once(quote)?;
    Some(name.to_owned())
}

/// Text in UTF-8 with some bytes that are not, read as Windows-1252; how many sequences beyond
/// ASCII are right, and how many bytes are foreign.
fn mostly_utf8(bytes: &[u8]) -> (String, usize, usize) {
    let mut text = String::with_capacity(bytes.len());
    let (mut right, mut foreign) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        text.push_str(chunk.valid());
        foreign += chunk.invalid().len();
        let (single, _) = WINDOWS_1252.decode_without_bom_handling(chunk.invalid());
        text.push_str(&single);
    }
    (text, right, foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes, None).text.into_owned()
    }

    #[test]
    fn a_byte_order_mark_counts_most() {
        let words = "<a>é — 漢</a>";
        let wide: Vec<u16> = words.encode_utf16().collect();
        let le: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let be: Vec<u8> = wide.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let wider: Vec<u8> = words
            .chars()
            .flat_map(|c| u32::from(c).to_be_bytes())
            .collect();
        assert_eq!(text(&[b"\xff\xfe", le.as_slice()].concat()), words);
        assert_eq!(text(&[b"\xfe\xff", be.as_slice()].concat()), words);
        assert_eq!(text(&le), words);
        assert_eq!(text(&be), words);
        assert_eq!(text(&wider), words);
        assert_eq!(text(&[b"\0\0\xfe\xff", wider.as_slice()].concat()), words);
        assert_eq!(text(&[b"\xef\xbb\xbf", words.as_bytes()].concat()), words);
    }

    #[test]
    fn valid_utf8_counts_more_than_what_is_declared() {
        let bytes = "<?xml version='1.0' encoding='ISO-8859-1'?><a>né</a>".as_bytes();
        let decoded = decode(bytes, Some("koi8-r"));
        assert!(decoded.text.ends_with("<a>né</a>"));
        let declared = Remark::Declared {
            declared: "ISO-8859-1".to_owned(),
            used: "UTF-8",
        };
        assert_eq!(decoded.remark, Some(declared));
        assert_eq!(decode(b"<a>n</a>", Some("koi8-r")).remark, None);
    }

    #[test]
    fn what_is_declared_counts_if_the_bytes_are_valid_in_it() {
        let bytes = b"<?xml version=\"1.0\" encoding = \"iso-8859-1\" ?><a>n\xe9</a>";
        let decoded = decode(bytes, None);
        assert!(decoded.text.ends_with("<a>né</a>") && decoded.remark.is_none());
        assert_eq!(decode(b"<a>\xc4\xc1</a>", Some("koi8-r")).text, "<a>да</a>");
    }

    #[test]
    fn a_foreign_byte_does_not_spoil_the_rest() {
        let decoded = decode(b"<?xml encoding='utf-8'?><a>caf\xc3\xa9 caf\xe9</a>", None);
        assert!(decoded.text.ends_with("<a>café café</a>"));
        assert_eq!(decoded.remark, Some(Remark::Foreign(1)));
    }

    #[test]
    fn what_nothing_says_is_guessed() {
        let (bytes, _, _) = encoding_rs::KOI8_R.encode("<title>Как пережить новый год</title>");
        assert_eq!(text(&bytes), "<title>Как пережить новый год</title>");
        let decoded = decode(b"<?xml encoding='utf-8'?><a>caf\xe9</a>", None);
        assert!(decoded.text.ends_with("<a>café</a>"));
        let japanese = "<?xml encoding='iso-2022-jp'?><a>\u{1b}$BF|K\\\u{1b}(B</a>";
        assert!(text(japanese.as_bytes()).ends_with("<a>日本</a>"));
    }
}
