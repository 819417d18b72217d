//! `newsgen list`.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::args::{Common, ListArgs, ListFormat};
use super::terminal::Terminal;
use super::{Exit, fail_as_json, look, wanted_edition};
use crate::condition::Condition;
use crate::config::{LIST_FIELDS, ListField};
use crate::content::article::{Author, Facts, Story};
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
            let rows = rows.iter().map(|row| {
                let authors = story(&site, row.article)?.authors;
                Ok(row.json(&authors))
            });
            terminal.json(&rows.collect::<Result<Vec<Value>, Failure>>()?);
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
    article: ArticleId,
    path: &'a str,
    facts: &'a Facts,
    /// The day of publication in the zone of the site.
    day: Date,
    url: Option<String>,
    event: Option<EventRow<'a>>,
    /// The rule that dropped it, and where that was set.
    dropped: Option<(Rule, String)>,
}

/// The event of an article.
struct EventRow<'a> {
    name: &'a str,
    /// The address of its page, if it has one.
    url: Option<String>,
    /// The files of its other reports, newest first.
    others: Vec<&'a str>,
}

impl<'a> EventRow<'a> {
    fn new(site: &'a Site, id: EditionId, position: EditionIndex) -> Option<EventRow<'a>> {
        let edition = &site.editions[id];
        let event_id = edition.articles[position].event?;
        let event = &edition.events[event_id];
        let others = event.articles.iter().filter(|other| **other != position);
        let path = |other: &EditionIndex| {
            let article = edition.articles[*other].article;
            site.library.articles[article].path.as_str()
        };
        let shared = &site.plan.editions[id].shared;
        Some(EventRow {
            name: &event.slug,
            url: shared.event_url(event_id).map(|url| shared.absolute(url)),
            others: others.map(path).collect(),
        })
    }
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
            article,
            path: &entry.path,
            facts: &entry.facts,
            day: entry.facts.published.date(&site.config.time_zone),
            url: Some(shared.absolute(site.inputs(edition).headline(position).url())),
            event: EventRow::new(site, edition, position),
            dropped: None,
        }
    }

    fn dropped(site: &'a Site, edition: EditionId, dropped: &'a Dropped) -> Row<'a> {
        let entry = &site.library.articles[dropped.article];
        let config = site.config.edition(edition);
        let location = curate::rule_location(&site.library, config, site.now, dropped);
        Row {
            language: site.language_of(edition),
            article: dropped.article,
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

    fn json(&self, authors: &[Author]) -> Value {
        let facts = self.facts;
        let author = |author: &Author| json!({ "name": author.name, "url": author.url });
        let authors: Vec<Value> = authors.iter().map(author).collect();
        let event = self.event.as_ref();
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
            "authors": authors,
            "topics": facts.topics,
            "quality": facts.quality,
            "heat": facts.heat,
            "event": event.map(|event| event.name),
            "eventUrl": event.and_then(|event| event.url.as_deref()),
            "coverage": event.map_or(&[][..], |event| &event.others),
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
