//! Records what came of each line of a batch: writes it to standard output or to the output file, and counts it.

use std::collections::BTreeMap;
use std::io;

use super::line::{Line, Work};
use super::output_file::OutputFile;
use crate::cli::messages::notes::beyond_results;
use crate::cli::report::{Report, message};
use crate::cli::terminal::screen::Screen;
use crate::output::{FailedQuery, Outcome, Printer, RowResult};
use spotify_search::duration::whole_seconds;
use spotify_search::{Error, SearchResults};

/// Writes the lines of a batch, and counts them.
pub struct Recorder<'a> {
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
    pub results: BTreeMap<RowResult, u64>,
    /// The number of lines that have no answer.
    pub failed: u64,
    /// The number of misses that match at a further level.
    pub misses_at_version: u64,
    /// The number of results that Spotify hides from the app.
    pub hidden: u64,
    /// The number of rows in the output file that no line asks for.
    pub kept: usize,
}

impl Recorder<'_> {
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
        if let Work::Blank = line.work {
            let text = self.printer.render_blank();
            return self.screen.results(line.number, String::new(), text).await;
        }
        if self.is_answered(line) {
            let is_new = self.file.as_ref().is_some_and(|file| file.is_new(&line.cells));
            if let Some(result) = self.keep_old(line)? {
                self.count(line, result);
            }
            if is_new {
                self.screen.line_done(String::new());
            }
            return Ok(());
        }
        match &line.work {
            Work::Invalid(error) => self.failure(line, &error.clone().into(), true).await,
            _ => self.write(line, &Outcome::Nothing, String::new()).await,
        }
    }

    /// Writes the results of a line.
    pub async fn results(&mut self, line: &Line, results: &SearchResults) -> io::Result<()> {
        self.counts.hidden += results.hidden();
        let is_close = results.sections().any(|section| section.closest_level().is_some());
        self.counts.misses_at_version += u64::from(results.is_empty() && is_close);
        let note = beyond_results(results)
            .map(|note| self.screen.style().note(&format!("line {}: {note}", line.number)));
        self.write(line, &Outcome::Results(results), note.unwrap_or_default()).await
    }

    /// Keeps what was found for a line after the one at which the batch stopped, and else its old rows.
    pub fn keep(&mut self, line: &Line, results: Option<&SearchResults>) -> io::Result<()> {
        let Some(results) = results else { return self.keep_old(line).map(drop) };
        let rows = self.printer.render_line("", &line.cells, &Outcome::Results(results));
        self.file.as_mut().map_or(Ok(()), |file| file.add(&line.cells, &rows))
    }

    /// Copies the rows of a line from the output file. Returns its result, if it has rows.
    fn keep_old(&mut self, line: &Line) -> io::Result<Option<RowResult>> {
        self.file.as_mut().map_or(Ok(None), |file| file.copy(&line.cells))
    }

    /// Reports that a line failed. An error about its query is an answer. Any other may pass: the output file
    /// keeps the rows that it has, and the next run searches for the line again.
    pub async fn failure(
        &mut self,
        line: &Line,
        error: &Error,
        is_about_query: bool,
    ) -> io::Result<()> {
        let is_answer = is_about_query && self.file.is_some();
        self.counts.failed += u64::from(!is_answer);
        let text = message(error);
        let report = Report::of_line(error.code(), format!("line {}: {text}", line.number));
        let messages = self.screen.style().error(&report);
        if self.file.is_some() && !is_answer {
            self.count(line, RowResult::Failed(error.code()));
            self.keep_old(line)?;
            self.screen.line_done(messages);
            return Ok(());
        }
        let outcome = FailedQuery {
            code: error.code(),
            status: error.status(),
            message: &text,
            retry_after: error.retry_after().map(whole_seconds),
        };
        self.write(line, &Outcome::Failed(outcome), messages).await
    }

    fn count(&mut self, line: &Line, result: RowResult) {
        self.counts.lines += 1;
        self.counts.last_line = line.number;
        *self.counts.results.entry(result).or_default() += 1;
    }

    async fn write(
        &mut self,
        line: &Line,
        outcome: &Outcome<'_>,
        messages: String,
    ) -> io::Result<()> {
        self.count(line, outcome.result());
        let rows = self.printer.render_line(&line.text(), &line.cells, outcome);
        if let Some(file) = &mut self.file {
            file.add(&line.cells, &rows)?;
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

    /// Replaces the output file. `is_complete` is true if all lines were read.
    pub fn finish(&mut self, is_complete: bool) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            self.counts.kept = file.finish(is_complete)?;
        }
        Ok(())
    }
}
