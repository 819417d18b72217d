//! The words that say what a story is about.

use super::article::Words;

/// Most words of an excerpt that count; what follows adds noise.
const EXCERPT_WORDS: usize = 30;

/// The telling words of a title and the start of an excerpt.
pub(super) fn of(title: &str, excerpt: &str) -> Words {
    let sorted = |mut words: Vec<u32>| {
        words.sort_unstable();
        words.dedup();
        words
    };
    Words {
        title: sorted(telling(title).collect()),
        all: sorted(
            telling(title)
                .chain(telling(excerpt).take(EXCERPT_WORDS))
                .collect(),
        ),
    }
}

fn telling(text: &str) -> impl Iterator<Item = u32> + '_ {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().nth(2).is_some() || word.chars().any(char::is_numeric))
        .map(str::to_lowercase)
        .filter(|word| COMMON.binary_search(&word.as_str()).is_err())
        .map(|word| hash(stem(&word)))
}

/// Folds the commonest English endings, so that "chip" meets "chips" and "launches" meets "launch".
fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 5 {
        return word;
    }
    ["ing", "es", "ed", "s"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .filter(|stem| stem.len() >= 3)
        .unwrap_or(word)
}

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>).
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// Words that tell nothing, sorted.
const COMMON: &[&str] = &[
    "about", "after", "again", "all", "also", "and", "any", "are", "because", "been", "before",
    "being", "but", "can", "could", "did", "does", "for", "from", "had", "has", "have", "her",
    "his", "how", "into", "its", "just", "may", "more", "most", "new", "not", "now", "off", "one",
    "only", "other", "our", "out", "over", "said", "says", "she", "should", "some", "such", "than",
    "that", "the", "their", "them", "then", "there", "these", "they", "this", "through", "too",
    "two", "under", "until", "was", "were", "what", "when", "where", "which", "while", "who",
    "why", "will", "with", "would", "you", "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_sorted() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn endings_case_and_order_do_not_matter() {
        assert_eq!(of("The chips launch", "").all, of("", "Launched: chip").all);
        assert_eq!(of("", ""), Words::default());
    }
}
