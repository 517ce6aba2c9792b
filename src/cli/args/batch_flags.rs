//! The flags of a batch: its input and its output file.

#![expect(clippy::doc_markdown, reason = "the comments of the flags are their help text")]

use std::path::PathBuf;

use clap::{ArgAction, ValueEnum, ValueHint};

use crate::output::Format;

/// The options of a batch.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Batch")]
pub struct BatchOptions {
    /// Search for each line of this file, or each row of a table; - is standard input
    ///
    /// The output has the order of the lines. Blank lines are skipped. See Batch below.
    #[arg(
        short = 'i',
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        action = ArgAction::Append,
        conflicts_with = "words"
    )]
    pub input: Vec<PathBuf>,

    /// Search for each line, even if the first one looks like the header of a table
    #[arg(long, requires = "input", hide_short_help = true)]
    pub lines: bool,

    /// Keep the results in this file; run again to continue
    ///
    /// A row for every line that is answered, in csv, tsv, jsonl or json. The same command searches
    /// only for the lines that have no row yet.
    #[arg(
        short = 'o',
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        conflicts_with_all = ["no_header", "dry_run"]
    )]
    pub output: Option<PathBuf>,

    /// Search again for the lines with this result in the output file
    ///
    /// Levels, isrc, found, none, bad_request, not_found, other words of the file, or all. The rows get
    /// the result redo until their lines have a new answer. While the file has such rows, or the input
    /// lines without a row, none is marked: the option may stand in a crontab.
    #[arg(
        long,
        value_name = "RESULT",
        value_delimiter = ',',
        hide_short_help = true,
        requires = "output"
    )]
    pub redo: Vec<String>,
}

impl BatchOptions {
    /// Returns the output format: the one that was named, else that of the output file's extension.
    pub fn format(&self, named: Format) -> Format {
        let extension = self.output.as_ref().and_then(|path| path.extension());
        match (named, extension.and_then(|extension| extension.to_str())) {
            (Format::Auto, Some(extension)) => {
                Format::from_str(extension, true).unwrap_or(Format::Auto)
            }
            (format, _) => format,
        }
    }
}
