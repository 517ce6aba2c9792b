//! Every status with every kind of body.

use crate::harness::{response, row, run_table, search, token};

/// Statuses of a search and their codes.
const SEARCH_STATUSES: [(u16, &str); 16] = [
    (302, "bad_response"),
    (400, "bad_request"),
    (401, "credentials_rejected"),
    (403, "forbidden"),
    (404, "not_found"),
    (405, "bad_request"),
    (408, "bad_request"),
    (418, "bad_request"),
    (429, "rate_limited"),
    (500, "server_error"),
    (501, "server_error"),
    (502, "server_error"),
    (503, "server_error"),
    (504, "server_error"),
    (599, "server_error"),
    (999, "bad_response"),
];

/// Statuses of a token request and their codes.
const TOKEN_STATUSES: [(u16, &str); 8] = [
    (302, "bad_response"),
    (401, "credentials_rejected"),
    (403, "forbidden"),
    (404, "not_found"),
    (429, "rate_limited"),
    (500, "server_error"),
    (503, "server_error"),
    (999, "bad_response"),
];

/// Bodies of error responses.
const BODIES: [(&str, &[u8]); 12] = [
    ("Spotify's form", br#"{"error":{"status":400,"message":"Invalid limit"}}"#),
    ("no message", br#"{"error":{"status":400}}"#),
    ("a null message", br#"{"error":{"status":400,"message":null}}"#),
    ("OAuth's form", br#"{"error":"invalid_client","error_description":"Invalid client"}"#),
    ("an empty body", b""),
    ("plain text", b"upstream connect error or disconnect/reset before headers"),
    ("HTML", b"<!DOCTYPE html><html><title>Bad gateway</title></html>"),
    ("an array", b"[1]"),
    ("null", b"null"),
    ("half of JSON", br#"{"error":{"status":400,"mess"#),
    ("bytes that are not UTF-8", b"\xff\xfe\x00\x80"),
    ("control characters", b"\x1b]0;title\x07\x1b[2J\r\nerror[output]: a second line"),
];

#[test]
fn every_status_has_its_code_with_every_body() {
    let mut rows = Vec::new();
    for (body, bytes) in BODIES {
        for (status, code) in SEARCH_STATUSES {
            let servers = search(response(status, "", bytes));
            rows.push(row(format!("search: {status} with {body}"), servers, "", (1, code)));
        }
        for (status, code) in TOKEN_STATUSES {
            let servers = token(response(status, "", bytes));
            rows.push(row(format!("token: {status} with {body}"), servers, "", (1, code)));
        }
    }
    run_table(rows);
}

#[test]
fn some_statuses_depend_on_the_body() {
    let premium = "Active premium subscription required for the owner of the app.";
    let quota = r#"{"error":{"status":429,"message":"x","reason":"QUOTA_EXCEEDED"}}"#;
    let client = r#"{"error":"invalid_client"}"#;
    let grant = r#"{"error":"unsupported_grant_type"}"#;
    let long = "no ".repeat(1 << 20);
    let many_keys = format!("{{{}\"error\":1}}", "\"k\":[{}],".repeat(50_000));
    run_table(vec![
        row("premium", search(response(403, "", premium)), "", (1, "premium_required")),
        row("premium for a token", token(response(403, "", premium)), "", (1, "premium_required")),
        row("quota", search(response(429, "", quota)), "--retries 3", (1, "rate_limited")),
        row("rejected client", token(response(400, "", client)), "", (1, "credentials_rejected")),
        row("empty 400", token(response(400, "", "")), "", (1, "credentials_rejected")),
        row("rejected grant", token(response(400, "", grant)), "", (1, "bad_request")),
        row("huge message", search(response(403, "", &long)), "", (1, "forbidden")),
        row("huge message for a token", token(response(403, "", &long)), "", (1, "forbidden")),
        row("huge JSON", search(response(400, "", &many_keys)), "", (1, "bad_request")),
        row("deep JSON", search(response(400, "", "[".repeat(60_000))), "", (1, "bad_request")),
        row("204", search(response(204, "", "")), "", (1, "bad_response")),
        row("204 for a token", token(response(204, "", "")), "", (1, "bad_response")),
        row("205", search(response(205, "", "")), "", (1, "bad_response")),
        row("304", search(response(304, "", "")), "", (1, "bad_response")),
        row("a batch of 404s", search(response(404, "", "")), "", (1, "not_found")).batch("a\nb\n"),
        row("a batch of 403s", search(response(403, "", premium)), "", (1, "premium_required"))
            .batch("a\nb\n"),
    ]);
}
