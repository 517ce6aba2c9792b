//! Results in the form that was asked for, one file a form. A [`Printer`] keeps what must be known
//! from one answer to the next (whether a header is still to come), writes through whatever it is
//! given and never looks at the process: terminal or not, how wide and in colour or not is told to
//! it.

mod csv;
mod escape;
mod json;
mod lines;
mod table;

use std::io::{self, Write};

use escape::escape_lines;

pub use escape::escape;

use crate::error::Error;
use crate::query::SearchQuery;
use crate::results::SearchResults;

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns for people.
    Table,
    /// The API's own shape, indented.
    Json,
    /// One item a line.
    Jsonl,
    /// Rows of fifteen columns, the same for every type, separated by commas.
    Csv,
    /// The same separated by tabs.
    Tsv,
    /// The id of each item on a line.
    Id,
    /// The URI of each item on a line.
    Uri,
    /// The address of each item's page on a line.
    Url,
}

/// Where the output goes, as far as it changes what is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Target {
    /// Whether control and bidirectional characters could do something there.
    pub is_terminal: bool,
    /// The width to fit a table to, in columns; `None` where there is none.
    pub width: Option<u16>,
    /// Whether to colour.
    pub color: bool,
}

/// Writes results.
pub struct Printer<W> {
    out: W,
    format: Format,
    target: Target,
    /// Whether anything has been written.
    begun: bool,
    left_out: usize,
}

impl<W: Write> Printer<W> {
    /// A printer that has written nothing yet.
    pub fn new(out: W, format: Format, target: Target) -> Self {
        Self { out, format, target, begun: false, left_out: 0 }
    }

    /// Writes what a query found; where it is one of several, with the line that it stands for.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn print(
        &mut self,
        line: Option<&str>,
        query: &SearchQuery,
        results: &SearchResults,
    ) -> io::Result<()> {
        let is_first = !std::mem::replace(&mut self.begun, true);
        let (format, target) = (self.format, self.target);
        let left_out = self.write(|out| {
            match (format, line) {
                (Format::Table, _) => table::write(query, results, target, is_first, out)?,
                (Format::Json, None) => json::write_document(results, out)?,
                (Format::Json, Some(line)) => json::write_answer(line, results, out)?,
                (Format::Jsonl, _) => json::write_items(line, results, out)?,
                (Format::Csv, _) => csv::write(line, results, b',', is_first, out)?,
                (Format::Tsv, _) => csv::write(line, results, b'\t', is_first, out)?,
                (Format::Id, _) => return lines::write(results, |item| item.id, out),
                (Format::Uri, _) => return lines::write(results, |item| item.uri, out),
                (Format::Url, _) => return lines::write(results, |item| item.url, out),
            }
            Ok(0)
        })?;
        self.left_out += left_out;
        Ok(())
    }

    /// Writes that one query of several failed, where the form has a place for that.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn print_failure(&mut self, line: &str, error: &Error) -> io::Result<()> {
        if self.format == Format::Json {
            self.write(|out| json::write_failure(line, error, out))?;
        }
        Ok(())
    }

    /// Ends the answers to several queries: a header is due even where there was none.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn finish(&mut self) -> io::Result<()> {
        if !self.begun {
            match self.format {
                Format::Csv => csv::write_header(true, b',', &mut self.out)?,
                Format::Tsv => csv::write_header(true, b'\t', &mut self.out)?,
                _ => {}
            }
        }
        self.flush()
    }

    /// Hands everything written to the system.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// How many results were left out, if any, and what they lack: "an id".
    pub fn left_out(&self) -> Option<(usize, &'static str)> {
        let what = match self.format {
            Format::Id => "an id",
            Format::Uri => "a URI",
            Format::Url => "a URL",
            _ => return None,
        };
        (self.left_out > 0).then_some((self.left_out, what))
    }

    /// Writes by way of what makes text safe, where that is needed.
    fn write<T>(&mut self, text: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
        // A table has made it safe by itself, cell by cell, before it measured them.
        if !self.target.is_terminal || self.format == Format::Table {
            return text(&mut self.out);
        }
        let mut raw = Vec::new();
        let value = text(&mut raw)?;
        self.out.write_all(escape_lines(&String::from_utf8_lossy(&raw)).as_bytes())?;
        Ok(value)
    }
}

/// Results and a query to print in the tests of the formats.
#[cfg(test)]
mod testing {
    use super::*;
    use crate::query::ItemType;

    /// What a format prints of this answer.
    pub fn print(format: Format, target: Target, answer: &str) -> String {
        print_lines(format, target, &[None], answer)
    }

    /// The same into a pipe.
    pub fn piped(format: Format, answer: &str) -> String {
        print(format, Target::default(), answer)
    }

    /// What a format prints of two queries with this answer and one that failed, into a pipe.
    pub fn batch(format: Format, answer: &str) -> String {
        print_lines(format, Target::default(), &[Some("so \"what\""), Some("two, three")], answer)
    }

    fn print_lines(format: Format, target: Target, lines: &[Option<&str>], answer: &str) -> String {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, format, target);
        for &line in lines {
            let query =
                SearchQuery::new(line.unwrap_or("kind of blue"), &[], &ItemType::ALL).unwrap();
            let results = SearchResults::parse(answer.as_bytes(), &query, 10).unwrap();
            printer.print(line, &query, &results).unwrap();
        }
        if lines.len() > 1 {
            printer.print_failure("bad", &Error::UnusableLine("is no query")).unwrap();
        }
        String::from_utf8(out).unwrap()
    }
}
