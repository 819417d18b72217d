//! The stems of the words of a language.

use std::borrow::Cow;

use pagefind_stem::{Algorithm, Stemmer};

/// Folds the forms of a word. English, the language of most stories, has a short way for the half
/// of its words that are their own stems: the stemmer takes a quarter of the time that the words
/// of a story take.
pub(super) struct Stems {
    stemmer: Stemmer,
    is_english: bool,
}

impl Stems {
    /// Those of a language.
    pub(super) fn of(algorithm: Algorithm) -> Stems {
        Stems {
            is_english: matches!(algorithm, Algorithm::English),
            stemmer: Stemmer::create(algorithm),
        }
    }

    /// The stem of a word in lower case.
    pub(super) fn stem<'w>(&self, word: &'w str) -> Cow<'w, str> {
        if self.is_english && is_own_stem(word) {
            return Cow::Borrowed(word);
        }
        self.stemmer.stem(word)
    }
}

/// Whether an English word has none of the endings that the stemmer looks at
/// (<https://snowballstem.org/algorithms/english/stemmer.html>). It may be its own stem with one of
/// them, too.
fn is_own_stem(word: &str) -> bool {
    let letters = word.as_bytes();
    let Some((last, before)) = letters.split_last() else {
        return true;
    };
    let ends = |endings: &[&[u8]]| endings.iter().any(|ending| before.ends_with(ending));
    match last {
        b'a' | b'b' | b'f' | b'h' | b'j' | b'k' | b'o' | b'p' | b'q' | b'u' | b'v' | b'w'
        | b'x' | b'z' => true,
        b'c' => !ends(&[b"i"]),
        b'd' => !ends(&[b"e"]),
        b'g' => !ends(&[b"in"]),
        b'l' => !ends(&[b"a", b"l", b"u"]),
        b'm' => !ends(&[b"is"]),
        b'n' => !ends(&[b"io"]),
        b'r' => !ends(&[b"e", b"o"]),
        b't' => !ends(&[b"en", b"an", b"is"]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every ending of three letters, behind beginnings that make regions of the word in which the
    /// stemmer takes off more or less.
    #[test]
    fn the_short_way_leads_to_the_same_stem() {
        let stemmer = Stemmer::create(Algorithm::English);
        let letters = || 'a'..='z';
        let mut own = 0;
        for beginning in [
            "", "b", "cab", "trans", "generat", "hop", "communic", "yell",
        ] {
            for (one, two, three) in letters()
                .flat_map(|one| letters().map(move |two| (one, two)))
                .flat_map(|(one, two)| letters().map(move |three| (one, two, three)))
            {
                let word = format!("{beginning}{one}{two}{three}");
                if is_own_stem(&word) {
                    assert_eq!(stemmer.stem(&word), word);
                    own += 1;
                }
            }
        }
        assert!(own > 70_000, "{own} words take the short way");
    }

    proptest::proptest! {
        #[test]
        fn a_word_has_the_stem_of_the_stemmer(word in "[a-zéß]{0,12}") {
            let stems = Stems::of(Algorithm::English);
            proptest::prop_assert_eq!(stems.stem(&word), stems.stemmer.stem(&word));
        }
    }
}
