//! Keeps the directory of responses small. Expired responses are removed once a day, and the oldest
//! ones when the directory is full. A file in it holds the total size, so that the
//! directory is not read for each response.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::app_entry::unix_seconds;
use super::private_file;

/// The largest total size of the responses.
const MAX_BYTES: u64 = 256 << 20;
/// The largest total size after pruning, so that the directory is not full again at once.
const PRUNED_BYTES: u64 = MAX_BYTES / 4 * 3;
/// Older responses are removed.
const MAX_AGE: Duration = Duration::from_secs(30 * 86_400);
/// The time between two prunings, in seconds.
const INTERVAL: u64 = 86_400;

/// The name of the file with the [`Usage`].
const USAGE_FILE: &str = "usage.json";
/// The largest usage file that is read.
const MAX_USAGE_BYTES: u64 = 1 << 10;

/// How full the directory is.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Usage {
    /// The time of the last pruning, in seconds since the Unix epoch.
    pruned: u64,
    /// The size of the responses then, and of those stored since.
    bytes: u64,
}

/// Prepares the directory for a response of this size, which is counted, and removes others if
/// necessary.
///
/// Processes that store responses at the same time may count too little. The next pruning counts
/// again.
pub fn make_room(directory: &Path, bytes: u64) -> io::Result<()> {
    private_file::create_directory(directory)?;
    let now = SystemTime::now();
    let mut usage = Usage::read(directory);
    if usage.is_pruning_due(bytes, now) {
        usage = Usage { pruned: unix_seconds(now), bytes: prune(directory, now)? };
        private_file::remove_abandoned(directory);
        directory.parent().into_iter().for_each(private_file::remove_abandoned);
    }
    usage.bytes = usage.bytes.saturating_add(bytes);
    usage.write(directory)
}

impl Usage {
    /// Reads the file. Without a usable one, pruning is due.
    fn read(directory: &Path) -> Self {
        let text = private_file::read(&directory.join(USAGE_FILE), MAX_USAGE_BYTES);
        text.ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    fn write(&self, directory: &Path) -> io::Result<()> {
        private_file::write(&directory.join(USAGE_FILE), &serde_json::to_vec(self)?)
    }

    fn is_pruning_due(&self, bytes: u64, now: SystemTime) -> bool {
        // None if the clock was set back.
        let elapsed = unix_seconds(now).checked_sub(self.pruned);
        elapsed.is_none_or(|elapsed| elapsed >= INTERVAL)
            || self.bytes.saturating_add(bytes) > MAX_BYTES
    }
}

/// Removes expired responses, and then the oldest until the rest is small enough. Returns the size of
/// the rest.
fn prune(directory: &Path, now: SystemTime) -> io::Result<u64> {
    let mut responses = responses(directory)?;
    responses.sort_unstable_by_key(|response| std::cmp::Reverse(response.modified));
    let (mut bytes, mut removed) = (0, 0);
    for Response { path, modified, size } in responses {
        let is_expired = now.duration_since(modified).map_or(true, |age| age > MAX_AGE);
        if is_expired || bytes + size > PRUNED_BYTES {
            // Another process may have removed it.
            let _ = fs::remove_file(path);
            removed += 1;
        } else {
            bytes += size;
        }
    }
    if removed > 0 {
        tracing::info!(removed, "removed old responses from the cache");
    }
    Ok(bytes)
}

/// A stored response.
struct Response {
    path: PathBuf,
    modified: SystemTime,
    size: u64,
}

fn responses(directory: &Path) -> io::Result<Vec<Response>> {
    let mut responses = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        // Nothing but the files that are named by a digest.
        let is_response =
            name.len() == 64 && name.to_string_lossy().bytes().all(|byte| byte.is_ascii_hexdigit());
        // Another process may have removed it.
        if is_response
            && let Ok(metadata) = entry.metadata()
            && metadata.is_file()
        {
            responses.push(Response {
                path: entry.path(),
                modified: metadata.modified()?,
                size: metadata.len(),
            });
        }
    }
    Ok(responses)
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    const MIB: u64 = 1 << 20;

    /// Creates a response of this size and age without writing its contents.
    fn plant(directory: &Path, digit: &str, size: u64, age: u64) -> PathBuf {
        let path = directory.join(digit.repeat(64));
        let file = File::create(&path).unwrap();
        file.set_len(size).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
        path
    }

    #[test]
    fn oldest_responses_are_removed_when_the_directory_is_full() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path();
        make_room(directory, 0).unwrap();
        let old = plant(directory, "a", 50 * MIB, 3_000);
        let newest = plant(directory, "b", 90 * MIB, 1_000);
        let middle = plant(directory, "c", 90 * MIB, 2_000);
        make_room(directory, 230 * MIB).unwrap();
        assert!(old.exists(), "the directory is not read each time");
        make_room(directory, 26 * MIB).unwrap();
        assert!(old.exists(), "256 MiB are allowed");
        make_room(directory, 1).unwrap();
        assert!(!old.exists() && newest.exists() && middle.exists());
        assert_eq!(Usage::read(directory).bytes, 180 * MIB + 1);
    }

    #[test]
    fn unusable_usage_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let expired = || plant(folder.path(), "a", 1, 31 * 86_400);
        // Missing, corrupt, and written while the clock was wrong.
        for text in [None, Some("{"), Some(r#"{"pruned":99999999999,"bytes":0}"#)] {
            if let Some(text) = text {
                fs::write(folder.path().join(USAGE_FILE), text).unwrap();
            }
            let expired = expired();
            make_room(folder.path(), 5).unwrap();
            assert!(!expired.exists(), "{text:?}");
            assert_eq!(Usage::read(folder.path()).bytes, 5);
        }
    }
}
