//! What the command line and the environment mean together: a valid query and settings for each
//! part of the program, before anything is sent.

use std::env::{self, VarError};
use std::ffi::OsString;
use std::path::Path;

use anyhow::Result;
use clap::error::ErrorKind;

use super::args::Args;
use super::usage_error;
use crate::client::{BaseUrl, ClientSettings, Endpoints, RetryPolicy, Roots};
use crate::error::Error;
use crate::query::{Market, QueryError, SearchQuery};

/// The query that was typed.
///
/// # Errors
///
/// clap's, where the arguments do not go together; [`Error::ConfigInvalid`] for a market of the
/// environment that is none.
pub fn query(args: &mut Args) -> Result<SearchQuery> {
    let market = match args.market.take() {
        Some(market) => Some(market),
        None => market_of_environment()?,
    };
    let filters = std::mem::take(&mut args.filters).into_filters();
    SearchQuery::new(&args.words.join(" "), &filters, &args.types)
        .and_then(|query| query.range(args.offset, args.limit))
        .map(|query| query.market(market).include_external(args.include_external.is_some()))
        .map_err(|error| {
            let kind = match error {
                QueryError::Blank | QueryError::NoType => ErrorKind::MissingRequiredArgument,
                QueryError::FilterWithoutType { .. } => ErrorKind::ArgumentConflict,
                QueryError::Range { .. } => ErrorKind::ValueValidation,
            };
            usage_error(kind, error).into()
        })
}

/// The settings of the client.
///
/// # Errors
///
/// [`Error::ConfigInvalid`] where a base URL or a certificate file is unusable.
pub fn client(args: &Args) -> Result<ClientSettings, Error> {
    let retry = RetryPolicy { retries: args.retries, max_wait: args.max_wait };
    let settings = ClientSettings { timeout: args.timeout, retry, ..ClientSettings::default() };
    if args.demo {
        // Nothing of the environment matters to the sample catalogue.
        return Ok(settings);
    }
    Ok(ClientSettings {
        endpoints: endpoints()?,
        roots: roots(args.cacert.as_deref())?,
        ..settings
    })
}

/// The services of the environment, or Spotify's own.
///
/// # Errors
///
/// [`Error::ConfigInvalid`] where a base URL is unusable.
pub fn endpoints() -> Result<Endpoints, Error> {
    let base = |name, default| match text_of_environment(name)? {
        Some(text) => {
            text.parse::<BaseUrl>().map_err(|fault| Error::ConfigInvalid(format!("{name} {fault}")))
        }
        None => Ok(default),
    };
    let Endpoints { api, accounts } = Endpoints::default();
    Ok(Endpoints {
        api: base("SPOTIFY_API_URL", api)?,
        accounts: base("SPOTIFY_ACCOUNTS_URL", accounts)?,
    })
}

fn roots(cacert: Option<&Path>) -> Result<Roots, Error> {
    let from_environment = env::var_os("SSL_CERT_FILE").filter(|path: &OsString| !path.is_empty());
    match cacert.or(from_environment.as_ref().map(Path::new)) {
        Some(path) => Roots::from_file(path),
        None => Ok(Roots::built_in()),
    }
}

fn market_of_environment() -> Result<Option<Market>, Error> {
    let name = "SPOTIFY_MARKET";
    let market = text_of_environment(name)?.map(|text| text.parse());
    market.transpose().map_err(|fault| Error::ConfigInvalid(format!("{name}: {fault}")))
}

/// The value of a variable; one that is blank counts as unset.
fn text_of_environment(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::ConfigInvalid(format!("{name} is not text"))),
    }
}
