//! Secrets: none is printed, with every failure and log level.

use crate::support::{
    BASIC, ID, Outcome, Request, ResponseTemplate, SECRET, TOKEN, TestCommand, TestServer, artists,
    error, raw_server, token,
};

/// Asserts that the output contains no 16 characters in a row of any secret.
#[track_caller]
fn assert_shows_no_secret(outcome: &Outcome) {
    let output = format!("{}{}", outcome.stdout, outcome.stderr);
    for secret in [ID, SECRET, BASIC, TOKEN] {
        for part in secret.as_bytes().windows(16) {
            assert!(!output.contains(str::from_utf8(part).unwrap()), "{secret}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn log_shows_requests_and_no_secret() {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    let outcome = server.run(&["BTS", "-vv"]);
    assert!(outcome.stderr.contains("/v1/search?q=BTS"), "{outcome:?}");
    assert!(outcome.stderr.contains("/api/token"), "{outcome:?}");
    assert_eq!(outcome.stderr.matches("response status=200 elapsed=").count(), 2, "{outcome:?}");
    assert_shows_no_secret(&outcome);
    assert_eq!(server.run(&["BTS"]).stderr, "");
    let log = server.run(&["BTS", "-v"]).stderr;
    assert!(!log.contains("/v1/search") && log.contains("token"), "{log}");
    assert!(log.lines().all(|line| !line.starts_with(' ')), "{log}");
}

#[tokio::test]
async fn failed_search_shows_no_secret() {
    for response in [
        error(401, "Invalid access token"),
        error(400, "Invalid limit"),
        ResponseTemplate::new(200).set_body_string("{"),
        ResponseTemplate::new(302).append_header("location", "https://other.example"),
    ] {
        let outcome = TestServer::responding(response).await.run(&["BTS", "-vv", "--retries", "0"]);
        assert_eq!(outcome.exit_status, 1);
        assert_shows_no_secret(&outcome);
    }
    let cut = raw_server("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{");
    let outcome = TestCommand::for_server(&cut).run(&["BTS", "-vv", "--retries", "0"]);
    assert_eq!(outcome.exit_status, 1);
    assert_shows_no_secret(&outcome);
}

#[tokio::test]
async fn failed_token_request_shows_no_secret() {
    for response in [
        error(400, "Invalid client"),
        ResponseTemplate::new(200).set_body_string(format!(r#"{{"access_token":"{TOKEN}""#)),
        ResponseTemplate::new(200).set_body_string(format!("\"{TOKEN}\"")),
        token(&format!("{TOKEN}\n")),
    ] {
        let server = TestServer::without_responses().await;
        server.on_token(response, None).await;
        let outcome = server.run(&["BTS", "-vv"]);
        assert_eq!(outcome.exit_status, 1);
        assert_shows_no_secret(&outcome);
    }
}

#[tokio::test]
async fn header_that_the_server_repeats_is_hidden() {
    let repeat_header = |request: &Request| {
        let header = request.headers["authorization"].to_str().unwrap();
        error(403, &format!("you sent {header}"))
    };
    let server = TestServer::with_tokens().await;
    server.on_search(repeat_header, None).await;
    let outcome = server.run(&["BTS"]);
    assert!(outcome.stderr.contains("you sent Bearer [hidden]\n"), "{outcome:?}");
    assert_shows_no_secret(&outcome);

    let server = TestServer::without_responses().await;
    server.on_token(repeat_header, None).await;
    let outcome = server.run(&["BTS"]);
    assert!(outcome.stderr.contains("you sent Basic [hidden]\n"), "{outcome:?}");
    assert_shows_no_secret(&outcome);

    // A search does not send the Basic value.
    let outcome = TestServer::responding(error(400, &format!("bad: {BASIC}"))).await.run(&["BTS"]);
    assert!(outcome.stderr.contains("Request: bad: [hidden]\n"), "{outcome:?}");

    let server = TestServer::without_responses().await;
    server.on_token(error(400, &format!("no app has {ID}:{SECRET}")), None).await;
    let outcome = server.run(&["BTS"]);
    assert!(outcome.stderr.contains("no app has [hidden]:[hidden]"), "{outcome:?}");
    assert_shows_no_secret(&outcome);
}

#[tokio::test]
async fn message_without_a_secret_is_shown_whole() {
    let message =
        "upstream_reset_before_response_started; see https://developer.spotify.com/documentation";
    let outcome = TestServer::responding(error(400, message)).await.run(&["BTS"]);
    assert!(outcome.stderr.contains(message), "{outcome:?}");
}

#[tokio::test]
async fn short_secret_that_a_server_repeats_is_hidden() {
    let server = TestServer::without_responses().await;
    server.on_token(error(400, "the secret hunter2 is wrong"), None).await;
    let outcome = server.command().env("SPOTIFY_CLIENT_SECRET", "hunter2").run(&["BTS"]);
    outcome.assert_error(1, "credentials_rejected");
    assert!(outcome.stderr.contains("the secret [hidden] is wrong"), "{outcome:?}");
}

#[test]
fn malformed_credentials_are_not_shown() {
    let command = TestCommand::for_server("https://localhost:1");
    let command = command.env("SPOTIFY_CLIENT_SECRET", format!("'{SECRET}'"));
    let outcome = command.run(&["BTS", "-vv"]);
    outcome.assert_error(2, "credentials_malformed");
    assert_shows_no_secret(&outcome);
}

#[test]
fn password_of_a_proxy_is_not_shown() {
    // The token request is sent, the search request meets the proxy.
    let command = TestCommand::for_server(&raw_server(""));
    let command = command.env("SPOTIFY_API_URL", "https://localhost:1");
    let command = command.env("HTTPS_PROXY", format!("http://{ID}:{SECRET}@127.0.0.1:1"));
    let outcome = command.run(&["BTS", "-vv", "--retries", "0"]);
    assert_eq!((outcome.exit_status, outcome.error_code()), (1, "network"), "{outcome:?}");
    assert_shows_no_secret(&outcome);
}
