//! What makes two names of a topic the same, and the part of an address that a name becomes.
//!
//! Both come from one reading of the name, and from nothing else: a topic keeps its address
//! whatever other topics there are, and two topics never want the same one. In that reading
//!
//! - letters and digits of ASCII and of the Latin script stay, without case and accents;
//! - white space, hyphens, and marks that only set words apart (`,` `/` `'` `(` `!` …) are gaps;
//! - `+`, `#`, `&`, `@`, `%` and a dot before a letter are words: C++ is `c-plus-plus`;
//! - anything else is transliterated, and a hash of the name tells it from what sounds alike: 北京
//!   and 背景 are both `bei-jing`. Where addresses keep scripts, all letters stay in them, and what
//!   is no letter gets the hash.
//!
//! Names with the same reading but for gaps are one topic.

use unicode_normalization::UnicodeNormalization;

use crate::slug::{SlugStyle, is_letter_or_mark};

/// The identity of a topic: case, accents and gaps between words do not matter, but for gaps
/// between digits.
pub fn topic_key(name: &str) -> String {
    simple_key(name).unwrap_or_else(|| key_of_slug(&topic_slug(name, SlugStyle::Ascii)))
}

/// The identity of a name of letters and digits of ASCII, spaces and hyphens.
fn simple_key(name: &str) -> Option<String> {
    let is_simple = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-');
    if name.len() > SlugStyle::Ascii.longest() || !name.bytes().all(is_simple) {
        return None;
    }
    let mut key = String::with_capacity(name.len());
    let mut in_gap = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            in_gap = true;
            continue;
        }
        let between_digits = c.is_ascii_digit() && key.ends_with(|c: char| c.is_ascii_digit());
        if in_gap && between_digits {
            key.push('-');
        }
        in_gap = false;
        key.push(c.to_ascii_lowercase());
    }
    (!key.is_empty()).then_some(key)
}

/// An address without its hyphens, but for those between digits.
fn key_of_slug(slug: &str) -> String {
    let bytes = slug.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let is_kept =
        |at: usize| bytes[at] != b'-' || (is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)));
    let kept = slug.char_indices().filter(|(at, _)| is_kept(*at));
    kept.map(|(_, c)| c).collect()
}

/// The part of an address that a topic's name becomes: small letters, of ASCII or of any script,
/// digits and hyphens. It is not percent-encoded.
pub fn topic_slug(name: &str, style: SlugStyle) -> String {
    let (read, is_whole) = read(name, style);
    let slug = style.letters(&read);
    if is_whole && !slug.is_empty() && slug.len() <= style.longest() {
        return slug;
    }
    style.with_hash(&slug, &folded(name))
}

/// A name as its address reads it, and whether nothing is lost that tells it from others.
fn read(name: &str, style: SlugStyle) -> (String, bool) {
    let mut read = String::with_capacity(name.len() + 8);
    let mut is_whole = true;
    let (mut has_word, mut has_other_script) = (false, false);
    let mut before = ' ';
    let is_letter = |c: char| match style {
        SlugStyle::Ascii => is_latin(c),
        SlugStyle::Unicode => is_letter_or_mark(c),
    };
    // What is compatible is not the same to a reader: `ำ` of Thai would come apart.
    let name: String = match style {
        SlugStyle::Ascii => name.nfkc().collect(),
        SlugStyle::Unicode => name.nfc().collect(),
    };
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        let word = match c {
            '+' => Some("plus"),
            '#' if next.is_alphanumeric() && !before.is_alphanumeric() => Some("hashtag"),
            '#' => Some("sharp"),
            '&' => Some("and"),
            '@' => Some("at"),
            '%' => Some("percent"),
            '.' if next.is_alphanumeric()
                && !(before.is_ascii_digit() && next.is_ascii_digit()) =>
            {
                Some("dot")
            }
            _ => None,
        };
        match word {
            Some(word) => {
                has_word = true;
                read.extend([" ", word, " "]);
            }
            None if c.is_ascii_alphanumeric() || is_letter(c) => {
                has_other_script |= !c.is_ascii() && !is_latin(c);
                read.push(c);
            }
            None if is_gap(c) => read.push(' '),
            None if is_mark(c) => {}
            None => {
                is_whole = false;
                read.push(c);
            }
        }
        before = c;
    }
    // The identity of a name in another script has its signs as they are.
    (read, is_whole && !(has_word && has_other_script))
}

/// A letter of the Latin script beyond ASCII
/// (<https://www.unicode.org/charts/>: Latin-1 Supplement to Extended-B, Additional).
fn is_latin(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') && c.is_alphabetic()
}

/// White space, and marks that only set words apart.
fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '_'
                | '.'
                | ','
                | ';'
                | ':'
                | '!'
                | '?'
                | '/'
                | '|'
                | '\''
                | '"'
                | '('
                | ')'
                | '['
                | ']'
                | '\u{a1}'
                | '\u{ab}'
                | '\u{b7}'
                | '\u{bb}'
                | '\u{bf}'
                | '\u{2010}'..='\u{2027}'
        )
}

/// What cannot be seen, and accents on their own.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// What the hash of a name is made of: all of it but case and gaps.
fn folded(name: &str) -> String {
    let seen = name.nfkc().filter(|c| !is_gap(*c) && !is_mark(*c));
    seen.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn slug_of(name: &str) -> String {
        topic_slug(name, SlugStyle::Ascii)
    }

    #[test]
    fn ordinary_names_have_the_address_that_they_always_had() {
        for name in [
            "AI",
            "Language models",
            "Open-Source",
            "GPT-4.5",
            "Web 2.0",
            "Künstliche Intelligenz",
            "L’Oréal",
            "Women's health",
            "AI/ML",
            "Business, Finance",
            "St. Louis",
            "Yahoo!",
            "Ærø (Øst)",
            "Covid-19",
        ] {
            assert_eq!(slug_of(name), SlugStyle::Ascii.of(name), "{name}");
        }
    }

    #[test]
    fn what_a_plain_address_would_lose_is_said() {
        for (name, slug) in [
            ("C", "c"),
            ("C++", "c-plus-plus"),
            ("C#", "c-sharp"),
            (".NET", "dot-net"),
            ("NET", "net"),
            ("#MeToo", "hashtag-metoo"),
            ("Node.js", "node-dot-js"),
            ("A.I.", "a-dot-i"),
            ("R&D", "r-and-d"),
            ("AI & Autos", "ai-and-autos"),
            ("50 %", "50-percent"),
        ] {
            assert_eq!(slug_of(name), slug, "{name}");
        }
    }

    #[test]
    fn names_that_sound_alike_have_addresses_of_their_own() {
        let slugs = [
            "北京", "背景", "Bei Jing", "Мир", "Mir", "C*", "C$", "—", "…?",
        ]
        .map(slug_of);
        let keys = ["北京", "背景", "Bei Jing", "Мир", "Mir", "C*", "C$"].map(topic_key);
        assert!(
            slugs[0].starts_with("bei-jing-") && slugs[0] != slugs[1],
            "{slugs:?}"
        );
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(
                keys.iter().position(|other| other == key),
                Some(at),
                "{key}"
            );
        }
        assert_eq!(slug_of("北 京"), slugs[0]);
    }

    #[test]
    fn addresses_may_keep_the_script_of_a_name() {
        let slug = |name| topic_slug(name, SlugStyle::Unicode);
        for (name, wanted) in [
            ("AI", "ai"),
            ("C++", "c-plus-plus"),
            ("Künstliche Intelligenz", "künstliche-intelligenz"),
            ("人工智能", "人工智能"),
            ("ＡＩ　芯片", "ai-芯片"),
            ("الذكاء الاصطناعي", "الذكاء-الاصطناعي"),
            ("น้ำ", "น้ำ"),
        ] {
            assert_eq!(slug(name), wanted, "{name}");
        }
        for (one, other) in [("北京 plus", "北京+"), ("北京!", "北京*")] {
            assert_ne!(slug(one), slug(other), "{one} {other}");
        }
    }

    #[test]
    fn case_accents_and_gaps_do_not_matter() {
        for (one, other) in [
            ("AI", "a i"),
            ("Café", "Cafe\u{301}"),
            ("Café", "CAFE"),
            ("Open-Source", "open source"),
            ("ＡＩ", "AI"),
            ("A\u{200b}I", "AI"),
            ("C#", "C sharp"),
        ] {
            assert_eq!(topic_key(one), topic_key(other), "{one}, {other}");
        }
        for (one, other) in [
            ("A.I.", "AI"),
            ("GPT-4.5", "GPT-45"),
            ("Q&A", "QA"),
            ("NET", ".NET"),
        ] {
            assert_ne!(topic_key(one), topic_key(other), "{one}, {other}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_to_a_key_is_right(name in "[a-cA-C0-2 -]{0,9}") {
            if let Some(key) = simple_key(&name) {
                prop_assert_eq!(key, key_of_slug(&slug_of(&name)));
            }
        }

        #[test]
        fn one_address_is_one_topic(
            names in prop::collection::vec("[a-cA-C1-2é北京背я+#.& -]{1,4}", 1..40),
        ) {
            for style in [SlugStyle::Ascii, SlugStyle::Unicode] {
                let mut topics: BTreeMap<String, String> = BTreeMap::new();
                for name in &names {
                    let key = topic_key(name);
                    let slug = topic_slug(name, style);
                    let first = topics.entry(slug).or_insert_with(|| key.clone());
                    prop_assert_eq!(&*first, &key, "{}", name);
                }
            }
        }
    }
}
