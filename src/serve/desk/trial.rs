//! A candidate as it would be: the site with its file among the articles, which is written nowhere.
//!
//! The site is made by the same pipeline as always, with the last one as its cache, over an
//! [`Overlay`] of its files. So what the candidate would change is seen, too: its place on the
//! front page, its event, or the rule that would leave it out.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use html_escape::encode_text;

use super::error::{DeskError, NotNow};
use crate::curate::Drafts;
use crate::hash::Hash128;
use crate::pipeline::{self, BuildContext, CacheAt, Failure, Site, Timings};
use crate::plan::{ListingScope, PageKind, Part};
use crate::render::RenderError;
use crate::serve::http::{Answer, Body};
use crate::serve::snapshot::Snapshot;
use crate::workspace::{Overlay, Workspace};

/// What pages with a candidate in them may do: they are shown in the pane of the desk, as it would
/// show those of the site, without scripts.
const POLICY: &str = "sandbox allow-same-origin; script-src 'none'; object-src 'none'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// A candidate with the place and the bytes that it would have.
pub(super) struct AsArticle {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// The site with the candidate that was looked at last.
#[derive(Default)]
pub(super) struct Trials(Mutex<Option<Trial>>);

struct Trial {
    of: Weak<Snapshot>,
    path: String,
    hash: Hash128,
    site: Arc<Site>,
}

impl Trials {
    /// The page of a candidate, or the front page with it.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn page(
        &self,
        source: &dyn Workspace,
        snapshot: &Arc<Snapshot>,
        drafts: Drafts,
        article: &AsArticle,
        is_front: bool,
    ) -> Result<Answer, DeskError> {
        let overlay = Overlay {
            below: source,
            path: &article.path,
            bytes: &article.bytes,
        };
        let site = self.site(&overlay, snapshot, drafts, article)?;
        let articles = &site.library.articles;
        let is_it = |id| articles[id].path == article.path;
        if let Some((_, dropped)) = site.dropped().find(|(_, it)| is_it(it.article)) {
            let rule = dropped.rule.name();
            let why = format!("Published as it is, this story would be left out: {rule}.");
            return Ok(note(&why));
        }
        let kept = site.kept().find(|(.., kept)| is_it(kept.article));
        let Some((edition, position, _)) = kept else {
            return Ok(note("This story cannot be built."));
        };
        let front = PageKind::Listing(ListingScope::All, Part::Head);
        let page = match is_front {
            true => {
                let mut pages = site.plan.pages.iter();
                pages.find(|page| page.edition == edition && page.kind == front)
            }
            false => site.page(site.inputs(edition).headline(position).url()),
        };
        // Where stories have no pages of their own, there is only the link.
        let Some(page) = page else {
            return Ok(note("Stories of this site have no pages of their own."));
        };
        match site.render(&overlay, page) {
            Ok(bytes) => Ok(shown(bytes)),
            Err(RenderError::Template(problem)) => Err(DeskError::Invalid(vec![problem])),
            Err(_) => Err(NotNow::BeingRead.into()),
        }
    }

    fn site(
        &self,
        overlay: &Overlay<'_>,
        snapshot: &Arc<Snapshot>,
        drafts: Drafts,
        article: &AsArticle,
    ) -> Result<Arc<Site>, DeskError> {
        // What is in it is put in whole.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = Hash128::of(&article.bytes);
        if let Some(trial) = &*last
            && std::ptr::eq(trial.of.as_ptr(), Arc::as_ptr(snapshot))
            && (&trial.path, trial.hash) == (&article.path, hash)
        {
            return Ok(Arc::clone(&trial.site));
        }
        let (config, before) = (snapshot.site.config.clone(), &snapshot.site);
        let context = BuildContext {
            now: before.now,
            drafts,
        };
        let at = CacheAt::Site(before);
        let site = pipeline::prepare(overlay, config, context, at, &mut Timings::default());
        let site = Arc::new(site.map_err(|failure| match failure {
            Failure::Site(problems) => DeskError::Invalid(problems),
            Failure::Machine(error) => NotNow::Trial(error).into(),
        })?);
        *last = Some(Trial {
            of: Arc::downgrade(snapshot),
            path: article.path.clone(),
            hash,
            site: Arc::clone(&site),
        });
        Ok(site)
    }
}

/// A page that says why there is none.
fn note(why: &str) -> Answer {
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Preview</title>\n\
         <link rel=\"stylesheet\" href=\"/__newsgen/desk.css\">\n<body class=\"broken\">\n\
         <p>{}</p>\n",
        encode_text(why)
    );
    shown(page.into_bytes())
}

fn shown(page: Vec<u8>) -> Answer {
    // By this the pane knows whether the page is another after a change of the site.
    let tag = format!("\"{}\"", Hash128::of(&page));
    let mut answer = Answer::of(200, "text/html; charset=utf-8", Body::Bytes(page.into()));
    answer.headers.retain(|(name, _)| *name != "Cache-Control");
    answer
        .with("Cache-Control", "no-store".to_owned())
        .with("ETag", tag)
        .with("Content-Security-Policy", POLICY.to_owned())
        .with("Cross-Origin-Resource-Policy", "same-origin".to_owned())
}
