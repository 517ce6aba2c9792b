//! Errors: the code, the exit status and the message for each response of a server.

use wiremock::ResponseTemplate;

use crate::support::{TestCommand, TestServer, error, http_response, raw_server, token};

fn text(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_string(body)
}

fn bytes(status: u16, body: &[u8]) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_bytes(body)
}

#[tokio::test]
async fn every_search_response_has_its_code() {
    let premium =
        "Active premium subscription required for the owner of the app. Contact the owner.";
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let cases = [
        (error(400, "Invalid limit"), "bad_request"),
        (text(400, ""), "bad_request"),
        (text(400, r#"{"error":{"status":400}}"#), "bad_request"),
        (text(400, r#"{"error":{"status":400,"message":""}}"#), "bad_request"),
        (bytes(400, b"\xff\xfe\x00"), "bad_request"),
        (error(401, "The access token expired"), "credentials_rejected"),
        (text(403, premium), "premium_required"),
        (error(403, "Bad OAuth request"), "forbidden"),
        (text(404, ""), "not_found"),
        (text(405, ""), "bad_request"),
        (text(418, "short and stout"), "bad_request"),
        (text(429, "Too many requests"), "rate_limited"),
        (text(500, "<html><body>oops</body></html>"), "server_error"),
        (text(501, ""), "server_error"),
        (text(502, ""), "server_error"),
        (text(503, "upstream connect error or disconnect/reset before headers"), "server_error"),
        (text(504, ""), "server_error"),
        (text(302, "").append_header("location", "https://other.example"), "bad_response"),
        (text(304, ""), "bad_response"),
        (text(200, ""), "bad_response"),
        (text(204, ""), "bad_response"),
        (text(200, "<html>hello</html>"), "bad_response"),
        (text(200, "[]"), "bad_response"),
        (text(200, "{}"), "bad_response"),
        (text(200, r#"{"artists":null}"#), "bad_response"),
        (text(200, r#"{"artists":[]}"#), "bad_response"),
        (text(200, r#"{"artists":{"items":{}}}"#), "bad_response"),
        (text(200, r#"{"artists":{"items":["#), "bad_response"),
        (text(200, &"[".repeat(100_000)), "bad_response"),
        (text(200, &format!(r#"{{"artists":{deep}}}"#)), "bad_response"),
        (bytes(200, b"{\"artists\":{\"items\":[\"\xff\"]}}"), "bad_response"),
    ];
    for (response, code) in cases {
        let case = format!("{response:?}");
        let outcome = TestServer::responding(response).await.run(&["BTS", "--retries", "0"]);
        assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (1, ""), "{case}: {outcome:?}");
        assert_eq!(outcome.error_code(), code, "{case}: {outcome:?}");
        let longest = outcome.stderr.lines().map(str::len).max().unwrap();
        assert!(longest < 400, "{case}: {outcome:?}");
    }
}

#[tokio::test]
async fn every_token_response_has_its_code() {
    let cases = [
        (
            text(400, r#"{"error":"invalid_client","error_description":"Invalid client secret"}"#),
            "credentials_rejected",
        ),
        (text(400, r#"{"error":"invalid_client"}"#), "credentials_rejected"),
        (text(400, ""), "credentials_rejected"),
        (text(401, ""), "credentials_rejected"),
        (text(400, r#"{"error":"unsupported_grant_type"}"#), "bad_request"),
        (text(429, ""), "rate_limited"),
        (text(503, ""), "server_error"),
        (text(200, ""), "bad_response"),
        (text(200, "{}"), "bad_response"),
        (text(200, r#"{"access_token":null}"#), "bad_response"),
        (token(""), "bad_response"),
        (token("line\nbreak"), "bad_response"),
    ];
    for (response, code) in cases {
        let case = format!("{response:?}");
        let server = TestServer::without_responses().await;
        server.on_token(response, None).await;
        let outcome = server.run(&["BTS", "--retries", "0"]);
        assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (1, ""), "{case}: {outcome:?}");
        assert_eq!(outcome.error_code(), code, "{case}: {outcome:?}");
        assert_eq!(server.request_counts().await, (1, 0), "{case}");
    }
}

#[tokio::test]
async fn message_ends_with_the_root_cause() {
    let server = TestServer::responding(text(200, r#"{"artists": oops}"#)).await;
    let message = server.run(&["BTS"]).stderr.replace(&server.url()["http://".len()..], "HOST");
    insta::assert_snapshot!(message, @"error[bad_response]: the response from HOST is not valid JSON: expected value at line 1 column 13");

    let server = TestServer::without_responses().await;
    server.on_token(text(503, "upstream connect error"), None).await;
    insta::assert_snapshot!(server.run(&["BTS", "--retries", "0"]).stderr, @"error[server_error]: cannot get a token: Spotify returned 503 Service Unavailable: upstream connect error");
}

#[tokio::test]
async fn rejected_credentials_have_a_hint() {
    let server = TestServer::without_responses().await;
    let rejected = r#"{"error":"invalid_client","error_description":"Invalid client"}"#;
    server.on_token(text(400, rejected), None).await;
    insta::assert_snapshot!(server.run(&["BTS"]).stderr, @"
    error[credentials_rejected]: Spotify rejected the client id and secret (400 Bad Request: Invalid client)
    hint: compare SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET with the app's settings at https://developer.spotify.com/dashboard
    ");
}

#[tokio::test]
async fn rejected_long_query_has_a_hint() {
    let server = TestServer::responding(text(404, "")).await;
    insta::assert_snapshot!(server.run(&[&"x".repeat(120)]).stderr, @"
    error[not_found]: Spotify returned 404 Not Found
    hint: the query has 120 characters; Spotify has rejected queries of more than about 100
    ");
}

#[test]
fn control_characters_in_a_server_message_are_escaped() {
    let body = "\u{1b}]0;title\u{7}\u{1b}[2J\u{202e}gniht\r\nerror[network]: a second line";
    let url = raw_server(http_response("403 Forbidden", body));
    let outcome = TestCommand::for_server(&url).run(&["BTS"]);
    outcome.assert_error(1, "forbidden");
    insta::assert_snapshot!(outcome.stderr, @r"error[forbidden]: Spotify returned 403 Forbidden: \u001b]0;title\u0007\u001b[2J\u202egniht error[network]: a second line");
}
