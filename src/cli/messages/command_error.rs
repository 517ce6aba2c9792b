//! Why the command fails, and the report of it.

use std::fmt;
use std::io;

use crate::cli::args::parse::ParseError;
use crate::cli::exit_status;
use crate::cli::report::{Report, message};
use crate::cli::terminal::signals::Signal;
use spotify_search::Error;

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
        Self::Failed(Report::new(error.code(), message(&error), None, exit_status::USAGE))
    }
}

impl CommandError {
    /// A file or another setting is unusable.
    pub fn unusable(message: String) -> Self {
        Self::Failed(Report::new("config_invalid", message, None, exit_status::USAGE))
    }

    /// The results would be written to the file that is read.
    pub fn output_is_input(file: &str) -> Self {
        Self::unusable(format!("the output is the input file {file}"))
    }

    /// Returns a function that wraps an error of the operating system at start.
    pub fn start_up(context: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| {
            let error = anyhow::Error::from(error).context(context);
            Self::Failed(Report::new("system", format!("{error:#}"), None, exit_status::FAILURE))
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
        report.message = format!("{prefix}{}; {position}", report.message.trim_end_matches('.'));
        report.hints.push(position.hint().to_owned());
        report.exit_status = match report.code {
            "rate_limited" | "request_limit" => exit_status::UNFINISHED,
            // Also for an input that cannot be read further: some queries may have been sent.
            _ => exit_status::FAILURE,
        };
        Self::Failed(report)
    }

    /// The batch stopped at this position because of a signal. `is_cut` is true if the output may end in
    /// the middle of a line.
    pub fn interrupted(signal: Signal, position: &Position, is_cut: bool) -> Self {
        let hint = is_cut.then(|| "the output may end in the middle of a line".into());
        let mut report =
            Report::new("interrupted", position.to_string(), hint, exit_status::FAILURE);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_pipe_is_no_error_and_full_disk_is() {
        let output = |kind: io::ErrorKind| CommandError::Output(kind.into()).report();
        assert_eq!(output(io::ErrorKind::BrokenPipe), None);
        let full = output(io::ErrorKind::StorageFull).unwrap();
        assert_eq!((full.code, full.exit_status), ("output", exit_status::FAILURE));
        assert_eq!(full.message, "cannot write the output: no storage space");
    }

    #[test]
    fn failure_to_start_has_its_own_code() {
        let error = io::Error::other("no threads");
        let report = CommandError::start_up("cannot start the runtime")(error).report().unwrap();
        assert_eq!((report.code, report.exit_status), ("system", exit_status::FAILURE));
        assert_eq!(report.message, "cannot start the runtime: no threads");
    }
}
