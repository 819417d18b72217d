//! The pages of digests: each a page, an email and a text; all of them in an index and in feeds; the newest at fixed
//! addresses, from where a mailing is sent.

use super::pages::Planner;
use super::route::{self, fixed};
use super::shared::digest_of;
use super::{Kind, Letter, Plan};
use crate::curate::{Edition, Issue};
use crate::digest::{Digest, Hasher};

/// Digests in their feed, at most.
const IN_FEED: usize = 12;

impl Plan {
    /// The digests that their feeds carry, newest first.
    pub fn issues_in_feed<'e>(&self, edition: &'e Edition) -> &'e [Issue] {
        &edition.issues[..edition.issues.len().min(IN_FEED)]
    }
}

impl Planner<'_> {
    /// The pages of all digests. What each is made of does not tell of newer ones, so it stays as it is.
    pub(super) fn issues(&mut self) {
        let Some(rules) = &self.config.issues else {
            return;
        };
        let own = {
            let mut hasher = Hasher::new("issues");
            hasher.digest(digest_of(&self.plan.shared.strings));
            hasher.optional(rules.title.as_deref()).optional(rules.unsubscribe.as_deref());
            hasher.optional(rules.address.as_deref()).optional(self.config.theme.accent.as_deref());
            hasher.number(i64::from(rules.cadence == crate::config::Cadence::Day)).finish()
        };
        let mut index = Hasher::new("issue index");
        let mut feed = Hasher::new("issue feed");
        index.digest(own);
        feed.digest(own);
        for number in 0..self.edition.issues.len() {
            let content = self.issue(number, own);
            let url = self.plan.shared.issue_urls[number].clone();
            self.letters([&route::email(&url), &route::email_text(&url)], number, content);
            if number == 0 {
                self.letters([fixed::LATEST_EMAIL, fixed::LATEST_TEXT], number, content);
                self.data(fixed::LATEST.to_owned(), Kind::LatestIssue, content);
            }
            if number < IN_FEED {
                feed.digest(content);
            }
            index.digest(self.line_of(number));
            self.template(url, Kind::Issue(number), content);
        }
        self.template(fixed::DIGESTS.to_owned(), Kind::Issues, index.finish());
        let content = feed.finish();
        for format in &self.plan.feed_formats {
            self.data(route::feed(fixed::DIGESTS, *format), Kind::IssueFeed(*format), content);
        }
    }

    fn letters(&mut self, [html, text]: [&str; 2], number: usize, content: Digest) {
        self.template(html.to_owned(), Kind::Letter(number, Letter::Html), content);
        self.template(text.to_owned(), Kind::Letter(number, Letter::Text), content);
    }

    /// What the page, the email and the text of a digest show.
    fn issue(&self, number: usize, own: Digest) -> Digest {
        let issue = &self.edition.issues[number];
        let urls = &self.plan.shared.issue_urls;
        let mut hasher = self.issue_head(number);
        hasher.digest(own).optional(urls.get(number + 1).map(String::as_str));
        hasher.number(issue.sections.len() as i64);
        for section in &issue.sections {
            hasher.digest(section.topic.map(|topic| self.parts.topic_refs[topic]).unwrap_or_default());
            hasher.number(section.stories.len() as i64);
        }
        for pick in issue.picks() {
            hasher.digest(self.parts.stories[pick.place]).number(pick.coverage.len() as i64);
            for other in &pick.coverage {
                hasher.digest(self.parts.stories[*other]);
            }
        }
        hasher.finish()
    }

    /// What the index shows of a digest.
    fn line_of(&self, number: usize) -> Digest {
        let issue = &self.edition.issues[number];
        let mut hasher = self.issue_head(number);
        hasher.digest(self.parts.stories[issue.lead.place]).number(issue.picks().count() as i64);
        hasher.finish()
    }

    fn issue_head(&self, number: usize) -> Hasher {
        let period = &self.edition.issues[number].period;
        let mut hasher = Hasher::new("issue");
        hasher.text(&self.plan.shared.issue_urls[number]);
        hasher.digest(digest_of(&period.first)).digest(digest_of(&period.last)).number(period.end.seconds());
        hasher
    }
}
