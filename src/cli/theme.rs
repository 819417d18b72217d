//! `newsgen theme`: the built-in files of the default theme, and the copies that a site has taken.

use std::io::{self, ErrorKind};

use serde_json::{Value, json};

use super::args::{Common, ListFormat, ThemeArgs, ThemeCommand};
use super::terminal::Terminal;
use super::{Exit, cannot_write, plural, root};
use crate::config::{Config, Overrides};
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::edit::unified_diff;
use crate::hash::Hash128;
use crate::pipeline::{Failure, FileAction, MachineError};
use crate::theme::copies::{self, BuiltIn, OwnFile, Standing};
use crate::workspace::{Disk, Workspace, WritableWorkspace};

/// A site, as far as its theme goes.
struct Site {
    disk: Disk,
    config: Config,
}

pub(super) fn run(common: &Common, args: &ThemeArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let root = root(common);
    let site = Site {
        config: root.config(&Overrides::default())?,
        disk: Disk::new(&root.folder),
    };
    match &args.command {
        ThemeCommand::List(args) => site.list(args.format, terminal),
        ThemeCommand::Copy(args) => site.copy(&args.files, terminal),
        ThemeCommand::Diff(args) => site.diff(&args.files, args.own, terminal),
        ThemeCommand::Mark(args) => site.mark(&args.files, terminal),
    }
}

impl Site {
    /// The site's file in the place of a built-in one.
    fn own(&self, file: &BuiltIn) -> Result<Option<OwnFile>, Failure> {
        let Some(place) = file.place(&self.config.theme) else {
            return Ok(None);
        };
        match self.disk.read(&place) {
            Ok(bytes) => Ok(Some(file.read(bytes))),
            Err(error) if is_absent(error.kind()) => Ok(None),
            Err(error) => Err(cannot_read(place, error)),
        }
    }

    fn list(&self, format: ListFormat, terminal: &Terminal) -> Result<Exit, Failure> {
        let mut rows = Vec::new();
        for file in copies::all() {
            let own = self.own(&file)?;
            let standing = file.standing(own.as_ref());
            let version = own.and_then(|own| own.mark).map(|mark| mark.version);
            let place = file.place(&self.config.theme);
            rows.push((file, standing, version, place));
        }
        if format == ListFormat::Json {
            let rows: Vec<Value> = rows
                .iter()
                .map(|(file, standing, version, place)| {
                    let place = place.as_ref().filter(|_| *standing != Standing::BuiltIn);
                    json!({
                        "file": file.path,
                        "hash": file.hash(),
                        "status": name(*standing),
                        "place": place,
                        "version": version,
                    })
                })
                .collect();
            terminal.json(&rows);
            return Ok(Exit::Good);
        }
        let width = rows.iter().map(|(file, ..)| file.path.len()).max();
        for (file, standing, version, place) in &rows {
            let path = format!("{:<1$}", file.path, width.unwrap_or_default());
            let place = place.as_deref().unwrap_or_default();
            let version = version.as_ref().map(|version| format!(" of {version}"));
            let version = version.unwrap_or_default();
            terminal.result(&match standing {
                Standing::BuiltIn => format!("{path}  built in"),
                Standing::Own => format!("{path}  {place}: not a copy that newsgen made"),
                Standing::Copy => format!("{path}  {place}: a copy{version}, unchanged"),
                Standing::Edited => format!("{path}  {place}: a copy{version}, edited"),
                Standing::Outdated => {
                    format!("{path}  {place}: a copy{version}; the built-in file has changed since")
                }
            });
        }
        Ok(Exit::Good)
    }

    fn copy(&self, names: &[String], terminal: &Terminal) -> Result<Exit, Failure> {
        let files = named(names)?;
        let mut problems = Vec::new();
        let mut places = Vec::new();
        for file in files {
            let Some(place) = file.place(&self.config.theme) else {
                problems.push(
                    Diagnostic::error(
                        "theme",
                        format!("no folder is served at the place of {}", file.path),
                    )
                    .at(self.config.location_of("static"))
                    .help("add `\"/\" = \"static\"` to `[static]`"),
                );
                continue;
            };
            if self.own(&file)?.is_some() {
                let message = format!("{place} is there already");
                problems.push(
                    Diagnostic::error("theme", message)
                        .at(Location::file(&place))
                        .help("`newsgen theme diff` shows how it differs; delete it to start anew"),
                );
                continue;
            }
            places.push((file, place));
        }
        if !problems.is_empty() {
            return Err(Failure::Site(problems));
        }
        for (file, place) in places {
            self.keep_original(&file)?;
            let written = self.disk.create(&place, &file.copy());
            written.map_err(|error| cannot_write(&place, error))?;
            terminal.result(&place);
        }
        Ok(Exit::Good)
    }

    /// Keeps the built-in file of this version as the one that a copy was taken from. Where a file
    /// has no mark, there is nothing to compare with.
    fn keep_original(&self, file: &BuiltIn) -> Result<(), Failure> {
        if file.read(file.copy()).mark.is_none() {
            return Ok(());
        }
        let path = file.original(&self.config.theme);
        let written = match self.disk.read(&path) {
            Ok(bytes) => self.disk.replace(&path, Hash128::of(&bytes), file.bytes),
            Err(_) => self.disk.create(&path, file.bytes),
        };
        written.map_err(|error| cannot_write(&path, error))
    }

    fn diff(&self, names: &[String], own: bool, terminal: &Terminal) -> Result<Exit, Failure> {
        let chosen: Vec<BuiltIn> = match names {
            [] => copies::all().collect(),
            names => named(names)?,
        };
        let mut different = 0;
        for file in &chosen {
            let Some(copy) = self.own(file)? else {
                if !names.is_empty() {
                    terminal.note(&format!("{} is not copied", file.path));
                }
                continue;
            };
            if let Some(diff) = self.diff_of(file, &copy, own, !names.is_empty(), terminal) {
                different += 1;
                terminal.data(diff.trim_end_matches('\n'));
            }
        }
        if different == 0 {
            terminal.note(match own {
                true => "no copy has changes of its own",
                false => "no built-in file has changed since it was copied",
            });
        }
        Ok(Exit::Good)
    }

    /// What changed in a built-in file since it was copied, or with `own` what the site changed in
    /// its copy, as a unified diff.
    fn diff_of(
        &self,
        file: &BuiltIn,
        copy: &OwnFile,
        own: bool,
        is_named: bool,
        terminal: &Terminal,
    ) -> Option<String> {
        let place = file.place(&self.config.theme)?;
        let Some(mark) = &copy.mark else {
            // Nobody knows what it was taken from.
            if !is_named || copy.text == file.bytes {
                return None;
            }
            if std::str::from_utf8(file.bytes).is_err() {
                terminal.note(&format!("{place} differs from the built-in file"));
                return None;
            }
            terminal.note(&format!(
                "{place} has no mark of the version that it was copied from: this is how it \
                 differs from the built-in file"
            ));
            return unified_diff(&place, &copy.text, &file.path, file.bytes);
        };
        let Some(original) = file.taken_from(mark, &self.disk, &self.config.theme) else {
            terminal.note(&format!(
                "{} is not what {place} was copied from: this is how {place} differs from the \
                 built-in file",
                file.original(&self.config.theme)
            ));
            return unified_diff(&place, &copy.text, &file.path, file.bytes);
        };
        let before = format!("{} {}", file.path, mark.version);
        match own {
            true => unified_diff(&before, &original, &place, &copy.text),
            false => unified_diff(&before, &original, &place, file.bytes),
        }
    }

    /// Renews the marks of copies that the changes of the built-in files have been carried over to.
    fn mark(&self, names: &[String], terminal: &Terminal) -> Result<Exit, Failure> {
        let mut renewed = 0;
        for file in named(names)? {
            let Some(place) = file.place(&self.config.theme) else {
                continue;
            };
            let bytes = match self.disk.read(&place) {
                Ok(bytes) => bytes,
                Err(error) if is_absent(error.kind()) => {
                    let message = format!("{} is not copied", file.path);
                    let help = format!("`newsgen theme copy {}` makes a copy", file.path);
                    return Err(Failure::Site(vec![
                        Diagnostic::error("theme", message).help(help),
                    ]));
                }
                Err(error) => return Err(cannot_read(place, error)),
            };
            let expected = Hash128::of(&bytes);
            let marked = file.marked(&file.read(bytes).text);
            self.keep_original(&file)?;
            if Hash128::of(&marked) != expected {
                let written = self.disk.replace(&place, expected, &marked);
                written.map_err(|error| cannot_write(&place, error))?;
                renewed += 1;
            }
        }
        terminal.say(&format!("{} marked", plural(renewed, "copy", "copies")));
        Ok(Exit::Good)
    }
}

/// The built-in files with some names.
fn named(names: &[String]) -> Result<Vec<BuiltIn>, Failure> {
    let mut files: Vec<BuiltIn> = Vec::new();
    let mut problems = Vec::new();
    for name in names {
        match copies::find(name) {
            Some(file) if files.contains(&file) => {}
            Some(file) => files.push(file),
            None => {
                let known: Vec<String> = copies::all().map(|file| file.path).collect();
                let below =
                    |path: &'_ String| path.split_once('/').map(|(_, rest)| rest.to_owned());
                let short: Vec<String> = known.iter().filter_map(below).collect();
                let all = known.iter().chain(&short).map(String::as_str);
                let help = nearest(name, all).map_or_else(
                    || "`newsgen theme list` lists all".to_owned(),
                    |meant| format!("did you mean `{meant}`?"),
                );
                let message = format!("there is no built-in file `{name}`");
                problems.push(Diagnostic::error("theme", message).help(help));
            }
        }
    }
    match problems.is_empty() {
        true => Ok(files),
        false => Err(Failure::Site(problems)),
    }
}

/// How JSON calls it.
fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::BuiltIn => "built in",
        Standing::Own => "own",
        Standing::Copy => "copy",
        Standing::Edited => "edited",
        Standing::Outdated => "outdated",
    }
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn cannot_read(path: String, error: io::Error) -> Failure {
    MachineError::File {
        action: FileAction::Read,
        path,
        error,
    }
    .into()
}
