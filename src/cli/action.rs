//! Turns the arguments and the environment into one [`Action`] with validated settings. The code
//! that runs the action does not see the arguments.

use std::path::PathBuf;
use std::time::Duration;

use super::args::Args;
use super::color::ColorChoice;
use super::environment;
use super::error::CommandError;
use super::parse::ParseError;
use super::values::{FormatArg, GenerateArg, TypeArg};
use crate::demo;
use crate::output::Format;
use crate::query::{Filter, ItemType, QueryError, QuerySettings, SearchQuery};

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
    /// The maximum age of cached responses; `None` uses and stores none.
    pub response_age: Option<Duration>,
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
        let color = args.color.into();
        let output = output_settings(&args);
        let client = client_settings(&args);
        let mut query = QuerySettings {
            filters: args.filters.into_filters(),
            market: args.market,
            offset: args.offset,
            limit: args.limit,
            include_external: args.include_external.is_some(),
            exact: args.exact,
            ..QuerySettings::default()
        };
        if args.words.is_empty() && args.input.is_none() && query.filters.is_empty() {
            return Err(ParseError::missing_query(color).into());
        }
        query.set_types(types(&args.types, &query.filters));
        let is_unsupported = |filter: &&Filter| client.is_demo && !demo::is_supported(filter);
        if let Some(filter) = query.filters.iter().find(is_unsupported) {
            let message = format!("--demo does not support --{}", flag(filter));
            return Err(ParseError::conflict(message, color).into());
        }
        if query.market.is_none() && !client.is_demo {
            query.market = environment::market()?;
        }
        if let Some(input) = args.input {
            query.validate().map_err(|error| usage_error(&error, color))?;
            let input = if input.as_os_str() == "-" { Input::Stdin } else { Input::File(input) };
            return Ok(if args.dry_run {
                Self::BatchDryRun { input, query, client }
            } else {
                Self::Batch { input, query, client, output }
            });
        }
        let query = SearchQuery::with_settings(args.words.join(" "), query);
        query.validate().map_err(|error| usage_error(&error, color))?;
        Ok(if args.dry_run {
            Self::DryRun { query, client }
        } else {
            Self::Search { query, client, output }
        })
    }
}

fn output_settings(args: &Args) -> OutputSettings {
    OutputSettings {
        format: if args.json { Some(Format::Json) } else { format(args.format) },
        color: args.color.into(),
        header: !args.no_header,
        exit_status: args.exit_status,
    }
}

fn client_settings(args: &Args) -> ClientSettings {
    ClientSettings {
        timeout: args.timeout,
        retries: args.retries.into(),
        max_wait: args.max_wait,
        jobs: args.jobs.into(),
        cacert: args.cacert.clone(),
        use_cache: !args.no_cache,
        response_age: args.cache,
        is_demo: args.demo,
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

/// Returns the types to search. Without `--type`, the filters decide.
fn types(args: &[TypeArg], filters: &[Filter]) -> Vec<ItemType> {
    if args.is_empty() {
        return vec![implied_type(filters)];
    }
    let mut types = Vec::new();
    for arg in args {
        match *arg {
            TypeArg::One(item_type) => types.push(item_type),
            TypeArg::All => types.extend(ItemType::ALL),
        }
    }
    types
}

/// Returns the type that the filters imply. `--track` and `--isrc` imply tracks, even together with
/// `--album`, which applies to tracks, too.
fn implied_type(filters: &[Filter]) -> ItemType {
    let has = |fields: &[&str]| filters.iter().any(|filter| fields.contains(&filter.field()));
    if has(&["track", "isrc"]) {
        ItemType::Track
    } else if has(&["album", "upc", "tag"]) {
        ItemType::Album
    } else {
        ItemType::Artist
    }
}

/// Returns the name of the filter's flag: `artist`, or `new` for `tag:new`.
fn flag(filter: &Filter) -> &str {
    if filter.field() == "tag" { filter.value() } else { filter.field() }
}

/// Says which flags to change.
fn usage_error(error: &QueryError, color: ColorChoice) -> ParseError {
    match error {
        QueryError::FilterWithoutType { filter } => {
            let flag = flag(filter);
            let types: Vec<&str> = filter.applies_to().iter().map(|known| known.name()).collect();
            let types = types.join(" or --type ");
            ParseError::conflict(format!("--{flag} needs --type {types}"), color)
        }
        QueryError::ExactWithoutName { item_type } => {
            let alternative = if item_type.has_name_filter() {
                format!(", or --{item_type} for {}", item_type.section())
            } else {
                format!(" for --type {item_type}")
            };
            ParseError::invalid(format!("--exact needs words{alternative}"), color)
        }
        QueryError::Range { offset, limit } => {
            let message = format!(
                "Spotify serves the first 1000 results only: --offset {offset} plus --limit {limit} is more"
            );
            ParseError::invalid(message, color)
        }
        _ => ParseError::invalid(error, color),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ItemType::{Album, Artist, Show, Track};

    #[test]
    fn filters_imply_the_type() {
        let implied = |filters: &[Filter]| types(&[], filters);
        let artist = Filter::artist("Miles Davis").unwrap();
        let album = Filter::album("Kind of Blue").unwrap();
        let track = Filter::track("So What").unwrap();
        let isrc = Filter::isrc("USUM71703861").unwrap();
        let upc = Filter::upc("602537347377").unwrap();
        assert_eq!(implied(&[]), [Artist]);
        assert_eq!(implied(std::slice::from_ref(&artist)), [Artist]);
        assert_eq!(implied(&[Filter::genre("jazz").unwrap()]), [Artist]);
        assert_eq!(implied(&[artist.clone(), album.clone()]), [Album]);
        for filter in [upc, Filter::new_releases(), Filter::hipster()] {
            assert_eq!(implied(&[artist.clone(), filter]), [Album]);
        }
        for filter in [track, isrc] {
            assert_eq!(implied(&[album.clone(), filter]), [Track]);
        }
        assert_eq!(types(&[TypeArg::One(Show)], &[album]), [Show], "--type wins");
    }

    #[test]
    fn all_stands_for_every_type() {
        assert_eq!(types(&[TypeArg::All], &[]), ItemType::ALL);
        let typed = types(&[TypeArg::One(Show), TypeArg::All], &[]);
        assert_eq!((typed[0], typed.len()), (Show, 8));
    }
}
