//! The artists of an item, and whether words consist of them.

use std::cmp::Reverse;
use std::ops::Range;

use super::credit::{CREDITS, find_credit};
use super::fold::{Folded, fold};
use super::name::Name;
use super::part::{ARTIST_EDITION, is_listed};
use super::shortened::Drops;
use super::wording::{is_article, spellings};
use crate::query::ItemType;

/// The largest number of artists of an item.
const MAX_ARTISTS: usize = 16;

/// Words between several artists.
const SEPARATORS: [&str; 8] = ["and", "x", "with", "vs", "feat", "ft", "featuring", "en"];

/// Words that tell nothing about an artist.
const SMALL_WORDS: &str = "and|the|of|his|her";

/// Words in the names of those who play the songs of others.
const COVER_WORDS: &str = "tribute|karaoke|covered|covers|cover|revival|players|allstars|style|performed|\
    orchestra|ensemble|workout|beats|kids|lullaby|quartet|versions|hits";

const TITLES: &str = "ms|mc|dj|young|lil|dr|mr|mrs|big|king|sir";

/// The shortest name that may stand without a title, in letters: `Ms. Lauryn` and `Lauryn`.
const MIN_UNTITLED: usize = 5;

/// The artists whom an item credits.
#[derive(Clone, Debug)]
pub struct ItemArtists {
    /// The name of each artist.
    names: Vec<Name>,
    /// The letters of each name that is credited, the longest first, and where.
    letters: Vec<(String, Place)>,
}

/// Where an item credits an artist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    First,
    Further,
    /// As a part of a name: `Yusuf / Cat Stevens`.
    Joined,
    /// Only in its name: `(feat. Jay-Z)`.
    InName,
}

/// How an item credits the artists that were asked for. The smaller, the surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Credited {
    pub who: Who,
    /// True if the first artist of the item is none of them.
    is_further: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// The artist of the item.
    Whole,
    /// One or all of several artists: `Tyler` of `Tyler, The Creator`.
    OneOf,
    /// An artist with a longer or shorter name: `Hall & Oates`.
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

impl Credited {
    pub const NOBODY_ASKED: Self = Self { who: Who::Whole, is_further: false };
}

impl ItemArtists {
    /// Returns the artists of an item, and those whom its name credits.
    pub fn new(artists: &[String], name: &str) -> Self {
        let mut new = Self { names: Vec::new(), letters: Vec::new() };
        for (index, artist) in artists.iter().take(MAX_ARTISTS).enumerate() {
            new.names.extend(Name::new(artist, ItemType::Artist, Drops::Any));
            new.push(artist, if index == 0 { Place::First } else { Place::Further });
        }
        if let Some(credit) = find_credit(name) {
            new.push(credit.artists, Place::InName);
        }
        // A name may begin with another: `Tyler, The Creator` and `Tyler`.
        new.letters.sort_by_key(|(letters, place)| (Reverse(letters.len()), *place));
        new
    }

    /// Adds an artist, and those whom the name joins: `Yusuf / Cat Stevens`.
    fn push(&mut self, artist: &str, place: Place) {
        let whole = Name::new(artist, ItemType::Artist, Drops::Any);
        let whole = whole.iter().flat_map(Name::letters);
        let words = ArtistWords::new(artist);
        let pieces = words.pieces();
        self.letters.extend(whole.map(|letters| (letters, place)));
        self.letters.extend(pieces.map(|letters| (letters, place.max(Place::Joined))));
    }

    /// Returns the number of words that are the longest name at the start, and where it is credited.
    fn at_start(&self, words: &[Word]) -> Option<(usize, Place)> {
        self.letters.iter().find_map(|(letters, place)| {
            let mut rest = letters.as_str();
            for (index, word) in words.iter().enumerate() {
                rest = rest.strip_prefix(&word.letters)?;
                if rest.is_empty() {
                    return Some((index + 1, *place));
                }
            }
            None
        })
    }

    /// Returns where an artist with a longer or shorter name is credited.
    fn similar(&self, words: &[Word]) -> Option<Place> {
        let words: Vec<&str> = words.iter().map(|word| word.letters.as_str()).collect();
        let place = self.names.iter().position(|name| is_similar(&words, name))?;
        Some(if place == 0 { Place::First } else { Place::Further })
    }
}

/// `Hall & Oates` and `Daryl Hall & John Oates`, `Lauryn Hill` and `Ms. Lauryn Hill`
fn is_similar(words: &[&str], name: &Name) -> bool {
    let is_telling = |word: &&str| !is_listed(word, SMALL_WORDS);
    let one: Vec<&str> = words.iter().copied().filter(is_telling).collect();
    let other: Vec<&str> = name.words().filter(is_telling).collect();
    let (fewer, more) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let rest: Vec<&&str> = more.iter().filter(|word| !fewer.contains(word)).collect();
    if !fewer.iter().all(|word| more.contains(word)) {
        return false;
    }
    match (fewer.as_slice(), rest.as_slice()) {
        ([], _) => false,
        ([name], [title]) => name.len() >= MIN_UNTITLED && is_listed(title, TITLES),
        ([_], _) => false,
        (_, rest) => !rest.iter().any(|word| is_listed(word, COVER_WORDS)),
    }
}

/// The words of a text that may name artists.
#[derive(Clone, Debug)]
pub struct ArtistWords(Vec<Word>);

/// A word in letters and digits only.
#[derive(Clone, Debug)]
struct Word {
    letters: String,
    /// The number of the token that contains it. White space separates tokens.
    token: usize,
    /// True if a sign such as a comma stands before it.
    follows_sign: bool,
}

impl ArtistWords {
    pub fn new(text: &str) -> Self {
        let (mut words, mut follows_sign) = (Vec::new(), false);
        for (token, spelled) in spellings(text, true).iter().enumerate() {
            for (number, piece) in spelled.split(is_sign).enumerate() {
                follows_sign |= number > 0;
                for letters in fold(piece).split_whitespace() {
                    words.push(Word { letters: letters.to_owned(), token, follows_sign });
                    follows_sign = false;
                }
            }
        }
        if words.is_empty() {
            // `!!!`
            let letters = Folded::new(text).into_iter().flat_map(|name| name.letters()).next();
            words.extend(letters.map(|letters| Word { letters, token: 0, follows_sign }));
        }
        Self(words)
    }

    /// Returns the letters of each artist whom the words join.
    fn pieces(&self) -> impl Iterator<Item = String> {
        let pieces = self.0.split(Word::is_separator);
        let pieces = pieces.flat_map(|words| words.chunk_by(|_, next| !next.follows_sign));
        pieces.map(|words| words.iter().map(|word| word.letters.as_str()).collect())
    }

    /// Returns how an item credits the artists in these tokens, or `None` if it does not.
    pub fn credited(
        &self,
        tokens: &Range<usize>,
        needed: Needed,
        item: &ItemArtists,
    ) -> Option<Credited> {
        let start = self.0.partition_point(|word| word.token < tokens.start);
        let end = self.0.partition_point(|word| word.token < tokens.end);
        let words = &self.0[start..end];
        let (found, are_all) = artists_in(words, item);
        let is_needed = |(range, _): &&(Range<usize>, Place)| match needed {
            Needed::All => false,
            Needed::First => range.start == 0 && ends_piece(words, range.end),
            Needed::Last => range.end == words.len() && starts_piece(words, range.start),
            Needed::Any => starts_piece(words, range.start) && ends_piece(words, range.end),
        };
        let one_of = || found.iter().filter(is_needed).map(|(_, place)| *place).min();
        let similar = || item.similar(words).filter(|_| needed == Needed::Any);
        let (who, place) = if are_all {
            let place = found.iter().map(|(_, place)| *place).min()?;
            let is_whole = found.len() == 1 && place < Place::Joined;
            (if is_whole { Who::Whole } else { Who::OneOf }, place)
        } else if let Some(place) = one_of() {
            (Who::OneOf, place)
        } else {
            (Who::Similar, similar()?)
        };
        (place != Place::InName).then_some(Credited { who, is_further: place != Place::First })
    }
}

/// Finds the artists of an item among words. Also returns true if the words are nothing but these artists.
fn artists_in(words: &[Word], item: &ItemArtists) -> (Vec<(Range<usize>, Place)>, bool) {
    let (mut found, mut are_all, mut index) = (Vec::new(), true, 0);
    while let Some(word) = words.get(index) {
        let may_start = are_all || starts_piece(words, index);
        let artist = if may_start { item.at_start(&words[index..]) } else { None };
        if let Some((length, place)) = artist {
            found.push((index..index + length, place));
            index += length;
            continue;
        }
        // `Nelly featuring St. Lunatics` is Nelly.
        if are_all && !found.is_empty() && word.is_credit() {
            break;
        }
        let is_last = index + 1 == words.len();
        are_all &= if found.is_empty() {
            !is_last && (is_article(&word.letters) || word.is_credit())
        } else {
            is_listed(&word.letters, ARTIST_EDITION)
                || !is_last && (is_article(&word.letters) || word.is_separator())
        };
        index += 1;
    }
    are_all &= !found.is_empty();
    (found, are_all)
}

/// Returns true if an artist may begin with the word at the index: it is the first, or follows a separator.
fn starts_piece(words: &[Word], index: usize) -> bool {
    index == 0 || words[index].follows_sign || words[index - 1].is_separator()
}

/// Returns true if an artist may end before the index.
fn ends_piece(words: &[Word], index: usize) -> bool {
    words.get(index).is_none_or(|word| word.follows_sign || word.is_separator())
}

impl Word {
    fn is_separator(&self) -> bool {
        SEPARATORS.contains(&self.letters.as_str())
    }

    fn is_credit(&self) -> bool {
        CREDITS.contains(&self.letters.as_str())
    }
}

fn is_sign(char: char) -> bool {
    matches!(char, ',' | ';' | '/' | '|' | '·' | '•' | '、' | '×')
}
