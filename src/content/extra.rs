//! Fields that newsgen does not know: kept as JSON, within a budget.
//!
//! What they hold is counted while it is read, with YAML aliases unfolded: fifteen of these make a
//! few kilobytes hundreds of megabytes. A field that does not fit is skipped without being made.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess};
use serde::de::{SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Value};

use super::secured::is_secured;
use super::{budget, text};

/// Unknown fields, by name, without any of the name `secured`.
#[derive(Clone, Debug, Default)]
pub struct Extra {
    /// Those that fit.
    pub fields: BTreeMap<String, Value>,
    /// How many did not.
    pub dropped: usize,
    room: Room,
}

impl<'de> Deserialize<'de> for Extra {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Extra;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("fields like `title: …`")
            }

            fn visit_unit<E: Error>(self) -> Result<Extra, E> {
                Ok(Extra::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Extra, A::Error> {
                let mut extra = Extra::default();
                while let Some(key) = map.next_key::<String>()? {
                    if is_secured(&key) {
                        map.next_value::<IgnoredAny>()?;
                    } else {
                        extra.read(key, &mut map)?;
                    }
                }
                Ok(extra)
            }
        }
        deserializer.deserialize_any(All)
    }
}

impl Extra {
    /// Reads the value of a field that the map has come to.
    ///
    /// # Errors
    /// What the map says, or that the field stands twice.
    pub(super) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        name: String,
        map: &mut A,
    ) -> Result<(), A::Error> {
        if self.fields.contains_key(&name) {
            return Err(Error::custom(format!("duplicate field `{name}`")));
        }
        let room = self.room.clone();
        room.take(name.len());
        let value = map.next_value_seed(room.json())?;
        if room.is_left() {
            self.room = room;
            self.fields.insert(name, value);
        } else {
            self.dropped += 1;
        }
        Ok(())
    }
}

/// How much is left of the budget.
#[derive(Clone, Debug)]
pub(super) struct Room {
    nodes: Cell<usize>,
    bytes: Cell<usize>,
    is_left: Cell<bool>,
}

impl Default for Room {
    fn default() -> Self {
        Room {
            nodes: Cell::new(budget::EXTRA_NODES),
            bytes: Cell::new(budget::EXTRA_BYTES),
            is_left: Cell::new(true),
        }
    }
}

impl Room {
    /// Reads a value into what is left.
    pub(super) fn json(&self) -> Json<'_> {
        Json {
            room: self,
            depth: 0,
        }
    }

    pub(super) fn is_left(&self) -> bool {
        self.is_left.get()
    }

    /// Takes room for one node with a text of so many bytes.
    fn take(&self, bytes: usize) -> bool {
        let left = self
            .nodes
            .get()
            .checked_sub(1)
            .zip(self.bytes.get().checked_sub(bytes));
        match left.filter(|_| self.is_left()) {
            Some((nodes, bytes)) => {
                self.nodes.set(nodes);
                self.bytes.set(bytes);
            }
            None => self.is_left.set(false),
        }
        self.is_left()
    }
}

/// Reads a value; it is of no use when no room is left afterwards.
#[derive(Clone, Copy)]
pub(super) struct Json<'r> {
    room: &'r Room,
    /// How many lists and tables it lies in.
    depth: usize,
}

impl Json<'_> {
    /// Takes room for a list or table, and reads what lies in it.
    fn inside(self) -> Self {
        if self.depth == budget::EXTRA_DEPTH {
            self.room.is_left.set(false);
        }
        self.room.take(0);
        Json {
            depth: self.depth + 1,
            ..self
        }
    }

    fn scalar(self, value: impl Into<Value>) -> Value {
        self.room.take(0);
        value.into()
    }
}

impl<'de> DeserializeSeed<'de> for Json<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.room.is_left() {
            true => deserializer.deserialize_any(self),
            false => deserializer
                .deserialize_ignored_any(IgnoredAny)
                .map(|IgnoredAny| Value::Null),
        }
    }
}

impl<'de> Visitor<'de> for Json<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Value, E> {
        Ok(self.scalar(yes))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(self.scalar(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(self.scalar(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(self.scalar(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(match self.room.take(text.len()) {
            true => text::without_controls(text.to_owned()).into(),
            false => Value::Null,
        })
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(self.scalar(()))
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(self.scalar(()))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside();
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            if self.room.is_left() {
                list.push(item);
            }
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inside = self.inside();
        let mut fields = Map::new();
        while let Some(key) = map.next_key_seed(inside)? {
            // A key that is no scalar has no name in JSON.
            let name = match key {
                Value::String(name) => Some(text::without_controls(name)),
                Value::Number(number) => Some(number.to_string()),
                Value::Bool(yes) => Some(yes.to_string()),
                _ => None,
            };
            let Some(name) = name.filter(|name| !is_secured(name)) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if fields.contains_key(&name) {
                return Err(Error::custom(format!("duplicate entry with key {name:?}")));
            }
            let value = map.next_value_seed(inside)?;
            if self.room.is_left() {
                fields.insert(name, value);
            }
        }
        Ok(Value::Object(fields))
    }

    /// A value with a tag of its own (`!name value`): the value counts.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (_, contents) = data.variant::<String>()?;
        contents.newtype_variant_seed(self)
    }
}
