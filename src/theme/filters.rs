//! The functions and filters that newsgen adds to Tera. All are pure: what they know besides their arguments is fixed
//! when the theme is loaded, and belongs to the digest of the settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::{Assets, Dates};
use crate::config::{BaseUrl, Config};
use crate::content::text;

/// Adds them all.
pub(super) fn register(tera: &mut Tera, config: &Config, dates: &Dates, assets: &Arc<Assets>) {
    let base: Arc<BaseUrl> = Arc::new(config.base_url.clone());
    let dates = dates.clone();

    let known = Arc::clone(assets);
    let path = base.path.clone();
    tera.register_function("asset", move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let name: &str = kwargs.must_get("path")?;
        match known.hashed(name) {
            Some(url) => Ok(format!("{path}{url}")),
            None => Err(Error::message(format!("there is no static file `{name}`"))),
        }
    });
    let path = base.path.clone();
    tera.register_function("url", move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let url: &str = kwargs.must_get("path")?;
        Ok(format!("{path}{url}"))
    });
    let origin = base.origin.clone();
    tera.register_filter("absolute", move |url: &str, _: Kwargs, _: &State<'_>| -> String {
        if url.starts_with('/') && !url.starts_with("//") { format!("{origin}{url}") } else { url.to_owned() }
    });
    tera.register_filter("date", move |written: &str, kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let format: &str = kwargs.get("format")?.unwrap_or("%Y-%m-%d");
        let wrong = |error| Error::message(format!("`date` cannot format `{written}`: {error}"));
        dates.format(written, format).map_err(wrong)
    });
    tera.register_filter("host", |url: &str, _: Kwargs, _: &State<'_>| -> String {
        text::host(url).unwrap_or_default()
    });
    tera.register_filter("slugify", |text: &str, _: Kwargs, _: &State<'_>| -> String { slug::slugify(text) });
    tera.register_filter("fill", |pattern: &str, kwargs: Kwargs, _: &State<'_>| -> String { fill(pattern, &kwargs) });
    tera.register_filter("json", |value: Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let json = serde_json::to_string(&value).map_err(Error::message)?;
        Ok(Value::safe_string(&script_safe(&json)))
    });
}

/// Puts the arguments into the braces of a pattern; a brace without argument stays.
fn fill(pattern: &str, kwargs: &Kwargs) -> String {
    let values: BTreeMap<String, String> = kwargs
        .iter()
        .filter_map(|(name, value)| {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some((name.as_str()?.to_owned(), shown))
        })
        .collect();
    let mut filled = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            break;
        };
        let name = &rest[open + 1..open + length];
        filled.push_str(&rest[..open]);
        match values.get(name) {
            Some(value) => filled.push_str(value),
            None => filled.push_str(&rest[open..=open + length]),
        }
        rest = &rest[open + length + 1..];
    }
    filled + rest
}

/// JSON that cannot end the `<script>` it stands in
/// (<https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements>).
pub fn script_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_leave_its_script() {
        assert_eq!(script_safe("{\"a\":\"</script>\"}"), "{\"a\":\"\\u003c/script\\u003e\"}");
    }
}
