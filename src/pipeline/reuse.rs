//! A site that is prepared again and again, for the preview: what it keeps in memory and on the
//! disk.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{Failure, FileAction, MachineError, Root, Site, Timings};
use crate::content::Library;
use crate::content::cache::Update;
use crate::render::{Renderer, SharedValues};
use crate::theme::Theme;
use crate::workspace::Workspace;

/// The same site in other clothes: with its templates and static files read again. None when these
/// are no longer the same files, for the plan names them.
///
/// A plan outlives its theme this way: what its fingerprints say of templates is that of the theme
/// which it was made with.
///
/// # Errors
/// Templates that cannot be used.
pub fn reload_theme(
    site: &Site,
    source: &dyn Workspace,
    timings: &mut Timings,
) -> Result<Option<Site>, Failure> {
    let theme = timings.measure("load theme", || {
        Theme::load_again(source, &site.config, &site.theme.assets)
    });
    let mut theme = theme.map_err(Failure::Site)?;
    if !theme.assets.has_same_paths(&site.theme.assets) {
        return Ok(None);
    }
    let inputs = site.editions.ids().map(|id| site.inputs(id));
    theme.set_shared(inputs.map(Renderer::shared).collect());
    Ok(Some(Site {
        theme,
        values: site.plan.editions.map(SharedValues::new),
        config: site.config.clone(),
        library: Arc::clone(&site.library),
        editions: Arc::clone(&site.editions),
        plan: Arc::clone(&site.plan),
        problems: site.problems.clone(),
        notes: Vec::new(),
        details: Vec::new(),
        now: site.now,
        found: site.found,
        parsed: 0,
        cache: Arc::clone(&site.cache),
    }))
}

impl Root {
    /// Waits until no other build of the site is at work; the lock goes with the file.
    pub(super) fn lock(&self) -> Result<std::fs::File, Failure> {
        let state = self.state();
        std::fs::create_dir_all(&state)
            .map_err(|error| self.no_state(FileAction::Create, &state, error))?;
        let path = state.join("lock");
        let lock = std::fs::File::create(&path)
            .map_err(|error| self.no_state(FileAction::Write, &path, error))?;
        lock.lock()
            .map_err(|error| Failure::io(FileAction::Lock, &path, error))?;
        Ok(lock)
    }

    /// Puts what was parsed into the cache, when no build is at work.
    ///
    /// # Errors
    /// What the system says.
    pub fn save(&self, cache: &Update, library: &Library) -> Result<(), Failure> {
        let lock = self.lock()?;
        cache
            .store(library)
            .map_err(|error| Failure::io(FileAction::WriteTo, &self.state(), error))?;
        drop(lock);
        Ok(())
    }

    /// That the state folder cannot be written, and what helps when the whole site is read-only.
    fn no_state(&self, action: FileAction, path: &Path, error: io::Error) -> Failure {
        let is_read_only = matches!(
            error.kind(),
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied
        );
        if !is_read_only || self.state.is_some() {
            return Failure::io(action, path, error);
        }
        Failure::Machine(MachineError::ReadOnlyState {
            action,
            path: path.display().to_string(),
            error,
        })
    }
}

impl Site {
    /// Whether more of it is in memory than in the cache.
    pub fn is_unsaved(&self) -> bool {
        self.cache.is_unsaved(&self.library)
    }

    /// Whether a site that is prepared from the cache has less in memory.
    pub fn is_outgrown(&self) -> bool {
        /// Bytes of articles that may well be in memory.
        const ENOUGH: u64 = 8 << 20;
        !self.is_unsaved() && (self.cache.is_reindexed() || self.library.held() > ENOUGH)
    }

    /// Puts what was parsed into the cache, when no build is at work.
    ///
    /// # Errors
    /// What the system says.
    pub fn save(&self, root: &Root) -> Result<(), Failure> {
        root.save(&self.cache, &self.library)
    }
}
