//! What pages a site has, and what its front page and listings show.

use serde::Serialize;

/// `articles.pages`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticlePages {
    /// All articles have a page.
    All,
    /// Those with a body or coverage have one, and those without an original.
    Own,
    /// Those without an original have one.
    None,
}

/// `[front]`: how many stories are in which part of the front page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontSettings {
    /// What it is.
    pub style: FrontStyle,
    /// Stories beside the lead.
    pub top: usize,
    /// The newest of the others.
    pub latest: usize,
    /// Topics that have a band.
    pub bands: usize,
    /// Stories in a band.
    pub band: usize,
    /// Top stories of one provider, at most; none when there is no limit.
    pub per_provider: Option<usize>,
    /// Top stories with one label, at most; none when there is no limit.
    pub per_topic: Option<usize>,
}

/// `front.style`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontStyle {
    /// A lead, top stories, the latest, bands.
    Newspaper,
    /// The newest stories by day.
    River,
    /// The top stories as a list, and the latest.
    Headlines,
}

impl FrontStyle {
    /// As `front.style` has it.
    pub fn name(self) -> &'static str {
        match self {
            FrontStyle::Newspaper => "newspaper",
            FrontStyle::River => "river",
            FrontStyle::Headlines => "headlines",
        }
    }
}

/// `[ranking]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// Seconds in which a story loses half of its weight.
    pub half_life: i64,
    /// How much of the weight is quality, in percent; the rest is heat.
    pub quality_share: i64,
    /// Whether articles without a heat get one by their events.
    pub derives_heat: bool,
}

/// How stories look in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Look {
    /// Whether lists are dense.
    pub is_dense: bool,
    /// Pictures of stories.
    pub covers: Covers,
    /// Characters of an excerpt, at most.
    pub excerpt: Option<usize>,
}

/// `theme.covers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Covers {
    /// As the place has them.
    On,
    /// Small ones only.
    Small,
    /// None.
    Off,
}

/// `listing.older`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Older {
    /// The listing of all articles.
    pub all: bool,
    /// Those of topics.
    pub topics: bool,
    /// Those of providers.
    pub providers: bool,
    /// Those of months.
    pub months: bool,
}
