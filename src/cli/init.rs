//! `newsgen init`.
//!
//! # Files
//!
//! - `tree.rs`: in a folder that holds the articles of another tool

mod tree;

use std::collections::BTreeSet;
use std::path::Path;

use super::args::{Common, Host, InitArgs};
use super::terminal::Terminal;
use super::{Exit, cannot_write, now, word};
use crate::config::{Config, Overrides};
use crate::diagnostic::{Diagnostic, Location};
use crate::inspect::inspect;
use crate::pipeline::{Failure, SETTINGS};
use crate::workspace::{Disk, Workspace, WritableWorkspace, WriteError};

pub(super) fn run(common: &Common, args: &InitArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    // `--root` is where a folder that is not absolute is looked for.
    let folder = if args.dir == Path::new(".") {
        common.root.clone()
    } else {
        common.root.join(&args.dir)
    };
    let settings = folder.join(&common.config);
    let is_site = settings.exists();
    if is_site && args.ci.is_none() {
        let problem = Diagnostic::error("init", "a site already exists here")
            .at(Location::file(shown(&settings)))
            .help("choose another folder, as in `newsgen init my-feed`");
        return Err(Failure::Site(vec![problem]));
    }
    let disk = Disk::new(&folder);
    let found = match inspect(&disk) {
        _ if is_site => None,
        Ok(found) => Some(found),
        Err(none) => {
            tree::explain(&none, terminal);
            None
        }
    };
    let mut files = match &found {
        _ if is_site => Vec::new(),
        Some(found) => {
            let text = valid(&common.config, found.settings(manual!("site-toml")));
            vec![(common.config.clone(), text)]
        }
        None => site(&common.config, &now(common, None)?.rfc3339_utc()),
    };
    if let Some(found) = &found {
        tree::describe(found, terminal);
    }
    let fetched = Fetched::of(common, &disk, args.fetch);
    files.extend(args.ci.map(|host| pipeline(host, fetched.as_ref())));
    write_all(&folder, files, terminal)?;
    if let Some(host) = args.ci {
        terminal.say(by_hand(host));
        if let Some(more) = fetched.and_then(|_| by_hand_to_fetch(host)) {
            terminal.say(more);
        }
    }
    let mut is_good = true;
    if let Some(found) = &found {
        is_good = tree::try_out(common, &folder, found, terminal)?;
    }
    if !is_site {
        terminal.say(&format!("next: {}", next(common, &folder, is_good)));
        terminal.say(&format!("\n{NEEDED}"));
    }
    Ok(Exit::Good)
}

/// Writes files where there are none yet.
fn write_all(
    folder: &Path,
    files: Vec<(String, String)>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let disk = Disk::new(folder);
    for (path, text) in files {
        let done = disk.create(&path, text.as_bytes());
        let path = shown(&folder.join(path));
        match done {
            Ok(()) => terminal.say(&format!("wrote {path}")),
            Err(WriteError::Exists) => terminal.note(&format!("{path} already exists")),
            Err(error) => return Err(cannot_write(&path, error)),
        }
    }
    Ok(())
}

/// The command that builds the new site.
fn next(common: &Common, folder: &Path, is_good: bool) -> String {
    let root = if folder == Path::new(".") {
        String::new()
    } else {
        format!(" --root {}", word(&shown(folder)))
    };
    let config = if common.config == SETTINGS {
        String::new()
    } else {
        format!(" --config {}", word(&common.config))
    };
    let keep_going = if is_good { "" } else { " --keep-going" };
    format!("newsgen build{root}{config}{keep_going}")
}

/// Settings whose lines can all be read: what a tree says of itself may be no value of ours, and
/// stays as a comment.
fn valid(path: &str, mut text: String) -> String {
    /// Rounds in which mistakes come to light.
    const ROUNDS: usize = 10;
    for _ in 0..ROUNDS {
        let Err(problems) = Config::resolve(path, &text, &Overrides::default()) else {
            return text;
        };
        let places = problems
            .iter()
            .filter_map(|problem| problem.location.as_ref());
        let wrong: BTreeSet<usize> = places.map(|place| place.line).collect();
        let lines = text.lines().enumerate();
        let lines = lines.map(|(at, line)| match wrong.contains(&(at + 1)) {
            true => format!("# {line}\n"),
            false => format!("{line}\n"),
        });
        text = lines.collect();
    }
    text
}

/// What somebody has to set before a site is published.
const NEEDED: &str = concat!(
    "Before you publish the site, set in its settings:\n",
    "  base_url      where readers find it: feeds, sitemaps and previews need full addresses\n",
    "  output.cname  GitHub Pages with a domain of your own: that domain\n",
    "  host.server   nginx or Caddy: writes their headers and redirects into a file\n",
    "A host that builds the site runs `newsgen build`, and serves the folder of the output.\n",
    manual!("deploying"),
    " has all hosts.",
);

/// The files of a small site that builds, as paths and texts.
fn site(settings: &str, now: &str) -> Vec<(String, String)> {
    let article = include_str!("init/article.md").replace("{now}", now);
    let settings_text = include_str!("init/site.toml").replace("{manual}", manual!("site-toml"));
    [
        (settings, settings_text.as_str()),
        (
            &format!("content/news/{}-welcome-to-newsgen.md", &now[..10]),
            &article,
        ),
        ("content/topics/news.yaml", include_str!("init/topic.yaml")),
        ("content/pages/about.md", include_str!("init/about.md")),
        (".gitignore", "/public\n/.newsgen\n"),
        (".gitattributes", "/content/ledger/*.jsonl merge=union\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into()
}

/// The folders of a site that a fetch writes.
struct Fetched {
    sources: String,
    queue: String,
    ledger: String,
}

impl Fetched {
    /// Those of a site, if it has sources or they are asked for.
    fn of(common: &Common, disk: &Disk, is_wanted: bool) -> Option<Fetched> {
        let text = disk.read(&common.config).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let resolve = |text: &str| Config::resolve(&common.config, text, &Overrides::default());
        // Settings that cannot be read are reported by the pipeline itself.
        let config = resolve(&text).or_else(|_| resolve(include_str!("init/site.toml")));
        let content = config.ok()?.content;
        (is_wanted || disk.has_folder(&content.sources)).then_some(Fetched {
            sources: content.sources,
            queue: content.queue,
            ledger: content.ledger,
        })
    }

    /// The commands that fetch, commit and push. Where to is in `REMOTE`, `BRANCH` and
    /// `PUSH_OPTIONS`.
    fn script(&self) -> String {
        let folders = [&self.queue, &self.ledger, &self.sources];
        let folders = folders.map(|folder| word(folder));
        include_str!("init/ci/fetch.sh").replace("{folders}", &folders.join(" "))
    }

    /// The step of a host.
    fn step(&self, host: Host) -> String {
        let (step, indent) = match host {
            Host::Github | Host::Cloudflare => (include_str!("init/ci/fetch.github.yml"), 10),
            Host::Gitlab => (include_str!("init/ci/fetch.gitlab.yml"), 6),
            Host::Netlify => return String::new(),
        };
        let script = self.script();
        let lines = script.lines();
        let lines: Vec<String> = lines
            .map(|line| format!("{:indent$}{line}\n", ""))
            .collect();
        step.replace("{script}\n", &lines.concat())
    }
}

/// The file by which a host builds and publishes the site.
fn pipeline(host: Host, fetched: Option<&Fetched>) -> (String, String) {
    let (path, text) = match host {
        Host::Github => (
            ".github/workflows/site.yml",
            include_str!("init/ci/github.yml"),
        ),
        Host::Gitlab => (".gitlab-ci.yml", include_str!("init/ci/gitlab.yml")),
        Host::Netlify => ("netlify.toml", include_str!("init/ci/netlify.toml")),
        Host::Cloudflare => (
            ".github/workflows/site.yml",
            include_str!("init/ci/cloudflare.yml"),
        ),
    };
    (
        path.to_owned(),
        text.replace("{version}", env!("CARGO_PKG_VERSION"))
            .replace(
                "{contents}",
                if fetched.is_some() { "write" } else { "read" },
            )
            .replace(
                "{fetch}",
                &fetched.map_or(String::new(), |it| it.step(host)),
            ),
    )
}

/// What is left to do at a host by hand.
fn by_hand(host: Host) -> &'static str {
    match host {
        Host::Github => "on GitHub: Settings → Pages → Source: GitHub Actions",
        Host::Gitlab => {
            "on GitLab: Build → Pipeline schedules → New schedule, with the interval 7 * * * *"
        }
        Host::Netlify => {
            "on Netlify: import the repository; build command and folder are in netlify.toml"
        }
        Host::Cloudflare => {
            "on GitHub: Settings → Secrets and variables → Actions: the secrets \
             CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID, and the variable CLOUDFLARE_PROJECT"
        }
    }
}

/// What is left to do at a host before it fetches.
fn by_hand_to_fetch(host: Host) -> Option<&'static str> {
    match host {
        Host::Github | Host::Cloudflare => None,
        Host::Gitlab => Some(
            "on GitLab: Settings → Access tokens: one with the role Developer and the scope \
             write_repository; Settings → CI/CD → Variables: PUSH_TOKEN, masked, with that token",
        ),
        Host::Netlify => {
            Some("Netlify cannot write to the repository: run `newsgen fetch` elsewhere")
        }
    }
}

/// A path without a leading `./`.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
