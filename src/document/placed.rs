//! Values of TOML and JSON with the places where they stand in their text.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde_json::{Map, Number, Value};

/// Tables and lists inside each other.
pub(super) const DEEPEST: usize = 128;

/// A value, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed<'t> {
    /// Its bytes. For a table of TOML that is no value on one line, those of its header or of the
    /// key that it is made by.
    pub(crate) range: Range<usize>,
    /// What it is.
    pub(crate) kind: Kind<'t>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind<'t> {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A whole number that is larger.
    Natural(u64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Cow<'t, str>),
    /// A date or time of TOML, as it is written.
    Date(Cow<'t, str>),
    /// A list.
    List(Vec<Placed<'t>>),
    /// A table.
    Table(Vec<Field<'t>>),
}

/// A field of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field<'t> {
    /// Its name.
    pub(crate) name: Cow<'t, str>,
    /// Where the name stands.
    pub(crate) name_range: Range<usize>,
    /// Its value.
    pub(crate) value: Placed<'t>,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// What is wrong, in the words of the format.
    pub(crate) message: String,
    /// Where.
    pub(crate) range: Range<usize>,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<'t> Placed<'t> {
    /// A table without fields.
    pub(crate) fn nothing() -> Placed<'t> {
        Placed {
            range: 0..0,
            kind: Kind::Table(Vec::new()),
        }
    }

    /// The fields of a table; none for any other value.
    pub(crate) fn fields(&self) -> &[Field<'t>] {
        match &self.kind {
            Kind::Table(fields) => fields,
            _ => &[],
        }
    }

    /// The field of a table with that name.
    pub(crate) fn field(&self, name: &str) -> Option<&Field<'t>> {
        self.fields().iter().find(|field| field.name == name)
    }

    /// A field that its table has twice.
    pub(super) fn doubled(&self) -> Option<&Field<'t>> {
        let mut names = BTreeSet::new();
        let own = self
            .fields()
            .iter()
            .find(|field| !names.insert(&field.name));
        let inside = || self.fields().iter().find_map(|field| field.value.doubled());
        let items = match &self.kind {
            Kind::List(items) => items.as_slice(),
            _ => &[],
        };
        own.or_else(inside)
            .or_else(|| items.iter().find_map(Placed::doubled))
    }

    /// The value without its place; dates are text, and what JSON has no number for, too.
    pub(crate) fn value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(is) => Value::Bool(*is),
            Kind::Integer(number) => (*number).into(),
            Kind::Natural(number) => (*number).into(),
            Kind::Float(number) => Number::from_f64(*number)
                .map_or_else(|| Value::String(number.to_string()), Value::Number),
            Kind::Text(text) | Kind::Date(text) => Value::String(text.clone().into_owned()),
            Kind::List(items) => items.iter().map(Placed::value).collect(),
            Kind::Table(fields) => {
                let fields = fields
                    .iter()
                    .map(|field| (field.name.clone().into_owned(), field.value.value()));
                Value::Object(fields.collect::<Map<_, _>>())
            }
        }
    }
}
