//! The lines of an input, and their reading on a thread of its own.

use std::io::{self, BufRead};
use std::thread;

use tokio::sync::mpsc;

use super::table::Table;
use crate::cli::messages::command_error::CommandError;
use spotify_search::{QueryError, SearchQuery};

/// The number of lines that are read in advance.
const LINES_AHEAD: usize = 32;

pub type Reader = Box<dyn BufRead + Send>;

/// A line, or why no more lines can be read.
pub type ReadLine = io::Result<Line>;

/// A line of the input, or a row of a table.
#[derive(Debug)]
pub struct Line {
    /// The line number, starting at 1.
    pub number: u64,
    /// The query, or the cells of the columns that are passed on.
    pub cells: Vec<String>,
    pub work: Work,
}

/// What is to be done for a line.
#[derive(Debug)]
pub enum Work {
    Blank,
    /// A row without a name or a code.
    Nothing,
    Search(SearchQuery),
    /// The line cannot be a query.
    Invalid(QueryError),
}

/// The opened input.
pub struct OpenedInput {
    /// The columns, if the input is a table.
    pub table: Option<Table>,
    /// What the user should know about how the input is read.
    pub note: Option<String>,
    pub lines: Box<dyn Iterator<Item = ReadLine> + Send>,
}

impl Line {
    /// Returns what the line asks for, as people read it.
    pub fn text(&self) -> String {
        match &self.work {
            Work::Search(query) => query.text(),
            _ => self.cells.join(" ").trim().to_owned(),
        }
    }
}

impl OpenedInput {
    /// Reads the lines on a thread, because reading a terminal or a pipe may block.
    pub fn receive(self) -> Result<mpsc::Receiver<ReadLine>, CommandError> {
        let (sender, receiver) = mpsc::channel(LINES_AHEAD);
        let read = move || {
            for line in self.lines {
                if sender.blocking_send(line).is_err() {
                    // The batch has ended.
                    return;
                }
            }
        };
        thread::Builder::new()
            .spawn(read)
            .map_err(CommandError::start_up("cannot start a thread to read the input"))?;
        Ok(receiver)
    }
}
