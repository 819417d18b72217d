//! `aliases`: the addresses that an article or a page once had.

use super::link;
use crate::output_path;
use crate::percent::decode;

/// Longest alias; a line of `_redirects` may have 1,000 characters at Cloudflare, the new address
/// among them.
const LONGEST: usize = 400;

/// Longest part of an alias as a file's name, in bytes: what file systems and zip programs can
/// hold, with room for an ending.
const LONGEST_PART: usize = 200;

/// Why an alias is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadAlias {
    /// The reason, in words that follow on the alias.
    pub(super) reason: &'static str,
    /// What to do.
    pub(super) help: &'static str,
}

/// What to do with most of them.
const HELP: &str = "use a former path on this site, such as /2020/old-name/";

impl From<&'static str> for BadAlias {
    fn from(reason: &'static str) -> BadAlias {
        BadAlias { reason, help: HELP }
    }
}

/// An alias as a path of the site, percent-encoded: `/old/`, `/2020/old.html`. A first slash may be
/// missing, as Hugo and Zola write them. One without a slash at the end stays as it is written; its
/// page is the folder of that name. However it was encoded, one address has one form.
///
/// # Errors
/// Why no host could serve it, and what to do.
pub(super) fn path(written: &str) -> Result<String, BadAlias> {
    let written = written.trim();
    let has_host = written.starts_with("//") || written.split('/').next().is_some_and(is_scheme);
    if has_host {
        return Err(BadAlias {
            reason: "is the address of a host, and an alias is a path of this site",
            help: "leave out what stands before the path, up to the host: /2020/old-name/",
        });
    }
    if written.is_empty() || written.contains(char::is_control) {
        return Err("may neither be empty nor have control characters".into());
    }
    let path = decode(written);
    let path = match path.starts_with('/') {
        true => path,
        false => format!("/{path}").into(),
    };
    // An encoded slash would be another file than the address says.
    let added = usize::from(!written.starts_with('/'));
    if path.matches('/').count() != written.matches('/').count() + added
        || path.contains("//")
        || path.contains('\\')
    {
        return Err("must not contain an empty segment, a backslash or an encoded slash".into());
    }
    if path.contains('%') {
        return Err(BadAlias {
            reason: "is not well encoded",
            help: "`%` and two hexadecimal digits stand for a byte of UTF-8; `%` itself is `%25`",
        });
    }
    if path.contains(char::is_control) {
        return Err("must not contain control characters".into());
    }
    if path.contains(['?', '#']) {
        return Err(BadAlias {
            reason: "must not contain `?` or `#`: static hosts ignore queries and fragments",
            help: "leave out the `?` or `#` and what follows it",
        });
    }
    if path.contains('*') || has_placeholder(&path) {
        return Err("must not contain `*` or `:name`, which are patterns in `_redirects`".into());
    }
    if path.split('/').any(|part| part == "." || part == "..") {
        return Err("must not contain `.` or `..` as a segment".into());
    }
    if let Some(reason) = output_path::reserved(&path) {
        return Err(reason.into());
    }
    if path.split('/').any(|part| part.len() > LONGEST_PART) {
        return Err(
            "has a segment longer than 200 bytes, which file systems do not support".into(),
        );
    }
    if path.split('/').any(|part| part.trim() != part) {
        return Err("has a segment that starts or ends with a space".into());
    }
    // As browsers ask for it: hosts compare that with the lines of `_redirects`.
    let mut encoded = link::image_url(&path).ok_or("is not a valid URL path")?;
    if encoded.len() > LONGEST {
        return Err("is longer than 400 characters".into());
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    match last.rsplit_once('.') {
        None | Some((_, "html" | "htm")) => Ok(encoded),
        Some((_, ending)) if is_ending(ending) => Err(BadAlias {
            reason: "has an ending other than `.html`, and hosts serve no page under such a name",
            help: "add a slash at its end if it was the address of a page",
        }),
        // A version, as in `/releases/1.94.1`: the address of a page.
        Some(_) => {
            encoded.push('/');
            Ok(encoded)
        }
    }
}

/// Whether the first part of an address is a scheme: `https:`.
fn is_scheme(part: &str) -> bool {
    let scheme = part
        .split(':')
        .next()
        .filter(|scheme| scheme.len() < part.len());
    let starts_well = |scheme: &str| scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    scheme.is_some_and(|scheme| {
        starts_well(scheme) && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Whether what follows on a dot looks like the ending of a file, and not like a number.
fn is_ending(text: &str) -> bool {
    text.len() <= 5
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
            ("old/", "/old/", "/old/"),
            ("old", "/old", "/old/"),
            ("a/old.html", "/a/old.html", "/a/old.html"),
            ("releases/1.94.1", "/releases/1.94.1/", "/releases/1.94.1/"),
            ("/releases/1.94.1", "/releases/1.94.1/", "/releases/1.94.1/"),
            ("/v1.2-beta", "/v1.2-beta/", "/v1.2-beta/"),
            ("/old.php/", "/old.php/", "/old.php/"),
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
            "https://example.org/old/",
            "https:/old/",
            "a%2Fb/",
            "../b/",
            "old.php",
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
    fn what_is_refused_says_how_to_mend_it() {
        for (written, help) in [
            ("/old.php", "add a slash at its end"),
            (
                "https://example.org/old/",
                "leave out what stands before the path",
            ),
            ("/old/?id=1", "leave out the `?`"),
            ("/100%/", "`%25`"),
            ("/a//b/", "such as /2020/old-name/"),
        ] {
            assert!(path(written).unwrap_err().help.contains(help), "{written}");
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
