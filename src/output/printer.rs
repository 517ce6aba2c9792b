//! Renders results in one format. A printer keeps what later output depends on: whether the header
//! has been written, and how many results were left out.

use super::escape::escape_keeping_lines;
use super::format::{Format, Target};
use super::json::FailedQuery;
use super::{csv, field, json, json_color, table};
use crate::results::SearchResults;

/// Renders the results of one search, or of the searches of a batch.
#[derive(Debug)]
pub struct Printer {
    format: Format,
    target: Target,
    /// True if each row or document names its query.
    is_batch: bool,
    /// True if csv and tsv start with a header.
    with_header: bool,
    /// True until something has been rendered.
    is_first: bool,
    left_out: usize,
}

impl Printer {
    /// Creates a printer for one search.
    pub fn new(format: Format, target: Target) -> Self {
        let format = match format {
            Format::Auto if target.is_terminal => Format::Table,
            Format::Auto => Format::Json,
            format => format,
        };
        Self { format, target, is_batch: false, with_header: true, is_first: true, left_out: 0 }
    }

    /// Creates a printer for a batch.
    pub fn for_batch(format: Format, target: Target) -> Self {
        Self { is_batch: true, ..Self::new(format, target) }
    }

    /// Sets whether csv and tsv start with a header. The default is true.
    #[must_use]
    pub fn header(self, with_header: bool) -> Self {
        Self { with_header, ..self }
    }

    /// Renders the results of a search.
    pub fn render(&mut self, results: &SearchResults) -> Vec<u8> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        let (target, is_batch) = (self.target, self.is_batch);
        let with_header = is_first && self.with_header;
        let mut out = Vec::new();
        match self.format {
            Format::Table => table::write(results, target, is_first, &mut out),
            Format::Json if is_batch => json::write_line(results, &mut out),
            Format::Json | Format::Auto => json::write_document(results, &mut out),
            Format::Jsonl => json::write_items(results, is_batch, &mut out),
            Format::Csv => csv::write(results, b',', is_batch, with_header, &mut out),
            Format::Tsv => csv::write(results, b'\t', is_batch, with_header, &mut out),
            Format::Id => self.left_out += field::write(results, |item| item.id, &mut out),
            Format::Uri => self.left_out += field::write(results, |item| item.uri, &mut out),
            Format::Url => self.left_out += field::write(results, |item| item.url, &mut out),
        }
        self.for_target(out)
    }

    /// Renders the error of a query of a batch, in the formats that have a place for it.
    pub fn render_failure(&mut self, query: &str, failure: &FailedQuery) -> Vec<u8> {
        let mut out = Vec::new();
        if self.format == Format::Json {
            json::write_failure(query, failure, &mut out);
        }
        self.for_target(out)
    }

    /// Renders the end of a batch: the header, if there were no results.
    pub fn end(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        let with_header = self.is_first && self.with_header;
        match self.format {
            Format::Csv if with_header => csv::write_header(b',', self.is_batch, &mut out),
            Format::Tsv if with_header => csv::write_header(b'\t', self.is_batch, &mut out),
            _ => {}
        }
        out
    }

    /// Returns true if the output starts with a header line.
    pub fn has_header(&self) -> bool {
        self.with_header && matches!(self.format, Format::Csv | Format::Tsv)
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
    use crate::query::{ItemType, SearchQuery};

    fn render_one(printer: &mut Printer, words: &str, response: &str) -> String {
        let query = Arc::new(SearchQuery::new(words).types(ItemType::ALL));
        let results = SearchResults::parse(response.as_bytes(), &query, 10).unwrap();
        String::from_utf8(printer.render(&results)).unwrap()
    }

    /// Renders this response to the query `kind of blue`.
    pub fn render(format: Format, target: Target, response: &str) -> String {
        render_one(&mut Printer::new(format, target), "kind of blue", response)
    }

    /// The same into a pipe.
    pub fn render_piped(format: Format, response: &str) -> String {
        render(format, Target::default(), response)
    }

    /// Renders a batch of two queries with this response and one that failed.
    pub fn render_batch(format: Format, target: Target, response: &str) -> String {
        let mut printer = Printer::for_batch(format, target);
        let mut text = render_one(&mut printer, "so \"what\"", response);
        text += &render_one(&mut printer, "two, three", response);
        let failure = FailedQuery {
            code: "rate_limited",
            status: Some(429),
            message: "rate limited",
            retry_after: Some(7),
        };
        text + &String::from_utf8(printer.render_failure("bad", &failure)).unwrap()
    }
}
