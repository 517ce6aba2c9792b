//! Secrets that a server repeats, in each escaping. `harness` checks that no run shows one.

use crate::harness::{Row, Servers, Step, proxy, raw, response, row, run_table, search, token};
use crate::support::{BASIC, ID, SECRET, TOKEN};

/// Each character as a JSON escape.
fn json_escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("\\u{byte:04x}")).collect::<Vec<_>>().concat()
}

/// The ways in which a server can write the secrets that it knows.
fn repetitions() -> Vec<(&'static str, String)> {
    let unpadded = BASIC.trim_end_matches('=');
    vec![
        ("the secret", SECRET.to_owned()),
        ("the id", ID.to_owned()),
        ("the pair", format!("{ID}:{SECRET}")),
        ("the pair in a form", format!("client_id={ID}&client_secret={SECRET}")),
        ("the pair in a URL", format!("https://{ID}:{SECRET}@accounts.spotify.com/")),
        ("the pair with an escaped colon", format!("{ID}%3A{SECRET}")),
        ("the Basic value", format!("Basic {BASIC}")),
        ("the Basic value without padding", unpadded.to_owned()),
        ("the Basic value with escaped padding", format!("{unpadded}\\u003d")),
        ("the Basic value with percent-encoded padding", format!("{unpadded}%3D")),
        ("the Basic value in quotes", format!("\\\"Basic {BASIC}\\\"")),
        ("a header with the token", format!("Authorization: Bearer {TOKEN}")),
        ("the token", TOKEN.to_owned()),
        ("the token next to letters", format!("x{TOKEN}x")),
        ("the token after a dot", format!("token.{TOKEN}.token")),
        ("JSON escapes", json_escaped(SECRET)),
        (
            "a JSON escape in the middle",
            format!("{}\\u{:04x}{}", &SECRET[..15], SECRET.as_bytes()[15], &SECRET[16..]),
        ),
        ("a token in JSON escapes", json_escaped(TOKEN)),
        ("JSON in a string", format!("{{\\\"secret\\\":\\\"{SECRET}\\\"}}")),
        ("twice", format!("{SECRET} {SECRET}")),
        ("after a long text", format!("{}{SECRET}", "no ".repeat(60))),
    ]
}

#[test]
fn secret_in_an_error_message_is_masked() {
    let mut rows = Vec::new();
    for (name, text) in repetitions() {
        let spotify = format!(r#"{{"error":{{"status":403,"message":"you sent {text}"}}}}"#);
        let oauth =
            format!(r#"{{"error":"invalid_client","error_description":"you sent {text}"}}"#);
        let forbidden = response(403, "", spotify);
        let search = || search(forbidden.clone());
        let rejected = token(response(400, "", oauth));
        rows.extend([
            row(format!("search: {name}"), search(), "-vv", (1, "forbidden")),
            row(format!("batch: {name}"), search(), "-vv", (1, "forbidden")).batch("a\nb\n"),
        ]);
        // The accounts service does not know the token before it issues it.
        if !name.contains("token") {
            let expected = (1, "credentials_rejected");
            rows.push(row(format!("token: {name}"), rejected, "-vv", expected));
        }
    }
    run_table(rows);
}

/// Responses that repeat the secrets outside of a message.
fn rows(
    service: &str,
    repeat: fn(Vec<Step>) -> Servers,
    token: &str,
    code_of_400: &'static str,
) -> Vec<Row> {
    let all = format!("{ID}:{SECRET} {BASIC} {token}");
    let location = format!("location: https://{ID}:{SECRET}@other.example/{token}\r\n");
    let header = format!("x-echo: {all}\r\nretry-after: {SECRET}\r\n");
    let challenge = format!("www-authenticate: Bearer realm=\"{all}\"\r\n");
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let forbidden = (1, "forbidden");
    let bad_response = (1, "bad_response");
    let network = (1, "network");
    [
        ("plain text", response(400, "", &all), (1, code_of_400)),
        ("HTML", response(400, "", format!("<p>{all}</p>")), (1, code_of_400)),
        ("invalid JSON", response(200, "", &all), bad_response),
        ("a JSON string", response(200, "", format!("\"{all}\"")), bad_response),
        ("a JSON key", response(200, "", format!("{{\"{SECRET}{TOKEN}\":1}}")), bad_response),
        ("HTML with status 200", response(200, "", format!("<p>{all}</p>")), bad_response),
        ("a redirect", response(302, &location, ""), bad_response),
        ("a header", response(503, &header, ""), (1, "server_error")),
        ("a challenge", response(403, &challenge, ""), forbidden),
        ("a reason phrase", raw(format!("HTTP/1.1 403 {all}\r\n\r\n")), forbidden),
        ("a bad header", raw(format!("HTTP/1.1 200 OK\r\n{SECRET}{TOKEN}\r\n\r\n")), network),
        ("a bad chunk size", raw(format!("{chunked}x{SECRET}\r\n")), network),
        ("no HTTP", raw(&all), network),
    ]
    .into_iter()
    .map(|(name, response, expected)| {
        row(format!("{service}: {name}"), repeat(response), "-vv", expected)
    })
    .collect()
}

#[test]
fn secret_in_another_part_of_a_response_is_not_shown() {
    let mut table = rows("search", search, TOKEN, "bad_request");
    table.extend(rows("token", token, "", "credentials_rejected"));
    let codes = format!(r#"{{"error":"{SECRET}","error_description":""}}"#);
    let reason = format!(r#"{{"error":{{"status":429,"message":"{TOKEN}","reason":"{TOKEN}"}}}}"#);
    let refused =
        response(407, &format!("proxy-authenticate: Basic realm=\"{SECRET}\"\r\n"), TOKEN);
    table.extend([
        row("token: an error code", token(response(400, "", codes)), "-vv", (1, "bad_request")),
        row(
            "search: a reason",
            search(response(429, "retry-after: 900\r\n", reason)),
            "-vv",
            (1, "rate_limited"),
        ),
        row("proxy: a refusal", proxy(refused), "-vv", (1, "network")),
    ]);
    run_table(table);
}
