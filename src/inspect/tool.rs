//! Which tool a tree was made for, and what that tool's settings say.

use serde_json::Value;

use super::layout::Tree;
use crate::config::language;
use crate::workspace::Workspace;

/// A tool that makes sites of Markdown files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// None that is known.
    Unknown,
    /// <https://jekyllrb.com/>
    Jekyll,
    /// <https://gohugo.io/>
    Hugo,
    /// <https://www.getzola.org/>
    Zola,
    /// <https://astro.build/>
    Astro,
    /// <https://www.11ty.dev/>
    Eleventy,
    /// <https://getpelican.com/>
    Pelican,
}

/// Files of settings by which a tool is known.
const SETTINGS: &[(Tool, &[&str])] = &[
    (
        Tool::Jekyll,
        &["_config.yml", "_config.yaml", "_config.toml"],
    ),
    (
        Tool::Hugo,
        &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config/hugo.toml",
            "config/_default/hugo.toml",
            "config/_default/hugo.yaml",
            "config/_default/config.toml",
            "config/_default/config.yaml",
            "config/_default/config.json",
        ],
    ),
    (
        Tool::Astro,
        &[
            "astro.config.mjs",
            "astro.config.ts",
            "astro.config.js",
            "astro.config.cjs",
            "astro.config.mts",
        ],
    ),
    (
        Tool::Eleventy,
        &[
            ".eleventy.js",
            ".eleventy.cjs",
            "eleventy.config.js",
            "eleventy.config.mjs",
            "eleventy.config.cjs",
            "eleventy.config.ts",
        ],
    ),
    (Tool::Pelican, &["pelicanconf.py"]),
];

/// Settings that Hugo and Zola both call so.
const SHARED: [&str; 3] = ["config.toml", "config.yaml", "config.yml"];

impl Tool {
    pub(super) fn of(workspace: &dyn Workspace, tree: &Tree) -> Tool {
        let has = |path: &str| workspace.read(path).is_ok();
        let known = SETTINGS
            .iter()
            .find(|(_, files)| files.iter().any(|path| has(path)));
        if let Some((tool, _)) = known {
            return *tool;
        }
        // Zola calls the address of a site `base_url`, Hugo `baseURL`.
        let shared = SHARED.iter().find_map(|path| read_text(workspace, path));
        match shared {
            Some(text) if text.lines().any(|line| is_key(line, "base_url")) => Tool::Zola,
            Some(text) if text.lines().any(|line| is_key(line, "baseurl")) => Tool::Hugo,
            _ if tree.has_folder_named("_posts") => Tool::Jekyll,
            _ => Tool::Unknown,
        }
    }

    /// The name of its preset.
    pub fn preset(self) -> Option<&'static str> {
        Some(match self {
            Tool::Unknown => return None,
            Tool::Jekyll => "jekyll",
            Tool::Hugo => "hugo",
            Tool::Zola => "zola",
            Tool::Astro => "astro",
            Tool::Eleventy => "eleventy",
            Tool::Pelican => "pelican",
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Tool::Unknown => "Markdown",
            Tool::Jekyll => "Jekyll",
            Tool::Hugo => "Hugo",
            Tool::Zola => "Zola",
            Tool::Astro => "Astro",
            Tool::Eleventy => "Eleventy",
            Tool::Pelican => "Pelican",
        }
    }

    /// Its files of settings.
    fn files(self) -> impl Iterator<Item = &'static str> {
        let own = SETTINGS.iter().filter(move |(tool, _)| *tool == self);
        let own = own.flat_map(|(_, files)| files.iter().copied());
        let shares = matches!(self, Tool::Hugo | Tool::Zola);
        own.chain(SHARED.into_iter().filter(move |_| shares))
    }
}

fn is_key(line: &str, key: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    line.strip_prefix(key)
        .is_some_and(|rest| rest.trim_start().starts_with(['=', ':']))
}

fn read_text(workspace: &dyn Workspace, path: &str) -> Option<String> {
    String::from_utf8(workspace.read(path).ok()?).ok()
}

/// What the settings of a tool say of its site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolSettings {
    /// The file that was read.
    pub path: Option<String>,
    /// Name of the site.
    pub title: Option<String>,
    /// Where it is served.
    pub base_url: Option<String>,
    /// One sentence about it.
    pub description: Option<String>,
    /// Its language.
    pub locale: Option<String>,
    /// Its time zone.
    pub time_zone: Option<String>,
    /// The address of an article, as the tool writes it.
    pub permalink: Option<String>,
    /// Addresses of the articles of some folders, as Hugo writes them.
    pub permalinks: Vec<(String, String)>,
    /// Hugo: addresses end with `.html`.
    pub is_ugly: bool,
    /// Jekyll: folders and files that are not published.
    pub excluded: Vec<String>,
    /// The file, if articles inherit values from it.
    pub inherited: Option<String>,
}

impl ToolSettings {
    pub(super) fn read(workspace: &dyn Workspace, tool: Tool) -> ToolSettings {
        let found = tool
            .files()
            .find_map(|path| Some((path, read_text(workspace, path)?)));
        let Some((path, text)) = found else {
            return ToolSettings::default();
        };
        let value = match path.rsplit('.').next() {
            Some("toml") => toml::from_str::<Value>(&text).ok(),
            Some("yml" | "yaml") => serde_yaml::from_str::<Value>(&text).ok(),
            Some("json") => serde_json::from_str::<Value>(&text).ok(),
            Some("py") => Some(of_python(&text)),
            _ => Some(of_script(&text)),
        };
        let value = value.unwrap_or(Value::Null);
        let inherits = ["defaults", "cascade"].map(|name| value.get(name));
        let mut inherits = inherits.into_iter().flatten();
        ToolSettings {
            path: Some(path.to_owned()),
            inherited: inherits.any(says_something).then(|| path.to_owned()),
            ..of_value(tool, &value)
        }
    }
}

fn texts_of(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => false,
    }
}

/// The settings of Pelican that are texts, under the names that other tools have for them.
fn of_python(text: &str) -> Value {
    let setting = |name: &str| {
        text.lines().find_map(|line| {
            let value = line.strip_prefix(name)?.trim_start().strip_prefix('=')?;
            let value = value.trim_start().trim_start_matches(['u', 'r']);
            let quote = value.chars().next().filter(|c| "'\"".contains(*c))?;
            value[1..].split(quote).next()
        })
    };
    serde_json::json!({
        "title": setting("SITENAME"),
        "base_url": setting("SITEURL"),
        "locale": setting("DEFAULT_LANG"),
        "timezone": setting("TIMEZONE"),
        "permalink": setting("ARTICLE_URL"),
    })
}

/// `site` of Astro's settings, which are a program.
fn of_script(text: &str) -> Value {
    let site = text.split("site:").nth(1).and_then(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| "'\"`".contains(*c))?;
        rest[1..].split(quote).next()
    });
    let base = text.split("base:").nth(1).and_then(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| "'\"`".contains(*c))?;
        rest[1..].split(quote).next()
    });
    serde_json::json!({ "url": site, "baseurl": base })
}

fn of_value(tool: Tool, value: &Value) -> ToolSettings {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| {
            let value = name
                .split('.')
                .try_fold(value, |value, part| value.get(part))?;
            value.as_str().filter(|text| !text.trim().is_empty())
        });
        found.map(str::to_owned)
    };
    let folder = match tool {
        Tool::Jekyll | Tool::Astro => text(&["baseurl"]).unwrap_or_default(),
        _ => String::new(),
    };
    let url = text(&["base_url", "baseURL", "baseUrl", "baseurl", "url"])
        .filter(|_| tool != Tool::Jekyll && tool != Tool::Astro)
        .or_else(|| text(&["url"]).map(|url| format!("{}{folder}", url.trim_end_matches('/'))));
    let permalinks = value
        .get("permalinks")
        .and_then(Value::as_object)
        .map(|table| {
            table
                .get("page")
                .and_then(Value::as_object)
                .unwrap_or(table)
        });
    let permalinks = permalinks.into_iter().flatten();
    ToolSettings {
        path: None,
        title: text(&["title", "name"]),
        base_url: url.filter(|url| url.starts_with("http://") || url.starts_with("https://")),
        description: text(&["description", "params.description"]),
        locale: text(&[
            "default_language",
            "languageCode",
            "defaultContentLanguage",
            "lang",
            "locale",
            "language",
        ])
        .map(|tag| tag.replace('_', "-"))
        .filter(|tag| language::is_tag(tag)),
        time_zone: text(&["timezone", "timeZone"])
            .filter(|zone| jiff::tz::TimeZone::get(zone).is_ok()),
        permalink: text(&["permalink"]),
        permalinks: permalinks
            .filter_map(|(section, pattern)| Some((section.clone(), pattern.as_str()?.to_owned())))
            .collect(),
        inherited: None,
        excluded: texts_of(value.get("exclude")),
        is_ugly: value.get("uglyURLs").and_then(Value::as_bool) == Some(true),
    }
}
