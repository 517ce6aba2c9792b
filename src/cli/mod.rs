//! The command: parses the arguments (`args`), turns them into an action (`action`), and runs it.
//!
//! | folder or file | contents |
//! |---|---|
//! | `args/` | flags, values, parsing, help, completions and manual |
//! | `settings/` | credentials, environment variables, the client |
//! | `batch/` | input lines, the run over them, the summary |
//! | `terminal/` | the thread that writes, progress, signals, log, colours |
//! | `messages/` | errors, hints, notes |
//! | `action.rs` | what the command does, from arguments and environment |
//! | `single_search.rs`, `dry_run.rs` | one search; the URLs without requests |

mod action;
mod args;
mod batch;
mod dry_run;
mod messages;
mod settings;
mod single_search;
mod terminal;

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use tokio::runtime;

use action::{Action, Queries, Search};
use args::flags::{Args, MessageOptions};
use args::{generate, parse};
use messages::command_error::{CommandError, EXIT_USAGE};
use messages::message_style::MessageStyle;
use terminal::blocking::Blocking;
use terminal::progress::Progress;
use terminal::screen::Screen;
use terminal::{log, stdout};

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
    // A run that succeeds, or that a signal ends, has waited for the output.
    if !matches!(outcome, Ok(_) | Err(CommandError::Interrupted { .. })) {
        screen.flush_blocking();
    }
    finish(outcome, style)
}

/// Returns the progress line. There is none if it would mix with lines of the log, or with lines that
/// are typed as input.
fn progress(args: &Args) -> Option<Progress> {
    let is_typed = args.batch.input.as_ref().is_some_and(|input| input.as_os_str() == "-")
        && io::stdin().is_terminal();
    let is_shown = io::stderr().is_terminal() && !args.messages.quiet && args.messages.verbose == 0;
    (is_shown && !is_typed).then(|| Progress::new(args.batch.input.is_some()))
}

/// Runs an action. Returns the exit status.
fn run(action: Action, screen: &Screen) -> Result<u8, CommandError> {
    let Search { queries, is_dry_run, batch: options, client, output } = match action {
        Action::Search(search) => *search,
        Action::Generate(kind) => {
            stdout::write(&generate::generate(kind)).map_err(CommandError::Output)?;
            return Ok(0);
        }
    };
    block_on(async {
        match queries {
            Queries::One(query) if is_dry_run => dry_run::run(&query, &client, screen).await,
            Queries::One(query) => single_search::run(&query, &client, &output, screen).await,
            Queries::Lines(input, query) if is_dry_run => {
                dry_run::run_batch(&input, &query, &client, screen).await
            }
            Queries::Lines(input, query) => {
                batch::run::run(&input, &query, &options, &client, &output, screen).await
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
