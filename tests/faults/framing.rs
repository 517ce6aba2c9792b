//! HTTP/1.1 that is unusual or wrong: status lines, headers, lengths, chunks and compression.

use crate::harness::{
    Pause, Repeat, Send, Step, gzip, ok, raw, response, row, run_table, search, token,
};
use crate::support::artists;

const OK: (i32, &str) = (0, "");
const NETWORK: (i32, &str) = (1, "network");
const BAD_RESPONSE: (i32, &str) = (1, "bad_response");

/// A response with one result. `status_line` and `headers` are without line ends.
fn found(status_line: &str, headers: &str) -> Vec<Step> {
    let body = artists(&["BTS"]).to_string();
    raw(format!("{status_line}\r\n{headers}\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
}

#[test]
fn status_line() {
    let with_line = |line| search(found(line, "a: b"));
    let after = |start: &str| {
        let mut steps = raw(start);
        steps.extend(ok());
        search(steps)
    };
    run_table(vec![
        row("no reason", with_line("HTTP/1.1 200"), "", OK),
        row("an empty reason", with_line("HTTP/1.1 200 "), "", OK),
        row("a reason in UTF-8", with_line("HTTP/1.1 200 \u{fc}\u{2713}"), "", OK),
        row("a control character", with_line("HTTP/1.1 200 O\u{1}K"), "", NETWORK),
        row("HTTP/1.0", with_line("HTTP/1.0 200 OK"), "", OK),
        row("HTTP/0.9", search(raw("{\"artists\":{}}")), "", NETWORK),
        row("HTTP/1.2", with_line("HTTP/1.2 200 OK"), "", NETWORK),
        row("HTTP/2 in text", with_line("HTTP/2 200 OK"), "", NETWORK),
        row("HTTP/2 in frames", search(raw(b"\0\0\0\x04\0\0\0\0\0")), "", NETWORK),
        row("lower case", with_line("http/1.1 200 OK"), "", NETWORK),
        row("status 0", with_line("HTTP/1.1 000 OK"), "", NETWORK),
        row("two digits", with_line("HTTP/1.1 20 OK"), "", NETWORK),
        row("four digits", with_line("HTTP/1.1 2000 OK"), "", NETWORK),
        row("a negative status", with_line("HTTP/1.1 -20 OK"), "", NETWORK),
        row("white space before", with_line(" HTTP/1.1 200 OK"), "", NETWORK),
        row("an empty line before", after("\r\n"), "", OK),
        row("SSH", search(raw("SSH-2.0-OpenSSH_9.9\r\n")), "", NETWORK),
        row("SMTP", search(raw("220 mail.example ESMTP\r\n")), "", NETWORK),
        row("zeros", search(raw([0; 4096])), "", NETWORK),
        row("zeros without end", search(vec![Repeat(raw([0; 4096]))]), "", NETWORK),
        row("letters without end", search(vec![Repeat(raw([b'x'; 4096]))]), "", NETWORK),
        row("line ends without end", search(vec![Repeat(raw("\r\n".repeat(2048)))]), "", NETWORK),
        row("one interim response", after("HTTP/1.1 100 Continue\r\n\r\n"), "", OK),
        row("early hints", after("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"), "", OK),
        row("many interim responses", after(&"HTTP/1.1 102 x\r\n\r\n".repeat(1_000)), "", OK),
        row(
            "an upgrade",
            search(raw("HTTP/1.1 101 x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n")),
            "",
            BAD_RESPONSE,
        ),
        row(
            "interim responses without end",
            search(vec![Repeat(vec![Send(b"HTTP/1.1 100 Continue\r\n\r\n".into()), Pause(1)])]),
            "--timeout 0.5",
            (1, "timeout"),
        ),
        row("a second response", search([ok(), ok()].concat()), "", OK),
        row("no token but SSH", token(raw("SSH-2.0-OpenSSH_9.9\r\n")), "", NETWORK),
    ]);
}

#[test]
fn headers() {
    let with_header = |header: &str| search(found("HTTP/1.1 200 OK", header));
    let long = |length| format!("x: {}", "y".repeat(length));
    let many = |count| vec!["a: b"; count].join("\r\n");
    run_table(vec![
        row("no colon", with_header("oops"), "", NETWORK),
        row("an empty name", with_header(": x"), "", NETWORK),
        row("white space after the name", with_header("a : b"), "", NETWORK),
        row("an empty value", with_header("a:"), "", OK),
        row(
            "Latin-1",
            search([raw(b"HTTP/1.1 200 OK\r\na: \xff\r\n"), raw("\r\n{}")].concat()),
            "",
            BAD_RESPONSE,
        ),
        row("a zero byte", with_header("a: \0"), "", NETWORK),
        row("an escape character", with_header("a: \u{1b}[2J"), "", NETWORK),
        row("a folded line", with_header("a: b\r\n c"), "", NETWORK),
        row("a folded first line", with_header(" a: b"), "", NETWORK),
        row(
            "line feeds only",
            search(raw("HTTP/1.1 200 OK\nconnection: close\n\n{\"artists\":{}}")),
            "",
            OK,
        ),
        row("carriage returns only", search(raw("HTTP/1.1 200 OK\r\r{}")), "", NETWORK),
        row("8 KiB", with_header(&long(8 << 10)), "", OK),
        row("64 KiB", with_header(&long(64 << 10)), "", OK),
        row("1 MiB", with_header(&long(1 << 20)), "", NETWORK),
        row("90 headers", with_header(&many(90)), "", OK),
        row("5,000 headers", with_header(&many(5_000)), "", NETWORK),
        row(
            "headers without end",
            search(
                [raw("HTTP/1.1 200 OK\r\n"), vec![Repeat(raw("a: b\r\n".repeat(100)))]].concat(),
            ),
            "",
            NETWORK,
        ),
        row(
            "a header without end",
            search([raw("HTTP/1.1 200 OK\r\na: "), vec![Repeat(raw("b".repeat(4096)))]].concat()),
            "",
            NETWORK,
        ),
        row("another media type", with_header("content-type: text/html"), "", OK),
        row(
            "another character set",
            with_header("content-type: application/json; charset=utf-16"),
            "",
            OK,
        ),
        row("a cookie", with_header("set-cookie: a=b"), "", OK),
        row("a location", with_header("location: https://other.example/"), "", OK),
        row("Alt-Svc", with_header("alt-svc: h3=\":1\"; ma=86400"), "", OK),
        row("an upgrade", with_header("connection: upgrade\r\nupgrade: websocket"), "", OK),
    ]);
}

#[test]
fn length() {
    let body = artists(&["BTS"]).to_string();
    let with = |headers: &str| {
        search(raw(format!("HTTP/1.1 200 OK\r\n{headers}connection: close\r\n\r\n{body}")))
    };
    let length = |length: &str| with(&format!("content-length: {length}\r\n"));
    let (right, less, more) = (body.len(), body.len() - 5, body.len() + 5);
    run_table(vec![
        row("none", with(""), "", OK),
        row("too short", length(&less.to_string()), "", NETWORK),
        row("too long", length(&more.to_string()), "", NETWORK),
        row("0", length("0"), "", BAD_RESPONSE),
        row("negative", length("-1"), "", NETWORK),
        row("not a number", length("many"), "", NETWORK),
        row("empty", length(""), "", NETWORK),
        row("hexadecimal", length("0x40"), "", NETWORK),
        row("with a plus sign", length(&format!("+{right}")), "", NETWORK),
        row("the largest", length("18446744073709551615"), "", NETWORK),
        row("the largest but two", length("18446744073709551613"), "", NETWORK),
        row("larger than the largest", length("18446744073709551616"), "", NETWORK),
        row("twice the same", length(&format!("{right}\r\ncontent-length: {right}")), "", OK),
        row("twice the same in a list", length(&format!("{right}, {right}")), "", OK),
        row("two", length(&format!("{right}\r\ncontent-length: {more}")), "", NETWORK),
        row("two in a list", length(&format!("{right}, {more}")), "", NETWORK),
    ]);
}

#[test]
fn chunks() {
    let body = artists(&["BTS"]).to_string();
    let size = format!("{:x}", body.len());
    let with = |headers: &str, body: &str| {
        search(raw(format!("HTTP/1.1 200 OK\r\n{headers}connection: close\r\n\r\n{body}")))
    };
    let chunked = |body: &str| with("transfer-encoding: chunked\r\n", body);
    let one = |size: &str| chunked(&format!("{size}\r\n{body}\r\n0\r\n\r\n"));
    let of_one_byte: String =
        body.chars().map(|c| format!("1\r\n{c}\r\n")).chain(["0\r\n\r\n".into()]).collect();
    let with_trailer = |trailer: &str| chunked(&format!("{size}\r\n{body}\r\n0\r\n{trailer}\r\n"));
    let right = format!("{size}\r\n{body}\r\n0\r\n\r\n");
    run_table(vec![
        row("right", one(&size), "", OK),
        row("upper case", one(&size.to_uppercase()), "", OK),
        row("leading zeros", one(&format!("000{size}")), "", OK),
        row("an extension", one(&format!("{size};a=b")), "", OK),
        row("chunks of one byte", chunked(&of_one_byte), "", OK),
        row("a trailer", with_trailer("a: b\r\n"), "", OK),
        row(
            "a huge trailer",
            with_trailer(&format!("a: {}\r\n", "b".repeat(1 << 20))),
            "",
            NETWORK,
        ),
        row("many trailers", with_trailer(&"a: b\r\n".repeat(5_000)), "", NETWORK),
        row("a bad trailer", with_trailer("oops\r\n"), "", NETWORK),
        row("an empty size", one(""), "", NETWORK),
        row("no size", one("size"), "", NETWORK),
        row("a negative size", one("-1"), "", NETWORK),
        row("a size that is too small", one("5"), "", NETWORK),
        row("a size that is too large", one("ffff"), "", NETWORK),
        row("a size that overflows", one("fffffffffffffffff"), "", NETWORK),
        row("a huge extension", one(&format!("{size};{}", "x".repeat(1 << 20))), "", NETWORK),
        row("the largest size", one("ffffffffffffffff"), "", NETWORK),
        row("only the end", chunked("0\r\n\r\n"), "", BAD_RESPONSE),
        row("no chunks", chunked(&body), "", NETWORK),
        row(
            "chunked in HTTP/1.0",
            search(raw(format!("HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{right}"))),
            "",
            NETWORK,
        ),
        row("an unknown encoding", with("transfer-encoding: magic\r\n", &body), "", OK),
        row("chunked twice", with("transfer-encoding: chunked, chunked\r\n", &right), "", OK),
        row(
            "chunked, then identity",
            with("transfer-encoding: chunked, identity\r\n", &right),
            "",
            BAD_RESPONSE,
        ),
        row(
            "chunked and a length",
            with("transfer-encoding: chunked\r\ncontent-length: 5\r\n", &right),
            "",
            OK,
        ),
    ]);
}

#[test]
fn compression() {
    let body = artists(&["BTS"]).to_string();
    let zipped = gzip(&body);
    let encoded = |encoding: &str, body: &[u8]| {
        search(response(200, &format!("content-encoding: {encoding}\r\n"), body))
    };
    let with = |change: fn(&mut Vec<u8>)| {
        let mut zipped = zipped.clone();
        change(&mut zipped);
        encoded("gzip", &zipped)
    };
    let cut = search(vec![
        Send(
            format!(
                "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
                zipped.len()
            )
            .into(),
        ),
        Send(zipped[..zipped.len() / 2].into()),
    ]);
    run_table(vec![
        row("right", encoded("gzip", &zipped), "", OK),
        row("x-gzip", encoded("x-gzip", &zipped), "", BAD_RESPONSE),
        row("not compressed", encoded("gzip", body.as_bytes()), "", BAD_RESPONSE),
        row("not declared", search(response(200, "", &zipped)), "", BAD_RESPONSE),
        row("empty", encoded("gzip", b""), "", BAD_RESPONSE),
        row("twice", encoded("gzip, gzip", &gzip(&zipped)), "", BAD_RESPONSE),
        row("Brotli", encoded("br", &zipped), "", BAD_RESPONSE),
        row("identity", encoded("identity", body.as_bytes()), "", OK),
        row("an unknown encoding", encoded("magic", body.as_bytes()), "", OK),
        row("a bad magic number", with(|bytes| bytes[0] = 0), "", BAD_RESPONSE),
        row("a bad block", with(|bytes| bytes[10] = 0xff), "", BAD_RESPONSE),
        row("a bad method", with(|bytes| bytes[2] = 9), "", BAD_RESPONSE),
        row(
            "a bad checksum",
            with(|bytes| *bytes.iter_mut().nth_back(7).unwrap() ^= 1),
            "",
            BAD_RESPONSE,
        ),
        row("a bad size", with(|bytes| *bytes.last_mut().unwrap() ^= 1), "", BAD_RESPONSE),
        row("no trailer", with(|bytes| bytes.truncate(bytes.len() - 8)), "", NETWORK),
        row("half of it", with(|bytes| bytes.truncate(bytes.len() / 2)), "", NETWORK),
        row("a broken connection", cut, "", NETWORK),
        row(
            "a compressed error",
            search(response(403, "content-encoding: gzip\r\n", gzip("no"))),
            "",
            (1, "forbidden"),
        ),
        row(
            "an error that is not compressed",
            search(response(403, "content-encoding: gzip\r\n", "no")),
            "",
            (1, "forbidden"),
        ),
    ]);
}
