//! What is printed about an error: code, message, hints and exit status.

use std::error::Error as StdError;
use std::io;

use spotify_search::Error;

use super::exit_status;
use super::text_error::TextError;

/// What is printed about an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub code: &'static str,
    pub message: String,
    pub hints: Vec<String>,
    pub exit_status: u8,
}

impl Report {
    /// Creates a report with at most one hint.
    pub fn new(code: &'static str, message: String, hint: Option<String>, exit_status: u8) -> Self {
        Self { code, message, hints: hint.into_iter().collect(), exit_status }
    }

    /// Creates the report of a file that cannot be read.
    pub fn unreadable(file: &str, error: &io::Error) -> Self {
        let text_error = error.get_ref().and_then(|error| error.downcast_ref());
        let hint = text_error.and_then(TextError::hint).map(str::to_owned);
        Self::new(
            "config_invalid",
            format!("cannot read {file}: {error}"),
            hint,
            exit_status::USAGE,
        )
    }

    /// Creates the report of a search that failed.
    pub fn of_search(error: &Error, hint: Option<String>) -> Self {
        Self::new(error.code(), message(error), hint, exit_status::FAILURE)
    }

    /// Creates the report of a line of a batch that failed.
    pub fn of_line(code: &'static str, message: String) -> Self {
        Self::new(code, message, None, exit_status::FAILURE)
    }

    /// Creates the report of standard output that cannot be written.
    pub fn of_output(error: &io::Error) -> Self {
        Self::new("output", format!("cannot write the output: {error}"), None, exit_status::FAILURE)
    }
}

/// Returns the message of a client error with its root cause.
pub fn message(error: &Error) -> String {
    match error {
        Error::Token(inner) => format!("{error}: {}", message(inner)),
        _ => with_cause(error),
    }
}

/// Returns the message with the innermost cause. The causes between repeat each other.
fn with_cause(error: &dyn StdError) -> String {
    let Some(cause) = std::iter::successors(error.source(), |&cause| cause.source()).last() else {
        return error.to_string();
    };
    let cause = cause.to_string();
    // Some messages of rustls end with a link into its documentation.
    let cause = cause.split_once(": https://").map_or(cause.as_str(), |(cause, _)| cause);
    format!("{error}: {cause}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn message_has_the_root_cause() {
        let network =
            Error::Network { host: "host".into(), source: Arc::new(io::Error::other("refused")) };
        assert_eq!(message(&network), "the connection to host failed: refused");
        let token = Error::Token(Arc::new(network));
        assert_eq!(message(&token), "cannot get a token: the connection to host failed: refused");
    }
}
