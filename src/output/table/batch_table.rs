//! The table of a batch: one heading, and a row for each line of the input as soon as it is done.
//!
//! The widths are set before the first row is known, by what the cells of a column usually need.

use console::Style;

use super::column::{Sizing, TableColumn, line, place};
use super::{HEADER, max_width, write_line};
use crate::output::columns::{Column, short_text};
use crate::output::format::Target;
use crate::output::outcome::Outcome;
use spotify_search::{Item, ItemType};

/// The usual width of a query.
const QUERY_WIDTH: usize = 60;

/// The table of a batch with one result a line.
#[derive(Debug)]
pub struct BatchTable {
    columns: Vec<TableColumn>,
    target: Target,
    /// The chosen columns that do not fit.
    pub missing: Vec<Column>,
}

impl BatchTable {
    /// Creates a table of items of this type, which fits the terminal.
    pub fn new(item_type: ItemType, chosen: Option<&[Column]>, target: Target) -> Self {
        let column = |column: Column| TableColumn {
            column: Some(column),
            heading: if column == Column::Result { "Result" } else { column.heading(item_type) },
            cells: Vec::new(),
            width: column.usual_width(),
        };
        let query =
            TableColumn { column: None, heading: "Query", cells: Vec::new(), width: QUERY_WIDTH };
        let by = (item_type != ItemType::Artist).then_some(Column::By);
        // The id matters more than the artists, and comes after them.
        let defaults = || [Column::Id, Column::Name].into_iter().chain(by).collect();
        let chosen_or_default = chosen.map_or_else(defaults, <[Column]>::to_vec);
        let ours = chosen_or_default.into_iter().filter(|name| *name != Column::Result);
        let ours = [query, column(Column::Result)].into_iter().chain(ours.map(column)).collect();
        let (mut columns, missing) = place(ours, Sizing::AllWanted, max_width(target));
        if chosen.is_none() {
            columns.sort_by_key(|placed| placed.column == Some(Column::Id));
        }
        Self { columns, target, missing: if chosen.is_some() { missing } else { Vec::new() } }
    }

    pub fn write_header(&self, out: &mut Vec<u8>) {
        let headings = self.columns.iter().map(|placed| placed.cell(placed.heading, None));
        write_line(&line(headings), &HEADER, self.target, out);
    }

    /// Writes the row of a line.
    pub fn write_row(&self, query: &str, outcome: &Outcome, out: &mut Vec<u8>) {
        let item = outcome.results().and_then(|results| results.items().next());
        let url = item.and_then(|item| item.view().url).filter(|_| self.target.links);
        let cell = |placed: &TableColumn| {
            let text = match placed.column {
                None => query.to_owned(),
                Some(Column::Result) => result(outcome, item),
                Some(Column::Nearest) => outcome.nearest().map(short_text).unwrap_or_default(),
                Some(column) => {
                    item.map(|item| column.readable_cell(item, &item.view())).unwrap_or_default()
                }
            };
            placed.cell(&text, url.as_deref())
        };
        write_line(&line(self.columns.iter().map(cell)), &Style::new(), self.target, out);
    }
}

/// Returns the result of a line, and how many results match as closely: `exact ×4`.
fn result(outcome: &Outcome, item: Option<&Item>) -> String {
    let result = outcome.result();
    match item.and_then(Item::matches) {
        Some(matches) if matches > 1 => format!("{} ×{matches}", result.name()),
        _ => result.name().to_owned(),
    }
}
