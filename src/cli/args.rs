//! The command-line arguments: every flag, its help text and the form of its value. The module
//! `action` turns them into settings.

#![expect(clippy::doc_markdown, reason = "the comments of the flags are their help text")]

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{ArgAction, CommandFactory, Parser, ValueEnum};

use crate::query::{Filter, ItemType, Market};

/// Search Spotify's catalogue from the terminal, a pipe or a script.
#[derive(Debug, Parser)]
#[command(
    name = "spotify-search",
    version,
    args_override_self = true,
    allow_negative_numbers = true,
    override_usage = "spotify-search [OPTIONS] <QUERY>...\n       spotify-search [OPTIONS] --input <FILE>",
    after_help = AFTER_HELP,
    after_long_help = after_long_help(),
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Args {
    /// Words to search for
    ///
    /// Several words are joined by a space, so that no quotes are needed. Optional if there is a
    /// field filter.
    #[arg(value_name = "QUERY")]
    pub words: Vec<String>,

    /// What to search for: album, artist, playlist, track, show, episode, audiobook
    ///
    /// Separate several with commas, or repeat the option.
    #[arg(
        help_heading = "Search",
        short = 't',
        long = "type",
        value_name = "TYPE",
        value_delimiter = ',',
        action = ArgAction::Append,
        default_value = "artist"
    )]
    pub types: Vec<ItemType>,

    /// Results of each type, 1 to 1000
    #[arg(help_heading = "Search", short = 'n', long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,

    /// Skip this many results
    #[arg(help_heading = "Search", long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=999))]
    pub offset: u16,

    /// Search the catalogue of this country (two letters) [env: SPOTIFY_MARKET]
    #[arg(help_heading = "Search", short = 'm', long, value_name = "CC")]
    pub market: Option<Market>,

    /// Include audio that is hosted elsewhere
    #[arg(help_heading = "Search", long, value_name = "audio")]
    pub include_external: Option<External>,

    #[command(flatten)]
    pub filters: FilterArgs,

    /// Output format: auto, table, json, jsonl, csv, tsv, id, uri, url
    ///
    /// auto is a table on a terminal and json otherwise.
    #[arg(
        help_heading = "Output",
        short = 'f',
        long,
        value_name = "FORMAT",
        default_value = "auto",
        hide_possible_values = true,
        ignore_case = true,
        overrides_with = "json"
    )]
    pub format: FormatArg,

    /// Short for --format json
    #[arg(help_heading = "Output", long, overrides_with = "format")]
    pub json: bool,

    /// Leave out the header line of csv and tsv
    #[arg(help_heading = "Output", long)]
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
        ignore_case = true
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
        conflicts_with = "words"
    )]
    pub input: Option<PathBuf>,

    /// Requests in flight, 1 to 16
    #[arg(help_heading = "Batch", short = 'j', long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=16))]
    pub jobs: u16,

    /// Time limit for each request
    #[arg(help_heading = "Network", long, value_name = "SECONDS", default_value = "30", value_parser = timeout)]
    pub timeout: Duration,

    /// Retries of a failed request, 0 to 10
    #[arg(help_heading = "Network", long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=10))]
    pub retries: u32,

    /// Longest total wait for one query, retries included
    ///
    /// Spotify may ask to wait for a day when a quota is used up. A wait that is too long fails at
    /// once with the time at which to search again.
    #[arg(help_heading = "Network", long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub max_wait: Duration,

    /// Trust only the certificates in this PEM file [env: SSL_CERT_FILE]
    #[arg(help_heading = "Network", long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,

    /// Do not read or write the cache
    #[arg(help_heading = "Network", long)]
    pub no_cache: bool,

    /// Search the built-in sample catalogue: no account, no network
    #[arg(help_heading = "Other", long, conflicts_with = "dry_run")]
    pub demo: bool,

    /// Print the request URLs, send nothing; needs no credentials
    #[arg(help_heading = "Other", long)]
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
        exclusive = true
    )]
    pub generate: Option<GenerateArg>,

    /// Print errors only
    #[arg(help_heading = "Other", short = 'q', long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Print what happens; -vv also prints every request
    #[arg(help_heading = "Other", short = 'v', long, action = ArgAction::Count)]
    pub verbose: u8,
}

/// Field filters, in the order in which they follow the words.
#[derive(Debug, Default, clap::Args)]
pub struct FilterArgs {
    /// Only albums, artists and tracks by this artist
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::artist)]
    artist: Option<Filter>,

    /// Only albums with this name, or tracks on them
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::album)]
    album: Option<Filter>,

    /// Only tracks with this name
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::track)]
    track: Option<Filter>,

    /// Only albums, artists and tracks of a year or a range: 1999 or 1999-2005
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::year)]
    year: Option<Filter>,

    /// Only artists and tracks of this genre
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::genre)]
    genre: Option<Filter>,

    /// Only the track with this ISRC (recording code)
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::isrc)]
    isrc: Option<Filter>,

    /// Only the album with this UPC (barcode number)
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::upc)]
    upc: Option<Filter>,

    /// Only albums released in the last two weeks
    #[arg(help_heading = "Field filters", long)]
    new: bool,

    /// Only albums among the 10% least popular
    #[arg(help_heading = "Field filters", long)]
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

/// The values of `--include-external`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum External {
    Audio,
}

/// The values of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    Auto,
    Table,
    Json,
    Jsonl,
    Csv,
    Tsv,
    Id,
    Uri,
    Url,
}

/// The values of `--color`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ColorArg {
    Auto,
    Always,
    Never,
}

/// The values of `--generate`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum GenerateArg {
    Man,
    CompleteBash,
    CompleteZsh,
    CompleteFish,
    CompletePowershell,
    CompleteElvish,
}

/// Parses the command line.
///
/// # Errors
///
/// [`ParseError`], also for `--help` and `--version`.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Args, ParseError> {
    Args::try_parse_from(args).map_err(ParseError)
}

/// Returns the definition of the command line, for the manual and the completions.
pub fn definition() -> clap::Command {
    Args::command()
}

/// A command line that cannot be used, or that asks for help.
#[derive(Debug)]
pub struct ParseError(clap::Error);

impl ParseError {
    /// The arguments contradict each other.
    pub fn conflict(message: impl std::fmt::Display) -> Self {
        Self(Args::command().error(ErrorKind::ArgumentConflict, message))
    }

    /// A value is out of range, or there is nothing to search for.
    pub fn invalid(message: impl std::fmt::Display) -> Self {
        Self(Args::command().error(ErrorKind::ValueValidation, message))
    }

    /// Returns true for `--help` and `--version`, which go to standard output.
    pub fn is_help(&self) -> bool {
        !self.0.use_stderr()
    }

    /// Prints the text to standard output or standard error.
    pub fn print(&self) -> std::io::Result<()> {
        self.0.print()
    }
}

/// Parses a number of seconds, with or without a fraction. The maximum fits every clock.
fn seconds(text: &str) -> Result<Duration, &'static str> {
    match text.parse::<f64>() {
        Ok(number) if (0.0..=1e9).contains(&number) => Ok(Duration::from_secs_f64(number)),
        _ => Err("must be a number of seconds from 0 to 1000000000"),
    }
}

fn timeout(text: &str) -> Result<Duration, &'static str> {
    seconds(text)
        .ok()
        .filter(|timeout| !timeout.is_zero())
        .ok_or("must be a number of seconds greater than 0")
}

const AFTER_HELP: &str = "Credentials come from SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, or from .env; \
--demo needs none. See --help for examples.";

/// The sections after the flags in the long help and in the manual. Their lines are not wrapped.
pub const SECTIONS: [(&str, &str); 4] = [
    (
        "Environment",
        "\x20 SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET    your app's credentials; create an app at
                                              https://developer.spotify.com/dashboard.
                                              Also read from .env in the working directory
  SPOTIFY_MARKET                              default for --market
  SPOTIFY_API_URL, SPOTIFY_ACCOUNTS_URL       base URLs of a gateway or test server
  SSL_CERT_FILE                               like --cacert
  HTTPS_PROXY, ALL_PROXY, NO_PROXY            proxies
  NO_COLOR, CLICOLOR_FORCE                    never or always use colours
  XDG_CACHE_HOME                              directory of the cache",
    ),
    (
        "Exit status",
        "\x20 0  success, even with no results
  1  the API, the network or the output failed
  2  the command line, the credentials or a file is unusable; nothing was sent
  3  nothing was found, with --exit-status",
    ),
    (
        "Error codes",
        "\x20 exit 1  credentials_rejected, premium_required, forbidden, bad_request, not_found,
          rate_limited, server_error, timeout, network, bad_response, output, system
  exit 2  credentials_missing, credentials_malformed, config_invalid",
    ),
    (
        "Examples",
        "\x20 spotify-search --demo BTS                              try it without an account
  spotify-search daft punk --type artist --limit 3
  spotify-search -t track --artist 'Miles Davis' --year 1959 -n 50
  spotify-search BTS --json | jq -r '.artists.items[].name'
  spotify-search --input names.txt --json > results.jsonl",
    ),
];

fn after_long_help() -> String {
    SECTIONS.map(|(title, text)| format!("{title}:\n{text}")).join("\n\n")
}
