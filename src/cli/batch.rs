//! `--input`: a list of queries to answers on standard output, failures reported line by line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::args::Args;
use super::messages::Messages;
use super::report::{self, Stopped};
use super::run::{self, WRITE};
use super::settings::Scope;
use crate::batch::{self, Answer, Stop};
use crate::error::Error;

/// Lines on their way at once for each request in flight: enough that a slow answer does not hold
/// up the others, and few enough to be in memory.
const LINES_A_JOB: usize = 2;

/// Searches for each line of the input.
///
/// # Errors
///
/// Whatever ends the run before the list does, with the line to go on from.
pub async fn run(
    args: &Args,
    scope: &Scope,
    input: &Path,
    messages: &Messages,
) -> Result<ExitCode> {
    // Whatever is wrong with the flags is wrong for every line.
    scope.query("any words")?;
    let name =
        if input == Path::new("-") { "standard input".into() } else { input.display().to_string() };
    let unreadable =
        |error: io::Error| Error::ConfigInvalid(format!("cannot read {name}: {error}"));
    let reader = open(input).map_err(unreadable)?;
    // On a terminal, answers themselves show how far it has got.
    let messages = if io::stdout().is_terminal() {
        messages.clone().without_progress()
    } else {
        messages.clone()
    };
    let of = if messages.progress().is_shown() { count(input) } else { None };
    let client = run::client(args, &messages).await?;
    let mut printer = run::printer(args);
    let (mut done, mut failed, mut found) = (0, false, false);
    let outcome = batch::search_all(
        &client,
        batch::lines(reader),
        usize::from(args.jobs) * LINES_A_JOB,
        |words| scope.query(words).map_err(|_| Error::UnusableLine("is no query")),
        |Answer { line, outcome }| {
            match outcome {
                Ok((query, results)) => {
                    found |= !results.is_empty();
                    printer.print(Some(&line.text), &query, &results)?;
                }
                Err(error) => {
                    failed = true;
                    messages.error(&report::of_line(&error, line.number));
                    printer.print_failure(&line.text, &error)?;
                }
            }
            done += 1;
            messages.progress().show(done, of, "queries");
            printer.flush()
        },
    );
    let outcome = outcome.await;
    run::tell_what_was_left_out(&printer, &messages);
    match outcome {
        Ok(()) => Ok(run::exit_code(failed || (args.exit_status && !found))),
        Err(Stop::Error { line, error }) => Err(error).context(Stopped { line, input: name }),
        Err(Stop::Input(error)) => Err(unreadable(error).into()),
        Err(Stop::Output(error)) => Err(error).context(WRITE),
    }
}

fn open(input: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    if input == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(input)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(Box::new(BufReader::new(file)))
}

/// How many queries a file holds; `None` for what can be read only once.
fn count(input: &Path) -> Option<u64> {
    let is_file = std::fs::metadata(input).is_ok_and(|found| found.is_file());
    let reader = if is_file { open(input).ok()? } else { return None };
    Some(batch::lines(reader).map_while(Result::ok).count() as u64)
}
