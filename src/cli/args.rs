//! What was typed: every flag with its help, its value checked in the parser. What the flags mean
//! together and with the environment is [`super::action`]'s.

#![expect(clippy::doc_markdown, reason = "the comments of the flags are their help text")]

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser, ValueEnum};

use crate::output::Format;
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
    /// Joined by one space, so that no quotes are needed. May be left out where a field filter is
    /// given.
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
        default_value = "artist",
        hide_possible_values = true,
        ignore_case = true
    )]
    pub types: Vec<ItemType>,

    /// Results of each type, 1 to 1000
    #[arg(help_heading = "Search", short = 'n', long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,

    /// Skip this many results
    #[arg(help_heading = "Search", long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=999))]
    pub offset: u16,

    /// Only what is available in this country (two letters) [env: SPOTIFY_MARKET]
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

    /// When to colour: auto, always, never
    ///
    /// auto also honours NO_COLOR and CLICOLOR_FORCE.
    #[arg(
        help_heading = "Output",
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        ignore_case = true
    )]
    pub color: When,

    /// Exit with status 1 if nothing was found
    #[arg(help_heading = "Output", short = 'e', long)]
    pub exit_status: bool,

    /// Search for each line of this file; - is standard input
    ///
    /// Answers keep the order of the lines, and each is written as soon as it and all before it are
    /// there. Blank lines are skipped.
    #[arg(
        help_heading = "Batch",
        short = 'i',
        long,
        value_name = "FILE",
        conflicts_with = "words"
    )]
    pub input: Option<PathBuf>,

    /// Requests in flight at once, 1 to 16
    #[arg(help_heading = "Batch", short = 'j', long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=16))]
    pub jobs: u16,

    /// Time limit for each request
    #[arg(help_heading = "Network", long, value_name = "SECONDS", default_value = "30", value_parser = time_out)]
    pub timeout: Duration,

    /// Retries of a failed request, 0 to 10
    #[arg(help_heading = "Network", long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=10))]
    pub retries: u32,

    /// Longest total wait between the tries of one query
    ///
    /// Spotify may ask to wait for a day when a quota is used up: a wait that does not fit fails
    /// at once and says how long it would have been.
    #[arg(help_heading = "Network", long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub max_wait: Duration,

    /// Trust only the certificates in this PEM file [env: SSL_CERT_FILE]
    #[arg(help_heading = "Network", long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,

    /// Remember nothing between runs: no token, page size or cool-down
    #[arg(help_heading = "Network", long)]
    pub no_cache: bool,

    /// Search a small built-in sample catalogue: no account, no network
    #[arg(help_heading = "Other", long, conflicts_with = "dry_run")]
    pub demo: bool,

    /// Print the request URLs and send nothing; needs no credentials
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
    pub generate: Option<Generate>,

    /// Print errors only
    #[arg(help_heading = "Other", short = 'q', long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Report what happens; -vv reports every request
    #[arg(help_heading = "Other", short = 'v', long, action = ArgAction::Count)]
    pub verbose: u8,
}

/// Field filters, in the order they follow the words.
#[derive(Debug, Default, clap::Args)]
pub struct FilterArgs {
    /// Only albums, artists and tracks by this artist
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::artist)]
    artist: Option<Filter>,

    /// Only albums of this name, or tracks on them
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::album)]
    album: Option<Filter>,

    /// Only tracks of this name
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::track)]
    track: Option<Filter>,

    /// Only albums, artists and tracks of a year or years: 1999 or 1999-2005
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::year)]
    year: Option<Filter>,

    /// Only artists and tracks of this genre
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::genre)]
    genre: Option<Filter>,

    /// Only the track with this recording code
    #[arg(help_heading = "Field filters", long, value_name = "VALUE", value_parser = Filter::isrc)]
    isrc: Option<Filter>,

    /// Only the album with this product code
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
    /// The filters that were given.
    pub fn into_filters(self) -> Vec<Filter> {
        let tags = [self.new.then(Filter::new_releases), self.hipster.then(Filter::hipster)];
        let fields =
            [self.artist, self.album, self.track, self.year, self.genre, self.isrc, self.upc];
        fields.into_iter().chain(tags).flatten().collect()
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum External {
    Audio,
}

/// The forms of the output and the choice between two of them.
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

impl FormatArg {
    /// The form to write.
    pub fn resolve(self, is_terminal: bool) -> Format {
        match self {
            Self::Auto if is_terminal => Format::Table,
            Self::Auto | Self::Json => Format::Json,
            Self::Table => Format::Table,
            Self::Jsonl => Format::Jsonl,
            Self::Csv => Format::Csv,
            Self::Tsv => Format::Tsv,
            Self::Id => Format::Id,
            Self::Uri => Format::Uri,
            Self::Url => Format::Url,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Generate {
    Man,
    CompleteBash,
    CompleteZsh,
    CompleteFish,
    CompletePowershell,
    CompleteElvish,
}

/// A number of seconds, with or without a fraction; a bound that no clock overflows at.
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let number: f64 = text.parse().map_err(|_| "not a number of seconds")?;
    if (0.0..=1e9).contains(&number) {
        Ok(Duration::from_secs_f64(number))
    } else {
        Err("must be between 0 and 1000000000")
    }
}

fn time_out(text: &str) -> Result<Duration, &'static str> {
    let limit = seconds(text)?;
    if limit.is_zero() { Err("must be more than 0") } else { Ok(limit) }
}

const AFTER_HELP: &str = "Credentials come from SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, or from .env; \
--demo needs none. See --help for examples.";

/// What follows the flags in the long help and in the manual: sections of lines that are not to be
/// broken otherwise.
pub const SECTIONS: [(&str, &str); 4] = [
    (
        "Environment",
        "\x20 SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET    those of an app at
                                              https://developer.spotify.com/dashboard;
                                              also from .env in the working directory
  SPOTIFY_MARKET                              the market where --market is not given
  SPOTIFY_API_URL, SPOTIFY_ACCOUNTS_URL       a gateway in Spotify's place
  SSL_CERT_FILE                               as --cacert
  HTTPS_PROXY, ALL_PROXY, NO_PROXY            proxies
  NO_COLOR, CLICOLOR_FORCE                    colour never, or always
  XDG_CACHE_HOME                              where to remember between runs",
    ),
    (
        "Exit status",
        "\x20 0  done, also when nothing was found
  1  the API, the network or the output failed; with -e, nothing was found
  2  the command line, the credentials or a file named on it is unusable; nothing was sent",
    ),
    (
        "Error codes",
        "\x20 exit 1  credentials_rejected, premium_required, forbidden, bad_request, not_found,
          rate_limited, server_error, timeout, network, bad_response, output
  exit 2  credentials_missing, credentials_malformed, config_invalid",
    ),
    (
        "Examples",
        "\x20 spotify-search --demo BTS                              try it without an account
  spotify-search daft punk --type artist --limit 3
  spotify-search -t track --artist 'Miles Davis' --year 1959 -n 50
  spotify-search BTS --json | jq -r '.artists.items[].name'
  spotify-search --input names.txt --json > answers.jsonl",
    ),
];

/// The sections as one text.
fn after_long_help() -> String {
    SECTIONS.map(|(title, text)| format!("{title}:\n{text}")).join("\n\n")
}
