//! The answers in the rows of an output file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Read, Seek};

use ring::digest::{Context, SHA256};

use super::redo::{Redo, is_by_person};
use super::row_reader::{PlacedRow, RowReader};
use crate::output::{Layout, Row, RowResult, on_one_line};

/// A hash of what is searched for.
pub type Key = [u8; 16];

/// The answers by what was searched for.
pub type Answers = HashMap<Key, Answer>;

/// An answer: where the rows of one search are.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub start: u64,
    pub end: u64,
    pub state: State,
    pub place: Place,
    pub is_by_person: bool,
}

/// What an answer is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Final,
    /// Final, unless this run marks the rows that `--redo` names.
    Named,
    /// An earlier run has marked it.
    Marked,
    /// A failure that may pass, or no result at all.
    Failed,
}

/// The file that has the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// FILE alone.
    Old,
    /// FILE; they are copied to FILE.part.
    Copied,
    /// FILE.part.
    Part,
}

/// The rows of one answer.
#[derive(Debug)]
pub struct Group {
    pub key: Key,
    pub rows: Vec<PlacedRow>,
}

/// Reads rows of the same answer together.
#[derive(Debug)]
pub struct GroupReader<R> {
    pub rows: RowReader<R>,
    /// The indexes of the columns that are searched for.
    searched: Vec<usize>,
    /// True if every row is an answer.
    is_one_result: bool,
    next: Option<PlacedRow>,
}

/// Returns the key of a line with these cells. It is the same for the cell that TSV has in place of one with
/// tabs or newlines.
pub fn key(cells: &[String], searched: &[usize]) -> Key {
    let mut context = Context::new(&SHA256);
    for cell in searched.iter().filter_map(|index| cells.get(*index)) {
        context.update(on_one_line(cell.trim()).as_bytes());
        context.update(b"\0");
    }
    let mut key = Key::default();
    key.copy_from_slice(&context.finish().as_ref()[..16]);
    key
}

impl<R: Read + Seek> GroupReader<R> {
    pub fn new(rows: RowReader<R>, searched: &[usize], is_one_result: bool) -> Self {
        Self { rows, searched: searched.to_vec(), is_one_result, next: None }
    }

    /// Starts again at the first row.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.next = None;
        self.rows.seek(self.rows.start)
    }

    /// Reads the rows of the next answer. It ends where all our cells of its first row come again.
    pub fn next(&mut self) -> io::Result<Option<Group>> {
        let first = match self.next.take() {
            Some(row) => Some(row),
            None => self.rows.next()?,
        };
        let Some(first) = first else { return Ok(None) };
        let key = key(&first.row.own, &self.searched);
        let mut rows = vec![first];
        while !self.is_one_result {
            let Some(row) = self.rows.next()? else { break };
            let is_same = self::key(&row.row.own, &self.searched) == key;
            if !is_same || row.row.has_cells_of(&rows[0].row) {
                self.next = Some(row);
                break;
            }
            rows.push(row);
        }
        Ok(Some(Group { key, rows }))
    }

    /// Reads the rows of an answer.
    pub fn read(&mut self, answer: Answer) -> io::Result<Vec<Row>> {
        let mut rows = Vec::with_capacity(1);
        self.rows.seek(answer.start)?;
        while let Some(row) = self.rows.next()? {
            let is_last = row.end >= answer.end;
            rows.push(row.row);
            if is_last {
                break;
            }
        }
        Ok(rows)
    }
}

impl Group {
    /// Returns where the group is and what it is worth.
    pub fn answer(&self, layout: &Layout, redo: &Redo, place: Place) -> Answer {
        let any = |is: &dyn Fn(&Row) -> bool| self.rows.iter().any(|placed| is(&placed.row));
        let state = if any(&|row| row.result == RowResult::Redo) {
            State::Marked
        } else if any(&|row| !row.result.is_answer() && !is_by_person(row, layout)) {
            State::Failed
        } else if any(&|row| redo.names(row, layout)) {
            State::Named
        } else {
            State::Final
        };
        Answer {
            start: self.rows[0].start,
            end: self.rows[self.rows.len() - 1].end,
            state,
            place,
            is_by_person: any(&|row| is_by_person(row, layout)),
        }
    }
}

/// Adds an answer, unless there is one: the first of a file counts, and that of a person before any other.
pub fn add(answers: &mut Answers, key: Key, answer: Answer) {
    match answers.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(answer);
        }
        Entry::Occupied(mut entry) => {
            if answer.is_by_person && !entry.get().is_by_person {
                entry.insert(answer);
            }
        }
    }
}
