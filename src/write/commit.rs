//! The last step of a build: what was rendered takes its place, and what is no longer part of the
//! site goes.

use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::files::{beside, move_file, remove_empty, remove_file};
use super::manifest::{Manifest, Written};
use super::stage::Slot;
use super::{
    Delta, JOURNAL_MAGIC, MARKER, MARKER_TEXT, Output, Stage, Staged, StagedBundle, State, Todo,
    journal_at, manifest_at,
};
use crate::plan::SitePlan;
use crate::table;

impl Output {
    /// Moves the staged pages into place and deletes what is no longer part of the site.
    ///
    /// # Errors
    /// What the system says; the next build puts right what was done by then.
    pub fn commit(
        self,
        stage: Stage,
        plan: &SitePlan,
        todo: Todo,
        staged: Vec<Staged>,
        made: Vec<StagedBundle>,
    ) -> io::Result<Delta> {
        let Todo {
            files: names,
            recorded,
            states,
            render,
            bundles: bundle_states,
        } = todo;
        let mut files: Vec<Written> = Vec::with_capacity(plan.pages.len());
        let mut written: Vec<(Slot, String)> = Vec::new();
        let mut rendered = staged.into_iter().peekable();
        let mut restamped = false;

        for ((id, page), file) in plan.pages.enumerate().zip(names) {
            let entry = match rendered.next_if(|staged| staged.page() == id) {
                Some(staged) => {
                    if staged.placed.changed {
                        written.push((Slot::Page(id), file.clone()));
                    }
                    staged.placed.written(file, page.role(), page.fingerprint)
                }
                None => {
                    let (Some(old), State::Keep { modified }) = (recorded[id], states[id]) else {
                        return Err(io::Error::other("a page was neither rendered nor kept"));
                    };
                    let old = &self.manifest.files[old];
                    restamped |= old.modified != modified;
                    Written {
                        file,
                        role: page.role(),
                        modified,
                        ..*old
                    }
                }
            };
            files.push(entry);
        }

        let bundled = files.len();
        let bundles = self.bundled(plan, bundle_states, made, &mut files, &mut written)?;
        restamped |= self.manifest.bundles != bundles
            || self.manifest.files.get(bundled..) != files.get(bundled..);
        let site = plan.edition().shared.absolute("");
        restamped |= self.manifest.site != site;

        let delete = self.obsolete(&recorded, &files, bundled);
        let unchanged = files.len() - written.len();
        let nothing = written.is_empty() && delete.is_empty() && !self.has_journal;
        let same_record = nothing
            && !restamped
            && files.len() == self.manifest.files.len()
            && render.is_empty()
            && self.at.folder.join(MARKER).exists();
        if !same_record {
            self.apply(
                &stage,
                &written,
                &delete,
                &Manifest {
                    site,
                    files,
                    bundles,
                },
            )?;
        }

        stage.remove()?;
        let mut written: Vec<String> = written.into_iter().map(|(_, file)| file).collect();
        written.sort_unstable();
        Ok(Delta {
            written,
            unchanged,
            removed: delete,
        })
    }

    fn apply(
        &self,
        stage: &Stage,
        written: &[(Slot, String)],
        delete: &[String],
        manifest: &Manifest,
    ) -> io::Result<()> {
        let journal = journal_at(&self.at.state, &self.at.id());
        if stage.is_tree {
            fs::write(stage.folder.join(MARKER), MARKER_TEXT)?;
        }
        // Also what an earlier journal names and this build does not: until the new manifest
        // stands, it is still open.
        let mut open: Vec<&str> = written.iter().map(|(_, file)| file.as_str()).collect();
        open.extend(delete.iter().map(String::as_str));
        open.extend(self.journal.iter().map(String::as_str));
        table::write(&journal, JOURNAL_MAGIC, &(), &open)?;
        for file in &self.journal {
            // What a build that was stopped had copied and not yet moved.
            drop(fs::remove_file(beside(&self.at.folder.join(file))));
        }
        if stage.is_tree && self.move_tree(&stage.folder).is_ok() {
            // All in one move.
        } else {
            self.move_files(stage, written, delete)?;
        }
        self.delete(delete)?;
        manifest.write(&manifest_at(&self.at.state, &self.at.id()))?;
        for (manifest, journal) in self.at.former_records() {
            drop(fs::remove_file(manifest));
            drop(fs::remove_file(journal));
        }
        fs::remove_file(journal)
    }

    fn move_tree(&self, stage: &Path) -> io::Result<()> {
        match fs::remove_dir(&self.at.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        if let Some(parent) = self.at.folder.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(stage, &self.at.folder)
    }

    fn move_files(
        &self,
        stage: &Stage,
        written: &[(Slot, String)],
        delete: &[String],
    ) -> io::Result<()> {
        fs::create_dir_all(&self.at.folder)?;
        // First of all, or a build that is stopped after it would leave a folder that looks like
        // somebody else's.
        let marker = self.at.folder.join(MARKER);
        if fs::read(&marker).ok().as_deref() != Some(MARKER_TEXT.as_bytes()) {
            fs::write(marker, MARKER_TEXT)?;
        }
        let place = |(slot, file): &(Slot, String)| {
            move_file(&stage.path(*slot, file), &self.at.folder.join(file))
        };
        let failed: Vec<&(Slot, String)> = written
            .par_iter()
            .filter(|item| place(item).is_err())
            .collect();
        if !failed.is_empty() {
            // An old file may stand where a folder is needed, or the other way round.
            self.delete(delete)?;
            for item in failed {
                let path = self.at.folder.join(&item.1);
                // A folder without files is in nobody's use.
                if path.is_dir() {
                    remove_empty(&path)?;
                }
                place(item)?;
            }
        }
        Ok(())
    }

    fn delete(&self, files: &[String]) -> io::Result<()> {
        for file in files {
            remove_file(&self.at.folder, file)?;
        }
        Ok(())
    }
}
