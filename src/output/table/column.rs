//! A column of a table, and the columns that fit in a line.

use super::fit_columns::{GAP, Size, fit_columns};
use super::hyperlink::link;
use super::width::{Fitted, fit};
use crate::output::columns::{Column, Fit};

/// Names are not cut below this width as long as another column can be dropped.
const NAME_WIDTH: usize = 24;

/// A column of other text is dropped rather than cut below this width.
const TEXT_WIDTH: usize = 14;

/// Text of a column that was chosen is not cut below this width.
const CHOSEN_WIDTH: usize = 8;

/// The columns that are shown only if nothing is cut for them, unless they were chosen.
const EXTRA: [Column; 2] = [Column::Explicit, Column::Popularity];

/// A column with the text of its cells.
#[derive(Debug)]
pub struct TableColumn {
    /// `None` for the query of a batch.
    pub column: Option<Column>,
    pub heading: &'static str,
    pub cells: Vec<String>,
    /// The width in the line. Until the column is placed, the least width of its longest cell.
    pub width: usize,
}

/// Which columns are cut and dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sizing {
    /// The columns are sorted by importance, and the less important are dropped before names are cut much.
    ByImportance,
    /// Columns without a value are dropped, then text is cut, and then those are dropped for which the columns
    /// before them leave no room.
    AllWanted,
}

/// Joins the cells of a line.
pub fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
    line.truncate(line.trim_end_matches(' ').len());
    line
}

/// Returns the columns that fit in a line, in its order, and those that do not.
pub fn place(
    mut columns: Vec<TableColumn>,
    sizing: Sizing,
    line_width: usize,
) -> (Vec<TableColumn>, Vec<Column>) {
    let (mut placed, mut missing) = (Vec::new(), Vec::new());
    let sizes_of = |columns: &[TableColumn]| -> Vec<Size> {
        columns.iter().map(|column| column.size(sizing, line_width)).collect()
    };
    let mut sizes = sizes_of(&columns);
    let natural: usize = sizes.iter().map(|size| size.natural + GAP).sum();
    if sizing == Sizing::AllWanted && natural > line_width.saturating_add(GAP) {
        let empty = columns.extract_if(.., |column| column.width == 0 && column.is_empty());
        missing.extend(empty.filter_map(|column| column.column));
        sizes = sizes_of(&columns);
    }
    let widths = fit_columns(&sizes, line_width);
    for (column, width) in columns.into_iter().zip(widths) {
        match width {
            Some(width) => placed.push(TableColumn { width, ..column }),
            None => missing.extend(column.column),
        }
    }
    (placed, missing)
}

impl TableColumn {
    fn fit(&self) -> Fit {
        self.column.map_or(Fit::Text, Column::fit)
    }

    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }

    fn size(&self, sizing: Sizing, line_width: usize) -> Size {
        let texts = self.cells.iter().map(String::as_str).chain([self.heading]);
        let widest = texts.map(|text| fit(text, usize::MAX).cells).max().unwrap_or_default();
        let natural = widest.max(self.width);
        let least = match (self.fit(), sizing) {
            // At most a third of the line, so that the id still fits at 40 columns.
            (Fit::Name, Sizing::ByImportance) => NAME_WIDTH.min(1.max(line_width / 3)),
            (Fit::Text, Sizing::ByImportance) => TEXT_WIDTH,
            (Fit::Name | Fit::Text, Sizing::AllWanted) => CHOSEN_WIDTH,
            // The start of a link still tells what it is.
            (Fit::Link, _) => natural.div_ceil(2),
            (Fit::Whole | Fit::Number, _) => natural,
        };
        let is_extra = sizing == Sizing::ByImportance
            && self.column.is_some_and(|column| EXTRA.contains(&column));
        Size { natural, least: least.min(natural), is_extra }
    }

    /// Returns a cell as wide as the column. A name becomes a link to the URL.
    pub fn cell(&self, text: &str, url: Option<&str>) -> String {
        let Fitted { text, cells } = fit(text, self.width);
        let padding = " ".repeat(self.width.saturating_sub(cells));
        let text = match url {
            Some(url) if self.fit() == Fit::Name && !text.is_empty() => link(text, url),
            _ => text,
        };
        if self.fit() == Fit::Number { padding + &text } else { text + &padding }
    }
}
