//! Builds the client from the settings and the environment, and shows its events to the user.

use std::num::NonZero;

use super::environment;
use super::find_credentials;
use crate::cli::args::flags::ClientOptions;
use crate::cli::messages::command_error::CommandError;
use crate::cli::messages::hints::Hints;
use crate::cli::terminal::screen::Screen;
use spotify_search::Cache;
use spotify_search::Credentials;
use spotify_search::demo;
use spotify_search::{Client, ClientBuilder, Event};

/// Builds a client of Spotify, or of the sample catalogue, that reports its events to the screen and to `count`.
/// Returns it with the hints for its errors.
///
/// # Errors
///
/// [`CommandError`] for missing credentials or unusable settings.
pub fn build(
    options: &ClientOptions,
    screen: &Screen,
    count: impl Fn(&Event) + Send + Sync + 'static,
) -> Result<(Client, Hints), CommandError> {
    let on_event = {
        let screen = screen.clone();
        move |event| {
            count(&event);
            screen.event(event);
        }
    };
    if options.demo {
        screen.note("this is sample data, not Spotify's catalogue");
        let builder = builder(options, Credentials::new("", "")).on_event(on_event);
        return Ok((demo::client_with(builder), Hints::default()));
    }
    let (credentials, hint) = find_credentials::find()?;
    let endpoints = environment::endpoints()?;
    let hints = Hints::new(hint, &endpoints, !options.no_cache);
    let builder = builder(options, credentials).endpoints(endpoints).on_event(on_event);
    let roots = environment::root_certificates(options.cacert.as_deref())?;
    Ok((builder.root_certificates(roots).build()?, hints))
}

/// Builds a client that sends nothing. Without credentials it knows no cached page size.
///
/// # Errors
///
/// [`CommandError`] for unusable settings.
pub fn build_for_dry_run(options: &ClientOptions) -> Result<Client, CommandError> {
    let credentials = match find_credentials::find() {
        Ok((credentials, _)) => credentials,
        Err(report) => {
            tracing::info!("no credentials: {}", report.message);
            Credentials::new("none", "none")
        }
    };
    builder(options, credentials)
        .endpoints(environment::endpoints()?)
        .build()
        .map_err(CommandError::from)
}

fn builder(options: &ClientOptions, credentials: Credentials) -> ClientBuilder {
    Client::builder(credentials)
        .timeout(options.timeout)
        .retries(options.retries.into())
        .max_wait(options.max_wait)
        .jobs(options.jobs.into())
        .max_requests(options.max_requests.map_or(u64::MAX, NonZero::get))
        .cache(if options.no_cache { Cache::Off } else { Cache::User })
}
