//! `authors` of an article, in any form that people write. An author without a name is left out and
//! is no error; `check` says so.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::article::Author;
use super::budget::{self, Cuts, Part};
use super::link;
use super::text;
use super::values::{First, Loose};

/// Authors, as many as an article may have. A single text is a list of what stands between its
/// commas, and a single table is a list of one.
#[derive(Clone, Debug, Default)]
pub struct Authors {
    /// Those authors.
    pub items: Vec<AuthorFields>,
    /// How many the list has.
    pub of: usize,
    /// Whether they stood in a single text.
    pub is_split: bool,
}

/// An author: a name, or a table with it.
#[derive(Clone, Debug, Default)]
pub struct AuthorFields {
    /// Name.
    pub name: Loose,
    /// Address of a page about the author.
    pub url: Loose,
}

impl AuthorFields {
    /// The name on one line; none without one.
    pub(super) fn clean_name(&self) -> Option<String> {
        text::line(&self.name.text()?)
    }

    fn named(name: &str) -> AuthorFields {
        AuthorFields {
            name: Loose::Text(name.to_owned()),
            url: Loose::Nothing,
        }
    }
}

/// The authors that have a name, each once, as readers get them.
pub(super) fn clean(written: Authors, cuts: &mut Cuts) -> Vec<Author> {
    cuts.note(Part::Authors, written.items.len(), written.of);
    let mut authors: Vec<Author> = Vec::with_capacity(written.items.len());
    for fields in written.items {
        let Some(name) = fields.clean_name() else {
            continue;
        };
        if authors.iter().all(|known| known.name != name) {
            let url = fields.url.text();
            authors.push(Author {
                name: cuts.text(Part::AuthorName, name, budget::NAME),
                url: url.and_then(|url| link::web_url(&url)),
            });
        }
    }
    authors
}

impl<'de> Deserialize<'de> for Authors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AuthorsVisitor;
        impl<'de> Visitor<'de> for AuthorsVisitor {
            type Value = Authors;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of authors")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Authors, E> {
                // The commas of Latin, Chinese and Arabic; Pelican has semicolons, too.
                let names = text.split([',', ';', '，', '、', '；', '،', '؛']);
                let names = names.filter(|name| !name.trim().is_empty());
                let mut items: Vec<AuthorFields> = names.map(AuthorFields::named).collect();
                let of = items.len();
                items.truncate(budget::AUTHORS);
                Ok(Authors {
                    items,
                    of,
                    is_split: of > 1,
                })
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Authors, E> {
                let name = Loose::Flag(flag);
                let url = Loose::Nothing;
                Ok(Authors {
                    items: vec![AuthorFields { name, url }],
                    of: 1,
                    is_split: false,
                })
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Authors, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Authors, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Authors, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Authors, A::Error> {
                let author = AuthorFields::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Authors {
                    items: vec![author],
                    of: 1,
                    is_split: false,
                })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Authors, A::Error> {
                type Listed = First<Option<AuthorFields>, { budget::AUTHORS }>;
                let list = Listed::deserialize(SeqAccessDeserializer::new(items))?;
                Ok(Authors {
                    items: list.items.into_iter().flatten().collect(),
                    of: list.of,
                    is_split: false,
                })
            }
        }
        deserializer.deserialize_any(AuthorsVisitor)
    }
}

impl<'de> Deserialize<'de> for AuthorFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AuthorVisitor;
        impl<'de> Visitor<'de> for AuthorVisitor {
            type Value = AuthorFields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an author")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<AuthorFields, E> {
                Ok(AuthorFields::named(name))
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<AuthorFields, E> {
                let name = Loose::Flag(flag);
                Ok(AuthorFields {
                    name,
                    url: Loose::Nothing,
                })
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<AuthorFields, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<AuthorFields, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<AuthorFields, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<AuthorFields, A::Error> {
                let mut author = AuthorFields::default();
                while let Some(key) = map.next_key::<Loose>()? {
                    match key.text().as_deref() {
                        Some("name") => author.name = map.next_value()?,
                        Some("url") => author.url = map.next_value()?,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(author)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<AuthorFields, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(AuthorFields::default())
            }
        }
        deserializer.deserialize_any(AuthorVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_are_read_in_any_form() {
        let read = |yaml: &str| -> Vec<(String, Option<String>)> {
            let authors: Authors = serde_yaml::from_str(yaml).unwrap();
            let author = |author: AuthorFields| {
                let text = |loose: &Loose| loose.text().map(|text| text.trim().to_owned());
                (text(&author.name).unwrap_or_default(), text(&author.url))
            };
            authors.items.into_iter().map(author).collect()
        };
        let name = |name: &str| (name.to_owned(), None);
        assert_eq!(read("Ada"), [name("Ada")]);
        assert_eq!(read("Ada, Grace; Lin"), ["Ada", "Grace", "Lin"].map(name));
        assert_eq!(read("['Ada, Countess']"), [name("Ada, Countess")]);
        let with_url = ("Ada".to_owned(), Some("https://a.example/".to_owned()));
        for yaml in [
            "{name: Ada, url: https://a.example/, email: x}",
            "[{name: Ada, url: https://a.example/}]",
        ] {
            assert_eq!(read(yaml), std::slice::from_ref(&with_url), "{yaml}");
        }
        assert_eq!(read("[[Ada], {url: x}]").len(), 2);
        assert_eq!(read("[~]"), []);
    }
}
