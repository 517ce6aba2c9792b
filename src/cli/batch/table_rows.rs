//! The rows of a table, each checked against the header.

use std::io::{self, Read};

use csv::ByteRecord;

use super::line::{Line, OpenedInput, ReadLine, Reader, Work};
use super::table::{self, Table};
use crate::cli::text_error::TextError;
use spotify_search::SearchQuery;

/// A row after the last one. A quotation mark that is still open takes it in.
const END: &str = "\u{1}";

/// The largest number of lines of a cell that is searched for.
const MAX_CELL_LINES: usize = 3;

/// Returns the rows after the header, which comes after this number of lines.
pub fn rows(
    mut input: Reader,
    delimiter: u8,
    skipped: usize,
    template: &SearchQuery,
) -> io::Result<OpenedInput> {
    for _ in 0..skipped {
        input.skip_until(b'\n')?;
    }
    let end = format!("\n{END}\n");
    let mut reader = table::reader(delimiter).from_reader(input.chain(io::Cursor::new(end)));
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record)?;
    let header = text(&record, skipped as u64 + 1)?;
    let header: Vec<String> = header.into_iter().map(|name| name.trim().to_owned()).collect();
    let lines_before = skipped as u64;
    let template = template.clone();
    if is_output_of_lines(&header) {
        let query = header.iter().position(|name| name == "query").unwrap_or_default();
        let lines = std::iter::from_fn(move || {
            let row = read(&mut reader, &mut record, lines_before)?;
            Some(row.and_then(|number| {
                let query = text(&record, number)?.get(query).cloned().unwrap_or_default();
                let work = Work::Search(template.clone().words(&query));
                Ok(Line { number, cells: vec![query], work })
            }))
        });
        let note = "searching again for the queries of an output: --output continues it instead";
        return Ok(OpenedInput { table: None, note: Some(note.into()), lines: Box::new(lines) });
    }
    let table = Table::new(delimiter, header, skipped, &template).map_err(io::Error::other)?;
    let own = table.clone();
    let lines = std::iter::from_fn(move || {
        let row = read(&mut reader, &mut record, lines_before)?;
        Some(row.and_then(|number| line(&record, number, reader_lines(&reader, &record), &own)))
    });
    let note = Some(table.description());
    Ok(OpenedInput { table: Some(table), note, lines: Box::new(lines) })
}

/// Returns true for the header of an output of plain lines, which can be an input.
fn is_output_of_lines(header: &[String]) -> bool {
    ["query", "result"].iter().all(|name| header.iter().any(|own| own == name))
}

/// Reads the next row. Returns the line where it begins.
fn read<R: Read>(
    reader: &mut csv::Reader<R>,
    record: &mut ByteRecord,
    lines_before: u64,
) -> Option<io::Result<u64>> {
    match reader.read_byte_record(record) {
        Ok(true) if record.len() == 1 && &record[0] == END.as_bytes() => None,
        Ok(true) => Some(Ok(record.position().map_or(0, csv::Position::line) + lines_before)),
        Ok(false) => None,
        Err(error) => Some(Err(error.into())),
    }
}

/// Returns the number of lines of a row that has been read.
fn reader_lines<R: Read>(reader: &csv::Reader<R>, record: &ByteRecord) -> u64 {
    reader.position().line() - record.position().map_or(0, csv::Position::line)
}

fn line(record: &ByteRecord, number: u64, lines: u64, table: &Table) -> ReadLine {
    let columns = table.header.len();
    let has_more = record.iter().skip(columns).any(|cell| !cell.trim_ascii().is_empty());
    let is_open = record.iter().next_back().is_some_and(|cell| cell.ends_with(b"\n\x01\n"));
    let is_swallowed = |(column, cell): (usize, &[u8])| {
        let breaks = cell.split(|byte| *byte == b'\n').count() - 1;
        table.is_searched(column)
            && breaks > 0
            && (breaks >= MAX_CELL_LINES || cell.contains(&table.delimiter))
    };
    if has_more
        || is_open
        || lines > 1 && record.len() < columns
        || record.iter().enumerate().any(is_swallowed)
    {
        return Err(io::Error::other(TextError::Rows { lines: vec![number], count: 1 }));
    }
    let mut cells = text(record, number)?;
    // Missing cells at the end of a line are empty.
    cells.resize(columns, String::new());
    let work = match table.query(&cells) {
        None => Work::Nothing,
        Some(Ok(query)) => Work::Search(query),
        Some(Err(error)) => Work::Invalid(error),
    };
    Ok(Line { number, cells: table.own_cells(&cells), work })
}

fn text(record: &ByteRecord, line: u64) -> io::Result<Vec<String>> {
    let cell = |cell: &[u8]| String::from_utf8(cell.to_vec());
    let cells: Result<Vec<String>, _> = record.iter().map(cell).collect();
    cells.map_err(|_| io::Error::other(TextError::NotUtf8 { line }))
}
