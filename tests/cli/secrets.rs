//! Secrets: none is printed, with every failure and log level.

use std::io::Write;

use serde_json::json;
use wiremock::{Request, ResponseTemplate};

use crate::support::{
    BASIC, ID, Outcome, SECRET, TOKEN, TestCommand, TestServer, artists, error, http_response,
    listen, raw_server, read_head, token,
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
    assert_shows_no_secret(&outcome);
    assert_eq!(server.run(&["BTS"]).stderr, "");
    let log = server.run(&["BTS", "-v"]).stderr;
    assert!(!log.contains("/v1/search") && log.contains("token"), "{log}");
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

    let server = TestServer::without_responses().await;
    server.on_token(error(400, &format!("no app has {ID}:{SECRET}")), None).await;
    let outcome = server.run(&["BTS"]);
    assert!(outcome.stderr.contains("no app has [hidden]:[hidden]"), "{outcome:?}");
    assert_shows_no_secret(&outcome);
}

/// Ways to write a secret.
fn spellings(secret: &str) -> [String; 6] {
    let escape_all = |prefix: &str| -> String {
        secret.bytes().fold(String::new(), |text, byte| text + prefix + &format!("{byte:02x}"))
    };
    let groups: Vec<&str> =
        secret.as_bytes().chunks(5).map(|part| str::from_utf8(part).unwrap()).collect();
    [
        secret.to_owned(),
        format!("\"{}\"", secret.trim_end_matches('=')),
        escape_all("%"),
        escape_all("\\u00"),
        groups.join(" "),
        groups.join("\r\n"),
    ]
}

/// Error responses that repeat a text.
fn repeating(text: &str) -> [String; 6] {
    let bad_request = |body: &str| http_response("400 Bad Request", body);
    let line = text.replace("\r\n", "");
    [
        bad_request(&json!({"error": {"message": text}}).to_string()),
        bad_request(&json!({"error": "server_error", "error_description": text}).to_string()),
        bad_request(&json!({"error": text}).to_string()),
        bad_request(&json!({"message": text, "error": {"reason": text}}).to_string()),
        bad_request(&format!("bad: {text}")),
        format!(
            "HTTP/1.1 307 {line}\r\nlocation: https://localhost/?{line}\r\nretry-after: {line}\r\n\r\n"
        ),
    ]
}

#[test]
fn secret_that_a_server_repeats_is_hidden_in_every_spelling() {
    let pair = format!("{ID}:{SECRET}");
    for (number, secret) in [SECRET, &pair, BASIC, TOKEN].into_iter().enumerate() {
        for (spelling, text) in spellings(secret).iter().enumerate() {
            // Each secret and each spelling meet several kinds of response.
            let responses = repeating(text);
            for form in [number + spelling, number + spelling + 3] {
                assert_hidden(secret, text, &responses[form % responses.len()]);
            }
        }
    }
}

/// Runs a search, a batch, and a search without a token against this error response.
fn assert_hidden(secret: &str, text: &str, response: &str) {
    let search = TestCommand::for_server(&raw_server(response));
    let batch = TestCommand::for_server(&raw_server(response)).with_file("list", "BTS\n");
    let response = response.to_owned();
    let accounts = listen(move |mut stream| {
        read_head(&mut stream);
        let _ = stream.write_all(response.as_bytes());
    });
    let token = TestCommand::for_server(&format!("http://{accounts}"));
    // Without white space and escapes, each spelling would be found.
    let plain = |text: &str| text.replace("\\r\\n", "").replace(['\\', '"', ' ', '\n', '\r'], "");
    let mut outcomes = vec![
        search.run(&["BTS", "-vv", "--retries", "0"]),
        batch.run(&["--input", "list", "--json", "-vv", "--retries", "0"]),
    ];
    // The accounts service does not know the token before it issues it.
    if secret != TOKEN {
        outcomes.push(token.run(&["BTS", "-vv", "--retries", "0"]));
    }
    for outcome in outcomes {
        assert_eq!(outcome.exit_status, 1, "{text}: {outcome:?}");
        for output in [&outcome.stdout, &outcome.stderr] {
            assert!(!plain(output).contains(&plain(text)), "{text}: {outcome:?}");
        }
        assert_shows_no_secret(&outcome);
    }
}

#[tokio::test]
async fn short_secret_that_a_server_repeats_is_hidden() {
    let server = TestServer::without_responses().await;
    server.on_token(error(400, "the secret hunter2 is wrong"), None).await;
    let outcome = server.command().env("SPOTIFY_CLIENT_SECRET", "hunter2").run(&["BTS"]);
    outcome.assert_error(1, "credentials_rejected");
    assert!(outcome.stderr.contains("(400 Bad Request: [hidden])"), "{outcome:?}");
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
