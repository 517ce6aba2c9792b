//! The output formats, and the properties of the output stream that affect them.

use clap::ValueEnum;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table on a terminal, and JSON otherwise.
    Auto,
    /// Columns for people.
    Table,
    /// The API's own shape: indented, or compact on one line per query of a batch.
    Json,
    /// One item per line.
    Jsonl,
    /// Comma-separated values with the same columns for every type.
    Csv,
    /// The same separated by tabs.
    Tsv,
    /// The id of each item.
    Id,
    /// The URI of each item.
    Uri,
    /// The URL of each item's page.
    Url,
}

impl Format {
    /// Returns true for a format that prints one field of each item.
    pub fn is_field(self) -> bool {
        matches!(self, Self::Id | Self::Uri | Self::Url)
    }

    /// Returns the delimiter of csv and tsv.
    pub fn delimiter(self) -> Option<u8> {
        match self {
            Self::Csv => Some(b','),
            Self::Tsv => Some(b'\t'),
            _ => None,
        }
    }
}

/// The output stream, as far as it affects the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Target {
    /// True if control characters must be escaped.
    pub is_terminal: bool,
    /// The width of a table in columns; `None` if it is unlimited.
    pub width: Option<u16>,
    /// True for colours.
    pub color: bool,
    /// True if the names in a table are links to their pages.
    pub links: bool,
}
