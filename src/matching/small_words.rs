//! Articles, numbers and lists of words.

/// Numbers as words and as Roman numerals, from 1 on.
const NUMBERS: [&str; 2] =
    ["one two three four five six seven eight nine ten", "i ii iii iv v vi vii viii ix x"];

const ARTICLES: [&str; 3] = ["the", "a", "an"];

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
    ARTICLES.iter().any(|article| article.eq_ignore_ascii_case(word.trim()))
}

/// Returns true if the word is in a list with `|` between words.
pub fn is_listed(word: &str, list: &str) -> bool {
    list.split('|').any(|listed| listed == word)
}
