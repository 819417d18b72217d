//! Which pages the sitemaps name, and when each changed last.

use super::route::fixed;
use super::{Of, Plan, Sitemap};
use crate::config::Config;
use crate::content::Library;
use crate::curate::{Edition, Kept};
use crate::time::Time;

pub(super) fn lines(plan: &Plan, library: &Library, edition: &Edition, config: &Config) -> Sitemap {
    let modified = |kept: &Kept| {
        let facts = &library.articles[kept.number].facts;
        facts.updated.unwrap_or(facts.published)
    };
    let articles: Vec<Time> = edition.articles.iter().map(modified).collect();
    let mut others: Vec<(String, Option<Time>)> = Vec::new();
    let newest = |of: Of| plan.articles(edition, of).first().map(|place| articles[*place]);
    let mut add = |url: &str, modified: Option<Time>| others.push((url.to_owned(), modified));
    for url in &plan.shared.page_urls {
        add(url, None);
    }
    // The oldest first, so that a new digest comes after what is there.
    for (issue, url) in edition.issues.iter().zip(&plan.shared.issue_urls).rev() {
        let newest = issue.picks().map(|pick| articles[pick.place]).max();
        add(url, newest.max(Some(issue.period.end)));
    }
    if config.issues.is_some() {
        add(fixed::DIGESTS, edition.issues.first().map(|issue| issue.period.end));
    }
    let months = (0..plan.shared.months.len()).rev().map(Of::Month);
    let topics = (0..edition.topics.len()).map(Of::Topic);
    let providers = (0..edition.providers.len()).map(Of::Provider);
    for of in months.chain(providers).chain(topics) {
        add(plan.head(of), newest(of));
    }
    add(fixed::PROVIDERS, newest(Of::All));
    add(fixed::TOPICS, newest(Of::All));
    if config.archive {
        add(fixed::ARCHIVE, newest(Of::All));
    }
    add(fixed::HOME, newest(Of::All));
    Sitemap { articles, others }
}
