//! What a search looks for, and how closely an item matches it.

use super::level::Level;
use super::name::Name;
use super::shortened::Kind;
use crate::query::ItemType;
use crate::results::{Item, ItemView};

/// The largest number of places at which words are split into a name and an artist.
const MAX_SPLITS: usize = 8;

/// Words between several artists. Those before are tried first, so that names that contain the others
/// stay whole.
const BETWEEN_ARTISTS: [&[&str]; 3] = [
    &[";"],
    &[" feat. ", " feat ", " ft. ", " ft ", " featuring ", " Feat. ", " Ft. ", " Featuring "],
    &[", ", " & ", " and ", " x ", " X ", " / ", " + ", " with ", " vs. ", " And "],
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
    text: String,
    /// The text as a name, if something of it can be compared.
    name: Option<Name>,
    /// The artists of whom one is enough.
    artists: Option<Vec<Name>>,
    isrc: Option<String>,
    item_type: ItemType,
}

impl Matcher {
    /// Looks for an item of this type with this name. The name of a track or an album may contain its
    /// artist: `Radiohead - Karma Police`, `karma police radiohead`.
    pub fn new(item_type: ItemType, name: &str) -> Self {
        let kind = match item_type {
            ItemType::Artist => Kind::Artist,
            ItemType::Track | ItemType::Album => Kind::Words,
            _ => Kind::Title,
        };
        let (text, name) = (name.to_owned(), Name::new(name, kind));
        Self { text, name, artists: None, isrc: None, item_type }
    }

    /// Requires that one of the credited artists of a track or an album matches this one, at
    /// [`Level::Edition`] or closer. The text may name several artists, of whom one is enough.
    #[must_use]
    pub fn artist(self, artist: &str) -> Self {
        if !matches!(self.item_type, ItemType::Track | ItemType::Album) || artist.trim().is_empty()
        {
            return self;
        }
        let artists = joined_artists(artist);
        let artists = artists.iter().filter_map(|artist| Name::new(artist, Kind::Artist)).collect();
        let name = Name::new(&self.text, Kind::Title);
        Self { name, artists: Some(artists), ..self }
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
        let item = &item.view();
        if self.isrc.is_some() && item.isrc.as_deref().map(letters) == self.isrc {
            return Some(Level::Isrc);
        }
        let own = self.name.as_ref()?;
        let kind = if self.item_type == ItemType::Artist { Kind::Artist } else { Kind::Title };
        let name = Name::new(item.name.as_deref()?, kind)?;
        match &self.artists {
            Some(artists) if artists.iter().any(|artist| is_credited(artist, &item.by)) => {
                own.level(&name)
            }
            Some(_) => None,
            None if kind == Kind::Artist => own.level(&name),
            None => own.level(&name).into_iter().chain(self.levels_in_words(&name, item)).min(),
        }
    }

    /// Returns the levels of the name that is left of the words without an artist of the item.
    fn levels_in_words(&self, name: &Name, item: &ItemView) -> impl Iterator<Item = Level> {
        let splits = match self.item_type {
            ItemType::Track | ItemType::Album => splits(&self.text, &item.by),
            _ => Vec::new(),
        };
        splits.into_iter().filter_map(move |(artist, rest)| {
            let artists = joined_artists(&artist);
            let mut artists = artists.iter().filter_map(|artist| Name::new(artist, Kind::Artist));
            let is_credited = artists.any(|artist| is_credited(&artist, &item.by));
            if is_credited { Name::new(&rest, Kind::Title)?.level(name) } else { None }
        })
    }
}

/// Returns the ways to split words into an artist and a name.
fn splits(words: &str, credited: &[String]) -> Vec<(String, String)> {
    let split = |separator: &'static str| {
        let places = words.match_indices(separator).take(MAX_SPLITS);
        places.map(move |(start, _)| (&words[..start], &words[start + separator.len()..]))
    };
    let mut splits = Vec::new();
    for (before, after) in [" - ", " – ", " — "].into_iter().flat_map(split) {
        splits.push((before.to_owned(), after.to_owned()));
        splits.push((after.to_owned(), before.to_owned()));
    }
    splits.extend(split(" by ").map(|(name, artist)| (artist.to_owned(), name.to_owned())));
    let words: Vec<&str> = words.split_whitespace().collect();
    for artist in credited {
        // With or without an article.
        let length = artist.split_whitespace().count();
        for length in length.saturating_sub(1).max(1)..(length + 3).min(words.len()) {
            let (before, after) = words.split_at(length);
            splits.push((before.join(" "), after.join(" ")));
            let (before, after) = words.split_at(words.len() - length);
            splits.push((after.join(" "), before.join(" ")));
        }
    }
    splits
}

/// Returns the text, and the artists that it joins.
fn joined_artists(text: &str) -> Vec<String> {
    let mut artists = vec![text.to_owned()];
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
    artists
}

/// Returns true if an artist is among the credited ones. A credited name may join several.
fn is_credited(artist: &Name, credited: &[String]) -> bool {
    let mut names = credited.iter().flat_map(|name| joined_artists(name));
    names.any(|name| {
        let level = Name::new(&name, Kind::Artist).and_then(|name| artist.level(&name));
        level.is_some_and(|level| level <= Level::Edition)
    })
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
    fn isrc_decides_whatever_the_name() {
        let matcher = Matcher::new(ItemType::Track, "x").artist("y").isrc("us-um7-17-03861");
        assert_eq!(matcher.level(&track("z", &[], "USUM71703861")), Some(Level::Isrc));
        assert_eq!(matcher.level(&track("x", &["y"], "")), Some(Level::Exact));
        assert_eq!(Matcher::new(ItemType::Track, "x").isrc("").level(&track("z", &[], "")), None);
    }
}
