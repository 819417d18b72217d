//! Names as parts of addresses and of file names.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_segmentation::UnicodeSegmentation;

use crate::hash::Hash128;

/// Letters of the hash that stands for what a slug cannot say.
const HASH: usize = 8;

/// `permalinks.slugs`: in which letters names stand in addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SlugStyle {
    /// Those of ASCII; other scripts are transliterated.
    #[default]
    Ascii,
    /// Those of their own script, in normal form C.
    Unicode,
}

impl SlugStyle {
    /// Bytes of a slug, at most. A file system stops at 255 for a name, and that of an article's
    /// file has a date, a number, a language and an ending, too.
    pub fn longest(self) -> usize {
        match self {
            SlugStyle::Ascii => 120,
            // 66 letters of most Asian scripts.
            SlugStyle::Unicode => 200,
        }
    }

    /// A text as a slug: small letters, digits and single hyphens between them; in a script of its
    /// own also the marks of letters. A text without any gets a name from its hash, and one that is
    /// too long ends with its hash. It is not percent-encoded.
    pub fn of(self, text: &str) -> Cow<'_, str> {
        if text.len() <= SlugStyle::Ascii.longest() && is_plain(text) {
            return Cow::Borrowed(text);
        }
        let slug = self.letters(text);
        match slug.is_empty() || slug.len() > self.longest() {
            true => Cow::Owned(self.with_hash(&slug, text)),
            false => Cow::Owned(slug),
        }
    }

    /// The letters of a text as a slug has them, of any length; nothing if there are none.
    pub fn letters(self, text: &str) -> String {
        match self {
            SlugStyle::Ascii => slug::slugify(text),
            SlugStyle::Unicode => in_script(text),
        }
    }

    /// A slug with the hash of a text at its end, cut so that it is not too long. No letter loses
    /// its marks.
    pub fn with_hash(self, slug: &str, text: &str) -> String {
        let hash = Hash128::of(text.as_bytes()).short(HASH);
        if slug.is_empty() {
            return format!("x-{hash}");
        }
        let most = self.longest() - HASH - 1;
        let ends = slug.grapheme_indices(true);
        let ends = ends.map(|(at, cluster)| at + cluster.len());
        let end = ends.take_while(|end| *end <= most).last().unwrap_or(0);
        format!("{}-{hash}", slug[..end].trim_end_matches('-'))
    }
}

/// Whether a text is a slug of ASCII.
fn is_plain(text: &str) -> bool {
    let is_of_slug = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty()
        && text.bytes().all(is_of_slug)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

/// A text with the letters, marks and digits of every script, and hyphens for all else.
fn in_script(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text
        .nfc()
        .map(of_ordinary_width)
        .flat_map(char::to_lowercase)
    {
        if is_letter(c) || (is_letter_or_mark(c) && !slug.is_empty() && !slug.ends_with('-')) {
            slug.push(c);
        } else if !is_unseen(c) && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    // Small letters may have marks that compose with the next.
    match is_nfc_quick(slug.chars()) {
        IsNormalized::Yes => slug,
        _ => slug.nfc().collect(),
    }
}

/// Whether a character can be a part of a name in an address: a letter or digit of any script, or a
/// mark of one, such as the vowels of Hindi and the tones of Thai.
pub fn is_letter_or_mark(c: char) -> bool {
    is_letter(c) || (is_combining_mark(c) && !is_unseen(c))
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_unseen(c)
}

/// The letter of ASCII that a full-width form is (`ＡＩ`), as Japanese and Chinese texts have them.
fn of_ordinary_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
        _ => c,
    }
}

/// Characters that nobody sees and that say nothing in an address: joiners, marks of direction,
/// selectors of variants, fillers. A zero-width non-joiner is none of them: it parts words of
/// Persian as a space would.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{200d}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::is_nfc;

    use super::*;

    const BOTH: [SlugStyle; 2] = [SlugStyle::Ascii, SlugStyle::Unicode];

    #[test]
    fn slugs_of_ascii_are_transliterated() {
        let slug = |text| SlugStyle::Ascii.of(text).into_owned();
        assert_eq!(slug("AI & Autos"), "ai-autos");
        assert_eq!(slug("日本"), "ri-ben");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("a--b"), "a-b");
        assert!(slug("…").starts_with("x-"));
        assert!(slug(&"long ".repeat(100)).len() <= SlugStyle::Ascii.longest());
    }

    #[test]
    fn slugs_may_keep_their_script() {
        for (text, slug) in [
            ("AI & Autos", "ai-autos"),
            ("Für Größe!", "für-größe"),
            ("Cafe\u{301} au lait", "café-au-lait"),
            ("人工智能：新闻", "人工智能-新闻"),
            ("データ・センター", "データ-センター"),
            ("ＡＩ　２０２６", "ai-2026"),
            ("الذكاء الاصطناعي", "الذكاء-الاصطناعي"),
            ("\u{202b}مرحبا\u{202c}\u{200f}", "مرحبا"),
            ("می\u{200c}خواهم", "می-خواهم"),
            ("हिन्दी समाचार", "हिन्दी-समाचार"),
            ("क्\u{200d}ष", "क्ष"),
            ("น้ำท่วม", "น้ำท่วม"),
            ("../..\u{0}/etc", "etc"),
            ("\u{301}a", "a"),
            ("Привет, Мир", "привет-мир"),
        ] {
            assert_eq!(SlugStyle::Unicode.of(text), slug, "{text}");
        }
        for nothing in ["", "…", "\u{200f}", "🎉\u{fe0f}", "\u{3164}"] {
            assert!(
                SlugStyle::Unicode.of(nothing).starts_with("x-"),
                "{nothing}"
            );
        }
    }

    #[test]
    fn characters_that_nobody_sees_are_in_no_slug() {
        for unseen in ['\u{34f}', '\u{fe0f}', '\u{200d}', '\u{e0100}'] {
            assert_eq!(SlugStyle::Unicode.of(&format!("葛{unseen}城")), "葛城");
        }
    }

    #[test]
    fn long_slugs_are_cut_between_letters() {
        let slug = SlugStyle::Unicode.of(&"हिन्दी".repeat(30)).into_owned();
        let (kept, _) = slug.rsplit_once('-').unwrap();
        assert!(
            slug.len() <= SlugStyle::Unicode.longest() && slug.len() > 180,
            "{slug}"
        );
        assert!(kept.ends_with(['न', 'द', 'ी', 'ि', '्']), "{kept}");
        let clusters: Vec<&str> = kept.graphemes(true).collect();
        let whole = "हिन्दी".repeat(30);
        assert!(
            whole
                .graphemes(true)
                .zip(&clusters)
                .all(|(one, other)| one == *other)
        );
    }

    proptest! {
        #[test]
        fn every_text_has_a_slug_that_is_its_own(text in "(?s).{0,90}") {
            for style in BOTH {
                let slug = style.of(&text).into_owned();
                prop_assert!(!slug.is_empty() && slug.len() <= style.longest(), "{slug}");
                prop_assert!(slug.chars().all(|c| c == '-' || is_letter_or_mark(c)), "{slug}");
                prop_assert!(!slug.starts_with('-') && !slug.ends_with('-'), "{slug}");
                prop_assert!(is_nfc(&slug), "{slug}");
                prop_assert_eq!(style.of(&slug), slug.as_str());
            }
        }
    }
}
