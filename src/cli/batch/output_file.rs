//! The output file of a batch, which is its state: it has the rows of all lines that are answered, in the
//! order of the input, and the next run searches for the rest.
//!
//! A run reads FILE and writes FILE.part: it copies old rows and adds new ones. When it ends, also because
//! it is stopped, it appends the old rows that it has not copied, and renames FILE.part to FILE. So a
//! reader never sees half a file. The next run does the same for a run that was killed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::iter;
use std::mem;
use std::path::{Path, PathBuf};

use super::rows::{Answer, Key, RowFormat, Rows};
use crate::cli::terminal::stdout;

/// The size of copied rows that wait to be written. They are in FILE, too.
const BUFFER_BYTES: usize = 64 << 10;

/// The largest number of symbolic links that are followed, as on Linux.
const MAX_LINKS: usize = 40;

/// The output file of a run.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    part_path: PathBuf,
    format: RowFormat,
    /// The result whose lines are searched for again.
    redo: Option<String>,
    /// The rows of FILE, if it exists.
    old: Option<Rows>,
    /// The rows of FILE.part, which is locked.
    part: Rows,
    /// The rows of refused searches before the first success. They wait in the buffer, with all after them.
    uncertain: Vec<(Key, Answer)>,
    has_success: bool,
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
    /// Why the file cannot be continued. It is not changed.
    pub fn open(path: &Path, format: RowFormat, redo: Option<String>) -> io::Result<Self> {
        let path = target(path);
        if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(io::Error::other("it is not a file"));
        }
        if path.parent().is_some_and(|folder| folder != Path::new("") && !folder.exists()) {
            return Err(io::Error::other("its folder does not exist"));
        }
        let mut part_path = path.clone().into_os_string();
        part_path.push(".part");
        let part_path = PathBuf::from(part_path);
        let part = lock(&part_path)?;
        let is_unfinished = part.metadata()?.len() > 0;
        let old = read_whole(&path, &format).inspect_err(|_| {
            if !is_unfinished {
                let _ = fs::remove_file(&part_path);
            }
        })?;
        let part = Rows::read(part, &format)?;
        part.file.set_len(part.end)?;
        let (uncertain, has_success) = (Vec::new(), false);
        let mut file = Self { path, part_path, format, redo, old, part, uncertain, has_success };
        if is_unfinished {
            file.finish()?;
            // It is FILE now. A lock on Windows would keep it from being read.
            drop(file.part);
            return Self::open(&file.path, file.format, file.redo);
        }
        file.part.buffer = file.format.header();
        Ok(file)
    }

    /// Returns true if the file has the answer of a line.
    pub fn is_answered(&self, cells: &[String]) -> bool {
        self.answer(self.format.key(cells)).is_some()
    }

    /// Returns the answer in FILE.part, or that in FILE, unless it is to be searched for again.
    fn answer(&self, key: Key) -> Option<Answer> {
        let old = || {
            let answer = self.old.as_ref()?.answers.get(&key)?;
            let is_redone = |redo: &String| redo == "all" || redo == answer.result;
            (!self.redo.as_ref().is_some_and(is_redone)).then_some(answer)
        };
        self.part.answers.get(&key).or_else(old).copied()
    }

    /// Copies the answer of the next line. Returns its result, if there is one.
    ///
    /// # Errors
    ///
    /// The operating system's error.
    pub fn copy(&mut self, cells: &[String]) -> io::Result<Option<&'static str>> {
        let key = self.format.key(cells);
        let Some(answer) = self.answer(key) else { return Ok(None) };
        let rows = match &mut self.old {
            Some(old) if !self.part.answers.contains_key(&key) => old,
            _ => &mut self.part,
        };
        let rows = rows.copy(answer, &self.format, &self.format.own, Some(cells))?;
        self.append(key, &rows, answer.result)?;
        Ok(Some(answer.result))
    }

    /// Adds the rows of the next line.
    ///
    /// # Errors
    ///
    /// The operating system's error.
    pub fn add(
        &mut self,
        cells: &[String],
        rows: &[u8],
        result: &'static str,
        certainty: Certainty,
    ) -> io::Result<()> {
        let key = self.format.key(cells);
        if certainty == Certainty::IfAnySucceeds && !self.has_success {
            let answer = self.part.append(rows, result);
            self.uncertain.push((key, answer));
            return Ok(());
        }
        if certainty == Certainty::Success {
            self.has_success = true;
            self.part.answers.extend(mem::take(&mut self.uncertain));
        }
        self.append(key, rows, result)?;
        self.flush()
    }

    /// Appends the old rows that were not copied, and replaces FILE.
    ///
    /// # Errors
    ///
    /// The operating system's error. FILE is unchanged then.
    pub fn finish(&mut self) -> io::Result<()> {
        for (_, answer) in mem::take(&mut self.uncertain).into_iter().rev() {
            self.part.remove(answer);
        }
        if let Some(mut old) = self.old.take() {
            for (key, answer) in mem::take(&mut old.answers) {
                if !self.part.answers.contains_key(&key) {
                    let rows = old.copy(answer, &self.format, &self.part.own, None)?;
                    self.append(key, &rows, answer.result)?;
                }
            }
        }
        self.part.flush()?;
        self.part.file.sync_data()?;
        if let Ok(metadata) = fs::metadata(&self.path) {
            fs::set_permissions(&self.part_path, metadata.permissions())?;
        }
        fs::rename(&self.part_path, &self.path)
    }

    /// Adds an answer to the buffer, and writes a full buffer.
    fn append(&mut self, key: Key, rows: &[u8], result: &'static str) -> io::Result<()> {
        let answer = self.part.append(rows, result);
        self.part.answers.entry(key).or_insert(answer);
        if self.part.buffer.len() > BUFFER_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.uncertain.is_empty() { self.part.flush() } else { Ok(()) }
    }
}

/// Follows symbolic links, also to a file that does not exist yet.
fn target(path: &Path) -> PathBuf {
    let next = |path: &PathBuf| Some(path.with_file_name(fs::read_link(path).ok()?));
    let links = iter::successors(Some(path.to_owned()), next).take(MAX_LINKS);
    links.last().unwrap_or_default()
}

/// Reads the rows of FILE, if it exists. A torn end is an error: this command replaces FILE as a whole.
fn read_whole(path: &Path, format: &RowFormat) -> io::Result<Option<Rows>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let rows = Rows::read(file, format)?;
    match rows.torn {
        Some(problem) => Err(io::Error::other(problem)),
        None => Ok(Some(rows)),
    }
}

/// Opens and locks FILE.part.
fn lock(path: &Path) -> io::Result<File> {
    // Windows does not shorten a file that is open for appending.
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    let is_locked = match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) => return Err(error),
    };
    // A run that has just ended may have renamed the file.
    if is_locked && stdout::is_same(&file, &File::open(path)?) {
        Ok(file)
    } else {
        Err(io::Error::other("another run writes it"))
    }
}
