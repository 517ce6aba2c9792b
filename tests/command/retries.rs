//! Retries: after which failures a request is sent again, and how long to wait.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::{
    Catalogue, Request, Respond, ResponseTemplate, TestServer, error, found, parameter,
    rate_limited, token,
};

const QUOTA: &str =
    r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;

#[tokio::test]
async fn waits_for_retry_after_and_retries() {
    let server = TestServer::with_tokens().await;
    server.on_search(rate_limited("1"), Some(1)).await;
    server.on_search(found(&["BTS"]), None).await;
    let start = Instant::now();
    server.run(&["BTS"]).assert_silent_success();
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.request_counts().await, (1, 2));
}

#[tokio::test]
async fn wait_of_more_than_a_second_is_reported_unless_quiet() {
    let server = async || {
        let server = TestServer::with_tokens().await;
        server.on_search(rate_limited("2"), Some(1)).await;
        server.on_search(found(&["BTS"]), None).await;
        server
    };
    // Both runs wait at the same time.
    let quiet_server = server().await;
    let quiet = quiet_server.command();
    let quiet = std::thread::spawn(|| quiet.run(&["BTS", "--quiet"]));
    let outcome = server().await.run(&["BTS"]);
    outcome.assert_success();
    quiet.join().unwrap().assert_silent_success();
    assert_eq!(outcome.stderr, "note: rate limited by Spotify; waiting 2 s\n");
}

#[tokio::test]
async fn notes_and_the_last_error_count_the_attempts() {
    let server =
        TestServer::responding(ResponseTemplate::new(503).append_header("retry-after", "2")).await;
    insta::assert_snapshot!(server.run(&["BTS", "--retries", "1"]).stderr, @"
    note: Spotify returned 503 Service Unavailable; attempt 2 of 2 in 2 s
    error[server_error]: Spotify returned 503 Service Unavailable; gave up after 2 attempts
    hint: the problem is on Spotify's side: try again later
    ");
}

#[tokio::test]
async fn fails_at_once_if_retry_after_exceeds_max_wait() {
    for (response, args, message) in [
        (
            rate_limited("20000"),
            &["BTS"][..],
            "error[rate_limited]: rate limited by Spotify for another 5 h 34 min\nhint: search again after ",
        ),
        (rate_limited("20000"), &["BTS"], ", or pass --max-wait 6h\n"),
        (
            rate_limited("40"),
            &["BTS", "--max-wait", "30"],
            "rate limited by Spotify for another 40 s\n",
        ),
        (rate_limited("99999999999999999999"), &["BTS"], "rate limited by Spotify for another "),
        (
            rate_limited("1"),
            &["BTS", "--retries", "0"],
            "rate limited by Spotify for another 1 s\n",
        ),
        (
            rate_limited("86400").set_body_string(QUOTA),
            &["BTS"],
            "the request quota is used up for another 1 d\n",
        ),
    ] {
        let server = TestServer::responding(response).await;
        let start = Instant::now();
        let outcome = server.run(args);
        assert!(start.elapsed() < Duration::from_secs(10));
        outcome.assert_error(1, "rate_limited");
        assert!(outcome.stderr.contains(message), "{message}: {}", outcome.stderr);
        assert_eq!(server.request_counts().await, (1, 1));
    }
}

#[tokio::test]
async fn rate_limit_without_retry_after_is_named_as_such() {
    let quota = ResponseTemplate::new(429).set_body_string(QUOTA);
    for (response, args, message) in [
        (
            ResponseTemplate::new(429),
            &["BTS", "--retries", "0"][..],
            "error[rate_limited]: rate limited by Spotify (429 without Retry-After)\n",
        ),
        (
            quota,
            &["BTS"],
            "error[rate_limited]: the request quota is used up (429 without Retry-After)\nhint: all apps of your developer account share the quota\n",
        ),
    ] {
        let server = TestServer::responding(response).await;
        let outcome = server.run(args);
        outcome.assert_error(1, "rate_limited");
        assert_eq!(outcome.stderr, message);
        assert_eq!(server.request_counts().await, (1, 1));
    }
}

#[tokio::test]
async fn max_wait_covers_all_pages_of_a_query() {
    let catalogue = Catalogue::new(&[("artists", 100)], 50);
    let offsets = Mutex::new(HashSet::new());
    // The first request for each page is rate limited.
    let server = TestServer::responding(move |request: &Request| {
        if offsets.lock().unwrap().insert(parameter(request, "offset")) {
            return rate_limited("1");
        }
        catalogue.respond(request)
    })
    .await;
    let outcome = server.run(&["x", "--limit", "100", "--max-wait", "1.5"]);
    outcome.assert_error(1, "rate_limited");
    assert!(outcome.stderr.contains("--max-wait 2s"), "{outcome:?}");
}

#[tokio::test]
async fn max_wait_of_0_fails_without_a_retry() {
    let server = TestServer::responding(ResponseTemplate::new(503)).await;
    server.run(&["BTS", "--max-wait", "0"]).assert_error(1, "server_error");
    assert_eq!(server.request_counts().await, (1, 1));
}

#[tokio::test]
async fn retries_server_errors_and_no_other_status() {
    for (status, searches) in
        [(408, 2), (500, 2), (502, 2), (503, 2), (504, 2), (501, 1), (400, 1), (403, 1), (404, 1)]
    {
        let server = TestServer::with_tokens().await;
        server.on_search(ResponseTemplate::new(status), Some(1)).await;
        server.on_search(found(&["BTS"]), None).await;
        let is_success = server.run(&["BTS"]).exit_status == 0;
        assert_eq!(is_success, searches == 2, "{status}");
        assert_eq!(server.request_counts().await, (1, searches), "{status}");
    }
}

#[tokio::test]
async fn rate_limits_of_a_batch_do_not_count_as_retries() {
    let requests = AtomicUsize::new(0);
    let server = TestServer::responding(move |request: &Request| {
        // The second request is refused, the third succeeds, and so on.
        match requests.fetch_add(1, Ordering::Relaxed) % 2 {
            1 => rate_limited("1"),
            _ => found(&[&parameter(request, "q")]),
        }
    })
    .await;
    let command = server.command().with_file("names.txt", "a\nb\n");
    let outcome = command.run(&["-i", "names.txt", "-f", "id", "-j", "1", "--retries", "0"]);
    assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (0, "id-a\nid-b\n"));
}

#[tokio::test]
async fn failed_queries_of_a_batch_are_progress() {
    let requests = AtomicUsize::new(0);
    let server = TestServer::responding(move |_: &Request| {
        match requests.fetch_add(1, Ordering::Relaxed) % 2 {
            1 => rate_limited("1"),
            _ => error(404, "not found"),
        }
    })
    .await;
    let command = server.command().with_file("names.txt", "a\nb\nc\n");
    let outcome = command.run(&["-i", "names.txt", "-j", "1", "--max-wait", "1.5"]);
    assert_eq!((outcome.exit_status, outcome.stdout.lines().count()), (1, 3), "{outcome:?}");
}

#[tokio::test]
async fn renews_a_rejected_token_once() {
    let server = TestServer::without_responses().await;
    server.on_token(token("old"), Some(1)).await;
    server.on_token(token("new"), None).await;
    server.on_search(error(401, "The access token expired"), Some(1)).await;
    server.on_search(found(&["BTS"]), None).await;
    server.run(&["BTS", "--retries", "0"]).assert_silent_success();
    let requests = server.requests().await;
    let sent: Vec<_> =
        requests.iter().map(|request| request.headers["authorization"].to_str().unwrap()).collect();
    assert_eq!((sent.len(), sent[1], sent[3]), (4, "Bearer old", "Bearer new"));

    let server = TestServer::responding(error(401, "Invalid access token")).await;
    server.run(&["BTS"]).assert_error(1, "credentials_rejected");
    assert_eq!(server.request_counts().await, (2, 2));
}

#[tokio::test]
async fn rejected_token_is_not_used_again_if_the_next_token_request_fails() {
    let server = TestServer::without_responses().await;
    server.on_token(token("old"), Some(1)).await;
    server.on_token(ResponseTemplate::new(503), Some(1)).await;
    server.on_token(token("new"), None).await;
    server.on_search(error(401, "The access token expired"), Some(1)).await;
    server.on_search(found(&["BTS"]), None).await;
    server.run(&["BTS"]).assert_success();
    assert_eq!(server.request_counts().await, (3, 2));
}
