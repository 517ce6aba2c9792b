//! JSON that is deep, huge, odd or not JSON at all.

use crate::harness::{Servers, response, row, run_table, search};

const OK: (i32, &str) = (0, "");
const NETWORK: (i32, &str) = (1, "network");
const BAD_RESPONSE: (i32, &str) = (1, "bad_response");

/// The results of a search for artists, with these items.
fn items(items: &str) -> String {
    format!(r#"{{"artists":{{"items":[{items}],"limit":10,"next":null,"offset":0,"total":1}}}}"#)
}

/// A successful response with this body.
fn body(body: impl AsRef<[u8]>) -> Servers {
    search(response(200, "", body))
}

fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

#[test]
fn encoding() {
    let found = items(r#"{"id":"a","name":"b"}"#);
    let utf_16 = |to_bytes: fn(u16) -> [u8; 2]| {
        body(found.encode_utf16().flat_map(to_bytes).collect::<Vec<_>>())
    };
    let name =
        |name: &[u8]| body([br#"{"artists":{"items":[{"name":""#, name, br#""}]}}"#].concat());
    run_table(vec![
        row("a byte order mark", body(format!("\u{feff}{found}")), "", BAD_RESPONSE),
        row("UTF-16", utf_16(u16::to_le_bytes), "", BAD_RESPONSE),
        row("UTF-16, big-endian", utf_16(u16::to_be_bytes), "", BAD_RESPONSE),
        row("UTF-8", name("\u{e9}".as_bytes()), "", OK),
        row("Latin-1", name(b"\xe9"), "", BAD_RESPONSE),
        row("an encoded surrogate", name(b"\xed\xa0\x80"), "", BAD_RESPONSE),
        row("an overlong encoding", name(b"\xc0\x80"), "", BAD_RESPONSE),
        row("a raw control character", name(b"\x1b[2J"), "", BAD_RESPONSE),
        row("a zero byte", body("\0"), "", BAD_RESPONSE),
        row("a zero byte at the end", body(format!("{found}\0")), "", BAD_RESPONSE),
    ]);
}

#[test]
fn syntax() {
    let found = items(r#"{"id":"a","name":"b"}"#);
    let total = |number: &str| body(format!(r#"{{"artists":{{"items":[],"total":{number}}}}}"#));
    run_table(vec![
        row("white space around", body(format!(" \r\n\t{found}\n\n")), "", OK),
        row("two documents", body(format!("{found}{found}")), "", BAD_RESPONSE),
        row("text after the document", body(format!("{found} oops")), "", BAD_RESPONSE),
        row("a closing bracket too many", body(format!("{found}}}")), "", BAD_RESPONSE),
        row("a comment", body(format!("// x\n{found}")), "", BAD_RESPONSE),
        row("single quotes", body("{'artists':{}}"), "", BAD_RESPONSE),
        row("a comma at the end", body(r#"{"artists":{},}"#), "", BAD_RESPONSE),
        row("a prefix against inclusion", body(format!(")]}}',\n{found}")), "", BAD_RESPONSE),
        row("JSONP", body(format!("callback({found})")), "", BAD_RESPONSE),
        row("half of a document", body(&found[..40]), "", NETWORK),
        row("an open string", body(r#"{"artists"#), "", NETWORK),
        row("NaN", total("NaN"), "", BAD_RESPONSE),
        row("Infinity", total("-Infinity"), "", BAD_RESPONSE),
        row("a number with a leading zero", total("007"), "", BAD_RESPONSE),
    ]);
}

#[test]
fn document() {
    let found = items(r#"{"id":"a","name":"b"}"#);
    let error = r#"{"error":{"status":400,"message":"x"}}"#;
    let found_last = r#"{"artists":{"items":[]},"artists":{"items":[{"id":"a"}]}}"#;
    let null_last = r#"{"artists":{"items":[]},"artists":null}"#;
    run_table(vec![
        row("nothing", body(""), "", BAD_RESPONSE),
        row("a number", body("7"), "", BAD_RESPONSE),
        row("a string", body("\"artists\""), "", BAD_RESPONSE),
        row("null", body("null"), "", BAD_RESPONSE),
        row("a list", body("[]"), "", BAD_RESPONSE),
        row("an empty object", body("{}"), "", BAD_RESPONSE),
        row("another type", body(found.replace("artists", "tracks")), "", BAD_RESPONSE),
        row("another case", body(found.replace("artists", "Artists")), "", BAD_RESPONSE),
        row("an escaped key", body(found.replace("artists", "\\u0061rtists")), "", OK),
        row("an error with status 200", body(error), "", BAD_RESPONSE),
        row("the same key twice", body(found_last), "", OK),
        row("the same key twice, null last", body(null_last), "", BAD_RESPONSE),
        row("an empty key", body(r#"{"":0,"artists":{}}"#), "", OK),
    ]);
}

#[test]
fn size_and_depth() {
    let before_artists = |text: &str| body(format!("{{{text},\"artists\":{{}}}}"));
    let key = |key: &str| format!("\"{key}\":0");
    let different: Vec<String> = (0..50_000).map(|number| key(&number.to_string())).collect();
    let deep = format!("\"x\":{}", nested(100_000));
    run_table(vec![
        row("open brackets", body("[".repeat(1_000_000)), "", BAD_RESPONSE),
        row("open braces", body("{\"a\":".repeat(200_000)), "", NETWORK),
        row("a deep list", body(nested(500_000)), "", BAD_RESPONSE),
        row("a deep value", before_artists(&deep), "", OK),
        row("many keys", before_artists(&different.join(",")), "", BAD_RESPONSE),
        row(
            "the same key many times",
            before_artists(&vec![key("k"); 200_001].join(",")),
            "",
            BAD_RESPONSE,
        ),
        row("a long key", before_artists(&key(&"k".repeat(1 << 20))), "", OK),
    ]);
}

/// Values of `artists`.
#[test]
fn section() {
    let of = |value: &str| body(format!("{{\"artists\":{value}}}"));
    let field = |field: &str| of(&format!("{{\"items\":[{{\"id\":\"a\"}}],{field}}}"));
    // More than one page.
    let args = "-n 30";
    run_table(vec![
        row("null", of("null"), args, BAD_RESPONSE),
        row("a number", of("7"), args, BAD_RESPONSE),
        row("a list", of("[]"), args, BAD_RESPONSE),
        row("an empty object", of("{}"), args, OK),
        row("items: null", of(r#"{"items":null}"#), args, OK),
        row("items: an object", of(r#"{"items":{}}"#), args, BAD_RESPONSE),
        row("items: a string", of(r#"{"items":"a"}"#), args, BAD_RESPONSE),
        row("items: only nulls", of(r#"{"items":[null,null],"total":46297}"#), args, OK),
        row("items: other values", of(r#"{"items":[1,"a",[],true,{"id":"a"}]}"#), args, OK),
        row("items: the same id", of(r#"{"items":[{"id":"a"},{"id":"a"}]}"#), args, OK),
        row("items twice", of(r#"{"items":[],"items":[{"id":"a"}]}"#), args, OK),
        row("total: missing", of(r#"{"items":[]}"#), args, OK),
        row("total: negative", field(r#""total":-1"#), args, OK),
        row("total: a fraction", field(r#""total":968410.0"#), args, OK),
        row("total: infinite", field(r#""total":1e999"#), args, OK),
        row("total: huge", field(r#""total":99999999999999999999999999"#), args, OK),
        row("total: a string", field(r#""total":"many""#), args, OK),
        row("total: null", field(r#""total":null"#), args, OK),
        row("limit: negative", field(r#""limit":-1,"offset":-1"#), args, OK),
        row("next: a number", field(r#""next":7"#), args, OK),
        row("next: another host", field(r#""next":"https://other.example/""#), args, OK),
        row("next: the same page again and again", field(r#""next":"x","total":1000"#), args, OK),
        row("previous: an object", field(r#""previous":{}"#), args, OK),
        row("unknown keys", field(r#""a":[[[]]],"b":{"c":{}}"#), args, OK),
    ]);
}

/// Items, in every format.
#[test]
fn item() {
    let odd_items = [
        ("empty", "{}".to_owned()),
        ("null fields", r#"{"id":null,"name":null,"type":null,"uri":null,"images":null}"#.into()),
        ("numbers as text", r#"{"id":7,"name":8,"popularity":"9","followers":"10"}"#.into()),
        ("huge numbers", r#"{"id":"a","popularity":1e999,"followers":{"total":-0.0}}"#.into()),
        ("a deep value", format!(r#"{{"id":"a","name":"b","x":{}}}"#, nested(100_000))),
        ("a deep field", format!(r#"{{"id":"a","name":"b","images":{}}}"#, nested(100))),
        ("a lone surrogate", r#"{"id":"a","name":"x\ud800y"}"#.into()),
        ("surrogates in the wrong order", r#"{"id":"a","name":"\udc00\ud800"}"#.into()),
        ("a lone surrogate in a key", r#"{"id":"a","\ud800":1}"#.into()),
        ("a lone surrogate in the id", r#"{"id":"\ud800","name":"b"}"#.into()),
        ("noncharacters", r#"{"id":"a","name":"\u0000\uffff\ufffe"}"#.into()),
        (
            "control characters",
            r#"{"id":"a\n\u001b[2J","name":"\u001b]0;x\u0007\r\n\t\u202e"}"#.into(),
        ),
        ("the same key twice", r#"{"id":"a","id":"b","name":"c","name":null}"#.into()),
        ("a long name", format!(r#"{{"id":"a","name":"{}"}}"#, "x".repeat(100_000))),
        ("combining marks", format!(r#"{{"id":"a","name":"e{}"}}"#, "\u{301}".repeat(10_000))),
        ("emoji", r#"{"id":"a","name":"👨‍👩‍👧‍👦🏳️‍🌈","genres":["👍🏽"]}"#.into()),
        ("odd genres", r#"{"id":"a","name":"b","genres":[null,1,{},["x"],"y"]}"#.into()),
        (
            "odd links",
            r#"{"id":"a","name":"b","external_urls":{"spotify":"javascript:\u0007x\u001b\\"}}"#
                .into(),
        ),
        ("odd images", r#"{"id":"a","name":"b","images":[{},null,{"url":7}]}"#.into()),
        (
            "another type",
            r#"{"id":"a","name":"b","type":"track","duration_ms":-1,"explicit":"no"}"#.into(),
        ),
    ];
    let mut rows = Vec::new();
    for (name, item) in odd_items {
        for format in ["json", "jsonl", "csv", "tsv", "table", "id", "url"] {
            let args = format!("-f {format}");
            rows.push(row(format!("{format}: {name}"), body(items(&item)), &args, OK));
        }
    }
    run_table(rows);
}
