//! The output file of a batch, which is its state: it has the rows of all lines that are answered, in the
//! order of the input, and the next run searches for the rest.
//!
//! A run reads FILE and writes FILE.part: it copies old rows and adds new ones. When it ends, also because
//! it is stopped, it appends the old rows that it has not copied, and FILE.part replaces FILE. So a
//! reader never sees half a file. The next run does the same for a run that was killed.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::iter;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::answers::{Answer, Answers, Group, GroupReader, Key, Place, State, add, key};
use super::part_file::PartFile;
use super::redo::{Redo, is_by_person};
use super::row_reader::RowReader;
use crate::cli::args::values::level_names;
use crate::output::{Column, Format, Layout, Row, RowResult, header};
use spotify_search::ItemType;

/// The largest number of symbolic links that are followed, as on Linux.
const MAX_LINKS: usize = 40;

/// What the rows of an output file look like.
#[derive(Clone, Debug)]
pub struct RowFormat {
    pub layout: Layout,
    pub format: Format,
    /// The names of the columns that are searched for.
    pub searched: Vec<String>,
    /// True if a line has one row.
    pub is_one_result: bool,
    /// The types that are searched for.
    pub types: Vec<ItemType>,
    pub redo: Redo,
}

/// The output file of a run.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    format: RowFormat,
    searched: Vec<usize>,
    old: Option<GroupReader<File>>,
    /// The length of FILE and when it was written, as it was read.
    version: Option<(u64, SystemTime)>,
    part: PartFile,
    answers: Answers,
    /// The number of answers that are only in FILE.
    left: usize,
    /// The number of rows of FILE with each result.
    results: BTreeMap<RowResult, u64>,
    /// True if the rows that `--redo` names are marked.
    is_marking: bool,
}

impl OutputFile {
    /// Opens the file, and finishes what a killed run has left. `input` is the input, if it is a file.
    ///
    /// # Errors
    ///
    /// Why the file cannot be continued. It is not changed.
    pub fn open(path: &Path, input: Option<&Path>, format: RowFormat) -> io::Result<Self> {
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
        for output in [&path, &part_path] {
            if input.is_some_and(|input| is_same_file(input, output)) {
                let problem = format!("{} is the input file", output.display());
                return Err(io::Error::other(problem));
            }
        }
        let part = PartFile::open(&part_path, &path)?;
        let mut file = Self::read(path, part, &format)?;
        if !file.part.is_new(&file.header())? {
            file.read_killed(&part_path)?;
            file.finish(false)?;
            let Self { path, part, .. } = file;
            // A lock on Windows would keep FILE from being read.
            drop(part);
            return Self::open(&path, input, format);
        }
        if let Some(word) = format.redo.unknown(&file.results) {
            let levels: Vec<&str> = level_names().collect();
            return Err(io::Error::other(format!(
                "no row has the result \"{word}\": --redo takes {}, isrc, found, none, bad_request, \
                 not_found, all, or another word of the file",
                levels.join(", ")
            )));
        }
        let header = file.header();
        file.part.cut(0)?;
        file.part.append(&header)?;
        Ok(file)
    }

    /// Reads the answers of FILE.
    fn read(path: PathBuf, part: PartFile, format: &RowFormat) -> io::Result<Self> {
        let index = |name: &String| format.layout.own.iter().position(|own| own == name);
        let searched = format.searched.iter().filter_map(index).collect();
        let format = format.clone();
        let (answers, results) = (Answers::new(), BTreeMap::new());
        let (left, is_marking) = (0, false);
        let mut file = Self {
            path,
            format,
            searched,
            old: None,
            version: None,
            part,
            answers,
            left,
            results,
            is_marking,
        };
        file.open_old()?;
        Ok(file)
    }

    fn open_old(&mut self) -> io::Result<()> {
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            file => file?,
        };
        self.version = version(&file.metadata()?);
        let RowFormat { layout, format, is_one_result, redo, types, .. } = &self.format;
        let Some(rows) = RowReader::open(file, layout, *format, false)? else { return Ok(()) };
        let mut groups = GroupReader::new(rows, &self.searched, *is_one_result);
        while let Some(group) = groups.next()? {
            for row in group.rows.iter().map(|placed| &placed.row) {
                check_type(row, layout, types)?;
                match self.results.get_mut(&row.result) {
                    Some(count) => *count += 1,
                    None => _ = self.results.insert(row.result.clone(), 1),
                }
            }
            add(&mut self.answers, group.key, group.answer(layout, redo, Place::Old));
        }
        self.left = self.answers.values().filter(|answer| answer.place == Place::Old).count();
        self.old = Some(groups);
        Ok(())
    }

    /// Reads the answers of FILE.part, and those of FILE that it lacks, to be written in the columns of the part.
    fn read_killed(&mut self, part_path: &Path) -> io::Result<()> {
        let named = |error: io::Error| {
            io::Error::other(format!("{} cannot be finished: {error}", part_path.display()))
        };
        let RowFormat { layout, format, is_one_result, redo, .. } = &self.format;
        let file = self.part.file.try_clone()?;
        let rows = RowReader::open(file, layout, *format, true).map_err(named)?;
        let Some(rows) = rows else {
            let header = self.header();
            self.part.cut(0)?;
            return self.part.append(&header).map(drop);
        };
        let layout = rows.layout_of_file();
        let mut groups = GroupReader::new(rows, &self.searched, *is_one_result);
        let mut found: Vec<(Key, Answer)> = Vec::new();
        while let Some(group) = groups.next().map_err(named)? {
            found.push((group.key, group.answer(&self.format.layout, redo, Place::Part)));
        }
        // The last answer may lack rows.
        if !(groups.rows.is_torn && *is_one_result) {
            found.pop();
        }
        self.part.cut(found.last().map_or(groups.rows.start, |(_, answer)| answer.end))?;
        self.answers.clear();
        for (key, answer) in found {
            add(&mut self.answers, key, answer);
        }
        let index = |name: &String| layout.own.iter().position(|own| own == name);
        self.searched = self.format.searched.iter().filter_map(index).collect();
        self.format.layout = layout;
        self.open_old()
    }

    fn header(&self) -> Vec<u8> {
        let has_mark = self.old.as_ref().is_some_and(|old| old.rows.has_byte_order_mark);
        let mark = if has_mark { "\u{feff}" } else { "" };
        [mark.as_bytes(), &header(&self.format.layout, self.format.format)].concat()
    }

    /// Returns the path for messages.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Returns the number of rows of FILE with each result.
    pub fn results(&self) -> &BTreeMap<RowResult, u64> {
        &self.results
    }

    /// Returns what the answer to a line is worth, if there is one.
    pub fn state(&self, cells: &[String]) -> Option<State> {
        self.answers.get(&key(cells, &self.searched)).map(|answer| answer.state)
    }

    /// Returns true if some row of FILE is marked.
    pub fn has_marks(&self) -> bool {
        self.results.contains_key(&RowResult::Redo)
    }

    /// Marks the rows that `--redo` names.
    pub fn mark(&mut self) {
        self.is_marking = true;
    }

    pub fn is_marking(&self) -> bool {
        self.is_marking
    }

    /// Returns true if the file has the answer of a line.
    pub fn is_answered(&self, cells: &[String]) -> bool {
        match self.state(cells) {
            Some(State::Final) => true,
            Some(State::Named) => !self.is_marking,
            Some(State::Marked | State::Failed) | None => false,
        }
    }

    /// Returns true if this run has searched for the answer of a line.
    pub fn is_new(&self, cells: &[String]) -> bool {
        let answer = self.answers.get(&key(cells, &self.searched));
        answer.is_some_and(|answer| answer.place == Place::Part)
    }

    /// Copies the rows of a line. Returns its result, if it has rows.
    ///
    /// # Errors
    ///
    /// The operating system's error, or that FILE has other rows now.
    pub fn copy(&mut self, cells: &[String]) -> io::Result<Option<RowResult>> {
        let key = key(cells, &self.searched);
        let Some(answer) = self.answers.get(&key).copied() else { return Ok(None) };
        let RowFormat { layout, format, is_one_result, .. } = &self.format;
        let mut rows = match &mut self.old {
            Some(old) if answer.place != Place::Part => old.read(answer)?,
            _ => {
                let rows = self.part.read(answer.start, answer.end)?;
                let rows = RowReader::own(rows, layout, *format);
                GroupReader::new(rows, &self.searched, *is_one_result).read(Answer {
                    start: 0,
                    end: u64::MAX,
                    ..answer
                })?
            }
        };
        if rows.iter().any(|row| self::key(&row.own, &self.searched) != key) {
            return Err(self.changed());
        }
        for row in &mut rows {
            row.own = cells.to_vec();
        }
        let result = rows.first().map(|row| row.result.clone());
        self.append(answer.state, rows)?;
        if answer.place == Place::Old {
            self.left -= 1;
            self.answers.insert(key, Answer { place: Place::Copied, ..answer });
        }
        Ok(result)
    }

    /// Appends old rows.
    fn append(&mut self, state: State, rows: Vec<Row>) -> io::Result<()> {
        let RowFormat { layout, format, redo, .. } = &self.format;
        let mut out = Vec::new();
        for mut row in rows {
            if self.is_marking && state == State::Named && redo.names(&row, layout) {
                row.result = RowResult::Redo;
            }
            row.write(layout, *format, &mut out);
        }
        self.part.append(&out).map(drop)
    }

    /// Adds the rows of a line that was searched for.
    ///
    /// # Errors
    ///
    /// The operating system's error.
    pub fn add(&mut self, cells: &[String], rows: &[u8]) -> io::Result<()> {
        let (start, end) = self.part.append(rows)?;
        self.part.flush()?;
        let (state, place, is_by_person) = (State::Final, Place::Part, false);
        let answer = Answer { start, end, state, place, is_by_person };
        let before = self.answers.insert(key(cells, &self.searched), answer);
        self.left -= usize::from(before.is_some_and(|before| before.place == Place::Old));
        Ok(())
    }

    /// Appends the old rows that were not copied, and replaces FILE. Returns the number of these rows.
    /// `is_complete` is true if all lines were read, so that no line asks for these rows.
    ///
    /// # Errors
    ///
    /// The operating system's error, or that a person has changed FILE, whose new rows would be lost. FILE is
    /// unchanged then, and the next run finishes FILE.part.
    pub fn finish(&mut self, is_complete: bool) -> io::Result<usize> {
        if fs::metadata(&self.path).ok().and_then(|metadata| version(&metadata)) != self.version {
            return Err(self.changed());
        }
        let mut kept = 0;
        if let Some(mut old) = self.old.take().filter(|_| self.left > 0) {
            old.rewind()?;
            while let Some(Group { key, rows }) = old.next()? {
                let answer = self.answers.get(&key).filter(|answer| answer.place == Place::Old);
                let Some(Answer { state, .. }) = answer else { continue };
                let state = if is_complete { State::Final } else { *state };
                kept += rows.len();
                self.append(state, rows.into_iter().map(|placed| placed.row).collect())?;
            }
        }
        self.part.replace(&self.path)?;
        Ok(kept)
    }

    fn changed(&self) -> io::Error {
        io::Error::other(format!("{} was changed during the run", self.name()))
    }
}

/// Returns what tells one content of a file from a later one.
fn version(metadata: &Metadata) -> Option<(u64, SystemTime)> {
    Some((metadata.len(), metadata.modified().ok()?))
}

/// Follows symbolic links, also to a file that does not exist yet.
fn target(path: &Path) -> PathBuf {
    let next = |path: &PathBuf| Some(path.with_file_name(fs::read_link(path).ok()?));
    let links = iter::successors(Some(path.to_owned()), next).take(MAX_LINKS);
    links.last().unwrap_or_default()
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// Refuses a row of another type than those that are searched for, unless a person wrote it.
fn check_type(row: &Row, layout: &Layout, types: &[ItemType]) -> io::Result<()> {
    let Some(found) = item_type(row, layout) else { return Ok(()) };
    // Spotify's links of audiobooks are those of shows.
    let is_audiobook = found == ItemType::Show && types.contains(&ItemType::Audiobook);
    if types.contains(&found) || is_audiobook || is_by_person(row, layout) {
        return Ok(());
    }
    let searched: Vec<&str> = types.iter().map(|known| known.name()).collect();
    Err(io::Error::other(format!(
        "it has rows of the type {found}, and this command searches for {}: write to another file",
        searched.join(", ")
    )))
}

fn item_type(row: &Row, layout: &Layout) -> Option<ItemType> {
    let by_type = || row.text(layout, Column::Type)?.parse().ok();
    let by_uri = || row.text(layout, Column::Uri)?.split(':').nth(1)?.parse().ok();
    let by_link = || row.text(layout, Column::Url)?.split('/').rev().nth(1)?.parse().ok();
    by_type().or_else(by_uri).or_else(by_link)
}
