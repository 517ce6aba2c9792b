//! When a failed request is tried again, and for how long at most.

use std::time::{Duration, Instant};

use wiremock::ResponseTemplate;

use crate::support::{Spotify, TOKEN, artists, error, token};

fn found() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(artists(&["BTS"]))
}

fn limited(retry_after: &str) -> ResponseTemplate {
    ResponseTemplate::new(429).append_header("retry-after", retry_after)
}

#[tokio::test]
async fn a_wait_that_fits_is_waited_and_the_search_tried_again() {
    let spotify = Spotify::giving_tokens().await;
    spotify.searches(limited("1"), Some(1)).await;
    spotify.searches(found(), None).await;
    let begun = Instant::now();
    let outcome = spotify.run(&["BTS"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{outcome:?}");
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(spotify.counts().await, (1, 2));
}

#[tokio::test]
async fn a_wait_of_more_than_a_second_is_announced_unless_quiet() {
    let spotify = Spotify::giving_tokens().await;
    // Both runs are refused once and wait at the same time.
    spotify.searches(limited("2"), Some(2)).await;
    spotify.searches(found(), None).await;
    let (loud, quiet) = (spotify.tool(), spotify.tool());
    let quiet = std::thread::spawn(|| quiet.run(&["BTS", "--quiet"]));
    let expected = "note: Spotify limits the app's requests; retry 1 of 3 in 2 s\n";
    assert_eq!(loud.run(&["BTS"]).stderr, expected);
    assert_eq!(quiet.join().unwrap().stderr, "");
}

#[tokio::test]
async fn a_wait_that_does_not_fit_fails_at_once_and_says_how_long_it_is() {
    let quota =
        r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;
    for (answer, args, said) in [
        (
            limited("20000"),
            &["BTS"][..],
            "error[rate_limited]: Spotify asks to wait 5 h 34 min before",
        ),
        (limited("20000"), &["BTS"], "or pass --max-wait 20000 to wait it out"),
        (limited("40"), &["BTS", "--max-wait", "30"], "asks to wait 40 s"),
        (limited("99999999999999999999"), &["BTS"], "asks to wait"),
        (limited("1"), &["BTS", "--retries", "0"], "asks to wait 1 s"),
        (
            limited("86400").set_body_string(quota),
            &["BTS"],
            "the app's quota is used up: Spotify asks to wait 1 d before",
        ),
    ] {
        let spotify = Spotify::answering(answer).await;
        let begun = Instant::now();
        let outcome = spotify.run(args);
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert_eq!((outcome.code, outcome.error_code()), (1, "rate_limited"), "{outcome:?}");
        assert!(outcome.stderr.contains(said), "{said}: {}", outcome.stderr);
        assert_eq!(spotify.counts().await, (1, 1));
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() {
    let spotify = Spotify::silent().await;
    spotify.tokens(token("old"), Some(1)).await;
    spotify.tokens(token("new"), None).await;
    spotify.searches(error(401, "The access token expired"), Some(1)).await;
    spotify.searches(found(), None).await;
    let outcome = spotify.run(&["BTS", "--retries", "0"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{outcome:?}");
    let requests = spotify.requests().await;
    let sent: Vec<_> =
        requests.iter().map(|request| request.headers["authorization"].to_str().unwrap()).collect();
    assert_eq!((sent.len(), sent[1], sent[3]), (4, "Bearer old", "Bearer new"));

    let spotify = Spotify::answering(error(401, "Invalid access token")).await;
    let outcome = spotify.run(&["BTS"]);
    assert_eq!((outcome.code, outcome.error_code()), (1, "credentials_rejected"));
    assert_eq!(spotify.counts().await, (2, 2));
}

#[tokio::test]
async fn a_refused_token_is_not_used_again_while_a_new_one_is_waited_for() {
    let spotify = Spotify::silent().await;
    spotify.tokens(token("old"), Some(1)).await;
    spotify.tokens(ResponseTemplate::new(503), Some(1)).await;
    spotify.tokens(token("new"), None).await;
    spotify.searches(error(401, "The access token expired"), Some(1)).await;
    spotify.searches(found(), None).await;
    assert_eq!(spotify.run(&["BTS"]).code, 0);
    assert_eq!(spotify.counts().await, (3, 2));
}

#[tokio::test]
async fn a_limit_that_says_nothing_of_its_length_is_told_as_such() {
    let quota =
        ResponseTemplate::new(429).set_body_string(r#"{"error":{"reason":"QUOTA_EXCEEDED"}}"#);
    for (answer, args) in
        [(ResponseTemplate::new(429), &["BTS", "--retries", "0"][..]), (quota, &["BTS"])]
    {
        let spotify = Spotify::answering(answer).await;
        let outcome = spotify.run(args);
        assert_eq!((outcome.code, outcome.error_code()), (1, "rate_limited"), "{outcome:?}");
        assert!(outcome.stderr.contains("does not say for how long"), "{outcome:?}");
        assert_eq!(spotify.counts().await, (1, 1));
    }
}

#[tokio::test]
async fn a_failing_server_is_asked_again_and_a_refusing_one_is_not() {
    for (status, searches) in
        [(500, 2), (502, 2), (503, 2), (504, 2), (501, 1), (400, 1), (403, 1), (404, 1)]
    {
        let spotify = Spotify::giving_tokens().await;
        spotify.searches(ResponseTemplate::new(status), Some(1)).await;
        spotify.searches(found(), None).await;
        let outcome = spotify.run(&["BTS"]);
        assert_eq!(
            (outcome.code == 0, spotify.counts().await),
            (searches == 2, (1, searches)),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_token_is_waited_for_as_a_search_is() {
    let spotify = Spotify::silent().await;
    spotify.tokens(ResponseTemplate::new(503), Some(1)).await;
    spotify.tokens(token(TOKEN), None).await;
    spotify.searches(found(), None).await;
    assert_eq!(spotify.run(&["BTS"]).code, 0);
    assert_eq!(spotify.counts().await, (2, 1));
}

#[tokio::test]
async fn no_wait_at_all_is_possible() {
    let spotify = Spotify::answering(ResponseTemplate::new(503)).await;
    let outcome = spotify.run(&["BTS", "--max-wait", "0"]);
    assert_eq!((outcome.code, outcome.error_code()), (1, "server_error"));
    assert_eq!(spotify.counts().await, (1, 1));
}
