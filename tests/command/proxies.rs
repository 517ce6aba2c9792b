//! Proxies from the environment.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::support::{
    Outcome, TestCommand, TestServer, artists, http_response, listen, read_head, tls_server,
    tls_server_with, token_response,
};

/// An HTTP proxy that opens tunnels.
struct Proxy {
    url: String,
    /// The heads of the requests.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start() -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = requests.clone();
        let address = listen(move |mut client| {
            let head = read_head(&mut client);
            let target = target(&head);
            seen.lock().unwrap().push(head);
            let Ok(server) = TcpStream::connect(target) else { return };
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            let _ = std::io::copy(&mut client, &mut &server);
        });
        Self { url: format!("http://{address}"), requests }
    }

    /// Returns the heads of the requests since the last call.
    fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

/// Returns the host and port of a CONNECT request.
fn target(head: &str) -> String {
    head.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[test]
fn https_uses_the_proxy_of_the_environment() {
    let (url, pem) = tls_server(http_response("200 OK", &artists(&["BTS"]).to_string()));
    let proxy = Proxy::start();
    let host = url["https://".len()..].to_owned();
    let targets = |name: &str, no_proxy: &str| {
        let command = TestCommand::for_server(&url).with_file("own.pem", &pem);
        let command = command.env(name, &proxy.url).env("NO_PROXY", no_proxy);
        command.run(&["BTS", "--cacert", "own.pem"]).assert_success();
        proxy.take_requests().iter().map(|head| target(head)).collect::<Vec<_>>()
    };
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        assert_eq!(targets(name, ""), [host.clone(), host.clone()], "{name}");
    }
    assert!(targets("HTTPS_PROXY", "localhost").is_empty());
}

#[tokio::test]
async fn http_to_this_machine_uses_no_proxy() {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    let proxy = Proxy::start();
    let command = server.command().env("HTTP_PROXY", &proxy.url).env("ALL_PROXY", &proxy.url);
    command.run(&["BTS"]).assert_success();
    assert!(proxy.take_requests().is_empty());
}

/// Values that set a proxy. `PROXY` is its host and port.
const USED: [&str; 24] = [
    "http://PROXY",
    "http://PROXY/",
    "HTTP://PROXY",
    "https://PROXY",
    // White space around the value.
    " \thttp://PROXY",
    "http://PROXY \t",
    "http://PROXY\r",
    // No scheme.
    "PROXY",
    "user:hunter2@PROXY",
    // A password that is not percent-encoded.
    "http://user:hunter2@@PROXY",
    "http://user:hunter2/@PROXY",
    "http://user:hunter2?@PROXY",
    "http://user:hunter2#@PROXY",
    "http://user:hunter2%@PROXY",
    "http://user:hunter2%zz@PROXY",
    "http://user:hunter2\"@PROXY",
    "http://user:{hunter2}@PROXY",
    "http://user:hunter2^|@PROXY",
    "http://user:hunter2 @PROXY",
    "http://user:@/hunter2?#%\"{}^| @PROXY",
    "socks4://PROXY",
    "socks5://PROXY",
    "socks5h://user:hunter2@ss@PROXY",
    "socks5h://user:hunter2/?#@PROXY",
];

/// Values that are not the URL of a proxy.
const REFUSED: [&str; 19] = [
    "not a proxy",
    "http://",
    "http:/PROXY",
    "http:PROXY",
    "//PROXY",
    "://PROXY",
    "http:///PROXY",
    "ftp://hunter2@PROXY",
    "unknown://PROXY",
    "http:// PROXY",
    "\"http://PROXY\"",
    "http://\"PROXY\"",
    "http://PROXY\"",
    "http://PROXY:port",
    "http://127.0.0.1:65536",
    "http://PROXY/path",
    "http://PROXY,PROXY",
    "socks5://user:hunter2@",
    "socks5://",
];

#[test]
fn proxy_value_is_used_or_refused_and_never_ignored() {
    let (proxy_connections, target_connections): (Arc<AtomicUsize>, Arc<AtomicUsize>) =
        Default::default();
    let count = |connections: &Arc<AtomicUsize>| {
        let connections = connections.clone();
        move || {
            connections.fetch_add(1, Ordering::Relaxed);
        }
    };
    // The proxy closes every connection. A direct search would succeed.
    let count_proxy = count(&proxy_connections);
    let proxy = listen(move |_| count_proxy()).to_string();
    let found = http_response("200 OK", &artists(&["BTS"]).to_string());
    let (url, pem) = tls_server_with(found, count(&target_connections));
    let values = USED.map(|value| (value, true)).into_iter();
    for (value, is_used) in values.chain(REFUSED.map(|value| (value, false))) {
        for name in ["HTTPS_PROXY", "ALL_PROXY"] {
            proxy_connections.store(0, Ordering::Relaxed);
            let command = TestCommand::for_server(&url).with_file("own.pem", &pem);
            let command = command.env(name, value.replace("PROXY", &proxy));
            let outcome = command.run(&["BTS", "--retries", "0", "--cacert", "own.pem"]);
            let case = format!("{name}={value:?}: {outcome:?}");
            assert_eq!(target_connections.load(Ordering::Relaxed), 0, "{case}");
            let expected = if is_used { (1, "network") } else { (2, "config_invalid") };
            assert_eq!((outcome.exit_status, outcome.error_code()), expected, "{case}");
            let has_connected = proxy_connections.load(Ordering::Relaxed) > 0;
            assert_eq!(has_connected, is_used, "{case}");
            assert!(outcome.stderr.contains(name), "{case}");
            assert!(!outcome.stderr.contains("hunter2"), "{case}");
        }
    }
}

#[test]
fn proxy_gets_the_decoded_password() {
    let proxy = Proxy::start();
    let address = &proxy.url["http://".len()..];
    for (value, password) in [
        ("plain", "plain"),
        ("p@ss/w?o#r\"d{}^| ", "p@ss/w?o#r\"d{}^| "),
        ("p%40ss%2Fw%23rd%25", "p@ss/w#rd%"),
    ] {
        let command = TestCommand::for_server("https://localhost:1");
        let command = command.env("HTTPS_PROXY", format!("http://user:{value}@{address}"));
        command.run(&["BTS", "--retries", "0"]).assert_error(1, "network");
        let requests = proxy.take_requests();
        let credentials = BASE64_STANDARD.encode(format!("user:{password}"));
        let has_header = requests[0].lines().any(|line| {
            line.split_once(": ").is_some_and(|(name, header)| {
                name.eq_ignore_ascii_case("proxy-authorization")
                    && header == format!("Basic {credentials}")
            })
        });
        assert!(has_header, "{value}: {requests:?}");
    }
}

/// Searches for 50 lines through a proxy. Returns the outcome and the number of connections to it.
fn run_batch_through(
    scheme: &str,
    serve: impl Fn(&mut TcpStream) + Send + Sync + 'static,
) -> (Outcome, usize) {
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    let proxy = listen(move |mut stream| {
        count.fetch_add(1, Ordering::Relaxed);
        serve(&mut stream);
    });
    // The token comes over plain http, without the proxy.
    let accounts = listen(|mut stream| {
        read_head(&mut stream);
        stream.write_all(token_response().as_bytes()).unwrap();
    });
    let command = TestCommand::for_server(&format!("http://{accounts}"))
        .env("SPOTIFY_API_URL", "https://api.test")
        .env("HTTPS_PROXY", format!("{scheme}://user:hunter2@{proxy}"))
        .with_file(
            "names.txt",
            (0..50).map(|number| number.to_string()).collect::<Vec<_>>().join("\n"),
        );
    // With an output file, the searches in flight are waited for.
    let outcome = command.run(&["-i", "names.txt", "-o", "ids.csv"]);
    let outcome =
        Outcome { stderr: outcome.stderr.replace(&proxy.to_string(), "PROXY"), ..outcome };
    (outcome, connections.load(Ordering::Relaxed))
}

#[test]
fn wrong_proxy_password_is_sent_once() {
    let (outcome, connections) = run_batch_through("http", |stream| {
        read_head(stream);
        let _ = stream.write_all(b"HTTP/1.1 407 x\r\ncontent-length: 0\r\n\r\n");
    });
    insta::assert_snapshot!(outcome.stderr, @"
    error[network]: the proxy PROXY rejected the login; stopped at line 1 of names.txt
    hint: check the user name and the password in HTTPS_PROXY
    hint: run the same command again to continue
    ");
    assert_eq!(connections, 1);
    let (outcome, connections) = run_batch_through("socks5h", |stream| {
        let mut buffer = [0; 512];
        let _ = stream.read(&mut buffer).and_then(|_| stream.write_all(&[5, 2]));
        let _ = stream.read(&mut buffer).and_then(|_| stream.write_all(&[1, 1]));
    });
    assert!(outcome.stderr.starts_with("error[network]: the proxy PROXY rejected the login"));
    assert_eq!(connections, 1, "{outcome:?}");
}
