//! Output: search results as text, one file for each format. `escape` protects the
//! terminal in all formats.

mod csv;
mod escape;
mod field;
mod format;
mod json;
mod json_color;
mod json_format;
mod printer;
mod table;

pub use escape::escape;
pub use format::{Format, Target};
pub use json::FailedQuery;
pub use printer::Printer;
