//! Values of TOML and JSON with their places → a type; an error says where it is wrong, and of
//! which field. YAML has a parser that does this by itself.

use std::fmt;
use std::ops::Range;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::shape::Shape;
use crate::document::placed::{Field, Kind, Placed};

/// Reads a value.
///
/// # Errors
/// The first thing that does not fit the type.
pub(super) fn read<S: Shape>(value: &Placed<'_>, shape: &S) -> Result<S::Value, TypeMismatch> {
    shape.read(Reader(value))
}

/// Why a value does not fit a type.
#[derive(Debug)]
pub(super) struct TypeMismatch {
    message: String,
    /// The field, from the inside out: `[".width", "[0]", ".images"]`.
    path: Vec<String>,
    /// Where the value stands; none yet while the error is made.
    pub(super) range: Option<Range<usize>>,
}

/// With the field before the message, as serde_yaml writes it.
impl fmt::Display for TypeMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: String = self.path.iter().rev().map(String::as_str).collect();
        match path.trim_start_matches('.') {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

impl std::error::Error for TypeMismatch {}

impl de::Error for TypeMismatch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        TypeMismatch {
            message: message.to_string(),
            path: Vec::new(),
            range: None,
        }
    }
}

impl TypeMismatch {
    /// The same, inside a part of something else.
    fn inside(mut self, part: String) -> TypeMismatch {
        self.path.push(part);
        self
    }

    /// The same, of a value that stands there, unless a part of it is meant.
    fn at(self, range: &Range<usize>) -> TypeMismatch {
        TypeMismatch {
            range: self.range.or_else(|| Some(range.clone())),
            ..self
        }
    }
}

struct Reader<'a>(&'a Placed<'a>);

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = TypeMismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeMismatch> {
        let read = match &self.0.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(is) => visitor.visit_bool(*is),
            Kind::Integer(number) => visitor.visit_i64(*number),
            Kind::Natural(number) => visitor.visit_u64(*number),
            Kind::Float(number) => visitor.visit_f64(*number),
            Kind::Text(text) | Kind::Date(text) => visitor.visit_borrowed_str(text),
            Kind::List(items) => visitor.visit_seq(Items { items, at: 0 }),
            Kind::Table(fields) => {
                let mut fields = Fields { fields, at: 0 };
                visitor.visit_map(&mut fields).map_err(|error| {
                    // What is wrong with a name is wrong with the one that was read last.
                    match fields.at.checked_sub(1) {
                        Some(last) => error.at(&fields.fields[last].name_range),
                        None => error,
                    }
                })
            }
        };
        read.map_err(|error| error.at(&self.0.range))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeMismatch> {
        match self.0.kind {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeMismatch> {
        // A derived struct would take a list as well.
        let found = match &self.0.kind {
            Kind::List(_) => Unexpected::Seq,
            _ => return self.deserialize_any(visitor),
        };
        Err(de::Error::invalid_type(found, &visitor))
            .map_err(|error: TypeMismatch| error.at(&self.0.range))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Items<'a> {
    items: &'a [Placed<'a>],
    at: usize,
}

impl<'a> SeqAccess<'a> for Items<'a> {
    type Error = TypeMismatch;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, TypeMismatch> {
        let Some(item) = self.items.get(self.at) else {
            return Ok(None);
        };
        let at = self.at;
        self.at += 1;
        seed.deserialize(Reader(item))
            .map(Some)
            .map_err(|error| error.inside(format!("[{at}]")))
    }
}

struct Fields<'a> {
    fields: &'a [Field<'a>],
    /// The field whose name comes next.
    at: usize,
}

impl<'a> MapAccess<'a> for &mut Fields<'a> {
    type Error = TypeMismatch;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, TypeMismatch> {
        let Some(field) = self.fields.get(self.at) else {
            return Ok(None);
        };
        self.at += 1;
        let name = de::value::BorrowedStrDeserializer::new(&field.name);
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, TypeMismatch> {
        let last = self.at.checked_sub(1).and_then(|at| self.fields.get(at));
        let field = last.ok_or_else(|| de::Error::custom("a value was read before its name"))?;
        seed.deserialize(Reader(&field.value))
            .map_err(|error: TypeMismatch| error.inside(format!(".{}", field.name)))
    }
}
