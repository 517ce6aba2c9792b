//! The credit in a name: `(feat. Jay-Z)`, `ft. Jay-Z`.

use std::borrow::Cow;

use super::brackets::{is_closing, is_opening};

const WORDS: [&str; 5] = ["feat. ", "feat ", "ft. ", "ft ", "featuring "];

/// The largest number of credits in a name.
const MAX_CREDITS: usize = 3;

/// A name with a credit.
#[derive(Debug, PartialEq, Eq)]
pub struct Credit<'a> {
    pub before: &'a str,
    /// The credited artists.
    pub artists: &'a str,
    pub after: &'a str,
}

/// Finds the first credit of a name. It ends with its brackets, or before a dash or a bracket.
pub fn find_credit(text: &str) -> Option<Credit<'_>> {
    let mut previous = None;
    for (index, char) in text.char_indices() {
        let Some((start, before)) = previous.replace((index, char)) else { continue };
        let is_bracketed = is_opening(before);
        if !matches!(char, 'f' | 'F') || !is_bracketed && !before.is_whitespace() {
            continue;
        }
        let starts_with = |word: &&&str| {
            text.get(index..index + word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
        };
        let Some(word) = WORDS.iter().find(starts_with) else { continue };
        let rest = &text[index + word.len()..];
        let end = if is_bracketed { rest.find(is_closing) } else { end_of_artists(rest) };
        let end = end.unwrap_or(rest.len());
        let (before, artists, after) = (text[..start].trim_end(), &rest[..end], &rest[end..]);
        let after =
            if is_bracketed { after.strip_prefix(is_closing).unwrap_or(after) } else { after };
        return (!before.is_empty()).then_some(Credit { before, artists, after });
    }
    None
}

fn end_of_artists(text: &str) -> Option<usize> {
    let marks = [" - ", " – ", " — ", " (", " ["];
    marks.iter().filter_map(|mark| text.find(mark)).min()
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
