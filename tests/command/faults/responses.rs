//! Responses that break off, stall, or are too large.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Row, good_command, row, run_table};
use crate::support::Step::{self, Close, Flood, Request, Reset, Send, Stall, Trickle};
use crate::support::{artists, play};

const OK: &str = "HTTP/1.1 200 OK\r\n\r\n";
const TIMEOUT: &str = "--timeout 0.5";

/// Plays these steps after each search request.
fn search(name: &str, steps: Vec<Step>, args: &str, code: &'static str) -> Row {
    let address = play(None, [[vec![Request], steps].concat()]);
    let command = good_command();
    row(name, command.env("SPOTIFY_API_URL", format!("http://{address}")), args, code)
}

/// Plays these steps after each token request.
fn token(name: &str, steps: Vec<Step>, args: &str, code: &'static str) -> Row {
    let address = play(None, [[vec![Request], steps].concat()]);
    let command = good_command();
    row(name, command.env("SPOTIFY_ACCOUNTS_URL", format!("http://{address}")), args, code)
        .says("cannot get a token: ")
}

fn send(text: &str) -> Step {
    Send(text.into())
}

#[test]
fn response_that_breaks_off_is_a_network_error() {
    let length = "HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{\"art";
    let chunk = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"art";
    run_table(&[
        search("before the response", vec![Close], "", "network"),
        search("in the head", vec![send("HTTP/1.1 200 OK\r\ncontent"), Close], "", "network"),
        search("in the body", vec![send(length), Close], "", "network"),
        search("in a chunk", vec![send(chunk), Close], "", "network"),
        search("in JSON without a length", vec![send(&format!("{OK}{{")), Close], "", "network")
            .says("incomplete"),
        search("by a reset", vec![send(length), Reset], "", "network"),
        search("no HTTP", vec![send("SSH-2.0-OpenSSH_9.9\r\n")], "", "network"),
        token("a token", vec![send(length), Close], "", "network"),
    ]);
}

#[test]
fn response_that_takes_too_long_times_out() {
    let within = "within 0.5 s";
    run_table(&[
        search("no response", vec![Stall], TIMEOUT, "timeout").says(within),
        search("no body", vec![send(OK), Stall], TIMEOUT, "timeout").says(within),
        search("trickling body", vec![send(OK), Trickle(b" ".into())], TIMEOUT, "timeout")
            .says(within),
        token("no token", vec![Stall], TIMEOUT, "timeout"),
    ]);
}

#[test]
fn status_counts_whatever_follows() {
    let status = |status: &str| send(&format!("HTTP/1.1 {status}\r\n\r\n"));
    let cut = "HTTP/1.1 429 x\r\nretry-after: 80000\r\ncontent-length: 99\r\n\r\n{";
    let endless = || Flood("no ".repeat(4096).into());
    run_table(&[
        search("cut short", vec![send(cut), Close], "", "rate_limited").says("22 h"),
        search("without end", vec![status("403 x"), endless()], "", "forbidden"),
        search("stalled", vec![status("503 x"), Stall], TIMEOUT, "server_error"),
    ]);
}

fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// A complete response whose body is declared as compressed.
fn zipped(body: &[u8]) -> Vec<Step> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n");
    vec![send(&head), Send(body.into())]
}

#[test]
fn compressed_response_is_read_or_refused() {
    let body = gzip(artists(&["BTS"]).to_string());
    let mut corrupt = body.clone();
    corrupt[10] = 0xff;
    let cannot = "cannot be decompressed";
    run_table(&[
        search("right", zipped(&body), "", ""),
        search("corrupt", zipped(&corrupt), "", "bad_response").says(cannot),
        search("not compressed", zipped(b"{\"artists\":{}}"), "", "bad_response").says(cannot),
        search("cut short", zipped(&body[..body.len() - 9]), "", "network"),
    ]);
}

#[test]
fn size_of_a_response_is_bounded() {
    let too_large = "is larger than 3 MiB";
    let swollen = gzip(vec![b' '; 20 << 20]);
    let values = format!("{{\"artists\":{{\"items\":[{}0]}}}}", "0,".repeat(200_000));
    let mut keys = String::new();
    (0..1_001).for_each(|number| write!(keys, "\"{number}\":0,").unwrap());
    let keys = format!("{{{keys}\"artists\":{{}}}}");
    let many = artists(&vec!["BTS"; 20_000]).to_string();
    run_table(&[
        search("bytes", vec![send(OK), Flood(vec![b' '; 4096])], "", "bad_response")
            .says(too_large),
        search("decompressed bytes", zipped(&swollen), "", "bad_response").says(too_large),
        search("values", zipped(&gzip(values)), "", "bad_response")
            .says("has more than 200000 values"),
        search("keys", zipped(&gzip(keys)), "", "bad_response").says("has more than 1000 keys"),
        search("more items than requested", zipped(&gzip(many)), "", ""),
        token("a token", vec![send(OK), Flood(vec![b' '; 4096])], "", "bad_response"),
    ]);
}
