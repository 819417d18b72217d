//! What `[host.csp]` adds to the content security policy.

use std::sync::LazyLock;

use regex::Regex;

/// Directives that sources may be added to (<https://www.w3.org/TR/CSP3/#csp-directives>).
pub const DIRECTIVES: [&str; 12] = [
    "connect-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "script-src",
    "style-src",
    "worker-src",
];

#[allow(
    clippy::expect_used,
    reason = "the pattern is a constant, and a test compiles it"
)]
static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
    let keyword = r"'[A-Za-z0-9+/=_-]+'";
    let scheme = r"[A-Za-z][A-Za-z0-9+.-]*:";
    let host = r"(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:\*|(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)";
    let rest = r"(?::(?:[0-9]{1,5}|\*))?(?:/[!-~&&[^,;]]*)?";
    Regex::new(&format!("^(?:{keyword}|{scheme}|{host}{rest})$"))
        .expect("a constant pattern is valid")
});

/// Whether a text is one source of a policy
/// (<https://www.w3.org/TR/CSP3/#framework-directive-source-list>),
/// and not the end of its directive.
pub(super) fn is_source(text: &str) -> bool {
    text != "'none'" && SOURCE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::is_source;

    #[test]
    fn sources() {
        for good in [
            "https://counter.example",
            "*.counter.example:8443",
            "wss://live.example/feed",
            "data:",
            "'unsafe-inline'",
            "'sha256-AbC+/='",
            "localhost",
        ] {
            assert!(is_source(good), "{good}");
        }
        for bad in [
            "https://a.example; script-src *",
            "a.example,b.example",
            "'none'",
            "self'",
            "https://ä.example",
            "https://a.example/;x",
            "",
        ] {
            assert!(!is_source(bad), "{bad}");
        }
    }
}
