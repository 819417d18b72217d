//! Templates and static files: the default theme, with a site's own files over it.
//!
//! A theme knows of each template what it is made of ([`Theme::hash`]) and which shared values it
//! reads ([`Theme::reads`]), so that pages can be fingerprinted before they are rendered.
//!
//! Loaded anew in every build.
//!
//! # Files
//!
//! - `embedded.rs`: the built-in files
//! - `copies.rs`: copies of them that a site has taken
//! - `fields.rs`: every value that templates see
//! - `names.rs`: finds names in templates that are none of these
//! - `tokens.rs`: reads the tags of a template
//! - `mistakes.rs`: errors of Tera → messages with a place
//! - `reach.rs`: what a template includes, extends and calls
//! - `filters.rs`: functions and filters
//! - `dates.rs`: dates as people read them
//! - `settings.rs`: settings → CSS

pub mod copies;
mod dates;
mod embedded;
pub mod fields;
pub mod filters;
mod mistakes;
mod names;
mod reach;
mod settings;
mod tokens;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use tera::{Context, Tera};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::hash::{Hash128, Hasher};
use crate::ids::{EditionId, List};
use crate::percent::{decode, encode};
use crate::workspace::{Entry, ListError, Stamp, Workspace};
pub use dates::Dates;
use mistakes::Written;
use reach::Reach;

/// A static file of the default theme, by its path below `static/`.
pub fn built_in(path: &str) -> Option<&'static [u8]> {
    let mut files = embedded::STATIC.iter();
    files
        .find(|(name, _)| *name == path)
        .map(|(_, bytes)| *bytes)
}

/// A loaded theme.
pub struct Theme {
    /// The templates, for each edition with its shared values.
    tera: List<EditionId, Tera>,
    reach: BTreeMap<String, Reach>,
    hashes: BTreeMap<String, Hash128>,
    own: Own,
    texts: BTreeMap<String, String>,
    /// Static files.
    pub assets: Arc<Assets>,
    /// How each edition shows dates.
    pub dates: List<EditionId, Dates>,
}

/// A site's own templates.
#[derive(Debug, Default)]
struct Own {
    /// The folder that they lie in.
    folder: String,
    /// Their texts, by name.
    texts: BTreeMap<String, String>,
}

impl Own {
    /// The path of one.
    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }
}

/// All static files, by path on the site without the first slash.
#[derive(Debug, Default)]
pub struct Assets {
    files: BTreeMap<String, Asset>,
}

/// A static file.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Hash of its bytes.
    pub hash: Hash128,
    /// Where its bytes are.
    pub origin: Origin,
    /// The file when it was read; none for what is built in.
    stamp: Option<Stamp>,
}

/// Where the bytes of a static file are.
#[derive(Clone, Debug)]
pub enum Origin {
    /// In the binary.
    BuiltIn(&'static [u8]),
    /// In a file of the site.
    File(String),
    /// Put together from a file and the settings.
    Made(Arc<[u8]>),
}

impl Assets {
    /// The files by path, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.files
            .iter()
            .map(|(path, asset)| (path.as_str(), asset))
    }

    /// The files of the site's own: path on the site, and file.
    pub fn files_of_site(&self) -> BTreeMap<String, String> {
        let files = self.files.iter();
        let own = files.filter_map(|(path, asset)| match &asset.origin {
            Origin::File(file) => Some((path.clone(), file.clone())),
            Origin::BuiltIn(_) | Origin::Made(_) => None,
        });
        own.collect()
    }

    /// The file with a path.
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.files.get(path)
    }

    /// Whether both have files at the same paths, whatever is in them.
    pub fn has_same_paths(&self, other: &Assets) -> bool {
        self.files.keys().eq(other.files.keys())
    }

    /// Whether there is a file at a path of the site (`/images/x.svg`, percent-encoded).
    pub fn has_url(&self, url: &str) -> bool {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        self.files
            .contains_key(&*decode(path.trim_start_matches('/')))
    }

    /// Path on the site of a file under a name that changes with its content:
    /// `/style.0123456789ab.css`.
    pub fn hashed(&self, path: &str) -> Option<String> {
        let asset = self.files.get(path)?;
        Some(format!("/{}", encode(&hashed_name(path, asset.hash))))
    }
}

/// `fonts/serif.woff2` → `fonts/serif.0123456789ab.woff2`.
pub fn hashed_name(path: &str, hash: Hash128) -> String {
    let (folder, name) = path
        .rsplit_once('/')
        .map_or(("", path), |(folder, name)| (folder, name));
    let folder = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let hash = hash.short(12);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => format!("{folder}{stem}.{hash}.{ending}"),
        _ => format!("{folder}{name}.{hash}"),
    }
}

impl Theme {
    /// Loads the default theme and a site's own files over it.
    ///
    /// # Errors
    /// Every template that is not well-formed, and files that cannot be read.
    pub fn load(source: &dyn Workspace, config: &Config) -> Result<Theme, Vec<Diagnostic>> {
        Theme::load_again(source, config, &Assets::default())
    }

    /// The same, without reading static files that are as they were in `known`.
    ///
    /// # Errors
    /// As [`Theme::load`].
    pub fn load_again(
        source: &dyn Workspace,
        config: &Config,
        known: &Assets,
    ) -> Result<Theme, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut assets = load_assets(source, config, known, &mut problems);
        problems.extend(apply_settings(source, config, &mut assets).err());
        let assets = Arc::new(assets);
        let configs = config.editions();
        let dates: List<EditionId, Dates> = configs.map(|config| Dates::new(config));
        let mut templates: BTreeMap<String, String> = embedded::TEMPLATES
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        let own = load_own(source, &config.theme.templates, &mut problems);
        templates.extend(own.texts.clone());
        let mut tera = Tera::new();
        // Compiling asks for the names of functions and filters only.
        filters::register(&mut tera, config, &dates[EditionId::DEFAULT], &assets);
        let written = Written(&own);
        problems.extend(written.compile(&mut tera, &templates));
        let reach = reach::of_all(&templates, &tera);
        problems.extend(written.misnamed(&templates, &reach));
        if !problems.is_empty() {
            return Err(problems);
        }
        let others = configs.ids().skip(1).map(|id| {
            let mut tera = tera.clone();
            filters::register(&mut tera, configs[id], &dates[id], &assets);
            tera
        });
        let others: Vec<Tera> = others.collect();
        let mut theme = Theme {
            tera: std::iter::once(tera).chain(others).collect(),
            reach,
            hashes: BTreeMap::new(),
            own,
            texts: templates,
            assets,
            dates,
        };
        theme.hashes = theme
            .texts
            .keys()
            .map(|name| (name.clone(), theme.hash_of(name)))
            .collect();
        Ok(theme)
    }

    fn hash_of(&self, name: &str) -> Hash128 {
        self.hash_over(&self.reach[name], |_| true)
    }

    fn hash_over(&self, reach: &Reach, is_part: impl Fn(&str) -> bool) -> Hash128 {
        let mut hasher = Hasher::new("template");
        for used in &reach.templates {
            hasher.text(used).text(&self.texts[used]);
        }
        for (path, asset) in self.assets.iter() {
            if (reach.all_assets || reach.assets.contains(path)) && is_part(path) {
                hasher.text(path).hash(asset.hash);
            }
        }
        hasher.finish()
    }

    /// The path that a template has, or would have as one of the site's own.
    pub fn path(&self, template: &str) -> String {
        self.own.path(template)
    }

    /// The site's own templates: name and text.
    pub fn own_texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.own.texts.iter();
        own.map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Whether there is a template with a name.
    pub fn has_template(&self, name: &str) -> bool {
        self.hashes.contains_key(name)
    }

    /// The names of all templates: the built-in ones and the site's own.
    pub fn template_names(&self) -> impl Iterator<Item = &str> {
        self.hashes.keys().map(String::as_str)
    }

    /// A hash of a template with everything that it extends, includes or calls, and the static
    /// files that it names.
    pub fn hash(&self, template: &str) -> Hash128 {
        self.hashes.get(template).copied().unwrap_or_default()
    }

    /// The text of a template and of everything that it extends, includes or calls, and the static
    /// files among them that `is_part` chooses, as one hash.
    pub fn hash_with(&self, template: &str, is_part: impl Fn(&str) -> bool) -> Hash128 {
        self.reach
            .get(template)
            .map(|reach| self.hash_over(reach, is_part))
            .unwrap_or_default()
    }

    /// Whether a template, or anything that it reaches, reads a top-level variable.
    pub fn reads(&self, template: &str, variable: &str) -> bool {
        self.reach
            .get(template)
            .is_some_and(|reach| reach.variables.contains(variable))
    }

    /// Whether a template, or anything that it reaches, names a field that costs time to make:
    /// `cover`, `coverage`, `days`, `feeds` or `json_ld`. A template that goes over all fields of
    /// a value, or makes up the name of one, gets these only if their names stand in its text.
    pub fn names_field(&self, template: &str, field: &str) -> bool {
        self.reach
            .get(template)
            .is_some_and(|reach| reach.fields.contains(field))
    }

    /// The built-in templates but `others` that are the site's own, or reach one that is.
    pub fn own_in_all_but<'t>(
        &'t self,
        others: &'t BTreeSet<&'static str>,
    ) -> impl Iterator<Item = &'static str> + 't {
        let names = embedded::TEMPLATES.iter().map(|(name, _)| *name);
        names.filter(|name| {
            let reach = self.reach.get(*name).filter(|_| !others.contains(name));
            reach.is_some_and(|reach| {
                reach
                    .templates
                    .iter()
                    .any(|t| self.own.texts.contains_key(t))
            })
        })
    }

    /// Warnings of a site's own templates that no page uses, and whose names are nearly those of
    /// templates that pages do use; `named` are those that standalone pages name.
    pub fn lint<'n>(&self, named: impl Iterator<Item = &'n str>) -> Vec<Diagnostic> {
        let known = || embedded::TEMPLATES.iter().map(|(name, _)| *name);
        let used: BTreeSet<&String> = known()
            .chain(named)
            .filter_map(|name| self.reach.get(name))
            .flat_map(|reach| &reach.templates)
            .collect();
        let unused = self.own.texts.keys().filter(|name| !used.contains(name));
        let warning = |name: &String| {
            let meant = nearest(name, known())?;
            let message = format!("no page uses the template `{name}`");
            Some(
                Diagnostic::warning("unused-template", message)
                    .at(Location::file(self.own.path(name)))
                    .help(format!("did you mean `{meant}`?")),
            )
        };
        unused.filter_map(warning).collect()
    }

    /// The bytes of a static file.
    ///
    /// # Errors
    /// When the file has gone since the theme was loaded.
    pub fn asset_bytes(
        &self,
        source: &dyn Workspace,
        path: &str,
    ) -> Result<Cow<'static, [u8]>, Diagnostic> {
        match self.assets.files.get(path) {
            Some(asset) => bytes_of(source, asset),
            None => Err(unreadable(path, "the file does not exist")),
        }
    }

    /// Whether some template asks for the hashed name of a static file.
    pub fn names_asset(&self, path: &str) -> bool {
        self.reach
            .values()
            .any(|reach| reach.all_assets || reach.assets.contains(path))
    }

    /// Values that all templates see, for each edition.
    pub fn set_shared(&mut self, values: List<EditionId, Context>) {
        for (tera, values) in self.tera.iter_mut().zip(values) {
            *tera.global_context() = values;
        }
    }

    /// Renders a template for an edition; `page` is named in errors.
    ///
    /// # Errors
    /// With the place in the template.
    pub fn render(
        &self,
        edition: EditionId,
        template: &str,
        context: &Context,
        page: &str,
    ) -> Result<Vec<u8>, Diagnostic> {
        let mut bytes = Vec::with_capacity(8 * 1024);
        self.tera[edition]
            .render_to(template, context, &mut bytes)
            .map_err(|error| Written(&self.own).explain_rendering(&error, template, page))?;
        Ok(bytes)
    }
}

fn load_assets(
    source: &dyn Workspace,
    config: &Config,
    known: &Assets,
    problems: &mut Vec<Diagnostic>,
) -> Assets {
    let mut files: BTreeMap<String, Asset> = embedded::STATIC
        .iter()
        .map(|(path, bytes)| {
            (
                (*path).to_owned(),
                Asset {
                    hash: Hash128::of(bytes),
                    origin: Origin::BuiltIn(bytes),
                    stamp: None,
                },
            )
        })
        .collect();
    for (url, folder) in &config.theme.statics {
        let listing = source.list(folder);
        problems.extend(listing.errors.iter().map(ListError::diagnostic));
        let read: Vec<Result<(String, Asset), Diagnostic>> = listing
            .entries
            .par_iter()
            .map(|entry| {
                let name = format!("{url}{}", below(&entry.path, folder));
                let asset = asset(source, entry, known.get(&name))?;
                Ok((name, asset))
            })
            .collect();
        for result in read {
            match result {
                Ok((name, asset)) => drop(files.insert(name, asset)),
                Err(problem) => problems.push(problem),
            }
        }
    }
    // The pictures of our own favicon are of no use to a site that has another one.
    let is_own =
        |asset: Option<&Asset>| asset.is_some_and(|asset| matches!(asset.origin, Origin::File(_)));
    if !config.manifest || is_own(files.get(embedded::FAVICON)) {
        files
            .retain(|path, asset| is_own(Some(asset)) || !embedded::ICONS.contains(&path.as_str()));
    }
    if config.search.is_none() {
        files.retain(|path, asset| {
            is_own(Some(asset)) || !embedded::SEARCH.contains(&path.as_str())
        });
    }
    Assets { files }
}

/// A static file, read unless it is as it was.
fn asset(
    source: &dyn Workspace,
    entry: &Entry,
    known: Option<&Asset>,
) -> Result<Asset, Diagnostic> {
    let is_same = |asset: &&Asset| {
        let is_file = matches!(&asset.origin, Origin::File(path) if *path == entry.path);
        is_file && asset.stamp == Some(entry.stamp)
    };
    if let Some(asset) = known.filter(is_same) {
        return Ok(asset.clone());
    }
    let bytes = source
        .read(&entry.path)
        .map_err(|error| unreadable(&entry.path, &error.to_string()))?;
    Ok(Asset {
        hash: Hash128::of(&bytes),
        origin: Origin::File(entry.path.clone()),
        stamp: Some(entry.stamp.settled(source.clock())),
    })
}

/// Puts the rules of `[theme]` at the end of the style sheet.
fn apply_settings(
    source: &dyn Workspace,
    config: &Config,
    assets: &mut Assets,
) -> Result<(), Diagnostic> {
    let rules = settings::rules(&config.theme, assets);
    let Some(sheet) = assets
        .files
        .get_mut(settings::SHEET)
        .filter(|_| !rules.is_empty())
    else {
        return Ok(());
    };
    let mut bytes = bytes_of(source, sheet)?.into_owned();
    bytes.extend(rules.bytes());
    *sheet = Asset {
        hash: Hash128::of(&bytes),
        origin: Origin::Made(bytes.into()),
        stamp: sheet.stamp,
    };
    Ok(())
}

fn bytes_of(source: &dyn Workspace, asset: &Asset) -> Result<Cow<'static, [u8]>, Diagnostic> {
    match &asset.origin {
        Origin::BuiltIn(bytes) => Ok(Cow::Borrowed(bytes)),
        Origin::File(file) => source
            .read(file)
            .map(Cow::Owned)
            .map_err(|error| unreadable(file, &error.to_string())),
        Origin::Made(bytes) => Ok(Cow::Owned(bytes.to_vec())),
    }
}

/// Path of the font file that headlines are set in, if it is one of the static files.
pub fn headline_font(config: &Config, assets: &Assets) -> Option<String> {
    settings::headline_font(&config.theme, assets)
}

fn unreadable(path: &str, reason: &str) -> Diagnostic {
    Diagnostic::error("unreadable", format!("cannot read it: {reason}")).at(Location::file(path))
}

/// A path from a folder on.
fn below<'p>(path: &'p str, folder: &str) -> &'p str {
    let rest = path.strip_prefix(folder).unwrap_or(path);
    rest.trim_start_matches('/')
}

/// Reads a site's own templates.
fn load_own(source: &dyn Workspace, folder: &str, problems: &mut Vec<Diagnostic>) -> Own {
    let mut own = Own {
        folder: folder.to_owned(),
        texts: BTreeMap::new(),
    };
    let listing = source.list(folder);
    problems.extend(listing.errors.iter().map(ListError::diagnostic));
    for entry in listing.entries {
        let name = below(&entry.path, folder).to_owned();
        let text = source.read(&entry.path).map_err(|error| error.to_string());
        match text.and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| "it is not valid UTF-8".to_owned())
        }) {
            Ok(text) => drop(own.texts.insert(name, text)),
            Err(reason) => problems.push(unreadable(&entry.path, &reason)),
        }
    }
    own
}
