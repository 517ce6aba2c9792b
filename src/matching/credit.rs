//! The credit in a name: `(feat. Jay-Z)`, `ft. Jay-Z`.

use std::ops::Range;

use super::marks::{is_closing, is_opening, tokens};

/// Words before the artists.
pub const CREDITS: [&str; 3] = ["feat", "ft", "featuring"];

/// Marks that end a credit without brackets.
const ENDS: [&str; 5] = [" - ", " – ", " — ", " (", " ["];

/// Returns a name without its first credit, or `None` if it has none. A credit ends with its brackets, or
/// before a dash or a bracket.
pub fn without_credit(text: &str) -> Option<String> {
    let is_credit = |place: &Range<usize>| {
        let word = text[place.clone()].trim_start_matches(is_opening).trim_end_matches('.');
        CREDITS.iter().any(|credit| word.eq_ignore_ascii_case(credit))
    };
    let credit = tokens(text).into_iter().skip(1).find(is_credit)?;
    let (before, rest) = (text[..credit.start].trim_end(), text[credit.end..].trim_start());
    let end = if text[credit].starts_with(is_opening) {
        rest.find(is_closing)
    } else {
        ENDS.iter().filter_map(|end| rest.find(end)).min()
    };
    let (artists, after) = rest.split_at(end.unwrap_or(rest.len()));
    let after = after.strip_prefix(is_closing).unwrap_or(after);
    (!artists.is_empty()).then(|| [before, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_fall_away_wherever_they_stand() {
        for (text, rest) in [
            ("Crazy in Love (feat. Jay-Z)", "Crazy in Love"),
            ("Crazy in Love FT. Jay-Z", "Crazy in Love"),
            ("Ocean (feat. Khalid) - DubVision Remix", "Ocean - DubVision Remix"),
            ("Ocean featuring Khalid - Live", "Ocean - Live"),
            ("Ocean [ft Khalid] (Live)", "Ocean (Live)"),
        ] {
            assert_eq!(without_credit(text).as_deref(), Some(rest), "{text}");
        }
        for text in ["Soft Parade", "feat. Jay-Z", "Left ft", "(feat. X)"] {
            assert_eq!(without_credit(text), None, "{text}");
        }
    }
}
