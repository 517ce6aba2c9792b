//! Network: base URLs that are refused, redirects, and servers that cannot be reached.

use std::time::{Duration, Instant};

use crate::support::{ResponseTemplate, TestCommand, TestServer, artists};

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
