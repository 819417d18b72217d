//! Files in the folders of articles that are none: how many, and of which kinds.

use std::collections::BTreeMap;

use super::names;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::workspace::Entry;

/// Endings that are named; further ones are counted together.
const NAMED: usize = 6;

/// Files that are not read as articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// How many describe a folder (`_index.md`).
    sections: usize,
    /// How many have each ending, in lower case with its dot.
    endings: BTreeMap<String, usize>,
}

impl Unread {
    /// Counts files.
    pub(super) fn of(files: &[Entry], sections: usize) -> Unread {
        let mut endings = BTreeMap::new();
        for entry in files {
            let name = entry.path.rsplit('/').next().unwrap_or_default();
            let ending = match name.rsplit_once('.') {
                Some((stem, ending)) if !stem.is_empty() => format!(".{}", ending.to_lowercase()),
                _ => String::new(),
            };
            *endings.entry(ending).or_insert(0) += 1;
        }
        Unread { sections, endings }
    }

    /// What is worth knowing of them; none when there are none.
    pub fn note(&self, config: &Config) -> Option<String> {
        let described = self.described()?;
        let folders = config.content.articles.join(", ");
        Some(format!("not read as articles in {folders}: {described}"))
    }

    /// The warning that there are no articles at all: what was looked for, and what is there.
    pub(super) fn no_articles(&self, config: &Config) -> Diagnostic {
        let folders = config.content.articles.join(", ");
        let message = match self.described() {
            Some(described) => format!("0 articles in {folders}; there are {described}"),
            None => format!("0 articles in {folders}: no files are there"),
        };
        Diagnostic::warning("no-articles", message).help(format!(
            "articles are the files ending in {} below the folders of `content.articles` ({}); \
             `newsgen new` writes one",
            names::ENDINGS.map(|ending| format!(".{ending}")).join(", "),
            config.location("content.articles")
        ))
    }

    fn described(&self) -> Option<String> {
        let files: usize = self.endings.values().sum();
        let mut counts: Vec<(&str, usize)> = self
            .endings
            .iter()
            .map(|(ending, count)| (ending.as_str(), *count))
            .collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let shown = counts.iter().take(NAMED);
        let mut kinds: Vec<String> = shown
            .map(|(ending, count)| match *ending {
                "" => format!("{count} without ending"),
                ending => format!("{count} {ending}"),
            })
            .collect();
        let more: usize = counts.iter().skip(NAMED).map(|(_, count)| count).sum();
        if more > 0 {
            kinds.push(format!("{more} others"));
        }
        let noun = if files == 1 { "file" } else { "files" };
        let other = (files > 0).then(|| format!("{files} {noun} ({})", kinds.join(", ")));
        let sections = (self.sections > 0).then(|| format!("{} _index.md", self.sections));
        let all: Vec<String> = other.into_iter().chain(sections).collect();
        (!all.is_empty()).then(|| all.join(" and "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;
    use crate::workspace::Stamp;

    fn unread(paths: &[&str], sections: usize) -> Unread {
        let entry = |path: &&str| Entry {
            path: (*path).to_owned(),
            stamp: Stamp::default(),
        };
        Unread::of(&paths.iter().map(entry).collect::<Vec<_>>(), sections)
    }

    #[test]
    fn what_is_there_is_counted_by_ending() {
        let config = Config::resolve("site.toml", "title = \"T\"\n", &Overrides::default());
        let config = config.unwrap();
        let note = |paths: &[&str], sections| unread(paths, sections).note(&config);
        assert_eq!(note(&[], 0), None);
        assert_eq!(
            note(&["a/b.org", "a/c.TXT", "d.txt", "Makefile", ".x"], 2).as_deref(),
            Some(
                "not read as articles in content/news: 5 files (2 without ending, 2 .txt, 1 .org) \
                 and 2 _index.md"
            )
        );
        assert_eq!(
            unread(&["a.org"], 0).no_articles(&config).message,
            "0 articles in content/news; there are 1 file (1 .org)"
        );
        assert_eq!(
            unread(&[], 0).no_articles(&config).message,
            "0 articles in content/news: no files are there"
        );
    }
}
