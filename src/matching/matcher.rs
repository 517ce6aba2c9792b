//! What a search looks for, and how closely an item matches it.

use super::name::Name;
use super::shortened::Kind;
use crate::query::{ItemType, Level};
use crate::results::Item;

/// Longer words contain no artist that is looked for.
const MAX_WORDS: usize = 30;

/// The largest number of artists in one text.
const MAX_ARTISTS: usize = 16;

/// Words and signs between several artists, in lower case.
const BETWEEN_ARTISTS: [&[&str]; 3] = [
    &[";"],
    &[" feat. ", " feat ", " ft. ", " ft ", " featuring "],
    &[", ", " & ", " and ", " x ", " / ", " + ", " with ", " vs. "],
];

/// A name that is looked for, and its artist if one is known.
///
/// ```
/// # #[cfg(feature = "cli")] {
/// # use spotify_search::{ItemType, Level, Matcher, SearchQuery};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), spotify_search::Error> {
/// let query = SearchQuery::new("yesterday").types([ItemType::Track]);
/// let results = spotify_search::demo::client().search(&query).await?;
/// let matcher = Matcher::new(ItemType::Track, "Yesterday").artist("Beatles");
/// let levels: Vec<Level> = results.items().filter_map(|item| matcher.level(item)).collect();
/// assert_eq!(levels, [Level::Edition]);
/// # Ok(())
/// # }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Matcher {
    item_type: ItemType,
    text: String,
    /// The text as a name, if something of it can be compared.
    name: Option<Name>,
    artist: Artist,
    isrc: Option<String>,
}

/// The artist of a track or an album.
#[derive(Clone, Debug)]
enum Artist {
    /// Items of other types have none.
    None,
    /// One of these: the whole text first, then the artists that it joins.
    Named(Vec<Name>),
    /// Perhaps a part of the words.
    InWords(Vec<Split>),
}

/// Words split into an artist and a name.
#[derive(Clone, Debug)]
struct Split {
    artists: Vec<Name>,
    name: Name,
    is_at_dash: bool,
}

/// How an item matches: the surer way first, and of these the closer level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Match {
    way: Way,
    pub level: Level,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// By the name and the whole artist, or `Radiohead - Creep`.
    NameAndArtist,
    /// By the name, and one of several artists that the text names: `Tyler` of `Tyler, The Creator`.
    OneOfArtists,
    /// The words are the name: `stand by me`.
    Words,
    /// The words are the name and the artist: `creep radiohead`, but also `Stand` by `Me`.
    WordsWithArtist,
    /// The words contain what only the item has in parentheses or after a dash: `Creep (Radiohead)`.
    WordsWithPart,
}

impl Matcher {
    /// Looks for an item of this type with this name. The name of a track or an album may contain its
    /// artist: `Radiohead - Karma Police`, `karma police radiohead`.
    pub fn new(item_type: ItemType, name: &str) -> Self {
        let (kind, artist) = match item_type {
            ItemType::Artist => (Kind::Artist, Artist::None),
            ItemType::Track | ItemType::Album => (Kind::Words, Artist::InWords(splits(name))),
            _ => (Kind::Title, Artist::None),
        };
        let (text, name) = (name.to_owned(), Name::new(name, kind));
        Self { item_type, text, name, artist, isrc: None }
    }

    /// Requires that one of the credited artists of a track or an album matches this one, at
    /// [`Level::Edition`] or closer. The text may name several artists, of whom one is enough.
    #[must_use]
    pub fn artist(self, artist: &str) -> Self {
        if matches!(self.artist, Artist::None) || artist.trim().is_empty() {
            return self;
        }
        let name = Name::new(&self.text, Kind::Title);
        Self { name, artist: Artist::Named(artists(artist)), ..self }
    }

    /// Accepts a track with this ISRC, whatever its name.
    #[must_use]
    pub fn isrc(self, isrc: &str) -> Self {
        Self { isrc: Some(letters(isrc)).filter(|isrc| !isrc.is_empty()), ..self }
    }

    /// Returns true if something of the name can be compared.
    pub(crate) fn is_usable(&self) -> bool {
        self.name.is_some() || self.isrc.is_some()
    }

    /// Returns how closely an item matches, or `None` if it does not.
    pub fn level(&self, item: &Item) -> Option<Level> {
        self.compare(item).map(|found| found.level)
    }

    /// Returns how an item matches, or `None` if it does not.
    pub(crate) fn compare(&self, item: &Item) -> Option<Match> {
        let item = item.view();
        if self.isrc.is_some() && item.isrc.as_deref().map(letters) == self.isrc {
            return Some(Match { way: Way::NameAndArtist, level: Level::Isrc });
        }
        let kind = if self.item_type == ItemType::Artist { Kind::Artist } else { Kind::Title };
        let (own, name) = (self.name.as_ref()?, Name::new(item.name.as_deref()?, kind)?);
        let level = own.level(&name);
        match &self.artist {
            Artist::None => Some(Match { way: Way::NameAndArtist, level: level? }),
            Artist::Named(artists) => {
                let is_whole = is_credited(artists, &credited(&item.by))?;
                let way = if is_whole { Way::NameAndArtist } else { Way::OneOfArtists };
                Some(Match { way, level: level? })
            }
            Artist::InWords(splits) => {
                let has_part = own.equals_with_part(&name);
                let way = if has_part { Way::WordsWithPart } else { Way::Words };
                let whole = level.map(|level| Match { way, level });
                let credited = credited(&item.by);
                let split = |split: &Split| split.compare(&name, &credited);
                splits.iter().filter_map(split).chain(whole).min()
            }
        }
    }
}

impl Split {
    fn compare(&self, name: &Name, credited: &[Vec<Name>]) -> Option<Match> {
        is_credited(&self.artists, credited)?;
        let way = if self.is_at_dash { Way::NameAndArtist } else { Way::WordsWithArtist };
        Some(Match { way, level: self.name.level(name)? })
    }
}

/// Returns the ways to split words into an artist and a name, or a name and an artist.
fn splits(words: &str) -> Vec<Split> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let is_dash = |word: &str| matches!(word, "-" | "–" | "—");
    let mut splits = Vec::new();
    for index in 1..if words.len() > MAX_WORDS { 0 } else { words.len() } {
        let (before, after) = words.split_at(index);
        let (last, first) = (before[index - 1], after[0]);
        let is_at_dash = is_dash(last) || is_dash(first);
        let (before, after) = (before.join(" "), after.join(" "));
        let by = after.get(..3).filter(|start| start.eq_ignore_ascii_case("by "));
        let pairs = match by {
            Some(_) => vec![(&after[3..], &before)],
            None => vec![(after.as_str(), &before), (before.as_str(), &after)],
        };
        splits.extend(pairs.into_iter().filter_map(|(artist, name)| {
            let name = Name::new(name, Kind::Title)?;
            Some(Split { artists: artists(artist), name, is_at_dash })
        }));
    }
    splits
}

/// Returns the text as an artist, and then the artists that it joins: `Earth, Wind & Fire` is one.
fn artists(text: &str) -> Vec<Name> {
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
    }
    let names = artists.iter().take(MAX_ARTISTS).filter_map(|name| Name::new(name, Kind::Artist));
    names.collect()
}

/// Returns the credited artists of an item. Each may join several.
fn credited(artists: &[String]) -> Vec<Vec<Name>> {
    artists.iter().take(MAX_ARTISTS).map(|artist| self::artists(artist)).collect()
}

/// Returns whether the whole artist is credited or only one of several, or `None` if none is.
fn is_credited(artists: &[Name], credited: &[Vec<Name>]) -> Option<bool> {
    let is_equal = |(artist, name): (&Name, &Name)| {
        artist.level(name).is_some_and(|level| level <= Level::Edition)
    };
    let wholes = credited.iter().filter_map(|names| names.first());
    if artists.first().is_some_and(|artist| wholes.map(|name| (artist, name)).any(is_equal)) {
        return Some(true);
    }
    let names = || credited.iter().flatten();
    let mut pairs = artists.iter().flat_map(|artist| names().map(move |name| (artist, name)));
    pairs.any(is_equal).then_some(false)
}

fn letters(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}
#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, value::to_raw_value};

    fn track(name: &str, artists: &[&str], isrc: &str) -> Item {
        let artists: Vec<_> = artists.iter().map(|name| json!({ "name": name })).collect();
        let item = json!({ "name": name, "artists": artists, "external_ids": { "isrc": isrc } });
        Item::new(ItemType::Track, to_raw_value(&item).unwrap())
    }

    #[test]
    fn artist_must_be_credited() {
        for (artist, credited, expected) in [
            ("beatles", vec!["The Beatles"], true),
            ("Isley Brothers", vec!["The Beatles"], false),
            ("Queen; David Bowie", vec!["David Bowie"], true),
            ("Martin Garrix feat. Bonn", vec!["Martin Garrix"], true),
            ("Peter Gabriel & Kate Bush", vec!["Kate Bush"], true),
            ("Earth, Wind and Fire", vec!["Earth, Wind & Fire"], true),
            ("Tyler, The Creator", vec!["Tyler, The Creator"], true),
            ("Cat Stevens", vec!["Yusuf / Cat Stevens"], true),
            ("Eagles (band)", vec!["Eagles"], true),
            ("Prince", vec!["Prince (Tribute)"], false),
            ("x", vec![], false),
        ] {
            let matcher = Matcher::new(ItemType::Track, "Song").artist(artist);
            let level = matcher.level(&track("Song", &credited, ""));
            assert_eq!(level.is_some(), expected, "{artist} and {credited:?}");
        }
    }

    #[test]
    fn words_may_contain_the_artist() {
        for words in [
            "Radiohead - Karma Police",
            "Karma Police – Radiohead",
            "karma police by radiohead",
            "karma police radiohead",
            "RADIOHEAD karma police",
        ] {
            let level = |artist| {
                let item = track("Karma Police - Remastered", &[artist], "");
                Matcher::new(ItemType::Track, words).level(&item)
            };
            assert_eq!(level("Radiohead"), Some(Level::Edition), "{words}");
            assert_eq!(level("Easy Star All-Stars"), None, "{words}");
        }
        let level = |words, name, artist| {
            Matcher::new(ItemType::Track, words).level(&track(name, &[artist], ""))
        };
        assert_eq!(level("Stand by Me", "Stand by Me", "Ben E. King"), Some(Level::Exact));
        assert_eq!(level("The Beatles Yesterday", "Yesterday", "Beatles"), Some(Level::Exact));
        assert_eq!(level("Radiohead", "", "Radiohead"), None);
    }

    #[test]
    fn hostile_names_are_compared_in_time() {
        let start = std::time::Instant::now();
        let (many, words) = ("a, b feat. ".repeat(90), "a and b - (c) by ".repeat(58));
        let item = track(&words, &vec![many.as_str(); 20], "");
        for name in [&many, &words, &"a ".repeat(499)] {
            Matcher::new(ItemType::Track, name).level(&item);
            Matcher::new(ItemType::Track, name).artist(&many).level(&item);
        }
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }

    #[test]
    fn isrc_decides_whatever_the_name() {
        let matcher = Matcher::new(ItemType::Track, "x").artist("y").isrc("us-um7-17-03861");
        assert_eq!(matcher.level(&track("z", &[], "USUM71703861")), Some(Level::Isrc));
        assert_eq!(matcher.level(&track("x", &["y"], "")), Some(Level::Exact));
        assert_eq!(Matcher::new(ItemType::Track, "x").isrc("").level(&track("z", &[], "")), None);
    }
}
