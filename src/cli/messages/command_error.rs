//! The command's errors: the report of each, with error code, message, hints and exit status.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use crate::cli::args::parse::ParseError;
use crate::cli::batch::input_error::InputError;
use crate::cli::terminal::signals::Signal;
use spotify_search::Error;

/// Exit status: the API, the network or the output failed.
pub const EXIT_FAILURE: u8 = 1;
/// Exit status: the command line, the credentials or a file is unusable; nothing was sent.
pub const EXIT_USAGE: u8 = 2;
/// Exit status: nothing was found, with `--exit-status`.
pub const EXIT_NOTHING_FOUND: u8 = 3;

/// Exit status: a batch is not finished because of a limit. It can be continued later.
pub const EXIT_UNFINISHED: u8 = 4;

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
        let hint = text_error.and_then(InputError::hint).map(str::to_owned);
        Self::new("config_invalid", format!("cannot read {file}: {error}"), hint, EXIT_USAGE)
    }

    /// Creates the report of a search that failed.
    pub fn of_search(error: &Error, hint: Option<String>) -> Self {
        Self::new(error.code(), message(error), hint, EXIT_FAILURE)
    }

    /// Creates the report of a line of a batch that failed.
    pub fn of_line(code: &'static str, message: String) -> Self {
        Self::new(code, message, None, EXIT_FAILURE)
    }

    fn of_output(error: &io::Error) -> Self {
        Self::new("output", format!("cannot write the output: {error}"), None, EXIT_FAILURE)
    }
}

/// Why the command failed.
#[derive(Debug)]
pub enum CommandError {
    /// The command line cannot be used.
    Usage(ParseError),
    /// An error with a code.
    Failed(Report),
    /// A signal ended the run. A batch reports where it stopped.
    Interrupted { signal: Signal, report: Option<Report> },
    /// The output cannot be written.
    Output(io::Error),
}

impl From<ParseError> for CommandError {
    fn from(error: ParseError) -> Self {
        Self::Usage(error)
    }
}

impl From<Report> for CommandError {
    fn from(report: Report) -> Self {
        Self::Failed(report)
    }
}

/// The client could not be set up.
impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        Self::Failed(Report::new(error.code(), message(&error), None, EXIT_USAGE))
    }
}

impl CommandError {
    /// A file or another setting is unusable.
    pub fn unusable(message: String) -> Self {
        Self::Failed(Report::new("config_invalid", message, None, EXIT_USAGE))
    }

    /// The results would be written to the file that is read.
    pub fn output_is_input(file: &str) -> Self {
        Self::unusable(format!("the output is the input file {file}"))
    }

    /// Returns a function that wraps an error of the operating system at start.
    pub fn start_up(context: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| {
            let error = anyhow::Error::from(error).context(context);
            Self::Failed(Report::new("system", format!("{error:#}"), None, EXIT_FAILURE))
        }
    }

    /// A batch stopped at this position.
    pub fn stopped(cause: &StopCause, position: &Position) -> Self {
        let mut report = match cause {
            StopCause::Search { error, hint } => Report::of_search(error, hint.clone()),
            StopCause::Input(error) => Report::unreadable(&position.input, error),
            StopCause::Output(error) => Report::of_output(error),
        };
        let prefix = match cause {
            StopCause::Search { error, .. } if !error.affects_every_query() => {
                "too many failures in a row: "
            }
            _ => "",
        };
        report.message = format!("{prefix}{}; {position}", report.message);
        report.hints.push(position.hint().to_owned());
        report.exit_status = match report.code {
            "rate_limited" | "request_limit" => EXIT_UNFINISHED,
            // Also for an input that cannot be read further: some queries may have been sent.
            _ => EXIT_FAILURE,
        };
        Self::Failed(report)
    }

    /// The batch stopped at this position because of a signal. `is_cut` is true if the output may end in
    /// the middle of a line.
    pub fn interrupted(signal: Signal, position: &Position, is_cut: bool) -> Self {
        let hint = is_cut.then(|| "the output may end in the middle of a line".into());
        let mut report = Report::new("interrupted", position.to_string(), hint, EXIT_FAILURE);
        report.hints.push(position.hint().to_owned());
        Self::Interrupted { signal, report: Some(report) }
    }

    /// Returns the report. There is none for a closed pipe, which is not an error, and for the command
    /// line, whose errors clap prints.
    pub fn report(&self) -> Option<Report> {
        match self {
            Self::Usage(_) => None,
            Self::Failed(report) => Some(report.clone()),
            Self::Interrupted { report, .. } => report.clone(),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
            Self::Output(error) => Some(Report::of_output(error)),
        }
    }
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
        let error = io::Error::other("no threads");
        let report = CommandError::start_up("cannot start the runtime")(error).report().unwrap();
        assert_eq!((report.code, report.exit_status), ("system", EXIT_FAILURE));
        assert_eq!(report.message, "cannot start the runtime: no threads");
    }
}
