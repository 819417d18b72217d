//! The commands by which stories come in: `sources`, `fetch` and `queue`.

use clap::{Args, Subcommand};

use super::ListFormat;
use crate::fetch::poll;

/// `newsgen sources`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = concat!(
        "A source is a file in content/sources/ that names a feed.\n",
        "\n",
        "Examples:\n",
        "  newsgen sources add https://example.org/blog/\n",
        "  newsgen sources import subscriptions.opml\n",
        "  newsgen sources test downloaded-feed.xml\n",
        "                                  see what newsgen reads in a feed",
    )
)]
pub struct SourcesArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
    /// What to do instead of listing them
    #[command(subcommand)]
    pub command: Option<SourcesCommand>,
}

/// What to do with sources.
#[derive(Debug, Subcommand)]
pub enum SourcesCommand {
    /// Show what newsgen reads in a feed, and what the rules would do; nothing is written
    Test(SourcesTestArgs),
    /// Make a source file for a feed
    Add(SourcesAddArgs),
    /// Make source files for the feeds of a list in OPML
    Import(SourcesImportArgs),
    /// Print all sources as a list in OPML
    Export,
    /// Leave sources alone until they are resumed
    Pause(SourcesPauseArgs),
    /// Read paused sources again
    Resume(SourcesPauseArgs),
}

/// `newsgen sources add`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "The feed of a page is the one that its head names, or one at a usual place such as ",
        "/feed.xml.\n",
        "\n",
        "Examples:\n",
        "  newsgen sources add https://example.org/blog/\n",
        "  newsgen sources add https://example.org/feed.xml --name example",
    )
)]
pub struct SourcesAddArgs {
    /// The address of a feed or of a page that has one, or a file with a feed that gives its own
    /// address
    #[arg(value_name = "URL|FILE")]
    pub feed: String,
    /// Name of the source file [default: made from the title of the feed]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// `newsgen sources import`.
#[derive(Debug, Args)]
pub struct SourcesImportArgs {
    /// A list in OPML, as feed readers export it; feeds that are sources already are left out
    #[arg(value_name = "FILE")]
    pub file: String,
}

/// `newsgen sources pause` and `newsgen sources resume`.
#[derive(Debug, Args)]
pub struct SourcesPauseArgs {
    /// Names of sources, as `newsgen sources` lists them
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
}

/// `newsgen sources test`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "In the folder of a site, its rules and those of the source with this feed apply, and\n",
        "its filter command is run.\n",
        "\n",
        "Examples:\n",
        "  newsgen sources test https://example.org/feed.xml\n",
        "  newsgen sources test downloaded-feed.xml --source example\n",
        "  newsgen sources test downloaded-feed.xml --format json",
    )
)]
pub struct SourcesTestArgs {
    /// The address of a feed, or a file with one
    #[arg(value_name = "URL|FILE")]
    pub feed: String,
    /// Apply the rules of this source
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Do not run the filter command of the site
    #[arg(long)]
    pub no_filter: bool,
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// `newsgen fetch`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "Each new entry of a feed becomes a candidate in content/queue/, is dropped by a rule, or ",
        "is known already; content/ledger/ says what became of it. Articles are never touched.\n",
        "A source that fails is reported, and the others go on. The exit code is 3 if every ",
        "source failed that was asked, and 130 after Ctrl-C, which keeps what has come.\n",
        "\n",
        "Examples:\n",
        "  newsgen fetch                   once an hour\n",
        "  newsgen fetch --source rivers --dry-run\n",
        "                                  what a source would bring now",
    )
)]
pub struct FetchArgs {
    /// Ask these sources only, whether they are due or not
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub source: Vec<String>,
    /// Ask, print what would be queued, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Number of concurrent requests; there are never more than two to one host
    #[arg(
        long,
        value_name = "N",
        default_value_t = poll::MOST_CONNECTIONS,
        value_parser = clap::value_parser!(u16).range(1..=i64::from(poll::MOST_CONNECTIONS))
    )]
    pub jobs: u16,
    /// How to print what came in
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// `newsgen queue`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = concat!(
        "A candidate is an article file in content/queue/, and may be edited like any other. ",
        "Moving its file to the articles by hand publishes it, and deleting it rejects it.\n",
        "The list has a suggested quality for each, learnt from what was published and rejected, ",
        "with the strongest reasons.\n",
        "\n",
        "Examples:\n",
        "  newsgen queue\n",
        "  newsgen queue publish content/queue/2026-11-25-a-story.md\n",
        "  newsgen queue publish content/queue/2026-11-25-a-story.md --quality 80\n",
        "  newsgen queue reject content/queue/2026-11-25-*.md --reason \"old news\"\n",
        "  newsgen queue undo",
    )
)]
pub struct QueueArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
    /// What to do instead of listing them
    #[command(subcommand)]
    pub command: Option<QueueCommand>,
}

/// What to do with candidates.
#[derive(Debug, Subcommand)]
pub enum QueueCommand {
    /// Move candidates to the articles
    Publish(QueuePublishArgs),
    /// Take candidates out of the queue for good
    Reject(QueueRejectArgs),
    /// Undo the last decision that is not undone: the candidate goes back to the queue
    Undo,
    /// Take candidates out of the queue that are older than fetch.expire_after
    Expire,
    /// Show what is known of a candidate, an article or an address, and what the rules say
    Explain(QueueExplainArgs),
}

/// `newsgen queue explain`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "Shown are its source, every line of the ledger about it, and what the rules as they are ",
        "now make of a candidate.\n",
        "\n",
        "Examples:\n",
        "  newsgen queue explain content/queue/2026-11-25-a-story.md\n",
        "  newsgen queue explain https://example.org/a-story",
    )
)]
pub struct QueueExplainArgs {
    /// A file, or the address of a story
    #[arg(value_name = "FILE|URL")]
    pub item: String,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// `newsgen queue publish`.
#[derive(Debug, Args)]
pub struct QueuePublishArgs {
    /// Candidates
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// Editorial score to give them; without it, the suggested one, unless somebody wrote another
    /// one into the file
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub quality: Option<i64>,
}

/// `newsgen queue reject`.
#[derive(Debug, Args)]
pub struct QueueRejectArgs {
    /// Candidates
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// Why, for the ledger
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}
