//! Selects the cache directory.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::private_file;
use crate::directories;

/// Whether and where a client stores its token, page size and cooldown between runs, and responses
/// with [`ClientBuilder::response_cache`](crate::ClientBuilder::response_cache).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cache {
    /// Nothing is read or written. This is the default of the library.
    #[default]
    Off,
    /// The user's cache directory: `$XDG_CACHE_HOME/spotify-search` or `~/.cache/spotify-search`,
    /// on Windows below the local application data.
    User,
    /// This directory. If it does not exist, it is created with mode 0700. On Unix it is not used if
    /// it belongs to another user or if other users can write to it.
    Dir(PathBuf),
}

impl Cache {
    /// Returns the directory, or `None` if there is no cache or if other users can change it.
    pub(super) fn directory(self) -> Option<PathBuf> {
        let directory = match self {
            Self::Off => return None,
            Self::Dir(directory) => directory,
            Self::User => directories::cache().or_else(|| {
                tracing::info!("cache disabled: there is no home directory");
                None
            })?,
        };
        match private_file::check_directory(&directory) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                tracing::info!("cannot use the cache: {error}");
                None
            }
            // If it does not exist yet, it is created when it is needed.
            _ => Some(directory),
        }
    }
}
