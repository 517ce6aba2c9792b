//! The input of a batch: one query per line, read on a thread of its own.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::thread;

use tokio::sync::mpsc;

use super::encoding::EncodingError;
use crate::cli::action::Input;
use crate::cli::messages::command_error::CommandError;
use crate::cli::terminal::blocking::Blocking;
use crate::cli::terminal::stdout;
use crate::query::{MAX_QUERY_BYTES, QueryError};

/// The number of lines that are read in advance.
const LINES_AHEAD: usize = 32;

/// The largest part of a line that is read, in bytes. White space at its ends is not a part of the query.
const MAX_LINE_BYTES: usize = 64 << 10;

/// The largest part of an unusable line that is shown, in characters.
const MAX_SHOWN_CHARS: usize = 100;

/// A line, or why no more lines can be read.
pub type LineResult = io::Result<Line>;

/// A line that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// The line number, starting at 1. Blank lines are counted.
    pub number: u64,
    /// The text without white space at its ends. Of an unusable line, its beginning.
    pub text: String,
    /// Why the line cannot be a query.
    pub problem: Option<QueryError>,
}

impl Input {
    /// Returns the name for messages.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".into(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Returns the path, unless the input is standard input.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::File(path) => Some(path),
        }
    }

    /// Opens the input and returns its lines.
    pub fn lines(&self) -> Result<impl Iterator<Item = LineResult> + Send + 'static, CommandError> {
        let reader = self.open().map_err(|error| self.error(error))?;
        Ok(lines(reader))
    }

    /// Returns true if standard output is the input file: the batch would read its own results.
    pub fn is_output(&self) -> bool {
        match self {
            Self::Stdin => stdout::is_same_file(&io::stdin()),
            Self::File(path) => File::open(path).is_ok_and(|file| stdout::is_same_file(&file)),
        }
    }

    /// Opens the input and reads its lines on a thread, because reading a terminal or a pipe may
    /// block.
    pub fn receive_lines(&self) -> Result<mpsc::Receiver<LineResult>, CommandError> {
        let lines = self.lines()?;
        let (sender, receiver) = mpsc::channel(LINES_AHEAD);
        let read = move || {
            for line in lines {
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

    /// Counts the queries; `None` for an input that can be read only once.
    pub fn count(&self) -> Option<u64> {
        let Self::File(path) = self else { return None };
        let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
        let reader = if is_file { self.open().ok()? } else { return None };
        Some(lines(reader).map_while(Result::ok).count() as u64)
    }

    /// Returns the error for an input of which no line can be read.
    pub fn error(&self, error: io::Error) -> CommandError {
        CommandError::Input { error, input: self.name() }
    }

    fn open(&self) -> io::Result<Box<dyn BufRead + Send>> {
        match self {
            Self::Stdin => Ok(Box::new(BufReader::new(Blocking(io::stdin())))),
            Self::File(path) => {
                let file = File::open(path)?;
                if file.metadata()?.is_dir() {
                    return Err(io::ErrorKind::IsADirectory.into());
                }
                Ok(Box::new(BufReader::new(Blocking(file))))
            }
        }
    }
}

/// Returns the lines that are not blank. A byte order mark and carriage returns are removed.
fn lines(mut input: impl BufRead) -> impl Iterator<Item = LineResult> {
    let mut number = 0;
    std::iter::from_fn(move || {
        loop {
            if number == 0
                && let Some(error) = utf16_error(&mut input)
            {
                return Some(Err(error));
            }
            let bytes = match next_line(&mut input) {
                Ok(None) => return None,
                Ok(Some(bytes)) => bytes,
                Err(error) => return Some(Err(error)),
            };
            number += 1;
            if number == 1
                && let Some(error) = EncodingError::of_first_line(&bytes)
            {
                return Some(Err(io::Error::other(error)));
            }
            let line = parse_line(number, &bytes);
            if !line.text.is_empty() || line.problem.is_some() {
                return Some(Ok(line));
            }
        }
    })
}

/// Returns an error if the input is UTF-16. Looks only at the bytes of the first read, because another
/// read of a terminal or pipe could block.
fn utf16_error(input: &mut impl BufRead) -> Option<io::Error> {
    // A failed read fails again in `next_line`.
    EncodingError::of_mark(input.fill_buf().ok()?).map(io::Error::other)
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

fn parse_line(number: u64, bytes: &[u8]) -> Line {
    let is_cut = bytes.len() > MAX_LINE_BYTES;
    let bytes =
        if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    let bytes = bytes.trim_ascii();
    let problem = match str::from_utf8(bytes).map(str::trim) {
        _ if is_cut => QueryError::TooLong,
        Ok(text) if text.len() > MAX_QUERY_BYTES => QueryError::TooLong,
        Ok(text) => return Line { number, text: text.to_owned(), problem: None },
        Err(_) => QueryError::NotUtf8,
    };
    let text = String::from_utf8_lossy(bytes);
    let mut shown: String = text.chars().take(MAX_SHOWN_CHARS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    Line { number, text: shown.trim().to_owned(), problem: Some(problem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<Line> {
        // A small buffer, so that lines arrive in pieces.
        lines(io::BufReader::with_capacity(3, bytes)).map(Result::unwrap).collect()
    }

    fn texts(bytes: &[u8]) -> Vec<(u64, String)> {
        read(bytes).into_iter().map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn blank_lines_are_counted_and_skipped() {
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
        let lines = read(&input);
        let problems: Vec<_> =
            lines.iter().map(|line| (line.number, line.problem.clone())).collect();
        assert_eq!(
            problems,
            [(1, Some(QueryError::NotUtf8)), (2, Some(QueryError::TooLong)), (3, None)]
        );
        assert_eq!(lines[0].text, "caf\u{fffd}");
        assert_eq!(lines[1].text, "x".repeat(MAX_SHOWN_CHARS) + "…");
        for end in ["", "\n", "\r\n"] {
            let longest = format!("{}{end}", "x".repeat(MAX_QUERY_BYTES));
            assert_eq!(read(longest.as_bytes())[0].problem, None);
            let longer = format!("{}{end}", "x".repeat(MAX_QUERY_BYTES + 1));
            assert!(read(longer.as_bytes())[0].problem.is_some());
        }
    }

    #[test]
    fn carriage_returns_alone_are_no_line_ends() {
        let first = |bytes: &[u8]| lines(bytes).next().unwrap();
        let error = first(b"BTS\rdaft punk\r").unwrap_err();
        assert_eq!(error.to_string(), "its lines end with a carriage return only");
        assert_eq!(first(b"BTS\r").unwrap().text, "BTS");
        assert_eq!(first(b"a\rb\n").unwrap().text, "a\rb");
    }

    #[test]
    fn long_line_is_cut_between_characters() {
        for length in MAX_SHOWN_CHARS - 3..MAX_SHOWN_CHARS + 3 {
            let line = "x".repeat(length) + &"ü".repeat(MAX_QUERY_BYTES);
            assert!(!read(line.as_bytes())[0].text.contains('\u{fffd}'));
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
        assert!(read(returns_inside.as_bytes())[0].problem.is_some());
    }
}
