//! The kinds of values that fields have, each as forgiving as its field.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use jiff::SignedDuration;
use serde::Deserialize;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    self, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};

use crate::config::language;

/// Text as it is written: a number without quotes (`2001`, `0x1F`, `.5`) is text, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scalar(pub String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;
        impl Visitor<'_> for ScalarVisitor {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.to_owned()))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<Scalar, E> {
                Ok(Scalar(text))
            }

            // The reader of plain YAML knows numbers in the one notation that says how they were
            // written.
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_string()))
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
        }
        // Asked for a string, the complete parser hands out any scalar as it stands.
        deserializer.deserialize_str(ScalarVisitor)
    }
}

/// A text, or a map of texts for each language, by tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByLanguage {
    /// One text.
    One(Scalar),
    /// Tags and texts, in the order of the file.
    Each(Vec<(String, String)>),
}

impl ByLanguage {
    /// The text that is for all languages, if it is one.
    pub fn one(&self) -> Option<&str> {
        match self {
            ByLanguage::One(text) => Some(&text.0),
            ByLanguage::Each(_) => None,
        }
    }

    /// The first text.
    pub fn first(&self) -> Option<&str> {
        match self {
            ByLanguage::One(text) => Some(&text.0),
            ByLanguage::Each(texts) => texts.first().map(|(_, text)| text.as_str()),
        }
    }

    /// The texts by language.
    pub fn each(&self) -> &[(String, String)] {
        match self {
            ByLanguage::One(_) => &[],
            ByLanguage::Each(texts) => texts,
        }
    }
}

impl<'de> Deserialize<'de> for ByLanguage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ByLanguageVisitor;
        impl<'de> Visitor<'de> for ByLanguageVisitor {
            type Value = ByLanguage;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, or a map of texts by language like `{en: …, de: …}`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ByLanguage, E> {
                Ok(ByLanguage::One(Scalar(text.to_owned())))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<ByLanguage, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<ByLanguage, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<ByLanguage, E> {
                self.visit_str(&format!("{number:?}"))
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<ByLanguage, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ByLanguage, A::Error> {
                let mut texts: Vec<(String, String)> = Vec::new();
                while let Some(Scalar(tag)) = map.next_key()? {
                    let tag = tag.replace('_', "-");
                    if !language::is_tag(&tag) {
                        let what = format!("`{tag}` is no language: write a tag such as `de`");
                        return Err(de::Error::custom(what));
                    }
                    if texts
                        .iter()
                        .any(|(other, _)| language::is_same(other, &tag))
                    {
                        let what = format!("the language `{tag}` stands twice");
                        return Err(de::Error::custom(what));
                    }
                    if let Some(Scalar(text)) = map.next_value::<Option<Scalar>>()? {
                        texts.push((tag, text));
                    }
                }
                Ok(ByLanguage::Each(texts))
            }
        }
        deserializer.deserialize_any(ByLanguageVisitor)
    }
}

/// A whole number, in quotation marks or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whole(pub i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeVisitor;
        impl Visitor<'_> for WholeVisitor {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(number))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Whole, E> {
                self.visit_u128(number.into())
            }

            fn visit_u128<E: de::Error>(self, number: u128) -> Result<Whole, E> {
                let too_large = || E::invalid_value(Unexpected::Other(&number.to_string()), &self);
                i64::try_from(number).map(Whole).map_err(|_| too_large())
            }

            fn visit_i128<E: de::Error>(self, number: i128) -> Result<Whole, E> {
                let too_large = || E::invalid_value(Unexpected::Other(&number.to_string()), &self);
                i64::try_from(number).map(Whole).map_err(|_| too_large())
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Whole, E> {
                let number = text.trim().parse().map(Whole);
                number.map_err(|_| E::invalid_type(Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(WholeVisitor)
    }
}

/// Any value, where one that cannot be used is left out and not an error.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Loose {
    /// None at all.
    #[default]
    Nothing,
    /// Text, or a number that is not whole.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// `true` or `false`.
    Flag(bool),
    /// A list, a table or a tag, in words.
    Other(&'static str),
}

impl Loose {
    /// The value as text.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Loose::Text(text) => Some(Cow::Borrowed(text)),
            Loose::Whole(number) => Some(Cow::Owned(number.to_string())),
            Loose::Nothing | Loose::Flag(_) | Loose::Other(_) => None,
        }
    }

    /// The value as a whole number.
    pub fn whole(&self) -> Option<i64> {
        match self {
            Loose::Whole(number) => Some(*number),
            Loose::Text(text) => text.trim().parse().ok(),
            Loose::Nothing | Loose::Flag(_) | Loose::Other(_) => None,
        }
    }

    /// The value as `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        match self {
            Loose::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
}

/// The value as a message names it.
impl fmt::Display for Loose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Loose::Nothing => f.write_str("nothing"),
            Loose::Text(text) => write!(f, "`{text}`"),
            Loose::Whole(number) => write!(f, "{number}"),
            Loose::Flag(flag) => write!(f, "`{flag}`"),
            Loose::Other(what) => f.write_str(what),
        }
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LooseVisitor;
        impl<'de> Visitor<'de> for LooseVisitor {
            type Value = Loose;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Loose, E> {
                Ok(Loose::Nothing)
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Loose, E> {
                Ok(Loose::Flag(flag))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Loose, E> {
                Ok(Loose::Whole(number))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Loose, E> {
                self.visit_u128(number.into())
            }

            fn visit_u128<E: de::Error>(self, number: u128) -> Result<Loose, E> {
                let whole = i64::try_from(number).map(Loose::Whole);
                Ok(whole.unwrap_or_else(|_| Loose::Text(number.to_string())))
            }

            fn visit_i128<E: de::Error>(self, number: i128) -> Result<Loose, E> {
                Ok(Loose::Text(number.to_string()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Loose, E> {
                Ok(Loose::Text(number.to_string()))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Loose, E> {
                Ok(Loose::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Loose, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Loose::Other("a list"))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Loose::Other("a table"))
            }

            fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Loose, A::Error> {
                let (IgnoredAny, value) = tagged.variant()?;
                let IgnoredAny = value.newtype_variant()?;
                Ok(Loose::Other("a YAML tag"))
            }
        }
        deserializer.deserialize_any(LooseVisitor)
    }
}

/// `permalink`: an address, or `false` for a page that is not made, as in Eleventy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permalink {
    /// The address.
    At(String),
    /// There is no page.
    Nowhere,
}

impl<'de> Deserialize<'de> for Permalink {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PermalinkVisitor;
        impl Visitor<'_> for PermalinkVisitor {
            type Value = Permalink;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Permalink, E> {
                Ok(Permalink::At(text.to_owned()))
            }

            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Permalink, E> {
                match yes {
                    true => Err(E::invalid_value(de::Unexpected::Bool(yes), &self)),
                    false => Ok(Permalink::Nowhere),
                }
            }
        }
        deserializer.deserialize_any(PermalinkVisitor)
    }
}

/// A list of text; a single text is a list of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scalars(pub Vec<String>);

impl<'de> Deserialize<'de> for Scalars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarsVisitor;
        impl<'de> Visitor<'de> for ScalarsVisitor {
            type Value = Scalars;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Scalars, E> {
                Ok(Scalars(vec![text.to_owned()]))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Scalars, E> {
                Ok(Scalars(vec![number.to_string()]))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Scalars, E> {
                Ok(Scalars(vec![number.to_string()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalars, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element::<Option<Scalar>>()? {
                    list.extend(item.map(|item| item.0));
                }
                Ok(Scalars(list))
            }
        }
        deserializer.deserialize_any(ScalarsVisitor)
    }
}

/// A list of names; a single text is a list of what stands between its commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The names.
    pub names: Scalars,
    /// Whether they stood in a single text.
    pub is_split: bool,
    /// Whether there is a single text that is one name.
    pub is_one: bool,
}

impl Names {
    /// The same, with each word of a single text as a name, as Jekyll reads it
    /// (<https://jekyllrb.com/docs/posts/#categories>).
    #[must_use]
    pub(super) fn in_words(self) -> Names {
        if !self.is_one {
            return self;
        }
        let words = self.names.0.iter().flat_map(|text| text.split_whitespace());
        Names {
            names: Scalars(words.map(str::to_owned).collect()),
            ..self
        }
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Names, E> {
                // The commas of Latin, Chinese and Arabic.
                let names: Vec<String> = text
                    .split([',', '，', '、', '،'])
                    .filter(|name| !name.trim().is_empty())
                    .map(str::to_owned)
                    .collect();
                Ok(Names {
                    is_split: names.len() > 1,
                    is_one: names.len() == 1,
                    names: Scalars(names),
                })
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Names, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Names, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Names, A::Error> {
                Ok(Names {
                    names: Scalars::deserialize(SeqAccessDeserializer::new(items))?,
                    is_split: false,
                    is_one: false,
                })
            }
        }
        deserializer.deserialize_any(NamesVisitor)
    }
}

/// The first `MOST` items of a list.
#[derive(Clone, Debug)]
pub struct First<T, const MOST: usize> {
    /// Those items.
    pub items: Vec<T>,
    /// How many the list has.
    pub of: usize,
}

impl<T, const MOST: usize> Default for First<T, MOST> {
    fn default() -> Self {
        First {
            items: Vec::new(),
            of: 0,
        }
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for First<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FirstVisitor<T, const MOST: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for FirstVisitor<T, MOST> {
            type Value = First<T, MOST>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while items.len() < MOST {
                    match list.next_element()? {
                        Some(item) => items.push(item),
                        None => break,
                    }
                }
                let mut of = items.len();
                // A list that has come to its end may not be asked again.
                while of >= MOST && list.next_element::<IgnoredAny>()?.is_some() {
                    of += 1;
                }
                Ok(First { items, of })
            }
        }
        deserializer.deserialize_seq(FirstVisitor(PhantomData))
    }
}

/// A list of patterns for items of feeds; a single one is a list of one. One for a part is a text
/// like `title: ^Podcast`, or the field that YAML makes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns(pub Vec<String>);

impl<'de> Deserialize<'de> for Patterns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PatternsVisitor;
        impl<'de> Visitor<'de> for PatternsVisitor {
            type Value = Patterns;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of patterns")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Patterns, E> {
                Ok(Patterns(vec![text.to_owned()]))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Patterns, E> {
                Ok(Patterns(vec![number.to_string()]))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Patterns, E> {
                Ok(Patterns(vec![number.to_string()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Patterns, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element::<Patterns>()? {
                    list.extend(item.0);
                }
                Ok(Patterns(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Patterns, A::Error> {
                let mut list = Vec::new();
                while let Some(part) = map.next_key::<String>()? {
                    let Patterns(patterns) = map.next_value()?;
                    list.extend(patterns.iter().map(|pattern| format!("{part}: {pattern}")));
                }
                Ok(Patterns(list))
            }
        }
        deserializer.deserialize_any(PatternsVisitor)
    }
}

/// Seconds in an ISO 8601 duration of days, hours, minutes and seconds (`PT4M3S`).
pub(super) fn duration(text: &str) -> Option<u32> {
    let span: SignedDuration = text.trim().parse().ok()?;
    u32::try_from(span.as_secs())
        .ok()
        .filter(|seconds| *seconds > 0)
}
