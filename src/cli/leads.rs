//! Why a story leads the front page, or what it would take: for `newsgen explain`.

use serde_json::{Value, json};

use crate::content::article::Pin;
use crate::curate::{Edition, Pick, Worth, weight_above};
use crate::ids::{ArticleId, EditionId, EditionIndex};
use crate::pipeline::Site;
use crate::plan::{Front, PassedOver};

/// Where a story stands on the front page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Lead,
    /// Its number among the top stories, from 1, and how many there are.
    Top(usize, usize),
    Latest,
    Band,
    Nowhere,
}

/// A kept article and the front page of its edition.
struct Looked<'s> {
    site: &'s Site,
    id: EditionId,
    edition: &'s Edition,
    front: &'s Front,
    position: EditionIndex,
}

/// What is to say of an article and the front page, line by line; nothing of one that is dropped.
pub(super) fn lines(site: &Site, article: ArticleId) -> Vec<String> {
    Looked::at(site, article).map_or_else(Vec::new, |looked| looked.lines())
}

/// The same for programs: the shape is described in `docs/json.md`.
pub(super) fn json(site: &Site, article: ArticleId) -> Option<Value> {
    let looked = Looked::at(site, article)?;
    let worth = looked.worth(looked.position);
    Some(json!({
        "place": looked.place().name(),
        "pinned": looked.is_pinned(),
        "weight": worth.weight,
        "quality": worth.quality,
        "heat": worth.heat,
        "heat_is_derived": worth.is_derived,
        "weight_to_lead": looked.weight_to_lead(),
    }))
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Place::Lead => "lead",
            Place::Top(..) => "top",
            Place::Latest => "latest",
            Place::Band => "band",
            Place::Nowhere => "none",
        }
    }
}

impl<'s> Looked<'s> {
    fn at(site: &'s Site, article: ArticleId) -> Option<Looked<'s>> {
        site.editions.enumerate().find_map(|(id, edition)| {
            let position = edition.articles.find(|kept| kept.article == article)?;
            let front = &site.plan.editions[id].front;
            Some(Looked {
                site,
                id,
                edition,
                front,
                position,
            })
        })
    }

    fn worth(&self, position: EditionIndex) -> Worth {
        let config = self.site.config.edition(self.id);
        self.edition.worth(&self.site.library, config, position)
    }

    fn path(&self, position: EditionIndex) -> &str {
        &self.site.library.articles[self.edition.articles[position].article].path
    }

    fn is_pinned(&self) -> bool {
        self.edition.pinned.contains(&self.position)
    }

    fn place(&self) -> Place {
        let front = self.front;
        let is_it = |pick: &Pick| pick.position == self.position;
        let top = front.top.iter().position(is_it);
        let mut in_bands = front.bands.iter().flat_map(|(_, stories)| stories);
        if front.lead.as_ref().is_some_and(is_it) {
            Place::Lead
        } else if let Some(at) = top {
            Place::Top(at + 1, front.top.len())
        } else if front.latest.iter().any(is_it) {
            Place::Latest
        } else if in_bands.any(is_it) {
            Place::Band
        } else {
            Place::Nowhere
        }
    }

    /// The story that is first on the page by rank.
    fn first(&self) -> Option<EditionIndex> {
        let first = self.front.lead.as_ref().or(self.front.top.first());
        first.map(|pick| pick.position)
    }

    /// The least weight with which it would lead; none for the lead, and where no weight would do.
    fn weight_to_lead(&self) -> Option<u64> {
        let first = self.first().filter(|first| *first != self.position)?;
        if self.edition.pinned.contains(&first) {
            return None;
        }
        let article = self.edition.articles[self.position].article;
        let published = self.site.library.articles[article].facts.published;
        let ranking = &self.site.config.edition(self.id).ranking;
        weight_above(published, self.worth(first).score, ranking)
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.standing(), self.weight()];
        lines.extend(self.passed_over());
        lines.extend(self.what_it_takes());
        lines
    }

    fn standing(&self) -> String {
        let facts = {
            let article = self.edition.articles[self.position].article;
            &self.site.library.articles[article].facts
        };
        let zone = &self.site.config.edition(self.id).time_zone;
        let pinned = match (self.is_pinned(), facts.pin) {
            (true, Pin::Until(end)) => format!(", pinned until {}", end.shown(zone)),
            (true, _) => ", pinned".to_owned(),
            (false, Pin::Until(end)) => {
                format!(", no longer pinned since {}", end.shown(zone))
            }
            (false, _) => String::new(),
        };
        let place = match self.place() {
            Place::Lead => "leads".to_owned(),
            Place::Top(number, of) => format!("top story {number} of {of}"),
            Place::Latest => "among the latest".to_owned(),
            Place::Band => "in the band of a topic".to_owned(),
            Place::Nowhere => "not there".to_owned(),
        };
        format!("{place}{pinned}")
    }

    fn weight(&self) -> String {
        let worth = self.worth(self.position);
        let score = |score: Option<i64>| score.map_or("none".to_owned(), |score| score.to_string());
        let heat = match worth.is_derived {
            true => format!("{} from its event", score(worth.heat)),
            false => score(worth.heat),
        };
        let half_life = self.site.config.edition(self.id).ranking.half_life;
        let half_life = match half_life % 3600 {
            0 => format!("{} hours", half_life / 3600),
            _ => format!("{} minutes", half_life / 60),
        };
        format!(
            "weight {} (quality {}, heat {heat}), halved every {half_life}",
            worth.weight,
            score(worth.quality)
        )
    }

    fn passed_over(&self) -> Option<String> {
        let mut passed = self.front.passed_over.iter();
        let (_, why) = passed.find(|(position, _)| *position == self.position)?;
        let config = self.site.config.edition(self.id);
        Some(match why {
            PassedOver::SameEvent(other) => {
                format!("behind {}, of the same event", self.path(*other))
            }
            PassedOver::Provider => format!(
                "others of its provider are there ({})",
                config.location("front.per_provider")
            ),
            PassedOver::Topic => format!(
                "others of its topic are there ({})",
                config.location("front.per_topic")
            ),
        })
    }

    fn what_it_takes(&self) -> Option<String> {
        let first = self.first().filter(|first| *first != self.position)?;
        let path = self.path(first);
        if self.edition.pinned.contains(&first) {
            return Some(format!(
                "to lead: a `pin`, and a higher rank than {path}, which is pinned"
            ));
        }
        let own = self.worth(self.position).weight;
        Some(match self.weight_to_lead() {
            Some(weight) if weight > own => {
                format!("to lead before {path}: a weight of {weight}, or `pin: true`")
            }
            _ => format!("to lead before {path}: `pin: true`"),
        })
    }
}
