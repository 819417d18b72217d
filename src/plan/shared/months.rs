//! Months that have articles.

use serde::Serialize;

use super::{Counts, Shared};
use crate::config::Config;
use crate::content::Library;
use crate::curate::Edition;
use crate::ids::{EditionIndex, List, MonthId};
use crate::plan::route::Routes;

/// `month`, and an item of `months`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthView {
    year: i16,
    month: i8,
    date: String,
    url: String,
    count: Option<usize>,
}

/// A month that has articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Year.
    pub year: i16,
    /// Month, from 1.
    pub month: i8,
    /// Its page, without the path of the base URL.
    pub url: String,
    /// Its articles, newest first.
    pub articles: Vec<EditionIndex>,
}

impl Shared {
    /// `months`.
    pub fn months_view(&self) -> Vec<MonthView> {
        self.months
            .ids()
            .map(|month| self.month_view(month, Counts::Shown))
            .collect()
    }

    pub(in crate::plan) fn month_view(&self, id: MonthId, counts: Counts) -> MonthView {
        let month = &self.months[id];
        MonthView {
            year: month.year,
            month: month.month,
            date: format!("{:04}-{:02}-01", month.year, month.month),
            url: self.href(&month.url),
            count: (counts == Counts::Shown).then_some(month.articles.len()),
        }
    }
}

pub(super) fn months(
    library: &Library,
    edition: &Edition,
    config: &Config,
    routes: &Routes,
) -> List<MonthId, Month> {
    let mut months: List<MonthId, Month> = List::new();
    for (position, kept) in edition.articles.enumerate() {
        let date = library.articles[kept.article]
            .facts
            .published
            .date(&config.time_zone);
        // Articles come newest first, and so do their months.
        match months.last_mut() {
            Some(month) if (month.year, month.month) == (date.year(), date.month()) => {
                month.articles.push(position)
            }
            _ => {
                months.push(Month {
                    year: date.year(),
                    month: date.month(),
                    url: routes.month(date.year(), date.month()),
                    articles: vec![position],
                });
            }
        }
    }
    months
}
