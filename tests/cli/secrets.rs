//! No secret in any output, at any verbosity.

use wiremock::ResponseTemplate;

use crate::support::{BASIC, ID, Outcome, SECRET, Spotify, TOKEN, artists, error, http, raw};

fn assert_shows_no_secret(outcome: &Outcome) {
    let shown = format!("{}{}", outcome.stdout, outcome.stderr);
    for secret in [ID, SECRET, BASIC, TOKEN] {
        assert!(!shown.contains(secret), "{secret}: {outcome:?}");
    }
}

#[tokio::test]
async fn the_log_shows_requests_and_no_secret() {
    let spotify = Spotify::with(&artists(&["BTS"])).await;
    let outcome = spotify.run(&["BTS", "-vv"]);
    assert!(outcome.stderr.contains("/v1/search?q=BTS"), "{outcome:?}");
    assert!(outcome.stderr.contains("/api/token"), "{outcome:?}");
    assert_shows_no_secret(&outcome);
    assert_eq!(spotify.run(&["BTS"]).stderr, "");
    let log = spotify.run(&["BTS", "-v"]).stderr;
    assert!(!log.contains("/v1/search") && log.contains("token"), "{log}");
}

#[tokio::test]
async fn no_failure_shows_a_secret() {
    for answer in [
        error(401, "Invalid access token"),
        error(400, "Invalid limit"),
        ResponseTemplate::new(200).set_body_string("{"),
        ResponseTemplate::new(302).append_header("location", "https://stranger.example"),
    ] {
        let outcome = Spotify::answering(answer).await.run(&["BTS", "-vv", "--retries", "0"]);
        assert_eq!(outcome.code, 1);
        assert_shows_no_secret(&outcome);
    }
    // A gateway that repeats what it was sent.
    let echo = |request: &wiremock::Request| {
        let sent = request.headers["authorization"].to_str().unwrap();
        error(403, &format!("you sent {sent}"))
    };
    let spotify = Spotify::giving_tokens().await;
    spotify.searches(echo, None).await;
    let outcome = spotify.run(&["BTS"]);
    assert!(outcome.stderr.contains("you sent Bearer [secret]"), "{outcome:?}");
    assert_shows_no_secret(&outcome);
    let spotify = Spotify::silent().await;
    spotify.tokens(echo, None).await;
    assert_shows_no_secret(&spotify.run(&["BTS"]));
    let spotify = Spotify::silent().await;
    spotify.tokens(error(400, "Invalid client"), None).await;
    assert_shows_no_secret(&spotify.run(&["BTS", "-vv"]));
    let broken =
        crate::support::Tool::against(&raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"));
    assert_shows_no_secret(&broken.run(&["BTS", "-vv", "--retries", "0"]));
    let malformed = spotify.tool().env("SPOTIFY_CLIENT_SECRET", format!("'{SECRET}'"));
    assert_shows_no_secret(&malformed.run(&["BTS", "-vv"]));
    let base = raw(http("200 OK", "x"));
    let proxied = crate::support::Tool::against(&base)
        .env("HTTPS_PROXY", format!("http://{ID}:{SECRET}@127.0.0.1:1"));
    assert_shows_no_secret(&proxied.env("SPOTIFY_API_URL", "https://localhost:1").run(&[
        "BTS",
        "-vv",
        "--retries",
        "0",
    ]));
}
