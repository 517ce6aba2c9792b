//! Renders results in one format. A printer keeps what later output depends on: whether the header
//! has been written, and how many results were left out.

use super::batch_line::BatchLine;
use super::columns::Column;
use super::escape::escape_keeping_lines;
use super::format::{Format, Target};
use super::{csv, field, json, json_color, table};
use crate::results::SearchResults;

/// Renders the results of one search, or of the searches of a batch.
#[derive(Debug)]
pub struct Printer {
    format: Format,
    target: Target,
    /// The columns that were chosen.
    columns: Option<Vec<Column>>,
    /// True if csv and tsv start with a header.
    with_header: bool,
    /// True until something has been rendered.
    is_first: bool,
    left_out: usize,
}

/// How the lines of a batch are rendered.
#[derive(Clone, Debug)]
pub struct BatchLayout {
    /// The columns of csv and tsv that follow the result.
    pub columns: Vec<Column>,
    /// The columns of a table in the input. Without them, the input has a query in each line.
    pub own_columns: Option<Vec<String>>,
    /// True if each line has one result at most: `id`, `uri` and `url` then have a line for each.
    pub is_one_result: bool,
}

impl BatchLayout {
    /// Creates the layout for an input with these columns of its own, and the columns that were chosen.
    pub fn new(
        own_columns: Option<Vec<String>>,
        chosen: Option<&[Column]>,
        is_one_result: bool,
    ) -> Self {
        let columns = match chosen {
            // The result comes before them.
            Some(chosen) => {
                chosen.iter().copied().filter(|column| *column != Column::Result).collect()
            }
            None => [Column::Matches].into_iter().chain(Column::DEFAULT).collect(),
        };
        Self { columns, own_columns, is_one_result }
    }
}

impl Printer {
    /// Creates a printer.
    pub fn new(format: Format, target: Target) -> Self {
        let format = match format {
            Format::Auto if target.is_terminal => Format::Table,
            Format::Auto => Format::Json,
            format => format,
        };
        Self { format, target, columns: None, with_header: true, is_first: true, left_out: 0 }
    }

    /// Sets the columns of csv, tsv and a table.
    #[must_use]
    pub fn columns(self, columns: Option<Vec<Column>>) -> Self {
        Self { columns, ..self }
    }

    /// Sets whether csv and tsv start with a header. The default is true.
    #[must_use]
    pub fn header(self, with_header: bool) -> Self {
        Self { with_header, ..self }
    }

    /// Renders the results of a search.
    pub fn render(&mut self, results: &SearchResults) -> Vec<u8> {
        let mut out = Vec::new();
        let columns = self.columns.clone().unwrap_or_else(|| Column::DEFAULT.to_vec());
        self.start(|| csv::names(&columns), &mut out);
        match self.format {
            Format::Table => self.render_table(results, true, &mut out),
            Format::Json | Format::Auto => json::write_document(results, &mut out),
            Format::Jsonl => json::write_items(results, &mut out),
            Format::Csv => csv::write(results, &columns, b',', &mut out),
            Format::Tsv => csv::write(results, &columns, b'\t', &mut out),
            Format::Id | Format::Uri | Format::Url => {
                self.left_out += field::write(results.items(), self.format, &mut out);
            }
        }
        self.for_target(out)
    }

    fn render_table(&self, results: &SearchResults, is_first: bool, out: &mut Vec<u8>) {
        table::write(results, self.columns.as_deref(), self.target, is_first, out);
    }

    /// Renders a line of a batch.
    pub fn render_line(&mut self, line: &BatchLine, layout: &BatchLayout) -> Vec<u8> {
        let own = layout.own_columns.as_deref();
        let mut out = Vec::new();
        let is_first = self.start(|| csv::batch_columns(own, &layout.columns), &mut out);
        match self.format {
            Format::Table => {
                if let Some(Ok(results)) = line.outcome {
                    self.render_table(results, is_first, &mut out);
                }
            }
            Format::Json | Format::Auto => json::write_line(line, own, &mut out),
            Format::Jsonl => json::write_item_lines(line, own, &mut out),
            Format::Csv => csv::write_line(line, &layout.columns, b',', &mut out),
            Format::Tsv => csv::write_line(line, &layout.columns, b'\t', &mut out),
            Format::Id | Format::Uri | Format::Url if layout.is_one_result => {
                field::write_one_line(line, self.format, &mut out);
            }
            Format::Id | Format::Uri | Format::Url => {
                self.left_out += field::write(line.items(), self.format, &mut out);
            }
        }
        self.for_target(out)
    }

    /// Renders a blank line of the input, in the formats that have a line for each.
    pub fn render_blank(&self, layout: &BatchLayout) -> Vec<u8> {
        let is_field = matches!(self.format, Format::Id | Format::Uri | Format::Url);
        if is_field && layout.is_one_result { b"\n".to_vec() } else { Vec::new() }
    }

    /// Renders the end of a batch: the header, if there were no lines.
    pub fn end(&mut self, layout: &BatchLayout) -> Vec<u8> {
        let mut out = Vec::new();
        let own = layout.own_columns.as_deref();
        self.start(|| csv::batch_columns(own, &layout.columns), &mut out);
        out
    }

    /// Writes the header of csv or tsv the first time. Returns true the first time.
    fn start(&mut self, columns: impl FnOnce() -> Vec<String>, out: &mut Vec<u8>) -> bool {
        let is_first = std::mem::replace(&mut self.is_first, false);
        if is_first
            && self.with_header
            && let Some(delimiter) = self.format.delimiter()
        {
            csv::write_cells(columns().into_iter(), delimiter, out);
        }
        is_first
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

    /// Escapes control characters for a terminal, and colours JSON; a table is complete already. A
    /// table drops the marks of right-to-left names. The other formats escape them, because a dropped
    /// character would change copied data.
    fn for_target(&self, text: Vec<u8>) -> Vec<u8> {
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
    use std::sync::Arc;

    use super::*;
    use crate::output::batch_line::FailedQuery;
    use crate::query::{ItemType, SearchQuery};

    fn results(words: &str, response: &str) -> SearchResults {
        let query = Arc::new(SearchQuery::new(words).types(ItemType::ALL));
        SearchResults::parse(response.as_bytes(), &query, 10).unwrap()
    }

    /// Renders this response to the query `kind of blue`.
    pub fn render(format: Format, target: Target, response: &str) -> String {
        let rendered = Printer::new(format, target).render(&results("kind of blue", response));
        String::from_utf8(rendered).unwrap()
    }

    /// The same into a pipe.
    pub fn render_piped(format: Format, response: &str) -> String {
        render(format, Target::default(), response)
    }

    /// Renders a batch of two queries with this response and one that failed.
    pub fn render_batch(format: Format, target: Target, response: &str) -> String {
        let mut printer = Printer::new(format, target);
        let layout = BatchLayout::new(None, None, false);
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
            let line = BatchLine { cells: &cells, result, outcome: Some(outcome) };
            text.extend(printer.render_line(&line, &layout));
        }
        String::from_utf8(text).unwrap()
    }
}
