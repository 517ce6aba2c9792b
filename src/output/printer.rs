//! Renders results in one format. A printer keeps what later output depends on: whether the header
//! has been written, and how many results were left out.

use indexmap::IndexSet;

use super::columns::Column;
use super::escape::escape_keeping_lines;
use super::format::{Format, Target};
use super::layout::Layout;
use super::outcome::Outcome;
use super::row::{Ours, Row};
use super::table::{self, BatchTable};
use super::{csv, field, json, json_color};
use spotify_search::{ItemType, SearchResults};

/// Renders the results of one search, or of the searches of a batch.
#[derive(Debug)]
pub struct Printer {
    format: Format,
    target: Target,
    layout: Layout,
    /// The header, until it is written.
    header: Vec<u8>,
    /// True if `id`, `uri` and `url` have a line for each line of a batch.
    is_line_per_query: bool,
    /// True until something has been rendered.
    is_first: bool,
    left_out: usize,
    /// The table of a batch on a terminal, with a row for each line.
    batch_table: Option<BatchTable>,
    /// The chosen columns that some table had no room for.
    missing_columns: IndexSet<Column>,
}

impl Printer {
    /// Creates a printer of rows with this layout.
    pub fn new(format: Format, target: Target, layout: Layout) -> Self {
        let format = match format {
            Format::Auto if target.is_terminal => Format::Table,
            Format::Auto => Format::Json,
            format => format,
        };
        let header = header(&layout, format);
        Self {
            format,
            target,
            layout,
            header,
            is_line_per_query: false,
            is_first: true,
            left_out: 0,
            batch_table: None,
            missing_columns: IndexSet::new(),
        }
    }

    /// Prints one line for each query as `id`, `uri` or `url`, and one table on a terminal, because no query
    /// has more than one result. The results are of this type.
    #[must_use]
    pub fn line_per_query(mut self, item_type: ItemType) -> Self {
        if self.format == Format::Table && self.target.is_terminal {
            let table = BatchTable::new(item_type, self.layout.chosen.as_deref(), self.target);
            table.write_header(&mut self.header);
            self.missing_columns.extend(&table.missing);
            self.batch_table = Some(table);
        }
        Self { is_line_per_query: self.is_field(), ..self }
    }

    /// Leaves out the header of csv and tsv.
    #[must_use]
    pub fn without_header(self) -> Self {
        Self { header: Vec::new(), ..self }
    }

    fn is_field(&self) -> bool {
        matches!(self.format, Format::Id | Format::Uri | Format::Url)
    }

    /// Renders the results of a single search.
    pub fn render(&mut self, results: &SearchResults) -> Vec<u8> {
        let mut out = self.start();
        match self.format {
            Format::Json => json::write_document(results, &mut out),
            Format::Jsonl => json::write_items(results, &mut out),
            Format::Csv | Format::Tsv => {
                for item in results.items() {
                    let cells = csv::cells(Some(item), None, &self.layout.columns);
                    csv::write_cells(cells.iter().map(String::as_str), self.format, &mut out);
                }
            }
            _ => self.write_text(&Outcome::Results(results), &mut out),
        }
        self.end(out)
    }

    /// Renders a line of a batch, with its cells of the input. `query` is what a table shows of the line.
    pub fn render_line(&mut self, query: &str, own: &[String], outcome: &Outcome) -> Vec<u8> {
        let mut out = self.start();
        if let Some(table) = &self.batch_table {
            table.write_row(query, outcome, &mut out);
            return out;
        }
        let mut write = |result, ours| {
            let row = Row { own: own.to_vec(), result, ours };
            row.write(&self.layout, self.format, &mut out);
        };
        match self.format {
            Format::Json => {
                write(outcome.result(), Ours::Fields(json::document_fields(outcome)));
            }
            Format::Jsonl => {
                for (item, result) in outcome.rows() {
                    write(result, Ours::Fields(json::item_fields(item)));
                }
            }
            Format::Csv | Format::Tsv => {
                for (item, result) in outcome.rows() {
                    let cells = csv::cells(item, outcome.nearest(), &self.layout.columns);
                    write(result, Ours::Cells(cells));
                }
            }
            _ => self.write_text(outcome, &mut out),
        }
        self.end(out)
    }

    /// Writes a table, or the field of each item.
    fn write_text(&mut self, outcome: &Outcome, out: &mut Vec<u8>) {
        if !self.is_field() {
            if let Some(results) = outcome.results() {
                let chosen = self.layout.chosen.as_deref();
                let missing = table::write(results, chosen, self.target, self.is_first, out);
                self.missing_columns.extend(missing);
            }
            return;
        }
        for (item, _) in outcome.rows() {
            let value = item.and_then(|item| field::value(item, self.format));
            if value.is_some() || self.is_line_per_query {
                out.extend_from_slice((value.unwrap_or_default() + "\n").as_bytes());
            } else {
                self.left_out += usize::from(item.is_some());
            }
        }
    }

    /// Renders a blank line of the input, in the formats that have a line for each.
    pub fn render_blank(&self) -> Vec<u8> {
        if self.is_line_per_query { b"\n".to_vec() } else { Vec::new() }
    }

    /// Returns the header of csv or tsv, if it has not been written.
    pub fn start(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.header)
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

    /// Returns the chosen columns that some table had no room for.
    pub fn missing_columns(&self) -> &IndexSet<Column> {
        &self.missing_columns
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

/// Returns the header line, if the format has one.
pub fn header(layout: &Layout, format: Format) -> Vec<u8> {
    let mut header = Vec::new();
    if matches!(format, Format::Csv | Format::Tsv) {
        csv::write_cells(layout.header().iter().map(String::as_str), format, &mut header);
    }
    header
}

/// Helpers for the tests of the formats.
#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::output::outcome::FailedQuery;
    use spotify_search::{ItemType, SearchQuery};

    fn results(words: &str, response: &str) -> SearchResults {
        let query = SearchQuery::new(words).types(ItemType::ALL);
        SearchResults::from_json(&query, response).unwrap()
    }

    /// Renders this response to the query `kind of blue`.
    pub fn render(format: Format, target: Target, response: &str) -> String {
        let rendered = Printer::new(format, target, Layout::single(None))
            .render(&results("kind of blue", response));
        String::from_utf8(rendered).unwrap()
    }

    /// The same into a pipe.
    pub fn render_piped(format: Format, response: &str) -> String {
        render(format, Target::default(), response)
    }

    /// Renders a batch of two queries with this response and one that failed.
    pub fn render_batch(format: Format, target: Target, response: &str) -> String {
        let mut printer = Printer::new(format, target, Layout::lines(None));
        let results = results("x", response);
        let failed = FailedQuery {
            code: "rate_limited",
            status: Some(429),
            message: "rate limited",
            retry_after: Some(7),
        };
        let lines = [
            ("so \"what\"", Outcome::Results(&results)),
            ("two, three", Outcome::Results(&results)),
            ("bad", Outcome::Failed(failed)),
        ];
        let mut text = Vec::new();
        for (query, outcome) in lines {
            text.extend(printer.render_line(query, &[query.to_owned()], &outcome));
        }
        String::from_utf8(text).unwrap()
    }
}
