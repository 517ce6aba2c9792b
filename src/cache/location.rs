//! Selects the cache directory.

use std::env;
use std::path::PathBuf;

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
            Self::User => user_directory(),
        }
    }
}

/// Returns the directory of the XDG Base Directory Specification, or of the application data on Windows.
fn user_directory() -> Option<PathBuf> {
    let variable = if cfg!(windows) { "LOCALAPPDATA" } else { "XDG_CACHE_HOME" };
    // The specification ignores a relative path.
    let base = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    Some(base.or_else(|| Some(env::home_dir()?.join(".cache")))?.join("spotify-search"))
}
