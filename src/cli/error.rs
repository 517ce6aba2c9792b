//! The command's error type: one variant per way the command can fail, and a function that maps each
//! to an error code, message, hint and exit status. The text of the hints is in `hints`.

use std::error::Error as StdError;
use std::io;

use super::args::ParseError;
use super::credentials::CredentialsError;
use super::hints;
use crate::error::Error;

/// Exit status: the API, the network or the output failed.
pub const EXIT_FAILURE: u8 = 1;
/// Exit status: the command line, the credentials or a file is unusable; nothing was sent.
pub const EXIT_USAGE: u8 = 2;
/// Exit status: nothing was found, with `--exit-status`.
pub const EXIT_NOTHING_FOUND: u8 = 3;

/// Why the command failed.
#[derive(Debug)]
pub enum CommandError {
    /// The command line cannot be used.
    Usage(ParseError),
    /// There are no usable credentials.
    Credentials(CredentialsError),
    /// The client could not be set up.
    Client(Error),
    /// A search failed.
    Search { error: Error, hint: Option<String> },
    /// A batch stopped before this line.
    Batch { error: Error, line: u64, input: String, hint: Option<String> },
    /// The input of a batch cannot be read from this line on.
    Input { error: io::Error, line: u64, input: String },
    /// The output cannot be written.
    Output(io::Error),
    /// The operating system refuses what the command needs to start.
    StartUp(anyhow::Error),
}

impl From<ParseError> for CommandError {
    fn from(error: ParseError) -> Self {
        Self::Usage(error)
    }
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        Self::Client(error)
    }
}

impl From<CredentialsError> for CommandError {
    fn from(error: CredentialsError) -> Self {
        Self::Credentials(error)
    }
}

/// What is printed about an error.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    pub code: &'static str,
    pub message: String,
    pub hint: Option<String>,
    pub exit_status: u8,
}

impl CommandError {
    /// Returns the report.
    ///
    /// Returns `None` for command-line errors, which the parser prints itself, and for a closed pipe,
    /// which is not an error.
    pub fn report(&self) -> Option<Report> {
        let report =
            |code, message, hint, exit_status| Some(Report { code, message, hint, exit_status });
        match self {
            Self::Usage(_) => None,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
            Self::Credentials(error) => report(
                credentials_code(error),
                with_cause(error),
                hints::credentials(error),
                EXIT_USAGE,
            ),
            Self::Client(error) => report(error.code(), message(error), None, EXIT_USAGE),
            Self::Search { error, hint } => {
                report(error.code(), message(error), hint.clone(), EXIT_FAILURE)
            }
            Self::Batch { error, line, input, hint } => {
                let message = format!("{}; {}", message(error), stopped_at(*line, input));
                report(error.code(), message, hint.clone(), EXIT_FAILURE)
            }
            Self::Input { error, line, input } => {
                let message = format!("cannot read {input}: {error}");
                if *line == 1 {
                    return report("config_invalid", message, None, EXIT_USAGE);
                }
                // Part of the batch has been sent.
                let message = format!("{message}; {}", stopped_at(*line, input));
                report("config_invalid", message, None, EXIT_FAILURE)
            }
            Self::Output(error) => {
                report("output", format!("cannot write the output: {error}"), None, EXIT_FAILURE)
            }
            Self::StartUp(error) => report("system", format!("{error:#}"), None, EXIT_FAILURE),
        }
    }
}

fn credentials_code(error: &CredentialsError) -> &'static str {
    match error {
        CredentialsError::Missing { .. } => "credentials_missing",
        CredentialsError::Malformed { .. } => "credentials_malformed",
        CredentialsError::UnreadableFile { .. } => "config_invalid",
    }
}

fn stopped_at(line: u64, input: &str) -> String {
    match line {
        1 => format!("stopped at line 1 of {input}; nothing is done"),
        2 => format!("stopped at line 2 of {input}; line 1 is done"),
        _ => format!("stopped at line {line} of {input}; lines 1-{} are done", line - 1),
    }
}

/// Returns the message of a client error with its root cause.
pub fn message(error: &Error) -> String {
    match error {
        Error::Token(inner) => format!("{error}: {}", message(inner)),
        // The cause says the same.
        Error::Certificate { unknown_issuer: true, .. } => error.to_string(),
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
    use super::*;

    #[test]
    fn says_where_a_batch_stopped() {
        assert_eq!(stopped_at(1, "list"), "stopped at line 1 of list; nothing is done");
        assert_eq!(stopped_at(2, "list"), "stopped at line 2 of list; line 1 is done");
        assert_eq!(stopped_at(4, "list"), "stopped at line 4 of list; lines 1-3 are done");
    }

    #[test]
    fn unreadable_input_is_a_usage_error_only_if_nothing_was_sent() {
        let exit_status = |line| {
            let error = io::Error::other("gone");
            let error = CommandError::Input { error, line, input: "list".into() };
            error.report().unwrap().exit_status
        };
        assert_eq!((exit_status(1), exit_status(2)), (EXIT_USAGE, EXIT_FAILURE));
    }

    #[test]
    fn closed_pipe_is_no_error_and_full_disk_is() {
        let output = |kind: io::ErrorKind| CommandError::Output(kind.into()).report();
        assert_eq!(output(io::ErrorKind::BrokenPipe), None);
        let full = output(io::ErrorKind::StorageFull).unwrap();
        assert_eq!((full.code, full.exit_status), ("output", EXIT_FAILURE));
        assert_eq!(full.message, "cannot write the output: no storage space");
    }

    #[test]
    fn message_has_the_root_cause() {
        let network = Error::Network { host: "host".into(), source: "refused".into() };
        assert_eq!(message(&network), "the connection to host failed: refused");
        let token = Error::Token(Box::new(network));
        assert_eq!(message(&token), "cannot get a token: the connection to host failed: refused");
    }

    #[test]
    fn failure_to_start_has_its_own_code() {
        let error = anyhow::anyhow!("no threads").context("cannot start the runtime");
        let report = CommandError::StartUp(error).report().unwrap();
        assert_eq!((report.code, report.exit_status), ("system", EXIT_FAILURE));
        assert_eq!(report.message, "cannot start the runtime: no threads");
    }
}
