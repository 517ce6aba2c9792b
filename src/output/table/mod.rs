//! The format `table`: for each type a heading with the number of results, and one line per item,
//! fitted to the width of the terminal.

mod batch_table;
mod column;
mod fit_columns;
mod hyperlink;
mod width;

use console::Style;

use super::columns::{Column, grouped};
use super::format::Target;
pub(super) use batch_table::BatchTable;
use column::{Sizing, TableColumn, line, place};
use spotify_search::{Item, ItemType, ItemView, SearchQuery, SearchResults, Section};
use width::fit;

const HEADING: Style = Style::new().bold().green();
const HEADER: Style = Style::new().bold();

/// Writes a table for each section. A blank line separates tables. Returns the chosen columns that do not fit.
pub(super) fn write(
    results: &SearchResults,
    chosen: Option<&[Column]>,
    target: Target,
    is_first: bool,
    out: &mut Vec<u8>,
) -> Vec<Column> {
    let mut missing = Vec::new();
    for (index, section) in results.sections().enumerate() {
        if index > 0 || !is_first {
            out.push(b'\n');
        }
        let heading = heading(results.query(), section);
        write_line(&fit(&heading, max_width(target)).text, &HEADING, target, out);
        if !section.items().is_empty() {
            out.push(b'\n');
            missing.extend(write_rows(section, chosen, target, out));
        }
    }
    missing
}

fn max_width(target: Target) -> usize {
    target.width.map_or(usize::MAX, usize::from)
}

/// Returns the heading of a table: `Artists: 3 of 40 for “BTS”`.
fn heading(query: &SearchQuery, section: &Section) -> String {
    let key = section.item_type().section();
    let title = key[..1].to_uppercase() + &key[1..];
    let shown = section.items().len();
    let text = query.text();
    match section.total() {
        _ if shown == 0 => format!("{title}: none for “{text}”"),
        // Some totals are smaller than the number of results. The total of a search that matches counts
        // other names, too.
        Some(total) if total >= shown as u64 && query.get_matching().is_none() => {
            format!("{title}: {shown} of {} for “{text}”", grouped(total))
        }
        _ => format!("{title}: {shown} for “{text}”"),
    }
}

fn write_line(line: &str, style: &Style, target: Target, out: &mut Vec<u8>) {
    let line = style.apply_to(line).force_styling(target.color);
    out.extend_from_slice(format!("{line}\n").as_bytes());
}

/// Writes the rows of a type. Returns the chosen columns that do not fit.
fn write_rows(
    section: &Section,
    chosen: Option<&[Column]>,
    target: Target,
    out: &mut Vec<u8>,
) -> Vec<Column> {
    let (columns, sizing) = match chosen {
        Some(chosen) => (columns(section, chosen), Sizing::AllWanted),
        None => (columns_with_values(section), Sizing::ByImportance),
    };
    let (mut columns, missing) = place(columns, sizing, max_width(target));
    if chosen.is_none() {
        // The id matters more than most columns, but is not what people read.
        columns.sort_by_key(|placed| placed.column == Some(Column::Id));
    }
    let headings = columns.iter().map(|placed| placed.cell(placed.heading, None));
    write_line(&line(headings), &HEADER, target, out);
    for (row, item) in section.items().iter().enumerate() {
        let url = item.view().url.filter(|_| target.links);
        let cell = |placed: &TableColumn| placed.cell(&placed.cells[row], url.as_deref());
        write_line(&line(columns.iter().map(cell)), &Style::new(), target, out);
    }
    if chosen.is_some() { missing } else { Vec::new() }
}

fn columns(section: &Section, columns: &[Column]) -> Vec<TableColumn> {
    let items = section.items();
    let views: Vec<ItemView> = items.iter().map(Item::view).collect();
    let column = |column: &Column| TableColumn {
        column: Some(*column),
        heading: column.heading(section.item_type()),
        cells: items
            .iter()
            .zip(&views)
            .map(|(item, view)| column.readable_cell(item, view))
            .collect(),
        width: 0,
    };
    columns.iter().map(column).collect()
}

/// Returns the columns of the type in which at least one item has a value, the most important first.
fn columns_with_values(section: &Section) -> Vec<TableColumn> {
    let mut names = columns_of(section.item_type());
    if section.items().iter().any(|item| item.level().is_some()) {
        names.insert(2, Column::Result);
    }
    let mut columns = columns(section, &names);
    columns.retain(|column| !column.is_empty());
    columns
}

fn columns_of(item_type: ItemType) -> Vec<Column> {
    use Column::{
        Album, By, Count, DurationMs, Explicit, Followers, Genres, Id, Name, Popularity, Released,
    };
    let others: &[Column] = match item_type {
        ItemType::Artist => &[Followers, Genres, Popularity],
        ItemType::Album => &[By, Released, Count, Genres, Popularity],
        ItemType::Track => &[By, Album, DurationMs, Released, Explicit, Popularity],
        ItemType::Playlist => &[By, Count, Followers],
        ItemType::Episode => &[Released, DurationMs, Explicit],
        _ => &[By, Count, Explicit],
    };
    [&[Name, Id], others].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;
    use crate::output::printer::testing::{render, render_piped};

    const ARTISTS: &str = r#"{"artists": {"total": 1040, "items": [
        {"id": "3Nrfpe0tUJi4K4DXYWgMUX", "name": "BTS", "followers": {"total": 16689729},
         "genres": ["k-pop", "k-pop boy group"], "popularity": 96,
         "external_urls": {"spotify": "https://open.spotify.com/artist/3Nrfpe0tUJi4K4DXYWgMUX"}},
        {"id": "id2", "name": "防弾少年団 🎤", "followers": {"total": 112}, "genres": []},
        {"name": "e\u001b[31mvil\n\u202e", "external_urls": {"spotify": "file:///"}}]}}"#;

    #[test]
    fn cells_are_aligned_by_display_width_and_escaped() {
        insta::assert_snapshot!(render_piped(Format::Table, ARTISTS), @r"
        Artists: 3 of 1,040 for “kind of blue”

        Name                     Followers  Genres                  Popularity  ID
        BTS                     16,689,729  k-pop, k-pop boy group          96  3Nrfpe0tUJi4K4DXYWgMUX
        防弾少年団 🎤                  112                                      id2
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
    fn every_width_has_one_line_per_item_and_whole_ids() {
        for width in 1..=120 {
            let target = Target { width: Some(width), ..Target::default() };
            let shown = render(Format::Table, target, ARTISTS);
            assert_eq!(shown.lines().count(), 6, "{width}:\n{shown}");
            for line in shown.lines() {
                assert!(fit(line, usize::MAX).cells <= width.into(), "{width}:\n{shown}");
            }
            let has_id = shown.contains("3Nrfpe0tUJi4K4DXYWgMUX");
            assert_eq!(has_id, width >= 35, "{width}:\n{shown}");
            assert_eq!(has_id, shown.contains("id2"), "{width}:\n{shown}");
        }
    }

    #[test]
    fn colors_and_links_add_no_visible_text() {
        let plain = render_piped(Format::Table, ARTISTS);
        assert!(!plain.contains('\u{1b}'));
        let colored = render(Format::Table, Target { color: true, ..Target::default() }, ARTISTS);
        let without = ["\u{1b}[32m", "\u{1b}[1m", "\u{1b}[0m"]
            .iter()
            .fold(colored.clone(), |text, color| text.replace(color, ""));
        assert!(colored != plain && without == plain, "{colored}");
        let linked = render(Format::Table, Target { links: true, ..Target::default() }, ARTISTS);
        let url = "https://open.spotify.com/artist/3Nrfpe0tUJi4K4DXYWgMUX";
        assert_eq!(linked.replacen(&hyperlink::link("BTS".into(), url), "BTS", 1), plain);
    }

    #[test]
    fn output_is_linear_in_the_length_of_a_name() {
        for unit in ["x", "e\u{301}", "👨\u{200d}"] {
            let name = unit.repeat(1_000_000 / unit.len());
            let items = format!(r#"[{{"id": "1", "name": "{name}"}}, {{"id": "2", "name": "x"}}]"#);
            let shown =
                render_piped(Format::Table, &format!(r#"{{"artists": {{"items": {items}}}}}"#));
            assert!(shown.contains(&name) && shown.len() < 4 * name.len());
        }
    }
}
