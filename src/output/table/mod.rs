//! The format `table`: for each type a heading with the number of results, and one line per item,
//! fitted to the width of the terminal.

mod fit_columns;
mod hyperlink;
mod width;

use console::Style;

use super::columns::{Column, Fit, grouped};
use super::format::Target;
use fit_columns::{GAP, Size, fit_columns};
use hyperlink::link;
use spotify_search::{Item, ItemType, ItemView, SearchQuery, SearchResults, Section};
use width::{Fitted, fit};

const HEADING: Style = Style::new().bold().green();
const HEADER: Style = Style::new().bold();

/// Names are not cut below this width as long as another column can be dropped.
const NAME_WIDTH: usize = 24;

/// A column of other text is dropped rather than cut below this width.
const TEXT_WIDTH: usize = 14;

/// The columns that are shown only if nothing is cut for them.
const EXTRA: [Column; 2] = [Column::Explicit, Column::Popularity];

/// Writes a table for each section. A blank line separates tables.
pub(super) fn write(
    results: &SearchResults,
    chosen: Option<&[Column]>,
    target: Target,
    is_first: bool,
    out: &mut Vec<u8>,
) {
    for (index, section) in results.sections().enumerate() {
        if index > 0 || !is_first {
            out.push(b'\n');
        }
        let heading = heading(results.query(), section);
        write_line(&fit(&heading, max_width(target)).text, &HEADING, target, out);
        if !section.items().is_empty() {
            out.push(b'\n');
            write_rows(section, chosen, target, out);
        }
    }
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

fn write_rows(section: &Section, chosen: Option<&[Column]>, target: Target, out: &mut Vec<u8>) {
    let items = section.items();
    let mut columns = place(columns(section, chosen), target);
    if chosen.is_none() {
        // The id matters more than most columns, but is not what people read.
        columns.sort_by_key(|placed| placed.column == Column::Id);
    }
    let headings = columns.iter().map(|placed| placed.cell(placed.heading, None));
    write_line(&line(headings), &HEADER, target, out);
    for (row, item) in items.iter().enumerate() {
        let url = item.view().url.filter(|_| target.links);
        let cell = |placed: &TableColumn| placed.cell(&placed.cells[row], url.as_deref());
        let cells = columns.iter().map(cell);
        write_line(&line(cells), &Style::new(), target, out);
    }
}

/// A column with the text of its cells.
struct TableColumn {
    column: Column,
    heading: &'static str,
    cells: Vec<String>,
    width: usize,
}

/// Returns the columns that were chosen, else those of the type in which at least one item has a value,
/// the most important first.
fn columns(section: &Section, chosen: Option<&[Column]>) -> Vec<TableColumn> {
    let (item_type, items) = (section.item_type(), section.items());
    let views: Vec<ItemView> = items.iter().map(Item::view).collect();
    let column = |column: Column| {
        let cell = |(item, view)| column.readable_cell(item, view);
        let cells = items.iter().zip(&views).map(cell).collect();
        TableColumn { column, heading: column.heading(item_type), cells, width: 0 }
    };
    if let Some(chosen) = chosen {
        return chosen.iter().copied().map(column).collect();
    }
    let mut columns = columns_of(item_type);
    if items.iter().any(|item| item.level().is_some()) {
        columns.insert(2, Column::Result);
    }
    let has_value = |column: &TableColumn| column.cells.iter().any(|cell| !cell.is_empty());
    columns.into_iter().map(column).filter(has_value).collect()
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

/// Joins the cells of a line.
fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
    line.truncate(line.trim_end_matches(' ').len());
    line
}

/// Returns the columns that fit, in the order of the line.
fn place(columns: Vec<TableColumn>, target: Target) -> Vec<TableColumn> {
    let line_width = max_width(target);
    let sizes: Vec<Size> = columns.iter().map(|column| size(column, line_width)).collect();
    let widths = fit_columns(&sizes, line_width);
    let placed = |(column, width): (TableColumn, Option<usize>)| {
        Some(TableColumn { width: width?, ..column })
    };
    columns.into_iter().zip(widths).filter_map(placed).collect()
}

/// Measures a column.
fn size(column: &TableColumn, line_width: usize) -> Size {
    let texts = column.cells.iter().map(String::as_str).chain([column.heading]);
    let natural = texts.map(|text| fit(text, usize::MAX).cells).max().unwrap_or_default();
    let least = match column.column.fit() {
        // At most a third of the line, so that the id still fits at 40 columns.
        Fit::Name => natural.min(NAME_WIDTH).min(1.max(line_width / 3)),
        Fit::Text => natural.min(TEXT_WIDTH),
        Fit::Whole | Fit::Number => natural,
    };
    Size { natural, least, is_extra: EXTRA.contains(&column.column) }
}

impl TableColumn {
    /// Returns a cell as wide as the column. A name becomes a link to the URL.
    fn cell(&self, text: &str, url: Option<&str>) -> String {
        let Fitted { text, cells } = fit(text, self.width);
        let padding = " ".repeat(self.width.saturating_sub(cells));
        let text = match url {
            Some(url) if self.column.fit() == Fit::Name && !text.is_empty() => link(text, url),
            _ => text,
        };
        if self.column.fit() == Fit::Number { padding + &text } else { text + &padding }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

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
        assert_eq!(linked.replacen(&link("BTS".into(), url), "BTS", 1), plain);
    }

    #[test]
    fn time_and_output_are_linear_in_the_length_of_a_name() {
        let start = Instant::now();
        for unit in ["x", "e\u{301}", "👨\u{200d}"] {
            let name = unit.repeat(1_000_000 / unit.len());
            let items = format!(r#"[{{"id": "1", "name": "{name}"}}, {{"id": "2", "name": "x"}}]"#);
            let shown =
                render_piped(Format::Table, &format!(r#"{{"artists": {{"items": {items}}}}}"#));
            assert!(shown.contains(&name) && shown.len() < 4 * name.len());
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }
}
