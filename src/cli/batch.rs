//! Runs a batch: reads the input lines, passes them to `client::batch`, which searches for several at
//! a time, and prints the results in the order of the lines.

use std::collections::VecDeque;

use super::action::{ClientSettings, Input, OutputSettings};
use super::client;
use super::error::{CommandError, EXIT_FAILURE, EXIT_NOTHING_FOUND, Report, message};
use super::input::Line;
use super::messages::Messages;
use super::progress::Unit;
use super::search::{left_out, shortfall};
use super::stdout;
use crate::client::Batch;
use crate::duration::whole_seconds;
use crate::error::Error;
use crate::output::{FailedQuery, Printer};
use crate::query::{QuerySettings, SearchQuery};
use crate::results::SearchResults;

/// Searches for each line of the input. Returns the exit status.
///
/// # Errors
///
/// [`CommandError`] if the batch stops before the end of the input.
pub async fn run(
    input: &Input,
    query: &QuerySettings,
    client: &ClientSettings,
    output: &OutputSettings,
    messages: &Messages,
) -> Result<u8, CommandError> {
    let mut lines = input.receive_lines()?;
    let (client, hints) = client::build(client, messages)?;
    let mut batch = Batch::new(client);
    let mut report = BatchReport::new(input, output, messages);
    // The lines whose results are not printed yet.
    let mut pending: VecDeque<Line> = VecDeque::new();
    let mut is_at_end = false;
    loop {
        while pending.front().is_some_and(|line| line.problem.is_some())
            && let Some(line) = pending.pop_front()
        {
            report.unusable_line(&line)?;
        }
        tokio::select! {
            line = lines.recv(), if !is_at_end && !batch.is_full() => match line {
                Some(Ok(line)) => {
                    if line.problem.is_none() {
                        batch.push(SearchQuery::with_settings(&line.text, query.clone()));
                    }
                    pending.push_back(line);
                }
                Some(Err(error)) => return Err(input.error(error, report.next_line)),
                None => is_at_end = true,
            },
            Some(outcome) = batch.next(), if !batch.is_empty() => {
                let Some(line) = pending.pop_front() else { continue };
                match outcome {
                    Err(error) if error.affects_every_query() => {
                        let (input, hint) = (input.name(), hints.client(&error));
                        return Err(CommandError::Batch { error, line: line.number, input, hint });
                    }
                    outcome => report.outcome(&line, outcome)?,
                }
            }
            else => break,
        }
    }
    report.finish()?;
    Ok(match (report.has_failed, report.has_found) {
        (true, _) => EXIT_FAILURE,
        (false, false) if output.exit_status => EXIT_NOTHING_FOUND,
        (false, _) => 0,
    })
}

/// Prints the results of a batch, and counts.
struct BatchReport<'a> {
    printer: Printer,
    messages: &'a Messages,
    done: u64,
    total: Option<u64>,
    /// The first line whose result is not printed yet.
    next_line: u64,
    has_failed: bool,
    has_found: bool,
}

impl<'a> BatchReport<'a> {
    fn new(input: &Input, output: &OutputSettings, messages: &'a Messages) -> Self {
        let (format, target) = stdout::format_and_target(output);
        Self {
            printer: Printer::for_batch(format, target).header(output.header),
            messages,
            done: 0,
            total: if messages.progress().is_shown() { input.count() } else { None },
            next_line: 1,
            has_failed: false,
            has_found: false,
        }
    }

    fn outcome(
        &mut self,
        line: &Line,
        outcome: Result<SearchResults, Error>,
    ) -> Result<(), CommandError> {
        match outcome {
            Ok(results) => self.results(line, &results),
            Err(error) => {
                let text = message(&error);
                self.failure(
                    line,
                    &format!(": {text}"),
                    &FailedQuery {
                        code: error.code(),
                        status: error.status(),
                        message: &text,
                        retry_after: error.retry_after().map(whole_seconds),
                    },
                )
            }
        }
    }

    fn results(&mut self, line: &Line, results: &SearchResults) -> Result<(), CommandError> {
        self.has_found |= !results.is_empty();
        if let Some(note) = shortfall(results) {
            self.messages.note(&format!("line {}: {note}", line.number));
        }
        let text = self.printer.render(results);
        self.print(line, &text)
    }

    fn unusable_line(&mut self, line: &Line) -> Result<(), CommandError> {
        let problem = line.problem.unwrap_or_default();
        self.failure(
            line,
            &format!(" {problem}"),
            &FailedQuery {
                code: "bad_request",
                status: None,
                message: &format!("the line {problem}"),
                retry_after: None,
            },
        )
    }

    /// Reports that a line failed. The message is the line number followed by `description`.
    fn failure(
        &mut self,
        line: &Line,
        description: &str,
        failure: &FailedQuery,
    ) -> Result<(), CommandError> {
        self.has_failed = true;
        let message = format!("line {}{description}", line.number);
        let (code, hint, exit_status) = (failure.code, None, EXIT_FAILURE);
        self.messages.error(&Report { code, message, hint, exit_status });
        let text = self.printer.render_failure(&line.text, failure);
        self.print(line, &text)
    }

    fn print(&mut self, line: &Line, text: &[u8]) -> Result<(), CommandError> {
        self.done += 1;
        self.next_line = line.number + 1;
        self.messages.progress().show(Unit::Queries, self.done, self.total);
        stdout::write(text)
    }

    fn finish(&mut self) -> Result<(), CommandError> {
        self.messages.progress().clear();
        if let Some(note) = left_out(&self.printer) {
            self.messages.note(&note);
        }
        stdout::write(&self.printer.finish())
    }
}
