//! The responses of earlier runs: a directory with one file per response body. The name of a file is
//! a digest of client id and request URL, and its modification time is the time of the response.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret, SecretString};

use super::digest::digest;
use super::location::Cache;
use super::private_file;
use super::pruning::make_room;
use crate::credentials::Credentials;

/// The directory of the responses in the cache directory.
const DIRECTORY: &str = "responses";
/// The largest file that is read. The transport refuses a larger body.
const MAX_FILE_BYTES: u64 = 3 << 20;

/// The cached responses of one app.
#[derive(Debug)]
pub(crate) struct ResponseCache {
    directory: PathBuf,
    client_id: SecretString,
    max_age: Duration,
}

impl ResponseCache {
    /// Returns the cached responses of the app with these credentials. Those older than `max_age`
    /// count as missing. Returns `None` if there is no cache.
    pub fn new(cache: Cache, credentials: &Credentials, max_age: Duration) -> Option<Self> {
        let directory = cache.directory()?.join(DIRECTORY);
        Some(Self { directory, client_id: credentials.id.clone(), max_age })
    }

    /// Returns the body of the response to a request with this URL, and its age. A response that is
    /// too old or cannot be read counts as missing.
    pub fn read(&self, url: &str) -> Option<(Vec<u8>, Duration)> {
        self.try_read(url).unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::info!("cannot read the cache: {error}");
            }
            None
        })
    }

    /// Returns true if there is a response to a request with this URL that is not too old.
    pub fn contains(&self, url: &str) -> bool {
        self.age(url).is_ok_and(|age| age.is_some())
    }

    /// Stores the body of a response.
    pub fn write(&self, url: &str, body: &[u8]) {
        let written = make_room(&self.directory, body.len() as u64)
            .and_then(|()| private_file::write(&self.file(url), body));
        if let Err(error) = written {
            tracing::info!("cannot write the cache: {error}");
        }
    }

    fn try_read(&self, url: &str) -> io::Result<Option<(Vec<u8>, Duration)>> {
        match self.age(url)? {
            Some(age) => Ok(Some((private_file::read(&self.file(url), MAX_FILE_BYTES)?, age))),
            None => Ok(None),
        }
    }

    /// Returns the age of a response, or `None` if it is too old.
    fn age(&self, url: &str) -> io::Result<Option<Duration>> {
        let written = private_file::modified(&self.file(url))?;
        // A time in the future was written while the clock was wrong: the age is unknown.
        let age = SystemTime::now().duration_since(written).ok();
        Ok(age.filter(|age| *age < self.max_age))
    }

    fn file(&self, url: &str) -> PathBuf {
        self.directory.join(digest(&[self.client_id.expose_secret(), url]))
    }
}
