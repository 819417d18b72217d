//! Templates that standalone pages name.

use std::collections::BTreeMap;

use crate::content::{Library, Named};
use crate::curate::Edition;
use crate::diagnostic::{Diagnostic, nearest};
use crate::ids::StandaloneId;
use crate::theme::Theme;

/// The templates that the standalone pages of an edition name.
pub(super) fn of_edition(
    library: &Library,
    edition: &Edition,
    theme: &Theme,
) -> BTreeMap<StandaloneId, String> {
    let named = |id: &StandaloneId| {
        let template = library.pages[*id].template.as_ref()?;
        let is_there = theme.has_template(&template.name);
        is_there.then(|| (*id, template.name.clone()))
    };
    edition.pages.iter().filter_map(named).collect()
}

/// An error for each template that a standalone page names and that is not there.
pub(super) fn missing(library: &Library, theme: &Theme) -> Vec<Diagnostic> {
    let named = library
        .pages
        .iter()
        .filter_map(|page| page.template.as_ref());
    let missing = named.filter(|template| !theme.has_template(&template.name));
    let problem = |template: &Named| {
        let help = match nearest(&template.name, theme.template_names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("make the file {}", theme.path(&template.name)),
        };
        let message = format!("there is no template `{}`", template.name);
        Diagnostic::error("page-template", message)
            .at(template.location.clone())
            .help(help)
    };
    missing.map(problem).collect()
}
