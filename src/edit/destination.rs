//! Where a new article in a language goes, so that it belongs to the edition of the language.

use crate::config::{Config, language};
use crate::content::language::Languages;
use crate::ids::{EditionId, Id};
use crate::workspace::is_below;

/// The folder that new articles go to: the first of those of articles.
pub fn folder(config: &Config) -> &str {
    let folder = config.content.articles.first();
    folder.map_or("content/news", String::as_str)
}

/// A place for a new article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Destination<'c> {
    /// The edition that it will belong to.
    pub(super) edition: EditionId,
    /// Its folder.
    pub(super) folder: &'c str,
    /// What follows the name of its file: `.md`, `.de.md`.
    pub(super) ending: String,
    /// What its field `locale` has to say, where folder and name do not say it.
    pub(super) locale: Option<String>,
}

impl<'c> Destination<'c> {
    /// The place for an article in a language; without one, for an article that says nothing of
    /// its language. A language without an edition goes to the default one, and is a field.
    pub(super) fn of(config: &'c Config, tag: Option<&str>) -> Destination<'c> {
        let destination = |edition, folder, ending: String, locale: Option<&str>| Destination {
            edition,
            folder,
            ending,
            locale: locale.map(str::to_owned),
        };
        let first = folder(config);
        let Some(tag) = tag else {
            return destination(EditionId::DEFAULT, first, ".md".to_owned(), None);
        };
        let editions = config.editions();
        let locales = editions.iter().map(|edition| edition.locale.as_str());
        let found = language::find(tag, locales).map(EditionId::new);
        let edition = found.unwrap_or(EditionId::DEFAULT);
        let settings = config.edition(edition);
        let is_of_articles = |folder: &&String| {
            let mut folders = config.content.articles.iter();
            folders.any(|articles| is_below(folder, articles))
        };
        let own_folder = settings.folders.iter().find(is_of_articles);
        let (folder, ending) = match own_folder {
            Some(folder) => (folder.as_str(), ".md".to_owned()),
            None if edition == EditionId::DEFAULT => (first, ".md".to_owned()),
            None => (first, format!(".{}.md", settings.locale)),
        };
        // The first folder may be that of another edition, and not every tag can be a part of a
        // name: `a.sl-rozaj-biske.md` has none.
        let languages = Languages::new(config);
        let is_said = languages.edition(&format!("{folder}/a{ending}"), None) == edition;
        let is_the_same = language::is_same(tag, &settings.locale);
        let locale = (!is_said || !is_the_same).then_some(tag);
        match is_said {
            true => destination(edition, folder, ending, locale),
            false => destination(edition, folder, ".md".to_owned(), locale),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    #[test]
    fn an_article_goes_where_its_edition_finds_it() {
        let settings = "[content]\narticles = [\"content/news\", \"content/more\"]\n\
                        [languages.de]\nfolders = [\"content/seiten\", \"content/deutsch\"]\n\
                        [languages.ar]\n[languages.zh-Hant]\n[languages.sl-rozaj-biske]\n";
        let config = Config::resolve("site.toml", settings, &Overrides::default()).unwrap();
        let of = |tag: Option<&str>| {
            let Destination {
                edition,
                folder,
                ending,
                locale,
            } = Destination::of(&config, tag);
            (edition.number(), format!("{folder}/a{ending}"), locale)
        };
        let place = |edition, path: &str, locale: Option<&str>| {
            (edition, path.to_owned(), locale.map(str::to_owned))
        };
        assert_eq!(of(None), place(0, "content/news/a.md", None));
        assert_eq!(of(Some("en")), place(0, "content/news/a.md", None));
        assert_eq!(
            of(Some("en-GB")),
            place(0, "content/news/a.md", Some("en-GB"))
        );
        assert_eq!(of(Some("fr")), place(0, "content/news/a.md", Some("fr")));
        assert_eq!(of(Some("de")), place(1, "content/seiten/a.md", None));
        assert_eq!(of(Some("AR")), place(2, "content/news/a.ar.md", None));
        assert_eq!(
            of(Some("zh-Hant")),
            place(3, "content/news/a.zh-Hant.md", None)
        );
        assert_eq!(
            of(Some("zh-TW")),
            place(3, "content/news/a.zh-Hant.md", Some("zh-TW"))
        );
        let long = Some("sl-rozaj-biske");
        assert_eq!(of(long), place(4, "content/news/a.md", long));
        for tag in ["en", "fr", "de", "ar", "zh-Hant", "zh-TW", "sl-rozaj-biske"] {
            let (edition, path, locale) = of(Some(tag));
            let found = Languages::new(&config).edition(&path, locale.as_deref());
            assert_eq!(found.number(), edition, "{tag}");
        }
    }

    #[test]
    fn the_first_folder_may_be_that_of_another_language() {
        let settings = "[content]\narticles = [\"content/de\"]\n\
                        [languages.de]\nfolders = [\"content/de\"]\n";
        let config = Config::resolve("site.toml", settings, &Overrides::default()).unwrap();
        let english = Destination::of(&config, Some("en"));
        assert_eq!(english.folder, "content/de");
        assert_eq!(english.locale.as_deref(), Some("en"));
    }
}
