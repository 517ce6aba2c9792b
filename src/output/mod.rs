//! Output: search results as text, one file for each format. `escape` protects the
//! terminal in all formats.

mod batch_line;
mod columns;
mod csv;
mod escape;
mod field;
mod format;
mod json;
mod json_color;
mod json_format;
mod printer;
mod table;

pub use batch_line::{BatchLine, FailedQuery, Outcome};
pub use columns::Column;
pub use csv::{PREFIX, on_one_line, write_cells};
pub use escape::escape;
pub use format::{Format, Target};
pub use json::replace_input;
pub use printer::Printer;
