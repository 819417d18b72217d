//! Warnings about files that parse.

use super::Parser;
use crate::content::budget::Cut;
use crate::content::lint::Linter;
use crate::content::split::{self, Split};
use crate::content::{losses, mdx, names, secured};
use crate::diagnostic::Diagnostic;
use crate::ids::EditionId;

impl Parser {
    /// Warnings about an article that parses; `cuts` is what was cut of it, `lost` are the
    /// addresses in its body that are relative to it and lead nowhere; without them the body is not
    /// looked at.
    pub fn lint(
        &self,
        path: &str,
        bytes: &[u8],
        cuts: &[Cut],
        lost: Option<&[String]>,
    ) -> Vec<Diagnostic> {
        let Ok((file, fields)) = self.fields(path, bytes) else {
            return Vec::new();
        };
        let linter = Linter {
            file: &file,
            map: &self.fields,
            zone: &self.zone,
            now: self.now,
        };
        let mut warnings = linter.lint(&fields);
        warnings.extend(cuts.iter().map(|cut| cut.warning(path, &file.split)));
        if let Some(lost) = lost {
            warnings.extend(self.losses(path, bytes, &file.split, lost));
        }
        if names::is_mdx(path) {
            warnings.extend(mdx::lint(path, bytes));
        }
        secured::hide(bytes, &mut warnings);
        warnings
    }

    /// Warnings about the text of a page that parses.
    pub(in crate::content) fn lint_page(
        &self,
        path: &str,
        bytes: &[u8],
        lost: &[String],
    ) -> Vec<Diagnostic> {
        let split = split::decode(path, bytes).and_then(|text| split::split(path, text));
        let Ok(mut split) = split else {
            return Vec::new();
        };
        let mut warnings = Vec::new();
        if names::is_mdx(path) {
            split.body = mdx::markdown(&split.body).text;
            warnings.extend(mdx::lint(path, bytes));
        }
        warnings.extend(self.losses(path, bytes, &split, lost));
        secured::hide(bytes, &mut warnings);
        warnings
    }

    /// What the body of a file loses on its way to a page.
    fn losses(&self, path: &str, bytes: &[u8], split: &Split, lost: &[String]) -> Vec<Diagnostic> {
        let markdown = split.body.trim();
        // Nothing is lost by quotation marks, which are all that the edition decides.
        let body = self.body(markdown, EditionId::DEFAULT);
        let (Ok(Some(body)), Ok(text)) = (body, split::decode(path, bytes)) else {
            return Vec::new();
        };
        let text = text.replace("\r\n", "\n");
        // The body is what the file ends with, unless something of it was left out, so that its
        // lines have other numbers.
        let before = text.trim_end().strip_suffix(markdown);
        losses::find(markdown, &body.html, lost, &self.sanitizer.allowed())
            .iter()
            .map(|loss| loss.warning(path, before, markdown))
            .collect()
    }
}
