//! What a search looks for, and how closely an item matches it.

use std::sync::OnceLock;

use super::choice::{Ranked, rank};
use super::found::{Match, Way};
use super::name::Name;
use super::name_kind::NameKind;
use crate::query::{ItemType, Level, SearchQuery, Wanted};
use crate::results::{Item, SearchResults};

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

/// Compares items with what is known about one that is searched for.
///
/// ```
/// use spotify_search::{Item, ItemType, Level, Matcher};
///
/// let song = |name, artist| {
///     let json = format!(r#"{{"name": "{name}", "artists": [{{"name": "{artist}"}}]}}"#);
///     Item::from_json(ItemType::Track, &json)
/// };
/// let matcher = Matcher::new(ItemType::Track, "yesterday").artist("Beatles");
/// let remaster = song("Yesterday - Remastered 2009", "The Beatles")?;
/// assert_eq!(matcher.level(&remaster), Some(Level::Edition));
/// assert_eq!(matcher.level(&song("Yesterday", "Boyz II Men")?), None);
///
/// let items = [song("Yesterday - Live", "The Beatles")?, remaster];
/// let best = matcher.pick(&items, Level::Subtitle).unwrap();
/// assert_eq!(best.name().as_deref(), Some("Yesterday - Remastered 2009"));
/// assert_eq!((best.level(), best.matches()), (Some(Level::Edition), Some(1)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Matcher {
    item_type: ItemType,
    wanted: Wanted,
    /// What is compared, made of `wanted` when the first item is compared.
    asked: OnceLock<Asked>,
}

/// What is known, in the forms in which it is compared.
#[derive(Clone, Debug)]
struct Asked {
    /// The name, if something of it can be compared.
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
    InWords(Vec<Reading>),
}

/// Words split into an artist and a name.
#[derive(Clone, Debug)]
struct Reading {
    artists: Vec<Name>,
    name: Name,
    is_at_dash: bool,
}

impl Matcher {
    /// Compares items of this type with a name. The name of a track or an album may contain its artist:
    /// `Radiohead - Karma Police`, `karma police radiohead`.
    pub fn new(item_type: ItemType, name: &str) -> Self {
        Self::of(item_type, Wanted::new(name))
    }

    /// Compares items of this type with what a query asks for.
    pub(crate) fn for_query(query: &SearchQuery, item_type: ItemType) -> Self {
        Self::of(item_type, query.wanted_item(item_type))
    }

    fn of(item_type: ItemType, wanted: Wanted) -> Self {
        Self { item_type, wanted, asked: OnceLock::new() }
    }

    /// Requires that one of the credited artists of a track or an album matches this one, at
    /// [`Level::Edition`] or closer. The text may name several artists, of whom one is enough.
    #[must_use]
    pub fn artist(self, artist: &str) -> Self {
        Self::of(self.item_type, self.wanted.artist(artist))
    }

    /// Accepts a track with this ISRC, whatever its name.
    #[must_use]
    pub fn isrc(self, isrc: &str) -> Self {
        Self::of(self.item_type, self.wanted.isrc(isrc))
    }

    /// Returns how closely an item matches, or `None` if it does not. An item of another type does not.
    pub fn level(&self, item: &Item) -> Option<Level> {
        self.compare(item).map(|found| found.level)
    }

    /// Returns the item that matches best, if one matches at this level or closer. [`Item::level`] of it says
    /// how closely, and [`Item::matches`] how many of the items match as well. Of these, the first is taken.
    pub fn pick<'a>(
        &self,
        items: impl IntoIterator<Item = &'a Item>,
        level: Level,
    ) -> Option<Item> {
        let items: Vec<&Item> = items.into_iter().collect();
        let compared = items.iter().map(|item| self.compare(item)).collect();
        let best = *rank(compared, level).first()?;
        Some(items[best.index].clone().matched(best.level, best.matches))
    }

    /// Returns how an item matches, or `None` if it does not.
    fn compare(&self, item: &Item) -> Option<Match> {
        if item.item_type() != self.item_type {
            return None;
        }
        let asked = self.asked.get_or_init(|| Asked::new(self.item_type, &self.wanted));
        let item = item.view();
        if asked.isrc.is_some() && item.isrc.as_deref().map(letters) == asked.isrc {
            return Some(Match { way: Way::NameAndArtist, level: Level::Isrc });
        }
        let is_artist = self.item_type == ItemType::Artist;
        let kind = if is_artist { NameKind::Artist } else { NameKind::Title };
        let (own, name) = (asked.name.as_ref()?, Name::new(item.name.as_deref()?, kind)?);
        let level = own.level(&name);
        match &asked.artist {
            Artist::None => Some(Match { way: Way::NameAndArtist, level: level? }),
            Artist::Named(artists) => {
                let is_whole = is_credited(artists, &credited(&item.by))?;
                let way = if is_whole { Way::NameAndArtist } else { Way::OneOfArtists };
                Some(Match { way, level: level? })
            }
            Artist::InWords(readings) => {
                let has_part = own.equals_with_part(&name);
                let way = if has_part { Way::WordsWithPart } else { Way::Words };
                let whole = level.map(|level| Match { way, level });
                let credited = credited(&item.by);
                let compare = |reading: &Reading| reading.compare(&name, &credited);
                readings.iter().filter_map(compare).chain(whole).min()
            }
        }
    }
}

/// Drops the results that do not match at the level of their query, if it has one, and those beyond its
/// limit. The best come first.
pub(crate) fn keep_matches(query: &SearchQuery, results: &mut SearchResults) {
    let Some(level) = query.get_matching() else { return };
    for section in results.sections_mut() {
        let matcher = Matcher::for_query(query, section.item_type());
        let items = section.items();
        let compared: Vec<_> = items.iter().map(|item| matcher.compare(item)).collect();
        let closest = compared.iter().flatten().map(|found| found.level).min();
        let ranked = rank(compared, level).into_iter().take(query.get_limit().into());
        let kept = |one: Ranked| items[one.index].clone().matched(one.level, one.matches);
        let kept = ranked.map(kept).collect();
        section.set_matches(kept, closest);
    }
}

impl Asked {
    fn new(item_type: ItemType, wanted: &Wanted) -> Self {
        let (name, artist) = (wanted.get_name(), wanted.get_artist());
        let (kind, artist) = match item_type {
            ItemType::Artist => (NameKind::Artist, Artist::None),
            ItemType::Track | ItemType::Album if artist.trim().is_empty() => {
                (NameKind::Words, Artist::InWords(readings(name)))
            }
            ItemType::Track | ItemType::Album => (NameKind::Title, Artist::Named(artists(artist))),
            _ => (NameKind::Title, Artist::None),
        };
        let isrc = Some(letters(wanted.get_isrc())).filter(|isrc| !isrc.is_empty());
        Self { name: Name::new(name, kind), artist, isrc }
    }
}

impl Reading {
    fn compare(&self, name: &Name, credited: &[Vec<Name>]) -> Option<Match> {
        is_credited(&self.artists, credited)?;
        let way = if self.is_at_dash { Way::NameAndArtist } else { Way::WordsWithArtist };
        Some(Match { way, level: self.name.level(name)? })
    }
}

/// Returns the ways to split words into an artist and a name, or a name and an artist.
fn readings(words: &str) -> Vec<Reading> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let is_dash = |word: &str| matches!(word, "-" | "–" | "—");
    let mut readings = Vec::new();
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
        readings.extend(pairs.into_iter().filter_map(|(artist, name)| {
            let name = Name::new(name, NameKind::Title)?;
            Some(Reading { artists: artists(artist), name, is_at_dash })
        }));
    }
    readings
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
    let names =
        artists.iter().take(MAX_ARTISTS).filter_map(|name| Name::new(name, NameKind::Artist));
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
    use serde_json::json;

    fn track(name: &str, artists: &[&str], isrc: &str) -> Item {
        let artists: Vec<_> = artists.iter().map(|name| json!({ "name": name })).collect();
        let item = json!({ "name": name, "artists": artists, "external_ids": { "isrc": isrc } });
        Item::from_json(ItemType::Track, &item.to_string()).unwrap()
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
    fn items_of_another_type_do_not_match() {
        let item = track("Creep", &["Radiohead"], "");
        assert_eq!(Matcher::new(ItemType::Track, "creep").level(&item), Some(Level::Exact));
        assert_eq!(Matcher::new(ItemType::Artist, "creep").level(&item), None);
        assert_eq!(Matcher::new(ItemType::Album, "creep").isrc("x").level(&item), None);
    }

    #[test]
    fn picks_the_first_of_the_best_and_counts_them() {
        let items = ["Creep - Live", "Creep - Mono", "CREEP!", "Creep"]
            .map(|name| track(name, &["Radiohead"], ""));
        let pick = |level| {
            let best = Matcher::new(ItemType::Track, "creep").pick(&items, level)?;
            Some((best.name()?, best.level()?, best.matches()?))
        };
        assert_eq!(pick(Level::Version), Some(("CREEP!".into(), Level::Exact, 2)));
        assert_eq!(pick(Level::Isrc), None);
    }

    #[test]
    fn isrc_decides_whatever_the_name() {
        let matcher = Matcher::new(ItemType::Track, "x").artist("y").isrc("us-um7-17-03861");
        assert_eq!(matcher.level(&track("z", &[], "USUM71703861")), Some(Level::Isrc));
        assert_eq!(matcher.level(&track("x", &["y"], "")), Some(Level::Exact));
        assert_eq!(Matcher::new(ItemType::Track, "x").isrc("").level(&track("z", &[], "")), None);
    }
}
