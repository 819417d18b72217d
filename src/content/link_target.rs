//! Where links and pictures of bodies lead: which addresses are harmless, and which are relative to
//! the file that they are written in.

use std::borrow::Cow;

use super::{budget, link};
use crate::percent::decode;

/// The address of a link in a form that is valid in HTML: to the web, to a path of the site, to a
/// mail address or a telephone number, or relative to the file; none for anything else.
pub(super) fn link(address: &str) -> Option<String> {
    mail(address)
        .or_else(|| telephone(address))
        .or_else(|| picture(address))
}

/// The address of a picture: on the web, a path of the site, or relative to the file.
pub(super) fn picture(address: &str) -> Option<String> {
    link::image_url(address).or_else(|| relative(address))
}

/// `address`, if it begins with a scheme that is written in any case, without it.
fn after_scheme<'a>(address: &'a str, scheme: &str) -> Option<&'a str> {
    let start = address.get(..scheme.len())?;
    start
        .eq_ignore_ascii_case(scheme)
        .then(|| &address[scheme.len()..])
}

/// A link to mail addresses (RFC 6068). Of what it may set in the message, only subject and text
/// stay: other fields could attach files or send copies.
fn mail(address: &str) -> Option<String> {
    let rest = after_scheme(address.trim(), "mailto:")?;
    let (to, fields) = rest.split_once('?').unwrap_or((rest, ""));
    let is_harmless = |field: &str| {
        let name = field.split('=').next().unwrap_or_default();
        name.eq_ignore_ascii_case("subject") || name.eq_ignore_ascii_case("body")
    };
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"\\".contains(c);
    let is_good = rest.len() <= budget::URL
        && to.contains('@')
        && rest.chars().all(is_plain)
        && (fields.is_empty() || fields.split('&').all(is_harmless));
    is_good.then(|| format!("mailto:{rest}"))
}

/// A link to a telephone number (RFC 3966): digits and what separates them. `*` and `#` would be
/// commands to some telephones.
fn telephone(address: &str) -> Option<String> {
    /// Characters of the longest number with its separators.
    const LONGEST: usize = 40;
    let rest = after_scheme(address.trim(), "tel:")?.replace("%20", "-");
    let (number, extension) = rest.split_once(";ext=").unwrap_or((&rest, "0"));
    let digits = number.strip_prefix('+').unwrap_or(number);
    let is_good = rest.len() <= LONGEST
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || "-.()".contains(c))
        && extension.bytes().all(|byte| byte.is_ascii_digit());
    is_good.then(|| format!("tel:{rest}"))
}

/// An address that is relative to the file, percent-encoded.
pub(super) fn relative(address: &str) -> Option<String> {
    let address = address.trim();
    let first = address.split(['/', '?', '#']).next().unwrap_or_default();
    // Browsers take `\` for `/`.
    let is_relative = !first.is_empty()
        && !first.contains(':')
        && address.len() <= budget::URL / 3
        && !address.contains('\\')
        && !address.chars().any(char::is_control);
    is_relative.then(|| link::encode_path(address))
}

/// Whether an address of a sanitised body is relative to the file that it is written in.
pub fn is_relative(address: &str) -> bool {
    // Nearly all are of the web.
    if address.starts_with("https://") {
        return false;
    }
    let first = address.split(['/', '?', '#']).next().unwrap_or_default();
    !first.is_empty() && !first.contains(':')
}

/// The file of the site that an address means which is written in `file`, and what follows on it
/// (`?…`, `#…`). None when it leads out of the site. Zola's `@/…` starts at the folder of all
/// content.
pub fn file_of<'a>(file: &str, address: &'a str) -> Option<(String, &'a str)> {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (path, rest) = address.split_at(end);
    let path: Cow<'_, str> = decode(path);
    let (mut parts, path): (Vec<&str>, &str) = match path.strip_prefix("@/") {
        Some(path) => (vec![file.split('/').next()?], path),
        None => {
            let mut parts: Vec<&str> = file.split('/').collect();
            parts.pop();
            (parts, &path)
        }
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some((parts.join("/"), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_addresses_stay() {
        for (address, is) in [
            ("https://a.example/x", Some("https://a.example/x")),
            ("//a.example/x", Some("https://a.example/x")),
            ("/x y", Some("/x%20y")),
            (
                "mailto:a@b.example?subject=c%20d",
                Some("mailto:a@b.example?subject=c%20d"),
            ),
            ("MAILTO:a@b.example", Some("mailto:a@b.example")),
            ("tel:+49(0)12-34;ext=5", Some("tel:+49(0)12-34;ext=5")),
            ("b/c.md#d", Some("b/c.md#d")),
            ("../ä.png", Some("../%C3%A4.png")),
            ("", None),
            ("?a", None),
            ("javascript:x", None),
            ("\u{1}javascript:x", None),
            ("data:image/png;base64,x", None),
            ("mailto:a", None),
            ("mailto:a@b.example?bcc=c@d.example", None),
            ("tel:*2767*3855#", None),
            ("tel:", None),
            ("a\\b", None),
            ("c:/x", None),
        ] {
            assert_eq!(link(address).as_deref(), is, "{address}");
        }
        assert_eq!(picture("mailto:a@b.example"), None);
    }

    #[test]
    fn addresses_mean_files() {
        let file = "content/news/a/index.md";
        let of = |address| file_of(file, address).map(|(path, rest)| format!("{path} {rest}"));
        assert_eq!(of("b%20c.png"), Some("content/news/a/b c.png ".to_owned()));
        assert_eq!(
            of("./x/../b.md#c"),
            Some("content/news/a/b.md #c".to_owned())
        );
        assert_eq!(of("../b.md?x#y"), Some("content/news/b.md ?x#y".to_owned()));
        assert_eq!(of("@/blog/b.md"), Some("content/blog/b.md ".to_owned()));
        assert_eq!(of("../../../../b.md"), None);
        assert_eq!(file_of("a.md", "b.md"), Some(("b.md".to_owned(), "")));
    }
}
