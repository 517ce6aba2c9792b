//! `--input`: a list of queries to answers on standard output, failures reported line by line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, StdoutLock};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::action::QuerySettings;
use super::args::Args;
use super::error::{self, Stopped};
use super::messages::Messages;
use super::run::{self, Counting, WRITE};
use crate::batch::{self, Line, LineResult, Stop};
use crate::client::SMALLEST_PAGE;
use crate::error::Error;
use crate::output::Printer;

/// Searches for each line of the input.
///
/// # Errors
///
/// Whatever ends the run before the list does, with the line to go on from.
pub async fn run(
    args: &Args,
    scope: &QuerySettings,
    input: &Path,
    messages: &Messages,
) -> Result<ExitCode> {
    // Whatever is wrong with the flags is wrong for every line.
    scope.query("any words")?;
    let is_stdin = input == Path::new("-");
    let name = if is_stdin { "standard input".into() } else { input.display().to_string() };
    let unreadable = |error| Error::ConfigInvalid(format!("cannot read {name}: {error}"));
    let lines = batch::lines(open(input).map_err(unreadable)?);
    if args.dry_run {
        return print_urls(args, scope, lines.map(|line| line.map_err(unreadable)), messages);
    }
    let client = run::client(args, messages, Counting::Queries).await?;
    let mut report = Report::new(args, input, messages);
    let outcome = batch::search_all(
        &client,
        lines,
        lines_ahead(args),
        |words| scope.query(words).map_err(|_| Error::UnusableLine("is no query")),
        |answer| report.add(answer),
    );
    let outcome = outcome.await;
    messages.progress().clear();
    run::tell_what_was_left_out(&report.printer, messages);
    match outcome {
        Ok(()) => {
            report.printer.finish().context(WRITE)?;
            Ok(run::exit_code(report.failed || (args.exit_status && !report.found)))
        }
        Err(Stop::Error { line, error }) => Err(error).context(Stopped { line, input: name }),
        Err(Stop::Input(error)) => {
            let line = report.last_line + 1;
            Err(unreadable(error)).context(Stopped { line, input: name.clone() })
        }
        Err(Stop::Output(error)) => Err(error).context(WRITE),
    }
}

/// Prints the requests that each line takes.
fn print_urls(
    args: &Args,
    scope: &QuerySettings,
    lines: impl Iterator<Item = Result<Line, Error>>,
    messages: &Messages,
) -> Result<ExitCode> {
    let (client, mut out, mut failed) = (run::idle_client(args)?, run::output(), false);
    for line in lines {
        let line = line?;
        if let Some(fault) = line.fault {
            failed = true;
            messages.error(&error::of_line(&Error::UnusableLine(fault), line.number));
        } else {
            run::write_urls(&client, &scope.query(&line.text)?, &mut out)?;
        }
    }
    Ok(run::exit_code(failed))
}

/// How many lines may be on their way at once: enough that a slow answer does not hold up the
/// others, and fewer where each takes many pages, so that the first are done first and what is in
/// memory stays small.
fn lines_ahead(args: &Args) -> usize {
    let pages = args.limit.div_ceil(SMALLEST_PAGE);
    usize::from(2 * args.jobs / pages).max(2)
}

/// The answers so far, on their way out.
struct Report<'a> {
    printer: Printer<BufWriter<StdoutLock<'static>>>,
    messages: &'a Messages,
    done: u64,
    last_line: u64,
    of: Option<u64>,
    failed: bool,
    found: bool,
}

impl<'a> Report<'a> {
    fn new(args: &Args, input: &Path, messages: &'a Messages) -> Self {
        let of = if messages.progress().is_shown() { count(input) } else { None };
        let printer = run::printer(args);
        Self { printer, messages, done: 0, last_line: 0, of, failed: false, found: false }
    }

    /// Writes an answer, or says why there is none.
    fn add(&mut self, answer: LineResult) -> io::Result<()> {
        let LineResult { line, outcome } = answer;
        match outcome {
            Ok((query, results)) => {
                self.found |= !results.is_empty();
                let place = format!("line {}: ", line.number);
                run::tell_of_shortfall(&place, &query, &results, self.messages);
                self.printer.print(Some(&line.text), &query, &results)?;
            }
            Err(error) => {
                self.failed = true;
                self.messages.error(&error::of_line(&error, line.number));
                self.printer.print_failure(&line.text, &error)?;
            }
        }
        self.done += 1;
        self.last_line = line.number;
        self.messages.progress().show(self.done, self.of, "queries");
        self.printer.flush()
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
