//! Turns the arguments and the environment into one [`Action`] with validated settings. The code
//! that runs the action does not see the arguments.

use std::path::PathBuf;
use std::time::Duration;

use super::args::{Args, ColorArg, FormatArg, GenerateArg, ParseError};
use super::environment;
use super::error::CommandError;
use crate::demo;
use crate::output::Format;
use crate::query::{Filter, QueryError, QuerySettings, SearchQuery};

/// What the command does.
#[derive(Debug)]
pub enum Action {
    /// Search for one query.
    Search { query: SearchQuery, client: ClientSettings, output: OutputSettings },
    /// Search for each line of the input.
    Batch { input: Input, query: QuerySettings, client: ClientSettings, output: OutputSettings },
    /// Print the URLs of the requests for one query.
    DryRun { query: SearchQuery, client: ClientSettings },
    /// Print the URLs of the requests for each line of the input.
    BatchDryRun { input: Input, query: QuerySettings, client: ClientSettings },
    /// Print the manual or a completion script.
    Generate(GenerateArg),
}

/// The settings of the client.
#[derive(Debug)]
pub struct ClientSettings {
    pub timeout: Duration,
    pub retries: u32,
    pub max_wait: Duration,
    pub jobs: usize,
    pub cacert: Option<PathBuf>,
    pub use_cache: bool,
    /// True for the sample catalogue.
    pub is_demo: bool,
}

/// The settings of the output.
#[derive(Debug)]
pub struct OutputSettings {
    /// `None` selects a table on a terminal and JSON otherwise.
    pub format: Option<Format>,
    pub color: ColorChoice,
    /// True if csv and tsv start with a header.
    pub header: bool,
    /// True if the exit status tells that nothing was found.
    pub exit_status: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal, unless environment variables say otherwise.
    #[default]
    Auto,
    Always,
    Never,
}

/// The settings of messages on standard error.
#[derive(Clone, Copy, Debug, Default)]
pub struct MessageSettings {
    pub color: ColorChoice,
    pub is_quiet: bool,
    /// The number of `-v`.
    pub verbosity: u8,
}

/// The source of a batch's queries.
#[derive(Clone, Debug)]
pub enum Input {
    Stdin,
    File(PathBuf),
}

impl From<ColorArg> for ColorChoice {
    fn from(arg: ColorArg) -> Self {
        match arg {
            ColorArg::Auto => Self::Auto,
            ColorArg::Always => Self::Always,
            ColorArg::Never => Self::Never,
        }
    }
}

/// Returns the settings of messages, which even an error in the other arguments needs.
pub fn message_settings(args: &Args) -> MessageSettings {
    MessageSettings { color: args.color.into(), is_quiet: args.quiet, verbosity: args.verbose }
}

impl Action {
    /// Validates the arguments and converts them.
    ///
    /// # Errors
    ///
    /// [`CommandError::Usage`] for arguments that contradict each other,
    /// [`CommandError::Client`] for an invalid environment variable.
    pub fn from_args(args: Args) -> Result<Self, CommandError> {
        if let Some(kind) = args.generate {
            return Ok(Self::Generate(kind));
        }
        let output = OutputSettings {
            format: if args.json { Some(Format::Json) } else { format(args.format) },
            color: args.color.into(),
            header: !args.no_header,
            exit_status: args.exit_status,
        };
        let client = ClientSettings {
            timeout: args.timeout,
            retries: args.retries,
            max_wait: args.max_wait,
            jobs: args.jobs.into(),
            cacert: args.cacert,
            use_cache: !args.no_cache,
            is_demo: args.demo,
        };
        let mut query = QuerySettings {
            filters: args.filters.into_filters(),
            market: args.market,
            offset: args.offset,
            limit: args.limit,
            include_external: args.include_external.is_some(),
            ..QuerySettings::default()
        };
        query.set_types(args.types);
        let is_unsupported = |filter: &&Filter| client.is_demo && !demo::is_supported(filter);
        if let Some(filter) = query.filters.iter().find(is_unsupported) {
            let message = format!("the sample catalogue has no --{}", flag(filter));
            return Err(ParseError::conflict(message).into());
        }
        if query.market.is_none() && !client.is_demo {
            query.market = environment::market()?;
        }
        if let Some(input) = args.input {
            query.validate().map_err(usage_error)?;
            let input = if input.as_os_str() == "-" { Input::Stdin } else { Input::File(input) };
            return Ok(if args.dry_run {
                Self::BatchDryRun { input, query, client }
            } else {
                Self::Batch { input, query, client, output }
            });
        }
        let query = SearchQuery::with_settings(args.words.join(" "), query);
        query.validate().map_err(usage_error)?;
        Ok(if args.dry_run {
            Self::DryRun { query, client }
        } else {
            Self::Search { query, client, output }
        })
    }
}

fn format(arg: FormatArg) -> Option<Format> {
    Some(match arg {
        FormatArg::Auto => return None,
        FormatArg::Table => Format::Table,
        FormatArg::Json => Format::Json,
        FormatArg::Jsonl => Format::Jsonl,
        FormatArg::Csv => Format::Csv,
        FormatArg::Tsv => Format::Tsv,
        FormatArg::Id => Format::Id,
        FormatArg::Uri => Format::Uri,
        FormatArg::Url => Format::Url,
    })
}

/// Returns the name of the filter's flag: `artist`, or `new` for `tag:new`.
fn flag(filter: &Filter) -> &str {
    if filter.field() == "tag" { filter.value() } else { filter.field() }
}

/// Says which flags to change.
fn usage_error(error: QueryError) -> ParseError {
    match &error {
        QueryError::FilterWithoutType { filter } => {
            let flag = flag(filter);
            let types: Vec<&str> = filter.applies_to().iter().map(|known| known.name()).collect();
            let types = types.join(" or --type ");
            ParseError::conflict(format!("--{flag} needs --type {types}"))
        }
        QueryError::Range { offset, limit } => ParseError::invalid(format!(
            "Spotify serves the first 1000 results only: --offset {offset} plus --limit {limit} is more"
        )),
        _ => ParseError::invalid(error),
    }
}
