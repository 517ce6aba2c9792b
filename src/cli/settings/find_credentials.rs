//! Finds the app's client id and secret. Each is looked up in the environment, then in `.env` in the
//! working directory, then in the user's file.

use std::env;
use std::path::Path;

use super::credentials_file::{self, CredentialsFile};
use crate::cli::messages::command_error::{EXIT_USAGE, Report};
use crate::credentials::Credentials;

/// The name of the client id.
pub const CLIENT_ID: &str = "SPOTIFY_CLIENT_ID";
/// The name of the client secret.
pub const CLIENT_SECRET: &str = "SPOTIFY_CLIENT_SECRET";
/// The page with the settings of all apps of a user.
pub const DASHBOARD: &str = "https://developer.spotify.com/dashboard";

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

/// Finds the credentials of this process.
///
/// # Errors
///
/// The report if a value is missing, or if the first one found for a name is unusable.
pub fn find() -> Result<Found, Report> {
    let mut files = vec![CredentialsFile::in_working_directory()];
    files.extend(CredentialsFile::of_user());
    let var = |name: &str| Some(env::var_os(name)?.to_string_lossy().into_owned());
    let found = find_in(var, &files)?;
    let Places { id, secret } = &found.places;
    tracing::info!("{CLIENT_ID} is from {id}");
    tracing::info!("{CLIENT_SECRET} is from {secret}");
    Ok(found)
}

/// Looks for the credentials with `var`, which reads the environment, and then in the files. A file
/// is read only if a value is still missing.
fn find_in(
    var: impl Fn(&str) -> Option<String>,
    files: &[CredentialsFile],
) -> Result<Found, Report> {
    let mut lookup = Lookup::default();
    lookup.look_in("the environment", var)?;
    for file in files {
        if lookup.id.is_some() && lookup.secret.is_some() {
            break;
        }
        let text = file.read().map_err(|error| Report::unreadable(&file.name, &error))?;
        let value = |name: &str| credentials_file::value(&text, name).map(str::to_owned);
        lookup.look_in(&file.name, value)?;
    }
    let missing: &[&str] = match (lookup.id, lookup.secret) {
        (Some(id), Some(secret)) => {
            return Ok(Found {
                credentials: Credentials::new(id.text, secret.text),
                places: Places { id: id.place, secret: secret.place },
            });
        }
        (Some(_), None) => &[CLIENT_SECRET],
        (None, Some(_)) => &[CLIENT_ID],
        (None, None) => &[CLIENT_ID, CLIENT_SECRET],
    };
    let file = files.last().map_or(".env", |file| &file.name);
    Err(missing_report(missing, lookup.similar, file))
}

/// What was found so far.
#[derive(Default)]
struct Lookup {
    id: Option<Value>,
    secret: Option<Value>,
    similar: Option<Similar>,
}

struct Value {
    text: String,
    place: String,
}

/// The first place that sets names of another tool: each name, and ours for it.
struct Similar {
    place: String,
    names: Vec<(&'static str, &'static str)>,
}

impl Lookup {
    /// Looks in one place for what is still missing.
    fn look_in(
        &mut self,
        place: &str,
        value: impl Fn(&str) -> Option<String>,
    ) -> Result<(), Report> {
        for (slot, name) in [(&mut self.id, CLIENT_ID), (&mut self.secret, CLIENT_SECRET)] {
            if slot.is_none()
                && let Some(value) = value(name)
            {
                let text = checked(&value, name, place)?;
                *slot = Some(Value { text, place: place.to_owned() });
            }
        }
        let is_set = |name| value(name).is_some_and(|value| !value.trim().is_empty());
        let names: Vec<_> =
            SIMILAR_NAMES.into_iter().filter(|(similar, _)| is_set(similar)).collect();
        if self.similar.is_none() && !names.is_empty() {
            self.similar = Some(Similar { place: place.to_owned(), names });
        }
        Ok(())
    }
}

/// Returns the report for missing values. `file` is where to write them.
fn missing_report(names: &[&str], similar: Option<Similar>, file: &str) -> Report {
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} not set", names.join(" and "));
    let report = |message, hint| Report::new("credentials_missing", message, hint, EXIT_USAGE);
    if let Some(Similar { place, names }) = similar {
        let set: Vec<&str> = names.iter().map(|(theirs, _)| *theirs).collect();
        let renamed: Vec<String> =
            names.iter().map(|(theirs, ours)| format!("{theirs} to {ours}")).collect();
        return report(
            format!("{message}; {place} sets {} instead", set.join(" and ")),
            Some(format!("rename {}", renamed.join(" and "))),
        );
    }
    let lines: Vec<String> = names.iter().map(|name| format!("{name}=…")).collect();
    let noun = if names.len() == 1 { "the line" } else { "the lines" };
    let mut report = report(message, Some(format!("create an app at {DASHBOARD}, or try --demo")));
    report.hints.push(format!("write {noun} {} into {file}", lines.join(" and ")));
    // Notepad alone would add .txt to the name. -Force creates the folder, and would empty the file.
    if cfg!(windows) && !Path::new(file).exists() {
        let create = format!("notepad (New-Item -Force -Type File '{file}')");
        report.hints.push(format!("to create the file, run in PowerShell: {create}"));
    }
    report
}

/// Trims the value and checks that it can be an id or a secret.
fn checked(value: &str, name: &str, place: &str) -> Result<String, Report> {
    let value = value.trim();
    let copy = format!("copy {name} from the app's settings at {DASHBOARD}");
    let (problem, hint) = if value.is_empty() {
        ("is empty", copy)
    } else if value.contains(['"', '\'', '“', '”', '‘', '’']) {
        ("contains quotation marks", "remove the quotation marks".into())
    } else if value.contains('$') {
        ("contains a $", "write the value itself: variables are not expanded".into())
    } else if !value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        ("contains a character that no id or secret has", copy)
    } else {
        return Ok(value.to_owned());
    };
    let message = format!("{name} in {place} {problem}");
    Err(Report::new("credentials_malformed", message, Some(hint), EXIT_USAGE))
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
    ) -> Result<Found, Report> {
        let folder = tempfile::tempdir().unwrap();
        let files = [(".env", env_file), ("user", user_file)].map(|(name, text)| {
            let path = folder.path().join(name);
            if let Some(text) = text {
                std::fs::write(&path, text).unwrap();
            }
            CredentialsFile::new(path, name, false)
        });
        let var = |name: &str| {
            let value = vars.iter().find(|(set, _)| *set == name);
            value.map(|(_, value)| (*value).to_owned())
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
        find_in_text(vars, env_file, user_file).unwrap_err().message
    }

    #[test]
    fn first_place_wins_for_each_name() {
        let env_file = Some("SPOTIFY_CLIENT_ID=envFile\nSPOTIFY_CLIENT_SECRET=envFile");
        let user_file = Some("SPOTIFY_CLIENT_ID=user\nSPOTIFY_CLIENT_SECRET=user");
        let id = [("SPOTIFY_CLIENT_ID", " variable \n")];
        let pair = |id: [&str; 2], secret: [&str; 2]| {
            [id, secret].map(|[value, place]| (value.to_owned(), place.to_owned()))
        };
        assert_eq!(
            found(&id, env_file, user_file),
            pair(["variable", "the environment"], ["envFile", ".env"])
        );
        assert_eq!(
            found(&id, None, user_file),
            pair(["variable", "the environment"], ["user", "user"])
        );
        assert_eq!(
            found(&[], Some("SPOTIFY_CLIENT_SECRET=envFile"), user_file),
            pair(["user", "user"], ["envFile", ".env"])
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
        insta::assert_snapshot!(with_id("a b"), @"SPOTIFY_CLIENT_ID in the environment contains a character that no id or secret has");
        insta::assert_snapshot!(with_id("ä"), @"SPOTIFY_CLIENT_ID in the environment contains a character that no id or secret has");
        insta::assert_snapshot!(with_id("your-client-id"), @"SPOTIFY_CLIENT_ID in the environment contains a character that no id or secret has");
        let in_file = |text| message(&[("SPOTIFY_CLIENT_ID", "i")], Some(text), None);
        insta::assert_snapshot!(in_file("SPOTIFY_CLIENT_SECRET="), @"SPOTIFY_CLIENT_SECRET in .env is empty");
        insta::assert_snapshot!(in_file("SPOTIFY_CLIENT_SECRET='s"), @"SPOTIFY_CLIENT_SECRET in .env contains quotation marks");
        insta::assert_snapshot!(in_file("SPOTIFY_CLIENT_SECRET=${HOME}"), @"SPOTIFY_CLIENT_SECRET in .env contains a $");
        // An empty variable is an error, even if a file has a value.
        let error = message(&[("SPOTIFY_CLIENT_ID", "")], Some("SPOTIFY_CLIENT_ID=i"), None);
        insta::assert_snapshot!(error, @"SPOTIFY_CLIENT_ID in the environment is empty");
    }
}
