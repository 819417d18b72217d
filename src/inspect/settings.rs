//! What was found in a tree → a `site.toml` for it, and what to say of it.

use std::fmt::Write as _;

use super::{Findings, Found, Tool};
use crate::config::fields::sources_in;

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list(texts: Vec<String>) -> String {
    let items: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    match items.as_slice() {
        [one] => one.clone(),
        items => format!("[{}]", items.join(", ")),
    }
}

impl Findings {
    /// The text of a `site.toml`.
    pub fn settings(&self, manual: &str) -> String {
        let mut text = format!("# Every setting has a default; {manual} lists them all.\n");
        let mut line = |name: &str, value: &Option<String>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{name} = {}", quoted(value));
            }
        };
        line("title", &self.own.title);
        line("base_url", &self.own.base_url);
        line("description", &self.own.description);
        line(
            "locale",
            &self.own.locale.clone().or_else(|| self.locale.clone()),
        );
        line("time_zone", &self.own.time_zone);
        if self.own.base_url.is_none() {
            text += "# Where readers find the site: feeds, sitemaps and previews need it.\n";
            text += "# base_url = \"https://example.org/\"\n";
        }
        self.write_content(&mut text);
        if let Some(pattern) = self.permalink() {
            let _ = writeln!(text, "\n[permalinks]\narticle = {}", quoted(&pattern));
        }
        let folders = self.permalinks_of_folders();
        if !folders.is_empty() {
            text += "\n[permalinks.folders]\n";
        }
        for (folder, pattern) in folders {
            let _ = writeln!(text, "{} = {}", quoted(&folder), quoted(&pattern));
        }
        if let Some(output) = self.output() {
            let _ = writeln!(text, "\n[output]\ndir = {}", quoted(output));
        }
        if self.layout.has_templates {
            text += "\n[theme]\n# `templates` holds those of another tool.\n";
            text += "templates = \"newsgen/templates\"\n";
        }
        let is_usual = |(url, folder): &(String, String)| url == "/" && folder == "static";
        if !self.layout.statics.is_empty() && !self.layout.statics.iter().all(is_usual) {
            text += "\n# Folders that are copied, by the address below which they are served.\n";
            text += "[static]\n";
            for (url, folder) in &self.layout.statics {
                let _ = writeln!(text, "{} = {}", quoted(url), quoted(folder));
            }
        }
        text
    }

    fn write_content(&self, text: &mut String) {
        *text += "\n[content]\n";
        let folders: Vec<String> = self
            .layout
            .articles
            .iter()
            .map(|name| quoted(name))
            .collect();
        let _ = writeln!(text, "articles = [{}]", folders.join(", "));
        for name in ["topics", "providers", "pages", "sources"] {
            if self.layout.taken.contains(&format!("content/{name}")) {
                let _ = writeln!(text, "{name} = \"newsgen/{name}\"");
            }
        }
        if !self.layout.skipped.is_empty() {
            let names = self.layout.skipped.iter().map(|name| quoted(name));
            let names: Vec<String> = names.collect();
            let _ = writeln!(text, "skip = [{}]", names.join(", "));
        }
        if let Some(preset) = self.tool.preset() {
            let _ = writeln!(text, "preset = {}", quoted(preset));
        }
        let mapped: Vec<_> = self.found.iter().filter(|found| self.maps(found)).collect();
        if mapped.is_empty() {
            return;
        }
        *text += "\n# Our fields, and what this tree calls them.\n[content.fields]\n";
        for found in mapped {
            let _ = writeln!(text, "{} = {}", found.field, list(self.names_of(found)));
        }
    }

    /// The names of a field: those that the tree has, and the others of the preset, which later
    /// articles may have.
    fn names_of(&self, found: &Found) -> Vec<String> {
        let own: Vec<String> = found.sources.iter().map(|(name, _)| name.clone()).collect();
        let Some(preset) = self.tool.preset().filter(|_| !own.is_empty()) else {
            return own;
        };
        let usual: Vec<String> = sources_in(preset, found.field)
            .filter(|name| !found.unreadable.iter().any(|unreadable| unreadable == name))
            .map(str::to_owned)
            .collect();
        // The first is the one that is written to new articles.
        let (first, others) = own.split_at(1);
        let only_usual = own.iter().all(|name| usual.contains(name));
        let rest: Vec<&String> = match only_usual {
            true => usual.iter().collect(),
            false => others.iter().chain(&usual).collect(),
        };
        let mut names = first.to_vec();
        for name in rest {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Whether a field needs a line of its own. The preset knows marks of drafts that no article
    /// may have yet.
    fn maps(&self, found: &Found) -> bool {
        let preset = self.tool.preset();
        let knows = |name: &str| {
            preset.is_some_and(|preset| sources_in(preset, found.field).any(|known| known == name))
        };
        let is_mark = found.field == "published" && !found.sources.is_empty();
        let is_known = is_mark && found.sources.iter().all(|(name, _)| knows(name));
        !found.is_own() && !is_known
    }

    /// A folder for the output that is not one of the tree's own.
    pub fn output(&self) -> Option<&'static str> {
        self.layout
            .taken
            .contains("public")
            .then_some("newsgen/public")
    }

    /// The pattern by which articles keep the addresses that they had.
    pub fn permalink(&self) -> Option<String> {
        let ending = if self.own.is_ugly { ".html" } else { "/" };
        let section = match self.layout.articles.as_slice() {
            [one] => {
                let name = one.rsplit('/').next().unwrap_or(one).to_lowercase();
                let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
                match name.chars().all(is_plain) {
                    true => name,
                    false => ":section".to_owned(),
                }
            }
            _ => ":section".to_owned(),
        };
        // All content in one folder: its folders are the sections.
        let section = match section.as_str() {
            "content" | "." | "src" => String::new(),
            _ => format!("/{section}"),
        };
        match self.tool {
            Tool::Unknown => None,
            Tool::Jekyll => self.jekyll(),
            Tool::Hugo => Some(format!("{section}/:path/:stem{ending}")),
            Tool::Zola => Some(format!("{section}/:path/:slug/")),
            Tool::Astro => Some(format!("{section}/:path/:stem/")),
            Tool::Eleventy => Some(format!("{section}/:path/:name/")),
            Tool::Pelican => self.pelican(),
        }
    }

    /// <https://jekyllrb.com/docs/permalinks/>
    fn jekyll(&self) -> Option<String> {
        let pattern = match self.own.permalink.as_deref() {
            None | Some("date") => "/:categories/:year/:month/:day/:title.html",
            Some("pretty") => "/:categories/:year/:month/:day/:title/",
            Some("none") => "/:categories/:title.html",
            Some(pattern) => pattern,
        };
        let pattern = pattern
            .replace(":slugified_categories", ":section/:topics")
            .replace(":categories", ":section/:categories")
            .replace(":title", ":name")
            .replace(":output_ext", ".html");
        translated(&pattern)
    }

    /// <https://docs.getpelican.com/en/latest/settings.html#url-settings>
    fn pelican(&self) -> Option<String> {
        let pattern = self.own.permalink.as_deref().unwrap_or("{slug}.html");
        let pattern = pattern
            .replace("{date:%Y}", ":year")
            .replace("{date:%m}", ":month")
            .replace("{date:%d}", ":day")
            .replace("{slug}", ":title");
        if pattern.contains('{') {
            return None;
        }
        translated(&pattern)
    }

    /// The patterns of single folders
    /// (<https://gohugo.io/configuration/permalinks/>).
    pub fn permalinks_of_folders(&self) -> Vec<(String, String)> {
        let patterns = self
            .own
            .permalinks
            .iter()
            .filter(|_| self.tool == Tool::Hugo);
        let of_section = |(section, pattern): &(String, String)| {
            let pattern = pattern
                .replace(":sections", section)
                .replace(":section", section)
                .replace(":contentbasename", ":stem")
                .replace(":slugorcontentbasename", ":stem")
                .replace(":slugorfilename", ":stem")
                .replace(":filename", ":stem")
                .replace(":slug", ":title");
            Some((format!("content/{section}"), translated(&pattern)?))
        };
        patterns.filter_map(of_section).collect()
    }
}

/// A pattern whose placeholders are all ours, in the form that ours have.
fn translated(pattern: &str) -> Option<String> {
    const OURS: [&str; 10] = [
        "year",
        "month",
        "day",
        "slug",
        "name",
        "stem",
        "section",
        "topics",
        "title",
        "categories",
    ];
    let mut words = pattern.split(':').skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphabetic() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    });
    if !words.all(|word| OURS.contains(&word)) {
        return None;
    }
    let mut pattern = format!("/{}", pattern.trim_start_matches('/'));
    while pattern.contains("//") {
        pattern = pattern.replace("//", "/");
    }
    // Jekyll gives a page without an ending one.
    if !pattern.ends_with('/') && !pattern.ends_with(".html") {
        pattern.push_str(".html");
    }
    Some(pattern)
}
