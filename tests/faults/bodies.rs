//! Bodies that never end, that trickle, and that swell.

use crate::harness::{
    Pause, Repeat, Send, Stall, Step, frame, gzip, headers, last_data, over_http2, response, row,
    run_table, search, token,
};
use crate::support::artists;

const TIMEOUT: &str = "--timeout 0.5";

/// These bytes, then `repeated` again and again, with a pause before each.
fn endless(start: &str, pause: u64, repeated: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Send(start.into()), Repeat(vec![Pause(pause), Send(repeated.into())])]
}

#[test]
fn body_that_never_ends_is_refused_or_times_out() {
    let head = "HTTP/1.1 200 OK\r\n\r\n";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let list = format!("{head}{{\"artists\":{{\"items\":[");
    let spaces = " ".repeat(1 << 14);
    let chunk = format!("4000\r\n{spaces}\r\n");
    let status = |status| format!("HTTP/1.1 {status} x\r\n\r\n");
    run_table(vec![
        row("spaces", search(endless(head, 0, spaces.clone())), "", (1, "bad_response")),
        row("chunks", search(endless(chunked, 0, chunk.clone())), "", (1, "bad_response")),
        row(
            "tiny chunks",
            search(endless(chunked, 0, "1\r\n \r\n".repeat(1 << 12))),
            TIMEOUT,
            (1, "timeout"),
        ),
        row(
            "items",
            search(endless(&list, 0, "{\"id\":\"x\"},".repeat(1 << 10))),
            "",
            (1, "bad_response"),
        ),
        row(
            "a string",
            search(endless(&format!("{head}\""), 0, "x".repeat(1 << 14))),
            "",
            (1, "bad_response"),
        ),
        row("brackets", search(endless(head, 0, "[".repeat(1 << 14))), "", (1, "bad_response")),
        row(
            "a token",
            token(endless(&format!("{head}{{\"access_token\":\""), 0, "x".repeat(1 << 14))),
            "",
            (1, "bad_response"),
        ),
        row(
            "an endless 403",
            search(endless(&status(403), 0, spaces.clone())),
            "",
            (1, "forbidden"),
        ),
        row(
            "an endless 429",
            search(endless(&status(429), 0, spaces.clone())),
            "",
            (1, "rate_limited"),
        ),
        row(
            "an endless 503",
            search(endless(&status(503), 0, spaces.clone())),
            "",
            (1, "server_error"),
        ),
        row(
            "an endless 401",
            search(endless(&status(401), 0, spaces.clone())),
            "",
            (1, "credentials_rejected"),
        ),
        row(
            "an endless rejection",
            token(endless(&status(400), 0, spaces)),
            "",
            (1, "credentials_rejected"),
        ),
    ]);
}

#[test]
fn body_that_trickles_times_out() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let zipped = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";
    let slow_status = vec![Send(b"HTTP/1.1 503 x\r\n\r\n".into()), Stall];
    run_table(vec![
        row("spaces", search(endless(head, 20, " ")), TIMEOUT, (1, "timeout")),
        row("chunks", search(endless(chunked, 20, "1\r\n \r\n")), TIMEOUT, (1, "timeout")),
        row("chunk size", search(endless(chunked, 20, "0")), TIMEOUT, (1, "timeout")),
        row("status line", search(endless("HTTP/1.1 200 ", 20, "x")), TIMEOUT, (1, "timeout")),
        row(
            "headers",
            search(endless("HTTP/1.1 200 OK\r\n", 20, "a: b\r\n")),
            TIMEOUT,
            (1, "timeout"),
        ),
        row(
            "a header",
            search(endless("HTTP/1.1 200 OK\r\na: ", 20, "x")),
            TIMEOUT,
            (1, "timeout"),
        ),
        row(
            "interim responses",
            search(endless("", 20, "HTTP/1.1 100 Continue\r\n\r\n")),
            TIMEOUT,
            (1, "timeout"),
        ),
        row("a token", token(endless(head, 20, " ")), TIMEOUT, (1, "timeout")),
        row("gzip", search(endless(zipped, 20, "\x1f")), TIMEOUT, (1, "bad_response")),
        row("the status counts", search(slow_status), TIMEOUT, (1, "server_error")),
    ]);
}

/// A batch with as many queries as may be in flight.
fn lines() -> String {
    let numbers: Vec<String> = (0..16).map(|number| number.to_string()).collect();
    numbers.join("\n")
}

/// A response with a compressed body.
fn zipped(body: impl AsRef<[u8]>) -> Vec<Step> {
    response(200, "content-encoding: gzip\r\n", gzip(body))
}

#[test]
fn body_that_swells_is_refused() {
    // 20 KB.
    let swollen = gzip(vec![b' '; 20 << 20]);
    let with_status = |status| response(status, "content-encoding: gzip\r\n", &swollen);
    let (start, end) = swollen.split_at(16_000);
    let over_http2 = over_http2([vec![
        headers("200", &[("content-encoding", "gzip")]),
        frame(0, 0, start),
        last_data(end),
    ]]);
    run_table(vec![
        row("a search", search(with_status(200)), "", (1, "bad_response")),
        row("a search over HTTP/2", over_http2, "", (1, "bad_response")),
        row("gzip in gzip", search(zipped(&swollen)), "", (1, "bad_response")),
        row("a token", token(with_status(200)), "", (1, "bad_response")),
        row("a 403", search(with_status(403)), "", (1, "forbidden")),
        row("a batch", search(with_status(200)), "-j 16", (1, "bad_response"))
            .batch(&lines())
            .within_seconds(15)
            .within_mebibytes(200),
    ]);
}

/// Values that take many times the memory of their text.
#[test]
fn response_of_many_values_is_refused() {
    let list = |item: &str, count: usize| {
        let body = format!("{{\"artists\":{{\"items\":[{}0]}}}}", item.repeat(count));
        search(zipped(body))
    };
    let keys: Vec<String> = (0..250_000).map(|number| format!("\"k{number}\":0")).collect();
    let keys = format!("{{\"artists\":{{}},{}}}", keys.join(","));
    let section_of_keys = format!("{{\"artists\":{keys}}}");
    run_table(vec![
        row("a list of nulls", list("null,", 600_000), "", (1, "bad_response")),
        row("a list of numbers", list("0,", 1_500_000), "", (1, "bad_response")),
        row("a list of empty objects", list("{},", 1_000_000), "", (1, "bad_response")),
        row("a list of lists", list("[],", 1_000_000), "", (1, "bad_response")),
        row("many keys", search(zipped(keys)), "", (1, "bad_response")),
        row("many keys in a section", search(zipped(section_of_keys)), "", (1, "bad_response")),
    ]);
}

#[test]
fn large_response_is_accepted() {
    let many = artists(&vec!["BTS"; 20_000]).to_string();
    // The name is also a part of the id.
    let long = artists(&[&"x".repeat(500 << 10)]).to_string();
    run_table(vec![
        row("more items than asked for", search(response(200, "", &many)), "", (0, "")),
        row("more items than asked for, zipped", search(zipped(&many)), "", (0, "")),
        row("a long name", search(zipped(&long)), "", (0, "")),
        row("a long name in a table", search(zipped(&long)), "-f table", (0, "")),
        row("a batch of many items", search(zipped(&many)), "-j 16 --timeout 15", (0, ""))
            .batch(&lines())
            .within_seconds(20)
            .within_mebibytes(200),
    ]);
}
