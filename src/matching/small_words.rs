//! Articles and numbers.

/// Numbers as words and as Roman numerals, from 1 on.
const NUMBERS: [&str; 2] =
    ["one two three four five six seven eight nine ten", "i ii iii iv v vi vii viii ix x"];

const ARTICLES: [&str; 3] = ["the", "a", "an"];

/// Returns a number in digits.
pub fn number(word: &str) -> Option<String> {
    if word.starts_with(|char: char| char.is_ascii_digit()) {
        return Some(word.to_owned());
    }
    let index = NUMBERS.iter().find_map(|names| names.split(' ').position(|name| name == word))?;
    Some((index + 1).to_string())
}

/// Returns true for an article alone, which is no name without another word.
pub fn is_article(word: &str) -> bool {
    ARTICLES.contains(&word.trim().to_lowercase().as_str())
}
