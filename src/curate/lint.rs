//! What is worth a look across articles: how they write topics, pictures that the site does not
//! have, settings that were left as they are.

use std::collections::{BTreeMap, BTreeSet};

use super::filter::is_domain_or_below;
use super::{Edition, topic_key};
use crate::color::{contrast, parse};
use crate::config::{Config, Keep, OverrideScope};
use crate::content::article::StoryKey;
use crate::content::{Library, TopicFile, target};
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::ids::ArticleId;

/// Warnings about the library as a whole. `has_file` says whether the site has a file at a path.
pub fn lint(
    library: &Library,
    config: &Config,
    has_file: impl Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    if !config.is_set("base_url") {
        warnings.push(
            Diagnostic::warning("base-url", "`base_url` is not set")
                .at(Location::file(&config.path))
                .help("set it to the URL of the site; feeds and sitemaps need absolute URLs"),
        );
    }
    if config.is_set("base_url") && config.base_url.is_local() {
        warnings.push(
            Diagnostic::warning("base-url", "`base_url` leads to this machine")
                .at(config.location_of("base_url"))
                .help(
                    "set it to where readers find the site: the links in its feeds, sitemaps and \
                     previews lead there",
                ),
        );
    }
    if let Some(logo) = config.theme.logo.as_ref().filter(|logo| !has_file(logo)) {
        warnings.push(
            Diagnostic::warning(
                "logo-missing",
                format!("the file `{logo}` does not exist, so no logo is shown"),
            )
            .at(config.location_of("theme.logo"))
            .help("`theme.logo` must be the path of a file in static/"),
        );
    }
    if let Some(font) = config
        .theme
        .font_file
        .as_ref()
        .filter(|font| !has_file(font))
    {
        warnings.push(
            Diagnostic::warning(
                "font-missing",
                format!("the file `{font}` does not exist, so the font is not used"),
            )
            .at(config.location_of("theme.font_file"))
            .help("`theme.font_file` must be the path of a file in static/"),
        );
    }
    warnings.extend(faint_colors(config));
    let preview = config
        .preview
        .as_ref()
        .map(|preview| &preview.image)
        .filter(|image| !image.contains("://"));
    if let Some(image) = preview.filter(|image| !has_file(image)) {
        warnings.push(
            Diagnostic::warning(
                "preview-missing",
                format!("the file `{image}` does not exist, so link previews show no image"),
            )
            .at(config.location_of("preview.image"))
            .help("`preview.image` must be the path of a file in static/, or a full URL"),
        );
    }
    let known = Known::of(library);
    // Editions share settings, and so entries that match nothing.
    for found in config
        .editions()
        .iter()
        .flat_map(|config| unmatched(library, &known, config))
    {
        if !warnings.contains(&found) {
            warnings.push(found);
        }
    }
    let names = library.topics.iter().flat_map(TopicFile::names);
    let described: BTreeMap<String, &str> = names.map(|name| (topic_key(name), name)).collect();
    // A feed names few topics, each many times.
    let mut spellings: BTreeMap<&str, Option<(String, String)>> = BTreeMap::new();
    for entry in &library.articles {
        for topic in &entry.facts.topics {
            let found = spellings
                .entry(topic)
                .or_insert_with(|| spelling(topic, &described));
            warnings.extend(found.as_ref().map(|(message, help)| {
                Diagnostic::warning("topic-spelling", message.as_str())
                    .at(Location::file(&entry.path))
                    .help(help.as_str())
            }));
        }
        let is_there = |image: &&String| match image.starts_with('/') {
            true => has_file(image),
            false => target::file_of(&entry.path, image)
                .is_some_and(|(path, _)| library.files.hash(&path).is_some()),
        };
        let image = entry.facts.local_image.as_ref();
        if let Some(image) = image.filter(|image| !is_there(image)) {
            warnings.push(
                Diagnostic::warning(
                    "image-missing",
                    format!("the file `{image}` does not exist, so the image is not shown"),
                )
                .at(Location::file(&entry.path))
                .help(match image.starts_with('/') {
                    true => "put the file into static/, or use the full URL of the image",
                    false => "put the file beside the article, or give its full address",
                }),
            );
        }
    }
    warnings
}

/// Articles that stay although others with the same link do: their titles have nothing in common.
pub fn copies(library: &Library, edition: &Edition, config: &Config) -> Vec<Diagnostic> {
    if config.curation.duplicates.value == Keep::Keep {
        return Vec::new();
    }
    let mut by_key: BTreeMap<StoryKey, Vec<ArticleId>> = BTreeMap::new();
    for kept in &edition.articles {
        if let Some(key) = library.articles[kept.article].facts.key {
            by_key.entry(key).or_default().push(kept.article);
        }
    }
    let groups = by_key.into_values().filter(|group| group.len() > 1);
    groups
        .flat_map(|mut group| {
            group.sort_unstable();
            let first = library.articles[group[0]].path.clone();
            group.into_iter().skip(1).map(move |article| {
                let message = format!(
                    "the link is that of {first}, and the titles have nothing in common; both \
                     are kept"
                );
                Diagnostic::warning("same-link", message)
                    .at(Location::file(&library.articles[article].path))
                    .help("give each story its own link, or set `published: false` in one of them")
            })
        })
        .collect()
}

/// Entries of the settings that match nothing in the content: they have no effect, and most of them
/// are misspelt.
fn unmatched(library: &Library, known: &Known<'_>, config: &Config) -> Vec<Diagnostic> {
    let (topics, providers) = ("topic", "provider");
    let mut warnings = Vec::new();
    let mut warn = |message: String, at: Location, help: String| {
        let warning = Diagnostic::warning("no-match", message);
        warnings.push(warning.at(at).help(help));
    };
    let curation = &config.curation;
    for (number, item) in config.nav.iter().enumerate() {
        let Some(name) = item.topic() else { continue };
        if !known.has_topic(name) {
            let message = format!("`nav` contains the unknown topic `{name}`");
            let at = config.location_of_item("nav", number);
            warn(message, at, known.help(topics, name));
        }
    }
    let key = "curation.topics";
    for (number, name) in curation.topics.value.iter().enumerate() {
        if !known.has_topic(name) {
            let message = format!("`{key}` names `{name}`, and there is no such topic");
            let at = config.location_of_item(key, number);
            warn(message, at, known.help(topics, name));
        }
    }
    let key = "curation.block.topics";
    for (number, name) in curation.block_topics.value.iter().enumerate() {
        if !known.has_topic(name) {
            let message = format!("`{key}` names `{name}`, and there is no such topic");
            let at = config.location_of_item(key, number);
            warn(message, at, known.help(topics, name));
        }
    }
    let key = "curation.block.providers";
    for (number, domain) in curation.block_providers.value.iter().enumerate() {
        if !known.has_provider(domain) {
            let message = format!("`{key}` names `{domain}`, and no article is from there");
            let at = config.location_of_item(key, number);
            warn(message, at, known.help(providers, domain));
        }
    }
    let key = "curation.block.titles";
    for (number, pattern) in curation.block_titles.value.iter().enumerate() {
        let mut articles = library.articles.iter();
        if !articles.any(|entry| pattern.is_match(&entry.facts.title)) {
            let message = format!("`{key}` has `{pattern}`, and no title matches it");
            let help = "remove it if it is no longer needed; it is a regular expression";
            warn(
                message,
                config.location_of_item(key, number),
                help.to_owned(),
            );
        }
    }
    let key = "curation.block.urls";
    for (number, pattern) in curation.block_urls.value.iter().enumerate() {
        let mut links = library
            .articles
            .iter()
            .filter_map(|entry| entry.facts.link.as_deref());
        if !links.any(|link| pattern.fits(link)) {
            let message = format!("`{key}` has `{pattern}`, and no address matches it");
            let help = "remove it if it is no longer needed; `*` stands for any characters";
            warn(
                message,
                config.location_of_item(key, number),
                help.to_owned(),
            );
        }
    }
    for item in &curation.overrides {
        let (message, help) = match &item.scope {
            OverrideScope::Topic(name) if !known.has_topic(name) => (
                format!("an override is for the topic `{name}`, and there is no such topic"),
                known.help(topics, name),
            ),
            OverrideScope::Provider(domain) if !known.has_provider(domain) => (
                format!("an override is for `{domain}`, and no article is from there"),
                known.help(providers, domain),
            ),
            _ => continue,
        };
        warn(message, item.location.clone(), help);
    }
    warnings
}

/// What settings can name.
struct Known<'l> {
    /// Topics of articles and files, by their identity.
    topics: BTreeMap<String, &'l str>,
    /// Domains of articles and files.
    providers: BTreeSet<&'l str>,
}

impl<'l> Known<'l> {
    fn of(library: &'l Library) -> Known<'l> {
        let facts = || library.articles.iter().map(|entry| &entry.facts);
        let described = library.topics.iter().flat_map(TopicFile::names);
        let topics = facts().flat_map(|facts| facts.topics.iter().map(String::as_str));
        let providers = facts().filter_map(|facts| Some(facts.provider.as_ref()?.domain.as_str()));
        let files = library.providers.iter().map(|file| file.domain.as_str());
        Known {
            topics: topics
                .chain(described)
                .map(|name| (topic_key(name), name))
                .collect(),
            providers: providers.chain(files).collect(),
        }
    }

    fn has_topic(&self, name: &str) -> bool {
        self.topics.contains_key(&topic_key(name))
    }

    fn has_provider(&self, domain: &str) -> bool {
        let mut known = self.providers.iter();
        known.any(|known| is_domain_or_below(known, domain))
    }

    /// What was probably meant by a name that is not known.
    fn help(&self, what: &str, name: &str) -> String {
        let meant = match what {
            "topic" => nearest(&topic_key(name), self.topics.keys().map(String::as_str))
                .and_then(|key| self.topics.get(key).copied()),
            _ => nearest(name, self.providers.iter().copied()),
        };
        match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if what == "topic" => {
                "write the name as articles do; `newsgen list` shows what there is".to_owned()
            }
            None => "write the domain of a provider, as in example.com".to_owned(),
        }
    }
}

fn spelling(topic: &str, described: &BTreeMap<String, &str>) -> Option<(String, String)> {
    let key = topic_key(topic);
    match described.get(&key) {
        Some(name) if *name == topic => None,
        Some(name) => Some((
            format!("the topic `{topic}` is spelled `{name}` in its file"),
            format!("use `{name}`"),
        )),
        None => {
            let meant = nearest(&key, described.keys().map(String::as_str))?;
            let name = described.get(meant)?;
            Some((
                format!("the topic `{topic}` has no file"),
                format!("did you mean `{name}`? If not, add a file for the topic"),
            ))
        }
    }
}

/// What is read in which colour, on which ground.
const READ: [(&str, &str, &str); 5] = [
    ("ink", "paper", "text"),
    ("soft", "paper", "secondary text"),
    ("seen", "paper", "visited headlines"),
    ("link", "paper", "links"),
    ("ink", "sheet", "code"),
];

/// Contrast that text must have (<https://www.w3.org/TR/WCAG22/#contrast-minimum>).
const LEAST_CONTRAST: f64 = 4.5;

/// Colours of `[theme.colors]` that are hard to tell from their ground.
fn faint_colors(config: &Config) -> Vec<Diagnostic> {
    let theme = &config.theme;
    let mut warnings = Vec::new();
    for (name, ground, what) in READ {
        let (Some(colors), Some(grounds)) = (theme.color(name), theme.color(ground)) else {
            continue;
        };
        if !theme.colors.contains_key(name) && !theme.colors.contains_key(ground) {
            continue;
        }
        for (color, ground, when) in [
            (colors.0, grounds.0, "light"),
            (colors.1, grounds.1, "dark"),
        ] {
            let contrast = parse(color)
                .zip(parse(ground))
                .map(|(color, ground)| contrast(color, ground));
            if let Some(contrast) = contrast.filter(|contrast| *contrast < LEAST_CONTRAST) {
                let message = format!(
                    "{what} (`{name}`, {color}) on {ground} is hard to read in {when} mode: \
                     contrast {contrast:.1}:1"
                );
                let help = format!(
                    "text needs a contrast of at least {LEAST_CONTRAST}:1; change one of \
                        the two colours"
                );
                warnings.push(
                    Diagnostic::warning("contrast", message)
                        .at(config.location_of("theme.colors"))
                        .help(help),
                );
            }
        }
    }
    warnings
}
