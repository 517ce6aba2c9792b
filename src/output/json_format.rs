//! Splits JSON text into tokens, and changes the white space between them. Key order, number spelling
//! and escapes stay as Spotify sent them. Callers must have parsed the text with `serde_json` already.

/// The kinds of tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Open,
    Close,
    Comma,
    Colon,
    /// A string with its quotes.
    String,
    /// A number, `true`, `false` or `null`.
    Literal,
}

/// A token of JSON text.
pub struct Token<'a> {
    pub kind: TokenKind,
    pub text: &'a str,
    /// The offset of the token in the JSON text.
    pub start: usize,
}

/// Returns the tokens of a JSON text in order.
pub fn tokens(json: &str) -> impl Iterator<Item = Token<'_>> {
    let mut end = 0;
    std::iter::from_fn(move || {
        let bytes = json.as_bytes();
        while matches!(bytes.get(end)?, b' ' | b'\n' | b'\r' | b'\t') {
            end += 1;
        }
        let start = end;
        let (kind, length) = match bytes[start] {
            b'{' | b'[' => (TokenKind::Open, 1),
            b'}' | b']' => (TokenKind::Close, 1),
            b',' => (TokenKind::Comma, 1),
            b':' => (TokenKind::Colon, 1),
            b'"' => (TokenKind::String, string_length(&bytes[start..])),
            _ => (TokenKind::Literal, literal_length(&bytes[start..])),
        };
        end += length;
        Some(Token { kind, text: &json[start..end], start })
    })
}

/// Returns the length of the string at the start of the text, quotes included.
fn string_length(json: &[u8]) -> usize {
    let mut end = 1;
    while end < json.len() && json[end] != b'"' {
        // Skip an escaped character, which may be a quote.
        end += if json[end] == b'\\' { 2 } else { 1 };
    }
    json.len().min(end + 1)
}

/// Returns the length of the number or word at the start of the text.
fn literal_length(json: &[u8]) -> usize {
    let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
    json.iter().position(is_end).unwrap_or(json.len())
}

/// Writes the text on one line, without white space.
pub fn write_compact(json: &str, out: &mut Vec<u8>) {
    for token in tokens(json) {
        out.extend_from_slice(token.text.as_bytes());
    }
}

/// Writes the text as jq does: an entry per line, indented by two spaces per level.
pub fn write_indented(json: &str, out: &mut Vec<u8>) {
    let mut depth = 0_usize;
    let mut just_opened = false;
    for Token { kind, text, .. } in tokens(json) {
        let is_first_inside = std::mem::take(&mut just_opened);
        if kind == TokenKind::Close {
            depth = depth.saturating_sub(1);
        }
        // An empty list or object stays on its line.
        if is_first_inside != (kind == TokenKind::Close) {
            new_line(depth, out);
        }
        out.extend_from_slice(text.as_bytes());
        match kind {
            TokenKind::Open => {
                depth += 1;
                just_opened = true;
            }
            TokenKind::Comma => new_line(depth, out),
            TokenKind::Colon => out.push(b' '),
            _ => {}
        }
    }
}

/// The widest indentation. It bounds the output for text that is nested very deeply.
const MAX_INDENT: [u8; 64] = [b' '; 64];

fn new_line(depth: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    out.extend_from_slice(&MAX_INDENT[..(2 * depth).min(MAX_INDENT.len())]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn compact(json: &str) -> String {
        let mut out = Vec::new();
        write_compact(json, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn indented(json: &str) -> String {
        let mut out = Vec::new();
        write_indented(json, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn changes_only_white_space_outside_strings() {
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
    fn indentation_is_bounded() {
        let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(indented(&nested).len() < 2 * 10_000 * 70);
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
        fn agrees_with_serde_json(value in any_json()) {
            let line = serde_json::to_string(&value).unwrap();
            let lines = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(compact(&lines), line.as_str());
            prop_assert_eq!(indented(&line), lines);
        }
    }
}
