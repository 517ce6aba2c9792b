//! The ways in which one request can fail, and the [`Error`] for each. Which failures are retried is
//! decided in `client::retry`.
//!
//! Sources: <https://developer.spotify.com/documentation/web-api/concepts/api-calls>, and RFC 6749
//! §5.2 for the errors of the token request.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::mask::{HIDDEN, Mask, mask_long_runs};
use crate::error::{CertificateProblem, Error, ErrorResponse, RateLimit, Source};
use crate::results::ResponseError;

/// The longest server message in an error, in characters.
const MAX_MESSAGE_CHARS: usize = 200;

/// The two services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Accounts,
    Api,
}

/// A failed request.
#[derive(Debug)]
pub(crate) struct Failure {
    pub service: Service,
    pub host: String,
    pub kind: FailureKind,
}

/// The reason for which a request failed.
#[derive(Debug)]
pub(crate) enum FailureKind {
    /// The response has a status other than 2xx.
    Status(StatusFailure),
    /// The request took longer than this timeout.
    Timeout(Duration),
    /// The connection could not be made, or it broke.
    Connection(Source),
    /// The certificate of the server is not trusted.
    Certificate { problem: CertificateProblem, source: Source },
    /// The response cannot be parsed.
    BadResponse { problem: String, source: Option<Source> },
}

/// A response with a status other than 2xx.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatusFailure {
    pub status: u16,
    /// The wait that `Retry-After` asks for; `None` if it is missing, 0 or malformed.
    pub retry_after: Option<Duration>,
    /// The server's message for people.
    pub message: Option<String>,
    /// Spotify's `reason` or OAuth's `error`: a code for programs.
    pub reason: Option<String>,
}

impl StatusFailure {
    /// Reads the status, `Retry-After` and the body of a response.
    pub fn new(status: StatusCode, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Self {
        let (message, reason) = message_and_reason(body);
        let retry_after = retry_after(headers, now);
        Self { status: status.as_u16(), retry_after, message, reason }
    }

    /// Returns true if a quota, not the rolling window, is used up: a short wait does not help.
    pub fn is_quota(&self) -> bool {
        self.reason.as_deref() == Some("QUOTA_EXCEEDED")
    }

    fn into_error(self, service: Service, host: String) -> Error {
        let is_client_rejected = service == Service::Accounts
            && self.reason.as_deref().is_none_or(|reason| {
                matches!(reason, "invalid_client" | "unauthorized_client" | "invalid_grant")
            });
        let response = ErrorResponse { status: self.status, message: self.message };
        match self.status {
            400 if is_client_rejected => Error::CredentialsRejected(response),
            // The request loop has already sent the request again with a new token.
            401 if service == Service::Api => Error::TokenRejected(response),
            401 => Error::CredentialsRejected(response),
            403 if response.mentions("premium") => Error::PremiumRequired(response),
            403 => Error::Forbidden(response),
            404 => Error::NotFound(response),
            400..500 => Error::BadRequest(response),
            500..600 => Error::ServerError(response),
            _ => {
                let kind =
                    if (300..400).contains(&self.status) { "a redirect" } else { "a status" };
                let problem = format!("has {kind} that the API does not document ({response})");
                Error::BadResponse { host, problem, source: None }
            }
        }
    }
}

impl Failure {
    /// The failure for a body that cannot be parsed. If the JSON text ends in the middle, the
    /// connection broke.
    pub fn bad_response(host: String, error: ResponseError) -> Self {
        let ResponseError { problem, source } = error;
        let kind = match source {
            Some(source) if source.is_eof() => {
                FailureKind::Connection("the response is incomplete".into())
            }
            source => FailureKind::BadResponse { problem, source: source.map(Source::from) },
        };
        Self { service: Service::Api, host, kind }
    }

    /// Hides the server's text if it repeats credentials.
    pub(super) fn hide_credentials(&mut self, mask: &Mask) {
        match &mut self.kind {
            FailureKind::Status(StatusFailure { message: Some(message), .. })
                if mask.is_needed_for(message) =>
            {
                HIDDEN.clone_into(message);
            }
            FailureKind::Connection(source)
            | FailureKind::Certificate { source, .. }
            | FailureKind::BadResponse { source: Some(source), .. }
                // For example, HTTP/2's GOAWAY frame carries text of the server.
                if causes(source.as_ref()).any(|cause| mask.is_needed_for(&cause.to_string())) =>
            {
                *source = HIDDEN.into();
            }
            _ => {}
        }
    }

    /// Returns true if the response to a search was a 429.
    pub fn is_rate_limit(&self) -> bool {
        self.search_status() == Some(429)
    }

    /// Returns true if the rate limit let a search through, although it failed.
    pub fn is_accepted(&self) -> bool {
        self.search_status().is_some_and(|status| status < 500 && status != 429)
    }

    fn search_status(&self) -> Option<u16> {
        match &self.kind {
            FailureKind::Status(failure) if self.service == Service::Api => Some(failure.status),
            _ => None,
        }
    }

    /// Converts into the error to return. `max_wait_needed` is for a rate limit whose wait was too
    /// long: the `max_wait` that would have been enough.
    pub fn into_error(self, max_wait_needed: Option<Duration>) -> Error {
        let Self { service, host, kind } = self;
        let error = match kind {
            FailureKind::Status(failure) if failure.status == 429 => {
                let limit = if failure.is_quota() { RateLimit::Quota } else { RateLimit::Window };
                let retry_after = failure.retry_after;
                return Error::RateLimited { limit, retry_after, max_wait_needed };
            }
            FailureKind::Status(failure) => failure.into_error(service, host),
            FailureKind::Timeout(timeout) => Error::Timeout { host, timeout },
            FailureKind::Connection(source) => Error::Network { host, source },
            FailureKind::Certificate { problem, source } => {
                Error::Certificate { host, problem, source }
            }
            FailureKind::BadResponse { problem, source } => {
                Error::BadResponse { host, problem, source }
            }
        };
        match service {
            Service::Accounts if !error.affects_every_query() => Error::Token(Box::new(error)),
            _ => error,
        }
    }
}

/// Returns an error and its causes, outermost first. An `io::Error` does not return the error that
/// it wraps as its source.
pub(super) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as _).or_else(|| error.source())
    })
}

/// Reads the message and the reason from the body of an error response: Spotify's JSON, OAuth's
/// JSON, plain text, HTML or nothing.
fn message_and_reason(body: &[u8]) -> (Option<String>, Option<String>) {
    let Ok(json) = serde_json::from_slice::<Value>(body) else {
        let text = String::from_utf8_lossy(body);
        let is_html = text.trim_start().starts_with('<');
        return (if is_html { None } else { readable_message(&text) }, None);
    };
    let error = &json["error"];
    let messages = [&error["message"], &json["error_description"], &json["message"], error];
    let message = messages.into_iter().find_map(|text| text.as_str().and_then(readable_message));
    let reasons = [&error["reason"], &json["reason"], error];
    let reason = reasons.into_iter().find_map(|text| text.as_str()).map(str::to_owned);
    (message, reason)
}

/// Returns the text on one line of a readable length, with possible secrets masked.
fn readable_message(text: &str) -> Option<String> {
    let line = mask_long_runs(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    match line.char_indices().nth(MAX_MESSAGE_CHARS) {
        Some((end, _)) => Some(format!("{}…", &line[..end])),
        None => Some(line).filter(|line| !line.is_empty()),
    }
}

/// Parses `Retry-After`: seconds or an HTTP date (RFC 9110 §10.2.3). 0 counts as missing, because a
/// request sent at once would be refused again.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long wait.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        httpdate::parse_http_date(text).ok()?.duration_since(now).ok()?
    };
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    /// The code and the message, with the cause of a failed token request.
    fn text(service: Service, status: u16, body: &[u8]) -> String {
        let (headers, now) = (HeaderMap::new(), SystemTime::UNIX_EPOCH);
        let status = StatusCode::from_u16(status).unwrap();
        let kind = FailureKind::Status(StatusFailure::new(status, &headers, body, now));
        let error = Failure { service, host: "host".into(), kind }.into_error(None);
        match &error {
            Error::Token(cause) => format!("{}: {error}: {cause}", error.code()),
            _ => format!("{}: {error}", error.code()),
        }
    }

    #[test]
    fn reads_every_kind_of_body() {
        let api = |status, body: &str| text(Service::Api, status, body.as_bytes());
        insta::assert_snapshot!(api(400, r#"{"error":{"status":400,"message":"Invalid limit"}}"#), @"bad_request: Spotify returned 400 Bad Request: Invalid limit");
        insta::assert_snapshot!(api(400, r#"{"error":{"status":400}}"#), @"bad_request: Spotify returned 400 Bad Request");
        insta::assert_snapshot!(api(404, r#"{"error":{"status":404,"message":""}}"#), @"not_found: Spotify returned 404 Not Found");
        insta::assert_snapshot!(api(405, ""), @"bad_request: Spotify returned 405 Method Not Allowed");
        insta::assert_snapshot!(api(503, "upstream connect error\n or disconnect"), @"server_error: Spotify returned 503 Service Unavailable: upstream connect error or disconnect");
        insta::assert_snapshot!(api(502, " <html><title>Bad gateway</title></html>"), @"server_error: Spotify returned 502 Bad Gateway");
        insta::assert_snapshot!(api(403, "Active premium subscription required for the owner of the app."), @"premium_required: Spotify requires the app's owner to have Premium (403 Forbidden: Active premium subscription required for the owner of the app.)");
        insta::assert_snapshot!(api(403, "null"), @"forbidden: Spotify returned 403 Forbidden");
        insta::assert_snapshot!(api(302, ""), @"bad_response: the response from host has a redirect that the API does not document (302 Found)");
        insta::assert_snapshot!(text(Service::Api, 500, b"\xff\xfe oh"), @"server_error: Spotify returned 500 Internal Server Error: �� oh");
        assert!(api(400, &"long ".repeat(10_000)).len() < 300);
        assert!(api(400, &"[".repeat(10_000)).starts_with("bad_request"));
    }

    #[test]
    fn accounts_service_rejects_credentials_with_400() {
        let accounts = |status, body: &str| text(Service::Accounts, status, body.as_bytes());
        insta::assert_snapshot!(accounts(400, r#"{"error":"invalid_client","error_description":"Invalid client secret"}"#), @"credentials_rejected: Spotify rejected the client id and secret (400 Bad Request: Invalid client secret)");
        insta::assert_snapshot!(accounts(400, r#"{"error":"invalid_client"}"#), @"credentials_rejected: Spotify rejected the client id and secret (400 Bad Request: invalid_client)");
        insta::assert_snapshot!(accounts(400, r#"{"error":"unsupported_grant_type"}"#), @"bad_request: cannot get a token: Spotify returned 400 Bad Request: unsupported_grant_type");
        insta::assert_snapshot!(accounts(401, ""), @"credentials_rejected: Spotify rejected the client id and secret (401 Unauthorized)");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 22 Nov 2026 12:00:00 GMT").unwrap();
        let wait = |text: &'static str| {
            let headers = [("retry-after".parse().unwrap(), HeaderValue::from_static(text))];
            retry_after(&HeaderMap::from_iter(headers), now).map(|wait| wait.as_secs())
        };
        assert_eq!(wait("7"), Some(7));
        assert_eq!(wait("86400"), Some(86_400));
        assert_eq!(wait("99999999999999999999999"), Some(u64::MAX));
        assert_eq!(wait("Sun, 22 Nov 2026 12:00:09 GMT"), Some(9));
        assert_eq!(wait("Sun, 22 Nov 2026 11:00:00 GMT"), None);
        for malformed in ["0", "", "-1", "1.5", "soon"] {
            assert_eq!(wait(malformed), None, "{malformed}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
