//! The settings of `[fetch]`.

use super::{Resolver, optional_integer};
use crate::config::{Fetch, Pattern, language};

impl Resolver<'_, '_> {
    pub(super) fn fetch(&mut self) -> Fetch {
        let values = self.values;
        let languages = self.texts("fetch.languages");
        for written in languages.iter().filter(|tag| !language::is_tag(tag)) {
            let span = self.span("fetch.languages");
            self.reader.problem(
                span,
                format!("`{written}` in `fetch.languages` is not a language"),
                "give tags such as \"en\" or \"pt-BR\"",
            );
        }
        let keep = self.item_patterns("fetch.keep");
        let skip = self.item_patterns("fetch.skip");
        Fetch {
            keep: self.setting(values, "fetch.keep", keep),
            skip: self.setting(values, "fetch.skip", skip),
            languages: self.setting(values, "fetch.languages", languages),
            min_length: self.setting(values, "fetch.min_length", self.size("fetch.min_length")),
            max_age: optional_integer(values, "fetch.max_age")
                .map(|age| self.setting(values, "fetch.max_age", age)),
            first_max_age: self.setting(
                values,
                "fetch.first_max_age",
                self.integer("fetch.first_max_age"),
            ),
            every: self.integer("fetch.every"),
            expire_after: self.integer("fetch.expire_after"),
            allow_hosts: self
                .texts("fetch.allow_hosts")
                .iter()
                .map(|host| host.to_lowercase())
                .collect(),
        }
    }

    fn item_patterns(&mut self, name: &str) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for written in self.texts(name) {
            match Pattern::parse(&written) {
                Ok(pattern) => patterns.push(pattern),
                Err(reason) => {
                    let span = self.span(name);
                    self.reader.problem(
                        span,
                        format!("`{written}` in `{name}` is not a regular expression: {reason}"),
                        "see https://docs.rs/regex/#syntax; a backslash before a sign takes it as \
                         it is",
                    );
                }
            }
        }
        patterns
    }
}
