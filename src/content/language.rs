//! The edition that a content file belongs to, and which files are the same in several languages.

use serde_json::Value;

use super::extra::Extra;
use super::names::ArticleName;
use crate::config::{Config, language};
use crate::hash::{Hash128, Hasher};
use crate::ids::{EditionId, Id};
use crate::workspace::is_below;

/// The field by which files say that they are the same, as in Hugo. It is kept with the unknown
/// ones, as it was before there were editions.
const KEY: &str = "translationKey";

/// The languages of a site's editions.
#[derive(Clone, Debug)]
pub struct Languages {
    locales: Vec<String>,
    /// Folders of one language each, the deepest first.
    folders: Vec<(String, EditionId)>,
    /// Folders of articles and of pages.
    roots: Vec<String>,
}

/// What files that are the same in several languages have in common.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct TranslationKey(u64);

impl Languages {
    /// Those of a site.
    pub fn new(config: &Config) -> Languages {
        let editions = config.editions();
        let folders = editions.enumerate().flat_map(|(id, config)| {
            let folders = config.folders.iter();
            folders.map(move |folder| (folder.clone(), id))
        });
        let mut folders: Vec<(String, EditionId)> = folders.collect();
        folders.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        let content = &config.content;
        let roots = content.articles.iter().chain([&content.pages]);
        Languages {
            locales: editions
                .iter()
                .map(|config| config.locale.clone())
                .collect(),
            folders,
            roots: roots.cloned().collect(),
        }
    }

    /// Whether there is only one edition, to which everything belongs.
    pub fn is_single(&self) -> bool {
        self.locales.len() < 2
    }

    /// A hash of everything that parsing depends on.
    pub fn hash(&self) -> Hash128 {
        let mut hasher = Hasher::new("languages");
        for locale in &self.locales {
            hasher.text(locale);
        }
        for (folder, id) in &self.folders {
            hasher.text(folder).number(id.number() as i64);
        }
        hasher.text("");
        for root in &self.roots {
            hasher.text(root);
        }
        hasher.finish()
    }

    /// The edition in the language of a tag, if there is one.
    fn find(&self, tag: &str) -> Option<EditionId> {
        let locales = self.locales.iter().map(String::as_str);
        language::find(tag, locales).map(EditionId::new)
    }

    /// Whether a file lies in a folder of articles or of pages.
    pub fn has(&self, path: &str) -> bool {
        self.roots.iter().any(|root| is_below(path, root))
    }

    /// The edition that a file belongs to: by its field `locale`, else by its name, else by its
    /// folder, else the default one.
    pub fn edition(&self, path: &str, locale: Option<&str>) -> EditionId {
        if self.is_single() {
            return EditionId::DEFAULT;
        }
        let of_field = || self.find(locale?);
        let of_name = || self.find(ArticleName::of(path).language?);
        let of_folder = || self.folder(path).map(|(_, id)| *id);
        of_field()
            .or_else(of_name)
            .or_else(of_folder)
            .unwrap_or(EditionId::DEFAULT)
    }

    fn folder(&self, path: &str) -> Option<&(String, EditionId)> {
        let mut folders = self.folders.iter();
        folders.find(|(folder, _)| is_below(path, folder))
    }

    /// What a file has in common with the same in other languages: its `translationKey`, else its
    /// name without language and ending, with the folders below that of its language or that of
    /// all articles. None on a site with one edition.
    pub fn translation(&self, path: &str, key: Option<&str>) -> Option<TranslationKey> {
        if self.is_single() {
            return None;
        }
        let hashed = |what: &'static str, text: &str| {
            TranslationKey(Hasher::new(what).text(text).finish().number())
        };
        if let Some(key) = key {
            return Some(hashed("translation key", key));
        }
        let name = self.name(path);
        let name = name.strip_suffix("/index").unwrap_or(name);
        Some(hashed("translation of", name))
    }

    /// The same for a file with these fields besides those that newsgen knows.
    pub(super) fn of_translation(&self, path: &str, fields: &Extra) -> Option<TranslationKey> {
        let key = fields.fields.get(KEY).and_then(Value::as_str);
        self.translation(path, key.map(str::trim).filter(|key| !key.is_empty()))
    }

    /// The path of a file below the folder of its language or of all articles, without its language
    /// and ending.
    pub fn name<'p>(&self, path: &'p str) -> &'p str {
        let roots = self.roots.iter().filter(|root| is_below(path, root));
        let root = roots
            .max_by_key(|root| root.len())
            .map_or("", String::as_str);
        let folder = self.folder(path).map_or("", |(folder, _)| folder.as_str());
        let base = if folder.len() > root.len() {
            folder
        } else {
            root
        };
        let inside = path.strip_prefix(base).unwrap_or(path);
        let inside = inside.trim_start_matches('/');
        let name = ArticleName::of(path);
        let file = inside.rfind('/').map_or(0, |slash| slash + 1);
        let end = inside[file..].rfind('.');
        let stem = &inside[..end.map_or(inside.len(), |dot| file + dot)];
        let of_edition = name.language.filter(|tag| self.find(tag).is_some());
        let without = of_edition.and_then(|tag| stem.strip_suffix(tag)?.strip_suffix('.'));
        without.unwrap_or(stem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    fn languages() -> Languages {
        let settings = "[languages.de]\nfolders = [\"content/news/deutsch\"]\n[languages.ar]\n\
                        [languages.zh-Hans]\n";
        let config = Config::resolve("site.toml", settings, &Overrides::default());
        Languages::new(&config.unwrap())
    }

    #[test]
    fn a_file_belongs_to_one_edition() {
        let languages = languages();
        for (path, locale, wanted) in [
            ("content/news/a.md", None, 0),
            ("content/news/a.de.md", None, 1),
            ("content/news/a.de-AT.md", None, 1),
            ("content/news/a/index.ar.md", None, 2),
            ("content/news/a.fr.md", None, 0),
            ("content/news/a.md", Some("zh_CN"), 3),
            ("content/news/a.de.md", Some("ar"), 2),
            ("content/news/a.md", Some("fr"), 0),
            ("content/news/deutsch/a.md", None, 1),
            ("content/news/deutsch/a.md", Some("fr"), 1),
            ("content/news/deutsch/a.en.md", None, 0),
        ] {
            let edition = languages.edition(path, locale);
            assert_eq!(edition, EditionId::new(wanted), "{path} {locale:?}");
        }
    }

    #[test]
    fn the_same_name_is_the_same_text() {
        let languages = languages();
        let key = |path: &str| languages.translation(path, None).unwrap();
        let same = key("content/news/a.md");
        for path in [
            "content/news/a.de.md",
            "content/news/a/index.ar.md",
            "content/news/deutsch/a.md",
        ] {
            assert_eq!(key(path), same, "{path}");
        }
        for path in [
            "content/news/a.fr.md",
            "content/news/b.md",
            "content/news/x/a.md",
        ] {
            assert_ne!(key(path), same, "{path}");
        }
        let named = languages.translation("content/news/z.md", Some("a"));
        assert_eq!(
            named,
            languages.translation("content/news/y.de.md", Some("a"))
        );
        assert_ne!(named, Some(same));
    }
}
