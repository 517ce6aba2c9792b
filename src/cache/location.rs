//! Selects the cache directory.

use std::path::PathBuf;

use crate::directories;

/// Whether and where a client stores its token, page size and cooldown between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cache {
    /// Nothing is read or written. This is the default of the library.
    #[default]
    Off,
    /// The user's cache directory: `$XDG_CACHE_HOME/spotify-search` or `~/.cache/spotify-search`,
    /// on Windows below the local application data.
    User,
    /// This directory. If it does not exist, it is created with mode 0700.
    Dir(PathBuf),
}

impl Cache {
    /// Returns the directory, or `None` if there is no cache.
    pub(super) fn directory(&self) -> Option<PathBuf> {
        match self {
            Self::Off => None,
            Self::Dir(directory) => Some(directory.clone()),
            Self::User => directories::cache(),
        }
    }
}
