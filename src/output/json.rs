//! The formats `json` and `jsonl`. Items are the JSON text that Spotify sent; only the whitespace
//! between tokens changes.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::json_format::{write_compact, write_indented};
use super::outcome::Outcome;
use spotify_search::{Item, SearchResults};

/// The keys and values of a JSON object.
pub type Fields = IndexMap<String, Box<RawValue>>;

/// Our keys in a row. An object's own keys of these names are left out: they would have another meaning here.
const ROW_KEYS: [&str; 3] = ["query", "input", "result"];

/// Writes each item on a line.
pub(super) fn write_items(results: &SearchResults, out: &mut Vec<u8>) {
    for item in results.items() {
        write_compact(item.json(), out);
        out.push(b'\n');
    }
}

/// Writes the results as one indented document.
pub(super) fn write_document(results: &SearchResults, out: &mut Vec<u8>) {
    write_indented(&to_json(results), out);
    out.push(b'\n');
}

/// Returns what a row of jsonl has after the result.
pub(super) fn item_fields(item: Option<&Item>) -> Fields {
    fields("matches", &item.and_then(Item::matches), item.map_or("{}", Item::json))
}

/// Returns what a line of json has after the result.
pub(super) fn document_fields(outcome: &Outcome) -> Fields {
    let results = outcome.results().map_or("{}".to_owned(), to_json);
    let error = if let Outcome::Failed(error) = outcome { Some(error) } else { None };
    let mut fields = fields("error", &error, &results);
    if error.is_none() {
        fields.shift_remove("error");
    }
    fields
}

/// Returns a key of ours and those of an object.
fn fields(key: &str, value: &impl Serialize, object: &str) -> Fields {
    let others: Fields = serde_json::from_str(object).unwrap_or_default();
    let is_other =
        |(name, _): &(String, Box<RawValue>)| name != key && !ROW_KEYS.contains(&name.as_str());
    let value = to_raw_value(value).expect("numbers and strings can be serialized");
    std::iter::once((key.to_owned(), value)).chain(others.into_iter().filter(is_other)).collect()
}

/// Writes a value on a line.
pub(super) fn write_line(value: &impl Serialize, out: &mut Vec<u8>) {
    write_compact(&to_json(value), out);
    out.push(b'\n');
}

fn to_json(value: &impl Serialize) -> String {
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
        {"query":"so \"what\"","result":"found","artists":{"items":[{"id":1},{}]}}
        {"query":"two, three","result":"found","artists":{"items":[{"id":1},{}]}}
        {"query":"bad","result":"rate_limited","error":{"code":"rate_limited","status":429,"message":"rate limited","retry_after":7}}
        "#);
        insta::assert_snapshot!(render_batch(Format::Jsonl, Target::default(), response), @r#"
        {"query":"so \"what\"","result":"found","matches":null,"id":1}
        {"query":"so \"what\"","result":"found","matches":null}
        {"query":"two, three","result":"found","matches":null,"id":1}
        {"query":"two, three","result":"found","matches":null}
        {"query":"bad","result":"rate_limited","matches":null}
        "#);
    }

    #[test]
    fn our_keys_replace_those_of_the_response() {
        let response = r#"{"artists": {"items": [{"id": 1, "query": {"x": [2]}}]}, "error": 3}"#;
        let render = |format| render_batch(format, Target::default(), response);
        let first = |text: String| text.lines().next().unwrap().to_owned();
        insta::assert_snapshot!(first(render(Format::Jsonl)), @r#"{"query":"so \"what\"","result":"found","matches":null,"id":1}"#);
        insta::assert_snapshot!(first(render(Format::Json)), @r#"{"query":"so \"what\"","result":"found","artists":{"items":[{"id":1,"query":{"x":[2]}}]}}"#);
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
