//! Output: search results as text, one file for each format.

mod csv;
mod escape;
mod field;
mod format;
mod json;
mod printer;
mod table;

pub use escape::escape;
pub use format::{Format, Target};
pub use json::FailedQuery;
pub use printer::Printer;
