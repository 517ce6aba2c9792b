//! Credentials: where they come from, and each way in which they can be unusable.

use crate::support::{Outcome, TestCommand, TestServer, artists, error};

/// The user's file, below the home directory.
const USER_FILE: &str = ".config/spotify-search/credentials";

/// A command with this `.env` file in its working directory, and without credentials in its
/// environment.
async fn with_env_file(text: &[u8]) -> (TestServer, TestCommand) {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    let command = without_credentials(&server).with_file(".env", text);
    (server, command)
}

fn without_credentials(server: &TestServer) -> TestCommand {
    server.command().env_remove("SPOTIFY_CLIENT_ID").env_remove("SPOTIFY_CLIENT_SECRET")
}

/// Runs a command that cannot use its credentials. Returns standard error.
#[track_caller]
fn unusable(command: TestCommand) -> String {
    let outcome = command.run(&["BTS"]);
    assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
    outcome.stderr
}

#[tokio::test]
async fn env_file_sets_the_credentials_and_nothing_else() {
    let (server, command) = with_env_file(
        b"\xef\xbb\xbfexport SPOTIFY_CLIENT_ID='i'\r\nSPOTIFY_CLIENT_SECRET=s \r\nBROKEN='\xff\r\n\
          SPOTIFY_API_URL=https://other.example\r\nSPOTIFY_MARKET=KR\r\nHTTP_PROXY=http://127.0.0.1:1\r\n",
    )
    .await;
    command.run(&["BTS"]).assert_success();
    let requests = server.requests().await;
    // "i:s" in base64.
    assert_eq!(requests[0].headers.get("authorization").unwrap(), "Basic aTpz");
    assert!(!requests[1].url.query().unwrap().contains("market"));
}

#[cfg(unix)]
#[tokio::test]
async fn first_place_wins_for_each_name_and_the_log_names_it() {
    let (server, command) = with_env_file(b"SPOTIFY_CLIENT_ID=i\n").await;
    let both = "SPOTIFY_CLIENT_ID=j\nSPOTIFY_CLIENT_SECRET=s\n";
    let outcome = command.with_file(USER_FILE, both).run(&["BTS", "-v"]);
    outcome.assert_success();
    // "i:s" in base64.
    assert_eq!(server.requests().await[0].headers.get("authorization").unwrap(), "Basic aTpz");
    let log = |outcome: Outcome| {
        let is_source = |line: &&str| line.contains(" is from ");
        outcome.stderr.lines().filter(is_source).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(log(outcome), @"
    INFO SPOTIFY_CLIENT_ID is from .env
    INFO SPOTIFY_CLIENT_SECRET is from ~/.config/spotify-search/credentials
    ");
    let command = server.command().with_file(".env", both).with_file(USER_FILE, both);
    insta::assert_snapshot!(log(command.run(&["BTS", "-v"])), @"
    INFO SPOTIFY_CLIENT_ID is from the environment
    INFO SPOTIFY_CLIENT_SECRET is from the environment
    ");
}

#[tokio::test]
async fn file_in_a_parent_directory_is_not_read() {
    let (server, command) = with_env_file(b"SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s\n").await;
    command.in_subfolder("below").run(&["BTS"]).assert_error(2, "credentials_missing");
    assert_eq!(server.request_counts().await, (0, 0));
}

#[cfg(unix)]
#[tokio::test]
async fn warns_if_others_can_read_the_users_file() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    let config = tempfile::tempdir().unwrap();
    let file = config.path().join("spotify-search/credentials");
    fs::create_dir(file.parent().unwrap()).unwrap();
    fs::write(&file, "SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s\n").unwrap();
    let stderr = |mode, args: &[&str]| {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let outcome = without_credentials(&server).env("XDG_CONFIG_HOME", config.path()).run(args);
        outcome.assert_success();
        outcome.stderr
    };
    let name = file.display();
    let warning = format!("WARN other users can read {name}: run chmod 600 {name}\n");
    assert!(stderr(0o644, &["BTS", "-v"]).contains(&warning));
    assert!(!stderr(0o600, &["BTS", "-v"]).contains("WARN"));
    assert_eq!(stderr(0o644, &["BTS"]), "");
}

#[cfg(unix)]
#[tokio::test]
async fn missing_credentials_have_a_hint() {
    let server = TestServer::with_results(&artists(&[])).await;
    insta::assert_snapshot!(unusable(without_credentials(&server)), @"
    error[credentials_missing]: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set
    hint: create an app at https://developer.spotify.com/dashboard, or try --demo
    hint: write the lines SPOTIFY_CLIENT_ID=… and SPOTIFY_CLIENT_SECRET=… into ~/.config/spotify-search/credentials
    ");
    insta::assert_snapshot!(unusable(server.command().env_remove("SPOTIFY_CLIENT_SECRET")), @"
    error[credentials_missing]: SPOTIFY_CLIENT_SECRET is not set
    hint: create an app at https://developer.spotify.com/dashboard, or try --demo
    hint: write the line SPOTIFY_CLIENT_SECRET=… into ~/.config/spotify-search/credentials
    ");
    let spotipy = "SPOTIPY_CLIENT_ID=i\nSPOTIPY_CLIENT_SECRET=s\n";
    insta::assert_snapshot!(unusable(without_credentials(&server).with_file(".env", spotipy)), @"
    error[credentials_missing]: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set; .env sets SPOTIPY_CLIENT_ID and SPOTIPY_CLIENT_SECRET instead
    hint: rename SPOTIPY_CLIENT_ID to SPOTIFY_CLIENT_ID and SPOTIPY_CLIENT_SECRET to SPOTIFY_CLIENT_SECRET
    ");
    insta::assert_snapshot!(unusable(without_credentials(&server).env("SPOTIFY_ID", "i")), @"
    error[credentials_missing]: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set; the environment sets SPOTIFY_ID instead
    hint: rename SPOTIFY_ID to SPOTIFY_CLIENT_ID
    ");
    assert_eq!(server.request_counts().await, (0, 0));
}

#[cfg(windows)]
#[tokio::test]
async fn users_file_is_in_the_application_data() {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(r"spotify-search\credentials");
    let command = || without_credentials(&server).env("APPDATA", folder.path());
    let create = format!("notepad (New-Item -Force -Type File '{}')", file.display());
    let hint = unusable(command());
    assert!(
        hint.contains(&format!(" into {}\n", file.display())) && hint.contains(&create),
        "{hint}"
    );
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "SPOTIFY_CLIENT_ID=i\r\n").unwrap();
    assert!(!unusable(command()).contains("New-Item"), "it would empty the file");
    std::fs::write(&file, "SPOTIFY_CLIENT_ID=i\r\nSPOTIFY_CLIENT_SECRET=s\r\n").unwrap();
    command().run(&["BTS"]).assert_success();
}

#[cfg(unix)]
#[tokio::test]
async fn malformed_credentials_have_a_hint() {
    let server = TestServer::with_results(&artists(&[])).await;
    insta::assert_snapshot!(unusable(server.command().env("SPOTIFY_CLIENT_SECRET", " ")), @"
    error[credentials_malformed]: SPOTIFY_CLIENT_SECRET in the environment is empty
    hint: copy SPOTIFY_CLIENT_SECRET from the app's settings at https://developer.spotify.com/dashboard
    ");
    insta::assert_snapshot!(unusable(server.command().env("SPOTIFY_CLIENT_ID", "\"i\"")), @"
    error[credentials_malformed]: SPOTIFY_CLIENT_ID in the environment contains quotation marks
    hint: remove the quotation marks
    ");
    let command = || without_credentials(&server);
    insta::assert_snapshot!(unusable(server.command().env("SPOTIFY_CLIENT_ID", "your-client-id")), @"
    error[credentials_malformed]: SPOTIFY_CLIENT_ID in the environment contains a character that no id or secret has
    hint: copy SPOTIFY_CLIENT_ID from the app's settings at https://developer.spotify.com/dashboard
    ");
    insta::assert_snapshot!(unusable(command().with_file(".env", "SPOTIFY_CLIENT_ID=${ID}")), @"
    error[credentials_malformed]: SPOTIFY_CLIENT_ID in .env contains a $
    hint: write the value itself: variables are not expanded
    ");
    insta::assert_snapshot!(unusable(command().with_file(USER_FILE, "SPOTIFY_CLIENT_ID=")), @"
    error[credentials_malformed]: SPOTIFY_CLIENT_ID in ~/.config/spotify-search/credentials is empty
    hint: copy SPOTIFY_CLIENT_ID from the app's settings at https://developer.spotify.com/dashboard
    ");
    assert_eq!(server.request_counts().await, (0, 0));
}

#[cfg(unix)]
#[tokio::test]
async fn unreadable_file_is_an_error_if_it_is_needed() {
    let (server, command) = with_env_file(&vec![b'#'; 2 << 20]).await;
    insta::assert_snapshot!(unusable(command), @"error[config_invalid]: cannot read .env: larger than 1 MiB");
    // The user's file is a folder.
    let inside = format!("{USER_FILE}/file");
    insta::assert_snapshot!(unusable(without_credentials(&server).with_file(&inside, "")), @"error[config_invalid]: cannot read ~/.config/spotify-search/credentials: is a directory");
    assert_eq!(server.request_counts().await, (0, 0));
    server.command().with_file(&inside, "").run(&["BTS"]).assert_success();
}

#[cfg(unix)]
#[tokio::test]
async fn rejected_pair_from_two_places_has_a_hint() {
    let server = TestServer::without_responses().await;
    server.on_token(error(400, "Invalid client secret"), None).await;
    let command = || {
        let command = server.command().env_remove("SPOTIFY_CLIENT_SECRET");
        command.with_file(USER_FILE, "SPOTIFY_CLIENT_SECRET=s")
    };
    insta::assert_snapshot!(command().run(&["BTS"]).stderr, @"
    error[credentials_rejected]: Spotify rejected the client id and secret (400 Bad Request: Invalid client secret)
    hint: SPOTIFY_CLIENT_ID is from the environment and SPOTIFY_CLIENT_SECRET from ~/.config/spotify-search/credentials: they may belong to different apps
    ");
    let batch = command().with_file("names.txt", "one\n").run(&["--input", "names.txt"]);
    assert!(batch.stderr.contains("hint: SPOTIFY_CLIENT_ID is from the environment"), "{batch:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn variable_that_is_not_utf8_is_malformed() {
    use std::os::unix::ffi::OsStrExt;
    let server = TestServer::with_results(&artists(&[])).await;
    let value = std::ffi::OsStr::from_bytes(b"i\xff");
    let outcome = server.command().env("SPOTIFY_CLIENT_ID", value).run(&["BTS"]);
    outcome.assert_error(2, "credentials_malformed");
}
