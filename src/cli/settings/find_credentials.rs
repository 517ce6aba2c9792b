//! Finds the app's client id and secret. Each is looked up in the environment, then in `.env` in the
//! working directory, then in the user's file.

use std::env;
use std::iter;
use std::path::Path;

use super::credentials_file::{self, CredentialsFile};
use crate::cli::exit_status;
use crate::cli::messages::hints::DASHBOARD;
use crate::cli::report::Report;
use spotify_search::Credentials;

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

/// Finds the credentials of this process. Returns them with the hint for the case that Spotify rejects them.
///
/// # Errors
///
/// The report if a value is missing, or if the first one found for a name is unusable.
pub fn find() -> Result<(Credentials, String), Report> {
    let mut files = vec![CredentialsFile::in_working_directory()];
    files.extend(CredentialsFile::of_user());
    let var = |name: &str| Some(env::var_os(name)?.to_string_lossy().into_owned());
    let [(id, id_place), (secret, secret_place)] = find_in(var, &files)?;
    tracing::info!("{CLIENT_ID} is from {id_place}");
    tracing::info!("{CLIENT_SECRET} is from {secret_place}");
    let hint = compare(&id_place, &secret_place);
    Ok((Credentials::new(id, secret), hint))
}

/// Looks for the two values with `var`, which reads the environment, and then in the files. A file is read
/// only if a value is still missing. Returns each value with its place.
fn find_in(
    var: impl Fn(&str) -> Option<String>,
    files: &[CredentialsFile],
) -> Result<[(String, String); 2], Report> {
    let names = [CLIENT_ID, CLIENT_SECRET];
    let (mut found, mut similar) = ([None, None], None);
    for file in iter::once(None).chain(files.iter().map(Some)) {
        if found.iter().all(Option::is_some) {
            break;
        }
        let text = file.map_or(Ok(String::new()), CredentialsFile::read);
        let place = file.map_or("the environment", |file| &file.name);
        let text = text.map_err(|error| Report::unreadable(place, &error))?;
        let value = |name: &str| match file {
            Some(_) => credentials_file::value(&text, name).map(str::to_owned),
            None => var(name),
        };
        for (slot, name) in found.iter_mut().zip(names) {
            if slot.is_none()
                && let Some(value) = value(name)
            {
                *slot = Some((checked(&value, name, place)?, place.to_owned()));
            }
        }
        similar = similar.or_else(|| similar_names(place, value));
    }
    match found {
        [Some(id), Some(secret)] => Ok([id, secret]),
        found => {
            let missing = found.iter().zip(names).filter(|(found, _)| found.is_none());
            let missing: Vec<&str> = missing.map(|(_, name)| name).collect();
            Err(missing_report(&missing, similar, files.last().map_or(".env", |file| &file.name)))
        }
    }
}

/// Returns the hint for rejected credentials that are from these places.
fn compare(id: &str, secret: &str) -> String {
    if id == secret {
        format!(
            "compare {CLIENT_ID} and {CLIENT_SECRET} in {id} with the app's settings at {DASHBOARD}"
        )
    } else {
        format!(
            "{CLIENT_ID} is from {id} and {CLIENT_SECRET} from {secret}: they may belong to different apps"
        )
    }
}

/// Returns the message and the hint about a place that sets the names of another tool.
fn similar_names(place: &str, value: impl Fn(&str) -> Option<String>) -> Option<(String, String)> {
    let is_set = |name| value(name).is_some_and(|value| !value.trim().is_empty());
    let set: Vec<_> = SIMILAR_NAMES.into_iter().filter(|(theirs, _)| is_set(theirs)).collect();
    let theirs: Vec<&str> = set.iter().map(|(theirs, _)| *theirs).collect();
    let renamed: Vec<String> =
        set.iter().map(|(theirs, ours)| format!("{theirs} to {ours}")).collect();
    let message = format!("{place} sets {} instead", theirs.join(" and "));
    (!set.is_empty()).then(|| (message, format!("rename {}", renamed.join(" and "))))
}

/// Returns the report for missing values. `file` is where to write them.
fn missing_report(names: &[&str], similar: Option<(String, String)>, file: &str) -> Report {
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} not set", names.join(" and "));
    let report =
        |message, hint| Report::new("credentials_missing", message, hint, exit_status::USAGE);
    if let Some((problem, hint)) = similar {
        return report(format!("{message}; {problem}"), Some(hint));
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
    Err(Report::new("credentials_malformed", message, Some(hint), exit_status::USAGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks for the credentials in these variables and in files called `.env` and `user`.
    fn find_in_text(
        vars: &[(&str, &str)],
        env_file: Option<&str>,
        user_file: Option<&str>,
    ) -> Result<[(String, String); 2], Report> {
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
        find_in_text(vars, env_file, user_file).unwrap()
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
