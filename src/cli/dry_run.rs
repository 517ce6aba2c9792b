//! Prints the URLs of the requests without sending them.

use super::action::{ClientSettings, Input};
use super::client;
use super::error::{CommandError, EXIT_FAILURE, Report};
use super::messages::Messages;
use super::stdout;
use crate::client::Client;
use crate::query::{QuerySettings, SearchQuery};

/// Prints the URLs for one query. Returns the exit status.
///
/// # Errors
///
/// [`CommandError`] for unusable settings or if the output fails.
pub fn run(query: &SearchQuery, settings: &ClientSettings) -> Result<u8, CommandError> {
    write_urls(&client::build_for_dry_run(settings)?, query)?;
    Ok(0)
}

/// Prints the URLs for each line of the input. Returns the exit status.
///
/// # Errors
///
/// [`CommandError`] for unusable settings, or if the input or the output fails.
pub fn run_batch(
    input: &Input,
    query: &QuerySettings,
    settings: &ClientSettings,
    messages: &Messages,
) -> Result<u8, CommandError> {
    let client = client::build_for_dry_run(settings)?;
    let mut exit_status = 0;
    for line in input.lines()? {
        let line = line.map_err(|error| input.error(error))?;
        if let Some(problem) = line.problem {
            exit_status = EXIT_FAILURE;
            let message = format!("line {} {problem}", line.number);
            messages.error(&Report::of_line("bad_request", message));
        } else {
            write_urls(&client, &SearchQuery::with_settings(&line.text, query.clone()))?;
        }
    }
    Ok(exit_status)
}

fn write_urls(client: &Client, query: &SearchQuery) -> Result<(), CommandError> {
    let urls: String = client.urls(query).into_iter().map(|url| url + "\n").collect();
    stdout::write(urls.as_bytes())
}
