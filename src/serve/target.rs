//! The address in a request.

use crate::percent::decode;

/// A request's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The path, decoded. It starts with a slash.
    pub(super) path: String,
    /// What follows the question mark, as it was sent.
    query: Option<String>,
}

impl Target {
    /// Reads a request's target (RFC 9112, section 3.2). None for one that is not well written, or
    /// that hides a slash, a zero or a step upwards in its path.
    pub(super) fn parse(target: &str) -> Option<Target> {
        let target = match target.split_once("://") {
            Some((_, rest)) if !target.starts_with('/') => &rest[rest.find('/')?..],
            _ => target,
        };
        let target = target.split('#').next().unwrap_or_default();
        let (path, query) = target
            .split_once('?')
            .map_or((target, None), |(path, query)| {
                (path, Some(query.to_owned()))
            });
        if !path.starts_with('/') || !is_well_encoded(path) {
            return None;
        }
        let decoded = decode(path);
        let hides = decoded.matches('/').count() != path.matches('/').count()
            || decoded.contains(['\0', '\\']);
        let climbs = decoded.split('/').any(|part| part == ".." || part == ".");
        (!hides && !climbs).then_some(Target {
            path: decoded.into_owned(),
            query,
        })
    }

    /// The query with its question mark.
    pub(super) fn query_part(&self) -> String {
        self.query
            .as_ref()
            .map(|query| format!("?{query}"))
            .unwrap_or_default()
    }

    /// A parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self
            .query
            .as_deref()?
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let (_, value) = pairs.into_iter().find(|(key, _)| *key == name)?;
        Some(decode(&value.replace('+', " ")).into_owned())
    }
}

/// Whether every percent sign has two hexadecimal digits, and together they are UTF-8.
fn is_well_encoded(path: &str) -> bool {
    let hex = |digits: &[u8]| digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit);
    let bytes = path.as_bytes();
    let escapes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    let complete = escapes
        .into_iter()
        .all(|(at, _)| hex(bytes.get(at + 1..at + 3).unwrap_or_default()));
    // `decode` hands back what is not UTF-8.
    complete && (!path.contains('%') || decode(path) != path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path(target: &str) -> Option<String> {
        Target::parse(target).map(|target| target.path)
    }

    #[test]
    fn paths_are_decoded_once() {
        assert_eq!(path("/a%20b/?x=1#y").as_deref(), Some("/a b/"));
        assert_eq!(path("/%25%32%30").as_deref(), Some("/%20"));
        assert_eq!(path("http://localhost:4000/a/").as_deref(), Some("/a/"));
        assert_eq!(path("/r%C3%A9sum%C3%A9").as_deref(), Some("/résumé"));
    }

    #[test]
    fn tricks_are_refused() {
        for trick in [
            "",
            "a",
            "*",
            "/..",
            "/a/../b",
            "/%2e%2e/x",
            "/a%2Fb",
            "/%00",
            "/%zz",
            "/%2",
            "/%ff",
            "/a\\b",
            "http://x",
        ] {
            assert_eq!(path(trick), None, "{trick}");
        }
    }

    #[test]
    fn parameters_are_decoded() {
        let target = Target::parse("/x?page=%2Fa%20b%2F&look=1+2").unwrap();
        assert_eq!(target.parameter("page").as_deref(), Some("/a b/"));
        assert_eq!(target.parameter("look").as_deref(), Some("1 2"));
        assert_eq!(target.parameter("other"), None);
    }

    proptest! {
        #[test]
        fn no_target_panics_or_climbs(target in "\\PC*") {
            if let Some(target) = Target::parse(&target) {
                prop_assert!(!target.path.split('/').any(|part| part == ".."));
            }
        }
    }
}
