//! Runs a batch: reads the input lines, passes them to `client::search_all`, which searches for several at
//! a time, and hands the results to the writer in the order of the lines.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::input::{Line, LineResult};
use super::resume::Position;
use super::summary::Summary;
use crate::cli::action::Input;
use crate::cli::args::flags::{ClientOptions, OutputOptions};
use crate::cli::messages::command_error::{
    CommandError, EXIT_FAILURE, EXIT_NOTHING_FOUND, Report, StopCause, message,
};
use crate::cli::messages::hints::Hints;
use crate::cli::messages::notes::{left_out, shortfall};
use crate::cli::settings::build_client;
use crate::cli::terminal::screen::Screen;
use crate::cli::terminal::signals::Signals;
use crate::cli::terminal::stdout;
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
    client: &ClientOptions,
    output: &OutputOptions,
    screen: &Screen,
) -> Result<u8, CommandError> {
    if input.is_output() {
        return Err(CommandError::OutputIsInput { input: input.name() });
    }
    let lines = input.receive_lines()?;
    let (start, requests) = (Instant::now(), Arc::default());
    let (client, hints) = build_client::build(client, screen, &requests)?;
    if screen.has_progress()
        && let Some(total) = input.count()
    {
        screen.set_total(total);
    }
    let mut signals = Signals::listen().map_err(CommandError::start_up("cannot handle signals"))?;
    let mut report = BatchReport::new(output, screen);
    let outcome = tokio::select! {
        outcome = search_lines(lines, Batch::new(client), query, &hints, &mut report) => outcome,
        signal = signals.next() => {
            let is_cut = !screen.stop().await;
            return Err(CommandError::interrupted(signal, &report.position(input), is_cut));
        }
    };
    // What is written tells where the batch has stopped.
    let flushed = screen.flush().await.map_err(StopCause::Output);
    match outcome.and(flushed) {
        Ok(()) => {}
        Err(StopCause::Input(error)) if report.queries == 0 => return Err(input.error(error)),
        Err(StopCause::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
            return Err(CommandError::Output(error));
        }
        Err(cause) => {
            let position = Box::new(report.position(input));
            return Err(CommandError::Stopped { cause, position });
        }
    }
    if let Some(note) = left_out(&report.printer) {
        screen.note(&note);
    }
    let BatchReport { queries, found_nothing, hidden, failed, .. } = report;
    let requests = &requests;
    let time = start.elapsed();
    screen.detail(&Summary { queries, found_nothing, failed, hidden, requests, time }.to_string());
    Ok(match failed {
        0 if output.exit_status && found_nothing == queries => EXIT_NOTHING_FOUND,
        0 => 0,
        _ => EXIT_FAILURE,
    })
}

/// Searches for each line and queues the results. While the queue is full, no search starts.
///
/// # Errors
///
/// Why the batch stopped before the end of the input.
async fn search_lines(
    mut lines: mpsc::Receiver<LineResult>,
    mut batch: Batch,
    query: &QuerySettings,
    hints: &Hints,
    report: &mut BatchReport<'_>,
) -> Result<(), StopCause> {
    // The numbers of the lines in the batch.
    let mut numbers: VecDeque<u64> = VecDeque::new();
    let mut is_at_end = false;
    loop {
        tokio::select! {
            line = lines.recv(), if !is_at_end && !batch.is_full() => match line {
                Some(line) => {
                    let Line { number, text, problem } = line.map_err(StopCause::Input)?;
                    let query = SearchQuery::with_settings(text, query.clone());
                    match problem {
                        None => batch.push(query),
                        Some(problem) => batch.push_invalid(query, problem),
                    }
                    numbers.push_back(number);
                }
                None => is_at_end = true,
            },
            Some((query, outcome)) = batch.next(), if !batch.is_empty() => {
                let Some(number) = numbers.pop_front() else { continue };
                let written = match outcome {
                    Ok(results) => report.results(number, &results).await,
                    Err(error) if error.affects_every_query() || batch.has_failed_repeatedly() => {
                        let hint = hints.client(&error);
                        return Err(StopCause::Search { error, hint });
                    }
                    Err(error) => report.failure(number, &query, &error).await,
                };
                written.map_err(StopCause::Output)?;
            }
            else => return report.end().await.map_err(StopCause::Output),
        }
    }
}

/// Renders the outcome of each line, and keeps what the end of the run needs.
struct BatchReport<'a> {
    screen: &'a Screen,
    printer: Printer,
    /// The last line that was rendered.
    last_line: u64,
    /// The line whose results were rendered first. Their text begins with the header of CSV or TSV.
    header_line: Option<u64>,
    queries: u64,
    found_nothing: u64,
    /// The number of results that Spotify hides from the app.
    hidden: u64,
    failed: u64,
}

impl<'a> BatchReport<'a> {
    fn new(output: &OutputOptions, screen: &'a Screen) -> Self {
        let printer = Printer::for_batch(output.format(), stdout::target(output));
        Self {
            screen,
            printer: printer.header(!output.no_header),
            last_line: 0,
            header_line: None,
            queries: 0,
            found_nothing: 0,
            hidden: 0,
            failed: 0,
        }
    }

    async fn results(&mut self, line: u64, results: &SearchResults) -> io::Result<()> {
        self.queries += 1;
        self.found_nothing += u64::from(results.is_empty());
        self.hidden += results.hidden();
        self.header_line.get_or_insert(line);
        self.last_line = line;
        let style = self.screen.style();
        let note = if results.hidden() == 0 { shortfall(results) } else { None };
        let note = note.map(|note| style.note(&format!("line {line}: {note}")));
        let text = self.printer.render(results);
        self.screen.results(line, note.unwrap_or_default(), text).await
    }

    async fn failure(&mut self, line: u64, query: &SearchQuery, error: &Error) -> io::Result<()> {
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
        self.screen.results(line, self.screen.style().error(&report), text).await
    }

    /// Writes what follows the last line.
    async fn end(&mut self) -> io::Result<()> {
        self.screen.results(self.last_line, String::new(), self.printer.end()).await
    }

    /// Returns where the batch has stopped.
    fn position(&self, input: &Input) -> Position {
        let next_line = self.screen.next_line();
        let has_header =
            self.printer.has_header() && self.header_line.is_some_and(|line| line < next_line);
        Position::new(input.name(), input.path(), next_line, has_header)
    }
}
