//! The formats `json` and `jsonl`. Items are the JSON text that Spotify sent; only the whitespace
//! between tokens changes.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::value::RawValue;

use super::json_format::{write_compact, write_indented};
use crate::results::SearchResults;

/// The error of one query of a batch. The keys are printed in this order.
#[derive(Debug, Serialize)]
pub struct FailedQuery<'a> {
    /// The error code.
    pub code: &'static str,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// One sentence.
    pub message: &'a str,
    /// The remaining wait of a rate limit, in seconds.
    pub retry_after: Option<u64>,
}

/// Writes the results as one indented document.
pub(super) fn write_document(results: &SearchResults, out: &mut Vec<u8>) {
    write_indented(&to_json(results), out);
    out.push(b'\n');
}

/// Writes each item on a line. In a batch, the query is its first key.
pub(super) fn write_items(results: &SearchResults, is_batch: bool, out: &mut Vec<u8>) {
    for item in results.items() {
        if is_batch {
            write_with_query(results.query().words(), item.json(), &["query"], out);
        } else {
            write_compact(item.json(), out);
        }
        out.push(b'\n');
    }
}

/// Writes the results of one query of a batch on a line.
pub(super) fn write_line(results: &SearchResults, out: &mut Vec<u8>) {
    write_with_query(results.query().words(), &to_json(results), &["query", "error"], out);
    out.push(b'\n');
}

/// Writes the error of one query of a batch on a line.
pub(super) fn write_failure(query: &str, failure: &FailedQuery, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Document<'a> {
        error: &'a FailedQuery<'a>,
    }
    write_with_query(query, &to_json(&Document { error: failure }), &[], out);
    out.push(b'\n');
}

/// Writes a JSON object with the query as its first key. The object's own keys of these names are left
/// out: they would have another meaning here.
fn write_with_query(query: &str, object: &str, reserved: &[&str], out: &mut Vec<u8>) {
    let fields: IndexMap<String, &RawValue> = serde_json::from_str(object).unwrap_or_default();
    out.extend_from_slice(b"{\"query\":");
    out.extend_from_slice(to_json(query).as_bytes());
    for (key, value) in fields.iter().filter(|(key, _)| !reserved.contains(&key.as_str())) {
        out.push(b',');
        out.extend_from_slice(to_json(key).as_bytes());
        out.push(b':');
        write_compact(value.get(), out);
    }
    out.push(b'}');
}

fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("strings and raw JSON can be serialized")
}

#[cfg(test)]
mod tests {
    use crate::output::printer::testing::{render, render_batch, render_piped};
    use crate::output::{Format, Target};

    const RESPONSE: &str = r#"{"tracks" : {"href":"h","items":[null, {"name":"So What","id":"1","x":[968410.0, 1e3]},
        {"id":"1","name":"again"}, {"id":"2", "name":"\u202e\""}],"total":2,"limit":4},
        "artists": {"limit": 4, "items": null}, "unknown": {"z": 1, "a": 2}}"#;

    #[test]
    fn document_keeps_key_order_and_number_spelling() {
        insta::assert_snapshot!(render_piped(Format::Json, RESPONSE), @r#"
        {
          "tracks": {
            "href": "h",
            "items": [
              {
                "name": "So What",
                "id": "1",
                "x": [
                  968410.0,
                  1e3
                ]
              },
              {
                "id": "2",
                "name": "\u202e\""
              }
            ],
            "total": 2,
            "limit": 4
          },
          "artists": {
            "limit": 4,
            "items": []
          },
          "unknown": {
            "z": 1,
            "a": 2
          }
        }
        "#);
    }

    #[test]
    fn jsonl_has_the_items_of_all_sections() {
        insta::assert_snapshot!(render_piped(Format::Jsonl, RESPONSE), @r#"
        {"name":"So What","id":"1","x":[968410.0,1e3]}
        {"id":"2","name":"\u202e\""}
        "#);
    }

    #[test]
    fn each_line_of_a_batch_names_its_query() {
        let response = r#"{"artists": {"items": [{"id": 1}, {}]}}"#;
        insta::assert_snapshot!(render_batch(Format::Json, Target::default(), response), @r#"
        {"query":"so \"what\"","artists":{"items":[{"id":1},{}]}}
        {"query":"two, three","artists":{"items":[{"id":1},{}]}}
        {"query":"bad","error":{"code":"rate_limited","status":429,"message":"rate limited","retry_after":7}}
        "#);
        insta::assert_snapshot!(render_batch(Format::Jsonl, Target::default(), response), @r#"
        {"query":"so \"what\"","id":1}
        {"query":"so \"what\""}
        {"query":"two, three","id":1}
        {"query":"two, three"}
        "#);
    }

    #[test]
    fn our_keys_replace_those_of_the_response() {
        let response = r#"{"artists": {"items": [{"id": 1, "query": {"x": [2]}}]}, "error": 3}"#;
        let render = |format| render_batch(format, Target::default(), response);
        let first = |text: String| text.lines().next().unwrap().to_owned();
        insta::assert_snapshot!(first(render(Format::Jsonl)), @r#"{"query":"so \"what\"","id":1}"#);
        insta::assert_snapshot!(first(render(Format::Json)), @r#"{"query":"so \"what\"","artists":{"items":[{"id":1,"query":{"x":[2]}}]}}"#);
    }

    #[test]
    fn control_characters_are_escaped_on_a_terminal() {
        let terminal = Target { is_terminal: true, ..Target::default() };
        let response = "{\"artists\": {\"items\": [{\"name\": \"a\u{202e}b\u{7f}\\u001b\"}]}}";
        let shown = render(Format::Json, terminal, response);
        assert!(shown.contains(r#""a\u202eb\u007f\u001b""#), "{shown}");
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(parse(&shown), parse(response));
    }
}
