//! The cache file of one app, with a lock file beside it. The name of the file is a digest of accounts
//! URL, client id and secret: a token that was issued for another secret is never used.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, zeroize::Zeroizing};

use super::app_entry::AppEntry;
use super::location::Cache;
use super::private_file;
use crate::credentials::Credentials;

/// How long to wait while another process fetches a token. This process can then use that token
/// instead of sending its own request.
pub(crate) const FETCH_LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait for another process that writes the file.
const WRITE_LOCK_TIMEOUT: Duration = Duration::from_millis(200);
/// The largest cache file that is read. An entry has a few hundred bytes.
const MAX_FILE_BYTES: u64 = 1 << 16;

/// The cache file of one app, if there is a cache.
#[derive(Debug, Default)]
pub(crate) struct AppCache {
    file: Option<PathBuf>,
}

impl AppCache {
    /// Returns the cache of the app with these credentials at this accounts service.
    pub fn new(cache: &Cache, accounts_url: &str, credentials: &Credentials) -> Self {
        let Credentials { id, secret } = credentials;
        // None of them contains a NUL.
        let text = [accounts_url, id.expose_secret(), secret.expose_secret()].join("\0");
        let name = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, Zeroizing::new(text).as_bytes()));
        Self { file: cache.directory().map(|directory| directory.join(format!("{name}.json"))) }
    }

    /// Reads the entry. A file that is missing or unreadable gives an empty entry.
    pub fn read(&self) -> AppEntry {
        let Some(file) = &self.file else {
            return AppEntry::default();
        };
        read(file).unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::info!("cannot read the cache: {error}");
            }
            AppEntry::default()
        })
    }

    /// Changes the entry under the lock.
    pub async fn update(&self, change: impl FnOnce(&mut AppEntry) + Send) {
        let _lock = self.lock(WRITE_LOCK_TIMEOUT).await;
        self.update_locked(change);
    }

    /// Changes the entry. The caller holds the lock.
    pub fn update_locked(&self, change: impl FnOnce(&mut AppEntry)) {
        let Some(file) = &self.file else { return };
        let mut entry = self.read();
        change(&mut entry);
        let json = Zeroizing::new(serde_json::to_vec(&entry).expect("an entry can be serialized"));
        if let Err(error) = private_file::write(file, &json) {
            tracing::info!("cannot write the cache: {error}");
        }
    }

    /// Takes the lock that processes hold while they fetch a token or write the file. Returns
    /// `None` without a cache, or if the lock cannot be had in time: the search continues.
    pub async fn lock(&self, timeout: Duration) -> Option<File> {
        let path = self.file.as_ref()?.with_extension("lock");
        let lock = private_file::lock(&path, timeout).await;
        lock.inspect_err(|error| tracing::info!("cannot lock the cache: {error}")).ok()
    }
}

fn read(file: &Path) -> io::Result<AppEntry> {
    let text = Zeroizing::new(private_file::read(file, MAX_FILE_BYTES)?);
    // serde_json's message could quote a part of the token.
    serde_json::from_slice(&text).map_err(|_| io::Error::other("the entry is corrupt"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::SystemTime;

    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn cache(directory: &Path) -> AppCache {
        let credentials = Credentials::new("id", "secret");
        AppCache::new(&Cache::Dir(directory.to_owned()), "https://accounts", &credentials)
    }

    #[tokio::test]
    async fn only_the_same_app_reads_an_entry() {
        let folder = tempfile::tempdir().unwrap();
        let app = cache(folder.path());
        app.update(|entry| entry.set_token("t".into(), Duration::from_secs(3_600), NOW)).await;
        app.update(|entry| entry.set_page_size(50, NOW)).await;
        assert_eq!(app.read().token(NOW).unwrap().0.expose_secret(), "t");
        assert_eq!(app.read().page_size(NOW), Some(50));
        for (accounts, id, secret) in [
            ("https://other", "id", "secret"),
            ("https://accounts", "i", "dsecret"),
            ("https://accounts", "id", "changed"),
        ] {
            let directory = Cache::Dir(folder.path().to_owned());
            let other = AppCache::new(&directory, accounts, &Credentials::new(id, secret));
            assert!(other.read().token(NOW).is_none(), "{accounts} {id} {secret}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn directory_and_files_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("cache");
        cache(&directory).update(|entry| entry.set_page_size(50, NOW)).await;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&directory), 0o700);
        let files = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path());
        let modes: Vec<u32> = files.map(|file| mode(&file)).collect();
        assert_eq!(modes, [0o600, 0o600], "the entry and its lock");
    }

    #[tokio::test(start_paused = true)]
    async fn lock_that_is_never_released_times_out() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        let held = cache.lock(FETCH_LOCK_TIMEOUT).await;
        assert!(held.is_some());
        let start = tokio::time::Instant::now();
        assert!(cache.lock(FETCH_LOCK_TIMEOUT).await.is_none());
        assert!((FETCH_LOCK_TIMEOUT..2 * FETCH_LOCK_TIMEOUT).contains(&start.elapsed()));
        drop(held);
        assert!(cache.lock(FETCH_LOCK_TIMEOUT).await.is_some());
    }

    #[tokio::test]
    async fn directory_that_cannot_be_created_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        let blocked = cache(&file.join("cache"));
        blocked.update(|entry| entry.set_page_size(50, NOW)).await;
        assert_eq!(blocked.read().page_size(NOW), None);
    }

    #[tokio::test]
    async fn corrupt_entry_is_ignored_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        for corrupt in ["", "{", "[]", "{\"token\": 1}", "null"] {
            cache.update(|entry| entry.set_page_size(10, NOW)).await;
            fs::write(cache.file.as_ref().unwrap(), corrupt).unwrap();
            assert_eq!(cache.read().page_size(NOW), None, "{corrupt}");
            cache.update(|entry| entry.set_page_size(50, NOW)).await;
            assert_eq!(cache.read().page_size(NOW), Some(50), "{corrupt}");
        }
    }

    #[tokio::test]
    async fn abandoned_temporary_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        let file = cache.file.as_ref().unwrap();
        let name = file.file_stem().unwrap().to_str().unwrap();
        let abandoned = folder.path().join(format!(".spotify-search-{name}"));
        fs::write(&abandoned, "{").unwrap();
        cache.update(|entry| entry.set_page_size(50, NOW)).await;
        assert_eq!(cache.read().page_size(NOW), Some(50));
        assert!(!abandoned.exists());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn symlink_is_replaced_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        cache.update(|entry| entry.set_page_size(10, NOW)).await;
        let path = cache.file.clone().unwrap();
        let target = folder.path().join("target");
        fs::rename(&path, &target).unwrap();
        std::os::unix::fs::symlink(&target, &path).unwrap();
        let before = fs::read(&target).unwrap();
        assert_eq!(cache.read().page_size(NOW), None);
        cache.update(|entry| entry.set_page_size(50, NOW)).await;
        assert_eq!(cache.read().page_size(NOW), Some(50));
        assert_eq!(fs::read(&target).unwrap(), before);
    }
}
