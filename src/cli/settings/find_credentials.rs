//! Finds the app's client id and secret. Each is looked up in the environment, then in `.env` in the
//! working directory, then in the user's file.

use std::env::{self, VarError};
use std::io;

use super::credentials_file::{self, CredentialsFile};
use crate::credentials::Credentials;

/// The name of the client id.
pub const CLIENT_ID: &str = "SPOTIFY_CLIENT_ID";
/// The name of the client secret.
pub const CLIENT_SECRET: &str = "SPOTIFY_CLIENT_SECRET";

/// Names that other tools use, and ours for each.
const SIMILAR_NAMES: [(&str, &str); 3] = [
    ("SPOTIPY_CLIENT_ID", CLIENT_ID),
    ("SPOTIPY_CLIENT_SECRET", CLIENT_SECRET),
    ("SPOTIFY_ID", CLIENT_ID),
];

/// The credentials and the places where they were found.
#[derive(Debug)]
pub struct Found {
    pub credentials: Credentials,
    pub places: Places,
}

/// Where the two values were found: "the environment" or the name of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub id: String,
    pub secret: String,
}

/// Why there are no usable credentials.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// The client id, the secret or both are not set.
    #[error("{}", missing_message(.names, .similar.as_ref()))]
    Missing { names: Vec<&'static str>, similar: Option<Similar> },
    /// A value cannot be an id or a secret.
    #[error("{name} in {place} {problem}")]
    Malformed { name: &'static str, place: String, problem: Problem },
    /// The file exists and is needed, but cannot be read.
    #[error("cannot read {file}")]
    UnreadableFile { file: String, source: io::Error },
}

/// Variables of another tool that are set, while ours are not.
#[derive(Debug)]
pub struct Similar {
    pub place: String,
    /// Each name, and ours for it.
    pub names: Vec<(&'static str, &'static str)>,
}

/// Why a value cannot be an id or a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("is empty")]
    Empty,
    #[error("contains quotation marks")]
    Quotes,
    #[error("contains a $")]
    Dollar,
    #[error("contains {0}")]
    Contains(&'static str),
}

/// Finds the credentials of this process.
///
/// # Errors
///
/// [`CredentialsError`] if a value is missing, or if the first one found for a name is unusable.
pub fn find() -> Result<Found, CredentialsError> {
    let mut files = vec![CredentialsFile::in_working_directory()];
    files.extend(CredentialsFile::of_user());
    let found = find_in(|name| env::var(name), &files)?;
    let Places { id, secret } = &found.places;
    tracing::info!("{CLIENT_ID} is from {id}");
    tracing::info!("{CLIENT_SECRET} is from {secret}");
    Ok(found)
}

/// Looks for the credentials with `var`, which reads the environment, and then in the files. A file
/// is read only if a value is still missing.
fn find_in(
    var: impl Fn(&str) -> Result<String, VarError>,
    files: &[CredentialsFile],
) -> Result<Found, CredentialsError> {
    let mut lookup = Lookup::default();
    lookup.look_in("the environment", |name| match var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Problem::Contains("bytes that are not UTF-8")),
    })?;
    for file in files {
        if lookup.id.is_some() && lookup.secret.is_some() {
            break;
        }
        let text = file.read().map_err(|source| {
            let file = file.name().to_owned();
            CredentialsError::UnreadableFile { file, source }
        })?;
        if let Some(text) = text {
            lookup.look_in(file.name(), |name| {
                Ok(credentials_file::value(&text, name).map(str::to_owned))
            })?;
        }
    }
    lookup.finish()
}

/// What was found so far.
#[derive(Default)]
struct Lookup {
    id: Option<Value>,
    secret: Option<Value>,
    /// The names of another tool, at the first place that sets one.
    similar: Option<Similar>,
}

struct Value {
    text: String,
    place: String,
}

impl Lookup {
    /// Looks in one place for what is still missing.
    fn look_in(
        &mut self,
        place: &str,
        value: impl Fn(&str) -> Result<Option<String>, Problem>,
    ) -> Result<(), CredentialsError> {
        for (slot, name) in [(&mut self.id, CLIENT_ID), (&mut self.secret, CLIENT_SECRET)] {
            if slot.is_none() {
                let found = value(name)
                    .and_then(|value| value.map(|value| checked(&value, name)).transpose());
                let place = place.to_owned();
                match found {
                    Ok(found) => *slot = found.map(|text| Value { text, place }),
                    Err(problem) => {
                        return Err(CredentialsError::Malformed { name, place, problem });
                    }
                }
            }
        }
        let is_set = |name| matches!(value(name), Ok(Some(value)) if !value.trim().is_empty());
        let names: Vec<_> =
            SIMILAR_NAMES.into_iter().filter(|(similar, _)| is_set(similar)).collect();
        if self.similar.is_none() && !names.is_empty() {
            self.similar = Some(Similar { place: place.to_owned(), names });
        }
        Ok(())
    }

    fn finish(self) -> Result<Found, CredentialsError> {
        match (self.id, self.secret) {
            (Some(id), Some(secret)) => Ok(Found {
                credentials: Credentials::new(id.text, secret.text),
                places: Places { id: id.place, secret: secret.place },
            }),
            (id, secret) => {
                let names: Vec<_> = [(CLIENT_ID, id.is_none()), (CLIENT_SECRET, secret.is_none())]
                    .into_iter()
                    .filter_map(|(name, is_missing)| is_missing.then_some(name))
                    .collect();
                Err(CredentialsError::Missing { names, similar: self.similar })
            }
        }
    }
}

fn missing_message(names: &[&str], similar: Option<&Similar>) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} not set", names.join(" and "));
    match similar {
        Some(Similar { place, names }) => {
            let names: Vec<&str> = names.iter().map(|(similar, _)| *similar).collect();
            format!("{message}; {place} sets {} instead", names.join(" and "))
        }
        None => message,
    }
}

/// Trims the value and checks that it can be an id or a secret.
fn checked(value: &str, name: &str) -> Result<String, Problem> {
    let value = value.trim();
    if value.is_empty() {
        Err(Problem::Empty)
    } else if value.contains(['"', '\'', '“', '”', '‘', '’']) {
        Err(Problem::Quotes)
    } else if value.contains(char::is_whitespace) {
        Err(Problem::Contains("white space"))
    } else if value.contains('$') {
        Err(Problem::Dollar)
    } else if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(Problem::Contains("a character that no id or secret has"))
    } else if name == CLIENT_ID && value.contains(':') {
        // It would end the user name in the Basic header (RFC 7617 §2).
        Err(Problem::Contains("a colon"))
    } else {
        Ok(value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    /// Looks for the credentials in these variables and in files called `.env` and `user`.
    fn find_in_text(
        vars: &[(&str, &str)],
        env_file: Option<&str>,
        user_file: Option<&str>,
    ) -> Result<Found, CredentialsError> {
        let folder = tempfile::tempdir().unwrap();
        let files = [(".env", env_file), ("user", user_file)].map(|(name, text)| {
            let path = folder.path().join(name);
            if let Some(text) = text {
                std::fs::write(&path, text).unwrap();
            }
            CredentialsFile::for_test(path, name)
        });
        let var = |name: &str| {
            let value = vars.iter().find(|(set, _)| *set == name);
            value.map(|(_, value)| (*value).to_owned()).ok_or(VarError::NotPresent)
        };
        find_in(var, &files)
    }

    /// Returns the values and the places where they were found.
    fn found(
        vars: &[(&str, &str)],
        env_file: Option<&str>,
        user_file: Option<&str>,
    ) -> [(String, String); 2] {
        let Found { credentials, places } = find_in_text(vars, env_file, user_file).unwrap();
        [
            (credentials.id.expose_secret().to_owned(), places.id),
            (credentials.secret.expose_secret().to_owned(), places.secret),
        ]
    }

    fn message(vars: &[(&str, &str)], env_file: Option<&str>, user_file: Option<&str>) -> String {
        find_in_text(vars, env_file, user_file).unwrap_err().to_string()
    }

    #[test]
    fn first_place_wins_for_each_name() {
        let env_file = Some("SPOTIFY_CLIENT_ID=env-file\nSPOTIFY_CLIENT_SECRET=env-file");
        let user_file = Some("SPOTIFY_CLIENT_ID=user\nSPOTIFY_CLIENT_SECRET=user");
        let id = [("SPOTIFY_CLIENT_ID", " variable \n")];
        let pair = |id: [&str; 2], secret: [&str; 2]| {
            [id, secret].map(|[value, place]| (value.to_owned(), place.to_owned()))
        };
        assert_eq!(
            found(&id, env_file, user_file),
            pair(["variable", "the environment"], ["env-file", ".env"])
        );
        assert_eq!(
            found(&id, None, user_file),
            pair(["variable", "the environment"], ["user", "user"])
        );
        assert_eq!(
            found(&[], Some("SPOTIFY_CLIENT_SECRET=env-file"), user_file),
            pair(["user", "user"], ["env-file", ".env"])
        );
    }

    #[test]
    fn later_places_are_not_read_if_nothing_is_missing() {
        let unusable = Some("SPOTIFY_CLIENT_ID='");
        let both = "SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s";
        found(&[], Some(both), unusable);
        found(&[("SPOTIFY_CLIENT_ID", "i"), ("SPOTIFY_CLIENT_SECRET", "s")], unusable, unusable);
    }

    #[test]
    fn names_what_is_missing() {
        insta::assert_snapshot!(message(&[], None, None), @"SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set");
        insta::assert_snapshot!(
            message(&[("SPOTIFY_CLIENT_ID", "i")], Some("SPOTIFY_CLIENT_SECRET_OLD=s"), None),
            @"SPOTIFY_CLIENT_SECRET is not set"
        );
    }

    #[test]
    fn names_the_names_of_other_tools() {
        let spotipy = "SPOTIPY_CLIENT_ID=i\nSPOTIPY_CLIENT_SECRET=s";
        insta::assert_snapshot!(message(&[], None, Some(spotipy)), @"SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set; user sets SPOTIPY_CLIENT_ID and SPOTIPY_CLIENT_SECRET instead");
        // A project of another tool does not hide the user's file.
        let both = "SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s";
        found(&[], Some(spotipy), Some(both));
    }

    #[test]
    fn says_what_is_malformed_and_does_not_show_it() {
        let with_id =
            |id| message(&[("SPOTIFY_CLIENT_ID", id), ("SPOTIFY_CLIENT_SECRET", "s")], None, None);
        insta::assert_snapshot!(with_id("  "), @"SPOTIFY_CLIENT_ID in the environment is empty");
        insta::assert_snapshot!(with_id("'abc'"), @"SPOTIFY_CLIENT_ID in the environment contains quotation marks");
        insta::assert_snapshot!(with_id("a b"), @"SPOTIFY_CLIENT_ID in the environment contains white space");
        insta::assert_snapshot!(with_id("ä"), @"SPOTIFY_CLIENT_ID in the environment contains a character that no id or secret has");
        insta::assert_snapshot!(with_id("a:b"), @"SPOTIFY_CLIENT_ID in the environment contains a colon");
        let in_file = |text| message(&[("SPOTIFY_CLIENT_ID", "i")], Some(text), None);
        insta::assert_snapshot!(in_file("SPOTIFY_CLIENT_SECRET="), @"SPOTIFY_CLIENT_SECRET in .env is empty");
        insta::assert_snapshot!(in_file("SPOTIFY_CLIENT_SECRET='s"), @"SPOTIFY_CLIENT_SECRET in .env contains quotation marks");
        insta::assert_snapshot!(in_file("SPOTIFY_CLIENT_SECRET=${HOME}"), @"SPOTIFY_CLIENT_SECRET in .env contains a $");
        // An empty variable is an error, even if a file has a value.
        let error = message(&[("SPOTIFY_CLIENT_ID", "")], Some("SPOTIFY_CLIENT_ID=i"), None);
        insta::assert_snapshot!(error, @"SPOTIFY_CLIENT_ID in the environment is empty");
    }
}
