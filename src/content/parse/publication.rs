//! How an article asks to be published: whether, when, where, and together with what.

use super::extra;
use super::{ArticleFields, Builder, Part, Permalink, Scalars, budget, text};
use crate::content::alias;
use crate::content::article::{EventMark, Pin};
use crate::content::foreign;
use crate::content::language::TranslationKey;
use crate::hash::Hash128;
use crate::ids::EditionId;
use crate::time::Time;

/// What an article says to curation and the plan alone.
pub(super) struct Publication {
    pub(super) is_published: bool,
    pub(super) is_deleted: bool,
    pub(super) expires: Option<Time>,
    pub(super) pin: Pin,
    pub(super) slug: Option<String>,
    pub(super) permalink: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) event: Option<EventMark>,
    pub(super) edition: EditionId,
    pub(super) translation: Option<TranslationKey>,
    /// Name of the source that it came in by.
    pub(super) source: Option<String>,
}

impl Builder<'_> {
    pub(super) fn publication(
        &mut self,
        fields: &ArticleFields,
        edition: EditionId,
    ) -> Publication {
        let languages = &self.parser.languages;
        Publication {
            is_published: fields.is_published(),
            is_deleted: fields.deleted.unwrap_or(false) || fields.removed.unwrap_or(false),
            // Mistakes in these four are reported in this order.
            aliases: self.aliases(fields.aliases.as_ref()),
            permalink: self.permalink(fields.permalink.as_ref()),
            expires: self.time("expiryDate", fields.expiry_date.as_ref()),
            pin: self.pin(fields.pin.as_ref()),
            slug: fields
                .slug
                .as_ref()
                .and_then(|slug| text::word(&slug.0))
                .map(|slug| self.cuts.text(Part::Slug, slug, budget::NAME)),
            event: fields.event.as_ref().and_then(|event| event_mark(&event.0)),
            edition,
            translation: languages.of_translation(self.file.path, &fields.extra),
            source: extra::source(&fields.extra),
        }
    }

    fn aliases(&mut self, written: Option<&Scalars>) -> Vec<String> {
        let (mut aliases, problems) =
            super::read_aliases(self.file.path, &self.file.split, written);
        self.problems.extend(problems);
        let of = aliases.len();
        self.cuts
            .list(Part::Aliases, &mut aliases, of, budget::ALIASES);
        aliases
    }

    /// The address that the article's page shall have.
    fn permalink(&mut self, written: Option<&Permalink>) -> Option<String> {
        let Some(Permalink::At(written)) = written else {
            return None;
        };
        let written = written.trim();
        // What a template of another tool would fill in: `check` reports it.
        if foreign::has_template(written) {
            return None;
        }
        // Jekyll has styles by name here, and generators fill in placeholders.
        if written.is_empty() || matches!(written, "date" | "pretty" | "ordinal" | "none") {
            return None;
        }
        let written = written.trim_matches('/');
        // An address without an ending is a folder, whatever dots are in it.
        let is_file = written.ends_with(".html");
        let path = match (written.is_empty(), is_file) {
            (true, _) => "/".to_owned(),
            (false, true) => format!("/{written}"),
            (false, false) => format!("/{written}/"),
        };
        match alias::path(&path) {
            Ok(path) => Some(alias::page_url(&path)),
            Err(bad) => {
                let name = self.file.name_of("permalink");
                let help = "write it like /2026/a-story/, or leave it out";
                self.problem("permalink", format!("`{name}` {}", bad.reason), help);
                None
            }
        }
    }
}

/// The event that an article names; none for a text without anything to be seen.
fn event_mark(written: &str) -> Option<EventMark> {
    let name = text::line(written)?;
    if name.eq_ignore_ascii_case("none") {
        return Some(EventMark::Apart);
    }
    let name: String = slug::slugify(&name).chars().take(budget::NAME).collect();
    Some(EventMark::Named(match name.trim_end_matches('-') {
        "" => format!("x-{}", Hash128::of(written.trim().as_bytes()).short(8)),
        name => name.to_owned(),
    }))
}
