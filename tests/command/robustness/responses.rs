//! Whatever a server sends, the command exits with 0 or 1 and its output can be parsed.

use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::cases;
use crate::support::{Outcome, TestCommand, raw_server};

const SECTIONS: [&str; 7] =
    ["albums", "artists", "playlists", "tracks", "shows", "episodes", "audiobooks"];

/// The keys that the output formats read.
const KEYS: &[&str] = &[
    "album",
    "artists",
    "authors",
    "display_name",
    "duration_ms",
    "explicit",
    "external_urls",
    "followers",
    "genres",
    "id",
    "images",
    "items",
    "name",
    "owner",
    "popularity",
    "publisher",
    "release_date",
    "spotify",
    "total",
    "total_chapters",
    "total_episodes",
    "total_tracks",
    "type",
    "uri",
    "url",
];

const FORMATS: &[&str] = &["json", "jsonl", "csv", "tsv", "table", "id", "uri", "url"];

/// The width of tables.
const WIDTH: usize = 60;

/// A response with an item of each type.
fn usual_body() -> Vec<u8> {
    let item = json!({
        "id": "4Z8W4fKeB5YxbusRsdQVPb", "name": "Björk “防弾” 🎤", "type": "artist",
        "uri": "spotify:artist:4Z8W4fKeB5YxbusRsdQVPb",
        "artists": [{"name": "So\tWhat"}], "album": {"name": "Kind of Blue"}, "genres": ["jazz"],
        "release_date": "1959-08-17", "duration_ms": 545_000, "followers": {"total": 16_689_729},
        "external_urls": {"spotify": "https://open.spotify.com/artist/1"}, "explicit": false,
        "images": [{"url": "https://i.scdn.co/image/1", "width": 640}], "total_tracks": 5,
    });
    let section = json!({"items": [item, null], "limit": 10, "next": null, "total": 1});
    let sections = SECTIONS.iter().map(|&key| (key.to_owned(), section.clone()));
    Value::Object(sections.collect()).to_string().into_bytes()
}

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..60).prop_map(String::from_iter)
}

/// Any JSON. Objects have the keys that the output formats read.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 30, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::from), object(inner)]
    })
}

fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let keys = select(KEYS).prop_map(str::to_owned);
    hash_map(keys, value, 0..12).prop_map(|object| Value::Object(object.into_iter().collect()))
}

/// JSON in the shape of a response, with values of any kind.
fn odd_body() -> impl Strategy<Value = Vec<u8>> {
    let items = vec(prop_oneof![40 => object(value()), 1 => value()], 0..8);
    let section = (items, value(), value())
        .prop_map(|(items, total, next)| json!({"items": items, "total": total, "next": next}));
    let section = prop_oneof![40 => section, 1 => value()];
    let sections = hash_map(select(&SECTIONS[..]).prop_map(str::to_owned), section, 1..4);
    sections.prop_map(|sections| json!(sections).to_string().into_bytes())
}

#[derive(Clone, Debug)]
enum Change {
    Replace(u8),
    Insert(u8),
    Remove,
    Truncate,
}

/// Changes some of the bytes.
fn mutated(bytes: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    // Bytes that have a meaning in JSON or HTTP are more likely.
    let byte = || prop_oneof![any::<u8>(), select(&b"\"\\{}[]:,0-9eu\r\n \0"[..])];
    let change = prop_oneof![
        5 => byte().prop_map(Change::Replace),
        3 => byte().prop_map(Change::Insert),
        3 => Just(Change::Remove),
        1 => Just(Change::Truncate),
    ];
    vec((any::<Index>(), change), 1..4).prop_map(move |changes| {
        let mut bytes = bytes.clone();
        for (index, change) in changes {
            // The place after the last byte exists for insertions only, and in an empty response.
            let index = index.index(bytes.len().max(1));
            match change {
                Change::Replace(byte) if index < bytes.len() => bytes[index] = byte,
                Change::Remove if index < bytes.len() => drop(bytes.remove(index)),
                Change::Insert(byte) => bytes.insert(index.min(bytes.len()), byte),
                Change::Replace(_) | Change::Remove | Change::Truncate => bytes.truncate(index),
            }
        }
        bytes
    })
}

fn ok(body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// All bytes of a response.
fn response() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        5 => odd_body().prop_map(|body| ok(&body)),
        4 => mutated(usual_body()).prop_map(|body| ok(&body)),
        1 => vec(any::<u8>(), 0..200).prop_map(|body| ok(&body)),
        1 => vec(any::<u8>(), 0..200),
        2 => mutated(ok(&usual_body())),
    ]
}

/// Runs a search against a server that sends this response.
fn run(response: &[u8], format: &str, limit: &str) -> Outcome {
    let args = ["x", "--type", "all", "--retries", "0", "-n", limit, "--format", format];
    TestCommand::for_server(&raw_server(response)).env("COLUMNS", WIDTH.to_string()).run(&args)
}

fn check(format: &str, outcome: &Outcome) {
    let text = &outcome.stdout;
    match outcome.exit_status {
        0 => assert!(!outcome.stderr.contains("error["), "{outcome:?}"),
        // There are no partial results.
        1 => assert!(!outcome.error_code().is_empty() && text.is_empty(), "{outcome:?}"),
        _ => panic!("{outcome:?}"),
    }
    match format {
        "json" if outcome.exit_status == 0 => assert_is_json(text),
        "jsonl" => text.lines().for_each(assert_is_json),
        "csv" => assert_has_columns(csv::ReaderBuilder::new().has_headers(false), text),
        "tsv" => {
            let mut reader = csv::ReaderBuilder::new();
            assert_has_columns(reader.has_headers(false).delimiter(b'\t').quoting(false), text);
        }
        "table" => text.lines().for_each(|line| {
            assert!(line.width() <= WIDTH, "{line:?}");
            assert!(!line.contains(char::is_control), "{line:?}");
        }),
        _ => {}
    }
}

/// Asserts the syntax only: Spotify's values are passed on, also numbers that no type can hold.
#[track_caller]
fn assert_is_json(text: &str) {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        panic!("{error}: {text}");
    }
}

#[track_caller]
fn assert_has_columns(reader: &csv::ReaderBuilder, text: &str) {
    for record in reader.from_reader(text.as_bytes()).records() {
        assert_eq!(record.unwrap().len(), 15, "{text}");
    }
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn output_of_every_format_parses_for_any_response(
        response in response(),
        format in select(FORMATS),
        limit in select(&["10", "30"][..]),
    ) {
        check(format, &run(&response, format, limit));
    }
}

#[test]
fn usual_response_is_printed_in_every_format() {
    for format in FORMATS {
        let outcome = run(&ok(&usual_body()), format, "10");
        outcome.assert_success();
        check(format, &outcome);
        assert!(!outcome.stdout.is_empty());
    }
}
