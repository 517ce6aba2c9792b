//! The columns of a table for each item type, and the text of their cells.

use crate::query::ItemType;
use crate::results::ItemView;

/// The title of the column of ids.
pub const ID: &str = "ID";

/// How a column is fitted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The name: text that is cut last.
    Name,
    /// Text that may be cut.
    Text,
    /// Text that is shown whole or not at all.
    Exact,
    /// A number: shown whole or not at all, aligned to the right.
    Number,
}

/// A column with the text of its cells.
pub struct Column {
    pub title: &'static str,
    pub kind: Kind,
    pub cells: Vec<String>,
}

/// Returns the columns of a type in which at least one item has a value, the most important first.
pub fn columns(item_type: ItemType, items: &[ItemView]) -> Vec<Column> {
    let fill = |(title, kind, cell): Definition| {
        let cells: Vec<String> = items.iter().map(cell).collect();
        cells.iter().any(|cell| !cell.is_empty()).then_some(Column { title, kind, cells })
    };
    definitions(item_type).into_iter().filter_map(fill).collect()
}

/// The title of a column, its kind, and the function that returns the text of a cell.
type Definition = (&'static str, Kind, fn(&ItemView) -> String);

fn definitions(item_type: ItemType) -> Vec<Definition> {
    let name: Definition = ("Name", Kind::Name, |item| text(item.name.as_ref()));
    let id: Definition = (ID, Kind::Exact, |item| text(item.id.as_ref()));
    let by = |title| -> Definition { (title, Kind::Text, |item| item.by.join(", ")) };
    let count = |title| -> Definition { (title, Kind::Number, |item| number(item.count)) };
    let album: Definition = ("Album", Kind::Text, |item| text(item.album.as_ref()));
    let genres: Definition = ("Genres", Kind::Text, |item| item.genres.join(", "));
    let released: Definition = ("Released", Kind::Exact, |item| text(item.released.as_ref()));
    let length: Definition =
        ("Length", Kind::Number, |item| item.duration_ms.map(clock).unwrap_or_default());
    let followers: Definition = ("Followers", Kind::Number, |item| number(item.followers));
    let popularity: Definition = ("Popularity", Kind::Number, |item| number(item.popularity));
    let explicit: Definition = ("Explicit", Kind::Exact, |item| {
        if item.explicit == Some(true) { "yes".into() } else { String::new() }
    });
    let mut columns = vec![name, id];
    columns.extend(match item_type {
        ItemType::Artist => vec![followers, genres, popularity],
        ItemType::Album => vec![by("Artists"), released, count("Tracks"), genres, popularity],
        ItemType::Track => vec![by("Artists"), album, length, released, explicit, popularity],
        ItemType::Playlist => vec![by("Owner"), count("Tracks"), followers],
        ItemType::Show => vec![by("Publisher"), count("Episodes"), explicit],
        ItemType::Episode => vec![released, length, explicit],
        ItemType::Audiobook => vec![by("Authors"), count("Chapters"), explicit],
    });
    columns
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn number(number: Option<u64>) -> String {
    number.map(grouped).unwrap_or_default()
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
