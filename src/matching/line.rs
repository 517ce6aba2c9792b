//! A line such as `karma police radiohead`, read in two ways: as a name, and as a name and its artists.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::artists::{Artists, Credited, ItemArtists, Place};
use super::brackets::{is_closing, is_opening, last_brackets};
use super::credit::find_credit;
use super::found::{Found, Way};
use super::line_words::LineWords;
use super::name::Name;
use super::name_kind::NameKind;
use super::shortened::{Drops, without_known_parts};
use crate::query::Level;

/// The largest number of dashes and `by` at which a line is split.
const MAX_MARKS: usize = 16;

/// A line in its readings.
#[derive(Clone, Debug)]
pub struct Line {
    kind: NameKind,
    /// The line as a name.
    name: Option<Name>,
    /// The line is a cell: all of it is a name, of which any part may be dropped.
    is_cell: bool,
    /// True if the line has a part in parentheses or after a dash.
    has_part: bool,
    /// The artists in the credit of the line.
    credited: Option<LineWords>,
    /// The number of ` - ` and ` by `.
    marks: usize,
    readings: Vec<Reading>,
}

/// A line split into a name and its artists.
#[derive(Clone, Debug)]
struct Reading {
    /// The words of the line, or of the part that is set off.
    words: Arc<LineWords>,
    artists: Range<usize>,
    position: Position,
    name: String,
    asked: OnceLock<Option<Name>>,
}

/// Where the artists stand.
#[derive(Clone, Debug)]
enum Position {
    /// Before or after ` - `, or after ` by `: `Radiohead - Creep`. The text may name several.
    SetOff(Way, Artists),
    /// In parentheses or after `feat.`: `Hurt (Johnny Cash)`.
    Credit,
    Start,
    End,
}

impl Line {
    pub fn new(text: &str, kind: NameKind, is_cell: bool) -> Self {
        let text = text.trim();
        let tokens = tokens(text);
        let drops = if is_cell { Drops::Any } else { Drops::Known };
        let is_mark = |index: usize| {
            let token = &text[tokens[index].clone()];
            is_dash(token) || token.eq_ignore_ascii_case("by")
        };
        let marks: Vec<usize> =
            (1..tokens.len().max(2) - 1).filter(|&index| is_mark(index)).collect();
        let mut line = Self {
            kind,
            name: Name::with_sides(text, kind, drops),
            is_cell,
            has_part: text.contains(is_opening) || text.split_whitespace().any(is_dash),
            credited: find_credit(text).map(|credit| LineWords::new(credit.artists)),
            marks: marks.len(),
            readings: Vec::new(),
        };
        for &mark in marks.iter().take(MAX_MARKS) {
            line.split_at_mark(text, &tokens[mark]);
        }
        for rest in without_known_parts(text) {
            line.split_at_ends(rest, &text[rest.len()..]);
        }
        line
    }

    /// Adds the readings of `Artist - Name`, `Name - Artist` and `Name by Artist`.
    fn split_at_mark(&mut self, text: &str, mark: &Range<usize>) {
        let (before, after) = (text[..mark.start].trim(), text[mark.end..].trim());
        let is_dash = is_dash(&text[mark.clone()]);
        if is_dash {
            self.set_off(before, after.to_owned(), Way::Dash);
        }
        let way = if is_dash { Way::Dash } else { Way::Words };
        for artist in without_known_parts(after) {
            self.set_off(artist, [before, &after[artist.len()..]].concat(), way);
        }
    }

    fn set_off(&mut self, artists: &str, name: String, way: Way) {
        let words = Arc::new(LineWords::new(artists));
        let position = Position::SetOff(way, Artists::new(artists));
        self.read(&words, words.all(), position, name);
    }

    /// Adds the readings in which the artists stand at an end of `rest`. `tail` belongs to the name.
    fn split_at_ends(&mut self, rest: &str, tail: &str) {
        let credit = find_credit(rest).filter(|credit| credit.after.is_empty());
        let credit = credit.map(|credit| (credit.before, credit.artists)).or(last_brackets(rest));
        if let Some((before, artists)) = credit.filter(|(_, artists)| !artists.contains(is_opening))
        {
            let words = Arc::new(LineWords::new(artists));
            self.read(&words, words.all(), Position::Credit, [before.trim_end(), tail].concat());
        }
        let (words, tokens) = (Arc::new(LineWords::new(rest)), tokens(rest));
        let is_mark = |token: &Range<usize>| {
            let token = &rest[token.clone()];
            is_dash(token) || token.contains(is_opening) || token.contains(is_closing)
        };
        let first_mark = tokens.iter().position(is_mark).unwrap_or(tokens.len());
        let last_mark = tokens.iter().rposition(is_mark).map_or(0, |mark| mark + 1);
        for middle in 1..tokens.len() {
            if middle <= first_mark {
                let name = [&rest[tokens[middle].start..], tail].concat();
                self.read(&words, words.of_tokens(&(0..middle)), Position::Start, name);
            }
            if middle >= last_mark {
                let name = [&rest[..tokens[middle - 1].end], tail].concat();
                self.read(&words, words.of_tokens(&(middle..tokens.len())), Position::End, name);
            }
        }
    }

    fn read(
        &mut self,
        words: &Arc<LineWords>,
        artists: Range<usize>,
        position: Position,
        name: String,
    ) {
        let (words, asked) = (words.clone(), OnceLock::new());
        self.readings.push(Reading { words, artists, position, name, asked });
    }

    /// Returns how the line matches an item with this name and these artists.
    pub fn compare(&self, name: &Name, artists: &ItemArtists) -> Option<Found> {
        let as_name = self.level_as_name(name, artists).map(Found::by_name);
        let readings = self.readings.iter();
        readings.filter_map(|reading| reading.compare(self, name, artists)).chain(as_name).min()
    }

    fn level_as_name(&self, name: &Name, artists: &ItemArtists) -> Option<Level> {
        let level = self.name.as_ref()?.level(name)?;
        if self.is_cell || level == Level::Exact && !name.has_aside {
            return Some(level);
        }
        if let Some(credited) = &self.credited
            && level != Level::Exact
        {
            credited.are_artists(credited.all(), artists)?;
        }
        // `yesterday beatles` is not `Yesterday (Beatles)`.
        let adds_aside = name.has_aside && !self.has_part;
        Some(if adds_aside { level.max(Level::Subtitle) } else { level })
    }
}

impl Reading {
    fn compare(&self, line: &Line, name: &Name, artists: &ItemArtists) -> Option<Found> {
        let (words, range) = (&self.words, || self.artists.clone());
        let is_credited = |place: &Place| *place != Place::InName;
        let credited = |credited, place: Option<Place>| {
            Some((credited, place.filter(is_credited)? == Place::Further))
        };
        let all = || credited(Credited::Whole, words.are_artists(range(), artists));
        let beside_name = |place| credited(Credited::OneOf, place);
        let (way, drops, credited) = match &self.position {
            Position::SetOff(way, asked) => {
                // As the column of a table, where it is clear which part names the artists.
                let column = asked.credited(artists).filter(|_| line.marks == 1);
                let is_similar = column.is_none_or(|(credited, _)| credited == Credited::Similar);
                let all = if is_similar { all() } else { None };
                (*way, Drops::Any, all.or(column)?)
            }
            Position::Credit => (Way::Words, Drops::InParentheses, all()?),
            Position::Start => {
                let last = || beside_name(words.end_with_artist(range(), artists));
                let credited = all().or_else(|| last().filter(|_| line.marks == 0))?;
                (Way::Words, Drops::InParentheses, credited)
            }
            Position::End => {
                let first = || beside_name(words.begin_with_artist(range(), artists));
                let credited = all().or_else(|| first().filter(|_| line.marks == 0))?;
                (Way::Words, Drops::InParentheses, credited)
            }
        };
        let asked = self.asked.get_or_init(|| Name::with_sides(&self.name, line.kind, drops));
        Found::by_name_and_artist(asked.as_ref()?.level(name)?, way, credited)
    }
}

fn is_dash(token: &str) -> bool {
    matches!(token, "-" | "–" | "—")
}

/// Returns the places of the words between white space.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let start = |token: &str| token.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|token| start(token)..start(token) + token.len()).collect()
}
