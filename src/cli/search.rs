//! Runs one search.

use super::action::{ClientSettings, OutputSettings};
use super::client;
use super::error::{CommandError, EXIT_NOTHING_FOUND};
use super::messages::Messages;
use super::stdout;
use crate::output::Printer;
use crate::query::SearchQuery;
use crate::results::SearchResults;

/// Searches and prints the results. Returns the exit status.
///
/// # Errors
///
/// [`CommandError`] if the search or the output fails.
pub async fn run(
    query: &SearchQuery,
    client: &ClientSettings,
    output: &OutputSettings,
    messages: &Messages,
) -> Result<u8, CommandError> {
    let client = client::build(client, messages)?;
    let results = client.search(query).await.map_err(|error| {
        let query_chars = query.text().chars().count();
        CommandError::Search { error, query_chars }
    })?;
    messages.progress().clear();
    if let Some(note) = shortfall(&results) {
        messages.note(&note);
    }
    let (format, target) = stdout::format_and_target(output);
    let mut printer = Printer::new(format, target);
    stdout::write(&printer.render(&results))?;
    if let Some(note) = left_out(&printer) {
        messages.note(&note);
    }
    Ok(if output.exit_status && results.is_empty() { EXIT_NOTHING_FOUND } else { 0 })
}

/// Returns a note if Spotify returned fewer results than it reported.
pub fn shortfall(results: &SearchResults) -> Option<String> {
    let (received, reported) = results.shortfall()?;
    let noun = if reported == 1 { "result" } else { "results" };
    Some(format!("Spotify reported {reported} {noun} but returned {received}"))
}

/// Returns a note if the format left out results that lack the printed field.
pub fn left_out(printer: &Printer) -> Option<String> {
    let (count, field) = printer.left_out()?;
    let noun = if count == 1 { "result" } else { "results" };
    Some(format!("left out {count} {noun} without {field}"))
}
