//! Patterns of addresses, as `curation.block.urls` has them: `example.org/ads/*`.

use std::fmt;

use regex::{Regex, RegexBuilder};

/// A pattern of addresses, without a scheme. `*` stands for any characters.
#[derive(Clone, Debug)]
pub struct AddressPattern {
    written: String,
    regex: Regex,
}

/// Largest automaton of one pattern, in bytes.
const SIZE: usize = 1 << 20;

impl AddressPattern {
    /// Reads a pattern. Capital and small letters are the same. A host alone means all of its
    /// addresses, and a path that ends in a slash all addresses below it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(written: &str) -> Result<AddressPattern, String> {
        let bare = without_scheme(written.trim());
        if bare.chars().all(|sign| "*./?".contains(sign)) {
            return Err("it would match every address".to_owned());
        }
        let parts: Vec<String> = bare.split('*').map(regex::escape).collect();
        let end = match bare.find('/') {
            None => "(?:[/?].*)?",
            Some(_) if bare.ends_with('/') => ".*",
            Some(_) => "",
        };
        let made = RegexBuilder::new(&format!("^{}{end}$", parts.join(".*")))
            .case_insensitive(true)
            .dot_matches_new_line(true)
            .size_limit(SIZE)
            .build();
        match made {
            Ok(regex) => Ok(AddressPattern {
                written: written.to_owned(),
                regex,
            }),
            Err(_) => Err("it is too long".to_owned()),
        }
    }

    /// Whether it fits an address.
    pub fn fits(&self, url: &str) -> bool {
        self.regex.is_match(without_scheme(url))
    }
}

impl fmt::Display for AddressPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// An address without scheme, `www.` and fragment.
fn without_scheme(url: &str) -> &str {
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    let bare = match bare.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("www.") => &bare[4..],
        _ => bare,
    };
    bare.split('#').next().unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_addresses() {
        for (pattern, fitting, others) in [
            (
                "example.org",
                &[
                    "https://example.org",
                    "http://www.Example.org/a?b#c",
                    "https://example.org?a",
                ][..],
                &["https://a.example.org/", "https://example.org.evil/"][..],
            ),
            (
                "https://example.org/ads/",
                &["https://example.org/ads/", "https://example.org/Ads/1"],
                &["https://example.org/ads", "https://example.org/"],
            ),
            (
                "*.example.org/*/live-*",
                &["https://a.example.org/x/live-1"],
                &[
                    "https://example.org/x/live-1",
                    "https://a.example.org/live-1",
                ],
            ),
            (
                "example.org/a.b",
                &["https://example.org/a.b"],
                &["https://example.org/axb", "https://example.org/a.b?c"],
            ),
            (
                "*/sponsored/*",
                &["https://a.example/x/sponsored/1"],
                &["https://a.example/sponsored"],
            ),
        ] {
            let read = AddressPattern::parse(pattern).unwrap();
            assert!(fitting.iter().all(|url| read.fits(url)), "{pattern}");
            assert!(!others.iter().any(|url| read.fits(url)), "{pattern}");
        }
        for bad in ["", " ", "*", "https://", "*/*", "https://*"] {
            assert!(AddressPattern::parse(bad).is_err(), "{bad}");
        }
        assert!(AddressPattern::parse(&"a*".repeat(100_000)).is_err());
    }
}
