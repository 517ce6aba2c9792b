//! Where an app's client id and secret come from: the environment, and a `.env` file in the working
//! directory for whichever of the two is not set there. Nothing else is read from that file and
//! nothing of it gets into the process's environment, so a stranger's directory can't redirect the
//! tool. Trading credentials for a token is [`crate::client`]'s.

use std::env::VarError;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use secrecy::SecretString;

use crate::error::{Error, Result};

/// The environment variable that holds the client id.
pub const CLIENT_ID: &str = "SPOTIFY_CLIENT_ID";
/// The environment variable that holds the client secret.
pub const CLIENT_SECRET: &str = "SPOTIFY_CLIENT_SECRET";

/// Names that other tools use for the same two values.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("SPOTIPY_CLIENT_ID", CLIENT_ID),
    ("SPOTIFY_ID", CLIENT_ID),
    ("SPOTIPY_CLIENT_SECRET", CLIENT_SECRET),
    ("SPOTIFY_SECRET", CLIENT_SECRET),
];

/// More than any `.env` file needs; a device or a mistaken link must not be read for ever.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// An app's client id and secret. The secret is never shown by `Debug`.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Not secret, but nobody else's business: kept out of every output too.
    pub(crate) id: SecretString,
    pub(crate) secret: SecretString,
}

impl Credentials {
    /// Credentials that are already at hand.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { id: SecretString::from(id.into()), secret: SecretString::from(secret.into()) }
    }

    /// Looks in the environment, by `var`, and then in the file for what is not set there.
    ///
    /// # Errors
    ///
    /// [`Error::CredentialsMissing`] where one is set nowhere, [`Error::CredentialsMalformed`]
    /// where one can't be a credential, [`Error::ConfigInvalid`] where the file exists, is needed
    /// and can't be read.
    pub fn load(var: impl Fn(&str) -> Result<String, VarError>, dotenv: &Path) -> Result<Self> {
        let mut id = from_environment(&var, CLIENT_ID)?;
        let mut secret = from_environment(&var, CLIENT_SECRET)?;
        if id.is_none() || secret.is_none() {
            let text = read_dotenv(dotenv)?;
            if id.is_none() {
                id = from_dotenv(&text, CLIENT_ID)?;
            }
            if secret.is_none() {
                secret = from_dotenv(&text, CLIENT_SECRET)?;
            }
        }
        match (id, secret) {
            (Some(id), Some(secret)) => Ok(Self::new(id, secret)),
            (id, secret) => {
                let names: Vec<_> = [(CLIENT_ID, id.is_none()), (CLIENT_SECRET, secret.is_none())]
                    .into_iter()
                    .filter_map(|(name, missing)| missing.then_some(name))
                    .collect();
                let instead = OTHER_NAMES
                    .into_iter()
                    .find(|(other, name)| {
                        names.contains(name)
                            && var(other).is_ok_and(|value| !value.trim().is_empty())
                    })
                    .map(|(other, _)| other);
                Err(Error::CredentialsMissing { names, instead })
            }
        }
    }
}

fn from_environment(
    var: impl Fn(&str) -> Result<String, VarError>,
    name: &'static str,
) -> Result<Option<String>> {
    let place = "the environment";
    match var(name) {
        Ok(value) => checked(&value, name, place).map(Some),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            Err(Error::CredentialsMalformed { name, place, fault: "is not text" })
        }
    }
}

/// The text of the file; empty where there is none.
fn read_dotenv(path: &Path) -> Result<String> {
    match path.metadata() {
        // Python's virtual environments are often directories of this name.
        Ok(found) if found.is_dir() => return Ok(String::new()),
        // A pipe or a device could be waited for for ever.
        Ok(found) if !found.is_file() => {
            return Err(Error::ConfigInvalid(format!("{} is not a file", path.display())));
        }
        _ => {}
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE_BYTES).read_to_end(&mut bytes));
    match read {
        Ok(_) => {
            let text = String::from_utf8_lossy(&bytes);
            Ok(text.trim_start_matches('\u{feff}').to_owned())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Error::ConfigInvalid(format!("cannot read {}: {error}", path.display()))),
    }
}

/// The value of the last line of a `.env` file that sets this name. Each line is parsed by itself:
/// whatever stands in the others can't harm it.
fn from_dotenv(text: &str, name: &'static str) -> Result<Option<String>> {
    let place = ".env";
    let sets_it = |line: &&str| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        line.strip_prefix(name).is_some_and(|after| after.trim_start().starts_with('='))
    };
    let Some(line) = text.lines().rfind(sets_it) else {
        return Ok(None);
    };
    if line.contains('$') {
        // The parser would put a variable of the environment there: a stranger's file could have
        // any of them sent away.
        let fault = "has a $ in it, which no id or secret has";
        return Err(Error::CredentialsMalformed { name, place, fault });
    }
    // The parser wants its line ended where white space precedes the end.
    let line = format!("{}\n", line.trim());
    let parsed = dotenvy::from_read_iter(line.as_bytes()).next();
    match parsed {
        Some(Ok((_, value))) => checked(&value, name, place).map(Some),
        _ => Err(Error::CredentialsMalformed {
            name,
            place,
            fault: "can't be read: a value with spaces goes between two quotation marks of a kind",
        }),
    }
}

/// The value without the white space around it, where it can be a credential at all.
fn checked(value: &str, name: &'static str, place: &'static str) -> Result<String> {
    let value = value.trim();
    let fault = if value.is_empty() {
        "is empty"
    } else if value.contains(['"', '\'', '“', '”', '‘', '’']) {
        "has quotation marks in it: leave them out"
    } else if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        "has a character in it that no id or secret has"
    } else if name == CLIENT_ID && value.contains(':') {
        // RFC 7617, section 2: it would end the user part of the Basic header.
        "has a colon in it"
    } else {
        return Ok(value.to_owned());
    };
    Err(Error::CredentialsMalformed { name, place, fault })
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn load(vars: &[(&str, &str)], dotenv: Option<&str>) -> Result<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        if let Some(text) = dotenv {
            std::fs::write(&path, text).unwrap();
        }
        let var = |name: &str| {
            let found = vars.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned()).ok_or(VarError::NotPresent)
        };
        let credentials = Credentials::load(var, &path)?;
        Ok((
            credentials.id.expose_secret().to_owned(),
            credentials.secret.expose_secret().to_owned(),
        ))
    }

    fn message(vars: &[(&str, &str)], dotenv: Option<&str>) -> String {
        load(vars, dotenv).unwrap_err().to_string()
    }

    #[test]
    fn the_environment_wins_and_the_file_fills_in() {
        let found = load(
            &[("SPOTIFY_CLIENT_ID", " env-id\n")],
            Some("SPOTIFY_CLIENT_ID=file-id\nSPOTIFY_CLIENT_SECRET=file-secret\n"),
        );
        assert_eq!(found.unwrap(), ("env-id".into(), "file-secret".into()));
    }

    #[test]
    fn a_file_is_read_in_the_forms_that_people_write() {
        let both = ("i".to_owned(), "s".to_owned());
        for text in [
            "SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s",
            "\u{feff}SPOTIFY_CLIENT_ID=i\r\nSPOTIFY_CLIENT_SECRET=s \r\n",
            "export SPOTIFY_CLIENT_ID = 'i'\n# secret\n  SPOTIFY_CLIENT_SECRET=\"s\" # mine",
            "BROKEN='it\nX\nSPOTIFY_CLIENT_ID=old\nSPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s",
        ] {
            assert_eq!(load(&[], Some(text)).unwrap(), both, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        insta::assert_snapshot!(message(&[], None), @"SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set");
        insta::assert_snapshot!(
            message(&[("SPOTIFY_CLIENT_ID", "i")], Some("SPOTIFY_CLIENT_SECRET_OLD=s")),
            @"SPOTIFY_CLIENT_SECRET is not set"
        );
    }

    #[test]
    fn what_is_malformed_is_said_exactly_and_never_shown() {
        let with_id =
            |id| message(&[("SPOTIFY_CLIENT_ID", id), ("SPOTIFY_CLIENT_SECRET", "s")], None);
        insta::assert_snapshot!(with_id("  "), @"SPOTIFY_CLIENT_ID in the environment is empty");
        insta::assert_snapshot!(with_id("'abc'"), @"SPOTIFY_CLIENT_ID in the environment has quotation marks in it: leave them out");
        insta::assert_snapshot!(with_id("a b"), @"SPOTIFY_CLIENT_ID in the environment has a character in it that no id or secret has");
        insta::assert_snapshot!(with_id("a:b"), @"SPOTIFY_CLIENT_ID in the environment has a colon in it");
        insta::assert_snapshot!(
            message(&[], Some("SPOTIFY_CLIENT_ID=\nSPOTIFY_CLIENT_SECRET=")),
            @"SPOTIFY_CLIENT_ID in .env is empty"
        );
        insta::assert_snapshot!(
            message(&[("SPOTIFY_CLIENT_ID", "i")], Some("SPOTIFY_CLIENT_SECRET='s")),
            @"SPOTIFY_CLIENT_SECRET in .env can't be read: a value with spaces goes between two quotation marks of a kind"
        );
    }

    #[test]
    fn a_file_gets_nothing_of_the_environment() {
        let error = message(&[], Some("SPOTIFY_CLIENT_ID=${HOME}\nSPOTIFY_CLIENT_SECRET=s"));
        assert!(error.ends_with("has a $ in it, which no id or secret has"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_might_never_end_is_not_read() {
        let load = |path| Credentials::load(|_| Err(VarError::NotPresent), Path::new(path));
        assert_eq!(load("/dev/zero").unwrap_err().code(), "config_invalid");
    }

    #[test]
    fn an_empty_variable_is_not_filled_in_from_the_file() {
        let error = message(&[("SPOTIFY_CLIENT_ID", "")], Some("SPOTIFY_CLIENT_ID=i"));
        assert!(error.ends_with("in the environment is empty"), "{error}");
    }

    #[test]
    fn the_names_of_other_tools_are_recognised() {
        let error = load(&[("SPOTIPY_CLIENT_ID", "i")], None).unwrap_err();
        assert!(matches!(
            error,
            Error::CredentialsMissing { instead: Some("SPOTIPY_CLIENT_ID"), .. }
        ));
        let vars = [("SPOTIPY_CLIENT_ID", "i"), ("SPOTIFY_CLIENT_ID", "i")];
        let error = load(&vars, None).unwrap_err();
        assert!(matches!(error, Error::CredentialsMissing { instead: None, .. }));
    }

    #[test]
    fn a_directory_of_that_name_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = Credentials::load(|_| Err(VarError::NotPresent), folder.path()).unwrap_err();
        assert_eq!(error.code(), "credentials_missing");
    }

    #[test]
    fn debug_shows_neither_value() {
        let shown = format!("{:?}", Credentials::new("the-id", "the-secret"));
        assert!(!shown.contains("the-"), "{shown}");
    }
}
