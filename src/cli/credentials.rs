//! Finds the app's credentials in the environment, or else in `.env` in the working directory. Only
//! the credentials are read from that file, and they are not exported to the process environment. An
//! untrusted directory therefore cannot redirect requests.

use std::env::VarError;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::credentials::Credentials;

/// The name of the client id.
pub const CLIENT_ID: &str = "SPOTIFY_CLIENT_ID";
/// The name of the client secret.
pub const CLIENT_SECRET: &str = "SPOTIFY_CLIENT_SECRET";

/// Names that other tools use, and ours for each.
const SIMILAR_NAMES: [(&str, &str); 4] = [
    ("SPOTIPY_CLIENT_ID", CLIENT_ID),
    ("SPOTIFY_ID", CLIENT_ID),
    ("SPOTIPY_CLIENT_SECRET", CLIENT_SECRET),
    ("SPOTIFY_SECRET", CLIENT_SECRET),
];

/// The largest `.env` file that is read.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Why there are no usable credentials.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// The client id, the secret or both are not set.
    #[error("{} {} not set", names.join(" and "), if names.len() == 1 { "is" } else { "are" })]
    Missing {
        names: Vec<&'static str>,
        /// A name of another tool that is set, and ours for it.
        similar: Option<(&'static str, &'static str)>,
    },
    /// A value cannot be an id or a secret.
    #[error("{name} in {place} {problem}")]
    Malformed { name: &'static str, place: &'static str, problem: &'static str },
    /// The file exists and is needed, but cannot be read.
    #[error("cannot read {file}")]
    UnreadableFile { file: String, source: io::Error },
}

/// Looks for the credentials with `var`, which reads the environment, and then in the file.
///
/// # Errors
///
/// [`CredentialsError`] if there is none or the first one found is unusable.
pub fn find(
    var: impl Fn(&str) -> Result<String, VarError>,
    file: &Path,
) -> Result<Credentials, CredentialsError> {
    let mut id = from_environment(&var, CLIENT_ID)?;
    let mut secret = from_environment(&var, CLIENT_SECRET)?;
    if id.is_none() || secret.is_none() {
        let text = read_file(file)?;
        if id.is_none() {
            id = from_file(&text, CLIENT_ID)?;
        }
        if secret.is_none() {
            secret = from_file(&text, CLIENT_SECRET)?;
        }
    }
    match (id, secret) {
        (Some(id), Some(secret)) => Ok(Credentials::new(id, secret)),
        (id, secret) => {
            let names: Vec<_> = [(CLIENT_ID, id.is_none()), (CLIENT_SECRET, secret.is_none())]
                .into_iter()
                .filter_map(|(name, is_missing)| is_missing.then_some(name))
                .collect();
            let is_set = |name| var(name).is_ok_and(|value| !value.trim().is_empty());
            let similar = SIMILAR_NAMES
                .into_iter()
                .find(|(similar, name)| names.contains(name) && is_set(similar));
            Err(CredentialsError::Missing { names, similar })
        }
    }
}

fn from_environment(
    var: impl Fn(&str) -> Result<String, VarError>,
    name: &'static str,
) -> Result<Option<String>, CredentialsError> {
    let place = "the environment";
    match var(name) {
        Ok(value) => checked(&value, name, place).map(Some),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            Err(CredentialsError::Malformed { name, place, problem: "is not UTF-8" })
        }
    }
}

/// Returns the text of the file, empty if it does not exist.
fn read_file(path: &Path) -> Result<String, CredentialsError> {
    let unreadable =
        |source| CredentialsError::UnreadableFile { file: path.display().to_string(), source };
    match path.metadata() {
        // Some Python projects have a virtual environment with this name.
        Ok(metadata) if metadata.is_dir() => return Ok(String::new()),
        // Reading a pipe or a device may block.
        Ok(metadata) if !metadata.is_file() => {
            return Err(unreadable(io::Error::other("not a regular file")));
        }
        Ok(metadata) if metadata.len() > MAX_FILE_BYTES => {
            return Err(unreadable(io::Error::other("larger than 1 MiB")));
        }
        _ => {}
    }
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)) {
        Ok(_) => {
            let text = String::from_utf8_lossy(&bytes);
            Ok(text.trim_start_matches('\u{feff}').to_owned())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(unreadable(error)),
    }
}

/// Returns the value from the last line that sets `name`. Lines are parsed independently, so an
/// invalid line does not affect the others.
///
/// # Errors
///
/// [`CredentialsError::Malformed`] if that line or its value is invalid.
fn from_file(text: &str, name: &'static str) -> Result<Option<String>, CredentialsError> {
    let place = ".env";
    let sets_name = |line: &&str| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let Some(line) = text.lines().rfind(sets_name) else {
        return Ok(None);
    };
    if line.contains('$') {
        // dotenvy substitutes environment variables: an untrusted file could have any of them sent.
        let problem = "contains a $, which no id or secret does";
        return Err(CredentialsError::Malformed { name, place, problem });
    }
    // dotenvy rejects a last line that ends with white space instead of a line end.
    let line = format!("{}\n", line.trim());
    let Some(Ok((_, value))) = dotenvy::from_read_iter(line.as_bytes()).next() else {
        let problem = "cannot be parsed: remove the spaces, or quote the value";
        return Err(CredentialsError::Malformed { name, place, problem });
    };
    checked(&value, name, place).map(Some)
}

/// Trims the value and checks that it can be an id or a secret.
fn checked(
    value: &str,
    name: &'static str,
    place: &'static str,
) -> Result<String, CredentialsError> {
    let value = value.trim();
    let problem = if value.is_empty() {
        "is empty"
    } else if value.contains(['"', '\'', '“', '”', '‘', '’']) {
        "contains quotation marks: remove them"
    } else if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        "contains a character that no id or secret does"
    } else if name == CLIENT_ID && value.contains(':') {
        // It would end the user name in the Basic header (RFC 7617 §2).
        "contains a colon"
    } else {
        return Ok(value.to_owned());
    };
    Err(CredentialsError::Malformed { name, place, problem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    type Pair = (String, String);

    fn find_in(vars: &[(&str, &str)], file: Option<&str>) -> Result<Pair, CredentialsError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        if let Some(text) = file {
            std::fs::write(&path, text).unwrap();
        }
        let var = |name: &str| {
            let value = vars.iter().find(|(set, _)| *set == name);
            value.map(|(_, value)| (*value).to_owned()).ok_or(VarError::NotPresent)
        };
        let Credentials { id, secret } = find(var, &path)?;
        Ok((id.expose_secret().to_owned(), secret.expose_secret().to_owned()))
    }

    fn message(vars: &[(&str, &str)], file: Option<&str>) -> String {
        find_in(vars, file).unwrap_err().to_string()
    }

    #[test]
    fn environment_wins_over_file_for_each_name() {
        let file = "SPOTIFY_CLIENT_ID=file-id\nSPOTIFY_CLIENT_SECRET=file-secret\n";
        let found = find_in(&[("SPOTIFY_CLIENT_ID", " env-id \n")], Some(file));
        assert_eq!(found.unwrap(), ("env-id".into(), "file-secret".into()));
    }

    #[test]
    fn accepts_the_usual_forms_of_a_file() {
        let both = ("i".to_owned(), "s".to_owned());
        for text in [
            "SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s",
            "\u{feff}SPOTIFY_CLIENT_ID=i\r\nSPOTIFY_CLIENT_SECRET=s \r\n",
            "export SPOTIFY_CLIENT_ID = 'i'\n# secret\n  SPOTIFY_CLIENT_SECRET=\"s\" # mine",
            "BROKEN='it\nX\nSPOTIFY_CLIENT_ID=old\nSPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s",
        ] {
            assert_eq!(find_in(&[], Some(text)).unwrap(), both, "{text}");
        }
    }

    #[test]
    fn names_what_is_missing() {
        insta::assert_snapshot!(message(&[], None), @"SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set");
        insta::assert_snapshot!(
            message(&[("SPOTIFY_CLIENT_ID", "i")], Some("SPOTIFY_CLIENT_SECRET_OLD=s")),
            @"SPOTIFY_CLIENT_SECRET is not set"
        );
    }

    #[test]
    fn says_what_is_malformed_and_does_not_show_it() {
        let with_id =
            |id| message(&[("SPOTIFY_CLIENT_ID", id), ("SPOTIFY_CLIENT_SECRET", "s")], None);
        insta::assert_snapshot!(with_id("  "), @"SPOTIFY_CLIENT_ID in the environment is empty");
        insta::assert_snapshot!(with_id("'abc'"), @"SPOTIFY_CLIENT_ID in the environment contains quotation marks: remove them");
        insta::assert_snapshot!(with_id("a b"), @"SPOTIFY_CLIENT_ID in the environment contains a character that no id or secret does");
        insta::assert_snapshot!(with_id("a:b"), @"SPOTIFY_CLIENT_ID in the environment contains a colon");
        insta::assert_snapshot!(
            message(&[], Some("SPOTIFY_CLIENT_ID=\nSPOTIFY_CLIENT_SECRET=")),
            @"SPOTIFY_CLIENT_ID in .env is empty"
        );
        insta::assert_snapshot!(
            message(&[("SPOTIFY_CLIENT_ID", "i")], Some("SPOTIFY_CLIENT_SECRET='s")),
            @"SPOTIFY_CLIENT_SECRET in .env cannot be parsed: remove the spaces, or quote the value"
        );
        // An empty variable is an error, even if the file has a value.
        let error = message(&[("SPOTIFY_CLIENT_ID", "")], Some("SPOTIFY_CLIENT_ID=i"));
        insta::assert_snapshot!(error, @"SPOTIFY_CLIENT_ID in the environment is empty");
    }

    #[test]
    fn file_cannot_refer_to_the_environment() {
        let error = message(&[], Some("SPOTIFY_CLIENT_ID=${HOME}\nSPOTIFY_CLIENT_SECRET=s"));
        assert!(error.ends_with("contains a $, which no id or secret does"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn device_is_not_read() {
        let found = find(|_| Err(VarError::NotPresent), Path::new("/dev/zero"));
        assert!(matches!(found, Err(CredentialsError::UnreadableFile { .. })), "{found:?}");
    }

    #[test]
    fn directory_counts_as_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let found = find(|_| Err(VarError::NotPresent), folder.path());
        assert!(matches!(found, Err(CredentialsError::Missing { .. })), "{found:?}");
    }

    #[test]
    fn recognizes_the_names_of_other_tools() {
        let similar = |vars: &[(&str, &str)]| match find_in(vars, None) {
            Err(CredentialsError::Missing { similar, .. }) => similar,
            other => panic!("{other:?}"),
        };
        let spotipy = ("SPOTIPY_CLIENT_ID", "i");
        assert_eq!(similar(&[spotipy]), Some(("SPOTIPY_CLIENT_ID", CLIENT_ID)));
        assert_eq!(similar(&[spotipy, (CLIENT_ID, "i")]), None);
    }
}
