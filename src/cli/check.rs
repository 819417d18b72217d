//! `newsgen check`.

use super::args::{CheckArgs, CheckFormat, Common};
use super::terminal::Terminal;
use super::{Exit, now, plural, root, wanted_edition};
use crate::config::Overrides;
use crate::curate::Drafts;
use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, BuildContext, Checked, Failure};

pub(super) fn run(common: &Common, args: &CheckArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let root = root(common);
    let (problems, files) = match find(common, &root, args.language.as_deref()) {
        Ok(Checked { problems, files }) => (problems, files),
        Err(Failure::Site(problems)) => (problems, Vec::new()),
        Err(other) => return Err(other),
    };
    match args.format {
        CheckFormat::Text if common.quiet && !args.strict => {
            let errors: Vec<Diagnostic> = problems
                .iter()
                .filter(|problem| problem.is_error())
                .cloned()
                .collect();
            terminal.diagnostics(&errors);
        }
        CheckFormat::Text => terminal.diagnostics(&problems),
        CheckFormat::Json => terminal.json(&problems),
        CheckFormat::Github => problems
            .iter()
            .for_each(|problem| terminal.data(&problem.to_github())),
    }
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    let warnings = problems.len() - errors;
    if args.format == CheckFormat::Text {
        if !files.is_empty() {
            terminal.say(&counted(&files));
        }
        terminal.say(&format!(
            "{}, {}",
            plural(errors, "error", "errors"),
            plural(warnings, "warning", "warnings")
        ));
    }
    Ok(if errors > 0 || (args.strict && warnings > 0) {
        Exit::SiteHasErrors
    } else {
        Exit::Good
    })
}

fn find(
    common: &Common,
    root: &pipeline::Root,
    language: Option<&str>,
) -> Result<Checked, Failure> {
    let config = root.config(&Overrides::default())?;
    let wanted = wanted_edition(&config, language)?;
    let context = BuildContext {
        now: now(common, Some(&config))?,
        drafts: Drafts::Out,
    };
    pipeline::check(root, config, context, wanted)
}

/// How many files there are, by what they are.
fn counted(files: &[(&'static str, usize)]) -> String {
    let total: usize = files.iter().map(|(_, count)| count).sum();
    let parts: Vec<String> = files
        .iter()
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    format!("{}: {}", plural(total, "file", "files"), parts.join(", "))
}
