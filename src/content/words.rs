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
        title: sorted(parts(title).collect()),
        all: sorted(
            parts(title)
                .chain(parts(excerpt).take(EXCERPT_WORDS))
                .collect(),
        ),
    }
}

/// Whether two titles share a word that says something, or one of them has none.
pub fn have_in_common(one: &str, other: &str) -> bool {
    let [one, other]: [Vec<u32>; 2] = [one, other].map(|title| parts(title).collect());
    one.is_empty() || other.is_empty() || one.iter().any(|word| other.contains(word))
}

/// The telling words of a text, as hashes.
fn parts(text: &str) -> impl Iterator<Item = u32> + '_ {
    written(text).map(|(hash, _)| hash)
}

/// The telling words of a text, each as a hash, which is the same for the forms of a word, and in
/// small letters as it is written. In scripts without spaces any two letters that stand together
/// are one.
pub fn written(text: &str) -> impl Iterator<Item = (u32, String)> + '_ {
    let pairs: Vec<(u32, String)> = match text.is_ascii() {
        true => Vec::new(),
        false => {
            let letters: Vec<char> = text.chars().filter(|c| is_unspaced(*c)).collect();
            let pairs = letters.windows(2).map(String::from_iter);
            pairs.map(|pair| (hash(&pair), pair)).collect()
        }
    };
    telling(text).chain(pairs)
}

/// Letters of Thai, Lao, Burmese, Khmer, Chinese and Japanese
/// (<https://www.unicode.org/reports/tr14/>).
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

fn telling(text: &str) -> impl Iterator<Item = (u32, String)> + '_ {
    text.split(|c: char| !c.is_alphanumeric() || is_unspaced(c))
        .filter(|word| word.chars().nth(2).is_some() || word.chars().any(char::is_numeric))
        .map(str::to_lowercase)
        .filter(|word| !is_common(word))
        .map(|word| (hash(stem(&word)), word))
}

fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok() || COMMON_AND_LONG.contains(&word)
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

/// Words of English, German, French and Spanish that tell nothing, sorted. Those that say something
/// in one of the others (German `war`, French `son`) are not among them.
const COMMON: &[&str] = &[
    "aber", "about", "after", "again", "all", "alle", "als", "also", "and", "ante", "antes", "any",
    "après", "are", "así", "auch", "auf", "aunque", "aus", "aux", "avant", "avec", "because",
    "bedeutet", "been", "before", "bei", "beim", "being", "best", "bis", "but", "cada", "can",
    "ces", "cette", "comme", "como", "contra", "contre", "could", "cual", "cuando", "cómo",
    "damit", "dans", "das", "dass", "del", "dem", "den", "depuis", "der", "des", "desde", "deux",
    "did", "dies", "diese", "diesem", "diesen", "dieser", "dieses", "does", "donde", "dos",
    "durante", "durch", "ein", "eine", "einem", "einen", "einer", "eines", "ella", "ellos", "era",
    "erste", "est", "esta", "este", "esto", "está", "están", "fait", "for", "from", "für", "gegen",
    "haben", "had", "has", "hasta", "have", "hay", "her", "his", "how", "ihr", "ihre", "ils",
    "into", "ist", "its", "jetzt", "just", "kann", "kein", "keine", "know", "les", "leur", "leurs",
    "lors", "mais", "may", "mehr", "menos", "mientras", "more", "most", "muy", "más", "même",
    "nach", "need", "neue", "neuem", "neuen", "neuer", "neues", "new", "nicht", "noch", "not",
    "nous", "nouveau", "nouveaux", "nouvelle", "now", "nueva", "nuevas", "nuevo", "nuevos", "nun",
    "nur", "oder", "off", "ohne", "one", "only", "other", "otra", "otro", "our", "out", "over",
    "par", "para", "pas", "pero", "por", "porque", "pourquoi", "pues", "quand", "que", "quelle",
    "quels", "qui", "quién", "qué", "said", "sans", "says", "según", "sein", "seine", "ser", "ses",
    "she", "should", "sich", "sie", "sin", "sind", "sobre", "some", "sont", "sous", "such", "sur",
    "sus", "también", "than", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "through", "tiene", "todo", "todos", "too", "tous", "toute", "tras", "très", "two",
    "una", "und", "under", "une", "unos", "uns", "unter", "until", "vers", "vom", "von", "vor",
    "vous", "warum", "was", "weiter", "wenn", "wer", "werden", "were", "what", "when", "where",
    "which", "while", "who", "why", "wie", "will", "wir", "wird", "with", "would", "wurde", "you",
    "your", "zum", "zur", "zwischen", "être", "über",
];

/// Longer ones.
const COMMON_AND_LONG: [&str; 2] = ["everything", "nouvelles"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_sorted() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn titles_have_words_in_common_or_not() {
        assert!(have_in_common("The bank waits", "Banks in trouble"));
        assert!(!have_in_common(
            "Bank story of the day",
            "The cup and the tie"
        ));
        assert!(
            have_in_common("北京的天气", "天气预报") && !have_in_common("北京的天气", "世界杯")
        );
        assert!(have_in_common("Go", "Bank"));
    }

    #[test]
    fn endings_case_and_order_do_not_matter() {
        assert_eq!(of("The chips launch", "").all, of("", "Launched: chip").all);
        assert_eq!(of("", ""), Words::default());
    }
}
