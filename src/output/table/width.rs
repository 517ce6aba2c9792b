//! Measures and cuts text by the cells that it takes on a terminal.
//!
//! Terminals disagree about some characters: one shows an emoji sequence in two cells, another
//! shows each of its emoji. Widths here are upper bounds, so that no terminal has to wrap a line.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

use crate::output::escape;

/// The number of characters examined for each cell. It bounds a name that consists of millions of
/// characters without width.
const MAX_CHARS_PER_CELL: usize = 16;

/// Text as a terminal shows it.
pub struct Fitted {
    /// The text, with control characters escaped.
    pub text: String,
    /// The number of cells.
    pub cells: usize,
}

/// Returns the text in at most `width` cells. Longer text is cut between two clusters, or between
/// two escapes, and ends in `…`.
pub fn fit(text: &str, width: usize) -> Fitted {
    let max_chars = width.saturating_mul(MAX_CHARS_PER_CELL);
    let head = text.char_indices().nth(max_chars).map_or(text, |(end, _)| &text[..end]);
    let mut fitted = Fitted { text: String::new(), cells: 0 };
    // The length and the width of the text that leaves room for the ellipsis.
    let mut cut = (0, 0);
    for cluster in clusters(head) {
        let shown = shown(cluster);
        let cells = cells(&shown);
        if fitted.cells.saturating_add(cells) > width {
            let kept = fitted.text[..cut.0].trim_end_matches(' ').len();
            let ellipsis = if width > 0 { "…" } else { "" };
            fitted.text.truncate(kept);
            fitted.text += ellipsis;
            fitted.cells = cut.1 - (cut.0 - kept) + width.min(1);
            break;
        }
        fitted.text += &shown;
        fitted.cells += cells;
        if fitted.cells < width {
            cut = (fitted.text.len(), fitted.cells);
        }
    }
    fitted
}

/// Escapes control characters, and drops the marks that right-to-left names need: they only set
/// the direction of their neighbours.
fn shown(cluster: &str) -> Cow<'_, str> {
    let marks = ['\u{200e}', '\u{200f}', '\u{61c}'];
    if cluster.contains(marks) {
        Cow::Owned(escape(&cluster.replace(marks, "")).into_owned())
    } else {
        escape(cluster)
    }
}

/// Splits text where it may be cut: not before characters without width, such as accents, not inside
/// emoji that are joined, and not inside a flag.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, mut last) = chars.next()?;
        let mut is_half_flag = is_flag_letter(last);
        let end = chars.find_map(|(index, c)| {
            let is_joined = last == ZERO_WIDTH_JOINER
                || is_half_flag && is_flag_letter(c)
                || c.width() == Some(0);
            is_half_flag = is_half_flag && !is_flag_letter(c);
            last = c;
            (!is_joined).then_some(index)
        });
        let (cluster, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(cluster)
    })
}

const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Returns true for a letter of which two are a flag.
fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn cells(cluster: &str) -> usize {
    // kitty shows half a flag as wide as a flag.
    let least = if cluster.starts_with(is_flag_letter) { 2 } else { 0 };
    cluster.chars().map(char_cells).sum::<usize>().max(least)
}

/// Returns the number of cells of a character. The emoji variation selector makes a narrow character
/// before it wide.
fn char_cells(c: char) -> usize {
    if c == '\u{fe0f}' { 1 } else { c.width().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(text: &str, width: usize) -> (String, usize) {
        let Fitted { text, cells } = fit(text, width);
        (text, cells)
    }

    #[test]
    fn cuts_between_clusters_and_between_escapes() {
        let cases = [
            ("So What", 7, "So What", 7),
            ("So What", 6, "So Wh…", 6),
            ("So What", 4, "So…", 3),
            ("So What", 1, "…", 1),
            ("", 0, "", 0),
            ("防弾少年団", 10, "防弾少年団", 10),
            ("防弾少年団", 6, "防弾…", 5),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…", 2),
            ("a\u{1b}[2Jb", 12, "a\\u001b[2Jb", 11),
            ("a\u{1b}[2Jb", 8, "a\\u001b…", 8),
            ("a\u{1b}[2Jb", 7, "a…", 2),
            ("a\r\nb", 6, "a\\r\\nb", 6),
        ];
        for (text, width, shown, cells) in cases {
            assert_eq!(fitted(text, width), (shown.to_owned(), cells), "{text:?} in {width}");
        }
    }

    #[test]
    fn width_is_that_of_the_widest_terminal() {
        // A family, a flag, half a flag, a heart with a variation selector, Tamil.
        for (text, cells) in [("👨‍👩‍👧", 6), ("🇯🇵", 2), ("🇯", 2), ("❤️", 2), ("தமிழா", 4)]
        {
            assert_eq!(fitted(text, 80), (text.to_owned(), cells), "{text}");
        }
        assert_eq!(fitted("👨‍👩‍👧👨‍👩‍👧", 8), ("👨‍👩‍👧…".to_owned(), 7));
        assert_eq!(fitted("🇯🇵🇰🇷", 3), ("🇯🇵…".to_owned(), 3));
    }

    #[test]
    fn marks_of_right_to_left_names_are_dropped() {
        assert_eq!(fitted("\u{200f}עברית\u{200e}\u{61c}", 80), ("עברית".to_owned(), 5));
        assert_eq!(fitted("\u{202e}", 80), ("\\u202e".to_owned(), 6));
    }

    #[test]
    fn work_is_bounded_by_the_width() {
        for unit in ["x", "\u{1b}", "\u{301}", "\u{200e}", "🇯", "👨‍"] {
            let Fitted { text, cells } = fit(&unit.repeat(1 << 20), 80);
            assert!(cells <= 80 && text.len() <= 80 * MAX_CHARS_PER_CELL * 4, "{unit:?}: {text}");
        }
    }
}
