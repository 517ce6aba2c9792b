//! The command's error type: one variant per way the command can fail, and a function that maps each
//! to an error code, message, hint and exit status. The text of the hints is in `hints`.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use super::hints;
use crate::cli::args::parse::ParseError;
use crate::cli::settings::find_credentials::CredentialsError;
use crate::cli::terminal::signals::Signal;
use crate::error::Error;

/// Exit status: the API, the network or the output failed.
pub const EXIT_FAILURE: u8 = 1;
/// Exit status: the command line, the credentials or a file is unusable; nothing was sent.
pub const EXIT_USAGE: u8 = 2;
/// Exit status: nothing was found, with `--exit-status`.
pub const EXIT_NOTHING_FOUND: u8 = 3;

/// Exit status: a batch is not finished because of a limit. It can be continued later.
pub const EXIT_UNFINISHED: u8 = 4;

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
    /// The input cannot be opened, or not even its first line can be read.
    Input { error: io::Error, input: String },
    /// The output is the input file.
    OutputIsInput { input: String },
    /// The output file cannot be continued.
    OutputFile { message: String },
    /// A batch stopped before the end of its input.
    Stopped { cause: StopCause, position: Box<Position> },
    /// A signal ended the run. A batch reports where it stopped.
    Interrupted { signal: Signal, report: Option<Report> },
    /// The output cannot be written.
    Output(io::Error),
    /// The operating system refuses what the command needs to start.
    StartUp(anyhow::Error),
}

/// Why a batch stopped.
#[derive(Debug)]
pub enum StopCause {
    /// This error affects every query, or the last of many failures in a row.
    Search { error: Error, hint: Option<String> },
    /// The input cannot be read any further.
    Input(io::Error),
    /// The results cannot be written.
    Output(io::Error),
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

/// Where a batch stopped. Its `Display` text is for messages.
#[derive(Debug)]
pub struct Position {
    pub input: String,
    /// The first line that is not written.
    pub next_line: u64,
    /// True if the same command continues the batch.
    pub is_continued: bool,
}

impl Position {
    /// Returns how to continue.
    fn hint(&self) -> &'static str {
        if self.is_continued {
            "run the same command again to continue"
        } else {
            "with --output FILE, the same command continues where it stopped"
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { next_line: line, input, .. } = self;
        match line {
            // Some of the lines before may have failed, and are searched for again.
            _ if self.is_continued => write!(f, "stopped at line {line} of {input}"),
            1 => write!(f, "stopped at line 1 of {input}; nothing is done"),
            2 => write!(f, "stopped at line 2 of {input}; line 1 is done"),
            _ => write!(f, "stopped at line {line} of {input}; lines 1-{} are done", line - 1),
        }
    }
}

/// What is printed about an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub code: &'static str,
    pub message: String,
    pub hint: Option<String>,
    /// How to continue a batch.
    pub continuation: Option<&'static str>,
    pub exit_status: u8,
}

impl Report {
    /// Creates the report of one line of a batch that failed.
    pub fn of_line(code: &'static str, message: String) -> Self {
        Self { code, message, hint: None, continuation: None, exit_status: EXIT_FAILURE }
    }
}

impl CommandError {
    /// Returns a function that wraps an error of the operating system at start.
    pub fn start_up(context: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::StartUp(anyhow::Error::from(error).context(context))
    }

    /// The batch stopped at this position because of a signal. `is_cut` is true if the output may end in
    /// the middle of a line.
    pub fn interrupted(signal: Signal, position: &Position, is_cut: bool) -> Self {
        let report = Report {
            code: "interrupted",
            message: position.to_string(),
            hint: is_cut.then(|| "the output may end in the middle of a line".into()),
            continuation: Some(position.hint()),
            exit_status: EXIT_FAILURE,
        };
        Self::Interrupted { signal, report: Some(report) }
    }

    /// Returns the report.
    ///
    /// Returns `None` for command-line errors, which the parser prints itself, and for a closed pipe,
    /// which is not an error.
    pub fn report(&self) -> Option<Report> {
        let report = |code, message, hint, exit_status| {
            Some(Report { code, message, hint, continuation: None, exit_status })
        };
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
            Self::Input { error, input } => {
                let message = format!("cannot read {input}: {error}");
                report("config_invalid", message, hints::input(error), EXIT_USAGE)
            }
            Self::OutputIsInput { input } => {
                let message = format!("the output is the input file {input}");
                report("config_invalid", message, None, EXIT_USAGE)
            }
            Self::OutputFile { message } => {
                report("config_invalid", message.clone(), None, EXIT_USAGE)
            }
            Self::Stopped { cause, position } => Some(stop_report(cause, position)),
            Self::Interrupted { report, .. } => report.clone(),
            Self::Output(error) => {
                report("output", format!("cannot write the output: {error}"), None, EXIT_FAILURE)
            }
            Self::StartUp(error) => report("system", format!("{error:#}"), None, EXIT_FAILURE),
        }
    }
}

/// Returns the report of a batch that stopped.
fn stop_report(cause: &StopCause, position: &Position) -> Report {
    let (code, message, hint) = match cause {
        StopCause::Search { error, hint } => {
            let message = if error.affects_every_query() {
                format!("{}; {position}", message(error))
            } else {
                format!("too many failures in a row: {}; {position}", message(error))
            };
            (error.code(), message, hint.clone())
        }
        StopCause::Input(error) => {
            // Some queries may have been sent.
            let message = format!("cannot read {}: {error}; {position}", position.input);
            ("config_invalid", message, hints::input(error))
        }
        StopCause::Output(error) => {
            ("output", format!("cannot write the output: {error}; {position}"), None)
        }
    };
    let exit_status = if matches!(code, "rate_limited" | "request_limit") {
        EXIT_UNFINISHED
    } else {
        EXIT_FAILURE
    };
    Report { code, message, hint, continuation: Some(position.hint()), exit_status }
}

fn credentials_code(error: &CredentialsError) -> &'static str {
    match error {
        CredentialsError::Missing { .. } => "credentials_missing",
        CredentialsError::Malformed { .. } => "credentials_malformed",
        CredentialsError::UnreadableFile { .. } => "config_invalid",
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
    fn closed_pipe_is_no_error_and_full_disk_is() {
        let output = |kind: io::ErrorKind| CommandError::Output(kind.into()).report();
        assert_eq!(output(io::ErrorKind::BrokenPipe), None);
        let full = output(io::ErrorKind::StorageFull).unwrap();
        assert_eq!((full.code, full.exit_status), ("output", EXIT_FAILURE));
        assert_eq!(full.message, "cannot write the output: no storage space");
    }

    #[test]
    fn message_has_the_root_cause() {
        let network =
            Error::Network { host: "host".into(), source: Arc::new(io::Error::other("refused")) };
        assert_eq!(message(&network), "the connection to host failed: refused");
        let token = Error::Token(Arc::new(network));
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
