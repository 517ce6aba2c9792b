//! The command-line arguments: every flag and its help text. The module `action` turns them into
//! settings.

#![expect(clippy::doc_markdown, reason = "the comments of the flags are their help text")]

use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Command, CommandFactory, Parser, ValueHint};

use super::batch_flags::BatchOptions;
use super::filter_flags::FilterArgs;
use super::help;
use super::values::{GenerateArg, TypeArg, entry, level, number, positive, time, timeout};
use crate::cli::terminal::color::ColorChoice;
use crate::output::{Column, Format};
use spotify_search::Level;
use spotify_search::{Locale, Market};

/// Search Spotify's catalogue from the terminal, a pipe or a script.
///
/// Results go to standard output, as a table on a terminal and as JSON in a pipe. Everything else
/// goes to standard error. The credentials of an app are enough; no browser is opened.
#[derive(Debug, Parser)]
#[command(
    name = "spotify-search",
    version,
    args_override_self = true,
    allow_negative_numbers = true,
    disable_help_flag = true,
    disable_version_flag = true,
    max_term_width = 80,
    help_template = help::TEMPLATE,
    override_usage = help::USAGE,
    before_help = help::examples(3),
    before_long_help = help::examples(help::EXAMPLES.len()),
    after_help = help::SEE_ALSO,
    after_long_help = help::sections(),
)]
pub struct Args {
    /// Words to search for
    ///
    /// Several words are joined by a space, so that no quotes are needed. Filters may be among them, such
    /// as artist:Muse year:1999-2005. Optional if there is a field filter.
    #[arg(value_name = "QUERY", hide_short_help = true)]
    pub words: Vec<String>,

    #[command(flatten)]
    pub search: SearchArgs,

    #[command(flatten)]
    pub matching: MatchArgs,

    #[command(flatten)]
    pub filters: FilterArgs,

    #[command(flatten)]
    pub output: OutputOptions,

    #[command(flatten)]
    pub batch: BatchOptions,

    #[command(flatten)]
    pub client: ClientOptions,

    /// Print the request URLs, send nothing; needs no credentials
    #[arg(help_heading = "Other", long, hide_short_help = true)]
    pub dry_run: bool,

    /// Print a manual page or shell completions
    ///
    /// One of man, complete-bash, complete-zsh, complete-fish, complete-powershell,
    /// complete-elvish.
    #[arg(
        help_heading = "Other",
        long,
        value_name = "KIND",
        hide_possible_values = true,
        hide_short_help = true,
        exclusive = true
    )]
    pub generate: Option<GenerateArg>,

    #[command(flatten)]
    pub messages: MessageOptions,

    /// Print the most common options (-h) or everything (--help)
    #[arg(help_heading = "Other", short = 'h', long, action = ArgAction::Help)]
    help: Option<bool>,

    /// Print the version
    #[arg(help_heading = "Other", short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// What to search for, apart from the words and the filters.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Search")]
pub struct SearchArgs {
    /// Types to search: album, artist, playlist, track, show, episode, audiobook, all
    ///
    /// Separate several types with commas, or repeat the option. Plurals are accepted. The default
    /// is the type that the field filters imply (--track and --isrc: track; --album, --upc, --new
    /// and --hipster: album), otherwise artist.
    #[arg(
        short = 't',
        long = "type",
        value_name = "TYPE",
        value_delimiter = ',',
        action = ArgAction::Append,
        value_parser = entry::<TypeArg>(),
        hide_possible_values = true,
        ignore_case = true
    )]
    pub types: Vec<TypeArg>,

    /// Results of each type, 1 to 1000 [default: 10; 1 with --match]
    #[arg(short = 'n', long, value_name = "N", value_parser = number(1..=1000))]
    pub limit: Option<u16>,

    /// Skip this many results, 0 to 999
    #[arg(
        long,
        value_name = "N",
        default_value = "0",
        value_parser = number(0..=999),
        hide_short_help = true
    )]
    pub offset: u16,

    /// Country of the catalogue, such as US [env: SPOTIFY_MARKET]
    #[arg(short = 'm', long, value_name = "CC")]
    pub market: Option<Market>,

    /// Language of names, such as ja or pt-BR
    #[arg(long, value_name = "LANG", hide_short_help = true)]
    pub locale: Option<Locale>,

    /// Include audio that is hosted elsewhere
    #[arg(
        long,
        value_name = "audio",
        value_parser = ["audio"],
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub include_external: Option<String>,
}

/// Which results match.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Match")]
pub struct MatchArgs {
    /// Keep only the result that matches the name; LEVEL: exact, wording, edition, subtitle, version
    ///
    /// Without a level, subtitle. The closest match comes first. See Matching below.
    #[arg(
        long = "match",
        value_name = "LEVEL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "subtitle",
        value_parser = level(),
        hide_possible_values = true,
        ignore_case = true,
        overrides_with = "exact"
    )]
    matching: Option<Level>,

    /// Short for --match=exact
    #[arg(long, overrides_with = "matching")]
    exact: bool,

    /// Compare this many results of each query, 1 to 1000 [default: 10]
    #[arg(long, value_name = "N", value_parser = number(1..=1000), hide_short_help = true)]
    pub depth: Option<u16>,
}

impl MatchArgs {
    /// Returns the level that was named, in either way.
    pub fn level(&self) -> Option<Level> {
        if self.exact { Some(Level::Exact) } else { self.matching }
    }
}

/// The options of standard output.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct OutputOptions {
    /// Output format: auto, table, json, jsonl, csv, tsv, id, uri, url
    ///
    /// auto, the default, is a table on a terminal and json otherwise.
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        ignore_case = true,
        overrides_with = "json"
    )]
    format: Format,

    /// Short for --format json
    #[arg(long, overrides_with = "format")]
    json: bool,

    /// Columns of table, csv and tsv, separated by commas
    ///
    /// See Output below. In a batch, the query or the input's own columns and the result come first.
    #[arg(
        long,
        value_name = "NAME",
        value_parser = entry::<Column>(),
        value_delimiter = ',',
        hide_possible_values = true,
        ignore_case = true,
        hide_short_help = true
    )]
    pub columns: Option<Vec<Column>>,

    /// Leave out the header line of csv and tsv
    #[arg(long, hide_short_help = true)]
    pub no_header: bool,

    /// When to use colours: auto, always, never
    ///
    /// auto also reads NO_COLOR and CLICOLOR_FORCE.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        ignore_case = true,
        hide_short_help = true
    )]
    pub color: ColorChoice,

    /// Exit with status 3 if nothing was found
    #[arg(short = 'e', long)]
    pub exit_status: bool,
}

impl OutputOptions {
    /// Returns the format that was named, in either way.
    pub fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// The options of the client.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Network")]
pub struct ClientOptions {
    /// Requests in flight, 1 to 16
    #[arg(
        help_heading = "Batch",
        short = 'j',
        long,
        value_name = "N",
        default_value = "4",
        value_parser = number(1..=16),
        hide_short_help = true
    )]
    pub jobs: u16,

    /// Stop after this many search requests; retries count, tokens do not
    #[arg(
        help_heading = "Batch",
        long,
        value_name = "N",
        value_parser = positive,
        hide_short_help = true
    )]
    pub max_requests: Option<NonZero<u64>>,

    /// Time limit for each request
    #[arg(
        long,
        value_name = "TIME",
        default_value = "30s",
        value_parser = timeout,
        hide_short_help = true
    )]
    pub timeout: Duration,

    /// Retries of a failed request, 0 to 10
    #[arg(
        long,
        value_name = "N",
        default_value = "3",
        value_parser = number(0..=10),
        hide_short_help = true
    )]
    pub retries: u16,

    /// Longest rate-limit wait, and longest total wait of a search
    ///
    /// In a batch, only the waits since the last accepted request count. Spotify may ask to wait for a
    /// day when a quota is used up. If a wait would be too long, the command fails at once and says
    /// when to search again.
    #[arg(
        long,
        value_name = "TIME",
        default_value = "60s",
        value_parser = time,
        hide_short_help = true
    )]
    pub max_wait: Duration,

    /// Trust only the certificates in this PEM file [env: SSL_CERT_FILE]
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        hide_short_help = true
    )]
    pub cacert: Option<PathBuf>,

    /// Do not read or write the cache
    #[arg(help_heading = "Other", long, hide_short_help = true)]
    pub no_cache: bool,

    /// Search the built-in sample catalogue: no account, no network
    #[arg(help_heading = "Other", long, conflicts_with = "dry_run")]
    pub demo: bool,
}

/// The options of messages on standard error.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "Other")]
pub struct MessageOptions {
    /// Print errors only, no notes
    #[arg(short = 'q', long, overrides_with = "verbose")]
    pub quiet: bool,

    /// Log the main steps; -vv also logs every request
    #[arg(short = 'v', long, action = ArgAction::Count, overrides_with = "quiet")]
    pub verbose: u8,
}

/// Returns the definition of the command line, for errors, the manual and the completions.
pub fn definition() -> Command {
    Args::command()
}
