//! Text of the catalogue and of servers made safe for a terminal: control and bidirectional
//! characters, which could move the cursor, colour or turn round what a person reads, are shown as
//! the escapes that JSON has for them, so that JSON stays the same JSON.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a terminal would obey the character instead of showing it.
fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character,
            // Bidirectional controls (Unicode Standard Annex 9), line and paragraph separators.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text on one line, with nothing in it that a terminal obeys.
pub fn escape(text: &str) -> Cow<'_, str> {
    escaped(text, is_obeyed)
}

/// The same with its line ends and tabs kept.
pub fn escape_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |character| is_obeyed(character) && !matches!(character, '\n' | '\t'))
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' if is_escaped('\n') => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' if is_escaped('\t') => out.push_str("\\t"),
            _ if is_escaped(character) => {
                // Every such character is in the basic plane: four digits do. Writing to a string
                // does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        assert_eq!(escape("a\u{1b}[31mb\u{7f}\u{9b}2J"), "a\\u001b[31mb\\u007f\\u009b2J");
        assert_eq!(escape("abc\u{202e}def\u{2069}\n\r\t"), "abc\\u202edef\\u2069\\n\\r\\t");
        assert_eq!(escape_lines("a\tb\n\u{7}"), "a\tb\n\\u0007");
    }

    #[test]
    fn everything_else_stays() {
        let text = "防弾少年団 👨‍👩‍👧 e\u{301} עברית “”";
        assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
    }
}
