//! `[curation]`, but for limits.

use regex::{Regex, RegexBuilder};

use super::{Resolver, domain};
use crate::config::{AddressPattern, Curation};

impl Resolver<'_, '_> {
    pub(super) fn curation(&mut self) -> Curation {
        let values = self.values;
        let titles = self.texts("curation.block.titles");
        let patterns = titles
            .iter()
            .filter_map(|title| self.pattern(title))
            .collect();
        let urls = self.texts("curation.block.urls");
        let urls = urls.iter().enumerate();
        let urls = urls
            .filter_map(|(number, written)| self.address_pattern(number, written))
            .collect();
        Curation {
            limits: self.limits(values, "curation."),
            overrides: self.overrides(),
            future: self.setting(values, "curation.future", self.keep("curation.future")),
            require: self.setting(values, "curation.require", self.texts("curation.require")),
            duplicates: self.setting(
                values,
                "curation.duplicates",
                self.keep("curation.duplicates"),
            ),
            topics: self.setting(values, "curation.topics", self.texts("curation.topics")),
            block_providers: self.setting(
                values,
                "curation.block.providers",
                self.texts("curation.block.providers")
                    .iter()
                    .map(|written| domain(written))
                    .collect(),
            ),
            block_topics: self.setting(
                values,
                "curation.block.topics",
                self.texts("curation.block.topics"),
            ),
            block_titles: self.setting(values, "curation.block.titles", patterns),
            block_urls: self.setting(values, "curation.block.urls", urls),
        }
    }

    fn pattern(&mut self, title: &str) -> Option<Regex> {
        let made = RegexBuilder::new(title)
            .case_insensitive(true)
            .size_limit(1 << 20)
            .build();
        if let Err(error) = &made {
            let span = self.span("curation.block.titles");
            let reason = error.to_string();
            let reason = reason
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            self.reader.problem(
                span,
                format!(
                    "`{title}` in `curation.block.titles` is not a valid regular expression: \
                     {reason}"
                ),
                "see https://docs.rs/regex/#syntax; put a backslash before a character to match it \
                 literally",
            );
        }
        made.ok()
    }

    fn address_pattern(&mut self, number: usize, written: &str) -> Option<AddressPattern> {
        let read = AddressPattern::parse(written);
        if let Err(reason) = &read {
            let key = "curation.block.urls";
            let mut items = self.values.items();
            let own = items.find_map(|(name, spans)| (name == key).then_some(spans));
            let span = own.and_then(|spans| spans.get(number)).cloned();
            let span = span.unwrap_or_else(|| self.span(key));
            let message = format!("`{written}` in `{key}` is no pattern of addresses: {reason}");
            let help = "write a host and a path, such as \"example.org/ads/*\"";
            self.reader.problem(span, message, help);
        }
        read.ok()
    }
}
