//! `--input`: many queries in order.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use crate::support::{Outcome, Spotify, artists, error, parameter, token};

/// A server whose only result is an artist with the words of the query for a name, but for queries
/// that name a status.
async fn echo() -> Spotify {
    let spotify = Spotify::giving_tokens().await;
    let answer = |request: &Request| {
        let query = parameter(request, "q");
        match query.strip_prefix("status ").map(|status| status.parse().unwrap()) {
            Some(429) => ResponseTemplate::new(429).append_header("retry-after", "5000"),
            Some(status) => error(status, "as asked"),
            // The first queries are the slowest.
            None => {
                let delay = if query.ends_with('0') { 30 } else { 1 };
                let found = ResponseTemplate::new(200).set_body_json(artists(&[&query]));
                found.set_delay(Duration::from_millis(delay))
            }
        }
    };
    spotify.searches(answer, None).await;
    spotify
}

fn run(spotify: &Spotify, list: impl AsRef<[u8]>, args: &[&str]) -> Outcome {
    let tool = spotify.tool();
    fs::write(tool.folder().join("list"), list).unwrap();
    tool.run(&[&["--input", "list"], args].concat())
}

fn lines(outcome: &Outcome) -> Vec<Value> {
    outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn answers_keep_the_order_of_the_lines() {
    let spotify = echo().await;
    let list: String = (0..100).fold(String::new(), |mut list, number| {
        let _ = writeln!(list, "query {number}");
        list
    });
    let outcome = run(&spotify, list, &["--jobs", "8"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let lines = lines(&outcome);
    assert_eq!(lines.len(), 100);
    for (number, line) in lines.iter().enumerate() {
        let query = format!("query {number}");
        assert_eq!(
            (&line["query"], &line["artists"]["items"][0]["name"]),
            (&json!(query), &json!(query))
        );
    }
    assert_eq!(spotify.counts().await, (1, 100));
}

#[tokio::test]
async fn every_way_to_end_a_line_is_understood() {
    let spotify = echo().await;
    let mut list = b"\xef\xbb\xbfone\r\n\n \t\r\n two \nfour's caf\xe9\n".to_vec();
    list.extend(vec![b'x'; 100_000]);
    list.extend(b"\n#!& \"seven\"");
    let outcome = run(&spotify, list, &[]);
    assert_eq!(outcome.code, 1);
    let lines = lines(&outcome);
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["query"], "one");
    assert_eq!(lines[1]["query"], "two");
    assert_eq!(lines[2]["error"]["code"], "bad_request");
    assert_eq!(lines[3]["error"]["message"], "the line is too long for a query");
    assert_eq!(lines[4]["artists"]["items"][0]["name"], "#!& \"seven\"");
    insta::assert_snapshot!(outcome.stderr, @"
    error[bad_request]: line 5 is not UTF-8 text
    error[bad_request]: line 6 is too long for a query
    ");
}

#[tokio::test]
async fn a_line_that_fails_is_reported_in_its_place_and_the_rest_goes_on() {
    let spotify = echo().await;
    let list = "one\nstatus 404\n\nstatus 403\nlast\n";
    let outcome = run(&spotify, list, &[]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!(outcome.stderr, @"
    error[not_found]: line 2: Spotify found nothing at the address of the search (404 Not Found: as asked)
    error[forbidden]: line 4: Spotify forbids this search (403 Forbidden: as asked)
    ");
    let lines = lines(&outcome);
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[1]["query"], "status 404");
    assert_eq!(lines[1]["error"]["code"], "not_found");
    assert_eq!(lines[1]["error"]["status"], 404);
    assert_eq!(lines[1]["error"]["retry_after"], Value::Null);
    assert_eq!(lines[3]["artists"]["items"][0]["name"], "last");

    let outcome = run(&spotify, list, &["--format", "id"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, "id-one\nid-last\n"));
}

#[tokio::test]
async fn a_rate_limit_stops_the_run_and_says_where_to_resume() {
    let spotify = echo().await;
    let later = "later\n".repeat(50);
    let outcome = run(&spotify, format!("one\n\ntwo\nstatus 429\n{later}"), &["--jobs", "2"]);
    assert_eq!((outcome.code, outcome.error_code()), (1, "rate_limited"), "{outcome:?}");
    assert!(
        outcome.stderr.contains("all before line 4 of list is done: resume from that line"),
        "{outcome:?}"
    );
    assert_eq!(lines(&outcome).len(), 2);
    assert!(spotify.counts().await.1 < 8, "it did not go on asking");
}

#[tokio::test]
async fn rejected_credentials_stop_the_run_at_its_first_line() {
    let spotify = Spotify::silent().await;
    let rejected = ResponseTemplate::new(400).set_body_string(r#"{"error":"invalid_client"}"#);
    spotify.tokens(rejected, None).await;
    let outcome = run(&spotify, "one\n".repeat(100), &["--jobs", "1"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert_eq!(outcome.error_code(), "credentials_rejected");
    assert!(outcome.stderr.contains("line 1 of list"), "{outcome:?}");
    assert!(spotify.counts().await.0 <= 2);

    let spotify = Spotify::silent().await;
    spotify.tokens(error(403, "not this app"), None).await;
    let outcome = run(&spotify, "one\n".repeat(100), &["--jobs", "1"]);
    assert_eq!((outcome.code, outcome.error_code()), (1, "forbidden"));
    assert!(spotify.counts().await.0 <= 2);
}

#[tokio::test]
async fn requests_in_flight_share_one_cool_down() {
    let spotify = Spotify::giving_tokens().await;
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = arrivals.clone();
    let answer = move |request: &Request| {
        let mut seen = seen.lock().unwrap();
        seen.push(Instant::now());
        if seen.len() == 6 {
            return ResponseTemplate::new(429).append_header("retry-after", "1");
        }
        let found = ResponseTemplate::new(200).set_body_json(artists(&[&parameter(request, "q")]));
        found.set_delay(Duration::from_millis(50))
    };
    spotify.searches(answer, None).await;
    let outcome = run(&spotify, "a\n".repeat(20), &["--jobs", "4"]);
    assert_eq!((outcome.code, lines(&outcome).len()), (0, 20), "{outcome:?}");
    // Between the one that was refused and the next there is a second, but for those that were on
    // their way already.
    let arrivals = arrivals.lock().unwrap();
    let gaps = arrivals.windows(2).map(|pair| pair[1] - pair[0]);
    let longest = gaps.enumerate().max_by_key(|(_, gap)| *gap).unwrap();
    assert!(longest.1 > Duration::from_millis(900) && longest.0 < 9, "{longest:?}");
    assert_eq!(arrivals.len(), 21);
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_for_all_in_flight() {
    let spotify = Spotify::silent().await;
    spotify.tokens(token("old-token"), Some(1)).await;
    spotify.tokens(token("new-token"), None).await;
    let answer = |request: &Request| {
        if request.headers["authorization"] == "Bearer old-token" {
            return error(401, "The access token expired");
        }
        ResponseTemplate::new(200).set_body_json(artists(&[&parameter(request, "q")]))
    };
    spotify.searches(answer, None).await;
    let outcome = run(&spotify, "a\n".repeat(40), &["--jobs", "16"]);
    assert_eq!((outcome.code, lines(&outcome).len()), (0, 40), "{outcome:?}");
    assert_eq!(spotify.counts().await.0, 2);
}

#[tokio::test]
async fn a_run_that_stopped_is_completed_by_resuming_it() {
    let spotify = Spotify::giving_tokens().await;
    let asked = AtomicUsize::new(0);
    let answer = move |request: &Request| match asked.fetch_add(1, Ordering::Relaxed) {
        25 => ResponseTemplate::new(429).append_header("retry-after", "5000"),
        _ => ResponseTemplate::new(200).set_body_json(artists(&[&parameter(request, "q")])),
    };
    spotify.searches(answer, None).await;
    let list: Vec<String> = (0..60).map(|number| format!("query {number}")).collect();
    let first = run(&spotify, list.join("\n"), &[]);
    let (_, rest) = first.stderr.split_once("all before line ").unwrap();
    let from: usize = rest.split_once(' ').unwrap().0.parse().unwrap();
    let second = run(&spotify, list[from - 1..].join("\n"), &[]);
    assert_eq!((first.code, second.code), (1, 0));
    let answered: Vec<Value> =
        lines(&first).iter().chain(&lines(&second)).map(|line| line["query"].clone()).collect();
    assert_eq!(answered, list);
}

#[tokio::test]
async fn the_first_line_is_done_first_also_where_lines_take_many_pages() {
    let spotify = Spotify::with_catalogue(&[("artists", 500)], 10).await;
    let outcome = run(&spotify, "a\n".repeat(8), &["-n", "300"]);
    assert_eq!((outcome.code, lines(&outcome).len()), (0, 8));
    // Two lines at most are on their way at once: the third is begun when one of them is done.
    let requests = spotify.requests().await;
    let begins =
        requests.iter().enumerate().filter(|(_, request)| parameter(request, "offset") == "0");
    let third = begins.filter(|(_, request)| parameter(request, "limit") == "10").nth(2).unwrap().0;
    assert!(third > 30, "it was request {third}");
}

#[tokio::test]
async fn one_refused_page_size_teaches_all_lines() {
    let spotify = Spotify::with_catalogue(&[("artists", 500)], 10).await;
    assert_eq!(run(&spotify, "a\n".repeat(20), &["-n", "20", "--jobs", "16"]).code, 0);
    let refused = spotify.ranges().await.into_iter().filter(|(limit, _)| *limit > 10);
    assert_eq!(refused.count(), 1);
}

#[tokio::test]
async fn the_first_answer_comes_before_the_last_query_is_read() {
    let spotify = echo().await;
    let tool = spotify.tool();
    let mut command = tool.std_command(&["--input", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut queries, mut answers) =
        (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for number in 1..=3 {
        writeln!(queries, "query {number}").unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("{{\"query\":\"query {number}\"")), "{answer}");
    }
    drop(queries);
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn every_format_says_which_query_a_row_answers() {
    let spotify = echo().await;
    let run = |format| run(&spotify, "one\ntwo\n", &["--format", format]).stdout;
    insta::assert_snapshot!(run("csv"), @"
    query,type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
    one,artist,id-one,one,,,,,,,,,,,,
    two,artist,id-two,two,,,,,,,,,,,,
    ");
    insta::assert_snapshot!(run("jsonl"), @r#"
    {"query":"one","id":"id-one","name":"one","type":"artist"}
    {"query":"two","id":"id-two","name":"two","type":"artist"}
    "#);
    insta::assert_snapshot!(run("table"), @"
    Artists: 1 of 1 for “one”

    Name  ID
    one   id-one

    Artists: 1 of 1 for “two”

    Name  ID
    two   id-two
    ");
}

#[tokio::test]
async fn filters_and_ranges_hold_for_every_line() {
    let spotify = echo().await;
    run(&spotify, "one\ntwo\n", &["--year", "1999", "-m", "kr", "-n", "3"]);
    let requests = spotify.requests().await;
    let mut urls: Vec<&str> = requests.iter().filter_map(|request| request.url.query()).collect();
    urls.sort_unstable();
    let expected = ["one", "two"]
        .map(|word| format!("q={word}+year%3A1999&type=artist&market=KR&limit=3&offset=0"));
    assert_eq!(urls, expected);
}

#[tokio::test]
async fn a_dry_run_prints_the_urls_of_every_line_and_sends_nothing() {
    let spotify = echo().await;
    let outcome = run(&spotify, b"one\n\ncaf\xe9\ntwo words\n", &["--dry-run", "-n", "60"]);
    assert_eq!((outcome.code, outcome.error_code()), (1, "bad_request"));
    let urls = outcome.stdout.replace(&spotify.base(), "");
    insta::assert_snapshot!(urls, @"
    /v1/search?q=one&type=artist&limit=50&offset=0
    /v1/search?q=one&type=artist&limit=10&offset=50
    /v1/search?q=two+words&type=artist&limit=50&offset=0
    /v1/search?q=two+words&type=artist&limit=10&offset=50
    ");
    assert_eq!(spotify.counts().await, (0, 0));
}

#[tokio::test]
async fn nothing_found_at_all_can_be_an_exit_status() {
    let spotify = Spotify::with(&artists(&[])).await;
    assert_eq!(run(&spotify, "one\ntwo\n", &[]).code, 0);
    assert_eq!(run(&spotify, "one\ntwo\n", &["-e"]).code, 1);
    assert_eq!(run(&echo().await, "one\n", &["-e"]).code, 0);
}

#[tokio::test]
async fn a_token_service_that_is_down_stops_the_run() {
    let spotify = Spotify::silent().await;
    spotify.tokens(ResponseTemplate::new(200).set_body_string("{}"), None).await;
    let outcome = run(&spotify, "one\n".repeat(50), &["--jobs", "1"]);
    assert_eq!((outcome.code, outcome.error_code()), (1, "bad_response"));
    assert!(outcome.stderr.contains("stopped at line 1 of list: nothing is done"), "{outcome:?}");
    assert!(spotify.counts().await.0 <= 2);
}

#[tokio::test]
async fn an_empty_list_is_done_and_an_unusable_one_sends_nothing() {
    let spotify = echo().await;
    assert_eq!(run(&spotify, "\n\n", &[]).code, 0);
    let csv = run(&spotify, "\n", &["--format", "csv"]);
    assert!(csv.code == 0 && csv.stdout.starts_with("query,type,id,"), "{csv:?}");
    for (name, said) in [("missing", "cannot read missing"), (".", "cannot read .")] {
        let outcome = spotify.run(&["--input", name]);
        assert_eq!((outcome.code, outcome.error_code()), (2, "config_invalid"));
        assert!(outcome.stderr.contains(said), "{outcome:?}");
    }
    for args in [&["--input", "list", "words"][..], &["--input", "list", "--isrc", "USUM71703861"]]
    {
        assert_eq!(spotify.run(args).code, 2, "{args:?}");
    }
    assert_eq!(spotify.counts().await, (0, 0));
}

#[cfg(unix)]
#[tokio::test]
async fn a_reader_that_has_enough_ends_the_run() {
    let spotify = echo().await;
    let tool = spotify.tool();
    fs::write(tool.folder().join("list"), "query 1\n".repeat(2_000)).unwrap();
    let mut command = tool.std_command(&["--input", "list"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut answer = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut answer).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    assert!(spotify.counts().await.1 < 2_000);
}
