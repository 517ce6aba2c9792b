//! The command: parses the arguments (`args`, `values`, `help`, `parse`), turns them into an action
//! with settings (`action`), and runs it (`search`, `batch`, `dry_run`, `generate`). One thread
//! (`screen`) writes results to standard output (`stdout`), and notes, errors, progress and the log to
//! standard error (`messages`, `notes`, `error`, `hints`, `resume`, `progress`, `summary`, `log`).
//! `blocking` waits for streams that another program made non-blocking.

mod action;
mod args;
mod batch;
mod blocking;
mod client;
mod color;
mod credentials;
mod credentials_file;
mod dry_run;
mod encoding;
mod environment;
mod error;
mod generate;
mod help;
mod hints;
mod input;
mod local_time;
mod log;
mod messages;
mod notes;
mod parse;
mod progress;
mod resume;
mod screen;
mod search;
mod signals;
mod stdout;
mod summary;
mod values;

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use tokio::runtime;

use action::{Action, Queries, Search};
use args::{Args, MessageOptions};
use blocking::Blocking;
use error::{CommandError, EXIT_USAGE};
use messages::MessageStyle;
use progress::Progress;
use screen::Screen;

/// Runs the command with the arguments and the environment of the process.
pub fn main() -> ExitCode {
    let args = match parse::parse(env::args_os()) {
        Ok(args) => args,
        Err(error) => {
            let style = MessageStyle::new(error.color(), MessageOptions::default());
            return finish(Err(CommandError::Usage(error)), style);
        }
    };
    let style = MessageStyle::new(args.output.color, args.messages);
    let screen = Screen::start(style, progress(&args));
    log::start(args.messages.verbose, &screen);
    let outcome = Action::from_args(args).and_then(|action| run(action, &screen));
    if !matches!(outcome, Err(CommandError::Interrupted { .. })) {
        screen.flush_blocking();
    }
    finish(outcome, style)
}

/// Returns the progress line. There is none if it would mix with lines of the log, or with lines that
/// are typed as input.
fn progress(args: &Args) -> Option<Progress> {
    let is_typed = args.input.as_ref().is_some_and(|input| input.as_os_str() == "-")
        && io::stdin().is_terminal();
    let is_shown = io::stderr().is_terminal() && !args.messages.quiet && args.messages.verbose == 0;
    (is_shown && !is_typed).then(|| Progress::new(args.input.is_some()))
}

/// Runs an action. Returns the exit status.
fn run(action: Action, screen: &Screen) -> Result<u8, CommandError> {
    let Search { queries, is_dry_run, client, output } = match action {
        Action::Search(search) => *search,
        Action::Generate(kind) => {
            stdout::write(&generate::generate(kind)).map_err(CommandError::Output)?;
            return Ok(0);
        }
    };
    block_on(async {
        match queries {
            Queries::One(query) if is_dry_run => dry_run::run(&query, &client, screen).await,
            Queries::One(query) => search::run(&query, &client, &output, screen).await,
            Queries::Lines(input, query) if is_dry_run => {
                dry_run::run_batch(&input, &query, &client, screen).await
            }
            Queries::Lines(input, query) => {
                batch::run(&input, &query, &client, &output, screen).await
            }
        }
    })
}

fn block_on<T>(future: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(CommandError::start_up("cannot start the runtime"))?;
    let outcome = runtime.block_on(future);
    // A host name that is still being resolved does not delay the end of the process.
    runtime.shutdown_background();
    outcome
}

/// Prints the error, if there is one, and returns the exit status. After a signal, ends the process
/// by that signal.
fn finish(outcome: Result<u8, CommandError>, style: MessageStyle) -> ExitCode {
    let error = match outcome {
        Ok(exit_status) => return exit_status.into(),
        Err(CommandError::Usage(error)) if !error.is_help() => {
            // A failure to write to standard error is ignored.
            let _ = error.print();
            return EXIT_USAGE.into();
        }
        Err(CommandError::Usage(help)) => match help.print() {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => CommandError::Output(error),
        },
        Err(error) => error,
    };
    let report = error.report();
    if let Some(report) = &report {
        let _ = Blocking(io::stderr().lock()).write_all(style.error(report).as_bytes());
    }
    match (error, report) {
        (CommandError::Interrupted { signal, .. }, _) => signal.end_process(),
        (_, Some(report)) => report.exit_status.into(),
        // The reader closed the pipe (for example head): exit quietly.
        (_, None) => ExitCode::SUCCESS,
    }
}
