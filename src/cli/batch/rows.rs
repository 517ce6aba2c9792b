//! The rows of an output file: finds the answer to each search, and copies rows with the cells that the
//! input has now.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use csv::ByteRecord;
use indexmap::IndexMap;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::Value;

use super::table;
use crate::output::{PREFIX, on_one_line, replace_input, write_cells};

/// A hash of what is searched for.
pub type Key = u128;

/// The results that are answers. Any other result may change when it is searched for again.
pub const ANSWERS: [&str; 10] = [
    "isrc",
    "exact",
    "wording",
    "edition",
    "subtitle",
    "version",
    "found",
    "none",
    "bad_request",
    "not_found",
];

/// How the rows are written, and which of their cells are searched for.
#[derive(Debug)]
pub struct RowFormat {
    /// The delimiter of csv and tsv; `None` for JSON.
    pub delimiter: Option<u8>,
    /// True if the input is a table. Otherwise its only column is the query.
    pub is_table: bool,
    /// The columns of the input.
    pub own: Vec<String>,
    /// The columns that follow: the result and those of an item.
    pub ours: Vec<String>,
    /// The columns of the input that are searched for.
    pub searched: Vec<String>,
}

/// An answer: where the rows of one search are, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub start: u64,
    pub end: u64,
    pub result: &'static str,
}

/// The rows of a file.
#[derive(Debug)]
pub struct Rows {
    pub file: File,
    /// The columns of the input when the rows were written.
    pub own: Vec<String>,
    /// The answers in the order of the file.
    pub answers: IndexMap<Key, Answer>,
    /// The end of the rows that are in the file and whole.
    pub end: u64,
    /// The problem with the last row, if it is incomplete.
    pub torn: Option<String>,
    /// Further rows that are not written yet.
    pub buffer: Vec<u8>,
    /// The latest answer that was read.
    last: Option<Group>,
    /// Reads the rows that are copied. Creating a reader takes longer than reading a row.
    reader: csv::Reader<Cursor<Vec<u8>>>,
}

/// Rows of the same line.
#[derive(Debug)]
struct Group {
    key: Key,
    /// Where the id of the first row comes again, the next answer begins.
    id: String,
    start: u64,
}

impl RowFormat {
    /// Returns the key of a line with these cells.
    pub fn key(&self, cells: &[String]) -> Key {
        let key = self.key_by_name(|name| {
            let index = self.own.iter().position(|column| column == name)?;
            Some(cells.get(index)?.into())
        });
        key.unwrap_or_default()
    }

    /// Returns the key of the row whose columns have these cells. It is the same for the cell that TSV has
    /// in place of one with tabs or newlines.
    fn key_by_name<'a>(&self, cell: impl Fn(&str) -> Option<Cow<'a, str>>) -> Option<Key> {
        let cell = |name: &String| Some(on_one_line(cell(name)?.trim()).into_owned());
        let cells: Option<Vec<String>> = self.searched.iter().map(cell).collect();
        let digest = digest(&SHA256, cells?.join("\0").as_bytes());
        digest.as_ref().first_chunk().copied().map(Key::from_be_bytes)
    }

    /// Returns the header line, if the format has one.
    pub fn header(&self) -> Vec<u8> {
        let mut header = Vec::new();
        if let Some(delimiter) = self.delimiter {
            write_cells(self.own.iter().chain(&self.ours).cloned(), delimiter, &mut header);
        }
        header
    }
}

impl Rows {
    /// Reads the rows of a file.
    ///
    /// # Errors
    ///
    /// A message if a row cannot be read, or if the file has other columns. A row at the end of the file
    /// that was not written whole is no error: [`Rows::torn`] has the problem.
    pub fn read(file: File, format: &RowFormat) -> io::Result<Self> {
        let mut rows = Self {
            file,
            own: format.own.clone(),
            answers: IndexMap::new(),
            end: 0,
            torn: None,
            buffer: Vec::new(),
            last: None,
            reader: table::reader(format.delimiter.unwrap_or(b',')).from_reader(Cursor::default()),
        };
        match format.delimiter {
            Some(delimiter) => rows.read_table(delimiter, format)?,
            None => rows.read_json(format)?,
        }
        Ok(rows)
    }

    fn read_table(&mut self, delimiter: u8, format: &RowFormat) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        // A row without a newline, or with an open quote, ends after this one.
        let input = self.file.try_clone()?.chain(&b"\n"[..]);
        let mut reader = table::reader(delimiter).from_reader(input);
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record)? {
            return Ok(());
        }
        let end = reader.position().byte();
        if end > length {
            self.set_torn(1, None);
            return Ok(());
        }
        self.own = own_columns(&record, format)?;
        self.end = end;
        let (own, width) = (self.own.clone(), record.len());
        let id = format.ours.iter().position(|name| name.trim_start_matches(PREFIX) == "id");
        let id = own.len() + id.unwrap_or_default();
        while reader.read_byte_record(&mut record)? {
            let end = reader.position().byte();
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |index: usize| record.get(index).map(String::from_utf8_lossy);
            let by_name = |name: &str| cell(own.iter().position(|column| column == name)?);
            let key = format.key_by_name(by_name);
            let is_whole = end <= length && record.len() == width;
            match key {
                Some(key) if is_whole => {
                    let text = |index| cell(index).unwrap_or_default().into_owned();
                    self.add(key, &text(own.len()), text(id), line, end)?;
                }
                _ if end < length => {
                    return Err(io::Error::other(format!("line {line} is not a whole row")));
                }
                // A row that ends in the cells of the input may have another key.
                key => self.set_torn(line, key.filter(|_| record.len() > own.len())),
            }
        }
        Ok(())
    }

    fn read_json(&mut self, format: &RowFormat) -> io::Result<()> {
        let mut reader = BufReader::new(self.file.try_clone()?);
        let mut text = Vec::new();
        for line in 1.. {
            text.clear();
            let end = self.end + reader.read_until(b'\n', &mut text)? as u64;
            if text.is_empty() {
                break;
            }
            if !text.ends_with(b"\n") {
                self.set_torn(line, None);
                break;
            }
            let (key, row) = JsonRow::parse(&text, format).ok_or_else(|| {
                let problem = format!("line {line} is no output of this command for such an input");
                io::Error::other(problem)
            })?;
            self.add(key, &row.result, row.id.to_string(), line, end)?;
        }
        Ok(())
    }

    /// Adds a row to the answer before it, or begins the next one. The first answer to a search counts.
    fn add(&mut self, key: Key, result: &str, id: String, line: u64, end: u64) -> io::Result<()> {
        let result = ANSWERS
            .into_iter()
            .find(|answer| *answer == result)
            .ok_or_else(|| io::Error::other(format!("line {line} has the result \"{result}\"")))?;
        let start = match &self.last {
            Some(last) if last.key == key && last.id != id => last.start,
            _ => self.end,
        };
        if start == self.end {
            self.last = Some(Group { key, id, start });
        }
        let answer = self.answers.entry(key).or_insert(Answer { start, end, result });
        if answer.start == start {
            answer.end = end;
        }
        self.end = end;
        Ok(())
    }

    /// Leaves out the incomplete last row, and the rows before it that are of the same line, as far as
    /// its key tells.
    fn set_torn(&mut self, line: u64, key: Option<Key>) {
        if let Some(last) = &self.last
            && key.is_none_or(|key| key == last.key)
        {
            self.end = last.start;
            self.answers.retain(|_, answer| answer.start < last.start);
        }
        self.torn = Some(format!("line {line} is not a whole row"));
    }

    /// Appends rows to the buffer.
    pub fn append(&mut self, rows: &[u8], result: &'static str) -> Answer {
        let start = self.end + self.buffer.len() as u64;
        self.buffer.extend_from_slice(rows);
        Answer { start, end: start + rows.len() as u64, result }
    }

    /// Removes an answer from the buffer. The answers after it move.
    pub fn remove(&mut self, answer: Answer) {
        if let Some(range) = self.in_buffer(answer) {
            self.buffer.drain(range);
        }
    }

    /// Writes the buffer.
    pub fn flush(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(&self.buffer)?;
        self.end += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Returns the rows of an answer with these cells of the input, or with their own cells if there are
    /// none. `own` are the columns of the input that the rows get.
    pub fn copy(
        &mut self,
        answer: Answer,
        format: &RowFormat,
        own: &[String],
        cells: Option<&[String]>,
    ) -> io::Result<Vec<u8>> {
        let rows = self.bytes(answer)?;
        if !format.is_table {
            return Ok(rows);
        }
        let Some(delimiter) = format.delimiter else { return Ok(copy_json(rows, own, cells)) };
        let mut out = Vec::with_capacity(rows.len());
        let mut record = ByteRecord::new();
        *self.reader.get_mut() = Cursor::new(rows);
        self.reader.seek_raw(SeekFrom::Start(0), csv::Position::new())?;
        while self.reader.read_byte_record(&mut record)? {
            let by_name = |name: &String| {
                let index = self.own.iter().position(|column| column == name);
                index.map(|index| text(&record[index])).unwrap_or_default()
            };
            let cells = match cells {
                Some(cells) => cells.to_vec(),
                None => own.iter().map(by_name).collect(),
            };
            let ours = record.iter().skip(self.own.len()).map(text);
            write_cells(cells.into_iter().chain(ours), delimiter, &mut out);
        }
        Ok(out)
    }

    fn bytes(&self, answer: Answer) -> io::Result<Vec<u8>> {
        if let Some(range) = self.in_buffer(answer) {
            return Ok(self.buffer[range].to_vec());
        }
        let mut bytes = vec![0; index(answer.end - answer.start)];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(answer.start))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns where an answer is in the buffer, if it is not written yet.
    fn in_buffer(&self, answer: Answer) -> Option<Range<usize>> {
        let start = index(answer.start.checked_sub(self.end)?);
        Some(start..start + index(answer.end - answer.start))
    }
}

fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Returns the input's own columns in the header of a file.
fn own_columns(header: &ByteRecord, format: &RowFormat) -> io::Result<Vec<String>> {
    let header: Vec<String> = header.iter().map(text).collect();
    let own = header.strip_suffix(format.ours.as_slice());
    let Some(own) = own.filter(|own| format.is_table || **own == format.own) else {
        return Err(io::Error::other(
            "it has other columns than this command would write: delete it, or use the same --columns",
        ));
    };
    match format.searched.iter().find(|name| !own.contains(name)) {
        Some(name) => Err(io::Error::other(format!("it has no column \"{name}\""))),
        None => Ok(own.to_vec()),
    }
}

fn copy_json(rows: Vec<u8>, own: &[String], cells: Option<&[String]>) -> Vec<u8> {
    let Some(cells) = cells else { return rows };
    let mut out = Vec::with_capacity(rows.len());
    for line in String::from_utf8_lossy(&rows).lines() {
        replace_input(line, cells, Some(own), &mut out);
    }
    out
}

fn text(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).into_owned()
}

/// The keys of a JSON line that matter here.
#[derive(Deserialize)]
struct JsonRow {
    /// The cells of a table.
    #[serde(default)]
    input: IndexMap<String, String>,
    query: Option<String>,
    result: String,
    #[serde(default)]
    id: Value,
}

impl JsonRow {
    /// Parses a line. Returns `None` if it was not written for such an input.
    fn parse(text: &[u8], format: &RowFormat) -> Option<(Key, Self)> {
        let mut row: Self = serde_json::from_slice(text).ok()?;
        if !format.is_table {
            row.input = IndexMap::from([("query".to_owned(), row.query.take()?)]);
        }
        let key = format.key_by_name(|name| row.input.get(name).map(Cow::from))?;
        Some((key, row))
    }
}
