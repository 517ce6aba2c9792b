//! The artists of a song: those that a text names, those that an item credits, and whether they are the same.

use std::iter;

use super::brackets::{is_closing, is_opening};
use super::credit::find_credit;
use super::fold::is_too_long;
use super::name::Name;
use super::name_kind::NameKind;
use super::shortened::Drops;
use super::small_words::is_listed;
use crate::query::Level;

/// The largest number of artists in one text, and of an item.
pub const MAX_ARTISTS: usize = 16;

/// Words and signs between several artists, in lower case.
const BETWEEN_ARTISTS: [&[&str]; 4] = [
    &[";"],
    &[" feat. ", " feat ", " ft. ", " ft ", " featuring "],
    &[", ", " & ", " and ", " x ", " / ", " + ", " with ", " vs. ", " vs "],
    &[",", "/", "|", "·", "•", "、", "×"],
];

/// Words that tell nothing about an artist.
const SMALL_WORDS: &str = "and|the|of|his|her";

/// Words in the names of those who play the songs of others.
const COVER_WORDS: &str = "tribute|karaoke|covered|covers|cover|revival|players|allstars|style|performed|\
    orchestra|ensemble|workout|beats|kids|lullaby|quartet|versions|hits";

const TITLES: &str = "ms|mc|dj|young|lil|dr|mr|mrs|big|king|sir";

/// The shortest name that may stand without a title, in letters: `Ms. Lauryn` and `Lauryn`.
const MIN_UNTITLED: usize = 5;

/// The artists that a text names: the whole text first, then those that it joins. `Earth, Wind & Fire` is one.
#[derive(Clone, Debug)]
pub struct Artists(Vec<Name>);

/// How the artists that were asked for are credited, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Credited {
    Whole,
    /// One of several artists: `Tyler` of `Tyler, The Creator`.
    OneOf,
    /// An artist with a longer or shorter name: `Hall & Oates`.
    Similar,
}

impl Artists {
    pub fn new(text: &str) -> Self {
        if is_too_long(text) {
            return Self(Vec::new());
        }
        let mut artists = vec![text.to_lowercase()];
        for separators in BETWEEN_ARTISTS {
            for index in 0..artists.len() {
                let mut pieces = vec![artists[index].as_str()];
                for separator in separators {
                    pieces = pieces.into_iter().flat_map(|piece| piece.split(separator)).collect();
                }
                if pieces.len() > 1 {
                    let pieces: Vec<String> = pieces.into_iter().map(str::to_owned).collect();
                    artists.extend(pieces);
                }
            }
            artists.truncate(MAX_ARTISTS);
        }
        let name = |text: &String| Name::new(text, NameKind::Artist, Drops::Any);
        Self(artists.iter().filter_map(name).collect())
    }

    /// Returns how one of these artists is credited, and whether as a further artist only.
    pub fn credited(&self, item: &ItemArtists) -> Option<(Credited, bool)> {
        let credited = self.credited_among(&item.artists)?;
        Some((credited, self.credited_among(item.artists.get(..1)?).is_none()))
    }

    fn credited_among(&self, credited: &[Self]) -> Option<Credited> {
        let own = self.0.first()?;
        let wholes = || credited.iter().filter_map(|artists| artists.0.first());
        if wholes().any(|name| is_same(own, name)) {
            return Some(Credited::Whole);
        }
        let is_credited = |own: &Name| {
            let mut names = credited.iter().flat_map(|artists| &artists.0);
            names.any(|name| is_same(own, name))
                || wholes().any(|name| own.equals_without_spaces(name))
        };
        if self.0.iter().any(is_credited) {
            return Some(Credited::OneOf);
        }
        let is_similar = |own: &Name| wholes().any(|name| has_similar_words(own, name));
        let is_titled = || wholes().any(|name| differs_by_title(own, name));
        (self.0.iter().any(is_similar) || is_titled()).then_some(Credited::Similar)
    }
}

fn is_same(own: &Name, other: &Name) -> bool {
    own.level(other).is_some_and(|level| level <= Level::Edition)
}

/// Returns the words of two names without small words, the fewer first.
fn words_of_both<'a>(one: &'a Name, other: &'a Name) -> (Vec<&'a str>, Vec<&'a str>) {
    let is_telling = |word: &&str| !is_listed(word, SMALL_WORDS);
    let words = |name: &'a Name| name.words().split(' ').filter(is_telling).collect::<Vec<_>>();
    let (one, other) = (words(one), words(other));
    if one.len() <= other.len() { (one, other) } else { (other, one) }
}

/// `Hall & Oates` and `Daryl Hall & John Oates`
fn has_similar_words(one: &Name, other: &Name) -> bool {
    let (fewer, more) = words_of_both(one, other);
    let mut rest = more.iter().filter(|word| !fewer.contains(word));
    fewer.len() >= 2
        && fewer.iter().all(|word| more.contains(word))
        && !rest.any(|word| is_listed(word, COVER_WORDS))
}

/// `Ms. Lauryn` and `Lauryn`
fn differs_by_title(one: &Name, other: &Name) -> bool {
    match words_of_both(one, other) {
        (name, titled) if name.len() == 1 && titled.len() == 2 => {
            name[0] == titled[1] && is_listed(titled[0], TITLES) && name[0].len() >= MIN_UNTITLED
        }
        _ => false,
    }
}

/// The artists whom an item credits.
#[derive(Clone, Debug)]
pub struct ItemArtists {
    artists: Vec<Artists>,
    /// The letters of each name that is credited, the longest first, and how.
    pub letters: Vec<(String, Place)>,
}

/// Where an item credits an artist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    First,
    Further,
    /// Only in its name: `(feat. Jay-Z)`.
    InName,
}

impl ItemArtists {
    /// Returns the artists of an item, and those whom its name credits.
    pub fn new(artists: &[String], name: &str) -> Self {
        let artists: Vec<Artists> =
            artists.iter().take(MAX_ARTISTS).map(|artist| Artists::new(artist)).collect();
        let in_name = credit_in_name(name).map(Artists::new);
        let places = [Place::First].into_iter().chain(iter::repeat(Place::Further));
        let places =
            artists.iter().zip(places).chain(in_name.iter().map(|one| (one, Place::InName)));
        let letters = |(artists, place): (&Artists, Place)| {
            let letters: Vec<String> = artists.0.iter().flat_map(Name::letters).collect();
            letters.into_iter().map(move |letters| (letters, place))
        };
        let mut letters: Vec<(String, Place)> = places.flat_map(letters).collect();
        letters.retain(|(letters, _)| !letters.is_empty());
        letters.sort_by(|(one, place), (other, other_place)| {
            (other.len(), one, place).cmp(&(one.len(), other, other_place))
        });
        letters.dedup_by(|one, other| one.0 == other.0);
        Self { artists, letters }
    }
}

/// Returns the artists of `(feat. X)`, `feat. X` and `(with X)`.
fn credit_in_name(name: &str) -> Option<&str> {
    let with = || {
        let (_, part) = name.split_once(is_opening)?;
        let part = &part[..part.find(is_closing)?];
        part.get(..5).filter(|start| start.eq_ignore_ascii_case("with "))?;
        Some(&part[5..])
    };
    find_credit(name).map(|credit| credit.artists).or_else(with)
}
