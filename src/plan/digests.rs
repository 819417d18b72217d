//! The pages of digests: each a page, an email and a text; all of them in an index and in feeds;
//! the newest at fixed addresses, from where a mailing is sent.

use super::pages::Planner;
use super::route::{self, fixed};
use super::shared::hash_of;
use super::{EmailFormat, PageKind, Plan};
use crate::curate::{Digest, Edition};
use crate::hash::{Hash128, Hasher};

/// Digests in their feed, at most.
const IN_FEED: usize = 12;

impl Plan {
    /// The digests that their feeds carry, newest first.
    pub fn digests_in_feed<'e>(&self, edition: &'e Edition) -> &'e [Digest] {
        &edition.digests[..edition.digests.len().min(IN_FEED)]
    }
}

impl Planner<'_> {
    /// The pages of all digests. What each is made of does not tell of newer ones, so it stays as
    /// it is.
    pub(super) fn digests(&mut self) {
        let Some(rules) = &self.config.digests else {
            return;
        };
        let own = {
            let mut hasher = Hasher::new("issues");
            hasher.hash(hash_of(&self.plan.shared.strings));
            hasher
                .optional(rules.title.as_deref())
                .optional(rules.unsubscribe.as_deref());
            hasher
                .optional(rules.address.as_deref())
                .optional(self.config.theme.accent.as_deref());
            hasher
                .number(i64::from(rules.cadence == crate::config::Cadence::Day))
                .finish()
        };
        let mut index = Hasher::new("issue index");
        let mut feed = Hasher::new("issue feed");
        index.hash(own);
        feed.hash(own);
        for number in 0..self.edition.digests.len() {
            let content = self.digest(number, own);
            let url = self.plan.shared.digest_urls[number].clone();
            self.emails(
                [&route::email(&url), &route::email_text(&url)],
                number,
                content,
            );
            if number == 0 {
                self.emails([fixed::LATEST_EMAIL, fixed::LATEST_TEXT], number, content);
                self.data(fixed::LATEST.to_owned(), PageKind::LatestDigest, content);
            }
            if number < IN_FEED {
                feed.hash(content);
            }
            index.hash(self.line_of(number));
            self.template(url, PageKind::Digest(number), content);
        }
        self.template(fixed::DIGESTS.to_owned(), PageKind::Digests, index.finish());
        let content = feed.finish();
        for format in &self.plan.feed_formats {
            self.data(
                route::feed(fixed::DIGESTS, *format),
                PageKind::DigestFeed(*format),
                content,
            );
        }
    }

    fn emails(&mut self, [html, text]: [&str; 2], number: usize, content: Hash128) {
        self.template(
            html.to_owned(),
            PageKind::Email(number, EmailFormat::Html),
            content,
        );
        self.template(
            text.to_owned(),
            PageKind::Email(number, EmailFormat::Text),
            content,
        );
    }

    /// What the page, the email and the text of a digest show.
    fn digest(&self, number: usize, own: Hash128) -> Hash128 {
        let digest = &self.edition.digests[number];
        let urls = &self.plan.shared.digest_urls;
        let mut hasher = self.digest_head(number);
        hasher
            .hash(own)
            .optional(urls.get(number + 1).map(String::as_str));
        hasher.number(digest.sections.len() as i64);
        for section in &digest.sections {
            hasher.hash(
                section
                    .topic
                    .map(|topic| self.parts.topic_refs[topic])
                    .unwrap_or_default(),
            );
            hasher.number(section.stories.len() as i64);
        }
        for pick in digest.picks() {
            hasher
                .hash(self.parts.stories[pick.place])
                .number(pick.coverage.len() as i64);
            for other in &pick.coverage {
                hasher.hash(self.parts.stories[*other]);
            }
        }
        hasher.finish()
    }

    /// What the index shows of a digest.
    fn line_of(&self, number: usize) -> Hash128 {
        let digest = &self.edition.digests[number];
        let mut hasher = self.digest_head(number);
        hasher
            .hash(self.parts.stories[digest.lead.place])
            .number(digest.picks().count() as i64);
        hasher.finish()
    }

    fn digest_head(&self, number: usize) -> Hasher {
        let period = &self.edition.digests[number].period;
        let mut hasher = Hasher::new("issue");
        hasher.text(&self.plan.shared.digest_urls[number]);
        hasher
            .hash(hash_of(&period.first))
            .hash(hash_of(&period.last))
            .number(period.end.seconds());
        hasher
    }
}
