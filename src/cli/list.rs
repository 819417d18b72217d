//! `newsgen list`.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::args::{Common, ListArgs, ListFormat};
use super::terminal::Terminal;
use super::{Exit, fail_as_json, look, wanted_edition};
use crate::condition::Condition;
use crate::config::{LIST_FIELDS, ListField};
use crate::content::article::{Facts, Story};
use crate::curate::{self, Asked, Dropped, Kept, Rule};
use crate::diagnostic::{Diagnostic, Location, one_line};
use crate::ids::{ArticleId, EditionId, EditionIndex, TopicId};
use crate::pipeline::{Failure, MachineError, Site};

pub(super) fn run(common: &Common, args: &ListArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    match list(common, args, terminal) {
        Err(failure) if args.format == ListFormat::Json => {
            Ok(fail_as_json(failure, Vec::new(), terminal))
        }
        ended => ended,
    }
}

fn list(common: &Common, args: &ListArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let condition = args.condition.as_deref().map(condition).transpose()?;
    let site = look(common)?;
    let wanted = wanted_edition(&site.config, args.language.as_deref())?;
    let is_wanted = |edition: EditionId, article: ArticleId, own: &[TopicId]| {
        if wanted.is_some_and(|wanted| wanted != edition) {
            return Ok(false);
        }
        if let Some(name) = &args.author
            && !is_by(&site, article, name)?
        {
            return Ok(false);
        }
        let holds = |condition| holds(&site, edition, article, own, condition);
        condition.as_ref().map_or(Ok(true), holds)
    };
    let is_of_event = |edition: EditionId, kept: &Kept| match &args.event {
        None => true,
        Some(name) => kept
            .event
            .is_some_and(|event| site.editions[edition].events[event].slug == *name),
    };
    let mut kept = Vec::new();
    for (edition, position, article) in site.kept() {
        if is_of_event(edition, article) && is_wanted(edition, article.article, &article.topics)? {
            kept.push((edition, position, article));
        }
    }
    let mut rows: Vec<Row<'_>> = kept
        .into_iter()
        .map(|(edition, position, kept)| Row::kept(&site, edition, position, kept.article))
        .collect();
    if args.dropped {
        for (edition, dropped) in site.dropped() {
            if is_wanted(edition, dropped.article, &[])? {
                rows.push(Row::dropped(&site, edition, dropped));
            }
        }
    }
    match args.format {
        ListFormat::Text => rows.iter().for_each(|row| terminal.result(&row.text())),
        ListFormat::Json => {
            let rows: Vec<Value> = rows.iter().map(Row::json).collect();
            terminal.json(&rows);
        }
    }
    // Articles that cannot be read are in neither list.
    terminal.diagnostics(&site.problems);
    let broken = site.problems.iter().any(Diagnostic::is_error);
    Ok(if broken {
        Exit::SiteHasErrors
    } else {
        Exit::Good
    })
}

/// Reads `--where`.
fn condition(text: &str) -> Result<Condition<ListField>, Failure> {
    Condition::parse(text, &LIST_FIELDS).map_err(|mistake| {
        let before = text.get(..mistake.span.start).unwrap_or(text);
        let at = Location::at("--where", text, 1, before.chars().count() + 1);
        let message = format!("`--where` is no condition: {}", mistake.message);
        let problem = Diagnostic::error("list", message).at(at).help(mistake.help);
        Failure::Site(vec![problem])
    })
}

/// Whether a condition holds for an article.
fn holds(
    site: &Site,
    edition: EditionId,
    article: ArticleId,
    own: &[TopicId],
    condition: &Condition<ListField>,
) -> Result<bool, Failure> {
    let extra = story(site, article)?.extra;
    let asked = Asked {
        facts: &site.library.articles[article].facts,
        extra: &extra,
        own,
        topics: &site.editions[edition].topics,
        locale: &site.config.edition(edition).locale,
        now: site.now,
    };
    Ok(asked.holds(condition))
}

/// What listings show of an article.
fn story(site: &Site, article: ArticleId) -> Result<Story, Failure> {
    let story = site.library.story(article);
    Ok(story.map_err(|_| MachineError::Articles)?)
}

/// Whether an author of an article has a name that contains another one.
fn is_by(site: &Site, article: ArticleId, name: &str) -> Result<bool, Failure> {
    let name = name.to_lowercase();
    let authors = story(site, article)?.authors;
    let mut names = authors.iter().map(|author| author.name.to_lowercase());
    Ok(names.any(|author| author.contains(&name)))
}

struct Row<'a> {
    /// The language of its edition; none on a site with one.
    language: Option<&'a str>,
    path: &'a str,
    facts: &'a Facts,
    /// The day of publication in the zone of the site.
    day: Date,
    url: Option<String>,
    /// The name of its event, and the files of the other reports.
    event: Option<(&'a str, Vec<&'a str>)>,
    /// The rule that dropped it, and where that was set.
    dropped: Option<(Rule, String)>,
}

/// The event of an article: its name, and the files of its other reports, newest first.
fn event(site: &Site, edition: EditionId, position: EditionIndex) -> Option<(&str, Vec<&str>)> {
    let edition = &site.editions[edition];
    let event = &edition.events[edition.articles[position].event?];
    let others = event.articles.iter().filter(|other| **other != position);
    let path = |other: &EditionIndex| {
        let article = edition.articles[*other].article;
        site.library.articles[article].path.as_str()
    };
    Some((&event.slug, others.map(path).collect()))
}

impl<'a> Row<'a> {
    fn kept(
        site: &'a Site,
        edition: EditionId,
        position: EditionIndex,
        article: ArticleId,
    ) -> Row<'a> {
        let entry = &site.library.articles[article];
        let shared = &site.plan.editions[edition].shared;
        Row {
            language: site.language_of(edition),
            path: &entry.path,
            facts: &entry.facts,
            day: entry.facts.published.date(&site.config.time_zone),
            url: Some(shared.absolute(site.inputs(edition).headline(position).url())),
            event: event(site, edition, position),
            dropped: None,
        }
    }

    fn dropped(site: &'a Site, edition: EditionId, dropped: &'a Dropped) -> Row<'a> {
        let entry = &site.library.articles[dropped.article];
        let config = site.config.edition(edition);
        let location = curate::rule_location(&site.library, config, site.now, dropped);
        Row {
            language: site.language_of(edition),
            path: &entry.path,
            facts: &entry.facts,
            day: entry.facts.published.date(&site.config.time_zone),
            url: None,
            event: None,
            dropped: Some((dropped.rule, location)),
        }
    }

    fn text(&self) -> String {
        let day = self.day;
        let reason = self
            .dropped
            .as_ref()
            .map(|(rule, location)| format!("  [{}, {location}]", rule.name()))
            .unwrap_or_default();
        let language = self.language.map(|tag| format!("{tag}  "));
        format!(
            "{day}  {}{}  {}{reason}",
            language.unwrap_or_default(),
            one_line(self.path),
            self.facts.title
        )
    }

    fn json(&self) -> Value {
        let facts = self.facts;
        let provider = facts
            .provider
            .as_ref()
            .map(|provider| json!({ "name": provider.name, "domain": provider.domain }));
        let mut row = json!({
            "path": self.path,
            "url": self.url,
            "title": facts.title,
            "publishedDateTime": facts.published.rfc3339_utc(),
            "provider": provider,
            "topics": facts.topics,
            "quality": facts.quality,
            "heat": facts.heat,
            "event": self.event.as_ref().map(|(event, _)| *event),
            "coverage": self.event.as_ref().map_or(&[][..], |(_, coverage)| coverage),
            "status": if self.dropped.is_some() { "dropped" } else { "kept" },
            "reason": self.dropped.as_ref().map(|(rule, _)| rule.name()),
            "setting": self.dropped.as_ref().map(|(_, location)| location.as_str()),
        });
        if let (Some(fields), Some(tag)) = (row.as_object_mut(), self.language) {
            fields.insert("language".to_owned(), tag.into());
        }
        row
    }
}
