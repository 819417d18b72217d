//! Budgets: how much one article may ask of a site. Everything that bounds an article stands here;
//! `docs/content.md` has the same list for those who write articles.
//!
//! They are generous: no article of an ordinary feed comes near them. Text beyond its budget is
//! cut, and lists keep their first items; each [`Cut`] is kept with the article, so that a build
//! says how many there are and `check` says where. What cannot be cut without changing its meaning
//! (a body, an embed, a link, a front matter that is built to explode) is an error.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::split::Split;
use crate::diagnostic::{Diagnostic, Location};

/// Bytes of a content file. A larger one is not read.
pub const FILE: u64 = 1 << 20;

/// Characters of a title.
pub const TITLE: usize = 500;

/// Characters of an excerpt, of the article or of a related story.
pub const EXCERPT: usize = 5_000;

/// Characters of the editors' remark (`highlight`), and of an image's `title` and `attribution`.
pub const REMARK: usize = 1_000;

/// Characters of a name: provider, author, topic, tag, `category`, `type`, `locale`, `slug`.
pub const NAME: usize = 200;

/// Bytes of a URL, percent-encoded. Browsers and servers take little more than that.
pub const URL: usize = 8_000;

/// Bytes of a host name (RFC 1035, § 2.3.4).
pub const HOST: usize = 253;

/// Topics of an article.
pub const TOPICS: usize = 50;

/// Tags of an article.
pub const TAGS: usize = 100;

/// Authors of an article.
pub const AUTHORS: usize = 20;

/// Images of an article, of its provider, or of a related story.
pub const IMAGES: usize = 50;

/// Related stories that an article names.
pub const RELATED: usize = 50;

/// Old addresses of an article; each is a page.
pub const ALIASES: usize = 100;

/// Nodes (fields, items, values) of all unknown fields together, after YAML aliases are unfolded.
pub const EXTRA_NODES: usize = 5_000;

/// Bytes of all unknown fields together, after YAML aliases are unfolded.
pub const EXTRA_BYTES: usize = 64 << 10;

/// Lists and tables inside each other, in an unknown field.
pub const EXTRA_DEPTH: usize = 100;

/// YAML aliases in a front matter.
pub const YAML_ALIASES: usize = 16;

/// Bytes of a front matter that has YAML aliases.
pub const YAML_WITH_ALIASES: usize = 16 << 10;

/// Brackets of a front matter times its bytes: the YAML scanner looks at every open bracket for
/// every token.
pub const YAML_BRACKETS: usize = 1 << 29;

/// Commas of a front matter: each may be a node, whose place the YAML parser keeps.
pub const YAML_COMMAS: usize = 200_000;

/// Lists, quotations and emphasis inside each other, in Markdown.
pub const MARKDOWN_DEPTH: usize = 100;

/// Pieces of Markdown in a body: what starts or ends something, stretches of text, ends of lines.
pub const MARKDOWN_PIECES: usize = 100_000;

/// HTML tags in a body or an embed.
pub const HTML_TAGS: usize = 10_000;

/// Characters of a body or an embed that are written as entities.
pub const ENTITIES: usize = 100_000;

/// Elements and comments that the HTML of a body or an embed becomes. An element like `<b>` that is
/// never closed is opened again in each paragraph that follows, so that they can be many more than
/// there are tags.
pub const HTML_NODES: usize = 100_000;

/// HTML elements inside each other.
pub const HTML_DEPTH: usize = 256;

/// Steps through open elements that the HTML parser takes for a body or an embed.
pub const HTML_STEPS: usize = 20_000_000;

/// Characters that HTML may have to escape (`&`, and those from U+0080 to U+00BF) in one stretch of
/// text, times the bytes of the stretch: the serialiser searches all that is left of it after each.
pub const HTML_ESCAPES: u64 = 1 << 35;

/// What may separate attributes (spaces, quotes, slashes) in one tag or comment of HTML. The parser
/// compares each attribute with all others of its tag.
pub const HTML_ATTRIBUTES: usize = 10_000;

/// Addresses in a body that are relative to its file; more lead nowhere.
pub const RELATIVE_LINKS: usize = 1_000;

/// Bytes of a file beside an article. A larger one is not copied: hosts refuse such files.
pub const COPIED_FILE: u64 = 50 << 20;

/// Bytes of the files together that are copied to the page of an article because it names them,
/// and that are not in a bundle of its own.
pub const NAMED_FILES: u64 = 20 << 20;

/// What a budget is for: one part of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Part {
    /// `title`.
    Title,
    /// `excerpt`.
    Excerpt,
    /// `highlight`.
    Highlight,
    /// `type`.
    Kind,
    /// `category`.
    Category,
    /// `locale`.
    Locale,
    /// `slug`.
    Slug,
    /// `name` of `provider`.
    ProviderName,
    /// `images` of `provider`.
    ProviderImages,
    /// The number of `topics`.
    Topics,
    /// The name of one of the `topics`.
    TopicName,
    /// The number of `tags`.
    Tags,
    /// The name of one of the `tags`.
    TagName,
    /// The number of `authors`.
    Authors,
    /// The name of one of the `authors`.
    AuthorName,
    /// The number of `images`.
    Images,
    /// `title` or `attribution` of one of the `images`, also of the provider's.
    ImageText,
    /// The number of `related` stories.
    Related,
    /// A text of one of the `related` stories.
    RelatedText,
    /// The number of images of one of the `related` stories.
    RelatedImages,
    /// The number of `aliases`.
    Aliases,
    /// The fields that newsgen does not know.
    Extra,
}

impl Part {
    /// The field at the top of the front matter that it stands in.
    fn field(self) -> &'static str {
        match self {
            Part::Title => "title",
            Part::Excerpt => "excerpt",
            Part::Highlight => "highlight",
            Part::Kind => "type",
            Part::Category => "category",
            Part::Locale => "locale",
            Part::Slug => "slug",
            Part::ProviderName | Part::ProviderImages => "provider",
            Part::Topics | Part::TopicName => "topics",
            Part::Tags | Part::TagName => "tags",
            Part::Authors | Part::AuthorName => "authors",
            Part::Images | Part::ImageText => "images",
            Part::Related | Part::RelatedText | Part::RelatedImages => "related",
            Part::Aliases => "aliases",
            Part::Extra => "",
        }
    }

    /// What is counted, in words that follow on a number.
    fn unit(self) -> &'static str {
        match self {
            Part::Title => "characters of the title",
            Part::Excerpt => "characters of the excerpt",
            Part::Highlight => "characters of the highlight",
            Part::Kind => "characters of the type",
            Part::Category => "characters of the category",
            Part::Locale => "characters of the locale",
            Part::Slug => "characters of the slug",
            Part::ProviderName => "characters of the provider's name",
            Part::ProviderImages => "images of the provider",
            Part::Topics => "topics",
            Part::TopicName => "characters of a topic",
            Part::Tags => "tags",
            Part::TagName => "characters of a tag",
            Part::Authors => "authors",
            Part::AuthorName => "characters of an author's name",
            Part::Images => "images",
            Part::ImageText => "characters of an image's text",
            Part::Related => "related stories",
            Part::RelatedText => "characters of a related story's text",
            Part::RelatedImages => "images of a related story",
            Part::Aliases => "aliases",
            Part::Extra => "unknown fields",
        }
    }
}

/// Something of an article that its budget did not let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Of what.
    pub part: Part,
    /// How many were kept, in the unit of the part.
    pub kept: u32,
    /// How many there were.
    pub of: u32,
}

impl Cut {
    /// The warning about it, at the field.
    pub(super) fn warning(self, path: &str, split: &Split) -> Diagnostic {
        let Cut { part, kept, of } = self;
        let help = match part {
            Part::Extra => format!(
                "unknown fields may have {} values and {} KiB together",
                grouped(EXTRA_NODES),
                EXTRA_BYTES >> 10
            ),
            _ => concat!("the limits of an article: ", manual!("content"), "#limits").to_owned(),
        };
        let message = format!(
            "kept {} of {} {}",
            grouped(kept as usize),
            grouped(of as usize),
            part.unit()
        );
        let location = match part {
            Part::Extra => Location::file(path),
            _ => split.location(path, part.field()),
        };
        Diagnostic::warning("over-budget", message)
            .at(location)
            .help(help)
    }
}

/// What was cut of one article; one entry for each part, the worst.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cuts(Vec<Cut>);

impl Cuts {
    /// Remembers that `kept` of `of` were kept.
    pub(super) fn note(&mut self, part: Part, kept: usize, of: usize) {
        if kept >= of {
            return;
        }
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let cut = Cut {
            part,
            kept: small(kept),
            of: small(of),
        };
        match self.0.iter_mut().find(|other| other.part == part) {
            Some(other) if other.of < cut.of => *other = cut,
            Some(_) => {}
            None => self.0.push(cut),
        }
    }

    /// A text of at most `most` characters.
    pub(super) fn text(&mut self, part: Part, text: String, most: usize) -> String {
        // A character has at least one byte.
        if text.len() <= most {
            return text;
        }
        let count = text.chars().count();
        if count <= most {
            return text;
        }
        let short = shortened(&text, most);
        self.note(part, short.chars().count(), count);
        short
    }

    /// The first items of a list.
    pub(super) fn list<T>(&mut self, part: Part, list: &mut Vec<T>, of: usize, most: usize) {
        list.truncate(most);
        if of > most {
            self.note(part, list.len(), of);
        }
    }

    /// All of them, by part.
    pub(super) fn into_sorted(mut self) -> Vec<Cut> {
        self.0.sort_unstable_by_key(|cut| cut.part);
        self.0
    }
}

/// A text of at most `most` characters, cut after a word if it is longer.
pub fn shortened_to(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some(_) => Cow::Owned(shortened(text, most)),
        None => Cow::Borrowed(text),
    }
}

/// A text that is longer than `most` characters, cut to that with an ellipsis: after a word, if one
/// ends near, else between two characters as readers see them.
fn shortened(text: &str, most: usize) -> String {
    let end = |chars: usize| {
        text.char_indices()
            .nth(chars)
            .map_or(text.len(), |(at, _)| at)
    };
    let longest = end(most.saturating_sub(1));
    // A cluster is looked at a little beyond the end: it may begin before it.
    let near = &text[..end(most + 16)];
    let mut boundary = 0;
    let mut word = 0;
    for (at, cluster) in near.grapheme_indices(true) {
        if at > longest {
            break;
        }
        boundary = at;
        if cluster == " " {
            word = at;
        }
    }
    let at = match (word, boundary) {
        // Only a cluster of hundreds of characters.
        (_, 0) => longest,
        (word, boundary) if word * 10 >= boundary * 9 => word,
        (_, boundary) => boundary,
    };
    format!("{}…", text[..at].trim_end())
}

/// A number as people read it: `5,000`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Why a text is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuch {
    /// Elements inside elements inside elements.
    Nesting,
    /// HTML tags.
    Tags,
    /// Elements that are never closed, and opened again in each paragraph.
    Reopened,
    /// Attributes of one tag.
    Attributes,
    /// Stretches of Markdown.
    Markdown,
    /// Characters that are written as entities.
    Entities,
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TooMuch::Nesting => "is nested too deeply",
            TooMuch::Tags => "has too many HTML tags",
            TooMuch::Reopened => "has too many HTML elements that are not closed",
            TooMuch::Attributes => "has an HTML tag with too many attributes",
            TooMuch::Markdown => "has too many pieces of Markdown",
            TooMuch::Entities => "has too many `&`",
        })
    }
}

/// The YAML scanner looks at every open bracket for every token, so that a megabyte of brackets
/// would take it minutes. There are at most as many open ones as there are brackets.
pub(super) fn nesting(path: &str, matter: &str) -> Result<(), Diagnostic> {
    let brackets = matter
        .bytes()
        .filter(|byte| matches!(byte, b'[' | b'{'))
        .count();
    if brackets.saturating_mul(matter.len()) > YAML_BRACKETS {
        return Err(Diagnostic::error(
            "yaml-nesting",
            format!("the front matter has too many brackets ({brackets})"),
        )
        .at(Location::file(path))
        .help("put each list or table item on its own line, or shorten the front matter"));
    }
    let commas = matter.bytes().filter(|byte| *byte == b',').count();
    if commas > YAML_COMMAS {
        return Err(Diagnostic::error(
            "yaml-nesting",
            format!("the front matter has too many commas ({})", grouped(commas)),
        )
        .at(Location::file(path))
        .help("shorten the front matter"));
    }
    Ok(())
}

/// Aliases make a small file large. A front matter has no use for many of them. What they may
/// unfold to is bounded where it is read, too: see [`EXTRA_NODES`].
pub(super) fn aliases(path: &str, matter: &str) -> Result<(), Diagnostic> {
    let marks = |mark: u8| {
        let bytes = matter.as_bytes();
        bytes
            .windows(2)
            .enumerate()
            .filter(|(at, pair)| {
                let before = at.checked_sub(1).map_or(b'\n', |at| bytes[at]);
                pair[0] == mark
                    && (pair[1].is_ascii_alphanumeric() || b"_-".contains(&pair[1]))
                    && (b" \t\r\n[{,-:?".contains(&before) || !before.is_ascii())
            })
            .count()
    };
    let anchors = if matter.contains('&') { marks(b'&') } else { 0 };
    if anchors == 0 {
        return Ok(());
    }
    let aliases = marks(b'*');
    if aliases > YAML_ALIASES || (aliases > 0 && matter.len() > YAML_WITH_ALIASES) {
        return Err(Diagnostic::error(
            "yaml-aliases",
            format!("the front matter uses too many YAML aliases ({aliases})"),
        )
        .at(Location::file(path))
        .help(format!(
            "write the values out; at most {YAML_ALIASES} aliases are read, in a front matter of \
             at most {} KiB",
            YAML_WITH_ALIASES / 1024
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, most: usize) -> (String, Vec<Cut>) {
        let mut cuts = Cuts::default();
        let text = cuts.text(Part::Title, text.to_owned(), most);
        (text, cuts.into_sorted())
    }

    #[test]
    fn what_fits_is_left_alone() {
        for text in ["", "ten chars.", "éééééééééé"] {
            assert_eq!(cut(text, 10), (text.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn text_is_cut_after_a_word_or_between_characters() {
        assert_eq!(cut("one two three four five", 20).0, "one two three four…");
        assert_eq!(cut("one twothreefourfivesix", 12).0, "one twothre…");
        assert_eq!(
            cut("aaaaaaae\u{301}e\u{301}e\u{301}", 10).0,
            "aaaaaaae\u{301}…"
        );
        assert_eq!(
            cut("👨\u{200d}👩\u{200d}👧👨\u{200d}👩\u{200d}👧", 8).0,
            "👨\u{200d}👩\u{200d}👧…"
        );
        let (marks, cuts) = cut(&"\u{301}".repeat(1_000_000), 100);
        assert_eq!(marks.chars().count(), 100);
        assert_eq!(
            cuts,
            [Cut {
                part: Part::Title,
                kept: 100,
                of: 1_000_000
            }]
        );
    }

    #[test]
    fn one_part_is_reported_once_at_its_worst() {
        let mut cuts = Cuts::default();
        for of in [60, 900, 70] {
            cuts.note(Part::TopicName, 50, of);
        }
        cuts.note(Part::Title, 7, 7);
        let cuts = cuts.into_sorted();
        assert_eq!((cuts.len(), cuts[0].of), (1, 900));
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
