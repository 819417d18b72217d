//! Messages of one kind, gathered: a tree with a foreign field in each of its thousands of articles
//! has one thing to say about it, not thousands.
//!
//! Messages are of one kind when they differ only in what they quote and count. Kinds with many
//! messages are cut to a few examples; the others stay as they are.

use std::collections::BTreeMap;

use super::Diagnostic;

/// Messages of one kind that are shown in full.
pub const EXAMPLES: usize = 3;

/// Messages of one kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind<T> {
    /// What the messages have in common, with `…` for what they quote.
    pub pattern: String,
    /// Those to show: all when they are few.
    pub shown: Vec<T>,
    /// How many more there are.
    pub more: usize,
}

impl Kind<&Diagnostic> {
    /// The line above the examples: `2117 errors of one kind: `…` is not a date`.
    pub fn heading(&self) -> String {
        let what = match self.shown.first() {
            Some(first) if first.is_error() => "errors",
            _ => "warnings",
        };
        let count = self.shown.len() + self.more;
        format!("{count} {what} of one kind: {}", self.pattern)
    }
}

/// Diagnostics by kind, in the order in which the kinds first occur.
pub fn of_diagnostics(problems: &[Diagnostic]) -> Vec<Kind<&Diagnostic>> {
    let kind = |problem: &&Diagnostic| {
        let pattern = pattern(&problem.message);
        (pattern, problem.is_error(), problem.code)
    };
    group(problems, kind, |problem| &problem.message)
        .into_iter()
        .map(|((pattern, ..), shown, more)| Kind {
            pattern,
            shown,
            more,
        })
        .collect()
}

/// Texts by kind, in the order in which the kinds first occur.
pub fn of_texts(texts: &[String]) -> Vec<Kind<&String>> {
    group(texts, |text| pattern(text), |text| text)
        .into_iter()
        .map(|(pattern, shown, more)| Kind {
            pattern,
            shown,
            more,
        })
        .collect()
}

/// Groups with their examples and the number of other items in each. Items with different messages
/// are preferred as examples, and examples stay in the order of the items.
fn group<'a, T, K: Ord + Clone>(
    items: &'a [T],
    kind: impl Fn(&&'a T) -> K,
    message: impl Fn(&'a T) -> &'a str,
) -> Vec<(K, Vec<&'a T>, usize)> {
    let mut numbers: BTreeMap<K, usize> = BTreeMap::new();
    let mut groups: Vec<(K, Vec<&T>)> = Vec::new();
    for item in items {
        let kind = kind(&item);
        let number = *numbers.entry(kind.clone()).or_insert_with(|| {
            groups.push((kind, Vec::new()));
            groups.len() - 1
        });
        groups[number].1.push(item);
    }
    let cut = |(kind, items): (K, Vec<&'a T>)| {
        if items.len() <= EXAMPLES {
            return (kind, items, 0);
        }
        let mut chosen: Vec<usize> = Vec::new();
        for (number, item) in items.iter().enumerate() {
            let is_new = |other: &usize| message(items[*other]) != message(item);
            if chosen.len() < EXAMPLES && chosen.iter().all(is_new) {
                chosen.push(number);
            }
        }
        let others = (0..items.len()).filter(|number| !chosen.contains(number));
        let fill: Vec<usize> = others.take(EXAMPLES - chosen.len()).collect();
        chosen.extend(fill);
        chosen.sort_unstable();
        let more = items.len() - chosen.len();
        let shown = chosen.into_iter().map(|number| items[number]).collect();
        (kind, shown, more)
    };
    groups.into_iter().map(cut).collect()
}

/// A message without what is particular to one place: what stands in quotes, and numbers.
fn pattern(message: &str) -> String {
    let mut pattern = String::with_capacity(message.len());
    for (number, part) in message.split('`').enumerate() {
        if number % 2 == 1 {
            pattern += "`…`";
            continue;
        }
        let mut in_number = false;
        for c in part.chars() {
            match (c.is_ascii_digit(), in_number) {
                (true, false) => pattern.push('…'),
                (true, true) => {}
                (false, _) => pattern.push(c),
            }
            in_number = c.is_ascii_digit();
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(field: &str) -> Diagnostic {
        Diagnostic::warning("unknown-field", format!("`{field}` is not a field"))
    }

    #[test]
    fn a_pattern_leaves_out_quotes_and_numbers() {
        assert_eq!(pattern("`a` has 12 of 7 `b`"), "`…` has … of … `…`");
        assert_eq!(pattern("an open ` quote"), "an open `…`");
        assert_eq!(pattern(""), "");
    }

    #[test]
    fn few_of_a_kind_are_all_shown() {
        let problems = [unknown("a"), unknown("b"), Diagnostic::error("x", "other")];
        let kinds = of_diagnostics(&problems);
        assert_eq!(kinds.len(), 2);
        assert!(kinds.iter().all(|kind| kind.more == 0));
        assert_eq!(kinds[0].shown, [&problems[0], &problems[1]]);
    }

    #[test]
    fn of_many_three_are_shown_and_different_ones_first() {
        let problems = ["a", "a", "a", "a", "b", "a", "c", "d"].map(unknown);
        let kinds = of_diagnostics(&problems);
        assert_eq!(kinds.len(), 1);
        assert_eq!(kinds[0].shown, [&problems[0], &problems[4], &problems[6]]);
        assert_eq!(kinds[0].more, 5);
        assert_eq!(
            kinds[0].heading(),
            "8 warnings of one kind: `…` is not a field"
        );
        let problems = ["a", "a", "a", "a", "b"].map(unknown);
        let kinds = of_diagnostics(&problems);
        assert_eq!(kinds[0].shown, [&problems[0], &problems[1], &problems[4]]);
    }

    #[test]
    fn an_error_and_a_warning_are_no_group() {
        let warning = Diagnostic::warning("x", "m");
        let error = Diagnostic::error("x", "m");
        assert_eq!(of_diagnostics(&[warning, error]).len(), 2);
    }

    #[test]
    fn no_message_is_lost() {
        let problems: Vec<Diagnostic> = (0..50)
            .map(|number| unknown(&"xyz"[..1 + number % 3]))
            .chain((0..2).map(|_| Diagnostic::error("y", "z")))
            .collect();
        let kinds = of_diagnostics(&problems);
        let count: usize = kinds.iter().map(|kind| kind.shown.len() + kind.more).sum();
        assert_eq!(count, problems.len());
    }
}
