//! The command: what was typed (`args`), what that and the environment mean (`action`), doing
//! it (`run`, `batch`), and saying what went wrong (`error`, `messages`, `progress`).

mod action;
mod args;
mod batch;
mod error;
mod generate;
mod messages;
mod progress;
mod run;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::Args;
use messages::Messages;

/// Exit codes other than 0, as documented in the README.
const FAILURE: u8 = 1;
const USAGE: u8 = 2;

/// Runs the command on the process's arguments and environment.
pub async fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return answer_parser(&error, &Messages::new(args::When::Auto, false)),
    };
    // The lines of the log would be written into the line of progress, and the answers to a list
    // show by themselves how far it has got where they go to a terminal.
    let shows_answers = args.input.is_some() && io::stdout().is_terminal();
    let messages =
        Messages::new(args.color, args.quiet).with_progress(args.verbose == 0 && !shows_answers);
    messages::start_log(args.verbose);
    let outcome = run::run(args, &messages).await;
    messages.progress().clear();
    match outcome {
        Ok(code) => code,
        Err(error) => match error.downcast_ref::<clap::Error>() {
            Some(error) => answer_parser(error, &messages),
            None => fail(&error, &messages),
        },
    }
}

/// Ends a command that could not even get a runtime.
pub fn fail_to_start(error: io::Error) -> ExitCode {
    let error = anyhow::Error::new(error).context("cannot start");
    fail(&error, &Messages::new(args::When::Auto, false))
}

fn fail(error: &anyhow::Error, messages: &Messages) -> ExitCode {
    match error::explain(error, &jiff::Zoned::now()) {
        Some(report) => {
            messages.error(&report);
            ExitCode::from(report.exit)
        }
        // Whoever reads the output has had enough of it.
        None => ExitCode::SUCCESS,
    }
}

/// Prints clap's own text: help and version to standard output, errors to standard error.
fn answer_parser(error: &clap::Error, messages: &Messages) -> ExitCode {
    let printed = error.print();
    if error.use_stderr() {
        return ExitCode::from(USAGE);
    }
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fail(&anyhow::Error::new(fault).context(run::WRITE), messages),
    }
}

/// The parser, for an error of ours in clap's own form.
fn usage_error(kind: clap::error::ErrorKind, message: impl std::fmt::Display) -> clap::Error {
    Args::command().error(kind, message)
}
