//! Turns the arguments and the environment into an [`Action`] with validated settings. The code
//! that runs the action does not see the other arguments.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use crate::cli::args::batch_flags::BatchOptions;
use crate::cli::args::flags::{Args, ClientOptions, MatchArgs, OutputOptions, SearchArgs};
use crate::cli::args::parse::ParseError;
use crate::cli::messages::command_error::CommandError;
use crate::cli::settings::environment;
use crate::output::{Column, Format};
use spotify_search::demo;
use spotify_search::{Filter, QueryError, SearchQuery};

/// A search or a batch.
#[derive(Debug)]
pub struct Action {
    pub queries: Queries,
    /// True if the URLs of the requests are printed instead.
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
    Lines(Input, SearchQuery),
}

/// The source of a batch's queries.
#[derive(Clone, Debug)]
pub struct Input {
    /// `None` for standard input.
    pub path: Option<PathBuf>,
    /// True if each line is a query, whatever the first one looks like.
    pub is_plain: bool,
}

impl Action {
    /// Validates the arguments and converts them.
    ///
    /// # Errors
    ///
    /// [`CommandError::Usage`] for arguments that contradict each other,
    /// [`CommandError::Failed`] for an invalid environment variable.
    pub fn from_args(args: Args) -> Result<Self, CommandError> {
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
        let refuse = |message: &str| Err(ParseError::new(message, color).into());
        if matching.depth.is_some() && matching.level().is_none() {
            return refuse("--depth needs --match or --exact");
        }
        let mut query = template(search, &matching, filters.into_filters());
        if words.is_empty() && batch.input.is_empty() && query.get_filters().is_empty() {
            return Err(ParseError::missing_query(color).into());
        }
        let is_unsupported = |filter: &&Filter| client.demo && !demo::is_supported(filter);
        if let Some(filter) = query.get_filters().iter().find(is_unsupported) {
            return refuse(&format!("--demo does not support --{}", flag(filter)));
        }
        check_output(&batch, &output).map_err(|message| ParseError::new(message, color))?;
        if query.get_market().is_none()
            && !client.demo
            && let Some(market) = environment::market()?
        {
            query = query.market(market);
        }
        let usage = |error| ParseError::new(usage_message(&error), color);
        let queries = if let Some(path) = batch.input.first() {
            query.clone().words("any").validate().map_err(usage)?;
            let path = Some(path.clone()).filter(|path| path.as_os_str() != "-");
            Queries::Lines(Input { path, is_plain: batch.lines }, query)
        } else {
            let query = query.words(words.join(" "));
            query.validate().map_err(usage)?;
            Queries::One(query)
        };
        Ok(Self { queries, is_dry_run, batch, client, output })
    }
}

/// Returns what is wrong with the options of the output.
fn check_output(batch: &BatchOptions, output: &OutputOptions) -> Result<(), &'static str> {
    if batch.input.len() > 1 {
        return Err("--input cannot be used more than once");
    }
    let format = match batch.format(output.format()) {
        Format::Auto if io::stdout().is_terminal() => Format::Table,
        format => format,
    };
    if batch.output.is_some() {
        if batch.input.is_empty() {
            return Err("--output needs --input; to keep a single search, redirect it with > FILE");
        }
        if !matches!(format, Format::Csv | Format::Tsv | Format::Json | Format::Jsonl) {
            return Err("--output needs --format csv, tsv, jsonl or json, or such an extension");
        }
    }
    let Some(columns) = &output.columns else { return Ok(()) };
    if format.delimiter().is_none() && format != Format::Table {
        return Err("--columns needs --format table, csv or tsv");
    }
    if (1..columns.len()).any(|index| columns[..index].contains(&columns[index])) {
        return Err("--columns names a column twice");
    }
    let is_id = |column| matches!(column, &Column::Id | &Column::Uri | &Column::Url);
    if batch.output.is_some() && !columns.iter().any(is_id) {
        return Err("--output needs the column id, uri or url among --columns");
    }
    Ok(())
}

/// Returns the query without its words.
fn template(args: SearchArgs, matching: &MatchArgs, filters: Vec<Filter>) -> SearchQuery {
    let default_limit = if matching.level().is_some() { 1 } else { 10 };
    let query = SearchQuery::new("")
        .types(args.types.iter().flat_map(|types| types.types()))
        .market(args.market)
        .locale(args.locale)
        .offset(args.offset)
        .limit(args.limit.unwrap_or(default_limit))
        .include_external(args.include_external.is_some())
        .matching(matching.level())
        .depth(matching.depth.unwrap_or(10));
    filters.into_iter().fold(query, SearchQuery::filter)
}

/// Returns the name of the filter's flag: `artist`, or `new` for `tag:new`.
fn flag(filter: &Filter) -> &str {
    match filter.name() {
        "tag" => filter.value(),
        name => name,
    }
}

/// Says which flags to change.
fn usage_message(error: &QueryError) -> String {
    match error {
        QueryError::FilterWithoutType { filter } => {
            let types: Vec<&str> = filter.applies_to().iter().map(|known| known.name()).collect();
            format!("--{} needs --type {}", flag(filter), types.join(" or --type "))
        }
        _ => error.to_string(),
    }
}
