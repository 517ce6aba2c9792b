//! HTTP/2: frames that refuse, break, flood or make no sense (RFC 9113).

use crate::harness::{
    Close, Pause, Repeat, Reset, Send, Stall, Step, frame, frame_on, header_block, headers,
    last_data, over_http2, over_http2_with, row, run_table, settings,
};
use crate::support::{SECRET, artists};

const OK: (i32, &str) = (0, "");
const NETWORK: (i32, &str) = (1, "network");
const TIMEOUT: (i32, &str) = (1, "timeout");

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PUSH_PROMISE: u8 = 5;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;

/// The error codes, from `NO_ERROR` to `HTTP_1_1_REQUIRED`, and one that is not defined.
const ERROR_CODES: std::ops::RangeInclusive<u32> = 0..=14;
const NO_ERROR: u32 = 0;
const REFUSED_STREAM: u32 = 7;

fn body() -> Vec<u8> {
    artists(&["BTS"]).to_string().into()
}

/// The head of a successful response.
fn head() -> Step {
    headers("200", &[])
}

/// A search with one result.
fn found() -> Vec<Step> {
    vec![head(), last_data(body())]
}

fn reset(code: u32) -> Step {
    frame(RST_STREAM, 0, code.to_be_bytes())
}

/// A GOAWAY after this stream.
fn go_away(last_stream: u32, code: u32) -> Step {
    frame_on(0, GOAWAY, 0, [last_stream.to_be_bytes(), code.to_be_bytes()].concat())
}

fn ping() -> Step {
    frame_on(0, PING, 0, [0; 8])
}

fn setting(id: u16, value: u32) -> Step {
    frame_on(0, SETTINGS, 0, [&id.to_be_bytes()[..], &value.to_be_bytes()].concat())
}

#[test]
fn reset_and_go_away_by_code() {
    let mut rows = Vec::new();
    for code in ERROR_CODES {
        // The server did not accept the request: it is sent again, and succeeds.
        let expected = if code == REFUSED_STREAM { OK } else { NETWORK };
        let servers = over_http2([vec![reset(code)], found()]);
        rows.push(row(format!("reset with code {code}"), servers, "", expected));

        let cut = vec![head(), frame(DATA, 0, &body()[..9]), reset(code)];
        rows.push(row(
            format!("reset with code {code} in the body"),
            over_http2([cut]),
            "",
            NETWORK,
        ));

        let expected = if code == NO_ERROR { OK } else { NETWORK };
        let servers = over_http2([vec![go_away(0, code), Close], found()]);
        rows.push(row(format!("GOAWAY with code {code}"), servers, "", expected));
    }
    run_table(rows);
}

#[test]
fn go_away_and_close() {
    let part = || [head(), frame(DATA, 0, &body()[..9])];
    let then = |steps: &[Step]| over_http2([steps.to_vec()]);
    let after = |step: Step| over_http2([[found(), vec![step]].concat()]);
    let in_body = |steps: &[Step]| over_http2([[&part(), steps].concat()]);
    let end = || go_away(1, NO_ERROR);
    let half_of_a_frame = Send(b"\0\0\x40\0\0\0\0\0\x01{".into());
    let with_text = frame_on(0, GOAWAY, 0, b"\0\0\0\0\0\0\0\x0bcalm down");
    let with_secret = [b"\0\0\0\0\0\0\0\x02", SECRET.as_bytes()].concat();
    let with_secret = frame_on(0, GOAWAY, 0, with_secret);
    let greeting = |steps: &[Step]| over_http2_with(steps.to_vec(), [found()]);
    run_table(vec![
        row("GOAWAY after the response", after(end()), "", OK),
        row("GOAWAY before the response", then(&[vec![end()], found()].concat()), "", OK),
        row("GOAWAY and nothing more", then(&[end(), Stall]), "--timeout 0.5", NETWORK),
        row("GOAWAY and the end", then(&[end(), Close]), "", NETWORK),
        row("GOAWAY in the body", in_body(&[end(), Close]), "", NETWORK),
        row("GOAWAY with an error in the body", in_body(&[go_away(0, 2), Close]), "", NETWORK),
        row("GOAWAY at every request", then(&[go_away(0, NO_ERROR), Close]), "", NETWORK),
        row("GOAWAY with text", then(&[with_text, Close]), "", NETWORK),
        row("GOAWAY with a secret", then(&[with_secret, Stall]), "-vv", NETWORK),
        row("GOAWAY in place of settings", greeting(&[go_away(0, NO_ERROR), Close]), "", NETWORK),
        row("REFUSED_STREAM at every request", then(&[reset(REFUSED_STREAM)]), "", NETWORK),
        row("reset after the response", after(reset(NO_ERROR)), "", OK),
        row("close at every request", then(&[Close]), "", NETWORK),
        row("close after the head", then(&[head(), Close]), "", NETWORK),
        row("close in the body", in_body(&[Close]), "", NETWORK),
        row("TCP reset before the response", then(&[Reset]), "", NETWORK),
        row("TCP reset in the body", in_body(&[Reset]), "", NETWORK),
        row("close in place of settings", greeting(&[Close]), "", NETWORK),
        row("close in a frame", then(&[head(), half_of_a_frame, Close]), "", NETWORK),
    ]);
}

#[test]
fn stalls_and_floods() {
    let args = "--timeout 0.5";
    let respond = |steps: &[Step]| over_http2([steps.to_vec()]);
    let flood = |step: Step| over_http2([vec![Repeat(vec![step])]]);
    let after_head = |step: Step| over_http2([vec![head(), step]]);
    let endless = |block: Vec<u8>| {
        respond(&[frame(HEADERS, 0, []), Repeat(vec![frame(CONTINUATION, 0, block)])])
    };
    let block = header_block(&[("x", &"y".repeat(1_000))]);
    let promise = || frame(PUSH_PROMISE, END_HEADERS, [0, 0, 0, 2, 0x88]);
    run_table(vec![
        row("no settings", over_http2_with(vec![Stall], [found()]), args, NETWORK),
        row("no response", respond(&[Stall]), args, NETWORK),
        row("no body", after_head(Stall), args, NETWORK),
        row("no end", respond(&[head(), frame(DATA, 0, body()), Stall]), args, NETWORK),
        row("no end of the headers", respond(&[frame(HEADERS, 0, [0x88]), Stall]), args, NETWORK),
        row(
            "a trickling body",
            after_head(Repeat(vec![Pause(20), frame(DATA, 0, " ")])),
            args,
            TIMEOUT,
        ),
        row("trickling pings", respond(&[Repeat(vec![Pause(20), ping()])]), args, NETWORK),
        row("empty data", after_head(Repeat(vec![frame(DATA, 0, [])])), "", NETWORK),
        row("pings", flood(ping()), args, NETWORK),
        row("settings", flood(settings()), args, NETWORK),
        row("window updates", flood(frame_on(0, WINDOW_UPDATE, 0, [0, 0, 0, 1])), args, NETWORK),
        row("priorities", flood(frame(PRIORITY, 0, [0, 0, 0, 0, 16])), args, NETWORK),
        row("unknown frames", flood(frame(99, 0, [0; 1_000])), args, NETWORK),
        row("resets of other streams", flood(frame_on(3, RST_STREAM, 0, [8; 4])), "", NETWORK),
        row("pushed streams", flood(promise()), "", NETWORK),
        row("continuations", endless(block), "", NETWORK),
        row("empty continuations", endless(Vec::new()), "", NETWORK),
    ]);
}

#[test]
fn settings_and_windows() {
    let greeting = |step: Step| over_http2_with(vec![step], [found()]);
    let window = |size: u32| frame_on(0, WINDOW_UPDATE, 0, size.to_be_bytes());
    let first = |step: Step| over_http2([[vec![step], found()].concat()]);
    run_table(vec![
        row("nothing unusual", over_http2([found()]), "", OK),
        row("zero window", greeting(setting(4, 0)), "", OK),
        row("the largest window", greeting(setting(4, 0x7fff_ffff)), "", OK),
        row("a window that is too large", greeting(setting(4, 0x8000_0000)), "", NETWORK),
        row("no table of headers", greeting(setting(1, 0)), "", OK),
        row("a huge table of headers", greeting(setting(1, u32::MAX)), "", OK),
        row("small frames", greeting(setting(5, 1)), "", NETWORK),
        row("a push setting", greeting(setting(2, 7)), "", NETWORK),
        row("an unknown setting", greeting(setting(99, 7)), "", OK),
        row("half of a setting", greeting(frame_on(0, SETTINGS, 0, [0; 3])), "", NETWORK),
        row("settings on a stream", greeting(frame_on(1, SETTINGS, 0, [])), "", NETWORK),
        row("content of an ACK", first(frame_on(0, SETTINGS, 1, [0; 6])), "", NETWORK),
        row("a window update of 0", first(window(0)), "", NETWORK),
        row("a window that overflows", first(window(0x7fff_ffff)), "", NETWORK),
        row("a short ping", first(frame_on(0, PING, 0, [0; 7])), "", NETWORK),
        row("a ping", first(ping()), "", OK),
        row("a ping that answers none", first(frame_on(0, PING, 1, [0; 8])), "", OK),
    ]);
}

#[test]
fn frames_that_make_no_sense() {
    let greeting = |bytes: &[u8]| over_http2_with(vec![Send(bytes.into())], [found()]);
    let respond = |steps: &[Step]| over_http2([steps.to_vec()]);
    let then_found = |step: Step| over_http2([[vec![step], found()].concat()]);
    let trailers = frame(HEADERS, END_HEADERS | END_STREAM, header_block(&[("a", "b")]));
    let padded = |payload: &[u8]| frame(DATA, END_STREAM | PADDED, payload);
    let padding = padded(&[&[9], &*body(), &[0; 9]].concat());
    let too_large = frame(DATA, 0, vec![b' '; 16_385]);
    run_table(vec![
        row(
            "HTTP/1.1 in place of HTTP/2",
            greeting(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            "",
            NETWORK,
        ),
        row("zeros in place of settings", greeting(&[0; 64]), "", NETWORK),
        row(
            "random bytes in place of settings",
            greeting(b"\xde\xad\xbe\xef\x13\x37\x42\x99"),
            "",
            NETWORK,
        ),
        row(
            "the client's preface in return",
            greeting(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            "",
            NETWORK,
        ),
        row("a frame that is too large", respond(&[head(), too_large]), "", NETWORK),
        row("data before headers", respond(&[last_data(body())]), "", NETWORK),
        row("data on the connection", respond(&[frame_on(0, DATA, 0, body())]), "", NETWORK),
        row("data on an idle stream", respond(&[frame_on(9, DATA, 0, body())]), "", NETWORK),
        row(
            "a response on an even stream",
            respond(&[frame_on(2, HEADERS, END_HEADERS, [0x88])]),
            "",
            NETWORK,
        ),
        row(
            "a continuation without headers",
            respond(&[frame(CONTINUATION, END_HEADERS, [0x88])]),
            "",
            NETWORK,
        ),
        row("a ping between headers", respond(&[frame(HEADERS, 0, [0x88]), ping()]), "", NETWORK),
        row("headers twice", then_found(head()), "", NETWORK),
        row("trailers", respond(&[head(), frame(DATA, 0, body()), trailers]), "", OK),
        row("padding", respond(&[head(), padding]), "", OK),
        row("more padding than data", respond(&[head(), padded(&[99, 0])]), "", NETWORK),
        row("an interim response", then_found(headers("103", &[])), "", OK),
        row("an upgrade", then_found(headers("101", &[])), "", OK),
        row("a reset of a few bytes", respond(&[frame(RST_STREAM, 0, [0; 3])]), "", NETWORK),
        row("a GOAWAY of a few bytes", respond(&[frame_on(0, GOAWAY, 0, [0; 3])]), "", NETWORK),
        row("an unknown frame", then_found(frame(99, 255, "?")), "", OK),
    ]);
}

#[test]
fn head_of_a_response() {
    let respond = |steps: &[Step]| over_http2([steps.to_vec()]);
    let block = |block: &[u8]| respond(&[frame(HEADERS, END_HEADERS, block), last_data(body())]);
    let fields = |fields: &[(&str, &str)]| block(&header_block(fields));
    let ok = (":status", "200");
    let limited = headers("429", &[("retry-after", "900")]);
    run_table(vec![
        row("429", respond(&[limited, last_data("")]), "", (1, "rate_limited")),
        row("503", respond(&[headers("503", &[]), last_data("x")]), "", (1, "server_error")),
        row(
            "a 503 that is reset",
            respond(&[headers("503", &[]), reset(2)]),
            "",
            (1, "server_error"),
        ),
        row("no status", fields(&[("a", "b")]), "", NETWORK),
        row("an empty status", fields(&[(":status", "")]), "", NETWORK),
        row("a status that is no number", fields(&[(":status", "abc")]), "", NETWORK),
        row("status 0", fields(&[(":status", "000")]), "", NETWORK),
        row("two statuses", fields(&[ok, ok]), "", NETWORK),
        row("a status after other fields", fields(&[("a", "b"), ok]), "", NETWORK),
        row("a field of requests", fields(&[ok, (":path", "/")]), "", OK),
        row("an upper-case name", fields(&[ok, ("A", "b")]), "", NETWORK),
        row("an empty name", fields(&[ok, ("", "b")]), "", NETWORK),
        row("a line end in a value", fields(&[ok, ("a", "b\r\nc: d")]), "", NETWORK),
        row("a zero byte in a value", fields(&[ok, ("a", "\0")]), "", NETWORK),
        row("a connection header", fields(&[ok, ("connection", "close")]), "", NETWORK),
        row("a length that is too short", fields(&[ok, ("content-length", "5")]), "", NETWORK),
        row("a length that is too long", fields(&[ok, ("content-length", "500")]), "", NETWORK),
        row("a length that is no number", fields(&[ok, ("content-length", "x")]), "", NETWORK),
        row("headers of 14 KiB", fields(&[ok, ("a", &"b".repeat(14_000))]), "", OK),
        row("an index that does not exist", block(&[0xff, 0xff, 0x7f]), "", NETWORK),
        row("index 0", block(&[0x80]), "", NETWORK),
        row("half of a field", block(&[0x88, 0, 5, b'a']), "", NETWORK),
        row("bad Huffman code", block(&[0x88, 0, 0x84, 0xff, 0xff, 0xff, 0xff, 0]), "", NETWORK),
        row("a table that is too large", block(&[0x3f, 0xff, 0xff, 0x7f, 0x88]), "", NETWORK),
        row("an empty header block", block(&[]), "", NETWORK),
    ]);
}
