//! The progress line on a terminal.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use crate::support::{
    Request, Respond, ResponseTemplate, TestCommand, TestServer, artists, found, parameter,
    rate_limited,
};

/// Longer than the delay before the line is drawn.
const SLOW: Duration = Duration::from_millis(700);

const TABLE: &str = "Artists: 1 of 1 for “BTS”\n\nName  ID\nBTS   id-BTS";

#[tokio::test]
async fn slow_search_shows_a_line_that_is_removed() {
    let server = TestServer::responding(found(&["BTS"]).set_delay(SLOW)).await;
    let outcome = server.command().run_on_terminal(&["BTS"], 24, 80);
    assert!(outcome.text().contains("searching"), "{outcome:?}");
    assert_eq!((outcome.exit_status, outcome.screen().as_str()), (0, TABLE));
}

#[tokio::test]
async fn slow_token_request_is_named() {
    let server = TestServer::without_responses().await;
    server.on_token(crate::support::token("t").set_delay(SLOW), None).await;
    server.on_search(found(&["BTS"]), None).await;
    let outcome = server.command().run_on_terminal(&["BTS"], 24, 80);
    assert!(outcome.text().contains("fetching a token"), "{outcome:?}");
    assert_eq!(outcome.screen(), TABLE);
}

#[tokio::test]
async fn pages_are_counted() {
    let catalogue = crate::support::Catalogue::new(&[("artists", 30)], 10);
    let server = TestServer::responding(move |request: &Request| {
        catalogue.respond(request).set_delay(Duration::from_millis(400))
    })
    .await;
    let args = ["x", "-n", "30", "-f", "id", "-j", "1"];
    let outcome = server.command().run_on_terminal(&args, 50, 80);
    assert!(outcome.text().contains("page 2 of 3"), "{outcome:?}");
    let ids: Vec<String> = (0..30).map(|number| format!("artists-{number}")).collect();
    assert_eq!(outcome.screen(), ids.join("\n"));
}

#[test]
fn quick_search_shows_no_line() {
    let outcome = TestCommand::new().run_on_terminal(&["--demo", "BTS"], 24, 80);
    assert!(!outcome.text().contains("searching"), "{outcome:?}");
}

#[tokio::test]
async fn wait_for_the_rate_limit_counts_down_and_leaves_no_note() {
    let server = TestServer::with_tokens().await;
    server.on_search(rate_limited("2"), Some(1)).await;
    server.on_search(found(&["BTS"]), None).await;
    let outcome = server.command().run_on_terminal(&["BTS"], 24, 80);
    for text in ["rate limited: waiting 2 s", "rate limited: waiting 1 s"] {
        assert!(outcome.text().contains(text), "{outcome:?}");
    }
    assert_eq!(outcome.screen(), TABLE);
}

#[tokio::test]
async fn line_names_the_attempt_and_the_time() {
    let server = TestServer::with_tokens().await;
    server.on_search(ResponseTemplate::new(503).append_header("retry-after", "1"), Some(1)).await;
    server.on_search(found(&["BTS"]).set_delay(SLOW), None).await;
    let outcome = server.command().run_on_terminal(&["BTS"], 24, 80);
    for text in [
        "Spotify returned 503 Service Unavailable; attempt 2 of 4 in 1 s",
        "searching, attempt 2, 1 s elapsed",
    ] {
        assert!(outcome.text().contains(text), "{outcome:?}");
    }
    assert_eq!(outcome.screen(), TABLE);
}

#[tokio::test]
async fn single_search_into_a_pipe_shows_no_line() {
    let server = TestServer::responding(found(&["BTS"]).set_delay(SLOW)).await;
    let command = server.command();
    let run = command.start_on_terminal(&["BTS"], 24, 80, Some(Stdio::null()));
    assert_eq!(run.finish().text(), "");
}

#[tokio::test]
async fn error_replaces_the_line() {
    let server = TestServer::responding(ResponseTemplate::new(404).set_delay(SLOW)).await;
    let outcome = server.command().run_on_terminal(&["BTS"], 24, 80);
    assert!(outcome.text().contains("searching"), "{outcome:?}");
    assert_eq!(outcome.screen(), "error[not_found]: Spotify returned 404 Not Found");
}

/// A server that finds the query after a while.
async fn echo() -> TestServer {
    TestServer::responding(|request: &Request| {
        found(&[&parameter(request, "q")]).set_delay(Duration::from_millis(500))
    })
    .await
}

#[tokio::test]
async fn batch_into_a_file_shows_how_far_it_has_got() {
    let server = echo().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("results");
    let command = server.command().with_file("names.txt", "a\nb\nc\n");
    let args = ["-i", "names.txt", "-f", "id", "-j", "1"];
    let stdout = Stdio::from(File::create(&path).unwrap());
    let outcome = command.start_on_terminal(&args, 24, 80, Some(stdout)).finish();
    assert!(outcome.text().contains("2 of 3 queries, "), "{outcome:?}");
    assert_eq!(outcome.exit_status, 0);
    assert!(outcome.screen().starts_with("note: 3 lines: 3 found; "), "{outcome:?}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), "id-a\nid-b\nid-c\n");
}

#[tokio::test]
async fn batch_on_a_terminal_leaves_only_its_results() {
    let server = echo().await;
    let command = server.command().with_file("names.txt", "a\nb\nc\n");
    let args = ["-i", "names.txt", "-f", "id", "-j", "1"];
    let outcome = command.run_on_terminal(&args, 24, 80);
    assert!(outcome.text().contains("2 of 3 queries, "), "{outcome:?}");
    let screen = outcome.screen();
    let (results, summary) = screen.split_once("\nnote: ").unwrap();
    assert_eq!(results, "id-a\nid-b\nid-c");
    assert!(summary.starts_with("3 lines: 3 found; 3 requests sent in "));
}

#[tokio::test]
async fn line_of_a_continued_batch_counts_the_searches_of_this_run() {
    let server = TestServer::responding(|request: &Request| {
        let query = parameter(request, "q");
        let delay = if query.starts_with("slow") { SLOW } else { Duration::ZERO };
        found(&[&query]).set_delay(delay)
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("names.txt"), folder.path().join("ids.tsv"));
    let done: Vec<String> = (0..100).map(|number| format!("name {number}")).collect();
    let args =
        ["--match", "-j", "1", "-i", input.to_str().unwrap(), "-o", output.to_str().unwrap()];
    std::fs::write(&input, done.join("\n")).unwrap();
    server.run(&args).assert_success();
    std::fs::write(&input, done.join("\n") + "\nslow 1\nslow 2\nslow 1\n").unwrap();
    let outcome = server.command().run_on_terminal(&args, 24, 80);
    assert!(outcome.text().contains("1 of 3 queries, "), "{outcome:?}");
    assert!(outcome.screen().contains("100 of 103 lines done before"), "{outcome:?}");
}

#[tokio::test]
async fn line_disappears_when_a_pipe_receives_output() {
    let server = echo().await;
    let command = server.command().with_file("names.txt", "a\nb\nc\nd\n");
    let args = ["-i", "names.txt", "-f", "id", "-j", "1"];
    let mut run = command.start_on_terminal(&args, 24, 80, Some(Stdio::piped()));
    let results = BufReader::new(run.child.stdout.take().unwrap());
    assert_eq!(results.lines().map(Result::unwrap).collect::<Vec<_>>().len(), 4);
    let outcome = run.finish();
    assert!(outcome.text().contains("0 of 4 queries"), "{outcome:?}");
    assert!(!outcome.text().contains("1 of 4 queries"), "{outcome:?}");
    assert!(outcome.screen().starts_with("note: 4 lines: 4 found; "), "{outcome:?}");
}

#[tokio::test]
async fn nothing_is_drawn_if_standard_error_is_no_terminal() {
    let server = TestServer::responding(found(&["BTS"]).set_delay(SLOW)).await;
    server.run(&["BTS"]).assert_silent_success();
    let results = artists(&["BTS"]);
    assert_eq!(server.run(&["BTS"]).json(), results);
}
