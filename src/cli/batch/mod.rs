//! Batches: reads plain lines or a table (`input`, `header`, `table`, `table_rows`), runs a search for each line
//! (`run`), writes and counts its results (`report`, `summary`), and keeps it in an output file that the
//! next run continues (`output_file`, `rows`).

mod header;
pub mod input;
mod output_file;
mod report;
mod rows;
pub mod run;
pub mod summary;
mod table;
mod table_rows;

pub use rows::ANSWERS;
