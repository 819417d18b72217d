//! What is worth a look across articles: how they write topics, pictures that the site does not
//! have, settings that were left as they are.

use std::collections::{BTreeMap, BTreeSet};

use super::topic_key;
use crate::color::{contrast, parse};
use crate::config::Config;
use crate::content::Library;
use crate::diagnostic::{Diagnostic, Location, nearest};

/// Warnings about the library as a whole. `has_file` tells whether the site has a file at a path.
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
                .help(
                    "set it to where the site will be served; feeds and sitemaps need full \
                       addresses",
                ),
        );
    }
    if let Some(logo) = config.theme.logo.as_ref().filter(|logo| !has_file(logo)) {
        warnings.push(
            Diagnostic::warning(
                "logo-missing",
                format!("the site has no file `{logo}`, so the logo is not shown"),
            )
            .at(config.location_of("theme.logo"))
            .help("`theme.logo` is the path of a file below static/"),
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
                format!("the site has no file `{font}`, so the font is not used"),
            )
            .at(config.location_of("theme.font_file"))
            .help("`theme.font_file` is the path of a file below static/"),
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
                format!("the site has no file `{image}`, so previews show no picture"),
            )
            .at(config.location_of("preview.image"))
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
    for name in config
        .nav
        .iter()
        .filter(|name| !used.contains(&topic_key(name)))
    {
        warnings.push(
            Diagnostic::warning(
                "nav-topic",
                format!("`nav` names `{name}`, and there is no such topic"),
            )
            .at(config.location_of("nav"))
            .help("write the name as in the topic's file, or describe the topic with a file"),
        );
    }
    let described: BTreeMap<String, &str> = library
        .topics
        .iter()
        .map(|topic| (topic_key(&topic.name), topic.name.as_str()))
        .collect();
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
        if let Some(image) = entry
            .facts
            .local_image
            .as_ref()
            .filter(|image| !has_file(image))
        {
            warnings.push(
                Diagnostic::warning(
                    "image-missing",
                    format!("the site has no file `{image}`, so the picture is not shown"),
                )
                .at(Location::file(&entry.path))
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
        Some(name) => Some((
            format!("the topic `{topic}` is written `{name}` in its file"),
            format!("write `{name}`"),
        )),
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

/// What is read in which colour, on which ground.
const READ: [(&str, &str, &str); 5] = [
    ("ink", "paper", "text"),
    ("soft", "paper", "lesser text"),
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
                    "{what} (`{name}`, {color}) on {ground} is hard to read in the {when}: \
                     {contrast:.1} : 1"
                );
                let help =
                    format!("text needs a contrast of {LEAST_CONTRAST} : 1; change one of the two");
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
