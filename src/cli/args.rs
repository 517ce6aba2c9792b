//! The command-line arguments: every flag and its help text. The module `action` turns them into
//! settings.

#![expect(clippy::doc_markdown, reason = "the comments of the flags are their help text")]

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Command, CommandFactory, Parser, ValueHint};

use super::help;
use super::values::{ColorArg, External, FormatArg, GenerateArg, TypeArg, TypeParser};
use super::values::{age, number, seconds, timeout};
use crate::query::{Filter, Market};

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
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Args {
    /// Words to search for
    ///
    /// Several words are joined by a space, so that no quotes are needed. Optional if there is a
    /// field filter.
    #[arg(value_name = "QUERY", hide_short_help = true)]
    pub words: Vec<String>,

    /// Types to search: album, artist, playlist, track, show, episode, audiobook, all
    ///
    /// Separate several types with commas, or repeat the option. Plurals are accepted. The default
    /// is the type that the field filters imply (--track and --isrc: track; --album, --upc, --new
    /// and --hipster: album), otherwise artist.
    #[arg(
        help_heading = "Search",
        short = 't',
        long = "type",
        value_name = "TYPE",
        value_delimiter = ',',
        action = ArgAction::Append,
        value_parser = TypeParser,
        hide_possible_values = true,
        ignore_case = true
    )]
    pub types: Vec<TypeArg>,

    /// Results of each type, 1 to 1000
    #[arg(
        help_heading = "Search",
        short = 'n',
        long,
        value_name = "N",
        default_value = "10",
        value_parser = number(1..=1000)
    )]
    pub limit: u16,

    /// Skip this many results, 0 to 999
    #[arg(
        help_heading = "Search",
        long,
        value_name = "N",
        default_value = "0",
        value_parser = number(0..=999),
        hide_short_help = true
    )]
    pub offset: u16,

    /// Country of the catalogue, such as US [env: SPOTIFY_MARKET]
    #[arg(help_heading = "Search", short = 'm', long, value_name = "CC")]
    pub market: Option<Market>,

    /// Include audio that is hosted elsewhere
    #[arg(
        help_heading = "Search",
        long,
        value_name = "audio",
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub include_external: Option<External>,

    /// Keep only results whose name equals the query
    ///
    /// Case, accents, punctuation and spaces do not count. A name is compared with the words, not
    /// with filters among them such as artist:"…". Without words, it is compared with the value of
    /// --artist, --album or --track.
    #[arg(help_heading = "Search", long)]
    pub exact: bool,

    #[command(flatten)]
    pub filters: FilterArgs,

    /// Output format: auto, table, json, jsonl, csv, tsv, id, uri, url
    ///
    /// auto, the default, is a table on a terminal and json otherwise.
    #[arg(
        help_heading = "Output",
        short = 'f',
        long,
        value_name = "FORMAT",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        ignore_case = true,
        overrides_with = "json"
    )]
    pub format: FormatArg,

    /// Short for --format json
    #[arg(help_heading = "Output", long, overrides_with = "format")]
    pub json: bool,

    /// Leave out the header line of csv and tsv
    #[arg(help_heading = "Output", long, hide_short_help = true)]
    pub no_header: bool,

    /// When to use colours: auto, always, never
    ///
    /// auto also reads NO_COLOR and CLICOLOR_FORCE.
    #[arg(
        help_heading = "Output",
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        ignore_case = true,
        hide_short_help = true
    )]
    pub color: ColorArg,

    /// Exit with status 3 if nothing was found
    #[arg(help_heading = "Output", short = 'e', long)]
    pub exit_status: bool,

    /// Search for each line of this file; - is standard input
    ///
    /// The output has the order of the lines. Blank lines are skipped.
    #[arg(
        help_heading = "Batch",
        short = 'i',
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        conflicts_with = "words"
    )]
    pub input: Option<PathBuf>,

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

    /// Time limit for each request
    #[arg(
        help_heading = "Network",
        long,
        value_name = "SECONDS",
        default_value = "30",
        value_parser = timeout,
        hide_short_help = true
    )]
    pub timeout: Duration,

    /// Retries of a failed request, 0 to 10
    #[arg(
        help_heading = "Network",
        long,
        value_name = "N",
        default_value = "3",
        value_parser = number(0..=10),
        hide_short_help = true
    )]
    pub retries: u16,

    /// Longest rate-limit wait, and longest total wait of a search
    ///
    /// In a batch, waits count until a query succeeds. Spotify may ask to wait for a day when a quota
    /// is used up. If a wait would be too long, the command fails at once and says when to search
    /// again.
    #[arg(
        help_heading = "Network",
        long,
        value_name = "SECONDS",
        default_value = "60",
        value_parser = seconds,
        hide_short_help = true
    )]
    pub max_wait: Duration,

    /// Trust only the certificates in this PEM file [env: SSL_CERT_FILE]
    #[arg(
        help_heading = "Network",
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        hide_short_help = true
    )]
    pub cacert: Option<PathBuf>,

    /// Use cached responses younger than this (90s, 10m, 12h, 7d), and store new ones
    ///
    /// Responses are stored for at most 30 days.
    #[arg(
        help_heading = "Cache",
        long,
        value_name = "AGE",
        value_parser = age,
        conflicts_with = "no_cache"
    )]
    pub cache: Option<Duration>,

    /// Do not read or write the cache
    #[arg(help_heading = "Cache", long, hide_short_help = true)]
    pub no_cache: bool,

    /// Search the built-in sample catalogue: no account, no network
    #[arg(help_heading = "Other", long, conflicts_with = "dry_run")]
    pub demo: bool,

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

    /// Print errors only, no notes
    #[arg(help_heading = "Other", short = 'q', long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Log the main steps; -vv also logs every request
    #[arg(help_heading = "Other", short = 'v', long, action = ArgAction::Count)]
    pub verbose: u8,

    /// Print the most common options (-h) or everything (--help)
    #[arg(help_heading = "Other", short = 'h', long, action = ArgAction::Help)]
    help: Option<bool>,

    /// Print the version
    #[arg(help_heading = "Other", short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// Field filters, in the order in which they follow the words.
#[derive(Debug, Default, clap::Args)]
pub struct FilterArgs {
    /// Only albums, artists and tracks by this artist
    #[arg(
        help_heading = "Field filters",
        long,
        value_name = "VALUE",
        value_parser = Filter::artist
    )]
    artist: Option<Filter>,

    /// Only albums with this name, or tracks on them
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::album)]
    album: Option<Filter>,

    /// Only tracks with this name
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::track)]
    track: Option<Filter>,

    /// Only results of a year or a range: 1999 or 1999-2005
    ///
    /// Applies to albums, artists and tracks.
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::year)]
    year: Option<Filter>,

    /// Only artists and tracks of this genre
    #[arg(
        help_heading = "Field filters",
        long,
        value_name = "VALUE",
        value_parser = Filter::genre,
        hide_short_help = true
    )]
    genre: Option<Filter>,

    /// Only the track with this ISRC (recording code)
    #[arg(
        help_heading = "Field filters",
        long,
        value_name = "VALUE",
        value_parser = Filter::isrc,
        hide_short_help = true
    )]
    isrc: Option<Filter>,

    /// Only the album with this UPC (barcode number)
    #[arg(
        help_heading = "Field filters",
        long,
        value_name = "VALUE",
        value_parser = Filter::upc,
        hide_short_help = true
    )]
    upc: Option<Filter>,

    /// Only albums released in the last two weeks
    #[arg(help_heading = "Field filters", long, hide_short_help = true)]
    new: bool,

    /// Only albums among the 10% least popular
    #[arg(help_heading = "Field filters", long, hide_short_help = true)]
    hipster: bool,
}

impl FilterArgs {
    /// Returns the filters that were given.
    pub fn into_filters(self) -> Vec<Filter> {
        let tags = [self.new.then(Filter::new_releases), self.hipster.then(Filter::hipster)];
        let fields =
            [self.artist, self.album, self.track, self.year, self.genre, self.isrc, self.upc];
        fields.into_iter().chain(tags).flatten().collect()
    }
}

/// Returns the definition of the command line, for errors, the manual and the completions.
pub fn definition() -> Command {
    Args::command()
}
