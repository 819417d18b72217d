//! The command line. `docs/commands.md` is printed from this file; a test keeps the two alike.
//!
//! # Files
//!
//! - `theme.rs`: `theme`
//! - `way_in.rs`: `sources`, `fetch` and `queue`

mod theme;
mod way_in;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::BaseUrl;
use crate::content::link;
use crate::document::FieldPath;
use crate::edit::{Change, Draft};
use crate::time::Time;
pub use theme::{ThemeArgs, ThemeCommand, ThemeDiffArgs, ThemeFilesArgs, ThemeListArgs};
pub use way_in::{
    FetchArgs, QueueArgs, QueueCommand, QueueExplainArgs, QueuePublishArgs, QueueRejectArgs,
    SourcesAddArgs, SourcesArgs, SourcesCommand, SourcesImportArgs, SourcesPauseArgs,
    SourcesTestArgs,
};

/// Turn a folder of curated news articles into a static news site
#[derive(Debug, Parser)]
#[command(
    name = "newsgen",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = concat!(
        "Examples:\n",
        "  newsgen init my-feed            create a small site that builds\n",
        "  newsgen build                   build the site in this folder into public/\n",
        "  newsgen explain content/news/2026-11-21-a-story.md\n",
        "                                  explain why an article is or is not on the site\n",
        "\n",
        "Exit codes: 0 success, 1 the site has errors, 2 incorrect usage, 3 system failure (such ",
        "as a full disk or missing permissions).",
    )
)]
pub struct Cli {
    /// What all commands share.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What all commands share.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Common {
    /// Folder that contains the site
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Folder of what is kept between builds [default: NEWSGEN_STATE, or .newsgen in the folder of
    /// the site]
    #[arg(long, global = true, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Settings file, relative to the folder of the site
    #[arg(long, global = true, value_name = "FILE", default_value = "site.toml")]
    pub config: String,
    /// Current time for this run, such as 2026-11-21T09:00:00Z [default: the clock, or
    /// SOURCE_DATE_EPOCH if it is set]
    #[arg(long, global = true, value_name = "TIME", value_parser = time)]
    pub now: Option<String>,
    /// Print only errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print more: every changed file and every note
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Whether to colour the output; NO_COLOR switches colours off too
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the site into its output folder
    Build(BuildArgs),
    /// Upload what changed in the built site to where it is served
    Deploy(DeployArgs),
    /// Preview the site in a browser while you edit it
    Serve(ServeArgs),
    /// Report every error and warning without writing anything
    Check(CheckArgs),
    /// List the articles of the site, newest first
    List(ListArgs),
    /// Explain why an article is or is not on the site
    Explain(ExplainArgs),
    /// Create a small site, or settings for a tree that another tool was made for
    Init(InitArgs),
    /// Create an article file
    New(NewArgs),
    /// Change fields of articles, and no other byte of their files
    Set(SetArgs),
    /// List the sources: the feeds that the site reads
    Sources(SourcesArgs),
    /// Ask the feeds of sources that are due, and queue what is new
    Fetch(FetchArgs),
    /// List the candidates that wait for a decision
    Queue(QueueArgs),
    /// List, copy and compare the files of the built-in theme
    Theme(ThemeArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
}

/// `newsgen build`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "Any error stops the build and leaves the previous output unchanged.\n",
        "\n",
        "Examples:\n",
        "  newsgen build --keep-going      skip broken content, for unattended feeds\n",
        "  newsgen build --keep-going --strict --format json\n",
        "                                  the same, for a program: exit code 1 if it left out ",
        "anything\n",
        "  newsgen build --base-url https://preview.example.org/ --output /tmp/preview",
    )
)]
pub struct BuildArgs {
    /// Write the site to this folder [default: output.dir of site.toml]
    #[arg(long, value_name = "DIR")]
    pub output: Option<String>,
    /// Build for this base URL [default: base_url of site.toml]
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,
    /// Include dropped articles, marked with the reason
    #[arg(long)]
    pub drafts: bool,
    /// Skip broken content, report it, and continue
    #[arg(long)]
    pub keep_going: bool,
    /// With --keep-going: build, and then exit with 1 if anything was left out
    #[arg(long, requires = "keep_going")]
    pub strict: bool,
    /// Remove up to this percentage of the articles, of the other pages, or of the static files
    /// without asking [default: output.delete_limit of site.toml]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub delete_limit: Option<u8>,
    /// Print how long each stage took
    #[arg(long)]
    pub timings: bool,
    /// Explain why the page at this URL was or was not rendered again
    #[arg(long, value_name = "URL")]
    pub explain: Option<String>,
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
    /// Render every page and read every file; report what the record of the last build wrongly
    /// calls unchanged, and write it again
    #[arg(long)]
    pub verify: bool,
}

/// `newsgen deploy`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "A target is a URL or a name from [deploy.targets] in site.toml:\n",
        "  s3://bucket/path      S3 or compatible; credentials from AWS_… or ~/.aws/\n",
        "  gs://bucket/path      Google Cloud Storage; credentials from GOOGLE_…\n",
        "  az://container/path   Azure Blob Storage; account and credentials from AZURE_…\n",
        "  file:///path          a folder on this machine\n",
        "  git+ssh://git@host/repository.git#branch   a git branch; one commit per deploy\n",
        "New files are sent before the pages that link to them; deletions come last.\n",
        "An interrupted deploy leaves no broken links, and the next one finishes its work.\n",
        "\n",
        "Examples:\n",
        "  newsgen deploy --build\n",
        "  newsgen deploy staging --dry-run\n",
        "  newsgen deploy file:///srv/www/news",
    )
)]
pub struct DeployArgs {
    /// Where to deploy [default: deploy.default of site.toml, or its only target]
    #[arg(value_name = "TARGET")]
    pub target: Option<String>,
    /// Print what would be sent and deleted, without changing the target
    #[arg(long)]
    pub dry_run: bool,
    /// Build the site first
    #[arg(long)]
    pub build: bool,
    /// With --build: skip broken content, report it, and continue
    #[arg(long, requires = "build")]
    pub keep_going: bool,
    /// With --keep-going: deploy, and then exit with 1 if anything was left out
    #[arg(long, requires = "keep_going")]
    pub strict: bool,
    /// Deploy this folder [default: output.dir of site.toml]
    #[arg(long, value_name = "DIR")]
    pub output: Option<String>,
    /// Delete up to this percentage of the files at the target (with --build, also of the output)
    /// without asking [default: deploy.delete_limit and output.delete_limit of site.toml]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub delete_limit: Option<u8>,
    /// Read every file of the output, and compare every file at the target, whatever the records of
    /// the last build and the last deploy say
    #[arg(long)]
    pub verify: bool,
    /// Number of concurrent requests [default: deploy.jobs of site.toml]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Send every file, even unchanged ones, and even if the target holds another site
    #[arg(long)]
    pub force: bool,
    /// Output format of the plan or the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
    /// Tell how far it is as lines of JSON, to standard error, for programs
    #[arg(long, hide = true)]
    pub progress: bool,
    /// Milliseconds between two heartbeats of the lock, for tests
    #[arg(long, hide = true, value_name = "MS")]
    pub pulse: Option<u64>,
}

/// `newsgen serve`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "Pages are rendered when a browser requests them, and browsers reload every change ",
        "automatically.\n",
        "Nothing is written except the article cache.\n",
        "http://127.0.0.1:4000/__newsgen/ shows how the curation rules judged every article.\n",
        "\n",
        "Examples:\n",
        "  newsgen serve --open\n",
        "  newsgen serve --drafts          include articles that a build leaves out, marked with ",
        "the reason\n",
        "  newsgen serve --host 0.0.0.0    accept connections from other machines",
    )
)]
pub struct ServeArgs {
    /// Port to listen on [default: 4000, or the next free one]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    pub host: String,
    /// Open the site in a browser
    #[arg(long)]
    pub open: bool,
    /// Include dropped articles, marked with the reason
    #[arg(long)]
    pub drafts: bool,
    /// Look at all files every two seconds, where the system does not report changes: on network
    /// drives and in some containers
    #[arg(long)]
    pub poll: bool,
    /// Let the desk show and not write. Without this option it writes on this machine only, and
    /// with --host if NEWSGEN_DESK_PASSWORD is set
    #[arg(long)]
    pub read_only: bool,
}

/// `newsgen check`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "Examples:\n",
        "  newsgen check --strict\n",
        "  newsgen check --format github   annotations for GitHub Actions",
    )
)]
pub struct CheckArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: CheckFormat,
    /// Treat warnings as errors
    #[arg(long)]
    pub strict: bool,
    /// Leave out what is about files of editions in other languages than this
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
}

/// How `check` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people.
    Text,
    /// A JSON array.
    Json,
    /// Workflow commands of GitHub Actions.
    Github,
}

/// `newsgen list`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "Examples:\n",
        "  newsgen list --dropped          include dropped articles, with the reason\n",
        "  newsgen list --where 'topic == \"Chips\" and age < \"1 week\"'\n",
        "  newsgen list --author 'Ada Lovelace'\n",
        "  newsgen list --format json",
    )
)]
pub struct ListArgs {
    /// List only articles that meet this condition, written as for a list in site.toml
    #[arg(long = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// List only articles by authors whose name contains this, in capitals or not
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// List only the reports of this event
    #[arg(long, value_name = "NAME", conflicts_with = "dropped")]
    pub event: Option<String>,
    /// Also list dropped articles, after the kept ones
    #[arg(long)]
    pub dropped: bool,
    /// List only articles of the edition in this language
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// How `build`, `list`, `explain` and `deploy` print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Text,
    /// For programs, as JSON.
    Json,
}

/// `newsgen explain`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "Examples:\n",
        "  newsgen explain content/news/2026-11-21-a-story.md\n",
        "  newsgen explain https://example.com/the-original-story\n",
        "  newsgen explain /news/2026/11/21/a-story/",
    )
)]
pub struct ExplainArgs {
    /// An article, given by its file, the URL of its page, or the URL of the original story
    #[arg(value_name = "PATH|URL")]
    pub article: String,
    /// Look only at articles of the edition in this language
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// `newsgen init`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "Examples:\n",
        "  newsgen init my-feed && newsgen build --root my-feed\n",
        "  newsgen init --ci github        in an existing site: write only the pipeline file",
    )
)]
pub struct InitArgs {
    /// Folder to create the site in; existing files are kept
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    /// Also write a CI pipeline that builds and publishes the site every hour; in an existing site,
    /// write only the pipeline
    #[arg(long, value_name = "HOST")]
    pub ci: Option<Host>,
    /// The pipeline also fetches sources, and commits candidates and ledger; it always does so if
    /// the site has sources
    #[arg(long, requires = "ci")]
    pub fetch: bool,
}

/// Where a pipeline publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Host {
    /// GitHub Actions, to GitHub Pages.
    Github,
    /// GitLab CI, to GitLab Pages.
    Gitlab,
    /// Netlify.
    Netlify,
    /// GitHub Actions, to Cloudflare Pages.
    Cloudflare,
}

/// `newsgen new`.
#[derive(Debug, Args)]
#[command(
    override_usage = concat!(
        "newsgen new [OPTIONS] --url <URL> <TITLE>\n",
        "       newsgen new [OPTIONS] --stdin",
    ),
    after_help = concat!(
        "A link that the site has already and a topic that it does not have are pointed out.\n",
        "With --stdin, a line is an object with the fields title and url, and if need be excerpt, ",
        "topics, quality, provider, image, language, draft, and published (a date). Each line ",
        "becomes one file, or an error with its number.\n",
        "\n",
        "Examples:\n",
        "  newsgen new \"A small model reads X-rays\" --url https://example.com/story --topic ",
        "Health --topic AI\n",
        "  newsgen new \"Kleines Modell liest Röntgenbilder\" --url https://example.com/meldung ",
        "--language de\n",
        "  newsgen new --stdin < stories.jsonl",
    )
)]
pub struct NewArgs {
    /// Headline of the article
    #[arg(value_name = "TITLE", required_unless_present = "stdin")]
    pub title: Option<String>,
    /// URL of the original story
    #[arg(long, value_name = "URL", value_parser = story, required_unless_present = "stdin")]
    pub url: Option<String>,
    /// A topic; can be given more than once
    #[arg(long, value_name = "NAME")]
    pub topic: Vec<String>,
    /// What the story is about, in a sentence or two
    #[arg(long, value_name = "TEXT")]
    pub excerpt: Option<String>,
    /// Editorial score
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub quality: Option<i64>,
    /// Name or domain of who published the story [default: the host of the URL]
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Address of a picture, or its path below static/
    #[arg(long, value_name = "URL")]
    pub image: Option<String>,
    /// Language of the article; it belongs to the edition in this language, if there is one
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// Leave the article out of the site until `published: false` is taken out
    #[arg(long)]
    pub draft: bool,
    /// Read articles from standard input, as lines of JSON
    #[arg(
        long,
        conflicts_with_all = [
            "title", "url", "topic", "excerpt", "quality", "provider", "image", "language", "draft",
        ]
    )]
    pub stdin: bool,
}

impl NewArgs {
    /// What the options say of one article.
    pub fn draft(&self) -> Draft {
        Draft {
            title: self.title.clone().unwrap_or_default(),
            url: self.url.clone().unwrap_or_default(),
            excerpt: self.excerpt.clone(),
            topics: self.topic.clone(),
            quality: self.quality,
            provider: self.provider.clone(),
            image: self.image.clone(),
            draft: self.draft,
            published: None,
            locale: self.language.clone(),
            source: None,
        }
    }
}

/// `newsgen set`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "FIELD=VALUE sets a field, FIELD+=VALUE adds an item to a list, FIELD-=VALUE takes it ",
        "out. FIELD may lead into tables and lists: provider.name, images.0.width. A list is ",
        "written [A, B].\n",
        "Comments, order, quotes and line ends stay as they are. Nothing is written unless every ",
        "file could be built afterwards; a file that somebody else changes meanwhile stays as ",
        "they saved it.\n",
        "\n",
        "Examples:\n",
        "  newsgen set content/news/a.md quality=80 topics+=Chips published=true\n",
        "  newsgen set content/news/2026-11-*.md provider.name=\"Example Weekly\" --dry-run\n",
        "  newsgen set content/news/a.md --unset highlight",
    )
)]
pub struct SetArgs {
    /// Articles, and what to change in each of them; write ./ before a file with a = in its name
    #[arg(value_name = "FILE|FIELD=VALUE", required = true, value_parser = word)]
    pub words: Vec<Word>,
    /// Take a field out; may be given several times
    #[arg(long, value_name = "FIELD", value_parser = field)]
    pub unset: Vec<FieldPath>,
    /// Print the lines that would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// An argument of `newsgen set`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A file.
    File(String),
    /// A change of a field.
    Change(Change),
}

/// `newsgen completions`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
        "Example:\n",
        "  newsgen completions bash > ~/.local/share/bash-completion/completions/newsgen",
    ))]
pub struct CompletionsArgs {
    /// The shell to complete for
    pub shell: clap_complete::Shell,
}

/// A moment, as it was written: the time zone of the site is not known yet.
fn time(written: &str) -> Result<String, &'static str> {
    match Time::parse(written, &jiff::tz::TimeZone::UTC) {
        Ok(_) => Ok(written.to_owned()),
        Err(_) => Err("expected a date and time such as 2026-11-21T09:00:00Z"),
    }
}

fn base_url(written: &str) -> Result<String, String> {
    BaseUrl::parse(written)
        .map_err(|wrong| format!("it {wrong}; expected a URL such as https://example.org/news/"))?;
    Ok(written.to_owned())
}

fn story(written: &str) -> Result<String, &'static str> {
    link::web_url(written).ok_or("expected the http:// or https:// URL of the story")
}

fn field(written: &str) -> Result<FieldPath, String> {
    written
        .parse()
        .map_err(|wrong| format!("{wrong}: write it like title or provider.name"))
}

/// A file, or a field with a value: what has a `=`, and no slash before it.
fn word(written: &str) -> Result<Word, String> {
    let Some((name, value)) = written
        .split_once('=')
        .filter(|(name, _)| !name.contains(['/', '\\']))
    else {
        return Ok(Word::File(written.to_owned()));
    };
    let value = value.to_owned();
    Ok(Word::Change(
        match (name.strip_suffix('+'), name.strip_suffix('-')) {
            (Some(name), _) => Change::Add(field(name)?, value),
            (None, Some(name)) => Change::Remove(field(name)?, value),
            (None, None) => Change::Set(field(name)?, value),
        },
    ))
}
