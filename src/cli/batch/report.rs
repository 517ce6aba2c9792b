//! The result of each line of a batch: writes it to standard output or to the output file, and counts it.

use std::io;

use indexmap::IndexMap;

use super::input::{Line, Work};
use super::output_file::{Certainty, OutputFile};
use crate::cli::messages::notes::beyond_results;
use crate::cli::report::{Report, message};
use crate::cli::terminal::screen::Screen;
use crate::output::{BatchLine, FailedQuery, Outcome, Printer};
use spotify_search::Error;
use spotify_search::Level;
use spotify_search::duration::whole_seconds;
use spotify_search::{Item, SearchResults};

/// Writes the lines of a batch, and counts them.
pub struct BatchReport<'a> {
    pub screen: &'a Screen,
    pub printer: Printer,
    pub file: Option<OutputFile>,
    pub counts: Counts,
}

/// What has become of the lines.
#[derive(Default)]
pub struct Counts {
    /// The last line that was written.
    last_line: u64,
    pub lines: u64,
    /// The number of lines with each result.
    pub results: IndexMap<&'static str, u64>,
    /// The number of lines that failed in this run.
    pub failed: u64,
    /// The number of misses that match at a further level.
    pub misses_at_version: u64,
    /// The number of results that Spotify hides from the app.
    pub hidden: u64,
}

impl BatchReport<'_> {
    /// Returns true if the output file has the answer of a line.
    pub fn is_answered(&self, line: &Line) -> bool {
        self.file.as_ref().is_some_and(|file| file.is_answered(&line.cells))
    }

    /// Returns the line after the last one that is written.
    pub fn next_line(&self) -> u64 {
        if self.file.is_some() { self.counts.last_line + 1 } else { self.screen.next_line() }
    }

    /// Writes a line that needs no search: it has none, or the output file has its answer.
    pub async fn unsearched(&mut self, line: &Line) -> io::Result<()> {
        match &line.work {
            Work::Blank => {
                let text = self.printer.render_blank();
                return self.screen.results(line.number, String::new(), text).await;
            }
            Work::Nothing => {
                self.count(line, "none");
                let certainty = Certainty::Certain;
                return self.write(line, "none", None, certainty, String::new()).await;
            }
            Work::Invalid(_) | Work::Search(_) => {}
        }
        if let Some(file) = &mut self.file
            && let Some(result) = file.copy(&line.cells)?
        {
            self.count(line, result);
            self.screen.line_done(String::new());
        } else if let Work::Invalid(error) = &line.work {
            self.failure(line, &error.clone().into()).await?;
        }
        Ok(())
    }

    /// Writes the results of a line.
    pub async fn results(&mut self, line: &Line, results: &SearchResults) -> io::Result<()> {
        let result = result(results);
        self.count(line, result);
        self.counts.hidden += results.hidden();
        let is_close = results.sections().any(|section| section.closest_level().is_some());
        self.counts.misses_at_version += u64::from(results.is_empty() && is_close);
        let note = beyond_results(results)
            .map(|note| self.screen.style().note(&format!("line {}: {note}", line.number)));
        let outcome = Some(Ok(results));
        self.write(line, result, outcome, Certainty::Success, note.unwrap_or_default()).await
    }

    /// Writes the results of a line after the one at which the batch stopped to the output file.
    pub async fn keep(&mut self, line: &Line, results: &SearchResults) -> io::Result<()> {
        let outcome = Some(Ok(results));
        self.write(line, result(results), outcome, Certainty::Success, String::new()).await
    }

    /// Reports that a line failed.
    pub async fn failure(&mut self, line: &Line, error: &Error) -> io::Result<()> {
        self.count(line, error.code());
        self.counts.failed += 1;
        let text = message(error);
        let report = Report::of_line(error.code(), format!("line {}: {text}", line.number));
        let messages = self.screen.style().error(&report);
        let certainty = match error {
            Error::InvalidQuery(_) => Certainty::Certain,
            Error::BadRequest(_) | Error::NotFound(_) => Certainty::IfAnySucceeds,
            // It may pass: the line has no row in the file, and the next run searches for it again.
            _ if self.file.is_some() => {
                self.screen.line_done(messages);
                return Ok(());
            }
            _ => Certainty::Certain,
        };
        let outcome = FailedQuery {
            code: error.code(),
            status: error.status(),
            message: &text,
            retry_after: error.retry_after().map(whole_seconds),
        };
        self.write(line, error.code(), Some(Err(outcome)), certainty, messages).await
    }

    fn count(&mut self, line: &Line, result: &'static str) {
        self.counts.lines += 1;
        self.counts.last_line = line.number;
        *self.counts.results.entry(result).or_default() += 1;
    }

    async fn write(
        &mut self,
        line: &Line,
        result: &'static str,
        outcome: Option<Outcome<'_>>,
        certainty: Certainty,
        messages: String,
    ) -> io::Result<()> {
        let rendered = BatchLine { cells: &line.cells, result: Some(result), outcome };
        let rows = self.printer.render_line(&rendered);
        if let Some(file) = &mut self.file {
            file.add(&line.cells, &rows, result, certainty)?;
            self.screen.line_done(messages);
        } else {
            self.screen.results(line.number, messages, rows).await?;
            self.screen.line_done(String::new());
        }
        Ok(())
    }

    /// Writes the header of an output without lines.
    pub async fn end(&mut self) -> io::Result<()> {
        if self.file.is_some() {
            return Ok(());
        }
        let header = self.printer.start();
        self.screen.results(self.counts.last_line, String::new(), header).await
    }

    /// Replaces the output file.
    pub fn finish(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), OutputFile::finish)
    }
}

/// Returns the level of the closest result, or whether there are results.
fn result(results: &SearchResults) -> &'static str {
    match results.items().map(Item::level).min() {
        Some(level) => level.map_or("found", Level::name),
        None => "none",
    }
}
