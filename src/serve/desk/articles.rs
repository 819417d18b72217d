//! The articles of the site as a list: filtered, sorted, a page at a time; and why one is in or
//! out.

use std::cmp::Reverse;
use std::str::FromStr;

use ahash::HashMap;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::error::{DeskError, RequestError};
use super::row;
use super::work::Place;
use crate::content::article::Facts;
use crate::curate::{self, Check, Dropped};
use crate::ids::{ArticleId, EditionId, EditionIndex};
use crate::pipeline::Site;
use crate::plan::PageSpec;
use crate::serve::target::Target;
use crate::time::Time;
use crate::workspace::Workspace;

/// Rows that are sent at once.
const MOST_ROWS: usize = 200;

/// What is asked for again and again of one site.
pub(super) struct Index {
    /// Articles by what requests call them.
    by_id: HashMap<String, ArticleId>,
    dropped: HashMap<ArticleId, (EditionId, Dropped)>,
    positions: HashMap<ArticleId, (EditionId, EditionIndex)>,
}

impl Index {
    pub(super) fn of(site: &Site) -> Index {
        let articles = site.library.articles.as_slice();
        let ids: Vec<String> = articles
            .par_iter()
            .map(|entry| row::id(&entry.path))
            .collect();
        let kept = site.kept();
        let dropped = site.dropped();
        Index {
            by_id: ids.into_iter().zip(site.library.articles.ids()).collect(),
            positions: kept
                .map(|(edition, position, kept)| (kept.article, (edition, position)))
                .collect(),
            dropped: dropped
                .map(|(edition, dropped)| (dropped.article, (edition, dropped.clone())))
                .collect(),
        }
    }

    /// The article that requests call so.
    pub(super) fn article(&self, id: &str) -> Option<ArticleId> {
        self.by_id.get(id).copied()
    }

    fn dropped(&self, article: ArticleId) -> Option<&Dropped> {
        self.dropped.get(&article).map(|(_, dropped)| dropped)
    }

    /// The edition that an article is in, or would be.
    fn edition(&self, article: ArticleId) -> EditionId {
        let kept = self.positions.get(&article).map(|(edition, _)| *edition);
        let dropped = self.dropped.get(&article).map(|(edition, _)| *edition);
        kept.or(dropped).unwrap_or(EditionId::DEFAULT)
    }
}

/// A parameter in lower case, if it is given.
fn given(target: &Target, name: &str) -> Option<String> {
    let value = target.parameter(name)?.trim().to_lowercase();
    (!value.is_empty()).then_some(value)
}

/// A parameter that is a number, if it is given.
///
/// # Errors
/// That it is none.
pub(super) fn number<T: FromStr>(
    target: &Target,
    name: &'static str,
) -> Result<Option<T>, DeskError> {
    let Some(value) = given(target, name) else {
        return Ok(None);
    };
    let number = value.parse();
    let number = number.map_err(|_| unreadable(name, &value, "a whole number"))?;
    Ok(Some(number))
}

fn unreadable(name: &'static str, value: &str, wanted: &'static str) -> DeskError {
    let value = value.to_owned();
    let error = RequestError::Parameter {
        name,
        value,
        wanted,
    };
    error.into()
}

/// An order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    #[default]
    Newest,
    Oldest,
    Best,
    Worst,
    Title,
    Provider,
}

/// What a page asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    words: Vec<String>,
    topic: Option<String>,
    provider: Option<String>,
    /// Name of a rule, `kept` or `dropped`.
    state: Option<String>,
    quality: (Option<i64>, Option<i64>),
    since: Option<Time>,
    until: Option<Time>,
    order: Order,
}

impl Wanted {
    /// Reads the parameters of an address.
    ///
    /// # Errors
    /// That one of them cannot be read.
    pub(super) fn of(target: &Target, zone: &jiff::tz::TimeZone) -> Result<Wanted, DeskError> {
        let given = |name: &str| given(target, name);
        let day = |name: &'static str| match given(name) {
            Some(value) => match Time::parse(&value.to_uppercase(), zone) {
                Ok(time) => Ok(Some(time)),
                Err(_) => Err(unreadable(name, &value, "a date, as 2026-11-25")),
            },
            None => Ok(None),
        };
        let words = given("q").unwrap_or_default();
        Ok(Wanted {
            words: words.split_whitespace().map(str::to_owned).collect(),
            topic: given("topic").map(|topic| curate::topic_key(&topic)),
            provider: given("provider"),
            state: given("state"),
            quality: (number(target, "from")?, number(target, "to")?),
            since: day("since")?,
            until: day("until")?,
            order: match given("order").as_deref() {
                None | Some("newest") => Order::Newest,
                Some("oldest") => Order::Oldest,
                Some("best") => Order::Best,
                Some("worst") => Order::Worst,
                Some("title") => Order::Title,
                Some("provider") => Order::Provider,
                Some(other) => {
                    let orders = "newest, oldest, best, worst, title or provider";
                    return Err(unreadable("order", other, orders));
                }
            },
        })
    }

    fn fits(&self, path: &str, facts: &Facts, dropped: Option<&Dropped>) -> bool {
        let reason = dropped.map(|dropped| dropped.rule.name());
        let is_in_state = self.state.as_deref().is_none_or(|state| match state {
            "kept" => reason.is_none(),
            "dropped" => reason.is_some(),
            rule => reason == Some(rule),
        });
        let (least, most) = self.quality;
        let has_quality = |quality: i64| {
            least.is_none_or(|least| quality >= least) && most.is_none_or(|most| quality <= most)
        };
        let is_asked = least.is_some() || most.is_some();
        let has_topic = |part: &String| {
            let mut topics = facts.topics.iter();
            topics.any(|it| curate::topic_key(it).contains(part.as_str()))
        };
        let published = facts.published;
        is_in_state
            && (!is_asked || facts.quality.is_some_and(has_quality))
            && self.since.is_none_or(|since| published >= since)
            && self.until.is_none_or(|until| published < until)
            && self.topic.as_ref().is_none_or(has_topic)
            && self.provider.as_ref().is_none_or(|wanted| {
                let provider = facts.provider.as_ref();
                provider.is_some_and(|it| {
                    let name = it.name.to_lowercase();
                    it.domain.contains(wanted) || name.contains(wanted)
                })
            })
            && self.has_words(path, facts, reason)
    }

    fn has_words(&self, path: &str, facts: &Facts, reason: Option<&str>) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let provider = facts.provider.as_ref();
        let texts = [&facts.title, path]
            .into_iter()
            .chain(provider.map(|it| it.name.as_str()))
            .chain(provider.map(|it| it.domain.as_str()))
            .chain(facts.topics.iter().map(String::as_str))
            .chain(reason);
        let texts = texts.fold(String::with_capacity(256), |mut all, text| {
            all.push_str(text);
            all.push(' ');
            all
        });
        let texts = texts.to_lowercase();
        self.words.iter().all(|word| texts.contains(word.as_str()))
    }

    /// The articles that fit, in their order.
    pub(super) fn find(&self, site: &Site, index: &Index) -> Vec<ArticleId> {
        let articles = &site.library.articles;
        let ids: Vec<ArticleId> = articles.ids().collect();
        let mut found: Vec<ArticleId> = ids
            .into_par_iter()
            .filter(|id| {
                let entry = &articles[*id];
                self.fits(&entry.path, &entry.facts, index.dropped(*id))
            })
            .collect();
        let facts = |id: &ArticleId| &articles[*id].facts;
        let provider = |id: &ArticleId| facts(id).provider.as_ref().map(|it| it.name.as_str());
        // Articles are numbered by their paths: equal ones keep that order.
        match self.order {
            Order::Newest => found.par_sort_by_key(|id| Reverse(facts(id).published)),
            Order::Oldest => found.par_sort_by_key(|id| facts(id).published),
            Order::Best => found.par_sort_by_key(|id| Reverse(facts(id).quality)),
            Order::Worst => found.par_sort_by_key(|id| facts(id).quality.unwrap_or(i64::MAX)),
            Order::Title => found.par_sort_by(|a, b| facts(a).title.cmp(&facts(b).title)),
            Order::Provider => found.par_sort_by(|a, b| provider(a).cmp(&provider(b))),
        }
        found
    }
}

/// A part of the list: each article as its file is now, so that an edit is made on what was seen.
pub(super) fn page(
    place: &Place<'_>,
    index: &Index,
    found: &[ArticleId],
    offset: usize,
    limit: usize,
) -> (Value, Vec<Vec<u8>>) {
    let site = &place.snapshot.site;
    let start = offset.min(found.len());
    let end = (start + limit.min(MOST_ROWS)).min(found.len());
    let rows: Vec<(Option<Vec<u8>>, Value)> = found[start..end]
        .par_iter()
        .map(|id| {
            let path = &site.library.articles[*id].path;
            let bytes = place.disk.read(path).ok();
            let mut shown = match &bytes {
                Some(bytes) => row::shown(&place.parser, path, bytes),
                None => {
                    json!({ "id": row::id(path), "path": path, "problem": "The file is gone." })
                }
            };
            add_state(&mut shown, site, index, *id);
            (bytes, shown)
        })
        .collect();
    let (bytes, rows): (Vec<Option<Vec<u8>>>, Vec<Value>) = rows.into_iter().unzip();
    let page = json!({ "total": found.len(), "offset": start, "rows": rows });
    (page, bytes.into_iter().flatten().collect())
}

/// Where an article stands in the site.
pub(super) fn add_state(shown: &mut Value, site: &Site, index: &Index, id: ArticleId) {
    let url = |(edition, position): &(EditionId, EditionIndex)| {
        let shared = &site.plan.editions[*edition].shared;
        shared.href(site.inputs(*edition).headline(*position).url())
    };
    shown["url"] = json!(index.positions.get(&id).map(url));
    shown["reason"] = json!(index.dropped(id).map(|dropped| dropped.rule.name()));
}

/// Why an article is in or out, and where it is shown.
pub(super) fn explain(site: &Site, index: &Index, id: ArticleId) -> Value {
    let entry = &site.library.articles[id];
    let edition_id = index.edition(id);
    let (edition, config) = (&site.editions[edition_id], site.config.edition(edition_id));
    let checks = curate::explain(&site.library, edition, config, site.now, id);
    let dropped = index.dropped(id);
    let winner = dropped.and_then(|dropped| dropped.winner);
    let position = index.positions.get(&id).map(|(_, position)| *position);
    let plan = &site.plan.editions[edition_id];
    let shows = |page: &&PageSpec| {
        let shows = |position| plan.inputs(edition, &page.kind).contains(&position);
        page.edition == edition_id && position.is_some_and(shows)
    };
    let pages = site.plan.pages.iter().filter(shows);
    let pages: Vec<String> = pages.map(|page| plan.shared.href(&page.url)).collect();
    let rank = position.and_then(|position| edition.top.iter().position(|it| *it == position));
    json!({
        "id": row::id(&entry.path),
        "path": entry.path,
        "reason": dropped.map(|dropped| dropped.rule.name()),
        "winner": winner.map(|winner| site.library.articles[winner].path.as_str()),
        "rules": checks.iter().map(rule).collect::<Vec<_>>(),
        "rank": rank.map(|rank| rank + 1),
        "pages": pages,
    })
}

fn rule(check: &Check) -> Value {
    json!({
        "rule": check.rule.name(),
        "passed": check.passed,
        "value": check.value,
        "limit": check.limit,
        "setting": check.location,
    })
}
