//! What a search looks for, and how closely an item matches it.

use std::sync::OnceLock;
use std::time::Duration;

use super::artists::{ItemArtists, Needed};
use super::choice::{Found, Way, rank};
use super::fold::is_too_long;
use super::line::{Reading, readings};
use super::name::Name;
use super::shortened::Drops;
use crate::query::{ItemType, Level, SearchQuery, Wanted};
use crate::results::{Item, SearchResults};

/// The largest difference of two lengths of the same recording.
const MAX_DIFFERENCE: Duration = Duration::from_secs(3);

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
    /// The name is a cell of a table or the value of a filter, not words that may contain an artist.
    is_cell: bool,
    /// What is compared, made of `wanted` when the first item is compared.
    asked: OnceLock<Asked>,
}

/// What is known, in the forms in which it is compared.
#[derive(Clone, Debug)]
struct Asked {
    readings: Vec<Reading>,
    album: Option<Name>,
}

impl Matcher {
    /// Compares items of this type with a name. The name of a track or an album may contain its artist:
    /// `Radiohead - Karma Police`, `karma police radiohead`. A name of more than 1,000 characters matches
    /// nothing.
    pub fn new(item_type: ItemType, name: &str) -> Self {
        Self::of(item_type, Wanted::new(name), false)
    }

    /// Compares items of this type with what a query asks for.
    pub(crate) fn for_query(query: &SearchQuery, item_type: ItemType) -> Self {
        Self::of(item_type, query.wanted_item(item_type), !query.compares_words())
    }

    fn of(item_type: ItemType, wanted: Wanted, is_cell: bool) -> Self {
        Self { item_type, wanted, is_cell, asked: OnceLock::new() }
    }

    /// Requires that one of the credited artists of a track or an album matches this one, at
    /// [`Level::Edition`] or closer. The text may name several artists, of whom one is enough. An artist
    /// with a longer or shorter name, such as `Hall & Oates`, matches at [`Level::Subtitle`].
    #[must_use]
    pub fn artist(self, artist: &str) -> Self {
        Self::of(self.item_type, self.wanted.artist(artist), self.is_cell)
    }

    /// Prefers tracks of this album among those that match at one level.
    #[must_use]
    pub fn album(self, album: &str) -> Self {
        Self::of(self.item_type, self.wanted.album(album), self.is_cell)
    }

    /// Prefers tracks whose length differs by 3 seconds at most, up to [`Level::Subtitle`].
    #[must_use]
    pub fn length(self, length: Duration) -> Self {
        Self::of(self.item_type, self.wanted.length(length), self.is_cell)
    }

    /// Accepts a track with this ISRC, whatever its name.
    #[must_use]
    pub fn isrc(self, isrc: &str) -> Self {
        Self::of(self.item_type, self.wanted.isrc(isrc), self.is_cell)
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
        rank(self.found(items), level).next()
    }

    /// Returns the items that match at any level.
    fn found<'a>(&self, items: impl IntoIterator<Item = &'a Item>) -> Vec<(Found, &'a Item)> {
        items.into_iter().filter_map(|item| Some((self.compare(item)?, item))).collect()
    }

    /// Returns how an item matches, or `None` if it does not.
    fn compare(&self, item: &Item) -> Option<Found> {
        if item.item_type() != self.item_type {
            return None;
        }
        let (item, isrc) = (item.compared_fields(), letters(self.wanted.get_isrc()));
        if !isrc.is_empty() && item.isrc().is_some_and(|own| letters(&own) == isrc) {
            return Some(Found { way: Way::Dash, ..Found::by_name(Level::Isrc) });
        }
        let asked = self.asked.get_or_init(|| Asked::new(self));
        let text = item.name()?;
        let name = Name::new(&text, self.item_type, Drops::Any)?;
        let artists = ItemArtists::new(&item.artists());
        let found = asked.readings.iter().filter_map(|reading| reading.compare(&name, &artists));
        let found = found.min()?;
        let differs = |asked| item.length().is_none_or(|own| own.abs_diff(asked) > MAX_DIFFERENCE);
        let has_other_length = self.wanted.get_length().is_some_and(differs);
        let comes_later = has_other_length || found.level > Level::Subtitle;
        let album = asked.album.as_ref().and_then(|own| own.level(&album_name(&item.album()?)?));
        Some(Found { comes_later, album: album.unwrap_or(Level::Version), ..found })
    }
}

/// Drops the results that do not match at the level of their query, if it has one, and those beyond its
/// limit. The best come first.
pub(crate) fn keep_matches(query: &SearchQuery, results: &mut SearchResults) {
    let Some(level) = query.get_matching() else { return };
    for section in results.sections_mut() {
        let matcher = Matcher::for_query(query, section.item_type());
        let found = matcher.found(section.items());
        let closest = found.iter().map(|(found, _)| found.level).min();
        let kept = rank(found, level).take(query.get_limit().into()).collect();
        section.set_matches(kept, closest);
    }
}

impl Asked {
    fn new(Matcher { item_type, wanted, is_cell, .. }: &Matcher) -> Self {
        let (name, artist) = (wanted.get_name(), wanted.get_artist());
        let cell = || Reading::new(name.to_owned(), *item_type, Drops::Any);
        let readings = match item_type {
            _ if is_too_long(name) => Vec::new(),
            ItemType::Track | ItemType::Album if artist.trim().is_empty() => {
                let drops = if *is_cell { Drops::Any } else { Drops::Known };
                readings(name, *item_type, drops)
            }
            ItemType::Track | ItemType::Album => vec![cell().by(artist, Needed::Any, Way::Dash)],
            _ => vec![cell()],
        };
        Self { readings, album: album_name(wanted.get_album()) }
    }
}

fn album_name(name: &str) -> Option<Name> {
    Name::new(name, ItemType::Album, Drops::Any)
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
            ("beatles", vec!["The Beatles"], Some(Level::Exact)),
            ("Isley Brothers", vec!["The Beatles"], None),
            ("Queen; David Bowie", vec!["David Bowie"], Some(Level::Exact)),
            ("Martin Garrix feat. Bonn", vec!["Martin Garrix"], Some(Level::Exact)),
            ("Drake,Future", vec!["Future"], Some(Level::Exact)),
            ("Earth, Wind and Fire", vec!["Earth, Wind & Fire"], Some(Level::Exact)),
            ("Tyler, The Creator", vec!["Tyler, The Creator"], Some(Level::Exact)),
            ("Sinatra, Frank", vec!["Frank Sinatra"], Some(Level::Exact)),
            ("Cat Stevens", vec!["Yusuf / Cat Stevens"], Some(Level::Exact)),
            ("Eagles (band)", vec!["Eagles"], Some(Level::Exact)),
            ("Steve Miller", vec!["Steve Miller Band"], Some(Level::Exact)),
            ("Band", vec!["The Band"], Some(Level::Exact)),
            ("Martha and the Vandellas", vec!["Martha Reeves & The Vandellas"], Some(Level::Exact)),
            ("!!!", vec!["!!!"], Some(Level::Exact)),
            ("+/-", vec!["+/-"], Some(Level::Exact)),
            ("N Sync", vec!["*NSYNC"], Some(Level::Exact)),
            ("One Republic", vec!["OneRepublic"], Some(Level::Exact)),
            ("Hall & Oates", vec!["Daryl Hall & John Oates"], Some(Level::Subtitle)),
            ("The Jimi Hendrix Experience", vec!["Jimi Hendrix"], Some(Level::Subtitle)),
            ("Jeezy", vec!["Young Jeezy"], Some(Level::Subtitle)),
            ("Jimi Hendrix", vec!["Jimi Hendrix Tribute"], None),
            ("Prince", vec!["Prince (Tribute)"], None),
            ("x", vec![], None),
        ] {
            let matcher = Matcher::new(ItemType::Track, "Song").artist(artist);
            let level = matcher.level(&track("Song", &credited, ""));
            assert_eq!(level, expected, "{artist} and {credited:?}");
        }
        let matcher = Matcher::new(ItemType::Track, "Song").artist("Hall & Oates");
        let level = |name| matcher.level(&track(name, &["Daryl Hall & John Oates"], ""));
        assert_eq!(level("Song - Mono"), Some(Level::Subtitle));
        assert_eq!(level("Song (Other)"), None);
    }

    #[test]
    fn items_of_another_type_do_not_match() {
        let item = track("Creep", &["Radiohead"], "");
        assert_eq!(Matcher::new(ItemType::Track, "creep").level(&item), Some(Level::Exact));
        assert_eq!(Matcher::new(ItemType::Artist, "creep").level(&item), None);
        assert_eq!(Matcher::new(ItemType::Album, "creep").isrc("x").level(&item), None);
    }

    #[test]
    fn spellings_of_one_word_match() {
        for (asked, name) in
            [("98 degrees", "98º"), ("kesha", "Ke$ha"), ("pink", "P!nk"), ("!!!", "!!!")]
        {
            let item = json!({ "name": name }).to_string();
            let item = Item::from_json(ItemType::Artist, &item).unwrap();
            assert!(Matcher::new(ItemType::Artist, asked).level(&item).is_some(), "{asked}");
        }
    }

    #[test]
    fn picks_the_first_of_the_best_and_counts_them() {
        let items = ["Creep - Live", "Creep - Mono", "CREEP!", "Creep"]
            .map(|name| track(name, &["Radiohead"], ""));
        let pick = |level| {
            let best =
                Matcher::new(ItemType::Track, "creep").artist("radiohead").pick(&items, level)?;
            Some((best.name()?, best.level()?, best.matches()?))
        };
        assert_eq!(pick(Level::Version), Some(("CREEP!".into(), Level::Exact, 2)));
        assert_eq!(pick(Level::Isrc), None);
    }

    #[test]
    fn order_of_those_that_match() {
        let song = |name: &str, artists: &[&str], album: &str, seconds: u64| {
            let artists: Vec<_> = artists.iter().map(|name| json!({ "name": name })).collect();
            let song = json!({
                "name": name,
                "artists": artists,
                "album": { "name": album },
                "duration_ms": seconds * 1000,
                "uri": format!("{name} by {}, {album}, {seconds}", artists.len()),
            });
            Item::from_json(ItemType::Track, &song.to_string()).unwrap()
        };
        let items = [
            song("One", &["B", "A"], "X", 200),
            song("One", &["A"], "X (Deluxe Edition)", 200),
            song("One", &["A"], "Y", 100),
            song("One", &["A"], "X", 200),
            song("One (Song)", &["A"], "Z", 300),
            song("One - Live", &["A"], "Z", 400),
        ];
        let picked = |matcher: Matcher| {
            let best = matcher.pick(&items, Level::Version).unwrap();
            (items.iter().position(|item| item.json() == best.json()).unwrap(), best.matches())
        };
        let one = || Matcher::new(ItemType::Track, "one").artist("A");
        assert_eq!(picked(one()), (1, Some(3)));
        assert_eq!(picked(one().album("x")), (3, Some(1)));
        assert_eq!(picked(one().album("X (Bonus)")), (1, Some(2)));
        assert_eq!(picked(one().length(Duration::from_secs(103))), (2, Some(1)));
        assert_eq!(picked(one().length(Duration::from_secs(104))), (1, Some(3)));
        assert_eq!(picked(one().length(Duration::from_secs(299))), (4, Some(1)));
        assert_eq!(picked(one().length(Duration::from_secs(400))), (1, Some(3)));
        let both = Matcher::new(ItemType::Track, "one").artist("C; B");
        assert_eq!(picked(both), (0, Some(1)));
    }

    #[test]
    fn isrc_decides_whatever_the_name() {
        let matcher = Matcher::new(ItemType::Track, "x").artist("y").isrc("us-um7-17-03861");
        assert_eq!(matcher.level(&track("z", &[], "USUM71703861")), Some(Level::Isrc));
        assert_eq!(matcher.level(&track("x", &["y"], "")), Some(Level::Exact));
        assert_eq!(Matcher::new(ItemType::Track, "x").isrc("").level(&track("z", &[], "")), None);
    }
}
