//! Scripts by how their words are separated, for the words of events and for those of the search.
//!
//! `static/search.js` has the same letters; a test holds it to [`Script::of`].

/// How words are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// By spaces and marks.
    Spaced,
    /// Chinese, and Chinese letters in Japanese: not at all.
    Han,
    /// Thai, Lao, Burmese and Khmer: not at all.
    SoutheastAsian,
    /// Endings and particles of Japanese.
    Hiragana,
    /// Foreign words in Japanese.
    Katakana,
    /// Korean: by spaces, with words that run together and particles at their ends.
    Hangul,
}

impl Script {
    /// The script of a character (<https://www.unicode.org/reports/tr24/>).
    pub fn of(c: char) -> Script {
        match c {
            // Nearly all letters there are.
            ..='\u{e00}' => Script::Spaced,
            '\u{e01}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => {
                Script::SoutheastAsian
            }
            '\u{3041}'..='\u{309f}' => Script::Hiragana,
            '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' => Script::Katakana,
            '\u{ac00}'..='\u{d7a3}' => Script::Hangul,
            '\u{3005}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Script::Han,
            '\u{20000}'..='\u{323af}' => Script::Han,
            _ => Script::Spaced,
        }
    }

    /// Whether texts in the script are written without spaces.
    pub fn is_unspaced(self) -> bool {
        !matches!(self, Script::Spaced | Script::Hangul)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_in_their_script() {
        for (text, script) in [
            ("aé9 ،ع.я€", Script::Spaced),
            ("汉々漢", Script::Han),
            ("ไทยລາວខ្មែរ", Script::SoutheastAsian),
            ("ひらがな", Script::Hiragana),
            ("カタカナー", Script::Katakana),
            ("한글", Script::Hangul),
            ("・、。", Script::Spaced),
        ] {
            for c in text.chars() {
                assert_eq!(Script::of(c), script, "{c}");
            }
        }
    }
}
