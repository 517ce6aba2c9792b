//! The library's error type. Each variant has a stable code that scripts can match.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::duration::readable;
use crate::query::QueryError;

/// The result type of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The cause of an error. Its type is not part of the API, but it can be downcast, for example to
/// [`std::io::Error`].
pub type Source = Arc<dyn StdError + Send + Sync>;

/// Why a search failed.
///
/// `Display` returns one sentence without the code and without the cause; [`StdError::source`]
/// returns the cause. No variant contains a secret or a token. A clone shares the cause.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The query cannot be sent.
    #[error(transparent)]
    InvalidQuery(#[from] QueryError),
    /// A base URL, a certificate file, a proxy or another setting is unusable.
    #[error("{message}")]
    ConfigInvalid {
        /// Which setting, and what is wrong with it.
        message: String,
        /// The cause, if it is another error.
        source: Option<Source>,
    },
    /// Spotify rejects the client id and secret.
    #[error("Spotify rejected the client id and secret ({0})")]
    CredentialsRejected(ErrorResponse),
    /// Spotify accepts the client id and secret, but rejects the token that it has just issued.
    #[error("Spotify rejects a token that it has just issued ({0})")]
    TokenRejected(ErrorResponse),
    /// The token request failed, and not because of the credentials.
    #[error("cannot get a token")]
    Token(#[source] Arc<Error>),
    /// The owner of a Development Mode app has no Spotify Premium subscription.
    #[error("Spotify requires the app's owner to have Premium ({0})")]
    PremiumRequired(ErrorResponse),
    /// 403: the app may not send this request.
    #[error("Spotify returned {0}")]
    Forbidden(ErrorResponse),
    /// 400, or another 4xx without a variant of its own.
    #[error("Spotify returned {0}")]
    BadRequest(ErrorResponse),
    /// 404.
    #[error("Spotify returned {0}")]
    NotFound(ErrorResponse),
    /// 429, or a cooldown after an earlier 429.
    #[error("{}", rate_limit_message(*.limit, *.retry_after))]
    RateLimited {
        /// What limits the app.
        limit: RateLimit,
        /// The remaining wait, if Spotify gave one.
        retry_after: Option<Duration>,
        /// The smallest `max_wait` with which the client would have waited instead of failing.
        /// `None` if the retries were used up.
        max_wait_needed: Option<Duration>,
    },
    /// The client has sent as many search requests as it may. See
    /// [`ClientBuilder::max_requests`](crate::ClientBuilder::max_requests).
    #[error("reached the limit of {max} request{}", if *.max == 1 { "" } else { "s" })]
    RequestLimit {
        /// The maximum number of requests.
        max: u64,
    },
    /// 5xx.
    #[error("Spotify returned {0}")]
    ServerError(ErrorResponse),
    /// A request took longer than the timeout.
    #[error("no complete response from {host} within {}", readable(*.timeout))]
    Timeout {
        /// The host of the request.
        host: String,
        /// The time limit of one request.
        timeout: Duration,
    },
    /// The connection could not be made, or it broke before the response was complete.
    #[error("the connection to {host} failed")]
    Network {
        /// The host of the request.
        host: String,
        /// What failed.
        source: Source,
    },
    /// The proxy asks for a password, or rejects the one that was sent.
    #[error("the proxy {proxy} rejected the login")]
    Proxy {
        /// Host and port of the proxy.
        proxy: String,
    },
    /// The issuer of the server's TLS certificate is not a trusted root.
    #[error("the certificate of {host} is from an unknown issuer")]
    UnknownIssuer {
        /// The host of the request.
        host: String,
    },
    /// The server's TLS certificate is not valid, for example because it has expired.
    #[error("the certificate of {host} is not valid")]
    Certificate {
        /// The host of the request.
        host: String,
        /// What is wrong with the certificate.
        source: Source,
    },
    /// The response is not what the Web API documents.
    #[error("the response from {host} {problem}")]
    BadResponse {
        /// The host of the request.
        host: String,
        /// What is wrong: "is not valid JSON".
        problem: String,
        /// The cause, if it is another error.
        source: Option<Source>,
    },
    /// The query was not sent, because its batch had stopped: after an error that
    /// [affects every query](Error::affects_every_query), or after ten failed searches in a row.
    #[error("not searched: the batch had stopped")]
    Stopped {
        /// The error at which the batch stopped.
        source: Arc<Error>,
    },
}

/// What limits an app's requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RateLimit {
    /// The rolling window of 30 seconds.
    Window,
    /// The quota of the developer account, usually of a day. All apps of the account share it.
    Quota,
    /// The cooldown that an earlier 429 started: the request was not sent.
    Cooldown,
}

impl Error {
    /// A setting of the client is unusable.
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::ConfigInvalid { message: message.into(), source: None }
    }

    pub(crate) fn config_caused_by(
        message: impl Into<String>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self::ConfigInvalid { message: message.into(), source: Some(Arc::new(source)) }
    }

    /// The response from this host has a problem, such as "is empty".
    pub(crate) fn bad_response(host: &str, problem: impl Into<String>) -> Self {
        Self::BadResponse { host: host.to_owned(), problem: problem.into(), source: None }
    }

    /// Returns the stable code, as listed by `--help`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ConfigInvalid { .. } => "config_invalid",
            Self::CredentialsRejected(_) | Self::TokenRejected(_) => "credentials_rejected",
            Self::Token(error) | Self::Stopped { source: error } => error.code(),
            Self::PremiumRequired(_) => "premium_required",
            Self::Forbidden(_) => "forbidden",
            Self::BadRequest(_) | Self::InvalidQuery(_) => "bad_request",
            Self::NotFound(_) => "not_found",
            Self::RateLimited { .. } => "rate_limited",
            Self::RequestLimit { .. } => "request_limit",
            Self::ServerError(_) => "server_error",
            Self::Timeout { .. } => "timeout",
            Self::Network { .. }
            | Self::Proxy { .. }
            | Self::UnknownIssuer { .. }
            | Self::Certificate { .. } => "network",
            Self::BadResponse { .. } => "bad_response",
        }
    }

    /// Returns the HTTP status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::CredentialsRejected(response)
            | Self::TokenRejected(response)
            | Self::PremiumRequired(response)
            | Self::Forbidden(response)
            | Self::BadRequest(response)
            | Self::NotFound(response)
            | Self::ServerError(response) => Some(response.status),
            Self::RateLimited { .. } => Some(429),
            Self::Token(error) => error.status(),
            _ => None,
        }
    }

    /// Returns the remaining wait of a rate limit, if Spotify gave one.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } => *retry_after,
            Self::Token(error) => error.retry_after(),
            _ => None,
        }
    }

    /// Returns the error of a rate limit with the `max_wait` that would have been enough.
    pub(crate) fn with_max_wait_needed(mut self, needed: Option<Duration>) -> Self {
        if let Self::RateLimited { max_wait_needed, .. } = &mut self {
            *max_wait_needed = needed;
        }
        self
    }

    /// Returns true if the same search may succeed later: the service or the network failed, a limit was
    /// reached, or the search was not sent.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Token(error) => error.is_transient(),
            Self::BadRequest(response) => response.status == 408,
            Self::RateLimited { .. }
            | Self::RequestLimit { .. }
            | Self::ServerError(_)
            | Self::Timeout { .. }
            | Self::Network { .. }
            | Self::Stopped { .. } => true,
            _ => false,
        }
    }

    /// Returns true if every other query would fail for the same reason, so that a batch stops.
    pub fn affects_every_query(&self) -> bool {
        matches!(
            self,
            Self::CredentialsRejected(_)
                | Self::TokenRejected(_)
                | Self::Token(_)
                | Self::PremiumRequired(_)
                | Self::RateLimited { .. }
                | Self::RequestLimit { .. }
                | Self::Stopped { .. }
                | Self::Proxy { .. }
                | Self::UnknownIssuer { .. }
                | Self::Certificate { .. }
        )
    }
}

/// An error response: status and message, such as `400 Bad Request: Invalid limit`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// The HTTP status.
    pub status: u16,
    /// The server's message, shortened to a readable length.
    pub message: Option<String>,
    /// The wait that `Retry-After` asks for (RFC 9110 §10.2.3).
    pub retry_after: Option<Duration>,
}

impl ErrorResponse {
    /// Creates a response with this status, without a message and without `Retry-After`.
    pub fn new(status: u16) -> Self {
        Self { status, message: None, retry_after: None }
    }

    /// Returns true if the server's message contains this text, in any case.
    pub fn mentions(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.message.as_ref().is_some_and(|message| message.to_lowercase().contains(&text))
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        let status = reqwest::StatusCode::from_u16(self.status).ok();
        let reason = status.and_then(|status| status.canonical_reason());
        if let Some(reason) = reason {
            write!(f, " {reason}")?;
        }
        match self.message.as_deref() {
            // Many bodies only repeat the reason phrase.
            Some(message) if Some(message) != reason => write!(f, ": {message}"),
            _ => Ok(()),
        }
    }
}

fn rate_limit_message(limit: RateLimit, retry_after: Option<Duration>) -> String {
    let wait = retry_after.map(readable);
    let problem = match limit {
        RateLimit::Window => "rate limited by Spotify",
        RateLimit::Quota => "the request quota is used up",
        RateLimit::Cooldown => {
            return format!("still rate limited by Spotify: {} left", wait.unwrap_or_default());
        }
    };
    match wait {
        Some(wait) => format!("{problem} for another {wait}"),
        None => format!("{problem} (429 without Retry-After)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_status_once() {
        let text = |status, message: Option<&str>| {
            let message = message.map(str::to_owned);
            ErrorResponse { message, ..ErrorResponse::new(status) }.to_string()
        };
        assert_eq!(text(400, None), "400 Bad Request");
        assert_eq!(text(400, Some("Bad Request")), "400 Bad Request");
        assert_eq!(text(400, Some("Invalid limit")), "400 Bad Request: Invalid limit");
        assert_eq!(text(599, None), "599");
    }
}
