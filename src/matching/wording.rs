//! The level `wording`: spellings of the same words.

use super::fold::Folded;
use super::name_kind::NameKind;
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
pub fn wording(name: &str, kind: NameKind) -> Option<Folded> {
    let name = without_last_article(name.trim());
    let tokens: Vec<&str> = name.split_whitespace().collect();
    let is_and = |token: &str| {
        AND.contains(&token) || kind == NameKind::Artist && AND_OF_ARTISTS.contains(&token)
    };
    let spelled = tokens.iter().map(|token| match token.to_lowercase().replace(APOSTROPHES, "'") {
        token if tokens.len() > 1 && is_and(&token) => "and".into(),
        token => spelling(&token),
    });
    let spelled: Vec<String> = spelled.collect();
    Folded::new(&spelled.join(" ")).map(|name| name.map(one_spelling))
}

/// `Beatles, The` → `Beatles`.
fn without_last_article(name: &str) -> &str {
    match name.rsplit_once(',') {
        Some((rest, last)) if is_article(last) => rest,
        _ => name,
    }
}

/// `r&b` → `r and b`, `fallin'` → `falling`, `ke$ha` → `kesha`. Expects lower case.
fn spelling(token: &str) -> String {
    let token = token.replace('&', " and ");
    let has_letter = token.contains(char::is_alphabetic);
    let token = if has_letter { token.replace('$', "s") } else { token };
    let end = token.trim_end_matches(|char: char| char != '\'' && !char.is_alphanumeric());
    match end.strip_suffix("in'") {
        Some(stem) if !stem.is_empty() => format!("{stem}ing"),
        _ => token,
    }
}

/// Spells numbered parts in one way, and drops a leading article. Expects folded words.
fn one_spelling(words: &str) -> String {
    let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    for index in 0..words.len() {
        if words[index] == "st" {
            words[index] = "street".into();
        }
        let Some(number) = words.get(index + 1).and_then(|next| number(next)) else { continue };
        let is_digit = words[index + 1] == number;
        if let Some(group) = NUMBERED.iter().find(|group| group.contains(&words[index].as_str())) {
            words[index] = group[0].into();
            words[index + 1] = number;
        } else if is_digit && words[index] == "no" {
            words[index] = "number".into();
        }
    }
    // The name of `The The` is not `The`.
    let are_articles = |words: &[String]| words.iter().all(|word| is_article(word));
    if words.len() > 1 && is_article(&words[0]) && !are_articles(&words[1..]) {
        words.remove(0);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_equal(left: &str, right: &str) -> bool {
        let words = |name| wording(name, NameKind::Artist).unwrap();
        words(left).equals(&words(right))
    }

    #[test]
    fn equal_wording() {
        for (left, right) in [
            ("The Beatles", "Beatles"),
            ("Beatles, The", "The Beatles"),
            ("A Hard Day's Night", "Hard Days Night"),
            ("Simon and Garfunkel", "Simon & Garfunkel"),
            ("Florence + the Machine", "Florence and the Machine"),
            ("Guns and Roses", "Guns N’ Roses"),
            ("Rock 'n' Roll", "Rock & Roll"),
            ("R&B", "R and B"),
            ("Fallin'", "Falling"),
            ("Ke$ha", "Kesha"),
            ("Another Brick in the Wall, Pt. 2", "Another Brick in the Wall (Part Two)"),
            ("Chapter Vol. IV", "Chapter, Volume 4"),
            ("Mambo Number 5", "Mambo No. 5"),
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
            ("Part of Me", "Pt. of Me"),
            ("The Sports Team", "Sports"),
        ] {
            assert!(!is_equal(left, right), "{left} and {right}");
        }
    }
}
