//! Batches: reads plain lines or a table (`input`, `table`, `input_error`), runs a search for each line
//! (`run`), writes and counts its results (`report`, `summary`), and keeps it in an output file that the
//! next run continues (`output_file`, `rows`).

pub mod input;
pub mod input_error;
mod output_file;
mod report;
mod rows;
pub mod run;
pub mod summary;
mod table;

pub use rows::ANSWERS;
