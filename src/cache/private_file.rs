//! Files that only the user can read: created with mode 0600 in directories with mode 0700, and
//! replaced atomically. A symlink in place of a file is not followed.

use std::fs::{self, DirEntry, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// The beginning of the names of temporary files.
const TEMPORARY_PREFIX: &str = ".spotify-search-";
/// A temporary file of this age belongs to a run that was killed.
const MAX_TEMPORARY_AGE: Duration = Duration::from_secs(3_600);
/// The interval between two attempts to take a lock.
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Reads the first `max_bytes` bytes of a file.
///
/// # Errors
///
/// Fails if the path is not a regular file.
pub fn read(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    plain_file(path)?;
    let mut bytes = Vec::new();
    File::open(path)?.take(max_bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the time of the last change to a file.
///
/// # Errors
///
/// Fails if the path is not a regular file.
pub fn modified(path: &Path) -> io::Result<SystemTime> {
    plain_file(path)?.modified()
}

/// Creates or replaces a file. A reader sees the old content or the new, never a part.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(path);
    create_directory(directory)?;
    // tempfile creates with mode 0600. The rename replaces a symlink instead of following it.
    let mut file = tempfile::Builder::new().prefix(TEMPORARY_PREFIX).tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

/// Locks a file, which is created if necessary, until the returned handle is dropped.
///
/// # Errors
///
/// Fails if another process holds the lock for longer than `timeout`.
pub async fn lock(path: &Path, timeout: Duration) -> io::Result<File> {
    create_directory(path.parent().unwrap_or(path))?;
    match plain_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if start.elapsed() >= timeout => {
                return Err(io::Error::other("another process holds the lock"));
            }
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_POLL_INTERVAL).await,
        }
    }
}

/// Removes the temporary files of killed runs from a directory. Files that cannot be removed are
/// skipped.
pub fn remove_abandoned(directory: &Path) {
    let now = SystemTime::now();
    let age = |path: &Path| now.duration_since(modified(path).ok()?).ok();
    let is_abandoned = |entry: &DirEntry| {
        entry.file_name().to_string_lossy().starts_with(TEMPORARY_PREFIX)
            && age(&entry.path()).is_some_and(|age| age > MAX_TEMPORARY_AGE)
    };
    for entry in fs::read_dir(directory).into_iter().flatten().flatten().filter(is_abandoned) {
        let _ = fs::remove_file(entry.path());
    }
}

/// Creates a directory with mode 0700, unless it exists.
///
/// # Errors
///
/// Fails if the directory cannot be created.
pub fn create_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Returns the metadata of a file. Fails if something other than a plain file has this path: a symlink
/// may lead anywhere, and a pipe may block.
fn plain_file(path: &Path) -> io::Result<Metadata> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_file() { Ok(metadata) } else { Err(io::Error::other("not a plain file")) }
}
