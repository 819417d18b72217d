//! What a front matter means, as values of YAML, and what it must mean after an edit.

use serde_json::Value;
use serde_yaml::Value as Yaml;
use serde_yaml::{Mapping, Number};

use super::path::{FieldPath, index};
use super::{Edit, EditError};

/// The value at a path.
pub(super) fn get<'a>(root: &'a Yaml, path: &FieldPath) -> Option<&'a Yaml> {
    path.parts()
        .iter()
        .try_fold(root, |value, part| step(value, part))
}

fn step<'a>(value: &'a Yaml, part: &str) -> Option<&'a Yaml> {
    match value {
        Yaml::Mapping(fields) => fields.get(part),
        Yaml::Sequence(items) => items.get(index(part)?),
        Yaml::Tagged(tagged) => step(&tagged.value, part),
        _ => None,
    }
}

/// What the block must mean after an edit.
///
/// # Errors
/// When the edit is not possible here.
pub(super) fn edited(root: &Yaml, edit: &Edit) -> Result<Yaml, EditError> {
    let mut root = root.clone();
    let path = edit.path();
    match edit {
        Edit::Set(_, value) => *slot(&mut root, path)? = yaml(value),
        Edit::Unset(_) => unset(&mut root, path)?,
        Edit::Add(_, value) => {
            let value = yaml(value);
            let slot = slot(&mut root, path)?;
            match slot {
                Yaml::Sequence(items) if items.contains(&value) => {}
                Yaml::Sequence(items) => items.push(value),
                Yaml::Null => *slot = Yaml::Sequence(vec![value]),
                Yaml::Mapping(_) | Yaml::Tagged(_) => return Err(not_a_list(path)),
                _ if *slot == value => {}
                // A single value stands for a list of one.
                _ => *slot = Yaml::Sequence(vec![std::mem::replace(slot, Yaml::Null), value]),
            }
        }
        Edit::Remove(_, value) => {
            let value = yaml(value);
            let Some(slot) = get_mut(&mut root, path) else {
                return Ok(root);
            };
            match slot {
                Yaml::Sequence(items) => items.retain(|item| *item != value),
                Yaml::Null => {}
                Yaml::Mapping(_) | Yaml::Tagged(_) => return Err(not_a_list(path)),
                _ if *slot == value => *slot = Yaml::Sequence(Vec::new()),
                _ => {}
            }
        }
    }
    Ok(root)
}

fn not_a_list(path: &FieldPath) -> EditError {
    EditError::NotAList(path.to_string())
}

fn get_mut<'a>(root: &'a mut Yaml, path: &FieldPath) -> Option<&'a mut Yaml> {
    path.parts()
        .iter()
        .try_fold(root, |value, part| match value {
            Yaml::Mapping(fields) => fields.get_mut(part.as_str()),
            Yaml::Sequence(items) => items.get_mut(index(part)?),
            _ => None,
        })
}

/// The value at a path, which is made with all that it lies in.
fn slot<'a>(root: &'a mut Yaml, path: &FieldPath) -> Result<&'a mut Yaml, EditError> {
    let mut value = root;
    let mut above = String::new();
    for part in path.parts() {
        if value.is_null() {
            *value = match index(part) {
                Some(_) if !above.is_empty() => Yaml::Sequence(Vec::new()),
                _ => Yaml::Mapping(Mapping::new()),
            };
        }
        value = match value {
            Yaml::Mapping(fields) => fields
                .entry(Yaml::String(part.clone()))
                .or_insert(Yaml::Null),
            Yaml::Sequence(items) => {
                let at = index(part).filter(|at| *at <= items.len());
                let Some(at) = at else {
                    let length = items.len();
                    return Err(EditError::NoItem {
                        list: above,
                        part: part.clone(),
                        length,
                    });
                };
                if at == items.len() {
                    items.push(Yaml::Null);
                }
                &mut items[at]
            }
            _ => {
                return Err(EditError::NotATable {
                    field: above,
                    part: part.clone(),
                });
            }
        };
        if !above.is_empty() {
            above.push('.');
        }
        above.push_str(part);
    }
    Ok(value)
}

fn unset(root: &mut Yaml, path: &FieldPath) -> Result<(), EditError> {
    let (last, above) = match path.parts().split_last() {
        Some(parts) => parts,
        None => return Ok(()),
    };
    let mut value = root;
    for part in above {
        let next = match value {
            Yaml::Mapping(fields) => fields.get_mut(part.as_str()),
            Yaml::Sequence(items) => index(part).and_then(|at| items.get_mut(at)),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return Ok(()),
        }
    }
    match value {
        Yaml::Mapping(fields) => drop(fields.shift_remove(last.as_str())),
        Yaml::Sequence(items) => {
            if let Some(at) = index(last).filter(|at| *at < items.len()) {
                items.remove(at);
            }
        }
        _ => {}
    }
    Ok(())
}

/// A value of JSON as one of YAML.
pub(super) fn yaml(value: &Value) -> Yaml {
    match value {
        Value::Null => Yaml::Null,
        Value::Bool(is) => Yaml::Bool(*is),
        Value::Number(number) => Yaml::Number(match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Number::from(number),
            (None, Some(number)) => Number::from(number),
            (None, None) => Number::from(number.as_f64().unwrap_or(f64::NAN)),
        }),
        Value::String(text) => Yaml::String(text.clone()),
        Value::Array(items) => Yaml::Sequence(items.iter().map(yaml).collect()),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (Yaml::String(name.clone()), yaml(value)));
            Yaml::Mapping(fields.collect())
        }
    }
}

/// A value of YAML as one of JSON: without tags, and with names and numbers that JSON does not have
/// as text.
pub(super) fn json(value: &Yaml) -> Value {
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(is) => Value::Bool(*is),
        Yaml::Number(number) => {
            let text = || Value::String(number.to_string());
            match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => number.into(),
                (None, Some(number), _) => number.into(),
                (None, None, Some(number)) => {
                    serde_json::Number::from_f64(number).map_or_else(text, Value::Number)
                }
                (None, None, None) => text(),
            }
        }
        Yaml::String(text) => Value::String(text.clone()),
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Mapping(fields) => fields
            .iter()
            .map(|(name, value)| (name_of(name), json(value)))
            .collect(),
        Yaml::Tagged(tagged) => json(&tagged.value),
    }
}

fn name_of(name: &Yaml) -> String {
    match json(name) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The first place in which two values differ: none when they do not, an empty path when they are
/// of different kinds at the top.
pub(super) fn difference(one: &Yaml, other: &Yaml) -> Option<String> {
    let below = |part: &str, rest: String| {
        Some(if rest.is_empty() {
            part.to_owned()
        } else {
            format!("{part}.{rest}")
        })
    };
    match (one, other) {
        (Yaml::Mapping(a), Yaml::Mapping(b)) => {
            for (name, value) in a {
                let rest = match b.get(name) {
                    Some(other) => difference(value, other),
                    None => Some(String::new()),
                };
                if let Some(rest) = rest {
                    return below(&name_of(name), rest);
                }
            }
            let added = b.keys().find(|name| !a.contains_key(*name));
            added.map(name_of)
        }
        (Yaml::Sequence(a), Yaml::Sequence(b)) => {
            let differs = a.iter().zip(b).enumerate().find_map(|(at, (a, b))| {
                difference(a, b).and_then(|rest| below(&at.to_string(), rest))
            });
            let shorter = a.len().min(b.len()).to_string();
            differs.or_else(|| (a.len() != b.len()).then_some(shorter))
        }
        (a, b) => (a != b).then(String::new),
    }
}
