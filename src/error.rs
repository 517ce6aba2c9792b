//! The one typed error of the crate: everything that can stop a search, each kind with a stable
//! code that a script can tell it by. What to say to a person about it (the hint, the exit
//! status) is left to [`crate::cli`].

use std::fmt;
use std::time::Duration;

/// What a fallible function of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a search did not come to an answer.
///
/// `Display` gives one sentence without the code. No variant ever holds a secret or a token.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A line of a list of queries that is no query.
    #[error("the line {0}")]
    UnusableLine(&'static str),
    /// The client id, the secret or both are set nowhere.
    #[error("{} {} not set", names.join(" and "), if names.len() == 1 { "is" } else { "are" })]
    CredentialsMissing {
        /// The names that are missing.
        names: Vec<&'static str>,
        /// Another tool's name for one of them that is set in the environment.
        instead: Option<&'static str>,
    },
    /// The client id or the secret is set to something that can't be one.
    #[error("{name} in {place} {fault}")]
    CredentialsMalformed {
        /// Which of the two.
        name: &'static str,
        /// Where it was found: "the environment" or ".env".
        place: &'static str,
        /// What is wrong with it, to follow the name: "is empty".
        fault: &'static str,
    },
    /// A base URL, a certificate file or another setting is unusable.
    #[error("{0}")]
    ConfigInvalid(String),
    /// Spotify does not accept the client id and secret, or the tokens it gave for them.
    #[error("Spotify does not accept the client id and secret ({0})")]
    CredentialsRejected(ErrorResponse),
    /// The accounts service gives no token, for a reason other than the credentials.
    #[error(transparent)]
    NoToken(Box<Error>),
    /// The owner of a Development Mode app has no Premium subscription.
    #[error("Spotify requires the app's owner to have Premium ({0})")]
    PremiumRequired(ErrorResponse),
    /// The app may not do this.
    #[error("Spotify forbids this {} ({})", .0.request, .0)]
    Forbidden(ErrorResponse),
    /// Spotify finds fault with the request.
    #[error("Spotify rejected the {} ({})", .0.request, .0)]
    BadRequest(ErrorResponse),
    /// Spotify answers 404.
    #[error("Spotify found nothing at the address of the {} ({})", .0.request, .0)]
    NotFound(ErrorResponse),
    /// Spotify limits the rate of the app's requests, and waiting does not fit or did not help.
    #[error("{}", limited(*.retry_after, *.quota))]
    RateLimited {
        /// How long Spotify asks to wait from now on, where it says so.
        retry_after: Option<Duration>,
        /// The `--max-wait` that would have been enough; `None` where the tries were used up.
        needed: Option<Duration>,
        /// Whether a quota (of a day) rather than the rolling window is the cause.
        quota: bool,
    },
    /// Spotify asked an earlier request, maybe of an earlier run, to keep away: this one was not
    /// sent.
    #[error("Spotify asked to keep away, and {} of that are left", readable(*.rest))]
    CoolingDown {
        /// How long it is to last yet.
        rest: Duration,
        /// The `--max-wait` that would have been enough.
        needed: Duration,
    },
    /// Spotify, or a gateway before it, fails.
    #[error("Spotify failed to answer the {} ({})", .0.request, .0)]
    ServerError(ErrorResponse),
    /// The whole request took longer than `--timeout`.
    #[error("no complete answer from {host} within {}", readable(*.limit))]
    Timeout {
        /// The host that was asked.
        host: String,
        /// The limit of one request.
        limit: Duration,
    },
    /// No connection, or one that broke before the answer was complete.
    #[error("the connection to {host} failed: {cause}")]
    Network {
        /// The host that was asked.
        host: String,
        /// The innermost cause, as the system or the TLS library puts it.
        cause: String,
        /// Whether all that is wrong is a certificate of an issuer that is not known.
        unknown_issuer: bool,
    },
    /// An answer that is not what the Web API's documentation says.
    #[error("the response from {host} {fault}")]
    BadResponse {
        /// The host that was asked.
        host: String,
        /// What is wrong with it, to follow "the response": "is not JSON".
        fault: String,
    },
}

impl Error {
    /// The stable code of this kind of error, as documented in the README.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CredentialsMissing { .. } => "credentials_missing",
            Self::CredentialsMalformed { .. } => "credentials_malformed",
            Self::ConfigInvalid(_) => "config_invalid",
            Self::CredentialsRejected(_) => "credentials_rejected",
            Self::NoToken(error) => error.code(),
            Self::PremiumRequired(_) => "premium_required",
            Self::Forbidden(_) => "forbidden",
            Self::BadRequest(_) | Self::UnusableLine(_) => "bad_request",
            Self::NotFound(_) => "not_found",
            Self::RateLimited { .. } | Self::CoolingDown { .. } => "rate_limited",
            Self::ServerError(_) => "server_error",
            Self::Timeout { .. } => "timeout",
            Self::Network { .. } => "network",
            Self::BadResponse { .. } => "bad_response",
        }
    }
}

impl Error {
    /// The HTTP status that it came with.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::CredentialsRejected(answer)
            | Self::PremiumRequired(answer)
            | Self::Forbidden(answer)
            | Self::BadRequest(answer)
            | Self::NotFound(answer)
            | Self::ServerError(answer) => Some(answer.status),
            Self::RateLimited { .. } => Some(429),
            Self::NoToken(error) => error.status(),
            _ => None,
        }
    }

    /// How long Spotify asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } => *retry_after,
            Self::CoolingDown { rest, .. } => Some(*rest),
            _ => None,
        }
    }

    /// Whether every other query would fail for the same reason.
    pub fn stops_all(&self) -> bool {
        matches!(
            self,
            Self::CredentialsRejected(_)
                | Self::NoToken(_)
                | Self::PremiumRequired(_)
                | Self::RateLimited { .. }
                | Self::CoolingDown { .. }
                | Self::Network { unknown_issuer: true, .. }
        )
    }
}

/// What is asked of the accounts service, and of the Web API.
pub(crate) const TOKEN_REQUEST: &str = "token request";
pub(crate) const SEARCH: &str = "search";

/// An answer with an error status, told in a few words: `400 Bad Request: Invalid limit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorResponse {
    /// What was asked for: a "search" or a "token request".
    pub request: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What the server says about it, cut to a readable length; `None` where it says nothing.
    pub message: Option<String>,
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        let reason = reqwest::StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason());
        if let Some(reason) = reason {
            write!(f, " {reason}")?;
        }
        match &self.message {
            // Many bodies only repeat the reason phrase.
            Some(message) if Some(message.as_str()) != reason => write!(f, ": {message}"),
            _ => Ok(()),
        }
    }
}

fn limited(retry_after: Option<Duration>, quota: bool) -> String {
    let cause = if quota { "the app's quota is used up: " } else { "" };
    match retry_after.map(readable) {
        Some(wait) => format!("{cause}Spotify asks to wait {wait} before the next search"),
        None => format!("{cause}Spotify limits the app's requests and does not say for how long"),
    }
}

/// A duration in seconds, rounded up.
pub fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}

/// A duration in the two largest units that say it, rounded up: `5 h 42 min`, `1 min 5 s`, `3 s`.
pub fn readable(duration: Duration) -> String {
    let seconds = whole_seconds(duration);
    let (large, small, unit, subunit) = match seconds {
        0..60 => {
            let tenths = duration.as_millis().div_ceil(100);
            return if duration < Duration::from_millis(100) && !duration.is_zero() {
                format!("{} ms", duration.as_micros().div_ceil(1_000))
            } else if duration.subsec_nanos() > 0 && tenths < 100 {
                format!("{}.{} s", tenths / 10, tenths % 10)
            } else {
                format!("{seconds} s")
            };
        }
        60..3_600 => (seconds / 60, seconds % 60, "min", "s"),
        // Minutes, rounded up.
        3_600..86_400 => {
            let minutes = seconds.div_ceil(60);
            (minutes / 60, minutes % 60, "h", "min")
        }
        _ => {
            let hours = seconds.div_ceil(3_600);
            (hours / 24, hours % 24, "d", "h")
        }
    };
    match small {
        0 => format!("{large} {unit}"),
        _ => format!("{large} {unit} {small} {subunit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_in_its_two_largest_units() {
        let told = |seconds| readable(Duration::from_secs(seconds));
        assert_eq!(told(0), "0 s");
        assert_eq!(told(59), "59 s");
        assert_eq!(told(60), "1 min");
        assert_eq!(told(65), "1 min 5 s");
        assert_eq!(told(3_600), "1 h");
        assert_eq!(told(20_520), "5 h 42 min");
        assert_eq!(told(20_521), "5 h 43 min");
        assert_eq!(told(86_399), "24 h");
        assert_eq!(told(90_000), "1 d 1 h");
        let told_ms = |millis| readable(Duration::from_millis(millis));
        assert_eq!((told_ms(1_500), told_ms(1_410)), ("1.5 s".into(), "1.5 s".into()));
        assert_eq!((told_ms(10), told_ms(9_960)), ("10 ms".into(), "10 s".into()));
        assert!(told(u64::MAX).ends_with(" h"));
    }

    #[test]
    fn an_answer_says_its_status_once() {
        let told = |message: Option<&str>| {
            let message = message.map(str::to_owned);
            ErrorResponse { request: "search", status: 400, message }.to_string()
        };
        assert_eq!(told(None), "400 Bad Request");
        assert_eq!(told(Some("Bad Request")), "400 Bad Request");
        assert_eq!(told(Some("Invalid limit")), "400 Bad Request: Invalid limit");
        let unknown = ErrorResponse { request: "search", status: 599, message: None };
        assert_eq!(unknown.to_string(), "599");
    }
}
