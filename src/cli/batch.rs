//! Runs a batch: reads the input lines, passes them to `client::batch`, which searches for several at
//! a time, and hands the results to the writer in the order of the lines.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::action::{ClientSettings, Input, OutputSettings};
use super::client;
use super::error::{CommandError, EXIT_FAILURE, EXIT_NOTHING_FOUND, Report, StopCause, message};
use super::hints::Hints;
use super::input::{Line, LineResult};
use super::messages::{Message, Messages};
use super::notes::{left_out, shortfall};
use super::result_writer::{Entry, ResultWriter};
use super::resume::Position;
use super::signals::Signals;
use super::stdout;
use super::summary::Summary;
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
    let lines = input.receive_lines()?;
    let (start, requests) = (Instant::now(), Arc::default());
    let (client, hints) = client::build(client, messages, &requests)?;
    let batch = Batch::new(client);
    if messages.progress().is_active()
        && let Some(total) = input.count()
    {
        messages.progress().set_total(total);
    }
    let mut signals = Signals::listen().map_err(CommandError::start_up("cannot handle signals"))?;
    messages.progress().start();
    let mut writer = ResultWriter::start(messages.clone())?;
    let mut report = BatchReport::new(output);
    let cause = tokio::select! {
        cause = search_lines(input, lines, batch, query, &hints, &mut report, &mut writer) => cause?,
        signal = signals.next() => {
            let is_cut = !writer.stop().await;
            Some(StopCause::Signal { signal, is_cut })
        }
    };
    messages.progress().clear();
    if let Some(cause) = cause {
        let next_line = writer.next_line();
        let has_header = report.has_header(next_line);
        let position = Position::new(input.name(), input.path(), next_line, has_header);
        return Err(CommandError::Stopped { cause, position: Box::new(position) });
    }
    if let Some(note) = left_out(&report.printer) {
        messages.note(&note);
    }
    let BatchReport { queries, found_nothing, failed, .. } = report;
    let requests = &requests;
    let time = start.elapsed();
    messages.detail(&Summary { queries, found_nothing, failed, requests, time }.to_string());
    Ok(match failed {
        0 if output.exit_status && found_nothing == queries => EXIT_NOTHING_FOUND,
        0 => 0,
        _ => EXIT_FAILURE,
    })
}

/// Searches for each line and writes the results. While the writer's queue is full, no search
/// starts. Returns why the batch stopped, if it did before the end of the input.
///
/// # Errors
///
/// [`CommandError::Input`] if no line can be read, [`CommandError::Output`] if the results cannot be
/// written.
async fn search_lines(
    input: &Input,
    mut lines: mpsc::Receiver<LineResult>,
    mut batch: Batch,
    query: &QuerySettings,
    hints: &Hints,
    report: &mut BatchReport,
    writer: &mut ResultWriter,
) -> Result<Option<StopCause>, CommandError> {
    // The numbers of the lines in the batch.
    let mut numbers: VecDeque<u64> = VecDeque::new();
    let mut is_at_end = false;
    let cause = loop {
        tokio::select! {
            line = lines.recv(), if !is_at_end && !batch.is_full() => match line {
                Some(Ok(Line { number, text, problem })) => {
                    let query = SearchQuery::with_settings(text, query.clone());
                    match problem {
                        None => batch.push(query),
                        Some(problem) => batch.push_invalid(query, problem),
                    }
                    numbers.push_back(number);
                }
                Some(Err(error)) if report.last_line == 0 && numbers.is_empty() => {
                    return Err(input.error(error));
                }
                Some(Err(error)) => break Some(StopCause::Input(error)),
                None => is_at_end = true,
            },
            Some((query, outcome)) = batch.next(), if !batch.is_empty() => {
                let Some(number) = numbers.pop_front() else { continue };
                match outcome {
                    Err(error) if error.affects_every_query() || batch.has_failed_repeatedly() => {
                        let hint = hints.client(&error);
                        break Some(StopCause::Search { error, hint });
                    }
                    Err(error) => writer.write(report.failure(number, &query, &error)).await?,
                    Ok(results) => writer.write(report.results(number, &results)).await?,
                }
            }
            else => break None,
        }
    };
    if cause.is_none() {
        writer.write(report.end()).await?;
    }
    writer.finish().await?;
    Ok(cause)
}

/// Renders the outcome of each line, and keeps what the end of the run needs.
struct BatchReport {
    printer: Printer,
    /// The last line that was rendered.
    last_line: u64,
    /// The line whose results were rendered first. Their text begins with the header of CSV or TSV.
    header_line: Option<u64>,
    queries: u64,
    found_nothing: u64,
    failed: u64,
}

impl BatchReport {
    fn new(output: &OutputSettings) -> Self {
        let (format, target) = stdout::format_and_target(output);
        Self {
            printer: Printer::for_batch(format, target).header(output.header),
            last_line: 0,
            header_line: None,
            queries: 0,
            found_nothing: 0,
            failed: 0,
        }
    }

    fn results(&mut self, line: u64, results: &SearchResults) -> Entry {
        self.queries += 1;
        self.found_nothing += u64::from(results.is_empty());
        self.header_line.get_or_insert(line);
        self.last_line = line;
        let note = shortfall(results).map(|note| Message::Note(format!("line {line}: {note}")));
        let text = self.printer.render(results);
        Entry { line, messages: note.into_iter().collect(), text }
    }

    fn failure(&mut self, line: u64, query: &SearchQuery, error: &Error) -> Entry {
        self.queries += 1;
        self.failed += 1;
        self.last_line = line;
        let text = message(error);
        let failure = FailedQuery {
            code: error.code(),
            status: error.status(),
            message: &text,
            retry_after: error.retry_after().map(whole_seconds),
        };
        let report = Report::of_line(error.code(), format!("line {line}: {text}"));
        let text = self.printer.render_failure(query.words(), &failure);
        Entry { line, messages: vec![Message::Error(report)], text }
    }

    /// Renders what follows the last line.
    fn end(&mut self) -> Entry {
        Entry { line: self.last_line, messages: Vec::new(), text: self.printer.end() }
    }

    /// Returns true if the output has a header line, given the first line that was not written.
    fn has_header(&self, next_line: u64) -> bool {
        self.printer.has_header() && self.header_line.is_some_and(|line| line < next_line)
    }
}
