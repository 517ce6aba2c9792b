//! The credit in a name: `(feat. Jay-Z)`, `ft. Jay-Z`.

use std::borrow::Cow;
use std::ops::Range;

use super::marks::{is_closing, is_opening, tokens};

/// Words before the artists.
pub const CREDITS: [&str; 3] = ["feat", "ft", "featuring"];

/// Marks that end a credit without brackets.
const ENDS: [&str; 5] = [" - ", " – ", " — ", " (", " ["];

/// The largest number of credits in a name.
const MAX_CREDITS: usize = 3;

/// A name with a credit.
#[derive(Debug, PartialEq, Eq)]
pub struct Credit<'a> {
    before: &'a str,
    /// The credited artists.
    pub artists: &'a str,
    after: &'a str,
}

/// Finds the first credit of a name. It ends with its brackets, or before a dash or a bracket.
pub fn find_credit(text: &str) -> Option<Credit<'_>> {
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
    (!artists.is_empty()).then_some(Credit { before, artists, after })
}

/// Returns the name without its credits.
pub fn without_credits(text: &str) -> Cow<'_, str> {
    let mut name = Cow::Borrowed(text);
    for _ in 0..MAX_CREDITS {
        let Some(Credit { before, after, .. }) = find_credit(&name) else { break };
        name = Cow::Owned([before, after].concat());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_fall_away_wherever_they_stand() {
        for (text, artists, rest) in [
            ("Crazy in Love (feat. Jay-Z)", "Jay-Z", "Crazy in Love"),
            ("Crazy in Love FT. Jay-Z", "Jay-Z", "Crazy in Love"),
            ("Ocean (feat. Khalid) - DubVision Remix", "Khalid", "Ocean - DubVision Remix"),
            ("Ocean featuring Khalid - Live", "Khalid", "Ocean - Live"),
            ("Ocean [ft Khalid] (Live)", "Khalid", "Ocean (Live)"),
        ] {
            assert_eq!(find_credit(text).unwrap().artists, artists, "{text}");
            assert_eq!(without_credits(text), rest);
        }
        for text in ["Soft Parade", "feat. Jay-Z", "Left ft", "(feat. X)"] {
            assert_eq!(find_credit(text), None, "{text}");
        }
    }
}
