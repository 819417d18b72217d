//! Lists of the owner's making, and the articles of each tag.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Kept, Topic};
use crate::condition::{Condition, Value};
use crate::config::{Config, ListField, ListOrder};
use crate::content::Library;
use crate::content::article::Facts;
use crate::ids::{EditionIndex, List, ListId, TopicId};
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

/// All lists: those of the settings in their order, then the tags by name.
pub(super) fn lists(
    library: &Library,
    kept: &List<EditionIndex, Kept>,
    topics: &List<TopicId, Topic>,
    config: &Config,
    now: Time,
) -> List<ListId, Listed> {
    let of_settings = config.lists.iter().map(|settings| {
        let mut articles: Vec<EditionIndex> = kept
            .par_ids()
            .with_min_len(1024)
            .filter(|position| {
                let kept = &kept[*position];
                let facts = &library.articles[kept.article].facts;
                let asked = Asked {
                    facts,
                    extra: &facts.extra,
                    own: &kept.topics,
                    topics,
                    locale: &config.locale,
                    now,
                };
                let condition = settings.condition.as_ref();
                condition.is_none_or(|condition| asked.holds(condition))
            })
            .collect();
        let score = |position: &EditionIndex| {
            let facts = &library.articles[kept[*position].article].facts;
            match settings.order {
                ListOrder::Newest => None,
                ListOrder::Quality => facts.quality,
                ListOrder::Heat => facts.heat,
            }
        };
        // A stable sort: of equals, the newest comes first.
        articles.sort_by_key(|position| std::cmp::Reverse(score(position)));
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
        has_feed: false,
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
