//! Turns the arguments and the environment into one [`Action`] with validated settings. The code
//! that runs the action does not see the other arguments.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use crate::cli::args::flags::{
    Args, BatchOptions, ClientOptions, MatchArgs, OutputOptions, SearchArgs,
};
use crate::cli::args::parse::ParseError;
use crate::cli::args::values::{GenerateArg, TypeArg};
use crate::cli::messages::command_error::CommandError;
use crate::cli::settings::environment;
use crate::cli::terminal::color::ColorChoice;
use crate::demo;
use crate::output::{Column, Format};
use crate::query::{Field, Filter, ItemType, QueryError, QuerySettings, SearchQuery};

/// What the command does.
#[derive(Debug)]
pub enum Action {
    /// Search, or print the URLs of the requests.
    Search(Box<Search>),
    /// Print the manual or a completion script.
    Generate(GenerateArg),
}

/// A search or a batch.
#[derive(Debug)]
pub struct Search {
    pub queries: Queries,
    pub is_dry_run: bool,
    pub batch: BatchOptions,
    pub client: ClientOptions,
    pub output: OutputOptions,
}

/// What is searched for.
#[derive(Debug)]
pub enum Queries {
    One(SearchQuery),
    /// Each line of the input, with the same settings.
    Lines(Input, QuerySettings),
}

/// The source of a batch's queries.
#[derive(Clone, Debug)]
pub enum Input {
    Stdin,
    File(PathBuf),
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
        let Args {
            words,
            search,
            matching,
            filters,
            output,
            batch,
            client,
            dry_run: is_dry_run,
            ..
        } = args;
        let color = output.color;
        if matching.depth.is_some() && matching.level().is_none() {
            return Err(ParseError::conflict("--depth needs --match or --exact", color).into());
        }
        let mut query = query_settings(search, &matching, filters.into_filters());
        if words.is_empty() && batch.input.is_none() && query.filters.is_empty() {
            return Err(ParseError::missing_query(color).into());
        }
        let is_unsupported = |filter: &&Filter| client.demo && !demo::is_supported(filter);
        if let Some(filter) = query.filters.iter().find(is_unsupported) {
            let message = format!("--demo does not support --{}", flag(filter));
            return Err(ParseError::conflict(message, color).into());
        }
        if query.market.is_none() && !client.demo {
            query.market = environment::market()?;
        }
        let usage = |error| usage_error(&error, color);
        check_output(&batch, &output).map_err(|message| ParseError::conflict(message, color))?;
        let queries = if let Some(path) = batch.input.clone() {
            query.validate().map_err(usage)?;
            let input = if path.as_os_str() == "-" { Input::Stdin } else { Input::File(path) };
            Queries::Lines(input, query)
        } else {
            let query = SearchQuery::with_settings(words.join(" "), query);
            query.validate().map_err(usage)?;
            Queries::One(query)
        };
        Ok(Self::Search(Box::new(Search { queries, is_dry_run, batch, client, output })))
    }
}

/// Returns what is wrong with the options of the output.
fn check_output(batch: &BatchOptions, output: &OutputOptions) -> Result<(), &'static str> {
    let format = match batch.format(output) {
        Format::Auto if io::stdout().is_terminal() => Format::Table,
        format => format,
    };
    if batch.output.is_some() {
        if batch.input.is_none() {
            return Err("--output needs --input");
        }
        if !matches!(format, Format::Csv | Format::Tsv | Format::Json | Format::Jsonl) {
            return Err("--output needs --format csv, tsv, jsonl or json, or such an extension");
        }
    }
    let Some(columns) = &output.columns else { return Ok(()) };
    if format.delimiter().is_none() && format != Format::Table {
        return Err("--columns needs --format table, csv or tsv");
    }
    if batch.output.is_some() && !columns.contains(&Column::Id) {
        return Err("--output needs the column id among --columns");
    }
    Ok(())
}

fn query_settings(args: SearchArgs, matching: &MatchArgs, filters: Vec<Filter>) -> QuerySettings {
    let mut settings = QuerySettings {
        filters,
        market: args.market,
        locale: args.locale,
        offset: args.offset,
        limit: args.limit.unwrap_or(if matching.level().is_some() { 1 } else { 10 }),
        include_external: args.include_external.is_some(),
        matching: matching.level(),
        depth: matching.depth.unwrap_or(10),
        types: Vec::new(),
    };
    settings.set_types(args.types.iter().flat_map(|arg| match arg {
        TypeArg::One(item_type) => std::slice::from_ref(item_type),
        TypeArg::All => ItemType::ALL,
    }));
    settings
}

/// Returns the name of the filter's flag: `artist`, or `new` for `tag:new`.
fn flag(filter: &Filter) -> &str {
    match filter.field() {
        Field::Tag => filter.value(),
        field => field.name(),
    }
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
        QueryError::MatchWithoutName { item_type } => {
            let alternative = if item_type.has_name_filter() {
                format!(", or --{item_type} for {}", item_type.section())
            } else {
                format!(" for --type {item_type}")
            };
            ParseError::invalid(format!("--match needs words{alternative}"), color)
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
