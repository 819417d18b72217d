//! The desk: the editor's pages below `/__newsgen/`, and the requests behind them (`docs/desk.md`).
//!
//! `auth` says who may ask, `candidates`, `ledger_tail` and `articles` know what there is, `decide`
//! and `change` write, `journal` and `undo` take it back. All that is written goes through the
//! workspace, and is held against the version of the file that the page was shown. One request
//! works at a time, and none waits for suggestions but the one that shows them; pages of the site
//! are sent all the while.
//!
//! A step is in the journal before its files are touched, and undoing it reads off the files what
//! it takes, so it makes no difference where a program was stopped. The page is made of the plain
//! modules in `src/serve/assets/desk/`, in which only `dom.js` makes elements; texts are never read
//! as HTML. A new request is added here and in `docs/desk.md`.
//!
//! # What is known
//!
//! - `auth.rs`: who may read and write, before a body is read
//! - `place.rs`: the site that a request works on
//! - `work.rs`: what is known between requests
//! - `lookup.rs`: how requests get it, up to date
//! - `candidates.rs`: the queue in memory
//! - `ledger_tail.rs`: the ledger in memory
//! - `articles.rs`: finds articles
//! - `events.rs`: events near a story
//! - `advice.rs`: suggestions, and who reports the same
//! - `row.rs`: what pages get to see of a file
//! - `sources.rs`: sources and their health
//! - `trial.rs`: a candidate as it would be
//!   (`docs/decisions/0044-candidates-are-shown-by-the-pipeline.md`)
//!
//! # What is done
//!
//! - `decide.rs`: decisions on candidates
//! - `change.rs`: edits
//! - `new.rs`: new stories
//! - `journal.rs`: steps that can be undone
//! - `step.rs`: what a step did to which files
//! - `undo.rs`: undoes them
//! - `trail.rs`: which versions of each file the desk found and left
//! - `commit.rs`: plans a commit
//! - `checkout.rs`: commits with git
//! - `publish.rs`: what a deploy sends
//! - `jobs.rs`: runs other commands of newsgen
//! - `error.rs`: every reason to refuse
//! - `assets.rs`: the files of the page

mod advice;
mod articles;
mod assets;
mod auth;
mod candidates;
mod change;
mod checkout;
mod commit;
mod decide;
mod error;
mod events;
mod jobs;
mod journal;
mod ledger_tail;
mod lookup;
mod new;
mod place;
mod publish;
mod row;
mod sources;
mod step;
mod trail;
mod trial;
mod undo;
mod work;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tiny_http::Method;

pub use auth::Access;
pub use jobs::Program;

use super::files::Remembered;
use super::http::Answer;
use super::reload::{Hub, State};
use super::request::Request;
use super::snapshot::Snapshot;
use super::target::Target;
use super::{Clock, Options};
use crate::content::Parser;
use crate::curate::Drafts;
use crate::fetch::memory::Memory;
use crate::pipeline::{Root, Site};
use crate::plan::PageKind;
use crate::workspace::Disk;
use articles::Wanted;
use assets::Assets;
use auth::{Gate, Login, Refusal};
use commit::Commit;
use error::{DeskError, NotNow, RequestError, SystemError, json_answer, written_answer};
use jobs::{Job, Jobs};
use lookup::Lists;
use publish::Publish;
use trial::Trials;
use work::{Place, Work};

/// Bytes of a body that the desk takes: an edit of thousands of articles.
const MOST_BODY: usize = 1 << 20;
/// Bytes of a body with a password, which anybody may send.
const MOST_PASSWORD: usize = 4 << 10;

/// Files of a deploy that one answer has, at most.
const MOST_FILES: usize = 500;
/// Pages of links that are read at a time.
const MOST_READS: usize = 8;

/// What the page of the desk may do: its own scripts and styles, pictures from anywhere, pages of
/// the site in a frame; and nobody may put it into one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' http: https: data:; connect-src 'self'; font-src 'self'; \
     frame-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
     trusted-types 'none'";

/// The desk of one site.
pub(super) struct Desk {
    gate: Gate,
    assets: Assets,
    disk: Disk,
    /// The files of the site, as they were listed for the preview.
    source: Arc<Remembered>,
    drafts: Drafts,
    root: Root,
    program: Program,
    jobs: Jobs,
    hub: Arc<Hub>,
    clock: Clock,
    work: Arc<Mutex<Work>>,
    /// Held by the request that finds out what is suggested.
    advising: Mutex<()>,
    /// Whether queue or ledger may be others than at the last look.
    is_stale: AtomicBool,
    lists: Mutex<Lists>,
    /// Pages of links that are being read.
    reads: AtomicUsize,
    trials: Trials,
}

/// The body of a request with a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Password {
    password: String,
}

impl Desk {
    /// A desk with a token of its own.
    ///
    /// # Errors
    /// When the system has no randomness for it.
    pub(super) fn new(
        options: &Options,
        disk: Disk,
        source: Arc<Remembered>,
        hub: Arc<Hub>,
    ) -> Result<Desk, getrandom::Error> {
        Ok(Desk {
            gate: Gate::new(options.access.clone())?,
            assets: Assets::new(),
            disk,
            source,
            drafts: options.drafts,
            root: options.root.clone(),
            program: options.program.clone(),
            jobs: Jobs::default(),
            hub,
            clock: Arc::clone(&options.now),
            work: Arc::default(),
            advising: Mutex::default(),
            is_stale: AtomicBool::new(true),
            lists: Mutex::default(),
            reads: AtomicUsize::new(0),
            trials: Trials::default(),
        })
    }

    /// Queue, ledger or sources may be others now.
    pub(super) fn look_again(&self) {
        self.is_stale.store(true, Ordering::Release);
    }

    /// Reads queue and ledger before somebody asks for them.
    pub(super) fn warm_up(&self) {
        if let Some(snapshot) = &self.hub.state().snapshot
            && let Ok(place) = self.place(snapshot)
        {
            drop(self.advised(&place));
        }
    }

    /// Bytes of a body that are read of a request: none of one that is refused.
    pub(super) fn most_body(&self, request: &Request, name: &str) -> usize {
        let (checked, most) = match name {
            "api/session" => (self.gate.check_login(request), MOST_PASSWORD),
            _ => (self.gate.check_write(request), MOST_BODY),
        };
        let is_taken = name.starts_with("api/") && request.method == Method::Post;
        match is_taken && checked.is_ok() {
            true => most,
            false => 0,
        }
    }

    /// Why a page gets no events: it is one of another origin.
    pub(super) fn refuses_stream(&self, request: &Request) -> Option<Answer> {
        self.gate.check_origin(request).err().map(refused)
    }

    /// The answer to a request below `/__newsgen/`; `name` is the rest of its path.
    pub(super) fn answer(
        &self,
        name: &str,
        request: &Request,
        target: &Target,
        body: &[u8],
    ) -> Answer {
        if let Some(call) = name.strip_prefix("api/") {
            return self.api(call, request, target, body);
        }
        if let Some(id) = name.strip_prefix("candidate/") {
            return match self.gate.check_read(request) {
                Ok(()) => self.candidate(id, target).unwrap_or_else(|it| it.answer()),
                Err(refusal) => refused(refusal),
            };
        }
        match name {
            "" => self.page(request),
            name => {
                let missing = || Answer::text(404, "There is no page here.");
                self.assets.answer(name, request).unwrap_or_else(missing)
            }
        }
    }

    /// The page, with the token for whoever may write.
    fn page(&self, request: &Request) -> Answer {
        let token = self.gate.token_for(request).unwrap_or_default();
        let page = include_str!("../assets/desk/desk.html").replace("{token}", token);
        let headers = [
            ("Content-Security-Policy", POLICY),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "same-origin"),
            ("X-Frame-Options", "DENY"),
        ];
        let mut answer = Answer::own("text/html; charset=utf-8", page.into_bytes());
        // The token is that of this start: another start has another page.
        answer
            .headers
            .retain(|(name, _)| !matches!(*name, "Cache-Control" | "ETag"));
        headers.into_iter().fold(
            answer.with("Cache-Control", "no-store".to_owned()),
            |it, (name, value)| it.with(name, value.to_owned()),
        )
    }

    /// The page of a candidate as it would be, or with `front` the front page with it.
    fn candidate(&self, id: &str, target: &Target) -> Result<Answer, DeskError> {
        let state = self.hub.state();
        let snapshot = snapshot(&state)?;
        let place = self.place(snapshot)?;
        let article = decide::as_article(&mut self.work(&place), &place, id)?;
        let is_front = target.parameter("front").is_some();
        let source = self.source.as_ref();
        self.trials
            .page(source, snapshot, self.drafts, &article, is_front)
    }

    fn api(&self, call: &str, request: &Request, target: &Target, body: &[u8]) -> Answer {
        let is_read = matches!(request.method, Method::Get | Method::Head);
        let checked = match (is_read, call) {
            (true, _) => self.gate.check_read(request),
            (false, "session") => self.gate.check_login(request),
            (false, _) => self.gate.check_write(request),
        };
        if !is_read && request.method != Method::Post {
            let answer = Answer::text(405, "Only GET, HEAD and POST are answered here.");
            return answer.with("Allow", "GET, HEAD, POST".to_owned());
        }
        if let Err(refusal) = checked {
            return refused(refusal);
        }
        if request.has_body && body.is_empty() {
            let most = if call == "session" { "4 KiB" } else { "1 MiB" };
            let message = format!("A body has a `Content-Length`, of no more than {most}.");
            return json_answer(413, &json!({ "error": "too-long", "message": message }));
        }
        if !is_read && call == "session" {
            return self.log_in(body);
        }
        let done = match is_read {
            true if call == "queue" => match self.queue(target) {
                Ok(json) => return written_answer(200, json),
                Err(error) => Err(error),
            },
            true => self.read(call, target),
            // A page from far away holds up no other request.
            false if call == "draft" => self.draft(body),
            false => self.write(call, body),
        };
        match done {
            Ok(value) => json_answer(200, &value),
            Err(error) => error.answer(),
        }
    }

    fn log_in(&self, body: &[u8]) -> Answer {
        let given = match parse::<Password>(body) {
            Ok(given) => given.password,
            Err(error) => return error.answer(),
        };
        match self.gate.log_in(&given, Instant::now()) {
            Login::Welcome(cookie) => {
                json_answer(200, &json!({ "token": self.gate.token() })).with("Set-Cookie", cookie)
            }
            Login::Wrong => json_answer(
                401,
                &json!({ "error": "password", "message": "This is not the password." }),
            ),
            Login::Wait(wait) => {
                let seconds = wait.as_secs() + 1;
                let message = format!("Too many attempts. Try again in {seconds} s.");
                json_answer(429, &json!({ "error": "wait", "message": message }))
                    .with("Retry-After", seconds.to_string())
            }
        }
    }

    /// The candidates, or what changed of them.
    fn queue(&self, target: &Target) -> Result<String, DeskError> {
        let since = articles::number(target, "since")?;
        let state = self.hub.state();
        let place = self.place(snapshot(&state)?)?;
        Ok(self.advised(&place).candidates.since(since))
    }

    fn read(&self, call: &str, target: &Target) -> Result<Value, DeskError> {
        let state = self.hub.state();
        let snapshot = snapshot(&state)?;
        let place = self.place(snapshot)?;
        match call.split_once('/').unwrap_or((call, "")) {
            ("state", "") => Ok(self.state(&state, &snapshot.site, &self.work(&place))),
            ("articles", "") => {
                let wanted = Wanted::of(target, &place.config.time_zone)?;
                let offset = articles::number(target, "offset")?.unwrap_or(0);
                let limit = articles::number(target, "limit")?.unwrap_or(usize::MAX);
                let (index, found) = self.found(snapshot, wanted);
                let (page, versions) = articles::page(&place, &index, &found, offset, limit);
                let mut work = self.work(&place);
                versions.iter().for_each(|bytes| work.keep_version(bytes));
                Ok(page)
            }
            ("sources", "") => {
                let (disk, path) = self.root.fetch_memory();
                let memory = Memory::read(&disk, &path);
                Ok(sources::list(&self.work(&place), &place, &memory))
            }
            ("targets", "") => Ok(json!({ "targets": place.config.deploy.targets })),
            ("jobs", name) => self.job(name, snapshot, target),
            ("events", id) => {
                let index = self.index(snapshot);
                let words = target.parameter("q").unwrap_or_default();
                events::near(&mut self.work(&place), &place, &index, id, &words)
            }
            ("explain", id) => {
                let index = self.index(snapshot);
                let article = index.article(id).ok_or(DeskError::Unknown("article"))?;
                Ok(articles::explain(&snapshot.site, &index, article))
            }
            _ => Err(DeskError::Unknown("call")),
        }
    }

    /// Reads the page of a link, and writes nothing.
    fn draft(&self, body: &[u8]) -> Result<Value, DeskError> {
        let link = parse(body)?;
        let _turn = Turn::take(&self.reads)?;
        let fetched = {
            let state = self.hub.state();
            let config = &snapshot(&state)?.site.config;
            new::fetch(config, &link)?
        };
        let state = self.hub.state();
        let snapshot = snapshot(&state)?;
        let place = self.place(snapshot)?;
        let (index, known) = (self.index(snapshot), self.known(snapshot));
        let work = self.work(&place);
        Ok(new::draft(&work, &place, &index, &known, &fetched))
    }

    fn write(&self, call: &str, body: &[u8]) -> Result<Value, DeskError> {
        let state = self.hub.state();
        let snapshot = snapshot(&state)?;
        let place = self.place(snapshot)?;
        let mut work = self.work_to_write(&place);
        let article = |work: &Work, id: &str| {
            let recent = work.recent_path(id).map(str::to_owned);
            recent.or_else(|| {
                let article = self.index(snapshot).article(id)?;
                Some(snapshot.site.library.articles[article].path.clone())
            })
        };
        let story = |work: &Work, id: &str| {
            let candidate = work.candidates.get(id).map(|it| it.path.clone());
            candidate.or_else(|| article(work, id))
        };
        let done = match call {
            "decide" => decide::decide(&mut work, &place, &parse(body)?),
            "edit" => change::edit(&mut work, &place, &parse(body)?, story),
            "delete" => decide::delete(&mut work, &place, &parse(body)?, article),
            "new" => new::create(&mut work, &place, &self.known(snapshot), &parse(body)?),
            "undo" => undo::undo(&mut work, &place, &parse(body)?),
            "sources" => self.change_source(&mut work, &place, &parse(body)?),
            "commit" => self.commit(&place, &parse(body)?),
            "publish" => self.publish(&place, &parse(body)?),
            _ => return Err(DeskError::Unknown("call")),
        };
        drop(work);
        // Other pages of the desk hear of it; the site follows when its files were seen.
        self.hub.touch();
        done
    }

    /// Pauses or resumes a source, asks for its feed, or for all that are due.
    fn change_source(
        &self,
        work: &mut Work,
        place: &Place<'_>,
        request: &sources::Change,
    ) -> Result<Value, DeskError> {
        use sources::What;
        let source = match &request.id {
            Some(id) => Some(sources::find(place, id)?),
            None => None,
        };
        match (request.what, source) {
            (What::Fetch, None) => self.run(&["fetch"]),
            (What::Fetch, Some(source)) => self.run(&["fetch", "--source", &source.name]),
            (What::Test, Some(source)) => {
                let (feed, name) = (source.feed.as_str(), source.name.as_str());
                self.run(&["sources", "test", feed, "--source", name])
            }
            (What::Pause, Some(source)) => sources::pause(work, place, &source, true),
            (What::Resume, Some(source)) => sources::pause(work, place, &source, false),
            (_, None) => Err(RequestError::NothingNamed("source").into()),
        }
    }

    /// A job, or the files that it sends.
    fn job(&self, name: &str, snapshot: &Snapshot, target: &Target) -> Result<Value, DeskError> {
        let (id, part) = name.split_once('/').unwrap_or((name, ""));
        let id: Option<u64> = id.parse().ok();
        let is_story = |path: &str| {
            let page = snapshot.find(&format!("/{path}"));
            page.is_some_and(|page| matches!(page.kind, PageKind::Article(_)))
        };
        let shown = match part {
            "" => id.and_then(|id| self.jobs.shown(id, is_story)),
            "files" => {
                let offset = articles::number(target, "offset")?.unwrap_or(0);
                let limit = articles::number(target, "limit")?.unwrap_or(MOST_FILES);
                id.and_then(|id| self.jobs.files(id, offset, limit.min(MOST_FILES)))
            }
            _ => None,
        };
        shown.ok_or(DeskError::Unknown("job"))
    }

    /// Builds the site and sends it to a target of its settings.
    fn publish(&self, place: &Place<'_>, request: &Publish) -> Result<Value, DeskError> {
        if !place.config.deploy.targets.contains_key(&request.target) {
            return Err(DeskError::Unknown("target"));
        }
        let (program, command) = (self.program.clone(), request.command());
        let name = format!("deploy {}", request.target);
        let commits = place.config.desk_commits && !request.is_dry();
        let commit = commits.then(|| self.committing(place, false));
        self.start(name, move |job| {
            let code = job.deploy(&program, &command);
            // What is published is published, whatever git says.
            if let Some(commit) = commit.filter(|_| code == 0) {
                commit(job);
            }
            code
        })
    }

    /// Commits what the desk changed, or says what would be committed.
    fn commit(&self, place: &Place<'_>, request: &Commit) -> Result<Value, DeskError> {
        if !place.config.desk_commits {
            return Err(RequestError::CommitsAreOff.into());
        }
        let commit = self.committing(place, request.dry);
        self.start("commit".to_owned(), move |job| match commit(job) {
            true => 0,
            false => 1,
        })
    }

    /// The work of a job that commits; it returns whether it could.
    fn committing(&self, place: &Place<'_>, dry: bool) -> impl FnOnce(&Job) -> bool + use<> {
        let (work, disk) = (Arc::clone(&self.work), self.disk.clone());
        let (folder, snapshot) = (self.root.folder.clone(), Arc::clone(place.snapshot));
        move |job| commit::run(job, &work, (&disk, &folder), &snapshot, dry)
    }

    /// Runs a command of newsgen for this site.
    fn run(&self, arguments: &[&str]) -> Result<Value, DeskError> {
        let command: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
        let program = self.program.clone();
        self.start(command.join(" "), move |job| job.run(&program, &command))
    }

    fn start(
        &self,
        name: String,
        work: impl FnOnce(&Job) -> i32 + Send + 'static,
    ) -> Result<Value, DeskError> {
        match self.jobs.start(name, &self.hub, work) {
            Ok(job) => Ok(json!({ "job": job })),
            Err(jobs::Refused::Busy(command)) => Err(NotNow::Busy(command).into()),
            Err(jobs::Refused::Machine(error)) => Err(SystemError::Job(error).into()),
        }
    }

    /// What a page of the desk shows around its lists.
    fn state(&self, state: &State, site: &Site, work: &Work) -> Value {
        let mut reasons: std::collections::BTreeMap<&str, usize> = Default::default();
        for (_, dropped) in site.dropped() {
            *reasons.entry(dropped.rule.name()).or_default() += 1;
        }
        let shared = &site.plan.edition().shared;
        let topics = site.edition().topics.iter();
        let topics: Vec<Value> = topics
            .map(|topic| json!({ "name": topic.name, "count": topic.articles.len() }))
            .collect();
        let timings = state.timings.iter().map(|(stage, time)| {
            let milliseconds = time.as_secs_f64() * 1000.0;
            json!({ "stage": stage, "milliseconds": milliseconds })
        });
        json!({
            "title": site.config.title,
            "home": shared.href("/"),
            "now": site.now.rfc3339_utc(),
            "read_only": self.gate.is_read_only(),
            "commits": site.config.desk_commits,
            "reject_reasons": site.config.fetch.reject_reasons,
            "candidates": work.candidates.length(),
            "found": site.found,
            "kept": site.kept().filter(|(.., kept)| kept.badge.is_none()).count(),
            "dropped": site.dropped().count(),
            "pages": site.plan.pages.len(),
            "problems": &*state.problems,
            "reasons": reasons,
            "topics": topics,
            "timings": timings.collect::<Vec<_>>(),
            "undo": work.journal.length(),
            "last": work.journal.last().map(|step| json!({
                "deed": step.deed, "about": step.about, "time": step.time,
            })),
        })
    }

    fn place<'a>(&'a self, snapshot: &'a Arc<Snapshot>) -> Result<Place<'a>, DeskError> {
        let config = &snapshot.site.config;
        let now = (self.clock)(config);
        Ok(Place {
            disk: &self.disk,
            snapshot,
            config,
            library: &snapshot.site.library,
            parser: Parser::new(config),
            now: now.map_err(NotNow::Clock)?,
        })
    }
}

/// One of the pages that are read at a time.
struct Turn<'d>(&'d AtomicUsize);

impl<'d> Turn<'d> {
    fn take(count: &'d AtomicUsize) -> Result<Turn<'d>, DeskError> {
        let before = count.fetch_add(1, Ordering::AcqRel);
        let turn = Turn(count);
        match before < MOST_READS {
            true => Ok(turn),
            false => Err(NotNow::ManyPages.into()),
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn snapshot(state: &State) -> Result<&Arc<Snapshot>, DeskError> {
    state
        .snapshot
        .as_ref()
        .ok_or(DeskError::NotNow(NotNow::NoSite))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, DeskError> {
    serde_json::from_slice(body).map_err(|error| RequestError::Body(error).into())
}

fn refused(refusal: Refusal) -> Answer {
    let (status, error, message) = refusal.answer();
    json_answer(status, &json!({ "error": error, "message": message }))
}
