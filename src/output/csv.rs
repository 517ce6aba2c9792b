//! The formats `csv` and `tsv`. All item types have the same columns, so that files can be joined.

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::columns::{Column, short_text};
use super::format::Format;
use spotify_search::Item;

/// Returns the cells of an item. Without one they are empty, except that of the nearest result.
pub(super) fn cells(
    item: Option<&Item>,
    nearest: Option<&Item>,
    columns: &[Column],
) -> Vec<String> {
    let Some(item) = item else {
        let nearest = |column: &Column| nearest.filter(|_| *column == Column::Nearest);
        return columns
            .iter()
            .map(|column| nearest(column).map(short_text).unwrap_or_default())
            .collect();
    };
    let view = item.view();
    columns.iter().map(|column| column.cell(item, &view)).collect()
}

/// Writes these cells as a row.
pub(super) fn write_cells<'a>(
    cells: impl Iterator<Item = &'a str>,
    format: Format,
    out: &mut Vec<u8>,
) {
    let is_tsv = format == Format::Tsv;
    let mut builder = WriterBuilder::new();
    builder.terminator(Terminator::Any(b'\n')).buffer_capacity(1 << 10);
    if is_tsv {
        builder.delimiter(b'\t').quote_style(QuoteStyle::Never);
    }
    let mut writer = builder.from_writer(out);
    let written = if is_tsv {
        writer.write_record(cells.map(|cell| tsv_cell(cell).into_owned()))
    } else {
        writer.write_record(cells)
    };
    written.expect("a row is written to memory");
}

/// Returns a cell of TSV. Only one that begins with a quote is quoted.
fn tsv_cell(cell: &str) -> Cow<'_, str> {
    let cell = on_one_line(cell);
    if cell.starts_with('"') { format!("\"{}\"", cell.replace('"', "\"\"")).into() } else { cell }
}

/// Returns a cell with spaces in place of tabs and line ends, which TSV does not have.
pub fn on_one_line(cell: &str) -> Cow<'_, str> {
    if cell.contains(['\t', '\n', '\r']) {
        Cow::Owned(cell.replace("\r\n", " ").replace(['\t', '\n', '\r'], " "))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use crate::output::printer::testing::{render_batch, render_piped};
    use crate::output::{Format, Target};

    const RESPONSE: &str = r#"{"albums": {"items": [
        {"id": "a1", "name": "Say \"hi\", again\tand\nagain", "type": "album", "uri": "spotify:album:a1",
         "artists": [{"name": "Miles Davis"}, {"name": "Gil Evans"}], "release_date": "1960",
         "total_tracks": 5, "genres": ["jazz", "cool jazz"], "images": [{"url": "https://i/1"}],
         "external_urls": {"spotify": "https://o/a1"}}, {}]},
        "episodes": {"items": [{"id": "e1", "duration_ms": 1000, "explicit": true}]}}"#;

    #[test]
    fn quotes_where_necessary_and_leaves_missing_fields_empty() {
        insta::assert_snapshot!(render_piped(Format::Csv, RESPONSE), @r#"
        type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
        album,a1,"Say ""hi"", again	and
        again",Miles Davis; Gil Evans,,jazz; cool jazz,1960,,5,,,,https://o/a1,spotify:album:a1,https://i/1
        album,,,,,,,,,,,,,,
        episode,e1,,,,,,1000,,,,true,,,
        "#);
    }

    #[test]
    fn each_row_of_a_batch_names_its_query() {
        let response = r#"{"shows": {"items": [{"id": "s1", "name": "Radio"}]}}"#;
        insta::assert_snapshot!(render_batch(Format::Csv, Target::default(), response), @r#"
        query,result,matches,type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
        "so ""what""",found,,show,s1,Radio,,,,,,,,,,,,
        "two, three",found,,show,s1,Radio,,,,,,,,,,,,
        bad,rate_limited,,,,,,,,,,,,,,,,
        "#);
    }

    #[test]
    fn tsv_has_one_line_per_row_and_no_quotes() {
        let tsv = render_piped(Format::Tsv, RESPONSE);
        let rows: Vec<&str> = tsv.lines().collect();
        assert_eq!(rows.len(), 4);
        assert!(
            rows[1].starts_with("album\ta1\tSay \"hi\", again and again\tMiles Davis; Gil Evans\t")
        );
        assert!(rows.iter().all(|row| row.split('\t').count() == 15), "{tsv}");
    }
}
