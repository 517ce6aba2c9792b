//! Network: servers that cannot be reached, break off, are slow, or send something unusable.

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use wiremock::ResponseTemplate;

use crate::support::{
    Outcome, TestCommand, TestServer, artists, http_response, listen, raw_server, read_head,
    token_response,
};

/// One attempt, with these bytes as the response to the search.
fn attempt(response: impl Into<Vec<u8>>) -> Outcome {
    TestCommand::for_server(&raw_server(response)).run(&["BTS", "--retries", "0"])
}

#[tokio::test]
async fn base_url_that_could_leak_a_secret_is_refused_and_not_shown() {
    let server = TestServer::with_results(&artists(&[])).await;
    for name in ["SPOTIFY_API_URL", "SPOTIFY_ACCOUNTS_URL"] {
        for url in
            ["http://example.org", "https://user:hunter2@example.org", "ftp://hunter2", "hunter2"]
        {
            let outcome = server.command().env(name, url).run(&["BTS"]);
            outcome.assert_error(2, "config_invalid");
            assert!(outcome.stderr.contains(name), "{outcome:?}");
            assert!(!outcome.stderr.contains("hunter2"), "{outcome:?}");
        }
    }
    assert_eq!(server.request_counts().await, (0, 0));
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let other = TestServer::with_results(&artists(&["BTS"])).await;
    let location = format!("{}/v1/search", other.url());
    let redirect = ResponseTemplate::new(307).append_header("location", location);
    let server = TestServer::responding(redirect).await;
    server.run(&["BTS"]).assert_error(1, "bad_response");
    assert_eq!(other.request_counts().await, (0, 0));
}

#[test]
fn broken_connection_is_a_network_error() {
    let response = http_response("200 OK", &artists(&["BTS"]).to_string());
    for length in [0, 10, response.len() - 1] {
        attempt(&response.as_bytes()[..length]).assert_error(1, "network");
    }
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"art";
    attempt(chunked).assert_error(1, "network");
}

#[test]
fn server_that_does_not_speak_http_is_a_network_error() {
    attempt("SSH-2.0-OpenSSH_9.9\r\n").assert_error(1, "network");
}

#[test]
fn body_that_is_not_compressed_as_stated_is_a_bad_response() {
    let response = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello";
    attempt(response).assert_error(1, "bad_response");
}

#[test]
fn status_counts_even_if_the_body_is_cut_short_or_too_long() {
    let cut = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 80000\r\ncontent-length: 99\r\n\r\n{";
    attempt(cut).assert_error(1, "rate_limited");
    let long = format!("HTTP/1.1 403 Forbidden\r\n\r\n{}", "no ".repeat(1 << 20));
    attempt(long).assert_error(1, "forbidden");
}

#[test]
fn refused_connection_is_a_network_error_and_is_retried() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let command = || TestCommand::for_server(&format!("http://{closed}"));
    let outcome = command().run(&["BTS", "--retries", "0"]);
    outcome.assert_error(1, "network");
    assert!(outcome.stderr.contains("refused"), "{outcome:?}");
    let start = Instant::now();
    command().run(&["BTS", "--retries", "1"]).assert_error(1, "network");
    assert!(start.elapsed() >= Duration::from_millis(250), "the backoff of one retry");
}

#[tokio::test]
async fn slow_response_times_out() {
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(20));
    let server = TestServer::responding(slow).await;
    let outcome = server.run(&["BTS", "--timeout", "0.2", "--retries", "0"]);
    outcome.assert_error(1, "timeout");
    assert!(outcome.stderr.contains("within 0.2 s"), "{outcome:?}");
}

#[test]
fn response_that_never_ends_times_out() {
    let address = listen(|mut stream| {
        read_head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let command = TestCommand::for_server(&format!("http://{address}"));
    command.run(&["BTS", "--timeout", "0.3", "--retries", "0"]).assert_error(1, "timeout");
}

#[test]
fn size_of_a_response_is_bounded() {
    let address = listen(|mut stream| {
        if read_head(&mut stream).starts_with("POST") {
            let _ = stream.write_all(token_response().as_bytes());
            return;
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let chunk = [b' '; 1 << 12];
        while stream.write_all(&chunk).is_ok() {}
        let _ = stream.read(&mut [0]);
    });
    let outcome = TestCommand::for_server(&format!("http://{address}")).run(&["BTS"]);
    outcome.assert_error(1, "bad_response");
    assert!(outcome.stderr.contains("larger than 3 MiB"), "{outcome:?}");
}

#[tokio::test]
async fn reads_compressed_responses_and_bounds_their_decompressed_size() {
    let gzip = |body: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(body).unwrap();
        let response = ResponseTemplate::new(200).append_header("content-encoding", "gzip");
        response.set_body_bytes(encoder.finish().unwrap())
    };
    let server = TestServer::with_tokens().await;
    server.on_search(gzip(artists(&["BTS"]).to_string().as_bytes()), Some(1)).await;
    server.on_search(gzip(&vec![b' '; 4 << 20]), None).await;
    server.run(&["BTS"]).assert_success();
    server.run(&["BTS"]).assert_error(1, "bad_response");
}
