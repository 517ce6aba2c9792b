//! The level `wording`: spellings of the same words.

use super::fold::Folded;
use super::small_words::{is_article, number};

/// Words that number a part of a work. Only the first of each group is compared.
const NUMBERED: [&[&str]; 2] = [&["part", "parts", "pt", "pts"], &["volume", "volumes", "vol"]];

/// Spellings of `and`.
const AND: [&str; 5] = ["&", "+", "n'", "'n'", "'n"];

/// `and` in the names of Dutch, German, French and Spanish artists.
const AND_OF_ARTISTS: [&str; 4] = ["en", "und", "et", "y"];

/// The apostrophes that people type.
const APOSTROPHES: [char; 4] = ['’', '´', '`', '‘'];

/// Returns the words of a name in one spelling. Returns `None` if nothing of it can be compared.
pub fn wording(name: &str, is_artist: bool) -> Option<Folded> {
    let tokens: Vec<&str> = name.split_whitespace().collect();
    let mut spelled = String::with_capacity(name.len());
    for (index, token) in tokens.iter().enumerate() {
        if index > 0 {
            spelled.push(' ');
        }
        let is_between = index > 0 && index + 1 < tokens.len();
        if is_between && is_and(token, is_artist) {
            spelled.push_str("and");
        } else {
            push_spelling(token, &mut spelled);
        }
    }
    Folded::new(&spelled).map(|name| name.map(one_spelling))
}

/// Returns true for a spelling of `and` between two words.
pub fn is_and(token: &str, is_artist: bool) -> bool {
    let is_one_of = |words: &[&str]| {
        let token = token.to_lowercase().replace(APOSTROPHES, "'");
        words.contains(&token.as_str())
    };
    token.chars().count() <= 3 && (is_one_of(&AND) || is_artist && is_one_of(&AND_OF_ARTISTS))
}

/// `R&B` → `r and b`, `fallin'` → `falling`, `Ke$ha` → `kesha`, `P!nk` → `pink`.
pub fn push_spelling(token: &str, text: &mut String) {
    if token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return text.push_str(token);
    }
    let token = token.to_lowercase().replace(APOSTROPHES, "'");
    let has_letter = token.contains(char::is_alphabetic);
    let end = token.trim_end_matches(|char: char| char != '\'' && !char.is_alphanumeric());
    let stem = end.strip_suffix("in'").filter(|stem| !stem.is_empty());
    let (token, end) = stem.map_or((token.as_str(), ""), |stem| (stem, "ing"));
    let mut last = ' ';
    let mut chars = token.chars().peekable();
    while let Some(char) = chars.next() {
        let is_before_letter = || chars.clone().next().is_some_and(char::is_alphabetic);
        match char {
            '&' => text.push_str(" and "),
            '$' if has_letter => text.push('s'),
            '!' if last.is_alphabetic() && is_before_letter() => text.push('i'),
            'º' | '°' if last.is_numeric() => text.push_str(" degrees"),
            _ => text.push(char),
        }
        last = char;
    }
    text.push_str(end);
}

/// Spells numbered parts in one way, and drops a leading article. Expects folded words.
fn one_spelling(words: &str) -> String {
    // The name of `The The` is not `The`.
    let words = match words.split_once(' ') {
        Some((first, rest)) if is_article(first) && !rest.split(' ').all(is_article) => rest,
        _ => words,
    };
    let mut spelled = String::with_capacity(words.len() + 4);
    let mut rest = words.split(' ').peekable();
    while let Some(word) = rest.next() {
        let group = NUMBERED.iter().find(|group| group.contains(&word));
        let number = group.and_then(|_| rest.peek().and_then(|next| number(next)));
        if !spelled.is_empty() {
            spelled.push(' ');
        }
        match (group, number) {
            (Some(group), Some(number)) => {
                spelled.push_str(&[group[0], " ", &number].concat());
                rest.next();
            }
            _ => spelled.push_str(word),
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_equal(left: &str, right: &str) -> bool {
        let words = |name| wording(name, true).unwrap();
        words(left).equals(&words(right))
    }

    #[test]
    fn equal_wording() {
        for (left, right) in [
            ("The Beatles", "Beatles"),
            ("A Hard Day's Night", "Hard Days Night"),
            ("Simon and Garfunkel", "Simon & Garfunkel"),
            ("Florence + the Machine", "Florence and the Machine"),
            ("Guns and Roses", "Guns N’ Roses"),
            ("Rock 'n' Roll", "Rock & Roll"),
            ("R&B", "R and B"),
            ("Fallin'", "Falling"),
            ("Ke$ha", "Kesha"),
            ("P!nk", "Pink"),
            ("98º", "98 Degrees"),
            ("Another Brick in the Wall, Pt. 2", "Another Brick in the Wall (Part Two)"),
            ("Chapter Vol. IV", "Chapter, Volume 4"),
            ("Keep On Trucking, Pt. 1", "KEEP ON TRUCKIN’, Pt. I"),
            ("Acda & De Munnik", "Acda en de Munnik"),
        ] {
            assert!(is_equal(left, right), "{left} and {right}");
        }
    }

    #[test]
    fn different_wording() {
        for (left, right) in [
            ("The The", "The"),
            ("A", "The A"),
            ("+", "&"),
            ("$", "s"),
            ("Pt. 1", "Pt. 2"),
            ("Two", "2"),
            ("No One", "No. 1"),
            ("'N Sync", "and Sync"),
            ("Help!", "Helpi"),
            ("Part of Me", "Pt. of Me"),
            ("The Sports Team", "Sports"),
        ] {
            assert!(!is_equal(left, right), "{left} and {right}");
        }
    }
}
