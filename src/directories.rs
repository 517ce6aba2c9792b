//! The user's directories for this program: those of the XDG Base Directory Specification, or the
//! application data on Windows.

use std::env;
use std::path::PathBuf;

/// Returns the directory of the cache: `~/.cache/spotify-search`.
pub fn cache() -> Option<PathBuf> {
    directory("XDG_CACHE_HOME", ".cache", "LOCALAPPDATA")
}

/// Returns the directory of settings: `~/.config/spotify-search`.
#[cfg(feature = "cli")]
pub fn config() -> Option<PathBuf> {
    directory("XDG_CONFIG_HOME", ".config", "APPDATA")
}

fn directory(variable: &str, in_home: &str, on_windows: &str) -> Option<PathBuf> {
    let variable = if cfg!(windows) { on_windows } else { variable };
    // The specification ignores a relative path.
    let base = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    Some(base.or_else(|| Some(env::home_dir()?.join(in_home)))?.join("spotify-search"))
}
