//! `list` in the front matter of a standalone page: the stories that it shows.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::values::{Scalar, Whole};
use crate::condition::Condition;
use crate::config::{LIST_FIELDS, LIST_LIMIT, ListField, ListOrder};
use crate::diagnostic::{Diagnostic, Location, nearest};

/// A name in a front matter, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub location: Location,
}

/// The stories that a page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct PageList {
    /// Which they are.
    pub stories: Stories,
    /// How many it shows, at most.
    pub limit: usize,
}

/// Which stories a page shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Stories {
    /// Those of a list in the settings, by its title or path.
    OfList(Named),
    /// Those for which a condition holds.
    Where {
        /// The condition; all if there is none.
        condition: Option<Condition<ListField>>,
        /// Which come first.
        order: ListOrder,
    },
}

/// `list`, as it is written: the name of a list, or a table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListTable {
    /// Title or path of a list in the settings.
    name: Option<Scalar>,
    /// A condition.
    #[serde(rename = "where")]
    condition: Option<Scalar>,
    /// Which stories come first.
    order: Option<Scalar>,
    /// How many are shown, at most.
    limit: Option<Whole>,
}

/// The value of the field `list`.
#[derive(Clone, Debug, Default)]
pub struct ListFields(ListTable);

impl<'de> Deserialize<'de> for ListFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor;
        impl<'de> Visitor<'de> for ListVisitor {
            type Value = ListFields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a list, or a table with `where`")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<ListFields, E> {
                Ok(ListFields(ListTable {
                    name: Some(Scalar(name.to_owned())),
                    ..ListTable::default()
                }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ListFields, A::Error> {
                ListTable::deserialize(MapAccessDeserializer::new(map)).map(ListFields)
            }
        }
        deserializer.deserialize_any(ListVisitor)
    }
}

impl PageList {
    /// Reads the field; `at` finds the place of a field in the front matter.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub(super) fn read(
        ListFields(table): ListFields,
        at: impl Fn(&str) -> Location,
    ) -> Result<PageList, Diagnostic> {
        let wrong = |field: &str, message: String, help: String| {
            Diagnostic::error("page-list", message)
                .at(at(field))
                .help(help)
        };
        let limit = match table.limit {
            None => LIST_LIMIT,
            Some(Whole(limit)) => usize::try_from(limit)
                .ok()
                .filter(|limit| *limit > 0)
                .ok_or_else(|| {
                    let message = format!("`limit` is {limit}");
                    let help = format!("give 1 or more, or leave it out for {LIST_LIMIT}");
                    wrong("list.limit", message, help)
                })?,
        };
        if let Some(Scalar(name)) = table.name {
            if table.condition.is_some() || table.order.is_some() {
                let message = "a list with a `name` has its own condition and order".to_owned();
                let help = "write `name`, or `where` and `order`".to_owned();
                return Err(wrong("list", message, help));
            }
            let location = at("list.name");
            return Ok(PageList {
                stories: Stories::OfList(Named { name, location }),
                limit,
            });
        }
        let order = match table.order {
            None => ListOrder::Newest,
            Some(Scalar(name)) => ListOrder::named(&name).ok_or_else(|| {
                let help = match nearest(&name, ListOrder::NAMES) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "write `newest`, `quality` or `heat`".to_owned(),
                };
                wrong("list.order", format!("there is no order `{name}`"), help)
            })?,
        };
        let condition = table.condition.map(|Scalar(written)| {
            let mistake = |message: &str, help: &str| {
                let message = format!("`where` is no condition: {message}");
                wrong("list.where", message, help.to_owned())
            };
            let condition = Condition::parse(&written, &LIST_FIELDS)
                .map_err(|found| mistake(&found.message, &found.help))?;
            // Unknown fields of articles are at hand only where the settings ask for them.
            match condition.asks_for(ListField::Extra) {
                true => Err(mistake(
                    "a page cannot ask for `extra`",
                    "write it as `where` of a [[lists]] in the settings, and name that list here",
                )),
                false => Ok(condition),
            }
        });
        Ok(PageList {
            stories: Stories::Where {
                condition: condition.transpose()?,
                order,
            },
            limit,
        })
    }
}
