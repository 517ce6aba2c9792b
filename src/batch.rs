//! Many queries, one a line: read as they are needed, searched for several at a time, answered in
//! their order. However long the list is, only a few lines ahead of the answers are in memory.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::thread;

use futures_util::stream::{self, Stream, StreamExt};
use tokio::sync::mpsc;

use crate::client::Client;
use crate::error::Error;
use crate::query::{MAX_TEXT, SearchQuery};
use crate::results::SearchResults;

/// As much of an unusable line as is repeated, in bytes.
const SHOWN: usize = 100;

/// A line that is not blank, without the white space around it.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1, blank lines counted.
    pub number: u64,
    /// The text, of an unusable line as much of it as can be shown.
    pub text: String,
    /// What is wrong with it, to follow "the line".
    pub fault: Option<&'static str>,
}

/// The lines of a list of queries that are not blank. White space at their ends, carriage returns
/// and a byte order mark do not count.
pub fn lines(mut input: impl BufRead) -> impl Iterator<Item = io::Result<Line>> {
    let mut number = 0;
    std::iter::from_fn(move || {
        loop {
            let bytes = match next_line(&mut input) {
                Ok(None) => return None,
                Ok(Some(bytes)) => bytes,
                Err(error) => return Some(Err(error)),
            };
            number += 1;
            let line = line(number, &bytes);
            if !line.text.is_empty() || line.fault.is_some() {
                return Some(Ok(line));
            }
        }
    })
}

/// The next line, its end included; of one that is too long only the beginning, which still is too
/// long.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    // With room for the end of the line.
    input.by_ref().take(MAX_TEXT as u64 + 3).read_until(b'\n', &mut bytes)?;
    if bytes.len() > MAX_TEXT && !bytes.ends_with(b"\n") {
        input.skip_until(b'\n')?;
    }
    Ok((!bytes.is_empty()).then_some(bytes))
}

fn line(number: u64, bytes: &[u8]) -> Line {
    let bytes =
        if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    let end = bytes.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
    let bytes = &bytes[..end.map_or(0, |end| end + 1)];
    let fault = match str::from_utf8(bytes) {
        _ if bytes.len() > MAX_TEXT => "is too long for a query",
        Ok(text) => return Line { number, text: text.trim().to_owned(), fault: None },
        Err(_) => "is not UTF-8 text",
    };
    let shown = &bytes[..bytes.len().min(SHOWN)];
    let text = String::from_utf8_lossy(shown).trim().to_owned();
    Line { number, text: text + if bytes.len() > SHOWN { "…" } else { "" }, fault: Some(fault) }
}

/// What became of a line.
pub struct LineResult {
    /// The line.
    pub line: Line,
    /// What it found.
    pub outcome: Result<(SearchQuery, SearchResults), Error>,
}

/// Why a run ended before its list did.
#[derive(Debug)]
pub enum Stop {
    /// An error that would fail every other line too.
    Error {
        /// The line to go on from, later.
        line: u64,
        /// The error of that line.
        error: Error,
    },
    /// The list could not be read further.
    Input(io::Error),
    /// An answer could not be written.
    Output(io::Error),
}

/// Searches for each line by the query that `query` makes of it and hands the answers to `each` in
/// the order of the lines, each as soon as it and all before it are there. At most `ahead` lines
/// are on their way at once.
///
/// # Errors
///
/// [`Stop`]; what was handed over before stays good.
pub async fn search_all(
    client: &Client,
    lines: impl Iterator<Item = io::Result<Line>> + Send + 'static,
    ahead: usize,
    query: impl Fn(&str) -> Result<SearchQuery, Error>,
    mut each: impl FnMut(LineResult) -> io::Result<()>,
) -> Result<(), Stop> {
    // No further line is begun once one has met what would stop them all.
    let stopping = Cell::new(false);
    let search = async |line: io::Result<Line>| {
        let line = line.map_err(Stop::Input)?;
        let outcome = answer(client, &line, &query).await;
        stopping.set(stopping.get() || outcome.as_ref().is_err_and(Error::stops_all));
        Ok(LineResult { line, outcome })
    };
    let lines = on_a_thread(lines, ahead).map_err(Stop::Input)?;
    let lines = lines.take_while(|_| std::future::ready(!stopping.get()));
    let mut answers = Box::pin(lines.map(search).buffered(ahead));
    while let Some(answer) = answers.next().await {
        match answer? {
            LineResult { line, outcome: Err(error) } if error.stops_all() => {
                return Err(Stop::Error { line: line.number, error });
            }
            answer => each(answer).map_err(Stop::Output)?,
        }
    }
    Ok(())
}

async fn answer(
    client: &Client,
    line: &Line,
    query: impl Fn(&str) -> Result<SearchQuery, Error>,
) -> Result<(SearchQuery, SearchResults), Error> {
    if let Some(fault) = line.fault {
        return Err(Error::UnusableLine(fault));
    }
    let query = query(&line.text)?;
    let results = client.search(&query).await?;
    Ok((query, results))
}

/// The same items, taken from the iterator by a thread of its own: reading a terminal or a pipe
/// may take for ever, and the requests in flight must not stand still meanwhile.
fn on_a_thread<T: Send + 'static>(
    items: impl Iterator<Item = T> + Send + 'static,
    ahead: usize,
) -> io::Result<impl Stream<Item = T>> {
    let (sender, mut receiver) = mpsc::channel(ahead.max(1));
    thread::Builder::new().spawn(move || {
        for item in items {
            if sender.blocking_send(item).is_err() {
                // Nobody wants more.
                return;
            }
        }
    })?;
    Ok(stream::poll_fn(move |context| receiver.poll_recv(context)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<Line> {
        // A tiny buffer, so that lines come in pieces.
        lines(io::BufReader::with_capacity(3, bytes)).map(Result::unwrap).collect()
    }

    fn texts(bytes: &[u8]) -> Vec<(u64, String)> {
        read(bytes).into_iter().map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn blank_lines_count_and_are_left_out() {
        let expected = [(1, "BTS".to_owned()), (4, "daft punk".to_owned()), (5, "x".to_owned())];
        assert_eq!(texts(b"BTS\n\n \t \ndaft punk\nx"), expected);
        assert_eq!(texts(b"\xef\xbb\xbfBTS\r\n\r\n\t\r\n daft punk \r\nx\r\n"), expected);
        assert!(texts(b"").is_empty() && texts(b"\n\n").is_empty());
    }

    #[test]
    fn a_line_that_is_no_text_or_too_long_is_told_and_harms_no_other() {
        let mut input = b"caf\xe9\n".to_vec();
        input.extend(vec![b'x'; 3 * MAX_TEXT]);
        input.extend(b"\nBTS\n");
        let lines = read(&input);
        let faults: Vec<_> = lines.iter().map(|line| (line.number, line.fault)).collect();
        assert_eq!(
            faults,
            [(1, Some("is not UTF-8 text")), (2, Some("is too long for a query")), (3, None)]
        );
        assert_eq!(lines[0].text, "caf\u{fffd}");
        assert!(lines[1].text.len() < 2 * SHOWN);
        for end in ["", "\n", "\r\n"] {
            let longest = format!("{}{end}", "x".repeat(MAX_TEXT));
            assert_eq!(read(longest.as_bytes())[0].fault, None);
            let longer = format!("{}{end}", "x".repeat(MAX_TEXT + 1));
            assert!(read(longer.as_bytes())[0].fault.is_some());
        }
    }
}
