//! The format `table`: for each type a heading with the number of results, and the columns that
//! have values, fitted to the width of the terminal.

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table};
use unicode_width::UnicodeWidthStr;

use super::escape::escape;
use super::format::Target;
use crate::query::{ItemType, SearchQuery};
use crate::results::{Item, ItemView, SearchResults, Section};

const HEADING: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const HEADER: Style = Style::new().bold();

/// Writes a table for each section. A blank line separates tables.
pub(super) fn write(results: &SearchResults, target: Target, is_first: bool, out: &mut Vec<u8>) {
    for (index, section) in results.sections().enumerate() {
        if index > 0 || !is_first {
            out.push(b'\n');
        }
        write_line(&heading(results.query(), section), HEADING, target, out);
        if !section.items().is_empty() {
            out.push(b'\n');
            write_rows(section, target, out);
        }
    }
}

/// Returns the heading of a table: `Artists: 3 of 40 for “BTS”`.
fn heading(query: &SearchQuery, section: &Section) -> String {
    let key = section.item_type().section();
    let title = key[..1].to_uppercase() + &key[1..];
    let shown = section.items().len();
    let text = query.text();
    let text = escape(&text);
    match section.total() {
        _ if shown == 0 => format!("{title}: none for “{text}”"),
        // Some totals are smaller than the number of results.
        Some(total) if total >= shown as u64 => {
            format!("{title}: {shown} of {} for “{text}”", grouped(total))
        }
        _ => format!("{title}: {shown} for “{text}”"),
    }
}

fn write_line(line: &str, style: Style, target: Target, out: &mut Vec<u8>) {
    let line = if target.color && !style.is_plain() {
        format!("{style}{line}{style:#}\n")
    } else {
        format!("{line}\n")
    };
    out.extend_from_slice(line.as_bytes());
}

fn write_rows(section: &Section, target: Target, out: &mut Vec<u8>) {
    let views: Vec<ItemView> = section.items().iter().map(Item::view).collect();
    let columns = fitting(filled(section.item_type(), &views), target.width);
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    if let Some(width) = target.width {
        table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    }
    let cell =
        |column: &FilledColumn, text: &str| Cell::new(text).set_alignment(column.alignment());
    table.set_header(columns.iter().map(|column| cell(column, column.title)));
    for row in 0..section.items().len() {
        table.add_row(columns.iter().map(|column| cell(column, &column.cells[row])));
    }
    for (column, filled) in table.column_iter_mut().zip(&columns) {
        column.set_padding((0, GAP));
        if filled.shape != Shape::Words {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    for (index, line) in table.lines().enumerate() {
        let style = if index == 0 { HEADER } else { Style::new() };
        write_line(line.trim_end(), style, target, out);
    }
}

/// The space after a column.
const GAP: u16 = 2;

/// The narrowest width of a column of words before columns are dropped.
const NARROWEST_WORDS: usize = 14;

/// The columns that are dropped first.
const DISPENSABLE: [&str; 2] = ["Popularity", "Explicit"];

/// How a column is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Text that may be wrapped.
    Words,
    /// Text that must not be wrapped, such as an id.
    Code,
    /// A number, aligned to the right.
    Figure,
}

/// A column, and the function that returns the text of an item's cell.
struct Column {
    title: &'static str,
    shape: Shape,
    cell: fn(&ItemView) -> String,
}

/// A column with the text of every cell.
struct FilledColumn {
    title: &'static str,
    shape: Shape,
    cells: Vec<String>,
}

impl FilledColumn {
    fn alignment(&self) -> CellAlignment {
        if self.shape == Shape::Figure { CellAlignment::Right } else { CellAlignment::Left }
    }

    /// Returns the smallest width of the column, the gap included.
    fn least_width(&self) -> usize {
        let cells = self.cells.iter().map(|cell| cell.width()).max().unwrap_or_default();
        let whole = cells.max(self.title.width());
        let least = if self.shape == Shape::Words { whole.min(NARROWEST_WORDS) } else { whole };
        least + usize::from(GAP)
    }
}

/// Returns the columns of a type in which at least one item has a value.
fn filled(kind: ItemType, items: &[ItemView]) -> Vec<FilledColumn> {
    let fill = |Column { title, shape, cell }| {
        let cells: Vec<String> = items.iter().map(cell).collect();
        FilledColumn { title, shape, cells }
    };
    let has_a_value = |column: &FilledColumn| column.cells.iter().any(|cell| !cell.is_empty());
    columns(kind).into_iter().map(fill).filter(has_a_value).collect()
}

/// Drops low-priority columns, from the last one on, until the table fits.
fn fitting(mut columns: Vec<FilledColumn>, width: Option<u16>) -> Vec<FilledColumn> {
    let width = width.map_or(usize::MAX, usize::from);
    while columns.len() > 1 && columns.iter().map(FilledColumn::least_width).sum::<usize>() > width
    {
        let dispensable = columns.iter().rposition(|column| DISPENSABLE.contains(&column.title));
        columns.remove(dispensable.unwrap_or(columns.len() - 1));
    }
    columns
}

/// Returns the columns of a type, the most important first.
fn columns(kind: ItemType) -> Vec<Column> {
    let column = |title, shape, cell| Column { title, shape, cell };
    let words = |title, cell| column(title, Shape::Words, cell);
    let figure = |title, cell| column(title, Shape::Figure, cell);
    let by = |title| words(title, |item| listed(&item.by));
    let genres = words("Genres", |item| listed(&item.genres));
    let count = |title| figure(title, |item| number(item.count));
    let followers = figure("Followers", |item| number(item.followers));
    let popularity = figure("Popularity", |item| number(item.popularity));
    let length = figure("Length", |item| item.duration_ms.map(clock).unwrap_or_default());
    let released = column("Released", Shape::Code, |item| text(item.released.as_ref()));
    let explicit = column("Explicit", Shape::Code, |item| {
        if item.explicit == Some(true) { "yes".into() } else { String::new() }
    });
    let mut columns = vec![words("Name", |item| text(item.name.as_ref()))];
    columns.extend(match kind {
        ItemType::Artist => vec![genres, followers, popularity],
        ItemType::Album => vec![by("Artists"), released, count("Tracks"), genres, popularity],
        ItemType::Track => {
            let album = words("Album", |item| text(item.album.as_ref()));
            vec![by("Artists"), album, released, length, explicit, popularity]
        }
        ItemType::Playlist => vec![by("Owner"), count("Tracks"), followers],
        ItemType::Show => vec![by("Publisher"), count("Episodes"), explicit],
        ItemType::Episode => vec![released, length, explicit],
        ItemType::Audiobook => vec![by("Authors"), count("Chapters"), explicit],
    });
    columns.push(column("ID", Shape::Code, |item| text(item.id.as_ref())));
    columns
}

fn listed(values: &[String]) -> String {
    escape(&values.join(", ")).into_owned()
}

fn number(number: Option<u64>) -> String {
    number.map(grouped).unwrap_or_default()
}

fn text(text: Option<&String>) -> String {
    text.map(|text| escape(text).into_owned()).unwrap_or_default()
}

/// Returns the number with thousands separators: `16,689,729`.
fn grouped(number: u64) -> String {
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

/// Milliseconds as `4:05` or `1:02:03`.
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
    use crate::output::Format;
    use crate::output::printer::testing::{render, render_piped};

    const ARTISTS: &str = r#"{"artists": {"total": 1040, "items": [
        {"id": "3Nrfpe0tUJi4K4DXYWgMUX", "name": "BTS", "followers": {"total": 16689729},
         "genres": ["k-pop", "k-pop boy group"], "popularity": 96},
        {"id": "id2", "name": "防弾少年団 🎤", "followers": {"total": 112}, "genres": []},
        {"name": "e\u001b[31mvil\n\u202e"}]}}"#;

    #[test]
    fn cells_are_aligned_by_display_width_and_made_visible() {
        insta::assert_snapshot!(render_piped(Format::Table, ARTISTS), @r"
        Artists: 3 of 1,040 for “kind of blue”

        Name                    Genres                   Followers  Popularity  ID
        BTS                     k-pop, k-pop boy group  16,689,729          96  3Nrfpe0tUJi4K4DXYWgMUX
        防弾少年団 🎤                                          112              id2
        e\u001b[31mvil\n\u202e
        ");
    }

    #[test]
    fn a_column_without_a_value_is_left_out_and_a_section_without_items_has_no_table() {
        let response = r#"{"tracks": {"total": 1, "items": [{"name": "So What", "duration_ms": 545000}]},
            "shows": {"items": []}}"#;
        insta::assert_snapshot!(render_piped(Format::Table, response), @"
        Tracks: 1 of 1 for “kind of blue”

        Name     Length
        So What    9:05

        Shows: none for “kind of blue”
        ");
    }

    #[test]
    fn a_table_fits_the_width() {
        for width in [10, 30, 45, 60, 70, 80, 100] {
            let target = Target { is_terminal: true, width: Some(width), color: false };
            let shown = render(Format::Table, target, ARTISTS);
            let table = shown.lines().skip(1);
            let widest = table.map(UnicodeWidthStr::width).max().unwrap();
            assert!(widest <= usize::from(width), "{width}:\n{shown}");
            // An id is there in one piece or not at all.
            assert_eq!(shown.contains("3Nrfpe0tUJi4K4DXYWgMUX"), shown.contains("ID"), "{shown}");
        }
    }

    #[test]
    fn colour_is_only_there_when_it_is_wanted() {
        assert!(!render_piped(Format::Table, ARTISTS).contains('\u{1b}'));
        let target = Target { color: true, ..Target::default() };
        assert!(render(Format::Table, target, ARTISTS).contains('\u{1b}'));
    }

    #[test]
    fn lengths_read_as_a_clock() {
        assert_eq!(clock(59_999), "0:59");
        assert_eq!(clock(3_723_000), "1:02:03");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_000), "1,000");
    }
}
