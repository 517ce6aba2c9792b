//! Renders results in one format. A printer keeps what later output depends on: whether the header
//! has been written, and how many results were left out.

use super::batch_line::BatchLine;
use super::columns::Column;
use super::escape::escape_keeping_lines;
use super::format::{Format, Target};
use super::{csv, field, json, json_color, table};
use spotify_search::SearchResults;

/// Renders the results of one search, or of the searches of a batch.
#[derive(Debug)]
pub struct Printer {
    format: Format,
    target: Target,
    /// The columns that were chosen.
    chosen: Option<Vec<Column>>,
    /// The columns of csv and tsv. In a batch, they follow the result.
    columns: Vec<Column>,
    /// The names of all columns of csv and tsv.
    header: Vec<String>,
    /// The columns of a table that is the input of a batch.
    own: Option<Vec<String>>,
    /// True if `id`, `uri` and `url` have a line for each line of a batch.
    is_line_per_query: bool,
    /// True until something has been rendered.
    is_first: bool,
    left_out: usize,
}

impl Printer {
    /// Creates a printer. `chosen` are the columns of csv, tsv and a table.
    pub fn new(format: Format, target: Target, chosen: Option<Vec<Column>>) -> Self {
        let format = match format {
            Format::Auto if target.is_terminal => Format::Table,
            Format::Auto => Format::Json,
            format => format,
        };
        let columns = chosen.clone().unwrap_or_else(|| Column::DEFAULT.to_vec());
        Self {
            format,
            target,
            chosen,
            header: csv::names(&columns),
            columns,
            own: None,
            is_line_per_query: false,
            is_first: true,
            left_out: 0,
        }
    }

    /// Prints the lines of a batch. Its input has these columns of its own, or else a query in each line.
    #[must_use]
    pub fn batch(mut self, own: Option<Vec<String>>, is_one_result: bool) -> Self {
        let is_field = matches!(self.format, Format::Id | Format::Uri | Format::Url);
        self.is_line_per_query = is_field && is_one_result;
        if self.chosen.is_none() {
            self.columns.insert(0, Column::Matches);
        }
        // It comes before them.
        self.columns.retain(|column| *column != Column::Result);
        self.header = csv::batch_names(own.as_deref(), &self.columns);
        Self { own, ..self }
    }

    /// Leaves out the header of csv and tsv.
    #[must_use]
    pub fn without_header(self) -> Self {
        Self { header: Vec::new(), ..self }
    }

    /// Returns the names of the columns of csv and tsv.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Returns the delimiter of csv and tsv.
    pub fn delimiter(&self) -> Option<u8> {
        self.format.delimiter()
    }

    /// Renders the results of a single search.
    pub fn render(&mut self, results: &SearchResults) -> Vec<u8> {
        self.render_line(&BatchLine { cells: &[], result: None, outcome: Some(Ok(results)) })
    }

    /// Renders a line of a batch.
    pub fn render_line(&mut self, line: &BatchLine) -> Vec<u8> {
        let own = self.own.as_deref();
        let mut out = self.start();
        match self.format {
            Format::Table => {
                if let Some(results) = line.results() {
                    let chosen = self.chosen.as_deref();
                    table::write(results, chosen, self.target, self.is_first, &mut out);
                }
            }
            Format::Json | Format::Auto => json::write(line, own, &mut out),
            Format::Jsonl => json::write_items(line, own, &mut out),
            Format::Csv => csv::write(line, &self.columns, b',', &mut out),
            Format::Tsv => csv::write(line, &self.columns, b'\t', &mut out),
            Format::Id | Format::Uri | Format::Url => {
                let is_line_per_row = self.is_line_per_query;
                self.left_out += field::write(line, self.format, is_line_per_row, &mut out);
            }
        }
        self.end(out)
    }

    /// Renders a blank line of the input, in the formats that have a line for each.
    pub fn render_blank(&self) -> Vec<u8> {
        if self.is_line_per_query { b"\n".to_vec() } else { Vec::new() }
    }

    /// Returns the header of csv or tsv, if nothing has been rendered.
    pub fn start(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.is_first
            && !self.header.is_empty()
            && let Some(delimiter) = self.format.delimiter()
        {
            csv::write_cells(self.header.iter().cloned(), delimiter, &mut out);
        }
        out
    }

    /// Returns how many results were left out because they lack the printed field, and the name of the
    /// field with its article, such as "an id". Returns `None` if none were left out.
    pub fn left_out(&self) -> Option<(usize, &'static str)> {
        let field = match self.format {
            Format::Id => "an id",
            Format::Uri => "a URI",
            Format::Url => "a URL",
            _ => return None,
        };
        (self.left_out > 0).then_some((self.left_out, field))
    }

    /// Ends a text: escapes control characters for a terminal, and colours JSON; a table is complete already. A
    /// table drops the marks of right-to-left names. The other formats escape them, because a dropped
    /// character would change copied data.
    fn end(&mut self, text: Vec<u8>) -> Vec<u8> {
        self.is_first = false;
        let is_json = matches!(self.format, Format::Json | Format::Jsonl);
        let is_colored = self.target.color && is_json;
        let is_escaped = self.target.is_terminal && self.format != Format::Table;
        if !is_colored && !is_escaped {
            return text;
        }
        let text = String::from_utf8_lossy(&text);
        let text = if is_escaped { escape_keeping_lines(&text) } else { text.as_ref().into() };
        if is_colored { json_color::color(&text).into() } else { text.into_owned().into() }
    }
}

/// Helpers for the tests of the formats.
#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::output::batch_line::FailedQuery;
    use spotify_search::{ItemType, SearchQuery};

    fn results(words: &str, response: &str) -> SearchResults {
        let query = SearchQuery::new(words).types(ItemType::ALL);
        SearchResults::from_json(&query, response).unwrap()
    }

    /// Renders this response to the query `kind of blue`.
    pub fn render(format: Format, target: Target, response: &str) -> String {
        let rendered =
            Printer::new(format, target, None).render(&results("kind of blue", response));
        String::from_utf8(rendered).unwrap()
    }

    /// The same into a pipe.
    pub fn render_piped(format: Format, response: &str) -> String {
        render(format, Target::default(), response)
    }

    /// Renders a batch of two queries with this response and one that failed.
    pub fn render_batch(format: Format, target: Target, response: &str) -> String {
        let mut printer = Printer::new(format, target, None).batch(None, false);
        let results = results("x", response);
        let found = Ok(&results);
        let failed = Err(FailedQuery {
            code: "rate_limited",
            status: Some(429),
            message: "rate limited",
            retry_after: Some(7),
        });
        let lines = [
            ("so \"what\"", "found", found),
            ("two, three", "found", found),
            ("bad", "rate_limited", failed),
        ];
        let mut text = Vec::new();
        for (query, result, outcome) in lines {
            let cells = [query.to_owned()];
            let line = BatchLine { cells: &cells, result: Some(result), outcome: Some(outcome) };
            text.extend(printer.render_line(&line));
        }
        String::from_utf8(text).unwrap()
    }
}
