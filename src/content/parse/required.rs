//! What an article cannot be without, title and date, and where else a site's map lets them come
//! from.

use super::super::names::{self, ArticleName};
use super::super::{budget, foreign, text};
use super::{ArticleFields, Builder, Part, Permalink, Scalar};
use crate::config::fields::Source;
use crate::time::Time;

/// What to do with a file that does not say enough by itself.
const NO_FRONT_MATTER: &str = "put a line `---` first, then fields like `title: \"…\"` and \
     `publishedDateTime: 2026-11-21T09:30:00Z`, then another line `---`; a title may be a heading \
     (`# …`), and a date may stand in the name of the file (2026-11-21-title.md) where site.toml \
     has `publishedDateTime = \":filename\"` under [content.fields]";

impl Builder<'_> {
    /// The title; without one it is reported why.
    pub(super) fn title(&mut self, fields: &ArticleFields) -> Option<String> {
        const HELP: &str = "add a line `title: \"…\"`";
        let found = self.title_found(fields);
        if found.is_none() {
            match &fields.title {
                Some(title) if !title.0.trim().is_empty() => {
                    let message = "nothing can be seen of the `title`".to_owned();
                    self.problem("title", message, HELP);
                }
                _ => self.missing(fields, "title", HELP),
            }
        }
        found
    }

    /// The field's title, or what the site takes in its place.
    fn title_found(&mut self, fields: &ArticleFields) -> Option<String> {
        let title = fields.title.as_ref();
        if let Some(title) = title.and_then(|title| text::name(&title.0)) {
            return Some(self.cuts.text(Part::Title, title, budget::TITLE));
        }
        // A heading was taken out of the text before.
        let sources = self.parser.fields.sources("title");
        let by_name = sources.contains(&Source::FileName);
        let found = ArticleName::of(self.file.path)
            .title()
            .filter(|_| by_name)?;
        self.text(Part::Title, Some(&Scalar(found)), budget::TITLE)
    }

    /// When it was published: the field's date, or that of the file's name where the site says so.
    pub(super) fn published(&mut self, fields: &ArticleFields) -> Option<Time> {
        const FIELD: &str = "publishedDateTime";
        if fields.published_date_time.is_some() {
            return self.time(FIELD, fields.published_date_time.as_ref());
        }
        let parser = self.parser;
        let mut sources = parser.fields.sources(FIELD).iter();
        let date = sources.find_map(|source| match source {
            Source::FileName => {
                let (date, _) = names::date_of_name(ArticleName::of(self.file.path).stem)?;
                Some(date)
            }
            Source::Permalink => match &fields.permalink {
                Some(Permalink::At(address)) => names::date_in_address(address),
                _ => None,
            },
            Source::Field { .. } | Source::Heading => None,
        });
        if let Some(date) = date
            && let Ok(time) = Time::parse(&date.to_string(), &parser.zone)
        {
            return Some(time);
        }
        self.missing(
            fields,
            FIELD,
            "add a line like `publishedDateTime: 2026-11-21T09:30:00Z`",
        );
        None
    }

    /// Reports that a field is missing, and names one that may be meant.
    fn missing(&mut self, fields: &ArticleFields, field: &str, help: &str) {
        let sources = self.parser.fields.sources(field);
        let names: Vec<String> = sources
            .iter()
            .map(|source| format!("`{}`", source.written()))
            .collect();
        let also = match names.is_empty() {
            true => String::new(),
            false => format!(" (nor {})", names.join(", ")),
        };
        if self.file.split.format.is_none() {
            let message = format!("the file has no front matter, and so no `{field}`{also}");
            return self.problem(field, message, NO_FRONT_MATTER);
        }
        match foreign::found(&fields.extra.fields, field) {
            Some(name) => self.problem(
                field,
                format!("the article has no `{field}`{also}, but a `{name}`"),
                &format!(
                    "write `{}` under [content.fields] in site.toml",
                    foreign::line_for(&self.parser.fields, field, &name)
                ),
            ),
            None => self.problem(field, format!("the article has no `{field}`{also}"), help),
        }
    }
}
