//! Connections: which are trusted, which way they go, and servers that misbehave.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use wiremock::ResponseTemplate;

use crate::support::{
    Outcome, Spotify, TOKEN, Tool, artists, http, listen, raw, raw_tls, raw_tls_telling, read_head,
};

fn found() -> String {
    http("200 OK", &artists(&["BTS"]).to_string())
}

/// One try against a server that answers searches with these bytes.
fn one_try(answer: impl Into<Vec<u8>>) -> Outcome {
    Tool::against(&raw(answer)).run(&["BTS", "--retries", "0"])
}

fn assert_fails(outcome: &Outcome, code: &str) {
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{outcome:?}");
    assert_eq!(outcome.error_code(), code, "{outcome:?}");
}

#[test]
fn a_certificate_is_trusted_where_it_is_named_and_only_there() {
    let (base, pem) = raw_tls(found());
    let tool = || {
        let tool = Tool::against(&base);
        std::fs::write(tool.folder().join("own.pem"), &pem).unwrap();
        tool
    };
    let outcome = tool().run(&["BTS"]);
    assert_fails(&outcome, "network");
    insta::assert_snapshot!(outcome.stderr.replace(&base["https://".len()..], "HOST"), @"
    error[network]: the connection to HOST failed: invalid peer certificate: UnknownIssuer
    hint: --cacert FILE trusts a certificate of your own, such as a company proxy's
    ");
    assert_eq!(tool().run(&["BTS", "--cacert", "own.pem"]).code, 0);
    assert_eq!(tool().env("SSL_CERT_FILE", "own.pem").run(&["BTS"]).code, 0);

    // The certificate is for another name.
    let by_address = base.replace("localhost", "127.0.0.1");
    let outcome =
        tool().env("SPOTIFY_ACCOUNTS_URL", by_address).run(&["BTS", "--cacert", "own.pem"]);
    assert_fails(&outcome, "network");
}

#[tokio::test]
async fn an_unusable_certificate_file_exits_2_and_sends_nothing() {
    let spotify = Spotify::with(&artists(&[])).await;
    for name in ["missing.pem", "empty.pem", "."] {
        let tool = spotify.tool();
        std::fs::write(tool.folder().join("empty.pem"), "no certificate").unwrap();
        let outcome = tool.run(&["BTS", "--cacert", name]);
        assert_eq!((outcome.code, outcome.error_code()), (2, "config_invalid"), "{outcome:?}");
        assert!(outcome.stderr.contains(name), "{outcome:?}");
    }
    let outcome = spotify.tool().env("SSL_CERT_FILE", "missing.pem").run(&["BTS"]);
    assert_eq!((outcome.code, outcome.error_code()), (2, "config_invalid"));
    assert_eq!(spotify.counts().await, (0, 0));
}

#[tokio::test]
async fn a_base_url_that_could_leak_a_secret_is_refused_unseen() {
    let spotify = Spotify::with(&artists(&[])).await;
    for name in ["SPOTIFY_API_URL", "SPOTIFY_ACCOUNTS_URL"] {
        for url in
            ["http://example.org", "https://user:hunter2@example.org", "ftp://hunter2", "hunter2"]
        {
            let outcome = spotify.tool().env(name, url).run(&["BTS"]);
            assert_eq!(
                (outcome.code, outcome.error_code()),
                (2, "config_invalid"),
                "{url}: {outcome:?}"
            );
            assert!(
                outcome.stderr.contains(name) && !outcome.stderr.contains("hunter2"),
                "{outcome:?}"
            );
        }
    }
    assert_eq!(spotify.counts().await, (0, 0));
}

#[test]
fn the_connection_to_the_api_is_opened_while_the_token_is_fetched() {
    let (connected, connection) = mpsc::channel();
    let (api, api_pem) = raw_tls_telling(found(), move || connected.send(()).unwrap());
    // Gives a token only once it sees the other one connected to, or gives up on that.
    let connection = Mutex::new(connection);
    let was_early = Arc::new(AtomicBool::new(false));
    let saw_it = was_early.clone();
    let (accounts, accounts_pem) = raw_tls_telling("", move || {
        let seen = connection.lock().unwrap().recv_timeout(Duration::from_secs(5));
        saw_it.store(seen.is_ok(), Ordering::Relaxed);
    });
    let tool = Tool::against(&api).env("SPOTIFY_ACCOUNTS_URL", &accounts);
    std::fs::write(tool.folder().join("own.pem"), api_pem + &accounts_pem).unwrap();
    let outcome = tool.run(&["BTS", "--cacert", "own.pem"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(was_early.load(Ordering::Relaxed));
}

/// An API that takes connections and never says a word. Returns its base URL and how many it took.
fn mute() -> (String, Arc<AtomicUsize>) {
    let connections = Arc::new(AtomicUsize::new(0));
    let taken = connections.clone();
    let address = listen(move |mut stream| {
        taken.fetch_add(1, Ordering::Relaxed);
        while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
    });
    (format!("https://{address}"), connections)
}

/// A tool for these two services, which trusts the first.
fn apart(accounts: &str, pem: &str, api: &str) -> Tool {
    let tool = Tool::against(api).env("SPOTIFY_ACCOUNTS_URL", accounts);
    std::fs::write(tool.folder().join("own.pem"), pem).unwrap();
    tool.env("SSL_CERT_FILE", "own.pem")
}

#[test]
fn a_mute_api_takes_one_time_out_and_delays_no_failure_of_the_token() {
    let (api, _) = mute();
    let (accounts, pem) = raw_tls("");
    let begun = Instant::now();
    let outcome = apart(&accounts, &pem, &api).run(&["BTS", "--timeout", "2", "--retries", "0"]);
    assert_fails(&outcome, "timeout");
    assert!(begun.elapsed() < Duration::from_secs(4), "not one for each connection");

    let (api, connections) = mute();
    let refusing = listen(drop);
    let begun = Instant::now();
    let outcome = apart(&format!("https://{refusing}"), &pem, &api).run(&["BTS", "--retries", "2"]);
    assert_fails(&outcome, "network");
    assert!(begun.elapsed() < Duration::from_secs(10), "less than a time-out");
    assert!(connections.load(Ordering::Relaxed) <= 3);
}

/// A proxy that tunnels, on this machine. Returns its URL and what it was asked to connect to.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let targets = Arc::new(Mutex::new(Vec::new()));
    let seen = targets.clone();
    let address = listen(move |mut client: TcpStream| {
        let head = read_head(&mut client);
        let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
        seen.lock().unwrap().push(target.clone());
        let Ok(server) = TcpStream::connect(target) else { return };
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut from, &mut to));
        let _ = std::io::copy(&mut client, &mut &server);
    });
    (format!("http://{address}"), targets)
}

#[test]
fn https_goes_through_the_proxies_of_the_environment() {
    let (base, pem) = raw_tls(found());
    let (proxy, targets) = proxy();
    let host = base["https://".len()..].to_owned();
    let run = |name: &str, no_proxy: &str| {
        targets.lock().unwrap().clear();
        let tool = Tool::against(&base).env(name, &proxy).env("NO_PROXY", no_proxy);
        std::fs::write(tool.folder().join("own.pem"), &pem).unwrap();
        let outcome = tool.run(&["BTS", "--cacert", "own.pem"]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        targets.lock().unwrap().clone()
    };
    assert_eq!(run("HTTPS_PROXY", ""), [host.clone(), host.clone()]);
    assert_eq!(run("ALL_PROXY", ""), [host.clone(), host]);
    assert!(run("HTTPS_PROXY", "localhost").is_empty());
}

#[tokio::test]
async fn an_unusable_proxy_is_refused_and_not_gone_round() {
    let spotify = Spotify::with(&artists(&[])).await;
    for proxy in ["not a proxy", "ftp://hunter2@127.0.0.1:1", "http://"] {
        let outcome = spotify.tool().env("HTTPS_PROXY", proxy).run(&["BTS"]);
        assert_eq!((outcome.code, outcome.error_code()), (2, "config_invalid"), "{outcome:?}");
        assert!(!outcome.stderr.contains("hunter2"), "{outcome:?}");
    }
    assert_eq!(spotify.counts().await, (0, 0));
}

#[tokio::test]
async fn plain_http_to_this_machine_never_leaves_it_by_a_proxy() {
    let spotify = Spotify::with(&artists(&["BTS"])).await;
    let (proxy, targets) = proxy();
    let outcome = spotify.tool().env("HTTP_PROXY", &proxy).env("ALL_PROXY", &proxy).run(&["BTS"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(targets.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let stranger = Spotify::with(&artists(&["stranger"])).await;
    let target = format!("{}/v1/search", stranger.base());
    let spotify =
        Spotify::answering(ResponseTemplate::new(307).append_header("location", target)).await;
    assert_fails(&spotify.run(&["BTS"]), "bad_response");
    assert_eq!(stranger.counts().await, (0, 0));
}

#[test]
fn a_broken_connection_is_a_network_error() {
    let whole = found();
    for cut in [0, 10, whole.len() - 1] {
        assert_fails(&one_try(&whole.as_bytes()[..cut]), "network");
    }
    assert_fails(
        &one_try("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"art"),
        "network",
    );
}

#[test]
fn what_is_not_http_or_not_what_it_says_is_a_bad_response() {
    assert_fails(&one_try("SSH-2.0-OpenSSH_9.9\r\n"), "bad_response");
    assert_fails(
        &one_try("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello"),
        "bad_response",
    );
}

#[test]
fn a_status_says_what_to_do_even_where_its_explanation_breaks_off() {
    let cut = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 80000\r\ncontent-length: 99\r\n\r\n{";
    assert_fails(&one_try(cut), "rate_limited");
    assert_fails(
        &one_try(format!("HTTP/1.1 403 Forbidden\r\n\r\n{}", "no ".repeat(1 << 20))),
        "forbidden",
    );
}

#[test]
fn no_server_at_all_is_a_network_error_that_is_tried_again() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let tool = || Tool::against(&format!("http://{closed}"));
    let outcome = tool().run(&["BTS", "--retries", "0"]);
    assert_fails(&outcome, "network");
    assert!(outcome.stderr.contains("refused"), "{outcome:?}");
    let begun = Instant::now();
    assert_fails(&tool().run(&["BTS", "--retries", "1"]), "network");
    assert!(begun.elapsed() >= Duration::from_millis(250));
}

#[tokio::test]
async fn a_slow_answer_times_out() {
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(20));
    let spotify = Spotify::answering(slow).await;
    let outcome = spotify.run(&["BTS", "--timeout", "0.2", "--retries", "0"]);
    assert_fails(&outcome, "timeout");
    assert!(outcome.stderr.contains("within 0.2 s"), "{outcome:?}");
}

#[test]
fn an_answer_that_trickles_for_ever_times_out() {
    let address = listen(|mut stream| {
        read_head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let outcome = Tool::against(&format!("http://{address}")).run(&[
        "BTS",
        "--timeout",
        "0.3",
        "--retries",
        "0",
    ]);
    assert_fails(&outcome, "timeout");
}

#[test]
fn an_endless_answer_is_cut_off() {
    let address = listen(|mut stream| {
        let head = read_head(&mut stream);
        if head.starts_with("POST") {
            let _ = stream
                .write_all(http("200 OK", &format!(r#"{{"access_token":"{TOKEN}"}}"#)).as_bytes());
            return;
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let chunk = [b' '; 1 << 12];
        while stream.write_all(&chunk).is_ok() {}
        let _ = stream.read(&mut [0]);
    });
    let outcome = Tool::against(&format!("http://{address}")).run(&["BTS"]);
    assert_fails(&outcome, "bad_response");
    assert!(outcome.stderr.contains("larger than 16 MiB"), "{outcome:?}");
}

#[tokio::test]
async fn a_compressed_answer_is_read_and_one_that_swells_is_cut_off() {
    let spotify = Spotify::giving_tokens().await;
    let gzip = |body: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    };
    let packed = |body: &[u8]| {
        ResponseTemplate::new(200)
            .append_header("content-encoding", "gzip")
            .set_body_bytes(gzip(body))
    };
    spotify.searches(packed(artists(&["BTS"]).to_string().as_bytes()), Some(1)).await;
    spotify.searches(packed(&vec![b' '; 17 << 20]), None).await;
    assert_eq!(spotify.run(&["BTS"]).code, 0);
    assert_fails(&spotify.run(&["BTS"]), "bad_response");
}
