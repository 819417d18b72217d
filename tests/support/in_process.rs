//! Builds sites on disk within the process of the test: faster than the program, and with a report.

use std::path::Path;

use newsgen::config::Overrides;
use newsgen::curate::Drafts;
use newsgen::pipeline::{
    self, BuildContext, BuildOptions, Failure, Report, Root, Silent, Tolerance,
};
use newsgen::time::Time;
use newsgen::write::Trust;

/// Seconds since 1970 at the moment that the tests call now: 2026-03-02T12:00:00Z.
pub const NOW: i64 = 1_772_452_800;

#[derive(Clone, Copy, Debug)]
pub struct How {
    pub now: i64,
    pub drafts: Drafts,
    pub tolerance: Tolerance,
    pub trust: Trust,
}

impl Default for How {
    fn default() -> How {
        How {
            now: NOW,
            drafts: Drafts::Out,
            tolerance: Tolerance::Strict,
            trust: Trust::Fingerprints,
        }
    }
}

pub fn build(root: &Path, how: How) -> Result<Report, Failure> {
    let root = Root {
        folder: root.to_owned(),
        config: "site.toml".to_owned(),
        state: None,
    };
    // Series of edits may take out as much as they like; `tests/places.rs` has the limit.
    let config = root.config(&Overrides {
        delete_limit: Some(100),
        ..Overrides::default()
    })?;
    let options = BuildOptions {
        context: BuildContext {
            now: Time::from_seconds(how.now).unwrap(),
            drafts: how.drafts,
        },
        tolerance: how.tolerance,
        trust: how.trust,
    };
    pipeline::build(&root, config, options, None, &Silent)
}

/// What is wrong, in words.
pub fn reason(failure: &Failure) -> String {
    match failure {
        Failure::Site(problems) => problems
            .iter()
            .map(|problem| format!("{:?} {}", problem.location, problem.message))
            .collect::<Vec<_>>()
            .join("\n"),
        Failure::Machine(reason) => format!("machine: {reason}"),
    }
}
