//! Credentials: where they come from, and each way in which they can be unusable.

use crate::support::{TestCommand, TestServer, artists};

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

#[tokio::test]
async fn environment_wins_over_the_file() {
    let (server, command) = with_env_file(b"SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s\n").await;
    command.env("SPOTIFY_CLIENT_ID", " j\n").run(&["BTS"]);
    // "j:s" in base64.
    assert_eq!(server.requests().await[0].headers.get("authorization").unwrap(), "Basic ajpz");
}

#[tokio::test]
async fn file_in_a_parent_directory_is_not_read() {
    let (server, command) = with_env_file(b"SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s\n").await;
    command.in_subfolder("below").run(&["BTS"]).assert_error(2, "credentials_missing");
    assert_eq!(server.request_counts().await, (0, 0));
}

#[tokio::test]
async fn unusable_credentials_exit_2_with_an_exact_message_and_send_nothing() {
    let server = TestServer::with_results(&artists(&[])).await;
    let stderr = |command: TestCommand| {
        let outcome = command.run(&["BTS"]);
        assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
        outcome.stderr
    };
    insta::assert_snapshot!(stderr(without_credentials(&server)), @"
    error[credentials_missing]: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set
    hint: set them in the environment or in .env, or try --demo, which needs no credentials
    ");
    insta::assert_snapshot!(stderr(server.command().env_remove("SPOTIFY_CLIENT_SECRET")), @"
    error[credentials_missing]: SPOTIFY_CLIENT_SECRET is not set
    hint: set it in the environment or in .env, or try --demo, which needs no credentials
    ");
    let spotipy = without_credentials(&server)
        .env("SPOTIPY_CLIENT_ID", "i")
        .env("SPOTIPY_CLIENT_SECRET", "s");
    insta::assert_snapshot!(stderr(spotipy), @"
    error[credentials_missing]: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set
    hint: SPOTIPY_CLIENT_ID is set, but this tool reads SPOTIFY_CLIENT_ID
    ");
    insta::assert_snapshot!(stderr(server.command().env("SPOTIFY_CLIENT_SECRET", " ")), @"
    error[credentials_malformed]: SPOTIFY_CLIENT_SECRET in the environment is empty
    hint: compare SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET with the app's settings at https://developer.spotify.com/dashboard
    ");
    insta::assert_snapshot!(stderr(server.command().env("SPOTIFY_CLIENT_ID", "\"i\"")), @"
    error[credentials_malformed]: SPOTIFY_CLIENT_ID in the environment contains quotation marks: remove them
    hint: compare SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET with the app's settings at https://developer.spotify.com/dashboard
    ");
    assert_eq!(server.request_counts().await, (0, 0));
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
