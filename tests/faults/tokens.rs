//! Tokens and `Retry-After`: values that are missing, odd, huge or wrong.

use crate::harness::{
    Step, ok, response, row, run_table, search, search_in_turn, token, token_in_turn,
};
use crate::support::TOKEN;

const OK: (i32, &str) = (0, "");
const BAD_RESPONSE: (i32, &str) = (1, "bad_response");
const RATE_LIMITED: (i32, &str) = (1, "rate_limited");

/// A token response with these further fields, each after a comma.
fn with_fields(fields: &str) -> Vec<Step> {
    response(200, "", format!("{{\"access_token\":\"{TOKEN}\"{fields}}}"))
}

#[test]
fn lifetime_of_a_token() {
    let lifetime = |value: &str| token(with_fields(&format!(",\"expires_in\":{value}")));
    run_table(vec![
        row("missing", token(with_fields("")), "", OK),
        row("null", lifetime("null"), "", OK),
        row("0", lifetime("0"), "", OK),
        row("1", lifetime("1"), "", OK),
        row("negative", lifetime("-1"), "", OK),
        row("with a fraction", lifetime("3600.5"), "", OK),
        row("a string", lifetime("\"3600\""), "", OK),
        row("an object", lifetime("{}"), "", OK),
        row("the largest", lifetime("18446744073709551615"), "", OK),
        row("larger than the largest", lifetime("18446744073709551616"), "", OK),
        row("infinite", lifetime("1e999"), "", OK),
        row("of many digits", lifetime(&"9".repeat(100_000)), "", OK),
        row("not a number", lifetime("NaN"), "", BAD_RESPONSE),
        row("twice", lifetime("3600,\"expires_in\":1"), "", BAD_RESPONSE),
    ]);
}

#[test]
fn token_response() {
    let of = |value: &str| token(response(200, "", format!("{{\"access_token\":{value}}}")));
    let body = |body: &str| token(response(200, "", body));
    run_table(vec![
        row("empty", of("\"\""), "", BAD_RESPONSE),
        row("null", of("null"), "", BAD_RESPONSE),
        row("a number", of("7"), "", BAD_RESPONSE),
        row("an array", of("[\"x\"]"), "", BAD_RESPONSE),
        row("white space", of("\" \""), "", BAD_RESPONSE),
        row("a line end", of("\"x\\r\\ncookie: y\""), "", BAD_RESPONSE),
        row("a zero byte", of("\"x\\u0000\""), "", BAD_RESPONSE),
        row("letters beyond ASCII", of("\"\u{e9}\""), "", BAD_RESPONSE),
        row("a lone surrogate", of("\"\\ud800\""), "", BAD_RESPONSE),
        row("a quote", of("\"x\\\"y\""), "", OK),
        row("10 KiB", of(&format!("\"{}\"", "x".repeat(10 << 10))), "", OK),
        row("twice", of(&format!("\"{TOKEN}\",\"access_token\":\"{TOKEN}\"")), "", BAD_RESPONSE),
        row("another token type", token(with_fields(",\"token_type\":\"mac\"")), "", OK),
        row("more fields", token(with_fields(",\"scope\":\"\",\"x\":[[]]")), "", OK),
        row("no body", body(""), "", BAD_RESPONSE),
        row("no object", body("[]"), "", BAD_RESPONSE),
        row("no token", body("{}"), "", BAD_RESPONSE),
        row("a token without JSON", body(TOKEN), "", BAD_RESPONSE),
        row("an error with status 200", body(r#"{"error":"invalid_client"}"#), "", BAD_RESPONSE),
        row("a form", body(&format!("access_token={TOKEN}&expires_in=3600")), "", BAD_RESPONSE),
        row("HTML", body("<html>"), "", BAD_RESPONSE),
        row(
            "a byte order mark",
            body(&format!("\u{feff}{{\"access_token\":\"{TOKEN}\"}}")),
            "",
            BAD_RESPONSE,
        ),
        row(
            "status 201",
            token(response(201, "", format!("{{\"access_token\":\"{TOKEN}\"}}"))),
            "",
            OK,
        ),
    ]);
}

#[test]
fn token_that_is_rejected() {
    let rejected = || response(401, "", r#"{"error":{"status":401,"message":"expired"}}"#);
    run_table(vec![
        row("once", search_in_turn([rejected(), ok()]), "", OK),
        row(
            "twice",
            search_in_turn([rejected(), rejected(), ok()]),
            "",
            (1, "credentials_rejected"),
        ),
        row(
            "with Retry-After",
            search_in_turn([response(401, "retry-after: 900\r\n", ""), ok()]),
            "",
            OK,
        ),
        row(
            "the next one fails",
            token_in_turn([response(503, "", ""), with_fields("")]),
            "--retries 1",
            OK,
        ),
        row("in a batch", search_in_turn([rejected(), ok()]), "-j 1", OK).batch("a\nb\n"),
    ]);
}

#[test]
fn retry_after() {
    let limited = |value: &str| {
        search_in_turn([response(429, &format!("retry-after: {value}\r\n"), ""), ok()])
    };
    let of_token = |value: &str| token(response(429, &format!("retry-after: {value}\r\n"), ""));
    let unavailable = |value: &str| {
        search_in_turn([response(503, &format!("retry-after: {value}\r\n"), ""), ok()])
    };
    let once = "--retries 1 --max-wait 3";
    let mut rows = vec![
        row("no header", search_in_turn([response(429, "", ""), ok()]), once, OK),
        row("two headers", limited("1\r\nretry-after: 900"), once, OK),
        row("two headers, the longer first", limited("900\r\nretry-after: 1"), once, RATE_LIMITED),
        row(
            "bytes that are not UTF-8",
            search_in_turn([
                vec![Step::Send(
                    b"HTTP/1.1 429 x\r\nretry-after: \xff\r\nconnection: close\r\n\r\n".into(),
                )],
                ok(),
            ]),
            once,
            OK,
        ),
        row(
            "once more than the retries",
            search(response(429, "retry-after: 1\r\n", "")),
            once,
            RATE_LIMITED,
        ),
        row("longer than the wait", limited("5"), once, RATE_LIMITED),
        row("a day", limited("86400"), "--retries 3", RATE_LIMITED),
        row("a day in a batch", limited("86400"), "", (4, "rate_limited")).batch("a\nb\n"),
        row("a day for a token", of_token("86400"), "--retries 3", RATE_LIMITED),
        row("a day of 503", unavailable("86400"), "--retries 3", (1, "server_error")),
        row("a second of 503", unavailable("1"), once, OK),
        row("a negative wait of 503", unavailable("-1"), once, OK),
    ];
    // The wait counts as unknown: 1 s.
    for value in [
        "",
        "0",
        "-1",
        "1.5",
        "1e3",
        "0x10",
        "+1",
        "soon",
        "1s",
        "1, 2",
        "\u{661}",
        "NaN",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sun, 99 Nov 2094 08:49:37 GMT",
        "2094-11-06T08:49:37Z",
    ] {
        rows.push(row(format!("{value:?}"), limited(value), once, OK));
    }
    for value in [
        "900",
        " 900 ",
        "0000900",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999999999999999",
        "Sun, 07 Nov 2094 08:49:37 GMT",
        "Thursday, 07-Nov-69 08:49:37 GMT",
        "Sun Nov  7 08:49:37 2094",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        rows.push(row(format!("{value:?}"), limited(value), once, RATE_LIMITED));
    }
    run_table(rows);
}
