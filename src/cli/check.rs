//! `newsgen check`.

use super::args::{CheckArgs, CheckFormat, Common};
use super::terminal::Terminal;
use super::{Exit, now, plural, root};
use crate::config::Overrides;
use crate::curate::Drafts;
use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, BuildContext, Failure};

pub(super) fn run(common: &Common, args: &CheckArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let root = root(common);
    let problems = match find(common, &root) {
        Ok(problems) | Err(Failure::Site(problems)) => problems,
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

fn find(common: &Common, root: &pipeline::Root) -> Result<Vec<Diagnostic>, Failure> {
    let config = root.config(&Overrides::default())?;
    let context = BuildContext {
        now: now(common, Some(&config))?,
        drafts: Drafts::Out,
    };
    pipeline::check(root, config, context)
}
