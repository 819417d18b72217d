//! Topics of items: by the words that topic files name, and by the categories of feeds. Pure.
//!
//! A word of a topic file fits every form of that word in the language of the item, found by its
//! stem (Snowball, <https://snowballstem.org/>); several words are a phrase. A word in capital
//! letters alone (`IT`) fits only itself and its possessive (`IT's`), and one that ends in `*`
//! whatever begins like it. In scripts without spaces between words, any place in a text fits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ahash::HashMap;
use pagefind_stem::Stemmer;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::feed::Entry;
use crate::content::TopicFile;
use crate::curate::topic_key;
use crate::edit::Known;
use crate::words::algorithm;

/// Topics that items get by their words.
pub struct TopicWords {
    topics: Vec<Topic>,
    /// The words in each language that was asked for; those without stems share one.
    indexes: Mutex<BTreeMap<String, Arc<Index>>>,
}

/// A topic of an item, and why it has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub topic: String,
    /// Why, in words.
    pub reason: String,
}

struct Topic {
    name: String,
    words: Vec<String>,
    not_words: Vec<String>,
    /// Where its words are set.
    place: String,
}

/// The words of all topics in a language.
#[derive(Default)]
struct Index {
    phrases: Vec<Phrase>,
    /// Phrases by their first word, if that is found by its stem.
    by_stem: HashMap<String, Vec<usize>>,
    /// Phrases by their first word, if that is found as it is written.
    by_text: HashMap<String, Vec<usize>>,
    /// Phrases that begin with the beginning of a word.
    by_start: Vec<usize>,
}

struct Phrase {
    topic: usize,
    is_against: bool,
    words: Vec<Wanted>,
}

/// A word of a phrase.
enum Wanted {
    /// Every form of it.
    Stem(String),
    /// As it is written, or with the ending of a possessive.
    Text(String),
    /// Whatever begins like this, in small letters.
    Start(String),
}

/// A word of a text.
struct Word<'t> {
    text: &'t str,
    /// The same without the ending of a possessive.
    bare: &'t str,
    stem: String,
    small: String,
    start: usize,
}

impl TopicWords {
    /// The words of topic files, in their order.
    pub fn of(files: &[TopicFile]) -> TopicWords {
        let topics = files.iter().filter(|file| !file.words.is_empty());
        let topic = |file: &TopicFile| Topic {
            name: file.name.clone(),
            words: file.words.clone(),
            not_words: file.not_words.clone(),
            place: match file.words_line {
                Some(line) => format!("{}:{line}", file.path),
                None => file.path.clone(),
            },
        };
        TopicWords::with(topics.map(topic).collect())
    }

    fn with(topics: Vec<Topic>) -> TopicWords {
        TopicWords {
            topics,
            indexes: Mutex::default(),
        }
    }

    /// The words in a language, by the first part of its tag.
    fn index(&self, code: &str, stemmer: Option<&Stemmer>) -> Arc<Index> {
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        let code = stemmer.map_or("", |_| code);
        let index = indexes.entry(code.to_owned());
        Arc::clone(index.or_insert_with(|| Arc::new(Index::of(&self.topics, stemmer))))
    }

    /// The topics of an item in a language, in the order of their files: those whose words it has
    /// in its title, excerpt or categories, and then those that are among its categories.
    pub fn find(&self, entry: &Entry, language: &str, known: &Known) -> Vec<Found> {
        let mut found = Vec::new();
        if !self.topics.is_empty() {
            found.extend(self.by_words(entry, language));
        }
        for category in &entry.categories {
            if let Some(topic) = known.topic(category) {
                found.push(Found {
                    topic: topic.to_owned(),
                    reason: format!("topic {topic}: its feed files it under `{category}`"),
                });
            }
        }
        found
    }

    fn by_words(&self, entry: &Entry, language: &str) -> Vec<Found> {
        let code = language.trim().to_ascii_lowercase();
        let code = code.split(['-', '_']).next().unwrap_or_default();
        let stemmer = algorithm(code).map(Stemmer::create);
        let index = self.index(code, stemmer.as_ref());
        let title = entry.title.iter().map(|text| ("title", text));
        let excerpt = entry.excerpt.iter().map(|text| ("excerpt", text));
        let categories = entry.categories.iter().map(|text| ("category", text));
        let mut is_out = vec![false; self.topics.len()];
        let mut reasons: Vec<Option<String>> = vec![None; self.topics.len()];
        for (part, text) in title.chain(excerpt).chain(categories) {
            let text: String = text.nfc().collect();
            let words = words(&text, stemmer.as_ref());
            for at in 0..words.len() {
                for (phrase, length) in index.starting(&words[at..]) {
                    let topic = phrase.topic;
                    if phrase.is_against {
                        is_out[topic] = true;
                        continue;
                    }
                    let (first, last) = (&words[at], &words[at + length - 1]);
                    let seen = &text[first.start..last.start + last.text.len()];
                    reasons[topic].get_or_insert_with(|| {
                        let Topic { name, place, .. } = &self.topics[topic];
                        format!("topic {name}: its {part} has `{seen}` (words, {place})")
                    });
                }
            }
        }
        let topics = self.topics.iter().zip(reasons).zip(is_out);
        let found = topics.filter_map(|((topic, reason), is_out)| {
            Some(Found {
                topic: topic.name.clone(),
                reason: reason.filter(|_| !is_out)?,
            })
        });
        found.collect()
    }
}

/// Adds topics to a list, but for those that it has. Returned are the reasons of those that were
/// added.
pub fn add(topics: &mut Vec<String>, found: Vec<Found>) -> Vec<String> {
    let mut keys: Vec<String> = topics.iter().map(|topic| topic_key(topic)).collect();
    let mut reasons = Vec::new();
    for Found { topic, reason } in found {
        let key = topic_key(&topic);
        if !keys.contains(&key) {
            keys.push(key);
            topics.push(topic);
            reasons.push(reason);
        }
    }
    reasons
}

impl Index {
    fn of(topics: &[Topic], stemmer: Option<&Stemmer>) -> Index {
        let mut index = Index::default();
        for (
            topic,
            Topic {
                words, not_words, ..
            },
        ) in topics.iter().enumerate()
        {
            let all = words.iter().map(|written| (written, false));
            for (written, is_against) in all.chain(not_words.iter().map(|it| (it, true))) {
                let words = wanted(written, stemmer);
                let at = index.phrases.len();
                match words.first() {
                    None => continue,
                    Some(Wanted::Stem(stem)) => {
                        index
                            .by_stem
                            .entry(stem.clone())
                            .or_insert_with(Vec::new)
                            .push(at);
                    }
                    Some(Wanted::Text(text)) => {
                        index
                            .by_text
                            .entry(text.clone())
                            .or_insert_with(Vec::new)
                            .push(at);
                    }
                    Some(Wanted::Start(_)) => index.by_start.push(at),
                }
                index.phrases.push(Phrase {
                    topic,
                    is_against,
                    words,
                });
            }
        }
        index
    }

    /// The phrases that some words begin with, and how many words each has.
    fn starting<'i>(&'i self, words: &'i [Word<'_>]) -> impl Iterator<Item = (&'i Phrase, usize)> {
        let first = words.first();
        let by_stem = first.and_then(|word| self.by_stem.get(&word.stem));
        let by_text = first.and_then(|word| self.by_text.get(word.text));
        let bare = first.filter(|word| word.bare != word.text);
        let by_bare = bare.and_then(|word| self.by_text.get(word.bare));
        let lists = [by_stem, by_text, by_bare, Some(&self.by_start)];
        let phrases = lists.into_iter().flatten().flatten();
        phrases.filter_map(move |at| {
            let phrase = &self.phrases[*at];
            let mut pairs = phrase.words.iter().zip(words);
            let fits = phrase.words.len() <= words.len()
                && pairs.all(|(wanted, word)| match wanted {
                    Wanted::Stem(stem) => *stem == word.stem,
                    Wanted::Text(text) => text == word.text || text == word.bare,
                    Wanted::Start(start) => word.small.starts_with(start.as_str()),
                });
            fits.then_some((phrase, phrase.words.len()))
        })
    }
}

/// The words of a phrase of a topic file.
fn wanted(written: &str, stemmer: Option<&Stemmer>) -> Vec<Wanted> {
    let written: String = written.nfc().collect();
    let words = words(&written, stemmer);
    let wanted = words.into_iter().map(|word| {
        let letters = || word.text.chars().filter(|c| c.is_alphabetic());
        let is_short = letters().nth(1).is_none();
        if written[word.start + word.text.len()..].starts_with('*') {
            Wanted::Start(word.small)
        } else if !is_short && letters().all(char::is_uppercase) {
            Wanted::Text(word.text.to_owned())
        } else {
            Wanted::Stem(word.stem)
        }
    });
    wanted.collect()
}

/// The words of a text. In scripts that are written without spaces, and in Hangul, where endings
/// are part of the word, each letter is one.
fn words<'t>(text: &'t str, stemmer: Option<&Stemmer>) -> Vec<Word<'t>> {
    let mut words = Vec::new();
    let mut add = |start: usize, text: &'t str| {
        let small = text.to_lowercase();
        let ends = ["'s", "’s", "'S", "’S"];
        let bare = ends.iter().find_map(|end| text.strip_suffix(end));
        let bare = bare.unwrap_or(text);
        let plain = ["'s", "’s"].iter().find_map(|end| small.strip_suffix(end));
        let plain = plain.unwrap_or(&small);
        let stem = stemmer.map_or(plain.to_owned(), |it| it.stem(plain).into_owned());
        words.push(Word {
            text,
            bare,
            stem,
            small,
            start,
        });
    };
    for (start, word) in text.unicode_word_indices() {
        if word.chars().any(is_by_letter) {
            for (at, letter) in word.char_indices() {
                add(start + at, &word[at..at + letter.len_utf8()]);
            }
            continue;
        }
        // `C++` and `C#` are names of their own.
        let rest = &text[start + word.len()..];
        let signs = rest.len() - rest.trim_start_matches(['+', '#']).len();
        add(start, &text[start..start + word.len() + signs]);
    }
    words
}

/// Letters of Thai, Lao, Burmese, Khmer, Chinese and Japanese
/// (<https://www.unicode.org/reports/tr14/>), and Hangul.
fn is_by_letter(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
        || matches!(c, '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::{Config, Overrides};
    use crate::content::cache::Cache;
    use crate::content::{self, Parser};
    use crate::workspace::Memory;

    /// The topics of an item, with reasons, where topic files say these things.
    fn found(files: &[&str], language: &str, entry: &Entry) -> Vec<Found> {
        let mut memory = Memory::default();
        for (at, file) in files.iter().enumerate() {
            memory = memory.with(&format!("content/topics/{at}.yaml"), *file);
        }
        let config = Config::resolve("site.toml", "", &Overrides::default()).unwrap();
        let parser = Parser::new(&config);
        let loaded = content::load(&memory, &config, &parser, Cache::default());
        let library = loaded.library;
        assert_eq!(library.topics.len(), files.len());
        TopicWords::of(&library.topics).find(entry, language, &Known::of(&library))
    }

    fn names(files: &[&str], language: &str, title: &str) -> Vec<String> {
        let entry = Entry {
            title: Some(title.to_owned()),
            ..Entry::default()
        };
        let found = found(files, language, &entry);
        found.into_iter().map(|found| found.topic).collect()
    }

    #[test]
    fn a_word_stands_for_its_forms_in_the_language_of_the_item() {
        let rivers = "name: Rivers\nwords: [river, deep sea]\n";
        for title in [
            "Two RIVERS meet",
            "The river’s end",
            "A deep-sea find",
            "Deep seas",
        ] {
            assert_eq!(names(&[rivers], "en-GB", title), ["Rivers"], "{title}");
        }
        for title in ["Riverside", "The sea is deep", "deep", "Driver"] {
            assert_eq!(
                names(&[rivers], "en", title),
                Vec::<String>::new(),
                "{title}"
            );
        }
        let houses = "name: Houses\nwords: Haus\n";
        assert_eq!(names(&[houses], "de", "Vor den Häusern"), ["Houses"]);
        let water = "name: W\nwords: [rivière]\n";
        assert_eq!(names(&[water], "fr", "Les rivières"), ["W"]);
        // The same letters, composed in another way.
        assert_eq!(names(&[water], "fr", "La rivie\u{300}re"), ["W"]);
        // A language without stems takes words as they are.
        assert_eq!(
            names(&["name: R\nwords: řeka\n"], "cs", "Řeka stoupá"),
            ["R"]
        );
    }

    #[test]
    fn capitals_beginnings_signs_and_letters_without_spaces() {
        let it = "name: IT\nwords: [IT, C++, chip*]\n";
        assert_eq!(names(&[it], "en", "Why IT waits"), ["IT"]);
        assert_eq!(names(&[it], "en", "Why it waits"), Vec::<String>::new());
        for title in ["IT's turn", "On IT’s side", "THE IT’S OWN"] {
            assert_eq!(names(&[it], "en", title), ["IT"], "{title}");
        }
        assert_eq!(names(&[it], "en", "It’s late"), Vec::<String>::new());
        let union = "name: EU\nwords: [EU budget, law of EU]\n";
        assert_eq!(names(&[union], "en", "The EU’s budget"), ["EU"]);
        assert_eq!(names(&[union], "en", "The law of EU's"), ["EU"]);
        assert_eq!(names(&[it], "en", "What c++ can do"), ["IT"]);
        assert_eq!(names(&[it], "en", "Vitamin C"), Vec::<String>::new());
        assert_eq!(names(&[it], "en", "The chipmaker"), ["IT"]);
        assert_eq!(
            names(&["name: 水\nwords: 天气\n"], "zh", "北京的天气很好"),
            ["水"]
        );
        assert_eq!(names(&["name: S\nwords: 서울\n"], "ko", "서울의 봄"), ["S"]);
    }

    #[test]
    fn a_word_against_a_topic_outweighs_all_words_for_it() {
        let rivers = "name: Rivers\nwords: [river, phoenix]\nnot_words: [river phoenix]\n";
        let mut entry = Entry {
            title: Some("By the river".to_owned()),
            ..Entry::default()
        };
        assert_eq!(found(&[rivers], "en", &entry).len(), 1);
        entry.excerpt = Some("River Phoenix was an actor.".to_owned());
        assert_eq!(found(&[rivers], "en", &entry), []);
    }

    #[test]
    fn reasons_name_the_place_and_what_was_seen() {
        let files = ["name: Rivers\nwords:\n- river\n", "name: Inland Ports\n"];
        let entry = Entry {
            title: Some("Where two Rivers meet".to_owned()),
            categories: vec!["inland-ports".to_owned(), "x".to_owned()],
            ..Entry::default()
        };
        let found = found(&files, "en", &entry);
        let reasons: Vec<&str> = found.iter().map(|it| it.reason.as_str()).collect();
        let expected = [
            "topic Rivers: its title has `Rivers` (words, content/topics/0.yaml:2)",
            "topic Inland Ports: its feed files it under `inland-ports`",
        ];
        assert_eq!(reasons, expected);
        let mut topics = vec!["inland ports".to_owned()];
        let added = add(&mut topics, found);
        assert_eq!(topics, ["inland ports", "Rivers"]);
        assert_eq!(added, expected[..1]);
    }

    proptest! {
        #[test]
        fn no_text_panics_in_any_language(
            text in "\\PC{0,40}", word in "[\\p{L}\\p{N}]{1,12}", language in 0_usize..5,
        ) {
            // The two half-width marks of kana are letters to Unicode; they belong to the one
            // before them, and none begins a word.
            prop_assume!(!word.starts_with(['\u{ff9e}', '\u{ff9f}']));
            let topic = Topic {
                name: "T".to_owned(),
                words: vec![word.clone()],
                not_words: Vec::new(),
                place: String::new(),
            };
            let topics = TopicWords::with(vec![topic]);
            let language = ["en", "de", "ru", "tr", "xx"][language];
            let entry = |text: String| Entry { title: Some(text), ..Entry::default() };
            topics.by_words(&entry(text), language);
            // Each word fits itself.
            let found = topics.by_words(&entry(format!("x {word}")), language);
            prop_assert_eq!(found.len(), 1);
        }
    }
}
