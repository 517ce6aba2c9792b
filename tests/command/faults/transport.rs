//! TLS and HTTP/2 that refuse, break off or stall.

use rcgen::{CertificateParams, date_time_ymd};

use super::{Row, good_command, row, run_table};
use crate::support::Step::{self, Close, Http2Request, Read, Receive, Request, Send, Stall};
use crate::support::{SECRET, artists, play, tls_config_with};

/// A search on an API that plays these steps on its connections, over TLS with this certificate.
fn over_tls(
    name: &str,
    certificate: impl FnOnce(&mut CertificateParams),
    protocol: &str,
    connections: impl IntoIterator<Item = Vec<Step>>,
    code: &'static str,
) -> Row {
    let (config, pem) = tls_config_with(&[protocol], certificate);
    let url = format!("https://localhost:{}", play(Some(config), connections).port());
    let command = good_command().env("SPOTIFY_API_URL", url);
    let command = command.with_file("own.pem", pem).with_file("two.txt", "a\nb\n");
    row(name, command.env("SSL_CERT_FILE", "own.pem"), "", code)
}

/// A search on an API that has an `https` URL and plays these steps in place of TLS.
fn without_tls(name: &str, steps: Vec<Step>, args: &str, code: &'static str) -> Row {
    let url = format!("https://localhost:{}", play(None, [steps]).port());
    row(name, good_command().env("SPOTIFY_API_URL", url), args, code)
}

#[test]
fn tls() {
    let found = artists(&["BTS"]).to_string();
    let found = format!("HTTP/1.1 200 OK\r\n\r\n{found}");
    let respond = |last: &[Step]| [[&[Request, Send(found.clone().into())], last].concat()];
    let expired = |params: &mut CertificateParams| params.not_after = date_time_ymd(2020, 1, 1);
    let other_host = |params: &mut CertificateParams| {
        *params = CertificateParams::new(vec!["other.example".into()]).unwrap();
    };
    let http = Send(b"HTTP/1.1 400 Bad Request\r\n\r\n".into());
    let mut batch = over_tls("expired, batch", expired, "http/1.1", [vec![Stall]], "network");
    batch.args += "-i two.txt";
    run_table(&[
        over_tls("closed properly", |_| {}, "http/1.1", respond(&[]), ""),
        // Somebody else may have cut the body short.
        over_tls("no close_notify", |_| {}, "http/1.1", respond(&[Close]), "network"),
        over_tls("expired", expired, "http/1.1", [vec![Stall]], "network")
            .says("set this computer's clock"),
        over_tls("another host", other_host, "http/1.1", [vec![Stall]], "network")
            .says(" is not valid: "),
        batch.says("stopped at line 1 of two.txt"),
        without_tls("HTTP in place of TLS", vec![Receive, http], "", "network"),
        without_tls("closed in the handshake", vec![Receive, Close], "", "network"),
        without_tls("stalled in the handshake", vec![Stall], "--timeout 0.5", "timeout"),
    ]);
}

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

const END_HEADERS: u8 = 4;

/// A frame of HTTP/2 (RFC 9113 §4.1). Libraries refuse to send what the rows need.
fn frame(stream: u32, kind: u8, flags: u8, payload: &[u8]) -> Step {
    let length = u32::try_from(payload.len()).unwrap();
    let head = [&length.to_be_bytes()[1..], &[kind, flags], &stream.to_be_bytes()].concat();
    Send([&head, payload].concat())
}

/// The steps of a connection: the client's preface, the server's settings, a request, and these.
fn after_request(steps: &[Step]) -> Vec<Step> {
    let start = [Read(24), frame(0, SETTINGS, 0, &[]), Http2Request];
    [&start, steps].concat()
}

#[test]
fn http_2() {
    let over_http_2 =
        |name, connections: Vec<Vec<Step>>, code| over_tls(name, |_| {}, "h2", connections, code);
    let reset = |stream, code: u32| frame(stream, RST_STREAM, 0, &code.to_be_bytes());
    let go_away = |code: u32, text: &str| {
        frame(0, GOAWAY, 0, &[&[0; 4], &code.to_be_bytes()[..], text.as_bytes()].concat())
    };
    let head = |status: &[u8]| frame(1, HEADERS, END_HEADERS, status);
    run_table(&[
        over_http_2(
            "GOAWAY with a secret",
            vec![after_request(&[go_away(2, SECRET), Close])],
            "network",
        )
        .says("[hidden]"),
        // 0x8e is the status 500.
        over_http_2(
            "reset body of an error",
            vec![after_request(&[head(&[0x8e]), reset(1, 2), Stall])],
            "server_error",
        ),
    ]);
}
