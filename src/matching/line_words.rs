//! The words of a line, in which the artists of an item are looked for.

use std::ops::Range;

use super::artists::{ItemArtists, MAX_ARTISTS, Place};
use super::fold::fold;
use super::small_words::is_article;
use super::wording::{is_and, push_spelling};

/// Words between several artists.
const SEPARATORS: [&str; 8] = ["and", "x", "with", "vs", "feat", "ft", "featuring", "en"];

const CREDITS: [&str; 3] = ["feat", "ft", "featuring"];

/// The words of a line, or of a part of it.
#[derive(Clone, Debug)]
pub struct LineWords(Vec<Word>);

/// A word in letters and digits only.
#[derive(Clone, Debug)]
struct Word {
    letters: String,
    /// The number of the token that contains it. White space separates tokens.
    token: usize,
    /// True if a sign such as a comma stands before it.
    follows_sign: bool,
}

impl LineWords {
    pub fn new(text: &str) -> Self {
        let tokens: Vec<&str> = text.split_whitespace().collect();
        let (mut words, mut follows_sign) = (Vec::new(), false);
        for (index, token) in tokens.iter().enumerate() {
            let mut spelled = String::new();
            if index > 0 && index + 1 < tokens.len() && is_and(token, true) {
                spelled.push_str("and");
            } else {
                push_spelling(token, &mut spelled);
            }
            for (number, piece) in spelled.split(is_sign).enumerate() {
                follows_sign |= number > 0;
                for letters in fold(piece).split(' ').filter(|letters| !letters.is_empty()) {
                    let letters = letters.to_owned();
                    words.push(Word { letters, token: index, follows_sign });
                    follows_sign = false;
                }
            }
        }
        Self(words)
    }

    /// Returns the range of the words in these tokens.
    pub fn of_tokens(&self, tokens: &Range<usize>) -> Range<usize> {
        let start = self.0.partition_point(|word| word.token < tokens.start);
        start..self.0.partition_point(|word| word.token < tokens.end)
    }

    pub fn all(&self) -> Range<usize> {
        0..self.0.len()
    }

    /// Returns `None` unless the words are nothing but artists of the item, otherwise the best place of
    /// one of them.
    pub fn are_artists(&self, range: Range<usize>, artists: &ItemArtists) -> Option<Place> {
        let (mut start, mut count, mut best) = (range.start, 0, Place::InName);
        while start < range.end && count <= MAX_ARTISTS {
            let words = &self.0[start..range.end];
            if let Some((length, place)) = artist_at(words, artists) {
                best = best.min(place);
                start += length;
                count += 1;
            } else if count > 0 && words.len() > 1 && CREDITS.contains(&words[0].letters.as_str()) {
                // `Nelly featuring St. Lunatics` is Nelly.
                return Some(best);
            } else if words.len() > 1
                && (is_article(&words[0].letters) || count > 0 && words[0].is_separator())
            {
                start += 1;
            } else {
                return None;
            }
        }
        (count > 0 && start == range.end).then_some(best)
    }

    /// Returns `None` unless the words begin with an artist of the item and a separator, otherwise his place.
    pub fn begin_with_artist(&self, range: Range<usize>, artists: &ItemArtists) -> Option<Place> {
        let words = &self.0[range];
        let (length, place) = artist_at(words, artists)?;
        words.get(length).filter(|next| next.follows_sign || next.is_separator()).map(|_| place)
    }

    /// Returns `None` unless the words end with a separator and an artist of the item, otherwise his place.
    pub fn end_with_artist(&self, range: Range<usize>, artists: &ItemArtists) -> Option<Place> {
        let words = &self.0[range];
        (1..words.len()).find_map(|start| {
            let is_separated = words[start].follows_sign || words[start - 1].is_separator();
            let rest = &words[start..];
            let (length, place) = is_separated.then(|| artist_at(rest, artists))??;
            (length == rest.len()).then_some(place)
        })
    }
}

impl Word {
    fn is_separator(&self) -> bool {
        SEPARATORS.contains(&self.letters.as_str())
    }
}

/// Returns the number of words that are the longest name at the start, and how it is credited.
fn artist_at(words: &[Word], artists: &ItemArtists) -> Option<(usize, Place)> {
    artists.letters.iter().find_map(|(name, place)| {
        let mut rest = name.as_str();
        for (index, word) in words.iter().enumerate() {
            rest = rest.strip_prefix(&word.letters)?;
            if rest.is_empty() {
                return Some((index + 1, *place));
            }
        }
        None
    })
}

fn is_sign(char: char) -> bool {
    matches!(char, ',' | ';' | '/' | '|' | '·' | '•' | '、' | '×')
}
