//! Responses that break off at each interesting byte.

use crate::harness::{Close, Reset, Row, Send, Stall, Step, raw, row, run_table, search, token};
use crate::support::{TOKEN, artists};

/// Prefixes of a response, and the parts after which they end.
fn prefixes(parts: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let mut response = String::new();
    let mut prefixes = vec![("nothing", String::new())];
    for (name, part) in parts {
        response.push_str(part);
        prefixes.push((name, response.clone()));
    }
    prefixes
}

/// The head and the body of a response, in parts.
fn parts(body: &str) -> Vec<(&'static str, String)> {
    let (start, rest) = body.split_at(body.len() / 2);
    let (rest, end) = rest.split_at(rest.len() - 1);
    let length = format!("{}\r\n", body.len());
    [
        ("half of the version", "HTT"),
        ("the version", "P/1.1"),
        ("half of the status", " 20"),
        ("the status", "0"),
        ("the reason", " OK"),
        ("half of a line end", "\r"),
        ("the status line", "\n"),
        ("half of a name", "content-"),
        ("a name", "length:"),
        ("a header", &length),
        ("half of the end of the head", "\r"),
        ("the head", "\n"),
        ("half of the body", start),
        ("all but the last byte", rest),
    ]
    .map(|(name, part)| (name, part.to_owned()))
    .into_iter()
    .chain([("everything", end.to_owned())])
    .collect()
}

/// The body of a search in chunks, in parts.
fn chunks() -> Vec<(&'static str, String)> {
    let body = artists(&["BTS"]).to_string();
    let (first, second) = body.split_at(20);
    vec![
        ("a chunked head", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".into()),
        ("half of a chunk size", "1".into()),
        ("a chunk size", "4".into()),
        ("the line of a chunk size", "\r\n".into()),
        ("half of a chunk", first[..10].into()),
        ("a chunk", first[10..].into()),
        ("the end of a chunk", "\r\n".into()),
        ("all chunks", format!("{:x}\r\n{second}\r\n", second.len())),
        ("the last chunk size", "0\r\n".into()),
    ]
}

/// Rows in which a response ends after each of its parts, and then this happens.
fn rows(then: &Step, is_token: bool, body: &str, args: &str, code: &'static str) -> Vec<Row> {
    let service = if is_token { "token" } else { "search" };
    let mut rows = Vec::new();
    for (part, prefix) in prefixes(&parts(body)) {
        let steps = vec![Send(prefix.into_bytes()), then.clone()];
        let servers = if is_token { token(steps) } else { search(steps) };
        let is_complete = part == "everything";
        let (args, expected) = if is_complete { ("", (0, "")) } else { (args, (1, code)) };
        rows.push(row(format!("{service}: {then:?} after {part}"), servers, args, expected));
    }
    rows
}

#[test]
fn response_that_breaks_off_is_a_network_error() {
    let results = artists(&["BTS"]).to_string();
    let token = format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":3600}}"#);
    let mut table = Vec::new();
    table.extend(rows(&Close, false, &results, "", "network"));
    table.extend(rows(&Reset, false, &results, "", "network"));
    table.extend(rows(&Close, true, &token, "", "network"));
    run_table(table);
}

#[test]
fn response_that_stalls_times_out() {
    let results = artists(&["BTS"]).to_string();
    run_table(rows(&Stall, false, &results, "--timeout 0.5", "timeout"));
}

#[test]
fn chunked_response_that_breaks_off_is_a_network_error() {
    let mut table = Vec::new();
    for (part, prefix) in prefixes(&chunks()).into_iter().skip(1) {
        table.push(row(format!("close after {part}"), search(raw(&prefix)), "", (1, "network")));
    }
    run_table(table);
}

#[test]
fn json_that_ends_in_the_middle_is_a_network_error() {
    let results = artists(&["BTS"]).to_string();
    let complete_until = results.len() - 1;
    // Every tenth byte, without a content-length: the connection ends, and so does the body.
    let table = (1..complete_until).step_by(10).map(|length| {
        let response = format!("HTTP/1.1 200 OK\r\n\r\n{}", &results[..length]);
        row(format!("{length} bytes of JSON"), search(raw(response)), "", (1, "network"))
    });
    run_table(table.collect());
}
