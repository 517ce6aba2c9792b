//! Connections that fail: what is sent again, and over which connection.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{HttpServer, Outcome, TestCommand, listen, read_head, token_response};

/// Runs a command against this server with a token from another one, as Spotify has two hosts.
async fn run(server: &HttpServer, args: &'static [&'static str]) -> Outcome {
    let tokens = HttpServer::start(&["h2"]).await;
    let command = TestCommand::for_server(&server.url)
        .env("SPOTIFY_ACCOUNTS_URL", &tokens.url)
        .with_file("own.pem", format!("{}{}", server.pem, tokens.pem))
        .with_file("two.txt", "one\ntwo\n")
        .env("SSL_CERT_FILE", "own.pem");
    tokio::task::spawn_blocking(move || command.run(args)).await.unwrap()
}

#[test]
fn server_that_hangs_up_gets_one_request_without_retries() {
    let searches = Arc::new(AtomicUsize::new(0));
    let count = searches.clone();
    let address = listen(move |mut stream| {
        if read_head(&mut stream).starts_with("POST") {
            stream.write_all(token_response().as_bytes()).unwrap();
        } else {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    let command = TestCommand::for_server(&format!("http://{address}"));
    command.run(&["BTS", "--retries", "0"]).assert_error(1, "network");
    assert_eq!(searches.load(Ordering::Relaxed), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connection_that_answers_no_ping_is_broken() {
    // Blocks the task of the connection, which then answers no ping either.
    let block = async |number| {
        if number == 1 {
            std::thread::sleep(Duration::from_secs(3));
        }
    };
    let server = HttpServer::start_with(&["h2"], block).await;
    let outcome =
        run(&server, &["-i", "two.txt", "-j", "1", "--timeout", "2", "--retries", "0"]).await;
    assert_eq!((outcome.exit_status, outcome.error_code()), (1, "network"), "{outcome:?}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn retry_after_a_timeout_uses_another_connection() {
    // The connection answers pings.
    let stall = async |number| {
        if number == 1 {
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
    };
    let server = HttpServer::start_with(&["h2"], stall).await;
    let outcome =
        run(&server, &["-i", "two.txt", "-j", "1", "--timeout", "1", "--retries", "1"]).await;
    outcome.assert_success();
    assert_eq!(server.connections(), 2);
}
