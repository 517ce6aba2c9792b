//! Runs one search.

use std::path::Path;

use crate::cli::args::flags::{ClientOptions, OutputOptions};
use crate::cli::exit_status;
use crate::cli::messages::command_error::CommandError;
use crate::cli::messages::notes::{beyond_results, hidden, left_out, matches};
use crate::cli::report::Report;
use crate::cli::settings::build_client;
use crate::cli::terminal::screen::Screen;
use crate::cli::terminal::signals::{Signals, is_init};
use crate::cli::terminal::stdout;
use crate::output::{Layout, Printer};
use spotify_search::demo;
use spotify_search::{Error, SearchQuery};

/// Searches and prints the results. Returns the exit status.
///
/// # Errors
///
/// [`CommandError`] if the search or the output fails, or if a signal ends the run.
pub async fn run(
    query: &SearchQuery,
    client: &ClientOptions,
    output: &OutputOptions,
    screen: &Screen,
) -> Result<u8, CommandError> {
    if !screen.has_progress() && !is_init() {
        // The default action of a signal is enough: there is no progress line to remove.
        return search(query, client, output, screen).await;
    }
    let mut signals = Signals::listen().map_err(CommandError::start_up("cannot handle signals"))?;
    tokio::select! {
        outcome = search(query, client, output, screen) => outcome,
        signal = signals.next() => {
            screen.stop().await;
            Err(CommandError::Interrupted { signal, report: None })
        }
    }
}

async fn search(
    query: &SearchQuery,
    client: &ClientOptions,
    output: &OutputOptions,
    screen: &Screen,
) -> Result<u8, CommandError> {
    let is_demo = client.demo;
    let (client, hints) = build_client::build(client, screen, |_| {})?;
    let results = client.search(query).await.map_err(|error| {
        let mut report = Report::of_search(&error, hints.search(&error, query));
        let attempts = screen.retries() + 1;
        if attempts > 1 {
            let message = report.message.trim_end_matches('.');
            report.message = format!("{message}; gave up after {attempts} attempts");
        }
        if matches!(error, Error::RateLimited { max_wait_needed: None, .. }) && attempts > 1 {
            report.hints.push("a 429 counts as a retry: pass --retries 10 to wait longer".into());
        }
        report
    })?;
    if screen.has_progress() {
        // Removes the progress line.
        screen.flush().await.map_err(CommandError::Output)?;
    }
    if let Some(note) = hidden(&results).or_else(|| beyond_results(&results)) {
        screen.note(&note);
    }
    let target = stdout::target(output.color);
    let mut printer = Printer::new(output.format(), target, Layout::single(output.columns.clone()));
    if output.no_header {
        printer = printer.without_header();
    }
    let text = printer.render(&results);
    screen.results(0, String::new(), text).await.map_err(CommandError::Output)?;
    for note in left_out(&printer) {
        screen.note(&note);
    }
    for note in matches(&results) {
        screen.note(&note);
    }
    if let Some(note) = input_meant(query.get_words()) {
        screen.note(&note);
    }
    if is_demo && results.sections().all(|section| section.total() == Some(0)) {
        let examples = demo::examples(query.searched_types()).join(", ");
        screen.note(&format!("nothing found; the sample catalogue has {examples} and others"));
    } else if results.is_empty() && output.format().is_field() && query.get_matching().is_none() {
        screen.note("nothing found");
    }
    // A signal ends the process even if the output is not read.
    screen.flush().await.map_err(CommandError::Output)?;
    Ok(if output.exit_status && results.is_empty() { exit_status::NOTHING_FOUND } else { 0 })
}

/// Returns a note if the words are the name of a file or of standard input.
fn input_meant(words: &str) -> Option<String> {
    if words == "-" {
        return Some("searched for \"-\"; --input - reads standard input".into());
    }
    let is_file = Path::new(words).is_file();
    is_file.then(|| format!("searched for the name of a file; --input {words} reads its lines"))
}
