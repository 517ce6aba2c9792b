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
mod column_names;
mod dry_run;
mod durations;
mod exit_status;
mod messages;
mod report;
mod settings;
mod single_search;
mod terminal;
mod text_error;

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use tokio::runtime;

use action::{Action, Queries};
use args::flags::Args;
use args::{generate, parse};
use messages::command_error::CommandError;
use terminal::blocking::Blocking;
use terminal::message_style::MessageStyle;
use terminal::progress::Progress;
use terminal::screen::Screen;
use terminal::{log, stdout};

/// Runs the command with the arguments and the environment of the process.
pub fn main() -> ExitCode {
    let args = match parse::parse(env::args_os()) {
        Ok(args) => args,
        Err(error) => {
            let style = MessageStyle::new(error.color(), false);
            return finish(Err(error.into()), style);
        }
    };
    let style = MessageStyle::new(args.output.color, args.messages.quiet);
    let screen = match Screen::start(style, progress(&args)) {
        Ok(screen) => screen,
        Err(error) => {
            return finish(Err(CommandError::start_up("cannot start a thread")(error)), style);
        }
    };
    log::start(args.messages.verbose, &screen);
    finish(run(args, &screen), style)
}

/// Returns the progress line. There is none if it would mix with lines of the log, with lines that are
/// typed as input, or with a program that shows the results of a single search, such as fzf.
fn progress(args: &Args) -> Option<Progress> {
    let is_batch = !args.batch.input.is_empty();
    let is_typed = io::stdin().is_terminal() && args.batch.input.iter().any(|path| path == "-");
    let is_shown = io::stderr().is_terminal()
        && (is_batch || io::stdout().is_terminal())
        && !args.messages.quiet
        && args.messages.verbose == 0;
    (is_shown && !is_typed).then(|| Progress::new(is_batch))
}

/// Does what the arguments say. Returns the exit status.
fn run(args: Args, screen: &Screen) -> Result<u8, CommandError> {
    if let Some(kind) = args.generate {
        stdout::write(&generate::generate(kind)).map_err(CommandError::Output)?;
        return Ok(0);
    }
    let Action { queries, is_dry_run, batch: options, client, output } = Action::from_args(args)?;
    let runtime = start_runtime().map_err(CommandError::start_up("cannot start the runtime"))?;
    let outcome = runtime.block_on(async {
        let outcome = match queries {
            queries if is_dry_run => dry_run::run(&queries, &client, screen).await,
            Queries::One(query) => single_search::run(&query, &client, &output, screen).await,
            Queries::Lines(input, query) => {
                batch::run::run(&input, &query, &options, &client, &output, screen).await
            }
        };
        match outcome {
            // The output is written, or it may not be read.
            Ok(_) | Err(CommandError::Interrupted { .. }) => outcome,
            Err(error) => {
                let _ = screen.flush().await;
                Err(error)
            }
        }
    });
    // A host name that is still being resolved does not delay the end of the process.
    runtime.shutdown_background();
    outcome
}

/// Starts the runtime of the requests.
fn start_runtime() -> io::Result<runtime::Runtime> {
    // tokio panics if there is no file descriptor left for its signal handler. It needs six at start.
    #[cfg(unix)]
    for pair in [(); 3].map(|()| std::os::unix::net::UnixStream::pair()) {
        pair?;
    }
    runtime::Builder::new_current_thread().enable_io().enable_time().build()
}

/// Prints the error, if there is one, and returns the exit status. After a signal, ends the process
/// by that signal.
fn finish(outcome: Result<u8, CommandError>, style: MessageStyle) -> ExitCode {
    let outcome = match outcome {
        Err(CommandError::Usage(error)) => error.print().map_err(CommandError::Output),
        outcome => outcome,
    };
    let error = match outcome {
        Ok(exit_status) => return exit_status.into(),
        Err(error) => error,
    };
    let report = error.report();
    if let Some(report) = &report {
        // A failure to write to standard error is ignored.
        let _ = Blocking(io::stderr().lock()).write_all(style.error(report).as_bytes());
    }
    if let CommandError::Interrupted { signal, .. } = error {
        signal.end_process();
    }
    // Without a report, the reader closed the pipe (for example head): exit quietly.
    report.map_or(ExitCode::SUCCESS, |report| report.exit_status.into())
}
