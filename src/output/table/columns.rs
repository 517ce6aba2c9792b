//! The columns of a table for each item type, and the text of their cells.

use crate::output::columns::Column as Field;
use spotify_search::ItemType;
use spotify_search::{Item, ItemView};

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
    pub field: Field,
    pub title: &'static str,
    pub kind: Kind,
    pub cells: Vec<String>,
}

/// Returns the columns that were chosen, else those of the type in which at least one item has a value,
/// the most important first.
pub fn columns(item_type: ItemType, items: &[Item], chosen: Option<&[Field]>) -> Vec<Column> {
    let views: Vec<ItemView> = items.iter().map(Item::view).collect();
    let column = |field: Field| {
        let cells = items.iter().zip(&views).map(|(item, view)| text(field, item, view)).collect();
        let (title, kind) = title_and_kind(field, item_type);
        Column { field, title, kind, cells }
    };
    if let Some(chosen) = chosen {
        return chosen.iter().copied().map(column).collect();
    }
    let has_value = |column: &Column| column.cells.iter().any(|cell| !cell.is_empty());
    let mut fields = fields(item_type);
    if items.iter().any(|item| item.level().is_some()) {
        fields.insert(2, Field::Result);
    }
    fields.into_iter().map(column).filter(has_value).collect()
}

fn fields(item_type: ItemType) -> Vec<Field> {
    use Field::{
        Album, By, Count, DurationMs, Explicit, Followers, Genres, Id, Name, Popularity, Released,
    };
    let others: &[Field] = match item_type {
        ItemType::Artist => &[Followers, Genres, Popularity],
        ItemType::Album => &[By, Released, Count, Genres, Popularity],
        ItemType::Track => &[By, Album, DurationMs, Released, Explicit, Popularity],
        ItemType::Playlist => &[By, Count, Followers],
        ItemType::Episode => &[Released, DurationMs, Explicit],
        _ => &[By, Count, Explicit],
    };
    [&[Name, Id], others].concat()
}

fn title_and_kind(field: Field, item_type: ItemType) -> (&'static str, Kind) {
    let by = match item_type {
        ItemType::Playlist => "Owner",
        ItemType::Show => "Publisher",
        ItemType::Audiobook => "Authors",
        _ => "Artists",
    };
    let count = match item_type {
        ItemType::Show => "Episodes",
        ItemType::Audiobook => "Chapters",
        _ => "Tracks",
    };
    match field {
        Field::Type => ("Type", Kind::Exact),
        Field::Id => ("ID", Kind::Exact),
        Field::Name => ("Name", Kind::Name),
        Field::By => (by, Kind::Text),
        Field::Album => ("Album", Kind::Text),
        Field::Genres => ("Genres", Kind::Text),
        Field::Released => ("Released", Kind::Exact),
        Field::DurationMs => ("Length", Kind::Number),
        Field::Count => (count, Kind::Number),
        Field::Followers => ("Followers", Kind::Number),
        Field::Popularity => ("Popularity", Kind::Number),
        Field::Explicit => ("Explicit", Kind::Exact),
        Field::Url => ("URL", Kind::Exact),
        Field::Uri => ("URI", Kind::Exact),
        Field::Image => ("Image", Kind::Exact),
        Field::ByIds => ("Artist IDs", Kind::Exact),
        Field::AlbumId => ("Album ID", Kind::Exact),
        Field::AlbumType => ("Album type", Kind::Exact),
        Field::Isrc => ("ISRC", Kind::Exact),
        Field::Upc => ("UPC", Kind::Exact),
        Field::Result => ("Match", Kind::Exact),
        Field::Matches => ("Matches", Kind::Number),
    }
}

/// Returns the text of a cell as people read it.
fn text(field: Field, item: &Item, view: &ItemView) -> String {
    let grouped = |number: Option<u64>| number.map(grouped).unwrap_or_default();
    match field {
        Field::By => view.by.join(", "),
        Field::Genres => view.genres.join(", "),
        Field::DurationMs => view.duration_ms.map(clock).unwrap_or_default(),
        Field::Count => grouped(view.count),
        Field::Followers => grouped(view.followers),
        Field::Explicit if view.explicit == Some(true) => "yes".into(),
        Field::Explicit => String::new(),
        _ => field.cell(item, view),
    }
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
