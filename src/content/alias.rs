//! `aliases`: the addresses that an article or a page once had.

use super::text;

/// Longest alias; a line of `_redirects` may have 1,000 characters at Cloudflare, the new address among them.
const LONGEST: usize = 400;

/// An alias as a path of the site, percent-encoded: `/old/`, `/2020/old.html`. One without a slash at the end stays as it is
/// written; its page is the folder of that name.
///
/// # Errors
/// The reason, in words that follow on the alias.
pub(super) fn path(written: &str) -> Result<String, &'static str> {
    let written = written.trim();
    let path =
        text::image_url(written).filter(|_| written.starts_with('/')).ok_or("must be a path that starts with /")?;
    if path.contains(['?', '#']) {
        return Err("may have neither `?` nor `#`: static hosts know files, not questions");
    }
    // `*` and `:name` are patterns in `_redirects`.
    if path.contains('*') || path.contains("/:") {
        return Err("may have neither `*` nor a part that starts with `:`");
    }
    if path.contains("//") || written.contains('\\') || path.to_ascii_lowercase().contains("%2f") {
        return Err("may have neither an empty part nor another kind of slash");
    }
    if written.split('/').any(|part| part == "." || part == "..") {
        return Err("may have neither `.` nor `..` as a part");
    }
    if path.len() > LONGEST {
        return Err("is longer than 400 characters");
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    match last.rsplit_once('.') {
        None | Some((_, "html" | "htm")) => Ok(path),
        Some(_) => Err("must be a folder or end in `.html`: hosts would not serve a page under that name"),
    }
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
        let long = format!("/{}/", "x".repeat(400));
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
            long.as_str(),
        ] {
            assert!(path(written).is_err(), "{written}");
        }
    }
}
