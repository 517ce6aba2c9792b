//! The input of a batch: finds out whether it is plain lines or a table, and reads it on a thread of its own.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use clap::ValueEnum;

use super::line::{Line, OpenedInput, Reader, Work};
use super::table;
use super::table_rows::rows;
use crate::cli::action::Input;
use crate::cli::column_names::KnownColumns;
use crate::cli::messages::command_error::CommandError;
use crate::cli::report::Report;
use crate::cli::terminal::blocking::Blocking;
use crate::cli::terminal::stdout;
use crate::cli::text_error::{CONVERT, TextError, is_utf16};
use crate::output::Format;
use spotify_search::{MAX_QUERY_BYTES, QueryError, SearchQuery};

/// The size of the buffer.
const BUFFER_BYTES: usize = 64 << 10;

/// The longest first line, in bytes. It tells whether the input is a table.
const MAX_FIRST_LINE: u64 = 1 << 20;

/// The number of lines in a row that are not UTF-8 at which a list ends.
const MAX_NOT_UTF8: u64 = 10;

/// The largest number of lines before the header of a .csv or .tsv file.
const MAX_SKIPPED: usize = 3;

/// The largest part of a line that is read, in bytes. White space at its ends is not a part of the query.
const MAX_LINE_BYTES: usize = 64 << 10;

/// The largest part of an unusable line that is shown, in characters.
const MAX_SHOWN_CHARS: usize = 100;

impl Input {
    /// Returns the name for messages.
    pub fn name(&self) -> String {
        let path = self.path.as_ref();
        path.map_or_else(|| "standard input".into(), |path| path.display().to_string())
    }

    /// Returns the path of an input that can be read again.
    pub fn file(&self) -> Option<&Path> {
        self.path.as_deref().filter(|path| path.is_file())
    }

    /// Returns true if standard output is the input file: the batch would read its own results.
    pub fn is_output(&self) -> bool {
        match &self.path {
            None => stdout::is_same_file(&io::stdin()),
            Some(path) => File::open(path).is_ok_and(|file| stdout::is_same_file(&file)),
        }
    }

    /// Opens the input, and finds out whether it is a table. A table in a file is checked as a whole.
    pub fn open(&self, template: &SearchQuery) -> Result<OpenedInput, CommandError> {
        let lines = self.lines(template).and_then(|lines| {
            if lines.table.is_none() || self.file().is_none() {
                return Ok(lines);
            }
            check(lines)?;
            self.lines(template)
        });
        lines.map_err(|error| self.error(&error))
    }

    /// Returns the error for an input of which no line can be read.
    pub fn error(&self, error: &io::Error) -> CommandError {
        Report::unreadable(&self.name(), error).into()
    }

    fn lines(&self, template: &SearchQuery) -> io::Result<OpenedInput> {
        let reader = self.reader()?;
        if self.is_plain {
            return Ok(plain(reader, template));
        }
        let extension = self.file().and_then(|path| path.extension()?.to_str());
        let format = extension.and_then(|text| Format::from_str(text, true).ok());
        lines(reader, format.and_then(Format::delimiter), template)
    }

    fn reader(&self) -> io::Result<Reader> {
        let reader: Box<dyn Read + Send> = match &self.path {
            None => Box::new(Blocking(io::stdin())),
            Some(path) if path.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Some(path) => Box::new(Blocking(File::open(path)?)),
        };
        Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, reader)))
    }
}

/// Checks that every row fits the header, and that one has something to search for.
fn check(OpenedInput { table, lines, .. }: OpenedInput) -> io::Result<()> {
    let (mut wrong, mut count, mut searches, mut rows) = (Vec::new(), 0, 0, 0);
    for line in lines {
        match line {
            Ok(line) => {
                rows += 1;
                searches += usize::from(!matches!(line.work, Work::Nothing));
            }
            Err(error) => match error.get_ref().and_then(|error| error.downcast_ref()) {
                Some(TextError::Rows { lines, .. }) => {
                    count += 1;
                    wrong.extend(lines.iter().filter(|_| count <= 3));
                }
                _ => return Err(error),
            },
        }
    }
    if count > 0 {
        return Err(io::Error::other(TextError::Rows { lines: wrong, count }));
    }
    if rows > 0 && searches == 0 {
        let columns = table.map(|table| table.searched_names()).unwrap_or_default();
        return Err(io::Error::other(TextError::NothingToSearch { columns }));
    }
    Ok(())
}

/// Returns the lines of an input. `delimiter` is that of a file whose name says that it is a table. Nothing is
/// read after the first line, which a program may write before it waits for the answer.
fn lines(
    mut input: Reader,
    delimiter: Option<u8>,
    template: &SearchQuery,
) -> io::Result<OpenedInput> {
    let mut first = first_line(&mut input)?;
    if is_utf16(&first) {
        let mut bytes = first;
        input.read_to_end(&mut bytes)?;
        input = Box::new(Cursor::new(decode_utf16(&bytes)));
        first = first_line(&mut input)?;
    }
    if let Some(text) = first.strip_prefix(b"\xef\xbb\xbf") {
        first = text.to_vec();
    }
    if let Some(error) = TextError::of_start(&first) {
        return Err(io::Error::other(error));
    }
    if !first.ends_with(b"\n") && first.trim_ascii().contains(&b'\r') {
        return Err(io::Error::other(TextError::CarriageReturns));
    }
    let mut start = first;
    let found = find_header(&mut start, &mut input, delimiter)?;
    let input: Reader = Box::new(Cursor::new(start).chain(input));
    match found {
        Some((delimiter, skipped)) => rows(input, delimiter, skipped, template),
        None => Ok(plain(input, template)),
    }
}

/// Reads a line to its end.
fn first_line(input: &mut Reader) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    input.by_ref().take(MAX_FIRST_LINE).read_until(b'\n', &mut line)?;
    if line.len() as u64 == MAX_FIRST_LINE {
        return Err(io::Error::other(TextError::LongHeader));
    }
    Ok(line)
}

/// Finds the delimiter of a table and the number of lines before its header. `start` gets the lines that are
/// read. Returns `None` for plain lines.
fn find_header(
    start: &mut Vec<u8>,
    input: &mut Reader,
    delimiter: Option<u8>,
) -> io::Result<Option<(u8, usize)>> {
    let (found, cells, known) = header(start, delimiter);
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    let is_table = match delimiter {
        Some(_) => known.len() > 0,
        None => known.is_certain && filled >= 2,
    };
    if is_table {
        return Ok(Some((found, 0)));
    }
    let Some(preferred) = delimiter else { return Ok(None) };
    // A title, or the name of the program, comes before the header.
    for skipped in 1..=MAX_SKIPPED {
        let line = first_line(input)?;
        let (found, _, known) = header(&line, delimiter);
        start.extend(line);
        if known.len() >= 2 {
            return Ok(Some((found, skipped)));
        }
    }
    // The error names the columns.
    Ok(Some((if filled > 1 { found } else { preferred }, 0)))
}

/// Splits a line at whichever delimiter gives the most known names. Of several, `preferred` wins.
fn header(line: &[u8], preferred: Option<u8>) -> (u8, Vec<String>, KnownColumns) {
    let candidates = [b'\t', b';', b','].map(|delimiter| {
        let mut reader = table::reader(delimiter).from_reader(line);
        let record = reader.byte_records().next().and_then(Result::ok).unwrap_or_default();
        let cell = |cell: &[u8]| String::from_utf8_lossy(cell).trim().to_owned();
        let cells: Vec<String> = record.iter().map(cell).collect();
        let known = KnownColumns::find(&cells);
        (delimiter, cells, known)
    });
    let rank = |(delimiter, cells, known): &(u8, Vec<String>, KnownColumns)| {
        (known.len(), cells.len(), preferred == Some(*delimiter))
    };
    candidates.into_iter().max_by_key(rank).unwrap_or_default()
}

fn decode_utf16(bytes: &[u8]) -> String {
    let unit = if bytes.starts_with(b"\xff\xfe") { u16::from_le_bytes } else { u16::from_be_bytes };
    let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

/// Returns the lines of a plain list. Carriage returns are removed. A list of which several lines in a row are
/// not UTF-8 ends there.
fn plain(mut input: Reader, template: &SearchQuery) -> OpenedInput {
    let (mut number, mut not_utf8, template) = (0, 0, template.clone());
    let lines = std::iter::from_fn(move || {
        number += 1;
        let line = next_line(&mut input).transpose()?;
        Some(line.and_then(|bytes| {
            not_utf8 = if str::from_utf8(&bytes).is_ok() { 0 } else { not_utf8 + 1 };
            if not_utf8 == MAX_NOT_UTF8 {
                let line = number + 1 - MAX_NOT_UTF8;
                return Err(io::Error::other(TextError::NotUtf8 { line }));
            }
            Ok(plain_line(number, &bytes, &template))
        }))
    });
    OpenedInput { table: None, note: None, lines: Box::new(lines) }
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
    let error = if is_cut || text.len() > MAX_QUERY_BYTES {
        QueryError::TooLong
    } else if str::from_utf8(bytes).is_err() {
        QueryError::InvalidValue(format!("the query is not UTF-8; {CONVERT}"))
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
        let input = Box::new(BufReader::with_capacity(3, input));
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
            (
                1,
                "caf\u{fffd}".to_owned(),
                Some(QueryError::InvalidValue(format!("the query is not UTF-8; {CONVERT}"))),
            ),
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
