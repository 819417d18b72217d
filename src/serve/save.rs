//! Puts parsed articles into the cache, beside the work of the server and when it is quiet.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::snapshot::Snapshot;
use super::watch::Signal;
use crate::pipeline::Root;

/// A change may be followed by more.
const QUIET: Duration = Duration::from_secs(2);
/// No oftener than this: what is not kept is only parsed again.
const PAUSE: Duration = Duration::from_secs(60);

/// Starts the thread. It keeps the last of the snapshots that it is sent, and says so.
pub(super) fn start(root: Root, signals: Sender<Signal>) -> Sender<Arc<Snapshot>> {
    let (sender, receiver) = channel();
    // When there is no thread nobody receives, and senders put up with that.
    drop(
        thread::Builder::new()
            .name("save".to_owned())
            .spawn(move || run(&root, &receiver, &signals)),
    );
    sender
}

fn run(root: &Root, snapshots: &Receiver<Arc<Snapshot>>, signals: &Sender<Signal>) {
    let mut earliest = Instant::now();
    while let Ok(mut last) = snapshots.recv() {
        // A newer one takes the place of the older, which may then be freed.
        loop {
            match snapshots.recv_timeout(QUIET) {
                Ok(newer) => last = newer,
                Err(_) if Instant::now() >= earliest => break,
                Err(_) => {}
            }
        }
        // What cannot be kept is parsed again by the next start.
        if last.site.save(root).is_ok() {
            earliest = Instant::now() + PAUSE;
            drop(last);
            drop(signals.send(Signal::Saved));
        }
    }
}
