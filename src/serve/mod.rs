//! The preview: a thin loop over the same pipeline as a build.
//!
//! Wait for a change (`watch`), look at the files that it names (`files`), prepare the site anew,
//! and show it (`reload`). Nothing is patched: what did not change comes out of memory, by the same
//! functions that a build calls. Pages are rendered when a browser asks for them (`answer`). When a
//! site cannot be built, the last one stays.
//!
//! Of the site itself only the article cache is written.
//!
//! # Files
//!
//! - `watch.rs`: which files changed
//! - `files.rs`: the site's files, listed once
//! - `reload.rs`: makes the next site
//! - `snapshot.rs`: what one request sees of a site
//! - `http.rs`: a thread for each connection
//! - `request.rs`: reads the head of a request, within limits
//! - `target.rs`: the address in a request
//! - `answer.rs`: a request → its answer
//! - `http_cache.rs`: entity tags and ranges
//! - `index.rs`: the search index
//! - `save.rs`: writes the article cache
//! - `desk/`: the editor's pages

mod answer;
mod desk;
mod files;
mod http;
mod http_cache;
mod index;
mod reload;
mod request;
mod save;
mod snapshot;
mod target;
mod watch;

pub use desk::{Access, Program};

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::config::{Config, Overrides};
use crate::curate::Drafts;
use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, BuildContext, CacheAt, Failure, MachineError, Root, Site, Timings};
use crate::render::RenderError;
use crate::time::Time;
use crate::workspace::{Disk, is_below};
use desk::Desk;
use files::{Changes, Remembered};
use reload::Hub;
use snapshot::Snapshot;
use watch::{Wake, Watch};

/// Pages in browsers that are rendered before a new site is shown.
const TRIED: usize = 50;
/// What is served, and where.
pub struct Options {
    /// The site.
    pub root: Root,
    /// What becomes of dropped articles.
    pub drafts: Drafts,
    /// Where browsers come in.
    pub listener: TcpListener,
    /// Scheme, host and port of the preview, without a slash at the end.
    pub origin: String,
    /// Whether only this machine can reach it.
    pub is_local: bool,
    /// Whether files are looked at every two seconds, and not watched.
    pub polls: bool,
    /// What counts as now.
    pub now: Clock,
    /// What may be done through the desk.
    pub access: Access,
    /// What runs other commands for the desk.
    pub program: Program,
}

/// What counts as now, for a site with these settings.
pub type Clock = Arc<dyn Fn(&Config) -> Result<Time, Failure> + Send + Sync>;

/// What happened.
pub enum News<'a> {
    /// Pages can be asked for, at this address.
    Ready {
        /// Address of the front page.
        address: String,
        /// The site; none when it has errors that must be mended first.
        site: Option<&'a Site>,
        /// Since the start.
        took: Duration,
    },
    /// A change is shown.
    Shown {
        /// The site.
        site: &'a Site,
        /// From the end of the change until browsers were notified.
        took: Duration,
    },
    /// Something is wrong.
    Problems(&'a [Diagnostic]),
    /// Nothing is wrong any more.
    Mended,
    /// Something worth knowing.
    Note(String),
}

/// Serves a site until the process ends.
///
/// # Errors
/// When the machine does not let us listen.
pub fn serve(options: &Options, tell: &dyn Fn(News<'_>)) -> Result<(), Failure> {
    let start = Instant::now();
    let (sender, receiver) = channel();
    let hub = Arc::new(Hub::new());
    let disk = Disk::new(&options.root.folder);
    let source = Arc::new(Remembered::new(disk.clone()));
    let desk = Desk::new(options, disk.clone(), Arc::clone(&source), Arc::clone(&hub));
    let desk = desk.map(Arc::new).map_err(MachineError::Randomness)?;

    let mut preview = Preview {
        options,
        tell,
        saver: save::start(options.root.clone(), sender.clone()),
        source,
        hub: Arc::clone(&hub),
        desk: Arc::clone(&desk),
        watch: Watch::new(
            &options.root.folder,
            options.polls,
            sender.clone(),
            receiver,
        ),
        watched: BTreeSet::new(),
        aside: Vec::new(),
        shown: None,
        problems: Vec::new(),
        failed: false,
    };
    preview.watch_again();
    preview.turn(&Wake {
        changes: Changes::everything(),
        ..Wake::default()
    });

    let machine = |error: std::io::Error| Failure::from(MachineError::Accept(error));
    let listener = options.listener.try_clone().map_err(machine)?;
    let site = answer::Site {
        hub: Arc::clone(&hub),
        source: disk,
        is_local: options.is_local,
        signals: Mutex::new(sender),
        desk: Arc::clone(&desk),
    };
    http::open(listener, site).map_err(machine)?;

    let state = hub.state();
    let site = state.snapshot.as_ref().map(|snapshot| &snapshot.site);
    let path = site
        .map(|site| site.config.base_url.path.clone())
        .unwrap_or_default();
    tell(News::Ready {
        address: format!("{}{path}/", options.origin),
        site,
        took: start.elapsed(),
    });
    drop(state);

    // Without this thread, the first page of the desk waits a little longer.
    let warm_up = move || desk.warm_up();
    drop(
        thread::Builder::new()
            .name("desk".to_owned())
            .spawn(warm_up),
    );
    loop {
        let wake = preview.watch.wait();
        preview.turn(&wake);
    }
}

/// The loop's own state: caches, and what was reported last.
struct Preview<'a> {
    options: &'a Options,
    tell: &'a dyn Fn(News<'_>),
    source: Arc<Remembered>,
    hub: Arc<Hub>,
    desk: Arc<Desk>,
    watch: Watch,
    watched: BTreeSet<String>,
    /// Folders that the desk shows, and no page.
    aside: Vec<String>,
    /// Of these the one that a page shows, too: that of sources, if the site has a page of them.
    shown: Option<String>,
    saver: Sender<Arc<Snapshot>>,
    /// What is wrong, as it was reported.
    problems: Vec<Diagnostic>,
    /// Whether what is shown is older than the files.
    failed: bool,
}

impl Preview<'_> {
    /// Takes one change from the files to the browsers.
    fn turn(&mut self, wake: &Wake) {
        let start = Instant::now();
        let aside = self.take_aside(wake);
        let wake = aside.as_ref().unwrap_or(wake);
        wake.notes
            .iter()
            .for_each(|note| (self.tell)(News::Note(note.clone())));
        if wake.stale {
            self.watch_again();
        }
        // What another thread asks for comes together with the next look.
        let is_look = wake.only_looks && !wake.damaged_cache;
        if is_look && wake.changes.everything && !self.looks_different() {
            return;
        }
        let differs = self.source.refresh(&wake.changes);
        if is_look && !differs {
            return;
        }
        let before = self.hub.state().snapshot.clone();
        let is_outgrown = before
            .as_ref()
            .is_some_and(|before| before.site.is_outgrown());
        if wake.changes.is_empty()
            && !wake.damaged_cache
            && !(is_outgrown && self.problems.is_empty())
        {
            return;
        }
        let mut timings = Timings::default();
        let made = self
            .make(wake, before.as_deref(), &mut timings)
            .and_then(|site| self.try_out(site, before.as_deref()));
        match made {
            Ok(snapshot) => self.show(snapshot, before.is_none(), timings, start),
            Err(failure) => {
                self.failed = true;
                let problems = failure.into_diagnostics();
                self.tell_problems(&problems);
                self.hub.show_problems(&problems);
            }
        }
    }

    /// Tells the desk what changed beside the site: in queue, ledger and sources. Returned is what
    /// the site is made of, if anything beside it changed.
    fn take_aside(&self, wake: &Wake) -> Option<Wake> {
        if wake.changes.everything {
            self.desk.look_again();
            return None;
        }
        let is_aside = |path: &String| self.aside.iter().any(|folder| is_below(path, folder));
        let (aside, mut rest): (BTreeSet<String>, BTreeSet<String>) =
            wake.changes.paths.iter().cloned().partition(is_aside);
        if aside.is_empty() {
            return None;
        }
        if let Some(shown) = &self.shown {
            rest.extend(aside.into_iter().filter(|path| is_below(path, shown)));
        }
        self.desk.look_again();
        if rest.is_empty() {
            self.hub.touch();
        }
        Some(Wake {
            changes: Changes {
                paths: rest,
                everything: false,
            },
            notes: wake.notes.clone(),
            ..*wake
        })
    }

    /// Watches what the settings name; what they named last when they cannot be read.
    fn watch_again(&mut self) {
        if let Ok(config) = self.config() {
            self.aside = aside(&config);
            self.shown = config.source_page.then(|| config.content.sources.clone());
            self.watched = folders(&config);
        }
        for note in self.watch.set(&self.watched, &self.options.root.config) {
            (self.tell)(News::Note(note));
        }
        if self.watch.polls() {
            // What changes from now on is found by the next look.
            self.looks_different();
        }
    }

    /// Whether the files of the site are others than at the last look.
    fn looks_different(&self) -> bool {
        self.source.look(&self.watched, &self.options.root.config)
    }

    fn config(&self) -> Result<Config, Failure> {
        let overrides = Overrides {
            is_one_host: true,
            ..Overrides::default()
        };
        let mut config = self.options.root.config(&overrides)?;
        config.set_origin(&self.options.origin);
        Ok(config)
    }

    fn make(
        &mut self,
        wake: &Wake,
        before: Option<&Snapshot>,
        timings: &mut Timings,
    ) -> Result<Site, Failure> {
        let config = self.config()?;
        if folders(&config) != self.watched {
            self.watch_again();
            self.source.refresh(&Changes::everything());
        }
        let changes = &wake.changes;
        if let Some(before) = before
            && !self.failed
            && !changes.is_empty()
            && changes.are_within(&config.theme.folders().collect::<Vec<_>>())
            && let Some(site) = pipeline::reload_theme(&before.site, &*self.source, timings)?
        {
            return Ok(site);
        }
        let context = BuildContext {
            now: (self.options.now)(&config)?,
            drafts: self.options.drafts,
        };
        let state = self.options.root.cache();
        let at = match before {
            _ if wake.damaged_cache => CacheAt::Fresh(&state),
            Some(before) if !changes.is_empty() => CacheAt::Site(&before.site),
            _ => CacheAt::Folder(&state),
        };
        pipeline::prepare(&*self.source, config, context, at, timings)
    }

    /// Renders the pages that browsers show: a template that fails on one of them must not take it
    /// away.
    fn try_out(&self, site: Site, before: Option<&Snapshot>) -> Result<Snapshot, Failure> {
        let snapshot = Snapshot::new(site, before);
        let Some(before) = before else {
            return Ok(snapshot);
        };
        let pages = self.hub.pages(TRIED);
        let changed = pages
            .iter()
            .filter(|path| snapshot.look(path).page != before.look(path).page);
        for page in changed.filter_map(|path| snapshot.find(path)) {
            match snapshot.remember(page, || snapshot.site.render(&*self.source, page)) {
                Err(RenderError::Template(problem)) => return Err(Failure::Site(vec![problem])),
                // Whoever asks for the page sees to the other errors.
                Ok(_) | Err(RenderError::Cache | RenderError::Undeclared(_)) => {}
            }
        }
        Ok(snapshot)
    }

    fn show(&mut self, snapshot: Snapshot, is_first: bool, timings: Timings, start: Instant) {
        self.failed = false;
        let problems = snapshot.site.problems.clone();
        self.hub.show(snapshot, &problems, timings.0);
        let state = self.hub.state();
        let Some(shown) = &state.snapshot else {
            return;
        };
        for note in &shown.site.notes {
            (self.tell)(News::Note(note.clone()));
        }
        if !is_first {
            (self.tell)(News::Shown {
                site: &shown.site,
                took: start.elapsed(),
            });
        }
        self.tell_problems(&problems);
        if shown.site.is_unsaved() {
            // Without its thread the cache is not kept, and the next start takes longer.
            drop(self.saver.send(Arc::clone(shown)));
        }
    }

    fn tell_problems(&mut self, problems: &[Diagnostic]) {
        if self.problems == problems {
            return;
        }
        (self.tell)(if problems.is_empty() {
            News::Mended
        } else {
            News::Problems(problems)
        });
        self.problems = problems.to_vec();
    }
}

/// The folders that a site is made of.
fn folders(config: &Config) -> BTreeSet<String> {
    let content = &config.content;
    let others = [&content.topics, &content.providers, &content.pages]
        .into_iter()
        .map(String::as_str);
    content
        .articles
        .iter()
        .map(String::as_str)
        .chain(others)
        .chain(config.theme.folders())
        .map(str::to_owned)
        .chain(aside(config))
        .collect()
}

/// The folders that the desk shows, and no page.
fn aside(config: &Config) -> Vec<String> {
    let content = &config.content;
    let folders = [&content.queue, &content.ledger, &content.sources];
    let folders = folders
        .into_iter()
        .filter(|folder| content.is_aside(folder));
    folders.cloned().collect()
}
