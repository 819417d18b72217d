//! Relative addresses.

use std::borrow::Cow;

use url::Url;

/// An address as a feed gives it, absolute if there is something that it is relative to. An
/// absolute one stays as it is, but for slashes after its scheme that are too many.
pub fn joined(base: Option<&Url>, written: &str) -> String {
    let written = written.trim();
    let base = match (base, has_scheme(written)) {
        (Some(base), false) => base,
        _ => return slashes(written).into_owned(),
    };
    // Without a base, what begins with `//` has no scheme to take over.
    base.join(written)
        .map_or_else(|_| written.to_owned(), String::from)
}

/// What addresses are relative to in an element with `xml:base`
/// (<https://www.w3.org/TR/xmlbase/#resolution>). One that is no address of the web changes
/// nothing.
pub(super) fn based(outer: Option<&Url>, written: &str) -> Option<Url> {
    let inner = match (outer, has_scheme(written)) {
        (Some(outer), false) => outer.join(written),
        _ => Url::parse(&slashes(written)),
    };
    inner
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .or_else(|| outer.cloned())
}

/// Whether an address has a scheme (RFC 3986, § 3.1).
fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    })
}

/// `http:///example.org/` without its third slash.
fn slashes(address: &str) -> Cow<'_, str> {
    match address.split_once(":///") {
        Some((scheme, rest))
            if ["http", "https"]
                .iter()
                .any(|s| s.eq_ignore_ascii_case(scheme)) =>
        {
            Cow::Owned(format!("{scheme}://{}", rest.trim_start_matches('/')))
        }
        _ => Cow::Borrowed(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_become_absolute_and_others_stay() {
        let base = Url::parse("https://a.example/blog/feed.xml").ok();
        for (written, expected) in [
            ("/x", "https://a.example/x"),
            (" x y ", "https://a.example/blog/x%20y"),
            ("?p=1", "https://a.example/blog/feed.xml?p=1"),
            ("//b.example/x", "https://b.example/x"),
            ("HTTP://B.example", "HTTP://B.example"),
            ("http:///b.example/x", "http://b.example/x"),
            ("urn:x:1", "urn:x:1"),
            ("tag:a:b", "tag:a:b"),
        ] {
            assert_eq!(joined(base.as_ref(), written), expected);
        }
        assert_eq!(joined(None, "/x"), "/x");
    }

    #[test]
    fn bases_stand_in_each_other() {
        let based = |outer: &str, written: &str| {
            based(Url::parse(outer).ok().as_ref(), written).map(String::from)
        };
        let inner = based("http://a.example/", "test/").unwrap();
        assert_eq!(inner, "http://a.example/test/");
        let same = "http://a.example/";
        assert_eq!(based(same, "javascript:alert(1)").as_deref(), Some(same));
        let other = based(same, "http:///b.example/x/").unwrap();
        assert_eq!(other, "http://b.example/x/");
        assert_eq!(based("", "x/"), None);
    }
}
