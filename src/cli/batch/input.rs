//! The input of a batch: plain lines or a table, read on a thread of its own.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::thread;

use clap::ValueEnum;
use csv::ByteRecord;
use tokio::sync::mpsc;

use super::input_error::{InputError, is_utf16};
use super::table::{self, Table};
use crate::cli::action::Input;
use crate::cli::messages::command_error::CommandError;
use crate::cli::report::Report;
use crate::cli::terminal::blocking::Blocking;
use crate::cli::terminal::stdout;
use crate::output::Format;
use spotify_search::{MAX_QUERY_BYTES, QueryError, SearchQuery};

/// The number of lines that are read in advance.
const LINES_AHEAD: usize = 32;

/// The size of the buffer, and of the part of the input that tells whether it is a table.
const BUFFER_BYTES: usize = 64 << 10;

/// The largest part of a line that is read, in bytes. White space at its ends is not a part of the query.
const MAX_LINE_BYTES: usize = 64 << 10;

/// The largest part of an unusable line that is shown, in characters.
const MAX_SHOWN_CHARS: usize = 100;

type Reader = BufReader<Box<dyn Read + Send>>;

/// A line, or why no more lines can be read.
pub type LineResult = io::Result<Line>;

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
pub struct Lines {
    /// The columns, if the input is a table.
    pub table: Option<Table>,
    pub lines: Box<dyn Iterator<Item = LineResult> + Send>,
}

impl Lines {
    /// Reads the lines on a thread, because reading a terminal or a pipe may block.
    pub fn receive(self) -> Result<mpsc::Receiver<LineResult>, CommandError> {
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

impl Input {
    /// Returns the name for messages.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".into(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Returns the path of an input that can be read again.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) if path.is_file() => Some(path),
            _ => None,
        }
    }

    /// Returns true if standard output is the input file: the batch would read its own results.
    pub fn is_output(&self) -> bool {
        match self {
            Self::Stdin => stdout::is_same_file(&io::stdin()),
            Self::File(path) => File::open(path).is_ok_and(|file| stdout::is_same_file(&file)),
        }
    }

    /// Opens the input, and finds out whether it is a table.
    pub fn open(&self, template: &SearchQuery) -> Result<Lines, CommandError> {
        let lines = self.reader().and_then(|reader| {
            let extension = self.file().and_then(|path| path.extension()?.to_str());
            let format = extension.and_then(|text| Format::from_str(text, true).ok());
            lines(reader, format.and_then(Format::delimiter), template)
        });
        lines.map_err(|error| self.error(&error))
    }

    /// Returns the error for an input of which no line can be read.
    pub fn error(&self, error: &io::Error) -> CommandError {
        Report::unreadable(&self.name(), error).into()
    }

    fn reader(&self) -> io::Result<Reader> {
        let reader: Box<dyn Read + Send> = match self {
            Self::Stdin => Box::new(Blocking(io::stdin())),
            Self::File(path) if path.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Self::File(path) => Box::new(Blocking(File::open(path)?)),
        };
        Ok(BufReader::with_capacity(BUFFER_BYTES, reader))
    }
}

/// Returns the lines of an input. Looks only at the bytes of the first read to recognize a table,
/// because another read of a terminal or pipe could block.
fn lines(mut input: Reader, delimiter: Option<u8>, template: &SearchQuery) -> io::Result<Lines> {
    if is_utf16(input.fill_buf()?) {
        let text = Cursor::new(decode_utf16(input)?);
        input = BufReader::with_capacity(BUFFER_BYTES, Box::new(text));
    }
    if input.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    let start = input.fill_buf()?;
    if start.starts_with(b"PK\x03\x04") {
        return Err(io::Error::other(InputError::Spreadsheet));
    }
    if !start.contains(&b'\n') && start.trim_ascii().contains(&b'\r') {
        return Err(io::Error::other(InputError::CarriageReturns));
    }
    let start = String::from_utf8_lossy(start);
    let table = Table::detect(&start, delimiter, template).map_err(io::Error::other)?;
    let lines: Box<dyn Iterator<Item = LineResult> + Send> = match &table {
        Some(table) => Box::new(rows(input, table.clone())?),
        None => Box::new(plain_lines(input, template.clone())),
    };
    Ok(Lines { table, lines })
}

fn decode_utf16(mut input: Reader) -> io::Result<String> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let unit = if bytes.starts_with(b"\xff\xfe") { u16::from_le_bytes } else { u16::from_be_bytes };
    let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    Ok(String::from_utf16_lossy(&units))
}

/// Returns the rows of a table. A row that lacks cells at its end has empty ones.
fn rows(mut input: Reader, table: Table) -> io::Result<impl Iterator<Item = LineResult> + Send> {
    for _ in 0..table.skipped_lines {
        input.skip_until(b'\n')?;
    }
    let mut reader = table::reader(table.delimiter).from_reader(input);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record)?;
    Ok(std::iter::from_fn(move || match reader.read_byte_record(&mut record) {
        Ok(true) => Some(row(&record, &table)),
        Ok(false) => None,
        Err(error) => Some(Err(error.into())),
    }))
}

fn row(record: &ByteRecord, table: &Table) -> LineResult {
    let line = record.position().map_or(0, csv::Position::line);
    let number = line + table.skipped_lines as u64;
    let cell = |cell: &[u8]| String::from_utf8(cell.to_vec());
    let cells: Result<Vec<String>, _> = record.iter().map(cell).collect();
    let mut cells = cells.map_err(|_| io::Error::other(InputError::NotUtf8 { line: number }))?;
    let columns = table.header.len();
    if cells.iter().skip(columns).any(|cell| !cell.trim().is_empty()) {
        let cells = cells.len();
        return Err(io::Error::other(InputError::Cells { line: number, cells, columns }));
    }
    cells.resize(columns, String::new());
    let work = match table.query(&cells) {
        None => Work::Nothing,
        Some(Ok(query)) => Work::Search(query),
        Some(Err(error)) => Work::Invalid(error),
    };
    Ok(Line { number, cells: table.own_cells(&cells), work })
}

/// Returns the lines of a plain list. Carriage returns are removed.
fn plain_lines(mut input: impl BufRead, template: SearchQuery) -> impl Iterator<Item = LineResult> {
    let mut number = 0;
    std::iter::from_fn(move || {
        number += 1;
        let line = next_line(&mut input).transpose()?;
        Some(line.map(|bytes| plain_line(number, &bytes, &template)))
    })
}

/// Reads the next line with its end. Of a line that is too long, the rest is skipped.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    // One byte more shows that the line is too long.
    input.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut bytes)?;
    if bytes.len() > MAX_LINE_BYTES && !bytes.ends_with(b"\n") {
        input.skip_until(b'\n')?;
    }
    Ok((!bytes.is_empty()).then_some(bytes))
}

fn plain_line(number: u64, bytes: &[u8], template: &SearchQuery) -> Line {
    let is_cut = bytes.len() > MAX_LINE_BYTES;
    let text = String::from_utf8_lossy(bytes.trim_ascii());
    let text = text.trim();
    let error = if is_cut {
        QueryError::TooLong
    } else if str::from_utf8(bytes).is_err() {
        QueryError::NotUtf8
    } else if text.len() > MAX_QUERY_BYTES {
        QueryError::TooLong
    } else {
        let query = || template.clone().words(text);
        let work = if text.is_empty() { Work::Blank } else { Work::Search(query()) };
        return Line { number, cells: vec![text.to_owned()], work };
    };
    let mut shown: String = text.chars().take(MAX_SHOWN_CHARS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    Line { number, cells: vec![shown], work: Work::Invalid(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads plain lines: the number, the text, and the error of each that is not blank.
    fn read(bytes: &[u8]) -> Vec<(u64, String, Option<QueryError>)> {
        // A small buffer, so that lines arrive in pieces.
        let input: Box<dyn Read + Send> = Box::new(Cursor::new(bytes.to_vec()));
        let input = BufReader::with_capacity(3, input);
        let lines = lines(input, None, &SearchQuery::new("")).unwrap().lines;
        let line = |Line { number, cells, work }| match work {
            Work::Blank | Work::Nothing => None,
            Work::Search(_) => Some((number, cells.concat(), None)),
            Work::Invalid(error) => Some((number, cells.concat(), Some(error))),
        };
        lines.map(Result::unwrap).filter_map(line).collect()
    }

    fn texts(bytes: &[u8]) -> Vec<(u64, String)> {
        read(bytes).into_iter().map(|(number, text, _)| (number, text)).collect()
    }

    #[test]
    fn blank_lines_are_counted() {
        let expected = [(1, "BTS".to_owned()), (4, "daft punk".to_owned()), (5, "x".to_owned())];
        assert_eq!(texts(b"BTS\n\n \t \ndaft punk\nx"), expected);
        assert_eq!(texts(b"\xef\xbb\xbfBTS\r\n\r\n\t\r\n daft punk \r\nx\r\n"), expected);
        assert!(texts(b"").is_empty() && texts(b"\n\n").is_empty());
    }

    #[test]
    fn unusable_line_does_not_affect_the_others() {
        let mut input = b"caf\xe9\n".to_vec();
        input.extend(vec![b'x'; 3 * MAX_LINE_BYTES]);
        input.extend(b"\nBTS\n");
        let expected = [
            (1, "caf\u{fffd}".to_owned(), Some(QueryError::NotUtf8)),
            (2, "x".repeat(MAX_SHOWN_CHARS) + "…", Some(QueryError::TooLong)),
            (3, "BTS".to_owned(), None),
        ];
        assert_eq!(read(&input), expected);
        for end in ["", "\n", "\r\n"] {
            let longest = format!("{}{end}", "x".repeat(MAX_QUERY_BYTES));
            assert_eq!(read(longest.as_bytes())[0].2, None);
            let longer = format!("{}{end}", "x".repeat(MAX_QUERY_BYTES + 1));
            assert!(read(longer.as_bytes())[0].2.is_some());
        }
    }

    #[test]
    fn long_line_is_cut_between_characters() {
        for length in MAX_SHOWN_CHARS - 3..MAX_SHOWN_CHARS + 3 {
            let line = "x".repeat(length) + &"ü".repeat(MAX_QUERY_BYTES);
            assert!(!read(line.as_bytes())[0].1.contains('\u{fffd}'));
        }
    }

    #[test]
    fn white_space_at_the_ends_does_not_make_a_line_too_long() {
        let space = " ".repeat(MAX_QUERY_BYTES);
        let longest = "x".repeat(MAX_QUERY_BYTES);
        assert_eq!(texts(space.as_bytes()), []);
        let padded = format!("{space}{longest}{space}\n");
        assert_eq!(texts(padded.as_bytes()), [(1, longest)]);
        let returns_inside = format!("x{}y\n", "\r".repeat(MAX_QUERY_BYTES));
        assert!(read(returns_inside.as_bytes())[0].2.is_some());
    }
}
