//! A tree of articles that some other tool was made for → the settings by which newsgen builds it.
//!
//! [`inspect`] looks at the files, [`Findings::settings`] writes a `site.toml` by what it found.
//! Nothing is asked, and no file of the tree is changed.

mod fields;
mod layout;
mod settings;
mod tool;

use rayon::prelude::*;
use serde_json::{Map, Value};

pub use fields::{Found, Usage};
pub use layout::Layout;
pub use tool::{Tool, ToolSettings};

use crate::content;
use crate::workspace::Workspace;

/// Files of articles that are looked at, at most: enough to know the fields of any tree.
const SAMPLE: usize = 5_000;

/// What was found in a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// The tool that the tree was made for.
    pub tool: Tool,
    /// What its own settings say.
    pub own: ToolSettings,
    /// Where its files lie.
    pub layout: Layout,
    /// How many files of articles were looked at.
    pub sampled: usize,
    /// How many of them have a front matter that cannot be read, and how many have none.
    pub unreadable: usize,
    /// How many of them have no front matter.
    pub bare: usize,
    /// Which fields of ours the tree has, under which names.
    pub found: Vec<Found>,
    /// Language that most articles name.
    pub locale: Option<String>,
}

/// Looks at a tree; none when it holds no articles.
pub fn inspect(workspace: &dyn Workspace) -> Option<Findings> {
    let tree = layout::Tree::of(workspace);
    let tool = Tool::of(workspace, &tree);
    let own = ToolSettings::read(workspace, tool);
    let layout = Layout::of(workspace, &tree, tool)?;
    let sample = layout.sample(&tree, SAMPLE);
    let read: Vec<(&str, Option<Matter>)> = sample
        .par_iter()
        .map(|path| (*path, Matter::of(workspace, path)))
        .collect();
    let usage = Usage::of(read.iter().filter_map(|(path, matter)| match matter {
        Some(Matter::Fields(fields)) => Some((*path, fields)),
        _ => None,
    }));
    let is = |wanted: fn(&Option<Matter>) -> bool| read.iter().filter(|(_, m)| wanted(m)).count();
    Some(Findings {
        tool,
        own,
        sampled: sample.len(),
        unreadable: is(|matter| matter.is_none()),
        bare: is(|matter| matches!(matter, Some(Matter::None))),
        locale: usage.commonest(&["locale", "lang", "language"]),
        found: fields::found(&usage, tool),
        layout,
    })
}

/// The front matter of a file.
enum Matter {
    None,
    Fields(Map<String, Value>),
}

impl Matter {
    /// None when it cannot be read.
    fn of(workspace: &dyn Workspace, path: &str) -> Option<Matter> {
        let bytes = workspace.read(path).ok()?;
        let (fields, format) = content::raw_fields(path, &bytes).ok()?;
        Some(match format {
            None => Matter::None,
            Some(_) => Matter::Fields(fields),
        })
    }
}
