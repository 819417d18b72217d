//! Percent-encoding of paths (<https://www.rfc-editor.org/rfc/rfc3986#section-2.1>).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

/// What a path has to encode: all but the unreserved characters and the slash.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Percent-encodes a path for a URL, but for its slashes.
pub fn encode(path: &str) -> String {
    utf8_percent_encode(path, IN_PATH).to_string()
}

/// A path in the one form that addresses of the site have: in normal form C, percent-encoded. It
/// may be written so already.
pub fn normal(path: &str) -> String {
    encode(&decode(path).nfc().collect::<String>())
}

/// Undoes [`encode`]; what is not well encoded, or no UTF-8, stays as it is.
pub fn decode(path: &str) -> Cow<'_, str> {
    // Nearly no path has anything to decode, and its UTF-8 need not be looked at again.
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    percent_decode_str(path)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back() {
        for path in ["a b/ü.svg", "100%", "%zz", "a+b", "%+5", "日本/"] {
            assert_eq!(decode(&encode(path)), path);
        }
        assert_eq!(encode("a b/ü~1.svg"), "a%20b/%C3%BC~1.svg");
        assert_eq!(decode("%c3%BC"), "ü");
    }

    #[test]
    fn a_path_has_one_form() {
        for path in ["/cafe\u{301}/", "/caf\u{e9}/", "/caf%C3%A9/", "/caf%c3%a9/"] {
            assert_eq!(normal(path), "/caf%C3%A9/", "{path}");
        }
    }

    #[test]
    fn what_is_not_well_encoded_stays() {
        assert_eq!(decode("%zz%+5%"), "%zz%+5%");
        assert_eq!(decode("%ff/a%20b"), "%ff/a%20b");
    }
}
