//! The columns of csv, tsv and tables: name, heading, width and value of each.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::row_result::RowResult;
use spotify_search::{Item, ItemType, ItemView};

/// A column with a field of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    Type,
    Id,
    Name,
    By,
    Album,
    Genres,
    Released,
    DurationMs,
    Count,
    Followers,
    Popularity,
    Explicit,
    Url,
    Uri,
    Image,
    ByIds,
    AlbumId,
    AlbumType,
    Isrc,
    Upc,
    /// The level of a match.
    Result,
    /// The number of results that match as closely.
    Matches,
    /// The first result that was compared, if none matches.
    Nearest,
}

/// How a column of a table is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The name: text that is cut last.
    Name,
    /// Text that may be cut.
    Text,
    /// A link or ids, whose end may be cut.
    Link,
    /// Text that is shown whole or not at all.
    Whole,
    /// A number: shown whole or not at all, aligned to the right.
    Number,
}

/// The value of a cell.
enum Value {
    Text(Option<String>),
    List(Vec<String>),
    Number(Option<u64>),
    Milliseconds(Option<u64>),
    Flag(Option<bool>),
}

/// What is known about a column.
struct Definition {
    /// The name in the header of csv and tsv.
    name: &'static str,
    /// The heading of a table. One that depends on the type is the first of several.
    headings: &'static [&'static str],
    fit: Fit,
    /// The number of characters that most cells need.
    usual_width: usize,
    value: fn(&Item, &ItemView) -> Value,
}

impl Column {
    /// All columns. Those that csv and tsv have unless others are chosen come first.
    const ALL: [Self; 23] = [
        Self::Type,
        Self::Id,
        Self::Name,
        Self::By,
        Self::Album,
        Self::Genres,
        Self::Released,
        Self::DurationMs,
        Self::Count,
        Self::Followers,
        Self::Popularity,
        Self::Explicit,
        Self::Url,
        Self::Uri,
        Self::Image,
        Self::ByIds,
        Self::AlbumId,
        Self::AlbumType,
        Self::Isrc,
        Self::Upc,
        Self::Result,
        Self::Matches,
        Self::Nearest,
    ];

    /// Returns the columns of csv and tsv, unless others are chosen. They are the same for every item type.
    pub fn defaults() -> Vec<Self> {
        Self::ALL[..15].to_vec()
    }

    /// Returns the column with this name in a header.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    #[rustfmt::skip]
    fn definition(self) -> Definition {
        use Value::{Flag, List, Milliseconds, Number, Text};
        type Row = (&'static str, &'static [&'static str], Fit, usize, fn(&Item, &ItemView) -> Value);
        let (name, headings, fit, usual_width, value): Row = match self {
            Self::Type => ("type", &["Type"], Fit::Whole, 9, |item, _| Text(Some(item.item_type().name().to_owned()))),
            Self::Id => ("id", &["ID"], Fit::Whole, 22, |_, view| Text(view.id.clone())),
            Self::Name => ("name", &["Name"], Fit::Name, 60, |_, view| Text(view.name.clone())),
            Self::By => ("by", &["Artists", "Owner", "Publisher", "Authors"], Fit::Text, 40, |_, view| List(view.by.clone())),
            Self::Album => ("album", &["Album"], Fit::Text, 40, |_, view| Text(view.album.clone())),
            Self::Genres => ("genres", &["Genres"], Fit::Text, 40, |_, view| List(view.genres.clone())),
            Self::Released => ("released", &["Released"], Fit::Whole, 10, |_, view| Text(view.released.clone())),
            Self::DurationMs => ("duration_ms", &["Length"], Fit::Number, 7, |_, view| Milliseconds(view.duration_ms)),
            Self::Count => ("count", &["Tracks", "Episodes", "Chapters"], Fit::Number, 6, |_, view| Number(view.count)),
            Self::Followers => ("followers", &["Followers"], Fit::Number, 11, |_, view| Number(view.followers)),
            Self::Popularity => ("popularity", &["Popularity"], Fit::Number, 10, |_, view| Number(view.popularity)),
            Self::Explicit => ("explicit", &["Explicit"], Fit::Whole, 8, |_, view| Flag(view.explicit)),
            Self::Url => ("url", &["URL"], Fit::Link, 57, |_, view| Text(view.url.clone())),
            Self::Uri => ("uri", &["URI"], Fit::Link, 40, |_, view| Text(view.uri.clone())),
            Self::Image => ("image", &["Image"], Fit::Link, 64, |_, view| Text(view.image.clone())),
            Self::ByIds => ("by_ids", &["Artist IDs"], Fit::Link, 46, |_, view| List(view.by_ids.clone())),
            Self::AlbumId => ("album_id", &["Album ID"], Fit::Whole, 22, |_, view| Text(view.album_id.clone())),
            Self::AlbumType => ("album_type", &["Album type"], Fit::Whole, 11, |_, view| Text(view.album_type.clone())),
            Self::Isrc => ("isrc", &["ISRC"], Fit::Whole, 12, |_, view| Text(view.isrc.clone())),
            Self::Upc => ("upc", &["UPC"], Fit::Whole, 13, |_, view| Text(view.upc.clone())),
            Self::Result => ("result", &["Match"], Fit::Whole, 12, |item, _| Text(Some(RowResult::of_level(item.level()).name().to_owned()))),
            Self::Matches => ("matches", &["Matches"], Fit::Number, 7, |item, _| Number(item.matches().map(|count| count as u64))),
            // Only a row without an item has a value.
            Self::Nearest => ("nearest", &["Nearest"], Fit::Text, 80, |_, _| Text(None)),
        };
        Definition { name, headings, fit, usual_width, value }
    }

    /// Returns the name in a header: `duration_ms`.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// Returns the heading in a table of items of this type.
    pub fn heading(self, item_type: ItemType) -> &'static str {
        let index = match (self, item_type) {
            (Self::By, ItemType::Playlist) | (Self::Count, ItemType::Show) => 1,
            (Self::By, ItemType::Show) | (Self::Count, ItemType::Audiobook) => 2,
            (Self::By, ItemType::Audiobook) => 3,
            _ => 0,
        };
        self.definition().headings[index]
    }

    /// Returns how the column of a table is fitted.
    pub fn fit(self) -> Fit {
        self.definition().fit
    }

    /// Returns the number of characters that most cells of a table need.
    pub fn usual_width(self) -> usize {
        self.definition().usual_width
    }

    /// Returns the cell of an item for programs, empty if the field is missing. Several values are joined
    /// by `; `.
    pub fn cell(self, item: &Item, view: &ItemView) -> String {
        match (self.definition().value)(item, view) {
            Value::Text(text) => text.unwrap_or_default(),
            Value::List(values) => values.join("; "),
            Value::Number(number) | Value::Milliseconds(number) => shown(number),
            Value::Flag(flag) => shown(flag),
        }
    }

    /// Returns the cell of an item as people read it.
    pub fn readable_cell(self, item: &Item, view: &ItemView) -> String {
        match (self.definition().value)(item, view) {
            Value::Text(text) => text.unwrap_or_default(),
            Value::List(values) => values.join(", "),
            Value::Number(number) => number.map(grouped).unwrap_or_default(),
            Value::Milliseconds(length) => length.map(clock).unwrap_or_default(),
            Value::Flag(flag) => if flag == Some(true) { "yes" } else { "" }.to_owned(),
        }
    }
}

/// The values of `--columns`: names and, for people who see a table, headings.
impl ValueEnum for Column {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let Definition { name, headings, .. } = self.definition();
        let is_alias = |heading: &&&str| !heading.eq_ignore_ascii_case(name);
        Some(PossibleValue::new(name).aliases(headings.iter().filter(is_alias).copied()))
    }
}

/// Returns an item as the column `nearest` has it: `Name — Artists, id`.
pub fn short_text(item: &Item) -> String {
    let view = item.view();
    let name = view.name.unwrap_or_default();
    let by =
        if view.by.is_empty() { String::new() } else { format!(" — {}", view.by.join(", ")) };
    format!("{name}{by}, {}", view.id.unwrap_or_default())
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Returns the number with thousands separators: `16,689,729`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns milliseconds as `4:05` or `1:02:03`.
fn clock(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_a_clock_and_numbers_have_separators() {
        assert_eq!(clock(59_999), "0:59");
        assert_eq!(clock(3_723_000), "1:02:03");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_000), "1,000");
    }
}
