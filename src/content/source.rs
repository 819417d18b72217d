//! Source files: feeds that newsgen reads, and the rules for what comes in by them.

use super::front_matter::{self, SourceFields, Whole};
use super::read::read_all;
use super::{link, split, taxonomy, text};
use crate::condition::Condition;
use crate::config::{self, CANDIDATE_FIELDS, Pattern, PictureFrom, PublishRule};
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::time;
use crate::workspace::Workspace;

/// A source file.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFile {
    /// Path of the file.
    pub path: String,
    /// Its path below the folder of sources, without its ending.
    pub name: String,
    /// Address of the feed.
    pub feed: String,
    /// Its name in words.
    pub title: Option<String>,
    /// Name or domain of the provider of all items; else it is that of their links.
    pub provider: Option<String>,
    /// Topics of all items.
    pub topics: Vec<String>,
    /// Language of its items, whatever the feed says.
    pub language: Option<String>,
    /// Quality of an item of which nothing else is known.
    pub quality: Option<i64>,
    /// Where pictures of items come from that have none in the feed.
    pub image: Option<PictureFrom>,
    /// Which items are candidates.
    pub rules: SourceRules,
    /// Seconds between two requests, at least.
    pub every: Option<i64>,
    /// Whether it is left alone.
    pub is_paused: bool,
    /// Whether the page of sources may name it.
    pub is_listed: bool,
}

/// The rules of a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceRules {
    /// Of these an item must fit one, if there are any.
    pub keep: Vec<Pattern>,
    /// Of these it must fit none.
    pub skip: Vec<Pattern>,
    /// Highest age in seconds.
    pub max_age: Option<i64>,
    /// Characters of the excerpt, at least.
    pub min_length: Option<usize>,
    /// By which condition its candidates are published without a person.
    pub publish: Option<PublishRule>,
    /// Lines of the file that these stand in, by their names.
    places: Vec<(&'static str, usize)>,
}

impl SourceRules {
    /// Where a rule is set, in the file at `path`.
    pub fn location(&self, path: &str, name: &str) -> String {
        match self.places.iter().find(|(other, _)| *other == name) {
            Some((_, line)) => format!("{path}:{line}"),
            None => path.to_owned(),
        }
    }
}

/// Reads all source files, by path. What is wrong with one is returned beside them; a file with an
/// error is not among them. A build asks for them only if the site has a page of sources.
pub fn sources(
    workspace: &dyn Workspace,
    config: &config::Config,
) -> (Vec<SourceFile>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let all = read_all(
        workspace,
        &config.content.sources,
        workspace.list(&config.content.sources),
        &["yaml", "yml", "md"],
        &mut problems,
        read,
    );
    let mut files = Vec::new();
    for Read {
        file,
        problems: own,
    } in all
    {
        files.extend(file);
        problems.extend(own);
    }
    problems.extend(taxonomy::twice(
        &files,
        |file: &SourceFile| file.feed.clone(),
        |file| &file.path,
        "source",
    ));
    (files, problems)
}

/// What reading a source file brings: problems of one that cannot be used, or of fields that are
/// left out.
pub(super) struct Read {
    pub(super) file: Option<SourceFile>,
    pub(super) problems: Vec<Diagnostic>,
}

/// Reads a source file; `name` is its path below the folder of sources, without its ending.
pub(super) fn read(path: &str, name: &str, bytes: &[u8]) -> Result<Read, Diagnostic> {
    let text = split::decode(path, bytes)?;
    let (matter, lines_before) = if path.ends_with(".md") {
        let split = split::split(path, text)?;
        (split.matter, split.lines_before)
    } else {
        (text.into(), 0)
    };
    let fields: SourceFields = front_matter::parse(path, &matter, lines_before)?;
    let mut reader = Reader {
        path,
        text,
        problems: Vec::new(),
    };
    let file = reader.file(name, fields);
    let problems = reader.problems;
    let is_good = !problems.iter().any(Diagnostic::is_error);
    Ok(Read {
        file: file.filter(|_| is_good),
        problems,
    })
}

/// Reads fields, and collects what is wrong.
struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The line of a field at the top level.
    fn line_of(&self, field: &str) -> Option<usize> {
        let is_field = |line: &str| {
            line.strip_prefix(field)
                .is_some_and(|rest| rest.trim_start().starts_with(':'))
        };
        Some(self.text.lines().position(is_field)? + 1)
    }

    /// The place of a value: of the line with `value` on it, at or after that of the field.
    fn location(&self, field: &str, value: &str) -> Location {
        let Some(line) = self.line_of(field) else {
            return Location::file(self.path);
        };
        let start: usize = self
            .text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        match self.text[start..].find(value).filter(|_| !value.is_empty()) {
            Some(at) => {
                let span = start + at..start + at + value.len();
                Location::of_span(self.path, self.text, span)
            }
            None => Location::at(self.path, self.text, line, 1),
        }
    }

    fn error(&mut self, field: &str, value: &str, message: String, help: &str) {
        let location = self.location(field, value);
        let problem = Diagnostic::error("source", message).at(location);
        self.problems.push(problem.help(help));
    }

    fn file(&mut self, name: &str, fields: SourceFields) -> Option<SourceFile> {
        for unknown in fields.extra.fields.keys() {
            let message = format!("a source has no field `{unknown}`");
            let known = SourceFields::FIELDS.iter().copied();
            let help = match nearest(unknown, known) {
                Some(right) => format!("did you mean `{right}`?"),
                None => concat!(manual!("fetching"), " lists the fields of a source").to_owned(),
            };
            let location = self.location(unknown, unknown);
            let problem = Diagnostic::warning("source", message).at(location);
            self.problems.push(problem.help(help));
        }
        let feed = self.feed(fields.feed.map(|feed| feed.0));
        let language = fields.language.map(|language| language.0);
        if let Some(written) = language.as_deref().filter(|tag| !config::is_language(tag)) {
            let message = format!("`{written}` is not a language");
            self.error(
                "language",
                written,
                message,
                "give a tag such as `en` or `pt-BR`",
            );
        }
        let quality = fields.quality.map(|Whole(quality)| quality);
        if let Some(quality) = quality.filter(|quality| !(0..=100).contains(quality)) {
            let message = format!("the `quality` is {quality}");
            self.error("quality", &quality.to_string(), message, "give 0 to 100");
        }
        let min_length = fields.min_length.and_then(|Whole(length)| {
            let good = usize::try_from(length).ok();
            if good.is_none() {
                let message = format!("the `min_length` is {length}");
                self.error("min_length", &length.to_string(), message, "give 0 or more");
            }
            good
        });
        let rules = SourceRules {
            keep: self.patterns("keep", fields.keep.unwrap_or_default().0),
            skip: self.patterns("skip", fields.skip.unwrap_or_default().0),
            max_age: self.duration("max_age", fields.max_age.map(|age| age.0)),
            min_length,
            publish: self.publish(fields.publish.map(|rule| rule.0)),
            places: ["keep", "skip", "max_age", "min_length", "publish"]
                .into_iter()
                .filter_map(|field| Some((field, self.line_of(field)?)))
                .collect(),
        };
        let topics = fields.topics.unwrap_or_default().names.0;
        let topics = topics.iter().filter_map(|topic| text::line(topic));
        Some(SourceFile {
            path: self.path.to_owned(),
            name: name.to_owned(),
            title: fields.title.and_then(|title| text::line(&title.0)),
            provider: fields.provider.and_then(|name| text::line(&name.0)),
            topics: topics.collect(),
            language,
            quality,
            image: self.image(fields.image.map(|image| image.0)),
            every: self.duration("every", fields.every.map(|every| every.0)),
            is_paused: fields.paused.unwrap_or(false),
            is_listed: fields.listed.unwrap_or(true),
            rules,
            feed: feed?,
        })
    }

    fn feed(&mut self, written: Option<String>) -> Option<String> {
        let Some(written) = written.filter(|feed| !feed.trim().is_empty()) else {
            let problem = Diagnostic::error("source", "the source has no `feed`")
                .at(Location::file(self.path))
                .help("add a line `feed: https://…`");
            self.problems.push(problem);
            return None;
        };
        let feed = link::web_url(&written);
        if feed.is_none() {
            let message = format!("`{written}` is not the address of a feed");
            let help = "give one that begins with https:// or http://";
            self.error("feed", &written, message, help);
        }
        feed
    }

    fn patterns(&mut self, field: &str, written: Vec<String>) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for pattern in written {
            match Pattern::parse(&pattern) {
                Ok(pattern) => patterns.push(pattern),
                Err(reason) => {
                    let message =
                        format!("`{pattern}` in `{field}` is not a regular expression: {reason}");
                    let help = "see https://docs.rs/regex/#syntax; a backslash before a sign takes \
                                it as it is";
                    self.error(field, &pattern, message, help);
                }
            }
        }
        patterns
    }

    fn publish(&mut self, written: Option<String>) -> Option<PublishRule> {
        let written = written?;
        match Condition::parse(&written, &CANDIDATE_FIELDS) {
            Ok(rule) => Some(rule),
            Err(mistake) => {
                let message = format!("`publish` is no condition: {}", mistake.message);
                // The part that is wrong, if the text stands in the file as it is read.
                let part = written.get(mistake.span.clone()).unwrap_or_default();
                let place = match self.text.matches(&written).count() {
                    1 if !part.is_empty() => {
                        let start = self.text.find(&written).unwrap_or_default();
                        let span = start + mistake.span.start..start + mistake.span.end;
                        Location::of_span(self.path, self.text, span)
                    }
                    _ => self.location("publish", &written),
                };
                let problem = Diagnostic::error("source", message).at(place);
                self.problems.push(problem.help(mistake.help));
                None
            }
        }
    }

    fn image(&mut self, written: Option<String>) -> Option<PictureFrom> {
        let written = written?;
        let image = PictureFrom::parse(&written);
        if image.is_none() {
            let message = format!("`{written}` is not where pictures come from");
            self.error("image", &written, message, "write `feed` or `page`");
        }
        image
    }

    fn duration(&mut self, field: &str, written: Option<String>) -> Option<i64> {
        let written = written?;
        let seconds = time::duration(&written);
        if seconds.is_none() {
            let message = format!("`{written}` is not a length of time");
            let help = "write it like `30 minutes`, `36 hours` or `2 weeks`";
            self.error(field, &written, message, help);
        }
        seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Option<SourceFile>, Vec<String>) {
        let read = read("content/sources/a.yaml", "a", text.as_bytes()).unwrap();
        let problems = read.problems.iter().map(|problem| {
            let place = problem.location.as_ref().unwrap();
            format!("{}:{} {}", place.line, place.column, problem.message)
        });
        (read.file, problems.collect())
    }

    #[test]
    fn every_field_is_read() {
        let (file, problems) = read_text(
            "# mine\nfeed: https://A.example/feed\ntitle: A &amp; B\nprovider: a.example\ntopics: \
             [AI, Law]\nlanguage: en\nimage: page\nquality: 60\nkeep: model\n\
             skip:\n  - title: ^Podcast\n  - sponsored\nmax_age: 2 weeks\nmin_length: 40\n\
             every: 30 minutes\npaused: true\n\
             publish: quality >= 75 and topic == \"AI\"\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let file = file.unwrap();
        assert_eq!(file.feed, "https://a.example/feed");
        assert_eq!(file.title.as_deref(), Some("A & B"));
        assert_eq!(file.topics, ["AI", "Law"]);
        let skip: Vec<String> = file.rules.skip.iter().map(Pattern::to_string).collect();
        assert_eq!(skip, ["title: ^Podcast", "sponsored"]);
        assert_eq!(
            (file.rules.max_age, file.every),
            (Some(1_209_600), Some(1_800))
        );
        assert_eq!((file.is_paused, file.rules.min_length), (true, Some(40)));
        assert_eq!(file.rules.location("x", "skip"), "x:10");
        assert_eq!(file.image, Some(PictureFrom::Page));
        let publish = file.rules.publish.as_ref().unwrap().to_string();
        assert_eq!(publish, "quality >= 75 and topic == \"AI\"");
    }

    #[test]
    fn all_mistakes_are_reported_with_their_places() {
        let (file, problems) = read_text(
            "feed: ftp://a.example/\nlanguage: english!\nquality: 101\nskip:\n  - ok\n  - '('\n\
             max_age: soon\nkeeps: x\nmin_length: -1\npublish: quality > 1 and topics == 1\n\
             image: pages\n",
        );
        assert!(file.is_none());
        let starts = [
            "8:1 a source has no field `keeps`",
            "1:7 `ftp://a.example/` is not the address",
            "2:11 `english!` is not a language",
            "3:10 the `quality` is 101",
            "9:13 the `min_length` is -1",
            "6:6 `(` in `skip` is not a regular expression",
            "7:10 `soon` is not a length of time",
            "10:26 `publish` is no condition: there is no field `topics`",
            "11:8 `pages` is not where pictures come from",
        ];
        assert_eq!(problems.len(), starts.len(), "{problems:?}");
        for (problem, start) in problems.iter().zip(starts) {
            assert!(problem.starts_with(start), "{problem}\nis not\n{start}");
        }
        let (file, problems) = read_text("title: x\n");
        assert_eq!(
            (file, problems),
            (None, vec!["0:0 the source has no `feed`".to_owned()])
        );
    }
}
