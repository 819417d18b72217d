//! The rules that keep or drop one article by itself, in the order in which they are asked.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Keep, Limits, OverrideScope, Setting};
use crate::content::article::Facts;
use crate::content::{Library, TopicFile};
use crate::time::Time;

use super::topic_key;

/// Why an article is not in the edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The article is marked as deleted or removed.
    Deleted,
    /// The article says `published: false`.
    Unpublished,
    /// It is past its `expiryDate`.
    Expired,
    /// Its date lies in the future.
    Future,
    /// It is older than `max_age`.
    MaxAge,
    /// Its quality is below `min_quality`.
    MinQuality,
    /// Its heat is below `min_heat`.
    MinHeat,
    /// It has none of the topics of the site.
    OtherTopic,
    /// Its provider is blocked.
    BlockedProvider,
    /// One of its topics is blocked.
    BlockedTopic,
    /// Its title is blocked.
    BlockedTitle,
    /// Its address is blocked.
    BlockedUrl,
    /// It lacks a required field.
    Require,
    /// Another article is a better copy of the same story.
    Duplicate,
    /// Another page has its address, or no file system can hold it.
    Address,
}

/// The rules on one article by itself, in the order in which they are asked.
const ORDER: [Rule; 13] = [
    Rule::Deleted,
    Rule::Unpublished,
    Rule::Expired,
    Rule::Future,
    Rule::MaxAge,
    Rule::MinQuality,
    Rule::MinHeat,
    Rule::OtherTopic,
    Rule::BlockedProvider,
    Rule::BlockedTopic,
    Rule::BlockedTitle,
    Rule::BlockedUrl,
    Rule::Require,
];

impl Rule {
    /// Stable name, in reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Deleted => "deleted",
            Rule::Unpublished => "unpublished",
            Rule::Expired => "expired",
            Rule::Future => "future",
            Rule::MaxAge => "too old",
            Rule::MinQuality => "low quality",
            Rule::MinHeat => "low heat",
            Rule::OtherTopic => "other topic",
            Rule::BlockedProvider => "blocked provider",
            Rule::BlockedTopic => "blocked topic",
            Rule::BlockedTitle => "blocked title",
            Rule::BlockedUrl => "blocked address",
            Rule::Require => "missing field",
            Rule::Duplicate => "duplicate",
            Rule::Address => "no address",
        }
    }

    /// The key of `site.toml` that sets the rule; none for what the article says itself.
    pub fn key(self) -> Option<&'static str> {
        match self {
            Rule::Deleted | Rule::Unpublished | Rule::Expired => None,
            Rule::Future => Some("curation.future"),
            Rule::MaxAge => Some("curation.max_age"),
            Rule::MinQuality => Some("curation.min_quality"),
            Rule::MinHeat => Some("curation.min_heat"),
            Rule::OtherTopic => Some("curation.topics"),
            Rule::BlockedProvider => Some("curation.block.providers"),
            Rule::BlockedTopic => Some("curation.block.topics"),
            Rule::BlockedTitle => Some("curation.block.titles"),
            Rule::BlockedUrl => Some("curation.block.urls"),
            Rule::Require => Some("curation.require"),
            Rule::Duplicate => Some("curation.duplicates"),
            Rule::Address => Some("permalinks.article"),
        }
    }
}

/// A rule's answer about an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The rule.
    pub rule: Rule,
    /// Whether the article may stay.
    pub passed: bool,
    /// What the article has: `quality 37`.
    pub value: String,
    /// What the rule asks for: `at least 70`.
    pub limit: String,
    /// Where the rule was set: `site.toml:14`, `default`, or `front matter`.
    pub location: String,
}

/// The rules of one site at one moment.
pub(super) struct Filter<'a> {
    config: &'a Config,
    now: Time,
    /// The topics of the site and those below them, as identities; any if there are none.
    topics: BTreeSet<String>,
    block_topics: Vec<String>,
    /// The topic of each override that is for a topic, as an identity.
    override_topics: Vec<Option<String>>,
    names: TopicNames,
}

/// The identities of topics by those of their names in other languages.
struct TopicNames(BTreeMap<String, String>);

impl TopicNames {
    fn of(library: &Library) -> TopicNames {
        let of_one = |topic: &TopicFile| {
            let names = topic.translations.values();
            let names = names.filter_map(|texts| texts.name.as_deref());
            let key = topic_key(&topic.name);
            names.map(|name| (topic_key(name), key.clone())).collect()
        };
        TopicNames(
            library
                .topics
                .iter()
                .flat_map::<Vec<_>, _>(of_one)
                .collect(),
        )
    }

    /// The identity of the topic that a name stands for.
    fn key(&self, name: &str) -> String {
        let key = topic_key(name);
        self.0.get(&key).cloned().unwrap_or(key)
    }
}

impl<'a> Filter<'a> {
    pub(super) fn new(library: &Library, config: &'a Config, now: Time) -> Filter<'a> {
        let curation = &config.curation;
        let names = TopicNames::of(library);
        let topic = |scope: &OverrideScope| match scope {
            OverrideScope::Topic(name) => Some(names.key(name)),
            OverrideScope::Provider(_) => None,
        };
        Filter {
            config,
            now,
            topics: with_below(library, &names, &curation.topics.value),
            block_topics: curation
                .block_topics
                .value
                .iter()
                .map(|name| names.key(name))
                .collect(),
            override_topics: curation
                .overrides
                .iter()
                .map(|item| topic(&item.scope))
                .collect(),
            names,
        }
    }

    /// The first rule that an article fails.
    pub(super) fn failure(&self, facts: &Facts) -> Option<Rule> {
        let limits = self.limits(facts);
        ORDER
            .into_iter()
            .find(|rule| !self.passes(*rule, facts, &limits))
    }

    /// Where the rule that dropped an article was set.
    pub(super) fn location(&self, rule: Rule, facts: &Facts) -> String {
        self.check(rule, facts, &self.limits(facts)).location
    }

    /// What every rule says of an article.
    pub(super) fn checks(&self, facts: &Facts) -> Vec<Check> {
        let limits = self.limits(facts);
        ORDER
            .into_iter()
            .filter(|rule| *rule != Rule::Expired || facts.expires.is_some())
            .filter(|rule| *rule != Rule::OtherTopic || !self.topics.is_empty())
            .filter(|rule| {
                let is_set = !self.config.curation.block_urls.value.is_empty();
                *rule != Rule::BlockedUrl || is_set
            })
            .map(|rule| self.check(rule, facts, &limits))
            .collect()
    }

    fn passes(&self, rule: Rule, facts: &Facts, limits: &Limits) -> bool {
        let curation = &self.config.curation;
        match rule {
            Rule::Deleted => !facts.is_deleted,
            Rule::Unpublished => facts.is_published,
            Rule::Expired => facts.expires.is_none_or(|end| self.now < end),
            Rule::Future => curation.future.value == Keep::Keep || facts.published <= self.now,
            Rule::MaxAge => limits
                .max_age
                .as_ref()
                .is_none_or(|limit| self.age(facts) <= limit.value),
            Rule::MinQuality => scores_enough(facts.quality, limits.min_quality.as_ref(), limits),
            Rule::MinHeat => scores_enough(facts.heat, limits.min_heat.as_ref(), limits),
            Rule::OtherTopic => {
                let mut own = facts.topics.iter();
                self.topics.is_empty()
                    || own.any(|topic| self.topics.contains(&self.names.key(topic)))
            }
            Rule::BlockedProvider => {
                let Some(provider) = &facts.provider else {
                    return true;
                };
                !curation
                    .block_providers
                    .value
                    .iter()
                    .any(|blocked| is_domain_or_below(&provider.domain, blocked))
            }
            Rule::BlockedTopic => {
                self.block_topics.is_empty()
                    || !facts
                        .topics
                        .iter()
                        .any(|topic| self.block_topics.contains(&self.names.key(topic)))
            }
            Rule::BlockedTitle => !curation
                .block_titles
                .value
                .iter()
                .any(|pattern| pattern.is_match(&facts.title)),
            Rule::BlockedUrl => {
                let mut patterns = curation.block_urls.value.iter();
                let link = facts.link.as_deref();
                link.is_none_or(|link| !patterns.any(|pattern| pattern.fits(link)))
            }
            Rule::Require => curation.require.value.iter().all(|field| has(facts, field)),
            Rule::Duplicate | Rule::Address => true,
        }
    }

    fn age(&self, facts: &Facts) -> i64 {
        self.now.seconds() - facts.published.seconds()
    }

    /// The limits that hold for an article: the general ones, with what the overrides for it
    /// change.
    fn limits(&self, facts: &Facts) -> Cow<'a, Limits> {
        let mut limits = Cow::Borrowed(&self.config.curation.limits);
        for (item, topic) in self
            .config
            .curation
            .overrides
            .iter()
            .zip(&self.override_topics)
        {
            let meant = match (&item.scope, topic) {
                (OverrideScope::Provider(domain), _) => facts
                    .provider
                    .as_ref()
                    .is_some_and(|provider| is_domain_or_below(&provider.domain, domain)),
                (OverrideScope::Topic(_), Some(key)) => facts
                    .topics
                    .iter()
                    .any(|topic| self.names.key(topic) == *key),
                (OverrideScope::Topic(_), None) => false,
            };
            if meant {
                let Limits {
                    min_quality,
                    min_heat,
                    max_age,
                    unscored,
                } = item.limits.clone();
                let before = limits.into_owned();
                limits = Cow::Owned(Limits {
                    min_quality: min_quality.or(before.min_quality),
                    min_heat: min_heat.or(before.min_heat),
                    max_age: max_age.or(before.max_age),
                    unscored: unscored.or(before.unscored),
                });
            }
        }
        limits
    }

    fn check(&self, rule: Rule, facts: &Facts, limits: &Limits) -> Check {
        let (value, limit, location) = match rule {
            Rule::Deleted | Rule::Unpublished | Rule::Expired => self.stated(rule, facts),
            Rule::Future | Rule::MaxAge => self.aged(rule, facts, limits),
            Rule::MinQuality => scored(facts.quality, limits.min_quality.as_ref(), limits),
            Rule::MinHeat => scored(facts.heat, limits.min_heat.as_ref(), limits),
            _ => self.listed(rule, facts),
        };
        Check {
            rule,
            passed: self.passes(rule, facts, limits),
            value,
            limit,
            location,
        }
    }

    /// What a rule finds that goes by the front matter alone.
    fn stated(&self, rule: Rule, facts: &Facts) -> Found {
        let shown = |time: Time| time.shown(&self.config.time_zone);
        let (value, limit) = match rule {
            Rule::Deleted => (facts.is_deleted.to_string(), "false".to_owned()),
            Rule::Unpublished => (facts.is_published.to_string(), "true".to_owned()),
            _ => (
                facts.expires.map(shown).unwrap_or_default(),
                format!("after {}", shown(self.now)),
            ),
        };
        (value, limit, "front matter".to_owned())
    }

    /// What a rule finds that goes by the date.
    fn aged(&self, rule: Rule, facts: &Facts, limits: &Limits) -> Found {
        if rule == Rule::Future {
            let shown = |time: Time| time.shown(&self.config.time_zone);
            let future = &self.config.curation.future;
            let limit = match future.value {
                Keep::Keep => "any date".to_owned(),
                Keep::Drop => format!("not after {}", shown(self.now)),
            };
            return (shown(facts.published), limit, future.location.clone());
        }
        let days = plural(self.age(facts).max(0) / 86_400, "day", "days");
        match &limits.max_age {
            Some(most) => {
                let limit = format!("at most {}", age_in_words(most.value));
                (days, limit, most.location.clone())
            }
            None => (days, "no limit".to_owned(), "default".to_owned()),
        }
    }

    /// What a rule finds that goes by a list of the settings.
    fn listed(&self, rule: Rule, facts: &Facts) -> Found {
        let curation = &self.config.curation;
        match rule {
            Rule::BlockedProvider => {
                let provider = facts.provider.as_ref();
                let domain = provider.map(|provider| provider.domain.clone());
                let blocked = &curation.block_providers;
                (
                    domain.unwrap_or_else(|| "none".to_owned()),
                    any_but(&blocked.value),
                    blocked.location.clone(),
                )
            }
            Rule::OtherTopic => (
                in_words(&facts.topics),
                in_words(&curation.topics.value),
                curation.topics.location.clone(),
            ),
            Rule::BlockedTopic => (
                in_words(&facts.topics),
                any_but(&curation.block_topics.value),
                curation.block_topics.location.clone(),
            ),
            Rule::BlockedTitle => (
                facts.title.clone(),
                any_but(&curation.block_titles.value),
                curation.block_titles.location.clone(),
            ),
            Rule::BlockedUrl => (
                facts.link.clone().unwrap_or_else(|| "none".to_owned()),
                any_but(&curation.block_urls.value),
                curation.block_urls.location.clone(),
            ),
            Rule::Require => {
                let required = curation.require.value.iter();
                let missing: Vec<&String> = required.filter(|field| !has(facts, field)).collect();
                let value = match missing.is_empty() {
                    true => "nothing missing".to_owned(),
                    false => format!("no {}", in_words(&missing)),
                };
                (
                    value,
                    in_words(&curation.require.value),
                    curation.require.location.clone(),
                )
            }
            // These go by other articles, and by their pages.
            Rule::Duplicate => nothing(curation.duplicates.location.clone()),
            _ => nothing(self.config.location("permalinks.article")),
        }
    }
}

/// What a rule finds: the value of the article, the limit, and where that is set.
type Found = (String, String, String);

fn nothing(location: String) -> Found {
    (String::new(), String::new(), location)
}

/// What a rule finds that goes by a score.
fn scored(value: Option<i64>, limit: Option<&Setting<i64>>, limits: &Limits) -> Found {
    let shown = value.map_or_else(|| "unknown".to_owned(), |value| value.to_string());
    let Some(limit) = limit else {
        return (shown, "no limit".to_owned(), "default".to_owned());
    };
    let least = format!("at least {}", limit.value);
    if value.is_some() {
        return (shown, least, limit.location.clone());
    }
    let unscored = limits.unscored.as_ref();
    match unscored.filter(|unscored| unscored.value == Keep::Drop) {
        Some(unscored) => {
            let words = format!("{least}; without a score: dropped");
            (shown, words, unscored.location.clone())
        }
        None => {
            let words = format!("{least}; without a score: kept");
            (shown, words, limit.location.clone())
        }
    }
}

/// Items with commas.
fn in_words<T: ToString>(items: &[T]) -> String {
    let words: Vec<String> = items.iter().map(ToString::to_string).collect();
    match words.is_empty() {
        true => "none".to_owned(),
        false => words.join(", "),
    }
}

/// What a list of blocked values lets pass.
fn any_but<T: ToString>(items: &[T]) -> String {
    match items.is_empty() {
        true => "any".to_owned(),
        false => format!("any but {}", in_words(items)),
    }
}

/// The keys of topics and of those that have a file and lie below them.
fn with_below(library: &Library, names: &TopicNames, of: &[String]) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = of.iter().map(|name| names.key(name)).collect();
    // Each round goes one level down.
    while !keys.is_empty() {
        let below = library.topics.iter().filter(|topic| {
            let parent = topic.parent.as_deref().map(|name| names.key(name));
            parent.is_some_and(|parent| keys.contains(&parent))
        });
        let found: Vec<String> = below.map(|topic| topic_key(&topic.name)).collect();
        let before = keys.len();
        keys.extend(found);
        if keys.len() == before {
            break;
        }
    }
    keys
}

fn scores_enough(value: Option<i64>, limit: Option<&Setting<i64>>, limits: &Limits) -> bool {
    let Some(limit) = limit else { return true };
    match value {
        Some(value) => value >= limit.value,
        None => limits
            .unscored
            .as_ref()
            .is_none_or(|unscored| unscored.value == Keep::Keep),
    }
}

/// Whether a domain is another one, or lies below it.
pub(super) fn is_domain_or_below(domain: &str, blocked: &str) -> bool {
    domain
        .strip_suffix(blocked)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn has(facts: &Facts, field: &str) -> bool {
    match field {
        "excerpt" => facts.excerpt_length > 0,
        "image" => facts.has_image,
        "provider" => facts.provider.is_some(),
        "topics" => !facts.topics.is_empty(),
        "quality" => facts.quality.is_some(),
        "heat" => facts.heat.is_some(),
        "body" => facts.has_body,
        _ => true,
    }
}

fn age_in_words(seconds: i64) -> String {
    match (seconds / 86_400, seconds % 86_400) {
        (days, 0) => plural(days, "day", "days"),
        _ => plural(seconds / 3600, "hour", "hours"),
    }
}

fn plural(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
