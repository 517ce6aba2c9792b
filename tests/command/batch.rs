//! Batches: one query per line of `--input`.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::process::Stdio;
use std::time::Duration;

use crate::support::{
    HttpServer, Outcome, Request, ResponseTemplate, TOKEN, TestCommand, TestServer, artists, error,
    found, parameter, rate_limited, token, token_or,
};
use serde_json::{Value, json};

/// A server that finds one artist with the name of the query. The query `status N` gets a response
/// with the status N.
async fn echo() -> TestServer {
    TestServer::responding(|request: &Request| {
        let query = parameter(request, "q");
        match query.strip_prefix("status ").map(|status| status.parse().unwrap()) {
            Some(429) => rate_limited("5000"),
            Some(status) => error(status, "as requested"),
            None => {
                // Every tenth query is slow, so that responses arrive out of order.
                let delay = if query.ends_with('0') { 30 } else { 1 };
                found(&[&query]).set_delay(Duration::from_millis(delay))
            }
        }
    })
    .await
}

fn run(server: &TestServer, input: impl AsRef<[u8]>, args: &[&str]) -> Outcome {
    let command = server.command().with_file("names.txt", input);
    command.run(&[&["--input", "names.txt"], args].concat())
}

fn documents(outcome: &Outcome) -> Vec<Value> {
    outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn results_have_the_order_of_the_lines() {
    let server = echo().await;
    let input: String = (0..100).fold(String::new(), |mut input, number| {
        let _ = writeln!(input, "query {number}");
        input
    });
    let outcome = run(&server, input, &["--jobs", "8"]);
    outcome.assert_silent_success();
    let documents = documents(&outcome);
    assert_eq!(documents.len(), 100);
    for (number, document) in documents.iter().enumerate() {
        let query = json!(format!("query {number}"));
        assert_eq!(
            (&document["query"], &document["artists"]["items"][0]["name"]),
            (&query, &query)
        );
    }
    assert_eq!(server.request_counts().await, (1, 100));
}

#[tokio::test]
async fn accepts_any_line_end_and_reports_unusable_lines() {
    let server = echo().await;
    let mut input = b"\xef\xbb\xbfone\r\n\n \t\r\n two \nfour's caf\xe9\n".to_vec();
    input.extend(vec![b'x'; 100_000]);
    input.extend(b"\n#!& \"seven\"");
    let outcome = run(&server, input, &[]);
    assert_eq!(outcome.exit_status, 1);
    let documents = documents(&outcome);
    assert_eq!(documents.len(), 5);
    assert_eq!(documents[0]["query"], "one");
    assert_eq!(documents[1]["query"], "two");
    assert_eq!(documents[2]["error"]["code"], "bad_request");
    assert_eq!(documents[3]["error"]["message"], "the query is longer than 8192 bytes");
    assert_eq!(documents[4]["artists"]["items"][0]["name"], "#!& \"seven\"");
    insta::assert_snapshot!(outcome.stderr, @"
    error[bad_request]: line 5: the query is not UTF-8; convert it with iconv -f ENCODING -t UTF-8; ENCODING is often WINDOWS-1252
    error[bad_request]: line 6: the query is longer than 8192 bytes
    ");
}

#[tokio::test]
async fn failed_line_is_reported_in_its_place_and_the_batch_continues() {
    let server = echo().await;
    let input = "one\nstatus 404\n\nstatus 403\nlast\n";
    let outcome = run(&server, input, &[]);
    assert_eq!(outcome.exit_status, 1);
    insta::assert_snapshot!(outcome.stderr, @"
    error[not_found]: line 2: Spotify returned 404 Not Found: as requested
    error[forbidden]: line 4: Spotify returned 403 Forbidden: as requested
    ");
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    // The keys of an error have a fixed order.
    insta::assert_snapshot!(lines[1], @r#"{"query":"status 404","result":"not_found","error":{"code":"not_found","status":404,"message":"Spotify returned 404 Not Found: as requested","retry_after":null}}"#);
    insta::assert_snapshot!(lines[2], @r#"{"query":"status 403","result":"forbidden","error":{"code":"forbidden","status":403,"message":"Spotify returned 403 Forbidden: as requested","retry_after":null}}"#);
    let documents = documents(&outcome);
    assert_eq!(documents.len(), 4);
    assert_eq!(documents[3]["artists"]["items"][0]["name"], "last");

    let outcome = run(&server, input, &["--format", "id"]);
    assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (1, "id-one\nid-last\n"));
}

#[tokio::test]
async fn rate_limit_stops_the_batch_and_names_the_line() {
    let server = echo().await;
    let rest: Vec<String> = (0..50).map(|number| format!("later {number}")).collect();
    let rest = rest.join("\n");
    let input = format!("one\n\ntwo\nstatus 429\n{rest}");
    let outcome = run(&server, input, &["--jobs", "2"]);
    assert_eq!((outcome.exit_status, outcome.error_code()), (4, "rate_limited"), "{outcome:?}");
    let stopped = "; stopped at line 4 of names.txt; lines 1-3 are done\n";
    assert!(outcome.stderr.contains(stopped), "{outcome:?}");
    assert_eq!(documents(&outcome).len(), 2);
    assert!(server.request_counts().await.1 < 8, "no further searches started");
}

#[tokio::test]
async fn failed_token_request_stops_the_batch_at_the_first_line() {
    let rejected = ResponseTemplate::new(400).set_body_string(r#"{"error":"invalid_client"}"#);
    let unusable = ResponseTemplate::new(200).set_body_string("{}");
    for (response, code) in [
        (rejected, "credentials_rejected"),
        (error(403, "app disabled"), "forbidden"),
        (unusable, "bad_response"),
    ] {
        let server = TestServer::without_responses().await;
        server.on_token(response, None).await;
        let lines: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        let outcome = run(&server, lines.join("\n"), &["--jobs", "1"]);
        outcome.assert_error(1, code);
        let stopped = "; stopped at line 1 of names.txt; nothing is done\n";
        assert!(outcome.stderr.contains(stopped), "{outcome:?}");
        assert!(server.request_counts().await.0 <= 2);
    }
}

#[tokio::test]
async fn results_are_printed_before_the_input_ends() {
    let server = echo().await;
    let command = server.command();
    let mut command = command.std_command(&["--input", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        writeln!(input, "query {number}").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.starts_with(&format!("{{\"query\":\"query {number}\"")), "{line}");
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn every_format_names_the_query() {
    let server = echo().await;
    let run = |format| run(&server, "one\ntwo\n", &["--format", format]).stdout;
    insta::assert_snapshot!(run("csv"), @"
    query,result,matches,type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
    one,found,,artist,id-one,one,,,,,,,,,,,,
    two,found,,artist,id-two,two,,,,,,,,,,,,
    ");
    insta::assert_snapshot!(run("jsonl"), @r#"
    {"query":"one","result":"found","matches":null,"id":"id-one","name":"one","type":"artist"}
    {"query":"two","result":"found","matches":null,"id":"id-two","name":"two","type":"artist"}
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
async fn options_apply_to_every_line() {
    let server = echo().await;
    run(&server, "one\ntwo\n", &["--year", "1999", "-m", "kr", "-n", "3"]);
    let searches = server.searches().await;
    let mut urls: Vec<&str> = searches.iter().filter_map(|search| search.url.query()).collect();
    urls.sort_unstable();
    let expected = ["one", "two"]
        .map(|word| format!("q={word}+year%3A1999&type=artist&market=KR&limit=3&offset=0"));
    assert_eq!(urls, expected);
}

#[tokio::test]
async fn exit_status_tells_if_nothing_was_found_in_any_line() {
    let server = TestServer::with_results(&artists(&[])).await;
    assert_eq!(run(&server, "one\ntwo\n", &[]).exit_status, 0);
    assert_eq!(run(&server, "one\ntwo\n", &["-e"]).exit_status, 3);
    assert_eq!(run(&server, b"one\ncaf\xe9\n", &["-e"]).exit_status, 1, "a line failed");
    assert_eq!(run(&echo().await, "one\n", &["-e"]).exit_status, 0);
}

#[tokio::test]
async fn empty_input_succeeds() {
    let server = echo().await;
    run(&server, "\n\n", &[]).assert_silent_success();
    let csv = run(&server, "\n", &["--format", "csv"]);
    csv.assert_silent_success();
    assert!(csv.stdout.starts_with("query,result,matches,type,id,"), "{csv:?}");
    assert_eq!(server.request_counts().await, (0, 0));
}

#[tokio::test]
async fn unusable_input_exits_2_and_sends_nothing() {
    let server = echo().await;
    for (name, message) in [("missing", "cannot read missing: "), (".", "cannot read .: ")] {
        let outcome = server.run(&["--input", name]);
        outcome.assert_error(2, "config_invalid");
        assert!(outcome.stderr.contains(message), "{outcome:?}");
    }
    for (args, message) in [
        (&["words"][..], "cannot be used with"),
        (&["--isrc", "USUM71703861", "-t", "artist"], "--isrc needs --type track"),
        (&["--offset", "995"], "limit 10 from offset 995"),
    ] {
        let outcome = run(&server, "one\n", args);
        assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
        assert!(outcome.stderr.contains(message), "{outcome:?}");
    }
    assert_eq!(server.request_counts().await, (0, 0));
}

#[cfg(unix)]
#[tokio::test]
async fn closed_pipe_ends_the_batch() {
    let server = echo().await;
    let many: Vec<String> = (0..2_000).map(|number| format!("query {number}")).collect();
    let command = server.command().with_file("names.txt", many.join("\n"));
    let mut command = command.std_command(&["--input", "names.txt"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    assert!(server.request_counts().await.1 < 2_000);
}

#[tokio::test]
async fn token_without_a_usable_lifetime_serves_the_whole_batch() {
    for lifetime in [0, 3] {
        let server = TestServer::without_responses().await;
        let token = json!({"access_token": "t", "token_type": "Bearer", "expires_in": lifetime});
        server.on_token(ResponseTemplate::new(200).set_body_json(token), None).await;
        server.on_search(found(&["BTS"]), None).await;
        let lines: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        run(&server, lines.join("\n"), &["--no-cache"]).assert_silent_success();
        assert_eq!(server.request_counts().await, (1, 20), "{lifetime}");
    }
}

/// Lines with the words `line 1`, `line 2` and so on.
fn numbered_lines(count: usize) -> String {
    (1..=count).fold(String::new(), |mut lines, number| {
        let _ = writeln!(lines, "line {number}");
        lines
    })
}

#[tokio::test]
async fn no_line_is_lost_when_the_batch_stops() {
    let server = TestServer::with_tokens().await;
    let premium = "Active premium subscription required for the owner of the app.";
    let respond = move |request: &Request| match parameter(request, "q").as_str() {
        "a" => error(400, "bad"),
        "b" => error(403, premium).set_delay(Duration::from_millis(50)),
        name => found(&[name]).set_delay(Duration::from_millis(200)),
    };
    server.on_search(respond, None).await;
    let outcome = run(&server, "a\na\nc\nb\nd\n", &[]);
    insta::assert_snapshot!(outcome.stderr, @"
    error[bad_request]: line 1: Spotify returned 400 Bad Request: bad
    error[bad_request]: line 2: Spotify returned 400 Bad Request: bad
    error[premium_required]: Spotify requires the app's owner to have Premium (403 Forbidden: Active premium subscription required for the owner of the app.); stopped at line 4 of names.txt; lines 1-3 are done
    hint: since 2026 an app in Development Mode works only if its owner has Premium
    hint: with --output FILE, the same command continues where it stopped
    ");
    assert_eq!(documents(&outcome).len(), 3);
}

#[test]
fn batch_stops_after_ten_failures_in_a_row() {
    let server = HttpServer::http(token_or(ResponseTemplate::hang_up()));
    let command = TestCommand::for_server(&server.url);
    let command = command.with_file("names.txt", numbered_lines(100));
    let outcome = command.run(&["-i", "names.txt", "-j", "16", "--retries", "0"]);
    assert_eq!(outcome.exit_status, 1);
    let errors: Vec<&str> = outcome.stderr.lines().filter(|line| line.starts_with("err")).collect();
    assert_eq!(errors.len(), 10, "{outcome:?}");
    let last = errors[9];
    assert!(last.starts_with("error[network]: too many failures in a row: "), "{last}");
    assert!(last.ends_with("; stopped at line 10 of names.txt; lines 1-9 are done"), "{last}");
    let requests = server.requests().len();
    assert!(requests <= 61, "{requests}");
}

/// Runs 60 lines with 16 jobs against an accounts service that sends this response. Returns the outcome
/// and the number of token requests.
fn run_with_tokens_from(response: ResponseTemplate) -> (Outcome, usize) {
    let server = HttpServer::http(response);
    let command = TestCommand::for_server(&server.url).with_file("names.txt", numbered_lines(60));
    let args = ["-i", "names.txt", "-j", "16", "--timeout", "0.5", "--retries", "1"];
    (command.run(&args), server.requests().len())
}

#[test]
fn failing_token_service_gets_the_retries_of_one_search() {
    let rejected = ResponseTemplate::new(400).set_body_string(r#"{"error":"invalid_client"}"#);
    let slow = token(TOKEN).set_delay(Duration::from_secs(60));
    for (code, expected, response) in [
        ("server_error", 2, ResponseTemplate::new(503)),
        ("network", 2, ResponseTemplate::hang_up()),
        ("timeout", 2, slow),
        ("credentials_rejected", 1, rejected),
    ] {
        let (outcome, tokens) = run_with_tokens_from(response);
        outcome.assert_error(1, code);
        assert!(outcome.stderr.contains("stopped at line 1 of names.txt"), "{outcome:?}");
        assert_eq!(tokens, expected, "{code}");
    }
}
