//! The words that say what a text is about: cutting it into words, and folding their forms.
//!
//! Text is cut as Unicode says (<https://www.unicode.org/reports/tr29/>). Scripts without spaces
//! have no word bounds that a table could know: of Chinese, and of Japanese outside Katakana, any
//! two letters that stand together are a word; so are those of Thai, Lao, Burmese and Khmer. Forms
//! of a word are folded by the stemmer of its language (Snowball, <https://snowballstem.org/>), in
//! Korean by taking off particles. Words that say little count little (`languages`).
//!
//! # Files
//!
//! - `languages.rs`: words that are no sign of what a story is about
//! - `stems.rs`: stems, in English by a short way

mod languages;
mod stems;

use std::borrow::Cow;
use std::sync::LazyLock;

use ahash::AHashMap;
use pagefind_stem::Algorithm;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_segmentation::UnicodeSegmentation;

use crate::script::Script;
use languages::{EASTERN_PLAIN, EASTERN_WEAK, NAMES, TABLES};
use stems::Stems;

/// Most words of an excerpt that count; what follows adds noise.
const EXCERPT_WORDS: usize = 30;

/// Most words of all texts of a story.
const MOST: usize = 96;

/// The words of a story, by their hashes: what the comparison of stories works on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words(pub Vec<Term>);

/// A word of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Hash of the word, folded.
    pub word: u32,
    /// What it counts for how alike two stories are, in hundredths, by itself and where it stands.
    pub weight: u8,
    /// What it counts as evidence that two stories are on one event, in hundredths.
    pub evidence: u8,
}

/// What a story says of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'a> {
    /// Headline.
    pub title: &'a str,
    /// A few sentences, or nothing.
    pub excerpt: &'a str,
    /// Address of the original story.
    pub link: Option<&'a str>,
    /// The language that the article names.
    pub locale: Option<&'a str>,
}

/// The words of a story, on a site in a language (a tag as `de-AT`).
pub fn of(texts: &Texts<'_>, site: &str) -> Words {
    let mut terms: Vec<Term> = Vec::with_capacity(24);
    each(texts, site, |word, _, weight, evidence| {
        terms.push(Term {
            word: hash(word),
            weight,
            evidence,
        });
    });
    // The place where a word counts most comes first.
    terms.sort_unstable_by_key(|term| (term.word, std::cmp::Reverse((term.weight, term.evidence))));
    terms.dedup_by_key(|term| term.word);
    terms.shrink_to_fit();
    Words(terms)
}

/// The words that two stories share, as the first one writes them, those that count most first.
pub fn in_common(one: &Texts<'_>, other: &Texts<'_>, site: &str) -> Vec<String> {
    let others = of(other, site).0;
    let mut words: Vec<(u8, u32, String)> = Vec::new();
    each(one, site, |word, written, _, evidence| {
        let hash = hash(word);
        let Ok(at) = others.binary_search_by_key(&hash, |term| term.word) else {
            return;
        };
        if words.iter().all(|(_, known, _)| *known != hash) {
            let evidence = evidence.min(others[at].evidence);
            words.push((evidence, hash, written.to_owned()));
        }
    });
    words.sort_by_key(|(evidence, ..)| std::cmp::Reverse(*evidence));
    words.into_iter().map(|(_, _, word)| word).collect()
}

/// The telling words of a text in any language, each as a hash, which is the same for the forms of
/// a word, and in small letters as it is written.
pub fn written(text: &str) -> impl Iterator<Item = (u32, String)> + use<> {
    let texts = Texts {
        title: text,
        ..Texts::default()
    };
    let mut words = Vec::new();
    each(&texts, "en", |word, written, _, _| {
        words.push((hash(word), written.to_owned()));
    });
    words.into_iter()
}

/// Whether two titles share a word that says something, or one of them has none.
pub fn have_in_common(one: &str, other: &str) -> bool {
    let words = |title: &str| {
        let texts = Texts {
            title,
            ..Texts::default()
        };
        of(&texts, "en").0
    };
    let [one, other] = [one, other].map(words);
    let is_in = |term: &Term| other.binary_search_by_key(&term.word, |other| other.word);
    one.is_empty() || other.is_empty() || one.iter().any(|term| is_in(term).is_ok())
}

/// Common words of a language that a text in it has at least, to be taken for one.
const SURE: u32 = 3;

/// The language of a text that does not say it, as a tag, where there is no doubt: by a script that
/// one language has, else by common words, twice as many as of any other language.
pub fn language_of(text: &str) -> Option<&'static str> {
    let mut pieces = Vec::new();
    pieces_of(text, Place::Title, MOST, &mut pieces);
    by_script(text).or_else(|| {
        let counts = counts_of_common(&pieces);
        let most = counts.iter().copied().max().unwrap_or(0);
        let found = counts.iter().position(|count| *count == most)?;
        let others = counts.iter().enumerate().filter(|(at, _)| *at != found);
        let next = others.map(|(_, count)| *count).max().unwrap_or(0);
        (most >= SURE && most >= 2 * next).then(|| TABLES[found].code)
    })
}

/// The language of a text in a script that one language has, for most of what is written in it, if
/// half of its letters are in it.
fn by_script(text: &str) -> Option<&'static str> {
    let (mut letters, mut kana) = (0_usize, 0_usize);
    let mut counts: [(&'static str, usize); 5] =
        [("zh", 0), ("ko", 0), ("th", 0), ("he", 0), ("el", 0)];
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        let of = match (Script::of(c), c) {
            (Script::Hiragana | Script::Katakana, _) => {
                kana += 1;
                0
            }
            (Script::Han, _) => 0,
            (Script::Hangul, _) => 1,
            (_, '\u{e01}'..='\u{e7f}') => 2,
            (_, '\u{590}'..='\u{5ff}') => 3,
            (_, '\u{370}'..='\u{3ff}') => 4,
            _ => continue,
        };
        counts[of].1 += 1;
    }
    let (language, most) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let is_japanese = language == "zh" && kana > 0;
    (2 * most > letters).then_some(if is_japanese { "ja" } else { language })
}

/// How many words of a text each language has among its common ones.
fn counts_of_common(pieces: &[Piece<'_>]) -> [u32; TABLES.len()] {
    let mut counts = [0; TABLES.len()];
    for piece in pieces.iter().filter(|piece| piece.place != Place::Link) {
        let mut common = piece.known.common;
        while common != 0 {
            counts[common.trailing_zeros() as usize] += 1;
            common &= common - 1;
        }
    }
    counts
}

/// Where a word stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    Link,
    Excerpt,
}

impl Place {
    /// What a word counts there, in hundredths.
    fn share(self) -> u16 {
        match self {
            Place::Title => 100,
            Place::Link => 50,
            Place::Excerpt => 35,
        }
    }
}

/// What a word counts by itself, in hundredths: for how alike two stories are, and as evidence that
/// they are on one event.
#[derive(Clone, Copy)]
struct Degree {
    weight: u16,
    evidence: u16,
}

const fn degree(weight: u16, evidence: u16) -> Degree {
    Degree { weight, evidence }
}

const FULL: Degree = degree(100, 100);
const PLAIN: Degree = degree(100, 61);
const WEAK: Degree = degree(30, 30);
/// Two letters of a script without spaces: a word has about three such pairs.
const PAIR: Degree = degree(35, 35);
const PLAIN_PAIR: Degree = degree(20, 20);
const WEAK_PAIR: Degree = degree(10, 10);
const LETTER: Degree = degree(20, 20);

/// A word as it was cut, in lower case.
struct Piece<'a> {
    word: Cow<'a, str>,
    script: Script,
    place: Place,
    /// The languages in whose lists it is.
    known: Known,
}

/// Calls `found` with each word, folded and as it was cut, and what it counts as weight and as
/// evidence.
fn each(texts: &Texts<'_>, site: &str, mut found: impl FnMut(&str, &str, u8, u8)) {
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(32);
    pieces_of(texts.title, Place::Title, MOST, &mut pieces);
    pieces_of(texts.excerpt, Place::Excerpt, EXCERPT_WORDS, &mut pieces);
    let path = texts.link.map(words_of_path).unwrap_or_default();
    pieces_of(&path, Place::Link, EXCERPT_WORDS, &mut pieces);

    let language = Language::of(texts.locale, site, &pieces);
    let in_title = pieces.iter().filter(|piece| piece.place == Place::Title);
    let in_title = in_title.count();
    for piece in &pieces {
        // Addresses and excerpts repeat the words of the headline, where each counts most.
        let mut title = pieces[..in_title].iter();
        if piece.place != Place::Title && title.any(|other| other.word == piece.word) {
            continue;
        }
        let share = piece.place.share();
        let whole = matches!(piece.script, Script::Spaced | Script::Hangul);
        let mut count = |word: &str, degree: Degree| {
            let part = |of: u16| u8::try_from(of * share / 100).unwrap_or(u8::MAX);
            let written = if whole { piece.word.as_ref() } else { word };
            found(word, written, part(degree.weight), part(degree.evidence));
        };
        match piece.script {
            Script::Spaced => spaced(piece, &language, &mut count),
            Script::Han | Script::SoutheastAsian => pairs(&piece.word, &mut count),
            Script::Katakana if piece.word.chars().nth(1).is_some() => count(&piece.word, FULL),
            Script::Katakana => count(&piece.word, LETTER),
            Script::Hangul => korean(&piece.word, &mut count),
            // Endings and particles of Japanese.
            Script::Hiragana => {}
        }
    }
}

/// Cuts a text into words, at most as many.
fn pieces_of<'a>(text: &'a str, place: Place, most: usize, pieces: &mut Vec<Piece<'a>>) {
    let most = pieces.len() + most;
    let mut add = |word: Cow<'a, str>, script: Script| {
        let known = match script {
            Script::Spaced => VOCABULARY.known(&word),
            _ => Known::default(),
        };
        let is_full = pieces.len() >= most;
        if !is_full {
            pieces.push(Piece {
                word,
                script,
                place,
                known,
            });
        }
        is_full
    };
    if text.is_ascii() {
        for word in ascii_words(text) {
            if add(lower_ascii(word), Script::Spaced) {
                return;
            }
        }
        return;
    }
    let text: Cow<'a, str> = match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfkc().collect()),
    };
    for (script, run) in runs(&text) {
        if script != Script::Spaced {
            if add(Cow::Owned(run.to_owned()), script) {
                return;
            }
            continue;
        }
        for word in run.unicode_words() {
            for part in word.split(['\'', '’']).filter(|part| !part.is_empty()) {
                if add(Cow::Owned(part.to_lowercase()), script) {
                    return;
                }
            }
        }
    }
}

/// What [`UnicodeSegmentation::unicode_words`] finds in ASCII, but that words end at apostrophes.
fn ascii_words(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes
            .get(at)
            .is_some_and(|byte| !byte.is_ascii_alphanumeric())
        {
            at += 1;
        }
        let start = at;
        while let Some(byte) = bytes.get(at) {
            let is_inside = byte.is_ascii_alphanumeric()
                || matches!(byte, b'.' | b',')
                    && at > start
                    && is_digit(at - 1)
                    && is_digit(at + 1);
            if !is_inside {
                break;
            }
            at += 1;
        }
        (start < at).then(|| &text[start..at])
    })
}

fn lower_ascii(word: &str) -> Cow<'_, str> {
    match word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(word.to_ascii_lowercase()),
        false => Cow::Borrowed(word),
    }
}

/// The runs of characters of one kind of script.
fn runs(text: &str) -> impl Iterator<Item = (Script, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let script = Script::of(rest.chars().next()?);
        let end = rest.find(|c| Script::of(c) != script).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some((script, run))
    })
}

/// A word between spaces.
fn spaced(piece: &Piece<'_>, language: &Language, count: &mut impl FnMut(&str, Degree)) {
    let word = piece.word.as_ref();
    if word.as_bytes()[0].is_ascii_digit() && word.bytes().all(is_of_number) {
        let number = number(word);
        let says_little = number.len() <= 2 || is_year(&number);
        return count(&number, if says_little { WEAK } else { FULL });
    }
    let table = language.table.unwrap_or(0);
    if piece.known.common & 1 << table != 0 || word.chars().nth(1).is_none() {
        return;
    }
    let degree = match piece.known {
        known if known.weak & 1 << table != 0 => WEAK,
        known if known.plain & 1 << table != 0 => PLAIN,
        _ => FULL,
    };
    match &language.stems {
        Some(stems) if word.bytes().all(|byte| !byte.is_ascii_digit()) => {
            count(&stems.stem(word), degree);
        }
        _ => count(word, degree),
    }
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'.' | b',')
}

/// A number without separators of thousands, and with a decimal point.
fn number(written: &str) -> Cow<'_, str> {
    if !written.contains(['.', ',']) {
        return Cow::Borrowed(written);
    }
    let mut groups = written.split(['.', ',']);
    let has_thousands =
        groups.next().is_some_and(|first| first.len() <= 3) && groups.all(|group| group.len() == 3);
    Cow::Owned(match has_thousands {
        true => written.replace(['.', ','], ""),
        false => written.replace(',', "."),
    })
}

fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

/// The pairs of letters of a run without spaces.
fn pairs(run: &str, count: &mut impl FnMut(&str, Degree)) {
    let mut starts = run.char_indices().map(|(at, _)| at).chain([run.len()]);
    let (Some(mut first), Some(mut second)) = (starts.next(), starts.next()) else {
        return;
    };
    if second == run.len() {
        return count(run, LETTER);
    }
    for end in starts {
        let pair = &run[first..end];
        count(
            pair,
            match VOCABULARY.eastern.get(pair) {
                Some(Says::Little) => WEAK_PAIR,
                Some(Says::Less) => PLAIN_PAIR,
                None => PAIR,
            },
        );
        (first, second) = (second, end);
    }
}

/// Particles and endings of Korean, longest first.
const PARTICLES: [&str; 33] = [
    "에서는",
    "에서",
    "으로",
    "에게",
    "까지",
    "부터",
    "하며",
    "하고",
    "했다",
    "한다",
    "하는",
    "되며",
    "됐다",
    "된다",
    "이다",
    "로서",
    "에선",
    "에는",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에",
    "의",
    "로",
    "와",
    "과",
    "서",
    "도",
    "만",
    "들",
];

/// Endings of verbs made of nouns.
const VERBS: [&str; 4] = ["한", "된", "해", "돼"];

/// A Korean word, without its particle.
fn korean(word: &str, count: &mut impl FnMut(&str, Degree)) {
    let endings = PARTICLES.iter().chain(&VERBS);
    let stem = endings
        .filter_map(|ending| word.strip_suffix(ending))
        .find(|stem| stem.chars().nth(1).is_some())
        .unwrap_or(word);
    let says = |word: &str| VOCABULARY.eastern.get(word).copied();
    let degree = match says(stem).or_else(|| says(word)) {
        Some(Says::Little) => WEAK,
        Some(Says::Less) => PLAIN,
        None if stem.chars().nth(1).is_none() => WEAK,
        None => FULL,
    };
    count(stem, degree);
}

/// The words of an address: those of the part of its path that has the most, at least three. Other
/// parts are folders and numbers.
fn words_of_path(link: &str) -> String {
    let path = link.split_once("://").map_or(link, |(_, rest)| rest);
    let path = path.find('/').map_or("", |start| &path[start..]);
    let path = path.find(['?', '#']).map_or(path, |end| &path[..end]);
    let part = |part: &str| -> Vec<String> {
        let decoded = percent_decode_str(part).decode_utf8_lossy();
        let ending = decoded.rsplit_once('.').filter(|(_, ending)| {
            (2..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        let name = ending.map_or(decoded.as_ref(), |(name, _)| name);
        let words = name.split(|c: char| !c.is_alphanumeric());
        let words = words
            .filter(|word| word.chars().all(char::is_alphabetic) && word.chars().nth(1).is_some());
        words.map(str::to_owned).collect()
    };
    let parts = path.split('/').map(part).filter(|words| words.len() >= 3);
    // Of two with as many words the first.
    let best = parts.reduce(|best, words| {
        if words.len() > best.len() {
            words
        } else {
            best
        }
    });
    best.unwrap_or_default().join(" ")
}

/// How the words of a text are read.
struct Language {
    /// The number of its table.
    table: Option<usize>,
    stems: Option<Stems>,
}

impl Language {
    /// The language that an article names, else the one whose common words it has most of; of those
    /// with as many, and where there are none, that of the site.
    fn of(named: Option<&str>, site: &str, pieces: &[Piece<'_>]) -> Language {
        if let Some(named) = named {
            return Language::with(subtag(named));
        }
        let counts = counts_of_common(pieces);
        let most = counts.iter().copied().max().unwrap_or(0);
        let site = subtag(site);
        let of_site = TABLES.iter().position(|table| table.code == site);
        match of_site {
            Some(table) if counts[table] == most => Language::with(site),
            None if most == 0 => Language::with(site),
            _ => {
                let found = counts.iter().position(|count| *count == most);
                Language::with(found.map_or(site, |table| TABLES[table].code))
            }
        }
    }

    fn with(code: &str) -> Language {
        Language {
            table: TABLES.iter().position(|table| table.code == code),
            stems: algorithm(code).map(Stems::of),
        }
    }
}

fn subtag(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// The stemmer of a language, by the first part of its tag.
pub fn algorithm(code: &str) -> Option<Algorithm> {
    Some(match code {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hi" => Algorithm::Hindi,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "nl" => Algorithm::Dutch,
        "pl" => Algorithm::Polish,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

/// In which tables a word is, as a bit for each.
#[derive(Clone, Copy, Default)]
struct Known {
    common: u16,
    weak: u16,
    plain: u16,
}

#[derive(Clone, Copy)]
enum Says {
    Little,
    Less,
}

/// All lists, by word.
struct Vocabulary {
    spaced: AHashMap<&'static str, Known>,
    eastern: AHashMap<&'static str, Says>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut spaced: AHashMap<&'static str, Known> = AHashMap::new();
    for (number, table) in TABLES.iter().enumerate() {
        let bit = 1 << number;
        for word in table.common.split_whitespace() {
            spaced.entry(word).or_default().common |= bit;
        }
        for word in table.weak.split_whitespace() {
            spaced.entry(word).or_default().weak |= bit;
        }
        for word in table.plain.split_whitespace() {
            spaced.entry(word).or_default().plain |= bit;
        }
    }
    for name in NAMES.split_whitespace() {
        spaced.entry(name).or_default().plain = u16::MAX;
    }
    let less = EASTERN_PLAIN
        .split_whitespace()
        .map(|word| (word, Says::Less));
    let little = EASTERN_WEAK
        .split_whitespace()
        .map(|word| (word, Says::Little));
    Vocabulary {
        spaced,
        eastern: less.chain(little).collect(),
    }
});

impl Vocabulary {
    fn known(&self, word: &str) -> Known {
        self.spaced.get(word).copied().unwrap_or_default()
    }
}

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>).
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests;
