//! Errors: the code, the exit status and the message for each response of a server.

use crate::support::{
    ResponseTemplate, TestCommand, TestServer, error, http_response, rate_limited, raw_server,
    token,
};

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
        (text(200, r#"{"artists":{"items":["#), "network"),
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
    insta::assert_snapshot!(message, @"
    error[bad_response]: the response from HOST is not valid JSON: expected value at line 1 column 13
    hint: a proxy or the login page of a network may have answered instead of Spotify
    ");

    let server = TestServer::without_responses().await;
    server.on_token(text(503, "upstream connect error"), None).await;
    insta::assert_snapshot!(server.run(&["BTS", "--retries", "0"]).stderr, @"
    error[server_error]: cannot get a token: Spotify returned 503 Service Unavailable: upstream connect error
    hint: the problem is on Spotify's side: try again later
    ");
}

#[tokio::test]
async fn rejected_credentials_have_a_hint() {
    let server = TestServer::without_responses().await;
    let rejected = r#"{"error":"invalid_client","error_description":"Invalid client"}"#;
    server.on_token(text(400, rejected), None).await;
    insta::assert_snapshot!(server.run(&["BTS"]).stderr, @"
    error[credentials_rejected]: Spotify rejected the client id and secret (400 Bad Request: Invalid client)
    hint: compare SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET in the environment with the app's settings at https://developer.spotify.com/dashboard
    ");
}

#[tokio::test]
async fn rejected_new_token_is_not_blamed_on_the_credentials() {
    let server = TestServer::responding(error(401, "Invalid access token")).await;
    insta::assert_snapshot!(server.run(&["BTS"]).stderr, @"
    error[credentials_rejected]: Spotify rejects a token that it has just issued (401 Unauthorized: Invalid access token)
    hint: try again later, or check the app at https://developer.spotify.com/dashboard
    ");
}

/// Standard error of a search without retries, with `HOST` for the server.
async fn stderr(response: ResponseTemplate) -> String {
    let server = TestServer::responding(response).await;
    let outcome = server.run(&["BTS", "--retries", "0"]);
    outcome.stderr.replace(&server.url()["http://".len()..], "HOST")
}

#[tokio::test]
async fn errors_of_the_server_have_hints() {
    insta::assert_snapshot!(stderr(error(403, "User not registered")).await, @"
    error[forbidden]: Spotify returned 403 Forbidden: User not registered
    hint: check the app's settings and its users at https://developer.spotify.com/dashboard
    ");
    insta::assert_snapshot!(stderr(text(403, "Spotify is unavailable in this country")).await, @"
    error[forbidden]: Spotify returned 403 Forbidden: Spotify is unavailable in this country
    hint: Spotify is not available in the country of this machine's address
    ");
    insta::assert_snapshot!(stderr(text(403, "Active premium subscription required")).await, @"
    error[premium_required]: Spotify requires the app's owner to have Premium (403 Forbidden: Active premium subscription required)
    hint: since 2026 an app in Development Mode works only if its owner has Premium
    ");
    insta::assert_snapshot!(stderr(text(503, "")).await, @"
    error[server_error]: Spotify returned 503 Service Unavailable
    hint: the problem is on Spotify's side: try again later
    ");
    insta::assert_snapshot!(stderr(text(200, "<!DOCTYPE html>")).await, @"
    error[bad_response]: the response from HOST is HTML instead of JSON
    hint: a proxy or the login page of a network may have answered instead of Spotify
    ");
    insta::assert_snapshot!(stderr(text(302, "")).await, @"
    error[bad_response]: the response from HOST has a redirect that the API does not document (302 Found)
    hint: a proxy or the login page of a network may have answered instead of Spotify
    ");
}

#[tokio::test]
async fn html_instead_of_a_token_is_named_as_such() {
    let server = TestServer::without_responses().await;
    server.on_token(text(200, "<html>"), None).await;
    let outcome = server.run(&["BTS"]);
    assert!(outcome.stderr.contains(" is HTML instead of JSON\n"), "{outcome:?}");
}

#[tokio::test]
async fn invalid_market_has_a_hint() {
    let server = TestServer::responding(error(400, "Invalid market code")).await;
    insta::assert_snapshot!(server.run(&["BTS", "--market", "xk"]).stderr, @"
    error[bad_request]: Spotify returned 400 Bad Request: Invalid market code
    hint: Spotify has no market XK: pass another country's two-letter code, such as --market US or --market KR
    ");
}

#[test]
fn network_error_has_a_hint_that_names_the_proxy() {
    let command = || TestCommand::for_server("https://localhost:1");
    let hint = |command: TestCommand| {
        let outcome = command.run(&["BTS", "--retries", "0"]);
        outcome.assert_error(1, "network");
        outcome.stderr.lines().last().map(str::to_owned).unwrap()
    };
    insta::assert_snapshot!(hint(command()), @"hint: check the network connection and DNS; if a proxy is needed, set HTTPS_PROXY");
    let with_proxy = command().env("HTTPS_PROXY", "http://127.0.0.1:1");
    insta::assert_snapshot!(hint(with_proxy), @"hint: check the network connection and the proxy that HTTPS_PROXY sets");
}

#[tokio::test]
async fn time_in_a_hint_is_local() {
    let server = TestServer::responding(rate_limited("3600")).await;
    let minutes = |zone: &str| {
        let outcome = server.command().env("TZ", zone).run(&["BTS"]);
        let (_, hint) = outcome.stderr.split_once("search again after ").unwrap();
        let (hours, minutes) = (hint[..2].parse::<u32>().unwrap(), hint[3..5].parse::<u32>());
        60 * hours + minutes.unwrap()
    };
    let utc = minutes("UTC");
    // Windows has no zone files.
    let kathmandu = if cfg!(unix) { 345 } else { 0 };
    for (zone, offset) in
        [("Asia/Kathmandu", kathmandu), ("EST5", 1_440 - 300), ("No/Such_Zone", 0)]
    {
        let difference = (1_440 + minutes(zone) - utc) % 1_440;
        // The minute may have changed between the two runs.
        assert!((offset..=offset + 1).contains(&difference), "{zone}: {difference}");
    }
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
    let line = outcome.stderr.lines().next().unwrap();
    insta::assert_snapshot!(line, @r"error[forbidden]: Spotify returned 403 Forbidden: \u001b]0;title\u0007\u001b[2J\u202egniht error[network]: a second line");
}

#[tokio::test]
async fn error_object_in_a_successful_response_has_the_code_of_its_status() {
    let body = r#"{"error":{"status":503,"message":"Server error."}}"#;
    let response = ResponseTemplate::new(200).set_body_string(body);
    let outcome = TestServer::responding(response).await.run(&["x", "--retries", "1"]);
    outcome.assert_error(1, "server_error");
    assert!(outcome.stderr.contains(": Server error; gave up after 2 attempts\n"), "{outcome:?}");
    assert!(outcome.stderr.contains("hint: the problem is on Spotify's side"), "{outcome:?}");
}
