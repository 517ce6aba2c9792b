//! The command line: its flags (`flags`, `filter_flags`, `batch_flags`) and their values (`values`), how it is
//! parsed (`parse`), and what is generated from it (`help`, `generate`).

pub mod batch_flags;
mod filter_flags;
pub mod flags;
pub mod generate;
mod help;
pub mod parse;
pub mod values;
