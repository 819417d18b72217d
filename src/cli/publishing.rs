//! How commands show the condition by which a candidate is published.

use serde_json::{Value, json};

use crate::fetch::proposal::Publishing;

/// As an object of JSON.
pub(super) fn shown(publishing: &Publishing) -> Value {
    let tests = publishing
        .tests
        .iter()
        .map(|it| json!({ "test": it.test, "holds": it.holds, "value": it.value }));
    json!({
        "rule": publishing.rule,
        "place": publishing.place,
        "holds": publishing.holds,
        "tests": tests.collect::<Vec<Value>>(),
    })
}

/// As lines: the condition, then each of its tests.
pub(super) fn lines(publishing: &Publishing) -> (String, Vec<String>) {
    let word = |holds| if holds { "holds" } else { "does not hold" };
    let Publishing { rule, place, .. } = publishing;
    let tests = publishing.tests.iter();
    let tests = tests.map(|it| format!("`{}` {}: it is {}", it.test, word(it.holds), it.value));
    let rule = format!("`{rule}` ({place}) {}", word(publishing.holds));
    (rule, tests.collect())
}
