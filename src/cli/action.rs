//! What the command line and the environment mean together: a valid query and settings for each
//! part of the program, before anything is sent.

use std::env::{self, VarError};
use std::path::Path;

use clap::error::ErrorKind;

use super::args::Args;
use super::usage_error;
use crate::client::{BaseUrl, ClientSettings, Endpoints, RetryPolicy, RootCertificates};
use crate::error::Error;
use crate::query::{Filter, ItemType, Market, QueryError, SearchQuery};

/// Everything about a query but its words.
pub struct QuerySettings {
    filters: Vec<Filter>,
    types: Vec<ItemType>,
    market: Option<Market>,
    offset: u16,
    limit: u16,
    include_external: bool,
}

impl QuerySettings {
    /// What was typed about every query.
    ///
    /// # Errors
    ///
    /// clap's for filters of the sample catalogue; [`Error::ConfigInvalid`] for a market of the
    /// environment that is none.
    pub fn new(args: &mut Args) -> anyhow::Result<Self> {
        let market = match args.market.take() {
            Some(market) => Some(market),
            // Nothing of the environment matters to the sample catalogue.
            None if args.demo => None,
            None => market_of_environment()?,
        };
        let filters = std::mem::take(&mut args.filters).into_filters();
        if args.demo && !filters.is_empty() {
            let fault = "the sample catalogue is searched by name only, without field filters";
            return Err(usage_error(ErrorKind::ArgumentConflict, fault).into());
        }
        let types = std::mem::take(&mut args.types);
        let include_external = args.include_external.is_some();
        let (offset, limit) = (args.offset, args.limit);
        Ok(Self { filters, types, market, offset, limit, include_external })
    }

    /// The query with these words.
    ///
    /// # Errors
    ///
    /// clap's, where the arguments do not go together.
    pub fn query(&self, words: &str) -> Result<SearchQuery, clap::Error> {
        SearchQuery::new(words, &self.filters, &self.types)
            .and_then(|query| query.range(self.offset, self.limit))
            .map(|query| query.market(self.market.clone()).include_external(self.include_external))
            .map_err(|error| {
                let kind = match error {
                    QueryError::Blank | QueryError::NoType => ErrorKind::MissingRequiredArgument,
                    QueryError::FilterWithoutType { .. } => ErrorKind::ArgumentConflict,
                    QueryError::Range { .. } | QueryError::TooLong => ErrorKind::ValueValidation,
                };
                usage_error(kind, error)
            })
    }
}

/// The settings of the client.
///
/// # Errors
///
/// [`Error::ConfigInvalid`] where a base URL or a certificate file is unusable.
pub fn client(args: &Args) -> Result<ClientSettings, Error> {
    let retry = RetryPolicy { retries: args.retries, max_wait: args.max_wait };
    let settings = ClientSettings {
        timeout: args.timeout,
        retry,
        jobs: args.jobs.into(),
        remember: !args.no_cache,
        ..ClientSettings::default()
    };
    if args.demo {
        return Ok(settings);
    }
    check_proxies()?;
    Ok(ClientSettings {
        endpoints: endpoints()?,
        roots: roots(args.cacert.as_deref())?,
        ..settings
    })
}

/// The services of the environment, or Spotify's own.
fn endpoints() -> Result<Endpoints, Error> {
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

fn roots(cacert: Option<&Path>) -> Result<RootCertificates, Error> {
    if let Some(path) = cacert {
        return RootCertificates::from_file(path);
    }
    let name = "SSL_CERT_FILE";
    match env::var_os(name).filter(|path| !path.is_empty()) {
        Some(path) => RootCertificates::from_file(Path::new(&path))
            .map_err(|fault| Error::ConfigInvalid(format!("{name}: {fault}"))),
        None => Ok(RootCertificates::built_in()),
    }
}

/// Fails where a proxy is set that can't be one: the HTTP library would go round it without a word.
fn check_proxies() -> Result<(), Error> {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let Some(text) = text_of_environment(name)? else { continue };
        let text = if text.contains("://") { text } else { format!("http://{text}") };
        // The text itself may hold a password.
        let is_proxy = |url: &reqwest::Url| url.has_host() && PROXY_SCHEMES.contains(&url.scheme());
        if !reqwest::Url::parse(text.trim()).is_ok_and(|url| is_proxy(&url)) {
            return Err(Error::ConfigInvalid(format!("{name} is not the address of a proxy")));
        }
    }
    Ok(())
}

const PROXY_SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

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
