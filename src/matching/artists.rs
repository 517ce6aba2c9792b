//! The artists of an item, and whether words consist of them.

use std::cmp::Reverse;
use std::ops::Range;

use super::credit::CREDITS;
use super::fold::{Folded, fold};
use super::part::is_listed;
use super::wording::spell_words;

/// The largest number of artists of an item.
const MAX_ARTISTS: usize = 16;

/// Words between several artists.
const SEPARATORS: [&str; 8] = ["and", "x", "with", "vs", "feat", "ft", "featuring", "en"];

/// Words that are no part of a name: `The Beatles` and `Beatles`, `Eagles (band)` and `Eagles`.
const IGNORED: &str = "the|a|an|band";

/// Words that names share without being similar.
const SMALL_WORDS: &str = "and|of|his|her";

/// Words in the names of those who play the songs of others.
const COVER_WORDS: &str = "tribute|karaoke|covered|covers|cover|revival|players|allstars|style|performed|\
    orchestra|ensemble|workout|beats|kids|lullaby|quartet|versions|hits";

const TITLES: &str = "ms|mc|dj|young|lil|dr|mr|mrs|big|king|sir";

/// The words of a text that may name several artists, in letters and digits only. A sign between two artists
/// is an empty word.
#[derive(Clone, Debug)]
pub struct ArtistWords(Vec<String>);

/// The artists whom an item credits.
#[derive(Clone, Debug, Default)]
pub struct ItemArtists {
    artists: Vec<ArtistWords>,
    /// The letters of each name that is credited, the longest first.
    letters: Vec<(String, Credited)>,
}

/// How an item credits an artist, ordered from most to least certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Credited {
    First,
    Further,
    /// As a part of a name, or as one of several artists: `Cat Stevens` of `Yusuf / Cat Stevens`.
    Joined,
    /// With a longer or shorter name: `Hall & Oates`.
    Similar,
}

/// Which of the artists in a text must be credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    All,
    First,
    Last,
    /// One of them, or an artist with a similar name.
    Any,
}

impl ItemArtists {
    pub fn new(artists: &[String]) -> Self {
        let mut item = Self::default();
        for (index, artist) in artists.iter().take(MAX_ARTISTS).enumerate() {
            item.push(artist, if index == 0 { Credited::First } else { Credited::Further });
        }
        // A name may begin with another: `Tyler, The Creator` and `Tyler`.
        item.letters.sort_by_key(|(letters, place)| (Reverse(letters.len()), *place));
        item
    }

    /// Adds an artist, and those whom the name joins.
    fn push(&mut self, artist: &str, credited: Credited) {
        let words = ArtistWords::new(artist);
        let exact = Folded::new(artist).into_iter().flat_map(|name| name.letters());
        let whole = exact.chain([words.0.concat()]);
        self.letters.extend(whole.map(|letters| (letters, credited)));
        let pieces = words.0.split(|word| is_separator(word)).map(<[String]>::concat);
        self.letters.extend(pieces.map(|letters| (letters, credited.max(Credited::Joined))));
        self.letters.retain(|(letters, _)| !letters.is_empty());
        self.artists.push(words);
    }

    /// Returns the longest name at the start of the words: the number of its words, and where it is credited.
    fn at_start(&self, words: &[String]) -> Option<(usize, Credited)> {
        self.letters.iter().find_map(|(letters, place)| {
            let mut rest = letters.as_str();
            for (index, word) in words.iter().enumerate() {
                rest = rest.strip_prefix(word)?;
                if rest.is_empty() {
                    return Some((index + 1, *place));
                }
            }
            None
        })
    }
}

impl ArtistWords {
    pub fn new(text: &str) -> Self {
        let mut words = Vec::new();
        for (index, piece) in spell_words(text, true).split(is_sign).enumerate() {
            if index > 0 {
                words.push(String::new());
            }
            let piece = fold(piece);
            let kept = piece.split_whitespace().filter(|word| !is_listed(word, IGNORED));
            words.extend(kept.map(str::to_owned));
        }
        if words.concat().is_empty() {
            // `!!!`, and `band` of `The Band`
            let name = Folded::new(text);
            let last_word = name.iter().filter_map(|name| name.spaced().rsplit(' ').next());
            words.extend(last_word.map(str::to_owned));
        }
        Self(words)
    }

    /// Returns how an item credits these artists, or `None` if it does not.
    pub fn credited(&self, needed: Needed, item: &ItemArtists) -> Option<Credited> {
        let (found, are_all) = self.find(item);
        let ends = |at: usize| self.0.get(at).is_none_or(|word| is_separator(word));
        let is_needed = |(place, _): &&(Range<usize>, Credited)| match needed {
            _ if are_all => true,
            Needed::All => false,
            Needed::First => place.start == 0 && ends(place.end),
            Needed::Last => place.end == self.0.len(),
            Needed::Any => ends(place.end),
        };
        let best = found.iter().filter(is_needed).map(|(_, credited)| *credited).min();
        let is_similar = || item.artists.iter().any(|artist| self.is_similar(artist));
        match best {
            Some(best) if are_all && found.len() == 1 => Some(best),
            Some(_) => Some(Credited::Joined),
            None if needed == Needed::Any => self
                .in_order()
                .and_then(|words| words.credited(Needed::All, item))
                .or_else(|| is_similar().then_some(Credited::Similar)),
            None => None,
        }
    }

    /// Returns `Frank Sinatra` of `Sinatra, Frank`.
    fn in_order(&self) -> Option<Self> {
        let mut parts = self.0.split(String::is_empty);
        let (last, first) = (parts.next()?, parts.next()?);
        parts.next().is_none().then(|| Self([first, last].concat()))
    }

    /// Finds artists of an item: at the start, after a separator, and after others as long as the words are
    /// nothing but artists and separators. Also returns true if all of them are.
    fn find(&self, item: &ItemArtists) -> (Vec<(Range<usize>, Credited)>, bool) {
        let words = &self.0;
        let (mut found, mut are_all, mut may_start, mut start) = (Vec::new(), true, true, 0);
        while let Some(word) = words.get(start) {
            let artist = if may_start { item.at_start(&words[start..]) } else { None };
            if let Some((length, credited)) = artist {
                found.push((start..start + length, credited));
                start += length;
                may_start = are_all;
                continue;
            }
            let is_credit = CREDITS.contains(&word.as_str());
            if are_all && is_credit && !found.is_empty() {
                // `Nelly featuring St. Lunatics` is Nelly.
                break;
            }
            let is_last = start + 1 == words.len();
            are_all &= !is_last && (is_credit || !found.is_empty() && is_separator(word));
            may_start = are_all || is_separator(word);
            start += 1;
        }
        (found, are_all)
    }

    /// `Hall & Oates` and `Daryl Hall & John Oates`, `Lauryn` and `Ms. Lauryn`
    fn is_similar(&self, other: &Self) -> bool {
        let [mut fewer, mut more] = [self, other].map(Self::distinct_words);
        if fewer.len() > more.len() {
            (fewer, more) = (more, fewer);
        }
        let mut rest = more.iter().filter(|word| !fewer.contains(word));
        match fewer.as_slice() {
            _ if !fewer.iter().all(|word| more.contains(word)) => false,
            [] => false,
            [_] => more.len() == 2 && rest.all(|word| is_listed(word, TITLES)),
            _ => !rest.any(|word| is_listed(word, COVER_WORDS)),
        }
    }

    fn distinct_words(&self) -> Vec<&str> {
        let words = self.0.iter().map(String::as_str);
        words.filter(|word| !word.is_empty() && !is_listed(word, SMALL_WORDS)).collect()
    }
}

fn is_separator(word: &str) -> bool {
    word.is_empty() || SEPARATORS.contains(&word)
}

fn is_sign(char: char) -> bool {
    matches!(char, ',' | ';' | '/' | '|' | '·' | '•' | '、' | '×')
}
