//! What changed on the disk, gathered until it is quiet.
//!
//! Folders are watched at their real place, so a content folder that is a symbolic link works. The
//! folders above them are watched too, but not what else lies there: so a folder that is made,
//! removed or replaced later is noticed. When the system loses count, or a watch fails, everything
//! is read again, and it is said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
use notify::{Config as Settings, Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::files::Changes;

/// After a few changes, so long nothing more may come.
const QUIET: Duration = Duration::from_millis(5);
/// After many (somebody checks out another branch), so long.
const QUIET_AFTER_MANY: Duration = Duration::from_millis(120);
/// More changes than an editor makes when it saves.
const MANY: usize = 12;
/// A file that is open for writing is waited for, but not longer than this.
const WRITER_TIMEOUT: Duration = Duration::from_millis(250);
/// Changes are shown after this time, even if more keep coming.
const QUIET_TIMEOUT: Duration = Duration::from_secs(5);
/// Files may be put into a new folder before the system watches it, so it is looked at again.
const SECOND_LOOK: Duration = Duration::from_millis(300);
/// How often everything is looked at when nothing can be watched.
const POLL: Duration = Duration::from_secs(2);

/// So many folders around the site are watched. Elsewhere than on Linux, to watch a folder may cost
/// as much as all that happens below it.
const AROUND: usize = if cfg!(target_os = "linux") {
    usize::MAX
} else {
    1
};

/// What the loop of the server hears.
pub(super) enum Signal {
    /// The system saw something.
    Seen(notify::Result<Event>),
    /// The article cache turned out to be damaged.
    DamagedCache,
    /// The article cache holds what was in memory.
    Saved,
}

/// What to do next.
#[derive(Debug, Default)]
pub(super) struct Wake {
    /// What to look at again.
    pub(super) changes: Changes,
    /// Whether nobody reported a change, so that only a look at the files can tell of one.
    pub(super) only_looks: bool,
    /// Whether what is watched may no longer be what should be.
    pub(super) stale: bool,
    /// What is worth telling.
    pub(super) notes: Vec<String>,
    /// Whether the article cache is damaged.
    pub(super) damaged_cache: bool,
    /// Whether the article cache was written.
    pub(super) saved: bool,
}

impl Wake {
    fn is_nothing(&self) -> bool {
        self.changes.is_empty() && !self.stale && !self.damaged_cache && !self.saved
    }
}

/// A folder or file that is watched, under the name that the site has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Watched {
    name: String,
    /// Where the site says it is, below the real root.
    nominal: PathBuf,
    /// Where it is; none when it is not there.
    real: Option<PathBuf>,
    is_folder: bool,
}

/// Hears of changes.
pub(super) struct Watch {
    root: PathBuf,
    sender: Sender<Signal>,
    receiver: Receiver<Signal>,
    watcher: Option<RecommendedWatcher>,
    watched: Vec<Watched>,
    second_look: Option<(Instant, BTreeSet<String>)>,
    /// Whether files are looked at, and not watched.
    polls: bool,
    /// Files that somebody has open for writing.
    writers: BTreeSet<PathBuf>,
}

impl Watch {
    /// Nothing is watched yet. With `polls`, nothing will be: everything is looked at now and then.
    pub(super) fn new(
        root: &Path,
        polls: bool,
        sender: Sender<Signal>,
        receiver: Receiver<Signal>,
    ) -> Watch {
        let root = crate::workspace::real_path(root).unwrap_or_else(|_| root.to_owned());
        let (watched, writers) = (Vec::new(), BTreeSet::new());
        Watch {
            root,
            sender,
            receiver,
            watcher: None,
            watched,
            second_look: None,
            polls,
            writers,
        }
    }

    /// Watches these folders and this file, by their paths from the root, and nothing else. Returns
    /// what is worth telling. What happens meanwhile is missed, so the caller looks at everything
    /// after it.
    pub(super) fn set(&mut self, folders: &BTreeSet<String>, file: &str) -> Vec<String> {
        let folders = folders.iter().map(|name| self.place(name, true));
        self.watched = folders.chain([self.place(file, false)]).collect();
        self.watcher = None;
        if self.polls {
            return Vec::new();
        }
        match self.start() {
            Ok(watcher) => {
                self.watcher = Some(watcher);
                Vec::new()
            }
            Err(error) => {
                let every = POLL.as_secs();
                vec![format!(
                    "cannot watch for changes ({error}); all files are checked every {every} \
                     seconds"
                )]
            }
        }
    }

    /// Whether nothing is watched, so that changes are found by looking at everything.
    pub(super) fn polls(&self) -> bool {
        self.watcher.is_none()
    }

    fn place(&self, name: &str, is_folder: bool) -> Watched {
        let nominal: PathBuf = self.root.join(name).components().collect();
        Watched {
            name: name.to_owned(),
            real: crate::workspace::real_path(&nominal).ok(),
            nominal,
            is_folder,
        }
    }

    fn start(&self) -> notify::Result<RecommendedWatcher> {
        let sender = self.sender.clone();
        let report = move |seen: notify::Result<Event>| {
            if seen
                .as_ref()
                .map_or(true, |event| event.need_rescan() || is_change(event.kind))
            {
                // Nobody hears any more when the server ends.
                drop(sender.send(Signal::Seen(seen)));
            }
        };
        let mut watcher =
            RecommendedWatcher::new(report, Settings::default().with_follow_symlinks(false))?;
        let mut above: BTreeSet<&Path> = BTreeSet::new();
        // The folders around the site tell when it is moved, or made anew.
        above.extend(self.root.ancestors().skip(1).take(AROUND));
        for item in &self.watched {
            above.extend(
                item.nominal
                    .ancestors()
                    .skip(1)
                    .take_while(|folder| folder.starts_with(&self.root)),
            );
            // The folder around a place outside of the root reports when it is replaced.
            above.extend(item.nominal.parent());
            above.extend(
                item.real
                    .as_deref()
                    .and_then(Path::parent)
                    .filter(|_| !item.is_folder),
            );
        }
        for folder in above.into_iter().filter(|folder| folder.is_dir()) {
            let watched = watcher.watch(folder, RecursiveMode::NonRecursive);
            // A folder far above the site may be closed to us, and can do without.
            if !self.root.starts_with(folder) || self.root.parent() == Some(folder) {
                watched?;
            }
        }
        for real in self
            .watched
            .iter()
            .filter_map(|item| item.real.as_deref())
            .filter(|real| real.is_dir())
        {
            watcher.watch(real, RecursiveMode::Recursive)?;
        }
        Ok(watcher)
    }

    /// Waits until something has changed and it is quiet again.
    pub(super) fn wait(&mut self) -> Wake {
        loop {
            let mut wake = Wake::default();
            match self.first() {
                Ok(signal) => self.hear(signal, &mut wake),
                Err(RecvTimeoutError::Timeout) => self.look_by_itself(&mut wake),
                Err(RecvTimeoutError::Disconnected) => {}
            }
            if !wake.is_nothing() {
                if !wake.only_looks {
                    self.gather(&mut wake);
                }
                return wake;
            }
        }
    }

    fn first(&self) -> Result<Signal, RecvTimeoutError> {
        let second_look = self
            .second_look
            .as_ref()
            .map(|(when, _)| when.saturating_duration_since(Instant::now()));
        let poll = self.watcher.is_none().then_some(POLL);
        match second_look.into_iter().chain(poll).min() {
            Some(timeout) => self.receiver.recv_timeout(timeout),
            None => self
                .receiver
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn look_by_itself(&mut self, wake: &mut Wake) {
        if let Some((_, paths)) = self
            .second_look
            .take_if(|(when, _)| *when <= Instant::now())
        {
            wake.changes.paths = paths;
            wake.only_looks = true;
        } else if self.watcher.is_none() {
            wake.changes = Changes::everything();
            wake.only_looks = true;
        }
    }

    /// Takes in what follows, until it is quiet.
    fn gather(&mut self, wake: &mut Wake) {
        let start = Instant::now();
        while start.elapsed() < QUIET_TIMEOUT {
            let quiet = if wake.changes.paths.len() > MANY {
                QUIET_AFTER_MANY
            } else {
                QUIET
            };
            match self.receiver.recv_timeout(quiet) {
                Ok(signal) => self.hear(signal, wake),
                Err(_) if self.writers.is_empty() || start.elapsed() > WRITER_TIMEOUT => {
                    break;
                }
                Err(_) => {}
            }
        }
        self.writers.clear();
    }

    fn hear(&mut self, signal: Signal, wake: &mut Wake) {
        let event = match signal {
            Signal::DamagedCache => return wake.damaged_cache = true,
            Signal::Saved => return wake.saved = true,
            Signal::Seen(Err(error)) => {
                wake.changes.everything = true;
                wake.stale = true;
                return wake.notes.push(format!(
                    "watching failed ({error}); all files were checked again"
                ));
            }
            Signal::Seen(Ok(event)) => event,
        };
        if event.need_rescan() {
            wake.changes.everything = true;
            wake.notes.push(
                "the system reported too many changes at once; all files were checked again"
                    .to_owned(),
            );
        }
        for path in &event.paths {
            self.take(path, event.kind, wake);
        }
    }

    fn take(&mut self, path: &Path, kind: EventKind, wake: &mut Wake) {
        let is_metadata = matches!(kind, EventKind::Modify(ModifyKind::Metadata(_)));
        let mut known = false;
        for item in &self.watched {
            let is_above = item.nominal.starts_with(path) && item.nominal != path;
            let is_itself = item.nominal == path || item.real.as_deref() == Some(path);
            if is_above || (is_itself && item.is_folder && is_structural(kind)) {
                wake.stale |= !is_metadata;
                wake.changes.everything |= !is_metadata;
            }
            let inside = item
                .real
                .as_deref()
                .and_then(|real| path.strip_prefix(real).ok());
            let Some(inside) = inside.or_else(|| is_itself.then_some(Path::new(""))) else {
                continue;
            };
            known = true;
            match inside.to_str() {
                Some("") => drop(wake.changes.paths.insert(item.name.clone())),
                Some(_) => {
                    let inside = crate::workspace::portable(inside);
                    wake.changes
                        .paths
                        .insert(format!("{}/{inside}", item.name.trim_end_matches('/')));
                }
                None => drop(wake.changes.paths.insert(item.name.clone())),
            }
        }
        if known {
            self.note_writer(path, kind);
            if is_arrival(kind) && path.is_dir() {
                let (_, paths) = self
                    .second_look
                    .get_or_insert_with(|| (Instant::now() + SECOND_LOOK, BTreeSet::new()));
                paths.extend(wake.changes.paths.iter().cloned());
            }
        }
    }

    /// Only inotify reports when a file is closed.
    fn note_writer(&mut self, path: &Path, kind: EventKind) {
        if !cfg!(target_os = "linux") {
            return;
        }
        match kind {
            EventKind::Modify(ModifyKind::Data(_)) => drop(self.writers.insert(path.to_owned())),
            EventKind::Access(_)
            | EventKind::Remove(_)
            | EventKind::Modify(ModifyKind::Name(_)) => {
                self.writers.remove(path);
            }
            _ => {}
        }
    }
}

/// Whether an event can mean that a file is another now. Reading files makes events too.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// Whether something came, went, or was replaced.
fn is_structural(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
    )
}

fn is_arrival(kind: EventKind) -> bool {
    let to = [RenameMode::To, RenameMode::Both, RenameMode::Any];
    match kind {
        EventKind::Create(_) => true,
        EventKind::Modify(ModifyKind::Name(mode)) => to.contains(&mode),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use notify::event::CreateKind;

    use super::*;

    #[test]
    fn what_comes_without_a_pause_is_one_change() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("news")).unwrap();
        let (sender, receiver) = channel();
        let mut watch = Watch::new(folder.path(), true, sender.clone(), receiver);
        watch.set(&["news".to_owned()].into(), "site.toml");
        for number in 0..3000 {
            let path = watch.root.join(format!("news/{number}.md"));
            let event = Event::new(EventKind::Create(CreateKind::File)).add_path(path);
            sender.send(Signal::Seen(Ok(event))).unwrap();
        }
        let wake = watch.wait();
        assert_eq!(wake.changes.paths.len(), 3000);
        assert!(!wake.only_looks && !wake.changes.everything);
        assert!(watch.receiver.try_recv().is_err());
    }
}
