//! Files that only the user can read: created with mode 0600 in directories with mode 0700, and
//! replaced atomically. A symlink in place of a file is neither read nor written.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

/// The interval between two attempts to take a lock.
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Reads the first `max_bytes` bytes of a file.
///
/// # Errors
///
/// Fails if the path is not a regular file.
pub fn read(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    // A symlink may lead anywhere, and a pipe may block.
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("not a plain file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(max_bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Creates or replaces a file. A reader sees the old content or the new, never a part. Two writers
/// share the temporary file: the caller holds a lock, unless it could not be had.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create_directory(path)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".spotify-search-{name}"));
    // A run that was killed may have left one.
    let _ = fs::remove_file(&temporary);
    open_private(&temporary, OpenOptions::new().create_new(true))?.write_all(bytes)?;
    // Replaces a symlink instead of following it.
    fs::rename(temporary, path)
}

/// Locks a file, which is created if necessary, until the returned handle is dropped.
///
/// # Errors
///
/// Fails if another process holds the lock for longer than `timeout`.
pub async fn lock(path: &Path, timeout: Duration) -> io::Result<File> {
    create_directory(path)?;
    // Opening a pipe for writing alone would block.
    let file = open_private(path, OpenOptions::new().read(true).create(true).truncate(false))?;
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

/// Opens a file for writing. Creates it with mode 0600.
fn open_private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.write(true).open(path)
}

/// Creates the directory of a file with mode 0700, unless it exists.
fn create_directory(file: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(file.parent().unwrap_or(file))
}
