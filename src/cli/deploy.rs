//! `newsgen deploy`.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use url::Url;

use super::args::{Common, DeployArgs, ListFormat};
use super::build::{absolute, notes, print, shown};
use super::terminal::{Bar, Terminal};
use super::{Exit, fail_as_json, now, plural, root, site_options, word};
use crate::config::{Config, Overrides, is_this_machine};
use crate::curate::Drafts;
use crate::deploy::item::{self, Item};
use crate::deploy::plan::{Plan, Send, Why};
use crate::deploy::{
    self, Address, Deploy, DeployError, Done, Options, Question, Stopped, Survey, Timeouts,
};
use crate::diagnostic::{Diagnostic, nearest};
use crate::pipeline::{
    self, BuildContext, BuildOptions, Failure, FileAction, MachineError, Root, Tolerance, is_inside,
};
use crate::write::{Built, InvalidOutput, Trust};

pub(super) fn run(
    common: &Common,
    args: &DeployArgs,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let mut said = Said::default();
    match deploy(common, args, &mut said, terminal) {
        Err(failure) if args.format == ListFormat::Json => {
            Ok(fail_as_json(failure, said.diagnostics, terminal))
        }
        Ok(Exit::Good) if args.strict && said.diagnostics.iter().any(Diagnostic::is_error) => {
            Ok(Exit::SiteHasErrors)
        }
        ended => ended,
    }
}

/// What the build before a deploy said that did not end it.
#[derive(Default)]
struct Said {
    notes: Vec<String>,
    diagnostics: Vec<Diagnostic>,
}

fn deploy(
    common: &Common,
    args: &DeployArgs,
    said: &mut Said,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let root = root(common);
    let overrides = Overrides {
        output: args.output.clone().map(|folder| absolute(&folder)),
        delete_limit: args.delete_limit.map(usize::from),
        ..Overrides::default()
    };
    let config = root.config(&overrides)?;
    let at = root.output(&config);
    let folder = at.folder.clone();

    let address = address(args.target.as_deref(), &config);
    let address =
        match address.and_then(|address| not_onto_itself(address, &folder, &root, &config)) {
            Ok(address) => address,
            Err(problem) => {
                match args.format {
                    ListFormat::Text => terminal.diagnostics(&[*problem]),
                    ListFormat::Json => terminal.json(&json!({ "diagnostics": [*problem] })),
                }
                return Ok(Exit::WrongUsage);
            }
        };

    let (options, compress) = (options(args, &config), config.deploy.compress);
    if args.build {
        *said = build(&root, config, common, args, terminal)?;
    }

    let start = Instant::now();
    let built = Built::open(&at, trust(args))
        .map_err(|error| failure(error, &folder, &build_command(common, args)))?;
    check_base_url(&built.site, &address, terminal)?;

    let target = deploy::open(&address, timeouts(args), &root.state()).map_err(machine)?;
    let items = item::items(&built.files, compress, target.shape());
    let (target, shown) = (target.as_ref(), &*address.to_string());
    let deploy = Deploy {
        folder: &folder,
        site: &built.site,
        items: &items,
        target,
        shown,
        options,
    };
    if args.dry_run {
        return dry_run(&deploy, args, said, terminal);
    }
    let done = carry_out(&deploy, args, &build_command(common, args), terminal)?;
    show_result(args.format, &deploy, &done, said, start.elapsed(), terminal);
    Ok(Exit::Good)
}

/// Refuses to send a site to readers whose links lead to a machine of its owner.
fn check_base_url(site: &str, address: &Address, terminal: &Terminal) -> Result<(), Failure> {
    if !Url::parse(site).is_ok_and(|url| is_this_machine(&url)) {
        return Ok(());
    }
    let message = format!(
        "the site was built for {site}, so the links in its feeds and sitemaps lead to the machine \
         of whoever follows them"
    );
    if address.is_this_machine() {
        terminal.note(&format!("{message}; set `base_url`"));
        return Ok(());
    }
    let help = "set `base_url` in site.toml to where readers find the site, and build it";
    let problem = Diagnostic::error("base-url", message).help(help);
    Err(Failure::Site(vec![problem]))
}

/// Tells what a deploy would do.
fn dry_run(
    deploy: &Deploy<'_>,
    args: &DeployArgs,
    said: &Said,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let bar = shown_as_asked(args, Bar::of_slow_steps(terminal));
    let survey = deploy.survey(&bar);
    bar.finish();
    let survey = survey.map_err(machine)?;
    if deploy.target.is_locked().map_err(machine)? {
        terminal.note(&format!(
            "another deploy to {} is in progress or was killed",
            deploy.shown
        ));
    }
    show_plan(args.format, deploy, &survey, said, terminal);
    Ok(Exit::Good)
}

/// How far it is, for a person or for a program.
fn shown_as_asked<'t>(args: &DeployArgs, bar: Bar<'t>) -> Bar<'t> {
    match args.progress {
        true => bar.in_lines(),
        false => bar,
    }
}

/// Deploys; asks for confirmation where it is needed.
fn carry_out(
    deploy: &Deploy<'_>,
    args: &DeployArgs,
    build: &str,
    terminal: &Terminal,
) -> Result<Done, Failure> {
    if deploy.target.is_locked().map_err(machine)? {
        terminal.note(&format!(
            "another deploy to {} is in progress or was killed; checking which",
            deploy.shown
        ));
    }
    let bar = shown_as_asked(args, Bar::of_slow_steps(terminal));
    let begin = |survey: &Survey, question: Option<&Question>| {
        bar.finish();
        survey.notes.iter().for_each(|note| terminal.note(note));
        question.is_none_or(|question| terminal.confirm(&asked(question, deploy.shown)))
    };
    let done = deploy.run(&begin, &bar);
    bar.finish();
    done.map_err(machine)?.map_err(|stopped| {
        Failure::Site(vec![match stopped {
            Stopped::Refused(question) => refused(&question, deploy),
            Stopped::Altered(files) => altered(&files, &shown(deploy.folder), build),
        }])
    })
}

/// A site that is deployed into the folder where it is built, or one that it is built from, would
/// be read while it is written.
fn not_onto_itself(
    address: Address,
    folder: &Path,
    root: &Root,
    config: &Config,
) -> Result<Address, Box<Diagnostic>> {
    let Address::Folder(target) = &address else {
        return Ok(address);
    };
    let what = if is_inside(target, folder) {
        "the output folder".to_owned()
    } else if let Some(source) = root.source_of(target, config) {
        format!("{source}, which the build reads")
    } else {
        return Ok(address);
    };
    let message = format!("the target {} is {what}, or is inside it", target.display());
    Err(Box::new(Diagnostic::error("target", message).help(
        "serve the output folder directly, or choose another target",
    )))
}

fn machine(error: DeployError) -> Failure {
    MachineError::Target(error.into()).into()
}

fn build(
    root: &Root,
    config: Config,
    common: &Common,
    args: &DeployArgs,
    terminal: &Terminal,
) -> Result<Said, Failure> {
    let start = Instant::now();
    let options = BuildOptions {
        context: BuildContext {
            now: now(common, Some(&config))?,
            drafts: Drafts::Out,
        },
        tolerance: if args.keep_going {
            Tolerance::KeepGoing
        } else {
            Tolerance::Strict
        },
        trust: trust(args),
    };
    let bar = shown_as_asked(args, Bar::new(terminal));
    let report = pipeline::build(root, config, options, None, &bar);
    bar.finish();
    let report = report?;
    if args.format == ListFormat::Text {
        print(&report, terminal, start);
    }
    Ok(Said {
        notes: notes(&report),
        diagnostics: report.site.problems,
    })
}

/// Whether to trust what is on record of the output.
fn trust(args: &DeployArgs) -> Trust {
    if args.verify {
        Trust::Nothing
    } else {
        Trust::Fingerprints
    }
}

/// The command that builds what this deploy sends.
fn build_command(common: &Common, args: &DeployArgs) -> String {
    let mut command = format!("newsgen build{}", site_options(common));
    if let Some(output) = &args.output {
        command += &format!(" --output {}", word(output));
    }
    command
}

fn options(args: &DeployArgs, config: &Config) -> Options {
    Options {
        read_all: args.verify,
        send: if args.force { Send::All } else { Send::Changes },
        delete_limit: args
            .delete_limit
            .map_or(config.deploy.delete_limit, usize::from),
        jobs: args.jobs.map_or(config.deploy.jobs, usize::from),
    }
}

fn timeouts(args: &DeployArgs) -> Timeouts {
    let usual = Timeouts::default();
    args.pulse.map_or(usual, |pulse| Timeouts {
        pulse: Duration::from_millis(pulse),
        ..usual
    })
}

/// The target that is meant. What stands in the settings is not shown: it may hold what should not
/// be there.
fn address(given: Option<&str>, config: &Config) -> Result<Address, Box<Diagnostic>> {
    let targets = &config.deploy.targets;
    let problem =
        |message: String, help: String| Box::new(Diagnostic::error("target", message).help(help));
    let names = || {
        targets
            .keys()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let name = match given {
        Some(address) if address.contains(':') => {
            return Address::parse(address).map_err(|wrong| {
                problem(
                    format!("the target {}", wrong.message),
                    wrong.help.to_owned(),
                )
            });
        }
        Some(name) => name,
        None => match (&config.deploy.default, targets.len()) {
            (Some(name), _) => name,
            (None, 1) => targets.keys().next().map_or("", String::as_str),
            (None, 0) => {
                let help = "give one, as in `newsgen deploy s3://bucket/path`, or set \
                    [deploy.targets] in site.toml";
                return Err(problem("no target is given".to_owned(), help.to_owned()));
            }
            (None, _) => {
                let help = format!(
                    "choose one of {}, or set `deploy.default` in {}",
                    names(),
                    config.path
                );
                return Err(problem("there is more than one target".to_owned(), help));
            }
        },
    };
    let Some(written) = targets.get(name) else {
        let help = match nearest(name, targets.keys().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if targets.is_empty() => {
                "use a URL such as s3://bucket/path, or set [deploy.targets]".to_owned()
            }
            None => format!("available targets: {}", names()),
        };
        return Err(problem(format!("unknown target `{name}`"), help));
    };
    Address::parse(written).map_err(|wrong| {
        let place = config.location("deploy.targets");
        problem(
            format!(
                "the target `{name}` of [deploy.targets] ({place}) {}",
                wrong.message
            ),
            wrong.help.to_owned(),
        )
    })
}

/// Why there is nothing to send. `build` is the command that builds it.
fn failure(error: InvalidOutput, folder: &Path, build: &str) -> Failure {
    let shown = shown(folder);
    let (message, help) = match error {
        InvalidOutput::NeverBuilt => (
            format!("no site has been built in {shown}"),
            format!("run `{build}`, or deploy with --build"),
        ),
        InvalidOutput::Foreign => (
            format!("newsgen did not make what is in {shown}"),
            "what something else made is not sent: name the folder of a build with --output or \
             `output.dir`, or empty this one and build the site"
                .to_owned(),
        ),
        InvalidOutput::NoRecord => (
            format!("the manifest of the build in {shown} is missing"),
            format!("run `{build}`, which makes a new one"),
        ),
        InvalidOutput::Stopped => (
            format!("the last build into {shown} was interrupted or is still running"),
            format!("run `{build}`, or deploy with --build"),
        ),
        InvalidOutput::Altered(files) => {
            return Failure::Site(vec![altered(&files, &shown, build)]);
        }
        InvalidOutput::Io(error) => {
            return MachineError::File {
                action: FileAction::Read,
                path: shown,
                error,
            }
            .into();
        }
    };
    Failure::Site(vec![Diagnostic::error("deploy", message).help(help)])
}

/// That files of the output are not as the build wrote them.
fn altered(files: &[String], folder: &str, build: &str) -> Diagnostic {
    /// Nobody reads more names.
    const NAMED: usize = 10;
    let named = files
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let others = match files.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(
            ", and so were {}",
            plural(more, "other file", "other files")
        ),
    };
    let message = match files.len() {
        1 => format!("{named} in {folder} is not as the build wrote it"),
        _ => format!("files in {folder} are not as the build wrote them: {named}{others}"),
    };
    Diagnostic::error("deploy", message).help(format!(
        "run `{build} --verify`, or deploy with --build --verify: they are written again, and sent \
         if they differ from what is at the target"
    ))
}

/// A question, to a person at a terminal.
fn asked(question: &Question, target: &str) -> String {
    match question {
        Question::Delete { delete, of } => format!("Delete {delete} of {of} files at {target}?"),
        Question::OtherSite(other) => format!("Replace {other} at {target} with this site?"),
    }
}

/// The lowest limit, in percent, with which what a question is about would not be asked.
fn needed_delete_limit(question: &Question) -> Option<usize> {
    match question {
        Question::Delete { delete, of } => Some((delete * 100).div_ceil(*of)),
        Question::OtherSite(_) => None,
    }
}

/// Why a deploy stopped that was not confirmed.
fn refused(question: &Question, deploy: &Deploy<'_>) -> Diagnostic {
    let (target, limit) = (deploy.shown, deploy.options.delete_limit);
    match question {
        Question::Delete { delete, of } => {
            let message = format!(
                "{delete} of {of} files at {target} would be deleted, which exceeds the limit of \
                 {limit} percent"
            );
            Diagnostic::error("deploy", message)
                .help("use --dry-run to see them; to delete them, use --delete-limit 100")
        }
        Question::OtherSite(other) => Diagnostic::error(
            "deploy",
            format!("{target} already holds another site, {other}"),
        )
        .help("choose another target; to replace that site, use --force"),
    }
}

fn show_plan(
    format: ListFormat,
    deploy: &Deploy<'_>,
    survey: &Survey,
    said: &Said,
    terminal: &Terminal,
) {
    let (plan, items, target) = (&survey.plan, deploy.items, deploy.shown);
    survey.notes.iter().for_each(|note| terminal.note(note));
    let question = deploy.question(survey);
    let needed = question.as_ref().and_then(needed_delete_limit);
    let refused = question.map(|question| refused(&question, deploy).message);
    if format == ListFormat::Json {
        let mut json = plan_json(target, items, plan, said);
        json["refused"] = refused.into();
        json["neededDeleteLimit"] = needed.into();
        return terminal.json(&json);
    }
    for path in &plan.clear {
        terminal.result(&format!("{:<9}{:>10}  {path}", "delete", ""));
    }
    for step in plan.steps() {
        let entry = &items[step.item].entry;
        terminal.result(&format!(
            "{:<9}{:>10}  {}",
            label(step.why),
            entry.size,
            entry.path
        ));
    }
    for path in &plan.delete {
        terminal.result(&format!("{:<9}{:>10}  {path}", "delete", ""));
    }
    if let Some(refused) = refused {
        terminal.note(&refused);
    }
    terminal.say(&format!(
        "{} to send, {} unchanged, {} to delete at {target}; nothing was sent",
        plural(plan.steps().count(), "file", "files"),
        plan.unchanged,
        plan.deletions(),
    ));
}

fn label(why: Why) -> &'static str {
    match why {
        Why::New => "new",
        Why::Changed => "changed",
        Why::Headers => "headers",
        Why::Forced => "again",
    }
}

/// What a deploy does, for programs: the shape is described in `docs/json.md`.
fn plan_json(target: &str, items: &[Item], plan: &Plan, said: &Said) -> Value {
    let send: Vec<Value> = plan
        .steps()
        .map(|step| {
            let item = &items[step.item];
            json!({
                "path": item.entry.path,
                "why": label(step.why),
                "role": item.role,
                "size": item.entry.size,
                "contentType": text(&item.entry.media_type),
                "cacheControl": text(&item.entry.cache_control),
                "contentEncoding": text(item.entry.encoding.name()),
            })
        })
        .collect();
    let delete: Vec<&String> = plan.clear.iter().chain(&plan.delete).collect();
    json!({
        "target": target,
        "send": send,
        "delete": delete,
        "unchanged": plan.unchanged,
        "notes": said.notes,
        "diagnostics": said.diagnostics,
    })
}

fn text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn show_result(
    format: ListFormat,
    deploy: &Deploy<'_>,
    done: &Done,
    said: &Said,
    took: Duration,
    terminal: &Terminal,
) {
    let (plan, items, target) = (&done.plan, deploy.items, deploy.shown);
    if format == ListFormat::Json {
        let mut result = plan_json(target, items, plan, said);
        result["bytes"] = json!(done.bytes);
        return terminal.json(&result);
    }
    for step in plan.steps() {
        terminal.detail(&format!("sent     {}", items[step.item].entry.path));
    }
    for path in plan.clear.iter().chain(&plan.delete) {
        terminal.detail(&format!("deleted  {path}"));
    }
    let counts = plan.counts();
    let counts: Vec<String> = counts
        .iter()
        .map(|(why, count)| format!("{count} {}", label(*why)))
        .collect();
    let counts = if counts.is_empty() {
        String::new()
    } else {
        format!(" ({})", counts.join(", "))
    };
    terminal.say(&format!(
        "{} sent{counts}, {} unchanged, {} deleted at {target} ({}, {:.2} s)",
        plural(plan.steps().count(), "file", "files"),
        plan.unchanged,
        plan.deletions(),
        indicatif::HumanBytes(done.bytes),
        took.as_secs_f64(),
    ));
}
