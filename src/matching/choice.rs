//! The order of several items that match, and how many match as well as each.

use super::found::Match;
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
pub fn rank(compared: Vec<Option<Match>>, level: Level) -> Vec<Ranked> {
    let found = compared.into_iter().enumerate();
    let accepted = |(index, found): (usize, Option<Match>)| {
        Some((index, found.filter(|found| found.level <= level)?))
    };
    let mut found: Vec<(usize, Match)> = found.filter_map(accepted).collect();
    found.sort_by_key(|(_, found)| *found);
    let count = |found: Match| move |other: &&(usize, Match)| other.1 == found;
    let ranked = |(index, one): &(usize, Match)| Ranked {
        index: *index,
        level: one.level,
        matches: found.iter().filter(count(*one)).count(),
    };
    found.iter().map(ranked).collect()
}
