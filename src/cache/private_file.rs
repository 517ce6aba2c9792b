//! Files that only the user can read: created with mode 0600, and replaced atomically. On Unix, the
//! files and their directories are used only if the user owns them and other users cannot write to the
//! directories.

use std::fs::{self, DirEntry, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// The beginning of the names of temporary files.
const TEMPORARY_PREFIX: &str = ".tmp";
/// A temporary file of this age belongs to a run that was killed.
const MAX_TEMPORARY_AGE: Duration = Duration::from_secs(3_600);
/// The interval between two attempts to take a lock.
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Reads the first `max_bytes` bytes of a file.
///
/// # Errors
///
/// Fails if the path is not a regular file of the user.
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
/// Fails if the path is not a regular file of the user.
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
/// Fails if the directory cannot be created or used.
pub fn create_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)?;
    check_directory(directory)
}

/// Checks that a directory exists, that the user owns it, and that other users cannot write to it: they
/// could replace its files. The path may be a symlink, for example to another disk.
///
/// # Errors
///
/// [`io::ErrorKind::PermissionDenied`] if the directory must not be used.
pub fn check_directory(directory: &Path) -> io::Result<()> {
    let metadata = fs::metadata(directory)?;
    let refuse = |problem| {
        let message = format!("{} {problem}", directory.display());
        Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
    };
    if !is_own(&metadata) {
        return refuse("belongs to another user");
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o022 != 0 {
        return refuse("can be written by other users");
    }
    Ok(())
}

/// Returns the metadata of a file of the user. Fails if something other than a plain file has this
/// path: a symlink may lead anywhere, and a pipe may block.
fn plain_file(path: &Path) -> io::Result<Metadata> {
    check_directory(path.parent().unwrap_or(path))?;
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a plain file"));
    }
    if !is_own(&metadata) {
        return Err(io::Error::other("a file belongs to another user"));
    }
    Ok(metadata)
}

#[cfg(unix)]
fn is_own(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(metadata) == rustix::process::geteuid().as_raw()
}

/// Windows protects the local application data of each user.
#[cfg(not(unix))]
fn is_own(_: &Metadata) -> bool {
    true
}
