//! The settings of `[fetch]`.

use super::{Resolver, optional_integer};
use crate::config::{
    CANDIDATE_FIELDS, Fetch, Pattern, PictureFrom, PublishRule, Setting, language,
};

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
            publish: self.publish(),
            filter: self.filter(),
            filter_timeout: self.integer("fetch.filter_timeout"),
            image: PictureFrom::parse(&self.text("fetch.image")).unwrap_or(PictureFrom::Feed),
            image_pages: self.size("fetch.image_pages"),
            every: self.integer("fetch.every"),
            expire_after: self.integer("fetch.expire_after"),
            reject_reasons: self.texts("fetch.reject_reasons"),
            allow_hosts: self
                .texts("fetch.allow_hosts")
                .iter()
                .map(|host| host.to_lowercase())
                .collect(),
        }
    }

    fn publish(&mut self) -> Option<Setting<PublishRule>> {
        let name = "fetch.publish";
        let written = self.optional_text(name)?;
        let span = self.span(name);
        let rule = self
            .reader
            .condition(name, &written, span, &CANDIDATE_FIELDS)?;
        Some(self.setting(self.values, name, rule))
    }

    fn filter(&mut self) -> Vec<String> {
        let name = "fetch.filter";
        let command = self.texts(name);
        let is_broken = |word: &String| word.contains('\0');
        if command.first().is_some_and(String::is_empty) || command.iter().any(is_broken) {
            let span = self.span(name);
            let help = "write the program and each argument as a text: [\"python3\", \"score.py\"]";
            self.reader
                .problem(span, "`fetch.filter` names no program", help);
        }
        command
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

#[cfg(test)]
mod tests {
    use crate::config::{Config, Overrides};

    #[test]
    fn a_mistake_in_a_condition_is_shown_where_it_stands() {
        let text = "[fetch]\npublish = \"source == \\\"a\\\" and qualty >= 75\"\n";
        let problems = Config::resolve("site.toml", text, &Overrides::default()).unwrap_err();
        let [problem] = problems.as_slice() else {
            panic!("{problems:?}");
        };
        let place = problem.location.as_ref().unwrap();
        assert_eq!((place.line, place.column, place.width), (2, 32, 6));
        assert!(problem.message.contains("there is no field `qualty`"));
        assert_eq!(problem.help.as_deref(), Some("did you mean `quality`?"));
        let good = text.replace("qualty", "quality");
        let config = Config::resolve("site.toml", &good, &Overrides::default()).unwrap();
        assert_eq!(config.fetch.publish.unwrap().location, "site.toml:2");
    }
}
