//! The rows of an output file: finds the answer to each search, and copies rows with the cells that the
//! input has now.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use csv::ByteRecord;
use serde_json::value::RawValue;

use super::table;
use crate::cache::digest;
use crate::output::{Column, Format, batch_columns, on_one_line, replace_input, write_cells};

/// A hash of what is searched for.
pub type Key = u128;

/// Returns the key of these searched cells. It is the same for the cell that TSV has in place of one with
/// tabs or newlines.
pub fn key(cells: &[&str]) -> Key {
    let cells: Vec<Cow<'_, str>> = cells.iter().map(|cell| on_one_line(cell)).collect();
    let digest = digest(&cells.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    u128::from_str_radix(&digest[..32], 16).unwrap_or_default()
}

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
#[derive(Clone, Debug)]
pub struct RowFormat {
    pub format: Format,
    /// The columns that follow the result.
    pub columns: Vec<Column>,
    /// The columns of a table in the input. Without them, the rows begin with a query.
    pub own_columns: Option<Vec<String>>,
    /// The names of the columns that are searched for.
    pub searched: Vec<String>,
}

/// An answer: the rows of one search.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub offset: u64,
    pub length: u64,
    pub result: &'static str,
}

/// The rows of a file.
#[derive(Debug)]
pub struct Rows {
    file: File,
    /// Reads single answers of a table. Creating a reader takes longer than reading a row.
    reader: csv::Reader<File>,
    /// The columns of the input when the rows were written.
    pub own_columns: Option<Vec<String>>,
    pub answers: HashMap<Key, Answer>,
    /// The keys in the order of the file.
    pub order: Vec<Key>,
    /// The end of the last answer whose rows are whole.
    pub end: u64,
    /// The problem with the last row, if it is incomplete.
    pub torn: Option<String>,
}

/// One row, as far as it matters here.
struct Row {
    key: Key,
    result: String,
    /// Where the id of the first row comes again, the next answer begins.
    id: String,
}

impl RowFormat {
    /// Returns the key of a line with these cells.
    pub fn key(&self, cells: &[String]) -> Key {
        match &self.own_columns {
            None => key(&[cells.first().map_or("", String::as_str)]),
            Some(own) => {
                let cell = |name: &String| {
                    let index = own.iter().position(|column| column == name);
                    index.and_then(|index| cells.get(index)).map_or("", |cell| cell.trim())
                };
                key(&self.searched.iter().map(cell).collect::<Vec<_>>())
            }
        }
    }

    /// Returns the header line, if the format has one.
    pub fn header(&self) -> Vec<u8> {
        let mut header = Vec::new();
        if let Some(delimiter) = self.format.delimiter() {
            let columns = batch_columns(self.own_columns.as_deref(), &self.columns);
            write_cells(columns.into_iter(), delimiter, &mut header);
        }
        header
    }

    /// Reads the rows of a file.
    ///
    /// # Errors
    ///
    /// A message if a row cannot be read, or if the file has other columns. A row at the end of the file
    /// that was not written whole is no error: [`Rows::torn`] tells it.
    pub fn read(&self, path: &Path) -> Result<Rows, String> {
        let message = |error: io::Error| error.to_string();
        let file = File::open(path).map_err(message)?;
        let mut rows = Rows {
            file: File::open(path).map_err(message)?,
            reader: table::reader(self.format.delimiter().unwrap_or(b','))
                .buffer_capacity(4 << 10)
                .from_reader(File::open(path).map_err(message)?),
            own_columns: self.own_columns.clone(),
            answers: HashMap::new(),
            order: Vec::new(),
            end: 0,
            torn: None,
        };
        let length = file.metadata().map_err(message)?.len();
        if length > 0 {
            match self.format.delimiter() {
                Some(delimiter) => self.read_table(file, delimiter, length, &mut rows)?,
                None => self.read_json(file, &mut rows)?,
            }
        }
        Ok(rows)
    }

    fn read_table(
        &self,
        file: File,
        delimiter: u8,
        length: u64,
        rows: &mut Rows,
    ) -> Result<(), String> {
        let mut reader = table::reader(delimiter).from_reader(BufReader::new(file));
        let mut record = ByteRecord::new();
        let mut read = |record: &mut ByteRecord| match reader.read_byte_record(record) {
            Ok(true) => Ok(Some(reader.position().byte())),
            Ok(false) => Ok(None),
            Err(error) => Err(error.to_string()),
        };
        let end = read(&mut record)?.unwrap_or_default();
        if !rows.is_whole(0, end, length, delimiter)? {
            rows.torn = Some("its header is incomplete".into());
            return Ok(());
        }
        let header: Vec<String> = record.iter().map(text).collect();
        let (own, searched) = self.check_header(&header)?;
        rows.own_columns = self.own_columns.is_some().then(|| header[..own].to_vec());
        rows.end = end;
        let id = self.columns.iter().position(|column| *column == Column::Id);
        let id = own + 1 + id.unwrap_or_default();
        let mut start = end;
        let mut group = None;
        while let Some(end) = read(&mut record)? {
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |index: usize| record.get(index).map(text).unwrap_or_default();
            let searched: Vec<String> = searched.iter().map(|index| cell(*index)).collect();
            let searched: Vec<&str> = searched.iter().map(|cell| cell.trim()).collect();
            let key = key(&searched);
            if record.len() != header.len() || !rows.is_whole(start, end, length, delimiter)? {
                let message = format!("line {line} is not a whole row");
                // The key of a row that ends in the cells of the input is not known.
                let is_same_line =
                    record.len() <= own || group.is_some_and(|(last, _)| last == key);
                if end < length {
                    return Err(message);
                }
                rows.set_torn(message, start, is_same_line);
                return Ok(());
            }
            let row = Row { key, result: cell(own), id: cell(id) };
            rows.add(row, start, end, line, &mut group)?;
            start = end;
        }
        Ok(())
    }

    /// Checks the header. Returns the number of the input's own columns, and the indexes of those that are
    /// searched for.
    fn check_header(&self, header: &[String]) -> Result<(usize, Vec<usize>), String> {
        let ours = batch_columns(Some(&[]), &self.columns);
        let is_lines = self.own_columns.is_none();
        let expected = if is_lines { batch_columns(None, &self.columns) } else { ours.clone() };
        if !header.ends_with(&expected) || is_lines && header.len() != expected.len() {
            return Err("it has other columns than this command would write".into());
        }
        let own = header.len() - ours.len();
        if is_lines {
            return Ok((own, vec![0]));
        }
        let find = |name: &String| {
            let index = header[..own].iter().position(|column| column == name);
            index.ok_or_else(|| format!("it has no column \"{name}\""))
        };
        Ok((own, self.searched.iter().map(find).collect::<Result<_, _>>()?))
    }

    fn read_json(&self, file: File, rows: &mut Rows) -> Result<(), String> {
        let mut reader = BufReader::new(file);
        let (mut start, mut group) = (0, None);
        for line in 1.. {
            let mut text = Vec::new();
            let length = reader.read_until(b'\n', &mut text).map_err(|error| error.to_string())?;
            if length == 0 {
                break;
            }
            if !text.ends_with(b"\n") {
                // The key cannot be read: it may be that of the line before.
                rows.set_torn(format!("line {line} is not a whole row"), start, true);
                break;
            }
            let row = self.json_row(&text).ok_or_else(|| {
                format!("line {line} is no output of this command for such an input")
            })?;
            let end = start + length as u64;
            rows.add(row, start, end, line, &mut group)?;
            start = end;
        }
        Ok(())
    }

    fn json_row(&self, text: &[u8]) -> Option<Row> {
        let fields: HashMap<String, &RawValue> = serde_json::from_slice(text).ok()?;
        let string = |key: &str| serde_json::from_str::<String>(fields.get(key)?.get()).ok();
        let key = if self.own_columns.is_none() {
            key(&[&string("query")?])
        } else {
            let input: HashMap<String, String> =
                serde_json::from_str(fields.get("input")?.get()).ok()?;
            let cell = |name| input.get(name).map(|cell| cell.trim());
            key(&self.searched.iter().map(cell).collect::<Option<Vec<_>>>()?)
        };
        Some(Row { key, result: string("result")?, id: string("id").unwrap_or_default() })
    }
}

/// The answer that is being read: its key and the id of its first row.
type Group = Option<(Key, String)>;

impl Rows {
    /// Adds a row to the answer before it, or begins the next one. The first answer to a search counts.
    fn add(
        &mut self,
        row: Row,
        start: u64,
        end: u64,
        line: u64,
        group: &mut Group,
    ) -> Result<(), String> {
        let known = ANSWERS.iter().find(|answer| **answer == row.result);
        let result =
            known.ok_or_else(|| format!("line {line} has the result \"{}\"", row.result))?;
        let continues =
            group.as_ref().is_some_and(|(key, first)| *key == row.key && *first != row.id);
        if continues {
            if let Some(answer) = self.answers.get_mut(&row.key)
                && answer.offset + answer.length == start
            {
                answer.length = end - answer.offset;
            }
        } else {
            // Everything before this row is whole.
            self.end = start;
            if !self.answers.contains_key(&row.key) {
                self.order.push(row.key);
                let answer = Answer { offset: start, length: end - start, result };
                self.answers.insert(row.key, answer);
            }
            *group = Some((row.key, row.id));
        }
        Ok(())
    }

    /// Leaves out the torn row at `start`, and the rows before it of the same line.
    fn set_torn(&mut self, message: String, start: u64, is_same_line: bool) {
        if !is_same_line {
            self.end = start;
        }
        let end = self.end;
        self.answers.retain(|_, answer| answer.offset < end);
        self.order.retain(|key| self.answers.contains_key(key));
        self.torn = Some(message);
    }

    /// Returns true if a row was written whole. Only the last row of the file may lack its newline, or
    /// have it inside quotes.
    fn is_whole(
        &mut self,
        start: u64,
        end: u64,
        length: u64,
        delimiter: u8,
    ) -> Result<bool, String> {
        if end < length {
            return Ok(true);
        }
        let bytes = self.bytes(start, end - start).map_err(|error| error.to_string())?;
        // TSV has no quotes. In CSV a whole row has an even number of them, and one part more.
        let is_closed = delimiter == b'\t' || bytes.split(|byte| *byte == b'"').count() % 2 == 1;
        Ok(bytes.ends_with(b"\n") && is_closed)
    }

    fn bytes(&mut self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(offset))?;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns the rows of an answer with these cells of the input, or with their own cells if there are
    /// none, by the names of the columns.
    pub fn copy(
        &mut self,
        answer: Answer,
        format: &RowFormat,
        cells: Option<&[String]>,
    ) -> io::Result<Vec<u8>> {
        let (Some(own), Some(old)) = (&format.own_columns, &self.own_columns) else {
            return self.bytes(answer.offset, answer.length);
        };
        let Some(delimiter) = format.format.delimiter() else {
            return Ok(copy_json(self.bytes(answer.offset, answer.length)?, own, cells));
        };
        let mut out = Vec::new();
        let mut record = ByteRecord::new();
        let mut position = csv::Position::new();
        position.set_byte(answer.offset);
        self.reader.seek(position)?;
        while self.reader.position().byte() < answer.offset + answer.length
            && self.reader.read_byte_record(&mut record)?
        {
            let by_name = |name: &String| {
                let index = old.iter().position(|column| column == name);
                index.map(|index| text(&record[index])).unwrap_or_default()
            };
            let own: Vec<String> = match cells {
                Some(cells) => cells.to_vec(),
                None => own.iter().map(by_name).collect(),
            };
            let ours = record.iter().skip(old.len()).map(text);
            write_cells(own.into_iter().chain(ours), delimiter, &mut out);
        }
        Ok(out)
    }
}

fn copy_json(bytes: Vec<u8>, own: &[String], cells: Option<&[String]>) -> Vec<u8> {
    let Some(cells) = cells else { return bytes };
    let mut out = Vec::with_capacity(bytes.len());
    for line in String::from_utf8_lossy(&bytes).lines() {
        replace_input(line, cells, Some(own), &mut out);
    }
    out
}

fn text(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).into_owned()
}
