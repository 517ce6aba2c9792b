//! Connections that fail: what is sent again, and over which connection.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::{
    HttpServer, Outcome, Request, ResponseTemplate, TestCommand, found, token_or,
};

/// Runs a command against this server with a token from another one, as Spotify has two hosts.
async fn run(server: &HttpServer, args: &[&str]) -> Outcome {
    let tokens = HttpServer::start(&["h2"]).await;
    let command = TestCommand::for_server(&server.url)
        .env("SPOTIFY_ACCOUNTS_URL", &tokens.url)
        .with_file("own.pem", format!("{}{}", server.pem, tokens.pem))
        .with_file("two.txt", "one\ntwo\n")
        .env("SSL_CERT_FILE", "own.pem");
    command.run(args)
}

#[test]
fn server_that_hangs_up_gets_one_request_without_retries() {
    let server = HttpServer::http(token_or(ResponseTemplate::hang_up()));
    let command = TestCommand::for_server(&server.url);
    command.run(&["BTS", "--retries", "0"]).assert_error(1, "network");
    assert_eq!(server.requests().len(), 2, "one for the token");
}

/// A server whose second search gets this response.
fn with_second_search(
    respond: impl Fn() -> ResponseTemplate + Send + Sync + 'static,
) -> HttpServer {
    let searches = AtomicUsize::new(0);
    let search = move |_: &Request| match searches.fetch_add(1, Ordering::Relaxed) {
        1 => respond(),
        _ => found(&["BTS"]),
    };
    HttpServer::https(&["h2"], token_or(search))
}

#[tokio::test]
async fn connection_that_answers_no_ping_is_broken() {
    let server = with_second_search(|| {
        // Blocks the server, which then answers no ping either.
        thread::sleep(Duration::from_secs(3));
        found(&["BTS"])
    });
    let outcome =
        run(&server, &["-i", "two.txt", "-j", "1", "--timeout", "2", "--retries", "0"]).await;
    assert_eq!((outcome.exit_status, outcome.error_code()), (1, "network"), "{outcome:?}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn retry_after_a_timeout_uses_another_connection() {
    // The connection answers pings.
    let server = with_second_search(|| found(&["BTS"]).set_delay(Duration::from_secs(30)));
    let outcome =
        run(&server, &["-i", "two.txt", "-j", "1", "--timeout", "1", "--retries", "1"]).await;
    outcome.assert_success();
    assert_eq!(server.connections(), 2);
}
