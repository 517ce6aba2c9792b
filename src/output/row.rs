//! A row of a batch: the one record that all row formats write, and that an output file is read into.

use indexmap::IndexMap;
use serde::Serialize;

use super::columns::Column;
use super::csv;
use super::format::Format;
use super::json::{self, Fields};
use super::layout::Layout;
use super::row_result::RowResult;

/// A row of a batch.
#[derive(Debug)]
pub struct Row {
    /// The cells of the input, in the order of the layout.
    pub own: Vec<String>,
    pub result: RowResult,
    pub ours: Ours,
}

/// What follows the result.
#[derive(Debug)]
pub enum Ours {
    /// The cells of csv and tsv.
    Cells(Vec<String>),
    /// The other keys of a JSON object.
    Fields(Fields),
}

/// A row as JSON.
#[derive(Serialize)]
struct JsonRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<IndexMap<&'a str, &'a str>>,
    result: &'a str,
    #[serde(flatten)]
    fields: &'a Fields,
}

impl Row {
    /// Writes the row.
    pub fn write(&self, layout: &Layout, format: Format, out: &mut Vec<u8>) {
        let own = self.own.iter().map(String::as_str);
        match &self.ours {
            Ours::Cells(cells) => {
                let ours = cells.iter().map(String::as_str);
                csv::write_cells(own.chain([self.result.name()]).chain(ours), format, out);
            }
            Ours::Fields(fields) => {
                let input = || layout.keys.iter().map(String::as_str).zip(own).collect();
                let row = JsonRow {
                    query: self.own.first().filter(|_| !layout.is_table).map(String::as_str),
                    input: layout.is_table.then(input),
                    result: self.result.name(),
                    fields,
                };
                json::write_line(&row, out);
            }
        }
    }

    /// Returns a text of the item, if it is there and not empty.
    pub fn text(&self, layout: &Layout, column: Column) -> Option<String> {
        let text = match &self.ours {
            Ours::Cells(cells) => {
                let index = layout.columns.iter().position(|own| *own == column)?;
                cells.get(index)?.clone()
            }
            Ours::Fields(fields) => serde_json::from_str(fields.get(column.name())?.get()).ok()?,
        };
        (!text.is_empty()).then_some(text)
    }

    /// Returns true if both rows have the same cells of ours.
    pub fn has_cells_of(&self, other: &Self) -> bool {
        let is_same = match (&self.ours, &other.ours) {
            (Ours::Cells(one), Ours::Cells(other)) => one == other,
            (Ours::Fields(one), Ours::Fields(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .zip(other)
                        .all(|(one, other)| one.0 == other.0 && one.1.get() == other.1.get())
            }
            _ => false,
        };
        is_same && self.result == other.result
    }
}
