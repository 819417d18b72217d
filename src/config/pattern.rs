//! Patterns that `keep` and `skip` try on items of feeds: a regular expression, alone or after the
//! name of the part that it is for, as in `title: ^Podcast`.

use std::fmt;

use regex::{Regex, RegexBuilder};

/// A part of an item that a pattern can be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its headline.
    Title,
    /// Its summary.
    Excerpt,
    /// The address of the story.
    Link,
    /// Who wrote it.
    Author,
    /// What its feed files it under.
    Category,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 5] = [
        Part::Title,
        Part::Excerpt,
        Part::Link,
        Part::Author,
        Part::Category,
    ];

    /// Its name, as patterns write it.
    pub fn name(self) -> &'static str {
        match self {
            Part::Title => "title",
            Part::Excerpt => "excerpt",
            Part::Link => "link",
            Part::Author => "author",
            Part::Category => "category",
        }
    }
}

/// A pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The part that it is for; none if it is for all.
    pub part: Option<Part>,
    regex: Regex,
}

/// Largest automaton of one expression, in bytes.
const SIZE: usize = 1 << 20;

impl Pattern {
    /// Reads a pattern. Capital and small letters are the same.
    ///
    /// # Errors
    /// Why it is no regular expression.
    pub fn parse(written: &str) -> Result<Pattern, String> {
        let named = written.split_once(':').and_then(|(name, rest)| {
            let part = Part::ALL
                .into_iter()
                .find(|part| part.name() == name.trim())?;
            Some((part, rest.trim()))
        });
        let (part, expression) = match named {
            Some((part, rest)) => (Some(part), rest),
            None => (None, written.trim()),
        };
        if expression.is_empty() {
            return Err("it is empty, and would fit everything".to_owned());
        }
        let made = RegexBuilder::new(expression)
            .case_insensitive(true)
            .size_limit(SIZE)
            .build();
        match made {
            Ok(regex) => Ok(Pattern { part, regex }),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default();
                Err(reason.trim_start_matches("error: ").to_owned())
            }
        }
    }

    /// Whether it fits a text of some part.
    pub fn fits(&self, part: Part, text: &str) -> bool {
        self.part.is_none_or(|own| own == part) && self.regex.is_match(text)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(part) = self.part {
            write!(f, "{}: ", part.name())?;
        }
        f.write_str(self.regex.as_str())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.part == other.part && self.regex.as_str() == other.regex.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_may_be_for_one_part() {
        let pattern = Pattern::parse("title: ^podcast").unwrap();
        assert!(pattern.fits(Part::Title, "Podcast: x") && !pattern.fits(Part::Excerpt, "podcast"));
        let anywhere = Pattern::parse("sponsored").unwrap();
        assert!(anywhere.fits(Part::Link, "https://a.example/Sponsored/1"));
        // A colon alone makes no name.
        assert!(
            Pattern::parse("live: ")
                .unwrap()
                .fits(Part::Title, "Live: x")
        );
        assert_eq!(pattern.to_string(), "title: ^podcast");
        for wrong in ["(", "", "title:", "a{1000}{1000}"] {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
    }
}
