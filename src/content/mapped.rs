//! Front matter of a tree that has names of its own (`[content.fields]`), read as ours.
//!
//! A front matter is read twice: first for which fields it has, which decides where each value of
//! ours comes from; then for the values, renamed on the way to the visitor that reads articles
//! under our own names. So every form and every error message is that of ordinary front matter, and
//! names the field as the file does.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess};
use serde::de::{IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::extra::Room;
use super::front_matter::{self, ArticleFields};
use super::secured::is_secured;
use super::shape::Shape;
use super::split::Split;
use super::values::Scalar;
use crate::config::fields::{FieldMap, MappedField, Mapping, Source, mark};
use crate::diagnostic::{Diagnostic, Location};

/// An article file, split, and where its fields come from.
pub(super) struct ArticleFile<'a> {
    pub(super) path: &'a str,
    pub(super) split: Split,
    pub(super) map: FileMap,
}

impl ArticleFile<'_> {
    /// The name that a field of ours has in this file.
    pub(super) fn name_of(&self, field: &str) -> String {
        let sources = self.map.sources_of(field).into_iter();
        sources
            .map(|(name, _)| name)
            .next()
            .unwrap_or_else(|| field.to_owned())
    }

    /// Whether its topics are the categories of another tool.
    pub(super) fn has_categories(&self) -> bool {
        let sources = self.map.sources_of("topics");
        sources.iter().any(|(name, _)| name.starts_with("categor"))
    }

    /// The place of a field of ours.
    pub(super) fn location(&self, field: &str) -> Location {
        self.split.location(self.path, &self.name_of(field))
    }
}

/// Reads the front matter of an article, and where its fields come from in a tree that has names of
/// its own.
///
/// # Errors
/// With the place in the file of the first thing that is wrong.
pub(super) fn read_article(
    path: &str,
    split: &Split,
    map: &FieldMap,
) -> Result<(ArticleFields, FileMap), Diagnostic> {
    if map.is_empty() {
        return Ok((front_matter::read(path, split)?, FileMap::default()));
    }
    let present = front_matter::read(path, split)?;
    let map = FileMap::new(map, &present);
    let fields = front_matter::read_as(path, split, &Fields(&map))?;
    Ok((fields, map))
}

/// Where the values of one file come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileMap {
    /// What a field at the top is read as.
    top: BTreeMap<String, Use>,
    /// Fields at the top with names of ours that mean something else here.
    ignored: BTreeSet<&'static str>,
    /// What fields inside tables are read as: by the table's name, the rest of the path.
    inside: BTreeMap<String, Vec<(Vec<String>, Use)>>,
}

/// What a field of the file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Use {
    field: MappedField,
    negated: bool,
}

impl FileMap {
    /// Decides where each value comes from: our own name first, then the sources in their order.
    pub(super) fn new(map: &FieldMap, present: &Present) -> FileMap {
        let mut file = FileMap::default();
        let mut taken = BTreeSet::new();
        // What hides an article comes first: no other field takes it away.
        let hides = |mapping: &&Mapping| mapping.field == MappedField::Published;
        let first = map.mappings().iter().filter(hides);
        let others = map.mappings().iter().filter(|mapping| !hides(mapping));
        for mapping in first.chain(others) {
            let own: Vec<String> = mapping.field.name().split('.').map(str::to_owned).collect();
            // A name that another field claims is not read as our own.
            let is_own = present.has(&own)
                && !map.mappings().iter().any(|other| {
                    other.field != mapping.field
                        && other.sources.iter().any(|source| match source {
                            Source::Field { path, .. } => *path == own,
                            Source::FileName | Source::Heading | Source::Permalink => false,
                        })
                });
            if mapping.sources.is_empty() && own.len() == 1 && is_own {
                file.ignored.insert(mapping.field.name());
                continue;
            }
            if is_own && mapping.field != MappedField::Published {
                continue;
            }
            for (path, negated) in present.found(mapping) {
                if path == own || !taken.insert(path.clone()) {
                    continue;
                }
                let read_as = Use {
                    field: mapping.field,
                    negated,
                };
                match path.split_first() {
                    Some((top, [])) => {
                        file.top.insert(top.clone(), read_as);
                    }
                    Some((top, rest)) => file
                        .inside
                        .entry(top.clone())
                        .or_default()
                        .push((rest.to_vec(), read_as)),
                    None => {}
                }
                // Whatever says that an article is hidden counts.
                if mapping.field != MappedField::Published {
                    break;
                }
            }
        }
        file
    }

    /// The fields of the file that a field of ours is read from, with dots, and whether each says
    /// the opposite; none for its own name.
    pub(super) fn sources_of(&self, field: &str) -> Vec<(String, bool)> {
        let is_it = |read_as: &Use| read_as.field.name() == field;
        let top = self.top.iter().filter(|(_, read_as)| is_it(read_as));
        let top = top.map(|(name, read_as)| (name.clone(), read_as.negated));
        let inside = self.inside.iter().flat_map(|(top, inner)| {
            let inner = inner.iter().filter(|(_, read_as)| is_it(read_as));
            inner.map(move |(rest, read_as)| (format!("{top}.{}", rest.join(".")), read_as.negated))
        });
        top.chain(inside).collect()
    }

    /// Whether a field has our own name for what another field gives: it is empty.
    fn is_replaced(&self, key: &str) -> bool {
        let inside = self.inside.values().flatten().map(|(_, read_as)| read_as);
        let mut uses = self.top.values().chain(inside);
        !self.top.contains_key(key)
            && uses.any(|read_as| matches!(read_as.field, MappedField::Top(name) if name == key))
    }

    fn is_empty(&self) -> bool {
        self.top.is_empty() && self.inside.is_empty() && self.ignored.is_empty()
    }
}

/// The fields that a front matter has, to the depth that maps reach; empty ones are not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Present {
    paths: BTreeSet<Vec<String>>,
}

impl Present {
    fn has(&self, path: &[String]) -> bool {
        self.paths.contains(path)
    }

    /// The fields that are there of a mapping's sources, in their order, and whether each says the
    /// opposite. Marks that hide an article count in any case: Hugo reads names so.
    fn found(&self, mapping: &Mapping) -> Vec<(Vec<String>, bool)> {
        let fields = mapping.sources.iter().filter_map(|source| match source {
            Source::Field { path, negated } => Some((path, *negated)),
            Source::FileName | Source::Heading | Source::Permalink => None,
        });
        if !matches!(mapping.field.name(), "published" | "expiryDate") {
            let there = fields.filter(|(path, _)| self.has(path));
            return there
                .map(|(path, negated)| (path.clone(), negated))
                .collect();
        }
        let own = vec![mapping.field.name().to_owned()];
        let all = fields.chain([(&own, false)]);
        let is_same = |a: &[String], b: &[String]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        all.flat_map(|(path, negated)| {
            let same = self.paths.iter().filter(move |there| is_same(there, path));
            same.map(move |there| (there.clone(), negated))
        })
        .collect()
    }
}

/// Levels of tables that are looked into for fields.
const DEPTH: usize = 4;

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut present = Present::default();
        deserializer.deserialize_any(Look {
            path: &[],
            into: &mut present.paths,
        })?;
        Ok(present)
    }
}

/// Looks whether a value says anything, and for the fields in it.
struct Look<'l> {
    path: &'l [String],
    into: &'l mut BTreeSet<Vec<String>>,
}

impl Look<'_> {
    fn found(self) {
        self.into.insert(self.path.to_vec());
    }
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fields like `title: …`")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.found();
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.found();
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.found();
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.found();
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if !text.trim().is_empty() {
            self.found();
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut is_empty = true;
        while list.next_element::<IgnoredAny>()?.is_some() {
            is_empty = false;
        }
        if !is_empty {
            self.found();
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if !self.path.is_empty() {
            self.into.insert(self.path.to_vec());
        }
        while let Some(Key(key)) = map.next_key()? {
            match key {
                Some(key) if self.path.len() < DEPTH && !is_secured(&key) => {
                    let path = [self.path, &[key]].concat();
                    map.next_value_seed(Look {
                        path: &path,
                        into: self.into,
                    })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, data: A) -> Result<(), A::Error> {
        use serde::de::VariantAccess;
        let (_, contents) = data.variant::<String>()?;
        contents.newtype_variant_seed(self)
    }
}

/// A key of a table; none that is a list or a table itself.
struct Key(Option<String>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(Key(match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            _ => None,
        }))
    }
}

/// Reads the fields of an article by a file's map.
pub(super) struct Fields<'m>(pub(super) &'m FileMap);

/// What does not go to the visitor under a name of its own.
#[derive(Default)]
struct Aside {
    /// What the fields that stand for `published` say.
    published: Option<bool>,
    provider_name: Option<Scalar>,
    provider_domain: Option<Scalar>,
}

impl Shape for Fields<'_> {
    type Value = ArticleFields;

    fn read<'de, D: Deserializer<'de>>(&self, from: D) -> Result<ArticleFields, D::Error> {
        if self.0.is_empty() {
            return ArticleFields::deserialize(from);
        }
        let aside = RefCell::default();
        let mut fields = ArticleFields::deserialize(Renamed {
            inner: from,
            map: self.0,
            aside: &aside,
        })?;
        let aside = aside.into_inner();
        if let Some(yes) = aside.published {
            fields.published = Some(yes && fields.published.unwrap_or(true));
        }
        if aside.provider_name.is_some() || aside.provider_domain.is_some() {
            let provider = fields.provider.get_or_insert_default();
            provider.name = aside.provider_name.or(provider.name.take());
            provider.domain = aside.provider_domain.or(provider.domain.take());
        }
        Ok(fields)
    }
}

/// A deserializer, or the visitor or map inside it, whose fields are renamed.
struct Renamed<'m, T> {
    inner: T,
    map: &'m FileMap,
    aside: &'m RefCell<Aside>,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Renamed<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_any(Renamed {
            inner: visitor,
            map: self.map,
            aside: self.aside,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Renamed<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(RenamedMap {
            inner: map,
            map: self.map,
            aside: self.aside,
            waiting: Vec::new(),
            value: None,
        })
    }
}

struct RenamedMap<'m, A> {
    inner: A,
    map: &'m FileMap,
    aside: &'m RefCell<Aside>,
    /// Fields that were found in a table, and what is left of it.
    waiting: Vec<(String, Value)>,
    /// The value of the key that was handed on, if it is one of those.
    value: Option<Value>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for RenamedMap<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            if let Some((key, value)) = self.waiting.pop() {
                self.value = Some(value);
                return seed.deserialize(key.into_deserializer()).map(Some);
            }
            let Some(key) = self.inner.next_key::<String>()? else {
                return Ok(None);
            };
            if let Some(inside) = self.map.inside.get(&key) {
                let room = Room::default();
                let mut value = self.inner.next_value_seed(room.json())?;
                if !room.is_left() {
                    let message = format!("the table `{key}` is too large to be read");
                    return Err(Error::custom(message));
                }
                for (path, read_as) in inside {
                    let Some(found) = take(&mut value, path) else {
                        continue;
                    };
                    match read_as.field {
                        MappedField::Top(name) => self.waiting.push((name.to_owned(), found)),
                        _ => self.put_aside(*read_as, found).map_err(|error| {
                            Error::custom(format!("{key}.{}: {error}", path.join(".")))
                        })?,
                    }
                }
                if !is_nothing(&value) {
                    self.waiting.push((key, value));
                }
                continue;
            }
            if self.map.ignored.contains(key.as_str()) || self.map.is_replaced(&key) {
                self.inner.next_value::<IgnoredAny>()?;
                continue;
            }
            match self.map.top.get(&key) {
                Some(Use {
                    field: MappedField::Top(name),
                    ..
                }) => {
                    let name = (*name).into_deserializer();
                    return seed
                        .deserialize::<de::value::StrDeserializer<'_, A::Error>>(name)
                        .map(Some);
                }
                Some(read_as) => self.read_aside(*read_as)?,
                None => return seed.deserialize(key.into_deserializer()).map(Some),
            }
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(value).map_err(Error::custom),
            None => self.inner.next_value_seed(seed),
        }
    }
}

impl<'de, A: MapAccess<'de>> RenamedMap<'_, A> {
    /// Reads the value that the map has come to.
    fn read_aside(&mut self, read_as: Use) -> Result<(), A::Error> {
        let mut aside = self.aside.borrow_mut();
        match read_as.field {
            MappedField::Published => {
                if let Some(Mark(yes)) = self.inner.next_value::<Option<Mark>>()? {
                    aside.published =
                        Some((yes != read_as.negated) && aside.published.unwrap_or(true));
                }
            }
            MappedField::ProviderName => aside.provider_name = self.inner.next_value()?,
            MappedField::ProviderDomain => aside.provider_domain = self.inner.next_value()?,
            MappedField::Top(_) => {}
        }
        Ok(())
    }

    fn put_aside(&mut self, read_as: Use, value: Value) -> Result<(), serde_json::Error> {
        let mut aside = self.aside.borrow_mut();
        match read_as.field {
            MappedField::Published => {
                if let Some(Mark(yes)) = Option::<Mark>::deserialize(value)? {
                    aside.published =
                        Some((yes != read_as.negated) && aside.published.unwrap_or(true));
                }
            }
            MappedField::ProviderName => aside.provider_name = Option::deserialize(value)?,
            MappedField::ProviderDomain => aside.provider_domain = Option::deserialize(value)?,
            MappedField::Top(_) => {}
        }
        Ok(())
    }
}

/// Whether something is so: `true`, or a word such as Pelican's `Status: draft`.
struct Mark(bool);

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MarkVisitor;
        impl Visitor<'_> for MarkVisitor {
            type Value = Mark;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean")
            }

            fn visit_bool<E: Error>(self, yes: bool) -> Result<Mark, E> {
                Ok(Mark(yes))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Mark, E> {
                let marks =
                    mark(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))?;
                Ok(Mark(marks))
            }
        }
        deserializer.deserialize_any(MarkVisitor)
    }
}

/// Takes a field out of a table.
fn take(value: &mut Value, path: &[String]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let table = value.as_object_mut()?;
    if rest.is_empty() {
        return table.remove(first);
    }
    let inner = table.get_mut(first)?;
    let found = take(inner, rest)?;
    if is_nothing(inner) {
        table.remove(first);
    }
    Some(found)
}

fn is_nothing(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}
