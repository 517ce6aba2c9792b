//! How items match, the order of those that do, and how many match as well as each.

use super::artists::Credited;
use crate::query::Level;
use crate::results::Item;

/// How an item matches, ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// True for another length than was asked for, and for another recording.
    pub comes_later: bool,
    pub level: Level,
    pub way: Way,
    pub credited: Credited,
    /// How closely the album is the one that was asked for.
    pub album: Level,
}

/// By what an item matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// By its name and the artist of a column, or one that a dash sets off: `Radiohead - Creep`.
    Dash,
    /// By its name: `stand by me`.
    Name,
    /// By the words of its name and its artists: `creep radiohead`, but also `Stand` by `Me`.
    Words,
}

impl Found {
    /// The item matches by its name alone.
    pub const fn by_name(level: Level) -> Self {
        let (way, credited) = (Way::Name, Credited::First);
        Self { comes_later: false, level, way, credited, album: Level::Version }
    }
}

/// Returns the items that match at this level or closer, the best first and otherwise in their order.
pub fn rank(mut items: Vec<(Found, &Item)>, level: Level) -> impl Iterator<Item = Item> {
    items.retain(|(found, _)| found.level <= level);
    let is_artist_known = items.iter().any(|(found, _)| found.way != Way::Name);
    // Names alone do not say which item is meant: Spotify's order does.
    let closest = if is_artist_known { Level::Isrc } else { Level::Edition };
    let key = move |found: Found| Found { level: found.level.max(closest), ..found };
    items.sort_by_key(|(found, _)| key(*found));
    let keys: Vec<Found> = items.iter().map(|(found, _)| key(*found)).collect();
    items.into_iter().map(move |(found, item)| {
        let matches = keys.iter().filter(|other| **other == key(found)).count();
        item.clone().matched(found.level, matches)
    })
}
