//! Endpoints, certificates and market from environment variables. A blank value counts as not set.
//! Credentials are read in `find_credentials`, proxies in `transport::proxy`.

use std::env::{self, VarError};
use std::path::Path;

use crate::cli::messages::command_error::CommandError;
use crate::cli::report::message;
use spotify_search::Market;
use spotify_search::{BaseUrl, Endpoints, RootCertificates};

/// Reads `SPOTIFY_API_URL` and `SPOTIFY_ACCOUNTS_URL`. The default is Spotify's own services.
pub fn endpoints() -> Result<Endpoints, CommandError> {
    let base = |name, default: &BaseUrl| match text(name)? {
        Some(text) => {
            text.parse().map_err(|error| CommandError::unusable(format!("{name} {error}")))
        }
        None => Ok(default.clone()),
    };
    let default = Endpoints::default();
    let api = base("SPOTIFY_API_URL", default.get_api())?;
    let accounts = base("SPOTIFY_ACCOUNTS_URL", default.get_accounts())?;
    Ok(Endpoints::new(api, accounts))
}

/// Reads the file named by `--cacert` or `SSL_CERT_FILE`. The default is Mozilla's list.
pub fn root_certificates(cacert: Option<&Path>) -> Result<RootCertificates, CommandError> {
    let variable = env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty());
    let (name, path) = match (cacert, &variable) {
        (Some(path), _) => ("--cacert", path),
        (None, Some(path)) => ("SSL_CERT_FILE", Path::new(path)),
        (None, None) => return Ok(RootCertificates::default()),
    };
    RootCertificates::from_pem_file(path)
        .map_err(|error| CommandError::unusable(format!("{name}: {}", message(&error))))
}

/// Reads `SPOTIFY_MARKET`.
pub fn market() -> Result<Option<Market>, CommandError> {
    let name = "SPOTIFY_MARKET";
    let market = text(name)?.map(|text| text.parse());
    market.transpose().map_err(|error| CommandError::unusable(format!("{name}: {error}")))
}

fn text(name: &str) -> Result<Option<String>, CommandError> {
    match env::var(name) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(CommandError::unusable(format!("{name} is not UTF-8"))),
    }
}
