//! Batches: reads plain lines or a table (`input`, `line`, `table`, `table_rows`), runs a search for each line
//! (`run`), writes and counts its results (`recorder`, `summary`), and keeps them in an output file that the
//! next run continues (`output_file`; `row_reader`, `file_columns`, `answers` and `redo` for its old rows,
//! `part_file` for the new ones, `survey` for what is left to do).

mod answers;
mod file_columns;
pub mod input;
pub mod line;
mod output_file;
mod part_file;
mod recorder;
mod redo;
mod row_reader;
pub mod run;
pub mod summary;
mod survey;
mod table;
mod table_rows;
