//! Where credentials come from and each way that they go wrong.

use crate::support::{Spotify, Tool, artists};

/// A tool whose working directory has this `.env` file, without credentials in its environment.
async fn with_dotenv(text: &[u8]) -> (Spotify, Tool) {
    let spotify = Spotify::with(&artists(&["BTS"])).await;
    let tool = spotify.tool().without("SPOTIFY_CLIENT_ID").without("SPOTIFY_CLIENT_SECRET");
    std::fs::write(tool.folder().join(".env"), text).unwrap();
    (spotify, tool)
}

#[tokio::test]
async fn a_dotenv_file_gives_the_two_values_and_nothing_else() {
    let (spotify, tool) = with_dotenv(
        b"\xef\xbb\xbfexport SPOTIFY_CLIENT_ID='i'\r\nSPOTIFY_CLIENT_SECRET=s \r\nBROKEN='\xff\r\n\
          SPOTIFY_API_URL=https://stranger.example\r\nSPOTIFY_MARKET=KR\r\nHTTP_PROXY=http://127.0.0.1:1\r\n",
    )
    .await;
    let outcome = tool.run(&["BTS"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let requests = spotify.requests().await;
    // "i:s" in base64.
    assert_eq!(requests[0].headers.get("authorization").unwrap(), "Basic aTpz");
    assert!(!requests[1].url.query().unwrap().contains("market"));
}

#[tokio::test]
async fn the_environment_wins_over_the_file() {
    let (spotify, tool) = with_dotenv(b"SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s\n").await;
    tool.env("SPOTIFY_CLIENT_ID", " j\n").run(&["BTS"]);
    // "j:s" in base64.
    assert_eq!(spotify.requests().await[0].headers.get("authorization").unwrap(), "Basic ajpz");
}

#[tokio::test]
async fn a_file_in_a_parent_directory_is_not_read() {
    let (spotify, tool) = with_dotenv(b"SPOTIFY_CLIENT_ID=i\nSPOTIFY_CLIENT_SECRET=s\n").await;
    let below = tool.folder().join("below");
    std::fs::create_dir(&below).unwrap();
    let outcome = tool.inside("below").run(&["BTS"]);
    assert_eq!((outcome.code, outcome.error_code()), (2, "credentials_missing"));
    assert_eq!(spotify.counts().await, (0, 0));
}

#[tokio::test]
async fn each_fault_is_said_exactly_and_nothing_is_sent() {
    let spotify = Spotify::with(&artists(&[])).await;
    let bare = || spotify.tool().without("SPOTIFY_CLIENT_ID").without("SPOTIFY_CLIENT_SECRET");
    let told = |tool: Tool| {
        let outcome = tool.run(&["BTS"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
        outcome.stderr
    };
    insta::assert_snapshot!(told(bare()), @"
    error[credentials_missing]: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set
    hint: set them in the environment or in .env, or try --demo, which needs no credentials
    ");
    insta::assert_snapshot!(told(spotify.tool().without("SPOTIFY_CLIENT_SECRET")), @"
    error[credentials_missing]: SPOTIFY_CLIENT_SECRET is not set
    hint: set them in the environment or in .env, or try --demo, which needs no credentials
    ");
    insta::assert_snapshot!(told(bare().env("SPOTIPY_CLIENT_ID", "i").env("SPOTIPY_CLIENT_SECRET", "s")), @"
    error[credentials_missing]: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set
    hint: SPOTIPY_CLIENT_ID is set, but this tool reads SPOTIFY_CLIENT_ID
    ");
    insta::assert_snapshot!(told(spotify.tool().env("SPOTIFY_CLIENT_SECRET", " ")), @"
    error[credentials_malformed]: SPOTIFY_CLIENT_SECRET in the environment is empty
    hint: compare SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET with the app's settings at https://developer.spotify.com/dashboard
    ");
    insta::assert_snapshot!(told(spotify.tool().env("SPOTIFY_CLIENT_ID", "\"i\"")), @"
    error[credentials_malformed]: SPOTIFY_CLIENT_ID in the environment has quotation marks in it: leave them out
    hint: compare SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET with the app's settings at https://developer.spotify.com/dashboard
    ");
    assert_eq!(spotify.counts().await, (0, 0));
}

#[cfg(unix)]
#[tokio::test]
async fn a_variable_that_is_not_text_is_malformed() {
    use std::os::unix::ffi::OsStrExt;
    let spotify = Spotify::with(&artists(&[])).await;
    let broken = std::ffi::OsStr::from_bytes(b"i\xff");
    let outcome = spotify.tool().env("SPOTIFY_CLIENT_ID", broken).run(&["BTS"]);
    assert_eq!((outcome.code, outcome.error_code()), (2, "credentials_malformed"));
}
