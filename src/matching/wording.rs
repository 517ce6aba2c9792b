//! The level `wording`: spellings of the same words.

use super::fold::Folded;

/// Words that number a part of a work. Only the first of each group is compared.
const NUMBERED: [&[&str]; 2] = [&["part", "parts", "pt", "pts"], &["volume", "volumes", "vol"]];

/// Numbers as words and as Roman numerals, from 1 on.
const NUMBERS: [&str; 2] =
    ["one two three four five six seven eight nine ten", "i ii iii iv v vi vii viii ix x"];

const ARTICLES: [&str; 3] = ["the", "a", "an"];

/// Spellings of `and`.
const AND: [&str; 5] = ["&", "+", "n'", "'n'", "'n"];

/// `and` in the names of Dutch, German, French and Spanish artists.
const AND_OF_ARTISTS: [&str; 4] = ["en", "und", "et", "y"];

/// The apostrophes that people type.
const APOSTROPHES: [char; 4] = ['’', '´', '`', '‘'];

/// Returns the words of a name in one spelling. Returns `None` if nothing of it can be compared.
pub fn wording(name: &str, is_artist: bool) -> Option<Folded> {
    Folded::new(&spell_words(name, is_artist)).map(|name| name.map(spell_numbers))
}

/// Spells each word in one way: `&` between two words as `and`, `fallin'` as `falling`.
pub fn spell_words(name: &str, is_artist: bool) -> String {
    let name = name.to_lowercase().replace(APOSTROPHES, "'");
    let is_and = |word: &str| AND.contains(&word) || is_artist && AND_OF_ARTISTS.contains(&word);
    let mut spelled = String::with_capacity(name.len() + 8);
    let mut words = name.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let is_between = !spelled.is_empty() && words.peek().is_some();
        if !spelled.is_empty() {
            spelled.push(' ');
        }
        if is_between && is_and(word) {
            spelled.push_str("and");
        } else {
            push_spelling(word, &mut spelled);
        }
    }
    spelled
}

/// `r&b` → `r and b`, `fallin'` → `falling`, `ke$ha` → `kesha`, `p!nk` → `pink`.
fn push_spelling(word: &str, text: &mut String) {
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return text.push_str(word);
    }
    let has_letter = word.contains(char::is_alphabetic);
    let end = word.trim_end_matches(|char: char| char != '\'' && !char.is_alphanumeric());
    let stem = end.strip_suffix("in'").filter(|stem| !stem.is_empty());
    let mut last = ' ';
    let mut chars = stem.unwrap_or(word).chars().peekable();
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
    text.push_str(stem.map_or("", |_| "ing"));
}

/// Spells numbered parts in one way, and drops a leading article. Expects folded words.
fn spell_numbers(words: &str) -> String {
    // The name of `The The` is not `The`.
    let words = match words.split_once(' ') {
        Some((first, rest)) if is_article(first) && !rest.split(' ').all(is_article) => rest,
        _ => words,
    };
    let mut spelled = String::with_capacity(words.len() + 4);
    let mut words = words.split(' ').peekable();
    while let Some(word) = words.next() {
        let group = NUMBERED.iter().find(|group| group.contains(&word));
        let number = group.and_then(|_| number(words.peek()?));
        spelled.push_str(group.filter(|_| number.is_some()).map_or(word, |group| group[0]));
        spelled.push(' ');
        if let Some(number) = number {
            spelled.push_str(&number);
            spelled.push(' ');
            words.next();
        }
    }
    spelled.truncate(spelled.trim_end().len());
    spelled
}

/// Returns a number in digits.
pub fn number(word: &str) -> Option<String> {
    if is_number(word) {
        return Some(word.to_owned());
    }
    let index = NUMBERS.iter().find_map(|names| names.split(' ').position(|name| name == word))?;
    Some((index + 1).to_string())
}

/// Returns true for digits, also with letters after them: `25th`.
pub fn is_number(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_digit())
}

/// Returns true for an article alone, which is no name without another word.
pub fn is_article(word: &str) -> bool {
    ARTICLES.contains(&word)
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
