//! How items match, the order of those that do, and how many match as well as each.

use super::artists::Credited;
use crate::query::Level;

/// How an item matches. The smaller, the better.
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
        let (way, credited) = (Way::Name, Credited::NOBODY_ASKED);
        Self { comes_later: false, level, way, credited, album: Level::Version }
    }
}

/// An item that matches.
#[derive(Clone, Copy, Debug)]
pub struct Ranked {
    /// Its place among the compared items.
    pub index: usize,
    pub level: Level,
    /// The number of items that match as well, itself included.
    pub matches: usize,
}

/// Returns the items that match at this level or closer, the best first and otherwise in their order.
pub fn rank(compared: &[Option<Found>], level: Level) -> Vec<Ranked> {
    let is_accepted = |found: &Found| found.level <= level;
    let accepted = || {
        compared
            .iter()
            .enumerate()
            .filter_map(|(index, found)| Some((index, (*found).filter(is_accepted)?)))
    };
    let is_artist_known = accepted().any(|(_, found)| found.way != Way::Name);
    let key = |found: Found| {
        // Names alone do not say which item is meant: Spotify's order does.
        let least = if is_artist_known { Level::Isrc } else { Level::Edition };
        Found { level: found.level.max(least), ..found }
    };
    let mut sorted: Vec<(Found, usize, Level)> =
        accepted().map(|(index, found)| (key(found), index, found.level)).collect();
    sorted.sort();
    let ranked = |(own, index, level): &(Found, usize, Level)| {
        let matches = sorted.iter().filter(|(other, ..)| other == own).count();
        Ranked { index: *index, level: *level, matches }
    };
    sorted.iter().map(ranked).collect()
}
