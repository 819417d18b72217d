//! The search index of the preview: a part is made when a browser first asks for it, and again when
//! it has changed since.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::pipeline::Site;
use crate::plan::{Bundle, Fingerprint};
use crate::search::SearchError;

/// What has been made, by the URL of each part. All sites of a preview share it.
#[derive(Default)]
pub(super) struct Made(Mutex<BTreeMap<String, Part>>);

struct Part {
    fingerprint: Fingerprint,
    files: BTreeMap<String, Arc<[u8]>>,
}

impl Made {
    /// A file of a part, by its path in the folder of the part. Who asks while it is made waits;
    /// pages are sent all the while.
    pub(super) fn file(
        &self,
        site: &Site,
        bundle: &Bundle,
        name: &str,
    ) -> Result<Option<Arc<[u8]>>, SearchError> {
        // A part is put in whole or not at all.
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = made.get(&bundle.url) {
            let file = part.files.get(name).cloned();
            // A browser goes on with the index that it began with: those files are named after what
            // is in them.
            if part.fingerprint == bundle.fingerprint || (name.contains(".pf_") && file.is_some()) {
                return Ok(file);
            }
        }
        let files: BTreeMap<String, Arc<[u8]>> = site
            .index(bundle)?
            .into_iter()
            .map(|file| (file.name, file.bytes.into()))
            .collect();
        let file = files.get(name).cloned();
        made.insert(
            bundle.url.clone(),
            Part {
                fingerprint: bundle.fingerprint,
                files,
            },
        );
        Ok(file)
    }
}
