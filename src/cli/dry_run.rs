//! Prints the URLs of the requests without sending them.

use super::action::Queries;
use crate::cli::args::flags::ClientOptions;
use crate::cli::batch::line::{Line, Work};
use crate::cli::exit_status;
use crate::cli::messages::command_error::CommandError;
use crate::cli::report::Report;
use crate::cli::settings::build_client;
use crate::cli::terminal::screen::Screen;
use spotify_search::Client;
use spotify_search::SearchQuery;

/// Prints the URLs for a query, or for each line of the input. Returns the exit status.
///
/// # Errors
///
/// [`CommandError`] for unusable settings, or if the input or the output fails.
pub async fn run(
    queries: &Queries,
    settings: &ClientOptions,
    screen: &Screen,
) -> Result<u8, CommandError> {
    let client = build_client::build_for_dry_run(settings)?;
    let (input, query) = match queries {
        Queries::One(query) => {
            write_urls(&client, query, screen).await?;
            return flush(screen).await.map(|()| 0);
        }
        Queries::Lines(input, query) => (input, query),
    };
    let mut exit_status = 0;
    for line in input.open(query)?.lines {
        let Line { number, work, .. } = line.map_err(|error| input.error(&error))?;
        let outcome = match work {
            Work::Blank | Work::Nothing => continue,
            Work::Search(query) => query.validate().map(|()| query),
            Work::Invalid(error) => Err(error),
        };
        match outcome {
            Ok(query) => write_urls(&client, &query, screen).await?,
            Err(error) => {
                exit_status = exit_status::FAILURE;
                let message = format!("line {number}: {error}");
                screen.error(&Report::of_line("bad_request", message));
            }
        }
    }
    flush(screen).await.map(|()| exit_status)
}

async fn flush(screen: &Screen) -> Result<(), CommandError> {
    screen.flush().await.map_err(CommandError::Output)
}

async fn write_urls(
    client: &Client,
    query: &SearchQuery,
    screen: &Screen,
) -> Result<(), CommandError> {
    let urls: String = client.urls(query).into_iter().map(|url| url + "\n").collect();
    screen.results(0, String::new(), urls.into()).await.map_err(CommandError::Output)
}
