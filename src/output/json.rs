//! JSON: one document in the API's own shape, or one item a line. Items are the text that Spotify
//! sent; only the white space between their parts is ours.

use std::io::{self, Write};

use crate::json::{write_compact, write_indented};
use crate::model::SearchResults;

/// The whole answer as one indented document.
pub fn write_document(results: &SearchResults, out: &mut impl Write) -> io::Result<()> {
    let document = serde_json::to_string(results)?;
    write_indented(&document, out)?;
    writeln!(out)
}

/// Each item on a line of its own.
pub fn write_lines(results: &SearchResults, out: &mut impl Write) -> io::Result<()> {
    for (_, item) in results.items() {
        write_compact(item.json(), out)?;
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::output::testing::{piped, print};
    use crate::output::{Format, Target};

    const ANSWER: &str = r#"{"tracks" : {"href":"h","items":[null, {"name":"So What","id":"1","x":[968410.0, 1e3]},
        {"id":"1","name":"again"}, {"id":"2", "name":"\u202e\""}],"total":2,"limit":4},
        "artists": {"limit": 4, "items": null}, "unknown": {"z": 1, "a": 2}}"#;

    #[test]
    fn a_document_keeps_keys_order_and_numbers_and_drops_nulls_and_repetitions() {
        insta::assert_snapshot!(piped(Format::Json, ANSWER), @r#"
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
    fn lines_are_items_of_all_sections() {
        insta::assert_snapshot!(piped(Format::Jsonl, ANSWER), @r#"
        {"name":"So What","id":"1","x":[968410.0,1e3]}
        {"id":"2","name":"\u202e\""}
        "#);
    }

    #[test]
    fn on_a_terminal_a_document_is_the_same_json_with_nothing_to_obey() {
        let terminal = Target { is_terminal: true, ..Target::default() };
        let answer = "{\"artists\": {\"items\": [{\"name\": \"a\u{202e}b\u{7f}\\u001b\"}]}}";
        let shown = print(Format::Json, terminal, answer);
        assert!(shown.contains(r#""a\u202eb\u007f\u001b""#), "{shown}");
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(parse(&shown), parse(answer));
    }
}
