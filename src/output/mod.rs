//! Output: search results as text, one file for each format. `escape` protects the
//! terminal in all formats.

mod columns;
mod csv;
mod escape;
mod field;
mod format;
mod json;
mod json_color;
mod json_format;
mod layout;
mod outcome;
mod printer;
mod row;
mod row_result;
mod table;

pub use columns::{Column, grouped, short_text};
pub use csv::on_one_line;
pub use escape::escape;
pub use format::{Format, Target};
pub use json::Fields;
pub use layout::{Layout, PREFIX};
pub use outcome::{FailedQuery, Outcome};
pub use printer::{Printer, header};
pub use row::{Ours, Row};
pub use row_result::RowResult;
