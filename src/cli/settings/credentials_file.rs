//! Files with credentials, in the syntax of `.env` files. Only the requested names are read from
//! them, and nothing is exported to the process environment: an untrusted directory cannot redirect
//! requests.

use std::env;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::cli::text_error::{TextError, is_utf16};

/// The largest file that is read.
const MAX_BYTES: u64 = 1 << 20;

/// A file that may exist and may contain credentials.
#[derive(Debug)]
pub struct CredentialsFile {
    path: PathBuf,
    /// The name in messages.
    pub name: String,
    is_user_file: bool,
}

impl CredentialsFile {
    /// Returns `.env` in the working directory. Parent directories are not searched.
    pub fn in_working_directory() -> Self {
        Self::new(".env".into(), ".env", false)
    }

    /// Returns the user's file: `$XDG_CONFIG_HOME/spotify-search/credentials` or
    /// `~/.config/spotify-search/credentials`, on Windows below the application data. Returns
    /// `None` if there is no home directory.
    pub fn of_user() -> Option<Self> {
        let path = config_directory()?.join("credentials");
        let name = readable_path(&path, &env::home_dir().unwrap_or_default());
        Some(Self::new(path, &name, true))
    }

    /// Creates a file with this name for messages.
    pub fn new(path: PathBuf, name: &str, is_user_file: bool) -> Self {
        Self { path, name: name.into(), is_user_file }
    }

    /// Reads the file. Returns an empty text if it does not exist.
    pub fn read(&self) -> io::Result<String> {
        let metadata = match fs::metadata(&self.path) {
            // Some Python projects have a virtual environment with the name .env.
            Ok(metadata) if metadata.is_dir() && !self.is_user_file => return Ok(String::new()),
            // A home directory such as /dev/null has no files below it.
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(String::new());
            }
            metadata => metadata?,
        };
        if metadata.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        // Reading a pipe or a device may block.
        if !metadata.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        if metadata.len() > MAX_BYTES {
            return Err(io::Error::other("larger than 1 MiB"));
        }
        #[cfg(unix)]
        if self.is_user_file {
            self.warn_if_readable_by_others(&metadata);
        }
        let bytes = fs::read(&self.path)?;
        if is_utf16(&bytes) {
            return Err(io::Error::other(TextError::Utf16));
        }
        Ok(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
    }

    #[cfg(unix)]
    fn warn_if_readable_by_others(&self, metadata: &fs::Metadata) {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o044 != 0 {
            let name = &self.name;
            tracing::warn!("other users can read {name}: run chmod 600 {name}");
        }
    }
}

/// Returns the directory of settings of the XDG Base Directory Specification, or of the application data on
/// Windows.
fn config_directory() -> Option<PathBuf> {
    let variable = if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" };
    // The specification ignores a relative path.
    let base = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    Some(base.or_else(|| Some(env::home_dir()?.join(".config")))?.join("spotify-search"))
}

/// Returns the path with `~` for the home directory, as a shell accepts it.
fn readable_path(path: &Path, home: &Path) -> String {
    match path.strip_prefix(home) {
        Ok(rest) if cfg!(unix) => format!("~/{}", rest.display()),
        _ => path.display().to_string(),
    }
}

/// Returns the value from the last line that sets `name`. Other lines are not parsed. The value is
/// taken as it is: variables in it are not expanded, because a stranger's file could otherwise have
/// any of them sent.
pub fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let value = |line: &'a str| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        line.strip_prefix(name)?.trim_start().strip_prefix('=')
    };
    text.lines().rev().find_map(value).map(unquoted)
}

/// Removes quotation marks around a value, or else a comment after it.
fn unquoted(value: &str) -> &str {
    let value = value.trim();
    for mark in ['"', '\''] {
        let quoted = value.strip_prefix(mark).and_then(|rest| rest.split_once(mark));
        if let Some((quoted, after)) = quoted
            && (after.trim().is_empty() || after.trim_start().starts_with('#'))
        {
            return quoted;
        }
    }
    let comment = value
        .match_indices('#')
        .find(|(start, _)| value[..*start].chars().next_back().is_none_or(char::is_whitespace));
    comment.map_or(value, |(start, _)| value[..start].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_usual_forms_of_a_file() {
        for text in [
            "ID=i\nSECRET=s",
            "ID=i\r\nSECRET=s \r\n",
            "export ID = 'i'\n# secret\n  SECRET=\"s\" # costs $5",
            "ID=i # the id\nSECRET=s\t# 'mine'",
            "BROKEN='it\nX\nID=old\nID=i\nSECRET=s",
        ] {
            assert_eq!(value(text, "ID"), Some("i"), "{text}");
            assert_eq!(value(text, "SECRET"), Some("s"), "{text}");
            assert_eq!(value(text, "I"), None, "{text}");
        }
    }

    #[test]
    fn keeps_what_cannot_be_removed() {
        for (line, expected) in
            [("ID='i", "'i"), ("ID='i' j", "'i' j"), ("ID=${HOME}", "${HOME}"), ("ID=a#b", "a#b")]
        {
            assert_eq!(value(line, "ID"), Some(expected));
        }
        assert_eq!(value("ID= # none", "ID"), Some(""));
    }

    #[cfg(unix)]
    #[test]
    fn device_is_not_read() {
        let zero = CredentialsFile::new("/dev/zero".into(), ".env", false);
        assert_eq!(zero.read().unwrap_err().to_string(), "not a regular file");
    }

    #[test]
    fn directory_is_an_error_for_the_users_file_only() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = CredentialsFile::new(folder.path().into(), "name", false);
        assert_eq!(file.read().unwrap(), "");
        file.is_user_file = true;
        assert_eq!(file.read().unwrap_err().kind(), ErrorKind::IsADirectory);
    }

    #[test]
    fn utf16_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials");
        let text: Vec<u8> = "\u{feff}A=b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(&path, text).unwrap();
        let error = CredentialsFile::new(path, "name", false).read().unwrap_err();
        assert_eq!(error.to_string(), "it is UTF-16, not UTF-8");
    }

    #[test]
    fn path_below_a_file_does_not_exist() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let below = CredentialsFile::new(file.path().join("credentials"), "name", false);
        assert_eq!(below.read().unwrap(), "");
    }

    #[cfg(unix)]
    #[test]
    fn path_starts_with_a_tilde_below_the_home_directory() {
        let path = |home| readable_path(Path::new("/home/me/.config/x"), Path::new(home));
        assert_eq!(path("/home/me"), "~/.config/x");
        assert_eq!(path("/home/m"), "/home/me/.config/x");
    }
}
