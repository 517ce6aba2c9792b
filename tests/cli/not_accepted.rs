//! Requests that the server did not accept: they are sent again at once.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use h2::Reason;
use hyper::body::Bytes;
use hyper::{Response, StatusCode};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{
    HttpServer, Outcome, TestCommand, artists, http_response, listen, read_head, tls_config,
    token_response,
};

/// How an HTTP/2 server turns a search away.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    /// `RST_STREAM` with this code.
    Reset(Reason),
    /// `GOAWAY` without an error, and the end of the connection.
    GoAway,
}

/// An HTTP/2 server that turns the first searches away.
struct RefusingServer {
    url: String,
    pem: String,
    searches: Arc<AtomicUsize>,
}

impl RefusingServer {
    async fn start(refusal: Refusal, times: usize) -> Self {
        let (config, pem) = tls_config(&["h2"]);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let searches = Arc::new(AtomicUsize::new(0));
        let count = searches.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(stream) = acceptor.accept(stream).await else { continue };
                let mut connection = h2::server::handshake(stream).await.unwrap();
                let count = count.clone();
                tokio::spawn(async move {
                    while let Some(Ok((_, mut respond))) = connection.accept().await {
                        if count.fetch_add(1, Ordering::Relaxed) >= times {
                            let body = Bytes::from(artists(&["BTS"]).to_string());
                            let response = Response::builder().status(StatusCode::OK);
                            let response = response.body(()).unwrap();
                            let mut stream = respond.send_response(response, false).unwrap();
                            stream.send_data(body, true).unwrap();
                            continue;
                        }
                        match refusal {
                            Refusal::Reset(reason) => respond.send_reset(reason),
                            Refusal::GoAway => connection.abrupt_shutdown(Reason::NO_ERROR),
                        }
                    }
                });
            }
        });
        Self { url, pem, searches }
    }

    /// Runs a search. Returns the outcome and the number of requests.
    async fn run(&self, args: &[&str]) -> (Outcome, usize) {
        let tokens = HttpServer::start(&["h2"]).await;
        let command = TestCommand::for_server(&self.url)
            .env("SPOTIFY_ACCOUNTS_URL", &tokens.url)
            .with_file("own.pem", format!("{}{}", self.pem, tokens.pem));
        let args = [&["BTS", "--cacert", "own.pem"], args].concat();
        let outcome = tokio::task::spawn_blocking({
            let args: Vec<String> = args.iter().map(ToString::to_string).collect();
            move || command.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
        });
        (outcome.await.unwrap(), self.searches.load(Ordering::Relaxed))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_stream_is_sent_again_at_once() {
    for refusal in [Refusal::Reset(Reason::REFUSED_STREAM), Refusal::GoAway] {
        let server = RefusingServer::start(refusal, 5).await;
        let (outcome, searches) = server.run(&["--retries", "0"]).await;
        outcome.assert_silent_success();
        assert_eq!(searches, 6, "{refusal:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_resets_are_failures_of_the_network() {
    for refusal in [Refusal::Reset(Reason::INTERNAL_ERROR), Refusal::Reset(Reason::CANCEL)] {
        let server = RefusingServer::start(refusal, usize::MAX).await;
        let (outcome, searches) = server.run(&["--retries", "0"]).await;
        outcome.assert_error(1, "network");
        assert_eq!(searches, 1, "{refusal:?}");
    }
}

/// Starts a server that closes the connection of the first searches without a response.
fn closing_server(times: usize) -> (String, Arc<AtomicUsize>) {
    let searches = Arc::new(AtomicUsize::new(0));
    let count = searches.clone();
    let address = listen(move |mut stream| {
        if read_head(&mut stream).starts_with("POST") {
            stream.write_all(token_response().as_bytes()).unwrap();
        } else if count.fetch_add(1, Ordering::Relaxed) >= times {
            let response = http_response("200 OK", &artists(&["BTS"]).to_string());
            stream.write_all(response.as_bytes()).unwrap();
        }
    });
    (format!("http://{address}"), searches)
}

#[test]
fn connection_closed_before_the_response_is_opened_again_at_once() {
    let (url, searches) = closing_server(20);
    TestCommand::for_server(&url).run(&["BTS", "--retries", "0"]).assert_silent_success();
    assert_eq!(searches.load(Ordering::Relaxed), 21);
}

#[test]
fn connection_that_is_always_closed_is_a_failure_of_the_network() {
    let (url, searches) = closing_server(usize::MAX);
    let outcome = TestCommand::for_server(&url).run(&["BTS", "--retries", "0"]);
    outcome.assert_error(1, "network");
    assert_eq!(searches.load(Ordering::Relaxed), 21);
}
