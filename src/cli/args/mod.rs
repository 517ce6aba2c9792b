//! The command line: its flags (`flags`) and their values (`values`), how it is parsed (`parse`), and what
//! is generated from it (`help`, `generate`).

pub mod flags;
pub mod generate;
mod help;
pub mod parse;
pub mod values;
