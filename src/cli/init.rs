//! `newsgen init`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::args::{Common, InitArgs};
use super::terminal::Terminal;
use super::{Exit, now};
use crate::diagnostic::{Diagnostic, Place};
use crate::pipeline::Failure;

pub(super) fn run(common: &Common, args: &InitArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let day = now(common, None)?.rfc3339_utc();
    let article = include_str!("init/article.md").replace("{now}", &day);
    let article_path = format!("content/news/{}-welcome-to-newsgen.md", &day[..10]);
    let files = [
        ("site.toml", include_str!("init/site.toml")),
        (article_path.as_str(), article.as_str()),
        ("content/topics/news.yaml", include_str!("init/topic.yaml")),
        ("content/pages/about.md", include_str!("init/about.md")),
        (".gitignore", "/public\n/.newsgen\n"),
    ];
    if args.dir.join("site.toml").exists() {
        let problem = Diagnostic::error("init", "there is a site already")
            .at(Place::file(shown(&args.dir.join("site.toml"))))
            .help("name another folder: newsgen init my-feed");
        return Err(Failure::Site(vec![problem]));
    }
    for (path, text) in files {
        let path = args.dir.join(path);
        match make(&path, text) {
            Ok(()) => terminal.say(&format!("wrote {}", shown(&path))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                terminal.note(&format!("{} is there already", path.display()))
            }
            Err(error) => {
                return Err(Failure::Machine(format!("cannot write {}: {error}", path.display())));
            }
        }
    }
    let root = if args.dir == Path::new(".") { String::new() } else { format!(" --root {}", args.dir.display()) };
    terminal.say(&format!("next: newsgen build{root}"));
    Ok(Exit::Good)
}

/// A path without a leading `./`.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// Writes a file that is not there yet.
pub(super) fn make(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::create_new(path)?.write_all(text.as_bytes())
}
