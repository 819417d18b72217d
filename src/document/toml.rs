//! TOML with the places of its values, as the parser of `site.toml` finds them.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::placed::{DEEPEST, Field, Kind, Placed, SyntaxError};

/// A name of more parts than any name needs. Each part is a table inside the one before, and the
/// parser follows as deep as they lead.
static DEEP_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let quoted = r#""(?:[^"\\\n]|\\.)*"|'[^'\n]*'"#;
    let blank = r"[ \t]*";
    let part = format!(r"(?:[0-9A-Za-z_-]+|{quoted}){blank}\.{blank}");
    Regex::new(&format!("(?:{part}){{64}}")).ok()
});

/// Reads a TOML document.
pub(super) fn read(text: &str) -> Result<Placed<'_>, SyntaxError> {
    let deep = DEEP_NAME.as_ref().and_then(|name| name.find(text));
    if let Some(name) = deep {
        return Err(SyntaxError {
            message: "the front matter is nested too deeply".to_owned(),
            range: name.range(),
        });
    }
    let root = DeTable::parse(text).map_err(|error| SyntaxError {
        message: error.message().trim().replace('\n', "; "),
        range: error.span().unwrap_or(0..0),
    })?;
    let range = 0..text.len();
    let kind = Kind::Table(fields(root.into_inner(), 0)?);
    Ok(Placed { range, kind })
}

fn fields<'t>(table: DeTable<'t>, depth: usize) -> Result<Vec<Field<'t>>, SyntaxError> {
    table
        .into_iter()
        .map(|(name, value)| {
            Ok(Field {
                name_range: name.span(),
                name: name.into_inner(),
                value: placed(value, depth)?,
            })
        })
        .collect()
}

fn placed<'t>(value: Spanned<DeValue<'t>>, depth: usize) -> Result<Placed<'t>, SyntaxError> {
    let range = value.span();
    let wrong = |message: &str| SyntaxError {
        message: message.to_owned(),
        range: range.clone(),
    };
    if depth > DEEPEST {
        return Err(wrong("the front matter is nested too deeply"));
    }
    let kind = match value.into_inner() {
        DeValue::String(text) => Kind::Text(text),
        DeValue::Boolean(is) => Kind::Bool(is),
        DeValue::Datetime(date) => Kind::Date(Cow::Owned(date.to_string())),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map(Kind::Integer)
            .map_err(|_| wrong("the number is too large"))?,
        DeValue::Float(number) => number
            .as_str()
            .parse()
            .map(Kind::Float)
            .map_err(|_| wrong("this is no number"))?,
        DeValue::Array(items) => Kind::List(
            items
                .into_iter()
                .map(|item| placed(item, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        DeValue::Table(table) => Kind::Table(fields(table, depth + 1)?),
    };
    Ok(Placed { range, kind })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_their_places() {
        let text = concat!(
            "title = \"A\" # c\ndate = 2020-05-01\nn = 0x1F\nf = 1.5\n",
            "a.b = ['x', \"y\"]\n[extra]\nlink = \"l\"\n[[images]]\nurl = 'u'\n",
        );
        let root = read(text).unwrap();
        assert_eq!(
            root.value(),
            json!({
                "title": "A", "date": "2020-05-01", "n": 31, "f": 1.5, "a": {"b": ["x", "y"]},
                "extra": {"link": "l"}, "images": [{"url": "u"}],
            })
        );
        let at = |name: &str, inner: &str| {
            let field = root.field(name).unwrap();
            let field = field.value.field(inner).unwrap_or(field);
            (
                &text[field.name_range.clone()],
                &text[field.value.range.clone()],
            )
        };
        assert_eq!(at("title", ""), ("title", "\"A\""));
        assert_eq!(at("a", "b"), ("b", "['x', \"y\"]"));
        assert_eq!(at("extra", "link"), ("link", "\"l\""));
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        for (text, line) in [
            ("a = 1\nb = x\n", 2),
            ("a = 1\na = 2\n", 2),
            ("a = \"x\nb = 1", 1),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(
                text[..error.range.start].matches('\n').count() + 1,
                line,
                "{error}"
            );
        }
        assert!(
            read("a = 99999999999999999999\n")
                .unwrap_err()
                .message
                .contains("too large")
        );
    }

    #[test]
    fn deep_nesting_is_no_crash() {
        let dots = "a.".repeat(300_000);
        let spaced = "a . ".repeat(100_000);
        let brackets = "[".repeat(500_000);
        let tables = "{a=".repeat(200_000);
        for text in [
            format!("{dots}a = 1\n"),
            format!("{spaced}a = 1\n"),
            format!("[{dots}a]\n"),
            format!("[[{dots}a]]\n"),
            format!("{}a = 1\n", "\"\\\"\".'.'.".repeat(100_000)),
            format!("a = {brackets}\n"),
            format!("a = {tables}\n"),
            format!("a = {{ {dots}b = 1 }}\n"),
        ] {
            assert!(read(&text).is_err());
        }
        for text in ["...! ", ". . ", "Mr. Smith went. Why? ", "1, 2. "] {
            assert!(
                read(&format!("a = \"{}\"\n", text.repeat(100))).is_ok(),
                "{text}"
            );
        }
    }
}
