//! The formats `json` and `jsonl`. Items are the JSON text that Spotify sent; only the whitespace
//! between tokens changes.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::value::RawValue;

use super::batch_line::BatchLine;
use super::json_format::{write_compact, write_indented};
use spotify_search::Item;

/// Our keys in an item of a batch.
const ITEM_KEYS: [&str; 4] = ["query", "input", "result", "matches"];
/// Our keys in a document of a batch.
const DOCUMENT_KEYS: [&str; 4] = ["query", "input", "result", "error"];

/// Writes each item on a line. In a batch, it follows the line's own keys.
pub(super) fn write_items(line: &BatchLine, own: Option<&[String]>, out: &mut Vec<u8>) {
    for item in line.rows() {
        let json = item.map_or("{}", Item::json);
        if let Some(result) = line.result_of(item) {
            write_start(line, result, own, out);
            let matches = to_json(&item.and_then(Item::matches));
            out.extend_from_slice(format!(",\"matches\":{matches}").as_bytes());
            write_fields(json, &ITEM_KEYS, out);
        } else {
            write_compact(json, out);
            out.push(b'\n');
        }
    }
}

/// Writes the results as one indented document, or those of a line of a batch or its error on a line.
pub(super) fn write(line: &BatchLine, own: Option<&[String]>, out: &mut Vec<u8>) {
    let results = line.results().map_or("{}".to_owned(), to_json);
    let Some(result) = line.result else {
        write_indented(&results, out);
        out.push(b'\n');
        return;
    };
    write_start(line, result, own, out);
    if let Some(Err(error)) = &line.outcome {
        out.extend_from_slice(format!(",\"error\":{}", to_json(error)).as_bytes());
    }
    write_fields(&results, &DOCUMENT_KEYS, out);
}

/// Writes `{"query":…,"result":…`, or `{"input":{…},"result":…`.
fn write_start(line: &BatchLine, result: &str, own: Option<&[String]>, out: &mut Vec<u8>) {
    let input = input(line.cells, own);
    out.extend_from_slice(format!("{{{input},\"result\":{}", to_json(result)).as_bytes());
}

/// Returns the cells of a line as a key and its value.
fn input(cells: &[String], own: Option<&[String]>) -> String {
    match own {
        None => format!("\"query\":{}", to_json(cells.first().map_or("", String::as_str))),
        Some(own) => {
            let fields: IndexMap<&String, &String> = own.iter().zip(cells).collect();
            format!("\"input\":{}", to_json(&fields))
        }
    }
}

/// Writes the fields of an object and the end of the line. The object's own keys of these names are left
/// out: they would have another meaning here.
fn write_fields(object: &str, reserved: &[&str], out: &mut Vec<u8>) {
    let fields: IndexMap<String, &RawValue> = serde_json::from_str(object).unwrap_or_default();
    for (key, value) in fields.iter().filter(|(key, _)| !reserved.contains(&key.as_str())) {
        out.push(b',');
        out.extend_from_slice(to_json(key).as_bytes());
        out.push(b':');
        write_compact(value.get(), out);
    }
    out.extend_from_slice(b"}\n");
}

/// Writes a line that was written before with other cells of the input.
pub fn replace_input(text: &str, cells: &[String], own: Option<&[String]>, out: &mut Vec<u8>) {
    out.push(b'{');
    out.extend_from_slice(input(cells, own).as_bytes());
    write_fields(text, &["query", "input"], out);
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
