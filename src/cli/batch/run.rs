//! Runs a batch: reads the input, passes its lines to `client::Batch`, which searches for several at
//! a time, and writes the result of each line in the order of the input.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::input::{Line, ReadLine, Work};
use super::output_file::OutputFile;
use super::report::{BatchReport, Counts};
use super::rows::RowFormat;
use super::summary::{RequestCounts, summary};
use super::table::Table;
use crate::cli::action::Input;
use crate::cli::args::flags::{BatchOptions, ClientOptions, OutputOptions};
use crate::cli::exit_status;
use crate::cli::messages::command_error::{CommandError, Position, StopCause};
use crate::cli::messages::hints::Hints;
use crate::cli::messages::notes::left_out;
use crate::cli::settings::build_client;
use crate::cli::terminal::screen::Screen;
use crate::cli::terminal::signals::Signals;
use crate::cli::terminal::stdout;
use crate::output::{Printer, Target};
use spotify_search::SearchQuery;
use spotify_search::{Batch, Error};

/// The largest number of lines that wait for a line before them.
const MAX_PENDING: usize = 1_024;

/// A line whose result is not written yet.
struct Pending {
    line: Line,
    /// True if the next outcome of the batch is that of the line.
    is_searched: bool,
}

/// Searches for each line of the input. Returns the exit status.
///
/// # Errors
///
/// [`CommandError`] if the batch stops before the end of the input.
pub async fn run(
    input: &Input,
    query: &SearchQuery,
    options: &BatchOptions,
    client: &ClientOptions,
    output: &OutputOptions,
    screen: &Screen,
) -> Result<u8, CommandError> {
    if input.is_output() {
        return Err(CommandError::output_is_input(&input.name()));
    }
    let lines = input.open(query, options.lines)?;
    let table = lines.table.clone();
    let printer = printer(query, options, output, table.as_ref());
    let file = open_output(input, options, table.as_ref(), &printer)?;
    let is_without_header = output.no_header || file.is_some();
    let printer = if is_without_header { printer.without_header() } else { printer };
    let (start, requests) = (Instant::now(), Arc::new(RequestCounts::default()));
    let counts = requests.clone();
    let (client, hints) = build_client::build(client, screen, move |event| counts.count(event))?;
    if let Some(table) = &table {
        screen.note(&format!("{}: {}", input.name(), table.description()));
    }
    note_progress(input, query, file.as_ref(), options, screen)?;
    let mut signals = Signals::listen().map_err(CommandError::start_up("cannot handle signals"))?;
    let mut report = BatchReport { screen, printer, file, counts: Counts::default() };
    let lines = lines.receive()?;
    let outcome = tokio::select! {
        outcome = search_lines(lines, client.batch(), &hints, &mut report) => outcome,
        signal = signals.next() => {
            let is_cut = !screen.stop().await;
            let _ = report.finish();
            return Err(CommandError::interrupted(signal, &position(input, &report), is_cut));
        }
    };
    // What is written tells where the batch has stopped.
    let flushed = screen.flush().await.map_err(StopCause::Output);
    let finished = match &outcome {
        // The part has all whole rows. The next run finishes it.
        Err(StopCause::Output(_)) => Ok(()),
        _ => report.finish().map_err(StopCause::Output),
    };
    outcome.and(flushed).and(finished).map_err(|cause| stopped(cause, input, &report))?;
    if let Some(note) = left_out(&report.printer) {
        screen.note(&note);
    }
    screen.detail(&summary(&report.counts, &requests, start.elapsed()));
    screen.flush().await.map_err(CommandError::Output)?;
    let is_miss = |result: &&str| matches!(*result, "none" | "bad_request" | "not_found");
    Ok(match report.counts.failed {
        0 if output.exit_status && report.counts.results.keys().all(is_miss) => {
            exit_status::NOTHING_FOUND
        }
        0 => 0,
        _ => exit_status::FAILURE,
    })
}

fn printer(
    query: &SearchQuery,
    options: &BatchOptions,
    output: &OutputOptions,
    table: Option<&Table>,
) -> Printer {
    let target =
        if options.output.is_some() { Target::default() } else { stdout::target(output.color) };
    let printer = Printer::new(options.format(output), target, output.columns.clone());
    let is_one_result = query.get_types().len() <= 1 && query.get_limit() == 1;
    printer.batch(table.map(Table::own_columns), is_one_result)
}

fn stopped(cause: StopCause, input: &Input, report: &BatchReport) -> CommandError {
    match cause {
        StopCause::Input(error) if report.counts.lines == 0 => input.error(&error),
        StopCause::Output(error) if error.kind() == ErrorKind::BrokenPipe => {
            CommandError::Output(error)
        }
        cause => CommandError::stopped(&cause, &position(input, report)),
    }
}

fn open_output(
    input: &Input,
    options: &BatchOptions,
    table: Option<&Table>,
    printer: &Printer,
) -> Result<Option<OutputFile>, CommandError> {
    let Some(path) = &options.output else { return Ok(None) };
    if let Some(file) = input.file()
        && let (Ok(input), Ok(output)) = (file.canonicalize(), path.canonicalize())
        && input == output
    {
        return Err(CommandError::output_is_input(&path.display().to_string()));
    }
    let own = table.map_or_else(|| vec!["query".to_owned()], Table::own_columns);
    let format = RowFormat {
        delimiter: printer.delimiter(),
        is_table: table.is_some(),
        ours: printer.header()[own.len()..].to_vec(),
        searched: table.map_or_else(|| own.clone(), Table::searched_columns),
        own,
    };
    let file = OutputFile::open(path, format, options.redo.clone()).map_err(|error| {
        let message = format!("cannot continue {}: {error}", path.display());
        CommandError::unusable(message)
    })?;
    Ok(Some(file))
}

/// Reads an input file in advance: for the number of its lines, and for how many are answered.
fn note_progress(
    input: &Input,
    query: &SearchQuery,
    file: Option<&OutputFile>,
    options: &BatchOptions,
    screen: &Screen,
) -> Result<(), CommandError> {
    if input.file().is_none() || !screen.has_progress() && file.is_none() {
        return Ok(());
    }
    let (mut total, mut done) = (0, 0);
    for line in input.open(query, options.lines)?.lines {
        let line = line.map_err(|error| input.error(&error))?;
        if !matches!(line.work, Work::Blank) {
            total += 1;
            done += u64::from(file.is_some_and(|file| file.is_answered(&line.cells)));
        }
    }
    screen.set_total(total);
    if let Some(path) = &options.output
        && done > 0
    {
        screen.note(&format!("{}: {done} of {total} lines done before", path.display()));
    }
    Ok(())
}

fn position(input: &Input, report: &BatchReport) -> Position {
    Position {
        input: input.name(),
        next_line: report.next_line(),
        is_continued: report.file.is_some(),
    }
}

/// Searches for each line and writes its result. While the queue of the screen is full, no search
/// starts.
///
/// # Errors
///
/// Why the batch stopped before the end of the input.
async fn search_lines(
    mut lines: mpsc::Receiver<ReadLine>,
    mut batch: Batch,
    hints: &Hints,
    report: &mut BatchReport<'_>,
) -> Result<(), StopCause> {
    let mut pending: VecDeque<Pending> = VecDeque::new();
    let mut end = None;
    loop {
        while let Some(Pending { line, is_searched: false }) = pending.front() {
            report.unsearched(line).await.map_err(StopCause::Output)?;
            pending.pop_front();
        }
        let has_room = !batch.is_full() && pending.len() < MAX_PENDING;
        tokio::select! {
            line = lines.recv(), if end.is_none() && has_room => match line {
                Some(Ok(line)) => pending.push_back(start(line, &mut batch, report)),
                // The lines before it are searched for and written first.
                Some(Err(error)) => end = Some(Err(StopCause::Input(error))),
                None => end = Some(Ok(())),
            },
            Some((query, outcome)) = batch.next(), if pending.front().is_some() => {
                let Some(Pending { line, .. }) = pending.pop_front() else { continue };
                let written = match outcome {
                    Ok(results) => report.results(&line, &results).await,
                    Err(error) if error.affects_every_query() || batch.has_failed_repeatedly() => {
                        let error = match error {
                            Error::Stopped { source } => Error::clone(&source),
                            error => error,
                        };
                        let hint = hints.search(&error, &query);
                        keep_rest(pending, batch, report).await.map_err(StopCause::Output)?;
                        return Err(StopCause::Search { error, hint });
                    }
                    Err(error) => report.failure(&line, &error).await,
                };
                written.map_err(StopCause::Output)?;
            }
            else => {
                report.end().await.map_err(StopCause::Output)?;
                return end.unwrap_or(Ok(()));
            }
        }
    }
}

/// Writes the results that were on their way when the batch stopped to the output file, so that they are
/// not requested again.
async fn keep_rest(
    mut pending: VecDeque<Pending>,
    mut batch: Batch,
    report: &mut BatchReport<'_>,
) -> io::Result<()> {
    if report.file.is_none() {
        return Ok(());
    }
    while let Some(Pending { line, is_searched }) = pending.pop_front() {
        if is_searched && let Some((_, Ok(results))) = batch.next().await {
            report.keep(&line, &results).await?;
        }
    }
    Ok(())
}

/// Starts the search of a line, unless the output file has its answer.
fn start(line: Line, batch: &mut Batch, report: &BatchReport) -> Pending {
    let is_searched = match &line.work {
        Work::Search(query) if !report.is_answered(&line) => {
            batch.push(query.clone());
            true
        }
        _ => false,
    };
    Pending { line, is_searched }
}
