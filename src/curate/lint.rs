//! What is worth a look across articles: how they write topics, pictures that the site does not have, settings that were
//! left as they are.

use std::collections::{BTreeMap, BTreeSet};

use super::topic_key;
use crate::config::Config;
use crate::content::Library;
use crate::diagnostic::{Diagnostic, Place, nearest};

/// Warnings about the library as a whole. `has_file` tells whether the site has a file at a path.
pub fn lint(library: &Library, config: &Config, has_file: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    if !config.is_set("base_url") {
        warnings.push(
            Diagnostic::warning("base-url", "`base_url` is not set")
                .at(Place::file(&config.path))
                .help("set it to where the site will be served; feeds and sitemaps need full addresses"),
        );
    }
    if let Some(logo) = config.theme.logo.as_ref().filter(|logo| !has_file(logo)) {
        warnings.push(
            Diagnostic::warning("logo-missing", format!("the site has no file `{logo}`, so the logo is not shown"))
                .at(config.place_of("theme.logo"))
                .help("`theme.logo` is the path of a file below static/"),
        );
    }
    if let Some(font) = config.theme.font_file.as_ref().filter(|font| !has_file(font)) {
        warnings.push(
            Diagnostic::warning("font-missing", format!("the site has no file `{font}`, so the font is not used"))
                .at(config.place_of("theme.font_file"))
                .help("`theme.font_file` is the path of a file below static/"),
        );
    }
    let preview = config.preview.as_ref().map(|preview| &preview.image).filter(|image| !image.contains("://"));
    if let Some(image) = preview.filter(|image| !has_file(image)) {
        warnings.push(
            Diagnostic::warning(
                "preview-missing",
                format!("the site has no file `{image}`, so previews show no picture"),
            )
            .at(config.place_of("preview.image"))
            .help("`preview.image` is the path of a file below static/, or a full address"),
        );
    }
    let used: BTreeSet<String> = library
        .articles
        .iter()
        .flat_map(|entry| &entry.facts.topics)
        .chain(library.topics.iter().map(|topic| &topic.name))
        .map(|name| topic_key(name))
        .collect();
    for name in config.nav.iter().filter(|name| !used.contains(&topic_key(name))) {
        warnings.push(
            Diagnostic::warning("nav-topic", format!("`nav` names `{name}`, and there is no such topic"))
                .at(config.place_of("nav"))
                .help("write the name as in the topic's file, or describe the topic with a file"),
        );
    }
    let described: BTreeMap<String, &str> =
        library.topics.iter().map(|topic| (topic_key(&topic.name), topic.name.as_str())).collect();
    for entry in &library.articles {
        for topic in &entry.facts.topics {
            warnings.extend(spelling(topic, &described).map(|(message, help)| {
                Diagnostic::warning("topic-spelling", message).at(Place::file(&entry.path)).help(help)
            }));
        }
        if let Some(image) = entry.facts.local_image.as_ref().filter(|image| !has_file(image)) {
            warnings.push(
                Diagnostic::warning(
                    "image-missing",
                    format!("the site has no file `{image}`, so the picture is not shown"),
                )
                .at(Place::file(&entry.path))
                .help("put the file into static/, or give the full address of the picture"),
            );
        }
    }
    warnings
}

fn spelling(topic: &str, described: &BTreeMap<String, &str>) -> Option<(String, String)> {
    let key = topic_key(topic);
    match described.get(&key) {
        Some(name) if *name == topic => None,
        Some(name) => Some((format!("the topic `{topic}` is written `{name}` in its file"), format!("write `{name}`"))),
        None => {
            let meant = nearest(&key, described.keys().map(String::as_str))?;
            let name = described.get(meant)?;
            Some((
                format!("no file describes the topic `{topic}`"),
                format!("did you mean `{name}`? Else describe it with a file of its own"),
            ))
        }
    }
}
