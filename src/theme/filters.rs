//! The functions and filters that newsgen adds to Tera. All are pure: what they know besides their
//! arguments is fixed when the theme is loaded, and belongs to the hash of the settings.

use std::collections::HashMap;
use std::sync::Arc;

use tera::value::Key;
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Assets, Dates};
use crate::config::plural::Numbers;
use crate::config::{BaseUrl, Config};
use crate::content::{domain, link};
use crate::diagnostic::nearest;

/// Adds them all.
pub(super) fn register(tera: &mut Tera, config: &Config, dates: &Dates, assets: &Arc<Assets>) {
    register_addresses(tera, &config.base_url, assets);
    register_dates(tera, dates.clone());
    register_numbers(tera, Numbers::new(&config.locale));
    register_texts(tera);
    register_values(tera);
}

/// `asset`, `url`, `absolute` and `host`.
fn register_addresses(tera: &mut Tera, base: &BaseUrl, assets: &Arc<Assets>) {
    let (assets, path) = (Arc::clone(assets), base.path.clone());
    let asset = move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let url = asset_url(&assets, kwargs.must_get("path")?)?;
        Ok(format!("{path}{url}"))
    };
    tera.register_function("asset", asset);

    let path = base.path.clone();
    let url = move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let url: &str = kwargs.must_get("path")?;
        Ok(format!("{path}{url}"))
    };
    tera.register_function("url", url);

    let origin = base.origin.clone();
    let absolute = move |url: &str, _: Kwargs, _: &State<'_>| -> String {
        if url.starts_with('/') && !url.starts_with("//") {
            format!("{origin}{url}")
        } else {
            url.to_owned()
        }
    };
    tera.register_filter("absolute", absolute);

    let host = |url: &str, _: Kwargs, _: &State<'_>| -> String {
        domain::shown(&link::host(url).unwrap_or_default())
    };
    tera.register_filter("host", host);
}

/// The path of a static file under the name that has its hash, without the path of the base URL.
fn asset_url(assets: &Assets, name: &str) -> TeraResult<String> {
    assets.hashed(name).ok_or_else(|| {
        let meant = nearest(name, assets.iter().map(|(path, _)| path));
        let meant = meant.map(|path| format!("; did you mean `{path}`?"));
        let meant = meant.unwrap_or_default();
        Error::message(format!("there is no static file `{name}`{meant}"))
    })
}

/// `date`.
fn register_dates(tera: &mut Tera, dates: Dates) {
    let date = move |written: &str, kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let format: &str = kwargs.get("format")?.unwrap_or("%Y-%m-%d");
        let wrong = |error| Error::message(format!("`date` cannot format `{written}`: {error}"));
        dates.format(written, format).map_err(wrong)
    };
    tera.register_filter("date", date);
}

/// `fill` and `number`.
fn register_numbers(tera: &mut Tera, numbers: Numbers) {
    let counted = numbers.clone();
    let fill = move |pattern: &str, kwargs: Kwargs, _: &State<'_>| -> String {
        fill_in(pattern, &kwargs, &counted)
    };
    tera.register_filter("fill", fill);

    let number = move |number: i64, _: Kwargs, _: &State<'_>| -> String { numbers.shown(number) };
    tera.register_filter("number", number);
}

/// `slugify`, `shorten`, `columns` and `wrap`.
fn register_texts(tera: &mut Tera) {
    let slugify = |text: &str, _: Kwargs, _: &State<'_>| -> String { slug::slugify(text) };
    tera.register_filter("slugify", slugify);

    let shorten = |text: &str, kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        Ok(shorten(text, kwargs.must_get("length")?))
    };
    tera.register_filter("shorten", shorten);

    let columns = |text: &str, _: Kwargs, _: &State<'_>| -> u64 { text.width() as u64 };
    tera.register_filter("columns", columns);

    let wrap = |text: &str, kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let width = kwargs.get("width")?.unwrap_or(72);
        let indent = kwargs.get("indent")?.unwrap_or("");
        Ok(wrap(text, width, indent))
    };
    tera.register_filter("wrap", wrap);
}

/// `json` and `group_by`.
fn register_values(tera: &mut Tera) {
    let json = |value: Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let json = serde_json::to_string(&value).map_err(Error::message)?;
        Ok(Value::safe_string(&script_safe(&json)))
    };
    tera.register_filter("json", json);

    let group_by = |values: &[Value], kwargs: Kwargs, _: &State<'_>| -> TeraResult<Map> {
        group_by(values, kwargs.must_get("attribute")?)
    };
    tera.register_filter("group_by", group_by);
}

/// Tera's filter of that name, but for the order of the groups: as they first occur. Tera's own
/// groups come in the order of a hash map, another in each run.
fn group_by(values: &[Value], attribute: &str) -> TeraResult<Map> {
    let mut groups: Vec<(Key<'static>, Vec<Value>)> = Vec::new();
    let mut places: HashMap<Key<'static>, usize> = HashMap::new();
    for (number, value) in values.iter().enumerate() {
        let Some(found) = value
            .get_from_path(attribute)
            .filter(|found| !found.is_undefined())
        else {
            return Err(Error::message(format!(
                "`group_by`: value {number} has no `{attribute}`"
            )));
        };
        if found.is_none() {
            continue;
        }
        let key = key_of(found).ok_or_else(|| {
            Error::message(format!(
                "`group_by`: `{attribute}` of value {number} is a {}",
                found.name()
            ))
        })?;
        let place = *places.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, group)) => group.push(value.clone()),
            None => groups.push((key, vec![value.clone()])),
        }
    }
    Ok(groups
        .into_iter()
        .map(|(key, group)| (key, Value::from(group)))
        .collect())
}

fn key_of(value: &Value) -> Option<Key<'static>> {
    let number = || {
        value
            .as_i128()
            .map(Key::from)
            .or_else(|| value.as_u128().map(Key::from))
    };
    let text = value.as_str().map(|text| Key::from(text.to_owned()));
    text.or_else(|| value.as_bool().map(Key::Bool))
        .or_else(number)
}

fn fill_in(pattern: &str, kwargs: &Kwargs, numbers: &Numbers) -> String {
    let number = |wanted: &str| {
        let mut values = kwargs.iter();
        let (_, value) = values.find(|(name, _)| name.as_str() == Some(wanted))?;
        i64::try_from(value.as_i128()?).ok()
    };
    let pattern = &numbers.choose(pattern, number);
    let values: Vec<(String, String)> = kwargs
        .iter()
        .filter_map(|(name, value)| {
            let shown = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            Some((name.as_str()?.to_owned(), shown))
        })
        .collect();
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fill(pattern, &values)
}

/// Puts values into the braces of a pattern; a brace without a value stays, and braces in values
/// are no pattern.
pub fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            break;
        };
        let name = &rest[open + 1..open + length];
        filled.push_str(&rest[..open]);
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&rest[open..=open + length]),
        }
        rest = &rest[open + length + 1..];
    }
    filled + rest
}

/// The words of a text that fit into so many signs, and an ellipsis where some do not.
pub fn shorten(text: &str, length: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(length) else {
        return text.to_owned();
    };
    let start = &text[..end];
    // A script without spaces, or one very long word, is cut where it is.
    let words = start
        .rfind(char::is_whitespace)
        .filter(|at| *at * 2 > end)
        .map_or(start, |at| &start[..at]);
    format!(
        "{}…",
        words.trim_end_matches(|c: char| !c.is_alphanumeric())
    )
}

/// Breaks a text into lines of so many columns, each behind `indent`. A word that is longer is
/// broken too, unless it is a URL.
fn wrap(text: &str, width: usize, indent: &str) -> String {
    let room = width.saturating_sub(indent.width()).max(1);
    let mut lines: Vec<String> = Vec::new();
    // Columns of the last line. They are counted as it grows: signs without width, such as accents
    // that are written on their own, can make a line as long as the text.
    let mut filled = 0;
    for word in text.split_whitespace() {
        let columns = word.width();
        let fits = !lines.is_empty() && filled + 1 + columns <= room;
        if let Some(line) = lines.last_mut().filter(|_| fits) {
            line.push(' ');
            line.push_str(word);
            filled += 1 + columns;
        } else if columns <= room || word.contains("://") {
            lines.push(word.to_owned());
            filled = columns;
        } else {
            // Scripts without spaces, such as Chinese: a line may end after any sign.
            let mut line = String::new();
            filled = 0;
            for sign in word.chars() {
                let columns = sign.width().unwrap_or(0);
                if filled + columns > room {
                    lines.push(std::mem::take(&mut line));
                    filled = 0;
                }
                line.push(sign);
                filled += columns;
            }
            lines.push(line);
        }
    }
    lines
        .iter()
        .map(|line| format!("{indent}{line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// JSON that cannot end the `<script>` it stands in
/// (<https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements>).
pub fn script_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + 16);
    let mut rest = json;
    // The two separators begin with the byte 0xE2, as other signs do.
    let is_suspect = |byte| matches!(byte, b'<' | b'>' | b'&' | 0xE2);
    while let Some(at) = rest.bytes().position(is_suspect) {
        let (plain, from) = rest.split_at(at);
        safe.push_str(plain);
        let mut signs = from.chars();
        match signs.next() {
            Some('<') => safe.push_str("\\u003c"),
            Some('>') => safe.push_str("\\u003e"),
            Some('&') => safe.push_str("\\u0026"),
            Some('\u{2028}') => safe.push_str("\\u2028"),
            Some('\u{2029}') => safe.push_str("\\u2029"),
            other => safe.extend(other),
        }
        rest = signs.as_str();
    }
    safe.push_str(rest);
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_leave_its_script() {
        assert_eq!(
            script_safe("{\"a\":\"</script>\"}"),
            "{\"a\":\"\\u003c/script\\u003e\"}"
        );
        assert_eq!(script_safe("“a” & \u{2028}…"), "“a” \\u0026 \\u2028…");
    }

    #[test]
    fn groups_come_in_the_order_of_their_first_values() {
        let keys = [
            "one", "two", "three", "four", "five", "six", "seven", "eight",
        ];
        let story = |number: usize| {
            format!(
                "{{\"number\": {number}, \"from\": {{\"name\": \"{}\"}}}}",
                keys[number % 8]
            )
        };
        let stories: Vec<String> = (0..20).map(story).collect();
        let json = format!(
            "[{}, {{\"number\": 20, \"from\": {{\"name\": null}}}}]",
            stories.join(",")
        );
        let stories: Value =
            Value::from_serializable(&serde_json::from_str::<serde_json::Value>(&json).unwrap());
        let mut tera = Tera::new();
        let config = Config::resolve("site.toml", "", &Default::default()).unwrap();
        register(&mut tera, &config, &Dates::new(&config), &Arc::default());
        let mut context = tera::Context::new();
        context.insert("stories", &stories);
        let shown = |text: &str, tera: &mut Tera| tera.render_str(text, &context, false);
        let groups = "{% for name, group in stories | group_by(attribute=\"from.name\") %}{{ name \
                      }} {{ group | length }} {% endfor %}";
        let good = "one 3 two 3 three 3 four 3 five 2 six 2 seven 2 eight 2 ";
        assert_eq!(shown(groups, &mut tera).unwrap(), good);
        let numbers = "{{ stories | group_by(attribute=\"number\") | keys | join(sep=\" \") }}";
        let good = (0..21)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
            .join(" ");
        assert_eq!(shown(numbers, &mut tera).unwrap(), good);
        for (attribute, reason) in [
            ("to", "value 0 has no `to`"),
            ("from", "`from` of value 0 is a map"),
        ] {
            let error = shown(&groups.replace("from.name", attribute), &mut tera).unwrap_err();
            let message = format!("{error} {:?}", std::error::Error::source(&error));
            assert!(message.contains(reason), "{message}");
        }
    }

    #[test]
    fn text_is_shortened_between_words() {
        assert_eq!(shorten("one two three", 13), "one two three");
        assert_eq!(shorten("one two, three", 12), "one two…");
        assert_eq!(shorten("日本語の新聞記事", 4), "日本語の…");
    }

    #[test]
    fn text_is_wrapped_by_columns() {
        assert_eq!(wrap("one two  three\nfour", 9, ""), "one two\nthree\nfour");
        assert_eq!(wrap("one two three", 9, "  "), "  one two\n  three");
        assert_eq!(
            wrap("see https://example.org/long here", 10, ""),
            "see\nhttps://example.org/long\nhere"
        );
        // Each of these takes two columns.
        assert_eq!(wrap("日本語日本語", 4, ""), "日本\n語日\n本語");
        assert_eq!(wrap("  ", 4, "> "), "");
        for width in 0..40 {
            let text = wrap(
                "Quite a few words, Donaudampfschifffahrtsgesellschaft and 日本語の新聞記事",
                width,
                "",
            );
            assert!(
                text.lines().all(|line| line.width() <= width.max(2)),
                "{width}: {text}"
            );
        }
    }
}
