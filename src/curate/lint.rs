//! What is worth a look across articles: how they write topics, pictures that the site does not
//! have, settings that were left as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::filter::is_domain_or_below;
use super::{Edition, topic_key};
use crate::color::{contrast, parse};
use crate::config::{Config, Keep, OverrideScope};
use crate::content::article::StoryKey;
use crate::content::{ArticleEntry, Library, TopicFile, link_target};
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::ids::ArticleId;

/// Warnings about the library as a whole. `has_file` says whether the site has a file at a path.
pub fn lint(
    library: &Library,
    config: &Config,
    has_file: impl Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    warnings.extend(base_url(config));
    warnings.extend(missing_files(config, &has_file));
    warnings.extend(faint_colors(config));

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
    warnings.extend(topic_spellings(library));
    warnings.extend(missing_images(library, &has_file));
    warnings
}

/// What is wrong with the address of the site.
fn base_url(config: &Config) -> Option<Diagnostic> {
    if !config.is_set("base_url") {
        let warning = Diagnostic::warning("base-url", "`base_url` is not set")
            .at(Location::file(&config.path))
            .help("set it to the URL of the site; feeds and sitemaps need absolute URLs");
        return Some(warning);
    }
    config.base_url.is_local().then(|| {
        Diagnostic::warning("base-url", "`base_url` leads to this machine")
            .at(config.location_of("base_url"))
            .help(
                "set it to where readers find the site: the links in its feeds, sitemaps and \
                 previews lead there",
            )
    })
}

/// Files that the settings name, and that the site does not have.
fn missing_files(config: &Config, has_file: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let (logo, font) = (&config.theme.logo, &config.theme.font_file);
    let preview = config.preview.as_ref().map(|preview| &preview.image);
    let preview = preview.filter(|image| !image.contains("://"));
    let missing = |file: Option<&String>, key, code, effect: &str, form: &str| {
        let file = file.filter(|file| !has_file(file))?;
        let message = format!("the file `{file}` does not exist, so {effect}");
        let warning = Diagnostic::warning(code, message).at(config.location_of(key));
        Some(warning.help(format!("`{key}` must be {form}")))
    };
    let path = "the path of a file in static/";
    let path_or_url = "the path of a file in static/, or a full URL";
    let found = [
        missing(
            logo.as_ref(),
            "theme.logo",
            "logo-missing",
            "no logo is shown",
            path,
        ),
        missing(
            font.as_ref(),
            "theme.font_file",
            "font-missing",
            "the font is not used",
            path,
        ),
        missing(
            preview,
            "preview.image",
            "preview-missing",
            "link previews show no image",
            path_or_url,
        ),
    ];
    found.into_iter().flatten().collect()
}

/// Topics that articles write in another way than the files of topics.
fn topic_spellings(library: &Library) -> Vec<Diagnostic> {
    let names = library.topics.iter().flat_map(TopicFile::names);
    let described: BTreeMap<String, &str> = names.map(|name| (topic_key(name), name)).collect();
    // A feed names few topics, each many times.
    let mut spellings: BTreeMap<&str, Option<(String, String)>> = BTreeMap::new();
    let mut warnings = Vec::new();
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
    }
    warnings
}

/// Pictures of articles that are to be files of the site, and that it does not have.
fn missing_images(library: &Library, has_file: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let missing = |entry: &Arc<ArticleEntry>| {
        let image = entry.facts.local_image.as_ref()?;
        let (is_there, help) = match image.starts_with('/') {
            true => (
                has_file(image),
                "put the file into static/, or use the full URL of the image",
            ),
            false => (
                link_target::file_of(&entry.path, image)
                    .is_some_and(|(path, _)| library.files.hash(&path).is_some()),
                "put the file beside the article, or give its full address",
            ),
        };
        let message = format!("the file `{image}` does not exist, so the image is not shown");
        let warning = Diagnostic::warning("image-missing", message);
        (!is_there).then(|| warning.at(Location::file(&entry.path)).help(help))
    };
    library.articles.iter().filter_map(missing).collect()
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
    let mut warnings = unknown_names(known, config);
    warnings.extend(idle_blocks(library, config));
    warnings.extend(idle_overrides(known, config));
    warnings
}

/// The warning of an entry that matches nothing.
fn no_match(message: String, at: Location, help: impl Into<String>) -> Diagnostic {
    Diagnostic::warning("no-match", message).at(at).help(help)
}

/// Topics and providers in lists that no content has.
fn unknown_names(known: &Known<'_>, config: &Config) -> Vec<Diagnostic> {
    let curation = &config.curation;
    let mut warnings = Vec::new();
    for (number, item) in config.nav.iter().enumerate() {
        if let Some(name) = item.topic().filter(|name| !known.has_topic(name)) {
            let message = format!("`nav` contains the unknown topic `{name}`");
            let at = config.location_of_item("nav", number);
            warnings.push(no_match(message, at, known.help_with_topic(name)));
        }
    }
    for (key, names) in [
        ("curation.topics", &curation.topics.value),
        ("curation.block.topics", &curation.block_topics.value),
    ] {
        for (number, name) in names.iter().enumerate() {
            if !known.has_topic(name) {
                let message = format!("`{key}` names `{name}`, and there is no such topic");
                let at = config.location_of_item(key, number);
                warnings.push(no_match(message, at, known.help_with_topic(name)));
            }
        }
    }
    let key = "curation.block.providers";
    for (number, domain) in curation.block_providers.value.iter().enumerate() {
        if !known.has_provider(domain) {
            let message = format!("`{key}` names `{domain}`, and no article is from there");
            let at = config.location_of_item(key, number);
            warnings.push(no_match(message, at, known.help_with_provider(domain)));
        }
    }
    warnings
}

/// Patterns of blocked titles and addresses that block nothing.
fn idle_blocks(library: &Library, config: &Config) -> Vec<Diagnostic> {
    let facts = || library.articles.iter().map(|entry| &entry.facts);
    let mut warnings = Vec::new();
    let key = "curation.block.titles";
    for (number, pattern) in config.curation.block_titles.value.iter().enumerate() {
        if !facts().any(|facts| pattern.is_match(&facts.title)) {
            let message = format!("`{key}` has `{pattern}`, and no title matches it");
            let help = "remove it if it is no longer needed; it is a regular expression";
            let at = config.location_of_item(key, number);
            warnings.push(no_match(message, at, help));
        }
    }
    let key = "curation.block.urls";
    for (number, pattern) in config.curation.block_urls.value.iter().enumerate() {
        let mut links = facts().filter_map(|facts| facts.link.as_deref());
        if !links.any(|link| pattern.fits(link)) {
            let message = format!("`{key}` has `{pattern}`, and no address matches it");
            let help = "remove it if it is no longer needed; `*` stands for any characters";
            let at = config.location_of_item(key, number);
            warnings.push(no_match(message, at, help));
        }
    }
    warnings
}

/// Overrides for topics and providers that no content has.
fn idle_overrides(known: &Known<'_>, config: &Config) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for item in &config.curation.overrides {
        let (message, help) = match &item.scope {
            OverrideScope::Topic(name) if !known.has_topic(name) => (
                format!("an override is for the topic `{name}`, and there is no such topic"),
                known.help_with_topic(name),
            ),
            OverrideScope::Provider(domain) if !known.has_provider(domain) => (
                format!("an override is for `{domain}`, and no article is from there"),
                known.help_with_provider(domain),
            ),
            _ => continue,
        };
        warnings.push(no_match(message, item.location.clone(), help));
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

    /// Which topic was probably meant by a name that is not known.
    fn help_with_topic(&self, name: &str) -> String {
        let meant = nearest(&topic_key(name), self.topics.keys().map(String::as_str));
        match meant.and_then(|key| self.topics.get(key)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "write the name as articles do; `newsgen list` shows what there is".to_owned(),
        }
    }

    /// Which provider was probably meant by a domain that is not known.
    fn help_with_provider(&self, domain: &str) -> String {
        match nearest(domain, self.providers.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "write the domain of a provider, as in example.com".to_owned(),
        }
    }
}

/// What is wrong with how an article writes a topic, and how to mend it.
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
