//! Reads the rows of an output file, also after a spreadsheet or an editor has saved it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

use csv::{ByteRecord, Position, ReaderBuilder};
use indexmap::IndexMap;

use super::file_columns::FileColumns;
use crate::cli::text_error::{TextError, is_utf16};
use crate::output::{Fields, Format, Layout, Ours, Row, RowResult};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads rows, one after the other or from a place in the file.
#[derive(Debug)]
pub struct RowReader<R> {
    text: Text<R>,
    /// The columns that the rows get.
    pub layout: Layout,
    /// The bytes before the first row.
    pub start: u64,
    length: u64,
    cut: CutRow,
    /// True if a row at the end was left out because it is not whole.
    pub is_torn: bool,
    pub has_byte_order_mark: bool,
}

/// When the row at the end of a file is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CutRow {
    Never,
    /// If it has fewer cells than the header.
    Short,
    /// Always: a run was killed while it wrote the row.
    Always,
}

#[derive(Debug)]
enum Text<R> {
    Table { reader: csv::Reader<R>, columns: FileColumns },
    Json { reader: BufReader<R>, position: u64 },
}

/// A row and its place in the file.
#[derive(Debug)]
pub struct PlacedRow {
    pub row: Row,
    pub start: u64,
    pub end: u64,
}

impl RowReader<File> {
    /// Reads the header of a file. Returns `None` if the file has no rows, whatever its header is.
    /// `is_part` is true for a file that a killed run has left.
    ///
    /// # Errors
    ///
    /// Why the rows do not fit this layout.
    pub fn open(
        mut file: File,
        layout: &Layout,
        format: Format,
        is_part: bool,
    ) -> io::Result<Option<Self>> {
        let (mut mark, mut last) = ([0; 3], [0]);
        let length = file.metadata()?.len();
        file.rewind()?;
        let has_byte_order_mark = length >= 3 && {
            file.read_exact(&mut mark)?;
            mark == BYTE_ORDER_MARK
        };
        if is_utf16(&mark) {
            return Err(io::Error::other(TextError::Utf16));
        }
        if length > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        let start = if has_byte_order_mark { 3 } else { 0 };
        let text = match format.delimiter() {
            Some(delimiter) => open_table(&file, layout, delimiter, is_part)?,
            None if length > start => {
                file.seek(SeekFrom::Start(start))?;
                Some((Text::Json { reader: BufReader::new(file), position: start }, start))
            }
            None => None,
        };
        let cut = match (last == *b"\n", is_part) {
            (true, false) => CutRow::Never,
            (true, true) | (false, false) => CutRow::Short,
            (false, true) => CutRow::Always,
        };
        Ok(text.map(|(text, start)| Self {
            text,
            layout: layout.clone(),
            start,
            length,
            cut,
            is_torn: false,
            has_byte_order_mark,
        }))
    }
}

impl RowReader<Cursor<Vec<u8>>> {
    /// Reads rows that this run has written.
    pub fn own(rows: Vec<u8>, layout: &Layout, format: Format) -> Self {
        let rows = Cursor::new(rows);
        let text = match format.delimiter() {
            Some(delimiter) => Text::Table {
                reader: builder(delimiter).from_reader(rows),
                columns: FileColumns::of_layout(layout),
            },
            None => Text::Json { reader: BufReader::new(rows), position: 0 },
        };
        let (layout, has_byte_order_mark) = (layout.clone(), false);
        let (start, length, cut, is_torn) = (0, u64::MAX, CutRow::Never, false);
        Self { text, layout, start, length, cut, is_torn, has_byte_order_mark }
    }
}

impl<R: Read + Seek> RowReader<R> {
    /// Returns the layout with the columns in the order of the file.
    pub fn layout_of_file(&self) -> Layout {
        match &self.text {
            Text::Table { columns, .. } => columns.in_order_of_file(&self.layout),
            Text::Json { .. } => self.layout.clone(),
        }
    }

    /// Continues at the row that begins there. Costs nothing if it is the next one.
    pub fn seek(&mut self, start: u64) -> io::Result<()> {
        match &mut self.text {
            Text::Table { reader, .. } => {
                let mut position = Position::new();
                reader.seek(position.set_byte(start).clone())?;
            }
            Text::Json { reader, position } => {
                reader.seek_relative(start.cast_signed() - position.cast_signed())?;
                *position = start;
            }
        }
        Ok(())
    }

    /// Reads the next row. A row at the end of the file that is not whole is left out.
    ///
    /// # Errors
    ///
    /// Why a row is none of this command, or the operating system's error.
    pub fn next(&mut self) -> io::Result<Option<PlacedRow>> {
        let layout = &self.layout;
        match &mut self.text {
            Text::Table { reader, columns } => {
                let mut record = ByteRecord::new();
                if !reader.read_byte_record(&mut record)? {
                    return Ok(None);
                }
                let place = record.position().cloned().unwrap_or_else(Position::new);
                let (end, is_short) = (reader.position().byte(), record.len() < columns.width);
                let is_cut = match self.cut {
                    CutRow::Never => false,
                    CutRow::Short => is_short,
                    CutRow::Always => true,
                };
                if is_cut && end >= self.length {
                    self.is_torn = true;
                    return Ok(None);
                }
                let row = columns.row(&record).map_err(|problem| {
                    io::Error::other(format!("line {} {problem}", place.line()))
                })?;
                Ok(Some(PlacedRow { row, start: place.byte(), end }))
            }
            Text::Json { reader, position } => {
                let (start, mut text) = (*position, Vec::new());
                *position += reader.read_until(b'\n', &mut text)? as u64;
                if text.trim_ascii().is_empty() {
                    return Ok(None);
                }
                match json_row(&text, layout) {
                    Ok(row) => Ok(Some(PlacedRow { row, start, end: *position })),
                    Err(_) if text.starts_with(b"{") && !text.ends_with(b"\n") => {
                        self.is_torn = true;
                        Ok(None)
                    }
                    Err(problem) => Err(io::Error::other(problem)),
                }
            }
        }
    }
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true);
    builder
}

/// Finds the columns by the names in the header, at whichever delimiter there is a result among them.
/// Returns `None` without rows.
fn open_table(
    file: &File,
    layout: &Layout,
    preferred: u8,
    is_part: bool,
) -> io::Result<Option<(Text<File>, u64)>> {
    // A part continues as it is.
    let delimiters: &[u8] = if is_part { &[preferred] } else { &[preferred, b'\t', b';', b','] };
    let mut problem = None;
    for delimiter in delimiters {
        let mut file = file.try_clone()?;
        file.rewind()?;
        let mut reader = builder(*delimiter).from_reader(file);
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record)? {
            return Ok(None);
        }
        let start = reader.position().clone();
        let names: Vec<String> =
            record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        match FileColumns::find(&names, layout) {
            Ok(columns) => {
                let has_rows = reader.read_byte_record(&mut record)?;
                let byte = start.byte();
                reader.seek(start)?;
                let text = Text::Table { reader, columns };
                return Ok(has_rows.then_some((text, byte)));
            }
            // Without rows it has no columns to keep.
            Err(_) if !is_part && !reader.read_byte_record(&mut record)? => return Ok(None),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    Err(io::Error::other(problem.unwrap_or_default()))
}

fn json_row(text: &[u8], layout: &Layout) -> Result<Row, String> {
    let parse = || -> Option<(IndexMap<String, String>, RowResult, Fields)> {
        let mut fields: Fields = serde_json::from_slice(text).ok()?;
        let own = fields.shift_remove(if layout.is_table { "input" } else { "query" })?;
        let own = if layout.is_table {
            serde_json::from_str(own.get()).ok()?
        } else {
            IndexMap::from([("query".to_owned(), serde_json::from_str(own.get()).ok()?)])
        };
        let result = match fields.shift_remove("result") {
            Some(result) => RowResult::parse(serde_json::from_str(result.get()).ok()?),
            None => RowResult::Word(String::new()),
        };
        Some((own, result, fields))
    };
    let Some((mut own, result, fields)) = parse() else {
        let shown: String = String::from_utf8_lossy(text).trim_end().chars().take(60).collect();
        return Err(format!("a line is no row of this command for such an input: {shown}"));
    };
    let cells = layout.keys.iter().map(|key| own.shift_remove(key).unwrap_or_default()).collect();
    match own.keys().next() {
        Some(other) => Err(format!("its key \"{other}\" is none of the input's columns")),
        None => Ok(Row { own: cells, result, ours: Ours::Fields(fields) }),
    }
}
