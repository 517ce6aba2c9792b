//! JSON: one document in the API's own shape, or one item a line. Items are the text that Spotify
//! sent; only the white space between their parts is ours.

use std::io::{self, Write};

use serde_json::json;

use crate::error::{Error, whole_seconds};
use crate::json_format::{write_compact, write_indented};
use crate::results::SearchResults;

/// The whole answer as one indented document.
pub fn write_document(results: &SearchResults, out: &mut dyn Write) -> io::Result<()> {
    let document = serde_json::to_string(results)?;
    write_indented(&document, out)?;
    writeln!(out)
}

/// Each item on a line of its own, with the line of its query where there are several.
pub fn write_items(
    line: Option<&str>,
    results: &SearchResults,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (_, item) in results.items() {
        match line {
            Some(line) => write_with_query(line, item.json(), out)?,
            None => write_compact(item.json(), out)?,
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The whole answer to one query of several, on a line.
pub fn write_answer(line: &str, results: &SearchResults, out: &mut dyn Write) -> io::Result<()> {
    write_with_query(line, &serde_json::to_string(results)?, out)?;
    writeln!(out)
}

/// That one query of several failed, on a line.
pub fn write_failure(line: &str, error: &Error, out: &mut dyn Write) -> io::Result<()> {
    let failure = json!({"error": {
        "code": error.code(),
        "status": error.status(),
        "message": error.to_string(),
        "retry_after": error.retry_after().map(whole_seconds),
    }});
    write_with_query(line, &failure.to_string(), out)?;
    writeln!(out)
}

/// An object on one line, with the query as its first key.
fn write_with_query(line: &str, object: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"query\":{}", serde_json::to_string(line)?)?;
    let mut rest = Vec::new();
    write_compact(object, &mut rest)?;
    let rest = rest.strip_prefix(b"{").unwrap_or(&rest);
    if rest != b"}" {
        out.write_all(b",")?;
    }
    out.write_all(rest)
}

#[cfg(test)]
mod tests {
    use crate::output::testing::{batch, piped, print};
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
    fn of_several_queries_each_line_says_which() {
        let answer = r#"{"artists": {"items": [{"id": 1}, {}]}}"#;
        insta::assert_snapshot!(batch(Format::Json, answer), @r#"
        {"query":"so \"what\"","artists":{"items":[{"id":1},{}]}}
        {"query":"two, three","artists":{"items":[{"id":1},{}]}}
        {"query":"bad","error":{"code":"bad_request","message":"the line is no query","retry_after":null,"status":null}}
        "#);
        insta::assert_snapshot!(batch(Format::Jsonl, answer), @r#"
        {"query":"so \"what\"","id":1}
        {"query":"so \"what\""}
        {"query":"two, three","id":1}
        {"query":"two, three"}
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
