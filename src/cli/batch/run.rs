//! Runs a batch: reads the input, passes its lines to `client::Batch`, which searches for several at
//! a time, and writes the result of each line in the order of the input.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::line::{Line, ReadLine, Work};
use super::output_file::{OutputFile, RowFormat};
use super::recorder::{Counts, Recorder};
use super::redo::Redo;
use super::summary::{RequestCounts, summary};
use super::survey::survey;
use super::table::Table;
use crate::cli::action::Input;
use crate::cli::args::batch_flags::BatchOptions;
use crate::cli::args::flags::{ClientOptions, OutputOptions};
use crate::cli::exit_status;
use crate::cli::messages::command_error::{CommandError, Position, StopCause};
use crate::cli::messages::hints::Hints;
use crate::cli::messages::notes::left_out;
use crate::cli::settings::build_client;
use crate::cli::terminal::screen::Screen;
use crate::cli::terminal::signals::Signals;
use crate::cli::terminal::stdout;
use crate::output::{Format, Layout, Printer, RowResult, Target};
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
    let lines = input.open(query)?;
    let table = lines.table.clone();
    let rows = row_format(query, options, output, table.as_ref());
    let mut file = open_output(input, options, &rows)?;
    let printer = printer(&rows, file.is_some(), output);
    let (start, requests) = (Instant::now(), Arc::new(RequestCounts::default()));
    let counts = requests.clone();
    let (client, hints) = build_client::build(client, screen, move |event| counts.count(event))?;
    if let Some(note) = &lines.note {
        screen.note(&format!("{}: {note}", input.name()));
    }
    survey(input, query, file.as_mut().map(|file| (file, &rows)), screen)?;
    let mut signals = Signals::listen().map_err(CommandError::start_up("cannot handle signals"))?;
    let mut batch = client.batch();
    if file.as_ref().is_some_and(|file| file.results().keys().any(RowResult::is_found)) {
        batch.found_before();
    }
    let mut recorder = Recorder { screen, printer, file, counts: Counts::default() };
    let lines = lines.receive()?;
    let outcome = tokio::select! {
        outcome = search_lines(lines, batch, &hints, &mut recorder) => outcome,
        signal = signals.next() => {
            let is_cut = !screen.stop().await;
            let _ = recorder.finish(false);
            return Err(CommandError::interrupted(signal, &position(input, &recorder), is_cut));
        }
    };
    // What is written tells where the batch has stopped.
    let flushed = screen.flush().await.map_err(StopCause::Output);
    let finished = match &outcome {
        // The part has all whole answers. The next run finishes it.
        Err(StopCause::Output(_)) => Ok(()),
        _ => recorder.finish(outcome.is_ok()).map_err(StopCause::Output),
    };
    outcome.and(flushed).and(finished).map_err(|cause| stopped(cause, input, &recorder))?;
    for note in left_out(&recorder.printer) {
        screen.note(&note);
    }
    let counts = &recorder.counts;
    screen.note(&summary(counts, &requests, start.elapsed(), recorder.file.is_some()));
    screen.flush().await.map_err(CommandError::Output)?;
    let is_miss =
        |result: &RowResult| matches!(result.name(), "none" | "bad_request" | "not_found");
    Ok(match counts.failed {
        0 if output.exit_status && counts.results.keys().all(is_miss) => exit_status::NOTHING_FOUND,
        0 => 0,
        _ => exit_status::FAILURE,
    })
}

fn row_format(
    query: &SearchQuery,
    options: &BatchOptions,
    output: &OutputOptions,
    table: Option<&Table>,
) -> RowFormat {
    let (format, chosen) = (options.format(output.format()), output.columns.clone());
    RowFormat {
        layout: match table {
            Some(table) => Layout::table(table.own_columns(), chosen),
            None => Layout::lines(chosen),
        },
        searched: table.map_or_else(|| vec!["query".to_owned()], Table::searched_columns),
        types: table.map_or_else(|| query.searched_types(), Table::searched_types).to_vec(),
        // A line of json has all results.
        is_one_result: format == Format::Json
            || query.get_types().len() <= 1 && query.get_limit() == 1,
        format,
        redo: Redo::new(&options.redo),
    }
}

fn printer(rows: &RowFormat, is_to_file: bool, output: &OutputOptions) -> Printer {
    let target = if is_to_file { Target::default() } else { stdout::target(output.color) };
    let printer = Printer::new(rows.format, target, rows.layout.clone());
    let printer = if rows.is_one_result { printer.line_per_query(rows.types[0]) } else { printer };
    if is_to_file || output.no_header { printer.without_header() } else { printer }
}

fn stopped(cause: StopCause, input: &Input, recorder: &Recorder) -> CommandError {
    match cause {
        StopCause::Input(error) if recorder.counts.lines == 0 => input.error(&error),
        StopCause::Output(error) if error.kind() == ErrorKind::BrokenPipe => {
            CommandError::Output(error)
        }
        cause => CommandError::stopped(&cause, &position(input, recorder)),
    }
}

fn open_output(
    input: &Input,
    options: &BatchOptions,
    rows: &RowFormat,
) -> Result<Option<OutputFile>, CommandError> {
    let Some(path) = &options.output else { return Ok(None) };
    let verb = if path.exists() { "continue" } else { "write" };
    let file = OutputFile::open(path, input.file(), rows.clone());
    file.map(Some).map_err(|error| {
        CommandError::unusable(format!("cannot {verb} {}: {error}", path.display()))
    })
}

fn position(input: &Input, recorder: &Recorder) -> Position {
    Position {
        input: input.name(),
        next_line: recorder.next_line(),
        is_continued: recorder.file.is_some(),
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
    recorder: &mut Recorder<'_>,
) -> Result<(), StopCause> {
    let mut pending: VecDeque<Pending> = VecDeque::new();
    let mut end = None;
    loop {
        while let Some(Pending { line, is_searched: false }) = pending.front() {
            recorder.unsearched(line).await.map_err(StopCause::Output)?;
            pending.pop_front();
        }
        let has_room = !batch.is_full() && pending.len() < MAX_PENDING;
        tokio::select! {
            line = lines.recv(), if end.is_none() && has_room => match line {
                Some(Ok(line)) => pending.push_back(start(line, &mut batch, recorder)),
                // The lines before it are searched for and written first.
                Some(Err(error)) => end = Some(Err(StopCause::Input(error))),
                None => end = Some(Ok(())),
            },
            Some((query, outcome)) = batch.next(), if pending.front().is_some() => {
                let Some(Pending { line, .. }) = pending.pop_front() else { continue };
                let written = match outcome {
                    Ok(results) => recorder.results(&line, &results).await,
                    Err(error) if error.affects_every_query() || batch.has_failed_repeatedly() => {
                        let error = match error {
                            Error::Stopped { source } => Error::clone(&source),
                            error => error,
                        };
                        let hint = hints.search(&error, &query);
                        pending.push_front(Pending { line, is_searched: false });
                        keep_rest(pending, batch, recorder).await.map_err(StopCause::Output)?;
                        return Err(StopCause::Search { error, hint });
                    }
                    Err(error) => {
                        let is_about_query = batch.is_about_query(&query, &error);
                        recorder.failure(&line, &error, is_about_query).await
                    }
                };
                written.map_err(StopCause::Output)?;
            }
            else => {
                recorder.end().await.map_err(StopCause::Output)?;
                return end.unwrap_or(Ok(()));
            }
        }
    }
}

/// Writes the results that were on their way when the batch stopped to the output file, so that they are
/// not requested again, and the old rows of the lines between.
async fn keep_rest(
    pending: VecDeque<Pending>,
    mut batch: Batch,
    recorder: &mut Recorder<'_>,
) -> io::Result<()> {
    if recorder.file.is_none() {
        return Ok(());
    }
    for Pending { line, is_searched } in pending {
        let outcome = if is_searched { batch.next().await } else { None };
        let results = outcome.and_then(|(_, outcome)| outcome.ok());
        recorder.keep(&line, results.as_ref())?;
    }
    Ok(())
}

/// Starts the search of a line, unless the output file has its answer.
fn start(line: Line, batch: &mut Batch, recorder: &Recorder) -> Pending {
    let is_searched = match &line.work {
        Work::Search(query) if !recorder.is_answered(&line) => {
            batch.push(query.clone());
            true
        }
        _ => false,
    };
    Pending { line, is_searched }
}
