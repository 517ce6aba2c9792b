//! The readings of what was asked for: as a name, and as a name and its artists.

use std::iter;
use std::sync::OnceLock;

use super::artists::{ArtistWords, Credited, ItemArtists, Needed};
use super::choice::{Found, Way};
use super::marks::{has_dash, is_dash, is_opening, tokens};
use super::name::Name;
use super::shortened::{Drops, shortened};
use crate::query::{ItemType, Level};

/// A name and its artists, as they were asked for or as a line may be split.
#[derive(Clone, Debug)]
pub struct Reading {
    name: String,
    item_type: ItemType,
    drops: Drops,
    way: Way,
    artists: Option<(ArtistWords, Needed)>,
    /// The name in the forms in which it is compared, made when it is compared first.
    asked: OnceLock<Option<Name>>,
}

impl Reading {
    pub fn new(name: String, item_type: ItemType, drops: Drops) -> Self {
        Self { name, item_type, drops, way: Way::Name, artists: None, asked: OnceLock::new() }
    }

    #[must_use]
    pub fn by(self, artists: &str, needed: Needed, way: Way) -> Self {
        Self { artists: Some((ArtistWords::new(artists), needed)), way, ..self }
    }

    /// Returns how an item with this name and these artists matches, or `None` if it does not.
    pub fn compare(&self, name: &Name, item: &ItemArtists) -> Option<Found> {
        let credited = match &self.artists {
            Some((artists, needed)) => artists.credited(*needed, item)?,
            None => Credited::First,
        };
        let asked = || {
            let name = Name::new(&self.name, self.item_type, self.drops)?;
            Some(if self.drops == Drops::Any { name.with_sides(&self.name) } else { name })
        };
        let mut level = self.asked.get_or_init(asked).as_ref()?.level(name)?;
        if credited == Credited::Similar {
            level = if level <= Level::Edition { Level::Subtitle } else { return None };
        }
        // `yesterday beatles` is not `Yesterday (Beatles)`.
        let has_part = self.name.contains(is_opening) || has_dash(&self.name);
        if self.drops == Drops::Known && name.has_aside && !has_part {
            level = level.max(Level::Subtitle);
        }
        Some(Found { way: self.way, credited, ..Found::by_name(level) })
    }
}

/// A line of more words is read as a name only: the number of readings grows with the square.
const MAX_WORDS: usize = 60;

/// Returns the readings of a line such as `karma police radiohead`.
pub fn readings(line: &str, item_type: ItemType, drops: Drops) -> Vec<Reading> {
    let line = line.trim();
    let mut readings = vec![Reading::new(line.to_owned(), item_type, drops)];
    let words = tokens(line);
    if words.len() > MAX_WORDS {
        return readings;
    }
    let inner_words = words.into_iter().skip(1).rev().skip(1);
    let marks = inner_words.filter(|word| is_mark(&line[word.clone()])).count();
    let set_off = if marks == 1 { Needed::Any } else { Needed::All };
    let beside_name = |needed| if marks == 0 { needed } else { Needed::All };
    let shortened = shortened(line, item_type, Drops::Known).into_iter().map(|(rest, _)| rest);
    for rest in iter::once(line).chain(shortened.filter(|rest| line.starts_with(rest))) {
        // The parts after the rest belong to the name.
        let parts = &line[rest.len()..];
        let mut add = |name: &str, drops, artists: &str, needed, way| {
            let name = Reading::new([name, parts].concat(), item_type, drops);
            readings.push(name.by(artists, needed, way));
        };
        for word in tokens(rest).into_iter().skip(1) {
            let (before, after) = (rest[..word.start].trim_end(), &rest[word.start..]);
            let after_mark = rest[word.end..].trim_start();
            let mark = &rest[word];
            if is_mark(mark) && !after_mark.is_empty() {
                let way = if is_dash(mark) { Way::Dash } else { Way::Words };
                add(before, Drops::Any, after_mark, set_off, way);
                if way == Way::Dash {
                    add(after_mark, Drops::Any, before, set_off, way);
                }
            }
            if !has_dash(before) {
                add(after, Drops::InParentheses, before, beside_name(Needed::Last), Way::Words);
            }
            if !has_dash(after) {
                add(before, Drops::InParentheses, after, beside_name(Needed::First), Way::Words);
            }
        }
    }
    readings
}

fn is_mark(word: &str) -> bool {
    is_dash(word) || word.eq_ignore_ascii_case("by")
}
