//! Hints: what a user can do about an error.

use std::time::Duration;

use jiff::{SignedDuration, Zoned};

use super::credentials::{CLIENT_ID, CLIENT_SECRET, CredentialsError};
use crate::duration::whole_seconds;
use crate::error::Error;

/// Spotify has rejected longer queries, in characters.
const LONG_QUERY: usize = 100;

/// The longest wait for which a hint suggests `--max-wait`.
const MAX_SUGGESTED_WAIT: Duration = Duration::from_secs(7 * 86_400);

/// Returns the hint for a credentials error, if there is one.
pub fn credentials(error: &CredentialsError) -> Option<String> {
    match error {
        CredentialsError::Missing { similar: Some((similar, name)), .. } => {
            Some(format!("{similar} is set, but this tool reads {name}"))
        }
        CredentialsError::Missing { names, .. } => {
            let object = if names.len() == 1 { "it" } else { "them" };
            Some(format!(
                "set {object} in the environment or in .env, or try --demo, which needs no credentials"
            ))
        }
        CredentialsError::Malformed { .. } => Some(compare_credentials()),
        CredentialsError::UnreadableFile { .. } => None,
    }
}

/// Returns the hint for a search error, if there is one. `query_chars` is the length of the query in
/// characters.
pub fn search(error: &Error, query_chars: usize, now: &Zoned) -> Option<String> {
    match error {
        Error::BadRequest(_) | Error::NotFound(_) if query_chars > LONG_QUERY => Some(format!(
            "the query has {query_chars} characters; Spotify has rejected queries of more than about {LONG_QUERY}"
        )),
        _ => client(error, now),
    }
}

/// Returns the hint for any other client error, if there is one.
pub fn client(error: &Error, now: &Zoned) -> Option<String> {
    match error {
        Error::Token(error) => client(error, now),
        Error::CredentialsRejected(_) => Some(compare_credentials()),
        Error::PremiumRequired(_) => {
            Some("since 2026 an app in Development Mode works only if its owner has Premium".into())
        }
        Error::RateLimited { retry_after, max_wait_needed, .. } => {
            rate_limit((*retry_after)?, *max_wait_needed, now)
        }
        Error::Timeout { .. } => Some("pass a longer --timeout".into()),
        Error::Certificate { unknown_issuer: true, .. } => {
            Some("pass --cacert FILE to trust another issuer, such as a company proxy's".into())
        }
        _ => None,
    }
}

fn compare_credentials() -> String {
    format!(
        "compare {CLIENT_ID} and {CLIENT_SECRET} with the app's settings at https://developer.spotify.com/dashboard"
    )
}

/// Returns `search again after 19:42, or pass --max-wait 20520 to wait`.
fn rate_limit(wait: Duration, max_wait_needed: Option<Duration>, now: &Zoned) -> Option<String> {
    // Rounded up to the minute, because the text has no seconds.
    let wait = wait.checked_add(Duration::from_secs(59))?;
    let again = now.checked_add(SignedDuration::try_from(wait).ok()?).ok()?;
    let format = match (again.date() == now.date(), again.year() == now.year()) {
        (true, _) => "%H:%M",
        (false, true) => "%H:%M on %A, %-d %B",
        (false, false) => "%-d %B %Y",
    };
    let hint = format!("search again after {}", again.strftime(format));
    Some(match max_wait_needed {
        Some(needed) if needed <= MAX_SUGGESTED_WAIT => {
            format!("{hint}, or pass --max-wait {} to wait", whole_seconds(needed))
        }
        _ => hint,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorResponse;

    fn noon() -> Zoned {
        jiff::civil::date(2026, 11, 22).at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap()
    }

    #[test]
    fn rate_limit_says_when_to_search_again_and_how_to_wait() {
        let hint = |wait, needed: Option<u64>| {
            let needed = needed.map(Duration::from_secs);
            rate_limit(Duration::from_secs(wait), needed, &noon()).unwrap_or_default()
        };
        insta::assert_snapshot!(hint(20_520, Some(20_520)), @"search again after 17:42, or pass --max-wait 20520 to wait");
        insta::assert_snapshot!(hint(80_000, Some(80_030)), @"search again after 10:14 on Monday, 23 November, or pass --max-wait 80030 to wait");
        insta::assert_snapshot!(hint(3, None), @"search again after 12:01");
        insta::assert_snapshot!(hint(40 * 86_400, Some(40 * 86_400)), @"search again after 1 January 2027");
        insta::assert_snapshot!(hint(u64::MAX, None), @"");
    }

    #[test]
    fn long_query_is_the_likely_cause_of_a_404() {
        let error = Error::NotFound(ErrorResponse { status: 404, message: None });
        assert!(search(&error, 101, &noon()).unwrap().contains("101 characters"));
        assert_eq!(search(&error, 100, &noon()), None);
    }
}
