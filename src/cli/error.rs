//! From an error to what a person and a script are told: code, message, hint and exit status, all
//! by one function.

use std::fmt;
use std::io;
use std::time::Duration;

use jiff::{SignedDuration, Zoned};

use super::{FAILURE, USAGE};
use crate::credentials::{CLIENT_ID, CLIENT_SECRET};
use crate::error::{Error, SEARCH, whole_seconds};
use crate::query::SearchQuery;

/// Queries that are longer have been seen to be refused, in characters.
const LONG_QUERY: usize = 100;

/// What is said of an error.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    /// The stable code.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// What may help.
    pub hint: Option<String>,
    /// The exit status.
    pub exit: u8,
}

/// The length of the query that failed, as the context of its error.
#[derive(Clone, Copy, Debug)]
pub struct QueryLength(usize);

impl QueryLength {
    pub fn of(query: &SearchQuery) -> Self {
        Self(query.text().chars().count())
    }
}

impl fmt::Display for QueryLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "searching for {} characters", self.0)
    }
}

/// Where a list of queries stopped, as the context of its error.
#[derive(Debug)]
pub struct Stopped {
    pub line: u64,
    pub input: String,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, input } = self;
        match line {
            1 => write!(f, "stopped at line 1 of {input}: nothing is done"),
            _ => write!(f, "all before line {line} of {input} is done: resume from that line"),
        }
    }
}

/// Explains the failure of a line that does not end the run.
pub fn of_line(error: &Error, line: u64) -> Report {
    let message = match error {
        Error::UnusableLine(fault) => format!("line {line} {fault}"),
        error => format!("line {line}: {error}"),
    };
    Report { code: error.code(), message, hint: None, exit: FAILURE }
}

/// Explains an error; `None` where it is only that the reader of the output has closed it.
pub fn explain(error: &anyhow::Error, now: &Zoned) -> Option<Report> {
    if let Some(known) = error.downcast_ref::<Error>() {
        let stopped = error.downcast_ref::<Stopped>();
        let exit = match known {
            // Not once a part of a list is done: this status promises that nothing was sent.
            _ if stopped.is_some_and(|stopped| stopped.line > 1) => FAILURE,
            Error::CredentialsMissing { .. }
            | Error::CredentialsMalformed { .. }
            | Error::ConfigInvalid(_) => USAGE,
            _ => FAILURE,
        };
        let length = error.downcast_ref::<QueryLength>().map_or(0, |length| length.0);
        let hint = hint(known, length, now);
        let message = match stopped {
            Some(stopped) => format!("{known}; {stopped}"),
            None => known.to_string(),
        };
        return Some(Report { code: known.code(), message, hint, exit });
    }
    let is_closed = |io: &io::Error| io.kind() == io::ErrorKind::BrokenPipe;
    if error.chain().any(|cause| cause.downcast_ref().is_some_and(is_closed)) {
        return None;
    }
    // Nothing else fails in the command but its output.
    Some(Report { code: "output", message: format!("{error:#}"), hint: None, exit: FAILURE })
}

fn hint(error: &Error, query_length: usize, now: &Zoned) -> Option<String> {
    Some(match error {
        Error::NoToken(error) => return hint(error, query_length, now),
        Error::CredentialsMissing { instead: Some(other), .. } => {
            let name = if other.ends_with("_SECRET") { CLIENT_SECRET } else { CLIENT_ID };
            format!("{other} is set, but this tool reads {name}")
        }
        Error::CredentialsMissing { .. } => {
            "set them in the environment or in .env, or try --demo, which needs no credentials"
                .into()
        }
        Error::CredentialsRejected(_) | Error::CredentialsMalformed { .. } => format!(
            "compare {CLIENT_ID} and {CLIENT_SECRET} with the app's settings at https://developer.spotify.com/dashboard"
        ),
        Error::PremiumRequired(_) => {
            "since 2026 an app in Development Mode works only while its owner has Premium".into()
        }
        Error::BadRequest(answer) | Error::NotFound(answer)
            if answer.request == SEARCH && query_length > LONG_QUERY =>
        {
            format!(
                "the query has {query_length} characters, and Spotify has refused queries of more than about {LONG_QUERY}"
            )
        }
        Error::RateLimited { retry_after: Some(wait), needed, .. } => {
            rate_hint(*wait, *needed, now)?
        }
        Error::CoolingDown { rest, needed } => rate_hint(*rest, Some(*needed), now)?,
        Error::Timeout { .. } => "--timeout SECONDS allows one request more time".into(),
        Error::Network { unknown_issuer: true, .. } => {
            "--cacert FILE trusts a certificate of your own, such as a company proxy's".into()
        }
        _ => return None,
    })
}

/// A wait that nobody is told how to wait out.
const LONGEST_WAIT: Duration = Duration::from_secs(7 * 86_400);

/// `search again after 19:42, or pass --max-wait 20520 to wait it out`.
fn rate_hint(wait: Duration, needed: Option<Duration>, now: &Zoned) -> Option<String> {
    // Rounded up to the minute, as the seconds are cut off.
    let wait = wait.checked_add(Duration::from_secs(59))?;
    let again = now.checked_add(SignedDuration::try_from(wait).ok()?).ok()?;
    let form = match (again.date() == now.date(), again.year() == now.year()) {
        (true, _) => "%H:%M",
        (false, true) => "%H:%M on %A, %-d %B",
        (false, false) => "%-d %B %Y",
    };
    let hint = format!("search again after {}", again.strftime(form));
    Some(match needed {
        Some(needed) if needed <= LONGEST_WAIT => {
            format!("{hint}, or pass --max-wait {} to wait it out", whole_seconds(needed))
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

    fn told(error: Error) -> String {
        let report = explain(&anyhow::Error::new(error), &noon()).unwrap();
        let Report { code, message, hint, exit } = report;
        format!("{exit} error[{code}]: {message}\nhint: {}", hint.unwrap_or_default())
    }

    fn limited(seconds: u64, needed: Option<u64>) -> Error {
        let needed = needed.map(Duration::from_secs);
        Error::RateLimited { retry_after: Some(Duration::from_secs(seconds)), needed, quota: false }
    }

    #[test]
    fn a_rate_limit_says_how_long_until_when_and_what_would_wait_it_out() {
        insta::assert_snapshot!(told(limited(20_520, Some(20_520))), @"
        1 error[rate_limited]: Spotify asks to wait 5 h 42 min before the next search
        hint: search again after 17:42, or pass --max-wait 20520 to wait it out
        ");
        insta::assert_snapshot!(told(limited(80_000, Some(80_030))), @"
        1 error[rate_limited]: Spotify asks to wait 22 h 14 min before the next search
        hint: search again after 10:14 on Monday, 23 November, or pass --max-wait 80030 to wait it out
        ");
        insta::assert_snapshot!(told(limited(3, None)), @"
        1 error[rate_limited]: Spotify asks to wait 3 s before the next search
        hint: search again after 12:01
        ");
        insta::assert_snapshot!(told(limited(40 * 86_400, Some(40 * 86_400))), @"
        1 error[rate_limited]: Spotify asks to wait 40 d before the next search
        hint: search again after 1 January 2027
        ");
        insta::assert_snapshot!(told(limited(u64::MAX, None)), @"
        1 error[rate_limited]: Spotify asks to wait 213503982334601 d 8 h before the next search
        hint:
        ");
    }

    #[test]
    fn a_long_query_is_named_as_the_likely_cause() {
        let error =
            || Error::NotFound(ErrorResponse { request: "search", status: 404, message: None });
        let with_length = |length| {
            explain(&anyhow::Error::new(error()).context(QueryLength(length)), &noon())
                .unwrap()
                .hint
        };
        assert!(with_length(101).unwrap().contains("101 characters"));
        assert_eq!(with_length(100), None);
    }

    #[test]
    fn a_list_that_can_not_be_read_further_was_sent_in_part() {
        let exit = |line| {
            let error = anyhow::Error::new(Error::ConfigInvalid("cannot read list".into()));
            explain(&error.context(Stopped { line, input: "list".into() }), &noon()).unwrap().exit
        };
        assert_eq!((exit(1), exit(2)), (USAGE, FAILURE));
    }

    #[test]
    fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
        let output = |kind: io::ErrorKind| {
            anyhow::Error::new(io::Error::from(kind)).context("cannot write the output")
        };
        assert_eq!(explain(&output(io::ErrorKind::BrokenPipe), &noon()), None);
        let report = explain(&output(io::ErrorKind::StorageFull), &noon()).unwrap();
        assert_eq!((report.code, report.exit), ("output", FAILURE));
        assert_eq!(report.message, "cannot write the output: no storage space");
    }
}
