//! The old addresses that an article or a page names.

use std::borrow::Cow;

use ahash::AHashSet;

use super::distinct;
use crate::content::front_matter::Scalars;
use crate::content::split::Split;
use crate::content::{alias, budget};
use crate::diagnostic::Diagnostic;

/// The aliases of an article or a page, and what is wrong with the others: the first few of them,
/// and how many more there are.
pub(in crate::content) fn read_aliases(
    path: &str,
    split: &Split,
    written: Option<&Scalars>,
) -> (Vec<String>, Vec<Diagnostic>) {
    /// Bad aliases that are reported one by one; a list of thousands is one mistake.
    const REPORTED: usize = 3;
    let mut aliases = Vec::new();
    let mut pages = AHashSet::new();
    let mut wrong = Vec::new();
    let mut unreported = 0_usize;
    for written in distinct(written) {
        match alias::path(&written) {
            // Two ways to write one address are one alias.
            Ok(alias) if !pages.insert(alias::page_url(&alias)) => {}
            Ok(alias) => aliases.push(alias),
            Err(bad) if wrong.len() < REPORTED => wrong.push((written, bad)),
            Err(_) => unreported += 1,
        }
    }
    if wrong.is_empty() {
        return (aliases, Vec::new());
    }
    let location = split.location(path, "aliases");
    let problem = |message: String, help: &str| {
        Diagnostic::error("alias", message)
            .at(location.clone())
            .help(help)
    };
    let mut problems: Vec<Diagnostic> = wrong
        .iter()
        .map(|(written, bad)| {
            let message = format!("the alias `{}` {}", named(written), bad.reason);
            problem(message, bad.help)
        })
        .collect();
    if unreported > 0 {
        let more = budget::grouped(unreported);
        let message = format!("{more} more aliases are not valid either");
        problems.push(problem(message, "see the first ones"));
    }
    (aliases, problems)
}

/// A text as a message names it: one that is very long is cut.
pub(super) fn named(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
