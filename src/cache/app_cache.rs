//! What is remembered between runs, in one small file for each app: the token and when it expires,
//! how large a page the app may ask for, and until when Spotify asked it to keep away. Forgetting
//! is always safe: whatever is wrong with the file costs a request and a line in the log, never the
//! search. Time is passed in, so that nothing here has to wait to be tested.
//!
//! The file is made for its owner alone from the moment it exists, is replaced as a whole, and is
//! named by a digest of everything that its token depends on.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use etcetera::BaseStrategy;
use ring::digest::{Context, SHA256};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize, Serializer};

use crate::credentials::Credentials;

/// A token is given up this long before it expires, so that none expires on its way.
const EARLY: Duration = Duration::from_secs(60);
/// How long a learned page size is believed: an app's quota may be extended.
const PAGE_SIZE_LIFE: Duration = Duration::from_secs(7 * 86_400);
/// The longest cool-down that is believed, somewhat more than Spotify's daily quotas ask for: a
/// nonsensical header must not lock an app out for years.
const LONGEST_COOL_DOWN: Duration = Duration::from_secs(2 * 86_400);
/// How long to wait for a run that is fetching a token, which saves a request.
pub(crate) const LONG_LOCK_WAIT: Duration = Duration::from_secs(5);
/// How long to wait for a run that is only writing something down.
const SHORT_LOCK_WAIT: Duration = Duration::from_millis(200);
/// How often to look whether a lock is free.
const LOCK_INTERVAL: Duration = Duration::from_millis(20);
/// More than any file of ours has.
const MAX_FILE_BYTES: u64 = 1 << 16;

/// What is remembered of an app. Times are seconds since 1970.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct AppEntry {
    token: Option<CachedToken>,
    page_size: Option<CachedPageSize>,
    cooldown_until: Option<u64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct CachedToken {
    #[serde(serialize_with = "exposed")]
    text: SecretString,
    expires: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
struct CachedPageSize {
    size: u16,
    learned: u64,
}

/// Only ever into the file.
fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl AppEntry {
    /// The token and how long it may be used, where that is a while yet.
    pub fn token(&self, now: SystemTime) -> Option<(&SecretString, Duration)> {
        let token = self.token.as_ref()?;
        let rest = token.expires.checked_sub(seconds(now + EARLY)).map(Duration::from_secs)?;
        (!rest.is_zero()).then_some((&token.text, rest))
    }

    pub fn set_token(&mut self, text: SecretString, lifetime: Duration, now: SystemTime) {
        let expires = seconds(now).saturating_add(lifetime.as_secs());
        self.token = Some(CachedToken { text, expires });
    }

    /// The page size that was learned lately.
    pub fn page_size(&self, now: SystemTime) -> Option<u16> {
        let CachedPageSize { size, learned } = self.page_size?;
        let age = seconds(now).checked_sub(learned)?;
        (age < PAGE_SIZE_LIFE.as_secs()).then_some(size)
    }

    pub fn set_page_size(&mut self, size: u16, now: SystemTime) {
        self.page_size = Some(CachedPageSize { size, learned: seconds(now) });
    }

    /// How long Spotify still asks to keep away.
    pub fn cooldown(&self, now: SystemTime) -> Option<Duration> {
        let rest = self.cooldown_until?.checked_sub(seconds(now)).map(Duration::from_secs)?;
        (!rest.is_zero() && rest <= LONGEST_COOL_DOWN + Duration::from_secs(1)).then_some(rest)
    }

    /// Notes a cool-down, unless a longer one is known.
    pub fn set_cool_down(&mut self, wait: Duration, now: SystemTime) {
        if self.cooldown(now).is_none_or(|known| known < wait) {
            let end = now + wait.min(LONGEST_COOL_DOWN);
            // To the end of the second: a moment early would be too early.
            self.cooldown_until = Some(seconds(end) + 1);
        }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The file of one app, or the decision to remember nothing.
#[derive(Debug)]
pub(crate) struct AppCache {
    file: Option<PathBuf>,
}

impl AppCache {
    /// A store that remembers nothing.
    pub fn none() -> Self {
        Self { file: None }
    }

    /// The store of the app with these credentials at this accounts service.
    pub fn of(accounts: &str, credentials: &Credentials) -> Self {
        match etcetera::choose_base_strategy() {
            Ok(folders) => Self::within(&folders.cache_dir(), accounts, credentials),
            Err(error) => {
                tracing::info!("remembering nothing: {error}");
                Self::none()
            }
        }
    }

    fn within(cache: &Path, accounts: &str, credentials: &Credentials) -> Self {
        let name = digest(accounts, credentials);
        Self { file: Some(cache.join("spotify-search").join(format!("{name}.json"))) }
    }

    /// What is remembered; nothing where there is no file or none that can be read.
    pub fn read(&self) -> AppEntry {
        let Some(file) = &self.file else {
            return AppEntry::default();
        };
        read(file).unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::info!("what was remembered is unusable: {error}");
            }
            AppEntry::default()
        })
    }

    /// Changes what is remembered.
    pub async fn update(&self, change: impl FnOnce(&mut AppEntry)) {
        if self.file.is_some() {
            let lock = self.lock(SHORT_LOCK_WAIT).await;
            let mut memory = self.read();
            change(&mut memory);
            self.write(&memory);
            drop(lock);
        }
    }

    /// Keeps other runs from fetching a token until the lock is dropped; `None` where there can be
    /// no lock or somebody else has had it for so long, which must not hold up a search.
    pub async fn lock(&self, patience: Duration) -> Option<File> {
        let path = self.file.as_ref()?.with_extension("lock");
        match lock(&path, patience).await {
            Ok(lock) => Some(lock),
            Err(error) => {
                tracing::info!("going on without a lock: {error}");
                None
            }
        }
    }

    /// Replaces what is remembered, for one who has the lock.
    pub fn write(&self, memory: &AppEntry) {
        if let Some(file) = &self.file
            && let Err(error) = write(file, memory)
        {
            tracing::info!("can't remember anything: {error}");
        }
    }
}

/// SHA-256 in hexadecimal over all that a token depends on.
fn digest(accounts: &str, credentials: &Credentials) -> String {
    let mut context = Context::new(&SHA256);
    for part in [accounts, credentials.id.expose_secret(), credentials.secret.expose_secret()] {
        context.update(&part.len().to_le_bytes());
        context.update(part.as_bytes());
    }
    context.finish().as_ref().iter().fold(String::new(), |mut name, byte| {
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}

/// Fails unless a file of ours, or nothing, is at this path: a link might lead anywhere, and a pipe
/// might never end.
fn only_a_file(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => Err(io::Error::other("it is not a plain file")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn read(path: &Path) -> io::Result<AppEntry> {
    only_a_file(path)?;
    let mut text = Zeroizing::new(Vec::new());
    File::open(path)?.take(MAX_FILE_BYTES).read_to_end(&mut text)?;
    // The library's own message could repeat a part of the token.
    serde_json::from_slice(&text).map_err(|_| io::Error::other("it is not JSON of ours"))
}

fn write(path: &Path, memory: &AppEntry) -> io::Result<()> {
    let text = Zeroizing::new(serde_json::to_vec(memory)?);
    let folder = path.parent().unwrap_or(path);
    make_folder(folder)?;
    // Such a file is for its owner alone from the start, and takes the place even of a link.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&text)?;
    file.persist(path)?;
    Ok(())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // One that was there already may be open to others.
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

async fn lock(path: &Path, patience: Duration) -> io::Result<File> {
    make_folder(path.parent().unwrap_or(path))?;
    only_a_file(path)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let begun = tokio::time::Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => {
                return Err(io::Error::other("another run has had it for long"));
            }
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_INTERVAL).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn store(folder: &Path) -> AppCache {
        AppCache::within(folder, "https://accounts", &Credentials::new("id", "secret"))
    }

    #[test]
    fn a_token_is_given_up_a_minute_early() {
        let mut memory = AppEntry::default();
        memory.set_token("t".into(), Duration::from_secs(3_600), at(1_000));
        let rest = |now| memory.token(at(now)).map(|(_, rest)| rest.as_secs());
        assert_eq!(
            (rest(1_000), rest(4_539), rest(4_540), rest(5_000)),
            (Some(3_540), Some(1), None, None)
        );
    }

    #[test]
    fn a_page_size_is_believed_for_a_week() {
        let mut memory = AppEntry::default();
        memory.set_page_size(10, at(1_000));
        assert_eq!(memory.page_size(at(1_000 + 604_799)), Some(10));
        assert_eq!(memory.page_size(at(1_000 + 604_800)), None);
        // A clock that was put back.
        assert_eq!(memory.page_size(at(999)), None);
    }

    #[test]
    fn a_cool_down_ends_and_has_a_bound() {
        let mut memory = AppEntry::default();
        let rest = |memory: &AppEntry, now| memory.cooldown(at(now)).map(|rest| rest.as_secs());
        memory.set_cool_down(Duration::from_secs(5_000), at(1_000));
        memory.set_cool_down(Duration::from_secs(5), at(1_000));
        assert_eq!(rest(&memory, 1_000), Some(5_001));
        assert_eq!((rest(&memory, 6_000), rest(&memory, 6_001)), (Some(1), None));
        memory.set_cool_down(Duration::MAX, at(1_000));
        assert_eq!(rest(&memory, 1_000), Some(2 * 86_400 + 1));
        // A clock that was put back.
        assert_eq!(rest(&memory, 0), None);
    }

    #[tokio::test]
    async fn what_is_written_is_read_again_by_the_same_app_only() {
        let folder = tempfile::tempdir().unwrap();
        let remembered = store(folder.path());
        remembered
            .update(|memory| memory.set_token("t".into(), Duration::from_secs(3_600), at(0)))
            .await;
        remembered.update(|memory| memory.set_page_size(50, at(0))).await;
        let memory = remembered.read();
        assert_eq!(memory.token(at(0)).unwrap().0.expose_secret(), "t");
        assert_eq!(memory.page_size(at(0)), Some(50));
        for (accounts, id, secret) in [
            ("https://other", "id", "secret"),
            ("https://accounts", "i", "dsecret"),
            ("https://accounts", "id", "changed"),
        ] {
            let other = AppCache::within(folder.path(), accounts, &Credentials::new(id, secret));
            assert!(other.read().token(at(0)).is_none(), "{accounts} {id} {secret}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn folder_and_files_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        store(folder.path()).update(|memory| memory.set_page_size(50, at(0))).await;
        let own = folder.path().join("spotify-search");
        fs::set_permissions(&own, fs::Permissions::from_mode(0o777)).unwrap();
        store(folder.path()).update(|memory| memory.set_page_size(10, at(0))).await;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&own), 0o700);
        let files: Vec<PathBuf> =
            fs::read_dir(&own).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 2, "the file and its lock: {files:?}");
        assert!(files.iter().all(|file| mode(file) == 0o600));
    }

    #[tokio::test(start_paused = true)]
    async fn a_lock_that_is_never_released_is_waited_for_so_long_only() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let held = store.lock(LONG_LOCK_WAIT).await;
        assert!(held.is_some());
        let begun = tokio::time::Instant::now();
        assert!(store.lock(LONG_LOCK_WAIT).await.is_none());
        assert!(begun.elapsed() >= LONG_LOCK_WAIT && begun.elapsed() < 2 * LONG_LOCK_WAIT);
        drop(held);
        assert!(store.lock(LONG_LOCK_WAIT).await.is_some());
    }

    #[tokio::test]
    async fn whatever_is_in_its_place_nothing_is_remembered_and_nothing_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = |store: &AppCache| store.file.clone().unwrap();
        // A regular file where the folder should be.
        let blocked = folder.path().join("file");
        fs::write(&blocked, "x").unwrap();
        let below_a_file = store(&blocked);
        below_a_file.update(|memory| memory.set_page_size(50, at(0))).await;
        assert_eq!(below_a_file.read().page_size(at(0)), None);
        // Files that are no memory; each is replaced.
        let store = store(folder.path());
        for broken in ["", "{", "[]", "{\"token\": 1}", "null"] {
            store.update(|memory| memory.set_page_size(10, at(0))).await;
            fs::write(path(&store), broken).unwrap();
            assert_eq!(store.read().page_size(at(0)), None, "{broken}");
            store.update(|memory| memory.set_page_size(50, at(0))).await;
            assert_eq!(store.read().page_size(at(0)), Some(50), "{broken}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_is_not_followed_but_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        store.update(|memory| memory.set_page_size(10, at(0))).await;
        let path = store.file.clone().unwrap();
        let target = folder.path().join("target");
        fs::rename(&path, &target).unwrap();
        std::os::unix::fs::symlink(&target, &path).unwrap();
        let before = fs::read(&target).unwrap();
        assert_eq!(store.read().page_size(at(0)), None);
        store.update(|memory| memory.set_page_size(50, at(0))).await;
        assert_eq!(store.read().page_size(at(0)), Some(50));
        assert_eq!(fs::read(&target).unwrap(), before);
    }
}
