//! TLS: trusted certificates, the preconnect, and HTTP/2.

use std::io::{self, Read};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use hyper::{Method, Version};

use crate::support::{
    HttpServer, TestCommand, TestServer, artists, http_response, listen, tls_server,
    tls_server_with,
};

fn found() -> String {
    http_response("200 OK", &artists(&["BTS"]).to_string())
}

/// The command with one base URL for each service. It trusts these certificates.
fn command(accounts: &str, api: &str, pem: &str) -> TestCommand {
    TestCommand::for_server(api)
        .env("SPOTIFY_ACCOUNTS_URL", accounts)
        .with_file("own.pem", pem)
        .env("SSL_CERT_FILE", "own.pem")
}

#[test]
fn certificate_is_trusted_only_if_its_file_is_named() {
    let (url, pem) = tls_server(found());
    let command = || TestCommand::for_server(&url).with_file("own.pem", &pem);
    let outcome = command().run(&["BTS"]);
    outcome.assert_error(1, "network");
    // The hint names the certificates of the system, if it has some.
    assert!(
        outcome.stderr.contains(" is from an unknown issuer\nhint: pass --cacert "),
        "{outcome:?}"
    );
    command().run(&["BTS", "--cacert", "own.pem"]).assert_success();
    command().env("SSL_CERT_FILE", "own.pem").run(&["BTS"]).assert_success();

    // The certificate is for localhost.
    let other_name = url.replace("localhost", "127.0.0.1");
    let command = command().env("SPOTIFY_ACCOUNTS_URL", other_name);
    command.run(&["BTS", "--cacert", "own.pem"]).assert_error(1, "network");
}

#[tokio::test]
async fn unusable_certificate_file_exits_2_and_sends_nothing() {
    let server = TestServer::with_results(&artists(&[])).await;
    for name in ["missing.pem", "empty.pem", "."] {
        let command = server.command().with_file("empty.pem", "no certificate");
        let outcome = command.run(&["BTS", "--cacert", name]);
        outcome.assert_error(2, "config_invalid");
        assert!(outcome.stderr.contains(name), "{outcome:?}");
    }
    let command = server.command().with_file("large.pem", vec![0; (16 << 20) + 1]);
    let outcome = command.run(&["BTS", "--cacert", "large.pem"]);
    assert!(outcome.stderr.contains("large.pem: the file is larger than 16 MiB"), "{outcome:?}");
    #[cfg(unix)]
    {
        let outcome = server.run(&["BTS", "--cacert", "/dev/null"]);
        assert!(
            outcome.stderr.contains("/dev/null: the file has none in PEM format"),
            "{outcome:?}"
        );
    }
    let outcome = server.command().env("SSL_CERT_FILE", "missing.pem").run(&["BTS"]);
    outcome.assert_error(2, "config_invalid");
    assert!(outcome.stderr.contains("SSL_CERT_FILE: cannot read"), "{outcome:?}");
    let command = server.command().env("SSL_CERT_FILE", "missing.pem");
    command.run(&["BTS", "--dry-run"]).assert_success();
    assert_eq!(server.request_counts().await, (0, 0));
}

#[test]
fn connects_to_the_api_while_the_token_is_fetched() {
    let (sender, receiver) = mpsc::channel();
    let (api, api_pem) = tls_server_with(found(), move || sender.send(()).unwrap());
    // The accounts service waits for a connection to the API before it sends a token.
    let receiver = Mutex::new(receiver);
    let is_preconnected = Arc::new(AtomicBool::new(false));
    let result = is_preconnected.clone();
    let (accounts, accounts_pem) = tls_server_with("", move || {
        let connection = receiver.lock().unwrap().recv_timeout(Duration::from_secs(5));
        result.store(connection.is_ok(), Ordering::Relaxed);
    });
    let command = command(&accounts, &api, &(api_pem + &accounts_pem));
    command.run(&["BTS"]).assert_silent_success();
    assert!(is_preconnected.load(Ordering::Relaxed));
}

#[test]
fn broken_preconnection_does_not_fail_the_search() {
    let (api, api_pem) = tls_server(found());
    let port: u16 = api.rsplit_once(':').unwrap().1.parse().unwrap();
    let is_first = AtomicBool::new(true);
    // Closes the first connection while the token is fetched.
    let relay = listen(move |client| {
        let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (mut from_client, mut to_server) = (client.try_clone().unwrap(), &server);
        let (mut from_server, mut to_client) = (server.try_clone().unwrap(), &client);
        let is_cut = is_first.swap(false, Ordering::Relaxed);
        thread::scope(|scope| {
            scope.spawn(move || io::copy(&mut from_client, &mut to_server));
            scope.spawn(move || io::copy(&mut from_server, &mut to_client));
            if is_cut {
                thread::sleep(Duration::from_millis(200));
                let _ = client.shutdown(Shutdown::Both);
                let _ = server.shutdown(Shutdown::Both);
            }
        });
    });
    let (accounts, pem) = tls_server_with("", || thread::sleep(Duration::from_millis(500)));
    let api = format!("https://localhost:{}", relay.port());
    let outcome = command(&accounts, &api, &(api_pem + &pem)).run(&["BTS", "--retries", "0"]);
    outcome.assert_silent_success();
}

/// An API that accepts connections and never sends anything. Returns the base URL and the number of
/// connections.
fn mute_api() -> (String, Arc<AtomicUsize>) {
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    let address = listen(move |mut stream| {
        count.fetch_add(1, Ordering::Relaxed);
        while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
    });
    (format!("https://{address}"), connections)
}

#[test]
fn preconnect_is_part_of_the_timeout() {
    let (api, _) = mute_api();
    let (accounts, pem) = tls_server("");
    let start = Instant::now();
    let outcome = command(&accounts, &api, &pem).run(&["BTS", "--timeout", "2", "--retries", "0"]);
    outcome.assert_error(1, "timeout");
    assert!(start.elapsed() < Duration::from_secs(4), "one timeout and not one per connection");
}

#[test]
fn preconnect_does_not_delay_a_failed_token_request() {
    let (api, connections) = mute_api();
    let (_, pem) = tls_server("");
    let accounts = format!("https://{}", listen(drop));
    let start = Instant::now();
    command(&accounts, &api, &pem).run(&["BTS", "--retries", "2"]).assert_error(1, "network");
    assert!(start.elapsed() < Duration::from_secs(10), "less than the timeout");
    assert!(connections.load(Ordering::Relaxed) <= 3, "one for each token request");
}

/// Returns the method and the HTTP version of each request.
fn versions(server: &HttpServer) -> Vec<(Method, Version)> {
    server.requests().into_iter().map(|request| (request.method, request.version)).collect()
}

#[tokio::test]
async fn uses_http_2_if_the_server_offers_it() {
    for (protocols, version) in [
        (&["h2", "http/1.1"][..], Version::HTTP_2),
        (&["h2"], Version::HTTP_2),
        (&["http/1.1"], Version::HTTP_11),
        (&[], Version::HTTP_11),
    ] {
        let accounts = HttpServer::start(protocols).await;
        let api = HttpServer::start(protocols).await;
        let pem = accounts.pem.clone() + &api.pem;
        command(&accounts.url, &api.url, &pem).run(&["BTS"]).assert_silent_success();
        assert_eq!(versions(&accounts), [(Method::POST, version)], "{protocols:?}");
        assert_eq!(versions(&api), [(Method::GET, version)], "{protocols:?}");
        assert_eq!(api.connections(), 1, "the request uses the preconnected one");

        // One server for both services.
        let server = HttpServer::start(protocols).await;
        command(&server.url, &server.url, &server.pem).run(&["BTS"]).assert_silent_success();
        let requests = [(Method::POST, version), (Method::GET, version)];
        assert_eq!(versions(&server), requests, "{protocols:?}");
    }
}
