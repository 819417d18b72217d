//! `newsgen theme`.

use clap::{Args, Subcommand};

use super::ListFormat;

/// `newsgen theme`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        "A file of the site with the name of a built-in one takes its place. Before you copy a ",
        "file, see whether a setting or a hook does what you want.\n",
        "\n",
        "Examples:\n",
        "  newsgen theme list\n",
        "  newsgen theme copy home.html style.css\n",
        "  newsgen theme diff              after an update of newsgen",
    )
)]
pub struct ThemeArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ThemeCommand,
}

/// What to do with the files of the theme.
#[derive(Debug, Subcommand)]
pub enum ThemeCommand {
    /// List the built-in files, and which of them the site has a file of its own for
    List(ThemeListArgs),
    /// Copy built-in files into the site, each with a mark of the version in its first line
    Copy(ThemeFilesArgs),
    /// Show what changed in the built-in files since the site's copies were taken
    Diff(ThemeDiffArgs),
    /// Mark copies as up to date, once the changes of the built-in files are in them
    Mark(ThemeFilesArgs),
}

/// `newsgen theme list`.
#[derive(Debug, Args)]
pub struct ThemeListArgs {
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

/// `newsgen theme copy` and `newsgen theme mark`.
#[derive(Debug, Args)]
pub struct ThemeFilesArgs {
    /// Built-in files, such as home.html or static/style.css
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
}

/// `newsgen theme diff`.
#[derive(Debug, Args)]
pub struct ThemeDiffArgs {
    /// Built-in files [default: all that are copied]
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// Show instead what the site changed in its copies
    #[arg(long)]
    pub own: bool,
}
