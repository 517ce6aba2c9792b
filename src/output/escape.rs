//! Replaces control and bidirectional formatting characters with JSON escapes. Printed as they are,
//! they could move the cursor, change colours or reorder text. JSON output stays valid.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns true for a character that a terminal acts on instead of showing it.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Bidirectional controls (Unicode Standard Annex #9), line and paragraph separators.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Escapes all control characters, line ends included.
pub fn escape(text: &str) -> Cow<'_, str> {
    escape_if(text, is_control)
}

/// Escapes all control characters except line ends and tabs.
pub(super) fn escape_keeping_lines(text: &str) -> Cow<'_, str> {
    escape_if(text, |c| is_control(c) && !matches!(c, '\n' | '\t'))
}

fn escape_if(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            _ if !is_escaped(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Every escaped character is below U+10000, so four digits are enough.
            _ => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_control_characters() {
        assert_eq!(escape("a\u{1b}[31mb\u{7f}\u{9b}2J"), "a\\u001b[31mb\\u007f\\u009b2J");
        assert_eq!(escape("abc\u{202e}def\u{2069}\n\r\t"), "abc\\u202edef\\u2069\\n\\r\\t");
        assert_eq!(escape_keeping_lines("a\tb\n\u{7}"), "a\tb\n\\u0007");
    }

    #[test]
    fn keeps_all_other_characters() {
        let text = "防弾少年団 👨‍👩‍👧 e\u{301} עברית “”";
        assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
    }
}
