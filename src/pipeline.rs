//! The order of the stages. Nothing else knows it, and nothing here prints.
//!
//! [`prepare`] goes from files to the plan; [`build`] goes on to the output folder. Every command
//! is a short program over these two.
//!
//! # Files
//!
//! - `folders.rs`: which folders a build reads
//! - `make.rs`: makes all that a build writes
//! - `pages.rs`: renders pages
//! - `index.rs`: makes the search index beside them
//! - `check.rs`: a build without writing
//! - `sample.rs`: sample content for templates that no page needs
//! - `reuse.rs`: a site that is prepared again and again
//! - `memory.rs`: keeps what curation found
//! - `verdict.rs`: why something was made, for `--verify`, and what a build refuses to do
//! - `failure.rs`: why a command fails

mod check;
mod failure;
mod folders;
mod index;
mod make;
mod memory;
mod pages;
mod reuse;
mod sample;
mod verdict;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ahash::HashSet;

use crate::config::{Config, Overrides, languages};
use crate::content::cache::{self, Cache};
use crate::content::{self, Library, Parser};
use crate::curate::{self, Drafts, Dropped, Edition, Kept};
use crate::diagnostic::{Diagnostic, Location};
use crate::hash::Hasher;
use crate::ids::{EditionId, EditionIndex, List};
use crate::plan::inputs::SiteInputs;
use crate::plan::{self, PageKind, PageSpec, SitePlan};
use crate::render::{RenderError, Renderer, SharedValues};
use crate::theme::Theme;
use crate::time::Time;
use crate::workspace::{Disk, UNREADABLE, Workspace, portable};
use crate::write::{Delta, Loss, Output, OutputAt, Refusal, Trust, Why};
use make::Made;

/// The usual name of the settings of a site.
pub const SETTINGS: &str = "site.toml";

pub use crate::workspace::STATE;

/// A site on this machine.
#[derive(Clone, Debug)]
pub struct Root {
    /// Its folder.
    pub folder: PathBuf,
    /// Path of its settings, relative to the folder.
    pub config: String,
    /// Folder of what is kept between builds, when it is not [`STATE`] in the site's folder.
    pub state: Option<PathBuf>,
}

impl Root {
    /// Reads the settings.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn config(&self, overrides: &Overrides) -> Result<Config, Failure> {
        let path = self.folder.join(&self.config);
        let bytes = Disk::new(&self.folder)
            .read(&self.config)
            .map_err(|error| {
                if error.kind() != io::ErrorKind::NotFound {
                    return Failure::io(FileAction::Read, &path, error);
                }
                let shown = path.strip_prefix(".").unwrap_or(&path).display();
                let problem = Diagnostic::error("config", format!("there is no {shown}")).help(
                    "run newsgen in the folder of a site, give the folder with --root, or create a \
                     site with `newsgen init`",
                );
                Failure::Site(vec![problem])
            })?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Failure::Site(vec![
                Diagnostic::error("config", "the file is not valid UTF-8")
                    .at(Location::file(&self.config)),
            ])
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Config::resolve(&self.config, text, overrides).map_err(Failure::Site)
    }

    /// The folder of what is kept between builds.
    pub fn state(&self) -> PathBuf {
        let usual = || self.folder.join(STATE);
        self.state.clone().unwrap_or_else(usual)
    }

    /// The folder of parsed articles. Several sites may have one state folder, and each has its own
    /// articles.
    pub fn cache(&self) -> PathBuf {
        let state = self.state();
        if self.state.is_none() && self.config == SETTINGS {
            return state;
        }
        let mut id = Hasher::new("site");
        id.text(&self.config);
        if self.state.is_some() {
            id.text(&portable(&folders::real(&self.folder)));
        }
        state.join(format!("{}{}", cache::FOLDER, id.finish().short(8)))
    }

    /// The output folder, and the names of its records in the state folder.
    pub fn output(&self, config: &Config) -> OutputAt {
        let folder = self.folder.join(&config.output);
        let real = folders::real(&folder);
        let root = folders::real(&self.folder);
        let is_elsewhere = !folders::real(&self.state()).starts_with(&root);
        // State elsewhere may be that of several sites, and a site that was moved is still one.
        let name = match real.strip_prefix(&root) {
            Ok(inside) if !is_elsewhere => portable(inside),
            _ => portable(&real),
        };
        let absolute = std::path::absolute(&folder).unwrap_or_else(|_| folder.clone());
        let former = [
            config.output.clone(),
            absolute.to_string_lossy().into_owned(),
        ];
        OutputAt {
            state: self.state(),
            former: if is_elsewhere {
                Vec::new()
            } else {
                former.into()
            },
            name,
            folder,
        }
    }
}

/// How a site is loaded.
#[derive(Clone, Copy, Debug)]
pub struct BuildContext {
    /// What counts as now.
    pub now: Time,
    /// What becomes of dropped articles.
    pub drafts: Drafts,
}

/// Everything before the output: a site as it would be built.
pub struct Site {
    /// Settings.
    pub config: Config,
    /// Content.
    pub library: Arc<Library>,
    /// What is kept, in each language.
    pub editions: Arc<List<EditionId, Edition>>,
    /// Templates and static files.
    pub theme: Theme,
    /// Pages.
    pub plan: Arc<SitePlan>,
    /// What is wrong; what it concerns is left out.
    pub problems: Vec<Diagnostic>,
    /// What is worth telling.
    pub notes: Vec<String>,
    /// What is worth telling to somebody who asks for details.
    pub details: Vec<String>,
    /// What counts as now.
    pub now: Time,
    /// Article files found.
    pub found: usize,
    /// Article files parsed; the others came from the cache.
    pub parsed: usize,
    values: List<EditionId, SharedValues>,
    cache: Arc<cache::Update>,
}

/// How long each stage took, in the order of the stages.
#[derive(Clone, Debug, Default)]
pub struct Timings(pub Vec<(&'static str, Duration)>);

impl Timings {
    fn measure<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.0.push((stage, start.elapsed()));
        result
    }
}

/// Hears how far a build has come.
pub trait Progress: Sync {
    /// A stage of `total` steps begins.
    fn begin(&self, stage: &'static str, total: usize);
    /// A step is done.
    fn step(&self);
    /// Whether a build may take more out of the output than the limit allows; whoever cannot be
    /// asked does not allow it.
    fn allows(&self, _: &Loss) -> bool {
        false
    }
}

/// Nobody listens, and nobody can be asked.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &'static str, _: usize) {}
    fn step(&self) {}
}

/// Loads, curates and plans a site.
///
/// # Errors
/// Only templates that cannot be used; problems of the content are in [`Site::problems`].
pub fn prepare(
    source: &dyn Workspace,
    config: Config,
    context: BuildContext,
    at: CacheAt<'_>,
    timings: &mut Timings,
) -> Result<Site, Failure> {
    let parser = Parser::new(&config);
    let cache = match at {
        CacheAt::Nowhere => Cache::none(),
        CacheAt::Fresh(folder) => Cache::fresh(folder, parser.hash()),
        CacheAt::Folder(folder) => {
            timings.measure("read cache", || Cache::open(folder, parser.hash()))
        }
        CacheAt::Site(site) => Cache::of(&site.library, &site.cache, parser.hash()),
    };
    let known = match at {
        CacheAt::Site(site) => Arc::clone(&site.theme.assets),
        _ => Arc::default(),
    };

    let mut notes: Vec<String> = cache.note.iter().cloned().collect();
    let (loaded, theme) = timings.measure("load", || {
        rayon::join(
            || content::load(source, &config, &parser, cache),
            || Theme::load_again(source, &config, &known),
        )
    });
    let mut problems = loaded.problems;
    let mut theme = match theme {
        Ok(theme) => theme,
        Err(wrong) => {
            problems.extend(wrong);
            return Err(Failure::Site(problems));
        }
    };

    let library = loaded.library;
    let memory = match at {
        CacheAt::Site(site) => site.editions.map(|edition| edition.memory().clone()),
        CacheAt::Folder(folder) => memory::read(folder),
        CacheAt::Nowhere | CacheAt::Fresh(_) => List::new(),
    };
    let (editions, plan, wrong) = choose(&library, &config, &theme, context, memory, timings);
    problems.extend(wrong);

    let languages = config.editions();
    let untranslated = languages
        .iter()
        .filter_map(|config| languages::lint(config));
    let warnings = untranslated.chain(plan.lint());
    notes.extend(warnings.map(|warning| warning.message));
    notes.extend(verdict::over_budget(&library));
    let details = loaded.unread.note(&config).into_iter().collect();

    let inputs = |id| SiteInputs::new(&library, &editions, &plan.editions, &theme.assets, id);
    let shared = editions.ids().map(|id| Renderer::shared(inputs(id)));
    let shared = shared.collect();
    theme.set_shared(shared);
    Ok(Site {
        values: plan.editions.map(SharedValues::new),
        config,
        library: Arc::new(library),
        editions: Arc::new(editions),
        theme,
        plan: Arc::new(plan),
        problems,
        notes,
        details,
        now: context.now,
        found: loaded.found,
        parsed: loaded.parsed,
        cache: Arc::new(loaded.cache),
    })
}

/// Curates and plans. An article that can have no page is left out, and so nothing leads to it.
fn choose(
    library: &Library,
    config: &Config,
    theme: &Theme,
    context: BuildContext,
    mut memory: List<EditionId, curate::Memory>,
    timings: &mut Timings,
) -> (List<EditionId, Edition>, SitePlan, Vec<Diagnostic>) {
    let nothing = curate::Memory::default();
    let mut unroutable = BTreeSet::new();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut known: HashSet<Diagnostic> = HashSet::default();
    loop {
        let curate = |config: &&Config| {
            let memory = memory.get(config.id).unwrap_or(&nothing);
            let BuildContext { now, drafts } = context;
            curate::curate(library, config, now, drafts, &unroutable, memory)
        };
        let curated = timings.measure("curate", || config.editions().map(curate));
        let (editions, wrong): (Vec<Edition>, Vec<Vec<Diagnostic>>) = curated.into_iter().unzip();
        let editions: List<EditionId, Edition> = editions.into();
        let planned = timings.measure("plan", || {
            plan::plan(library, &editions, config, theme, context.now)
        });
        // What was wrong the last time is wrong again.
        let wrong = wrong.into_iter().flatten().chain(planned.problems);
        problems.extend(wrong.filter(|problem| known.insert(problem.clone())));
        if planned.unroutable.is_empty() {
            return (editions, planned.plan, problems);
        }
        unroutable.extend(planned.unroutable);
        memory = editions.map(|edition| edition.memory().clone());
    }
}

pub use check::{Checked, check};
pub use failure::{Failure, FileAction, MachineError};
pub use folders::is_inside;
pub use reuse::reload_theme;

/// Where parsed articles are kept.
#[derive(Clone, Copy)]
pub enum CacheAt<'a> {
    /// Nowhere.
    Nowhere,
    /// In this folder; what is there is not used.
    Fresh(&'a Path),
    /// In this folder.
    Folder(&'a Path),
    /// In memory, from when this site was prepared. An article that has been broken since stays as
    /// it was.
    Site(&'a Site),
}

impl Site {
    /// The bytes of a page.
    ///
    /// # Errors
    /// What is wrong with its template, or that the cache is damaged.
    pub fn render(&self, source: &dyn Workspace, page: &PageSpec) -> Result<Vec<u8>, RenderError> {
        match &page.kind {
            PageKind::Asset(path) => self
                .theme
                .asset_bytes(source, path)
                .map(std::borrow::Cow::into_owned)
                .map_err(RenderError::Template),
            PageKind::File(path) => source.read(path).map_err(|error| {
                let message = format!("it cannot be read: {error}");
                let problem = Diagnostic::error(UNREADABLE, message);
                RenderError::Template(problem.at(Location::file(path)))
            }),
            _ => {
                let id = page.edition;
                let config = self.config.edition(id);
                Renderer::new(self.inputs(id), &self.theme, &self.values[id], config).render(page)
            }
        }
    }

    /// The edition in the default language: the only one of most sites.
    pub fn edition(&self) -> &Edition {
        &self.editions[EditionId::DEFAULT]
    }

    /// The language of an edition, as a tag; none on a site with one edition.
    pub fn language_of(&self, edition: EditionId) -> Option<&str> {
        let locale = &self.config.edition(edition).locale;
        (self.editions.len() > 1).then_some(locale)
    }

    /// The articles that editions show, and the edition of each.
    pub fn kept(&self) -> impl Iterator<Item = (EditionId, EditionIndex, &Kept)> {
        self.editions.enumerate().flat_map(|(id, edition)| {
            let articles = edition.articles.enumerate();
            articles.map(move |(position, kept)| (id, position, kept))
        })
    }

    /// The articles that are in no edition, and the edition that each would be in.
    pub fn dropped(&self) -> impl Iterator<Item = (EditionId, &Dropped)> {
        self.editions
            .enumerate()
            .flat_map(|(id, edition)| edition.dropped.iter().map(move |dropped| (id, dropped)))
    }

    /// What the pages of an edition may show of it.
    pub fn inputs(&self, edition: EditionId) -> SiteInputs<'_> {
        let (library, plans) = (&self.library, &self.plan.editions);
        SiteInputs::new(library, &self.editions, plans, &self.theme.assets, edition)
    }

    /// The page at a path (without the path of the base URL).
    pub fn page(&self, url: &str) -> Option<&PageSpec> {
        self.plan.pages.iter().find(|page| page.url == url)
    }
}

/// What a build is asked to do.
#[derive(Clone, Copy, Debug)]
pub struct BuildOptions {
    /// Moment and drafts.
    pub context: BuildContext,
    /// Whether problems of the content end the build, or only leave out what they concern.
    pub tolerance: Tolerance,
    /// Whether to trust fingerprints.
    pub trust: Trust,
}

/// What becomes of a build when content is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tolerance {
    /// It ends, and the old output stays.
    #[default]
    Strict,
    /// What is broken is left out.
    KeepGoing,
}

/// What a build did.
pub struct Report {
    /// The site.
    pub site: Site,
    /// What became of the output folder.
    pub delta: Delta,
    /// Pages that were rendered.
    pub rendered: usize,
    /// Articles in the parts of the search index that were made.
    pub indexed: usize,
    /// Pages that were rendered although their fingerprint said that nothing changed, and came out
    /// different: mistakes in newsgen, found by [`Trust::Nothing`].
    pub stale_fingerprints: Vec<String>,
    /// Files of the output that were missing or had other bytes than the last build gave them;
    /// found by [`Trust::Nothing`], and written again.
    pub altered: Vec<String>,
    /// Why the page that was asked about was rendered, or not.
    pub why: Option<Why>,
    /// Stages.
    pub timings: Timings,
    /// The output folder.
    pub output: PathBuf,
}

/// Builds a site into its output folder. `explain` is the path of a page to explain.
///
/// # Errors
/// Everything that is wrong; then the old output is untouched.
pub fn build(
    root: &Root,
    config: Config,
    options: BuildOptions,
    explain: Option<&str>,
    progress: &dyn Progress,
) -> Result<Report, Failure> {
    let _lock = root.lock()?;
    let state = root.cache();
    cache::prune(&root.state(), &state);
    match attempt(
        root,
        config.clone(),
        options,
        explain,
        progress,
        CacheAt::Folder(&state),
    ) {
        Err(Attempt::DamagedCache) => {
            let again = attempt(
                root,
                config,
                options,
                explain,
                progress,
                CacheAt::Fresh(&state),
            );
            let mut report = again.map_err(|failed| match failed {
                Attempt::Failed(failure) => failure,
                Attempt::DamagedCache => MachineError::Articles.into(),
            })?;
            report
                .site
                .notes
                .push("the article cache was damaged and has been rebuilt".to_owned());
            Ok(report)
        }
        Err(Attempt::Failed(failure)) => Err(failure),
        Ok(report) => Ok(report),
    }
}

/// How an attempt to build may end early.
enum Attempt {
    Failed(Failure),
    DamagedCache,
}

impl From<Failure> for Attempt {
    fn from(failure: Failure) -> Self {
        Attempt::Failed(failure)
    }
}

fn attempt(
    root: &Root,
    config: Config,
    options: BuildOptions,
    explain: Option<&str>,
    progress: &dyn Progress,
    cache: CacheAt<'_>,
) -> Result<Report, Attempt> {
    let source = Disk::new(&root.folder);
    let mut timings = Timings::default();
    let at = root.output(&config);
    folders::check_output(root, &config)?;
    let output = timings.measure("read manifest", || open_output(&at, options.trust))?;
    let mut site = prepare(&source, config, options.context, cache, &mut timings)?;
    // Without the folder of articles every page would be "left out": that is a mistake of whoever
    // runs the build, or of the machine.
    let is_fatal = |problem: &Diagnostic| match options.tolerance {
        Tolerance::Strict => problem.is_error(),
        Tolerance::KeepGoing => content::is_fatal(problem),
    };
    if site.problems.iter().any(is_fatal) {
        return Err(Failure::Site(site.problems).into());
    }
    site.notes.extend(output.notes.iter().cloned());

    let todo = timings.measure("compare", || output.todo(&site.plan, options.trust));
    let altered = match options.trust {
        Trust::Fingerprints => Vec::new(),
        Trust::Nothing => output.altered(&site.plan, &todo),
    };
    verdict::refuse_harm(&site, &output, &todo, progress)?;
    let why = explain.and_then(|url| verdict::why(&site, &output, url));

    let stage = output
        .stage()
        .map_err(|error| Failure::io(FileAction::WriteTo, &root.state(), error))?;
    progress.begin("pages", todo.render.len());
    let Made {
        pages: staged,
        bundles: made,
        kept,
    } = timings.measure("render, stage, index", || {
        make::make(&site, &source, &output, &todo, &stage, cache, progress)
    })?;
    if let Err(error) = kept {
        site.notes.push(format!(
            "cannot save parsed articles for the next build: {error}"
        ));
    }
    let stale_fingerprints =
        verdict::stale_fingerprints(&site.plan, &output, &todo, &staged, &made, options.trust);
    let indexed = made
        .iter()
        .map(|made| site.plan.bundles[made.bundle()].positions.len())
        .sum();
    let rendered = staged.len();
    let delta = timings
        .measure("commit", || {
            output.commit(stage, &site.plan, todo, staged, made)
        })
        .map_err(|error| Failure::io(FileAction::WriteTo, &at.folder, error))?;
    Ok(Report {
        site,
        delta,
        rendered,
        indexed,
        stale_fingerprints,
        altered,
        why,
        timings,
        output: at.folder,
    })
}

/// What stands in the output folder.
fn open_output(at: &OutputAt, trust: Trust) -> Result<Output, Failure> {
    let output = Output::open(at).map_err(|refusal| match refusal {
        Refusal::Foreign(diagnostic) => Failure::Site(vec![diagnostic]),
        Refusal::Io(error) => Failure::io(FileAction::Read, &at.folder, error),
    })?;
    Ok(match trust {
        Trust::Fingerprints => output,
        Trust::Nothing => output.read_all(),
    })
}
