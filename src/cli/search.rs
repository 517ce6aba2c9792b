//! Runs one search.

use std::sync::Arc;

use super::action::{ClientSettings, OutputSettings};
use super::client;
use super::error::{CommandError, EXIT_NOTHING_FOUND};
use super::messages::Messages;
use super::signals::Signals;
use super::stdout;
use crate::demo;
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
    let is_demo = client.is_demo;
    let mut signals = Signals::listen().map_err(CommandError::start_up("cannot handle signals"))?;
    let (client, hints) = client::build(client, messages, &Arc::default())?;
    messages.progress().start();
    let outcome = tokio::select! {
        outcome = client.search(query) => outcome,
        signal = signals.next() => return Err(CommandError::Interrupted(signal)),
    };
    let results = outcome.map_err(|error| {
        let hint = hints.search(&error, query);
        CommandError::Search { error, hint }
    })?;
    messages.progress().clear();
    if let Some(note) = shortfall(&results) {
        messages.note(&note);
    }
    let (format, target) = stdout::format_and_target(output);
    let mut printer = Printer::new(format, target).header(output.header);
    stdout::write(&printer.render(&results))?;
    if let Some(note) = left_out(&printer) {
        messages.note(&note);
    }
    if is_demo && results.sections().all(|section| section.total() == Some(0)) {
        let examples = demo::examples(query.searched_types()).join(", ");
        messages.note(&format!("nothing found; the sample catalogue has {examples} and others"));
    }
    Ok(if output.exit_status && results.is_empty() { EXIT_NOTHING_FOUND } else { 0 })
}

/// Returns a note if results are missing: Spotify hides them from the app, the offset is beyond the
/// last one, or fewer were returned than reported.
pub fn shortfall(results: &SearchResults) -> Option<String> {
    let hidden = results.hidden();
    if hidden > 0 {
        let verb = if hidden == 1 { "is" } else { "are" };
        let note = format!("{} {verb} hidden from this app", counted(hidden));
        return Some(match results.query().searched_market() {
            Some(_) => note,
            None => format!("{note}: pass --market with your country, such as --market US"),
        });
    }
    if let Some(total) = results.total_before_offset() {
        let offset = results.query().range_offset();
        return Some(format!("--offset {offset} is beyond the {}", counted(total)));
    }
    let (received, reported) = results.shortfall()?;
    Some(format!("Spotify reported {} but returned {received}", counted(reported)))
}

fn counted(results: u64) -> String {
    if results == 1 { "1 result".into() } else { format!("{results} results") }
}

/// Returns a note if the format left out results that lack the printed field.
pub fn left_out(printer: &Printer) -> Option<String> {
    let (count, field) = printer.left_out()?;
    Some(format!("left out {} without {field}", counted(count as u64)))
}
