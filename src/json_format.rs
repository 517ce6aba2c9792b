//! The white space of JSON text, and nothing else of it: results are kept as the text that Spotify
//! sent, so that what goes out is what came in (key order, number spelling, unknown keys), and this
//! module lays that text out on one line or indented. Whether a text is JSON at all has been
//! settled by `serde_json` before it gets here.

use std::io::{self, Write};

use memchr::memchr2;

/// The deepest nesting accepted in an answer; Spotify's go down seven levels.
const MAX_DEPTH: usize = 32;

/// A piece of JSON text without the white space around it.
enum Piece<'a> {
    Open(&'a str),
    Close(&'a str),
    Comma,
    Colon,
    /// A string with its quotes, a number, `true`, `false` or `null`.
    Scalar(&'a str),
}

/// The pieces of a valid JSON text, in order.
fn pieces(json: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut begin = 0;
    std::iter::from_fn(move || {
        let bytes = json.as_bytes();
        while matches!(bytes.get(begin)?, b' ' | b'\n' | b'\r' | b'\t') {
            begin += 1;
        }
        let first = bytes[begin];
        let length = match first {
            b'{' | b'[' | b'}' | b']' | b',' | b':' => 1,
            b'"' => string_length(&bytes[begin..]),
            _ => scalar_length(&bytes[begin..]),
        };
        let text = &json[begin..begin + length];
        begin += length;
        Some(match first {
            b'{' | b'[' => Piece::Open(text),
            b'}' | b']' => Piece::Close(text),
            b',' => Piece::Comma,
            b':' => Piece::Colon,
            _ => Piece::Scalar(text),
        })
    })
}

/// The length of the string that the text begins with, its quotes included.
fn string_length(json: &[u8]) -> usize {
    let mut end = 1;
    while let Some(found) = memchr2(b'"', b'\\', json.get(end..).unwrap_or_default()) {
        end += found;
        if json[end] == b'"' {
            return end + 1;
        }
        // Whatever is escaped, a quotation mark it may be, does not end the string.
        end += 2;
    }
    json.len()
}

/// The length of the number or word that the text begins with.
fn scalar_length(json: &[u8]) -> usize {
    let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
    json.iter().position(is_end).unwrap_or(json.len())
}

/// Whether the text is nested deeper than any answer of Spotify's, so deep that it would only be
/// sent to do harm.
pub fn is_too_deep(json: &str) -> bool {
    let mut depth = 0_usize;
    pieces(json).any(|piece| {
        match piece {
            Piece::Open(_) => depth += 1,
            Piece::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_DEPTH
    })
}

/// Writes the text on one line, without white space.
pub fn write_compact(json: &str, out: &mut dyn Write) -> io::Result<()> {
    for piece in pieces(json) {
        let text = match piece {
            Piece::Open(text) | Piece::Close(text) | Piece::Scalar(text) => text,
            Piece::Comma => ",",
            Piece::Colon => ":",
        };
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// As many spaces as the deepest line is indented by.
const INDENT: [u8; 2 * MAX_DEPTH] = [b' '; 2 * MAX_DEPTH];

fn new_line(depth: usize, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"\n")?;
    out.write_all(&INDENT[..(2 * depth).min(INDENT.len())])
}

/// Writes the text as jq does: a line for each entry, indented by two spaces a level.
pub fn write_indented(json: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut depth = 0_usize;
    let mut just_opened = false;
    for piece in pieces(json) {
        let first_inside = std::mem::take(&mut just_opened);
        if first_inside && !matches!(piece, Piece::Close(_)) {
            new_line(depth, out)?;
        }
        match piece {
            Piece::Open(text) => {
                out.write_all(text.as_bytes())?;
                depth += 1;
                just_opened = true;
            }
            Piece::Close(text) => {
                depth = depth.saturating_sub(1);
                if !first_inside {
                    new_line(depth, out)?;
                }
                out.write_all(text.as_bytes())?;
            }
            Piece::Comma => {
                out.write_all(b",")?;
                new_line(depth, out)?;
            }
            Piece::Colon => out.write_all(b": ")?,
            Piece::Scalar(text) => out.write_all(text.as_bytes())?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn compact(json: &str) -> String {
        let mut out = Vec::new();
        write_compact(json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn indented(json: &str) -> String {
        let mut out = Vec::new();
        write_indented(json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_white_space_outside_strings_changes() {
        let json = "{ \"b\" : [ 1E2 , 968410.0,{ } , [\n] ],\"a\":\"x \\\" , \\\\\" ,\"b\":null }";
        assert_eq!(compact(json), r#"{"b":[1E2,968410.0,{},[]],"a":"x \" , \\","b":null}"#);
        insta::assert_snapshot!(indented(json), @r#"
        {
          "b": [
            1E2,
            968410.0,
            {},
            []
          ],
          "a": "x \" , \\",
          "b": null
        }
        "#);
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(!is_too_deep(&nested(MAX_DEPTH)));
        assert!(is_too_deep(&nested(MAX_DEPTH + 1)));
        assert!(!is_too_deep("[\"[[[\"]"));
        assert!(!is_too_deep(&format!("[{}[]]", "[],".repeat(1_000))));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::hash_map(".*", inner, 0..8)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn both_layouts_agree_with_serde_json(value in any_json()) {
            let line = serde_json::to_string(&value).unwrap();
            let lines = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(compact(&lines), line.as_str());
            prop_assert_eq!(indented(&line), lines);
        }
    }
}
