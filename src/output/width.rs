//! Measures and cuts text by the cells that it takes on a terminal.
//!
//! Terminals disagree about some characters: one shows an emoji sequence in two cells, another
//! shows each of its emoji. Widths here are upper bounds, so that no terminal has to wrap a line.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

use super::escape::escape;

/// The number of characters examined for each cell. It bounds the work for a name that consists of
/// millions of characters without width.
const MAX_CHARS_PER_CELL: usize = 16;

/// Text as a terminal shows it.
pub struct Fitted {
    /// The text, with control characters escaped.
    pub text: String,
    /// The number of cells.
    pub cells: usize,
    /// False if the text was cut.
    pub is_whole: bool,
}

/// Returns the text in at most `width` cells. Longer text is cut between two clusters, or between
/// two escapes, and ends in `…`.
pub fn fit(text: &str, width: usize) -> Fitted {
    let head = head(text, width);
    let mut fitted = Fitted { text: String::new(), cells: 0, is_whole: head.len() == text.len() };
    // The length and the width of the text that leaves room for the ellipsis.
    let mut cut = (0, 0);
    for cluster in clusters(head) {
        let shown = shown(cluster);
        let cells = cells(&shown);
        if fitted.cells.saturating_add(cells) > width {
            fitted.is_whole = false;
            break;
        }
        fitted.text += &shown;
        fitted.cells += cells;
        if fitted.cells < width {
            cut = (fitted.text.len(), fitted.cells);
        }
    }
    if !fitted.is_whole && width > 0 {
        let kept = fitted.text[..cut.0].trim_end_matches(' ').len();
        fitted.text.truncate(kept);
        fitted.text.push('…');
        fitted.cells = cut.1 - (cut.0 - kept) + 1;
    }
    fitted
}

/// Returns the part of the text that is examined to fill `width` cells.
fn head(text: &str, width: usize) -> &str {
    let max_chars = width.saturating_mul(MAX_CHARS_PER_CELL);
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => &text[..end],
        None => text,
    }
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

/// Returns the number of cells of a character: `unicode-width`'s, or the number of `wcwidth` in
/// glibc, which tmux and xterm use, if that is greater.
fn char_cells(c: char) -> usize {
    match c.width().unwrap_or_default() {
        0 if ONE_CELL.contains(c) => 1,
        0 if TWO_CELLS.contains(c) => 2,
        // Circled numbers.
        1 if ('\u{3248}'..='\u{324f}').contains(&c) => 2,
        cells => cells,
    }
}

/// The emoji variation selector, which makes a narrow character before it wide, and the characters
/// for which `wcwidth` of glibc 2.36 returns 1 and `unicode-width` 0.2 returns 0.
const ONE_CELL: &str = "\
    \u{fe0f}\u{ad}\u{605}\u{70f}\u{890}\u{891}\u{8e2}\u{9be}\u{9d7}\u{b3e}\u{b57}\u{bbe}\u{bd7}\
    \u{cc0}\u{cc2}\u{cc7}\u{cc8}\u{cca}\u{ccb}\u{cd5}\u{cd6}\u{d3e}\u{d4e}\u{d57}\u{dcf}\u{ddf}\
    \u{1715}\u{1734}\u{1b35}\u{1b3b}\u{1b3d}\u{1b43}\u{1b44}\u{1baa}\u{1bf2}\u{1bf3}\u{a8fa}\
    \u{a953}\u{a9c0}\u{ffa0}\u{111c0}\u{111c2}\u{111c3}\u{11235}\u{1133e}\u{1134d}\u{11357}\
    \u{114b0}\u{114bd}\u{115af}\u{116b6}\u{11930}\u{1193d}\u{1193f}\u{11941}\u{11a84}\u{11a85}\
    \u{11a86}\u{11a87}\u{11a88}\u{11a89}\u{11d46}\u{1d165}\u{1d166}\u{1d16d}\u{1d16e}\u{1d16f}\
    \u{1d170}\u{1d171}\u{1d172}";

/// The characters for which `wcwidth` returns 2 and `unicode-width` 0.
const TWO_CELLS: &str = "\u{302e}\u{302f}\u{3164}\u{16ff0}\u{16ff1}";

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(text: &str, width: usize) -> (String, usize) {
        let Fitted { text, cells, .. } = fit(text, width);
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
        for (text, cells) in [("👨‍👩‍👧", 6), ("🇯🇵", 2), ("🇯", 2), ("❤️", 2), ("தமிழா", 5)]
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
            let text = unit.repeat(1 << 20);
            assert!(head(&text, 80).len() <= 80 * MAX_CHARS_PER_CELL * 4);
            let Fitted { text, cells, is_whole } = fit(&text, 80);
            assert!(text.ends_with('…') && cells <= 80 && !is_whole, "{unit:?}: {text}");
        }
    }
}
