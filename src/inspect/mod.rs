//! A tree of articles that some other tool was made for → the settings by which newsgen builds it.
//!
//! [`inspect`] looks at the files, [`Findings::settings`] writes a `site.toml` by what it found.
//! Nothing is asked, and no file of the tree is changed.
//!
//! # Files
//!
//! - `tool.rs`: which tool a tree was made for
//! - `layout.rs`: which folders hold articles
//! - `fields.rs`: which fields the files have
//! - `settings.rs`: what was found → settings

mod fields;
mod layout;
mod settings;
mod tool;

use rayon::prelude::*;
use serde_json::{Map, Value};
use url::Url;

pub use fields::{Found, Usage};
pub use layout::Layout;
pub use tool::{Tool, ToolSettings};

use crate::config::language;
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
    /// How many of them have a front matter that cannot be read.
    pub unreadable: usize,
    /// How many of them have no front matter.
    pub bare: usize,
    /// Which fields of ours the tree has, under which names.
    pub found: Vec<Found>,
    /// Language that most articles name.
    pub locale: Option<String>,
    /// Files from which articles inherit values, which newsgen does not read.
    pub inherited: Vec<String>,
}

/// A tree in which no folder holds articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoArticles {
    /// The Markdown files that it has: folders, and how many each has, the largest first.
    pub texts: Vec<(String, usize)>,
}

/// Looks at a tree.
///
/// # Errors
/// When it holds no articles: Markdown files with dates.
pub fn inspect(workspace: &dyn Workspace) -> Result<Findings, NoArticles> {
    let tree = layout::Tree::of(workspace);
    let tool = Tool::of(workspace, &tree);
    let own = ToolSettings::read(workspace, tool);
    let layout = Layout::of(workspace, &tree, tool, &own).ok_or_else(|| NoArticles {
        texts: tree.places(&[]),
    })?;
    let sample = layout.sample(&tree, SAMPLE);
    let read: Vec<(&str, Option<Matter>)> = sample
        .par_iter()
        .map(|path| (*path, Matter::of(workspace, path)))
        .collect();
    let usage = Usage::of(read.iter().filter_map(|(path, matter)| match matter {
        Some(Matter::Fields(fields)) => Some((*path, Some(fields))),
        Some(Matter::None) => Some((*path, None)),
        None => None,
    }));
    let host = own.base_url.as_ref().and_then(|url| Url::parse(url).ok());
    let host = host.as_ref().and_then(Url::host_str).map(str::to_owned);
    let is = |wanted: fn(&Option<Matter>) -> bool| read.iter().filter(|(_, m)| wanted(m)).count();
    let mut inherited: Vec<String> = own.inherited.clone().into_iter().collect();
    inherited.extend(layout.inherited(workspace, &tree, tool));
    Ok(Findings {
        tool,
        own,
        inherited,
        sampled: sample.len(),
        unreadable: is(|matter| matter.is_none()),
        bare: is(|matter| matches!(matter, Some(Matter::None))),
        locale: usage
            .commonest(&["locale", "lang", "language"])
            .filter(|tag| language::is_tag(tag)),
        found: fields::found(&usage, tool, host.as_deref()),
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
