//! The [`Error`] for a response with a status other than 2xx. Which errors are retried is decided in
//! `retry`.
//!
//! Sources: <https://developer.spotify.com/documentation/web-api/concepts/api-calls>, and RFC 6749
//! §5.2 for the errors of the token request.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::mask::Mask;
use crate::duration::LONGEST;
use crate::error::{Error, ErrorResponse, RateLimit};

/// The longest server message in an error, in characters.
const MAX_MESSAGE_CHARS: usize = 200;

/// The two services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Accounts,
    Api,
}

/// Returns the error for a response with this status. `retry_after` is the wait that the response asks
/// for, and `mask` hides the secrets in its body.
pub(crate) fn status_error(
    service: Service,
    host: &str,
    status: u16,
    retry_after: Option<Duration>,
    body: &[u8],
    mask: &Mask,
) -> Error {
    let (message, reason) = message_and_reason(body, mask);
    let reason = reason.as_deref();
    let response = ErrorResponse { status, message, retry_after };
    let is_client_rejected = service == Service::Accounts
        && reason.is_none_or(|reason| {
            matches!(reason, "invalid_client" | "unauthorized_client" | "invalid_grant")
        });
    match status {
        // Of the accounts service, when it is overloaded.
        400 if reason == Some("errorTransient") => Error::ServerError(response),
        400 if is_client_rejected => Error::CredentialsRejected(response),
        // The request loop repeats the request once with a new token.
        401 if service == Service::Api => Error::TokenRejected(response),
        401 => Error::CredentialsRejected(response),
        403 if response.mentions("premium") => Error::PremiumRequired(response),
        403 => Error::Forbidden(response),
        404 => Error::NotFound(response),
        429 => {
            let is_quota = reason == Some("QUOTA_EXCEEDED");
            let limit = if is_quota { RateLimit::Quota } else { RateLimit::Window };
            Error::RateLimited { limit, retry_after, max_wait_needed: None }
        }
        400..500 => Error::BadRequest(response),
        500..600 if status != 511 => Error::ServerError(response),
        _ => {
            let problem = match status {
                // RFC 6585 §6.
                511 => "is from the login page of a network",
                300..400 => "has a redirect that the API does not document",
                _ => "has a status that the API does not document",
            };
            Error::bad_response(host, format!("{problem} ({response})"))
        }
    }
}

/// Returns the status of an error object in a response with the status 200.
pub(super) fn status_in_body(body: &[u8]) -> Option<u16> {
    let json: Value = serde_json::from_slice(body).ok()?;
    let status = json["error"]["status"].as_u64()?.try_into().ok()?;
    (400..600).contains(&status).then_some(status)
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
fn message_and_reason(body: &[u8], mask: &Mask) -> (Option<String>, Option<String>) {
    let Ok(json) = serde_json::from_slice::<Value>(body) else {
        let text = String::from_utf8_lossy(body);
        let is_html = text.trim_start().starts_with('<');
        return (if is_html { None } else { readable_message(&text, mask) }, None);
    };
    let error = &json["error"];
    let messages = [&error["message"], &json["error_description"], &json["message"], error];
    let readable = |text: &Value| readable_message(text.as_str()?, mask);
    let message = messages.into_iter().find_map(readable);
    let reasons = [&error["reason"], &json["reason"], error];
    let reason = reasons.into_iter().find_map(|text| text.as_str()).map(str::to_owned);
    (message, reason)
}

/// Returns the text on one line of a readable length, without secrets.
fn readable_message(text: &str, mask: &Mask) -> Option<String> {
    let line = mask.hide(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    match line.char_indices().nth(MAX_MESSAGE_CHARS) {
        Some((end, _)) => Some(format!("{}…", &line[..end])),
        None => Some(line).filter(|line| !line.is_empty()),
    }
}

/// Returns the wait that `Retry-After` asks for, in seconds or as an HTTP date (RFC 9110 §10.2.3). 0
/// counts as missing, because a request sent at once would be refused again.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long wait.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        httpdate::parse_http_date(text).ok()?.duration_since(now).ok()?
    };
    (!wait.is_zero()).then_some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    use crate::credentials::Credentials;

    fn text(service: Service, status: u16, body: &[u8]) -> String {
        let mask = Mask::new(&Credentials::new("the-client", "the-secret"));
        let error = status_error(service, "host", status, None, body, &mask);
        format!("{}: {error}", error.code())
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
        insta::assert_snapshot!(api(511, "log in"), @"bad_response: the response from host is from the login page of a network (511 Network Authentication Required: log in)");
        insta::assert_snapshot!(text(Service::Api, 500, b"\xff\xfe oh"), @"server_error: Spotify returned 500 Internal Server Error: �� oh");
        assert!(api(400, &"long ".repeat(10_000)).len() < 300);
        assert!(api(400, &"[".repeat(10_000)).starts_with("bad_request"));
    }

    #[test]
    fn accounts_service_rejects_credentials_with_400() {
        let accounts = |status, body: &str| text(Service::Accounts, status, body.as_bytes());
        insta::assert_snapshot!(accounts(400, r#"{"error":"invalid_client","error_description":"Invalid client secret"}"#), @"credentials_rejected: Spotify rejected the client id and secret (400 Bad Request: Invalid client secret)");
        insta::assert_snapshot!(accounts(400, r#"{"error":"invalid_client"}"#), @"credentials_rejected: Spotify rejected the client id and secret (400 Bad Request: invalid_client)");
        insta::assert_snapshot!(accounts(400, r#"{"error":"unsupported_grant_type"}"#), @"bad_request: Spotify returned 400 Bad Request: unsupported_grant_type");
        insta::assert_snapshot!(accounts(400, r#"{"error":"errorTransient"}"#), @"server_error: Spotify returned 400 Bad Request: errorTransient");
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
        assert_eq!(wait("99999999999999999999999"), Some(LONGEST.as_secs()));
        assert_eq!(wait("Sun, 22 Nov 2026 12:00:09 GMT"), Some(9));
        assert_eq!(wait("Sun, 22 Nov 2026 11:00:00 GMT"), None);
        for malformed in ["0", "", "-1", "1.5", "soon"] {
            assert_eq!(wait(malformed), None, "{malformed}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
