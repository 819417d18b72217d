//! A lock in an object store, which knows none: an object that its holder writes anew at every
//! pulse.
//!
//! Whoever finds it watches. When it changes, its holder is alive, and the newcomer goes. When it
//! stays the same for long enough, the holder is dead, and the newcomer takes it over. So no clock
//! is compared with another, and no stale lock has to be removed by hand. All writes are
//! conditional on what was read: of two that take it over at once, one succeeds.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, UpdateVersion};
use tokio::runtime::Handle;

use super::store_error::store_error;
use super::{DeployError, Lock, LockState, Timeouts};

/// Pulses after which a lock that did not change is dead.
pub(super) const DEAD_AFTER: u32 = 6;

/// What is needed to take the lock.
pub(super) struct Lease {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) path: Path,
    pub(super) timeouts: Timeouts,
    /// Whether the store can store on a condition; set to false when it says that it cannot.
    pub(super) conditional: Arc<AtomicBool>,
    pub(super) shown: String,
}

/// The lock, held. A thread renews it.
pub(super) struct Leased {
    signs: Arc<Signs>,
    stop: Option<mpsc::Sender<()>>,
    renewal: Option<JoinHandle<()>>,
}

/// The signs of life of a lock.
struct Signs {
    /// When the last one that arrived was sent. Whoever watches may have begun to count then; no
    /// answer has to be waited for.
    last: Mutex<Instant>,
    /// How long one counts. One pulse less than for those who watch, for a request that is on its
    /// way.
    count_for: Duration,
    /// Whether another deploy was seen to have the lock.
    is_taken: AtomicBool,
}

impl Signs {
    fn hold(&self) -> LockState {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match (
            self.is_taken.load(Ordering::SeqCst),
            last.elapsed() > self.count_for,
        ) {
            (true, _) => LockState::Taken,
            (false, true) => LockState::Doubtful,
            (false, false) => LockState::Held,
        }
    }

    fn sent(&self, at: Instant) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

/// How an attempt to write the lock ended.
enum Written {
    Ours(UpdateVersion),
    Taken,
}

impl Lease {
    /// Takes the lock.
    ///
    /// # Errors
    /// When another deploy holds it, or the store refuses.
    pub(super) fn take(self, runtime: &Handle) -> Result<Leased, DeployError> {
        let holder = format!(
            "newsgen deploy {:016x}",
            RandomState::new().hash_one(std::process::id())
        );
        let (version, sent) = loop {
            let now = Instant::now();
            match runtime.block_on(self.write(&holder, 0, PutMode::Create))? {
                Written::Ours(version) => break (version, now),
                Written::Taken => {
                    if let Some(taken) = self.take_over(runtime, &holder)? {
                        break taken;
                    }
                }
            }
        };
        let signs = Arc::new(Signs {
            last: Mutex::new(sent),
            count_for: self.timeouts.pulse * (DEAD_AFTER - 1),
            is_taken: AtomicBool::new(false),
        });
        let (stop, stopped) = mpsc::channel();
        let renewal = {
            let (signs, runtime) = (Arc::clone(&signs), runtime.clone());
            thread::spawn(move || self.renew(&runtime, &holder, version, &stopped, &signs))
        };
        Ok(Leased {
            signs,
            stop: Some(stop),
            renewal: Some(renewal),
        })
    }

    /// Watches a lock that is held, and takes it over when it is dead; with the time when that was
    /// asked for. Nothing when it went away meanwhile.
    fn take_over(
        &self,
        runtime: &Handle,
        holder: &str,
    ) -> Result<Option<(UpdateVersion, Instant)>, DeployError> {
        let Some(first) = runtime.block_on(self.version())? else {
            return Ok(None);
        };
        let start = Instant::now();
        while start.elapsed() < self.timeouts.pulse * DEAD_AFTER {
            thread::sleep(self.timeouts.pulse / 4);
            match runtime.block_on(self.version())? {
                None => return Ok(None),
                Some(now) if now != first => return Err(DeployError::Busy(self.shown.to_owned())),
                Some(_) => {}
            }
        }
        let now = Instant::now();
        match runtime.block_on(self.write(holder, 0, PutMode::Update(first)))? {
            Written::Ours(version) => Ok(Some((version, now))),
            Written::Taken => Err(DeployError::Busy(self.shown.to_owned())),
        }
    }

    /// Writes the lock anew at every pulse, until it is stopped; then deletes it.
    fn renew(
        &self,
        runtime: &Handle,
        holder: &str,
        mut version: UpdateVersion,
        stopped: &mpsc::Receiver<()>,
        signs: &Signs,
    ) {
        for beat in 1_u64.. {
            match stopped.recv_timeout(self.timeouts.pulse) {
                Err(RecvTimeoutError::Timeout) => {}
                _ => break,
            }
            let now = Instant::now();
            match runtime.block_on(self.write(holder, beat, PutMode::Update(version.clone()))) {
                Ok(Written::Ours(new)) => {
                    version = new;
                    signs.sent(now);
                }
                Ok(Written::Taken) => return signs.is_taken.store(true, Ordering::SeqCst),
                // The next one may arrive; until then the last one counts, and not for long.
                Err(_) => {}
            }
        }
        // After a long sleep of this machine it may be another's. A lock that stays is found dead
        // by the next deploy.
        if let Ok(Written::Ours(_)) =
            runtime.block_on(self.write(holder, u64::MAX, PutMode::Update(version)))
        {
            drop(runtime.block_on(self.store.delete(&self.path)));
        }
    }

    async fn version(&self) -> Result<Option<UpdateVersion>, DeployError> {
        match self.store.head(&self.path).await {
            Ok(meta) => Ok(Some(UpdateVersion {
                e_tag: meta.e_tag,
                version: meta.version,
            })),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(store_error("read from", &self.shown, &error)),
        }
    }

    async fn write(&self, holder: &str, beat: u64, mode: PutMode) -> Result<Written, DeployError> {
        let text = format!("{holder}\nbeat {beat}\n");
        if !self.conditional.load(Ordering::Relaxed) {
            return self.write_anyway(text, mode).await;
        }
        let options = PutOptions {
            mode: mode.clone(),
            ..PutOptions::default()
        };
        match self
            .store
            .put_opts(&self.path, text.clone().into(), options)
            .await
        {
            Ok(put) => Ok(Written::Ours(put.into())),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                // The answer to an earlier try may have been lost: then it is our own that stands
                // there.
                self.ours(holder).await
            }
            Err(Error::NotImplemented { .. }) => {
                self.conditional.store(false, Ordering::Relaxed);
                self.write_anyway(text, mode).await
            }
            Err(error) => Err(store_error("write to", &self.shown, &error)),
        }
    }

    /// Without conditions: what stands there is looked at first.
    async fn write_anyway(&self, text: String, mode: PutMode) -> Result<Written, DeployError> {
        let now = self.version().await?;
        let is_expected = match mode {
            PutMode::Create => now.is_none(),
            PutMode::Update(version) => now == Some(version),
            PutMode::Overwrite => true,
        };
        if !is_expected {
            return Ok(Written::Taken);
        }
        let put = self.store.put(&self.path, text.into()).await;
        put.map(|put| Written::Ours(put.into()))
            .map_err(|error| store_error("write to", &self.shown, &error))
    }

    async fn ours(&self, holder: &str) -> Result<Written, DeployError> {
        let stands = match self.store.get(&self.path).await {
            Ok(stands) => stands,
            Err(Error::NotFound { .. }) => return Ok(Written::Taken),
            Err(error) => return Err(store_error("read from", &self.shown, &error)),
        };
        let version = UpdateVersion {
            e_tag: stands.meta.e_tag.clone(),
            version: stands.meta.version.clone(),
        };
        let bytes = stands
            .bytes()
            .await
            .map_err(|error| store_error("read from", &self.shown, &error))?;
        Ok(if bytes.starts_with(holder.as_bytes()) {
            Written::Ours(version)
        } else {
            Written::Taken
        })
    }
}

impl Leased {
    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(renewal) = self.renewal.take() {
            drop(renewal.join());
        }
    }
}

impl Lock for Leased {
    fn hold(&self) -> LockState {
        self.signs.hold()
    }

    fn release(mut self: Box<Self>) {
        self.stop();
    }
}

impl Drop for Leased {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_of_life_counts_for_less_than_others_wait() {
        let pulse = Duration::from_millis(20);
        let signs = |age: u32, is_taken: bool| Signs {
            last: Mutex::new(Instant::now() - pulse * age),
            count_for: pulse * (DEAD_AFTER - 1),
            is_taken: AtomicBool::new(is_taken),
        };
        assert_eq!(signs(0, false).hold(), LockState::Held);
        assert_eq!(signs(DEAD_AFTER, false).hold(), LockState::Doubtful);
        assert_eq!(signs(0, true).hold(), LockState::Taken);
    }
}
