//! What pages a site has, and what its front page and listings show.

use super::{Resolver, optional_integer};
use crate::config::{ArticlePages, Covers, FrontSettings, FrontStyle, Look, Older, Ranking};

/// Articles on a numbered page of a site whose articles have no pages.
const FLAT_PAGE_SIZE: usize = 200;
/// Top stories of a front page of headlines.
const HEADLINES: usize = 30;

impl Resolver<'_, '_> {
    pub(super) fn article_pages(&self) -> ArticlePages {
        match self.text("articles.pages").as_str() {
            "own" => ArticlePages::Own,
            "none" => ArticlePages::None,
            _ => ArticlePages::All,
        }
    }

    pub(super) fn event_pages(&self) -> Option<usize> {
        // A site whose articles have no files is to have few of others, too.
        let is_flat = self.article_pages() == ArticlePages::None;
        let has_pages = match self.is_set("events.pages") {
            true => self.boolean("events.pages"),
            false => !is_flat,
        };
        has_pages.then(|| self.size("events.reports"))
    }

    pub(super) fn page_size(&self) -> usize {
        let is_flat = self.article_pages() == ArticlePages::None;
        match is_flat && !self.is_set("listing.page_size") {
            true => FLAT_PAGE_SIZE,
            false => self.size("listing.page_size"),
        }
    }

    pub(super) fn older(&self) -> Older {
        let is_flat = self.article_pages() == ArticlePages::None;
        let chosen = match is_flat && !self.is_set("listing.older") {
            true => vec!["months".to_owned()],
            false => self.texts("listing.older"),
        };
        let has = |name: &str| chosen.iter().any(|listing| listing == name);
        Older {
            all: has("all"),
            topics: has("topics"),
            providers: has("providers"),
            months: has("months"),
        }
    }

    pub(super) fn feeds_of_providers(&self) -> bool {
        let is_flat = self.article_pages() == ArticlePages::None;
        match is_flat && !self.is_set("feeds.providers") {
            true => false,
            false => self.boolean("feeds.providers"),
        }
    }

    pub(super) fn ranking(&self) -> Ranking {
        Ranking {
            half_life: self.integer("ranking.half_life"),
            quality_share: self.integer("ranking.quality_share"),
            derives_heat: self.text("ranking.heat") == "derived",
        }
    }

    pub(super) fn front(&self) -> FrontSettings {
        let style = match self.text("front.style").as_str() {
            "river" => FrontStyle::River,
            "headlines" => FrontStyle::Headlines,
            _ => FrontStyle::Newspaper,
        };
        let limit = |name: &str| Some(self.size(name)).filter(|limit| *limit > 0);
        FrontSettings {
            style,
            top: match style == FrontStyle::Headlines && !self.is_set("front.top") {
                true => HEADLINES,
                false => self.size("front.top"),
            },
            latest: self.size("front.latest"),
            bands: self.size("front.bands"),
            band: self.size("front.band"),
            per_provider: limit("front.per_provider"),
            per_topic: limit("front.per_topic"),
        }
    }

    pub(super) fn look(&mut self) -> Look {
        let length = optional_integer(self.values, "theme.excerpt_length");
        if length.is_some_and(|length| length < 0) {
            let span = self.span("theme.excerpt_length");
            let message = "`theme.excerpt_length` must not be negative";
            self.reader.problem(span, message, "0 leaves excerpts out");
        }
        Look {
            is_dense: self.text("listing.density") == "dense",
            covers: match self.text("theme.covers").as_str() {
                "small" => Covers::Small,
                "off" => Covers::Off,
                _ => Covers::On,
            },
            excerpt: length.and_then(|length| usize::try_from(length).ok()),
        }
    }
}
