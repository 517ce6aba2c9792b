//! The result of each line of a batch: writes it to standard output or to the output file, and counts it.

use std::collections::{HashMap, HashSet};
use std::io;

use indexmap::IndexMap;

use super::output_file::{Certainty, Entry, EntryRows, OutputFile};
use super::rows::{ANSWERS, Key};
use crate::cli::messages::command_error::{Report, message};
use crate::cli::messages::notes::shortfall;
use crate::cli::terminal::screen::Screen;
use crate::duration::whole_seconds;
use crate::error::Error;
use crate::matching::Level;
use crate::output::{BatchLayout, BatchLine, FailedQuery, Outcome, Printer};
use crate::results::{Item, SearchResults};

/// A line whose result is not written yet.
pub struct Pending {
    pub number: u64,
    pub cells: Vec<String>,
    /// The key of the line in the output file.
    pub key: Key,
    pub work: LineWork,
}

/// What is done for a line.
pub enum LineWork {
    Blank,
    /// There is nothing to search for.
    Nothing,
    /// The output file has the answer, or an equal line of this run gets it.
    Known,
    /// The next outcome of the batch is that of the line.
    Searched,
}

impl Pending {
    /// Returns true if the line waits for the batch.
    pub fn is_searched(&self) -> bool {
        matches!(self.work, LineWork::Searched)
    }
}

/// Writes the lines of a batch, and counts them.
pub struct BatchReport<'a> {
    screen: &'a Screen,
    pub printer: Printer,
    layout: BatchLayout,
    pub file: Option<OutputFile>,
    /// The searches of this run whose rows are for the output file.
    started: HashSet<Key>,
    /// The searches of this run that failed, for equal lines.
    failures: HashMap<Key, Error>,
    /// The last line that was written.
    last_line: u64,
    pub lines: u64,
    /// The number of lines with each result.
    pub counts: IndexMap<&'static str, u64>,
    /// The number of lines that failed in this run.
    pub failed: u64,
    /// The number of misses that match at a further level.
    pub misses_at_version: u64,
    /// The number of results that Spotify hides from the app.
    pub hidden: u64,
}

impl<'a> BatchReport<'a> {
    pub fn new(
        screen: &'a Screen,
        printer: Printer,
        layout: BatchLayout,
        file: Option<OutputFile>,
    ) -> Self {
        Self {
            screen,
            printer,
            layout,
            file,
            started: HashSet::new(),
            failures: HashMap::new(),
            last_line: 0,
            lines: 0,
            counts: IndexMap::new(),
            failed: 0,
            misses_at_version: 0,
            hidden: 0,
        }
    }

    /// Returns true if the output file has the answer, or if another line of this run asks for the same.
    /// Otherwise the line is searched for.
    pub fn is_known(&mut self, key: Option<Key>) -> bool {
        match (key, &self.file) {
            (Some(key), Some(file)) => file.answer(key).is_some() || !self.started.insert(key),
            _ => false,
        }
    }

    /// Returns the line after the last one that is written.
    pub fn next_line(&self) -> u64 {
        if self.file.is_some() { self.last_line + 1 } else { self.screen.next_line() }
    }

    /// Writes a line that needs no search.
    pub async fn line(&mut self, line: Pending) -> io::Result<()> {
        match line.work {
            LineWork::Blank => {
                let text = self.printer.render_blank(&self.layout);
                self.screen.results(line.number, String::new(), text).await
            }
            LineWork::Nothing => {
                self.count(&line, "none");
                self.write(&line, "none", None, Certainty::Certain, String::new()).await
            }
            LineWork::Known | LineWork::Searched => self.known(line).await,
        }
    }

    /// Copies the answer of the output file, or repeats the failure of an equal line.
    async fn known(&mut self, line: Pending) -> io::Result<()> {
        let answer = self.file.as_ref().and_then(|file| file.answer(line.key));
        if let Some(result) = answer {
            self.count(&line, result);
            self.add(Entry { key: line.key, cells: line.cells, rows: EntryRows::Copy })?;
            self.screen.line_done(String::new());
            return Ok(());
        }
        let Some(error) = self.failures.get(&line.key).cloned() else { return Ok(()) };
        self.failure(&line, error).await
    }

    /// Writes the results of a line.
    pub async fn results(&mut self, line: &Pending, results: &SearchResults) -> io::Result<()> {
        let result = result(results);
        self.count(line, result);
        self.hidden += results.hidden();
        let is_close = results.sections().any(|section| section.closest_level().is_some());
        self.misses_at_version += u64::from(results.is_empty() && is_close);
        let style = self.screen.style();
        let note = if results.hidden() == 0 { shortfall(results) } else { None };
        let note = note.map(|note| style.note(&format!("line {}: {note}", line.number)));
        let outcome = Some(Outcome::Results(results));
        self.write(line, result, outcome, Certainty::Success, note.unwrap_or_default()).await
    }

    /// Writes the results of a line after the one at which the batch stopped to the output file.
    pub async fn keep(&mut self, line: &Pending, results: &SearchResults) -> io::Result<()> {
        let result = result(results);
        let outcome = Some(Outcome::Results(results));
        self.write(line, result, outcome, Certainty::Success, String::new()).await
    }

    /// Reports that a line failed.
    pub async fn failure(&mut self, line: &Pending, error: Error) -> io::Result<()> {
        self.count(line, error.code());
        self.failed += 1;
        if self.file.is_some() {
            self.failures.insert(line.key, error.clone());
        }
        let text = message(&error);
        let report = Report::of_line(error.code(), format!("line {}: {text}", line.number));
        let messages = self.screen.style().error(&report);
        let certainty = match &error {
            Error::InvalidQuery(_) => Certainty::Certain,
            Error::BadRequest(_) | Error::NotFound(_) => Certainty::IfAnySucceeds,
            // It may pass: the line has no row in the file, and the next run searches for it again.
            _ if self.file.is_some() => {
                self.screen.line_done(messages);
                return Ok(());
            }
            _ => Certainty::Certain,
        };
        let outcome = Outcome::Error(FailedQuery {
            code: error.code(),
            status: error.status(),
            message: &text,
            retry_after: error.retry_after().map(whole_seconds),
        });
        self.write(line, error.code(), Some(outcome), certainty, messages).await
    }

    fn count(&mut self, line: &Pending, result: &'static str) {
        self.lines += 1;
        self.last_line = line.number;
        *self.counts.entry(result).or_default() += 1;
    }

    async fn write(
        &mut self,
        line: &Pending,
        result: &'static str,
        outcome: Option<Outcome<'_>>,
        certainty: Certainty,
        messages: String,
    ) -> io::Result<()> {
        let rendered = BatchLine { cells: &line.cells, result, outcome };
        let text = self.printer.render_line(&rendered, &self.layout);
        if self.file.is_none() {
            self.screen.results(line.number, messages, text).await?;
            self.screen.line_done(String::new());
            return Ok(());
        }
        debug_assert!(ANSWERS.contains(&result));
        let rows = EntryRows::New { result, text, certainty };
        self.add(Entry { key: line.key, cells: line.cells.clone(), rows })?;
        self.screen.line_done(messages);
        Ok(())
    }

    fn add(&mut self, entry: Entry) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.add(entry))
    }

    /// Writes what follows the last line.
    pub async fn end(&mut self) -> io::Result<()> {
        if self.file.is_some() {
            return Ok(());
        }
        let text = self.printer.end(&self.layout);
        self.screen.results(self.last_line, String::new(), text).await
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
