//! FILE.part: the rows of a run, until they replace FILE.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::cli::terminal::stdout;

/// The size of copied rows that wait to be written. They are in FILE, too.
const BUFFER_BYTES: usize = 64 << 10;

/// FILE.part, which is locked. Without rows it is removed when it is dropped.
#[derive(Debug)]
pub struct PartFile {
    path: PathBuf,
    pub file: File,
    /// The end of the whole answers in the file.
    end: u64,
    /// Further answers.
    buffer: Vec<u8>,
    is_replaced: bool,
}

impl PartFile {
    /// Opens and locks the file, with the mode of FILE.
    ///
    /// # Errors
    ///
    /// Why the file cannot be used. It is not changed then.
    pub fn open(path: &Path, target: &Path) -> io::Result<Self> {
        let shown = path.display();
        if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(io::Error::other(format!("{shown} is not a regular file")));
        }
        // Windows does not shorten a file that is open for appending.
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let is_locked = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(error)) if has_no_locks(&error) => {
                tracing::info!("{shown} is not locked: {error}");
                true
            }
            Err(TryLockError::Error(error)) => return Err(error),
        };
        // A run that has just ended may have renamed the file.
        if !is_locked || !stdout::is_same(&file, &File::open(path)?) {
            return Err(io::Error::other("another run writes it"));
        }
        if let Ok(metadata) = fs::metadata(target) {
            file.set_permissions(metadata.permissions())?;
        }
        let end = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, end, buffer: Vec::new(), is_replaced: false })
    }

    /// Returns true if the file is empty, or if a run was killed while it wrote this header.
    pub fn is_new(&self, header: &[u8]) -> io::Result<bool> {
        let mut start = Vec::new();
        let mut file = &self.file;
        file.rewind()?;
        file.take(header.len() as u64 + 1).read_to_end(&mut start)?;
        let without_mark = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(header);
        Ok(header.starts_with(&start) || without_mark.starts_with(&start))
    }

    /// Removes what follows the last whole answer.
    pub fn cut(&mut self, end: u64) -> io::Result<()> {
        self.end = end;
        self.file.set_len(end)
    }

    /// Adds the rows of an answer. Returns their place.
    pub fn append(&mut self, rows: &[u8]) -> io::Result<(u64, u64)> {
        let start = self.end + self.buffer.len() as u64;
        self.buffer.extend_from_slice(rows);
        if self.buffer.len() > BUFFER_BYTES {
            self.flush()?;
        }
        Ok((start, start + rows.len() as u64))
    }

    /// Writes the rows that wait. After an error, none of them is in the file.
    pub fn flush(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        if let Err(error) = self.file.write_all(&self.buffer) {
            let _ = self.cut(self.end);
            return Err(error);
        }
        self.end += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Reads rows that were appended.
    pub fn read(&mut self, start: u64, end: u64) -> io::Result<Vec<u8>> {
        self.flush()?;
        let mut rows = Vec::new();
        self.file.seek(SeekFrom::Start(start))?;
        (&self.file).take(end - start).read_to_end(&mut rows)?;
        Ok(rows)
    }

    /// Replaces FILE. One that is a mount of its own cannot be renamed: its content is replaced.
    pub fn replace(&mut self, target: &Path) -> io::Result<()> {
        self.flush()?;
        self.file.sync_data()?;
        match fs::rename(&self.path, target) {
            Err(error)
                if matches!(error.kind(), ErrorKind::ResourceBusy | ErrorKind::CrossesDevices) =>
            {
                fs::copy(&self.path, target)?;
                File::open(target)?.sync_all()?;
                fs::remove_file(&self.path)?;
            }
            renamed => renamed?,
        }
        self.is_replaced = true;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if self.end == 0 && !self.is_replaced {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Returns true if the file system cannot lock files.
fn has_no_locks(error: &io::Error) -> bool {
    #[cfg(unix)]
    let is_known = {
        use rustix::io::Errno;
        let codes = [Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOLCK].map(Errno::raw_os_error);
        error.raw_os_error().is_some_and(|code| codes.contains(&code))
    };
    #[cfg(windows)]
    let is_known = false;
    is_known || error.kind() == ErrorKind::Unsupported
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn file_systems_without_locks_are_known_by_their_errors() {
        use rustix::io::Errno;
        for errno in [Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOLCK] {
            assert!(has_no_locks(&errno.into()), "{errno}");
        }
        assert!(!has_no_locks(&Errno::IO.into()));
    }
}
