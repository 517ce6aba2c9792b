//! The order of several items that match, and how many match as well as each.

use super::found::{Found, Way};
use crate::query::Level;

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
    let found = compared.iter().enumerate();
    let accepted = |(index, found): (usize, &Option<Found>)| {
        Some((index, found.filter(|found| found.level <= level)?))
    };
    let accepted: Vec<(usize, Found)> = found.filter_map(accepted).collect();
    let is_artist_known = accepted.iter().any(|(_, found)| found.way != Way::Name);
    let key = |(_, found): &(usize, Found)| key(*found, is_artist_known);
    let mut sorted: Vec<_> = accepted.iter().map(|one| (key(one), one)).collect();
    sorted.sort_by_key(|(key, _)| *key);
    let ranked = |(own, (index, found)): &((bool, Found), &(usize, Found))| {
        let matches = sorted.iter().filter(|(other, _)| other == own).count();
        Ranked { index: *index, level: found.level, matches }
    };
    sorted.iter().map(ranked).collect()
}

/// Returns what items are sorted by. Those of the length that was asked for come first, unless they are
/// another recording.
fn key(found: Found, is_artist_known: bool) -> (bool, Found) {
    let comes_later =
        found.level != Level::Isrc && (found.has_other_length || found.level > Level::Subtitle);
    // Names alone do not say which item is meant: Spotify's order does.
    let is_close = (Level::Exact..Level::Edition).contains(&found.level);
    let level = if is_close && !is_artist_known { Level::Edition } else { found.level };
    (comes_later, Found { level, has_other_length: false, ..found })
}
