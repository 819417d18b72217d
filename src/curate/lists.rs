//! Lists of the owner's making, and the articles of each tag.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Kept, Topic};
use crate::condition::{Condition, Value};
use crate::config::{Config, ListField, ListOrder};
use crate::content::article::Facts;
use crate::content::{Library, Named, PageFile, PageList, Stories};
use crate::diagnostic::{Diagnostic, nearest};
use crate::ids::{EditionIndex, List, ListId, StandaloneId, TopicId};
use crate::slug::SlugStyle;
use crate::time::Time;

/// A list of the edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// Path of its page within the edition; that of a tag is made of its name.
    pub path: Option<String>,
    /// Its articles, in its order.
    pub articles: Vec<EditionIndex>,
    /// Whether it has older pages, which never change.
    pub is_stable: bool,
    /// Whether it has feeds.
    pub has_feed: bool,
}

/// The stories that a standalone page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageStories {
    /// The list that they are of, if the page names one.
    pub list: Option<ListId>,
    /// Its stories, in its order.
    pub articles: Vec<EditionIndex>,
}

/// The articles of an edition, from which lists are chosen.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    pub(super) library: &'a Library,
    pub(super) kept: &'a List<EditionIndex, Kept>,
    pub(super) topics: &'a List<TopicId, Topic>,
    pub(super) config: &'a Config,
    pub(super) now: Time,
}

impl Choice<'_> {
    /// The articles for which a condition holds, in an order.
    fn articles(
        self,
        condition: Option<&Condition<ListField>>,
        order: ListOrder,
    ) -> Vec<EditionIndex> {
        let facts = |position: EditionIndex| {
            let article = self.kept[position].article;
            &self.library.articles[article].facts
        };
        let holds = |position: EditionIndex| {
            let facts = facts(position);
            let asked = Asked {
                facts,
                extra: &facts.extra,
                own: &self.kept[position].topics,
                topics: self.topics,
                locale: &self.config.locale,
                now: self.now,
            };
            condition.is_none_or(|condition| asked.holds(condition))
        };
        let positions = self.kept.par_ids().with_min_len(1024);
        let mut articles: Vec<EditionIndex> = positions.filter(|at| holds(*at)).collect();
        let score = |position: &EditionIndex| match order {
            ListOrder::Newest => None,
            ListOrder::Quality => facts(*position).quality,
            ListOrder::Heat => facts(*position).heat,
        };
        // A stable sort: of equals, the newest comes first.
        articles.sort_by_key(|position| std::cmp::Reverse(score(position)));
        articles
    }

    /// The stories of those standalone pages that show some, and what is wrong with the lists that
    /// they name.
    pub(super) fn of_pages(
        self,
        lists: &List<ListId, Listed>,
        problems: &mut Vec<Diagnostic>,
    ) -> BTreeMap<StandaloneId, PageStories> {
        let pages = self.library.pages.enumerate();
        let pages = pages.filter(|(_, page)| page.edition == self.config.id);
        let of_page = |(id, page): (StandaloneId, &PageFile)| {
            let PageList { stories, limit } = page.list.as_ref()?;
            let (list, mut articles) = match stories {
                Stories::Where { condition, order } => {
                    (None, self.articles(condition.as_ref(), *order))
                }
                Stories::OfList(named) => {
                    let found = list_named(lists, &named.name);
                    problems.extend(found.is_none().then(|| no_list(lists, named)));
                    let list = found?;
                    (Some(list), lists[list].articles.clone())
                }
            };
            articles.truncate(*limit);
            Some((id, PageStories { list, articles }))
        };
        pages.filter_map(of_page).collect()
    }
}

/// The list of the settings with a title, or with a path.
fn list_named(lists: &List<ListId, Listed>, name: &str) -> Option<ListId> {
    let path = name.starts_with('/').then(|| name.trim_matches('/'));
    let is_it = |list: &Listed| match (&list.path, path) {
        (Some(own), Some(path)) => own.trim_matches('/') == path,
        (Some(_), None) => list.name == name,
        // A tag.
        (None, _) => false,
    };
    let mut all = lists.enumerate();
    all.find_map(|(id, list)| is_it(list).then_some(id))
}

fn no_list(lists: &List<ListId, Listed>, named: &Named) -> Diagnostic {
    let known = || lists.iter().filter(|list| list.path.is_some());
    let titles = known().map(|list| list.name.as_str());
    let paths = known().filter_map(|list| list.path.as_deref());
    let help = match nearest(&named.name, titles.chain(paths)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "lists are in the settings as [[lists]]; here, `where: …` makes one".to_owned(),
    };
    Diagnostic::error("page-list", format!("there is no list `{}`", named.name))
        .at(named.location.clone())
        .help(help)
}

/// All lists: those of the settings in their order, then the tags by name.
pub(super) fn lists(choice: Choice<'_>) -> List<ListId, Listed> {
    let Choice {
        library,
        kept,
        config,
        ..
    } = choice;
    let of_settings = config.lists.iter().map(|settings| {
        let mut articles = choice.articles(settings.condition.as_ref(), settings.order);
        let is_stable = settings.is_stable();
        if !is_stable {
            articles.truncate(settings.limit);
        }
        Listed {
            name: settings.title.clone(),
            description: settings.description.clone(),
            path: Some(settings.path.clone()),
            articles,
            is_stable,
            has_feed: settings.has_feed,
        }
    });
    let tags = match config.tag_pages {
        true => tags(library, kept, config.permalinks.slugs),
        false => BTreeMap::new(),
    };
    let of_tags = tags.into_values().map(|(name, articles)| Listed {
        name,
        description: None,
        path: None,
        articles,
        is_stable: true,
        has_feed: config.tag_feeds,
    });
    of_settings.chain(of_tags).collect()
}

/// Tags by their slugs, each as the oldest article writes it, with its articles.
fn tags(
    library: &Library,
    kept: &List<EditionIndex, Kept>,
    style: SlugStyle,
) -> BTreeMap<String, (String, Vec<EditionIndex>)> {
    let mut tags: BTreeMap<String, (String, Vec<EditionIndex>)> = BTreeMap::new();
    for (position, kept) in kept.enumerate() {
        for tag in &library.articles[kept.article].facts.tags {
            let Some(slug) = tag_slug(tag, style) else {
                continue;
            };
            let (name, articles) = tags.entry(slug).or_default();
            name.clone_from(tag);
            if articles.last() != Some(&position) {
                articles.push(position);
            }
        }
    }
    tags
}

/// What stands for a tag in addresses; none for a tag without a letter or digit.
pub fn tag_slug(tag: &str, style: SlugStyle) -> Option<String> {
    let slug = super::topic_slug(tag, style);
    (!slug.is_empty()).then_some(slug)
}

/// An article as conditions ask for it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What is known of it.
    pub facts: &'a Facts,
    /// Its unknown fields, as a JSON object.
    pub extra: &'a str,
    /// Its own topics in the edition; none of a dropped article.
    pub own: &'a [TopicId],
    /// All topics of the edition.
    pub topics: &'a List<TopicId, Topic>,
    /// Language of the edition.
    pub locale: &'a str,
    /// What counts as now.
    pub now: Time,
}

impl Asked<'_> {
    /// Whether a condition holds for it.
    pub fn holds(&self, condition: &Condition<ListField>) -> bool {
        let facts = self.facts;
        let extra: Option<serde_json::Value> = serde_json::from_str(self.extra).ok();
        condition.holds(&|field, path: &str| match field {
            ListField::Topic => self.names_of_topics(),
            ListField::Provider => match &facts.provider {
                Some(provider) => Value::texts([provider.name.as_str(), provider.domain.as_str()]),
                None => Value::Missing,
            },
            ListField::Tag => Value::texts(facts.tags.iter().map(String::as_str)),
            ListField::Type => Value::text(Some(&facts.kind)),
            ListField::Quality => Value::number(facts.quality),
            ListField::Heat => Value::number(facts.heat),
            ListField::Age => Value::number(Some(self.now.seconds() - facts.published.seconds())),
            ListField::Language => {
                Value::text(Some(facts.locale.as_deref().unwrap_or(self.locale)))
            }
            ListField::Pin => Value::Boolean(facts.pin.holds(self.now)),
            ListField::Extra => {
                let mut value = extra.as_ref();
                for part in path.split('.') {
                    value = value.and_then(|value| value.get(part));
                }
                value.map_or(Value::Missing, Value::json)
            }
        })
    }

    /// As the article writes them, and as the site names them and those above them.
    fn names_of_topics(&self) -> Value<'_> {
        let lineage = |topic: &TopicId| {
            std::iter::successors(Some(*topic), |topic| self.topics[*topic].parent)
        };
        let above = self.own.iter().flat_map(lineage);
        let above = above.map(|topic| self.topics[topic].name.as_str());
        Value::texts(self.facts.topics.iter().map(String::as_str).chain(above))
    }
}
