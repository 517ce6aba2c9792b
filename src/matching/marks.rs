//! The marks in names: parentheses, brackets and dashes.

use std::ops::Range;

/// Splits a text that ends with a part in brackets into the text before it and the part.
pub fn last_brackets(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_suffix(is_closing)?;
    let mut depth = 1;
    for (index, char) in inner.char_indices().rev() {
        depth += i32::from(is_closing(char)) - i32::from(is_opening(char));
        if depth == 0 {
            return Some((&text[..index], &inner[index + char.len_utf8()..]));
        }
    }
    None
}

pub fn is_opening(char: char) -> bool {
    matches!(char, '(' | '[' | '{' | '（' | '【')
}

pub fn is_closing(char: char) -> bool {
    matches!(char, ')' | ']' | '}' | '）' | '】')
}

pub fn is_dash(token: &str) -> bool {
    matches!(token, "-" | "–" | "—")
}

/// Returns true if a dash stands between two words.
pub fn has_dash(text: &str) -> bool {
    text.split(' ').any(is_dash)
}

/// Returns the places of the words between white space.
pub fn tokens(text: &str) -> Vec<Range<usize>> {
    let start = |token: &str| token.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|token| start(token)..start(token) + token.len()).collect()
}
