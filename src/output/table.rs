//! Tables for people: a heading with how many of how many, the columns that suit the type and have
//! something to say, fitted to the terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};

use super::Target;
use super::sanitize::visible;
use crate::item::ItemView;
use crate::model::{SearchResults, Section};
use crate::query::{ItemType, SearchQuery};

const HEADING: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const HEADER: Style = Style::new().bold();

/// Writes a table for each section.
pub fn write(
    query: &SearchQuery,
    results: &SearchResults,
    target: Target,
    out: &mut impl Write,
) -> io::Result<()> {
    for (index, section) in results.sections().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", styled(&heading(query, section), HEADING, target.color))?;
        if !section.items().is_empty() {
            writeln!(out)?;
            write_rows(section, target, out)?;
        }
    }
    Ok(())
}

/// `Artists: 3 of 40 for “BTS”`.
fn heading(query: &SearchQuery, section: &Section) -> String {
    let key = section.kind().section();
    let title = key[..1].to_uppercase() + &key[1..];
    let shown = section.items().len();
    let what = visible(query.text());
    match section.total() {
        _ if shown == 0 => format!("{title}: none for “{what}”"),
        Some(total) => format!("{title}: {shown} of {} for “{what}”", grouped(total)),
        None => format!("{title}: {shown} for “{what}”"),
    }
}

fn write_rows(section: &Section, target: Target, out: &mut impl Write) -> io::Result<()> {
    let views: Vec<ItemView> =
        section.items().iter().map(|item| item.view(section.kind())).collect();
    let columns: Vec<(Column, Vec<String>)> = columns(section.kind())
        .into_iter()
        .map(|column| (column, views.iter().map(column.cell).collect::<Vec<_>>()))
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()))
        .collect();
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    if let Some(width) = target.width {
        table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(columns.iter().map(|(column, _)| column.header()));
    for row in 0..views.len() {
        table.add_row(
            columns
                .iter()
                .map(|(column, cells)| Cell::new(&cells[row]).set_alignment(column.alignment)),
        );
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for (index, line) in table.lines().enumerate() {
        let line = line.trim_end();
        let style = if index == 0 { HEADER } else { Style::new() };
        writeln!(out, "{}", styled(line, style, target.color))?;
    }
    Ok(())
}

/// A column: its title and the text of an item's cell in it.
#[derive(Clone, Copy)]
struct Column {
    title: &'static str,
    alignment: CellAlignment,
    cell: fn(&ItemView) -> String,
}

impl Column {
    fn header(&self) -> Cell {
        Cell::new(self.title).set_alignment(self.alignment)
    }
}

const fn words(title: &'static str, cell: fn(&ItemView) -> String) -> Column {
    Column { title, alignment: CellAlignment::Left, cell }
}

const fn figure(title: &'static str, cell: fn(&ItemView) -> String) -> Column {
    Column { title, alignment: CellAlignment::Right, cell }
}

/// The columns that suit a type, the most telling first.
fn columns(kind: ItemType) -> Vec<Column> {
    let by = |title| words(title, |item| visible(&item.by.join(", ")).into_owned());
    let count = |title| figure(title, |item| item.count.map(grouped).unwrap_or_default());
    let released = words("Released", |item| text(item.released.as_ref()));
    let duration = figure("Length", |item| item.duration_ms.map(clock).unwrap_or_default());
    let popularity = figure("Popularity", |item| item.popularity.map(grouped).unwrap_or_default());
    let followers = figure("Followers", |item| item.followers.map(grouped).unwrap_or_default());
    let genres = words("Genres", |item| visible(&item.genres.join(", ")).into_owned());
    let explicit =
        words("Explicit", |item| if item.explicit == Some(true) { "yes" } else { "" }.into());
    let mut columns = vec![words("Name", |item| text(item.name.as_ref()))];
    columns.extend(match kind {
        ItemType::Artist => vec![genres, followers, popularity],
        ItemType::Album => vec![by("Artists"), released, count("Tracks"), genres, popularity],
        ItemType::Track => {
            let album = words("Album", |item| text(item.album.as_ref()));
            vec![by("Artists"), album, released, duration, explicit, popularity]
        }
        ItemType::Playlist => vec![by("Owner"), count("Tracks"), followers],
        ItemType::Show => vec![by("Publisher"), count("Episodes"), explicit],
        ItemType::Episode => vec![released, duration, explicit],
        ItemType::Audiobook => vec![by("Authors"), count("Chapters"), explicit],
    });
    columns.push(words("ID", |item| text(item.id.as_ref())));
    columns
}

fn text(text: Option<&String>) -> String {
    text.map(|text| visible(text).into_owned()).unwrap_or_default()
}

/// A number with its digits in threes: `16,689,729`.
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

fn styled(text: &str, style: Style, color: bool) -> String {
    if color && !style.is_plain() { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;
    use crate::output::testing::{piped, print};

    const ARTISTS: &str = r#"{"artists": {"total": 1040, "items": [
        {"id": "3Nrfpe0tUJi4K4DXYWgMUX", "name": "BTS", "followers": {"total": 16689729},
         "genres": ["k-pop", "k-pop boy group"], "popularity": 96},
        {"id": "id2", "name": "防弾少年団 🎤", "followers": {"total": 112}, "genres": []},
        {"name": "e\u001b[31mvil\n\u202e"}]}}"#;

    #[test]
    fn cells_are_aligned_by_display_width_and_made_visible() {
        insta::assert_snapshot!(piped(Format::Table, ARTISTS), @r"
        Artists: 3 of 1,040 for “kind of blue”

        Name                    Genres                   Followers  Popularity  ID
        BTS                     k-pop, k-pop boy group  16,689,729          96  3Nrfpe0tUJi4K4DXYWgMUX
        防弾少年団 🎤                                          112              id2
        e\u001b[31mvil\n\u202e
        ");
    }

    #[test]
    fn a_column_without_a_value_is_left_out_and_a_section_without_items_has_no_table() {
        let answer = r#"{"tracks": {"total": 1, "items": [{"name": "So What", "duration_ms": 545000}]},
            "shows": {"items": []}}"#;
        insta::assert_snapshot!(piped(Format::Table, answer), @"
        Tracks: 1 of 1 for “kind of blue”

        Name     Length
        So What    9:05

        Shows: none for “kind of blue”
        ");
    }

    #[test]
    fn a_table_fits_the_width() {
        for width in [30, 45, 60, 100] {
            let target = Target { is_terminal: true, width: Some(width), color: false };
            let shown = print(Format::Table, target, ARTISTS);
            let table = shown.lines().skip(1);
            let widest = table.map(unicode_width::UnicodeWidthStr::width).max().unwrap();
            assert!(widest <= usize::from(width), "{width}:\n{shown}");
        }
    }

    #[test]
    fn colour_is_only_there_when_it_is_wanted() {
        assert!(!piped(Format::Table, ARTISTS).contains('\u{1b}'));
        let target = Target { color: true, ..Target::default() };
        assert!(print(Format::Table, target, ARTISTS).contains('\u{1b}'));
    }

    #[test]
    fn lengths_read_as_a_clock() {
        assert_eq!(clock(59_999), "0:59");
        assert_eq!(clock(3_723_000), "1:02:03");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_000), "1,000");
    }
}
