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
    let spelled = spellings(name, is_artist).join(" ");
    Folded::new(&spelled).map(|name| name.map(one_spelling))
}

/// Returns the words between white space, each in one spelling.
pub fn spellings(name: &str, is_artist: bool) -> Vec<String> {
    let name = name.to_lowercase().replace(APOSTROPHES, "'");
    let mut words: Vec<String> = name.split_whitespace().map(spelling).collect();
    let is_and = |word: &str| AND.contains(&word) || is_artist && AND_OF_ARTISTS.contains(&word);
    let last = words.len().saturating_sub(1);
    for (index, word) in name.split_whitespace().enumerate() {
        if index > 0 && index < last && is_and(word) {
            words[index] = "and".to_owned();
        }
    }
    words
}

/// `r&b` → `r and b`, `fallin'` → `falling`, `ke$ha` → `kesha`, `p!nk` → `pink`.
fn spelling(word: &str) -> String {
    let has_letter = word.contains(char::is_alphabetic);
    let end = word.trim_end_matches(|char: char| char != '\'' && !char.is_alphanumeric());
    let stem = end.strip_suffix("in'").filter(|stem| !stem.is_empty());
    let mut spelled = String::with_capacity(word.len() + 4);
    let mut last = ' ';
    let mut chars = stem.unwrap_or(word).chars().peekable();
    while let Some(char) = chars.next() {
        let is_before_letter = chars.peek().is_some_and(|next| next.is_alphabetic());
        match char {
            '&' => spelled.push_str(" and "),
            '$' if has_letter => spelled.push('s'),
            '!' if last.is_alphabetic() && is_before_letter => spelled.push('i'),
            'º' | '°' if last.is_numeric() => spelled.push_str(" degrees"),
            _ => spelled.push(char),
        }
        last = char;
    }
    spelled + stem.map_or("", |_| "ing")
}

/// Spells numbered parts in one way, and drops a leading article. Expects folded words.
fn one_spelling(words: &str) -> String {
    // The name of `The The` is not `The`.
    let words = match words.split_once(' ') {
        Some((first, rest)) if is_article(first) && !rest.split(' ').all(is_article) => rest,
        _ => words,
    };
    let mut spelled: Vec<String> = Vec::new();
    for word in words.split(' ') {
        let last = spelled.last().map_or("", String::as_str);
        let group = NUMBERED.iter().find(|group| group.contains(&last));
        if let Some((group, number)) = group.zip(number(word)) {
            spelled.pop();
            spelled.extend([group[0].to_owned(), number]);
        } else {
            spelled.push(word.to_owned());
        }
    }
    spelled.join(" ")
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
