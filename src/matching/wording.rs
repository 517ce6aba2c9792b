//! The level `wording`: spellings of the same words.

use super::fold::Folded;

/// Words that number a part of a work. Only the first of each group is compared.
const NUMBERED: [&[&str]; 3] =
    [&["part", "parts", "pt", "pts"], &["volume", "volumes", "vol"], &["number", "no", "nr"]];

/// Numbers as words and as Roman numerals, from 1 on.
const NUMBERS: [[&str; 2]; 12] = [
    ["one", "i"],
    ["two", "ii"],
    ["three", "iii"],
    ["four", "iv"],
    ["five", "v"],
    ["six", "vi"],
    ["seven", "vii"],
    ["eight", "viii"],
    ["nine", "ix"],
    ["ten", "x"],
    ["eleven", "xi"],
    ["twelve", "xii"],
];

/// Words and signs for `and`, also in the names of Dutch, German, French and Spanish artists.
const AND: [&str; 9] = ["&", "+", "n'", "'n'", "'n", "en", "und", "et", "y"];

const ARTICLES: [&str; 3] = ["the", "a", "an"];

/// Returns the words of a name in one spelling. Returns `None` if nothing of it can be compared.
pub fn wording(name: &str) -> Option<Folded> {
    let name = without_last_article(name.trim());
    let tokens: Vec<&str> = name.split_whitespace().collect();
    let spelled: Vec<String> = tokens.iter().map(|token| spelling(token, tokens.len())).collect();
    Folded::new(&spelled.join(" ")).map(|name| name.map(one_spelling))
}

/// `Beatles, The` → `Beatles`.
fn without_last_article(name: &str) -> &str {
    match name.rsplit_once(',') {
        Some((rest, last)) if ARTICLES.contains(&last.trim().to_lowercase().as_str()) => rest,
        _ => name,
    }
}

/// `&`, `+`, `n'` and `'n'` → `and`; `fallin'` → `falling`; `Ke$ha` → `Kesha`.
fn spelling(token: &str, tokens: usize) -> String {
    let token = token.replace(['’', '´', '`', '‘'], "'");
    let is_and = |word: &str| AND.contains(&word);
    if tokens > 1 && is_and(&token.to_lowercase()) {
        return "and".into();
    }
    let token = token.replace('&', " and ");
    let has_letter = token.contains(|char: char| char.is_alphabetic());
    let token = if has_letter { token.replace('$', "s") } else { token };
    match token.strip_suffix("in'") {
        Some(stem) if !stem.is_empty() => format!("{stem}ing"),
        _ => token,
    }
}

/// Spells numbered parts in one way, and drops a leading article. Expects folded words.
fn one_spelling(words: &str) -> String {
    let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    for index in 1..words.len() {
        let group = NUMBERED.iter().find(|group| group.contains(&words[index - 1].as_str()));
        let number = number(&words[index]);
        if let (Some(group), Some(number)) = (group, number) {
            words[index - 1] = group[0].into();
            words[index] = number;
        }
        if words[index] == "st" {
            words[index] = "street".into();
        }
    }
    // The name of `The The` is not `The`.
    let is_article = |word: &String| ARTICLES.contains(&word.as_str());
    if words.len() > 1 && is_article(&words[0]) && !words[1..].iter().all(is_article) {
        words.remove(0);
    }
    words.join(" ")
}

fn number(word: &str) -> Option<String> {
    if word.starts_with(|char: char| char.is_ascii_digit()) {
        return Some(word.to_owned());
    }
    let index = NUMBERS.iter().position(|names| names.contains(&word))?;
    Some((index + 1).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_equal(left: &str, right: &str) -> bool {
        wording(left).unwrap().equals(&wording(right).unwrap())
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
            ("Mambo Number Five", "Mambo No. 5"),
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
            ("Part of Me", "Pt. of Me"),
            ("The Sports Team", "Sports"),
        ] {
            assert!(!is_equal(left, right), "{left} and {right}");
        }
    }
}
