//! Other people's text, made fit to print.

use super::plain_text;
use super::plain_text::is_invisible;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// One line of plain text in Unicode's normal form C: markup and entities as `plain_text` reads
/// them, control characters removed, white space folded. None when nothing that can be seen is
/// left.
///
/// Removing control characters (but for tab and line ends, which fold into spaces) leaves only what
/// XML 1.0 allows (<https://www.w3.org/TR/xml/#charsets>), so that feeds are well-formed by
/// construction.
pub fn line(text: &str) -> Option<String> {
    folded(&plain_text::of(text))
}

fn folded(text: &str) -> Option<String> {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if let '\u{80}'..='\u{9f}' = c {
            clean.extend(windows_1252(c));
        } else if is_printable(c) && c != '\u{feff}' {
            clean.push(c);
        }
    }
    clean.truncate(clean.trim_end().len());
    if clean.is_ascii() {
        return (!clean.is_empty()).then_some(clean);
    }
    if !clean.chars().any(|c| c != ' ' && !is_invisible(c)) {
        return None;
    }
    let is_edge = |c: char| matches!(c, ' ' | '\u{ad}' | '\u{200b}' | '\u{2060}');
    if clean.starts_with(is_edge) || clean.ends_with(is_edge) {
        clean = clean.trim_matches(is_edge).to_owned();
    }
    Some(composed(clean))
}

/// A line that must be something, as a title or a name: where nothing but markup is written, the
/// markup is the text.
pub fn name(text: &str) -> Option<String> {
    line(text).or_else(|| word(text))
}

/// A line that is no prose and has no markup, as a slug: only its entities are read.
pub fn word(text: &str) -> Option<String> {
    folded(&plain_text::decoded(text))
}

/// A text in normal form C (<https://www.unicode.org/reports/tr15/>): texts that are canonically
/// equal, and so look alike, are equal in it.
pub fn composed(text: String) -> String {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    text.nfc().collect()
}

/// What a control character of Latin-1 was meant to be: `&#146;` is an apostrophe to every browser
/// (<https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state>).
fn windows_1252(c: char) -> Option<char> {
    const MEANT: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";
    let at = (c as usize).checked_sub(0x80)?;
    MEANT.chars().nth(at).filter(|meant| *meant != '\0')
}

/// Text of several lines without control characters.
pub fn without_controls(text: String) -> String {
    if text
        .chars()
        .all(|c| c == '\n' || c == '\t' || is_printable(c))
    {
        return text;
    }
    text.chars()
        .filter(|c| *c == '\n' || *c == '\t' || is_printable(*c))
        .collect()
}

fn is_printable(c: char) -> bool {
    // Bidirectional overrides would let a headline reorder the text around it; the last range
    // (deprecated) changes how the digits and brackets after it look.
    !c.is_control()
        && !matches!(
            c,
            '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_decoded_and_folded() {
        assert_eq!(
            line(" Nov&#8217;19 &amp;\n\u{0}now\u{202e} ").as_deref(),
            Some("Nov’19 & now")
        );
        assert_eq!(line(" \u{7} "), None);
    }

    #[test]
    fn lines_are_composed_and_can_be_seen() {
        assert_eq!(line("Cafe\u{301}").as_deref(), Some("Café"));
        assert_eq!(
            line("It&#146;s \u{93}so\u{94}").as_deref(),
            Some("It’s “so”")
        );
        assert_eq!(
            line("\u{feff}\u{200b}Title\u{ad} ").as_deref(),
            Some("Title")
        );
        assert_eq!(line("❤\u{fe0f}").as_deref(), Some("❤\u{fe0f}"));
        for nothing in [
            "\u{200b}",
            "\u{feff}",
            "\u{ad} \u{2060}",
            "&nbsp;&zwj;",
            "\u{3164}",
        ] {
            assert_eq!(line(nothing), None, "{nothing:?}");
        }
    }
}
