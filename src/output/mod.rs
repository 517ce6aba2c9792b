//! Results in the form that was asked for, one file a form. A [`Printer`] keeps what must be known
//! from one answer to the next (whether the CSV header is out), writes through whatever it is given
//! and never looks at the process: terminal or not, how wide and in colour or not is told to it.

mod csv;
mod json;
mod lines;
mod sanitize;
mod table;

use std::io::{self, Write};

pub use sanitize::visible;

use crate::model::SearchResults;
use crate::query::SearchQuery;

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
    header_written: bool,
}

impl<W: Write> Printer<W> {
    /// A printer that has written nothing yet.
    pub fn new(out: W, format: Format, target: Target) -> Self {
        Self { out, format, target, header_written: false }
    }

    /// Writes what one query found.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn print(&mut self, query: &SearchQuery, results: &SearchResults) -> io::Result<()> {
        let mut text = Vec::new();
        match self.format {
            Format::Table => table::write(query, results, self.target, &mut text)?,
            Format::Json => json::write_document(results, &mut text)?,
            Format::Jsonl => json::write_lines(results, &mut text)?,
            Format::Csv => csv::write(results, b',', !self.header_written, &mut text)?,
            Format::Tsv => csv::write(results, b'\t', !self.header_written, &mut text)?,
            Format::Id => lines::write(results, |item| item.id, &mut text)?,
            Format::Uri => lines::write(results, |item| item.uri, &mut text)?,
            Format::Url => lines::write(results, |item| item.url, &mut text)?,
        }
        self.header_written = true;
        // A table has done so by itself, cell by cell, before it measured them.
        if self.target.is_terminal && self.format != Format::Table {
            text =
                sanitize::visible_lines(&String::from_utf8_lossy(&text)).into_owned().into_bytes();
        }
        self.out.write_all(&text)
    }

    /// Hands everything written to the system.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Results and a query to print in the tests of the formats.
#[cfg(test)]
mod testing {
    use super::*;
    use crate::query::ItemType;

    /// What a format prints of this answer.
    pub fn print(format: Format, target: Target, answer: &str) -> String {
        let query = SearchQuery::new("kind of blue", &[], &ItemType::ALL).unwrap();
        let results = SearchResults::parse(answer.as_bytes(), &query).unwrap();
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, format, target);
        printer.print(&query, &results).unwrap();
        printer.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The same into a pipe.
    pub fn piped(format: Format, answer: &str) -> String {
        print(format, Target::default(), answer)
    }
}
