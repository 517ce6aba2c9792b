//! The readings of what was asked for: as a name, and as a name and its artists.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::artists::{ArtistWords, Credited, ItemArtists, Needed, Who};
use super::choice::{Found, Way};
use super::marks::{is_closing, is_dash, is_opening, last_brackets, tokens};
use super::name::Name;
use super::shortened::{Drops, without_known_parts};
use crate::query::{ItemType, Level};

/// A name and its artists, as they were asked for or as a line may be split.
#[derive(Clone, Debug)]
pub struct Reading {
    name: String,
    item_type: ItemType,
    drops: Drops,
    way: Way,
    artists: Option<Artists>,
    /// The name in the forms in which it is compared, made when it is compared first.
    asked: OnceLock<Option<Name>>,
}

/// The artists of a reading: some of the words, and which of them must be credited.
#[derive(Clone, Debug)]
struct Artists {
    words: Arc<ArtistWords>,
    tokens: Range<usize>,
    needed: Needed,
}

impl Reading {
    /// Reads a name without artists.
    pub fn name(name: &str, item_type: ItemType, drops: Drops) -> Self {
        let name = name.to_owned();
        Self { name, item_type, drops, way: Way::Name, artists: None, asked: OnceLock::new() }
    }

    /// Reads a name and the artists of a column or a filter.
    pub fn name_and_artists(name: &str, item_type: ItemType, artists: &str) -> Self {
        let words = Arc::new(ArtistWords::new(artists));
        let artists = Artists { words, tokens: 0..usize::MAX, needed: Needed::Any };
        let name = Self::name(name, item_type, Drops::Any);
        Self { way: Way::Dash, artists: Some(artists), ..name }
    }

    /// Returns how an item with this name and these artists matches, or `None` if it does not.
    pub fn compare(&self, name: &Name, artists: &ItemArtists) -> Option<Found> {
        let credited = self.artists.as_ref().map_or(Some(Credited::NOBODY_ASKED), |asked| {
            asked.words.credited(&asked.tokens, asked.needed, artists)
        })?;
        let asked = || {
            let name = Name::new(&self.name, self.item_type, self.drops)?;
            Some(if self.drops == Drops::Any { name.with_sides(&self.name) } else { name })
        };
        let mut level = self.asked.get_or_init(asked).as_ref()?.level(name)?;
        if credited.who == Who::Similar {
            level = if level <= Level::Edition { Level::Subtitle } else { return None };
        }
        // `yesterday beatles` is not `Yesterday (Beatles)`.
        let has_part = || self.name.contains(is_opening) || self.name.split(' ').any(is_dash);
        if self.drops == Drops::Known && name.has_aside && !has_part() {
            level = level.max(Level::Subtitle);
        }
        Some(Found { way: self.way, credited, ..Found::by_name(level) })
    }
}

/// Returns the readings of a line such as `karma police radiohead`.
pub fn readings(line: &str, item_type: ItemType, drops: Drops) -> Vec<Reading> {
    let line = line.trim();
    let mut readings = vec![Reading::name(line, item_type, drops)];
    let words: Vec<&str> = line.split_whitespace().collect();
    let inner = words.get(1..words.len().saturating_sub(1)).unwrap_or_default();
    let marks = inner.iter().filter(|word| is_mark(word)).count();
    for rest in without_known_parts(line) {
        let (words, tokens) = (Arc::new(ArtistWords::new(rest)), tokens(rest));
        let line = Line { rest, tail: &line[rest.len()..], words, tokens, item_type };
        line.push_splits(marks, &mut readings);
    }
    readings
}

/// A line before its last parts, which belong to the name.
struct Line<'a> {
    rest: &'a str,
    tail: &'a str,
    words: Arc<ArtistWords>,
    tokens: Vec<Range<usize>>,
    item_type: ItemType,
}

impl Line<'_> {
    /// Adds the readings in which a mark sets off the artists, and those in which they stand at an end.
    fn push_splits(&self, marks: usize, readings: &mut Vec<Reading>) {
        let count = self.tokens.len();
        let set_off = if marks == 1 { Needed::Any } else { Needed::All };
        let beside_name = |needed| if marks == 0 { needed } else { Needed::All };
        for index in 1..count {
            let (before, after) = (0..index, index..count);
            let after_mark = index + 1..count;
            let word = self.text(&(index..index + 1));
            if is_mark(word) && !after_mark.is_empty() {
                let way = if is_dash(word) { Way::Dash } else { Way::Words };
                readings.push(self.reading(&before, &after_mark, way, set_off));
                // The parts after a name are no artists.
                if way == Way::Dash && self.tail.is_empty() {
                    readings.push(self.reading(&after_mark, &before, way, set_off));
                }
            }
            if self.tail.is_empty() && is_plain(self.text(&before)) {
                let needed = beside_name(Needed::Last);
                readings.push(self.end_reading(&after, &before, needed));
            }
            if is_plain(without_brackets(self.text(&after))) {
                let needed = beside_name(Needed::First);
                readings.push(self.end_reading(&before, &after, needed));
            }
        }
    }

    fn end_reading(&self, name: &Range<usize>, artists: &Range<usize>, needed: Needed) -> Reading {
        let drops = Drops::InParentheses;
        Reading { drops, ..self.reading(name, artists, Way::Words, needed) }
    }

    fn reading(
        &self,
        name: &Range<usize>,
        artists: &Range<usize>,
        way: Way,
        needed: Needed,
    ) -> Reading {
        let artists = Artists { words: self.words.clone(), tokens: artists.clone(), needed };
        let name = [self.text(name), self.tail].concat();
        Reading { way, artists: Some(artists), ..Reading::name(&name, self.item_type, Drops::Any) }
    }

    /// Returns the text of these tokens, of which there is one at least.
    fn text(&self, tokens: &Range<usize>) -> &str {
        &self.rest[self.tokens[tokens.start].start..self.tokens[tokens.end - 1].end]
    }
}

fn is_mark(word: &str) -> bool {
    is_dash(word) || word.eq_ignore_ascii_case("by")
}

/// Returns true if no part is set off in the text.
fn is_plain(text: &str) -> bool {
    !text.contains(is_opening) && !text.contains(is_closing) && !text.split(' ').any(is_dash)
}

/// `(Johnny Cash)` → `Johnny Cash`
fn without_brackets(text: &str) -> &str {
    last_brackets(text).filter(|(before, _)| before.is_empty()).map_or(text, |(_, inner)| inner)
}
