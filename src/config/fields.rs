//! `[content.fields]` and `content.preset`: which fields of a tree are read as which of ours.
//!
//! A map names, for a field of ours, the fields of this tree that may hold it, in order: the first
//! that an article has counts. A field that an article has by our own name comes before all of
//! them, so that trees can be mixed.
//!
//! # Files
//!
//! - `presets.rs`: the names that other tools have for fields

mod presets;

use std::fmt;

/// A field of an article that a map may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappedField {
    /// A field at the top, by its name.
    Top(&'static str),
    /// `published`: what names it may say the opposite.
    Published,
    /// `provider.name`.
    ProviderName,
    /// `provider.domain`.
    ProviderDomain,
}

/// The fields that a map may name, in the order of the documentation.
pub const MAPPED_FIELDS: &[&str] = &[
    "title",
    "publishedDateTime",
    "updatedDateTime",
    "expiryDate",
    "excerpt",
    "originalUrl",
    "webUrl",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "category",
    "type",
    "quality",
    "heat",
    "published",
    "provider.name",
    "provider.domain",
    "topics",
    "tags",
    "authors",
    "images",
    "featuredContent",
    "highlight",
    "locale",
    "slug",
    "permalink",
    "aliases",
    "length",
];

/// Names of presets; `none` maps nothing.
pub const PRESETS: [&str; 7] = [
    "none", "jekyll", "hugo", "zola", "astro", "eleventy", "pelican",
];

impl MappedField {
    /// The field of this name.
    pub fn of(name: &str) -> Option<MappedField> {
        let name = MAPPED_FIELDS.iter().find(|known| **known == name)?;
        Some(match *name {
            "published" => MappedField::Published,
            "provider.name" => MappedField::ProviderName,
            "provider.domain" => MappedField::ProviderDomain,
            name => MappedField::Top(name),
        })
    }

    /// Its name, with dots.
    pub fn name(self) -> &'static str {
        match self {
            MappedField::Top(name) => name,
            MappedField::Published => "published",
            MappedField::ProviderName => "provider.name",
            MappedField::ProviderDomain => "provider.domain",
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A field of the front matter, as the parts of its path.
    Field {
        /// `["source", "domain"]`.
        path: Vec<String>,
        /// Whether it says the opposite, as in `!draft`.
        negated: bool,
    },
    /// `:filename`: the date at the start of the file's name, or what follows it as a title.
    FileName,
    /// `:heading`: the first heading of the body.
    Heading,
    /// `:permalink`: the date in the address that the article says it has.
    Permalink,
}

/// Why a text names no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceError {
    /// A part of the path is empty.
    EmptyPart,
    /// Only `published` can be the opposite of a field.
    Negated,
    /// There is no such source.
    Unknown(String),
    /// `secured` is never read.
    Secured,
    /// The file's name has no such thing.
    NotInFileName,
    /// Only a title can be taken from a heading.
    NotInHeading,
    /// Only a date can be taken from an address.
    NotInPermalink,
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SourceError::EmptyPart => f.write_str("a part of the name is empty"),
            SourceError::Negated => f.write_str("only `published` can be the opposite of a field"),
            SourceError::Unknown(name) => write!(
                f,
                "there is no `{name}`: the sources that are no fields are `:filename`, `:heading` \
                 and `:permalink`"
            ),
            SourceError::Secured => f.write_str("`secured` is never read"),
            SourceError::NotInFileName => {
                f.write_str("only a date or a title can be taken from the name of a file")
            }
            SourceError::NotInHeading => f.write_str("only a title can be taken from a heading"),
            SourceError::NotInPermalink => f.write_str("only a date can be taken from an address"),
        }
    }
}

impl Source {
    /// Reads what a map says of where a field comes from.
    ///
    /// # Errors
    /// When that is no source, or none for this field.
    pub fn parse(field: MappedField, text: &str) -> Result<Source, SourceError> {
        if text.starts_with(':') {
            let is_title = field == MappedField::Top("title");
            let is_date = field == MappedField::Top("publishedDateTime");
            return match text {
                ":filename" if is_title || is_date => Ok(Source::FileName),
                ":permalink" if is_date => Ok(Source::Permalink),
                ":permalink" => Err(SourceError::NotInPermalink),
                ":filename" => Err(SourceError::NotInFileName),
                ":heading" if is_title => Ok(Source::Heading),
                ":heading" => Err(SourceError::NotInHeading),
                _ => Err(SourceError::Unknown(text.to_owned())),
            };
        }
        let (name, negated) = match text.strip_prefix('!') {
            Some(name) if field == MappedField::Published => (name, true),
            Some(_) => return Err(SourceError::Negated),
            None => (text, false),
        };
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        if path.iter().any(|part| part.trim().is_empty()) {
            return Err(SourceError::EmptyPart);
        }
        if path.iter().any(|part| part.eq_ignore_ascii_case("secured")) {
            return Err(SourceError::Secured);
        }
        Ok(Source::Field { path, negated })
    }

    /// As a map writes it.
    pub fn written(&self) -> String {
        match self {
            Source::Field { path, negated } => {
                format!("{}{}", if *negated { "!" } else { "" }, path.join("."))
            }
            Source::FileName => ":filename".to_owned(),
            Source::Heading => ":heading".to_owned(),
            Source::Permalink => ":permalink".to_owned(),
        }
    }
}

/// Where one field comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The field of ours.
    pub field: MappedField,
    /// Its sources, the first that an article has counts; of `published`, all count.
    pub sources: Vec<Source>,
}

/// The map of a site: the preset, with what `[content.fields]` says in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap {
    mappings: Vec<Mapping>,
    /// Whether each word of a single text is a topic, as in Jekyll.
    pub has_words_as_names: bool,
}

impl FieldMap {
    /// The map of a preset; an empty one where there is none of that name.
    pub fn preset(name: &str) -> FieldMap {
        let mut map = FieldMap {
            has_words_as_names: name == "jekyll",
            ..FieldMap::default()
        };
        for (field, sources) in presets::of(name).map_or(&[][..], |preset| preset.fields) {
            if let Some(field) = MappedField::of(field) {
                let sources = sources.split(' ');
                map.set(
                    field,
                    sources
                        .filter_map(|source| Source::parse(field, source).ok())
                        .collect(),
                );
            }
        }
        map
    }

    /// Says where a field comes from, in place of what was said before.
    pub fn set(&mut self, field: MappedField, sources: Vec<Source>) {
        match self.mappings.iter_mut().find(|old| old.field == field) {
            Some(mapping) => mapping.sources = sources,
            None => self.mappings.push(Mapping { field, sources }),
        }
    }

    /// Whether every field has its own name.
    pub fn is_empty(&self) -> bool {
        self.mappings.is_empty()
    }

    /// All mappings, in the order in which they were made.
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }

    /// All that it says, as a text: two maps are the same if their texts are.
    pub fn described(&self) -> String {
        let mut text = format!("{}\n", self.has_words_as_names);
        for mapping in &self.mappings {
            let sources: Vec<String> = mapping.sources.iter().map(Source::written).collect();
            text += &format!("{} = {}\n", mapping.field.name(), sources.join(" "));
        }
        text
    }

    /// Whether a field of ours is read from a field of this name, or from inside it.
    pub fn uses(&self, name: &str) -> bool {
        let is_it =
            |source: &Source| matches!(source, Source::Field { path, .. } if path[0] == name);
        let mut mappings = self.mappings.iter();
        mappings.any(|mapping| mapping.sources.iter().any(is_it))
    }

    /// The sources of a field.
    pub fn sources(&self, field: &str) -> &[Source] {
        self.mappings
            .iter()
            .find(|mapping| mapping.field.name() == field)
            .map_or(&[], |mapping| mapping.sources.as_slice())
    }
}

/// What a word says of whether an article is published, such as Pelican's `Status: draft`.
pub fn mark(word: &str) -> Option<bool> {
    match word.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "published" | "public" => Some(true),
        "false" | "no" | "draft" | "hidden" | "private" | "unlisted" | "skip" => Some(false),
        _ => None,
    }
}

/// The names of fields that the presets have for a field of ours, in the order of the presets; some
/// more than once.
pub fn usual_names(field: &str) -> impl Iterator<Item = &'static str> {
    PRESETS
        .iter()
        .flat_map(move |preset| sources_in(preset, field))
        .filter(|source| !source.starts_with([':', '!']))
}

/// What a preset says of where a field comes from.
pub fn sources_in(name: &str, field: &str) -> impl Iterator<Item = &'static str> {
    let fields = presets::of(name).into_iter();
    let fields = fields.flat_map(|preset| preset.fields);
    let fields = fields.filter(move |(name, _)| *name == field);
    fields.flat_map(|(_, sources)| sources.split(' '))
}

/// The pattern of the addresses that a tool gives articles unless its settings say otherwise.
pub fn permalink(preset: &str) -> Option<&'static str> {
    Some(presets::of(preset)?.permalink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_names_fields_and_sources_that_exist() {
        let names = presets::ALL.map(|preset| preset.name);
        assert_eq!(PRESETS[0], "none");
        assert_eq!(PRESETS[1..], names);
        for preset in presets::ALL {
            assert!(!preset.fields.is_empty());
            for (field, sources) in preset.fields {
                let field = MappedField::of(field).unwrap();
                for source in sources.split(' ') {
                    let read = Source::parse(field, source).unwrap();
                    assert_eq!(read.written(), source);
                }
            }
        }
        assert!(FieldMap::preset("none").is_empty());
    }

    #[test]
    fn what_is_no_source_is_refused() {
        let title = MappedField::Top("title");
        assert_eq!(Source::parse(title, "a..b"), Err(SourceError::EmptyPart));
        assert_eq!(Source::parse(title, "!draft"), Err(SourceError::Negated));
        assert_eq!(Source::parse(title, "x.Secured"), Err(SourceError::Secured));
        let excerpt = MappedField::Top("excerpt");
        assert_eq!(
            Source::parse(excerpt, ":heading"),
            Err(SourceError::NotInHeading)
        );
        assert!(matches!(
            Source::parse(title, ":name"),
            Err(SourceError::Unknown(_))
        ));
    }

    #[test]
    fn what_is_said_later_takes_the_place_of_a_preset() {
        let mut map = FieldMap::preset("jekyll");
        let field = MappedField::Top("excerpt");
        map.set(field, vec![Source::parse(field, "blurb").unwrap()]);
        let written: Vec<String> = map.sources("excerpt").iter().map(Source::written).collect();
        assert_eq!(written, ["blurb"]);
    }
}
