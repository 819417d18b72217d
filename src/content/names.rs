//! What the path of a content file says: whether it is an article, its name, date and language.

use jiff::civil::Date;

/// Endings of files that are read as articles, in lower case; any case is read.
pub const ENDINGS: [&str; 3] = ["md", "markdown", "mdx"];

/// What the path of an article's file says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArticleName<'p> {
    /// The name without ending and language; that of the folder for `NAME/index.md`.
    pub stem: &'p str,
    /// The language that stands before the ending (`de` in `story.de.md`), as it is written.
    pub language: Option<&'p str>,
    /// Whether the file is the `index` of a folder, whose other files belong to the article.
    pub is_bundle: bool,
}

impl<'p> ArticleName<'p> {
    /// Reads the name of the file at a path.
    pub fn of(path: &'p str) -> ArticleName<'p> {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let whole = match file.rsplit_once('.') {
            Some((stem, _)) if ending(file).is_some() && !stem.is_empty() => stem,
            _ => file,
        };
        let (stem, language) = match whole.rsplit_once('.') {
            Some((stem, tag)) if !stem.is_empty() && looks_like_language(tag) => (stem, Some(tag)),
            _ => (whole, None),
        };
        let folder = folder.rsplit('/').next().unwrap_or_default();
        let is_bundle = stem.eq_ignore_ascii_case("index") && !folder.is_empty();
        ArticleName {
            stem: if is_bundle { folder } else { stem },
            language,
            is_bundle,
        }
    }

    /// The name without its date; whole when there is nothing else.
    pub fn undated(&self) -> &'p str {
        match date_of_name(self.stem) {
            Some((_, rest)) if !rest.is_empty() => rest,
            _ => self.stem,
        }
    }

    /// The name as a title: `2021-05-21-a-story` is "A story".
    pub fn title(&self) -> Option<String> {
        let words = self.undated().replace(['-', '_'], " ");
        let mut chars = words.trim().chars();
        let first = chars.next()?;
        Some(first.to_uppercase().chain(chars).collect())
    }
}

/// The ending of a file, if it is one of those of articles.
fn ending(path: &str) -> Option<&'static str> {
    let (_, written) = path.rsplit_once('.')?;
    ENDINGS
        .into_iter()
        .find(|ending| ending.eq_ignore_ascii_case(written))
}

/// Whether a file is Markdown, by its ending.
pub fn is_markdown(path: &str) -> bool {
    ending(path).is_some()
}

/// Whether a file is one of those that articles are: Markdown, and not the head of a section
/// (`_index.md`), which describes a folder in Hugo and Zola.
pub fn is_article(path: &str) -> bool {
    ending(path).is_some() && !is_section(path)
}

/// Whether a file describes a folder: `_index.md`, `_index.de.md`.
pub fn is_section(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    ending(file).is_some() && file.split('.').next() == Some("_index")
}

/// Whether a file is MDX: Markdown with components of JavaScript.
pub fn is_mdx(path: &str) -> bool {
    ending(path) == Some("mdx")
}

/// Whether a part of a file's name has the form of a language with or without a region: `de`,
/// `pt-BR`, `zh_Hans`. Not every such part is one (`node.js.md`), so that only a part that is the
/// language of the site may be taken for it.
fn looks_like_language(part: &str) -> bool {
    let mut parts = part.split(['-', '_']);
    let is_letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let language = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    (2..=3).contains(&language.len())
        && is_letters(language)
        && rest.len() <= 2
        && rest.iter().all(|part| {
            (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// The date that a file's name begins with, and what follows it: `2020-05-01-title`, as Jekyll,
/// Hugo and Zola write it. Months and days may have one digit, and `_` or a space may stand in the
/// place of the last hyphen. Of a name that is nothing but a date, nothing follows.
///
/// ```
/// use newsgen::content::names::date_of_name;
///
/// let (date, rest) = date_of_name("2020-05-01-title").unwrap();
/// assert_eq!((date.to_string().as_str(), rest), ("2020-05-01", "title"));
/// assert_eq!(date_of_name("2020-13-01-title"), None);
/// ```
pub fn date_of_name(stem: &str) -> Option<(Date, &str)> {
    let (year, rest) = number(stem, 4..=4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 1..=2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 1..=2)?;
    let title = rest.trim_start_matches(['-', '_', ' ']);
    if title.len() == rest.len() && !rest.is_empty() {
        return None;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, title))
}

/// The date in an address: `/2020/05/01/title/`.
pub fn date_in_address(address: &str) -> Option<Date> {
    let parts: Vec<&str> = address.split('/').collect();
    parts.windows(3).find_map(|parts| {
        let is_date = [4, 2, 2].iter().zip(parts).all(|(length, part)| {
            part.len() == *length && part.bytes().all(|byte| byte.is_ascii_digit())
        });
        let [year, month, day] = parts else {
            return None;
        };
        if !is_date {
            return None;
        }
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    })
}

/// The digits that a text begins with, so many as are allowed, and what follows them.
fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<(i16, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_allowed = digits.contains(&length);
    is_allowed
        .then(|| text.split_at(length))
        .and_then(|(number, rest)| Some((number.parse().ok()?, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> (&str, Option<&str>, bool) {
        let name = ArticleName::of(path);
        (name.stem, name.language, name.is_bundle)
    }

    #[test]
    fn names_are_those_of_files_and_of_folders() {
        for (path, name) in [
            ("content/news/april-video.md", ("april-video", None, false)),
            ("a/story.MD", ("story", None, false)),
            ("a/story.markdown", ("story", None, false)),
            ("a/story.Mdx", ("story", None, false)),
            ("a/story.de.md", ("story", Some("de"), false)),
            ("a/story.pt-BR.md", ("story", Some("pt-BR"), false)),
            ("a/story.zh_Hans.md", ("story", Some("zh_Hans"), false)),
            ("a/node.js.md", ("node", Some("js"), false)),
            ("a/v1.2.md", ("v1.2", None, false)),
            ("a/release.notes.md", ("release.notes", None, false)),
            ("a/budget/index.md", ("budget", None, true)),
            ("a/budget/Index.MD", ("budget", None, true)),
            ("a/budget/index.de.md", ("budget", Some("de"), true)),
            ("index.md", ("index", None, false)),
            ("a/.md", (".md", None, false)),
            ("a/.de.md", (".de", None, false)),
            ("a/README", ("README", None, false)),
        ] {
            assert_eq!(read(path), name, "{path}");
        }
    }

    #[test]
    fn sections_are_no_articles() {
        for path in ["a/_index.md", "_index.de.md", "a/b/_index.markdown"] {
            assert!(is_section(path) && !is_article(path), "{path}");
        }
        for path in ["a/index.md", "a/_indexed.md", "a/x.MD", "a/x.mdx"] {
            assert!(!is_section(path) && is_article(path), "{path}");
        }
        for path in ["a/x.txt", "a/_index.txt", "a/md", "a/x.mdown"] {
            assert!(!is_section(path) && !is_article(path), "{path}");
        }
        assert!(is_mdx("a.MDX") && !is_mdx("a.md"));
    }

    #[test]
    fn a_date_is_no_part_of_the_name() {
        for (path, name) in [
            ("content/news/2021-05-21-add-apps.md", "add-apps"),
            ("2021-05-21-.md", "2021-05-21-"),
            ("2021-05-21.md", "2021-05-21"),
            ("a/2021-05-21-add-apps/index.md", "add-apps"),
            ("a/2021-5-1-x.md", "x"),
            ("a/2021-05-21_x.md", "x"),
            ("a/2021-99-99-x.md", "2021-99-99-x"),
        ] {
            assert_eq!(ArticleName::of(path).undated(), name, "{path}");
        }
    }

    #[test]
    fn a_name_can_be_a_title() {
        let title = |path| ArticleName::of(path).title();
        assert_eq!(
            title("2021-05-21-add_more-apps.md").as_deref(),
            Some("Add more apps")
        );
        assert_eq!(
            title("a/river-flood/index.md").as_deref(),
            Some("River flood")
        );
        assert_eq!(title("--.md"), None);
    }

    #[test]
    fn dates_stand_before_titles() {
        let read = |stem| date_of_name(stem).map(|(date, rest)| (date.to_string(), rest));
        let found = |date: &str, rest| Some((date.to_owned(), rest));
        assert_eq!(read("2020-05-01-title"), found("2020-05-01", "title"));
        assert_eq!(read("2020-5-1-title"), found("2020-05-01", "title"));
        assert_eq!(read("2020-05-01_title"), found("2020-05-01", "title"));
        assert_eq!(read("2020-05-01 a title"), found("2020-05-01", "a title"));
        assert_eq!(
            read("2020-05-01-2019-results"),
            found("2020-05-01", "2019-results")
        );
        assert_eq!(read("2020-05-01"), found("2020-05-01", ""));
        assert_eq!(read("2020-05-01-"), found("2020-05-01", ""));
        assert_eq!(read("2024-02-29-leap"), found("2024-02-29", "leap"));
        for stem in [
            "",
            "title",
            "2020",
            "2020-05",
            "2020-05-title",
            "20-05-01-title",
            "02020-05-01-title",
            "2020-05-011-title",
            "2020-05-01title",
            "2020-05-01T10",
            "2020-13-01-title",
            "2020-00-01-title",
            "2023-02-29-no-leap",
            "2020-٠٥-01-title",
            "-2020-05-01-title",
        ] {
            assert_eq!(date_of_name(stem), None, "{stem}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_name_panics(path in "[0-9a-zé./_ -]{0,24}") {
            let name = ArticleName::of(&path);
            proptest::prop_assert!(path.contains(name.stem) && path.contains(name.undated()));
            if let Some((_, rest)) = date_of_name(name.stem) {
                proptest::prop_assert!(name.stem.ends_with(rest));
            }
        }
    }
}
