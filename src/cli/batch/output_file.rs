//! The output file of a batch, which is its state: it has the rows of all lines that are answered, in the
//! order of the input, and the next run searches for the rest.
//!
//! A run reads FILE and writes FILE.part: it copies old rows and adds new ones. When it ends, also because
//! it is stopped, it appends the old rows that it has not copied, and renames FILE.part to FILE. So a
//! reader never sees half a file. The next run does the same for a run that was killed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::rows::{Answer, Key, RowFormat, Rows};
use crate::cli::messages::command_error::CommandError;

/// The size of copied rows that wait to be written. They are in FILE, too.
const BUFFER_BYTES: usize = 64 << 10;

/// The output file of a run.
pub struct OutputFile {
    path: PathBuf,
    format: RowFormat,
    /// The rows of FILE, if it exists.
    old: Option<Rows>,
    part: Part,
    /// The result whose lines are searched for again.
    redo: Option<String>,
    /// Rows that wait for a row that is not certain yet.
    held: Vec<Entry>,
    has_success: bool,
}

/// FILE.part, locked.
struct Part {
    path: PathBuf,
    file: File,
    /// The rows that are written.
    rows: Rows,
    /// The length of the file with the buffer.
    length: u64,
    buffer: Vec<u8>,
}

/// What is written for a line.
pub struct Entry {
    pub key: Key,
    pub cells: Vec<String>,
    pub rows: EntryRows,
}

/// The rows of a line.
pub enum EntryRows {
    /// Those of an earlier answer.
    Copy,
    /// New ones.
    New { result: &'static str, text: Vec<u8>, certainty: Certainty },
}

/// Whether a new row is an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It is an answer, without a request.
    Certain,
    /// Spotify answered the search: errors of other searches are answers, too.
    Success,
    /// An answer only if another search of the run succeeds: a wrong option may fail all of them.
    IfAnySucceeds,
}

impl OutputFile {
    /// Opens the file, and finishes what a killed run has left.
    ///
    /// # Errors
    ///
    /// [`CommandError::Failed`] if the file cannot be continued. It is not changed.
    pub fn open(
        path: &Path,
        format: RowFormat,
        redo: Option<String>,
    ) -> Result<Self, CommandError> {
        let refuse = |problem: String| {
            CommandError::unusable(format!("cannot continue {}: {problem}", path.display()))
        };
        // A symbolic link is followed.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let exists = match fs::metadata(&path) {
            Ok(metadata) if !metadata.is_file() => return Err(refuse("it is not a file".into())),
            metadata => metadata.is_ok(),
        };
        let read = |exists: bool| {
            if exists { format.read(&path).and_then(whole).map(Some) } else { Ok(None) }
        };
        let old = read(exists).map_err(refuse)?;
        let mut part = Part::open(&path, &format).map_err(refuse)?;
        let old = if part.length > 0 {
            // The rows of FILE get the columns that the part has, which may not be today's.
            let own_columns = part.rows.own_columns.clone();
            let format = RowFormat { own_columns, ..format.clone() };
            part.finish(old, &format, &path).map_err(|error| refuse(error.to_string()))?;
            part = Part::open(&path, &format).map_err(refuse)?;
            read(true).map_err(refuse)?
        } else {
            old
        };
        part.buffer = format.header();
        part.length = part.buffer.len() as u64;
        Ok(Self { path, format, old, part, redo, held: Vec::new(), has_success: false })
    }

    /// Returns the key of a line with these cells.
    pub fn key(&self, cells: &[String]) -> Key {
        self.format.key(cells)
    }

    /// Returns the result of a line that is answered.
    pub fn answer(&self, key: Key) -> Option<&'static str> {
        let new = self.part.rows.answers.get(&key);
        new.or_else(|| self.old_answer(key)).map(|answer| answer.result)
    }

    /// Returns the answer in FILE, unless it is to be searched for again.
    fn old_answer(&self, key: Key) -> Option<&Answer> {
        let answer = self.old.as_ref()?.answers.get(&key)?;
        let is_redone = |redo: &String| redo == "all" || redo == answer.result;
        (!self.redo.as_ref().is_some_and(is_redone)).then_some(answer)
    }

    /// Adds what is written for the next line.
    ///
    /// # Errors
    ///
    /// The operating system's error.
    pub fn add(&mut self, entry: Entry) -> io::Result<()> {
        let certainty = match entry.rows {
            EntryRows::Copy => Certainty::Certain,
            EntryRows::New { certainty, .. } => certainty,
        };
        if certainty == Certainty::Success {
            self.has_success = true;
            for held in std::mem::take(&mut self.held) {
                self.write(&held)?;
            }
        }
        let is_uncertain = !self.has_success && certainty == Certainty::IfAnySucceeds;
        // A row after one that is held is held, too, so that the rows stay in order.
        if is_uncertain || !self.held.is_empty() {
            self.held.push(entry);
            return Ok(());
        }
        self.write(&entry)
    }

    fn write(&mut self, entry: &Entry) -> io::Result<()> {
        match &entry.rows {
            EntryRows::New { result, text, .. } => {
                self.part.add(entry.key, result, text);
                self.part.flush()
            }
            EntryRows::Copy => {
                let (text, result) = if let Some(&answer) = self.part.rows.answers.get(&entry.key) {
                    self.part.flush()?;
                    (self.part.rows.copy(answer, &self.format, Some(&entry.cells))?, answer.result)
                } else if let Some(old) = &mut self.old
                    && let Some(&answer) = old.answers.get(&entry.key)
                {
                    (old.copy(answer, &self.format, Some(&entry.cells))?, answer.result)
                } else {
                    return Ok(());
                };
                self.part.add(entry.key, result, &text);
                if self.part.buffer.len() > BUFFER_BYTES { self.part.flush() } else { Ok(()) }
            }
        }
    }

    /// Appends the old rows that were not copied, and replaces FILE.
    ///
    /// # Errors
    ///
    /// The operating system's error. FILE is unchanged then.
    pub fn finish(&mut self) -> io::Result<()> {
        for held in std::mem::take(&mut self.held) {
            let is_uncertain =
                matches!(held.rows, EntryRows::New { certainty: Certainty::IfAnySucceeds, .. });
            if !is_uncertain {
                self.write(&held)?;
            }
        }
        self.part.finish(self.old.take(), &self.format, &self.path)
    }
}

/// Refuses a file whose end is torn: this command replaces it as a whole.
fn whole(rows: Rows) -> Result<Rows, String> {
    match rows.torn {
        Some(problem) => Err(problem),
        None => Ok(rows),
    }
}

impl Part {
    /// Opens and locks FILE.part, and cuts its torn end.
    fn open(path: &Path, format: &RowFormat) -> Result<Self, String> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let path = path.with_file_name(name);
        let message = |error: io::Error| format!("{}: {error}", path.display());
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(&path).map_err(message)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err("another run writes it".into()),
            Err(TryLockError::Error(error)) => return Err(message(error)),
        }
        // A run that has just ended may have renamed the file.
        if !crate::cli::terminal::stdout::is_same(&file, &File::open(&path).map_err(message)?) {
            return Err("another run writes it".into());
        }
        let mut rows = format.read(&path)?;
        if rows.torn.is_some() {
            file.set_len(rows.end).map_err(message)?;
        } else {
            rows.end = file.metadata().map_err(message)?.len();
        }
        Ok(Self { path, file, length: rows.end, rows, buffer: Vec::new() })
    }

    /// Adds rows to the buffer.
    fn add(&mut self, key: Key, result: &'static str, text: &[u8]) {
        let answer = Answer { offset: self.length, length: text.len() as u64, result };
        self.rows.answers.entry(key).or_insert(answer);
        self.buffer.extend_from_slice(text);
        self.length += text.len() as u64;
    }

    /// Writes the buffer. If that fails, the file ends with its last whole row.
    fn flush(&mut self) -> io::Result<()> {
        let before = self.length - self.buffer.len() as u64;
        let written = self.file.write_all(&self.buffer);
        if written.is_err() {
            let _ = self.file.set_len(before);
        }
        self.buffer.clear();
        written
    }

    /// Appends the old rows that are not in the part, and renames it to FILE.
    fn finish(&mut self, old: Option<Rows>, format: &RowFormat, path: &Path) -> io::Result<()> {
        if let Some(mut old) = old {
            for key in std::mem::take(&mut old.order) {
                if !self.rows.answers.contains_key(&key)
                    && let Some(&answer) = old.answers.get(&key)
                {
                    let text = old.copy(answer, format, None)?;
                    self.add(key, answer.result, &text);
                    if self.buffer.len() > BUFFER_BYTES {
                        self.flush()?;
                    }
                }
            }
        }
        self.flush()?;
        self.file.sync_data()?;
        if let Ok(metadata) = fs::metadata(path) {
            fs::set_permissions(&self.path, metadata.permissions())?;
        }
        fs::rename(&self.path, path)
    }
}
