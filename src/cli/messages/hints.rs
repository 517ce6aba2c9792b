//! Hints: what a user can do about an error.

use std::path::Path;
use std::time::{Duration, SystemTime};

use super::local_time;
use crate::cli::durations::duration_argument;
use spotify_search::SearchQuery;
use spotify_search::duration::whole_seconds;
use spotify_search::{Endpoints, Proxy};
use spotify_search::{Error, RateLimit};

/// Spotify has rejected longer queries, in characters.
const LONG_QUERY: usize = 100;

/// The page with the settings of all apps of a user.
pub const DASHBOARD: &str = "https://developer.spotify.com/dashboard";

/// Where systems keep the certificates that they trust: Debian, Fedora, macOS and Alpine.
const SYSTEM_CERTIFICATES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Gives the hints for the errors of a client.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// The hint for credentials that Spotify rejects; `None` for the sample catalogue.
    credentials: Option<String>,
    /// The variable that sets the proxy of the client.
    proxy: Option<&'static str>,
    uses_cache: bool,
}

impl Hints {
    /// Creates the hints for a client with these endpoints. `credentials` is the hint for rejected ones.
    pub fn new(credentials: String, endpoints: &Endpoints, uses_cache: bool) -> Self {
        // Requests over plain http use no proxy.
        let proxy = if endpoints.get_api().is_https() { Proxy::variable() } else { None };
        Self { credentials: Some(credentials), proxy, uses_cache }
    }

    /// Returns the hint for the error of a search, if there is one.
    pub fn search(&self, error: &Error, query: &SearchQuery) -> Option<String> {
        let chars = query.text().chars().count();
        Some(match error {
            Error::Token(error) => return self.search(error, query),
            Error::CredentialsRejected(_) => self.credentials.clone()?,
            Error::TokenRejected(_) => format!("try again later, or check the app at {DASHBOARD}"),
            Error::PremiumRequired(_) => {
                "since 2026 an app in Development Mode works only if its owner has Premium".into()
            }
            Error::Forbidden(response) if response.mentions("country") => {
                "Spotify is not available in the country of this machine's address".into()
            }
            Error::Forbidden(_) => {
                format!("check the app's settings and its users at {DASHBOARD}")
            }
            Error::BadRequest(response) if response.mentions("invalid market") => format!(
                "Spotify has no market {}: pass another country's two-letter code, such as --market US or --market KR",
                query.get_market()?
            ),
            Error::BadRequest(_) | Error::NotFound(_) if chars > LONG_QUERY => format!(
                "the query has {chars} characters; Spotify has rejected queries of more than about {LONG_QUERY}"
            ),
            Error::RateLimited { limit, retry_after, max_wait_needed } => {
                let is_cached = self.uses_cache && *limit == RateLimit::Cooldown;
                let ways = retry_after.and_then(|wait| ways_out(wait, *max_wait_needed, is_cached));
                let is_quota = *limit == RateLimit::Quota;
                let shared =
                    is_quota.then(|| "all apps of your developer account share the quota".into());
                let hints: Vec<String> = shared.into_iter().chain(ways).collect();
                return (!hints.is_empty()).then(|| hints.join("; "));
            }
            Error::ServerError(_) => "the problem is on Spotify's side: try again later".into(),
            Error::Timeout { .. } => "pass a longer --timeout".into(),
            Error::Network { .. } => match self.proxy {
                Some(name) => {
                    format!("check the network connection and the proxy that {name} sets")
                }
                None => {
                    "check the network connection and DNS; if a proxy is needed, set HTTPS_PROXY"
                        .into()
                }
            },
            Error::Proxy { .. } => {
                let name = self.proxy.unwrap_or("HTTPS_PROXY");
                format!("check the user name and the password in {name}")
            }
            Error::UnknownIssuer { .. } => {
                let system = SYSTEM_CERTIFICATES.iter().find(|path| Path::new(path).exists());
                let file = system.unwrap_or(&"FILE");
                format!("pass --cacert {file} to trust other issuers, such as a company proxy's")
            }
            Error::Certificate { source, .. } if is_about_time(&source.to_string()) => {
                let now = httpdate::fmt_http_date(SystemTime::now());
                format!("if the certificate is right, set this computer's clock: it says {now}")
            }
            Error::BadResponse { .. } => {
                "a proxy or the login page of a network may have answered instead of Spotify".into()
            }
            _ => return None,
        })
    }
}

/// Returns true if a wrong clock may be the cause.
fn is_about_time(problem: &str) -> bool {
    problem.contains("Expired") || problem.contains("NotValidYet")
}

/// Returns `search again after 19:42, or pass --max-wait 6h to wait`. A cooldown from the cache can
/// also be ignored.
fn ways_out(wait: Duration, max_wait_needed: Option<Duration>, is_cached: bool) -> Option<String> {
    let mut ways = vec![format!("search again after {}", local_time::after(wait)?)];
    if let Some(needed) = max_wait_needed {
        ways.push(format!("pass --max-wait {}", duration_argument(suggested(needed))));
    }
    if is_cached {
        ways.push("pass --no-cache to try anyway".into());
    }
    Some(ways.join(", or "))
}

/// Returns the wait rounded up to a number that is easy to type.
fn suggested(wait: Duration) -> Duration {
    let seconds = whole_seconds(wait);
    let unit = match seconds {
        0..600 => 1,
        600..3_600 => 60,
        _ => 3_600,
    };
    Duration::from_secs(seconds.div_ceil(unit) * unit)
}
