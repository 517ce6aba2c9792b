//! Output: search results as text, one file for each format. A table consists of `columns`, fitted by
//! `layout` and `width`; `escape` protects the terminal in all formats.

mod columns;
mod csv;
mod escape;
mod field;
mod format;
mod hyperlink;
mod json;
mod json_color;
mod layout;
mod printer;
mod table;
mod width;

pub use escape::escape;
pub use format::{Format, Target};
pub use json::FailedQuery;
pub use printer::Printer;
