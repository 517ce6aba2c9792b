//! What each answer of a server comes to: its code, its exit status, one line, and nothing on
//! standard output.

use wiremock::ResponseTemplate;

use crate::support::{Spotify, error, http, raw, token};

fn text(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_string(body)
}

#[tokio::test]
async fn every_answer_to_a_search_has_its_code() {
    let premium =
        "Active premium subscription required for the owner of the app. Contact the owner.";
    let cases = [
        (error(400, "Invalid limit"), "bad_request"),
        (text(400, ""), "bad_request"),
        (text(400, r#"{"error":{"status":400}}"#), "bad_request"),
        (text(400, r#"{"error":{"status":400,"message":""}}"#), "bad_request"),
        (ResponseTemplate::new(400).set_body_bytes(b"\xff\xfe\x00".as_slice()), "bad_request"),
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
        (text(302, "").append_header("location", "https://stranger.example"), "bad_response"),
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
        (
            text(200, &format!(r#"{{"artists":{}}}"#, "[".repeat(100_000) + &"]".repeat(100_000))),
            "bad_response",
        ),
        (
            ResponseTemplate::new(200)
                .set_body_bytes(b"{\"artists\":{\"items\":[\"\xff\"]}}".as_slice()),
            "bad_response",
        ),
    ];
    for (answer, code) in cases {
        let case = format!("{code}: {answer:?}");
        let spotify = Spotify::answering(answer).await;
        let outcome = spotify.run(&["BTS", "--retries", "0"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{case}: {outcome:?}");
        assert_eq!(outcome.error_code(), code, "{case}: {outcome:?}");
        let longest = outcome.stderr.lines().map(str::len).max().unwrap();
        assert!(longest < 400, "{case}: {outcome:?}");
    }
}

#[tokio::test]
async fn every_answer_to_a_request_for_a_token_has_its_code() {
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
    for (answer, code) in cases {
        let case = format!("{code}: {answer:?}");
        let spotify = Spotify::silent().await;
        spotify.tokens(answer, None).await;
        let outcome = spotify.run(&["BTS", "--retries", "0"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{case}: {outcome:?}");
        assert_eq!(outcome.error_code(), code, "{case}: {outcome:?}");
        assert_eq!(spotify.counts().await, (1, 0), "{case}");
    }
}

#[tokio::test]
async fn rejected_credentials_say_where_to_look() {
    let spotify = Spotify::silent().await;
    spotify
        .tokens(
            text(400, r#"{"error":"invalid_client","error_description":"Invalid client"}"#),
            None,
        )
        .await;
    insta::assert_snapshot!(spotify.run(&["BTS"]).stderr, @"
    error[credentials_rejected]: Spotify does not accept the client id and secret (400 Bad Request: Invalid client)
    hint: compare SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET with the app's settings at https://developer.spotify.com/dashboard
    ");
}

#[tokio::test]
async fn a_long_query_that_is_refused_is_said_to_be_long() {
    let spotify = Spotify::answering(text(404, "")).await;
    insta::assert_snapshot!(spotify.run(&[&"x".repeat(120)]).stderr, @"
    error[not_found]: Spotify found nothing at the address of the search (404 Not Found)
    hint: the query has 120 characters, and Spotify has refused queries of more than about 100
    ");
}

#[test]
fn a_server_can_not_write_to_the_terminal() {
    let evil = "\u{1b}]0;title\u{7}\u{1b}[2J\u{202e}gniht\r\nerror[network]: a second line";
    let outcome = crate::support::Tool::against(&raw(http("403 Forbidden", evil))).run(&["BTS"]);
    assert_eq!(outcome.error_code(), "forbidden");
    insta::assert_snapshot!(outcome.stderr, @r"error[forbidden]: Spotify forbids this search (403 Forbidden: \u001b]0;title\u0007\u001b[2J\u202egniht error[network]: a second line)");
}
