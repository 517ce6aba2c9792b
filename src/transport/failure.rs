//! What a single request can come to instead of an answer to read, and what that means for the
//! user. Whether to try again is [`super::retry`]'s to decide.
//!
//! Sources: <https://developer.spotify.com/documentation/web-api/concepts/api-calls>, RFC 6749
//! section 5.2 for the token's errors.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::error::{Error, ErrorResponse, SEARCH, TOKEN_REQUEST};

/// As much of a server's own words as an error repeats, in characters.
const MAX_MESSAGE: usize = 200;

/// Which of the two services was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Accounts,
    Api,
}

impl Service {
    /// What it is asked for.
    fn request(self) -> &'static str {
        match self {
            Self::Accounts => TOKEN_REQUEST,
            Self::Api => SEARCH,
        }
    }
}

/// One request that failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Which service was asked, and where it is.
    pub service: Service,
    pub host: String,
    pub kind: FailureKind,
}

/// What it failed with.
#[derive(Clone, Debug)]
pub(crate) enum FailureKind {
    /// An answer with a status other than 2xx.
    Status(StatusFailure),
    /// The request took longer than this limit.
    Timeout(Duration),
    /// No connection, or a broken one, and why.
    Connection(String),
    /// A secure connection that can't be trusted: trying again would not change that.
    Untrusted { cause: String, is_unknown: bool },
    /// An answer that can't be read, and what is wrong with it.
    Unreadable(String),
}

/// An answer with a status other than 2xx, as far as it matters.
#[derive(Clone, Debug)]
pub(crate) struct StatusFailure {
    pub status: u16,
    /// The wait that a `Retry-After` header asks for; `None` where it is missing, nought or
    /// unreadable.
    pub retry_after: Option<Duration>,
    /// What the server says in words.
    pub message: Option<String>,
    /// Spotify's `reason` or OAuth's `error`: a word for programs.
    pub reason: Option<String>,
}

impl StatusFailure {
    /// What an answer with this status, these headers and this body means.
    pub fn new(status: StatusCode, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Self {
        let (message, reason) = words_of(body);
        let retry_after = retry_after(headers, now);
        Self { status: status.as_u16(), retry_after, message, reason }
    }

    /// Whether more than the rolling window is used up, so that a short wait can't help.
    pub fn is_about_a_quota(&self) -> bool {
        self.reason.as_deref() == Some("QUOTA_EXCEEDED")
    }

    fn into_error(self, service: Service, host: String) -> Error {
        let request = service.request();
        let answer = ErrorResponse { request, status: self.status, message: self.message };
        let says = |word: &str| {
            answer.message.as_ref().is_some_and(|text| text.to_lowercase().contains(word))
        };
        match (self.status, service) {
            (300..400, _) => {
                Error::BadResponse { host, fault: format!("is an unexpected redirect ({answer})") }
            }
            (400, Service::Accounts) if self.reason.as_deref().is_none_or(is_about_the_client) => {
                Error::CredentialsRejected(answer)
            }
            (401, _) => Error::CredentialsRejected(answer),
            (403, _) if says("premium") => Error::PremiumRequired(answer),
            (403, _) => Error::Forbidden(answer),
            (404, _) => Error::NotFound(answer),
            (400..500, _) => Error::BadRequest(answer),
            (500..600, _) => Error::ServerError(answer),
            _ => Error::BadResponse { host, fault: format!("has an unexpected status ({answer})") },
        }
    }
}

/// OAuth's words for a client that is not accepted, as against a request that is malformed.
fn is_about_the_client(reason: &str) -> bool {
    matches!(reason, "invalid_client" | "unauthorized_client" | "invalid_grant")
}

impl Failure {
    /// Whether Spotify asks to keep away for a while.
    pub fn is_rate_limit(&self) -> bool {
        matches!(&self.kind, FailureKind::Status(failure) if failure.status == 429)
    }

    /// The error to tell. For a rate limit that there was no patience for, `needed` is the
    /// `--max-wait` that would have been enough.
    pub fn into_error(self, needed: Option<Duration>) -> Error {
        let Self { service, host, kind } = self;
        let error = match kind {
            FailureKind::Status(failure) if failure.status == 429 => Error::RateLimited {
                retry_after: failure.retry_after,
                needed,
                quota: failure.is_about_a_quota(),
            },
            FailureKind::Status(failure) => failure.into_error(service, host),
            FailureKind::Timeout(limit) => Error::Timeout { host, limit },
            FailureKind::Connection(cause) => Error::Network { host, cause, unknown_issuer: false },
            FailureKind::Untrusted { cause, is_unknown } => {
                Error::Network { host, cause, unknown_issuer: is_unknown }
            }
            FailureKind::Unreadable(fault) => Error::BadResponse { host, fault },
        };
        match service {
            Service::Accounts if !error.stops_all() => Error::NoToken(Box::new(error)),
            _ => error,
        }
    }
}

/// The message for people and the word for programs in the body of an error answer, which may be
/// Spotify's JSON, OAuth's JSON, plain text, HTML or nothing at all.
fn words_of(body: &[u8]) -> (Option<String>, Option<String>) {
    let Ok(json) = serde_json::from_slice::<Value>(body) else {
        let text = String::from_utf8_lossy(body);
        let is_page = text.trim_start().starts_with('<');
        return (if is_page { None } else { shortened(&text) }, None);
    };
    let error = &json["error"];
    let texts = [&error["message"], &json["error_description"], &json["message"], error];
    let message = texts.into_iter().find_map(|text| text.as_str().and_then(shortened));
    let reason = [&error["reason"], &json["reason"], error];
    let reason = reason.into_iter().find_map(|text| text.as_str()).map(str::to_owned);
    (message, reason)
}

/// One line of a readable length; `None` where there is no text.
fn shortened(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => Some(format!("{}…", &line[..end])),
        None if line.is_empty() => None,
        None => Some(line),
    }
}

/// The wait of a `Retry-After` header: seconds or an HTTP date (RFC 9110, section 10.2.3). Nought
/// counts as missing, since to ask again at once would only meet the same limit.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Too many digits for a number is still a very long wait.
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

    fn told(service: Service, status: u16, body: &[u8]) -> String {
        let (headers, now) = (HeaderMap::new(), SystemTime::UNIX_EPOCH);
        let status = StatusCode::from_u16(status).unwrap();
        let kind = FailureKind::Status(StatusFailure::new(status, &headers, body, now));
        let error = Failure { service, host: "host".into(), kind }.into_error(None);
        format!("{}: {error}", error.code())
    }

    #[test]
    fn every_kind_of_body_gives_a_clear_line() {
        let api = |status, body: &str| told(Service::Api, status, body.as_bytes());
        insta::assert_snapshot!(api(400, r#"{"error":{"status":400,"message":"Invalid limit"}}"#), @"bad_request: Spotify rejected the search (400 Bad Request: Invalid limit)");
        insta::assert_snapshot!(api(400, r#"{"error":{"status":400}}"#), @"bad_request: Spotify rejected the search (400 Bad Request)");
        insta::assert_snapshot!(api(404, r#"{"error":{"status":404,"message":""}}"#), @"not_found: Spotify found nothing at the address of the search (404 Not Found)");
        insta::assert_snapshot!(api(405, ""), @"bad_request: Spotify rejected the search (405 Method Not Allowed)");
        insta::assert_snapshot!(api(503, "upstream connect error\n or disconnect"), @"server_error: Spotify failed to answer the search (503 Service Unavailable: upstream connect error or disconnect)");
        insta::assert_snapshot!(api(502, " <html><title>Bad gateway</title></html>"), @"server_error: Spotify failed to answer the search (502 Bad Gateway)");
        insta::assert_snapshot!(api(403, "Active premium subscription required for the owner of the app."), @"premium_required: Spotify requires the app's owner to have Premium (403 Forbidden: Active premium subscription required for the owner of the app.)");
        insta::assert_snapshot!(api(403, "null"), @"forbidden: Spotify forbids this search (403 Forbidden)");
        insta::assert_snapshot!(api(302, ""), @"bad_response: the response from host is an unexpected redirect (302 Found)");
        insta::assert_snapshot!(told(Service::Api, 500, b"\xff\xfe oh"), @"server_error: Spotify failed to answer the search (500 Internal Server Error: �� oh)");
        assert!(api(400, &"long ".repeat(10_000)).len() < 300);
        assert!(api(400, &"[".repeat(10_000)).starts_with("bad_request"));
    }

    #[test]
    fn the_accounts_service_rejects_credentials_with_400() {
        let accounts = |status, body: &str| told(Service::Accounts, status, body.as_bytes());
        insta::assert_snapshot!(accounts(400, r#"{"error":"invalid_client","error_description":"Invalid client secret"}"#), @"credentials_rejected: Spotify does not accept the client id and secret (400 Bad Request: Invalid client secret)");
        insta::assert_snapshot!(accounts(400, r#"{"error":"invalid_client"}"#), @"credentials_rejected: Spotify does not accept the client id and secret (400 Bad Request: invalid_client)");
        insta::assert_snapshot!(accounts(400, r#"{"error":"unsupported_grant_type"}"#), @"bad_request: Spotify rejected the token request (400 Bad Request: unsupported_grant_type)");
        insta::assert_snapshot!(accounts(401, ""), @"credentials_rejected: Spotify does not accept the client id and secret (401 Unauthorized)");
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
        for unreadable in ["0", "", "-1", "1.5", "soon"] {
            assert_eq!(wait(unreadable), None, "{unreadable}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
