//! `[languages]`: the settings of editions in other languages.

use super::{BaseUrl, Overrides, Resolver, folder, optional_text};
use crate::config::Config;
use crate::config::language::{is_same, is_tag};
use crate::config::read::{LanguageTable, Value};
use crate::ids::{EditionId, Id};
use crate::output_path;
use crate::workspace::is_below;

impl Resolver<'_, '_> {
    /// The settings of each edition but the default one, in the order of the file.
    pub(super) fn languages(&mut self, overrides: &Overrides) -> Vec<Config> {
        let Some((Value::Languages(tables), _)) = self.values.get("languages") else {
            return Vec::new();
        };
        let mut known = vec![self.text("locale")];
        let mut paths: Vec<String> = Vec::new();
        let mut configs = Vec::new();
        for table in tables {
            let id = EditionId::new(configs.len() + 1);
            let Some(config) = self.language(table, id, overrides) else {
                continue;
            };
            if known.iter().any(|other| is_same(other, &config.locale)) {
                let message = format!("two editions are in the language `{}`", config.locale);
                let help = "give each a tag of its own; `locale` is the language of the site";
                self.reader.problem(table.name.clone(), message, help);
            }
            let path = format!("{}{}/", config.output_folder, config.prefix);
            let meets =
                |other: &String| path.starts_with(other.as_str()) || other.starts_with(&path);
            if paths.iter().any(meets) {
                let message = format!("two editions have the path {path}");
                let help = "give each a `path` of its own that is not inside another's";
                self.reader.problem(table.name.clone(), message, help);
            }
            known.push(config.locale.clone());
            paths.push(path);
            configs.push(config);
        }
        configs
    }

    fn language(
        &mut self,
        table: &LanguageTable,
        id: EditionId,
        overrides: &Overrides,
    ) -> Option<Config> {
        let LanguageTable { tag, name, values } = table;
        if !is_tag(tag) {
            let message = format!("`languages.{tag}` is not named by a language tag");
            let help = "write the tag of the language, like [languages.de] or [languages.zh-Hans]";
            self.reader.problem(name.clone(), message, help);
            return None;
        }
        let path = self.path_of_language(table);
        // All editions are shown at another base URL that is built for.
        let is_one_host = overrides.base_url.is_some() || overrides.is_one_host;
        let has_own_url = optional_text(values, "base_url").is_some() && !is_one_host;
        let merged = self.values.of_language(table, has_own_url);
        let mut resolver = Resolver::new(&merged, self.reader);
        let mut config = resolver.edition(overrides);
        config.id = id;
        config.tag = Some(tag.clone());
        config.cname = None;
        config.folders = resolver
            .texts("folders")
            .iter()
            .map(|name| folder(name))
            .collect();
        if has_own_url {
            self.check_own_url(table, &config.base_url);
            config.output_folder = path;
        } else {
            config.prefix = path;
        }
        Some(config)
    }

    /// An edition at the address of the site would have to have a path.
    fn check_own_url(&mut self, table: &LanguageTable, own: &BaseUrl) {
        let site = BaseUrl::parse(&self.text("base_url"));
        if site.is_ok_and(|site| site.origin == own.origin) {
            let span = table.values.get("base_url").and_then(|(_, span)| span);
            self.reader.problem(
                span.unwrap_or_else(|| table.name.clone()),
                format!(
                    "`languages.{}.base_url` is on the host of the site",
                    table.tag
                ),
                "set `path` instead, like path = \"/de/\"",
            );
        }
    }

    /// The path of an edition, without a slash at its end.
    fn path_of_language(&mut self, table: &LanguageTable) -> String {
        let default = format!("/{}/", table.tag.to_lowercase());
        let written = optional_text(&table.values, "path").unwrap_or(default);
        let inner = written.trim_matches('/');
        let is_part = |part: &str| {
            !matches!(part, "" | "." | "..")
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let is_path = written.starts_with('/') && inner.split('/').all(is_part);
        if !is_path || output_path::reserved(&written).is_some() {
            let span = table.values.get("path").and_then(|(_, span)| span);
            self.reader.problem(
                span.unwrap_or_else(|| table.name.clone()),
                format!("`languages.{}.path` is not a path of the site", table.tag),
                "write it like /de/, of letters, digits, `-`, `_` and `.`",
            );
        }
        format!("/{inner}")
    }
}

/// The folders of a language that are not read yet: neither below those of articles nor below that
/// of pages.
pub(super) fn unread(folders: &[String], articles: &[String], pages: &str) -> Vec<String> {
    let is_read = |folder: &String| {
        let mut others = articles.iter().map(String::as_str).chain([pages]);
        others.any(|other| is_below(folder, other))
    };
    folders
        .iter()
        .filter(|folder| !is_read(folder))
        .cloned()
        .collect()
}
