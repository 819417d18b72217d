//! `aliases`: the addresses that an article or a page once had.

use super::text;
use crate::output_path;
use crate::percent::decode;

/// Longest alias; a line of `_redirects` may have 1,000 characters at Cloudflare, the new address
/// among them.
const LONGEST: usize = 400;

/// Longest part of an alias as a file's name, in bytes: what file systems and zip programs can
/// hold, with room for an ending.
const LONGEST_PART: usize = 200;

/// An alias as a path of the site, percent-encoded: `/old/`, `/2020/old.html`. One without a slash
/// at the end stays as it is written; its page is the folder of that name. However it was encoded,
/// one address has one form.
///
/// # Errors
/// The reason, in words that follow on the alias.
pub(super) fn path(written: &str) -> Result<String, &'static str> {
    let written = written.trim();
    if !written.starts_with('/') || written.starts_with("//") {
        return Err("must be a path that starts with one /");
    }
    let path = decode(written);
    // An encoded slash would be another file than the address says.
    if path.matches('/').count() != written.matches('/').count()
        || path.contains("//")
        || path.contains('\\')
    {
        return Err("may have neither an empty part nor another kind of slash");
    }
    if path.contains('%') {
        return Err(
            "is not well encoded: `%` and two hexadecimal digits stand for a byte of UTF-8",
        );
    }
    if path.contains(char::is_control) {
        return Err("may have no control characters");
    }
    if path.contains(['?', '#']) {
        return Err("may have neither `?` nor `#`: static hosts know files, not questions");
    }
    if path.contains('*') || has_placeholder(&path) {
        return Err("may have neither `*` nor `:name`, which are patterns in `_redirects`");
    }
    if path.split('/').any(|part| part == "." || part == "..") {
        return Err("may have neither `.` nor `..` as a part");
    }
    if let Some(reason) = output_path::reserved(&path) {
        return Err(reason);
    }
    if path.split('/').any(|part| part.len() > LONGEST_PART) {
        return Err("has a part of more than 200 bytes, which file systems do not take");
    }
    if path.split('/').any(|part| part.trim() != part) {
        return Err("has a part that begins or ends with a space");
    }
    // As browsers ask for it: hosts compare that with the lines of `_redirects`.
    let encoded = text::image_url(&path).ok_or("cannot be read as an address")?;
    if encoded.len() > LONGEST {
        return Err("is longer than 400 characters");
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    match last.rsplit_once('.') {
        None | Some((_, "html" | "htm")) => Ok(encoded),
        Some(_) => {
            Err("must be a folder or end in `.html`: hosts would not serve a page under that name")
        }
    }
}

/// Whether a path has a `:name`, for which Cloudflare puts any text, also inside a part
/// (<https://developers.cloudflare.com/pages/configuration/redirects/>).
fn has_placeholder(path: &str) -> bool {
    let after_colon = path
        .match_indices(':')
        .map(|(at, _)| path[at + 1..].chars().next());
    after_colon.flatten().any(|next| next.is_ascii_alphabetic())
}

/// The URL of the page that stands at an alias.
pub fn page_url(alias: &str) -> String {
    let last = alias.rsplit('/').next().unwrap_or_default();
    match last {
        "index.html" => alias.trim_end_matches(last).to_owned(),
        last if last.is_empty() || last.contains('.') => alias.to_owned(),
        _ => format!("{alias}/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_site_are_good() {
        for (written, read, page) in [
            ("/old/", "/old/", "/old/"),
            ("/old", "/old", "/old/"),
            ("/a/old.html", "/a/old.html", "/a/old.html"),
            ("/a/index.html", "/a/index.html", "/a/"),
            (" /ü b/ ", "/%C3%BC%20b/", "/%C3%BC%20b/"),
            ("/v1.2/", "/v1.2/", "/v1.2/"),
        ] {
            assert_eq!(path(written).as_deref(), Ok(read));
            assert_eq!(page_url(read), page);
        }
    }

    #[test]
    fn what_no_host_could_serve_is_refused() {
        let long = "/xxxxxxxxx".repeat(41);
        let long_part = format!("/{}/", "x".repeat(201));
        for written in [
            "",
            "old/",
            "https://example.org/old/",
            "//example.org/old/",
            "/old/?id=1",
            "/old/#x",
            "/*",
            "/:year/old/",
            "/a//b/",
            "/a/../b/",
            "/a\\b/",
            "/a%2Fb/",
            "/old.php",
            "/old%2Ephp",
            "/%3Fid=1/",
            "/%2A",
            "/%2e%2e/b/",
            "/a%5c..%5cb/",
            "/a%00/",
            "/a\tb/",
            "/100%/",
            "/a%20/",
            "/%ff/",
            "/news:update/",
            "/.git/config/",
            "/%2egit/",
            "/.well-known/acme-challenge/x/",
            "/.newsgen-deploy/record/",
            "/index.html/",
            "/about/index.html/x/",
            "/_redirects/",
            "/a./",
            long.as_str(),
            long_part.as_str(),
        ] {
            assert!(path(written).is_err(), "{written}");
        }
    }

    #[test]
    fn one_address_has_one_form() {
        for (written, read) in [
            ("/%69ndex.html", "/index.html"),
            ("/%61bout/", "/about/"),
            ("/caf%c3%a9/", "/caf%C3%A9/"),
            ("/café/", "/caf%C3%A9/"),
            ("/a%2Bb%3A1/", "/a+b:1/"),
        ] {
            assert_eq!(path(written).as_deref(), Ok(read));
        }
    }
}
