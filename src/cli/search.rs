//! Runs one search.

use std::sync::Arc;

use super::action::{ClientSettings, OutputSettings};
use super::client;
use super::error::{CommandError, EXIT_NOTHING_FOUND};
use super::messages::Messages;
use super::notes::{left_out, shortfall};
use super::signals::clear_progress_on_signal;
use super::stdout;
use crate::demo;
use crate::output::Printer;
use crate::query::SearchQuery;

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
    let (client, hints) = client::build(client, messages, &Arc::default())?;
    messages.progress().start();
    let outcome = tokio::select! {
        outcome = client.search(query) => outcome,
        error = clear_progress_on_signal(messages.progress()) => match error {
            Err(error) => return Err(CommandError::start_up("cannot handle signals")(error)),
        },
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
