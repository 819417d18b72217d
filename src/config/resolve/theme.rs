//! `[theme]` and `[strings]`: how the site looks and what it says.

use std::collections::BTreeMap;

use super::{Resolver, folder, optional_text};
use crate::config::read::Value;
use crate::config::{Theme, colors, languages, plural, strings};
use crate::diagnostic::nearest;

impl Resolver<'_, '_> {
    pub(super) fn theme(&mut self) -> Theme {
        let accent = self.optional_text("theme.accent");
        if accent.as_ref().is_some_and(|accent| !is_color(accent)) {
            let span = self.span("theme.accent");
            self.reader.problem(
                span,
                "`theme.accent` must be a colour",
                "use the form #8a1c1c",
            );
        }
        Theme {
            accent,
            colors: self.colors(),
            serif: self.fonts("theme.serif"),
            sans: self.fonts("theme.sans"),
            font_file: self.font_file(),
            logo: self.static_file("theme.logo"),
            links: self.links(),
            templates: folder(&self.text("theme.templates")),
            statics: self.statics(),
        }
    }

    /// The folders of static files.
    fn statics(&mut self) -> Vec<(String, String)> {
        let Some((Value::TextTable(table), _)) = self.values.get("static") else {
            return vec![(String::new(), "static".to_owned())];
        };
        let mut statics = Vec::new();
        for (url, entry) in table {
            let inner = url.trim_matches('/');
            let is_path = url.starts_with('/')
                && !inner.split('/').any(|part| matches!(part, "." | ".."))
                && !inner.contains(['\\', '?', '#', '%'])
                && !inner.contains("//");
            if !is_path {
                self.reader.problem(
                    entry.name.clone(),
                    format!("`{url}` is not a path of the site"),
                    "write it like \"/images\" = \"assets/images\", or \"/\" for the root",
                );
                continue;
            }
            let prefix = match inner {
                "" => String::new(),
                inner => format!("{inner}/"),
            };
            statics.push((prefix, folder(&entry.text)));
        }
        statics
    }

    fn links(&mut self) -> Vec<(String, String)> {
        let links: Vec<(String, String)> = match self.values.get("theme.links") {
            Some((Value::Tables(tables), _)) => tables
                .iter()
                .map(|table| {
                    (
                        optional_text(table, "title").unwrap_or_default(),
                        optional_text(table, "url").unwrap_or_default(),
                    )
                })
                .collect(),
            _ => Vec::new(),
        };
        let safe = |url: &str| {
            url.starts_with("https://")
                || url.starts_with("http://")
                || (url.starts_with('/') && !url.starts_with("//"))
        };
        if links
            .iter()
            .any(|(title, url)| title.is_empty() || !safe(url))
        {
            let span = self.span("theme.links");
            self.reader.problem(
                span,
                "each [[theme.links]] needs a `title`, and a `url` that starts with https://, \
                 http:// or /",
                "for example, title = \"Contact\" and url = \"/contact/\"",
            );
        }
        links
    }

    fn colors(&mut self) -> BTreeMap<&'static str, (String, String)> {
        let mut chosen = BTreeMap::new();
        let Some((Value::TextTable(own), _)) = self.values.get("theme.colors") else {
            return chosen;
        };
        let names = colors::names();
        for (name, written) in own {
            let span = written.name.clone();
            let Some(known) = names.into_iter().find(|known| known == name) else {
                let help = match nearest(name, names) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("available colours: {}", names.join(", ")),
                };
                self.reader
                    .problem(span, format!("unknown colour `{name}`"), help);
                continue;
            };
            let mut parts = written.text.split_whitespace();
            match (parts.next(), parts.next(), parts.next()) {
                (Some(light), dark, None) if is_color(light) && dark.is_none_or(is_color) => {
                    drop(
                        chosen.insert(known, (light.to_owned(), dark.unwrap_or(light).to_owned())),
                    );
                }
                _ => self.reader.problem(
                    span,
                    format!(
                        "`theme.colors.{name}` must be one colour, or two for light and dark \
                        mode"
                    ),
                    "use the form \"#ffffff\" or \"#ffffff #101418\"",
                ),
            }
        }
        chosen
    }

    fn fonts(&mut self, name: &str) -> Option<String> {
        let fonts = self.optional_text(name)?;
        if !are_fonts(&fonts) {
            let span = self.span(name);
            self.reader.problem(
                span,
                format!("`{name}` must be a list of font families"),
                "use CSS syntax, such as \"Charter, Georgia, serif\"; quote names that contain \
                 digits or punctuation",
            );
        }
        Some(fonts)
    }

    /// A path below `static/`, whether it is written with a slash before it or not.
    fn static_file(&self, name: &str) -> Option<String> {
        self.optional_text(name)
            .map(|path| path.trim_start_matches('/').to_owned())
    }

    fn font_file(&mut self) -> Option<String> {
        let file = self.static_file("theme.font_file")?;
        if !file.ends_with(".woff2") {
            let span = self.span("theme.font_file");
            self.reader.problem(
                span,
                "`theme.font_file` must be a `.woff2` file in static/",
                "use a path such as fonts/name.woff2",
            );
        }
        Some(file)
    }

    pub(super) fn strings(&mut self) -> BTreeMap<String, String> {
        let mut strings = languages::of_locale(&self.text("locale"));
        let Some((Value::TextTable(own), _)) = self.values.get("strings") else {
            return strings;
        };
        for (name, own) in own {
            let known = strings::STRINGS.iter().map(|(known, _, _)| *known);
            // A theme of one's own may bring new names; a near miss of a known one is a slip.
            if let Some(meant) = nearest(name, known).filter(|meant| meant != name) {
                let help = format!("did you mean `{meant}`?");
                self.reader
                    .problem(own.name.clone(), format!("unknown string `{name}`"), help);
            }
            let list = strings::LISTS.iter().find(|(list, _)| list == name);
            if let Some((_, count)) =
                list.filter(|(_, count)| !strings::is_list(name, &own.text, *count))
            {
                let message = format!("`strings.{name}` must consist of {count} names");
                self.reader
                    .problem(own.name.clone(), message, "separate them with commas");
            }
            let is_pattern = name.starts_with("format_");
            if let Some(error) = is_pattern
                .then(|| strings::wrong_pattern(name, &own.text))
                .flatten()
            {
                let message = format!("`strings.{name}` is not a valid date pattern: {error}");
                let help = concat!(
                    "write it like \"%-d %B %Y\"; ",
                    manual!("theming"),
                    " describes what a pattern may have"
                );
                self.reader.problem(own.name.clone(), message, help);
            }
            if let Some(reason) = plural::mistake(&own.text) {
                let message = format!("the forms of `strings.{name}` cannot be read: {reason}");
                let help = "write them like \"{count, plural, one {# story} other {# stories}}\"";
                self.reader.problem(own.name.clone(), message, help);
            }
            strings.insert(name.clone(), own.text.clone());
        }
        strings
    }
}

/// Whether a text is a list of font families as in CSS: nothing in it can end the rule that it will
/// stand in, nor open a string that would.
fn are_fonts(text: &str) -> bool {
    let mut open = None;
    for c in text.chars() {
        match c {
            '"' | '\'' if open == Some(c) => open = None,
            '"' | '\'' if open.is_none() => open = Some(c),
            '"' | '\'' | ' ' | ',' | '-' | '_' => {}
            c if c.is_alphanumeric() => {}
            _ => return false,
        }
    }
    open.is_none() && !text.trim().is_empty()
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Overrides};

    fn resolve(text: &str) -> Result<Config, Vec<String>> {
        let config = Config::resolve("site.toml", text, &Overrides::default());
        config.map_err(|problems| {
            problems
                .into_iter()
                .map(|problem| problem.message)
                .collect()
        })
    }

    #[test]
    fn colours_are_one_or_two() {
        let theme = resolve("[theme.colors]\npaper = \"#ffffff #000000\"\nink = \"#123456\"")
            .unwrap()
            .theme;
        assert_eq!(
            theme.colors["paper"],
            ("#ffffff".to_owned(), "#000000".to_owned())
        );
        assert_eq!(
            theme.colors["ink"],
            ("#123456".to_owned(), "#123456".to_owned())
        );
        for wrong in [
            "paper = \"white\"",
            "paper = \"#fff\"",
            "ink = \"#ffffff #000000 #111111\"",
            "paprr = \"#ffffff\"",
        ] {
            assert_eq!(
                resolve(&format!("[theme.colors]\n{wrong}"))
                    .unwrap_err()
                    .len(),
                1,
                "{wrong}"
            );
        }
    }

    #[test]
    fn fonts_cannot_leave_their_rule() {
        for good in [
            "Georgia, serif",
            "'Source Serif 4', \\\"Noto Naskh Arabic\\\", serif",
            "Amiri",
            "明朝, serif",
        ] {
            assert!(
                resolve(&format!("[theme]\nserif = \"{good}\"")).is_ok(),
                "{good}"
            );
        }
        for bad in [
            "a; } body { color: red",
            "\\\"open",
            "\\\"a'\\\" b'",
            "'a\\\"' \\\"b",
            "url(x)",
            "",
            "a/**/b",
            "</style>",
        ] {
            assert!(
                resolve(&format!("[theme]\nsans = \"{bad}\"")).is_err(),
                "{bad}"
            );
        }
        assert!(resolve("[theme]\nfont_file = \"fonts/x.ttf\"").is_err());
    }

    #[test]
    fn lists_of_names_are_whole() {
        assert!(resolve("[strings]\nweekdays = \"a, b, c, d, e, f, g\"").is_ok());
        assert_eq!(
            resolve("[strings]\nmonths = \"a, b\"").unwrap_err(),
            ["`strings.months` must consist of 12 names"]
        );
    }

    #[test]
    fn patterns_of_dates_can_be_shown() {
        for good in [
            "format_day = \"%A, %-d. %^B %Y\"",
            "format_time = \"%H:%M %Z\"",
            "format_of_mine = \"%Q\"",
            "own = \"%Q%\"",
        ] {
            assert!(resolve(&format!("[strings]\n{good}")).is_ok(), "{good}");
        }
        for bad in [
            "format_day = \"%Q\"",
            "format_month = \"%H\"",
            "format_time = \"%\"",
            "format_date = \"%-d. %b %\"",
        ] {
            let problems = resolve(&format!("[strings]\n{bad}")).unwrap_err();
            assert!(
                problems.len() == 1 && problems[0].contains("is not a valid date pattern"),
                "{bad}: {problems:?}"
            );
        }
    }

    #[test]
    fn problems_stand_at_their_entry() {
        for (text, location) in [
            (
                "[theme.colors]\nlink = \"#112233\"\nink = \"white\"",
                (3, 1),
            ),
            ("[theme.colors]\n# ink\nlink = \"#112233\"\nink = 5", (4, 1)),
            (
                "theme.colors = { link = \"#112233\", inc = \"#112233\" }",
                (1, 36),
            ),
            (
                "[strings]\nmonths_short = \"a,b,c,d,e,f,g,h,i,j,k,l\"\nmonths = \"a, b\"",
                (3, 1),
            ),
            ("[strings]\nlatest = \"Now\"\narchive = 5", (3, 1)),
            ("[deploy.targets]\nhere = \"out\"\nproduction = 5", (3, 1)),
        ] {
            let problems = Config::resolve("site.toml", text, &Overrides::default()).unwrap_err();
            let places: Vec<_> = problems
                .iter()
                .flat_map(|problem| &problem.location)
                .map(|at| (at.line, at.column))
                .collect();
            assert_eq!(places, [location], "{text}: {problems:?}");
        }
    }

    #[test]
    fn files_may_have_a_slash_before_them() {
        let theme = resolve("[theme]\nlogo = \"/logo.svg\"\nfont_file = \"/fonts/x.woff2\"")
            .unwrap()
            .theme;
        assert_eq!(
            (theme.logo.as_deref(), theme.font_file.as_deref()),
            (Some("logo.svg"), Some("fonts/x.woff2"))
        );
    }

    #[test]
    fn own_texts_win_over_those_of_the_language() {
        let config = resolve("locale = \"fr\"\n[strings]\nlatest = \"Le fil\"").unwrap();
        assert_eq!(
            (
                config.strings["latest"].as_str(),
                config.strings["archive"].as_str()
            ),
            ("Le fil", "Archives")
        );
    }
}
