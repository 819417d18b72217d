//! A site as it is shown: found by URL, rendered when it is asked for.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use ahash::HashMapExt;
use rayon::prelude::*;

use super::index::Made;
use crate::hash::{Hash128, Hasher};
use crate::ids::{EditionId, List, PageId};
use crate::percent::{decode, encode};
use crate::pipeline::Site;
use crate::plan::{Fingerprint, PageKind, PageSpec};
use crate::theme::{Asset, hashed_name};

/// Rendered pages are remembered up to this many bytes.
const MEMORY: usize = 32 << 20;

/// A site and how to find its pages. It never changes.
pub(super) struct Snapshot {
    pub(super) site: Site,
    pages: Arc<Index>,
    /// Static files, by decoded URL. They are not looked up in the plan: it may be older than the
    /// theme.
    assets: HashMap<String, PageSpec>,
    /// A digest of all static files.
    assets_hash: Hash128,
    /// What each template is made of, without the files that a browser swaps in place.
    templates: BTreeMap<String, Hash128>,
    rendered: Mutex<Rendered>,
    /// The search index, as far as it was asked for.
    pub(super) index: Arc<Made>,
}

/// Pages of a plan but for static files, by the hash of their decoded URL.
struct Index(ahash::HashMap<u64, PageId>);

#[derive(Default)]
struct Rendered {
    pages: HashMap<String, Arc<[u8]>>,
    bytes: usize,
}

/// What a browser shows, as two numbers: the page, and the static files that may be swapped in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RenderVersion {
    pub(super) page: u64,
    pub(super) assets: u64,
}

impl std::fmt::Display for RenderVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}{:016x}", self.page, self.assets)
    }
}

impl RenderVersion {
    /// Reads what its `Display` wrote.
    pub(super) fn parse(text: &str) -> Option<RenderVersion> {
        let number = |hex: Option<&str>| u64::from_str_radix(hex?, 16).ok();
        Some(RenderVersion {
            page: number(text.get(..16))?,
            assets: number(text.get(16..))?,
        })
    }
}

/// Whether a browser can show another version of a static file without loading the page again.
pub(super) fn is_swapped(path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default();
    matches!(
        ending,
        "css" | "svg" | "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "ico"
    )
}

impl Snapshot {
    /// Makes a site ready to be shown. Its plan may be that of `before`, which then lends what was
    /// made of it.
    pub(super) fn new(site: Site, before: Option<&Snapshot>) -> Snapshot {
        let pages = match before {
            Some(before) if Arc::ptr_eq(&before.site.plan, &site.plan) => Arc::clone(&before.pages),
            _ => Arc::new(Index::of(&site.plan.pages)),
        };
        let assets = assets(&site, &pages);
        let mut hasher = Hasher::new("assets");
        for (path, asset) in site.theme.assets.iter() {
            hasher.text(path).hash(asset.hash);
        }
        let templates = site.theme.template_names();
        let templates = templates
            .map(|name| {
                (
                    name.to_owned(),
                    site.theme.hash_with(name, |path| !is_swapped(path)),
                )
            })
            .collect();
        let index = before
            .map(|before| Arc::clone(&before.index))
            .unwrap_or_default();
        Snapshot {
            assets,
            assets_hash: hasher.finish(),
            templates,
            pages,
            site,
            rendered: Mutex::default(),
            index,
        }
    }

    /// The page at a decoded path without the path of the base URL.
    pub(super) fn find(&self, path: &str) -> Option<&PageSpec> {
        let path = path
            .strip_suffix("index.html")
            .filter(|folder| folder.ends_with('/'))
            .unwrap_or(path);
        self.pages
            .find(&self.site.plan.pages, path)
            .or_else(|| self.assets.get(path))
    }

    /// What a browser shows at a path.
    pub(super) fn look(&self, path: &str) -> RenderVersion {
        let mut hasher = Hasher::new("look");
        match self.find(path) {
            Some(page) => self.hash(page, &mut hasher),
            None => {
                hasher.text("missing");
                if let Some(page) = self.find(&self.site.plan.not_found(path)) {
                    self.hash(page, &mut hasher);
                }
            }
        }
        RenderVersion {
            page: hasher.finish().number(),
            assets: self.assets_hash.number(),
        }
    }

    fn hash(&self, page: &PageSpec, hasher: &mut Hasher) {
        let Fingerprint {
            settings,
            shared,
            content,
            ..
        } = page.fingerprint;
        let made_with = match (
            &page.kind,
            self.site.plan.editions[page.edition].template(&page.kind),
        ) {
            (PageKind::Asset(path), _) => self.asset(path).map(|asset| asset.hash),
            (_, Some(name)) => self.templates.get(name).copied(),
            (_, None) => None,
        };
        hasher.hash(made_with.unwrap_or_default());
        for part in [settings, shared, content] {
            hasher.number(part.cast_signed());
        }
    }

    /// A static file.
    pub(super) fn asset(&self, path: &str) -> Option<&Asset> {
        self.site.theme.assets.get(path)
    }

    /// Static files whose bytes differ from those of an earlier snapshot: for each, its URLs of
    /// then, and its URL now.
    pub(super) fn swaps(&self, before: &Snapshot) -> Vec<Swap> {
        if self.assets_hash == before.assets_hash {
            return Vec::new();
        }
        let base = &self.site.config.base_url.path;
        let url = |path: &str| format!("{base}/{}", encode(path));
        let changed = self.site.theme.assets.iter().filter_map(|(path, asset)| {
            let old = before.asset(path).filter(|old| old.hash != asset.hash)?;
            let hashed = self.site.theme.names_asset(path);
            Some(Swap {
                old: vec![url(path), url(&hashed_name(path, old.hash))],
                new: if hashed {
                    url(&hashed_name(path, asset.hash))
                } else {
                    url(path)
                },
                plain: url(path),
                swapped: is_swapped(path),
            })
        });
        changed.collect()
    }

    /// The bytes of a page as `render` makes them, or made them before.
    pub(super) fn remember<E>(
        &self,
        page: &PageSpec,
        render: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Arc<[u8]>, E> {
        let rendered = || self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = rendered().pages.get(&page.url) {
            return Ok(Arc::clone(bytes));
        }
        let bytes: Arc<[u8]> = render()?.into();
        let mut rendered = rendered();
        if rendered.bytes + bytes.len() > MEMORY {
            *rendered = Rendered::default();
        }
        rendered.bytes += bytes.len();
        rendered.pages.insert(page.url.clone(), Arc::clone(&bytes));
        Ok(bytes)
    }
}

/// A static file that changed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct Swap {
    /// Paths that pages may have loaded it from.
    old: Vec<String>,
    /// Path that new pages load it from.
    new: String,
    /// Path under its own name.
    plain: String,
    /// Whether a page can go on with the new one.
    swapped: bool,
}

impl Index {
    fn of(pages: &List<PageId, PageSpec>) -> Index {
        let ids = pages.par_ids().with_min_len(1024);
        let is_page = |id: &PageId| !matches!(pages[*id].kind, PageKind::Asset(_));
        let hashes = ids.filter(is_page).map(|id| (hash_of(&pages[id].url), id));
        let hashes: Vec<(u64, PageId)> = hashes.collect();
        let mut index = ahash::HashMap::with_capacity(pages.len());
        for (hash, id) in hashes {
            index.entry(hash).or_insert(id);
        }
        Index(index)
    }

    fn find<'p>(&self, pages: &'p List<PageId, PageSpec>, path: &str) -> Option<&'p PageSpec> {
        let is_it = |page: &&PageSpec| {
            decode(&page.url) == path && !matches!(page.kind, PageKind::Asset(_))
        };
        let id = *self.0.get(&hash_of(path))?;
        // Two URLs with one hash are possible, if never seen.
        pages
            .get(id)
            .filter(is_it)
            .or_else(|| pages.iter().find(is_it))
    }
}

fn hash_of(url: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    decode(url).hash(&mut hasher);
    hasher.finish()
}

/// Static files under the names that the plan gives them, where no page has that place.
fn assets(site: &Site, pages: &Index) -> HashMap<String, PageSpec> {
    let planned = &site.plan.pages;
    let mut found = HashMap::new();
    for (path, asset) in site.theme.assets.iter() {
        let hashed = site
            .theme
            .names_asset(path)
            .then(|| hashed_name(path, asset.hash));
        for name in std::iter::once(path.to_owned()).chain(hashed) {
            let url = format!("/{name}");
            let taken = pages
                .find(planned, &url)
                .or_else(|| pages.find(planned, &format!("{url}/")));
            if taken.is_none() {
                let page = PageSpec {
                    url: format!("/{}", encode(&name)),
                    edition: EditionId::DEFAULT,
                    kind: PageKind::Asset(path.to_owned()),
                    fingerprint: Fingerprint::default(),
                };
                found.insert(url, page);
            }
        }
    }
    found
}
